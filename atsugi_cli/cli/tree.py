"""`strategy tree`: the policy tree of an edition."""

from typing import Annotated

from atsugi_cli.cli import options, parameters
from atsugi_cli.cli.asking import ARGUMENTS, OFFICE, WORD, Asked, Output, asking
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import choice, flag, option
from atsugi_cli.project import editions


@asking("tree", *ARGUMENTS, *WORD, *OFFICE)
def tree(
    asked: Asked,
    edition: parameters.Edition = "",
    *,
    since: Annotated[
        str,
        option("--since", "版", "この版から変わった項目に変更の種類を付ける。", autocompletion=options.editions),
    ] = "",
    paper: Annotated[str, choice("--paper", ("a4", "a3"), "用紙: A4に分けるか、A3の一枚か（図の形式だけ）。")] = "",
    indicators: Annotated[bool, flag("--kpis", "数値目標とKPIも出す（文字とMarkdown）。")] = False,
) -> int:
    """施策体系図を出す。

    版を指定しなければ、いちばん新しい版の体系図を出します。

    例: strategy tree / strategy tree 2023-10 --since 2020-03
    """
    project = asked.opened(edition, since)
    blob = editions.named(project, edition, since)
    strategy = project.strategy(blob)
    profile = project.profile(blob.path)
    revision = None
    if since:
        from atsugi_cli.compare import compare

        revision = compare(project.strategy(editions.before(project, since, blob)), strategy, profile.kinds)
    output = Output(asked, profile)
    if output.format.diagram:
        from atsugi_cli.layout.diagram import diagram

        output.draw(diagram(strategy, profile, revision), large=paper == "a3")
    else:
        from atsugi_cli.layout.tree import tree as laid_out

        output.draw(laid_out(strategy, profile, revision, indicators=indicators))
    return Exit.OK
