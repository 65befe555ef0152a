"""`strategy validate`: check every edition and profile, and each edition against the one it revises."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from atsugi_cli import store
from atsugi_cli.cli import options, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, choice, flag, option
from atsugi_cli.cli.output import Output, guard, opened, write_file
from atsugi_cli.cli.parameters import Color, Out, Root, ShallowOk, Width, form_of
from atsugi_cli.findings import SEVERITIES, Findings
from atsugi_cli.project.checking import selected
from atsugi_cli.project.editions import require_root
from atsugi_cli.project.parallel import checked
from atsugi_cli.project.reading import Project
from atsugi_cli.store import StoreError

FAIL_ON = (*SEVERITIES, "never")
COUNTED = ("text", "concise")
"""Formats for people, behind which a line on standard error counts the findings."""
MOST_SHOWN = 20
"""Edits of a file that are listed one by one."""


def validate(
    paths: Annotated[
        list[str] | None,
        argument("PATH", "検証するファイルやフォルダ（既定は strategies/）。- は標準入力。", options.editions),
    ] = None,
    *,
    form: Annotated[str, form_of("validate")] = "",
    fail_on: Annotated[str, choice("--fail-on", FAIL_ON, "終了コード1にする厳しさ。")] = "error",
    since: Annotated[
        str,
        option(
            "--since",
            "REV",
            "このコミットや日付より後の、すべてのコミットの版を検証し、指摘ごとに最初のコミットを示す。",
        ),
    ] = "",
    fix: Annotated[bool, flag("--fix", "安全に直せるもの（表記・空白・数の形）を直し、残りを示す。")] = False,
    diff: Annotated[bool, flag("--diff", "--fix で変わるところを差分で示し、書き換えない。")] = False,
    whole: Annotated[bool, flag("--all", "改定された決定の版の、警告と注意も示す。")] = False,
    shallow_ok: ShallowOk = False,
    out: Out = "",
    color: Color = "auto",
    width: Width = 0,
    root: Root = "strategies",
) -> int:
    """版とprofile.yamlを検証する。問題がなければ何も表示せず、終了コード0で終わる。

    例: strategy validate / strategy validate strategies/atsugi-2/2023-10.yaml / strategy validate -f github
    """
    if diff and not fix:
        raise StoreError("--diff は --fix と一緒に指定してください。")
    if fix and since:
        raise StoreError("--fix は --since と一緒に使えません。過去のコミットは書き換えられません。")
    project = opened(root)
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    guard(out, root, *(paths or ()))
    output = Output("validate", form, out, default="github" if on_github else "text", color=color, width=width)
    if not paths and not since:
        require_root(project)
    named = paths or [root]
    if diff:
        return _show_fixes(project, named, output)
    try:
        if fix:
            _fix(project, named)
            project = opened(root)  # profiles may have changed
        if since:
            from atsugi_cli.project.commits import checked_since

            findings = checked_since(project, named, since, shallow_ok=shallow_ok)
        else:
            findings = checked(project, named, streams.processes(), whole=whole)
    except StoreError as error:
        if output.format.code != "json":
            raise
        findings = Findings(failure=str(error))
    write = output.format.findings
    silent = output.format.quiet and not findings.items and not findings.failure
    text = write(findings, output.options) if write and not silent else ""
    if text or output.to_file:
        output.put(text)
    if findings.failure:
        return Exit.UNUSABLE
    if output.format.code in COUNTED and (findings.items or streams.is_terminal(sys.stderr)):
        from atsugi_cli.formats.findings import summary

        sys.stderr.write(summary(findings) + "\n")
    failing = FAIL_ON[: FAIL_ON.index(fail_on) + 1] if fail_on != "never" else ()
    return Exit.FINDINGS if any(each.severity in failing for each in findings.items) else Exit.OK


def _fix(project: Project, paths: Sequence[str]) -> None:
    """Put right what is safe in every file, write it in place, and say on standard error what was done."""
    from atsugi_cli.project.fixing import fixed

    blobs = tuple(selected(paths).everything(project, tell=False))
    if any(blob.path is None for blob in blobs):
        raise StoreError(
            "標準入力は書き換えられません。差分だけなら --fix --diff、直すならファイルを指定してください。"
        )
    results = []
    with project.listener.counting("修正中", len(blobs)) as step:
        for blob in blobs:
            step(blob.name)
            results.append(fixed(project, blob))
    for result in results:
        name, path = result.blob.name, result.blob.path
        if result.unreadable:
            streams.complain(f"{name}: 誤りがあって読めないため、直していません。")
        if result.after == result.before or path is None:
            continue
        if Path(path).is_symlink() and not any(store.is_below(path, place) for place in (os.curdir, project.root)):
            streams.complain(f"{name}: フォルダの外へのリンクなので、直していません。")
            continue
        places = [f"  {each.place.line}:{each.place.column} {each.rule.code} {each.message}" for each in result.done]
        more = [f"  ほか{len(places) - MOST_SHOWN}か所"] if len(places) > MOST_SHOWN else []
        said = (f"{name}: {len(places)}か所を直しました。", *places[:MOST_SHOWN], *more)
        try:
            write_file(path, result.data, *said, was=result.blob.data, follow=True)
        except store.ChangedError as error:
            streams.complain(str(error))


def _show_fixes(project: Project, paths: Sequence[str], output: Output) -> int:
    """Show as a unified diff what `_fix` would change; what cannot be read is named on standard error."""
    from atsugi_cli.project.fixing import difference, fixed

    selection = selected(paths)
    blobs = tuple(selection.everything(project, tell=True))
    results = [fixed(project, blob) for blob in blobs]
    unreadable = [result.blob.name for result in results if result.unreadable]
    for name in unreadable:
        streams.complain(f"{name}: 誤りがあって読めないため、直せません。")
    lines = [line for result in results for line in difference(result)]
    if lines or output.to_file:
        output.put("".join(map(streams.coloured, lines) if output.options.colour else lines))
    incomplete = len(blobs) < len(selection.paths) or selection.closed
    return Exit.FINDINGS if lines or unreadable or incomplete else Exit.OK
