"""HTML pages: what a reader, a screen reader and a hostile text find in them."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import ADDED, COMPARISON, KPIS, RENAMED, REVISION, STAMP, both, cell, heading, line, omitted, sides
from plans import HOSTILE

from atsugi_cli.document import (
    BLANK,
    BRANCH,
    Cell,
    Column,
    Count,
    Document,
    Flag,
    Heading,
    Line,
    Paragraph,
    Row,
    Run,
    Stamp,
    Table,
)
from atsugi_cli.formats.html import write
from atsugi_cli.formats.html_page import escaped
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import BY_CODE
from atsugi_cli.kinds.card import Look
from atsugi_cli.match.prose import pieces

VOID = {"meta", "input", "col", "br"}


class Node:
    def __init__(self, tag, attributes=(), parent=None):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []

    def find(self, tag, **wanted):
        """Find elements by tag ("*" for any) and attributes; `name` stands for one of the classes."""
        name = wanted.pop("name", None)
        return [
            node
            for node in self.walk()
            if tag in {"*", node.tag}
            and (name is None or name in node.attributes.get("class", "").split())
            and all(node.attributes.get(key) == value for key, value in wanted.items())
        ]

    def walk(self):
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def text(self, *without):
        return "".join(
            child if isinstance(child, str) else child.text(*without)
            for child in self.children
            if isinstance(child, str) or child.tag not in without
        )


class Strict(HTMLParser):
    """Builds a tree and fails where a tag is not closed in its turn."""

    def __init__(self):
        super().__init__()
        self.root = self.at = Node("")

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} stands twice"
        node = Node(tag, attrs, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag):
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)

    def handle_comment(self, data):
        pytest.fail(f"a comment: {data}")


def parsed(text):
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert parser.at is parser.root, f"<{parser.at.tag}> is not closed"
    return parser.root


def shown(document, **options):
    return parsed(write(document, Options(**options)))


def paper(*blocks, **more):
    return Document("paper", "題", blocks, STAMP, **more)


def compared(*rows, columns=COMPARISON.columns, **more):
    return paper(Table("comparison", columns, rows), **more)


def row_of(page, number=0):
    return page.find("tbody")[number]


def test_the_page_forbids_everything_but_its_own_style_and_script():
    page = shown(REVISION)
    policy = page.find("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (element,) = page.find(tag)
        digest = base64.b64encode(hashlib.sha256(element.text().encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("document", [REVISION, paper(KPIS)])
def test_nothing_is_requested_and_nothing_is_set_in_place(document):
    page = shown(document)
    assert not page.find("link") + page.find("img") + page.find("base")
    for node in page.walk():
        assert not {"src", "style", "action", "srcset"} & set(node.attributes)
        assert not any(name.startswith("on") for name in node.attributes)
        assert node.attributes.get("href", "#").startswith("#")
    assert "url(" not in page.find("style")[0].text()


def test_the_page_is_japanese_and_has_one_title():
    page = shown(REVISION)
    assert page.find("html")[0].attributes["lang"] == "ja"
    assert [each.text() for each in page.find("h1")] == [REVISION.title]
    assert page.find("title")[0].text() == REVISION.title
    assert STAMP.fingerprint in page.find("footer")[0].text()


def test_a_page_without_a_comparison_runs_no_script():
    page = shown(paper(KPIS))
    assert not page.find("script")
    assert "script-src" not in page.find("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]


def test_changes_are_insertions_and_deletions():
    row = sides("initiative", [line("都市間{交流の促進}", "①")], [line("都市間[連携の強化]", "①")], RENAMED)
    page = shown(compared(row))
    assert [each.text() for each in page.find("td", name="old")[0].find("del")] == ["交流の促進"]
    side = page.find("div", name="side")[0]
    assert [each.text() for each in side.find("ins")] == ["連携の強化"]
    assert not side.find("del")


def test_only_the_new_side_is_marked_where_a_city_wants_that():
    row = sides("initiative", [line("都市間{交流の促進}")], [line("都市間[連携の強化]")], RENAMED)
    page = shown(compared(row), underline="new")
    assert not page.find("td", name="old")[0].find("del")
    assert page.find("div", name="side")[0].find("ins")
    assert page.find("div", name="both")[0].find("del")


@given(
    st.text("都市間交流の促進連携強化、。1aい", min_size=1, max_size=30),
    st.text("都市間連携の強化、。2bう", min_size=1, max_size=30),
)
def test_either_side_can_be_read_out_of_the_struck_text(old, new):
    marks = pieces(old, new)
    lines = [
        Line(tuple(Run(text, side if marked else "") for text, marked in segments), kind="title")
        for segments, side in ((marks.old, "old"), (marks.new, "new"))
    ]
    if not any(run.mark for each in lines for run in each.runs):
        return
    page = shown(compared(Row("policy", (Cell((lines[0],)), Cell((lines[1],)), Cell()), (RENAMED,), changed=True)))
    both_sides = page.find("div", name="both")[0]
    assert both_sides.text("ins") == old
    assert both_sides.text("del") == new


def test_lines_stand_in_one_table_row_with_their_counterparts():
    row = sides(
        "policy",
        [line("名"), line("{去る文}", kind="body"), line("残る文", kind="body")],
        [line("名"), BLANK, line("残る文", kind="body"), line("[来る文]", kind="body")],
        ADDED,
        note="二つを統合",
    )
    (group,) = shown(compared(row)).find("tbody")
    texts = [
        [each.text() for each in tr.find("td") if "remarks" not in each.attributes["class"]] for tr in group.find("tr")
    ]
    assert [old for old, _ in texts] == ["名", "去る文", "残る文", ""]
    assert len(group.find("td", name="new")) == 4
    (remarks,) = group.find("td", name="remarks")
    assert remarks.attributes["rowspan"] == "4"
    assert remarks.text().endswith("新規二つを統合")
    struck = [each.text() for each in group.find("div", name="both")]
    assert struck == ["去る文", "来る文"]
    assert [each.text() for each in group.find("div", name="both")[0].find("del")] == ["去る文"]


def test_what_went_elsewhere_is_not_struck_as_if_it_were_gone():
    old = [line("取組", "{③}"), line("そのままの文", kind="body")]
    row = sides("initiative", old, [line("（基本目標1-2-③へ移動）", kind="absent")], ADDED)
    page = shown(compared(row))
    assert [each.text() for each in page.find("div", name="both")] == ["{③}取組（基本目標1-2-③へ移動）", "そのままの文"]
    assert not page.find("del")


def test_what_only_says_that_there_was_nothing_is_not_struck():
    old = [line("（新設）", "KPI", kind="kpi")]
    new = [line("[実施件数　4件]", "KPI", kind="kpi")]
    page = shown(
        compared(
            sides("initiative", old, new, ADDED), sides("policy", [line("（新設）", kind="absent")], [line("[新]")])
        )
    )
    texts = [each.text() for each in page.find("div", name="both")]
    assert texts == ["KPI実施件数　4件", "（新設）新"]
    assert not page.find("del")


def test_rows_carry_their_kinds_and_chips_count_them():
    page = shown(REVISION)
    kinds = [row.attributes["data-kinds"] for row in page.find("tbody") if "data-kinds" in row.attributes]
    assert kinds[:2] == ["added merged", "added"]
    boxes = {
        each.attributes["value"]: " ".join(each.parent.text().split())
        for each in page.find("input")
        if "value" in each.attributes
    }
    assert boxes == {"added": "＋ 新規 4", "merged": "⇉ 統合 1", "kpi-added": "◎ KPI追加 3"}


def test_a_kind_without_a_row_has_no_box():
    page = shown(
        compared(sides("policy", [line("旧")], [line("新")], ADDED), counts=(Count("moved", "移動", 2, "項目"),))
    )
    assert not [each for each in page.find("input") if "value" in each.attributes]
    assert "移動 2" in page.find("span", name="chip")[0].text()


def test_what_nobody_declared_says_so():
    badges = shown(compared(sides("policy", [line("旧")], [line("新")], RENAMED, ADDED))).find("span", name="badge")
    assert [each.text().split()[-1] for each in badges] == ["名称変更（推定）", "新規"]
    assert "guess" in badges[0].attributes["class"]


def test_every_kind_but_housekeeping_has_a_badge():
    plain = {code for code, kind in BY_CODE.items() if kind.look == Look()}
    assert {BY_CODE[code].group for code in plain} <= {"housekeeping", "net"}


def test_rows_that_head_others_span_the_table():
    page = shown(
        compared(both("part", heading("重要な視点")), both("policy", line("一")), both("goal", heading("目標1")))
    )
    heads = page.find("th", scope="colgroup")
    assert [each.text() for each in heads] == ["重要な視点", "目標1"]
    assert all(each.attributes["colspan"] == each.attributes["data-span"] == "3" for each in heads)
    assert [len(each.find("tr")) for each in page.find("tbody")] == [1, 1, 1]


def test_a_part_that_changed_shows_both_sides():
    page = shown(compared(sides("part", [line("（新設）", kind="absent")], [heading("[展望]")], ADDED)))
    assert not page.find("th", scope="colgroup")
    assert page.find("td", name="old")[0].text() == "（新設）"


def folded(*rows):
    return both("initiative", omitted("①～③"), key="a/b", hidden=rows)


def test_what_is_left_out_can_be_opened_where_there_is_more():
    inner = both("initiative", line("隠れた取組", "①"), key="a/b")
    page = shown(compared(folded(inner)))
    (button,) = page.find("td", name="new")[0].find("button")
    assert (button.text(), button.attributes["aria-expanded"]) == ("（略）", "false")
    assert not page.find("td", name="old")[0].find("button")
    (more,) = page.find("tbody", name="more")
    assert "hidden" in more.attributes
    assert "隠れた取組" in more.text()
    assert [row.attributes["id"] for row in page.find("tbody") if "id" in row.attributes] == ["a/b", "a/b:2"]
    assert not shown(compared(folded(both("initiative", omitted("①"))))).find("td")[1].find("button")


def test_ids_are_those_of_the_rows_and_stand_once():
    rows = [both("policy", line("一"), key=key) for key in ("g/p", "g/p", "page:table", "has blank", "")]
    page = shown(compared(*rows))
    ids = [node.attributes["id"] for node in page.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    assert [row.attributes.get("id") for row in page.find("tbody")] == [
        "g/p", "g/p:2", "page:table:2", None, None,
    ]  # fmt: skip


def test_columns_may_stand_the_other_way_round():
    columns = (Column("新", 41, code="new"), Column("旧", 41, code="old"), Column("備考", 18, code="flags"))
    row = Row("policy", (cell(line("[新しい]名")), cell(line("{古い}名")), Cell()), (RENAMED,), changed=True)
    page = shown(compared(row, columns=columns))
    assert [each.attributes["class"].split()[0] for each in row_of(page).find("td")] == ["new", "old", "remarks"]
    assert page.find("div", name="both")[0].text() == "古い新しい名"


def test_the_third_column_may_be_missing_or_hold_reasons():
    row = sides("policy", [line("旧")], [line("新")], ADDED, note="2つを統合")
    page = shown(compared(row, columns=COMPARISON.columns[:2]))
    assert len(row_of(page).find("td")) == 2
    assert not page.find("span", name="badge")
    reason = Row(
        "policy",
        (cell("旧"), cell("新"), Cell((Line((Run("国の戦略を踏まえ"),), kind="note"),))),
        (ADDED,),
        changed=True,
    )
    columns = (*COMPARISON.columns[:2], Column("理由", 1, code="reason"))
    page = shown(compared(reason, columns=columns))
    assert page.find("td", name="remarks")[0].text() == "国の戦略を踏まえ"
    assert page.find("tbody", **{"data-kinds": "added"})


def test_a_general_table_sets_numbers_to_the_right():
    page = shown(paper(KPIS))
    (table,) = page.find("table")
    assert table.find("caption")[0].text() == "KPI一覧"
    rows = table.find("tbody")[0].find("tr")
    heads = [row.find("th") for row in rows if not row.find("td")]
    assert [each.attributes["colspan"] for (each,) in heads] == ["6"]
    assert {len(row.find("td")) for row in rows if row.find("td")} == {6}
    assert table.find("th", name="right")[0].text() == "現状値"
    assert "公開済みの動画すべて" in table.text()
    assert table.parent.attributes["tabindex"] == "0"


def test_flags_said_in_the_cell_are_not_said_twice():
    row = Row("plain", (cell("一"), cell("KPI追加")), (Flag("kpi-added", "KPI追加"),))
    page = shown(paper(Table("kpis", (Column("指標"), Column("変更", code="flags")), (row,))))
    assert page.find("tbody")[0].text().count("KPI追加") == 1


def test_headings_go_down_from_the_title_without_a_gap():
    page = shown(paper(Heading("一", 2), Heading("二", 3), Heading("三", 2)))
    assert [(each.tag, each.text()) for each in page.walk() if re.fullmatch("h[1-6]", each.tag)] == [
        ("h1", "題"), ("h2", "一"), ("h3", "二"), ("h2", "三"),
    ]  # fmt: skip


def test_lists_nest_by_indent_and_by_drawn_tree():
    page = shown(
        paper(
            Paragraph((Run("一"),), BRANCH),
            Paragraph((Run("二"),), BRANCH, 1, (RENAMED,)),
            Paragraph((Run("三"),), "・", 5),
            Paragraph((Run("四"),), "①"),
            Heading("次"),
            Paragraph((Run("五"),), "・", 3),
        )
    )

    def depth(node):
        return 0 if node is None else (node.tag == "ul") + depth(node.parent)

    items = [(depth(each), each.find("span", name="words")[0].text()) for each in page.find("li")]
    assert [(level, text[:3].strip()) for level, text in items] == [
        (1, "一"),
        (2, "二 ✎"),
        (3, "三"),
        (1, "① 四"),
        (1, "五"),
    ]


def hostile_document(text):
    flag = Flag("added", text)
    lines = (Line((Run(text, "old"), Run(text)), text, "title"), Line((Run(text, "new"),), kind="kpi"))
    row = Row("policy", (Cell(lines), Cell(lines[::-1]), Cell(lines[:1])), (flag,), text, text, (), changed=True)
    part = Row("part", (Cell(lines), Cell(lines), Cell()), key=text)
    fold = Row("policy", (Cell((Line((Run(text),), kind="omitted"),)),) * 2, hidden=(row,))
    columns = (Column(text, 1, code="old"), Column(text, 1, code="new"), Column(text, 1, code="flags"))
    stamp = Stamp(*[text] * 7)
    return Document(
        code="comparison",
        title=text,
        subtitle=text,
        blocks=(
            Heading(text),
            Paragraph((Run(text, "new"),), flags=(Flag(text, text),)),
            Paragraph((Run(text),), bullet=text, flags=(flag,)),
            Table("comparison", columns, (part, row, fold), text),
            Table(text, columns, (row,), text),
        ),
        stamp=stamp,
        counts=(Count(text, text, 1, text), Count("added", text, 1, text)),
        legend=text,
    )


def tags(page):
    return [node.tag for node in page.walk()]


def test_hostile_text_stays_text():
    page = shown(hostile_document(HOSTILE))
    assert set(tags(page)) == set(tags(shown(hostile_document("無害"))))
    assert len(page.find("script")) == 1
    text = page.text()
    assert "<script>alert(1)</script>" in text
    for bad in ("\x00", "\x1b", "\x85", "\u202e", "\u2066", "\ufffe"):
        assert bad not in text
    assert "\\u202e" in text


@given(st.text(st.characters() | st.sampled_from("<>&\"'`=/-]! "), min_size=1, max_size=12))
def test_any_text_comes_back_as_it_is(text):
    page = parsed(f'<p title="{escaped(text)}">{escaped(text)}</p>')
    assert tags(page) == ["p"]
    (element,) = page.find("p")
    if text.isprintable():
        assert element.attributes["title"] == element.text() == text


def test_hostile_kinds_do_not_break_the_filter():
    document = compared(sides("policy", [line("旧")], [line("新")], Flag('a" b', "種")))
    assert row_of(shown(document)).attributes["data-kinds"] == 'a"b'


def test_same_bytes_for_the_same_document():
    assert write(REVISION, Options()) == write(replace(REVISION), Options())
