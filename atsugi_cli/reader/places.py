"""Places: where every key and value of a text stands, by a second pass over the events.

Only made when something must be reported: arrays of offsets, 33 bytes a node, and per container an index of its
entries on first use.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from atsugi_cli.findings import Place
from atsugi_cli.reader.data import BOM, MAX_DEPTH, MAX_EVENTS
from atsugi_cli.reader.events import Event, stream
from atsugi_cli.reader.lines import Lines

Step = str | int
"""One step of a path: a key of a mapping, or an index of a sequence."""

MOST_STEPS = 10_000_000
"""Characters of values walked to find places inside, in a second; beyond that the whole value is the place."""

STYLES = ("", "'", '"', "|", ">")
MAPPING, SEQUENCE, _ALIAS = 5, 6, 7
"""What a node is: a scalar by how it is written, or one of these."""
_FIRST_DASH = r"(?:[^#-]|#[^\r\n]*+)*+-"
_FIRST_COLON = r"(?:[^#:]|#[^\r\n]*+)*+:"


@dataclass(slots=True)
class OpenNode:
    """A mapping or sequence that is being read; `key` is the one whose value comes next."""

    node: int
    is_map: bool
    is_key: bool
    key: str | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The spans of the keys so far, for whoever looks for repeated ones."""
    merging: bool = False
    """The key is `<<`."""
    repeating: str = ""
    """The first of the repeated keys before: lines pasted twice, or a lost dash, are one slip."""

    @property
    def wants_key(self) -> bool:
        """Check whether the next node is a key."""
        return self.is_map and self.key is None


class Places:
    """The places of one text. A path that leads nowhere gives the place of the last step that exists."""

    __slots__ = (
        "_above",
        "_after",
        "_ends",
        "_entries",
        "_keys",
        "_kinds",
        "_maps",
        "_names",
        "_starts",
        "_steps",
        "_walked",
        "base",
        "lines",
    )

    def __init__(self, text: str, source: str, *, pure: bool = False) -> None:
        """Walk the events of `text` as far as it can be parsed."""
        self.lines = Lines(text, source)
        self.base = 1 if text.startswith(BOM) else 0
        self._starts = array("Q")
        self._ends = array("Q")
        self._kinds = bytearray()
        self._after = array("Q")  # the node that follows this one and all that is inside it
        self._names: list[str | None] = []  # texts of scalars that are keys
        self._maps = array("Q")  # the node of each mapping, by ordinal
        self._entries: dict[int, dict[Step, tuple[int, int]]] = {}
        self._walked: tuple[tuple[int, tuple[Step, ...]], int, int] = ((-1, ()), 0, 0)
        self._steps = 0
        self._above = array("q")
        self._keys: dict[int, str] = {}
        with suppress(YAMLError, UnicodeEncodeError):
            self._walk(stream(text[self.base :], pure=pure))
        for node, after in enumerate(self._after):
            if not after:  # still open where the text could be parsed no further
                self._after[node], self._ends[node] = len(self._starts), len(text)

    def _ends_at(self, event: Event, number: int, stack: list[OpenNode]) -> bool:
        """Check whether the walk ends before an event, which is the `number`th; who looks for slips says more here."""
        is_container = type(event) in {MappingStartEvent, SequenceStartEvent}
        # The loader refuses it; the C parser slows down in what follows.
        return number > MAX_EVENTS or (is_container and len(stack) > MAX_DEPTH)

    def _walk(self, get: Callable[[], Event]) -> None:
        base, text = self.base, self.lines.text
        stack: list[OpenNode] = []
        last = base  # where the last scalar, key or opening ended
        for number in count(1):
            event = get()
            kind = type(event)
            if self._ends_at(event, number, stack) or kind is StreamEndEvent:
                return
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                done = stack.pop()
                end = event.end_mark.index + base
                closed = end > event.start_mark.index + base  # a bracket, not the end of an indentation
                self._ends[done.node] = last = max(end if closed else last, last)
                self._after[done.node] = len(self._starts)
                if stack:
                    stack[-1].key = "" if done.is_key else None
            elif kind is ScalarEvent or kind is AliasEvent or kind is MappingStartEvent or kind is SequenceStartEvent:
                holder = stack[-1] if stack else None
                in_map = holder is not None and holder.is_map
                is_key = holder is not None and holder.wants_key
                node = len(self._starts)
                start, end = event.start_mark.index + base, event.end_mark.index + base
                if kind is ScalarEvent:
                    style = STYLES.index(event.style or "")
                    if start == end:
                        start = end = self._empty(last, start, in_map=in_map, is_key=is_key)
                    elif style > STYLES.index('"'):
                        words = start + len(text[start:end].rstrip(" \t\r\n"))
                        last_line = text[words:end].partition("\n")[0]  # its blanks are part of the text
                        end = words + len(last_line.removesuffix("\r"))
                elif kind is AliasEvent:
                    style = _ALIAS
                else:
                    style = MAPPING if kind is MappingStartEvent else SEQUENCE
                    stack.append(OpenNode(node, is_map=style == MAPPING, is_key=is_key))
                    if style == MAPPING:
                        self._maps.append(node)
                is_container = style in {MAPPING, SEQUENCE}
                name = event.value if is_key and kind is ScalarEvent else None
                if holder is not None and not is_container:
                    holder.key = (name or "") if is_key else None
                self._starts.append(start)
                self._ends.append(end)
                self._kinds.append(style)
                self._after.append(0 if is_container else node + 1)
                self._names.append(name)
                last = max(last, end)

    def _empty(self, last: int, mark: int, *, in_map: bool, is_key: bool) -> int:
        """Find where a value is missing: right after its colon or dash (the parsers disagree)."""
        if is_key:
            return mark
        match = re.compile(_FIRST_COLON if in_map else _FIRST_DASH).match(self.lines.text, last, mark + 1)
        return match.end() if match and match.end() <= mark + 1 else last

    def _inside(self, node: int) -> dict[Step, tuple[int, int]]:
        """Return the entries of a container: key or index to the nodes of key and value (an item is its own key)."""
        entries = self._entries.get(node)
        if entries is None:
            entries = {}
            child, end, index = node + 1, self._after[node], 0
            while child < end:
                if self._kinds[node] == SEQUENCE:
                    entries[index] = (child, child)
                    index += 1
                    child = self._after[child]
                else:
                    value = self._after[child]
                    if value >= end:
                        break
                    name = self._names[child]
                    if name is not None:
                        entries.setdefault(name, (child, value))
                    child = self._after[value]
            self._entries[node] = entries
        return entries

    def _container(self, node: int) -> int:
        return self._maps[node] if 0 <= node < len(self._maps) else 0

    def _holds(self, node: int) -> bool:
        """Check whether a node is a mapping or list."""
        return node < len(self._kinds) and self._kinds[node] in {MAPPING, SEQUENCE}

    def _follow(self, node: int, path: Sequence[Step]) -> Iterator[tuple[int, int]]:
        """Iterate over the nodes of key and value along a path, from a node on and as far as there are any."""
        key = value = node
        yield key, value
        for step in path:
            found = self._inside(value).get(step) if self._holds(value) else None
            if found is None:
                return
            key, value = found
            yield key, value

    def _find(self, node: int, path: Sequence[Step]) -> tuple[int, int]:
        """Follow a path from a mapping: the nodes of the last key and value that exist."""
        *_, last = self._follow(self._container(node), path)
        return last

    def _shown(self, node: int) -> Place:
        """Return the place that stands for a node: a scalar, a one-line bracket, or a block's first key or item."""
        if node >= len(self._starts):
            return self.lines.place(len(self.lines.text), len(self.lines.text))
        start, end = self._starts[node], self._ends[node]
        text = self.lines.text
        if self._holds(node):
            first = node + 1
            if text[start : start + 1] in {"[", "{"}:
                if "\n" in text[start:end] or "\r" in text[start:end]:
                    end = start + 1
            elif self._kinds[node] == SEQUENCE:
                end = start + 1
            elif first < len(self._starts):
                start, end = self._starts[first], self._ends[first]
        elif end == start and start > 0:  # nothing there: show the colon or dash that has no value
            start -= 1
        return self.lines.place(start, end)

    def node(self, node: int) -> Place:
        """Return the place of a mapping, by its ordinal: its first key, or its braces when they stand on one line."""
        return self._shown(self._container(node))

    def key(self, node: int, key: str) -> Place | None:
        """Return the place of a key of a mapping, or None when it has no such key."""
        found = self._inside(self._container(node)).get(key) if self._maps else None
        return self.lines.place(self._starts[found[0]], self._ends[found[0]]) if found else None

    def value(self, node: int, *path: Step) -> Place:
        """Return the place of the value that a path of keys and indexes leads to from a mapping."""
        return self._shown(self._find(node, path)[1])

    def key_of(self, node: int, *path: Step) -> Place:
        """Return the place of the last key of a path (of the item itself, when the last step is an index)."""
        return self._shown(self._find(node, path)[0])

    def has(self, node: int, *path: Step) -> bool:
        """Check whether a path leads somewhere."""
        return sum(1 for _ in self._follow(self._container(node), path)) > len(path) and bool(self._starts)

    def path(self, path: Sequence[Step]) -> tuple[int, tuple[Step, ...]]:
        """Turn a path from the root (as of a schema error) into the ordinal of the deepest mapping and the rest."""
        deepest, rest = 0, 0
        for steps, (_, value) in enumerate(self._follow(0, path)):
            if self._holds(value) and self._kinds[value] == MAPPING:
                deepest, rest = bisect_left(self._maps, value), steps
        return deepest, tuple(path[rest:])

    def at(self, offset: int) -> tuple[tuple[Step, ...], bool] | None:
        """Return the path to the key or scalar that covers an offset, and whether it is the key; None between them."""
        path: list[Step] = []
        node = 0
        while self._holds(node):
            for step, (key, value) in self._inside(node).items():
                if isinstance(step, str) and self._starts[key] <= offset <= self._ends[key]:
                    return (*path, step), True
                if self._starts[value] <= offset <= self._ends[value]:
                    path.append(step)
                    node = value
                    break
            else:
                return None
        return tuple(path), False

    def keys(self, path: Sequence[Step]) -> Iterator[Step]:
        """Iterate over the keys of the mapping (or the indexes of the list) that a path leads to."""
        value = self._find(0, path)[1]
        if self._holds(value):
            yield from self._inside(value)

    def folds(self) -> Iterator[tuple[int, int]]:
        """Iterate over the entries of mappings and lists that stand on several lines, by their first and last."""
        for node in range(len(self._kinds)):
            if self._holds(node):
                for key, value in self._inside(node).values():
                    first, last = (self.lines.position(at)[0] for at in (self._starts[key], self._ends[value]))
                    if last > first:
                        yield first, last

    def style(self, node: int, *path: Step) -> str:
        """Return how a scalar is written: plain "", quoted ' or ", block | or >; "" for anything else."""
        value = self._find(node, path)[1]
        return STYLES[self._kinds[value]] if value < len(self._kinds) and self._kinds[value] < MAPPING else ""

    def is_scalar(self, node: int, *path: Step) -> bool:
        """Check whether a path leads to a scalar."""
        return self.has(node, *path) and self._kinds[self._find(node, path)[1]] < MAPPING

    def span(self, node: int, *path: Step) -> tuple[int, int]:
        """Return the offsets [start, end) of a value as written, in code points, with its quotes."""
        value = self._find(node, path)[1]
        return (self._starts[value], self._ends[value]) if value < len(self._starts) else (0, 0)

    def key_span(self, node: int, *path: Step) -> tuple[int, int]:
        """Return the offsets [start, end) of the last key of a path as written."""
        key = self._find(node, path)[0]
        return (self._starts[key], self._ends[key]) if key < len(self._starts) else (0, 0)

    def raw(self, node: int, *path: Step) -> str:
        """Return the source text of a value as typed."""
        start, end = self.span(node, *path)
        return self.lines.text[start:end]

    def word(self, node: int, *path: Step) -> str:
        """Return the words of a short scalar without its quotes."""
        return self.raw(node, *path).strip("'\"")

    def spot(self, start: int, end: int, names: Sequence[str]) -> tuple[str, str] | None:
        """Return what the characters [start, end) belong to, and the words there, however keys and items are ordered.

        The nearest mapping that has one of the keys `names` is known by that, and what is below it by the keys on the
        way. None outside of everything that could be parsed.
        """
        at = bisect_right(self._starts, start) - 1
        if at < 0:
            return None
        above = self._above_all()
        words = " ".join(self.lines.text[start:end].split())
        if self._names[at] is not None and above[at] == at - 1 and self._kinds[at - 1] == MAPPING:
            at = above[at]  # the first key stands for its mapping
        if self._holds(at):
            words = " ".join(sorted(self._leaves(at)))
        keys: list[str] = []
        while at >= 0:
            inside = self._inside(at) if self._kinds[at] == MAPPING else {}
            known = next((name for name in names if name in inside), None)
            if known is not None:
                value = inside[known][1]
                keys.append(self.lines.text[self._starts[value] : self._ends[value]].strip("'\""))
                words = words if len(keys) > 1 else ""
                break
            keys += [name for name in (self._names[at] or self._keys.get(at),) if name]
            at = above[at]
        return "/".join(reversed(keys)), words

    def _leaves(self, node: int) -> Iterator[str]:
        """Iterate over a container's own values, each with its key."""
        for step, (_, value) in self._inside(node).items():
            if not self._holds(value):
                written = self.lines.text[self._starts[value] : self._ends[value]]
                yield f"{step}: {written}" if isinstance(step, str) else written

    def _above_all(self) -> "array[int]":
        """Return for every node the container that holds it, -1 for the root, and remember the keys of values."""
        if not self._above:
            stack: list[int] = []
            for node, kind in enumerate(self._kinds):
                while stack and node >= self._after[stack[-1]]:
                    stack.pop()
                self._above.append(stack[-1] if stack else -1)
                if kind in {MAPPING, SEQUENCE}:
                    stack.append(node)
            for node, kind in enumerate(self._kinds):
                if kind == MAPPING:
                    self._keys |= {value: str(name) for name, (_, value) in self._inside(node).items()}
        return self._above

    def plain_ending_at(self, end: int) -> int | None:
        """Return the start of the plain scalar that ends right before the offset `end`, if there is one."""
        index = bisect_left(self._starts, end) - 1
        while index >= 0 and self._kinds[index] >= MAPPING:
            index -= 1
        return self._starts[index] if index >= 0 and self._ends[index] == end and not self._kinds[index] else None

    def inside(self, value: str, start: int, end: int, node: int, *path: Step) -> tuple[int, int] | None:
        """Return the offsets in the text of the characters [start, end) of a scalar's value.

        None when they cannot be told apart from how they are written (escapes in double quotes, folded lines), and
        when very long texts have been walked too often.
        """
        return next(self.insides(value, [(start, end)], node, *path))

    def insides(
        self, value: str, spans: Sequence[tuple[int, int]], node: int, *path: Step
    ) -> Iterator[tuple[int, int] | None]:
        """Return the offsets of several spans of a scalar's value, which follow one another, in one go."""
        text = self.lines.text
        at, stop = self.span(node, *path)
        style = self.style(node, *path)
        if style in {"'", '"'}:
            at, stop = at + 1, stop - 1
        elif style:
            at = min((offset for offset in (text.find("\n", at), text.find("\r", at)) if offset >= 0), default=stop)
        index = 0
        if self._walked[0] == (node, path) and spans and self._walked[1] <= spans[0][0]:  # on from the last place
            index, at = self._walked[1:]
        lost = self._steps > MOST_STEPS  # what the value has is not in the text: it is written as an escape
        for start, end in spans:
            first = -1
            self._steps += max(end - index, 0)
            while index < end and index < len(value) and not lost:
                character = value[index]
                if character in " \n":
                    written = at < stop and text[at] == character
                    # a folded line break, or blanks that cannot be told from the indentation, is nowhere
                    found = written and value[index - 1 : index] != "\n"
                else:
                    while at < stop and text[at] != character and text[at] in " \t\r\n":
                        at += 1
                    lost = at >= stop or text[at] != character
                    found = written = not lost
                if index == start and found:
                    first = at
                at += written + (style == "'" and character == "'")
                index += 1
            if not lost:
                self._walked = ((node, path), index, at)
            yield (first, at) if first >= 0 and not lost else None
