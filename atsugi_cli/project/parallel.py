"""Parallel: check the folders of a large selection in several processes; the results come in order."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Final

from atsugi_cli.project.checking import Checked, Checking, Selection
from atsugi_cli.project.reading import Project

CHUNKS: Final = 8
"""Parts of the work that each process gets: one that has large plans shall not be the last by much."""

_checking: Checking
"""Of a process of the pool."""


def checked_folders(root: str, selection: Selection, processes: int) -> Iterator[Checked]:
    """Check each folder of a selection; leave no process behind, however it ends."""
    from concurrent.futures import ProcessPoolExecutor

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
