"""`strategy new`: start the next edition from the current one."""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import typer

from atsugi_cli import store
from atsugi_cli.achievement import is_met, reached
from atsugi_cli.cli import options
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, option, writable
from atsugi_cli.cli.output import edited, opened, write_file
from atsugi_cli.cli.parameters import Root
from atsugi_cli.model import Strategy
from atsugi_cli.project.editions import named
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob, StoreError

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
"""As the schema has it."""
LABEL: Final = "改定後"

_FULL_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def new(
    edition: Annotated[
        str,
        argument("新しい版のid", "始める版のid（例: 2027-03）。計画/id、ファイル名でもよい。"),
    ] = "",
    *,
    plan: Annotated[
        str, option("--plan", "計画のid", "次の計画（第3期など）の最初の版を、いまの計画をもとに始める。")
    ] = "",
    current: Annotated[
        str,
        option("--from", "版", "もとにする版（既定はいちばん新しい版）。", autocompletion=options.editions),
    ] = "",
    date: Annotated[str, option("--date", "日付", "新しい版の日付（例: 2027-03-31）。")] = "",
    label: Annotated[str, option("--label", "名前", f"欄の見出し（既定は{LABEL}）。", callback=writable)] = "",
    extend: Annotated[int, option("--extend", "年度", "計画期間をこの年度まで延ばす。")] = 0,
    root: Root = "strategies",
) -> int:
    """現行の版から次の版を、または次の計画の最初の版を書き始める。

    コメントも書き方もそのまま写し、id、revises、stage、labelを改め、前回の改定の印（from、change、removed、reasons）
    を消します。書き始めた時点では、現行との違いはありません。

    --plan では、項目のidと文はそのまま写し、計画期間を次の期間に改め、基準値と目標値を未設定に戻します。達成した指標と
    廃止した項目を知らせます。idを略すと、計画期間の始まる年の3月（2027-03）とします。

    例: strategy new 2027-03 / strategy new atsugi-2/2027-03 --date 2027-03-31 --extend 2030 /
    strategy new --plan atsugi-3 --from atsugi-2/2023-10
    """
    from atsugi_cli.reader.renewal import renewed

    if plan:
        return _begun(root, plan, edition, current, label, extend, date)
    if not edition:
        raise typer.BadParameter("始める版のid（例: 2027-03）を指定してください。", param_hint="新しい版のid")
    folder, identity = _place(edition, root)
    if date and not _FULL_DATE.fullmatch(date):
        raise typer.BadParameter(f"{date} は日付（例: 2027-03-31）ではありません。", param_hint="--date")
    project = opened(root)
    blob = named(project, current or folder)
    strategy = project.strategy(blob)
    target = _target(blob, folder, identity, f"{root}/{strategy.plan.id}")
    _refuse_existing(project, target, identity)
    if extend and not (strategy.plan.end is not None and extend > strategy.plan.end):
        last = "計画期間がありません" if strategy.plan.end is None else f"計画期間は{strategy.plan.end}年度までです"
        raise StoreError(f"{blob.name} の{last}。--extend には、それより後の年度を指定してください。")
    text = renewed(strategy, identity, label=label or LABEL, date=date, end=extend or None)
    return _written(
        project,
        blob,
        target,
        text,
        f"{target} を作りました（{strategy.edition.id} を改定する版）。",
        "書き直したら strategy validate で確かめ、strategy diff で新旧対照表を見てください。",
    )


def _written(project: Project, blob: Blob, target: str, text: str, *said: str) -> int:
    """Write the new edition, once it is known to be one."""
    data = edited(project, blob, text, target)
    store.make_folder(str(Path(target).parent))
    write_file(target, data, *said)
    return Exit.OK


def _begun(root: str, plan: str, edition: str, current: str, label: str, extend: int, date: str) -> int:
    """Begin a new plan out of an old one."""
    from atsugi_cli.reader.renewal import begun

    if not ID.fullmatch(plan):
        raise typer.BadParameter(f"{plan} は計画のidに使えません（半角の英小文字、数字、-）。", param_hint="--plan")
    project = opened(root)
    blob = named(project, current)
    strategy = project.strategy(blob)
    start, end = strategy.plan.start, strategy.plan.end
    if plan == strategy.plan.id:
        raise StoreError(
            f"{plan} は、もとにする計画のidです。次の計画のid（例: {_numbered(plan)}）を指定してください。"
        )
    period = (end + 1, extend or 2 * end + 1 - start) if start is not None and end is not None else None
    if period and period[1] < period[0]:
        raise StoreError(f"計画期間は{period[0]}年度からです。--extend には、それより後の年度を指定してください。")
    if not edition and period is None:
        raise StoreError(f"{blob.name} に計画期間がありません。始める版のid（例: 2027-03）を指定してください。")
    identity = _place(edition, root)[1] if edition else f"{period[0] if period else 0}-03"
    folder = f"{root.rstrip('/')}/{plan}"
    if store.is_folder(folder) and store.find_editions([folder]).editions:
        raise StoreError(
            f"計画 {plan} はもうあります（{folder}）。次の版は strategy new {plan}/版のid で始めてください。"
        )
    target = _target(blob, folder, identity, "")
    _refuse_existing(project, target, identity)
    title = _numbered(strategy.plan.title)
    text = begun(strategy, plan, identity, title=title, label=label or "新しい計画", date=date, period=period)
    years = f"計画期間は{period[0]}～{period[1]}年度、" if period else ""
    said = [
        f"{target} を作りました（{strategy.plan.title}をもとにする「{title}」の最初の版）。",
        (
            f"{years}基準値と目標値は未設定に戻しました。項目のidは同じなので、対応表は"
            f" strategy crosswalk {strategy.plan.id} {plan} で見られます。"
        ),
        *_over(strategy),
    ]
    profile = store.profile_for(blob.file) if blob.file else None
    if profile and Path(profile).parent == Path(blob.file or "").parent:
        said.append(f"この計画の設定（{profile}）も、{Path(target).parent} に写してください。")
    return _written(project, blob, target, text, *said)


def _numbered(words: str) -> str:
    """Count a plan's number up where it has one: 第2期 → 第3期, atsugi-2 → atsugi-3."""
    return re.sub(r"(第|-)([0-9]+)(?=期|次|\Z)", lambda match: f"{match[1]}{int(match[2]) + 1}", words, count=1)


def _over(strategy: Strategy) -> Iterator[str]:
    """Say what of the old plan is met or has ended, for somebody to decide on."""
    met = [each for _, each in strategy.indicators() if is_met(each, reached(each))]
    if met:
        yield "目標を達成した指標（続けるか、目標を改めるかを決めてください）:"
        yield from (f"  {each.name}（{each.id}）" for each in met)
    if strategy.edition.removed:
        yield "もとの版で廃止した項目（写していません）:"
        yield from (f"  {each.id}{f'（{each.reason}）' if each.reason else ''}" for each in strategy.edition.removed)


def _place(argument: str, root: str) -> tuple[str, str]:
    """Split what was typed into the plan's folder (empty: to be found) and the id of the new edition."""
    from atsugi_cli.reader.structure import as_id

    path = PurePosixPath(argument.replace("\\", "/"))
    identity = path.stem if path.suffix in store.SUFFIXES else path.name
    if not ID.fullmatch(identity):
        likely = as_id(identity)
        hint = f"もしかして: {likely}" if ID.fullmatch(likely) else "年月が分かりやすいです（例: 2027-03）"
        raise typer.BadParameter(f"{identity or argument} は版のidに使えません（半角の英小文字、数字、-）。{hint}")
    parent = str(path.parent)
    if parent == ".":
        return "", identity
    for folder in (parent, f"{root}/{parent}"):
        if Path(folder).is_dir():
            return folder, identity
    raise StoreError(f"{parent} という計画のフォルダがありません。")


def _target(blob: Blob, folder: str, identity: str, default: str) -> str:
    """Name the new file: in the folder that was named, else beside the current edition, with its suffix."""
    here = PurePosixPath(blob.path.replace("\\", "/")) if blob.path is not None else None
    suffix = here.suffix if here is not None and here.suffix in store.SUFFIXES else store.SUFFIXES[0]
    beside = str(here.parent) if here is not None else default
    return f"{folder.rstrip('/') or beside}/{identity}{suffix}"


def _refuse_existing(project: Project, target: str, identity: str) -> None:
    """Refuse an id that an edition of the plan has, in its file's name or in its text."""
    folder = Path(target).parent
    if not folder.is_dir():
        return
    for path in store.find_editions([str(folder)]).editions:
        named = PurePosixPath(path.replace("\\", "/")).stem == identity
        strategy = None if named else project.read(store.read_file(path)).strategy
        if named or (strategy is not None and strategy.edition.id == identity):
            raise StoreError(f"{identity} という版はもうあります（{path}）。上書きしません。別のidを指定してください。")
    if os.path.lexists(target):
        raise StoreError(f"{target} はもうあります。上書きしません。")
