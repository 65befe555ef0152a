import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from papers import ADDED, COMPARISON, KPIS, RENAMED, REVISION, STAMP, both, cell, heading, line, runs, sides

from atsugi_cli.document import BRANCH, Cell, Column, Document, Flag, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.formats.markdown import LIMIT, comment, write
from atsugi_cli.formats.options import Options

OWN_ELEMENTS = re.compile(r"</?(?:ins|del|sub|b|code)>|<br>")
APART = "\u200b"
HOSTILE = (
    "| 列 | <script>alert(1)</script> `code` **太** ~~消~~ _下_ [a](http://x.y) ![i](j) \\ $x$ <!-- c --> &amp; "
    "@user #12 GH-3 https://e.jp/を見る www.e.jp\n| --- |\n# 見出し\n- 項目\n1. 一\n> 引用\n    字下げ"
)


def shown(document, **options):
    return write(document, Options(**options))


def paper(*blocks, **more):
    return Document("paper", "題", blocks, STAMP, **more)


def parsed(text):
    return MarkdownIt("commonmark").enable("table").parse(text)


def rows_of(text):
    """Read the tables of a page back: each row a list of its cells' inline tokens."""
    rows = []
    tokens = parsed(text)
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"td_open", "th_open"}:
            rows[-1].append(tokens[at + 1].children)
    return rows


def words(tokens):
    """Give what a reader sees of inline tokens, and check that nothing but our own elements is markup."""
    out = ""
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                out += token.content
            case "html_inline":
                assert OWN_ELEMENTS.fullmatch(token.content), token.content
                out += "\n" if token.content == "<br>" else ""
            case _:
                pytest.fail(f"markup got through: {token}")
    return out.replace(APART, "").replace("\u2003", "")


def test_the_page_opens_with_the_marker_the_title_and_the_counts():
    lines = shown(REVISION).splitlines()
    assert lines[0] == "<!-- strategy:revision -->"
    assert lines[1] == f"# {REVISION.title}"
    assert "- 項目：新規 4、統合 1" in lines[:8]
    assert shown(paper()).startswith("<!-- strategy:paper -->\n# 題\n")


def test_changes_are_elements_and_never_asterisks():
    text = shown(REVISION)
    assert "① 都市間<del>交流の促進</del>" in text
    assert "① 都市間<ins>連携の強化</ins>" in text
    assert "<ins>KPI 都市間連携事業" in text
    assert "`名称変更`<sub>推定</sub> `KPI追加` |" in text
    assert "**" not in text
    assert "~~" not in text
    assert "<del>" not in shown(REVISION, underline="new")


def test_each_part_has_its_own_table():
    text = shown(REVISION)
    assert [row for row in text.splitlines() if row.startswith("###")][:3] == [
        "### 重要な視点",
        "### 具体的な施策・主な取組",
        "### 推進体制",
    ]
    assert text.count("| 現行 | 改定後 | 備考 |") == 3


def test_a_part_that_changed_itself_keeps_its_row():
    row = sides("part", [line("（新設）", kind="absent")], [heading("[展望]")], Flag("section-added", "追加"))
    text = shown(paper(replace(COMPARISON, rows=(row,))))
    assert "### 展望\n" in text
    assert "| （新設） | <b><ins>展望</ins></b> | `追加` |" in text


def test_every_row_has_as_many_cells_as_the_head():
    for table in (COMPARISON, KPIS):
        rows = rows_of(shown(paper(table)))
        assert {len(row) for row in rows} == {len(table.columns)}


def test_hostile_text_stays_text():
    row = sides("initiative", [Line((Run(HOSTILE),))], [Line((Run(HOSTILE, "new"),), HOSTILE)], ADDED, note=HOSTILE)
    text = shown(paper(replace(COMPARISON, rows=(row,))))
    (_, cells) = rows_of(text)
    assert len(cells) == 3
    assert words(cells[0]) == HOSTILE
    assert words(cells[1]) == f"{HOSTILE} {HOSTILE}"
    assert words(cells[2]) == f"新規\n{HOSTILE}"


@given(st.text("|<>`*_~[]()\\$#@&!-+=.1a \n\t\x1b漢、。;:/", min_size=1, max_size=40))
def test_any_text_stays_text_everywhere(text):
    assume(text.strip())
    shown_text = text.translate({9: "␉", 27: "␛"})
    table = Table(
        "kpis",
        (Column("一"), Column("二")),
        (Row("plain", (cell(Line((Run(text, "old"),))), cell(Line((Run(text),))))),),
    )
    (_, cells) = rows_of(shown(paper(table)))
    assert words(cells[0]) == shown_text
    assert words(cells[1]).strip() == shown_text.strip()
    tokens = parsed(shown(paper(Paragraph((Run(text),)))))
    assert [token.type for token in tokens if token.type.endswith("_open")] == [
        "heading_open",
        "paragraph_open",
        "paragraph_open",
    ]
    assert words(tokens[5].children).strip() == shown_text.strip()
    tokens = parsed(shown(paper(Paragraph((Run(text),), "・"))))
    assert [token.type for token in tokens if token.type.endswith("_open")].count("list_item_open") == 1
    assert not any(token.type in {"code_block", "fence", "hr"} for token in tokens)


def test_nothing_is_mentioned_or_linked():
    text = shown(paper(Paragraph((Run("@user と #12 と GH-3、https://e.jp/を www.e.jp で"),))))
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.", text.split("\n", 2)[2].replace("&#", ""))
    assert "&#64;&#8203;user" in text


def test_odd_labels_of_change_kinds_are_inert():
    row = sides("initiative", [line("旧")], [line("新")], Flag("added", "新`|規"))
    rows = rows_of(shown(paper(replace(COMPARISON, rows=(row,)))))
    assert words(rows[1][2]) == "新`|規"


def test_lists_nest_by_indent_and_by_drawn_tree():
    document = paper(
        Paragraph(runs("一"), BRANCH),
        Paragraph(runs("二"), BRANCH, 1, (RENAMED,)),
        Paragraph(runs("四"), "・", 5),
        Paragraph(runs("五"), "①"),
        Heading("次", 2),
        Paragraph(runs("六"), "・", 3),
    )
    body = shown(document).split("\n\n", 1)[1]
    assert body.startswith("- 一\n  - 二 `名称変更`<sub>推定</sub>\n    - 四\n- ① 五\n\n### 次\n\n- 六\n")


def test_general_tables_align_numbers():
    assert "| --- | --- | --- | ---: | ---: | --- |" in shown(paper(KPIS))


def big(count, changed):
    rows = [both("goal", heading("目標一"))]
    for number in range(count):
        if number % changed:
            rows.append(both("initiative", line("変わらない取組" * 5, str(number))))
        else:
            rows.append(sides("initiative", [line("{旧い取組}" * 5, str(number))], [line("[新しい取組]" * 5)], ADDED))
    rows += [both("goal", heading("目標二")), both("initiative", line("変わらない取組"))]
    return paper(replace(COMPARISON, rows=tuple(rows)), legend="下線は改定部分")


def cut(document):
    return comment(document, Options())


def test_a_long_page_shows_its_changed_rows():
    text = cut(big(1000, 20))
    assert len(text) <= LIMIT
    assert "変わらない取組" not in text
    assert "> 長いため、全1003行のうち変更のある行とその見出しの51行だけを載せる。全体は成果物" in text
    assert "目標一" in text
    assert "目標二" not in text
    assert text.count("新しい取組") == 50 * 5
    assert "省いた" not in text


def test_a_longer_page_is_cut_between_rows_and_says_how_many():
    text = cut(big(3000, 2))
    assert LIMIT - 2000 < len(text) <= LIMIT
    left_out = int(re.search(r"上限の文字数を超えるため、(\d+)行を省いた。", text)[1])
    rows = rows_of(text)
    assert {len(row) for row in rows} == {3}
    assert len(rows) - 1 + left_out == 1501
    assert text.endswith("</sub>\n")


def test_one_giant_row_does_not_push_out_the_others():
    rows = (sides("initiative", [line("旧" * LIMIT)], [line("新")]), sides("initiative", [line("甲")], [line("乙")]))
    text = cut(paper(replace(COMPARISON, rows=rows)))
    assert "| 甲 | 乙 |" in text
    assert "1行を省いた" in text


def test_a_table_left_without_rows_leaves_no_head():
    rows = tuple(Row("plain", (cell("あ" * 9000), Cell())) for _ in range(10))
    table = Table("kpis", (Column("一"), Column("二")), rows)
    text = cut(paper(table, Heading("最後"), table))
    assert "最後" not in text
    assert "14行を省いた" in text


def test_a_file_is_whole_whatever_a_comment_holds():
    text = shown(big(3000, 2))
    assert len(text) > LIMIT
    assert len(rows_of(text)) > 3000
    assert "省いた" not in text
    assert cut(REVISION) == shown(REVISION)


def test_same_bytes_for_the_same_document():
    assert shown(REVISION) == shown(REVISION)
    assert shown(REVISION).endswith("\n")
