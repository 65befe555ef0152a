"""Options: what the surroundings allow a written document to look like (terminal, pipe, colours, fonts)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
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


class MissingExtraError(Exception):
    """A format needs a library that is not installed; the message, for the user, says how to install it."""

    def __init__(self, label: str, extra: str) -> None:
        """Name the format and the extra that brings its library."""
        super().__init__(
            f'{label}の出力に必要なライブラリがありません。次を実行してください: pip install "atsugi-cli[{extra}]"'
        )
        self.extra = extra
