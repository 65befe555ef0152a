"""Words: numbers, years and values as a municipal paper prints them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date as day_of
from itertools import islice
from typing import Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.model import BOUND_LABELS, STATE_LABELS, STATUS_LABELS, UNREGISTERED, Indicator, Value, Written, Year

SCALES: Mapping[str, int] = {"十億": 10**9, "百万": 10**6, "億": 10**8, "万": 10**4, "千": 10**3}
"""How many of the unit itself one of the written unit is: 千円, 万人, 百万円. Longer words first."""
SPELLINGS: Mapping[str, str] = {
    "名": "人",
    "件数": "件",
    "ヶ所": "箇所",
    "ケ所": "箇所",
    "ヵ所": "箇所",
    "カ所": "箇所",
    "か所": "箇所",
    "個所": "箇所",
    "パーセント": "%",
}
"""Units that say the same in another spelling."""

ANNOUNCED = {"令和": "2019-04-01"}
"""When the name of an era became known, for the one that plans of today cross."""


@frozen
class Era:
    """How years are printed: with which years, and on which day (ISO 8601): nobody wrote 令和 in 2015."""

    style: Literal["both", "era", "western"] = "both"
    on: str = ""

    def knows(self, name: str) -> bool:
        """Check whether an era had its name on that day."""
        return not self.on or self.on >= ANNOUNCED.get(name, "")


TODAY = Era()

ERAS: tuple[tuple[str, int, int], ...] = (
    # name, first western year, last western year in which a date can still bear the name
    ("令和", 2019, 9999),
    ("平成", 1989, 2019),
    ("昭和", 1926, 1989),
    ("大正", 1912, 1926),
    ("明治", 1868, 1912),
)
ERA_STARTS: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("令和", (2019, 5, 1)),
    ("平成", (1989, 1, 8)),
    ("昭和", (1926, 12, 25)),
    ("大正", (1912, 7, 30)),
    ("明治", (1868, 1, 25)),
)
DATE = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z"
YEAR = r"((?:令和|平成|昭和|大正|明治)(?:元|[0-9]+))\(([0-9]{4})\)"
INITIALS = {"R": "令和", "H": "平成", "S": "昭和", "令": "令和", "平": "平成", "昭": "昭和"}
MID_YEAR = 7
"""The month taken for a year without one: a year is named by the era that holds in most of it."""


def era_name(year: int, month: int = MID_YEAR, day: int = 1, era: Era = TODAY) -> str:
    """Name a year in its era: 2019 → 令和元, 2026 → 令和8. Empty before 1868."""
    for name, start in ERA_STARTS:
        if (year, month, day) >= start and era.knows(name):
            count = year - start[0] + 1
            return f"{name}{'元' if count == 1 else count}"
    return ""


def western(era: str, count: int) -> int | None:
    """Give the western year of an era year: 令和, 8 → 2026; None for an unknown era or a year it never had."""
    for name, first, last in ERAS:
        if name == era and count >= 1 and first + count - 1 <= last:
            return first + count - 1
    return None


def era_year(era: str, count: str) -> int | None:
    """Give the western year of 令和 and 6, of R and 元; of 平成 and 32, too, as plans counted that were made before."""
    name, number = INITIALS.get(era, era), 1 if count == "元" else int(count)
    return next((first + number - 1 for each, first, _ in ERAS if each == name and number), None)


def year_words(year: Year, suffix: str = "年度", era: Era = TODAY) -> str:
    """Print a year or date: 2026 → 令和8(2026)年度, 2023-10-17 → 令和5(2023)年10月17日."""
    if year is None:
        return ""
    if isinstance(year, str):
        return date_words(year, era)
    return _year(year, era_name(year, era=era), era) + suffix


def is_date(text: str) -> bool:
    """Check whether a text is a day or a month of the calendar: 2026-12-01, 2026-12."""
    found = re.fullmatch(DATE, text)
    if not found or not found[2]:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        day_of(year, month, day)
    except ValueError:
        return False
    return True


def date_words(date: str, era: Era = TODAY) -> str:
    """Print a date or month: 2023-10-17 → 令和5(2023)年10月17日, 2020-03 → 令和2(2020)年3月; else as written."""
    found = re.match(DATE, date)
    if not found:
        return date
    year, month, day = (int(part) if part else 0 for part in found.groups())
    words = _year(year, era_name(year, month or MID_YEAR, day or 1, era), era) + "年"
    if month:
        words += f"{month}月"
    if day:
        words += f"{day}日"
    return words


def restyled(text: str, era: Era) -> str:
    """Rewrite the years of a text that this module printed, 令和8(2026), in another way."""
    if era.style == "both" and all(map(era.knows, ANNOUNCED)):
        return text
    text = re.sub(YEAR, lambda found: _year(int(found[2]), _known(found[1], int(found[2]), era), era), text)
    return _era_said_once(text) if era.style == "era" else text


def span_words(span: tuple[int, int], suffix: str = "年度", era: Era = TODAY) -> str:
    """Print over which years something is reckoned: 令和4(2022)～令和8(2026)年度, 令和4～8年度, 2022～2026年度."""
    words = f"{year_words(span[0], '', era)}～{year_words(span[1], suffix, era)}"
    return _era_said_once(words) if era.style == "era" else words


def _era_said_once(text: str) -> str:
    return re.sub(r"(令和|平成|昭和|大正|明治)(元|[0-9]+)～\1(?=[0-9])", r"\1\2～", text)


def _known(name: str, year: int, era: Era) -> str:
    return name if era.knows(name.rstrip("元0123456789")) else era_name(year, era=era)


def _year(year: int, name: str, era: Era) -> str:
    if not name or era.style == "western":
        return str(year)
    return f"{name}({year})" if era.style == "both" else name


def same_unit(old: Indicator, new: Indicator) -> bool:
    """Say whether both count the same: 千円 and 円 do, 件 and 人 do not; a unit that is left out may be any."""
    before, after = unit_of(old.unit)[1], unit_of(new.unit)[1]
    return before == after or not before or not after


def unit_of(unit: str) -> tuple[int, str]:
    """Split a unit into its scale and the unit itself: 千円 → 1000, 円."""
    narrow = unicodedata.normalize("NFKC", unit).strip()
    for word, scale in SCALES.items():
        if narrow.startswith(word) and narrow != word:
            narrow = narrow.removeprefix(word)
            return scale, SPELLINGS.get(narrow, narrow)
    return 1, SPELLINGS.get(narrow, narrow)


def number_words(value: float) -> str:
    """Print a number with thousands separators and the decimals it was written with: 1308 → 1,308, 1.40 → 1.40."""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Written):
        return f"{value:,.{value.digits}f}"
    text = f"{value:,.10f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def relative_words(per_cent: float) -> str:
    """Print a change in per cent: -10.0 → 10.0%減少."""
    if per_cent == 0:
        return "増減なし"
    return f"{number_words(abs(per_cent))}%{'減少' if per_cent < 0 else '増加'}"


def value_words(value: Value | None, unit: str) -> str:
    """Print a value of an indicator as the plan does: 約1,200人以上, 61.9%（20%減少）, 48.3（速報値）, 未設定."""
    if value is None:
        return ""
    if value.printed:
        return value.printed
    words = figure_words(value, unit)
    if words and value.relative is not None:
        words += f"（{relative_words(value.relative)}）"
    if not words and value.relative is not None and not value.text:
        words = relative_words(value.relative)
    words = words or value.text or STATUS_LABELS.get(value.status or "", "")
    return words + (f"（{STATE_LABELS[value.state]}）" if value.state else "")


def figure_words(value: Value, unit: str) -> str:
    """Print the number of a value with what bounds it: 約1,200人, 2,000人以上, 2,300～2,500人; empty without one."""
    if value.range is not None:
        words = "～".join(map(number_words, value.range))
    elif value.value is not None:
        words = number_words(value.value)
    else:
        return ""
    return f"{'約' if value.about else ''}{words}{'' if unit == 'none' else unit}{BOUND_LABELS[value.bound]}"


AGGREGATIONS: Mapping[str, str] = {"": "単年", "single": "単年", "cumulative": "累計", "mean": "平均"}


def when_words(value: Value, indicator: Indicator, era: Era = TODAY, *, aim: bool = False) -> str:
    """Print when a value is reached, and over which years it is reckoned: 令和8(2026)年度, 令和3～令和8年度の累計.

    What the indicator says of its aggregation is said of its aims (`aim`); another value has its own.
    """
    way = value.aggregation or (indicator.aggregation if aim or value.span else "")
    span = value.span or (indicator.span if aim else None)
    if way not in ("cumulative", "mean"):
        return year_words(value.year, year_suffix(indicator), era)
    return (f"{span_words(span, year_suffix(indicator), era)}の" if span else "") + AGGREGATIONS[way]


def indicator_name(indicator: Indicator) -> str:
    """Give the indicator's name, or 未登録 where the source leaves it out."""
    return indicator.name or UNREGISTERED


def year_suffix(indicator: Indicator) -> str:
    """Return what stands behind the years of an indicator."""
    return "年" if indicator.basis == "calendar" else "年度"


MOST_NAMED = 30
"""Things that a sentence names at most; the parts of one item are three or four."""


def some(names: Iterable[str]) -> str:
    """Join names by 、; of very many the first ones."""
    rest = iter(names)
    return "、".join(islice(rest, MOST_NAMED)) + ("ほか" if next(rest, None) else "")
