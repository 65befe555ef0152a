"""A revision from the first file to the check of a pull request, told once as a planner and as CI."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from atsugi_cli import store
from atsugi_cli.cli.app import main

TOP = Path(__file__).parent.parent
CURRENT = "strategies/ebina-3/2026-03.yaml"
DRAFT = "strategies/ebina-3/2028-03.yaml"
HOOKS = YAML(typ="safe").load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
COMMENT_LIMIT = 65_536


def git(*arguments, check=True):
    run = subprocess.run(["git", *arguments], check=check, capture_output=True, encoding="utf-8")
    return run.stdout + run.stderr


def commit(message, author="企画課 山田"):
    git("add", "-A")
    git("commit", "-q", "-m", message, f"--author={author} <x@example.jp>")
    store.close()


def edit(path, *pairs):
    text = Path(path).read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    Path(path).write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def strategy(capsys):
    def run(*arguments, code=0):
        capsys.readouterr()
        assert main(arguments) == code
        return capsys.readouterr()

    return run


@pytest.fixture(autouse=True)
def city(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    git("init", "-q", "-b", "main")
    git("config", "user.name", "企画課")
    git("config", "user.email", "kikaku@example.jp")
    yield tmp_path
    store.close()


@pytest.mark.skipif(shutil.which("sh") is None, reason="git's hooks are shell scripts")
def test_a_revision_from_beginning_to_end(city, strategy, monkeypatch):  # noqa: PLR0915 - one story
    # The planner starts a repository and puts the plan that is in force into it.
    strategy("init", "--city", "海老名市", "--plan", "ebina-3")
    edit(
        CURRENT,
        ("  stage: draft ", "  stage: adopted "),
        ("  # date: 2026-03-31 ", "  date: 2026-03-31 "),
        (
            "            title: （例）まちの魅力の発信\n",
            "            title: （例）まちの魅力の発信\n            body: （例）広報を進めます。\n",
        ),
    )
    strategy("validate", "--fail-on", "note")
    commit("現行の計画")
    strategy("git", "install")

    # The next edition begins without any difference.
    git("switch", "-q", "-c", "revision")
    strategy("new", "2028-03")
    strategy("diff", "--exit-code")
    commit("改定を始める")

    # Titles and KPIs are edited; git itself says so in words.
    edit(
        DRAFT,
        ("title: （例）都市間交流の促進", "title: （例）都市間連携の強化\n            change: {flags: [renamed]}"),
        (
            "target: {year: 2030, value: 300}",
            "target: {year: 2030, value: 450}\n                change: {reason: 実績を踏まえ}",
        ),
    )
    assert "「（例）都市間交流の促進」を「（例）都市間連携の強化」に改めます" in git("diff")
    assert "[名称変更]" in git("diff")
    commit("題名と目標値を見直す", "企画課 佐藤")

    # Two initiatives become one.
    text = Path(DRAFT).read_text(encoding="utf-8")
    start = text.index("          - id: charm\n")
    end = text.index("  # - {id: goal-2")
    kpi = "              - id: charm-kpi\n" + text[start:end].partition("              - id: charm-kpi\n")[2]
    merged = text[:start] + kpi + text[end:]
    merged = merged.replace("- id: city-exchange\n", "- id: city-links\n            from: [city-exchange, charm]\n")
    Path(DRAFT).write_text(merged, encoding="utf-8", newline="\n")
    commit("二つの取組を統合する", "企画課 鈴木")
    strategy("validate")

    # The revision as the meeting sees it, against the edition in force, against main, and against the last commit.
    for arguments in ((), ("main",), ("main..HEAD",)):
        counts = json.loads(strategy("diff", *arguments, "-f", "json").out)["counts"]
        assert counts["item"]["merged"] == 1, arguments
        assert counts["indicator"]["target-raised"] == 1
    changes = json.loads(strategy("diff", "HEAD~1", "-f", "json").out)["changes"]
    assert [change["kind"] for change in changes if change["group"] == "item"] == ["merged"]
    assert "に引き上げます" in strategy("points").out

    # What became of the initiative, from either end.
    forward = strategy("log", "charm").out
    backward = strategy("log", "city-links").out
    for shown in (forward, backward):
        assert "対応: city-exchange、charm → city-links" in shown
        assert "企画課 鈴木　二つの取組を統合する" in shown
        assert "[統合]" in shown
    assert "題名と目標値を見直す" in backward
    assert "「（例）都市間交流の促進」を「（例）都市間連携の強化」に改めます" in backward
    assert "題名と目標値を見直す" not in forward
    assert "300人から450人に引き上げ" in strategy("log", "city-exchange-kpi").out
    assert strategy("log", "（例）都市間連携の強化").out.split("\n")[2:] == backward.split("\n")[2:]
    assert "二つの取組を統合する" in strategy("log").out
    report = json.loads(strategy("log", "charm", "-f", "json").out)
    assert report["events"][-1]["commit"]["author"] == "企画課 鈴木"
    assert report["events"][-1]["lineage"][0]["decided"] == "declared"

    # An edit breaks the file: the hook refuses it, with the line.
    hook = city / ".git/hooks/pre-commit"
    assert HOOKS[0]["pass_filenames"] is False
    hook.write_text(f"#!/bin/sh\nexec {HOOKS[0]['entry']}\n", encoding="utf-8", newline="\n")
    hook.chmod(0o755)
    edit(DRAFT, ("unit: 回\n", "unit： 回\n"))
    git("add", "-A")
    refused = git("commit", "-m", "こわれた版", check=False)
    line = Path(DRAFT).read_text(encoding="utf-8").split("\n").index("                unit： 回") + 1
    assert f"{DRAFT}:{line}:" in refused
    assert "こわれた版" not in git("log")

    # It gets into the pull request all the same; the check puts an annotation on the very line and fails the run.
    git("commit", "-q", "--no-verify", "-m", "こわれた版")
    store.close()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    annotations = re.findall(r"^::error file=(.*?),line=(\d+)", strategy("validate", code=1).out, re.MULTILINE)
    assert annotations == [(DRAFT, str(line))]
    monkeypatch.delenv("GITHUB_ACTIONS")
    strategy("diff", "main", "-f", "comment", code=2)
    body = strategy("validate", "-f", "comment", "--fail-on", "never").out
    assert f"{DRAFT}:{line}:" in body
    found = strategy("validate", "--since", "main", code=1).out
    assert "「こわれた版」から）" in found
    assert found.count("エラー[") == 1

    # The fix: the check is green again, and the comment shows the table.
    edit(DRAFT, ("unit： 回\n", "unit: 回\n"))
    commit("直す")
    strategy("validate")
    body = strategy("diff", "main", "-f", "comment").out
    assert body.startswith("<!-- strategy:revision -->\n")
    body += strategy("validate", "-f", "comment", "--fail-on", "never").out
    assert "統合" in body
    assert "〔" not in body
    assert "検証: 問題はありません。" in body
    assert len(body) < COMMENT_LIMIT
    assert "今は直っています" in strategy("validate", "--since", "main", "--all").out
    strategy("validate", "--since", "main")
    strategy("git", "uninstall")


def test_the_action_is_whole():
    action = YAML(typ="safe").load((TOP / ".github/actions/strategy/action.yml").read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert "run" not in step or step["shell"] == "bash"
        assert "${{" not in step.get("run", "")  # what others write must not become a command
    inputs = set(re.findall(r"inputs\.([\w-]+)", json.dumps(action["runs"])))
    assert inputs == set(action["inputs"])
