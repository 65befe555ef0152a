"""`strategy points`: the points of a revision."""

from typing import Annotated

from atsugi_cli import formats
from atsugi_cli.cli import options, output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Ascii, Color, FontPath, New, Old, Output, Root, Width
from atsugi_cli.cli.project import Project, UnreadableError


def points(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, options.choice("-f", "--format", choices=formats.codes("points"), words="出力の形式。")] = "",
    out: Output = "",
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    font_path: FontPath = "",
    root: Root = "strategies",
) -> int:
    """改定のポイントを出す: 理由、種類ごとの件数、変更の一行ずつの説明。

    例: strategy points / strategy points -o ポイント.md
    """
    from atsugi_cli.layout.points import points as laid_out

    try:
        revision, profile = Project(root).compared(old, new)
    except UnreadableError as error:
        return output.unreadable(error)
    chosen = output.chosen("points", form, out)
    settings = output.options(output=out, color=color, width=width, ascii_only=ascii_only, font_path=font_path)
    output.deliver(chosen.write(laid_out(revision, profile), settings), out, chosen)
    return Exit.OK
