"""Base: what files and git have in common: bytes with a name, and the one error, in words."""

import errno
import os
from collections.abc import Sequence
from typing import Final

from atsugi_cli.frozen import frozen

ROOT: Final = "strategies"
PROFILE: Final = "profile"
STDIN: Final = "-"
STDIN_NAME: Final = "標準入力"

SUFFIXES: Final = (".yaml", ".yml")
_MOST: Final = 3


class StoreError(Exception):
    """One Japanese sentence that says why the program cannot go on."""


@frozen
class Blob:
    """The bytes of one source, under the name by which the user knows it.

    `path` is its file, or its path inside the repository when `rev` names a revision; None for standard input.
    """

    name: str
    data: bytes
    path: str | None = None
    rev: str | None = None


def alike(word: str, words: Sequence[str]) -> list[str]:
    """Find the words that resemble one which does not exist."""
    from difflib import get_close_matches

    return get_close_matches(word, list(dict.fromkeys(words)), _MOST)


def perhaps(suggestions: Sequence[str]) -> str:
    """Ask after suggestions: 「もしかして: …」; empty where there are none."""
    return f"もしかして: {'、'.join(suggestions)}" if suggestions else ""


def spelled(path: str) -> str:
    """Spell a path the same on every system."""
    return path.replace("\\", "/") if os.sep == "\\" else path


def is_folder(path: str) -> bool:
    """Tell whether there is a folder; False, too, where nobody may look, and for names that no system call accepts."""
    return os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises where nobody may look


_REASONS: Final = (
    (PermissionError, "権限がありません"),
    (IsADirectoryError, "フォルダです"),
    (NotADirectoryError, "途中の名前がフォルダではありません"),
    (FileNotFoundError, "フォルダがありません"),
    (ValueError, "名前に使えない文字があります"),
)


def reason_of(error: Exception) -> str:
    """Say in Japanese why the system refused."""
    if getattr(error, "errno", None) == errno.ELOOP:
        return "リンクが輪になっています"
    for kind, words in _REASONS:
        if isinstance(error, kind):
            return words
    return getattr(error, "strerror", None) or str(error)
