"""The tables of many cities: what becomes of each is read by a person (imports/), and nothing of any is lost."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from city_tables import CASES, a_whole_plan
from hypothesis import given, settings
from hypothesis import strategies as st

from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read as read_edition
from atsugi_cli.rules import check
from atsugi_cli.rules.base import Subject
from atsugi_cli.tables.grids import Cell, Grid
from atsugi_cli.tables.importing import About, imported
from atsugi_cli.tables.opening import read

HERE = Path(__file__).parent / "imports"
SAID = re.compile(
    r"令和|平成|現在|実績|減少|00(?=[0-9])|[RHrh](?=[0-9])|年度?|月|日|末|時点|約|程度|延べ|累計|年間|以上|以下|以内|未満|再掲|計画期間|毎年|基本目標|施策|取組|目標|"
    r"ii|間で|千|万|億|百|調整中|未定|増加|単位|第|章|km|㎥|kpi",
)  # fmt: skip
"""What an edition says with its keys."""


def plain(words):
    return re.sub(r"[\s␊]", "", unicodedata.normalize("NFKC", words)).lower()


@pytest.mark.parametrize("name", CASES)
def test_what_becomes_of_a_table(name, golden):
    file, data = CASES[name]()
    grids = read(data, file)
    result = imported(grids, About("plan", "2025-03", period=(2014, 2030)), DEFAULT_PROFILE, {})
    found = read_edition(result.text.encode(), "2025-03.yaml", schemas())
    assert not found.findings
    assert [each.message for each in check(Subject(found.strategy)) if each.severity == "error"] == []
    told = [*result.remarks, *(f"分からない見出し: {each}" for each in result.unclear)]
    golden(HERE / f"{name}.yaml", result.text + "".join(f"# {each}\n" for each in told))


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_a_table_is_lost(name):
    file, data = CASES[name]()
    grids = read(data, file)
    result = imported(grids, About("plan", "2025-03"), DEFAULT_PROFILE, {})
    told = plain(result.text)
    heads = {plain(word) for key in (*result.headings, *result.unclear) for word in key.split("／")}
    sheets = {id(grid): at for at, grid in enumerate(grids)}
    listed = {(sheets[id(each.grid)], each.place) for each in result.left}
    for at, grid in enumerate(grids):
        for place, cell in grid.cells.items():
            assert (at, place) in result.used | listed
            if plain(cell.text) in heads:
                continue
            where = grid.where(place), cell.text
            words = SAID.sub(" ", " ".join(map(plain, cell.text.split())))
            for word in re.findall(r"[^\W\d_]{2,}", words):
                assert word in told, where
            for digits in re.findall(r"[0-9]{3,}", words.replace(",", "")):
                assert digits in told.replace(",", "") or digits.startswith(("19", "20")), where


def test_a_whole_plan_needs_few_corrections():
    """4 goals, 17 policies, 36 initiatives and 43 indicators, a sheet for each goal."""
    file, data = a_whole_plan()
    result = imported(read(data, file), About("plan", "2026-03"), DEFAULT_PROFILE, {})
    found = read_edition(result.text.encode(), "2026-03.yaml", schemas())
    assert not found.findings
    levels = Counter(each.level for each in found.strategy.items())
    assert levels == {"goal": 4, "policy": 17, "initiative": 36}
    assert len(list(found.strategy.indicators())) == 43
    plan = found.strategy.plan
    assert (plan.title, plan.start, plan.end) == ("第4次例示市総合戦略", 2025, 2030)
    assert [each.message for each in check(Subject(found.strategy)) if each.severity == "error"] == []
    assert (result.missing, result.unclear) == ((), ())
    assert {each.why for each in result.left} == {"表の外の文字です"}
    assert {each.text for each in result.left} == {
        *["進捗管理シート", "令和8年3月末現在", "※実績は各年度末の値。", "凡例", "順調", "遅れ"]
    }


HEADS = """基本目標 施策 主な取組 事業 指標名 KPI 単位 基準値 現状値（R5） 目標値 目標値（人） 目標値(R11) R6実績
評価 課題
備考 担当課 区分 方向性 番号 令和7年度 年度 値 達成率 定義 種別 内容 現状 目標 実績 KPI① KPI② 目標値② ID
集計 基準年 目標年"""
WORDS = """基本目標1　転入|施策（1）　港|①取組の名|1-2 道|指標の名|人|％|1,200人|約1,500|△5|61.5%|－|R5|令和11年度|4-1
〃|（再掲）指標の名|小計|※注|凡例|企画課、広報課|目標|実績|A|増加|120件␊30件|・甲␊・乙|1.38（H30～R4）|#REF!|kpi-1
100→200|基本目標1|計画期間：令和7～11年度"""
heads = st.lists(st.sampled_from(HEADS.split()), min_size=2, max_size=8, unique=True)
cells = st.builds(
    Cell,
    st.sampled_from([word.replace("␊", "\n") for word in re.split(r"[|\n]", WORDS)]),
    note=st.sampled_from(["", "", "", "注"]),
    day=st.booleans(),
    struck=st.sampled_from(["", "", "", "消"]),
)
rows = st.lists(st.none() | cells, max_size=8)


@given(
    st.lists(st.tuples(rows, heads, st.lists(rows, max_size=5)), min_size=1, max_size=3), st.sets(st.integers(0, 20))
)
@settings(max_examples=60, deadline=None)
def test_of_any_tables_nothing_is_lost_and_the_edition_is_valid(every, joined):
    lines = [line for above, head, below in every for line in (above, map(Cell, head), *below)]
    found = {(row, at): cell for row, line in enumerate(lines) for at, cell in enumerate(line) if cell}
    merged = {}
    for row in joined:  # the first column, merged with the row below
        if (row, 0) in found and (row, 0) not in merged:
            found.pop((row + 1, 0), None)
            merged |= {(row, 0): (row, 0), (row + 1, 0): (row, 0)}
    grid = Grid("k.xlsx", "基本目標2 海", found, merged)
    result = imported([grid], About("plan", "2025-03", period=(2019, 2035)), DEFAULT_PROFILE, {})
    edition = read_edition(result.text.encode(), "2025-03.yaml", schemas())
    assert not edition.findings
    assert [each.message for each in check(Subject(edition.strategy)) if each.severity == "error"] == []
    assert set(found) <= {place for _, place in result.used} | {each.place for each in result.left}
