import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atsugi_cli.width import _may_break, safe, width_of, wrapped

CHARACTERS = "市民発信する、。（）「」ーっょ①→…―３，５ｱﾞKPI1.5%() \u3000\nか\u3099葛\U000e0100👪é〔〕"
pieces_of = st.lists(st.tuples(st.text(CHARACTERS, max_size=30), st.sampled_from(["", "old", "new"])), max_size=5)


def lines_of(text, width, first=0, hanging=0):
    return [line.text for line in wrapped([(text, "")], width, first, hanging)]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("KPI 1,500", 9),
        ("改定後", 6),
        ("ｱｲｳ", 3),
        ("か\u3099", 2),
        ("葛\U000e0100", 2),
        ("①", 1),
        ("\u3000", 2),
        ("１", 2),
        ("👪", 2),
    ],
)
def test_cells(text, cells):
    assert width_of(text) == cells


def test_ambiguous_characters_are_as_wide_as_the_font_draws_them():
    assert width_of("①→─…※", 2) == 10
    assert width_of("①→─…※", 1) == 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m赤", "␛[31m赤"),
        ("a\rb\tc\x7f", "a␍b␉c␡"),
        ("\x9b2J", "\\u009b2J"),
        ("\u202e逆\u202c", "\\u202e逆\\u202c"),
        ("\u2066\u2069\u200f", "\\u2066\\u2069\\u200f"),
        ("\ud800", "\\ud800"),
        ("二行\nある\u3000本文", "二行\nある\u3000本文"),
    ],
)
def test_nothing_steers_the_terminal(text, shown):
    assert safe(text) == shown


@given(st.text())
def test_safe_text_can_be_written_and_has_no_controls(text):
    shown = safe(text)
    shown.encode("utf-8")
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in shown)
    assert safe(shown) == shown


@given(pieces_of, st.integers(4, 60), st.integers(0, 3), st.integers(0, 3), st.sampled_from([1, 2]))
def test_lines_and_gaps_join_to_the_source(pieces, width, first, hanging, ambiguous):
    lines = wrapped(pieces, width, first, hanging, ambiguous)
    assert "".join(line.text + line.gap for line in lines) == "".join(text for text, _ in pieces)
    assert all(not line.gap.strip(" \u3000\n") for line in lines)


@given(pieces_of, st.integers(6, 60), st.integers(0, 3), st.integers(0, 3), st.sampled_from([1, 2]))
def test_no_line_is_wider_than_allowed(pieces, width, first, hanging, ambiguous):
    lines = wrapped(pieces, width, first, hanging, ambiguous)
    for number, line in enumerate(lines):
        assert line.width == width_of(line.text, ambiguous)
        assert line.width + (hanging if number else first) <= width


@given(pieces_of, st.integers(4, 60))
def test_every_character_keeps_its_style(pieces, width):
    source = [(c, style) for text, style in pieces for c in text if c not in " \u3000\n"]
    lines = wrapped(pieces, width)
    assert [(c, style) for line in lines for t, style in line.pieces for c in t if c not in " \u3000\n"] == source


@given(pieces_of, st.integers(4, 60))
def test_kinsoku_is_broken_only_where_a_line_has_no_other_place(pieces, width):
    text = "".join(piece for piece, _ in pieces)
    at = 0
    for line in wrapped(pieces, width)[:-1]:
        start, at = at, at + len(line.text + line.gap)
        if "\n" not in line.gap and not _may_break(text, at):
            assert not any(_may_break(text, place) for place in range(start + 1, at))


def test_kinsoku():
    assert lines_of("取組を進める。次に", 12) == ["取組を進め", "る。次に"]
    assert lines_of("市は「計画」を", 6) == ["市は", "「計", "画」を"]
    assert not any(line[0] in "、。）」ーっょ" for line in lines_of("サービスデータ、（市）をっょ使った。" * 5, 10))
    assert not any(line[-1] in "（「" for line in lines_of("市（厚木）の「計画」と（案）" * 5, 10))


def test_words_and_numbers_stay_whole():
    assert lines_of("技術をSociety5.0で", 10) == ["技術を", "Society5.0", "で"]
    assert lines_of("割合は１，５００人", 12) == ["割合は", "１，５００人"]
    assert lines_of("増加1,500件60.5%", 9) == ["増加1,500", "件60.5%"]
    assert lines_of("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_the_last_line_holds_no_lone_character():
    assert lines_of("関係人口を創出し、魅力を全国に発信する", 36) == ["関係人口を創出し、魅力を全国に発", "信する"]
    assert lines_of("関係人口を創出し、魅力を全国に発信す。", 36) == ["関係人口を創出し、魅力を全国に", "発信す。"]


def test_newlines_break_and_blanks_at_a_break_are_in_the_gap():
    lines = wrapped([("一\n\n二 三", "")], 3)
    assert [(line.text, line.gap) for line in lines] == [("一", "\n"), ("", "\n"), ("二", " "), ("三", "")]


def test_a_line_too_narrow_for_a_character_holds_one():
    assert lines_of("か\u3099市", 1) == ["か\u3099", "市"]
