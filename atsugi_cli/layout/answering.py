"""Answering: what came back from the sections as a paper: proposals, conflicts, what cannot be read, who is silent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.layout.labels import cell, edition_words, stamp
from atsugi_cli.layout.paragraphs import runs
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import Indicator, Strategy, Value
from atsugi_cli.tables.answers import Answer, Problem, Proposal, Sheaf
from atsugi_cli.words import value_words, when_words

NOTHING = "（なし）"


_COLUMNS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "answers": (("担当課", 3), ("位置", 3), ("項目", 4), ("現行", 6), ("修正案", 6), ("理由", 4)),
    "new": (("担当課", 3), ("入れるところ", 5), ("種類", 2), ("名称", 6), ("目標", 4), ("理由", 4)),
    "conflicts": (("位置", 3), ("項目", 4), ("照会のとき", 5), ("いまの版", 5), ("修正案", 6), ("競合", 4)),
    "problems": (("担当課", 3), ("セル", 6), ("書かれていたもの", 6), ("どうしたか", 8)),
}
"""The columns of each table, with their shares of the width."""


def _table(code: str, rows: Iterable[Row]) -> Table:
    return Table(code, tuple(Column(title, share) for title, share in _COLUMNS[code]), tuple(rows))


def answering(sheaf: Sheaf, strategy: Strategy, profile: Profile) -> Document:
    """Lay out what came back."""
    blocks: list[Block] = [Paragraph((Run(_summary(sheaf)),))]
    if sheaf.answers:
        blocks += [Heading("修正案と実績", 2), _table("answers", (_row(each, profile) for each in sheaf.answers))]
    if sheaf.new:
        blocks += [Heading("新しい項目の案", 2), _table("new", (_new(each, profile) for each in sheaf.new))]
    if sheaf.conflicts:
        heading = Heading("競合（反映しません。どれを採るか決めてください）", 2)
        blocks += [heading, _table("conflicts", _clashes(sheaf.conflicts))]
    if sheaf.problems:
        blocks += [Heading("読み取れなかったセル（反映しません）", 2), _problems(sheaf.problems)]
    if sheaf.remarks:
        blocks += [Heading("気付いたこと", 2), _problems(sheaf.remarks)]
    if sheaf.nothing:
        blocks.append(Paragraph((Run(f"該当なしと回答した課: {'、'.join(sheaf.nothing)}"),)))
    if sheaf.silent:
        blocks.append(Paragraph((Run(f"まだ回答のない課: {'、'.join(sheaf.silent)}"),)))
    return Document(
        code="answers",
        title=f"{strategy.plan.title}　庁内照会の回答",
        blocks=tuple(blocks),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


def _summary(sheaf: Sheaf) -> str:
    said = [
        f"修正案と実績 {len(sheaf.answers)}件",
        f"新しい項目 {len(sheaf.new)}件",
        f"競合 {len(sheaf.conflicts)}件",
        f"読み取れなかったセル {len(sheaf.problems)}件",
        f"回答のない課 {len(sheaf.silent)}課",
    ]
    return "、".join(said)


def _name(answer: Answer) -> str:
    question = answer.question
    label = f"{question.year}年度の実績値" if question.asks == "actual" else question.label
    return f"{question.name}（{label}）"


def _words(data: Mapping[str, Any], unit: str, profile: Profile) -> str:
    """Say a value as the plan would print it, so that only what it changes is marked."""
    pairs = ((key, tuple(each) if isinstance(each, list) else each) for key, each in data.items() if key != "note")
    told: dict[str, Any] = dict(pairs)
    value = Value(**told)
    when = when_words(value, Indicator("", "kpi", unit=unit), profile.era)
    return value_words(value, unit) + (f"（{when}）" if when else "")


def _row(answer: Answer, profile: Profile) -> Row:
    data = answer.data
    said = _words(data, answer.question.unit, profile) if isinstance(data, dict) else str(data)
    marks = pieces(answer.question.text, said, strict=False)
    sides = (
        Cell((Line(runs(marks.old, "old")),)) if answer.question.text else cell(NOTHING),
        Cell((Line(runs(marks.new, "new")),)),
    )
    head = (cell(answer.section), cell(answer.question.where), cell(_name(answer)))
    return Row("plain", (*head, *sides, cell(answer.reason)), key=answer.question.key, changed=True)


def _plain(words: Sequence[str]) -> Row:
    return Row("plain", tuple(cell(each) for each in words), changed=True)


def _new(each: Proposal, profile: Profile) -> Row:
    labels = {level.code: level.label for level in profile.levels}
    aim = _words(each.target, each.unit, profile) if each.target else ""
    return _plain((each.section, each.place, labels.get(each.kind, each.kind), each.name, aim, each.reason))


def _clashes(conflicts: Sequence[Sequence[Answer]]) -> Iterator[Row]:
    for group in conflicts:
        why = ["照会の後に版が変わりました"] if any(each.moved for each in group) else []
        if len({repr(each.data) for each in group}) > 1:
            several = len({each.section for each in group}) > 1
            why.append("課によって違います" if several else "同じ行の回答が二つあります")
        for each in group:
            sides = (each.asked or NOTHING, each.question.text or NOTHING, f"{each.text}（{each.section}）")
            yield _plain((each.question.where, _name(each), *sides, "、".join(why)))


def _problems(problems: Sequence[Problem]) -> Table:
    return _table("problems", (_plain((each.section, each.where, each.text, each.why)) for each in problems))
