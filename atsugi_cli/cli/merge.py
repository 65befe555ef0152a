"""`strategy merge`: what two people have made of one plan, brought together by identity, not by lines."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from atsugi_cli import store
from atsugi_cli.cli.asking import Asked, Output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, option
from atsugi_cli.cli.output import opened, spoken, write_file
from atsugi_cli.cli.parameters import Color, Root, Width, form_of
from atsugi_cli.document import Document
from atsugi_cli.layout.merging import Words, merging
from atsugi_cli.merge import MergedFile
from atsugi_cli.project.merging import Outcome, Three, previewed, unsolved
from atsugi_cli.project.merging import merge as merged
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob, StoreError

_SIDES = 3


def merge(
    files: Annotated[
        list[str] | None, argument("元 こちら あちら", "分かれる前の版と、合わせる二つの版のファイル。")
    ] = None,
    *,
    preview: Annotated[
        str,
        option("--preview", "BRANCH", "このブランチと合わせたら何が競合するかだけを示す（A...B なら二つのブランチ）。"),
    ] = "",
    solve: Annotated[str, option("--solve", "FILE", "git が競合の印を残したファイルを、項目ごとに合わせ直す。")] = "",
    out: Annotated[str, option("-o --output", "FILE", "合わせた版を書き出す先（既定は標準出力）。")] = "",
    form: Annotated[str, form_of("merge")] = "",
    color: Color = "auto",
    width: Width = 0,
    root: Root = "strategies",
) -> int:
    """二人が書いた版を、行ではなく項目の id で合わせる。

    同じところを双方が違う内容に変えたときだけ競合とし、元・こちら・あちらを並べて示します（終了コード1）。

    例: strategy merge 元.yaml こちら.yaml あちら.yaml -o 合わせた版.yaml / strategy merge --preview 観光課
    """
    if [bool(files), bool(preview), bool(solve)].count(True) != 1:
        raise typer.BadParameter(
            "元・こちら・あちらの三つのファイル、--preview、--solve のどれか一つを指定してください。"
        )
    if out and not files:
        raise StoreError("-o は三つのファイルを合わせるときに使えます。")
    project, asked = opened(root), Asked("merge", form=form, color=color, width=width)
    if preview:
        outcomes = list(previewed(project, preview))
        _show(project, outcomes, preview, Output(asked))
        return Exit.OK if all(isinstance(each, Outcome) and each.is_settled for each in outcomes) else Exit.FINDINGS
    if solve:
        three, was = unsolved(solve)
        outcome = merged(project, three)
        left = "" if outcome.is_settled else "残った競合を直したら、strategy validate で確かめてください。"
        write_file(solve, outcome.data(), f"{solve} を合わせ直しました。{left}", was=was, follow=True)
    else:
        outcome = _from_files(project, files or [], out)
        if out:
            write_file(out, outcome.data(), f"{out} に書き出しました。")
        elif not form:
            store.write_atomic(None, outcome.data())
    if form:
        _show(project, [outcome], outcome.three.names[1], Output(asked))
    else:
        tell(project, outcome)
    return Exit.OK if outcome.is_settled else Exit.FINDINGS


def _from_files(project: Project, files: Sequence[str], out: str) -> Outcome:
    if len(files) != _SIDES:
        raise typer.BadParameter("元、こちら、あちらの順に、三つのファイルを指定してください。")
    if out and any(Path(out).exists() and Path(each).exists() and Path(out).samefile(each) for each in files):
        raise StoreError(
            f"{store.spelled(out)} は合わせる版のファイルです。上書きしません。-o に別の名前を指定してください。"
        )
    base, ours, theirs = (project.open(each).data for each in files)
    return merged(project, Three(store.spelled(files[1]), base, ours, theirs))


def _show(project: Project, outcomes: Sequence[Outcome | MergedFile], theirs: str, output: Output) -> None:
    """Print what became of files in the format that was asked for."""
    files = [_file(each) for each in outcomes]
    output.give(output.format.merge, files, lambda: _document(project, outcomes, theirs, whole=True))


def tell(project: Project, outcome: Outcome) -> None:
    """Say on standard error what people have to settle, and what they should know."""
    if not outcome.is_settled or any(each.why == "recounted" for each in outcome.merged.decisions):
        import sys

        from atsugi_cli.formats.text import write

        sys.stderr.write(write(_document(project, [outcome], outcome.three.names[1]), spoken(sys.stderr)))


def _file(outcome: Outcome | MergedFile) -> MergedFile:
    return outcome.file if isinstance(outcome, Outcome) else outcome


def _document(
    project: Project, outcomes: Sequence[Outcome | MergedFile], theirs: str, *, whole: bool = False
) -> Document:
    files = [_file(each) for each in outcomes]
    clashes = sum(len(file.clashes) + len(file.errors) for file in files)
    failures = sum(bool(file.failure) for file in files)
    title = "、".join(
        [f"競合 {clashes}件"] * bool(clashes) + [f"項目ごとに合わせられない版 {failures}件"] * bool(failures)
    ) or ("競合はありません" if files else "双方が変えた版はありません")
    return merging(title, files, _words(project, outcomes), theirs, whole=whole)


def _words(project: Project, outcomes: Sequence[Outcome | MergedFile]) -> Callable[[str], Words]:
    by_path = {each.three.path: each.three for each in outcomes if isinstance(each, Outcome)}

    @cache
    def words(path: str) -> Words:
        three = by_path[path]
        sides = [
            project.read(Blob(path, data, path)).strategy if data else None
            for data in (three.ours, three.theirs, three.base)
        ]
        return Words(sides, project.profile_of(path).profile)

    return words
