"""対応表: who became whom between two plans, in every format, and whether each series of figures goes on."""

import json

import pytest
from builders import head, put

from atsugi_cli.cli.app import main

OLD = (
    head("2020-03", plan="mihon-2", title="第2期見本市総合戦略", city="見本市", date="2020-03-01", stage="adopted")
    + """\
goals:
  - id: work
    number: 1
    title: 地方に仕事をつくる
    policies:
      - id: firms
        number: 1
        title: 企業の支援
        initiatives:
          - {id: start, number: 1, title: 創業の支援}
          - {id: loans, number: 2, title: 融資あっせん}
          - {id: fair, number: 3, title: 物産展}
          - id: tours
            number: 4
            title: 観光ツアー
            kpis:
              - {id: guests, name: 旅行者数, unit: 人, target: {year: 2024, value: 100}}
              - {id: stays, name: 宿泊者数, unit: 人, target: {year: 2024, value: 10}}
              - {id: sales, name: 売上高, unit: 千円, target: {year: 2024, value: 10}}
"""
)
NEW = (
    head("2025-03", plan="mihon-3", title="第3期見本市総合戦略", city="見本市", period=(2025, 2029))
    + """\
goals:
  - id: work
    number: 1
    title: 稼ぐ地域をつくる
    policies:
      - id: firms
        number: 1
        title: 企業の支援
        initiatives:
          - {id: money, number: 1, title: 創業と融資の支援, from: [start, loans]}
          - {id: shops, number: 2, title: 商店街, change: {flags: [added]}}
      - id: travel
        number: 2
        title: 観光
        initiatives:
          - id: tours
            number: 1
            title: 観光ツアー
            kpis:
              - {id: guests, name: 旅行者数, unit: 人, target: {year: 2029, value: 100}}
              - {id: nights, from: stays, name: 延べ宿泊者数, unit: 人泊, target: {year: 2029, value: 10}}
              - id: sales
                name: 売上高
                unit: 円
                definition: 市内の売上げ
                target: {year: 2029, value: 10, aggregation: cumulative, span: [2025, 2029]}
"""
)


@pytest.fixture
def plans(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put("strategies/mihon-2/2020-03.yaml", OLD)
    put("strategies/mihon-3/2025-03.yaml", NEW)
    return ["mihon-2", "mihon-3"]


def printed(capsys, *words):
    assert main(["crosswalk", *words]) == 0
    return capsys.readouterr().out


def test_every_item_and_every_indicator_has_its_row(plans, capsys):
    data = json.loads(printed(capsys, *plans, "-f", "json"))
    found = {
        (tuple(one["id"] for one in each["old"]), tuple(one["id"] for one in each["new"])): (
            each["became"],
            each["decided"],
        )
        for each in data["relations"]
    }
    assert found == {
        (("work",), ("work",)): (["retitled"], "id"),
        (("firms",), ("firms",)): (["kept"], "id"),
        (("start", "loans"), ("money",)): (["joined"], "declared"),
        ((), ("shops",)): (["new"], "declared"),
        ((), ("travel",)): (["new"], "inferred"),
        (("tours",), ("tours",)): (["relocated"], "id"),
        (("fair",), ()): (["ended"], "inferred"),
    }
    assert [(each["new"][0]["id"], each["state"], each["breaks"]) for each in data["series"]] == [
        ("guests", "continued", []),
        ("nights", "broken", ["unit"]),
        ("sales", "broken", ["definition", "aggregation", "span"]),
    ]


def test_the_table_says_both_places_and_how_it_is_known(plans, capsys):
    text = printed(capsys, *plans, "--width", "160")
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if "|" in line]
    assert ["基本目標1-1-④", "観光ツアー", "移動", "基本目標1-2-①", "観光ツアー", "同じid"] in rows
    assert ["基本目標1-1-③", "物産展", "対応先なし", "", "", "要確認"] in rows
    assert any("断絶（定義、集計方法、集計する年数）" in row[-1] for row in rows)
    assert "第2期見本市総合戦略" in text
    assert "第3期見本市総合戦略" in text


@pytest.mark.parametrize("code", ["text", "markdown", "html", "docx", "xlsx", "csv"])
def test_a_handout_says_only_what_is_settled(plans, code, tmp_path, capsys):
    from test_handouts import INTERNAL, words

    path = tmp_path / f"paper.{'txt' if code == 'text' else 'md' if code == 'markdown' else code}"
    assert main(["crosswalk", *plans, "-o", str(path), "--handout"]) == 0
    assert "--suggest" in capsys.readouterr().err
    shown = words(path)[0]
    assert [word for word in INTERNAL if word in shown] == []
    assert "確認中" in shown
    assert "観光ツアー" in shown


def test_what_a_plan_leaves_out_is_neither_new_nor_renamed(capsys, monkeypatch):
    from printed import SCHEMAS

    monkeypatch.chdir(SCHEMAS.parent)
    data = json.loads(printed(capsys, "2020-03", "2023-10", "-f", "json"))
    new = [each["new"][0]["title"] for each in data["relations"] if each["became"] == ["new"]]
    assert new == [
        "展望",
        "施策間連携・地域間連携による効果的な施策の推進",
        "デジタルを活用した教育の推進",
        "デジタルの活用による生活利便性の向上",
    ]
    assert [each["new"][0]["title"] for each in data["relations"] if "retitled" in each["became"]] == [
        "関係人口を創出し、魅力を全国に発信する",
        "都市間連携の強化",
    ]
    assert {each["state"] for each in data["series"]} == {None}
