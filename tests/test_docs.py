"""The documents say what the tables say, and nothing in them leads nowhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deepdiff import DeepDiff
from ruamel.yaml import YAML

from atsugi_cli.catalogue import Catalogue
from atsugi_cli.cli.app import COMMANDS, main
from atsugi_cli.cli.manual import formats, keys
from atsugi_cli.formats.manual import listed
from atsugi_cli.kinds import CATALOGUE as KINDS
from atsugi_cli.rules import CATALOGUE as RULES

HOME = Path(__file__).parents[1]
README = HOME / "README.md"
DOCS = HOME / "docs"
DOCUMENTS = ["README.md", "README.ja.md", *(f"docs/{path.name}" for path in sorted(DOCS.glob("*.md")))]
LIMIT = 10_000
"""Bytes of the README: what is longer is not read to the end."""


def between(text: str, name: str) -> str:
    return text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def table(catalogue) -> str:
    return listed(catalogue).partition("\n\n")[2]


def written_in_profile() -> str:
    """List the keys of a profile; words of flags and labels are told once."""
    entries = keys("profile", "設定", "profile.").entries
    return table(Catalogue("設定", tuple(entry for entry in entries if not entry.code.startswith("profile.labels."))))


def inputs_of_the_action() -> str:
    action = YAML(typ="safe").load((HOME / ".github/actions/strategy/action.yml").read_text(encoding="utf-8"))
    rows = [f"| `{name}` | {each['description']} | `{each['default']}` |" for name, each in action["inputs"].items()]
    return "\n".join(["| input | means | default |", "|---|---|---|", *rows, ""])


GENERATED = {
    "kinds": table(KINDS),
    "rules": table(RULES),
    "formats": table(formats()),
    "profile": written_in_profile(),
    "ci": inputs_of_the_action(),
}


@pytest.mark.parametrize("name", GENERATED)
def test_the_tables_of_the_documents_are_the_programs(name, request):
    path = DOCS / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    mark = "inputs" if name == "ci" else name
    assert f"<!-- {mark} -->\n" in text
    if request.config.getoption("--accept"):
        text = text.replace(
            f"<!-- {mark} -->\n{between(text, mark)}<!-- /{mark} -->",
            f"<!-- {mark} -->\n{GENERATED[name]}<!-- /{mark} -->",
        )
        path.write_text(text, encoding="utf-8", newline="\n")
    assert between(text, mark) == GENERATED[name]


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("jq")), reason="bash or jq is missing")
def test_the_recipes_for_other_programs_work(tmp_path):
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    more = {"cwd": tmp_path, "env": environment, "capture_output": True, "encoding": "utf-8"}
    subprocess.run(["strategy", "init", ".", "--example"], check=True, **more)
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(lines) >= 3
    printed = [subprocess.run(["bash", "-o", "pipefail", "-c", line], check=True, **more).stdout for line in lines]
    assert printed[:2] == ["4\n", ""]
    assert len(printed[2].splitlines()) > 10


def test_the_readme_is_short():
    assert README.stat().st_size <= LIMIT


def test_the_entry_of_the_json_is_real(capsys, monkeypatch):
    monkeypatch.chdir(HOME)
    assert main(["diff", "2020-03", "2023-10", "-f", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    shown = (DOCS / "json.md").read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    assert json.loads(shown) in changes


def test_every_schema_of_what_is_printed_is_in_the_documents():
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    written = {f"{name}.schema.json" for name in ("strategy", "profile", "briefing", "opinions")}
    printed = {path.name for path in (HOME / "schemas").iterdir()} - written
    assert set(re.findall(r"\((?:\.\./schemas/)(\S+\.json)\)", text)) == printed


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


def links(document: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"\]\((?!https?://)([^)]+)\)", text)


def test_the_pictures_of_the_documents_are_there_and_small():
    pictures = {
        (HOME / each).parent / link for each in DOCUMENTS for link in links(HOME / each) if link.endswith(".png")
    }
    assert len(pictures) >= 4
    for picture in pictures:
        assert 0 < picture.stat().st_size < 300_000


@pytest.mark.parametrize("name", [*DOCUMENTS, ".github/CONTRIBUTING.md", ".github/ARCHITECTURE.md"])
def test_what_the_documents_link_to_is_there(name):
    document = HOME / name
    for link in links(document):
        path, _, part = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if part:
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, link


def test_every_document_is_linked_from_the_readme():
    assert {f"docs/{path.name}" for path in DOCS.glob("*.md")} <= set(links(README))


def test_the_comparison_with_other_tools_is_measured(capsys, monkeypatch):
    monkeypatch.chdir(HOME)
    text = (DOCS / "compared.md").read_text(encoding="utf-8")
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
