"""`strategy opinions`: opinions on a revision, with what the city says to them and what was changed for them."""

from atsugi_cli.cli.asking import Asked, Output, asking
from atsugi_cli.cli.output import unusable
from atsugi_cli.project.supplements import changes_by_id, kept_beside, unmatched
from atsugi_cli.store import StoreError


@asking("opinions")
def opinions(asked: Asked) -> int:
    """意見対応表を出す: 版のそばの opinions.yaml にある意見、市の考え方、反映した箇所。

    「反映」とした意見には、その改定で変わった項目や指標の id を changes に書きます。
    private に書いたこと（氏名など）は、どの資料にも出ません。

    例: strategy opinions -o 意見対応表.docx
    """
    from atsugi_cli.layout.opinions import opinions as laid_out

    project = asked.opened()
    revision, profile = asked.compared(project)
    found = kept_beside(project, revision.new.source, "opinions")
    if findings := found.findings or tuple(unmatched(found, revision)):
        return unusable(findings, (found.source, found.text))
    if found.opinions is None:
        raise StoreError(f"{found.source} に意見がありません。")
    output = Output(asked, profile)
    output.draw(laid_out(found.opinions, changes_by_id(revision), revision, profile))
    return asked.told(revision, output)
