"""What a city's next plan is guessed to be: confidence means what it says, where titles are short and end alike."""

from collections import defaultdict
from functools import cache

import pytest
from reorganised import reorganised, written

from atsugi_cli.match.likeness import Node, infer
from atsugi_cli.match.lineage import trace
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read

PLANS = 30
SURE = 0.9


def edition(goals, name, start):
    result = read(written(goals, name, "mihon", start=start).encode(), f"{name}.yaml", schemas())
    assert not result.findings
    return result.strategy


@cache
def guessed():
    """Give what is guessed of all plans, of items and of indicators: how sure, whether right, and both things."""
    items, indicators = [], []
    for seed in range(PLANS):
        plan = reorganised(seed)
        found = trace(edition(plan.old, "2020-03", 2020), edition(plan.new, "2025-03", 2025))
        for family, truth, said in (
            (found.items, plan.links, items),
            (found.indicators, plan.indicators, indicators),
        ):
            for new, origin in family.origins.items():
                (old,) = origin.old
                said.append((origin.confidence, (old, new) in truth, family.old[old], family.new[new]))
    return items, indicators


@pytest.mark.parametrize("kind", [0, 1], ids=["items", "indicators"])
def test_what_is_said_to_be_nearly_certain_is_right(kind):
    sure = [right for confidence, right, *_ in guessed()[kind] if confidence >= SURE]
    assert len(sure) >= 0.95 * len(guessed()[kind])
    assert sum(sure) >= 0.99 * len(sure)


def test_confidence_is_the_share_of_what_is_right():
    tenths = defaultdict(list)
    for confidence, right, *_ in (*guessed()[0], *guessed()[1]):
        tenths[min(9, int(confidence * 10))].append((confidence, right))
    for several in tenths.values():
        off = sum(confidence - right for confidence, right in several)
        chance = sum(confidence * (1 - confidence) for confidence, _ in several)
        assert abs(off) <= max(0.05 * len(several), 2 * chance**0.5)


def test_no_policy_is_the_heir_of_a_goal_and_no_link_lacks_words_of_its_own():
    for confidence, _, old, new in guessed()[0]:
        assert confidence >= 0.5
        assert {old.level, new.level} != {"goal", "policy"}


def test_indicators_of_another_unit_are_others():
    for _, _, old, new in guessed()[1]:
        assert old.unit == new.unit or old.name == new.name


GOALS = [Node(title, "", 0, -1) for title in ("地方に仕事をつくる", "人の流れをつくる", "魅力的な地域をつくる")]


def test_parents_agree_with_the_bulk_of_their_children():
    children = (
        "企業誘致",
        "創業支援",
        "商店街",
        "農業の担い手",
        "移住相談",
        "空き家バンク",
        "Uターン",
        "路線バス",
        "防災訓練",
        "救急医療",
    )
    homes = (0, 0, 0, 0, 1, 1, 1, 2, 2, 2)
    old = GOALS + [Node(f"{title}の推進", "", 1, home) for title, home in zip(children, homes, strict=True)]
    new = [GOALS[2], Node("選ばれる地方への人の流れをつくる", "", 0, -1), Node("稼げる仕事をつくる", "", 0, -1)]
    where = (2, 1, 0)
    new += [Node(f"{title}の充実", "", 1, where[home]) for title, home in zip(children, homes, strict=True)]
    found = {each.old: each.new for each in infer(old, new) if each.old < len(GOALS)}
    assert found == {0: 2, 1: 1, 2: 0}


def test_a_common_ending_and_the_same_place_make_no_link():
    old = [Node(f"{title}の推進", "", 0, -1) for title in ("企業誘致", "移住相談", "農業")]
    new = [old[0], Node("空き家バンクの推進", "", 0, -1), old[2]]
    assert {(each.old, each.new) for each in infer(old, new)} == {(0, 0), (2, 2)}
