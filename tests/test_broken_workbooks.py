"""Workbooks as they come back, and as nobody should send them: a clear line each, and never a deletion."""

import datetime as dt
import io
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import workbooks
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from test_answers import NEW, RESULTS, WORDING, asked, column, fill, office, row_of, run  # noqa: F401 - a fixture

from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.tables.answers import NOTHING
from atsugi_cli.tables.grids import GridError
from atsugi_cli.tables.importing import About, imported
from atsugi_cli.tables.opening import read

BOOK = Path("照会/照会_企画政策課.xlsx")
NAMED = "-                name: 連携協定の数\n+                name: 協定を結んだ数"
AIMED = "-                target: {year: 2029, value: 2000}\n+                target: {year: 2029, value: 2500}"
BOTH = f"{AIMED}\n{NAMED}"
RETURNED = {}


def returned(changes, said=""):
    """Register a way in which a filled workbook comes back: what it changes in the edition, and what is said of it."""

    def register(edit):
        RETURNED[edit.__name__] = edit, changes, said
        return edit

    return register


def values_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def rewritten(sheet, rows):
    for row in sheet.iter_rows():
        for cell in row:
            cell.value = None
    for at, row in enumerate(rows, 1):
        for to, value in enumerate(row, 1):
            sheet.cell(at, to).value = value


@returned(BOTH)
def as_it_was_filled(book):
    pass


@returned(BOTH)
def sorted_rows(book):
    head, *rows = values_of(book[WORDING])
    rewritten(book[WORDING], [head, *sorted((row for row in rows if row[0]), key=lambda row: str(row[3]))])


@returned(BOTH)
def columns_in_another_order(book):
    rewritten(book[WORDING], [row[::-1] for row in values_of(book[WORDING])])


@returned(BOTH, "非表示の行の回答も読みました")
def filtered_rows(book):
    for row in range(2, 6):
        book[WORDING].row_dimensions[row].hidden = True


@returned(BOTH)
def a_renamed_sheet(book):
    book[WORDING].title = "回答（企画政策課）"


@returned(BOTH)
def rows_above_the_headings(book):
    book[WORDING].insert_rows(1, 3)
    book[WORDING]["A1"] = "企画政策課回答"


@returned(BOTH)
def blank_rows_between(book):
    book[WORDING].insert_rows(3)
    book[WORDING].insert_rows(5)


@returned(NAMED)
def a_deleted_row(book):
    book[WORDING].delete_rows(row_of(book[WORDING], "kpi-1#target#"))


@returned("")
def a_deleted_sheet(book):
    del book[WORDING]


@returned("", "ID の列がないので")
def a_deleted_column_of_ids(book):
    book[WORDING].delete_cols(column(book[WORDING], "ID"))


@returned("")
def a_deleted_column_of_answers(book):
    book[WORDING].delete_cols(column(book[WORDING], "修正案"))


@returned(BOTH)
def deleted_columns_that_were_only_shown(book):
    for title in ("現行", "項目", "内容"):
        book[WORDING].delete_cols(column(book[WORDING], title))


@returned(BOTH)
def the_wording_that_was_asked_is_gone(book):
    sheet = book[WORDING]
    for row in range(2, 10):
        sheet.cell(row, column(sheet, "現行")).value = "（消した）"


@returned(BOTH, "足された列")
def an_added_column(book):
    book[WORDING]["J1"], book[WORDING]["J3"] = "課長の意見", "よい"


ADDED = "\n+              - id: kpi-7\n+                name: 新しい協定の数\n+                change: {flags: [added]}"


@returned(BOTH + ADDED)
def an_added_row(book):
    sheet = book[WORDING]
    row = row_of(sheet, "kpi-2#target#") + 1
    sheet.cell(row, column(sheet, "修正案")).value = "新しい協定の数"


@returned(AIMED.replace("2500", "2500, about: true") + f"\n{NAMED}")
def an_about_in_full_width(book):
    put(book, "kpi-1#target#", "約２，５００人")


@returned(NAMED, "Excelが数字を日付に変えたようです")
def a_date_that_excel_made(book):
    put(book, "kpi-1#target#", dt.date(2026, 4, 1))


@returned(NAMED, "値として読めません")
def a_value_that_nobody_can_read(book):
    put(book, "kpi-1#target#", "2,500くらい？×2")


@returned(NAMED, "値として読めません")
def a_value_in_another_unit(book):
    put(book, "kpi-1#target#", "2,500件")


@returned(NAMED, "計算した値が保存されていません")
def a_formula_without_its_value(book):
    put(book, "kpi-1#target#", "=1250*2")


@returned(BOTH.replace("協定を結んだ数", "協定を結んだ数") + "\n+                change: {reason: 市長の指示}")
def a_note_in_the_cell(book):
    sheet = book[WORDING]
    sheet.cell(row_of(sheet, "kpi-2#name#"), column(sheet, "修正案")).comment = Comment("市長の指示", "係長")


@returned(NAMED, "コメントだけで、修正案がありません")
def a_note_without_an_answer(book):
    sheet = book[WORDING]
    cell = sheet.cell(row_of(sheet, "kpi-1#target#"), column(sheet, "修正案"))
    cell.value, cell.comment = None, Comment("2,500にしたい", "係長")


@returned(BOTH, "結合されています")
def merged_answers(book):
    sheet = book[WORDING]
    row, at = row_of(sheet, "kpi-2#name#"), get_column_letter(column(sheet, "修正案"))
    sheet.merge_cells(f"{at}{row}:{at}{row + 1}")


@returned(BOTH)
def a_copied_row(book):
    sheet = book[WORDING]
    row = row_of(sheet, "kpi-2#name#")
    for at in range(1, 9):
        sheet.cell(30, at).value = sheet.cell(row, at).value


@returned(NAMED, "同じ行の回答が二つあります")
def a_copied_row_with_another_answer(book):
    sheet = book[WORDING]
    row = row_of(sheet, "kpi-1#target#")
    for at in range(1, 9):
        sheet.cell(30, at).value = sheet.cell(row, at).value
    sheet.cell(30, column(sheet, "修正案")).value = "9,999"


@returned(BOTH, "「該当なし」と修正案の両方があります")
def a_tick_beside_an_answer(book):
    sheet = book[WORDING]
    sheet.cell(row_of(sheet, "kpi-2#name#"), column(sheet, "該当なし")).value = "○"


@returned(BOTH)
def a_sheet_pasted_into_another_workbook(book):
    for name in ("_strategy", "はじめに", RESULTS, NEW):
        del book[name]


@returned(BOTH, "照会にない表です")
def another_table_in_the_workbook(book):
    book.create_sheet("参考")["A1"] = "昨年度の会議録"


@returned("", "いまの版にない項目への回答です")
def ids_that_nobody_knows(book):
    sheet = book[WORDING]
    at = column(sheet, "ID")
    for row in range(2, 10):
        sheet.cell(row, at).value = str(sheet.cell(row, at).value).replace("kpi-", "gone-")


@returned("", "別の計画の照会です")
def a_workbook_of_another_plan(book):
    book["_strategy"]["B2"] = "shihyo"


@returned(NAMED)
def an_answer_that_says_what_stands_there(book):
    put(book, "kpi-1#target#", "2,000人（令和11年度）")


@returned(NAMED)
def an_answer_of_blanks(book):
    put(book, "kpi-1#target#", " 　\n ")


@returned(f"{BOTH}\n+                actuals: [{{year: 2025, value: 1300, state: preliminary}}]")
def a_result_that_is_preliminary(book):
    sheet = book[RESULTS]
    sheet.cell(row_of(sheet, "kpi-1#actual#"), column(sheet, "実績値")).value = "1,300（速報値）"


@returned(BOTH, "実績値がないので")
def a_remark_without_a_result(book):
    sheet = book[RESULTS]
    sheet.cell(row_of(sheet, "kpi-1#actual#"), column(sheet, "課題")).value = "集計中"


@returned(BOTH, "入れるところが、一覧から選ばれていません")
def a_new_item_that_goes_nowhere(book):
    book[NEW]["A2"], book[NEW]["C2"] = "どこか", "新しい取組"


@returned(BOTH, "中に具体的な施策は入れられません")
def a_new_item_in_a_place_too_low(book):
    sheet = book["_strategy"]
    book[NEW]["A2"], book[NEW]["B2"], book[NEW]["C2"] = sheet["D3"].value, "具体的な施策", "新しい施策"


@returned("", "行がずれているようです")
def rows_sorted_without_their_ids(book):
    sheet = book[WORDING]
    at = column(sheet, "ID")
    first, second = (row_of(sheet, mark) for mark in ("kpi-1#target#", "kpi-2#name#"))
    one, other = sheet.cell(first, at).value, sheet.cell(second, at).value
    sheet.cell(first, at).value, sheet.cell(second, at).value = other, one


@returned(NAMED, "行がずれているようです")
def answers_moved_to_a_row_of_the_same_wording(book):
    sheet = book[WORDING]
    at = column(sheet, "ID")
    sheet.cell(row_of(sheet, "kpi-1#target#"), at).value = sheet.cell(row_of(sheet, "kpi-2#target#"), at).value
    sheet.cell(row_of(sheet, "kpi-2#target#"), column(sheet, "現行")).value = None


@pytest.mark.parametrize("words", ["変更なし", "現行のとおり", "特になし。", "－", "修正は不要", "ＯＫ"])
def test_words_for_no_change_change_nothing(words):
    assert NOTHING.fullmatch(unicodedata.normalize("NFKC", words).lower().strip("。 "))


@returned(NAMED)
def an_answer_that_there_is_nothing_to_change(book):
    put(book, "kpi-1#target#", "変更なし")
    put(book, "kpi-1#name#", "現行のとおりで結構です")
    put(book, "kpi-1#unit#", "－")


@returned(NAMED, "やめる案です")
def an_answer_that_the_item_goes(book):
    put(book, "kpi-1#target#", "（削除）")
    put(book, "kpi-1#name#", "廃止")


@returned(NAMED, "取り消し線の引かれた言葉は除いて読みました")
def an_answer_with_struck_words(book):
    runs = [TextBlock(InlineFont(strike=True), "連携協定の数"), TextBlock(InlineFont(), "協定を結んだ数")]
    put(book, "kpi-2#name#", CellRichText(*runs))
    book[WORDING].cell(row_of(book[WORDING], "kpi-1#target#"), column(book[WORDING], "修正案")).font = Font(strike=True)


@returned(NAMED, "式のエラーです")
def an_answer_that_is_an_error(book):
    put(book, "kpi-1#target#", "#REF!")


@returned(NAMED, "現行の欄が書き換えられています")
def an_answer_in_the_column_of_what_is_asked(book):
    sheet = book[WORDING]
    put(book, "kpi-1#target#", None)
    sheet.cell(row_of(sheet, "kpi-1#target#"), column(sheet, "現行")).value = "2,500人"


@returned(f"{BOTH}\n+                actuals: [{{year: 2025, value: 1300, comment: 評価：A。課題：人手が足りない}}]")
def an_assessment_and_an_issue(book):
    result(book, 実績値=1300, 評価="A", 課題="人手が足りない")


@returned(BOTH, "単位が「人」から「千人」に書き換えられています")
def a_unit_that_was_changed(book):
    result(book, 実績値=1.3, 単位="千人")


@returned(BOTH, "年度が 2025 から R6 に書き換えられています")
def a_year_that_was_changed(book):
    result(book, 実績値=1300, 年度="R6")


def result(book, **words):
    sheet = book[RESULTS]
    for title, word in words.items():
        sheet.cell(row_of(sheet, "kpi-1#actual#"), column(sheet, title)).value = word


def put(book, mark, value):
    sheet = book[WORDING]
    sheet.cell(row_of(sheet, mark), column(sheet, "修正案")).value = value


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("name", RETURNED)
def test_a_workbook_that_comes_back_says_what_it_says_and_deletes_nothing(name, capsys):
    edit, changes, said = RETURNED[name]
    fill("企画政策課", WORDING, "kpi-1#target#", 修正案="2,500人")
    fill("企画政策課", WORDING, "kpi-2#name#", 修正案="協定を結んだ数")
    book = openpyxl.load_workbook(BOOK)
    edit(book)
    book.save(BOOK)
    _, out, err = run(capsys, "--apply", "--diff")
    got = [line for line in out.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert sorted(got) == sorted(changes.splitlines())
    _, table, _ = run(capsys, "-f", "markdown")
    assert run(capsys, "-f", "json")[0] in (0, 1)
    assert said in table + err


@pytest.mark.usefixtures("office")
def test_sheets_that_were_saved_as_one_csv(capsys):
    fill("企画政策課", WORDING, "kpi-2#name#", 修正案="協定を結んだ数")
    fill("企画政策課", RESULTS, "kpi-1#actual#", 実績値=1300)
    book = openpyxl.load_workbook(BOOK)
    rows = [*values_of(book[WORDING]), [], *values_of(book[RESULTS])]
    BOOK.unlink()
    BOOK.with_suffix(".csv").write_bytes(workbooks.text(rows, "cp932"))
    _, out, err = run(capsys, "--apply", "--diff")
    got = [line for line in out.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert sorted(got) == sorted([*NAMED.splitlines(), "+                actuals: [{year: 2025, value: 1300}]"])
    assert "企画政策課" not in err


@pytest.mark.usefixtures("office")
def test_two_answers_of_one_section_that_differ_are_a_conflict(capsys):
    fill("企画政策課", WORDING, "kpi-1#target#", 修正案="2,500人")
    BOOK.with_name("照会_企画政策課 (2).xlsx").write_bytes(BOOK.read_bytes())
    assert run(capsys, "--apply", "--diff")[0] == 0
    fill("企画政策課", WORDING, "kpi-1#target#", 修正案="2,600人")
    code, out, err = run(capsys, "--apply", "--diff")
    assert (code, out) == (1, "")
    assert (
        "企画政策課「2,600人」、企画政策課「2,500人」" in err or "企画政策課「2,500人」、企画政策課「2,600人」" in err
    )


@pytest.mark.usefixtures("office")
def test_a_workbook_that_was_saved_by_libreoffice(capsys):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice がありません")
    fill("企画政策課", WORDING, "kpi-1#target#", 修正案="2,500人")
    fill("企画政策課", WORDING, "kpi-2#name#", 修正案="協定を結んだ数")
    command = [
        soffice,
        "--headless",
        f"-env:UserInstallation=file://{Path.cwd()}/profile",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run([*command, "--outdir", "saved", str(BOOK)], check=True, capture_output=True)
    BOOK.write_bytes(Path("saved", BOOK.name).read_bytes())
    _, out, _ = run(capsys, "--apply", "--diff")
    got = [line for line in out.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert sorted(got) == sorted(BOTH.splitlines())


# ---------------------------------------------------------------------------------------- files that are no workbooks

HOSTILE = {}


def hostile(said):
    def register(made):
        HOSTILE[made.__name__] = made, said
        return made

    return register


def parts(changes):
    """Return a plain workbook with parts changed, added, or (None) left out."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet("KPI")
        for at, row in enumerate([workbooks.HEADINGS, *workbooks.plain()]):
            sheet.write_row(at, 0, row)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = dict(changes)
        for name in old.namelist():
            part = names.pop(name, old.read(name))
            if callable(part):
                part = part(old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in names.items():
            new.writestr(name, part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@hostile("パスワードで保護されています")
def a_password():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@hostile("古い形式（.xls、.doc）です")
def an_old_workbook():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


@hostile("PDFです")
def a_pdf():
    return b"%PDF-1.7\n..."


@hostile("何も書かれていません")
def an_empty_file():
    return b""


@hostile("壊れているか、途中で切れています")
def a_file_that_is_cut():
    return workbooks.a_plain_table()[1][:3000]


@hostile("壊れているか、途中で切れています")
def a_part_that_is_broken():
    data = bytearray(workbooks.a_plain_table()[1])
    at = data.find(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 40] = b"\xff" * 40
    return bytes(data)


@hostile("壊れているか、途中で切れています")
def xml_that_does_not_end():
    return parts({SHEET: b"<worksheet><sheetData><row>"})


@hostile("定義の付いたXML")
def an_xml_bomb():
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    return parts({SHEET: bomb})


@hostile("定義の付いたXML")
def an_external_entity():
    return parts({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'})


@hostile("広げると大きすぎます")
def a_zip_bomb():
    return parts({"xl/sharedStrings.xml": b"<sst><si><t>" + b"a" * (80 << 20) + b"</t></si></sst>"})


@hostile("広げると大きすぎます")
def two_hundred_megabytes_of_empty_cells():
    cells = b'<row r="1">' + b'<c r="A1" s="1"/>' * 1000 + b"</row>"
    return parts(
        {SHEET: b"<worksheet><sheetData>" + cells * (200 * (1 << 20) // len(cells)) + b"</sheetData></worksheet>"}
    )


@hostile("セルが多すぎます")
def too_many_cells():
    cells = b"".join(b"<c><v>%d</v></c>" % at for at in range(1000))
    rows = (b"<row>" + cells + b"</row>") * 250
    return parts({SHEET: b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"})


@hostile("セルが多すぎます")
def a_merged_span_over_the_whole_sheet():
    span = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    return parts({SHEET: lambda part: part.replace(b"</worksheet>", span)})


@hostile("セルが多すぎます")
def a_long_string_in_many_cells():
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 1000 + b"</row>"
    return parts(
        {
            "xl/sharedStrings.xml": b"<sst><si><t>" + "あ".encode() * 30_000 + b"</t></si></sst>",
            SHEET: b"<worksheet><sheetData>" + row * 10 + b"</sheetData></worksheet>",
        }
    )


@hostile("部品が多すぎます")
def a_thousand_parts():
    return parts({f"x/part{at}": b"" for at in range(2500)})


@hostile("ExcelでもWordでもないファイルです")
def a_zip_of_something_else():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    return out.getvalue()


@hostile(".xlsbです")
def a_binary_workbook():
    return parts({"xl/workbook.xml": None, "xl/workbook.bin": b"x"})


@hostile("OpenDocument")
def an_opendocument():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


@hostile("文字のファイルとして読めません")
def bytes_of_nothing():
    return bytes(range(256)) * 40


@hostile("どのシートにも何も書かれていません")
def a_workbook_without_cells():
    return workbooks.xlsx(("空", []))


@hostile("どのシートにも何も書かれていません")
def a_workbook_whose_sheet_is_missing():
    return parts({SHEET: None})


@hostile("パスワードで保護されています")
def an_encrypted_archive():
    data = bytearray(workbooks.a_plain_table()[1])
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(mark, start)) >= 0:
            data[start + at] |= 1
            start += 4
    return bytes(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_workbook_gets_a_clear_line(name):
    made, said = HOSTILE[name]
    with pytest.raises(GridError) as raised:
        read(made(), "k.xlsx")
    assert said in str(raised.value)
    assert str(raised.value).endswith("。")


def with_relation(kind, target):
    words = b'<Relationship Id="x9" Type="http://x/' + kind + b'" Target="' + target + b'"/></Relationships>'
    return lambda part: part.replace(b"</Relationships>", words)


def with_cells(*changes):
    def changed(part):
        for old, new in changes:
            assert old in part
            part = part.replace(old, new)
        return part

    return {SHEET: changed}


ELSEWHERE = (
    b'<Relationships><Relationship Id="1" Type="x/comments" Target="http://example.invalid/c" TargetMode="External"/>'
    b'<Relationship Id="2" Type="x/comments" Target="../../../../etc/passwd"/></Relationships>'
)
MACRO = {"xl/vbaProject.bin": b"x", "xl/_rels/workbook.xml.rels": with_relation(b"vbaProject", b"vbaProject.bin")}
ODD = {
    "a_macro": (MACRO, "マクロは実行せず"),
    "an_external_link": ({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}, "リンクはたどらず"),
    "a_string_that_is_missing": (with_cells((b"<v>3</v>", b"<v>999999</v>")), ""),
    "a_style_that_is_missing": ({"xl/styles.xml": None}, ""),
    "numbers_that_are_none": (with_cells((b"<v>1200</v>", b"<v>NaN</v>"), (b"<v>200</v>", b"<v>1e999</v>")), ""),
    "addresses_beyond_the_sheet": (with_cells((b'r="A2"', b'r="ZZZ9999999"')), ""),
    "relations_to_elsewhere": ({"xl/worksheets/_rels/sheet1.xml.rels": ELSEWHERE}, ""),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_workbook_is_read_for_its_cells_alone(name):
    changes, said = ODD[name]
    grids = read(parts(changes), "k.xlsm")
    assert any(cell.text == "都市間の連携" for cell in grids[0].cells.values())
    assert said in "".join(grids[0].remarks)


def test_there_are_enough_ways_to_break_a_workbook():
    assert len(RETURNED) + len(HOSTILE) + len(ODD) >= 60


PEAK = """import sys
from atsugi_cli.cli.app import main
code = main(sys.argv[1:])
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
sys.exit(code)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nothing tells how much memory was taken")
def test_a_bomb_takes_little_memory(tmp_path):
    for name in ("two_hundred_megabytes_of_empty_cells", "a_zip_bomb", "too_many_cells"):
        (tmp_path / f"{name}.xlsx").write_bytes(HOSTILE[name][0]())
    command = [sys.executable, "-c", PEAK, "answers", str(tmp_path), "--edition", "atsugi-2", "-f", "json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("大きすぎます") == 2
    assert int(done.stdout.split()[-1]) < 200_000


INSIDE = ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
WORDS = [
    b"", b"<", b"</c>", b"<v>9e15</v>", b"<v>-1e-15</v>", b"<v>45383.5</v>", b"<v>1200</v>", b"<v>0</v>", b'r="A1"',
    b't="s"', b't="b"', b't="d"', b't="e"', b's="99999999999"', b's="1"', b'r="1"', b'r="-5"', b'r="99999999"', b"&#0;",
    b"&amp;", b"\xff\xfe", b'numFmtId="0"', b'numFmtId="58"',
    b'<numFmts><numFmt numFmtId="0" formatCode="#,##0.0000000000000000000000,,,,"/></numFmts>',
    b"<f>1/0</f>", b"<is><t>x</t></is>",
]  # fmt: skip


def damage(part, at, old, words):
    cut = int(at * len(part))
    return part.replace(old, words) if old and old in part else part[:cut] + words + part[cut:]


@given(st.data())
@settings(max_examples=150)
def test_no_damage_gives_anything_but_a_clear_line(data):
    """Damage the parts of a workbook, then pack them: what is inside may say anything."""
    damaged = {}
    for name in data.draw(st.lists(st.sampled_from(INSIDE), min_size=1, max_size=2, unique=True)):
        at, words = data.draw(st.floats(0, 1)), data.draw(st.sampled_from(WORDS))
        old = data.draw(st.sampled_from(WORDS))
        damaged[name] = partial(damage, at=at, old=old, words=words)
    try:
        grids = read(parts(damaged), "k.xlsx")
    except GridError as error:
        assert str(error).endswith("。")  # noqa: PT017
        return
    imported(grids, About(), DEFAULT_PROFILE, {})
