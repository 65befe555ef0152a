"""Numbers and terms in prose, one sentence a case: what is a slip, and what only looks like one."""

import pytest
from builders import head

from atsugi_cli.levels import Level, Profile
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read
from atsugi_cli.rules import check
from atsugi_cli.rules.base import Subject

HEAD = head("2024-03", title="第2期厚木市総合戦略", city="厚木市")
BODY = """\
sections:
  - {{id: s, title: {title}, body: "{body}"}}
viewpoints: [{{id: v1, number: 1, title: 甲}}, {{id: v2, number: 2, title: 乙}}, {{id: v3, number: 3, title: 丙}}]
goals:
  - id: g1
    number: 1
    title: 転入促進
    targets: [{{id: t1, name: 転入者数, unit: 人}}, {{id: t2, name: 転出者数, unit: 人}}]
    policies:
      - id: p1
        number: 1
        title: 交流
        initiatives:
          - {{id: i1, number: 1, title: 都市間連携の強化, kpis: [{{id: k1, name: 連携数, unit: 件}}]}}
          - {{id: i2, number: 2, title: 魅力発信, kpis: [{{id: k2, name: 発信数, unit: 件}}]}}
  - id: g2
    number: 2
    title: 雇用創出
    targets: [{{id: t3, omitted: true}}]
    policies: [{{id: p2, number: 1, omitted: true}}, {{id: p3, number: 2, omitted: true}}]
"""


def found(body, *, title="推進", profile=None, base=None):
    profile = profile or Profile()

    def strategy(words):
        result = read(f"{HEAD}{BODY.format(title=title, body=words)}".encode(), "x.yaml", schemas(), profile)
        assert result.strategy is not None
        return result.strategy

    subject = Subject(strategy(body), profile, strategy(base) if base else None)
    codes = {"count-mismatch", "near-term", "abbreviation-mismatch", "misspelling"}
    text = subject.strategy.text.split("\n")
    return [
        text[each.place.line - 1][each.place.column - 1 : each.place.end_column - 1]
        for each in check(subject)
        if each.rule.code in codes
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("四つの基本目標を推進する", "四つの基本目標"),
        ("4つの基本目標", "4つの基本目標"),
        ("４つの「基本目標」", "４つの「基本目標」"),
        ("四本の基本目標と二つの重要な視点", "二つの重要な視点"),
        ("十二の重要な視点と12の重要な視点", "12の重要な視点"),
        ("基本目標を3つ設定し、", "基本目標を3つ"),
        ("全5項目の重要な視点", "5項目の重要な視点"),
        ("重要な視点は、次の二つです。", "重要な視点は、次の二つ"),
        ("二つの数値目標を設定", "二つの数値目標"),
        ("国の総合戦略を勘案し、本市では三つの基本目標を", "三つの基本目標"),
        ("これまでの取組を発展させて四つの基本目標を施策横断的に", "四つの基本目標"),
        ("第2期の五つの基本目標", "五つの基本目標"),
    ],
)
def test_wrong_numbers(body, said):
    assert said in found(body)


@pytest.mark.parametrize(
    "body",
    [
        "二つの基本目標と三つの重要な視点、3項目の重要な視点、重要な視点は3つ",
        "二つの基本目標のうち一つの基本目標",
        "三つの基本目標のうち二つを重点とする。",
        "国の四つの基本目標に沿って、県が定める五つの基本目標と",
        "第1期では四つの基本目標を定めた",
        "総合計画の六つの基本目標",
        "基本目標4の取組、第三の基本目標、四つ目の基本目標、基本目標3つ目",
        "各基本目標に4つの数値目標を置く",
        "五つの数値目標、30のKPI、九つの主な取組",  # what is omitted may be so many
        "新たに一つの基本目標と四つの重要な視点を追加",
        "四つの重要な視点を三つに統合し",
        "五つ以上の重要な視点、約4つの基本目標",
        "2024年の基本目標、10.5の基本目標、令和4の基本目標",
        "四つの施策に取り組む。3つの事業。",
        "基本目標は四つの柱からなる",
    ],
)
def test_right_numbers_and_those_of_something_else(body):
    assert found(body) == []


def test_numbers_of_a_city_with_other_levels():
    levels = (
        Level("viewpoint", "viewpoints", "横断的視点", cross=True),
        Level("goal", "goals", "施策の柱", indicators="targets"),
    )
    profile = Profile(levels=(*levels, *Profile().levels[2:]))
    assert found("三つの施策の柱と三つの横断的視点、四つの基本目標", profile=profile) == ["三つの施策の柱"]


def test_numbers_of_the_edition_that_is_revised_may_be_meant():
    words = "三つの基本目標を見直し"
    assert found(words) == [words[:7]]
    assert found("国では", title="四つの基本目標") == ["四つの基本目標"]


def test_sections_about_others_speak_of_others():
    assert found("四つの基本目標が定められた", title="国の動向") == []
    assert found("四つの基本目標が定められた", title="県の動向") == []
    assert found("四つの基本目標が定められた", title="本市の動向") == ["四つの基本目標"]


DEFINED = "デジタル田園都市国家構想総合戦略（以下「デジ田戦略」という。）を勘案し、"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"{DEFINED}デジ電戦略の内容を", ["デジ電戦略"]),
        (f"{DEFINED}デジ戦略の内容を", ["デジ戦略"]),
        ("合計特出生率", ["合計特出生率"]),
        ("合計特殊出生卒", ["合計特殊出生卒"]),
        ("合計得殊出生率、合計特殊出産率、合計特殊殊出生率、合計殊特出生率", None),
        ("デジタル田園都市国家構相", ["デジタル田園都市国家構相"]),
        ("都市間連の強化を", ["都市間連の強化"]),
    ],
)
def test_slips_in_terms(body, said):
    assert found(body) == (said or body.split("、"))


@pytest.mark.parametrize(
    "body",
    [
        f"{DEFINED}デジ田戦略とデジ田構想とデジ田交付金、国のデジ田戦略等",
        "出生率、出生数、合計特殊出生率の上昇、期間合計特殊出生率、重要業績評価指標（KPI）",
        "人口ビジョン改定、長期ビジョン、少子高齢社会、少子・高齢化、高齢化、生産年齢人口、老年人口",
        "総合計画、総合戦略、地方創生、地方再生、デジタル田園都市構想、関係人口、交流人口",
        "都市間の連携の強化、都市間連携強化、都市間連携等の強化、都市間交流の強化、都市間連携の促進",
        "女性活躍推進本部（以下「女性活躍本部」という。）と男性活躍本部",
        "第2期総合戦略（以下「第2期戦略」という。）は第1期戦略を継ぐ",
    ],
)
def test_other_words_are_no_slips(body):
    assert found(body) == []
