"""Template of Excel: put a paper into a city's own workbook (様式), in its letters, headers, and page set-up.

The tables are those of the workbook that is written without a template: they are laid into the city's sheets cell by
cell, in the font of the cell that holds the field. What stands below that cell moves down.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from atsugi_cli.document import Document
from atsugi_cli.formats.archive import issued, pack
from atsugi_cli.formats.options import missing_extra
from atsugi_cli.formats.template import FIELD, NAMES, ActiveError, Kind, TooLargeError, fields, unfilled, values

EXCEL: Final = Kind("Excel", "ブック", ".xlsx")
MOST_CELLS: Final = 200_000
"""Cells that the sheets of a template may span, and its merged ranges: each takes memory when it is read."""
_MERGED: Final = re.compile(rb'<mergeCell[^>]* ref="\$?([A-Z]+)\$?([0-9]+):\$?([A-Z]+)\$?([0-9]+)"')
_FORMULA: Final = re.compile(rb"(?i)<f[ >][^<]*(?:\|'|WEBSERVICE|DDE|CALL\(|REGISTER|\[[0-9]+\])")
"""Formulas that start a program or fetch something from outside."""
_OUTSIDE: Final = re.compile(rb'(?i)TargetMode="External"')
_HARMLESS: Final = b"/hyperlink"
_DRAWN: Final = re.compile(rb"<(?:xdr:)?(?:sp|cxnSp|grpSp|graphicFrame)[ >]")
_ENTITIES: Final = (b"<!DOCTYPE", b"<!ENTITY")
_SIZE: Final = 10.5
"""Points of the letters that the rows of our own tables are as high for."""
_SIDES: Final = {"left": "左", "center": "中央", "right": "右"}
_BANDS: Final = {
    "oddHeader": "ヘッダー", "evenHeader": "偶数ページのヘッダー", "firstHeader": "先頭ページのヘッダー",
    "oddFooter": "フッター", "evenFooter": "偶数ページのフッター", "firstFooter": "先頭ページのフッター",
}  # fmt: skip
_INLINE: Final = re.compile(rb't="inlineStr"><is>(.*?)</is>', re.DOTALL)
_STRINGS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="%d">%s</sst>'
)
_TEXTS: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
_LISTED: Final = (
    (
        "[Content_Types].xml",
        b"</Types>",
        (
            b'<Override PartName="/xl/sharedStrings.xml" '
            b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
        ),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        b"</Relationships>",
        (
            b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
            b'Target="sharedStrings.xml" Id="rIdStrings"/>'
        ),
    ),
)
_LOOK: Final = re.compile(rb"<(rPr|font)>(.*?)</\1>", re.DOTALL)
_PART: Final = re.compile(rb"(<([A-Za-z]+)[^>]*/>)")
_ORDER: Final = (
    *(b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign"),
    *(b"sz", b"color", b"name", b"rFont", b"family", b"charset", b"scheme"),
)
_DUBLIN: Final = b' xmlns:dc="http://purl.org/dc/elements/1.1/"'
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def filled(
    template: bytes, paper: bytes, placed: Mapping[str, str], document: Document, tell: Callable[[str], object]
) -> bytes:
    """Lay the sheets of a workbook into a template; `placed` names for each the paper whose field it takes.

    The other fields are filled with what the paper's stamp says; `tell` hears which were not, and where they stand, and
    what of the template is lost.
    """
    book = _opened(template)
    from openpyxl import load_workbook

    ours = load_workbook(BytesIO(paper), rich_text=True)
    if _draws(template):
        tell("様式の図形とグラフは引き継がれません（セル、書式、ヘッダー、印刷設定は引き継ぎます）。")
    names = {title: NAMES.get(code, NAMES["comparison"]) for title, code in placed.items()}
    markers = {title: next(_marked(book, name), None) for title, name in names.items()}
    taken = [cell for cell in markers.values() if cell is not None]
    known = values(document.stamp)
    for where, text, put in _texts(book, taken):
        for name in fields(text):
            if not known.get(name):
                tell(unfilled(name, where, (*known, names[next(iter(names))])))
        put(FIELD.sub(lambda found: known.get(found[1].strip()) or found[0], text))
    first = book.worksheets[0]
    for sheet in ours.worksheets:
        _lay(sheet, markers.get(sheet.title) or _appended(book, sheet.title, first))
    return _saved(book, document)


def _opened(template: bytes) -> Any:  # noqa: ANN401 - openpyxl is imported where it is needed
    """Open a workbook; ValueError with a sentence for the user where that is not possible."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise missing_extra("様式に差し込んだExcel", "template") from error
    try:
        EXCEL.weigh(template)
        _examine(_parts(template))
        book = load_workbook(BytesIO(template), rich_text=True)
    except (TooLargeError, ActiveError):
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise ValueError(EXCEL.unusable) from error
    if not book.worksheets:
        raise ValueError(EXCEL.unusable)
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MOST_CELLS:
        raise TooLargeError(f"様式のシートが大きすぎます（使っている範囲が{MOST_CELLS:,}セルまで）。")
    return book


def _examine(parts: Mapping[str, bytes]) -> None:
    """Raise ValueError where the parts of a file are no workbook, act, or would fill the memory."""
    if "xl/workbook.xml" not in parts or any(sign in data for data in parts.values() for sign in _ENTITIES):
        raise ValueError(EXCEL.unusable)
    if any(map(_is_active, parts.values())):
        raise ActiveError(EXCEL.active)
    if sum(map(_area, parts.values())) > MOST_CELLS:
        raise TooLargeError(f"様式の結合したセルが多すぎます（{MOST_CELLS:,}セルまで）。")


def _parts(data: bytes) -> Mapping[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _is_active(part: bytes) -> bool:
    outside = (
        part[part.rfind(b"<", 0, found.start()) : part.find(b">", found.end())] for found in _OUTSIDE.finditer(part)
    )
    return bool(_FORMULA.search(part)) or any(_HARMLESS not in each for each in outside)


def _area(part: bytes) -> int:
    from openpyxl.utils import column_index_from_string as number

    spans = ((number(a.decode()), int(b), number(c.decode()), int(d)) for a, b, c, d in _MERGED.findall(part))
    return sum((right - left + 1) * (bottom - top + 1) for left, top, right, bottom in spans)


def _draws(template: bytes) -> bool:
    """Check whether shapes or charts stand on a sheet; the library keeps pictures only."""
    return any(_DRAWN.search(part) for name, part in _parts(template).items() if name.startswith("xl/drawings/"))


# --- fields -----------------------------------------------------------------------------------------------------------


def _marked(book: Any, name: str) -> Iterator[Any]:  # noqa: ANN401
    """Find the cells that hold nothing but the field of a paper."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if _text(cell).strip() == f"{{{{{name}}}}}")


def _texts(book: Any, taken: Sequence[Any]) -> Iterator[tuple[str, str, Callable[[str], None]]]:  # noqa: ANN401
    """Give every text with a field, but for cells `taken`: where it stands, and what puts another in its place."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if FIELD.search(text := _text(cell)) and cell not in taken:
                    yield f"シート「{sheet.title}」の{cell.coordinate}", text, _writer(cell)
        for band, words in _BANDS.items():
            for side, at in _SIDES.items():
                part = getattr(getattr(sheet, band), side)
                if part.text and FIELD.search(part.text):
                    yield f"シート「{sheet.title}」の{words}（{at}）", part.text, _header_writer(part)


def _text(cell: Any) -> str:  # noqa: ANN401
    """Return the words of a cell, marked ones too; nothing for a number or a formula."""
    return str(cell.value) if cell.data_type == "s" and cell.value is not None else ""


def _writer(cell: Any) -> Callable[[str], None]:  # noqa: ANN401
    def put(text: str) -> None:
        cell.value = text
        cell.data_type = "s"  # never a formula, whatever it begins with

    return put


def _header_writer(part: Any) -> Callable[[str], None]:  # noqa: ANN401
    def put(text: str) -> None:
        part.text = text

    return put


# --- tables -----------------------------------------------------------------------------------------------------------


def _appended(book: Any, title: str, like: Any) -> Any:  # noqa: ANN401
    """Add a sheet with the page, header and footer of the template's first, and return its first cell."""
    sheet = book.create_sheet(title)
    for name in ("page_setup", "page_margins", "print_options", "HeaderFooter"):
        setattr(sheet, name, copy(getattr(like, name)))
    cell = sheet["A1"]
    cell.font = copy(like["A1"].font)
    return cell


def _lay(source: Any, marker: Any) -> None:  # noqa: ANN401
    """Lay a sheet of ours from a cell on."""
    sheet, top, left, font = marker.parent, marker.row, marker.column, copy(marker.font)
    rows, columns = source.max_row, source.max_column
    _make_room(sheet, top, rows - 1)
    scale = (font.sz or _SIZE) / _SIZE
    for row in source.iter_rows():
        for cell in row:
            target = sheet.cell(top + cell.row - 1, left + cell.column - 1)
            target.value = _in(font, cell.value)
            if isinstance(cell.value, str):
                target.data_type = "s"
            target.font = _like(font, cell.font)
            for look in ("border", "fill", "alignment", "number_format"):
                setattr(target, look, copy(getattr(cell, look)))
        height = source.row_dimensions[row[0].row].height
        sheet.row_dimensions[top + row[0].row - 1].height = min(409, height * scale) if height else None
    from openpyxl.utils import get_column_letter as letter

    for each in [*source.column_dimensions.values()]:  # neighbours of one width are one entry
        for at in range(each.min, min(each.max, columns) + 1):
            sheet.column_dimensions[letter(left + at - 1)].width = each.width
    area = source.print_area.rpartition("!")[2].replace("$", "") if source.print_area else ""
    shown = source[area][0][-1].column if area else columns
    last = max(sheet.max_row, top + rows - 1)
    sheet.print_area = f"A1:{letter(max(left + shown - 1, _others(sheet, left, left + columns - 1)))}{last}"
    sheet.print_title_rows = f"{top}:{top}"
    if not sheet.page_setup.scale:
        sheet.sheet_properties.pageSetUpPr = copy(source.sheet_properties.pageSetUpPr)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if not sheet.page_setup.orientation:
        sheet.page_setup.orientation = source.page_setup.orientation
    if sheet.auto_filter.ref is None and rows > 1:
        sheet.auto_filter.ref = f"{letter(left)}{top}:{letter(left + columns - 1)}{top + rows - 1}"


def _others(sheet: Any, first: int, last: int) -> int:  # noqa: ANN401
    """Find the last column that the template itself uses beside our columns."""
    used = (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return max((each for each in used if not first <= each <= last), default=1)


def _make_room(sheet: Any, top: int, more: int) -> None:  # noqa: ANN401
    """Move what stands below a row down, with its heights and merged ranges, which the library leaves behind."""
    if more <= 0 or sheet.max_row <= top:
        return
    ranges = [each for each in [*sheet.merged_cells.ranges] if each.min_row > top]
    for each in ranges:
        sheet.unmerge_cells(str(each))
    heights = {row: sheet.row_dimensions[row].height for row in range(top + 1, sheet.max_row + 1)}
    sheet.insert_rows(top + 1, more)
    for each in ranges:
        each.shift(row_shift=more)
        sheet.merge_cells(str(each))
    for row, height in sorted(heights.items(), reverse=True):
        sheet.row_dimensions[row + more].height = height


def _like(font: Any, look: Any) -> Any:  # noqa: ANN401
    """Return the template's letters with what ours say: bold, underlined, in a colour."""
    from openpyxl.styles import Font

    return Font(
        name=font.name,
        sz=font.sz,
        charset=font.charset,
        family=font.family,
        b=look.b or font.b,
        u=look.u,
        color=look.color or font.color,
    )


def _in(font: Any, value: object) -> object:  # noqa: ANN401
    """Set the parts of a text with marks in the template's letters."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if not isinstance(value, CellRichText):
        return value
    parts: list[Any] = []
    for part in value:
        if isinstance(part, TextBlock):
            look = copy(part.font)
            look.rFont, look.sz = font.name, font.sz
            parts.append(TextBlock(look, part.text))
        else:
            parts.append(part)
    return CellRichText(parts)


def _saved(book: Any, document: Document) -> bytes:  # noqa: ANN401
    """Return the file, the same for the same document and template on any day."""
    day = issued(document.stamp)
    book.properties.keywords = document.stamp.keywords or book.properties.keywords
    buffer = BytesIO()
    book.save(buffer)
    with ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    moment = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    core = _MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", parts["docProps/core.xml"])
    start, root, rest = core.partition(b"<cp:coreProperties")  # the seal writes a description under this name
    parts["docProps/core.xml"] = start + root + _DUBLIN + rest.replace(_DUBLIN, b"")
    return pack(_shared(parts))


def _shared(parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Keep texts where Excel keeps them: in one part, each once. The library may write them into the cells."""
    if _TEXTS in parts:
        return {name: _LOOK.sub(_ordered, data) if name in (_TEXTS, _STYLES) else data for name, data in parts.items()}
    known: dict[bytes, int] = {}

    def index(found: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v>' % known.setdefault(found[1], len(known))

    sheets = {
        name: _INLINE.sub(index, data) if name.startswith("xl/worksheets/sheet") else data
        for name, data in parts.items()
    }
    texts = b"".join(b"<si>%s</si>" % _LOOK.sub(_ordered, text) for text in known)
    for name, close, entry in _LISTED:
        sheets[name] = sheets[name].replace(close, entry + close)
    sheets[_STYLES] = _LOOK.sub(_ordered, sheets[_STYLES])
    return sheets | {_TEXTS: _STRINGS % (len(known), texts)}


def _ordered(found: re.Match[bytes]) -> bytes:
    """Put what is said of letters in the order in which Excel wants it."""
    parts = sorted(_PART.findall(found[2]), key=lambda part: _ORDER.index(part[1]))
    return b"<%s>%s</%s>" % (found[1], b"".join(each for each, _ in parts), found[1])
