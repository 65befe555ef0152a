"""Overview: 概要版, a revision on one sheet: what became of each item, where how much changed, aims, editions."""

from collections import Counter
from collections.abc import Iterator

from atsugi_cli.document import Count, Stamp
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import GROUPS, look_of
from atsugi_cli.kinds.card import Hue
from atsugi_cli.layout.labels import counts, level_of, place, printed_number, stamp, step_words
from atsugi_cli.levels import Profile
from atsugi_cli.model import STAGE_LABELS, Indicator, Item, Strategy, Value
from atsugi_cli.revision import Pair, Revision
from atsugi_cli.words import date_words, value_words

MOST_GROUPS = 30
"""As many groups stand below each other with a readable name; beyond that the items are grouped by the top level."""


@frozen
class Ribbon:
    """One item on its way: the groups that it leaves and reaches, by position; a new one comes from nowhere."""

    left: int | None
    right: int | None
    hue: Hue | None


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
    """A revision on one sheet, not yet drawn. `unit` names what each ribbon is."""

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
    editions: tuple[Mark, ...]


def overview(revision: Revision, profile: Profile, *, most: int = 6) -> Overview:
    """Lay out a revision on one sheet, with at most so many aims."""
    found = counts(revision, profile)
    depth = 2 if max(len(_groups(each, 2, profile)) for each in (revision.old, revision.new)) <= MOST_GROUPS else 1
    sides = [_groups(each, depth, profile) for each in (revision.old, revision.new)]
    homes = [{item.id: at for at, (_, items) in enumerate(side) for item in items} for side in sides]
    ribbons = tuple(_ribbons(revision, homes[0], homes[1]))
    levels = Counter(level_of(item, profile).label for _, items in sides[1] for item in items)
    bullets = [bullet for _, each in revision.new.indicators() if each.role == "target" for bullet in _bullet(each)]
    return Overview(
        f"{revision.new.plan.title}　改定の概要",
        step_words(revision, profile),
        stamp(revision.old, revision.new, era=profile.era),
        (revision.old.edition.label or "現行", revision.new.edition.label or "改定後"),
        levels.most_common(1)[0][0] if levels else "項目",
        tuple(label for label, _ in sides[0]),
        tuple(label for label, _ in sides[1]),
        ribbons,
        found,
        tuple(_heat(revision, found, profile)),
        tuple(bullets[:most]),
        max(0, len(bullets) - most),
        tuple(_mark(each, profile, here=each is revision.new) for each in (revision.old, revision.new)),
    )


def _groups(strategy: Strategy, depth: int, profile: Profile) -> list[tuple[str, list[Item]]]:
    """Group the lowest items of the tree by what stands so deep above them."""
    cross = {"section", *(level.code for level in profile.cross)}
    found: list[tuple[str, list[Item]]] = []
    stack: list[tuple[Item, tuple[Item, ...]]] = [
        (item, (item,)) for item in reversed(strategy.root.children) if item.level not in cross
    ]
    while stack:
        item, path = stack.pop()
        if len(path) == depth or not item.children:
            numbers = place(path, profile).removeprefix(level_of(path[0], profile).label)
            if len(path) == 1:
                numbers = printed_number(item, profile)
            found.append((" ".join(filter(None, (numbers, item.title))), list(_lowest(item))))
        else:
            stack += [(child, (*path, child)) for child in reversed(item.children)]
    return found


def _lowest(item: Item) -> Iterator[Item]:
    yield from (each for each in item.walk() if not each.children)


def _ribbons(revision: Revision, old: dict[str, int], new: dict[str, int]) -> Iterator[Ribbon]:
    for pair in revision.root.walk():
        right = new.get(pair.new.id) if pair.new else None
        lefts = [old[each.id] for each in pair.old if each.id in old]
        if right is None and not lefts:
            continue
        hue = _hue(pair)
        for left in lefts or (None,):
            yield Ribbon(left, right, hue)


def _hue(pair: Pair) -> Hue | None:
    """Choose the colour by the first change of an item or its indicators that is no renumbering."""
    changes = (*pair.changes, *(change for each in pair.indicators for change in each.changes))
    return next((look_of(each.kind.code).hue for each in changes if not each.kind.renumbers), None)


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


def _bullet(indicator: Indicator) -> Iterator[Bullet]:
    """Give an aim that is a number, with a number to begin from."""
    baseline, target = _number(indicator.baseline), _number(indicator.target)
    if baseline is None or target is None or baseline == target:
        return
    actuals = [value for each in indicator.actuals if (value := _number(each)) is not None]
    words = [
        f"基準値 {value_words(indicator.baseline, indicator.unit)}" if indicator.baseline else "",
        f"実績 {value_words(indicator.actuals[-1], indicator.unit)}" if actuals else "",
        f"目標 {value_words(indicator.target, indicator.unit)}" if indicator.target else "",
    ]
    yield Bullet(indicator.name, baseline, actuals[-1] if actuals else None, target, "　".join(filter(None, words)))


def _number(value: Value | None) -> float | None:
    return None if value is None or value.value is None else float(value.value)


def _mark(strategy: Strategy, profile: Profile, *, here: bool) -> Mark:
    edition = strategy.edition
    words = f"{edition.label or edition.id}（{STAGE_LABELS[edition.stage]}）"
    return Mark(date_words(edition.date, profile.era) if edition.date else "", words, here)
