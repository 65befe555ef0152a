"""`strategy diff`: the revision as 新旧対照表, or in any other format."""

from dataclasses import replace
from typing import Annotated, Any

from atsugi_cli import formats
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import choice, flag, option
from atsugi_cli.cli.output import Output, guard, opened
from atsugi_cli.cli.parameters import Ascii, Color, FontPath, New, Old, Out, Root, Width, form_of
from atsugi_cli.document import Document
from atsugi_cli.formats import Format
from atsugi_cli.kinds import BY_CODE
from atsugi_cli.levels import Profile, TableStyle
from atsugi_cli.project.editions import compared
from atsugi_cli.revision import Revision
from atsugi_cli.store import StoreError

LAYOUTS = ("taisho", "miekeshi", "tokekomi")


def diff(
    old: Old = "",
    new: New = "",
    *,
    form: Annotated[str, form_of("diff")] = "",
    out: Out = "",
    whole: Annotated[bool, flag("--all", "変わらないところも略さずに出す。")] = False,
    only: Annotated[
        list[str] | None,
        choice("--only", tuple(BY_CODE), "この種類の変更だけを出す（件数は全体のまま）。", metavar="KIND"),
    ] = None,
    marks: Annotated[
        str,
        choice("--marks", ("human", "strict"), "下線の引き方: 語句単位か、一字も漏らさずか。"),
    ] = "human",
    underline: Annotated[str, choice("--underline", ("both", "new"), "下線を両方の欄に引くか、改定後だけか。")] = "",
    layout: Annotated[
        str,
        choice("--layout", LAYOUTS, "体裁: 新旧対照表、見え消し（Wordでは変更履歴）、溶け込み（改定後の全文）。"),
    ] = "taisho",
    order: Annotated[str, choice("--order", ("old-new", "new-old"), "欄の順: 現行が左か、改定後が左か。")] = "",
    remarks: Annotated[str, choice("--remarks", ("none", "flags", "reason"), "備考欄: なし、変更の種類、理由。")] = "",
    template: Annotated[
        str,
        option("--template", "FILE", "この様式（.docx）の {{新旧対照表}} の段落に差し込む。"),
    ] = "",
    font_path: FontPath = "",
    suggest: Annotated[
        bool, flag("--suggest", "推定と要確認の対応を、貼り付けられる from: の行とともに出す。")
    ] = False,
    exit_code: Annotated[bool, flag("--exit-code", "変更があれば終了コード1で終わる。")] = False,
    color: Color = "auto",
    width: Width = 0,
    ascii_only: Ascii = False,
    root: Root = "strategies",
) -> int:
    """改定前後を比べ、新旧対照表を出す。

    版を指定しなければ、いちばん新しい版と、それが改定する版を比べます。

    例: strategy diff / strategy diff 2020-03 2023-10 / strategy diff main -o 新旧対照表.md
    """
    guard(out, root, old, new, template, command="diff", code="text" if suggest else form)
    revision, profile = compared(opened(root), old, new)
    profile = replace(profile, table=_styled(profile.table, order, remarks))
    output = Output(
        "diff",
        "text" if suggest else form,
        out,
        color=color,
        width=width,
        ascii_only=ascii_only,
        underline=underline or profile.table.underline,
        template=template,
        font_path=font_path,
    )
    chosen, exact = output.format, marks == "strict"
    if template and (not chosen.fills or layout != "taisho"):
        raise StoreError("--template はWordの新旧対照表（-f docx）にだけ使えます。")
    if suggest:
        from atsugi_cli.layout.suggestions import suggestions

        output.draw(suggestions(revision, profile))
    elif layout != "taisho":
        output.draw(_running(revision, profile, chosen, clean=layout == "tokekomi"))
    elif chosen.revision:
        output.put(chosen.revision(revision, replace(output.options, strict=exact)))
    else:
        from atsugi_cli.layout.comparison import comparison

        document = comparison(
            revision, profile, whole=whole, only=tuple(only or ()), strict=exact, unfolds=chosen.unfolds
        )
        if chosen.annexes:  # a workbook has room for the indicators of both editions
            from atsugi_cli.layout import kpis

            document = replace(document, annex=(kpis.compared(revision, profile),))
        output.draw(document)
    return Exit.FINDINGS if exit_code and revision.changed else Exit.OK


def _styled(style: TableStyle, order: str, remarks: str) -> TableStyle:
    """Let the command line have its way with a city's table."""
    wishes: dict[str, Any] = {"order": order, "third": remarks}
    return replace(style, **{name: wish for name, wish in wishes.items() if wish})


def _running(revision: Revision, profile: Profile, form: Format, *, clean: bool) -> Document:
    """Lay out the whole text: with every change in it, or as it reads now."""
    if not form.running:
        able = "、".join(each.code for each in formats.offered("diff") if each.running)
        raise StoreError(f"{'溶け込み' if clean else '見え消し'}は{form.label}では出せません（{able}）。")
    from atsugi_cli.layout import redline

    if clean:
        return redline.clean(revision.new, profile, form.running)
    return redline.redline(revision, profile, form.running)
