"""Importing: the tables of an office as an edition. Every cell that holds something is in it, or in the list to check.

Nothing is guessed without a word: a heading that means nothing known, a value that is not understood and text beside
the tables are listed with sheet and address.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli import values
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import SECTION, Profile
from atsugi_cli.model import Number, Span, Year
from atsugi_cli.tables import comparison, titles
from atsugi_cli.tables.grids import Cell, Grid, Place, letters
from atsugi_cli.tables.headings import (
    DATED,
    YEARLY,
    Headings,
    Meaning,
    settled,
)
from atsugi_cli.tables.writing import Doubt, lines, remark, said

_MOST_HEADING_ROWS: Final = 3
_SAME: Final = frozenset({"〃", "同上", "々", "″", '"', "同左", "↓"})
_RECKONED: Final = ("aggregation", "span", "printed", "note")
LONGEST_TITLE: Final = 120
_ORDER: Final = (
    "id", "same-as", "name", "unit", "definition", "source", "direction", "basis", "aggregation", "span", "baseline",
    "current", "targets", "target", "actuals", "breakdown", "owners", "note", "omitted", "_of",
)  # fmt: skip
_AIMS: Final = frozenset({"目標", "目標値", "計画", "計画値", "目標数値"})
_RESULTS: Final = frozenset({"実績", "実績値", "結果"})
_BASES: Final = frozenset({"基準", "基準値", "現状", "現状値"})
_SUBHEADING: Final = re.compile(r"(?:年度?|年次|時点|値|数値|数|指標値|数量|単位|年月)")
_PLAN: Final = re.compile(r"(.{2,}(?:計画|戦略|プラン|ビジョン))[^\n]*")


Told = tuple[int, Meaning, Place, Cell]
"""What a row says in one column: the column, what it means, the place of the cell, and the cell."""


@frozen
class About:
    """What is known of the plan besides its tables."""

    plan: str = "plan"
    edition: str = "first"
    title: str = ""
    city: str = ""
    period: Span | None = None
    side: str = "new"
    """The side of a comparison that is taken in."""


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


@frozen
class Imported:
    """An edition that was made of tables; `unclear` are headings whose meaning nobody has said."""

    text: str
    rows: int
    indicators: int
    left: tuple[Left, ...]
    headings: Mapping[str, str]
    unclear: tuple[str, ...]
    remarks: tuple[str, ...]
    missing: tuple[str, ...]
    """What the tables do not say of the plan."""
    period: Span | None
    """From the first to the last year that is known; None where none is."""
    used: frozenset[tuple[int, Place]]
    """The grid and place of what is in the edition, or heads it."""


def imported(grids: Sequence[Grid], about: About, profile: Profile, mapping: Mapping[str, Meaning]) -> Imported:
    """Make an edition of tables; `mapping` settles the meaning of headings."""
    work = _Work(about, profile, mapping)
    compared = {grid.file for grid in grids if comparison.head_of(grid) is not None}
    for at, grid in enumerate(grids):
        work.take(at, grid, annex=grid.file in compared and comparison.head_of(grid) is None)
    return work.done(grids)


class _Node:
    """An item while it grows."""

    def __init__(self, level: str, number: Number = None, title: str = "", omitted: bool = False) -> None:  # noqa: FBT001, FBT002
        self.level, self.number, self.title, self.omitted = level, number, title, omitted
        self.data: dict[str, object] = {}
        self.kids: list[_Node] = []
        self.indicators: dict[str, list[dict[str, object]]] = {}


@frozen
class _Table:
    """A table in a grid: its columns with what they mean, and the first row below its headings."""

    columns: Mapping[int, Meaning]
    first: int


class _Work:
    def __init__(self, about: About, profile: Profile, mapping: Mapping[str, Meaning]) -> None:
        self.about, self.profile, self.mapping = about, profile, mapping
        self.vocabulary = Headings(profile)
        self.levels = {level.code: level for level in profile.tree}
        self.ranks = {code: rank for rank, code in enumerate(self.levels)}
        self.root = _Node("plan")
        self.path: dict[str, _Node] = {}
        self.left: list[Left] = []
        self.used: set[tuple[int, Place]] = set()
        self.headings: dict[str, str] = {}
        self.unclear: dict[str, None] = {}
        self.remarks: list[str] = []
        self.missing: list[str] = []
        self.rows = self.number = 0
        self.ids: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.title, self.period = about.title, about.period
        self.current: dict[str, object] | None = None
        self.years: set[int] = set()
        self.at = 0
        self.above: dict[int, str] = {}
        self.running: _Node | None = None
        self.turned: set[int] = set()
        self.grid: Grid

    # ------------------------------------------------------------------------------------------------------ tables

    def take(self, at: int, grid: Grid, *, annex: bool = False) -> None:
        """Take in one sheet; of an annex of a comparison, which says the same once more, only the plan's name."""
        self.at, self.grid, self.path, self.current, self.above = at, grid, {}, None, {}
        self.running = None
        self.remarks += [f"{grid.file}: {each}" for each in grid.remarks]
        if grid.hidden and grid.cells:
            self.remarks.append(f"{grid.file}: 「{grid.sheet}」は非表示のシートですが、読みました。")
        hidden = [row for row in grid.hidden_rows if any(place[0] == row for place in grid.cells)]
        if hidden or any(place[1] in grid.hidden_columns for place in grid.cells):
            self.remarks.append(f"{grid.file}: 「{grid.sheet}」に非表示の行か列があり、それも読みました。")
        formulas = sum(cell.formula for cell in grid.cells.values())
        if formulas:
            self.remarks.append(f"{grid.file}: 「{grid.sheet}」の式{formulas}個は、計算された値を読みました。")
        if (head := comparison.head_of(grid)) is not None:
            self._comparison(head)
            return
        if annex:
            for place, cell in grid.cells.items():
                if not self.title and grid.at(place[0], 0) == Cell("計画") and place[1] == 1:
                    self.title = cell.text
                    self.used.add((at, place))
                    continue
                self._leave(place, "新旧対照表のシートから読んだので、このシートは使っていません")
            return
        if not self._has_headings(grid) and self._has_headings(turned := grid.turn()):
            grid = turned
            self.turned.add(at)
        self.grid = grid
        table: _Table | None = None
        by_row: dict[int, list[int]] = {}
        for row, column in sorted(grid.cells):
            by_row.setdefault(row, []).append(column)
        rows = list(by_row)
        skip = -1
        width = 1 + max((column for _, column in grid.cells), default=0)
        for row in rows:
            if row <= skip:
                continue
            found = self._table(row, width)
            if found is not None:
                table, skip = found, found.first - 1
                self.current = self.running = None
                continue
            if table is None or not self._fits(row, by_row[row], table):
                self._beside(row, by_row[row], before=table is None)
                continue
            self.rows += 1
            self._row(row, table, by_row[row])
        if table is None and grid.cells:
            self.remarks.append(
                f"{grid.where((0, 0)).rpartition('　')[0] or grid.file}: 表の見出しが見つかりませんでした。"
            )

    def _comparison(self, head: int) -> None:
        """Take in one side of a comparison that this program wrote."""
        self.used |= {(self.at, place) for place in self.grid.cells if place[0] <= head or place[1] <= 2}
        nodes: dict[tuple[str, ...], _Node] = {}
        for each in comparison.entries(self.grid, head, self.profile, self.about.side):
            if not isinstance(each, comparison.Entry):
                self._leave(each, "対照表の、取り込む側ではない欄です")
                continue
            self.rows += 1
            self.used |= {(self.at, each.place), (self.at, each.identity)}
            node = nodes.get(each.path)
            if each.code == "indicator":
                owner = node or self.root
                found, whole = ({"omitted": True}, True) if each.omitted else comparison.indicator(each.text)
                found = {"id": self._id("kpi"), **found}
                self.number += 1
                owner.indicators.setdefault(each.role, []).append(found)
                if not whole:
                    self._leave(each.place, "指標の値を読み切れませんでした")
                continue
            if node is None:
                code = "section" if each.code == "body" else each.code
                node = nodes[each.path] = _Node(
                    code, each.number, each.role if each.code == "body" else each.text, each.omitted
                )
                node.data["id"] = each.path[-1]
                (nodes.get(each.path[:-1]) or self.root).kids.append(node)
            if each.code == "body" and not each.omitted:
                had = str(node.data.get("body", ""))
                node.data["body"] = f"{had}\n{each.text}" if had else each.text

    def _text(self, row: int, column: int) -> str:
        cell = self.grid.at(row, column)
        return cell.text if cell else ""

    def _top(self, place: Place) -> Place:
        return self.grid.merged.get(place, place)

    def _known(self, row: int, width: int) -> dict[int, Meaning]:
        found = {}
        for column in range(width):
            if text := self._text(row, column):
                told = self.mapping.get(_key([text])) or (self.vocabulary.meaning(text))
                if told:
                    found[column] = told
        return found

    def _table(self, row: int, width: int) -> _Table | None:
        """Find the table whose headings begin in a row."""
        known = self._known(row, width)
        core = {column for column, each in known.items() if each.code in {"name", "level"}}
        if not core:
            nexts = self._known(row + 1, width) if known else {}
            every = all(column in known for column in range(width) if self._text(row, column))
            grouped = every and any(each.code in DATED or each.code == YEARLY for each in known.values())
            nexts_core = any(each.code in {"name", "level"} for each in nexts.values())
            if not (grouped and nexts_core and len(nexts) >= 2):
                return None
            core = {column for column, each in nexts.items() if each.code in {"name", "level"}}
            last = row + 1
        elif not self._heads(known, sum(bool(self._text(row, column)) for column in range(width))):
            return None
        else:
            last = row
        while last - row + 1 < _MOST_HEADING_ROWS and self._continues(row, last + 1, width, core):
            last += 1
        return self._columns(row, last, width)

    def _has_headings(self, grid: Grid) -> bool:
        """Check whether some row of a grid heads a table."""
        self.grid = grid
        rows: dict[int, int] = {}
        for row, _ in grid.cells:
            rows[row] = rows.get(row, 0) + 1
        width = 1 + max((column for _, column in grid.cells), default=0)
        return any(self._heads(self._known(row, width), told) for row, told in rows.items() if told > 1)

    def _heads(self, known: Mapping[int, Meaning], told: int) -> bool:
        """Check whether what is known of a row makes it headings: most of it, of two kinds at least."""
        kinds = {each.code + each.level for each in known.values() if each.code != YEARLY}
        named = any(each.code == "level" for each in known.values())
        figures = any(each.code in DATED or each.code == YEARLY for each in known.values())
        return 2 * len(known) >= told and (len(kinds) > 1 or bool(self.mapping)) and (named or figures)

    def _continues(self, first: int, row: int, width: int, core: set[int]) -> bool:
        """Check whether headings go on in a row: nothing of its own stands below what names a row."""
        own = [column for column in range(width) if self._text(row, column) and self._top((row, column))[0] >= row]
        if not own or any(self._text(row, column) and self._top((row, column))[0] > first for column in core):
            return False
        return all(
            _SUBHEADING.fullmatch(values.folded(text))
            or self.vocabulary.meaning(text)
            or re.fullmatch(r"[（(].{1,8}[）)]", text)
            for text in (self._text(row, column) for column in own)
        )

    def _columns(self, first: int, last: int, width: int) -> _Table:
        """Say what the columns below some rows of headings mean."""
        keys: list[str] = []
        found: list[Meaning | None] = []
        group = ""
        for column in range(width):
            texts: list[str] = []
            for row in range(first, last + 1):
                text = self._text(row, column)
                if row == first and last > first:
                    below = self._text(first + 1, column)
                    bare = (
                        not text
                        and below
                        and (_SUBHEADING.fullmatch(values.folded(below)) or self.vocabulary.meaning(below))
                    )
                    group = text or (group if bare else "")
                    text = group
                if text and text not in texts:
                    texts.append(text)
                if (row, column) in self.grid.cells:
                    self.used.add((self.at, (row, column)))
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
        columns = settled(found, self.profile)
        by_kind = any(each is not None and each.code == "kind" for each in columns)
        for key, each in zip(keys, columns, strict=True):
            if key and (each is None or (each.code == YEARLY and not by_kind)):
                self.unclear[key] = None
            elif key and each is not None:
                self.headings[key] = each.words()
        return _Table(
            {at: each or Meaning("unclear", label=keys[at]) for at, each in enumerate(columns) if keys[at]}, last + 1
        )

    def _meaning(self, texts: Sequence[str]) -> Meaning | None:
        if not texts:
            return None
        if told := self.mapping.get(_key(texts)) or self.mapping.get(_key(texts[-1:])):
            return told
        tries = ["".join(texts)]
        if len(texts) > 1:
            if re.fullmatch(r"値|数値|数|指標値|数量", values.folded(texts[-1])):
                tries.append("".join(texts[:-1]))
            tries += [texts[-1], texts[0]]
        return next((each for each in (self.vocabulary.meaning(text) for text in tries) if each), None)

    # -------------------------------------------------------------------------------------------------------- rows

    def _leave(self, place: Place, why: str) -> None:
        cell = self.grid.cells.get(place)
        if cell is not None:
            grid, place_there = (self.grid.turn(), place[::-1]) if self.grid.turned else (self.grid, place)
            self.left.append(Left(grid, place_there, cell.text or cell.note, why))
            self.used.discard((self.at, place))

    def _beside(self, row: int, columns: Sequence[int], *, before: bool) -> None:
        """Take in a row beside the tables: the plan's name and period, a heading of the hierarchy, else nothing."""
        for column in columns:
            cell = self.grid.cells[row, column]
            if (node := self._heading(cell.text)) and len(columns) == 1:
                self._enter(*node)
                self.used.add((self.at, (row, column)))
                continue
            if before and self.running is None and self._names_the_plan(row, column, cell.text):
                continue
            if row in self.grid.headings or self.running is not None:
                self._running(row, cell.text)
                continue
            self._leave((row, column), "表の外の文字です")

    def _names_the_plan(self, row: int, column: int, text: str) -> bool:
        """Take in the name of the plan, and its period where that is told with it."""
        found = _PLAN.match(text) if len(text) < LONGEST_TITLE else None
        first = min(at for at, _ in self.grid.cells)
        if found is None or (row in self.grid.headings and row != first):
            return False
        name = " ".join(found[1].split())
        period = next(filter(None, map(values.read_span, re.findall(r"[（(]([^（()）]+)[）)]", text))), None)
        if self.title and self.title != name and not period:
            return False
        self.used.add((self.at, (row, column)))
        if (self.title and self.title != name) or (text[found.end(1) :].strip() and not period):
            self._leave((row, column), "計画名のほかの言葉は取り込んでいません")
        self.title, self.period = self.title or name, self.period or period
        return True

    def _running(self, row: int, text: str) -> None:
        """Take in running text of a Word file: a heading begins a section, what follows is its body."""
        place = (row, 0)
        if row in self.grid.headings:
            self.running = _Node("section", None, " ".join(text.split()))
            self.root.kids.append(self.running)
        elif self.running is not None:
            _join(self.running.data, "body", text)
        self.used.add((self.at, place))

    def _fits(self, row: int, columns: Sequence[int], table: _Table) -> bool:
        """Check whether a row belongs to a table: not a note below it, nor a heading across it."""
        if not any(column in table.columns for column in columns):
            return False
        texts = {self._top((row, column)) for column in columns}
        if len(texts) > 1:
            return True
        text = self.grid.cells[row, columns[0]].text
        heading, column = self._heading(text), table.columns.get(columns[0])
        if heading and (column is None or column.code != "level" or self.ranks[heading[0]] < self.ranks[column.level]):
            return False
        return not re.match(r"[※＊*]|[(（]?注|備考[:：]|出典[:：]|資料[:：]", text)

    def _heading(self, text: str) -> tuple[str, Number, str] | None:
        """Read a heading that names its level and number: 基本目標1　転入促進."""
        for level in self.profile.tree:
            names = "|".join(map(re.escape, {level.label, *titles.USUAL.get(level.code, ())}))
            if found := re.match(rf"[【■●◆○◎□]?\s*(?:{names})\s*[0-9０-９①-⑳Ⅰ-Ⅻ(（]", text):
                number, title = titles.numbered(text[found.start() :].strip("【】■●◆○◎□ 　"), level)
                if number is not None and title and len(title) < 100 and "\n" not in title:
                    return level.code, number, title
        return None

    def _row(self, row: int, table: _Table, columns: Sequence[int]) -> None:
        numbers: dict[str, Number] = {}
        day_numbers: list[Place] = []
        cells: list[Told] = []
        for column, each in table.columns.items():
            place = self._top((row, column))
            cell = self.grid.cells.get(place)
            if cell is None or each.code == "unused":
                if cell is not None and place == (row, column):
                    self._leave(place, "使わないと決めた列です")
                continue
            if place == (row, column) and cell.text:
                self.used.add((self.at, place))
            if cell.text in _SAME and each.code != "level" and column in self.above:
                cell = replace(cell, text=self.above[column])
            if cell.text:
                self.above[column] = cell.text
                cells.append((column, each, place, cell))
        for column in columns:
            if column not in table.columns:
                self._leave((row, column), "見出しのない列です")
        for _, each, place, cell in cells:
            if each.code == "level-number":
                number = titles.number(cell.text)
                if number is None:
                    self._leave(place, "番号として読めません")
                numbers[each.level] = number
                if cell.day:
                    day_numbers.append(place)
        fresh = self._levels([each for each in cells if each[1].code == "level"], numbers, table)
        for place in day_numbers:
            self._leave(place, "Excelが日付に変えた番号のようです")
        rest = [each for each in cells if each[1].code not in {"level", "level-number"}]
        owner = self._deepest()
        names = [each for each in rest if each[1].code == "name"]
        kind = next((each for each in rest if each[1].code == "kind"), None)
        if names and (names[0][2][0] == row or self.current is None or self.current.get("_of") is not owner):
            self._indicators(owner, rest)
        elif (
            (names and kind is not None)
            or (names and names[0][2][0] < row)
            or (kind is not None and self.current is not None and not fresh)
        ):
            self._more(rest)
        else:
            self._of_item(row, owner, rest)
        if self.current is not None and names:
            self.current["_of"] = owner
        for _, each, place, cell in cells:
            if cell.note and place[0] == row:
                self._comment(cell, each)
        for column in columns:
            cell = self.grid.cells[row, column]
            if not cell.text and cell.note:
                self._leave((row, column), "空のセルに付いたコメントです")

    def _comment(self, cell: Cell, each: Meaning) -> None:
        if each.level in self.path:
            target = self.path[each.level].data
        else:
            target = self.current if self.current is not None else self._deepest().data
        _join(target, "note", f"（{each.label}）{cell.note}")

    def _levels(self, cells: Sequence[Told], numbers: Mapping[str, Number], table: _Table) -> bool:
        """Enter the items that a row names; a blank cell is the same as above, unless what it belongs to is new."""
        fresh = False
        told = {each.level: (place, cell) for _, each, place, cell in cells}
        for code in sorted(
            {each.level for each in table.columns.values() if each.code == "level"}, key=lambda code: self.ranks[code]
        ):
            if code not in told:
                if fresh:
                    self.path.pop(code, None)
                continue
            place, cell = told[code]
            if cell.text in _SAME:
                continue
            if cell.text in {"－", "-", "―", "—", "なし"}:
                self.path.pop(code, None)
                continue
            level = self.levels[code]
            number, title = (None, cell.text) if numbers.get(code) is not None else titles.numbered(cell.text, level)
            parts = titles.listed(cell.text) if number is None else []
            before = self.path.get(code)
            for part in parts or [cell.text]:
                if parts:
                    number, title = titles.numbered(part, level)
                self._enter(code, numbers.get(code, number), " ".join(title.split()), table)
            if parts:
                self._leave(
                    place, f"一つのセルに{len(parts)}つの{level.label}がありました。指標と担当は最後のものに付けました"
                )
                self.used.add((self.at, place))
            fresh = fresh or self.path.get(code) is not before
        return fresh

    def _enter(self, code: str, number: Number, title: str, table: _Table | None = None) -> None:
        """Go to an item, which may be there already."""
        above = [self.path[each] for each in self.ranks if self.ranks[each] < self.ranks[code] and each in self.path]
        omitted = title == self.profile.table.omission
        node = None
        if above or table is None or self.ranks[code] == 0:
            parent = above[-1] if above else self.root
        else:
            same = [each for each in _walk(self.root) if each.level == code and _alike(each.title, title)]
            node, parent = (same[0] if len(same) == 1 else None), self.root
        node = node or next(
            (
                each
                for each in parent.kids
                if each.level == code
                and (
                    (omitted and each.omitted and each.number == number) or (not omitted and _alike(each.title, title))
                )
                and (number is None or each.number is None or each.number == number)
            ),
            None,
        )
        if node is None:
            node = _Node(code, number, "" if omitted else title, omitted)
            parent.kids.append(node)
        node.number = node.number if node.number is not None else number
        if self.path.get(code) is node:
            return
        self.current = None
        self.path = {each: found for each, found in self.path.items() if self.ranks[each] < self.ranks[code]}
        self.path[code] = node

    def _deepest(self) -> _Node:
        return self.path[max(self.path, key=lambda code: self.ranks[code])] if self.path else self.root

    def _of_item(self, row: int, owner: _Node, rest: Sequence[Told]) -> None:
        """Take in what a row says of its item, where it names no indicator."""
        for _, each, place, cell in rest:
            if place[0] != row:
                continue
            if owner is self.root:
                self._leave(place, "何についてのものか分かりません")
            elif each.code == "owner":
                _add(owner.data, "owners", titles.owners(cell.text))
            elif each.code in {"note", "definition"}:
                _join(owner.data, "note", cell.text)
            elif each.code == "body":
                _join(owner.data, "body", cell.text)
            else:
                self._aside(place, each, "指標名のない行です")

    def _aside(self, place: Place, each: Meaning, why: str) -> None:
        if each.code == "number":
            why = "通し番号は取り込みません"
        elif each.code in {"unclear", YEARLY}:
            why = (
                f"見出し「{each.label}」の意味が分かりません"
                if each.code == "unclear"
                else f"「{each.year}年度」が目標か実績か分かりません"
            )
        self._leave(place, why)

    def _indicators(self, owner: _Node, rest: Sequence[Told]) -> None:
        """Take in the indicator of a row, or those that share its cells line by line."""
        split = [cell.text.split("\n") for _, each, _, cell in rest if each.code in DATED]
        count = next(len(cell.text.split("\n")) for _, each, _, cell in rest if each.code == "name")
        if count == 1 or not split or any(len(each) != count for each in split):
            self._indicator(owner, rest)
            return
        for at in range(count):
            self._indicator(owner, [(*each[:3], _line(each[3], at, count)) for each in rest])

    def _indicator(self, owner: _Node, cells: Sequence[Told]) -> None:
        told = {each.code: cell.text for _, each, _, cell in cells}
        name = " ".join(told["name"].split())
        found: dict[str, object] = {"id": self._id("kpi"), "name": name}
        if name == self.profile.table.omission:
            found = {"id": found["id"], "omitted": True}
        unit = told.get("unit", "").replace("％", "%")
        if unit:
            found["unit"] = "none" if unit in {"－", "-", "―", "なし"} else unit
        elif bracket := re.fullmatch(r"(.+)[（(]([^（()）]{1,6})[）)]", name):
            reading = values.read(f"1{bracket[2]}")
            if reading and reading.unit == values.folded(bracket[2]):
                found["name"], found["unit"] = bracket[1].strip(), bracket[2]
        role = told.get("role", "")
        if role and "unit" not in found and "omitted" not in found and role != self.profile.label("breakdown", "内訳"):
            found["unit"] = "none"  # as this program prints it
        first = self.names.setdefault(str(found.get("name", "")), str(found["id"]))
        if name.endswith("（再掲）") and (first := self.names.get(name.removesuffix("（再掲）"), "")):
            found["name"], found["same-as"] = name.removesuffix("（再掲）"), first
        if role == self.profile.label("breakdown", "内訳") and self.current is not None:
            parts = self.current.setdefault("breakdown", [])
            if isinstance(parts, list):
                parts.append(found)
        else:
            level = self.levels.get(owner.level)
            key = level.indicators if level else "targets"
            roles = {self.profile.label("target", "数値目標"): "targets", self.profile.label("kpi", "KPI"): "kpis"}
            owner.indicators.setdefault(roles.get(role, key), []).append(found)
            self.current = found
        self.number += 1
        keep = self.current
        self.current = found
        self._more(cells)
        self.current = keep if role == self.profile.label("breakdown", "内訳") else found

    def _more(self, cells: Sequence[Told]) -> None:
        """Take in what the cells of a row say of the current indicator."""
        found = self.current
        if found is None:
            return
        years = {
            each.code.removesuffix("-year"): (place, cell.text)
            for _, each, place, cell in cells
            if each.code.endswith("-year")
        }
        if way := next((cell.text for _, each, _, cell in cells if each.code == "aggregation"), ""):
            self._reckoned(found, way, next(place for _, each, place, _ in cells if each.code == "aggregation"))
        own = any(each.code == "role" for _, each, _, _ in cells)  # the words of this program
        if own and years and all(re.search(r"[0-9元)）]年\Z", text) for _, text in years.values()):
            found["basis"] = "calendar"
        kind = next((values.folded(cell.text) for _, each, _, cell in cells if each.code == "kind"), "")
        dated: dict[str, dict[str, object]] = {}
        for code, (place, text) in years.items():
            dated[code] = self._when(text)
            if not dated[code] and values.folded(text) not in {"-", ""}:
                self._leave(place, "年として読めません")
        for order in ("baseline", "current", "target", "actual", ""):
            for _, each, place, cell in cells:
                code = each.code
                if code in {YEARLY, "unclear"} and kind:
                    code = (
                        "target"
                        if kind in _AIMS
                        else "actual"
                        if kind in _RESULTS
                        else "baseline"
                        if kind in _BASES
                        else code
                    )
                    code = code if each.year is not None else each.code
                if code == order:
                    self._figure(found, code, place, cell, each.year, dated.get(code, {}))
                elif not order and code not in DATED:
                    self._plain(found, code, each, place, cell, kind)
        for code, when in dated.items():
            key = "actuals" if code == "actual" else code
            if when and key not in found and code != "actual":
                found[key] = {**when, "status": "not-given"}
        self._order(found)

    def _plain(self, found: dict[str, object], code: str, each: Meaning, place: Place, cell: Cell, kind: str) -> None:
        if code == "owner":
            _add(found, "owners", titles.owners(cell.text))
        elif code in {"definition", "source"}:
            _once(found, code, " ".join(cell.text.split()))
        elif code in {"note", "reason"}:
            _join(found, "note", cell.text)
        elif code == "body":
            if self._deepest() is self.root:
                _join(found, "note", cell.text)
            elif cell.text not in str(self._deepest().data.get("body", "")):
                _join(self._deepest().data, "body", cell.text)
        elif code == "direction":
            words = {
                "増": "increase",
                "上": "increase",
                "↑": "increase",
                "減": "decrease",
                "下": "decrease",
                "↓": "decrease",
                "維": "maintain",
                "→": "maintain",
            }
            if way := next((code for word, code in words.items() if cell.text.startswith(word)), ""):
                found["direction"] = way
            else:
                self._leave(place, "方向として読めません")
        elif code == "kind" and kind not in _AIMS | _RESULTS | _BASES:
            self._leave(place, "区分として読めません")
        elif code == "role":
            if cell.text not in {
                self.profile.label(key, word)
                for key, word in (("target", "数値目標"), ("kpi", "KPI"), ("breakdown", "内訳"))
            }:
                _join(found, "note", f"{each.label}: {cell.text}")
        elif code == "id":
            if re.fullmatch(r"[a-z0-9][a-z0-9-]*", cell.text):
                found["id"] = cell.text
            else:
                self._leave(place, "idに使えない文字です")
        elif code in {"number", "unclear", YEARLY}:
            self._aside(place, each, "")

    def _reckoned(self, found: dict[str, object], text: str, place: Place) -> None:
        reading = values.read(f"1（{text}）", period=self.period)
        value = reading.value if reading else None
        if value is None or not value.aggregation or value.note:
            if values.folded(text) not in {"-", "単年", "単年度"}:
                self._leave(place, "集計方法として読めません")
            return
        found["aggregation"] = value.aggregation
        if value.span:
            found["span"] = list(value.span)

    def _when(self, text: str) -> dict[str, object]:
        """Read the year of a value, or the years over which it is reckoned."""
        year = values.read_when(text)
        if year is None and (western := re.fullmatch(r"\S{2,4}[（(]([0-9]{4})[)）]年度?", text)):
            year = int(western[1])  # 平成32(2020)年: an era that ended before
        if year is not None:
            return {"year": year}
        reading = values.read(f"1（{' '.join(text.split())}）", period=self.period)
        if reading is None or reading.value.note or not reading.value.aggregation:
            return {}
        return {key: told for key, told in values.fields(reading.value) if key in {"year", "aggregation", "span"}}

    def _figure(
        self, found: dict[str, object], code: str, place: Place, cell: Cell, year: Year, when: Mapping[str, object]
    ) -> None:
        """Read a value into its key; what is not understood stays as text, to be checked."""
        if place != self._top(place):
            return
        if year is not None:
            when = {}
        else:
            year = when.get("year")  # type: ignore[assignment]
        unit = str(found.get("unit", ""))
        base = found.get("baseline")
        base = base.data if isinstance(base, Doubt) else base
        base_year = base.get("year") if isinstance(base, dict) else None
        text = " ".join(cell.text.split())
        reading = None if cell.day else values.read(text, unit, self.period, base_year, year)
        if reading is not None and not unit and reading.unit:
            found["unit"] = reading.unit
        elif reading is not None and reading.unit not in {"", unit, values.folded(unit)}:
            reading = None
        told = dict(values.fields(reading.value)) if reading is not None else {"text": text}
        if reading is not None and year is not None and told.get("year", year) != year:
            reading, told = None, {"text": text}
        told = {"year": year, **when, **told}
        order = ("year", *(key for key in told if key not in {"year", *_RECKONED}), *_RECKONED)
        data = {key: told[key] for key in order if told.get(key) is not None}
        value: object = data
        if reading is None:
            why = f"元の表記「{text}」（{self.grid.where(place)}）" + (
                "。Excelが日付に変えたようです" if cell.day else ""
            )
            value = Doubt(data, why)
            self._leave(
                place,
                "値として読み切れず、文字のまま入れました"
                if not cell.day
                else "日付になっています。元の値を確かめてください",
            )
            self.used.add((self.at, place))
        elif reading.before is not None:
            before = dict(values.fields(reading.before))
            if code != "baseline" and "baseline" not in found:
                found["baseline"] = before
            else:
                value = Doubt(data, f"元の表記「{text}」（{self.grid.where(place)}）")
        if code == "actual" and self.period and isinstance(year, int) and year < self.period[0]:
            _join(found, "note", f"{year}年度の実績値 {text}")
            self._leave(place, "計画期間の前の実績値なので、備考に入れました")
            self.used.add((self.at, place))
            return
        if isinstance(data.get("year"), int):
            self.years.add(int(str(data["year"])))
        if code == "actual":
            _add(found, "actuals", [value])
        elif code in found and code == "target":
            _add(found, "targets", [found.pop("target")])
            found["target"] = value
        else:
            found[code] = value

    def _order(self, found: dict[str, object]) -> None:
        """Set the keys in their usual order, the last of the targets as the target."""
        every = [*_list(found.pop("targets", None)), *_list([found.pop("target")] if "target" in found else None)]
        if len(every) > 1:
            every.sort(key=lambda each: str(_data(each).get("year", "")))
        if every:
            found["target"] = every[-1]
            if every[:-1]:
                found["targets"] = every[:-1]
        if any(isinstance(_data(found.get(key)).get("year"), str) for key in ("baseline", "current", "target")):
            found["basis"] = "date"
        for key in _ORDER:
            if key in found:
                found[key] = found.pop(key)

    # ------------------------------------------------------------------------------------------------------ result

    def _id(self, what: str) -> str:
        self.ids[what] = self.ids.get(what, 0) + 1
        return f"{what}-{self.ids[what]}"

    def done(self, grids: Sequence[Grid]) -> Imported:
        """Write what was taken in as an edition, with the list of what is to be checked below it."""
        data = self._edition()
        files = "、".join(dict.fromkeys(said(grid.file) for grid in grids))
        text = "\n".join(
            [
                "# yaml-language-server: $schema=../../schemas/strategy.schema.json",
                f"# {files} から strategy import で作りました。",
                *lines(data),
            ]
        )
        taken = {(at, place[::-1] if at in self.turned else place) for at, place in self.used}
        listed = {(each.grid.file, each.grid.sheet, each.place) for each in self.left}
        for at, grid in enumerate(grids):
            for place in grid.cells:
                if (at, place) not in taken and (grid.file, grid.sheet, place) not in listed:
                    self.left.append(
                        Left(
                            grid,
                            place,
                            grid.cells[place].text or grid.cells[place].note,
                            "どこにも取り込まれていません",
                        )
                    )
        left = tuple(self.left)
        if left:
            text += "\n\n# 表のうち、確かめていただきたいセル（直したら消してください）\n"
            text += "\n".join(remark(f"{where} {why}: {words}") for where, why, words in grouped(left))
        years = (min(self.years), max(self.years)) if self.years else None
        return Imported(
            text + "\n",
            self.rows,
            self.number,
            left,
            self.headings,
            tuple(self.unclear),
            tuple(dict.fromkeys(self.remarks)),
            tuple(self.missing),
            self.period or years,
            frozenset(taken),
        )

    def _edition(self) -> dict[str, object]:
        about = self.about
        plan: dict[str, object] = {"id": about.plan, "title": self.title}
        if not self.title:
            plan["title"] = self._missing("（計画名）", "表に計画名がありません（--title で指定できます）")
        if about.city:
            plan["municipality"] = about.city
        first, last = self.period or (min(self.years, default=2000), max(self.years, default=2000))
        plan["period"] = {"start": first, "end": last}
        if not self.period:
            why = "表に計画期間がないので、表にある年の最初と最後を書きました（--period で指定できます）"
            plan["period"] = self._missing(plan["period"], why)
        result: dict[str, object] = {
            "format": 1,
            "plan": plan,
            "edition": {"id": about.edition, "label": "現行", "stage": "draft"},
        }
        for key, found in self.root.indicators.items():
            plan[key] = [_without(each) for each in found]
        top = self.profile.tree[0]
        for level in (SECTION, *self.profile.cross):
            if beside := [self._item(node) for node in self.root.kids if node.level == level.code]:
                result[level.key] = beside
        loose = [node for node in self.root.kids if node.level in self.ranks and node.level != top.code]
        kids = [node for node in self.root.kids if node.level == top.code]
        if kids or loose:
            items: list[object] = [self._item(node) for node in kids]
            if loose:
                holder = _Node(top.code, None, "", omitted=True)
                holder.kids = loose
                items.append(self._missing(self._item(holder), f"元の表に{top.label}がありません"))
            result[top.key] = items
        return result

    def _missing(self, data: object, why: str) -> Doubt:
        """Note what the tables do not say."""
        self.missing.append(why)
        return Doubt(data, why)

    def _item(self, node: _Node) -> dict[str, object]:
        found: dict[str, object] = {"id": node.data.pop("id", None) or self._id(node.level)}
        if node.number is not None:
            found["number"] = node.number
        found |= {"omitted": True} if node.omitted else {"title": node.title}
        found |= node.data
        for key, each in node.indicators.items():
            found[key] = [_without(one) for one in each]
        for level in self.profile.tree:
            kids = [kid for kid in node.kids if kid.level == level.code]
            if kids:
                found[level.key] = [self._item(kid) for kid in kids]
        return found


def grouped(left: Sequence[Left]) -> Iterator[tuple[str, str, str]]:
    """Iterate over what is to be checked, cells of one column with one reason together: where, why, what it says."""
    groups: dict[tuple[str, str, int, str], list[Left]] = {}
    for each in left:
        groups.setdefault((each.grid.file, each.grid.sheet, each.place[1], each.why), []).append(each)
    for (_, _, column, why), found in groups.items():
        grid, first, last = found[0].grid, found[0].place, found[-1].place
        if len(found) == 1 or grid.rows is not None:
            for each in found:
                yield each.where, why, " ".join(each.text.split())
            continue
        where = f"{grid.where(first)}～{letters(column)}{last[0] + 1}の{len(found)}個"
        yield (
            where,
            why,
            "、".join(f"{letters(column)}{each.place[0] + 1}「{' '.join(each.text.split())}」" for each in found),
        )


def _line(cell: Cell, at: int, count: int) -> Cell:
    """Return one line of a cell that has so many; one with another number of lines is the same for all."""
    rows = cell.text.split("\n")
    return replace(cell, text=rows[at]) if len(rows) == count else cell


def _without(found: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in found.items() if key != "_of"}


def _walk(node: _Node) -> Iterator[_Node]:
    for kid in node.kids:
        yield kid
        yield from _walk(kid)


def _key(texts: Sequence[str]) -> str:
    """Return the name of a column: its headings from above, without line breaks and blanks."""
    return "／".join("".join(text.split()) for text in texts)


def _alike(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _data(value: object) -> dict[str, object]:
    data = value.data if isinstance(value, Doubt) else value
    return data if isinstance(data, dict) else {}


def _add(data: dict[str, object], key: str, more: Sequence[object]) -> None:
    had = _list(data.get(key))
    data[key] = had + [each for each in more if each not in had]


def _join(data: dict[str, object], key: str, text: str) -> None:
    had = str(data.get(key, ""))
    if text not in had.split("\n"):
        data[key] = f"{had}\n{text}" if had else text


def _once(data: dict[str, object], key: str, text: str) -> None:
    if key in data and data[key] != text:
        _join(data, "note", text)
    else:
        data[key] = text
