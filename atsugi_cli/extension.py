"""Extension: what an author has to decide when the period of a plan is made longer."""

from typing import Literal

from atsugi_cli.model import Indicator, Value, Year

Why = Literal["cumulative", "met", "year", "unknown"]
WHY_LABELS: dict[Why, str] = {
    "cumulative": "累計の目標値が、延ばす前のままです",
    "met": "目標値をすでに達成しています",
    "year": "目標年次が、延ばす前の計画の終わりのままです",
    "unknown": "延ばした後の目標値が未登録です",
}


def undecided(old: Indicator, new: Indicator, old_end: int, new_end: int) -> Why | None:
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
    """Find the latest actual with a number in either edition."""
    readings = [each for each in (*old.actuals, *new.actuals) if each.value is not None]
    return max(readings, key=lambda each: (_order(each.year), each in new.actuals), default=None)


def is_met(indicator: Indicator, reached: Value | None) -> bool:
    """Say whether an actual reaches the aim, in the indicator's direction; without a direction, baseline to target."""
    target, base = indicator.target, indicator.baseline
    if target is None or target.value is None or reached is None or reached.value is None:
        return False
    match indicator.direction:
        case "increase":
            return reached.value >= target.value
        case "decrease":
            return reached.value <= target.value
        case "maintain":
            return False
        case "":
            if base is None or base.value is None or base.value == target.value:
                return False
            return reached.value >= target.value if target.value > base.value else reached.value <= target.value


def _order(year: Year) -> str:
    return "" if year is None else str(year)
