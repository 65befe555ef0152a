"""Growing: the tree of a plan while tables are read: items entered by level, found again, and written as plain data."""

from collections.abc import Iterator, Mapping
from typing import Final

from atsugi_cli.levels import SECTION, Profile
from atsugi_cli.model import Number
from atsugi_cli.tables.writing import Doubt

Data = dict[str, object]


class Node:
    """An item while it grows; one without a title is not given (未登録)."""

    def __init__(self, level: str, number: Number = None, title: str = "") -> None:
        """Begin an item."""
        self.level, self.number, self.title = level, number, title
        self.doubled: Number = None
        """The number that another item beside it has."""
        self.data: Data = {}
        self.kids: list[Node] = []
        self.indicators: dict[str, list[Data]] = {}

    def walk(self) -> "Iterator[Node]":
        """Iterate over everything below."""
        for kid in self.kids:
            yield kid
            yield from kid.walk()


class Tree:
    """The plan so far, and the item of each level that rows are read below."""

    def __init__(self, profile: Profile) -> None:
        """Begin a plan."""
        self.profile = profile
        self.levels = {level.code: level for level in profile.tree}
        self.ranks: Final[Mapping[str, int]] = {code: rank for rank, code in enumerate(self.levels)}
        self.root = Node("plan")
        self.path: dict[str, Node] = {}
        self.ids: dict[str, int] = {}
        self.taken: set[str] = set()
        self.missing: list[str] = []
        """What the tables do not say of the plan, or say twice."""

    def id(self, what: str) -> str:
        """Make an id that nothing has."""
        self.ids[what] = self.ids.get(what, 0) + 1
        made = f"{what}-{self.ids[what]}"
        if made in self.taken:
            return self.id(what)
        self.taken.add(made)
        return made

    def claim(self, identity: str, instead: str) -> bool:
        """Take an id that a table gives, instead of one that was made; say whether nothing else has it."""
        free = identity == instead or identity not in self.taken
        self.taken = (self.taken - {instead}) | {identity} if free else self.taken
        return free

    def deepest(self) -> Node:
        """Return the item that rows are read below."""
        return self.path[max(self.path, key=self.ranks.__getitem__)] if self.path else self.root

    def above(self, code: str) -> list[Node]:
        """Return the items above a level, the next of them last."""
        return [self.path[each] for each in self.ranks if self.ranks[each] < self.ranks[code] and each in self.path]

    def enter(self, code: str, number: Number, title: str, *, anywhere: bool = False) -> bool:
        """Go to an item, which may be there already; say whether it is another than before.

        `anywhere`: a table that names nothing above it may mean an item of any place.
        """
        above = self.above(code)
        title = "" if title == self.profile.table.omission else title
        node, parent = None, above[-1] if above else self.root
        if not above and anywhere and self.ranks[code]:
            same = [each for each in self.root.walk() if each.level == code and alike(each.title, title)]
            node = same[0] if len(same) == 1 else None
        node = node or next((each for each in parent.kids if each.level == code and _same(each, number, title)), None)
        if node is None:
            node = Node(code, None, title)
            parent.kids.append(node)
        others = {each.number for each in parent.kids if each.level == code and each is not node}
        if number is not None and node.number is None and number in others:
            node.doubled, number = number, None
        node.number, node.title = node.number if node.number is not None else number, node.title or title
        if self.path.get(code) is node:
            return False
        self.path = {each: found for each, found in self.path.items() if self.ranks[each] < self.ranks[code]}
        self.path[code] = node
        return True

    def leave(self, code: str) -> None:
        """Read on above a level."""
        self.path.pop(code, None)

    def written(self) -> tuple[Data, Data]:
        """Return what stands in the plan, and in the edition beside it; what the tables do not say is noted."""
        plan = {key: [_without(each) for each in found] for key, found in self.root.indicators.items()}
        result: Data = {}
        top = self.profile.tree[0]
        for level in (SECTION, *self.profile.cross):
            if beside := [self._item(node) for node in self.root.kids if node.level == level.code]:
                result[level.key] = beside
        items: list[object] = [self._item(node) for node in self.root.kids if node.level == top.code]
        if loose := [node for node in self.root.kids if node.level in self.ranks and node.level != top.code]:
            holder = Node(top.code)
            holder.kids = loose
            items.append(self.doubt(self._item(holder), f"元の表に{top.label}がありません"))
        return dict(plan), {**result, **({top.key: items} if items else {})}

    def doubt(self, data: object, why: str) -> Doubt:
        """Note what a person has to check of the plan."""
        self.missing.append(why)
        return Doubt(data, why)

    def _item(self, node: Node) -> Data:
        found: Data = {"id": node.data.pop("id", None) or self.id(node.level)}
        if node.number is not None:
            found["number"] = node.number
        title: object = node.title
        if node.doubled is not None:
            title = self.doubt(title, f"元の番号 {node.doubled} は、ほかの項目と重なるので入れていません")
        found |= {"title": title} if title else {"omitted": True}
        found |= node.data
        for key, each in node.indicators.items():
            found[key] = [_without(one) for one in each]
        for level in self.profile.tree:
            if kids := [kid for kid in node.kids if kid.level == level.code]:
                found[level.key] = [self._item(kid) for kid in kids]
        return found


def _same(each: Node, number: Number, title: str) -> bool:
    """Check whether an item is meant; one of which only the number is known may be any of that number."""
    if each.number is not None and number is not None and each.number != number:
        return False
    if each.title and title:
        return alike(each.title, title)
    return each.number == number and (number is not None or each.title == title)


def alike(one: str, other: str) -> bool:
    """Check whether titles are the same but for blanks."""
    return "".join(one.split()) == "".join(other.split())


def _without(found: Data) -> Data:
    return {key: value for key, value in found.items() if key != "_of"}


def listed(value: object) -> list[object]:
    """Return a list, if it is one."""
    return list(value) if isinstance(value, list) else []


def add(data: Data, key: str, *more: object) -> None:
    """Add to a list what it does not have."""
    had = listed(data.get(key))
    data[key] = had + [each for each in more if each not in had]


def join(data: Data, key: str, text: str) -> None:
    """Add a paragraph to a text that does not have it."""
    had = str(data.get(key, ""))
    if text not in had.split("\n"):
        data[key] = f"{had}\n{text}" if had else text
