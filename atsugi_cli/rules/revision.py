"""Revision: rules about an edition and the one it revises: what became of every old id, and what the author declares.

Ids and declarations are looked up in indexes; the lineage, which guesses, is only asked for hints.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atsugi_cli.findings import Related
from atsugi_cli.kinds import BY_CODE, REWORDED_FROM
from atsugi_cli.kinds.views import IndicatorView
from atsugi_cli.model import NOTHING_DECLARED, Indicator, Item, Strategy
from atsugi_cli.prose import likeness
from atsugi_cli.rules.base import BEFORE_PROPOSAL, Found, Rule, Subject, name, perhaps, rule
from atsugi_cli.rules.periods import fiscal_year
from atsugi_cli.words import value_words

MANY = 2
UNRELATED_BELOW = 0.1
"""Below this likeness two titles share nothing; unrelated ones of some length still share a fifth."""
IN_BASE = "改定前はここ"


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
    meant = _meant(subject)
    for thing, path, origin in _origins(subject):
        if origin in known or origin == thing.id:
            continue
        here = "（いまの版の id です）" if origin in subject.by_id else ""
        hint = (
            perhaps(origin, [meant[origin]] if origin in meant else known)
            or f"改定前の版（{subject.base.edition.id}）にある id を書いてください"
        )
        yield Found(
            f"{name(thing)}の from「{origin}」は、改定前の版にありません{here}",
            subject.at(thing.node, *_from_place(subject, thing, path)),
            hint,
        )


def _lost_ids(subject: Subject) -> list[str]:
    """List the old ids that are neither present, nor named in a `from`, nor removed, in the old order."""
    explained = {each.id for each in subject.strategy.edition.removed}
    explained.update(subject.by_id, _names(subject))
    return [each for each in subject.base_by_id if each not in explained]


def _meant(subject: Subject) -> dict[str, str]:
    """Find which lost ids are surely meant by unknown ones in `from` and `removed`: a slip of the pen, said once."""
    from difflib import get_close_matches

    known = subject.base_by_id
    unknown = [origin for thing, _, origin in _origins(subject) if origin not in known and origin != thing.id]
    unknown += [each.id for each in subject.strategy.edition.removed if each.id not in known]
    lost = _lost_ids(subject) if unknown else []
    near = ((each, get_close_matches(each, lost, n=1)) for each in dict.fromkeys(unknown))
    return {typed: found[0] for typed, found in near if found}


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
            f"改名なら「{origin}」の項目を消し、分割ならそこにも from: {origin} と書いてください",
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
    lost = dict.fromkeys(_lost_ids(subject))
    if not lost:
        return
    removed = {each.id for each in subject.strategy.edition.removed}
    slips = set(_meant(subject).values()) | _overwritten(subject, lost)
    old = _old(base)
    heirs = _heirs(subject, _names(subject))
    near = _nearest(subject, lost)
    for old_id in lost:
        if old_id in slips:
            continue  # said where the id is mistyped
        thing = subject.base_by_id[old_id]
        above = old.parents.get(old_id, "") if isinstance(thing, Item) else old.owners.get(old_id, "")
        if above in lost or above in removed or any(each.omitted for each in heirs.get(above, ())):
            continue  # it went with its parent, or its parent's contents are not given
        owners = heirs.get(above, [])
        said = {flag for each in owners for flag in each.change.flags}
        if isinstance(thing, Indicator) and {"kpi-removed", "kpi-replaced"} & said:
            continue
        yield _lost(subject, thing, owners[0] if owners else None, near.get(old_id))


def _overwritten(subject: Subject, lost: Iterable[str]) -> set[str]:
    """Find lost items that stand there under the id of another one, which is said as a doubled id."""
    if not subject.doubled:
        return set()
    doubled = {each.title for each in subject.items if each.title and each.id in subject.doubled}
    return {each for each in lost if _title(subject.base_by_id[each]) in doubled}


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
    related = [Related(subject.base_places.value(thing.node, "id"), IN_BASE)]
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


def _before(subject: Subject, thing: Item | Indicator) -> tuple[Item | Indicator, ...]:
    """Give what precedes an item or indicator, by its id and its `from`."""
    ids = dict.fromkeys((thing.id, *thing.origins))
    return tuple(subject.base_by_id[each] for each in ids if each in subject.base_by_id)


def _pairs(subject: Subject) -> Iterator[tuple[Item, tuple[Item, ...]]]:
    """Iterate over the items with what precedes each; things of the other kind are left to their own rule."""
    for item in subject.items:
        if item.id not in subject.doubled:
            yield item, tuple(each for each in _before(subject, item) if isinstance(each, Item))


def id_kind_changed(subject: Subject) -> Iterator[Found]:
    """改定前に項目であった id が指標に（または指標であった id が項目に）使われています。

    同じ id は同じものとして前後を結びます。別のものには別の id を付けます。
    """
    if subject.base is None:
        return
    for thing in subject.by_id.values():
        for old_id in dict.fromkeys((thing.id, *thing.origins)):
            old = subject.base_by_id.get(old_id)
            if old is None or isinstance(old, Item) == isinstance(thing, Item):
                continue
            was, now = ("項目", "指標") if isinstance(old, Item) else ("指標", "項目")
            path = "id" if old_id == thing.id else "from"
            yield Found(
                f"改定前に{was}{name(old)}であった id「{old_id}」が、{now}{name(thing)}に使われています",
                subject.at(thing.node, path),
                f"{now}には別の id を付けてください"
                if path == "id"
                else f"from には改定前の{now}の id を書いてください",
                (Related(subject.base_places.value(old.node, "id"), IN_BASE),),
            )


def _is_reused(old: Item, new: Item) -> bool:
    if not old.title or not new.title or new.origins or new.change.flags or old.level != new.level:
        return False
    return not (old.body and old.body == new.body) and likeness(old.title, new.title) < UNRELATED_BELOW


def id_reused(subject: Subject) -> Iterator[Found]:
    """改定前と同じ id の項目が、まったく違う名称になっています。

    同じ id は同じ項目として結ばれるので、別の項目に使い回すと「名称変更」と印刷されます。
    別の項目なら新しい id を付けます。名称を変えただけなら change: {flags: [renamed]} と書きます。
    """
    if subject.base is None:
        return
    for item, olds in _pairs(subject):
        if len(olds) == 1 and olds[0].id == item.id and _is_reused(olds[0], item):
            yield Found(
                f"id「{item.id}」の項目が、改定前の「{olds[0].title}」からまったく違う「{item.title}」になっています",
                subject.at(item.node, "id"),
                "別の項目なら新しい id を付け、名称変更なら change: {flags: [renamed]} と書いてください",
                (Related(subject.base_places.value(olds[0].node, "title"), IN_BASE),),
            )


_WORDING_SAID = frozenset(
    {"renamed", "reworded", "corrected", "merged", "split", "added", "section-added", "kpi-replaced", "kpi-added"}
)


def undeclared_wording(subject: Subject) -> Iterator[Found]:
    """名称が変わったのに、名称変更か表記変更かが書かれていません。

    change: {flags: [renamed]}（名称変更）か {flags: [reworded]}（表記変更）、訂正なら {flags: [corrected]} と書きます。
    書かなければ、言葉がどれだけ残るかで決めて印刷します。骨子と素案では覚え書き、案からは警告です。
    """
    if subject.base is None:
        return
    named = _names(subject)
    things: list[Item | Indicator] = [*subject.items, *(each for _, each in subject.indicators)]
    for thing in things:
        olds = _before(subject, thing) if thing.id not in subject.doubled else ()
        if len(olds) != 1 or type(olds[0]) is not type(thing) or _WORDING_SAID & set(thing.change.flags):
            continue
        old = olds[0]
        before, after = _title(old), _title(thing)
        if not before or not after or before == after or _is_split(subject, old.id, named):
            continue
        if isinstance(old, Item) and isinstance(thing, Item) and old.id == thing.id and _is_reused(old, thing):
            continue  # said by another rule
        stays = likeness(before, after) >= REWORDED_FROM
        code, label = ("reworded", "表記変更") if stays else ("renamed", "名称変更")
        key = "title" if isinstance(thing, Item) else "name"
        yield Found(
            f"「{before}」が「{after}」に変わりましたが、名称変更か表記変更かが書かれていません",
            subject.at(thing.node, key),
            f"change: {{flags: [{code}]}} のように書いてください（書かなければ{label}と印刷します）",
            (Related(subject.base_places.value(old.node, key), IN_BASE),),
        )


def _is_split(subject: Subject, old_id: str, named: dict[str, list[Item | Indicator]]) -> bool:
    """Say whether several things continue an old id."""
    heirs = {each.id for each in named.get(old_id, ())} | ({old_id} & subject.by_id.keys())
    return len(heirs) >= MANY


def _title(thing: Item | Indicator) -> str:
    return thing.title if isinstance(thing, Item) else thing.name


def flag_contradiction(subject: Subject) -> Iterator[Found]:
    """宣言した変更の種類（change.flags）が、データと合いません。

    改定前からある id の added、名称が変わっていない renamed や reworded、新しいKPIのない kpi-added などです。
    宣言を消すか、データ（id、from、名称など）を直します。from を伴う added（統合による新規）は構いません。
    """
    base = subject.base
    if base is None:
        return
    work = _Facts.of(subject, base)
    for item, olds in _pairs(subject):
        for at, flag in enumerate(item.change.flags):
            why = work.against_item(flag, item, olds)
            if why:
                yield _contradiction(subject, item, at, flag, why)
    for owner, indicator in subject.strategy.indicators():
        if indicator.change.flags:
            before = tuple(each for each in _before(subject, indicator) if isinstance(each, Indicator))
            for at, flag in enumerate(indicator.change.flags):
                why = work.against_indicator(flag, indicator, before, owner)
                if why:
                    yield _contradiction(subject, indicator, at, flag, why)


def _contradiction(subject: Subject, thing: Item | Indicator, at: int, flag: str, why: str) -> Found:
    kind = BY_CODE.get(flag)
    label = f"（{subject.profile.flags.get(flag, kind.entry.label)}）" if kind is not None else ""
    return Found(
        f"{name(thing)}は {flag}{label}と宣言されていますが、{why}",
        subject.at(thing.node, "change", "flags", at),
        f"flags から {flag} を消すか、データを確かめてください",
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What declarations are held against: both editions, looked up."""

    subject: Subject
    old: _Old
    parents: dict[str, Item]
    named: dict[str, list[Item | Indicator]]

    @classmethod
    def of(cls, subject: Subject, base: Strategy) -> "_Facts":
        """Look both editions up."""
        parents = {child.id: parent for parent in subject.strategy.root.walk() for child in parent.children}
        return cls(subject, _old(base), parents, _names(subject))

    def against_item(self, flag: str, item: Item, olds: tuple[Item, ...]) -> str:
        """Say what in the data contradicts a flag of an item; empty where nothing does."""
        if flag in {"removed", "section-removed"}:
            return "いまの版に残っています"
        if flag in {"added", "section-added"}:
            alone = any(each.id == item.id for each in olds) and len(olds) < MANY
            return "改定前の版にも同じ id の項目があります" if alone else ""
        if not olds:
            return self._against_new(flag, item)
        if flag == "kpi-added":
            news = [each for each in item.indicators if not self._continues(each, olds)]
            return "" if news else "新しい指標がありません"
        if flag == "kpi-removed":
            return "" if self._gone(olds, item) else "なくなった指標がありません"
        if flag == "merged":
            return "" if len(olds) >= MANY else "from に改定前の項目が二つ以上ありません"
        if flag == "split":
            return (
                ""
                if any(_is_split(self.subject, each.id, self.named) for each in olds)
                else "ほかに続く項目がありません"
            )
        if flag == "level-changed":
            return "" if any(each.level != item.level for each in olds) else "階層が変わっていません"
        if flag == "moved":
            return "" if any(self._moved(item, each) for each in olds) else "属する項目が変わっていません"
        return _against_words(flag, item, olds)

    def _against_new(self, flag: str, item: Item) -> str:
        if flag not in {
            "renamed",
            "reworded",
            "merged",
            "split",
            "moved",
            "level-changed",
            "text-changed",
            "renumbered",
        }:
            return ""
        if item.origins:
            return ""  # what `from` names is not there, which is another rule's
        lineage = self.subject.lineage
        if lineage is not None and item.id in lineage.items.origins:
            return ""  # the old item is reported as lost, with this one as the likely heir
        return "改定前の項目が分かりません（同じ id も from もありません）"

    def _continues(self, indicator: Indicator, olds: tuple[Item, ...]) -> bool:
        before = {each.id for old in olds for each in old.indicators}
        return indicator.id in before or any(each in before for each in indicator.origins)

    def _gone(self, olds: tuple[Item, ...], item: Item) -> bool:
        here = {each.id for each in item.indicators} | {old for each in item.indicators for old in each.origins}
        return any(each.id not in here for old in olds for each in old.indicators)

    def _moved(self, item: Item, old: Item) -> bool:
        parent = self.parents.get(item.id)
        above = self.old.parents.get(old.id, "")
        if parent is None or parent.level == "plan":
            return above != ""
        return above != parent.id and above not in parent.origins

    def changed(self, item: Item, olds: tuple[Item, ...]) -> str:
        """Name what changed of an item and needs a reason; empty where nothing did. Numbers and owners need none."""
        if not olds:
            lineage = self.subject.lineage
            known = lineage is not None and item.id in lineage.items.origins
            return "" if known or item.origins else "新規"
        what = []
        if len(olds) >= MANY:
            what.append("統合")
        elif olds[0].title != item.title:
            what.append("名称")
        if all(each.body != item.body for each in olds):
            what.append("本文")
        if all(each.level != item.level or self._moved(item, each) for each in olds):
            what.append("移動")
        before = {each.id: each for old in olds for each in old.indicators}
        if any(self._differs(each, before) for each in item.indicators) or self._gone(olds, item):
            what.append("指標")
        return "・".join(what)

    def _differs(self, new: Indicator, before: Mapping[str, Indicator]) -> bool:
        old = next((before[each] for each in (new.id, *new.origins) if each in before), None)
        if new.change.reason or (new.omitted and old is not None):
            return False
        if old is None:
            return True
        return not old.omitted and (old.name, old.unit, old.baseline, old.target, old.targets) != (
            new.name,
            new.unit,
            new.baseline,
            new.target,
            new.targets,
        )

    def against_indicator(self, flag: str, new: Indicator, olds: tuple[Indicator, ...], owner: Item) -> str:
        """Say what in the data contradicts a flag of an indicator; empty where nothing does."""
        if flag in {"added", "kpi-added"}:
            return "改定前の版にも同じ id の指標があります" if any(each.id == new.id for each in olds) else ""
        if flag in {"removed", "kpi-removed"}:
            return "いまの版に残っています"
        if not olds or new.omitted or any(each.omitted for each in olds):
            return ""
        old = olds[0]
        if flag in {"renamed", "reworded"}:
            return "名称が変わっていません" if old.name == new.name else ""
        if flag in _AIMS:
            return _against_aim(flag, old, new)
        if flag == "role-changed":
            above = self.old.owners.get(old.id, "")
            here = "" if owner.level == "plan" else owner.id
            stays = old.role == new.role and (above == here or above in owner.origins)
            return "位置付けが変わっていません" if stays else ""
        field = _INDICATOR_FIELDS.get(flag)
        if field is None or any(field[1](each) != field[1](new) for each in olds):
            return ""
        return f"{field[0]}が変わっていません"


_AIMS = frozenset({"target-raised", "target-lowered", "target-changed", "target-restated"})
_INDICATOR_FIELDS: Mapping[str, tuple[str, Callable[[Indicator], object]]] = {
    "target-year-changed": ("目標年次", lambda each: each.target.year if each.target else None),
    "baseline-changed": ("基準値", lambda each: each.baseline),
    "aggregation-changed": (
        "集計方法",
        lambda each: (each.aggregation or "single", each.span, each.target and each.target.span),
    ),
    "kpi-replaced": ("名称も単位も", lambda each: (each.name, each.unit)),
    "owner-changed": ("所管", lambda each: each.owners),
}


def _against_aim(flag: str, old: Indicator, new: Indicator) -> str:
    if (old.target, old.targets) == (new.target, new.targets):
        return "目標値が変わっていません"
    opposite = {"target-raised": "target-lowered", "target-lowered": "target-raised"}.get(flag)
    kind = BY_CODE.get(opposite or "")
    if kind is None or kind.on_indicator is None:
        return ""
    undeclared = replace(new, change=NOTHING_DECLARED)
    seen = kind.on_indicator(IndicatorView((old,), undeclared, (None, None)))
    return f"目標値は {seen.before} から {seen.after} へ、逆に動いています" if seen is not None else ""


def _against_words(flag: str, item: Item, olds: tuple[Item, ...]) -> str:
    if item.omitted or any(each.omitted for each in olds):
        return ""
    fields: Mapping[str, tuple[str, Callable[[Item], object]]] = {
        "renamed": ("名称", lambda each: each.title),
        "reworded": ("名称", lambda each: each.title),
        "text-changed": ("本文", lambda each: each.body),
        "renumbered": ("番号", lambda each: each.number),
        "owner-changed": ("所管", lambda each: each.owners),
        "tags-changed": ("関連付け", lambda each: each.tags),
    }
    field = fields.get(flag)
    if field is None or any(field[1](each) != field[1](item) for each in olds):
        return ""
    return f"{field[0]}が変わっていません"


def missing_reason(subject: Subject) -> Iterator[Found]:
    """案の段階なのに、変更の理由が書かれていません。

    新旧対照表や説明資料に印刷する理由を、項目の change.reason、その上の項目の change.reason、
    または edition.reasons（一つだけのとき）に書きます。新しい項目の中の項目や、新しいKPIは、その項目の理由で足ります。
    """
    base = subject.base
    edition = subject.strategy.edition
    if base is None or len(edition.reasons) == 1 or edition.stage in {"outline", "draft"}:
        return
    facts = _Facts.of(subject, base)
    stack = [(item, False) for item in reversed(subject.strategy.root.children)]
    while stack:
        item, reasoned = stack.pop()
        if item.id in subject.doubled:
            continue
        olds = tuple(each for each in _before(subject, item) if isinstance(each, Item))
        if reasoned or item.change.reason or item.omitted or any(each.omitted for each in olds):
            continue
        what = facts.changed(item, olds)
        if what:
            yield Found(
                f"{name(item)}の変更（{what}）の理由がありません",
                subject.at(item.node, "id"),
                "change: {reason: 理由} を書いてください",
            )
        if olds:
            stack.extend((child, False) for child in reversed(item.children))


def removed_reason(subject: Subject) -> Iterator[Found]:
    """廃止した項目（edition.removed）に、理由が書かれていません。

    骨子と素案では覚え書き、案からはエラーです。
    """
    for removed in subject.strategy.edition.removed:
        if not removed.reason and removed.node not in subject.broken:
            thing = subject.base_by_id.get(removed.id)
            shown = name(thing) if thing is not None else f"「{removed.id}」"
            yield Found(
                f"廃止した{shown}の理由がありません",
                subject.at(removed.node, "id"),
                f"{{id: {removed.id}, reason: 理由}} と書いてください",
            )


def removed_still_present(subject: Subject) -> Iterator[Found]:
    """廃止した（edition.removed）はずの id が、いまの版に残っているか、from に書かれています。

    廃止と継続のどちらか一方だけを書きます。
    """
    if not subject.strategy.edition.removed:
        return
    named = _names(subject)
    for removed in subject.strategy.edition.removed:
        thing = subject.by_id.get(removed.id)
        path = "id"
        how = "いまの版に残っています"
        if thing is None and named.get(removed.id):
            thing, path, how = named[removed.id][0], "from", "続く項目の from に書かれています"
        if thing is not None:
            yield Found(
                f"廃止した「{removed.id}」が、{how}: {name(thing)}",
                subject.at(removed.node, "id"),
                "廃止なら項目（または from）を消し、続けるなら edition.removed から消してください",
                (Related(subject.at(thing.node, path), "続いているところ"),),
            )


def removed_unknown(subject: Subject) -> Iterator[Found]:
    """廃止した（edition.removed）と書かれた id が、改定前の版にありません。"""
    base = subject.base
    if base is None or not subject.strategy.edition.removed:
        return
    meant = _meant(subject)
    for removed in subject.strategy.edition.removed:
        if removed.id and removed.id not in subject.base_by_id and removed.id not in subject.by_id:
            yield Found(
                f"廃止した「{removed.id}」は、改定前の版にありません",
                subject.at(removed.node, "id"),
                perhaps(removed.id, [meant[removed.id]] if removed.id in meant else subject.base_by_id)
                or f"改定前の版（{base.edition.id}）にある id を書いてください",
            )


def plan_id_changed(subject: Subject) -> Iterator[Found]:
    """計画の id（plan.id）が、改定前の版と違います。

    計画の id はどの版でも同じにします。名称が変わったら plan.title だけを変えます。
    """
    base, plan = subject.base, subject.strategy.plan
    if base is not None and plan.id and base.plan.id and plan.id != base.plan.id:
        yield Found(
            f"計画の id「{plan.id}」が、改定前の「{base.plan.id}」と違います",
            subject.at(plan.node, "id"),
            f"id: {base.plan.id} と書いてください",
            (Related(subject.base_places.value(base.plan.node, "id"), IN_BASE),),
        )


def revises_unknown(subject: Subject) -> Iterator[Found]:
    """改定する版（edition.revises）が見つかりません。

    同じフォルダにある版の id を書きます。見つからない間は、改定の検査も新旧対照表もできません。
    """
    edition = subject.strategy.edition
    if subject.base is None and subject.base_missing and edition.revises and edition.revises != edition.id:
        known = [each.edition.id for each in subject.others if each.edition.id]
        yield Found(
            f"改定する版「{edition.revises}」が見つかりません",
            subject.at(edition.node, "revises"),
            perhaps(edition.revises, known) or "同じフォルダにある版の id を書いてください",
        )


def date_before_base(subject: Subject) -> Iterator[Found]:
    """版の日付が、改定する版の日付より前です。"""
    base, edition = subject.base, subject.strategy.edition
    if base is None or not edition.date or not base.edition.date:
        return
    shared = min(len(edition.date), len(base.edition.date))
    if edition.date[:shared] < base.edition.date[:shared]:
        yield Found(
            f"この版の日付 {edition.date} は、改定する版「{base.edition.id}」の日付 {base.edition.date} より前です",
            subject.at(edition.node, "date"),
            "日付か、revises の版を確かめてください",
            (Related(subject.base_places.value(base.edition.node, "date"), "改定する版の日付"),),
        )


def _after_extension(subject: Subject) -> Iterator[tuple[Indicator, Indicator]]:
    """Iterate over the indicators whose aim stayed as it was although the plan's period was extended."""
    base, plan = subject.base, subject.strategy.plan
    if base is None or base.plan.end is None or plan.end is None or plan.end <= base.plan.end:
        return
    for _, indicator in subject.indicators:
        for old in _before(subject, indicator):
            if not isinstance(old, Indicator) or old.target is None or indicator.target is None:
                continue
            if indicator.target.value is not None and old.target.value == indicator.target.value:
                yield old, indicator
                break


def extended_cumulative(subject: Subject) -> Iterator[Found]:
    """計画期間を延ばしたのに、累計の目標値が元のままです。

    集計する年数が増えるので、目標値を上げるか、そのままにするかを決めます。
    そのままにするなら、ignore のコメントに理由を書きます。
    """
    for _, indicator in _after_extension(subject):
        if indicator.aggregation == "cumulative":
            yield Found(
                f"計画期間を延ばしましたが、累計の指標{name(indicator)}の目標値は "
                f"{value_words(indicator.target, indicator.unit)} のままです",
                subject.at(indicator.node, "target", "value"),
                "延ばした年数に合わせて目標値を見直すか、据え置くかを決めてください",
            )


def extended_met(subject: Subject) -> Iterator[Found]:
    """計画期間を延ばしたのに、すでに達成している目標値が元のままです。

    実績値が目標値に届いています。目標値を上げるか、そのままにするかを決めます。
    """
    for old, indicator in _after_extension(subject):
        if indicator.aggregation == "cumulative":
            continue
        readings = [each for each in (*old.actuals, *indicator.actuals) if each.value is not None]
        latest = max(readings, key=lambda each: fiscal_year(each) or 0, default=None)
        if latest is None or not _met(indicator, latest.value):
            continue
        aim, reached = value_words(indicator.target, indicator.unit), value_words(latest, indicator.unit)
        yield Found(
            f"計画期間を延ばしましたが、指標{name(indicator)}は、目標値 {aim} をすでに達成しています"
            f"（{latest.year}年の実績値 {reached}）",
            subject.at(indicator.node, "target", "value"),
            "目標値を見直すか、据え置くかを決めてください",
        )


def _met(indicator: Indicator, reached: float | None) -> bool:
    target, base = indicator.target, indicator.baseline
    if target is None or target.value is None or reached is None:
        return False
    match indicator.direction:
        case "increase":
            return reached >= target.value
        case "decrease":
            return reached <= target.value
        case "maintain":
            return False
        case "":
            if base is None or base.value is None or base.value == target.value:
                return False
            return reached >= target.value if target.value > base.value else reached <= target.value


REVISION_RULES: Sequence[Rule] = (
    rule("from-unknown", "fromの先がない", "revision", "error", from_unknown,
         example="from: city-exchnge\n→ from: city-exchange"),
    rule("from-self", "自分を指すfrom", "revision", "error", from_self,
         example="id: charm\nfrom: charm\n→ id: charm"),
    rule("from-still-present", "残っているidを指すfrom", "revision", "error", from_still_present),
    rule("lost-item", "行方の分からない項目", "revision", "error", lost_item,
         stages={"outline": "warning", "draft": "warning"},
         example="removed:\n  - {id: city-exchange, reason: 都市間連携の強化に統合したため}"),
    rule("id-kind-changed", "項目と指標の取違え", "revision", "error", id_kind_changed),
    rule("id-reused", "idの使い回し", "revision", "warning", id_reused),
    rule("flag-contradiction", "データと合わない宣言", "revision", "warning", flag_contradiction,
         example="title: 転入促進\nchange: {flags: [renamed]}\n→ title: 転入促進"),
    rule("undeclared-wording", "宣言のない名称の変更", "revision", "warning", undeclared_wording,
         stages=BEFORE_PROPOSAL,
         example="title: 都市間連携の強化\n→ title: 都市間連携の強化\n  change: {flags: [renamed]}"),
    rule("missing-reason", "理由のない変更", "revision", "warning", missing_reason,
         stages={"outline": "off", "draft": "off"},
         example="change: {flags: [added]}\n→ change: {flags: [added], reason: デジ田戦略を勘案し}"),
    rule("removed-reason", "理由のない廃止", "revision", "error", removed_reason, stages=BEFORE_PROPOSAL,
         example="removed: [{id: city-exchange}]\n→ removed: [{id: city-exchange, reason: 統合したため}]"),
    rule("removed-still-present", "残っている廃止項目", "revision", "error", removed_still_present),
    rule("removed-unknown", "廃止項目のid", "revision", "error", removed_unknown,
         example="removed: [{id: city-exchnge}]\n→ removed: [{id: city-exchange}]"),
    rule("plan-id-changed", "計画のidの変更", "revision", "error", plan_id_changed),
    rule("revises-unknown", "改定する版がない", "revision", "error", revises_unknown,
         example="revises: 2020-3\n→ revises: 2020-03"),
    rule("date-before-base", "日付の前後", "revision", "warning", date_before_base,
         example="date: 2019-10-17\n→ date: 2023-10-17"),
    rule("extended-cumulative", "延長後の累計目標", "revision", "note", extended_cumulative),
    rule("extended-met", "延長後の達成済み目標", "revision", "note", extended_met),
)  # fmt: skip
