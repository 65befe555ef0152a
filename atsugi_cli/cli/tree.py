"""`strategy tree`: the policy tree of an edition."""

from typing import Annotated

import typer

from atsugi_cli import formats
from atsugi_cli.cli import options, output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Ascii, Color, Edition, FontPath, Output, Root, Width
from atsugi_cli.cli.project import Project, UnreadableError


def tree(
    edition: Edition = "",
    *,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="版",
            autocompletion=options.editions,
            show_default=False,
            help="この版から変わった項目に変更の種類を付ける。",
        ),
    ] = "",
    form: Annotated[str, options.choice("-f", "--format", choices=formats.codes("tree"), words="出力の形式。")] = "",
    indicators: Annotated[bool, typer.Option("--kpis", help="数値目標とKPIも出す（文字とMarkdown）。")] = False,
    out: Output = "",
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    font_path: FontPath = "",
    root: Root = "strategies",
) -> int:
    """施策体系図を出す。

    版を指定しなければ、いちばん新しい版の体系図を出します。

    例: strategy tree / strategy tree 2023-10 --since 2020-03
    """
    project = Project(root)
    try:
        blob = project.resolve(edition, beside=since) if edition else project.latest()
        strategy = project.strategy(blob)
        revision = None
        if since:
            from atsugi_cli.compare import compare

            revision = compare(project.strategy(project.before(since, blob)), strategy)
    except UnreadableError as error:
        return output.unreadable(error)
    chosen = output.chosen("tree", form, out)
    settings = output.options(output=out, color=color, width=width, ascii_only=ascii_only, font_path=font_path)
    profile = project.profile(blob.path)
    if chosen.diagram:
        from atsugi_cli.layout.diagram import diagram

        result = chosen.diagram(diagram(strategy, profile, revision), settings)
    else:
        from atsugi_cli.layout.tree import tree as laid_out

        result = chosen.write(laid_out(strategy, profile, revision, indicators=indicators), settings)
    output.deliver(result, out, chosen)
    return Exit.OK
