"""Commits: check editions and profiles as they were at every commit since a revision, each distinct state once."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from atsugi_cli import store
from atsugi_cli.findings import Finding, Findings, Place, State, in_order
from atsugi_cli.formats.fingerprints import of_findings
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Strategy
from atsugi_cli.project.checking import Checking, Known, Selection
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob, Commit, StoreError

Tree = Mapping[str, str]
"""The files of a commit below some folders: path → blob id."""

_DAY: Final = 10


def checked_since(project: Project, paths: Sequence[str], rev: str, *, shallow_ok: bool = False) -> Findings:
    """Check what lies below `paths` as of every commit since `rev` (a revision or a date, not included itself).

    Each finding is given once, with the commit in which it appears first, and its state: `new` came in these commits
    and is still there, `unchanged` was there before, `absent` was put right since and carries the commit in its file's
    name. What the other side of a branch put right meanwhile was there before, too.
    """
    from atsugi_cli.rules import CATALOGUE

    git = store.repository(".")
    if (hint := git.cut(rev)) and not shallow_ok:
        raise StoreError(
            f"{rev} より後の履歴がそろっていません。{hint}手元にある分だけなら --shallow-ok を付けてください。"
        )
    commits = _commits(paths, rev)
    states = _States(tuple(store.spelled(path) for path in paths))
    if not commits:
        return Findings(rules=CATALOGUE.entries)
    start = git.merge_base(rev, "HEAD") if git.is_revision(rev) else f"{commits[0].id}^"
    first: dict[str, tuple[Commit | None, _State]] = {}
    if git.is_revision(start):
        before = states.at(start)
        first = dict.fromkeys(before.findings, (None, before))
    seen = dict.fromkeys(first)
    with project.listener.counting("検証中", len(commits)) as step:
        for commit in commits:
            step(commit.short)
            state = states.at(commit.id)
            for key in state.findings:
                first.setdefault(key, (commit, state))
                seen[key] = None
    last = states.at("HEAD")
    texts = dict(last.texts)
    items: list[Finding] = []
    for key in seen:
        begun, state = first[key]
        words = f"{rev} より前から" if begun is None else f"{_named(begun)}から"
        if key in last.findings:
            finding = last.findings[key]
            compared: State = "unchanged" if begun is None else "new"
            items.append(replace(finding, message=f"{finding.message}（{words}）", state=compared, fingerprint=key))
            continue
        finding = state.findings[key]
        at = begun.short if begun is not None else start[: store.SHORT]
        message = f"{finding.message}（{words}、今は直っています）"
        items.append(_moved(replace(finding, message=message, state="absent", fingerprint=key), at))
        texts |= {f"{at}:{path}": text for path, text in state.texts.items()}
    return Findings(in_order(items), tuple(texts.items()), len(states.files), rules=CATALOGUE.entries)


def checked_index(paths: Sequence[str], *, whole: bool = False) -> Findings:
    """Check what lies below `paths` as it stands in the index: what the next commit will hold.

    `whole` asks for what stands in older editions, too.
    """
    from atsugi_cli.rules import CATALOGUE

    states = _States(tuple(store.spelled(path) for path in paths), whole=whole)
    state = states.at("")
    if not states.files:
        raise StoreError(
            f"gitのインデックスの {'、'.join(paths)} に版（*.yaml）がありません。git add で加えてください。"
        )
    items = in_order(state.findings.values())
    return Findings(items, tuple(state.texts.items()), len(states.files), rules=CATALOGUE.entries)


def _commits(paths: Sequence[str], rev: str) -> list[Commit]:
    """List the commits that touched any of the paths, oldest first."""
    found = {commit.id: commit for path in paths for commit in store.repository(".").commits(path, rev)}
    if len(paths) == 1:
        return list(reversed(found.values()))
    return sorted(found.values(), key=lambda commit: datetime.fromisoformat(commit.date))


def _named(commit: Commit) -> str:
    return f"{commit.short} {commit.date[:_DAY]} {commit.author}「{commit.subject}」"


def _moved(finding: Finding, at: str) -> Finding:
    """Name the commit in every place of a finding."""

    def there(place: Place) -> Place:
        return replace(place, source=f"{at}:{place.source}")

    related = tuple(replace(each, place=there(each.place)) for each in finding.related)
    return replace(finding, place=there(finding.place), related=related, edits=())


@frozen
class _State:
    """What a check of a commit found, by fingerprint, and the texts of its files as far as findings show them."""

    findings: Mapping[str, Finding]
    texts: Mapping[str, str]


class _States:
    """Checks what git holds below some paths; `files` are all that was looked at, as (path, blob id)."""

    def __init__(self, paths: tuple[str, ...], *, whole: bool = True) -> None:
        self.paths, self.whole = paths, whole
        self.files: set[tuple[str, str]] = set()
        self._folders = tuple(posixpath.dirname(each) or "." if _is_file(each) else each for each in paths)
        self._states: dict[tuple[tuple[str, str], ...], _State] = {}
        self._projects: dict[tuple[tuple[str, str], ...], tuple[_PastProject, Known]] = {}

    def at(self, rev: str) -> _State:
        """Check the state of a commit, unless another commit has left the same."""
        tree = self._tree(rev)
        key = tuple(tree.items())
        if key not in self._states:
            self._states[key] = self._checked(tree)
        return self._states[key]

    def _tree(self, rev: str) -> Tree:
        """List the files of a commit below the paths, and the profiles in the folders above them."""
        git = store.repository(".")
        found: dict[str, str] = {}
        for folder in self._folders:
            found |= dict(git.tree(rev, folder) if rev else git.index(folder))
        for folder in self._folders:
            for path in store.profile_names(f"{folder}/x"):
                blob = None if path in found else git.blob_id(rev, path)
                if blob is not None:
                    found[path] = blob
        return {path: blob for path, blob in found.items() if path.endswith(store.SUFFIXES)}

    def _checked(self, tree: Tree) -> _State:
        wanted = [path for path in tree if any(_is_below(path, each) for each in self.paths)]
        profiles = tuple((path, blob) for path, blob in tree.items() if store.is_profile(path))
        project, known = self._projects.setdefault(profiles, (_PastProject(), {}))
        project.tree = tree
        selection = Selection(
            tuple(path for path in wanted if store.is_edition(path)),
            tuple(path for path in wanted if store.is_profile(path)),
            frozenset(path for path in wanted if path not in self.paths),
            whole=self.whole,
        )
        self.files |= {(path, tree[path]) for path in wanted}
        checking = Checking(project, selection, known, _revised)
        found = in_order(checking.everything(lambda _: None))
        findings = Findings(found, tuple(checking.texts.items()))
        return _State(dict(zip(of_findings(findings), findings.items, strict=True)), checking.texts)


def _is_file(path: str) -> bool:
    return path.endswith(store.SUFFIXES)


def _is_below(path: str, named: str) -> bool:
    """Check whether a file was named, or lies in a folder that was."""
    named = posixpath.normpath(named)
    return path == named or (not _is_file(named) and (named == "." or path.startswith(f"{named}/")))


class _PastProject(Project):
    """A project as of some commit, `tree`; what is the same in another one, with the same profiles, is read once."""

    def __init__(self) -> None:
        super().__init__()
        self.tree: Tree = {}
        self._blobs: dict[tuple[str, str], Blob] = {}

    def open(self, path: str) -> Blob:
        key = (path, self.tree[path])
        if key not in self._blobs:
            self._blobs[key] = Blob(path, store.repository(".").blob(self.tree[path]), path)
        return self._blobs[key]

    def profile_path(self, path: str) -> str | None:
        return next((each for each in store.profile_names(path) if each in self.tree), None)


def _revised(project: Project, blob: Blob, strategy: Strategy) -> Blob | None:
    """Find the edition that one revises by the id in its text, among all that lie beside it in the commit."""
    if not strategy.edition.revises or not isinstance(project, _PastProject):
        return None
    folder = posixpath.dirname(blob.path or "")
    beside = (path for path in project.tree if posixpath.dirname(path) == folder and store.is_edition(path))
    return next((each for each in map(project.open, beside) if project.id_of(each) == strategy.edition.revises), None)
