"""The yearly review (効果検証): published figures, sums of yearly actuals, and years as people write them."""

import pytest

from atsugi_cli.cli.app import main
from atsugi_cli.words import read_year

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
        return code, [line.partition("転入促進,数値目標,")[2] for line in out.splitlines()[1:]], err

    return run


def test_all_years_stand_side_by_side_with_what_is_held_against_the_target(told):
    code, rows, _ = told("kpis", "--results", "-f", "csv")
    assert code == 0
    assert rows == [
        '出生数,人,2264,2300,,1900,1820,"1,820（令和5(2023)年度）",79.1,実績値÷目標値',
        '刑法犯認知件数,件,4462,4016,,,2408,"2,408（令和5(2023)年度）",166.8,目標値÷実績値',
        "開業数,店舗,－,20,3,4,5,12（令和3(2021)～令和5(2023)年度の累計）,60.0,実績値÷目標値",
        '来館者数,人,30000,35000,,,34999,"34,999（令和5(2023)年度）",99.9,実績値÷目標値',
    ]


@pytest.mark.parametrize("year", ["2022", "令和4", "R4", "令和４年度"])
def test_one_year_as_people_write_it(told, year):
    code, rows, _ = told("kpis", "--results", year, "--owner", "商工課", "-f", "csv")
    assert (code, rows) == (0, ["開業数,店舗,－,20,4,7（令和3(2021)～令和4(2022)年度の累計）,35.0,実績値÷目標値"])


def test_what_is_no_year_is_said(told):
    code, _, err = told("kpis", "--results", "2024-12")
    assert code == 2
    assert "「2024-12」は年度（2024、令和6、R6）として読めません" in err


@pytest.mark.parametrize(
    ("words", "year"),
    [("H29", 2017), ("平成元年", 1989), ("令和元", 2019), ("r5", 2023), ("平成40", None), ("5", None), ("令和", None)],
)
def test_years(words, year):
    assert read_year(words) == year


def test_a_city_has_a_usual_method_for_each_direction(told, tmp_path):
    edition = tmp_path / "strategies" / "p" / "2021-03.yaml"
    edition.write_text(EDITION.replace("        achievement: {method: ratio}\n", ""), encoding="utf-8")
    rates = [row.rpartition(",")[0].rpartition(",")[2] for row in told("kpis", "--results", "-f", "csv")[1]]
    assert rates == ["－", "166.8", "－", "－"]
    profile = "format: 1\nachievement: {increase: ratio, decrease: progress}\n"
    (tmp_path / "strategies" / "profile.yaml").write_text(profile, encoding="utf-8")
    rates = [row.rpartition(",")[0].rpartition(",")[2] for row in told("kpis", "--results", "-f", "csv")[1]]
    assert rates == ["79.1", "166.8", "－", "－"]
