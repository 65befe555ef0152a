"""Git: a repository's files and commits, through the git program."""

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from atsugi_cli.frozen import frozen
from atsugi_cli.store import sizes
from atsugi_cli.store.base import StoreError, UnusableError, alike, perhaps, reason_of, spelled

if TYPE_CHECKING:
    import subprocess

_OBJECT_ID: Final = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_FIELD: Final = "\x1f"
SHORT: Final = 7
"""Digits of a commit's id that are shown."""

_SETTINGS: Final = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.quotepath": "false",
    "diff.orderFile": os.devnull,
    "diff.relative": "false",
    "log.showSignature": "false",
    "log.showRoot": "true",
    "log.follow": "false",
    "protocol.allow": "never",
}
"""A repository's own settings name programs; none of them runs. What is not here is not fetched behind one's back."""
_FIXED: Final = (
    "git",
    "--no-pager",
    "--literal-pathspecs",
    *(w for k, v in _SETTINGS.items() for w in ("-c", f"{k}={v}")),
)
_ENVIRONMENT: Final = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
_UNSET: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_DIFF_OPTS")
"""The first are set while a hook runs and true only for its folder; the repository is found from the folder anyway."""


@frozen
class Commit:
    """One commit with the files it left behind: (path, blob id), the blob id None where the file was deleted.

    `before` holds, for each of these files, its blob id in every parent, None where there was none. `date` is the
    author's, in ISO 8601.
    """

    id: str
    date: str
    author: str
    subject: str
    files: tuple[tuple[str, str | None], ...]
    before: tuple[tuple[str | None, ...], ...] = field(default=(), compare=False)

    @property
    def short(self) -> str:
        """Give the beginning of the id, by which people call the commit."""
        return self.id[:SHORT]


@frozen
class _Object:
    id: str
    kind: str
    data: bytes


_TREE_MODE: Final = b"40000"
_FILE_MODES: Final = (b"100644", b"100755", b"100664")
"""As git writes them into a tree: links (120000) and submodules (160000) are no files."""

_DAMAGED: Final = "gitの内容が壊れているか、手元にありません（部分クローン）。git fsck で確かめてください。"
_SHALLOW: Final = "浅いクローンです。git fetch --unshallow（CIでは fetch-depth: 0）で履歴を取得してください。"
_NO_GIT: Final = "gitが見つかりません。過去の版と比べるにはgitを入れてください（https://git-scm.com）。"


class Git:
    """One repository, seen from a folder, through one `git cat-file` process: 0.2 ms a file instead of 3 ms."""

    __slots__ = ("_batch", "_prefix", "_trees", "folder")

    def __init__(self, folder: str) -> None:
        """Look from `folder`; nothing runs until something is asked."""
        self.folder = folder
        self._batch: subprocess.Popen[bytes] | None = None
        self._prefix: str | None = None
        self._trees: dict[str, tuple[tuple[str, str], ...]] = {}

    def close(self) -> None:
        """End the process, if one was started."""
        if self._batch is not None:
            self._batch.communicate()
            self._batch = None

    def show(self, rev: str, path: str) -> bytes:
        """Give the bytes of a file at a revision; a path with ./ counts from the folder, others from the top."""
        found = self.find(rev, path)
        if isinstance(found, bytes):
            return found
        self.require(rev)
        shown = path.removeprefix("./")
        if found is not None:
            raise StoreError(f"{rev} の {shown} はファイルではありません。")
        raise StoreError(f"{rev} に {shown} はありません。{self.shallow_hint()}")

    def find(self, rev: str, path: str) -> bytes | str | None:
        """Give a file's bytes, the kind of whatever else is there ("tree"), or None. Links inside git are followed."""
        if rev.startswith("-"):
            return None
        if "\n" in path:  # the batch protocol has one name a line
            return self._run("cat-file", "blob", f"{rev}:{path}", check=False) or None
        found = self._ask(f"{rev}:{path}")
        if found is None and rev and self._lists(rev, path):
            raise UnusableError(f"{rev} の {path.removeprefix('./')} を取り出せません。{_DAMAGED}")
        if found is None or found.kind != "blob":
            return None if found is None else found.kind
        return sizes.plausible(found.data, f"{rev}:{path}")

    def _lists(self, rev: str, path: str) -> bool:
        """Check whether a revision's folders name a file or folder, whose content should then be there."""
        here = path.startswith(("./", "../"))
        if here and self._run("rev-parse", "--is-bare-repository").strip() == b"true":
            return False  # there is no here
        place = posixpath.normpath(self.prefix() + path if here else path)
        if place.startswith("../") or (commit := self._commit(rev)) is None:
            return False
        listing = self._run("ls-tree", "-z", "--full-tree", commit, "--", place)
        return listing.startswith((b"100", b"040000"))

    def blob(self, object_id: str) -> bytes:
        """Give the bytes of a blob id, as in `Commit.files`."""
        found = self._ask(object_id)
        if found is None or found.kind != "blob":
            raise UnusableError(f"gitの内容 {object_id[:SHORT]} を取り出せません。{_DAMAGED}")
        return sizes.plausible(found.data, object_id[:SHORT])

    def blob_id(self, rev: str, path: str) -> str | None:
        """Return the id of a file at a revision, as in `tree`; None where there is none. The path counts from here."""
        place = posixpath.normpath(self.prefix() + path)
        found = None if rev.startswith("-") or "\n" in place or place.startswith("../") else self._ask(f"{rev}:{place}")
        return found.id if found is not None and found.kind == "blob" else None

    def is_revision(self, text: str) -> bool:
        """Tell whether a text names a commit."""
        return self._commit(text) is not None

    def require(self, rev: str) -> str:
        """Give the id of the commit a text names, or refuse; an empty text names the index."""
        found = self._commit(rev) if rev else ""
        if found is None and rev == "HEAD":
            self._run("rev-parse", "--git-dir")
            raise StoreError("このgitのリポジトリには、まだコミットがありません。")
        if found is None:
            names = self._run("for-each-ref", "--format=%(refname:short)").decode("utf-8", "replace").split("\n")
            hint = self.shallow_hint() or perhaps(alike(rev, ["HEAD", *names]))
            raise StoreError(f"{rev} という版（コミット、ブランチ、タグ）はgitにありません。{hint}")
        return found

    def files(self, rev: str, path: str) -> tuple[str, ...]:
        """List the files below a folder at a revision (empty: the index, only with ./), each named as `path` is."""
        if rev:
            listing = self._run(
                "ls-tree", "-r", "-z", "--name-only", "--full-tree", f"{self.require(rev)}:{path}", check=False
            )
            start = f"{path}/" if path else ""
        else:
            listing = self._run("ls-files", "-z", "--cached", "--", path)
            start = "./"
        names = listing.decode("utf-8", "surrogateescape").split("\0")
        return tuple(start + name for name in names if name)

    def commits(self, path: str, since: str | None = None) -> tuple[Commit, ...]:
        """List the commits that touched a file or folder, newest first.

        `path` counts from the folder; `since` is a revision or a date. Merges show what they settled themselves.
        """
        here = Path(path)
        if not here.is_absolute() and ".." not in here.parts:
            for each in (here, *here.parents):
                if each != Path() and Path(self.folder, each, ".git").exists():
                    name = spelled(str(each))
                    raise StoreError(f"{name} は別のリポジトリ（サブモジュール）です。その中で実行してください。")
        form = f"--format=%H{_FIELD}%aI{_FIELD}%an{_FIELD}%s"
        raw = (
            "-c",
            "--date-order",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-show-signature",
            "--encoding=UTF-8",
        )
        text = self._run("log", *raw, form, *self._span(since), "--", path).decode("utf-8", "surrogateescape")
        return tuple(_log(text.split("\0")))

    def tree(self, rev: str, folder: str) -> tuple[tuple[str, str], ...]:
        """List the files below a folder at a revision, each as (path, blob id); both count from here.

        Asks the running process for the trees, so that it costs no program a revision; a folder that is the same tree
        as one asked before costs nothing. Empty where there is no such folder.
        """
        path = posixpath.normpath(self.prefix() + folder)
        found = None if rev.startswith("-") or "\n" in path else self._ask(f"{rev}:{'' if path == '.' else path}")
        if found is None or found.kind != "tree":
            return ()
        return tuple((posixpath.normpath(f"{folder}/{below}"), blob) for below, blob in self._below(found))

    def _below(self, tree: "_Object") -> tuple[tuple[str, str], ...]:
        if tree.id not in self._trees:
            files: list[tuple[str, str]] = []
            size = len(tree.id) // 2
            data, at = tree.data, 0
            while at < len(data):
                end = data.index(b"\0", at)
                mode, _, name = data[at:end].partition(b" ")
                object_id = data[end + 1 : end + 1 + size].hex()
                at = end + 1 + size
                path = name.decode("utf-8", "surrogateescape")
                if mode == _TREE_MODE:
                    below = self._ask(object_id)
                    if below is None:
                        raise UnusableError(f"gitのフォルダ {path} を取り出せません。{_DAMAGED}")
                    files += [(f"{path}/{name}", blob) for name, blob in self._below(below)]
                elif mode in _FILE_MODES:
                    files.append((path, object_id))
            self._trees[tree.id] = tuple(files)
        return self._trees[tree.id]

    def place(self, name: str) -> str:
        """Give the path of one of the repository's own files: config, info/attributes."""
        path = self._run("rev-parse", "--git-path", name).decode("utf-8", "surrogateescape").rstrip("\r\n")
        return str(Path(self.folder, path))

    def prefix(self) -> str:
        """Give the path from the top of the repository to the folder: empty, or with a / at its end."""
        if self._prefix is None:
            output = self._run("rev-parse", "--show-prefix")
            self._prefix = output.decode("utf-8", "surrogateescape").rstrip("\r\n")
        return self._prefix

    def merge_base(self, old: str, new: str) -> str:
        """Find the commit at which two revisions part."""
        found = self._run("merge-base", self.require(old), self.require(new), check=False).decode("ascii").strip()
        if not found:
            raise StoreError(f"{old} と {new} に共通の版がgitにありません。{self.shallow_hint()}")
        return found

    def shallow_hint(self) -> str:
        """Say how to get the rest of a shallow clone; empty when the clone is whole."""
        shallow = self._run("rev-parse", "--is-shallow-repository", check=False).strip() == b"true"
        return _SHALLOW if shallow else ""

    def cut(self, since: str | None = None) -> str:
        """Say that a shallow clone lacks commits after `since` (a revision or a date); empty where none is missing."""
        if not self.shallow_hint():
            return ""
        ends = set(Path(self.place("shallow")).read_text(encoding="ascii").split())
        known = set(self._run("rev-list", *self._span(since)).decode("ascii").split())
        return _SHALLOW if ends & known else ""

    def attribute(self, name: str, path: str) -> str:
        """Return what git's attributes say of a file that need not be there: unspecified, set, unset or a value."""
        answer = self._run("check-attr", "-z", name, "--", path).split(b"\0")
        return answer[2].decode("utf-8", "replace") if len(answer) > 2 else "unspecified"

    def unmerged(self, name: str) -> bool:
        """Check whether a file of this name is in the middle of a merge."""
        paths = self._run("diff-files", "--name-only", "-z", "--diff-filter=U", check=False).split(b"\0")
        return any(posixpath.basename(path) == os.fsencode(name) for path in paths)

    def _span(self, since: str | None) -> list[str]:
        """Name the commits that HEAD has and `since` (a revision or a date) has not, as git takes them."""
        span = [self.require("HEAD")]
        if since is not None and re.fullmatch(_DATE, since) and not self.is_revision(since):
            span.append(f"--since={since}T00:00:00")  # a bare date would mean that day at the present hour
        elif since is not None:
            span.append(f"^{self.require(since)}")
        return span

    def _commit(self, text: str) -> str | None:
        """Turn a text into a commit's id, so that no text of the user reaches a command line of git."""
        if not text or text.startswith("-") or "\n" in text:
            return None
        found = self._ask(f"{text}^{{commit}}")
        return found.id if found is not None else None

    def _ask(self, name: str) -> "_Object | None":
        """Ask the running process for an object."""
        if self._batch is None:
            self._batch = _start((*_FIXED, "cat-file", "--batch", "--follow-symlinks"), self.folder)
        requests, answers = self._batch.stdin, self._batch.stdout
        if requests is None or answers is None:
            raise AssertionError
        try:
            requests.write(name.encode("utf-8", "surrogateescape") + b"\n")
            requests.flush()
            header = answers.readline()
        except OSError:
            header = b""
        if not header:
            self._explain_end(name)
            return None
        words = header.decode("utf-8", "surrogateescape").split()
        if not words[-1].isdigit():  # missing, ambiguous, submodule
            return None
        size = int(words[-1])
        if size > sizes.MAX_PLAN_BYTES:
            self._batch.kill()
            self.close()
            raise UnusableError(f"{name} は大きすぎます（{size >> 20} MB、上限 {sizes.MAX_PLAN_BYTES >> 20} MB）。")
        data = answers.read(size + 1)[:-1]
        # A link that leads out of the repository, in circles or nowhere is answered with that word instead of an id.
        return _Object(words[0], words[1], data) if re.fullmatch(_OBJECT_ID, words[0]) else None

    def _explain_end(self, name: str) -> None:
        """Find out why the process ended: no repository, or a bare one, which refuses names that begin with ./"""
        self.close()
        bare = self._run("rev-parse", "--is-bare-repository").strip() == b"true"
        if not (bare and name.partition(":")[2].startswith(".")):
            raise UnusableError(f"gitから {name} を取り出せません。{_DAMAGED}")

    def _run(self, *arguments: str, check: bool = True) -> bytes:
        """Run one git command to its end; its own words go into the error."""
        process = _start((*_FIXED, *arguments), self.folder, errors=True)
        output, errors = process.communicate()
        if process.returncode and check:
            words = errors.decode("utf-8", "replace")
            absent = "not a git repository" in words or "dubious ownership" in words
            raise (StoreError if absent else UnusableError)(_complaint(words, self.folder))
        return b"" if process.returncode else output


def _start(command: Sequence[str], folder: str, *, errors: bool = False) -> "subprocess.Popen[bytes]":
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in _UNSET} | _ENVIRONMENT
    if "GIT_INDEX_FILE" in environment:  # a hook's index is named from the folder of the hook
        environment["GIT_INDEX_FILE"] = str(Path(environment["GIT_INDEX_FILE"]).absolute())
    try:
        return subprocess.Popen(  # noqa: S603 - a fixed list of words, no shell
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if errors else subprocess.DEVNULL,
        )
    except FileNotFoundError:
        if not Path(folder).is_dir():
            raise StoreError(f"フォルダ {spelled(folder)} がありません。") from None
        raise StoreError(_NO_GIT) from None
    except OSError as error:
        raise StoreError(f"gitを起動できません（{reason_of(error)}）。") from error


def _complaint(words: str, folder: str) -> str:
    own = next((line for line in words.splitlines() if line.startswith(("fatal:", "error:"))), words.strip())
    own = own.partition(":")[2].strip() or own
    place = "ここ" if folder == "." else f"フォルダ {spelled(folder)} "
    if "not a git repository" in words:
        return f"{place}はgitのリポジトリではありません。"
    if "dubious ownership" in words:
        return f"gitがこのリポジトリを信用していません（所有者が違います）。safe.directory を設定してください: {own}"
    if re.search(r"unable to read|could not (read|fetch)|bad object|corrupt|missing", words, re.IGNORECASE):
        return f"gitから取り出せないものがあります。{_DAMAGED}"
    return f"gitが失敗しました: {own or '理由は示されませんでした'}"


def _log(tokens: Sequence[str]) -> Iterator[Commit]:
    """Read `git log --raw -z`: a header, then pairs of modes and path; combined rows begin with several colons."""
    header = ""
    files: list[tuple[str, str | None]] = []
    before: list[tuple[str | None, ...]] = []
    rest = iter(tokens)
    for token in rest:
        if (row := token.lstrip("\n")).startswith(":"):
            parents = len(row) - len(row.lstrip(":"))
            words = row.split(" ")  # a mode for each parent and one more, then as many ids
            before.append(tuple(map(_id_or_none, words[parents + 1 : 2 * parents + 1])))
            files.append((next(rest), _id_or_none(words[2 * parents + 1])))
        elif row:
            if header:
                yield _with_files(header, files, before)
            header, files, before = row, [], []
    if header:
        yield _with_files(header, files, before)


def _id_or_none(object_id: str) -> str | None:
    return object_id if object_id.strip("0") else None


def _with_files(
    header: str, files: Sequence[tuple[str, str | None]], before: Sequence[tuple[str | None, ...]]
) -> Commit:
    object_id, date, author, subject = header.split(_FIELD, 3)
    return Commit(object_id, date, author, subject, tuple(files), tuple(before))


_REPOSITORIES: dict[str, Git] = {}


def repository(start: str) -> Git:
    """Give the repository as seen from a folder, the same one every time within a run."""
    return _REPOSITORIES.setdefault(str(Path(start).absolute()), Git(start))


def close() -> None:
    """End what `repository` has started."""
    while _REPOSITORIES:
        _REPOSITORIES.popitem()[1].close()
