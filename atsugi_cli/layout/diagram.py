"""Diagram: the policy tree (施策体系図) as boxes in columns, with the layers that lie across it, not yet drawn.

What is left out by the source is collapsed by number, and what changed since the revised edition is flagged. What went
elsewhere leaves a ghost at its old place, in the words of the old edition, that says where to.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from atsugi_cli.document import Count, Flag, Stamp
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.joint import Node, Reference, joined
from atsugi_cli.layout.labels import (
    counts,
    edition_words,
    flags,
    lead,
    level_of,
    printed_number,
    ranged,
    stamp,
)
from atsugi_cli.layout.lines import referred
from atsugi_cli.layout.parts import parted
from atsugi_cli.layout.places import Sides
from atsugi_cli.levels import Profile
from atsugi_cli.model import Item, Strategy
from atsugi_cli.revision import Pair, Revision

State = Literal["same", "new", "changed", "gone", "omitted"]


@frozen
class Box:
    """One item, or several that are left out together.

    `column` counts from 0 at the left, and a child stands to the right of its parent. `lead` is printed above the
    title (基本目標1), `number` before it (①), `note` behind it (（基本目標1-2-③へ移動）). `path` is the path of ids.
    """

    path: str
    column: int
    lead: str
    number: str
    title: str
    flags: tuple[Flag, ...]
    state: State
    children: tuple["Box", ...] = ()
    note: str = ""

    def walk(self) -> Iterator["Box"]:
        """Iterate over the box and everything right of it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def words(self) -> str:
        """Return all that the box says, in one line."""
        kinds = "、".join(flag.words for flag in self.flags)
        words = " ".join(filter(None, (self.lead, self.number, self.title, self.note)))
        return f"{words}［{kinds}］" if kinds else words


@frozen
class Band:
    """A layer across the tree (重要な視点)."""

    code: str
    label: str
    boxes: tuple[Box, ...]


EMPTY = "体系図に示す施策はありません。"


@frozen
class Diagram:
    """A tree of boxes: the heads of its columns, the boxes of the first column, and the layers across.

    `strategy` is the edition that it shows and `revision` the step that led to it, for formats that are data.
    """

    title: str
    subtitle: str
    columns: tuple[str, ...]
    roots: tuple[Box, ...]
    bands: tuple[Band, ...]
    counts: tuple[Count, ...]
    stamp: Stamp
    strategy: Strategy
    revision: Revision | None

    def boxes(self) -> Iterator[Box]:
        """Iterate over every box, those of the layers last."""
        for root in self.roots:
            yield from root.walk()
        for band in self.bands:
            yield from band.boxes


def diagram(
    strategy: Strategy, profile: Profile, revision: Revision | None = None, *, fingerprint: str = ""
) -> Diagram:
    """Lay out the policy tree of an edition; `revision` is the step that led to it.

    `fingerprint` is that of the set of papers that the drawing belongs to, else it has its own.

    A level that no item uses has no column. What is gone since the revised edition stands where it stood.
    """
    sides = Sides.of(revision, profile) if revision else None
    parts = parted(standing(strategy, revision).children, profile, lambda node: node.item)
    top = tuple(placed(parts.tree))
    drawer = _Drawer(profile, sides, _columns(top, profile))
    labels = dict.fromkeys(drawer.columns.values(), "")
    every = [node for root in top for node in root.walk()]
    for node in sorted(every, key=lambda node: node.new is None):  # the words of the new edition, where it has any
        column = drawer.columns[id(node)]
        labels[column] = labels[column] or level_of(node.item, drawer.speaker(node)).label
    bands = [
        Band(level.code, level.label, tuple(box for node in placed(layer) for box in drawer.flat(node, ())))
        for level, layer in parts.layers
    ]
    own = stamp(*((revision.old, strategy) if revision else (strategy,)), era=profile.era)
    return Diagram(
        title=f"{strategy.plan.title}　施策体系図",
        subtitle=edition_words(strategy, profile.era) + ("" if top or bands else f"　{EMPTY}"),
        columns=tuple(labels[column] for column in sorted(labels)),
        roots=tuple(drawer.siblings(top, ())),
        bands=tuple(bands),
        counts=counts(revision, profile) if revision else (),
        stamp=replace(own, fingerprint=fingerprint or own.fingerprint),
        strategy=strategy,
        revision=revision,
    )


def standing(strategy: Strategy, revision: Revision | None) -> Node:
    """Return the places of an edition: those of a revision, or each item at its own."""
    return joined(revision) if revision else _unchanged(Pair.unchanged(strategy.root))


def _unchanged(pair: Pair) -> Node:
    return Node(pair, pair.old, pair.new, tuple(map(_unchanged, pair.children)))


def placed(nodes: Iterable[Node]) -> Iterator[Node]:
    """Return the nodes that are shown: not what left with its parent, but each of several that became one."""
    for node in nodes:
        if node.departed and node.came_along:
            continue
        yield replace(node, children=tuple(placed(node.children)))
        if node.new is not None:
            for old in node.olds[1:]:
                yield Node(node.pair, (old,), None, target=Reference("統合", (node.new,)))


def _columns(top: Sequence[Node], profile: Profile) -> dict[int, int]:
    """Return every node (by identity) its column: that of its level, but right of its parent; unused ones close up."""
    order = {level.code: index for index, level in enumerate(profile.tree)}
    wanted: dict[int, int] = {}
    stack = [(node, 0) for node in top]
    while stack:
        node, least = stack.pop()
        wanted[id(node)] = max(least, order.get(node.item.level, least))
        stack += [(child, wanted[id(node)] + 1) for child in node.children]
    places = {column: index for index, column in enumerate(sorted(set(wanted.values())))}
    return {key: places[column] for key, column in wanted.items()}


@frozen
class _Drawer:
    """Makes boxes of nodes, each in the words of the edition that it is shown of."""

    profile: Profile
    sides: Sides | None
    columns: dict[int, int]

    def speaker(self, node: Node) -> Profile:
        """Return the words of the edition that a node is shown of."""
        return self.profile if self.sides is None or node.new is not None else self.sides.old.profile

    def siblings(self, nodes: Sequence[Node], above: tuple[Item, ...]) -> Iterator[Box]:
        """Return the boxes of siblings; those in a row that the source leaves out share one."""
        for (is_blank, _), group in groupby(nodes, lambda node: (_is_blank(node), node.item.level)):
            if is_blank:
                yield self._blank([*group], above)
            else:
                yield from (self.box(node, above) for node in group)

    def _blank(self, run: Sequence[Node], above: tuple[Item, ...]) -> Box:
        item = run[0].item
        number = ranged(level_of(item, self.profile), [node.item.number for node in run])
        path = "/".join(each.id for each in (*above, item))
        return Box(path, self.columns.get(id(run[0]), 0), "", number, self.profile.table.omission, (), "omitted")

    def box(self, node: Node, above: tuple[Item, ...], *, alone: bool = False) -> Box:
        """Return the box of a node, with what is right of it unless it stands alone."""
        item, profile = node.item, self.speaker(node)
        headed = bool(level_of(item, profile).heading)
        path = (*above, item)
        note = referred(node, node.target, self.sides) if self.sides and node.departed and node.target else ""
        return Box(
            path="/".join(each.id for each in path) + ("#old" if node.departed else ""),
            column=self.columns.get(id(node), 0),
            lead=lead(item, profile),
            number="" if headed else printed_number(item, profile),
            title=item.title or profile.table.omission,
            flags=() if node.departed else flags(tuple(node.pair.own_changes), profile),
            state=_state(node),
            children=() if alone else tuple(self.siblings(node.children, path)),
            note=note,
        )

    def flat(self, node: Node, above: tuple[Item, ...]) -> Iterator[Box]:
        """Return an item of a layer and whatever is below it side by side: a layer has no columns."""
        yield self.box(node, above, alone=True)
        for child in node.children:
            yield from self.flat(child, (*above, node.item))


def _is_blank(node: Node) -> bool:
    """Check whether nothing is known of an item but that it is there."""
    untouched = node.shared and not any(node.pair.own_changes)
    return node.item.omitted and not node.children and untouched and not node.item.title


def _state(node: Node) -> State:
    if node.new is None:
        return "gone"
    changes = tuple(node.pair.own_changes)
    if not node.pair.old or any(change.kind.comes for change in changes):
        return "new"
    return "changed" if changes else "same"
