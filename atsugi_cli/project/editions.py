"""Editions: what an EDITION argument names, and which edition is meant where none is named."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Final

from atsugi_cli import store
from atsugi_cli.levels import Profile
from atsugi_cli.model import Strategy
from atsugi_cli.project.reading import Project, UnreadableError
from atsugi_cli.reader import Read
from atsugi_cli.store import Blob, Git, StoreError, UnusableError, alike, neighbours, perhaps, spelled

if TYPE_CHECKING:
    from atsugi_cli.revision import Revision

_DRIVE: Final = r"[A-Za-z]:[\\/]"
_LIKE_REVISION: Final = r"HEAD|[~^@]|\A(?:main|master|[0-9a-f]{7,40})\Z"


class NoPathError(StoreError):
    """A bare revision was named where nothing says which of its files is meant."""


# ------------------------------------------------------------------------------------------- what an argument names


def named(project: Project, argument: str, beside: str = "") -> Blob:
    """Read what an EDITION argument names; the latest edition where there is none.

    In this order: - (standard input), a file, a plan's folder (its newest edition), an edition id or plan/id under
    the project's root, a plan there, an example that travels with the program, REV:PATH, REV.
    `beside` is the file of the other side, which a bare REV needs.
    """
    return alone(project, _resolved(project, argument, beside) if argument else latest(project))


def _resolved(project: Project, argument: str, beside: str = "") -> Blob:
    if argument == store.STDIN:
        return store.read_stdin()
    if (path := _existing(argument)) is not None:
        return project.open(path)
    if store.is_folder(argument):
        return _newest_in(project, argument)
    editions = store.find_editions([project.root]).editions if store.is_folder(project.root) else ()
    if found := _with_id(argument, editions):
        return project.open(_only(argument, found))
    if folders := {str(Path(path).parent) for path in editions if argument in _spellings(Path(path).parent.name)}:
        return _newest_in(project, min(folders))
    if (example := store.shipped(argument)) is not None:
        return _newest_in(project, example) if store.is_folder(example) else project.open(example)
    if ":" in argument and not re.match(_DRIVE, argument):
        rev, _, inside = argument.partition(":")
        return _at_revision(project, rev, spelled(inside).rstrip("/"))
    return _bare_revision(argument, editions, beside)


def _existing(argument: str) -> str | None:
    """Find the file an argument names, with or without its suffix; pipes and devices count, to be refused by name."""
    for path in (name + suffix for suffix in ("", *store.SUFFIXES) for name in _spellings(argument)):
        if os.path.exists(path) and not store.is_folder(path):  # noqa: PTH110 - as `is_folder`
            return path
    return None


def _spellings(name: str) -> tuple[str, ...]:
    """Spell a name as it was typed, then as other systems do (が as one character, or as か and a mark)."""
    return tuple(dict.fromkeys((name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD")))))


def _newest_in(project: Project, folder: str) -> Blob:
    editions = store.find_editions([folder]).editions
    if not editions:
        raise StoreError(f"フォルダ {spelled(folder)} に版（*.yaml）がありません。")
    return newest(project, tuple(map(project.open, editions)))


def _with_id(argument: str, editions: Sequence[str]) -> list[str]:
    """Find the edition files that an id or plan/id names."""
    meant = unicodedata.normalize("NFC", argument)
    return [path for path in editions if meant in {_id(path), _plan_and_id(path)}]


def _only(argument: str, found: Sequence[str]) -> str:
    if len(found) == 1:
        return found[0]
    ids = [_plan_and_id(path) for path in found]
    choices = ids if len(set(ids)) == len(ids) else [spelled(path) for path in found]
    raise StoreError(f"{argument} に当たる版が複数あります。次のどれかを指定してください: {'、'.join(choices)}")


def _id(path: str) -> str:
    return unicodedata.normalize("NFC", PurePosixPath(spelled(path)).stem)


def _plan_and_id(path: str) -> str:
    return unicodedata.normalize("NFC", f"{PurePosixPath(spelled(path)).parent.name}/{_id(path)}")


def _at_revision(project: Project, rev: str, inside: str) -> Blob:
    """Read REV:PATH, where PATH starts at the top or here and names a file, a plan's folder or an edition's id."""
    git = store.repository(".")
    git.require(rev)
    names = _spellings(inside)
    places = names if inside.startswith(("./", "../")) else (*names, *(f"./{name}" for name in names))
    for place in places:
        found = git.find(rev, place)
        if isinstance(found, bytes):
            return Blob(f"{rev}:{inside}", found, inside, rev)
        if found == "tree" and (editions := _editions_at(git, rev, place)):
            return newest(project, tuple(_blob_at(git, rev, path) for path in editions))
    editions = _editions_at(git, rev, f"./{project.root}")
    if found_ids := _with_id(inside, editions):
        return _blob_at(git, rev, _only(inside, found_ids))
    close = alike(inside, [*(path.removeprefix("./") for path in editions), *map(_id, editions)])
    raise StoreError(f"{rev or '索引'} に {inside} はありません。{perhaps([f'{rev}:{name}' for name in close])}")


def _editions_at(git: Git, rev: str, folder: str) -> list[str]:
    return [path for path in git.files(rev, folder) if store.is_edition(path)]


def _blobs_at(rev: str, folder: str) -> Iterator[Blob]:
    """Iterate over the editions below a folder at a revision; the folder counts from here."""
    git = store.repository(".")
    files = git.tree(rev, folder)
    return (Blob(f"{rev}:{path}", git.blob(blob), path, rev) for path, blob in files if store.is_edition(path))


def _blob_at(git: Git, rev: str, path: str) -> Blob:
    here = path.removeprefix("./")
    return Blob(f"{rev}:{here}", git.show(rev, path), here, rev)


def _bare_revision(argument: str, editions: Sequence[str], beside: str) -> Blob:
    """Read the file `beside` as it was at a revision; what names no revision was a mistyped edition."""
    # One process for the whole run, unless the file lies in another repository than this folder. It may exist only in
    # git; then its folder may not, and this one serves.
    folder = Path(beside).parent
    here = git = store.repository(".")
    try:
        if not _is_below(beside) and folder.is_dir():
            git = store.repository(str(folder))
        known = git.is_revision(argument)
        why = "" if known else git.shallow_hint()
    except StoreError as error:  # no git, no repository: then it was meant as an edition, unless it does not look so
        known, why = False, str(error) if re.search(_LIKE_REVISION, argument) else ""
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
        found = store.repository(str(folder)).find(argument, f"./{Path(beside).name}")
    data = found if isinstance(found, bytes) else git.show(argument, shown)
    return Blob(f"{argument}:{shown}", data, beside, argument)


def _is_below(path: str) -> bool:
    return not Path(path).is_absolute() and ".." not in Path(path).parts


def _in_submodule(folder: Path) -> bool:
    """Check whether a folder below this one lies in a repository of its own."""
    return any((each / ".git").exists() for each in (folder, *folder.parents) if each != Path())


def split_range(text: str) -> tuple[str, str] | None:
    """Split REV1..REV2 into both revisions; REV1.. ends at HEAD, REV1...REV2 starts where both part; else None."""
    match = re.fullmatch(r"([^.:/\\][^:]*?)(\.{2,3})([^./\\:][^:]*)?", text)
    if match is None or match[1].endswith("/") or os.path.lexists(text):
        return None
    old, dots, new = match[1], match[2], match[3] or "HEAD"
    return (store.repository(".").merge_base(old, new) if dots == "..." else old), new


# ------------------------------------------------------------------------------------------ which edition is meant


def newest(project: Project, blobs: tuple[Blob, ...]) -> Blob:
    """Choose the newest edition: one that no other revises, the latest by date and id among several."""
    reads = [(blob, project.read(blob)) for blob in blobs]
    known = [(blob, result.strategy) for blob, result in reads if result.strategy is not None]
    meant = [blob for blob, result in reads if [each.rule.code for each in result.findings] != ["not-a-strategy"]]
    # Ids are dates (2020-03): by its name the last one is the newest.
    last_named = max(meant or blobs, key=lambda blob: (PurePosixPath(blob.name).stem, blob.name))
    if all(blob is not last_named for blob, _ in known):  # it cannot be read: the user must be told, not misled
        return last_named
    revised_ids = {strategy.edition.revises for _, strategy in known}
    last = [each for each in known if each[1].edition.id not in revised_ids] or known
    return max(last, key=lambda each: (each[1].edition.date, each[1].edition.id, each[0].name))[0]


def require_root(project: Project) -> None:
    """Refuse to go on where there is no folder of editions, and say how to begin."""
    if not Path(project.root).is_dir():
        raise StoreError(
            f"{project.root}/ フォルダがありません。版のファイルを指定するか、strategy init で始めてください。"
            "手本は strategy diff atsugi-2 で見られます。"
        )


def latest(project: Project) -> Blob:
    """Choose the newest edition under the root; of several plans, that whose newest edition is the latest."""
    return max(_newest_here(project), key=lambda blob: _age(project, blob))


def _newest_here(project: Project) -> list[Blob]:
    require_root(project)
    editions = store.find_editions([project.root]).editions
    if not editions:
        raise StoreError(f"{project.root}/ に版（*.yaml）がありません。strategy init で始めてください。")
    return _newest_of_each(project, tuple(map(project.open, editions)))


def _newest_of_each(project: Project, blobs: tuple[Blob, ...]) -> list[Blob]:
    """Choose the newest edition of each plan (folder)."""
    folders: dict[str, list[Blob]] = {}
    for blob in blobs:
        folders.setdefault(str(PurePath(blob.path or blob.name).parent), []).append(blob)
    return [newest(project, tuple(each)) for each in folders.values()]


def _age(project: Project, blob: Blob) -> tuple[str, str]:
    strategy = project.read(blob).strategy
    name = PurePath(blob.path or blob.name).stem  # ids are dates, so that what cannot be read has an age too
    return (strategy.edition.date or name, strategy.edition.id) if strategy is not None else (name, name)


def revised(project: Project, blob: Blob, strategy: Strategy) -> Blob | None:
    """Find the edition that this one revises, beside it (at the same revision where it comes from git)."""
    name = strategy.edition.revises
    if not name:
        return None
    if blob.path is None:
        return _if_any(project, name)
    for path in _named_beside(blob.path, name):
        if blob.rev is not None:
            if (found := _if_any(project, f"{blob.rev}:{path}")) is not None:
                return found
        elif Path(path).is_file():
            return project.open(path)
    return _beside(project, blob, name) or _if_any(project, name)


def _named_beside(path: str, name: str) -> list[str]:
    """List the files beside another that an edition of this id may have."""
    return [(PurePath(path).parent / f"{name}{suffix}").as_posix() for suffix in store.SUFFIXES]


def _beside(project: Project, blob: Blob, name: str) -> Blob | None:
    """Find an edition by the id written in it, where the file is called otherwise."""
    return next((other for other in siblings(project, blob) if project.id_of(other) == name), None)


def siblings(project: Project, blob: Blob) -> Iterator[Blob]:
    """Iterate over the other editions of a folder, as far as they can be read."""
    folder = Path(blob.file).parent if blob.file is not None else None
    for path in store.find_editions([str(folder)]).editions if folder is not None else ():
        if Path(path).parent == folder and path != blob.path:
            try:
                yield project.open(path)
            except StoreError:
                continue  # it may be anything


def _if_any(project: Project, argument: str, beside: str = "") -> Blob | None:
    try:
        return _resolved(project, argument, beside)
    except UnusableError:  # it is there: nothing else may be taken for it
        raise
    except StoreError:
        return None


# ------------------------------------------------------------------------------------------- both sides of a revision


def compared(project: Project, old: str, new: str) -> "tuple[Revision, Profile]":
    """Compare the two sides of a revision as they were named; the profile is that of the new one."""
    from atsugi_cli.compare import compare

    before, after = pair(project, old, new)
    results = [_with_doubled_ids(project.read(each)) for each in (before, after)]
    bad = [result for result in results if result.strategy is None or result.findings]
    if bad:
        raise UnreadableError(bad)
    former, latter = (result.strategy for result in results if result.strategy is not None)
    profile = project.profile(after.path or before.path)
    return compare(former, latter, profile.kinds), replace(profile, old=project.profile(before.path or after.path))


def all_of(project: Project, revision: "Revision") -> tuple[Strategy, ...]:
    """Read every edition of the plan that a revision belongs to, in the order of their dates; what cannot be read not.

    They lie beside the new edition, or under the root where that comes from git; both sides are among them.
    """
    found = {each.edition.id: each for each in (revision.old, revision.new)}
    source = revision.new.source or ""
    folder = str(Path(source).parent) if Path(source).is_file() else project.root
    for path in store.find_editions([folder]).editions if store.is_folder(folder) else ():
        try:
            strategy = project.read(project.open(path)).strategy
        except StoreError:
            continue
        if strategy is not None and strategy.plan.id == revision.new.plan.id:
            found.setdefault(strategy.edition.id, strategy)
    return tuple(sorted(found.values(), key=lambda each: (each.edition.date, each.edition.id)))


def _with_doubled_ids(result: Read) -> Read:
    """Add the findings of doubled ids: nobody could say who became whom."""
    strategy = result.strategy
    if strategy is None or result.findings:
        return result
    ids = [item.id for item in strategy.items()]
    ids += [indicator.id for _, indicator in strategy.indicators()]
    if len(set(ids)) == len(ids):
        return result
    from atsugi_cli.rules import check
    from atsugi_cli.rules.base import Subject

    found = tuple(each for each in check(Subject(strategy)) if each.rule.code == "duplicate-id")
    return replace(result, findings=found)


def pair(project: Project, old: str, new: str) -> tuple[Blob, Blob]:
    """Read the two sides of a revision as they were named.

    Nothing: the newest edition and the one it revises. One edition: that one and the one it revises. One git
    revision: the newest edition then and now. REV1..REV2, or two revisions: the newest edition of the second, then
    and there. Two editions: these. An edition that was not there yet is compared with the one it revises.
    """
    if old and not new and (both := split_range(old)) is not None:
        return _between(project, *both)
    if old and new:
        after = _named_outright(project, new)
        if after is not None:
            return before(project, old, after), after
        older = _named_outright(project, old)
        if older is None:
            return _between(project, old, new)
        same = _identical(project, new, project.strategy(older))
        return older, same or named(project, new, older.path or "")
    after = _named_outright(project, old)
    if after is None:
        after = alone(project, _most_recent(project, old, _newest_here(project)))
        _tell_withdrawn(project, old, [*map(project.open, store.find_editions([project.root]).editions)])
        return _then(project, old, after), after
    found = revised(project, after, project.strategy(after))
    if found is None:
        raise StoreError(_has_no_base(project, after))
    return alone(project, found), after


def before(project: Project, argument: str, blob: Blob) -> Blob:
    """Read the older side for an edition: what is named, or at a bare revision the same file.

    Where that was not there yet, it is the edition that it revises.
    """
    found = _named_outright(project, argument)
    return _then(project, argument, blob) if found is None else found


def _named_outright(project: Project, argument: str) -> Blob | None:
    """Read what an argument names by itself; None for a bare revision, which needs a file."""
    try:
        return named(project, argument)
    except NoPathError:
        return None


def _then(project: Project, rev: str, blob: Blob) -> Blob:
    """Read the same edition at a revision, wherever its file was then.

    Where it was not there yet, it is the edition that it revises, which is said.
    """
    try:
        there: Blob | None = _resolved(project, rev, blob.path or "")
    except UnusableError:
        raise
    except StoreError as missing:
        if blob.path is None:
            raise
        there, why = None, str(missing)
    else:
        why = ""
    strategy = project.strategy(blob)
    old = project.read(there).strategy if there is not None else None
    if there is not None and (old is None or old.key == strategy.key):
        return there
    if (found := _identical(project, rev, strategy)) is not None:
        return found
    edition = f"{rev} に版 {strategy.edition.id} はありません。"
    if there is not None and old is not None and old.edition.revises == strategy.edition.revises:
        project.listener.tell(f"{edition}同じファイルにあった {old.edition.id} と比べます。")
        return there
    if not strategy.edition.revises:
        raise StoreError(f"{why or edition}{_has_no_base(project, blob)}")
    then = (_if_any(project, rev, path) for path in _named_beside(blob.path or "", strategy.edition.revises))
    base = next(filter(None, then), None) or revised(project, blob, strategy)
    if base is None:
        raise StoreError(_has_no_base(project, blob))
    project.listener.tell(f"{edition}改定する版 {base.name} と比べます。")
    return base


def _says(data: bytes, identity: str) -> bool:
    """Check whether a text may be that of an edition with this id, without reading it as YAML."""
    return re.search(rb"\bid[\"']?\s*:\s*[\"']?" + re.escape(identity.encode()) + rb"(?![\w-])", data) is not None


def _identical(project: Project, rev: str, strategy: Strategy) -> Blob | None:
    """Find an edition at a revision by its plan and id: under the root, else anywhere in the repository."""
    git = store.repository(".")
    up = "../" * git.prefix().count("/") or "."
    for folder in dict.fromkeys((spelled(project.root), up)):
        found = []
        for each in _blobs_at(rev, folder):
            if _says(each.data, strategy.edition.id):
                other = project.read(each).strategy
                if other is not None and other.key == strategy.key:
                    found.append(each)
        if len(found) > 1:
            raise doubled(strategy, [each.name for each in found])
        if found:
            return found[0]
    return None


def doubled(strategy: Strategy, names: Sequence[str]) -> StoreError:
    """Say that several files claim one edition: nobody could tell which is meant."""
    return StoreError(
        f"版 {strategy.plan.id}/{strategy.edition.id} を名乗るファイルが複数あります: {'、'.join(names)}。"
        "一つを移すか、edition.id を改めてください。"
    )


def alone(project: Project, blob: Blob) -> Blob:
    """Refuse an edition under the root that another file there claims to be, too."""
    if blob.file is None or not store.is_below(blob.file, project.root):
        return blob
    strategy = project.read(blob).strategy
    if strategy is None:
        return blob
    names = [blob.name]
    for path in store.find_editions([project.root]).editions:
        if not Path(path).samefile(blob.file):
            try:
                other = project.open(path)
            except StoreError:
                continue
            if _says(other.data, strategy.edition.id):
                read = project.read(other).strategy
                names += [other.name] if read is not None and read.key == strategy.key else []
    if len(names) > 1:
        raise doubled(strategy, sorted(names))
    return blob


def _between(project: Project, old: str, new: str) -> tuple[Blob, Blob]:
    """Read the newest edition at a revision, and the same one at an earlier one."""
    git = store.repository(".")
    git.require(old)
    git.require(new)
    blobs = tuple(_blobs_at(new, spelled(project.root)))
    if not blobs:
        raise StoreError(f"{new} の {project.root}/ に版（*.yaml）がありません。")
    claims: dict[tuple[str, str], Blob] = {}
    for each in blobs:
        strategy = project.read(each).strategy
        if strategy is not None and (other := claims.setdefault(strategy.key, each)) is not each:
            raise doubled(strategy, (other.name, each.name))
    _tell_withdrawn(project, old, blobs)
    after = _most_recent(project, old, _newest_of_each(project, blobs))
    return _then(project, old, after), after


def _tell_withdrawn(project: Project, rev: str, now: Sequence[Blob]) -> None:
    """Say which editions of a revision are no more: the newest of the others is compared, and none of these."""
    git = store.repository(".")
    git.require(rev)
    paths = {posixpath.normpath(spelled(blob.path or "")) for blob in now}
    moved = [blob for blob in _blobs_at(rev, spelled(project.root)) if blob.path not in paths]
    then = [strategy for blob in moved if (strategy := project.read(blob).strategy) is not None]
    if then:
        known = {strategy.key for blob in now if (strategy := project.read(blob).strategy) is not None}
        for strategy in then:
            if strategy.key not in known:
                named = f"{strategy.plan.id}/{strategy.edition.id}"
                project.listener.tell(f"{rev} にあった版 {named} は、もうありません（取り下げたか、idを改めました）。")


def _most_recent(project: Project, rev: str, blobs: list[Blob]) -> Blob:
    """Choose among the newest editions of several plans: one that differs from a revision, the latest of these."""
    changed = [blob for blob in blobs if len(blobs) > 1 and _differs(project, rev, blob)]
    chosen = max(changed or blobs, key=lambda blob: _age(project, blob))
    if others := [blob.name for blob in changed if blob is not chosen]:
        project.listener.tell(f"{chosen.name} を比べます。ほかにも変わった版があります: {'、'.join(others)}")
    return chosen


def _differs(project: Project, rev: str, blob: Blob) -> bool:
    """Check whether an edition has changed since a revision; one that came since must revise another."""
    then = _if_any(project, rev, blob.path or "")
    strategy = project.read(blob).strategy
    if then is None and strategy is not None:
        then = _identical(project, rev, strategy)
    if then is not None:
        return then.data != blob.data
    return strategy is not None and bool(strategy.edition.revises)


def _has_no_base(project: Project, blob: Blob) -> str:
    revises = project.strategy(blob).edition.revises
    if revises:
        return f"{blob.name} が改定する版「{revises}」が見つかりません。現行の版を一つ目に指定してください。"
    return f"{blob.name} は最初の版（revises なし）です。比べる版を二つ指定してください: strategy diff 現行 改定後"
