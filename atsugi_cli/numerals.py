"""Numerals: numbers as papers write them, in Latin or Japanese digits, half or full width."""

import unicodedata

KANJI = "一二三四五六七八九"
_DIGITS = str.maketrans({"〇": "0", "元": "1", **{kanji: str(at) for at, kanji in enumerate(KANJI, 1)}})
_WIDE = {code: code - ord("!") + ord("！") for code in range(ord("!"), ord("~") + 1)}
_MOST_IN_KANJI = 99


def narrow(text: str) -> str:
    """Return a text with digits, letters and signs in half width."""
    return unicodedata.normalize("NFKC", text)


def wide(text: str) -> str:
    """Return a text with digits, letters and signs in full width."""
    return text.translate(_WIDE)


def integer(typed: str) -> int:
    """Read 4, ４, 四, 十二, 二十, 一〇, 元; 0 for what is no number."""
    digits = narrow(typed).translate(_DIGITS)
    tens, ten, ones = digits.partition("十")
    if not ten:
        return int(digits) if digits.isdecimal() else 0
    if len(tens) > 1 or len(ones) > 1 or "0" in tens + ones or not f"1{tens}{ones}".isdecimal():
        return 0
    return int(tens or 1) * 10 + int(ones or 0)


def written_like(number: int, typed: str) -> str:
    """Write a number in the digits of another one."""
    if typed[0] in f"〇{KANJI}十" and number <= _MOST_IN_KANJI:
        tens, ones = divmod(number, 10)
        return (KANJI[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (KANJI[ones - 1] if ones else "")
    return wide(str(number)) if typed[0] >= "０" else str(number)
