"""A city's own kinds of change (profile.kinds): declared, then counted and printed like any other, in every format."""

import json

import pytest

from atsugi_cli.cli.app import main

PROFILE = """format: 1
city: 例示市
kinds: {expanded: 拡充, figures: 図表更新}
"""
OLD = """format: 1
plan: {id: p, title: 総合戦略, period: {start: 2021, end: 2026}}
edition: {id: 2021-03, label: 現行, stage: adopted, date: 2021-03}
sections:
  - {id: now, number: 1, title: 現状と課題, body: 表のとおりです。}
goals:
  - id: g
    number: 1
    title: 転入促進
    initiatives:
      - {id: a, number: 1, title: 起業の支援}
      - {id: b, number: 2, title: 移住の支援}
"""
NEW = (
    OLD.replace("edition: {id: 2021-03, label: 現行, stage: adopted, date: 2021-03}",
                "edition: {id: 2023-10, label: 改定後, stage: draft, date: 2023-10, revises: 2021-03}")
    .replace("body: 表のとおりです。", "body: 表のとおりです。, change: {flags: [figures], reason: 統計表の更新による}")
    .replace("title: 起業の支援", "title: 起業と承継の支援, change: {flags: [renamed, expanded], reason: 対象の拡大}")
)  # fmt: skip


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "strategies" / "p"
    folder.mkdir(parents=True)
    for path, text in (("../profile", PROFILE), ("2021-03", OLD), ("2023-10", NEW)):
        (folder / f"{path}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = main([*words])
        return code, capsys.readouterr().out

    return run


def test_it_stands_beside_the_others_and_with_its_group(told):
    code, words = told("diff")
    assert code == 0
    assert "項目：名称変更 1、図表更新 1、拡充 1\n" in words
    row = words.partition("起業")[2].partition("\n")[0]
    assert "[名称変更]" in row
    assert "統計表の更" in words


def test_it_is_said_in_a_sentence_with_its_reason(told):
    _, words = told("points")
    assert "・ 「現状と課題」を改めます（図表更新）。（理由：統計表の更新による） [図表更新]" in words


def test_its_rows_alone(told):
    code, words = told("diff", "--only", "figures")
    assert code == 0
    assert "[図表更新]" in words
    assert "起業" not in words
    assert told("diff", "--only", "figure")[0] == 2


def test_machines_get_its_code_and_its_word(told):
    data = json.loads(told("diff", "-f", "json")[1])
    assert data["counts"]["item"] == {"renamed": 1, "figures": 1, "expanded": 1}
    assert {(each["kind"], each["label"], each["decided"]) for each in data["changes"]} == {
        ("renamed", "名称変更", "declared"),
        ("expanded", "拡充", "declared"),
        ("figures", "図表更新", "declared"),
    }


@pytest.mark.parametrize("command", ["tree", "kpis"])
def test_machines_read_what_is_declared(command, told):
    """What is printed is held to its schema as it is written."""
    code, words = told(command, "-f", "json")
    assert (code, "expanded" in words) == (0, command == "tree")


@pytest.mark.parametrize("form", ["text", "svg", "html", "mermaid"])
def test_trees_have_its_badge(form, told):
    code, words = told("tree", "--since", "2021-03", "-f", form)
    assert code == 0
    assert "拡充" in words


def test_the_log_counts_it(told):
    assert "拡充 1" in told("log")[1]
    assert json.loads(told("log", "-f", "json")[1])["steps"][-1]["counts"]["item"]["expanded"] == 1
    assert "拡充" in told("log", "a")[1]


def test_the_edition_with_it_is_valid(told):
    assert "拡充" not in (words := told("validate", "-f", "concise")[1])
    assert "unchanged" not in words


def test_kinds_speak_in_the_words_of_the_city(told, tmp_path):
    def written(path, text):
        (tmp_path / "strategies" / path).write_text(text, encoding="utf-8")

    kpi = "{id: k, name: 起業の件数, unit: 件, baseline: {year: 2020, value: 4}, target: {year: 2026, value: 9}}"
    moved = kpi.replace("value: 4", "value: 5")
    words = PROFILE + "labels: {baseline: 現状値, target: 成果指標, kpi: 活動指標}\ntags: {sdgs: 持続可能な開発目標}\n"
    written("profile.yaml", words)
    written(
        "p/2021-03.yaml", OLD.replace("title: 起業の支援", f"title: 起業の支援, tags: {{sdgs: [8]}}, kpis: [{kpi}]")
    )
    later = NEW.replace("    initiatives:", f"    targets: [{moved}]\n    initiatives:")
    written(
        "p/2023-10.yaml", later.replace("change: {flags: [renamed", "tags: {sdgs: [8, 9]}, change: {flags: [renamed")
    )
    _, said = told("points", "--width", "200")
    assert "の現状値を4件（令和2(2020)年度）から5件（令和2(2020)年度）に更新します。 [現状値更新]" in said
    assert "の位置付けを「起業の支援」の活動指標から基本目標1「転入促進」の成果指標に改めます。" in said
    assert "関連付けを持続可能な開発目標 8から8、9に改めます。" in said
