"""Events: YAML text to plain data in one loop over the parser's events, and strictly one way of writing.

The loop is the fastest loader there is on the C parser, recurses nowhere, and builds nothing but data. Whatever it
does not like ends it; a second, explaining pass (`strictness`, `slips`) then says what is wrong and where.
"""

import re
from collections.abc import Callable
from itertools import chain, islice, repeat
from typing import Any

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

from atsugi_cli.reader.data import (
    BOM,
    MAX_DEPTH,
    MAX_EVENTS,
    TYPED_START,
    Map,
    ParserStop,
    is_odd_key,
    is_suspect,
    scalar,
)

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:  # no wheel of ruamel.yaml.clib for this platform: same data, 20 times slower
    CParser = None

Event = Any
"""An event of either parser; their classes have no types of their own."""

_DROPPED = "\0"
"""The key, which no text can have, of what stands below a repeated one."""

_INNER_COLON = r":(?<![\s\"'\[\]{},]:)(?=[^\s\[\]{},])"
"""A colon that is no indicator: something is right before it (no quote) and right after it.

The colon comes first in the pattern: so it is looked for at the speed of memory."""


_SPARE = range(0xE000, 0xFE00), range(0xF0000, 0xFFFFE)
"""Characters of which hardly a text has all: those for private use first, which a table of 外字 may use up."""


def stream(text: str, *, pure: bool = False, hide: bool = True) -> Callable[[], Any]:
    """Return the function that returns the next parser event of a text (without byte order mark).

    The C parser is one of YAML 1.1 and refuses a colon inside a plain scalar between brackets, as in
    `[https://example.jp]`. With `hide` such colons are replaced by a character that the text does not have, of which
    the parser thinks nothing, and put back in the values.
    """
    if CParser is None or pure:
        return _pure_stream(text)
    hidden = next((mark for mark in map(chr, chain(*_SPARE)) if mark not in text), "") if hide else ""
    body = re.sub(_INNER_COLON, hidden, text) if hidden else text
    get: Callable[[], Any] = CParser(body.encode("utf-8")).get_event
    if not hidden or hidden not in body:
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


def first_stop(text: str, *, pure: bool = False) -> ParserStop | None:
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
        return ParserStop(
            str(getattr(error, "problem", None) or error),
            base + mark.index if mark is not None else len(text),
            str(getattr(error, "context", None) or ""),
            base + context.index if context is not None else -1,
        )
    return None


def data(text: str, *, pure: bool = False, lenient: bool = False) -> object:
    """Read a text (without byte order mark) that is as it should be; None where it is not, or holds nothing.

    `lenient` reads also what an explaining pass has judged: what only looks like a slip, tags and anchors (left
    out), keys that are not text, and repeated ones (the first one counts).
    """
    for hide in (False, True):  # a colon inside a plain scalar in brackets is rare, and looking for it takes time
        try:
            marked = not lenient and any(mark in text for mark in "&!")
            return _data(text, stream(text, pure=pure, hide=hide), lenient=lenient, marked=marked)
        except (YAMLError, UnicodeEncodeError):
            if pure or CParser is None or not re.search(_INNER_COLON, text):
                break
    return None


def _data(source: str, get: Callable[[], Any], *, lenient: bool, marked: bool) -> object:  # noqa: PLR0915 - one loop, in one piece for speed
    """Build the data from events, down to the first that should not be there; `marked`: an anchor or tag may be."""
    keys: dict[str, str] = {}
    suspects: list[Any] = []
    stack: list[tuple[Any, Any]] = []
    holder: Any = None  # the open mapping or sequence
    key: str | None = None  # the key whose value comes next, in a mapping
    in_map = False
    root: object = None
    wrapped = False
    node = documents = 0
    for event in islice(iter(get, None), MAX_EVENTS):
        kind = type(event)
        if kind is ScalarEvent:
            if marked and (event.anchor is not None or event.tag is not None):
                return None
            text = event.value
            if in_map and key is None:
                key = keys.get(text)
                if key is None:
                    if not event.style and not lenient and is_odd_key(text):
                        return None
                    key = keys[text] = text
                if key in holder:
                    if not lenient:
                        return None
                    key = _DROPPED
                continue
            value = text
            if " " in text and event.style != "|" and event.start_mark.line != event.end_mark.line:
                from atsugi_cli.reader.folds import unfolded

                wrapped = True
                value = text = unfolded(text, source[event.start_mark.index : event.end_mark.index], event.style)
            if not event.style:
                first = text[:1]
                if not first or first in TYPED_START:
                    value = scalar(text)
                if value is text and is_suspect(first, text, in_map=in_map):
                    suspects.append(event)
            if in_map:
                holder[key] = value
                key = None
            elif holder is not None:
                holder.append(value)
            else:
                root = value
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if len(stack) >= MAX_DEPTH or (in_map and key is None):
                return None
            if marked and (event.anchor is not None or event.tag is not None):
                return None
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
            if lenient and in_map:
                holder.pop(_DROPPED, None)
            holder, in_map = stack.pop()
            key = None
        elif kind is StreamEndEvent:
            break
        elif kind is DocumentStartEvent:
            if documents or event.version is not None or event.tags:
                return None
            documents += 1
        elif kind is not DocumentEndEvent and kind is not StreamStartEvent:
            return None
    else:
        return None
    if suspects and not lenient and _is_misread(suspects, keys):
        return None
    if type(root) is Map:
        root.wrapped = wrapped
    return root


def _is_misread(suspects: list[Any], keys: dict[str, str]) -> bool:
    from atsugi_cli.reader.slips.table import misread_value

    return any(
        misread_value(event.value, keys, several_lines=event.start_mark.line != event.end_mark.line) is not None
        for event in suspects
    )
