"""`strategy schema`: the JSON Schema of editions or profiles."""

from pathlib import Path
from typing import Annotated

import typer

from atsugi_cli import store
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument
from atsugi_cli.cli.output import guard
from atsugi_cli.cli.parameters import Out
from atsugi_cli.store import StoreError

KINDS = ("strategy", "profile", "merge")


def schema(
    kind: Annotated[
        str,
        argument(
            "strategy|profile|merge", "版の書式（strategy）か、自治体の設定（profile）か、統合の結果（merge）か。"
        ),
    ] = "strategy",
    *,
    out: Out = "",
) -> int:
    """JSON Schemaを出す。エディタの入力補助にも使えます。

    例: strategy schema -o strategy.schema.json
    """
    if kind not in KINDS:
        from atsugi_cli.cli import mistakes

        raise typer.BadParameter(mistakes.no_such_choice(kind, KINDS))
    data = (Path(store.packaged("schemas")) / f"{kind}.schema.json").read_bytes()
    guard(out, store.ROOT)
    if out not in ("", store.STDIN) and not out.lower().endswith(".json"):
        raise StoreError(f"{out} には書き出しません。スキーマのファイルの名前は .json で終えてください。")
    store.write_atomic(out or None, data.replace(b"\r\n", b"\n"))
    return Exit.OK
