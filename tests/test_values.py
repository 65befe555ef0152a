"""Values are read whole or not at all: a table of texts (values/texts.tsv), and laws on printed and hostile texts."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from test_indicator_laws import numbers, qualities, spans, years

from atsugi_cli.layout.indicators import figures
from atsugi_cli.levels import Profile
from atsugi_cli.model import STATUS_LABELS, Indicator, Value, Written
from atsugi_cli.values import fields, read, read_span, read_when
from atsugi_cli.words import ERAS, Era, span_words, value_words, when_words, year_words

TEXTS = Path(__file__).parent / "values" / "texts.tsv"
PERIOD, BASE = (2021, 2025), 2013
NOT_READ = "cannot"


def rows():
    """Read the table: a text, the unit of its indicator, and the data that it means (or that it cannot be read)."""
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, unit, meant = line.split("\t")
            yield pytest.param(text, unit, meant, id=f"{text} ({unit})")


def plain(reading):
    """Give a reading as the table writes it: the keys of the value, `unit` where the text names it, and `before`."""
    told = dict(fields(reading.value))
    if reading.before:
        told["before"] = dict(fields(reading.before))
    return told | ({"unit": reading.unit} if reading.unit else {})


@pytest.mark.parametrize(("text", "unit", "meant"), [*rows()])
def test_a_text_gives_the_whole_of_its_data(text, unit, meant):
    found = read(text, unit, PERIOD, BASE)
    if meant == NOT_READ:
        assert found is None
        return
    assert found is not None
    told = plain(found)
    due = YAML(typ="safe", pure=True).load(f"{{{meant}}}")
    if told.get("unit") == unit:
        del told["unit"]
    assert told == due


def test_the_table_is_large_enough_to_mean_something():
    assert len([*rows()]) >= 150


# ---------------------------------------------------------------------------------------------------- printed by us

ordered = st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair)))
shown = {name: qualities[name] for name in ("bound", "about", "state")}
printed_values = st.one_of(
    st.builds(Value, value=numbers, relative=st.none() | st.integers(-90, 90), **shown),
    st.builds(Value, value=st.integers(-(10**6), -1), **shown),
    st.builds(Value, range=ordered, **shown),
    st.builds(Value, relative=st.integers(-90, 90), state=qualities["state"]),
    st.builds(Value, text=st.sampled_from(["現状維持", "全国平均を上回る", "上位3割"])),
    st.builds(Value, status=st.sampled_from([*STATUS_LABELS])),
)
units = st.sampled_from(
    ["人", "%", "千t-CO2", "千人", "百万円", "か所", "箇所", "m2", "㎡", "人/年", "none", "分", "台"]
)


def same(one, other):
    """Compare two values with the decimals that they are printed with."""
    return one == other and [
        each.digits if isinstance(each, Written) else None for each in (one.value, *(one.range or ()))
    ] == [each.digits if isinstance(each, Written) else None for each in (other.value, *(other.range or ()))]


@settings(max_examples=300)
@given(printed_values, units)
def test_what_we_print_reads_back(value, unit):
    found = read(value_words(value, unit), unit)
    assert found is not None
    assert same(found.value, value)
    if value.value is not None or value.range is not None:
        assert found.unit == unit


@settings(max_examples=200)
@given(
    printed_values.filter(lambda value: value.value is not None or value.range is not None),
    units,
    years,
    st.sampled_from(["", "cumulative", "mean"]),
    st.none() | spans,
    st.sampled_from(["both", "era", "western"]),
)
def test_a_value_with_its_time_reads_back(value, unit, year, way, span, style):
    value = replace(value, year=year, aggregation=way, span=span if way else None)
    profile = Profile(era=Era(style))
    indicator = Indicator("k", "kpi", "移住者数", unit, baseline=value)
    base = "".join(part.text for part in figures(indicator, profile)).partition(" → ")[0]
    assert when_words(value, indicator, profile.era) in base
    found = read(base, unit)
    meant = replace(value, year=None if way else year)
    assert found is not None
    assert same(found.value, meant)


@given(years, st.sampled_from(["both", "era", "western"]))
def test_years_and_spans_read_back(year, style):
    assert read_when(year_words(year, era=Era(style))) == year
    assert read_span(span_words((year, year + 3), era=Era(style))) == (year, year + 3)


# ----------------------------------------------------------------------------------------------------- hostile texts

PIECES = [
    "1", "20", "2,300", "１２", "1.5", "0", "億", "万", "千", "百", "割", "分",
    "%", "％", "人", "件", "円", "千人", "回/年", "～", "〜", "-", "から", "→",
    "約", "程度", "以上", "以下", "未満", "超", "増", "減", "減少", "(", ")", "（",
    "）", "※", "延べ", "累計", "平均", "5年間", "令和", "令和3年度", "R3", "平成31(2019)年度", "年度", "3月末",
    "現在", "前年度比", "倍", "▲", "△", "−", "+", "速報値", "、", "。", " ", "\u3000",
    "今後設定", "検討中", "現状維持", "十", "三", "二十", "ー", "台", "強", "弱", "を維持", "に増加",
    "年平均", "毎年", "期間", "\x00", "\ud800", "𠮷", "²", "①", "½", "㌫", "٣", "=>",
    "//", "男性", "うち",
]  # fmt: skip
hostile = st.one_of(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.text(max_size=40))


def digit_runs(text):
    return re.findall(r"[0-9]+", unicodedata.normalize("NFKC", text).replace(",", ""))


def accounted(run, told, words):
    """Check whether a number of a text stands in its data: as it is, in words that are kept, or as a western year."""
    numbers = [float(each) for each in re.findall(r"[0-9]+(?:\.[0-9]+)?", told)]
    if run in digit_runs(told) or float(run) in numbers:
        return True
    if any(first + int(run) - 1 in numbers for _, first, _ in ERAS):
        return True
    return bool(re.search(r"[割分]|年間|か年", words))  # told otherwise: 3割 is 30, 5年間 the years of the plan


@settings(max_examples=600)
@given(hostile, st.sampled_from(["", "人", "千人", "%", "none", "円", "分"]))
@example("2020-2025", "")
@example("2,300～2", "人")
@example("20店舗（5年間", "店舗")
@example("1" * 5000, "")
@example("（" * 3000, "")
@example("1.520", "")
def test_hostile_texts_are_read_whole_or_not_at_all(text, unit):
    found = read(text, unit, PERIOD, BASE)
    read_when(text), read_span(text)
    if found is None:
        return
    every = [each for _, each in [*fields(found.value), *(fields(found.before) if found.before else ())]]
    told = found.unit + "|".join(
        f"{each:.{each.digits}f}" if isinstance(each, Written) else str(each) for each in every
    )
    for run in digit_runs(text):
        assert accounted(run, told.replace(",", ""), text), (run, told)
    assert not re.search(r"[（(][^）)]*\Z", found.unit)
    assert not isinstance(found.value.value, float) or found.value.value == found.value.value
