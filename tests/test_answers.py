"""Answers: what sections write into the workbooks that they were sent, in every way they do, and into the edition."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
import workbooks

from atsugi_cli import formats, store
from atsugi_cli.cli.app import main
from atsugi_cli.layout.answering import _words
from atsugi_cli.layout.places import Places
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.project.reading import Project, schemas
from atsugi_cli.reader import read as read_edition
from atsugi_cli.tables.answers import FIGURES, Answer, Sheaf, _Gathering
from atsugi_cli.tables.applying import applied
from atsugi_cli.tables.asking import questions
from atsugi_cli.tables.grids import Cell
from atsugi_cli.tables.importing import About, imported
from atsugi_cli.tables.opening import read

EDITION = Path("strategies/reiji-3/2025-03.yaml")
WORDING, RESULTS, NEW = "修正案", "実績", "新しい項目"


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """Make a folder with a made-up plan, asked of its sections."""
    folder = tmp_path_factory.mktemp("asked")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        _, data, _ = workbooks.a_title_row_above()
        result = imported(read(data, "k.xlsx"), About("reiji-3", "2025-03", city="例示市"), DEFAULT_PROFILE, {})
        EDITION.parent.mkdir(parents=True)
        text = result.text.replace("        title: 魅力の発信", "        title: 魅力の発信   # 部長の案")
        EDITION.write_text(text, encoding="utf-8", newline="")
        assert main(["ask", "--due", "2026-10-30", "--year", "2025"]) == 0
    return folder


@pytest.fixture
def office(asked, tmp_path, monkeypatch):
    """Work in a copy of that folder."""
    shutil.copytree(asked, tmp_path / "office")
    monkeypatch.chdir(tmp_path / "office")
    return tmp_path / "office"


def sheet_of(section, sheet):
    book = openpyxl.load_workbook(f"照会/照会_{section}.xlsx")
    return book, book[sheet]


def column(sheet, title):
    return next(cell.column for cell in sheet[1] if str(cell.value).startswith(title))


def row_of(sheet, mark):
    at = column(sheet, "ID")
    return next(row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, at).value).startswith(mark))


def fill(section, sheet, mark, **words):
    book, there = sheet_of(section, sheet)
    row = row_of(there, mark)
    for title, word in words.items():
        there.cell(row, column(there, title)).value = word
    book.save(f"照会/照会_{section}.xlsx")


def run(capsys, *words):
    capsys.readouterr()
    code = main(["answers", "照会", *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.usefixtures("office")
def test_what_is_not_answered_changes_nothing(capsys):
    before = EDITION.read_bytes()
    code, out, err = run(capsys, "--apply")
    assert (code, out, EDITION.read_bytes()) == (0, "", before)
    assert "まだ回答のない課: 企画政策課、広報課、観光課、住宅課、こども課、保育課" in err


@pytest.mark.usefixtures("office")
def test_the_story_of_an_inquiry(capsys):
    before = EDITION.read_text(encoding="utf-8")
    fill("企画政策課", WORDING, "kpi-1#target#", 修正案="２，５００人以上（令和11年度）", 理由="申込みが増えているため")
    fill("企画政策課", RESULTS, "kpi-1#actual#", 実績値=1250, 評価="夏に伸びた")
    fill("住宅課", WORDING, "kpi-4#name#", 修正案="移住した世帯の数")
    fill("保育課", WORDING, "kpi-6#name#", 該当なし="○")
    book, sheet = sheet_of("こども課", NEW)
    sheet.cell(2, 1).value, sheet.cell(2, 2).value, sheet.cell(2, 3).value = (
        sheet.parent["_strategy"]["D1"].value,
        "主な取組",
        "出会いの場の発信",
    )
    book["はじめに"]["B6"], book["はじめに"]["B7"] = "例示 花子", "2026-10-01"
    book.save("照会/照会_こども課.xlsx")
    code, out, _ = run(capsys)
    assert code == 0
    assert "申込みが" in out
    assert "まだ回答のない課: 広報課、観光課" in out
    code, out, _ = run(capsys, "--apply", "--diff")
    assert EDITION.read_text(encoding="utf-8") == before
    changed = [line for line in out.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert changed == [
        "-                target: {year: 2029, value: 2000}",
        "+                target: {year: 2029, value: 2500, bound: at-least}",
        "+                actuals: [{year: 2025, value: 1250, comment: 評価：夏に伸びた}]",
        "+                change: {reason: 申込みが増えているため}",
        "-                name: 移住世帯数",
        "+                name: 移住した世帯の数",
        "+    initiatives:",
        "+      - id: initiative-6",
        "+        title: 出会いの場の発信",
        "+        change: {flags: [added]}",
    ]
    code, out, _ = run(capsys, "--apply")
    assert code == 0
    assert "こども課の回答を反映する（1件）\n\n回答者: 例示 花子、2026-10-01\n" in out
    assert main(["validate"]) == 0
    code, out, _err = run(capsys, "--apply")
    assert (code, EDITION.read_text(encoding="utf-8").count("initiative-6")) == (0, 1)


@pytest.mark.usefixtures("office")
def test_two_sections_that_differ_are_a_conflict(capsys):
    before = EDITION.read_bytes()
    fill("広報課", WORDING, "kpi-3#target#", 修正案="4万人（令和11年度）")
    fill("観光課", WORDING, "kpi-3#target#", 修正案="5万人（令和11年度）")
    code, out, err = run(capsys, "--apply")
    assert (code, out, EDITION.read_bytes()) == (1, "", before)
    assert "広報課「4万人（令和11年度）」、観光課「5万人（令和11年度）」" in err


@pytest.mark.usefixtures("office")
def test_two_sections_that_agree_are_none(capsys):
    for section in ("広報課", "観光課"):
        fill(section, WORDING, "kpi-3#target#", 修正案="4万人（令和11年度）")
    code, _, _ = run(capsys, "--apply")
    assert code == 0
    assert '{year: 2029, value: 40000, printed: "4万人"}' in EDITION.read_text(encoding="utf-8")


@pytest.mark.usefixtures("office")
def test_an_edition_that_moved_on_is_a_conflict(capsys):
    fill("住宅課", WORDING, "kpi-4#target#", 修正案="250世帯（令和11年度）")
    EDITION.write_text(
        EDITION.read_text(encoding="utf-8").replace("value: 200}", "value: 220}"), encoding="utf-8", newline=""
    )
    code, out, _ = run(capsys, "-f", "markdown")
    assert code == 1
    assert all(word in out for word in ("200世帯", "220世帯", "250世帯", "照会の後に版が変わりました"))


def test_from_an_excel_to_the_next_edition(tmp_path, monkeypatch, capsys):
    """Import, validate, new, ask twelve sections, answers, apply, diff: what was filled in, and nothing else."""
    monkeypatch.chdir(tmp_path)
    Path("KPI.xlsx").write_bytes(workbooks.a_plan_of_real_size())
    assert main(["import", "KPI.xlsx", "-o", "strategies/reiji-3/2025-03.yaml", "--city", "例示市"]) == 0
    assert main(["validate"]) == 0
    assert main(["new", "2026-03"]) == 0
    assert main(["ask", "--due", "2026-10-30", "--year", "2025"]) == 0
    assert len(list(Path("照会").glob("照会_*.xlsx"))) == 13  # and what has no section
    revised = Path("strategies/reiji-3/2026-03.yaml")
    asked = revised.read_text(encoding="utf-8")
    for at, section in enumerate(workbooks.SECTIONS[:10]):
        book, sheet = sheet_of(section, WORDING)
        row = next(row for row in range(2, 99) if sheet.cell(row, column(sheet, "内容")).value == "指標名")
        sheet.cell(row, column(sheet, "修正案")).value = f"改めた指標{at}"
        book.save(f"照会/照会_{section}.xlsx")
    code, out, err = run(capsys, "--apply")
    assert code == 0
    assert out.count("の回答を反映する（1件）") == 10
    assert "まだ回答のない課: 教育課、防災課" in err
    written = revised.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(asked.splitlines(), written, strict=True) if old != new]
    assert [new.strip() for _, new in changed] == [f"name: 改めた指標{at}" for at in range(10)]
    capsys.readouterr()
    assert main(["kpis", "strategies/reiji-3/2025-03.yaml", str(revised), "-f", "json"]) == 0
    pairs = [each for each in json.loads(capsys.readouterr().out)["indicators"] if each["changes"]]
    assert len(pairs) == 10


CITIES = sorted((Path(__file__).parent / "cities").glob("*/strategies/*/2*.yaml"))


@pytest.mark.parametrize("path", CITIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_figure_that_is_asked_about_can_be_answered_as_it_is_printed(path):
    """A section that copies 現行 and changes one digit must be understood: what is printed can be read."""
    project = Project(str(path.parents[1]))
    strategy, profile = project.strategy(store.read_file(str(path))), project.profile(str(path))
    asked = list(questions(strategy, profile, Places(strategy, profile).of, 2025))
    gathering = _Gathering({each.key: each for each in asked}, strategy, {})
    figures = [each for each in asked if FIGURES.fullmatch(each.asks) and each.text]
    assert len(figures) > 5
    for each in figures:
        data = gathering._data(each, Cell(each.text))
        assert isinstance(data, dict), each
        said = _words(data, each.unit, profile)
        assert said == each.text or said.replace("年度", "年") == each.text  # a question does not say on what basis


@pytest.mark.usefixtures("office")
def test_every_format_of_a_comparison_takes_the_answers(capsys):
    fill("住宅課", WORDING, "kpi-4#name#", 修正案="移住した世帯の数")
    assert set(formats.codes("diff")) == set(formats.codes("answers"))
    for form in formats.offered("answers"):
        name = f"回答{form.suffixes[0]}" if form.suffixes else ""
        code, out, _ = run(capsys, "-f", form.code, *(["-o", name] if name else []))
        data = Path(name).read_bytes() if name else out.encode()
        assert (code, len(data) > 100) == (0, True), form.code


BODIES = {
    "plain": "    body: 一行の本文   # 注\n",
    "quoted": '    body: "一行の: 本文"\n',
    "block": "    body: |-   # 段落\n      一つ目。\n      二つ目。\n",
    "folded": "    body: >-\n      折り返した\n      本文。\n",
    "kept": "    body: |+\n      一つ目。\n\n",
}


@pytest.mark.parametrize("text", ["直した本文。", "直した一つ目。\n直した二つ目。", "- 「#」で始まらない: 本文"])
@pytest.mark.parametrize("style", BODIES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_body_is_replaced_in_any_style_and_nothing_else(style, text, newline):
    head = "format: 1\nplan: {id: p, title: 計画, period: {start: 2025, end: 2029}}\nedition: {id: e}\nsections:\n"
    before, after = f"{head}  - id: s\n    title: 体制\n", "    owners: [企画課]   # 担当\n  - {id: t, title: 次}\n"
    whole = (before + BODIES[style] + after).replace("\n", newline)
    strategy = reread(whole)
    question = next(each for each in questions(strategy, DEFAULT_PROFILE, str, None) if each.asks == "body")
    answer = Answer("企画課", question, text, text, "E2", reason="分かりやすく")
    sheaf = Sheaf((answer,), (), (), (), (), (), (), {})
    written, problems = applied(whole, sheaf, strategy, DEFAULT_PROFILE)
    assert problems == []
    found = next(each for each in reread(written).items() if each.id == "s")
    assert (found.body, found.change.reason) == (text, "分かりやすく")
    assert written.startswith(before.replace("\n", newline))
    assert written.endswith("    change: {reason: 分かりやすく}\n  - {id: t, title: 次}\n".replace("\n", newline))
    assert written.count("\n") == written.count(newline)


def reread(text):
    result = read_edition(text.encode(), "e.yaml", schemas())
    assert not result.findings, (text, result.findings)
    return result.strategy


LAYOUTS = {
    "flow": "      - {id: k, name: 数, unit: 人, target: {year: 2029, note: 注}, actuals: [{year: 2026, value: 9}]}\n",
    "flow without results": "      - {id: k, name: 数, unit: 人, target: {year: 2029, value: 3, note: 注}}\n",
    "block": (
        "      - id: k   # 指標\n        name: 数\n        unit: 人\n        target:   # 目標\n"
        "          year: 2029   # 年\n          text: 増やす\n          note: 注\n"
        "        actuals:\n          - {year: 2024, value: 8}   # 前\n"
        "          # 次\n          - year: 2026\n            value: 9\n"
    ),
    "mixed": "      - id: k\n        name: 数\n        unit: 人\n        target: {year: 2029, note: 注}   # 目標\n",
    "there": "      - {id: k, name: 数, unit: 人, target: {year: 2029, note: 注}, actuals: [{year: 2025, value: 1}]}\n",
    "empty": "      - {id: k, name: 数, unit: 人, target: {year: 2029, value: 3, note: 注}, actuals: []}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_value_is_written_in_any_layout_and_the_rest_is_kept(layout):
    head = "format: 1\nplan: {id: p, title: 計画, period: {start: 2025, end: 2029}}\nedition: {id: e}\n"
    before, after = (
        f"{head}goals:\n  - id: g\n    title: 目標   # 題\n    targets:\n",
        "  - {id: h, title: 次}   # 次\n",
    )
    whole = before + LAYOUTS[layout] + after
    strategy = reread(whole)
    asked = {each.asks: each for each in questions(strategy, DEFAULT_PROFILE, str, 2025)}
    target = Answer("課", asked["target"], "約5人", {"year": 2029, "value": 5, "about": True}, "E2")
    actual = Answer("課", asked["actual"], "4", {"year": 2025, "value": 4}, "E3")
    written, problems = applied(whole, Sheaf((target, actual), (), (), (), (), (), (), {}), strategy, DEFAULT_PROFILE)
    assert problems == []
    one = next(one for _, one in reread(written).indicators())
    assert (one.target.year, one.target.value, one.target.text, one.target.about) == (2029, 5, "", True)
    assert one.target.note == "注"
    years = [each.year for each in one.actuals]
    assert years == sorted(years)
    assert next(each.value for each in one.actuals if each.year == 2025) == 4
    assert written.startswith(before)
    assert written.endswith(after)
    assert re.findall("# .*", written) == re.findall("# .*", whole)


@pytest.mark.usefixtures("office")
def test_a_long_text_is_asked_about_whole(capsys):
    text = EDITION.read_text(encoding="utf-8")
    body = "。".join(f"長い本文の{at}番目の文です" for at in range(150)) + "。"
    section = f"sections: [{{id: s, title: 体制, body: {body}, owners: [住宅課]}}]\n"
    EDITION.write_text(text.replace("goals:\n", f"{section}goals:\n"), encoding="utf-8")
    shutil.rmtree("照会")
    assert main(["ask", "--owner", "住宅課"]) == 0
    _, sheet = sheet_of("住宅課", WORDING)
    at = column(sheet, "現行")
    row = row_of(sheet, "s#body#")
    parts = [sheet.cell(row, at).value]
    while sheet.cell(row + len(parts), column(sheet, "内容")).value == "（続き）":
        parts.append(sheet.cell(row + len(parts), at).value)
    assert "".join(parts) == body
    assert all((sheet.row_dimensions[row + each].height or 0) <= 409 for each in range(len(parts)))
    assert len(parts) > 1
    fill("住宅課", WORDING, "s#body#", 修正案="短くしました。")
    code, out, _ = run(capsys, "--apply")
    assert (code, out.count("の本文を改める")) == (0, 1)


def test_no_word_of_an_edition_becomes_a_formula(tmp_path, monkeypatch):
    folder = tmp_path / "strategies" / "p"
    folder.mkdir(parents=True)
    (folder / "2020-03.yaml").write_text(
        """format: 1
plan: {id: p, title: "=1+1", period: {start: 2020, end: 2024}}
edition: {id: 2020-03, date: 2020-03, stage: draft}
goals:
  - {id: goal-1, number: 1, title: "=2+2", owners: ["=HYPERLINK(\\"http://x.example\\",\\"課\\")"]}
""",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    assert main(["ask", "p", "-o", "out"]) == 0
    books = [openpyxl.load_workbook(path) for path in Path("out").glob("*.xlsx")]
    cells = [cell for book in books for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
