"""Kinds: TABLE of the change kinds, one function each.

A row is code, label, group, the kind it becomes when the two editions are swapped, and what it looks at: an item on
both sides, an indicator on both sides, or the plan. The function gives the evidence it sees, or None; its docstring is
the documentation, beside its example. The order of the table is the order in which labels are printed.
"""

from collections.abc import Callable, Mapping
from inspect import getdoc

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.examples import EXAMPLES
from atsugi_cli.kinds.indicators import (
    aggregation_changed,
    baseline_changed,
    indicator_corrected,
    indicator_merged,
    indicator_other,
    indicator_owner_changed,
    indicator_renamed,
    indicator_reworded,
    indicator_split,
    kpi_replaced,
    role_changed,
    target_changed,
    target_lowered,
    target_raised,
    target_restated,
    target_year_changed,
)
from atsugi_cli.kinds.items import (
    REWORDED_FROM,
    added,
    corrected,
    kpi_added,
    kpi_removed,
    level_changed,
    merged,
    moved,
    other,
    owner_changed,
    removed,
    renamed,
    renumbered,
    reworded,
    section_added,
    section_removed,
    split,
    tags_changed,
    text_changed,
)
from atsugi_cli.kinds.plan import period_changed, plan_other, plan_renamed
from atsugi_cli.kinds.views import Evidence, IndicatorView, View
from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item, Strategy
from atsugi_cli.revision import Change, Decided

__all__ = [
    "BY_CODE",
    "CATALOGUE",
    "GROUPS",
    "KINDS",
    "REWORDED_FROM",
    "TARGET_LABELS",
    "IndicatorView",
    "Kind",
    "View",
    "classify",
    "classify_indicator",
    "classify_plan",
    "mirrored",
]

GROUPS: Mapping[str, str] = {
    "item": "項目",
    "prose": "文章",
    "indicator": "指標",
    "plan": "計画",
    "housekeeping": "整理",
    "net": "その他",
}


@frozen
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
    return Kind(Entry(code, label, group, doc, example=EXAMPLES[code]), mirror or code, item, indicator, plan)


KINDS: tuple[Kind, ...] = (
    _kind("period-changed", "計画期間変更", "plan", plan=period_changed),
    _kind("plan-renamed", "計画名変更", "plan", plan=plan_renamed),
    _kind("added", "新規", "item", mirror="removed", item=added),
    _kind("removed", "廃止", "item", mirror="added", item=removed),
    _kind("merged", "統合", "item", mirror="split", item=merged, indicator=indicator_merged),
    _kind("split", "分割", "item", mirror="merged", item=split, indicator=indicator_split),
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
            changes.append(_change(kind, seen, seen.olds or view.old, new, view.declared, decided, confidence))
    return tuple(changes)


def classify_indicator(view: IndicatorView, decided: Decided, confidence: float) -> tuple[Change, ...]:
    """Ask every kind about an indicator, in the order of the table."""
    changes = []
    for kind, look in _ON_INDICATOR:
        seen = look(view)
        if seen:
            new = seen.parts or (() if view.new is None else (view.new,))
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
        reason=seen.reason or declared.reason,
        marks=seen.marks,
        old_indicators=seen.old_indicators,
        new_indicators=seen.new_indicators,
    )
