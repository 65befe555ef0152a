"""The tour of the README works as it is written, command by command, edit by edit."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from atsugi_cli.cli.app import main

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EDITED = re.compile(r"Edit `([^`]+)`")


def edited(text, patch):
    """Apply the README's edits: each run of - lines, which stands there once, becomes the + lines that follow it."""
    for gone, come in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", patch, re.MULTILINE):
        old, new = (re.sub(r"^.", "", part, flags=re.MULTILINE) for part in (gone, come))
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def run(line, monkeypatch):
    words = shlex.split(line)
    match words[0]:
        case "strategy":
            assert main(words[1:]) == 0, line
        case "cd":
            monkeypatch.chdir(words[1])
        case _:
            subprocess.run(words, check=True, capture_output=True)


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """Work in an empty folder, without the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.mark.usefixtures("bare")
def test_the_tour_works(monkeypatch, capsys):
    tour = README.read_text(encoding="utf-8").partition("## A five-minute tour\n")[2].partition("\n## ")[0]
    path = EDITED.search(tour)[1]
    printed, promised = {}, []
    for kind, block in BLOCK.findall(tour):
        match kind:
            case "sh":
                for line in block.splitlines():
                    run(line, monkeypatch)
                    printed[line] = capsys.readouterr().out
            case "diff":
                text = edited(Path(path).read_text(encoding="utf-8"), block)
                Path(path).write_text(text, encoding="utf-8", newline="\n")
            case "text":
                promised.append(block)
            case _:
                pytest.fail(f"nobody runs {kind}")
    assert printed["strategy validate"] == ""
    for word in ("名称変更", "上方修正", "都市間〔交流の促進〕", "都市間〔連携の強化〕"):
        assert word in printed["strategy diff"]
    assert promised
    for block in promised:
        assert block in printed["strategy points"]
    assert "名称変更" in printed["strategy log city-exchange"]
    assert Path("新旧対照表.docx").stat().st_size
    assert Path("会議資料/index.html").is_file()


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_every_command_of_the_documents_takes_its_options(name, capsys):
    """Ask for the help with the same options: a wrong option, command or choice is refused before it is shown."""
    text = (README.parent / name).read_text(encoding="utf-8")
    commands = re.findall(r"`(strategy [a-z][^`]*)`", text)
    commands += [line for kind, block in BLOCK.findall(text) if kind == "sh" for line in block.splitlines()]
    lines = [line.partition("#")[0].strip() for line in commands if line.startswith("strategy ")]
    assert len(lines) > 10
    for line in lines:
        line = re.sub(r"\[[^\]]*\]|…", "", line)  # noqa: PLW2901 - what may be left out
        words = [word.replace("REV", "HEAD").replace("YEAR", "2030") for word in shlex.split(line)[1:]]
        assert main([*words, "--help"]) == 0, (line, capsys.readouterr().err)
        assert capsys.readouterr().out.startswith("使い方"), line


@pytest.mark.usefixtures("bare")
def test_the_japanese_guide_works_from_the_first_file_to_the_last_paper(monkeypatch, capsys):
    guide = (
        (README.parent / "README.ja.md").read_text(encoding="utf-8").partition("\n## 2. ")[2].partition("\n## 5. ")[0]
    )
    lines = [line for kind, block in BLOCK.findall(guide) if kind == "sh" for line in block.splitlines()]
    for line in lines:
        run(line.partition("  #")[0], monkeypatch)
        if line.startswith("strategy new"):
            made = Path(re.search(r"できた `([^`]+)`", guide)[1])
            text = made.read_text(encoding="utf-8")
            assert "（例）都市間交流の促進" in text
            made.write_text(text.replace("都市間交流の促進", "都市間連携の強化"), encoding="utf-8", newline="\n")
    assert Path("新旧対照表.docx").is_file()
    assert Path("会議資料/index.html").is_file()
    capsys.readouterr()
    for line in re.findall(r"`(strategy (?:diff HEAD|git install|diff --suggest))`", guide):
        run(line, monkeypatch)
    run("strategy log city-exchange", monkeypatch)
    assert "都市間" in capsys.readouterr().out
