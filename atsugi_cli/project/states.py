"""States: what a plan's editions were in git and are in the working folder, each distinct blob read once."""

import posixpath
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from atsugi_cli import store
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.history import Moment, Step
from atsugi_cli.model import Strategy
from atsugi_cli.project.editions import doubled
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob, Commit, StoreError, UnusableError


@frozen
class Past:
    """The steps of every plan under the root, in the order of time, and what could not be looked at, in words.

    `cut` says that the history is not all there.
    """

    steps: tuple[Step, ...]
    remarks: tuple[str, ...]
    cut: str = ""

    def of(self, plan: str) -> tuple[Step, ...]:
        """Give the steps of one plan alone; a state that follows one of another plan follows nothing."""
        chosen = [index for index, step in enumerate(self.steps) if step.strategy.plan.id == plan]
        places = {index: place for place, index in enumerate(chosen)}
        return tuple(
            replace(step, before=tuple(places[each] for each in step.before if each in places))
            for step in (self.steps[index] for index in chosen)
        )


def past(project: Project) -> Past:
    """Read the past of what lies under the project's root; without git there is only the working folder."""
    reader = _Reader(project)
    remarks: list[str] = []
    git = store.repository(".")
    try:
        prefix = git.prefix()
        commits = git.commits(project.root)
        hint = git.cut() if commits else ""
    except UnusableError:
        raise
    except StoreError as error:
        prefix, commits, hint = "", (), ""
        remarks.append(f"gitの履歴は見ていません（{str(error).rstrip('。')}）。")
    with project.listener.counting("履歴を読んでいます", len(commits)) as step:
        for commit in reversed(commits):
            step(commit.short)
            reader.add(commit, prefix)
    head = dict(git.tree("HEAD", store.spelled(project.root))) if commits and Path(project.root).is_dir() else {}
    reader.add_working(prefix, head)
    if hint:
        remarks.append(hint)
    if reader.unreadable:
        remarks.append(f"読めない状態が{len(reader.unreadable)}件あり、飛ばしました: {'、'.join(reader.unreadable)}")
    return Past(tuple(reader.steps), tuple(remarks), hint)


class _Reader:
    """Collects steps; `at` finds the step of a file's blob, `editions` the last step of an edition of a plan."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.steps: list[Step] = []
        self.unreadable: list[str] = []
        self.at: dict[tuple[str, str], int] = {}
        self.editions: dict[tuple[str, str], int] = {}
        self.blobs: dict[str, Strategy | None] = {}

    def add(self, commit: Commit, prefix: str) -> None:
        """Add what a commit made of the edition files."""
        moment = Moment(commit.id, commit.short, commit.date, commit.author, commit.subject)
        new: list[_New] = []
        gone: list[int] = []
        for (path, blob), before in zip(commit.files, commit.before, strict=True):
            if not store.is_edition(path):
                continue
            old = tuple(self.at[path, each] for each in before if each is not None and (path, each) in self.at)
            if blob is None:
                gone += old[:1]
                continue
            strategy = self._strategy(blob, path, prefix)
            if strategy is not None:
                new.append(_New(strategy, path, blob, old))
                continue
            self.unreadable.append(f"{commit.short}:{path}")
            if old:  # what comes next follows what could be read last
                self.at[path, blob] = old[0]
        self._add_all(moment, new, gone)

    def _add_all(self, moment: Moment, new: Sequence["_New"], gone: list[int]) -> None:
        """Add what came at one moment: what took the place of something that went follows it, the rest is gone."""
        placed = [each if each.old else replace(each, old=self._moved_from(each, gone)) for each in new]
        for each in _in_chain(placed):
            self.at[each.path, each.blob] = self._append(moment, each)
        living = {each.strategy.key for each in new}
        for index in gone:
            if self.steps[index].strategy.key not in living:
                self.steps.append(Step(moment, self.steps[index].strategy, (index,), gone=True))

    def _moved_from(self, new: "_New", gone: list[int]) -> tuple[int, ...]:
        """Take from `gone` the state that a new file continues: the same edition, or one that now has another id."""
        for index in gone:
            if self.steps[index].strategy.key == new.strategy.key or _is_renamed(
                self.steps[index].strategy, new.strategy
            ):
                gone.remove(index)
                return (index,)
        return ()

    def add_working(self, prefix: str, head: dict[str, str]) -> None:
        """Add the files of the working folder that differ from the last commit."""
        if not Path(self.project.root).is_dir():
            return
        new: list[_New] = []
        claims: dict[tuple[str, str], str] = {}
        found = [store.spelled(path) for path in store.find_editions([self.project.root]).editions]
        for path in found:
            shown = posixpath.normpath(path)
            file = store.read_file(path)
            committed = head.get(shown)
            known = self.at.get((prefix + shown, committed or ""))
            if committed is None or not _same(store.repository(".").blob(committed), file.data):
                result = self.project.read(file)
                if result.strategy is None or result.findings:
                    self.unreadable.append(shown)
                    continue
                new.append(_New(result.strategy, shown, "", () if known is None else (known,)))
                strategy = result.strategy
            elif known is not None:
                strategy = self.steps[known].strategy
            else:
                continue
            if (other := claims.setdefault(strategy.key, shown)) != shown:
                raise doubled(strategy, (other, shown))
        names = {unicodedata.normalize("NFC", posixpath.normpath(each)) for each in found}
        gone = [
            self.at[prefix + path, blob]
            for path, blob in head.items()
            if unicodedata.normalize("NFC", path) not in names and (prefix + path, blob) in self.at
        ]
        self._add_all(Moment(), new, gone)

    def _append(self, moment: Moment, new: "_New") -> int:
        plan, edition = new.strategy.plan.id, new.strategy.edition
        known = [self.editions[plan, each] for each in (edition.id, edition.revises) if (plan, each) in self.editions]
        before = new.old or tuple(known[:1])
        former = self.steps[new.old[0]].strategy if new.old else None
        is_renamed = former is not None and former.plan.id == plan and former.edition.id != edition.id
        self.steps.append(Step(moment, new.strategy, before, former.edition.id if former and is_renamed else ""))
        self.editions[plan, edition.id] = len(self.steps) - 1
        return len(self.steps) - 1

    def _strategy(self, blob: str, path: str, prefix: str) -> Strategy | None:
        if blob not in self.blobs:
            here = path.removeprefix(prefix)
            result = self.project.read(Blob(here, store.repository(".").blob(blob), here))
            self.blobs[blob] = None if result.findings else result.strategy
        return self.blobs[blob]


@frozen
class _New:
    """A state that came at one moment, and the steps of the same file that it follows."""

    strategy: Strategy
    path: str
    blob: str
    old: tuple[int, ...]


def _is_renamed(old: Strategy, new: Strategy) -> bool:
    """Check whether an edition is another one under a new id: it revises the same, and most of its lines are there."""
    if (old.plan.id, old.edition.revises) != (new.plan.id, new.edition.revises):
        return False
    before, after = (set(each.text.splitlines()) for each in (old, new))
    return len(before & after) * 2 > max(len(before), len(after))


def _in_chain(new: list[_New]) -> Iterator[_New]:
    """Order what came at one moment: an edition before those that revise it."""
    rest = list(new)
    while rest:
        ids = {each.strategy.edition.id for each in rest}
        ready = next((each for each in rest if each.strategy.edition.revises not in ids), rest[0])
        rest.remove(ready)
        yield ready


def _same(committed: bytes, working: bytes) -> bool:
    """Tell whether two files hold the same text; git may have turned the line breaks of the working one."""
    return committed == working or committed.replace(b"\r\n", b"\n") == working.replace(b"\r\n", b"\n")
