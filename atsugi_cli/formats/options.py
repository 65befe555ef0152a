"""Options: what the surroundings allow a written document to look like (terminal, pipe, colours, fonts)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """How to print a document.

    `width` and `ambiguous` count terminal cells; `ambiguous` is the width of East Asian Ambiguous characters (①, →),
    which fonts draw differently. `framed` draws borders around tables (for terminals), `ascii` draws them with + - |.
    `underline` says which side's changes are marked. `template` holds the bytes of the city's own Word file.
    """

    width: int = 100
    colour: bool = False
    ambiguous: Literal[1, 2] = 1
    framed: bool = False
    ascii: bool = False
    underline: Literal["both", "new"] = "both"
    template: bytes | None = None
