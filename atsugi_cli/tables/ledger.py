"""Ledger: every cell of an office's tables accounted for: in the edition, or in the list of what is to be checked."""

from collections.abc import Iterator, Sequence
from typing import Final

from atsugi_cli.frozen import frozen
from atsugi_cli.tables.grids import Grid, Place, letters

BESIDE: Final = "表の外の文字です"


@frozen
class Left:
    """A cell that is not in the edition as it stands in the table, and why."""

    grid: Grid
    place: Place
    text: str
    why: str

    @property
    def where(self) -> str:
        """Return sheet and address."""
        return self.grid.where(self.place)


class Ledger:
    """What became of the cells of grids, one of which is being read."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        """Open the ledger for what files hold."""
        self.grids = grids
        self.at = 0
        self.grid: Grid
        self.used: set[tuple[int, Place]] = set()
        self.left: list[Left] = []

    def turn_to(self, at: int, grid: Grid) -> None:
        """Read one of the grids, or a part of it that was set anew."""
        self.at, self.grid = at, grid

    def use(self, *places: Place) -> None:
        """Note that cells are in the edition, or head it."""
        self.used |= {(self.at, self.grid.of_file(place)) for place in places}

    def leave(self, place: Place, why: str, text: str = "", *, kept: bool = False) -> None:
        """List a cell; `kept` is what is in the edition nevertheless."""
        cell = self.grid.cells.get(place)
        there = self.grid.of_file(place)
        if cell is None:
            return
        left = Left(self.grids[self.at], there, text or cell.all, why)
        if left not in self.left[-9:]:
            self.left.append(left)
        if kept:
            self.use(place)
        else:
            self.used.discard((self.at, there))

    def close(self) -> tuple[Left, ...]:
        """List what nobody took or left, and return the list."""
        listed = {(id(each.grid), each.place) for each in self.left}
        self.left += [
            Left(grid, place, cell.all, "どこにも取り込まれていません")
            for at, grid in enumerate(self.grids)
            for place, cell in grid.cells.items()
            if (at, place) not in self.used and (id(grid), place) not in listed
        ]
        return tuple(self.left)


def grouped(left: Sequence[Left]) -> Iterator[tuple[str, str, str]]:
    """Iterate over what is to be checked: where, why, what it says; one line for a column, beside tables for a row."""
    groups: dict[tuple[str, str, bool, int, str], list[Left]] = {}
    for each in left:
        beside = each.why == BESIDE
        key = each.grid.file, each.grid.sheet, beside, each.place[0 if beside else 1], each.why
        groups.setdefault(key, []).append(each)
    for (_, _, beside, column, why), found in groups.items():
        texts = [" ".join(each.text.split()) for each in found]
        if beside:
            yield found[0].where, why, "　".join(texts)
        elif len(found) == 1 or found[0].grid.rows is not None:
            yield from ((each.where, why, text) for each, text in zip(found, texts, strict=True))
        else:
            rows = [f"{letters(column)}{each.place[0] + 1}" for each in found]
            cells = "、".join(f"{row}「{text}」" for row, text in zip(rows, texts, strict=True))
            yield f"{found[0].where}～{rows[-1]}の{len(found)}個", why, cells
