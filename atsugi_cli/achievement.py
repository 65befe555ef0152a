"""Achievement: how far an indicator has come, and whether it asks for a decision when the plan is made longer.

The rate of achievement goes by the method that its author declared and by no other.

Two methods can tell opposite stories of one figure (births 2,264 → 2,300, actual 1,820: 79.1 % by ratio, −1,233 % by
progress), so none is ever chosen silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.model import METHODS, Achievement, Aggregation, Indicator, Item, Span, Value, Year

PER_CENT = 100
FULL = 100
"""Per cent: the target is reached."""
GRADES: Mapping[str, int] = {"A": FULL, "B": 80, "C": 60, "D": 0}
"""Classes of a rate and the per cent from which each begins, where a city's profile names none; the last one takes all
that is below."""
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

APRIL = 4
"""The month in which a fiscal year begins."""

Why = Literal[
    "",
    "no-actual",
    "no-method",
    "against",
    "way",
    "gap",
    "outside",
    "sum",
    "order",
    "text",
    "no-target",
    "no-baseline",
    "zero",
    "omitted",
]
WHY_LABELS: dict[str, str] = {
    "no-actual": "実績値がない",
    "no-method": "達成率の計算方法が決まっていない",
    "against": "計算方法が望ましい方向と逆",
    "way": "累計の目標値に対し、実績値が単年か累計か分からない",
    "gap": "累計する年度の実績値がそろっていない",
    "outside": "実績値の年度が目標値の期間の外",
    "sum": "実績値は累計で、目標値は累計でない",
    "order": "基準値の年が目標値の年より後",
    "text": "文章で評価する",
    "no-target": "目標値が一つの数でない",
    "no-baseline": "基準値が一つの数でない",
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
    """Round to one decimal, but never up to a whole number, where classes begin: 34,999 of 35,000 is 99.9 %."""
    found = round(per_cent, 1)
    return round(found - 0.1, 1) if per_cent < found == round(found) else found


def grade(found: Rate, grades: Mapping[str, int]) -> str:
    """Return the class of a rate; nothing where there is no rate."""
    per_cent = found.per_cent
    if per_cent is None:
        return ""
    return next((name for name, least in grades.items() if per_cent >= least), [*grades][-1])


def mean(rates: Iterable[Rate]) -> float | None:
    """Return the mean of rates, as printed; None where there is none."""
    found = [each.per_cent for each in rates if each.per_cent is not None]
    return tenths(round(sum(found) / len(found), DECIMALS)) if found else None


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


def fiscal_year(value: Value | Year, *, state: bool = True) -> int | None:
    """Return the fiscal year of a value, or of a year, month or day: January to March belong to the year before.

    So does the 1st of April, whose state is how the year before ended; not where a day begins a stretch of time and
    is no `state`.
    """
    when = value.year if isinstance(value, Value) else value
    if when is None or isinstance(when, int):
        return when
    parts = when.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in {2, 3}:
        return None
    year, month = int(parts[0]), int(parts[1])
    return year - 1 if month < APRIL or (state and parts[1:] == ["04", "01"]) else year


def actual_of(indicator: Indicator, year: int | None = None) -> Value | None:
    """Find the actual of a year; without a year, the latest that has a number or a status."""
    years = _by_year(indicator)
    return years.get(max(years, default=0) if year is None else year)


def _by_year(indicator: Indicator) -> dict[int, Value]:
    """Return the actuals by their fiscal years; of several of one year the first."""
    found: dict[int, Value] = {}
    for each in indicator.actuals:
        if (year := fiscal_year(each)) is not None:
            found.setdefault(year, each)
    return found


def reached(indicator: Indicator, year: int | None = None) -> Value | None:
    """Find what is held against the target: an actual, or the sum (or mean) of the yearly ones where the target is one.

    Only what is said to be of a single year is summed, and only where no year in between is missing.
    """
    actual, way = actual_of(indicator, year), _way(indicator)
    if actual is None or actual.value is None or way not in ("cumulative", "mean") or actual.aggregation != "single":
        return actual
    last = fiscal_year(actual) or 0
    yearly = _yearly(indicator, last)
    if not yearly or not set(range((_span(indicator) or (min(yearly),))[0], last + 1)) <= set(yearly):
        return actual  # of a year before those that count, or with gaps
    total = round(sum(yearly.values()), DECIMALS)
    if way == "mean":
        total = round(total / len(yearly), DECIMALS)
    return Value(last, total, aggregation=way, span=(min(yearly), last), state=actual.state)


def _yearly(indicator: Indicator, last: int) -> dict[int, float]:
    """Return the actuals of single years up to a year, from the first that counts; in that one a sum is no other."""
    start = (_span(indicator) or (0, 0))[0]
    return {
        year: each.value
        for year, each in _by_year(indicator).items()
        if start <= year <= last and each.value is not None and (each.aggregation == "single" or year == start)
    }


def _way(indicator: Indicator) -> Aggregation:
    return (indicator.target.aggregation if indicator.target else "") or indicator.aggregation


def _span(indicator: Indicator) -> Span | None:
    return (indicator.target.span if indicator.target else None) or indicator.span


def _trap(indicator: Indicator, actual: Value) -> Why:
    """Say why an actual may not be held against the target; empty where it may."""
    if _backwards(indicator):
        return "order"
    span, way, year = _span(indicator), _way(indicator), fiscal_year(actual)
    if way not in ("cumulative", "mean") or year is None:
        return "sum" if actual.aggregation == "cumulative" else ""
    if span and not span[0] <= year <= span[1]:
        return "outside"
    if way == "cumulative" and not actual.aggregation and not (span and year == span[0]):
        return "way"
    return "gap" if actual.aggregation == "single" else ""


def _backwards(indicator: Indicator) -> bool:
    """Check whether the baseline is of a later year than the target."""
    before, after = fiscal_year(indicator.baseline), fiscal_year(indicator.target)
    return before is not None and after is not None and before > after


def step(indicator: Indicator, year: int | None = None) -> float | None:
    """Return by how much the actual of a year (or the latest) differs from the one before it; both are reckoned alike.

    A sum that grows from year to year tells nothing, so it has no step.
    """
    now = actual_of(indicator, year)
    if now is None or now.value is None or now.aggregation == "cumulative":
        return None
    if _way(indicator) == "cumulative" and not now.aggregation:
        return None
    years = {of: each for of, each in _by_year(indicator).items() if each.aggregation == now.aggregation}
    last = years.get(max((of for of in years if of < (fiscal_year(now) or 0)), default=0))
    return None if last is None or last.value is None else round(now.value - last.value, DECIMALS)


def way_up(indicator: Indicator) -> str:
    """Return the direction that is wanted: as declared, else from baseline to target; empty where neither tells."""
    before, after = (each.value if each else None for each in (indicator.baseline, indicator.target))
    if indicator.direction or before is None or after is None or before == after:
        return indicator.direction
    return "increase" if after > before else "decrease"


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
    target, direction = indicator.target, way_up(indicator)
    if target is None or target.value is None or reached is None or reached.value is None or _trap(indicator, reached):
        return False
    if direction == "increase":
        return reached.value >= target.value
    return direction == "decrease" and reached.value <= target.value
