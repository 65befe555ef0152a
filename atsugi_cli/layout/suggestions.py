"""Suggestions: who became whom by likeness (推定) and what stays open (要確認), with lines to paste."""

from collections.abc import Iterator

from atsugi_cli.document import Block, Document, Heading, Paragraph, Run
from atsugi_cli.layout.labels import stamp, step_words
from atsugi_cli.levels import Profile
from atsugi_cli.match.advice import advised
from atsugi_cli.match.links import SURE
from atsugi_cli.model import Item, Thing
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


def _guesses(root: Pair) -> Iterator[tuple[Thing, Thing, float]]:
    for pair in root.walk():
        if pair.decided == "inferred" and pair.new is not None and pair.old:
            yield pair.old[0], pair.new, pair.confidence
        for each in pair.indicators:
            if each.decided == "inferred" and each.new is not None and each.old:
                yield each.old[0], each.new, each.confidence


def _title(thing: Thing, profile: Profile) -> str:
    title = thing.title if isinstance(thing, Item) else thing.name
    return f"「{title}」" if title else f"{profile.table.omission}{thing.id}"


def _open(revision: Revision) -> Iterator[Paragraph]:
    if not revision.open:
        yield Paragraph((Run("ありません。"),))
    heirs = advised(revision.open, revision.old, revision.new)
    origins = {heir.id: (each, heir) for each in revision.open if (heir := heirs.get(each.id)) and each.side == "old"}
    for each in revision.open:
        if each.side == "old":
            heir = heirs.get(each.id)
            yield Paragraph((Run(f"現行の「{each.title}」（{each.id}）の行き先"),), bullet="・")
            named = (
                f"「{heir.title}」（{heir.id}、近さ{heir.likeness:.2f}）なら、そこに  from: {each.id}" if heir else ""
            )
            last = f"なくしたのなら、edition.removed に  - {{id: {each.id}, reason: …}}"
        else:
            old, heir = origins.get(each.id, (None, None))
            yield Paragraph((Run(f"改定後の「{each.title}」（{each.id}）の元"),), bullet="・")
            named = f"「{old.title}」（近さ{heir.likeness:.2f}）なら、ここに  from: {old.id}" if old and heir else ""
            last = "新しい項目なら、ここに  change: {flags: [added]}"
        yield Paragraph((Run(named or "候補なし"),), bullet="－", indent=1)
        yield Paragraph((Run(last),), bullet="－", indent=1)
