"""`strategy answers`: what the sections sent back, as a table of proposals, and into the edition."""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from atsugi_cli import store
from atsugi_cli.cli import options, streams
from atsugi_cli.cli.ask import INDEX
from atsugi_cli.cli.asking import Asked, Output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, flag, option
from atsugi_cli.cli.output import edited, write_file
from atsugi_cli.cli.parameters import Color, Out, Root, Width, form_of
from atsugi_cli.layout.answering import answering
from atsugi_cli.layout.places import Places
from atsugi_cli.project.editions import named
from atsugi_cli.store import Blob, StoreError
from atsugi_cli.tables.answers import Problem, Sheaf, by_section, gathered
from atsugi_cli.tables.applying import applied, messages
from atsugi_cli.tables.asking import META, marked, places, questions
from atsugi_cli.tables.grids import Grid, GridError
from atsugi_cli.tables.opening import read


def answers(
    files: Annotated[list[str], argument("FILE…", "戻ってきた照会のExcel、またはそのフォルダ。")],
    *,
    edition: Annotated[
        str, option("--edition", "版", "照会した版（既定はいちばん新しい版）。", autocompletion=options.editions)
    ] = "",
    apply: Annotated[bool, flag("--apply", "読み取れた回答を、版のYAMLに書き入れる。")] = False,
    diff: Annotated[bool, flag("--diff", "--apply で変わるところを差分で示し、書き換えない。")] = False,
    out: Out = "",
    form: Annotated[str, form_of("answers")] = "",
    color: Color = "auto",
    width: Width = 0,
    root: Root = "strategies",
) -> int:
    """庁内照会の回答を集め、修正案の表にし、版に反映する。

    二つの課の回答が違うところ、照会の後に版が変わったところは競合として示し、反映しません（終了コード1）。
    行、列、シートが消えていても「回答なし」とし、版から何かを消すことはありません。

    例: strategy answers 照会/ / strategy answers 照会/ -o 回答.xlsx / strategy answers 照会/ --apply --diff
    """
    if diff and not apply:
        raise StoreError("--diff は --apply と一緒に指定してください。")
    paths = _workbooks(files)
    asked = Asked("answers", form=form, out=out, color=color, width=width, root=root)
    project = asked.opened(*paths)
    blob = named(project, edition)
    strategy, profile = project.strategy(blob), project.profile(blob.path)
    where = Places(strategy, profile.speaking(strategy.edition)).of
    books: dict[str, tuple[Grid, ...]] = {}
    problems: list[Problem] = []
    with project.listener.counting("回答", len(paths)) as step:
        for path in paths:
            name = Path(path).name
            step(name)
            try:
                books[name if name not in books else path] = read(store.read_template(path), name)
            except GridError as error:
                problems.append(Problem("", name, "", str(error)))
    every = [question for year in _years(books) or (None,) for question in questions(strategy, profile, where, year)]
    by_key = {each.key: each for each in every}
    sheaf = gathered(books, by_key, strategy, dict(places(strategy, where)))
    sheaf = replace(sheaf, problems=(*problems, *sheaf.problems))
    if not apply:
        output = Output(asked)
        output.give(output.format.answers, sheaf, lambda: answering(sheaf, strategy, profile))
        return Exit.FINDINGS if sheaf.conflicts or sheaf.problems else Exit.OK
    text, more = applied(strategy.text, sheaf, strategy, profile)
    data = edited(project, blob, text)
    if diff:
        _show(strategy.text, text, blob.name, color)
    else:
        _write(blob, data, sheaf, more)
    _tell(sheaf, more)
    return Exit.FINDINGS if sheaf.conflicts or sheaf.problems or more else Exit.OK


def _show(before: str, after: str, name: str, color: str) -> None:
    """Show as a unified diff what would be written."""
    from atsugi_cli.project.fixing import unified

    colour = streams.wants_colour(color)  # type: ignore[arg-type]
    lines = unified(before, after, f"a/{name}", f"b/{name}")
    streams.page("".join(streams.coloured(line) if colour else line for line in lines))


def _write(blob: Blob, data: bytes, sheaf: Sheaf, failed: Sequence[Problem]) -> None:
    """Write the edition, and print a commit message for every section whose answers went into it."""
    if blob.file is None:
        raise StoreError("書き換えられるのは、ファイルの版だけです。--edition に版のファイルを指定してください。")
    if data != blob.data:
        write_file(blob.file, data, f"{blob.name} に回答を書き入れました。", was=blob.data)
    out = {each.where for each in failed}
    kept = [
        (section, [each for each in found if each.where not in out], [each for each in new if each.where not in out])
        for section, found, new in by_section(sheaf)
    ]
    sys.stdout.write("\n".join(messages([each for each in kept if each[1] or each[2]], sheaf.people)))


def _tell(sheaf: Sheaf, failed: Sequence[Problem]) -> None:
    """Say on standard error what did not go into the edition, and who has not answered."""
    for each in (*sheaf.problems, *failed):
        streams.complain(f"反映していません: {each.where} {each.text[:60]}: {each.why}")
    for group in sheaf.conflicts:
        question = group[0].question
        said = "、".join(f"{each.section}「{each.text[:40]}」" for each in group)
        streams.complain(f"競合（反映していません）: {question.where}「{question.name}」の{question.label}: {said}")
    if sheaf.silent:
        streams.complain(f"まだ回答のない課: {'、'.join(sheaf.silent)}")


def _workbooks(files: list[str]) -> list[str]:
    """List the workbooks that were named; of a folder, all in it but the list of what went to whom."""
    found: list[str] = []
    for name in files:
        if store.is_folder(name):
            there = sorted(
                str(path) for path in Path(name).iterdir() if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".csv"}
            )
            found += [
                path for path in there if Path(path).name != INDEX and not Path(path).name.startswith(("~$", "."))
            ]
        elif Path(name).name != INDEX:
            found.append(name)
    if not found:
        raise StoreError(f"{'、'.join(map(store.spelled, files))} に、照会のExcel（.xlsx）がありません。")
    return found


def _years(books: dict[str, tuple[Grid, ...]]) -> list[int]:
    """List the years whose results were asked for."""
    found: set[int] = set()
    for grids in books.values():
        for grid in grids:
            if grid.sheet == META:
                for row, column in grid.cells:
                    if column == 0 and grid.cells[row, 0].text == "year" and (cell := grid.at(row, 1)):
                        found |= {int(cell.text)} if re.fullmatch(r"[0-9]{4}", cell.text) else set()
            else:
                for (row, _), cell in grid.cells.items():
                    if (mark := marked(cell.text)) and mark[1] == "actual":
                        found |= {
                            int(each.text)
                            for (at, _), each in grid.cells.items()
                            if at == row and re.fullmatch(r"20[0-9]{2}", each.text)
                        }
    return sorted(found)[-1:]
