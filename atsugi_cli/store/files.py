"""Files: reading, finding and writing them, and those that travel with the program."""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.store.base import (
    PROFILE,
    STDIN,
    STDIN_NAME,
    SUFFIXES,
    Blob,
    StoreError,
    alike,
    is_folder,
    perhaps,
    reason_of,
    spelled,
)
from atsugi_cli.store.sizes import read_all, read_edition

_LEFTOVERS: Final = (".", "#", "~$")
"""Editors' and office programs' own files begin so (.x.swp, .#x, #x#, ~$x); those that end in ~ or .bak are no YAML."""
_SHIPPED: Final = r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?"


SupplementKind = Literal["briefing", "opinions"]
SUPPLEMENTS: Final[tuple[SupplementKind, ...]] = ("briefing", "opinions")
"""What may be kept beside an edition in a file of its own: the meeting's own paper, and opinions with their answers."""


@frozen
class Found:
    """Files found by name, each kind sorted by folder and name, none of them read yet."""

    editions: tuple[str, ...]
    profiles: tuple[str, ...]
    supplements: tuple[str, ...] = ()


def read_file(path: str) -> Blob:
    """Read one file; what is large must look like an edition throughout."""
    return Blob(spelled(path), _read(path, read_edition), path)


def read_stdin() -> Blob:
    """Read standard input to its end, within the same limits."""
    if sys.stdin is None:
        raise StoreError("標準入力がありません。")
    return Blob(STDIN_NAME, read_edition(sys.stdin.buffer, STDIN_NAME))


def read_template(path: str) -> bytes:
    """Read an Office file; - is standard input."""
    if path == STDIN and sys.stdin is not None:
        return read_all(sys.stdin.buffer, STDIN_NAME)
    return _read(path, read_all)


def _read(path: str, reading: Callable[[BinaryIO, str], bytes]) -> bytes:
    """Open one file and read it. Only regular files are opened, so a pipe or a device can never make anybody wait."""
    name = spelled(path)
    if not path:
        raise StoreError("ファイルの名前が空です。")
    try:
        _refuse_special(name, Path(path).stat())
        with Path(path).open("rb") as file:
            return reading(file, name)
    except FileNotFoundError:
        raise StoreError(f"{name} がありません。{perhaps(neighbours(path))}") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{name} を読めません（{reason_of(error)}）。") from error


def find_editions(paths: Sequence[str], closed: Callable[[str, StoreError], None] | None = None) -> Found:
    """Find the edition and profile files under files and folders, told apart by name only.

    A file that is named outright is taken whatever its suffix, a folder is searched for *.yaml and *.yml. A pattern
    that no shell has expanded (Windows) is expanded here. Each file is given once, links and repetitions apart.
    `closed` is told of folders inside that cannot be opened; without it they are an error, as what was named always is.
    """
    editions: list[str] = []
    profiles: list[str] = []
    supplements: list[str] = []
    seen: set[str] = set()
    for path in _expanded(paths):
        for file in _yaml_files(Path(path), seen, closed) if is_folder(path) else [Path(path)]:
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                of_kind = profiles if _is_profile(file) else supplements if supplement(str(file)) else editions
                of_kind.append(str(file))
    return Found(tuple(editions), tuple(profiles), tuple(supplements))


def supplement(path: str) -> SupplementKind | Literal[""]:
    """Tell by its name what a file holds that is kept beside an edition: briefing.yaml, 2023-10.opinions.yaml."""
    file = Path(path)
    name = file.stem.rpartition(".")[2]
    return next((kind for kind in SUPPLEMENTS if kind == name and file.suffix.lower() in SUFFIXES), "")


def supplement_for(path: str, kind: SupplementKind) -> str | None:
    """Find what is kept beside an edition's file: that of the edition first, then that of the folder."""
    file = Path(path)
    names = (f"{start}{kind}{suffix}" for start in (f"{file.stem}.", "") for suffix in SUFFIXES)
    return next((str(file.parent / name) for name in names if (file.parent / name).is_file()), None)


def profile_for(path: str) -> str | None:
    """Find the profile that holds for an edition file."""
    return next((file for file in profile_names(path) if os.path.isfile(file)), None)  # noqa: PTH113 - as `is_folder`


def profile_names(path: str) -> Iterator[str]:
    """Iterate over the files that may hold the profile of an edition file: beside it or in the folder above."""
    folder = Path(path).parent
    for place in (folder, folder / ".."):
        for suffix in SUFFIXES:
            yield os.path.normpath(place / f"{PROFILE}{suffix}")


def _expanded(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if path == STDIN or (path and os.path.lexists(path)):
            yield path
        elif (example := shipped(path)) is not None:
            yield example
        elif path and (matches := sorted(_matches(path))):
            yield from matches
        else:
            raise _missing(path)


def _missing(path: str) -> StoreError:
    """Say that nothing has this name, or that its folder does not let anybody look."""
    try:
        Path(path).lstat()
    except PermissionError as error:
        return StoreError(f"{spelled(path)} を読めません（{reason_of(error)}）。")
    except (OSError, ValueError):
        pass
    return StoreError(f"{spelled(path) or '空の名前'} がありません。{perhaps(neighbours(path))}")


def _matches(pattern: str) -> list[str]:
    import glob

    return glob.glob(pattern) if glob.has_magic(pattern) else []  # noqa: PTH207 - keeps the path as it was typed


def _yaml_files(
    folder: Path, seen: set[str], closed: Callable[[str, StoreError], None] | None, top: str = ""
) -> Iterator[Path]:
    """Walk a folder, files before folders, each sorted; no folder is entered twice, so links cannot lead in circles.

    Links out of the folder where the walk began, `top`, are told and not followed: they may lead to all of a disk.
    """
    if (real := os.path.realpath(folder)) in seen:
        return
    seen.add(real)
    inside, top = bool(top), top or real
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        os.stat(os.path.join(folder, os.curdir))  # noqa: PTH116, PTH118 - some may be listed and not entered
    except OSError as error:
        failure = StoreError(f"フォルダ {spelled(str(folder))} を開けません（{reason_of(error)}）。")
        if not inside or closed is None:
            raise failure from error
        closed(str(folder), failure)
        return
    folders = []
    for entry in entries:
        if entry.name.startswith(_LEFTOVERS):
            continue
        if entry.is_symlink() and not f"{os.path.realpath(entry)}/".startswith(f"{top.rstrip('/')}/"):
            if closed is not None and (is_folder(str(entry)) or entry.suffix.lower() in SUFFIXES):
                closed(str(entry), StoreError(f"{spelled(str(entry))} はフォルダの外へのリンクなので、読みません。"))
        elif is_folder(str(entry)):
            folders.append(entry)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry
    for entry in folders:
        yield from _yaml_files(entry, seen, closed, top)


def _is_profile(file: Path) -> bool:
    return file.stem == PROFILE and file.suffix.lower() in SUFFIXES


def is_profile(path: str | None) -> bool:
    """Tell by its name whether a file is a city's profile."""
    return path is not None and _is_profile(Path(path))


def is_edition(path: str) -> bool:
    """Tell by its name whether a file, on disk or in git, is an edition."""
    return Path(path).suffix.lower() in SUFFIXES and not is_profile(path) and not supplement(path)


def is_below(path: str, folder: str) -> bool:
    """Check whether a name lies in a folder, whatever links lead there."""
    try:
        top = os.path.realpath(folder)
        return os.path.commonpath([top, os.path.realpath(path)]) == top
    except ValueError:  # another drive, or a name that no system takes
        return False


def _refuse_special(shown: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise StoreError(f"{shown} はフォルダです。ファイルを指定してください。")
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{shown} は通常のファイルではありません。標準入力から読むときは - と書いてください。")


def neighbours(path: str) -> list[str]:
    """Name the entries of the same folder that resemble a name which does not exist."""
    missing = Path(path or ".")
    try:
        names = sorted(entry.name for entry in missing.parent.iterdir() if not entry.name.startswith(_LEFTOVERS))
    except (OSError, ValueError):
        return []
    return [(missing.parent / name).as_posix() for name in alike(missing.name, names)]


def packaged(kind: Literal["schemas", "strategies"]) -> str:
    """Find a folder that travels with the program: inside the wheel, or at the top of a checkout."""
    here = Path(__file__).resolve().parent.parent
    for folder in (here / "_data" / kind, here.parent / kind):
        if folder.is_dir():
            return str(folder)
    raise StoreError(f"付属の {kind} がありません。strategy を入れ直してください。")


def shipped(name: str) -> str | None:
    """Find a plan, or plan/id, that travels with the program as an example: atsugi-2, atsugi-2/2020-03."""
    if not re.fullmatch(_SHIPPED, name):
        return None
    path = os.path.join(packaged("strategies"), *name.split("/"))  # noqa: PTH118
    return next((each for each in (path, f"{path}.yaml") if os.path.exists(each)), None)  # noqa: PTH110
