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


class UnusableError(StoreError):
    """Something is there and cannot be read, so that nothing else may be taken in its place."""


@frozen
class Blob:
    """The bytes of one source, under the name by which the user knows it.

    `path` is its file, or its path inside the repository when `rev` names a revision; None for standard input.
    """

    name: str
    data: bytes
    path: str | None = None
    rev: str | None = None

    @property
    def file(self) -> str | None:
        """Return the file that it can be written back to; None for standard input, and what comes from git."""
        return self.path if self.rev is None else None


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


_REASONS: Final = {
    "EACCES": "権限がありません",
    "EPERM": "権限がありません",
    "EISDIR": "フォルダです",
    "ENOTDIR": "途中の名前がフォルダではありません",
    "ENOENT": "フォルダがありません",
    "ELOOP": "リンクが輪になっています",
    "ENOSPC": "空き容量がありません",
    "EDQUOT": "割り当てられた容量を使い切りました",
    "EROFS": "読み取り専用の場所です",
    "ENAMETOOLONG": "名前が長すぎます",
    "EILSEQ": "名前に使えない文字があります",
    "EBUSY": "ほかのアプリが使っています",
    "ETXTBSY": "ほかのアプリが使っています",
    "EFBIG": "ファイルが大きすぎます",
    "EMFILE": "開いているファイルが多すぎます",
    "ENFILE": "開いているファイルが多すぎます",
    "EEXIST": "同じ名前のものがあります",
    "EIO": "読み書きの途中で装置の誤りが起きました",
    "ENOMEM": "メモリーが足りません",
    "ESTALE": "共有フォルダとのつながりが切れました",
    "EPIPE": "受け取る側が閉じました",
}
"""The system's words are English, or of the language that the machine was set up in: ours go by the number."""
_IN_USE: Final = (32, 33)
"""Windows: another program has the file open, or a part of it locked."""


def reason_of(error: Exception) -> str:
    """Say in Japanese why the system refused."""
    if getattr(error, "winerror", None) in _IN_USE:
        return "ほかのアプリで開かれています"
    if isinstance(error, ValueError):
        return "名前に使えない文字があります"
    number = getattr(error, "errno", None)
    if words := _REASONS.get(errno.errorcode.get(number or 0, "")):
        return words
    return f"システムの誤り {number}" if number else type(error).__name__
