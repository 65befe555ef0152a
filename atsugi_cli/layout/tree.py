"""Tree: the policy tree (施策体系図) as lines, from the top down; with a revision, changed items carry their flags."""

from collections.abc import Iterator, Sequence

from atsugi_cli.document import Block, Document, Heading, Paragraph, Run
from atsugi_cli.layout.labels import OPENING, counts, flags, introduced, printed_number, role_label, runs, stamp
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Segment
from atsugi_cli.model import Indicator, Strategy
from atsugi_cli.revision import Pair, Revision
from atsugi_cli.words import year_words

BRANCH, LAST, PIPE, BLANK = "├─ ", "└─ ", "│  ", "   "
"""How a line hangs on the one above; the last child of a parent ends the line."""


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
            blocks += _lines(band, profile, "", indicators=indicators)
    top = [pair for pair in pairs if pair.level not in cross and pair.level != "section"]
    if top:
        blocks.append(Heading("施策の体系", 2))
        blocks += _lines(top, profile, "", indicators=indicators)
    period = ""
    if strategy.plan.start is not None and strategy.plan.end is not None:
        period = "～".join(year_words(year, style=profile.era) for year in (strategy.plan.start, strategy.plan.end))
    return Document(
        code="tree",
        title=f"{strategy.plan.title}　施策体系図",
        blocks=tuple(blocks),
        stamp=stamp(*((revision.old, strategy) if revision else (strategy,)), style=profile.era),
        subtitle="　".join(part for part in (strategy.edition.label or strategy.edition.id, period) if part),
        counts=counts(revision, profile) if revision else (),
    )


def _lines(pairs: Sequence[Pair], profile: Profile, prefix: str, *, indicators: bool) -> Iterator[Paragraph]:
    for index, pair in enumerate(pairs):
        last = index == len(pairs) - 1
        yield Paragraph(
            _title(pair, profile),
            bullet=prefix + (LAST if last else BRANCH),
            flags=flags(tuple(pair.own_changes), profile),
        )
        below = prefix + (BLANK if last else PIPE)
        if indicators and pair.new is not None:
            more = bool(pair.children)
            yield from _indicators(pair.new.indicators, below + (PIPE if more else BLANK), profile)
        yield from _lines(pair.children, profile, below, indicators=indicators)


def _indicators(indicators: Sequence[Indicator], prefix: str, profile: Profile) -> Iterator[Paragraph]:
    for indicator in indicators:
        name = indicator.name or profile.table.omission
        yield Paragraph((Run(f"{role_label(indicator, profile)} {name}"),), bullet=prefix)


def _title(pair: Pair, profile: Profile) -> tuple[Run, ...]:
    """Give number and title of an item as it stands now; what is gone is marked as old."""
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
