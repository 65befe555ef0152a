"""Shown: what Excel shows of a number: 0.15 in the format 0% is 15%, 45383 a day, 1200 in #,##0"人以上" has a unit."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from atsugi_cli.frozen import frozen

_BUILT_IN: Final[Mapping[int, str]] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 22: "yyyy/m/d h:mm", 27: "ge.m.d", 28: 'ggge"年"m"月"d"日"', 29: 'ggge"年"m"月"d"日"', 30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"', 36: "ge.m.d", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00", 40: "#,##0.00",
    50: "ge.m.d", 51: 'ggge"年"m"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'ggge"年"m"月"d"日"',
    55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: "ge.m.d", 58: 'ggge"年"m"月"d"日"',
}  # fmt: skip
"""The formats that a file names by number alone, those of a Japanese Excel included (27 to 58)."""
_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_FIGURE: Final = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?,*")
_LAST_DAY: Final = 2_958_465
_PLAIN_DIGITS: Final = 15


@frozen
class Shown:
    """The words of a cell, and whether they are a day."""

    text: str
    day: bool = False


@frozen
class Formats:
    """The number formats of a workbook: the id that each style uses, and those that the workbook made itself."""

    used: tuple[int, ...]
    own: Mapping[int, str]
    since_1904: bool = False

    def shown(self, value: str, style: int) -> Shown:
        """Return what is shown of a stored number in a style; what is no number, as it is stored."""
        number = self.used[style] if style < len(self.used) else 0
        code = self.own.get(number) or _BUILT_IN.get(number, "")
        if not code and len(value) < _PLAIN_DIGITS and value.isascii() and value.isdigit():
            return Shown(value)  # most cells, and quickly
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?", value):  # type d: a day in words
            return Shown(value[:10], day=True)
        try:
            figure = Decimal(value)
        except InvalidOperation:
            return Shown(value.strip())
        if not figure.is_finite() or abs(figure.adjusted()) > _PLAIN_DIGITS:
            return Shown(value.strip())
        plain = _LITERAL.sub("", code).lower()
        if re.search(r"[ymdge]", plain.replace("general", "")) and 0 < figure <= _LAST_DAY:
            return Shown(self._day(figure, plain), day=True)
        return Shown(_figure(figure, code))

    def _day(self, figure: Decimal, plain: str) -> str:
        """Return a day as far as it is shown: 2024-04-01, 2024-04, 2024, and 4-1 where the year is not."""
        start = datetime(1904, 1, 1) if self.since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        day = start + timedelta(days=int(figure) + (not self.since_1904 and figure < 60))
        if not re.search(r"[yge]", plain):
            return f"{day.month}-{day.day}" if "d" in plain else f"{day.month}月"
        if "m" not in plain:
            return str(day.year)
        return f"{day:%Y-%m-%d}" if "d" in plain else f"{day:%Y-%m}"


def _figure(figure: Decimal, code: str) -> str:
    """Return a number with the decimals and words of its format."""
    sections = code.split(";")
    negative = figure < 0 and len(sections) > 1 and bool(sections[1])
    section = (
        sections[1] if negative else sections[2] if not figure and len(sections) > 2 and sections[2] else sections[0]
    )
    words: list[str] = []

    def kept(found: re.Match[str]) -> str:
        words.append(found[1] or found[2] or "")
        return f"\ue000{len(words) - 1}\ue001"

    rest = _LITERAL.sub(kept, section)
    marks = _FIGURE.search(re.sub("\ue000[0-9]+\ue001", lambda found: "\ue000" * len(found[0]), rest))
    if marks is None or "general" in rest.lower() or "/" in rest or "E+" in rest or "@" in rest:
        said = (
            "".join(words)
            if section and not negative and marks is None and not rest.strip("\ue000\ue0010123456789 ")
            else ""
        )
        return said or _general(figure)
    pattern = rest[marks.start() : marks.end()]
    shown = abs(figure) if negative else figure
    shown *= 100 if "%" in rest else 1
    shown /= Decimal(1000) ** (len(pattern) - len(pattern.rstrip(",")))
    _, _, decimals = pattern.rstrip(",").partition(".")
    fixed, most = decimals.count("0"), min(len(decimals), _PLAIN_DIGITS - 5)
    rounded = shown.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in pattern.rstrip(",") else f"{rounded:f}"
    for _ in range(most - fixed):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    whole = rest[: marks.start()] + text + rest[marks.end() :]
    return re.sub("\ue000([0-9]+)\ue001", lambda found: words[int(found[1])], whole).strip()


def _general(figure: Decimal) -> str:
    """Return a number as it is, without what binary arithmetic adds behind its digits."""
    return f"{Decimal(f'{figure:.{_PLAIN_DIGITS - 1}e}'):f}".rstrip("0").rstrip(".") if figure % 1 else f"{int(figure)}"
