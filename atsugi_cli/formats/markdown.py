"""Markdown: documents as comments on pull requests and as pages of a repository (GitHub's dialect).

Changes stand in `<ins>` and `<del>`, because `**` and `~~` do not open before Japanese punctuation. Whatever a city
wrote is text: everything that Markdown or GitHub would act upon leaves here as an entity.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, Literal, assert_never

from atsugi_cli.document import SIDES, Cell, Document, Flag, Heading, Line, Mark, Paragraph, Role, Row, Run, Table
from atsugi_cli.formats.options import Options
from atsugi_cli.frozen import frozen
from atsugi_cli.width import safe

LIMIT: Final = 60_000
"""GitHub refuses comments of more than 65,536 characters; the rest is for what a workflow adds around the page."""
ROW_LIMIT: Final = LIMIT // 3
"""A single row longer than this would push all others out."""

_SPECIAL: Final = str.maketrans({sign: f"&#{ord(sign)};" for sign in "|*_~`<>&[]\\$#@"} | {"\n": "<br>"})
_LINKS: Final = re.compile(r"(?:(?<=https)|(?<=http)|(?<=ftp)):(?=//)|(?<=www)\.|(?<=GH)-(?=\d)", re.IGNORECASE)
"""Where GitHub would make a link of bare text, which in Japanese runs on to the next blank."""
_MENTIONS: Final = re.compile(r"(&#(?:64|35|45);)(?=\w)", re.ASCII)
_APART: Final = "&#8203;"
"""Mentions and issue numbers are looked for after entities are resolved; a zero-width space keeps them apart."""
_BLOCK_START: Final = re.compile(r"^(\d{1,9}(?=[.)])|)([.)]|[ +=-])")
"""What begins a list, an underlined heading or a code block at the start of a line."""

_ALIGNED: Final = {"left": "---", "right": "---:", "center": ":---:"}
_BULLETS: Final = frozenset("・•‣-*+")
_DEPTHS: Final[dict[Role, int]] = {"part": 0, "section": 1, "goal": 1, "policy": 2, "initiative": 3, "project": 4}
"""How deep in the hierarchy a row stands that others may stand under."""
_STRONG: Final = frozenset({"goal", "head", "total"})


@frozen
class _Part:
    """A piece of the page: a row or paragraph that may be left out, or a head that is of no use without rows."""

    kind: Literal["row", "head"]
    text: str


def write(document: Document, options: Options) -> str:
    """Print a document as Markdown, whole."""
    return _opening(document) + _joined(_parts(document, options)) + _closing(document)


def comment(document: Document, options: Options) -> str:
    """Print a document as Markdown of at most 60,000 characters, for a comment on GitHub.

    A longer one is reduced to its changed rows and then, if need be, cut between two rows; either way the page says so.
    """
    opening, closing = _opening(document), _closing(document)
    room = LIMIT - len(opening) - len(closing)
    parts = list(_parts(document, options))
    if _length(parts) <= room:
        return opening + _joined(parts) + closing
    notice = ""
    short = replace(document, blocks=tuple(_changed_only(block) for block in document.blocks))
    all_rows, parts = _rows(parts), list(_parts(short, options))
    if _rows(parts) < all_rows:
        notice = f"長いため、全{all_rows}行のうち変更のある行とその見出しの{_rows(parts)}行だけを載せる。"
    pointer = "全体は成果物（artifact）のファイルにある。"
    left_out = f"上限の文字数を超えるため、{{}}行を省いた。{pointer}"
    kept = _fitting(parts, room - len(notice) - len(left_out) - len("> \n\n") - len(str(all_rows)))
    notice += left_out.format(_rows(parts) - _rows(kept)) if len(kept) < len(parts) else pointer
    return f"{opening}> {notice}\n\n{_joined(kept)}{closing}"


def _joined(parts: Iterable[_Part]) -> str:
    return "".join([part.text for part in parts]).lstrip("\n")


def marker(document: Document) -> str:
    """Return the hidden comment by which a workflow finds its own earlier comment again."""
    comparison = any(isinstance(block, Table) and block.code == "comparison" for block in document.blocks)
    return f"<!-- strategy:{'revision' if comparison else document.code} -->"


def escaped(text: str) -> str:
    """Make text inert: Markdown, HTML, mentions, issue numbers and bare links stay the characters they are."""
    text = _LINKS.sub(lambda match: f"&#{ord(match[0])};", safe(text).translate(_SPECIAL))
    return _MENTIONS.sub(rf"\1{_APART}", text)


def _block(text: str) -> str:
    """Keep escaped text from being more than a paragraph by what it begins with."""
    return _BLOCK_START.sub(lambda match: f"{match[1]}&#{ord(match[2])};", text)


# --- length -----------------------------------------------------------------------------------------------------------


def _length(parts: Iterable[_Part]) -> int:
    return sum(len(part.text) for part in parts)


def _rows(parts: Iterable[_Part]) -> int:
    return sum(part.kind == "row" for part in parts)


def _fitting(parts: Sequence[_Part], room: int) -> list[_Part]:
    """Take parts from the start as long as they fit, without rows that would push out all others."""
    kept: list[_Part] = []
    for part in parts:
        if len(part.text) > ROW_LIMIT:
            continue
        room -= len(part.text)
        if room < 0:
            break
        kept.append(part)
    while kept and kept[-1].kind == "head":
        kept.pop()
    return kept


def _changed_only(block: Heading | Paragraph | Table) -> Heading | Paragraph | Table:
    """Reduce a table to its changed rows and the rows these stand under; one without changes stays whole."""
    if not isinstance(block, Table) or not any(row.changed for row in block.rows):
        return block
    kept = []
    below = 0  # rows above this depth are needed by a row already kept
    for row in reversed(block.rows):
        depth = _DEPTHS.get(row.role, max(_DEPTHS.values()) + 1)
        if row.changed or depth < below:
            kept.append(row)
            below = depth
    return replace(block, rows=tuple(reversed(kept)))


# --- page -------------------------------------------------------------------------------------------------------------


def _opening(document: Document) -> str:
    lines = [marker(document), f"# {escaped(document.title)}", ""]
    if document.subtitle:
        lines += [_block(escaped(document.subtitle)), ""]
    counts = [f"{group}：{words}" if group else words for group, words in document.summary]
    lines += [f"- {_block(escaped(count))}" for count in counts]
    return "\n".join(lines).rstrip("\n") + "\n\n"


def _closing(document: Document) -> str:
    legend = document.legend and f"{document.legend}（改める前の文言は取消線）"
    words = "<br>".join(escaped(text) for text in (legend, "　".join(document.stamp.parts)) if text)
    return f"\n<sub>{words}</sub>\n" if words else ""


def _parts(document: Document, options: Options) -> Iterator[_Part]:
    """Return the page piece by piece, each with the newlines it needs."""
    depth = -1  # of the list item before
    for block in document.blocks:
        match block:
            case Heading():
                yield _Part("head", f"\n{'#' * (block.level + 1)} {escaped(block.text)}\n")
                depth = -1
            case Paragraph(bullet=""):
                words = _block(_words(block, options))
                yield _Part("row", f"\n{'&emsp;' * block.indent}{words}\n")
                depth = -1
            case Paragraph():
                start = "\n" if depth < 0 else ""
                # An item more than one step deeper than the one before would be read as code.
                depth = min(block.indent, depth + 1)
                sign = "" if block.branch else block.bullet
                words = _words(block, options)
                words = words if not sign or sign in _BULLETS else f"{escaped(sign)} {words}"
                yield _Part("row", f"{start}{'  ' * depth}- {_block(words)}\n")
            case Table():
                yield from _table(block, options)
                depth = -1
            case _:
                assert_never(block)


def _words(block: Paragraph, options: Options) -> str:
    runs = "".join(
        f"<b>{_runs(group, options)}</b>" if strong else _runs(group, options)
        for strong, group in groupby(block.runs, lambda run: run.strong)
    )
    return " ".join([runs, *map(_flag, block.flags)])


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(table: Table, options: Options) -> Iterator[_Part]:
    """Print a table; each part of the plan becomes a heading and a table of its own."""
    table = table.grouped.narrowed
    head = "".join(
        f"|{'|'.join(cells)}|\n"
        for cells in (
            [f" {escaped(column.title)} " for column in table.columns],
            [f" {_ALIGNED[column.align]} " for column in table.columns],
        )
    )
    caption = f"\n<b>{escaped(table.caption)}</b>\n" if table.caption else ""
    opened = False
    for row in table.rows:
        if row.role == "part":
            lines = [line for cell in reversed(row.cells[:SIDES]) for line in cell.lines if line.text]
            title = next((line.text for line in lines if line.kind != "absent"), "")  # （…へ移動） names no part
            yield _Part("head", f"{caption}\n### {escaped(title).strip('【】')}\n")
            opened, caption = False, ""
            if not (row.flags or row.note or any(cell != row.cells[0] for cell in row.cells[1:SIDES])):
                continue
        if not opened:
            yield _Part("head", f"{caption}\n{head}")
            opened, caption = True, ""
        rows = _compared(row, table, options) if table.compares else [_row(row, table, options)]
        yield _Part("row", "".join(f"|{'|'.join(f' {text} ' for text in texts)}|\n" for texts in rows))


def _compared(row: Row, table: Table, options: Options) -> Iterator[list[str]]:
    """Print each line of a comparison beside its counterpart; what is said beside them stands in the first row."""
    remarks = _stacked(*(" ".join(map(_flag, line.flags)) or _line(line, row, options) for line in row.beside))
    for pair in row.pairs:
        yield [*(_line(line, row, options) for line in pair), *([remarks] if len(table.columns) > SIDES else [])]
        remarks = ""


def _row(row: Row, table: Table, options: Options) -> list[str]:
    """Print the cells of a row, as many as the table has columns; change kinds stand where it has a place for them."""
    texts = [_cell(cell, row, options) for cell in row.filled(len(table.columns))]
    at = table.flagged
    if at is None:
        texts[0] = _stacked(texts[0], _note(row))
        return texts
    said = at < len(row.cells) and row.note in row.cells[at].text.split("\n")
    texts[at] = _stacked(" ".join(map(_flag, row.flags)) or texts[at], "" if said else _note(row))
    return texts


def _note(row: Row) -> str:
    return f"<sub>{escaped(row.note)}</sub>" if row.note else ""


def _stacked(*texts: str) -> str:
    return "<br>".join(filter(None, texts))


def _cell(cell: Cell, row: Row, options: Options) -> str:
    return "<br>".join([_line(line, row, options) for line in cell.lines])


def _line(line: Line, row: Row, options: Options) -> str:
    """Print one paragraph of a cell: indent, label, words."""
    runs = line.runs
    if line.label:
        gap = Run(" ", line.label_mark if runs and runs[0].mark == line.label_mark else "")
        runs = (Run(line.label, line.label_mark), gap, *runs)
    text = _runs(runs, options).rstrip(" ")
    if line.kind == "heading" or row.role in _STRONG:
        text = f"<b>{text}</b>"
    elif line.kind == "note":
        text = f"<sub>{text}</sub>"
    return "&emsp;" * line.indent + text


_MARKED: Final[dict[Mark, str]] = {"": "{}", "old": "<del>{}</del>", "new": "<ins>{}</ins>"}


def _runs(runs: Iterable[Run], options: Options) -> str:
    """Print runs, neighbours of one mark in one element."""
    return "".join([_MARKED[mark].format(escaped(text)) for text, mark in options.marked(runs)])


def _flag(flag: Flag) -> str:
    """Print a change kind as code; nothing can be escaped between backticks, so odd labels take the element."""
    label = safe(flag.label)
    code = f"`{label}`" if escaped(label) == label else f"<code>{escaped(label)}</code>"
    return f"{code}<sub>推定</sub>" if flag.proposed else code
