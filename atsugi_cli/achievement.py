"""Achievement: how far an indicator has come, and whether it asks for a decision when the plan is made longer.

The rate of achievement goes by the method that its author declared and by no other.

Two methods can tell opposite stories of one figure (births 2,264 → 2,300, actual 1,820: 79.1 % by ratio, −1,233 % by
progress), so none is ever chosen silently.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.model import METHODS, Achievement, Indicator, Item, Span, Value

PER_CENT = 100
FULL = 100
"""Per cent: the target is reached."""
NEARLY = 90
"""Per cent from which cities report an indicator as nearly reached (90％以上)."""
DECIMALS = 10
"""Of a rate: enough to tell 99.9 from 100, few enough to hide that 0.7 × 90 % is no exact number."""
METHOD_LABELS = {
    "ratio": "実績値÷目標値",
    "decrease": "目標値÷実績値",
    "progress": "基準値からの進捗",
    "text": "文章で評価",
}

BETTER = {("decrease", "ratio"): "decrease", ("increase", "decrease"): "ratio"}
"""By direction and method: the method to take where the declared one gives more for a year that got worse."""

Why = Literal[
    "",
    "no-actual",
    "no-method",
    "against",
    "way",
    "gap",
    "outside",
    "text",
    "no-target",
    "no-baseline",
    "zero",
    "omitted",
]
WHY_LABELS: dict[str, str] = {
    "no-actual": "実績値がない",
    "no-method": "達成率の計算方法（achievement.method）が書かれていない",
    "against": "計算方法が望ましい方向と逆",
    "way": "累計の目標値に対し、実績値が単年か累計か（aggregation）が書かれていない",
    "gap": "累計する年度の実績値がそろっていない",
    "outside": "実績値の年度が目標値の期間の外",
    "text": "文章で評価する",
    "no-target": "数値の目標値がない",
    "no-baseline": "数値の基準値がない",
    "zero": "零で割ることになる",
    "omitted": "原典にない",
}


@frozen
class Rate:
    """A rate of achievement in per cent, capped if the author says so; or None and why there is none."""

    per_cent: float | None
    why: Why = ""

    @property
    def shown(self) -> float | None:
        """Return the rate as printed: to one decimal, but never up to a threshold that it does not reach."""
        return None if self.per_cent is None else tenths(self.per_cent)


def tenths(per_cent: float) -> float:
    """Round to one decimal, but never up to 100 or 90: 34,999 of 35,000 is 99.9 %."""
    found = round(per_cent, 1)
    return round(found - 0.1, 1) if any(per_cent < each <= found for each in (FULL, NEARLY)) else found


def with_methods(item: Item, methods: Mapping[str, str]) -> Item:
    """Give the indicators of an item and of all below it that declare no method the city's own, by direction."""

    def given(indicator: Indicator) -> Indicator:
        usual = next((each for each in METHODS if each == methods.get(indicator.direction)), None)
        own = indicator.achievement or (Achievement(usual) if usual else None)
        return replace(indicator, achievement=own, breakdown=tuple(map(given, indicator.breakdown)))

    return replace(
        item,
        indicators=tuple(map(given, item.indicators)),
        children=tuple(with_methods(each, methods) for each in item.children),
    )


def actual_of(indicator: Indicator, year: int | None = None) -> Value | None:
    """Find the actual of a year; without a year, the latest that has a number or a status."""
    years = [each for each in indicator.actuals if isinstance(each.year, int)]
    if year is not None:
        return next((each for each in years if each.year == year), None)
    return max(years, key=lambda each: each.year if isinstance(each.year, int) else 0, default=None)


def reached(indicator: Indicator, year: int | None = None) -> Value | None:
    """Find what is held against the target: an actual, or the sum of the yearly ones where the target is a sum."""
    actual = actual_of(indicator, year)
    if actual is None or actual.value is None or not _is_sum(indicator) or actual.aggregation != "single":
        return actual
    start = (_span(indicator) or (0, 0))[0]
    last = actual.year if isinstance(actual.year, int) else 0
    yearly = {
        each.year: each.value
        for each in indicator.actuals
        if isinstance(each.year, int) and start <= each.year <= last and each.value is not None
    }
    total = round(sum(yearly.values()), DECIMALS)
    return Value(last, total, aggregation="cumulative", span=(min(yearly, default=last), last), state=actual.state)


def _is_sum(indicator: Indicator) -> bool:
    return ((indicator.target and indicator.target.aggregation) or indicator.aggregation) == "cumulative"


def _span(indicator: Indicator) -> Span | None:
    return (indicator.target.span if indicator.target else None) or indicator.span


def _trap(indicator: Indicator, actual: Value) -> Why:
    """Say why an actual may not be held against a target that is a sum; empty where it may."""
    span = _span(indicator)
    if not _is_sum(indicator) or not isinstance(actual.year, int):
        return ""
    if span and not span[0] <= actual.year <= span[1]:
        return "outside"
    if not actual.aggregation and not (span and actual.year == span[0]):
        return "way"
    if actual.span and actual not in indicator.actuals:  # summed here
        years = {each.year for each in indicator.actuals if each.value is not None}
        if not years.issuperset(range((span or actual.span)[0], actual.span[1] + 1)):
            return "gap"
    return ""


def aim(indicator: Indicator) -> float | int | None:
    """Give the target as a number: as written, or worked out from a change in per cent of the baseline."""
    target, base = indicator.target, indicator.baseline
    if target is None:
        return None
    if target.value is not None:
        return target.value
    if target.relative is not None and base is not None and base.value is not None:
        return base.value * (1 + target.relative / PER_CENT)
    return None


def rate(indicator: Indicator, actual: Value | None) -> Rate:
    """Work out the rate of achievement of an actual, by the declared method."""
    if indicator.omitted:
        return Rate(None, "omitted")
    if actual is None or actual.value is None:
        return Rate(None, "no-actual")
    if indicator.achievement is None:
        return Rate(None, "no-method")
    if (indicator.direction, indicator.achievement.method) in BETTER:
        return Rate(None, "against")
    if indicator.achievement.method == "text":
        return Rate(None, "text")
    if trap := _trap(indicator, actual):
        return Rate(None, trap)
    target = aim(indicator)
    if target is None:
        return Rate(None, "no-target")
    numerator, denominator = actual.value, target
    if indicator.achievement.method == "decrease":
        numerator, denominator = target, actual.value
    elif indicator.achievement.method == "progress":
        base = indicator.baseline.value if indicator.baseline else None
        if base is None:
            return Rate(None, "no-baseline")
        numerator, denominator = actual.value - base, target - base
    if denominator == 0:
        return Rate(None, "zero")
    per_cent = round(numerator / denominator * PER_CENT, DECIMALS)
    cap = indicator.achievement.cap
    return Rate(min(per_cent, cap) if cap is not None else per_cent)


# --- when the period of the plan is made longer ----------------------------------------------------------------------

Undecided = Literal["cumulative", "met", "year", "unknown"]


def undecided(old: Indicator, new: Indicator, old_end: int, new_end: int) -> Undecided | None:
    """Say why an indicator asks for a decision after an extension from `old_end` to `new_end`; None if it does not.

    Cumulative aims count more years, met aims no longer pull, and a target year may have been left behind. An aim
    that was changed has been decided; one that the source leaves out must be looked up.
    """
    before, after = old.target, new.target
    if new_end <= old_end or before is None:
        return None
    if new.omitted:
        return "unknown"
    if after is None:
        return None
    if before.value is not None and before.value == after.value:
        if new.aggregation == "cumulative":
            return "cumulative"
        if is_met(new, latest_reading(old, new)):
            return "met"
    return "year" if before.year == after.year == old_end else None


def latest_reading(old: Indicator, new: Indicator) -> Value | None:
    """Return the latest actual with a number in either edition."""
    readings = [each for each in (*old.actuals, *new.actuals) if each.value is not None]
    return max(readings, key=lambda each: (str(each.year or ""), each in new.actuals), default=None)


def is_met(indicator: Indicator, reached: Value | None) -> bool:
    """Check whether an actual reaches the aim, in the indicator's direction, else in that from baseline to target."""
    target, base = indicator.target, indicator.baseline
    if target is None or target.value is None or reached is None or reached.value is None:
        return False
    direction = indicator.direction
    if not direction and base is not None and base.value is not None and base.value != target.value:
        direction = "increase" if target.value > base.value else "decrease"
    if direction == "increase":
        return reached.value >= target.value
    return direction == "decrease" and reached.value <= target.value
