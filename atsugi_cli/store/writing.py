"""Writing: files that come into being whole or not at all, one of them or a set."""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from typing import Final

from atsugi_cli.store.base import STDIN, StoreError, is_folder, reason_of, spelled

_OWN: Final = r"\.strategy-[0-9a-f]{16}\.tmp"
"""What a temporary file is called: hidden, so that no folder of editions is seen to hold it, and not to be guessed."""
_DEVICES: Final = ("/dev/", "/proc/")
_OWN_NAME_ONLY: Final = 1


class ChangedError(StoreError):
    """A file is no longer what it was when it was read."""


def write_atomic(path: str | None, data: bytes, *, was: bytes | None = None, follow: bool = False) -> None:
    """Write a file whole or not at all; None or - is standard output.

    An existing file keeps its mode, owner and group. A symbolic link is replaced, and so is one of the two names of a
    file (a hard link): what the other name holds stays. With `follow`, both names get the new text. A pipe or device
    (/dev/stdout) is written to directly. With `was`, a file that holds something else is left alone.
    """
    if path is None or path == STDIN:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with _told(path):
        target = os.path.realpath(path) if follow else path
        if _is_device(target):
            with open(target, "wb") as device:  # noqa: PTH123
                device.write(data)
            return
        shared = _stays(target)
    _put([(target, data)], was=was, in_place=follow or not shared)


def write_set(files: Iterable[tuple[str, bytes]]) -> None:
    """Write all of some files or none: each beside its place first, then, when all are whole, each into its place.

    The last one stands for the set: it is there only while all the others are of one set. Nothing keeps a run from
    being killed between two files; and putting a new folder in the place of the old one would take the history of every
    file in it away where a folder is shared or synchronised.
    """
    _put(list(files))


def make_folder(path: str) -> None:
    """Make a folder, and those above it, where they are missing."""
    try:
        os.makedirs(path or os.curdir, exist_ok=True)  # noqa: PTH103
    except (OSError, ValueError) as error:
        raise StoreError(f"フォルダ {spelled(path)} を作れません（{reason_of(error)}）。") from error


def _put(files: list[tuple[str, bytes]], *, was: bytes | None = None, in_place: bool = False) -> None:
    """Write files beside their places and move them there; take back what was moved if one cannot be."""
    temporary: dict[str, str] = {}
    aside: dict[str, str] = {}
    locks: list[int] = []
    with _undisturbed() as stopped:
        for folder in {os.path.dirname(path) or os.curdir for path, _ in files}:  # noqa: PTH120
            sweep(folder)
        try:
            for path, data in files:
                with _told(path):
                    _refuse(path)
                    if in_place and _stays(path):
                        _changed(path, was)
                        _overwrite(path, data)
                        continue
                    temporary[path] = _name(path)
                    locks.append(_write(temporary[path], data))
                    if not _like(path, temporary[path]) and in_place:
                        _changed(path, was)
                        _overwrite(path, data)
                        os.unlink(temporary.pop(path))  # noqa: PTH108
                if stopped:
                    return
            for path, _ in files:
                with _told(path):
                    _refuse(path)
            if os.name == "nt":  # an open file cannot be moved there
                while locks:
                    os.close(locks.pop())
            if len(temporary) > 1 and os.path.lexists(last := list(temporary)[-1]):
                with _told(last):
                    aside[last] = _name(last)
                    os.replace(last, aside[last])  # noqa: PTH105
            for path, name in temporary.items():
                with _told(path):
                    _changed(path, was)
                    if len(temporary) > 1 and os.path.lexists(path):
                        aside[path] = _name(path)
                        _keep(path, aside[path])
                    os.replace(name, path)  # noqa: PTH105
                    temporary[path] = ""
        except BaseException:
            for path, name in temporary.items():
                with suppress(OSError):
                    if path in aside and os.path.lexists(aside[path]):
                        os.replace(aside[path], path)  # noqa: PTH105
                    elif not name:
                        os.unlink(path)  # noqa: PTH108
            raise
        finally:
            for name in (*temporary.values(), *aside.values()):
                if name:
                    with suppress(OSError):
                        os.unlink(name)  # noqa: PTH108
            for lock in locks:
                os.close(lock)


@contextmanager
def _undisturbed() -> Iterator[list[int]]:
    """Hold the signals that would end the program until the files are whole; yield those that came meanwhile."""
    import signal

    held: list[int] = []
    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            with suppress(ValueError, OSError):  # not the main thread: it hears nothing anyway
                before[number] = signal.signal(number, lambda came, _: held.append(came))
    try:
        yield held
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in held[:1]:
            signal.raise_signal(number)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Tell in Japanese what the system says about writing a file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        hint = "ほかのアプリで開いていれば閉じてください。" if os.name == "nt" else ""
        raise StoreError(f"{spelled(path) or '空の名前'} に書き込めません（{reason_of(error)}）。{hint}") from error


def _is_device(path: str) -> bool:
    """Check whether a name leads to a pipe or device, also one that now stands for a file (/dev/stdout)."""
    if not os.path.exists(path) or is_folder(path):  # noqa: PTH110
        return False
    return not os.path.isfile(path) or (os.name != "nt" and os.path.abspath(path).startswith(_DEVICES))  # noqa: PTH100, PTH113


def _refuse(path: str) -> None:
    """Refuse a place that cannot be written to, before anything is."""
    if not path or is_folder(path) or path.endswith(("/", os.sep)):
        raise StoreError(f"{spelled(path) or '空の名前'} には書き込めません。ファイルの名前を指定してください。")
    if os.path.isfile(path) and not os.path.islink(path):  # noqa: PTH113, PTH114
        if not os.access(path, os.W_OK):
            raise StoreError(f"{spelled(path)} は書き込みが禁じられているか、ほかのアプリで開かれています。")
        with open(path, "r+b"):  # noqa: PTH123 - what another program holds open cannot be opened (Windows)
            pass


def _changed(path: str, was: bytes | None) -> None:
    if was is None:
        return
    with open(path, "rb") as file:  # noqa: PTH123
        if file.read() != was:
            raise ChangedError(f"{spelled(path)} は読んだ後に変わったので、書き換えませんでした。")


def _stays(path: str) -> bool:
    """Check whether a file must stay what it is: it has a second name, which would keep the old text."""
    return os.path.isfile(path) and not os.path.islink(path) and os.stat(path).st_nlink > _OWN_NAME_ONLY  # noqa: PTH113, PTH114, PTH116


def _name(path: str) -> str:
    """Name a new file beside another."""
    return os.path.join(os.path.dirname(path), f".strategy-{os.urandom(8).hex()}.tmp")  # noqa: PTH118, PTH120


def _write(name: str, data: bytes) -> int:
    """Write a new file; return it open, and locked where that can be: nobody else may then take it for a leftover."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    file = os.open(name, flags, 0o666)
    try:
        _lock(file)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    except BaseException:
        os.close(file)
        raise
    return file


def _lock(file: int) -> bool:
    """Lock an open file for this process; False where another has it, or where the system has no such locks."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def sweep(folder: str) -> None:
    """Take away what a run that was killed has left in a folder: a temporary file that nobody holds any more."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            if re.fullmatch(_OWN, entry.name) and entry.is_file(follow_symlinks=False):
                file = os.open(entry.path, os.O_RDONLY)
                if _lock(file):
                    os.unlink(entry.path)  # noqa: PTH108
                os.close(file)


def _like(path: str, name: str) -> bool:
    """Give a new file the mode, owner and group of the one it replaces; False if they cannot be given."""
    if not os.path.isfile(path) or os.path.islink(path):  # noqa: PTH113, PTH114
        return True
    old, new = os.stat(path), os.stat(name)  # noqa: PTH116
    try:
        if os.name != "nt" and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            os.chown(name, old.st_uid, old.st_gid)
        os.chmod(name, stat.S_IMODE(old.st_mode))  # noqa: PTH101
    except OSError:
        return False
    return True


def _overwrite(path: str, data: bytes) -> None:
    """Write over what a file holds; put it back if there is no room for the new."""
    with open(path, "r+b", buffering=0) as file:  # noqa: PTH123
        old = file.read()
        try:
            _fill(file, data)
        except OSError:
            _fill(file, old)
            raise


def _fill(file: FileIO, data: bytes) -> None:
    file.seek(0)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    file.truncate(len(data))
    os.fsync(file.fileno())


def _keep(path: str, name: str) -> None:
    """Keep what stands in a file's place under another name; where one file cannot have two, it is moved."""
    try:
        os.link(path, name, follow_symlinks=False)
    except (OSError, NotImplementedError):
        os.replace(path, name)  # noqa: PTH105
