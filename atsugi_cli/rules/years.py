"""Years: era and western years in running text, for the rules that compare them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from atsugi_cli.words import ERAS

_FIRST = {name: first for name, first, _ in ERAS}
_LATIN = {"R": "令和", "H": "平成"}
LATIN_REACH = 10
"""H2(2020) is hydrogen, R3(2022) a slip: letters are eras only where both years are about the same."""
_JANUARY_TO_MARCH = range(1, 4)

_D = "0-9０-９"
_ERA = r"(?P<era>令和|平成|昭和|大正|明治|(?<![A-Za-zＡ-Ｚａ-ｚ0-9０-９])[RHＲＨ])\s*"
_COUNT = rf"(?P<count>元|[{_D}]{{1,2}})"
_WESTERN = rf"(?:西暦)?(?P<western>[{_D}]{{4}})"
_KIND = rf"\s*(?:(?P<KIND>年度)|年(?:\s*(?P<MONTH>[{_D}]{{1,2}})月(?:\s*[{_D}]{{1,2}}日)?)?)?\s*"
_OPEN, _CLOSE = r"[(（\[［〔]\s*", r"\s*[)）\]］〕]"
_RANGE = r"[~～〜\-－―–—‐−]"
_OUTER = _KIND.replace("KIND", "outer").replace("MONTH", "month")
_INNER = _KIND.replace("KIND", "inner").replace("MONTH", "month2")

ERA_FIRST = re.compile(_ERA + _COUNT + _OUTER + _OPEN + _WESTERN + _INNER + _CLOSE)
"""令和3(2021)年度, 令和3年度（2021年度）, 平成31年3月(2019年3月)."""
WESTERN_FIRST = re.compile(rf"(?<![{_D}])" + _WESTERN + _OUTER + _OPEN + _ERA + _COUNT + _INNER + _CLOSE)
"""2021(令和3)年度, 2021年度（令和3年度）."""
RANGES = re.compile(
    rf"(?P<era>令和|平成|昭和)\s*{_COUNT}\s*(?:年度?)?\s*{_RANGE}\s*(?P<era2>令和|平成|昭和)?\s*(?P<count2>元|[{_D}]{{1,2}})"
    rf"\s*(?:年度?)?\s*{_OPEN}(?P<western>[{_D}]{{4}})\s*(?:年度?)?\s*{_RANGE}\s*(?P<western2>[{_D}]{{4}}|[{_D}]{{2}})"
    rf"\s*(?:年度?)?{_CLOSE}"
)
"""令和3～8年度（2021～2026年度）."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An era year and a western year beside it that are not the same: where, and what each would be."""

    start: int
    end: int
    typed: str
    era: str
    western: int
    by_era: int


def disagreements(text: str) -> Iterator[Disagreement]:
    """Find every place of a text where an era year stands beside another western year."""
    if "年" not in text and "(" not in text and "（" not in text:
        return
    for pattern in (ERA_FIRST, WESTERN_FIRST):
        for match in pattern.finditer(text):
            era = _era(match["era"])
            western, count = _int(match["western"]), _count(match["count"])
            by_era = _FIRST[era] + count - 1
            if by_era == western or count == 0 or _same_fiscal_year(match, pattern is ERA_FIRST, by_era, western):
                continue
            if match["era"] not in _FIRST and abs(by_era - western) > LATIN_REACH:
                continue
            yield Disagreement(match.start(), match.end(), match[0], f"{era}{match['count']}", western, by_era)
    for match in RANGES.finditer(text):
        first = _era(match["era"])
        second = match["era2"] or first
        for era, typed, year in (
            (first, match["count"], match["western"]),
            (second, match["count2"], match["western2"]),
        ):
            western = _int(year)
            if len(year) == len("26"):
                western += _int(match["western"]) // 100 * 100
            by_era = _FIRST[era] + _count(typed) - 1
            if by_era != western:
                yield Disagreement(match.start(), match.end(), match[0], f"{era}{typed}", western, by_era)
                break


def _same_fiscal_year(match: re.Match[str], era_first: bool, by_era: int, western: int) -> bool:  # noqa: FBT001
    """Say whether one side is a fiscal year and the other its months of January to March in the next year."""
    outer = (match["outer"], match["month"])
    inner = (match["inner"], match["month2"])
    of_era, of_western = (outer, inner) if era_first else (inner, outer)
    return (of_era[0] is not None and _early(of_western[1]) and western == by_era + 1) or (
        of_western[0] is not None and _early(of_era[1]) and by_era == western + 1
    )


def _early(month: str | None) -> bool:
    return month is not None and _int(month) in _JANUARY_TO_MARCH


def _era(typed: str) -> str:
    narrow = unicodedata.normalize("NFKC", typed)
    return _LATIN.get(narrow, narrow)


def _count(typed: str) -> int:
    return 1 if typed == "元" else _int(typed)


def _int(typed: str) -> int:
    return int(unicodedata.normalize("NFKC", typed))
