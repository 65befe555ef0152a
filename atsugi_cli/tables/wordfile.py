"""Wordfile: a .docx as one grid: paragraphs and tables one below the other; what is deleted or struck out left out."""

import re
from collections.abc import Mapping
from typing import Final

from atsugi_cli.tables.grids import Cell, Grid, GridError, Place, clean, within
from atsugi_cli.tables.packed import MACROS, Parts, nothing, whole

_HEADING: Final = re.compile(r"(?:[Hh]eading|見出し) ?([1-9])")
_OFF: Final = {"0", "false", "none"}


def read(parts: Parts, name: str) -> Grid:
    """Read the text and tables of a Word file."""
    words = _Words(_depths(parts))
    parts.parse("word/document.xml", words.start, words.end)
    if not words.cells:
        raise GridError("何も書かれていません。")
    remarks = (MACROS,) if "word/vbaProject.bin" in parts.names else ()
    return Grid(name, "", words.cells, words.merged, rows=words.rows, remarks=remarks, prose=words.prose)


def _depths(parts: Parts) -> dict[str, int]:
    """Return the depth of headings by the ids of their styles; a Japanese Word calls them 1, 2, 3."""
    depths: dict[str, int] = {}
    style = ""

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal style
        told = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if tag == "style":
            style = told.get("styleId", "")
        elif tag == "name" and (found := _HEADING.fullmatch(told.get("val", ""))):
            depths[style] = int(found[1])
        elif tag == "outlineLvl" and told.get("val", "9") < "9":
            depths.setdefault(style, whole(told.get("val")) + 1)

    parts.parse("word/styles.xml", start, nothing)
    return depths


class _Words:
    """The text of a Word file while it is read."""

    def __init__(self, depths: Mapping[str, int]) -> None:
        self.depths = depths
        self.cells: dict[Place, Cell] = {}
        self.merged: dict[Place, Place] = {}
        self.rows: dict[int, str] = {}
        self.prose: dict[int, int] = {}
        self.row = self.column = -1
        self.depth = self.tables = self.lines = self.letters = self.heading = 0
        self.paragraphs: list[str] = []
        self.pieces: list[str] = []
        self.gone: list[str] = []
        self.struck = False
        self.span, self.continues = 1, False
        self.above: dict[int, Place] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        value = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "val"), "")
        if tag == "tbl":
            self.depth += 1
            if self.depth == 1:
                self.tables += 1
                self.lines = 0
                self.above = {}
        elif tag == "tr" and self.depth == 1:
            self.row += 1
            self.column, self.lines = 0, self.lines + 1
            self.rows[self.row] = f"表{self.tables}の{self.lines}行"
        elif tag == "tc" and self.depth == 1:
            self.paragraphs, self.gone, self.span, self.continues = [], [], 1, False
        elif tag == "gridSpan" and self.depth == 1:
            self.span = max(1, min(whole(value), 63))
        elif tag == "vMerge" and self.depth == 1:
            self.continues = value != "restart"
        elif tag == "p":
            self.pieces, self.heading = [], 0
            self.gone = self.gone if self.depth else []
        elif tag == "pStyle":
            found = _HEADING.fullmatch(value)
            self.heading = self.depths.get(value, int(found[1]) if found else 0)
        elif tag == "r":
            self.struck = False
        elif tag in {"strike", "dstrike"}:
            self.struck = value not in _OFF
        elif tag in {"br", "cr"}:
            self.pieces.append("\n")
        elif tag == "tab":
            self.pieces.append(" ")

    def end(self, tag: str, words: str) -> None:
        if tag == "t":
            (self.gone if self.struck else self.pieces).append(words)
        elif tag == "tbl":
            self.depth -= 1
        elif tag == "p" and self.depth:
            self.paragraphs.append("".join(self.pieces))
        elif tag == "p":
            if (text := clean("".join(self.pieces))) or self.gone:
                self.row += 1
                self.prose[self.row] = self.heading
                self.rows[self.row] = f"{len(self.prose)}番目の段落"
                self._put((self.row, 0), text)
        elif tag == "tc" and self.depth == 1:
            place = (self.row, self.column)
            first = self.above.get(self.column, place) if self.continues else place
            for column in range(self.column, self.column + self.span):
                self.merged[self.row, column] = first
                self.above[column] = first
            if (text := clean("\n".join(self.paragraphs))) or self.gone:
                if self.continues:
                    del self.merged[place]
                self._put(place, text)
            self.column += self.span

    def _put(self, place: Place, text: str) -> None:
        gone = clean("".join(self.gone))
        if text or gone:
            self.cells[place] = Cell(text, struck=gone)
        self.letters += len(text) + len(gone)
        within(len(self.cells), self.letters)
