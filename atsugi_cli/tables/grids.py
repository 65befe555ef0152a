"""Grids: tables of any file as plain cells: sheet, address, words as shown, merged spans, notes, what is struck out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from atsugi_cli.frozen import frozen

MOST_CELLS: Final = 200_000
"""Cells that hold something."""
MOST_LETTERS: Final = 8_000_000
"""Characters of all cells: one shared string may stand in many."""

ERROR: Final = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|#{2,}")
"""What Excel shows where a formula has no value."""

Place = tuple[int, int]
"""Row and column, both from 0."""


class GridError(ValueError):
    """A file cannot be read as tables; says in Japanese why, and what to do."""


@frozen
class Cell:
    """A cell that holds something: its words as people see them, and what they cannot see of it."""

    text: str
    note: str = ""
    formula: bool = False
    day: bool = False
    """Whether the words are a day or month that the file keeps as a date."""
    struck: str = ""
    """The words that are struck out; they are not among the others."""

    @property
    def all(self) -> str:
        """Return everything that the cell holds."""
        return self.text or self.struck or self.note


@frozen
class Grid:
    """A sheet, or a Word file: cells by place, and for every place in a merged span that of its cell."""

    file: str
    sheet: str
    cells: Mapping[Place, Cell]
    merged: Mapping[Place, Place]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    rows: Mapping[int, str] | None = None
    """What the rows are called where they have no address as in Excel."""
    remarks: tuple[str, ...] = ()
    prose: Mapping[int, int] | None = None
    """The rows that are running text, each with its depth as a heading (0: none)."""
    origin: Mapping[Place, Place] | None = None
    """Where the cells stand in the file, of a grid that was set anew."""

    def moved(self, moves: Mapping[Place, Place]) -> "Grid":
        """Return the grid with cells at other places, but known by those that they have in the file."""
        cells = {moves[place]: cell for place, cell in self.cells.items() if place in moves}
        merged = {moves[place]: moves[first] for place, first in self.merged.items() if {place, first} <= moves.keys()}
        return replace(
            self, cells=cells, merged=merged, origin={new: self.of_file(old) for old, new in moves.items()}, prose=None
        )

    def of_file(self, place: Place) -> Place:
        """Return where a place is in the file."""
        return self.origin.get(place, place) if self.origin is not None else place

    def at(self, row: int, column: int) -> Cell | None:
        """Return what stands at a place, for a merged span anywhere in it."""
        return self.cells.get(self.merged.get((row, column), (row, column)))

    def text(self, row: int, column: int) -> str:
        """Return the words at a place."""
        cell = self.at(row, column)
        return cell.text if cell is not None else ""

    def address(self, place: Place) -> str:
        """Return the address of a place, as the file's own program says it."""
        row, column = self.of_file(place)
        if self.rows is None:
            return f"{letters(column)}{row + 1}"
        name = self.rows.get(row, f"{row + 1}行目")
        return name if "段落" in name else f"{name}{column + 1}列目"

    def where(self, place: Place) -> str:
        """Return the file, sheet and address of a place."""
        return "　".join(filter(None, (self.file, f"「{self.sheet}」" if self.sheet else "", self.address(place))))


def letters(column: int) -> str:
    """Name a column: 0 → A, 27 → AB."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def place_of(address: str) -> Place | None:
    """Return the place that an address names: B5 → (4, 1)."""
    found = _ADDRESS.fullmatch(address.replace("$", ""))
    if found is None or found[2] == "0":
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Take out what nobody sees; line breaks stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("_x000D_", "").replace("\u2028", "\n")).strip()


def within(cells: int, characters: int) -> None:
    """Raise GridError where a file holds more than a plan's tables could."""
    if cells > MOST_CELLS or characters > MOST_LETTERS:
        raise GridError("セルが多すぎます。取り込む表だけを別のファイルに写してください。")
