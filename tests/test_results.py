"""The yearly review (効果検証): published figures, sums of yearly actuals, and years as people write them."""

import csv
import json
import re
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pytest

from atsugi_cli.cli.app import main
from atsugi_cli.values import read_when

EDITION = """format: 1
plan: {id: p, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2025}}
edition: {id: 2021-03, label: 現行, stage: adopted, date: 2021-03}
goals:
  - id: g1
    number: 1
    title: 転入促進
    targets:
      - id: births
        name: 出生数
        unit: 人
        direction: increase
        baseline: {year: 2019, value: 2264}
        target: {year: 2025, value: 2300}
        actuals: [{year: 2022, value: 1900}, {year: 2023, value: 1820}]
        achievement: {method: ratio}
      - id: crimes
        name: 刑法犯認知件数
        unit: 件
        direction: decrease
        baseline: {year: 2019, value: 4462}
        target: {year: 2025, value: 4016}
        actuals: [{year: 2023, value: 2408}]
        achievement: {method: decrease}
      - id: shops
        name: 開業数
        unit: 店舗
        owners: [商工課]
        aggregation: cumulative
        span: [2021, 2025]
        baseline: {year: 2019, status: none}
        target: {year: 2025, value: 20}
        actuals:
          - {year: 2021, value: 3, aggregation: single}
          - {year: 2022, value: 4, aggregation: single}
          - {year: 2023, value: 5, aggregation: single}
        achievement: {method: ratio}
      - id: visitors
        name: 来館者数
        unit: 人
        baseline: {year: 2019, value: 30000}
        target: {year: 2025, value: 35000}
        actuals: [{year: 2023, value: 34999}]
        achievement: {method: ratio}
"""


@pytest.fixture
def told(capsys, tmp_path, monkeypatch):
    (tmp_path / "strategies" / "p").mkdir(parents=True)
    (tmp_path / "strategies" / "p" / "2021-03.yaml").write_text(EDITION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*argv: str) -> tuple[int, list[str], str]:
        code = main(argv)
        out, err = capsys.readouterr()
        return code, [*csv.DictReader(StringIO(out.removeprefix("\ufeff")))], err

    return run


def of(rows, *names):
    """Take these columns of every row, each named by how it begins."""
    return [tuple(next(row[key] for key in row if key.startswith(name)) for name in names) for row in rows]


RESULTS = [
    (
        "出生数",
        "2264",
        "2300",
        "",
        "1900",
        "1820",
        "1,820（令和5(2023)年度）",
        "79.1",
        "C",
        "－80（悪化）",
        "実績値÷目標値",
    ),
    ("刑法犯認知件数", "4462", "4016", "", "", "2408", "2,408（令和5(2023)年度）", "166.8", "A", "", "目標値÷実績値"),
    (
        "開業数",
        "－",
        "20",
        "3",
        "4",
        "5",
        "12（令和3(2021)～令和5(2023)年度の累計）",
        "60.0",
        "C",
        "＋1",
        "実績値÷目標値",
    ),
    ("来館者数", "30000", "35000", "", "", "34999", "34,999（令和5(2023)年度）", "99.9", "B", "", "実績値÷目標値"),
]
COLUMNS = (
    "指標名",
    "基準値",
    "目標値",
    *(f"実績値（令和{year}" for year in (3, 4, 5)),
    "達成率に",
    "達成率(",
    "評価",
    "前回",
    "計算",
)


def test_all_years_stand_side_by_side_with_what_is_held_against_the_target(told):
    code, rows, _ = told("kpis", "--results", "-f", "csv")
    assert code == 0
    assert of(rows, *COLUMNS) == RESULTS


@pytest.mark.parametrize("year", ["2022", "令和4", "R4", "令和４年度", "Ｒ４", "２０２２"])
def test_one_year_as_people_write_it(told, year):
    code, rows, _ = told("kpis", "--results", year, "--owner", "商工課", "-f", "csv")
    assert code == 0
    assert of(rows, "指標名", "目標年", "目標値", "実績値（令和4", "達成率に", "達成率(", "計算") == [
        (
            "開業数",
            "令和3(2021)～令和7(2025)年度の累計",
            "20",
            "4",
            "7（令和3(2021)～令和4(2022)年度の累計）",
            "35.0",
            "実績値÷目標値",
        )
    ]


def test_what_is_no_year_is_said(told):
    code, _, err = told("kpis", "--results", "2024-12")
    assert code == 2
    assert "「2024-12」は年度（2024、令和6、R6）として読めません" in err
    assert "2024、令和6年度、R6、H29 のように書くか、略してください" in err
    assert "版は --results より前に書きます" in err


def test_results_are_of_one_edition_and_changes_of_two(told):
    assert "版を一つだけ" in told("kpis", "2021-03", "2021-03", "--results")[2]
    assert "二つの版" in told("kpis", "--changed")[2]


@pytest.mark.parametrize(
    ("words", "year"),
    [("H29", 2017), ("平成元年", 1989), ("令和元", 2019), ("r5", 2023), ("平成40", 2028), ("5", None), ("令和", None)],
)
def test_years(words, year):
    assert read_when(words) == year


def test_a_city_has_a_usual_method_for_each_direction(told, tmp_path):
    edition = tmp_path / "strategies" / "p" / "2021-03.yaml"
    edition.write_text(EDITION.replace("        achievement: {method: ratio}\n", ""), encoding="utf-8")
    rates = [rate for (rate,) in of(told("kpis", "--results", "-f", "csv")[1], "達成率(")]
    assert rates == ["－", "166.8", "－", "－"]
    profile = "format: 1\nachievement: {increase: ratio, decrease: progress}\n"
    (tmp_path / "strategies" / "profile.yaml").write_text(profile, encoding="utf-8")
    rates = [rate for (rate,) in of(told("kpis", "--results", "-f", "csv")[1], "達成率(")]
    assert rates == ["79.1", "166.8", "－", "－"]


GRADES = "format: 1\ngrades: {未達: 0, 達成: 100, ほぼ達成: 90}\n"


def test_a_city_has_classes_of_its_own_whatever_their_order(told, tmp_path):
    (tmp_path / "strategies" / "profile.yaml").write_text(GRADES, encoding="utf-8")
    code, rows, _ = told("kpis", "--results", "-f", "csv")
    assert (code, of(rows, "評価")) == (0, [("未達",), ("達成",), ("未達",), ("ほぼ達成",)])
    assert main(["validate"]) == 0


@pytest.mark.usefixtures("told")
def test_classes_are_counted_goal_by_goal(capsys):
    assert main(["kpis", "--results", "--width", "200"]) == 0
    lines = [" ".join(line.replace("|", " ").split()) for line in capsys.readouterr().out.splitlines()]
    assert "1 転入促進 数値目標 4 1 1 2 0 0 101.5" in lines
    assert "計 数値目標 4 1 1 2 0 0 101.5" in lines


@pytest.mark.usefixtures("told")
def test_the_json_tells_every_year_and_all_that_is_shown(capsys):
    assert main(["kpis", "--results", "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["year"], data["years"], data["grades"]) == (
        None,
        [2021, 2022, 2023],
        {"A": 100, "B": 80, "C": 60, "D": 0},
    )
    by_id = {each["id"]: each for each in data["indicators"]}
    assert [(each["year"], each["rate"], each["grade"]) for each in by_id["shops"]["results"]] == [
        (2021, 15.0, "D"),
        (2022, 35.0, "D"),
        (2023, 60.0, "C"),
    ]
    assert by_id["shops"]["reached"] == {"year": 2023, "value": 12, "aggregation": "cumulative", "span": [2021, 2023]}
    assert (by_id["births"]["rate"], by_id["births"]["step"], by_id["births"]["trend"]) == (79.1, -80, "悪化")
    assert by_id["births"]["results"][0]["why"] == "実績値がない"
    assert data["summary"][-1]["grades"] == {"A": 1, "B": 1, "C": 2, "D": 0}


COMMENTED = EDITION.replace("{year: 2022, value: 1900}", "{year: 2022, value: 1900, comment: 増えた。}").replace(
    "{year: 2023, value: 1820}", "{year: 2023, value: 1820, comment: 減った。}"
)


def test_what_is_said_of_an_actual_is_printed_with_its_year(told, tmp_path):
    (tmp_path / "strategies" / "p" / "2021-03.yaml").write_text(COMMENTED, encoding="utf-8")
    assert of(told("kpis", "--results", "-f", "csv")[1], "所見")[0] == (
        "令和4(2022)年度：増えた。\n令和5(2023)年度：減った。",
    )
    assert of(told("kpis", "--results", "R4", "-f", "csv")[1], "所見")[0] == ("増えた。",)
    assert all("所見" not in key for row in told("kpis", "-f", "csv")[1] for key in row)


LISTED_AGAIN = """
      - {id: again, same-as: births, name: 出生数, unit: 人, direction: increase, baseline: {year: 2019, value: 2264},
         target: {year: 2025, value: 2300}, actuals: [{year: 2023, value: 1820}], achievement: {method: ratio}}
      - id: meals
        name: 欠食の割合
        unit: "%"
        direction: decrease
        achievement: {method: decrease}
        breakdown:
          - {id: m-20, name: 20歳代, unit: "%", target: {year: 2025, value: 15}, actuals: [{year: 2023, value: 20}]}
          - {id: m-30, name: 30歳代, unit: "%", target: {year: 2025, value: 15}, actuals: [{year: 2023, value: 15}]}
"""


def test_what_is_listed_again_is_counted_once_and_parts_where_the_whole_has_no_target(told, tmp_path, capsys):
    (tmp_path / "strategies" / "p" / "2021-03.yaml").write_text(EDITION + LISTED_AGAIN, encoding="utf-8")
    assert main(["kpis", "--results", "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    counted = {each["id"]: (each["counted"], each["grade"]) for each in data["indicators"]}
    assert counted["again"] == (False, "C")
    assert counted["meals"] == (False, None)
    assert (counted["m-20"], counted["m-30"]) == ((True, "C"), (True, "A"))
    assert data["summary"][-1]["number"] == 6
    assert next(each for each in data["indicators"] if each["id"] == "m-20")["path"] == ["g1", "meals", "m-20"]
    assert [row["種別"] for row in told("kpis", "--results", "-f", "csv")[1]][-3:] == ["数値目標", "内訳", "内訳"]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # openpyxl knows no bars of Excel 2010
def test_excel_draws_bars_of_the_rates_and_lines_of_the_years(told, tmp_path):
    assert told("kpis", "--results", "-o", "r.xlsx")[0] == 0
    book = openpyxl.load_workbook(BytesIO((tmp_path / "r.xlsx").read_bytes()))
    assert book.sheetnames == ["効果検証", "推移", "評価の集計", "凡例"]
    (rates,) = (each.column_letter for each in book["効果検証"][1] if each.value == "達成率(%)")
    ((area, rules),) = book["効果検証"].conditional_formatting._cf_rules.items()
    assert str(area.sqref) == f"{rates}2:{rates}5"
    assert [each.type for each in rules] == ["dataBar"]
    rows = [[each.value for each in row] for row in book["推移"].iter_rows()]
    assert rows == [
        ["指標名", "単位", "値", "令和3(2021)年度", "令和4(2022)年度", "令和5(2023)年度"],
        ["出生数", "人", "実績値", None, 1900, 1820],
        ["出生数", "人", "目標値", 2300, 2300, 2300],
        ["開業数", "店舗", "実績値", 3, 4, 5],
        ["開業数", "店舗", "目標値", 20, 20, 20],
    ]
    with ZipFile(tmp_path / "r.xlsx") as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/")]
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 2
    assert all(chart.count("<c:ser>") == 2 and "<c:lineChart>" in chart for chart in charts)
    assert "出生数（人）の推移" in drawing


def test_a_page_draws_rates_as_bullets_with_words_for_who_cannot_see_them(told, tmp_path):
    assert told("kpis", "--results", "-o", "r.html")[0] == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.count('<svg class="bullet" role="img"') == 4
    assert 'aria-label="達成率(%) 79.1（100で目標達成）"' in page
    assert "style=" not in page.partition("<body>")[2]


@pytest.mark.usefixtures("told")
def test_a_terminal_draws_a_full_bar_only_where_the_target_is_reached(capsys):
    assert main(["kpis", "--results", "--width", "200"]) == 0
    bars = re.findall("([█▏▎▍▌▋▊▉]+) +([0-9.]+) ", capsys.readouterr().out)
    assert bars == [("███████▉", "79.1"), ("█" * 10, "166.8"), ("██████", "60.0"), ("█" * 9 + "▉", "99.9")]
    assert main(["kpis", "--results", "--width", "200", "--ascii"]) == 0
    assert "#######... 79.1" in capsys.readouterr().out


def test_a_list_of_one_section_counts_no_other_s_changes(told):
    _, rows, _ = told("kpis", "2021-03", "2021-03", "--changed", "--owner", "商工課")
    assert "商工課の変更のある指標はありません。" in str(rows)
