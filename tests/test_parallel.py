"""Many files are checked by several processes: what comes out is the same, in the same order."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from atsugi_cli.cli import streams
from atsugi_cli.project import parallel
from atsugi_cli.project.parallel import checked
from atsugi_cli.project.reading import Listener, Project
from atsugi_cli.store import StoreError

TEXT = """\
format: 1
plan: {id: PLAN, title: 計画, municipality: 市, period: {start: 2021, end: 2026}}
edition: {id: "ID", label: 現行, stage: draft}
goals:
  - {id: g, number: 1, title: 目標、。 }
"""


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Folders with a slip each, and one each with what is not as it should be."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parallel, "MANY_FILES", 2)
    for number in range(20):
        folder = tmp_path / f"strategies/p{number:02}"
        folder.mkdir(parents=True)
        for edition in ("2020-03", "2023-10"):
            text = TEXT.replace("PLAN", f"p{number:02}").replace("ID", edition)
            if edition == "2023-10":
                text = text.replace("stage: draft", 'stage: draft, revises: "2020-03"')
            (folder / f"{edition}.yaml").write_text(text, encoding="utf-8")
    root = tmp_path / "strategies"
    (root / "profile.yaml").write_text("format: 1\nera: kanji\n", encoding="utf-8")
    (root / "p01/profile.yaml").write_text("format: 1\nowners: [{name: 課}]\nlevels: 一\n", encoding="utf-8")
    (root / "p02/2020-03.yaml").write_bytes(b"\xff\xfe\x00")
    (root / "p03/notes.yaml").write_text("買うもの: 卵\n", encoding="utf-8")
    (root / "p04/2023-10.yaml").unlink()
    (root / "p04/2023-10.yaml").symlink_to("nowhere")
    (root / "p05/profile.yaml").symlink_to("nowhere")
    return root


class Names(Listener):
    def __init__(self):
        self.names = []

    def counting(self, _label, _total):
        return nullcontext(self.names.append)


@pytest.mark.usefixtures("many")
def test_several_processes_find_the_same():
    names = Names(), Names()
    alone, together = (
        checked(Project("strategies", each), ["strategies"], number) for each, number in zip(names, (1, 2), strict=True)
    )
    assert len(alone.items) > 20
    assert together == alone
    assert [each.rule for each in together.items] == [each.rule for each in alone.items]
    assert names[0].names == names[1].names
    assert {"p01", "p02", "p03", "p04"} <= {each.place.source.split("/")[1] for each in alone.items}


def test_what_stops_one_stops_all(many):
    (many / "p05/2020-03.yaml").write_bytes(b"PK\x03\x04\x00\x00")
    paths = [str(path) for path in many.rglob("*.yaml") if path.exists()]
    messages = []
    for number in (1, 2):
        with pytest.raises(StoreError) as caught:
            checked(Project("strategies"), sorted(paths), number)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


@pytest.mark.usefixtures("many")
def test_a_system_without_semaphores(monkeypatch):
    alone = checked(Project("strategies"), ["strategies"])

    def refuse(*_):
        raise OSError

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", refuse)
    assert checked(Project("strategies"), ["strategies"], 2) == alone


@pytest.mark.usefixtures("many")
def test_embedded_and_for_few_files_there_is_one_process(monkeypatch):
    monkeypatch.setattr(streams, "_ours", False)  # a test before may have run as the program itself
    assert streams.processes() == 1
    monkeypatch.setattr(parallel, "MANY_FILES", 100)
    monkeypatch.setattr(parallel, "_folders", None)
    assert checked(Project("strategies"), ["strategies"], 2).items


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells of the processes that run")
def test_ctrl_c_ends_all_of_them(many):
    text = (many / "p00/2020-03.yaml").read_text(encoding="utf-8")
    for number in range(400):
        folder = many / f"more{number}"
        folder.mkdir()
        (folder / "2020-03.yaml").write_text(text.replace("p00", f"more{number}"), encoding="utf-8")
    command = [sys.executable, "-m", "atsugi_cli", "validate"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and len(children.read_text().split()) < min(2, os.cpu_count()):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")
