"""`strategy overview`: a revision on one sheet."""

from typing import Annotated

from atsugi_cli.cli.output import Output, guard, marked, occasion, opened, tell_unsettled, with_seal
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
from atsugi_cli.project.editions import all_of, compared


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
    project = opened(root)
    revision, profile = compared(project, old, new)
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
    plan = laid_out(revision, profile, all_of(project, revision), handout=output.handout)
    if output.format.overview is None:
        raise TypeError(output.format.code)
    plan = marked(plan, handout=output.handout, occasion=output.occasion)
    output.put(with_seal(output.format, output.format.overview(plan, output.options), plan.stamp))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
