"""`strategy validate`: check every edition and profile, and each edition against the one it revises."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

from atsugi_cli import store
from atsugi_cli.cli import options, streams
from atsugi_cli.cli.asking import Asked, Output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, choice, flag, option
from atsugi_cli.cli.output import guard, opened, write_file
from atsugi_cli.cli.parameters import Color, Out, Root, ShallowOk, Width, form_of
from atsugi_cli.findings import SEVERITIES, Findings, Place
from atsugi_cli.project.checking import selected
from atsugi_cli.project.editions import require_root
from atsugi_cli.project.parallel import checked
from atsugi_cli.project.reading import Project
from atsugi_cli.store import StoreError

FAIL_ON = (*SEVERITIES, "never")
COUNTED = ("text", "concise")
"""Formats for people, behind which a line on standard error counts the findings."""
_OF_COMMIT: Final = re.compile(rf"[0-9a-f]{{{store.SHORT}}}:")
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
            "このコミットや日付より後に増えた指摘だけを、最初のコミットとともに示す（すべてのコミットを調べる）。",
        ),
    ] = "",
    cached: Annotated[bool, flag("--cached", "作業中のファイルの代わりに、git add した内容を検証する。")] = False,
    baseline: Annotated[str, option("--baseline", "FILE", "控え（--write-baseline）にない指摘だけを示す。")] = "",
    write_baseline: Annotated[
        str, option("--write-baseline", "FILE", "今ある指摘をJSONに控えて、終了コード0で終わる。")
    ] = "",
    beside: Annotated[
        list[str] | None,
        option(
            "--with",
            "PLAN",
            "この計画（総合計画など）の最新の版とも照らす（指標の値、上位計画、計画期間）。重ねて指定できる。",
            autocompletion=options.editions,
        ),
    ] = None,
    everything: Annotated[
        bool,
        flag(
            "--all",
            "改定された決定の版の警告と注意も、--since や --baseline では前からある指摘と直った指摘も示す。",
        ),
    ] = False,
    fix: Annotated[bool, flag("--fix", "安全に直せるもの（表記・空白・数の形）を直し、残りを示す。")] = False,
    diff: Annotated[bool, flag("--diff", "--fix で変わるところを差分で示し、書き換えない。")] = False,
    shallow_ok: ShallowOk = False,
    out: Out = "",
    color: Color = "auto",
    width: Width = 0,
    root: Root = "strategies",
) -> int:
    """版とprofile.yamlを検証する。問題がなければ何も表示せず、終了コード0で終わる。

    例: strategy validate / strategy validate strategies/atsugi-2/2023-10.yaml / strategy validate -f github
    """
    _refuse(
        {"--diff": diff, "--fix": fix, "--since": since, "--cached": cached, "--baseline": baseline}
        | {"--write-baseline": write_baseline, "--with": beside}
    )
    project = opened(root)
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    for written in (out, write_baseline):
        guard(written, root, *(paths or ()))
    asked = Asked("validate", form=form, out=out, color=color, width=width)
    output = Output(asked, default="github" if on_github else "text")
    if not paths and not since and not cached:
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
        elif cached:
            from atsugi_cli.project.commits import checked_index

            findings = checked_index(named, whole=everything)
        else:
            findings = checked(project, named, streams.processes(), whole=everything, beside=beside or ())
    except StoreError as error:
        if output.format.code != "json":
            raise
        findings = Findings(failure=str(error))
    if write_baseline and not findings.failure:
        return _write_baseline(write_baseline, findings)
    findings = _settled(findings, baseline, everything=everything, from_top=output.format.from_top)
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
    return Exit.FINDINGS if any(each.counts and each.severity in failing for each in findings.items) else Exit.OK


_APART: Final = (
    ("--fix", "--since", "過去のコミットは書き換えられません。"),
    ("--cached", "--since", ""),
    ("--cached", "--fix", ""),
    ("--write-baseline", "--since", ""),
    ("--with", "--since", ""),
    ("--with", "--cached", ""),
    ("--write-baseline", "--baseline", ""),
)
"""Options that do not go together, and why."""


def _refuse(given: Mapping[str, object]) -> None:
    """Refuse options that say nothing together."""
    if given["--diff"] and not given["--fix"]:
        raise StoreError("--diff は --fix と一緒に指定してください。")
    first, dots, _ = str(given["--since"]).partition("..")
    if dots:
        raise StoreError(f"--since には、範囲ではなく初めのコミットを書きます（--since {first or 'HEAD~1'}）。")
    for one, other, why in _APART:
        if given[one] and given[other]:
            raise StoreError(f"{one} は {other} と一緒に使えません。{why}")


def _settled(findings: Findings, baseline: str, *, everything: bool, from_top: bool) -> Findings:
    """Say what is new, leave out what is not unless all is wanted, and name files as the format does."""
    if baseline:
        findings = _compared(findings, baseline)
    if not everything:
        findings = replace(findings, items=tuple(each for each in findings.items if each.counts))
    return _from_top(findings) if from_top else findings


def _write_baseline(path: str, findings: Findings) -> Exit:
    """Write down what is there now; whatever else lies under that name stays."""
    from atsugi_cli.formats.findings_json import baseline

    if Path(path).exists():
        _known(path)
    write_file(path, baseline(findings), f"{path} に{len(findings.items)}件の指摘を控えました。")
    return Exit.OK


def _known(path: str) -> frozenset[str]:
    """Read the fingerprints of a baseline."""
    import json

    try:
        data = json.loads(store.read_template(path))
        return frozenset(str(each["fingerprint"]) for each in data["baseline"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StoreError(f"{path} は指摘の控え（strategy validate --write-baseline）ではありません。") from None


def _compared(findings: Findings, path: str) -> Findings:
    """Say of each finding whether the baseline has it."""
    from atsugi_cli.formats.fingerprints import of_findings

    known, keys = _known(path), of_findings(findings)
    if gone := len(known.difference(keys)):
        streams.complain(f"{path} の控えのうち{gone}件は、今はありません（--write-baseline で控え直せます）。")
    items = tuple(
        replace(each, state="unchanged" if key in known else each.state or "new", fingerprint=key)
        for each, key in zip(findings.items, keys, strict=True)
    )
    return replace(findings, items=items)


def _from_top(findings: Findings) -> Findings:
    """Name the files from the top of the repository, where there is one."""
    git = store.repository(".")
    names: dict[str, str] = {}

    def named(source: str) -> str:
        if source not in names:
            commit = found[0] if (found := _OF_COMMIT.match(source)) else ""
            path = source.removeprefix(commit)
            names[source] = f"{commit}{git.from_top(path)}" if path != store.STDIN_NAME else source
        return names[source]

    def at(place: Place) -> Place:
        return replace(place, source=named(place.source))

    try:
        items = tuple(
            replace(
                each, place=at(each.place), related=tuple(replace(one, place=at(one.place)) for one in each.related)
            )
            for each in findings.items
        )
        return replace(findings, items=items, sources=tuple((named(name), text) for name, text in findings.sources))
    except StoreError:  # no repository, or no git: from here
        return findings


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
