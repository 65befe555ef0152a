import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from editions import TESTS, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import assert_valid, merged, on_another_day
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from papers import ADDED, COMPARISON, KPIS, REVISION, STAMP, cell, line, sides

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.document import Cell, Column, Document, Line, Paragraph, Row, Run, Table
from atsugi_cli.formats import xlsx
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.sheets import number, sheets
from atsugi_cli.layout import kpis
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.points import points
from atsugi_cli.layout.tree import tree
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.width import safe, width_of

ATSUGI = Path(__file__).parent.parent / "strategies" / "atsugi-2"
HIGHEST = 409.5  # points of a row, by Excel's specification


@pytest.fixture(scope="module")
def atsugi():
    return compare(read(ATSUGI / "2020-03.yaml"), read(ATSUGI / "2023-10.yaml"))


def paper(*blocks, **more):
    return Document("paper", "題", blocks, STAMP, **more)


def opened(data):
    return openpyxl.load_workbook(BytesIO(data), rich_text=True)


def printed(document, **options):
    return opened(xlsx.write(document, Options(**options)))


def looks(found):
    """Read a cell as pieces of (text, underlined)."""
    value = found.value
    if isinstance(value, CellRichText):
        return merged(
            (part.text, bool(part.font and part.font.u)) if isinstance(part, TextBlock) else (part, False)
            for part in value
        )
    return merged([(value or "", bool(found.font.u))])


def values(sheet):
    return [[found.value for found in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("underline", ["both", "new"])
def test_a_comparison_read_again_has_the_same_words_underlined(underline):
    book = printed(REVISION, underline=underline)
    records = sheets(REVISION)[0].records
    rows = list(book["新旧対照表"].iter_rows(min_row=2))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        for at in (3, 4):
            expected = [
                (run.text, run.mark == "new" or (run.mark == "old" and underline == "both"))
                for run in record.data[at].runs
            ]
            assert looks(row[at]) == merged(expected)


def test_no_words_of_a_comparison_are_lost(atsugi):
    for document in (REVISION, comparison(atsugi, DEFAULT_PROFILE, whole=True)):
        table = next(block for block in document.blocks if isinstance(block, Table))
        rows = list(printed(document)["新旧対照表"].iter_rows(min_row=2, values_only=True))
        for side, at in ((0, 3), (1, 4)):
            text = "".join(str(row[at] or "") for row in rows)
            wanted = [
                run.text
                for row in table.rows
                if row.role != "part"
                for line in row.cells[side].lines
                if line.kind != "heading"
                for run in line.runs
            ]
            place = 0
            for each in wanted:
                place = text.index(each, place)


def test_the_real_revision_is_laid_out_flat(atsugi):
    sheet = printed(comparison(atsugi, DEFAULT_PROFILE))["新旧対照表"]
    rows = values(sheet)
    assert rows[0] == ["区分", "階層", "番号", "現行", "改定後", "変更の種類", "補足", "理由", "ID"]
    found = next(row for row in rows if row[8] == "inflow/relations/city-links")
    assert found[:3] == ["基本目標1", "主な取組", 1]
    assert found[5] == "名称変更・KPI追加"
    assert all(row[0] for row in rows)  # nothing is left to the row above
    assert ["基本目標2", "基本目標", 2, "（略）", "（略）"] in [row[:5] for row in rows]
    assert "1～3" in [row[2] for row in rows]


def printed_points(sheet):
    """Reckon how large the letters of a sheet are printed, by the wider of the fonts that Excel may take."""
    widths = {at: each.width for each in sheet.column_dimensions.values() for at in range(each.min, each.max + 1)}
    hidden = {at for each in sheet.column_dimensions.values() if each.hidden for at in range(each.min, each.max + 1)}
    last = (
        sheet[sheet.print_area.rpartition("!")[2].replace("$", "")][0][-1].column if sheet.print_area else max(widths)
    )
    columns = [widths.get(at, 9.14) for at in range(1, last + 1) if at not in hidden]
    width = sum(((each - 0.71) * 8 + 5) * 72 / 96 for each in columns)
    margins = sheet.page_margins
    paper = {9: 297, 8: 420}[int(sheet.page_setup.paperSize)] / 25.4
    room = (paper - margins.left - margins.right) * 72
    fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    scale = min(1, room / width) if fits else (sheet.page_setup.scale or 100) / 100
    return scale * min(cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize(
    ("folder", "command"),
    [
        ("strategies", ("diff", "atsugi-2")),
        ("strategies", ("diff", "atsugi-2", "--columns", "頁,項目,現行,改定後,区分,理由,担当")),
        ("strategies", ("points", "atsugi-2")),
        ("strategies", ("kpis", "atsugi-2/2020-03", "atsugi-2/2023-10")),
        ("strategies", ("errata", "atsugi-2")),
        ("strategies", ("briefing", "atsugi-2")),
        ("strategies", ("crosswalk", "atsugi-1/2020-04", "atsugi-2/2020-03")),
        ("strategies", ("opinions", str(TESTS / "opinions"), "--root", str(TESTS / "opinions"))),
        ("tests/cities/reiji/strategies", ("diff", "reiji-3")),
        ("tests/cities/reiji/strategies", ("kpis", "2022-03", "2024-12")),
        ("tests/cities/shihyo/strategies", ("kpis",)),
        ("tests/cities/shihyo/strategies", ("kpis", "--results")),
        ("tests/cities/shihyo/strategies", ("ask", "shihyo", "--year", "2025")),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_nothing_is_printed_smaller_than_nine_points(folder, command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    out = "." if command[0] == "ask" else "out.xlsx"
    code = main([*command, *(() if "--root" in command else ("--root", str(TESTS.parent / folder))), "-o", out])
    assert (code, [*tmp_path.rglob("*.xlsx")] != []) == (0, True), capsys.readouterr().err
    for path in tmp_path.rglob("*.xlsx"):
        book = load_workbook(BytesIO(path.read_bytes()))
        sheets = [sheet for sheet in book if sheet.sheet_state == "visible"]
        assert {sheet.title: points for sheet in sheets if (points := printed_points(sheet)) < 9} == {}
        for sheet in sheets:
            sizes = re.findall(r"&(\d+)", f"{sheet.oddHeader}{sheet.oddFooter}")
            assert all(int(size) >= 9 for size in sizes)


def test_sheets_can_be_read_by_programs(atsugi):
    documents = [comparison(atsugi, DEFAULT_PROFILE), kpis.compared(atsugi, DEFAULT_PROFILE)]
    book = opened(xlsx.write(replace(documents[0], annex=tuple(documents[1:])), Options()))
    assert book.sheetnames == ["新旧対照表", "KPI一覧", "凡例"]
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert all(found.value for found in sheet[1])
    assert book["新旧対照表"].print_area.endswith("$H$" + str(book["新旧対照表"].max_row))
    assert "厚木市" in book["新旧対照表"].oddHeader.center.text


def test_numbers_are_numbers_with_just_their_decimals():
    row = Row(
        "plain", (Cell((Line((Run("1,308"),)),), 1308), Cell((Line((Run("60.5"),)),), 60.5), cell("全国平均"), Cell())
    )
    table = Table("kpis", tuple(Column(str(at), align="right") for at in range(4)), (row,))
    found = printed(paper(table))["KPI一覧"][2]
    assert [each.value for each in found] == [1308, 60.5, "全国平均", None]
    assert [each.number_format for each in found[:2]] == ["#,##0", "#,##0.0"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("①", 1),
        ("㊿", 50),
        ("(3)", 3),
        ("12", 12),
        ("①～③", "1～3"),
        ("①及び②", "1及び2"),
        ("ア", "ア"),
        ("ひと", "ひと"),
    ],
)
def test_printed_numbers_become_numbers(given, wanted):
    datum = number(given)
    assert (datum.value if datum.value is not None else datum.text) == wanted


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://e.jp", "{=A1}", "0012", "TRUE", "_x000D_"]
)
def test_words_stay_words(text):
    book = printed(paper(Table("kpis", (Column("一"),), (Row("plain", (Cell((Line((Run(text),)),)),)),))))
    found = book["KPI一覧"]["A2"]
    assert (found.data_type, str(found.value).replace("_x005F_", "_")) == ("s", safe(text))
    assert found.hyperlink is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None, exclude_characters="_"), max_size=30))
def test_any_text_gets_through(text):
    shown = safe(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    row = sides("initiative", [line(text)], [Line((Run("前"), Run(text, "new"), Run("後")))], note="注")
    row = replace(row, cells=(Cell((Line((Run(text),)),)), *row.cells[1:]))
    table = replace(COMPARISON, rows=(row,))
    book = printed(Document("comparison", text, (table,), replace(STAMP, owner=text), legend=text))
    found = book["新旧対照表"][2]
    assert str(found[3].value or "") == shown
    assert str(found[4].value) == f"前{shown}後"


def test_long_prose_goes_on_in_rows_that_excel_can_show():
    sentences = [f"{at}番目の取組を市民、事業者、議会及び行政が一体となって推進します。" for at in range(60)]
    old, new = "".join(sentences), "".join(sentences[::-1]) + "切" * 3000
    table = replace(
        COMPARISON,
        rows=(sides("text", [line(old, kind="body")], [Line((Run(new, "new"),), kind="body")], ADDED, note="注"),),
    )
    sheet = printed(paper(table))["新旧対照表"]
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) > 2
    assert "".join(row[3].value or "" for row in rows) == old
    assert "".join(row[4].value or "" for row in rows) == new
    assert {row[1].value for row in rows} == {"本文"}
    assert [row[5].value for row in rows] == ["新規"] + [None] * (len(rows) - 1)
    assert all(row[3].value.endswith("。") for row in rows if row[3].value)


def test_every_row_is_as_high_as_its_text(atsugi):
    long = sides("text", [line("長い文章です。" * 300, kind="body")], [line("短い。", kind="body")])
    documents = [
        comparison(atsugi, DEFAULT_PROFILE, whole=True),
        points(atsugi, DEFAULT_PROFILE),
        tree(atsugi.new, DEFAULT_PROFILE, atsugi, indicators=True),
        paper(KPIS, replace(COMPARISON, rows=(long,))),
    ]
    for sheet in opened(xlsx.write(replace(documents[0], annex=tuple(documents[1:])), Options())):
        widths = {at: each.width for each in sheet.column_dimensions.values() for at in range(each.min, each.max + 1)}
        for row in sheet.iter_rows():
            height = sheet.row_dimensions[row[0].row].height
            assert height <= HIGHEST
            for found in row:
                if isinstance(found.value, (int, float)) or sheet.cell(1, found.column).value == "ID":
                    continue
                width = widths[found.column] - 2 * found.alignment.indent - 1
                lines = sum(max(1, -(-width_of(part, 2) // width)) for part in str(found.value or "").split("\n"))
                assert lines * 16 <= height, found.value


def test_running_text_becomes_rows_under_its_headings(atsugi):
    rows = values(printed(points(atsugi, DEFAULT_PROFILE))["改定のポイント"])
    assert rows[0] == ["見出し", "階層", "内容", "変更の種類"]
    assert "2　重要な視点の見直し" in {row[0] for row in rows}
    depths = [row[1] for row in values(printed(tree(atsugi.new, DEFAULT_PROFILE))["施策体系図"])[1:]]
    assert set(depths) == {1, 2, 3}


def test_the_legend_tells_what_the_papers_were_made_from():
    remarked = replace(REVISION, blocks=(COMPARISON, Paragraph((Run("推定です。"),), bullet="※", flags=(ADDED,))))
    rows = values(printed(remarked)["凡例"])
    assert ["照合番号", STAMP.fingerprint, None] in rows
    assert ["件数（項目）", "新規", 4] in rows
    assert ["付記", "推定です。（新規）", None] in rows


def test_a_comparison_without_remarks_and_with_the_new_side_first():
    turned = replace(
        COMPARISON,
        columns=(replace(COMPARISON.columns[1], code="new"), replace(COMPARISON.columns[0], code="old")),
        rows=tuple(replace(row, cells=(row.cells[1], row.cells[0])) for row in COMPARISON.rows),
    )
    rows = values(printed(paper(turned))["新旧対照表"])
    assert rows[0][3:6] == ["改定後", "現行", "変更の種類"]
    assert str(rows[-1][3]).count("連携して総合的に") == 1


def test_headers_hold_any_title():
    title = "A&B" * 200 + "\n&D&[Date]"
    book = printed(replace(REVISION, title=title, stamp=replace(STAMP, owner="課&" * 200, plan=title)))
    for sheet in book.worksheets[:-1]:
        assert len(str(sheet.oddHeader.center.text)) > 100
        assert "&D" not in str(sheet.oddHeader.center.text).replace("&&", "")


def test_number_and_facts_stand_at_the_right_below_one_another():
    number = replace(STAMP, number="資料8", meeting="第3回推進会議")
    header = printed(replace(REVISION, stamp=number)).worksheets[0].oddHeader
    above, below = str(header.right.text).split("\n")
    assert above.endswith("資料8")
    assert "第3回推進会議" in below
    assert str(header.center.text).count("\n") == 1  # else the facts would stand on the line of the title


def test_a_long_heading_breaks_before_its_bracket(atsugi):
    heads = values(printed(kpis.compared(atsugi, DEFAULT_PROFILE)).worksheets[0])[0]
    assert {"目標年\n（現行）", "目標値\n（改定後）", "単位"} <= set(heads)


def test_sheets_have_names_that_excel_takes():
    table = replace(KPIS, code="x")
    names = printed(paper(*(replace(table, caption="長い[名]:*?/\\" * 9) for _ in range(3)))).sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)


def test_workbooks_are_valid(tmp_path, atsugi):
    documents = [
        comparison(atsugi, DEFAULT_PROFILE, whole=True),
        kpis.compared(atsugi, DEFAULT_PROFILE),
        points(atsugi, DEFAULT_PROFILE),
        tree(atsugi.new, DEFAULT_PROFILE, atsugi),
    ]
    assert_valid(xlsx.write(replace(documents[0], annex=tuple(documents[1:])), Options()), tmp_path / "book.xlsx")
    assert_valid(xlsx.write(REVISION, Options()), tmp_path / "paper.xlsx")
    assert_valid(xlsx.write(paper(), Options()), tmp_path / "empty.xlsx")


def test_the_same_workbook_is_the_same_bytes_on_any_day(monkeypatch):
    first = xlsx.write(REVISION, Options())
    on_another_day(monkeypatch)
    assert xlsx.write(REVISION, Options()) == first
    assert b"2023-10-17" in ZipFile(BytesIO(first)).read("docProps/core.xml")
