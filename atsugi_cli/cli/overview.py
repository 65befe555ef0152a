"""`strategy overview`: a revision on one sheet."""

from dataclasses import replace

from atsugi_cli.cli.asking import TERMINAL, WORD, Asked, asking


@asking("overview", *WORD, *TERMINAL)
def overview(asked: Asked) -> int:
    """改定の概要を、A4横の一枚の図にする: 取組の流れ、変更の件数、数値目標、版の経過。

    例: strategy overview -o 概要版.pdf / strategy overview 2020-03 2023-10 -o 概要版.svg
    """
    from atsugi_cli.layout.overview import overview as laid_out

    revision, profile = asked.compared(asked.opened(code="" if asked.out else "svg"))
    output = asked.output(profile, default="svg")
    plan = laid_out(revision, profile)
    stamp = replace(plan.stamp, handout=output.handout)
    plan = replace(plan, stamp=output.occasion.stamped(stamp) if output.occasion else stamp)
    if output.format.overview is None:
        raise TypeError(output.format.code)
    output.put(output.format.overview(plan, output.options))
    return asked.told(revision, output)
