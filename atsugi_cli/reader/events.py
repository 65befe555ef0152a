"""Events: YAML text to plain data in one loop over the parser's events, and strictly one way of writing.

The loop is the fastest loader there is on the C parser, recurses nowhere, and builds nothing but data. Whatever it
does not like ends it; a second, explaining pass (`strict`, `prescan`) then says what is wrong and where.
"""

from collections.abc import Callable
from itertools import repeat
from typing import TYPE_CHECKING, Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from atsugi_cli.findings import Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.late import late
from atsugi_cli.prose import unfolded
from atsugi_cli.reader.lines import BOM

if TYPE_CHECKING:
    from atsugi_cli.reader.places import Places

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:  # no wheel of ruamel.yaml.clib for this platform: same data, 20 times slower
    CParser = None

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

Event = Any
"""An event of either parser; their classes have no types of their own."""

_INNER_COLON = late(r"(?<![\s\"'\[\]{},]):(?=[^\s\[\]{},])")
"""A colon that is no indicator: something is right before it (no quote) and right after it."""

_NUMBER_START = frozenset("0123456789+-.")
_TYPED_START = _NUMBER_START | frozenset("tTfFnN~")
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_LOOKS_LIKE_A_MARK = frozenset("-－ー−–—・•●＃\u3000\xa0")
_TROUBLE = object()


class Map(dict[str, object]):
    """A mapping that knows where it stands: `line` from 1, `node` its ordinal among all mappings (root 0).

    `wrapped` is said of the root alone: whether a line break of the file was a blank in some text.
    """

    __slots__ = ("line", "node", "wrapped")

    line: int
    node: int
    wrapped: bool


@frozen
class Trouble:
    """What the parser could not read: its words, and offsets (code points) of the place and of the context."""

    problem: str
    offset: int
    context: str = ""
    context_offset: int = -1

    @property
    def reach(self) -> tuple[int, int]:
        """Tell how far the parser came, for comparison: inside a scalar or a bracket, no further than its start."""
        inside = self.context.startswith(("while scanning", "while parsing a flow", "while parsing a quoted"))
        return (self.context_offset if inside and self.context_offset >= 0 else self.offset), self.offset


def number(text: str) -> object:
    """Read a plain scalar as a number of the core schema, or give the text back.

    Dates, `1_000`, `1:30`, `.inf` and numbers with a leading zero (`012`) stay text.
    """
    if len(text) > MAX_NUMBER or not text.isascii():
        return text
    digits = text[1:] if text[0] in "+-" else text
    if digits.isdigit():
        return int(text) if digits[0] != "0" or len(digits) == 1 else text
    if digits[:1] == "0" and digits[1:2].isdigit():
        return text
    try:
        if text[:2] in {"0x", "0o"} and text[2:].isalnum():
            return int(text, 0)
        if "_" in text or not digits[:1] or digits[0] not in "0123456789." or text.endswith((" ", "\n")):
            return text
        value = float(text)
    except ValueError:
        return text
    return value if value - value == 0 else text  # infinite by its exponent: 1e999


def scalar(text: str) -> object:
    """Read a plain scalar: a constant, a number, or text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    return number(text) if text[0] in _NUMBER_START else text


def is_odd_key(key: str) -> bool:
    """Tell whether a plain key needs a second look: not text, or a slip like `-id`, `title：x`, `start:2021`."""
    return (
        key in CONSTANTS
        or key == "<<"
        or key[0] in _LOOKS_LIKE_A_MARK
        or ":" in key
        or "：" in key
        or (key[0] in _NUMBER_START and not isinstance(number(key), str))
    )


def stream(text: str, *, pure: bool = False, hide: bool = True) -> Callable[[], Any]:
    """Give the function that returns the next parser event of a text (without byte order mark).

    The C parser is one of YAML 1.1 and refuses a colon inside a plain scalar between brackets, as in
    `[https://example.jp]`. With `hide` such colons are replaced by a character that the text does not have, of which
    the parser thinks nothing, and put back in the values.
    """
    if CParser is None or pure:
        return _pure_stream(text)
    hidden = next(mark for mark in map(chr, range(0xE000, 0xF900)) if mark not in text) if hide else ""
    body = _INNER_COLON.sub(hidden, text) if hide else text
    get: Callable[[], Any] = CParser(body.encode("utf-8")).get_event
    if hidden not in body or not hide:
        return get

    def get_restored() -> object:
        event = get()
        if type(event) is ScalarEvent and hidden in event.value:
            event.value = event.value.replace(hidden, ":")
        return event

    return get_restored


def _pure_stream(text: str) -> Callable[[], Any]:
    """Parse in Python, and fail where the C parser fails: at surrogate escapes, and only with YAMLError."""
    from ruamel.yaml import YAML

    events = YAML(typ="safe", pure=True).parse(text)

    def get() -> object:
        try:
            event = next(events)
        except (ValueError, OverflowError, IndexError) as error:  # a code point that does not exist
            raise MarkedYAMLError(None, None, "found invalid Unicode character escape code", None) from error
        if type(event) is ScalarEvent and event.style == '"' and any("\ud800" <= c <= "\udfff" for c in event.value):
            raise MarkedYAMLError(
                "while parsing a quoted scalar",
                event.start_mark,
                "found invalid Unicode character escape code",
                event.start_mark,
            )
        return event

    return get


def first_trouble(text: str, *, pure: bool = False) -> Trouble | None:
    """Parse a text and give the first syntax error, or None when there is none (up to the limits of depth and size)."""
    base = 1 if text.startswith(BOM) else 0
    try:
        get = stream(text[base:], pure=pure)
        depth = 0
        for _ in repeat(None, MAX_EVENTS):
            kind = type(get())
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                depth += 1
                if depth > MAX_DEPTH:
                    return None
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                depth -= 1
            elif kind is StreamEndEvent:
                return None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        context = getattr(error, "context_mark", None)
        return Trouble(
            str(getattr(error, "problem", None) or error),
            base + mark.index if mark is not None else len(text),
            str(getattr(error, "context", None) or ""),
            base + context.index if context is not None else -1,
        )
    return None


def load(text: str, source: str, *, pure: bool = False) -> tuple[object, tuple[Finding, ...]]:
    """Read a YAML text strictly: data of Map, list, str, int, float, bool and None, and findings.

    Without findings the data is whole. With findings it is None, except for slips that leave the rest readable
    (repeated keys: the first one counts; keys that are not text, tags). That the top level is a mapping is left to
    the schema. `source` names the text in places; `pure` takes the Python parser, for tests.
    """
    data: object = _TROUBLE
    if len(text) <= MAX_CHARACTERS and not any(mark in text for mark in (*LINE_SEPARATORS, "\n%", "\r%")):
        body = text.removeprefix(BOM)
        try:
            data = _data(stream(body, pure=pure, hide=False))
        except (YAMLError, UnicodeEncodeError):
            data = _TROUBLE
    if data is not _TROUBLE:
        return data, ()
    from atsugi_cli.reader.strict import explain

    return explain(text, source, pure=pure)


def decode(data: bytes, source: str) -> tuple[str | None, tuple[Finding, ...]]:
    """Decode the bytes of a file as UTF-8 (a byte order mark is dropped), or say what the file is instead."""
    from atsugi_cli.reader import decoding

    return decoding.decode(data, source)


def locate(text: str, source: str, *, pure: bool = False) -> "Places":
    """Find the places of everything in a text, when something must be reported; what cannot be parsed has none."""
    from atsugi_cli.reader.places import Places

    return Places(text, source, pure=pure)


def _data(get: Callable[[], Any]) -> object:  # noqa: PLR0915 - one loop, kept in one piece for speed
    """Build the data of a text that is as it should be; anything else ends in _TROUBLE or YAMLError."""
    keys: dict[str, str] = {}
    suspects: list[Any] = []
    stack: list[tuple[Any, Any]] = []
    holder: Any = None  # the open mapping or sequence
    key: str | None = None  # the key whose value comes next, in a mapping
    in_map = False
    root: object = _TROUBLE
    wrapped = False
    node = 0
    for _ in repeat(None, MAX_EVENTS):
        event = get()
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                return _TROUBLE
            text = event.value
            if in_map and key is None:
                key = keys.get(text)
                if key is None:
                    if not event.style and is_odd_key(text):
                        return _TROUBLE
                    key = keys[text] = text
                if key in holder:
                    return _TROUBLE
                continue
            value = text
            if " " in text and event.style != "|" and event.start_mark.line != event.end_mark.line:
                wrapped = True
                value = text = unfolded(text)  # a line wrapped in the file is no blank between Japanese characters
            if not event.style:
                first = text[:1]
                if not first or first in _TYPED_START:
                    value = scalar(text)
                if value is text and _is_suspect(first, text, in_map=in_map):
                    suspects.append(event)
            if in_map:
                holder[key] = value
                key = None
            elif holder is not None:
                holder.append(value)
            else:
                root = value
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor is not None or event.tag is not None or len(stack) >= MAX_DEPTH or (in_map and key is None):
                return _TROUBLE
            new: Any
            if kind is MappingStartEvent:
                new = Map()
                new.line = event.start_mark.line + 1
                new.node = node
                node += 1
            else:
                new = []
            if in_map:
                holder[key] = new
            elif holder is not None:
                holder.append(new)
            else:
                root = new
            stack.append((holder, in_map))
            holder = new
            in_map = kind is MappingStartEvent
            key = None
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            holder, in_map = stack.pop()
            key = None
        elif kind is StreamEndEvent:
            break
        elif kind is DocumentStartEvent:
            if root is not _TROUBLE or event.version is not None or event.tags:
                return _TROUBLE
        elif kind is not DocumentEndEvent and kind is not StreamStartEvent:
            return _TROUBLE
    else:
        return _TROUBLE
    if root is None or (suspects and _is_misread(suspects, keys)):
        return _TROUBLE
    if type(root) is Map:
        root.wrapped = wrapped
    return root


def _is_suspect(first: str, text: str, *, in_map: bool) -> bool:
    """Tell cheaply whether plain text may be a slip: `title：x`, `id:x`, `［a, b］`, `[a、b]`, a list run into it."""
    if " - " in text or first in "［｛":
        return True
    if first not in _LOWER:
        return False
    return (":" in text and "://" not in text) or "：" in text or (not in_map and ("、" in text or "，" in text))


def _is_misread(suspects: list[Any], keys: dict[str, str]) -> bool:
    from atsugi_cli.reader.slips import misread_value

    return any(
        misread_value(event.value, keys, several_lines=event.start_mark.line != event.end_mark.line) is not None
        for event in suspects
    )
