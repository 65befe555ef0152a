"""Another city is data: four levels, other words, another table, without touching Python."""

from pathlib import Path

import pytest

from atsugi_cli.cli.app import main

CITIES = Path(__file__).parent / "cities"
COMMANDS = {
    "diff": ["diff", "--width", "120"],
    "tree": ["tree", "--since", "2022-03", "--kpis"],
    "kpis": ["kpis", "2022-03", "2024-12", "--width", "160"],
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
