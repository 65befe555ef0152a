"""Sheets: a paper's tables as plain rows, one thing a cell, for Excel and CSV.

The rules for machine-readable data (総務省, 2020): no merged cells, no title inside a table, numbers as numbers, 1 in
place of ①, everything needed to sort or filter repeated in every row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from atsugi_cli.document import (
    ARROW,
    SIDES,
    Block,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Row,
    Run,
    Table,
    flag_words,
)
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import CIRCLED

GAP: Final = "\u3000"

_NAMES: Final = {"comparison": "新旧対照表", "kpis": "KPI一覧", "counts": "変更の件数", "results": "効果検証"}
_REMARKS: Final = "備考"
_PLAN: Final = "計画全体"
_EMPTY: Final = Table("comparison", (Column("現行", code="old"), Column("改定後", code="new")), ())
_CIRCLED: Final = re.compile(f"[{CIRCLED}]")
_PARENS: Final = re.compile(r"[(（]([0-9]+)[)）]")


@frozen
class Datum:
    """What one cell holds: words in runs, or a number; `indent` counts levels, `figure` is a number in the words."""

    runs: tuple[Run, ...] = ()
    value: float | int | None = None
    indent: int = 0
    figure: float | int | None = None

    @property
    def text(self) -> str:
        """Return the words."""
        return "".join([run.text for run in self.runs])


@frozen
class Record:
    """One row of cells, as many as there are columns; `strong` ones head what follows."""

    data: tuple[Datum, ...]
    strong: bool = False


@frozen
class Sheet:
    """A table: what it is called, its columns, its rows."""

    code: str
    name: str
    columns: tuple[Column, ...]
    records: tuple[Record, ...]


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return a sheet for every table, and one for the running text of papers that are not comparisons.

    The one that matters most comes first: the text, where the tables only count.
    """
    title = document.title.rpartition(GAP)[2] or document.title
    found: list[Sheet] = []
    heading = title
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            name = _NAMES.get(block.code) or block.caption or heading
            found.append(_comparison(document, block) if block.compares else _general(block, name))
    compared = any(sheet.code == "comparison" for sheet in found)
    if document.code == "comparison" and not compared:  # only the plan itself changed, or nothing at all
        found.insert(0, _comparison(document, _EMPTY))
        compared = True
    if not compared and any(isinstance(block, Paragraph) for block in document.blocks):
        counted = all(sheet.code == "counts" for sheet in found)
        name = title if counted else _REMARKS
        found.insert(0 if counted else len(found), _text(document.code, name, document.blocks))
    return tuple(found)


def words(text: str) -> Datum:
    """Hold text that carries no marks."""
    return Datum((Run(text),)) if text else Datum()


def number(text: str) -> Datum:
    """Hold a printed number as one where it is one: ① and (1) become 1, ①～③ becomes 1～3."""
    plain = _CIRCLED.sub(lambda match: str(CIRCLED.index(match[0]) + 1), text)
    if inside := _PARENS.fullmatch(plain):
        plain = inside[1]
    return Datum(value=int(plain)) if plain.isascii() and plain.isdigit() else words(plain)


# --- comparison -------------------------------------------------------------------------------------------------------


def _comparison(document: Document, table: Table) -> Sheet:
    """Lay a 新旧対照表 out flat: every row repeats its part and level, every pair of lines has a row of its own."""
    third = {column.code: column.title for column in table.columns[SIDES:]}
    own = tuple(column for column in table.columns[SIDES:] if column.code in ("page", "owner"))
    columns = (
        Column("区分", code="part"),
        Column("階層", code="level"),
        Column("番号", align="center", code="number"),
        *(
            replace(column, code=column.code or code)
            for column, code in zip(table.columns, ("old", "new"), strict=False)
        ),
        Column(third.get("flags", "変更の種類"), code="flags"),
        Column("補足", code="note"),
        Column(third.get("reason", "理由"), code="reason"),
        *own,
        Column("ID", code="id"),
    )
    records = [_above(block, len(own), reverse=columns[3].code == "new") for block in above(document)]
    at = [table.columns.index(column) for column in own]
    part = goal = ""
    for row in table.rows:
        level = row.label or (row.hidden[0].label if row.hidden else "")
        if row.role == "part":
            part, goal = row.label or row.cells[0].text, ""
            if not row.flags and not row.note and all(left == right for left, right in row.pairs):
                continue
        elif row.role == "goal":
            goal = level + _printed(row, level)
        records += _records(row, goal or part, level, tuple(words(row.cells[each].text) for each in at))
    return Sheet("comparison", _NAMES["comparison"], columns, tuple(records))


def above(document: Document) -> list[Paragraph]:
    """Return what stands above a comparison: what changed in the plan itself, and alike in many places."""
    blocks = takewhile(lambda block: not isinstance(block, Table), document.blocks)
    return [block for block in blocks if isinstance(block, Paragraph) and block.flags]


def _above(block: Paragraph, own: int, *, reverse: bool) -> Record:
    """Set what changed in the plan itself: what it is about, what it was, what it is."""
    at = next((at for at, run in enumerate(block.runs) if run.text == ARROW), None)
    if at is None:
        label, sides = "", [Datum(), Datum(block.runs)]
    else:
        label = "".join(run.text for run in block.runs[: at - 1]).strip(GAP)
        sides = [Datum(block.runs[at - 1 : at]), Datum(block.runs[at + 1 :])]
    flags = words(flag_words(block.flags))
    sides = sides[::-1] if reverse else sides
    return Record((words(_PLAN), words(label), Datum(), *sides, flags, *[Datum()] * (own + 3)))


def _records(row: Row, part: str, level: str, own: tuple[Datum, ...]) -> Iterator[Record]:
    """Set a row: each line opposite its counterpart, a heading joined to the title below it."""
    printed = _printed(row, level)
    level = level or ("文章" if row.role == "text" else "")
    said = tuple(words("、".join(text.split("\n"))) for text in (flag_words(row.flags), row.note, row.reason))
    for label, sides in _titled(row, level, printed):
        heads = label == level
        yield Record(
            (
                words(part),
                words(label),
                number(printed if heads else ""),
                *sides,
                *said,
                *own,
                words(row.key.removesuffix("#old")),
            ),
            strong=heads and row.role in ("part", "goal"),
        )
        said = (Datum(),) * len(said)


def _titled(row: Row, level: str, printed: str) -> Iterator[tuple[str, list[Datum]]]:
    """Return the pairs of a row, each with its level, 本文, or the label of an indicator."""
    waiting: tuple[Line, ...] = ()
    pairs = [*row.pairs]
    for pair, after in zip(pairs, [*pairs[1:], ()], strict=True):
        kinds = {line.kind for line in pair} - {"blank"}
        label = level
        if "kpi" in kinds:
            label = next((line.label for line in pair if line.label), "KPI")
        elif "heading" in kinds and any(line.kind == "title" for line in after):
            waiting = pair
            continue
        elif kinds <= {"body"} or (row.role == "text" and kinds <= {"body", "omitted"} and not pair[0].label):
            label = "本文"
        else:
            titles = [_joined_title(side, level, printed, waiting, pair) for side in (0, 1)]
            yield label, titles
            waiting = ()
            continue
        yield label, [Datum(line.runs, indent=line.indent) for line in pair]


def _joined_title(side: int, level: str, printed: str, above: Sequence[Line], pair: Sequence[Line]) -> Datum:
    """Join the heading above a title to it; a level and number that have their columns are said only to differ."""
    runs: list[Run] = []
    for line, other in ((each[side], each[1 - side]) for each in (above, pair) if each):
        if runs and line.runs:
            runs.append(Run(GAP))
        named = line.label.removeprefix(level) if line.kind == "omitted" else line.label
        if named and (named != printed or other.label not in ("", line.label)):
            runs += [Run(named, line.label_mark), Run(GAP)]
        words = line.label + line.text
        if line.kind != "heading" or words != level + printed or (other.kind == "heading" and other.text != line.text):
            runs += line.runs
    return Datum(tuple(runs), indent=pair[side].indent)


def _printed(row: Row, level: str) -> str:
    """Return the number of what a row is about, or the numbers of what it stands for."""
    labels = (
        line.label.removeprefix(level) for pair in row.pairs for line in pair if line.label and line.kind != "kpi"
    )
    return row.number or next(labels, "")


# --- other tables and text --------------------------------------------------------------------------------------------


def _general(table: Table, name: str) -> Sheet:
    """Set any table; kinds stand in the column whose code is "flags", notes in a column of their own."""
    noted = any(row.note for row in table.rows)
    flagged = any(row.flags for row in table.rows) and all(column.code != "flags" for column in table.columns)
    columns = list(table.columns)
    columns += [Column("変更の種類", code="flags")] if flagged else []
    columns += [Column("補足", code="note")] if noted else []
    records = []
    for row in table.rows:
        data = []
        for at, column in enumerate(table.columns):
            cell = row.cells[at] if at < len(row.cells) else None
            if column.code == "flags" and row.flags:
                data.append(words(flag_words(row.flags)))
            elif cell is None:
                data.append(Datum())
            else:
                indent = max((line.indent for line in cell.lines), default=0)
                data.append(Datum(_joined(cell.lines), cell.value, indent, cell.figure))
        data += [words(flag_words(row.flags))] if flagged else []
        data += [words(row.note)] if noted else []
        records.append(Record(tuple(data), strong=row.role in ("part", "section", "goal", "head", "total")))
    return Sheet(table.code, name, tuple(columns), tuple(records))


def _joined(lines: Iterable[Line]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for line in lines:
        if runs:
            runs.append(Run("\n"))
        if line.label:
            runs += [Run(line.label, line.label_mark), Run(GAP)]
        runs += line.runs
    return tuple(runs)


def _text(code: str, name: str, blocks: Iterable[Block]) -> Sheet:
    """Set headings and paragraphs as rows: under which heading, how deep, what, and which kinds."""
    columns = (
        Column("見出し", 2, code="heading"),
        Column("階層", 1, "center", code="depth"),
        Column("内容", 6, code="text"),
        Column("変更の種類", 2, code="flags"),
    )
    heading = ""
    records = []
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Paragraph):
            text = Datum(block.runs, indent=block.indent)
            depth = Datum(value=block.indent + 1)
            records.append(Record((words(heading), depth, text, words(flag_words(block.flags)))))
    return Sheet(code, name, columns, tuple(records))
