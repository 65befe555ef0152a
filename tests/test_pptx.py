import re
import sys
from dataclasses import replace
from io import BytesIO
from math import ceil
from pathlib import Path

import pptx as reader
import pytest
from editions import read
from hypothesis import given, settings
from hypothesis import strategies as st
from office import assert_valid, merged, on_another_day
from papers import COMPARISON, REVISION, STAMP, line, sides
from plans import HOSTILE, crowded, edition, item
from pptx.util import Mm

from atsugi_cli.compare import compare
from atsugi_cli.document import Column, Document, Heading, Paragraph, Run, Table
from atsugi_cli.formats import pptx, slides
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.formats.slides import Band, Ink, Text
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.width import width_of

ATSUGI = Path(__file__).parent.parent / "strategies" / "atsugi-2"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
GAP = "\u3000"


@pytest.fixture(scope="module")
def atsugi():
    return compare(read(ATSUGI / "2020-03.yaml"), read(ATSUGI / "2023-10.yaml"))


@pytest.fixture(scope="module")
def big():
    return comparison(crowded()[2], DEFAULT_PROFILE)


def printed(document, **options):
    return reader.Presentation(BytesIO(pptx.write(document, Options(**options))))


def tables(deck):
    return [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]


def titles(deck):
    return [slide.shapes.title.text for slide in deck.slides]


def words(deck):
    return "\n".join(each.text or "" for slide in deck.slides for each in slide._element.iter(f"{DRAWING}t"))


def rows(deck):
    """Give the rows of all tables but their heads, and those that repeat a heading."""
    for table in tables(deck):
        for row in list(table.rows)[1:]:
            if slides.MORE not in row.cells[0].text:
                yield row


def side(deck, at):
    """Give what one side says as (text, underlined), without the kinds and notes beside it."""
    found = []
    for row in rows(deck):
        for paragraph in row.cells[at].text_frame.paragraphs:
            for run in paragraph.runs:
                colour, size = str(run.font.color.rgb), run.font.size.pt
                if colour != slides.RED and (colour, size) != (slides.GREY, 11):
                    found.append((run.text, bool(run.font.underline)))
    return merged(found)


def wanted(document, at, both=True):
    found = []
    for block in document.blocks:
        for row in block.rows if isinstance(block, Table) and block.code == "comparison" else ():
            heads = row.role == "part" and row.cells[0] == row.cells[1]  # the title of the slide says it
            for each in () if heads else row.cells[at].lines:
                gap = each.label_mark if each.runs and each.runs[0].mark == each.label_mark else ""
                label = [(each.label, each.label_mark), (GAP, gap)] if each.label else []
                found += label + [(run.text, run.mark) for run in each.runs]
    return merged((text, mark == "new" or (both and mark == "old")) for text, mark in found)


def table_of(*rows):
    columns = (Column("現行", code="old"), Column("改定後", code="new"), Column("備考", code="flags"))
    return Document("comparison", "題", (Table("comparison", columns, rows),), STAMP, legend="下線は改定部分")


def merger(olds):
    """A revision that makes one viewpoint of several."""
    ids = tuple(f"viewpoint-{number}" for number in range(1, olds + 1))
    old = edition(*(item("viewpoint", number, f"視点の{number}") for number in range(1, olds + 2)), name="old")
    new = edition(
        item("viewpoint", 1, "合わせた視点", id="one", origins=ids),
        item("viewpoint", 2, f"視点の{olds + 1}", id=f"viewpoint-{olds + 1}"),
    )
    return comparison(compare(old, new), DEFAULT_PROFILE)


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", ["comparison", "points", "paper", "hostile", "titles"])
def test_the_file_is_valid(made, atsugi, tmp_path):
    document = {
        "comparison": lambda: comparison(atsugi, DEFAULT_PROFILE),
        "points": lambda: points(atsugi, DEFAULT_PROFILE),
        "paper": lambda: REVISION,
        "hostile": lambda: table_of(sides("policy", [line(HOSTILE)], [line(HOSTILE, HOSTILE)], note=HOSTILE)),
        "titles": lambda: replace(
            REVISION, title=HOSTILE, subtitle=HOSTILE, stamp=replace(STAMP, owner=HOSTILE, plan=HOSTILE)
        ),
    }[made]()
    assert_valid(pptx.write(document, Options()), tmp_path / "slides.pptx")


def test_the_same_revision_gives_the_same_bytes_on_any_day(atsugi, monkeypatch):
    document = comparison(atsugi, DEFAULT_PROFILE)
    first = pptx.write(document, Options())
    monkeypatch.setenv("TZ", "America/New_York")
    on_another_day(monkeypatch)
    assert pptx.write(document, Options()) == first


def test_the_file_names_the_section_and_brings_nothing_of_the_library_along(atsugi):
    deck = printed(comparison(atsugi, DEFAULT_PROFILE))
    assert deck.core_properties.author == "厚木市 政策部 企画政策課"
    assert deck.core_properties.created.isoformat()[:10] == "2023-10-17"
    assert [layout.name for layout in deck.slide_layouts] == ["表題と内容"]
    names = [str(part.partname) for part in deck.part.package.iter_parts()]
    assert not [name for name in names if "thumbnail" in name or "printerSettings" in name]


def test_every_run_has_japanese_fonts_and_language(atsugi):
    for slide in printed(comparison(atsugi, DEFAULT_PROFILE)).slides:
        for look in slide._element.iter(f"{DRAWING}rPr"):
            fonts = {kind: look.find(f"{DRAWING}{kind}").get("typeface") for kind in ("latin", "ea", "cs")}
            assert set(fonts.values()) == {"BIZ UDPゴシック"}
            assert look.get("lang") == "ja-JP"


def test_without_the_library_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(MissingError, match=r'pip install "atsugi-cli\[powerpoint\]"'):
        pptx.write(REVISION, Options())


# --- the comparison ---------------------------------------------------------------------------------------------------


def without_joints(document):
    """Drop the rows whose items are shown side by side in another order."""
    blocks = tuple(
        replace(block, rows=tuple(row for row in block.rows if row.role != "viewpoint"))
        if isinstance(block, Table)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


@pytest.mark.parametrize("underline", ["both", "new"])
@pytest.mark.parametrize("made", ["atsugi", "big"])
def test_both_sides_say_and_mark_what_the_document_does(made, underline, atsugi, big):
    document = without_joints(comparison(atsugi, DEFAULT_PROFILE) if made == "atsugi" else big)
    deck = printed(document, underline=underline)
    for at in (0, 1):
        assert side(deck, at) == wanted(document, at, underline == "both")


def test_each_part_has_slides_and_a_title_of_its_own(atsugi):
    assert titles(printed(comparison(atsugi, DEFAULT_PROFILE))) == [
        "第2期厚木市まち・ひと・しごと創生総合戦略　新旧対照表",
        "1　「展望」の追加",
        "2　「重要な視点」の見直し",
        "3　「具体的な施策・主な取組」の見直し",
        "3　「具体的な施策・主な取組」の見直し（続き）",
        "4　「推進体制」の見直し",
    ]


def test_kinds_stand_in_red_behind_the_new_item(atsugi):
    cells = [row.cells[1].text_frame for row in rows(printed(comparison(atsugi, DEFAULT_PROFILE)))]
    said = {paragraph.text for cell in cells for paragraph in cell.paragraphs}
    assert "①　都市間連携の強化 【名称変更・KPI追加】" in said
    red = [
        run.text
        for cell in cells
        for each in cell.paragraphs
        for run in each.runs
        if run.font.color.rgb == reader.dml.color.RGBColor(0xC0, 0, 0)
    ]
    assert red.count(" 【新規】") == 2


def test_a_slide_ends_at_the_same_line_on_both_sides():
    pairs = [
        (f"旧い段落その{at}。" * (9 if at % 2 else 1), f"新しい段落その{at}。" * (1 if at % 2 else 9))
        for at in range(30)
    ]
    old, new = ([line(text, kind="body") for text in texts] for texts in zip(*pairs, strict=True))
    deck = printed(table_of(sides("text", old, new)))
    assert len(tables(deck)) > 1
    for row in rows(deck):
        numbers = [set(re.findall("その([0-9]+)。", row.cells[at].text)) for at in (0, 1)]
        assert numbers[0] == numbers[1]


def test_a_part_that_is_new_says_so(atsugi):
    cells = [[cell.text for cell in row.cells] for row in rows(printed(comparison(atsugi, DEFAULT_PROFILE)))]
    assert ["（新設）", "【展望】"] in cells


def test_what_was_merged_keeps_its_place_on_the_old_side(atsugi):
    deck = printed(comparison(atsugi, DEFAULT_PROFILE))
    (slide,) = [each for each in deck.slides if any(shape.name == "矢印" for shape in each.shapes)]
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    for at in (0, 2):
        heads = [row.cells[at].text.split("\n")[0].partition(" ")[0] for row in table.rows][1:]
        assert heads == [f"重要な視点{number}" for number in (1, 2, 3, 4)]
    assert "2つを統合" in {shape.text for shape in slide.shapes if shape.has_text_frame}


def test_the_new_side_may_stand_left(atsugi):
    profile = replace(DEFAULT_PROFILE, table=replace(DEFAULT_PROFILE.table, order="new-old"))
    deck = printed(comparison(atsugi, profile))
    assert [cell.text for cell in tables(deck)[-1].rows[0].cells] == ["改定後", "現行"]
    assert any("【KPI追加】" in row.cells[0].text for row in rows(deck))
    assert not any("【" in row.cells[len(row.cells) - 1].text for row in rows(deck))


@pytest.mark.parametrize("olds", [2, 3, 5])
def test_a_merger_is_drawn_with_as_many_arrows_as_it_has_parts(olds):
    (slide,) = [each for each in printed(merger(olds)).slides if any(shape.has_table for shape in each.shapes)]
    tags = [
        shape.text
        for shape in slide.shapes
        if shape.has_text_frame and "統合" in shape.text and shape.text[0].isdigit()
    ]
    assert tags == [f"{olds}つを統合"]
    arrows = [shape for shape in slide.shapes if shape.name == "矢印"]
    assert len(arrows) == olds
    ids = {shape.shape_id for shape in slide.shapes}
    for arrow in arrows:
        ends = [end.get("id") for end in arrow._element.iter() if end.tag.endswith(("stCxn", "endCxn"))]
        assert len(ends) == 2
        assert {int(end) for end in ends} <= ids
    assert len({(arrow.end_x, arrow.end_y) for arrow in arrows}) == 1
    assert len({arrow.begin_y for arrow in arrows}) == olds


def test_a_split_is_drawn_with_an_arrow_to_each_part():
    old = edition(item("viewpoint", 1, "地域と産業の連携"), name="old")
    new = edition(
        *(
            item("viewpoint", at, title, id=title, origins=("viewpoint-1",))
            for at, title in ((1, "地域の連携"), (2, "産業の連携"))
        )
    )
    deck = printed(comparison(compare(old, new), DEFAULT_PROFILE))
    (slide,) = [each for each in deck.slides if any(shape.has_table for shape in each.shapes)]
    assert "2つに分割" in [shape.text for shape in slide.shapes if shape.has_text_frame]
    assert len([shape for shape in slide.shapes if shape.name == "矢印"]) == 2
    assert [row.cells[0].text for row in rows(deck)] == ["重要な視点1\n地域と産業の連携", ""]


def test_unchanged_viewpoints_are_named_beside_the_merged_ones(atsugi):
    said = words(printed(comparison(atsugi, DEFAULT_PROFILE)))
    assert said.count("SDGsの理念や目標達成に向けた施策の展開") == 2


def test_more_viewpoints_than_a_slide_holds_become_an_ordinary_table():
    deck = printed(merger(30))
    assert not [shape for slide in deck.slides for shape in slide.shapes if shape.name == "矢印"]
    assert len(list(deck.slides)) > 2


# --- room -------------------------------------------------------------------------------------------------------------


def assert_fits(deck):
    """Check that nothing runs off its slide, reckoning lines anew from the file."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                widths = [column.width for column in shape.table.columns]
                assert shape.top + sum(row.height for row in shape.table.rows) <= Mm(pptx.BOTTOM) + 9
                for row in shape.table.rows:
                    assert row.height >= max(map(needed, row.cells, widths))
            elif shape.has_text_frame and shape.name == "本文":
                assert needed(shape, shape.width) <= shape.height


def needed(frame, width):
    """Give the height of a cell or box whose lines are filled to the last half character."""
    total = 0
    for paragraph in frame.text_frame.paragraphs:
        size = max((run.font.size for run in paragraph.runs), default=0)
        indent = int(paragraph._p.pPr.get("marL", 0)) if paragraph._p.pPr is not None else 0
        length = sum(width_of(run.text) * run.font.size / 2 for run in paragraph.runs)
        total += ceil(length / (width - Mm(2 * slides.SIDE) - indent)) * size
    return total


@pytest.mark.parametrize("made", ["big", "prose", "points"])
def test_nothing_runs_off_a_slide(made, big):
    prose = "本市は、施策を総合的かつ計画的に推進するとともに、市民及び事業者と連携して取り組みます。" * 50
    document = {
        "big": lambda: big,
        "prose": lambda: table_of(sides("text", [line(prose, kind="body")], [line(f"[{prose}]", kind="body")])),
        "points": lambda: points(crowded()[2], DEFAULT_PROFILE),
    }[made]()
    deck = printed(document)
    assert_fits(deck)
    assert any(title.endswith("（続き）") for title in titles(deck))


def test_long_prose_is_parted_at_full_stops():
    prose = "本市は、施策を総合的かつ計画的に推進します。" * 90
    deck = printed(table_of(sides("text", [line(prose, kind="body")], [line(f"[{prose}]", kind="body")])))
    found = list(rows(deck))
    assert len(found) > 1
    assert all(row.cells[0].text.endswith("。") for row in found)
    assert "".join(row.cells[0].text for row in found) == prose


def test_an_item_stays_on_one_slide_with_what_belongs_to_it():
    items = [
        sides(
            "initiative",
            *[[line(f"取組{at}", kind="title"), line("文。" * 40, kind="body"), line("指標", kind="kpi")]] * 2,
        )
        for at in range(12)
    ]
    deck = printed(table_of(sides("goal", *[[line("目標", kind="heading")]] * 2), *items))
    assert_fits(deck)
    for table in tables(deck):
        said = [row.cells[0].text for row in list(table.rows)[1:] if slides.MORE not in row.cells[0].text]
        assert "取組" in (said[0] if said[0] != "目標" else said[1])
        assert said[-1] == "指標"


def test_a_group_that_goes_on_repeats_its_heading(big):
    deck = printed(big)
    firsts = [table.rows[1].cells[0].text for table in tables(deck) if len(table.columns) == 2]
    assert any(first.startswith("基本目標1（") and first.endswith(slides.MORE) for first in firsts)


def test_a_slide_that_goes_on_inside_a_policy_names_it_until_the_next_one():
    def band(words, depth, **more):
        return slides.Band(((slides.Text(((words, slides.Ink()),), first=depth),),) * 2, **more)

    bands = [band("目標", 0, introduces=True)]
    for policy in range(1, 4):
        bands.append(band(f"施策{policy}", 5, starts=False, introduces=True, opens=True))
        bands += [band(f"取組{policy}-{at}", 10, starts=False, opens=True) for at in range(20)]
    pages = slides.paged(bands, (100, 100), 100, 100)
    assert len(pages) > 5
    for page in pages[1:]:
        words = ["".join(text for text, _ in each.cells[0][0].pieces) for each in page]
        above = [each.removesuffix(slides.MORE) for each in words if each.endswith(slides.MORE)]
        first = words[len(above)]
        assert above == ["目標"] if first.startswith("施策") else ["目標", f"施策{first[2]}"]


@pytest.mark.parametrize("count", range(1, 40))
def test_no_line_stands_alone_where_a_text_goes_on(count):
    words = [
        Paragraph((Run(f"{at}番目の項目は、施策を総合的かつ計画的に推進します。" * 2),), bullet="・")
        for at in range(count)
    ]
    deck = printed(Document("points", "題", (Heading("変更の内容", 2), *words), STAMP))
    pages = [
        [paragraph.text for shape in slide.shapes if shape.name == "本文" for paragraph in shape.text_frame.paragraphs]
        for slide in deck.slides
    ]
    assert_fits(deck)
    assert [text[2:] for page in pages for text in page if text.startswith("・")] == [each.text for each in words]
    assert all(len(page) > 1 for page in pages[2:])


@pytest.mark.parametrize("above", range(40))
def test_no_indicator_is_cut_in_half(above):
    """Whatever stands before them and moves them to any place of a slide."""
    names = [f"指標{at}　{'子育て支援の拠点を利用した市民の割合と満足度' * 3}　50%（令和7年度）" for at in range(9)]
    told = [[line(name, label="KPI", kind="kpi", indent=2) for name in names] for _ in range(2)]
    prose = [line("施策を推進します。" * 16, kind="body") for _ in range(above % 8)]
    rest = line("推進します。" * (above * 5), kind="body")
    titles = [[line("取組", label="①", kind="title", indent=1)] for _ in range(2)]
    deck = printed(
        table_of(
            sides("text", [rest, *prose], [rest, *prose]),
            sides("initiative", *map(list.__add__, titles, told)),
        )
    )
    cells = {paragraph.text for row in rows(deck) for cell in row.cells for paragraph in cell.text_frame.paragraphs}
    assert {f"KPI{GAP}{name}" for name in names} <= cells


def test_an_endless_title_still_fits_its_bar():
    deck = printed(replace(REVISION, title="長い題" * 150))
    (first, *_) = deck.slides
    (run,) = first.shapes.title.text_frame.paragraphs[0].runs
    lines = ceil(width_of(run.text) * run.font.size / 2 / Mm(277))
    assert lines * run.font.size * 1.25 <= Mm(17)


INKS = st.sampled_from((Ink(15), Ink(12, slides.RED), Ink(15, underlined=True)))
TEXTS = st.lists(st.tuples(st.text("漢字かなABC 。", max_size=200), INKS), max_size=4).map(
    lambda each: Text(tuple(each))
)
BANDS = st.builds(
    Band,
    st.tuples(*[st.lists(TEXTS, max_size=3).map(tuple)] * 2),
    st.booleans(),
    st.booleans(),
    opens=st.booleans(),
)


@settings(max_examples=150)
@given(st.lists(BANDS, max_size=12), st.floats(5, 60))
def test_pages_hold_every_word_once_and_nothing_is_too_tall(bands, first):
    widths, room = (60.0, 60.0), 60.0
    pages = slides.paged(bands, widths, first, room)
    for at, page in enumerate(pages):
        assert sum(band.height(widths) for band in page) <= (room if at else first) + 1e-6
    for column in (0, 1):
        said = [
            "".join(text for each in band.cells[column] for text, _ in each.pieces)
            for page in pages
            for band in page
            if not any(text == slides.MORE for block in band.cells for each in block for text, _ in each.pieces)
        ]
        assert "".join(said) == "".join(
            text for band in bands for each in band.cells[column] for text, _ in each.pieces
        )


# --- points and others ------------------------------------------------------------------------------------------------


def test_points_say_reasons_counts_and_changes(atsugi):
    document = points(atsugi, DEFAULT_PROFILE)
    deck = printed(document)
    said = words(deck)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            assert all(run.text in said for run in block.runs)
    assert [cell.text for cell in tables(deck)[0].rows[1].cells] == [
        cell.text for cell in document.blocks[6].rows[0].cells
    ]
    assert titles(deck)[-1].startswith("変更の内容")


def test_every_slide_carries_the_check_number(atsugi):
    document = comparison(atsugi, DEFAULT_PROFILE)
    for slide in printed(document).slides:
        assert any(document.stamp.fingerprint in shape.text for shape in slide.shapes if shape.has_text_frame)


def test_hostile_text_is_only_text():
    deck = printed(table_of(sides("policy", [line(HOSTILE)], [line(HOSTILE)])))
    assert "<script>alert(1)</script>" in words(deck)
    assert "\x1b" not in words(deck)
    assert "\u202e" not in words(deck)


def test_a_paper_without_anything_is_one_slide():
    deck = printed(Document("comparison", "題", (replace(COMPARISON, rows=()),), STAMP))
    assert titles(deck) == ["題"]
    assert "2023-10-17" in words(deck)


def test_runs_beside_a_table_are_marked():
    deck = printed(Document("points", "題", (Paragraph((Run("変わる", "new"),), "・"),), STAMP))
    assert "変わる" in words(deck)
