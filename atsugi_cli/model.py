"""Model: a municipal strategy as one tree of items, whatever its levels are called.

The YAML keeps the domain's words (goals, policies, initiatives, kpis); here every level is an `Item`, so that
matching, classifying, collapsing and printing are one recursion each and a city with another hierarchy is data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal, Protocol, Self, TypeVar, get_args

from atsugi_cli.frozen import frozen

Stage = Literal["outline", "draft", "proposal", "adopted"]
STAGE_LABELS: Mapping[Stage, str] = {"outline": "骨子", "draft": "素案", "proposal": "案", "adopted": "決定"}

Status = Literal["none", "undecided", "unpublished", "not-surveyed", "not-given"]
STATUS_LABELS: Mapping[str, str] = {
    "none": "－",
    "undecided": "未設定",
    "unpublished": "未公表",
    "not-surveyed": "調査なし",
    "not-given": "記載なし",
}
Bound = Literal["", "at-least", "at-most", "above", "below"]
BOUND_LABELS: Mapping[Bound, str] = {"": "", "at-least": "以上", "at-most": "以下", "above": "超", "below": "未満"}
State = Literal["", "preliminary", "final", "estimate"]
STATE_LABELS: Mapping[State, str] = {"": "", "preliminary": "速報値", "final": "確定値", "estimate": "推計値"}
Aggregation = Literal["", "single", "cumulative", "mean"]
UNREGISTERED = "未登録"
"""What is printed for `omitted: true`: it exists, but the source does not give it."""

Number = int | str | None
Year = int | str | None
"""A fiscal or calendar year, or a date as written (basis: date)."""
Span = tuple[int, int]


@frozen
class Declared:
    """What the author says of a change: its kinds (flags) and why (reason)."""

    flags: tuple[str, ...] = ()
    reason: str = ""

    def __bool__(self) -> bool:
        """Say whether anything was declared."""
        return bool(self.flags or self.reason)


NOTHING_DECLARED = Declared()


class Written(float):
    """A number that was written with more decimals than it needs: 1.40 is 1.4, and printed 1.40."""

    __slots__ = ("digits",)
    digits: int

    @classmethod
    def of(cls, text: str) -> "float":
        """Return the number of a text, with its decimals where it has some to spare."""
        decimals = text.partition(".")[2]
        if not decimals.endswith("0") or not decimals.isdigit() or decimals == "0":
            return float(text)
        found = cls(text)
        found.digits = len(decimals)
        return found


@frozen
class Value:
    """One reading or aim of an indicator.

    One of `value`, `range`, `text`, `relative` and `status` speaks: a number in the indicator's unit, two (from, to),
    words (全国平均を上回る), a change in per cent of the baseline (-10.0 = 10.0%減少), or why there is no number;
    `relative` may stand beside the number that it gives. `bound` (2,000人以上), `about` (約) and `state` (速報値) say
    how the number is meant, `aggregation` and `span` over which years it is reckoned where the indicator says
    otherwise. `printed` is what the source prints: arithmetic goes by the number, paper by the words. `comment` is what
    the yearly review says of an actual.
    """

    year: Year = None
    value: int | float | None = None
    text: str = ""
    relative: int | float | None = None
    status: Status | None = None
    range: tuple[float, float] | None = None
    bound: Bound = ""
    about: bool = False
    state: State = ""
    aggregation: Aggregation = ""
    span: Span | None = None
    printed: str = ""
    note: str = ""
    comment: str = ""


Method = Literal["ratio", "decrease", "progress", "text"]
METHODS: tuple[Method, ...] = get_args(Method)


@frozen
class Achievement:
    """How the rate of achievement is worked out: never chosen silently, so only a city's profile has a default."""

    method: Method
    cap: int | float | None = None


@frozen
class Indicator:
    """A numeric target of a goal or the plan, or the KPI of an initiative: `role` says which.

    `current` (現況) is a third point in time beside baseline and target that is part of the plan's text. `same_as` is
    the id of the indicator that this one lists again (再掲).
    """

    id: str
    role: Literal["target", "kpi"]
    name: str = ""
    unit: str = ""
    definition: str = ""
    source: str = ""
    direction: Literal["", "increase", "decrease", "maintain"] = ""
    basis: Literal["", "calendar", "fiscal", "date"] = ""
    aggregation: Aggregation = ""
    span: Span | None = None
    baseline: Value | None = None
    current: Value | None = None
    target: Value | None = None
    targets: tuple[Value, ...] = ()
    actuals: tuple[Value, ...] = ()
    breakdown: tuple["Indicator", ...] = ()
    achievement: Achievement | None = None
    owners: tuple[str, ...] = ()
    same_as: str = ""
    origins: tuple[str, ...] = ()
    change: Declared = NOTHING_DECLARED
    note: str = ""
    omitted: bool = False
    extra: tuple[tuple[str, object], ...] = ()
    line: int = field(default=0, compare=False)
    node: int = field(default=0, compare=False)


class Tree(Protocol):
    """What has things of its own sort below it."""

    @property
    def children(self) -> Sequence[Self]:
        """Return what stands directly below."""


T = TypeVar("T", bound=Tree)


def walked(top: T) -> Iterator[T]:
    """Iterate over a tree from the top down, in order, without recursion."""
    stack = [top]
    while stack:
        tree = stack.pop()
        yield tree
        if tree.children:
            stack.extend(reversed(tree.children))


@frozen
class Item:
    """A plan, section, viewpoint, goal, policy, initiative or project.

    `number` is what is printed (①, 1, ひと), never an identity; `page` is where the printed plan has it. `origins` are
    ids of the revised edition (`from`).
    `node` and `line` say where it stands in its text: see `reader.locate`.
    """

    id: str
    level: str
    number: Number = None
    title: str = ""
    body: str = ""
    indicators: tuple[Indicator, ...] = ()
    children: tuple["Item", ...] = ()
    page: Number = None
    owners: tuple[str, ...] = ()
    tags: tuple[tuple[str, tuple[int | str, ...]], ...] = ()
    origins: tuple[str, ...] = ()
    change: Declared = NOTHING_DECLARED
    note: str = ""
    omitted: bool = False
    extra: tuple[tuple[str, object], ...] = ()
    line: int = field(default=0, compare=False)
    node: int = field(default=0, compare=False)

    def walk(self) -> Iterator["Item"]:
        """Iterate over the item and everything below it, in document order."""
        return walked(self)


Thing = Item | Indicator
"""What has an id in an edition."""


def title_of(thing: Thing) -> str:
    """Return the title of an item or the name of an indicator."""
    return thing.title if isinstance(thing, Item) else thing.name


@frozen
class Removed:
    """An item or indicator of the revised edition that this edition drops on purpose."""

    id: str
    reason: str = ""
    node: int = 0
    line: int = 0
    note: str = ""


@frozen
class Plan:
    """What stays the same over all editions of a plan, and its period in fiscal years, both included."""

    id: str
    title: str = ""
    municipality: str = ""
    parent: str = ""
    start: int | None = None
    end: int | None = None
    node: int = 0
    extra: tuple[tuple[str, object], ...] = ()


@frozen
class LevelWords:
    """What an edition calls one of its levels, where that is not what the city's profile says: by the YAML key."""

    key: str
    label: str = ""
    number: str = ""
    heading: str = ""


@frozen
class Point:
    """A point of 改定のポイント as the author puts it: what is told under it, by ids of items or keys of levels."""

    title: str
    reason: str = ""
    parts: tuple[str, ...] = ()


@frozen
class Edition:
    """One state of the plan: one YAML file. `levels` are its own words for the levels of the hierarchy."""

    id: str
    label: str = ""
    stage: Stage = "draft"
    date: str = ""
    revises: str = ""
    owner: str = ""
    reasons: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    levels: tuple[LevelWords, ...] = ()
    points: tuple[Point, ...] = ()
    node: int = 0
    note: str = ""
    extra: tuple[tuple[str, object], ...] = ()


@frozen
class Strategy:
    """One edition, read: `root` is the plan as an item whose children are sections, viewpoints and goals.

    `source` names the file as the user does and `text` is what was read (for places and snippets).
    """

    plan: Plan
    edition: Edition
    root: Item
    source: str = ""
    text: str = field(default="", repr=False)
    wrapped: bool = field(default=True, compare=False, repr=False)
    """Whether a line break of the file may be a blank in some text; False where the reader knows that none is."""
    extra: tuple[tuple[str, object], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it from every other edition: the ids of the plan and of the edition."""
        return self.plan.id, self.edition.id

    def items(self) -> Iterator[Item]:
        """Iterate over every item but the plan itself, in document order."""
        walk = self.root.walk()
        next(walk)
        yield from walk

    def indicators(self) -> Iterator[tuple[Item, Indicator]]:
        """Iterate over every indicator with the item that owns it, in document order."""
        for item in self.root.walk():
            for indicator in item.indicators:
                yield item, indicator
