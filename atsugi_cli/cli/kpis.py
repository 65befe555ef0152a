"""`strategy kpis`: every indicator in one table."""

from typing import Annotated

import typer

from atsugi_cli import formats
from atsugi_cli.cli import options, output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Ascii, Color, FontPath, New, Old, Output, Root, Width
from atsugi_cli.cli.project import Project, UnreadableError


def kpis(
    old: Old = "",
    new: New = "",
    *,
    results: Annotated[
        int,
        typer.Option(
            "--results", metavar="年度", show_default=False, help="この年度の実績値と達成率（効果検証）を出す。"
        ),
    ] = 0,
    form: Annotated[str, options.choice("-f", "--format", choices=formats.codes("kpis"), words="出力の形式。")] = "",
    out: Output = "",
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    font_path: FontPath = "",
    root: Root = "strategies",
) -> int:
    """KPI一覧を出す。版を二つ指定すると、現行と改定後の目標値を並べる。

    例: strategy kpis / strategy kpis 2020-03 2023-10 / strategy kpis --results 2024
    """
    from atsugi_cli.layout import kpis as layout

    project = Project(root)
    try:
        if new:
            revision, profile = project.compared(old, new)
            document = layout.compared(revision, profile)
        else:
            blob = project.resolve(old) if old else project.latest()
            strategy, profile = project.strategy(blob), project.profile(blob.path)
            document = layout.results(strategy, profile, results) if results else layout.kpis(strategy, profile)
    except UnreadableError as error:
        return output.unreadable(error)
    chosen = output.chosen("kpis", form, out)
    settings = output.options(output=out, color=color, width=width, ascii_only=ascii_only, font_path=font_path)
    output.deliver(chosen.write(document, settings), out, chosen)
    return Exit.OK
