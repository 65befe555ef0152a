"""Since: check all editions as they were at every commit since a revision, each distinct state once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.project import Project
from atsugi_cli.findings import Finding, Findings, Place, in_order
from atsugi_cli.reader import Read
from atsugi_cli.store import Blob, Commit

Tree = tuple[tuple[str, str], ...]
"""The files of a commit under a folder: (path, blob id)."""
Key = tuple[str, str, str]
"""What makes two findings the same at different commits: path, code and message, but not the line."""

_DAY: Final = 10


def checked_since(project: Project, paths: Sequence[str], rev: str) -> Findings:
    """Check the editions below `paths` as of every commit since `rev` (a revision or a date, not included itself).

    Each finding is given once, with the commit in which it appears first. What still holds stands where it is in the
    last commit; what was put right since carries the commit in its file's name.
    """
    from atsugi_cli.rules import CATALOGUE

    git = store.repository(".")
    commits = _commits(paths, rev)
    work = _Work(project, tuple(path.replace("\\", "/") for path in paths))
    if not commits:
        return Findings(rules=CATALOGUE.entries)
    start = rev if git.is_revision(rev) else f"{commits[0].id}^"
    known = work.found_at(start) if git.is_revision(start) else {}
    first: dict[Key, tuple[Commit | None, Finding]] = {key: (None, finding) for key, finding in known.items()}
    seen: dict[Key, None] = {}
    with streams.Progress("検証中", len(commits)) as progress:
        for commit in commits:
            progress.step(commit.short)
            for key, finding in work.found_at(commit.id).items():
                first.setdefault(key, (commit, finding))
                seen[key] = None
    last = work.found_at("HEAD")
    texts = dict(work.texts_at("HEAD"))
    items: list[Finding] = []
    for key in seen:
        begun, finding = first[key]
        words = f"{rev} より前から" if begun is None else f"{_named(begun)}から"
        if key in last:
            items.append(replace(last[key], message=f"{last[key].message}（{words}）"))
            continue
        at = begun.short if begun is not None else rev
        items.append(_moved(replace(finding, message=f"{finding.message}（{words}、今は直っています）"), at))
        for path, text in work.texts_at(begun.id if begun is not None else rev):
            texts[f"{at}:{path}"] = text
    return Findings(in_order(items), tuple(texts.items()), len(work.reads), rules=CATALOGUE.entries)


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


@dataclass(slots=True)
class _Work:
    """Reads and checks what git holds; `reads` are by path and blob, `checked` by the blobs that a check looks at."""

    project: Project
    paths: tuple[str, ...]
    reads: dict[tuple[str, str], Read] = field(default_factory=dict)
    checked: dict[tuple[str, str, str], tuple[Finding, ...]] = field(default_factory=dict)
    folders: dict[Tree, tuple[Finding, ...]] = field(default_factory=dict)
    trees: dict[Tree, dict[Key, Finding]] = field(default_factory=dict)

    def found_at(self, rev: str) -> dict[Key, Finding]:
        """Find what is wrong with the editions of a commit."""
        tree = self._tree(rev)
        if tree not in self.trees:
            self.trees[tree] = {_key(finding): finding for finding in self._findings(tree)}
        return self.trees[tree]

    def texts_at(self, rev: str) -> Iterator[tuple[str, str]]:
        """Iterate over the texts of the editions of a commit."""
        for path, blob in self._tree(rev):
            yield path, self._read(path, blob).text

    def _tree(self, rev: str) -> Tree:
        git = store.repository(".")
        found: dict[str, str] = {}
        for path in self.paths:
            found |= dict(git.tree(rev, _parent(path) if path.endswith(store.SUFFIXES) else path))
        return tuple((path, blob) for path, blob in found.items() if store.is_edition(path))

    def _is_wanted(self, path: str) -> bool:
        """Tell whether a file was named; its neighbours are read only to find what it revises."""
        return any(
            not each.endswith(store.SUFFIXES) or PurePosixPath(each) == PurePosixPath(path) for each in self.paths
        )

    def _read(self, path: str, blob: str) -> Read:
        if (path, blob) not in self.reads:
            self.reads[path, blob] = self.project.read(Blob(path, store.repository(".").blob(blob), path))
        return self.reads[path, blob]

    def _findings(self, tree: Tree) -> Iterator[Finding]:
        folders: dict[str, list[tuple[str, str]]] = {}
        for path, blob in tree:
            folders.setdefault(str(PurePosixPath(path).parent), []).append((path, blob))
        for files in folders.values():
            bases = self._bases(files)
            for path, blob in files:
                if self._is_wanted(path):
                    yield from self._check(path, blob, *bases.get(path, ("", "")))
            if all(self._is_wanted(path) for path, _ in files):
                yield from self._check_folder(tuple(files))

    def _bases(self, files: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
        """Find the file and blob of the edition that each one revises, by the id in its text."""
        by_id: dict[str, tuple[str, str]] = {}
        for path, blob in files:
            strategy = self._read(path, blob).strategy
            if strategy is not None:
                by_id.setdefault(strategy.edition.id, (path, blob))
        found: dict[str, tuple[str, str]] = {}
        for path, blob in files:
            strategy = self._read(path, blob).strategy
            if strategy is not None and strategy.edition.revises in by_id:
                found[path] = by_id[strategy.edition.revises]
        return found

    def _check(self, path: str, blob: str, base_path: str, base_blob: str) -> tuple[Finding, ...]:
        from atsugi_cli.rules import check
        from atsugi_cli.rules.base import Subject

        key = (path, blob, base_blob)
        if key not in self.checked:
            result = self._read(path, blob)
            found = list(result.findings)
            if result.strategy is not None:
                base = self._read(base_path, base_blob).strategy if base_blob else None
                profile = self.project.profile_of(path).profile
                missing = bool(result.strategy.edition.revises) and base is None
                found += check(Subject(result.strategy, profile, base, broken=result.broken, base_missing=missing))
            self.checked[key] = tuple(found)
        return self.checked[key]

    def _check_folder(self, files: Tree) -> tuple[Finding, ...]:
        from atsugi_cli.rules import check_plan

        if files not in self.folders:
            strategies = [each for path, blob in files if (each := self._read(path, blob).strategy) is not None]
            self.folders[files] = check_plan(strategies, self.project.profile_of(files[0][0]).profile)
        return self.folders[files]


def _parent(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()


def _key(finding: Finding) -> Key:
    return finding.place.source, finding.rule.code, finding.message
