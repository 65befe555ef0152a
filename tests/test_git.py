"""Git prints revisions in words, and is exactly as before when that is no longer wanted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from atsugi_cli import store
from atsugi_cli.cli import diff_driver
from atsugi_cli.cli import git as command
from atsugi_cli.cli.app import main

SHIPPED = Path(__file__).parent.parent / "strategies" / "atsugi-2"
EDITION = "strategies/atsugi-2/2023-10.yaml"


def git(*arguments, check=True):
    environment = os.environ | {"GIT_PAGER": "cat", "COLUMNS": "200"}
    run = subprocess.run(["git", *arguments], check=check, capture_output=True, env=environment)
    return run.stdout.decode("utf-8", "replace")


def edit(path, old, new):
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


@pytest.fixture(autouse=True)
def city(lonely_git):
    git("init", "-q", "-b", "main")
    git("config", "user.name", "企画課")
    git("config", "user.email", "kikaku@example.jp")
    folder = lonely_git / "strategies" / "atsugi-2"
    folder.mkdir(parents=True)
    for path in SHIPPED.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    git("add", "-A")
    git("commit", "-q", "-m", "最初")
    yield lonely_git
    store.close()


def settings(folder):
    return {
        name: (folder / ".git" / name).read_bytes() if (folder / ".git" / name).exists() else None
        for name in ("config", "info/attributes")
    }


def test_git_diff_prints_the_revision_in_words():
    assert main(["git", "install", "--textconv"]) == 0
    edit(EDITION, "title: 魅力ある教育環境の充実", "title: 豊かな教育環境の整備")
    shown = git("diff")
    assert "「魅力ある教育環境の充実」を「豊かな教育環境の整備」に改めます" in shown
    assert "[名称変更" in shown
    git("commit", "-q", "-a", "-m", "題名")
    assert "+    ① 「豊かな教育環境の整備」" in git("log", "-p", "-1") == git("show")
    assert "「豊かな教育環境の整備」に改めます" in git("show", "--ext-diff")
    assert "title: 豊かな" in git("show", "--no-textconv")


def test_what_looks_into_the_history_stays_as_it_is(city):
    (city / "日本.txt").write_text("x", encoding="utf-8")
    edit(EDITION, "title: 魅力ある教育環境の充実", "title: 豊かな教育環境の整備")
    git("add", EDITION)
    git("commit", "-q", "-m", "題名")
    asked = [
        ["log", "-p"],
        ["show"],
        ["log", "-S", "title: 豊かな教育環境の整備", "--format=%s"],
        ["log", "-G", "title: 豊かな", "--format=%s"],
        ["blame", EDITION],
        ["grep", "-n", "豊かな教育", "HEAD"],
        ["format-patch", "-1", "--stdout"],
        ["diff", "--stat", "HEAD~1"],
        ["diff-tree", "-p", "HEAD"],
        ["stash", "list"],
    ]
    plain = [git(*words) for words in asked]
    assert "題名" in plain[2]
    main(["git", "install"])
    assert [git(*words) for words in asked] == plain
    assert "に改めます" in git("log", "-p", "-1", "--ext-diff")
    assert "に改めます" in git("show", "--ext-diff")
    assert "日本.txt" in git("status", "--short")


def test_a_conversion_that_is_asked_for_shows_a_conflict_as_it_is():
    git("checkout", "-q", "-b", "a")
    edit(EDITION, "title: 魅力ある教育環境の充実", "title: 豊かな教育環境の整備")
    git("commit", "-q", "-a", "-m", "a")
    git("checkout", "-q", "main")
    edit(EDITION, "title: 魅力ある教育環境の充実", "title: 新しい教育環境の整備")
    git("commit", "-q", "-a", "-m", "b")
    for way in (["merge", "a"], ["rebase", "a"], ["cherry-pick", "a"]):
        git(*way, check=False)
        plain = git("diff")
        assert "豊かな" in plain
        assert main(["git", "install", "--textconv"]) == 0
        assert git("diff") == plain
        main(["git", "uninstall"])
        git(way[0], "--abort")
        store.close()


def test_a_setting_whose_line_ends_were_turned_is_found_again(city):
    config = city / ".git/config"
    before = config.read_bytes()
    main(["git", "install"])
    config.write_bytes(config.read_bytes().replace(b"\n", b"\r\n"))
    main(["git", "uninstall"])
    assert config.read_bytes() == before.replace(b"\n", b"\r\n")


def test_a_new_edition_is_compared_with_the_one_it_revises():
    main(["git", "install"])
    assert main(["new", "2027-03"]) == 0
    edit("strategies/atsugi-2/2027-03.yaml", "title: 転入促進", "title: 移住促進")
    git("add", "-A")
    assert "基本目標1「転入促進」を基本目標1「移住促進」に改めます" in git("diff", "--cached")


@pytest.mark.parametrize("added", ["# コメント\n", "x: [\n", "\t\x01\n"])
def test_what_cannot_be_said_in_words_is_a_plain_difference(added):
    main(["git", "install"])
    Path(EDITION).write_text(Path(EDITION).read_text(encoding="utf-8") + added, encoding="utf-8", newline="\n")
    assert f"+{added}" in git("diff")
    git("commit", "-q", "-a", "-m", "x")
    assert "fatal" not in git("log", "-p", "-1")


def test_other_encodings_removed_files_and_profiles(city):
    main(["git", "install"])
    Path(EDITION).write_bytes("title: 日本".encode("cp932"))
    assert b"title" in git("diff").encode()
    Path(EDITION).unlink()
    assert "-  id: 2023-10" in git("diff")
    (city / "strategies/profile.yaml").write_text("format: 1\n", encoding="utf-8")
    git("add", "strategies/profile.yaml")
    assert "+format: 1" in git("diff", "--cached", "strategies/profile.yaml")


def test_a_renamed_file_is_the_same_edition():
    main(["git", "install"])
    git("mv", EDITION, "strategies/atsugi-2/改定 後.yaml")
    edit("strategies/atsugi-2/改定 後.yaml", "title: 転入促進", "title: 移住促進")
    git("add", "-A")
    shown = git("-c", "diff.renames=true", "diff", "--cached", "-M")
    assert "→ strategies/atsugi-2/改定 後.yaml" in shown
    assert "移住促進" in shown


@pytest.mark.parametrize("attributes", [None, b"", b"*.docx binary\n", b"*.docx binary"])
@pytest.mark.parametrize("tail", [b"", b"\n", b"[alias]\n\tst = status", "# 日本\r\n".encode()])
def test_uninstall_leaves_no_trace(city, attributes, tail):
    config = city / ".git/config"
    config.write_bytes(config.read_bytes() + tail)
    if attributes is not None:
        (city / ".git/info/attributes").write_bytes(attributes)
    before = settings(city)
    assert main(["git", "install"]) == 0
    installed = settings(city)
    assert main(["git", "install"]) == 0
    assert settings(city) == installed != before
    assert git("config", "diff.strategy.command")
    assert not git("config", "diff.strategy.textconv", check=False)
    assert main(["git", "install", "--textconv"]) == 0
    assert git("config", "diff.strategy.textconv")
    assert "diff: strategy" in git("check-attr", "diff", EDITION)
    assert "diff: unspecified" in git("check-attr", "diff", "strategies/profile.yaml")
    assert main(["git", "uninstall"]) == 0
    assert settings(city) == before
    assert main(["git", "uninstall"]) == 0
    assert settings(city) == before


def test_settings_made_after_it_stay():
    main(["git", "install"])
    git("config", "alias.st", "status")
    main(["git", "uninstall"])
    assert git("config", "alias.st").strip() == "status"
    assert not git("config", "diff.strategy.command", check=False)


def test_without_the_program_git_still_shows_something(monkeypatch):
    monkeypatch.setattr(command.sys, "executable", "/nowhere/python")
    main(["git", "install", "--textconv"])
    edit(EDITION, "title: 魅力ある教育環境の充実", "title: 豊かな教育環境の整備")
    assert "+            title: 豊かな教育環境の整備" in git("diff")
    git("commit", "-q", "-a", "-m", "x")
    assert "+            title: 豊かな教育環境の整備" in git("log", "-p", "-1")


def test_another_folder_and_a_folder_below(city, monkeypatch):
    (city / "計画 書").mkdir()
    git("mv", "strategies", "計画 書/戦略 [1]")
    git("commit", "-q", "-m", "移す")
    monkeypatch.chdir("計画 書")
    assert main(["git", "install", "--root", "戦略 [1]"]) == 0
    path = "戦略 [1]/atsugi-2/2023-10.yaml"
    edit(path, "title: 転入促進", "title: 移住促進")
    assert "に改めます" in git("diff")


def test_worktree_and_bare_repository(city, monkeypatch):
    git("worktree", "add", "-q", "other")
    monkeypatch.chdir("other")
    main(["git", "install"])
    edit(EDITION, "title: 転入促進", "title: 移住促進")
    assert "に改めます" in git("diff")
    main(["git", "uninstall"])
    monkeypatch.chdir(city)
    git("clone", "-q", "--bare", ".", "bare.git")
    monkeypatch.chdir("bare.git")
    assert main(["git", "install", "--textconv"]) == 0
    assert "+「策定の背景」" in git("log", "-p")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["git"], "引数"),
        (["git", "instal"], "もしかして: install"),
        (["git", "install", "--root", "../x"], "リポジトリの中"),
        (["git", "textconv"], "install"),
    ],
)
def test_mistakes_are_told(arguments, words, capsys):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_outside_a_repository(tmp_path, monkeypatch, capsys):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(outside)
    assert main(["git", "install"]) == 2
    assert "リポジトリではありません" in capsys.readouterr().err


def test_the_driver_never_fails(capfd):
    for arguments in ([], ["x.yaml"], ["x", "/dev/null", ".", ".", "/dev/null", ".", "."]):
        assert diff_driver.run(["diff", "strategies", *arguments]) == 0
    capfd.readouterr()
    python = [sys.executable, "-m", "atsugi_cli.cli.diff_driver", "diff", "strategies"]
    sides = ["-x.yaml", EDITION, "0", "100644", EDITION, "0", "100644"]
    run = subprocess.run([*python, *sides], check=False, capture_output=True)
    assert run.returncode == 0
    assert not run.stderr
