"""`strategy crosswalk`: who became whom between two plans (対応表)."""

from typing import Annotated

from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.output import Output, guard, opened, tell_unsettled
from atsugi_cli.cli.parameters import (
    Ascii,
    Color,
    FontPath,
    Handout,
    Internal,
    New,
    Old,
    Out,
    Root,
    Strict,
    Width,
    form_of,
)
from atsugi_cli.project.editions import compared


def crosswalk(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, form_of("crosswalk")] = "",
    out: Out = "",
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    font_path: FontPath = "",
    internal: Internal = False,
    handout: Handout = False,
    strict: Strict = False,
    root: Root = "strategies",
) -> int:
    """前の計画の項目と指標が、新しい計画でどうなったかを一つの表（対応表）にする。

    一つの計画の二つの版にも、二つの計画（第2期と第3期、総合計画と総合戦略）にも使えます。

    例: strategy crosswalk atsugi-2 atsugi-3 / strategy crosswalk atsugi-2 atsugi-3 -o 対応表.xlsx
    """
    guard(out, root, old, new, command="crosswalk", code=form)
    revision, profile = compared(opened(root), old, new)
    output = Output(
        "crosswalk",
        form,
        out,
        color=color,
        width=width,
        ascii_only=ascii_only,
        font_path=font_path,
        internal=internal,
        handout=handout,
    )
    if output.format.crosswalk:
        output.put(output.format.crosswalk(revision, output.options))
        return Exit.OK
    from atsugi_cli.layout.crosswalk import crosswalk as laid_out

    output.draw(laid_out(revision, profile, handout=output.handout))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
