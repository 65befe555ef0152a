"""Laws of a printed indicator: it reads back, tells apart just what it prints, and subtracts only like from like."""

import re
from dataclasses import replace

from builders import edition, item
from hypothesis import example, given, settings
from hypothesis import strategies as st

from atsugi_cli.compare import compare
from atsugi_cli.layout.indicators import indicator_words
from atsugi_cli.layout.kpis import compared
from atsugi_cli.levels import Profile
from atsugi_cli.model import BOUND_LABELS, STATE_LABELS, STATUS_LABELS, Indicator, Value, Written

PROFILE = Profile()
SUMS = {"累計": "cumulative", "平均": "mean"}

years = st.integers(1990, 2040)
spans = st.tuples(years, years).map(lambda pair: (min(pair), max(pair)))
numbers = st.one_of(
    st.integers(0, 10**7),
    st.integers(0, 10**6).map(lambda number: Written.of(f"{number // 100}.{number % 100:02d}")),
)
qualities = {
    "year": years,
    "bound": st.sampled_from([*BOUND_LABELS]),
    "about": st.booleans(),
    "state": st.sampled_from([*STATE_LABELS]),
    "aggregation": st.sampled_from(["", "", "cumulative", "mean"]),
}
numeric = st.builds(
    Value,
    value=numbers,
    relative=st.none() | st.integers(-90, 90).filter(bool),
    **qualities,
)
ranged = st.builds(Value, range=st.tuples(numbers, numbers), **qualities)
figures = st.one_of(numeric, ranged)
spoken = st.one_of(
    st.builds(Value, year=years, text=st.sampled_from(["現状維持", "全国平均を上回る"])),
    st.builds(Value, year=years, status=st.sampled_from([*STATUS_LABELS])),
    st.builds(Value, year=years, relative=st.integers(-90, 90).filter(bool)),
)
spanned = st.builds(lambda value, span: replace(value, span=span), figures, spans)
values = st.one_of(figures, spanned, spoken)
units = st.sampled_from(["人", "%", "千t-CO2", "none", ""])


def indicators(value):
    """Make indicators whose values are such."""
    return st.builds(
        Indicator,
        id=st.just("k"),
        role=st.just("kpi"),
        name=st.sampled_from(["移住者数", "出生数"]),
        unit=units,
        definition=st.sampled_from(["", "市民課の届出", "住民基本台帳"]),
        basis=st.sampled_from(["", "calendar"]),
        aggregation=st.sampled_from(["", "single", "cumulative", "mean"]),
        span=st.none() | spans,
        baseline=value,
        current=st.none() | value,
        target=value,
        targets=st.lists(value, max_size=2, unique_by=lambda each: each.year).map(tuple),
        same_as=st.sampled_from(["", "another"]),
    ).filter(lambda each: each.target.year not in {one.year for one in each.targets})


NUMBER = r"[\d,]+(?:\.\d+)?"
YEAR = r"(?:昭和|平成|令和)(?:元|\d+)\((\d{4})\)"


def reckoning(words):
    """Read back when a value is reached, or over which years it is reckoned."""
    found = re.fullmatch(rf"(?:{YEAR}～{YEAR}年度?の)?(累計|平均)", words)
    if found:
        return None, SUMS[found[3]], (int(found[1]), int(found[2])) if found[1] else None
    year = re.fullmatch(rf"{YEAR}年度?", words)
    return int(year[1]), "", None


def read(words, unit):
    """Read back one value of a line: number or range, what bounds it, its state, and when."""
    found = re.fullmatch(
        rf"(約)?({NUMBER})(?:～({NUMBER}))?{re.escape(unit)}(以上|以下|超|未満)?"
        rf"(?:（({NUMBER})%(増加|減少)）)?(?:（(速報値|確定値|推計値)）)?(?:（(.*)）)?",
        words,
    )
    about, first, last, bound, relative, way, state, when = found.groups()
    number, end = (each and float(each.replace(",", "")) for each in (first, last))
    return {
        "about": bool(about),
        "value": None if end is not None else number,
        "range": None if end is None else (number, end),
        "bound": next(code for code, label in BOUND_LABELS.items() if label == (bound or "")),
        "relative": relative and float(relative) * (1 if way == "増加" else -1),
        "state": next(code for code, label in STATE_LABELS.items() if label == (state or "")),
        "when": when and reckoning(when),
    }


def meant(value, indicator, *, aim, staged=False):
    """Give what a line must tell of a value."""
    way = value.aggregation or (indicator.aggregation if aim or value.span else "")
    span = value.span or (indicator.span if aim and not (staged and value is not indicator.target) else None)
    summed = way in ("cumulative", "mean")
    when = (None, way, span) if summed else None if staged else (value.year, "", None)
    names = ("about", "value", "range", "bound", "relative", "state")
    return {name: getattr(value, name) for name in names} | {"when": when}


@settings(max_examples=100)
@given(indicators(st.one_of(figures, spanned)))
def test_a_printed_line_reads_back(indicator):
    unit = "" if indicator.unit == "none" else indicator.unit
    name, told = indicator_words(indicator, PROFILE).split("　")
    assert name == indicator.name + ("（再掲）" if indicator.same_as else "")
    now, aims = told.split(" → ")
    base, _, current = now.partition("、現況")
    assert read(base, unit) == meant(indicator.baseline, indicator, aim=False)
    if indicator.current:
        assert read(current, unit) == meant(indicator.current, indicator, aim=False)
    if not indicator.targets:
        assert read(aims, unit) == meant(indicator.target, indicator, aim=True)
        return
    every = sorted([*indicator.targets, indicator.target], key=lambda value: value.year)
    for words, value in zip(aims.split("、"), every, strict=True):
        year, _, rest = words.partition("年" if indicator.basis == "calendar" else "年度")
        assert int(re.fullmatch(YEAR, year)[1]) == value.year
        assert read(rest, unit) == meant(value, indicator, aim=True, staged=True)


def digits(number):
    """Tell 1.40 from 1.4, and 2 from 2.0."""
    shown = number.digits if isinstance(number, Written) else 0 if isinstance(number, int) else 1
    return float(number), shown if shown != 1 else len(repr(float(number)).partition(".")[2])


def shown(value, indicator, **how):
    """Give the printed fields of a value; 以上 and 約 belong to a number, and words have none."""
    if value is None:
        return None
    facts = meant(value, indicator, **how)
    figure = [digits(each) for each in (value.range or ([value.value] if value.value is not None else []))]
    bounds = (facts["about"], facts["bound"], indicator.unit.replace("none", "")) if figure else ()
    return tuple(figure), bounds, facts["relative"], facts["state"], facts["when"], value.text, value.status


def printed(indicator):
    """Give the fields of an indicator that its line prints."""
    aims = sorted([*indicator.targets, indicator.target], key=lambda value: value.year)
    staged = len(aims) > 1
    suffix = indicator.basis == "calendar"
    told = [shown(each, indicator, aim=True, staged=staged) for each in aims]
    points = [shown(each, indicator, aim=False) for each in (indicator.baseline, indicator.current)]
    dated = staged or any(point and point[4] and (point[4][0] or point[4][2]) for point in (*points, *told))
    return (
        indicator.name,
        bool(indicator.same_as),
        points,
        told,
        [each.year for each in aims] if staged else (),
        suffix if dated else (),
    )


@st.composite
def neighbours(draw):
    """Make two indicators that differ in nothing, or in a field or two."""
    one, other = draw(indicators(values)), draw(indicators(values))
    names = draw(
        st.sets(
            st.sampled_from(
                [
                    "name",
                    "unit",
                    "definition",
                    "basis",
                    "aggregation",
                    "span",
                    "baseline",
                    "current",
                    "target",
                    "same_as",
                ]
            ),
            max_size=2,
        )
    )
    other = replace(one, **{name: getattr(other, name) for name in names})
    years = {each.year for each in other.targets}
    return one, other if other.target.year not in years else one


@settings(max_examples=200)
@given(neighbours())
def test_two_lines_are_equal_just_where_the_printed_fields_are(pair):
    one, other = pair
    same = indicator_words(one, PROFILE) == indicator_words(other, PROFILE)
    assert same == (printed(one) == printed(other))


def way(indicator):
    """Tell how the target is reckoned, and over how many years."""
    span = indicator.target.span or indicator.span
    how = indicator.target.aggregation or indicator.aggregation or "single"
    return how, span[1] - span[0] if span else 0


@settings(max_examples=60)
@given(indicators(values), indicators(values), st.booleans())
@example(
    Indicator("k", "kpi", "移住者数", "人", target=Value(2025, 5), baseline=Value(2020, 1)),
    Indicator("k", "kpi", "移住者数", "人", target=Value(2025, 9), baseline=Value(2020, 1)),
    True,
)
@example(
    Indicator("k", "kpi", "移住者数", "人", definition="届出", target=Value(2025, 5), baseline=Value(2020, 1)),
    Indicator("k", "kpi", "移住者数", "人", definition="台帳", target=Value(2025, 9), baseline=Value(2020, 1)),
    False,
)
@example(
    Indicator("k", "kpi", "移住者数", "人", aggregation="cumulative", span=(2021, 2025), target=Value(2025, 5)),
    Indicator("k", "kpi", "移住者数", "人", aggregation="cumulative", span=(2021, 2030), target=Value(2030, 9)),
    False,
)
def test_a_difference_is_one_of_like_and_like(one, other, alike):
    if alike:
        other = replace(one, target=replace(other.target, aggregation=one.target.aggregation, span=one.target.span))
    old, new = (
        edition(item("goal", 1, "しごと", indicators=(each,)), name=name)
        for each, name in ((one, "old"), (other, "new"))
    )
    table = compared(compare(old, new), PROFILE).blocks[0]
    at = next(at for at, column in enumerate(table.columns) if column.code == "difference")
    found = "".join(row.cells[at].text for row in table.rows)
    like = one.unit == other.unit and one.definition == other.definition and way(one) == way(other)
    if not like:
        assert found == ""
    elif len(table.rows) == 1 and None not in (one.target.value, other.target.value):
        assert found != ""
