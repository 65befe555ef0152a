"""Tree: the policy tree (施策体系図) as lines, from the top down; with a revision, changed items carry their flags."""

from collections.abc import Iterator, Sequence

from atsugi_cli.document import BRANCH, STEM, Block, Document, Heading, Paragraph, Run
from atsugi_cli.layout.diagram import EMPTY, placed, standing
from atsugi_cli.layout.indicators import indicator_lines
from atsugi_cli.layout.joint import Node
from atsugi_cli.layout.labels import OPENING, counts, flags, introduced, printed_number, runs, stamp
from atsugi_cli.layout.lines import referred
from atsugi_cli.layout.parts import parted
from atsugi_cli.layout.places import Sides
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Segment
from atsugi_cli.model import Item, Strategy
from atsugi_cli.revision import Revision
from atsugi_cli.words import year_words


def tree(
    strategy: Strategy, profile: Profile, revision: Revision | None = None, *, indicators: bool = False
) -> Document:
    """Lay out the policy tree of an edition; `revision` is the step that led to it, `indicators` lists them too.

    What is gone since the revised edition stands where it stood, with its flag; what went elsewhere says where to.
    """
    sides = Sides.of(revision, profile) if revision else None
    parts = parted(standing(strategy, revision).children, profile, lambda node: node.item)
    layers = [*((level.label, layer) for level, layer in parts.layers), ("施策の体系", parts.tree)]
    blocks: list[Block] = []
    for label, layer in layers:
        if layer:
            blocks.append(Heading(label, 2))
            blocks += _lines(tuple(placed(layer)), profile, sides, 0, indicators=indicators)
    if indicators and strategy.root.indicators:
        label = profile.label("target", "数値目標")
        blocks[:0] = [Heading(f"計画全体の{label}", 2), *_indicators(strategy.root, profile, 0)]
    if not blocks:
        blocks.append(Paragraph((Run(EMPTY),)))
    period = ""
    if strategy.plan.start is not None and strategy.plan.end is not None:
        period = "～".join(year_words(year, era=profile.era) for year in (strategy.plan.start, strategy.plan.end))
    return Document(
        code="tree",
        title=f"{strategy.plan.title}　施策体系図",
        blocks=tuple(blocks),
        stamp=stamp(*((revision.old, strategy) if revision else (strategy,)), era=profile.era),
        subtitle="　".join(part for part in (strategy.edition.label or strategy.edition.id, period) if part),
        counts=counts(revision, profile) if revision else (),
    )


def _lines(
    nodes: Sequence[Node], profile: Profile, sides: Sides | None, depth: int, *, indicators: bool
) -> Iterator[Paragraph]:
    for node in nodes:
        own = () if node.departed else flags(tuple(node.pair.own_changes), profile)
        yield Paragraph((*_title(node, profile, sides), *_ghost(node, sides)), BRANCH, depth, own)
        if indicators and node.new is not None:
            yield from _indicators(node.new, profile, depth + 1)
        yield from _lines(node.children, profile, sides, depth + 1, indicators=indicators)


def _indicators(item: Item, profile: Profile, depth: int) -> Iterator[Paragraph]:
    for indicator in item.indicators:
        for line in indicator_lines(indicator, "", profile, depth):
            words = f"{line.label} {''.join(run.text for run in line.runs)}"
            yield Paragraph((Run(words),), STEM, line.indent)


def _ghost(node: Node, sides: Sides | None) -> tuple[Run, ...]:
    """Say behind what stands elsewhere now where that is."""
    return (Run(referred(node, node.target, sides)),) if sides and node.departed and node.target else ()


def _title(node: Node, profile: Profile, sides: Sides | None) -> tuple[Run, ...]:
    """Return number and title of an item as it stands now; what is gone from here is marked, in the words it had."""
    item, here = node.item, node.new is not None
    profile = profile if here or sides is None else sides.old.profile
    number = printed_number(item, profile)
    segments: tuple[Segment, ...] = ((item.title or profile.table.omission, not here),)
    for change in node.pair.changes if here else ():
        if "title" in change.marks and not change.kind.joins:
            segments = change.marks["title"].new
        elif change.kind.comes:
            segments = ((item.title, True),)
    words = runs(segments, "new" if here else "old")
    before, titled, after = introduced(item, profile)
    if not before and not titled:
        return (Run(f"{number} "), *words) if number else words
    if titled and item.title:
        return (Run(before), *words, Run(after))
    return (Run(before.rstrip(OPENING) + " "), *words)
