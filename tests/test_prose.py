import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atsugi_cli.match.prose import Marks, Segment, likeness, marked, pieces

FOLDER = Path(__file__).parent / "prose"
KNOWN_MISSES = {"語順": "a changed order shows as single insertions and deletions, not as a moved list"}


@dataclass(frozen=True)
class Pair:
    name: str
    old: str
    new: str
    golds: tuple[tuple[str, str], ...]


def read_pairs(name: str) -> Iterator[Pair]:
    for block in re.split(r"(?m)^\[", (FOLDER / name).read_text(encoding="utf-8"))[1:]:
        title, *lines = block.splitlines()
        olds = [line.partition("- ")[2] for line in lines if re.match(r"( *alt )?- ", line)]
        news = [line.partition("+ ")[2] for line in lines if re.match(r"( *alt )?\+ ", line)]
        golds = tuple(zip(olds, news, strict=True))
        assert len({(bare(old), bare(new)) for old, new in golds}) == 1, title
        yield Pair(title.rstrip("]"), bare(olds[0]), bare(news[0]), golds)


def bare(text: str) -> str:
    return re.sub("[〔〕]", "", text)


def without_edges(text: str) -> str:
    """Move punctuation out of the edges of the marks: it does not count."""
    text = re.sub(r"〔([、。, ]*)", r"\1〔", text)
    return re.sub(r"([、。, ]*)〕", r"〕\1", text).replace("〔〕", "")


def is_exact(pair: Pair) -> bool:
    marks = pieces(pair.old, pair.new)
    got = (without_edges(marked(marks.old)), without_edges(marked(marks.new)))
    return got in [(without_edges(old), without_edges(new)) for old, new in pair.golds]


DESIGN = [*read_pairs("pairs.txt")]
MORE = [*read_pairs("more-pairs.txt")]


def case(pair: Pair) -> object:
    miss = KNOWN_MISSES.get(pair.name)
    return pytest.param(pair, id=pair.name, marks=[pytest.mark.xfail(reason=miss)] if miss else [])


@pytest.mark.parametrize("pair", [case(pair) for pair in (*DESIGN, *MORE)])
def test_marks_what_an_official_underlines(pair: Pair) -> None:
    marks = pieces(pair.old, pair.new)
    assert is_exact(pair), f"{marked(marks.old)} → {marked(marks.new)}"


def test_marks_at_least_25_of_the_26_design_pairs() -> None:
    assert len(DESIGN) == 26
    assert sum(map(is_exact, DESIGN)) >= 25


# --- laws ---------------------------------------------------------------------------------------------------------

TEXTS = [text for pair in (*DESIGN, *MORE) for text in (pair.old, pair.new)]
CRUMBS = [
    "、",
    "。",
    "\n",
    " ",
    "　",
    "(",
    "）",
    "５",
    "5",
    "％",
    "%",
    "ア",
    "ｱ",
    "ｶﾞ",
    "か\u3099",
    "が",
    "㈱",
    "𠮷",
    "①",
    "の",
]
fragments = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(CRUMBS),
    st.text(st.sampled_from("市民と行政の協働を、する行う。"), max_size=5),
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    old = "".join(draw(st.lists(fragments, max_size=4)))
    new = old
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        new = new[:at] + draw(fragments)[:4] + new[at + draw(st.integers(0, 4)) :]
    return old, new


def text_of(segments: tuple[Segment, ...]) -> str:
    return "".join(text for text, _ in segments)


def is_shown(marks: Marks) -> bool:
    return any(mark for _, mark in (*marks.old, *marks.new))


@given(edits(), st.booleans())
def test_segments_join_to_the_texts_and_alternate(pair: tuple[str, str], strict: bool) -> None:
    marks = pieces(*pair, strict=strict)
    for segments, text in ((marks.old, pair[0]), (marks.new, pair[1])):
        assert text_of(segments) == text
        assert all(text for text, _ in segments)
        assert all(left[1] != right[1] for left, right in pairwise(segments))


@given(edits(), st.booleans())
def test_a_change_always_shows(pair: tuple[str, str], strict: bool) -> None:
    old, new = pair
    marks = pieces(old, new, strict=strict)
    alike = unicodedata.normalize("NFKC", old) == unicodedata.normalize("NFKC", new)
    assert marks.notation_only == (alike and old != new)
    assert is_shown(marks) == (old != new and (strict or not alike))


@given(edits(), st.booleans())
def test_the_way_back_is_the_mirror(pair: tuple[str, str], strict: bool) -> None:
    there, back = pieces(*pair, strict=strict), pieces(*reversed(pair), strict=strict)
    assert (there.old, there.new, there.notation_only) == (back.new, back.old, back.notation_only)


@given(edits())
def test_what_strict_leaves_unmarked_is_the_same_text(pair: tuple[str, str]) -> None:
    marks = pieces(*pair, strict=True)
    old, new = ("".join(text for text, mark in side if not mark) for side in (marks.old, marks.new))
    assert old == new


@given(edits())
def test_likeness_is_a_symmetric_share(pair: tuple[str, str]) -> None:
    old, new = pair
    assert 0 <= likeness(old, new) <= 1
    assert likeness(old, new) == likeness(new, old)
    assert (likeness(old, new) == 1) == (unicodedata.normalize("NFKC", old) == unicodedata.normalize("NFKC", new))


# --- single rules ---------------------------------------------------------------------------------------------------


def both(old: str, new: str, *, strict: bool = False) -> tuple[str, str]:
    marks = pieces(old, new, strict=strict)
    return marked(marks.old), marked(marks.new)


def test_one_side_may_be_empty() -> None:
    assert pieces("", "新設") == Marks((), (("新設", True),), notation_only=False)
    assert pieces("", "") == Marks((), (), notation_only=False)


def test_notation_shows_only_in_strict_mode() -> None:
    old, new = "目標は５０％(年)", "目標は50%（年）"
    assert pieces(old, new).notation_only
    assert both(old, new) == (old, new)
    assert both(old, new, strict=True) == ("目標は〔５０％(〕年〔)〕", "目標は〔50%（〕年〔）〕")


def test_notation_beside_a_real_change_is_not_marked() -> None:
    assert both("令和６年度の実績", "令和6年度の見込み") == ("令和６年度の〔実績〕", "令和6年度の〔見込み〕")


def test_a_comma_is_marked_with_the_words_it_came_with() -> None:
    old, new = "観光、産業及び文化", "観光、産業、スポーツ及び文化"
    assert both(old, new)[1] == "観光、産業〔、スポーツ〕及び文化"
    assert both(old, new, strict=True)[1] == "観光、産業〔、スポーツ〕及び文化"
    assert both("産み育てる", "産み、育てる")[1] == "産み〔、〕育てる"


def test_a_year_in_both_styles_is_marked_whole() -> None:
    assert both("平成35(2023)年度まで", "令和7(2025)年度まで") == (
        "〔平成35(2023)〕年度まで",
        "〔令和7(2025)〕年度まで",
    )
    assert both("取組3(5件)", "取組4(6件)") == ("取組〔3〕(〔5〕件)", "取組〔4〕(〔6〕件)")


def test_next_to_nothing_kept_marks_the_whole_sentence() -> None:
    assert both("農業の担い手を育てる", "スポーツの習慣を広める") == (
        "〔農業の担い手を育てる〕",
        "〔スポーツの習慣を広める〕",
    )


def test_text_only_added_to_keeps_its_old_words_unmarked() -> None:
    assert both("改定", "第2期厚木市まち・ひと・しごと創生総合戦略の改定")[0] == "改定"


# --- long texts -------------------------------------------------------------------------------------------------------


def test_a_removed_sentence_leaves_its_neighbours_alone() -> None:
    first, second, third = "企業誘致を推進します。", "創業を支援します。", "雇用を創出します。"
    assert both(first + second + third, first + third) == (f"{first}〔{second}〕{third}", first + third)


def test_a_rewritten_sentence_is_marked_whole_between_kept_ones() -> None:
    old = "市民と協働します。\n空き家の活用を進めます。\n財源を確保します。"
    new = "市民と協働します。\n健康寿命の延伸を図る。\n財源を確保します。"
    assert both(old, new) == (
        "市民と協働します。\n〔空き家の活用を進めます。〕\n財源を確保します。",
        "市民と協働します。\n〔健康寿命の延伸を図る。〕\n財源を確保します。",
    )


def test_a_split_sentence_stays_a_pair() -> None:
    old = "はじめに述べる。企業誘致を推進し、若者の雇用の場を創出します。"
    new = "はじめに述べます。企業誘致を推進します。また、若者の雇用の場を創出します。"
    kept = [text for text, mark in pieces(old, new).new if not mark]
    assert any("企業誘致を推進" in text for text in kept)
    assert any("若者の雇用の場を創出します。" in text for text in kept)


def test_a_sentence_is_marked_alike_alone_and_among_others() -> None:
    pair = next(pair for pair in DESIGN if pair.name.startswith("推進体制"))
    before = "".join(f"{text}。\n" for text in TEXTS[:20])
    alone = both(pair.old, pair.new)
    assert both(before + pair.old + before, before + pair.new + before) == tuple(
        f"{before}{side}{before}" for side in alone
    )


@pytest.mark.parametrize("stop", ["。", "、", ""])
def test_scattered_edits_of_a_long_text_stay_local(stop: str) -> None:
    chance = random.Random(4)  # noqa: S311 - a repeatable text, not a secret
    old = stop.join(chance.choices(TEXTS, k=800))[:20_000]
    new = old
    for _ in range(400):
        at = chance.randrange(len(new))
        new = new[:at] + chance.choice(["新", "KPI", "地域", ""]) + new[at + 2 :]
    marks = pieces(old, new)
    assert (text_of(marks.old), text_of(marks.new)) == (old, new)
    assert sum(len(text) for text, mark in marks.new if mark) < len(new) / 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("あ" * 20_000, "あ" * 9_000 + "い" + "あ" * 9_000 + "う"),
        ("\n" * 20_000, "\n" * 9_000 + "あ\n" + "\n" * 9_000 + "う"),
        ("同じ文。" * 5_000, "同じ文。" * 2_000 + "違う文です。" + "同じ文。" * 2_900 + "末"),
        ("".join(map(chr, range(0x4E00, 0x9000))), "".join(map(chr, range(0x9FFF, 0x4E00, -1)))),
        ("あい" * 9_000, "いああ" * 6_000),
    ],
    ids=["one character", "one line", "one sentence", "backwards", "two characters"],
)
def test_hard_long_texts_come_to_an_end(old: str, new: str) -> None:
    marks = pieces(old, new)
    assert (text_of(marks.old), text_of(marks.new)) == (old, new)
    assert is_shown(marks)


# --- the small ones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("都市間交流の促進", "都市間連携の強化", 0.5),
        ("Society5.0の実現に向けた技術を活用した地域課題の解決", "デジタル技術を活用した地域課題の解決", 0.57),
        ("関係人口を創出し、あつぎの魅力を全国に発信する", "関係人口を創出し、魅力を全国に発信する", 0.9),
        ("ＫＰＩ", "KPI", 1.0),
        ("", "", 1.0),
        ("", "新設", 0.0),
        ("あい", "いあ", 0.5),
    ],
)
def test_likeness(old: str, new: str, expected: float) -> None:
    assert likeness(old, new) == pytest.approx(expected, abs=0.01)
