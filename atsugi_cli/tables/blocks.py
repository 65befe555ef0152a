"""Blocks: where in a grid its tables are, what their columns mean, and which rows belong to them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli import values
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Profile
from atsugi_cli.tables import titles
from atsugi_cli.tables.grids import Grid, Place
from atsugi_cli.tables.headings import DATED, YEARLY, Headings, Meaning, settled

_MOST_HEADING_ROWS: Final = 4
SORTS: Final[Mapping[str, frozenset[str]]] = {
    "target": frozenset({"目標", "目標値", "計画", "計画値", "目標数値"}),
    "actual": frozenset({"実績", "実績値", "結果"}),
    "baseline": frozenset({"基準", "基準値", "現状", "現状値"}),
}
"""What 区分 says of a row's values."""
_SUBHEADING: Final = re.compile(r"(?:年度?|年次|時点|値|数値|数|指標値|数量|単位|年月)")
_NOTE: Final = re.compile(
    r"[※＊*]|[(（]?注[0-9０-９①-⑳:：）)\s]|[(（]?注\Z|凡\s*例|(?:備考|出典|資料|出所)(?:[:：]|\Z)"
)
_LEGEND: Final = re.compile(r"[〔【(（]?凡\s*例")


@frozen
class Table:
    """A table in a grid: its columns with what they mean, and the first row below its headings."""

    columns: Mapping[int, Meaning]
    first: int


@frozen
class Line:
    """A row of a grid: of a table, or beside them (`table` is None); `before` the first of them."""

    row: int
    columns: tuple[int, ...]
    table: Table | None = None
    before: bool = False


class Finder:
    """Finds tables by their headings, and remembers what those mean."""

    def __init__(self, profile: Profile, mapping: Mapping[str, Meaning]) -> None:
        """Know the words of a city, and what a person said of headings."""
        self.profile, self.mapping = profile, mapping
        self.vocabulary = Headings(profile)
        self.ranks = {level.code: rank for rank, level in enumerate(profile.tree)}
        self.headings: dict[str, str] = {}
        self.unclear: dict[str, None] = {}
        self.heads: set[Place] = set()
        """The cells that head the tables of the grid that was read last."""
        self.grid: Grid

    # ----------------------------------------------------------------------------------------------- grids set anew

    def parts(self, grid: Grid) -> tuple[Grid, ...]:
        """Set a grid as tables with headings above: forms turned, tables side by side apart."""
        if moves := self._form(grid):
            rest = {place: place for place in grid.cells if place not in moves}
            return grid.moved(rest), grid.moved(moves)
        if not self._heading_row(grid):
            turned = grid.moved({place: place[::-1] for place in {*grid.cells, *grid.merged, *grid.merged.values()}})
            return (turned,) if self._heading_row(turned) else (grid,)
        return self._side_by_side(grid)

    def _heading_row(self, grid: Grid) -> int | None:
        self.grid = grid
        told: dict[int, int] = {}
        for row, _ in grid.cells:
            told[row] = told.get(row, 0) + 1
        found = (row + 1 for row, count in sorted(told.items()) if count > 1 and self._heads(self._known(row), count))
        return next(found, None)

    def _form(self, grid: Grid) -> dict[Place, Place]:
        """Take a form apart, with what is asked at the left of each answer: labels go above their values."""
        known = {place for place, cell in grid.cells.items() if self._told(cell.text)}
        columns = [column for _, column in known]
        beside = {column for column in columns if columns.count(column) > 1}
        rows: dict[int, list[Place]] = {}
        for place in sorted(grid.cells):
            rows.setdefault(place[0], []).append(place)
        moves: dict[Place, Place] = {}
        labels: dict[str, int] = {}
        names, asked, form = 0, set(), 0
        for places in rows.values():
            paired = False
            while places:
                place = places.pop(0)
                if place not in known and place[1] not in beside:
                    if paired:
                        return {}  # a second value: a table with its headings at the left
                    continue
                end = max([place[1], *(at[1] for at, first in grid.merged.items() if first == place)])
                following = places[0] if places else None
                if following in known and following is not None and following[1] == end + 1:
                    return {}  # headings in a row
                label = grid.cells[place].text
                if following is None or following in known or following[1] in beside:
                    if place in known:
                        moves[place] = 2 * form, len(labels)
                        labels.setdefault(label, len(labels))
                    continue
                if label in labels:
                    form, labels = form + 1, {}
                moves[place], moves[places.pop(0)] = (2 * form, len(labels)), (2 * form + 1, len(labels))
                labels[label] = len(labels)
                asked.add(place[0])
                names, paired = names + (place in known), True
        return moves if len(asked) > 2 and names > 2 else {}

    def _side_by_side(self, grid: Grid) -> tuple[Grid, ...]:
        """Part tables that stand side by side: the headings of the first stand there once more."""
        row = self._heading_row(grid)
        columns = sorted(column for at, column in grid.cells if row and at == row - 1)
        words = ["".join(grid.cells[row - 1, column].text.split()) for column in columns] if row else []
        again = words.index(words[0], 1) if words and words[0] in words[1:] else 0
        if row is None or again < 2 or words[again : 2 * again] != words[:again]:
            return (grid,)
        left = {place for place in {*grid.cells, *grid.merged} if place[0] < row - 1 or place[1] < columns[again]}
        right = {place for place in {*grid.cells, *grid.merged} if place not in left}
        first, second = ({place: place for place in each} for each in (left, right))
        return grid.moved(first), *self._side_by_side(grid.moved(second))

    # ---------------------------------------------------------------------------------------------------- what a row is

    def lines(self, grid: Grid) -> Iterator[Line]:
        """Iterate over the rows of a grid but for headings, each with the table that it belongs to."""
        self.grid, self.heads = grid, set()
        rows: dict[int, list[int]] = {}
        for row, column in sorted(grid.cells):
            rows.setdefault(row, []).append(column)
        table: Table | None = None
        skip = legend = -1
        before = True
        for row, columns in rows.items():
            if row < skip:
                continue
            if found := self.table(row):
                table, skip, before = found, found.first, False
            elif table is None or row == legend or not self._fits(row, columns, table):
                if table is not None and (row == legend or _LEGEND.match(grid.cells[row, columns[0]].text)):
                    legend = row + 1
                yield Line(row, tuple(columns), before=before)
            else:
                yield Line(row, tuple(columns), table)

    def _fits(self, row: int, columns: Sequence[int], table: Table) -> bool:
        """Check whether a row belongs to a table: not a note below it, nor a heading across it."""
        text = self.grid.cells[row, columns[0]].text
        if (
            _NOTE.match(text)
            or row in (self.grid.prose or ())
            or not any(column in table.columns for column in columns)
        ):
            return False
        if len(columns) > 1 and titles.banner([self.grid.cells[row, column].text for column in columns], self.profile):
            return False
        if len({self.grid.merged.get((row, column), (row, column)) for column in columns}) > 1:
            return True
        heading, column = titles.heading(text, self.profile), table.columns.get(columns[0])
        return not heading or (
            column is not None and column.code == "level" and self.ranks[heading[0]] >= self.ranks[column.level]
        )

    def outline(self, grid: Grid) -> dict[int, str]:
        """Say which headings of running text are items of the plan, by row: those above tables, level below level."""
        self.grid = grid
        prose = grid.prose or {}
        chains: list[list[int]] = []
        deepest = len(self.ranks)
        stack: list[int] = []
        above: dict[int, list[int]] = {}
        for row in sorted({row for row, _ in grid.cells}):
            if prose.get(row):
                stack = [each for each in stack if prose[each] < prose[row]]
                above[row] = list(stack)
                stack.append(row)
            elif row not in prose and (found := self.table(row)):
                chains.append(list(stack))
                ranks = [self.ranks[each.level] for each in found.columns.values() if each.code == "level"]
                deepest = min([deepest, *ranks])
        on_chain = {row for chain in chains for row in chain}
        words = {row: said[0] for row in above if (said := titles.heading(grid.text(row, 0), self.profile))}
        depths = sorted({prose[row] for row in on_chain})
        while (
            len(depths) > 1
            and len(one := [row for row in on_chain if prose[row] == depths[0]]) == 1
            and not (words.keys() & set(one))
        ):
            depths.pop(0)  # the chapter that holds them all
        level: dict[int, int] = {}
        rank = -1
        for depth in depths:
            told = [self.ranks[words[row]] for row in words if prose[row] == depth]
            rank = min(told) if told else rank + 1
            if rank >= deepest:
                break
            level[depth] = rank
        codes = list(self.ranks)
        found_items: dict[int, str] = {}
        for row, over in above.items():
            inside = bool(over) and (over[-1] in found_items or (over[-1] in on_chain and prose[over[-1]] not in level))
            if prose[row] in level and (row in on_chain or row in words or inside):
                found_items[row] = codes[level[prose[row]]]
        return found_items

    # ------------------------------------------------------------------------------------------------------- headings

    def _width(self) -> int:
        return 1 + max((column for _, column in self.grid.cells), default=0)

    def _told(self, text: str) -> Meaning | None:
        return (self.mapping.get(_key([text])) or self.vocabulary.meaning(text)) if text else None

    def _known(self, row: int) -> dict[int, Meaning]:
        every = {column: self._told(self.grid.text(row, column)) for column in range(self._width())}
        return {column: each for column, each in every.items() if each}

    def _top(self, place: Place) -> Place:
        return self.grid.merged.get(place, place)

    def _heads(self, known: Mapping[int, Meaning], told: int) -> bool:
        """Check whether what is known of a row makes it headings: most of it, of two kinds at least."""
        kinds = {each.code + each.level for each in known.values() if each.code != YEARLY}
        named = any(each.code == "level" for each in known.values())
        figures = any(each.code in DATED or each.code == YEARLY for each in known.values())
        return 2 * len(known) >= told and (len(kinds) > 1 or bool(self.mapping)) and (named or figures)

    def table(self, row: int) -> Table | None:
        """Find the table whose headings begin in a row."""
        width, first = self._width(), row
        if row in (self.grid.prose or ()):
            return None
        known = self._known(row)
        core = {column for column, each in known.items() if each.code in {"name", "level"}}
        told = sum(bool(self.grid.text(row, column)) for column in range(width))
        if not core or not self._heads(known, told):
            nexts = self._known(row + 1)
            core = {column for column, each in nexts.items() if each.code in {"name", "level"}}
            if not core or len(nexts) < 2 or not self._groups(row, known):
                return None
            row += 1
        last = row
        while last - first + 1 < _MOST_HEADING_ROWS and self._continues(row, last + 1, core):
            last += 1
        return self._columns(first, last)

    def _groups(self, row: int, known: Mapping[int, Meaning]) -> bool:
        """Check whether a row says what the columns below have in common: 現状 and 目標, or spans across columns."""
        told = [column for column in range(self._width()) if self.grid.text(row, column)]
        if all(column in known for column in told) and any(each.code in {*DATED, YEARLY} for each in known.values()):
            return True
        tops = [self._top((row, column)) for column in told]
        spans = all(tops.count(top) > 1 or self._top((row + 1, top[1])) == top for top in tops)
        below = sum(bool(self.grid.text(row + 1, column)) for column in range(self._width()))
        return len(set(tops)) > 1 and spans and self._heads(self._known(row + 1), below)

    def _continues(self, first: int, row: int, core: set[int]) -> bool:
        """Check whether headings go on in a row: nothing of its own stands below what names a row."""
        text, width = self.grid.text, self._width()
        own = [column for column in range(width) if text(row, column) and self._top((row, column))[0] >= row]
        named = [column for column in core if text(row, column) and self._top((row, column))[0] > first]
        if not own or any(not self._below(text(row, column)) for column in named):
            return False
        return all(
            self._below(text(row, column)) or re.fullmatch(r"[（(].{1,8}[）)]", text(row, column)) for column in own
        )

    def _below(self, text: str) -> bool:
        return bool(_SUBHEADING.fullmatch(values.folded(text)) or self.vocabulary.meaning(text))

    def _columns(self, first: int, last: int) -> Table:
        """Say what the columns below some rows of headings mean."""
        keys: list[str] = []
        found: list[Meaning | None] = []
        group = ""
        for column in range(self._width()):
            texts: list[str] = []
            for row in range(first, last + 1):
                text = self.grid.text(row, column)
                if row == first and last > first:
                    below = self.grid.text(first + 1, column)
                    group = text = text or (group if below and self._below(below) else "")
                if text and text not in texts:
                    texts.append(text)
                if (row, column) in self.grid.cells:
                    self.heads.add((row, column))
            keys.append(_key(texts))
            found.append(self._meaning(texts))
            tops = [self._top((row, column)) for row in range(first, last + 1)]
            shared = column > 0 and tops == [self._top((row, column - 1)) for row in range(first, last + 1)]
            before, here = found[-2] if shared else None, found[-1]
            if before is not None and here is not None and before == here and here.code in {"level", "name"}:
                level = here.code == "level"  # one heading over a number and a title
                code, label = ("level-number", f"{here.label}の番号") if level else ("number", "番号")
                found[-2] = replace(before, code=code, label=label)
                keys[-2] = f"{keys[-2]}／番号"
            if here is not None and (here.code == "kind" or re.fullmatch("方向性?", texts[-1])):
                found[-1] = self._sort(column, last, here)
        columns = settled(found, self.profile)
        by_kind = any(each is not None and each.code == "kind" for each in columns)
        for key, each in zip(keys, columns, strict=True):
            if key and (each is None or (each.code == YEARLY and not by_kind)):
                self.unclear[key] = None
            elif key and each is not None:
                self.headings[key] = each.words()
        told = {at: each or Meaning("unclear", label=keys[at]) for at, each in enumerate(columns) if keys[at]}
        return Table(told, last + 1)

    def _sort(self, column: int, last: int, here: Meaning) -> Meaning | None:
        """Say what 区分 or 方向性 heads: whether a row is an aim or a result, or a level; which way to go."""
        words = [cell.text for (row, at), cell in self.grid.cells.items() if at == column and row > last]
        if any(values.folded(each) in sort for each in words for sort in SORTS.values()):
            return here
        if here.code != "kind":
            ways = all(each[:1] in "増上減下維↑↓→" for each in words)
            return Meaning("direction", label="方向") if ways else here
        found = next((said for each in words if (said := titles.heading(each, self.profile, bare=True))), None)
        label = next((level.label for level in self.profile.tree if found and level.code == found[0]), "")
        return Meaning("level", None, found[0], label) if found else None

    def _meaning(self, texts: Sequence[str]) -> Meaning | None:
        if not texts:
            return None
        if told := self.mapping.get(_key(texts)) or self.mapping.get(_key(texts[-1:])):
            return told
        tries = ["".join(texts)]
        if len(texts) > 1:
            if re.fullmatch(r"値|数値|数|指標値|数量", values.folded(texts[-1])):
                tries.append("".join(texts[:-1]))
            tries += [*("".join(texts[at:]) for at in range(1, len(texts))), texts[0]]
        return next((each for each in (self.vocabulary.meaning(text) for text in tries) if each), None)


def _key(texts: Sequence[str]) -> str:
    """Return the name of a column: its headings from above, without line breaks and blanks."""
    return "／".join("".join(text.split()) for text in texts)
