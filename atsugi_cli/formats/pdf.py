"""PDF: the paper that Word gets, set by typst, and the drawing of the policy tree on sheets of paper.

All words reach typst as data, never as its markup (`assets/*.typ`), so that no text can do anything.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from atsugi_cli.document import Document, Mark
from atsugi_cli.formats.composing import composed
from atsugi_cli.formats.markup import asset, visible
from atsugi_cli.formats.options import MissingError, Options, missing_extra
from atsugi_cli.formats.paper import BODY, STYLES, TWIPS_PER_POINT, Paper, PaperRow, PaperTable, Para
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.diagram import Diagram

MINCHO: Final = (
    "BIZ UDMincho",
    "MS Mincho",
    "Yu Mincho",
    "IPAexMincho",
    "IPAMincho",
    "Noto Serif CJK JP",
    "Noto Serif JP",
    "Hiragino Mincho ProN",
    "Source Han Serif JP",
)
GOTHIC: Final = (
    "BIZ UDGothic",
    "MS Gothic",
    "Yu Gothic",
    "Meiryo",
    "IPAexGothic",
    "IPAGothic",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Hiragino Sans",
    "Source Han Sans JP",
)
"""Fonts of Windows, Debian and macOS in the order of preference; the UD ones are made to be read easily."""

_SERIFS: Final = ("Min", "Serif", "明朝")
"""By these a font of the user's own is told to be a Mincho."""

_NO_FONT: Final = (
    "PDFと画像に使う日本語フォントがありません。Debian・Ubuntuでは fonts-morisawa-bizud-mincho と "
    "fonts-morisawa-bizud-gothic（または fonts-ipaexfont、fonts-noto-cjk）を入れてください。Windowsでは BIZ UD明朝・"
    "BIZ UDゴシック（設定のオプション機能「日本語補助フォント」）が使えます。フォントのフォルダは --font-path で"
    "指定できます。"
)

_ROW_LIMIT: Final = 600
"""Characters of a cell up to which its row is kept on one page: about half a landscape page."""
_ROW_LINES: Final = 16
"""Paragraphs of a cell up to which its row is kept on one page."""

_PIXELS_PER_INCH: Final = 144
MAX_DOTS: Final = 60_000_000
"""A picture takes seven bytes a dot while it is drawn: 400 MB. Typst does not refuse, it ends the whole process."""

_PICTURE: Final = r"""
#set page(width: auto, height: auto, margin: 0pt)
#image("figure0.svg")
"""


@frozen
class _Setter:
    """Typst with the fonts it may use."""

    fonts: Any
    mincho: str
    gothic: str

    def compile(self, files: dict[str, bytes], kind: Literal["pdf", "png"]) -> bytes:
        """Set a file called main.typ; the same files give the same bytes on any day."""
        import typst

        found: bytes = typst.compile(files, font_paths=self.fonts, format=kind, ppi=_PIXELS_PER_INCH, timestamp=0)
        return found


def write(document: Document, options: Options) -> bytes:
    """Print a document as its Word paper looks; MissingError without typst or without a Japanese font.

    Tracked changes become struck and underlined text.
    """
    setter = _setter(options)
    return _set(composed(document, options), setter)


def tree(plan: Diagram, options: Options) -> bytes:
    """Draw the policy tree on as many sheets of landscape A4 as it takes."""
    from atsugi_cli.formats import svg

    return _drawn(svg.sheets(plan), plan.title, options, "pdf")


def picture(plan: Diagram, options: Options) -> bytes:
    """Draw the policy tree as one picture of 144 dots per inch."""
    from atsugi_cli.formats import svg

    drawing = svg.write(plan, options)
    size = re.search(r'<svg[^>]* width="([0-9.]+)"[^>]* height="([0-9.]+)"', drawing)
    if size is not None and (dots := float(size[1]) * float(size[2]) * (_PIXELS_PER_INCH / 72) ** 2) > MAX_DOTS:
        raise MissingError(f"PNGの図が大きすぎます（{dots / 1e6:.0f}百万画素）。.svg か .pdf で出してください。")
    return _drawn([drawing], plan.title, options, "png")


def _drawn(drawings: Sequence[str], title: str, options: Options, kind: Literal["pdf", "png"]) -> bytes:
    from atsugi_cli.formats.svg import FONTS

    setter = _setter(options)
    named = [drawing.replace(FONTS, f"'{setter.gothic}'") for drawing in drawings]
    files = {f"figure{at}.svg": drawing.encode("utf-8") for at, drawing in enumerate(named)}
    data = json.dumps({"count": len(named), "title": title}, ensure_ascii=False)
    source = asset("sheets.typ") if kind == "pdf" else _PICTURE
    return setter.compile({"main.typ": source.encode(), "data.json": data.encode("utf-8"), **files}, kind)


def _setter(options: Options) -> _Setter:
    """Find fonts: those of the user's folder first. Typst itself would set blanks and not complain."""
    try:
        import typst
    except ImportError as error:
        raise missing_extra("PDFと画像", "pdf") from error
    paths = [options.font_path] if options.font_path else []
    own = _families(typst.Fonts(False, False, paths)) if paths else []  # noqa: FBT003 - neither system nor embedded
    if paths and not own:
        raise MissingError(f"--font-path {options.font_path} にフォントがありません。")
    fonts = typst.Fonts(True, False, paths)  # noqa: FBT003 - the system's, not the embedded Latin ones
    names = _families(fonts)
    serif = [name for name in own if any(part in name for part in _SERIFS)]
    plain = [name for name in own if name not in serif]
    mincho = next((name for name in (*serif, *MINCHO) if name in names), "")
    gothic = next((name for name in (*plain, *GOTHIC) if name in names), "")
    if not mincho and not gothic:
        raise MissingError(_NO_FONT)
    return _Setter(fonts, mincho or gothic, gothic or mincho)


def _families(fonts: Any) -> list[str]:  # noqa: ANN401 - typst is optional
    return sorted(fonts.families())


# --- the paper --------------------------------------------------------------------------------------------------------


def _set(paper: Paper, setter: _Setter) -> bytes:
    page = paper.page
    sides = ("width", "height", "left", "right", "top", "bottom")
    data = {
        "fonts": {"mincho": setter.mincho, "gothic": setter.gothic},
        "title": visible(paper.title),
        "author": visible(paper.stamp.owner),
        "header": visible(paper.header).replace("\n", ""),
        "check": visible(paper.stamp.check),
        "page": {side: getattr(page, side) / TWIPS_PER_POINT for side in sides},
        "body": [_table(each) if isinstance(each, PaperTable) else _paragraph(each) for each in paper.blocks],
    }
    text = json.dumps(data, ensure_ascii=False)
    return setter.compile({"main.typ": asset("paper.typ").encode(), "data.json": text.encode("utf-8")}, "pdf")


_STYLES: Final = {style.code: style for style in STYLES}
_TRACKED: Final[dict[Mark, str]] = {"": "", "old": "del", "new": "ins"}


def _paragraph(para: Para) -> dict[str, Any]:
    style = _STYLES[para.style]
    left, hanging = para.indent or (style.left, style.hanging)
    em = _STYLES[BODY].size if para.indent else style.size
    return {
        "kind": "paragraph",
        "runs": [
            {"text": visible(span.text), "underlined": span.underlined, "mark": _TRACKED[span.tracked]}
            for span in para.spans
        ],
        "size": style.size,
        "font": "gothic" if style.gothic else "mincho",
        "bold": style.bold,
        "align": style.align,
        "left": left * em,
        "hanging": hanging * em,
        "before": style.before,
        "after": style.after,
        "keep": style.keep,
        "level": style.outline,
    }


def _table(table: PaperTable) -> dict[str, Any]:
    rows = [_row(row) for row in table.rows]
    for at, row in enumerate(rows):
        row["bottom"] = rows[at + 1]["top"] if at + 1 < len(rows) else "solid"
    heads = sum(row.head for row in table.rows[:1])
    if heads:
        rows[0]["bottom"] = "solid"
        rows[1:2] = [{**row, "top": "solid"} for row in rows[1:2]]
    widths = [width / TWIPS_PER_POINT for width in table.widths]
    return {"kind": "table", "widths": widths, "head": rows[:heads], "rows": rows[heads:]}


def _row(row: PaperRow) -> dict[str, Any]:
    cells = [{"fill": row.shade, "content": [_paragraph(para) for para in cell]} for cell in row.cells]
    long = any(
        len(cell) > _ROW_LINES or sum(len(visible(span.text)) for para in cell for span in para.spans) > _ROW_LIMIT
        for cell in row.cells
    )
    return {"cells": cells, "top": "solid" if row.head or row.ruled else "dotted", "breakable": long}
