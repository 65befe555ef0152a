"""Structure: `strategy rename`, `move`, `renumber`, `ids` change ids, places and numbers; the rest stays as typed."""

from collections.abc import Sequence
from typing import Annotated

import typer

from atsugi_cli import store
from atsugi_cli.cli import options, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.new import ID
from atsugi_cli.cli.options import argument, flag, option
from atsugi_cli.cli.output import opened, write_file
from atsugi_cli.cli.parameters import Root
from atsugi_cli.project.editions import named
from atsugi_cli.project.fixing import Fixed, difference
from atsugi_cli.project.reading import Project
from atsugi_cli.project.structure import Where, moved, renamed, renumbered, with_ids
from atsugi_cli.store import Blob, StoreError

Item = Annotated[str, argument("ITEM", "項目や指標の id。", options.items)]
Edition = Annotated[
    str, option("--edition", "版", "書き換える版（既定はいちばん新しい版）。", autocompletion=options.editions)
]
Diff = Annotated[bool, flag("--diff", "変わるところを差分で示し、書き換えない。")]


def rename(
    item: Item,
    new: Annotated[str, argument("NEW", "新しい id。")],
    *,
    everywhere: Annotated[bool, flag("--all", "決定した版も書き換える。")] = False,
    edition: Edition = "",
    diff: Diff = False,
    root: Root = "strategies",
) -> int:
    """項目や指標の id を、計画のどの版でも改める。

    決定した版は書き換えず、次の版に from: 元のid を書くので、改定前後の対応は変わりません。

    例: strategy rename city-exchange city-links --diff
    """
    if not ID.fullmatch(new):
        raise typer.BadParameter(f"{new} は id に使えません（半角の英小文字、数字、-）。")
    project, blob = _chosen(root, edition)
    return _done(renamed(project, blob, item, new, everywhere=everywhere), diff=diff)


def move(
    item: Item,
    *,
    before: Annotated[str, option("--before", "ITEM", "この項目の前に移す。", autocompletion=options.items)] = "",
    after: Annotated[str, option("--after", "ITEM", "この項目の後に移す。", autocompletion=options.items)] = "",
    into: Annotated[str, option("--into", "ITEM", "この項目の中の最後に移す。", autocompletion=options.items)] = "",
    edition: Edition = "",
    diff: Diff = False,
    root: Root = "strategies",
) -> int:
    """項目を、コメントや中の項目ごと別のところへ移す。番号が順に付いていれば、付け直す。

    例: strategy move city-links --after pr / strategy move city-links --into relations --diff
    """
    targets: list[tuple[Where, str]] = [("before", before), ("after", after), ("into", into)]
    wanted = [(where, target) for where, target in targets if target]
    if len(wanted) != 1:
        raise typer.BadParameter("--before、--after、--into のどれか一つを指定してください。")
    project, blob = _chosen(root, edition)
    return _done([moved(project, blob, item, *wanted[0])], diff=diff)


def renumber(
    item: Annotated[str, argument("ITEM", "この項目の中だけ（既定は版の全部）。", options.items)] = "",
    *,
    edition: Edition = "",
    diff: Diff = False,
    root: Root = "strategies",
) -> int:
    """番号を、並び順のとおりに付け直す。「ひと」のような言葉の番号と、番号のない項目は変えない。

    例: strategy renumber / strategy renumber relations --diff
    """
    project, blob = _chosen(root, edition)
    return _done([renumbered(project, blob, item)], diff=diff)


def ids(
    *,
    fill: Annotated[bool, flag("--fill", "id のない項目と指標に id を書く。")] = False,
    edition: Edition = "",
    diff: Diff = False,
    root: Root = "strategies",
) -> int:
    """Id のない項目と指標に、階層と通し番号の id（initiative-12）を書く。使った番号は、二度と使わない。

    例: strategy ids --fill / strategy ids --fill --diff
    """
    if not fill:
        raise typer.BadParameter("--fill を付けてください（書き換える前に見るなら --fill --diff）。")
    project, blob = _chosen(root, edition)
    return _done([with_ids(project, blob)], diff=diff)


def _chosen(root: str, edition: str) -> tuple[Project, Blob]:
    project = opened(root)
    blob = named(project, edition)
    if blob.file is None:
        raise StoreError(f"{blob.name} は書き換えられません。作業フォルダの版を指定してください。")
    return project, blob


def _done(results: Sequence[Fixed], *, diff: bool) -> int:
    """Show or write what was edited; several files all or none."""
    changed = [result for result in results if result.after != result.before]
    if not changed:
        streams.complain("変えるところはありません。")
        return Exit.OK
    if diff:
        lines = [line for result in changed for line in difference(result)]
        streams.page("".join(map(streams.coloured, lines) if streams.wants_colour("auto") else lines))
        return Exit.OK
    names = [result.blob.path or "" for result in changed]
    if len(changed) > 1:
        store.write_set((name, result.data) for name, result in zip(names, changed, strict=True))
        streams.complain(f"{'、'.join(names)} を書き換えました。")
    else:
        write_file(names[0], changed[0].data, f"{names[0]} を書き換えました。", was=changed[0].blob.data, follow=True)
    return Exit.OK
