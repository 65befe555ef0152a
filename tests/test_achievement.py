"""Rates of achievement on real figures: the method decides, so it is never chosen silently."""

from dataclasses import replace

import pytest

from atsugi_cli.achievement import GRADES, Rate, fiscal_year, grade, is_met, rate, reached, step
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
        (
            replace(BIRTHS, achievement=Achievement("ratio"), baseline=Value(2020, 2264)),
            Value(2019, 1820),
            "order",
        ),
        (
            replace(BIRTHS, achievement=Achievement("ratio")),
            Value(2019, 1820, aggregation="cumulative"),
            "sum",
        ),
    ],
)
def test_no_rate_says_why(indicator, actual, why):
    found = rate(indicator, actual)
    assert (found.per_cent, found.why) == (None, why)


SHOPS = Indicator(
    "shops",
    "kpi",
    "空き店舗での開業数",
    "店舗",
    aggregation="cumulative",
    span=(2021, 2025),
    target=Value(2025, 20),
    actuals=tuple(Value(year, value, aggregation="single") for year, value in ((2021, 3), (2022, 4), (2023, 5))),
    achievement=Achievement("ratio"),
)


def test_yearly_actuals_of_a_sum_are_summed_and_the_years_said():
    found = reached(SHOPS)
    assert found is not None
    assert (found.value, found.span, found.aggregation) == (12, (2021, 2023), "cumulative")
    assert rate(SHOPS, found).shown == 60.0
    assert rate(SHOPS, reached(SHOPS, 2022)).shown == 35.0


def test_a_running_total_is_taken_as_it_is():
    total = replace(
        SHOPS, actuals=(Value(2022, 7, aggregation="cumulative"), Value(2023, 12, aggregation="cumulative"))
    )
    assert reached(total) == total.actuals[1]
    assert rate(total, reached(total)).shown == 60.0


@pytest.mark.parametrize(
    ("actuals", "why"),
    [
        ((Value(2021, 3), Value(2022, 4)), "way"),
        ((Value(2021, 3, aggregation="single"), Value(2023, 5, aggregation="single")), "gap"),
        ((Value(2022, 4, aggregation="single"), Value(2023, 5, aggregation="single")), "gap"),
        ((Value(2021, 3), Value(2022, 7, aggregation="cumulative"), Value(2023, 5, aggregation="single")), "gap"),
        ((Value(2020, 4, aggregation="single"),), "outside"),
        ((Value(2026, 4, aggregation="single"),), "outside"),
    ],
)
def test_what_would_be_a_false_sum_is_none(actuals, why):
    given = replace(SHOPS, actuals=actuals)
    found = rate(given, reached(given))
    assert (found.per_cent, found.why) == (None, why)


@pytest.mark.parametrize(
    ("actual", "target", "wanted"),
    [
        (34999, 35000, 99.9),
        (7999.6, 10000, 79.9),
        (35000, 35000, 100.0),
        (8999, 10000, 89.9),
        (0.63, 0.7, 90.0),
        (35001, 35000, 100.0),
    ],
)
def test_a_rate_is_never_rounded_up_to_a_threshold(actual, target, wanted):
    given = replace(SHOPS, aggregation="", target=Value(2025, target))
    assert rate(given, Value(2025, actual)).shown == wanted


def test_yearly_actuals_of_a_mean_are_averaged_and_the_years_said():
    mean_of = replace(SHOPS, aggregation="mean", target=Value(2025, 5))
    found = reached(mean_of)
    assert found is not None
    assert (found.value, found.span, found.aggregation) == (4, (2021, 2023), "mean")
    assert rate(mean_of, found).shown == 80.0
    late = replace(mean_of, actuals=(Value(2026, 5, aggregation="single"),))
    assert rate(late, reached(late)).why == "outside"


@pytest.mark.parametrize(
    ("actuals", "found"),
    [
        ((Value(2021, 3), Value(2023, 5)), 2),
        ((Value(2021, 3), Value(2022, status="unpublished")), None),
        ((Value(2021, 3),), None),
        ((Value(2021, 3), Value(2022, 7, aggregation="cumulative")), None),
    ],
)
def test_the_step_is_that_between_two_years_reckoned_alike(actuals, found):
    assert step(replace(SHOPS, aggregation="", actuals=actuals)) == found


@pytest.mark.parametrize(
    ("per_cent", "name"), [(100, "A"), (99.99, "B"), (80, "B"), (60, "C"), (59.99, "D"), (-1233, "D")]
)
def test_the_class_of_a_rate(per_cent, name):
    assert grade(Rate(per_cent), GRADES) == name
    assert grade(Rate(None, "no-actual"), GRADES) == ""


def test_an_actual_of_a_day_is_that_of_the_year_that_ended_then():
    waiting = replace(
        CRIMES,
        basis="date",
        baseline=Value("2020-04-01", 40),
        target=Value("2026-04-01", 10),
        actuals=(Value("2023-04-01", 25), Value("2024-04-01", 20)),
        achievement=Achievement("progress"),
    )
    assert reached(waiting, 2022) == waiting.actuals[0]
    assert (rate(waiting, reached(waiting)).shown, step(waiting)) == (66.7, -5)
    assert reached(waiting, 2024) is None


def test_a_sum_over_years_with_a_gap_is_no_sum():
    single = (Value(2021, 28, aggregation="single"), Value(2023, 31, aggregation="single"))
    target = Value(2025, 30, span=(2021, 2025))
    indicator = Indicator("a", "kpi", actuals=single, aggregation="cumulative", target=target, direction="increase")
    assert reached(indicator) == single[1]
    assert rate(replace(indicator, achievement=Achievement("ratio")), single[1]).why == "gap"
    assert not is_met(indicator, single[1])


@pytest.mark.parametrize(
    ("year", "of_state", "begun"),
    [
        ("2021-04-01", 2020, 2021),
        ("2021-04", 2021, 2021),
        ("2021-03-31", 2020, 2020),
        (2021, 2021, 2021),
        (None, None, None),
    ],
)
def test_the_first_of_april_ends_a_year_as_a_state_and_begins_one_as_a_stretch(year, of_state, begun):
    assert fiscal_year(year) == fiscal_year(Value(year)) == of_state
    assert fiscal_year(year, state=False) == begun
