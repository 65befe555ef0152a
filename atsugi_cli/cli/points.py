"""`strategy points`: the points of a revision."""

from typing import Annotated

from atsugi_cli.cli.asking import Asked, Output, asking
from atsugi_cli.cli.options import flag


@asking("points")
def points(
    asked: Asked,
    *,
    flat: Annotated[bool, flag("--flat", "ポイントにまとめず、計画、視点、基本目標ごとに並べる。")] = False,
) -> int:
    """改定のポイントを出す: 理由、種類ごとの件数、変更の一行ずつの説明。

    例: strategy points / strategy points -o ポイント.md
    """
    from atsugi_cli.layout.points import points as laid_out

    revision, profile = asked.compared()
    output = Output(asked, profile)
    output.draw(laid_out(revision, profile, flat=flat, handout=output.handout))
    return asked.told(revision, output)
