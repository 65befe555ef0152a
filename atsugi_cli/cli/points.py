"""`strategy points`: the points of a revision."""

from typing import Annotated

from atsugi_cli.cli.options import flag
from atsugi_cli.cli.output import Output, guard, occasion, opened, tell_unsettled
from atsugi_cli.cli.parameters import (
    Ascii,
    Color,
    Date,
    FontPath,
    Handout,
    Internal,
    Meeting,
    New,
    Number,
    Old,
    Out,
    Root,
    Strict,
    Template,
    Turned,
    Width,
    form_of,
)
from atsugi_cli.project.editions import compared


def points(
    old: Old = "",
    new: New = "",
    *,
    flat: Annotated[bool, flag("--flat", "ポイントにまとめず、計画、視点、基本目標ごとに並べる。")] = False,
    form: Annotated[str, form_of("points")] = "",
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
    internal: Internal = False,
    handout: Handout = False,
    strict: Strict = False,
    root: Root = "strategies",
) -> int:
    """改定のポイントを出す: 理由、種類ごとの件数、変更の一行ずつの説明。

    例: strategy points / strategy points -o ポイント.md
    """
    from atsugi_cli.layout.points import points as laid_out

    guard(out, root, old, new, template, command="points", code=form)
    revision, profile = compared(opened(root), old, new)
    output = Output(
        "points",
        form,
        out,
        color=color,
        width=width,
        ascii_only=ascii_only,
        font_path=font_path,
        internal=internal,
        handout=handout,
        template=template,
        turned=page,
        occasion=occasion(number, meeting, date, profile),
    )
    output.draw(laid_out(revision, profile, flat=flat, handout=output.handout))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
