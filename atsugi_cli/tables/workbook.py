"""Workbook: an .xlsx as grids: what its cells show, their notes, merged spans, hidden rows, and what is struck out."""

from collections.abc import Iterator, Mapping, Sequence

from atsugi_cli.tables.grids import Cell, Grid, GridError, Place, clean, place_of, within
from atsugi_cli.tables.packed import MACROS, Parts, nothing, whole
from atsugi_cli.tables.shown import Formats, Shown

Runs = tuple[tuple[str, bool | None], ...]
"""The runs of a cell's words, and whether each is struck out; None: as the cell says."""


def read(parts: Parts, name: str) -> tuple[Grid, ...]:
    """Read the worksheets of a workbook."""
    sheets: list[dict[str, str]] = []
    since_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if tag == "sheet":
            sheets.append({key.rpartition(":")[2]: value for key, value in attributes.items() if key != "sheetId"})
        elif tag == "workbookPr":
            since_1904 = attributes.get("date1904") in {"1", "true"}

    parts.parse("xl/workbook.xml", start, nothing)
    related = parts.relations("xl/workbook.xml")
    of_kind = dict(related.values())
    strings = _Strings()
    parts.parse(of_kind.get("sharedStrings", ""), strings.start, strings.end)
    styles = _Styles()
    parts.parse(of_kind.get("styles", ""), styles.start, styles.end)
    look = _Look(strings.found, Formats(tuple(styles.used), styles.own, since_1904), styles.struck)
    remarks = [MACROS] if "vbaProject" in of_kind else []
    if any("externalLink" in part for part in parts.names):
        remarks.append("ほかのファイルへのリンクはたどらず、保存されている値を読みました。")
    grids = []
    for sheet in sheets:
        kind, part = related.get(sheet.get("id", ""), ("", ""))
        if kind == "worksheet" and part in parts.names:
            hidden = sheet.get("state", "visible") != "visible"
            grids.append(_sheet(parts, part, (name, sheet.get("name", "")), look, hidden, remarks))
            remarks = []
    if not any(grid.cells for grid in grids):
        raise GridError("どのシートにも何も書かれていません。")
    return tuple(grids)


class _Strings:
    """The runs of text in a part, as shared strings have them; how they are pronounced (ふりがな) is left out."""

    def __init__(self) -> None:
        self.found: list[Runs] = []
        self.runs: list[tuple[str, bool | None]] = []
        self.phonetic = False
        self.struck: bool | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "rPh":
            self.phonetic = True
        elif tag in {"si", "is", "comment"}:
            self.runs, self.struck = [], None
        elif tag == "rPr":
            self.struck = False
        elif tag == "strike":
            self.struck = attributes.get("val", "1") not in {"0", "false"}

    def end(self, tag: str, words: str) -> None:
        if tag == "t" and not self.phonetic:
            self.runs.append((words, self.struck))
        elif tag == "r":
            self.struck = None
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "si":
            self.found.append(tuple(self.runs))


class _Styles:
    """The styles of cells: the number format of each, and which strike out."""

    def __init__(self) -> None:
        self.own: dict[int, str] = {}
        self.used: list[int] = []
        self.struck: set[int] = set()
        self.fonts: list[bool] = []
        self.inside = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "numFmt":
            self.own[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag in {"fonts", "cellXfs"}:
            self.inside = tag
        elif tag == "font":
            self.fonts.append(False)
        elif tag == "strike" and self.inside == "fonts" and self.fonts:
            self.fonts[-1] = attributes.get("val", "1") not in {"0", "false"}
        elif tag == "xf" and self.inside == "cellXfs":
            if dict(enumerate(self.fonts)).get(whole(attributes.get("fontId"))):
                self.struck.add(len(self.used))
            self.used.append(whole(attributes.get("numFmtId")))

    def end(self, tag: str, _: str) -> None:
        if tag == self.inside:
            self.inside = ""


class _Look:
    """What the cells of a workbook share, and how much of it may still be read."""

    def __init__(self, strings: Sequence[Runs], formats: Formats, struck: set[int]) -> None:
        self.strings, self.formats, self.struck = strings, formats, struck
        self.cells = self.letters = 0

    def cell(self, kind: str, style: int, value: str, inline: Runs, *, formula: bool) -> Cell | None:
        """Return what a cell shows; None where that is nothing."""
        runs, day = inline, False
        if kind == "s":
            runs = self.strings[whole(value)] if whole(value) < len(self.strings) else ()
        elif kind in {"str", "e"}:
            runs = ((value, None),)
        elif kind == "b":
            runs = (({"1": "TRUE", "0": "FALSE"}.get(value, value), None),)
        elif kind != "inlineStr":
            shown = self.formats.shown(value, style) if value else Shown("")
            runs, day = ((shown.text, None),), shown.day
        out = style in self.struck
        parts = {True: "", False: ""}
        for words, struck in runs:
            parts[out if struck is None else struck] += words
        kept, gone = clean(parts[False]), clean(parts[True]) if parts[True] else ""
        if not kept and not gone:
            return None
        self.cells, self.letters = self.cells + 1, self.letters + len(kept) + len(gone)
        within(self.cells, self.letters)
        return Cell(kept, "", formula, day, gone)


class _Reading:
    """A worksheet while it is read."""

    def __init__(self, look: _Look) -> None:
        self.look, self.words = look, _Strings()
        self.cells: dict[Place, Cell] = {}
        self.merged: dict[Place, Place] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.lost: list[Place] = []
        self.row = self.column = -1
        self.kind, self.style, self.value, self.formula = "", 0, "", False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.kind, self.style = attributes.get("t", "n"), whole(attributes.get("s"))
            self.value, self.formula, self.words.runs = "", False, []
            self.row, self.column = place_of(attributes.get("r", "")) or (self.row, self.column + 1)
        elif tag == "row":
            self.row = whole(attributes.get("r")) - 1 if attributes.get("r") else self.row + 1
            self.column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.hidden_rows.add(self.row)
        elif tag == "f":
            self.formula = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            self.hidden_columns.update(
                range(whole(attributes.get("min")) - 1, min(whole(attributes.get("max")), 16_384))
            )
        elif tag != "v":
            self.words.start(tag, attributes)

    def end(self, tag: str, words: str) -> None:
        if tag == "v":
            self.value = words
        elif tag != "c":
            self.words.end(tag, words)
        elif self.value or self.words.runs or self.formula:
            place = self.row, self.column
            cell = self.look.cell(self.kind, self.style, self.value, tuple(self.words.runs), formula=self.formula)
            if cell is not None:
                self.cells[place] = cell
            elif self.formula and not self.value:
                self.lost.append(place)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        one, other = place_of(first), place_of(last)
        if one is None or other is None:
            return
        self.look.cells += max(0, (other[0] - one[0] + 1) * (other[1] - one[1] + 1))
        within(self.look.cells, 0)
        for row in range(one[0], other[0] + 1):
            for column in range(one[1], other[1] + 1):
                self.merged[row, column] = one


def _sheet(
    parts: Parts,
    part: str,
    names: tuple[str, str],
    look: _Look,
    hidden: bool,  # noqa: FBT001
    remarks: Sequence[str],
) -> Grid:
    reading = _Reading(look)
    parts.parse(part, reading.start, reading.end)
    cells, merged = reading.cells, reading.merged
    for kind, other in parts.relations(part).values():
        for place, note in _comments(parts, other) if kind == "comments" else ():
            at = merged.get(place, place)
            cell = cells.get(at, Cell(""))
            cells[at] = Cell(cell.text, note, cell.formula, cell.day, cell.struck)
    merged = {place: first for place, first in merged.items() if place == first or place not in cells}
    rows, columns = frozenset(reading.hidden_rows), frozenset(reading.hidden_columns)
    grid = Grid(*names, cells, merged, hidden, rows, columns)
    if reading.lost:
        first = f"「{grid.sheet}」{grid.address(reading.lost[0])} など{len(reading.lost)}個の式"
        lost = f"{first}に、計算した値が保存されていません。Excelで開き、保存し直してください。"
        remarks = (*remarks, lost)
    return Grid(*names, cells, merged, hidden, rows, columns, None, tuple(remarks))


def _comments(parts: Parts, name: str) -> Iterator[tuple[Place, str]]:
    found: list[tuple[Place, str]] = []
    strings = _Strings()
    place: Place | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal place
        strings.start(tag, attributes)
        if tag == "comment":
            place = place_of(attributes.get("ref", ""))

    def end(tag: str, words: str) -> None:
        strings.end(tag, words)
        if tag != "comment" or place is None:
            return
        words = "".join(said for said, _ in strings.runs)
        if words.startswith("[") and "\nコメント:\n" in words:  # how Excel keeps a thread for its older versions
            words = words.partition("\nコメント:\n")[2]
        elif words.startswith("[Threaded comment]"):
            words = words.partition("Comment:")[2] or words
        if note := clean(words):
            found.append((place, note))

    parts.parse(name, start, end)
    return iter(found)
