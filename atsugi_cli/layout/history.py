"""History: the states of a plan's editions in time, and what became of one item on the way.

A state follows another one: the same edition edited, or the edition that the new one revises. Ids, `from` and likeness
lead from state to state, backwards to what an item came from and forwards to what became of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from atsugi_cli.compare import compare
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import Change
from atsugi_cli.match.lineage import trace
from atsugi_cli.match.links import Link
from atsugi_cli.model import Indicator, Strategy, Thing
from atsugi_cli.revision import Pair, Revision


@frozen
class Moment:
    """Who wrote a state down, and when: a commit; without `id` it is only in the working folder.

    `date` is ISO 8601, `short` the beginning of `id`.
    """

    id: str = ""
    short: str = ""
    date: str = ""
    author: str = ""
    subject: str = ""


@frozen
class Step:
    """One state of an edition; `before` are the places among the steps of the states that it follows.

    There is none for what begins, and more than one for what a merge of branches brought together. `was` is the id that
    the edition had before this step gave it another; `gone` says that the step took the edition away, as it was last.
    """

    moment: Moment
    strategy: Strategy
    before: tuple[int, ...] = ()
    was: str = ""
    gone: bool = False


@frozen
class Event:
    """A step that concerns an item: the item's ids before and after, and what changed, each with its pair.

    `links` are those relations that an equal id does not explain. `old` is None where the first state is looked at.
    """

    step: Step
    old: Strategy | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    changes: tuple[tuple[Change, Pair], ...] = ()
    links: tuple[Link, ...] = ()
    revision: Revision | None = None

    @property
    def is_edition(self) -> bool:
        """Say whether the step begins an edition, rather than edits one."""
        return self.old is None or (not self.step.was and self.old.edition.id != self.step.strategy.edition.id)


@frozen
class History:
    """What became of an item: its id as asked for, the thing as it stands last, and the events, oldest first."""

    id: str
    thing: Thing
    strategy: Strategy
    events: tuple[Event, ...]


def history(steps: Sequence[Step], identity: str, kinds: Mapping[str, str] = MappingProxyType({})) -> History:
    """Follow an item or indicator through the steps, which stand in the order of time; `kinds` are the city's own.

    Raises KeyError when no step has the id.
    """
    kept = [index for index, step in enumerate(steps) if not step.gone]
    places = {index: place for place, index in enumerate(kept)}
    steps = [
        replace(steps[index], before=tuple(places[each] for each in steps[index].before if each in places))
        for index in kept
    ]
    states = [_State(step.strategy) for step in steps]
    known = [index for index, state in enumerate(states) if identity in state.things]
    if not known:
        raise KeyError(identity)
    work = _Follower(steps, states, kinds)
    forward: list[frozenset[str]] = [frozenset()] * len(steps)
    for index, step in enumerate(steps):
        heirs = (work.heirs(before, index, forward[before]) for before in step.before)
        forward[index] = states[index].having(identity).union(*heirs)
    followed = [set[str]() for _ in steps]
    for index in reversed(range(len(steps))):
        followed[index] |= states[index].having(identity)
        for before in steps[index].before:
            followed[before] |= work.origins(before, index, frozenset(followed[index]))
    for index, ids in enumerate(forward):
        followed[index] |= ids
    events = tuple(work.events([frozenset(each) for each in followed]))
    last = states[known[-1]]
    return History(identity, last.things[identity], steps[known[-1]].strategy, events)


class _State:
    """An edition's things by id, and the id of what each stands under."""

    __slots__ = ("parents", "strategy", "things")

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.things: dict[str, Thing] = {}
        self.parents: dict[str, str] = {}
        for item in strategy.root.walk():
            if item is not strategy.root:
                self.things.setdefault(item.id, item)
            for below in item.children:
                self.parents.setdefault(below.id, item.id)
        for item, indicator in strategy.indicators():
            self.things.setdefault(indicator.id, indicator)
            self.parents.setdefault(indicator.id, item.id)

    def having(self, identity: str) -> frozenset[str]:
        """Give the id as a set, empty where there is no such thing."""
        return frozenset({identity} if identity in self.things else ())

    def said(self, ids: frozenset[str]) -> object:
        """Give everything that this state says of some ids, to be compared with what another one says."""
        own = [(each, self.parents[each], _own(self.things[each])) for each in sorted(ids) if each in self.things]
        heirs = [(name, thing.origins) for name, thing in self.things.items() if not ids.isdisjoint(thing.origins)]
        removed = [each.id for each in self.strategy.edition.removed if each.id in ids]
        return own, heirs, removed, self.strategy.edition.id


def _own(thing: Thing) -> object:
    """Give a thing without what stands below it."""
    if isinstance(thing, Indicator):
        return thing
    fields = (thing.level, thing.number, thing.title, thing.body, thing.owners, thing.tags, thing.note, thing.extra)
    return fields, thing.indicators, thing.origins, thing.change, thing.omitted


class _Follower:
    """Follows ids from state to state; two states are compared once, and only where they differ in what is followed."""

    def __init__(self, steps: Sequence[Step], states: Sequence[_State], kinds: Mapping[str, str]) -> None:
        self.steps, self.states, self.kinds = steps, states, kinds
        self._links: dict[tuple[int, int], tuple[Link, ...]] = {}

    def heirs(self, before: int, after: int, ids: frozenset[str]) -> frozenset[str]:
        """Give the ids that continue some ids of the state before."""
        if self._is_same(before, after, ids):
            return ids
        found = (link.new for link in self._linked(before, after) if not ids.isdisjoint(link.old))
        return frozenset(name for names in found for name in names)

    def origins(self, before: int, after: int, ids: frozenset[str]) -> frozenset[str]:
        """Give the ids of the state before that some ids come from."""
        if self._is_same(before, after, ids):
            return ids
        found = (link.old for link in self._linked(before, after) if not ids.isdisjoint(link.new))
        return frozenset(name for names in found for name in names)

    def events(self, followed: Sequence[frozenset[str]]) -> list[Event]:
        """Make an event of every step that begins an edition with the item, or changes it."""
        events: list[Event] = []
        for index, step in enumerate(self.steps):
            ids = followed[index]
            if not step.before:
                if ids:
                    events.append(Event(step, None, (), self._ordered(index, ids)))
                continue
            earlier = followed[step.before[0]]
            # What a merge took over from one of its branches was said when it came into that branch.
            if not (ids or earlier) or any(self._is_same(each, index, ids | followed[each]) for each in step.before):
                continue
            old = self.steps[step.before[0]].strategy
            revision = compare(old, step.strategy, self.kinds)
            changes = tuple(
                (change, pair)
                for pair in revision.root.walk()
                for change in pair.told
                if _concerns(change, pair, earlier, ids)
            )
            links = tuple(
                link
                for link in revision.links
                if (not earlier.isdisjoint(link.old) or not ids.isdisjoint(link.new))
                and link.old
                and link.new
                and (link.old != link.new or link.decided == "inferred")
            )
            event = Event(
                step,
                old,
                self._ordered(step.before[0], earlier),
                self._ordered(index, ids),
                changes,
                links,
                revision,
            )
            if changes or links or event.is_edition:
                events.append(event)
        return events

    def _ordered(self, index: int, ids: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in self.states[index].things if name in ids)

    def _is_same(self, before: int, after: int, ids: frozenset[str]) -> bool:
        """Tell whether both states say the same of the ids, all of which both have."""
        old, new = self.states[before], self.states[after]
        return ids <= old.things.keys() and ids <= new.things.keys() and old.said(ids) == new.said(ids)

    def _linked(self, before: int, after: int) -> tuple[Link, ...]:
        if (before, after) not in self._links:
            self._links[before, after] = trace(self.steps[before].strategy, self.steps[after].strategy).links()
        return self._links[before, after]


def _concerns(change: Change, pair: Pair, before: frozenset[str], after: frozenset[str]) -> bool:
    """Tell whether a change is about one of the ids; one that is said for the plan of many is about each of them.

    What is said of an indicator concerns the item under which it stands, too.
    """
    old = (*change.old, *change.old_indicators)
    new = (*change.new, *change.new_indicators)
    if pair.level != "plan" and any(isinstance(each, Indicator) for each in (*old, *new)):
        old += pair.old
        new += (pair.new,) if pair.new is not None else ()
    return any(each.id in before for each in old) or any(each.id in after for each in new)
