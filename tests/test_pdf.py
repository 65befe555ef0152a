import json
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from editions import read
from office import merged, on_another_day
from papers import ADDED, REVISION, STAMP, both, line, sides
from plans import HOSTILE, crowded

from atsugi_cli.compare import compare
from atsugi_cli.document import Column, Document, Paragraph, Run, Table
from atsugi_cli.formats import pdf, svg
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.layout import kpis
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.layout.points import points
from atsugi_cli.layout.redline import redline
from atsugi_cli.layout.tree import tree
from atsugi_cli.levels import DEFAULT_PROFILE

ATSUGI = Path(__file__).parent.parent / "strategies" / "atsugi-2"
GAP = "\u3000"


def has_fonts():
    try:
        pdf._setter(Options())
    except MissingError:
        return False
    return True


set_by_typst = pytest.mark.skipif(not has_fonts(), reason="no Japanese font on this computer")
reads_pdf = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


@pytest.fixture(scope="module")
def atsugi():
    return compare(read(ATSUGI / "2020-03.yaml"), read(ATSUGI / "2023-10.yaml"))


@pytest.fixture
def sent(monkeypatch):
    """Catch what is sent to typst instead of setting it."""
    found = []

    def compile_(files, **options):
        found.append((files, options))
        return b"%PDF"

    monkeypatch.setattr(typst, "compile", compile_)
    monkeypatch.setattr(pdf, "_families", lambda _: ["BIZ UDMincho", "BIZ UDGothic"])

    def data(document, **options):
        pdf.write(document, Options(**options))
        return json.loads(found[-1][0]["data.json"])

    return data


def table_of(*rows):
    columns = (Column("現行", code="old"), Column("改定後", code="new"), Column("備考", code="flags"))
    return Document("comparison", "題", (Table("comparison", columns, rows),), STAMP, legend="下線は改定部分")


def words(data, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


# --- what typst is given ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("underline", ["both", "new"])
def test_both_sides_say_and_mark_what_the_document_does(atsugi, sent, underline):
    document = comparison(atsugi, DEFAULT_PROFILE)
    (table,) = [each for each in document.blocks if isinstance(each, Table)]
    (given,) = [each for each in sent(document, underline=underline)["body"] if each["kind"] == "table"]
    pairs = [pair for row in table.rows for pair in zip(*(cell.lines for cell in row.cells[:2]), strict=True)]
    for pair, drawn in zip(pairs, given["rows"], strict=True):
        for each, cell in zip(pair, drawn["cells"], strict=False):
            (shown,) = cell["content"]
            wanted = [(each.label, each.label_mark)] if each.label else []
            if each.label:
                wanted += [(GAP, each.label_mark if each.runs and each.runs[0].mark == each.label_mark else "")]
            wanted += [(run.text, run.mark) for run in each.runs]
            seen = [(text, mark == "new" or (mark == "old" and underline == "both")) for text, mark in wanted]
            assert merged([(run["text"], run["underlined"]) for run in shown["runs"]]) == merged(seen)


def test_what_is_said_of_a_row_stands_beside_all_its_lines(sent):
    data = sent(table_of(sides("policy", ["一", "二", "三"], ["一"], ADDED), sides("policy", ["四"], ["四"])))
    rows = data["body"][-2]["rows"]
    assert [[cell["spans"] for cell in row["cells"]] for row in rows] == [[1, 1, 3], [1, 1], [1, 1], [1, 1, 1]]
    assert [row["top"] for row in rows] == ["solid", "none", "none", "dotted"]


def test_rows_are_held_together(sent):
    long = "施策を総合的に推進します。" * 20
    data = sent(
        table_of(
            both("part", line("【部】", kind="heading")),
            sides("policy", ["一", "二"], ["一"]),
            sides("policy", [line("題"), line(long, kind="body")] * 3, [line("題")]),
        )
    )
    rows = data["body"][-2]["rows"]
    assert [row["kept"] for row in rows] == [3, 0, 0, 2, 0, 2, 0, 2, 0]
    titles = [sides("policy", [line("題" * 260, indent=at)], [line("題", indent=at)]) for at in range(3)]
    assert [row["kept"] for row in sent(table_of(*titles))["body"][-2]["rows"]] == [2, 0, 1]  # no more than a page


def test_the_head_returns_and_rules_meet(atsugi, sent):
    (given,) = [each for each in sent(comparison(atsugi, DEFAULT_PROFILE))["body"] if each["kind"] == "table"]
    (head,) = given["head"]
    assert [cell["content"][0]["runs"][0]["text"] for cell in head["cells"]] == ["現行", "改定後", "備考"]
    for above, below in zip(given["rows"], given["rows"][1:], strict=False):
        assert {cell["bottom"] for cell in above["cells"] if cell["spans"] == 1} == {below["top"]}
    assert {cell["bottom"] for cell in given["rows"][-1]["cells"]} == {"solid"}


def test_short_rows_stay_on_one_page_and_long_ones_go_on(sent):
    long = "施策を総合的に推進します。" * 200
    data = sent(table_of(sides("policy", [line("短い")], [line("[短い]")]), sides("text", [line(long)], [line(long)])))
    assert [row["breakable"] for row in data["body"][-2]["rows"]] == [False, True]


def test_a_city_s_own_word_file_does_not_matter(sent):
    assert sent(REVISION, template=b"no Word file") == sent(REVISION)


def test_the_page_says_what_paper_it_is(sent):
    data = sent(REVISION)
    assert data["check"] == f"照合番号 {STAMP.fingerprint}"
    assert REVISION.title in data["header"]
    assert data["author"] == STAMP.owner
    assert data["page"]["width"] > data["page"]["height"]


def test_tracked_changes_are_marked(atsugi, monkeypatch):
    found = []
    monkeypatch.setattr(typst, "compile", lambda files, **_: found.append(json.loads(files["data.json"])) or b"")
    monkeypatch.setattr(pdf, "_families", lambda _: ["BIZ UDMincho"])
    pdf.write(redline(atsugi, DEFAULT_PROFILE, "tracked"), Options())
    marks = {(run["text"], run["mark"]) for each in found[0]["body"] for run in each["runs"]}
    assert {("交流の促進", "del"), ("連携の強化", "ins")} <= marks


# --- the file ---------------------------------------------------------------------------------------------------------


@set_by_typst
def test_a_name_stays_with_what_it_introduces(sent):
    def said(text, kind, indent):
        return Paragraph((Run(text),), kind=kind, role="initiative", indent=indent)

    lines = [("①", "heading", 2), ("②", "heading", 2), ("本文", "body", 2), ("③", "heading", 2), ("事業", "heading", 3)]
    document = Document("clean", "題", tuple(said(*line) for line in lines), STAMP)
    assert [each["keep"] for each in sent(document)["body"]][:5] == [False, True, False, True, False]


def test_a_long_heading_is_broken_before_its_bracket(atsugi, sent):
    (given,) = [each for each in sent(kpis.compared(atsugi, DEFAULT_PROFILE))["body"] if each["kind"] == "table"]
    heads = [[line["runs"][0]["text"] for line in cell["content"]] for cell in given["head"][0]["cells"]]
    assert ["目標値", "（改定後）"] in heads
    assert ["単位"] in heads


def test_every_paper_is_the_same_on_any_day(atsugi, monkeypatch):
    papers = [
        comparison(atsugi, DEFAULT_PROFILE),
        points(atsugi, DEFAULT_PROFILE),
        kpis.compared(atsugi, DEFAULT_PROFILE),
        tree(atsugi.new, DEFAULT_PROFILE, atsugi),
        REVISION,
    ]
    first = [pdf.write(each, Options()) for each in papers]
    assert all(each.startswith(b"%PDF-") for each in first)
    monkeypatch.setenv("TZ", "America/New_York")
    on_another_day(monkeypatch)
    assert [pdf.write(each, Options()) for each in papers] == first


@set_by_typst
@reads_pdf
def test_words_can_be_copied_out_of_the_file(atsugi, tmp_path):
    said = words(pdf.write(comparison(atsugi, DEFAULT_PROFILE), Options()), tmp_path)
    for part in (
        "第2期厚木市まち・ひと・しごと創生総合戦略",
        "都市間連携の強化",
        "名称変更・KPI追加",
        "－ 1 / 2 －",
        "照合番号",
    ):
        assert part in said


@set_by_typst
@reads_pdf
def test_hostile_text_is_only_text(tmp_path):
    typst_markup = '#panic("x") $ x $ *b* _i_ `c` <l> @ref \\ ~ "q" \'s\' [] // /* */ = h - l + n #{'
    document = table_of(
        sides("policy", [line(typst_markup.replace("[]", ""))], [line(HOSTILE.replace("{", "").replace("}", ""))]),
    )
    document = replace(document, title=typst_markup, subtitle=HOSTILE, stamp=replace(STAMP, owner=typst_markup))
    said = "".join(words(pdf.write(document, Options()), tmp_path).split())
    assert '#panic("x")$x$*b*_i_`c`<l>@ref' in said
    assert "<script>alert(1)</script>" in said


@set_by_typst
def test_a_large_plan_is_set(tmp_path):
    data = pdf.write(comparison(crowded()[2], DEFAULT_PROFILE), Options())
    assert len(data) > 100_000
    if shutil.which("pdftotext"):
        said = "".join(words(data, tmp_path).split())
        assert said.count("old") > 10  # the head returns on every page


# --- pictures ---------------------------------------------------------------------------------------------------------


@set_by_typst
def test_the_tree_becomes_sheets_and_a_picture(atsugi):
    what = (diagram(atsugi.new, DEFAULT_PROFILE, atsugi), Options())
    sheets, picture = pdf.tree(*what), pdf.picture(*what)
    assert sheets.startswith(b"%PDF-")
    assert sheets == pdf.tree(*what)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1680  # 1120 pixels at 96 dots per inch, printed at 144
    assert height > 500


@set_by_typst
@reads_pdf
def test_a_large_tree_takes_several_sheets(tmp_path):
    _old, new, revision = crowded()
    assert len(svg.sheets(diagram(new, DEFAULT_PROFILE, revision))) > 3
    data = pdf.tree(diagram(new, DEFAULT_PROFILE, revision, fingerprint="0123456789ab"), Options())
    said = words(data, tmp_path)
    assert said.count("\f") == len(svg.sheets(diagram(new, DEFAULT_PROFILE, revision)))
    assert "0123456789ab" in said


# --- fonts ------------------------------------------------------------------------------------------------------------


def test_without_a_japanese_font_it_names_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "_families", lambda _: ["DejaVu Sans"])
    with pytest.raises(MissingError) as error:
        pdf.write(REVISION, Options())
    for part in ("fonts-morisawa-bizud-mincho", "fonts-ipaexfont", "BIZ UDゴシック", "--font-path"):
        assert part in str(error.value)


def test_one_japanese_font_is_enough(monkeypatch):
    monkeypatch.setattr(pdf, "_families", lambda _: ["IPAGothic"])
    setter = pdf._setter(Options())
    assert (setter.mincho, setter.gothic) == ("IPAGothic", "IPAGothic")


def test_fonts_of_one_s_own_come_first(monkeypatch, tmp_path):
    answers = iter([["City Mincho", "City Gothic"], ["BIZ UDMincho", "BIZ UDGothic", "City Gothic", "City Mincho"]])
    monkeypatch.setattr(pdf, "_families", lambda _: next(answers))
    setter = pdf._setter(Options(font_path=str(tmp_path)))
    assert (setter.mincho, setter.gothic) == ("City Mincho", "City Gothic")


def test_a_folder_without_fonts_is_refused(tmp_path):
    with pytest.raises(MissingError, match="フォントがありません"):
        pdf.write(REVISION, Options(font_path=str(tmp_path)))


def test_without_the_library_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingError, match=r'pip install "atsugi-cli\[pdf\]"'):
        pdf.write(REVISION, Options())
