"""Opening: any file that holds tables, read by what it is, not by how it is called."""

import csv
import re
from io import BytesIO, StringIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from atsugi_cli.tables import wordfile, workbook
from atsugi_cli.tables.grids import Cell, Grid, GridError, Place, clean, within
from atsugi_cli.tables.packed import Parts

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOCKED: Final = "パスワードで保護されています。パスワードを外して保存し直してください。"
_BROKEN: Final = "壊れているか、途中で切れています。Excelで開き、保存し直してください。"
_OTHERS: Final = {
    "xl/workbook.bin": ".xlsb",
    "content.xml": "OpenDocument（.ods、.odt）",
    "ppt/presentation.xml": "PowerPoint",
}


def read(data: bytes, name: str) -> tuple[Grid, ...]:
    """Read what a file holds; raise GridError where that cannot be."""
    if data.startswith(_OLD_OFFICE):
        raise GridError(
            _LOCKED if _ENCRYPTED in data else "古い形式（.xls、.doc）です。.xlsx か .docx で保存し直してください。"
        )
    if data.startswith(b"%PDF"):
        raise GridError("PDFです。表を選んでExcelに貼り付け、.xlsx で保存してください。")
    if not data.startswith(b"PK"):
        return (_typed(data, name),)
    try:
        return _packed(data, name)
    except GridError:
        raise
    except (BadZipFile, KeyError, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise GridError(_BROKEN) from error
    except Exception as error:  # zlib.error and the parser's own have no base in common
        if type(error).__name__ not in {"error", "ExpatError"}:
            raise
        raise GridError(_BROKEN) from error


def _packed(data: bytes, name: str) -> tuple[Grid, ...]:
    with ZipFile(BytesIO(data)) as archive:
        parts = Parts(archive)
        if any(info.flag_bits & 1 for info in parts.names.values()):
            raise GridError(_LOCKED)
        if "xl/workbook.xml" in parts.names:
            return workbook.read(parts, name)
        if "word/document.xml" in parts.names:
            return (wordfile.read(parts, name),)
    kind = next((kind for part, kind in _OTHERS.items() if part in parts.names), "ExcelでもWordでもないファイル")
    raise GridError(f"{kind}です。.xlsx か .docx で保存し直してください。")


_GAP: Final = re.compile(r"[ \u3000]{2,}")
_BARS: Final = re.compile(r"\s*\|\s*")
_COMMA: Final = re.compile(r",(?![0-9]{3}(?![0-9]))")
"""A comma that does not part thousands."""


def _typed(data: bytes, name: str) -> Grid:
    """Read lines of text: comma or tab separated, drawn with bars, or pasted with wide gaps between the columns."""
    text = _decoded(data)
    lines = text.splitlines()
    marks = {
        "\t": sum("\t" in line for line in lines),
        ",": sum(bool(_COMMA.search(line)) for line in lines),
        "|": sum(line.count("|") > 1 for line in lines),
        "": sum(bool(_GAP.search(line.strip())) for line in lines),
    }
    mark = max(marks, key=lambda each: marks[each])
    if mark == "|":
        rows = [[] if re.fullmatch(r"[-:|\s]+", line) else _BARS.split(line.strip().strip("|")) for line in lines]
    else:
        rows = [_GAP.split(line.strip()) for line in lines] if not mark else []
    cells: dict[Place, Cell] = {}
    try:
        for row, words in enumerate(rows or csv.reader(StringIO(text, newline=""), delimiter=mark or ",")):
            cells |= {(row, column): Cell(clean(word)) for column, word in enumerate(words) if clean(word)}
            within(len(cells), 0)
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
