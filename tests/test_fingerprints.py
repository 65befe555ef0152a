"""A finding or a change is known again by what it is about, and another one is another."""

from dataclasses import replace
from pathlib import Path

import pytest
from editions import TESTS, case

from atsugi_cli.compare import compare
from atsugi_cli.formats.fingerprints import of_change, of_findings
from atsugi_cli.project.parallel import checked
from atsugi_cli.project.reading import Project

REVISIONS = TESTS / "revisions"

BLOCK = """format: 1
plan: {id: p, title: 計画, municipality: 市, period: {start: 2021, end: 2026}}
edition: {id: "1", label: 現行, stage: draft}
goals:
  - id: g
    number: 1
    title: 転入促進
    policies:
      - {id: a, number: 1, title: 'ﾃﾞｼﾞﾀﾙの活用'}
      - {id: b, number: 2, title: 'ｶﾅの活用'}
    targets:
      - id: t
        name: 転入者数
        unit: 件
        direction: increase
        baseline: {year: 2020, value: 1200}
        target: {year: 2026, value: 1000}
"""
SAME = {
    "lines": ("goals:\n", "\n# 足した行\n\ngoals:\n"),
    "a label": ("label: 現行", "label: 改定前"),
    "a title of another": ("title: 転入促進", "title: 転入の促進"),
    "the order of keys": (
        "{id: a, number: 1, title: 'ﾃﾞｼﾞﾀﾙの活用'}",
        "{title: 'ﾃﾞｼﾞﾀﾙの活用', number: 1, id: a}",
    ),
    "the order of keys in a block": (
        "- id: t\n        name: 転入者数\n        unit: 件\n",
        "- unit: 件\n        name: 転入者数\n        id: t\n",
    ),
    "the order of keys of a value": ("target: {year: 2026, value: 1000}", "target: {value: 1000, year: 2026}"),
    "the order of items": (
        "      - {id: a, number: 1, title: 'ﾃﾞｼﾞﾀﾙの活用'}\n      - {id: b, number: 2, title: 'ｶﾅの活用'}\n",
        "      - {id: b, number: 2, title: 'ｶﾅの活用'}\n      - {id: a, number: 1, title: 'ﾃﾞｼﾞﾀﾙの活用'}\n",
    ),
}
OTHER = {
    "another value": ("value: 1000}", "value: 1001}"),
    "another unit": ("unit: 件", "unit: 回"),
    "another id": ("- id: t\n", "- id: u\n"),
    "another edition": ('id: "1"', 'id: "2"'),
    "other words": ("ﾃﾞｼﾞﾀﾙ", "ﾃﾞｼﾞﾀﾙﾗｲﾌ"),
}
OF_ORDER = {"number-order"}
"""Rules that speak of the order itself."""


def prints(text, name="1.yaml"):
    Path(name).write_text(text, encoding="utf-8", newline="\n")
    findings = checked(Project("."), [name])
    Path(name).unlink()
    pairs = zip(findings.items, of_findings(findings), strict=True)
    return {key: each.rule.code for each, key in pairs if each.rule.code not in OF_ORDER}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("way", SAME)
def test_a_finding_stays_the_same(way):
    before, after = SAME[way]
    assert before in BLOCK
    known = prints(BLOCK)
    assert len(known) >= 4
    now = prints(BLOCK.replace(before, after))
    assert {key: code for key, code in known.items() if key not in now} == {}


def test_a_finding_stays_the_same_under_another_name_of_the_file():
    known, now = prints(BLOCK), prints(BLOCK, "別の名前.yaml")
    assert known.items() <= now.items()
    assert set(now.keys() - known.keys()) == {key for key, code in now.items() if code == "edition-file-name"}


@pytest.mark.parametrize("way", OTHER)
def test_another_finding_is_another(way):
    before, after = OTHER[way]
    assert before in BLOCK
    assert prints(BLOCK).keys() - prints(BLOCK.replace(before, after)).keys()


def test_a_rewritten_message_is_the_same_finding():
    Path("1.yaml").write_text(BLOCK, encoding="utf-8")
    findings = checked(Project("."), ["1.yaml"])
    other = replace(findings, items=tuple(replace(each, message="別の言い方", hint="") for each in findings.items))
    assert of_findings(findings) == of_findings(other)


def changed(name, rework=lambda strategy: strategy):
    old, new, profile = case(REVISIONS / name)
    old, new = rework(old), rework(new)
    return [of_change(each, new.plan.id) for each in compare(old, new, profile.kinds).changes()]


@pytest.mark.parametrize("name", sorted(path.name for path in REVISIONS.iterdir() if path.is_dir()))
def test_a_change_is_known_by_what_it_is_about(name):
    known = changed(name)
    assert len(set(known)) == len(known)

    def relabelled(strategy):
        root = replace(
            strategy.root, children=tuple(replace(each, line=each.line + 9) for each in strategy.root.children)
        )
        edition = replace(strategy.edition, label="別の呼び名", date="")
        return replace(strategy, edition=edition, root=root, source="elsewhere.yaml")

    assert changed(name, relabelled) == known
    assert not set(changed(name, lambda each: replace(each, plan=replace(each.plan, id="another")))) & set(known)


def test_a_change_to_another_value_is_another():
    def raised(strategy):
        def up(item):
            aims = tuple(
                replace(each, target=replace(each.target, value=each.target.value + 1))
                if each.target is not None and each.target.value is not None and strategy.edition.revises
                else each
                for each in item.indicators
            )
            return replace(item, indicators=aims, children=tuple(map(up, item.children)))

        return replace(strategy, root=up(strategy.root))

    names = [path.name for path in REVISIONS.iterdir() if path.is_dir() and "target" in path.name]
    assert any(set(changed(name)) - set(changed(name, raised)) for name in names)
