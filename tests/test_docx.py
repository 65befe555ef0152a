import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx as reader
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm
from editions import case, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import assert_valid, merged, on_another_day
from papers import COMPARISON, KPIS, REVISION, STAMP, cell, line, sides
from test_laws import RANDOM, revised, unrelated

from atsugi_cli.compare import compare
from atsugi_cli.document import Cell, Column, Document, Flag, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.formats import docx
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.passages import passages, steps, woven
from atsugi_cli.layout.points import points
from atsugi_cli.layout.redline import clean, redline
from atsugi_cli.layout.tree import tree
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.width import safe

TESTS = Path(__file__).parent
ATSUGI = TESTS.parent / "strategies" / "atsugi-2"
LAWS = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
GAP = "\u3000"


@pytest.fixture(scope="module")
def atsugi():
    return compare(read(ATSUGI / "2020-03.yaml"), read(ATSUGI / "2023-10.yaml"))


def paper(*blocks, **more):
    return Document("paper", "題", blocks, STAMP, **more)


def opened(data):
    return reader.Document(BytesIO(data))


def printed(document, **options):
    return opened(docx.write(document, Options(**options)))


def texts(document):
    return [each.text for each in document.paragraphs]


def looks(paragraph):
    return merged([(run.text, bool(run.underline)) for run in paragraph.runs])


def groups(table):
    """Give the rows of a printed comparison row by row of the document: below the first those that go on."""
    found = []
    for row in table.rows[1:]:
        borders = [each.find(".//" + qn("w:tcBorders") + "/" + qn("w:top")) for each in row._tr.tc_lst]
        if all(each is not None and each.get(qn("w:val")) == "nil" for each in borders):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def beside(table):
    """Give what is said beside the rows of a comparison; below the first line the cell goes on."""
    for first, *more in groups(table):
        for row in more:
            merge = row._tr.tc_lst[2].tcPr.find(qn("w:vMerge"))
            assert merge is not None
            assert merge.get(qn("w:val")) is None
        yield "\n".join(each.text for each in first.cells[2].paragraphs)


def wanted(line, both=True):
    """Say what a reader should find of a line: its text with which parts underlined."""
    runs = [*([(line.label, line.label_mark), (GAP, line.label_mark)] if line.label else []), *line.runs]
    runs = [(run.text, run.mark) if isinstance(run, Run) else run for run in runs]
    if line.label and not (line.runs and line.runs[0].mark == line.label_mark):
        runs[1] = (GAP, "")
    pieces = [(text, mark == "new" or (both and mark == "old")) for text, mark in runs]
    return merged(pieces)


@pytest.mark.parametrize("underline", ["both", "new"])
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (0, 1)])
def test_a_comparison_read_again_has_the_same_words_underlined(order, underline):
    turned = replace(
        COMPARISON,
        columns=tuple(COMPARISON.columns[at] for at in order),
        rows=tuple(replace(row, cells=tuple(row.cells[at] for at in order)) for row in COMPARISON.rows),
    )
    table = printed(paper(turned), underline=underline).tables[0]
    assert [each.text for each in table.rows[0].cells] == [column.title for column in turned.columns]
    for found, row in zip(groups(table), turned.rows, strict=True):
        for at in (0, 1):
            expected = [[wanted(each, underline == "both")] for each in row.cells[at].lines]
            assert [[looks(each) for each in line.cells[at].paragraphs] for line in found] == expected


def test_remarks_name_the_kinds_then_the_note():
    said = list(beside(printed(paper(COMPARISON)).tables[0]))
    assert said[2] == "新規・統合\n感染症が5類になったことを踏まえ統合"
    assert said[8] == "名称変更（推定）・KPI追加"


def test_what_stands_in_a_row_stays_together_and_a_heading_with_the_line_below():
    long = sides("initiative", [line("短い")] * 20, [line("短い")] * 20)
    table = printed(paper(replace(COMPARISON, rows=(*COMPARISON.rows, long)))).tables[0]

    def keeps(row):
        (words,) = row.cells[0].paragraphs
        own = words.paragraph_format.keep_with_next
        return bool(words.style.paragraph_format.keep_with_next if own is None else own)

    rows = groups(table)
    assert [keeps(each) for each in rows[0]] == [True]  # 【重要な視点】
    assert [keeps(each) for each in rows[1]] == [False]  # 視点1（略）
    assert [keeps(each) for each in rows[2]] == [True, False]
    assert [keeps(each) for each in rows[6]] == [False]  # a goal with a policy of the same depth below it
    assert [keeps(each) for each in rows[7]] == [True]
    assert [keeps(each) for each in rows[-1]] == [True] * 19 + [False]


def test_a_comparison_lies_on_landscape_a4_and_its_head_returns():
    document = printed(REVISION)
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])
    assert round(sum(column.width for column in table.columns) / Mm(1)) == 257
    assert not table._tbl.findall(".//" + qn("w:gridSpan"))


def test_only_a_row_of_long_prose_may_be_broken():
    long = sides("initiative", [line("長い。" * 200, kind="body")], [line("短い")])
    rows = printed(paper(replace(COMPARISON, rows=(*COMPARISON.rows, long)))).tables[0].rows
    whole = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows]
    assert whole == [True] * (len(rows) - 1) + [False]


def test_header_and_footer_carry_title_editions_pages_and_check_number():
    section = printed(REVISION).sections[0]
    assert section.header.paragraphs[0].text == f"{REVISION.title}{GAP}{REVISION.subtitle}"
    footer = section.footer.paragraphs[0]._p.xml
    assert footer.index(" PAGE ") < footer.index(" NUMPAGES ")
    assert f"照合番号 {STAMP.fingerprint}" in footer


def test_the_legend_underlines_what_it_speaks_of():
    document = printed(REVISION)
    found = next(each for each in document.paragraphs if "改定部分" in each.text)
    assert looks(found) == [
        ("（", False),
        ("下線", True),
        (f"は改定部分）{GAP}2023-10-17{GAP}政策部 企画政策課", False),
    ]


def test_every_paragraph_bears_a_named_style_in_a_japanese_font():
    document = printed(REVISION)
    names = {each.style.name for row in document.tables[0].rows for at in row.cells for each in at.paragraphs}
    assert {"新旧 見出し行", "新旧 区分", "新旧 基本目標", "新旧 施策", "新旧 取組", "新旧 KPI", "新旧 備考"} <= names
    assert all(name.startswith("新旧 ") for name in names)
    for part in ("word/styles.xml", "word/document.xml"):
        assert "Theme=" not in ZipFile(BytesIO(docx.write(REVISION, Options()))).read(part).decode()
    fonts = document.styles["新旧 本文"].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "eastAsia", "cs")} == {"ＭＳ 明朝"}


def test_other_papers_stand_upright_unless_a_table_is_wide():
    assert printed(paper(KPIS)).sections[0].orientation == WD_ORIENT.PORTRAIT
    wide = Table("kpis", tuple(Column(str(at)) for at in range(10)), (Row("plain", tuple([cell("1")] * 10)),))
    assert printed(paper(wide)).sections[0].orientation == WD_ORIENT.LANDSCAPE


def test_general_tables_keep_cells_kinds_notes_and_alignment():
    table = printed(paper(KPIS)).tables[0]
    found = [[at.text for at in row.cells] for row in table.rows]
    assert found[1] == ["基本目標1（転入促進）"] * 6  # one cell across the table
    assert len(table.rows[1]._tr.tc_lst) == 1
    assert found[2][-2:] == ["10", "KPI追加"]
    assert found[3][1] == "動画の総再生回数（例）\n2行目"
    assert found[3][-1] == "公開済みの動画すべて"
    assert table.rows[2].cells[3].paragraphs[0].style.name == "新旧 数値"


def test_headings_can_be_navigated_and_a_tree_is_indented():
    document = printed(REVISION)
    assert next(each for each in document.paragraphs if each.text == "改定のポイント").style.name == "Heading 1"
    indents = {
        each.text.split()[0]: each.paragraph_format.left_indent or 0
        for each in document.paragraphs
        if each.text.startswith(("1 ", "① ", "2 "))
    }
    assert indents["①"] > indents["1"] == indents["2"]
    assert not any("├" in each.text for each in document.paragraphs)


def test_tables_that_follow_one_another_stay_apart():
    assert len(printed(paper(KPIS, KPIS)).tables) == 2


def test_the_paragraph_behind_a_last_table_takes_no_page_of_its_own():
    last = printed(paper(COMPARISON)).element.body.xpath("./w:p")[-1]
    style = printed(paper(COMPARISON)).styles["新旧 表の後"]
    assert last.pPr.pStyle.val == style.style_id
    assert style.font.size.pt == 1


def test_papers_are_valid(tmp_path, atsugi):
    documents = [
        REVISION,
        paper(),
        paper(Heading("頭", 3), Paragraph((), "・"), Table("counts", (Column("一"),), ())),
        comparison(atsugi, DEFAULT_PROFILE, whole=True),
        points(atsugi, DEFAULT_PROFILE),
        tree(atsugi.new, DEFAULT_PROFILE, atsugi, indicators=True),
    ]
    for document in documents:
        assert_valid(docx.write(document, Options()), tmp_path / "paper.docx")
    assert_valid(docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options()), tmp_path / "redline.docx")
    assert_valid(docx.write(clean(atsugi.new, DEFAULT_PROFILE, "tracked"), Options()), tmp_path / "clean.docx")


def test_the_same_paper_is_the_same_bytes_on_any_day(monkeypatch, atsugi):
    first = docx.write(REVISION, Options()), docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options())
    filled = docx.write(REVISION, Options(template=form()))
    on_another_day(monkeypatch)
    assert (
        docx.write(REVISION, Options()),
        docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options()),
    ) == first
    assert docx.write(REVISION, Options(template=form())) == filled


@LAWS
@given(st.text(st.characters(codec=None), max_size=30))
def test_any_text_gets_through(text):
    shown = safe(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    row = sides("initiative", [Line((Run(text, "old"),), text)], [Line((Run(text),))], Flag(text, text), note="注")
    document = printed(
        Document("comparison", text, (replace(COMPARISON, rows=(row,)),), replace(STAMP, owner=text), legend=text)
    )
    cells = document.tables[0].rows[1].cells
    assert cells[1].text == shown
    assert cells[0].text == (f"{shown}{GAP}{shown}" if text else "")
    assert cells[2].text == f"{shown}\n注"
    assert document.paragraphs[0].text == shown


# --- 見え消し and 溶け込み --------------------------------------------------------------------------------------------


ACCEPTING, REJECTING = ("del", "moveFrom"), ("ins", "moveTo")
"""What goes when all changes are accepted, and when all are rejected."""


def decided(data, drop):
    """Accept or reject every tracked change as Word does: what is dropped goes, a dropped mark joins two paragraphs."""
    drop = {qn(f"w:{tag}") for tag in drop}
    result, waiting = [], ""
    for paragraph in opened(data).element.body.iter(qn("w:p")):
        text = waiting
        for element in paragraph.iter(qn("w:t"), qn("w:delText"), qn("w:br")):
            above = {parent.tag for parent in element.iterancestors()}
            if not drop & above:
                text += "\n" if element.tag == qn("w:br") else element.text
        if any(paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{tag}") is not None for tag in drop):
            waiting = text
        else:
            waiting = ""
            result.append(text)
    assert not waiting
    return result


@LAWS
@given(RANDOM, st.sampled_from([revised, unrelated]))
def test_accepting_gives_the_new_text_and_rejecting_the_old_one(random, make):
    old, new, *_ = make(random)
    data = docx.write(redline(compare(old, new), DEFAULT_PROFILE, "tracked"), Options())
    assert decided(data, ACCEPTING) == texts(opened(docx.write(clean(new, DEFAULT_PROFILE, "tracked"), Options())))
    assert decided(data, REJECTING) == texts(opened(docx.write(clean(old, DEFAULT_PROFILE, "tracked"), Options())))


def test_rejecting_gives_the_old_edition_as_it_was_known(atsugi):
    data = docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options())
    before = decided(data, REJECTING)
    assert before == texts(opened(docx.write(clean(atsugi.old, DEFAULT_PROFILE, "tracked"), Options())))
    assert "策定の背景" not in before  # the old edition holds only that there is such a section


@pytest.mark.parametrize("folder", sorted((TESTS / "revisions").iterdir()), ids=lambda folder: folder.name)
def test_either_text_of_a_revision_can_be_read_out_of_the_word_file(folder, tmp_path):
    old, new, profile = case(folder)
    data = docx.write(redline(compare(old, new), profile, "tracked"), Options())
    for drop, edition in ((ACCEPTING, new), (REJECTING, old)):
        assert decided(data, drop) == texts(opened(docx.write(clean(edition, profile, "tracked"), Options())))
    assert_moves(data)
    if folder.name.startswith(("initiative-to", "siblings", "swapped")):
        assert_valid(data, tmp_path / "redline.docx")


def assert_moves(data):
    """Check that everything that moves has a named range at either place, with the same words."""
    body = opened(data).element.body
    found = {}
    for tag in ("moveFrom", "moveTo"):
        words = {}
        for start in body.iter(qn(f"w:{tag}RangeStart")):
            ends = {each.get(qn("w:id")): each for each in body.iter(qn(f"w:{tag}RangeEnd"))}
            end = ends[start.get(qn("w:id"))]
            assert end.getprevious() is start.getparent()  # the mark of the paragraph is within
            runs = [each for each in start.itersiblings() if each.tag == qn(f"w:{tag}")]
            words[start.get(qn("w:name"))] = "".join(text.text for each in runs for text in each.iter(qn("w:t")))
        runs = [each for each in body.iter(qn(f"w:{tag}")) if each.getparent().tag == qn("w:p")]
        assert len(runs) == len(words)
        found[tag] = words
    assert found["moveFrom"] == found["moveTo"]
    return found["moveTo"]


HEAD = "format: 1\nplan: {id: reiji, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2025}}\n"
BEFORE = """edition: {id: 2021-03, label: 現行, stage: adopted, date: 2021-03-01}
goals:
  - {id: g1, number: 1, title: しごと, policies: [{id: p1, number: 1, title: 整える, initiatives: [
      {id: a, number: 1, title: 創業の支援, body: "相談に応じます。\\n場所を貸します。"},
      {id: b, number: 2, title: 販路の拡大, body: "直売所を広げます。\\n市で売ります。",
       kpis: [{id: k, name: 売上額, unit: 千円, target: {year: 2025, value: 150}}]}]}]}
  - {id: g2, number: 2, title: くらし, policies: [{id: p2, number: 1, title: 守る, initiatives: [
      {id: c, number: 1, title: 防災, omitted: true}]}]}
"""
AFTER = """edition: {id: 2023-03, label: 改定後, stage: draft, date: 2023-03-01, revises: 2021-03}
goals:
  - {id: g1, number: 1, title: しごと, policies: [{id: p1, number: 1, title: 整える, initiatives: [
      {id: a, number: 1, title: 創業の支援, body: "場所を貸します。\\n相談に応じます。"}]}]}
  - {id: g2, number: 2, title: くらし, policies: [{id: p2, number: 1, title: 守る, initiatives: [
      {id: c, number: 1, title: 防災, body: 訓練をします。},
      {id: b, number: 3, title: 販路の拡大, body: "直売所を広げます。\\n市外で売ります。",
       kpis: [{id: k, name: 売上額, unit: 千円, target: {year: 2025, value: 150}}]}]}]}
"""


@pytest.mark.parametrize("turned", [False, True])
def test_what_stands_elsewhere_is_moved_and_what_is_other_words_is_not(turned, tmp_path):
    editions = []
    for name, text in (("old.yaml", BEFORE), ("new.yaml", AFTER)):
        (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
        editions.append(read(tmp_path / name))
    old, new = reversed(editions) if turned else editions
    data = docx.write(redline(compare(old, new), DEFAULT_PROFILE, "tracked"), Options())
    for drop, edition in ((ACCEPTING, new), (REJECTING, old)):
        assert decided(data, drop) == texts(opened(docx.write(clean(edition, DEFAULT_PROFILE, "tracked"), Options())))
    moved = set(assert_moves(data).values())
    kpi = next(each for each in decided(data, ACCEPTING) if "売上額" in each)
    assert moved == {"販路の拡大", "直売所を広げます。", kpi}
    assert_valid(data, tmp_path / "redline.docx")


def test_plain_marks_are_struck_and_underlined_in_red_and_explained(atsugi, tmp_path):
    data = docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options(plain=True))
    document = opened(data)
    assert not list(document.element.body.iter(qn("w:ins"), qn("w:del"), qn("w:moveFrom"), qn("w:moveTo")))
    runs = [run for each in document.paragraphs for run in each.runs]
    struck = [run for run in runs if run.font.double_strike]
    lined = [run for run in runs if run.font.underline]
    assert {"二重取消線", "交流の促進"} <= {run.text for run in struck}
    assert {"下線", "連携の強化"} <= {run.text for run in lined}
    assert {str(run.font.color.rgb) for run in (*struck, *lined)} == {"C00000"}
    assert [each.text for each in document.paragraphs[:4]].index("（二重取消線は削る部分、下線は加える部分）") == 3
    assert_valid(data, tmp_path / "plain.docx")


def test_the_real_revision_tracks_just_what_changed(atsugi):
    body = opened(docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options())).element.body
    come = ["".join(text.text for text in each.iter(qn("w:t"))) for each in body.iter(qn("w:ins"))]
    gone = ["".join(text.text for text in each.iter(qn("w:delText"))) for each in body.iter(qn("w:del"))]
    assert "連携の強化" in come
    assert "交流の促進" in gone
    assert "あつぎの" in gone
    assert "全庁を挙げて" in gone
    assert any(each.startswith("、地方創生及びデジタル担当部をはじめとした") for each in come)


def test_every_page_says_that_what_one_edition_leaves_out_need_be_no_change(atsugi):
    def header(revision):
        return opened(docx.write(redline(revision, DEFAULT_PROFILE, "tracked"), Options())).sections[0].header

    remark = "※一方の版が（略）とした部分の増減は、改定とは限りません"
    assert header(atsugi).paragraphs[0].text.endswith(remark)
    assert remark not in header(compare(atsugi.new, atsugi.new)).paragraphs[0].text


def test_changes_are_signed_by_the_section_in_charge_on_the_day_of_the_edition(atsugi):
    body = opened(docx.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options())).element.body
    tracked = list(body.iter(qn("w:ins"), qn("w:del")))
    assert {each.get(qn("w:author")) for each in tracked} == {atsugi.new.edition.owner}
    assert {each.get(qn("w:date")) for each in tracked} == {"2023-10-17T00:00:00Z"}
    assert len({each.get(qn("w:id")) for each in tracked}) == len(tracked)


def test_an_edition_without_a_day_leaves_the_date_out(atsugi):
    new = replace(atsugi.new, edition=replace(atsugi.new.edition, date="2023-10", owner=""))
    body = opened(docx.write(redline(replace(atsugi, new=new), DEFAULT_PROFILE, "tracked"), Options())).element.body
    tracked = list(body.iter(qn("w:ins"), qn("w:del")))
    assert {(each.get(qn("w:author")), each.get(qn("w:date"))) for each in tracked} == {("厚木市", None)}


@LAWS
@given(st.text("あい漢字、。12 ａA", max_size=30), st.text("あい漢字、。12 ａA", max_size=30))
def test_woven_text_holds_both_texts(old, new):
    runs = woven(old, new)
    assert "".join(run.text for run in runs if run.mark != "new") == old
    assert "".join(run.text for run in runs if run.mark != "old") == new


@LAWS
@given(RANDOM)
def test_an_edition_against_itself_has_no_steps(random):
    _, new, _ = revised(random)
    assert all(step.old == step.new for step in steps(compare(new, new), DEFAULT_PROFILE))
    assert [step.new for step in steps(compare(new, new), DEFAULT_PROFILE)] == list(passages(new, DEFAULT_PROFILE))


# --- 様式 ------------------------------------------------------------------------------------------------------------


def form(*, marker=("{{新", "旧対照", "表}}"), cell=False, style=""):
    """Make a city's own form: A3, its header, a line before and after."""
    document = reader.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(420), Mm(297)
    section.left_margin = section.right_margin = Mm(30)
    section.header.paragraphs[0].text = "市の様式"
    if style:
        document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("前文")
    place = document.add_table(1, 1).rows[0].cells[0] if cell else document
    if marker:
        paragraph = place.add_paragraph()
        for part in marker:
            paragraph.add_run(part)
    document.add_paragraph("後文")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_form_keeps_its_page_and_gets_the_table_where_it_says(tmp_path):
    data = docx.write(REVISION, Options(template=form()))
    assert_valid(data, tmp_path / "form.docx")
    document = opened(data)
    body = [each.tag.rpartition("}")[2] for each in document.element.body]
    words = texts(document)
    assert words[0] == "前文"
    assert words[-1] == "後文"
    assert not any("{{" in each for each in words)
    assert REVISION.title not in words  # the form has a title of its own
    assert "tbl" in body
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "市の様式"
    assert round(section.page_width.mm) == 420
    assert round(sum(column.width for column in document.tables[0].columns) / Mm(1)) == 360


def test_a_form_without_a_place_gets_the_paper_at_its_end():
    words = texts(opened(docx.write(REVISION, Options(template=form(marker=())))))
    assert words.index("後文") < words.index(REVISION.title)


def test_a_place_in_a_table_is_filled(tmp_path):
    data = docx.write(REVISION, Options(template=form(cell=True)))
    assert_valid(data, tmp_path / "form.docx")
    assert opened(data).tables[0].rows[0].cells[0].tables[0].rows[0].cells[0].text == "現行"


def test_styles_of_the_form_are_used_under_their_names():
    document = opened(docx.write(REVISION, Options(template=form(style="新旧 取組"))))
    names = [each.name for each in document.styles]
    assert names.count("新旧 取組") == 1
    assert names.count("新旧 施策") == 1
    own = document.styles["新旧 取組"]
    assert own.element.rPr is None  # as the city left it
    table = document.tables[0]
    used = {each.style.style_id for row in table.rows for at in row.cells for each in at.paragraphs}
    assert own.style_id in used


@pytest.mark.parametrize("filling", ["paper", "twice"])
def test_a_filled_form_can_serve_as_a_form(filling, tmp_path):
    first = docx.write(paper() if filling == "paper" else REVISION, Options(template=form(marker=())))
    again = docx.write(REVISION, Options(template=first))
    assert_valid(again, tmp_path / "form.docx")
    assert [each.name for each in opened(again).styles].count("新旧 本文") == 1


def zipped(**parts):
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("_", "/"), data)
    return buffer.getvalue()


def rewritten(change):
    """Change the parts of a good form."""
    buffer = BytesIO()
    with ZipFile(BytesIO(form())) as source, ZipFile(buffer, "w") as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
    return buffer.getvalue()


def body_of(data):
    return lambda name, old: data if name == "word/document.xml" else old


ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # an encrypted or old .doc file
        zipped(a="b"),
        rewritten(lambda name, old: None if name == "[Content_Types].xml" else old),
        rewritten(lambda name, old: None if name == "word/document.xml" else old),
        rewritten(body_of(b"<broken")),
        rewritten(body_of(b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'/>")),
        rewritten(body_of(b"<x/>")),
        form()[:-200],
    ],
)
def test_what_is_no_form_is_refused_in_a_sentence(data):
    with pytest.raises(ValueError, match="様式"):
        docx.write(REVISION, Options(template=data))


def test_a_form_that_unpacks_to_too_much_is_refused():
    buffer = BytesIO(form())
    with ZipFile(buffer, "a", 8) as archive:
        archive.writestr("word/media/bomb.bin", b"\0" * (65 * 1024 * 1024))
    with pytest.raises(ValueError, match="大きすぎ"):
        docx.write(REVISION, Options(template=buffer.getvalue()))


def test_a_form_cannot_read_other_files():
    data = rewritten(
        lambda name, old: (
            old.replace(b"?>", b"?>" + ENTITY, 1).replace("前文".encode(), b"&a;")
            if name == "word/document.xml"
            else old
        )
    )
    with pytest.raises(ValueError, match="様式"):
        docx.write(REVISION, Options(template=data))


def test_an_added_row_without_a_third_cell_is_filled_up():
    row = Row("initiative", (Cell(), cell("[新]")))
    table = printed(paper(replace(COMPARISON, rows=(row,)))).tables[0]
    assert [at.text for at in table.rows[1].cells] == ["", "新", ""]


def test_only_a_form_needs_a_library_and_says_how_to_install_it(monkeypatch):
    template = form()
    for name in ("docx", "docx.opc.exceptions", "lxml", "lxml.etree"):
        monkeypatch.setitem(sys.modules, name, None)
    assert docx.write(REVISION, Options()).startswith(b"PK")
    with pytest.raises(MissingError, match=r'pip install "atsugi-cli\[template\]"'):
        docx.write(REVISION, Options(template=template))
