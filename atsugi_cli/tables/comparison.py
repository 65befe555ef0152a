"""Comparison: a 新旧対照表 that this program wrote as a workbook, read back: one of its sides, with the ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from atsugi_cli import values
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import SECTION, Level, Profile
from atsugi_cli.model import Number
from atsugi_cli.tables import titles
from atsugi_cli.tables.grids import Grid, Place
from atsugi_cli.tables.growing import Data, Node, add, listed
from atsugi_cli.tables.measures import Measures

HEADINGS: Final = ("区分", "階層", "番号")
_ARROW: Final = " → "
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*")


@frozen
class Entry:
    """What a row of the table says of one side: `code` is a level's, or "body", "indicator", "part", "gone" …"""

    place: Place
    beside: tuple[Place, ...]
    """Where its id stands, and its reason."""
    code: str
    path: tuple[str, ...] = ()
    number: Number = None
    text: str = ""
    omitted: bool = False
    role: str = ""
    reason: str = ""


def head_of(grid: Grid) -> int | None:
    """Find the row of headings; None where the sheet is no such table."""
    for row in range(10):
        words = [cell.text if (cell := grid.at(row, column)) else "" for column in range(12)]
        if tuple(words[:3]) == HEADINGS and "ID" in words:
            return row
    return None


_OF_INDICATORS: Final = {"内訳": "breakdown", "出典": "source", "定義": "definition"}


def entries(grid: Grid, head: int, profile: Profile, side: str) -> Iterator[Entry | Place]:
    """Iterate over what the rows say of a side ("old" or "new"); a place stands for a cell that says nothing of it.

    On the new side, "gone" is what only the other has, with where it went to as its text.
    """
    columns = {cell.text: column for column in range(12) if (cell := grid.at(head, column))}
    mine = 3 if (side == "old") == (profile.table.order == "old-new") else 4
    at, why = columns["ID"], columns.get("理由", -1) if side == "new" else -1
    levels = {level.label: level for level in (*profile.levels, SECTION)}
    roles = {profile.label("target", "数値目標"): "targets", profile.label("kpi", "KPI"): "kpis"}
    absent = (profile.table.added_word, profile.table.removed_word)
    for row in sorted({row for row, _ in grid.cells if row > head}):
        words = {column: cell.text for column in range(12) if (cell := grid.at(row, column))}
        identity, reason = words.get(at, ""), words.get(why, "")
        text, label, part = words.get(mine, ""), words.get(1, ""), words.get(0, "")
        place, mark = (row, mine), (row, at)
        used = {0, 1, 2, mine, at, *([why] if reason else [])}
        yield from ((row, column) for column in words if column not in used)
        elsewhere = re.fullmatch(r"（(.+)(統合|移動|へ|分割)）", text)
        beside = (mark, (row, why)) if reason else (mark,)
        entry = Entry(place, beside, "", tuple(identity.split("/")), text=text, reason=reason)
        if not text and not identity and not label:
            continue
        if part == "計画全体" and not identity and (span := values.read_span(re.sub(r"まで.*", "", text))):
            yield replace(entry, code="period", path=tuple(map(str, span)))
        elif not text or text in absent or elsewhere or not _ID.fullmatch(identity):
            there = (side == "new" and text == absent[1]) or (elsewhere and elsewhere[2] == "統合")
            if there and label in levels:
                yield replace(entry, code="gone", text=elsewhere[1].removesuffix("へ") if elsewhere else "")
            elif text or identity:
                yield from (place, *beside)
        elif label in levels:
            level, omitted = levels[label], text == profile.table.omission
            title = "" if omitted else _title(text, level)
            for nth, each in enumerate(_numbers(words.get(2, "")) if omitted else [words.get(2, "")]):
                stem, _, last = entry.path[-1].rpartition("-")
                own = f"{stem}-{int(last) + nth}" if last.isdigit() else f"{entry.path[-1]}-{nth + 1}"
                path = (*entry.path[:-1], own) if nth else entry.path
                number = titles.number(each)
                yield replace(entry, code=level.code, path=path, number=number, text=title, omitted=omitted)
        elif label == "本文":
            yield replace(entry, code="body", omitted=text == profile.table.omission, role=part)
        elif label in roles:
            omitted = text in {profile.table.omission, f"{label}追加"}
            yield replace(entry, code="indicator", omitted=omitted, role=roles[label])
        elif label in _OF_INDICATORS:
            yield replace(entry, code="part", role=_OF_INDICATORS[label])
        elif label == part:
            yield replace(entry, code="section", text=text.strip("【】"), omitted=text == profile.table.omission)
        else:
            yield place


def _numbers(text: str) -> list[str]:
    """Take the numbers apart of items that are left out together: 1～3, 1及び2."""
    if found := re.fullmatch(r"([0-9]{1,2})～([0-9]{1,2})", text):
        return [str(each) for each in range(int(found[1]), int(found[2]) + 1)]
    return re.split(r"及び|、", text)


def _title(text: str, level: Level) -> str:
    """Take the words of a level's heading off a title: 基本目標1（転入促進） → 転入促進."""
    if not level.heading:
        return text.strip("【】") if level is SECTION else text
    pattern = (
        re.escape(level.heading).replace(r"\{label\}", re.escape(level.label)).replace(r"\{number\}", r"[^（　]*?")
    )
    found = re.fullmatch(pattern.replace(r"\{title\}", "(.+)"), text) if "title" in level.heading else None
    return found[1] if found else text


def indicator(text: str) -> tuple[dict[str, object], bool]:
    """Read an indicator's line, 名称　基準値（年） → 目標値（年）; say whether all of it was understood."""
    name, _, figures = text.partition("　")
    found: dict[str, object] = {"name": name}
    before, arrow, after = figures.partition(_ARROW)
    if not arrow:
        return found, not figures
    before, _, current = before.partition("、現況")
    whole = True
    for key, said in (("baseline", before), ("current", current), ("target", after)):
        if said in {"", "－"}:
            continue
        parts = said.split("、") if key == "target" and re.match(r"(?:令和|平成|[0-9]{4}年)", said) else [said]
        read = [_value(part, found) for part in parts]
        whole = whole and None not in read
        told = [each if each is not None else {"text": part} for each, part in zip(read, parts, strict=True)]
        found[key] = told[-1]
        if told[:-1]:
            found["targets"] = told[:-1]
    found.setdefault("unit", "none")
    if re.search(r"[0-9元)]年）", figures) and "年度" not in figures:
        found["basis"] = "calendar"
    order = ("name", "unit", "basis", "baseline", "current", "targets", "target")
    return {key: found[key] for key in order if key in found}, whole


def _value(text: str, found: dict[str, object]) -> Mapping[str, object] | None:
    unit = str(found.get("unit", ""))
    if (dated := re.fullmatch(r"(.+)（([^（）]+)）", text)) and (year := values.read_when(dated[2])) is not None:
        spoken = values.read(dated[1], unit)
        if spoken is not None and (spoken.value.status or spoken.value.text):
            return {"year": year, **dict(values.fields(spoken.value))}
    reading = values.read(text, unit)
    if reading is None or (unit and reading.unit not in {"", unit}):
        return None
    if reading.unit and not unit:
        found["unit"] = reading.unit
    return dict(values.fields(reading.value))


def take(head: int, side: str, measures: Measures) -> tuple[int, list[Data]]:
    """Take in one side of a comparison; a row has one id, whichever side is taken in.

    Return how many rows it has, and what the edition leaves out of the one before.
    """
    ledger, tree, profile = measures.ledger, measures.tree, measures.profile
    removed: list[Data] = []
    rows = 0
    ledger.use(*(place for place in ledger.grid.cells if place[0] <= head or place[1] <= 2))
    labels = {level.code: level.label for level in profile.levels}
    nodes: dict[tuple[str, ...], Node] = {}
    numbered: dict[str, Node] = {}
    gone: list[Entry] = []
    for each in entries(ledger.grid, head, profile, side):
        if not isinstance(each, Entry):
            ledger.leave(each, "対照表の、取り込む側ではない欄です")
            continue
        rows += 1
        ledger.use(each.place, *each.beside)
        node, above = nodes.get(each.path), nodes.get(each.path[:-1]) or tree.root
        said: dict[str, object] = {"change": {"reason": each.reason}} if each.reason else {}
        if each.code == "gone":
            gone.append(each)
        elif each.code == "period":
            measures.period = measures.period or (int(each.path[0]), int(each.path[1]))
        elif each.code == "part":
            _part(each, measures)
        elif each.code == "indicator":
            found, whole = indicator(each.text)
            found = {"omitted": True} if each.omitted else found
            identity = f"kpi-{each.place[0] - head}" if node else each.path[-1]
            measures.number += 1
            measures.current = {"id": identity, **measures.again(found), **said}
            measures.names.setdefault(str(found.get("name")), identity)
            (node or above).indicators.setdefault(each.role, []).append(measures.current)
            if not whole and not each.omitted:
                ledger.leave(each.place, "指標の値を読み切れませんでした")
        else:
            body = each.code == "body"
            if node is None:
                title = each.role if body else each.text
                node = nodes[each.path] = Node("section" if body else each.code, each.number, title)
                node.data |= {"id": each.path[-1], **said}
                above.kids.append(node)
                numbered[f"{labels.get(node.level, '')}{each.number}"] = node
            elif said:
                node.data.setdefault("change", said["change"])
            if body and not each.omitted:
                node.data["body"] = "\n".join(filter(None, (str(node.data.get("body", "")), each.text)))
    for each in gone:
        if (heir := numbered.get(each.text)) is not None:
            heir.data["from"] = [*listed(heir.data.get("from", [heir.data["id"]])), each.path[-1]]
        else:
            removed.append({"id": each.path[-1], **({"reason": each.reason} if each.reason else {})})
    return rows, removed


def _part(each: Entry, measures: Measures) -> None:
    """Take in what a row says of the indicator above it."""
    found = measures.current
    if found is None:
        measures.ledger.leave(each.place, "何についてのものか分かりません")
    elif each.role == "breakdown":
        part, whole = indicator(each.text)
        add(found, "breakdown", {"id": f"{found['id']}-{len(listed(found.get('breakdown'))) + 1}", **part})
        if not whole:
            measures.ledger.leave(each.place, "指標の値を読み切れませんでした")
    else:
        found[each.role] = each.text
