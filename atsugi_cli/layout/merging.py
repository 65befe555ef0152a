"""Merging: what two people have changed differently, in three columns: 元, こちら, あちら; and what came together."""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from atsugi_cli.compare import compare
from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Stamp, Table
from atsugi_cli.kinds.net import LABELS
from atsugi_cli.layout.labels import cell, counts, printed_number, runs
from atsugi_cli.layout.places import Places
from atsugi_cli.levels import Level, Profile
from atsugi_cli.match.prose import pieces
from atsugi_cli.merge import Decision, MergedFile
from atsugi_cli.model import Strategy

WHY: Final[Mapping[str, str]] = {
    "changed-twice": "双方が違う内容に変えました",
    "removed-and-changed": "一方が消し、一方が変えました",
    "added-twice": "同じ id で違うものを加えました",
    "moved-twice": "双方が違うところへ移しました",
    "ordered-twice": "双方が違う順に並べ替えました",
}
_FIELDS: Final[Mapping[str, str]] = {
    **LABELS,
    "title": "名称",
    "body": "本文",
    "number": "番号",
    "value": "値",
    "year": "年",
    "text": "言葉",
    "change": "改定の内容",
    "flags": "変更の種類",
    "reason": "理由",
    "reasons": "改定の理由",
    "removed": "廃止した項目",
    "from": "改定前の識別子",
    "tags": "関連付け",
    "note": "備考",
    "actuals": "実績値",
    "targets": "数値目標",
    "kpis": "KPI",
    "edition": "版",
    "plan": "計画",
    "label": "見出し",
    "stage": "段階",
    "date": "日付",
    "period": "計画期間",
    "start": "最初の年度",
    "end": "最後の年度",
    "owner": "担当課",
    "omitted": "未登録",
    "id": "識別子",
    "revises": "改定する版",
    "sections": "章・節",
}
NOTHING: Final = "（なし）"
_ROLES: Final = frozenset({"targets", "kpis"})
"""The lists of indicators; `targets` of an indicator are the staged ones."""
_NAMES: Final = frozenset({"title", "name"})
_LONGEST: Final = 200


class Words:
    """Says what a decision is about in the words of the editions at hand; the first that has it speaks."""

    def __init__(self, strategies: Sequence[Strategy | None], profile: Profile) -> None:
        """Index ours, theirs and the base, as far as they can be read."""
        self.profile = profile
        self.strategies = strategies
        self.levels: Mapping[str, Level] = {level.key: level for level in profile.levels}
        self.sides = [
            {item.id: (item, places) for places in (Places(each, profile),) for item in each.items()} if each else {}
            for each in strategies
        ]
        self.items = ChainMap(*self.sides)

    def changes(self) -> Iterator[str]:
        """Iterate over what each side has changed, by kind: こちらの変更: 名称変更 2、廃止 1."""
        *sides, base = self.strategies
        for name, side in zip(("こちら", "あちら"), sides, strict=True):
            if base is not None and side is not None:
                found = counts(compare(base, side, self.profile.kinds), self.profile)
                yield f"{name}の変更: " + (
                    "、".join(f"{each.label} {each.number}" for each in found) or "施策や指標にはありません"
                )

    def place(self, decision: Decision) -> str:
        """Say where: 基本目標1-1-②「交流の促進」の名称."""
        thing, path = decision.thing, decision.path
        named = f"「{thing.title}」" if thing.title else f"（{thing.id}）" if thing.id else ""
        if thing.id in self.items:
            item, places = self.items[thing.id]
            where = places.of(item) if printed_number(item, self.profile) or not item.title else ""
            named = f"{where}{named}" if where != named else named
        elif thing.list:
            named = f"{self.field(thing.list)}{named}"
        staged = thing.list in _ROLES
        fields = "の".join(LABELS[key] if staged and key == "targets" else self.field(key) for key in path)
        return "の".join(filter(None, (named, fields)))

    def stands(self, name: str) -> Iterator[str]:
        """Iterate over where an item stands: in the base, here, and there."""
        for side in (self.sides[2], *self.sides[:2]):
            yield side[name][1].of(side[name][0]) if name in side else NOTHING

    def field(self, key: str) -> str:
        """Name a key."""
        return self.levels[key].label if key in self.levels else _FIELDS.get(key, f"{key}年" if key.isdigit() else key)

    def number(self, key: str, number: object) -> str:
        """Print a number as the level does."""
        level = self.levels.get(key)
        return level.printed(number) if level is not None and isinstance(number, int) else str(number)

    def value(self, value: object) -> str:
        """Say a value in a line or a few."""
        if value is None or value in ({}, []):
            return NOTHING
        if isinstance(value, dict):
            if value.keys() == {"value"}:
                return self.value(value["value"])
            own = value.get("title") or value.get("name")
            rest = {key: each for key, each in value.items() if not (own and key in _NAMES | {"id"})}
            said = "、".join(f"{self.field(str(key))} {self.value(each)}" for key, each in rest.items())
            return f"「{own}」" + (f"（{said}）" if said else "") if own else said
        if isinstance(value, list):
            return "、".join(self.value(each) for each in value)
        text = {True: "はい", False: "いいえ"}[value] if isinstance(value, bool) else str(value).rstrip("\n")
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def merging(
    title: str, files: Sequence[MergedFile], words: Callable[[str], Words], theirs: str, *, whole: bool = False
) -> Document:
    """Lay out what became of files: what people have to settle, and which numbers were given anew.

    The `whole` says, too, what each side has changed.
    """
    found: list[Block] = []
    for file in files:
        found.append(Heading(file.path, 2))
        if file.failure:
            found.append(_line(file.failure))
        elif whole:
            found += map(_line, words(file.path).changes())
        if file.clashes:
            found.append(_table(file.clashes, words(file.path), theirs))
        found += [_line(error) for error in file.errors]
        renumbered = [each for each in file.decisions if each.why == "recounted"]
        found += [_line(_renumbered(each, words(file.path))) for each in renumbered if each.base is None]
        known = sum(each.base is not None for each in renumbered)
        found += [_line(f"もとからある項目{known}件の番号を、並び順のとおりに付け直しました。")] if known else []
        if len(files) > 1 and not (file.failure or file.clashes or file.errors or renumbered):
            found.append(_line("競合はありません。"))
    return Document(code="merge", title=title, blocks=tuple(found), stamp=Stamp("", "", "", "", "", "", ""))


def _renumbered(decision: Decision, words: Words) -> str:
    was = decision.ours if decision.theirs is None else decision.theirs
    thing = decision.thing
    numbers = [words.number(thing.list, each) for each in (was, decision.result)]
    named = f"{words.field(thing.list)}「{thing.title or thing.id}」"
    return f"{named}の番号は、並び順のとおり {numbers[1]} にしました（もとは {numbers[0]}）。"


def _table(clashes: Sequence[Decision], words: Words, theirs: str) -> Table:
    """Set what people have to choose between in three columns."""
    other = "あちら" if theirs == "あちら" else f"あちら（{theirs}）"
    columns = (Column("", 1), Column("場所", 6), Column("元", 5), Column("こちら", 5), Column(other, 5))
    rows = []
    for number, decision in enumerate(clashes, 1):
        three = (decision.base, decision.ours, decision.theirs)
        base, *sides = map(words.value, three if decision.why == "ordered-twice" else _apart(three))
        if decision.why == "moved-twice":
            base, *sides = words.stands(decision.thing.id)
        place = Line((Run(words.place(decision)),), kind="value"), Line((Run(f"（{WHY[decision.why]}）"),), kind="note")
        cells = (cell(str(number)), Cell(place), cell(base), *(_changed(base, side) for side in sides))
        rows.append(Row("plain", cells, key=decision.thing.id, changed=True))
    return Table("clashes", columns, tuple(rows))


def _apart(values: Sequence[Any]) -> Sequence[Any]:
    """Return what tells values from one another: what has a name keeps that, and what is not alike in all."""
    there = [at for at, each in enumerate(values) if each is not None]
    kinds = {type(values[at]) for at in there}
    is_list, is_alone = kinds == {list}, len(there) == 1
    if is_list:
        values = [each and {x.get("id") if isinstance(x, dict) else str(x): x for x in each} for each in values]
    elif kinds != {dict} or (is_alone and not _NAMES & values[there[0]].keys()):
        return values
    parts: dict[object, Sequence[Any]] = {}
    for key in dict.fromkeys(key for at in there for key in values[at]):
        row = [(each or {}).get(key) for each in values]
        if key in _NAMES or (is_list and is_alone) or any(row[at] != row[there[0]] for at in there):
            parts[key] = _apart(row)
    found = [
        each and {key: row[at] for key, row in parts.items() if row[at] is not None} for at, each in enumerate(values)
    ]
    return [each and list(each.values()) for each in found] if is_list else found


def _changed(base: str, side: str) -> Cell:
    """Mark what a side has changed."""
    if NOTHING in (base, side):
        return cell(side)
    return Cell((Line(runs(pieces(base, side).new, "new"), kind="value"),))


def _line(text: str) -> Paragraph:
    return Paragraph((Run(text),), bullet="・")
