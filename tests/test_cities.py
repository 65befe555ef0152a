"""Another city is data: four levels, other words, another table, without touching Python."""

from pathlib import Path

import pytest

from atsugi_cli.cli.app import main

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


def test_its_plan_is_valid(capsys, monkeypatch):
    monkeypatch.chdir(CITIES / "reiji")
    assert main(["validate", "--format", "concise"]) == 0
    assert ": error " not in capsys.readouterr().out


def test_all_papers_in_its_own_words(tmp_path, monkeypatch):
    import docx
    import openpyxl

    monkeypatch.chdir(CITIES / "reiji")
    assert main(["pack", "-o", str(tmp_path)]) == 0
    table = docx.Document(str(tmp_path / "01_新旧対照表.docx")).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["改正案", "現計画", "改正の種類"]
    words = "\n".join(cell.text for row in table.rows for cell in row.cells)
    assert {"改称", "新設", "廃止"} <= set(words.split("\n"))
    assert "【施策の方向・具体的な取組・主な事業】" in words
    assert openpyxl.load_workbook(tmp_path / "01_新旧対照表.xlsx").sheetnames == ["新旧対照表", "KPI一覧", "凡例"]
    assert "横断的な目標" in (tmp_path / "04_体系図_改定後.svg").read_text(encoding="utf-8")
