"""The source document's own revision: its ten rows with exactly its flags, and its own underline."""

import json
from pathlib import Path

import pytest

from atsugi_cli.cli.app import main

STRATEGIES = Path(__file__).parents[1] / "strategies"

ROWS = {
    # the source's own table (改定のポイント 1 to 4): id of the item → its labels
    "vision": {"追加"},
    "digital": {"新規", "統合"},
    "collaboration": {"新規"},
    "relations": {"表記変更"},
    "city-links": {"名称変更", "KPI追加"},
    "charm": {"KPI追加"},
    "digital-education": {"新規"},
    "learning": {"KPI追加"},
    "digital-living": {"新規"},
    "promotion": {"文言修正"},
}
OLD, NEW = "全庁を挙げて", "地方創生及びデジタル担当部をはじめとした庁内の各部等が連携して総合的に"


@pytest.fixture
def at_home(monkeypatch):
    monkeypatch.chdir(STRATEGIES.parent)


def printed(capsys, *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def report(capsys, *arguments: str) -> dict:
    return json.loads(printed(capsys, "diff", "--format", "json", *arguments))


@pytest.mark.usefixtures("at_home")
def test_the_ten_rows_with_exactly_their_flags(capsys):
    found: dict[str, set[str]] = {}
    for change in report(capsys)["changes"]:
        found.setdefault(change["new"][0]["id"], set()).add(change["label"])
    assert found == ROWS


@pytest.mark.usefixtures("at_home")
def test_both_predecessors_of_viewpoint_2(capsys):
    merged = next(change for change in report(capsys)["changes"] if change["kind"] == "merged")
    assert [each["id"] for each in merged["old"]] == ["society5", "new-normal"]
    assert [each["number"] for each in merged["old"]] == [2, 4]


@pytest.mark.usefixtures("at_home")
def test_the_marks_of_the_promotion_are_the_citys_own(capsys):
    change = next(each for each in report(capsys)["changes"] if each["kind"] == "text-changed")
    assert [text for text, marked in change["marks"]["old"] if marked] == [OLD]
    assert [text for text, marked in change["marks"]["new"] if marked] == [NEW]


@pytest.mark.usefixtures("at_home")
def test_the_table_as_text(capsys):
    table = printed(capsys, "diff", "--width", "160")
    for words in (
        f"〔{OLD}〕",
        "② （略）",
        "①～③ （略）",
        "都市間〔交流の促進〕",
        "都市間〔連携の強化〕",
        "〔あつぎの〕",
    ):
        assert words in table
    assert "…" not in table


@pytest.mark.usefixtures("at_home")
def test_an_edition_against_itself_changes_nothing(capsys):
    same = report(capsys, "2023-10", "2023-10")
    assert same["changes"] == []
    assert all(link["old"] == link["new"] for link in same["lineage"])


@pytest.mark.usefixtures("at_home")
def test_looking_back_mirrors(capsys):
    forth, back = report(capsys, "2020-03", "2023-10"), report(capsys, "2023-10", "2020-03")
    mirror = {"added": "removed", "merged": "split", "section-added": "section-removed", "kpi-added": "kpi-removed"}

    def shape(change: dict, old: str, new: str, kind: str) -> tuple:
        return kind, tuple(x["id"] for x in change[old]), tuple(x["id"] for x in change[new])

    wanted = {shape(each, "new", "old", mirror.get(each["kind"], each["kind"])) for each in forth["changes"]}
    assert {shape(each, "old", "new", each["kind"]) for each in back["changes"]} == wanted


@pytest.mark.usefixtures("at_home")
def test_the_shipped_editions_have_no_findings(capsys):
    assert printed(capsys, "validate") == ""
