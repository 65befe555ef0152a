"""Other people's computers: Windows' paths, line ends and consoles; locales; no home."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from atsugi_cli import store
from atsugi_cli.cli.app import main

HOME = Path(__file__).parents[1]
PLANS = HOME / "strategies"
BOM = b"\xef\xbb\xbf"
KEPT = ("PATH", "SYSTEMROOT", "PATHEXT", "TEMP", "TMP", "PYTHONPATH")
"""What a process needs to start at all."""


def process(folder, *words, **environment):
    """Run the program with nothing in its environment but what is given."""
    bare = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "atsugi_cli", *words],
        cwd=folder,
        env=bare | environment,
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def told():
    """Give what the table is where everything is in UTF-8."""
    return process(HOME, "diff", PYTHONUTF8="1").stdout.decode("utf-8")


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LANG": "ja_JP.UTF-8"},
        {"LANG": "ja_JP.SJIS", "PYTHONUTF8": "0"},
        {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
        {"HOME": "/nowhere/at/all", "USERPROFILE": "/nowhere/at/all"},
        {"TERM": "dumb", "NO_COLOR": ""},
    ],
    ids=lambda each: " ".join(f"{name}={value}" for name, value in each.items()) or "nothing",
)
def test_a_pipe_gets_the_same_utf8_everywhere(environment, told):
    assert told
    result = process(HOME, "diff", **environment)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode("utf-8") == told


@pytest.mark.parametrize("encoding", ["cp932", "ascii", "shift_jis", "euc_jp"])
@pytest.mark.parametrize("words", [["diff"], ["tree", "--since", "2020-03"], ["explain", "merged"], []])
def test_a_console_of_another_encoding_loses_no_word(words, encoding):
    result = process(HOME, *words, PYTHONIOENCODING=encoding)
    assert (result.returncode, result.stderr) == (0, b"")
    plain = process(HOME, *words).stdout.decode("utf-8")
    assert result.stdout == plain.encode(encoding, "backslashreplace")


def test_messages_reach_a_console_of_another_encoding():
    assert "新旧対照表" in process(HOME, "--help", PYTHONIOENCODING="cp932").stdout.decode("cp932")
    result = process(HOME, "dif", PYTHONIOENCODING="cp932")
    assert result.returncode == 2
    assert "もしかして: diff" in result.stderr.decode("cp932")


def as_windows_saves(data):
    return data.replace(b"\n", b"\r\n")


@pytest.fixture(params=[as_windows_saves, lambda data: BOM + data, lambda data: BOM + as_windows_saves(data)])
def saved(request, tmp_path, monkeypatch):
    """Work where every file was saved by Windows' editors: CRLF, a byte order mark, or both."""
    shutil.copytree(PLANS, tmp_path / "strategies")
    for path in (tmp_path / "strategies").rglob("*.yaml"):
        path.write_bytes(request.param(path.read_bytes()))
    monkeypatch.chdir(tmp_path)
    return request.param


def test_files_saved_on_windows_say_the_same(saved, capsys, told):
    assert main(["validate", "--fail-on", "error"]) == 0
    capsys.readouterr()
    assert main(["diff", "--width", "100", "--color", "never"]) == 0
    assert capsys.readouterr().out == told
    assert main(["new", "2027-03"]) == 0
    made = Path("strategies/atsugi-2/2027-03.yaml").read_bytes()
    assert made == saved(made.removeprefix(BOM).replace(b"\r\n", b"\n")), "as the file that it comes from"


def test_a_checkout_with_other_line_ends_is_no_change(tmp_path, monkeypatch, capsys):
    shutil.copytree(PLANS / "atsugi-2", tmp_path / "strategies" / "atsugi-2")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@example.jp", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], check=True, capture_output=True)
    for path in Path("strategies").rglob("*.yaml"):
        path.write_bytes(as_windows_saves(path.read_bytes()))
    assert main(["diff", "HEAD", "--exit-code"]) == 0
    assert "変更はありません。" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["atsugi-2\\2027-03", "atsugi-2\\2027-03.yaml", "strategies\\atsugi-2\\2027-03"])
def test_a_new_edition_may_be_named_with_backslashes(typed, tmp_path, monkeypatch):
    shutil.copytree(PLANS / "atsugi-2", tmp_path / "strategies" / "atsugi-2")
    monkeypatch.chdir(tmp_path)
    assert main(["new", typed]) == 0
    assert (tmp_path / "strategies/atsugi-2/2027-03.yaml").is_file()


def test_paths_are_shown_with_slashes_on_windows(monkeypatch):
    monkeypatch.setattr(store.base.os, "sep", "\\")
    assert store.spelled("strategies\\atsugi-2\\2023-10.yaml") == "strategies/atsugi-2/2023-10.yaml"


def test_git_keeps_line_ends_alike_on_every_system():
    attributes = (HOME / ".gitattributes").read_text(encoding="utf-8")
    assert attributes.startswith("* text=auto eol=lf\n")
    listed = subprocess.run(
        ["git", "-C", HOME, "ls-files", "--eol"], capture_output=True, check=False, encoding="utf-8"
    )
    assert not [line for line in listed.stdout.splitlines() if line.startswith(("i/crlf", "i/mixed"))]
