"""Parameters: the arguments and options that commands share, each declared once."""

from typing import Annotated, Any

from atsugi_cli import formats
from atsugi_cli.cli import options
from atsugi_cli.cli.options import argument, choice, dated, flag, option, writable

_EDITION = "版の指定: ファイル、版のid、計画のフォルダ、REV:PATH、REV（git）、-（標準入力）。"

Old = Annotated[str, argument("現行", _EDITION, options.editions)]
New = Annotated[
    str,
    argument("改定後", "改定後の版。書き方は現行と同じ。", options.editions),
]
Edition = Annotated[str, argument("版", _EDITION, options.editions)]
Out = Annotated[
    str,
    option("-o --output", "FILE", "書き出す先。形式は拡張子から決まる。"),
]
Color = Annotated[str, choice("--color", options.COLOURS, "色を使うか。")]
Width = Annotated[int, option("--width", "N", "表の幅（半角の文字数）。", min=0)]
Ascii = Annotated[bool, flag("--ascii", "罫線を + - | で引く。")]
FontPath = Annotated[str, option("--font-path", "DIR", "PDFと画像に使うフォントのフォルダ。")]
Internal = Annotated[bool, flag("--internal", "庁内用: 推定、確度、照合番号も載せる（文字、Markdown、HTMLの既定）。")]
Handout = Annotated[
    bool, flag("--handout", "配付用: 推定、確度、照合番号を載せない（Word、Excel、PowerPoint、PDFの既定）。")
]
Number = Annotated[
    str, option("--number", "番号", "資料番号（例: 資料2）。右上に枠で囲んで載せる。", callback=writable)
]
Meeting = Annotated[str, option("--meeting", "会議名", "会議名（例: 第3回推進会議）。", callback=writable)]
Date = Annotated[
    str, option("--date", "日付", "資料の日付（例: 2026-12-01）。指定しなければ版の日付。", callback=dated)
]
Turned = Annotated[str, choice("--page", ("portrait", "landscape"), "用紙の向き（WordとPDF）: 縦か横か。")]
Template = Annotated[str, option("--template", "FILE", "差し込むWordかExcelの様式（.docx、.xlsx）。")]
Strict = Annotated[bool, flag("--strict", "配付用の資料に推定や要確認が残っていれば、終了コード1で終わる。")]
Root = Annotated[str, option("--root", "DIR", "版を置くフォルダ（既定は strategies）。")]
ShallowOk = Annotated[bool, flag("--shallow-ok", "浅いクローンでも、手元にある履歴だけを見る。")]


def form_of(command: formats.Command) -> Any:  # noqa: ANN401 - what typer.Option returns
    """Declare the option that chooses a format of a command."""
    return choice("-f --format", formats.codes(command), "出力の形式。")
