import csv as reader
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from editions import read
from hypothesis import given
from hypothesis import strategies as st
from papers import COMPARISON, KPIS, REVISION, STAMP, cell, line

from atsugi_cli.compare import compare
from atsugi_cli.document import Cell, Column, Document, Line, Row, Run, Table
from atsugi_cli.formats.csv import write
from atsugi_cli.formats.options import Options
from atsugi_cli.layout import kpis
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.width import safe

ATSUGI = Path(__file__).parent.parent / "strategies" / "atsugi-2"
HEAD = ["区分", "階層", "番号", "現行", "改定後", "変更の種類", "補足", "理由", "ID"]


@pytest.fixture(scope="module")
def atsugi():
    return compare(read(ATSUGI / "2020-03.yaml"), read(ATSUGI / "2023-10.yaml"))


def rows(document):
    text = write(document, Options()).decode("utf-8-sig")
    return list(reader.reader(StringIO(text, newline="")))


def paper(*blocks):
    return Document("paper", "題", blocks, STAMP)


def test_excel_reads_it_as_japanese():
    data = write(REVISION, Options())
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")


def test_a_comparison_has_fixed_columns_whatever_the_city_prints(atsugi):
    style = replace(DEFAULT_PROFILE.table, order="new-old", third="none")
    turned = comparison(atsugi, replace(DEFAULT_PROFILE, table=style))
    plain = comparison(atsugi, DEFAULT_PROFILE)
    assert rows(turned)[0] == rows(plain)[0] == HEAD
    assert [row[:6] for row in rows(turned)] == [row[:6] for row in rows(plain)]


def test_each_row_of_the_real_revision_tells_where_it_belongs(atsugi):
    found = {row[8]: row for row in reversed(rows(comparison(atsugi, DEFAULT_PROFILE)))}
    city_links = found["inflow/relations/city-links"]
    assert city_links[:6] == ["基本目標1", "主な取組", "1", "都市間交流の促進", "都市間連携の強化", "名称変更・KPI追加"]
    assert found["digital"][4:7] == [
        "デジタル技術を活用した地域課題の解決",
        "新規・統合",
        "重要な視点2及び4の2つを統合",
    ]
    assert found["digital"][7].startswith("新型コロナウイルス感染症が")
    assert found["vision"][:5] == ["展望", "展望", "", "（新設）", "【展望】"]
    assert sum("5類" in "".join(row) for row in rows(comparison(atsugi, DEFAULT_PROFILE))) == 1
    assert found["jobs"][0] == "基本目標2"


def test_what_was_merged_stands_in_rows_of_its_own(atsugi):
    found = rows(comparison(atsugi, DEFAULT_PROFILE))
    assert [row[2:6] for row in found if row[8] in ("digital", "new-normal")] == [
        [
            "2",
            "Society5.0の実現に向けた技術を活用した地域課題の解決",
            "デジタル技術を活用した地域課題の解決",
            "新規・統合",
        ],
        ["4", "感染症に伴う新たな日常に対応した地域社会の構築", "（重要な視点2へ統合）", "統合"],
    ]


PLAN = """format: 1
plan:
  {{id: p, title: {title}, period: {{start: 2021, end: {end}}}, targets: [{{id: t, name: 人口, unit: 人,
  direction: increase, baseline: {{year: 2020, value: 1}}, target: {{year: 2026, value: {value}}}}}]}}
edition: {{id: {id}, stage: draft}}
goals: [{{id: g, number: 1, title: 転入促進}}]
"""


def test_what_stands_above_the_table_is_there_too(tmp_path):
    editions = []
    for values in ({"id": "2020-03", "end": 2026, "title": "計画", "value": 100},
                   {"id": "2023-03", "end": 2028, "title": "新計画", "value": 200}):  # fmt: skip
        path = tmp_path / f"{values['id']}.yaml"
        path.write_text(PLAN.format(**values), encoding="utf-8")
        editions.append(read(path))
    found = rows(comparison(compare(*editions), DEFAULT_PROFILE))
    assert found[0] == HEAD
    assert [row[:6] for row in found[1:]] == [
        [
            "計画全体",
            "",
            "",
            "令和3(2021)年度から令和8(2026)年度まで（6年間）",
            "令和3(2021)年度から令和10(2028)年度まで（8年間）",
            "計画期間変更",
        ],
        ["計画全体", "", "", "計画", "新計画", "計画名変更"],
        [
            "計画全体の数値目標",
            "数値目標",
            "",
            "人口　1人（令和2(2020)年度） → 100人（令和8(2026)年度）",
            "人口　1人（令和2(2020)年度） → 200人（令和8(2026)年度）",
            "上方修正",
        ],
    ]


def test_a_number_that_differs_stands_on_its_side():
    old, new = line("（略）", "③", kind="omitted"), line("（略）", "④", kind="omitted")
    row = Row("initiative", (Cell((old,)), Cell((new,)), Cell()), label="主な取組")
    (found,) = rows(paper(replace(COMPARISON, rows=(row,))))[1:]
    assert found[1:5] == ["主な取組", "3", "③　（略）", "④　（略）"]


def test_other_tables_keep_their_columns_and_plain_numbers(atsugi):
    row = Row("plain", (Cell((Line((Run("30,000"),)),), 30000), Cell((Line((Run("－500"),)),), -500), cell("60.5")))
    table = Table("kpis", (Column("一", align="right"), Column("二"), Column("三")), (row,))
    assert rows(paper(table)) == [["一", "二", "三"], ["30000", "-500", "60.5"]]
    assert rows(kpis.compared(atsugi, DEFAULT_PROFILE))[0][-2:] == ["増減", "変更"]
    assert rows(paper(KPIS))[2] == [
        "都市間連携の強化",
        "都市間連携事業の実施件数（例）",
        "件",
        "4",
        "10",
        "KPI追加",
        "",
    ]


def test_running_text_becomes_rows(atsugi):
    found = rows(points(atsugi, DEFAULT_PROFILE))
    assert found[0] == ["見出し", "階層", "内容", "変更の種類"]
    assert any("統合" in row[3] for row in found)


def test_a_paper_without_table_or_text_is_an_empty_file():
    assert rows(paper()) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u3000=1", "\n=1"])
def test_text_is_no_formula(text):
    document = paper(Table("kpis", (Column(text),), (Row("plain", (cell(text),)),)))
    assert rows(document) == [[f"'{text}"], [f"'{text}"]]


@given(st.text(max_size=30))
def test_any_text_comes_back_whole(text):
    row = Row("plain", (Cell((Line((Run(text),)),)), cell("終")))
    ((_, _), (found, end)) = rows(paper(Table("kpis", (Column("一"), Column("二")), (row,))))
    assert found.removeprefix("'") == safe(text).removeprefix("'") or found == safe(text)
    assert not found.lstrip().startswith(("=", "+", "-", "@"))
    assert end == "終"


def test_comparisons_of_papers_without_levels_are_rows_too():
    found = rows(paper(COMPARISON))
    assert found[0] == HEAD
    assert "都市間交流の促進" in [row[3] for row in found]
