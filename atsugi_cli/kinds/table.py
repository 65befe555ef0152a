"""Table: the kinds of change, one row each; its order is the order in which labels are printed."""

from collections.abc import Callable, Mapping
from inspect import getdoc
from typing import Any

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.kinds.card import Evidence, IndicatorView, Kind, Look, View
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
    span_along_period,
    target_changed,
    target_lowered,
    target_raised,
    target_restated,
    target_year_changed,
    year_along_period,
)
from atsugi_cli.kinds.items import (
    ALIKE_FROM,
    added,
    corrected,
    kpi_added,
    kpi_removed,
    level_changed,
    merged,
    moved,
    other,
    owner_changed,
    owners_alike,
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
from atsugi_cli.model import Strategy

GROUPS: Mapping[str, str] = {
    "item": "項目",
    "prose": "文章",
    "indicator": "指標",
    "plan": "計画",
    "housekeeping": "整理",
    "net": "その他",
}


def _kind(
    code: str,
    label: str,
    group: str,
    *,
    mirror: str = "",
    item: Callable[[View], Evidence | None] | None = None,
    indicator: Callable[[IndicatorView], Evidence | None] | None = None,
    plan: Callable[[Strategy, Strategy], Evidence | None] | None = None,
    example: str,
    **rest: Any,  # noqa: ANN401 - the other columns of `Kind`, as they are
) -> Kind:
    """Make a row; the docstring of its function is its documentation."""
    doc = getdoc(item or indicator or plan) or ""
    return Kind(Entry(code, label, group, doc, example=example), mirror or code, item, indicator, plan, **rest)


KINDS: tuple[Kind, ...] = (
    _kind(
        "period-changed",
        "計画期間変更",
        "plan",
        plan=period_changed,
        look=Look("name", "⇔"),
        says="計画期間を{before}から{after}に改めます。",
        example="""
# 現行
plan: {period: {start: 2021, end: 2025}}
# 改定後
plan: {period: {start: 2021, end: 2026}}
""",
    ),
    _kind(
        "plan-renamed",
        "計画名変更",
        "plan",
        plan=plan_renamed,
        look=Look("name", "✎", "magenta"),
        says="計画の名称を「{before}」から「{after}」に改めます。",
        example="""
# 現行
plan: {title: 第2期総合戦略}
# 改定後
plan: {title: 第2期デジタル田園都市総合戦略}
""",
    ),
    _kind(
        "added",
        "新規",
        "item",
        mirror="removed",
        item=added,
        look=Look("come", "＋", "red"),
        says="{name}を新たに位置付けます。",
        example="""
# 現行
- {id: parks, title: 公園の整備}
# 改定後
- {id: parks, title: 公園の整備}
- {id: digital, title: デジタル教育の推進}
""",
    ),
    _kind(
        "removed",
        "廃止",
        "item",
        mirror="added",
        item=removed,
        look=Look("come", "－", "red"),
        says="{name}を廃止します。",
        unsure="（対応先なし、要確認）",
        remark="対応先なし（要確認）",
        example="""
# 現行
initiatives: [{id: parks, title: 公園の整備}, {id: fair, title: 物産展の開催}]
# 改定後
edition: {removed: [{id: fair, reason: 来場者が減ったため}]}
initiatives: [{id: parks, title: 公園の整備}]
""",
    ),
    _kind(
        "merged",
        "統合",
        "item",
        mirror="split",
        item=merged,
        indicator=indicator_merged,
        look=Look("join", "⇉", "green"),
        says="{olds}を統合し、{name}とします。",
        says_of_indicator="{name}の指標を{before}から{after}に統合します。",
        remark="{olds}の{count}つを統合",
        joins="merge",
        example="""
# 現行
- {id: firms, title: 起業の支援}
- {id: heirs, title: 事業承継の支援}
# 改定後
- {id: trade, title: 起業と事業承継の支援, from: [firms, heirs]}
""",
    ),
    _kind(
        "split",
        "分割",
        "item",
        mirror="merged",
        item=split,
        indicator=indicator_split,
        look=Look("join", "⇇", "green"),
        says="{olds}を{news}に分けます。",
        says_of_indicator="{name}の指標を{before}から{after}に分けます。",
        remark="{news}に分割",
        joins="split",
        example="""
# 現行
- {id: trade, title: 起業と事業承継の支援}
# 改定後
- {id: firms, title: 起業の支援, from: trade}
- {id: heirs, title: 事業承継の支援, from: trade}
""",
    ),
    _kind(
        "renamed",
        "名称変更",
        "item",
        item=renamed,
        indicator=indicator_renamed,
        look=Look("name", "✎", "magenta"),
        says="{old}を{name}に改めます。",
        says_of_indicator="{name}の指標名を「{old_name}」から「{new_name}」に改めます。",
        example="""
# 現行
- {id: cities, title: 都市間交流の促進}
# 改定後
- {id: cities, title: 都市間連携の強化, change: {flags: [renamed]}}
""",
    ),
    _kind(
        "reworded",
        "表記変更",
        "item",
        item=reworded,
        indicator=indicator_reworded,
        look=Look("wording", "≈", "magenta"),
        says="{old}の表記を{name}に改めます。",
        says_of_indicator="{name}の指標名を「{old_name}」から「{new_name}」に改めます。",
        example="""
# 現行
- {id: charm, title: 市の魅力を全国に発信する}
# 改定後
- {id: charm, title: 魅力を全国に発信する, change: {flags: [reworded]}}
""",
    ),
    _kind(
        "moved",
        "移動",
        "item",
        item=moved,
        look=Look("join", "↷", "green"),
        says="{name}を移します。",
        remark="移動元: {old_place}",
        relocates=True,
        example="""
# 現行
policies: [{id: play, initiatives: [{id: parks, title: 公園の整備}]}, {id: care}]
# 改定後
policies: [{id: play}, {id: care, initiatives: [{id: parks, title: 公園の整備}]}]
""",
    ),
    _kind(
        "level-changed",
        "階層変更",
        "item",
        item=level_changed,
        look=Look("join", "⇅", "green"),
        says="{name}を{old_level}から{new_level}に改めます。",
        remark="「{old_level}」から「{new_level}」に{rise}",
        relocates=True,
        example="""
# 現行
initiatives: [{id: parks, title: 公園の整備}]
# 改定後
policies: [{id: parks, title: 公園の整備}]
""",
    ),
    _kind(
        "section-added",
        "追加",
        "prose",
        mirror="section-removed",
        item=section_added,
        look=Look("come", "＋", "red"),
        says="{name}を追加します。",
        example="""
# 現行
sections: []
# 改定後
sections: [{id: promotion, title: 推進体制, body: 本部を中心に取り組みます。}]
""",
    ),
    _kind(
        "section-removed",
        "削除",
        "prose",
        mirror="section-added",
        item=section_removed,
        look=Look("come", "－", "red"),
        says="{name}を削ります。",
        unsure="（要確認）",
        example="""
# 現行
sections: [{id: promotion, title: 推進体制, body: 本部を中心に取り組みます。}]
# 改定後
edition: {removed: [{id: promotion, reason: 総合計画に移したため}]}
sections: []
""",
    ),
    _kind(
        "text-changed",
        "文言修正",
        "prose",
        item=text_changed,
        look=Look("rest", "¶", "magenta"),
        says="{name}の文言を改めます{excerpt}。",
        example="""
# 現行
sections: [{id: promotion, title: 推進体制, body: 全庁を挙げて取り組みます。}]
# 改定後
sections: [{id: promotion, title: 推進体制, body: 各部等が連携して取り組みます。}]
""",
    ),
    _kind(
        "kpi-added",
        "KPI追加",
        "indicator",
        mirror="kpi-removed",
        item=kpi_added,
        look=Look("figure", "◎", "cyan"),
        says="{name}に{indicators}を加えます。",
        target_label="数値目標追加",
        example="""
# 現行
- {id: cities, title: 都市間連携の強化}
# 改定後
- {id: cities, title: 都市間連携の強化, kpis: [{id: visits, name: 訪問者数, unit: 人}]}
""",
    ),
    _kind(
        "kpi-removed",
        "KPI削除",
        "indicator",
        mirror="kpi-added",
        item=kpi_removed,
        look=Look("figure", "○", "cyan"),
        says="{name}から{indicators}を除きます。",
        target_label="数値目標削除",
        example="""
# 現行
initiatives: [{id: cities, title: 都市間連携の強化, kpis: [{id: visits, name: 訪問者数, unit: 人}]}]
# 改定後
edition: {removed: [{id: visits, reason: 統計がなくなったため}]}
initiatives: [{id: cities, title: 都市間連携の強化}]
""",
    ),
    _kind(
        "kpi-replaced",
        "指標変更",
        "indicator",
        indicator=kpi_replaced,
        look=Look("figure", "⇄", "cyan"),
        says="{name}の指標を「{before}」から「{after}」に替えます。",
        example="""
# 現行
kpis: [{id: startups, name: 起業の件数, unit: 件}]
# 改定後
kpis: [{id: startups, name: 起業相談に訪れた人の延べ数, unit: 人}]
""",
    ),
    _kind(
        "role-changed",
        "位置付け変更",
        "indicator",
        indicator=role_changed,
        look=Look("figure", "⇄", "cyan"),
        says="{subject}の位置付けを{before}から{after}に改めます。",
        remark="{before} → {after}",
        example="""
# 現行
kpis: [{id: startups, name: 起業の件数, unit: 件}]
# 改定後
targets: [{id: startups, name: 起業の件数, unit: 件}]
""",
    ),
    _kind(
        "target-raised",
        "上方修正",
        "indicator",
        mirror="target-lowered",
        indicator=target_raised,
        look=Look("figure", "↑", "cyan"),
        says="{subject}の目標値を{before}から{after}に引き上げます。",
        example="""
# 現行
direction: increase
target: {year: 2025, value: 20}
# 改定後
direction: increase
target: {year: 2025, value: 30}
""",
    ),
    _kind(
        "target-lowered",
        "下方修正",
        "indicator",
        mirror="target-raised",
        indicator=target_lowered,
        look=Look("figure", "↓", "cyan"),
        says="{subject}の目標値を{before}から{after}に引き下げます。",
        example="""
# 現行
direction: increase
target: {year: 2025, value: 20}
# 改定後
direction: increase
target: {year: 2025, value: 15}
""",
    ),
    _kind(
        "target-changed",
        "目標値変更",
        "indicator",
        indicator=target_changed,
        look=Look("figure", "±", "cyan"),
        says="{subject}の目標値を{before}から{after}に改めます。",
        example="""
# 現行
target: {year: 2025, value: 20}
# 改定後
target: {year: 2025, text: 全国平均を上回る}
""",
    ),
    _kind(
        "target-year-changed",
        "目標年次変更",
        "indicator",
        indicator=target_year_changed,
        look=Look("figure", "→", "cyan"),
        says="{subject}の目標年次を{before}から{after}に改めます。",
        says_of_many="計画期間に合わせ、{many}件の指標の目標年次を{before}から{after}に改めます。",
        remark="{label}: {before} → {after}",
        alike=year_along_period,
        example="""
# 現行
target: {year: 2025, value: 20}
# 改定後
target: {year: 2024, value: 20}
""",
    ),
    _kind(
        "target-restated",
        "表し方の変更",
        "indicator",
        indicator=target_restated,
        look=Look("figure", "≈", "cyan"),
        says="{subject}の目標の表し方を{before}から{after}に改めます。",
        example="""
# 現行
baseline: {year: 2019, value: 4462}
target: {year: 2025, relative: -10.0}
# 改定後
baseline: {year: 2019, value: 4462}
target: {year: 2025, value: 4016}
""",
    ),
    _kind(
        "baseline-changed",
        "基準値更新",
        "indicator",
        indicator=baseline_changed,
        look=Look("figure", "△", "cyan"),
        says="{subject}の基準値を{before}から{after}に更新します。",
        example="""
# 現行
baseline: {year: 2019, value: 10}
# 改定後
baseline: {year: 2022, value: 14}
""",
    ),
    _kind(
        "aggregation-changed",
        "集計方法変更",
        "indicator",
        indicator=aggregation_changed,
        look=Look("figure", "∑", "cyan"),
        says="{subject}の集計方法を{before}から{after}に改めます。",
        remark="{before} → {after}",
        alike=span_along_period,
        example="""
# 現行
target: {year: 2025, value: 20}
# 改定後
aggregation: cumulative
span: [2021, 2025]
target: {year: 2025, value: 20}
""",
    ),
    _kind(
        "corrected",
        "訂正",
        "housekeeping",
        item=corrected,
        indicator=indicator_corrected,
        look=Look("wording", "✓", "magenta"),
        says="{subject}を訂正します{excerpt}。",
        example="""
# 現行
- {id: firms, title: 企業の支援}
# 改定後
- {id: firms, title: 起業の支援, change: {flags: [corrected]}}
""",
    ),
    _kind(
        "renumbered",
        "番号変更",
        "housekeeping",
        item=renumbered,
        says="{name}の番号を{before}から{after}に改めます。",
        renumbers=True,
        example="""
# 現行
- {id: firms, number: 1, title: 起業の支援}
# 改定後
- {id: firms, number: 2, title: 起業の支援}
""",
    ),
    _kind(
        "owner-changed",
        "所管変更",
        "housekeeping",
        item=owner_changed,
        indicator=indicator_owner_changed,
        says="{subject}の所管を{before}から{after}に改めます。",
        says_of_many="{many}件の項目の所管を{before}から{after}に改めます。",
        remark="{label}: {before} → {after}",
        alike=owners_alike,
        alike_from=ALIKE_FROM,
        example="""
# 現行
- {id: firms, title: 起業の支援, owners: [商工課]}
# 改定後
- {id: firms, title: 起業の支援, owners: [産業振興課]}
""",
    ),
    _kind(
        "tags-changed",
        "関連付け変更",
        "housekeeping",
        item=tags_changed,
        says="{name}の関連付けを{before}から{after}に改めます。",
        remark="{label}: {before} → {after}",
        example="""
# 現行
- {id: firms, title: 起業の支援, tags: {sdgs: [8]}}
# 改定後
- {id: firms, title: 起業の支援, tags: {sdgs: [8, 9]}}
""",
    ),
    _kind(
        "other",
        "その他",
        "net",
        item=other,
        indicator=indicator_other,
        plan=plan_other,
        says="{subject}: {label}（{after}）。",
        remark="{label}: {before} → {after}",
        example="""
# 現行
- {id: firms, title: 起業の支援, note: 国の交付金を使う}
# 改定後
- {id: firms, title: 起業の支援, note: 市の単独事業}
""",
    ),
)
BY_CODE: Mapping[str, Kind] = {kind.entry.code: kind for kind in KINDS}
CATALOGUE = Catalogue("変更の種類", tuple(kind.entry for kind in KINDS))
