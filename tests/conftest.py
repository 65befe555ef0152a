import json
import os

import pytest
from hypothesis import settings
from printed import Watch

os.environ.pop("COLUMNS", None)  # of who runs them, or of pytest-xdist
settings.register_profile("ours", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("ours")


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite the golden files with what the program gives now")


@pytest.fixture(autouse=True)
def watch(monkeypatch):
    """Hold every JSON document that the program writes, in any test, to its schema."""
    watch = Watch()
    monkeypatch.setattr(json, "dumps", watch)
    yield watch
    assert watch.found == []


@pytest.fixture
def golden(request):
    """Compare a text with a golden file; with --accept, write the file instead."""

    def check(path, text):
        if request.config.getoption("--accept"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path} is missing: run pytest --accept and read what it writes"
        assert text == path.read_text(encoding="utf-8")

    return check


@pytest.fixture
def lonely_git(tmp_path, monkeypatch):
    """Work in an empty folder with a git that knows none of the machine's settings and looks no further up."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path
