"""What the documents tell to do works as it is written: command by command, edit by edit, file by file."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from atsugi_cli.cli.app import main

HOME = Path(__file__).parents[1]
README = HOME / "README.md"
DOCUMENTS = ["README.md", "README.ja.md", *(f"docs/{path.name}" for path in sorted((HOME / "docs").glob("*.md")))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EDITED = re.compile(r"`(strategies/[^`]+\.yaml)`")
FILE = re.compile(r"# (strategies/\S+\.yaml)\n")


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


def walk(text, monkeypatch, capsys):
    """Do what a text tells: run ```sh, make the edits of ```diff and the files of ```yaml; give what was printed.

    Only what a reader cannot run as it stands is in blocks of another name (```bash, ```powershell).
    """
    path, printed = "", {}
    for before, kind, block in re.findall(r"(.*?)^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        path = (EDITED.findall(before) or [path])[-1]
        match kind:
            case "sh":
                for line in block.splitlines():
                    words = line.partition("  #")[0].strip()
                    run(words, monkeypatch)
                    printed[words] = capsys.readouterr().out
            case "diff":
                changed = edited(Path(path).read_text(encoding="utf-8"), block)
                Path(path).write_text(changed, encoding="utf-8", newline="\n")
            case "yaml" if FILE.match(block):
                Path(FILE.match(block)[1]).write_text(block, encoding="utf-8", newline="\n")
    return printed


def tour():
    return README.read_text(encoding="utf-8").partition("## A five-minute tour\n")[2].partition("\n## ")[0]


@pytest.mark.usefixtures("bare")
def test_the_tour_works(monkeypatch, capsys):
    printed = walk(tour(), monkeypatch, capsys)
    assert printed["strategy validate"] == ""
    for word in ("名称変更", "上方修正", "都市間〔交流の促進〕", "都市間〔連携の強化〕"):
        assert word in printed["strategy diff"]
    promised = [block for kind, block in BLOCK.findall(tour()) if kind == "text"]
    assert promised
    for block in promised:
        assert block in printed["strategy points"]
    assert "名称変更" in printed["strategy log city-exchange"]
    assert Path("新旧対照表.docx").stat().st_size
    assert Path("会議資料/index.html").is_file()


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("name", ["ci", "excel", "json", "merging"])
def test_what_a_document_tells_to_run_runs(name, monkeypatch, capsys):
    printed = walk((HOME / f"docs/{name}.md").read_text(encoding="utf-8"), monkeypatch, capsys)
    assert printed
    if name == "merging":
        assert printed["strategy validate"] == ""
        assert "発信〔力強化〕" in printed["strategy diff main"]
        assert "発信〔力強化〕" in printed["strategy diff HEAD~1"]


@pytest.mark.usefixtures("bare")
def test_the_profile_of_the_documents_is_a_profile(monkeypatch, capsys):
    shutil.copytree(HOME / "tests/cities/reiji/strategies", "strategies")
    walk((HOME / "docs/profile.md").read_text(encoding="utf-8"), monkeypatch, capsys)
    assert main(["validate", "strategies/profile.yaml"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["diff", "--width", "120"]) == 0
    assert {"改称", "現計画", "改正の種類"} <= set(re.findall(r"\w+", capsys.readouterr().out))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_the_documents_takes_its_options(name, capsys):
    """Ask for the help with the same options: a wrong option, command or choice is refused before it is shown."""
    text = (HOME / name).read_text(encoding="utf-8")
    commands = re.findall(r"`(strategy [a-z][^`]*)`", text)
    commands += [line for kind, block in BLOCK.findall(text) if kind in {"sh", "bash"} for line in block.splitlines()]
    lines = [re.split(r"#|\|\s", line)[0].strip() for line in commands if line.startswith("strategy ")]
    assert len(lines) > 10 or name.startswith("docs/")
    for line in lines:
        line = re.sub(r"\[[^\]]*\]|…", "", line)  # noqa: PLW2901 - what may be left out
        words = [word.replace("REV", "HEAD").replace("YEAR", "2030") for word in shlex.split(line)[1:]]
        assert main([*words, "--help"]) == 0, (line, capsys.readouterr().err)
        assert capsys.readouterr().out.startswith("使い方"), line


@pytest.mark.usefixtures("bare")
def test_the_japanese_guide_works_from_the_first_file_to_the_last_paper(monkeypatch, capsys):
    guide = (HOME / "README.ja.md").read_text(encoding="utf-8")
    before, _, rest = guide.partition("\n## 2. ")[2].partition("\n## 3. ")
    draft, _, papers = rest.partition("\n## 5. ")[0].partition("\n書きながら")
    walk(before, monkeypatch, capsys)
    walk(draft, monkeypatch, capsys)
    made = Path(re.search(r"できた `([^`]+)`", draft)[1])
    text = made.read_text(encoding="utf-8")
    assert "stage: draft" in text
    assert "（例）都市間交流の促進" in text
    made.write_text(text.replace("都市間交流の促進", "都市間連携の強化"), encoding="utf-8", newline="\n")
    walk(papers, monkeypatch, capsys)
    assert Path("新旧対照表.docx").is_file()
    assert Path("会議資料/index.html").is_file()
    for line in re.findall(r"`(strategy (?:diff HEAD|git install|diff --suggest))`", guide):
        run(line, monkeypatch)
    stages = re.findall(r"^\| [^|]+ \| `(\w+)` \|", guide.partition("\n## 5. ")[2], re.MULTILINE)[1:]
    assert stages == ["outline", "draft", "proposal", "adopted"]
    for stage in stages:
        text = re.sub(r"stage: \w+", f"stage: {stage}", made.read_text(encoding="utf-8"))
        made.write_text(text, encoding="utf-8", newline="\n")
        assert main(["pack", "-o", "会議資料"]) == 0
    capsys.readouterr()
    run("strategy log city-exchange", monkeypatch)
    assert "都市間" in capsys.readouterr().out
