"""Extensions: rules about aims that stay as they were when the plan's period is extended."""

from collections.abc import Iterator, Sequence

from atsugi_cli.achievement import Undecided, latest_reading, undecided
from atsugi_cli.findings import Finding
from atsugi_cli.model import Indicator
from atsugi_cli.rules.base import Rule, Subject, declared, finding, name, rule
from atsugi_cli.words import value_words


def _undecided(subject: Subject, why: Undecided) -> Iterator[tuple[Indicator, Indicator]]:
    """Iterate over the indicators that ask for a decision for this reason, after their predecessors.

    A period that begins anew is that of another plan, and an indicator that took the place of another was decided.
    """
    base, plan = subject.base, subject.strategy.plan
    if base is None or base.plan.end is None or plan.end is None or plan.end <= base.plan.end:
        return
    if base.plan.start != plan.start:
        return
    for _, indicator in subject.indicators:
        if any(kind.drops_indicators for kind in declared(indicator.change.flags)):
            continue
        for old in subject.predecessors(indicator):
            if isinstance(old, Indicator) and undecided(old, indicator, base.plan.end, plan.end) == why:
                yield old, indicator
                break


def extended_cumulative(subject: Subject) -> Iterator[Finding]:
    """計画期間を延ばしたのに、累計の目標値が元のままです。

    集計する年数が増えるので、目標値を上げるか、そのままにするかを決めます。
    そのままにするなら、ignore のコメントに理由を書きます。
    """
    for _, indicator in _undecided(subject, "cumulative"):
        yield finding(
            f"計画期間を延ばしましたが、累計の指標{name(indicator)}の目標値は "
            f"{value_words(indicator.target, indicator.unit)} のままです",
            subject.at(indicator.node, "target", "value"),
            "延ばした年数に合わせて目標値を見直すか、据え置くかを決めてください",
        )


def extended_met(subject: Subject) -> Iterator[Finding]:
    """計画期間を延ばしたのに、すでに達成している目標値が元のままです。

    実績値が目標値に届いています。目標値を上げるか、そのままにするかを決めます。
    """
    for old, indicator in _undecided(subject, "met"):
        latest = latest_reading(old, indicator)
        aim, reached = value_words(indicator.target, indicator.unit), value_words(latest, indicator.unit)
        year = latest.year if latest else ""
        yield finding(
            f"計画期間を延ばしましたが、指標{name(indicator)}は、目標値 {aim} をすでに達成しています"
            f"（{year}年の実績値 {reached}）",
            subject.at(indicator.node, "target", "value"),
            "目標値を見直すか、据え置くかを決めてください",
        )


def extended_year(subject: Subject) -> Iterator[Finding]:
    """計画期間を延ばしたのに、目標年次が延ばす前の計画の終わりのままです。

    延ばした期間の目標値を決めて、target の年と値を改めるか、そのままにするかを決めます。
    そのままにするなら、ignore のコメントに理由を書きます。
    """
    for _, indicator in _undecided(subject, "year"):
        target, end = indicator.target, subject.strategy.plan.end
        yield finding(
            f"計画期間を {end} 年度まで延ばしましたが、指標{name(indicator)}の目標年次は "
            f"{target.year if target else ''} のままです",
            subject.at(indicator.node, "target", "year"),
            f"目標の年を {end} にして目標値を見直すか、据え置くかを決めてください",
        )


EXTENSION_RULES: Sequence[Rule] = (
    rule("extended-cumulative", "延長後の累計目標", "revision", "note", extended_cumulative,
         example="plan: {period: {start: 2021, end: 2026}}\naggregation: cumulative\n"
                 "span: [2021, 2025]\ntarget: {year: 2025, value: 500}"),
    rule("extended-met", "延長後の達成済み目標", "revision", "note", extended_met,
         example="target: {year: 2026, value: 100}\nactuals: [{year: 2023, value: 120}]"),
    rule("extended-year", "延長後の目標年次", "revision", "note", extended_year,
         example="plan: {period: {start: 2021, end: 2026}}\ntarget: {year: 2025, value: 20}"
                 "\n→ target: {year: 2026, value: 25}"),
)  # fmt: skip
