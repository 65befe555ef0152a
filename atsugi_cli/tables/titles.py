"""Titles: what a cell of the hierarchy says: its number, its title, several items in one, the sections in charge."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from atsugi_cli.levels import CIRCLED, KANA, Level, Profile
from atsugi_cli.model import Number
from atsugi_cli.values import folded

LONGEST: Final = 120


def owners(text: str) -> list[str]:
    """Take the sections apart that a cell names."""
    text = re.sub(r"\s+(?=[（(])", "", text)
    parts = re.split(r"[、，,\n／/]|[ 　]+(?=\S*[課室部局係])|(?<=[課室部局係])・", text)
    found = [each.strip(" 　・◎○●") for each in parts]
    return [each for each in dict.fromkeys(found) if each]


def listed(text: str) -> list[str]:
    """Take a cell apart that lists several items, each behind a dot or number."""
    rows = [row.strip() for row in text.split("\n") if row.strip()]
    marks = [re.match(r"[・●○◆■◎]|[①-⑳]|[(（][0-9０-９]+[)）]", row) for row in rows]
    return [row.lstrip("・●○◆■◎ ") for row in rows] if len(rows) > 1 and all(marks) else []


USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "goal": ("基本目標", "政策目標", "基本政策", "施策の柱"),
    "policy": ("具体的な施策", "基本施策", "施策"),
    "initiative": ("主な取組", "取組"),
    "project": ("主な事業", "事業"),
}
"""Words before the number of an item, by level, that any city may use."""
_ROMAN: Final = {chr(0x2160 + at): at + 1 for at in range(12)}
_SIGN: Final = r"[①-⑳㉑-㊿]|[(（][0-9０-９]{1,3}[)）]|[Ⅰ-Ⅻ]|[【［\[][0-9０-９]{1,3}[】］\]]"
_NUMBER: Final = rf"(?:[0-9０-９]{{1,3}}(?:[-－‐–.．][0-9０-９]{{1,3}})*|{_SIGN})"


def number(text: str) -> Number:
    """Read a printed number: 3, ③, (3), 1-3 (the last part), Ⅲ, ウ."""
    text = (
        "".join(text.split())
        .strip("第章節.．。、)）(（【】［］[]")
        .translate(str.maketrans("０１２３４５６７８９－．", "0123456789-."))
    )
    if text in _ROMAN:
        return _ROMAN[text]
    if len(text) == 1 and text in CIRCLED:
        return CIRCLED.index(text) + 1
    if len(text) == 1 and text in KANA:
        return KANA.index(text) + 1
    last = re.split(r"[-‐–.]", text)[-1]
    if last[:1] and last[0] in CIRCLED and len(last) == 1:
        return CIRCLED.index(last) + 1
    return int(last) if last.isascii() and last.isdigit() and len(last) < 4 else None


def numbered(text: str, level: Level) -> tuple[Number, str]:
    """Take a number off a title: 基本目標1　転入促進, 【施策2】移住, ① 都市間連携, 1-2 …; 3世代同居 keeps its own."""
    words = " ".join(text.split())
    if whole := re.fullmatch(r"【([^【】]+)】", words):
        words = whole[1].strip()
    known = sorted({level.label, *USUAL.get(level.code, ()), "第", "施策", "取組", "目標"}, key=len, reverse=True)
    names = "|".join(map(re.escape, known))
    patterns = [
        rf"[【［\[〔<＜]?(?:{names})\s*({_NUMBER})(?:章|節)?[】］\]〕>＞]?\s*[:：.．、。]?\s*(.*)\Z",
        rf"({_NUMBER})(?:[.．](?![0-9０-９])\s*|[、。:：)）]\s*|\s+)(\S.*)\Z",
        rf"({_SIGN})\s*(\S.*)\Z",
    ]
    patterns += [rf"([{KANA}])\s+(\S.*)\Z"] if level.number == "kana" else []
    found = next(filter(None, (re.match(pattern, words) for pattern in patterns)), None)
    if found is None or (at := number(found[1])) is None:
        return None, words
    wrapped = re.fullmatch(r"[（(「『]([^（）()「」『』]+)[）)」』]", found[2])
    return at, wrapped[1] if wrapped else found[2]


def heading(text: str, profile: Profile, *, bare: bool = False) -> tuple[str, Number, str] | None:
    """Read a heading that names its level and number: 基本目標1　転入促進; a `bare` one may have no title."""
    words = text.strip("■●◆○◎□◇▼▶ 　")
    for level in profile.tree:
        names = "|".join(map(re.escape, {level.label, *USUAL.get(level.code, ())}))
        names += _AIM if level is profile.tree[0] else ""
        if re.match(rf"[【［〔]?\s*(?:{names})\s*[0-9０-９①-⑳Ⅰ-Ⅻ(（]", words):
            at, title = numbered(words, level)
            if at is not None and (title or bare) and len(title) < LONGEST and "\n" not in words.strip():
                return level.code, at, title
    return None


_AIM: Final = r"|目標(?=\s*[0-9０-９]{1,2}(?:[\s:：.．、]|\Z))"
"""A goal that is called 目標1 alone; 目標30人 is a figure."""


def banner(texts: Sequence[str], profile: Profile) -> tuple[str, Number, str] | None:
    """Read a heading that stands alone in its row, in one cell or with its title in the next."""
    if len(texts) == 1:
        return heading(texts[0], profile)
    found = heading(texts[0], profile, bare=True) if len(texts) == 2 else None
    named = found is not None and not found[2] and not re.search("[0-9０-９]", texts[1])
    return (*found[:2], " ".join(texts[1].split())) if found is not None and named else None


def parts(text: str) -> list[int]:
    """Return all numbers of a printed number, from above: 1-2-3 → 1, 2, 3."""
    found = re.match(r"[0-9]{1,3}(?:[-‐–.][0-9]{1,3})+", folded(text))
    return [int(each) for each in re.split(r"[-‐–.]", found[0])] if found else []
