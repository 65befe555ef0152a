"""`strategy errata`: what a revision corrects, as a 正誤表."""

from atsugi_cli.cli.asking import Asked, Output, asking


@asking("errata")
def errata(asked: Asked) -> int:
    """正誤表を出す: 「訂正」（corrected）とした項目と指標の、頁、箇所、誤、正。

    例: strategy errata -o 正誤表.docx / strategy errata 2024-03 2024-05
    """
    from atsugi_cli.layout.errata import errata as laid_out

    revision, profile = asked.compared()
    output = Output(asked, profile)
    output.draw(laid_out(revision, profile, handout=output.handout))
    return asked.told(revision, output)
