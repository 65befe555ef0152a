"""Styles of Word: the named paragraph styles of a paper in WordprocessingML, for a new file or a city's own."""

from typing import Final

from atsugi_cli.formats.paper import BODY, TWIPS_PER_POINT, Style

MINCHO: Final = "ＭＳ 明朝"
GOTHIC: Final = "ＭＳ ゴシック"

NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ROOT: Final = f'xmlns:w="{NAMESPACE}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def style_xml(style: Style) -> str:
    """Write the definition of a style; those for headings are Word's own."""
    custom = "" if style.outline else ' w:customStyle="1"'
    based = "" if style.code == BODY else f'<w:basedOn w:val="{BODY}"/><w:next w:val="{BODY}"/>'
    name = GOTHIC if style.gothic else MINCHO
    # A font for every script, or Word sets digits and Japanese in two fonts.
    fonts = f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" w:hint="eastAsia"/>'
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    half_points = round(style.size * 2)
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.code}"><w:name w:val="{style.name}"/>'
        f"{based}<w:qFormat/><w:pPr>{_spacing(style)}</w:pPr>"
        f'<w:rPr>{fonts}{bold}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


def _spacing(style: Style) -> str:
    keep = "<w:keepNext/><w:keepLines/>" if style.keep else ""
    breaks = (
        '<w:kinsoku/><w:overflowPunct/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
    )
    before, after = (round(space * TWIPS_PER_POINT) for space in (style.before, style.after))
    outline = f'<w:outlineLvl w:val="{style.outline - 1}"/>' if style.outline else ""
    return (
        f"{keep}{breaks if style.code == BODY else ''}"
        f'<w:spacing w:before="{before}" w:after="{after}" w:line="276" w:lineRule="auto"/>'
        f'{indented(style.left, style.hanging, style.size)}<w:jc w:val="{style.align or "left"}"/>{outline}'
    )


def indented(left: float, hanging: float = 0, size: float = 10.5) -> str:
    """Indent by characters; the twips beside them are for programs that do not count characters."""
    if not left and not hanging:
        return ""
    em = size * TWIPS_PER_POINT
    hang = f' w:hangingChars="{round(hanging * 100)}" w:hanging="{round(hanging * em)}"' if hanging else ""
    return f'<w:ind w:leftChars="{round(left * 100)}" w:left="{round(left * em)}"{hang}/>'
