"""What became of an item: over editions, commits, branches, renamed files and broken states."""

import json
import subprocess
from pathlib import Path

import pytest
from builders import head, put

from atsugi_cli import store
from atsugi_cli.cli import options
from atsugi_cli.cli.app import main
from atsugi_cli.layout.history import history
from atsugi_cli.layout.log import editions_of
from atsugi_cli.project.reading import Project
from atsugi_cli.project.states import past

GOAL = """\
goals:
  - id: g
    number: 1
    title: 目標
    policies:
"""
ITEM = "      - {{id: {id}, number: {number}, title: {title}{more}}}\n"


def write(edition, *items, revises="", plan="p"):
    """Write an edition; an item is "id title", or "id title, more"."""
    text = head(edition, plan=plan, label="版", date="2020-01-01", revises=revises) + GOAL
    for number, item in enumerate(items, start=1):
        name, _, rest = item.partition(" ")
        title, comma, more = rest.partition(",")
        text += ITEM.format(id=name, number=number, title=title, more=comma + more)
    put(f"strategies/{plan}/{edition}.yaml", text)


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, encoding="utf-8").stdout


def commit(message):
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", message)
    store.close()


@pytest.fixture(autouse=True)
def city(lonely_git):
    git("init", "-q", "-b", "main")
    git("config", "user.name", "企画課")
    git("config", "user.email", "kikaku@example.jp")
    yield lonely_git
    store.close()


def told(item, plan="p"):
    """List the events: the commit's subject, the ids, the kinds of change."""
    found = history(past(Project()).of(plan), item)
    return [
        (
            event.step.moment.subject or "作業中",
            f"{','.join(event.before)}→{','.join(event.after)}",
            ",".join(change.kind.code for change, _ in event.changes),
        )
        for event in found.events
    ]


def test_an_item_is_followed_through_edits_and_editions():
    write("1", "a 観光の推進", "b 雇用の創出")
    commit("最初")
    write("1", "a 観光の振興と交流の推進", "b 雇用の創出")
    commit("直し")
    write("2", "c 交流人口の拡大,from: a", "b 雇用の創出", revises="1")
    commit("改定")
    write("2", "c 関係人口の拡大,from: a", "b 雇用の創出", revises="1")
    expected = [
        ("最初", "→a", ""),
        ("直し", "a→a", "renamed"),
        ("改定", "a→c", "renamed"),
        ("作業中", "c→c", "renamed"),
    ]
    assert told("a") == told("c") == expected
    assert told("b") == [("最初", "→b", ""), ("改定", "b→b", "")]


def test_a_merger_is_seen_from_all_sides_but_leads_no_further():
    write("1", "a 観光の推進", "b 雇用の創出", "x 防災の強化")
    commit("最初")
    write("1", "a 観光の推進", "b 雇用と起業の支援", "x 防災の強化")
    commit("直し")
    write("2", "c 産業と観光のまちづくり,from: [a, b]", "x 防災の強化", revises="1")
    commit("統合")
    assert told("a") == [("最初", "→a", ""), ("統合", "a→c", "merged")]
    assert told("c") == [("最初", "→a,b", ""), ("直し", "a,b→a,b", "renamed"), ("統合", "a,b→c", "merged")]
    write("3", "d 産業,from: c", "e 観光,from: c", "x 防災の強化", revises="2")
    commit("分割")
    assert told("a")[-1] == ("分割", "c→d,e", "split")
    assert told("d")[0] == ("最初", "→a,b", "")
    assert told("d")[-1] == ("分割", "c→d", "split")


def test_likeness_is_marked(capsys):
    write("1", "a 子育て世代への切れ目のない支援の充実", "b 雇用の創出")
    commit("最初")
    write("2", "z 子育て世代への切れ目のない支援の強化", "b 雇用の創出", revises="1")
    commit("改定")
    assert told("a")[-1][:2] == ("改定", "a→z")
    assert main(["log", "z"]) == 0
    assert "対応: a → z（推定、確度" in capsys.readouterr().out


def test_what_is_gone_stays_known():
    write("1", "a 観光の推進", "b 雇用の創出")
    commit("最初")
    write("1", "b 雇用の創出")
    commit("廃止")
    assert told("a") == [("最初", "→a", ""), ("廃止", "a→", "removed")]
    write("1", "b 雇用の創出", "a 観光の推進")
    commit("復活")
    assert told("a")[-1] == ("復活", "→a", "added")


def test_branches_are_compared_with_their_own_parent():
    rest = [f"x{number} その他{number}" for number in range(5)]
    write("1", "a 甲の推進", *rest, "b 乙の創出")
    commit("最初")
    git("switch", "-q", "-c", "side")
    write("1", "a 甲の推進", *rest, "b 丙の振興")
    commit("枝")
    git("switch", "-q", "main")
    write("1", "a 丁の強化", *rest, "b 乙の創出")
    commit("幹")
    git("merge", "-q", "-m", "合流", "side")
    assert told("a") == [("最初", "→a", ""), ("幹", "a→a", "renamed")]
    assert told("b") == [("最初", "→b", ""), ("枝", "b→b", "renamed")]


def test_a_renamed_file_is_the_same_edition():
    write("1", "a 観光の推進")
    commit("最初")
    git("mv", "strategies/p/1.yaml", "strategies/p/現行.yaml")
    commit("改名")
    assert told("a") == [("最初", "→a", "")]


def test_states_that_cannot_be_read_are_passed_over(capsys):
    write("1", "a 観光の推進")
    commit("最初")
    good = Path("strategies/p/1.yaml").read_text(encoding="utf-8")
    Path("strategies/p/1.yaml").write_text(good + "x: [\n", encoding="utf-8")
    commit("こわれた版")
    write("1", "a 観光の振興")
    commit("直し")
    assert told("a") == [("最初", "→a", ""), ("直し", "a→a", "renamed")]
    main(["log", "a"])
    assert "読めない状態が1件" in capsys.readouterr().out


def test_each_blob_is_read_once(monkeypatch):
    titles = ["甲の推進", "乙の推進", "甲の推進", "乙の推進"]
    for number, title in enumerate(titles):
        write("1", f"a {title}")
        commit(f"{number}")
    count = []
    read = Project.read
    monkeypatch.setattr(Project, "read", lambda self, blob: count.append(blob) or read(self, blob))
    assert len(told("a")) == len(titles)
    assert len(count) == 2


def test_without_git_there_are_the_editions(capsys, monkeypatch):
    write("1", "a 観光の推進")
    write("2", "a 観光の振興", revises="1")
    monkeypatch.setenv("PATH", "")
    assert main(["log", "a"]) == 0
    shown = capsys.readouterr().out
    assert "「観光の推進」を「観光の振興」に改めます" in shown
    assert "gitの履歴は見ていません" in shown


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_format_tells_it(form, capsys):
    write("1", "a 観光の推進")
    commit("<b>最初</b>")
    write("2", "a 観光の振興", revises="1")
    commit("改定")
    assert main(["log", "a", "-f", form]) == 0
    shown = capsys.readouterr().out
    assert "観光の振興" in shown
    assert "改定" in shown
    assert form == "text" or "<b>最初</b>" not in shown
    assert main(["log", "-f", form]) == 0
    assert "名称変更 1" in capsys.readouterr().out


def test_json_is_one_document(capsys):
    write("1", "a 観光の推進")
    commit("最初")
    write("2", "a 観光の振興", revises="1")
    assert main(["log", "a", "-f", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["item"] == {"id": "a", "title": "観光の振興"}
    assert [event["commit"] and event["commit"]["subject"] for event in report["events"]] == ["最初", None]
    assert report["events"][1]["changes"][0]["kind"] == "renamed"
    assert main(["log", "-f", "json"]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [step["counts"]["item"] for step in steps] == [{}, {"renamed": 1}]


def test_items_of_several_plans(capsys):
    write("1", "a 観光の推進")
    write("9", "a 観光の推進", "only 一つだけ", plan="q")
    commit("最初")
    assert main(["log", "a"]) == 2
    assert "--plan で指定してください: p、q" in capsys.readouterr().err
    assert main(["log", "a", "--plan", "q"]) == 0
    assert main(["log", "only"]) == 0
    assert main(["log", "only", "--plan", "p"]) == 2
    assert main(["log", "a", "--plan", "r"]) == 2
    assert main(["log", "--plan", "p"]) == 0


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("kankoo", "もしかして: kanko"),
        ("観光", "もしかして: 観光の推進"),
        ("--upload-pack=x", "--upload-pack"),
        ("a\nb", "どの版にもありません"),
    ],
)
def test_an_item_that_is_nowhere(item, words, capsys):
    write("1", "kanko 観光の推進")
    commit("最初")
    assert main(["log", item]) == 2
    assert words in capsys.readouterr().err


def test_a_title_is_as_good_as_an_id(capsys):
    write("1", "a 観光の推進", "b 同じ題名", "c 同じ題名")
    commit("最初")
    assert main(["log", "観光の推進"]) == 0
    assert main(["log", "同じ題名"]) == 2
    assert "b、c" in capsys.readouterr().err.replace("c、b", "b、c")


def test_nothing_to_look_at(capsys):
    assert main(["log"]) == 2
    assert "版（*.yaml）がありません" in capsys.readouterr().err


def test_a_shallow_clone_says_so(city, capsys, monkeypatch):
    write("1", "a 観光の推進")
    commit("最初")
    write("1", "a 観光の振興")
    commit("直し")
    git("clone", "-q", "--depth", "1", f"file://{city}", "clone")
    monkeypatch.chdir("clone")
    assert main(["log", "a"]) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err
    assert main(["log", "a", "--shallow-ok"]) == 0
    assert "fetch-depth: 0" in capsys.readouterr().out


def test_editions_stand_in_their_chain():
    write("2", "a 観光の振興", revises="1")
    write("1", "a 観光の推進")
    write("3", "a 観光の強化", revises="2")
    assert list(editions_of(past(Project()).of("p"))) == ["1", "2", "3"]


def test_ids_are_completed():
    write("1", "kanko 観光の推進")
    assert options.items("k") == ["kanko"]
    assert options.items("zz") == []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("strategy log ka", ["kanko"]),
        ("strategy log -f m", ["markdown"]),
        ("strategy git un", ["uninstall"]),
        ("strategy new --from 1", ["1"]),
        ("strategy in", ["init"]),
    ],
)
def test_the_shell_completes_commands_formats_editions_and_items(words, offered, monkeypatch, capsys):
    write("1", "kanko 観光の推進")
    monkeypatch.setenv("_STRATEGY_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    assert main([]) == 0
    assert capsys.readouterr().out.split() == offered
