"""Excel: papers as workbooks that people print and programs read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from io import BytesIO
from math import ceil, inf
from typing import Any, Final

from atsugi_cli.document import Column, Document, Paragraph, Run, flag_words
from atsugi_cli.formats.archive import issued, normalised
from atsugi_cli.formats.charts import insert, trends
from atsugi_cli.formats.markup import visible
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.sheets import Datum, Record, Sheet, above, sheets, words
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Written
from atsugi_cli.width import width_of

FONT: Final = "游ゴシック"
SIZE: Final = 10.5
LINE: Final = 16.5
"""Points that a line of text takes in that font."""
EDGE: Final = 1.5
MOST_LINES: Final = 24
"""Lines in the highest row that Excel allows (409 points); longer text goes on in the row below."""
CELL_LIMIT: Final = 16_000
"""Characters of a cell, any of which may take two of the 32,767 units that Excel counts."""
SHEET_NAME: Final = 31
HEADER_LIMIT: Final = 255
HEADER_TITLE: Final = 120
"""Characters of a title in the print header, where a sign may take two; 凡例 holds it whole."""

_BLANK: Final = "\u3000"
"""What gives an empty line of the print header the height of its letters."""

_WIDTHS: Final[Mapping[str, int]] = {
    "part": 11,
    "level": 11,
    "number": 6,
    "flags": 13,
    "note": 16,
    "reason": 18,
    "id": 14,
    "heading": 24,
    "depth": 6,
    "text": 90,
    "unit": 8,
    "name": 34,
}
_SIDES: Final = ("old", "new")
_SIDE: Final = (30, 46)
"""Either side of a comparison takes what the other columns leave of A4, if it has 30 characters then: 14 of Japanese.
Else it has 46, on A3."""
_SHEET: Final = 150
"""Characters that the columns of other tables share; a column that needs less takes less."""
_NARROWEST: Final = 12
"""Characters that a column may have which holds a number like 1,234,567.8."""
_YEAR: Final = 18
"""Characters of a column in which 令和元(2019)年度 stands on one line."""
_BESIDE: Final = 2
"""Characters that a cell needs besides its text."""
_INDENT: Final = 2
"""Characters of one step of Excel's indent, generously."""
_INDENTS: Final = (0, 1, 2, 4, 6)
_WIDE: Final = 2
"""Digits that a wide character takes."""

_HEAD_FILL: Final = "#D9E1F2"
_STRONG_FILL: Final = "#EAF1FB"
_REPEATED: Final = frozenset({"part", "level", "number", "id"})
"""What every row says of its place, also one that continues another."""
_SENTENCE: Final = re.compile(r"[^。\n]*[。\n]|[^。\n]+")
_CHART_COLUMN: Final = 8
"""Characters of the columns that charts stand on."""
_GRID: Final = "#7F7F7F"
_RED: Final = "#C00000"
_BAR: Final = "#9DC3E6"
_DOTTED: Final = 4
_PAPERS: Final = ((9, 297), (8, 420))
"""Landscape A4 and A3 as Excel numbers them, with their millimetres."""
READABLE: Final = 9
"""Points below which nothing of a table is printed."""
_SIDE_MARGIN: Final = 0.4
"""Inches at either side of a page."""
_DIGIT: Final = 8
"""Pixels of a digit of our font, by which Excel measures columns; XlsxWriter takes 7."""
_PADDING: Final = 5
_POINTS: Final = 72 / 96
"""Of a pixel."""

_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def begun(buffer: BytesIO) -> Any:  # noqa: ANN401 - XlsxWriter has no types
    """Begin a workbook in which words stay words: `=…` of a city's file becomes no formula, `http:…` no link."""
    from xlsxwriter import Workbook

    return Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": SIZE},
        },
    )


def write(document: Document, options: Options) -> bytes:
    """Print a document and what is annexed to it as a workbook: a sheet for every table, and 凡例.

    With `options.template` (the bytes of a city's own .xlsx) the sheets go into that file; ValueError, with a sentence
    for the user, where it is of no use.
    """
    buffer = BytesIO()
    workbook = begun(buffer)
    documents = (document, *document.annex)
    stamp = document.stamp
    workbook.set_properties(
        {
            "title": visible(document.title),
            "author": visible(stamp.owner),
            "keywords": stamp.keywords,
            "created": issued(stamp).replace(tzinfo=None),
        }
    )
    looks = Looks(workbook)
    names: set[str] = set()
    placed: dict[str, str] = {}
    for each in documents:
        for sheet in sheets(each):
            name = _name(sheet.name, names)
            if each.code not in placed.values():  # of several sheets the first stands where the paper does
                placed[name] = each.code
            _write(workbook, name, sheet, each, looks, options)
            if sheet.code == "results" and (drawn := trends(sheet)):
                _write(workbook, _name(drawn.name, names), drawn, each, looks, options)
    legend = replace(document, title="凡例")
    _write(workbook, _name("凡例", names), _legend(documents), legend, looks, options)
    workbook.close()
    if options.template is not None:
        from atsugi_cli.formats.xlsx_template import filled

        return filled(options.template, buffer.getvalue(), placed, document, options.tell)
    return normalised(buffer.getvalue())


@frozen
class Looks:
    """Gives the format of a set of properties, each made once."""

    workbook: Any
    made: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def get(self, **properties: object) -> Any:  # noqa: ANN401 - XlsxWriter is imported where it is needed
        """Return a format."""
        key = tuple(properties.items())
        if key not in self.made:
            self.made[key] = self.workbook.add_format({"font_name": FONT, "font_size": SIZE, **properties})
        return self.made[key]

    def cell(self, **properties: object) -> Any:  # noqa: ANN401
        """Return the format of a cell in the grid."""
        return self.get(border=_DOTTED, border_color=_GRID, text_wrap=True, valign="top", **properties)


def _name(wanted: str, taken: set[str]) -> str:
    """Return a sheet a name that Excel takes and no other sheet has."""
    base = visible(wanted).translate(_FORBIDDEN)[:SHEET_NAME].strip() or "表"
    name = base
    number = 1
    while name.casefold() in taken:
        number += 1
        end = f"（{number}）"
        name = base[: SHEET_NAME - len(end)] + end
    taken.add(name.casefold())
    return name


# --- sheet ------------------------------------------------------------------------------------------------------------


def _write(workbook: Any, name: str, sheet: Sheet, document: Document, looks: Looks, options: Options) -> None:  # noqa: ANN401
    worksheet = workbook.add_worksheet(name)
    columns = _measured(sheet)
    for at, column in enumerate(columns):
        worksheet.set_column(at, at, column.share)
    head = looks.get(bold=True, bg_color=_HEAD_FILL, border=1, align="center", valign="vcenter", text_wrap=True)
    titles = [visible("\n".join(column.halves) if _is_narrow(column) else column.title) for column in columns]
    worksheet.set_row(0, LINE * max(map(lines_of, titles, (column.share for column in columns))) + 2 * EDGE)
    for at, title in enumerate(titles):
        worksheet.write_string(0, at, title, head)
    parts = [part for record in sheet.records for part in _parts(_visible(record), columns)]
    for row, part in enumerate(parts, 1):
        worksheet.set_row(row, _height(part, columns))
        for at, (datum, column) in enumerate(zip(part.data, columns, strict=True)):
            _cell(worksheet, row, at, datum, column, looks, options, strong=part.strong)
    for at, column in enumerate(columns):
        if column.bands and parts:
            bar = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": column.bands[-1]}
            look = {"data_bar_2010": True, "bar_color": _BAR, "bar_solid": True}
            worksheet.conditional_format(1, at, len(parts), at, {"type": "data_bar", **look, **bar})
    drawn = insert(workbook, worksheet, sheet) if sheet.code == "trends" else (0, 0)
    _page(worksheet, sheet, columns, document, len(parts), drawn)


def _is_narrow(column: Column) -> bool:
    """Check whether a heading has no room on one line; Excel would break it anywhere."""
    return width_of(column.title, _WIDE) + _BESIDE > column.share


def _measured(sheet: Sheet) -> tuple[Column, ...]:
    """Return the columns with their width in characters as their share: no wider than what stands in them."""
    total = sum(max(1, each.share) for each in sheet.columns)
    found = []
    for at, column in enumerate(sheet.columns):
        most = _WIDTHS.get(column.code, max(_NARROWEST, _SHEET * max(1, column.share) // total))
        most = max(most, _YEAR) if column.code.endswith("-year") else most
        needed = max((_longest(record.data[at]) for record in sheet.records), default=0)
        halves = ceil(width_of(column.title, _WIDE) / 2) + 1
        least = max(needed, halves, *(width_of(line, _WIDE) for line in column.halves[1:])) + _BESIDE
        found.append(replace(column, share=most if column.code in _SIDES else min(most, least)))
    if sheet.code != "comparison":
        return tuple(found)
    left = paper(0)[1] * SIZE / READABLE - printed_width(
        each.share for each in found if each.code not in ("id", *_SIDES)
    )
    side = int((left / 2 / _POINTS - _PADDING) / _DIGIT)
    least, most = _SIDE
    share = side if side >= least else most
    return tuple(replace(each, share=share if each.code in _SIDES else each.share) for each in found)


def _longest(datum: Datum) -> int:
    """Count the characters of the longest line of a cell, in digits."""
    if datum.value is not None:
        return len(f"{datum.value:,}")
    return max((width_of(part, _WIDE) for part in datum.text.split("\n")), default=0) + _INDENT * datum.indent


def printed_width(widths: Iterable[int]) -> float:
    """Return the points that columns of so many characters take in Excel."""
    return sum((width * _DIGIT + _PADDING) * _POINTS for width in widths)


def paper(width: float) -> tuple[int, float]:
    """Choose the smallest paper on which columns of this width in points are read, and return the room on it."""
    rooms = [(number, (side / 25.4 - 2 * _SIDE_MARGIN) * 72) for number, side in _PAPERS]
    return next((each for each in rooms if width * READABLE / SIZE <= each[1]), rooms[-1])


def lay(worksheet: Any, widths: Sequence[int], lead: int = 0) -> None:  # noqa: ANN401
    """Choose the paper of a sheet so that it is read; wider ones go on beside, each page with the columns to `lead`."""
    width = printed_width(widths)
    size, room = paper(width)
    worksheet.set_landscape()
    worksheet.set_paper(size)
    worksheet.repeat_rows(0)
    worksheet.set_margins(left=_SIDE_MARGIN, right=_SIDE_MARGIN, top=0.9, bottom=0.7)
    if width * READABLE / SIZE <= room:
        worksheet.fit_to_pages(1, 0)
        return
    worksheet.set_print_scale(ceil(100 * READABLE / SIZE))
    if printed_width(widths[: lead + 1]) < room / 2:
        worksheet.repeat_columns(0, lead)


def _page(
    worksheet: Any,  # noqa: ANN401
    sheet: Sheet,
    measured: Sequence[Column],
    document: Document,
    last: int,
    drawn: tuple[int, int],
) -> None:
    """Set the page: title in the print header, so that the table begins in the first row; charts end at `drawn`."""
    stamp = document.stamp
    columns = len(sheet.columns)
    shown = columns - 2 if sheet.columns[-1].code == "id" else columns - 1  # ids are for programs
    frozen = 3 if sheet.code == "comparison" else 1
    worksheet.freeze_panes(1, frozen if columns > frozen else 0)
    if last:
        worksheet.autofilter(0, 0, last, columns - 1)
    beside = [_CHART_COLUMN] * max(0, drawn[1] - shown)
    name = next((at for at, column in enumerate(sheet.columns) if column.code == "name"), 0)
    lay(worksheet, [*(column.share for column in measured[: shown + 1]), *beside], name)
    worksheet.print_area(0, 0, max(last, drawn[0]), max(shown, drawn[1]))
    facts = "　".join(stamp.facts)
    title = document.title if sheet.name in document.title else f"{document.title}　{sheet.name}"
    right = f"&R&14{_header(stamp.number or _BLANK)}\n&9{_header(facts)}"  # the facts below the line of the title
    worksheet.set_header(_fitting(f"&C&14&B{_header(title[:HEADER_TITLE])}\n&9{_BLANK}", right))
    left = f"&L&9{_header(stamp.editions)}"
    right = "&R&9" + _header("　".join(filter(None, (document.legend, stamp.check))))
    worksheet.set_footer(_fitting("&C－ &P / &N －", left, right))


def _header(text: str) -> str:
    """Take the meaning from the sign that starts a code in headers; a digit behind a font size needs a space before."""
    text = visible(text).replace("&", "&&").replace("\n", " ")
    return f" {text}" if text[:1].isdigit() else text


def _fitting(*parts: str) -> str:
    """Join the parts of a header as long as Excel takes them; the first matters most."""
    joined = parts[0]
    for part in parts[1:]:
        if len(joined) + len(part) <= HEADER_LIMIT:
            joined += part
    return joined


# --- cells ------------------------------------------------------------------------------------------------------------


def _cell(
    worksheet: Any,  # noqa: ANN401
    row: int,
    at: int,
    datum: Datum,
    column: Column,
    looks: Looks,
    options: Options,
    *,
    strong: bool,
) -> None:
    """Write one cell: a number as a number, words as words whatever they begin with, changes underlined."""
    look: dict[str, object] = {"bold": True, "bg_color": _STRONG_FILL} if strong else {}
    if datum.value is not None:
        look["align"] = "center" if column.align == "center" else "right"
        look["num_format"] = _number_format(datum.value)
        worksheet.write_number(row, at, datum.value, looks.cell(**look))
        return
    look["align"] = column.align
    if datum.indent and column.align == "left":
        look["indent"] = _INDENTS[min(datum.indent, len(_INDENTS) - 1)]
    if column.code == "flags":
        look |= {"bold": True, "font_color": _RED}
    pieces = options.marked(datum.runs)
    if not pieces:
        worksheet.write_blank(row, at, None, looks.cell(**look))
    elif len(pieces) == 1:
        text, mark = pieces[0]
        worksheet.write_string(row, at, text, looks.cell(**look, **_marked(mark)))
    else:
        bold = {"bold": True} if strong else {}
        fragments = [part for text, mark in pieces for part in (looks.get(**bold, **_marked(mark)), text)]
        worksheet.write_rich_string(row, at, *fragments, looks.cell(**look))


def _marked(mark: str) -> dict[str, object]:
    if not mark:
        return {}
    return {"underline": 1, "font_color": _RED} if mark == "new" else {"underline": 1}


def _number_format(value: float) -> str:
    """Show thousands, and just the decimals the number has, or was written with."""
    if isinstance(value, Written):
        return "#,##0." + "0" * value.digits
    if isinstance(value, int) or value.is_integer():
        return "#,##0" if isinstance(value, int) else "#,##0.0"
    return "#,##0." + "0" * len(f"{value:.10f}".rstrip("0").partition(".")[2])


# --- row heights ------------------------------------------------------------------------------------------------------


def _room(datum: Datum, column: Column) -> float:
    """Return the characters that a line of a cell holds; one is kept back for kinsoku."""
    if column.code == "id":
        return inf  # runs on past the edge of the table, where nothing stands
    return max(4, column.share - 1 - _INDENT * _INDENTS[min(datum.indent, len(_INDENTS) - 1)])


def lines_of(text: str, room: float) -> int:
    """Count the lines that text takes; Excel counts in digits, and a wide character takes two."""
    if _WIDE * len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, ceil(width_of(part, _WIDE) / room)) for part in text.split("\n"))


def _height(record: Record, columns: Sequence[Column]) -> float:
    """Work out a row's height: programs do not reliably do it for mixed text."""
    cells = zip(record.data, columns, strict=True)
    return LINE * max(lines_of(datum.text, _room(datum, column)) for datum, column in cells) + EDGE


def _visible(record: Record) -> Record:
    """Make all text of a row fit for XML, which may lengthen it."""
    shown = (
        replace(datum, runs=tuple(Run(visible(run.text), run.mark) for run in datum.runs)) for datum in record.data
    )
    return Record(tuple(shown), record.strong)


def _parts(record: Record, columns: Sequence[Column]) -> Iterator[Record]:
    """Part a record that is higher than a row can be into rows that continue one another, at the ends of sentences."""
    pieces = [parted(datum, _room(datum, column)) for datum, column in zip(record.data, columns, strict=True)]
    most = max(map(len, pieces))
    for at in range(most):
        data = [
            parts[at] if at < len(parts) else datum if column.code in _REPEATED else Datum()
            for datum, parts, column in zip(record.data, pieces, columns, strict=True)
        ]
        yield Record(tuple(data), record.strong) if most > 1 else record


def parted(datum: Datum, room: float) -> list[Datum]:
    """Part what is too high or too long for one cell."""
    if datum.value is not None or _fits(datum.text, room):
        return [datum]
    parts: list[list[Run]] = [[]]
    text = ""
    for run in datum.runs:
        for sentence in _SENTENCE.findall(run.text):
            for piece in _halved(sentence, room):
                if text and not _fits(text + piece, room):
                    parts.append([])
                    text = ""
                parts[-1].append(Run(piece, run.mark))
                text += piece
    return [Datum(tuple(runs), indent=datum.indent) for runs in parts]


def _fits(text: str, room: float) -> bool:
    if len(text) > CELL_LIMIT:
        return False
    short = _WIDE * len(text) <= room * MOST_LINES and "\n" not in text
    return short or lines_of(text, room) <= MOST_LINES


def _halved(text: str, room: float) -> Iterator[str]:
    """Cut a sentence that fills more than a row."""
    if _fits(text, room):
        yield text
        return
    middle = len(text) // 2
    yield from _halved(text[:middle], room)
    yield from _halved(text[middle:], room)


# --- legend -----------------------------------------------------------------------------------------------------------


def _legend(documents: Sequence[Document]) -> Sheet:
    """Say what the papers are, what they were made from, how many changes there are, and what is remarked."""
    stamp = documents[0].stamp
    facts = [
        ("計画", stamp.plan),
        ("現行", stamp.old),
        ("改定後" if stamp.old else "版", stamp.new),
        ("段階", stamp.stage),
        ("資料番号", stamp.number),
        ("会議名", stamp.meeting),
        ("日付", stamp.date),
        ("担当", stamp.owner),
        ("照合番号", "" if stamp.handout else stamp.fingerprint),
        *(("資料", document.title) for document in documents),
        *(("表示", text) for text in dict.fromkeys(document.legend for document in documents)),
    ]
    rows = [(words(name), words(text), Datum()) for name, text in facts if text]
    counts = next((document.counts for document in documents if document.counts), ())
    rows += [(words(f"件数（{count.group}）"), words(count.label), Datum(value=count.number)) for count in counts]
    for document in documents:
        if any(sheet.code == "comparison" for sheet in sheets(document)):
            rows += [
                (words("付記"), Datum((*block.runs, *_named(block))), Datum())
                for block in document.blocks
                if isinstance(block, Paragraph) and block not in above(document)
            ]
    columns = (
        Column("項目", code="heading"),
        Column("内容", code="text"),
        Column("件数", align="right", code="number"),
    )
    return Sheet("legend", "凡例", columns, tuple(Record(row) for row in rows))


def _named(block: Paragraph) -> tuple[Run, ...]:
    return (Run(f"（{flag_words(block.flags)}）"),) if block.flags else ()
