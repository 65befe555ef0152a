"""Past: read the states of a plan's editions from git and from the working folder, each distinct blob once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.project import Project
from atsugi_cli.layout.history import Moment, Step
from atsugi_cli.model import Strategy
from atsugi_cli.store import Blob, Commit, StoreError

_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Past:
    """The steps of every plan under the root, in the order of time, and what could not be looked at, in words."""

    steps: tuple[Step, ...]
    remarks: tuple[str, ...]

    def of(self, plan: str) -> tuple[Step, ...]:
        """Give the steps of one plan alone; a state that follows one of another plan follows nothing."""
        chosen = [index for index, step in enumerate(self.steps) if step.strategy.plan.id == plan]
        places = {index: place for place, index in enumerate(chosen)}
        return tuple(
            Step(step.moment, step.strategy, None if step.before is None else places.get(step.before))
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
        hint = git.shallow_hint()
    except StoreError as error:
        prefix, commits, hint = "", (), ""
        remarks.append(f"gitの履歴は見ていません（{str(error).rstrip('。')}）。")
    with streams.Progress("履歴を読んでいます", len(commits)) as progress:
        for commit in reversed(commits):
            progress.step(commit.short)
            reader.add(commit, prefix)
    head = dict(git.tree("HEAD", f"./{project.root}")) if commits and Path(project.root).is_dir() else {}
    reader.add_working(prefix, head)
    if hint:
        remarks.append(hint)
    if reader.unreadable:
        remarks.append(f"読めない状態が{len(reader.unreadable)}件あり、飛ばしました: {'、'.join(reader.unreadable)}")
    return Past(tuple(reader.steps), tuple(remarks))


@dataclass(slots=True)
class _Reader:
    """Collects steps; `at` finds the step of a file's blob, `editions` the last step of an edition of a plan."""

    project: Project
    steps: list[Step] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    at: dict[tuple[str, str], int] = field(default_factory=dict)
    editions: dict[tuple[str, str], int] = field(default_factory=dict)
    blobs: dict[str, Strategy | None] = field(default_factory=dict)

    def add(self, commit: Commit, prefix: str) -> None:
        """Add what a commit made of the edition files."""
        moment = Moment(commit.id, commit.short, commit.date, commit.author, commit.subject)
        new: list[tuple[Strategy, str, str, int | None]] = []
        for (path, blob), before in zip(commit.files, commit.before, strict=True):
            if blob is None or not _is_edition(path):
                continue
            old = self.at.get((path, before)) if before is not None else None
            strategy = self._strategy(blob, path, prefix)
            if strategy is not None:
                new.append((strategy, path, blob, old))
                continue
            self.unreadable.append(f"{commit.short}:{path}")
            if old is not None:  # what comes next follows what could be read last
                self.at[path, blob] = old
        for strategy, path, blob, old in _in_chain(new):
            self.at[path, blob] = self._append(moment, strategy, old)

    def add_working(self, prefix: str, head: dict[str, str]) -> None:
        """Add the files of the working folder that differ from the last commit."""
        if not Path(self.project.root).is_dir():
            return
        new: list[tuple[Strategy, str, str, int | None]] = []
        for path in store.find_editions([self.project.root]).editions:
            shown = path.replace("\\", "/")
            file = store.read_file(path)
            committed = head.get(shown)
            if committed is not None and _same(store.repository(".").blob(committed), file.data):
                continue
            result = self.project.read(file)
            if result.strategy is None or result.findings:
                self.unreadable.append(shown)
                continue
            old = self.at.get((prefix + shown, committed)) if committed is not None else None
            new.append((result.strategy, shown, "", old))
        for strategy, _, _, old in _in_chain(new):
            self._append(Moment(), strategy, old)

    def _append(self, moment: Moment, strategy: Strategy, old: int | None) -> int:
        plan, edition = strategy.plan.id, strategy.edition
        before = old if old is not None else self.editions.get((plan, edition.id))
        if before is None and edition.revises:
            before = self.editions.get((plan, edition.revises))
        self.steps.append(Step(moment, strategy, before))
        self.editions[plan, edition.id] = len(self.steps) - 1
        return len(self.steps) - 1

    def _strategy(self, blob: str, path: str, prefix: str) -> Strategy | None:
        if blob not in self.blobs:
            here = path.removeprefix(prefix)
            result = self.project.read(Blob(here, store.repository(".").blob(blob), here))
            self.blobs[blob] = None if result.findings else result.strategy
        return self.blobs[blob]


def _in_chain(
    new: list[tuple[Strategy, str, str, int | None]],
) -> Iterator[tuple[Strategy, str, str, int | None]]:
    """Order what came at one moment: an edition before those that revise it."""
    rest = list(new)
    while rest:
        ids = {each[0].edition.id for each in rest}
        ready = next((each for each in rest if each[0].edition.revises not in ids), rest[0])
        rest.remove(ready)
        yield ready


def _is_edition(path: str) -> bool:
    name = PurePosixPath(path)
    return name.suffix in _SUFFIXES and name.stem != store.PROFILE


def _same(committed: bytes, working: bytes) -> bool:
    """Tell whether two files hold the same text; git may have turned the line breaks of the working one."""
    return committed == working or committed.replace(b"\r\n", b"\n") == working.replace(b"\r\n", b"\n")
