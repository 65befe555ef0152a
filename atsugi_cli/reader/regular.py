"""Regular: the usual way of writing an edition, read line by line; whatever is written otherwise is left to the parser.

Nearly every file is written as `strategy new` and `--fix` write it: block style, an entry a line, short things in
brackets. Such a text becomes data by a few rules that need no YAML parser: half the time of the parser's events, and
its import (7 of 95 ms of a small `validate`) is spared. Nothing is guessed: a line that could mean anything else makes
the whole text irregular, and `reader.events` decides. What is read here is what is read there, down to the line and
the ordinal of every mapping; the tests compare the two on everything they have.
"""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any, Final

from atsugi_cli.reader.data import TYPED_START, Map, is_odd_key, is_suspect, scalar

MOST_IN_BRACKETS: Final = 1000
"""Characters of one `{…}` or `[…]`: what is longer is no short thing."""
DEEPEST: Final = 48
"""Mappings and lists inside each other; with those in brackets fewer than any reader takes (MAX_DEPTH)."""
DEEPEST_IN_BRACKETS: Final = 8
LONGEST_KEY: Final = 100
SHORT: Final = 8
"""Characters of a scalar in brackets up to which equal ones are kept as one object."""
CHUNK: Final = 1 << 20
"""Characters cut into lines at a time: the lines of all the text together would take more memory than its data."""

_KEY: Final = r"[^\W\d][\w-]*+"
_QUOTED: Final = r"""'[^']*+'|"[^"\\]*+\""""
_PLAIN: Final = r"""(?:-?[0-9]|[^-\s,\[\]{}:#&*!|>'"%@`?=])[^,\[\]{}:#?]*+"""
_TOKEN: Final = rf"({_KEY}): ++|({_QUOTED}|{_PLAIN}) *+|([\[\]{{}},]) *+|(.)"
_FLAT: Final = re.compile(rf"\{{({_KEY}: {_PLAIN}(?:, {_KEY}: {_PLAIN})*+)\}}|\[({_PLAIN}(?:, {_PLAIN})*+)\]")
"""A mapping or a list of plain scalars, as nearly everything in brackets is: cut up, twice as fast as by tokens."""
_REFUSED: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u2028\u2029]")
"""Characters that YAML does not allow, or that are more than they look: tabs, line breaks of other kinds."""
_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`=")
"""First characters that may make something else of a plain text."""
_NO_KEY: Final = frozenset("[{'\"|-")
"""First characters of an entry of a list that is a value, whatever colons it has inside."""


class _IrregularError(Exception):
    """The text is not written in the usual way."""


def data(text: str) -> Map | None:
    """Read a text (without byte order mark) that is written in the usual way; None where only the parser can tell."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if _REFUSED.search(text):
        return None
    try:
        return _Reading().run(text)
    except _IrregularError:
        return None


def _lines(text: str) -> Iterator[str]:
    starts = [0]
    while (end := text.find("\n", starts[-1] + CHUNK) + 1) > 0:
        starts.append(end)
    starts.append(len(text) + 1)
    return chain.from_iterable(text[start : end - 1].split("\n") for start, end in pairwise(starts))


class _Reading:
    """One pass over the lines of a text."""

    __slots__ = ("keys", "nodes", "values")

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.values: dict[str, object] = {}
        self.nodes = -1

    def run(self, text: str) -> Map:  # noqa: PLR0915 - one loop, kept in one piece for speed
        """Read every line; the state is what is open: the mapping or list, where its entries begin, and its key."""
        holder: Any = self._map(0)
        root: Map = holder
        root.wrapped = False
        keys = self.keys
        column = 0
        in_map = True
        key = ""
        is_open = False  # nothing stands after the key: its value may follow below
        outer: list[tuple[Any, int, bool]] = []
        block: list[str] | None = None  # the lines below a `|`, and what they begin with
        margin = 0
        ending = ""
        value: Any
        for number, line in enumerate(_lines(text), 1):
            body = line.lstrip(" ")
            at = len(line) - len(body)
            if block is not None:  # inside a text after `|`
                if not margin:
                    if at <= column or not body:
                        raise _IrregularError
                    margin = at
                if at >= margin or not body:
                    block.append(line[margin:])
                    continue
                holder[key] = _literal(block) + ending
                block = None
            if not body or body[0] == "#":
                continue
            is_item = body[:2] == "- "
            # What ends before this line, and what begins with it.
            if at != column or is_item is in_map:
                if is_open and (at > column or (is_item and at == column)):
                    value = [] if is_item else self._map(number)
                    holder[key] = value
                    outer.append((holder, column, in_map))
                    holder, column, in_map = value, at, not is_item
                    if len(outer) > DEEPEST:
                        raise _IrregularError
                else:
                    while column > at or (column == at and in_map is is_item and outer):
                        holder, column, in_map = outer.pop()
                    if column != at or in_map is is_item:
                        raise _IrregularError
            # The key, in its mapping; after a dash it begins a mapping.
            name, colon, rest = body.partition(": ")
            if is_item:
                body = body[2:].lstrip(" ")
                if body[:1] in _NO_KEY:
                    colon, rest = "", body
                else:
                    name, colon, rest = body.partition(": ")
            if not colon and body[-1:] == ":":
                name, colon, rest = body[:-1], ":", ""
            is_open = False
            if colon:
                key = keys.get(name) or self._key(name)
                if is_item:
                    value = self._map(number)
                    holder.append(value)
                    outer.append((holder, column, False))
                    holder, column, in_map = value, len(line) - len(body), True
                elif not root:
                    root.line = number
                if key in holder:
                    raise _IrregularError
                first = rest[:1]
                if first == " ":
                    rest = rest.lstrip(" ")
                    first = rest[:1]
                if not first or first == "#":
                    is_open = True
                    holder[key] = None
                    continue
            elif is_item and body:
                rest = body
                first = rest[0]
            else:
                raise _IrregularError
            # The value.
            if first in _INDICATORS and not (first == "-" and rest[1:2].isdigit()):
                if first == "|" and in_map and rest in {"|", "|-"}:
                    block, margin, ending = [], 0, "\n" if rest == "|" else ""
                    holder[key] = ""
                    continue
                value = self._flow(rest, number) if first in "[{" else _quoted(rest)
            else:
                if "#" in rest or rest[-1:] == " ":
                    rest = rest.partition(" #")[0].rstrip(" ")
                if ":" in rest and (": " in rest or rest[-1] == ":"):
                    raise _IrregularError
                value = scalar(rest) if first in TYPED_START else rest
                if value is rest and is_suspect(first, rest, in_map=in_map):
                    raise _IrregularError
            if in_map:
                holder[key] = value
            else:
                holder.append(value)
        if block is not None:
            if not block or (ending and text[-1] != "\n"):
                raise _IrregularError
            holder[key] = _literal(block) + ending
        if not root:
            raise _IrregularError
        return root

    def _map(self, line: int) -> Map:
        new = Map()
        new.line = line
        self.nodes = new.node = self.nodes + 1
        return new

    def _key(self, name: str) -> str:
        """Take a key that is met for the first time; equal ones are one object ever after."""
        if len(name) > LONGEST_KEY or not re.fullmatch(_KEY, name) or is_odd_key(name):
            raise _IrregularError
        self.keys[name] = name
        return name

    def _flow(self, text: str, line: int) -> object:
        """Read `{…}` or `[…]` on one line, with a comment or nothing behind it."""
        if len(text) > MOST_IN_BRACKETS:
            raise _IrregularError
        flat = _FLAT.fullmatch(text)
        if flat is not None:
            return self._flat_map(flat[1], line) if flat[1] else self._flat_list(flat[2])
        outer: list[Any] = []
        holder: Any = None
        key = ""
        is_full = False  # something stands here: a comma or the end comes next
        value: Any = None
        for name, typed, mark, odd in re.findall(_TOKEN, text.partition(" #")[0]):
            in_map = type(holder) is Map
            if mark == ",":
                if not is_full or holder is None:
                    raise _IrregularError
                is_full = False
                continue
            if mark == "]" or mark == "}":  # noqa: PLR1714 - a third faster than a set
                if holder is None or in_map is (mark == "]") or key or not (is_full or not holder):
                    raise _IrregularError
                value = holder
                holder = outer.pop()
                is_full = True
                continue
            if is_full or odd or in_map is (not key and not name) or (key and name):
                raise _IrregularError
            if name:
                key = self.keys.get(name) or self._key(name)
                if key in holder:
                    raise _IrregularError
                continue
            if typed:
                is_full = True
                value = typed.rstrip(" ")
                first = value[0]
                value = value[1:-1] if first in "'\"" else _plain(first, value, in_map=in_map)
            else:
                value = [] if mark == "[" else self._map(line)
            if in_map:
                holder[key] = value
                key = ""
            elif holder is not None:
                holder.append(value)
            if mark:
                outer.append(holder)
                holder = value
                if len(outer) > DEEPEST_IN_BRACKETS:
                    raise _IrregularError
        if holder is not None:
            raise _IrregularError
        return value

    def _flat_map(self, text: str, line: int) -> Map:
        new = self._map(line)
        for pair in text.split(", "):
            name, _, typed = pair.partition(": ")
            key = self.keys.get(name) or self._key(name)
            if key in new:
                raise _IrregularError
            new[key] = self.values.get(typed) or self._short(typed, in_map=True)
        return new

    def _flat_list(self, text: str) -> list[object]:
        return [self.values.get(typed) or self._short(typed, in_map=False) for typed in text.split(", ")]

    def _short(self, typed: str, *, in_map: bool) -> object:
        """Read a scalar in brackets; years, sections and reasons are met again and again, and are one object then."""
        text = typed.rstrip(" ")
        value = _plain(text[0], text, in_map=in_map)
        if len(typed) <= SHORT and (not in_map or type(value) is not str):  # what a list allows, a mapping does too
            self.values[typed] = value
        return value


def _plain(first: str, text: str, *, in_map: bool) -> object:
    value = scalar(text) if first in TYPED_START else text
    if value is text and is_suspect(first, text, in_map=in_map):
        raise _IrregularError
    return value


def _quoted(text: str) -> str:
    """Read a text in quotes that hold nothing special, with a comment or nothing behind it."""
    quote = text[0]
    inside, closed, after = text[1:].partition(quote)
    if quote not in "'\"" or not closed or (quote == '"' and "\\" in inside):
        raise _IrregularError
    if after.strip(" ") and not (after[0] == " " and after.lstrip(" ")[0] == "#"):
        raise _IrregularError
    return inside


def _literal(lines: list[str]) -> str:
    """Join the lines below a `|`, without the blank ones at the end."""
    while not lines[-1]:
        lines.pop()
    if lines[-1].isspace():
        raise _IrregularError
    return "\n".join(lines)
