"""Measures: what the cells of a row say of an indicator: its name, unit, values by year, sections, remarks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli import values
from atsugi_cli.levels import Profile
from atsugi_cli.model import Span, Value, Year
from atsugi_cli.tables import titles
from atsugi_cli.tables.blocks import SORTS
from atsugi_cli.tables.grids import Cell, Place
from atsugi_cli.tables.growing import Data, Node, Tree, add, join, listed
from atsugi_cli.tables.headings import DATED, YEARLY, Meaning
from atsugi_cli.tables.ledger import Ledger
from atsugi_cli.tables.writing import Doubt

Told = tuple[int, Meaning, Place, Cell]
"""What a row says in one column: the column, what it means, the place of the cell, and the cell."""

NONE: Final = frozenset({"－", "-", "―", "—", "–", "なし"})
_RECKONED: Final = ("aggregation", "span", "printed", "note")
_ORDER: Final = (
    "id", "same-as", "name", "unit", "definition", "source", "direction", "basis", "aggregation", "span", "baseline",
    "current", "targets", "target", "actuals", "breakdown", "owners", "note", "omitted", "_of",
)  # fmt: skip
_AGAIN: Final = re.compile(r"\s*[【\[［(（]再掲[】\]］)）]\s*")
_WAYS: Final = {
    **dict.fromkeys("増上↑", "increase"), **dict.fromkeys("減下↓", "decrease"), **dict.fromkeys("維→", "maintain"),
}  # fmt: skip
_SUMS: Final = re.compile(r"累|延|計|通算|年間|合わせ")
LABELLED: Final = frozenset({"assessment", "issue", "outlook"})
"""What a section says of results; each stands with its own word."""


class Measures:
    """The indicators so far; `current` is the one that rows are read for."""

    def __init__(self, tree: Tree, ledger: Ledger, profile: Profile, period: Span | None) -> None:
        """Begin without any."""
        self.tree, self.ledger, self.profile, self.period = tree, ledger, profile, period
        self.current: Data | None = None
        self.names: dict[str, str] = {}
        self.begun: dict[tuple[int, str], tuple[Data, int]] = {}
        """The indicators of items by name, with the number of the table that began them."""
        self.tables = 0
        self.years: set[int] = set()
        self.number = 0

    def take(self, owner: Node, cells: Sequence[Told]) -> None:
        """Take in the indicator of a row; those that stand side by side, or share its cells line by line."""
        split = [cell.text.split("\n") for _, each, _, cell in cells if each.code in DATED]
        count = next(len(cell.text.split("\n")) for _, each, _, cell in cells if each.code == "name")
        if count == 1 or not split or any(len(each) != count for each in split):
            self._begin(owner, cells)
            return
        for at in range(count):
            self._begin(owner, [(*each[:3], _line(each[3], at, count)) for each in cells])

    def _begin(self, owner: Node, cells: Sequence[Told]) -> None:
        told = {each.code: cell.text for _, each, _, cell in cells}
        name = " ".join(told["name"].split())
        found: Data = {"id": self.tree.id("kpi"), **self.again({"name": name})}
        name = str(found["name"])
        if name == self.profile.table.omission:
            found = {"id": found["id"], "omitted": True}
        unit = told.get("unit", "").replace("％", "%")
        if unit:
            found["unit"] = "none" if unit in NONE else unit
        elif bracket := re.fullmatch(r"(.+)[（(](?:単位[:：])?([^（()）]{1,6})[)）]", name):
            reading = values.read(f"1{bracket[2]}")
            if reading and reading.unit == values.folded(bracket[2]):
                found["name"], found["unit"] = bracket[1].strip(), bracket[2].replace("％", "%")
        heads = {each.unit for _, each, _, _ in cells if each.unit}
        if len(heads) == 1:
            found.setdefault("unit", *heads)
        role = told.get("role", "")
        part = role == self.profile.label("breakdown", "内訳")
        if role and "unit" not in found and "omitted" not in found and not part:
            found["unit"] = "none"  # as this program prints it
        before, table = self.begun.get((id(owner), str(found.get("name"))), (found, self.tables))
        same = {str(each["unit"]) for each in (before, found) if "unit" in each}
        if table != self.tables and not part and len(same) < 2:
            self.current = before  # another table says more of it
            self.more(cells)
            return
        self.names.setdefault(str(found.get("name", "")), str(found["id"]))
        if part and self.current is not None:
            parts = self.current.setdefault("breakdown", [])
            if isinstance(parts, list):
                parts.append(found)
        else:
            level = self.tree.levels.get(owner.level)
            roles = {self.profile.label("target", "数値目標"): "targets", self.profile.label("kpi", "KPI"): "kpis"}
            owner.indicators.setdefault(roles.get(role, level.indicators if level else "targets"), []).append(found)
            self.begun[id(owner), str(found.get("name", ""))] = found, self.tables
        self.number += 1
        whole = self.current if part and self.current is not None else found
        self.current = found
        self.more(cells)
        self.current = whole

    def again(self, found: Data) -> Data:
        """Say of an indicator that is listed again, whose it is: 【再掲】来訪者数."""
        name = str(found.get("name", ""))
        bare = _AGAIN.sub("", name)
        if bare in {"", name}:
            return found
        there = {"same-as": self.names[bare]} if bare in self.names else {"note": "再掲"}
        return {**found, "name": bare, **there}

    def more(self, cells: Sequence[Told]) -> None:
        """Take in what the cells of a row say of the current indicator."""
        found = self.current
        if found is None:
            return
        years = [
            (each.code.removesuffix("-year"), at, cell) for _, each, at, cell in cells if each.code[-5:] == "-year"
        ]
        for _, each, place, cell in cells:
            if each.code == "aggregation":
                self._reckoned(found, cell.text, place)
        own = any(each.code == "role" for _, each, _, _ in cells)  # the words of this program
        if own and years and all(re.search(r"[0-9元)）]年\Z", cell.text) for _, _, cell in years):
            found["basis"] = "calendar"
        kind = next((values.folded(cell.text) for _, each, _, cell in cells if each.code == "kind"), "")
        sort = next((code for code, words in SORTS.items() if kind in words), "")
        dated: dict[str, Data] = {}
        for code, place, cell in years:
            dated[code] = self._when(cell.text)
            if not dated[code] and values.folded(cell.text) not in {"-", ""}:
                self.ledger.leave(place, "年として読めません")
        for order in ("baseline", "current", "target", "actual", ""):
            for _, each, place, cell in cells:
                code = sort if sort and each.code in {YEARLY, "unclear"} and each.year is not None else each.code
                if code == order:
                    self._figure(found, code, place, cell, each, dated.get(code, {}))
                elif not order and code not in DATED:
                    self._plain(found, code, each, place, cell, sort=sort)
        for code, when in dated.items():
            if when and code not in found and code != "actual":
                found[code] = {**when, "status": "not-given"}
        self._order(found)

    def _plain(self, found: Data, code: str, each: Meaning, place: Place, cell: Cell, *, sort: str) -> None:
        if cell.text in NONE and code in {*LABELLED, "note", "owner", "definition", "source"}:
            return
        if code == "owner":
            add(found, "owners", *titles.owners(cell.text))
        elif code in {"definition", "source"}:
            words = " ".join(cell.text.split())
            if found.setdefault(code, words) != words:
                join(found, "note", words)
        elif code in {"note", "reason"}:
            join(found, "note", cell.text)
        elif code in LABELLED:
            said, results = f"{each.label}：{cell.text}", listed(found.get("actuals"))
            if len(results) == 1 and isinstance(results[0], dict):
                results[0]["comment"] = "\n".join(filter(None, (results[0].get("comment", ""), said)))
            else:
                join(found, "note", said)
        elif code == "body":
            data, key = (found, "note") if self.tree.deepest() is self.tree.root else (self.tree.deepest().data, "body")
            if cell.text not in str(data.get(key, "")):
                join(data, key, cell.text)
        elif code == "direction":
            if way := _WAYS.get(cell.text[:1]):
                found["direction"] = way
            else:
                self.ledger.leave(place, "方向として読めません")
        elif code == "kind" and not sort:
            self.ledger.leave(place, "区分として読めません")
        elif code == "role":
            known = (("target", "数値目標"), ("kpi", "KPI"), ("breakdown", "内訳"))
            if cell.text not in {self.profile.label(key, word) for key, word in known}:
                join(found, "note", f"{each.label}: {cell.text}")
        elif code == "id":
            if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", cell.text):
                self.ledger.leave(place, "idに使えない文字です")
            elif self.tree.claim(cell.text, str(found["id"])):
                found["id"] = cell.text
            else:
                self.ledger.leave(place, "同じidがもう一つあります")
        elif code in {"number", "unclear", YEARLY}:
            self.aside(place, each)

    def aside(self, place: Place, each: Meaning, why: str = "") -> None:
        """List what no entry is for."""
        if each.code == "number":
            why = "通し番号は取り込みません"
        elif each.code == "unclear":
            why = f"見出し「{each.label}」の意味が分かりません"
        elif each.code == YEARLY:
            why = f"「{each.year}年度」が目標か実績か分かりません"
        self.ledger.leave(place, why)

    def _reckoned(self, found: Data, text: str, place: Place) -> None:
        reading = values.read(f"1（{text}）", period=self.period)
        value = reading.value if reading else None
        if value is not None and value.aggregation and not value.note:
            found |= {"aggregation": value.aggregation, **({"span": list(value.span)} if value.span else {})}
        elif values.folded(text) not in {"-", "単年", "単年度"}:
            self.ledger.leave(place, "集計方法として読めません")

    def _when(self, text: str) -> Data:
        """Read the year of a value, or the years over which it is reckoned."""
        year = values.read_when(text)
        if year is None and (western := re.fullmatch(r"\S{2,4}[（(]([0-9]{4})[)）]年?度?", text)):
            year = int(western[1])  # 平成32(2020)年: an era that ended before
        if year is not None:
            return {"year": year}
        reading = values.read(f"1（{' '.join(text.split())}）", period=self.period)
        if reading is None or reading.value.note or not reading.value.aggregation:
            return {}
        return {key: told for key, told in values.fields(reading.value) if key in {"year", "aggregation", "span"}}

    def _figure(
        self, found: Data, code: str, place: Place, cell: Cell, each: Meaning, when: Mapping[str, object]
    ) -> None:
        """Read a value into its key; what is not understood stays as text, to be checked."""
        if place != self.ledger.grid.merged.get(place, place):
            return
        year: Year = each.year
        if year is not None:
            when = {}
        else:
            year = when.get("year")  # type: ignore[assignment]
        text = " ".join(cell.text.split())
        reading = None if cell.day else self._read(found, text, year)
        told = {"year": year, **when, **(dict(values.fields(reading.value)) if reading else {"text": text})}
        told |= {"state": each.state} if each.state and reading and "state" not in told else {}
        if told["year"] is None and isinstance(span := told.get("span"), Sequence):
            told["year"] = span[1]  # 令和7～11年度の累計 is what there is to be by 令和11年度
        order = ("year", *(key for key in told if key not in {"year", *_RECKONED}), *_RECKONED)
        data = {key: told[key] for key in order if told.get(key) is not None}
        value: object = data
        why = f"元の表記「{text}」（{self.ledger.grid.where(place)}）"
        if cell.day:
            value = Doubt(data, f"{why}。Excelが日付に変えたようです")
            self.ledger.leave(place, "日付になっています。元の値を確かめてください", kept=True)
        elif reading is None:
            value = Doubt(data, why)
            self.ledger.leave(place, "値として読み切れず、文字のまま入れました", kept=True)
        elif reading.before is not None and (code == "baseline" or "baseline" in found):
            value = Doubt(data, why)
        elif reading.before is not None:
            found["baseline"] = dict(values.fields(reading.before))
        if code == "target" and reading is not None and reading.value.printed.endswith("維持"):
            found.setdefault("direction", "maintain")
        if reading is not None and _summed(reading.value) and not _SUMS.search(f"{found.get('name')}{text}"):
            self.ledger.leave(place, "何年かの値を、累計と読みました", kept=True)
        if code == "actual" and self.period and isinstance(year, int) and year < self.period[0]:
            join(found, "note", f"{year}年度の実績値 {text}")
            self.ledger.leave(place, "計画期間の前の実績値なので、備考に入れました", kept=True)
            return
        if isinstance(data.get("year"), int):
            self.years.add(int(str(data["year"])))
        if code == "actual":
            self._once(found, "actuals", value, place)
        elif code == "target" and code in found:
            add(found, "targets", found.pop("target"))
            self._once(found, "targets", value, place)
            found["target"] = listed(found["targets"]).pop()
            found["targets"] = listed(found["targets"])[:-1]
        elif code in found and _data(found[code]) != data:
            self.ledger.leave(place, f"{each.label}がもう一つあります。先のものを取り込みました")
        else:
            found[code] = value

    def _once(self, found: Data, key: str, value: object, place: Place) -> None:
        """Add a value of a year, where it is not told already."""
        data = _data(value)
        there = [each for each in map(_data, listed(found.get(key))) if each.get("year", self) == data.get("year")]
        if there and all({**each, "comment": ""} != {**data, "comment": ""} for each in there):
            self.ledger.leave(place, "同じ年の値がもう一つあります。先のものを取り込みました")
        elif not there:
            add(found, key, value)

    def _read(self, found: Data, text: str, year: Year) -> values.Reading | None:
        """Read a value in the unit of its indicator, which it may be the first to name."""
        unit, base = str(found.get("unit", "")), _data(found.get("baseline")).get("year")
        reading = values.read(text, unit, self.period, base if isinstance(base, (int, str)) else None, year)
        if reading is None or (unit and reading.unit not in {"", unit, values.folded(unit)}):
            return None
        told = reading.value
        if re.fullmatch(_NO_WORD, told.text):
            return None
        rate = "%" in {unit, reading.unit} or (told.value is not None and told.value % 1 != 0)
        if (year is not None and told.year not in {None, year}) or (rate and _summed(told) and not _SUMS.search(text)):
            return None  # a rate of some years is no sum
        if reading.unit and not unit:
            found["unit"] = reading.unit
        return reading

    def _order(self, found: Data) -> None:
        """Set the keys in their usual order, the last of the targets as the target."""
        every = [*listed(found.pop("targets", None)), *([found.pop("target")] if "target" in found else ())]
        if len(every) > 1:
            every.sort(key=lambda each: str(_data(each).get("year", "")))
        if every:
            found["target"] = every[-1]
            found |= {"targets": every[:-1]} if every[:-1] else {}
        if any(isinstance(_data(found.get(key)).get("year"), str) for key in ("baseline", "current", "target")):
            found["basis"] = "date"
        for key in _ORDER:
            if key in found:
                found[key] = found.pop(key)


_NO_WORD: Final = r"[△▲?？※*＊†〃″]+|同[左上右]"
"""What is no value: a mark, or what says no more than where to look."""


def name_of(told: Told, names: Sequence[Told]) -> int | None:
    """Return the column of that name in a row to which a cell belongs: by its mark (①), else the last; None: to all."""
    column, each = told[:2]
    if marked := [name for name in names if each.nth and name[1].nth == each.nth]:
        return marked[0][0]
    before = [name[0] for name in names if name[0] <= column]
    return before[-1] if before and each.code not in {"owner", "note", "body"} else None


def _summed(value: Value) -> bool:
    return value.aggregation == "cumulative" and bool(value.span)


def _line(cell: Cell, at: int, count: int) -> Cell:
    """Return one line of a cell that has so many; one with another number of lines is the same for all."""
    rows = cell.text.split("\n")
    return replace(cell, text=rows[at]) if len(rows) == count else cell


def _data(value: object) -> Data:
    data = value.data if isinstance(value, Doubt) else value
    return data if isinstance(data, dict) else {}
