"""`strategy briefing`: the meeting's own paper, and its agenda."""

from typing import Annotated

from atsugi_cli.cli.options import flag
from atsugi_cli.cli.output import Output, guard, occasion, opened, tell_unsettled, unusable
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
from atsugi_cli.project.supplements import kept_beside, unknown_items
from atsugi_cli.store import StoreError


def briefing(
    old: Old = "",
    new: New = "",
    *,
    agenda: Annotated[bool, flag("--agenda", "資料の代わりに、会議の次第を出す。")] = False,
    form: Annotated[str, form_of("briefing")] = "",
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
    """会議の資料を出す: 版のそばの briefing.yaml の章と節、新旧対照表、日程。

    例: strategy briefing -o 資料1.pptx --number 資料1 / strategy briefing --agenda -o 次第.docx
    """
    from atsugi_cli.layout import briefing as layout

    guard(out, root, old, new, template, command="briefing", code=form)
    project = opened(root)
    revision, profile = compared(project, old, new)
    found = kept_beside(project, revision.new.source, "briefing")
    if findings := found.findings or tuple(unknown_items(found, revision)):
        return unusable(findings, (found.source, found.text))
    if found.briefing is None:
        raise StoreError(f"{found.source} に資料がありません。")
    output = Output(
        "briefing",
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
    if agenda:
        output.draw(layout.agenda(found.briefing, revision, profile))
        return 0
    output.draw(layout.briefing(found.briefing, revision, profile, slides=output.format.slides, handout=output.handout))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
