"""`strategy import`: the tables that an office has kept so far, in Excel, Word or CSV, as an edition."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import typer

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.new import ID
from atsugi_cli.cli.options import argument, choice, option, writable
from atsugi_cli.cli.output import guard, opened, write_file
from atsugi_cli.cli.parameters import Root
from atsugi_cli.levels import Profile
from atsugi_cli.store import Blob, StoreError
from atsugi_cli.tables.grids import Grid, GridError
from atsugi_cli.tables.headings import UNUSED, Meaning, meanings, named
from atsugi_cli.tables.importing import About, Imported, imported
from atsugi_cli.tables.ledger import grouped
from atsugi_cli.tables.opening import read

MOST_SHOWN: Final = 40
"""Lines of the list that are said on standard error; all of them stand below the edition."""


def import_(
    files: Annotated[list[str], argument("FILE…", "いまの表（.xlsx、.docx、.csv、貼り付けた文字）。- は標準入力。")],
    *,
    out: Annotated[
        str, option("-o --output", "FILE", "書き出す版（例: strategies/reiji-3/2025-03.yaml。既定は標準出力）。")
    ] = "",
    mapping: Annotated[
        str, option("--mapping", "FILE", "見出しの読み方。あれば使い、なければ今回の読み方を書き出す。")
    ] = "",
    title: Annotated[str, option("--title", "計画名", "計画の名前（既定は表の題から）。", callback=writable)] = "",
    city: Annotated[str, option("--city", "市町村", "市町村の名前。", callback=writable)] = "",
    period: Annotated[str, option("--period", "年度", "計画期間（例: 2025-2029、令和7～11年度）。")] = "",
    side: Annotated[
        str, choice("--side", ("new", "old"), "新旧対照表のどちらの欄を取り込むか（既定は改定後）。")
    ] = "new",
    root: Root = "strategies",
) -> int:
    """いまのExcel、Word、CSVの表から版を作る。

    見出しは意味で読み、書いてあるものは、版か「要確認」の一覧の、どちらかに必ず入れます。

    例: strategy import KPI一覧.xlsx -o strategies/reiji-3/2025-03.yaml / strategy import 表.xlsx --mapping 読み方.yaml
    """
    from atsugi_cli.values import read_span

    span = read_span(period) if period else None
    if period and span is None:
        raise typer.BadParameter(f"{period} は計画期間（例: 2025-2029）として読めません。", param_hint="--period")
    guard("" if out.endswith(store.SUFFIXES) else out, root, *files, mapping)
    if out and os.path.lexists(out):
        raise StoreError(f"{store.spelled(out)} はもうあります。上書きしません。-o に別の名前を指定してください。")
    project = opened(root)
    profile = project.profile(out or None)
    target = PurePosixPath(out.replace("\\", "/")) if out and out != store.STDIN else None
    plan, name = (_id(target.parent.name), _id(target.stem)) if target else ("plan", "first")
    about = About(plan, name, title, city, span, side)
    grids = [grid for name in files for grid in grids_of(name)]
    known = _mapping(mapping, profile) if mapping and Path(mapping).exists() else {}
    result = imported(grids, about, profile, known)
    if result.unclear and streams.is_terminal(sys.stdin) and streams.is_terminal(sys.stderr):
        known = {**known, **_asked(result.unclear, profile)}
        result = imported(grids, about, profile, known)
    if not result.rows:
        raise StoreError(
            f"{'、'.join(map(store.spelled, files))} に、見出しのある表が見つかりません。"
            "見出し（基本目標、施策、指標名、基準値、目標値など）の行があるか確かめるか、"
            "--mapping で読み方を指定してください。"
        )
    if result.period is None:
        raise StoreError("計画期間が表から分かりません。--period 2025-2029 のように指定してください。")
    data = result.text.encode("utf-8")
    project.strategy(Blob(out or "取り込んだ版", data, out or None))
    if target:
        store.make_folder(str(target.parent))
    if out:
        write_file(out, data)
    else:
        store.write_atomic(None, data)
    if mapping and not Path(mapping).exists():
        write_file(mapping, _written(result, known), f"見出しの読み方を {store.spelled(mapping)} に書き出しました。")
    _tell(result, files, out)
    return Exit.OK


def grids_of(name: str) -> tuple[Grid, ...]:
    """Read the tables of a file; what cannot be read is said with its name."""
    data = store.read_template(name)
    shown = store.spelled(Path(name).name) if name != store.STDIN else store.STDIN_NAME
    try:
        return read(data, shown)
    except GridError as error:
        raise StoreError(f"{shown}: {error}") from error


def _id(name: str) -> str:
    """Make an id of the name of a folder or file."""
    from atsugi_cli.reader.structure import as_id

    plain = as_id(name)
    return plain if ID.fullmatch(plain) else "plan"


def _mapping(path: str, profile: Profile) -> dict[str, Meaning]:
    """Read a saved mapping: under `columns`, headings with their meanings."""
    from atsugi_cli.reader.decoding import decode
    from atsugi_cli.reader.loading import load

    blob = store.read_file(path)
    text, _ = decode(blob.data, path)
    tree, findings = load(text or "", path)
    columns = tree.get("columns") if isinstance(tree, dict) else None
    if findings or not isinstance(columns, dict):
        raise StoreError(
            f"{store.spelled(path)} は見出しの読み方のファイルではありません（columns: の下に「見出し: 意味」）。"
        )
    found: dict[str, Meaning] = {}
    for heading, words in columns.items():
        meant = named(str(words), profile)
        if meant is None:
            able = "、".join(meanings(profile))
            raise StoreError(f"{store.spelled(path)}: 「{heading}」の意味「{words}」は使えません。使える意味: {able}")
        found["".join(str(heading).split())] = meant
    return found


def _written(result: Imported, known: dict[str, Meaning]) -> str:
    """Write the mapping of a run."""
    from atsugi_cli.reader.scalars import plain_or_quoted

    told = {
        **dict.fromkeys(result.unclear, UNUSED.label),
        **result.headings,
        **{key: each.words() for key, each in known.items()},
    }
    lines = [
        "# 見出しの読み方（strategy import --mapping）。右側を書き直すと、次からそのとおりに読みます。",
        "columns:",
    ]
    return "\n".join(
        [*lines, *(f"  {plain_or_quoted(key)}: {plain_or_quoted(words)}" for key, words in told.items()), ""]
    )


def _asked(unclear: Sequence[str], profile: Profile) -> dict[str, Meaning]:
    """Ask a person what headings mean."""
    choices = list(meanings(profile))
    streams.complain("意味の分からない見出しがあります。", *(f"  {at} {word}" for at, word in enumerate(choices)))
    found: dict[str, Meaning] = {}
    for heading in unclear:
        while heading not in found:
            sys.stderr.write(f"「{heading}」は何ですか（番号。実績値などは「番号 年度」。空: 使わない）> ")
            sys.stderr.flush()
            number, _, year = sys.stdin.readline().strip().partition(" ")
            words = choices[int(number)] if number.isascii() and number.isdigit() and int(number) < len(choices) else ""
            meant = named(f"{words} {year}".strip(), profile) if words else UNUSED if not number else None
            if meant is not None:
                found[heading] = meant
    return found


def _tell(result: Imported, files: Sequence[str], out: str) -> None:
    """Say on standard error what came of it, and list what is to be checked."""
    where = f" → {store.spelled(out)}" if out and out != store.STDIN else ""
    checks = list(grouped(result.left))
    streams.complain(
        f"{'、'.join(store.spelled(Path(each).name) for each in files)}{where}: {result.rows}行を読み、"
        f"指標{result.indicators}件を取り込みました。要確認 {len(result.left) + len(result.missing)}個"
        f"{'（版の末尾に一覧）' if checks else ''}。",
        *(f"  {each}" for each in result.remarks),
        *(f"  要確認: {each}" for each in result.missing),
        *(f"  要確認: {place} {why}: {said[:80]}" for place, why, said in checks[:MOST_SHOWN]),
        *([f"  ほか{len(checks) - MOST_SHOWN}件（すべて版の末尾にあります）。"] if len(checks) > MOST_SHOWN else []),
    )
    if out:
        streams.complain("strategy validate で確かめ、strategy tree で体系を見てください。")
