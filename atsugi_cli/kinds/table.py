"""Table: the kinds of change, one row each; its order is the order in which labels are printed."""

from collections.abc import Callable, Mapping
from inspect import getdoc
from typing import Any

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.kinds import indicators, items, plan
from atsugi_cli.kinds.card import Evidence, IndicatorView, Kind, Look, Same, View
from atsugi_cli.kinds.net import Net
from atsugi_cli.model import Indicator, Item, Strategy

GROUPS: Mapping[str, str] = {
    "plan": "計画",
    "item": "項目",
    "prose": "文章",
    "indicator": "指標",
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
    before: str,
    after: str,
    **rest: Any,  # noqa: ANN401 - the other columns of `Kind`, as they are
) -> Kind:
    """Make a row; the docstring of its function is its documentation, `before` and `after` its example in YAML."""
    doc = getdoc(item or indicator or plan) or ""
    example = f"\n# 現行\n{before}\n# 改定後\n{after}\n"
    return Kind(Entry(code, label, group, doc, example=example), mirror or code, item, indicator, plan, **rest)


def _title(item: Item) -> object:
    return item.title


def _name(indicator: Indicator) -> object:
    return indicator.name


def _reckoning(indicator: Indicator) -> object:
    return indicator.aggregation or "single", indicator.span, indicator.target and indicator.target.span


_CARDS: tuple[Kind, ...] = (
    _kind("period-changed", "計画期間変更", "plan", plan=plan.period_changed, look=Look("name", "⇔"),
          fields=("start", "end"),
          says="計画期間を{period}。",
          before="plan: {period: {start: 2021, end: 2025}}",
          after="plan: {period: {start: 2021, end: 2026}}"),
    _kind("plan-renamed", "計画名変更", "plan", plan=plan.plan_renamed, look=Look("name", "✎", "magenta"),
          fields=("title",),
          says="計画の名称を「{before}」から「{after}」に改めます。",
          before="plan: {title: 第2期総合戦略}",
          after="plan: {title: 第2期デジタル田園都市総合戦略}"),
    _kind("added", "新規", "item", item=items.added, mirror="removed", look=Look("come", "＋", "red"),
          settles_name=True,
          says="{name}を新たに位置付けます。",
          before="- {id: parks, title: 公園の整備}",
          after="- {id: parks, title: 公園の整備}\n"
                "- {id: digital, title: デジタル教育の推進}"),
    _kind("removed", "廃止", "item", item=items.removed, mirror="added", look=Look("come", "－", "red"),
          unsure="（対応先なし、要確認）", remark="対応先なし（要確認）",
          says="{name}を廃止します。",
          before="initiatives: [{id: parks, title: 公園の整備}, {id: fair, title: 物産展の開催}]",
          after="edition: {removed: [{id: fair, reason: 来場者が減ったため}]}\n"
                "initiatives: [{id: parks, title: 公園の整備}]"),
    _kind("merged", "統合", "item", item=items.merged, indicator=indicators.indicator_merged, mirror="split",
          look=Look("join", "⇉", "green"), remark="{olds}の{count}つを統合", joins="into-one", settles_name=True,
          continues=True, shows="origins",
          says="{olds}を統合し、{name}とします。",
          says_of_indicator="{name}の指標を{before}から{after}に統合します。",
          before="- {id: firms, title: 起業の支援}\n"
                 "- {id: heirs, title: 事業承継の支援}",
          after="- {id: trade, title: 起業と事業承継の支援, from: [firms, heirs]}"),
    _kind("split", "分割", "item", item=items.split, indicator=indicators.indicator_split, mirror="merged",
          look=Look("join", "⇇", "green"), remark="{news}に分割", joins="into-many", settles_name=True, continues=True,
          shows="heirs",
          says="{olds}を{news}に分けます。",
          says_of_indicator="{name}の指標を{before}から{after}に分けます。",
          before="- {id: trade, title: 起業と事業承継の支援}",
          after="- {id: firms, title: 起業の支援, from: trade}\n"
                "- {id: heirs, title: 事業承継の支援, from: trade}"),
    _kind("renamed", "名称変更", "item", item=items.renamed, indicator=indicators.indicator_renamed,
          look=Look("name", "✎", "magenta"), fields=("title", "name"), settles_name=True, continues=True,
          same=Same("名称", _title, _name),
          says="{old}を{name}に改めます。",
          says_of_indicator="{name}の指標名を「{old_name}」から「{new_name}」に改めます。",
          before="- {id: cities, title: 都市間交流の促進}",
          after="- {id: cities, title: 都市間連携の強化, change: {flags: [renamed]}}"),
    _kind("reworded", "表記変更", "item", item=items.reworded, indicator=indicators.indicator_reworded,
          look=Look("wording", "≈", "magenta"), fields=("title", "name"), settles_name=True, continues=True,
          same=Same("名称", _title, _name),
          says="{old}の表記を{name}に改めます。",
          says_of_indicator="{name}の指標名を「{old_name}」から「{new_name}」に改めます。",
          before="- {id: charm, title: 市の魅力を全国に発信する}",
          after="- {id: charm, title: 魅力を全国に発信する, change: {flags: [reworded]}}"),
    _kind("moved", "移動", "item", item=items.moved, look=Look("join", "↷", "green"), fields=("children",),
          remark="移動元: {old_place}", continues=True, shows="parent",
          says="{new_level}「{title}」を、{old_place}から{new_place}へ移動します。",
          before="policies: [{id: play, initiatives: [{id: parks, title: 公園の整備}]}, {id: care}]",
          after="policies: [{id: play}, {id: care, initiatives: [{id: parks, title: 公園の整備}]}]"),
    _kind("level-changed", "階層変更", "item", item=items.level_changed, look=Look("join", "⇅", "green"),
          fields=("level",), remark="「{old_level}」から「{new_level}」に{rise}", continues=True, shows="level",
          says="{old_place}「{title}」を、「{old_level}」から「{new_level}」に{rise}します（{new_place}）。",
          before="initiatives: [{id: parks, title: 公園の整備}]",
          after="policies: [{id: parks, title: 公園の整備}]"),
    _kind("section-added", "追加", "prose", item=items.section_added, mirror="section-removed",
          look=Look("come", "＋", "red"), settles_name=True,
          says="{name}を追加します。",
          before="sections: []",
          after="sections: [{id: promotion, title: 推進体制, body: 本部を中心に取り組みます。}]"),
    _kind("section-removed", "削除", "prose", item=items.section_removed, mirror="section-added",
          look=Look("come", "－", "red"), unsure="（要確認）",
          says="{name}を削除します。",
          before="sections: [{id: promotion, title: 推進体制, body: 本部を中心に取り組みます。}]",
          after="edition: {removed: [{id: promotion, reason: 総合計画に移したため}]}\n"
                "sections: []"),
    _kind("text-changed", "文言修正", "prose", item=items.text_changed, look=Look("rest", "¶", "magenta"),
          fields=("body",), continues=True, same=Same("本文", lambda each: each.body),
          says="{name}の文言を改めます{excerpt}。",
          before="sections: [{id: promotion, title: 推進体制, body: 全庁を挙げて取り組みます。}]",
          after="sections: [{id: promotion, title: 推進体制, body: 各部等が連携して取り組みます。}]"),
    _kind("kpi-added", "KPI追加", "indicator", item=items.kpi_added, mirror="kpi-removed",
          look=Look("figure", "◎", "cyan"), fields=("indicators",), target_label="数値目標追加", settles_name=True,
          shows="indicator-come",
          says="{name}に{indicators}を追加します。",
          before="- {id: cities, title: 都市間連携の強化}",
          after="- {id: cities, title: 都市間連携の強化, kpis: [{id: visits, name: 訪問者数, unit: 人}]}"),
    _kind("kpi-removed", "KPI削除", "indicator", item=items.kpi_removed, mirror="kpi-added",
          look=Look("figure", "○", "cyan"), fields=("indicators",), target_label="数値目標削除", drops_indicators=True,
          shows="indicator-gone",
          says="{name}から{indicators}を削除します。",
          before="initiatives: [{id: cities, title: 都市間連携の強化, kpis: [{id: visits, name: 訪問者数, unit: 人}]}]",
          after="edition: {removed: [{id: visits, reason: 統計がなくなったため}]}\n"
                "initiatives: [{id: cities, title: 都市間連携の強化}]"),
    _kind("kpi-replaced", "指標変更", "indicator", indicator=indicators.kpi_replaced, look=Look("figure", "⇄", "cyan"),
          settles_name=True, drops_indicators=True,
          same=Same("名称も単位も", None, lambda each: (each.name, each.unit)),
          says="{name}の指標を「{before}」から「{after}」に替えます。",
          before="kpis: [{id: startups, name: 起業の件数, unit: 件}]",
          after="kpis: [{id: startups, name: 起業相談に訪れた人の延べ数, unit: 人}]"),
    _kind("role-changed", "位置付け変更", "indicator", indicator=indicators.role_changed,
          look=Look("figure", "⇄", "cyan"), fields=("role",), remark="{before} → {after}", shows="role",
          says="{subject}の位置付けを{before}から{after}に改めます。",
          before="kpis: [{id: startups, name: 起業の件数, unit: 件}]",
          after="targets: [{id: startups, name: 起業の件数, unit: 件}]"),
    _kind("target-raised", "上方修正", "indicator", indicator=indicators.target_raised, mirror="target-lowered",
          rises=1,
          look=Look("figure", "↑", "cyan"), fields=("target", "targets"),
          same=Same("目標値", None, lambda each: (each.target, each.targets)),
          says="{subject}の目標値を{before}から{after}に{lift}。",
          before="direction: increase\n"
                 "target: {year: 2025, value: 20}",
          after="direction: increase\n"
                "target: {year: 2025, value: 30}"),
    _kind("target-lowered", "下方修正", "indicator", indicator=indicators.target_lowered, mirror="target-raised",
          rises=-1,
          look=Look("figure", "↓", "cyan"), fields=("target", "targets"),
          same=Same("目標値", None, lambda each: (each.target, each.targets)),
          says="{subject}の目標値を{before}から{after}に{lift}。",
          before="direction: increase\n"
                 "target: {year: 2025, value: 20}",
          after="direction: increase\n"
                "target: {year: 2025, value: 15}"),
    _kind("target-changed", "目標値変更", "indicator", indicator=indicators.target_changed,
          look=Look("figure", "±", "cyan"), fields=("target", "targets"),
          same=Same("目標値", None, lambda each: (each.target, each.targets)),
          says="{subject}の目標値を{before}から{after}に改めます。",
          before="target: {year: 2025, value: 20}",
          after="target: {year: 2025, text: 全国平均を上回る}"),
    _kind("target-year-changed", "目標年次変更", "indicator", indicator=indicators.target_year_changed,
          look=Look("figure", "→", "cyan"), fields=("target",),
          alike=indicators.year_along_period,
          same=Same("目標年次", None, lambda each: each.target.year if each.target else None),
          says="{subject}の目標年次を{before}から{after}に改めます。",
          says_of_many="計画期間に合わせ、{many}件の指標の目標年次を{before}から{after}に改めます。",
          before="target: {year: 2025, value: 20}",
          after="target: {year: 2024, value: 20}"),
    _kind("target-restated", "目標値の表記変更", "indicator", indicator=indicators.target_restated,
          look=Look("figure", "≈", "cyan"), fields=("target", "targets"),
          same=Same("目標値", None, lambda each: (each.target, each.targets)),
          says="{subject}の目標値の表記を{before}から{after}に改めます。",
          before="baseline: {year: 2019, value: 4462}\n"
                 "target: {year: 2025, relative: -10.0}",
          after="baseline: {year: 2019, value: 4462}\n"
                "target: {year: 2025, value: 4016}"),
    _kind("baseline-changed", "基準値更新", "indicator", indicator=indicators.baseline_changed,
          look=Look("figure", "△", "cyan"), fields=("baseline",), same=Same("基準値", None, lambda each: each.baseline),
          says="{subject}の{baseline}を{before}から{after}に更新します。",
          before="baseline: {year: 2019, value: 10}",
          after="baseline: {year: 2022, value: 14}"),
    _kind("current-changed", "現況値更新", "indicator", indicator=indicators.current_changed,
          look=Look("figure", "△", "cyan"), fields=("current",), same=Same("現況値", None, lambda each: each.current),
          says="{subject}の{current}を{before}から{after}に更新します。",
          before="current: {year: 2021, value: 48}",
          after="current: {year: 2023, value: 51}"),
    _kind("actual-changed", "実績値更新", "indicator", indicator=indicators.actual_changed,
          look=Look("figure", "△", "cyan"), fields=("actuals",),
          same=Same("実績値", None, lambda each: each.actuals),
          says="{subject}の{actual}を{before}から{after}に更新します。",
          before="actuals: [{year: 2020, value: 48.3, state: preliminary}]",
          after="actuals: [{year: 2020, value: 45.6}]"),
    _kind("definition-changed", "定義変更", "indicator", indicator=indicators.definition_changed,
          look=Look("figure", "≡", "cyan"), fields=("definition",),
          same=Same("定義", None, lambda each: each.definition),
          says="{subject}の定義を「{before}」から「{after}」に改めます。",
          before="definition: 市内の店舗数",
          after="definition: 市内の店舗数（無人の店舗を含む。）"),
    _kind("source-changed", "出典変更", "indicator", indicator=indicators.source_changed,
          look=Look("figure", "≡", "cyan"), fields=("source",), same=Same("出典", None, lambda each: each.source),
          says="{subject}の出典を「{before}」から「{after}」に改めます。",
          before="source: 市民意識調査",
          after="source: 国勢調査"),
    _kind("breakdown-changed", "内訳変更", "indicator", indicator=indicators.breakdown_changed,
          look=Look("figure", "⋮", "cyan"), fields=("breakdown",),
          same=Same("内訳", None, lambda each: each.breakdown),
          says="{subject}の内訳を「{before}」から「{after}」に改めます。",
          before="breakdown: [{id: k-20, name: 20歳代, target: {year: 2025, value: 15}}]",
          after="breakdown: [{id: k-20, name: 20歳代, target: {year: 2025, value: 12}}]"),
    _kind("aggregation-changed", "集計方法変更", "indicator", indicator=indicators.aggregation_changed,
          look=Look("figure", "∑", "cyan"), fields=("aggregation", "span", "target.span"),
          alike=indicators.span_along_period,
          same=Same("集計方法", None, _reckoning),
          says="{subject}の{reckoned}を{before}から{after}に改めます。",
          before="target: {year: 2025, value: 20}",
          after="aggregation: cumulative\n"
                "span: [2021, 2025]\n"
                "target: {year: 2025, value: 20}"),
    _kind("corrected", "訂正", "housekeeping", item=items.corrected, indicator=indicators.indicator_corrected,
          look=Look("wording", "✓", "magenta"), settles_name=True, corrects=True,
          says="{subject}を訂正します{excerpt}。",
          before="- {id: firms, title: 企業の支援}",
          after="- {id: firms, title: 起業の支援, change: {flags: [corrected]}}"),
    _kind("renumbered", "番号変更", "housekeeping", item=items.renumbered, fields=("number",), renumbers=True,
          continues=True, same=Same("番号", lambda each: each.number),
          says="{name}の番号を{before}から{after}に改めます。",
          before="- {id: firms, number: 1, title: 起業の支援}",
          after="- {id: firms, number: 2, title: 起業の支援}"),
    _kind("owner-changed", "所管変更", "housekeeping", item=items.owner_changed,
          indicator=indicators.indicator_owner_changed, fields=("owners",), remark="{label}: {before} → {after}",
          alike=items.owners_alike, alike_from=items.ALIKE_FROM,
          same=Same("所管", lambda each: each.owners, lambda each: each.owners),
          says="{subject}の所管を{before}から{after}に改めます。",
          says_of_many="{many}件の項目の所管を{before}から{after}に改めます。",
          before="- {id: firms, title: 起業の支援, owners: [商工課]}",
          after="- {id: firms, title: 起業の支援, owners: [産業振興課]}"),
    _kind("tags-changed", "関連付け変更", "housekeeping", item=items.tags_changed, fields=("tags",),
          remark="{before} → {after}", same=Same("関連付け", lambda each: each.tags),
          says="{name}の関連付けを{before}から{after}に改めます。",
          before="- {id: firms, title: 起業の支援, tags: {sdgs: [8]}}",
          after="- {id: firms, title: 起業の支援, tags: {sdgs: [8, 9]}}"),
)  # fmt: skip
_NET = Net(_CARDS)
KINDS: tuple[Kind, ...] = (
    *_CARDS,
    # whatever no other kind speaks for
    _kind("other", "その他", "net", item=_NET.item, indicator=_NET.indicator, plan=_NET.plan,
          remark="{label}: {before} → {after}",
          says="{differing}。",
          before="plan: {parent: 第9次総合計画}",
          after="plan: {parent: 第10次総合計画}"),
)  # fmt: skip
BY_CODE: Mapping[str, Kind] = {kind.code: kind for kind in KINDS}
CATALOGUE = Catalogue("変更の種類", tuple(kind.entry for kind in KINDS))
