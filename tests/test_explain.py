"""The manual: everything that has a name is explained, and found under the names that people have for it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from atsugi_cli.cli import manual
from atsugi_cli.cli.app import main
from atsugi_cli.formats import FORMATS
from atsugi_cli.kinds import KINDS
from atsugi_cli.rules import CATALOGUE as RULES
from atsugi_cli.width import safe

SCHEMAS = Path(__file__).parents[1] / "schemas"
ENTRIES = [entry for each in manual.catalogues() for entry in each]


@pytest.fixture
def told(capsys):
    def run(*argv):
        code = main(argv)
        return (code, *capsys.readouterr())

    return run


def keys(schema):
    """List every key that a schema names."""
    if isinstance(schema, list):
        return {key for each in schema for key in keys(each)}
    if not isinstance(schema, dict):
        return set()
    found = {key for part in schema.values() for key in keys(part)}
    return found | (schema["properties"].keys() if isinstance(schema.get("properties"), dict) else set())


@pytest.mark.parametrize("entry", [*(kind.entry for kind in KINDS), *RULES], ids=lambda entry: entry.code)
def test_every_kind_and_rule_has_an_example(entry):
    assert entry.example.strip()


@pytest.mark.parametrize("kind", ["strategy", "profile"])
def test_every_key_of_a_schema_is_told(kind):
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    told = {entry.code.rpartition(".")[2] for entry in manual.keys(kind, "")}
    words = {*schema["properties"].get("flags", {}).get("properties", ()), "outline", "draft", "proposal", "adopted"}
    assert keys(schema) - words <= told


def test_every_format_is_told_with_its_commands_and_suffixes():
    told = {entry.code: entry.doc for entry in manual.formats()}
    for form in FORMATS:
        for word in (*form.suffixes, *form.commands):
            assert word in told[form.code]


def test_the_example_of_a_format_is_a_command_that_works(tmp_path, monkeypatch, told):
    monkeypatch.chdir(tmp_path)
    root = str(SCHEMAS.parent / "strategies")
    for entry in manual.formats():
        if entry.code in {"pdf", "png"}:  # slow, and tested where they are written
            continue
        code, _, err = told(*entry.example.split()[1:], "--root", root)
        assert code == 0, err


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.group == "key"], ids=lambda entry: entry.code)
def test_a_key_says_where_and_what_may_be_written(entry):
    assert re.search(r"^- 書くところ: \S", entry.doc, re.MULTILINE)
    assert re.search(r"^- 書くもの: \S", entry.doc, re.MULTILINE)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("統合", ["merged"]),
        ("docx", ["docx"]),
        ("Word", ["docx"]),
        ("title", ["plan.title", "edition.points.title", "section.title"]),
        ("plan.title", ["plan.title"]),
        ("direction", ["indicator.direction"]),
        ("removed", ["removed", "edition.removed", "profile.table.removed"]),
        ("duplicate-id", ["duplicate-id"]),
    ],
)
def test_what_is_asked_is_found(asked, codes, told):
    assert [entry.code for entry in manual.found(asked)] == codes
    code, out, _ = told("explain", asked)
    assert code == 0
    for each in codes:
        assert f"（{each}）" in out


@pytest.mark.parametrize(
    ("typed", "meant"), [("renmed", "renamed"), ("titel", "title"), ("docs", "docx"), ("統", "統合")]
)
def test_what_was_probably_meant_is_offered(typed, meant, told):
    code, out, err = told("explain", typed)
    assert (code, out) == (2, "")
    assert meant in err


def test_the_whole_manual_is_one_page(tmp_path, told):
    path = tmp_path / "手引き.html"
    assert told("explain", "--all", "-o", str(path))[0] == 0
    ids, texts = set(), []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag not in {"script", "img", "link"}
            if identity := dict(attrs).get("id"):
                assert identity not in ids
                ids.add(identity)

        def handle_data(self, data):
            texts.append(data)

    Reader().feed(path.read_text(encoding="utf-8"))
    assert {entry.code for entry in ENTRIES} <= ids
    whole = "".join(texts)
    for entry in ENTRIES:
        assert safe(entry.example.strip("\n")) in whole


def test_markdown_holds_every_entry(told):
    _, out, _ = told("explain", "--all", "-f", "markdown")
    for entry in ENTRIES:
        assert f"\n## {entry.label}（{entry.code}）\n" in out
    _, out, _ = told("explain")
    for entry in ENTRIES:
        assert f"| `{entry.code}` | " in out
