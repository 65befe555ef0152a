"""The README says what the tables say, and its commands exist."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from deepdiff import DeepDiff
from ruamel.yaml import YAML

from atsugi_cli.cli.app import COMMANDS, main
from atsugi_cli.cli.manual import formats
from atsugi_cli.formats.manual import listed
from atsugi_cli.kinds import CATALOGUE as KINDS
from atsugi_cli.rules import CATALOGUE as RULES

HOME = Path(__file__).parents[1]
README = HOME / "README.md"


def between(text: str, name: str) -> str:
    return text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def table(catalogue) -> str:
    return listed(catalogue).partition("\n\n")[2]


@pytest.mark.parametrize(("name", "catalogue"), [("kinds", KINDS), ("rules", RULES), ("formats", formats())])
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


def test_the_pictures_of_the_readme_are_there_and_small():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert len(pictures) >= 4
    for picture in pictures:
        assert 0 < (HOME / picture).stat().st_size < 300_000


@pytest.mark.parametrize("name", ["README.md", "README.ja.md", ".github/CONTRIBUTING.md", ".github/ARCHITECTURE.md"])
def test_what_the_documents_link_to_is_there(name):
    document = HOME / name
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        assert (document.parent / link).exists(), link


def test_the_comparison_with_other_tools_is_measured(capsys, monkeypatch):
    monkeypatch.chdir(HOME)
    text = README.read_text(encoding="utf-8")
    old, new = (f"strategies/atsugi-2/{edition}.yaml" for edition in ("2020-03", "2023-10"))
    lines = subprocess.run(
        ["git", "diff", "--no-index", "--no-ext-diff", "--no-color", old, new],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=dict(os.environ, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1"),
    ).stdout.splitlines()
    added = sum(line.startswith("+") for line in lines) - 1
    gone = sum(line.startswith("-") for line in lines) - 1
    assert f"{len(lines)} lines, of them {added + gone} changed (+{added} −{gone})" in text
    yaml = YAML(typ="safe")
    found = DeepDiff(*(yaml.load((HOME / each).read_text(encoding="utf-8")) for each in (old, new)))
    assert f"{sum(map(len, found.values()))} entries" in text
    assert main(["diff", old, new, "--width", "100", "--color", "never"]) == 0
    assert f"{len(capsys.readouterr().out.splitlines())} lines, 100 columns wide" in text
