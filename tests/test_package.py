"""The package: what is published installs and runs away from the repository, and holds what its tests need."""

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from atsugi_cli import __version__

HOME = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("build", "hatchling", "pip")),
    reason="build, hatchling or pip is missing",
)


def run(*words, **more):
    return subprocess.run(
        [sys.executable, *words], check=True, capture_output=True, encoding="utf-8", timeout=120, **more
    ).stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Build the source archive from the repository, and the wheel from the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--no-isolation", "--outdir", str(folder), str(HOME), cwd=folder)
    return folder


def test_the_source_archive_holds_what_is_kept_in_git(published):
    git = subprocess.run(["git", "-C", HOME, "ls-files", "-z"], check=False, capture_output=True, encoding="utf-8")
    if git.returncode:
        pytest.skip("not a git repository")
    with tarfile.open(published / f"atsugi_cli-{__version__}.tar.gz") as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    kept = {name for name in git.stdout.split("\0") if name and (HOME / name).exists()}
    assert kept - held == set()
    assert not [name for name in held if "__pycache__" in name or name.endswith(".pyc")]


def test_the_wheel_installs_and_runs_elsewhere(published, tmp_path):
    wheel = published / f"atsugi_cli-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {"atsugi_cli/py.typed", "atsugi_cli/formats/assets/page.css", "atsugi_cli/formats/assets/page.js"} <= set(
        names
    )
    assert {f"atsugi_cli/formats/assets/docx/{each}" for each in ("_rels/.rels", "[Content_Types].xml")} <= set(names)
    assert {name.partition("/")[0] for name in names} == {"atsugi_cli", f"atsugi_cli-{__version__}.dist-info"}
    site = tmp_path / "site"
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target", str(site), str(wheel))
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    elsewhere = {"cwd": tmp_path, "env": environment}
    home = run("-c", "import atsugi_cli; print(atsugi_cli.__file__)", **elsewhere).strip()
    assert Path(home).is_relative_to(site)
    assert "都市間〔連携の強化〕" in run("-m", "atsugi_cli", "diff", "atsugi-2", **elsewhere)
    assert run("-m", "atsugi_cli", "--version", **elsewhere) == f"strategy {__version__}\n"
    run("-m", "atsugi_cli", "init", "見本", "--example", **elsewhere)
    assert run("-m", "atsugi_cli", "validate", "--fail-on", "error", cwd=tmp_path / "見本", env=environment) is not None
    for paper in ("対照表.html", "対照表.docx"):
        run("-m", "atsugi_cli", "diff", "atsugi-2", "-o", paper, **elsewhere)
        assert (tmp_path / paper).stat().st_size > 0
    assert '"$id"' in run("-m", "atsugi_cli", "schema", "profile", **elsewhere)
    assert run("-m", "atsugi_cli", "explain", "docx", **elsewhere).startswith("# Word")
