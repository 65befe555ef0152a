"""`strategy explain`: the manual: what a change kind, rule, format or key means, with an example."""

import sys
from typing import Annotated

from atsugi_cli.cli import manual, mistakes, streams
from atsugi_cli.cli.asking import Asked, Output
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, flag
from atsugi_cli.cli.parameters import Out, form_of
from atsugi_cli.store import StoreError


def explain(
    code: Annotated[
        str,
        argument(
            "CODE",
            "変更の種類、検査、出力の形式、キーのコード（日本語の名前でもよい）。",
            lambda incomplete: [each for each in _codes() if each.startswith(incomplete)],
        ),
    ] = "",
    *,
    whole: Annotated[bool, flag("--all", "すべての説明を続けて出す。")] = False,
    form: Annotated[str, form_of("explain")] = "",
    out: Out = "",
) -> int:
    """変更の種類、検査、出力の形式、YAMLのキーの意味を、例とともに説明する。コードがなければ一覧を出す。

    例: strategy explain 統合 / strategy explain title / strategy explain --all -o 手引き.html
    """
    from atsugi_cli.catalogue import Catalogue
    from atsugi_cli.formats import manual as writer

    output = Output(Asked("explain", form=form, out=out))
    catalogues = manual.catalogues()
    if code:
        entries = manual.found(code)
        if not entries:
            labels = [entry.label for each in catalogues for entry in each]
            near = mistakes.maybe(code, [*_codes(), *labels])
            near += "。" if near else ""
            raise StoreError(f"{code} というコードはありません。{near}一覧は strategy explain で見られます。")
        catalogues = (Catalogue(code, tuple(entries)),)
        text = "\n".join(writer.described(entry) for entry in entries)
    elif whole:
        text = writer.write_text(catalogues, output.options)
    else:
        text = "\n".join(writer.listed(each) for each in catalogues)
    if output.format.code == "html":
        text = writer.write_html(catalogues, output.options)
    if output.format.code == "text" and not out and streams.is_terminal(sys.stdout) and streams.wants_colour("auto"):
        _rendered(text)
    else:
        output.put(text)
    return Exit.OK


def _codes() -> list[str]:
    """List the codes; a key may be asked for without what it belongs to."""
    codes = [entry.code for each in manual.catalogues() for entry in each]
    return list(dict.fromkeys([*codes, *(code.rpartition(".")[2] for code in codes)]))


def _rendered(text: str) -> None:
    """Draw Markdown on a colour terminal: rich knows how, and this command may take its time."""
    from rich.console import Console
    from rich.markdown import Markdown

    Console(highlight=False, emoji=False, width=streams.terminal_width()).print(Markdown(text))
