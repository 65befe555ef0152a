"""Kinds: TABLE of the change kinds, one function each.

A row is code, label, group, the kind it becomes when the two editions are swapped, and what it looks at: an item on
both sides, an indicator on both sides, or the plan. The function gives the evidence it sees, or None; its docstring is
the documentation. The order of the table is the order in which labels are printed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import getdoc

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item, Strategy, Value
from atsugi_cli.prose import Marks, likeness, pieces
from atsugi_cli.revision import MANY, Change, Decided
from atsugi_cli.words import indicator_name, value_words, year_words

GROUPS: Mapping[str, str] = {
    "item": "項目",
    "prose": "文章",
    "indicator": "指標",
    "plan": "計画",
    "housekeeping": "整理",
    "net": "その他",
}

REWORDED_FROM = 0.8
"""Likeness from which a changed title is proposed as 表記変更 instead of 名称変更: most of the words stay."""


@dataclass(frozen=True, slots=True)
class View:
    """What a kind may look at: one item on both sides and how it is known to be the same.

    `old` is empty for what is new, `new` None for what is gone. `parts` are all new items of a split. `declared` is
    the author's word, already turned round where the comparison looks back in time. `placed` tells whether both stand
    under the same parent, `known` whether the other side of what is new or gone is known at all (it is not under a
    parent that the source leaves out). `gone` and `come` are the indicators without a counterpart.
    """

    old: tuple[Item, ...]
    new: Item | None
    parts: tuple[Item, ...] = ()
    declared: Declared = NOTHING_DECLARED
    placed: bool = True
    known: bool = True
    gone: tuple[Indicator, ...] = ()
    come: tuple[Indicator, ...] = ()

    @property
    def carried(self) -> Item | None:
        """Give the one old item that lives on as the new one, when it is that simple."""
        if self.new is None or len(self.old) != 1 or len(self.parts) >= MANY or self.replaced:
            return None
        return self.old[0]

    @property
    def replaced(self) -> bool:
        """Say whether the author calls it new (or gone) although something precedes (or follows) it."""
        return "added" in self.declared.flags or "removed" in self.declared.flags

    @property
    def comparable(self) -> bool:
        """Say whether the words of both sides are known."""
        return self.new is not None and bool(self.old) and not self.new.omitted and not self.old[0].omitted


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """The same for an indicator; `owners` are the items that own it on each side, `placed` says they correspond."""

    old: tuple[Indicator, ...]
    new: Indicator | None
    owners: tuple[Item | None, Item | None]
    declared: Declared = NOTHING_DECLARED
    placed: bool = True

    @property
    def both(self) -> tuple[Indicator, Indicator] | None:
        """Give both sides where the indicator lives on and its data are known on both."""
        if self.new is None or not self.old or self.new.omitted or self.old[0].omitted:
            return None
        return self.old[0], self.new


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a kind saw. What is left at None is as the pair says; `parts` are the new items of a split."""

    before: str = ""
    after: str = ""
    marks: Marks | None = None
    proposed: bool = False
    decided: Decided | None = None
    parts: tuple[Item, ...] = ()
    old_indicators: tuple[Indicator, ...] = ()
    new_indicators: tuple[Indicator, ...] = ()


SEEN = Evidence()


def added(view: View) -> Evidence | None:
    """改定前になかった項目です。

    新しい項目のKPIは「新規」に含め、別に「KPI追加」とは数えません。統合してできた項目を担当者が新規と宣言することもできます。
    """
    if view.new is None or view.new.level == "section":
        return None
    if "added" in view.declared.flags:
        return Evidence(decided="declared")
    return SEEN if not view.old and view.known else None


def removed(view: View) -> Evidence | None:
    """改定前にあり、改定後にない項目です。

    `edition.removed` に書かれていないものは「対応先なし（要確認）」と添えます。
    名前を変えて続いているなら、新しい項目に `from:` を書きます。
    """
    if not view.old or view.old[0].level == "section":
        return None
    if "removed" in view.declared.flags:
        return Evidence(decided="declared", parts=view.parts)
    return Evidence(proposed=True) if view.new is None and view.known else None


def merged(view: View) -> Evidence | None:
    """改定前の二つ以上の項目を一つにまとめた項目です。

    文章からは推定しません。`from:` に二つ以上の id を書いて宣言します。
    """
    if view.new is None or len(view.old) < MANY:
        return None
    return Evidence(decided="declared", marks=_titles(best_title(view.old, view.new.title), view.new))


def split(view: View) -> Evidence | None:
    """改定前の一つの項目を二つ以上に分けた項目です。

    改定前の一つの id を、二つ以上の項目の `from:` に書いて宣言します（元の id が残っていても構いません）。
    """
    if len(view.parts) < MANY or len(view.old) != 1:
        return None
    return Evidence(decided="declared", parts=view.parts)


def renamed(view: View) -> Evidence | None:
    """名称が変わった項目です（内容は続いています）。

    `change: {flags: [renamed]}` と宣言します。宣言がなければ、言葉の多くが変わった名称を名称変更として提案します。
    """
    return _titled(view, "renamed")


def reworded(view: View) -> Evidence | None:
    """名称の書き方だけを改めた項目です（意味は変わっていません）。

    `change: {flags: [reworded]}` と宣言します。宣言がなければ、言葉の多くが残る名称を表記変更として提案します。
    """
    return _titled(view, "reworded")


def moved(view: View) -> Evidence | None:
    """属する基本目標や施策が変わった項目です。"""
    old = view.carried
    return SEEN if old and view.new and not view.placed and old.level == view.new.level else None


def level_changed(view: View) -> Evidence | None:
    """階層が変わった項目です（例: 主な取組から具体的な施策へ）。"""
    old = view.carried
    return SEEN if old and view.new and old.level != view.new.level else None


def text_changed(view: View) -> Evidence | None:
    """本文の言葉が変わった項目です。"""
    old = view.carried
    if old is None or view.new is None or old.body == view.new.body or not view.comparable:
        return None
    return None if "corrected" in view.declared.flags else Evidence(marks=pieces(old.body, view.new.body))


def section_added(view: View) -> Evidence | None:
    """新しく加えた章や節です。"""
    if view.new is None or view.new.level != "section" or view.old or not view.known:
        return None
    return Evidence(decided="declared" if {"added", "section-added"} & set(view.declared.flags) else None)


def section_removed(view: View) -> Evidence | None:
    """なくした章や節です。"""
    if not view.old or view.old[0].level != "section" or view.new is not None or not view.known:
        return None
    explained = bool({"removed", "section-removed"} & set(view.declared.flags))
    return Evidence(decided="declared" if explained else None, proposed=not explained)


def kpi_added(view: View) -> Evidence | None:
    """重要業績評価指標（KPI）や数値目標を加えた項目です。"""
    if view.come and view.old and view.new and not view.replaced:
        return Evidence(new_indicators=view.come)
    return None


def kpi_removed(view: View) -> Evidence | None:
    """重要業績評価指標（KPI）や数値目標をなくした項目です。"""
    if view.gone and view.old and view.new and not view.replaced:
        return Evidence(old_indicators=view.gone)
    return None


def corrected(view: View) -> Evidence | None:
    """誤りを訂正したところです。担当者の宣言だけで決まり、ほかの言葉の変更はすべてこれに含めます。"""
    if "corrected" not in view.declared.flags or view.new is None or not view.old:
        return None
    old = view.old[0]
    if old.title != view.new.title:
        return Evidence(marks=_titles(old, view.new))
    return Evidence(marks=pieces(old.body, view.new.body)) if old.body != view.new.body else SEEN


def renumbered(view: View) -> Evidence | None:
    """番号だけが変わった項目です（繰上げ・繰下げ）。改定の件数とは別に数えます。"""
    old = view.carried
    if old is None or view.new is None or old.number == view.new.number:
        return None
    if not view.placed or old.level != view.new.level:
        return None
    return Evidence(_word(old.number), _word(view.new.number))


def owner_changed(view: View) -> Evidence | None:
    """所管が変わったところです。多くの項目が同じように変わったときは一行にまとめます。"""
    old = view.carried
    if old is None or view.new is None or old.owners == view.new.owners or not view.comparable:
        return None
    return Evidence("、".join(old.owners), "、".join(view.new.owners))


def tags_changed(view: View) -> Evidence | None:
    """SDGsなどとの関連付けが変わった項目です。"""
    old = view.carried
    if old is None or view.new is None or old.tags == view.new.tags or not view.comparable:
        return None
    return Evidence(_tags(old), _tags(view.new))


def other(view: View) -> Evidence | None:
    """ほかのどの種類にも当たらない違いです。どんな違いも黙って捨てないための受け皿です。"""
    old = view.carried
    if (
        old is None
        or view.new is None
        or not view.comparable
        or (old.note, old.extra) == (view.new.note, view.new.extra)
    ):
        return None
    return _rest(_item_rest(old), _item_rest(view.new))


def indicator_renamed(view: IndicatorView) -> Evidence | None:
    """名称が変わった指標です。"""
    both = view.both
    if both and both[0].name != both[1].name and "renamed" in view.declared.flags:
        return Evidence(marks=pieces(both[0].name, both[1].name))
    return None


def indicator_reworded(view: IndicatorView) -> Evidence | None:
    """名称の書き方だけを改めた指標です。"""
    both = view.both
    if both is None or both[0].name == both[1].name or not _only_wording(view, *both):
        return None
    return Evidence(marks=pieces(both[0].name, both[1].name), proposed="reworded" not in view.declared.flags)


def kpi_replaced(view: IndicatorView) -> Evidence | None:
    """指標を別のものに取り替えたところです（測るもの、または単位が変わった）。"""
    both = view.both
    if both is None or {"corrected", "renamed", "reworded"} & set(view.declared.flags):
        return None
    old, new = both
    if old.unit == new.unit and (old.name == new.name or _only_wording(view, old, new)):
        return None
    return Evidence(_named(old), _named(new), pieces(old.name, new.name))


def role_changed(view: IndicatorView) -> Evidence | None:
    """位置付けが変わった指標です（数値目標とKPIの入替え、または別の項目への付替え）。"""
    if view.new is None or not view.old or (view.old[0].role == view.new.role and view.placed):
        return None
    return Evidence(_owned(view.old[0], view.owners[0]), _owned(view.new, view.owners[1]))


def target_raised(view: IndicatorView) -> Evidence | None:
    """目標値を、望ましい方向へ引き上げた指標です。"""
    return _aimed(view, "raised")


def target_lowered(view: IndicatorView) -> Evidence | None:
    """目標値を、望ましい方向と逆へ引き下げた指標です。"""
    return _aimed(view, "lowered")


def target_changed(view: IndicatorView) -> Evidence | None:
    """目標値が変わった指標のうち、上方修正とも下方修正とも言えないものです。"""
    return _aimed(view, "changed")


def target_year_changed(view: IndicatorView) -> Evidence | None:
    """目標年次が変わった指標です。計画期間の変更に合わせて動いただけのものは一行にまとめます。"""
    both = view.both
    if both is None or both[0].target is None or both[1].target is None or both[0].target.year == both[1].target.year:
        return None
    suffix = "年" if both[1].basis == "calendar" else "年度"
    return Evidence(year_words(both[0].target.year, suffix), year_words(both[1].target.year, suffix))


def target_restated(view: IndicatorView) -> Evidence | None:
    """目標の表し方だけを変えた指標です（例: 基準値4,462件から10.0%減少 = 4,016件）。"""
    return _aimed(view, "restated")


def baseline_changed(view: IndicatorView) -> Evidence | None:
    """基準値（現状値）を改めた指標です。"""
    both = view.both
    if both is None or _plain(both[0].baseline) == _plain(both[1].baseline):
        return None
    return Evidence(_dated(both[0]), _dated(both[1]))


def aggregation_changed(view: IndicatorView) -> Evidence | None:
    """集計の方法や期間が変わった指標です（単年、累計、平均）。値の大小は比べません。"""
    both = view.both
    if both is None or _aggregation(both[0]) == _aggregation(both[1]):
        return None
    return Evidence(_aggregation_words(both[0]), _aggregation_words(both[1]))


def indicator_corrected(view: IndicatorView) -> Evidence | None:
    """誤りを訂正した指標です。"""
    if view.both is None or "corrected" not in view.declared.flags:
        return None
    old, new = view.both
    return Evidence(_named(old), _named(new), pieces(old.name, new.name) if old.name != new.name else None)


def indicator_owner_changed(view: IndicatorView) -> Evidence | None:
    """所管が変わった指標です。"""
    both = view.both
    if both is None or both[0].owners == both[1].owners:
        return None
    return Evidence("、".join(both[0].owners), "、".join(both[1].owners))


def indicator_other(view: IndicatorView) -> Evidence | None:
    """ほかのどの種類にも当たらない、指標の違いです。"""
    both = view.both
    return _rest(_indicator_rest(both[0]), _indicator_rest(both[1])) if both else None


def period_changed(old: Strategy, new: Strategy) -> Evidence | None:
    """計画期間が変わりました（延長など）。"""
    before, after = (old.plan.start, old.plan.end), (new.plan.start, new.plan.end)
    return None if before == after else Evidence(_period(old), _period(new))


def plan_renamed(old: Strategy, new: Strategy) -> Evidence | None:
    """計画の名称が変わりました。"""
    if old.plan.title == new.plan.title:
        return None
    return Evidence(old.plan.title, new.plan.title, pieces(old.plan.title, new.plan.title))


def plan_other(old: Strategy, new: Strategy) -> Evidence | None:
    """計画そのものの、ほかの違いです。"""
    return _rest(_plan_rest(old), _plan_rest(new))


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: its documentation, its mirror when the editions are swapped, and the functions that see it."""

    entry: Entry
    mirror: str
    on_item: Callable[[View], Evidence | None] | None = None
    on_indicator: Callable[[IndicatorView], Evidence | None] | None = None
    on_plan: Callable[[Strategy, Strategy], Evidence | None] | None = None


def _kind(
    code: str,
    label: str,
    group: str,
    *,
    mirror: str = "",
    item: Callable[[View], Evidence | None] | None = None,
    indicator: Callable[[IndicatorView], Evidence | None] | None = None,
    plan: Callable[[Strategy, Strategy], Evidence | None] | None = None,
) -> Kind:
    doc = getdoc(item or indicator or plan) or ""
    return Kind(Entry(code, label, group, doc), mirror or code, item, indicator, plan)


KINDS: tuple[Kind, ...] = (
    _kind("period-changed", "計画期間変更", "plan", plan=period_changed),
    _kind("plan-renamed", "計画名変更", "plan", plan=plan_renamed),
    _kind("added", "新規", "item", mirror="removed", item=added),
    _kind("removed", "廃止", "item", mirror="added", item=removed),
    _kind("merged", "統合", "item", mirror="split", item=merged),
    _kind("split", "分割", "item", mirror="merged", item=split),
    _kind("renamed", "名称変更", "item", item=renamed, indicator=indicator_renamed),
    _kind("reworded", "表記変更", "item", item=reworded, indicator=indicator_reworded),
    _kind("moved", "移動", "item", item=moved),
    _kind("level-changed", "階層変更", "item", item=level_changed),
    _kind("section-added", "追加", "prose", mirror="section-removed", item=section_added),
    _kind("section-removed", "削除", "prose", mirror="section-added", item=section_removed),
    _kind("text-changed", "文言修正", "prose", item=text_changed),
    _kind("kpi-added", "KPI追加", "indicator", mirror="kpi-removed", item=kpi_added),
    _kind("kpi-removed", "KPI削除", "indicator", mirror="kpi-added", item=kpi_removed),
    _kind("kpi-replaced", "指標変更", "indicator", indicator=kpi_replaced),
    _kind("role-changed", "位置付け変更", "indicator", indicator=role_changed),
    _kind("target-raised", "上方修正", "indicator", mirror="target-lowered", indicator=target_raised),
    _kind("target-lowered", "下方修正", "indicator", mirror="target-raised", indicator=target_lowered),
    _kind("target-changed", "目標値変更", "indicator", indicator=target_changed),
    _kind("target-year-changed", "目標年次変更", "indicator", indicator=target_year_changed),
    _kind("target-restated", "表し方の変更", "indicator", indicator=target_restated),
    _kind("baseline-changed", "基準値更新", "indicator", indicator=baseline_changed),
    _kind("aggregation-changed", "集計方法変更", "indicator", indicator=aggregation_changed),
    _kind("corrected", "訂正", "housekeeping", item=corrected, indicator=indicator_corrected),
    _kind("renumbered", "番号変更", "housekeeping", item=renumbered),
    _kind("owner-changed", "所管変更", "housekeeping", item=owner_changed, indicator=indicator_owner_changed),
    _kind("tags-changed", "関連付け変更", "housekeeping", item=tags_changed),
    # deepdiff: whatever no other kind speaks for
    _kind("other", "その他", "net", item=other, indicator=indicator_other, plan=plan_other),
)
BY_CODE: Mapping[str, Kind] = {kind.entry.code: kind for kind in KINDS}
CATALOGUE = Catalogue("変更の種類", tuple(kind.entry for kind in KINDS))
TARGET_LABELS: Mapping[str, str] = {"kpi-added": "数値目標追加", "kpi-removed": "数値目標削除"}
"""What the two kinds are called where the indicator is a numeric target."""

_ON_ITEM = tuple((kind, kind.on_item) for kind in KINDS if kind.on_item)
_ON_INDICATOR = tuple((kind, kind.on_indicator) for kind in KINDS if kind.on_indicator)
_ON_PLAN = tuple((kind, kind.on_plan) for kind in KINDS if kind.on_plan)


def mirrored(declared: Declared) -> Declared:
    """Turn the author's word round for a comparison that looks back in time: added → removed."""
    flags = tuple(BY_CODE[flag].mirror if flag in BY_CODE else flag for flag in declared.flags)
    return Declared(flags, declared.reason)


def classify(view: View, decided: Decided, confidence: float) -> tuple[Change, ...]:
    """Ask every kind about an item, in the order of the table."""
    changes = []
    for kind, look in _ON_ITEM:
        seen = look(view)
        if seen:
            new = seen.parts or (() if view.new is None else (view.new,))
            changes.append(_change(kind, seen, view.old, new, view.declared, decided, confidence))
    return tuple(changes)


def classify_indicator(view: IndicatorView, decided: Decided, confidence: float) -> tuple[Change, ...]:
    """Ask every kind about an indicator, in the order of the table."""
    changes = []
    for kind, look in _ON_INDICATOR:
        seen = look(view)
        if seen:
            new = () if view.new is None else (view.new,)
            changes.append(_change(kind, seen, view.old, new, view.declared, decided, confidence))
    return tuple(changes)


def classify_plan(old: Strategy, new: Strategy) -> tuple[Change, ...]:
    """Ask every kind about the plan itself, in the order of the table."""
    return tuple(
        _change(kind, seen, (old.root,), (new.root,), NOTHING_DECLARED, "id", 1.0)
        for kind, look in _ON_PLAN
        if (seen := look(old, new))
    )


def _change(
    kind: Kind,
    seen: Evidence,
    old: tuple[Item | Indicator, ...],
    new: tuple[Item | Indicator, ...],
    declared: Declared,
    decided: Decided,
    confidence: float,
) -> Change:
    by_author = kind.entry.code in declared.flags or seen.decided == "declared"
    return Change(
        kind=kind.entry,
        old=old,
        new=new,
        before=seen.before,
        after=seen.after,
        decided="declared" if by_author else decided,
        confidence=1.0 if by_author else confidence,
        proposed=seen.proposed and not by_author,
        reason=declared.reason,
        marks=seen.marks,
        old_indicators=seen.old_indicators,
        new_indicators=seen.new_indicators,
    )


def best_title(old: tuple[Item, ...], title: str) -> Item:
    """Choose, of several predecessors, the one whose title is most like the new one."""
    return max(old, key=lambda item: likeness(item.title, title)) if len(old) > 1 else old[0]


def _titles(old: Item, new: Item) -> Marks:
    return pieces(old.title, new.title)


def _titled(view: View, code: str) -> Evidence | None:
    """Decide between renamed and reworded: the author's word, else how much of the wording stays."""
    old = view.carried
    if old is None or view.new is None:
        return None
    flags = view.declared.flags
    if code in flags:
        return Evidence(marks=_titles(old, view.new))
    if old.title == view.new.title or not view.comparable or {"renamed", "reworded", "corrected"} & set(flags):
        return None
    stays = likeness(old.title, view.new.title) >= REWORDED_FROM
    if stays != (code == "reworded"):
        return None
    return Evidence(marks=_titles(old, view.new), proposed=True)


def _only_wording(view: IndicatorView, old: Indicator, new: Indicator) -> bool:
    """Say whether only the wording of an indicator's name changed: same unit, same figures, most words kept."""
    if "reworded" in view.declared.flags:
        return True
    if {"renamed", "corrected", "kpi-replaced"} & set(view.declared.flags) or old.unit != new.unit:
        return False
    digits = [[each for each in name if each.isdigit()] for name in (old.name, new.name)]
    return digits[0] == digits[1] and likeness(old.name, new.name) >= REWORDED_FROM


def _aimed(view: IndicatorView, wanted: str) -> Evidence | None:
    both = view.both
    if both is None:
        return None
    old, new = both
    if old.target == new.target and old.targets == new.targets:
        return None
    if _aim(old, new) != wanted:
        return None
    return Evidence(_target_words(old), _target_words(new))


def _aim(old: Indicator, new: Indicator) -> str:
    """Say how the aim changed: raised, lowered, restated, changed, or not at all ("")."""
    before, after = old.target, new.target
    if _plain(before, year=False) == _plain(after, year=False):
        staged = [tuple(_plain(each) for each in side.targets) for side in (old, new)]
        return "changed" if staged[0] != staged[1] else ""
    if before is None or after is None or old.unit != new.unit:
        return "changed"
    if _restated(old, before, new, after):
        return "restated"
    if _aggregation(old) != _aggregation(new):
        return "changed"  # different spans cannot be compared
    pair = (before.value, after.value)
    if pair[0] is None or pair[1] is None:
        pair = (before.relative, after.relative)
    if pair[0] is None or pair[1] is None:
        return "changed"
    up = _rising(new) or _rising(old)
    if up == 0 or pair[0] == pair[1]:
        return "changed" if pair[0] != pair[1] else ""
    return "raised" if (pair[1] - pair[0]) * up > 0 else "lowered"


def _rising(indicator: Indicator) -> int:
    """Give +1 where more is better, -1 where less is better, 0 where it cannot be said."""
    match indicator.direction:
        case "increase":
            return 1
        case "decrease":
            return -1
        case "maintain":
            return 0
        case "":
            pass
    target, base = indicator.target, indicator.baseline
    if target is not None and target.relative:
        return 1 if target.relative > 0 else -1
    if target is None or base is None or target.value is None or base.value is None:
        return 0
    return (target.value > base.value) - (target.value < base.value)


def _restated(old: Indicator, before: Value, new: Indicator, after: Value) -> bool:
    """Say whether one side gives in per cent of the baseline what the other gives as a number."""
    for relative, absolute, base in (
        (before, after, old.baseline or new.baseline),
        (after, before, new.baseline or old.baseline),
    ):
        if relative.value is not None or relative.relative is None or absolute.value is None:
            continue
        if base is None or base.value is None:
            continue
        # Equal as printed: as many decimals as the number shows.
        decimals = len(str(absolute.value).partition(".")[2]) if isinstance(absolute.value, float) else 0
        step = 10.0**-decimals
        if abs(base.value * (1 + relative.relative / 100) - absolute.value) < step:
            return True
    return False


def _plain(value: Value | None, *, year: bool = True) -> tuple[object, ...]:
    """Give what is compared of a value: not its note, and not its span, which is part of the aggregation."""
    if value is None:
        return ()
    said = (value.value, value.text, value.relative, value.status)
    return (*said, value.year) if year else said


def _aggregation(indicator: Indicator) -> tuple[object, ...]:
    target = indicator.target
    return (indicator.aggregation or "single", (target.span if target else None) or indicator.span)


AGGREGATIONS: Mapping[str, str] = {"": "単年", "single": "単年", "cumulative": "累計", "mean": "平均"}


def _aggregation_words(indicator: Indicator) -> str:
    span = (indicator.target.span if indicator.target else None) or indicator.span
    return AGGREGATIONS[indicator.aggregation] + (f"（{span[0]}～{span[1]}年度）" if span else "")


def _target_words(indicator: Indicator) -> str:
    words = value_words(indicator.target, indicator.unit)
    staged = "、".join(f"{year_words(each.year)} {value_words(each, indicator.unit)}" for each in indicator.targets)
    return f"{words}（段階目標: {staged}）" if staged else words


def _dated(indicator: Indicator) -> str:
    base = indicator.baseline
    if base is None:
        return ""
    suffix = "年" if indicator.basis == "calendar" else "年度"
    year = year_words(base.year, suffix)
    words = value_words(base, indicator.unit)
    return f"{words}（{year}）" if year and words else words or year


def _named(indicator: Indicator) -> str:
    unit = "" if indicator.unit in ("", "none") else f"（{indicator.unit}）"
    return indicator_name(indicator) + unit


def _owned(indicator: Indicator, owner: Item | None) -> str:
    role = "数値目標" if indicator.role == "target" else "KPI"
    return f"{owner.title}の{role}" if owner and owner.title else role


def _period(strategy: Strategy) -> str:
    plan = strategy.plan
    if plan.start is None or plan.end is None:
        return ""
    return f"{year_words(plan.start)}から{year_words(plan.end)}まで（{plan.end - plan.start + 1}年間）"


def _tags(item: Item) -> str:
    return "、".join(f"{scheme}: {' '.join(map(str, tags))}" for scheme, tags in item.tags)


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _item_rest(item: Item) -> dict[str, object]:
    return {"note": item.note, **dict(item.extra)}


def _indicator_rest(indicator: Indicator) -> dict[str, object]:
    values = (indicator.baseline, indicator.target, *indicator.targets)
    return {
        "definition": indicator.definition,
        "source": indicator.source,
        "direction": indicator.direction,
        "basis": indicator.basis,
        "actuals": [_reading(each) for each in indicator.actuals],
        "breakdown": [(each.name, *_plain(each.baseline), *_plain(each.target)) for each in indicator.breakdown],
        "achievement": indicator.achievement and (indicator.achievement.method, indicator.achievement.cap),
        "note": indicator.note,
        "value notes": [each.note for each in values if each and each.note],
        **dict(indicator.extra),
    }


def _reading(value: Value) -> tuple[object, ...]:
    return (value.year, value.value, value.text, value.status, value.note)


def _plan_rest(strategy: Strategy) -> dict[str, object]:
    plan, root = strategy.plan, strategy.root
    return {
        "id": plan.id,
        "municipality": plan.municipality,
        "parent": plan.parent,
        "note": root.note,
        **dict(root.extra),
        **dict(strategy.extra),
    }


FIELD_LABELS: Mapping[str, str] = {
    "note": "備考",
    "definition": "定義",
    "source": "出典",
    "direction": "望ましい方向",
    "basis": "時点の数え方",
    "actuals": "実績値",
    "breakdown": "内訳",
    "achievement": "達成率の計算",
    "value notes": "値の備考",
    "id": "計画の識別子",
    "municipality": "市町村",
    "parent": "上位計画",
    "order": "並び順",
}


def _rest(before: dict[str, object], after: dict[str, object]) -> Evidence | None:
    """Give, by deepdiff, what differs in the fields that no other kind speaks for."""
    if before == after:
        return None
    from deepdiff import DeepDiff

    found = DeepDiff(before, after, verbose_level=2, view="tree")
    names = dict[str, None]()
    for changes in found.values():
        for change in changes:
            path = change.path(output_format="list")
            names[str(path[0])] = None
    labels = [FIELD_LABELS.get(name, name) for name in sorted(names)]
    shown = [
        "、".join(f"{FIELD_LABELS.get(name, name)}: {side.get(name)}" for name in sorted(names) if side.get(name))
        for side in (before, after)
    ]
    return Evidence(shown[0], shown[1] or "、".join(labels))
