"""Paper: the page model between a document and Word or PDF: sheets, named styles, and paragraphs and tables in them.

What a paper looks like is decided once, in `composing`; Word and PDF only write it down.
"""

from typing import Final, Literal

from atsugi_cli.document import Mark, Stamp
from atsugi_cli.frozen import frozen

TWIPS_PER_MM: Final = 1440 / 25.4
TWIPS_PER_POINT: Final = 20


def mm(length: float) -> int:
    """Convert millimetres to twips."""
    return round(length * TWIPS_PER_MM)


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
        """Return the width between the margins."""
        return self.width - self.left - self.right


LANDSCAPE: Final = Page(mm(297), mm(210), mm(20), mm(20), mm(18), mm(16), mm(9), mm(8))
PORTRAIT: Final = Page(mm(210), mm(297), mm(25), mm(25), mm(22), mm(20), mm(10), mm(10))


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
    outline: int = 0


BODY: Final = "ShinkyuBody"
STYLES: Final = (
    Style(BODY, "新旧 本文"),
    Style("ShinkyuTitle", "新旧 表題", 14, gothic=True, bold=True, align="center", after=3, keep=True),
    Style("ShinkyuRight", "新旧 右寄せ", align="right"),
    Style("ShinkyuPaperNumber", "新旧 資料番号", 11, gothic=True, align="right", after=2, keep=True),
    Style("ShinkyuContents", "新旧 章の一覧", left=1, keep=True),
    Style("ShinkyuLegend", "新旧 注記", 9, align="right", after=2),
    Style("ShinkyuRemark", "新旧 付記", 9, left=1, hanging=1),
    Style("ShinkyuEnd", "新旧 表の後", 1),
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


@frozen
class Span:
    """Text of one look; `tracked` text comes or goes, and Word lets its reader accept or reject that.

    What goes here and comes at another place has the same number of a `move` at both.
    """

    text: str
    underlined: bool = False
    tracked: Mark = ""
    move: int = 0
    boxed: bool = False
    bold: bool = False


@frozen
class Para:
    """A paragraph: the code of its style, its text, its indents in characters where they are not those of the style.

    `tracked` says that the paragraph comes or goes whole; a `keep` stays on the page of the next one, as those of some
    styles do anyhow.
    """

    style: str
    spans: tuple[Span, ...] = ()
    indent: tuple[float, float] | None = None
    tracked: Mark = ""
    keep: bool = False


@frozen
class PaperRow:
    """A row of a table; a `whole` one is not broken over pages, above a `ruled` one stands a solid line.

    A `head` returns on every page. A `joined` one goes on with the row above, without a line between them; a cell that
    is None there is that of the row above. A `keep` stays on the page of the row below. A lone cell stands across the
    table.
    """

    cells: tuple[tuple[Para, ...] | None, ...]
    shade: str = ""
    ruled: bool = False
    whole: bool = True
    head: bool = False
    joined: bool = False
    keep: bool = False


@frozen
class PaperTable:
    """A table of fixed column widths in twips; caption and description are for screen readers."""

    widths: tuple[int, ...]
    rows: tuple[PaperRow, ...]
    caption: str
    description: str


@frozen
class Paper:
    """All that stands on the sheets. `author` and `day` (ISO) are those of tracked changes; a `plain` one has none."""

    title: str
    header: str
    page: Page
    blocks: tuple[Para | PaperTable, ...]
    stamp: Stamp
    author: str = ""
    day: str = ""
    plain: bool = False
