"""Checking: every edition and profile of a selection, and each edition against the one it revises."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from atsugi_cli import store
from atsugi_cli.findings import Finding, Place
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Item, Strategy
from atsugi_cli.project.editions import named, revised, siblings
from atsugi_cli.project.reading import ProfileRead, Project, is_no_text, no_text
from atsugi_cli.reader import Read
from atsugi_cli.reader.codes import UNREADABLE_FILE
from atsugi_cli.store import Blob, StoreError

if TYPE_CHECKING:
    from atsugi_cli.rules.base import Subject

MOST_KEPT: Final = 8
"""Editions that stay in memory as long as their folder is checked: the next ones mostly revise the last ones."""
OF_LEVELS: Final = frozenset({"profile-levels", "profile-level-key", "not-a-profile"})
OF_PROFILE: Final = frozenset({"unknown-owner", "former-owner", "unknown-tag", "abbreviation-mismatch"})
"""Rules that ask the profile: where it is wrong itself, what they find mostly follows from that."""

FindBase = Callable[[Project, Blob, Strategy], Blob | None]
"""Finds the edition that one revises."""
Checked = tuple[list[Finding], dict[str, str]]
"""What was found in a folder, and the texts that it shows."""
Known = dict[tuple[int, int, int, bool], tuple[Finding, ...]]
"""What was found by a check of a reading, that of the edition it revises, and the profile, each by identity; and
whether the edition that is revised is missing."""


# ------------------------------------------------------------------------------------------------ what is to be checked


@frozen
class Selection:
    """What is to be checked, by path; `searched` are the files that were found in a folder and not named outright.

    `closed` are the findings of folders that cannot be opened. `whole` asks for what stands in older editions, too.
    `beside` names editions of other plans that are to agree.
    """

    editions: tuple[str, ...]
    profiles: tuple[str, ...]
    searched: frozenset[str]
    closed: tuple[Finding, ...] = ()
    whole: bool = False
    supplements: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the files are called in findings."""
        names = (store.STDIN_NAME if path == store.STDIN else store.spelled(path) for path in self.paths)
        return tuple(dict.fromkeys(names))

    @property
    def paths(self) -> tuple[str, ...]:
        """The profiles, what is kept beside the editions, then these."""
        return (*self.profiles, *self.supplements, *self.editions)

    @property
    def folders(self) -> dict[str, list[str]]:
        """The editions of each folder."""
        found: dict[str, list[str]] = {}
        for path in self.editions:
            found.setdefault("" if path == store.STDIN else str(PurePath(path).parent), []).append(path)
        return found

    def everything(self, project: Project, *, tell: bool) -> Iterator[Blob]:
        """Read the profiles, then the editions; what is in a folder and cannot be read is left out, and may be told."""
        for found in (*self.closed, *(self.read(project, path) for path in self.paths)):
            if not isinstance(found, Finding):
                yield found
            elif tell:
                project.listener.tell(f"{found.message}。{found.hint}。")

    def read(self, project: Project, path: str) -> Blob | Finding:
        """Read a file, or say why it cannot be read."""
        try:
            return project.open(path)
        except StoreError as error:
            if path not in self.searched:
                raise
            return _unreadable(path, error)


def selected(paths: Sequence[str], *, whole: bool = False, beside: Sequence[str] = ()) -> Selection:
    """Find what was named; a folder without any edition cannot be meant."""
    editions: list[str] = []
    profiles: list[str] = []
    supplements: list[str] = []
    searched: set[str] = set()
    closed: list[Finding] = []
    for path in paths:
        if path == store.STDIN:
            editions.append(path)
            continue
        folder = store.is_folder(path)
        known = len(closed)
        found = store.find_editions([path], lambda below, error: closed.append(_unreadable(below, error)))
        if folder and not found.editions and len(closed) == known:
            raise StoreError(f"{path} に版（*.yaml）がありません。strategy init で始められます。")
        editions += found.editions
        profiles += found.profiles
        supplements += found.supplements
        if folder:
            searched |= {*found.editions, *found.profiles, *found.supplements}
    every = [tuple(dict.fromkeys(each)) for each in (editions, profiles, supplements)]
    return Selection(every[0], every[1], frozenset(searched), tuple(closed), whole, every[2], tuple(beside))


def _unreadable(path: str, error: StoreError) -> Finding:
    """Say of a file that was found in a folder why it cannot be read."""
    return Finding(
        UNREADABLE_FILE,
        str(error).partition("。")[0],
        Place(store.spelled(path), 1, 1, 1, 1),
        "権限やリンクの先を確かめてください。版でなければ、このフォルダから移してください",
    )


# ---------------------------------------------------------------------------------------------------------- the checks


class Checking:
    """A check of a selection: keeps the texts that its findings show, and what was said of each profile."""

    def __init__(
        self, project: Project, selection: Selection, known: Known | None = None, find_base: FindBase = revised
    ) -> None:
        """Begin; `known` is what checks of other states have found, of readings that are kept all the while."""
        self.project, self.selection, self.known = project, selection, known
        self._find_base = find_base
        self._step: Callable[[str], object] = lambda _: None
        self.texts = dict.fromkeys(selection.names, "")
        self.names = frozenset(self.texts)
        self._profiles: dict[str, tuple[Finding, ...]] = {}

    @cached_property
    def beside(self) -> tuple[Strategy, ...]:
        """Read the editions of other plans that are to agree with those that are checked."""
        return tuple(self.project.strategy(named(self.project, each)) for each in self.selection.beside)

    def everything(self, step: Callable[[str], None]) -> Iterator[Finding]:
        """Check all of the selection: the profiles, then each folder; `step` may end it by an exception."""
        self._step = step
        yield from self.profiles(step)
        for folder, paths in self.selection.folders.items():
            yield from self.folder(folder, paths, step)

    def profiles(self, step: Callable[[str], None]) -> Iterator[Finding]:
        """Check the profiles, and say which folders cannot be opened."""
        yield from self.selection.closed
        for path in self.selection.profiles:
            step(path)
            yield from self.profile(path)
        for path in self.selection.supplements:
            step(path)
            yield from self.supplement(path)

    def supplement(self, path: str) -> Iterator[Finding]:
        """Check what is kept beside an edition, also against the step that it is about."""
        from atsugi_cli.project.supplements import against_the_step

        blob = self.selection.read(self.project, path)
        if isinstance(blob, Finding):
            yield blob
            return
        found = self.project.supplement(path)
        findings = found.findings or against_the_step(self.project, path, found)
        self._keep(findings, {found.source: found.text})
        yield from findings

    def apart(self, folder: str, paths: Sequence[str]) -> Checked:
        """Check a folder by itself, in another process; return also the texts that its findings show."""
        governing = self.project.profile_path(f"{folder}/x")
        if governing in self.selection.profiles:
            self.profile(governing)  # said by the process that checks the profiles; here it is only asked for
        self.texts = dict.fromkeys(self.texts, "")
        found = self.folder(folder, paths, lambda _: None)
        return found, {name: text for name, text in self.texts.items() if text}

    def profile(self, path: str) -> tuple[Finding, ...]:
        """Check a profile; of one that cannot be read the default one holds."""
        try:
            return self._said_of(self.project.profile_at(path))
        except StoreError as error:
            if path not in self.selection.searched:
                raise
            finding = _unreadable(path, error)
            self.project.set_profile(path, ProfileRead(DEFAULT_PROFILE, (finding,), finding.place.source))
            self._profiles[finding.place.source] = (finding,)
            return (finding,)

    def _said_of(self, profile: ProfileRead) -> tuple[Finding, ...]:
        """Check a profile, once: afterwards nothing is new."""
        from atsugi_cli.rules import check_profile

        if not profile.source or profile.source in self._profiles:
            return ()
        findings = profile.findings or check_profile(profile.profile, profile.text, profile.source)
        self._profiles[profile.source] = findings
        self._keep(findings, {profile.source: profile.text})
        return findings

    def folder(self, folder: str, paths: Sequence[str], step: Callable[[str], None]) -> list[Finding]:
        """Check the editions of a folder, then all of them together."""
        from atsugi_cli.rules import check_plan

        found: list[Finding] = []
        said: dict[str, list[Finding]] = {}
        strategies: list[Strategy] = []
        strays: list[Read] = []
        broken: dict[str, frozenset[int]] = {}
        for path in paths:
            step(path)
            blob = self.selection.read(self.project, path)
            if isinstance(blob, Finding):
                found.append(blob)
                continue
            result = self.project.read(blob)
            blob = replace(blob, data=b"")  # a tenth of the memory of a large plan, and asked for no more
            if path in self.selection.searched and [each.rule.code for each in result.findings] == ["not-a-strategy"]:
                strays.append(result)
                continue
            if path not in self.selection.searched and is_no_text(result):
                raise StoreError(no_text(result))
            new, strategy = self._edition(blob, result)
            said[path] = new
            if strategy is not None:
                strategies.append(strategy)
                broken[result.source] = result.broken
            if self.known is None:
                self.project.forget(MOST_KEPT)
        found += self._once(said, strategies)
        if strategies:
            profile = self.project.profile_of(f"{folder}/x").profile
            together = check_plan(strategies, profile, [each.source for each in strays], broken)
            self._keep(together, {each.source: each.text for each in strategies})
            found += together
        else:
            for each in strays:
                self._keep(each.findings, {each.source: each.text})
                found += each.findings
        if self.known is None:
            self.project.forget()
        return found

    def _once(self, said: Mapping[str, list[Finding]], strategies: Sequence[Strategy]) -> Iterator[Finding]:
        """Say once what stands in an adopted edition and in the one that revises it, of which only that can be edited.

        An adopted edition that was revised is left in peace but for its errors, unless it was named outright, was
        changed since the last commit, or everything is asked for (`whole`).
        """
        by_source = {each.source: each for each in strategies}
        revised_ids = {each.edition.revises for each in strategies if each.edition.revises != each.edition.id}
        closed = {
            path: strategy
            for path in said
            if path in self.selection.searched
            and (strategy := by_source.get(store.spelled(path))) is not None
            and strategy.edition.stage == "adopted"
            and strategy.edition.id in revised_ids
        }
        if self.selection.whole:
            closed = {}
        for path in [*closed]:
            if any(each.severity != "error" for each in said[path]) and self._touched(path):
                del closed[path]
        words = {
            strategy.edition.id: {(each.rule.code, each.message) for each in said[path]}
            for path, strategy in closed.items()
        }
        for path, found in said.items():
            strategy = by_source.get(store.spelled(path))
            before = words.get(strategy.edition.revises, set()) if strategy is not None else set()
            for each in found:
                if path in closed and each.severity != "error":
                    continue
                old = (each.rule.code, each.message) in before
                yield replace(each, message=f"{each.message}（現行にもあります）") if old else each

    def _touched(self, path: str) -> bool:
        """Check whether an edition differs from what was last committed; without git nobody can tell."""
        place = PurePath(path)
        git = store.repository(str(place.parent))
        try:
            before = git.find("HEAD", f"./{place.name}")
            is_new = before is None and git.is_revision("HEAD")
        except StoreError:
            return False
        now = self.selection.read(self.project, path)
        if isinstance(now, Finding) or not isinstance(before, bytes):
            return is_new
        return now.data.replace(b"\r\n", b"\n") != before.replace(b"\r\n", b"\n")

    def _edition(self, blob: Blob, result: Read) -> tuple[list[Finding], Strategy | None]:
        """Check an edition; return also what the check of its folder needs of it, if it could be understood."""
        governing = self.project.profile_of(blob.path)
        found: list[Finding] = []
        if governing.findings:
            found += self._said_of(governing)
        slips = self._profiles.get(governing.source, ())
        texts = {result.source: result.text}
        subject = None
        if slips and not _levels_are_known(governing, slips):
            found += [each for each in result.findings if each.rule.group == "yaml"]
        else:
            found += result.findings
            subject = subject_of(self.project, blob, result, self.names, self._find_base)
        if subject is not None:
            if subject.base is not None:
                texts[subject.base.source] = subject.base.text
            if self.selection.beside:
                subject.beside = tuple(each for each in self.beside if each.plan.id != subject.strategy.plan.id)
                texts |= {each.source: each.text for each in subject.beside}
            checks = self._rules(subject, governing)
            found += [each for each in checks if not (slips and each.rule.code in OF_PROFILE)]
        self._keep(found, texts)
        return found, _head(subject.strategy) if subject is not None else None

    def _rules(self, subject: "Subject", governing: ProfileRead) -> tuple[Finding, ...]:
        from atsugi_cli.rules import check

        if self.known is None:
            return check(subject)
        key = (id(subject.strategy), id(subject.base), id(governing), subject.base_missing)
        if key not in self.known:
            self.known[key] = check(subject, self._step)
        return self.known[key]

    def _keep(self, found: Iterable[Finding], texts: Mapping[str, str]) -> None:
        """Keep the texts that findings show."""
        for each in found:
            for place in (each.place, *(other.place for other in each.related)):
                if place.source in texts and not self.texts.get(place.source):
                    self.texts[place.source] = texts[place.source]


def subject_of(
    project: Project, blob: Blob, result: Read, checked: frozenset[str] = frozenset(), find_base: FindBase = revised
) -> "Subject | None":
    """Put together what the rules ask about one edition: its profile, and the edition it revises.

    An edition that is `checked` in the same run, and has slips, is nothing to compare with until they are put right.
    """
    from atsugi_cli.rules.base import Subject

    strategy = result.strategy
    if strategy is None:
        return None
    profile = project.profile_of(blob.path).profile
    try:
        base = find_base(project, blob, strategy)
    except StoreError:  # it is there and cannot be read, which is said of that file
        return Subject(strategy, profile, broken=result.broken)
    before = project.read(base) if base is not None else None
    flawed = before is not None and bool(before.findings) and before.source in checked
    base_strategy = before.strategy if before is not None and not flawed else None
    missing = base is None and bool(strategy.edition.revises)
    others = tuple(filter(None, (project.read(each).strategy for each in siblings(project, blob)))) if missing else ()
    return Subject(strategy, profile, base_strategy, others=others, broken=result.broken, base_missing=missing)


def _head(strategy: Strategy) -> Strategy:
    """Return what is asked of an edition among the others of its folder: without the items of a revision.

    The text ends behind plan and edition, where they stand at the left margin.
    """
    if not strategy.edition.revises:  # whether items come from an older edition is asked
        return strategy
    text = f"\n{strategy.text}"
    starts = (text.find("\nplan:"), text.find("\nedition:"))
    end = re.compile(r"\n[^\s#-]").search(text, max(starts) + 1) if min(starts) >= 0 else None
    head = strategy.text[: end.start()] if end is not None else strategy.text
    return replace(strategy, text=head, root=Item(strategy.root.id, strategy.root.level))


def _levels_are_known(profile: ProfileRead, findings: tuple[Finding, ...]) -> bool:
    """Check whether the city's levels could be read: without them every key of its editions would be blamed."""
    if any(each.rule.group == "yaml" or each.rule.code in OF_LEVELS for each in findings):
        return False
    if not profile.findings:
        return True
    from atsugi_cli.reader.loading import locate

    places = locate(profile.text, profile.source)
    if not places.has(0, "levels"):
        return not any(
            each.rule.code == "not-a-profile" or (each.rule.code == "unknown-key" and "levels" in each.hint)
            for each in findings  # a mistyped key may have been levels
        )
    start, end = places.span(0, "levels")
    first, last = places.lines.position(start)[0], places.lines.position(end)[0]
    return not any(first <= each.place.line <= last for each in findings)
