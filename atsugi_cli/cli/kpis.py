"""`strategy kpis`: every indicator in one table."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from atsugi_cli.achievement import with_methods
from atsugi_cli.cli.asking import OFFICE, Asked, Output, asking
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import flag, option
from atsugi_cli.project import editions


@asking("kpis", *OFFICE)
def kpis(
    asked: Asked,
    *,
    results: Annotated[
        str,
        option("--results", "年度", "実績値と達成率（効果検証）。年度（2024、令和6、R6）を略すと、すべての年度。"),
    ] = "",
    changed: Annotated[bool, flag("--changed", "変わった指標だけを出す（版を二つ指定したとき）。")] = False,
    owner: Annotated[str, option("--owner", "課名", "この課が担当する指標だけを出す。")] = "",
) -> int:
    """KPI一覧を出す。版を二つ指定すると、現行と改定後の目標値を並べる。

    例: strategy kpis / strategy kpis 2020-03 2023-10 / strategy kpis --results / strategy kpis --results 令和6
    """
    from atsugi_cli.layout import kpis as layout

    year = _year(results)
    if asked.new and results:
        raise typer.BadParameter("--results は一つの版の実績値を出します。版を一つだけ指定してください。")
    if changed and not asked.new:
        raise typer.BadParameter("--changed には、現行と改定後の二つの版を指定してください。")
    project = asked.opened()
    if asked.new:
        revision, profile = asked.compared(project)
        output = Output(asked, profile)
        laid_out = partial(layout.compared, changed=changed, owner=owner, handout=output.handout)
        output.give(output.format.kpis, revision, lambda: laid_out(revision, profile))
        return Exit.OK
    blob = editions.named(project, asked.old)
    strategy, profile = project.strategy(blob), project.profile(blob.path)
    output = Output(asked, profile)
    if results:
        from atsugi_cli.layout.results import results as listed
        from atsugi_cli.layout.results import review

        told = review(strategy, profile, year, owner=owner)
        output.give(output.format.kpis, told, lambda: listed(told))
        return Exit.OK
    if profile.methods:
        strategy = replace(strategy, root=with_methods(strategy.root, profile.methods))
    output.give(output.format.kpis, strategy, lambda: layout.kpis(strategy, profile, owner=owner))
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
