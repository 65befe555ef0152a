"""The meeting's own paper: every line of what the city handed out on 2023-10-17 comes out of the shipped data.

`briefing/paper.txt` is a transcript of the city's paper. Its pictures hold no text there: the drawing of the four goals
beside 2-1, that of 施策の方向 (3-2), both 体系図, and the 改定スケジュール.
"""

import re
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from office import assert_valid
from pptx import Presentation

from atsugi_cli.cli.app import main

HERE = Path(__file__).parent
STRATEGIES = HERE.parent / "strategies"
PAPER = (HERE / "briefing" / "paper.txt").read_text(encoding="utf-8")
FLAGS = ("新規", "表記変更", "名称変更・KPI追加", "KPI追加")


def plain(text):
    """Drop how a line is set: blanks, signs of lists, brackets around labels, widths, marks of the transcript."""
    text = re.sub(r"</?[pu]>|\*\*|（略）", lambda found: "略" if "略" in found[0] else "", text)
    text = re.sub(r"[\s　・●\-|【】]", "", unicodedata.normalize("NFKC", text))
    return text.replace("➡", "").replace("~", "～")


def lines():
    """Give the lines of the city's paper, each cell of a table as its own, in the order of the paper."""
    return [line for line in PAPER.splitlines() if plain(line)]


def split():
    """Part the paper: 次第, the deck, and what is printed on the two drawings."""
    every = lines()
    deck = next(at for at, line in enumerate(every) if line.endswith("総合戦略の改定について"))
    drawings = max(at for at, line in enumerate(every) if "改定スケジュール" in line) + 1
    return every[:deck], every[deck:drawings], every[drawings:]


def made(command, path, *more):
    assert main([command, "atsugi-2", "--root", str(STRATEGIES), "-o", str(path), *more]) == 0
    return path.read_bytes()


def texts_of_word(data):
    document = Word(BytesIO(data))
    return "\n".join(
        "".join(each.text or "" for each in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p"))
    )


def slides(data):
    """Give each slide as its texts, row by row where it is a table."""
    found = []
    for slide in Presentation(BytesIO(data)).slides:
        texts, tables = [], []
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            elif shape.has_table:
                tables.append([[cell.text_frame.text for cell in row.cells] for row in shape.table.rows])
        found.append((texts, tables))
    return found


def without_flags(text):
    for flag in sorted(FLAGS, key=len, reverse=True):
        text = re.sub(f"(?<![可化]){flag}", "", text)
    return text


def in_order(wanted, text):
    """Check that all lines stand in a text in their order; give those that do not."""
    at, lost = 0, []
    for line in wanted:
        place = text.find(line, at)
        if place < 0:
            lost.append(line)
        else:
            at = place + len(line)
    return lost


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("briefing") / "会議"
    run = ["pack", "atsugi-2", "--root", str(STRATEGIES), "-o", str(folder), "--meeting", "意見交換会"]
    assert main(run) == 0
    return folder


def test_the_set_is_numbered_as_the_city_did(folder):
    names = {path.name for path in folder.iterdir()}
    wanted = {"00_次第.docx", "資料1_説明資料.pptx", "資料2_体系図_改定前.svg", "資料3_体系図_改定後.svg"}
    assert wanted <= names
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert all(word in index for word in ("資料1　説明資料", "資料2　体系図　改定前", "資料3　体系図　改定後"))


def test_the_agenda_says_all_that_the_city_did(folder):
    agenda, _, _ = split()
    text = plain(texts_of_word((folder / "00_次第.docx").read_bytes()))
    assert in_order([plain(line) for line in agenda], text) == []


def running(wanted):
    """Leave the tables of the paper out: their rows hold a tab, or go on over lines up to an empty one."""
    return [line for line in wanted if "\t" not in line and not line.startswith("<p>")]


@pytest.mark.parametrize("suffix", ["pptx", "docx"])
def test_every_line_of_the_deck_stands_in_the_paper_in_order(folder, suffix):
    data = (folder / f"資料1_説明資料.{suffix}").read_bytes()
    assert_valid(data, folder / f"check.{suffix}")
    if suffix == "docx":
        text = texts_of_word(data)
    else:
        text = "\n".join(
            "\n".join([*texts, *("\n".join(map("\n".join, table)) for table in tables)])
            for texts, tables in slides(data)
        )
    _, deck, _ = split()
    wanted = [without_flags(plain(line)) for line in running(deck)]
    if suffix == "docx":  # a heading that goes on stands once in running text
        wanted = [line for at, line in enumerate(wanted) if line not in wanted[max(0, at - 12) : at] or "章" in line]
    shown = without_flags(plain(text))
    assert in_order([line for line in wanted if line not in TABLES], shown) == []


TABLES = {"2つを統合", "現行改定後"}


def rows_of(data, word):
    """Give the rows of the slides' tables that follow each other under a heading with a word."""
    return [row for texts, tables in slides(data) if word in "".join(texts) for table in tables for row in table[1:]]


def test_the_viewpoints_stand_as_in_the_paper_with_their_kinds(folder):
    data = (folder / "資料1_説明資料.pptx").read_bytes()
    shown = [(plain(row[0]), plain(row[-1])) for row in rows_of(data, "四つの「重要な視点」の見直し")]
    html = re.findall(r"<p>(<u>重要な.*?)</p>\t<p>(.*?)</p>", PAPER)
    assert len(shown) == len(html) == 4
    for (old, new), (was, now) in zip(shown, html, strict=True):
        assert old == plain(was)
        assert ("新規" in now) is ("新規" in new)
        assert plain(now.replace("新規", "")) == re.sub(r"新規|統合", "", new.replace("新規統合", ""))
    words = [text for texts, _ in slides(data) for text in texts]
    assert "2つを統合" in words


def test_the_policies_stand_as_in_the_paper_with_their_kinds(folder):
    rows = rows_of((folder / "資料1_説明資料.pptx").read_bytes(), "新たな施策を位置付け")
    old, new = ("\n".join(row[side] for row in rows) for side in (0, -1))
    wanted = [line.split("\t") for line in PAPER.splitlines() if line.startswith("基本目標") and "\t" in line]
    assert len(wanted) == 3
    for was, now in wanted:
        for side, words in ((old, was), (new, now)):
            pieces = [plain(each) for each in re.split(r"(?= [1-9①-⑳] )", without_flags(words))]
            assert in_order(pieces, without_flags(plain(side))) == []
    kinds = "表記変更|名称変更・KPI追加|新規|KPI追加"
    assert re.findall("【(.*?)】", new) == [kind for _, now in wanted for kind in re.findall(kinds, now)]


def test_the_promotion_stands_as_in_the_paper_underlined_as_there(folder):
    was, now = re.findall("庁内に設置した.*?推進します。", PAPER)
    tables = [
        shape.table
        for slide in Presentation(BytesIO((folder / "資料1_説明資料.pptx").read_bytes())).slides
        for shape in slide.shapes
        if shape.has_table and "庁内に設置" in shape.table.cell(1, 0).text_frame.text
    ]
    (table,) = tables
    old, new = (table.cell(1, side).text_frame for side in (0, 1))
    assert plain(old.text) == plain(was)
    assert plain(new.text).startswith(plain(now))
    marked = "".join(run.text for p in new.paragraphs for run in p.runs if run.font.underline)
    assert marked.strip("、") == re.search("<u>(地方創生.*?)</u>", PAPER)[1]


@pytest.mark.parametrize(("number", "word"), [(2, "改定前"), (3, "改定後")])
def test_the_drawings_bear_the_titles_of_the_paper(folder, number, word):
    text = (folder / f"資料{number}_体系図_{word}.svg").read_text(encoding="utf-8")
    shown = plain(re.sub("<[^>]+>", "", text))
    _, _, drawings = split()
    wanted = [plain(line) for line in drawings]
    assert sorted(set(wanted)) == sorted({plain("第2期まち・ひと・しごと創生総合戦略 施策体系図"), "改定前", "改定後"})
    assert wanted[0] in shown
    assert word in shown


# --- what may be wrong with it ----------------------------------------------------------------------------------------

EDITION = """\
format: 1
plan: {id: p, title: 試験計画, municipality: 試験市, period: {start: 2021, end: 2026}}
edition: {id: 2023-10, label: 改定後, date: 2023-10-17, revises: 2020-03}
sections:
  - {id: hope, title: 展望, body: 明るい。}
goals:
  - {id: g, number: 1, title: くらしの向上}
"""
OLD = """\
format: 1
plan: {id: p, title: 試験計画, municipality: 試験市, period: {start: 2021, end: 2026}}
edition: {id: 2020-03, label: 現行, stage: adopted, date: 2020-03}
goals:
  - {id: g, number: 1, title: くらし}
"""
GOOD = """\
format: 1
title: 試験の資料
meeting: {title: 試験の会, date: 2023-10-17, agenda: [開会]}
chapters:
  - title: はじめに
    sections:
      - body: |
          - **太い**字
            - 下の箇条
          | 年 | 数 |
          |----|----|
          | 令和4年 | 1,308人 |
        show: [hope, tree, schedule]
schedule:
  - {date: 2023-11-30, title: 素案, state: done}
  - {from: 2023-12, to: 2024-02, title: 意見募集, state: planned}
"""


@pytest.fixture
def plan(tmp_path):
    (tmp_path / "2020-03.yaml").write_text(OLD, encoding="utf-8")
    (tmp_path / "2023-10.yaml").write_text(EDITION, encoding="utf-8")
    return tmp_path


def briefing(plan, text, *more):
    (plan / "briefing.yaml").write_text(text, encoding="utf-8")
    return main(["briefing", str(plan), "--root", str(plan), *more])


def test_the_notation_and_what_is_shown(plan, capsys):
    assert briefing(plan, GOOD, "-f", "markdown") == 0
    shown = capsys.readouterr().out
    assert "<b>太い</b>字" in shown
    assert "| 年 | 数 |" in shown
    assert "・ 明るい。" in shown or "- 明るい。" in shown
    assert "くらし<ins>の向上</ins>" in shown
    assert "| 令和5年12月～令和6年2月 | 意見募集 | 予定 |" in shown


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        (
            "| 令和4年 | 1,308人 |",
            "| 令和4年 |",
            "エラー[broken-table]: 表の行「| 令和4年 |」",
        ),
        ("show: [hope,", "show: [hop,", "エラー[bad-value]: 「hop」は、この版の項目の id ではありません"),
        ("state: done", "state: 済み", "エラー[bad-value]"),
        ("title: 試験の資料\n", "", "エラー[missing-key]"),
        ("2023-11-30", "2023-11-31", "エラー[bad-format]"),
        ("title: はじめに", "titel: はじめに", "エラー[unknown-key]"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(plan, capsys, was, wrong, said):
    assert briefing(plan, GOOD.replace(was, wrong)) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "briefing.yaml:" in err
    assert main(["validate", str(plan)]) == 1
    assert said in capsys.readouterr().out


def test_it_is_no_edition_and_none_is_made_of_it(plan, capsys):
    (plan / "briefing.yaml").write_text(GOOD, encoding="utf-8")
    assert main(["validate", str(plan)]) == 0
    assert main(["tree", str(plan), "--root", str(plan)]) == 0
    assert (
        main(
            [
                "briefing",
                str(plan / "2020-03.yaml"),
                str(plan / "2023-10.yaml"),
                "-f",
                "docx",
                "-o",
                str(plan / "a.docx"),
            ]
        )
        == 0
    )
    capsys.readouterr()
    (plan / "briefing.yaml").unlink()
    assert main(["briefing", str(plan), "--root", str(plan)]) == 2
    assert "briefing.yaml" in capsys.readouterr().err


def test_the_briefing_of_an_edition_comes_before_that_of_the_folder(plan, capsys):
    (plan / "briefing.yaml").write_text(GOOD.replace("試験の資料", "古い資料"), encoding="utf-8")
    (plan / "2023-10.briefing.yaml").write_text(GOOD, encoding="utf-8")
    assert main(["briefing", str(plan), "--root", str(plan)]) == 0
    assert capsys.readouterr().out.startswith("試験の資料")


def test_the_drawing_of_the_old_plan_bears_the_day_of_the_meeting(folder):
    drawing = (folder / "資料2_体系図_改定前.svg").read_text(encoding="utf-8")
    assert "意見交換会　令和5(2023)年10月17日　厚木市 政策部 企画政策課" in drawing


def test_numbers_in_the_text_that_mean_another_paper_are_told(tmp_path, capsys):
    run = ["pack", "atsugi-2", "--root", str(STRATEGIES), "-o", str(tmp_path / "会議"), "--number-from", "2"]
    assert main(run) == 0
    told = "説明資料の本文に「資料2」「資料3」とあります。この一式では、資料2は説明資料、資料3は体系図_改定前です。"
    assert told in capsys.readouterr().err


def test_a_section_whose_text_the_source_has_not_says_so(folder):
    text = texts_of_word((folder / "資料1_説明資料.docx").read_bytes())
    assert in_order(["改定スケジュール", "（略）"], text) == []
