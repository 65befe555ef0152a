"""Word: papers as .docx with named paragraph styles, and 見え消し with real tracked changes.

WordprocessingML is written as text because a library that holds every cell as an object takes a hundred times as long.
Whatever needs the order that the schema prescribes (properties before content, borders before shading) is kept here.
What is the same in every file stands in `assets/docx`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, zip_longest
from typing import Final

from atsugi_cli.document import Document, Mark, Stamp
from atsugi_cli.formats.archive import issued, pack
from atsugi_cli.formats.composing import composed, page_of
from atsugi_cli.formats.docx_styles import ROOT, indented, style_xml
from atsugi_cli.formats.markup import asset, escaped
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.paper import (
    BODY,
    STYLES,
    Page,
    Paper,
    PaperRow,
    PaperTable,
    Para,
    Span,
    mm,
)

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONSTANT: Final = (
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/app.xml",
    "word/_rels/document.xml.rels",
    "word/fontTable.xml",
    "word/settings.xml",
    "word/theme/theme1.xml",
)
_KEEPING: Final = frozenset(style.code for style in STYLES if style.keep)
_TAGS: Final[dict[Mark, str]] = {"old": "del", "new": "ins"}
_MOVES: Final[dict[Mark, str]] = {"old": "moveFrom", "new": "moveTo"}


def write(document: Document, options: Options) -> bytes:
    """Print a document: a comparison on landscape A4, others upright unless a table is too wide for that.

    With `options.template` (the bytes of a city's own .docx) the body goes into that file; ValueError, with a sentence
    for the user, where the bytes are no Word document.
    """
    if options.template is not None:
        from atsugi_cli.formats.docx_template import Form

        form = Form(options.template, document.code)
        if form.holds("資料番号"):  # the form has a place for it
            document, stamp = replace(document, stamp=replace(document.stamp, number="")), document.stamp
        else:
            stamp = document.stamp
        paper = composed(document, options, form.room(page_of(document, options)), title=form.marker is None)
        return form.filled(_body(paper), stamp, options.tell)
    return pack(_package(composed(document, options)))


def _package(paper: Paper) -> dict[str, bytes]:
    """Put the parts of a file together, by name."""
    files = {name: _constant(name) for name in _CONSTANT}
    styles = _constant("word/styles.xml")
    own = "".join(map(style_xml, STYLES))
    body = f"<w:body>{_body(paper)}{_section(paper.page)}</w:body>"
    files |= {
        "word/document.xml": f"{_HEAD}<w:document {ROOT}>{body}</w:document>",
        "word/styles.xml": styles.replace("</w:styles>", f"{own}</w:styles>"),
        "word/header1.xml": f"{_HEAD}<w:hdr {ROOT}>{_para(Para('ShinkyuHeader', (Span(paper.header),)))}</w:hdr>",
        "word/footer1.xml": f"{_HEAD}<w:ftr {ROOT}>{_footer(paper.page, paper.stamp)}</w:ftr>",
        "docProps/core.xml": _core(paper.title, paper.stamp),
    }
    return {name: text.encode("utf-8") for name, text in files.items()}


def _constant(name: str) -> str:
    """Read a part that is the same in every file; in `assets` it has a line for every tag."""
    return _HEAD + asset(f"docx/{name}").removeprefix(_HEAD).replace("\n", "")


def _section(page: Page) -> str:
    """Write the section properties, with the page's own header and footer."""
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:footerReference w:type="default" r:id="rId2"/>'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"{turned}/>'
        f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}" '
        f'w:header="{page.header}" w:footer="{page.footer}" w:gutter="0"/></w:sectPr>'
    )


def _footer(page: Page, stamp: Stamp) -> str:
    """Set the page numbers in the middle and the check number, small, at the right."""
    tabs = "".join(
        f'<w:tab w:val="{side}" w:pos="{at}"/>' for side, at in (("center", page.room // 2), ("right", page.room))
    )
    tab = "<w:r><w:tab/></w:r>"
    number, total = (f'<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>' for code in ("PAGE", "NUMPAGES"))
    pages = f"{_run('－ ')}{number}{_run(' / ')}{total}{_run(' －')}"
    check = _run(stamp.check) if stamp.check else ""
    return _paragraph("ShinkyuFooter", f"{tab}{pages}{tab}{check}", f'<w:tabs>{tabs}</w:tabs><w:jc w:val="left"/>')


def _core(title: str, stamp: Stamp) -> str:
    """Name the section in charge as the maker; a person's name has no place in a public paper."""
    keywords = f"<cp:keywords>{stamp.keywords}</cp:keywords>" if stamp.keywords else ""
    day = f'xsi:type="dcterms:W3CDTF">{issued(stamp).date().isoformat()}T00:00:00Z'
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(title)}</dc:title><dc:creator>{escaped(stamp.owner)}</dc:creator>"
        f"<dcterms:created {day}</dcterms:created><dcterms:modified {day}</dcterms:modified>"
        f"{keywords}<dc:language>ja-JP</dc:language></cp:coreProperties>"
    )


# --- paragraphs and tables --------------------------------------------------------------------------------------------


def _body(paper: Paper) -> str:
    tracker = None if paper.plain else _Tracker(paper)
    return "".join(
        [_table(block) if isinstance(block, PaperTable) else _para(block, tracker) for block in paper.blocks]
    )


class _Tracker:
    """Writes tracked changes: each with a number of its own, all by one author on one day."""

    def __init__(self, paper: Paper) -> None:
        self._numbers = count(1)
        day = paper.day if len(paper.day) == len("2023-10-17") else ""
        self._by = f'w:author="{escaped(paper.author)}"' + (f' w:date="{day}T00:00:00Z"' if day else "")

    def tag(self, mark: Mark, *, moves: bool = False) -> str:
        """Open a change."""
        return f'<w:{(_MOVES if moves else _TAGS)[mark]} w:id="{next(self._numbers)}" {self._by}'

    def run(self, span: Span) -> str:
        """Write a run that comes or goes."""
        tag = (_MOVES if span.move else _TAGS)[span.tracked]
        text = _run(span.text, gone=span.tracked == "old" and not span.move)
        return f"{self.tag(span.tracked, moves=bool(span.move))}>{text}</w:{tag}>"

    def range(self, span: Span) -> tuple[str, str]:
        """Write where what moves begins and ends; its name joins both places."""
        tag, number = f"{_MOVES[span.tracked]}Range", next(self._numbers)
        return f'<w:{tag}Start w:id="{number}" {self._by} w:name="move{span.move}"/>', f'<w:{tag}End w:id="{number}"/>'


def _para(para: Para, tracker: _Tracker | None = None, *, keep: bool | None = None) -> str:
    """Write a paragraph; `keep` says whether it stays with the next one, where its style does not decide that."""
    keep = para.keep or keep
    more = "" if keep in (None, para.style in _KEEPING) else f'<w:keepNext w:val="{int(bool(keep))}"/>'
    more += indented(*para.indent) if para.indent else ""
    if tracker is None or not any(span.tracked for span in para.spans):
        return _paragraph(para.style, "".join([_run(span.text, _look(span)) for span in para.spans]), more)
    moved = next((span for span in para.spans if span.move), None)
    start, end = tracker.range(moved) if moved else ("", "")
    if para.tracked:
        more += f"<w:rPr>{tracker.tag(para.tracked, moves=moved is not None)}/></w:rPr>"
    spans = [
        (start if each.move else "") + (tracker.run(each) if each.tracked else _run(each.text)) for each in para.spans
    ]
    return _paragraph(para.style, "".join(spans), more) + end  # the paragraph's mark moves too


def _paragraph(style: str, content: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{content}</w:p>'


_UNDERLINED: Final = '<w:u w:val="single"/>'
_RED: Final = '<w:color w:val="C00000"/>'
_LOOKS: Final[dict[Mark, str]] = {"old": f"<w:dstrike/>{_RED}", "new": _RED + _UNDERLINED}
"""What is struck out and added by hand on paper: in red, with a double line through it or a line below."""


_FONT: Final = '<w:rPr><w:rFonts w:hint="eastAsia"/>'


_BOXED: Final = '<w:bdr w:val="single" w:sz="6" w:space="0" w:color="000000"/>'


def _look(span: Span) -> str:
    if span.tracked:
        return _LOOKS[span.tracked]
    bold = "<w:b/><w:bCs/>" if span.bold else ""
    return bold + (_UNDERLINED if span.underlined else "") + (_BOXED if span.boxed else "")


def _run(text: str, look: str = "", *, gone: bool = False) -> str:
    """Write text as one run; a newline becomes a line break."""
    tag = "delText" if gone else "t"
    lines = [f'<w:{tag} xml:space="preserve">{part}</w:{tag}>' if part else "" for part in escaped(text).split("\n")]
    return f"<w:r>{_FONT}{look}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def _table(table: PaperTable) -> str:
    line = '<w:{} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
    borders = "".join(
        (
            *(line.format(side) for side in ("top", "left", "bottom", "right")),
            '<w:insideH w:val="dotted" w:sz="4" w:space="0" w:color="8C8C8C"/>',
            '<w:insideV w:val="single" w:sz="4" w:space="0" w:color="000000"/>',
        )
    )
    margins = "".join(
        f'<w:{side} w:w="{mm(length)}" w:type="dxa"/>'
        for side, length in (("top", 0.8), ("left", 1.8), ("bottom", 0.8), ("right", 1.8))
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in table.widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(table.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val="{escaped(table.caption)}"/>'
        f'<w:tblDescription w:val="{escaped(table.description)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_rows(table.rows, table.widths))}</w:tbl>"
    )


_RULE: Final = '<w:top w:val="single" w:sz="4" w:space="0" w:color="000000"/>'


def _rows(rows: Sequence[PaperRow], widths: tuple[int, ...]) -> Iterator[str]:
    for row, after in zip_longest(rows, rows[1:]):
        goes_on = after is not None and after.joined
        look = ("<w:cantSplit/>" if row.whole else "") + ("<w:tblHeader/>" if row.head else "")
        top = '<w:top w:val="nil"/>' if row.joined else _RULE if row.ruled else ""
        borders = top + ('<w:bottom w:val="nil"/>' if goes_on else "")
        style = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
        style += f'<w:shd w:val="clear" w:color="auto" w:fill="{row.shade}"/>' if row.shade else ""
        near = "".join(
            f'<w:{side} w:w="0" w:type="dxa"/>'
            for side, is_near in (("top", row.joined), ("bottom", goes_on))
            if is_near
        )
        style += f"<w:tcMar>{near}</w:tcMar>" if near else ""
        cells = []
        across = len(row.cells) == 1 < len(widths)
        for at, (width, cell) in enumerate(zip([sum(widths)] if across else widths, row.cells, strict=True)):
            merge = '<w:vMerge w:val="restart"/>' if goes_on and after.cells[at] is None and cell is not None else ""
            merge = merge or ("" if cell is not None else "<w:vMerge/>")
            merge = f'<w:gridSpan w:val="{len(widths)}"/>' if across else merge
            text = "".join([_para(each, keep=row.keep) for each in cell or (Para(BODY),)])
            cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merge}{style}</w:tcPr>{text}</w:tc>')
        yield f"<w:tr>{f'<w:trPr>{look}</w:trPr>' if look else ''}{''.join(cells)}</w:tr>"
