"""Overview: 概要版 as a drawing on one landscape A4 sheet, and what is made of the drawing: PDF, picture, page.

Every number and name is text, every mark has a form besides its colour, so that a print in grey reads too.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from atsugi_cli.document import Document
from atsugi_cli.formats.html import page as html_page
from atsugi_cli.formats.html_page import escaped
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.svg import BADGE_COLOURS, FONTS, GREY, HEAD, INK, SMALL, TITLE, _fitted, _Font, _measured, _text
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
RIGHT: Final = 592
LABEL: Final = _Font(10, 12)
TINY: Final = _Font(9, 11)
NUMBER: Final = _Font(12, 14, is_bold=True)
MOST_ROWS: Final = 12
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
WORDS: Final[dict[Hue, str]] = {
    "come": "新設・廃止",
    "join": "統合・分割・移動",
    "name": "名称",
    "wording": "文言",
    "figure": "指標・目標値",
    "rest": "その他",
}
"""What the hues stand for; the first character stands on a ribbon that is wide enough."""
READABLE: Final = 7
"""Pixels from which a ribbon has room for a character."""


def write(plan: Overview, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Draw the sheet."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _drawing(plan) + "\n"


def page(plan: Overview, options: Options) -> str:  # noqa: ARG001
    """Put the drawing into an HTML page."""
    drawing = (
        f'<div class="scroll" role="region" tabindex="0" aria-label="概要">\n<figure>{_drawing(plan)}</figure>\n</div>'
    )
    document = Document("overview", plan.title, (), plan.stamp, plan.subtitle, plan.counts)
    return html_page(document, f"<main>\n{drawing}\n</main>")


def _drawing(plan: Overview) -> str:
    out: list[str] = []
    _head(plan, out)
    _flow(plan, out)
    y = _heat(plan, 78, out)
    y = _bullets(plan, y + 22, out)
    _editions(plan, max(y + 22, 590), out)
    _foot(plan, out)
    words = f"{len(plan.ribbons)}本の帯で{plan.unit}の流れを、表で件数を示す。"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" lang="ja" xml:lang="ja" font-family="{FONTS}" fill="{INK}">\n'
        f"<title>{escaped(plan.title)}　{escaped(plan.subtitle)}</title>\n<desc>{escaped(words)}</desc>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(out) + "\n</svg>"
    )


def _head(plan: Overview, out: list[str]) -> None:
    stamp = plan.stamp
    facts = "　".join(stamp.facts)
    number = stamp.number
    room = WIDTH - 2 * MARGIN - max(_measured(facts, SMALL), 220) - 20
    size = next(
        (font for font in (TITLE, _Font(16, 22, is_bold=True), HEAD) if len(_fitted(plan.title, font, room)) == 1), HEAD
    )
    out.append(_text(MARGIN, 40, _cut(plan.title, size, room), size))
    out.append(_text(WIDTH - MARGIN, 50, facts, SMALL, GREY, "end"))
    if number:
        width = _measured(number, HEAD) + 20
        out.append(
            f'<rect x="{WIDTH - MARGIN - width:g}" y="12" width="{width:g}" height="24" fill="none" stroke="{INK}"/>'
        )
        out.append(_text(WIDTH - MARGIN - width / 2, 29, number, HEAD, INK, "middle"))


def _cut(text: str, font: _Font, room: float) -> str:
    """Shorten a name to one line; the drawing holds it whole as a title."""
    lines = _fitted(text, font, room)
    if len(lines) <= 1:
        return "".join(lines)
    while text and _measured(text + "…", font) > room:
        text = text[:-1]
    return text + "…"


# --- the flow ---------------------------------------------------------------------------------------------------------


def _flow(plan: Overview, out: list[str]) -> None:
    """Draw one ribbon for each item from its group in the old edition to that in the new one."""
    out.append(_text(MARGIN, 72, f"1　{plan.unit}の流れ（帯1本が1件）", HEAD))
    if not plan.ribbons:
        out.append(_text(MARGIN, TOP + 20, "体系に項目がありません。", SMALL, GREY))
        return
    left, right = MARGIN + NAMES, FLOW - NAMES
    out.append(_text(left, 92, plan.heads[0], LABEL, INK, "end"))
    out.append(_text(right, 92, plan.heads[1], LABEL))
    sides = [
        [[each for each in plan.ribbons if _end(each, side) == at] for at in range(len(names))]
        for side, names in ((0, plan.left), (1, plan.right))
    ]
    most = max(sum(map(len, groups)) for groups in sides)
    gaps = max(len(groups) for groups in sides)
    gap = min(16.0, (BOTTOM - TOP) * 0.3 / max(1, gaps))
    step = min(20.0, (BOTTOM - TOP - gap * gaps) / max(1, most))
    places: list[dict[int, float]] = [{}, {}]
    for side, (groups, names) in enumerate(zip(sides, (plan.left, plan.right), strict=True)):
        y: float = TOP
        for group, name in zip(groups, names, strict=True):
            height = max(step * len(group), 3)
            x = left if side == 0 else right - BAR
            area = f'x="{x}" y="{y:g}" width="{BAR}" height="{height:g}"'
            out.append(f'<g><title>{escaped(name)}</title><rect {area} fill="#1f4e79"/>')
            _name(name, side, y + height / 2, height + gap, left if side == 0 else right, out)
            out.append("</g>")
            for at, ribbon in enumerate(group):
                places[side][id(ribbon)] = y + step * (at + 0.5)
            y += height + gap
    for ribbon in sorted(plan.ribbons, key=lambda each: each.hue is not None):
        _ribbon(ribbon, places[0].get(id(ribbon)), places[1].get(id(ribbon)), (left + BAR, right - BAR), step, out)


def _end(ribbon: Ribbon, side: int) -> int | None:
    return ribbon.right if side else ribbon.left


def _name(name: str, side: int, middle: float, room: float, x: float, out: list[str]) -> None:
    """Print the name of a group in two lines where it has room; where it has none, only a pointer shows it."""
    font = LABEL if room >= LABEL.leading else TINY
    if room < TINY.leading - 3:
        return
    lines = _fitted(name, font, NAMES - 8)
    most = max(1, min(2, int(room // font.leading)))
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut("".join(lines[most - 1 :]), font, NAMES - 8)]
    top = middle - font.leading * len(lines) / 2
    for number, line in enumerate(lines):
        y = top + font.leading * (number + 0.5) + font.size * 0.36
        out.append(_text(x - 6 if side == 0 else x + 6, y, line, font, INK, "end" if side == 0 else ""))


def _ribbon(
    ribbon: Ribbon, start: float | None, end: float | None, xs: tuple[float, float], step: float, out: list[str]
) -> None:
    """Draw a ribbon; one that comes tapers from nothing, one that goes tapers to nothing."""
    colour = BADGE_COLOURS[ribbon.hue] if ribbon.hue else SAME
    thick = max(0.8, step * (0.75 if ribbon.hue else 0.6))
    left, right = xs
    if start is None or end is None:
        tip, wide, x = (right - 60, right, end) if start is None else (left + 60, left, start)
        y = x or 0
        out.append(f'<path d="M{tip} {y:g}L{wide} {y - thick / 2 - 1:g}V{y + thick / 2 + 1:g}Z" fill="{colour}"/>')
        _sign(ribbon, wide + (10 if start is not None else -10), y, thick, out)
        return
    middle = (left + right) / 2
    dash = (
        f' stroke-dasharray="{DASHES[ribbon.hue]}"'
        if ribbon.hue and DASHES[ribbon.hue] and abs(start - end) > 20
        else ""
    )
    out.append(
        f'<path d="M{left} {start:g}C{middle:g} {start:g} {middle:g} {end:g} {right} {end:g}" fill="none" '
        f'stroke="{colour}" stroke-width="{thick:g}"{dash}/>'
    )
    _sign(ribbon, left + 14, start, thick, out)


def _sign(ribbon: Ribbon, x: float, y: float, thick: float, out: list[str]) -> None:
    """Print what a ribbon stands for on it, for a print in grey."""
    if ribbon.hue and thick >= READABLE:
        size = min(10.0, thick - 1)
        out.append(_text(x, y + size * 0.36, WORDS[ribbon.hue][0], _Font(size, 12, is_bold=True), "#fff", "middle"))


# --- figures ----------------------------------------------------------------------------------------------------------


def _heat(plan: Overview, y: float, out: list[str]) -> float:
    """Draw goals by kinds, the darker the more; every cell says its number."""
    out.append(_text(RIGHT, 72, "2　どこが変わったか（件数。濃いほど多い）", HEAD))
    if not plan.counts:
        out.append(_text(RIGHT, y + 20, "変更はありません。", SMALL, GREY))
        return y + 28
    shown, rest = plan.heat[:MOST_ROWS], plan.heat[MOST_ROWS:]
    if rest:
        numbers = tuple(map(sum, zip(*(row.numbers for row in rest), strict=True)))
        shown = (*shown, HeatRow(f"ほか{len(rest)}", numbers))
    names = 146
    columns = len(plan.counts) + 1
    width = min(48.0, (WIDTH - MARGIN - RIGHT - names) / columns)
    labels = [*(count.label for count in plan.counts), "計"]
    heads = [_fitted(label, TINY, width - 2) for label in labels]
    top = y + max(map(len, heads)) * TINY.leading + 4
    for at, lines in enumerate(heads):
        x = RIGHT + names + width * (at + 0.5)
        for number, line in enumerate(lines):
            out.append(_text(x, top - 4 - (len(lines) - 1 - number) * TINY.leading, line, TINY, INK, "middle"))
    most = max((number for row in shown for number in row.numbers), default=1) or 1
    total = HeatRow("計", tuple(count.number for count in plan.counts))
    height = min(22.0, 250 / (len(shown) + 1))
    for row in (*shown, total):
        out.append(f"<g><title>{escaped(row.label)}</title>")
        out.append(_text(RIGHT, top + height / 2 + 4, _cut(row.label, LABEL, names - 6), LABEL))
        for at, number in enumerate((*row.numbers, sum(row.numbers))):
            sums = row is total or at == len(row.numbers)
            _cell(RIGHT + names + width * at, top, width, height, number, 0 if sums else number / most, out)
        out.append("</g>")
        top += height
    return top


def _cell(x: float, y: float, width: float, height: float, number: int, share: float, out: list[str]) -> None:
    grey = round(245 - 165 * share) if number and share else 255
    fill = f"#{grey:02x}{grey:02x}{grey:02x}"
    ink = "#fff" if grey < 130 else INK
    out.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}" stroke="#c3c8ce"/>')
    words = str(number) if number else "－"
    out.append(
        _text(x + width / 2, y + height / 2 + 4, words, NUMBER if number else LABEL, ink if number else GREY, "middle")
    )


def _bullets(plan: Overview, y: float, out: list[str]) -> float:
    """Draw the aims: ▼ where it began, a bar to where it is, a line where it has to be."""
    if not plan.bullets:
        return y
    out.append(_text(RIGHT, y, "3　数値目標（▼ 基準値　■ 実績　┃ 目標値）", HEAD))
    y += 14
    left, right = RIGHT + 150, WIDTH - MARGIN
    step = min(34.0, (575 - y) / len(plan.bullets))
    for each in plan.bullets:
        out.append(f"<g><title>{escaped(each.name)}　{escaped(each.words)}</title>")
        out.append(_text(RIGHT, y + 12, _cut(each.name, LABEL, 144), LABEL))
        _bullet(each, left, right, y, out)
        out.append(_text(left, y + 26, _cut(each.words, TINY, right - left), TINY, GREY))
        out.append("</g>")
        y += step
    if plan.others:
        out.append(_text(RIGHT, y + 10, f"ほか{plan.others}項目", TINY, GREY))
        y += 14
    return y


def _bullet(each: Bullet, left: float, right: float, y: float, out: list[str]) -> None:
    values = [each.baseline, each.target, *([each.actual] if each.actual is not None else [])]
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or 1

    def at(value: float) -> float:
        return left + (right - left) * (value - low + pad) / (high - low + 2 * pad)

    out.append(f'<rect x="{left}" y="{y + 3:g}" width="{right - left}" height="11" fill="#eceff3"/>')
    base, target = at(each.baseline), at(each.target)
    if each.actual is not None:
        x, width = min(base, at(each.actual)), abs(at(each.actual) - base)
        out.append(f'<rect x="{x:g}" y="{y + 5:g}" width="{max(width, 1):g}" height="7" fill="#1f4e79"/>')
    out.append(f'<path d="M{base - 4:g} {y - 3:g}h8l-4 6z" fill="{INK}"/>')
    out.append(f'<rect x="{target - 1.2:g}" y="{y:g}" width="2.4" height="17" fill="{INK}"/>')


def _editions(plan: Overview, y: float, out: list[str]) -> None:
    """Draw the line of editions; this one is filled."""
    number = 4 if plan.bullets else 3
    out.append(_text(RIGHT, y, f"{number}　改定の経過", HEAD))
    left, right = RIGHT + 60, WIDTH - MARGIN - 60
    out.append(f'<path d="M{RIGHT} {y + 40:g}H{WIDTH - MARGIN}" stroke="{GREY}" stroke-width="1.5"/>')
    for at, mark in enumerate(plan.editions):
        x = left + (right - left) * at / max(1, len(plan.editions) - 1)
        fill = "#c62828" if mark.here else "#fff"
        out.append(f'<circle cx="{x:g}" cy="{y + 40:g}" r="6" fill="{fill}" stroke="{INK}" stroke-width="1.5"/>')
        out.append(_text(x, y + 26, mark.date, LABEL, INK, "middle"))
        out.append(_text(x, y + 62, _cut(mark.words, LABEL, 220), NUMBER if mark.here else LABEL, INK, "middle"))


def _foot(plan: Overview, out: list[str]) -> None:
    """Explain the colours that occur, in the words of their kinds, and print the check number of a working paper."""
    x: float = MARGIN
    for hue, words in _hues(plan):
        colour = BADGE_COLOURS[hue] if hue else SAME
        text = _cut(words, LABEL, 250)
        if x > MARGIN and x + 24 + _measured(text, LABEL) > WIDTH - MARGIN:
            break
        out.append(f'<rect x="{x:g}" y="748" width="16" height="10" fill="{colour}"/>')
        out.append(_text(x + 20, 757, text, LABEL))
        x += 36 + _measured(text, LABEL)
    foot = "　".join(filter(None, (plan.stamp.editions, plan.stamp.check)))
    out.append(_text(MARGIN, 778, _cut(foot, TINY, WIDTH - 2 * MARGIN), TINY, GREY))


def _hues(plan: Overview) -> Iterator[tuple[Hue | None, str]]:
    used = {each.hue for each in plan.ribbons}
    yield from ((hue, words) for hue, words in WORDS.items() if hue in used)
    if None in used:
        yield None, "変更なし"


def drawings(plan: Overview) -> Sequence[str]:
    """Return the sheet for whoever makes a PDF or a picture of it."""
    return [_drawing(plan)]
