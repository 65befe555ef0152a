"""Options: what the surroundings allow a written document to look like (terminal, pipe, colours, fonts)."""

from __future__ import annotations

from dataclasses import field
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from atsugi_cli.frozen import frozen

if TYPE_CHECKING:  # `validate` prints no document
    from collections.abc import Callable, Iterable, Mapping

    from atsugi_cli.document import Mark, Run


def _unheard(_message: str) -> None:
    """Tell nobody."""


@frozen
class Options:
    """How to print a document.

    `width` and `ambiguous` count terminal cells; `ambiguous` is the width of East Asian Ambiguous characters (①, →),
    which fonts draw differently. `framed` draws borders around tables (for terminals), `ascii` draws them with + - |.
    `underline` says which side's changes are marked, `strict` that JSON marks them to the last character. `template`
    holds the bytes of the city's own Word file, `font_path` names a folder of fonts for PDF and pictures. `plain` sets
    見え消し with struck and underlined text in place of tracked changes; `large` draws the policy tree on one A3 sheet,
    `turned` is how the sheet lies where the user says so; `tell` hears what a reader has to know of a paper that was
    written nevertheless. `kinds` are the city's own kinds of change, code → word.
    """

    width: int = 100
    colour: bool = False
    ambiguous: Literal[1, 2] = 1
    framed: bool = False
    ascii: bool = False
    underline: Literal["both", "new"] = "both"
    strict: bool = False
    plain: bool = False
    large: bool = False
    turned: Literal["", "portrait", "landscape"] = ""
    template: bytes | None = None
    font_path: str = ""
    tell: Callable[[str], object] = _unheard
    kinds: Mapping[str, str] = field(default_factory=dict, compare=False)

    def marked(self, runs: Iterable[Run]) -> list[tuple[str, Mark]]:
        """Return the text of runs with their marks, neighbours of one mark joined."""
        shown = (
            (run.text, "" if run.mark == "old" and self.underline == "new" else run.mark) for run in runs if run.text
        )
        return [("".join([text for text, _ in group]), mark) for mark, group in groupby(shown, lambda piece: piece[1])]


class MissingError(Exception):
    """A format cannot be written here: for want of a library, a font or room; the message says what to do."""


def missing_extra(label: str, extra: str) -> MissingError:
    """Say that a format's library is not installed; `extra` is the extra that brings it."""
    return MissingError(
        f'{label}の出力に必要なライブラリがありません。次を実行してください: pip install "atsugi-cli[{extra}]"'
    )
