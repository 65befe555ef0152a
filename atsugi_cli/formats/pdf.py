"""PDF: the Word paper, set by typst, and the drawing of the policy tree on sheets of paper.

What a paper looks like is decided once, for Word; here its paragraphs and tables are read back and set with the same
styles. All words reach typst as data, never as its markup, so that no text can do anything.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

from atsugi_cli.document import Document
from atsugi_cli.formats import docx, wordml
from atsugi_cli.formats.options import MissingError, Options, missing_extra
from atsugi_cli.levels import Profile
from atsugi_cli.model import Strategy
from atsugi_cli.revision import Revision

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

_WORD: Final = f"{{{wordml.NAMESPACE}}}"
_TWIPS: Final = wordml.TWIPS_PER_POINT
_ROW_LIMIT: Final = 600
"""Characters of a cell up to which its row is kept on one page: about half a landscape page."""
_ROW_LINES: Final = 16
"""Paragraphs of a cell up to which its row is kept on one page."""

_PIXELS_PER_INCH: Final = 144

_PAPER: Final = r"""
#let data = json("data.json")
#let line(kind) = if kind == "solid" { 0.5pt + black } else { (paint: luma(140), thickness: 0.5pt, dash: "dotted") }
#let words(part) = {
  let inner = part.text.split("\n").map(each => [#each]).join(linebreak())
  if part.mark == "ins" { underline(evade: false, offset: 0.15em, text(fill: rgb("#1f4e79"), inner)) }
  else if part.mark == "del" { strike(text(fill: rgb("#c00000"), inner)) }
  else if part.underlined { underline(evade: false, offset: 0.15em, stroke: 0.5pt, inner) }
  else { inner }
}
#let one(each) = {
  let look = text.with(size: each.size * 1pt, font: data.fonts.at(each.font),
    weight: if each.bold { "bold" } else { "regular" })
  set align(if each.align == "center" { center } else if each.align == "right" { right } else { left })
  let body = pad(left: (each.left - each.hanging) * 1pt, par(hanging-indent: each.hanging * 1pt, look({
    each.runs.map(words).join()
    if each.runs.len() == 0 { sym.zws }
  })))
  block(above: each.before * 1pt + 0.3em, below: each.after * 1pt + 0.3em, sticky: each.keep, width: 100%,
    if each.level > 0 { heading(level: each.level, body) } else { body })
}
#let cell(each, row) = table.cell(
  fill: if each.fill == "" { none } else { rgb("#" + each.fill) },
  breakable: row.breakable,
  stroke: (left: 0.5pt, right: 0.5pt, top: line(row.top), bottom: line(row.bottom)),
  each.content.map(one).join(),
)
#let grid(each) = {
  let cells = rows => rows.map(row => row.cells.map(it => cell(it, row))).flatten()
  block(width: 100%, breakable: true, above: 0.4em, below: 0.4em, table(
    columns: each.widths.map(width => width * 1pt), inset: (x: 1.8mm, y: 0.8mm),
    table.header(..cells(each.head)), ..cells(each.rows),
  ))
}
#set document(title: data.title, author: data.author, date: none)
#set page(
  width: data.page.width * 1pt, height: data.page.height * 1pt,
  margin: (left: data.page.left * 1pt, right: data.page.right * 1pt, top: data.page.top * 1pt,
    bottom: data.page.bottom * 1pt),
  header: align(right, text(size: 8pt, data.header)),
  footer: context text(size: 8pt, grid-footer(counter(page).get().first(), counter(page).final().first())),
)
#set text(font: data.fonts.mincho, size: 10.5pt, lang: "ja", region: "jp", cjk-latin-spacing: none,
  top-edge: 0.88em, bottom-edge: -0.12em)
#set par(leading: 0.3em, spacing: 0.3em, justify: false)
#show heading: it => it.body
#for each in data.body { if each.kind == "table" { grid(each) } else { one(each) } }
"""
_FOOTER: Final = r"""
#let grid-footer(number, total) = std.grid(
  columns: (1fr, 1fr, 1fr), [], align(center)[－ #number / #total －], align(right, json("data.json").check),
)
"""
"""Stands before the paper, which calls a table of its own `grid`."""

_SHEETS: Final = r"""
#let data = json("data.json")
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: 8mm)
#for at in range(data.count) {
  if at > 0 { pagebreak() }
  let figure = "figure" + str(at) + ".svg"
  align(center + horizon, image(figure, width: 100%, height: 100%, fit: "contain", alt: data.title))
}
"""
_PICTURE: Final = r"""
#set page(width: auto, height: auto, margin: 0pt)
#image("figure0.svg")
"""


@dataclass(frozen=True, slots=True)
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
    """Print a document as its Word paper looks; MissingError without typst or without a Japanese font."""
    setter = _setter(options)
    return _set(docx.write(document, replace(options, template=None)), setter)


def from_word(paper: bytes, options: Options) -> bytes:
    """Print a paper that this program wrote as .docx; tracked changes become struck and underlined text."""
    return _set(paper, _setter(options))


def from_svg(drawings: Sequence[str], options: Options, kind: Literal["pdf", "png"], title: str = "") -> bytes:
    """Put drawings on sheets of landscape A4, or turn the only one into a picture of 144 dots per inch."""
    from atsugi_cli.formats.svg import FONTS

    setter = _setter(options)
    named = [drawing.replace(FONTS, f"'{setter.gothic}'") for drawing in drawings]
    files = {f"figure{at}.svg": drawing.encode("utf-8") for at, drawing in enumerate(named)}
    data = json.dumps({"count": len(named), "title": title}, ensure_ascii=False)
    source = _SHEETS if kind == "pdf" else _PICTURE
    return setter.compile({"main.typ": source.encode(), "data.json": data.encode("utf-8"), **files}, kind)


def tree(
    strategy: Strategy, profile: Profile, revision: Revision | None, options: Options, *, fingerprint: str = ""
) -> bytes:
    """Draw the policy tree on as many sheets as it takes; `fingerprint` is that of the set it belongs to."""
    from atsugi_cli.formats import svg

    title = f"{strategy.plan.title}　施策体系図"
    return from_svg(svg.sheets(strategy, profile, revision, fingerprint=fingerprint), options, "pdf", title)


def picture(
    strategy: Strategy, profile: Profile, revision: Revision | None, options: Options, *, fingerprint: str = ""
) -> bytes:
    """Draw the policy tree as one picture; `fingerprint` is that of the set it belongs to."""
    from atsugi_cli.formats import svg

    return from_svg([svg.write(strategy, profile, revision, fingerprint=fingerprint)], options, "png")


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


# --- the Word paper, read back ----------------------------------------------------------------------------------------


def _set(paper: bytes, setter: _Setter) -> bytes:
    """Set a Word paper."""
    with ZipFile(BytesIO(paper)) as archive:
        body, header, footer, core = (
            fromstring(archive.read(name))  # noqa: S314 - written by this program a moment ago
            for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml")
        )
    content = body[0]
    data = {
        "fonts": {"mincho": setter.mincho, "gothic": setter.gothic},
        "title": _named(core, "title"),
        "author": _named(core, "creator"),
        "header": "".join(header.itertext()),
        "check": _check(footer),
        "page": _page(content),
        "body": list(_blocks(content)),
    }
    text = json.dumps(data, ensure_ascii=False)
    return setter.compile({"main.typ": (_FOOTER + _PAPER).encode(), "data.json": text.encode("utf-8")}, "pdf")


def _named(core: Element, name: str) -> str:
    return next((each.text or "" for each in core if each.tag.endswith(f"}}{name}")), "")


def _check(footer: Element) -> str:
    """Take what stands behind the last tab of the footer."""
    runs = ["\t" if run.find(f"{_WORD}tab") is not None else "".join(run.itertext()) for run in footer[0]]
    return "".join(runs).rpartition("\t")[2]


def _page(body: Element) -> dict[str, float]:
    size, margin = body[-1].find(f"{_WORD}pgSz"), body[-1].find(f"{_WORD}pgMar")
    if size is None or margin is None:
        raise ValueError(body[-1].tag)
    found = {"width": _points(size, "w"), "height": _points(size, "h")}
    return found | {side: _points(margin, side) for side in ("left", "right", "top", "bottom")}


def _points(element: Element, name: str) -> float:
    return int(element.get(f"{_WORD}{name}", "0")) / _TWIPS


def _blocks(body: Element) -> Iterator[dict[str, Any]]:
    for block in body:
        if block.tag == f"{_WORD}p":
            yield _paragraph(block)
        elif block.tag == f"{_WORD}tbl":
            yield _table(block)


_STYLES: Final = {style.code: style for style in wordml.STYLES}


def _paragraph(element: Element) -> dict[str, Any]:
    name = element.find(f"{_WORD}pPr/{_WORD}pStyle")
    style = _STYLES[name.get(f"{_WORD}val", wordml.BODY) if name is not None else wordml.BODY]
    indent = element.find(f"{_WORD}pPr/{_WORD}ind")
    own = indent is not None
    return {
        "kind": "paragraph",
        "runs": list(_runs(element)),
        "size": style.size,
        "font": "gothic" if style.gothic else "mincho",
        "bold": style.bold,
        "align": style.align,
        "left": _points(indent, "left") if indent is not None and own else style.left * style.size,
        "hanging": _points(indent, "hanging") if indent is not None and own else style.hanging * style.size,
        "before": style.before,
        "after": style.after,
        "keep": style.keep,
        "level": style.outline,
    }


def _runs(paragraph: Element) -> Iterator[dict[str, Any]]:
    for element in paragraph:
        tag = element.tag.removeprefix(_WORD)
        if tag in ("ins", "del"):
            yield from ({**each, "mark": tag} for each in _runs(element))
        elif tag == "r":
            parts = ("\n" if each.tag == f"{_WORD}br" else each.text or "" for each in element[1:])
            underlined = element.find(f"{_WORD}rPr/{_WORD}u") is not None
            yield {"text": "".join(parts), "underlined": underlined, "mark": ""}


def _table(element: Element) -> dict[str, Any]:
    rows = [_row(row) for row in element.iter(f"{_WORD}tr")]
    for at, row in enumerate(rows):
        row["bottom"] = rows[at + 1]["top"] if at + 1 < len(rows) else "solid"
    head = [row for row in rows[:1] if row["head"]]
    if head:
        head[0]["bottom"] = "solid"
        rows[1:2] = [{**row, "top": "solid"} for row in rows[1:2]]
    return {
        "kind": "table",
        "widths": [_points(column, "w") for column in element.iter(f"{_WORD}gridCol")],
        "head": head,
        "rows": rows[len(head) :],
    }


def _row(element: Element) -> dict[str, Any]:
    cells = [_cell(cell) for cell in element.iter(f"{_WORD}tc")]
    long = any(
        len(cell["content"]) > _ROW_LINES
        or sum(len(run["text"]) for each in cell["content"] for run in each["runs"]) > _ROW_LIMIT
        for cell in cells
    )
    head = element.find(f"{_WORD}trPr/{_WORD}tblHeader") is not None
    ruled = head or element.find(f"{_WORD}tc/{_WORD}tcPr/{_WORD}tcBorders") is not None
    return {"cells": cells, "top": "solid" if ruled else "dotted", "head": head, "breakable": long}


def _cell(element: Element) -> dict[str, Any]:
    shade = element.find(f"{_WORD}tcPr/{_WORD}shd")
    return {
        "fill": shade.get(f"{_WORD}fill", "") if shade is not None else "",
        "content": [_paragraph(each) for each in element.iter(f"{_WORD}p")],
    }
