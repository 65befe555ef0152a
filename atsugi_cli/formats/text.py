"""Text: documents for terminals, pipes and text files.

The tables are drawn here because table libraries break Japanese only at blanks and cut the rest. Colour is written as
plain ANSI codes of the 16-colour palette, which every terminal theme keeps readable; no mark relies on colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, assert_never

from atsugi_cli.document import (
    BRANCH,
    SIDES,
    Block,
    Cell,
    Column,
    Document,
    Flag,
    Heading,
    Line,
    Paragraph,
    Row,
    Run,
    Table,
)
from atsugi_cli.formats.grid import Drawn, Frame, GridRow, draw, frame_for, shared, span
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import look_of
from atsugi_cli.width import kept_whole, safe, width_of, wrapped

THREE_COLUMNS_FROM: Final = 100
"""Below, a third column would leave less than 18 characters to each side."""
TWO_COLUMNS_FROM: Final = 72
"""Below, two columns would leave less than 16 characters to each side; the sides then stand one above the other."""
WIDE_FROM: Final = 140
REMARKS: Final = 10
"""Cells of the remarks column: 「[名称変更]」."""
REASONED_REMARKS: Final = 18
"""Cells where reasons stand in it too; they would run down whole pages."""
WIDE_REMARKS: Final = 22
NARROWEST: Final = 20
"""No layout is tried in fewer cells than this."""
READABLE: Final = 8
"""A column or an indented text of less than four characters is not read but deciphered."""
NARROW: Final = 6
"""The same of a column of numbers, whose heading is all that is broken."""
INDENT: Final = 2
BAR: Final = 10
"""Cells of a bar that is full."""
_GAP: Final = "　"
_EIGHTHS: Final = ("", *"▏▎▍▌▋▊▉")

_BOLD: Final = "1"
_DIM: Final = "2"
_MARKED: Final = {"old": "4;31", "new": "4;32"}

_INKS: Final = {"": "", "red": "31", "green": "32", "magenta": "35", "cyan": "36"}

_RULED: Final = frozenset({"part", "section", "goal", "total"})
"""Rows with a rule above."""
_STRONG: Final = frozenset({"part", "goal", "head", "total"})
_KINDS: Final = {"heading": _BOLD, "omitted": _DIM, "absent": _DIM, "note": _DIM}
_HEADING_SIGNS: Final = {1: "■ ", 2: "◆ ", 3: "◇ "}

_BRANCHES: Final = "│├"
"""The signs of a tree that go on in the line below."""
_ASCII_BRANCHES: Final = str.maketrans("│├└─", "|+`-")

Piece = tuple[str, str]  # text and the ANSI codes it is set in
Setting = tuple[list[Piece], int, int]  # a paragraph, its indent, and the indent of its other lines


def write(document: Document, options: Options) -> str:
    """Print a document as text of at most `options.width` cells a line (never less than 20)."""
    width = max(options.width, NARROWEST)
    out = _flow([(safe(document.title), _BOLD)], width, options)
    if document.subtitle:
        out += _flow([(safe(document.subtitle), _DIM)], width, options)
    for group, words in document.summary:
        lead = safe(group) + "：" if group else ""
        out += _flow([(lead, _BOLD), (safe(words), "")], width, options, hanging=width_of(lead))
    previous: object = None
    for block in _grown(document.blocks):
        match block:
            case Heading():
                sign = _HEADING_SIGNS.get(block.level, "")
                text = _flow([(sign + safe(block.text), _BOLD)], width, options, hanging=len(sign))
            case Paragraph():
                text = _paragraph(block, width, options)
            case Table():
                text = _table(block, width, options)
            case _:
                assert_never(block)
        if not (isinstance(block, Paragraph) and isinstance(previous, Paragraph | Heading)):
            out.append("")
        out += text
        previous = block
    out.append("")
    if document.legend:
        brackets = "" if options.colour or not any("〔" in line for line in out) else "（下線の代わりに〔　〕で囲む）"
        out += _flow([(safe(document.legend) + brackets, _DIM)], width, options)
    stamp = [(safe(part), _DIM) for part in document.stamp.parts]
    out += [text for text, _ in _packed([], stamp, width, options, gap="　")]
    return "\n".join(out).strip("\n") + "\n"


def _grown(blocks: Sequence[Block]) -> list[Block]:
    """Draw the branches of trees into the bullets of their lines; the last child of a parent ends the line."""
    grown: list[Block] = []
    open_levels: frozenset[int] = frozenset()  # on which another branch follows further down
    for block in reversed(blocks):
        if not isinstance(block, Paragraph) or not block.branch:
            open_levels = frozenset()
            grown.append(block)
            continue
        hangs = block.bullet == BRANCH
        levels = block.indent + (not hangs)
        lines = "".join(["│  " if level in open_levels else "   " for level in range(levels)])
        end = ("├─ " if block.indent in open_levels else "└─ ") if hangs else ""
        grown.append(replace(block, bullet=lines + end, indent=0))
        if hangs:
            open_levels = frozenset({each for each in open_levels if each < block.indent} | {block.indent})
    return grown[::-1]


# --- pieces and lines -------------------------------------------------------------------------------------------------


def _painted(pieces: Iterable[Piece], colour: bool) -> str:  # noqa: FBT001 - an option handed on
    if not colour:
        return "".join([text for text, _ in pieces])
    return "".join([f"\x1b[{codes}m{text}\x1b[0m" if codes and text else text for text, codes in pieces])


def _codes(*codes: str) -> str:
    return ";".join(filter(None, codes))


def _pieces(runs: Sequence[Run], base: str, options: Options) -> list[Piece]:
    """Set runs in a base style, their marks as colour and underline or in 〔brackets〕, joined where they meet."""
    both = options.underline == "both"
    if options.colour:
        return [
            (safe(run.text), _codes(base, _MARKED[run.mark] if run.mark and (both or run.mark == "new") else ""))
            for run in runs
        ]
    if len(runs) == 1 and not runs[0].mark:
        return [(safe(runs[0].text), base)]
    text = ""
    inside = False
    for run in runs:
        marked = run.mark == "new" or (run.mark == "old" and both)
        if run.text and marked != inside:
            text += "〔" if marked else "〕"
            inside = marked
        text += safe(run.text)
    return [(text + "〕" if inside else text, base)]


def _flow(pieces: list[Piece], width: int, options: Options, first: int = 0, hanging: int = 0) -> list[str]:
    """Wrap pieces outside of tables."""
    return [
        " " * (hanging if number else first) + _painted(line.pieces, options.colour)
        for number, line in enumerate(wrapped(pieces, width, first, hanging, options.ambiguous))
    ]


def _paragraph(block: Paragraph, width: int, options: Options) -> list[str]:
    """Print a paragraph or an item of a list, its flags behind it, its other lines hanging under its text."""
    bullet = safe(block.bullet)
    if bullet and not bullet.endswith(" "):
        bullet += " "
    under = "".join(["│" if sign in _BRANCHES else " " * width_of(sign, options.ambiguous) for sign in bullet])
    if options.ascii or options.ambiguous > 1:
        bullet, under = bullet.translate(_ASCII_BRANCHES), under.translate(_ASCII_BRANCHES)
    indent = max(0, min(block.indent * INDENT, width - READABLE))
    room = width - indent - width_of(bullet, options.ambiguous)
    pieces = _pieces(block.runs, "", options)
    if room < READABLE:  # a deep tree in a narrow terminal: the branch becomes part of the text
        pieces = [(bullet, ""), *pieces]
        indent, room, bullet, under = 0, width, "", ""
    lines = _wrap((pieces, 0, 0), room, options)
    lines = _packed(lines, map(_flag, block.flags), room, options)
    return [" " * indent + (under if number else bullet) + text for number, (text, _) in enumerate(lines)]


def _flag(flag: Flag) -> Piece:
    """Set a change kind in brackets; one that the author did not declare says so."""
    return f"[{safe(flag.words)}]", _codes(_BOLD, _INKS[look_of(flag.code).ink])


def _set(line: Line, row: Row, options: Options) -> Setting:
    """Set one paragraph of a cell: the label before the text, the other lines under the text, a part in 【】."""
    base = _KINDS.get(line.kind) or (_BOLD if row.role in _STRONG else "")
    runs = line.runs
    first = line.indent * INDENT
    hanging = first
    if line.label:
        gap = Run(" ", line.label_mark if line.runs and line.runs[0].mark == line.label_mark else "")
        runs = (Run(line.label, line.label_mark), gap, *line.runs) if line.runs else (Run(line.label, line.label_mark),)
        hanging += width_of(safe(line.label), options.ambiguous) + 1
    pieces = _pieces(runs, base, options)
    if row.role == "part" and line.kind in {"heading", "title"} and not line.text.startswith("【"):
        pieces = [("【", base), *pieces, ("】", base)]
    return pieces, first, hanging


def _prefixed(setting: Setting, prefix: str, options: Options) -> Setting:
    """Put a word before a set paragraph, which then hangs under its own text."""
    pieces, first, hanging = setting
    return [(prefix, _DIM), *pieces], first, hanging + width_of(prefix, options.ambiguous)


def _wrap(setting: Setting, width: int, options: Options) -> list[Drawn]:
    """Wrap a set line to a column; indents give way where the column is narrow."""
    pieces, first, hanging = setting
    if hanging > width - READABLE:
        text = "".join([piece for piece, _ in pieces])
        if "\n" in text or first + width_of(text, options.ambiguous) > width:
            first = hanging = max(0, min(first, width - READABLE))
    lines = []
    before = first
    for line in wrapped(pieces, width, first, hanging, options.ambiguous):
        lines.append((" " * before + _painted(line.pieces, options.colour), before + line.width))
        before = hanging
    return lines


def _packed(lines: list[Drawn], pieces: Iterable[Piece], width: int, options: Options, gap: str = " ") -> list[Drawn]:
    """Add short pieces to printed lines, as many to a line as fit; one is broken only when it is longer than a line."""
    for piece in pieces:
        for line in wrapped([piece], width, 0, 0, options.ambiguous):
            drawn = _painted(line.pieces, options.colour)
            cells = lines[-1][1] + width_of(gap) + line.width if lines else width + 1
            if cells <= width:
                lines[-1] = (lines[-1][0] + gap + drawn, cells)
            else:
                lines.append((drawn, line.width))
    return lines


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(table: Table, width: int, options: Options) -> list[str]:
    """Print a table, its caption above it."""
    caption = _flow([(safe(table.caption), _BOLD)], width, options) if table.caption else []
    if table.compares:
        return caption + _comparison(table, width, options)
    return caption + _general(table, width, options)


def _comparison(table: Table, width: int, options: Options) -> list[str]:
    """Print a comparison: side by side with remarks, side by side with the flags below, or one above the other."""
    frame, table = frame_for(options), table.narrowed
    if width < TWO_COLUMNS_FROM:
        inner = frame.room(width, 1)
        head = GridRow([_plain(_stacked_head(table.columns), inner, options)])
        return draw([inner], head, _stacked(table, inner, options), frame)
    remarks = len(table.columns) > SIDES and width >= THREE_COLUMNS_FROM
    widths = [_remarks_width(table, width)] if remarks else []
    side = (frame.room(width, SIDES + len(widths)) - sum(widths)) // SIDES
    widths = [side, side, *widths]
    columns = table.columns[: len(widths)]
    head = GridRow([_plain(column.title, wide, options) for column, wide in zip(columns, widths, strict=True)])
    rows = []
    for row in table.rows:
        if len(row.cells) < SIDES:
            rows.append(GridRow([_cells(row.cells, row, span(widths, frame), options)], row.role in _RULED))
            continue
        old, new = _paired(row, side, options)
        third = _remarks(row, table.columns, widths[-1] if remarks else side - INDENT, options)
        if remarks:
            rows.append(GridRow([old, new, third], row.role in _RULED))
        else:
            new += [(" " * INDENT + text, INDENT + cells) for text, cells in third]
            rows.append(GridRow([old, new], row.role in _RULED))
    return draw(widths, head, rows, frame)


def _remarks_width(table: Table, width: int) -> int:
    if width >= WIDE_FROM:
        return WIDE_REMARKS
    reasoned = any(width_of(line.text) > REASONED_REMARKS for row in table.rows for line in row.beside)
    return REASONED_REMARKS if reasoned else REMARKS


def _plain(text: str, width: int, options: Options) -> list[Drawn]:
    return _wrap(([(safe(text), _BOLD)], 0, 0), width, options)


def _cells(cells: Sequence[Cell], row: Row, width: int, options: Options) -> list[Drawn]:
    lines = [line for cell in cells for line in cell.lines]
    return [drawn for line in lines for drawn in _wrap(_set(line, row, options), width, options)]


_NOTHING: Final[list[Drawn]] = [("", 0)]


def _paired(row: Row, width: int, options: Options) -> tuple[list[Drawn], list[Drawn]]:
    """Wrap both sides so that each paragraph begins beside its counterpart."""
    sides: tuple[list[Drawn], list[Drawn]] = ([], [])
    for left, right in row.pairs:
        old = _wrap(_set(left, row, options), width, options)
        new = old if left == right else _wrap(_set(right, row, options), width, options)
        sides[0].extend(old + _NOTHING * (len(new) - len(old)))
        sides[1].extend(new + _NOTHING * (len(old) - len(new)))
    return sides


def _remarks(row: Row, columns: Sequence[Column], width: int, options: Options) -> list[Drawn]:
    """Wrap what is said about a row: its flags, the words of its third cell, its note."""
    if len(columns) <= SIDES:
        return []
    lines: list[Drawn] = []
    for line in row.beside:
        lines += (
            _flag_lines(line.flags, width, options) if line.flags else _wrap(_set(line, row, options), width, options)
        )
    return lines


@lru_cache(maxsize=512)
def _flag_lines(flags: tuple[Flag, ...], width: int, options: Options) -> tuple[Drawn, ...]:
    """Set the flags of a row; the same few sets return all over a table."""
    return tuple(_packed([], map(_flag, flags), width, options))


def _prefixes(columns: Sequence[Column]) -> tuple[str, str]:
    """Shorten the headings of both sides to what tells them apart: 現行, 改定後 → 現：, 改："""
    left, right = (safe(column.title) for column in columns[:SIDES])
    return (f"{left}：", f"{right}：") if left[:1] == right[:1] else (f"{left[:1]}：", f"{right[:1]}：")


def _stacked_head(columns: Sequence[Column]) -> str:
    """Say which heading each prefix stands for."""
    titles = [safe(column.title) for column in columns[:SIDES]]
    return "　".join(
        title if prefix == f"{title}：" else prefix + title
        for prefix, title in zip(_prefixes(columns), titles, strict=True)
    )


def _stacked(table: Table, width: int, options: Options) -> Iterable[GridRow]:
    """Print the sides one above the other; what is the same on both is printed once."""
    prefixes = _prefixes(table.columns)
    for row in table.rows:
        lines: list[Drawn] = []
        for pair in row.pairs:
            if pair[0] == pair[1]:
                lines += _wrap(_set(pair[0], row, options), width, options)
                continue
            for line, prefix in zip(pair, prefixes, strict=True):
                if line.kind != "blank":
                    lines += _wrap(_prefixed(_set(line, row, options), prefix, options), width, options)
        remarks = _remarks(row, table.columns, width - INDENT, options)
        lines += [(" " * INDENT + text, INDENT + cells) for text, cells in remarks]
        yield GridRow([lines], row.role in _RULED)


def _general(table: Table, width: int, options: Options) -> list[str]:
    """Print a table of any columns, or, where they do not fit, each row as a list of «heading：value»."""
    frame = frame_for(options)
    table = table.grouped
    drawn = _columns(table, width, options, frame) or _columns(table.dated, width, options, frame)
    if drawn:
        return drawn
    inner = frame.room(width, 1)
    rows = (_settings(row, table, options) for row in table.rows)
    return draw([inner], None, (_record(cells, table.columns, inner, options) for cells in rows), frame)


def _columns(table: Table, width: int, options: Options, frame: Frame) -> list[str]:
    """Print the columns of a table side by side; nothing where they do not fit."""
    columns = table.columns
    rows = [(row, _settings(row, table, options)) for row in table.rows]
    wanted = [_title_wanted(column, options) for column in columns]
    whole = [0] * len(columns)
    for row, cells in rows:
        if len(cells) == len(wanted):
            wanted = [max(want, *_wanted(cell, options)) for want, cell in zip(wanted, cells, strict=True)]
            texts = (cell.text for cell in row.filled(len(columns)))
            whole = [max(most, kept_whole(text, options.ambiguous)) for most, text in zip(whole, texts, strict=True)]
    floors = [_floor(column, *pair) for column, *pair in zip(columns, wanted, whole, strict=True)]
    widths = shared(wanted, floors, [max(1, column.share) for column in columns], frame.room(width, len(columns)))
    if not widths:
        return []
    across = span(widths, frame)
    grid = []
    for row, cells in rows:
        spaces = widths if len(cells) == len(widths) else [across]
        lines = [_wrap_all(cell, space, options) for cell, space in zip(cells, spaces, strict=True)]
        grid.append(GridRow(lines, row.role in _RULED))
    head = GridRow([_plain(column.title, wide, options) for column, wide in zip(columns, widths, strict=True)])
    return draw(widths, head, grid, frame, [column.align for column in columns])


def _floor(column: Column, wanted: int, whole: int) -> int:
    """Return the fewest cells a column can do with: numbers are never broken, words may be where they stay readable."""
    least = REMARKS if column.code == "flags" else READABLE
    if column.bands:
        return wanted
    return min(wanted, max(whole, NARROW) if column.align == "right" else least)


def _wrap_all(settings: Iterable[Setting], width: int, options: Options) -> list[Drawn]:
    return [drawn for setting in settings for drawn in _wrap(setting, width, options)]


def _settings(row: Row, table: Table, options: Options) -> list[list[Setting]]:
    """Set the cells of a row, one for each column; a row of one cell stays one that spans them all.

    The change kinds of the row stand in the column whose code is "flags"; a note stands below them, or in the first.
    """
    columns = len(table.columns)
    shown = row.filled(columns) if len(row.cells) > 1 else row.filled(1)
    cells = [[_set(line, row, options) for line in cell.lines] for cell in shown]
    for place, (column, cell) in enumerate(zip(table.columns, shown, strict=False)):
        if column.bands and cell.value is not None:
            bar = _bar(cell.value, column.bands[-1], options)
            cells[place] = [([(f"{bar} ", ""), *cells[place][0][0]], 0, 0)]
    note = [([(safe(row.note), _DIM)], 0, 0)] if row.note else []
    if len(cells) == 1 < columns:
        return [cells[0] + note]
    at = table.flagged
    if at is not None and row.flags:
        cells[at] = [([_flag(flag)], 0, 0) for flag in row.flags]
    cells[at or 0] += note
    return cells


def _bar(number: float, full: float, options: Options) -> str:
    """Draw how much of what is full is reached, in eighths of a cell where these are one cell wide."""
    cells, eighths = divmod(int(min(max(number / full, 0), 1) * BAR * len(_EIGHTHS)), len(_EIGHTHS))
    if options.ascii or options.ambiguous > 1:
        return "#" * cells + "." * (BAR - cells)
    bar = "█" * cells + _EIGHTHS[eighths]
    return f"{bar:{BAR}}"


def _wanted(cell: Iterable[Setting], options: Options) -> Iterable[int]:
    """Return the cells each paragraph of a table cell would like to have, and 0."""
    yield 0
    for pieces, first, hanging in cell:
        text = "".join([piece for piece, _ in pieces])
        yield max(first, hanging if "\n" in text else 0) + max(
            width_of(part, options.ambiguous) for part in text.split("\n")
        )


def _title_wanted(column: Column, options: Options) -> int:
    """Return the cells of a heading; over numbers it rather wraps than widens the column."""
    wanted = width_of(safe(column.title), options.ambiguous)
    return max(1, min(wanted, READABLE) if column.align == "right" else wanted)


def _record(row: list[list[Setting]], columns: Sequence[Column], width: int, options: Options) -> GridRow:
    """Print a row of a table that is too wide as «heading：value», several to a line; empty ones are left out."""
    if len(row) < len(columns):
        return GridRow([_wrap_all(row[0], width, options)], ruled=True)
    lines: list[Drawn] = []
    room = 0
    for column, settings in zip(columns, row, strict=True):
        prefix = f"{safe(column.title)}：" if column.title else ""
        for at, setting in enumerate(settings):
            drawn = _wrap(_prefixed(setting, "" if at else prefix, options), width, options)
            beside = not at or column.code == "flags"
            if beside and len(drawn) == 1 and width_of(_GAP) + drawn[0][1] <= room:
                lines[-1] = (lines[-1][0] + _GAP + drawn[0][0], lines[-1][1] + width_of(_GAP) + drawn[0][1])
            else:
                lines += drawn if beside else [(" " * INDENT + text, INDENT + cells) for text, cells in drawn]
            room = width - lines[-1][1] if beside and len(drawn) == 1 else 0
    return GridRow([lines], ruled=True)
