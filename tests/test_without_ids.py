"""The city's own revision when the new edition keeps no id and declares nothing: all is inferred, and says so."""

from dataclasses import replace
from pathlib import Path

from editions import read

from atsugi_cli.compare import compare
from atsugi_cli.document import Paragraph
from atsugi_cli.layout.suggestions import suggestions
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import NOTHING_DECLARED

STRATEGY = Path(__file__).parents[1] / "strategies" / "atsugi-2"


def anonymous(strategy):
    """Replace every id and take every declaration out."""
    numbers = iter(range(1, 10_000))

    def bare(thing):
        return replace(thing, id=f"n{next(numbers)}-{thing.id}", origins=(), change=NOTHING_DECLARED)

    def under(item):
        return replace(
            bare(item),
            indicators=tuple(map(bare, item.indicators)),
            children=tuple(map(under, item.children)),
        )

    root = replace(strategy.root, children=tuple(map(under, strategy.root.children)))
    return replace(strategy, root=root)


def real(*, back=False):
    old, new = read(STRATEGY / "2020-03.yaml"), anonymous(read(STRATEGY / "2023-10.yaml"))
    return compare(new, old) if back else compare(old, new)


TABLE = {
    ("section-added", "", "展望"),
    ("text-changed", "推進体制", "推進体制"),
    ("renamed", "Society5.0の実現に向けた技術を活用した地域課題の解決", "デジタル技術を活用した地域課題の解決"),
    ("removed", "感染症に伴う新たな日常に対応した地域社会の構築", ""),
    ("added", "", "施策間連携・地域間連携による効果的な施策の推進"),
    (
        "reworded",
        "関係人口を創出し、あつぎの魅力を全国に発信する",
        "関係人口を創出し、魅力を全国に発信する",
    ),
    ("renamed", "都市間交流の促進", "都市間連携の強化"),
    ("kpi-added", "都市間交流の促進", "都市間連携の強化"),
    ("kpi-added", "あつぎの魅力の発信力強化", "あつぎの魅力の発信力強化"),
    ("added", "", "デジタルを活用した教育の推進"),
    ("kpi-added", "学ぶ場と活躍の場の創出", "学ぶ場と活躍の場の創出"),
    ("added", "", "デジタルの活用による生活利便性の向上"),
}
"""The city's own table, but for the merger, which nobody can know from the words: it reads as renamed and gone."""


def test_the_citys_own_table_is_found():
    changes = list(real().changes())
    found = {(c.kind.code, *("、".join(each.title for each in side) for side in (c.old, c.new))) for c in changes}
    assert found == TABLE
    assert len(changes) == len(TABLE)


def test_everything_is_said_to_be_a_guess():
    report = real()
    assert {change.decided for change in report.changes()} == {"inferred"}
    assert {link.decided for link in report.links} == {"inferred"}
    assert all(0 < link.confidence < 1 for link in report.links)


def test_what_the_source_leaves_out_is_paired_by_its_place():
    links = {link.old[0]: link.new[0] for link in real().links if link.old and link.new}
    new = read(STRATEGY / "2023-10.yaml")
    same = {item.id for item in new.items()} | {indicator.id for _, indicator in new.indicators()}
    kept = {old: new.partition("-")[2] for old, new in links.items()}
    renamed = {"society5": "digital", "city-exchange": "city-links"}
    assert kept == {old: renamed.get(old, old) for old in kept}
    assert set(kept) - same == set(renamed)


def test_suggestions_give_lines_to_paste():
    document = suggestions(real(), DEFAULT_PROFILE)
    text = "\n".join("".join(run.text for run in each.runs) for each in document.blocks if isinstance(each, Paragraph))
    assert "「都市間交流の促進」 → 「都市間連携の強化」（ほぼ確実、確度" in text
    assert "from: city-exchange\n" in text
    assert "現行の「感染症に伴う新たな日常に対応した地域社会の構築」（new-normal）の行き先" in text
    assert "- {id: new-normal, reason: …}" in text


def test_looking_back_says_the_same():
    forward = {(link.old, link.new, link.confidence) for link in real().links}
    assert {(link.new, link.old, link.confidence) for link in real(back=True).links} == forward
