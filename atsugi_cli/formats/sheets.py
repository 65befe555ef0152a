"""Sheets: a paper's tables as plain rows, one thing a cell, for Excel and CSV.

The rules for machine-readable data (総務省, 2020): no merged cells, no title inside a table, numbers as numbers, 1 in
place of ①, everything needed to sort or filter repeated in every row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from atsugi_cli.document import SIDES, Block, Column, Document, Heading, Line, Paragraph, Row, Run, Table, flag_words
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import CIRCLED

GAP: Final = "\u3000"

_NAMES: Final = {"comparison": "新旧対照表", "kpis": "KPI一覧", "counts": "変更の件数"}
_CIRCLED: Final = re.compile(f"[{CIRCLED}]")
_PARENS: Final = re.compile(r"[(（]([0-9]+)[)）]")


@frozen
class Datum:
    """What one cell holds: words in runs, or a number; `indent` counts levels."""

    runs: tuple[Run, ...] = ()
    value: float | int | None = None
    indent: int = 0

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
            found.append(_sheet(block, heading))
    compared = any(sheet.code == "comparison" for sheet in found)
    if not compared and any(isinstance(block, Paragraph) for block in document.blocks):
        counted = all(sheet.code == "counts" for sheet in found)
        found.insert(0 if counted else len(found), _text(document.code, title, document.blocks))
    return tuple(found)


def _sheet(table: Table, heading: str) -> Sheet:
    if table.compares:
        return _comparison(table)
    return _general(table, _NAMES.get(table.code) or table.caption or heading)


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


def _comparison(table: Table) -> Sheet:
    """Lay a 新旧対照表 out flat: every row repeats its part and level, every paragraph has a row of its own."""
    left, right = table.columns[:SIDES]
    third = table.columns[SIDES].title if len(table.columns) > SIDES else "変更の種類"
    columns = (
        Column("区分", code="part"),
        Column("階層", code="level"),
        Column("番号", align="center", code="number"),
        replace(left, code=left.code or "old"),
        replace(right, code=right.code or "new"),
        Column(third, code="flags"),
        Column("補足", code="note"),
        Column("ID", code="id"),
    )
    records: list[Record] = []
    part = goal = ""
    for row in table.rows:
        level = row.label or (row.hidden[0].label if row.hidden else "")
        if row.role == "part":
            part, goal = row.cells[0].text if row.label == "" else row.label, ""
            if not row.flags and not row.note and _same(row):
                continue
        elif row.role == "goal":
            goal = level + _printed(row, level)
        records += _records(row, table, goal or part, level)
    return Sheet("comparison", _NAMES["comparison"], columns, tuple(records))


def _same(row: Row) -> bool:
    return all(cell == row.cells[0] for cell in row.cells[1:SIDES])


def _records(row: Row, table: Table, part: str, level: str) -> Iterator[Record]:
    """Set a row: its headings first, then its text, then its indicators, each paragraph opposite its counterpart."""
    printed = _printed(row, level)
    sides = [_groups(cell.lines, level, printed) for cell in row.cells[:SIDES]]
    if row.role == "text" and not all(heads for heads, _, _ in sides):  # （新設） opposite to text without a heading
        sides = [([], heads + bodies, indicators) for heads, bodies, indicators in sides]
    remark, note = _remarks(row, table)
    first = True
    for kind, *groups in zip(("head", "body", "kpi"), *sides, strict=True):
        for pair in zip_longest(*groups):
            lines = [line for line in pair if line is not None]
            label = {
                "head": level or ("文章" if row.role == "text" else ""),
                "body": "本文",
                "kpi": next((line.label for line in lines if line.label), "KPI"),
            }[kind]
            data = [Datum(line.runs, indent=line.indent) if line else Datum() for line in pair]
            yield Record(
                (
                    words(part),
                    words(label),
                    number(printed if kind == "head" else ""),
                    *data,
                    words(remark if first else ""),
                    words(note if first else ""),
                    words(row.key),
                ),
                strong=kind == "head" and row.role in ("part", "goal"),
            )
            first = False


def _printed(row: Row, level: str) -> str:
    """Return the number of what a row is about, or the numbers of what it stands for."""
    labels = (
        line.label.removeprefix(level)
        for cell in row.cells[:SIDES]
        for line in cell.lines
        if line.label and line.kind != "kpi"
    )
    return row.number or next(labels, "")


def _groups(lines: Sequence[Line], level: str, printed: str) -> tuple[list[Line], list[Line], list[Line]]:
    """Part the lines of a cell into headings, text and indicators; a heading is joined to the title below it.

    A number or label that has its own column is not said again.
    """
    heads: list[Line] = []
    bodies: list[Line] = []
    indicators: list[Line] = []
    waiting: tuple[Run, ...] = ()
    for line in lines:
        match line.kind:
            case "kpi":
                indicators.append(line)
            case "body" | "note" | "value" | "flag":
                bodies.append(line)
            case "heading":
                named = line.label + line.text != level + printed or any(run.mark for run in line.runs)
                waiting = (Run(line.label, line.label_mark), *line.runs) if named else ()
                heads += [replace(line, runs=waiting)] if named else []
            case "omitted" if heads:
                bodies.append(line)
            case "title" | "omitted" | "absent":
                own = line.label.removeprefix(level) if line.kind == "omitted" else line.label
                named = bool(own) and (own != printed or bool(line.label_mark))
                label = (Run(own, line.label_mark), Run(GAP)) if named else ()
                if waiting:
                    heads.pop()
                    label = (*waiting, Run(GAP), *label)
                heads.append(replace(line, runs=(*label, *line.runs)))
                waiting = ()
    return heads, bodies, indicators


def _remarks(row: Row, table: Table) -> tuple[str, str]:
    """Return what the remarks column says, and what is added to it."""
    if len(table.columns) <= SIDES:
        return flag_words(row.flags), row.note.replace("\n", "、")
    flags, lines, _ = row.remarks(table.columns[SIDES], SIDES)
    notes = row.note.split("\n") if row.note else []
    others = [line.text for line in lines if line.text not in notes]
    return "、".join(filter(None, (flag_words(flags), *others))), "、".join(notes)


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
                data.append(
                    Datum(_joined(cell.lines), cell.value, max((line.indent for line in cell.lines), default=0))
                )
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
