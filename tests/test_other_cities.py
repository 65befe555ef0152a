"""Plans of made-up cities of other shapes: what their papers say is true, at its place, and in the city's own words."""

import re
from dataclasses import replace
from pathlib import Path

import pptx
import pytest
from builders import edition, item
from hypothesis import given
from revised import revised
from test_paper_laws import LAWS, RANDOM

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.formats.overview import drawing
from atsugi_cli.kinds import BY_CODE
from atsugi_cli.layout.labels import called, place
from atsugi_cli.layout.overview import overview
from atsugi_cli.layout.passages import steps
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE, SECTION, Level
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import Declared, Indicator, Value

CITIES = Path(__file__).parent / "shapes"
GAPS = re.compile(r"\s+")

SAID = [
    # a section without a number has no words about one
    ("hibari points 2021-03 2024-01", ["第2章 「自然増減」及び「社会増減」を統合し、「自然増減及び"], ["第章"]),
    ("hibari diff 2021-03 2024-01", ["【第1章 策定〔及び改訂〕の趣旨】", "【計画全体の成果指標】"], ["第章"]),
    ("hibari crosswalk 2021-03 2024-01", ["第2章"], ["第章"]),
    # what was split from elsewhere is named where it stood
    ("hibari points 2021-03 2024-01", ["基本方針Ⅱ-(1)-ウ「ふるさと納税の推進」を基本方針Ⅰ-(2)-イ"], ["イ 地場産業"]),
    # and the column of reasons tells it at both ends
    ("hibari diff 2021-03 2024-01 -f markdown", ["基本方針Ⅰ-(2)-イ及び基本方針Ⅱ-(1)-ウに分割"], []),
    ("hibari briefing 2024-01 2024-03", ["市民の意見を反映し", "1月25日(木)～2月24日(土)"], ["[目標引上"]),
    ("hibari diff 2021-03 2024-01 2024-03", ["|備考"], ["改訂理由"]),
    ("hibari log furusato", ["改訂素案（素案、令和6年1月22日）"], ["(2024)"]),
    # what is inserted into a section is no new section, and no verb belongs to a number
    ("misaki points 2023-12 2024-03", ["「めざす町」の見直し", "（「2台」→「3台」）"], ["「めざす町」の追加"]),
    ("misaki points 2019-06 2023-12", ["理由：進め方を先に示すため"], []),
    # a breakdown whose lines are the same has not changed; what has, has the reason of its line
    ("kasumi points 2024-09 2025-03", ["目標値変更2"], ["内訳"]),
    ("kasumi points 2020-03 2024-09", ["肺は実績を踏まえたため、", "現況値を新たに60,120人"], ["－から"]),
    ("kasumi points 2020-03 2024-09", ["目標指標追加2、目標指標削除1"], ["管理指標追加"]),
    ("kasumi diff 2020-03 2024-09 -f markdown", ["「健康クラブの会員数」の所管変更"], []),
    ("misaki diff 2019-06 2023-12 -f markdown", ["並び順:「帰って"], ["その他:並び順"]),
    # a new title is no error
    ("kasumi errata 2020-03 2024-09", ["〔921g/人・日〕", "〔912g/人・日〕"], ["脱炭素"]),
    ("kasumi diff 2020-03 2024-09 --only corrected", ["脱炭素・環境"], ["〔脱炭素・〕"]),
    ("minato points 2020-03 2023-08", ["理由：国の考え方に合わせるため"], []),
]  # fmt: skip


def printed(city, words, capsys, monkeypatch):
    monkeypatch.chdir(CITIES / city)
    assert main(words) == 0
    return GAPS.sub("", capsys.readouterr().out)


@pytest.mark.parametrize(("command", "wanted", "unwanted"), SAID, ids=[each[0] for each in SAID])
def test_a_paper_of_another_city_is_true(command, wanted, unwanted, capsys, monkeypatch):
    city, *words = command.split()
    found = printed(city, words, capsys, monkeypatch)
    assert [each for each in wanted if GAPS.sub("", each) not in found] == [], found
    assert [each for each in unwanted if GAPS.sub("", each) in found] == [], found


@pytest.mark.parametrize(
    ("city", "step", "order"),
    [
        ("minato", "2020-03 2023-08", ["④］農商工連携", "［追加：⑤企業誘致］", "［削除：2企業を呼ぶ］"]),
        ("tsukino", "2019-03 2024-03", ["高齢者大学］", "［追加：ウ就労相談］", "［削除：②障がい者福祉］"]),
        ("kasumi", "2020-03 2024-09", ["［追加：定義認知件数", "［削除：目標指標防災訓練"]),
        (
            "kasumi",
            "2020-03 2024-09",
            ["内訳肺21.4%（平成30年度）→［削除：50%］［追加：45%］", "出典県推計［追加：（令和5年改"],
        ),
        ("misaki", "2019-06 2023-12", ["［追加：学校を真ん中にした町］", "［削除：進め方］", "［削除：おわりに］"]),
    ],
)
def test_what_came_stands_below_what_it_belongs_to(city, step, order, capsys, monkeypatch):
    found = printed(city, ["diff", *step.split(), "--layout", "miekeshi"], capsys, monkeypatch)
    places = [found.index(each) for each in order]
    assert places == sorted(places)


@LAWS
@given(random=RANDOM)
def test_no_paragraph_is_read_below_a_heading_of_the_other_text_alone(random):
    old, new = revised(random)
    above = []
    for step in steps(compare(old, new), DEFAULT_PROFILE):
        passage = step.new or step.old
        depth = -1 if passage.role == "part" and passage.kind == "heading" else passage.depth
        below = passage.kind != "heading"
        above = [each for each in above if each[0] < depth + below]
        assert step.old or not above or above[-1][1].new
        if not below:
            above.append((depth, step))


def test_marks_end_at_a_number_behind_an_open_bracket():
    assert pieces("計1,000人", "計（1,000人）").new == (("計", False), ("（", True), ("1,000人", False), ("）", True))


def test_numbers_of_the_overview_are_those_of_the_counts():
    kpi = Indicator("k", "target", "人口", "人", baseline=Value(2019, 5), target=Value(2025, 9))
    old = edition(*(item("initiative", number, f"取組{number}") for number in (1, 2, 3)), name="old", indicators=(kpi,))
    new = edition(item("initiative", 1, "取組3", id="initiative-3"), indicators=(kpi,))
    labels = {"target": "成果指標", "baseline": "当初値"}
    plan = overview(compare(old, new), replace(DEFAULT_PROFILE, labels=labels, flags={"removed": "終了"}))
    assert sum(said for _, said in plan.changes) == sum(each.number for each in plan.counts) == 2
    assert plan.aims.startswith("成果指標（▼ 当初値")
    assert plan.bullets[0].words.startswith("当初値 5人")
    assert dict(plan.hues)["come"] == "新規・終了"
    assert {each.sign for each in plan.ribbons} == {"終", ""}


def test_rows_of_indicators_stand_in_the_order_of_the_edition(capsys, monkeypatch):
    found = printed("kasumi", ["diff", "2020-03", "2024-09", "-f", "markdown"], capsys, monkeypatch)
    places = [
        found.rindex(each) for each in ("刑法犯の認知件数", "不法投棄の件数", "防災訓練の参加者数", "自主防災組織")
    ]
    assert places == sorted(places)


def test_a_row_of_its_own_goes_on_in_the_row_of_its_item(capsys, monkeypatch):
    monkeypatch.chdir(CITIES / "minato")
    assert main(["diff", "2020-03", "2023-08", "2023-12", "2024-03", "-f", "markdown"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "相談件数" in line]
    told = ("40件", "60件", "80件", "素案：拡充", "夜間も", "素案：上方修正", "決定：上方修正")
    assert [each for each in told if each not in row] == []
    assert row.index("夜間も") < row.index("素案：上方修正")


def test_a_place_ends_before_what_opens_the_title_and_has_titles_where_no_number_tells():
    goal = Level("goal", "goals", "柱", "literal", "第{number}の{label}　{title}")
    levels = (
        goal,
        Level("policy", "policies", "施策", "none"),
        Level("initiative", "initiatives", "取組", "circled", "取組{number}：{title}"),
    )
    profile = replace(DEFAULT_PROFILE, levels=levels)
    path = [item("goal", "一", "学ぶ"), item("policy", None, "学校"), item("initiative", 2, "給食")]
    assert place(path, profile) == "第一の柱「学校」取組②"
    assert called(path[2], profile) == "取組②「給食」"
    assert place([item("goal", None, "その他"), *path[1:]], profile) == "その他「学校」取組②"
    assert place([item("viewpoint", None, "")], DEFAULT_PROFILE) == "重要な視点"


def test_what_a_plan_is_called_inside_is_no_change():
    old, new = edition(name="old"), edition()
    assert not compare(replace(old, plan=replace(old.plan, id="first")), new).changed


def test_an_indicator_that_is_listed_again_is_one_aim():
    target = Indicator("k", "target", "会員数", "人", baseline=Value(2019, 5), target=Value(2025, 9))
    goals = [
        item("goal", at, "目標", indicators=(each,))
        for at, each in enumerate((target, replace(target, id="m", same_as="k")))
    ]
    assert len(overview(compare(edition(*goals, name="old"), edition(*goals)), DEFAULT_PROFILE).bullets) == 1


def test_the_sheet_says_what_it_is_however_long_the_name_of_the_plan():
    old, new = (
        edition(item("goal", 1, "目標"), title="例示市の将来にわたる総合的な戦略" * 5, name=name) for name in "ab"
    )
    shown = drawing(overview(compare(old, new), DEFAULT_PROFILE)).partition("</desc>")[2]
    assert "改定の概要" in re.sub("<title>.*?</title>|<[^>]+>", "", shown)


def test_what_rose_out_of_the_flow_is_not_abolished():
    stays, raised = item("initiative", 1, "丁", id="s"), item("initiative", 2, "乙", id="i")
    first = item("policy", 1, "甲", stays, id="p")
    second = item("policy", 2, "乙", item("initiative", 1, "丙", id="f"), id="i")
    old = edition(item("goal", 1, "目標", replace(first, children=(stays, raised))), name="old")
    new = edition(item("goal", 1, "目標", first, second))
    gone = [each for each in overview(compare(old, new), DEFAULT_PROFILE).ribbons if each.right is None]
    assert [(each.name, each.sign) for each in gone] == [("乙", "統")]


def test_the_old_side_of_the_overview_has_the_words_of_the_old_edition(capsys, monkeypatch):
    found = printed("tsukino", ["overview", "-f", "svg"], capsys, monkeypatch)
    assert "1-①地域福祉" in found
    assert "(2)-1地域福祉" in found


@pytest.mark.parametrize(
    ("heading", "number", "around"),
    [
        ("第{number}章　{title}", None, ("", True, "")),
        ("第{number}章　{title}", 2, ("第2章　", True, "")),
        ("（{number}）{title}", None, ("", True, "")),
        ("{label}{number}（{title}）", None, ("柱（", True, "）")),
        ("{label}{number}　{title}", None, ("柱　", True, "")),
    ],
)
def test_no_words_about_a_number_without_one(heading, number, around):
    assert replace(SECTION, label="柱", heading=heading).around(number) == around


def test_a_slide_has_the_text_around_a_table_and_no_columns_that_are_not_notes(tmp_path, monkeypatch):
    monkeypatch.chdir(CITIES / "hibari")
    assert main(["briefing", "2024-01", "2024-03", "-o", str(tmp_path / "b.pptx")]) == 0
    slides = [[*slide.shapes] for slide in pptx.Presentation(str(tmp_path / "b.pptx")).slides]
    words = ["".join(shape.text_frame.text for shape in slide if shape.has_text_frame) for slide in slides]
    (at,) = [at for at, text in enumerate(words) if "意見を募り" in text]
    assert "3件を反映" in words[at]
    assert any(shape.has_table for shape in slides[at])
    monkeypatch.chdir(CITIES / "minato")
    assert main(["diff", "2020-03", "2023-08", "-o", str(tmp_path / "d.pptx")]) == 0
    shapes = [shape for slide in pptx.Presentation(str(tmp_path / "d.pptx")).slides for shape in slide.shapes]
    assert [each.text_frame.text for each in shapes if each.has_text_frame and "●" in each.text_frame.text] == [
        "● 重要な視点2及び3の2つを統合\n● 感染症の位置付けが変わったため\n● 重要な視点3及び4に分割"
    ]


def test_an_empty_sheet_is_not_handed_out(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(CITIES / "misaki")
    assert main(["pack", "2019-06", "2023-12", "-o", str(tmp_path), "--number-from", "3"]) == 0
    titles = {path.stem for path in tmp_path.iterdir() if path.name.startswith("資料")}
    assert titles == {"資料3_新旧対照表", "資料4_見え消し", "資料5_改定のポイント", "資料6_溶け込み", "資料7_概要版"}
    assert main(["tree", "2023-12", "-f", "svg"]) == 0
    assert "体系図に示す施策はありません。" in capsys.readouterr().out


@pytest.mark.parametrize(("role", "label"), [("target", "数値目標追加"), ("kpi", "KPI追加")])
def test_counts_call_indicators_what_they_are(role, label):
    old = edition(item("initiative", 1, "取組"), name="old")
    new = edition(item("initiative", 1, "取組", indicators=(Indicator("k", role, "件数", "件"),)))
    assert [each.label for each in points(compare(old, new), DEFAULT_PROFILE).counts] == [label]


def test_the_city_calls_kinds_in_remarks_too():
    assert BY_CODE["owner-changed"].label == "所管変更"
    kpi = Indicator("k", "kpi", "件数", "件", owners=("甲課",), change=Declared(reason="理由"))
    old = edition(item("initiative", 1, "取組", indicators=(kpi,)), name="old")
    new = edition(item("initiative", 1, "取組", indicators=(replace(kpi, owners=("乙課",)),)))
    from atsugi_cli.layout.comparison import comparison

    document = comparison(compare(old, new), replace(DEFAULT_PROFILE, flags={"owner-changed": "担当替え"}))
    assert [row.note for row in document.blocks[0].rows if row.note] == ["「件数」の担当替え: 甲課 → 乙課"]
