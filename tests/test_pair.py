"""Which two editions a command compares, in a repository with a history."""

import subprocess
from pathlib import Path

import pytest
from builders import head, put

from atsugi_cli import store
from atsugi_cli.cli.app import main
from atsugi_cli.cli.output import opened
from atsugi_cli.compare import compare
from atsugi_cli.project.editions import pair
from atsugi_cli.project.reading import Project, UnreadableError
from atsugi_cli.store import StoreError


def write(path, title, *, date="2020-03-31", revises=""):
    place = Path(path)
    opening = head(place.stem, plan=place.parent.name, label="版", date=date, revises=revises)
    put(place, f"{opening}goals:\n  - {{id: g, number: 1, title: {title}}}\n")


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, encoding="utf-8").stdout.strip()


def commit(message):
    git("add", "-A")
    git("commit", "-q", "-m", message)


@pytest.fixture(autouse=True)
def city(lonely_git):
    git("init", "-q", "-b", "main")
    git("config", "user.name", "企画課")
    git("config", "user.email", "kikaku@example.jp")
    write("strategies/p/2020.yaml", "一")
    commit("現行")
    git("switch", "-q", "-c", "work")
    write("strategies/p/2023.yaml", "二", date="2023-10-01", revises="2020")
    commit("改定案")
    write("strategies/p/2023.yaml", "三", date="2023-09-01", revises="2020")
    commit("直し")
    write("strategies/p/2023.yaml", "四", date="2023-09-01", revises="2020")
    yield lonely_git
    store.close()


def titles(old="", new=""):
    project = opened("strategies")
    return tuple(project.strategy(blob).root.children[0].title for blob in pair(project, old, new))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ("一", "四")),
        (("2023",), ("一", "四")),
        (("strategies/p",), ("一", "四")),
        (("HEAD",), ("三", "四")),
        (("HEAD~1",), ("二", "四")),
        (("main",), ("一", "四")),  # the edition was added since: what it revises, as it was there
        (("main", "2023"), ("一", "四")),
        (("2023", "HEAD"), ("四", "三")),
        (("HEAD~1", "HEAD"), ("二", "三")),
        (("HEAD~1..HEAD",), ("二", "三")),
        (("HEAD~1..",), ("二", "三")),
        (("main..HEAD",), ("一", "三")),
        (("main...HEAD",), ("一", "三")),
        (("HEAD:strategies/p/2023.yaml",), ("一", "三")),
        (("HEAD:2023", "2023"), ("三", "四")),
        (("main:strategies/p", "HEAD:strategies/p"), ("一", "三")),
    ],
)
def test_sides(arguments, expected):
    assert titles(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("main..nowhere",), "nowhere"),
        (("2020",), "最初の版"),
        (("maim",), "maim"),
        (("--upload-pack=touch x",), "--upload-pack"),
        (("-x",), "-x"),
        (("a\nb",), "a"),
        (("日本 語'\"",), "日本"),
        (("--output=x..HEAD",), "--output=x"),
        (("HEAD", "--output=x"), "--output=x"),
    ],
)
def test_what_cannot_be_compared_is_told(arguments, words, tmp_path):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreError, match=words):
        titles(*arguments)
    assert sorted(tmp_path.iterdir()) == before


def test_an_earlier_date_in_the_same_edition_does_not_turn_the_comparison_round():
    project = Project()
    old, new = map(project.strategy, pair(project, "HEAD~1", ""))
    assert old.edition.date > new.edition.date
    change = next(compare(old, new).changes())
    assert (change.old[0].title, change.new[0].title) == ("二", "四")


def test_of_several_plans_the_one_that_changed_is_compared(capsys):
    write("strategies/q/2030.yaml", "甲", date="2030-01-01")
    commit("別の計画")
    assert titles("HEAD~1..HEAD") == ("三", "四")  # the new plan has nothing to be compared with
    write("strategies/p/2023.yaml", "五", date="2023-09-01", revises="2020")
    assert titles("HEAD") == ("四", "五")
    assert capsys.readouterr().err == ""
    write("strategies/q/2030.yaml", "乙", date="2030-01-01")
    assert titles("HEAD") == ("甲", "乙")
    assert "strategies/p/2023.yaml" in capsys.readouterr().err


def test_a_revision_reads_the_plan_from_a_folder_below(monkeypatch):
    monkeypatch.chdir("strategies")
    project = Project(".")
    old, new = pair(project, "HEAD", "p/2023.yaml")
    assert (old.name, new.name) == ("HEAD:p/2023.yaml", "p/2023.yaml")


def test_one_process_a_run(monkeypatch):
    started = []
    start = store.git._start

    def counted(command, folder, **named):
        started.append(command)
        return start(command, folder, **named)

    monkeypatch.setattr(store.git, "_start", counted)
    titles("main")
    titles("HEAD~1..HEAD")
    assert len([command for command in started if "cat-file" in command]) == 1


def test_a_tree_since_before_its_edition_shows_what_the_edition_changes(capsys):
    assert main(["tree", "2023", "--since", "main"]) == 0  # on main there is only the edition of 2020
    assert "四" in (since := capsys.readouterr().out)
    assert main(["tree", "2023", "--since", "2020"]) == 0
    assert capsys.readouterr().out == since
    assert main(["tree", "2023", "--since", "2O20"]) == 2
    assert "2O20 という版もファイルもありません" in capsys.readouterr().err


def test_trees_are_listed_with_their_blobs():
    repository = store.repository(".")
    found = repository.tree("HEAD", "strategies")
    assert [path for path, _ in found] == ["strategies/p/2020.yaml", "strategies/p/2023.yaml"]
    assert "三".encode() in repository.blob(found[1][1])
    assert repository.tree("HEAD", "nowhere") == repository.tree("--x", "strategies") == ()


def test_commits_know_what_was_there_before():
    commits = store.repository(".").commits("strategies")
    assert [len(each.before) for each in commits] == [1, 1, 1]
    assert commits[0].before == ((commits[1].files[0][1],),)
    assert commits[1].before == commits[2].before == ((None,),)


def test_shallow_clones_bare_repositories_and_folders_without_git_are_told(tmp_path, monkeypatch):
    git("clone", "-q", "--depth", "1", f"file://{tmp_path}", "shallow")
    monkeypatch.chdir("shallow")
    with pytest.raises(StoreError, match="fetch-depth: 0"):
        titles("HEAD~1")
    monkeypatch.chdir(tmp_path)
    git("clone", "-q", "--bare", ".", "bare.git")
    monkeypatch.chdir("bare.git")
    assert titles("HEAD~1..HEAD") == ("二", "三")
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path / "strategies")
    with pytest.raises(StoreError, match="gitが見つかりません"):
        titles("HEAD")


def test_a_broken_newest_edition_is_told_and_not_passed_over():
    Path("strategies/p/2023.yaml").write_text("x: [", encoding="utf-8")
    with pytest.raises(UnreadableError):
        titles()
    with pytest.raises(UnreadableError):
        titles("HEAD")
    Path("strategies/p/zz.yaml").write_text("ほか: のファイル\n", encoding="utf-8")
    with pytest.raises(UnreadableError):
        titles()


@pytest.mark.parametrize("words", [["diff"], ["tree"], ["kpis"], ["points"], ["log"]], ids=" ".join)
def test_papers_say_once_that_the_profile_has_slips(words, capsys):
    assert main(words) == 0
    before = capsys.readouterr().err
    Path("strategies/profile.yaml").write_text("city: 市\ntables: {}\n", encoding="utf-8")
    assert main(words) == 0
    said = capsys.readouterr().err.removeprefix(before)
    assert said.count("strategies/profile.yaml に誤りがあり") == 1
