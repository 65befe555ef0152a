"""`strategy diff`: the revision as 新旧対照表, or in any other format."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any

from atsugi_cli import formats
from atsugi_cli.cli import mistakes, options
from atsugi_cli.cli.asking import Asked, Output, asking
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import among, argument, choice, flag, option
from atsugi_cli.cli.output import tell_left_behind, tell_unsettled
from atsugi_cli.document import Document
from atsugi_cli.formats import Format
from atsugi_cli.kinds import BY_CODE
from atsugi_cli.levels import COLUMNS, Profile, TableStyle
from atsugi_cli.project.editions import compared
from atsugi_cli.revision import Revision
from atsugi_cli.store import StoreError

LAYOUTS = ("taisho", "miekeshi", "tokekomi")


@asking("diff")
def diff(
    asked: Asked,
    later: Annotated[
        list[str] | None, argument("次の版", "三段表、四段表にする、その次の版。", options.editions)
    ] = None,
    *,
    whole: Annotated[bool, flag("--all", "変わらないところも略さずに出す。")] = False,
    only: Annotated[
        list[str] | None,
        option(
            "--only",
            "KIND",
            f"この種類の変更だけを出す（件数は全体のまま）。（{'、'.join(BY_CODE)}、市の profile.yaml の kinds）",
            autocompletion=among(tuple(BY_CODE)),
        ),
    ] = None,
    marks: Annotated[
        str,
        choice(
            "--marks",
            ("human", "strict", "plain"),
            "変更の示し方: 語句単位か、一字も漏らさずか、見え消しを変更履歴でなく二重取消線と下線でか。",
        ),
    ] = "human",
    underline: Annotated[str, choice("--underline", ("both", "new"), "下線を両方の欄に引くか、改定後だけか。")] = "",
    layout: Annotated[
        str,
        choice("--layout", LAYOUTS, "体裁: 新旧対照表、見え消し（Wordでは変更履歴）、溶け込み（改定後の全文）。"),
    ] = "taisho",
    order: Annotated[str, choice("--order", ("old-new", "new-old"), "欄の順: 現行が左か、改定後が左か。")] = "",
    remarks: Annotated[
        str, choice("--remarks", ("none", "flags", "reason", "both"), "備考欄: なし、変更の種類、理由、その両方。")
    ] = "",
    columns: Annotated[
        str,
        option("--columns", "頁,現行,…", f"列を左から並べる（{'、'.join(COLUMNS.values())}）。"),
    ] = "",
    suggest: Annotated[
        bool, flag("--suggest", "推定と要確認の対応を、貼り付けられる from: の行とともに出す。")
    ] = False,
    exit_code: Annotated[bool, flag("--exit-code", "変更があれば終了コード1で終わる。")] = False,
) -> int:
    """改定前後を比べ、新旧対照表を出す。

    版を指定しなければ、いちばん新しい版と、それが改定する版を比べます。

    版を三つ以上指定すると、順に並べた表（三段表）になります。

    例: strategy diff / strategy diff 2020-03 2023-10 / strategy diff main -o 新旧対照表.md
    """
    form = "text" if suggest else ""
    project = asked.opened(*(later or ()), code=form)
    revision, profile = asked.compared(project)
    if later and (suggest or only or columns or order or remarks or layout != "taisho"):
        raise StoreError("版を三つ以上並べるときは、--all と、書き出し方の指定だけが使えます。")
    steps = [revision]
    for before, after in pairwise((asked.new, *(later or ()))):
        revision, profile = compared(project, before, after)
        steps.append(revision)
    for code in only or ():
        if code not in BY_CODE and code not in profile.kinds:
            raise StoreError(f"--only: {mistakes.no_such_choice(code, (*BY_CODE, *profile.kinds))}")
    profile = replace(profile, table=_styled(profile.table, order, remarks, columns))
    output = Output(asked, profile, code=form, underline=underline or profile.table.underline)
    chosen, exact = output.format, marks == "strict"
    if asked.template and layout != "taisho":
        raise StoreError("--template は見え消しと溶け込みには使えません。")
    done = Exit.FINDINGS if exit_code and any(each.changed for each in steps) else Exit.OK
    if later:
        return _staged(steps, profile, output, whole=whole, strict=asked.strict) or done
    if suggest:
        from atsugi_cli.layout.suggestions import suggestions

        output.draw(suggestions(revision, profile))
        return done
    if layout == "taisho" and chosen.revision:
        output.put(chosen.revision(revision, replace(output.options, strict=exact)))
        return done
    if layout != "taisho":
        document = _running(revision, profile, chosen, clean=layout == "tokekomi")
    else:
        from atsugi_cli.layout.comparison import comparison

        document = comparison(
            revision,
            profile,
            whole=whole,
            only=tuple(only or ()),
            strict=exact,
            unfolds=chosen.unfolds,
            handout=output.handout,
        )
        if chosen.annexes:  # a workbook has room for the indicators of both editions
            from atsugi_cli.layout import kpis

            document = replace(document, annex=(kpis.compared(revision, profile, handout=output.handout),))
    output.draw(document, plain=marks == "plain")
    tell_left_behind(revision)
    return asked.told(revision, output) or done


def _staged(steps: Sequence[Revision], profile: Profile, output: Output, *, whole: bool, strict: bool) -> int:
    """Write three editions or more side by side."""
    from atsugi_cli.layout.stages import MOST, stages

    if output.format.document is None:
        raise StoreError(f"三段表は{output.format.label}では出せません。")
    if len(steps) >= MOST:
        raise StoreError(f"並べられる版は{MOST}つまでです。")
    output.draw(stages(steps, profile, whole=whole, handout=output.handout))
    return max(tell_unsettled(each, handout=output.handout, strict=strict) for each in steps)


def _styled(style: TableStyle, order: str, remarks: str, columns: str) -> TableStyle:
    """Let the command line have its way with a city's table; whoever asks for an order or remarks gets no more."""
    wishes: dict[str, Any] = {"order": order, "third": remarks}
    if columns or order or remarks:
        style = replace(style, columns=_columns(columns))
    return replace(style, **{name: wish for name, wish in wishes.items() if wish})


def _columns(words: str) -> tuple[str, ...]:
    """Read the columns of a comparison: their Japanese names or their codes, both editions among them, side by side."""
    codes = {name: code for code, name in COLUMNS.items()}
    found = [codes.get(word, word) for word in filter(None, (each.strip() for each in re.split("[,、，]", words)))]
    for code, word in zip(found, found, strict=True):
        if code not in COLUMNS:
            raise StoreError(f"--columns: {mistakes.no_such_choice(word, tuple(codes))}")
    sides = [at for at, code in enumerate(found) if code in ("old", "new")]
    if found and (len(set(found)) < len(found) or sides != [*range(min(sides, default=0), min(sides, default=0) + 2)]):
        raise StoreError("--columns には「現行,改定後」を隣り合わせに入れ、どの列も一度だけ書いてください。")
    return tuple(found)


def _running(revision: Revision, profile: Profile, form: Format, *, clean: bool) -> Document:
    """Lay out the whole text: with every change in it, or as it reads now."""
    if not form.running:
        able = "、".join(each.code for each in formats.offered("diff") if each.running)
        raise StoreError(f"{'溶け込み' if clean else '見え消し'}は{form.label}では出せません（{able}）。")
    from atsugi_cli.layout import redline

    if clean:
        return redline.clean(revision.new, profile, form.running)
    return redline.redline(revision, profile, form.running)
