"""Revision: rules about the ids of an edition and the one it revises: what became of every old one.

Ids and declarations are looked up in indexes; the lineage, which guesses, is only asked for hints.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from atsugi_cli.findings import Edit, Finding, Related
from atsugi_cli.model import Indicator, Item, Thing, title_of
from atsugi_cli.rules.base import (
    BEFORE_PROPOSAL,
    UNREAD,
    Rule,
    Subject,
    declared,
    finding,
    name,
    perhaps,
    rule,
)

_ID = r"[a-z0-9][a-z0-9-]*"


def _is_id(text: str) -> bool:
    """Check whether an id has the form of one; what is wrong with its form the schema has said."""
    return re.compile(_ID).fullmatch(text) is not None


def _from_place(subject: Subject, thing: Thing, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Shorten the path where `from` is written as one id, not as a list."""
    return path if subject.places.has(thing.node, *path) else path[:1]


def from_unknown(subject: Subject) -> Iterator[Finding]:
    """項目の from に書いた id が、改定前の版にありません。

    from には、改定前の版で使われている id を書きます（いまの版の id ではありません）。
    """
    known = subject.base_by_id
    for thing, path, origin in subject.origins:
        if origin in known or origin == thing.id or not _is_id(origin):
            continue
        here = "（いまの版の id です）" if origin in subject.by_id else ""
        near = subject.meant.get(origin, "") or subject.nearest(origin, known)
        at = _from_place(subject, thing, path)
        yield finding(
            f"{name(thing)}の from「{origin}」は、改定前の版にありません{here}",
            subject.at(thing.node, *at),
            perhaps(near) or f"改定前の版（{subject.revised.edition.id}）にある id を書いてください",
            edits=subject.writing(near, thing.node, *at) if near else (),
            safe=False,
        )


def from_self(subject: Subject) -> Iterator[Finding]:
    """項目の from が、その項目自身の id を指しています。

    id が同じなら、続いている項目と分かるので from は要りません。名前を変えたなら、改定前の id を書きます。
    """
    for thing, path, origin in subject.origins:
        if origin != thing.id:
            continue
        if origin in subject.base_by_id and (len(thing.origins) > 1 or len(subject.named[origin]) > 1):
            continue  # beside other ids it says that this one lives on in a merger or a split
        yield finding(
            f"{name(thing)}の from が自分の id「{origin}」を指しています",
            subject.at(thing.node, *_from_place(subject, thing, path)),
            "from の行を消すか、改定前の id を書いてください",
        )


def from_still_present(subject: Subject) -> Iterator[Finding]:
    """項目の from に書いた改定前の id が、いまの版にもそのまま残っています。

    同じものが二つに続くことになり、どちらが改定前の項目か決められません。
    名前を変えただけなら、残っている項目を消すか別の id にします。
    分割したのなら、分かれた項目すべて（元の id の項目も）の from にその id を書くか、change.flags に split と書きます。
    """
    meant = _meant_by_strangers(subject)
    for thing, path, origin in subject.origins:
        present = subject.by_id.get(origin)
        if present is None or origin == thing.id or origin not in subject.base_by_id:
            continue
        if isinstance(present, Item) != isinstance(subject.base_by_id[origin], Item):
            continue  # the id was taken by something of the other kind, which is said there
        flags = thing.change.flags + present.change.flags
        if len(subject.named[origin]) > 1 or any(kind.joins == "into-many" for kind in declared(flags)):
            continue
        at = _from_place(subject, thing, path)
        other = meant.get((thing.node, origin), "")
        yield finding(
            f"{name(thing)}の from「{origin}」は、いまの版にも残っています",
            subject.at(thing.node, *at),
            perhaps(other) or f"改名なら「{origin}」の項目を消し、分割ならそこにも from: {origin} と書いてください",
            (Related(subject.at(present.node, "id"), "残っている項目"),),
            edits=subject.writing(other, thing.node, *at) if other else (),
            safe=False,
        )


def lost_item(subject: Subject) -> Iterator[Finding]:
    """改定前の版にあった項目や指標が、いまの版のどこにもなく、何も書かれていません。

    名前を変えて続いているなら、続く項目に from: 改定前の id を書きます。
    廃止したなら edition.removed に id と理由を書きます。
    消し忘れや id の書き換えを見つけるための検査です。骨子と素案では警告、案からはエラーです。
    """
    if 0 in subject.broken:
        return
    lost = subject.lost
    if not lost:
        return
    removed = {each.id for each in subject.strategy.edition.removed}
    near = _nearest(subject, lost)
    slips = set(subject.meant.values()) | _overwritten(subject, lost)
    slips |= {meant for _, _, meant in _strangers(subject, near)}
    heirs = _heirs(subject)
    for old_id, thing in lost.items():
        if old_id in slips:
            continue  # said where the id is mistyped
        above = subject.above["item" if isinstance(thing, Item) else "indicator"].get(old_id, "")
        if above in lost or above in removed or any(each.omitted for each in heirs.get(above, ())):
            continue  # it went with its parent, or its parent's contents are not given
        owners = heirs.get(above, [])
        said = {flag for each in owners for flag in each.change.flags}
        if isinstance(thing, Indicator) and any(kind.drops_indicators for kind in declared(said)):
            continue
        likely = near.get(old_id)
        if likely is not None and likely.id in likely.origins:
            continue  # it names itself instead of the old one, which is said there
        yield _lost(subject, thing, owners[0] if owners else None, likely)


def _overwritten(subject: Subject, lost: Iterable[str]) -> set[str]:
    """Find lost things that stand there with a wrong id: that of another one, none, or what is no id.

    Each of these is said where it is.
    """
    wrong = {title_of(each) for each in subject.things if each.id in subject.doubled or not _is_id(each.id)} - {""}
    return {each for each in lost if title_of(subject.base_by_id[each]) in wrong} if wrong else set()


def _heirs(subject: Subject) -> dict[str, list[Item]]:
    """Map old ids to the items that continue them."""
    heirs: dict[str, list[Item]] = {}
    for item in subject.items:
        heirs.setdefault(item.id, []).append(item)
    for old_id, things in subject.named.items():
        heirs.setdefault(old_id, []).extend(each for each in things if isinstance(each, Item) and each.id != old_id)
    return heirs


def _lost(subject: Subject, thing: Thing, owner: Item | None, likely: Thing | None) -> Finding:
    """Say it where the id was changed, else where the thing stood, else where it would be declared."""
    edition = subject.strategy.edition
    if likely is not None:
        place = subject.at(likely.node, "id")
    elif owner is not None:
        place = subject.at(owner.node, "id")
    elif subject.places.has(edition.node, "removed"):
        place = subject.places.key_of(edition.node, "removed")
    else:
        place = subject.at(edition.node, "revises")
    kind = "指標" if isinstance(thing, Indicator) else "項目"
    follow = (
        f"{name(likely)}に続くなら、そこに from: {thing.id} と書いてください"
        if likely is not None
        else f"続く{kind}の候補はありません。続くものがあれば、そこに from: {thing.id} と書いてください"
    )
    return finding(
        f"改定前の{kind}{name(thing)}が、いまの版にありません",
        place,
        f"{follow}。廃止なら edition.removed に {{id: {thing.id}, reason: 理由}} と書いてください",
        (subject.in_base(thing.node, "id"),),
        edits=_with_from(subject, likely, thing.id) if likely is not None and not likely.origins else (),
        safe=False,
    )


def _with_from(subject: Subject, heir: Thing, old_id: str) -> tuple[Edit, ...]:
    """Return the edit that writes `from` behind the id of an heir."""
    from atsugi_cli.reader.explain.figures import new_line

    places = subject.places
    if not places.has(heir.node, "id"):
        return ()
    end = places.span(heir.node, "id")[1]
    column = places.key_of(heir.node, "id").column
    between = ", " if places.raw(heir.node)[:1] == "{" else new_line(places.lines.text, column)
    return (Edit(end, end, f"{between}from: {old_id}"),)


def _nearest(subject: Subject, lost: Iterable[str]) -> dict[str, Thing]:
    """Find, by likeness, what surely enough continues lost items and indicators."""
    from atsugi_cli.match.advice import advised
    from atsugi_cli.match.lineage import unexplained

    lineage = subject.lineage
    if lineage is None:
        return {}
    come = [each.id for each in subject.items if each.id and each.id not in lineage.items.origins]
    near = {old: heirs[0] for family in (lineage.items, lineage.indicators) for old, heirs in family.heirs.items()}
    opens = unexplained(lineage, [old for old in lost if old not in near], come)
    near |= {old: candidate.id for old, candidate in advised(opens, subject.revised, subject.strategy).items()}
    return {old: subject.by_id[near[old]] for old in lost if near.get(old) in subject.by_id}


def _is_stranger(subject: Subject, thing: Thing, old: Thing) -> bool:
    """Check whether a `from` names an old one of the other kind, or of another level that shares nothing with it."""
    if not isinstance(thing, Item) or not isinstance(old, Item):
        return type(thing) is not type(old)
    if thing.level == old.level or len(thing.origins) > 1 or thing.id in subject.base_by_id or not thing.title:
        return False
    if any(kind.shows == "level" for kind in declared(thing.change.flags)) or len(subject.named[old.id]) > 1:
        return False
    from atsugi_cli.match.prose import likeness

    return likeness(old.title, thing.title) < ALIKE


ALIKE = 0.5
"""Likeness of titles from which an item of another level is the same one, moved up or down."""


def _strangers(subject: Subject, near: Mapping[str, Thing] | None = None) -> list[tuple[Thing, Thing, str]]:
    """List what names a stranger in its `from`: itself, that one, and the id of the lost one that is meant instead."""
    pairs = [
        (thing, old)
        for thing, _, origin in subject.origins
        if (old := subject.base_by_id.get(origin)) is not None and _is_stranger(subject, thing, old)
    ]
    if not pairs:
        return []
    heirs = {heir.node: old for old, heir in (_nearest(subject, subject.lost) if near is None else near).items()}
    return [(thing, old, heirs.get(thing.node, "") or _beside(subject, thing, old)) for thing, old in pairs]


def _meant_by_strangers(subject: Subject) -> dict[tuple[int, str], str]:
    return {(thing.node, old.id): meant for thing, old, meant in _strangers(subject)}


def _beside(subject: Subject, thing: Thing, old: Thing) -> str:
    """Return the only lost one that bears the name of a thing, or that an old one holds or belongs to."""
    fitting = [
        each
        for each in subject.lost.values()
        if type(each) is type(thing)
        and not (isinstance(each, Item) and isinstance(thing, Item) and each.level != thing.level)
    ]
    above = {**subject.above["item"], **subject.above["indicator"]}
    named = [each for each in fitting if title_of(each) == title_of(thing)]
    near = [each for each in fitting if above.get(each.id) == old.id or above.get(old.id) == each.id]
    return next((found[0].id for found in (named, near) if len(found) == 1), "")


def from_level(subject: Subject) -> Iterator[Finding]:
    """項目の from が、改定前の別の階層の、名称もまったく違う項目を指しています。

    階層を変えて続けるなら change: {flags: [level-changed]} と書きます。書き違いなら、from を直します。
    """
    for thing, old, meant in _strangers(subject):
        if not isinstance(thing, Item) or not isinstance(old, Item) or old.id in subject.by_id:
            continue  # what is still there is said by another rule
        path = _from_place(subject, thing, ("from", 0))
        was, now = (_level_label(subject, each) for each in (old, thing))
        hint = f"{perhaps(meant)}。" if meant else ""
        yield finding(
            f"{now}{name(thing)}の from は、改定前の{was}{name(old)}を指しています",
            subject.at(thing.node, *path),
            f"{hint}階層を変えて続けるなら change: {{flags: [level-changed]}} と書いてください",
            (subject.in_base(old.node, "id"),),
            edits=subject.writing(meant, thing.node, *path) if meant else (),
            safe=False,
        )


def _level_label(subject: Subject, item: Item) -> str:
    return next((level.label for level in subject.profile.levels if level.code == item.level), "項目")


def id_kind_changed(subject: Subject) -> Iterator[Finding]:
    """改定前に項目であった id が指標に（または指標であった id が項目に）使われています。

    同じ id は同じものとして前後を結びます。別のものには別の id を付けます。
    """
    meant = _meant_by_strangers(subject)
    for thing in subject.by_id.values():
        if thing.node in subject.broken:
            continue  # keys of the other kind, which the schema has said
        for old_id in dict.fromkeys((thing.id, *thing.origins)):
            old = subject.base_by_id.get(old_id)
            if old is None or isinstance(old, Item) == isinstance(thing, Item):
                continue
            was, now = ("項目", "指標") if isinstance(old, Item) else ("指標", "項目")
            if old_id == thing.id:
                yield finding(
                    f"改定前に{was}{name(old)}であった id「{old_id}」が、{now}{name(thing)}に使われています",
                    subject.at(thing.node, "id"),
                    f"{now}には別の id を付けてください",
                    (subject.in_base(old.node, "id"),),
                )
                continue
            present = subject.by_id.get(old_id)
            if present is not None and isinstance(present, Item) == isinstance(old, Item):
                continue  # it is still there, which another rule says
            other = meant.get((thing.node, old_id), "")
            path = _from_place(subject, thing, ("from", thing.origins.index(old_id)))
            yield finding(
                f"{now}{name(thing)}の from は、改定前の{was}{name(old)}を指しています",
                subject.at(thing.node, *path),
                perhaps(other) or f"from には改定前の{now}の id を書いてください",
                (subject.in_base(old.node, "id"),),
                edits=subject.writing(other, thing.node, *path) if other else (),
                safe=False,
            )


def removed_reason(subject: Subject) -> Iterator[Finding]:
    """廃止した項目（edition.removed）に、理由が書かれていません。

    骨子と素案では覚え書き、案からはエラーです。
    """
    for removed in subject.strategy.edition.removed:
        if not removed.reason and removed.node not in subject.broken:
            thing = subject.base_by_id.get(removed.id)
            shown = name(thing) if thing is not None else f"「{removed.id}」"
            yield finding(
                f"廃止した{shown}の理由がありません",
                subject.at(removed.node, "id"),
                f"{{id: {removed.id}, reason: 理由}} と書いてください",
            )


def removed_still_present(subject: Subject) -> Iterator[Finding]:
    """廃止した（edition.removed）はずの id が、いまの版に残っているか、from に書かれています。

    廃止と継続のどちらか一方だけを書きます。
    """
    for removed in subject.strategy.edition.removed:
        thing = subject.by_id.get(removed.id)
        path = "id"
        how = "いまの版に残っています"
        if thing is None and subject.named.get(removed.id):
            thing, path, how = subject.named[removed.id][0], "from", "続く項目の from に書かれています"
        if thing is not None:
            yield finding(
                f"廃止した「{removed.id}」が、{how}: {name(thing)}",
                subject.at(removed.node, "id"),
                "廃止なら項目（または from）を消し、続けるなら edition.removed から消してください",
                (Related(subject.at(thing.node, path), "続いているところ"),),
            )


def removed_unknown(subject: Subject) -> Iterator[Finding]:
    """廃止した（edition.removed）と書かれた id が、改定前の版にありません。"""
    for removed in subject.strategy.edition.removed:
        known = removed.id in subject.base_by_id or removed.id in subject.by_id
        if removed.id and not known and removed.node not in subject.broken:
            near = subject.meant.get(removed.id, "") or subject.nearest(removed.id, subject.base_by_id)
            yield finding(
                f"廃止した「{removed.id}」は、改定前の版にありません",
                subject.at(removed.node, "id"),
                perhaps(near) or f"改定前の版（{subject.revised.edition.id}）にある id を書いてください",
                edits=subject.writing(near, removed.node, "id") if near else (),
                safe=False,
            )


def plan_id_changed(subject: Subject) -> Iterator[Finding]:
    """計画の id（plan.id）が、改定前の版と違います。

    計画の id はどの版でも同じにします。名称が変わったら plan.title だけを変えます。
    """
    base, plan = subject.revised, subject.strategy.plan
    if plan.id and base.plan.id and plan.id != base.plan.id:
        yield finding(
            f"計画の id「{plan.id}」が、改定前の「{base.plan.id}」と違います",
            subject.at(plan.node, "id"),
            f"id: {base.plan.id} と書いてください",
            (subject.in_base(base.plan.node, "id"),),
            edits=subject.writing(base.plan.id, plan.node, "id"),
            safe=False,
        )


def revises_unknown(subject: Subject) -> Iterator[Finding]:
    """改定する版（edition.revises）が見つかりません。

    同じフォルダにある版の id を書きます。見つからない間は、改定の検査も新旧対照表もできません。
    """
    edition = subject.strategy.edition
    if edition.node in subject.broken:
        return  # an id that is none, which the schema has said
    if subject.base is None and subject.base_missing and edition.revises and edition.revises != edition.id:
        near = subject.nearest(edition.revises, [each.edition.id for each in subject.others if each.edition.id])
        yield finding(
            f"改定する版「{edition.revises}」が見つかりません",
            subject.at(edition.node, "revises"),
            perhaps(near) or "同じフォルダにある版の id を書いてください",
            edits=subject.writing(near, edition.node, "revises") if near else (),
            safe=False,
        )


def date_before_base(subject: Subject) -> Iterator[Finding]:
    """版の日付が、改定する版の日付より前です。"""
    base, edition = subject.revised, subject.strategy.edition
    if not edition.date or not base.edition.date:
        return
    shared = min(len(edition.date), len(base.edition.date))
    if edition.date[:shared] < base.edition.date[:shared]:
        yield finding(
            f"この版の日付 {edition.date} は、改定する版「{base.edition.id}」の日付 {base.edition.date} より前です",
            subject.at(edition.node, "date"),
            "日付か、revises の版を確かめてください",
            (Related(subject.base_places.value(base.edition.node, "date"), "改定する版の日付"),),
        )


REVISION_RULES: Sequence[Rule] = (
    rule("from-unknown", "fromの先がない", "revision", "error", from_unknown, needs_base=True,
         example="from: city-exchnge\n→ from: city-exchange"),
    rule("from-self", "自分を指すfrom", "revision", "error", from_self, needs_base=True,
         example="id: charm\nfrom: charm\n→ id: charm"),
    rule("from-still-present", "残っているidを指すfrom", "revision", "error", from_still_present, needs_base=True,
         example="- {id: city-exchange, title: 都市間交流の促進}\n"
                 "- {id: city-links, title: 都市間連携の強化, from: city-exchange}"),
    rule("from-level", "階層の違うfrom", "revision", "warning", from_level, needs_base=True,
         example="initiatives: [{id: city-links, title: 都市間連携の強化, from: inflow}]\n"
                 "→ initiatives: [{id: city-links, title: 都市間連携の強化, from: city-exchange}]"),
    rule("lost-item", "行方の分からない項目", "revision", "error", lost_item, needs_base=True,
         follows_from=UNREAD,
         stages={"outline": "warning", "draft": "warning"},
         example="removed:\n  - {id: city-exchange, reason: 都市間連携の強化に統合したため}"),
    rule("id-kind-changed", "項目と指標の取違え", "revision", "error", id_kind_changed, needs_base=True,
         example="initiatives: [{id: visits, title: 来訪の促進}]\n"
                 "→ kpis: [{id: visits-kpi, name: 来訪者数, unit: 人}]"),
    rule("removed-reason", "理由のない廃止", "revision", "error", removed_reason, stages=BEFORE_PROPOSAL,
         example="removed: [{id: city-exchange}]\n→ removed: [{id: city-exchange, reason: 統合したため}]"),
    rule("removed-still-present", "残っている廃止項目", "revision", "error", removed_still_present,
         example="edition: {removed: [{id: fair, reason: 来場者が減ったため}]}\n"
                 "initiatives: [{id: fair, title: 物産展の開催}]"),
    rule("removed-unknown", "廃止項目のid", "revision", "error", removed_unknown, needs_base=True,
         example="removed: [{id: city-exchnge}]\n→ removed: [{id: city-exchange}]"),
    rule("plan-id-changed", "計画のidの変更", "revision", "error", plan_id_changed, needs_base=True,
         example="plan: {id: atsugi-3}\n→ plan: {id: atsugi-2}"),
    rule("revises-unknown", "改定する版がない", "revision", "error", revises_unknown,
         example="revises: 2020-3\n→ revises: 2020-03"),
    rule("date-before-base", "日付の前後", "revision", "warning", date_before_base, needs_base=True,
         example="date: 2019-10-17\n→ date: 2023-10-17"),
)  # fmt: skip
