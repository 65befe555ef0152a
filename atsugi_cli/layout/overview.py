"""Overview: 概要版, a revision on one sheet: what became of each item, where how much changed, aims, editions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import Final

from atsugi_cli.document import Count, Heading, Paragraph, Stamp
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import BY_CODE, GROUPS, look_of
from atsugi_cli.kinds.card import Hue
from atsugi_cli.layout.labels import counts, kind_label, level_of, place, printed_number, stamp, step_words
from atsugi_cli.layout.places import Sides
from atsugi_cli.layout.points import CHANGES, points
from atsugi_cli.levels import Level, Profile
from atsugi_cli.model import STAGE_LABELS, Indicator, Item, Strategy, Value
from atsugi_cli.revision import Pair, Revision
from atsugi_cli.words import date_words, value_words

MOST_GROUPS = 30
"""As many groups stand below each other with a readable name; beyond that the items are grouped by the top level."""
MOST_EDITIONS = 6
"""As many editions stand on their line with a readable date."""

HUES: Final[Mapping[Hue, str]] = {
    "come": "{added}・{removed}",
    "join": "{merged}・{split}・{moved}",
    "name": "名称",
    "wording": "表記",
    "figure": "指標・目標値",
    "rest": "文言・その他",
}
"""What the hues of ribbons stand for; kinds are called as the city calls them."""
LABELS: Final = {"target": "数値目標", "baseline": "基準値", "actual": "実績", "target-value": "目標値"}


@frozen
class Ribbon:
    """One item on its way: the groups that it leaves and reaches, by position; a new one comes from nowhere."""

    left: int | None
    right: int | None
    hue: Hue | None
    name: str = ""
    sign: str = ""
    """The character that stands on it, for a print in grey."""


@frozen
class HeatRow:
    """How often each kind occurs in a part of the plan, in the order of the counts."""

    label: str
    numbers: tuple[int, ...]


@frozen
class Bullet:
    """An aim as numbers and words: where it began, where it is and where it has to be."""

    name: str
    baseline: float
    actual: float | None
    target: float
    words: str


@frozen
class Mark:
    """An edition on the line of editions."""

    date: str
    words: str
    here: bool = False


@frozen
class Overview:
    """A revision on one sheet, not yet drawn.

    `unit` names what each ribbon is, `hues` what its colours stand for, `aims` heads the bullets, in the city's words.
    `changes` are sentences, each with the number of changes that it says.
    """

    title: str
    subtitle: str
    stamp: Stamp
    heads: tuple[str, str]
    unit: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    ribbons: tuple[Ribbon, ...]
    counts: tuple[Count, ...]
    heat: tuple[HeatRow, ...]
    bullets: tuple[Bullet, ...]
    others: int
    changes: tuple[tuple[str, int], ...]
    editions: tuple[Mark, ...]
    hues: tuple[tuple[Hue, str], ...]
    aims: str


def overview(
    revision: Revision, profile: Profile, editions: Sequence[Strategy] = (), *, most: int = 6, handout: bool = False
) -> Overview:
    """Lay out a revision on one sheet, with at most so many aims.

    `editions` are all that the plan has, in their order; without them the two that are compared stand on the line.
    """
    found = counts(revision, profile)
    unit = _unit(revision.new, profile)
    both = [(each.strategy, each.profile) for each in Sides.of(revision, profile).both]
    code = unit.code if unit else ""
    depth = 2 if max(len(_groups(each, 2, code, own)) for each, own in both) <= MOST_GROUPS else 1
    sides = [_groups(each, depth, code, own) for each, own in both]
    homes = [{item.id: at for at, (_, items) in enumerate(side) for item in items} for side in sides]
    called = _called(profile)
    hues = {hue: words.format_map(called) for hue, words in HUES.items()}
    ribbons = tuple(_ribbons(revision, profile, homes[0], homes[1], hues))
    targets = (each for _, each in revision.new.indicators() if each.role == "target" and not each.same_as)
    bullets = [bullet for each in targets for bullet in _bullet(each, called)]
    return Overview(
        f"{revision.new.plan.title}　改定の概要",
        step_words(revision, profile),
        stamp(revision.old, revision.new, era=profile.era),
        (revision.old.edition.label or "現行", revision.new.edition.label or "改定後"),
        unit.label if unit else "項目",
        tuple(label for label, _ in sides[0]),
        tuple(label for label, _ in sides[1]),
        ribbons,
        found,
        tuple(_heat(revision, found, profile)),
        tuple(bullets[:most]),
        max(0, len(bullets) - most),
        tuple(_sentences(revision, profile, handout=handout)),
        tuple(_line(editions or (revision.old, revision.new), revision, profile)),
        tuple(hues.items()),
        "{target}（▼ {baseline}　■ {actual}　┃ {target-value}）".format_map(called),
    )


def _tops(strategy: Strategy, profile: Profile) -> list[Item]:
    cross = {"section", *(level.code for level in profile.cross)}
    return [item for item in strategy.root.children if item.level not in cross]


def _unit(strategy: Strategy, profile: Profile) -> Level | None:
    """Return the level of which most of the lowest items are."""
    lowest = (each for top in _tops(strategy, profile) for each in top.walk() if not each.children)
    levels = Counter(level_of(each, profile) for each in lowest)
    return levels.most_common(1)[0][0] if levels else None


def _groups(strategy: Strategy, depth: int, unit: str, profile: Profile) -> list[tuple[str, list[Item]]]:
    """Group the items of a level, and what ends above it, by what stands so deep above them."""
    found: list[tuple[str, list[Item]]] = []
    stack: list[tuple[Item, tuple[Item, ...]]] = [(item, (item,)) for item in reversed(_tops(strategy, profile))]
    while stack:
        item, path = stack.pop()
        if len(path) == depth or not item.children:
            numbers = place(path, profile).removeprefix(level_of(path[0], profile).label)
            if len(path) == 1:
                numbers = printed_number(item, profile)
            found.append((" ".join(filter(None, (numbers, item.title))), list(_units(item, unit))))
        else:
            stack += [(child, (*path, child)) for child in reversed(item.children)]
    return found


def _units(item: Item, unit: str) -> Iterator[Item]:
    """Iterate over the items of a level by its code, as each edition has its own words for it, and what ends above."""
    if not item.children or item.level == unit:
        yield item
    else:
        for child in item.children:
            yield from _units(child, unit)


def _ribbons(
    revision: Revision, profile: Profile, old: dict[str, int], new: dict[str, int], hues: Mapping[Hue, str]
) -> Iterator[Ribbon]:
    for pair in revision.root.walk():
        right = new.get(pair.new.id) if pair.new else None
        lefts = [old[each.id] for each in pair.old if each.id in old]
        if right is None and not lefts:
            continue
        hue = _hue(pair)
        words = hues[hue] if hue else ""
        sign = (words.rpartition("・")[2] if right is None and hue == "come" else words)[:1]
        for left in lefts or (None,):
            title = pair.item.title
            yield Ribbon(left, right, hue, title or f"{printed_number(pair.item, profile)}（略）", sign)


def _hue(pair: Pair) -> Hue | None:
    """Choose the colour by the first change of an item or its indicators that is no renumbering.

    Else by what stands inside it; that something comes there or goes is a change of another sort.
    """

    def hues(pair: Pair) -> Iterator[Hue]:
        changes = (*pair.changes, *(change for each in pair.indicators for change in each.changes))
        return (look_of(each.kind.code).hue for each in changes if not each.kind.renumbers)

    own = next(hues(pair), None)
    inside = next((hue for each in pair.walk() for hue in hues(each)), None)
    return own or ("rest" if inside in ("come", "join") else inside)


def _heat(revision: Revision, found: tuple[Count, ...], profile: Profile) -> Iterator[HeatRow]:
    """Count the kinds part by part: the plan itself, prose, what lies across the tree, and each top item."""
    cross = {level.code: level.label for level in profile.cross}
    parts: dict[str, Counter[tuple[str, str]]] = {}

    def told(label: str, pair: Pair) -> None:

        parts.setdefault(label, Counter()).update((GROUPS[each.group], each.kind.code) for each in pair.told)

    told("計画", revision.root)
    for pair in revision.root.children:
        item = pair.item
        label = "文章" if item.level == "section" else cross.get(item.level, "")
        label = label or " ".join(filter(None, (place((item,), profile), item.title)))
        for each in pair.walk():
            told(label, each)
    for label, numbers in parts.items():
        row = tuple(numbers[count.group, count.code] for count in found)
        if any(row) or label not in ("計画", "文章", *cross.values()):
            yield HeatRow(label, row)


def _bullet(indicator: Indicator, called: Mapping[str, str]) -> Iterator[Bullet]:
    """Give an aim that is a number, with a number to begin from."""
    baseline, target = _number(indicator.baseline), _number(indicator.target)
    if baseline is None or target is None or baseline == target:
        return
    actuals = [value for each in indicator.actuals if (value := _number(each)) is not None]
    words = [
        f"{called['baseline']} {value_words(indicator.baseline, indicator.unit)}" if indicator.baseline else "",
        f"{called['actual']} {value_words(indicator.actuals[-1], indicator.unit)}" if actuals else "",
        f"{called['target-value']} {value_words(indicator.target, indicator.unit)}" if indicator.target else "",
    ]
    yield Bullet(indicator.name, baseline, actuals[-1] if actuals else None, target, "　".join(filter(None, words)))


def _called(profile: Profile) -> dict[str, str]:
    """Return what the city calls its kinds of change, and what belongs to an aim."""
    kinds = {code: kind_label(kind, profile) for code, kind in BY_CODE.items()}
    return kinds | {code: profile.label(code, word) for code, word in LABELS.items()}


def _number(value: Value | None) -> float | None:
    return None if value is None or value.value is None else float(value.value)


def _sentences(revision: Revision, profile: Profile, *, handout: bool) -> Iterator[tuple[str, int]]:
    """Say every change in one line of 改定のポイント, without its reason, and how many each line says."""
    blocks = iter(points(revision, profile, flat=True, handout=handout).blocks)
    told = dropwhile(lambda block: not (isinstance(block, Heading) and block.text == CHANGES), blocks)
    lines = [each for each in told if isinstance(each, Paragraph) and each.bullet]
    told_first = sorted(lines, key=lambda each: not each.flags)
    yield from ((each.text.partition("（理由：")[0], len(each.flags)) for each in told_first)


def _line(editions: Sequence[Strategy], revision: Revision, profile: Profile) -> Iterator[Mark]:
    """Mark the editions on their line; of many, the first and the last ones."""
    marks = [_mark(each, profile, here=each.edition.id == revision.new.edition.id) for each in editions]
    yield from marks if len(marks) <= MOST_EDITIONS else (marks[0], *marks[1 - MOST_EDITIONS :])


def _mark(strategy: Strategy, profile: Profile, *, here: bool) -> Mark:
    edition = strategy.edition
    words = f"{edition.label or edition.id}（{STAGE_LABELS[edition.stage]}）"
    return Mark(date_words(edition.date, profile.era) if edition.date else "", words, here)
