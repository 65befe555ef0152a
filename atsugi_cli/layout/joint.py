"""Joint: both editions as one tree of nodes: what stands where in the old edition, beside what stands there in the new.

A revision pairs each item with what it comes from, wherever that stood. On paper the left column is the old edition
and the right one the new, so that each old item has one place on the left and each new item one on the right. Where
both are the same place they share a node; what was moved, merged or split across parents has a node at each place, and
each node refers to the other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.model import Item, walked
from atsugi_cli.revision import IndicatorPair, Pair, Revision

Way = Literal["移動", "統合", "分割"]
TOP = ""
"""The parent of what stands directly in the plan."""


@frozen
class Reference:
    """Where the rest of the story stands: `items` of the other edition, and in which way (as printed) they came."""

    way: Way
    items: tuple[Item, ...]


@frozen
class Node:
    """A place: `olds` stand here in the old edition, `new` stands here in the new one; either side may be empty.

    `source` says where what stands here on the right stood before, `target` where what stands here on the left has gone
    to. A node `came_along` where its parent says both for it.
    """

    pair: Pair
    olds: tuple[Item, ...]
    new: Item | None
    children: tuple["Node", ...] = ()
    source: Reference | None = None
    target: Reference | None = None
    came_along: bool = False

    @property
    def item(self) -> Item:
        """Return what stands here, the new item where there is one."""
        return self.new if self.new is not None else self.olds[0]

    @property
    def shared(self) -> bool:
        """Check whether one item stands here in both editions."""
        return self.new is not None and len(self.olds) == 1

    @property
    def departed(self) -> bool:
        """Check whether what stood here stands elsewhere now."""
        return self.new is None and self.pair.new is not None

    def walk(self) -> Iterator["Node"]:
        """Iterate over the node and everything below it, in order."""
        return walked(self)


@frozen
class Transfers:
    """The indicators that belong to another item now: by old owner, and where each came from by its new id."""

    leaving: Mapping[str, Sequence[tuple[IndicatorPair, Item]]]
    origins: Mapping[str, Item]

    @classmethod
    def of(cls, revision: Revision, nodes: Sequence[Node]) -> "Transfers":
        """Find the indicators whose owner did not become the one they have now, or stands beside another part of it.

        `nodes` are all nodes of the plan, in order.
        """
        homes = {old.id: node for node in nodes if node.new for old in node.olds}
        owners = {indicator.id: item for item, indicator in revision.old.indicators()}
        leaving = defaultdict[str, list[tuple[IndicatorPair, Item]]](list)
        origins: dict[str, Item] = {}
        for node in nodes:
            pair = node.pair
            for each in pair.indicators if node.new else ():
                owner = owners.get(each.old[0].id) if each.new and len(each.old) == 1 else None
                if owner is None or each.new is None:
                    continue
                apart = each.changes and owner.id in homes and homes[owner.id] is not node
                if apart or owner.id not in {old.id for old in pair.old}:
                    leaving[owner.id].append((each, pair.item))
                    origins[each.new.id] = owner
        return cls(leaving, origins)


def joined(revision: Revision) -> Node:
    """Return the plan as one tree of places, in the order of the new edition; what left stands where it stood."""
    work = _Work(revision)
    return work.node(revision.root, frozenset({TOP}), along=False)


class _Work:
    """Looks up, while the tree is built, what became of each old item and which of them have a shared place."""

    def __init__(self, revision: Revision) -> None:
        self.parents: dict[str, str] = {}
        self.before: dict[str, str] = {}
        for item in revision.old.root.walk():
            if not item.children:
                continue
            above = TOP if item is revision.old.root else item.id
            self.parents.update((child.id, above) for child in item.children)
            self.before.update((after.id, child.id) for child, after in pairwise(item.children))
        self.heirs = defaultdict[str, list[Pair]](list)
        self.above: dict[int, int] = {}
        self.keepers: dict[str, Pair] = {}
        for pair in revision.root.walk():
            for old in pair.old:
                self.heirs[old.id].append(pair)
        if any(len(pairs) > 1 for pairs in self.heirs.values()):
            for pair in revision.root.walk():
                self.above.update((id(child), id(pair)) for child in pair.children)
                for old in pair.old:
                    if pair.new and (pair.new.id, pair.new.title) == (old.id, old.title):
                        self.keepers[old.id] = pair
        self.home: dict[str, int] = {}
        self._settle(revision.root)

    def _settle(self, root: Pair) -> None:
        """Find for each old item the pair at whose place it stands, the first in order where it was split."""
        stack: list[tuple[Pair, frozenset[str]]] = [(child, frozenset({TOP})) for child in reversed(root.children)]
        while stack:
            pair, here = stack.pop()
            standing = [] if _moved(pair) else [old for old in pair.old if self._stands(old, pair, here)]
            standing = [old for old in standing if not self._is_kept(old, pair)]
            for old in standing:
                # of several that were merged the first, and those right behind it: the left column keeps its order
                if old is standing[0] or self.home.get(self.before.get(old.id, "")) == id(pair):
                    self.home.setdefault(old.id, id(pair))
            if pair.children:
                below = self._below(pair, here)
                stack.extend((child, below) for child in reversed(pair.children))

    def _is_kept(self, old: Item, pair: Pair) -> bool:
        """Check whether a sibling of a pair, a part of the same old item as well, keeps its id and its title."""
        keeper = self.keepers.get(old.id, pair)
        return keeper is not pair and self.above[id(keeper)] == self.above[id(pair)]

    def _stands(self, old: Item, pair: Pair, here: frozenset[str]) -> bool:
        """Check whether an old item stood under one of these, at the level of its pair.

        Parents that are gone are looked through.
        """
        if old.level != pair.level:
            return False
        above = self.parents[old.id]
        while above not in here:
            if above == TOP or any(pair.new is not None for pair in self.heirs[above]):
                return False
            above = self.parents[above]
        return True

    def _below(self, pair: Pair, here: frozenset[str]) -> frozenset[str]:
        """Return the old items whose children may stand below a pair; a level put in between is looked through."""
        if not pair.old:
            return here
        if _moved(pair):
            return frozenset()
        parted = len(pair.old) == 1  # the parts share what stood below
        return frozenset(
            old.id
            for old in pair.old
            if self._stands(old, pair, here) and (parted or self.home.get(old.id) == id(pair))
        )

    def node(self, pair: Pair, here: frozenset[str], *, along: bool) -> Node:
        """Build the node at the place of a pair, and everything below it.

        `along` says that the pair came here with its parent.
        """
        if pair.level == "plan":
            return Node(pair, pair.old, pair.new, self._children(pair, pair.old, here))
        olds = tuple(old for old in pair.old if self.home.get(old.id) == id(pair))
        children: tuple[Node, ...] = ()
        if pair.children or any(old.children for old in olds):
            children = self._children(pair, olds, self._below(pair, here))
        source = None if along or olds else self._source(pair)
        return Node(pair, olds, pair.new, children, source, None, along and not olds)

    def _source(self, pair: Pair) -> Reference | None:
        """Say where what stands here now stood before."""
        if not pair.old or pair.new is None:
            return None
        way: Way = "統合" if len(pair.old) > 1 else "分割" if len(self.heirs[pair.old[0].id]) > 1 else "移動"
        return Reference(way, pair.old)

    def _children(self, pair: Pair, olds: tuple[Item, ...], below: frozenset[str]) -> tuple[Node, ...]:
        """Build what stands below: the pairs in their order, and what left behind its nearest older sibling."""
        absent = {old.id for old in pair.old} - {old.id for old in olds}
        nodes: list[Node] = []
        for child in pair.children:
            if child.new is None and self.home.get(child.old[0].id) != id(child):
                continue  # stands at the old place of its parent
            parents = {self.parents[old.id] for old in child.old} if absent else frozenset[str]()
            nodes.append(self.node(child, below, along=bool(parents) and parents <= absent))
        nodes = self._above(nodes)
        here = {old.id for node in nodes for old in node.olds}
        departed = [each for old in olds for each in self._departed(old, here)]
        return tuple(_with_departed(nodes, departed) if departed else nodes)

    def _above(self, nodes: Sequence[Node]) -> list[Node]:
        """Put what is gone in front of what stood below it and stands beside it now."""
        gone = {node.olds[0].id: node for node in nodes if node.new is None}
        if not gone:
            return [*nodes]
        found: dict[int, Node] = {}
        for node in nodes:
            for old in node.olds:
                if above := gone.get(self.parents[old.id]):
                    found.setdefault(id(above), above)
            found.setdefault(id(node), node)
        return [*found.values()]

    def _departed(self, parent: Item, here: set[str]) -> list[tuple[str, Node]]:
        """Build the nodes of the children that left an old item, each with the sibling of its level before it."""
        found: list[tuple[str, Node]] = []
        last: dict[str, str] = {}
        for child in parent.children:
            if child.id in here:
                last[child.level] = child.id
            elif child.id not in self.home:
                found.append((last.get(child.level, ""), self.departed(child, None)))
        return found

    def departed(self, old: Item, parent: Item | None) -> Node:
        """Build the node of an old item at its old place, with everything that stood below it."""
        pairs = self.heirs[old.id]
        pair = pairs[0]
        news = tuple(each.new for each in pairs if each.new is not None)
        along = parent is not None and any(
            parent in above.old and each in above.children for above in self.heirs[parent.id] for each in pairs
        )
        target = None
        if news and not along:
            way: Way = "分割" if len(news) > 1 else "統合" if len(pair.old) > 1 else "移動"
            target = Reference(way, news)
        children = tuple(self.departed(child, old) for child in old.children)
        return Node(pair, (old,), None, children, None, target, along and bool(news))


def _moved(pair: Pair) -> bool:
    return len(pair.old) == 1 and any(change.kind.shows == "parent" for change in pair.changes)


def _with_departed(nodes: Sequence[Node], departed: Sequence[tuple[str, Node]]) -> Iterator[Node]:
    """Put what left behind the older sibling it stood behind, or in front of the first of its level."""
    behind = defaultdict[str, list[Node]](list)
    front = defaultdict[str, list[Node]](list)
    for name, node in departed:
        (behind[name] if name else front[node.item.level]).append(node)
    for node in nodes:
        yield from front.pop(node.item.level, ())
        yield node
        for old in node.olds:
            yield from behind.pop(old.id, ())
    for rest in front.values():
        yield from rest
