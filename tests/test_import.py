"""Import: every cell of an office's tables is in the edition, or in the list of what is to be checked."""

import io
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import workbooks
from builders import edition as edited
from builders import item
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import BOOKS

from atsugi_cli import store
from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.document import Table
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.xlsx import write
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.indicators import indicator_words
from atsugi_cli.layout.kpis import kpis
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Indicator, Value, Written
from atsugi_cli.project.reading import Project, schemas
from atsugi_cli.reader import read as read_edition
from atsugi_cli.rules import check
from atsugi_cli.rules.base import Subject
from atsugi_cli.tables.headings import meanings
from atsugi_cli.tables.importing import About, imported
from atsugi_cli.tables.opening import read


def taken(name, data):
    grids = read(data, name)
    return grids, imported(grids, About("reiji-3", "2025-03"), DEFAULT_PROFILE, {})


def edition(text):
    result = read_edition(text.encode(), "2025-03.yaml", schemas())
    assert not result.findings, result.findings
    return result.strategy


def flat(strategy):
    """Return the indicators with the titles of what they stand in."""
    rows = []
    for above, owner in walked((), strategy.root):
        titles = {each.level: each.title for each in above}
        where = [titles.get(level, "") for level in ("goal", "policy", "initiative")]
        for one in owner.indicators:
            told = (one.name, one.unit, figure(one.baseline), figure(one.target), one.owners)
            rows += [(*where, *told)]
    return rows


def walked(above, top):
    yield (*above, top), top
    for kid in top.children:
        yield from walked((*above, top), kid)


def figure(value: Value | None):
    if value is None:
        return None
    return value.year, value.text or value.value


@pytest.mark.parametrize("name", BOOKS)
def test_every_cell_of_a_city_s_table_is_in_the_edition_or_listed(name):
    file, data, truth = BOOKS[name]()
    grids, result = taken(file, data)
    strategy = edition(result.text)
    assert sorted(map(str, flat(strategy))) == sorted(map(str, truth))
    sheets = {(grid.file, grid.sheet): at for at, grid in enumerate(grids)}
    listed = {(sheets[each.grid.file, each.grid.sheet], each.place) for each in result.left}
    everything = {(at, place) for at, grid in enumerate(grids) for place in grid.cells}
    assert everything <= result.used | listed
    told = plain(result.text)
    for at, place in everything - {key for key in result.used if key not in listed}:
        assert plain(grids[at].cells[place].text) in told


def plain(text):
    return re.sub(r"[\s␊]", "", unicodedata.normalize("NFKC", text))


# ------------------------------------------------------------------------------------------- our own workbooks, back

CITIES = Path(__file__).parent / "cities"
EDITIONS = [
    *sorted(CITIES.glob("*/strategies/*/2*.yaml")),
    *sorted((CITIES.parents[1] / "strategies").glob("*/*.yaml")),
]
EDITIONS = [path for path in EDITIONS if store.is_edition(path.name)]


def own(path):
    project = Project(str(path.parents[1]))
    return project.strategy(store.read_file(str(path))), project.profile(str(path))


def back(data, profile, **about):
    result = imported(read(data, "own.xlsx"), About("reiji-3", "2025-03", **about), profile, {})
    return read_edition(result.text.encode(), "2025-03.yaml", schemas(), profile), result


def table(strategy, profile):
    """Return the rows of its KPI一覧 as far as it says where they come from.

    The method of a rate stands in no column, a sum of yearly readings is none itself, a unit may be said twice.
    """
    rows = []
    for block in kpis(strategy, profile).blocks:
        for row in block.rows if isinstance(block, Table) else ():
            cells = {column.code: cell.text for column, cell in zip(block.columns, row.cells, strict=True)}
            cells.pop("rate", None)
            if "累計" in cells.get("actual-year", ""):
                cells |= {"actual-year": "", "actual": ""}
            rows.append(
                [words if code == "unit" else words.removesuffix(cells["unit"]) for code, words in cells.items()]
            )
    return rows


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_our_own_list_of_indicators_comes_back_as_it_went_out(path):
    strategy, profile = own(path)
    goals = tuple(each for each in strategy.root.children if each.level == "goal")
    strategy = replace(strategy, root=replace(strategy.root, children=goals))
    found, _ = back(write(kpis(strategy, profile), Options()), profile)
    assert not found.findings
    era = replace(found.strategy, edition=replace(found.strategy.edition, date=strategy.edition.date))
    assert table(era, profile) == table(strategy, profile)


@pytest.mark.parametrize("side", ["old", "new"])
@pytest.mark.parametrize("city", ["reiji", "shihyo", "atsugi-2"])
def test_a_side_of_our_own_comparison_comes_back_as_it_went_out(city, side):
    paths = [path for path in EDITIONS if city in path.parts]
    (old, _), (new, profile) = own(paths[0]), own(paths[-1])
    document = comparison(compare(old, new, profile.kinds), replace(profile, old=profile))
    found, _ = back(write(document, Options()), profile, side=side)
    assert not found.findings
    meant = {each.id: each for each in (new if side == "new" else old).items()}
    titled = {(each.level, each.title): each for each in old.items()}
    items = list(found.strategy.items())
    assert len(items) > 5
    for each in items:
        there = meant.get(each.id) if side == "new" or each.id in meant else titled[each.level, each.title]
        assert each.level == there.level
        if not each.omitted:
            assert (each.title, each.number) == (there.title, there.number)
            assert each.body in ("", there.body)
        for one in each.indicators:
            if not one.omitted:
                same = next(known for known in there.indicators if known.name == one.name)
                assert indicator_words(one, profile) == indicator_words(same, profile)


@pytest.mark.parametrize("city", ["reiji", "atsugi-2"])
def test_both_sides_of_our_own_comparison_make_the_same_table_again(city):
    paths = [path for path in EDITIONS if city in path.parts]
    (old, _), (new, profile) = own(paths[0]), own(paths[-1])
    profile = replace(profile, old=profile)

    def compared(one, other):
        document = comparison(compare(one, other, profile.kinds), profile)
        rows = [row for block in document.blocks if isinstance(block, Table) for row in block.rows]
        return document, [tuple(cell.text for cell in row.cells) for row in rows]

    document, meant = compared(old, new)
    data = write(document, Options())
    one, other = (back(data, profile, side=side)[0].strategy for side in ("old", "new"))
    one = replace(one, edition=replace(one.edition, id="before"))
    assert compared(one, other)[1] == meant


numbers = st.one_of(st.integers(0, 10**7), st.decimals(0, 999, places=2).map(lambda each: Written.of(str(each))))
figures = st.builds(
    Value,
    year=st.integers(2015, 2035),
    value=numbers,
    bound=st.sampled_from(["", "at-least", "at-most", "above", "below"]),
    about=st.booleans(),
)
names = st.text("指標参加者数割合の第三回", min_size=2, max_size=12)
indicators = st.builds(
    Indicator,
    id=st.just("k"),
    role=st.just("kpi"),
    name=names,
    unit=st.sampled_from(["人", "件", "%", "none", "千円"]),
    baseline=st.none() | figures,
    target=st.none() | figures,
    owners=st.sampled_from([(), ("企画課",), ("企画課", "観光課")]),
)


@given(st.lists(st.lists(indicators, min_size=1, max_size=3), min_size=1, max_size=3))
@settings(max_examples=30)
def test_any_list_of_indicators_comes_back_as_it_went_out(groups):
    goals = []
    for at, group in enumerate(groups, 1):
        ones = tuple(replace(one, id=f"k-{at}-{number}") for number, one in enumerate(group))
        goals.append(
            item("goal", at, f"目標{'甲乙丙'[at - 1]}を果たす", item("initiative", 1, "取り組む", indicators=ones))
        )
    strategy = edited(*goals)
    found, result = back(write(kpis(strategy, DEFAULT_PROFILE), Options()), DEFAULT_PROFILE)
    assert not found.findings, result.text
    assert table(found.strategy, DEFAULT_PROFILE) == table(strategy, DEFAULT_PROFILE)


def test_a_plan_of_real_size_needs_few_corrections():
    """4 goals, 17 policies, 36 initiatives and 43 indicators in the style of a city."""
    grids, result = taken("k.xlsx", workbooks.a_plan_of_real_size())
    strategy = edition(result.text)
    levels = Counter(each.level for each in strategy.items())
    assert levels == {"goal": 4, "policy": 17, "initiative": 36}
    assert len(list(strategy.indicators())) == 43
    assert (strategy.plan.title, strategy.plan.start, strategy.plan.end) == ("第3期例示市総合戦略", 2025, 2029)
    assert [each.text for each in result.left] == ["資料3", "※ 現状値は令和5年度末時点の値"]
    assert [each.rule.code for each in check(Subject(strategy)) if each.severity == "error"] == []
    assert {each.number for each in strategy.root.children} == {1, 2, 3, 4}
    assert len(grids) == 1


# ---------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def table_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "k.xlsx").write_bytes(BOOKS["unknown_columns"]()[1])
    return tmp_path


def heard(capsys, *words):
    capsys.readouterr()
    code = main(["import", *words])
    return code, *capsys.readouterr()


@pytest.mark.usefixtures("table_here")
def test_a_mapping_is_written_and_used_again(capsys):
    code, first, err = heard(capsys, "k.xlsx", "--mapping", "m.yaml")
    assert (code, "見出し「ランク」の意味が分かりません" in err) == (0, True)
    text = Path("m.yaml").read_text(encoding="utf-8")
    assert "ランク: 使わない" in text
    Path("m.yaml").write_text(text.replace("ランク: 使わない", "ランク: 備考"), encoding="utf-8")
    code, second, err = heard(capsys, "k.xlsx", "--mapping", "m.yaml")
    assert (code, first.count("note: A"), second.count("note: A")) == (0, 0, 6)
    Path("m.yaml").write_text("columns: {ランク: 何か}", encoding="utf-8")
    code, _, err = heard(capsys, "k.xlsx", "--mapping", "m.yaml")
    assert (code, "「ランク」の意味「何か」は使えません" in err) == (2, True)


@pytest.mark.usefixtures("table_here")
def test_a_person_is_asked_what_a_heading_means(capsys, monkeypatch):
    monkeypatch.setattr("atsugi_cli.cli.streams.is_terminal", lambda stream: stream is not sys.stdout)
    choices = list(meanings(DEFAULT_PROFILE))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"x\n{choices.index('備考')}\n\n"))
    code, out, err = heard(capsys, "k.xlsx")
    assert (code, out.count("note: A"), "8・11" in out) == (0, 6, True)
    assert err.count("「ランク」は何ですか") == 2
    assert "使わないと決めた列です" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["k.xlsx", "-o", "k.xlsx"], "上書きしません"),
        (["none.xlsx"], "none.xlsx"),
        (["empty.csv"], "見出しのある表が見つかりません"),
        (["k.xlsx", "--period", "いつか"], "計画期間"),
        (["k.xlsx", "--mapping", "k.xlsx"], "k.xlsx"),
    ],
)
def test_what_cannot_be_taken_in_is_said_in_a_line(table_here, capsys, words, said):
    (table_here / "empty.csv").write_text("覚え書き,あれこれ\n", encoding="utf-8")
    before = (table_here / "k.xlsx").read_bytes()
    code, _, err = heard(capsys, *words)
    assert (code, said in err) == (2, True), err
    assert (table_here / "k.xlsx").read_bytes() == before


def test_headings_of_a_word_file_are_sections():
    paper = docx.Document()
    paper.add_heading("例示市第3期総合戦略", 0)
    paper.add_heading("推進体制", 1)
    paper.add_paragraph("本部を置きます。")
    paper.add_paragraph("毎年度、進捗を確かめます。")
    paper.add_heading("数値目標", 1)
    table = paper.add_table(2, 3)
    for at, words in enumerate(["基本目標", "指標名", "目標値（R11）", "転入促進", "転入者数", "1,200人"]):
        table.cell(at // 3, at % 3).text = words
    paper.add_paragraph("資料: 市の統計")
    data = io.BytesIO()
    paper.save(data)
    _, result = taken("k.docx", data.getvalue())
    strategy = edition(result.text)
    sections = {each.title: each.body for each in strategy.items() if each.level == "section"}
    assert sections == {"推進体制": "本部を置きます。\n毎年度、進捗を確かめます。", "数値目標": ""}
    assert strategy.plan.title == "例示市第3期総合戦略"
    assert [each.text for each in result.left] == ["資料: 市の統計"]


def test_a_sum_over_years_is_due_in_the_last_of_them():
    table = "主な取組,指標名,単位,基準年度,基準値,目標年度,目標値\n創業支援,創業件数,件,R5,12,R7～R11,60\n"
    strategy = edition(taken("kpi.csv", table.encode())[1].text)
    ((_, indicator),) = strategy.indicators()
    assert (indicator.target.year, indicator.target.span) == (2029, (2025, 2029))
