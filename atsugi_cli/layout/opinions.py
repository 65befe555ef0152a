"""Opinions: 意見対応表: each opinion once, what the city says to it, and what was changed for it; how many of which."""

from collections import Counter
from collections.abc import Mapping, Sequence

from atsugi_cli.document import Cell, Column, Count, Document, Line, Paragraph, Row, Run, Table
from atsugi_cli.kinds import Change
from atsugi_cli.layout.labels import cell, flag_label, stamp, step_words
from atsugi_cli.layout.places import Sides
from atsugi_cli.levels import Profile
from atsugi_cli.model import Item
from atsugi_cli.reader.supplements import RESULTS, Opinion, Opinions
from atsugi_cli.revision import Revision
from atsugi_cli.words import date_words


def opinions(
    found: Opinions, changes: Mapping[str, Sequence[Change]], revision: Revision, profile: Profile
) -> Document:
    """Lay out opinions in their order; `changes` are those of the step by the ids of what they are about."""
    sides = Sides.of(revision, profile)
    told = Counter(each.result for each in found.opinions)
    columns = [
        Column("番号", 2, "center", code="number"),
        Column("提出者", 5, code="from"),
        Column("意見の内容", 10, code="text"),
        Column("市の考え方", 10, code="answer"),
        Column("対応", 3, "center", code="result"),
        Column("反映した箇所", 6, code="changes"),
    ]
    if not any(each.changes for each in found.opinions):
        columns.pop()
    rows = tuple(
        Row("plain", _cells(each, changes, sides, profile)[: len(columns)], key=f"opinion-{each.number}")
        for each in found.opinions
    )
    numbers = "、".join(f"{each}{told[each]}件" for each in RESULTS if told[each])
    title = f"{revision.new.plan.title}　{found.title or '意見への対応'}"
    return Document(
        code="opinions",
        title=title if title.endswith(("対応", "対応表")) else f"{title}　意見対応表",
        blocks=(Paragraph((Run(f"意見{len(rows)}件（{numbers}）"),)), Table("opinions", tuple(columns), rows)),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=tuple(Count(f"opinion-{each}", each, told[each], "意見") for each in RESULTS if told[each]),
    )


def _cells(each: Opinion, changes: Mapping[str, Sequence[Change]], sides: Sides, profile: Profile) -> tuple[Cell, ...]:
    sender = [each.sender, date_words(each.day, profile.era) if each.day else ""]
    text = [f"（{each.about}について）" if each.about else "", *each.text.split("\n")]
    places = list(dict.fromkeys(_changed(name, changes[name], sides, profile) for name in each.changes))
    return (
        Cell((Line((Run(str(each.number)),), kind="value"),), each.number),
        _lines(sender),
        _lines(text),
        _lines(each.answer.split("\n")),
        cell(each.result),
        _lines(places),
    )


def _lines(words: Sequence[str]) -> Cell:
    return Cell(tuple(Line((Run(word),), kind="value") for word in words if word))


def _changed(name: str, changes: Sequence[Change], sides: Sides, profile: Profile) -> str:
    """Say where something was changed, and how: 基本目標1-1-①（名称変更）."""
    kinds = "・".join(dict.fromkeys(flag_label(each, profile) for each in changes))
    for places in (sides.new, sides.old):
        for item in places.strategy.root.walk():
            owned = any(each.id == name for each in item.indicators)
            if item.id == name or owned:
                where = _place(item, places.of(item)) if item.level != "plan" else "計画全体"
                return f"{where}（{kinds}）"
    return f"計画（{kinds}）"


def _place(item: Item, words: str) -> str:
    return words or item.title
