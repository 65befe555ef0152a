"""Options: what the surroundings allow a written document to look like (terminal, pipe, colours, fonts)."""

from typing import Literal

from atsugi_cli.frozen import frozen


@frozen
class Options:
    """How to print a document.

    `width` and `ambiguous` count terminal cells; `ambiguous` is the width of East Asian Ambiguous characters (①, →),
    which fonts draw differently. `framed` draws borders around tables (for terminals), `ascii` draws them with + - |.
    `underline` says which side's changes are marked. `template` holds the bytes of the city's own Word file,
    `font_path` names a folder of fonts for PDF and pictures.
    """

    width: int = 100
    colour: bool = False
    ambiguous: Literal[1, 2] = 1
    framed: bool = False
    ascii: bool = False
    underline: Literal["both", "new"] = "both"
    template: bytes | None = None
    font_path: str = ""


class MissingError(Exception):
    """A format needs something that this computer does not have; the message says what, and how to get it."""


def missing_extra(label: str, extra: str) -> MissingError:
    """Say that a format's library is not installed; `extra` is the extra that brings it."""
    return MissingError(
        f'{label}の出力に必要なライブラリがありません。次を実行してください: pip install "atsugi-cli[{extra}]"'
    )
