import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from atsugi_cli.cli import init
from atsugi_cli.cli.app import main

TOP = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_repository_is_valid_in_every_respect(here, capsys):
    source = f"git+https://git.example.jp/strategy@{'0' * 40}"
    assert main(["init", "--city", "海老名市", "--plan", "ebina-3", "--start", "2027", "--source", source]) == 0
    assert "strategies/ebina-3/2027-03.yaml の（例）を書き換える" in capsys.readouterr().err
    assert sorted(files(here)) == [
        ".editorconfig",
        ".gitattributes",
        ".github/workflows/strategy.yml",
        ".gitignore",
        ".pre-commit-config.yaml",
        ".strategy/requirements.txt",
        ".strategy/tool.txt",
        "schemas/briefing.schema.json",
        "schemas/opinions.schema.json",
        "schemas/profile.schema.json",
        "schemas/strategy.schema.json",
        "strategies/ebina-3/2027-03.yaml",
        "strategies/profile.yaml",
    ]
    assert main(["validate", "--fail-on", "note"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["tree"]) == 0
    assert "海老名市まち・ひと・しごと創生総合戦略　施策体系図" in capsys.readouterr().out
    text = (here / "strategies/ebina-3/2027-03.yaml").read_text(encoding="utf-8")
    assert "period: {start: 2027, end: 2031}" in text


@pytest.mark.parametrize("more", [(), ("--example",)])
def test_the_first_line_leads_an_editor_to_the_schema(here, more):
    main(["init", *more])
    paths = [*here.glob("strategies/**/*.yaml")]
    assert any("briefing" in path.name for path in paths) == bool(more)
    for path in paths:
        line = path.read_text(encoding="utf-8").split("\n")[0]
        schema = path.parent / line.removeprefix("# yaml-language-server: $schema=")
        assert schema.read_bytes() == (TOP / "schemas" / schema.name).read_bytes().replace(b"\r\n", b"\n")


def test_every_example_text_says_that_it_is_one(here):
    main(["init"])
    data = YAML(typ="safe").load(next(here.glob("strategies/*/*.yaml")))
    texts = [data["goals"][0]["title"], data["goals"][0]["targets"][0]["name"], data["sections"][0]["body"]]
    assert all(text.startswith("（例）") for text in texts)


def test_the_next_edition_can_be_started_at_once():
    main(["init"])
    assert main(["new", "2028-03"]) == 0
    assert main(["validate", "--fail-on", "note"]) == 0
    assert main(["diff", "--exit-code"]) == 0


def test_the_example_is_the_shipped_one(here, capsys):
    assert main(["init", "見本", "--example", "--ci", "none"]) == 0
    shipped = {f"strategies/{name}": data for name, data in files(TOP / "strategies").items() if name.endswith(".yaml")}
    assert shipped.items() <= files(here / "見本").items()
    assert not (here / "見本/.github").exists()
    assert "cd 見本" in capsys.readouterr().err


def test_nothing_is_overwritten(here, capsys):
    (here / ".gitattributes").write_text("mine", encoding="utf-8")
    assert main(["init"]) == 0
    assert (here / ".gitattributes").read_text(encoding="utf-8") == "mine"
    assert ".gitattributes はもうある" in capsys.readouterr().err
    before = files(here)
    assert main(["init"]) == 2
    assert "上書きしません" in capsys.readouterr().err
    assert main(["init", "--plan", "other"]) == 0  # a second plan
    assert before.items() <= files(here).items()


@pytest.mark.parametrize("words", ['市: "x"', "#市", "no", "2026", "{市}", "厚木 市", "@@PLAN@@"])
def test_any_name_of_a_city_is_written_so_that_it_can_be_read(words, here):
    assert main(["init", "--city", words, "--title", words]) == 0
    assert main(["validate"]) == 0
    data = YAML(typ="safe").load(next(here.glob("strategies/*/*.yaml")))
    assert (data["plan"]["municipality"], data["plan"]["title"]) == (words, words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plan", "第3期"], "--plan"),
        (["--plan", "../x"], "--plan"),
        (["--edition", "R8"], "--edition"),
        (["--start", "8"], "年度"),
        (["--start", "2030", "--end", "2029"], "年度"),
        (["--ci", "jenkins"], "jenkins"),
    ],
)
def test_what_cannot_be_is_refused(arguments, words, here, capsys):
    assert main(["init", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not files(here)


def test_a_file_where_the_folder_should_be(here, capsys):
    (here / "x").write_text("", encoding="utf-8")
    assert main(["init", "x"]) == 2
    assert "x" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml", "pre-commit-config.yaml"])
def test_settings_for_other_programs_are_yaml(name):
    assert YAML(typ="safe").load((init.TEMPLATES / name).read_text(encoding="utf-8").replace("@@", ""))


def test_templates_travel_in_the_wheel():
    build = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert init.TEMPLATES.is_relative_to(TOP / "atsugi_cli")
    assert "atsugi_cli" in build["targets"]["wheel"]["only-include"]
