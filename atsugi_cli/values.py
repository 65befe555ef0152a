"""Values: what the printed text of a value says, read whole or not at all: 約1億2,000万円以上（令和8年度）.

A figure that is only a part of its text would be a false figure in a plan, so every character of the text must be
understood. What stays of it and has no key of its own (４月１日現在) becomes the note, and what a number cannot say as
it is printed (2億7千万円) is kept in `printed`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

from atsugi_cli.achievement import fiscal_year
from atsugi_cli.frozen import frozen
from atsugi_cli.model import STATUS_LABELS, Aggregation, Bound, Span, State, Status, Value, Written, Year
from atsugi_cli.numerals import KANJI, integer
from atsugi_cli.words import INITIALS, era_name, era_year, is_date, western

LONGEST = 200
"""Characters of the longest text that is read: a cell of a table, not a paragraph."""
LONGEST_TIME = 32
"""Characters of a time that stands before a number: 令和3年度から令和7年度までの5年間の累計で."""
SHORT = 2
"""Characters before a unit that are no words, but a number that cannot be read."""
MOST_DIGITS = 18
"""Digits of the longest number; the budget of a state has fifteen."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
SHARE = "%"
OF_MINOR = 10
"""Per cent of a 割; a 分 is one, and a 厘 a tenth of it."""


@frozen
class Reading:
    """What a text says: the value, the unit in which it is told, and what stood before an arrow (12.3→15.0)."""

    value: Value
    unit: str = ""
    before: Value | None = None


@frozen
class _Time:
    """When a value holds, or over which years and how it is reckoned; `note` where the years cannot be said."""

    year: Year = None
    aggregation: Aggregation = ""
    span: Span | None = None
    note: str = ""


# ------------------------------------------------------------------------------------------------------------- folding

_DASHES = re.compile(r"[−–—‐‑―▬]|(?<![ァ-ヶー])ー(?=[0-9.])|[▲△▼▽](?=\s*[0-9.])")
_TILDES = re.compile(r"[〜∼˜⁓〰]|\.\.\.(?=[0-9])")
_ARROWS = re.compile(r"⇒|➡|➔|⟶|⇨|=>|-->|->|▶|►")
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"パーセント|ﾊﾟｰｾﾝﾄ|percent", "%"),
        (r"[カヵヶケ箇個][所処]", "か所"),
        (r"[カヵヶケ箇](?=[年月国])", "か"),
        (r"のべ|延(?=[0-9])", "延べ"),
        (r"ヘクタール", "ha"),
        (r"平方キロメートル|平方キロ|k㎡", "km2"),
        (r"平方メートル", "m2"),
        (r"立方メートル", "m3"),
        (r"キログラム", "kg"),
        (r"キロワット", "kW"),
        (r"(?<![ァ-ヶー])トン", "t"),
        (r"t-?CO2", "t-CO2"),
        (r"\Aゼロ", "0"),
        (r"マイナス(?=[0-9.])", "-"),
    )
)
_SPLIT_NUMBER = re.compile(r"[0-9]\s+[0-9]")
_MARK = "²³¹¼-¾⁰-₉⅐-⅟①-⓿㈠-㊿"
_MARK_AT_NUMBER = re.compile(rf"[0-9０-９][{_MARK}]|[{_MARK}][0-9０-９]")
"""A footnote that the normal form would make a digit: 120①, 120², ①120."""


def folded(text: str) -> str:
    """Return a text in one notation: half width, without blanks, one sign for each mark; empty for "1 200", 120①."""
    if _MARK_AT_NUMBER.search(text):
        return ""
    narrow = unicodedata.normalize("NFKC", text).strip()
    narrow = _TILDES.sub("~", _DASHES.sub("-", _ARROWS.sub("→", narrow)))
    if _SPLIT_NUMBER.search(narrow):
        return ""
    narrow = "".join(narrow.split())
    for pattern, word in _SPELLINGS:
        narrow = pattern.sub(word, narrow)
    return narrow


_OPEN, _CLOSE = "（(〔［[【〈", "）)〕］]】〉"


def _apart(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Take a text apart into what stands outside brackets and inside each; None where brackets do not match.

    A year that is told twice, 令和8(2026)年度, is told once; where the two disagree nothing can be said.
    """
    outside, inside, depth, start = "", [], 0, 0
    for at, character in enumerate(text):
        if character in _OPEN:
            depth += 1
            start = at + 1 if depth == 1 else start
        elif character in _CLOSE:
            depth -= 1
            if depth < 0:
                return None
            if depth == 0:
                pair = _same_year(folded(outside), folded(text[start:at]))
                if pair is False:
                    return None
                if pair is None:
                    inside.append(text[start:at].strip())
        elif depth == 0:
            outside += character
    return (outside.strip(), tuple(inside)) if depth == 0 else None


_ERA = r"(令和?|平成?|昭和?|大正|明治|[RHSrhs]\.?)"
_YEAR_AT_END = re.compile(rf"(?:{_ERA}(元|[0-9]{{1,2}})|([0-9]{{4}}))(?:年度?)?\Z")
_YEAR_ALONE = re.compile(rf"(?:{_ERA}(元|[0-9]{{1,2}})|([0-9]{{4}}))(?:年度?)?")


def _year_of(found: re.Match[str]) -> int | None:
    return int(found[3]) if found[3] else era_year(found[1].upper().rstrip("."), found[2])


def _same_year(before: str, inside: str) -> bool | None:
    """Check whether a bracket repeats the year before it in the other notation; None where it is something else."""
    one, other = _YEAR_AT_END.search(before), _YEAR_ALONE.fullmatch(inside)
    if one is None or other is None or (one[3] is None) == (other[3] is None):
        return None
    if not FIRST_YEAR <= int(one[3] or other[3]) <= LAST_YEAR:
        return None  # 1300（R7） is a number
    return _year_of(one) == _year_of(other)


# --------------------------------------------------------------------------------------------------------------- years

_SORT = r"(?:実績|目標|見込み?|推計|速報|確定|基準|現状|現況)値?"
_MOMENT = rf"(?:度?末|当初|度当初)?(?:時点|現在|{_SORT}|まで(?:に)?)?"
_WHEN = re.compile(
    rf"(?:西暦)?(?:{_ERA}(元|[0-9]{{1,2}})|([0-9]{{4}}))"
    rf"(?:年度?{_MOMENT}"
    r"|(?:年|[./-])([0-9]{1,2})(?:月末?|(?:月|[./-])([0-9]{1,2})日?)?(?:末)?(?:時点|現在|実績|まで(?:に)?)?"
    r"|(?:末)?(?:時点|現在|実績)?)"
)


def read_when(text: str) -> Year:
    """Read a year or a day, the whole text: 令和8(2026)年度, R3.3末, 2021年4月1日現在; None for anything else."""
    parts = _apart(text) if len(text) <= LONGEST else None
    plain = parts and all(re.fullmatch(rf"{_SORT}|策定時", folded(each)) for each in parts[1])
    found = _WHEN.fullmatch(folded(parts[0])) if parts and plain else None
    year = _year_of(found) if found else None
    if found is None or year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if found[4] is None:
        return year
    day = f"{year}-{int(found[4]):02}" + (f"-{int(found[5]):02}" if found[5] else "")
    return day if is_date(day) else None


def outlived(text: str) -> str:
    """Say in its own era a year or month that a text tells in another one: 平成32年度 → 令和2年度; else empty."""
    parts = _apart(text) if len(text) <= LONGEST else None
    found = _WHEN.fullmatch(folded(parts[0])) if parts else None
    year = _year_of(found) if found and found[1] else None
    if found is None or year is None:
        return ""
    era = INITIALS.get(found[1].upper().rstrip("."), found[1])
    month = int(found[4]) if found[4] else 0
    told = era_name(year, month, int(found[5] or 1)) if month else era_name(year)
    if told.startswith(era) or (not month and western(era, 1 if found[2] == "元" else int(found[2]))):
        return ""
    return told + (f"年{month}月" if month else "年度" if "年度" in found[0] else "年")


_LATER = re.compile(r"([0-9]{1,2})(?:年度?)?(?:まで)?")


_LASTING = re.compile(r"(?:計|合計)?([0-9]{1,2})(?:年間|か年(?:計画)?|年度?分|年)")
_WHOLE = re.compile(r"(?:本?計画|戦略|全|全体)?の?(?:全?期間|年度)(?:内|中|全体)?")


def read_span(text: str, plan: Span | None = None) -> Span | None:
    """Read the first and last year of a stretch: 令和3～7年度（5年間）, H30-R4, 2021～2025年度; None for anything else.

    `plan` are the years of the plan, which 計画期間 and 5年間 may stand for.
    """
    parts = _apart(text) if len(text) <= LONGEST else None
    if parts is None:
        return None
    words, inside = folded(parts[0]), [folded(each) for each in parts[1]]
    own = _LASTING.fullmatch(words)
    if own and len(inside) == 1:  # 5年間（令和3～7年度）
        words, inside = inside[0], [words]
        own = None
    lengths = [_LASTING.fullmatch(each) for each in inside]
    found = plan if plan and (own or _WHOLE.fullmatch(words)) else _stretch(words)
    if found is None or None in lengths:
        return None
    told = {int(each[1]) for each in (own, *lengths) if each}
    return found if told <= {found[1] - found[0] + 1} else None


def _stretch(words: str) -> Span | None:
    for mark in ("~", "から", "-"):
        first, found, last = words.partition(mark)
        start = fiscal_year(read_when(first), state=False) if found else None
        if start is None:
            continue
        end = fiscal_year(read_when(last))
        if lasting := _LASTING.fullmatch(last):
            return start, start + int(lasting[1]) - 1
        later = _LATER.fullmatch(last)
        if end is None and later:
            era = re.match(_ERA, first)
            end = era_year(era[1].upper().rstrip("."), later[1]) if era else start - start % 100 + int(later[1])
        if end is not None and start <= end <= LAST_YEAR:
            return start, end
    return None


@frozen
class _Years:
    """The years of the plan and that of the value, as far as they are known."""

    plan: Span | None = None
    year: int | None = None

    def lasting(self, count: int) -> Span | None:
        """Return the years of 5年間: those of the plan, or those that end with the value's own."""
        if self.plan and self.plan[1] - self.plan[0] + 1 == count:
            return self.plan
        return (self.year - count + 1, self.year) if self.year else None


_SUM = r"累計|累積|合計|総計|総数|延べ|計|通算"
_RECKONED = re.compile(
    rf"(?:(?P<years>[0-9]{{1,2}})(?:年間|か年間?|年度?分|年(?=の?(?:{_SUM}|平均)))"
    r"|(?P<all>(?:計画|戦略|全体|対象)?期間(?:内|中)?(?:全体)?)|(?P<span>.+?年度?(?:まで)?|[RHS]?[0-9]+[~-][RHS]?[0-9]+))?"
    rf"(?:の|で)?(?:(?P<sum>(?:{_SUM})(?:値|数|で)?)|(?P<mean>(?:年|期間)?平均(?:値)?))?"
)
_TOTALS = frozenset({"計", "合計", "総計", "総数"})
"""Words of a sum that need not be one over years."""
_SINGLE = re.compile(r"単年度?|年間|毎年度?|各年度?|1年間|年度?ごと|単年値")


def _time(text: str, years: _Years, *, countable: bool = True) -> _Time | None:
    """Read when a value holds or how it is reckoned, the whole text; `countable` values can be added up over years."""
    if (year := read_when(text)) is not None:
        return _Time(year)
    words = folded((_apart(text) or ("",))[0])
    if not words or (_apart(text) or ("", ("",)))[1]:
        return None
    if _SINGLE.fullmatch(words):
        return _Time(aggregation="single")
    found = _RECKONED.fullmatch(words)
    if found is None:
        return None
    span = read_span(found["span"]) if found["span"] else years.plan if found["all"] else None
    if found["span"] and span is None:
        return None
    if found["years"] and not found["mean"]:
        span = years.lasting(int(found["years"]))
    if words in _TOTALS:
        return _Time()
    way: Aggregation = "mean" if found["mean"] else "cumulative" if found["sum"] or countable else ""
    if not way:
        return None
    return _Time(None, way, span, "" if span or not (found["years"] or found["all"]) else text.strip())


# ------------------------------------------------------------------------------------------------------------- numbers

_NUMERIC = re.compile(r"[0-9]")
_SMALL: Mapping[str, int] = {"千": 1000, "百": 100, "十": 10, "": 1}
_LARGE: Mapping[str, int] = {"兆": 10**12, "億": 10**8, "万": 10**4, "": 1}
_IN_KANJI = f"[{KANJI}](?:[{KANJI}]*〇[{KANJI}〇]*)?"
"""五, 二〇; not 〇, which keeps a place free, nor 二三, which are two or three."""
_N = rf"(?:[0-9]{{1,3}}(?:[,_、][0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|{_IN_KANJI})"
_GROUP = rf"(?:{_N}?千)?(?:{_N}?百)?(?:{_N}?十)?{_N}?"
_AMOUNT = re.compile(rf"(?:({_GROUP})兆)?(?:({_GROUP})億)?(?:({_GROUP})万)?({_GROUP})")
_PART = re.compile(rf"({_N}?)([千百十]?)")
_SIMPLE = re.compile(r"([0-9][0-9,_、]*(?:\.[0-9]+)?)([十百千万億兆]*)")


@frozen
class _Amount:
    """A number as it is written: in all, and its digits and its multiple (千, 百万) where those are all there is."""

    whole: Decimal
    end: int
    digits: str = ""
    multiple: str = ""
    kanji: bool = False

    @property
    def scale(self) -> int:
        """What the multiple stands for."""
        return _scale(self.multiple)[0]


def _amount(text: str, at: int) -> _Amount | None:
    """Read a number at a place: 2,205, 1.2万, 2億7千万, 二十."""
    found = _AMOUNT.match(text, at)
    if found is None or not found[0] or len(found[0]) > MOST_DIGITS + len(",,,,,"):
        return None
    total: Decimal | None = None
    for words, scale in zip(found.groups(), _LARGE.values(), strict=True):
        if words is None or (not words and scale == 1):
            continue
        group = _group(words)
        if group is None or (total is not None and group >= _LARGE["万"]):
            return None
        total = (total or 0) + group * scale
    simple = _SIMPLE.fullmatch(found[0])
    digits, multiple = (re.sub("[,_、]", "", simple[1]), simple[2]) if simple else ("", "")
    return None if total is None else _Amount(total, found.end(), digits, multiple, not _NUMERIC.search(found[0]))


def _group(words: str) -> Decimal | None:
    """Add up what stands before 万, 億 or 兆: 7千, 2,300; None for what nobody writes (2千3千)."""
    total, below = Decimal(0), 0
    for digits, mark in _PART.findall(words):
        if not digits + mark:
            continue
        one = (
            Decimal(re.sub("[,_、]", "", digits) if _NUMERIC.match(digits) else integer(digits))
            if digits
            else Decimal(1)
        )
        if below and one * _SMALL[mark] >= below:
            return None
        total, below = total + one * _SMALL[mark], _SMALL[mark]
    return total if words else None


_MULTIPLE = re.compile(r"[十百千]?[万億兆]|[十百千]")
_MULTIPLES = "十百千万億兆"


def _scale(unit: str) -> tuple[int, str]:
    """Take a unit apart into its multiple and the rest: 百万円 → 1000000, 円."""
    scale = 1
    while found := _MULTIPLE.match(unit):
        for mark in found[0]:
            scale *= {**_SMALL, **_LARGE}[mark]
        unit = unit[found.end() :]
    return scale, unit


def _number(whole: Decimal, digits: str = "") -> int | float | None:
    """Return a number as the model keeps it, with the decimals that were written."""
    if digits:
        return Written.of(digits) if "." in digits else int(digits)
    if whole == whole.to_integral_value():
        return int(whole) if abs(whole) < 10**MOST_DIGITS else None
    return float(whole)


# --------------------------------------------------------------------------------------------------------------- words

_STATUS: Mapping[str, Status] = {
    **dict.fromkeys(
        (
            "-",
            "--",
            "---",
            "ー",
            "...",
            "......",
            "・",
            "なし",
            "無し",
            "不明",
            "データなし",
            "該当なし",
            "n/a",
            "nan",
            ".nan",
        ),
        "none",
    ),
    **dict.fromkeys(("未定", "未設定", "tbd", "設定なし"), "undecided"),
    **dict.fromkeys(("非公表", "集計中", "公表前", "公表待ち", "未集計", "未確定", "調査中", "算定中"), "unpublished"),
    **dict.fromkeys(("調査せず", "未調査", "調査未実施"), "not-surveyed"),
    **{unicodedata.normalize("NFKC", STATUS_LABELS[code]): code for code in get_args(Status)},
}
_LATER_ON = re.compile(
    r"(?:目標値?は)?(?:今後|別途|策定後に?|調査後に?)(?:設定|検討|調整|決定)(?:中|予定|する(?:予定)?|します)?"
    r"|(?:目標値?は)?(?:設定|検討|調整)(?:中|予定)"
)
_TO_BE_SET = re.compile(r"(?:目標値?は)?.*年度?(?:中)?に(?:設定|決定|検討)(?:予定|する(?:予定)?)?")
_TO_BE_PUBLISHED = re.compile(r"(.*?)に?(?:公表|集計|算定)(?:予定|待ち)")
_STATE: Mapping[str, State] = {
    **dict.fromkeys(("速報", "速報値", "暫定", "暫定値"), "preliminary"),
    **dict.fromkeys(("確定", "確定値", "確報", "確報値"), "final"),
    **dict.fromkeys(("推計", "推計値", "見込", "見込み", "見込値", "見込み値", "推定", "推定値"), "estimate"),
}
_STATE_WORDS = "|".join(sorted(_STATE, key=len, reverse=True))
_BOUND: Mapping[str, Bound] = {
    **dict.fromkeys(("以上",), "at-least"),
    **dict.fromkeys(("以下", "以内"), "at-most"),
    **dict.fromkeys(("超", "を超える", "を上回る"), "above"),
    **dict.fromkeys(("未満", "を下回る"), "below"),
}
_PREFIX_BOUND: Mapping[str, Bound] = {
    **dict.fromkeys(("最大でも", "最大で", "最大", "最高でも", "最高で", "最高"), "at-most"),
    **dict.fromkeys(("最低でも", "最低で", "最低"), "at-least"),
    "少なくとも": "at-least",
}
_SIGN_BOUND: Mapping[str, Bound] = {
    **dict.fromkeys(("≧", "≥", ">="), "at-least"),
    **dict.fromkeys(("≦", "≤", "<="), "at-most"),
    ">": "above",
    "<": "below",
}
_ABOUT = re.compile(r"約|およそ|おおむね|おおよそ|概ね|ほぼ")
_ABOUT_BEHIND = re.compile(r"(?:程度|前後|ほど|くらい|ぐらい|内外)\Z")
_BOUND_BEHIND = re.compile(rf"({'|'.join(_BOUND)})\Z")
_STATE_BEHIND = re.compile(rf"({_STATE_WORDS})\Z")
_FOOTNOTE = re.compile(r"(?:[※*†][0-9]{0,2}|注[0-9]{1,2})")
_FOOTNOTE_BEHIND = re.compile(rf"{_FOOTNOTE.pattern}\Z")
_DEED = "維持|達成|確保|継続|保持|実施|開催|設置|整備|開設|導入|策定|作成|認定|登録|参加"
_CHANGE = "増加|増やす|拡大|向上|上昇|引き上げる?|削減|減少|減らす|抑制|低減|縮減|抑える|改善"
_TAIL = re.compile(
    rf"(?:(?:を|の)?(?:{_DEED}|目指す|目標)(?:する|とする|を目指す)?|(?:に|へ|まで)(?:{_CHANGE}|する)(?:させる|する)?|とする|へ|まで)\Z"
)
_SUM_BEHIND = re.compile(rf"の?({_SUM}|(?:年|期間)?平均)\Z")
_CHANGED = re.compile(
    r"(?:の)?(?:(減少?|削減|低下|低減|縮減|抑制|減らす|マイナス)|(増加?|上昇|向上|拡大|増やす|プラス))(?:する|させる|とする)?"
)
_OF_BASELINE = re.compile(
    r"(?:基準値?|現状値?|策定時|基準年度?|現況値?)(?:から|より|比で?|に比べ(?:て)?|の|に対し(?:て)?)"
)
_OF_YEAR = re.compile(rf"({_YEAR_ALONE.pattern})(?:比で?|から|より|に比べ(?:て)?)")
_AGAINST = re.compile(r".+(?:比|比較|対比|比で|から|より|に比べて?|に対して?)")
_PER_YEAR = re.compile(r"(?:年間|毎年度?|各年度?|年)(?=[0-9約]|延べ)")
_PER_YEAR_BEHIND = re.compile(r"/年度?\Z")
_WORD = r"(?:(?![RHS][0-9])[A-Za-zµμΩ℃°][A-Za-z]*[23]?|[一-鿿々ァ-ヺーか所]{1,8})"
_UNIT = re.compile(rf"(?:[%‰つ]|か[所月国年]|{_WORD})(?:[-/・]{_WORD})*")
_NO_UNIT = re.compile(
    rf".*(?:{_CHANGE}|低下|縮小|タイ|アルファ|強|弱|余り?|規模|増|減|超過|(?<!.)分|目|達成|維持|台|比|率|中|内|外|年度?|[上下]|位以.)\Z"
)
_UNITS_AFTER_ALL = frozenset({"分", "台", "年", "目", "か年"})
"""Units that end like words which change a number."""
_KNOWN_WORDS = re.compile(
    r"(?:対?前年(?:度|同期)?比|前回(?:調査)?比|対前年).*|上位.*"
    r"|.*(?:全国|県|圏域|都道府県|国|類似団体)平均.*|.*同水準.*|.*現状(?:維持|値?以[上下]|水準).*"
)


# ------------------------------------------------------------------------------------------------------------- reading


def read(
    text: str, unit: str = "", period: Span | None = None, base_year: Year = None, year: Year = None
) -> Reading | None:
    """Read the text of a value; None where any part of it is not understood.

    `unit` is the unit of the indicator ("none" where it has none, empty where it is not known): 2,205千人 is 2205 in
    千人 and 2205000 in 人. `period` are the years of the plan, for what is reckoned over it (5年間), `base_year` that
    of the baseline, for a change against a year (2013年度比46%減), `year` that of the value, where it is known.
    """
    if not text.strip() or len(text) > LONGEST or _EXPONENT.fullmatch(text.strip()):
        return None
    years = _Years(period, year if isinstance(year, int) else None)
    sides = _ARROWS.sub("→", text).split("→")
    if len(sides) > 2:
        return None
    moved = re.fullmatch(rf"(.*[0-9][^から]*)から(.*[0-9].*?)(?:へ|に)(?:{_CHANGE}|する)?", folded(text))
    of_year = _OF_YEAR.match(folded(text))
    since = of_year is not None and read_when(of_year[1]) is not None  # 2300から is no year
    if len(sides) == 1 and moved and not _OF_BASELINE.match(folded(text)) and not since:
        sides = [moved[1], moved[2]]
    if len(sides) == 1:
        return _one(text, unit, years, base_year)
    after = _one(sides[1], unit, years, base_year)
    before = _one(sides[0], unit or (after.unit if after else ""), years, None)
    if before is None or after is None or before.unit not in {"", after.unit}:
        return None
    if (before.value.value is None and before.value.range is None) or after.value.text or after.value.status:
        return None
    return Reading(after.value, after.unit, before.value)


_LETTERS = str.maketrans("OoＯｏlI", "000011")


def with_digits(text: str) -> str:
    """Write letters that look like digits as those, 1O0人 → 100人; empty where there are none between digits."""
    return text.translate(_LETTERS) if re.search(r"[0-9０-９][OoＯｏlI]|[OoＯｏlI][0-9０-９]", text) else ""


_BASES: Mapping[str, int] = {"0x": 16, "0o": 8, "0b": 2}


_MOST = 1e15
"""What no figure of a city reaches, and a float still tells to the last digit."""
_EXPONENT = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?[eE][-+]?[0-9]{1,2}")


def programmed(text: str) -> tuple[str, int | float] | None:
    """Read a number as programs write it: 0x1F → how it is written, 16進数, and its value, 31; 1.2E+05."""
    if _EXPONENT.fullmatch(text):
        number = float(text)
        return ("指数", int(number) if number.is_integer() else number) if abs(number) < _MOST else None
    base = _BASES.get(text[:2].lower(), 0)
    try:
        return (f"{base}進数", int(text, base)) if base else None
    except ValueError:
        return None


def read_number(text: str, unit: str = "") -> int | float | None:
    """Read a text that is a number and nothing else (１，２００, ▲5, 007), or one in a unit (100%)."""
    found = read(text, unit)
    alone = found is not None and found.before is None and found.value == Value(value=found.value.value)
    return found.value.value if found and alone and found.unit in {"", unit} else None


_APART = re.compile(r"\s{1,4}(?=[約延0-9０-９])")


def _one(text: str, unit: str, years: _Years, base_year: Year) -> Reading | None:
    head, *tail = _APART.split(text.strip(), maxsplit=1)
    year = read_when(head) if tail and not head.isdigit() else None
    if year is not None and (found := _one(tail[0], unit, years, base_year)) and found.value.year in {None, year}:
        return None if found.value.text else replace(found, value=replace(found.value, year=year))  # R2 43.5%
    parts = _apart(text)
    if parts is None:
        return None
    core, brackets = parts
    words = folded(core)
    if not words and brackets and len(brackets) == 1:
        return None
    found = _spoken(core, words) or _figure(core, words, _known(unit), years, base_year)
    mistyped = bool(unit) and words.endswith(_known(unit)) and len(words) <= len(_known(unit)) + SHORT  # O人
    if found is None and words and not mistyped and not _NUMERIC.search(words):
        found = Reading(Value(text=" ".join(core.split())))
    if found is None:
        return None
    if found.value.text:  # words are kept as they are
        return Reading(Value(text=" ".join(text.split())))
    if brackets and (words[0] in _MULTIPLES or (found.value.range and core not in text)):
        return None  # (1,234)千円, 80%（R2）から85%（R7）
    for inside in brackets:
        found = _with_bracket(found, inside, _known(unit), years, base_year)
        if found is None:
            return None
    return replace(found, unit=unit) if found.unit == _known(unit) and unit else found


def _known(unit: str) -> str:
    return "" if unit == "none" else folded(unit)


def _spoken(core: str, words: str) -> Reading | None:
    """Read what is no number: why there is none, or known words with a number in them (上位3割)."""
    status = _STATUS.get(words.lower()) or ("undecided" if _LATER_ON.fullmatch(words) else None)
    if status:
        return Reading(Value(status=status))
    if _TO_BE_SET.fullmatch(words):
        return Reading(Value(status="undecided", note=" ".join(core.split())))
    if later := _TO_BE_PUBLISHED.fullmatch(words):
        return Reading(Value(status="unpublished", note=" ".join(core.split()) if later[1] else ""))
    if _KNOWN_WORDS.fullmatch(words):
        return Reading(Value(text=" ".join(core.split())))
    if words == "増減なし":
        return Reading(Value(relative=0))
    return None


class _Core:
    """A text outside brackets while it is read from both ends: what is left, and what was understood so far."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.value = Value()
        self.kept = False  # whether the words say more than the value, and are to be kept
        self.timed = False  # whether the text told a time, which is not to be printed twice

    def front(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.words)
        if found:
            self.words = self.words[found.end() :]
        return found

    def back(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.words)
        if found:
            self.words = self.words[: found.start()]
        return found

    def learn(self, **known: Any) -> bool:  # noqa: ANN401 - fields of a value
        """Take what was understood; False where it contradicts what was understood before."""
        known = {key: new for key, new in known.items() if new}
        for key, new in known.items():
            if getattr(self.value, key) not in {None, "", False, new}:
                return False
        self.value = replace(self.value, **known)
        return True


def _figure(core: str, words: str, unit: str, years: _Years, base_year: Year) -> Reading | None:
    """Read a number with all that is said around it."""
    left = _Core(words)
    if not _front(left, years) or not _back(left, unit):
        return None
    told = left.words
    of_base = left.front(_OF_BASELINE)
    of_year = left.front(_OF_YEAR) if of_base is None else None
    if of_year and (base_year is None or read_when(of_year[1]) != base_year):
        return None
    found = _range(left.words, unit) or _single(left.words, unit, relative=bool(of_base or of_year))
    if found is None:
        return None
    number, rest_unit, kept = found
    if number.relative is not None and (left.value.bound or left.value.about):
        return None  # the two would be said of the number
    if (of_base or of_year) and number.relative is None:
        return None
    if number.bound and not left.learn(bound=number.bound):
        return None
    value = replace(left.value, value=number.value, range=number.range, relative=number.relative)
    if kept or left.kept or of_base or of_year:
        shown = core if not left.timed else told.replace("~", "～")
        value = replace(value, printed=" ".join(shown.split()))
    if left.timed and value.aggregation == "cumulative" and rest_unit == SHARE:
        return None
    return Reading(value, rest_unit)


def _front(left: _Core, years: _Years) -> bool:
    """Take what stands before a number."""
    for _ in range(4):
        if left.front(_ABOUT):
            if not left.learn(about=True):
                return False
            continue
        bound = left.front(re.compile("|".join(_PREFIX_BOUND)))
        if bound:
            left.kept = True
            if not left.learn(bound=_PREFIX_BOUND[bound[0]]):
                return False
            continue
        sign = left.front(re.compile("|".join(_SIGN_BOUND)))
        if sign:
            if not left.learn(bound=_SIGN_BOUND[sign[0]]):
                return False
            continue
        state = left.front(re.compile(rf"({_STATE_WORDS})(?=[0-9約])"))
        if state:
            if not left.learn(state=_STATE[state[1]]):
                return False
            continue
        if left.front(_PER_YEAR):
            left.kept = True
            if not left.learn(aggregation="single"):
                return False
            continue
        if left.front(re.compile(r"(?:目標値?|実績値?|基準値?|現状値?|現況値?)[:は]")):
            continue
        taken = _time_ahead(left, years)
        if taken is None:
            return False
        if not taken:
            break
    return True


_CUT_DAY = re.compile(r"年[0-9]{1,2}月|月[0-9]{1,2}日")
"""Where a day would be cut in two: 令和8年|4月1日."""


def _time_ahead(left: _Core, years: _Years) -> bool | None:
    """Take a time before a number: 令和8年度: 1,200人, 5年間で20店舗; None where it cannot be said with a key."""
    for end in range(min(len(left.words) - 1, LONGEST_TIME), 0, -1):
        if not _NUMERIC.match(left.words[end:].lstrip(":にでのはを計約-")):
            continue
        head = left.words[:end].rstrip(":").removesuffix("、")
        if head[-1:].isdigit() and head == left.words[:end]:
            continue  # 2020-20|25: a number is cut
        if _CUT_DAY.match(head[-1:] + left.words[end:]):
            continue
        time = _time(head.removesuffix("に").removesuffix("で").removesuffix("は"), years)
        if time is None:
            continue
        if head == "延べ" and left.value.aggregation == "single":
            time = _Time()  # 年間延べ3,000人: of each year
        if not left.learn(year=time.year, aggregation=time.aggregation, span=time.span, note=time.note):
            return None
        left.words = left.words[end:].lstrip(":")
        left.words = re.sub(r"\A(?:に|で|の|は)", "", left.words)
        left.timed = left.timed or time.year is not None or time.span is not None
        left.kept = left.kept or ("延べ" in head and not time.span) or "年平均" in head or head in _TOTALS
        return True
    return False


def _back(left: _Core, unit: str) -> bool:
    """Take what stands behind a number and its unit."""
    for _ in range(5):
        if mark := left.back(_FOOTNOTE_BEHIND):
            if not left.learn(note=mark[0]):
                return False
        elif left.back(_TAIL):
            left.kept = True
        elif left.back(_ABOUT_BEHIND):
            if not left.learn(about=True):
                return False
        elif bound := left.back(_BOUND_BEHIND):
            if not left.learn(bound=_BOUND[bound[1]]):
                return False
        elif state := left.back(_STATE_BEHIND):
            if not left.learn(state=_STATE[state[1]]):
                return False
        elif "/" not in unit and unit and left.back(_PER_YEAR_BEHIND):
            left.kept = True
            if not left.learn(aggregation="single"):
                return False
        elif way := left.back(_SUM_BEHIND):
            if not left.learn(aggregation="mean" if "平均" in way[1] else "cumulative"):
                return False
        else:
            break
    return True


Found = tuple[Value, str, bool]
"""A number, the unit in which it is told, and whether the words say it otherwise than the number would be printed."""


def _single(words: str, unit: str, *, relative: bool) -> Found | None:
    """Read one number with its unit, to the end of the words."""
    negative, at = (True, 1) if words.startswith("-") else (False, 0)
    signed = words.startswith("+")
    at += signed
    amount = _amount(words, at)
    if amount is None:
        return None
    rest = words[amount.end :]
    sign = -1 if negative else 1
    share = _tenths(amount, rest)
    if share is not None:
        whole, rest = share
        change = _CHANGED.fullmatch(rest)
        if change:
            return Value(relative=_number(whole * (-1 if change[1] else 1))), "", True
        if rest or negative:
            return None
        if unit == "割":
            return Value(value=_number(whole / OF_MINOR)), unit, whole % OF_MINOR != 0
        return Value(value=_number(whole)), SHARE, True
    if rest.startswith(SHARE):
        change = _CHANGED.fullmatch(rest[1:])
        if change:
            falls = bool(change[1])
            if negative and not falls:
                return None
            digits = ("-" if falls else "") + amount.digits
            return (Value(relative=_number(Decimal(0), digits)), "", False) if amount.digits else None
        if not rest[1:] and (negative or signed) and unit not in {"", SHARE} and amount.digits:
            return Value(relative=_number(Decimal(0), ("-" if negative else "") + amount.digits)), "", True
    if rest == "倍" and (relative or unit not in {"", "倍"}):
        if negative or signed:
            return None
        return Value(relative=_number((amount.whole - 1) * 100)), "", True
    if relative:
        return None
    if signed and (rest or not amount.digits):
        return None  # 20 more, or the value 20?
    scaled = _in_unit(amount, rest, unit)
    if scaled is None:
        return None
    number, told, kept = scaled
    return Value(value=_minus(number, sign)), told, kept


def _minus(number: float, sign: int) -> int | float:
    if sign > 0:
        return number
    if isinstance(number, Written):
        return Written.of(f"-{number:.{number.digits}f}")
    return -number


def _tenths(amount: _Amount, rest: str) -> tuple[Decimal, str] | None:
    """Read 割 and 分: the per cent, and what follows."""
    found = re.match(rf"割(?:([0-9{KANJI}])分)?(?:([0-9{KANJI}])厘)?(?![引合])", rest)
    if found is None or amount.multiple:
        return None
    share = amount.whole * OF_MINOR + integer(found[1] or "0") + Decimal(integer(found[2] or "0")) / OF_MINOR
    return share, rest[found.end() :]


_COUNTED = frozenset(["人", "名", "件", "回", "円", "社", "戸", "世帯", "組", "店", "店舗", "か所", "台", "本", "冊"])
_THOUSAND_POINT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""A point where a comma was meant: １．２００人."""


def _in_unit(amount: _Amount, rest: str, unit: str) -> tuple[int | float, str, bool] | None:
    """Say an amount in the unit of its indicator, or in that which the words name."""
    scale, base = _scale(unit)
    if (rest or base) in _COUNTED and _THOUSAND_POINT.fullmatch(amount.digits):
        return None
    if amount.kanji and (rest != base or not unit):
        return None
    if {rest, base} == {"人", "名"}:
        told = _in_unit(amount, base, unit)
        return (told[0], told[1], True) if told else None
    if rest and rest != base:  # another unit, or none is known
        if (
            rest[0] in _MULTIPLES + "月数"  # 令和8年4月, 20数人
            or (rest == "年" and FIRST_YEAR <= amount.whole <= LAST_YEAR)
            or {rest, base} == {"ポイント", SHARE}
            or not _UNIT.fullmatch(rest)
            or (_NO_UNIT.fullmatch(rest.partition("/")[0]) and rest not in _UNITS_AFTER_ALL)
        ):
            return None
        per_unit = amount.digits and amount.multiple in {"千", "百万"}
        if per_unit:
            number = _number(Decimal(0), amount.digits)
            return None if number is None else (number, amount.multiple + rest, False)
        number = _number(amount.whole, amount.digits if not amount.multiple else "")
        return None if number is None else (number, rest, bool(amount.multiple) or not amount.digits)
    if amount.digits and amount.scale == scale and (rest or amount.multiple or not unit or scale == 1):
        number = _number(Decimal(0), amount.digits)
        return None if number is None else (number, unit, bool(amount.multiple and not rest and unit and base))
    if amount.digits and not amount.multiple and not rest:
        number = _number(Decimal(0), amount.digits)  # a bare number is told in the indicator's unit
        return None if number is None else (number, unit, False)
    number = _number(amount.whole / scale)
    return None if number is None else (number, unit, True)


_BETWEEN = re.compile(r"~|から|ないし|-")


def _range(words: str, unit: str) -> Found | None:
    """Read two numbers, from and to, or one that is open to a side (～50人)."""
    if words.startswith("~") or words.endswith("~"):
        alone = _single(words.strip("~"), unit, relative=False)
        if alone is None or alone[0].value is None or words.count("~") > 1:
            return None
        side: Bound = "at-most" if words.startswith("~") else "at-least"
        return replace(alone[0], bound=side), alone[1], True
    sign = -1 if words.startswith("-") else 1
    first = _amount(words, 0 if sign > 0 else 1)
    between = _BETWEEN.search(words, first.end) if first else None
    if first is None or between is None:
        return None
    named = words[first.end : between.start()]
    after = words[between.end() :]
    sign_after = -1 if after.startswith("-") else 1
    after = after.removeprefix("-").removesuffix("まで")
    last = _amount(after, 0)
    if last is None:
        return None
    rest = after[last.end :]
    if named and named != rest:
        return None
    if between[0] == "-" and not (rest or unit):
        return None  # 3-1, 2021-03
    if "割" in {named[:1], rest[:1]}:
        pair = [_tenths(each, "割") for each in (first, last)]
        if rest != "割" or pair[0] is None or pair[1] is None or sign < 0 or sign_after < 0:
            return None
        low, high = _number(pair[0][0]), _number(pair[1][0])
        return (Value(range=(low, high)), SHARE, True) if low is not None and high is not None and low < high else None
    tries: list[_Amount] = [first]
    if first.digits and not first.multiple and not named and last.multiple:
        shared = replace(first, whole=first.whole * last.scale, multiple=last.multiple)
        tries.insert(0, shared)
    for each in tries:
        one, other = _in_unit(each, rest, unit), _in_unit(last, rest, unit)
        if one is None or other is None or one[1] != other[1]:
            continue
        low, high = _minus(one[0], sign), _minus(other[0], sign_after)
        if low < high:
            return Value(range=(low, high)), one[1], one[2] or other[2] or each is not tries[0]
    return None


def _with_bracket(found: Reading, inside: str, unit: str, years: _Years, base_year: Year) -> Reading | None:
    """Add what a bracket says; what has no key of its own is noted."""
    value = found.value
    words = folded(inside)
    if not words:
        return found if not inside.strip() else _noted(found, inside)
    if words in _STATE:
        if value.state not in {"", _STATE[words]}:
            return None
        value = replace(value, state=_STATE[words])
        printed = f"{value.printed}（{inside}）" if value.printed else ""
        return replace(found, value=replace(value, printed=printed))
    if value.relative is not None and _AGAINST.fullmatch(words) and not _OF_BASELINE.fullmatch(words):
        of_year = _OF_YEAR.fullmatch(words)
        return _noted(found, inside) if of_year and base_year and read_when(of_year[1]) == base_year else None
    is_number = value.value is not None or value.range is not None
    if is_number and words == unit:
        return found
    if is_number and not (found.unit or unit) and _COMMON.fullmatch(words):
        return replace(found, unit=words)
    if _apart(inside) is None:
        return None
    if words == "増減なし" and value.relative is None:
        return replace(found, value=replace(value, relative=0))
    against = _OF_BASELINE.sub("", words, count=1)
    change = _single(against, SHARE, relative=False) if is_number and value.relative is None else None
    if change and change[0].relative is not None and not change[2]:
        return replace(found, value=replace(value, relative=change[0].relative))
    countable = is_number and found.unit not in {SHARE, "割"}
    time = _time(inside, years, countable=countable) if is_number or value.relative is not None else None
    if time is None:
        return _noted(found, inside)
    for key in ("year", "aggregation", "span"):
        mine, new = getattr(value, key), getattr(time, key)
        if new and mine and mine != new:
            return _noted(found, inside)
    value = replace(
        value,
        year=value.year or time.year,
        aggregation=value.aggregation or time.aggregation,
        span=value.span or time.span,
    )
    return _noted(replace(found, value=value), time.note) if time.note else replace(found, value=value)


_COMMON = re.compile(
    r"人|件|回|%|円|社|校|団体|世帯|か所|店舗|戸|棟|組|名|点|冊|台|本|位|歳|日|時間|t|kg|ha|km|[千万]人|(?:千|百?万|億)円"
)
"""Units that a bracket behind a number may hold: 1,200（人）."""


def _noted(found: Reading, words: str) -> Reading:
    note = "、".join(filter(None, (found.value.note, " ".join(words.split()))))
    return replace(found, value=replace(found.value, note=note))


# ------------------------------------------------------------------------------------------------------------- as data


def fields(value: Value) -> Iterator[tuple[str, object]]:
    """Iterate over the keys of a value as YAML has them, each with plain data; a number keeps its decimals."""
    for key in ("year", "value", "range", "text", "relative", "status", "bound", "about", "state", "aggregation",
                "span", "printed", "note"):  # fmt: skip
        told = getattr(value, key)
        if told is not None and told is not False and told != "":
            yield key, list(told) if isinstance(told, tuple) else told
