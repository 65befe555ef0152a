"""Revisions of every sort, made by chance: plans whose every word is unique, and random edits of them.

As no two titles, sentences or names are alike, what a paper prints is found in it by its words alone.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from builders import edition

from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item, Removed, Value

BELOW = {
    "plan": ("section", "viewpoint", "goal"),
    "section": ("section",),
    "goal": ("policy", "initiative"),
    "policy": ("initiative",),
    "initiative": ("project",),
}
DEEDS = ("の支援", "の充実", "の確保", "の推進", "の整備", "を広げる")
SENTENCES = ("{}を進めます。", "{}に努めます。", "{}については、市民の意見を踏まえて取り組みます。")


@dataclass
class Node:
    """An item that can still be changed."""

    id: str
    level: str
    number: int | None = None
    title: str = ""
    body: list[list[str]] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    kpis: list[Indicator] = field(default_factory=list)
    origins: tuple[str, ...] = ()
    change: Declared = NOTHING_DECLARED
    omitted: bool = False

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def item(self):
        body = "\n".join("".join(sentences) for sentences in self.body)
        children = tuple(child.item() for child in self.children)
        more = {"children": children, "indicators": tuple(self.kpis), "origins": self.origins, "change": self.change}
        return Item(self.id, self.level, self.number, self.title, body, omitted=self.omitted, **more)


class Reviser:
    """Grows a plan, then edits a copy of it."""

    def __init__(self, random, edits=6):
        self.random = random
        self.count = 0
        self.old = Node("x", "plan", children=self.grown("plan"))
        self.new = deepcopy(self.old)
        self.touched = set()
        self.removed = []
        for _ in range(random.randint(1, edits)):
            random.choice(self.EDITS)(self)
        if random.random() < 0.7:
            self.renumber(self.new)

    # --- words --------------------------------------------------------------------------------------------------------

    def word(self):
        self.count += 1
        return "甲乙丙丁戊己庚辛壬癸"[self.count % 10] + "".join(
            "零一二三四五六七八九"[int(c)] for c in f"{self.count:03}"
        )

    def name(self, letter="i"):
        self.count += 1
        return f"{letter}{self.count}"

    def title(self):
        return f"〈{self.word()}〉{self.random.choice(DEEDS)}"

    def sentence(self):
        return self.random.choice(SENTENCES).format(f"〈{self.word()}〉")

    def paragraph(self):
        return [self.sentence() for _ in range(self.random.choice((1, 1, 1, 2, 6)))]

    def kpi(self, level):
        role = "target" if level == "goal" else "kpi"
        target = Value(2025, self.random.randint(20, 99))
        return Indicator(self.name("k"), role, f"〈{self.word()}〉件数", "件", baseline=Value(2019, 10), target=target)

    def grown(self, level):
        nodes = []
        for below in BELOW.get(level, ()):
            most = {"section": 2 if level == "plan" else 1, "goal": 2, "project": 1}.get(below, 2)
            nodes += [self.fresh(below, number) for number in range(1, self.random.randint(0, most) + 1)]
        return nodes

    def fresh(self, level, number, *, alone=False):
        chance = self.random.random
        node = Node(self.name(), level, None if level == "section" and chance() < 0.5 else number, self.title())
        if level == "section" or chance() < 0.2:
            node.body = [self.paragraph() for _ in range(self.random.choice((1, 1, 2, 4)))]
        if level != "section" and chance() < 0.25:
            node.kpis = [self.kpi(level) for _ in range(self.random.randint(1, 2))]
        if chance() < 0.06 and level != "section":
            node.title, node.body, node.kpis, node.omitted = "", [], [], True
        elif not alone:
            node.children = self.grown(level)
        return node

    # --- edits --------------------------------------------------------------------------------------------------------

    def take(self, wanted=lambda _: True, *, again=False):
        nodes = [each for each in self.new.walk() if each.level != "plan" and not each.omitted and wanted(each)]
        nodes = [each for each in nodes if again or each.id not in self.touched]
        if not nodes:
            return None
        node = self.random.choice(nodes)
        self.touched.add(node.id)
        return node

    def parent(self, node):
        return next(each for each in self.new.walk() if any(child is node for child in each.children))

    def place(self, node, level=None, *, but=None):
        """Put a node somewhere a node of its level may stand, not below itself."""
        mine = {id(each) for each in node.walk()}
        parents = [
            each
            for each in self.new.walk()
            if (level or node.level) in BELOW.get(each.level, ())
            and id(each) not in mine
            and each is not but
            and not each.omitted
        ]
        if not parents:
            return False
        children = self.random.choice(parents).children
        same = [at for at, each in enumerate(children) if each.level == (level or node.level)]
        spots = [*same, same[-1] + 1] if same else [len(children)]
        children.insert(self.random.choice(spots), node)
        return True

    def cut(self, node):
        parent = self.parent(node)
        parent.children = [child for child in parent.children if child is not node]
        return parent

    def retitle(self):
        if node := self.take():
            node.title = self.random.choice((self.title(), f"{node.title}と{self.word()}", f"新{node.title}"))
            node.change = Declared(("renamed",), self.random.choice(("", "名称の見直し")))

    def rewrite(self):
        if node := self.take(lambda each: each.body):
            for _ in range(self.random.randint(1, 3)):
                at = self.random.randrange(len(node.body))
                sentences = node.body[at]
                match self.random.randrange(7):
                    case 0:
                        node.body.insert(at, self.paragraph())
                    case 1 if len(node.body) > 1:
                        del node.body[at]
                    case 2:
                        sentences.insert(self.random.randint(0, len(sentences)), self.sentence())
                    case 3 if len(sentences) > 1:
                        del sentences[self.random.randrange(len(sentences))]
                    case 4 if len(sentences) > 1:
                        half = len(sentences) // 2
                        node.body[at : at + 1] = [sentences[:half], sentences[half:]]
                    case 5:
                        node.body[at] = self.paragraph()
                    case _:
                        one = self.random.randrange(len(sentences))
                        sentences[one] = self.random.choice(
                            (f"なお、{sentences[one]}", sentences[one].replace("ます。", "ることとします。"))
                        )

    def drop(self):
        if node := self.take():
            self.cut(node)
            if self.random.random() < 0.7:
                self.removed.append(Removed(node.id, self.random.choice(("", "終了したため"))))

    def add(self):
        parents = [each for each in self.new.walk() if BELOW.get(each.level) and not each.omitted]
        level = self.random.choice(BELOW[self.random.choice(parents).level])
        self.place(self.fresh(level, 9))

    def move(self):
        if node := self.take(lambda each: each.level not in ("goal", "viewpoint")):
            parent = self.cut(node)
            if not self.place(node, but=parent):
                parent.children.append(node)

    def swap(self):
        if node := self.take():
            self.place(node) if self.cut(node) else None

    def merge(self):
        node = self.take(lambda each: not each.children)
        if node and (other := self.take(lambda each: each.level == node.level and not each.children)):
            self.cut(other)
            node.kpis = [*node.kpis, *other.kpis]
            node.body = [*node.body, *other.body][self.random.randint(0, 1) :]
            node.origins = (node.id, other.id)
            if self.random.random() < 0.5:
                node.id = self.name()
            if self.random.random() < 0.7:
                node.title = self.title()
            self.touched.add(node.id)

    def split(self):
        if node := self.take(lambda each: not each.kpis):
            other = self.fresh(node.level, 9, alone=True)
            if other.omitted:
                return
            other.kpis = []
            node.origins, other.origins = (node.id,), (node.id,)
            self.touched.add(other.id)
            if self.random.random() < 0.6:
                self.parent(node).children.append(other)
            else:
                self.place(other)
            if self.random.random() < 0.5:
                half = len(node.children) // 2
                node.children, other.children = node.children[:half], [*other.children, *node.children[half:]]

    def shift_level(self):
        if node := self.take(lambda each: each.level == "initiative" and not each.children):
            parent = self.cut(node)
            level = self.random.choice(("policy", "project"))
            if self.place(node, level):
                node.level = level
                node.change = Declared(("level-changed",))
            else:
                parent.children.append(node)

    def insert_level(self):
        if node := self.take(lambda each: each.level == "goal"):
            policy = self.fresh("policy", 1, alone=True)
            if policy.omitted:
                return
            taken = [each for each in node.children if each.level == "initiative"]
            node.children = [each for each in node.children if each.level != "initiative"] + [policy]
            policy.children = taken

    def drop_level(self):
        if node := self.take(lambda each: each.level == "policy"):
            parent = self.cut(node)
            parent.children += node.children
            self.removed.append(Removed(node.id, "階層を改めるため"))

    def figures(self):
        if node := self.take(lambda each: each.kpis):
            at = self.random.randrange(len(node.kpis))
            old = node.kpis[at]
            match self.random.randrange(3):
                case 0:
                    del node.kpis[at]
                case 1:
                    node.kpis.append(self.kpi(node.level))
                case _:
                    more = {"baseline": old.baseline, "target": Value(2027, self.random.randint(100, 199))}
                    name = self.random.choice((old.name, f"〈{self.word()}〉件数"))
                    node.kpis[at] = Indicator(old.id, old.role, name, "件", **more)

    def omit(self):
        if node := self.take(lambda each: each.level != "section" and not each.children and not each.kpis):
            node.title, node.body, node.omitted = "", [], True

    def renumber(self, node):
        numbers = {}
        for child in node.children:
            if child.number is not None:
                child.number = numbers[child.level] = numbers.get(child.level, 0) + 1
            self.renumber(child)

    EDITS = (
        *(retitle, rewrite, rewrite, drop, add, move, move, swap, merge, merge, split, shift_level, insert_level),
        *(drop_level, figures, figures, omit),
    )

    def editions(self):
        more = {"period": (2021, 2025)}
        old = edition(root=self.old.item(), name="a", label="現行", stage="adopted", date="2021-03", **more)
        new = edition(
            root=self.new.item(),
            name="b",
            label="改定後",
            date="2024-03",
            revises="a",
            removed=tuple(self.removed),
            **more,
        )
        return old, new


def revised(random, edits=6):
    return Reviser(random, edits).editions()
