"""The policy tree as a drawing: everything is in it, nothing overlaps, and no text is more than text."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import HOSTILE, LONG, crowded, edition, grown, item, stepped
from test_html import parsed

from atsugi_cli.compare import compare
from atsugi_cli.document import Flag
from atsugi_cli.formats import json as form
from atsugi_cli.formats import svg
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.layout.tree import tree
from atsugi_cli.levels import DEFAULT_PROFILE, Level, Profile

NS = "{http://www.w3.org/2000/svg}"


def drawn(strategy, revision=None, profile=DEFAULT_PROFILE):
    return ET.fromstring(svg.write(diagram(strategy, profile, revision), Options()).encode())  # noqa: S314 - our own text


def boxes(root):
    """Give each box by its id: its rectangle, and the whole group."""
    found = {}
    for group in root.iter(f"{NS}g"):
        if not group.attrib["id"].startswith("band:"):
            rect = group.find(f"{NS}rect").attrib
            found[group.attrib["id"]] = (*(float(rect[key]) for key in ("x", "y", "width", "height")), group)
    return found


def words(group):
    return "".join(text.text for text in group.iter(f"{NS}text"))


def overlap(a, b):
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return across > 0 and down > 0


def test_every_change_is_seen_on_its_box():
    _, new, revision = stepped()
    found = boxes(drawn(new, revision))
    looks = {key: group.find(f"{NS}rect").attrib for key, (*_, group) in found.items()}
    path = "goal-1/policy-1/initiative-"
    assert looks[path + "3"]["stroke"] == looks["viewpoint-2"]["stroke"] == "#c62828"
    assert looks[path + "1"]["stroke"] == "#444"
    assert looks[path + "2"]["stroke"] == "#8a8f98"
    assert "stroke-dasharray" in looks["goal-1/policy-2"]
    assert words(found[path + "1"][4]).startswith("①都市間連携の強化名称変更KPI追加")
    assert words(found["goal-1/policy-2/gone"][4]).endswith("廃止")
    assert found[path + "1"][4].find(f"{NS}title").text == "① 都市間連携の強化［名称変更（推定）、KPI追加］"


def test_what_went_elsewhere_leaves_a_ghost_in_the_words_it_had():
    moving = item("initiative", 2, "販路の拡大", id="moving")
    old = edition(
        item("goal", 1, "一", item("policy", 1, "二", item("initiative", 1, "三", id="a"), moving, id="p1")),
        item("goal", 2, "四", item("policy", 1, "五", item("initiative", 1, "六", id="b"), id="p2")),
        name="old",
    )
    new = edition(
        item("goal", 1, "一", item("policy", 1, "二", item("initiative", 1, "三", id="a"), id="p1")),
        item(
            "goal", 2, "四",
            item("policy", 1, "五", item("initiative", 1, "六", id="b"), replace(moving, title="販路の開拓"), id="p2"),
        ),
    )  # fmt: skip
    revision = compare(old, new)
    found = boxes(drawn(new, revision))
    ghost = found["goal-1/p1/moving#old"][4]
    assert "stroke-dasharray" in ghost.find(f"{NS}rect").attrib
    assert words(ghost) == "②販路の拡大（基本目標2-1-②へ移動）"
    assert "販路の開拓" in words(found["goal-2/p2/moving"][4])
    (left,) = json.loads(form.tree(diagram(new, DEFAULT_PROFILE, revision), Options()))["left"]
    assert (left["path"], left["to"]) == (["goal-1", "p1", "moving"], [["goal-2", "p2", "moving"]])
    assert left["title"] == "販路の拡大"
    lines = [block.text for block in tree(new, DEFAULT_PROFILE, revision).blocks]
    assert lines.index("② 販路の拡大（基本目標2-1-②へ移動）") < lines.index("② 販路の開拓")


def test_what_came_along_leaves_one_ghost_with_its_parent():
    moving = item("policy", 2, "動く施策", item("initiative", 1, "動く取組", id="along"), id="moving")
    old = edition(item("goal", 1, "一", item("policy", 1, "二", id="p1"), moving), item("goal", 2, "三"), name="old")
    new = edition(
        item("goal", 1, "一", item("policy", 1, "二", id="p1")), item("goal", 2, "三", replace(moving, number=1))
    )
    found = boxes(drawn(new, compare(old, new)))
    assert [key for key in found if "moving" in key] == ["goal-1/moving#old", "goal-2/moving", "goal-2/moving/along"]


def test_what_was_merged_keeps_its_place_in_its_layer():
    old = edition(*(item("viewpoint", number, f"視点の{number}") for number in (1, 2, 3)), name="old")
    new = edition(
        item("viewpoint", 1, "合わせた視点", id="one", origins=("viewpoint-1", "viewpoint-2")),
        item("viewpoint", 2, "視点の3", id="viewpoint-3"),
    )
    found = boxes(drawn(new, compare(old, new)))
    assert list(found) == ["one", "viewpoint-2#old", "viewpoint-3"]
    assert words(found["viewpoint-2#old"][4]).endswith("（重要な視点1へ統合）")


def test_the_legend_explains_what_occurs_and_nothing_else():
    _, new, revision = stepped()
    legend = "".join(text.text or "" for text in drawn(new, revision).findall(f"{NS}text"))
    assert "新規改定前になかった項目廃止" in legend
    assert "推定（担当者の宣言がないもの）" in legend
    assert "統合" not in legend
    assert "新規" not in "".join(text.text for text in drawn(new).iter(f"{NS}text"))


def test_nothing_overlaps_and_nothing_is_cut_in_a_crowded_plan():
    _, new, revision = crowded()
    root = drawn(new, revision)
    found = boxes(root)
    assert len(found) > 300
    areas = sorted((area[:4] for area in found.values()), key=lambda area: area[1])
    for at, area in enumerate(areas):
        below = (other for other in areas[at + 1 :] if other[1] < area[1] + area[3])
        assert not any(overlap(area, other) for other in below)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for x, y, w, h, group in found.values():
        assert x >= 0
        assert x + w <= width
        assert y + h <= height
        for text in group.findall(f"{NS}text"):
            size = float(text.attrib["font-size"])
            assert y + size * 0.7 <= float(text.attrib["y"]) <= y + h
            assert x < float(text.attrib["x"]) < x + w
    joined = re.sub(r"\s", "", words(found["x-1/x-1-1/x-1-1-1"][4]))
    assert re.sub(r"\s", "", LONG) in joined


@pytest.mark.parametrize("counts", [(3,), (2, 3), (2, 2, 3), (2, 1, 2, 2), (1, 1, 1, 1, 2)])
def test_as_many_columns_as_levels(counts):
    levels = (*DEFAULT_PROFILE.levels, Level("task", "tasks", "細事業"))
    children = grown(counts[:4])
    if len(counts) > 4:
        deep = grown((1, 1, 1, 1))[0]
        task = item("task", 1, "深い階層")
        for each in reversed(list(deep.walk())):
            task = item(each.level, each.number, each.title, task, id=each.id)
        children = (task,)
    plan = diagram(edition(*children), Profile(levels=levels))
    assert len(plan.columns) == len(counts)
    assert plan.columns[0] == "基本目標"
    lefts = {area[0] for area in boxes(drawn(edition(*children), profile=Profile(levels=levels))).values()}
    assert len(lefts) == len(counts)


def test_a_level_may_be_skipped():
    strategy = edition(
        item("goal", 1, "一", item("initiative", 1, "飛ばす"), item("policy", 2, "二", item("initiative", 2, "三")))
    )
    found = boxes(drawn(strategy))
    assert found["goal-1/initiative-1"][0] == found["goal-1/policy-2/initiative-2"][0]
    assert found["goal-1/policy-2"][0] < found["goal-1/initiative-1"][0]


def test_an_unused_level_has_no_column():
    assert diagram(edition(item("goal", 1, "一", item("initiative", 1, "二"))), DEFAULT_PROFILE).columns == (
        "基本目標",
        "主な取組",
    )


def test_what_the_source_leaves_out_is_one_box():
    left_out = [item("initiative", number, "", omitted=True) for number in (1, 2, 3)]
    strategy = edition(
        item("goal", 1, "一", *left_out, item("initiative", 4, "四"), item("initiative", 5, "", omitted=True))
    )
    found = boxes(drawn(strategy))
    assert [words(group) for *_, group in found.values()] == ["基本目標1一", "①～③（略）", "④四", "⑤（略）"]


def test_layers_stand_below_the_tree_in_rows():
    strategy = edition(*grown((1, 1)), *[item("viewpoint", number, f"視点の{number}") for number in range(1, 7)])
    found = boxes(drawn(strategy))
    tops = [found[f"viewpoint-{number}"][1] for number in range(1, 7)]
    assert tops[0] == tops[1] == tops[2] > max(found[key][1] for key in found if key.startswith("x"))
    assert tops[3] == tops[4] == tops[5] > tops[0]


def test_an_empty_plan_is_still_a_drawing():
    root = drawn(edition())
    assert root.find(f"{NS}title").text.startswith("試験市総合戦略")


def test_text_is_text_in_the_fonts_of_the_reader():
    _, new, revision = stepped()
    text = svg.write(diagram(new, DEFAULT_PROFILE, revision), Options())
    assert "BIZ UDPGothic" in text
    for word in ("textLength", "<image", "href", "style", "url(", "<script", "@font-face"):
        assert word not in text
    assert '<rect width="1120"' in text  # white paper, whatever the viewer's background


def test_same_bytes_for_the_same_revision():
    _, new, revision = stepped()
    assert svg.write(diagram(new, DEFAULT_PROFILE, revision), Options()) == svg.write(
        diagram(new, DEFAULT_PROFILE, revision), Options()
    )


@given(st.text(st.characters() | st.sampled_from("<>&\"']-WMi漢、（"), min_size=1, max_size=60))
def test_any_title_stays_inside_its_box_and_comes_back_whole(title):
    root = drawn(edition(item("goal", 1, title, item("policy", 1, title))))
    box = boxes(root)["goal-1/policy-1"]
    text = "".join(each.text or "" for each in box[4].findall(f"{NS}text"))
    if title.isprintable():
        assert re.sub(r"\s", "", text) == "1" + re.sub(r"\s", "", title)


def test_hostile_text_stays_text():
    profile = Profile(
        levels=tuple(
            Level(each.code, each.key, HOSTILE, each.number, each.heading, cross=each.cross)
            for each in DEFAULT_PROFILE.levels
        ),
        flags={"added": HOSTILE},
    )
    old = edition(item("goal", 1, "一"), title=HOSTILE, name="old")
    new = edition(
        item("goal", 1, "一"),
        item("goal", HOSTILE, HOSTILE, item("policy", 1, HOSTILE), id=HOSTILE),
        item("viewpoint", 1, HOSTILE),
        title=HOSTILE,
        owner=HOSTILE,
    )
    revision = compare(old, new)
    root = drawn(new, revision, profile)
    assert {each.tag.removeprefix(NS) for each in root.iter()} <= {"svg", "title", "desc", "rect", "g", "text", "path"}
    page = parsed(svg.page(diagram(new, profile, revision), Options()))
    assert not page.find("script")
    assert "\u202e" not in page.text()


def test_the_page_holds_the_drawing_and_the_counts():
    _, new, revision = stepped()
    page = parsed(svg.page(diagram(new, DEFAULT_PROFILE, revision), Options()))
    assert len(page.find("svg")) == 1
    assert page.find("g", id="goal-1/policy-1/initiative-1")
    assert "新規 2" in page.find("div", name="bar")[0].text()
    assert not [node for node in page.walk() if "style" in node.attributes]


def test_a_long_tree_is_cut_between_boxes_for_paper():
    _, new, revision = crowded()
    page = parsed(svg.page(diagram(new, DEFAULT_PROFILE, revision), Options()))
    drawings = page.find("svg")
    assert len(drawings) > 10
    ids = [node.attributes["id"] for node in page.find("g")]
    assert len(ids) == len(set(ids))
    whole = set(boxes(drawn(new, revision)))
    assert whole <= set(ids)
    assert all(
        "（続き）" in node.text() for node in page.find("g") if node.attributes["id"] not in whole | {"band:viewpoint"}
    )
    assert len(page.find("g", id="band:viewpoint")) == 1


def test_a_label_of_a_kind_may_be_longer_than_its_box():
    badge = svg._badge(Flag("added", "新たに位置付けた取組であることを示す長い名称"), 100)
    assert badge.width <= 100
    assert len(badge.lines) > 1
