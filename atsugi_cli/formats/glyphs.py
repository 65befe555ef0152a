"""Glyphs: which characters no font has, by the fonts' own tables; typst would print a box and say nothing."""

import struct
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

from atsugi_cli.frozen import frozen

NAMED: Final = 5
"""As many characters are named; more would not be one line."""
_HEADER: Final = 12
_SHORT, _LONG = 4, 12
_DRAWN: Final = 0x20
_MARKS: Final = (range(0x7F, 0xA1), range(0x200B, 0x2010), range(0x2028, 0x202F), range(0xFE00, 0xFE10))
_SELECTORS: Final = 0xE0000
"""From here on no code stands for a glyph of its own (variation selectors, tags, private use)."""


@frozen
class Font:
    """A font file, and which of the fonts in it."""

    path: str
    index: int = 0


def lacking(texts: Iterable[str], fonts: Iterable[Font]) -> Counter[str]:
    """Count the characters that no font has, looking through the fonts in their order."""
    found = Counter("".join(texts))
    missing = {ord(character) for character in found if _is_drawn(ord(character))}
    for font in fonts:
        if not missing:
            break
        missing -= _had(font, missing)
    return Counter({chr(code): found[chr(code)] for code in sorted(missing)})


def told(missing: Counter[str]) -> str:
    """Say in one line which characters are missing, in how many places, and what to do."""
    names = [f"「{character}」（U+{ord(character):04X}、{number}か所）" for character, number in missing.items()]
    more = f"ほか{len(names) - NAMED}字" if len(names) > NAMED else ""
    return (
        f"{'、'.join(names[:NAMED])}{more}の字形が、使えるフォントにありません。"
        "その字をもつフォント（IPAmj明朝など）のフォルダを --font-path で指定してください。"
    )


def _is_drawn(code: int) -> bool:
    return _DRAWN < code < _SELECTORS and not any(code in marks for marks in _MARKS)


def _had(font: Font, wanted: set[int]) -> set[int]:
    """Look characters up in a font; one that cannot be read has none."""
    try:
        with open(font.path, "rb") as file:  # noqa: PTH123 - only the edge has pathlib
            table = _cmap(file, font.index)
        return {code for start, end in _ranges(table) for code in _between(sorted(wanted), start, end)}
    except (OSError, struct.error):
        return set()


def _between(codes: Sequence[int], start: int, end: int) -> Sequence[int]:
    return codes[bisect_left(codes, start) : bisect_right(codes, end)]


def _cmap(file: BinaryIO, index: int) -> bytes:
    """Read the table of characters of one font of a file."""
    head = file.read(_HEADER + 4 * (index + 1))
    at = struct.unpack_from(">I", head, _HEADER + 4 * index)[0] if head.startswith(b"ttcf") else 0
    file.seek(at)
    (count,) = struct.unpack_from(">4xH", file.read(_HEADER))
    for tag, offset, length in struct.iter_unpack(">4s4xII", file.read(16 * count)):
        if tag == b"cmap":
            file.seek(offset)
            found: bytes = file.read(length)
            return found
    return b""


def _ranges(table: bytes) -> Iterator[tuple[int, int]]:
    """Give the runs of characters that have a glyph, from the two forms that fonts of today have (4 and 12)."""
    if not table:
        return
    (count,) = struct.unpack_from(">2xH", table)
    for (at,) in {struct.unpack_from(">I", table, 8 + 8 * each) for each in range(count)}:
        (form,) = struct.unpack_from(">H", table, at)
        if form == _LONG:
            (groups,) = struct.unpack_from(">I", table, at + 12)
            for start, end, glyph in struct.iter_unpack(">III", table[at + 16 : at + 16 + 12 * groups]):
                yield start + (glyph == 0), end
        elif form == _SHORT:
            yield from _segments(table, at)


def _segments(table: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = (each // 2 for each in struct.unpack_from(">H", table, at + 6))
    ends, starts, _, offsets = (
        struct.unpack_from(f">{count}H", table, at + 14 + 2 * count * each + 2 * (each > 0)) for each in range(4)
    )
    for each in range(count):
        if not offsets[each]:
            yield starts[each], ends[each]
            continue
        base = at + 16 + 2 * count * 3 + 2 * each + offsets[each]
        for code in range(starts[each], ends[each] + 1):
            glyph = base + 2 * (code - starts[each])
            if glyph + 2 <= len(table) and struct.unpack_from(">H", table, glyph)[0]:
                yield code, code
