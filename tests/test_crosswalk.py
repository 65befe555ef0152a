"""対応表: who became whom between two plans, in every format, and whether each series of figures goes on."""

import json
import re
from pathlib import Path

import pytest
from builders import head, put
from reorganised import reorganised, written

from atsugi_cli.cli import settling, streams
from atsugi_cli.cli.app import main
from atsugi_cli.project.editions import compared
from atsugi_cli.project.reading import Project, schemas
from atsugi_cli.reader import read
from atsugi_cli.reader.renewal import declared

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


# ------------------------------------------------------------------------------------------------------------ settling

SIZE = 60


@pytest.fixture(params=[7, 2003])
def renewed(request, tmp_path, monkeypatch):
    """A made-up plan of 60 items and the one that follows it, nothing declared."""
    monkeypatch.chdir(tmp_path)
    plan = reorganised(request.param, SIZE)
    put("strategies/mihon-2/2020-03.yaml", written(plan.old, "2020-03", "mihon-2", start=2020))
    put("strategies/mihon-3/2025-03.yaml", written(plan.new, "2025-03", "mihon-3", start=2025))
    return plan


def work():
    revision, profile = compared(Project("strategies"), "mihon-2", "mihon-3")
    return settling.task(revision, profile)


def truth(plan, proposal):
    """Give the ids that a planner would answer with."""
    links = plan.links | plan.indicators
    if proposal.side == "new":
        return sorted(old for old, new in links if new == proposal.id)
    return sorted(new for old, new in links if old == proposal.id)


def pairs(data, *keys):
    return {(old["id"], new["id"]) for key in keys for each in data[key] for old in each["old"] for new in each["new"]}


def agreed(plan, capsys):
    """Hold validate, crosswalk and diff to the truth once all is declared."""
    capsys.readouterr()
    crosswalk = json.loads(printed(capsys, "mihon-2", "mihon-3", "-f", "json"))
    assert main(["diff", "mihon-2", "mihon-3", "-f", "json"]) == 0
    lineage = json.loads(capsys.readouterr().out)["lineage"]
    found = {(old, new) for each in lineage for old in each["old"] for new in each["new"]}
    assert pairs(crosswalk, "relations", "series") == found == plan.links | plan.indicators
    assert {each["decided"] for each in lineage} == {"declared"}
    main(["validate", "-f", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [each["message"] for each in findings if each["severity"] == "error"] == []
    assert main(["crosswalk", "mihon-2", "mihon-3", "--suggest"]) == 0
    assert "決める対応はありません" in capsys.readouterr().err


def test_a_dialogue_settles_everything(renewed, capsys, monkeypatch):
    asked = []

    def ask(question):
        if question.startswith("ほぼ確実"):
            return "n"
        if question.startswith("終了の理由"):
            return "事業を終えたため" if len(asked) % 2 else ""
        return ",".join(truth(renewed, asked[-1])) or "0"

    shown = settling.Dialogue._shown
    before = Path("strategies/mihon-3/2025-03.yaml").read_text(encoding="utf-8").splitlines()
    with monkeypatch.context() as patch:
        note = asked.append
        patch.setattr(settling.Dialogue, "_shown", lambda self, each, *n: note(each) or shown(self, each, *n))
        patch.setattr(settling, "typed", ask)
        patch.setattr(streams, "is_terminal", lambda _: True)
        assert main(["crosswalk", "mihon-2", "mihon-3", "--suggest"]) == 0
    after = Path("strategies/mihon-3/2025-03.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in before if not line.startswith("edition")] == [
        line
        for line in after
        if not line.startswith("edition") and line.split(":")[0].strip() not in ("from", "change")
    ]
    agreed(renewed, capsys)


@pytest.mark.usefixtures("renewed")
def test_what_is_nearly_certain_is_accepted_at_once_and_the_end_of_input_keeps_it(capsys, monkeypatch):
    answers = iter(["y", "なし", "s"])
    monkeypatch.setattr(settling, "typed", lambda _: next(answers, None))
    monkeypatch.setattr(streams, "is_terminal", lambda _: True)
    number = sum(each.side == "new" and each.confidence >= 0.9 for each in work().proposals)
    assert main(["crosswalk", "mihon-2", "mihon-3", "--suggest"]) == 0
    out = capsys.readouterr()
    assert "「なし」は、候補の番号でも項目のidでもありません。" in out.out
    assert f"{number}件の対応を書き込みました" in out.err
    assert Path("strategies/mihon-3/2025-03.yaml").read_text(encoding="utf-8").count(" from: ") == number


def test_a_file_of_proposals_is_filled_in(renewed, capsys):
    known = {(each.side, each.id): each for each in work().proposals}
    assert main(["crosswalk", "mihon-2", "mihon-3", "--suggest", "-o", "対応案.txt"]) == 0
    lines = []
    proposal = guess = None
    for line in Path("対応案.txt").read_text(encoding="utf-8").splitlines():
        key, _, value = line.strip().removeprefix("- ").partition(":")
        name = value.partition("#")[0].strip()
        if key in ("id", "ended"):
            proposal, guess = known["new" if key == "id" else "old", name], None
        guess = name if key == "from" else guess
        answer = truth(renewed, proposal) if key == "decision" else []
        word = "none" if not answer else "accept" if answer == [guess] else f"[{', '.join(answer)}]"
        lines.append(f"{line} {word}" if key == "decision" else line)
    put("対応案.txt", "\n".join([*lines, ""]))
    assert main(["crosswalk", "mihon-2", "mihon-3", "--apply", "対応案.txt"]) == 0
    again = work().proposals
    for each in again:  # what likeness had paired wrongly is asked again, now as an end
        assert each.side == "old"
    put("対応案.txt", settling.written(work(), "").replace("decision:", "decision: none"))
    assert main(["crosswalk", "mihon-2", "mihon-3", "--apply", "対応案.txt"]) == 0
    agreed(renewed, capsys)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", "対応の提案のファイルではありません"),
        ("proposals:\n  - id: travel\n    decision: nowhere\n", "「nowhere」という項目はありません"),
        ("proposals: [\n", "対応案.txt:"),
    ],
)
def test_a_file_that_is_none_is_refused(plans, text, said, capsys):
    put("対応案.txt", text)
    assert main(["crosswalk", *plans, "--apply", "対応案.txt"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "decision", "said"),
    [
        ("起業支援", "NONE", None),
        ("起業支援", "ok", "（accept、none、または項目の id を書きます）"),
        ("起業支援", "sales", "「sales」という項目はありません"),
        ("", "accept", "「nowhere」は、決める対応の中にありません"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_what_can_be_written(plans, name, decision, said, capsys):
    first = work().proposals[0]
    key = "id" if first.side == "new" else "ended"
    what = first.id if name else "nowhere"
    Path("対応案.txt").write_text(f"proposals:\n  - {key}: {what}\n    decision: {decision}\n", encoding="utf-8")
    assert main(["crosswalk", *plans, "--apply", "対応案.txt"]) == (2 if said else 0)
    assert (said or "書き込み") in capsys.readouterr().err


def test_a_crosswalk_of_two_plans_names_both_and_is_verified(plans, capsys):
    assert main(["crosswalk", *plans, "-o", "対応表.docx"]) == 0
    capsys.readouterr()
    assert main(["verify", "対応表.docx"]) == 0
    assert "今の版のままです（mihon-3 の mihon-2/" in capsys.readouterr().out
    text = printed(capsys, *plans)
    assert re.search(r"第2期見本市総合戦略　[^\n]*→\s+第3期見本市総合戦略", text.rpartition("|")[2])


def test_no_terminal_no_questions(plans, capsys):
    assert main(["crosswalk", *plans, "--suggest"]) == 2
    assert "-o 対応案.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("edition: {id: a, stage: draft}\n", "edition: {id: a, stage: draft, removed: [{id: x, reason: 終了}]}\n"),
        ("edition:\n  id: a\n", "edition:\n  id: a\n  removed:\n    - {id: x, reason: 終了}\n"),
        (
            "edition:\n  id: a\n  removed:  # 注\n    - {id: b, reason: 済み}  # 注\n  stage: draft\n",
            (
                "edition:\n  id: a\n  removed:  # 注\n    - {id: b, reason: 済み}  # 注\n"
                "    - {id: x, reason: 終了}\n  stage: draft\n"
            ),
        ),
        (
            "edition: {id: a, removed: [{id: b, reason: 済み}]}\n",
            "edition: {id: a, removed: [{id: b, reason: 済み}, {id: x, reason: 終了}]}\n",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_declarations_are_put_where_they_belong(edition, expected, newline):
    plan, goals = (
        "format: 1\nplan: {id: p, title: 計画, municipality: 市}\n",
        "goals:\n  - {id: g, number: 1, title: 目標}  # 注\n",
    )
    result = read((plan + edition + goals).replace("\n", newline).encode(), "a.yaml", schemas())
    text, left = declared(result.strategy, {"g": ("h", "i")}, {"x": "終了"})
    wanted = plan + expected + goals.replace("id: g", "id: g, from: [h, i]")
    assert (text, left) == (wanted.replace("\n", newline), 0)


@pytest.mark.usefixtures("plans")
def test_what_holds_most_children_is_proposed_whatever_it_is_called():
    put("strategies/mihon-2/2020-03.yaml", OLD)
    new = (
        NEW.replace("id: work", "id: prosper")
        .replace("稼ぐ地域をつくる", "ゆたかさの実感")
        .replace("id: firms", "id: backing")
    )
    put("strategies/mihon-3/2025-03.yaml", new.replace("企業の支援", "事業者の後押し"))
    found = {each.id: each for each in work().proposals if each.side == "new"}
    assert found["prosper"].candidates == ("work",)
    assert found["backing"].candidates == ("firms",)
    assert {each.id for each in work().proposals if each.side == "old"} == {"work", "firms", "fair"}
    fair = next(each for each in work().proposals if each.id == "fair")
    assert set(fair.candidates) <= {"money", "shops", "tours"}  # of its level, those with an origin as well
