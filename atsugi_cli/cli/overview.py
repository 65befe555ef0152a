"""`strategy overview`: a revision on one sheet."""

from dataclasses import replace
from typing import Annotated

from atsugi_cli.cli.output import Output, guard, occasion, opened, tell_unsettled
from atsugi_cli.cli.parameters import (
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
    form_of,
)
from atsugi_cli.project.editions import compared


def overview(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, form_of("overview")] = "",
    out: Out = "",
    number: Number = "",
    meeting: Meeting = "",
    date: Date = "",
    font_path: FontPath = "",
    internal: Internal = False,
    handout: Handout = False,
    strict: Strict = False,
    root: Root = "strategies",
) -> int:
    """改定の概要を、A4横の一枚の図にする: 取組の流れ、変更の件数、数値目標、版の経過。

    例: strategy overview -o 概要版.pdf / strategy overview 2020-03 2023-10 -o 概要版.svg
    """
    from atsugi_cli.layout.overview import overview as laid_out

    guard(out, root, old, new, command="overview", code=form or ("" if out else "svg"))
    revision, profile = compared(opened(root), old, new)
    output = Output(
        "overview",
        form,
        out,
        default="svg",
        font_path=font_path,
        internal=internal,
        handout=handout,
        occasion=occasion(number, meeting, date, profile),
    )
    plan = laid_out(revision, profile)
    stamp = replace(plan.stamp, handout=output.handout)
    plan = replace(plan, stamp=output.occasion.stamped(stamp) if output.occasion else stamp)
    if output.format.overview is None:
        raise TypeError(output.format.code)
    output.put(output.format.overview(plan, output.options))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
