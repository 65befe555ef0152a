"""Suggestions: who became whom by likeness (推定) and what stays open (要確認), with lines to paste."""

from collections.abc import Iterator

from atsugi_cli.document import Block, Document, Heading, Paragraph, Run
from atsugi_cli.layout.labels import stamp, step_words
from atsugi_cli.levels import Profile
from atsugi_cli.match.links import SURE, Open
from atsugi_cli.model import Indicator, Item
from atsugi_cli.revision import Pair, Revision

UNSURE = 0.5
"""Below this confidence somebody has to look before the link is used at all."""


def suggestions(revision: Revision, profile: Profile) -> Document:
    """List inferred links and open items, each with the `from:` line that would declare it."""
    blocks: list[Block] = [Heading("推定した対応", 2), *_inferred(revision, profile)]
    blocks += [Heading("要確認（対応先が見つからないもの）", 2), *_open(revision)]
    return Document(
        code="suggestions",
        title=f"{revision.new.plan.title}　対応の確認",
        blocks=tuple(blocks),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
    )


def _inferred(revision: Revision, profile: Profile) -> Iterator[Paragraph]:
    pairs = sorted(_guesses(revision.root), key=lambda each: each[2])
    if not pairs:
        yield Paragraph((Run("ありません。"),))
    for old, new, confidence in pairs:
        title = f"{_title(old, profile)} → {_title(new, profile)}"
        word = "ほぼ確実" if confidence >= SURE else "推定" if confidence >= UNSURE else "要確認"
        yield Paragraph((Run(f"{title}（{word}、確度{confidence:.2f}）"),), bullet="・")
        yield Paragraph((Run(f"{revision.new.source}:{new.line}  id: {new.id} に  from: {old.id}"),), indent=1)


def _guesses(root: Pair) -> Iterator[tuple[Item | Indicator, Item | Indicator, float]]:
    for pair in root.walk():
        if pair.decided == "inferred" and pair.new is not None and pair.old:
            yield pair.old[0], pair.new, pair.confidence
        for each in pair.indicators:
            if each.decided == "inferred" and each.new is not None and each.old:
                yield each.old[0], each.new, each.confidence


def _title(thing: Item | Indicator, profile: Profile) -> str:
    title = thing.title if isinstance(thing, Item) else thing.name
    return f"「{title}」" if title else f"{profile.table.omission}{thing.id}"


def _open(revision: Revision) -> Iterator[Paragraph]:
    if not revision.open:
        yield Paragraph((Run("ありません。"),))
    for each in revision.open:
        yield from _one(each)


def _one(each: Open) -> Iterator[Paragraph]:
    if each.side == "old":
        yield Paragraph((Run(f"現行の「{each.title}」（{each.id}）の行き先"),), bullet="・")
        for candidate in each.candidates:
            text = f"「{candidate.title}」（{candidate.id}、近さ{candidate.likeness:.2f}）なら、そこに  from: {each.id}"
            yield Paragraph((Run(text),), bullet="－", indent=1)
        yield Paragraph(
            (Run(f"なくしたのなら、edition.removed に  - {{id: {each.id}, reason: …}}"),), bullet="－", indent=1
        )
    else:
        yield Paragraph((Run(f"改定後の「{each.title}」（{each.id}）の元"),), bullet="・")
        for candidate in each.candidates:
            text = f"「{candidate.title}」（近さ{candidate.likeness:.2f}）なら、ここに  from: {candidate.id}"
            yield Paragraph((Run(text),), bullet="－", indent=1)
        yield Paragraph((Run("新しい項目なら、ここに  change: {flags: [added]}"),), bullet="－", indent=1)
