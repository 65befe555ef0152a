"""Editions: what an EDITION argument names: a file, a plan, an edition's id, or one of them at a revision."""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from atsugi_cli.late import late
from atsugi_cli.store.base import (
    ROOT,
    STDIN,
    SUFFIXES,
    Blob,
    NoPathError,
    StoreError,
    alike,
    is_folder,
    perhaps,
    spelled,
)
from atsugi_cli.store.files import find_editions, is_edition, neighbours, read_file, read_stdin, shipped
from atsugi_cli.store.git import Git, repository

_DRIVE: Final = late(r"[A-Za-z]:[\\/]")
_LIKE_REVISION: Final = late(r"HEAD|[~^@]|\A(?:main|master|[0-9a-f]{7,40})\Z")

Newest = Callable[[tuple[Blob, ...]], Blob]
"""Chooses the newest edition of a plan; it gets at least one."""


def by_name(editions: tuple[Blob, ...]) -> Blob:
    """Choose the edition with the greatest id: ids are dates (2020-03), so this is right unless a file says more."""
    return max(editions, key=lambda edition: (PurePosixPath(edition.name).stem, edition.name))


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
    if is_folder(argument):
        return _newest_in(argument, newest)
    editions = find_editions([root]).editions if is_folder(root) else ()
    if named := _named(argument, editions):
        return read_file(_only(argument, named))
    if folders := {str(Path(path).parent) for path in editions if Path(path).parent.name == argument}:
        return _newest_in(min(folders), newest)
    if (example := shipped(argument)) is not None:
        return _newest_in(example, newest) if is_folder(example) else read_file(example)
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
    for path in (argument, *(argument + suffix for suffix in SUFFIXES)):
        if os.path.exists(path) and not is_folder(path):  # noqa: PTH110 - as `is_folder`
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
    close = alike(inside, [*(_here(path) for path in editions), *map(_id, editions)])
    raise StoreError(f"{rev or '索引'} に {inside} はありません。{perhaps([f'{rev}:{name}' for name in close])}")


def _editions_at(git: Git, rev: str, folder: str) -> list[str]:
    return [path for path in git.files(rev, folder) if is_edition(path)]


def _blob_at(git: Git, rev: str, path: str) -> Blob:
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
        close = alike(argument, [name for path in editions for name in (_id(path), _plan_and_id(path))])
        ids = "、".join(dict.fromkeys(map(_id, editions)))
        hint = perhaps(close or neighbours(argument)) or (f"ある版: {ids}" if ids else "")
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
    found = [(path, blob) for path, blob in git.tree(rev, spelled(root)) if is_edition(path)]
    return tuple(Blob(f"{rev}:{path}", git.blob(blob), path, rev) for path, blob in found)
