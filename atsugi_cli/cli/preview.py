"""`strategy preview`: the papers of the working edition in a browser, made anew when a file is saved."""

import errno
from typing import Annotated

from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import flag, option
from atsugi_cli.cli.parameters import Edition, Root
from atsugi_cli.store import StoreError, reason_of


def preview(
    edition: Edition = "",
    *,
    port: Annotated[int, option("--port", "N", "待ち受けるポート（既定は、空いているもの）。", min=0, max=65535)] = 0,
    quiet: Annotated[bool, flag("--no-open", "ブラウザを開かず、アドレスだけを示す。")] = False,
    root: Root = "strategies",
) -> int:
    """新旧対照表、施策体系図、KPI一覧、検証の結果をブラウザで見せ、ファイルを保存するたびに新しくする。

    見せるだけで、何も書き換えません。ほかのPCからは見えません。Ctrl+C で終わります。

    例: strategy preview / strategy preview 2023-10 --no-open
    """
    from atsugi_cli.editor.preview import Server

    try:
        server = Server(root, edition, port)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise StoreError(f"ポート {port} で待ち受けられません（{reason_of(error)}）。") from error
        raise StoreError(
            f"ポート {port} は、ほかのプログラムが使っているか、許されていません。--port を付けずに実行してください。"
        ) from error
    streams.complain(f"{server.address} で見られます。Ctrl+C で終わります。")
    if not quiet:
        import webbrowser

        webbrowser.open(server.address)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        streams.complain("プレビューを終わりました。")
    finally:
        server.ended.set()
        server.server_close()
    return Exit.OK
