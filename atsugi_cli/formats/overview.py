"""Overview: 概要版 as shapes on one landscape A4 sheet, and the drawing, page and slide that are made of them.

Every number and name is text, every mark has a form besides its colour, so that a print in grey reads too.
"""

from collections.abc import Iterator
from itertools import count, groupby
from typing import Final, Literal

from atsugi_cli.document import Document
from atsugi_cli.formats.html import page as html_page
from atsugi_cli.formats.html_page import escaped
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.svg import (
    BADGE_COLOURS,
    FONTS,
    GREY,
    HEAD,
    INK,
    SMALL,
    TITLE,
    _balanced,
    _fitted,
    _Font,
    _measured,
    _text,
)
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.card import Hue
from atsugi_cli.layout.overview import Bullet, HeatRow, Overview, Ribbon

WIDTH, HEIGHT = 1122, 793
"""A4 landscape in pixels of 96 to the inch."""
MARGIN: Final = 24
TOP: Final = 100
BOTTOM: Final = 728
FLOW: Final = 560
"""Where the flow ends at the right; the rest of the sheet is for the figures."""
NAMES: Final = 150
BAR: Final = 10
TIP: Final = 44
"""Where a ribbon that comes from nothing begins."""
RIGHT: Final = 592
LABEL: Final = _Font(10, 12)
TINY: Final = _Font(9.4, 11)
"""7 points in print: nothing is smaller."""
NUMBER: Final = _Font(12, 14, is_bold=True)
MOST_ROWS: Final = 12
LAST: Final = 640
"""Where the figures end and the line of editions begins."""
GAP: Final = 22
LEADING: Final = 14
LEAST_LINES: Final = 3
"""Fewer changes in words would be taken for all there are."""
SAME: Final = "#d5dae1"
DASHES: Final[dict[Hue, str]] = {
    "come": "",
    "join": "6 2",
    "name": "2 2",
    "wording": "1 3",
    "figure": "8 3 2 3",
    "rest": "",
}
"""How a ribbon that moves is broken, so that hues are told apart in grey."""
LINES: Final = 4
"""Lines after which a sentence is cut: it must not end before its verb."""
READABLE: Final = 7
"""Pixels from which a ribbon has room for a character."""


Point = tuple[float, float]
_CURVE: Final = 3
"""Points of a curve: two that it is drawn to, and where it ends."""


@frozen
class Shape:
    """A rectangle (by its corners), an ellipse (likewise), or lines from point to point, three at a time a curve.

    `about` says what it stands for, for those who do not see it.
    """

    form: Literal["rect", "ellipse", "path"]
    points: tuple[tuple[Point, ...], ...]
    fill: str = ""
    stroke: str = ""
    thick: float = 1
    dash: str = ""
    about: str = ""

    @property
    def svg(self) -> str:
        """Write it as SVG."""
        fill = f' fill="{self.fill or "none"}"'
        line = f' stroke="{self.stroke}" stroke-width="{self.thick:g}"' if self.stroke else ""
        line += f' stroke-dasharray="{self.dash}"' if self.dash else ""
        if self.form == "path":
            start, *rest = self.points
            steps = "".join("LC"[len(each) == _CURVE] + " ".join(f"{x:g} {y:g}" for x, y in each) for each in rest)
            closed = "Z" if self.fill else ""
            return f'<path d="M{start[0][0]:g} {start[0][1]:g}{steps}{closed}"{fill}{line}/>'
        (left, top), (right, bottom) = self.points[0]
        if self.form == "ellipse":
            x, y, r = (left + right) / 2, (top + bottom) / 2, (right - left) / 2
            return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}"{fill}{line}/>'
        return f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}"{fill}{line}/>'


@frozen
class Words:
    """One line of text from, to or around `x`; `y` is its baseline."""

    x: float
    y: float
    text: str
    font: _Font = SMALL
    ink: str = INK
    anchor: Literal["", "middle", "end"] = ""
    about: str = ""

    @property
    def svg(self) -> str:
        """Write it as SVG."""
        return _text(self.x, self.y, self.text, self.font, self.ink, self.anchor)

    @property
    def width(self) -> float:
        """Measure it on the safe side."""
        return _measured(self.text, self.font)


Part = Shape | Words


def write(plan: Overview, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Draw the sheet."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + drawing(plan) + "\n"


def page(plan: Overview, options: Options) -> str:  # noqa: ARG001
    """Put the drawing into an HTML page."""
    figure = (
        f'<div class="scroll" role="region" tabindex="0" aria-label="概要">\n<figure>{drawing(plan)}</figure>\n</div>'
    )
    document = Document("overview", plan.title, (), plan.stamp, plan.subtitle, plan.counts)
    return html_page(document, f"<main>\n{figure}\n</main>")


def drawing(plan: Overview) -> str:
    """Draw the sheet as one SVG element; neighbours that are about one thing are one group."""
    out: list[str] = []
    for about, parts in groupby((*_head(plan), *content(plan), *_foot(plan)), lambda part: part.about):
        drawn = "\n".join(part.svg for part in parts)
        out.append(f"<g><title>{escaped(about)}</title>{drawn}</g>" if about else drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" lang="ja" xml:lang="ja" font-family="{FONTS}" fill="{INK}">\n'
        f"<title>{escaped(plan.title)}　{escaped(plan.subtitle)}</title>\n<desc>{escaped(told(plan))}</desc>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(out) + "\n</svg>"
    )


def told(plan: Overview) -> str:
    """Say what the sheet shows to those who do not see it."""
    numbers = "、".join(f"{count.label} {count.number}" for count in plan.counts) or "変更なし"
    return f"{plan.unit}{len(plan.ribbons)}件の流れ。変更の件数：{numbers}。"


def content(plan: Overview) -> Iterator[Part]:
    """Set everything between the title and the foot, in the order in which it is read."""
    numbers = count(1)
    yield from _flow(plan, next(numbers))
    y, parts = _heat(plan, next(numbers))
    yield from parts
    if plan.bullets:
        y, parts = _bullets(plan, y + GAP, next(numbers))
        yield from parts
    if lines := _sentences(plan, y + GAP, next(numbers)):
        yield from lines
    yield from _editions(plan, next(numbers) - (not lines))
    yield from _legend(plan)


def _head(plan: Overview) -> Iterator[Part]:
    number = plan.stamp.number
    facts = Words(WIDTH - MARGIN, 50, "　".join(plan.stamp.facts), SMALL, GREY, "end")
    room = WIDTH - 2 * MARGIN - max(facts.width, 220) - 20
    fonts = (TITLE, _Font(16, 22, is_bold=True))
    size = next((font for font in fonts if len(_fitted(plan.title, font, room)) == 1), HEAD)
    lines = _wrapped(plan.title, size, room, 2)  # the end of it says what the sheet is
    yield from (Words(MARGIN, 40 - size.leading * at, line, size) for at, line in enumerate(reversed(lines)))
    yield facts
    if number:
        width = _measured(number, HEAD) + 20
        yield _rect(WIDTH - MARGIN - width, 12, width, 24, "", INK)
        yield Words(WIDTH - MARGIN - width / 2, 29, number, HEAD, INK, "middle")


def _rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "", about: str = "") -> Shape:
    return Shape("rect", (((x, y), (x + width, y + height)),), fill, stroke, about=about)


def _cut(text: str, font: _Font, room: float) -> str:
    """Shorten a name to one line; what it stands for holds it whole."""
    lines = _fitted(text, font, room)
    if len(lines) <= 1:
        return "".join(lines)
    while text and _measured(text + "…", font) > room:
        text = text[:-1]
    return text + "…"


def _wrapped(text: str, font: _Font, room: float, most: int) -> list[str]:
    """Wrap a text into at most so many lines."""
    lines = _fitted(text, font, room)
    return lines if len(lines) <= most else [*lines[: most - 1], _cut("".join(lines[most - 1 :]), font, room)]


# --- the flow ---------------------------------------------------------------------------------------------------------


def _flow(plan: Overview, number: int) -> Iterator[Part]:
    """Draw one ribbon for each item from its group in the old edition to that in the new one."""
    yield Words(MARGIN, 72, f"{number}　{plan.unit}の流れ（帯1本が1件）", HEAD)
    if not plan.ribbons:
        yield Words(MARGIN, TOP + 20, "体系に項目がありません。", SMALL, GREY)
        return
    left, right = MARGIN + NAMES, FLOW - NAMES
    yield Words(left, 92, _cut(plan.heads[0], LABEL, NAMES), LABEL, INK, "end")
    yield Words(right, 92, _cut(plan.heads[1], LABEL, NAMES), LABEL)
    sides = [
        [[each for each in plan.ribbons if _end(each, side) == at] for at in range(len(names))]
        for side, names in ((0, plan.left), (1, plan.right))
    ]
    gap, step = _steps(plan)
    places: list[dict[int, float]] = [{}, {}]
    for side, (groups, names) in enumerate(zip(sides, (plan.left, plan.right), strict=True)):
        y: float = TOP
        for group, name in zip(groups, names, strict=True):
            height = max(step * len(group), 3)
            yield _rect(left if side == 0 else right - BAR, y, BAR, height, "#1f4e79", about=name)
            yield from _name(name, side, y + height / 2, height + gap, left if side == 0 else right)
            for at, ribbon in enumerate(group):
                places[side][id(ribbon)] = y + step * (at + 0.5)
            y += height + gap
    ends = {id(each): (places[0].get(id(each)), places[1].get(id(each))) for each in plan.ribbons}
    for ribbon in sorted(plan.ribbons, key=lambda each: (None in ends[id(each)], each.hue is not None)):
        here, there = sorted(ends[id(ribbon)], key=lambda end: end is None)
        side = ends[id(ribbon)].index(here)
        faced = there is None and any(
            pair[side] is None and abs((pair[1 - side] or 0) - (here or 0)) < LABEL.leading for pair in ends.values()
        )
        yield from _ribbon(ribbon, ends[id(ribbon)], (left + BAR, right - BAR), step, 0.5 if faced else 1)


def _steps(plan: Overview) -> tuple[float, float]:
    """Return the room between two groups, and from one ribbon to the next."""
    most = max(sum(_end(each, side) is not None for each in plan.ribbons) for side in (0, 1))
    gaps = max(len(plan.left), len(plan.right))
    gap = min(26.0, (BOTTOM - TOP) * 0.3 / max(1, gaps))
    return gap, min(28.0, (BOTTOM - TOP - gap * gaps) / max(1, most))


def _end(ribbon: Ribbon, side: int) -> int | None:
    return ribbon.right if side else ribbon.left


def _name(name: str, side: int, middle: float, room: float, x: float) -> Iterator[Words]:
    """Print the name of a group in two lines where it has room; where it has none, only a pointer shows it."""
    font = LABEL if room >= LABEL.leading else TINY
    if room < TINY.leading - 3:
        return
    lines = _wrapped(name, font, NAMES - 8, max(1, min(2, int(room // font.leading))))
    top = middle - font.leading * len(lines) / 2
    for number, line in enumerate(lines):
        y = top + font.leading * (number + 0.5) + font.size * 0.36
        yield Words(x - 6 if side == 0 else x + 6, y, line, font, INK, "" if side else "end", about=name)


def _ribbon(
    ribbon: Ribbon, ends: tuple[float | None, float | None], xs: tuple[float, float], step: float, share: float
) -> Iterator[Part]:
    """Draw a ribbon; one that comes tapers from nothing, one that goes tapers to nothing.

    The name of such a one stands before its tip, in this share of the way: others may come from the other side.
    """
    colour = BADGE_COLOURS[ribbon.hue] if ribbon.hue else SAME
    thick = max(0.8, step * (0.75 if ribbon.hue else 0.6))
    (start, end), (left, right) = ends, xs
    if start is None or end is None:
        tip, wide, y = (right - TIP, right, end or 0) if start is None else (left + TIP, left, start)
        half = thick / 2 + 1
        yield Shape("path", (((tip, y),), ((wide, y - half),), ((wide, y + half),)), colour, about=ribbon.name)
        yield from _sign(ribbon, wide + (10 if start is not None else -10), y, thick)
        if thick >= READABLE:
            text = _cut(ribbon.name, LABEL, (right - left) * share - TIP - 10)
            anchor: Literal["", "end"] = "end" if start is None else ""
            wide = _measured(text, LABEL) + 4  # others may pass behind the name
            yield _rect(tip - 4 - wide if anchor else tip + 4, y - 7, wide, 14, "#fff", about=ribbon.name)
            yield Words(tip + (-6 if anchor else 6), y + 4, text, LABEL, INK, anchor, ribbon.name)
        return
    middle = (left + right) / 2
    dash = DASHES[ribbon.hue] if ribbon.hue and thick < READABLE else ""
    curve = (((left, start),), ((middle, start), (middle, end), (right, end)))
    yield Shape("path", curve, "", colour, thick, dash, ribbon.name)
    yield from _sign(ribbon, left + 14, start, thick)
    if start == end and thick >= LABEL.size + 2:
        text = _cut(ribbon.name, LABEL, right - left - 40)
        yield Words(left + 28, start + 3.6, text, LABEL, "#fff" if ribbon.hue else INK, about=ribbon.name)


def _sign(ribbon: Ribbon, x: float, y: float, thick: float) -> Iterator[Words]:
    """Print on a ribbon what it stands for, for a print in grey."""
    if ribbon.hue and thick >= READABLE:
        font = _Font(min(10.0, thick - 1), 12, is_bold=True)
        yield Words(x, y + font.size * 0.36, ribbon.sign, font, "#fff", "middle", ribbon.name)


# --- figures ----------------------------------------------------------------------------------------------------------


def _heat(plan: Overview, number: int) -> tuple[float, list[Part]]:
    """Draw goals by kinds, the darker the more; every cell says its number."""
    parts: list[Part] = [Words(RIGHT, 72, f"{number}　どこが変わったか（件数。濃いほど多い）", HEAD)]
    if not plan.counts:
        return 106, [*parts, Words(RIGHT, 98, "変更はありません。", SMALL, GREY)]
    shown, rest = plan.heat[:MOST_ROWS], plan.heat[MOST_ROWS:]
    if rest:
        numbers = tuple(map(sum, zip(*(row.numbers for row in rest), strict=True)))
        shown = (*shown, HeatRow(f"ほか{len(rest)}", numbers))
    names = 146
    columns = len(plan.counts) + 1
    width = min(48.0, (WIDTH - MARGIN - RIGHT - names) / columns)
    labels = [*(count.label for count in plan.counts), "計"]
    heads = [_balanced(label, TINY, width - 2) for label in labels]
    top: float = 78 + max(map(len, heads)) * TINY.leading + 4
    for at, lines in enumerate(heads):
        x = RIGHT + names + width * (at + 0.5)
        for below, line in enumerate(reversed(lines)):
            parts.append(Words(x, top - 4 - below * TINY.leading, line, TINY, INK, "middle"))
    most = max((number for row in shown for number in row.numbers), default=1) or 1
    total = HeatRow("計", tuple(count.number for count in plan.counts))
    height = min(22.0, 250 / (len(shown) + 1))
    for row in (*shown, total):
        parts.append(Words(RIGHT, top + height / 2 + 4, _cut(row.label, LABEL, names - 6), LABEL, about=row.label))
        for at, found in enumerate((*row.numbers, sum(row.numbers))):
            sums = row is total or at == len(row.numbers)
            area = (RIGHT + names + width * at, top, width, height)
            parts += _cell(area, found, 0 if sums else found / most, row.label)
        top += height
    return top, parts


def _cell(area: tuple[float, float, float, float], number: int, share: float, about: str) -> Iterator[Part]:
    x, y, width, height = area
    grey = round(245 - 165 * share) if number and share else 255
    ink = "#fff" if grey < 130 else INK
    yield _rect(x, y, width, height, f"#{grey:02x}{grey:02x}{grey:02x}", "#c3c8ce", about)
    words, font = (str(number), NUMBER) if number else ("－", LABEL)
    yield Words(x + width / 2, y + height / 2 + 4, words, font, ink if number else GREY, "middle", about)


def _bullets(plan: Overview, y: float, number: int) -> tuple[float, list[Part]]:
    """Draw the aims: ▼ where it began, a bar to where it is, a line where it has to be."""
    parts: list[Part] = [Words(RIGHT, y, f"{number}　{plan.aims}", HEAD)]
    y += 14
    left, right = RIGHT + 150, WIDTH - MARGIN
    step = min(34.0, (LAST - 30 - y) / len(plan.bullets))
    for each in plan.bullets:
        about = f"{each.name}　{each.words}"
        parts.append(Words(RIGHT, y + 12, _cut(each.name, LABEL, 144), LABEL, about=about))
        parts += _bullet(each, (left, right), y, about)
        parts.append(Words(left, y + 26, _cut(each.words, TINY, right - left), TINY, GREY, about=about))
        y += step
    if plan.others:
        parts.append(Words(RIGHT, y + 10, f"ほか{plan.others}項目", TINY, GREY))
        y += 14
    return y, parts


def _bullet(each: Bullet, xs: tuple[float, float], y: float, about: str) -> Iterator[Shape]:
    left, right = xs
    values = [each.baseline, each.target, *([each.actual] if each.actual is not None else [])]
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or 1

    def at(value: float) -> float:
        return left + (right - left) * (value - low + pad) / (high - low + 2 * pad)

    base, target = at(each.baseline), at(each.target)
    yield _rect(left, y + 3, right - left, 11, "#eceff3", about=about)
    yield _rect(min(base, target), y + 3, abs(target - base), 11, "#cfd6df", about=about)
    if each.actual is not None:
        x, width = min(base, at(each.actual)), abs(at(each.actual) - base)
        yield _rect(x, y + 5, max(width, 1), 7, "#1f4e79", about=about)
    yield Shape("path", (((base - 4, y - 3),), ((base + 4, y - 3),), ((base, y + 3),)), INK, about=about)
    yield _rect(target - 1.2, y, 2.4, 17, INK, about=about)


def _sentences(plan: Overview, y: float, number: int) -> list[Part]:
    """Print the changes in words as far as there is room; nothing where there is hardly any."""
    room = WIDTH - MARGIN - RIGHT - 14
    lines = [_wrapped(words, LABEL, room, LINES) for words, _ in plan.changes]
    parts: list[Part] = [Words(RIGHT, y, f"{number}　変更の内容", HEAD)]
    y += 18
    for at, each in enumerate(lines):
        rest = sum(said for _, said in plan.changes[at:])
        if y + LEADING * len(each) > LAST - (LEADING if at + 1 < len(lines) else 0):
            if at < LEAST_LINES:
                return []
            return [*parts, Words(RIGHT + 14, y, f"ほか{rest}件" if rest else "ほか", LABEL, GREY)]
        parts.append(Words(RIGHT, y, "・", LABEL))
        parts += [Words(RIGHT + 12, y + LEADING * number, line, LABEL) for number, line in enumerate(each)]
        y += LEADING * len(each)
    return parts if lines else []


def _editions(plan: Overview, number: int) -> Iterator[Part]:
    """Draw the line of editions; this one is filled."""
    y = LAST + GAP
    yield Words(RIGHT, y, f"{number}　改定の経過", HEAD)
    yield Shape("path", (((RIGHT, y + 40),), ((WIDTH - MARGIN, y + 40),)), "", GREY, 1.5)
    room = (WIDTH - MARGIN - RIGHT) / len(plan.editions)
    for at, mark in enumerate(plan.editions):
        x = RIGHT + room * (at + 0.5)
        fill = "#c62828" if mark.here else "#fff"
        yield Shape("ellipse", (((x - 6, y + 34), (x + 6, y + 46)),), fill, INK, 1.5, about=mark.words)
        yield Words(x, y + 26, _cut(mark.date, LABEL, room - 4), LABEL, INK, "middle", mark.words)
        font = _Font(LABEL.size, LABEL.leading, is_bold=mark.here)
        for below, line in enumerate(_wrapped(mark.words, font, room - 4, 2)):
            yield Words(x, y + 60 + below * font.leading, line, font, INK, "middle", mark.words)


def _legend(plan: Overview) -> Iterator[Part]:
    """Explain the colours that occur, in the words of their kinds, with the sign or the dashes of their ribbons."""
    x: float = MARGIN
    thin = bool(plan.ribbons) and _steps(plan)[1] * 0.75 < READABLE
    for hue, words in _hues(plan):
        colour = BADGE_COLOURS[hue] if hue else SAME
        if hue == "come" and thin:
            yield Shape("path", (((x, 753),), ((x + 24, 749),), ((x + 24, 757),)), colour)
        elif hue and thin:
            yield Shape("path", (((x, 753),), ((x + 24, 753),)), "", colour, 4, DASHES[hue])
        else:
            yield _rect(x, 747, 24, 13, colour)
        if hue and not thin:
            sign = words[0] + words.rpartition("・")[2][0] if hue == "come" else words[0]
            yield Words(x + 12, 757, sign, _Font(9.4, 11, is_bold=True), "#fff", "middle")
        yield Words(x + 29, 757, words, LABEL)
        x += 46 + _measured(words, LABEL)


def _foot(plan: Overview) -> Iterator[Part]:
    foot = "　".join(filter(None, (plan.stamp.editions, plan.stamp.check)))
    yield Words(MARGIN, 778, _cut(foot, TINY, WIDTH - 2 * MARGIN), TINY, GREY)


def _hues(plan: Overview) -> Iterator[tuple[Hue | None, str]]:
    used = {each.hue for each in plan.ribbons}
    yield from ((hue, words) for hue, words in plan.hues if hue in used)
    if None in used:
        yield None, "変更なし"
