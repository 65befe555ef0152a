"""`strategy kpis`: every indicator in one table."""

from dataclasses import replace
from typing import Annotated

import typer

from atsugi_cli.achievement import with_methods
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import flag, option
from atsugi_cli.cli.output import Output, guard, occasion, opened
from atsugi_cli.cli.parameters import (
    Ascii,
    Color,
    Date,
    FontPath,
    Meeting,
    New,
    Number,
    Old,
    Out,
    Root,
    Template,
    Turned,
    Width,
    form_of,
)
from atsugi_cli.project import editions


def kpis(
    old: Old = "",
    new: New = "",
    *,
    results: Annotated[
        str,
        option("--results", "年度", "実績値と達成率（効果検証）。年度（2024、令和6、R6）を略すと、すべての年度。"),
    ] = "",
    changed: Annotated[bool, flag("--changed", "変わった指標だけを出す（版を二つ指定したとき）。")] = False,
    owner: Annotated[str, option("--owner", "課名", "この課が担当する指標だけを出す。")] = "",
    form: Annotated[str, form_of("kpis")] = "",
    out: Out = "",
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    page: Turned = "",
    number: Number = "",
    meeting: Meeting = "",
    date: Date = "",
    template: Template = "",
    font_path: FontPath = "",
    root: Root = "strategies",
) -> int:
    """KPI一覧を出す。版を二つ指定すると、現行と改定後の目標値を並べる。

    例: strategy kpis / strategy kpis 2020-03 2023-10 / strategy kpis --results / strategy kpis --results 令和6
    """
    from atsugi_cli.layout import kpis as layout

    year = _year(results)
    if new and results:
        raise typer.BadParameter("--results は一つの版の実績値を出します。版を一つだけ指定してください。")
    if changed and not new:
        raise typer.BadParameter("--changed には、現行と改定後の二つの版を指定してください。")
    guard(out, root, old, new, template, command="kpis", code=form)
    project = opened(root)
    output = Output(
        "kpis",
        form,
        out,
        color=color,
        width=width,
        ascii_only=ascii_only,
        font_path=font_path,
        template=template,
        turned=page,
    )
    write = output.format.kpis
    if new:
        revision, profile = editions.compared(project, old, new)
        output.occasion = occasion(number, meeting, date, profile)
        if write:
            output.put(write(revision, output.options))
        else:
            output.draw(layout.compared(revision, profile, changed=changed, owner=owner, handout=output.handout))
        return Exit.OK
    blob = editions.named(project, old)
    strategy, profile = project.strategy(blob), project.profile(blob.path)
    output.occasion = occasion(number, meeting, date, profile)
    if results:
        from atsugi_cli.layout.results import results as laid_out
        from atsugi_cli.layout.results import review

        told = review(strategy, profile, year, owner=owner)
        if write:
            output.put(write(told, output.options))
        else:
            output.draw(laid_out(told))
        return Exit.OK
    if profile.methods:
        strategy = replace(strategy, root=with_methods(strategy.root, profile.methods))
    if write:
        output.put(write(strategy, output.options))
    else:
        output.draw(layout.kpis(strategy, profile, owner=owner))
    return Exit.OK


def _year(words: str) -> int | None:
    """Read the year of the results; None for all of them."""
    if words in ("", "all", "すべて"):
        return None
    from atsugi_cli.values import read_when

    year = read_when(words)
    if not isinstance(year, int):
        edition = "版は --results より前に書きます（例: strategy kpis 2026-03 --results）。"
        raise typer.BadParameter(
            f"--results の「{words}」は年度（2024、令和6、R6）として読めません。"
            "2024、令和6年度、R6、H29 のように書くか、略してください（すべての年度）。" + edition
        )
    return year
