"""`strategy errata`: what a revision corrects, as a 正誤表."""

from typing import Annotated

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


def errata(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, form_of("errata")] = "",
    out: Out = "",
    page: Turned = "",
    number: Number = "",
    meeting: Meeting = "",
    date: Date = "",
    template: Template = "",
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    font_path: FontPath = "",
    internal: Internal = False,
    handout: Handout = False,
    strict: Strict = False,
    root: Root = "strategies",
) -> int:
    """正誤表を出す: 「訂正」（corrected）とした項目と指標の、頁、箇所、誤、正。

    例: strategy errata -o 正誤表.docx / strategy errata 2024-03 2024-05
    """
    from atsugi_cli.layout.errata import errata as laid_out

    guard(out, root, old, new, template, command="errata", code=form)
    revision, profile = compared(opened(root), old, new)
    output = Output(
        "errata",
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
    output.draw(laid_out(revision, profile, handout=output.handout))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
