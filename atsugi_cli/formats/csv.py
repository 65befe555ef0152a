"""CSV: a paper's main table for spreadsheets and programs: UTF-8 with BOM, CRLF, numbers plain."""

import csv
from io import StringIO
from typing import Final

from atsugi_cli.document import Document
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.sheets import Datum, Sheet, sheets
from atsugi_cli.model import Written
from atsugi_cli.width import safe

FORMULA: Final = ("=", "+", "-", "@")
"""What a spreadsheet takes for the start of a formula, also behind blanks."""

_HEADINGS: Final = {"old": "現行", "new": "改定後", "flags": "変更の種類", "reason": "理由"}


def write(document: Document, options: Options) -> bytes:
    """Print the first table of a document, or its text where it has any, as CSV.

    The columns of a comparison are always 区分, 階層, 番号, 現行, 改定後, 変更の種類, 補足, 理由 and ID.
    """
    del options
    found = sheets(document)
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for sheet in found[:1]:
        order = _order(sheet)
        writer.writerow([_text(_heading(sheet, at)) for at in order])
        writer.writerows([_plain(record.data[at]) for at in order] for record in sheet.records)
    return buffer.getvalue().encode("utf-8-sig")


def _order(sheet: Sheet) -> list[int]:
    """Put the old side first, whatever a city prefers on paper."""
    order = list(range(len(sheet.columns)))
    if sheet.code == "comparison":
        at = {column.code: number for number, column in enumerate(sheet.columns)}
        low, high = sorted((at["old"], at["new"]))
        order[low], order[high] = at["old"], at["new"]
    return order


def _heading(sheet: Sheet, at: int) -> str:
    column = sheet.columns[at]
    return _HEADINGS.get(column.code, column.title) if sheet.code == "comparison" else column.title


def _plain(datum: Datum) -> str | float:
    if isinstance(datum.value, Written):
        return f"{datum.value:.{datum.value.digits}f}"
    return _text(datum.text) if datum.value is None else datum.value


def _text(text: str) -> str:
    """Make text inert: a spreadsheet must not take it for a formula."""
    text = safe(text)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
