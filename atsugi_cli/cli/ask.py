"""`strategy ask`: a workbook for every section, with what it answers for in the plan (庁内照会)."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Final, get_args

import typer

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import choice, option, writable
from atsugi_cli.cli.output import opened
from atsugi_cli.cli.parameters import Edition, Root
from atsugi_cli.layout.places import Places
from atsugi_cli.project.editions import named
from atsugi_cli.store import StoreError, alike, perhaps
from atsugi_cli.tables.asking import NOBODY, Purpose, asked

INDEX: Final = "照会一覧.xlsx"
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_APRIL: Final = 4


def ask(
    edition: Edition = "",
    *,
    owner: Annotated[str, option("--owner", "課名", "この課の分だけを作る（既定は all: すべての課）。")] = "all",
    due: Annotated[str, option("--due", "期限", "回答の期限（例: 2026-10-30）。", callback=writable)] = "",
    purpose: Annotated[
        str, choice("--for", get_args(Purpose), "照会すること: 文言、実績、両方（既定は両方）。", "WHAT")
    ] = "both",
    year: Annotated[str, option("--year", "年度", "実績を尋ねる年度（例: 令和7、2025。既定は前の年度）。")] = "",
    out: Annotated[str, option("-o --output", "DIR", "書き出すフォルダ（既定は 照会）。")] = "照会",
    root: Root = "strategies",
) -> int:
    """庁内照会のExcelを、課ごとに一つずつ作る。

    計画と指標の担当（owners）の課に、それぞれの行だけを尋ねます。回答は strategy answers で集めます。

    例: strategy ask --due 2026-10-30 / strategy ask --owner 観光課 --for results --year 令和7 -o 照会/
    """
    from atsugi_cli.formats.forms import index, write
    from atsugi_cli.values import read_when
    from atsugi_cli.words import date_words

    today = date.today()  # noqa: DTZ011 - the office's own day
    when = read_when(year) if year else today.year - 1 - (today.month < _APRIL)
    if not isinstance(when, int):
        raise typer.BadParameter(f"{year} は年度（例: 令和7、2025）として読めません。", param_hint="--year")
    project = opened(root)
    blob = named(project, edition)
    strategy, profile = project.strategy(blob), project.profile(blob.path)
    where = Places(strategy, profile.speaking(strategy.edition)).of
    every = asked(strategy, profile, where, purpose=purpose, due=date_words(due, profile.era), year=when)  # type: ignore[arg-type]
    every = tuple(each for each in every if each.wording or each.results)
    if owner != "all":
        names = [each.section for each in every]
        every = tuple(each for each in every if each.section == owner)
        if not every:
            raise StoreError(f"{owner} が担当する項目はありません。{perhaps(alike(owner, names))}")
    if not every:
        raise StoreError("照会することがありません。版に項目か指標を書いてください。")
    names = _names([each.section for each in every])
    files = [(f"{out}/{name}", write(each)) for each, name in zip(every, names, strict=True)]
    there = [path for path, _ in files if Path(path).exists()]
    if there:
        raise StoreError(
            f"{store.spelled(there[0])} はもうあります。回答が入っているかもしれないので、上書きしません。"
            "別のフォルダを -o で指定してください。"
        )
    store.make_folder(out)
    if owner == "all":
        files.append((f"{out}/{INDEX}", index(list(zip(every, names, strict=True)), today.isoformat())))
    store.write_set(files)
    streams.complain(
        f"{store.spelled(out)} に、{len(every)}課分の照会を作りました。",
        *(
            f"  {name}: 修正案 {len(each.wording)}行、実績 {len(each.results)}行"
            for each, name in zip(every, names, strict=True)
        ),
        *(
            ["  担当（owners）の書かれていない行は「担当の記載なし」にまとめました。"]
            if any(each.section == NOBODY for each in every)
            else []
        ),
        "回答が戻ったら strategy answers で集めてください。",
    )
    return Exit.OK


def _names(sections: list[str]) -> list[str]:
    """Name a file for each section, on any system and each once."""
    names: list[str] = []
    for section in sections:
        base = _UNSAFE.sub("_", section).strip(" .")[:60] or "課"
        name, number = f"照会_{base}.xlsx", 1
        while name.casefold() in (each.casefold() for each in names):
            number += 1
            name = f"照会_{base}_{number}.xlsx"
        names.append(name)
    return names
