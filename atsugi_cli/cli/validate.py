"""`strategy validate`: check every edition and profile, and each edition against the one it revises."""

import sys
from typing import Annotated

import typer

from atsugi_cli import formats, store
from atsugi_cli.cli import options, output, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Color, Output, Root, Width
from atsugi_cli.cli.project import Project
from atsugi_cli.findings import Finding, Findings, in_order
from atsugi_cli.model import Strategy
from atsugi_cli.store import Blob, StoreError

FAIL_ON = ("error", "warning", "note", "never")


def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH…]",
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
    try:
        findings = checked(project, paths or [root])
    except StoreError as error:
        if chosen.code != "json":
            raise
        findings = Findings(failure=str(error))
    settings = output.options(output=out, color=color, width=width)
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
    """Check files and folders in one go; editions of the same folder are checked as a chain too."""
    from atsugi_cli.rules import check, check_plan
    from atsugi_cli.rules.base import Subject

    blobs = _blobs(paths)
    found: list[Finding] = []
    texts: dict[str, str] = {}
    by_folder: dict[str, list[Strategy]] = {}
    with streams.Progress("検証中", len(blobs)) as progress:
        for blob in blobs:
            progress.step(blob.name)
            result = project.read(blob)
            texts[result.source] = result.text
            found += result.findings
            profile = project.profile_of(blob.path)
            if profile.source:
                texts[profile.source] = profile.text
                found += profile.findings
            strategy = result.strategy
            if strategy is None:
                continue
            base = project.revised(blob, strategy)
            base_strategy = project.read(base).strategy if base is not None else None
            if base_strategy is not None:
                texts.setdefault(base_strategy.source, base_strategy.text)
            found += check(Subject(strategy, profile.profile, base_strategy, broken=result.broken))
            if blob.path is not None:
                by_folder.setdefault(blob.path.rpartition("/")[0], []).append(strategy)
    for strategies in by_folder.values():
        found += check_plan(strategies)
    return Findings(in_order(found), tuple(texts.items()), len(blobs))


def _blobs(paths: list[str]) -> list[Blob]:
    """Read what was named; a folder without any edition cannot be meant."""
    blobs: list[Blob] = []
    for path in paths:
        if path == store.STDIN:
            blobs.append(store.read_stdin())
            continue
        found = store.find_editions([path])
        if not found.editions and not found.profiles:
            raise StoreError(f"{path} に版（*.yaml）がありません。")
        blobs += map(store.read_file, found.editions)
    return blobs


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
