"""Revision: two editions paired item by item, with the changes that tell them apart."""

from collections import Counter
from collections.abc import Iterator

from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.card import Change, Kind
from atsugi_cli.match.links import Decided, Link, Open
from atsugi_cli.model import Indicator, Item, Strategy, walked


@frozen
class IndicatorPair:
    """An indicator on both sides; `changes` tell them apart."""

    old: tuple[Indicator, ...]
    new: Indicator | None
    changes: tuple[Change, ...] = ()
    decided: Decided = "id"
    confidence: float = 1.0

    @property
    def indicator(self) -> Indicator:
        """Return the indicator as it stands now, or as it stood where it is gone."""
        return self.new if self.new is not None else self.old[0]


@frozen
class Pair:
    """An item on both sides, its changes, its indicators, and the pairs below it in the order of the new edition.

    `old` holds several items after a merge, none when the item is new; `new` is None when it is gone.
    """

    level: str
    old: tuple[Item, ...]
    new: Item | None
    changes: tuple[Change, ...] = ()
    indicators: tuple[IndicatorPair, ...] = ()
    children: tuple["Pair", ...] = ()
    decided: Decided = "id"
    confidence: float = 1.0

    @classmethod
    def unchanged(cls, item: Item) -> "Pair":
        """Stand an item beside itself: a tree without a revision says nothing of changes."""
        return cls(item.level, (item,), item, children=tuple(map(cls.unchanged, item.children)))

    @property
    def item(self) -> Item:
        """Give the item as it stands now, or as it stood where it is gone."""
        return self.new if self.new is not None else self.old[0]

    @property
    def one_sided(self) -> bool:
        """Check whether it stands in one of the editions only."""
        return not self.old or self.new is None

    def walk(self) -> Iterator["Pair"]:
        """Iterate over the pair and everything below it, in order."""
        return walked(self)

    @property
    def own_changes(self) -> Iterator[Change]:
        """Iterate over the changes of the item itself and of its indicators."""
        yield from self.changes
        for indicator in self.indicators:
            yield from indicator.changes

    @property
    def told(self) -> Iterator[Change]:
        """Iterate over its own changes, a split only where the first of its parts stands.

        The figures of an indicator that is listed again (再掲) are told where it is first listed.
        """
        for change in self.changes:
            if len(change.new) <= 1 or change.new[0] is self.new or self.level == "plan":
                yield change
        for indicator in self.indicators:
            again = bool(indicator.new and indicator.new.same_as and indicator.old and indicator.old[0].same_as)
            for change in indicator.changes:
                if again and change.kind.group == "indicator" and change.kind.shows != "role":
                    continue
                parts = indicator.new.breakdown if indicator.new else ()
                if len(change.new) <= 1 or any(change.new[0] is each for each in (indicator.new, *parts)):
                    yield change


@frozen
class Revision:
    """The step from one edition to the next: the paired tree, who became whom, and what stays open."""

    old: Strategy
    new: Strategy
    root: Pair
    links: tuple[Link, ...]
    open: tuple[Open, ...] = ()

    def changes(self) -> Iterator[Change]:
        """Iterate over every change once, in the order of the table; a split stands with the first of its parts."""
        for pair in self.root.walk():
            yield from pair.told

    def counts(self) -> Counter[tuple[str, Kind]]:
        """Return how often each kind occurs, by the code of the group it is counted in."""
        return Counter((change.group, change.kind) for change in self.changes())

    @property
    def changed(self) -> bool:
        """Say whether anything differs."""
        return next(self.changes(), None) is not None
