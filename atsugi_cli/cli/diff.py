"""`strategy diff`: the revision as 新旧対照表, or in any other format."""

from typing import Annotated

import typer

from atsugi_cli import formats
from atsugi_cli.cli import options, output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Ascii, Color, New, Old, Output, Root, Width
from atsugi_cli.cli.project import Project, UnreadableError
from atsugi_cli.kinds import BY_CODE


def diff(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, options.choice("-f", "--format", choices=formats.codes("diff"), words="出力の形式。")] = "",
    out: Output = "",
    whole: Annotated[bool, typer.Option("--all", help="変わらないところも略さずに出す。")] = False,
    only: Annotated[
        list[str] | None,
        options.choice(
            "--only", choices=tuple(BY_CODE), words="この種類の変更だけを出す（件数は全体のまま）。", metavar="KIND"
        ),
    ] = None,
    marks: Annotated[
        str,
        options.choice("--marks", choices=("human", "strict"), words="下線の引き方: 語句単位か、一字も漏らさずか。"),
    ] = "human",
    underline: Annotated[
        str, options.choice("--underline", choices=("both", "new"), words="下線を両方の欄に引くか、改定後だけか。")
    ] = "",
    suggest: Annotated[
        bool, typer.Option("--suggest", help="推定と要確認の対応を、貼り付けられる from: の行とともに出す。")
    ] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="変更があれば終了コード1で終わる。")] = False,
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    root: Root = "strategies",
) -> int:
    """改定前後を比べ、新旧対照表を出す。

    版を指定しなければ、いちばん新しい版と、それが改定する版を比べます。

    例: strategy diff / strategy diff 2020-03 2023-10 / strategy diff main -o 新旧対照表.md
    """
    project = Project(root)
    try:
        revision, profile = project.compared(old, new)
    except UnreadableError as error:
        return output.unreadable(error)
    settings = output.options(
        output=out, color=color, width=width, ascii_only=ascii_only, underline=underline or profile.table.underline
    )
    chosen = output.chosen("diff", form, out)
    if suggest:
        from atsugi_cli.layout.suggestions import suggestions

        chosen = formats.find("diff", "text")
        result = chosen.load()(suggestions(revision, profile), settings)
    elif chosen.takes == "report":
        result = chosen.load()(revision, strict=marks == "strict")
    else:
        from atsugi_cli.layout.comparison import comparison

        document = comparison(revision, profile, whole=whole, only=only or (), strict=marks == "strict")
        result = chosen.load()(document, settings)
    output.deliver(result, out, chosen)
    return Exit.FINDINGS if exit_code and revision.changed else Exit.OK
