"""Sheet: a text as an editor counts it: lines and UTF-16 units in, offsets out, and back."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from lsprotocol import types
from pygls.workspace import PositionCodec

from atsugi_cli.findings import Edit, Place
from atsugi_cli.reader.lines import Lines


class Sheet:
    """A text; what a unit of a column is was agreed with the editor (`codec`)."""

    def __init__(self, text: str, codec: PositionCodec) -> None:
        """Find the lines."""
        self.text, self.codec = text, codec
        self.lines = Lines(text, "")

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position; what lies outside is taken for the end of its line, or of the text."""
        if position.line >= len(self.lines.starts):
            return len(self.text)
        start, end = self.lines.bounds(position.line + 1)
        line = self.text[start:end]
        here = types.Position(0, min(position.character, self.codec.client_num_units(line)))
        return start + self.codec.position_from_client_units([line], here).character

    def position(self, offset: int) -> types.Position:
        """Return the position of an offset."""
        line, column = self.lines.position(min(offset, len(self.text)))
        start = self.lines.starts[line - 1]
        return types.Position(line - 1, self.codec.client_num_units(self.text[start : start + column - 1]))

    def range(self, start: int, end: int) -> types.Range:
        """Return the range of the characters [start, end)."""
        return types.Range(self.position(start), self.position(end))

    def span(self, place: Place) -> tuple[int, int]:
        """Return the offsets of a place; what lies outside of the text ends with it."""
        starts, most = self.lines.starts, len(self.lines.starts)
        ends = ((place.line, place.column), (place.end_line, place.end_column))
        start, end = (starts[min(line, most) - 1] + column - 1 for line, column in ends)
        return min(start, len(self.text)), min(end, len(self.text))

    def range_of(self, place: Place) -> types.Range:
        """Return the range of a place."""
        return self.range(*self.span(place))

    def edits(self, edits: Iterable[Edit]) -> list[types.TextEdit]:
        """Return edits as an editor makes them; the same one, given twice, is made once."""
        return [types.TextEdit(self.range(each.start, each.end), each.text) for each in dict.fromkeys(edits)]

    def changed(self, after: str) -> Iterator[types.TextEdit]:
        """Iterate over what turns the text into another, line by line: a cursor elsewhere stays where it is."""
        from difflib import SequenceMatcher

        old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (self.text, after))
        starts = [0, *accumulate(map(len, old))]
        for tag, first, last, begin, end in SequenceMatcher(None, old, new).get_opcodes():
            if tag != "equal":
                yield types.TextEdit(self.range(starts[first], starts[last]), "".join(new[begin:end]))
