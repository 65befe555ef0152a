"""Indicators: small revisions whose papers once said something false of a figure; what must stand in each, what not."""

import csv
import json
import re
from pathlib import Path

import pytest
from test_contract import GAPS, READERS
from test_papers import one_blank, words

from atsugi_cli.cli.app import main

CASES_OF = Path(__file__).parent / "indicators"

BOTH, NEW, OLD = "{old} {new}", "{new}", "{old}"
AGREED_SUM = "40人（平成28(2016)～令和2(2020)年度の累計） → 120人（令和3(2021)～令和7(2025)年度の累計）"

CASES = [
    # folder, command; what must stand in the output, a line each; what must not
    (
        "02-staged-targets",
        f"diff {BOTH}",
        [
            "100人（令和2(2020)年度） → 令和5(2023)年度〔120人〕、令和7(2025)年度130人",
            "100人（令和2(2020)年度） → 令和5(2023)年度〔90人〕、令和7(2025)年度130人",
        ],
        ["130人（令和7"],
    ),
    ("02-staged-targets", f"kpis {NEW}", ["目標値（令和5(2023)年度）", "| 90 |", "| 130"], ["120"]),
    (
        "02-staged-targets",
        f"kpis {BOTH}",
        ["目標値（令和5(2023)年度、現行）", "目標値（令和5(2023)年度、改定後）", "120", "90", "令和5(2023)年度 －30"],
        ["±0"],
    ),
    (
        "02-staged-targets",
        f"points {BOTH}",
        ["「量の見込み」の目標値を令和5(2023)年度120人から令和5(2023)年度90人に改めます。"],
        ["130人から130人", "130人（"],
    ),
    ("02-staged-targets", f"tree {NEW} --kpis", ["→ 令和5(2023)年度90人、令和7(2025)年度130人"], []),
    (
        "03-breakdown-changed",
        f"diff {BOTH}",
        [
            "20歳代 30%（令和2(2020)年度） → 15%（令和7(2025)年度）",
            "30歳代 25%（令和2(2020)年度） → 15%（令和7(2025)年度）",
            "20歳～30歳代 28%（令和4(2022)年度） → 15%（令和7(2025)年度）",
            "[内訳変更]",
        ],
        ["その他", "achievement", "aggregation", "actuals"],
    ),
    ("03-breakdown-changed", f"diff {BOTH}", ["[統合]"], []),
    (
        "03-breakdown-changed",
        f"points {BOTH}",
        ["「20歳代 30% → 15%、30歳代 25% → 15%」から「20歳～30歳代 28% → 15%」に"],
        ["その他", "achievement", "aggregation"],
    ),
    ("03-breakdown-changed", "validate strategies", [], ["missing-target"]),
    ("04-aggregation-not-printed", f"diff {BOTH}", [f"移住者数 {AGREED_SUM}"], []),
    ("04-aggregation-not-printed", f"tree {NEW} --kpis", [f"移住者数 {AGREED_SUM}"], []),
    (
        "04-aggregation-not-printed",
        f"kpis {NEW}",
        ["平成28(2016)～令和2(2020)年度の累計", "令和3(2021)～令和7(2025)年度の累計"],
        [],
    ),
    (
        "04-aggregation-not-printed",
        f"kpis {BOTH}",
        ["平成28(2016)～令和2(2020)年度の累計", "令和3(2021)～令和7(2025)年度の累計"],
        [],
    ),
    (
        "05-indicator-outlives-its-goal",
        f"diff {BOTH}",
        [
            "交通事故の件数 200件（令和2(2020)年度） → 180件（令和7(2025)年度） | （基本目標1-(1)のKPIへ移動）",
            "（基本目標1の数値目標から移動） | KPI 交通事故の件数 200件",
            "[位置付け変更]",
        ],
        ["〔交通事故", "KPI廃止", "数値目標廃止", "KPI追加"],
    ),
    (
        "05-indicator-outlives-its-goal",
        f"kpis {BOTH}",
        ["交通事故の件数", "180", "[位置付け変更]"],
        ["KPI廃止", "[廃止", "（基本目標1"],
    ),
    (
        "07-actuals-revised",
        f"diff {BOTH}",
        ["指標：実績値更新 1", "実績値 〔48.3〕GJ（令和2(2020)年度）", "実績値 〔45.6〕GJ（令和2(2020)年度）"],
        ["その他", "速報"],
    ),
    (
        "07-actuals-revised",
        f"kpis {BOTH}",
        ["実績値（現行）", "実績値（改定後）", "実績年（現行）", "48.3", "45.6", "実績値更新"],
        ["速報"],
    ),
    ("07-actuals-revised", f"kpis {NEW}", ["実績値", "45.6", "令和2(2020)年度"], []),
    (
        "08-definition-changed-is-not-lowering",
        f"diff {BOTH}",
        [
            "[目標値変更]",
            "[定義変更]",
            "定義 〔旧〕基準を満たす車 | 定義 〔新〕基準を満たす車",
            "数え方の基準が替わったため",
        ],
        ["下方修正", "上方修正", "その他"],
    ),
    ("08-definition-changed-is-not-lowering", f"points {BOTH}", ["[定義変更]"], ["下方修正", "上方修正", "その他"]),
    (
        "08-definition-changed-is-not-lowering",
        f"kpis {BOTH}",
        ["目標値変更", "定義", "旧基準を満たす車 → 新基準を満たす車"],
        ["－40", "ポイント", "下方修正"],
    ),
    (
        "09-plan-level-indicators",
        f"diff {BOTH}",
        [
            "【計画全体の数値目標】 | 【計画全体の数値目標】",
            "運動に関心を持っている市民の割合〔の増加〕 70%（令和2(2020)年度） → 80%（令和7(2025)年度）",
            "数値目標 （新設） | 数値目標 〔合計特殊出生率 1.35（令和2(2020)年度） → 1.50（令和7(2025)年度）〕",
            "指標：表記変更 1",
        ],
        ["－ → －", "項目：表記変更"],
    ),
    ("09-plan-level-indicators", f"points {BOTH}", ["数値目標「合計特殊出生率」を追加します。"], ["－ → －"]),
    (
        "14-trailing-zeros-lost",
        f"diff {BOTH}",
        ["1.40人（令和5(2023)年度） → 〔1.75人〕", "1.40人（令和5(2023)年度） → 〔1.80人〕", "[上方修正]"],
        ["1.4人", "1.8人"],
    ),
    ("14-trailing-zeros-lost", f"kpis {BOTH}", ["1.40", "1.80", "＋0.05"], []),
    ("14-trailing-zeros-lost", f"kpis {NEW} -f csv", [",1.40,", ",1.80"], []),
    (
        "17-replaced-by-inference",
        f"diff {BOTH}",
        ["指標：指標変更 1", "[指標変更（推定）]"],
        ["表記変更", "上方修正", "下方修正", "目標値変更", "基準値更新"],
    ),
    ("17-replaced-by-inference", f"points {BOTH}", ["「市外へ出た人の超過数（人）」"], ["上方修正", "下方修正"]),
    ("17-replaced-by-inference", f"kpis {BOTH}", ["5,200", "4,900", "900", "300"], ["4,600", "4600", "上方修正"]),
    ("25-labels-ignored", f"kpis {NEW}", ["策定時", "現況", "目標年"], ["基準値", "現状値", "実績値"]),
    (
        "25-labels-ignored",
        f"kpis {BOTH}",
        ["策定時の年", "平成28(2016)年度", "目標年（現行）", "目標年（改定後）", "令和7(2025)年度"],
        ["基準値", "現状値", "実績値"],
    ),
    ("26-points-of-a-percentage", f"kpis {BOTH}", ["＋5ポイント"], []),
    (
        "P03-role-changed",
        f"diff {BOTH}",
        [
            "起業の件数 10件（令和元(2019)年度） → 27件（令和7(2025)年度） | （基本目標1の数値目標へ移動）",
            "（基本目標1-①のKPIから移動） | 数値目標 起業の件数",
            "「起業の支援」のKPI → 基本目標1「しごと」の数値目標",
        ],
        ["（略）"],
    ),
    (
        "P03-role-changed",
        f"points {BOTH}",
        ["位置付けを「起業の支援」のKPIから基本目標1「しごと」の数値目標に改めます。"],
        [],
    ),
    (
        "P04-kpi-replaced",
        f"kpis {BOTH}",
        ["起業セミナーの開催回数", "起業した人の数", "令和元(2019)年度", "令和4(2022)年度", "令和7(2025)年度"],
        ["373", "ポイント"],
    ),
    ("split-to-another-item", f"kpis {BOTH}", ["商品の販売額", "通信販売の販売額", "150", "80"], ["－50", "－120"]),
    ("actuals-are-no-revision", f"diff {BOTH}", ["変更はありません。"], ["その他", "実績値", "ratio"]),
    ("actuals-are-no-revision", f"points {BOTH}", ["変更なし"], ["その他", "実績値", "ratio"]),
    (
        "cumulative-is-printed",
        f"diff {BOTH}",
        [
            "〔20店舗〕（令和3(2021)～令和8(2026)年度の累計）",
            "〔1,890人〕（令和3(2021)～令和8(2026)年度の平均）",
        ],
        [],
    ),
    (
        "cumulative-is-printed",
        f"kpis {OLD}",
        ["集計", "令和3(2021)～令和8(2026)年度の累計", "令和3(2021)～令和8(2026)年度の平均"],
        [],
    ),
    ("03-breakdown-changed", f"kpis {BOTH}", ["20歳～30歳代", "統合"], ["削除", "追加"]),
    ("ratio-on-decrease", "validate strategies", ["method-against-direction", "decrease（目標値÷実績値）"], []),
    ("ratio-on-decrease", f"kpis {OLD} --results 2022", ["計算方法が望ましい方向と逆"], ["130"]),
    ("results-wareki", f"kpis {OLD} --results 令和4年度", ["105", "87.5", "評価"], []),
    ("results-wareki", f"kpis {OLD} --results R4", ["105", "87.5"], []),
    ("results-wareki", f"kpis {OLD} --results 4年", ["2024、令和6年度、R6、H29 のように書くか"], ["整数"]),
    (
        "kpis-compared-without-years",
        f"kpis {BOTH}",
        ["基準年", "目標年（現行）", "目標年（改定後）", "令和8(2026)年度", "令和7(2025)年度", "目標年次変更"],
        ["現状値"],
    ),
]


def cases(*, of_one_form=True):
    for name, command, wanted, unwanted in CASES:
        if not of_one_form and (" -f " in command or command.startswith("validate")):
            continue
        yield pytest.param(name, command, wanted, unwanted, id=f"{name}: {command}")


def run(name, command, capsys, monkeypatch, *more):
    """Run a command on the editions of a case."""
    monkeypatch.chdir(CASES_OF / name)
    editions = sorted(str(each) for each in Path().rglob("2*.yaml"))
    main([*command.format(old=editions[0], new=editions[-1]).split(), *more])
    found = capsys.readouterr()
    return found.out + found.err


@pytest.mark.parametrize(("name", "command", "wanted", "unwanted"), [*cases()])
def test_a_paper_says_an_indicator_as_it_is(name, command, wanted, unwanted, capsys, monkeypatch):
    more = () if command.startswith("validate") or " -f " in command else ("--width", "900")
    text = run(name, command, capsys, monkeypatch, *more)
    found, unwrapped = one_blank(text), GAPS.sub("", READERS["text"](text))
    missing = [each for each in wanted if one_blank(each) not in found and GAPS.sub("", each) not in unwrapped]
    assert missing == [], found
    assert [each for each in unwanted if each in found] == [], found


LEFT_TO_TEXT = {"csv": ("points", "tree"), "html": ("tree",), "markdown": ()}
"""Commands that another form answers with a drawing, or with no table."""
SAID_ONCE = {
    "csv": ("＋", "±", "－", "指標：", "令和5(2023)年度 －", "変更はありません。"),
    "html": ("指標：",),
    "markdown": (),
}
"""Beginnings of lines that another form says otherwise: a spreadsheet has numbers, a page draws its counts."""


@pytest.mark.parametrize("form", [*LEFT_TO_TEXT])
@pytest.mark.parametrize(("name", "command", "wanted", "unwanted"), [*cases(of_one_form=False)])
def test_so_does_every_other_form(name, command, wanted, unwanted, form, capsys, monkeypatch):
    if command.startswith(LEFT_TO_TEXT[form]):
        pytest.skip("the other forms say it")
    found = run(name, command, capsys, monkeypatch, "-f", form)
    found = GAPS.sub("", found if form == "csv" else READERS[form](found)).replace('"', "").replace(",", "")
    lines = [each.replace("（推定）", "").replace(",", "") for each in wanted if not each.startswith(SAID_ONCE[form])]
    if form == "csv":  # the role stands in a column of its own
        lines = [re.sub(r"(^|\| )(数値目標|KPI) ", r"\1", each) for each in lines]
    assert [word for line in lines for word in words(line) if word not in found] == [], found
    assert [each for each in unwanted if not each.isdecimal() and GAPS.sub("", each) in found] == [], found


def test_what_was_split_stands_once_on_the_side_where_it_was_one(capsys, monkeypatch):
    found = run("split-to-another-item", f"diff {BOTH}", capsys, monkeypatch, "--width", "900")
    assert found.count("〔加工品〕の販売額") == 1
    assert "のKPIへ移動" in found
    assert "のKPIから移動" in found


def test_each_of_several_that_came_or_went_has_its_own_reason(tmp_path, capsys, monkeypatch):
    head = "format: 1\nplan: {id: p, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2026}}\n"
    goal = "goals:\n  - id: g1\n    number: 1\n    title: 転入促進\n    targets:\n"
    kpi = "      - {{id: {0}, name: 件数の{0}, unit: 件, target: {{year: 2026, value: 12}}{1}}}\n"
    was, gone = kpi.format("was", ""), [kpi.format(name, "") for name in ("a", "b")]
    come = [kpi.format(name, f", change: {{reason: 理由の{name}}}") for name in ("c", "d")]
    removed = "revises: 2021-03, removed: [{id: a, reason: 理由のa}, {id: b, reason: 理由のb}]"
    texts = {
        "2021-03": head + "edition: {id: 2021-03, stage: adopted, date: 2021-03}\n" + goal + was + "".join(gone),
        "2023-03": head + f"edition: {{id: 2023-03, stage: draft, {removed}}}\n" + goal + was + "".join(come),
    }
    (tmp_path / "strategies" / "p").mkdir(parents=True)
    for name, text in texts.items():
        (tmp_path / "strategies" / "p" / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["kpis", "2021-03", "2023-03", "-f", "csv"]) == 0
    rows = csv.DictReader(capsys.readouterr().out.removeprefix("\ufeff").splitlines())
    reasons = {row["指標名"]: row["理由"] for row in rows}
    assert reasons == {"件数のwas": "", **{f"件数の{name}": f"理由の{name}" for name in "abcd"}}


HEAD = "format: 1\nplan: {id: p, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2026}}\n"
WHOLE = (
    "goals: [{{id: g1, number: 1, title: 食育, targets: [{{id: k, name: 欠食の割合, unit: '%', breakdown: [{0}]}}]}}]\n"
)
PART = "{{id: {0}, name: {1}, unit: '%', target: {{year: 2026, value: {2}}}{3}}}"
ONE = PART.format("both", "20歳～30歳代", 15, "")
TWO = ", ".join([PART.format("m-20", "20歳代", 15, ", from: both"), PART.format("m-30", "30歳代", 12, ", from: both")])


@pytest.mark.parametrize(("turned", "kinds"), [(False, ["split"]), (True, ["merged"])])
def test_parts_that_were_split_are_those_merged_of_the_other_way(turned, kinds, tmp_path, capsys, monkeypatch):
    dates = ["2021-03", "2023-03"]
    for name, parts in zip(dates, (ONE, TWO), strict=True):
        edition = (
            f"edition: {{id: {name}, stage: draft, date: {name}{', revises: 2021-03' if name != dates[0] else ''}}}\n"
        )
        (tmp_path / f"{name}.yaml").write_text(HEAD + edition + WHOLE.format(parts), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    sides = [f"{name}.yaml" for name in (dates[::-1] if turned else dates)]
    assert main(["diff", *sides, "-f", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [each["kind"] for each in changes] == [*kinds, "breakdown-changed"]
    ends = [[each["id"] for each in changes[0][side]] for side in ("old", "new")]
    assert ends == ([["m-20", "m-30"], ["both"]] if turned else [["both"], ["m-20", "m-30"]])
