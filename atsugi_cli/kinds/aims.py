"""Aims: compare what two editions of an indicator aim at, whatever the units and forms they are written in."""

from typing import Literal

from atsugi_cli.model import Indicator, Value, Written
from atsugi_cli.words import same_unit, unit_of, when_words

Aim = Literal["", "raised", "lowered", "changed", "restated"]

Break = Literal["unit", "definition", "aggregation", "span"]
"""What breaks a series of figures."""


def amount(value: Value | None, unit: str) -> tuple[object, ...]:
    """Give what is compared of a value: not its year, its note, or its span, which is part of the aggregation."""
    if value is None:
        return ()
    scale = unit_of(unit)[0]
    number = value.value if value.value is None else value.value * scale
    ends = tuple(each * scale for each in value.range or ())
    return (number, value.text, value.relative, value.status, ends, value.bound, value.about)


def notation(value: Value) -> tuple[object, ...]:
    """Return how a value is written, where that says no other number: 1.40, 2億7千万円, 速報値."""
    digits = value.value.digits if isinstance(value.value, Written) else None
    return (value.state, value.printed, digits)


def aim(old: Indicator, new: Indicator) -> Aim:
    """Say how the aim changed, "" if not at all."""
    before, after = old.target, new.target
    if amount(before, old.unit) == amount(after, new.unit):
        if before and after and (before.value != after.value or notation(before) != notation(after)):
            return "restated"  # 20,000人 and 2万人, 1.4 and 1.40
        return "changed" if _staged(old) != _staged(new) else ""
    if before is None or after is None or not same_unit(old, new):
        return "changed"
    if _restated(old, before, new, after):
        return "restated"
    if not measures_alike(old, new) or (before.bound, before.about) != (after.bound, after.about):
        return "changed"  # what counts otherwise, or over another number of years, is neither more nor less
    rise = _rise(old, before, new, after) * _direction(old, new)
    return "changed" if rise == 0 else "raised" if rise > 0 else "lowered"


def measures_alike(old: Indicator, new: Indicator) -> bool:
    """Check whether both sides measure the same thing: unit, definition, aggregation, and how many years it spans."""
    return not breaks(old, new)


def breaks(old: Indicator, new: Indicator) -> tuple[Break, ...]:
    """Return what breaks the series of figures from one indicator to the other."""
    ways = [way_of(each) for each in (old, new)]
    spans = [span[1] - span[0] if (span := span_of(each)) else 0 for each in (old, new)]
    found: dict[Break, bool] = {
        "unit": not same_unit(old, new),
        "definition": old.definition != new.definition,
        "aggregation": ways[0] != ways[1],
        "span": spans[0] != spans[1],
    }
    return tuple(each for each, broken in found.items() if broken)


def aggregation(indicator: Indicator) -> tuple[object, ...]:
    """Give how the target is reckoned: single, cumulative or mean, and over which years."""
    return (way_of(indicator), span_of(indicator))


def way_of(indicator: Indicator) -> str:
    """Return how the target is reckoned."""
    return (indicator.target.aggregation if indicator.target else "") or indicator.aggregation or "single"


def span_of(indicator: Indicator) -> tuple[int, int] | None:
    """Give the years over which the target is reckoned."""
    return (indicator.target.span if indicator.target else None) or indicator.span


def _staged(indicator: Indicator) -> list[tuple[object, ...]]:
    return [
        (
            each.year,
            when_words(each, indicator, aim=True),
            notation(each),
            *amount(each, indicator.unit),
        )
        for each in indicator.targets
    ]


def _rise(old: Indicator, before: Value, new: Indicator, after: Value) -> int:
    """Give +1 where the number grew, -1 where it fell, 0 where the two cannot be compared."""
    if before.relative is not None and after.relative is not None:
        return _sign(after.relative - before.relative)
    first, second = _number(before, old, new), _number(after, new, old)
    return 0 if first is None or second is None else _sign(second - first)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _number(value: Value, indicator: Indicator, other: Indicator) -> float | None:
    """Give a value in the unit itself, also where it is given in per cent of the baseline."""
    if value.value is not None:
        return value.value * unit_of(indicator.unit)[0]
    owner = indicator if indicator.baseline else other
    base = owner.baseline
    if value.relative is None or base is None or base.value is None:
        return None
    return base.value * unit_of(owner.unit)[0] * (1 + value.relative / 100)


def _direction(old: Indicator, new: Indicator) -> int:
    """Give +1 where more is better, -1 where less is, 0 where it cannot be said or the editions disagree."""
    said = {each for each in (_rising(old), _rising(new)) if each is not None}
    return said.pop() if len(said) == 1 else 0


def _rising(indicator: Indicator) -> int | None:
    match indicator.direction:
        case "increase":
            return 1
        case "decrease":
            return -1
        case "maintain":
            return 0
        case "":
            pass
    target, base = indicator.target, indicator.baseline
    if target is not None and target.relative:
        return 1 if target.relative > 0 else -1
    if target is None or base is None or target.value is None or base.value is None or target.value == base.value:
        return None
    return 1 if target.value > base.value else -1


def _restated(old: Indicator, before: Value, new: Indicator, after: Value) -> bool:
    """Say whether one side gives in per cent of the baseline what the other gives as a number."""
    if before.value is None:
        relative, absolute, indicator = _number(before, old, new), after.value, new
    else:
        relative, absolute, indicator = _number(after, new, old), before.value, old
    if relative is None or absolute is None or (before.value is None) == (after.value is None):
        return False
    # Equal as printed: as many decimals as the number shows, rounded either way.
    decimals = len(str(absolute).partition(".")[2]) if isinstance(absolute, float) else 0
    return abs(relative / unit_of(indicator.unit)[0] - absolute) < 10.0**-decimals
