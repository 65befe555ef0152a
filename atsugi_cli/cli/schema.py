"""`strategy schema`: the JSON Schema of editions and profiles, and of every JSON that the program writes."""

from pathlib import Path
from typing import Annotated, Final

import typer

from atsugi_cli import store
from atsugi_cli.cli import options
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument
from atsugi_cli.cli.output import guard
from atsugi_cli.cli.parameters import Out
from atsugi_cli.store import StoreError

NAMES: Final = (
    "strategy",
    "profile",
    *store.SUPPLEMENTS,
    "diff",
    "tree",
    "kpis",
    "crosswalk",
    "log",
    "findings",
    "merge",
    "answers",
    "baseline",
)
"""The files of schemas/: what is written by hand, then what the commands write with -f json."""


def schema(
    kind: Annotated[
        str,
        argument(
            "名前",
            "版の書式 strategy（既定）、設定 profile、-f json の出力 diff、tree、kpis など。",
            options.among(NAMES),
        ),
    ] = "strategy",
    *,
    out: Out = "",
) -> int:
    """JSON Schemaを出す。エディタの入力補助にも使えます。

    例: strategy schema -o strategy.schema.json / strategy schema diff
    """
    if kind not in NAMES:
        from atsugi_cli.cli import mistakes

        raise typer.BadParameter(mistakes.no_such_choice(kind, NAMES))
    data = (Path(store.packaged("schemas")) / f"{kind}.schema.json").read_bytes()
    guard(out, store.ROOT)
    if out not in ("", store.STDIN) and not out.lower().endswith(".json"):
        raise StoreError(f"{out} には書き出しません。スキーマのファイルの名前は .json で終えてください。")
    store.write_atomic(out or None, data.replace(b"\r\n", b"\n"))
    return Exit.OK
