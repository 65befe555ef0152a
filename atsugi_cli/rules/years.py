"""Years: era and western years in running text, for the rules that compare them."""

import re
from collections.abc import Iterator

from atsugi_cli.frozen import frozen
from atsugi_cli.numerals import integer, narrow
from atsugi_cli.words import ERAS

_FIRST = {name: first for name, first, _ in ERAS}
_LATIN = {"R": "令和", "H": "平成"}
LATIN_REACH = 10
"""H2(2020) is hydrogen, R3(2022) a slip: letters are eras only where both years are about the same."""
_JANUARY_TO_MARCH = range(1, 4)

_D = "0-9０-９"
_ERA = r"(?P<era>令和|平成|昭和|大正|明治|(?<![A-Za-zＡ-Ｚａ-ｚ0-9０-９])[RHＲＨ])\s*+"
_COUNT = rf"(?P<count>元|[{_D}]{{1,2}})"
_WESTERN = rf"(?:西暦)?(?P<western>[{_D}]{{4}})"
_KIND = rf"\s*+(?:(?P<KIND>年度)|年(?:\s*+(?P<MONTH>[{_D}]{{1,2}})月(?:\s*+[{_D}]{{1,2}}日)?)?)?\s*+"
_OPEN, _CLOSE = r"[(（\[［〔]\s*+", r"\s*+[)）\]］〕]"
_RANGE = r"[~～〜\-－―–—‐−]"
_OUTER = _KIND.replace("KIND", "outer").replace("MONTH", "month")
_INNER = _KIND.replace("KIND", "inner").replace("MONTH", "month2")

_ANY_COUNT = rf"(?P<count>元|[{_D}]{{1,2}}|[一二三四五六七八九十]{{1,3}})"
ERA_FIRST = _ERA + _ANY_COUNT + _OUTER + _OPEN + _WESTERN + _INNER + _CLOSE
"""令和3(2021)年度, 令和3年度（2021年度）, 平成31年3月(2019年3月)."""
WESTERN_FIRST = rf"(?<![{_D}])" + _WESTERN + _OUTER + _OPEN + _ERA + _ANY_COUNT + _INNER + _CLOSE
"""2021(令和3)年度, 2021年度（令和3年度）."""
RANGES = (
    rf"(?P<era>令和|平成|昭和)\s*+{_COUNT}\s*+(?:年度?)?\s*+{_RANGE}\s*+(?P<era2>令和|平成|昭和)?\s*+(?P<count2>元|[{_D}]{{1,2}})"
    rf"\s*+(?:年度?)?\s*+{_OPEN}(?P<western>[{_D}]{{4}})\s*+(?:年度?)?\s*+{_RANGE}\s*+(?P<western2>[{_D}]{{4}}|[{_D}]{{2}})"
    rf"\s*+(?:年度?)?{_CLOSE}"
)
"""令和3～8年度（2021～2026年度）."""

_SEVERAL = r"\s*+[・、,，]\s*+"
LISTS = (
    rf"(?P<era>令和|平成|昭和)\s*+(?P<counts>(?:元|[{_D}]{{1,2}})(?:{_SEVERAL}[{_D}]{{1,2}})+)\s*+(?:年度?)?\s*+"
    rf"{_OPEN}(?P<westerns>[{_D}]{{4}}(?:{_SEVERAL}[{_D}]{{2,4}})+)\s*+(?:年度?)?{_CLOSE}"
)
"""令和7・8年度（2025・2026年度）."""

_BESIDE = rf"{_OPEN}(?:西暦|令和|平成|昭和)?\s*+[元{_D}]{{1,4}}\s*+(?:年度?)?(?:[{_D}]{{1,2}}月)?{_CLOSE}"
_YEAR = (
    rf"(?:(?P<eraN>令和|平成|昭和)\s*+(?P<countN>元|[{_D}]{{1,2}})|(?<![{_D}])(?P<westN>[{_D}]{{4}}))"
    rf"(?:\s*+{_BESIDE})?"
    rf"\s*+(?:(?P<fiscalN>年度)|年(?!間)(?:\s*+(?P<monthN>[{_D}]{{1,2}})月(?:\s*+[{_D}]{{1,2}}日)?)?)?"
    rf"(?:\s*+{_BESIDE})?"
)
_UP_TO = rf"(?:から|より|{_RANGE})\s*+(?:[、,]\s*+)?"
MAY_STRETCH = rf"{_UP_TO}(?:令和|平成|昭和|[{_D}])"
"""What every stretch has in its middle, and few other texts have."""
BESIDE = rf"{_OPEN}(?:西暦)?(?:[{_D}]|令和|平成|昭和|大正|明治|[RHＲＨ])"
"""What every pair of years has: the second one in brackets."""
_SHORT = rf"(?P<short>[{_D}]{{1,2}})\s*+(?:年度|年(?![間{_D}]))"
_LENGTH = rf"(?P<length>[{_D}]{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*+(?:年間|年度間|[かカヵヶケ箇]年)"
STRETCH = (
    rf"(?:{_LENGTH}\s*+{_OPEN})?"
    + _YEAR.replace("N>", "1>")
    + rf"\s*+{_UP_TO}"
    + rf"(?:{_YEAR.replace('N>', '2>')}|{_SHORT})"
    + rf"(?:末|度末)?(?:\s*+まで)?(?:(?:の|、|,|\s|[(（])*(?:計|合計)?{_LENGTH.replace('length', 'after')}"
    + r"(?!\s*の?(?:延長|短縮|前倒し|繰り?延べ)))?"
)
"""令和3(2021)年度から令和8(2026)年度までの6年間, 6年間（2021～2026年度）, 令和3～8年度."""
LENGTH = _LENGTH


@frozen
class Stretch:
    """A stretch of years in a text: its first and last year, how they count, and the length printed beside it."""

    start: int
    end: int
    typed: str
    first: int
    last: int
    counts: str
    """fiscal, calendar, or months: then the years are fiscal years, and `months` is the length."""
    months: int = 0
    length: int | None = None

    def lasts(self, years: int) -> bool:
        """Check whether a printed length is right; between calendar years both ways of counting are."""
        match self.counts:
            case "fiscal":
                return years == self.last - self.first + 1
            case "months":
                return abs(self.months / 12 - years) < NEARLY
            case _:
                return years in {self.last - self.first, self.last - self.first + 1}


NEARLY = 0.2
"""Years by which months may miss a printed length: from one April to another is said either way."""


def stretches(text: str) -> Iterator[Stretch]:
    """Find every stretch of years in a text."""
    if "年" not in text or not re.compile(MAY_STRETCH).search(text):
        return
    for match in re.compile(STRETCH).finditer(text):
        first = _year(match["era1"], match["count1"], match["west1"])
        if match["short"] is not None:
            if match["era1"] is None:
                continue
            last = _year(match["era1"], match["short"], None)
            fiscal = "年度" in match[0]
        else:
            last = _year(match["era2"], match["count2"], match["west2"])
            fiscal = bool(match["fiscal1"] or match["fiscal2"])
        typed_length = match["length"] or match["after"]
        length = integer(typed_length) if typed_length else None
        end = match.end()
        if typed_length and text[end : end + 1] in {")", "）"}:
            end += 1
        typed = text[match.start() : end]
        months = (match["month1"], match["month2"])
        if months[0] and months[1]:
            begin, finish = integer(months[0]), integer(months[1])
            total = (last - first) * 12 + finish - begin + 1
            first, last = first - (begin in _JANUARY_TO_MARCH), last - (finish in _JANUARY_TO_MARCH)
            yield Stretch(match.start(), end, typed, first, last, "months", total, length)
        elif not months[0] and not months[1]:
            counts = "fiscal" if fiscal else "calendar"
            yield Stretch(match.start(), end, typed, first, last, counts, 0, length)


def _year(era: str | None, count: str | None, western: str | None) -> int:
    if western is not None:
        return integer(western)
    return _FIRST[era or "令和"] + integer(count or "1") - 1


@frozen
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
    if not re.compile(BESIDE).search(text):
        return
    for pattern in (re.compile(ERA_FIRST), re.compile(WESTERN_FIRST)):
        for match in pattern.finditer(text):
            era = _era(match["era"])
            western, count = integer(match["western"]), integer(match["count"])
            by_era = _FIRST[era] + count - 1
            if (
                by_era == western
                or count == 0
                or _same_fiscal_year(match, pattern is re.compile(ERA_FIRST), by_era, western)
            ):
                continue
            if match["era"] not in _FIRST and abs(by_era - western) > LATIN_REACH:
                continue
            yield Disagreement(match.start(), match.end(), match[0], f"{era}{narrow(match['count'])}", western, by_era)
    for match in re.compile(RANGES).finditer(text):
        first = _era(match["era"])
        second = match["era2"] or first
        for era, typed, year in (
            (first, match["count"], match["western"]),
            (second, match["count2"], match["western2"]),
        ):
            western = integer(year)
            if len(year) == len("26"):
                western += integer(match["western"]) // 100 * 100
            by_era = _FIRST[era] + integer(typed) - 1
            if by_era != western:
                yield Disagreement(match.start(), match.end(), match[0], f"{era}{narrow(typed)}", western, by_era)
                break
    for match in re.compile(LISTS).finditer(text):
        counts, westerns = (re.split(_SEVERAL, match[group]) for group in ("counts", "westerns"))
        century = integer(westerns[0]) // 100 * 100
        for typed, year in zip(counts, westerns, strict=False):
            western = integer(year) + (century if len(year) == len("26") else 0)
            by_era = _FIRST[match["era"]] + integer(typed) - 1
            if by_era != western:
                era = f"{match['era']}{narrow(typed)}"
                yield Disagreement(match.start(), match.end(), match[0], era, western, by_era)
                break


_ENDED = {name: last - first + 1 for name, first, last in ERAS if name != "令和"}
_LETTERS = {"H": "平成", "S": "昭和"}
MAY_BE_PAST = "(?:平成|昭和)\\s*+[3-9３-９三四五六七八九]|大正|明治|[HSＨＳ]\\s*+[3-9３-９]"
"""What every year past the end of its era has; few texts of today have it."""
PAST = (
    rf"(?P<era>平成|昭和|大正|明治|(?<![A-Za-zＡ-Ｚａ-ｚ0-9０-９])[HSＨＳ])\s*+(?P<count>[{_D}]{{1,2}}|[一二三四五六七八九十]{{2,4}})"
    rf"(?:\s*+年?度?\s*+{_RANGE}\s*+(?P<count2>[{_D}]{{1,2}}))?(?=\s*+年|\s*+{_RANGE}|\s*+{_OPEN}[{_D}]{{4}})"
)


def past_eras(text: str) -> Iterator[tuple[int, int, str, int, int]]:
    """Find the years that an era never had, 平成33年: start, end, the era, its last year, the western year meant."""
    for match in re.compile(PAST).finditer(text):
        era = _LETTERS.get(narrow(match["era"]), match["era"])
        for group in ("count", "count2"):
            count = integer(match[group]) if match[group] else 0
            if count > _ENDED[era]:
                yield match.start(), match.end(group), era, _ENDED[era], _FIRST[era] + count - 1
                break


_TURN = (
    r"(?P<new>令和\s*+(?:元|[1１一]))\s*+年\s*+(?P<before>[1-4１-４])\s*+月"
    r"|(?P<old>平成\s*+(?:31|３１|三十一))\s*+年\s*+(?P<after>[5-9５-９]|1[0-2]|１[０-２])\s*+月"
)
"""Months on the wrong side of the 1st of May 2019, with which 令和 began."""


def turned_eras(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Find months that belong to the other era, 令和元年4月: the place of the year, the month, the right year."""
    if "令和" not in text and "平成" not in text:
        return
    for match in re.compile(_TURN).finditer(text):
        group = "new" if match["new"] else "old"
        yield match.start(group), match.end(group), match[0], "平成31" if match["new"] else "令和元"


def _same_fiscal_year(match: re.Match[str], era_first: bool, by_era: int, western: int) -> bool:  # noqa: FBT001
    """Check whether one side is a fiscal year and the other its months of January to March in the next year."""
    outer = (match["outer"], match["month"])
    inner = (match["inner"], match["month2"])
    of_era, of_western = (outer, inner) if era_first else (inner, outer)
    return (of_era[0] is not None and _early(of_western[1]) and western == by_era + 1) or (
        of_western[0] is not None and _early(of_era[1]) and by_era == western + 1
    )


def _early(month: str | None) -> bool:
    return month is not None and integer(month) in _JANUARY_TO_MARCH


def _era(typed: str) -> str:
    letter = narrow(typed)
    return _LATIN.get(letter, letter)
