"""意見対応表 and 正誤表: every opinion once, nothing private, and only what this step changed."""

from io import BytesIO
from pathlib import Path
from shutil import copytree

import pytest
from docx import Document as Word
from office import assert_valid
from openpyxl import load_workbook

from atsugi_cli.cli.app import main

CASE = Path(__file__).parent / "opinions"
PRIVATE = ("試験花子", "一丁目", "電話で確認")


def made(command, path, *more):
    assert main([command, str(CASE), "--root", str(CASE), "-o", str(path), *more]) == 0
    return path.read_bytes()


def table(data):
    return [[cell.text for cell in row.cells] for row in Word(BytesIO(data)).tables[0].rows]


def test_every_opinion_stands_once_with_what_was_changed_for_it(tmp_path):
    data = made("opinions", tmp_path / "a.docx")
    assert_valid(data, tmp_path / "check.docx")
    head, *rows = table(data)
    assert "意見4件（反映2件、既記載1件、対象外1件）" in [p.text for p in Word(BytesIO(data)).paragraphs]
    assert head == ["番号", "提出者", "意見の内容", "市の考え方", "対応", "反映した箇所"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0] == [
        "1",
        "市民\n令和8(2026)年8月1日",
        "（基本目標1-1について）\n家庭への支援であることを示してほしい。",
        "御意見を踏まえ、改めました。",
        "反映",
        "基本目標1-1（表記変更）",
    ]
    assert rows[1][2] == "目標を高くしてほしい。\n二行目。"
    assert rows[1][5] == "基本目標1-1-②（目標値変更）"
    assert rows[3][4:] == ["対象外", ""]


def test_the_answers_are_counted_by_result(tmp_path):
    page = made("opinions", tmp_path / "a.md").decode()
    assert "反映 2" in page
    assert "既記載 1" in page
    assert "対象外 1" in page
    assert "参考" not in page
    numbers = [row[0].value for row in load_workbook(BytesIO(made("opinions", tmp_path / "a.xlsx"))).worksheets[0]]
    assert numbers == ["番号", 1, 2, 3, 4]


@pytest.mark.parametrize("suffix", ["md", "html", "txt", "csv", "docx", "xlsx"])
def test_nothing_private_is_printed(suffix, tmp_path):
    data = made("opinions", tmp_path / f"a.{suffix}")
    if suffix == "docx":
        text = "".join(cell for row in table(data) for cell in row)
    elif suffix == "xlsx":
        text = str([cell.value for sheet in load_workbook(BytesIO(data)) for row in sheet for cell in row])
    else:
        text = data.decode("utf-8-sig")
    assert "家庭への支援" in text
    assert [word for word in PRIVATE if word in text] == []


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ("changes: [child]", "changes: [chld]", "エラー[opinion-change]: 「chld」は、この改定で変わった"),
        ("    changes: [child]\n", "", "エラー[opinion-change]: 「反映」とした意見に、反映した変更が書かれていません"),
        ("changes: [child]", "changes: [life]", "エラー[opinion-change]: 「life」は、この改定で変わった"),
        ("result: 既記載", "result: 採用", "エラー[bad-value]"),
        ("no: 3, ", "", "エラー[missing-key]"),
        ("when: 2026-08-01", "when: 8月1日", "エラー[bad-format]"),
        ("opinions:", "iken:", "エラー["),
    ],
)
def test_what_is_wrong_is_told_with_its_place(was, wrong, said, tmp_path, capsys):
    copytree(CASE, tmp_path / "p")
    path = tmp_path / "p" / "opinions.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, wrong, 1), encoding="utf-8")
    run = [str(tmp_path / "p"), "--root", str(tmp_path / "p")]
    assert main(["opinions", *run, "-o", str(tmp_path / "a.docx")]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "opinions.yaml:" in err
    assert not (tmp_path / "a.docx").exists()
    assert main(["validate", str(tmp_path / "p")]) == 1
    assert said in capsys.readouterr().out


def test_the_shipped_folder_and_this_one_are_right(capsys):
    assert main(["validate", str(CASE)]) == 0
    capsys.readouterr()


# --- errata -----------------------------------------------------------------------------------------------------------


def test_the_errata_say_page_place_wrong_and_right_and_nothing_else(tmp_path):
    data = made("errata", tmp_path / "a.docx", "--number", "資料5")
    assert_valid(data, tmp_path / "check.docx")
    assert table(data) == [
        ["頁", "箇所", "誤", "正"],
        ["5", "基本目標1-1-①", "①　居場所ずくり", "①　居場所づくり"],
    ]
    marked = [
        run.text
        for row in Word(BytesIO(data)).tables[0].rows
        for cell in row.cells
        for p in cell.paragraphs
        for run in p.runs
        if run.underline
    ]
    assert marked == ["ずくり", "づくり"]


def test_a_step_without_corrections_says_so(tmp_path, capsys):
    root = Path(__file__).parent.parent / "strategies"
    assert main(["errata", "atsugi-2", "--root", str(root)]) == 0
    assert "訂正はありません。" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
