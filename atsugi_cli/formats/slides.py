"""Slides: how much text fits on a slide, where it goes on, and the DrawingML that it becomes.

PowerPoint gives no sign when text runs off a slide, so every height is worked out here, on the safe side: lines have a
fixed pitch, and Japanese text takes its full width.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile
from typing import Final, Literal

from atsugi_cli.formats.markup import escaped
from atsugi_cli.frozen import frozen
from atsugi_cli.width import width_of, wrapped

FONT: Final = "BIZ UDPゴシック"
"""The city's own slides use it; Windows has it since 2018."""

BLACK: Final = "000000"
BLUE: Final = "1F4E79"
RED: Final = "C00000"
GREY: Final = "595959"
HEAD_FILL: Final = "D9E2F0"
_GRID: Final = "7F7F7F"

_EMU_PER_MM: Final = 36000
_POINTS_PER_MM: Final = 72 / 25.4
_PITCH: Final = 1.25
"""Line pitch in ems: as the city's slides have it."""
_SPARE: Final = 0.95
"""Share of a line that is filled: Latin letters of a proportional font are wider than half an em."""
SIDE: Final = 2.5
"""Millimetres between a cell's border and its text, left and right."""
ABOVE: Final = 0.7
"""Millimetres between a cell's border and its text, above and below."""
_LEAST_HEAD: Final = 0.4
"""Share of a split text that has to stay before its last full stop for the split to be made there."""
_TALL: Final = 1 / 4
"""Share of a slide that a repeated heading may take."""

NAMESPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TABLE: Final = "http://schemas.openxmlformats.org/drawingml/2006/table"
_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own name for a table without any style: every border is given."""


def emu(length: float) -> int:
    """Convert millimetres to English Metric Units."""
    return round(length * _EMU_PER_MM)


@frozen
class Ink:
    """How letters look; `size` in points."""

    size: float = 15
    colour: str = BLACK
    bold: bool = False
    underlined: bool = False


@frozen
class Text:
    """One paragraph in pieces of one look each.

    `first` and `left` are the millimetres before its first and its other lines, `after` the points below it.
    """

    pieces: tuple[tuple[str, Ink], ...]
    left: float = 0
    first: float = 0
    after: float = 0
    align: Literal["l", "ctr", "r"] = "l"

    @property
    def size(self) -> float:
        """Return the size of the largest letters."""
        return max((ink.size for _, ink in self.pieces), default=Ink().size)

    @property
    def pitch(self) -> float:
        """Return the distance between two lines in millimetres."""
        return self.size * _PITCH / _POINTS_PER_MM

    def ends(self, room: float) -> list[int]:
        """Return for every line in `room` millimetres how many characters are set by its end."""
        cell = self.size / 2 / _POINTS_PER_MM / _SPARE
        if not any("\n" in text for text, _ in self.pieces):
            length = sum(width_of(text) * ink.size for text, ink in self.pieces) / 2 / _POINTS_PER_MM / _SPARE
            if self.first + length <= room:  # small letters take less than `wrapped` counts
                return [sum(len(text) for text, _ in self.pieces)]
        ends, done = [], 0
        lines = wrapped(self.pieces, max(2, int(room / cell)), round(self.first / cell), round(self.left / cell))
        for line in lines:
            done += len(line.text) + len(line.gap)
            ends.append(done)
        return ends

    def height(self, room: float) -> float:
        """Return the height in millimetres when set in `room` millimetres."""
        return len(self.ends(room)) * self.pitch + self.after / _POINTS_PER_MM

    def cut(self, at: int) -> tuple["Text", "Text"]:
        """Part the text after so many characters; the second part goes on without an indent of its own."""
        head, tail, done = [], [], 0
        for text, ink in self.pieces:
            here = min(max(at - done, 0), len(text))
            head.append((text[:here], ink))
            tail.append((text[here:], ink))
            done += len(text)
        kept, rest = (tuple(piece for piece in part if piece[0]) for part in (head, tail))
        return replace(self, pieces=kept, after=0), replace(self, pieces=rest, first=self.left)


Block = tuple[Text, ...]
"""The paragraphs of a cell."""


@frozen
class Band:
    """One row of a slide: its cells, whether a group begins here, and whether it only introduces what follows.

    One that `opens` is the first of several that belong together: a slide ends before it, where they fit on the next.
    """

    cells: tuple[Block, ...]
    starts: bool = True
    introduces: bool = False
    least: float = 0
    opens: bool = False

    def height(self, widths: Sequence[float]) -> float:
        """Return the height in millimetres under columns of these widths."""
        tallest = max(
            sum(text.height(width - 2 * SIDE) for text in block)
            for block, width in zip(self.cells, widths, strict=True)
        )
        return max(self.least, tallest + 2 * ABOVE)

    def parted(self, widths: Sequence[float], height: float) -> tuple["Band", "Band"]:
        """Part a row that is too tall: what fits into `height` millimetres, and the rest."""
        sides = [
            _parted(block, width - 2 * SIDE, height - 2 * ABOVE)
            for block, width in zip(self.cells, widths, strict=True)
        ]
        head, tail = zip(*sides, strict=True)
        return replace(self, cells=head, least=0), replace(self, cells=tail, starts=False, least=0, opens=False)

    @property
    def depth(self) -> float:
        """Return how far its first line is set in, in millimetres."""
        return min((block[0].first for block in self.cells if block), default=0)

    @property
    def empty(self) -> bool:
        """Check whether nothing stands in it."""
        return not any(text.pieces for block in self.cells for text in block)


def _parted(block: Block, width: float, height: float) -> tuple[Block, Block]:
    for at, text in enumerate(block):
        if text.height(width) > height:
            ends = text.ends(width)
            fit = min(int(height / text.pitch), len(ends) - 1)
            if fit <= 0:
                return block[:at], block[at:]
            head, tail = text.cut(_sentence_end("".join(piece for piece, _ in text.pieces), ends[fit - 1]))
            return (*block[:at], head), (tail, *block[at + 1 :])
        height -= text.height(width)
    return block, ()


def _sentence_end(text: str, at: int) -> int:
    """Step back to the last full stop, if much of the text still stands before it."""
    stop = text.rfind("。", 0, at) + 1
    return stop if stop >= at * _LEAST_HEAD else at


def paged(bands: Sequence[Band], widths: Sequence[float], first: float, room: float) -> list[list[Band]]:
    """Deal rows out to slides; `first` and `room` are the millimetres on the first and on every other slide.

    A group goes to the next slide when it fits there whole; one that is taller than a slide goes on under what stands
    over its rows again, marked （続き）. A row that introduces others never ends a slide, no row is taller than its
    slide. The first slide stays empty where nothing fits beside what stands on it.
    """
    pages: list[list[Band]] = [[]]
    left = first

    def again(over: Sequence[Band], taken: Sequence[Band]) -> list[Band]:
        """Repeat what stands over the rows that a slide begins with; what is too tall for that stands there once."""
        found = [_continued(each) for each in over if not any(each is one for one in taken)]
        while sum(each.height(widths) for each in found) > room * _TALL:
            found.pop()
        return found

    for group in _groups(bands):
        whole = sum(band.height(widths) for band in group)
        if pages[-1] and whole > left and whole <= room:
            pages.append([])
            left = room
        over: list[Band] = []
        for at, band in enumerate(group):
            while band.opens and over and over[-1].depth >= band.depth:
                over.pop()
            if at and band.opens and not all(each.introduces for each in pages[-1]):
                unit = sum(each.height(widths) for each in _unit(group[at:]))
                taken = _trailing(pages[-1])
                above = [*again(over, taken), *taken]
                if left < unit <= room - sum(each.height(widths) for each in above):
                    _pulled(pages[-1])
                    pages.append(above)
                    left = room - sum(each.height(widths) for each in pages[-1])
            rest = band
            while (height := rest.height(widths)) > left:
                page = pages[-1]
                fresh = all(each.introduces for each in page)
                pulled: list[Band] = []
                if fresh and page and left < room * _TALL:  # headings alone fill the slide
                    pages.append([])
                    left = room
                    continue
                if not fresh and (height <= room or left < room * _TALL):
                    pulled = _pulled(page)
                else:
                    head, rest = rest.parted(widths, left)
                    page += [] if head.empty else [head]
                pages.append([*again(over, pulled), *pulled])
                left = room - sum(each.height(widths) for each in pages[-1])
            pages[-1].append(rest)
            left -= rest.height(widths)
            if band.introduces:
                over.append(band)
    return pages


def accompanied(pages: Sequence[list[Band]], widths: Sequence[float], room: float) -> list[list[Band]]:
    """Let nothing stand alone on a slide that goes on: the row before it comes along, with what introduces that.

    A row that was parted for want of room stays where it is: its other part fills the slide before.
    """
    found = [page for page in pages if page]
    for before, page in pairwise(found):
        if len(page) == 1 and len(before) > _LEAST_ROWS and page[0].starts:
            kept = len(before) - 1
            while kept and before[kept - 1].introduces:
                kept -= 1
            if kept and sum(band.height(widths) for band in (*before[kept:], *page)) <= room:
                page[:0] = before[kept:]
                del before[kept:]
    return found


_LEAST_ROWS: Final = 2
"""Rows that a slide may not be left with fewer than."""


def _groups(bands: Sequence[Band]) -> list[list[Band]]:
    groups: list[list[Band]] = []
    for band in bands:
        if band.starts or not groups:
            groups.append([])
        groups[-1].append(band)
    return groups


def _unit(bands: Sequence[Band]) -> list[Band]:
    """Return the first row with those that belong to it."""
    return [bands[0], *takewhile(lambda band: not band.opens and not band.starts, bands[1:])]


def _trailing(page: Sequence[Band]) -> list[Band]:
    """Return what would introduce nothing at the end of a slide."""
    return list(takewhile(lambda band: band.introduces, reversed(page)))[::-1]


def _pulled(page: list[Band]) -> list[Band]:
    """Take back what would introduce nothing at the end of a slide, unless nothing else stands there."""
    pulled = _trailing(page)
    if len(pulled) == len(page):
        return []
    del page[len(page) - len(pulled) :]
    return pulled


def _continued(band: Band) -> Band:
    """Repeat a heading; what it says of changes was said once."""
    cells = tuple(
        tuple(
            Text((*((text, replace(ink, underlined=False)) for text, ink in line.pieces if ink.colour != RED), _MORE))
            for line in block[:1]
        )
        for block in band.cells
    )
    return Band(cells, starts=True, introduces=True)


_MORE: Final = ("（続き）", Ink(12, GREY))
MORE: Final = _MORE[0]


# --- DrawingML --------------------------------------------------------------------------------------------------------


def paragraphs(block: Iterable[Text]) -> str:
    """Write the paragraphs of a text body; an empty body still has one."""
    return "".join([_paragraph(text) for text in block]) or "<a:p/>"


def _paragraph(text: Text) -> str:
    points = round(text.size * _PITCH * 100)
    after = f'<a:spcAft><a:spcPts val="{round(text.after * 100)}"/></a:spcAft>'
    return (
        f'<a:p><a:pPr marL="{emu(text.left)}" indent="{emu(text.first - text.left)}" algn="{text.align}">'
        f'<a:lnSpc><a:spcPts val="{points}"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef>{after}<a:buNone/>'
        f"</a:pPr>{''.join([_run(words, ink) for words, ink in _joined(text.pieces)])}</a:p>"
    )


def _joined(pieces: Iterable[tuple[str, Ink]]) -> Iterable[tuple[str, Ink]]:
    for ink, group in groupby(pieces, lambda piece: piece[1]):
        yield "".join(text for text, _ in group), ink


def _run(text: str, ink: Ink) -> str:
    look = _look(ink)
    runs = [f"<a:r><a:rPr {look}</a:rPr><a:t>{escaped(part)}</a:t></a:r>" for part in text.split("\n")]
    return f"<a:br><a:rPr {look}</a:rPr></a:br>".join(runs)


def _look(ink: Ink) -> str:
    bold = ' b="1"' if ink.bold else ""
    underlined = ' u="sng"' if ink.underlined else ""
    fonts = "".join(f'<a:{kind} typeface="{FONT}"/>' for kind in ("latin", "ea", "cs"))
    return (
        f'lang="ja-JP" altLang="en-US" sz="{round(ink.size * 100)}"{bold}{underlined} dirty="0">'
        f'<a:solidFill><a:srgbClr val="{ink.colour}"/></a:solidFill>{fonts}'
    )


def page_number(ink: Ink) -> str:
    """Write the paragraph of a slide's number."""
    return (
        '<a:p><a:pPr algn="r"/><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
        f"<a:rPr {_look(ink)}</a:rPr><a:t>‹#›</a:t></a:fld></a:p>"
    )


def placeholder(number: int, name: str, kind: str, body: str, more: str = "") -> str:
    """Write a shape that stands where the layout says."""
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f'</p:cNvSpPr><p:nvPr><p:ph type="{kind}"{more}/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{body}</p:txBody></p:sp>"
    )


@frozen
class Box:
    """A rectangle on a slide, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def xml(self, prefix: str = "a", turned: str = "") -> str:
        """Return it as a transform; `turned` holds flips."""
        return (
            f'<{prefix}:xfrm{turned}><a:off x="{emu(self.x)}" y="{emu(self.y)}"/>'
            f'<a:ext cx="{emu(self.width)}" cy="{emu(self.height)}"/></{prefix}:xfrm>'
        )


def shape(
    number: int,
    name: str,
    box: Box,
    block: Block = (),
    *,
    fill: str = "",
    form: str = "rect",
    body: str = 'wrap="square"',
) -> str:
    """Write a shape with text in it; without `fill` it is a text box. `body` are attributes of the text body."""
    is_box = ' txBox="1"' if not fill else ""
    filled = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    look = f'{box.xml()}<a:prstGeom prst="{form}"><a:avLst/></a:prstGeom>{filled}<a:ln><a:noFill/></a:ln>'
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{escaped(name)}"/><p:cNvSpPr{is_box}/><p:nvPr/>'
        f"</p:nvSpPr><p:spPr>{look}</p:spPr>"
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" {body}>'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs(block)}</p:txBody></p:sp>"
    )


@frozen
class Outline:
    """How a shape is painted: the colours of its area and its line, if any; `thick` in points."""

    fill: str = ""
    stroke: str = ""
    thick: float = 1
    dashed: bool = False

    @property
    def xml(self) -> str:
        """Return area and line as DrawingML."""
        solid = '<a:solidFill><a:srgbClr val="{}"/></a:solidFill>'
        dash = '<a:prstDash val="sysDash"/>' if self.dashed else ""
        line = f'<a:ln w="{round(self.thick * 12700)}">{solid.format(self.stroke)}{dash}</a:ln>'
        area = solid.format(self.fill) if self.fill else "<a:noFill/>"
        return area + (line if self.stroke else "<a:ln><a:noFill/></a:ln>")


Points = Sequence[Sequence[tuple[float, float]]]


def outlined(number: int, name: str, form: str, points: Points, look: Outline) -> str:
    """Write a rectangle or an ellipse by its corners, or a path: each step a point, or the three of a curve."""
    flat = [point for step in points for point in step]
    left, top = (min(point[at] for point in flat) for at in (0, 1))
    width, height = (max(point[at] for point in flat) - least for at, least in ((0, left), (1, top)))
    if form != "path":
        geometry = f'<a:prstGeom prst="{form}"><a:avLst/></a:prstGeom>'
    else:
        steps = "".join(_step(at, [(x - left, y - top) for x, y in each]) for at, each in enumerate(points))
        geometry = (
            "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
            '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
            f'<a:path w="{emu(width)}" h="{emu(height)}"{"" if look.fill else _OPEN}>{steps}'
            f"{'<a:close/>' if look.fill else ''}</a:path></a:pathLst></a:custGeom>"
        )
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{escaped(name)}"/><p:cNvSpPr/><p:nvPr/>'
        f"</p:nvSpPr><p:spPr>{Box(left, top, width, height).xml()}{geometry}{look.xml}</p:spPr></p:sp>"
    )


_OPEN: Final = ' fill="none"'
_STEPS: Final = {0: "moveTo", 1: "lnTo", 3: "cubicBezTo"}


def _step(at: int, points: Sequence[tuple[float, float]]) -> str:
    tag = _STEPS[len(points) if at else 0]
    pins = "".join(f'<a:pt x="{emu(x)}" y="{emu(y)}"/>' for x, y in points)
    return f"<a:{tag}>{pins}</a:{tag}>"


PIN: Final = 0.4
"""Millimetres of the unseen squares that arrows are fixed to: programs lay out loose ends as they like."""
_LEFT_SITE, _RIGHT_SITE = 1, 3
"""Connection sites of a rectangle, as DrawingML numbers them."""


def pin(number: int, at: tuple[float, float]) -> str:
    """Write an unseen square around a point, for an arrow to be fixed to."""
    return shape(number, "矢印の端", Box(at[0] - PIN / 2, at[1] - PIN / 2, PIN, PIN))


def connector(
    number: int, name: str, start: tuple[float, float], end: tuple[float, float], pins: tuple[int, int]
) -> str:
    """Write an arrow to the right between two pins, bent where its ends are not level; the points in millimetres."""
    (left, top), (right, bottom) = start, end
    form = "straightConnector1" if top == bottom else "bentConnector3"
    turned = ' flipV="1"' if bottom < top else ""
    box = Box(left, min(top, bottom), right - left, abs(bottom - top))
    fixed = f'<a:stCxn id="{pins[0]}" idx="{_RIGHT_SITE}"/><a:endCxn id="{pins[1]}" idx="{_LEFT_SITE}"/>'
    return (
        f'<p:cxnSp {NAMESPACES}><p:nvCxnSpPr><p:cNvPr id="{number}" name="{escaped(name)}"/><p:cNvCxnSpPr>{fixed}'
        f'</p:cNvCxnSpPr><p:nvPr/></p:nvCxnSpPr><p:spPr>{box.xml(turned=turned)}<a:prstGeom prst="{form}"><a:avLst/>'
        f'</a:prstGeom><a:ln w="28575"><a:solidFill><a:srgbClr val="{RED}"/></a:solidFill><a:tailEnd type="triangle"/>'
        "</a:ln></p:spPr></p:cxnSp>"
    )


def table(
    number: int, box: Box, widths: Sequence[float], head: Sequence[str], bands: Sequence[Band], caption: str
) -> str:
    """Write a table; a line stands between two rows where the second begins a group."""
    grid = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in widths)
    rows = [_head(head, widths)] if any(head) else []
    for at, band in enumerate(bands):
        last = at + 1 == len(bands) or bands[at + 1].starts
        cells = "".join(_cell(block, top=band.starts, bottom=last) for block in band.cells)
        rows.append(f'<a:tr h="{emu(band.height(widths))}">{cells}</a:tr>')
    return (
        f'<p:graphicFrame {NAMESPACES}><p:nvGraphicFramePr><p:cNvPr id="{number}" name="表 {number}" '
        f'descr="{escaped(caption)}"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr>'
        f'<p:nvPr/></p:nvGraphicFramePr>{box.xml("p")}<a:graphic><a:graphicData uri="{_TABLE}">'
        f'<a:tbl><a:tblPr firstRow="{int(any(head))}"><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>'
        f"<a:tblGrid>{grid}</a:tblGrid>{''.join(rows)}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


_LEAST_HEAD_HEIGHT: Final = 9.0
"""Millimetres that a table's head row takes at least."""
_LARGE_HEAD: Final = 3
"""Columns up to which the head row is set in large letters."""


def _head_band(words: Sequence[str]) -> Band:
    ink = Ink(14 if len(words) <= _LARGE_HEAD else 11, bold=True)
    return Band(tuple((Text(((word, ink),), align="ctr"),) for word in words), least=_LEAST_HEAD_HEIGHT)


def head_height(words: Sequence[str], widths: Sequence[float]) -> float:
    """Return the millimetres of a head row with these words; there is none without words."""
    return _head_band(words).height(widths) if any(words) else 0


def _head(words: Sequence[str], widths: Sequence[float]) -> str:
    band = _head_band(words)
    cells = "".join(_cell(block, top=True, bottom=True, fill=HEAD_FILL, anchor="ctr") for block in band.cells)
    return f'<a:tr h="{emu(band.height(widths))}">{cells}</a:tr>'


def _cell(block: Block, *, top: bool, bottom: bool, fill: str = "", anchor: str = "t") -> str:
    drawn = {"L": True, "R": True, "T": top, "B": bottom}
    lines = "".join(
        f'<a:ln{side} w="9525"><a:solidFill><a:srgbClr val="{_GRID}"/></a:solidFill></a:ln{side}>'
        if wanted
        else f'<a:ln{side} w="0"><a:noFill/></a:ln{side}>'
        for side, wanted in drawn.items()
    )
    filled = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraphs(block)}</a:txBody>"
        f'<a:tcPr marL="{emu(SIDE)}" marR="{emu(SIDE)}" marT="{emu(ABOVE)}" marB="{emu(ABOVE)}" anchor="{anchor}">'
        f"{lines}{filled}</a:tcPr></a:tc>"
    )
