"""Answering: what came back from the sections as a paper: proposals, conflicts, what cannot be read, who is silent."""

from collections.abc import Iterator, Sequence

from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.layout.labels import cell, edition_words, stamp
from atsugi_cli.layout.paragraphs import runs
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import Indicator, Strategy, Value
from atsugi_cli.tables.answers import Answer, Problem, Sheaf
from atsugi_cli.words import value_words, when_words

NOTHING = "（なし）"


def answering(sheaf: Sheaf, strategy: Strategy, profile: Profile) -> Document:
    """Lay out what came back."""
    blocks: list[Block] = [Paragraph((Run(_summary(sheaf)),))]
    if sheaf.answers:
        columns = (Column("担当課", 3, code="owners"), Column("位置", 3), Column("項目", 4), Column("現行", 6), Column("修正案", 6), Column("理由", 4, code="reason"))  # fmt: skip
        blocks += [
            Heading("修正案と実績", 2),
            Table("answers", columns, tuple(_row(each, profile) for each in sheaf.answers)),
        ]
    if sheaf.new:
        columns = (Column("担当課", 3, code="owners"), Column("入れるところ", 5), Column("種類", 2), Column("名称", 6), Column("目標", 4), Column("理由", 4, code="reason"))  # fmt: skip
        labels = {level.code: level.label for level in profile.levels}
        rows = tuple(
            _plain(
                (
                    each.section,
                    each.place,
                    labels.get(each.kind, each.kind),
                    each.name,
                    _aim(each.target, each.unit),
                    each.reason,
                )
            )
            for each in sheaf.new
        )
        blocks += [Heading("新しい項目の案", 2), Table("new", columns, rows)]
    if sheaf.conflicts:
        columns = (
            Column("位置", 3),
            Column("項目", 4),
            Column("照会のとき", 5),
            Column("いまの版", 5),
            Column("修正案", 6),
            Column("競合", 4),
        )
        blocks += [
            Heading("競合（反映しません。どれを採るか決めてください）", 2),
            Table("conflicts", columns, tuple(_clashes(sheaf.conflicts))),
        ]
    if sheaf.problems:
        blocks += [Heading("読み取れなかったセル（反映しません）", 2), _problems("problems", sheaf.problems)]
    if sheaf.remarks:
        blocks += [Heading("気付いたこと", 2), _problems("remarks", sheaf.remarks)]
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


def _printed(answer: Answer, profile: Profile) -> str:
    """Say an answer as the plan would print it, so that only what it changes is marked."""
    if not isinstance(answer.data, dict):
        return str(answer.data)
    data = {key: tuple(each) if isinstance(each, list) else each for key, each in answer.data.items() if key != "note"}
    value = Value(**data)
    indicator = Indicator(answer.question.id, "kpi", unit=answer.question.unit)
    when = when_words(value, indicator, profile.era)
    return value_words(value, indicator.unit) + (f"（{when}）" if when else "")


def _row(answer: Answer, profile: Profile) -> Row:
    marks = pieces(answer.question.text, _printed(answer, profile), strict=False)
    sides = (
        Cell((Line(runs(marks.old, "old")),)) if answer.question.text else cell(NOTHING),
        Cell((Line(runs(marks.new, "new")),)),
    )
    head = (cell(answer.section), cell(answer.question.where), cell(_name(answer)))
    return Row("plain", (*head, *sides, cell(answer.reason)), key=answer.question.key, changed=True)


def _plain(words: Sequence[str]) -> Row:
    return Row("plain", tuple(cell(each) for each in words), changed=True)


def _aim(target: object, unit: str) -> str:
    if not isinstance(target, dict):
        return ""
    value = target.get("value", target.get("text", ""))
    return f"{value}{unit}" + (f"（{target['year']}年度）" if "year" in target else "")


def _clashes(conflicts: Sequence[Sequence[Answer]]) -> Iterator[Row]:
    for group in conflicts:
        moved = any(each.moved for each in group)
        several = len({each.section for each in group}) > 1
        why = "、".join(
            filter(
                None,
                (
                    "照会の後に版が変わりました" if moved else "",
                    "課によって違います" if several else "" if moved else "同じ行の回答が二つあります",
                ),
            )
        )
        for each in group:
            said = f"{each.text}（{each.section}）"
            yield _plain(
                (each.question.where, _name(each), each.asked or NOTHING, each.question.text or NOTHING, said, why)
            )


def _problems(code: str, problems: Sequence[Problem]) -> Table:
    columns = (
        Column("担当課", 3, code="owners"),
        Column("セル", 6),
        Column("書かれていたもの", 6),
        Column("どうしたか", 8),
    )
    return Table(code, columns, tuple(_plain((each.section, each.where, each.text, each.why)) for each in problems))
