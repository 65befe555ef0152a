"""Revision: rules about an edition and the one it revises: what became of every old id, and what the author declares.

Ids and declarations are looked up in indexes; the lineage, which guesses, is only asked for hints.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from atsugi_cli.catalogue import Severity
from atsugi_cli.findings import Related
from atsugi_cli.model import Indicator, Item, Stage, Strategy
from atsugi_cli.rules.base import Found, Rule, Subject, name, perhaps, rule

MANY = 2
IN_BASE = "改定前はここ"
FROM_PROPOSAL: Mapping[Stage, Severity] = {
    "outline": "note",
    "draft": "note",
    "proposal": "warning",
    "adopted": "warning",
}


def _names(subject: Subject) -> dict[str, list[Item | Indicator]]:
    """Map every old id to the items and indicators whose `from` names it."""
    named: dict[str, list[Item | Indicator]] = {}
    for item in subject.items:
        for origin in item.origins:
            named.setdefault(origin, []).append(item)
    for _, indicator in subject.strategy.indicators():
        for origin in indicator.origins:
            named.setdefault(origin, []).append(indicator)
    return named


def _origins(subject: Subject) -> Iterator[tuple[Item | Indicator, tuple[str | int, ...], str]]:
    """Iterate over every id in a `from`: who names it, and the path to it."""
    things: list[Item | Indicator] = [*subject.items, *(each for _, each in subject.strategy.indicators())]
    for thing in things:
        for at, origin in enumerate(thing.origins):
            yield thing, ("from", at), origin


def _from_place(subject: Subject, thing: Item | Indicator, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Shorten the path where `from` is written as one id, not as a list."""
    return path if subject.places.has(thing.node, *path) else path[:1]


def from_unknown(subject: Subject) -> Iterator[Found]:
    """項目の from に書いた id が、改定前の版にありません。

    from には、改定前の版で使われている id を書きます（いまの版の id ではありません）。
    """
    if subject.base is None:
        return
    known = subject.base_by_id
    for thing, path, origin in _origins(subject):
        if origin in known or origin == thing.id:
            continue
        here = "（いまの版の id です）" if origin in subject.by_id else ""
        hint = perhaps(origin, known) or f"改定前の版（{subject.base.edition.id}）にある id を書いてください"
        yield Found(
            f"{name(thing)}の from「{origin}」は、改定前の版にありません{here}",
            subject.at(thing.node, *_from_place(subject, thing, path)),
            hint,
        )


def from_self(subject: Subject) -> Iterator[Found]:
    """項目の from が、その項目自身の id を指しています。

    id が同じなら、続いている項目と分かるので from は要りません。名前を変えたなら、改定前の id を書きます。
    """
    if subject.base is None:
        return
    named = _names(subject)
    for thing, path, origin in _origins(subject):
        if origin != thing.id or len(thing.origins) > 1 or len(named[origin]) >= MANY:
            continue  # beside other ids it says that this one lives on in a merger or a split
        yield Found(
            f"{name(thing)}の from が自分の id「{origin}」を指しています",
            subject.at(thing.node, *_from_place(subject, thing, path)),
            "from の行を消すか、改定前の id を書いてください",
        )


def from_still_present(subject: Subject) -> Iterator[Found]:
    """項目の from に書いた改定前の id が、いまの版にもそのまま残っています。

    同じものが二つに続くことになり、どちらが改定前の項目か決められません。
    名前を変えただけなら、残っている項目を消すか別の id にします。
    分割したのなら、分かれた項目すべて（元の id の項目も）の from にその id を書くか、change.flags に split と書きます。
    """
    if subject.base is None:
        return
    named = _names(subject)
    for thing, path, origin in _origins(subject):
        present = subject.by_id.get(origin)
        if present is None or origin == thing.id or origin not in subject.base_by_id:
            continue
        if len(named[origin]) >= MANY or "split" in thing.change.flags or "split" in present.change.flags:
            continue
        yield Found(
            f"{name(thing)}の from「{origin}」は、いまの版にも残っています",
            subject.at(thing.node, *_from_place(subject, thing, path)),
            f"改名なら{name(present)}を消し、分割なら{name(present)}にも from: {origin} と書いてください",
            (Related(subject.at(present.node, "id"), "残っている項目"),),
        )


@dataclass(frozen=True, slots=True)
class _Old:
    """The revised edition, looked up: parents and owners by id ("" at the top)."""

    parents: dict[str, str]
    owners: dict[str, str]


def _old(base: Strategy) -> _Old:
    parents: dict[str, str] = {}
    owners: dict[str, str] = {}
    for parent in base.root.walk():
        above = "" if parent is base.root else parent.id
        for child in parent.children:
            parents.setdefault(child.id, above)
        for indicator in parent.indicators:
            owners.setdefault(indicator.id, above)
    return _Old(parents, owners)


def lost_item(subject: Subject) -> Iterator[Found]:
    """改定前の版にあった項目や指標が、いまの版のどこにもなく、何も書かれていません。

    名前を変えて続いているなら、続く項目に from: 改定前の id を書きます。
    廃止したなら edition.removed に id と理由を書きます。
    消し忘れや id の書き換えを見つけるための検査です。骨子と素案では警告、案からはエラーです。
    """
    base = subject.base
    if base is None or 0 in subject.broken:
        return
    new, named = subject.by_id, _names(subject)
    removed = {each.id for each in subject.strategy.edition.removed}
    lost = {each for each in subject.base_by_id if each not in new and each not in named and each not in removed}
    if not lost:
        return
    old = _old(base)
    heirs = _heirs(subject, named)
    near = _nearest(subject, [each for each in subject.base_by_id if each in lost])
    for old_id, thing in subject.base_by_id.items():
        if old_id not in lost:
            continue
        above = old.parents.get(old_id, "") if isinstance(thing, Item) else old.owners.get(old_id, "")
        goes = False
        while above and not goes:
            goes = above in lost or above in removed or any(each.omitted for each in heirs.get(above, ()))
            if above not in new and above not in named:
                above = old.parents.get(above, "")
            else:
                break
        if goes:
            continue
        owners = heirs.get(above, [])
        said = {flag for each in owners for flag in each.change.flags}
        if isinstance(thing, Indicator) and {"kpi-removed", "kpi-replaced"} & said:
            continue
        yield _lost(subject, thing, owners[0] if owners else None, near.get(old_id))


def _heirs(subject: Subject, named: dict[str, list[Item | Indicator]]) -> dict[str, list[Item]]:
    """Map old ids to the items that continue them."""
    heirs: dict[str, list[Item]] = {}
    for item in subject.items:
        heirs.setdefault(item.id, []).append(item)
    for old_id, things in named.items():
        heirs.setdefault(old_id, []).extend(each for each in things if isinstance(each, Item) and each.id != old_id)
    return heirs


def _lost(subject: Subject, thing: Item | Indicator, owner: Item | None, likely: Item | Indicator | None) -> Found:
    edition = subject.strategy.edition
    if subject.places.has(edition.node, "removed"):
        place = subject.places.key_of(edition.node, "removed")
    elif owner is not None:
        place = subject.at(owner.node, "id")
    else:
        place = subject.at(edition.node, "revises")
    kind = "指標" if isinstance(thing, Indicator) else "項目"
    follow = (
        f"{name(likely)}に続くなら、そこに from: {thing.id} と書いてください"
        if likely is not None
        else f"続いているなら、続く{kind}に from: {thing.id} と書いてください"
    )
    related = [Related(subject.base_places.node(thing.node), IN_BASE)]
    if likely is not None:
        related.append(Related(subject.at(likely.node, "id"), "似ている項目"))
    return Found(
        f"改定前の{kind}{name(thing)}が、いまの版にありません",
        place,
        f"{follow}。廃止なら edition.removed に {{id: {thing.id}, reason: 理由}} と書いてください",
        tuple(related),
    )


def _nearest(subject: Subject, lost: Iterable[str]) -> dict[str, Item | Indicator]:
    """Find, by likeness, what may continue lost items and indicators."""
    from atsugi_cli.lineage import unexplained

    lineage = subject.lineage
    if lineage is None:
        return {}
    come = [each.id for each in subject.items if each.id and each.id not in lineage.items.origins]
    near = {old: heirs[0] for family in (lineage.items, lineage.indicators) for old, heirs in family.heirs.items()}
    for each in unexplained(lineage, [old for old in lost if old not in near], come):
        if each.side == "old" and each.candidates:
            near[each.id] = each.candidates[0].id
    return {old: subject.by_id[near[old]] for old in lost if near.get(old) in subject.by_id}


REVISION_RULES: Sequence[Rule] = (
    rule("from-unknown", "fromの先がない", "revision", "error", from_unknown,
         example="from: city-exchnge\n→ from: city-exchange"),
    rule("from-self", "自分を指すfrom", "revision", "error", from_self,
         example="id: charm\nfrom: charm\n→ id: charm"),
    rule("from-still-present", "残っているidを指すfrom", "revision", "error", from_still_present),
    rule("lost-item", "行方の分からない項目", "revision", "error", lost_item,
         stages={"outline": "warning", "draft": "warning"},
         example="removed:\n  - {id: city-exchange, reason: 都市間連携の強化に統合したため}"),
)  # fmt: skip
