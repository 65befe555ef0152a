"""Log: what became of an item, event by event; or the revisions of a plan, with how much each changed."""

from collections.abc import Iterable, Iterator, Sequence

from atsugi_cli.compare import compare
from atsugi_cli.document import Block, Column, Document, Heading, Paragraph, Row, Run, Table
from atsugi_cli.layout.history import Event, History, Moment, Step
from atsugi_cli.layout.labels import called, cell, counts, edition_words, flags, role_label, stamp
from atsugi_cli.layout.places import Sides
from atsugi_cli.layout.points import said_with, sentence
from atsugi_cli.levels import Profile
from atsugi_cli.match.links import Link
from atsugi_cli.model import STAGE_LABELS, UNREGISTERED, Item, Strategy, Thing
from atsugi_cli.words import Era, date_words

WORKING = "作業中（未コミット）"
DAY = 10
"""Characters of the date in ISO 8601."""


def log(found: History, profile: Profile, remarks: Iterable[str] = ()) -> Document:
    """Lay out what became of an item; `remarks` say what could not be looked at."""
    blocks: list[Block] = []
    for event in found.events:
        blocks.append(Heading(_headline(event, profile.era), 3))
        if event.step.moment.id:
            blocks.append(_note(_who(event.step.moment)))
        blocks += _lines(event, profile)
    return Document(
        code="log",
        title=f"{_named(found.thing, profile)}の経過",
        blocks=(*blocks, *_remarks(remarks)),
        stamp=stamp(found.strategy, era=profile.era),
        subtitle=f"{found.strategy.plan.title}　{found.id}",
    )


def overview(steps: Sequence[Step], profile: Profile, remarks: Iterable[str] = ()) -> Document:
    """Lay out the revisions of a plan: its editions as a chain, and the commits that changed them, with counts."""
    editions = editions_of(steps)
    last = next(reversed(editions.values()))
    fates = _fates(steps)
    columns = (Column("版", 3), Column("段階", 2), Column("日付", 4), Column("改定する版", 3), Column("変更", 9))
    rows = [
        Row(
            "plain",
            (
                cell(f"{strategy.edition.id}　{strategy.edition.label}".strip("　")),
                cell(STAGE_LABELS[strategy.edition.stage]),
                cell(date_words(strategy.edition.date, profile.era)),
                cell(strategy.edition.revises or "－"),
                cell(
                    fates.get(strategy.edition.id)
                    or _counted(editions.get(strategy.edition.revises), strategy, profile)
                ),
            ),
            key=strategy.edition.id,
        )
        for strategy in editions.values()
    ]
    blocks: list[Block] = [Heading("版", 2), Table("editions", columns, tuple(rows))]
    columns = (Column("日付", 3), Column("コミット", 3), Column("だれが", 3), Column("件名", 6), Column("変更", 8))
    lines = [
        Row(
            "plain",
            (
                cell(step.moment.date[:DAY]),
                cell(step.moment.short or WORKING),
                cell(step.moment.author),
                cell(step.moment.subject),
                cell(_step_words(steps, step, profile)),
            ),
            key=step.moment.short,
        )
        for step in steps
    ]
    if any(step.moment.id for step in steps):
        blocks += [Heading("コミット", 2), Table("commits", columns, tuple(lines))]
    return Document(
        code="log",
        title=f"{last.plan.title}　改定の経過",
        blocks=(*blocks, *_remarks(remarks)),
        stamp=stamp(last, era=profile.era),
        subtitle=f"{len(editions) - len(fates)}版",
    )


def editions_of(steps: Sequence[Step]) -> dict[str, Strategy]:
    """Give the last state of each edition, by id, a revised edition before those that revise it."""
    last = {step.strategy.edition.id: step.strategy for step in steps}
    ordered: dict[str, Strategy] = {}
    while len(ordered) < len(last):
        rest = {name: each for name, each in last.items() if name not in ordered}
        ready = [
            name for name, each in rest.items() if each.edition.revises not in rest or each.edition.revises == name
        ]
        chosen = min(ready or rest, key=lambda name: (last[name].edition.date, name))
        ordered[chosen] = last[chosen]
    return ordered


def _fates(steps: Sequence[Step]) -> dict[str, str]:
    """Say of each edition that does not stand any more what became of it, by id."""
    fates: dict[str, str] = {}
    for step in steps:
        edition = step.strategy.edition.id
        fates.pop(edition, None)
        if step.was:
            fates[step.was] = f"{edition} に改めた"
        if step.gone:
            fates[edition] = f"取り下げた（削除、{step.moment.short or WORKING}）"
    return fates


def _step_words(steps: Sequence[Step], step: Step, profile: Profile) -> str:
    if step.gone:
        return f"版 {step.strategy.edition.id} を取り下げ（削除）"
    old = steps[step.before[0]].strategy if step.before else None
    words = _counted(old, step.strategy, profile)
    if step.was:
        return f"版 {step.was} を {step.strategy.edition.id} に改めた（{words}）"
    if old is None or old.edition.id != step.strategy.edition.id:
        return f"版 {step.strategy.edition.id} を追加（{words}）" if old else f"版 {step.strategy.edition.id} を追加"
    return words


def _counted(old: Strategy | None, new: Strategy, profile: Profile) -> str:
    """Count what changed between two states: 項目: 新規 4、統合 1."""
    if old is None:
        return "－"
    return (
        "、".join(f"{each.label} {each.number}" for each in counts(compare(old, new, profile.kinds), profile))
        or "変更なし"
    )


def _headline(event: Event, era: Era) -> str:
    """Say when, and in which edition: 2023-10-17　改定後（素案）の作成."""
    when = event.step.moment.date[:DAY] or WORKING
    edition = edition_words(event.step.strategy, era)
    if event.old is None:
        return f"{when}　{edition}"
    if event.is_edition:
        return f"{when}　{edition}　← {edition_words(event.old, era)}"
    return f"{when}　{edition}の修正"


def _who(moment: Moment) -> str:
    return f"コミット {moment.short}　{moment.author}　{moment.subject}"


def _lines(event: Event, profile: Profile) -> Iterator[Paragraph]:
    """Say what happened: the relations that no equal id explains, then each change in a sentence."""
    if event.old is None:
        for name in event.after:
            thing = _find(event.step.strategy, name)
            if thing is not None:
                yield Paragraph((Run(f"{_named(thing, profile)}があります。"),), bullet="・")
        return
    for link in event.links:
        yield Paragraph((Run(_link_words(link)),), bullet="・")
    sides = Sides.of(event.revision, profile) if event.revision else None
    for change, pair in event.changes if sides else ():
        if sides and (shown := said_with(change, pair)):
            yield Paragraph((Run(sentence(change, pair, sides)),), bullet="・", flags=flags(shown, profile))
    if not event.changes and not event.links:
        yield Paragraph((Run("変わりません。" if event.after else "ありません。"),), bullet="・")


def _link_words(link: Link) -> str:
    words = f"対応: {'、'.join(link.old)} → {'、'.join(link.new)}"
    return f"{words}（推定、確度{link.confidence:.2f}）" if link.decided == "inferred" else words


def _find(strategy: Strategy, name: str) -> Thing | None:
    for item in strategy.root.walk():
        if item.id == name and item is not strategy.root:
            return item
        for indicator in item.indicators:
            if indicator.id == name:
                return indicator
    return None


def _named(thing: Thing, profile: Profile) -> str:
    if isinstance(thing, Item):
        return called(thing, profile)
    return f"{role_label(thing, profile)}「{thing.name or UNREGISTERED}」"


def _note(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _remarks(remarks: Iterable[str]) -> Iterator[Paragraph]:
    for remark in remarks:
        yield Paragraph((Run(remark),), bullet="※")
