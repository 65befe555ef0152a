"""A city's own workbook: what it brings stays, its fields are filled, and nothing in it does anything."""

import re
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from office import assert_valid, on_another_day
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from papers import REVISION
from PIL import Image as Picture

from atsugi_cli.cli.app import main
from atsugi_cli.document import Cell, Column, Document, Line, Row, Run, Table
from atsugi_cli.formats import xlsx
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.formats.xlsx_template import filled

STRATEGIES = Path(__file__).parent.parent / "strategies"


def form(*, marker="{{新旧対照表}}"):
    book = Workbook()
    sheet = book.active
    sheet.title = "様式"
    sheet["A1"] = "{{計画名}}（{{会議名}}）"
    sheet.merge_cells("A1:C1")
    sheet["B3"] = marker
    sheet["B3"].font = Font(name="ＭＳ 明朝", sz=12)
    sheet["B5"] = "担当：{{課名}}"
    sheet["C5"] = 1200
    sheet["D5"] = "=C5*2"
    sheet.merge_cells("B6:D6")
    sheet.row_dimensions[6].height = 40
    sheet.oddHeader.right.text = "{{資料番号}}"
    sheet.oddFooter.center.text = "&P / &N"
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = 8
    sheet.page_margins.left = 1.25
    return book


def saved(book):
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(data, **parts):
    """Change or add parts: each a new content, or a pair of what is replaced by what."""
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            given = parts.pop(name, None)
            old = source.read(name)
            target.writestr(name, old.replace(*given) if isinstance(given, tuple) else given or old)
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


def test_a_paper_is_laid_into_the_sheet_of_a_city(tmp_path, capsys, monkeypatch):
    path, out = tmp_path / "様式.xlsx", tmp_path / "out.xlsx"
    path.write_bytes(saved(form()))
    run = ["diff", "atsugi-2", "--root", str(STRATEGIES), "-o", str(out), "--template", str(path), "--number", "資料2"]
    assert main([*run, "--meeting", "第3回推進会議"]) == 0
    assert "埋まって" not in capsys.readouterr().err
    data = out.read_bytes()
    assert_valid(data, tmp_path / "check.xlsx")
    book = load_workbook(BytesIO(data))
    sheet = book["様式"]
    assert sheet["A1"].value == "第2期厚木市まち・ひと・しごと創生総合戦略（第3回推進会議）"
    assert [cell.value for cell in sheet[3]][1:6] == ["区分", "階層", "番号", "現行", "改定後"]
    own = load_workbook(BytesIO(made(tmp_path)))
    rows = [[cell.value for cell in row] for row in own.worksheets[0].iter_rows()]
    laid = [[cell.value for cell in row][1:] for row in sheet.iter_rows(min_row=3, max_row=2 + len(rows))]
    assert laid == rows
    assert {(cell.font.name, cell.font.sz) for row in sheet.iter_rows(3, 2 + len(rows), 2) for cell in row} == {
        ("ＭＳ 明朝", 12)
    }
    below = 2 + len(rows) + 2
    assert (sheet.cell(below, 2).value, sheet.cell(below, 3).value) == ("担当：厚木市 政策部 企画政策課", 1200)
    assert f"B{below + 1}:D{below + 1}" in {str(each) for each in sheet.merged_cells.ranges}
    assert sheet.row_dimensions[below + 1].height == 40
    assert (sheet.oddHeader.right.text, sheet.oddFooter.center.text) == ("資料2", "&P / &N")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("portrait", 8)
    assert sheet.page_margins.left == 1.25
    assert (sheet.print_title_rows, sheet.page_setup.fitToHeight) == ("$3:$3", 0)
    assert book["凡例"].oddHeader.right.text == "資料2"  # further sheets look like the first
    on_another_day(monkeypatch)
    assert main([*run, "--meeting", "第3回推進会議"]) == 0
    assert out.read_bytes() == data
    capsys.readouterr()
    assert main(["verify", str(out), "--root", str(STRATEGIES)]) == 0
    assert "手で" not in capsys.readouterr().out


def made(folder):
    out = folder / "own.xlsx"
    assert main(["diff", "atsugi-2", "--root", str(STRATEGIES), "-o", str(out)]) == 0
    return out.read_bytes()


UNFILLED = """\
様式の {{会議名}}（シート「様式」のA1）は埋まっていません。--meeting で指定してください。
様式の {{課題}}（シート「様式」のA9）は埋まっていません。使える欄: 資料番号、会議名、日付、課名、計画名、新旧対照表
様式の {{新旧対照表}} はシート「様式」のA10にもあり、そのまま残りました。差し込むのは本文のはじめの一つだけです。
様式の {{資料番号}}（シート「様式」のヘッダー（右））は埋まっていません。--number で指定してください。
"""


def test_what_stays_unfilled_or_is_lost_is_told_with_its_place():
    book = form()
    book.active["A9"] = "{{課題}}"
    book.active["A10"] = "{{新旧対照表}}"
    data = saved(book)
    picture = BytesIO()
    Picture.new("RGB", (8, 8)).save(picture, "PNG")
    book.active.add_image(Image(picture), "F1")
    drawn = with_parts(saved(book), **{"xl/drawings/drawing1.xml": (b"</wsDr>", b"<sp ></sp></wsDr>")})
    for template, lost in ((data, 0), (drawn, 1)):
        heard = []
        xlsx.write(REVISION, Options(template=template, tell=heard.append))
        assert sum("図形" in each for each in heard) == lost
        told = [each for each in heard if "図形" not in each]
        assert told == UNFILLED.splitlines()


def test_without_a_field_the_sheets_stand_behind():
    book = load_workbook(BytesIO(xlsx.write(REVISION, Options(template=saved(form(marker="前文"))))))
    assert book.sheetnames[0] == "様式"
    assert book.sheetnames[1] == "新旧対照表"
    assert book["様式"]["B3"].value == "前文"
    assert int(book["新旧対照表"].page_setup.paperSize) == 8


def test_words_never_become_formulas():
    words = '=HYPERLINK("http://evil.example")'
    cells = (Cell((Line((Run(words),)),)), Cell((Line((Run("=1+1"), Run("x", "new"))),)))
    paper = Document(
        "kpis", "一覧", (Table("kpis", (Column("名"), Column("値")), (Row("plain", cells),)),), REVISION.stamp
    )
    data = xlsx.write(paper, Options(template=saved(form(marker="{{KPI一覧}}"))))
    with ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert re.findall("<f>[^<]*</f>", "".join(parts)) == ["<f>C5*2</f>"]
    assert load_workbook(BytesIO(data))["様式"]["B4"].value == words


SHEET = "xl/worksheets/sheet1.xml"
EXTERNAL = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="http://evil.example/" '
    'TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl/vbaProject.bin": "x"}, "開くと動くもの"),
        ({"xl/externalLinks/externalLink1.xml": "<externalLink/>"}, "開くと動くもの"),
        ({"xl/connections.xml": "<connections/>"}, "開くと動くもの"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": EXTERNAL.format("image")}, "開くと動くもの"),
        ({SHEET: (b"C5*2", b"cmd|' /C calc'!A0")}, "開くと動くもの"),
        ({SHEET: (b"C5*2", b'WEBSERVICE("http://evil.example")')}, "開くと動くもの"),
        ({SHEET: (b'ref="B6:D6"', b'ref="A7:XFD1048576"')}, "結合したセル"),
        ({"xl/sheet.png": b'<mergeCell ref="A7:XFD1048576"/>'}, "結合したセル"),
        ({SHEET: (b'r="C5"', b'r="XFD1048576"')}, "大きすぎます"),
        ({SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}, "ブック（.xlsx）ではありません"),
        ({SHEET: b"<worksheet"}, "ブック（.xlsx）ではありません"),
        ({"xl/workbook.xml": b"<x/>"}, "ブック（.xlsx）ではありません"),
        ({"xl/more.xml": b"<a/>" * 200_001}, "大きすぎます"),
    ],
)
def test_a_workbook_that_does_something_or_is_none_is_refused(parts, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        xlsx.write(REVISION, Options(template=with_parts(saved(form()), **parts)))


def test_a_link_to_click_on_does_no_harm():
    data = with_parts(saved(form()), **{"xl/worksheets/_rels/sheet1.xml.rels": EXTERNAL.format("hyperlink")})
    assert xlsx.write(REVISION, Options(template=data))


@pytest.mark.parametrize("name", ["様式.docx", "様式.xlsx"])
def test_a_file_of_another_program_is_refused_in_words(name, tmp_path, capsys):
    path = tmp_path / name
    path.write_bytes(b"PK no archive")
    assert (
        main(["diff", "atsugi-2", "--root", str(STRATEGIES), "-o", str(tmp_path / "a.xlsx"), "--template", str(path)])
        == 2
    )
    assert "Excelのブック（.xlsx）ではありません" in capsys.readouterr().err


def test_the_set_of_papers_fills_the_forms_of_their_program(tmp_path, capsys):
    path = tmp_path / "様式.xlsx"
    path.write_bytes(saved(form()))
    assert (
        main(["pack", "atsugi-2", "--root", str(STRATEGIES), "-o", str(tmp_path / "p"), "--template", str(path)]) == 0
    )
    assert "06_KPI一覧.xlsx: 様式の {{会議名}}" in capsys.readouterr().err
    assert load_workbook(BytesIO((tmp_path / "p" / "01_新旧対照表.xlsx").read_bytes())).sheetnames[0] == "様式"


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch):
    template = saved(form())
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingError, match=r'pip install "atsugi-cli\[template\]"'):
        filled(template, b"", {}, REVISION, print)
