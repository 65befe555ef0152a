"""`strategy validate`: check every edition and profile, and each edition against the one it revises."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from atsugi_cli import formats, store
from atsugi_cli.cli import options, output, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Color, Output, Root, Width
from atsugi_cli.cli.project import ProfileRead, Project
from atsugi_cli.findings import Finding, Findings, Place, in_order
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Item, Strategy
from atsugi_cli.reader import Read
from atsugi_cli.reader.codes import UNREADABLE_FILE
from atsugi_cli.store import Blob, StoreError

if TYPE_CHECKING:
    from atsugi_cli.rules.base import Subject

MOST_KEPT = 8
"""Editions that stay in memory as long as their folder is checked: the next ones mostly revise the last ones."""
FAIL_ON = ("error", "warning", "note", "never")
OF_LEVELS = frozenset({"profile-levels", "profile-level-key", "not-a-profile"})
OF_PROFILE = frozenset({"unknown-owner", "former-owner", "unknown-tag", "abbreviation-mismatch"})
"""Rules that ask the profile: where it is wrong itself, what they find mostly follows from that."""


def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            show_default=False,
            autocompletion=options.editions,
            help="検証するファイルやフォルダ（既定は strategies/）。- は標準入力。",
        ),
    ] = None,
    *,
    form: Annotated[
        str, options.choice("-f", "--format", choices=formats.codes("validate"), words="出力の形式。")
    ] = "",
    fail_on: Annotated[str, options.choice("--fail-on", choices=FAIL_ON, words="終了コード1にする厳しさ。")] = "error",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="REV",
            show_default=False,
            help="このコミットや日付より後の、すべてのコミットの版を検証し、指摘ごとに最初のコミットを示す。",
        ),
    ] = "",
    fix: Annotated[
        bool, typer.Option("--fix", help="安全に直せるもの（表記・空白・数の形）を直し、残りを示す。")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="--fix で変わるところを差分で示し、書き換えない。")] = False,
    out: Output = "",
    color: Color = "auto",
    width: Width = 0,
    root: Root = "strategies",
) -> int:
    """版とprofile.yamlを検証する。問題がなければ何も表示せず、終了コード0で終わる。

    例: strategy validate / strategy validate strategies/atsugi-2/2023-10.yaml / strategy validate -f github
    """
    project = Project(root)
    code = form or ("github" if _on_github() else "")
    chosen = output.chosen("validate", code, out)
    if diff and not fix:
        raise StoreError("--diff は --fix と一緒に指定してください。")
    if fix and since:
        raise StoreError("--fix は --since と一緒に使えません。過去のコミットは書き換えられません。")
    settings = output.options(output=out, color=color, width=width)
    if not paths and not since:
        project.require()
    if diff:
        from atsugi_cli.cli.fix import differences

        run = _found(paths or [root])
        blobs = tuple(run.everything(tell=True))
        changes, unreadable = differences(project, blobs, colour=settings.colour)
        if changes:
            output.deliver(changes, out, chosen)
        return Exit.FINDINGS if changes or unreadable or len(blobs) < len(run.paths) or run.closed else Exit.OK
    try:
        if fix:
            from atsugi_cli.cli.fix import fix as put_right

            put_right(project, tuple(_found(paths or [root]).everything(tell=False)))
            project = Project(root)  # profiles may have changed
        if since:
            from atsugi_cli.cli.since import checked_since

            findings = checked_since(project, paths or [root], since)
        else:
            findings = checked(project, paths or [root])
    except StoreError as error:
        if chosen.code != "json":
            raise
        findings = Findings(failure=str(error))
    silent = chosen.quiet and not findings.items and not findings.failure
    text = chosen.findings(findings, settings) if chosen.findings and not silent else ""
    if text:
        output.deliver(text, out, chosen)
    if findings.failure:
        return Exit.UNUSABLE
    if chosen.code == "text" and streams.is_terminal(sys.stderr):
        from atsugi_cli.formats.findings import summary

        sys.stderr.write(summary(findings) + "\n")
    return Exit.FINDINGS if _fails(findings, fail_on) else Exit.OK


def checked(project: Project, paths: list[str]) -> Findings:
    """Check files and folders in one go: each edition against the one it revises, and each folder as a chain.

    A file of a folder that cannot be read is a finding, and the others are checked. Of each folder only the findings
    stay in memory, with the texts that they show.
    """
    from atsugi_cli.rules import CATALOGUE

    run = _found(paths)
    work = _Work(project, run)
    found: list[Finding] = list(run.closed)
    with streams.Progress("検証中", len(work.names)) as progress:
        for path in run.profiles:
            progress.step(path)
            found += work.profile(path)
        for folder, editions in run.folders.items():
            found += work.folder(folder, editions, progress)
            project.forget()
    return Findings(in_order(found), tuple(work.texts.items()), len(work.names), rules=CATALOGUE.entries)


class _Work:
    """What a check of a run keeps: the texts that its findings show, and what was said of each profile."""

    def __init__(self, project: Project, run: "_Run") -> None:
        self.project, self.run = project, run
        self.texts = dict.fromkeys(run.names, "")
        self.names = frozenset(self.texts)
        self.profiles: dict[str, tuple[Finding, ...]] = {}

    def profile(self, path: str) -> tuple[Finding, ...]:
        """Check a profile; of one that cannot be read the default one holds."""
        try:
            return self._said_of(self.project.profile_at(path))
        except StoreError as error:
            if path not in self.run.searched:
                raise
            finding = _unreadable(path, error)
            self.project.set_profile(path, ProfileRead(DEFAULT_PROFILE, (finding,), finding.place.source))
            self.profiles[finding.place.source] = (finding,)
            return (finding,)

    def _said_of(self, profile: ProfileRead) -> tuple[Finding, ...]:
        """Check a profile, once: afterwards nothing is new."""
        from atsugi_cli.rules import check_profile

        if not profile.source or profile.source in self.profiles:
            return ()
        findings = profile.findings or check_profile(profile.profile, profile.text, profile.source)
        self.profiles[profile.source] = findings
        self._keep(findings, {profile.source: profile.text})
        return findings

    def folder(self, folder: str, paths: Sequence[str], progress: streams.Progress) -> list[Finding]:
        """Check the editions of a folder, then all of them together."""
        from atsugi_cli.rules import check_plan

        found: list[Finding] = []
        strategies: list[Strategy] = []
        strays: list[Read] = []
        broken: dict[str, frozenset[int]] = {}
        for path in paths:
            progress.step(path)
            blob = self.run.read(path)
            if isinstance(blob, Finding):
                found.append(blob)
                continue
            result = self.project.read(blob)
            blob = replace(blob, data=b"")  # a tenth of the memory of a large plan, and asked for no more
            if path in self.run.searched and [each.rule.code for each in result.findings] == ["not-a-strategy"]:
                strays.append(result)
                continue
            if path not in self.run.searched and output.is_no_text(result):
                raise StoreError(output.no_text(result))
            new, strategy = self._edition(blob, result)
            found += new
            if strategy is not None:
                strategies.append(strategy)
                broken[result.source] = result.broken
            self.project.forget(MOST_KEPT)
        if strategies:
            profile = self.project.profile_of(f"{folder}/x").profile
            together = check_plan(strategies, profile, [each.source for each in strays], broken)
            self._keep(together, {each.source: each.text for each in strategies})
            return [*found, *together]
        for each in strays:
            self._keep(each.findings, {each.source: each.text})
            found += each.findings
        return found

    def _edition(self, blob: Blob, result: Read) -> tuple[list[Finding], Strategy | None]:
        """Check an edition; give also what the check of its folder needs of it, if it could be understood."""
        from atsugi_cli.rules import check

        governing = self.project.profile_of(blob.path)
        found: list[Finding] = []
        if governing.findings:
            found += self._said_of(governing)
        slips = self.profiles.get(governing.source, ())
        texts = {result.source: result.text}
        subject = None
        if slips and not _levels_are_known(governing, slips):
            found += [each for each in result.findings if each.rule.group == "yaml"]
        else:
            found += result.findings
            subject = subject_of(self.project, blob, result, self.names)
        if subject is not None:
            if subject.base is not None:
                texts[subject.base.source] = subject.base.text
            found += [each for each in check(subject) if not (slips and each.rule.code in OF_PROFILE)]
        self._keep(found, texts)
        return found, _head(subject.strategy) if subject is not None else None

    def _keep(self, found: Iterable[Finding], texts: Mapping[str, str]) -> None:
        """Keep the texts that findings show."""
        for each in found:
            for place in (each.place, *(other.place for other in each.related)):
                if place.source in texts and not self.texts.get(place.source):
                    self.texts[place.source] = texts[place.source]


def _head(strategy: Strategy) -> Strategy:
    """Give what is asked of an edition among the others of its folder: without the items of a revision.

    The text ends behind plan and edition, where they stand at the left margin.
    """
    if not strategy.edition.revises:  # whether items come from an older edition is asked
        return strategy
    text = f"\n{strategy.text}"
    starts = (text.find("\nplan:"), text.find("\nedition:"))
    end = re.compile(r"\n[^\s#-]").search(text, max(starts) + 1) if min(starts) >= 0 else None
    head = strategy.text[: end.start()] if end is not None else strategy.text
    return replace(strategy, text=head, root=Item(strategy.root.id, strategy.root.level))


def _unreadable(path: str, error: StoreError) -> Finding:
    """Say of a file that was found in a folder why it cannot be read."""
    return Finding(
        UNREADABLE_FILE,
        str(error).partition("。")[0],
        Place(store.spelled(path), 1, 1, 1, 1),
        "権限やリンクの先を確かめてください。版でなければ、このフォルダから移してください",
    )


def _levels_are_known(profile: ProfileRead, findings: tuple[Finding, ...]) -> bool:
    """Tell whether the city's levels could be read: without them every key of its editions would be blamed."""
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


def subject_of(project: Project, blob: Blob, result: Read, checked: frozenset[str] = frozenset()) -> "Subject | None":
    """Put together what the rules ask about one edition: its profile, and the edition it revises.

    An edition that is `checked` in the same run, and has slips, is nothing to compare with until they are put right.
    """
    from atsugi_cli.rules.base import Subject

    strategy = result.strategy
    if strategy is None:
        return None
    try:
        base = project.revised(blob, strategy)
    except StoreError:  # it is there and cannot be read, which is said of that file
        return Subject(strategy, project.profile_of(blob.path).profile, broken=result.broken)
    before = project.read(base) if base is not None else None
    flawed = before is not None and bool(before.findings) and before.source in checked
    base_strategy = before.strategy if before is not None and not flawed else None
    profile = project.profile_of(blob.path).profile
    missing = base is None and bool(strategy.edition.revises)
    return Subject(strategy, profile, base_strategy, broken=result.broken, base_missing=missing)


@frozen
class _Run:
    """What is to be checked, by path; `searched` are the files that were found in a folder and not named outright.

    `closed` are the findings of folders that cannot be opened.
    """

    editions: tuple[str, ...]
    profiles: tuple[str, ...]
    searched: frozenset[str]
    closed: tuple[Finding, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the files are called in findings."""
        names = (store.STDIN_NAME if path == store.STDIN else store.spelled(path) for path in self.paths)
        return tuple(dict.fromkeys(names))

    @property
    def paths(self) -> tuple[str, ...]:
        """The profiles, then the editions."""
        return (*self.profiles, *self.editions)

    @property
    def folders(self) -> dict[str, list[str]]:
        """The editions of each folder."""
        found: dict[str, list[str]] = {}
        for path in self.editions:
            found.setdefault("" if path == store.STDIN else str(PurePath(path).parent), []).append(path)
        return found

    def everything(self, *, tell: bool) -> Iterator[Blob]:
        """Read the profiles, then the editions; what is in a folder and cannot be read is left out, and may be told."""
        for found in (*self.closed, *map(self.read, self.paths)):
            if not isinstance(found, Finding):
                yield found
            elif tell:
                streams.complain(f"{found.message}。{found.hint}。")

    def read(self, path: str) -> Blob | Finding:
        """Read a file, or say why it cannot be read."""
        try:
            return store.read_stdin() if path == store.STDIN else store.read_file(path)
        except StoreError as error:
            if path not in self.searched:
                raise
            return _unreadable(path, error)


def _found(paths: list[str]) -> _Run:
    """Find what was named; a folder without any edition cannot be meant."""
    editions: list[str] = []
    profiles: list[str] = []
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
        if folder:
            searched |= {*found.editions, *found.profiles}
    return _Run(tuple(dict.fromkeys(editions)), tuple(dict.fromkeys(profiles)), frozenset(searched), tuple(closed))


def _on_github() -> bool:
    import os

    return os.environ.get("GITHUB_ACTIONS") == "true"


def _fails(findings: Findings, fail_on: str) -> bool:
    match fail_on:
        case "error":
            return findings.count("error") > 0
        case "warning":
            return findings.count("error") + findings.count("warning") > 0
        case "note":
            return bool(findings.items)
        case _:
            return False
