"""Parameters: the arguments and options that commands share, each declared once."""

from typing import Annotated, Any

import typer

from atsugi_cli import formats
from atsugi_cli.cli import options

_EDITION = "版の指定: ファイル、版のid、計画のフォルダ、REV:PATH、REV（git）、-（標準入力）。"

Old = Annotated[str, typer.Argument(metavar="現行", show_default=False, autocompletion=options.editions, help=_EDITION)]
New = Annotated[
    str,
    typer.Argument(
        metavar="改定後", show_default=False, autocompletion=options.editions, help="改定後の版。書き方は現行と同じ。"
    ),
]
Edition = Annotated[
    str, typer.Argument(metavar="版", show_default=False, autocompletion=options.editions, help=_EDITION)
]
Out = Annotated[
    str,
    typer.Option("-o", "--output", metavar="FILE", show_default=False, help="書き出す先。形式は拡張子から決まる。"),
]
Color = Annotated[str, options.choice("--color", choices=options.COLOURS, words="色を使うか。")]
Width = Annotated[int, typer.Option("--width", min=0, metavar="N", show_default=False, help="表の幅（半角の文字数）。")]
Ascii = Annotated[bool, typer.Option("--ascii", help="罫線を + - | で引く。")]
FontPath = Annotated[
    str, typer.Option("--font-path", metavar="DIR", show_default=False, help="PDFと画像に使うフォントのフォルダ。")
]
Root = Annotated[
    str, typer.Option("--root", metavar="DIR", show_default=False, help="版を置くフォルダ（既定は strategies）。")
]


def form_of(command: formats.Command) -> Any:  # noqa: ANN401 - what typer.Option returns
    """Declare the option that chooses a format of a command."""
    return options.choice("-f", "--format", choices=formats.codes(command), words="出力の形式。")
