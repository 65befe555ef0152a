"""概要版: one sheet whose numbers are those of the comparison, whatever the plan."""

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from builders import edition, item
from hypothesis import given, settings
from hypothesis import strategies as st
from office import assert_valid
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from revised import revised
from test_pack import with_fonts

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.formats import svg
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.formats.overview import HEIGHT, WIDTH, write
from atsugi_cli.formats.slides import emu
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.layout.labels import counts
from atsugi_cli.layout.overview import overview
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Indicator, Value

STRATEGIES = Path(__file__).parent.parent / "strategies"
CITY = Path(__file__).parent / "cities" / "reiji"
SVG = "{http://www.w3.org/2000/svg}"


def run(*more):
    return main(["overview", "atsugi-2", "--root", str(STRATEGIES), *more])


def test_its_numbers_are_those_of_the_json(capsys):
    assert run() == 0
    shown = capsys.readouterr().out
    assert main(["diff", "atsugi-2", "--root", str(STRATEGIES), "-f", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["counts"]
    root = ET.fromstring(shown)  # noqa: S314 - made here
    rows = {group.find(f"{SVG}title").text: group for group in root.iter(f"{SVG}g")}
    total = [text.text for text in rows["計"].iter(f"{SVG}text")]
    assert int(total[-1]) == sum(sum(each.values()) for each in told.values()) == sum(map(int, total[1:-1]))
    goal = [text.text for text in rows["基本目標1 転入促進"].iter(f"{SVG}text")]
    assert goal[1:] == ["－", "－", "1", "1", "－", "－", "2", "4"]


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_every_change_is_counted_once_and_every_item_has_its_ribbon(seed):
    revision = compare(*revised(Random(seed)))  # noqa: S311 - no secret
    plan = overview(revision, DEFAULT_PROFILE)
    numbers = [count.number for count in counts(revision, DEFAULT_PROFILE)]
    assert [sum(row.numbers[at] for row in plan.heat) for at in range(len(numbers))] == numbers
    cross = {"section", "viewpoint"}

    def units(item):
        if not item.children or DEFAULT_PROFILE.level(item.level).label == plan.unit:
            return 1
        return sum(map(units, item.children))

    for side, strategy in enumerate((revision.old, revision.new)):
        tops = [each for each in strategy.root.children if each.level not in cross]
        drawn = [ribbon for ribbon in plan.ribbons if (ribbon.right if side else ribbon.left) is not None]
        assert len(drawn) >= sum(map(units, tops))
    ET.fromstring(write(plan, Options()))  # noqa: S314


def test_an_edition_that_calls_the_level_otherwise_has_a_ribbon_for_each_item_as_well(tmp_path, capsys):
    plan = tmp_path / "strategies"
    shutil.copytree(CITY / "strategies", plan)
    old = plan / "reiji-3" / "2022-03.yaml"
    text = old.read_text(encoding="utf-8")
    words = "edition: {levels: [{key: initiatives, label: 取組の柱}], "
    old.write_text(text.replace("edition: {", words), encoding="utf-8", newline="\n")
    assert main(["overview", "reiji-3", "--root", str(plan)]) == 0
    shown = capsys.readouterr().out
    names = ("空き家等の利活用", "市営住宅の更新", "循環バスの運行", "工業団地の整備", "創業の支援")
    assert all(f"<title>{name}</title>" in shown for name in names)
    assert "空き家バンク事業</title>" not in shown  # 主な事業 stand in them


def texts(drawing):
    root = ET.fromstring(drawing)  # noqa: S314
    return [(float(each.get("x")), float(each.get("y")), each) for each in root.iter(f"{SVG}text")]


def goals(number, policies, initiatives, word):
    """Grow a plan of so many goals, policies in each, and initiatives in each of those."""
    return [
        item(
            "goal",
            goal,
            f"目標{goal}の名称がここに入ります",
            *(
                item(
                    "policy",
                    policy,
                    f"施策{policy}の名称がここに入ります",
                    *(
                        item("initiative", each, f"{word}{each}", id=f"i{goal}-{policy}-{each}")
                        for each in range(1, initiatives + 1)
                    ),
                    id=f"p{goal}-{policy}",
                )
                for policy in range(1, policies + 1)
            ),
            id=f"g{goal}",
        )
        for goal in range(1, number + 1)
    ]


@pytest.mark.parametrize("size", [(0, 0, 0), (1, 1, 1), (5, 3, 10), (6, 10, 5), (20, 3, 5), (2, 60, 5)])
def test_a_plan_of_any_size_stays_on_its_sheet(size):
    old, new = (edition(*goals(*size, word), name=name) for name, word in (("a", "取組"), ("b", "新しい取組")))
    drawing = write(overview(compare(old, new), DEFAULT_PROFILE), Options())
    assert f'width="{WIDTH}" height="{HEIGHT}"' in drawing
    assert all(0 <= x <= WIDTH and 0 < y <= HEIGHT for x, y, _ in texts(drawing))
    ys = [float(y) for y in re.findall(r'<rect x="[^"]*" y="([^"]+)" width="10"', drawing)]
    assert all(y <= 735 for y in ys)
    names = sorted((y, x) for x, y, each in texts(drawing) if each.get("text-anchor") == "end" and 100 < y < 735)
    assert all(after[0] - before[0] >= 7 for before, after in pairwise(names))


def test_aims_are_drawn_from_their_numbers_and_only_where_there_are_some():
    aims = tuple(
        Indicator(f"k{at}", "target", f"目標{at}", "人", baseline=Value(2020, 10), target=Value(2026, 20), actuals=more)
        for at, more in enumerate([(), (Value(2023, 15),), *[()] * 6])
    )
    old, new = (
        edition(item("goal", 1, "名", id="g", indicators=some), name=name) for name, some in (("a", ()), ("b", aims))
    )
    plan = overview(compare(old, new), DEFAULT_PROFILE)
    assert len(plan.bullets) == 6
    assert plan.others == 2
    assert (plan.bullets[1].baseline, plan.bullets[1].actual, plan.bullets[1].target) == (10, 15, 20)
    drawing = write(plan, Options())
    assert "実績 15人" in drawing
    assert "ほか2項目" in drawing
    without = write(overview(compare(new, old), DEFAULT_PROFILE), Options())
    assert "▼" not in without
    assert "3　変更の内容" in without
    assert "4　改定の経過" in without


def test_the_slide_says_what_the_drawing_says(tmp_path, capsys):
    out = tmp_path / "概要版.pptx"
    assert run("-o", str(out), "--number", "資料2") == 0
    assert run() == 0
    drawn = [each.text for _, _, each in texts(capsys.readouterr().out)]
    assert_valid(out.read_bytes(), tmp_path / "check.pptx")
    (slide,) = Presentation(str(out)).slides
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
    head = [slide.shapes.title.text, "資料2"]
    assert said[:2] == head
    kept = [words for words in drawn if words not in head and " → " not in words]
    assert sorted(said[-len(kept) :]) == sorted(kept)
    assert {shape.shape_type for shape in slide.shapes} >= {MSO_SHAPE_TYPE.FREEFORM, MSO_SHAPE_TYPE.AUTO_SHAPE}
    assert all(shape.name for shape in slide.shapes)
    wide, high = slide.part.package.presentation_part.presentation.slide_width, emu(210)
    assert all(
        shape.left >= 0 and shape.top >= 0 and shape.left + shape.width <= wide and shape.top + shape.height <= high
        for shape in slide.shapes
    )


def test_every_edition_of_the_plan_stands_on_the_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "strategies" / "rei"
    folder.mkdir(parents=True)
    for year in range(2021, 2025):
        revises = f", revises: '{year - 1}'" if year > 2021 else ""
        (folder / f"{year}.yaml").write_text(
            "format: 1\nplan: {id: rei, title: 例示市総合戦略, period: {start: 2021, end: 2026}}\n"
            f"edition: {{id: '{year}', label: 第{year}版, date: '{year}-03-31', stage: adopted{revises}}}\n"
            "goals: [{id: g, number: 1, title: 目標}]\n",
            encoding="utf-8",
        )
    for chosen in ((), ("2021", "2022")):
        assert main(["overview", *chosen]) == 0
        shown = [each.text for _, _, each in texts(capsys.readouterr().out)]
        assert [words for words in shown if re.fullmatch("第20..版（決定）", words)] == [
            f"第{year}版（決定）" for year in range(2021, 2025)
        ]


@pytest.mark.parametrize("suffix", ["svg", "html", "pdf", "png", "pptx"])
def test_it_is_written_in_every_form(suffix, tmp_path):
    if suffix in ("pdf", "png") and not with_fonts():
        pytest.skip("no Japanese font on this computer")
    path = tmp_path / f"a.{suffix}"
    assert run("-o", str(path), "--number", "資料2", "--meeting", "第3回推進会議") == 0
    data = path.read_bytes()
    assert run("-o", str(path), "--number", "資料2", "--meeting", "第3回推進会議") == 0
    assert path.read_bytes() == data
    if suffix in ("svg", "html"):
        text = data.decode("utf-8")
        assert ">資料2<" in text
        assert "第3回推進会議" in text
        assert 'lang="ja"' in text


# --- the policy tree on one sheet -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "pages"), [((4, 2, 3), 1), ((6, 5, 3), 1), ((4, 6, 10), 3)])
def test_a_tree_stands_on_one_sheet_of_a3_as_long_as_it_is_read(size, pages):
    new = edition(*goals(*size, "取組"), name="a")
    sheets = svg.large(diagram(new, DEFAULT_PROFILE))
    assert len(sheets) == pages
    boxes = [name for each in sheets for name in re.findall('<g id="[^"]*(i[0-9]+-[0-9]+-[0-9]+)"', each)]
    assert len(boxes) == len(set(boxes)) == size[0] * size[1] * size[2]
    for each in sheets:
        wide, high = svg.size(each)
        scale = min(svg.A3[0] / wide, svg.A3[1] / high)
        assert scale * 13.5 * 0.75 >= 7
        assert all(0 <= x <= wide and 0 < y <= high for x, y, _ in texts(each))


def test_a_tree_of_several_sheets_is_no_picture(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(svg, "large", lambda _: ("", ""))
    with pytest.raises(MissingError, match="PDF"):
        svg.write(diagram(edition(name="a"), DEFAULT_PROFILE), Options(large=True))
    monkeypatch.undo()
    out = tmp_path / "a.svg"
    assert main(["tree", "atsugi-2", "--root", str(STRATEGIES), "--paper", "a3", "-o", str(out)]) == 0
    assert "重要な視点" in out.read_text(encoding="utf-8")
    capsys.readouterr()
