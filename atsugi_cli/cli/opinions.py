"""`strategy opinions`: opinions on a revision, with what the city says to them and what was changed for them."""

from typing import Annotated

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
from atsugi_cli.project.supplements import changes_by_id, kept_beside, unmatched
from atsugi_cli.store import StoreError


def opinions(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, form_of("opinions")] = "",
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
    """意見対応表を出す: 版のそばの opinions.yaml にある意見、市の考え方、反映した箇所。

    「反映」とした意見には、その改定で変わった項目や指標の id を changes に書きます。
    private に書いたこと（氏名など）は、どの資料にも出ません。

    例: strategy opinions -o 意見対応表.docx
    """
    from atsugi_cli.layout.opinions import opinions as laid_out

    guard(out, root, old, new, template, command="opinions", code=form)
    project = opened(root)
    revision, profile = compared(project, old, new)
    found = kept_beside(project, revision.new.source, "opinions")
    findings = found.findings or tuple(unmatched(found, revision))
    if findings:
        return unusable(findings, (found.source, found.text))
    if found.opinions is None:
        raise StoreError(f"{found.source} に意見がありません。")
    output = Output(
        "opinions",
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
    output.draw(laid_out(found.opinions, changes_by_id(revision), revision, profile))
    return tell_unsettled(revision, handout=output.handout, strict=strict)
