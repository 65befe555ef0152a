import re
from pathlib import Path

import pytest

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.reader import build
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.renewal import renewed
from atsugi_cli.reader.scalars import plain_or_quoted

SHIPPED = Path(__file__).parent.parent / "strategies"
CASES = sorted((Path(__file__).parent / "kinds").glob("*/revised.yaml"))

BLOCK = """\
# 頭のコメント
format: 1
plan:
  id: p
  title: 計画
  period: {start: 2021, end: 2026}   # 6年
edition:
  id: "2023-10"   # 版
  date: 2023-10-17
  removed:
    - {id: gone, reason: 終了}
    # 消した項目のメモ
  # 残るコメント
  owner: 企画課
goals:
  - from: old   # 由来
    change: {flags: [renamed]}
    id: g
    title: 目標
    targets:
      - {from: [t1, t2], change: {flags: [kpi-replaced]}, id: t, name: 指標}
      - {id: u, change: {flags: [kpi-added]}, name: 率, from: v}
      - id: w
        name: 数
        x-memo: {from: 残る, change: 残る}
        change:
          reason: |
            一行目

            二行目

    policies:
      - id: q
        title: 施策
        change:
          flags:
            - reworded
          # 変更のメモ
      - id: r
        title: 次
"""

EXPECTED = """\
# 頭のコメント
format: 1
plan:
  id: p
  title: 計画
  period: {start: 2021, end: 2026}   # 6年
edition:
  id: 2027-03   # 版
  label: 改定後
  stage: draft
  revises: 2023-10
  # 残るコメント
  owner: 企画課
goals:
  - id: g
    title: 目標
    targets:
      - {id: t, name: 指標}
      - {id: u, name: 率}
      - id: w
        name: 数
        x-memo: {from: 残る, change: 残る}

    policies:
      - id: q
        title: 施策
      - id: r
        title: 次
"""


def read(text, source="x.yaml"):
    data, findings = load(text, source)
    assert not findings
    return build.strategy(data, source, text)


def test_only_the_editions_own_facts_are_changed():
    assert renewed(read(BLOCK), "2027-03", label="改定後") == EXPECTED


def test_line_breaks_of_windows_stay():
    text = renewed(read(BLOCK.replace("\n", "\r\n")), "2027-03", label="改定後")
    assert text == EXPECTED.replace("\n", "\r\n")


def test_a_file_may_end_without_a_line_break():
    text = "format: 1\nplan: {id: p, title: 計画}\nedition:\n  id: a"
    assert renewed(read(text), "b", label="新") == (
        "format: 1\nplan: {id: p, title: 計画}\nedition:\n  id: b\n  label: 新\n  stage: draft\n  revises: a"
    )


def test_an_edition_between_brackets():
    text = "format: 1\nplan: {id: p, title: 計画, period: {start: 1, end: 2}}\nedition: {date: 2020-01-01, id: a}\n"
    assert renewed(read(text), "b", label="新: 版", end=9) == (
        "format: 1\nplan: {id: p, title: 計画, period: {start: 1, end: 9}}\n"
        'edition: {id: b, label: "新: 版", stage: draft, revises: a}\n'
    )


def test_a_date_that_is_given_replaces_the_old_one():
    edition = read(renewed(read(BLOCK), "2027-03", label="改定後", date="2027-03-31", end=2030))
    assert (edition.edition.date, edition.plan.end) == ("2027-03-31", 2030)


def test_a_plan_without_a_period_cannot_be_extended():
    with pytest.raises(ValueError, match="no period"):
        renewed(read("plan: {id: p}\nedition: {id: a}\n"), "b", label="新", end=2030)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_the_new_edition_differs_in_nothing(path):
    profile = path.parent / "profile.yaml"
    levels = build.profile(load(profile.read_text(encoding="utf-8"), "")[0]).levels if profile.is_file() else None
    data = load(path.read_text(encoding="utf-8"), path.name)[0]
    current = build.strategy(data, path.name, path.read_text(encoding="utf-8"), *([levels] if levels else []))
    text = renewed(current, "next", label="改定後")
    following = build.strategy(load(text, "next.yaml")[0], "next.yaml", text, *([levels] if levels else []))
    assert following.edition.revises == current.edition.id
    assert not compare(current, following).changed
    assert not any(each.origins or each.change for each in following.items())
    assert [line for line in text.split("\n") if "#" in line] == [
        line for line in current.text.split("\n") if "#" in line and not re.match(r" *(from|change|removed)\b", line)
    ]


@pytest.mark.parametrize(
    "text", ["改定後", "a: b", "# x", "2024", "yes", "null", "[x", "a, b", " x", "改定後（案）", 'q"']
)
def test_texts_are_quoted_where_they_must_be(text):
    for form in ("{label: %s, x: 1}\n", "label: %s\n"):
        assert load(form % plain_or_quoted(text), "")[0]["label"] == text


@pytest.fixture
def city(tmp_path, monkeypatch):
    folder = tmp_path / "strategies" / "atsugi-2"
    folder.mkdir(parents=True)
    for path in (SHIPPED / "atsugi-2").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_command_starts_the_next_edition(city, capsys):
    assert main(["new", "2027-03", "--extend", "2030"]) == 0
    assert "2023-10 を改定する版" in capsys.readouterr().err
    assert main(["validate"]) == 0
    text = (city / "2027-03.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../schemas/strategy.schema.json\n")
    assert main(["diff", "-f", "json"]) == 0
    assert '"period-changed": 1' in (out := capsys.readouterr().out)
    assert out.count('"kind":') == 1


def test_a_byte_order_mark_stays(city):
    path = city / "2023-10.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert main(["new", "atsugi-2/2027-03"]) == 0
    assert (city / "2027-03.yaml").read_bytes().startswith(b"\xef\xbb\xbf# yaml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2023-10"], "もうあります"),
        (["2020-03.yaml"], "もうあります"),
        (["令和9年3月"], "版のidに使えません"),
        (["-x"], "-x"),
        (["R9-03"], "もしかして: r9-03"),
        (["nowhere/2027-03"], "計画のフォルダがありません"),
        (["2027-03", "--extend", "2026"], "2026年度まで"),
        (["2027-03", "--date", "令和9年"], "日付"),
        (["2027-03", "--from", "2019"], "2019"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(city, capsys, arguments, words):
    before = sorted(city.iterdir())
    assert main(["new", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert sorted(city.iterdir()) == before


def test_an_id_inside_a_file_of_another_name_counts(city, capsys):
    (city / "2023-10.yaml").rename(city / "素案.yaml")
    assert main(["new", "2023-10"]) == 2
    assert "もうあります" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------------- a new plan

OLD_PLAN = """\
format: 1
plan:
  id: mihon-2
  title: 第2期見本市総合戦略
  municipality: 見本市
  period: {start: 2020, end: 2024}   # 5年
edition:
  id: "2023-10"
  label: 改定後
  stage: adopted
  date: 2023-10-17
  revises: "2020-03"
  removed:
    - {id: gone, reason: 終了したため}
goals:
  - id: g
    number: 1
    title: 地方に仕事をつくる   # 残るメモ
    targets:
      - id: firms
        name: 企業数
        unit: 社
        direction: increase
        baseline: {year: 2018, value: 10}
        current: {year: 2022, value: 15}
        target:
          year: 2024
          value: 20
        targets:
          - {year: 2022, value: 14}
        actuals:
          - {year: 2023, value: 21}
    policies:
      - id: p
        from: q
        number: 1
        title: 企業の支援
        kpis:
          - {id: loans, name: 融資, unit: 件, baseline: {year: 2019, value: 3}, target: {year: 2024, value: 9}}
"""
NEW_PLAN = """\
format: 1
plan:
  id: mihon-3
  title: 第3期見本市総合戦略
  municipality: 見本市
  period: {start: 2025, end: 2029}   # 5年
edition:
  id: 2025-03
  label: 新しい計画
  stage: draft
goals:
  - id: g
    number: 1
    title: 地方に仕事をつくる   # 残るメモ
    targets:
      - id: firms
        name: 企業数
        unit: 社
        direction: increase
        baseline: {status: undecided}
        target: {year: 2029, status: undecided}
    policies:
      - id: p
        number: 1
        title: 企業の支援
        kpis:
          - {id: loans, name: 融資, unit: 件, baseline: {status: undecided}, target: {year: 2029, status: undecided}}
"""


@pytest.fixture
def old_plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "strategies/mihon-2/2023-10.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(OLD_PLAN, encoding="utf-8", newline="\n")


@pytest.mark.usefixtures("old_plan")
def test_a_new_plan_keeps_ids_and_words_and_decides_the_figures_anew(capsys):
    assert main(["new", "--plan", "mihon-3", "--from", "mihon-2/2023-10"]) == 0
    said = capsys.readouterr().err
    assert Path("strategies/mihon-3/2025-03.yaml").read_text(encoding="utf-8") == NEW_PLAN
    assert "企業数（firms）" in said
    assert "融資" not in said
    assert "gone（終了したため）" in said
    assert main(["validate", "strategies/mihon-3", "--format", "concise"]) == 0
    assert " error " not in capsys.readouterr().out
    assert main(["crosswalk", "mihon-2", "mihon-3", "--strict", "--handout"]) == 0
    assert "確認中" not in capsys.readouterr().out


@pytest.mark.usefixtures("old_plan")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plan", "mihon-2"], "例: mihon-3"),
        (["--plan", "Mihon"], "計画のidに使えません"),
        (["--plan", "mihon-3", "--extend", "2020"], "計画期間は2025年度からです"),
        ([], "始める版のid"),
    ],
)
def test_a_new_plan_is_refused_with_a_reason(words, said, capsys):
    assert main(["new", *words]) == 2
    assert said in capsys.readouterr().err
    assert not Path("strategies/mihon-3").exists()


@pytest.mark.usefixtures("old_plan")
def test_a_plan_that_is_there_is_not_begun_again(capsys):
    assert main(["new", "2025-01", "--plan", "mihon-3", "--extend", "2030", "--date", "2025-03-31"]) == 0
    text = Path("strategies/mihon-3/2025-01.yaml").read_text(encoding="utf-8")
    assert "period: {start: 2025, end: 2030}" in text
    assert "date: 2025-03-31" in text
    assert main(["new", "--plan", "mihon-3", "--from", "mihon-2"]) == 2
    assert "計画 mihon-3 はもうあります" in capsys.readouterr().err
