"""`strategy overview`: a revision on one sheet."""

from atsugi_cli.cli.asking import TERMINAL, WORD, Asked, Output, asking
from atsugi_cli.project.editions import all_of


@asking("overview", *WORD, *TERMINAL)
def overview(asked: Asked) -> int:
    """改定の概要を、A4横の一枚の図にする: 取組の流れ、変更の件数、数値目標、版の経過。

    例: strategy overview -o 概要版.pdf / strategy overview 2020-03 2023-10 -o 概要版.svg
    """
    from atsugi_cli.layout.overview import overview as laid_out

    project = asked.opened(code="" if asked.out else "svg")
    revision, profile = asked.compared(project)
    output = Output(asked, profile, default="svg")
    output.draw(laid_out(revision, profile, all_of(project, revision), handout=output.handout))
    return asked.told(revision, output)
