"""`strategy validate`: check every edition and profile, and each edition against the one it revises."""

import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from atsugi_cli import formats, store
from atsugi_cli.cli import options, output, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Color, Output, Root, Width
from atsugi_cli.cli.project import ProfileRead, Project
from atsugi_cli.findings import Finding, Findings, in_order
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Strategy
from atsugi_cli.reader import Read
from atsugi_cli.store import Blob, StoreError

if TYPE_CHECKING:
    from atsugi_cli.rules.base import Subject

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

        changes = differences(project, _found(paths or [root]).everything, colour=settings.colour)
        if changes:
            output.deliver(changes, out, chosen)
        return Exit.FINDINGS if changes else Exit.OK
    try:
        if fix:
            from atsugi_cli.cli.fix import fix as put_right

            put_right(project, _found(paths or [root]).everything)
        if since:
            from atsugi_cli.cli.since import checked_since

            findings = checked_since(project, paths or [root], since)
        else:
            findings = checked(project, paths or [root])
    except StoreError as error:
        if chosen.code != "json":
            raise
        findings = Findings(failure=str(error))
    text = chosen.load()(findings, settings)
    if text:
        output.deliver(text, out, chosen)
    if findings.failure:
        return Exit.UNUSABLE
    if chosen.code == "text" and streams.is_terminal(sys.stderr):
        from atsugi_cli.formats.findings import summary

        sys.stderr.write(summary(findings) + "\n")
    return Exit.FINDINGS if _fails(findings, fail_on) else Exit.OK


def checked(project: Project, paths: list[str]) -> Findings:
    """Check files and folders in one go: each edition against the one it revises, and each folder as a chain."""
    from atsugi_cli.rules import CATALOGUE, check, check_plan, check_profile

    run = _found(paths)
    found: list[Finding] = []
    texts: dict[str, str] = {}
    folders: dict[str, list[Strategy]] = {}
    strays: dict[str, list[Read]] = {}
    broken: dict[str, frozenset[int]] = {}
    profiles: dict[str, tuple[Finding, ...]] = {}

    def said_of(profile: ProfileRead) -> tuple[Finding, ...]:
        """Check a profile, once."""
        if profile.source and profile.source not in profiles:
            texts[profile.source] = profile.text
            checked = profile.findings or check_profile(profile.profile, profile.text, profile.source)
            profiles[profile.source] = checked
            found.extend(checked)
        return profiles.get(profile.source, ())

    with streams.Progress("検証中", len(run.blobs) + len(run.profiles)) as progress:
        for path in run.profiles:
            progress.step(path)
            said_of(project.profile_at(path))
        for blob in run.blobs:
            progress.step(blob.name)
            result = project.read(blob)
            texts[result.source] = result.text
            folder = str(PurePath(blob.path).parent) if blob.path is not None else ""
            if blob.path in run.searched and [each.rule.code for each in result.findings] == ["not-a-strategy"]:
                strays.setdefault(folder, []).append(result)
                continue
            if blob.path not in run.searched and output.is_no_text(result):
                raise StoreError(output.no_text(result))
            governing = project.profile_of(blob.path)
            slips = said_of(governing) if governing.findings or governing.source in profiles else ()
            if slips and not _levels_are_known(governing, slips):
                found += [each for each in result.findings if each.rule.group == "yaml"]
                continue
            found += result.findings
            subject = subject_of(project, blob, result, run.names)
            if subject is None:
                continue
            broken[result.source] = result.broken
            if subject.base is not None:
                texts.setdefault(subject.base.source, subject.base.text)
            found += [each for each in check(subject) if not (slips and each.rule.code in OF_PROFILE)]
            folders.setdefault(folder, []).append(subject.strategy)
    for folder, strategies in folders.items():
        others = [each.source for each in strays.pop(folder, ())]
        found += check_plan(strategies, project.profile_of(f"{folder}/x").profile, others, broken)
    found += [finding for results in strays.values() for each in results for finding in each.findings]
    mentioned = {place.source for each in found for place in (each.place, *(other.place for other in each.related))}
    sources = tuple((name, text) for name, text in texts.items() if name in mentioned or name in run.names)
    return Findings(in_order(found), sources, len(run.names), rules=CATALOGUE.entries)


def _levels_are_known(profile: ProfileRead, findings: tuple[Finding, ...]) -> bool:
    """Tell whether the city's levels could be read: without them every key of its editions would be blamed."""
    if any(each.rule.group == "yaml" or each.rule.code in OF_LEVELS for each in findings):
        return False
    if not profile.findings:
        return True
    from atsugi_cli.reader.loading import locate

    places = locate(profile.text, profile.source)
    if not places.has(0, "levels"):
        return all(each.rule.code != "not-a-profile" for each in findings)
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
    base = project.revised(blob, strategy)
    before = project.read(base) if base is not None else None
    flawed = before is not None and bool(before.findings) and before.source in checked
    base_strategy = before.strategy if before is not None and not flawed else None
    profile = project.profile_of(blob.path).profile
    missing = base is None and bool(strategy.edition.revises)
    return Subject(strategy, profile, base_strategy, broken=result.broken, base_missing=missing)


@frozen
class _Run:
    """What is to be checked; `searched` are the files that were found in a folder and not named outright."""

    blobs: tuple[Blob, ...]
    profiles: tuple[str, ...]
    searched: frozenset[str]

    @property
    def everything(self) -> tuple[Blob, ...]:
        """The profiles, then the editions."""
        return (*map(store.read_file, self.profiles), *self.blobs)

    @property
    def names(self) -> frozenset[str]:
        return frozenset((*(blob.name for blob in self.blobs), *self.profiles))


def _found(paths: list[str]) -> _Run:
    """Read what was named; a folder without any edition cannot be meant."""
    blobs: list[Blob] = []
    profiles: list[str] = []
    searched: set[str] = set()
    for path in paths:
        if path == store.STDIN:
            blobs.append(store.read_stdin())
            continue
        found = store.find_editions([path])
        folder = Path(path).is_dir()
        if folder and not found.editions:
            raise StoreError(f"{path} に版（*.yaml）がありません。strategy init で始められます。")
        read = [store.read_file(each) for each in found.editions]
        blobs += read
        profiles += found.profiles
        if folder:
            searched |= {blob.path for blob in read if blob.path is not None}
    return _Run(tuple(dict.fromkeys(blobs)), tuple(dict.fromkeys(profiles)), frozenset(searched))


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
