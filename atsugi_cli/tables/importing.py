"""Importing: the tables of an office as an edition. Every cell that holds something is in it, or in the list to check.

Nothing is guessed without a word: a heading that means nothing known, a value that is not understood and text beside
the tables are listed with sheet and address.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli import values
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Profile
from atsugi_cli.model import Number, Span
from atsugi_cli.tables import comparison, titles
from atsugi_cli.tables.blocks import Finder, Line, Table
from atsugi_cli.tables.grids import ERROR, Cell, Grid, Place
from atsugi_cli.tables.growing import Node, Tree, add, join
from atsugi_cli.tables.headings import Meaning
from atsugi_cli.tables.ledger import BESIDE, Ledger, Left, grouped
from atsugi_cli.tables.measures import LABELLED, NONE, Measures, Told, name_of
from atsugi_cli.tables.writing import lines, remark, said

_LEFT: Final = "同左"
_SAME: Final = frozenset({"〃", "同上", "々", "″", '"', _LEFT, "↓"})
_PLAN: Final = re.compile(
    r"(?:(?:令和|平成|[0-9]{4})[0-9０-９元]*年?度?\s*)?(.{2,}(?:計画|戦略|プラン|ビジョン))(?![のにをはがとで値名期策])[^\n]*"
)
_PERIOD: Final = re.compile(
    r"[【（(]?(?:(?:計画|対象|推進)の?期間)?[】）)]?[\s:：は]*(.+?)(?:です。?|とします。?)?[）)]?"
)
_SUM: Final = re.compile(r"(?:小|中|合|総|累)?\s*計|平均|合計[（(].*|.{0,20}(?:小計|合計)")


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
    work = _Work(grids, about, profile, mapping)
    compared = {grid.file for grid in grids if comparison.head_of(grid) is not None}
    for at, grid in enumerate(grids):
        work.take(at, grid, annex=grid.file in compared and comparison.head_of(grid) is None)
    return work.done()


class _Work:
    def __init__(self, grids: Sequence[Grid], about: About, profile: Profile, mapping: Mapping[str, Meaning]) -> None:
        self.about, self.profile = about, profile
        self.finder, self.ledger, self.tree = Finder(profile, mapping), Ledger(grids), Tree(profile)
        self.measures = Measures(self.tree, self.ledger, profile, about.period)
        self.title = about.title
        self.remarks: list[str] = []
        self.removed: list[dict[str, object]] = []
        self.rows = 0
        self.above: dict[int, str] = {}
        self.running: Node | None = None
        self.outline: Mapping[int, str] = {}
        self.grid: Grid

    # ------------------------------------------------------------------------------------------------------ sheets

    def take(self, at: int, grid: Grid, *, annex: bool = False) -> None:
        """Take in one sheet; of an annex of a comparison, which says the same once more, only the plan's name."""
        self._remarked(grid)
        self.ledger.turn_to(at, grid)
        self.grid, self.tree.path = grid, {}
        if (head := comparison.head_of(grid)) is not None:
            rows, removed = comparison.take(head, self.about.side, self.measures)
            self.rows, self.removed = self.rows + rows, [*self.removed, *removed]
        elif annex:
            for place, cell in grid.cells.items():
                if not self.title and grid.text(place[0], 0) == "計画" and place[1] == 1:
                    self.title = cell.text
                    self.ledger.use(place)
                else:
                    self.ledger.leave(place, "新旧対照表のシートから読んだので、このシートは使っていません")
        elif not sum([self._sheet(at, part) for part in self.finder.parts(grid)]) and grid.cells:
            where = grid.where((0, 0)).rpartition("　")[0] or grid.file
            self.remarks.append(f"{where}: 表の見出しが見つかりませんでした。")

    def _remarked(self, grid: Grid) -> None:
        """Say what people do not see of a sheet."""
        told = [f"「{grid.sheet}」は非表示のシートですが、読みました。"] if grid.hidden and grid.cells else []
        if any(row in grid.hidden_rows or column in grid.hidden_columns for row, column in grid.cells):
            told.append(f"「{grid.sheet}」に非表示の行か列があり、それも読みました。")
        if formulas := sum(cell.formula for cell in grid.cells.values()):
            told.append(f"「{grid.sheet}」の式{formulas}個は、計算された値を読みました。")
        self.remarks += [f"{grid.file}: {each}" for each in (*grid.remarks, *told)]

    def _sheet(self, at: int, grid: Grid) -> bool:
        """Take in the tables of a sheet, and what stands beside them; say whether there are any."""
        self.ledger.turn_to(at, grid)
        self.outline = self.finder.outline(grid) if grid.prose else {}
        self.grid, self.running, self.above, self.tree.path = grid, None, {}, {}
        self.measures.current = None
        table: Table | None = None
        for line in self.finder.lines(grid):
            if line.table is None:
                self._beside(line)
                continue
            if line.table is not table:
                table, self.running, self.measures.current = line.table, None, None
                self.measures.tables += 1
                self._tab(table)
            self.rows += 1
            self._row(line, table)
        self.ledger.use(*self.finder.heads)
        return table is not None or bool(self.finder.heads)

    def _tab(self, table: Table) -> None:
        """Enter the item that a sheet is called after, where its table names none of that level."""
        found = titles.heading(self.grid.sheet, self.profile)
        told = {each.level for each in table.columns.values()} | self.tree.path.keys()
        if found and not any(self.tree.ranks[code] <= self.tree.ranks[found[0]] for code in told if code):
            self.tree.enter(*found)
            self.remarks.append(f"{self.grid.file}: シートの名前「{self.grid.sheet}」を、項目の名称として読みました。")

    # --------------------------------------------------------------------------------------------------- beside tables

    def _beside(self, line: Line) -> None:
        """Take in a row beside the tables: the plan's name and period, a heading of the hierarchy, else nothing."""
        node = titles.banner([self.grid.cells[line.row, column].text for column in line.columns], self.profile)
        for column in line.columns:
            place, text = (line.row, column), self.grid.cells[line.row, column].text
            depth = (self.grid.prose or {}).get(line.row, 0)
            if code := self.outline.get(line.row, ""):
                self._enter(code, *titles.numbered(text, self.tree.levels[code]))
                self.running = self.tree.path[code]
            elif node:  # in one cell, or with its title in the next
                self._enter(*node)
                self.running = self.tree.path[node[0]] if self.grid.prose else self.running
            elif line.before and self.running is None and self._names_the_plan(line.row, column, text):
                continue
            elif line.before and not self.measures.period and (span := _period(text)):
                self.measures.period = span
            elif depth:
                self.running = Node("section", None, " ".join(text.split()))
                self.tree.root.kids.append(self.running)
            elif (
                self.running is not None and self.grid.prose and (text.endswith("。") or any(self.grid.prose.values()))
            ):
                join(self.running.data, "body", text)
            else:
                self.ledger.leave(place, BESIDE)
                continue
            self.ledger.use(place)
            self._struck(place)

    def _names_the_plan(self, row: int, column: int, text: str) -> bool:
        """Take in the name of the plan, and its period where that is told with it."""
        found = _PLAN.match(text) if len(text) < titles.LONGEST else None
        first = min(at for at, _ in self.grid.cells)
        if found is None or ((self.grid.prose or {}).get(row) and (row != first or titles.parts(f"{text[0]}-0"))):
            return False
        name = " ".join(found[1].split())
        period = next(filter(None, map(values.read_span, re.findall(r"[（(]([^（()）]+)[）)]", text))), None)
        if self.title and self.title != name and not period:
            return False
        self.ledger.use((row, column))
        spare = text[: found.start(1)].strip() or (text[found.end(1) :].strip() and not period)
        if spare or (self.title and self.title != name):
            self.ledger.leave((row, column), "計画名のほかの言葉は取り込んでいません")
        self.title, self.measures.period = self.title or name, self.measures.period or period
        return True

    # -------------------------------------------------------------------------------------------------------- rows

    def _row(self, line: Line, table: Table) -> None:
        row = line.row
        cells = self._told(line, table)
        named = {cell.text for _, each, place, cell in cells if each.code == "name" and place[0] == row}
        if cells and all(_SUM.fullmatch(text) for text in (cells[0][3].text, *named)):
            for column in line.columns:
                self.ledger.leave((row, column), "小計や合計の行は取り込みません")
            return
        fresh = self._levels(cells, table)
        rest = [each for each in cells if each[1].code not in {"level", "level-number"}]
        owner = self.tree.deepest()
        names = [each for each in rest if each[1].code == "name" and each[3].text not in NONE]
        kind = any(each[1].code == "kind" for each in rest)
        current = self.measures.current
        if len(names) > 1:
            self._beside_each_other(row, table, rest, names)
        elif names and (names[0][2][0] == row or current is None or current.get("_of") is not owner):
            self.measures.take(owner, rest)
        elif names or (kind and current is not None and not fresh):
            self.measures.more(rest)
        else:
            self._of_item(row, owner, rest)
        if self.measures.current is not None and names:
            self.measures.current["_of"] = owner
        for _, each, place, cell in cells:
            if cell.note and place[0] == row:
                self._comment(cell, each)
        for column in line.columns:
            self._struck((row, column))
            if not self.grid.cells[row, column].text and self.grid.cells[row, column].note:
                self.ledger.leave((row, column), "空のセルに付いたコメントです")

    def _beside_each_other(self, row: int, table: Table, rest: Sequence[Told], names: Sequence[Told]) -> None:
        """Take in the indicators of a row, each below the item that stands at its left."""
        levels = {column: each.level for column, each in table.columns.items() if each.code == "level"}
        apart = any(names[0][0] < column < names[-1][0] for column in levels)
        own = {each[0]: name_of(each, names) for each in rest}
        for name in names:
            if name[2][0] < row:
                continue
            above = [code for column, code in levels.items() if column < name[0] and code in self.tree.path]
            owner = self.tree.path[max(above, key=self.tree.ranks.__getitem__)] if above else self.tree.deepest()
            last = name is names[-1]
            self.measures.take(
                owner,
                [each for each in rest if own[each[0]] == name[0] or (own[each[0]] is None and (last or not apart))],
            )

    def _told(self, line: Line, table: Table) -> list[Told]:
        """Return what a row says, column by column."""
        cells: list[Told] = []
        for column, each in table.columns.items():
            place = self.grid.merged.get((line.row, column), (line.row, column))
            cell = self.grid.cells.get(place)
            if cell is None:
                continue
            own = place == (line.row, column)
            if each.code == "unused" or ERROR.fullmatch(cell.text):
                if own:
                    why = "使わないと決めた列です" if each.code == "unused" else "式のエラーなので、取り込んでいません"
                    self.ledger.leave(place, why)
                continue
            if own and cell.text:
                self.ledger.use(place)
            if cell.text in _SAME and each.code != "level":
                same = cells[-1][3].text if cell.text == _LEFT and cells else self.above.get(column, "")
                cell = replace(cell, text=same or cell.text)
            if cell.text:
                self.above[column] = cell.text
                cells.append((column, each, place, cell))
        for column in line.columns:
            if column not in table.columns:
                self.ledger.leave((line.row, column), "見出しのない列です")
        return cells

    def _struck(self, place: Place) -> None:
        cell = self.grid.cells[place]
        if cell.struck:
            self.ledger.leave(
                place, "取り消し線の引かれた言葉は、取り込んでいません", cell.struck, kept=bool(cell.text)
            )

    def _comment(self, cell: Cell, each: Meaning) -> None:
        if each.level in self.tree.path:
            target = self.tree.path[each.level].data
        else:
            target = self.measures.current if self.measures.current is not None else self.tree.deepest().data
        join(target, "note", f"（{each.label}）{cell.note}")

    def _enter(self, code: str, number: Number, title: str, *, anywhere: bool = False) -> bool:
        fresh = self.tree.enter(code, number, " ".join(title.split()), anywhere=anywhere)
        if fresh:
            self.measures.current = None
        return fresh

    def _levels(self, cells: Sequence[Told], table: Table) -> bool:
        """Enter the items that a row names; a blank cell is the same as above, unless what it belongs to is new."""
        numbers = {
            each.level: (at, cell, titles.number(cell.text))
            for _, each, at, cell in cells
            if each.code == "level-number"
        }
        told = {each.level: (place, cell) for _, each, place, cell in cells if each.code == "level"}
        columns = {each.level for each in table.columns.values() if each.code == "level"}
        fresh = False
        for code in sorted(columns, key=self.tree.ranks.__getitem__):
            if code not in told or told[code][1].text in NONE:
                if fresh or code in told:
                    self.tree.leave(code)
                continue
            place, cell = told[code]
            if cell.text in _SAME:
                continue
            at, by, number = numbers.get(code, (place, cell, None))
            parts = titles.listed(cell.text) if number is None else []
            for part in parts or [cell.text]:
                read = titles.numbered(part, self.tree.levels[code])
                title = read[1] if number in {None, read[0]} else part
                fresh = self._enter(code, read[0] if number is None else number, title, anywhere=True) or fresh
            above = titles.parts(by.text)[:-1]
            known = [each.number for each in self.tree.above(code)][-len(above) :] if above else []
            if above != known and at[0] == place[0]:
                self.ledger.leave(at, "番号の上の桁は取り込んでいません", kept=True)
            if parts:
                why = f"一つのセルに{len(parts)}つの{self.tree.levels[code].label}がありました。"
                self.ledger.leave(place, f"{why}指標と担当は最後のものに付けました", kept=True)
        for place, cell, number in numbers.values():
            if number is None or cell.day:
                self.ledger.leave(place, "Excelが日付に変えた番号のようです" if cell.day else "番号として読めません")
        return fresh

    def _of_item(self, row: int, owner: Node, rest: Sequence[Told]) -> None:
        """Take in what a row says of its item, where it names no indicator."""
        for _, each, place, cell in rest:
            if place[0] != row or cell.text in NONE:
                continue
            if owner is self.tree.root:
                self.ledger.leave(place, "何についてのものか分かりません")
            elif each.code == "owner":
                add(owner.data, "owners", *titles.owners(cell.text))
            elif each.code in {"note", "definition"}:
                join(owner.data, "note", cell.text)
            elif each.code in LABELLED:
                join(owner.data, "note", f"{each.label}：{cell.text}")
            elif each.code == "body":
                join(owner.data, "body", cell.text)
            else:
                self.measures.aside(place, each, "指標名のない行です")

    # ------------------------------------------------------------------------------------------------------ result

    def done(self) -> Imported:
        """Write what was taken in as an edition, with the list of what is to be checked below it."""
        data = self._edition()
        files = "、".join(dict.fromkeys(said(grid.file) for grid in self.ledger.grids))
        text = [
            "# yaml-language-server: $schema=../../schemas/strategy.schema.json",
            f"# {files} から strategy import で作りました。",
            *lines(data),
        ]
        left = self.ledger.close()
        if left:
            text += ["", "# 表のうち、確かめていただきたいセル（直したら消してください）"]
            text += [remark(f"{where} {why}: {words}") for where, why, words in grouped(left)]
        years = self.measures.years
        return Imported(
            "\n".join([*text, ""]),
            self.rows,
            self.measures.number,
            left,
            self.finder.headings,
            tuple(self.finder.unclear),
            tuple(dict.fromkeys(self.remarks)),
            tuple(self.tree.missing),
            self.measures.period or ((min(years), max(years)) if years else None),
            frozenset(self.ledger.used),
        )

    def _edition(self) -> dict[str, object]:
        about, years = self.about, self.measures.years
        plan: dict[str, object] = {"id": about.plan, "title": self.title}
        if not self.title:
            plan["title"] = self.tree.doubt("（計画名）", "表に計画名がありません（--title で指定できます）")
        if about.city:
            plan["municipality"] = about.city
        first, last = self.measures.period or (min(years, default=2000), max(years, default=2000))
        plan["period"] = {"start": first, "end": last}
        if not self.measures.period:
            why = "表に計画期間がないので、表にある年の最初と最後を書きました（--period で指定できます）"
            plan["period"] = self.tree.doubt(plan["period"], why)
        targets, items = self.tree.written()
        edition: dict[str, object] = {"id": about.edition, "label": "現行", "stage": "draft"}
        if self.removed:
            edition["removed"] = self.removed
        return {"format": 1, "plan": {**plan, **targets}, "edition": edition, **items}


def _period(text: str) -> Span | None:
    """Read a cell that says nothing but the period of a plan: 計画期間：令和7～11年度."""
    found = _PERIOD.fullmatch(text) if len(text) < titles.LONGEST else None
    return values.read_span(found[1]) if found else None
