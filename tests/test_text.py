import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import ADDED, COMPARISON, KPIS, RENAMED, REVISION, STAMP, cell, line, runs, sides

from atsugi_cli.document import BRANCH, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.text import write
from atsugi_cli.width import safe, width_of

FRAMES = re.compile(r"^[┌├└│|+]")
WIDTHS = range(40, 201)
texts = st.text("市民発信する、。（）「ー①→５KPI1.5% \u3000\n…\x1b[", max_size=40)


def paper(*blocks, **more):
    return Document("comparison", "題", blocks, STAMP, **more)


def shown(document, **options):
    return write(document, Options(**options))


def plain(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def framed_lines(text):
    return [row for row in text.splitlines() if FRAMES.match(row) and not row.startswith(("├─ ", "└─ ", "+- ", "│  "))]


def squeezed(text):
    return re.sub(r"[\s〔〕]", "", text)


def columns_of(text, cells):
    """Read the columns of a drawn table back, by the cells they begin and end at."""
    out = ["" for _ in cells]
    for row in text.splitlines():
        at = 0
        for character in row:
            for number, (start, end) in enumerate(cells):
                if start <= at < end:
                    out[number] += character
            at += width_of(character)
    return out


@pytest.mark.parametrize("ambiguous", [1, 2])
@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("table", [COMPARISON, KPIS])
def test_every_line_of_a_framed_table_is_equally_wide(table, colour, ambiguous):
    for width in WIDTHS:
        text = plain(shown(paper(table), width=width, framed=True, colour=colour, ambiguous=ambiguous))
        lines = framed_lines(text)
        assert len(lines) > len(table.rows)
        assert len({width_of(row, ambiguous) for row in lines}) == 1, width
        assert width_of(lines[0], ambiguous) <= width


@given(
    st.lists(st.tuples(texts, texts, texts, st.integers(0, 4)), max_size=4),
    st.integers(40, 200),
    st.sampled_from([1, 2]),
)
def test_any_text_keeps_the_frame(rows, width, ambiguous):
    table = Table(
        "comparison",
        COMPARISON.columns,
        tuple(
            Row(
                "initiative",
                (cell(Line((Run(old, "old"),), label, indent=indent)), cell(Line((Run(new),))), Cell()),
                (RENAMED,),
            )
            for old, new, label, indent in rows
        ),
    )
    for code in ("comparison", "kpis"):
        text = shown(paper(replace(table, code=code)), width=width, framed=True, ambiguous=ambiguous)
        lines = [row for row in text.splitlines() if row.startswith(("┌", "├", "└", "│", "|", "+"))]
        assert len({width_of(row, ambiguous) for row in lines}) == 1
        assert all(width_of(row, ambiguous) <= width for row in text.splitlines())


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), st.integers(100, 139))
@settings(max_examples=50)
def test_the_columns_join_to_the_source(rows, width):
    pairs = [(runs_of(old), runs_of(new)) for old, new in rows]
    table = Table(
        "comparison", COMPARISON.columns, tuple(Row("initiative", (cell(o), cell(n), Cell())) for o, n in pairs)
    )
    text = shown(paper(table), width=width, framed=True)
    body = "\n".join(row for row in text.splitlines() if row.startswith("│"))
    side = (width - 10 - 10) // 2
    got = columns_of(body, [(2, 2 + side), (5 + side, 5 + 2 * side)])
    for number, (column, title) in enumerate(zip(got, ("現行", "改定後"), strict=True)):
        assert squeezed(column) == squeezed(title + "".join(safe(pair[number].text) for pair in pairs))


def runs_of(text):
    return Line((Run(text),))


@pytest.mark.parametrize("width", [40, 60, 71, 72, 99, 100, 140, 200])
@pytest.mark.parametrize("framed", [False, True])
def test_no_word_of_the_source_is_lost(width, framed):
    pieces = squeezed(re.sub(r"[│|]", "", shown(REVISION, width=width, framed=framed)))
    for word in ("都市間", "連携の強化", "（略）", "（新設）", "[KPI追加]", "照合番号3f9a0c1d", "100,000", "KPI一覧"):
        assert word in pieces
    assert "…" not in pieces


@pytest.mark.parametrize("width", [1, 10, 20, 30])
def test_even_a_very_narrow_terminal_shows_everything(width):
    text = shown(REVISION, width=width, framed=True)
    assert all(width_of(row) <= max(width, 20) for row in text.splitlines())
    assert "照合番号" in squeezed(text)


def test_layouts_by_width():
    def head(width):
        return next(row for row in shown(REVISION, width=width).splitlines() if "現行" in row and "令和" not in row)

    assert head(100).split("|")[2].strip() == "備考"
    assert [part.strip() for part in head(99).split("|")] == ["現行", "改定後"]
    assert head(71) == "現：現行　改：改定後"


def test_flags_stand_beside_the_item_or_below_it():
    wide = shown(REVISION, width=160).splitlines()
    assert any("都市間〔交流の促進〕" in row and row.endswith("[名称変更（推定）]") for row in wide)
    narrow = shown(REVISION, width=80).splitlines()
    assert any(re.fullmatch(r" +\|   \[名称変更（推定）\] \[KPI追加\]", row) for row in narrow)


def test_stacked_sides_are_printed_once_where_they_are_the_same():
    text = shown(REVISION, width=60)
    assert "\n  現：① 都市間〔交流の促進〕\n  改：① 都市間〔連携の強化〕\n" in text
    assert text.count("あつぎの魅力の発信力強化\n      現：－") == 1


def test_headings_that_begin_alike_are_not_shortened():
    table = replace(COMPARISON, columns=(Column("改正後"), Column("改正前"), Column("備考")))
    assert "改正前：① 都市間〔連携の強化〕" in shown(paper(table), width=60)


def test_marks_are_colours_or_brackets_and_never_colour_alone():
    plain_text = shown(REVISION, width=160)
    assert "\x1b" not in plain_text
    assert "〔全庁を挙げて〕" in plain_text
    assert "（下線の代わりに〔　〕で囲む）" in plain_text
    coloured = shown(REVISION, width=160, colour=True)
    assert "\x1b[4;31m全庁を挙げて\x1b[0m" in coloured
    assert "\x1b[4;32mデジタル\x1b[0m" in coloured
    assert "〔" not in coloured


def test_neighbouring_marks_share_one_pair_of_brackets():
    document = paper(Paragraph((Run("市民", "new"), Run("", ""), Run("と", "new"), Run("行政"))))
    assert "〔市民と〕行政" in shown(document)


def test_underline_of_the_new_side_only():
    text = shown(REVISION, width=120, underline="new")
    assert "都市間交流の促進" in text
    assert "都市間〔連携の強化〕" in text


def test_parts_and_goals_have_a_rule_above():
    lines = shown(REVISION, width=100).splitlines()
    for title in ("【具体的な施策・主な取組】", "基本目標1（転入促進）", "【推進体制】"):
        at = next(number for number, row in enumerate(lines) if row.startswith(title))
        assert set(lines[at - 1]) == {"-", "+"}


def test_numbers_stand_right_and_are_never_broken():
    for width in range(72, 120):
        text = shown(paper(KPIS), width=width, framed=True)
        assert re.search(r" 100,000 │|目標値（改定後）：100,000", text)


def test_a_table_too_wide_becomes_records():
    text = shown(paper(KPIS), width=40)
    assert "指標名：〔都市間連携事業の実施件数" in text
    assert "\n        2行目\n" in text


def test_a_lone_cell_spans_the_table():
    lines = shown(paper(KPIS), width=100, framed=True).splitlines()
    row = next(row for row in lines if "基本目標1" in row)
    assert row.count("│") == 2


def test_trees_hang_under_their_branches():
    document = paper(
        Paragraph(runs("関係人口を創出し、魅力を全国に発信する"), BRANCH, 0, (ADDED,)),
        Paragraph(runs("都市間連携の強化"), BRANCH, 1),
        Paragraph(runs("まちづくり"), BRANCH),
    )
    assert shown(document, width=24).split("\n\n")[1].splitlines() == [
        "├─ 関係人口を創出し、魅",
        "│  力を全国に発信する",
        "│  [新規]",
        "│  └─ 都市間連携の強化",
        "└─ まちづくり",
    ]
    ascii_tree = shown(document, width=24, ascii=True).split("\n\n")[1].splitlines()
    assert ascii_tree[1].startswith("|  ")
    assert ascii_tree[0].startswith("+- ")
    assert ascii_tree[3].startswith("|  `- ")


def test_headings_and_lists():
    document = paper(Heading("要点", 1), Paragraph(runs("一つ目"), "・"), Paragraph(runs("二つ目"), "・", 1))
    assert shown(document, width=80).startswith("題\n\n■ 要点\n・ 一つ目\n  ・ 二つ目\n\n")


def test_no_box_where_signs_would_not_meet():
    assert not set("┌│─├└") & set(shown(paper(COMPARISON), framed=True, ascii=True))
    assert not set("┌│─├└") & set(shown(paper(COMPARISON), framed=True, ambiguous=2))
    assert not set("┌│─├└") & set(shown(paper(COMPARISON)))


def test_hostile_text_does_not_steer_the_terminal():
    evil = "\x1b]0;題\x07\x1b[2J\r\u202e逆"
    row = sides("initiative", [line(evil)], [line(evil, evil)], replace(ADDED, label=evil), note=evil)
    document = Document(
        "comparison",
        evil,
        (
            Heading(evil),
            Paragraph((Run(evil),), evil),
            replace(COMPARISON, rows=(row,), caption=evil),
            replace(KPIS, rows=(row,)),
        ),
        replace(STAMP, owner=evil),
        subtitle=evil,
        legend=evil,
    )
    for width in (50, 80, 120):
        text = shown(document, width=width, framed=True)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_a_side_without_a_counterpart_is_not_named_in_a_narrow_terminal():
    row = sides(
        "initiative", [line("取組", "③"), line("去る文", kind="body")], [line("（基本目標2へ移動）", kind="absent")]
    )
    text = shown(paper(replace(COMPARISON, rows=(row,))), width=60)
    assert [each for each in text.splitlines() if "：" in each][1:] == [
        "現：③ 取組",
        "改：（基本目標2へ移動）",
        "現：去る文",
    ]


def test_third_column_with_reasons_shows_no_flags():
    rows = tuple(
        replace(row, cells=(*row.cells[:2], Cell(tuple(each for each in row.beside if each.kind == "note"))))
        for row in COMPARISON.rows
    )
    table = replace(COMPARISON, columns=(*COMPARISON.columns[:2], Column("理由", code="reason")), rows=rows)
    text = shown(paper(table), width=160)
    assert "[新規]" not in text
    assert "感染症が5類に" in text


def test_same_bytes_for_the_same_document():
    assert shown(REVISION, width=100, colour=True) == shown(REVISION, width=100, colour=True)
