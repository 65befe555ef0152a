"""Pages and drawings in a real browser.

Needs node, Chromium and, in the folder that STRATEGY_BROWSER names, the npm packages axe-core and playwright-core.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from editions import TESTS, read
from papers import REVISION
from plans import crowded, stepped

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.formats import overview, svg
from atsugi_cli.formats.html import write
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.layout.kpis import compared
from atsugi_cli.layout.overview import overview as laid_out
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE

MODULES = os.environ.get("STRATEGY_BROWSER", "")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
SCRIPTS = TESTS / "browser"
PLANS = TESTS.parent / "strategies" / "atsugi-2"
STAGES = ("2021-03", "2024-06", "2024-12")

pytestmark = pytest.mark.skipif(
    not (MODULES and CHROMIUM and shutil.which("node") and Path(MODULES, "node_modules", "playwright-core").is_dir()),
    reason="node, Chromium or the folder STRATEGY_BROWSER with axe-core and playwright-core is missing",
)


def run(script, *files):
    return subprocess.run(
        ["node", SCRIPTS / script, MODULES, *files],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "CHROMIUM": CHROMIUM},
        timeout=240,
    )


REIJI, SHIHYO = (TESTS / "cities" / name / "strategies" for name in ("reiji", "shihyo"))
COMMANDS = {
    "miekeshi": (REIJI, "diff", "reiji-3", "--layout", "miekeshi"),
    "stages": (TESTS / "stages", "diff", *(str(TESTS / "stages" / f"{each}.yaml") for each in STAGES)),
    "results": (SHIHYO, "kpis", "--results"),
    "briefing": (PLANS.parent, "briefing", "atsugi-2"),
    "opinions": (TESTS / "opinions", "opinions", str(TESTS / "opinions")),
    "crosswalk": (PLANS.parent, "crosswalk", "atsugi-1/2020-04", "atsugi-2/2020-03"),
    "log": (PLANS.parent, "log", "city-links"),
    "explain": (None, "explain", "-f", "html"),
}
"""Pages of other commands: name → root and command."""


@pytest.fixture(scope="module")
def shipped():
    return compare(read(PLANS / "2020-03.yaml"), read(PLANS / "2023-10.yaml"))


def test_pages_are_accessible_and_ask_for_nothing(tmp_path, shipped):
    pages = {
        "diff": write(comparison(shipped, DEFAULT_PROFILE), Options()),
        "tree": svg.page(diagram(shipped.new, DEFAULT_PROFILE, shipped), Options()),
        "papers": write(REVISION, Options()),
        "points": write(points(shipped, DEFAULT_PROFILE), Options()),
        "kpis": write(compared(shipped, DEFAULT_PROFILE), Options()),
        "overview": overview.page(laid_out(shipped, DEFAULT_PROFILE), Options()),
    }
    files = []
    for name, (root, *command) in COMMANDS.items():
        files.append(tmp_path / f"{name}.html")
        assert main([*command, *(["--root", str(root)] if root else []), "-o", str(files[-1])]) == 0
    assert main(["pack", "atsugi-2", "--root", str(PLANS.parent), "-o", str(tmp_path / "set")]) == 0
    files.append(tmp_path / "set" / "index.html")
    for name, text in pages.items():
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(text, encoding="utf-8", newline="\n")
    done = run("axe.mjs", *files[:2], "--once", *files[2:])
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_drawings_cut_and_cover_nothing(tmp_path):
    files = []
    for name, (_, new, revision) in {"stepped": stepped(), "crowded": crowded()}.items():
        files.append(tmp_path / f"{name}.svg")
        files[-1].write_text(
            svg.write(diagram(new, DEFAULT_PROFILE, revision), Options()), encoding="utf-8", newline="\n"
        )
    done = run("drawing.mjs", *files)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_reader_filters_moves_opens_and_follows_links(tmp_path, shipped):
    path = tmp_path / "diff.html"
    path.write_text(write(comparison(shipped, DEFAULT_PROFILE), Options()), encoding="utf-8", newline="\n")
    done = run("comparison.mjs", path)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    start = seen["start"]
    assert (start["status"], start["changed"], start["columns"]) == ("変更のある11行を表示", 11, 3)
    assert seen["next"]["status"] == "11行のうち1行目の変更"
    assert seen["next"]["hash"] == f"#{seen['next']['focus']}" != "#"
    assert seen["previous"]["status"] == "11行のうち10行目の変更"
    assert seen["keys off"]["status"] == seen["previous"]["status"]
    assert seen["only"]["changed"] == 11
    assert "【具体的な施策・主な取組】" in seen["only"]["rows"]
    assert "jobs" in start["rows"]
    assert "jobs" not in seen["only"]["rows"]
    assert seen["without added"]["status"] == "変更のある11行のうち8行を表示（変更箇所のみ）"
    assert "outflow/living-area" not in seen["without added"]["rows"]
    assert "birthrate/education" not in seen["without added"]["rows"]
    assert seen["inline"]["rows"] == start["rows"]
    assert (seen["inline"]["old"], seen["inline"]["columns"], seen["inline"]["overflow"]) == (False, 2, False)
    assert len(seen["opened"]["rows"]) > len(start["rows"])
    assert seen["hidden"] not in start["rows"]
    assert seen["hidden"] in seen["linked"]["rows"]
