"""改定のポイント in the paper's own form: numbered points, in the order of the paper, each with its reason once."""

from pathlib import Path
from random import Random

from editions import read
from hypothesis import given, settings
from hypothesis import strategies as st
from revised import revised

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.document import Heading, Paragraph
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE

HERE = Path(__file__).parent
ATSUGI = HERE.parent / "strategies" / "atsugi-2"


def parted(document):
    found = {}
    for block in document.blocks:
        if isinstance(block, Heading):
            title = block.text
        elif isinstance(block, Paragraph):
            found.setdefault(title, []).append(block.text)
    return found


def atsugi(points_of_author=""):
    old = read(ATSUGI / "2020-03.yaml")
    text = (ATSUGI / "2023-10.yaml").read_text(encoding="utf-8")
    return old, text.replace("  reasons:\n", f"{points_of_author}  reasons:\n")


def test_the_points_of_the_city_stand_in_its_order():
    old, new = (read(ATSUGI / f"{name}.yaml") for name in ("2020-03", "2023-10"))
    titles = [title for title in parted(points(compare(old, new), DEFAULT_PROFILE)) if title[0].isdigit()]
    assert titles == [
        "1　「展望」の追加",
        "2　重要な視点の見直し",
        "3　具体的な施策・主な取組の見直し",
        "4　「推進体制」の見直し",
    ]


OWN = """\
  points:
    - {title: 視点の再構成, reason: 国の戦略を勘案し、見直します。, parts: [viewpoints]}
    - {title: 教育のこと, parts: [birthrate]}
"""


def test_the_author_names_points_and_what_is_left_follows(tmp_path, capsys):
    old, text = atsugi(OWN)
    for name, words in (("2020-03", old.text), ("2023-10", text)):
        (tmp_path / f"{name}.yaml").write_text(words, encoding="utf-8")
    assert main(["points", str(tmp_path), "--root", str(tmp_path), "--width", "400"]) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("◇", "国の戦略"))]
    assert shown == [
        "◇ 1　視点の再構成",
        "国の戦略を勘案し、見直します。",
        "◇ 2　教育のこと",
        "◇ 3　「展望」の追加",
        "◇ 4　具体的な施策・主な取組の見直し",
        "◇ 5　「推進体制」の見直し",
    ]
    assert main(["new", "2024-03", "--root", str(tmp_path)]) in (0, 2)


def test_a_flat_list_stands_by_place(capsys):
    assert main(["points", "atsugi-2", "--root", str(ATSUGI.parent), "--flat"]) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("◇")]
    assert shown == [
        "◇ 文章",
        "◇ 重要な視点",
        "◇ 基本目標1　転入促進",
        "◇ 基本目標3　合計特殊出生率上昇",
        "◇ 基本目標4　転出抑制",
    ]


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_every_change_is_said_once_whether_flat_or_not(seed):
    revision = compare(*revised(Random(seed)))  # noqa: S311 - no secret
    both = [points(revision, DEFAULT_PROFILE, flat=flat).blocks for flat in (True, False)]
    lines = [
        sorted(str(each.flags) for each in blocks if isinstance(each, Paragraph) and each.flags) for blocks in both
    ]
    assert lines[0] == lines[1]


def test_a_reason_that_all_share_is_said_once():
    _, text = atsugi()
    shared = text.replace(
        "reason: デジ田戦略を勘案し", "reason: 新型コロナウイルス感染症が感染症法上の第5類になったことを踏まえ"
    )
    from atsugi_cli.project.reading import schemas
    from atsugi_cli.reader import read as read_bytes

    new = read_bytes(shared.encode(), "x.yaml", schemas()).strategy
    old = read(ATSUGI / "2020-03.yaml")
    lines = parted(points(compare(old, new), DEFAULT_PROFILE))["2　重要な視点の見直し"]
    assert [line.count("第5類になったことを踏まえ") for line in lines] == [1, 0, 0]


def test_what_the_source_does_not_give_is_not_said(capsys):
    plans = Path(__file__).parent.parent / "strategies"
    assert (
        main(["points", "atsugi-1/2016-03", "atsugi-1/2020-04", "--root", str(plans), "-f", "markdown", "--handout"])
        == 0
    )
    said = capsys.readouterr().out
    assert "計画全体の「合計特殊出生率」の目標値を改めます。" in said
    assert "未登録" not in said
