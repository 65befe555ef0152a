"""Output: choose the format, write it, and print it or put it into a file."""

from atsugi_cli import formats, store
from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.project import UnreadableError
from atsugi_cli.findings import Findings
from atsugi_cli.formats import Command, Format
from atsugi_cli.formats.options import Options
from atsugi_cli.reader import Read
from atsugi_cli.store import StoreError


def chosen(command: Command, code: str, output: str, default: str = "text") -> Format:
    """Choose the format: as asked, else by the suffix of the output file, else the default."""
    if code:
        return formats.find(command, code)
    if output and output != store.STDIN:
        found = formats.by_suffix(command, output)
        if found is not None:
            return found
    return formats.find(command, default)


def options(
    *,
    output: str,
    color: str,
    width: int,
    ascii_only: bool = False,
    underline: str = "both",
    template: bytes | None = None,
    font_path: str = "",
) -> Options:
    """Work out what the destination can take: a terminal gets frames and colours, a pipe or file plain text."""
    import sys

    to_terminal = output in ("", store.STDIN) and streams.is_terminal(sys.stdout)
    colour = output in ("", store.STDIN) and streams.wants_colour(color)  # type: ignore[arg-type]
    return Options(
        width=width or (streams.terminal_width() if to_terminal or "COLUMNS" in _environment() else 100),
        colour=colour,
        ambiguous=streams.ambiguous_width(),
        framed=to_terminal,
        ascii=ascii_only,
        underline="new" if underline == "new" else "both",
        template=template,
        font_path=font_path,
    )


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


def deliver(text: str | bytes, output: str, form: Format) -> None:
    """Print text (through the pager where it overruns a terminal), or write the file atomically."""
    import sys

    if output and output != store.STDIN:
        store.write_atomic(output, text if isinstance(text, bytes) else text.encode("utf-8"))
        streams.complain(f"{output} に書き出しました。")
    elif isinstance(text, bytes):
        if streams.is_terminal(sys.stdout):
            raise StoreError(f"{form.label}は端末に表示できません。-o ファイル名 を付けてください。")
        store.write_atomic(None, text)
    else:
        streams.page(text)


def is_no_text(result: Read) -> bool:
    """Say whether a file is no text at all: then there is nothing to show, only something to say."""
    return [each.rule.code for each in result.findings] == ["not-text"]


def no_text(result: Read) -> str:
    """Say in one line what a file is instead, and what to do."""
    finding = result.findings[0]
    return f"{result.source}: {finding.message}。{finding.hint}"


def unreadable(error: UnreadableError) -> Exit:
    """Say on standard error why an edition cannot be used."""
    import sys

    from atsugi_cli.formats.findings import write_text

    for result in error.results:
        if is_no_text(result):
            streams.complain(no_text(result))
            return Exit.UNUSABLE
    findings = Findings(
        tuple(finding for result in error.results for finding in result.findings),
        tuple((result.source, result.text) for result in error.results),
        len(error.results),
    )
    settings = Options(
        width=streams.terminal_width(),
        colour=streams.wants_colour("auto", sys.stderr),
        ambiguous=streams.ambiguous_width(),
    )
    sys.stderr.write(write_text(findings, settings))
    names = "、".join(result.source for result in error.results)
    streams.complain(f"{names} に誤りがあるため続けられません。strategy validate で確かめてください。")
    return Exit.UNUSABLE
