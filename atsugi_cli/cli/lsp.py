"""`strategy lsp`: the language server, which an editor starts and talks to."""

import sys

from atsugi_cli.cli import manual, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Root
from atsugi_cli.formats.options import missing_extra


def lsp(*, root: Root = "strategies") -> int:
    """エディタに、検証の結果、説明、入力の候補、直し方を知らせる（エディタが起動します）。

    例: strategy lsp
    """
    try:
        from atsugi_cli.editor.server import desk
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        raise missing_extra("エディタへ", "editor") from error
    if streams.is_terminal(sys.stdin):
        streams.complain("エディタが起動するコマンドです。設定は docs/editor.md を見てください。Ctrl+C で終わります。")
    desk(root, manual.catalogues()).start_io(sys.stdin.buffer, sys.stdout.buffer)
    return Exit.OK
