"""Store: the outside world as bytes: files, git, standard input, and the data that travels with the program.

Everything that can go wrong out there becomes a `StoreError`, one Japanese sentence that says what to do. Nothing here
reads YAML: whoever must know which edition is the newest passes a function for it.
"""

import errno
import os
import posixpath
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.late import late

if TYPE_CHECKING:
    import subprocess

ROOT: Final = "strategies"
PROFILE: Final = "profile"
STDIN: Final = "-"
STDIN_NAME: Final = "標準入力"

MAX_BYTES: Final = 3 * 512 * 1024
"""A plan of 1,000 initiatives takes 0.7 MB; twice that is another file, unless it looks like an edition throughout.

So much of anything is read and explained in two seconds."""
MAX_PLAN_BYTES: Final = 128 * 1024 * 1024
"""The limit for files that look like an edition throughout; 100,000 initiatives take 77 MB."""
MAX_TEMPLATE_BYTES: Final = 64 * 1024 * 1024
"""A city's Word or PowerPoint file, pictures and all."""
_HEAD: Final = 64 * 1024
_PLAN_KEYS: Final = (b"\nplan:", b"\nedition:")
_SLICE: Final = 1024 * 1024
_NEW_IDS: Final = 16
"""Ids that each slice of a large edition must bring: one in 64 kB, where a long item takes 2 kB."""

_SUFFIXES: Final = (".yaml", ".yml")
_LEFTOVERS: Final = (".", "#", "~$")
"""Editors' and office programs' own files begin so (.x.swp, .#x, #x#, ~$x); those that end in ~ or .bak are no YAML."""
_SUGGESTIONS: Final = 3
_OBJECT_ID: Final = late(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DATE: Final = late(r"\d{4}-\d{2}-\d{2}")
_DRIVE: Final = late(r"[A-Za-z]:[\\/]")
_SHIPPED: Final = late(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?")
_LIKE_REVISION: Final = late(r"HEAD|[~^@]|\A(?:main|master|[0-9a-f]{7,40})\Z")
_FIELD: Final = "\x1f"
SHORT: Final = 7
"""Digits of a commit's id that are shown."""


class StoreError(Exception):
    """One Japanese sentence that says why the program cannot go on."""


class NoPathError(StoreError):
    """A bare revision was named where nothing says which of its files is meant."""


@frozen
class Blob:
    """The bytes of one source, under the name by which the user knows it.

    `path` is its file, or its path inside the repository when `rev` names a revision; None for standard input.
    """

    name: str
    data: bytes
    path: str | None = None
    rev: str | None = None


@frozen
class Found:
    """Files found by name: editions and profiles, each sorted by folder and name, none of them read yet."""

    editions: tuple[str, ...]
    profiles: tuple[str, ...]


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


Newest = Callable[[tuple[Blob, ...]], Blob]
"""Chooses the newest edition of a plan; it gets at least one."""


def by_name(editions: tuple[Blob, ...]) -> Blob:
    """Choose the edition with the greatest id: ids are dates (2020-03), so this is right unless a file says more."""
    return max(editions, key=lambda edition: (PurePosixPath(edition.name).stem, edition.name))


# ---------------------------------------------------------------------------------------------------------- files


def read_file(path: str) -> Blob:
    """Read one file of at most `MAX_BYTES`, or `MAX_PLAN_BYTES` if it looks like an edition throughout."""
    return Blob(spelled(path), _read(path, _edition), path)


def read_stdin() -> Blob:
    """Read standard input to its end, within the same limits."""
    if sys.stdin is None:
        raise StoreError("標準入力がありません。")
    return Blob(STDIN_NAME, _edition(sys.stdin.buffer, STDIN_NAME))


def read_template(path: str) -> bytes:
    """Read an Office file whose looks are to be taken over."""
    return _read(path, lambda file, name: _within(file.read(MAX_TEMPLATE_BYTES + 1), MAX_TEMPLATE_BYTES, name))


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
        raise StoreError(f"{name} がありません。{_maybe(_neighbours(path))}") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{name} を読めません（{_reason(error)}）。") from error


def _edition(file: BinaryIO, name: str) -> bytes:
    """Read a file to its end, or refuse it by size before it is all in memory."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES and _begins_like_an_edition(data):
        data += file.read(MAX_PLAN_BYTES - len(data) + 1)
    return _plausible(data, name)


def _plausible(data: bytes, name: str) -> bytes:
    """Refuse what is too large for an edition and does not look like one: to parse it would take minutes."""
    if len(data) <= MAX_BYTES:
        return data
    if not _begins_like_an_edition(data):
        return _within(data, MAX_BYTES, name)
    end = _end_of_edition(_within(data, MAX_PLAN_BYTES, name))
    if end < 0:
        return data
    line = data.count(b"\n", 0, end) + 1
    raise StoreError(
        f"{name} は大きすぎ、途中から版らしくありません（{len(data) / 1024**2:.0f} MB。{line:,}行目あたりから先に、"
        "新しい id の項目が続きません）。別のものが混ざっていないか確かめてください。"
    )


def _within(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise StoreError(f"{name} は大きすぎます（上限 {limit / 1024**2:g} MB）。ファイルを確かめてください。")
    return data


def _begins_like_an_edition(data: bytes) -> bool:
    head = b"\n" + data[:_HEAD]
    return all(key in head for key in _PLAN_KEYS)


def _end_of_edition(data: bytes) -> int:
    """Find where a large file stops to go on like an edition, item after item with an id of its own; -1 if nowhere.

    The last slice, which is no whole one, may be anything.
    """
    ids = re.compile(rb"id: ([^\s,}]+)")
    seen: set[bytes] = set()
    for start in range(0, len(data) - _SLICE, _SLICE):
        known = len(seen)
        seen.update(ids.findall(data, start, start + _SLICE))
        if len(seen) - known < _NEW_IDS:
            return start
    return -1


def find_editions(paths: Sequence[str], closed: Callable[[str, StoreError], None] | None = None) -> Found:
    """Find the edition and profile files under files and folders, told apart by name only.

    A file that is named outright is taken whatever its suffix, a folder is searched for *.yaml and *.yml. A pattern
    that no shell has expanded (Windows) is expanded here. Each file is given once, links and repetitions apart.
    `closed` is told of folders inside that cannot be opened; without it they are an error, as what was named always is.
    """
    editions: list[str] = []
    profiles: list[str] = []
    seen: set[str] = set()
    for path in _expanded(paths):
        for file in _yaml_files(Path(path), seen, closed) if Path(path).is_dir() else [Path(path)]:
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                (profiles if _is_profile(file) else editions).append(str(file))
    return Found(tuple(editions), tuple(profiles))


def profile_for(path: str) -> str | None:
    """Find the profile that holds for an edition file: beside it or in the folder above."""
    folder = Path(path).parent
    for place in (folder, folder / ".."):
        for suffix in _SUFFIXES:
            if (file := place / f"{PROFILE}{suffix}").is_file():
                return os.path.normpath(file)
    return None


def _expanded(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if path == STDIN or (path and os.path.lexists(path)):
            yield path
        elif (example := shipped(path)) is not None:
            yield example
        elif path and (matches := sorted(_matches(path))):
            yield from matches
        else:
            raise StoreError(f"{spelled(path) or '空の名前'} がありません。{_maybe(_neighbours(path))}")


def _matches(pattern: str) -> list[str]:
    import glob

    return glob.glob(pattern) if glob.has_magic(pattern) else []  # noqa: PTH207 - keeps the path as it was typed


def _yaml_files(
    folder: Path, seen: set[str], closed: Callable[[str, StoreError], None] | None, *, inside: bool = False
) -> Iterator[Path]:
    """Walk a folder, files before folders, each sorted; no folder is entered twice, so links cannot lead in circles."""
    if (real := os.path.realpath(folder)) in seen:
        return
    seen.add(real)
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        failure = StoreError(f"フォルダ {spelled(str(folder))} を開けません（{_reason(error)}）。")
        if not inside or closed is None:
            raise failure from error
        closed(str(folder), failure)
        return
    folders = []
    for entry in entries:
        if entry.name.startswith(_LEFTOVERS):
            continue
        if entry.is_dir():
            folders.append(entry)
        elif entry.suffix.lower() in _SUFFIXES:
            yield entry
    for entry in folders:
        yield from _yaml_files(entry, seen, closed, inside=True)


def _is_profile(file: Path) -> bool:
    return file.stem == PROFILE and file.suffix.lower() in _SUFFIXES


def is_profile(path: str | None) -> bool:
    """Tell by its name whether a file is a city's profile."""
    return path is not None and _is_profile(Path(path))


def _refuse_special(shown: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise StoreError(f"{shown} はフォルダです。ファイルを指定してください。")
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{shown} は通常のファイルではありません。標準入力から読むときは - と書いてください。")


def _neighbours(path: str) -> list[str]:
    """Name the entries of the same folder that resemble a name which does not exist."""
    missing = Path(path or ".")
    try:
        names = sorted(entry.name for entry in missing.parent.iterdir() if not entry.name.startswith(_LEFTOVERS))
    except (OSError, ValueError):
        return []
    return [(missing.parent / name).as_posix() for name in _close(missing.name, names)]


def _close(word: str, words: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, list(dict.fromkeys(words)), _SUGGESTIONS)


def _maybe(suggestions: Sequence[str]) -> str:
    return f"もしかして: {'、'.join(suggestions)}" if suggestions else ""


def spelled(path: str) -> str:
    """Spell a path the same on every system."""
    return path.replace("\\", "/") if os.sep == "\\" else path


_REASONS: Final = (
    (PermissionError, "権限がありません"),
    (IsADirectoryError, "フォルダです"),
    (NotADirectoryError, "途中の名前がフォルダではありません"),
    (FileNotFoundError, "フォルダがありません"),
    (ValueError, "名前に使えない文字があります"),
)


def _reason(error: Exception) -> str:
    if getattr(error, "errno", None) == errno.ELOOP:
        return "リンクが輪になっています"
    for kind, words in _REASONS:
        if isinstance(error, kind):
            return words
    return getattr(error, "strerror", None) or str(error)


# ------------------------------------------------------------------------------------------------------- EDITION


def resolve(argument: str, root: str = ROOT, *, beside: str = "", newest: Newest = by_name) -> Blob:
    """Read what an EDITION argument names.

    In this order: - (standard input), a file, a plan's folder (its newest edition), an edition id or plan/id under
    `root`, a plan under `root`, an example that travels with the program, REV:PATH, REV.
    `beside` is the file of the other side, which a bare REV needs; `newest` chooses among the editions of a plan.
    """
    if not argument:
        raise StoreError("版の指定が空です。")
    if argument == STDIN:
        return read_stdin()
    if (path := _existing(argument)) is not None:
        return read_file(path)
    if os.path.isdir(argument):  # noqa: PTH112 - False for names that no system call accepts
        return _newest_in(argument, newest)
    editions = find_editions([root]).editions if Path(root).is_dir() else ()
    if named := _named(argument, editions):
        return read_file(_only(argument, named))
    if folders := {str(Path(path).parent) for path in editions if Path(path).parent.name == argument}:
        return _newest_in(min(folders), newest)
    if (example := shipped(argument)) is not None:
        return _newest_in(example, newest) if os.path.isdir(example) else read_file(example)  # noqa: PTH112
    if ":" in argument and not _DRIVE.match(argument):
        rev, _, inside = argument.partition(":")
        return _at_revision(rev, spelled(inside).rstrip("/"), root, newest)
    return _bare_revision(argument, editions, beside)


def split_range(text: str) -> tuple[str, str] | None:
    """Split REV1..REV2 into both revisions; REV1.. ends at HEAD, REV1...REV2 starts where both part; else None."""
    match = re.fullmatch(r"([^.:/\\][^:]*?)(\.{2,3})([^./\\:][^:]*)?", text)
    if match is None or match[1].endswith("/") or os.path.lexists(text):
        return None
    old, dots, new = match[1], match[2], match[3] or "HEAD"
    return (repository(".").merge_base(old, new) if dots == "..." else old), new


def _existing(argument: str) -> str | None:
    """Find the file an argument names, with or without its suffix; pipes and devices count, to be refused by name."""
    for path in (argument, *(argument + suffix for suffix in _SUFFIXES)):
        if os.path.exists(path) and not os.path.isdir(path):  # noqa: PTH110, PTH112 - as above
            return path
    return None


def _newest_in(folder: str, newest: Newest) -> Blob:
    editions = find_editions([folder]).editions
    if not editions:
        raise StoreError(f"フォルダ {spelled(folder)} に版（*.yaml）がありません。")
    return newest(tuple(map(read_file, editions)))


def _named(argument: str, editions: Sequence[str]) -> list[str]:
    """Find the edition files that an id or plan/id names."""
    return [path for path in editions if argument in {_id(path), _plan_and_id(path)}]


def _only(argument: str, named: Sequence[str]) -> str:
    if len(named) == 1:
        return named[0]
    ids = [_plan_and_id(path) for path in named]
    choices = ids if len(set(ids)) == len(ids) else [spelled(path) for path in named]
    raise StoreError(f"{argument} に当たる版が複数あります。次のどれかを指定してください: {'、'.join(choices)}")


def _id(path: str) -> str:
    return PurePosixPath(spelled(path)).stem


def _plan_and_id(path: str) -> str:
    return f"{PurePosixPath(spelled(path)).parent.name}/{_id(path)}"


def _at_revision(rev: str, inside: str, root: str, newest: Newest) -> Blob:
    """Read REV:PATH, where PATH starts at the top or here and names a file, a plan's folder or an edition's id."""
    git = repository(".")
    git.require(rev)
    places = (inside,) if inside.startswith(("./", "../")) else (inside, f"./{inside}")
    for place in places:
        found = git.find(rev, place)
        if isinstance(found, bytes):
            return Blob(f"{rev}:{inside}", found, inside, rev)
        if found == "tree" and (editions := _editions_at(git, rev, place)):
            return newest(tuple(_blob_at(git, rev, path) for path in editions))
    editions = _editions_at(git, rev, f"./{root}")
    if named := _named(inside, editions):
        return _blob_at(git, rev, _only(inside, named))
    close = _close(inside, [*(_here(path) for path in editions), *map(_id, editions)])
    raise StoreError(f"{rev or '索引'} に {inside} はありません。{_maybe([f'{rev}:{name}' for name in close])}")


def _editions_at(git: "Git", rev: str, folder: str) -> list[str]:
    return [path for path in git.files(rev, folder) if _is_edition_path(path)]


def _is_edition_path(path: str) -> bool:
    return path.endswith(_SUFFIXES) and _id(path) != PROFILE


def _blob_at(git: "Git", rev: str, path: str) -> Blob:
    return Blob(f"{rev}:{_here(path)}", git.show(rev, path), _here(path), rev)


def _is_below(path: str) -> bool:
    return not Path(path).is_absolute() and ".." not in Path(path).parts


def _in_submodule(folder: Path) -> bool:
    """Tell whether a folder below this one lies in a repository of its own."""
    return any((each / ".git").exists() for each in (folder, *folder.parents) if each != Path())


def _here(path: str) -> str:
    return path.removeprefix("./")


def _bare_revision(argument: str, editions: Sequence[str], beside: str) -> Blob:
    """Read the file `beside` as it was at a revision; what names no revision was a mistyped edition."""
    # One process for the whole run, unless the file lies in another repository than this folder. It may exist only in
    # git; then its folder may not, and this one serves.
    folder = Path(beside).parent
    here = repository(".")
    git = here
    try:
        if not _is_below(beside) and folder.is_dir():
            git = repository(str(folder))
        known = git.is_revision(argument)
        why = "" if known else git.shallow_hint()
    except StoreError as error:  # no git, no repository: then it was meant as an edition, unless it does not look so
        known, why = False, str(error) if _LIKE_REVISION.search(argument) else ""
    if not known:
        close = _close(argument, [name for path in editions for name in (_id(path), _plan_and_id(path))])
        ids = "、".join(dict.fromkeys(map(_id, editions)))
        hint = _maybe(close or _neighbours(argument)) or (f"ある版: {ids}" if ids else "")
        raise StoreError(f"{argument} という版もファイルもありません。{why}{hint}")
    if not beside:
        raise NoPathError(f"{argument} のどのファイルかが分かりません。{argument}:PATH の形で指定してください。")
    shown = spelled(beside)
    found = git.find(argument, f"./{shown}" if git is here else f"./{Path(beside).name}")
    if not isinstance(found, bytes) and git is here and _in_submodule(folder):
        found = repository(str(folder)).find(argument, f"./{Path(beside).name}")
    data = found if isinstance(found, bytes) else git.show(argument, shown)
    return Blob(f"{argument}:{shown}", data, beside, argument)


def editions_at(rev: str, root: str = ROOT) -> tuple[Blob, ...]:
    """Read every edition under `root` as it was at a revision."""
    git = repository(".")
    git.require(rev)
    found = [(path, blob) for path, blob in git.tree(rev, spelled(root)) if _is_edition_path(path)]
    return tuple(Blob(f"{rev}:{path}", git.blob(blob), path, rev) for path, blob in found)


# ------------------------------------------------------------------------------------------------------------ git

_FIXED: Final = ("git", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotepath=false")
_ENVIRONMENT: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
_HOOK_VARIABLES: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")
"""Set while a hook runs and true only for its folder; the repository is found from the folder in any case."""


@frozen
class _Object:
    id: str
    kind: str
    data: bytes


_TREE_MODE: Final = b"40000"
_FILE_MODES: Final = (b"100644", b"100755", b"100664")
"""As git writes them into a tree: links (120000) and submodules (160000) are no files."""

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
        if found is None or found.kind != "blob":
            return None if found is None else found.kind
        return _plausible(found.data, f"{rev}:{path}")

    def blob(self, object_id: str) -> bytes:
        """Give the bytes of a blob id, as in `Commit.files`."""
        found = self._ask(object_id)
        if found is None or found.kind != "blob":
            raise StoreError(f"gitの内容 {object_id} を取り出せません。{self.shallow_hint()}")
        return _plausible(found.data, object_id[:SHORT])

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
            hint = self.shallow_hint() or _maybe(_close(rev, ["HEAD", *names]))
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
        span = [self.require("HEAD")]
        if since is not None and _DATE.fullmatch(since) and not self.is_revision(since):
            span.append(f"--since={since}T00:00:00")  # a bare date would mean that day at the present hour
        elif since is not None:
            span.append(f"^{self.require(since)}")
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
            "--encoding=UTF-8",
        )
        text = self._run("log", *raw, form, *span, "--", path).decode("utf-8", "surrogateescape")
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
                    files += [(f"{path}/{name}", blob) for name, blob in (self._below(below) if below else ())]
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
        if size > MAX_PLAN_BYTES:
            self._batch.kill()
            self.close()
            raise StoreError(f"{name} は大きすぎます（{size >> 20} MB、上限 {MAX_PLAN_BYTES >> 20} MB）。")
        data = answers.read(size + 1)[:-1]
        # A link that leads out of the repository, in circles or nowhere is answered with that word instead of an id.
        return _Object(words[0], words[1], data) if _OBJECT_ID.fullmatch(words[0]) else None

    def _explain_end(self, name: str) -> None:
        """Find out why the process ended: no repository, or a bare one, which refuses names that begin with ./"""
        self.close()
        self._run("rev-parse", "--git-dir")
        if not name.partition(":")[2].startswith("."):
            raise StoreError(f"gitから {name} を取り出せません。")

    def _run(self, *arguments: str, check: bool = True) -> bytes:
        """Run one git command to its end; its own words go into the error."""
        process = _start((*_FIXED, *arguments), self.folder, errors=True)
        output, errors = process.communicate()
        if process.returncode and check:
            raise StoreError(_complaint(errors.decode("utf-8", "replace"), self.folder))
        return b"" if process.returncode else output


def _start(command: Sequence[str], folder: str, *, errors: bool = False) -> "subprocess.Popen[bytes]":
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in _HOOK_VARIABLES} | _ENVIRONMENT
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
        raise StoreError(f"gitを起動できません（{_reason(error)}）。") from error


def _complaint(words: str, folder: str) -> str:
    own = next((line for line in words.splitlines() if line.startswith(("fatal:", "error:"))), words.strip())
    own = own.partition(":")[2].strip() or own
    place = "ここ" if folder == "." else f"フォルダ {spelled(folder)} "
    if "not a git repository" in words:
        return f"{place}はgitのリポジトリではありません。"
    if "dubious ownership" in words:
        return f"gitがこのリポジトリを信用していません（所有者が違います）。safe.directory を設定してください: {own}"
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


# ------------------------------------------------------------------------------------------- packaged data, output


def packaged(kind: Literal["schemas", "strategies"]) -> str:
    """Find a folder that travels with the program: inside the wheel, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_data" / kind, here.parent / kind):
        if folder.is_dir():
            return str(folder)
    raise StoreError(f"付属の {kind} がありません。strategy を入れ直してください。")


def shipped(name: str) -> str | None:
    """Find a plan, or plan/id, that travels with the program as an example: atsugi-2, atsugi-2/2020-03."""
    if not _SHIPPED.fullmatch(name):
        return None
    path = os.path.join(packaged("strategies"), *name.split("/"))  # noqa: PTH118
    return next((each for each in (path, f"{path}.yaml") if os.path.exists(each)), None)  # noqa: PTH110


def write_atomic(path: str | None, data: bytes) -> None:
    """Write a file whole or not at all; None or - is standard output.

    An existing file keeps its mode, a link keeps pointing at it. A pipe or device (/dev/stdout) is written to directly.
    """
    if path is None or path == STDIN:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    shown = spelled(path)
    try:
        target = Path(os.path.realpath(path)) if path else None
        if target is None or target.is_dir():
            raise StoreError(f"{shown or '空の名前'} には書き込めません。ファイルの名前を指定してください。")
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        elif target.exists() and not os.access(target, os.W_OK):
            raise StoreError(f"{shown} は書き込みが禁じられています。")
        else:
            _replace(target, data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        hint = "ほかのアプリで開いていれば閉じてください。" if os.name == "nt" else ""
        raise StoreError(f"{shown} に書き込めません（{_reason(error)}）。{hint}") from error


def _replace(target: Path, data: bytes) -> None:
    """Write beside the target, then take its place in one step."""
    temporary = target.with_name(f".strategy-{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
