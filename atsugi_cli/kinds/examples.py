"""Examples of the change kinds: as little of both editions as shows the kind; a test compares every pair."""

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "period-changed": """
# 現行
plan: {period: {start: 2021, end: 2025}}
# 改定後
plan: {period: {start: 2021, end: 2026}}
""",
    "plan-renamed": """
# 現行
plan: {title: 第2期総合戦略}
# 改定後
plan: {title: 第2期デジタル田園都市総合戦略}
""",
    "added": """
# 現行
- {id: parks, title: 公園の整備}
# 改定後
- {id: parks, title: 公園の整備}
- {id: digital, title: デジタル教育の推進}
""",
    "removed": """
# 現行
initiatives: [{id: parks, title: 公園の整備}, {id: fair, title: 物産展の開催}]
# 改定後
edition: {removed: [{id: fair, reason: 来場者が減ったため}]}
initiatives: [{id: parks, title: 公園の整備}]
""",
    "merged": """
# 現行
- {id: firms, title: 起業の支援}
- {id: heirs, title: 事業承継の支援}
# 改定後
- {id: trade, title: 起業と事業承継の支援, from: [firms, heirs]}
""",
    "split": """
# 現行
- {id: trade, title: 起業と事業承継の支援}
# 改定後
- {id: firms, title: 起業の支援, from: trade}
- {id: heirs, title: 事業承継の支援, from: trade}
""",
    "renamed": """
# 現行
- {id: cities, title: 都市間交流の促進}
# 改定後
- {id: cities, title: 都市間連携の強化, change: {flags: [renamed]}}
""",
    "reworded": """
# 現行
- {id: charm, title: 市の魅力を全国に発信する}
# 改定後
- {id: charm, title: 魅力を全国に発信する, change: {flags: [reworded]}}
""",
    "moved": """
# 現行
policies: [{id: play, initiatives: [{id: parks, title: 公園の整備}]}, {id: care}]
# 改定後
policies: [{id: play}, {id: care, initiatives: [{id: parks, title: 公園の整備}]}]
""",
    "level-changed": """
# 現行
initiatives: [{id: parks, title: 公園の整備}]
# 改定後
policies: [{id: parks, title: 公園の整備}]
""",
    "section-added": """
# 現行
sections: []
# 改定後
sections: [{id: promotion, title: 推進体制, body: 本部を中心に取り組みます。}]
""",
    "section-removed": """
# 現行
sections: [{id: promotion, title: 推進体制, body: 本部を中心に取り組みます。}]
# 改定後
edition: {removed: [{id: promotion, reason: 総合計画に移したため}]}
sections: []
""",
    "text-changed": """
# 現行
sections: [{id: promotion, title: 推進体制, body: 全庁を挙げて取り組みます。}]
# 改定後
sections: [{id: promotion, title: 推進体制, body: 各部等が連携して取り組みます。}]
""",
    "kpi-added": """
# 現行
- {id: cities, title: 都市間連携の強化}
# 改定後
- {id: cities, title: 都市間連携の強化, kpis: [{id: visits, name: 訪問者数, unit: 人}]}
""",
    "kpi-removed": """
# 現行
initiatives: [{id: cities, title: 都市間連携の強化, kpis: [{id: visits, name: 訪問者数, unit: 人}]}]
# 改定後
edition: {removed: [{id: visits, reason: 統計がなくなったため}]}
initiatives: [{id: cities, title: 都市間連携の強化}]
""",
    "kpi-replaced": """
# 現行
kpis: [{id: startups, name: 起業の件数, unit: 件}]
# 改定後
kpis: [{id: startups, name: 起業相談に訪れた人の延べ数, unit: 人}]
""",
    "role-changed": """
# 現行
kpis: [{id: startups, name: 起業の件数, unit: 件}]
# 改定後
targets: [{id: startups, name: 起業の件数, unit: 件}]
""",
    "target-raised": """
# 現行
direction: increase
target: {year: 2025, value: 20}
# 改定後
direction: increase
target: {year: 2025, value: 30}
""",
    "target-lowered": """
# 現行
direction: increase
target: {year: 2025, value: 20}
# 改定後
direction: increase
target: {year: 2025, value: 15}
""",
    "target-changed": """
# 現行
target: {year: 2025, value: 20}
# 改定後
target: {year: 2025, text: 全国平均を上回る}
""",
    "target-year-changed": """
# 現行
target: {year: 2025, value: 20}
# 改定後
target: {year: 2024, value: 20}
""",
    "target-restated": """
# 現行
baseline: {year: 2019, value: 4462}
target: {year: 2025, relative: -10.0}
# 改定後
baseline: {year: 2019, value: 4462}
target: {year: 2025, value: 4016}
""",
    "baseline-changed": """
# 現行
baseline: {year: 2019, value: 10}
# 改定後
baseline: {year: 2022, value: 14}
""",
    "aggregation-changed": """
# 現行
target: {year: 2025, value: 20}
# 改定後
aggregation: cumulative
span: [2021, 2025]
target: {year: 2025, value: 20}
""",
    "corrected": """
# 現行
- {id: firms, title: 企業の支援}
# 改定後
- {id: firms, title: 起業の支援, change: {flags: [corrected]}}
""",
    "renumbered": """
# 現行
- {id: firms, number: 1, title: 起業の支援}
# 改定後
- {id: firms, number: 2, title: 起業の支援}
""",
    "owner-changed": """
# 現行
- {id: firms, title: 起業の支援, owners: [商工課]}
# 改定後
- {id: firms, title: 起業の支援, owners: [産業振興課]}
""",
    "tags-changed": """
# 現行
- {id: firms, title: 起業の支援, tags: {sdgs: [8]}}
# 改定後
- {id: firms, title: 起業の支援, tags: {sdgs: [8, 9]}}
""",
    "other": """
# 現行
- {id: firms, title: 起業の支援, note: 国の交付金を使う}
# 改定後
- {id: firms, title: 起業の支援, note: 市の単独事業}
""",
}
"""Code → YAML: items of any level, or keys of an edition, of an item or of an indicator."""
