"""Lineage: who became whom between two editions.

The same id decides first, the author's `from` second; only what both leave open is guessed by likeness, never over a
declaration. Merges and splits are never guessed. An item that the source leaves out (`omitted`) has no words to
compare: it is paired by its place, under paired parents.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from atsugi_cli.frozen import frozen
from atsugi_cli.match.links import INDICATOR_NEW, ITEM_NEW, Candidate, Decided, Link, Open, Proposal
from atsugi_cli.model import Indicator, Item, Strategy, Thing
from atsugi_cli.words import same_unit

if TYPE_CHECKING:  # loaded by what guesses: with ids and declarations alone nothing is to be guessed (-1 % of a diff)
    from atsugi_cli.match.likeness import Near, Node

T = TypeVar("T", Item, Indicator)
INDICATOR_LEVEL = 99
"""The level of indicators among likeness nodes: none of an item's."""
BY_NUMBER = 0.6
"""Confidence that two items are the same when one is left out and only parent and number speak."""
BY_ORDER = 0.5
"""The same, when only the parent and the order among what is left out speak."""
NEW_SURE, GONE_SURE = 0.88, 0.22
"""How often what likeness left without a counterpart was new, and was dropped, in the revisions that were measured."""

_ASIDE = re.compile(r"\([^()]*\)")
NEAREST, PROPOSED = 12, 3
"""Candidates that are looked at, and those of the same level that are proposed."""
LARGE = 1000
"""In a plan of more items only what is open is offered, so that the cost grows with that."""

ANCHOR, BOTH_OMITTED, ONE_OMITTED, SAME_NUMBER = 8.0, 2.0, 1.0, 0.5
"""What a pair adds to an alignment of siblings: known pairs hold it, what is left out goes with what is left out, and
an equal number only decides between equals (an item put in the middle moves all the numbers behind it)."""
LARGEST_FAMILY = 250_000
"""Pairs of siblings that are aligned at most, 500 by 500; a tenth of a second."""
PAIRS_PER_THING = 50
"""The same for all families together, for each thing of both editions; what is left is neither paired nor guessed."""


@frozen
class Origin:
    """Where an item comes from: ids of the old edition, and how that is known."""

    old: tuple[str, ...]
    decided: Decided
    confidence: float = 1.0


@frozen
class Family(Generic[T]):
    """The lineage of one kind of thing (items, or indicators) over both editions.

    `old` and `new` map ids to things in document order. `origins` maps a new id to where it comes from (absent: new);
    `heirs` maps an old id to the new ids that continue it (absent: gone). `declared` are ids that the author calls new
    or removed.
    """

    old: Mapping[str, T]
    new: Mapping[str, T]
    origins: Mapping[str, Origin]
    heirs: Mapping[str, tuple[str, ...]]
    declared: Collection[str]
    unsure: bool
    """Whether being new or gone is a guess: something was guessed, or left on both sides that might belong together."""
    back: bool = False
    """Whether `old` is the later edition."""

    def alone(self, name: str, *, new: bool) -> tuple[Decided, float]:
        """Say how it is known that a thing of the new (or else the old) side has no counterpart, and how surely."""
        if name in self.declared:
            return "declared", 1.0
        if self.unsure:
            return "inferred", NEW_SURE if new != self.back else GONE_SURE
        return "id", 1.0

    def links(self) -> Iterator[Link]:
        """Iterate over the relations, every id of both sides exactly once: new order first, then what is gone."""
        done: set[str] = set()
        for new in self.new:
            origin = self.origins.get(new)
            if origin is None:
                yield Link((), (new,), *self.alone(new, new=True))
                continue
            if len(origin.old) == 1 and len(heirs := self.heirs[origin.old[0]]) == 1:
                yield Link(origin.old, heirs, origin.decided, origin.confidence)
                continue
            if new in done:
                continue
            olds, news = self._relation(new)
            done.update(news)
            known = [self.origins[each] for each in news]
            least = min(known, key=lambda each: each.confidence)
            declared = any(each.decided == "declared" for each in known)
            yield Link(olds, news, "declared" if declared else least.decided, least.confidence)
        for old in self.old:
            if old not in self.heirs:
                yield Link((old,), (), *self.alone(old, new=False))

    def _relation(self, start: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Collect everything that hangs together with a new id: its origins, their heirs, and so on."""
        news, olds = {start: None}, dict[str, None]()
        queue = [start]
        while queue:
            origin = self.origins.get(queue.pop())
            for old in origin.old if origin else ():
                if old in olds:
                    continue
                olds[old] = None
                for heir in self.heirs[old]:
                    if heir not in news:
                        news[heir] = None
                        queue.append(heir)
        return tuple(olds), tuple(news)


@frozen
class Lineage:
    """The lineage of a revision: of its items, and of its indicators with their owners on each side."""

    items: Family[Item]
    indicators: Family[Indicator]
    old_parents: Mapping[str, str]
    new_parents: Mapping[str, str]
    old_owners: Mapping[str, str]
    new_owners: Mapping[str, str]

    def links(self) -> tuple[Link, ...]:
        """Give every relation: of items, then of indicators."""
        return (*self.items.links(), *self.indicators.links())


def is_reversed(old: Strategy, new: Strategy) -> bool:
    """Say whether the comparison looks back in time: `old` is the edition that revises `new`.

    Two states of one edition are taken as they are given: only git knows which came first, not a corrected date.
    """
    if old.edition.id and old.edition.id == new.edition.id:
        return False
    if new.edition.revises and new.edition.revises == old.edition.id != new.edition.id:
        return False
    if old.edition.revises and old.edition.revises == new.edition.id != old.edition.id:
        return True
    before, after = old.edition.date, new.edition.date
    return bool(before and after and before > after)


def is_one_edition(old: Strategy, new: Strategy) -> bool:
    """Check whether both are states of one edition; declarations speak of the step to it."""
    return bool(new.edition.id) and old.key == new.key


def is_step(old: Strategy, new: Strategy) -> bool:
    """Say whether the new edition revises the very old one, so that what it declares speaks of this comparison."""
    return new.edition.revises == old.edition.id != new.edition.id


def trace(old: Strategy, new: Strategy) -> Lineage:
    """Find out who became whom.

    Declarations are those of the later edition; looking back in time gives the same lineage the other way round.
    """
    if is_reversed(old, new):
        return _turned(_trace(new, old))
    return _trace(old, new)


def unexplained(
    lineage: Lineage, gone: Iterable[str], come: Iterable[str], *, paired: bool = False
) -> tuple[Open, ...]:
    """Give, for items that went and came without anybody's word, their nearest candidates on the other side.

    `gone` and `come` are ids of the old and new edition. Candidates are items of the same level: such as are open
    themselves, or with `paired`, in a plan of a city's size, all; what is merged goes to one that has an origin.
    """
    family = lineage.items
    olds, news = list(family.old.values()), list(family.new.values())
    lost, fresh = frozenset(gone), frozenset(come)
    open_old = [index for index, each in enumerate(olds) if each.id in lost and each.title]
    open_new = [index for index, each in enumerate(news) if each.id in fresh and each.title]
    near_old, near_new = _near(
        (olds, lineage.old_parents, open_old),
        (news, lineage.new_parents, open_new),
        paired=paired and max(len(olds), len(news)) <= LARGE,
    )
    found = []
    for index in open_old:
        others = tuple(Candidate(news[n].id, news[n].title, round(share, 3)) for n, share in near_old.get(index, ()))
        found.append(Open("old", olds[index].id, olds[index].title, others[:PROPOSED]))
    for index in open_new:
        others = tuple(Candidate(olds[n].id, olds[n].title, round(share, 3)) for n, share in near_new.get(index, ()))
        found.append(Open("new", news[index].id, news[index].title, others[:PROPOSED]))
    return tuple(found)


OneSide: TypeAlias = tuple[Sequence[T], Mapping[str, str], Sequence[int]]
"""The things of one edition, what each hangs on, and which of them are open."""


def _near(old: OneSide[T], new: OneSide[T], *, paired: bool) -> tuple["Near", "Near"]:
    """Find the nearest things of the same level for those that are open; with `paired` among all of the other side."""
    (olds, old_parents, open_old), (news, new_parents, open_new) = old, new
    if not (open_old or open_new) or not (paired or (open_old and open_new)):
        return {}, {}
    from atsugi_cli.match.likeness import candidates

    nodes = _nodes(olds, old_parents), _nodes(news, new_parents)
    if paired:
        of_old = candidates(*nodes, open_old, range(len(news)), NEAREST).old if open_old else {}
        of_new = candidates(*nodes, range(len(olds)), open_new, NEAREST).new if open_new else {}
    else:
        both = candidates(*nodes, open_old, open_new, NEAREST)
        of_old, of_new = both.old, both.new

    def level(pair: tuple[int, int]) -> bool:
        return nodes[0][pair[0]].level == nodes[1][pair[1]].level

    return (
        {o: tuple(each for each in of_old[o] if level((o, each[0]))) for o in open_old if o in of_old},
        {n: tuple(each for each in of_new[n] if level((each[0], n))) for n in open_new if n in of_new},
    )


def proposals(lineage: Lineage) -> tuple[Proposal, ...]:
    """Give everything that neither ids nor the author settle: what is new first, items before indicators.

    Paired things are candidates as well, for a merge; so is what most children come from, whatever it is called.
    """
    return (
        *_proposed(lineage.items, lineage.old_parents, lineage.new_parents),
        *_proposed(lineage.indicators, lineage.old_owners, lineage.new_owners),
    )


def _proposed(family: Family[T], old_parents: Mapping[str, str], new_parents: Mapping[str, str]) -> Iterator[Proposal]:
    olds, news = list(family.old.values()), list(family.new.values())
    by_old, by_new = defaultdict[str, Counter[str]](Counter), defaultdict[str, Counter[str]](Counter)
    for name, known in family.origins.items():
        for old in known.old:
            above, beyond = old_parents[old], new_parents[name]
            while above and beyond:  # what lies further below speaks for both as well
                by_old[above][beyond] += 1
                by_new[beyond][above] += 1
                above, beyond = old_parents.get(above, ""), new_parents.get(beyond, "")
    settled = {name for name, known in family.origins.items() if known.decided != "inferred"} | {*family.declared}
    come = [at for at, thing in enumerate(news) if thing.id not in settled]
    kept = {old for name in settled if name in family.origins for old in family.origins[name].old}
    gone = [at for at, thing in enumerate(olds) if thing.id not in family.declared and thing.id not in kept]
    old_ids, new_ids = list(family.old), list(family.new)
    near_old, near_new = _near((olds, old_parents, gone), (news, new_parents, come), paired=True)
    for at in come:
        origin = family.origins.get(new_ids[at])
        likely: list[str] = list(origin.old) if origin else []
        likely += [old_ids[other] for other, _ in near_new.get(at, ())]
        sure = origin.confidence if origin else 0.0
        yield Proposal("new", new_ids[at], _answers(likely, by_new[new_ids[at]], family.old), sure)
    for at in gone:
        heirs: tuple[str, ...] = family.heirs.get(old_ids[at], ())
        others: list[str] = [*heirs]
        others += [new_ids[other] for other, _ in near_old.get(at, ())]
        sure = family.origins[heirs[0]].confidence if heirs else 0.0
        yield Proposal("old", old_ids[at], _answers(others, by_old[old_ids[at]], family.new), sure)


def _answers(likely: Sequence[str], children: Counter[str], known: Collection[str]) -> tuple[str, ...]:
    """Choose the likeliest answers; where most of what is below went comes second, whatever it is called."""
    bulk = [name for name, _ in children.most_common(1) if name in known]
    return tuple(dict.fromkeys([*likely[:1], *bulk, *likely[1:]]))[:PROPOSED]


@frozen
class Side(Generic[T]):
    """The things of one edition by id, in document order, and the id of what each hangs on ("" is the plan)."""

    things: Mapping[str, T]
    parents: Mapping[str, str]


def _trace(old: Strategy, new: Strategy) -> Lineage:
    old_items, new_items = _items(old), _items(new)
    removed = frozenset(each.id for each in new.edition.removed)
    step = is_step(old, new)
    same = is_one_edition(old, new)
    origins = _known(old_items.things, new_items.things, step=step, same=same)
    gone = _gone(old_items, removed, origins)
    _guess(old_items, new_items, origins, gone)
    _by_place(old_items, new_items, origins, gone, origins)
    items = _family(old_items.things, new_items.things, origins, gone)

    old_indicators, new_indicators = _indicators(old), _indicators(new)
    known = _known(old_indicators.things, new_indicators.things, step=step, same=same)
    heirs = {source for origin in known.values() for source in origin.old}
    lost = {
        name
        for name, owner in old_indicators.parents.items()
        if name not in heirs and (name in removed or owner in gone)
    }
    if len(known) < len(new_indicators.things) and len(heirs) + len(lost) < len(old_indicators.things):
        _guess_indicators((old_items, new_items), items.origins, (old_indicators, new_indicators), known, lost)
        _by_place(old_indicators, new_indicators, known, lost, items.origins)
    indicators = _family(old_indicators.things, new_indicators.things, known, lost)
    return Lineage(
        items,
        indicators,
        old_items.parents,
        new_items.parents,
        old_indicators.parents,
        new_indicators.parents,
    )


def _items(strategy: Strategy) -> Side[Item]:
    """Index the items by id, and name each one's parent; without an id (its file is broken) nobody can tell an item."""
    items: dict[str, Item] = {}
    parents: dict[str, str] = {}
    stack = [(child, "") for child in reversed(strategy.root.children)]
    while stack:
        item, parent = stack.pop()
        if item.id and item.id not in items:
            items[item.id] = item
            parents[item.id] = parent
        stack.extend((child, item.id) for child in reversed(item.children))
    return Side(items, parents)


def _indicators(strategy: Strategy) -> Side[Indicator]:
    found: dict[str, Indicator] = {}
    owners: dict[str, str] = {}
    for item, indicator in strategy.indicators():
        if indicator.id and indicator.id not in found:
            found[indicator.id] = indicator
            owners[indicator.id] = "" if item is strategy.root else item.id
    return Side(found, owners)


def _known(old: Mapping[str, Thing], new: Mapping[str, Thing], *, step: bool, same: bool) -> dict[str, Origin]:
    """Take what ids and declarations say.

    Outside the step that they were written for, declarations which the old edition makes too tell nothing new; between
    two states of the `same` edition only those do whose id one state alone has.
    """
    origins: dict[str, Origin] = {}
    place = {name: index for index, name in enumerate(old)}  # several origins stand in the order of the old edition
    for name, thing in new.items():
        declared = [each for each in thing.origins if each in old and each != name and not (same and each in new)]
        stale = not step and name in old and (same or old[name].origins == thing.origins)
        if declared and not stale:
            kept = (name,) if name in old else ()
            origins[name] = Origin(tuple(sorted({*kept, *declared}, key=place.__getitem__)), "declared")
        elif name in old:
            origins[name] = Origin((name,), "id")
    return origins


def _gone(old: Side[Item], removed: frozenset[str], origins: Mapping[str, Origin]) -> set[str]:
    """Collect what the author removed, with everything below it that nothing else continues."""
    continued = {source for origin in origins.values() for source in origin.old}
    gone: set[str] = set()
    for name in old.things:  # document order: a parent comes before its children
        if name not in continued and (name in removed or old.parents[name] in gone):
            gone.add(name)
    return gone


def _guess(old: Side[Item], new: Side[Item], origins: dict[str, Origin], gone: set[str]) -> None:
    """Let likeness pair what ids and declarations leave open."""
    continued = {source for origin in origins.values() for source in origin.old}
    olds, news = list(old.things.values()), list(new.things.values())
    closed_old = {n for n, each in enumerate(olds) if each.id in gone or not (each.title or each.body)}
    closed_new = {n for n, each in enumerate(news) if is_declared_new(each) or not (each.title or each.body)}
    if all(n in closed_old or each.id in continued for n, each in enumerate(olds)):
        return
    if all(n in closed_new or each.id in origins for n, each in enumerate(news)):
        return
    old_index = {name: index for index, name in enumerate(old.things)}
    fixed = [
        (old_index[source], n) for n, each in enumerate(news) if each.id in origins for source in origins[each.id].old
    ]
    from atsugi_cli.match.likeness import infer

    guesses = infer(_nodes(olds, old.parents), _nodes(news, new.parents), fixed, closed_old, closed_new)
    for guess in guesses:
        origins[news[guess.new].id] = Origin((olds[guess.old].id,), "inferred", round(guess.confidence, 3))


def _guess_indicators(
    items: tuple[Side[Item], Side[Item]],
    item_origins: Mapping[str, Origin],
    indicators: tuple[Side[Indicator], Side[Indicator]],
    origins: dict[str, Origin],
    lost: set[str],
) -> None:
    """Let likeness pair indicators: their owners, already paired, are the parents."""
    from atsugi_cli.match.likeness import infer

    olds: list[Thing] = [*items[0].things.values(), *indicators[0].things.values()]
    news: list[Thing] = [*items[1].things.values(), *indicators[1].things.values()]
    old_index = {each.id: index for index, each in enumerate(olds)}
    new_index = {each.id: index for index, each in enumerate(news)}
    fixed = [
        (old_index[source], new_index[name])
        for known in (item_origins, origins)
        for name, origin in known.items()
        for source in origin.old
    ]
    closed_old = {n for n, each in enumerate(olds) if isinstance(each, Item) or each.id in lost or not each.name}
    closed_new = {n for n, each in enumerate(news) if isinstance(each, Item) or is_declared_new(each) or not each.name}
    old_nodes = _nodes(olds, {**items[0].parents, **indicators[0].parents})
    new_nodes = _nodes(news, {**items[1].parents, **indicators[1].parents})

    def may(old: int, new: int) -> bool:
        this, that = olds[old], news[new]
        return isinstance(this, Indicator) and isinstance(that, Indicator) and _measures_alike(this, that)

    for guess in infer(old_nodes, new_nodes, fixed, closed_old, closed_new, may):
        origins[news[guess.new].id] = Origin((olds[guess.old].id,), "inferred", round(guess.confidence, 3))


def _measures_alike(old: Indicator, new: Indicator) -> bool:
    """Check whether two indicators may be one: their names end alike and have one unit, or they have one definition."""
    names = [_plain(each.name) for each in (old, new)]
    if names[0] == names[1]:
        return True
    defined = bool(old.definition) and _plain(old.definition) == _plain(new.definition)
    return (
        same_unit(old, new) and _count_alike(*(_ASIDE.sub("", each).rpartition("の")[2] for each in names))
    ) or defined


def _count_alike(old: str, new: str) -> bool:
    """Check whether the ends of two names, behind the last の, say the same: 参加者数 and 延べ参加者数."""
    shorter, longer = sorted((old, new), key=len)
    if longer.endswith(shorter):
        return True
    pairs = [{one + other for one, other in pairwise(each)} for each in (old, new)]
    return 2 * len(pairs[0] & pairs[1]) > len(pairs[0]) + len(pairs[1]) - max(1, abs(len(old) - len(new)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _by_place(
    old: Side[T], new: Side[T], origins: dict[str, Origin], gone: set[str], parent_origins: Mapping[str, Origin]
) -> None:
    """Pair what the source leaves out: under paired parents, in the order of all the siblings."""
    continued = {source for origin in origins.values() for source in origin.old}
    open_old = {name for name in old.things if name not in continued and name not in gone}
    open_new = {name for name, thing in new.things.items() if name not in origins and not is_declared_new(thing)}
    if not open_old or not open_new:
        return
    before: dict[str, list[T]] = _siblings(old, open_old)
    after: dict[str, list[T]] = _siblings(new, open_new)
    room = LARGEST_FAMILY + PAIRS_PER_THING * (len(old.things) + len(new.things))

    def most(thing: Thing, *, later: bool) -> float:
        if (thing.id in origins) if later else (thing.id not in open_old):
            return ANCHOR
        return 0 if later and is_declared_new(thing) else _worth(thing, thing) or ONE_OMITTED + SAME_NUMBER

    def worth(this: Thing, that: Thing) -> float:
        if that.id in origins:
            return ANCHOR if this.id in origins[that.id].old else 0
        return _worth(this, that) if this.id in open_old and not is_declared_new(that) else 0

    # Parents before children: `after` is in document order, and a pair found here may be the parent of the next one.
    for parent, siblings in after.items():
        children: Sequence[Thing] = siblings
        origin = parent_origins.get(parent)
        for source in origin.old if origin else ("",) if not parent else ():
            olds: Sequence[Thing] = before.get(source, ())
            ahead: int = 0
            for one, other in zip(olds, children, strict=False):  # what is best for both needs no search
                if worth(one, other) < max(most(one, later=False), most(other, later=True)):
                    break
                ahead += 1
            pairs: list[tuple[Thing, Thing]] = [*zip(olds[:ahead], children[:ahead], strict=True)]
            cells = (len(olds) - ahead) * (len(children) - ahead)
            if cells <= min(room, LARGEST_FAMILY):
                room -= cells
                pairs += _aligned(olds[ahead:], children[ahead:], worth)
            for this, that in pairs:
                if that.id not in origins:
                    by_number = _number(this) is not None and _number(this) == _number(that)
                    origins[that.id] = Origin((this.id,), "inferred", BY_NUMBER if by_number else BY_ORDER)
                    open_old.discard(this.id)


def _siblings(side: Side[T], wanted: Collection[str]) -> dict[str, list[T]]:
    """Group things by parent, in document order; only families in which something is wanted."""
    parents = {side.parents[name] for name in wanted}
    found: dict[str, list[T]] = {}
    for name, thing in side.things.items():
        if side.parents[name] in parents:
            found.setdefault(side.parents[name], []).append(thing)
    return found


def _aligned(
    old: Sequence[Thing], new: Sequence[Thing], worth: Callable[[Thing, Thing], float]
) -> list[tuple[Thing, Thing]]:
    """Pair siblings so that the order of as many as possible is kept."""
    rows = [[0.0] * (len(new) + 1)]
    for before in old:
        last, row = rows[-1], [0.0]
        for index, after in enumerate(new):
            row.append(max(last[index + 1], row[index], last[index] + worth(before, after)))
        rows.append(row)
    found: list[tuple[Thing, Thing]] = []
    i, j = len(old), len(new)
    while i and j:
        if rows[i][j] == rows[i - 1][j]:
            i -= 1
        elif rows[i][j] == rows[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((old[i], new[j]))
    return found


def _worth(old: Thing, new: Thing) -> float:
    """Rate how well one could be the other, 0 for not at all: same level, and one of them (or both) left out."""
    number = SAME_NUMBER if _number(old) is not None and _number(old) == _number(new) else 0
    if isinstance(old, Item) and isinstance(new, Item):
        if old.level != new.level or not (old.omitted or new.omitted):
            return 0
        return (BOTH_OMITTED if old.omitted and new.omitted else ONE_OMITTED) + number
    if isinstance(old, Indicator) and isinstance(new, Indicator):
        # A named KPI is not guessed to be one that the source leaves out: a KPI added is the commonest revision of all.
        return BOTH_OMITTED if old.role == new.role and old.omitted and new.omitted else 0
    return 0


def _family(
    old: Mapping[str, T], new: Mapping[str, T], origins: Mapping[str, Origin], gone: Collection[str]
) -> Family[T]:
    heirs = _heirs(new, origins)
    declared = {*gone, *(name for name, thing in new.items() if name not in origins and is_declared_new(thing))}
    left = any(name not in heirs and name not in declared for name in old)
    unsure = left and any(name not in origins and name not in declared for name in new)
    unsure = unsure or any(origin.decided == "inferred" for origin in origins.values())
    return Family(old, new, origins, heirs, declared, unsure)


def _heirs(new: Iterable[str], origins: Mapping[str, Origin]) -> dict[str, tuple[str, ...]]:
    heirs: dict[str, tuple[str, ...]] = {}
    several: dict[str, list[str]] = {}
    for name in new:
        origin = origins.get(name)
        if origin is None:
            continue
        same = origin.old == (name,)  # nearly always: one tuple for both ways keeps a large plan small
        for source in origin.old:
            if source in heirs:
                several.setdefault(source, [*heirs[source]]).append(name)
            else:
                heirs[source] = origin.old if same else (name,)
    heirs.update((source, tuple(names)) for source, names in several.items())
    return heirs


def _turned(lineage: Lineage) -> Lineage:
    """Turn a lineage round: heirs become origins."""
    return Lineage(
        _turned_family(lineage.items),
        _turned_family(lineage.indicators),
        lineage.new_parents,
        lineage.old_parents,
        lineage.new_owners,
        lineage.old_owners,
    )


def _turned_family(family: Family[T]) -> Family[T]:
    origins: dict[str, Origin] = {}
    for name in family.old:
        heirs = family.heirs.get(name)
        if heirs:
            least = min((family.origins[heir] for heir in heirs), key=lambda each: each.confidence)
            origins[name] = Origin(heirs, least.decided, least.confidence)
    turned = _family(family.new, family.old, origins, ())
    return replace(turned, declared=family.declared, unsure=family.unsure, back=True)


def _nodes(things: Sequence[Thing], parents: Mapping[str, str]) -> "list[Node]":
    from atsugi_cli.match.likeness import OF_A_NAME, Node

    index = {thing.id: number for number, thing in enumerate(things)}
    nodes = []
    for thing in things:
        parent = index.get(parents[thing.id], -1)
        if isinstance(thing, Item):
            nodes.append(Node(thing.title, thing.body, _depth(thing.level), parent))
        else:
            nodes.append(Node(thing.name, thing.definition, INDICATOR_LEVEL, parent, OF_A_NAME))
    return nodes


def _depth(level: str) -> int:
    """Give each level a number, the same for both editions: only whether two are equal matters."""
    known = ("section", "viewpoint", "goal", "policy", "initiative", "project")
    return known.index(level) if level in known else INDICATOR_LEVEL + 1 + sum(map(ord, level))


def is_declared_new(thing: Thing) -> bool:
    """Say whether the author calls it new; on an item `kpi-added` speaks of its KPI, not of the item."""
    return not (ITEM_NEW if isinstance(thing, Item) else INDICATOR_NEW).isdisjoint(thing.change.flags)


def _number(thing: Thing) -> int | str | None:
    return thing.number if isinstance(thing, Item) else None
