"""The tables of many cities: what becomes of each is read by a person (imports/), and nothing of any is lost."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from city_tables import CASES, a_whole_plan

from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read as read_edition
from atsugi_cli.rules import check
from atsugi_cli.rules.base import Subject
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
