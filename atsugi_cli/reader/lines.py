"""Lines: from an offset in a text to the line and column that an editor shows."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator

from atsugi_cli.findings import Place
from atsugi_cli.reader.data import BOM

_BREAK = r"\r\n|\n|\r"


class Lines:
    """Where the lines of a text begin. Lines end with LF, CRLF or CR, as editors see it (not with U+0085 or U+2028)."""

    __slots__ = ("source", "starts", "text")

    def __init__(self, text: str, source: str) -> None:
        """Find the line starts of `text`; `source` is the name that places carry."""
        self.text = text
        self.source = source
        self.starts = array("Q", [1 if text.startswith(BOM) else 0])
        self.starts.extend(match.end() for match in re.finditer(_BREAK, text))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, both from 1, of a code point offset."""
        line = max(bisect_right(self.starts, offset), 1)
        return line, max(offset - self.starts[line - 1], 0) + 1

    def place(self, start: int, end: int) -> Place:
        """Return the place of the characters [start, end)."""
        return Place(self.source, *self.position(start), *self.position(max(start, end)))

    def bounds(self, line: int) -> tuple[int, int]:
        """Return the offsets of a line's first character and of its end without the line break."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Iterate over the lines: offset of the first character, and the line without its break."""
        for line in range(1, len(self.starts) + 1):
            start, end = self.bounds(line)
            yield start, self.text[start:end]
