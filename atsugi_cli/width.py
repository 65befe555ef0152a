"""Width: how many cells Japanese text takes, how it wraps, and what of it may reach a terminal.

Terminals do not break unspaced Japanese well and cut what they cannot place, and a revision table may not lose text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, Generic, Literal, TypeVar

from atsugi_cli.frozen import frozen

S = TypeVar("S")
Ambiguous = Literal[1, 2]
_Span = tuple[int, int, int]  # start of a line, its end, start of the next line

_NO_START: Final = frozenset(
    "、。，．・：；？！‼⁇⁈⁉）」』】〕〉》｝］〙〗〟’”»ー～〜‐–゠々〻ヽヾゝゞ％‰℃°′″"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    "｡｣､･ｰｧｨｩｪｫｬｭｮｯﾞﾟ,.!?:;)]}%"
)
"""行頭禁則: closing brackets, stops, the long-vowel mark, small kana, iteration marks and units never begin a line."""

_NO_END: Final = frozenset("「『（【〔〈《｛［〘〖〝‘“«｢￥＄＃№([{$#")
"""行末禁則: opening brackets and signs written before a number never end a line."""

_NO_SPLIT: Final = frozenset("…‥―—")
"""分離禁止: a doubled leader or dash is one sign."""

_LONELY: Final = 1
"""A last line of one character looks like a mistake."""
_PULL: Final = 2
"""So many characters come down to join it."""

_CONTROL_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_DELETE_PICTURE: Final = "␡"
_SPACE: Final = 0x20

_UNSAFE: Final = (
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Everything that moves the cursor, turns the writing direction, hides itself or cannot be encoded; not the newline."""

_ZERO: Final = 1
_BLANK: Final = 2
_WORD: Final = 4
_STARTS_NOT: Final = 8
_ENDS_NOT: Final = 16
_DIGIT: Final = 32
_JOINS: Final = 64


def safe(text: str) -> str:
    r"""Replace characters that would steer a terminal or stay invisible by visible signs: ESC → ␛, U+202E → \u202e.

    Newlines stay; every other character stays as it is.
    """
    if text.isprintable() or text.replace("\n", "").replace("\u3000", "").isprintable():  # most, without the pattern
        return text
    return re.sub(_UNSAFE, _visible, text)


def _visible(match: re.Match[str]) -> str:
    point = ord(match[0])
    if point < _SPACE:
        return chr(_CONTROL_PICTURES + point)
    return _DELETE_PICTURE if point == _DELETE else f"\\u{point:04x}"


def _cells(character: str, ambiguous: Ambiguous) -> int:
    """Count the cells of one character: 0 for marks that sit on the one before, 2 for wide ones."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"} or "\u1160" <= character <= "\u11ff":
        return 0  # U+1160–11FF: Hangul vowels and finals, drawn into the syllable before
    match unicodedata.east_asian_width(character):
        case "W" | "F":
            return 2
        case "A":
            return ambiguous
        case _:
            return 1


class _CellTable(dict[str, int]):
    """Cells by character, filled as characters turn up."""

    def __init__(self, ambiguous: Ambiguous) -> None:
        super().__init__()
        self._ambiguous = ambiguous

    def __missing__(self, character: str) -> int:
        self[character] = _cells(character, self._ambiguous)
        return self[character]


_TABLES: Final = {1: _CellTable(1), 2: _CellTable(2)}


def width_of(text: str, ambiguous: Ambiguous = 1) -> int:
    """Count the terminal cells of a text in one line; control characters count 0 (see `safe`)."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_TABLES[ambiguous].__getitem__, text))


@cache
def _traits(character: str) -> int:
    """Return what line breaking must know of a character, as a sum of flags."""
    traits = 0
    if character in {" ", "\u3000"}:
        return _BLANK
    if not _cells(character, 1):
        return _ZERO
    if unicodedata.east_asian_width(character) in {"Na", "N", "A"} and (character.isascii() or character.isalpha()):
        traits |= _WORD
    if character in _NO_START:
        traits |= _STARTS_NOT
    if character in _NO_END:
        traits |= _ENDS_NOT
    if "０" <= character <= "９":
        traits |= _DIGIT | _JOINS
    if character in "，．":
        traits |= _JOINS
    return traits


def _may_break(text: str, at: int) -> bool:
    """Check whether a line may end before `text[at]`; blanks belong to the line before."""
    after = _traits(text[at])
    if after & (_ZERO | _BLANK | _STARTS_NOT):
        return False
    last = at - 1
    while last >= 0 and _traits(text[last]) & (_ZERO | _BLANK):
        last -= 1
    if last < 0:
        return False
    before = _traits(text[last])
    if before & _ENDS_NOT:
        return False
    if _traits(text[at - 1]) & _BLANK:
        return True
    if before & after & _WORD or (before & _JOINS and after & _DIGIT):
        return False
    return not (text[last] == text[at] and text[at] in _NO_SPLIT)


@frozen
class Wrapped(Generic[S]):
    """One printed line: its pieces of (text, style), its cells without the indent, and what the break swallowed.

    `gap` is the blanks or the newline at the break, so the texts and gaps of all lines join to the source text.
    """

    pieces: tuple[tuple[str, S], ...]
    width: int
    gap: str = ""

    @property
    def text(self) -> str:
        """Return the printed words."""
        return "".join(text for text, _ in self.pieces)


def kept_whole(text: str, ambiguous: Ambiguous = 1) -> int:
    """Count the cells of the widest number or word in a text, which wrapping leaves in one piece."""
    return max((width_of(each, ambiguous) for each in re.findall(r"[＋－±]?[0-9A-Za-z.,%‰]+", text)), default=0)


def wrapped(
    pieces: Sequence[tuple[str, S]], width: int, first: int = 0, hanging: int = 0, ambiguous: Ambiguous = 1
) -> list[Wrapped[S]]:
    """Wrap pieces of (text, style) into lines of at most `width` cells, indents included.

    `first` and `hanging` are the cells the caller puts before the first and every other line. Breaks follow kinsoku,
    keep words and numbers whole and leave no lone character on the last line; only what is longer than a line is
    broken where it must be. Nothing is ever cut: a line too narrow for one character holds one character.
    """
    text = "".join([piece for piece, _ in pieces])
    if "\n" not in text:
        cells = width_of(text, ambiguous)
        if first + cells <= width:
            return [Wrapped(tuple(pieces), cells)]
    table = _TABLES[ambiguous]
    lines = []
    for start, end, after in _spans(text, [table[character] for character in text], width - first, width - hanging):
        part = _sliced(pieces, start, end)
        lines.append(Wrapped(part, width_of(text[start:end], ambiguous), text[end:after]))
    return lines


def _sliced(pieces: Sequence[tuple[str, S]], start: int, end: int) -> tuple[tuple[str, S], ...]:
    """Take the characters [start, end) out of the pieces, styles kept."""
    part = []
    offset = 0
    for text, style in pieces:
        if taken := text[max(0, start - offset) : max(0, end - offset)]:
            part.append((taken, style))
        offset += len(text)
        if offset >= end:
            break
    return tuple(part)


def _spans(text: str, cells: list[int], first: int, rest: int) -> Iterator[_Span]:
    """Return the lines of a text that may hold newlines."""
    start = 0
    limit = first
    while True:
        newline = text.find("\n", start)
        stop = len(text) if newline < 0 else newline
        lines = _paragraph(text, cells, start, stop, (limit, rest))
        if newline < 0:
            yield from lines
            return
        yield from lines[:-1]
        yield (*lines[-1][:2], newline + 1)
        start, limit = newline + 1, rest


def _paragraph(text: str, cells: list[int], start: int, stop: int, limits: tuple[int, int]) -> list[_Span]:
    """Break text[start:stop], which has no newline, at the limits of its first and its other lines."""
    lines: list[_Span] = []
    limit, rest = limits
    while True:
        fit = start
        room = limit
        while fit < stop and cells[fit] <= room:
            room -= cells[fit]
            fit += 1
        if fit == start < stop:
            fit = _one(text, start, stop)
        after = fit
        while after < stop and _traits(text[after]) & _BLANK:
            after += 1
        if after == stop:
            lines.append((start, fit, stop))
            return _with_company(text, cells, lines, rest)
        after = _break_before(text, start, after) or fit
        lines.append((start, _trimmed(text, start, after), after))
        start, limit = after, rest


def _break_before(text: str, start: int, at: int) -> int:
    """Find the last legal break in (start, at], 0 if there is none."""
    while at > start:
        if _may_break(text, at):
            return at
        at -= 1
    return 0


def _one(text: str, start: int, stop: int) -> int:
    """Find the end of the character at `start` with the marks that sit on it."""
    end = start + 1
    while end < stop and _traits(text[end]) & _ZERO:
        end += 1
    return end


def _trimmed(text: str, start: int, end: int) -> int:
    """Leave out the blanks at the end of a line."""
    while end > start and _traits(text[end - 1]) & _BLANK:
        end -= 1
    return end


def _with_company(text: str, cells: list[int], lines: list[_Span], rest: int) -> list[_Span]:
    """Bring characters down from the line before when the last line holds a lone one (「…発信す／る」)."""
    if len(lines) < 2:
        return lines
    last, end, after = lines[-1]
    before, before_end, _ = lines[-2]
    weight = sum(1 for character in text[last:end] if not _traits(character) & (_ZERO | _STARTS_NOT))
    if weight > _LONELY:
        return lines
    at = _break_before(text, before, before_end - _PULL)
    # Half a line stays, or the remedy would look worse than the fault.
    if not at or at - before < last - at or sum(cells[at:end]) > rest:
        return lines
    return [*lines[:-2], (before, _trimmed(text, before, at), at), (at, end, after)]
