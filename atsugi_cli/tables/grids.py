"""Grids: any file that holds tables as plain grids of cells: sheet, address, words as shown, merged spans, notes.

A workbook is hostile until read: sizes are budgets that are counted while unpacking, nothing of it is executed or
followed, and of its many parts only those are opened that hold cells. See decision 0015.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from atsugi_cli.frozen import frozen
from atsugi_cli.tables.shown import Formats, Shown

MOST_UNPACKED: Final = 64 * 1024 * 1024
"""Bytes of all opened parts; the workbook of a plan with 1,000 indicators has three million."""
MOST_CELLS: Final = 200_000
"""Cells that hold something."""
MOST_LETTERS: Final = 8_000_000
"""Characters of all cells: one shared string may stand in many."""
MOST_PARTS: Final = 2_000
_SLICE: Final = 1 << 20
_EMPTY: Final = re.compile(rb'(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?\s*/>)+')
"""Cells that hold nothing but a look: a sheet whose columns are framed to the last row has a million."""

Place = tuple[int, int]
"""Row and column, both from 0."""


class GridError(ValueError):
    """A file cannot be read as tables; says in Japanese why, and what to do."""


@frozen
class Cell:
    """A cell that holds something: its words as people see them, and what they cannot see of it."""

    text: str
    note: str = ""
    formula: bool = False
    day: bool = False
    """Whether the words are a day or month that the file keeps as a date."""


@frozen
class Grid:
    """A sheet, or a Word file: cells by place, and for every place in a merged span that of its cell."""

    file: str
    sheet: str
    cells: Mapping[Place, Cell]
    merged: Mapping[Place, Place]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    rows: Mapping[int, str] | None = None
    """What the rows are called where they have no address as in Excel."""
    remarks: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()
    """The rows that are headings of running text."""
    turned: bool = False
    """Whether rows and columns have changed places."""

    def turn(self) -> "Grid":
        """Return the grid with its columns as rows: a sheet with a heading at the left of each value."""
        cells = {place[::-1]: cell for place, cell in self.cells.items()}
        merged = {place[::-1]: first[::-1] for place, first in self.merged.items()}
        return replace(self, cells=cells, merged=merged, turned=not self.turned)

    def at(self, row: int, column: int) -> Cell | None:
        """Return what stands at a place, for a merged span anywhere in it."""
        return self.cells.get(self.merged.get((row, column), (row, column)))

    def address(self, place: Place) -> str:
        """Return the address of a place, as the file's own program says it."""
        row, column = place[::-1] if self.turned else place
        if self.rows is None:
            return f"{letters(column)}{row + 1}"
        return self.rows.get(row, f"{row + 1}行目") + (
            f"{column + 1}列目" if "段落" not in self.rows.get(row, "") else ""
        )

    def where(self, place: Place) -> str:
        """Return the file, sheet and address of a place."""
        return "　".join(filter(None, (self.file, f"「{self.sheet}」" if self.sheet else "", self.address(place))))


def letters(column: int) -> str:
    """Name a column: 0 → A, 27 → AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def place_of(address: str) -> Place | None:
    """Return the place that an address names: B5 → (4, 1)."""
    found = _ADDRESS.fullmatch(address.replace("$", ""))
    if found is None or found[2] == "0":
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, name: str) -> tuple[Grid, ...]:
    """Read what a file holds by what it is, not by how it is called; raise GridError where that cannot be."""
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise GridError("パスワードで保護されています。パスワードを外して保存し直してください。")
        raise GridError("古い形式（.xls、.doc）です。.xlsx か .docx で保存し直してください。")
    if data.startswith(b"%PDF"):
        raise GridError("PDFです。表を選んでExcelに貼り付け、.xlsx で保存してください。")
    if data.startswith(b"PK"):
        try:
            return _packed(data, name)
        except (BadZipFile, KeyError, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
            if isinstance(error, GridError):
                raise
            raise GridError("壊れているか、途中で切れています。Excelで開き、保存し直してください。") from error
        except Exception as error:  # zlib.error and the parser's own have no base in common
            if type(error).__name__ not in {"error", "ExpatError"}:
                raise
            raise GridError("壊れているか、途中で切れています。Excelで開き、保存し直してください。") from error
    return (_lines(data, name),)


# ---------------------------------------------------------------------------------------------------------------- text


def _lines(data: bytes, name: str) -> Grid:
    """Read lines of text: comma or tab separated, or pasted with wide gaps between the columns."""
    text = _decoded(data)
    sample = text[:20_000]
    mark = max("\t,", key=sample.count)
    if sample.count(mark) < max(1, sample.count("\n") // 4):
        rows = (re.split(r"[ \u3000]{2,}|\s*\|\s*", line.strip().strip("|")) for line in text.splitlines())
    else:
        rows = (row for row in csv.reader(StringIO(text, newline=""), delimiter=mark))
    cells: dict[Place, Cell] = {}
    try:
        for row, words in enumerate(rows):
            for column, word in enumerate(words):
                if word.strip():
                    cells[row, column] = Cell(_clean(word))
            _within(len(cells), 0)
    except csv.Error as error:
        raise GridError(f"表として読めません（{error}）。Excelで開き、.xlsx で保存し直してください。") from error
    if not cells:
        raise GridError("何も書かれていません。")
    return Grid(name, "", cells, {}, rows={row: f"{row + 1}行目" for row, _ in cells})


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise GridError("文字のファイルとして読めません。.xlsx、.docx、.csv のどれかで保存し直してください。")


_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def _clean(text: str) -> str:
    """Take out what nobody sees; line breaks stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("_x000D_", "").replace("\u2028", "\n")).strip()


def _within(cells: int, characters: int) -> None:
    if cells > MOST_CELLS or characters > MOST_LETTERS:
        raise GridError("セルが多すぎます。取り込む表だけを別のファイルに写してください。")


# ------------------------------------------------------------------------------------------------------------- archive


class _Parts:
    """The parts of a packed file, unpacked within a budget; a part is parsed without building a tree."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.names = {info.filename.lstrip("/"): info for info in archive.infolist()}
        self.left = MOST_UNPACKED
        if len(self.names) > MOST_PARTS:
            raise GridError("ファイルの中の部品が多すぎます。別の名前で保存し直してください。")

    def parse(self, name: str, start: "Start", end: "End") -> None:
        """Call `start` and `end` for the elements of a part, by their local names; `end` gets the words inside."""
        from xml.parsers.expat import ParserCreate

        parser = ParserCreate()
        words: list[str] = []
        parser.buffer_text = True

        def opened(tag: str, attributes: dict[str, str]) -> None:
            words.clear()
            start(tag.rpartition(":")[2], attributes)

        def closed(tag: str) -> None:
            end(tag.rpartition(":")[2], "".join(words))
            words.clear()

        def refused(*_: object) -> None:
            raise GridError("定義の付いたXMLが入っています。Excelで作ったファイルではありません。")

        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        parser.CharacterDataHandler = words.append
        parser.StartDoctypeDeclHandler = refused
        info = self.names[name]
        if info.file_size > self.left:
            self._too_large()
        with self.archive.open(info) as file:
            rest = b""
            while data := file.read(_SLICE):
                self.left -= len(data)
                if self.left < 0:
                    self._too_large()
                data = rest + data
                cut = max(0, data.rfind(b"<"))
                parser.Parse(_EMPTY.sub(b"", data[:cut]), False)  # noqa: FBT003 - positional only
                rest = data[cut:]
            parser.Parse(rest, True)  # noqa: FBT003

    def _too_large(self) -> None:
        raise GridError(
            "広げると大きすぎます（空のセルの書式だけで膨らんでいることがあります）。"
            "使っている範囲だけを別のファイルに写してください。"
        )

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part is related to: by id, the kind and the part; what lies outside is left out."""
        folder, _, file = name.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

        relations = f"{folder}/_rels/{file}.rels"
        if relations in self.names:
            self.parse(relations, start, _nothing)
        return found


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


def _nothing(_: str, __: object) -> None:
    """Hear nothing."""


def _joined(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _packed(data: bytes, name: str) -> tuple[Grid, ...]:
    with ZipFile(BytesIO(data)) as archive:
        parts = _Parts(archive)
        if any(info.flag_bits & 1 for info in parts.names.values()):
            raise GridError("パスワードで保護されています。パスワードを外して保存し直してください。")
        if "xl/workbook.xml" in parts.names:
            return _workbook(parts, name)
        if "word/document.xml" in parts.names:
            return (_document(parts, name),)
    kinds = {
        "xl/workbook.bin": ".xlsb",
        "content.xml": "OpenDocument（.ods、.odt）",
        "ppt/presentation.xml": "PowerPoint",
    }
    kind = next((kind for part, kind in kinds.items() if part in parts.names), "")
    raise GridError(f"{kind or 'ExcelでもWordでもないファイル'}です。.xlsx か .docx で保存し直してください。")


# ------------------------------------------------------------------------------------------------------------ workbook


def _workbook(parts: _Parts, name: str) -> tuple[Grid, ...]:
    sheets: list[dict[str, str]] = []
    since_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if tag == "sheet":
            sheets.append({key.rpartition(":")[2]: value for key, value in attributes.items() if key != "sheetId"})
        elif tag == "workbookPr":
            since_1904 = attributes.get("date1904") in {"1", "true"}

    parts.parse("xl/workbook.xml", start, _nothing)
    related = parts.relations("xl/workbook.xml")
    of_kind = dict(related.values())
    strings = _strings(parts, of_kind.get("sharedStrings", ""))
    formats = _formats(parts, of_kind.get("styles", ""), since_1904=since_1904)
    remarks = []
    if "vbaProject" in of_kind:
        remarks.append("マクロは実行せず、読みませんでした。")
    if any("externalLink" in part for part in parts.names):
        remarks.append("ほかのファイルへのリンクはたどらず、保存されている値を読みました。")
    grids = []
    budget = [MOST_CELLS, MOST_LETTERS]
    for sheet in sheets:
        kind, part = related.get(sheet.get("id", ""), ("", ""))
        if kind == "worksheet" and part in parts.names:
            hidden = sheet.get("state", "visible") != "visible"
            grids.append(
                _sheet(parts, part, (name, sheet.get("name", "")), strings, formats, budget, hidden, tuple(remarks))
            )
            remarks = []
    if not any(grid.cells for grid in grids):
        raise GridError("どのシートにも何も書かれていません。")
    return tuple(grids)


def _strings(parts: _Parts, name: str) -> list[str]:
    """Read the strings that cells share; how they are pronounced (ふりがな) is left out."""
    found: list[str] = []
    pieces: list[str] = []
    phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        if tag == "rPh":
            phonetic = True
        elif tag == "si":
            pieces.clear()

    def end(tag: str, words: str) -> None:
        nonlocal phonetic
        if tag == "t" and not phonetic:
            pieces.append(words)
        elif tag == "rPh":
            phonetic = False
        elif tag == "si":
            found.append(_clean("".join(pieces)))

    if name in parts.names:
        parts.parse(name, start, end)
    return found


def _formats(parts: _Parts, name: str, *, since_1904: bool) -> Formats:
    own: dict[int, str] = {}
    used: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            own[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            used.append(_whole(attributes.get("numFmtId")))

    def end(tag: str, _: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    if name in parts.names:
        parts.parse(name, start, end)
    return Formats(tuple(used), own, since_1904)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class _Reading:
    """A worksheet while it is read."""

    def __init__(self, strings: list[str], formats: Formats, budget: list[int]) -> None:
        self.strings, self.formats, self.budget = strings, formats, budget
        self.cells: dict[Place, Cell] = {}
        self.merged: dict[Place, Place] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.lost: list[Place] = []
        self.row = -1
        self.column = -1
        self.kind, self.style, self.value = "", 0, ""
        self.formula = self.phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.kind, self.style = attributes.get("t", "n"), _whole(attributes.get("s"))
            self.value, self.formula = "", False
            place = place_of(attributes.get("r", ""))
            self.row, self.column = place or (self.row, self.column + 1)
        elif tag == "row":
            self.row = _whole(attributes.get("r")) - 1 if attributes.get("r") else self.row + 1
            self.column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.hidden_rows.add(self.row)
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = _whole(attributes.get("min")), min(_whole(attributes.get("max")), 16_384)
            self.hidden_columns.update(range(first - 1, last))

    def end(self, tag: str, words: str) -> None:
        if tag == "v" or (tag == "t" and not self.phonetic):
            self.value = words if tag == "v" else self.value + words
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "c" and (self.value or self.formula):
            shown = self._shown()
            if shown.text:
                self.budget[0] -= 1
                self.budget[1] -= len(shown.text)
                if min(self.budget) < 0:
                    _within(MOST_CELLS + 1, 0)
                self.cells[self.row, self.column] = Cell(shown.text, "", self.formula, shown.day)
            elif self.formula and not self.value:
                self.lost.append((self.row, self.column))

    def _shown(self) -> Shown:
        value = self.value
        if self.kind == "s":
            at = _whole(value)
            return Shown(self.strings[at] if at < len(self.strings) else "")
        if self.kind in {"str", "inlineStr", "e"}:
            return Shown(_clean(value))
        if self.kind == "b":
            return Shown({"1": "TRUE", "0": "FALSE"}.get(value, value))
        return self.formats.shown(value, self.style)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        one, other = place_of(first), place_of(last)
        if one is None or other is None:
            return
        size = (other[0] - one[0] + 1) * (other[1] - one[1] + 1)
        self.budget[0] -= max(0, size)
        _within(0 if self.budget[0] >= 0 else MOST_CELLS + 1, 0)
        for row in range(one[0], other[0] + 1):
            for column in range(one[1], other[1] + 1):
                self.merged[row, column] = one


def _sheet(
    parts: _Parts,
    part: str,
    names: tuple[str, str],
    strings: list[str],
    formats: Formats,
    budget: list[int],
    hidden: bool,  # noqa: FBT001
    remarks: tuple[str, ...],
) -> Grid:
    reading = _Reading(strings, formats, budget)
    parts.parse(part, reading.start, reading.end)
    cells = reading.cells
    for kind, other in parts.relations(part).values():
        if kind == "comments" and other in parts.names:
            for place, note in _comments(parts, other):
                at = reading.merged.get(place, place)
                cells[at] = Cell(cells[at].text if at in cells else "", note, at in cells and cells[at].formula)
    grid = Grid(
        *names,
        cells,
        {place: first for place, first in reading.merged.items() if place == first or place not in cells},
        hidden,
        frozenset(reading.hidden_rows),
        frozenset(reading.hidden_columns),
    )
    if reading.lost:
        first = grid.address(reading.lost[0])
        said = f"「{grid.sheet}」{first} など{len(reading.lost)}個の式に、計算した値が保存されていません。"
        remarks = (*remarks, f"{said}Excelで開き、保存し直してください。")
    return Grid(*names, cells, grid.merged, hidden, grid.hidden_rows, grid.hidden_columns, None, remarks)


def _comments(parts: _Parts, name: str) -> Iterator[tuple[Place, str]]:
    found: list[tuple[Place, str]] = []
    pieces: list[str] = []
    place: Place | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal place
        if tag == "comment":
            place = place_of(attributes.get("ref", ""))
            pieces.clear()

    def end(tag: str, words: str) -> None:
        if tag == "t":
            pieces.append(words)
        elif tag == "comment" and place is not None:
            words = "".join(pieces)
            if words.startswith("[") and "\nコメント:\n" in words:  # how Excel keeps a thread for its older versions
                words = words.partition("\nコメント:\n")[2]
            elif words.startswith("[Threaded comment]"):
                words = words.partition("Comment:")[2] or words
            if note := _clean(words):
                found.append((place, note))

    parts.parse(name, start, end)
    return iter(found)


# ---------------------------------------------------------------------------------------------------------------- Word


_HEADING: Final = re.compile(r"(?:[Hh]eading|見出し) ?[1-9]|[1-9]0?")
"""The ids of the styles for headings; a Japanese Word calls them 1, 2, 3."""


class _Words:
    """The text of a Word file while it is read: paragraphs and tables one below the other, what is deleted left out."""

    def __init__(self) -> None:
        self.cells: dict[Place, Cell] = {}
        self.merged: dict[Place, Place] = {}
        self.rows: dict[int, str] = {}
        self.row = self.column = -1
        self.depth = self.tables = self.lines = 0
        self.paragraphs: list[str] = []
        self.pieces: list[str] = []
        self.span, self.continues = 1, False
        self.heads = False
        self.headings: set[int] = set()
        self.letters = 0
        self.above: dict[int, Place] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        value = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "val"), "")
        if tag == "tbl":
            self.depth += 1
            if self.depth == 1:
                self.tables += 1
                self.lines = 0
                self.above = {}
        elif tag == "tr" and self.depth == 1:
            self.row += 1
            self.column, self.lines = 0, self.lines + 1
            self.rows[self.row] = f"表{self.tables}の{self.lines}行"
        elif tag == "tc" and self.depth == 1:
            self.paragraphs, self.span, self.continues = [], 1, False
        elif tag == "gridSpan" and self.depth == 1:
            self.span = max(1, min(_whole(value), 63))
        elif tag == "vMerge" and self.depth == 1:
            self.continues = value != "restart"
        elif tag == "p":
            self.pieces, self.heads = [], False
        elif tag == "pStyle":
            self.heads = bool(_HEADING.fullmatch(value))
        elif tag in {"br", "cr"}:
            self.pieces.append("\n")
        elif tag == "tab":
            self.pieces.append(" ")

    def end(self, tag: str, words: str) -> None:
        if tag == "t":
            self.pieces.append(words)
        elif tag == "tbl":
            self.depth -= 1
        elif tag == "p" and self.depth:
            self.paragraphs.append("".join(self.pieces))
        elif tag == "p":
            if text := _clean("".join(self.pieces)):
                self.row += 1
                number = sum("段落" in name for name in self.rows.values()) + 1 if len(self.rows) < 2_000 else self.row
                self.rows[self.row] = f"{number}番目の段落"
                self._put((self.row, 0), text)
                if self.heads:
                    self.headings.add(self.row)
        elif tag == "tc" and self.depth == 1:
            place = (self.row, self.column)
            first = self.above.get(self.column, place) if self.continues else place
            for column in range(self.column, self.column + self.span):
                self.merged[self.row, column] = first
                self.above[column] = first
            if text := _clean("\n".join(self.paragraphs)):
                if self.continues:
                    self.merged = {key: value for key, value in self.merged.items() if key != place}
                self._put(place, text)
            self.column += self.span

    def _put(self, place: Place, text: str) -> None:
        self.cells[place] = Cell(text)
        self.letters += len(text)
        _within(len(self.cells), self.letters)


def _document(parts: _Parts, name: str) -> Grid:
    words = _Words()
    parts.parse("word/document.xml", words.start, words.end)
    if not words.cells:
        raise GridError("何も書かれていません。")
    remarks = ("マクロは実行せず、読みませんでした。",) if "word/vbaProject.bin" in parts.names else ()
    headings = frozenset(words.headings)
    return Grid(name, "", words.cells, words.merged, rows=words.rows, remarks=remarks, headings=headings)
