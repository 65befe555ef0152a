"""Another city is data: four levels, other words, another table, without touching Python."""

import json
import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from ruamel.yaml import YAML
from test_contract import READERS

from atsugi_cli.cli.app import main
from atsugi_cli.cli.output import opened
from atsugi_cli.project import editions
from atsugi_cli.words import value_words, when_words, year_suffix, year_words

CITIES = Path(__file__).parent / "cities"
COMMANDS = {
    "diff": ["diff", "--width", "120"],
    "diff-reason": ["diff", "--width", "120", "--remarks", "reason", "--order", "old-new"],
    "miekeshi": ["diff", "--width", "100", "--layout", "miekeshi"],
    "tree": ["tree", "--since", "2022-03", "--kpis"],
    "kpis": ["kpis", "2022-03", "2024-12", "--width", "160"],
    "kpis-now": ["kpis", "2024-12", "--width", "160"],
    "kpis-results": ["kpis", "2024-12", "--results", "2023", "--width", "160"],
    "tree-json": ["tree", "--since", "2022-03", "-f", "json"],
    "points": ["points", "--width", "100"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_city_with_four_levels_and_its_own_words(command, capsys, monkeypatch, golden):
    monkeypatch.chdir(CITIES / "reiji")
    assert main(COMMANDS[command]) == 0
    golden(CITIES / "reiji" / f"{command}.txt", capsys.readouterr().out)


INDICATORS = {
    "diff": ["diff", "--width", "130"],
    "points": ["points", "--width", "100"],
    "kpis": ["kpis", "2021-03", "2026-03", "--width", "160"],
    "kpis-now": ["kpis", "2026-03", "--width", "160"],
    "kpis-json": ["kpis", "2026-03", "-f", "json"],
    "results": ["kpis", "2021-03", "--results", "--width", "200"],
    "results-of-a-year": ["kpis", "2021-03", "--results", "令和5年度", "--width", "100"],
    "tree": ["tree", "--since", "2021-03", "--kpis", "--width", "120"],
}


@pytest.mark.parametrize("command", INDICATORS)
def test_a_plan_that_is_nothing_but_indicators(command, capsys, monkeypatch, golden):
    monkeypatch.chdir(CITIES / "shihyo")
    assert main(INDICATORS[command]) == 0
    golden(CITIES / "shihyo" / f"{command}.txt", capsys.readouterr().out)


def test_the_json_of_both_editions_says_what_came_and_went(capsys, monkeypatch):
    monkeypatch.chdir(CITIES / "shihyo")
    assert main(["kpis", "2021-03", "2026-03", "-f", "json"]) == 0
    told = {each["path"][-1]: each["changes"] for each in json.loads(capsys.readouterr().out)["indicators"]}
    assert (told["consult"], told["leave"]) == (["kpi-added"], ["kpi-removed"])
    assert told["salt"] == ["target-raised"]


def _printed(strategy, profile, *, units):
    """Give what must be printed of every indicator: field by field, in words."""
    for _, whole in strategy.indicators():
        for each in (whole, *whole.breakdown):
            yield each.id, "name", each.name
            for field in ("baseline", "current", "target"):
                value = getattr(each, field)
                if units and field == "target" and each.targets and value:  # said with those on the way to it
                    yield each.id, field, year_words(value.year, year_suffix(each), profile.era)
                    yield each.id, field, value_words(value, each.unit)
                    continue
                yield each.id, field, value_words(value, each.unit if units else "none")
                if value:
                    yield each.id, f"{field}.year", when_words(value, each, profile.era, aim=field == "target")
            for value in each.targets:
                yield each.id, "targets", value_words(value, each.unit if units else "none")
                yield each.id, "targets.year", year_words(value.year, year_suffix(each), profile.era)
            yield each.id, "unit", each.unit.replace("none", "")
            yield each.id, "definition", each.definition
            yield each.id, "source", each.source
            if each.same_as:
                yield each.id, "same-as", "（再掲）"
            yield from ((each.id, "owners", owner) for owner in each.owners)


def _shown(data):
    """Read the cells of a workbook as Excel shows them: numbers in their formats."""
    cells = [
        cell for sheet in openpyxl.load_workbook(BytesIO(data)).worksheets for row in sheet.iter_rows() for cell in row
    ]
    return "\n".join(
        f"{cell.value:,.{len(cell.number_format.partition('.')[2])}f}"
        if isinstance(cell.value, int | float)
        else str(cell.value or "")
        for cell in cells
    )


def _written(command, form, folder):
    """Write a paper in a form and read it back, without blanks and marks."""
    out = folder / "paper"
    assert main([*command, "-f", form, "-o", str(out)]) == 0
    data = out.read_bytes()
    if form == "xlsx":
        text = _shown(data)
    elif form == "csv":
        text = data.decode("utf-8-sig")
    else:
        text = READERS[form](data if form in ("docx", "pdf") else data.decode("utf-8"))
    return re.sub(r"[\s,〔〕\"]", "", text)


@pytest.mark.parametrize("edition", ["2021-03", "2026-03"])
@pytest.mark.parametrize("form", ["text", "csv", "markdown", "html", "docx", "xlsx", "pdf"])
@pytest.mark.parametrize("command", ["kpis {0}", "kpis 2021-03 2026-03", "tree {0} --kpis", "diff --all"])
def test_no_field_of_an_indicator_is_lost(command, form, edition, tmp_path, monkeypatch):
    if command.startswith("tree") and form not in ("text", "markdown"):
        pytest.skip("a drawing, or no form of it")
    monkeypatch.chdir(CITIES / "shihyo")
    source = opened("strategies")
    blob = editions.named(source, edition)
    strategy, profile = source.strategy(blob), source.profile(blob.path).speaking(source.strategy(blob).edition)
    words = command.format(edition).split()
    found = _written([*words, *(["--width", "3000"] if form == "text" else [])], form, tmp_path)
    unprinted = ("unit", "owners", "definition", "source") if command.startswith(("tree", "diff")) else ()
    lost = [
        (name, field, word)
        for name, field, word in _printed(strategy, profile, units=bool(unprinted))
        if field not in unprinted and re.sub(r"[\s,]", "", word) not in found
    ]
    assert lost == []


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # openpyxl knows no bars of Excel 2010
@pytest.mark.parametrize("form", ["text", "csv", "markdown", "html", "docx", "xlsx", "pdf"])
def test_no_result_is_lost(form, tmp_path, monkeypatch):
    monkeypatch.chdir(CITIES / "shihyo")
    source = opened("strategies")
    blob = editions.named(source, "2021-03")
    strategy = source.strategy(blob)
    command = ["kpis", "2021-03", "--results", *(["--width", "3000"] if form == "text" else [])]
    found = _written(command, form, tmp_path)
    wanted = [
        (each.id, word)
        for _, whole in strategy.indicators()
        for each in (whole, *whole.breakdown)
        for value in (each.baseline, each.target, *each.actuals)
        if value is not None
        for word in (each.name, value_words(value, "none"), value.comment)
    ]
    assert [pair for pair in wanted if re.sub(r"[\s,]", "", pair[1]) not in found] == []


@pytest.mark.parametrize("command", ["kpis {0} -f json", "kpis {0} --results -f json"])
@pytest.mark.parametrize("edition", ["2021-03", "2026-03"])
def test_the_json_has_every_field_of_the_file(command, edition, capsys, monkeypatch):
    monkeypatch.chdir(CITIES / "shihyo")
    assert main(command.format(edition).split()) == 0
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)["indicators"]}
    data = YAML(typ="safe").load(CITIES / f"shihyo/strategies/shihyo/{edition}.yaml")
    stack, seen = [data["plan"], *data["goals"]], 0
    while stack:
        item = stack.pop()
        stack += item.get("policies", [])
        for each in (*item.get("targets", []), *item.get("kpis", [])):
            seen += 1
            json_of = told[each["id"]]
            assert {key: _given(json_of.get(key), value) for key, value in each.items()} == each
    assert seen == 30


def _given(found, wanted):
    """Take of what JSON says what the file says: it also names what is not there."""
    if isinstance(wanted, dict):
        return {key: _given((found or {}).get(key), value) for key, value in wanted.items()}
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        return [_given(*pair) for pair in zip(found or [], wanted, strict=True)]
    return found


def test_its_plan_is_valid(capsys, monkeypatch):
    monkeypatch.chdir(CITIES / "reiji")
    assert main(["validate", "--format", "concise"]) == 0
    assert ": error " not in capsys.readouterr().out


def test_all_papers_in_its_own_words(tmp_path, monkeypatch):
    import docx

    monkeypatch.chdir(CITIES / "reiji")
    assert main(["pack", "-o", str(tmp_path)]) == 0
    table = docx.Document(str(tmp_path / "01_新旧対照表.docx")).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["改正案", "現計画", "改正の種類"]
    words = "\n".join(cell.text for row in table.rows for cell in row.cells)
    assert {"改称", "新設", "廃止"} <= set(words.split("\n"))
    assert "【施策の方向・具体的な取組・主な事業】" in words
    assert openpyxl.load_workbook(tmp_path / "01_新旧対照表.xlsx").sheetnames == ["新旧対照表", "KPI一覧", "凡例"]
    assert "横断的な目標" in (tmp_path / "04_体系図_改定後.svg").read_text(encoding="utf-8")
