"""`strategy crosswalk`: who became whom between two plans (対応表)."""

import sys
from dataclasses import replace
from typing import Annotated

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.asking import MEETING, WORD, Asked, Output, asking
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import flag, option
from atsugi_cli.cli.output import edited, spoken, write_file
from atsugi_cli.levels import Profile
from atsugi_cli.project.editions import pair
from atsugi_cli.project.reading import Project
from atsugi_cli.revision import Revision
from atsugi_cli.store import Blob, StoreError


@asking("crosswalk", *WORD, *MEETING)
def crosswalk(
    asked: Asked,
    *,
    suggest: Annotated[
        bool,
        flag(
            "--suggest", "宣言のない対応を一つずつ尋ねて、新しい計画の版に書き込む（-o なら、記入する提案を書き出す）。"
        ),
    ] = False,
    apply: Annotated[str, option("--apply", "FILE", "記入した提案の決定を、新しい計画の版に書き込む。")] = "",
) -> int:
    """前の計画の項目と指標が、新しい計画でどうなったかを一つの表（対応表）にする。

    一つの計画の二つの版にも、二つの計画（第2期と第3期、総合計画と総合戦略）にも使えます。

    例: strategy crosswalk atsugi-2 atsugi-3 / strategy crosswalk atsugi-2 atsugi-3 -o 対応表.xlsx
    """
    project = asked.opened(apply, code="text" if suggest else "")
    revision, profile = asked.compared(project)
    if suggest or apply:
        return _settled(project, (asked.old, asked.new), revision, profile, asked.out, apply)
    output = Output(asked, profile)
    if output.format.crosswalk:
        output.put(output.format.crosswalk(revision, output.options))
        return Exit.OK
    from atsugi_cli.layout.crosswalk import crosswalk as laid_out

    output.draw(laid_out(revision, profile, handout=output.handout))
    return asked.told(revision, output)


def _settled(
    project: Project, names: tuple[str, str], revision: Revision, profile: Profile, out: str, filled: str
) -> int:
    """Ask what became of everything that nobody has declared, and write the answers into the new edition."""
    from atsugi_cli.cli import settling
    from atsugi_cli.reader.loading import load

    work = settling.task(revision, profile)
    if not work.proposals:
        streams.complain("決める対応はありません。すべて、同じidか宣言で分かっています。")
        return Exit.OK
    if filled:
        blob = store.read_file(filled)
        data, findings = load(blob.data.decode("utf-8-sig", "replace"), filled)
        if findings:
            where = findings[0].place
            raise StoreError(f"{filled}:{where.line}: {findings[0].message}")
        answers = settling.decided(work, data, filled)
    elif out:
        write_file(
            out,
            settling.written(work, f"strategy crosswalk {' '.join(names)} --apply {out}"),
            f"{out} に書き出しました。",
        )
        return Exit.OK
    elif streams.is_terminal(sys.stdin) and streams.is_terminal(sys.stdout):
        options = replace(spoken(sys.stdout), framed=True)
        answers = settling.Dialogue(work, options, settling.typed, settling.spoken).run()
    else:
        raise StoreError(
            "端末ではないので尋ねられません。-o 対応案.txt で提案を書き出し、記入して --apply で書き込んでください。"
        )
    return _declared(project, pair(project, *names)[1], answers)


def _declared(project: Project, blob: Blob, declarations: tuple[dict[str, tuple[str, ...]], dict[str, str]]) -> int:
    """Write who became whom into an edition, as an edit of its text."""
    from atsugi_cli.reader.renewal import declared

    origins, ended = declarations
    if not origins and not ended:
        streams.complain("何も書き込みませんでした。")
        return Exit.OK
    if blob.file is None:
        raise StoreError(f"{blob.name} はファイルではないので、書き込めません。")
    text, left = declared(project.strategy(blob), origins, ended)
    data = edited(project, blob, text)
    more = [f"すでに from か change のある{left}件は、そのままにしました。手で書き足してください。"] if left else []
    number = len(origins) + len(ended) - left
    write_file(
        blob.file,
        data,
        f"{blob.file} に{number}件の対応を書き込みました。strategy validate で確かめてください。",
        *more,
        was=blob.data,
    )
    return Exit.OK
