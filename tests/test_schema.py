"""The schema: what is right is accepted quickly, what is wrong is said once, at its place, with what to write."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from atsugi_cli.findings import Finding
from atsugi_cli.kinds import KINDS
from atsugi_cli.levels import LEVELS, Level
from atsugi_cli.reader.explain.mistakes import explain
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.schema import Kind, accepts, compiled, of_city, pattern
from atsugi_cli.reader.schema_codes import SCHEMA_CODES
from atsugi_cli.reader.splice import spliced
from atsugi_cli.store import is_edition

ROOT = Path(__file__).parents[1]
SCHEMAS = {
    kind: json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    for kind in ("strategy", "profile")
}
STRATEGY, PROFILE = SCHEMAS["strategy"], SCHEMAS["profile"]
LABELS = {kind.entry.code: kind.entry.label for kind in KINDS}
SOURCE = "strategies/atsugi-2/2023-10.yaml"

RIGHT = """\
format: 1
plan:
  id: atsugi-2
  title: 総合戦略
  period: {start: 2021, end: 2026}
edition:
  id: 2023-10
  stage: draft
goals:
  - id: inflow
    number: 1
    title: 転入促進
    owners: [企画政策課]
    policies:
      - id: links
        title: 都市間連携の強化
        kpis:
          - id: links-kpi
            name: 連携の数
            unit: 件
            direction: increase
            baseline: {year: 2021, value: 4}
            target: {year: 2026, value: 10}
"""


def findings(text: str, kind: Kind = "strategy", levels: tuple[Level, ...] = LEVELS) -> tuple[Finding, ...]:
    """Check a text as the reader does, and hold the quick check to the slow one."""
    data, slips = load(text, SOURCE)
    assert not slips
    found = explain(data, text, SOURCE, SCHEMAS[kind], kind=kind, levels=levels, flags=LABELS)
    assert accepts(data, kind, SCHEMAS[kind], levels) is (not found)
    return found


# Each row: what stands in RIGHT, the slip instead of it, and the one finding: code, line, column, part of the hint.
SLIPS = [
    ("format: 1\n", "format: 2\n", "bad-value", 1, 9, "format は 1 と書きます"),
    ("format: 1\n", 'format: "1"\n', "wrong-type", 1, 9, "format: 1"),
    ("format: 1\n", "", "missing-key", 1, 1, "format: 1"),
    (
        "plan:\n  id: atsugi-2\n  title: 総合戦略\n  period: {start: 2021, end: 2026}\n",
        "plan:\nid: atsugi-2\ntitle: 総合戦略\nperiod: {start: 2021, end: 2026}\n",
        "empty-value",
        2,
        1,
        "id、title、period の行を、plan より2文字深く字下げします",
    ),
    ("  title: 総合戦略\n", "  titel: 総合戦略\n", "unknown-key", 4, 3, "もしかして: title"),
    ("  title: 総合戦略\n", "  名称: 総合戦略\n", "unknown-key", 4, 3, "もしかして: title"),
    ("  title: 総合戦略\n", "  heading2: 総合戦略\n", "unknown-key", 4, 3, "もしかして: title"),
    ("  title: 総合戦略\n", "  title:\n", "empty-value", 4, 3, "「title: …」のように値を書きます"),
    ("  title: 総合戦略\n", "  title: 2024\n", "wrong-type", 4, 10, 'title: "2024"'),
    ("  title: 総合戦略\n", "  title: [総合戦略]\n", "wrong-type", 4, 10, "title: 総合戦略"),
    ("  title: 総合戦略\n", "  title: [総合, 戦略]\n", "wrong-type", 4, 10, 'title: "[総合, 戦略]"'),
    ("  title: 総合戦略\n", "  title: {a: b}\n", "wrong-type", 4, 10, 'title: "{a: b}"'),
    ("  title: 総合戦略\n", "  title: true\n", "wrong-type", 4, 10, 'title: "true"'),
    (
        "  period: {start: 2021, end: 2026}\n",
        "  period: 2021-2026\n",
        "wrong-type",
        5,
        11,
        "period: {start: 2021, end: 2026}",
    ),
    (
        "  period: {start: 2021, end: 2026}\n",
        "  period: 令和3年度～8年度\n",
        "wrong-type",
        5,
        11,
        "period: {start: 2021, end: 2026}",
    ),
    (
        "  period: {start: 2021, end: 2026}\n",
        "  period: [2021, 2026]\n",
        "wrong-type",
        5,
        11,
        "period: {start: 2021, end: 2026}",
    ),
    (
        "  period: {start: 2021, end: 2026}\n",
        "  period: {start: 令和3年, end: 2026}\n",
        "wrong-type",
        5,
        19,
        "start: 2021",
    ),
    (
        "  period: {start: 2021, end: 2026}\n",
        "  period: {start: 3, end: 2026}\n",
        "out-of-range",
        5,
        19,
        "西暦4桁で書きます",
    ),
    ("  period: {start: 2021, end: 2026}\n", "", "missing-key", 3, 3, "period: {start: 2021, end: 2026}"),
    (
        "  period: {start: 2021, end: 2026}\nedition:\n",
        "edition:\n  period: {start: 2021, end: 2026}\n",
        "unknown-key",
        6,
        3,
        "period は計画",
    ),
    (
        "edition:\n  id: 2023-10\n  stage: draft\n",
        "  edition:\n    id: 2023-10\n    stage: draft\n",
        "unknown-key",
        6,
        3,
        "edition はファイルの一番上に書きます",
    ),
    ("edition:\n  id: 2023-10\n  stage: draft\n", "edition:\n  stage: draft\n", "missing-key", 7, 3, "id: 2023-10"),
    ("stage: draft", "stage: 素案", "bad-value", 8, 10, "もしかして: draft"),
    ("stage: draft", "stage: Draft", "bad-value", 8, 10, "もしかして: draft"),
    ("stage: draft", "stage: drft", "bad-value", 8, 10, "もしかして: draft"),
    ("stage: draft", "stage: 1", "bad-value", 8, 10, "stage は outline"),
    ("stage: draft", "stage: draft\n  date: 2023/10/17", "bad-format", 9, 9, "date: 2023-10-17"),
    ("stage: draft", "stage: draft\n  date: 令和5年10月17日", "bad-format", 9, 9, "date: 2023-10-17"),
    ("stage: draft", "stage: draft\n  date: 20231017", "bad-format", 9, 9, "date: 2023-10-17"),
    ("stage: draft", "stage: draft\n  date: 2023", "bad-format", 9, 9, "月か日まで書きます"),
    ("stage: draft", "stage: draft\n  revises: [2020-03]", "wrong-type", 9, 12, 'revises: "2020-03"'),
    ("stage: draft", "stage: draft\n  revises: 2020-03.yaml", "bad-format", 9, 12, "revises: 2020-03"),
    (
        "stage: draft",
        "stage: draft\n  reasons: デジ田戦略を勘案し、一部を改定する。",
        "wrong-type",
        9,
        12,
        "reasons: [デジ田戦略を勘案し、一部を改定する。]",
    ),
    ("stage: draft", "stage: draft\n  removed: some-item", "wrong-type", 9, 12, "removed: [{id: some-item}]"),
    ("stage: draft", "stage: draft\n  removed: [some-item]", "wrong-type", 9, 13, "{id: some-item}"),
    (
        "stage: draft",
        "stage: draft\n  removed: {id: x}",
        "wrong-type",
        9,
        12,
        "項目ごとに、行の先頭に「- 」を付けて並べます",
    ),
    ("id: inflow", "id: In_Flow", "bad-format", 10, 9, "id: in-flow"),
    ("id: inflow", "id: 転入", "bad-format", 10, 9, "漢字や仮名は使えません"),
    ("id: inflow", "id: ｉｎｆｌｏｗ", "bad-format", 10, 9, "id: inflow"),
    ("id: inflow", "id: in flow", "bad-format", 10, 9, "id: in-flow"),
    ("id: inflow", "id:", "empty-value", 10, 5, "「id: city-links」のように値を書きます"),
    ("  - id: inflow\n    number: 1", "  - number: 1", "missing-key", 10, 5, "「id: goal-1」を書き加えます"),
    ("id: inflow", "id: 1.1", "bad-format", 10, 9, "id: 1-1"),
    ("id: inflow", "id: true", "wrong-type", 10, 9, 'id: "true"'),
    ("id: inflow", 'id: "inflow\\n"', "bad-format", 10, 9, "id: inflow"),
    ("number: 1\n    title: 転入促進", "number: 1", "missing-key", 10, 5, "title: …"),
    ("number: 1\n    title: 転入促進", "number: 1\n    name: 転入促進", "unknown-key", 12, 5, "もしかして: title"),
    ("number: 1\n    title: 転入促進", "number: 1\n    omitted: yes", "wrong-type", 12, 14, "omitted: true"),
    ("number: 1\n    title: 転入促進", "number: 1\n    omited: true", "unknown-key", 12, 5, "もしかして: omitted"),
    (
        "number: 1\n    title: 転入促進",
        "number: 1\n    title: 転入促進\n    omitted: true",
        "omitted-with-title",
        12,
        5,
        "title の行か「omitted: true」のどちらかを消します",
    ),
    ("number: 1", "number: 1.5", "wrong-type", 11, 13, 'number: "1.5"'),
    ("number: 1", "number: -1", "out-of-range", 11, 13, "0以上で書きます"),
    ("number: 1", "番号: 1", "unknown-key", 11, 5, "もしかして: number"),
    ("owners: [企画政策課]", "owners: 企画政策課", "wrong-type", 13, 13, "owners: [企画政策課]"),
    ("owners: [企画政策課]", "owners: 企画政策課、広報課", "wrong-type", 13, 13, "owners: [企画政策課, 広報課]"),
    ("owners: [企画政策課]", "owners: []", "too-few", 13, 13, "書くことがなければ、この行を消します"),
    ("owners: [企画政策課]", "owners: [企画政策課, 企画政策課]", "repeated-value", 13, 21, "一つを消します"),
    ("owners: [企画政策課]", "owners:", "empty-value", 13, 5, "次の行から「- 」で始まる行を並べるか、この行を消します"),
    ("owners: [企画政策課]", "owner: [企画政策課]", "unknown-key", 13, 5, "もしかして: owners"),
    ("owners: [企画政策課]", "tags: [sdgs]", "wrong-type", 13, 11, "関連付けは「分類: [一覧]」の組で書きます"),
    ("owners: [企画政策課]", "tags: {sdgs: 4}", "wrong-type", 13, 18, "sdgs: [4]"),
    ("owners: [企画政策課]", "change: 新規", "wrong-type", 13, 13, "change: {flags: [added]}"),
    ("owners: [企画政策課]", "change: {flags: 新規}", "wrong-type", 13, 21, "flags: [added]"),
    ("owners: [企画政策課]", "change: {flags: [名称変更]}", "bad-value", 13, 22, "もしかして: renamed"),
    ("owners: [企画政策課]", "change: {flags: [added, KPI追加]}", "bad-value", 13, 29, "もしかして: kpi-added"),
    ("owners: [企画政策課]", "flags: [added]", "unknown-key", 13, 5, "flags は改定の内容"),
    ("owners: [企画政策課]", "from: [Society5]", "bad-format", 13, 12, "society5"),
    ("owners: [企画政策課]", "from: []", "too-few", 13, 11, "書くことがなければ、この行を消します"),
    ("owners: [企画政策課]", "body: |", "empty-value", 13, 11, "「body: …」のように値を書きます"),
    ("owners: [企画政策課]", "x_memo: 1", "unknown-key", 13, 5, "自由なキーは「x-」で始めます"),
    ("owners: [企画政策課]", "color: red", "unknown-key", 13, 5, "自由な覚え書きは、x- で始まるキーに書けます"),
    ("    policies:", "    goals:", "unknown-key", 14, 5, "goals はファイルの一番上に書きます"),
    ("    policies:", "    policy:", "unknown-key", 14, 5, "もしかして: policies"),
    ("    policies:", "    施策:", "unknown-key", 14, 5, "もしかして: policies"),
    ("kpis:", "kpi:", "unknown-key", 17, 9, "もしかして: kpis"),
    ("kpis:", "KPIs:", "unknown-key", 17, 9, "もしかして: kpis"),
    ("unit: 件", "unit:", "empty-value", 20, 13, "「unit: 人」のように値を書きます"),
    ("unit: 件", "units: 件", "unknown-key", 20, 13, "もしかして: unit"),
    ("unit: 件", "単位: 件", "unknown-key", 20, 13, "もしかして: unit"),
    ("unit: 件", "unit: 1", "wrong-type", 20, 19, 'unit: "1"'),
    ("direction: increase", "direction: 増やす", "bad-value", 21, 24, "もしかして: increase"),
    ("direction: increase", "direction: 増", "bad-value", 21, 24, "もしかして: increase"),
    ("direction: increase", "direction: up", "bad-value", 21, 24, "もしかして: increase"),
    ("direction: increase", "span: [2021]", "too-few", 21, 19, "集計期間は [最初の年度, 最後の年度] で書きます"),
    ("direction: increase", "span: [2021, 2022, 2023]", "too-many", 21, 19, "span: [2021, 2023]"),
    ("direction: increase", "span: 2021～2026", "wrong-type", 21, 19, "span: [2021, 2026]"),
    ("direction: increase", "aggregation: 累計", "bad-value", 21, 26, "もしかして: cumulative"),
    ("name: 連携の数", "title: 連携の数", "unknown-key", 19, 13, "もしかして: name"),
    ("name: 連携の数\n            ", "", "missing-key", 18, 13, "name: …"),
    ("value: 10", 'value: "1200"', "wrong-type", 23, 41, "value: 1200"),
    ("value: 10", 'value: "1,200"', "wrong-type", 23, 41, "value: 1200"),
    ("value: 10", "value: １２００", "wrong-type", 23, 41, "value: 1200"),
    ("value: 10", "value: ▲5", "wrong-type", 23, 41, "value: -5"),
    ("value: 10", "value: 約100", "wrong-type", 23, 41, "value: 100"),
    ("value: 10", "value: 100人", "wrong-type", 23, 41, "value: 100"),
    ("value: 10", "value: 100件以上", "wrong-type", 23, 41, "value: 100"),
    ("value: 10", "value: 10%減少", "wrong-type", 23, 41, "relative: -10"),
    ("value: 10", "value: －", "wrong-type", 23, 41, "status: none"),
    ("value: 10", "value: 未定", "wrong-type", 23, 41, "status: undecided"),
    ("value: 10", "value: 全国平均を上回る", "wrong-type", 23, 41, "text: 全国平均を上回る"),
    ("value: 10", "value: true", "wrong-type", 23, 41, "値は半角の数字だけで書きます"),
    ("value: 10", "value: [10]", "wrong-type", 23, 41, "value: 10"),
    ("value: 10", "value: {a: 1}", "wrong-type", 23, 41, "値は半角の数字だけで書きます"),
    ("value: 10", "vlaue: 10", "unknown-key", 23, 34, "もしかして: value"),
    ("value: 10", "目標値: 10", "unknown-key", 23, 34, "もしかして: value"),
    ("value: 10", "value: 10, unit: 件", "unknown-key", 23, 45, "unit は指標"),
    ("value: 10", "relative: 10%", "wrong-type", 23, 44, "relative: 10"),
    ("value: 10", "status: 未設定", "bad-value", 23, 42, "もしかして: undecided"),
    ("target: {year: 2026, value: 10}", "target: 10", "wrong-type", 23, 21, "target: {year: 2026, value: 10}"),
    (
        "target: {year: 2026, value: 10}",
        "target: 10件（令和8年度）",
        "wrong-type",
        23,
        21,
        "target: {year: 2026, value: 10}",
    ),
    (
        "target: {year: 2026, value: 10}",
        "target: 未設定",
        "wrong-type",
        23,
        21,
        "target: {year: 2026, status: undecided}",
    ),
    (
        "target: {year: 2026, value: 10}",
        "target: [{year: 2026, value: 10}]",
        "wrong-type",
        23,
        21,
        "一つだけ書くところです",
    ),
    ("target: {year: 2026, value: 10}", "目標値: {year: 2026, value: 10}", "unknown-key", 23, 13, "もしかして: target"),
    ("target: {year: 2026, value: 10}", "year: 2026\n            value: 10", "unknown-key", 23, 13, "year、value は値"),
    ("year: 2026", "year: 26", "out-of-range", 23, 28, "西暦4桁で書きます"),
    ("year: 2026", "year: 令和8年度", "bad-format", 23, 28, "year: 2026"),
    ("year: 2026", 'year: "2026"', "wrong-type", 23, 28, "year: 2026"),
    ("year: 2026", "year: 2026年度", "bad-format", 23, 28, "year: 2026"),
    ("year: 2026", "year: ２０２６", "wrong-type", 23, 28, "year: 2026"),
    ("year: 2026", "年: 2026", "unknown-key", 23, 22, "もしかして: year"),
    (
        "goals:\n  - id: inflow\n",
        "goals:\n    id: inflow\n",
        "wrong-type",
        9,
        1,
        "項目ごとに、行の先頭に「- 」を付けて並べます",
    ),
    (
        "title: 転入促進",
        "title: |\n      転入\n      促進\n    body: [一, 二]",
        "wrong-type",
        15,
        11,
        'body: "[一, 二]"',
    ),
    ("owners: [企画政策課]", "tags: {sdgs: [4.5]}", "wrong-type", 13, 19, '"4.5"'),
    ("owners: [企画政策課]", "owners: [企画政策課, 12]", "wrong-type", 13, 21, '"12"'),
    ("owners: [企画政策課]", "owners:\n      -\n      - 広報課", "empty-value", 14, 7, "値を書くか、その行"),
    ("owners: [企画政策課]", "body:\n      - 一\n      - 二", "wrong-type", 13, 5, "「body: |-」と書き"),
    ("owners: [企画政策課]", "note: 2024", "wrong-type", 13, 11, 'note: "2024"'),
    ("unit: 件", "unit: 件\n            actuals: [{year: 2022, value: 1，234}]", "wrong-type", 21, 43, "value: 1234"),
    ("unit: 件", "unit: 件\n            achievement: {methd: ratio}", "unknown-key", 21, 27, "もしかして: method"),
    ("unit: 件", "unit: 件\n            achievement: {method: ratio, cap: 100%}", "wrong-type", 21, 47, "cap: 100"),
    ("unit: 件", "unit: 件\n            from: [a, a]", "repeated-value", 21, 23, "一つを消します"),
    ("unit: 件", "Unit: 件", "unknown-key", 20, 13, "もしかして: unit"),
    ("unit: 件", "unit: 件\n            period: [2021, 2026]", "unknown-key", 21, 13, "もしかして: span"),
    ("value: 10", "value: 約1,200人", "wrong-type", 23, 41, "value: 1200"),
    ("value: 10", "value: 1,200人", "wrong-type", 23, 41, "unit: 人"),
    ("value: 10", "value: 10, 備考", "unknown-key", 23, 45, "もしかして: note"),
    ("unit: 件", "unit: 件\n            change: {reason: 連携, 交流}", "unknown-key", 21, 30, 'reason: "連携, 交流"'),
    ("owners: [企画政策課]", "change: [新規, 名称変更]", "wrong-type", 13, 13, "change: {flags: [added, renamed]}"),
    (
        "owners: [企画政策課]",
        "owners: [企画政策課]\n    担当課: 企画課",
        "unknown-key",
        14,
        5,
        "owners（所管）はすでに",
    ),
    ("unit: 件", "unit: 件\n            achievement: ratio", "wrong-type", 21, 26, "achievement: {method: ratio}"),
    ("stage: draft", "stage: draft\n  revises:", "empty-value", 9, 3, "revises: 2020-03"),
]

PROFILE_SLIPS = [
    ("citi: 厚木市\n", "unknown-key", 1, 1, "もしかして: city"),
    ("levels: []\n", "too-few", 1, 9, "書くことがなければ、この行を消します"),
    ("levels: [{key: goals}]\n", "missing-key", 1, 11, "label: …"),
    ("levels:\n  - {key: Goals, label: 基本目標}\n", "bad-format", 2, 11, "key: goals"),
    ("levels:\n  - {key: goals, label: 基本目標, number: 丸数字}\n", "bad-value", 2, 39, "もしかして: circled"),
    ("severities: {duplicate-id: warn}\n", "bad-value", 1, 28, "もしかして: warning"),
    ("severities: {duplicate-id: エラー}\n", "bad-value", 1, 28, "もしかして: error"),
    ("table: {order: 現行が左}\n", "bad-value", 1, 16, "もしかして: old-new"),
    ("table: {underline: true}\n", "bad-value", 1, 20, "underline は both"),
    ("flags: {名称変更: 改称}\n", "unknown-key", 1, 9, "もしかして: renamed"),
    ("flags: {rename: 改称}\n", "unknown-key", 1, 9, "もしかして: renamed"),
    ("owners: [{name: 企画課, since: 2024/4}]\n", "bad-format", 1, 29, "since: 2024-04"),
    ("owners: [企画課]\n", "wrong-type", 1, 10, "{name: 企画課}"),
    ("era: 和暦\n", "bad-value", 1, 6, "もしかして: era"),
    ("plan: {}\nedition: {}\n", "not-a-profile", 1, 1, "city、levels などのキーを書きます"),
    ("terms: [a]\n", "wrong-type", 1, 8, "略称は「略称: 正式な名称」の組で書きます"),
    ("headings: [現行, 案]\n", "unknown-key", 1, 1, "headings は新旧対照表"),
    (
        "table: {headings: {proposal: 案}}\n",
        "wrong-type",
        1,
        30,
        "見出しは [改定前の見出し, 改定後の見出し] で書きます",
    ),
    ("labels: {kpi: 1}\n", "wrong-type", 1, 15, 'kpi: "1"'),
    ("version: 2\nservices: {}\n", "not-a-profile", 1, 1, "city、levels などのキーを書きます"),
    ("- a\n", "not-a-profile", 1, 1, "city、levels などのキーを書きます"),
]


@pytest.mark.parametrize(("right", "slip", "code", "line", "column", "hint"), SLIPS, ids=[row[1] for row in SLIPS])
def test_a_slip_is_one_finding_at_its_place(right, slip, code, line, column, hint):
    assert RIGHT.count(right) >= 1
    (found,) = findings(RIGHT.replace(right, slip, 1))
    assert (found.rule.code, found.place.line, found.place.column) == (code, line, column)
    assert hint in found.hint
    assert found.place.end_line == line


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"), PROFILE_SLIPS, ids=[row[0] for row in PROFILE_SLIPS]
)
def test_a_slip_in_a_profile_is_one_finding(text, code, line, column, hint):
    (found,) = findings(text, "profile")
    assert (found.rule.code, found.place.line, found.place.column) == (code, line, column)
    assert hint in found.hint


@pytest.mark.parametrize(
    "text",
    [
        "- id: inflow\n",
        "ただの文章です。\n",
        "openapi: 3.0.0\ninfo: {title: x, version: 1}\npaths: {}\n",
        "# 作業\nname: CI\non: push\njobs: {}\n",
        "city: 厚木市\nlevels: [{key: goals, label: 基本目標}]\n",
        "42\n",
    ],
)
def test_another_file_is_one_finding(text):
    (found,) = findings(text)
    assert found.rule.code == "not-a-strategy"
    assert text.split("\n")[found.place.line - 1][found.place.column - 1] != "#"
    assert "profile.yaml" in found.hint


def test_an_empty_file_is_no_strategy():
    assert [found.rule.code for found in explain(None, "", SOURCE, STRATEGY)] == ["not-a-strategy"]


def test_valid_files_give_nothing():
    assert findings(RIGHT) == ()
    for edition in filter(is_edition, map(str, sorted((ROOT / "strategies").rglob("*.yaml")))):
        assert findings(Path(edition).read_text(encoding="utf-8")) == ()
    assert findings("city: 厚木市\nx-memo: 何でも\n", "profile") == ()


def test_findings_stand_in_the_order_of_the_text():
    text = (
        RIGHT.replace("value: 10", "value: 十").replace("stage: draft", "stage: 素案").replace("unit: 件", "units: 件")
    )
    assert [found.rule.code for found in findings(text)] == ["bad-value", "unknown-key", "wrong-type"]


def test_two_slips_in_one_object_are_two_findings():
    text = RIGHT.replace("{start: 2021, end: 2026}", "{from: 2021, to: 2026}")
    assert [(found.place.column, found.hint) for found in findings(text)] == [
        (12, "もしかして: start（最初の年度）"),
        (24, "もしかして: end（最後の年度）"),
    ]


def test_the_item_is_named_by_its_title_and_id_in_the_words_of_the_city():
    text = RIGHT.replace("policies:", "directions:").replace("value: 10", "value: 約10件")
    levels = (Level("goal", "goals", "政策"), Level("direction", "directions", "施策の方向"))
    (found,) = findings(text, levels=levels)
    assert found.message == "KPI「連携の数」（links-kpi）の target の value「約10件」は文字です。数で書きます"
    (found,) = findings(text.replace("約10件", "10").replace("title: 転入促進", "body: 転入"), levels=levels)
    assert found.message == "政策「inflow」に title（名称）がありません"
    (found,) = findings(text.replace("約10件", "10").replace("kpis:", "kpi:"), levels=levels)
    assert found.message == "施策の方向「都市間連携の強化」（links）に「kpi」というキーは使えません"


def test_a_change_of_notation_alone_can_be_put_right():
    for slip, right in (("１，２００", "1200"), ('"1,200"', "1200"), ("▲5", "-5"), ("1_000", "1000")):
        text = RIGHT.replace("value: 10", f"value: {slip}")
        (found,) = findings(text)
        (edit,) = found.edits
        assert findings(text[: edit.start] + edit.text + text[edit.end :]) == ()
        assert edit.text == right
    for slip, right in (
        ("約100", "value: 100, about: true"),
        ("未定", "status: undecided"),
        ("全国平均", "text: 全国平均"),
    ):
        text = RIGHT.replace("value: 10", f"value: {slip}")
        (found,) = findings(text)
        assert spliced(text, found.edits) == RIGHT.replace("value: 10", right)
    (found,) = findings(RIGHT.replace("value: 10", "value: 100人"))
    assert not found.edits  # the indicator's unit is another one
    assert "単位「人」が、指標の単位「件」と違います" in found.hint


def test_a_year_is_guessed_near_the_period():
    hints = {year: findings(RIGHT.replace("year: 2021", f"year: {year}"))[0].hint for year in (3, 22, 30)}
    assert "令和3年度なら 2021" in hints[3]
    assert "2022" in hints[22]
    assert "平成30年度なら 2018" in hints[30]


def test_a_misplaced_key_points_to_where_it_is_missing():
    text = RIGHT.replace("  period: {start: 2021, end: 2026}\n", "").replace(
        "  id: 2023-10\n", "  id: 2023-10\n  period: {start: 2021, end: 2026}\n"
    )
    (found,) = findings(text)
    assert found.hint == "period は計画（plan）の中に書きます"
    assert [(related.place.line, related.message) for related in found.related] == [(3, "period はここに必要です")]


def test_one_slip_among_many_items_is_found_alone():
    items = "".join(f"  - {{id: g{number}, title: 目標}}\n" for number in range(300))
    (found,) = findings(RIGHT + items.replace("{id: g200, title:", "{id: g200, titel:"))
    assert (found.place.line, found.place.column) == (RIGHT.count("\n") + 201, 16)


def test_the_deepest_nesting_that_is_read_is_explained():
    depth = 29  # two levels of brackets each, under the reader's limit of 64
    goals = "[{id: a, title: b, policies: " * depth + "[{id: a, titel: b}]" + "}]" * depth
    text = RIGHT.partition("goals:")[0] + f"goals: {goals}\n"
    assert [found.rule.code for found in findings(text)] == ["unknown-key"]


# ---------------------------------------------------------------- levels

DIRECTIONS = (
    Level("crosscut", "crosscuts", "横断的な目標", cross=True),
    Level("field", "fields", "分野"),
    Level("direction", "directions", "施策の方向"),
)
OTHER_CITY = """\
format: 1
plan: {id: a, title: b, period: {start: 2025, end: 2029}}
edition: {id: 2025-03}
crosscuts:
  - {id: c, title: d, directions: [{id: e, title: f}]}
fields:
  - {id: g, title: h, directions: [{id: i, title: j, kpis: [{id: k, name: l}]}]}
"""


def test_the_levels_of_a_city_are_keys_of_its_files():
    assert findings(OTHER_CITY, levels=DIRECTIONS) == ()
    assert [found.rule.code for found in findings(OTHER_CITY)] == [
        "unknown-key"
    ] * 2  # nothing is said of what is inside them
    assert findings(RIGHT, levels=DIRECTIONS) == ()  # which levels a city does not have is for a rule to say
    (found,) = findings(OTHER_CITY.replace("fields:", "field:"), levels=DIRECTIONS)
    assert found.hint == "もしかして: fields（分野）"
    (found,) = findings(OTHER_CITY.replace("fields:", "directions:"), levels=DIRECTIONS)
    assert (found.rule.code, found.place.line) == ("unknown-key", 6)


def test_the_default_levels_leave_the_schema_as_it_is():
    before = copy.deepcopy(STRATEGY)
    assert of_city(STRATEGY, LEVELS, ()) is STRATEGY
    Draft202012Validator.check_schema(of_city(STRATEGY, DIRECTIONS, ()))
    assert before == STRATEGY


# ---------------------------------------------------------------- the schemas and the quick check


@pytest.mark.parametrize("schema", [STRATEGY, PROFILE], ids=["strategy", "profile"])
def test_the_schemas_are_schemas_that_the_quick_check_knows(schema):
    Draft202012Validator.check_schema(schema)
    assert compiled(schema)("#")({"format": 2}) is False


def test_every_value_has_words_of_its_own():
    def walk(node, path):
        if isinstance(node, dict):
            if "type" in node and isinstance(node["type"], str | list):
                assert node.get("errorMessage"), path
            if "pattern" in node:
                assert node.get("patternErrorMessage"), path
            for key, value in node.items():
                walk(value, f"{path}/{key}")

    walk(STRATEGY, "")
    walk(PROFILE, "")


def test_editors_say_in_japanese_which_keys_are_required():
    """Editors show `errorMessage` in place of their own English words for a missing key."""

    def walk(node):
        if isinstance(node, dict):
            if "required" in node:
                assert all(key in node["errorMessage"] for key in node["required"]), node["required"]
            for key, value in node.items():
                if key != "if":
                    walk(value)

    walk(STRATEGY)
    walk(PROFILE)


def test_a_schema_with_an_unknown_keyword_accepts_nothing_and_jsonschema_decides():
    schema = copy.deepcopy(STRATEGY)
    schema["$defs"]["item"]["minProperties"] = 2
    data, _ = load(RIGHT, SOURCE)
    assert not accepts(data, "strategy", schema)
    assert explain(data, RIGHT, SOURCE, schema) == ()
    text = RIGHT.replace("value: 10", "value: 十")
    data, _ = load(text, SOURCE)
    assert [found.rule.code for found in explain(data, text, SOURCE, schema)] == ["wrong-type"]


@pytest.mark.parametrize(
    ("regex", "text", "fits"),
    [
        ("^[a-z]+$", "abc", True),
        ("^[a-z]+$", "abc\n", False),
        ("^[0-9]{4}$", "２０２３", False),
        (r"^\d{4}$", "２０２３", False),
        (r"^[$]\$$", "$$", True),
        (r"^[\]$]$", "$", True),
        ("^(a$|b)", "a\n", False),
        ("^x-", "x-memo", True),
    ],
)
def test_a_pattern_means_what_it_means_in_json_schema(regex, text, fits):
    assert (pattern(regex)(text) is not None) is fits


def test_a_last_line_break_is_no_part_of_an_id():
    (found,) = findings(RIGHT.replace("id: inflow\n", "id: |\n      inflow\n"))
    assert (found.rule.code, found.place.line, found.place.column) == ("bad-format", 10, 9)
    assert found.hint == "「id: inflow」と書きます"


@pytest.mark.parametrize("value", [True, 1.0, "1", 0, None, [1], {}])
def test_a_constant_is_compared_as_json_compares(value):
    schema = {"const": 1}
    assert compiled(schema)("#")(value) is Draft202012Validator(schema).is_valid(value)


def test_the_codes_are_documented_and_distinct():
    codes = [entry.code for entry in SCHEMA_CODES]
    assert len(set(codes)) == len(codes)
    used = {row[2] for row in SLIPS} | {row[1] for row in PROFILE_SLIPS} | {"not-a-strategy"}
    used |= {"opinion-change", "broken-table"}  # of what is kept beside an edition: test_opinions, test_briefing
    assert used == set(codes)
    assert all(entry.doc and entry.label and entry.group == "schema" for entry in SCHEMA_CODES)


# ---------------------------------------------------------------- laws

WHOLE = {
    "format": 1,
    "plan": {"id": "a", "title": "b", "period": {"start": 2021, "end": 2026}, "targets": [{"id": "t", "name": "n"}]},
    "edition": {
        "id": "2023-10",
        "stage": "draft",
        "date": "2023-10-17",
        "revises": "2020-03",
        "reasons": ["r"],
        "removed": [{"id": "x", "reason": "y"}],
    },
    "sections": [{"id": "s", "omitted": True}, {"id": "s2", "title": "t", "sections": [{"id": "s3", "title": "u"}]}],
    "viewpoints": [{"id": "v", "title": "t", "from": ["p", "q"], "change": {"flags": ["added"], "reason": "r"}}],
    "goals": [
        {
            "id": "g",
            "number": 1,
            "title": "t",
            "body": "b",
            "owners": ["o"],
            "tags": {"sdgs": [4, 11]},
            "policies": [
                {
                    "id": "p",
                    "title": "t",
                    "from": "z",
                    "kpis": [
                        {
                            "id": "k",
                            "name": "n",
                            "unit": "人",
                            "direction": "increase",
                            "aggregation": "cumulative",
                            "span": [2021, 2026],
                            "baseline": {"year": 2021, "value": 1.5},
                            "target": {"year": 2026, "relative": -10.0},
                            "actuals": [{"year": 2022, "status": "none", "value": None}],
                            "achievement": {"method": "ratio", "cap": 100},
                        },
                        {"id": "k2", "omitted": True},
                    ],
                }
            ],
        }
    ],
}
WHOLE_PROFILE = {
    "city": "厚木市",
    "levels": [{"key": "goals", "label": "基本目標", "number": "paren", "cross": False}],
    "labels": {"kpi": "KPI"},
    "flags": {"added": "新設"},
    "table": {"order": "old-new", "headings": {"draft": ["現行", "素案"]}, "closing": ["推進体制"]},
    "severities": {"duplicate-id": "off"},
    "owners": [{"name": "企画課", "since": "2024-04"}],
    "terms": {"デジ田": "デジタル田園都市"},
}
VALUES = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            1,
            -1,
            5,
            2026,
            2026.0,
            1.5,
            "",
            "abc",
            "abc\n",
            "Abc",
            "２０２６",
            "1200",
            "2023-10-17",
        ),
        *("draft", "increase", "人", [], [1], ["a", "a"], ["a", "b"], [None], {}, {"x-a": 1}, {"id": "new"}),
        *(
            {"id": "n", "title": "t"},
            {"id": "n", "omitted": True},
            [{"id": "n", "name": "t"}],
            {"year": 2026, "value": 3},
        ),
    ]
)
KEYS = st.sampled_from(
    [
        "id",
        "title",
        "name",
        "omitted",
        "x-memo",
        "x_memo",
        "titel",
        "kpis",
        "period",
        "plan",
        "value",
        "単位",
        "from",
        "tags",
    ]
)


def containers(value):
    """List every mapping and list inside a value."""
    found = [value]
    for each in found:
        inner = each.values() if isinstance(each, dict) else each
        found += [one for one in inner if isinstance(one, dict | list)]
    return found


@st.composite
def mutated(draw, whole):
    data = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(containers(data)))
        value = copy.deepcopy(draw(VALUES))
        if isinstance(place, list):
            if place and draw(st.booleans()):
                place[draw(st.integers(0, len(place) - 1))] = value
            else:
                place.append(value)
        elif place and draw(st.booleans()):
            key = draw(st.sampled_from(sorted(place)))
            if draw(st.booleans()):
                place[key] = value
            else:
                del place[key]
        else:
            place[draw(KEYS)] = value
    return data


def is_stricter(data) -> bool:
    """Tell whether something is in the data that we refuse and jsonschema in Python does not."""
    values = [each for one in containers(data) for each in (one.values() if isinstance(one, dict) else one)]
    return any(
        (isinstance(each, float) and each.is_integer()) or (isinstance(each, str) and each.endswith("\n"))
        for each in values
    )


@pytest.mark.parametrize(("kind", "whole"), [("strategy", WHOLE), ("profile", WHOLE_PROFILE)])
def test_the_whole_examples_are_valid(kind, whole):
    assert accepts(whole, kind, SCHEMAS[kind])
    assert Draft202012Validator(SCHEMAS[kind]).is_valid(whole)


JUDGES = {kind: Draft202012Validator(schema) for kind, schema in SCHEMAS.items()}


@settings(max_examples=400)
@given(st.one_of(st.tuples(st.just("strategy"), mutated(WHOLE)), st.tuples(st.just("profile"), mutated(WHOLE_PROFILE))))
def test_the_quick_check_accepts_what_jsonschema_accepts(case):
    kind, data = case
    quick = accepts(data, kind, SCHEMAS[kind])
    valid = JUDGES[kind].is_valid(data)
    assert valid or not quick
    assert quick or not valid or is_stricter(data)


@settings(max_examples=150)
@given(st.one_of(st.tuples(st.just("strategy"), mutated(WHOLE)), st.tuples(st.just("profile"), mutated(WHOLE_PROFILE))))
def test_whatever_is_refused_is_explained_inside_the_text(case):
    kind, value = case
    text = json.dumps(value, ensure_ascii=False, indent=1)
    lines = text.split("\n")
    for found in findings(text, kind):
        assert found.message
        assert found.hint
        assert 1 <= found.place.line <= len(lines)
        assert 1 <= found.place.column <= found.place.end_column <= len(lines[found.place.line - 1]) + 1
        for edit in found.edits:
            assert 0 <= edit.start < edit.end <= len(text)
