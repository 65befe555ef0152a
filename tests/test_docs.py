"""The README says what the tables say, and its commands exist."""

import re
from pathlib import Path

import pytest

from atsugi_cli.cli.app import COMMANDS, main
from atsugi_cli.formats.manual import listed
from atsugi_cli.kinds import CATALOGUE as KINDS
from atsugi_cli.rules import CATALOGUE as RULES

HOME = Path(__file__).parents[1]
README = HOME / "README.md"


def between(text: str, name: str) -> str:
    return text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def table(catalogue) -> str:
    return listed(catalogue).partition("\n\n")[2]


@pytest.mark.parametrize(("name", "catalogue"), [("kinds", KINDS), ("rules", RULES)])
def test_the_tables_of_the_readme_are_the_programs(name, catalogue, request):
    text = README.read_text(encoding="utf-8")
    if request.config.getoption("--accept"):
        text = text.replace(
            f"<!-- {name} -->\n{between(text, name)}<!-- /{name} -->",
            f"<!-- {name} -->\n{table(catalogue)}<!-- /{name} -->",
        )
        README.write_text(text, encoding="utf-8", newline="\n")
    assert between(text, name) == table(catalogue)


def test_the_printed_revision_of_the_readme_is_real(capsys, monkeypatch):
    monkeypatch.chdir(HOME)
    assert main(["diff", "--width", "100", "--color", "never"]) == 0
    printed = capsys.readouterr().out
    excerpt = README.read_text(encoding="utf-8").partition("```text\n")[2].partition("\n```")[0]
    assert excerpt
    assert excerpt in printed


def test_every_command_is_in_the_readme():
    named = set(re.findall(r"`strategy ([a-z]+)", README.read_text(encoding="utf-8")))
    assert set(COMMANDS) <= named
    assert named <= set(COMMANDS)
