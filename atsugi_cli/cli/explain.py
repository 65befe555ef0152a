"""`strategy explain`: what a change kind or rule means, with an example; without a code the whole catalogue."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.cli import mistakes, options, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.parameters import Output
from atsugi_cli.store import StoreError


def explain(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            show_default=False,
            autocompletion=lambda incomplete: [each.code for each in _entries() if each.code.startswith(incomplete)],
            help="変更の種類か検査のコード（日本語の名前でもよい）。",
        ),
    ] = "",
    *,
    whole: Annotated[bool, typer.Option("--all", help="すべての説明を続けて出す。")] = False,
    form: Annotated[str, options.choice("-f", "--format", choices=("text", "markdown"), words="出力の形式。")] = "",
    out: Output = "",
) -> int:
    """変更の種類や検査の意味を、例とともに説明する。コードを指定しなければ一覧を出す。

    例: strategy explain renamed / strategy explain 統合 / strategy explain --all -f markdown
    """
    from atsugi_cli import store

    if code:
        entry = next((found for each in catalogues() if (found := each.get(code)) is not None), None)
        if entry is None:
            codes = [each.code for each in _entries()]
            raise StoreError(
                f"{code} というコードはありません。{mistakes.maybe(code, codes)}一覧は strategy explain で見られます。"
            )
        text = described(entry)
    elif whole:
        text = "\n".join(
            f"# {each.title}\n\n" + "\n".join(described(entry, 2) for entry in each) for each in catalogues()
        )
    else:
        text = "\n".join(listed(each) for each in catalogues())
    wanted = form or ("markdown" if out.endswith(".md") else "text")
    if wanted == "text" and not out and streams.is_terminal(sys.stdout) and streams.wants_colour("auto"):
        _rendered(text)
        return Exit.OK
    if out:
        store.write_atomic(out, text.encode("utf-8"))
        return Exit.OK
    streams.page(text)
    return Exit.OK


def catalogues() -> Sequence[Catalogue]:
    """Give every table that can be explained: change kinds, then rules."""
    from atsugi_cli.kinds import CATALOGUE as KINDS
    from atsugi_cli.rules import CATALOGUE as RULES

    return KINDS, RULES


def _entries() -> list[Entry]:
    return [entry for each in catalogues() for entry in each]


def listed(catalogue: Catalogue) -> str:
    """List a catalogue as a Markdown table: what the README prints."""
    graded = any(entry.severity != "note" for entry in catalogue)
    head = (
        "| コード | 名前 | 厳しさ | 意味 |\n|---|---|---|---|" if graded else "| コード | 名前 | 意味 |\n|---|---|---|"
    )
    lines = [f"## {catalogue.title}", "", head]
    for entry in catalogue:
        cells = [f"`{entry.code}`", entry.label, *([SEVERITY_WORDS[entry.severity]] if graded else []), entry.summary]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


SEVERITY_WORDS = {"error": "エラー", "warning": "警告", "note": "注意", "off": "なし"}


def described(entry: Entry, level: int = 1) -> str:
    """Describe one row as Markdown: its name, meaning and example."""
    lines = [f"{'#' * level} {entry.label}（{entry.code}）", "", entry.doc.strip(), ""]
    if entry.example:
        lines += ["```yaml", entry.example.strip("\n"), "```", ""]
    return "\n".join(lines)


def _rendered(text: str) -> None:
    """Draw Markdown on a colour terminal: rich knows how, and this command may take its time."""
    from rich.console import Console
    from rich.markdown import Markdown

    Console(highlight=False, emoji=False, width=streams.terminal_width()).print(Markdown(text))
