"""Compare: two editions in, the revision out: the tree of pairs with the changes of each.

The pairs stand in the order of the new edition; what is gone stands where it stood, under the successor of its parent.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import (
    Kind,
    classify,
    classify_plan,
    dropped,
    mirrored,
    own_kinds,
    reordered,
    said_between,
)
from atsugi_cli.kinds.card import Change, Ends, IndicatorView, View
from atsugi_cli.match.lineage import (
    Family,
    Lineage,
    Origin,
    is_declared_new,
    is_one_edition,
    is_reversed,
    is_step,
    trace,
    unexplained,
)
from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item, Strategy, Thing
from atsugi_cli.revision import IndicatorPair, Pair, Revision


def compare(old: Strategy, new: Strategy, kinds: Mapping[str, str] = MappingProxyType({})) -> Revision:
    """Compare two editions. Looking back in time (old revises new) mirrors the comparison the other way round.

    `kinds` are the kinds of change of the city's own, code → word.
    """
    lineage = trace(old, new)
    back = is_reversed(old, new)
    work = _Work(
        own=own_kinds(kinds),
        one_plan=old.plan.start == new.plan.start,
        lineage=lineage,
        items=lineage.items,
        back=back,
        step=is_step(new, old) if back else is_step(old, new),
        same=is_one_edition(old, new),
        removed=_removed(new, old, lineage.new_parents) if back else _removed(old, new, lineage.old_parents),
        gone_items=_gone(lineage.items, lineage.old_parents),
        parts={},
        indicator_parts={},
    )
    pairs, come, gone = _indicators(work, (old.root,), new.root, known=True)
    plan_view = View((old.root,), new.root, come=come, gone=gone, said=_said(work, come, gone))
    kpis = tuple(change for change in classify(plan_view, "id", 1.0) if change.kind.group == "indicator")
    changes = classify_plan(old, new) + kpis
    children = [_pair(work, item, None, known=True) for item in new.root.children]
    root = Pair(
        "plan", (old.root,), new.root, changes, pairs, _with_gone(work, children, (old.root,), new.root, known=True)
    )
    root = replace(root, changes=root.changes + _reordered(work, root))
    root = _grouped(root, old, new)
    return Revision(old, new, root, lineage.links(), unexplained(lineage, *_open(root), paired=True))


@frozen
class _Work:
    """What the recursion needs to look up.

    `back` says that the comparison looks back in time, `step` that one edition revises the very other,
    `same` that both are states of one edition. `removed` maps
    what the later edition drops on purpose to the reason. `parts` keeps what was split, as each part asks for all.
    """

    lineage: Lineage
    items: Family[Item]
    back: bool
    step: bool
    same: bool
    one_plan: bool
    own: Mapping[str, Kind]
    removed: Mapping[str, str]
    gone_items: Mapping[str, tuple[Item, ...]]
    parts: dict[str, tuple[Item, ...]]
    indicator_parts: dict[str, tuple[Indicator, ...]]

    def origin(self, name: str) -> Origin:
        """Say where a new item comes from."""
        return self.items.origins.get(name) or Origin((), *self.items.alone(name, new=True))

    def heirs(self, name: str) -> tuple[Item, ...]:
        """Give the heirs of an old item, those that come from it alone first: one tuple for all of them."""
        if name not in self.parts:
            heirs = sorted(self.items.heirs[name], key=lambda heir: len(self.items.origins[heir].old))
            self.parts[name] = tuple(self.items.new[heir] for heir in heirs)
        return self.parts[name]


def _open(root: Pair) -> tuple[list[str], list[str]]:
    """Collect the ids of what went, and of what came, without the author's word."""
    gone: list[str] = []
    come: list[str] = []
    for pair in root.walk():
        for change in pair.changes:
            if change.decided == "declared":
                continue
            if change.kind.goes:
                gone.append(pair.item.id)
            elif change.kind.comes:
                come.append(pair.item.id)
    return gone, come


def _removed(earlier: Strategy, later: Strategy, parents: Mapping[str, str]) -> dict[str, str]:
    """Map what was removed on purpose, with everything below it, to the reason."""
    found = {each.id: each.reason for each in later.edition.removed}
    if found:
        for item in earlier.items():
            parent = parents.get(item.id, "")
            if item.id not in found and parent in found:
                found[item.id] = "" if item.level == "section" else found[parent]  # the one around it says why
    return found


def _gone(items: Family[Item], parents: Mapping[str, str]) -> dict[str, tuple[Item, ...]]:
    """Group the items without an heir by their old parent."""
    found = defaultdict[str, list[Item]](list)
    for name, item in items.old.items():
        if name not in items.heirs:
            found[parents[name]].append(item)
    return {parent: tuple(each) for parent, each in found.items()}


def _pair(work: _Work, item: Item, parent: Pair | None, *, known: bool) -> Pair:
    """Pair a new item with its origin, and everything below it."""
    origin = work.origin(item.id)
    old = tuple(work.items.old[name] for name in origin.old)
    if old:
        known = True  # whatever is above it: the item itself is there on both sides
    elif item.level == "section" and parent is not None and not parent.old:
        known = False  # a section inside a new section is part of it
    indicators, come, gone = _indicators(work, old, item, known=known)
    declared = _declared(work, old, item)
    parts = _parts(work, old)
    placed = not old or _placed(work, old[0].id, item.id)
    plain = len(old) == 1 and placed and not (declared.flags or parts or come or gone) and _same(old[0], item)
    changes: tuple[Change, ...] = ()
    if not plain:
        said = _said(work, come, gone) if come or gone else {}
        view = View(old, item, parts, declared, placed, known, gone, come, said)
        changes = classify(view, origin.decided, origin.confidence, work.own)
    pair = Pair(item.level, old, item, changes, indicators, (), origin.decided, origin.confidence)
    if not item.children and not any(each.children for each in old):
        return pair
    given = known and not (old and all(each.omitted for each in old))  # else what is below was not given before
    children = [_pair(work, child, pair, known=given) for child in item.children]
    pair = replace(pair, children=_with_gone(work, children, old, item, known=known and not item.omitted))
    order = _reordered(work, pair)
    return replace(pair, changes=pair.changes + order) if order else pair


def _gone_pair(work: _Work, item: Item, *, known: bool) -> Pair:
    """Pair an item that is gone with nothing, and what went with it."""
    view = View((item,), None, declared=_declared(work, (item,), None), known=known)
    below = work.gone_items.get(item.id, ())
    # A section inside what is gone went with it.
    children = tuple(_gone_pair(work, child, known=known and child.level != "section") for child in below)
    decided, confidence = work.items.alone(item.id, new=False)
    return Pair(item.level, (item,), None, classify(view, decided, confidence), (), children, decided, confidence)


def _with_gone(
    work: _Work, pairs: Sequence[Pair], parents: tuple[Item, ...], new: Item, *, known: bool
) -> tuple[Pair, ...]:
    """Put what is gone where it stood: behind the nearest older sibling that lives on here, else in front."""
    behind = defaultdict[str, list[Pair]](list)
    front = defaultdict[str, list[Pair]](list)
    here = {each.id for pair in pairs for each in pair.old}
    for parent in parents:
        name = "" if parent.level == "plan" else parent.id
        gone = {item.id for item in work.gone_items.get(name, ())}
        if not gone or (name and work.heirs(name)[0] is not new):
            continue  # nothing is gone, or it is shown with the first part of a split parent
        last = dict[str, str]()
        for child in parent.children:
            if child.id in here:
                last[child.level] = child.id
            elif child.id in gone:
                where = behind[last[child.level]] if child.level in last else front[child.level]
                where.append(_gone_pair(work, child, known=known))
    if not behind and not front:
        return tuple(pairs)
    found: list[Pair] = []
    for pair in pairs:
        found += front.pop(pair.level, ())
        found.append(pair)
        for each in pair.old:
            found += behind.pop(each.id, ())
    for rest in front.values():
        found += rest
    return tuple(found)


def _declared(work: _Work, old: tuple[Item, ...], new: Item | None) -> Declared:
    """Give the author's word on a pair, turned round where the comparison looks back in time."""
    if work.back:
        if old:
            return _word(work, (new,) if new else (), old[0])
        gone = new
    elif new is not None:
        return _word(work, old, new)
    else:
        gone = old[0]
    if gone is None or gone.id not in work.removed:
        return NOTHING_DECLARED
    return dropped(work.removed[gone.id], back=work.back)


def _word(work: _Work, earlier: Sequence[Thing], later: Thing) -> Declared:
    """Give what the later edition declares of a thing, unless it speaks of another revision than this one."""
    if not later.change:
        return NOTHING_DECLARED
    before = next((each for each in earlier if each.id == later.id), None)
    if before is not None and work.same:
        return said_between(before, later)
    if before is not None and not work.step and before.change == later.change:
        return NOTHING_DECLARED
    return mirrored(later.change) if work.back else later.change


def _said(work: _Work, come: Sequence[Indicator], gone: Sequence[Indicator]) -> dict[str, str]:
    """Map the indicators that the author declares to have come or gone to the reason."""
    fresh, dropped = (gone, come) if work.back else (come, gone)
    said = {
        each.id: each.change.reason
        for each in fresh
        if is_declared_new(each) or (each.change.reason and not each.change.flags)
    }
    return said | {each.id: work.removed[each.id] for each in dropped if each.id in work.removed}


def _parts(work: _Work, old: tuple[Item, ...]) -> tuple[Item, ...]:
    """Give all heirs of an item that was split, those that come from it alone first; else nothing."""
    if len(old) != 1:
        return ()
    heirs = work.heirs(old[0].id)
    return heirs if len(heirs) > 1 else ()


def _placed(work: _Work, old: str, new: str) -> bool:
    """Say whether both stand under the same parent; a level put in between or taken out does not count as a move."""
    lineage, items = work.lineage, work.items
    before, after = lineage.old_parents[old], lineage.new_parents[new]
    if _corresponds(items, before, after):
        return True
    above = after
    while above and above not in items.origins:
        above = lineage.new_parents[above]
    if above != after and _corresponds(items, before, above):
        return True
    above = before
    while above and above not in items.heirs:
        above = lineage.old_parents[above]
    return above != before and _corresponds(items, above, after)


def _corresponds(items: Family[Item], old: str, new: str) -> bool:
    if not old or not new:
        return old == new
    origin = items.origins.get(new)
    return origin is not None and old in origin.old


def _same(old: Item, new: Item) -> bool:
    """Say whether an item's own fields are equal; its indicators and children are compared by themselves."""
    return (
        old.title == new.title
        and old.body == new.body
        and old.number == new.number
        and old.level == new.level
        and old.owners == new.owners
        and old.tags == new.tags
        and old.note == new.note
        and old.extra == new.extra
    )


def _indicators(
    work: _Work, old: tuple[Item, ...], new: Item, *, known: bool
) -> tuple[tuple[IndicatorPair, ...], tuple[Indicator, ...], tuple[Indicator, ...]]:
    """Pair the indicators of an item; give also those that come and those that go without a counterpart."""
    if not new.indicators and not any(item.indicators for item in old):
        return (), (), ()
    family, owners = work.lineage.indicators, work.lineage.old_owners
    here = ["" if item.level == "plan" else item.id for item in old]
    pairs: list[IndicatorPair] = []
    come: list[Indicator] = []
    gone: list[Indicator] = []
    comparable = known and not new.omitted and not any(item.omitted for item in old)
    for indicator in new.indicators:
        origin = family.origins.get(indicator.id)
        if origin is None:
            pairs.append(IndicatorPair((), indicator, (), *family.alone(indicator.id, new=True)))
            if comparable:
                come.append(indicator)
            continue
        sources = tuple([family.old[name] for name in origin.old])
        if sources == (indicator,) and not indicator.change and owners[sources[0].id] in here:
            pairs.append(IndicatorPair(sources, indicator, (), origin.decided, origin.confidence))
        else:
            pairs.append(_indicator_pair(work, sources, indicator, new, origin))
    for item in old:
        if item.level != "plan" and work.heirs(item.id)[0] is not new:
            continue  # shown with the first part of a split item
        for indicator in item.indicators:
            if indicator.id not in family.heirs:
                pairs.append(IndicatorPair((indicator,), None))
                if comparable:
                    gone.append(indicator)
    return tuple(pairs), tuple(come), tuple(gone)


def _indicator_pair(
    work: _Work, sources: tuple[Indicator, ...], indicator: Indicator, new: Item, origin: Origin
) -> IndicatorPair:
    lineage = work.lineage
    owner = lineage.old_owners[sources[0].id]
    here = "" if new.level == "plan" else new.id
    declared = _word(work, (indicator,), sources[0]) if work.back else _word(work, sources, indicator)
    name = sources[0].id
    if name not in work.indicator_parts:
        heirs = lineage.indicators.heirs[name]
        work.indicator_parts[name] = tuple(lineage.indicators.new[heir] for heir in heirs) if len(heirs) > 1 else ()
    view = IndicatorView(
        sources,
        indicator,
        (work.items.old.get(owner), new if here else None),
        work.indicator_parts[name],
        declared,
        placed=_corresponds(work.items, owner, here),
        sure=origin.decided != "inferred",
        one_plan=work.one_plan,
    )
    changes = classify(view, origin.decided, origin.confidence, work.own)
    return IndicatorPair(sources, indicator, changes, origin.decided, origin.confidence)


def _reordered(work: _Work, pair: Pair) -> tuple[Change, ...]:
    """Say once, for the parent, that children which kept their number stand in another order."""
    if len(pair.old) != 1 or pair.new is None:
        return ()
    place = {each.id: index for index, each in enumerate(pair.old[0].children)}
    stayed = defaultdict[str, list[Pair]](list)
    for child in pair.children:
        if child.new is not None and len(child.old) == 1 and child.old[0].id in place:
            before, after = child.old[0], child.new
            alone = len(work.items.heirs[before.id]) == 1
            if alone and before.level == after.level and before.number == after.number:
                stayed[after.level].append(child)
    befores: list[str] = []
    afters: list[str] = []
    for children in stayed.values():
        ordered = sorted(children, key=lambda child: place[child.old[0].id])
        changed = [index for index, child in enumerate(children) if child is not ordered[index]]
        if changed:
            befores += [_called(child.old[0]) for child in ordered[changed[0] : changed[-1] + 1]]
            afters += [_called(child.item) for child in children[changed[0] : changed[-1] + 1]]
    if not befores:
        return ()
    words = [f"並び順: {'、'.join(titles)}" for titles in (befores, afters)]
    return (reordered(pair.old, pair.new, *words),)


def _called(item: Item) -> str:
    return f"「{item.title}」" if item.title else item.id


Key = tuple[str, str, str]
"""What changes that are said together have in common: the kind, and what became what."""


def _grouped(root: Pair, old: Strategy, new: Strategy) -> Pair:
    """Say once, for the plan, what changed alike in many places: owners, and what moved along with the period."""
    ends = (old.plan.end, new.plan.end)
    least: dict[Key, int] = {}
    found = Counter[Key]()
    for change in (each for pair in root.walk() for each in pair.own_changes):
        if key := _key(change, ends):
            found[key] += 1
            least[key] = change.kind.alike_from
    keys = {key for key, number in found.items() if number >= least[key]}
    if not keys:
        return root
    taken = defaultdict[Key, list[Change]](list)
    root = _without(root, keys, taken, ends)
    lines = tuple(
        replace(
            changes[0],
            old=tuple(each for change in changes for each in change.old),
            new=tuple(each for change in changes for each in change.new),
            before=before,
            after=after,
        )
        for (_, before, after), changes in taken.items()
    )
    return replace(root, changes=root.changes + lines)


def _key(change: Change, ends: Ends) -> Key | None:
    """Return what a change has in common with others that are said in the same line; None where it stands alone."""
    alike = change.kind.alike(change, ends) if change.kind.alike else None
    return (change.kind.code, *alike) if alike else None


def _without(pair: Pair, keys: Collection[Key], taken: dict[Key, list[Change]], ends: Ends) -> Pair:
    """Take the changes with these keys out of a tree and collect them."""

    def kept(changes: tuple[Change, ...]) -> tuple[Change, ...]:
        rest: list[Change] = []
        for change in changes:
            key = _key(change, ends)
            (taken[key] if key and key in keys else rest).append(change)
        return tuple(rest)

    return replace(
        pair,
        changes=kept(pair.changes),
        indicators=tuple(replace(each, changes=kept(each.changes)) for each in pair.indicators),
        children=tuple(_without(child, keys, taken, ends) for child in pair.children),
    )
