"""Rates of achievement on real figures: the method decides, so it is never chosen silently."""

from dataclasses import replace

import pytest

from atsugi_cli.achievement import rate
from atsugi_cli.model import Achievement, Indicator, Value

BIRTHS = Indicator("births", "target", "出生数", "人", baseline=Value(2014, 2264), target=Value(2019, 2300))
CRIMES = Indicator("crimes", "kpi", "刑法犯罪認知件数", "件", baseline=Value(2014, 4462), target=Value(2019, 4016))


def of(indicator: Indicator, method: str, actual: float, cap: float | None = None) -> float | None:
    return rate(replace(indicator, achievement=Achievement(method, cap)), Value(2019, actual)).per_cent


@pytest.mark.parametrize(
    ("indicator", "method", "actual", "wanted"),
    [
        (BIRTHS, "ratio", 1820, 79.1),
        (BIRTHS, "progress", 1820, -1233.3),
        (CRIMES, "decrease", 2408, 166.8),
        (CRIMES, "progress", 2408, 460.5),
    ],
)
def test_published_figures(indicator, method, actual, wanted):
    assert round(of(indicator, method, actual), 1) == wanted


def test_a_target_in_per_cent_of_the_baseline():
    reduced = replace(CRIMES, target=Value(2019, relative=-10.0))
    assert round(of(reduced, "decrease", 2408), 1) == round(4462 * 0.9 / 2408 * 100, 1)


def test_a_cap():
    assert of(CRIMES, "decrease", 2408, 100) == 100


@pytest.mark.parametrize(
    ("indicator", "actual", "why"),
    [
        (CRIMES, Value(2019, 2408), "no-method"),
        (replace(CRIMES, achievement=Achievement("ratio")), Value(2019, status="none"), "no-actual"),
        (replace(CRIMES, achievement=Achievement("ratio")), None, "no-actual"),
        (replace(CRIMES, achievement=Achievement("text")), Value(2019, 2408), "text"),
        (
            replace(CRIMES, achievement=Achievement("ratio"), target=Value(2019, text="減らす")),
            Value(2019, 1),
            "no-target",
        ),
        (replace(CRIMES, achievement=Achievement("progress"), baseline=None), Value(2019, 1), "no-baseline"),
        (replace(CRIMES, achievement=Achievement("decrease")), Value(2019, 0), "zero"),
        (replace(CRIMES, direction="decrease", achievement=Achievement("ratio")), Value(2019, 4900), "against"),
        (replace(BIRTHS, direction="increase", achievement=Achievement("decrease")), Value(2019, 1820), "against"),
        (replace(CRIMES, omitted=True), Value(2019, 1), "omitted"),
    ],
)
def test_no_rate_says_why(indicator, actual, why):
    found = rate(indicator, actual)
    assert (found.per_cent, found.why) == (None, why)
