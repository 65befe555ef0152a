"""`strategy briefing`: the meeting's own paper, and its agenda."""

from typing import Annotated

from atsugi_cli.cli.asking import Asked, Output, asking
from atsugi_cli.cli.options import flag
from atsugi_cli.cli.output import unusable
from atsugi_cli.project.supplements import kept_beside, unknown_items
from atsugi_cli.store import StoreError


@asking("briefing")
def briefing(
    asked: Asked,
    *,
    agenda: Annotated[bool, flag("--agenda", "資料の代わりに、会議の次第を出す。")] = False,
) -> int:
    """会議の資料を出す: 版のそばの briefing.yaml の章と節、新旧対照表、日程。

    例: strategy briefing -o 資料1.pptx --number 資料1 / strategy briefing --agenda -o 次第.docx
    """
    from atsugi_cli.layout import briefing as layout

    project = asked.opened()
    revision, profile = asked.compared(project)
    found = kept_beside(project, revision.new.source, "briefing")
    if findings := found.findings or tuple(unknown_items(found, revision)):
        return unusable(findings, (found.source, found.text))
    if found.briefing is None:
        raise StoreError(f"{found.source} に資料がありません。")
    output = Output(asked, profile)
    if agenda:
        output.draw(layout.agenda(found.briefing, revision, profile))
        return 0
    output.draw(layout.briefing(found.briefing, revision, profile, slides=output.format.slides, handout=output.handout))
    return asked.told(revision, output)
