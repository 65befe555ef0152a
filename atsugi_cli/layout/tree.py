"""Tree: the policy tree (施策体系図) as lines, from the top down; with a revision, changed items carry their flags."""

from collections.abc import Iterator, Sequence

from atsugi_cli.document import BRANCH, STEM, Block, Document, Heading, Paragraph, Run
from atsugi_cli.layout.labels import OPENING, counts, flags, introduced, printed_number, role_label, runs, stamp
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Segment
from atsugi_cli.model import Strategy
from atsugi_cli.revision import Pair, Revision
from atsugi_cli.words import year_words


def tree(
    strategy: Strategy, profile: Profile, revision: Revision | None = None, *, indicators: bool = False
) -> Document:
    """Lay out the policy tree of an edition; `revision` is the step that led to it, `indicators` lists them too.

    What is gone since the revised edition stands where it stood, with its flag.
    """
    pairs = revision.root.children if revision else tuple(map(Pair.unchanged, strategy.root.children))
    cross = {level.code for level in profile.cross}
    blocks: list[Block] = []
    for level in profile.cross:
        band = [pair for pair in pairs if pair.level == level.code]
        if band:
            blocks.append(Heading(level.label, 2))
            blocks += _lines(band, profile, 0, indicators=indicators)
    top = [pair for pair in pairs if pair.level not in cross and pair.level != "section"]
    if top:
        blocks.append(Heading("施策の体系", 2))
        blocks += _lines(top, profile, 0, indicators=indicators)
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


def _lines(pairs: Sequence[Pair], profile: Profile, depth: int, *, indicators: bool) -> Iterator[Paragraph]:
    for pair in pairs:
        yield Paragraph(_title(pair, profile), BRANCH, depth, flags(tuple(pair.own_changes), profile))
        if indicators and pair.new is not None:
            for indicator in pair.new.indicators:
                words = f"{role_label(indicator, profile)} {indicator.name or profile.table.omission}"
                yield Paragraph((Run(words),), STEM, depth + 1)
        yield from _lines(pair.children, profile, depth + 1, indicators=indicators)


def _title(pair: Pair, profile: Profile) -> tuple[Run, ...]:
    """Return number and title of an item as it stands now; what is gone is marked as old."""
    item = pair.item
    number = printed_number(item, profile)
    segments: tuple[Segment, ...] = ((item.title or profile.table.omission, pair.new is None),)
    for change in pair.changes:
        if "title" in change.marks and not change.kind.joins:
            segments = change.marks["title"].new
        elif change.kind.comes:
            segments = ((item.title, True),)
    words = runs(segments, "old" if pair.new is None else "new")
    before, titled, after = introduced(item, profile)
    if not before and not titled:
        return (Run(f"{number} "), *words) if number else words
    if titled and item.title:
        return (Run(before), *words, Run(after))
    return (Run(before.rstrip(OPENING) + " "), *words)
