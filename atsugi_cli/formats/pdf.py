"""PDF: the paper that Word gets, set by typst, and the drawing of the policy tree on sheets of paper.

All words reach typst as data, never as its markup (`assets/*.typ`), so that no text can do anything.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from html import unescape
from typing import Any, Final, Literal

from atsugi_cli.document import Document, Mark
from atsugi_cli.formats.composing import composed
from atsugi_cli.formats.glyphs import Font, lacking, told
from atsugi_cli.formats.markup import asset, visible
from atsugi_cli.formats.options import MissingError, Options, missing_extra
from atsugi_cli.formats.paper import BODY, STYLES, TWIPS_PER_POINT, Paper, PaperRow, PaperTable, Para
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.diagram import Diagram
from atsugi_cli.layout.overview import Overview

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

_KEPT: Final = 24
"""Printed lines up to which rows are kept on one page, which takes 36."""
_COLUMN: Final = 26
"""Characters that stand in one line of a column of a comparison."""

_ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1 (ISO 14289-1): typst refuses what a screen reader could not read out."""

_PIXELS_PER_INCH: Final = 144
_MOST_PIXELS: Final = 36_000_000
"""Pixels of a picture at most: some 600 initiatives. Typst takes 13 bytes for each, and ends the process without."""

_CSS_PIXELS: Final = 96
"""Pixels of a drawing to the inch."""

_TAG: Final = re.compile("<[^>]*>")
_TITLE: Final = re.compile("<(title|desc|style)[ >].*?</\\1>", re.DOTALL)
"""What a drawing says to machines and does not show."""

_SAID: Final = re.compile("(?<=<title>)[^<]*(?=</title>\n<desc>)|(?<=<desc>)[^<]*")
"""What a drawing says of itself as a whole, for those who do not see it."""

_PICTURE: Final = r"""
#set page(width: auto, height: auto, margin: 0pt)
#image("figure0.svg")
"""


@frozen
class _Setter:
    """Typst with the fonts it may use, and who is told what they lack."""

    fonts: Any
    mincho: str
    gothic: str
    tell: Callable[[str], object]

    def compile(self, files: dict[str, bytes], kind: Literal["pdf", "png"]) -> bytes:
        """Set a file called main.typ; the same files give the same bytes on any day."""
        import typst

        self._look_up(files)
        set_: Any = partial(typst.compile, files, font_paths=self.fonts, format=kind, ppi=_PIXELS_PER_INCH, timestamp=0)
        try:
            found = set_(pdf_standards=_ACCESSIBLE if kind == "pdf" else [])
        except typst.TypstError as error:
            if "PDF/UA" not in str(error):
                raise
            found = set_()  # a character that no font has, which was told
        return bytes(found)

    def _look_up(self, files: dict[str, bytes]) -> None:
        """Tell of characters that would be boxes; typst takes them from any font that has them and says nothing."""
        listed = sorted(self.fonts.fonts(), key=lambda font: font.family not in (self.mincho, self.gothic))
        fonts = dict.fromkeys(Font(font.path, font.index) for font in listed if font.path)
        missing = lacking(_printed(files), fonts)
        if missing:
            self.tell(told(missing))


def write(document: Document, options: Options) -> bytes:
    """Print a document as its Word paper looks; MissingError without typst or without a Japanese font.

    Tracked changes become struck and underlined text.
    """
    setter = _setter(options)
    return _set(composed(document, replace(options, plain=True)), setter)


def tree(plan: Diagram, options: Options) -> bytes:
    """Draw the policy tree on as many sheets of landscape A4 as it takes, or on one of A3."""
    from atsugi_cli.formats import svg

    return _drawn(svg.large(plan) if options.large else svg.sheets(plan), plan, options, "pdf")


def picture(plan: Diagram, options: Options) -> bytes:
    """Draw the policy tree as one picture of 144 dots per inch; MissingError where that would be too large."""
    from atsugi_cli.formats import svg

    drawing = svg.write(plan, options)
    width, height = (round(side * _PIXELS_PER_INCH / _CSS_PIXELS) for side in svg.size(drawing))
    if width * height > _MOST_PIXELS:
        raise MissingError(
            f"画像（PNG）には大きすぎる体系図です（{width:,}×{height:,}画素。上限は{_MOST_PIXELS // 10_000:,}万画素）。"
            "SVGかPDFで書き出してください。"
        )
    return _drawn([drawing], plan, options, "png")


def sheet(plan: Overview, options: Options) -> bytes:
    """Draw the overview on its sheet of landscape A4."""
    from atsugi_cli.formats import overview

    return _drawn([overview.drawing(plan)], plan, options, "pdf")


def sheet_picture(plan: Overview, options: Options) -> bytes:
    """Draw the overview as a picture."""
    from atsugi_cli.formats import overview

    return _drawn([overview.drawing(plan)], plan, options, "png")


def _drawn(drawings: Sequence[str], plan: Diagram | Overview, options: Options, kind: Literal["pdf", "png"]) -> bytes:
    from atsugi_cli.formats.svg import FONTS

    setter = _setter(options)
    named = [drawing.replace(FONTS, f"'{setter.gothic}'") for drawing in drawings]
    files = {f"figure{at}.svg": drawing.encode("utf-8") for at, drawing in enumerate(named)}
    alt = "".join(unescape(each) for each in _SAID.findall(drawings[0]))
    facts = {"title": plan.title, "alt": alt or plan.title, "keywords": plan.stamp.keywords}
    facts["paper"] = "a3" if options.large else "a4"
    data = json.dumps({"count": len(named), **facts}, ensure_ascii=False)
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
    return _Setter(fonts, mincho or gothic, gothic or mincho, options.tell)


def _printed(files: dict[str, bytes]) -> Iterator[str]:
    """Give what is printed: the words of the paper, or those of the drawings."""
    for name, data in files.items():
        if name.endswith(".svg"):
            yield unescape(_TAG.sub("", _TITLE.sub("", data.decode("utf-8"))))
    paper = json.loads(files.get("data.json", b"{}"))
    yield from (paper.get(name, "") for name in ("header", "check"))
    waiting = [*paper.get("body", ())]
    while waiting:
        match waiting.pop():
            case {"text": str() as text}:
                yield text
            case dict() as found:
                waiting += [each for value in found.values() if isinstance(value, list) for each in value]


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
        "keywords": visible(paper.stamp.keywords),
        "page": {side: getattr(page, side) / TWIPS_PER_POINT for side in sides},
        "body": [_table(each) if isinstance(each, PaperTable) else _paragraph(each) for each in paper.blocks],
    }
    _stepped(data["body"])
    text = json.dumps(data, ensure_ascii=False)
    return setter.compile({"main.typ": asset("paper.typ").encode(), "data.json": text.encode("utf-8")}, "pdf")


def _stepped(found: object, last: int = 0) -> int:
    """Let no heading be more than one level below the one before it; return the level of the last one."""
    match found:
        case {"runs": _, "level": int(level)} if level:
            found["level"] = last = min(level, last + 1)  # type: ignore[index]
        case dict() | list():
            for each in found.values() if isinstance(found, dict) else found:
                last = _stepped(each, last)
    return last


_STYLES: Final = {style.code: style for style in STYLES}
_LEVELS: Final = {"ShinkyuTitle": 1} | {style.code: style.outline + 1 for style in STYLES if style.outline}
"""Of the headings outside tables: that of the paper is the first, and readers jump to all of them (しおり)."""
_ROW_LEVELS: Final = {"ShinkyuPart": 2, "ShinkyuGoal": 3}
_TRACKED: Final[dict[Mark, str]] = {"": "", "old": "del", "new": "ins"}


def _paragraph(para: Para, level: int | None = None) -> dict[str, Any]:
    style = _STYLES[para.style]
    left, hanging = para.indent or (style.left, style.hanging)
    em = _STYLES[BODY].size if para.indent else style.size
    return {
        "kind": "paragraph",
        "runs": [
            {
                "text": visible(span.text),
                "underlined": span.underlined,
                "mark": _TRACKED[span.tracked],
                "boxed": span.boxed,
                "bold": span.bold,
            }
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
        "keep": style.keep or para.keep,
        "level": _LEVELS.get(para.style, 0) if level is None else level,
    }


def _table(table: PaperTable) -> dict[str, Any]:
    heads = sum(row.head for row in table.rows[:1])
    kept = _kept(table.rows)
    rows = [_row(table.rows, at, kept[at], len(table.widths)) for at in range(len(table.rows))]
    widths = [width / TWIPS_PER_POINT for width in table.widths]
    return {"kind": "table", "widths": widths, "head": rows[:heads], "rows": rows[heads:]}


def _kept(rows: Sequence[PaperRow]) -> list[int]:
    """Count how many rows from each on stay on one page; nothing for those that a row above has with it."""
    found: list[int] = []
    first = height = 0
    for at, row in enumerate(rows):
        own = max(sum(1 + len(_words(para)) // _COLUMN for para in cell or ()) for cell in row.cells)
        height += own
        if at and rows[at - 1].keep and height <= _KEPT and not rows[at - 1].head:
            found[first] += 1
            found.append(0)
        else:
            first, height = at, own
            found.append(1)
    return found


def _row(rows: Sequence[PaperRow], at: int, kept: int, columns: int) -> dict[str, Any]:
    row = rows[at]
    cells: list[dict[str, Any]] = []
    across = columns if len(row.cells) == 1 else 1
    heads = set(_ROW_LEVELS)  # a heading that stands on both sides is one
    for column, cell in enumerate(row.cells):
        if cell is not None:
            spans = _spanned(rows, at, column)
            content = []
            for para in cell:
                content.append(_paragraph(para, _ROW_LEVELS[para.style] if para.style in heads else 0))
                heads.discard(para.style)
            look = {"fill": row.shade, "spans": spans, "across": across, "bottom": _above(rows, at + spans)}
            cells.append({"content": content, **look})
    long = any(
        len(cell) > _ROW_LINES or sum(len(_words(para)) for para in cell) > _ROW_LIMIT for cell in row.cells if cell
    )
    return {"cells": cells, "top": _above(rows, at), "breakable": long, "kept": kept}


def _spanned(rows: Sequence[PaperRow], at: int, column: int) -> int:
    """Count the rows that the cell of a column goes over."""
    end = at + 1
    while end < len(rows) and rows[end].joined and rows[end].cells[column] is None:
        end += 1
    return end - at


def _above(rows: Sequence[PaperRow], at: int) -> str:
    """Tell which line stands above a row, or below the last."""
    if at in (0, len(rows)) or rows[at - 1].head:
        return "solid"
    return "none" if rows[at].joined else "solid" if rows[at].ruled else "dotted"


def _words(para: Para) -> str:
    return "".join(visible(span.text) for span in para.spans)
