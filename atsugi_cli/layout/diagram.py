"""Diagram: the policy tree (施策体系図) as boxes in columns, with the layers that lie across it, not yet drawn.

What is left out by the source is collapsed by number, and what changed since the revised edition is flagged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from atsugi_cli.document import Count, Flag, Stamp
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.labels import (
    OPENING,
    counts,
    edition_words,
    flags,
    introduced,
    level_of,
    printed_number,
    ranged,
    stamp,
)
from atsugi_cli.levels import Profile
from atsugi_cli.model import Item, Strategy
from atsugi_cli.revision import Pair, Revision

State = Literal["same", "new", "changed", "gone", "omitted"]


@frozen
class Box:
    """One item, or several that are left out together.

    `column` counts from 0 at the left, and a child stands to the right of its parent. `lead` is printed above the
    title (基本目標1), `number` before it (①). `path` is the path of ids.
    """

    path: str
    column: int
    lead: str
    number: str
    title: str
    flags: tuple[Flag, ...]
    state: State
    children: tuple["Box", ...] = ()

    def walk(self) -> Iterator["Box"]:
        """Iterate over the box and everything right of it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def words(self) -> str:
        """Return all that the box says, in one line."""
        kinds = "、".join(flag.words for flag in self.flags)
        words = " ".join(filter(None, (self.lead, self.number, self.title)))
        return f"{words}［{kinds}］" if kinds else words


@frozen
class Band:
    """A layer across the tree (重要な視点)."""

    code: str
    label: str
    boxes: tuple[Box, ...]


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
    pairs = revision.root.children if revision else tuple(map(Pair.unchanged, strategy.root.children))
    cross = {level.code for level in profile.cross}
    top = [pair for pair in pairs if pair.level not in cross and pair.level != "section"]
    columns = _columns(top, profile)
    labels = dict.fromkeys(columns.values(), "")
    for pair in (each for root in top for each in root.walk()):
        column = columns[id(pair)]
        labels[column] = labels[column] or level_of(pair.item, profile).label
    bands = []
    for level in profile.cross:
        layer = [each for pair in pairs if pair.level == level.code for each in _flat(pair, (), profile)]
        if layer:
            bands.append(Band(level.code, level.label, tuple(layer)))
    own = stamp(*((revision.old, strategy) if revision else (strategy,)), era=profile.era)
    return Diagram(
        title=f"{strategy.plan.title}　施策体系図",
        subtitle=edition_words(strategy, profile.era),
        columns=tuple(labels[column] for column in sorted(labels)),
        roots=tuple(_siblings(top, (), profile, columns)),
        bands=tuple(bands),
        counts=counts(revision, profile) if revision else (),
        stamp=replace(own, fingerprint=fingerprint or own.fingerprint),
        strategy=strategy,
        revision=revision,
    )


def _columns(top: Sequence[Pair], profile: Profile) -> dict[int, int]:
    """Return every pair (by identity) its column: that of its level, but right of its parent; unused ones close up."""
    order = {level.code: index for index, level in enumerate(profile.tree)}
    wanted: dict[int, int] = {}
    stack = [(pair, 0) for pair in top]
    while stack:
        pair, least = stack.pop()
        wanted[id(pair)] = max(least, order.get(pair.level, least))
        stack += [(child, wanted[id(pair)] + 1) for child in pair.children]
    places = {column: index for index, column in enumerate(sorted(set(wanted.values())))}
    return {key: places[column] for key, column in wanted.items()}


def _siblings(
    pairs: Sequence[Pair], above: tuple[Item, ...], profile: Profile, columns: dict[int, int]
) -> Iterator[Box]:
    """Return the boxes of siblings; those in a row that the source leaves out share one."""
    run: list[Pair] = []
    for pair in pairs:
        if _is_blank(pair) and (not run or run[-1].level == pair.level):
            run.append(pair)
            continue
        if run:
            yield _blank(run, above, profile, columns)
        run = [pair] if _is_blank(pair) else []
        if not run:
            yield _box(pair, above, profile, columns)
    if run:
        yield _blank(run, above, profile, columns)


def _is_blank(pair: Pair) -> bool:
    """Check whether nothing is known of an item but that it is there."""
    return pair.item.omitted and not pair.children and not any(pair.own_changes) and not pair.item.title


def _blank(run: Sequence[Pair], above: tuple[Item, ...], profile: Profile, columns: dict[int, int]) -> Box:
    item = run[0].item
    level = level_of(item, profile)
    number = ranged(level, [pair.item.number for pair in run])
    path = "/".join(each.id for each in (*above, item))
    return Box(path, columns.get(id(run[0]), 0), "", number, profile.table.omission, (), "omitted")


def _box(pair: Pair, above: tuple[Item, ...], profile: Profile, columns: dict[int, int], *, alone: bool = False) -> Box:
    item = pair.item
    headed = bool(level_of(item, profile).heading)
    path = (*above, item)
    return Box(
        path="/".join(each.id for each in path),
        column=columns.get(id(pair), 0),
        lead=introduced(item, profile)[0].rstrip(OPENING) if headed else "",
        number="" if headed else printed_number(item, profile),
        title=item.title or profile.table.omission,
        flags=flags(tuple(pair.own_changes), profile),
        state=_state(pair),
        children=() if alone else tuple(_siblings(pair.children, path, profile, columns)),
    )


def _flat(pair: Pair, above: tuple[Item, ...], profile: Profile) -> Iterator[Box]:
    """Return an item of a layer and whatever is below it side by side: a layer has no columns."""
    yield _box(pair, above, profile, {}, alone=True)
    for child in pair.children:
        yield from _flat(child, (*above, pair.item), profile)


def _state(pair: Pair) -> State:
    if pair.new is None:
        return "gone"
    changes = tuple(pair.own_changes)
    if not pair.old or any(change.kind.comes for change in changes):
        return "new"
    return "changed" if changes else "same"
