"""All editions as of every commit since a revision: which commit brought a finding, and what each commit costs."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from builders import head, put

from atsugi_cli import store
from atsugi_cli.cli.app import main
from atsugi_cli.project import reading
from atsugi_cli.project.commits import checked_since
from atsugi_cli.project.reading import Project

GOOD = head('"1"', label="現行") + "goals:\n  - {id: g, number: 1, title: 目標}\n"
REVISED = GOOD.replace('id: "1"', 'id: "2", revises: "1"').replace("現行", "改定後")
BAD = GOOD.replace("number: 1", "number: 一二")
HALF = GOOD.replace("目標", "ﾓｸﾋｮｳ")
WORSE = BAD.replace("stage: draft", "stage: darft")


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, encoding="utf-8").stdout.strip()


def commit(message, **files):
    for name, text in files.items():
        put(f"strategies/p/{name.removeprefix('e')}.yaml", text)
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", message)
    store.close()
    return git("rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def city(lonely_git, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "企画課")
    git("config", "user.email", "kikaku@example.jp")
    commit("はじめ", e1=GOOD)
    yield lonely_git
    store.close()


def found(rev, *paths):
    """List the errors: file, code, subject of the commit that brought it."""
    findings = checked_since(Project(), paths or ("strategies",), rev)
    listed = []
    for each in findings.items:
        if each.severity == "error":
            subject = re.search(r"「([^」]*)」から(?:、今は直っています)?）$", each.message)
            listed.append((each.place.source, each.rule.code, subject[1] if subject else each.message.split("（")[-1]))
    return listed


def test_what_still_holds_stands_where_it_is_now():
    commit("こわす", e1=WORSE)
    commit("行を足す", e1=f"# 足した行\n{WORSE}")
    findings = checked_since(Project(), ("strategies",), "HEAD~2")
    assert [each.place.line for each in findings.items if each.rule.code == "bad-value"] == [4]
    assert {subject for _, _, subject in found("HEAD~2")} == {"こわす"}
    assert {source for source, _, _ in found("HEAD~2")} == {"strategies/p/1.yaml"}


def test_what_was_put_right_names_the_commit():
    broken = commit("こわす", e1=WORSE)
    commit("直す", e1=GOOD)
    assert all(source == f"{broken[:7]}:strategies/p/1.yaml" for source, _, _ in found("HEAD~2"))
    assert {subject for _, _, subject in found("HEAD~2")} == {"こわす"}
    assert {said for _, _, said in found("HEAD~1")} == {"HEAD~1 より前から、今は直っています）"}
    for rev in ("HEAD~2", "HEAD~1", "HEAD"):
        assert main(["validate", "--since", rev]) == 0
        assert main(["validate", "--since", rev, "--all"]) == 0


def test_only_what_was_brought_and_is_left_fails(capsys):
    commit("こわす", e1=HALF)
    commit("もう一つ", e1=HALF.replace("stage: draft", "stage: darft"))
    assert main(["validate", "--since", "HEAD~1", "-f", "json"]) == 1
    shown = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["code"], each["state"]) for each in shown] == [("bad-value", "new")]
    assert main(["validate", "--since", "HEAD~1", "-f", "json", "--all"]) == 1
    shown = json.loads(capsys.readouterr().out)["findings"]
    assert {each["code"]: each["state"] for each in shown} == {
        "bad-value": "new",
        "no-target": "unchanged",
        "half-width-kana": "unchanged",
    }
    commit("一つ直す", e1=GOOD.replace("stage: draft", "stage: darft"))
    main(["validate", "--since", "HEAD~2", "-f", "sarif", "--all", "--fail-on", "never"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert {each["baselineState"] for each in run["results"]} == {"new", "unchanged", "absent"}
    main(["validate", "--since", "HEAD~2", "-f", "junit", "--all"])
    assert 'failures="1"' in capsys.readouterr().out.splitlines()[1]


def test_what_the_other_side_put_right_meanwhile_is_not_blamed_on_a_branch():
    commit("こわす", e1=WORSE)
    git("checkout", "-q", "-b", "work")
    commit("別のところ", e1=WORSE.replace("title: 計画", "title: 別の計画"))
    git("checkout", "-q", "main")
    commit("直す", e1=GOOD)
    git("checkout", "-q", "work")
    store.close()
    assert main(["validate", "--since", "main"]) == 0


def test_the_index_is_checked_as_the_next_commit_will_hold_it(capsys):
    put("strategies/p/1.yaml", WORSE)
    assert main(["validate", "--cached"]) == 0
    git("add", "-A")
    put("strategies/p/1.yaml", GOOD)
    assert main(["validate"]) == 0
    assert main(["validate", "--cached"]) == 1
    assert "darft" in capsys.readouterr().out
    put("strategies/profile.yaml", "format: 1\nseverities: {bad-value: off}\n")
    assert main(["validate", "--cached"]) == 1
    git("rm", "-q", "-r", "-f", "--cached", "strategies")
    store.close()
    assert main(["validate", "--cached"]) == 2
    assert "インデックス" in capsys.readouterr().err


def test_an_index_in_the_middle_of_a_merge_is_refused(capsys):
    git("checkout", "-q", "-b", "a")
    commit("a", e1=GOOD.replace("目標", "甲"))
    git("checkout", "-q", "main")
    commit("b", e1=GOOD.replace("目標", "乙"))
    subprocess.run(["git", "merge", "a"], check=False, capture_output=True)
    assert main(["validate", "--cached"]) == 2
    assert "統合（merge）の途中です" in capsys.readouterr().err


def test_a_baseline_hides_what_it_knows_and_nothing_else(capsys):
    path = put("strategies/p/1.yaml", HALF)
    assert main(["validate", "--write-baseline", "控え.json"]) == 0
    assert "件の指摘を控えました" in capsys.readouterr().err
    assert main(["validate", "--baseline", "控え.json", "--fail-on", "note"]) == 0
    assert main(["validate", "--baseline", "控え.json", "--all", "--fail-on", "note"]) == 0
    assert capsys.readouterr().out
    put("strategies/p/1.yaml", f"# 足した行\n{HALF}")
    assert main(["validate", "--baseline", "控え.json", "--fail-on", "note"]) == 0
    path.rename("strategies/p/別名.yaml")
    assert main(["validate", "--baseline", "控え.json", "-f", "concise", "--fail-on", "note"]) == 1
    assert re.findall("(?:error|warning|note) (.*?):", capsys.readouterr().out) == ["edition-file-name"]
    Path("strategies/p/別名.yaml").rename(path)
    put("strategies/p/1.yaml", HALF.replace("ﾓｸﾋｮｳ", "ﾓｸﾃｷ"))
    assert main(["validate", "--baseline", "控え.json", "-f", "concise", "--fail-on", "note"]) == 1
    told = capsys.readouterr()
    assert "ﾓｸﾃｷ" in told.out
    assert "今はありません" in told.err


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"baseline": [1]}', "format: 1"])
def test_what_is_no_baseline_is_neither_read_nor_overwritten(text, capsys):
    put("x.json", text)
    assert main(["validate", "--baseline", "x.json"]) == 2
    assert main(["validate", "--write-baseline", "x.json"]) == 2
    assert "控え" in capsys.readouterr().err
    assert Path("x.json").read_text(encoding="utf-8") == text
    assert main(["validate", "--baseline", "nowhere.json"]) == 2
    assert main(["validate", "--write-baseline", "strategies/p/1.yaml"]) == 2


@pytest.mark.parametrize("form", ["github", "gitlab", "sarif", "junit", "concise", "json"])
def test_servers_are_told_the_path_from_the_top(form, city, monkeypatch, capsys):
    put("計画 書/strategies/p/1.yaml", WORSE)
    monkeypatch.chdir("計画 書")
    shown = "%E8%A8%88%E7%94%BB%20%E6%9B%B8" if form == "sarif" else "計画 書"
    for named in ([], ["strategies/p/1.yaml"], [str(city / "計画 書/strategies")], ["./strategies"]):
        assert main(["validate", *named, "-f", form]) == 1
        told = capsys.readouterr().out
        assert f"{shown}/strategies/p/1.yaml" in told
        assert str(city) not in told
    monkeypatch.chdir("strategies/p")
    store.close()
    main(["validate", "../../../strategies/p/1.yaml", "1.yaml", "-f", form])
    assert f"{shown}/strategies/p/1.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--cached", "--since", "HEAD"],
        ["--cached", "--fix"],
        ["--write-baseline", "x.json", "--baseline", "x.json"],
        ["--write-baseline", "x.json", "--since", "HEAD"],
    ],
)
def test_options_that_say_nothing_together_are_refused(words, capsys):
    assert main(["validate", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_what_was_there_before_is_not_blamed_on_anybody():
    commit("こわす", e1=WORSE)
    commit("もう一つ", e1=WORSE.replace("title: 計画", "title: 別の計画"))
    assert {said for _, _, said in found("HEAD~1")} == {"HEAD~1 より前から）"}


def test_an_edit_of_the_revised_edition_can_break_the_revising_one():
    commit("改定", e2=REVISED)
    commit("現行を直す", e1=GOOD + "  - {id: h, number: 2, title: 加えた目標}\n")
    findings = checked_since(Project(), ("strategies",), "HEAD~1")
    blamed = [
        each for each in findings.items if each.place.source == "strategies/p/2.yaml" and "現行を直す" in each.message
    ]
    assert blamed


def test_each_state_is_read_once(monkeypatch):
    for number in range(6):
        commit(f"{number}", e1=GOOD if number % 2 else WORSE)
    commit("ほかのファイル", e2=REVISED)
    count = []
    read = reading.read
    monkeypatch.setattr(reading, "read", lambda *given: count.append(given[1]) or read(*given))
    found(git("rev-list", "--max-parents=0", "HEAD"))
    assert len(count) == 3


def test_dates_and_single_files():
    commit("こわす", e1=WORSE)
    commit("改定", e2=REVISED)
    assert {source for source, _, _ in found("2000-01-01")} == {"strategies/p/1.yaml"}
    assert found("HEAD~2", "strategies/p/2.yaml") == []
    assert found("HEAD~2", "strategies/p/1.yaml", "strategies/p/2.yaml")
    assert found("2090-01-01") == []


def test_the_report_for_github_points_into_the_file(capsys):
    commit("こわす", e1=WORSE)
    assert main(["validate", "--since", "HEAD~1", "-f", "github"]) == 1
    assert "::error file=strategies/p/1.yaml,line=3," in capsys.readouterr().out


@pytest.mark.parametrize(
    "rev", ["--upload-pack=touch x", "-x", "a\nb", "日本 語'\"", "nowhere", "HEAD:strategies", "HEAD..HEAD"]
)
def test_what_is_no_revision_is_told(rev, capsys, city):
    before = sorted(city.iterdir())
    assert main(["validate", "--since", rev]) == 2
    told = capsys.readouterr().err
    assert told.startswith("strategy: ")
    assert told.count("\n") <= 2
    assert sorted(city.iterdir()) == before


def test_outside_git(tmp_path, monkeypatch, capsys):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    (outside / "strategies/p").mkdir(parents=True)
    (outside / "strategies/p/1.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(outside)
    assert main(["validate", "--since", "HEAD"]) == 2
    assert "リポジトリではありません" in capsys.readouterr().err
    monkeypatch.setenv("PATH", "")
    assert main(["validate", "--since", "HEAD"]) == 2
    assert "gitが見つかりません" in capsys.readouterr().err


def test_in_a_bare_repository(city, monkeypatch, capsys):
    commit("こわす", e1=WORSE)
    git("clone", "-q", "--bare", ".", "bare.git")
    monkeypatch.chdir(city / "bare.git")
    assert main(["validate", "--since", "HEAD~1"]) == 1
    assert "こわす" in capsys.readouterr().out
    assert main(["log", "g"]) == 0


def test_in_a_folder_below_and_a_worktree(city, monkeypatch):
    commit("こわす", e1=WORSE)
    monkeypatch.chdir(city / "strategies")
    store.close()
    assert {source for source, _, _ in found("HEAD~1", "p")} == {"p/1.yaml"}
    git("worktree", "add", "-q", str(city / "other"))
    monkeypatch.chdir(city / "other")
    store.close()
    assert {source for source, _, _ in found("HEAD~1")} == {"strategies/p/1.yaml"}


def test_each_commit_is_checked_with_its_own_profile():
    profile = "format: 1\ncity: 市\nowners: [{name: 企画課}]\n"
    owned = GOOD.replace("title: 目標}", "title: 目標, owners: [財政課]}")
    Path("strategies/profile.yaml").write_text("format: 1\nera: kanji\n", encoding="utf-8")
    commit("所管", e1=owned)
    Path("strategies/profile.yaml").write_text(profile, encoding="utf-8")
    commit("設定")
    Path("strategies/profile.yaml").write_text(profile.replace("企画課", "財政課"), encoding="utf-8")
    commit("直す")
    findings = checked_since(Project(), ("strategies",), "HEAD~3")
    repaired = {}
    for each in findings.items:
        _, _, path = each.place.source.partition(":")
        if path:
            repaired[path, each.rule.code] = re.search("「(..)」から、今は直っています）$", each.message)[1]
    assert repaired == {
        ("strategies/p/1.yaml", "unknown-owner"): "設定",
        ("strategies/profile.yaml", "bad-value"): "所管",
    }


def test_a_range_is_refused_with_its_beginning(capsys):
    commit("一", e1=GOOD)
    commit("二", e1=HALF)
    assert main(["validate", "--since", "HEAD~1..HEAD"]) == 2
    assert "--since には、範囲ではなく初めのコミットを書きます（--since HEAD~1）。" in capsys.readouterr().err
