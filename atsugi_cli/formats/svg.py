"""SVG: the policy tree as a drawing (施策体系図), and as a page to look at and to print.

The text is measured more widely than any common font sets it and wrapped here, because no viewer wraps text of a
drawing: whatever font a reader has, nothing is cut and nothing overlaps.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import Final, Literal

from atsugi_cli.document import Document, Flag
from atsugi_cli.formats.html import page as html_page
from atsugi_cli.formats.html_page import escaped
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import CATALOGUE, look_of
from atsugi_cli.kinds.card import Hue
from atsugi_cli.layout.diagram import Band, Box, Diagram, State
from atsugi_cli.width import safe, width_of, wrapped

WIDTH: Final = 1120
MARGIN: Final = 24
ROOM: Final = WIDTH - 2 * MARGIN
PAD: Final = 8
"""Between the edge of a box and its text, in pixels as everything here."""
LOWEST: Final = 30
"""The height of a box with one line."""
COLUMN_WIDTHS: Final = {1: (ROOM,), 2: (250, 782), 3: (160, 306, 536), 4: (150, 226, 272, 316)}
"""Few words at the left, many at the right; more levels than these share the width evenly."""
NARROW_GAP: Final = 30
GAPS: Final = {"leaf": 6, "branch": 10, "root": 18}
BAND_LABEL: Final = 94
BAND_GAP: Final = 8
BAND_BOXES: Final = 4
"""So many boxes of a layer stand side by side."""
NOTCHES: Final = 3
SHEET: Final = 680
"""So much of the tree goes on a landscape A4 sheet beside the title, the heads of the columns and the stamp; the
sheet is printed at 87 % of the width then, its text in 8 points."""
A3: Final = (1526, 1062)
"""A sheet of landscape A3 within its margins, in pixels of 96 to the inch."""
LEAST: Final = 0.7
"""How much smaller a tree may be printed than drawn: its text is 7 points high then."""
MOST_COLUMNS: Final = 4
TALL: Final = 1200
"""The height of a column that a sheet of A3 holds besides title and legend."""
ROOMS: Final = (ROOM, 700, 560)
"""Widths of a column of the tree where several stand side by side."""
CONTINUED: Final = "（続き）"

FONTS: Final = (
    "'BIZ UDPGothic','BIZ UDPゴシック','Yu Gothic UI','Yu Gothic','Hiragino Sans',Meiryo,'Noto Sans CJK JP',sans-serif"
)
BADGE_COLOURS: Final[dict[Hue, str]] = {
    "come": "#c62828",
    "join": "#1f5f2c",
    "name": "#8a5300",
    "wording": "#5a4b8a",
    "figure": "#00617a",
    "rest": "#4a4f57",
}
INK: Final = "#1c1e21"
GREY: Final = "#5f646c"
"""Text of what is left out or gone; 5.4:1 and more on the papers it stands on."""

_WIDEST: Final = frozenset("MWmw@%&Œœ…—")


@frozen
class _Font:
    """A size of text, the height of its lines, and its weight."""

    size: float
    leading: int
    is_bold: bool = False


TITLE: Final = _Font(20, 28, is_bold=True)
HEAD: Final = _Font(13.5, 19, is_bold=True)
GOAL: Final = _Font(16, 22, is_bold=True)
GOAL_LEAD: Final = _Font(12.5, 18)
BRANCH: Final = _Font(13.5, 19, is_bold=True)
LEAF: Final = _Font(13.5, 19)
LEAD: Final = _Font(11.5, 18)
BADGE: Final = _Font(11, 16, is_bold=True)
SMALL: Final = _Font(11.5, 17)


@frozen
class _Look:
    """How boxes of a column are painted."""

    fill: str
    stroke: str
    ink: str
    title: _Font
    lead: _Font
    is_centred: bool = False


LOOKS: Final[dict[Literal["goal", "branch", "leaf"], _Look]] = {
    "goal": _Look("#1f4e79", "#1f4e79", "#fff", GOAL, GOAL_LEAD, is_centred=True),
    "branch": _Look("#eaf1f8", "#5b7ea3", INK, BRANCH, LEAD),
    "leaf": _Look("#fff", "#8a8f98", INK, LEAF, LEAD),
}


@frozen
class _Line:
    """One printed line, `indent` from the left edge of the text; a number stands before it."""

    text: str
    font: _Font
    indent: float = 0
    number: str = ""


@frozen
class _Badge:
    """A change kind, its label in as many lines as it needs."""

    flag: Flag
    lines: tuple[str, ...]
    width: float

    @property
    def height(self) -> int:
        return BADGE.leading * len(self.lines) + 2


@frozen
class _Content:
    """What stands in a box: lines, rows of badges, and the line that the first row shares, if any."""

    lines: tuple[_Line, ...]
    badges: tuple[tuple[_Badge, ...], ...]
    shared: int | None

    @property
    def height(self) -> int:
        rows = self.badges if self.shared is None else self.badges[1:]
        badges = sum(max(badge.height for badge in row) + 2 for row in rows)
        return sum(line.font.leading for line in self.lines) + badges


@frozen
class _Sized:
    """A box that knows how high it must be, with what is right of it and how high that is."""

    box: Box
    content: _Content
    children: tuple["_Sized", ...]
    below: int
    height: int


def write(plan: Diagram, options: Options) -> str:
    """Draw the policy tree of an edition: 1120 wide and as high as it needs, or as it stands on a sheet of A3."""
    sheets = large(plan) if options.large else (_drawing(plan, [plan.roots], plan.bands),)
    if len(sheets) > 1:
        raise MissingError(f"体系図はA3の一枚に収まりません（{len(sheets)}枚になります）。PDFで書き出してください。")
    drawing = sheets[0]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'


def size(drawing: str) -> tuple[int, int]:
    """Return the width and the height of a drawing in pixels."""
    found = re.search(r' width="(\d+)" height="(\d+)(?:\.\d+)?"', drawing)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def page(plan: Diagram, options: Options) -> str:  # noqa: ARG001
    """Put the drawing into an HTML page, cut between two goals where one sheet of paper would not hold it."""
    figures = "\n".join(f"<figure>{drawing}</figure>" for drawing in _drawings(plan))
    drawing = f'<div class="scroll" role="region" tabindex="0" aria-label="体系図">\n{figures}\n</div>'
    return html_page(
        Document("tree", plan.title, (), plan.stamp, plan.subtitle, plan.counts), f"<main>\n{drawing}\n</main>"
    )


def sheets(plan: Diagram) -> tuple[str, ...]:
    """Draw the policy tree as several drawings, each of which fits on a sheet of paper."""
    return tuple(_drawings(plan))


def _drawings(plan: Diagram) -> Iterable[str]:
    shared = _sheets(plan)
    for number, roots in enumerate(shared, 1):
        part = f"（{number}／{len(shared)}）" if len(shared) > 1 else ""
        yield _drawing(plan, [roots], plan.bands if number == len(shared) else (), part)


def _sheets(plan: Diagram) -> list[tuple[Box, ...]]:
    """Share the boxes of the first column out to sheets; what is higher than a sheet goes on on the next."""
    geometry = _Geometry(max(1, len(plan.columns)))
    sheets: list[list[Box]] = [[]]
    height = 0
    for root in plan.roots:
        for piece in _cut(root, geometry):
            own = geometry.sized(piece).height + GAPS["root"]
            if sheets[-1] and height + own > SHEET + GAPS["root"]:
                sheets.append([])
                height = 0
            sheets[-1].append(piece)
            height += own
    return [tuple(sheet) for sheet in sheets]


def _cut(box: Box, geometry: "_Geometry", limit: int = SHEET) -> list[Box]:
    """Cut a box between its children into pieces of at most `limit`, as far as these can be cut themselves."""
    if not box.children or geometry.sized(box).height <= limit:
        return [box]
    groups: list[list[Box]] = []
    height = 0
    for child in box.children:
        for piece in _cut(child, geometry, limit):
            own = geometry.sized(piece).height + GAPS["branch"]
            if not groups or height + own > limit + GAPS["branch"]:
                groups.append([])
                height = 0
            groups[-1].append(piece)
            height += own
    first, *rest = groups
    again = [
        replace(box, path=f"{box.path}:{number}", title=box.title + CONTINUED, children=tuple(group))
        for number, group in enumerate(rest, 2)
    ]
    return [replace(box, children=tuple(first)), *again]


# --- measuring --------------------------------------------------------------------------------------------------------


def _measured(text: str, font: _Font) -> float:
    """Measure a line as wide as the widest common font may set it."""
    return font.size * sum(map(_em, text))


def _em(character: str) -> float:
    cells = width_of(character, 2)
    if cells != 1:
        return cells / 2
    if character in _WIDEST:
        return 1.0
    if character.isupper():
        return 0.76
    return 0.35 if character == " " else 0.62


def _fitted(text: str, font: _Font, room: float) -> list[str]:
    """Wrap a text into lines of at most `room`; only a character wider than that is wider."""
    cells = max(2, int(room / font.size * 2))
    while True:
        lines = [line.text for line in wrapped([(safe(text), None)], cells, ambiguous=2)]
        widest = max(_measured(line, font) for line in lines)
        if widest <= room or cells <= 2:
            return lines
        cells = max(2, min(cells - 1, int(cells * room / widest)))


def _balanced(text: str, font: _Font, room: float) -> list[str]:
    """Wrap a text into as few lines, but of even length (重要な / 視点), as text in the middle of a box wants."""
    lines = narrower = _fitted(text, font, room)
    while 1 < len(narrower) == len(lines) and room > font.size:
        lines = narrower
        room -= font.size / 4
        narrower = _fitted(text, font, room)
    return lines


def _badge(flag: Flag, room: float) -> _Badge:
    lines = tuple(_fitted(flag.label, BADGE, max(room - 10, BADGE.size)))
    return _Badge(flag, lines, max(_measured(line, BADGE) for line in lines) + 10)


def _content(box: Box, look: _Look, room: float, *, share: Literal["first", "last"]) -> _Content:
    """Wrap what a box says; its badges share its first or last line where they fit, else stand below."""
    lines = [_Line(text, look.lead) for text in _fitted(box.lead, look.lead, room)] if box.lead else []
    number = safe(box.number)
    before = _measured(number, look.title) + 6 if number else 0
    if look.is_centred or before > room / 2:
        words = " ".join(filter(None, (box.number, box.title)))
        lines += [_Line(text, look.title) for text in _balanced(words, look.title, room)]
    else:
        for text in _fitted(box.title, look.title, room - before):
            lines.append(_Line(text, look.title, before, number))
            number = ""
    lines += [_Line(text, look.lead) for text in _fitted(box.note, look.lead, room)] if box.note else []
    rows: list[list[_Badge]] = []
    left = 0.0
    for flag in box.flags:
        badge = _badge(flag, room)
        if not rows or badge.width > left:
            rows.append([])
            left = room
        rows[-1].append(badge)
        left -= badge.width + 4
    shared = None
    if rows and not look.is_centred:
        at = 0 if share == "first" else len(lines) - 1
        taken = lines[at].indent + _measured(lines[at].text, lines[at].font) + PAD
        if taken + _row_width(rows[0]) <= room and all(len(badge.lines) == 1 for badge in rows[0]):
            shared = at
    return _Content(tuple(lines), tuple(map(tuple, rows)), shared)


def _row_width(row: Sequence[_Badge]) -> float:
    return sum(badge.width for badge in row) + 4 * (len(row) - 1)


@frozen
class _Geometry:
    """Where the columns stand."""

    number: int
    room: int = ROOM

    @property
    def widths(self) -> tuple[int, ...]:
        even = (ROOM - NARROW_GAP * (self.number - 1)) // self.number
        widths = COLUMN_WIDTHS.get(self.number, (even,) * self.number)
        return tuple(width * self.room // ROOM for width in widths)

    def left(self, column: int) -> int:
        """Return the left edge of a column."""
        gap = (self.room - sum(self.widths)) // max(1, self.number - 1)
        return MARGIN + sum(self.widths[:column]) + gap * column

    def look(self, column: int) -> _Look:
        """Return the look of a column's boxes."""
        if column == 0:
            return LOOKS["goal"]
        return LOOKS["leaf" if column == self.number - 1 else "branch"]

    def gap(self, above: Box, below: Box) -> int:
        """Return the room between two siblings."""
        if above.column == self.number - 1 == below.column:
            return GAPS["leaf"]
        return GAPS["branch"]

    def sized(self, box: Box) -> _Sized:
        """Measure a box and all that is right of it; it is at least as high as what is right of it."""
        room = self.widths[box.column] - 2 * PAD
        content = _content(box, self.look(box.column), room, share="last")
        children = tuple(map(self.sized, box.children))
        below = sum(child.height for child in children)
        below += sum(self.gap(*pair) for pair in zip(box.children, box.children[1:], strict=False))
        return _Sized(box, content, children, below, max(LOWEST, content.height + 11, below))


# --- drawing ----------------------------------------------------------------------------------------------------------


def _drawing(
    plan: Diagram,
    columns: Sequence[Sequence[Box]],
    bands: Sequence[Band],
    part: str = "",
    room: int = ROOM,
) -> str:
    """Draw columns of boxes side by side under the heads of the levels, below them the given layers and the legend.

    `room` is the width of a column.
    """
    out: list[str] = []
    step = room + 2 * MARGIN
    wide = max(WIDTH, step * len(columns) - MARGIN * (len(columns) - 1))
    top = y = _heading(plan, part, out, wide)
    geometry = _Geometry(max(1, len(plan.columns)), room)
    for at, roots in enumerate(columns):
        if at:
            out.append(f'<g id="column:{at}" transform="translate({at * (step - MARGIN)} 0)">')
        below = _heads(plan.columns, geometry, top, out) if roots else top
        for root in roots:
            sized = geometry.sized(root)
            _tree(sized, below, geometry, out)
            below += sized.height + GAPS["root"]
        y = max(y, below - (GAPS["root"] if roots else 0))
        if at:
            out.append("</g>")
    for band in bands:
        y = _band(band, y + 26, out, notched=any(columns))
    drawn = [box for roots in columns for root in roots for box in root.walk()]
    drawn += [box for band in bands for box in band.boxes]
    y = _legend(drawn, y + 12, out)
    y = _foot(plan, y + 6, out)
    height = y + 14
    title = f"{plan.title}{part}　{plan.subtitle}"
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{height}" viewBox="0 0 {wide} {height}" '
        f'lang="ja" xml:lang="ja" font-family="{FONTS}" font-size="13.5" fill="{INK}">\n'
        f"<title>{escaped(title)}</title>\n<desc>{escaped(_description(plan, drawn))}</desc>\n"
        f'<rect width="{wide}" height="{height}" fill="#fff"/>\n'
    )
    return start + "\n".join(out) + "\n</svg>"


def large(plan: Diagram) -> tuple[str, ...]:
    """Draw the tree on one sheet of A3, in as many columns as let it be largest; on more where it could not be read."""
    geometry = _Geometry(max(1, len(plan.columns)))
    roots = [piece for root in plan.roots for piece in _cut(root, geometry, TALL)]
    pages: list[tuple[float, str]] = []
    for number in range(1, max(1, len(roots)) + 1):
        parts = _dealt(roots, number, geometry)
        names = [f"（{at}／{len(parts)}）" if len(parts) > 1 else "" for at in range(1, len(parts) + 1)]
        pages = [_largest(plan, each, name, last=name == names[-1]) for each, name in zip(parts, names, strict=True)]
        if all(scale >= LEAST for scale, _ in pages):
            break
    return tuple(drawing for _, drawing in pages)


def _largest(plan: Diagram, roots: Sequence[Box], part: str, *, last: bool) -> tuple[float, str]:
    """Draw a sheet in the columns with which it is printed largest; say also how large that is."""
    found: list[tuple[float, str]] = []
    for number, room in product(range(1, min(MOST_COLUMNS, max(1, len(roots))) + 1), ROOMS):
        columns = _dealt(roots, number, _Geometry(max(1, len(plan.columns)), room))
        drawing = _drawing(plan, columns, plan.bands if last else (), part, room)
        wide, high = size(drawing)
        found.append((min(A3[0] / wide, A3[1] / high), drawing))
    return max(found, key=lambda each: each[0])


def _dealt(roots: Sequence[Box], number: int, geometry: "_Geometry") -> list[tuple[Box, ...]]:
    """Deal boxes out to columns of about one height, in their order."""
    heights = [geometry.sized(root).height + GAPS["root"] for root in roots]
    columns: list[list[Box]] = [[] for _ in range(number)]
    done = 0
    for root, height in zip(roots, heights, strict=True):
        columns[min(number - 1, int((done + height / 2) * number / max(1, sum(heights))))].append(root)
        done += height
    return [tuple(column) for column in columns if column] or [()]


def _description(plan: Diagram, drawn: Sequence[Box]) -> str:
    """Say in words what the drawing shows: how many boxes and which changes."""
    changed = sum(1 for box in drawn if box.flags)
    columns = "、".join(filter(None, plan.columns))
    words = f"左から{columns}の順に、{len(drawn)}個の枠で示した体系図。" if columns else ""
    return f"{words}変更のある枠は{changed}個。" if changed else words


def _text(x: float, y: float, text: str, font: _Font, ink: str = INK, anchor: str = "") -> str:
    """Print one line; y is its baseline."""
    bold = ' font-weight="bold"' if font.is_bold else ""
    at = f' text-anchor="{anchor}"' if anchor else ""
    # Blanks at the start and in a row are kept; an attribute does it in every viewer.
    space = ' xml:space="preserve"' if "  " in text or text != text.strip(" ") else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{font.size:g}"{bold}{at} fill="{ink}"{space}>'
        f"{escaped(text).replace(chr(10), ' ')}</text>"
    )


def _baseline(font: _Font) -> float:
    """Return the distance from the top of a line to its baseline: the middle of a Japanese character is at 0.38 em."""
    return round(font.leading / 2 + font.size * 0.36, 1)


def _texts(
    lines: Iterable[str], font: _Font, x: float, y: float, out: list[str], ink: str = INK, anchor: str = ""
) -> float:
    """Print lines one below the other from y on, and return where the next would stand."""
    for line in lines:
        out.append(_text(x, y + _baseline(font), line, font, ink, anchor))
        y += font.leading
    return y


def _heading(plan: Diagram, part: str, out: list[str], sheet: int = WIDTH) -> float:
    room = sheet - 2 * MARGIN
    number = plan.stamp.number
    beside = min(_measured(number, HEAD) + 24, room / 3) if number else 0
    title = _fitted(plan.title + part, TITLE, room - beside)
    y = _texts(title, TITLE, MARGIN, 10, out)
    right = sheet - MARGIN
    if number:
        boxed = _fitted(number, HEAD, beside - 12)
        height = len(boxed) * HEAD.leading + 8
        place = f'x="{right - beside + 8:g}" y="10" width="{beside - 8:g}" height="{height}"'
        out.append(f'<rect {place} fill="none" stroke="{INK}"/>')
        _texts(boxed, HEAD, right - beside / 2 + 4, 14, out, INK, "middle")
        y = max(y, 14 + height)
    lines = _fitted(plan.subtitle, SMALL, room)
    if not number and len(lines) == 1 and _measured(title[-1], TITLE) + 20 + _measured(lines[0], SMALL) <= room:
        out.append(_text(right, y - 9, lines[0], SMALL, GREY, "end"))
    else:
        y = _texts(lines, SMALL, right, y, out, GREY, "end")
    return y + 6


def _heads(columns: Sequence[str], geometry: _Geometry, y: float, out: list[str]) -> float:
    labels = [_fitted(label, HEAD, width - 2 * PAD) for label, width in zip(columns, geometry.widths, strict=True)]
    height = max(map(len, labels)) * HEAD.leading + 8
    for column, lines in enumerate(labels):
        left, width = geometry.left(column), geometry.widths[column]
        out.append(f'<rect x="{left}" y="{y}" width="{width}" height="{height}" fill="#e3e5e8"/>')
        top = y + (height - len(lines) * HEAD.leading) / 2
        _texts(lines, HEAD, left + width / 2, top, out, INK, "middle")
    return y + height + 8


def _tree(sized: _Sized, y: float, geometry: _Geometry, out: list[str]) -> None:
    """Draw a box, the lines to what is right of it, and that."""
    box = sized.box
    left, width = geometry.left(box.column), geometry.widths[box.column]
    _box(sized.box, sized.content, geometry.look(box.column), (left, y, width, sized.height), out)
    at = y + (sized.height - sized.below) // 2
    middles = []
    for number, child in enumerate(sized.children):
        _tree(child, at, geometry, out)
        middles.append((geometry.left(child.box.column), at + child.height / 2))
        if number + 1 < len(sized.children):
            at += child.height + geometry.gap(child.box, sized.children[number + 1].box)
    if middles:
        start, own = left + width, y + sized.height / 2
        bus = start + (geometry.left(box.column + 1) - start) / 2
        ends = [own, *(middle for _, middle in middles)]
        path = f"M{start:g} {own:g}H{bus:g}M{bus:g} {min(ends):g}V{max(ends):g}"
        path += "".join(f"M{bus:g} {middle:g}H{x:g}" for x, middle in middles)
        out.append(f'<path d="{path}" fill="none" stroke="#6b7078" stroke-width="1.3"/>')


def _frame(state: State, look: _Look) -> tuple[str, str, str]:
    """Return the fill, the stroke (as attributes) and the ink of a box in a state."""
    is_dark = look.ink != INK
    match state:
        case "new":
            return (look.fill if is_dark else "#fff5f4"), 'stroke="#c62828" stroke-width="2.4"', look.ink
        case "changed":
            return look.fill, 'stroke="#444" stroke-width="1.6"', look.ink
        case "gone":
            return "#f3f3f3", 'stroke="#8a8f98" stroke-width="1.4" stroke-dasharray="5 3"', GREY
        case "omitted":
            return look.fill, f'stroke="{look.stroke}"', look.ink if is_dark else GREY
        case "same":
            return look.fill, f'stroke="{look.stroke}"', look.ink


def _box(box: Box, content: _Content, look: _Look, area: tuple[float, float, float, float], out: list[str]) -> None:
    """Draw a box with its text in the middle of its height and its badges at the right."""
    x, y, width, height = area
    fill, stroke, ink = _frame(box.state, look)
    out.append(f'<g id="{escaped(box.path)}"><title>{escaped(box.words)}</title>')
    out.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3" fill="{fill}" {stroke}/>')
    top = y + (height - content.height) / 2
    rows = list(content.badges)
    right = x + width - PAD
    for number, line in enumerate(content.lines):
        at = top + _baseline(line.font)
        if look.is_centred:
            out.append(_text(x + width / 2, at, line.text, line.font, ink, "middle"))
        else:
            if line.number:
                out.append(_text(x + PAD, at, line.number, line.font, ink))
            out.append(_text(x + PAD + line.indent, at, line.text, line.font, ink))
        if number == content.shared:
            row = rows.pop(0)
            _badges(row, right - _row_width(row), top + (line.font.leading - row[0].height) / 2, out)
        top += line.font.leading
    for row in rows:
        _badges(row, right - _row_width(row), top + 1, out)
        top += max(badge.height for badge in row) + 2
    out.append("</g>")


def _badges(row: Iterable[_Badge], x: float, y: float, out: list[str]) -> None:
    """Draw badges side by side; one that the author did not declare is hollow."""
    for badge in row:
        colour = BADGE_COLOURS[look_of(badge.flag.code).hue]
        fill, ink, dash = ("#fff", colour, ' stroke-dasharray="3 2"') if badge.flag.proposed else (colour, "#fff", "")
        out.append(
            f'<rect x="{x:g}" y="{y:g}" width="{badge.width:g}" height="{badge.height}" rx="2" fill="{fill}" '
            f'stroke="{colour}"{dash}/>'
        )
        _texts(badge.lines, BADGE, x + badge.width / 2, y + 1, out, ink, "middle")
        x += badge.width + 4


def _band(band: Band, y: float, out: list[str], *, notched: bool) -> float:
    """Draw a layer across the tree: its name at the left, its boxes in rows, and signs that point up to the tree."""
    name = _balanced(band.label, GOAL, BAND_LABEL - 2 * PAD)
    note = _fitted("（施策横断）", SMALL, BAND_LABEL)
    rows = -(-len(band.boxes) // BAND_BOXES)
    per_row = -(-len(band.boxes) // rows)
    left = MARGIN + BAND_LABEL
    width = (ROOM - BAND_LABEL - BAND_GAP * per_row) / per_row
    contents = [_content(box, LOOKS["leaf"], width - 2 * PAD, share="first") for box in band.boxes]
    lines = [range(start, min(start + per_row, len(contents))) for start in range(0, len(contents), per_row)]
    heights = [max(contents[at].height for at in line) + 14 for line in lines]
    label = len(name) * GOAL.leading + len(note) * SMALL.leading + 8
    height = max(sum(heights) + BAND_GAP * (rows + 1), label + 16)
    out.append(f'<g id="{escaped(f"band:{band.code}")}"><title>{escaped(band.label)}</title>')
    out.append(f'<rect x="{MARGIN}" y="{y}" width="{ROOM}" height="{height}" rx="3" fill="#f3ead3" stroke="#a98a3a"/>')
    if notched:
        for number in range(1, NOTCHES + 1):
            at = MARGIN + ROOM * number / (NOTCHES + 1)
            out.append(
                f'<path d="M{at - 14:g} {y + 0.6:g}L{at:g} {y - 10}L{at + 14:g} {y + 0.6:g}" '
                'fill="#f3ead3" stroke="#a98a3a"/>'
            )
    top = y + (height - label) / 2
    for words, font in ((name, GOAL), (note, SMALL)):
        top = _texts(words, font, MARGIN + BAND_LABEL / 2, top, out, "#5a4610", "middle")
    at_y = y + (height - sum(heights) - BAND_GAP * (rows - 1)) / 2
    for line, row_height in zip(lines, heights, strict=True):
        for place, at in enumerate(line):
            x = left + place * (width + BAND_GAP)
            _box(band.boxes[at], contents[at], LOOKS["leaf"], (x, at_y, width, row_height), out)
        at_y += row_height + BAND_GAP
    out.append("</g>")
    return y + height


def _legend(boxes: Iterable[Box], y: float, out: list[str]) -> float:
    """Explain the badges that occur, in nouns from the table of kinds, in rows."""
    order = {entry.code: number for number, entry in enumerate(CATALOGUE)}
    flags = {(flag.code, flag.label): flag for box in boxes for flag in box.flags}
    is_guessed = any(flag.proposed for box in boxes for flag in box.flags)
    shown = [
        Flag(flag.code, flag.label)
        for flag in sorted(flags.values(), key=lambda flag: order.get(flag.code, len(order)))
    ]
    items = [(flag, _noun(entry.summary) if (entry := CATALOGUE.get(flag.code)) else "") for flag in shown]
    if is_guessed:
        items.append((Flag("", "種類", proposed=True), "推定（担当者の宣言がないもの）"))
    x: float = MARGIN
    height = 0
    for flag, words in items:
        badge = _badge(flag, ROOM / 2)
        lines = _fitted(words, SMALL, ROOM - badge.width - 6)
        width = badge.width + 6 + max(_measured(line, SMALL) for line in lines)
        if x > MARGIN and x + width > MARGIN + ROOM:
            x, y, height = MARGIN, y + height + 6, 0
        _badges([badge], x, y, out)
        _texts(lines, SMALL, x + badge.width + 6, y, out)
        x += width + 18
        height = max(height, badge.height, len(lines) * SMALL.leading)
    return y + height


def _noun(summary: str) -> str:
    """Say in a noun what a kind is: 名称が変わった項目です（内容は続いています）。 → 名称が変わった項目."""
    return re.sub("です(?:（.*)?$", "", summary.partition("。")[0])


def _foot(plan: Diagram, y: float, out: list[str]) -> float:
    """Print the stamp, its parts whole where a line holds them."""
    lines: list[str] = []
    for part in plan.stamp.parts:
        joined = f"{lines[-1]}　{part}" if lines else part
        if lines and _measured(joined, SMALL) <= ROOM:
            lines[-1] = joined
        else:
            lines += _fitted(part, SMALL, ROOM)
    return _texts(lines, SMALL, MARGIN, y, out, GREY)
