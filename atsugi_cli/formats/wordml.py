"""WordprocessingML: the parts and pieces that Word documents are made of, as text.

Written by hand because a library that holds every cell as an object takes a hundred times as long. Whatever needs the
order that the schema prescribes (properties before content, borders before shading) is kept here.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from atsugi_cli.document import Stamp
from atsugi_cli.formats.archive import issued
from atsugi_cli.frozen import frozen
from atsugi_cli.width import safe

MINCHO: Final = "ＭＳ 明朝"
GOTHIC: Final = "ＭＳ ゴシック"

TWIPS_PER_MM: Final = 1440 / 25.4
HALF_POINTS: Final = 2
TWIPS_PER_POINT: Final = 20

NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT: Final = f'xmlns:w="{NAMESPACE}" xmlns:r="{_RELATIONS}"'
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\ufffe": "\\ufffe", "\uffff": "\\uffff"}
)

_NO_LINE_END: Final = "$([{£¥‘“〈《「『【〔＄（［｛￡￥"
_NO_LINE_START: Final = (
    "!%),.:;?]}¢°’”‰′″℃、。々〉》」』】〕ぁぃぅぇぉっゃゅょゎ"
    "゛゜ゝゞァィゥェォッャュョヮヵヶ・ーヽヾ！％），．：；？］｝｡｣､･ﾞﾟ￠"
)


def mm(length: float) -> int:
    """Convert millimetres to twips."""
    return round(length * TWIPS_PER_MM)


def escaped(text: str) -> str:
    """Make text safe for XML: what XML forbids or a reader could not see becomes visible."""
    return safe(text).translate(_ESCAPES)


# --- page -------------------------------------------------------------------------------------------------------------


@frozen
class Page:
    """A sheet of A4 and its margins, in twips."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    header: int
    footer: int

    @property
    def room(self) -> int:
        """Give the width between the margins."""
        return self.width - self.left - self.right

    @property
    def xml(self) -> str:
        """Give the section properties, with the page's own header and footer."""
        turned = ' w:orient="landscape"' if self.width > self.height else ""
        return (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/>'
            '<w:footerReference w:type="default" r:id="rId2"/>'
            f'<w:pgSz w:w="{self.width}" w:h="{self.height}"{turned}/>'
            f'<w:pgMar w:top="{self.top}" w:right="{self.right}" w:bottom="{self.bottom}" w:left="{self.left}" '
            f'w:header="{self.header}" w:footer="{self.footer}" w:gutter="0"/></w:sectPr>'
        )


LANDSCAPE: Final = Page(mm(297), mm(210), mm(20), mm(20), mm(18), mm(16), mm(9), mm(8))
PORTRAIT: Final = Page(mm(210), mm(297), mm(25), mm(25), mm(22), mm(20), mm(10), mm(10))


# --- styles -----------------------------------------------------------------------------------------------------------


@frozen
class Style:
    """A named paragraph style, so that a city restyles a paper by changing a style.

    `left` and `hanging` are indents in characters, `size` and the spaces are in points.
    """

    code: str
    name: str
    size: float = 10.5
    gothic: bool = False
    bold: bool = False
    align: Literal["", "center", "right"] = ""
    left: float = 0
    hanging: float = 0
    before: float = 0
    after: float = 0
    keep: bool = False
    boxed: bool = False
    outline: int = 0

    @property
    def xml(self) -> str:
        """Give the style's definition."""
        based = "" if self.code == BODY else f'<w:basedOn w:val="{BODY}"/><w:next w:val="{BODY}"/>'
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{self.code}"><w:name w:val="{self.name}"/>'
            f"{based}<w:qFormat/><w:pPr>{self._paragraph}</w:pPr><w:rPr>{self._run}</w:rPr></w:style>"
        ).replace(' w:customStyle="1"', "" if self.outline else ' w:customStyle="1"')

    @property
    def _paragraph(self) -> str:
        keep = "<w:keepNext/><w:keepLines/>" if self.keep else ""
        outline = f'<w:outlineLvl w:val="{self.outline - 1}"/>' if self.outline else ""
        breaks = ""
        if self.code == BODY:
            breaks = (
                '<w:kinsoku/><w:overflowPunct/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
                '<w:snapToGrid w:val="0"/>'
            )
        before, after = (round(space * TWIPS_PER_POINT) for space in (self.before, self.after))
        jc = self.align or "left"
        return (
            f'{keep}{breaks}<w:spacing w:before="{before}" w:after="{after}" w:line="276" w:lineRule="auto"/>'
            f'{indented(self.left, self.hanging, self.size)}<w:jc w:val="{jc}"/>{outline}'
        )

    @property
    def _run(self) -> str:
        name = GOTHIC if self.gothic else MINCHO
        bold = "<w:b/><w:bCs/>" if self.bold else ""
        half = round(self.size * HALF_POINTS)
        box = '<w:bdr w:val="single" w:sz="4" w:space="0" w:color="auto"/>' if self.boxed else ""
        return f'{fonts(name)}{bold}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>{box}'


BODY: Final = "ShinkyuBody"
_TABLE_SIZE: Final = 10.5

STYLES: Final = (
    Style(BODY, "新旧 本文"),
    Style("ShinkyuTitle", "新旧 表題", 14, gothic=True, bold=True, align="center", after=3, keep=True),
    Style("ShinkyuRight", "新旧 右寄せ", align="right"),
    Style("ShinkyuLegend", "新旧 注記", 9, align="right", after=2),
    Style("ShinkyuRemark", "新旧 付記", 9, left=1, hanging=1),
    Style("ShinkyuHead", "新旧 見出し行", gothic=True, bold=True, align="center", keep=True),
    Style("ShinkyuPart", "新旧 区分", gothic=True, bold=True, keep=True),
    Style("ShinkyuGoal", "新旧 基本目標", gothic=True, bold=True, left=1, hanging=1, keep=True),
    Style("ShinkyuViewpoint", "新旧 視点", gothic=True, keep=True),
    Style("ShinkyuSubhead", "新旧 小見出し", gothic=True, left=2, hanging=1, keep=True),
    Style("ShinkyuPolicy", "新旧 施策", left=2.5, hanging=1.5, keep=True),
    Style("ShinkyuInitiative", "新旧 取組", left=4, hanging=2),
    Style("ShinkyuProject", "新旧 事業", left=6, hanging=2),
    Style("ShinkyuExplanation", "新旧 説明", left=4),
    Style("ShinkyuTarget", "新旧 数値目標", 9.5, left=3.5, hanging=2.5),
    Style("ShinkyuKpi", "新旧 KPI", 9.5, left=6.5, hanging=2.5),
    Style("ShinkyuFlag", "新旧 備考", 9, gothic=True),
    Style("ShinkyuNote", "新旧 備考注", 8),
    Style("ShinkyuCell", "新旧 表", 9.5),
    Style("ShinkyuNumber", "新旧 数値", 9.5, align="right"),
    Style("ShinkyuItem", "新旧 箇条", left=1, hanging=1),
    Style("ShinkyuHeader", "新旧 柱", 8, align="right"),
    Style("ShinkyuFooter", "新旧 脚", 8, align="center"),
    Style("Heading1", "heading 1", 14, gothic=True, bold=True, before=12, after=4, keep=True, outline=1),
    Style("Heading2", "heading 2", 12, gothic=True, bold=True, before=10, after=3, keep=True, outline=2),
    Style("Heading3", "heading 3", 10.5, gothic=True, bold=True, before=8, after=2, keep=True, outline=3),
)


def fonts(name: str) -> str:
    """Name a font for every script, or Word sets digits and Japanese in two fonts."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" w:hint="eastAsia"/>'


def indented(left: float, hanging: float = 0, size: float = 10.5) -> str:
    """Indent by characters; the twips beside them are for programs that do not count characters."""
    if not left and not hanging:
        return ""
    em = size * TWIPS_PER_POINT
    hang = f' w:hangingChars="{round(hanging * 100)}" w:hanging="{round(hanging * em)}"' if hanging else ""
    return f'<w:ind w:leftChars="{round(left * 100)}" w:left="{round(left * em)}"{hang}/>'


def _styles() -> str:
    size = round(_TABLE_SIZE * HALF_POINTS)
    return (
        f"{HEAD}<w:styles {ROOT}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(MINCHO)}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:snapToGrid w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f"{''.join(style.xml for style in STYLES)}</w:styles>"
    )


# --- pieces -----------------------------------------------------------------------------------------------------------

_PLAIN: Final = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
_UNDERLINED: Final = '<w:rPr><w:rFonts w:hint="eastAsia"/><w:u w:val="single"/></w:rPr>'


def run(text: str, *, underlined: bool = False, tag: Literal["t", "delText"] = "t") -> str:
    """Set text as one run; a newline becomes a line break."""
    look = _UNDERLINED if underlined else _PLAIN
    lines = [f'<w:{tag} xml:space="preserve">{part}</w:{tag}>' if part else "" for part in escaped(text).split("\n")]
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def paragraph(style: str, content: str, more: str = "") -> str:
    """Set a paragraph; `more` are further paragraph properties, in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{content}</w:p>'


def field(code: Literal["PAGE", "NUMPAGES"]) -> str:
    """Set a field that Word fills in."""
    return f'<w:fldSimple w:instr=" {code} ">{run("1")}</w:fldSimple>'


def cell(width: int, content: str, *, shade: str = "", ruled: bool = False) -> str:
    """Set a cell of a table; `ruled` draws a solid line above it."""
    rule = '<w:tcBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders>' if ruled else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{rule}{fill}</w:tcPr>{content}</w:tc>'


def row(cells: Iterable[str], *, whole: bool = True, head: bool = False) -> str:
    """Set a row; a `whole` one is not broken over two pages, a `head` returns on every page."""
    look = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if head else "")
    return f"<w:tr>{f'<w:trPr>{look}</w:trPr>' if look else ''}{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Iterable[str], caption: str, description: str) -> str:
    """Set a table of fixed column widths in twips; caption and description are for screen readers."""
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
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val="{escaped(caption)}"/>'
        f'<w:tblDescription w:val="{escaped(description)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


# --- package ----------------------------------------------------------------------------------------------------------

_PARTS: Final = ("document.main", "styles", "settings", "fontTable", "header", "footer")
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"


def package(body: str, page: Page, title: str, header: str, stamp: Stamp) -> dict[str, bytes]:
    """Put the parts of a document together, by name; `body` is the XML of its paragraphs and tables."""
    files = {
        "word/document.xml": f"{HEAD}<w:document {ROOT}><w:body>{body}{page.xml}</w:body></w:document>",
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/theme/theme1.xml": _theme(),
        "word/header1.xml": f"{HEAD}<w:hdr {ROOT}>{paragraph('ShinkyuHeader', run(header))}</w:hdr>",
        "word/footer1.xml": f"{HEAD}<w:ftr {ROOT}>{_footer(page, stamp)}</w:ftr>",
        "word/_rels/document.xml.rels": _relations(
            ("header", "header1.xml"),
            ("footer", "footer1.xml"),
            ("styles", "styles.xml"),
            ("settings", "settings.xml"),
            ("fontTable", "fontTable.xml"),
            ("theme", "theme/theme1.xml"),
        ),
        "docProps/core.xml": _core(title, stamp),
        "docProps/app.xml": (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            "<Application>strategy</Application></Properties>"
        ),
        "_rels/.rels": _package_relations(),
        "[Content_Types].xml": _content_types(),
    }
    return {name: text.encode("utf-8") for name, text in files.items()}


def _settings() -> str:
    old_ways = "".join(
        f"<w:{name}/>"
        for name in (
            "spaceForUL",
            "balanceSingleByteDoubleByteWidth",
            "doNotLeaveBackslashAlone",
            "ulTrailSpace",
            "doNotExpandShiftReturn",
            "adjustLineHeightInTable",
            "useFELayout",
        )
    )
    return (
        f'{HEAD}<w:settings {ROOT}><w:zoom w:percent="100"/><w:defaultTabStop w:val="840"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:noLineBreaksAfter w:lang="ja-JP" w:val="{_NO_LINE_END}"/>'
        f'<w:noLineBreaksBefore w:lang="ja-JP" w:val="{_NO_LINE_START}"/>'
        f"<w:compat>{old_ways}"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/></w:settings>'
    )


def _font_table() -> str:
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="80"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="fixed"/></w:font>'
        for name, other, family in ((MINCHO, "MS Mincho", "roman"), (GOTHIC, "MS Gothic", "modern"))
    )
    return f"{HEAD}<w:fonts {ROOT}>{listed}</w:fonts>"


def _theme() -> str:
    """Give the colours and fonts that Word offers; nothing in the paper refers to them, but the part is required."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
        for name, value in (
            *(("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "44546A"), ("lt2", "E7E6E6"), ("accent1", "4472C4")),
            *(("accent2", "ED7D31"), ("accent3", "A5A5A5"), ("accent4", "FFC000"), ("accent5", "5B9BD5")),
            *(("accent6", "70AD47"), ("hlink", "0563C1"), ("folHlink", "954F72")),
        )
    )
    listed = "".join(
        f'<a:{kind}Font><a:latin typeface="{name}"/><a:ea typeface="{name}"/><a:cs typeface=""/></a:{kind}Font>'
        for kind, name in (("major", GOTHIC), ("minor", MINCHO))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    line = '<a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>' * 3
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{HEAD}<a:theme xmlns:a="{_DRAWING}" name="新旧"><a:themeElements>'
        f'<a:clrScheme name="新旧">{colours}</a:clrScheme>'
        f'<a:fontScheme name="新旧">{listed}</a:fontScheme>'
        f'<a:fmtScheme name="新旧"><a:fillStyleLst>{fill}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _footer(page: Page, stamp: Stamp) -> str:
    """Set the page numbers in the middle and the check number, small, at the right."""
    middle, end = page.room // 2, page.room
    tabs = f'<w:tabs><w:tab w:val="center" w:pos="{middle}"/><w:tab w:val="right" w:pos="{end}"/></w:tabs>'
    tab = "<w:r><w:tab/></w:r>"
    pages = f"{run('－ ')}{field('PAGE')}{run(' / ')}{field('NUMPAGES')}{run(' －')}"
    check = run(f"照合番号 {stamp.fingerprint}") if stamp.fingerprint else ""
    return paragraph("ShinkyuFooter", f"{tab}{pages}{tab}{check}", f'{tabs}<w:jc w:val="left"/>')


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'


def _package_relations() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations(
        ("officeDocument", "word/document.xml"),
        ("core", "docProps/core.xml"),
        ("extended-properties", "docProps/app.xml"),
    ).replace(f"{_RELATIONS}/core", core)


def _content_types() -> str:
    names = {"document.main": "document", "header": "header1", "footer": "footer1"}
    listed = "".join(
        f'<Override PartName="/word/{names.get(part, part)}.xml" ContentType="{_OFFICE}.wordprocessingml.{part}+xml"/>'
        for part in _PARTS
    )
    properties = f"{_OFFICE}.extended-properties+xml"
    package = "application/vnd.openxmlformats-package"
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{package}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}'
        f'<Override PartName="/word/theme/theme1.xml" ContentType="{_OFFICE}.theme+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{package}.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{properties}"/></Types>'
    )


def _core(title: str, stamp: Stamp) -> str:
    """Name the section in charge as the maker; a person's name has no place in a public paper."""
    day = f'xsi:type="dcterms:W3CDTF">{issued(stamp).date().isoformat()}T00:00:00Z'
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(title)}</dc:title><dc:creator>{escaped(stamp.owner)}</dc:creator>"
        f"<dcterms:created {day}</dcterms:created><dcterms:modified {day}</dcterms:modified>"
        "<dc:language>ja-JP</dc:language></cp:coreProperties>"
    )
