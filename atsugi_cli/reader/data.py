"""Data: what a YAML text becomes: mappings that know where they stand, lists and scalars; the limits of a text.

`ParserStop` is what there is instead where the parser could not read it.
"""

from atsugi_cli.frozen import frozen
from atsugi_cli.model import Written

BOM = "\ufeff"
"""Byte order mark: no editor shows it, so columns do not count it; offsets do, as it is in the text."""

MAX_CHARACTERS = 128 * 1024 * 1024
"""Nearly twice an edition with 100,000 items (70 MB); read in about ten seconds."""

MAX_EVENTS = 20_000_000
"""Events in a text: four times what 100,000 items need. Bounds the memory that a dense text (`[a,a,a,…`) can take."""

MAX_DEPTH = 64
"""Mappings and sequences inside each other; an edition needs about 14."""

MAX_NUMBER = 40
"""Characters of a plain number; what is longer stays text (Python refuses to convert numbers of 4300 digits)."""

CONSTANTS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "null": None,
    "Null": None,
    "NULL": None,
    "~": None,
    "": None,
}
"""Plain scalars of YAML 1.2 (core schema) that are not text."""

LINE_SEPARATORS = ("\x85", "\u2028", "\u2029")
"""Line breaks for YAML 1.1 (and the C parser), ordinary characters for YAML 1.2 (and the pure one): refused."""

_NUMBER_START = frozenset("0123456789+-.")
TYPED_START = _NUMBER_START | frozenset("tTfFnN~")
"""First characters of plain text that may be a number or a constant."""

KEY_WORDS = frozenset(
    {"年度", "年", "値", "数値", "単位", "名称", "基準値", "目標値", "現状値", "実績値", "番号", "担当", "担当課",
     "所管", "所管課", "定義", "出典", "方向", "開始", "終了"}
)  # fmt: skip
"""Japanese words for keys, behind which a colon is seldom part of a text."""
_LONGEST_WORD = 6
LATIN_WORDS = frozenset({"year", "value", "start", "end", "id", "name", "title", "unit"})
"""Keys that begin a text where the colons are left out: year 2025."""
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_LOOKS_LIKE_A_MARK = frozenset("-－ー−–—・•●＃\u3000\xa0")


class Map(dict[str, object]):
    """A mapping that knows where it stands: `line` from 1, `node` its ordinal among all mappings (root 0).

    `wrapped` is said of the root alone: whether a line break of the file was a blank in some text.
    """

    __slots__ = ("line", "node", "wrapped")

    line: int
    node: int
    wrapped: bool


def number(text: str) -> object:
    """Read a plain scalar as a number, or give the text back.

    Dates, `1_000`, `1:30`, `.inf`, numbers with a leading zero (`012`) and what only programs write (`0x1F`) stay text:
    where a number is due, this is said.
    """
    if len(text) > MAX_NUMBER or not text.isascii():
        return text
    digits = text[1:] if text[0] in "+-" else text
    if digits.isdecimal():
        return int(text) if digits[0] != "0" or len(digits) == 1 else text
    if digits[:1] == "0" and digits[1:2].isdigit():
        return text
    if "_" in text or not digits[:1] or digits[0] not in "0123456789." or text.endswith((" ", "\n")):
        return text
    try:
        value = Written.of(text)
    except ValueError:
        return text
    return value if value - value == 0 else text  # infinite by its exponent: 1e999


def scalar(text: str) -> object:
    """Read a plain scalar: a constant, a number, or text."""
    return number(text) if text[:1] in _NUMBER_START else CONSTANTS.get(text, text)


def is_odd_key(key: str) -> bool:
    """Check whether a plain key needs a second look: not text, or a slip like `-id`, `title：x`, `year=2021`."""
    return (
        key in CONSTANTS
        or key == "<<"
        or key[0] in _LOOKS_LIKE_A_MARK
        or ":" in key
        or "：" in key
        or "=" in key
        or (key[0] in _NUMBER_START and not isinstance(number(key), str))
    )


def is_suspect(first: str, text: str, *, in_map: bool) -> bool:
    """Tell cheaply whether plain text may be a slip: `title：x`, `id:x`, `［a, b］`, `[a、b]`, a list run into it."""
    if " - " in text or first in "［｛｜":
        return True
    if "：" in text[:_LONGEST_WORD] and text.partition("：")[0] in KEY_WORDS:
        return True
    if first not in _LOWER:
        return False
    if " " in text and text.partition(" ")[0] in LATIN_WORDS:
        return True
    return (":" in text and "://" not in text) or "：" in text or (not in_map and ("、" in text or "，" in text))


@frozen
class ParserStop:
    """What the parser could not read: its words, and offsets (code points) of the place and of the context."""

    problem: str
    offset: int
    context: str = ""
    context_offset: int = -1

    @property
    def reach(self) -> tuple[int, int]:
        """Return how far the parser came, for comparison: inside a scalar or a bracket, no further than its start."""
        inside = self.context.startswith(("while scanning", "while parsing a flow", "while parsing a quoted"))
        return (self.context_offset if inside and self.context_offset >= 0 else self.offset), self.offset
