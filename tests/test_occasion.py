"""What every handout can carry: its number, the meeting, its own date, a city's own form, and columns."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from office import assert_valid
from openpyxl import load_workbook
from pptx import Presentation
from test_pack import with_fonts

from atsugi_cli.cli.app import main
from atsugi_cli.formats import template
from atsugi_cli.levels import COLUMNS, TableStyle

STRATEGIES = Path(__file__).parent.parent / "strategies"
GIVEN = ["--number", "資料2", "--meeting", "第3回推進会議", "--date", "2026-12-01"]
DAY = "令和8(2026)年12月1日"


def made(command, path, *more):
    assert main([command, "atsugi-2", "--root", str(STRATEGIES), "-o", str(path), *more]) == 0
    return path.read_bytes()


def paragraphs(root):
    return ["".join(each.text or "" for each in p.iter(qn("w:t"))) for p in root.iter(qn("w:p"))]


@pytest.mark.parametrize(
    ("command", "suffix"),
    [
        *(("diff", each) for each in ("docx", "xlsx", "pptx", "html", "md", "txt")),
        *(("points", each) for each in ("docx", "pptx", "html", "md")),
        *(("kpis", each) for each in ("docx", "xlsx", "html", "txt")),
        *(("tree", each) for each in ("svg", "html")),
    ],
)
def test_every_paper_carries_number_meeting_and_its_own_date(command, suffix, tmp_path):
    data = made(command, tmp_path / f"paper.{suffix}", *GIVEN)
    match suffix:
        case "docx":
            document = Word(BytesIO(data))
            assert_valid(data, tmp_path / "check.docx")
            shown = paragraphs(document.element.body)
            assert shown[0].strip() == "資料2"
            assert document.paragraphs[0].runs[0]._r.find(f"{qn('w:rPr')}/{qn('w:bdr')}") is not None
        case "xlsx":
            shown = [load_workbook(BytesIO(data)).worksheets[0].oddHeader.right.text]
        case "pptx":
            slides = Presentation(BytesIO(data)).slides
            shown = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
            assert all("資料2" in [shape.text for shape in slide.shapes if shape.has_text_frame] for slide in slides)
        case _:
            shown = [data.decode("utf-8")]
    assert [word for word in ("資料2", "第3回推進会議", DAY) if not any(word in each for each in shown)] == []
    assert not any("令和5(2023)年10月17日　第3回" in each for each in shown)


def form(tmp_path, *texts):
    document = Word()
    for text in texts:
        paragraph = document.add_paragraph()
        for at in range(0, len(text), 3):  # as Word parts what is typed
            paragraph.add_run(text[at : at + 3])
    path = tmp_path / "様式.docx"
    return document, path


def test_a_form_is_filled_in_a_sentence_a_cell_and_a_header(tmp_path, capsys):
    document, path = form(tmp_path, "{{計画名}}について（{{会議名}}、{{日付}}）", "次のとおり{{新旧対照表}}とする。")
    document.add_table(1, 1).cell(0, 0).text = "担当：{{課名}}"
    document.sections[0].header.paragraphs[0].text = "{{資料番号}}"
    document.save(path)
    data = made("diff", tmp_path / "out.docx", *GIVEN, "--template", str(path))
    assert_valid(data, tmp_path / "check.docx")
    filled = Word(BytesIO(data))
    shown = paragraphs(filled.element.body)
    assert shown[0] == f"第2期厚木市まち・ひと・しごと創生総合戦略について（第3回推進会議、{DAY}）"
    assert shown[1] == "次のとおり"
    assert "とする。" in shown
    assert shown[-1] == "担当：厚木市 政策部 企画政策課"
    assert filled.sections[0].header.paragraphs[0].text == "資料2"
    assert "資料2" not in "".join(shown)  # the form has a place for it
    assert not any("{{" in each for each in shown)
    assert "埋まって" not in capsys.readouterr().err


def test_a_paper_stands_in_a_cell_of_a_form_as_wide_as_that(tmp_path):
    document, path = form(tmp_path)
    document.add_table(1, 2).cell(0, 1).text = "{{改定のポイント}}"
    document.save(path)
    filled = Word(BytesIO(made("points", tmp_path / "out.docx", "--template", str(path))))
    cell = filled.tables[0].cell(0, 1)
    inner = cell.tables[0]
    width = sum(int(each.get(qn("w:w"))) for each in inner._tbl.iter(qn("w:gridCol")))
    outer = int(cell._tc.find(f"{qn('w:tcPr')}/{qn('w:tcW')}").get(qn("w:w")))
    assert width <= outer
    assert cell._tc[-1].tag == qn("w:p")  # Word asks for a paragraph there


UNFILLED = """\
様式の {{会議名}}（本文の2番目の段落）は埋まっていません。--meeting で指定してください。
様式の {{課題}}（本文の2番目の段落）は埋まっていません。使える欄: 資料番号、会議名、日付、課名、計画名、新旧対照表
様式の {{新旧対照表}} は本文の4番目の段落にもあり、そのまま残りました。差し込むのは本文のはじめの一つだけです。
様式の {{資料番号}}（フッターの1番目の段落）は埋まっていません。--number で指定してください。
"""


def test_what_stays_unfilled_is_told_with_its_place(tmp_path, capsys):
    document, path = form(tmp_path, "前文", "{{会議名}}と{{課題}}", "{{新旧対照表}}", "{{新旧対照表}}")
    document.sections[0].footer.paragraphs[0].text = "{{資料番号}}"
    document.save(path)
    filled = Word(BytesIO(made("diff", tmp_path / "out.docx", "--template", str(path))))
    err = capsys.readouterr().err.splitlines()
    told = [line.partition("out.docx: ")[2] for line in err if "様式の" in line]
    assert told == UNFILLED.splitlines()
    assert "{{会議名}}と{{課題}}" in paragraphs(filled.element.body)


def test_a_form_fits_every_word_paper_and_no_other(tmp_path, capsys):
    document, path = form(tmp_path, "{{KPI一覧}}")
    document.save(path)
    filled = Word(BytesIO(made("kpis", tmp_path / "out.docx", "--template", str(path))))
    assert len(filled.tables) == 1
    capsys.readouterr()
    for name, said in (("a.xlsx", "Excelのブック（.xlsx）ではありません"), ("a.pdf", "Word（-f docx）とExcel")):
        run = ["kpis", "atsugi-2", "--root", str(STRATEGIES), "-o", str(tmp_path / name), "--template", str(path)]
        assert main(run) == 2
        assert said in capsys.readouterr().err
    assert set(template.NAMES) >= {"comparison", "points", "kpis"}


# --- columns ----------------------------------------------------------------------------------------------------------


def table(path, *more):
    return Word(BytesIO(made("diff", path, *more))).tables[0]


def test_columns_stand_as_asked(tmp_path):
    found = table(tmp_path / "a.docx", "--columns", "頁,項目,改定後,現行,区分,理由,担当")
    assert [cell.text for cell in found.rows[0].cells] == ["頁", "項目", "改定後", "現行", "区分", "理由", "担当"]
    row = next(row for row in found.rows if "デジタル技術を活用した" in row.cells[2].text)
    texts = [cell.text for cell in row.cells]
    assert texts[1] == "重要な視点2"
    assert texts[3] == "Society5.0の実現に向けた技術を活用した地域課題の解決"
    assert texts[4].startswith("新規・統合")
    assert texts[5] == "新型コロナウイルス感染症が感染症法上の第5類になったことを踏まえ"


def test_working_papers_say_it_in_one_column(tmp_path):
    wide = made("diff", tmp_path / "a.md", "--columns", "項目,現行,改定後,区分,理由").decode()
    assert "| 現行 | 改定後 | 項目・区分・理由 |" in wide


def test_the_sheet_has_pages_and_owners(tmp_path):
    data = made("diff", tmp_path / "a.xlsx", "--columns", "頁,現行,改定後,担当")
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]][-3:] == ["頁", "担当", "ID"]


@pytest.mark.parametrize("words", ["現行", "現行,頁,改定後", "頁,現行,改定後,頁", "現行,改定後,備"])
def test_columns_that_make_no_comparison_are_refused(words, capsys):
    assert main(["diff", "atsugi-2", "--root", str(STRATEGIES), "--columns", words]) == 2
    assert "--columns" in capsys.readouterr().err


def test_a_page_of_the_printed_plan_is_no_change(tmp_path):
    text = (STRATEGIES / "atsugi-2" / "2023-10.yaml").read_text("utf-8")
    paged = text.replace("  - id: sdgs\n", "  - id: sdgs\n    page: 12\n").replace(
        "  - id: digital\n", "  - id: digital\n    page: 12～13\n"
    )
    for name, data in (("2020-03", None), ("2023-10", paged)):
        source = (STRATEGIES / "atsugi-2" / f"{name}.yaml").read_text("utf-8")
        (tmp_path / f"{name}.yaml").write_text(data or source, encoding="utf-8")
    (tmp_path / "x").mkdir()
    names = [str(tmp_path / f"{name}.yaml") for name in ("2020-03", "2023-10")]
    outs = [tmp_path / "x" / "a.docx", tmp_path / "x" / "b.md"]
    for out in outs:
        assert main(["diff", *names, "--columns", "頁,現行,改定後", "-o", str(out)]) == 0
    found = Word(str(outs[0])).tables[0]
    assert "12～13" in [row.cells[0].text for row in found.rows]
    assert "SDGsの理念" not in outs[1].read_text("utf-8")
    assert main(["validate", *names]) == 0


def test_a_city_says_its_columns_once(tmp_path):
    style = TableStyle(columns=("page", "new", "old", "reason"))
    assert (style.is_reversed, style.beside, style.leading) == (True, ("page", "reason"), 1)
    assert set(COLUMNS) == {"page", "item", "old", "new", "flags", "reason", "owner"}
    for name in ("2020-03", "2023-10"):
        text = (STRATEGIES / "atsugi-2" / f"{name}.yaml").read_text("utf-8")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "profile.yaml").write_text("table:\n  columns: [item, new, old, reason]\n", encoding="utf-8")
    out = tmp_path / "out.docx"
    assert main(["diff", str(tmp_path), "--root", str(tmp_path), "-o", str(out)]) == 0
    assert [cell.text for cell in Word(str(out)).tables[0].rows[0].cells] == ["項目", "改定後", "現行", "理由"]


@pytest.mark.parametrize("value", ["2026-13-01", "明日", "2026-02-30", "2026"])
def test_a_date_is_one_of_the_calendar(value, capsys):
    assert main(["diff", "atsugi-2", "--root", str(STRATEGIES), "--date", value]) == 2
    assert "2026-12-01" in capsys.readouterr().err


def test_a_page_lies_as_asked(tmp_path):
    data = made("diff", tmp_path / "a.docx", "--page", "portrait")
    section = Word(BytesIO(data)).sections[0]
    assert section.page_width < section.page_height


# --- the set ----------------------------------------------------------------------------------------------------------


def test_a_set_is_numbered_and_its_index_says_so(tmp_path):
    folder = tmp_path / "会議"
    run = ["pack", "atsugi-2", "--root", str(STRATEGIES), "-o", str(folder)]
    assert main([*run, "--meeting", "第3回推進会議", "--number-from", "2"]) == 0
    names = {path.name for path in folder.iterdir()}
    index = (folder / "index.html").read_text("utf-8")
    numbers = ["説明資料", "体系図_改定前", "体系図_改定後", "新旧対照表", "見え消し", "改定のポイント"]
    numbers += ["KPI一覧", "溶け込み"]
    for number, title in enumerate(numbers, 2):
        assert f"資料{number}　{title.replace('_', '　')}" in index
        suffix = "svg" if "体系図" in title else "docx"
        assert f"資料{number}_{title}.{suffix}" in names
        data = (folder / f"資料{number}_{title}.{suffix}").read_bytes()
        first = paragraphs(Word(BytesIO(data)).element.body)[0].strip() if suffix == "docx" else data.decode("utf-8")
        assert first == f"資料{number}" if suffix == "docx" else f">資料{number}<" in first
    assert "第3回推進会議" in index
    assert with_fonts() is any(name.endswith(".pdf") for name in names)
