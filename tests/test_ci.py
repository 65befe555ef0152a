"""CI as `strategy init` writes it: the steps are run one by one, in a fresh clone, with what they would find there."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from builders import head, put
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from atsugi_cli.cli import init
from atsugi_cli.cli.app import main

TOP = Path(__file__).parent.parent
ACTION = TOP / ".github/actions/strategy/action.yml"
REVISION = "git+https://git.example.jp/kikaku/strategy@" + "0123456789" * 4
PINNED = f"atsugi-cli==1.0.0#sha256={'ab' * 32}"
OLD = head("2026-03", plan="reiji-3", label="現行") + "goals:\n  - {id: g, number: 1, title: 転入促進}\n"
NEW = (
    head("2027-03", plan="reiji-3", label="改定後", revises="2026-03")
    + "goals:\n  - {id: g, number: 1, title: 移住促進}\n"
)
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_CALLS"
case "$*" in *--paginate*) printf '%s' "$GH_FOUND";; esac
"""

posix = pytest.mark.skipif(os.name == "nt", reason="the steps run in bash")


def git(*words, **more):
    return subprocess.run(["git", *words], check=True, capture_output=True, encoding="utf-8", **more).stdout.strip()


def commit(message):
    git("add", "-A")
    git("commit", "-q", "-m", message)


def loaded(path):
    return YAML(typ="safe").load(Path(path).read_text(encoding="utf-8"))


def steps_of(path):
    data = loaded(path)
    return data["runs"]["steps"] if "runs" in data else data["jobs"]["strategy"]["steps"]


@pytest.fixture(autouse=True)
def city(lonely_git, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "企画課")
    git("config", "user.email", "kikaku@example.jp")
    return lonely_git


@pytest.fixture
def run(tmp_path):
    """Run the steps of a workflow as a runner would: in a clone, one shell a step, the next only if it may."""

    def steps(workflow, *, event="pull_request", fork=False, found=""):
        here = tmp_path / "runner"
        for folder in ("bin", "temp"):
            (here / folder).mkdir(parents=True, exist_ok=True)
        (here / "bin/gh").write_text(GH, encoding="utf-8")
        (here / "bin/gh").chmod(0o755)
        environment = os.environ | {
            "PATH": os.pathsep.join([str(here / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "RUNNER_TEMP": str(here / "temp"),
            "GITHUB_STEP_SUMMARY": str(here / "summary.md"),
            "GITHUB_ACTIONS": "true",
            "GH_CALLS": str(here / "calls"),
            "GH_FOUND": found,
            "COMMENTS": "repos/x/y/issues",
            "NUMBER": "7",
            "BASE": "HEAD^1" if event == "pull_request" else "",
        }
        job = loaded(workflow)["jobs"]["strategy"]
        environment |= {name: value for name, value in job["env"].items() if "${{" not in value}
        failed, said = [], {}
        for step in job["steps"]:
            condition = step.get("if", "success()")
            mine = event == "pull_request" and not fork
            if "run" not in step or step["name"] == "道具を入れる":
                continue
            if ("cancelled()" not in condition and failed) or ("pull_request" in condition and not mine):
                continue
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]], check=False, capture_output=True, encoding="utf-8", env=environment
            )
            said[step["name"]] = done.stdout + done.stderr
            if done.returncode:
                failed.append(step["name"])
        calls = (here / "calls").read_text(encoding="utf-8").splitlines() if (here / "calls").exists() else []
        return failed, said, calls, here

    return steps


def branch(name, text=NEW):
    """Make a pull request: a branch with a draft, merged into main as the server does for its check."""
    put("strategies/reiji-3/2026-03.yaml", OLD)
    main(["init", "--ci", "github", "--source", REVISION])
    commit("はじめ")
    git("checkout", "-q", "-b", name)
    if text:
        put("strategies/reiji-3/2027-03.yaml", text)
    put("README.md", "x")
    commit("改定")
    git("checkout", "-q", "--detach", "main")
    git("merge", "-q", "--no-ff", "-m", "check", name)
    git("clone", "-q", ".", "clone")


@posix
@pytest.mark.parametrize("name", ["kaitei", "改定$(touch${IFS}RAN)`touch${IFS}RAN`;touch${IFS}RAN"])
def test_a_pull_request_is_checked_commented_and_packed(name, run, monkeypatch):
    branch(name)
    monkeypatch.chdir("clone")
    failed, said, calls, here = run(".github/workflows/strategy.yml")
    assert failed == [], said
    body = (here / "temp/strategy.md").read_text(encoding="utf-8")
    assert body.startswith("<!-- strategy:revision -->\n")
    assert "検証: " in body
    assert (here / "summary.md").read_text(encoding="utf-8") == body
    assert [call.split()[1:4] for call in calls] == [
        ["--paginate", "repos/x/y/issues/7/comments", "--jq"],
        ["--silent", "--method", "POST"],
    ]
    assert (here / "temp/会議資料/01_新旧対照表.docx").exists()
    assert list(here.parent.rglob("RAN")) == []


@posix
def test_the_comment_that_is_there_is_written_anew(run, monkeypatch):
    branch("kaitei")
    monkeypatch.chdir("clone")
    *_, calls, _ = run(".github/workflows/strategy.yml", found="41\n42\n")
    assert "--method PATCH repos/x/y/issues/comments/41 " in calls[-1]
    assert len(calls) == 2


@posix
def test_where_the_plan_is_not_touched_nothing_is_commented(run, monkeypatch):
    branch("readme", text="")
    monkeypatch.chdir("clone")
    failed, said, calls, _ = run(".github/workflows/strategy.yml")
    assert failed == []
    assert len(calls) == 1
    assert "比べる版がまだない" in said["会議資料"]


@posix
def test_a_fork_may_not_comment_and_a_push_has_nowhere_to(run, monkeypatch):
    branch("kaitei")
    monkeypatch.chdir("clone")
    for more in ({"fork": True}, {"event": "push"}):
        failed, _, calls, here = run(".github/workflows/strategy.yml", **more)
        assert failed == []
        assert calls == []
        assert "検証: " in (here / "summary.md").read_text(encoding="utf-8")


@posix
def test_an_error_fails_the_run_and_is_told_all_the_same(run, monkeypatch):
    branch("kaitei", NEW.replace("stage: draft", "stage: darft"))
    monkeypatch.chdir("clone")
    failed, said, calls, here = run(".github/workflows/strategy.yml")
    assert failed == ["検証"]
    assert "::error file=strategies/reiji-3/2027-03.yaml,line=3," in said["検証"]
    body = (here / "temp/strategy.md").read_text(encoding="utf-8")
    assert "新旧対照表はありません" in body
    assert "strategies/reiji-3/2027-03.yaml:3:" in body
    assert len(calls) == 2


@posix
def test_gitlab_checks_and_packs(city):
    put("strategies/reiji-3/2026-03.yaml", OLD)
    put("strategies/reiji-3/2027-03.yaml", NEW)
    main(["init", "--ci", "gitlab", "--source", PINNED])
    job = loaded(".gitlab-ci.yml")["strategy"]
    environment = os.environ | job["variables"] | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = [line for line in job["script"] if "pip install" not in line]
    assert len(script) == len(job["script"]) - 2
    for line in script:
        subprocess.run(["bash", "-e", "-c", line], check=True, env=environment)
    assert json.loads((city / "gl-code-quality-report.json").read_text(encoding="utf-8")) is not None
    assert (city / "会議資料/index.html").exists()
    assert (city / "strategy.xml").exists()


def test_the_action_and_the_workflow_do_the_same():
    template = YAML(typ="safe").load((init.TEMPLATES / "github.yml").read_text(encoding="utf-8").replace("@@", ""))
    ours, theirs = (
        [(each.get("name"), each["run"]) for each in steps if "run" in each and each["name"] != "道具を入れる"]
        for steps in (template["jobs"]["strategy"]["steps"], steps_of(ACTION))
    )
    assert ours == theirs
    used = {each["uses"] for each in steps_of(ACTION) if "uses" in each}
    assert used <= {each["uses"] for each in template["jobs"]["strategy"]["steps"] if "uses" in each}


def test_nothing_is_taken_on_trust(city):
    main(["init", "--source", REVISION])
    workflow = city / ".github/workflows/strategy.yml"
    for path in (workflow, ACTION, init.TEMPLATES / "gitlab.yml"):
        text = path.read_text(encoding="utf-8")
        assert "|| true" not in text
        used = re.findall(r"^ .*uses: (\S+)", text, re.MULTILINE)
        assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", each) for each in used)
    assert all("${{" not in step.get("run", "") for path in (workflow, ACTION) for step in steps_of(path))
    job = loaded(workflow)["jobs"]["strategy"]
    assert loaded(workflow)["permissions"] == {}
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert job["steps"][0]["with"]["persist-credentials"] is False
    assert "head_ref" not in workflow.read_text(encoding="utf-8")


def test_what_ci_installs_is_pinned(city):
    wheel = "tools/atsugi_cli-1.0.0-py3-none-any.whl"
    put(wheel, "wheel")
    main(["init", "--ci", "none"])
    digest = sha256(b"wheel").hexdigest()
    for source, line in (
        (REVISION, f"atsugi-cli @ {REVISION}"),
        (PINNED, f"atsugi-cli==1.0.0 --hash=sha256:{'ab' * 32}"),
        (wheel, f"./{wheel} --hash=sha256:{digest}"),
    ):
        assert main(["init", "--ci", "github", "--source", source]) == 0
        assert (city / ".strategy/tool.txt").read_text(encoding="utf-8").splitlines()[1:] == [line]
    (city / ".strategy/tool.txt").write_text("# 市のもの\n", encoding="utf-8")
    main(["init", "--ci", "github", "--source", PINNED])
    assert (city / ".strategy/tool.txt").read_text(encoding="utf-8") == "# 市のもの\n"


@pytest.mark.parametrize(
    "source",
    [
        "atsugi-cli",
        "atsugi-cli==1.0.0",
        "git+https://git.example.jp/x@main",
        "git+https://git.example.jp/x@0123abc",
        REVISION.replace("git.example.jp", "user:secret@git.example.jp"),
        "nowhere.whl",
        "../outside.whl",
        "file:///x",
    ],
)
def test_what_may_change_under_its_name_is_refused(source, city, capsys):
    (city.parent / "outside.whl").write_bytes(b"x")
    assert main(["init", "--source", source]) == 2
    assert source in capsys.readouterr().err
    assert [path for path in city.iterdir() if path.name != ".git"] == []


def test_without_a_source_no_name_is_made_up(city, capsys, monkeypatch):
    monkeypatch.setattr(init, "_installed_from", lambda: "")
    assert main(["init"]) == 0
    assert "CIの設定は置いていません" in capsys.readouterr().err
    assert not (city / ".github").exists()
    assert main(["init", "--ci", "github"]) == 2
    assert "入れ方を書いてください" in capsys.readouterr().err
    monkeypatch.setattr(init, "_installed_from", lambda: REVISION)
    assert main(["init", "--ci", "github"]) == 0
    assert REVISION in (city / ".strategy/tool.txt").read_text(encoding="utf-8")


def test_ci_stands_at_the_top_of_the_repository(city, capsys):
    put(".gitlab-ci.yml", "stages: [x]\n")
    for ci in ("github", "gitlab"):
        assert main(["init", f"計画 書/{ci}", "--plan", "reiji-3", "--ci", ci, "--source", REVISION]) == 0
    told = capsys.readouterr().err
    assert ".gitlab-ci.yml はもうあるので、そのままにしました。次の内容を加えてください:" in told
    assert "    ROOT: 計画 書/gitlab/strategies" in told
    assert loaded(".github/workflows/strategy.yml")["jobs"]["strategy"]["env"]["ROOT"] == "計画 書/github/strategies"
    (hook,) = loaded(".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert hook["args"] == ["計画 書/github/strategies", "--root", "計画 書/github/strategies"]
    assert re.search(hook["files"], "計画 書/github/strategies/reiji-3/2026-03.yaml")
    assert not list((city / "計画 書").rglob(".github"))
    assert main(["validate", *hook["args"]]) == 0


def test_papers_are_not_taken_up():
    main(["init"])
    put("会議資料/01_新旧対照表.docx", "x")
    git("add", "-A")
    assert "会議資料" not in git("-c", "core.quotepath=false", "status", "--short")


def test_the_list_of_what_ci_installs_is_whole():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(each for name in ("powerpoint", "pdf", "template") for each in extras[name])]
    lines = (init.TEMPLATES / "requirements.txt").read_text(encoding="utf-8").splitlines()[1:]
    pinned = dict(line.split(" ")[0].split("==") for line in lines)
    assert all("--hash=sha256:" in line for line in lines)
    for each in map(Requirement, [*wanted, "hatchling>=1.24"]):
        assert each.specifier.contains(pinned[each.name.lower().replace(".", "-")]), each


def test_the_release_collects_what_the_program_needs():
    script = (TOP / ".ci/release").read_text(encoding="utf-8")
    release = {"__file__": str(TOP / ".ci/release"), "__name__": "release"}
    exec(compile(script, "release", "exec"), release)  # noqa: S102 - our own
    assert "://" not in script
    extras = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    optional = {each for name, every in extras.items() if name not in ("all", "test", "dev") for each in every}
    assert optional < set(release["needed"]())
    assert shutil.which("bash")
