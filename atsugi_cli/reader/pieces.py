"""Pieces: a text as pieces inside pieces, each an entry of a mapping or list with the comments that belong to it.

Joined, the pieces of a container are its text to the byte: taking one out, putting one in and moving one leaves every
other as it was typed. Comments right above an entry are of it, and so are those below that are set in deeper.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ruamel.yaml.events import MappingStartEvent, ScalarEvent, SequenceStartEvent, StreamEndEvent

from atsugi_cli.findings import Edit
from atsugi_cli.model import Written
from atsugi_cli.reader.data import scalar
from atsugi_cli.reader.events import Event
from atsugi_cli.reader.folds import unfolded
from atsugi_cli.reader.places import MAPPING, SEQUENCE, STYLES, OpenNode, Places
from atsugi_cli.reader.scalars import plain_or_quoted

_LITERALS: Final = (3, 4)
_COMMENT: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?\r?\n?")


class LayoutError(ValueError):
    """A text is written in a way that cannot be changed piece by piece; says in Japanese what is in the way."""


class Pieces(Places):
    """A text with the values of its scalars; `root` is all of it, `newline` what its lines end with."""

    __slots__ = ("newline", "root", "values", "whole")

    def __init__(self, text: str, source: str = "", *, pure: bool = False) -> None:
        """Walk the text; `whole` says whether it could be parsed to its end."""
        self.values: list[object] = []
        self.whole = False
        self.newline = "\r\n" if "\r\n" in text else "\n"
        super().__init__(text, source, pure=pure)
        self.root = Piece(self, 0, None, 0, 0, 0, len(text), 0)
        if self._starts and not self.in_brackets(0):
            self.root.end = self.cut(self.closing(0), len(text), 0)
        elif self._starts:
            self.root.value, self.root.end = self._starts[0], self._ends[0]

    def _ends_at(self, event: Event, number: int, stack: list[OpenNode]) -> bool:
        kind = type(event)
        if kind is ScalarEvent:
            words = event.value
            if " " in words and event.style != "|" and event.start_mark.line != event.end_mark.line:
                first, last = event.start_mark.index + self.base, event.end_mark.index + self.base
                words = unfolded(words, self.lines.text[first:last], event.style)
            self.values.append(words if event.style else scalar(words))
            if event.anchor is not None or event.tag is not None:
                raise LayoutError("アンカー（&）やタグ（!）があります")
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self.values.append(None)
        elif kind is StreamEndEvent:
            self.whole = True
        elif hasattr(event, "anchor"):
            raise LayoutError("エイリアス（*）があります")
        return super()._ends_at(event, number, stack)

    def in_brackets(self, node: int) -> bool:
        """Check whether a mapping or list is written in brackets."""
        return self.lines.text[self._starts[node]] in "{["

    def data(self, node: int) -> object:
        """Return what stands at a node: a dict, list or scalar; asked again, the same."""
        kind = self._kinds[node]
        if not self._holds(node):
            return self.values[node]
        if self.values[node] is None:
            nodes = list(self.children(node))
            if kind == SEQUENCE:
                self.values[node] = list(map(self.data, nodes))
            else:
                names = (str(self._names[key]) for key in nodes[::2])
                self.values[node] = dict(zip(names, map(self.data, nodes[1::2]), strict=True))
        return self.values[node]

    def children(self, node: int) -> Iterator[int]:
        """Iterate over the nodes right inside a container; of a mapping, keys and values in turn."""
        child, end = node + 1, self._after[node]
        while child < end:
            yield child
            child = self._after[child]

    def cut(self, behind: int, before: int, column: int) -> int:
        """Find where what ends at `behind` gives way to what begins at `before`, at a column."""
        text = self.lines.text
        match = _COMMENT.match(text, behind)
        at = match.end() if match else behind
        found = at
        while at < before:
            line = text[at : (text.find("\n", at) + 1) or len(text)]
            words = line.lstrip(" ")
            if words.startswith("#") and len(line) - len(words) > column:
                found = at + len(line)
            elif words.strip():
                break
            at += len(line)
        return found

    def closing(self, node: int) -> int:
        """Return where the last words of a node end; blank lines that a `|+` keeps are words."""
        end = self._ends[node]
        last = self._after[node] - 1
        if self._kinds[last] in _LITERALS and "+" in self.lines.text[self._starts[last] : self._starts[last] + 4]:
            blanks = re.compile(r"(?:[ \t]*\r?\n)+").match(self.lines.text, end)
            return blanks.end() - 1 if blanks else end
        return end


class Piece:
    """An entry: `start` with its comments, `at` its key or dash, `value` where its value begins, `end` behind it all.

    `column` is that of the container's entries; -1 in brackets, where an entry is only key and value.
    """

    __slots__ = ("_inside", "at", "column", "end", "key", "node", "of", "start", "value")

    def __init__(
        self, of: Pieces, node: int, key: str | None, start: int, at: int, value: int, end: int, column: int
    ) -> None:
        """Name a part of a text."""
        self.of, self.node, self.key, self.column = of, node, key, column
        self.start, self.at, self.value, self.end = start, at, value, end
        self._inside: list[Piece] | None = None

    @property
    def is_map(self) -> bool:
        """Check whether the value is a mapping."""
        return self.of._kinds[self.node] == MAPPING  # noqa: SLF001 - one nest of classes

    @property
    def is_list(self) -> bool:
        """Check whether the value is a list."""
        return self.of._kinds[self.node] == SEQUENCE  # noqa: SLF001

    @property
    def is_block(self) -> bool:
        """Check whether the value has entries on lines of their own."""
        return (self.is_map or self.is_list) and not self.of.in_brackets(self.node)

    @property
    def style(self) -> str:
        """Return how a scalar is written: "", ', ", | or >."""
        kind = self.of._kinds[self.node]  # noqa: SLF001
        return STYLES[kind] if kind < MAPPING else ""

    @property
    def data(self) -> object:
        """Return the value as data."""
        return self.of.data(self.node)

    @property
    def stop(self) -> int:
        """Return where the value ends: for entries on lines of their own, with the last of them."""
        return self.end if self.is_block else self.of._ends[self.node]  # noqa: SLF001

    @property
    def typed(self) -> str:
        """Return the value as typed."""
        return self.of.lines.text[self.value : self.stop]

    @property
    def lead(self) -> str:
        """Return the blank lines and comments above the entry, as if it stood at the left margin."""
        return shifted(self.of.lines.text[self.start : self.at].rstrip(" "), -self.column) if self.column >= 0 else ""

    @property
    def head(self) -> str:
        """Return key or dash, up to the value."""
        return self.of.lines.text[self.at : self.value]

    @property
    def tail(self) -> str:
        """Return what follows the value: a comment, the line break, comments that are set in deeper."""
        return self.of.lines.text[self.stop : self.end]

    @property
    def foot(self) -> str:
        """Return the comments behind the last entry inside that are not set in as deep, as if at the left margin."""
        text = self.of.lines.text[self.inside()[-1].end : self.end] if self.is_block and self.inside() else ""
        return shifted(text if text.endswith("\n") or not text else f"{text}\n", -self.column)

    @property
    def text(self) -> str:
        """Return the entry in whole lines, as if it stood at the left margin; in brackets, as typed."""
        text = self.of.lines.text[self.start : self.end]
        if self.column < 0:
            return text
        if self.shares_its_line:
            text = " " * self.column + text
        return shifted(text if text.endswith("\n") else f"{text}\n", -self.column)

    @property
    def shares_its_line(self) -> bool:
        """Check whether a dash or bracket stands before the entry in its line."""
        return self.start == self.at and self.of.lines.text[self.start - 1 : self.start] not in ("", "\n")

    @property
    def inner(self) -> int:
        """Return the column of the entries inside; -1 in brackets."""
        inside = self.inside()
        return inside[0].column if inside else -1

    def inside(self) -> "list[Piece]":
        """Return the entries of the value, in order; none where it is a scalar."""
        if self._inside is None:
            self._inside = list(self._found()) if self.is_map or self.is_list else []
        return self._inside

    def get(self, *path: str) -> "Piece | None":
        """Find an entry of the mappings inside by its keys."""
        found: Piece | None = self
        for key in path:
            found = next((each for each in found.inside() if each.key == key), None) if found and found.is_map else None
        return found

    def _found(self) -> "Iterator[Piece]":
        of, text = self.of, self.of.lines.text
        nodes = list(of.children(self.node))
        pairs = list(zip(nodes[::2], nodes[1::2], strict=True)) if self.is_map else [(each, each) for each in nodes]
        starts, ends, names = of._starts, of._ends, of._names  # noqa: SLF001
        if not self.is_block:
            for key, value in pairs:
                name = names[key] if self.is_map else None
                yield Piece(of, value, name, starts[key], starts[key], starts[value], ends[value], -1)
            return
        first = starts[self.node] if self.is_list else starts[pairs[0][0]]
        column = first - (text.rfind("\n", 0, first) + 1)
        dash = re.compile(rf"^ {{{column}}}-(?=[ \r\n]|\Z)", re.MULTILINE)
        start, at = self.value, first
        for index, (key, value) in enumerate(pairs):
            behind = of.closing(value)
            after = self.end
            if index + 1 == len(pairs):
                pass
            elif self.is_map:
                after = starts[pairs[index + 1][0]]
            else:
                found = dash.search(text, text.find("\n", behind))
                if found is None:
                    raise LayoutError("一覧の「-」の位置がそろっていません")
                after = found.end() - 1
            end = of.cut(behind, after, column)
            mark = at + 1 if self.is_list else text.find(":", ends[key]) + 1
            if text[at] in "?&!*" or end < behind:
                raise LayoutError("一行に一つずつ書かれていないところがあります")
            yield Piece(of, value, names[key] if self.is_map else None, start, at, _value(of, value, mark), end, column)
            start, at = end, after


def _value(of: Pieces, node: int, mark: int) -> int:
    """Find where a value begins: one whose entries stand on lines of their own, with the comments above the first."""
    start, text = of._starts[node], of.lines.text  # noqa: SLF001
    if not of._holds(node) or text[start] in "{[" or "\n" not in text[mark:start]:  # noqa: SLF001
        return start
    return text.find("\n", mark) + 1


def shifted(text: str, by: int) -> str:
    """Move lines to the right, or to the left as far as their blanks go."""
    if by > 0:
        return re.sub(r"^(?=[^\r\n])", " " * by, text, flags=re.MULTILINE)
    return re.sub(rf"^ {{1,{-by}}}", "", text, flags=re.MULTILINE) if by else text


def same(one: object, other: object) -> bool:
    """Check whether data is the same, as it would be printed: 1.40 is not 1.4, nor 1 true."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and getattr(one, "digits", 0) == getattr(other, "digits", 0)


def inline(value: object) -> str:
    """Write data on one line, in brackets where it has entries."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{plain_or_quoted(key)}: {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Written):
        return f"{value:.{value.digits}f}"
    return plain_or_quoted(value) if isinstance(value, str) else repr(value)


# ------------------------------------------------------------------------------------------------------------- editing


def put(piece: Piece, value: str) -> Edit:
    """Set a value that is no container on lines of its own."""
    if piece.is_block or (piece.style and piece.style in "|>"):
        raise LayoutError("値が何行にもわたっています")
    return Edit(piece.value, piece.stop, value if piece.typed else f" {value}")


def cut(container: Piece, pieces: Iterable[Piece]) -> Iterator[Edit]:
    """Take entries out of a container that keeps others."""
    inside, going = container.inside(), frozenset(map(id, pieces))
    kept = next((index for index, piece in enumerate(inside) if id(piece) not in going), None)
    if kept is None:
        raise LayoutError("何も残らなくなります")
    first = 0
    if kept and inside[0].shares_its_line:  # with a dash or a bracket, which stays, and so do comments of what is kept
        text, lead = inside[kept].of.lines.text, inside[kept].lead
        mark = text.index("#", inside[kept].start) if "#" in lead else inside[kept].at
        yield Edit(inside[0].at, mark, "")
        first = kept
    for index, piece in enumerate(inside[first:], first):
        if id(piece) in going:
            yield Edit(inside[index - 1].end if piece.column < 0 else piece.start, piece.end, "")


def enter(container: Piece, index: int, *entries: str) -> Edit:
    """Put entries of one line each before the `index`th of some, with the dash and the line break that they need."""
    if container.inner < 0:
        return add(container, index, entries)
    dash = "- " if container.is_list else ""
    return add(container, index, [f"{dash}{entry}\n" for entry in entries])


def add(container: Piece, index: int, lines: Sequence[str]) -> Edit:
    """Put entries, written in whole lines at the left margin (in brackets: on one), before the `index`th of some."""
    inside = container.inside()
    if not inside:
        raise LayoutError("空の一覧です")
    if container.inner < 0:
        if "\n" in container.typed:
            raise LayoutError("括弧が何行にもわたっています")
        at = inside[index].at if index < len(inside) else inside[-1].end
        words = [f"{line}, " for line in lines] if index < len(inside) else [f", {line}" for line in lines]
        return Edit(at, at, "".join(words))
    column, newline = container.inner, container.of.newline
    text = "".join(shifted(line, column) for line in lines).replace("\n", newline)
    at = inside[index].start if index < len(inside) else inside[-1].end
    whole = container.of.lines.text
    if not index and inside[0].shares_its_line:
        return Edit(at, at, text.removeprefix(" " * column) + " " * column)
    if whole[at - 1 : at] not in ("", "\n"):
        return Edit(at, at, newline + text.removesuffix(newline))
    return Edit(at, at, text)
