"""What holds for any two editions: nothing is lost, nothing is said twice, looking back is the mirror image."""

import re
from collections import Counter
from dataclasses import fields, replace
from random import Random

import pytest
from builders import edition as built
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_kinds import facts

from atsugi_cli.compare import compare
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.text import write
from atsugi_cli.kinds import BY_CODE, KINDS
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Achievement, Declared, Indicator, Item, Removed, Value

WORDS = ["起業", "農業", "子育て", "防災", "公園", "交通", "観光", "教育", "福祉", "移住"]
DEEDS = ["の支援", "の充実", "の確保", "の推進", "の整備", "を広げる"]
BELOW = {"plan": ("section", "viewpoint", "goal"), "goal": ("policy", "initiative"), "policy": ("initiative",)}
BELOW |= {"section": ("section",), "initiative": ("project",)}
LAWS = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
RANDOM = st.randoms(use_true_random=False)


class Grower:
    """Grows plans: every id once, numbers, bodies and what the source leaves out as chance has it."""

    def __init__(self, random):
        self.random = random
        self.count = 0

    def name(self):
        self.count += 1
        return f"x{self.count}"

    def title(self):
        return self.random.choice(WORDS) + self.random.choice(DEEDS)

    def plan(self):
        return self.item("plan", 0)

    def item(self, level, number, depth=0):
        maybe, name = self.random.random, self.name()
        omitted = level != "plan" and maybe() < 0.15
        children = []
        for below in BELOW.get(level, ()) if depth < 4 else ():
            count = self.random.randint(0, 3 if level in {"plan", "goal", "policy"} else 1)
            children += [self.item(below, each + 1, depth + 1) for each in range(count)]
        return Item(
            id=name,
            level=level,
            number=number if level != "section" and maybe() < 0.9 else None,
            title="" if omitted else self.title(),
            body="" if omitted or maybe() < 0.5 else f"{self.title()}を進めます。{self.title()}に努めます。",
            indicators=tuple(self.indicator(level) for _ in range(self.random.randint(0, 2))),
            children=tuple(children),
            owners=() if omitted or maybe() < 0.7 else (self.random.choice(WORDS) + "課",),
            omitted=omitted,
        )

    def indicator(self, level="initiative"):
        role = "target" if level in {"plan", "goal"} else "kpi"
        if self.random.random() < 0.2:
            return Indicator(self.name(), role, omitted=True)
        return Indicator(
            self.name(),
            role,
            self.random.choice(WORDS) + "の件数",
            self.random.choice(["件", "人", "千円", ""]),
            direction=self.random.choice(["", "increase", "decrease"]),
            baseline=self.random.choice([None, Value(2019, self.random.randint(0, 9))]),
            target=self.random.choice([None, Value(2025, self.random.randint(0, 99)), Value(2025, relative=-10.0)]),
        )


def edition(root, name, **more):
    return built(root=root, name=name, period=(2021, 2025), **more)


def mapped(item, change):
    """Rebuild a tree: `change` gives an item anew (its children are done already), or None to leave it out."""
    children = tuple(new for child in item.children if (new := mapped(child, change)) is not None)
    return change(replace(item, children=children))


class Edits:
    """A random script of edits, each on another item, and what every item must then be said to have undergone."""

    def __init__(self, random, grower, root):
        self.random, self.grower = random, grower
        self.expected = {}
        self.removed = []
        self.root = root
        self.free = {each.id for each in root.walk() if each.level != "plan" and not each.omitted}
        self.parents = {child.id: each for each in root.walk() for child in each.children}
        for _ in range(random.randint(0, 6)):
            random.choice([self.field, self.drop, self.add, self.move, self.kpi, self.merge])()

    def take(self, wanted=lambda _: True):
        items = [each for each in self.root.walk() if each.id in self.free and wanted(each)]
        if not items:
            return None
        item = self.random.choice(items)
        self.free.discard(item.id)
        return item

    def put(self, item, **values):
        self.root = mapped(self.root, lambda each: replace(each, **values) if each.id == item.id else each)

    def field(self):
        item = self.take()
        if item is None:
            return
        name = item.id
        code, values = self.random.choice(
            [
                ("renamed", {"title": f"新しい{name}", "change": Declared(("renamed",), "見直し")}),
                ("reworded", {"title": f"{item.title}（{name}）", "change": Declared(("reworded",))}),
                ("corrected", {"title": f"{item.title}{name}", "change": Declared(("corrected",))}),
                ("text-changed", {"body": f"{item.body}{name}も進めます。"}),
                ("owner-changed", {"owners": (f"{name}課",)}),
                ("tags-changed", {"tags": (("sdgs", (name,)),)}),
                ("renumbered", {"number": f"番{name}"}),
            ]
        )
        self.put(item, **values)
        self.expected[name] = {code}

    def gone(self, item, parent):
        self.root = mapped(self.root, lambda each: None if each.id == item.id else each)
        return parent

    def drop(self):
        item = self.take(lambda each: not each.children)
        if item is not None and not self.parents[item.id].omitted:
            self.gone(item, None)
            self.removed.append(Removed(item.id, "終了"))
            self.expected[item.id] = {"section-removed" if item.level == "section" else "removed"}
            above = next(each for each in self.root.walk() if each.id == self.parents[item.id].id)
            for child in above.children:  # it stands where it stood, without the level between
                if self.parents[child.id].id == item.id and self.expected.get(child.id) == {"moved"}:
                    del self.expected[child.id]

    def add(self):
        parents = [each for each in self.root.walk() if BELOW.get(each.level) and not each.omitted]
        parent = self.random.choice(parents)
        new = replace(
            self.grower.item(self.random.choice(BELOW[parent.level]), 99, 9), omitted=False, title="新しいもの"
        )
        new = replace(new, change=Declared(("section-added" if new.level == "section" else "added",)))
        self.put(parent, children=(*parent.children, new))
        self.expected[new.id] = {"section-added" if new.level == "section" else "added"}
        self.parents[new.id] = parent

    def move(self):
        item = self.take(lambda each: each.level == "initiative" and not each.children)
        if item is None:
            return
        old = {each.id for each in self.root.walk()} & self.known()
        parents = [each for each in self.root.walk() if "initiative" in BELOW.get(each.level, ()) and each.id in old]
        parents = [each for each in parents if item not in each.children]
        if parents:
            parent = self.random.choice(parents)
            self.gone(item, None)
            parent = next(each for each in self.root.walk() if each.id == parent.id)
            self.put(parent, children=(*parent.children, item))
            self.expected[item.id] = {"moved"}

    def known(self):
        return set(self.parents) - {name for name, kinds in self.expected.items() if kinds & {"added", "section-added"}}

    def kpi(self):
        item = self.take()
        if item is not None:
            new = self.grower.indicator(item.level)
            self.put(item, indicators=(*item.indicators, new))
            self.expected[item.id] = {"kpi-added"}

    def merge(self):
        item = self.take(lambda each: each.level == "viewpoint" and not each.children)
        other = self.take(lambda each: each.level == "viewpoint" and not each.children)
        if item is None or other is None:
            return
        self.gone(other, None)
        self.put(item, origins=(item.id, other.id), title="まとめた視点", indicators=item.indicators + other.indicators)
        self.expected[item.id] = {"merged"}


def revised(random):
    grower = Grower(random)
    root = grower.plan()
    edits = Edits(random, grower, root)
    old, new = edition(root, "a"), edition(edits.root, "b", revises="a", removed=tuple(edits.removed))
    return old, new, edits.expected


def unrelated(random):
    """Give two editions with some ids, some titles and nothing else in common; their dates tell which is the later."""
    grower = Grower(random)
    first = grower.plan()
    grower.count = random.randint(0, grower.count)
    return edition(first, "a", date="2021-03"), edition(
        grower.plan(), "b", revises=random.choice(["a", ""]), date="2024-04"
    )


@LAWS
@given(RANDOM)
@example(Random(1589))  # noqa: S311 - what was moved up out of a policy that then is removed
def test_an_edit_script_is_recovered_exactly(random):
    old, new, expected = revised(random)
    found = {}
    for change in compare(old, new).changes():
        assert all(isinstance(each, Item) for each in (*change.old, *change.new))
        found.setdefault((*change.new, *change.old)[0].id, set()).add(change.kind.code)
    assert found == expected


@LAWS
@given(RANDOM)
def test_an_edition_does_not_differ_from_itself(random):
    _, new, _ = revised(random)
    report = compare(new, new)
    assert not report.changed
    assert all(link.old == link.new and link.decided == "id" for link in report.links)


@LAWS
@given(RANDOM, st.sampled_from([revised, unrelated]))
def test_looking_back_is_the_mirror_image(random, make):
    old, new, *_ = make(random)
    forward, back = compare(old, new), compare(new, old)
    assert facts(back, back=True) == facts(forward)
    assert {(link.new, link.old, link.decided, link.confidence) for link in back.links} == {
        (link.old, link.new, link.decided, link.confidence) for link in forward.links
    }


@LAWS
@given(RANDOM, st.sampled_from([revised, unrelated]))
def test_everything_stands_once_in_the_lineage(random, make):
    old, new, *_ = make(random)
    links = compare(old, new).links
    for strategy, side in ((old, "old"), (new, "new")):
        things = [each.id for each in strategy.items()] + [each.id for _, each in strategy.indicators()]
        assert Counter(name for link in links for name in getattr(link, side)) == Counter(things)


@LAWS
@given(RANDOM, st.sampled_from([revised, unrelated]))
def test_every_item_stands_once_in_the_tree(random, make):
    old, new, *_ = make(random)
    pairs = list(compare(old, new).root.walk())
    assert Counter(pair.new.id for pair in pairs if pair.new) == Counter(each.id for each in new.root.walk())
    assert {each.id for pair in pairs for each in pair.old} == {each.id for each in old.root.walk()}
    assert [pair.new.id for pair in pairs if pair.new] == [each.id for each in new.root.walk()]


@LAWS
@given(RANDOM, st.sampled_from([revised, unrelated]))
def test_the_same_editions_give_the_same_revision(random, make):
    old, new, *_ = make(random)
    assert compare(old, new) == compare(old, new)


@LAWS
@given(RANDOM)
def test_odd_models_do_not_break_it(random):
    """Ids that are empty or doubled, empty titles, unknown levels, declarations that name anything."""
    ids = [f"x{number}" for number in range(1, 6)] + [""]

    def oddly(item):
        return replace(
            item,
            id=random.choice([item.id, *ids]),
            title=random.choice(["", item.title]),
            level="plan" if item.level == "plan" else random.choice([item.level, "else", ""]),
            origins=tuple(random.sample(ids, random.randint(0, 3))),
            change=random.choice([Declared(), Declared(tuple(random.sample(sorted(BY_CODE), 2))), Declared(("?",))]),
            indicators=tuple(replace(each, id=random.choice(ids), origins=("x1", "x2")) for each in item.indicators),
        )

    old, new = (mapped(Grower(random).plan(), oddly) for _ in range(2))
    removed = tuple(map(Removed, random.sample(ids, 2)))
    a, b = edition(old, "a"), edition(new, "b", revises="a", removed=removed)
    for pair in ((a, b), (b, a), (a, a), (b, b)):
        assert isinstance(list(compare(*pair).changes()), list)


SAID = Value(2022, 5)
OTHER = {
    "number": 9,
    "title": "まったく別の名称",
    "level": "policy",
    "body": "別の文",
    "owners": ("別の課",),
    "tags": (("sdgs", (1,)),),
    "note": "別",
    "extra": (("x-a", 1),),
    "role": "target",
    "name": "別の指標",
    "unit": "頭",
    "definition": "別",
    "source": "別",
    "direction": "maintain",
    "basis": "calendar",
    "aggregation": "mean",
    "span": (2021, 2023),
    "baseline": SAID,
    "current": SAID,
    "same_as": "other",
    "range": (1, 2),
    "bound": "at-least",
    "about": True,
    "state": "preliminary",
    "printed": "七つ",
    "target": SAID,
    "targets": (SAID,),
    "actuals": (SAID,),
    "achievement": Achievement("ratio"),
    "breakdown": (Indicator("part", "kpi", "男性"),),
    "year": 2018,
    "value": 7,
    "text": "別",
    "relative": 1.0,
    "status": "none",
}
SILENT = {"id", "page", "origins", "change", "omitted", "line", "node", "children", "indicators"}
"""Fields that are no content: identity, declarations, places, and what is compared by itself."""
OFFICE = {"note", "extra", "actuals", "achievement", "comment"}
"""Fields that are no text of the plan: what the office notes, and the readings of each year."""


def names(kind):
    return [each.name for each in fields(kind) if each.name not in SILENT | OFFICE]


@pytest.mark.parametrize("name", sorted(OFFICE & {each.name for each in fields(Indicator)}))
def test_what_is_no_text_of_the_plan_is_no_change(name):
    assert not kinds_of(with_kpi(KPI), with_kpi(replace(KPI, **{name: OTHER[name]})))
    if name in ("note", "extra"):
        item = Item("i", "initiative", 1, "起業の支援")
        assert not kinds_of(under_plan(item), under_plan(replace(item, **{name: OTHER[name]})))


def kinds_of(old, new):
    revision = compare(edition(old, "a"), edition(new, "b", revises="a"))
    changes = [*revision.changes()]
    for change in changes:
        assert not re.search(r"\b[a-z_]+: ", f"{change.before} {change.after}")  # a key of the YAML
    text = write(points(revision, DEFAULT_PROFILE), Options(width=500))
    assert not re.search(r"を(「.*」|\S*)から\1に", text)
    return [change.kind.code for change in changes]


def under_plan(item):
    return Item("p", "plan", children=(item,))


@pytest.mark.parametrize("name", names(Item))
def test_no_difference_of_an_item_is_silent(name):
    item = Item("i", "initiative", 1, "起業の支援", "支援します。", owners=("商工課",))
    assert len(kinds_of(under_plan(item), under_plan(replace(item, **{name: OTHER[name]})))) == 1


KPI = Indicator(
    "k",
    "kpi",
    "起業の件数",
    "件",
    direction="increase",
    baseline=Value(2019, 1),
    target=Value(2025, 9, span=(2021, 2025)),
    targets=(Value(2023, 4),),
    actuals=(Value(2020, 2),),
    breakdown=(Indicator("part", "kpi", "女性", target=Value(2025, 3)),),
)


def with_kpi(indicator):
    return under_plan(Item("i", "initiative", 1, "起業の支援", indicators=(indicator,)))


@pytest.mark.parametrize("name", names(Indicator))
def test_no_difference_of_an_indicator_is_silent(name):
    assert kinds_of(with_kpi(KPI), with_kpi(replace(KPI, **{name: OTHER[name]})))


@pytest.mark.parametrize("name", [name for name in names(Indicator) if name != "role"])
def test_no_difference_of_a_part_of_an_indicator_is_silent(name):
    part = replace(KPI.breakdown[0], **{name: OTHER[name]})
    assert kinds_of(with_kpi(KPI), with_kpi(replace(KPI, breakdown=(part,)))) == ["breakdown-changed"]


@pytest.mark.parametrize("name", names(Value))
@pytest.mark.parametrize("place", ["baseline", "target", "targets"])
def test_no_difference_of_a_value_is_silent(name, place):
    def changed(value):
        instead = {"value": None} if name in {"text", "relative", "status"} else {}
        return replace(value, **instead, **{name: OTHER[name]})

    old = getattr(KPI, place)
    new = (changed(old[0]),) if isinstance(old, tuple) else changed(old)
    assert kinds_of(with_kpi(KPI), with_kpi(replace(KPI, **{place: new})))


def test_the_table_is_whole():
    assert len(BY_CODE) == len(KINDS)
