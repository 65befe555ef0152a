"""Together: rules about a plan and others that it goes with, as `validate --with` names them: 総合計画 and 総合戦略."""

from collections.abc import Iterator, Sequence

from atsugi_cli.findings import Finding, Related
from atsugi_cli.model import Indicator, Strategy
from atsugi_cli.numerals import narrow
from atsugi_cli.rules.base import Rule, Subject, finding, name, perhaps, rule
from atsugi_cli.rules.numbers import identity, is_generic, of_same_year
from atsugi_cli.rules.texts import NAMED
from atsugi_cli.words import span_words, value_words, year_words

ALIKE = 0.6
"""Likeness from which the name of the plan above is a slip for the title of one."""


def _there(other: Strategy, node: int, *path: str | int, words: str) -> tuple[Related, ...]:
    """Return the place of a value in another plan."""
    from atsugi_cli.reader.loading import locate

    places = locate(other.text, other.source)
    return (Related(places.value(node, *path), words),) if places.has(node, *path) else ()


def _known(other: Strategy) -> dict[tuple[str, str], Indicator | None]:
    """Return the indicators of a plan by name and unit; None where several bear the same."""
    known: dict[tuple[str, str], Indicator | None] = {}
    for _, each in other.indicators():
        if each.name and not each.omitted and not each.same_as:
            known[identity(each)] = None if identity(each) in known else each
    return known


def plans_differ(subject: Subject) -> Iterator[Finding]:
    """もう一つの計画（validate --with）の同じ指標と、値が違います。

    名称と単位が同じ指標の、同じ年の基準値・目標値を比べます。目標値が同じで年だけが違うときも示します。
    同じ指標なら値をそろえ、別の指標なら名称か単位で違いが分かるようにします。
    """
    for other in subject.beside:
        known = _known(other)
        for _, indicator in subject.indicators:
            there = known.get(identity(indicator)) if indicator.name and not indicator.same_as else None
            if there is None or is_generic(identity(indicator)[0]) or there.aggregation != indicator.aggregation:
                continue
            both = of_same_year(there, indicator)
            title = other.plan.title or other.plan.id
            for key, (one, here) in both.items():
                if one.value != here.value:
                    yield finding(
                        f"指標{name(indicator)}の{NAMED[key]}が {value_words(here, indicator.unit)} で、"
                        f"「{title}」の {value_words(one, there.unit)} と違います",
                        subject.at(indicator.node, key, "value"),
                        "同じ指標なら値をそろえ、別の指標なら名称を分けてください",
                        _there(other, there.node, key, "value", words=f"{title}の値"),
                    )
            mine, theirs = indicator.target, there.target
            if "target" in both or mine is None or theirs is None or mine.value is None or not mine.year:
                continue
            if mine.value == theirs.value and theirs.year and mine.span == theirs.span:
                yield finding(
                    f"指標{name(indicator)}の目標値 {value_words(mine, indicator.unit)} の年が "
                    f"{year_words(mine.year)} で、「{title}」では {year_words(theirs.year)} です",
                    subject.at(indicator.node, "target", "year"),
                    "年を確かめてください",
                    _there(other, there.node, "target", "year", words=f"{title}の年"),
                    severity="note",
                )


def parent_unknown(subject: Subject) -> Iterator[Finding]:
    """上位計画（plan.parent）が、いっしょに確かめる計画（validate --with）のどれでもありません。"""
    plan = subject.strategy.plan
    parent, titles = _plain(plan.parent), [each.plan.title for each in subject.beside if each.plan.title]
    if not parent or not titles or any(parent in _plain(each) or _plain(each) in parent for each in titles):
        return
    from atsugi_cli.match.prose import likeness

    near = max(titles, key=lambda each: likeness(parent, _plain(each)))
    near = near if likeness(parent, _plain(near)) >= ALIKE else ""
    yield finding(
        f"上位計画「{plan.parent}」という計画は、--with の計画（{'、'.join(titles)}）にありません",
        subject.at(plan.node, "parent"),
        perhaps(near) or "parent を確かめるか、--with に上位計画を指定してください",
        edits=subject.writing(near, plan.node, "parent") if near else (),
        severity="off" if near else "note",
        safe=False,
    )


def _plain(title: str) -> str:
    return "".join(narrow(title).split())


def plans_apart(subject: Subject) -> Iterator[Finding]:
    """計画期間が、もう一つの計画（validate --with）の計画期間の外にあります。

    重なる年がなければ警告、最後の年が上位計画（plan.parent）より後なら注意です。
    """
    mine, parent = subject.period, _plain(subject.strategy.plan.parent)
    for other in subject.beside:
        start, end = other.plan.start, other.plan.end
        if mine is None or start is None or end is None or start > end:
            continue
        apart = mine[1] < start or end < mine[0]
        title = _plain(other.plan.title)
        above = bool(parent and title) and (parent in title or title in parent)
        if not apart and not (above and mine[1] > end):
            continue
        words = "と重なりません" if apart else "より後まで続きます"
        yield finding(
            f"計画期間 {span_words(mine)} が、「{other.plan.title}」の {span_words((start, end))} {words}",
            subject.at(subject.strategy.plan.node, "period"),
            "どちらの計画期間も確かめ、改定の前後の版なら、期間の合う版を --with に指定してください",
            _there(other, other.plan.node, "period", words=f"{other.plan.title}の計画期間"),
            severity="off" if apart else "note",
        )


TOGETHER_RULES: Sequence[Rule] = (
    rule("plans-differ", "計画どうしの値の違い", "plan", "warning", plans_differ,
         example="# 総合計画では target: {year: 2026, value: 1300}\n"
                 "- {id: movers, name: 市外からの転入者数, unit: 人, target: {year: 2026, value: 1200}}"),
    rule("parent-unknown", "上位計画の名称", "plan", "warning", parent_unknown,
         example="# --with の計画は「第3次例示市総合計画」\nplan: {parent: 第2次例示市総合計画}"),
    rule("plans-apart", "計画どうしの期間", "plan", "warning", plans_apart,
         example="# 総合計画は period: {start: 2011, end: 2020}\nplan: {period: {start: 2021, end: 2026}}"),
)  # fmt: skip
"""What is asked of an edition where other plans are named beside it."""
