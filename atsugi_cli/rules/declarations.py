"""Declarations: rules about what the author says of a change: its kinds (`flags`), its wording and its reason."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from atsugi_cli.findings import Finding, Related
from atsugi_cli.frozen import frozen
from atsugi_cli.model import NOTHING_DECLARED, Indicator, Item, Thing, title_of
from atsugi_cli.rules.base import (
    BEFORE_PROPOSAL,
    SCHEMA,
    Follows,
    Rule,
    Subject,
    declared,
    finding,
    name,
    rule,
)

if TYPE_CHECKING:
    from atsugi_cli.kinds import Kind

_LOOKALIKES = "[\u2e80-\u2fdf\uf900-\ufaff\uff61-\uff9f]+"
"""Radicals, compatibility ideographs, half-width kana."""
UNRELATED_BELOW = 0.1
"""Below this likeness two titles share nothing; unrelated ones of some length still share a fifth."""


def _kind(flag: str) -> "Kind | None":
    """Find the kind of change that a flag names; first editions have none, and never import the kinds (2 ms)."""
    from atsugi_cli.kinds import BY_CODE

    return BY_CODE.get(flag)


def _likeness(old: str, new: str) -> float:
    from atsugi_cli.match.prose import likeness

    return likeness(old, new)


def _is_reused(old: Item, new: Item) -> bool:
    if not old.title or not new.title or new.origins or new.change.flags or old.level != new.level:
        return False
    return not (old.body and old.body == new.body) and _likeness(old.title, new.title) < UNRELATED_BELOW


def _as_meant(text: str) -> str:
    """Return a title without slips of single characters that have rules of their own: unseen, decomposed, lookalike."""
    seen = "".join(each for each in text if unicodedata.category(each) not in {"Cf", "Cc"})
    usual = (unicodedata.normalize("NFKC", each[0]) for each in re.compile(_LOOKALIKES).finditer(seen))
    return unicodedata.normalize("NFC", re.compile(_LOOKALIKES).sub(lambda _: next(usual), seen)).strip()


def id_reused(subject: Subject) -> Iterator[Finding]:
    """改定前と同じ id の項目が、まったく違う名称になっています。

    同じ id は同じ項目として結ばれるので、別の項目に使い回すと「名称変更」と印刷されます。
    別の項目なら新しい id を付けます。名称を変えただけなら change: {flags: [renamed]} と書きます。
    """
    for item, other in _swapped(subject):
        if item.node < other.node:
            yield finding(
                f"{name(item)}と{name(other)}の id が、改定前と入れ替わっています",
                subject.at(item.node, "id"),
                f"「{item.title}」の id を {other.id} に、「{other.title}」の id を {item.id} に戻してください",
                (Related(subject.at(other.node, "id"), "入れ替わったもう一方"),),
            )
    for item, olds in subject.pairs:
        if len(olds) == 1 and olds[0].id == item.id and _is_reused(olds[0], item):
            yield finding(
                f"id「{item.id}」の項目が、改定前の「{olds[0].title}」からまったく違う「{item.title}」になっています",
                subject.at(item.node, "id"),
                "別の項目なら新しい id を付け、名称変更なら change: {flags: [renamed]} と書いてください",
                (subject.in_base(olds[0].node, "title"),),
            )


def _swapped(subject: Subject) -> list[tuple[Item, Item]]:
    """Find items of which each now has the title that the other one had."""
    renamed = {
        item.id: (item, olds[0].title)
        for item, olds in subject.pairs
        if len(olds) == 1 and olds[0].id == item.id and olds[0].title and item.title not in {"", olds[0].title}
    }
    by_titles = {(item.title, before): item for item, before in renamed.values()}
    both = ((item, by_titles.get((before, item.title))) for item, before in renamed.values())
    return [(item, other) for item, other in both if other is not None]


def undeclared_wording(subject: Subject) -> Iterator[Finding]:
    """名称が変わったのに、名称変更か表記変更かが書かれていません。

    change: {flags: [renamed]}（名称変更）か {flags: [reworded]}（表記変更）、訂正なら {flags: [corrected]} と書きます。
    書かなければ、言葉がどれだけ残るかで決めて印刷します。骨子と素案では覚え書き、案からは警告です。
    """
    if subject.base is None:
        return
    from atsugi_cli.kinds import named as taken_for

    swapped = {item.node for item, _ in _swapped(subject)}
    wants_reason = _wants_reason(subject)
    things: list[Thing] = [*subject.items, *(each for _, each in subject.indicators)]
    for thing in things:
        if thing.node in swapped:
            continue
        olds = subject.predecessors(thing) if thing.id not in subject.doubled else ()
        if len(olds) != 1 or type(olds[0]) is not type(thing):
            continue
        kinds = declared(thing.change.flags)
        own = sum(flag in subject.profile.kinds for flag in thing.change.flags)
        if len(kinds) + own < len(thing.change.flags) or any(kind.settles_name for kind in kinds):
            continue  # the schema has said that a flag is mistyped
        old = olds[0]
        before, after = title_of(old), title_of(thing)
        if not before or not after or before == after or _as_meant(before) == _as_meant(after):
            continue
        if subject.is_split(old.id):
            continue
        if isinstance(old, Item) and isinstance(thing, Item) and old.id == thing.id and _is_reused(old, thing):
            continue  # said by another rule
        kind = taken_for(before, after)
        key = "title" if isinstance(thing, Item) else "name"
        reason = ", reason: 理由" if wants_reason and key == "title" and not thing.change.reason else ""
        yield finding(
            f"「{before}」が「{after}」に変わりましたが、名称変更か表記変更かが書かれていません",
            subject.at(thing.node, key),
            f"change: {{flags: [{kind.code}]{reason}}} のように書いてください（書かなければ{kind.label}と印刷します）",
            (subject.in_base(old.node, key),),
        )


def flag_contradiction(subject: Subject) -> Iterator[Finding]:
    """宣言した変更の種類（change.flags）が、データと合いません。

    改定前からある id の added、名称が変わっていない renamed や reworded、新しいKPIのない kpi-added などです。
    宣言を消すか、データ（id、from、名称など）を直します。from を伴う added（統合による新規）は構いません。
    """
    work = _Facts.of(subject)
    for item, olds in subject.pairs:
        for at, flag in enumerate(item.change.flags):
            why = work.against_item(flag, item, olds)
            if why:
                yield _contradiction(subject, item, at, flag, why)
    for owner, indicator in subject.strategy.indicators():
        if indicator.change.flags:
            before = tuple(each for each in subject.predecessors(indicator) if isinstance(each, Indicator))
            for at, flag in enumerate(indicator.change.flags):
                why = work.against_indicator(flag, indicator, before, owner)
                if why:
                    yield _contradiction(subject, indicator, at, flag, why)


def _contradiction(subject: Subject, thing: Thing, at: int, flag: str, why: str) -> Finding:
    kind = _kind(flag)
    label = f"（{subject.profile.flags.get(flag, kind.entry.label)}）" if kind is not None else ""
    return finding(
        f"{name(thing)}は {flag}{label}と宣言されていますが、{why}",
        subject.at(thing.node, "change", "flags", at),
        f"flags から {flag} を消すか、データを確かめてください",
    )


@frozen
class _Facts:
    """What declarations are held against: both editions, looked up."""

    subject: Subject
    parents: dict[str, Item]

    @classmethod
    def of(cls, subject: Subject) -> "_Facts":
        """Look both editions up."""
        return cls(subject, {child.id: parent for parent in subject.strategy.root.walk() for child in parent.children})

    def against_item(self, flag: str, item: Item, olds: tuple[Item, ...]) -> str:
        """Say what in the data contradicts a flag of an item; empty where nothing does."""
        kind = _kind(flag)
        if kind is None:
            return ""
        if kind.goes:
            return "いまの版に残っています"
        if kind.comes:
            alone = any(each.id == item.id for each in olds) and len(olds) == 1
            return "改定前の版にも同じ id の項目があります" if alone else ""
        if not olds:
            return self._against_new(item) if kind.continues else ""
        match kind.shows:
            case "indicator-come":
                news = [each for each in item.indicators if not self._continues(each, olds)]
                return "" if news else "新しい指標がありません"
            case "indicator-gone":
                return "" if self._gone(olds, item) else "なくなった指標がありません"
            case "origins":  # an origin that is mistyped or doubled is said there
                return "" if len(olds) > 1 or len(item.origins) > 1 else "from に改定前の項目が二つ以上ありません"
            case "heirs":
                return "" if any(self.subject.is_split(each.id) for each in olds) else "ほかに続く項目がありません"
            case "level":
                return "" if any(each.level != item.level for each in olds) else "階層が変わっていません"
            case "parent":
                return "" if any(self._moved(item, each) for each in olds) else "属する項目が変わっていません"
        look = kind.same.item if kind.same else None
        if kind.same is None or look is None or item.omitted or any(each.omitted for each in olds):
            return ""
        return "" if any(look(each) != look(item) for each in olds) else f"{kind.same.label}が変わっていません"

    def _against_new(self, item: Item) -> str:
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
        above = self.subject.above["item"].get(old.id, "")
        if parent is None or parent.level == "plan":
            return above != ""
        return above != parent.id and above not in parent.origins

    def differs(self, new: Thing, old: Thing, owner: Item | None) -> bool:
        """Check whether anything differs of a thing, of what is below it, or of its place."""
        if isinstance(new, Item) and isinstance(old, Item):
            return self._moved(new, old) or _bare(new) != _bare(old) or _read_anew(old, new)
        if isinstance(new, Indicator) and isinstance(old, Indicator) and owner is not None:
            return self._passed_on(old, owner) or _figures(new) != _figures(old) or _read_anew(old, new)
        return True

    def _passed_on(self, old: Thing, owner: Item) -> bool:
        """Check whether an indicator belongs to another item than before."""
        above = self.subject.above["indicator"].get(old.id, "")
        return above != ("" if owner.level == "plan" else owner.id) and above not in owner.origins

    def changed(self, item: Item, olds: tuple[Item, ...]) -> str:
        """Name what changed of an item and needs a reason; empty where nothing did. Numbers and owners need none."""
        if not olds:
            lineage = self.subject.lineage
            known = lineage is not None and item.id in lineage.items.origins
            return "" if known or item.origins else "新規"
        what = []
        if len(olds) > 1:
            what.append("統合")
        elif olds[0].title != item.title and _as_meant(olds[0].title) != _as_meant(item.title):
            what.append("名称")
        if all(each.body != item.body and _as_meant(each.body) != _as_meant(item.body) for each in olds):
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
        kind = _kind(flag)
        if kind is None:
            return ""
        from atsugi_cli.match.links import INDICATOR_NEW

        if flag in INDICATOR_NEW:
            return "改定前の版にも同じ id の指標があります" if any(each.id == new.id for each in olds) else ""
        if kind.goes or kind.shows == "indicator-gone":
            return "いまの版に残っています"
        if not olds or new.omitted or any(each.omitted for each in olds):
            return ""
        old = olds[0]
        if kind.shows == "role":
            stays = old.role == new.role and not self._passed_on(old, owner)
            return "位置付けが変わっていません" if stays else ""
        look = kind.same.indicator if kind.same else None
        if kind.same is None or look is None:
            return ""
        if all(look(each) == look(new) for each in olds):
            return f"{kind.same.label}が変わっていません"
        return _against_aim(kind, old, new) if kind.mirror != kind.code else ""


def _against_aim(kind: "Kind", old: Indicator, new: Indicator) -> str:
    """Say where a target went the other way than the author declares."""
    opposite = _kind(kind.mirror)
    if opposite is None or opposite.on_indicator is None:
        return ""
    undeclared = replace(new, change=NOTHING_DECLARED)
    from atsugi_cli.kinds.card import IndicatorView

    seen = opposite.on_indicator(IndicatorView((old,), undeclared, (None, None)))
    return f"目標値は {seen.before} から {seen.after} へ、逆に動いています" if seen is not None else ""


def missing_reason(subject: Subject) -> Iterator[Finding]:
    """案の段階なのに、変更の理由が書かれていません。

    新旧対照表や説明資料に印刷する理由を、項目の change.reason、その上の項目の change.reason、
    または edition.reasons（一つだけのとき）に書きます。新しい項目の中の項目や、新しいKPIは、その項目の理由で足ります。
    """
    if not _wants_reason(subject):
        return
    facts = _Facts.of(subject)
    stack = [*reversed(subject.strategy.root.children)]
    while stack:
        item = stack.pop()
        if item.id in subject.doubled:
            continue
        olds = tuple(each for each in subject.predecessors(item) if isinstance(each, Item))
        if item.change.reason or item.omitted or any(each.omitted for each in olds):
            continue
        what = facts.changed(item, olds)
        if what:
            yield finding(
                f"{name(item)}の変更（{what}）の理由がありません",
                subject.at(item.node, "id"),
                "change: {reason: 理由} を書いてください",
            )
        if olds:
            stack.extend(reversed(item.children))


def _wants_reason(subject: Subject) -> bool:
    """Check whether each item has to say why it was changed."""
    edition = subject.strategy.edition
    return len(edition.reasons) != 1 and edition.stage not in {"outline", "draft"}


def unchanged(subject: Subject) -> Iterator[Finding]:
    """変更の理由（change.reason）や訂正が書かれているのに、改定前から変わったところがありません。

    変わったところがなければ、その理由は新旧対照表にも改定のポイントにも印刷されません。
    図表の更新など、データにない変更を印刷するには、profile.yaml の kinds に種類（例: {figures: 図表更新}）を決めて、
    flags に書きます。前の版から写したままの change なら消します。
    """
    base, edition = subject.revised.edition, subject.strategy.edition
    if base.id == edition.id:
        return  # two states of one edition, which declares the step to it
    facts = _Facts.of(subject)
    things: list[tuple[Thing, Item | None]] = [(item, None) for item in subject.items]
    things += [(indicator, owner) for owner, indicator in subject.indicators]
    for thing, owner in things:
        if not thing.change or thing.id in subject.doubled or not _is_silent(thing):
            continue
        olds = [each for each in subject.predecessors(thing) if type(each) is type(thing)]
        if len(olds) != 1 or thing.origins or facts.differs(thing, olds[0], owner):
            continue
        what = "訂正の宣言" if thing.change.flags else " reason "
        stale = "（前の版と同じ change です）" if olds[0].change == thing.change else ""
        yield finding(
            f"{name(thing)}に{what}があるのに、変わったところがありません{stale}",
            subject.at(thing.node, "change"),
            "変わった本文や値を書くか、change を消してください（図表の更新などは strategy explain unchanged）",
            (Related(subject.base_places.node(olds[0].node), "改定前はここ"),),
        )


def _is_silent(thing: Thing) -> bool:
    """Check whether nothing is printed of what is declared unless the data show it, and no other rule says so."""
    kinds = declared(thing.change.flags)
    if len(kinds) < len(thing.change.flags):
        return False  # a kind of the city's own, or a mistyped one
    return not any(kind.same or kind.shows or kind.comes or kind.goes for kind in kinds)


def _read_anew(old: Thing, new: Thing) -> bool:
    """Check whether an actual of a year that both sides have was revised, of an indicator or of any below an item."""
    from atsugi_cli.kinds.indicators import revised_actuals

    sides = ([thing] if isinstance(thing, Indicator) else _below(thing) for thing in (old, new))
    before, after = ({each.id: each for each in side} for side in sides)
    return any(name in before and revised_actuals(before[name], each) for name, each in after.items())


def _below(item: Item) -> list[Indicator]:
    return [each for below in item.walk() for each in below.indicators]


def _figures(indicator: Indicator) -> Indicator:
    """Return an indicator without what is no change: what is declared, for the office alone, or read year by year."""
    return replace(indicator, change=NOTHING_DECLARED, origins=(), note="", extra=(), actuals=(), achievement=None)


def _bare(item: Item) -> Item:
    """Return an item, with all below it, in the same way."""
    return replace(
        item,
        change=NOTHING_DECLARED,
        origins=(),
        note="",
        extra=(),
        indicators=tuple(map(_figures, item.indicators)),
        children=tuple(map(_bare, item.children)),
    )


_NOTES = frozenset({"folded-space"})
"""Notes after which words differ from those that were revised."""
_WORDS_WRONG = (
    Follows("item", of=frozenset({SCHEMA, "from-level"})),
    Follows("line", but=frozenset({"undeclared-wording", "missing-reason"}), notes=_NOTES),
)
"""That a wording changed follows from whatever else is wrong with it."""
_ITEM_WRONG = (
    Follows("file", of=frozenset({SCHEMA})),
    Follows("branch", but=frozenset({"missing-reason"}), notes=_NOTES),
)
"""That an item changed follows from whatever is wrong with it, or with what it was moved to."""

DECLARATION_RULES: Sequence[Rule] = (
    rule("id-reused", "idの使い回し", "revision", "warning", id_reused, needs_base=True,
         example="- {id: parks, title: 起業の支援}\n→ - {id: startups, title: 起業の支援}"),
    rule("flag-contradiction", "データと合わない宣言", "revision", "warning", flag_contradiction, needs_base=True,
         follows_from=(Follows("indicator", of=frozenset({"target-equals-baseline", "target-against-direction"})),),
         example="title: 転入促進\nchange: {flags: [renamed]}\n→ title: 転入促進"),
    rule("undeclared-wording", "宣言のない名称の変更", "revision", "warning", undeclared_wording, needs_base=True,
         follows_from=_WORDS_WRONG,
         stages=BEFORE_PROPOSAL,
         example="title: 都市間連携の強化\n→ title: 都市間連携の強化\n  change: {flags: [renamed]}"),
    rule("unchanged", "変わっていない項目の理由", "revision", "warning", unchanged, needs_base=True,
         follows_from=(Follows("file", of=frozenset({SCHEMA})),),
         example="- {id: charm, title: 魅力の発信, change: {reason: 統計の更新}}\n→ - {id: charm, title: 魅力の発信}"),
    rule("missing-reason", "理由のない変更", "revision", "warning", missing_reason, needs_base=True,
         follows_from=_ITEM_WRONG,
         stages={"outline": "off", "draft": "off"},
         example="change: {flags: [added]}\n→ change: {flags: [added], reason: デジ田戦略を勘案し}"),
)  # fmt: skip
