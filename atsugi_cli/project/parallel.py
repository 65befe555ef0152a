"""Parallel: check what is named, the folders of many files in several processes; the results come in order."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from atsugi_cli.findings import Findings, in_order
from atsugi_cli.project.checking import Checked, Checking, Selection, selected
from atsugi_cli.project.reading import Project

MANY_FILES: Final = 200
"""From so many files on other processes pay. On two cores 1,200 files of 8 kB take 3.2 s instead of 5.4, 200 take 0.9
instead of 1.1, 100 as long either way: two processes cost 0.5 s of processor time before they have read anything.
"""
CHUNKS: Final = 8
"""Parts of the work that each process gets: one that has large plans shall not be the last by much."""

_checking: Checking
"""Of a process of the pool."""


def checked(
    project: Project, paths: Sequence[str], processes: int = 1, *, whole: bool = False, beside: Sequence[str] = ()
) -> Findings:
    """Check files and folders in one go: each edition against the one it revises, and each folder as a chain.

    A file of a folder that cannot be read is a finding, and the others are checked. Of each folder only the findings
    stay in memory, with the texts that they show. `whole` asks for what stands in older editions, too; `beside` names
    editions of other plans that are to agree. With several
    `processes`, of many files: what calls this from a script of its own must then stand behind
    `if __name__ == "__main__"`.
    """
    from atsugi_cli.rules import CATALOGUE

    selection = selected(paths, whole=whole, beside=beside)
    folders = selection.folders
    checking = Checking(project, selection)
    apart = min(processes, len(folders)) > 1 and len(checking.names) >= MANY_FILES and "" not in folders
    with project.listener.counting("検証中", len(checking.names)) as step:
        if not apart:
            found = list(checking.everything(step))
        else:
            found = list(checking.profiles(step))
            results = _folders(project.root, selection, processes)
            for files, (new, texts) in zip(folders.values(), results, strict=True):
                found += new
                checking.texts |= {name: text for name, text in texts.items() if not checking.texts.get(name)}
                for path in files:
                    step(path)
    return Findings(in_order(found), tuple(checking.texts.items()), len(checking.names), rules=CATALOGUE.entries)


def _folders(root: str, selection: Selection, processes: int) -> Iterator[Checked]:
    """Check each folder of a selection; leave no process behind, however it ends."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    folders = selection.folders
    others = set(active_children())
    size = max(1, len(folders) // (processes * CHUNKS))
    try:  # spawned on every system: a fork would share the pipes of the running git
        executor = ProcessPoolExecutor(processes, get_context("spawn"), _begin_deaf, (root, selection))
    except (ImportError, NotImplementedError, OSError):  # a system without semaphores, or without room for them
        _begin(root, selection)
        yield from map(_folder, folders, folders.values())
        return
    try:
        with _deaf():
            results = executor.map(_folder, folders, folders.values(), chunksize=size)
        yield from results
    except BaseException:
        for each in set(active_children()) - others:
            each.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes start that do not hear Ctrl+C: this one hears it, if late, and ends them without a traceback."""
    if sys.platform == "win32":
        yield
        return
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _begin_deaf(root: str, selection: Selection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows nothing else keeps Ctrl+C from it
    _begin(root, selection)


def _begin(root: str, selection: Selection) -> None:
    global _checking  # noqa: PLW0603 - what a process of the pool works with
    _checking = Checking(Project(root), selection)


def _folder(folder: str, paths: list[str]) -> Checked:
    return _checking.apart(folder, paths)
