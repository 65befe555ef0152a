"""Card: what is known of one kind of change, what it may look at, and what it says when it has seen something."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal
from unicodedata import numeric

from atsugi_cli.catalogue import Entry
from atsugi_cli.frozen import frozen
from atsugi_cli.match.links import ITEM_NEW, Decided
from atsugi_cli.match.prose import Marks
from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item, Strategy, Thing

TEN = 10
"""Multiplies the character before it: 二十一."""

CALLED_NEW = ITEM_NEW
CALLED_GONE = frozenset({"removed", "section-removed"})

Field = Literal["title", "body", "name"]
"""The texts whose words are compared: title and body of an item (or the plan), name of an indicator."""
Hue = Literal["come", "join", "name", "wording", "figure", "rest"]
Ends = tuple[int | None, int | None]
"""The last year of the plan, before and after."""


@frozen
class View:
    """One item on both sides and how it is known to be the same.

    `old` is empty for what is new, `new` None for what is gone. `parts` are all new items of a split. `declared` is
    the author's word, already turned round where the comparison looks back in time. `placed` tells whether both stand
    under the same parent, `known` whether the other side of what is new or gone is known at all (it is not under a
    parent that the source leaves out). `gone` and `come` are the indicators without a counterpart; `said` maps those
    of them which the author declares to the reason.
    """

    old: tuple[Item, ...]
    new: Item | None
    parts: tuple[Item, ...] = ()
    declared: Declared = NOTHING_DECLARED
    placed: bool = True
    known: bool = True
    gone: tuple[Indicator, ...] = ()
    come: tuple[Indicator, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def carried(self) -> Item | None:
        """Return the one old item that lives on as the new one, when it is that simple."""
        if self.new is None or len(self.old) != 1 or len(self.parts) > 1 or self.replaced:
            return None
        return self.old[0]

    @property
    def replaced(self) -> bool:
        """Check whether the author calls it new (or gone) although something precedes (or follows) it."""
        return not (CALLED_NEW | CALLED_GONE).isdisjoint(self.declared.flags)

    @property
    def comparable(self) -> bool:
        """Check whether the words of both sides are known."""
        return self.new is not None and bool(self.old) and not self.new.omitted and not self.old[0].omitted


@frozen
class IndicatorView:
    """The same for an indicator; `owners` are the items that own it on each side, `placed` says they correspond.

    `sure` says that ids or the author pair the two, `one_plan` that the plan begins when it did: figures of two plans,
    or of two indicators that are only alike, are neither higher nor lower.
    """

    old: tuple[Indicator, ...]
    new: Indicator | None
    owners: tuple[Item | None, Item | None]
    parts: tuple[Indicator, ...] = ()
    declared: Declared = NOTHING_DECLARED
    placed: bool = True
    sure: bool = True
    one_plan: bool = True

    @property
    def both(self) -> tuple[Indicator, Indicator] | None:
        """Return both sides where the one indicator lives on as the other and its data are known on both."""
        if self.new is None or len(self.old) != 1 or len(self.parts) > 1:
            return None
        return None if self.new.omitted or self.old[0].omitted else (self.old[0], self.new)


@frozen
class Evidence:
    """What a kind saw. What is left empty is as the pair says.

    `marks` are the inline differences of the texts it is about, by field; of several old items `nearest` is the one
    whose text was compared. `olds` are the old items that it is about, where that is not all of them, and `parts` the
    new things of a split; of a breakdown they are the rows that were merged or split.
    """

    before: str = ""
    after: str = ""
    marks: Mapping[Field, Marks] = field(default_factory=dict)
    proposed: bool = False
    decided: Decided | None = None
    reason: str = ""
    nearest: Item | None = None
    owners: tuple[Item | None, ...] = ()
    olds: tuple[Thing, ...] = ()
    parts: tuple[Thing, ...] = ()
    old_indicators: tuple[Indicator, ...] = ()
    new_indicators: tuple[Indicator, ...] = ()


SEEN = Evidence()


@frozen
class Look:
    """How a kind looks in drawn and coloured pages.

    The hue says what sort of change it is (come or go, join or part or move, name, wording, figure), the sign says it
    again, so that nothing rests on colour alone. `ink` is the colour in a terminal.
    """

    hue: Hue = "rest"
    sign: str = "・"
    ink: Literal["", "red", "green", "magenta", "cyan"] = ""


@frozen
class Same:
    """What must not be the same on both sides where the author declares a kind: its name, and how to read it."""

    label: str
    item: Callable[[Item], object] | None = None
    indicator: Callable[[Indicator], object] | None = None


@frozen
class Kind:
    """One kind of change: all that the program knows of it.

    `mirror` is the kind it becomes when the editions are swapped. A function looks at an item, an indicator or the
    plan. `says` is the sentence of 改定のポイント, with `says_of_indicator` where the change is one of an indicator,
    `says_of_many` where many changed alike, and `unsure` behind it where the kind is only proposed; `remark` is
    what the remarks say of what the two columns do not print (with `unsure`: only where the kind is proposed). Their
    places are filled by `layout`. `target_label` is the label where the indicator is a numeric target. `joins` are the
    kinds of several items, whose sentence also tells what became new or went; `rises` is the way on which the number of
    a target goes up (1) or down (-1) in the sentence. `alike` returns what a change has in
    common with others that are said in one line with it, from `alike_from` on.

    `fields` are the fields of the model that it speaks for; the rest is for `net`. Where the author declares the kind,
    `settles_name` says that it explains a new name, `corrects` that what stood there was wrong, `continues` that there
    must be an older item, `drops_indicators` that an indicator may be missing without a word,
    `shows` and `same` what the data must show of it.
    """

    entry: Entry
    mirror: str
    on_item: Callable[[View], Evidence | None] | None = None
    on_indicator: Callable[[IndicatorView], Evidence | None] | None = None
    on_plan: Callable[[Strategy, Strategy], Evidence | None] | None = None
    look: Look = Look()
    says: str = ""
    says_of_indicator: str = ""
    says_of_many: str = ""
    unsure: str = ""
    remark: str = ""
    target_label: str = ""
    joins: Literal["", "into-one", "into-many"] = ""
    renumbers: bool = False
    rises: Literal[-1, 0, 1] = 0
    settles_name: bool = False
    corrects: bool = False
    continues: bool = False
    drops_indicators: bool = False
    shows: Literal["", "indicator-come", "indicator-gone", "origins", "heirs", "level", "parent", "role"] = ""
    same: Same | None = None
    fields: tuple[str, ...] = ()
    alike: Callable[["Change", Ends], tuple[str, str] | None] | None = None
    alike_from: int = 2

    @property
    def code(self) -> str:
        """Return the code for machines."""
        return self.entry.code

    @property
    def label(self) -> str:
        """Return the label for people."""
        return self.entry.label

    @property
    def group(self) -> str:
        """Return the code of its group."""
        return self.entry.group

    @property
    def relocates(self) -> bool:
        """Check whether it takes an item to another place."""
        return self.shows in ("parent", "level")

    @property
    def replaces(self) -> bool:
        """Check whether one indicator takes the place of another."""
        return self.settles_name and self.drops_indicators

    @property
    def comes(self) -> bool:
        """Check whether the item is new."""
        return self.entry.code in CALLED_NEW

    @property
    def goes(self) -> bool:
        """Check whether the item is gone."""
        return self.entry.code in CALLED_GONE


@frozen
class Change:
    """One change of one item or indicator.

    `old` and `new` hold what changed on each side: several items after a merge or split or where many changed alike.
    A KPI that was added is a change of its item, so the item stands there and the KPI in `new_indicators`.
    `before` and `after` are the values in words where a kind compares values ("4件", "10件"), else empty. `decided`
    says whether the author declared the kind, or ids or likeness gave it; `proposed` marks a kind that the tool
    chose and nobody declared (renamed or reworded, a going that nobody explained). `marks` are the inline differences
    where the kind is about wording, by field; `nearest` is the merged item whose title was compared, `owners` are the
    items that an indicator stands under, where the kind is about these.
    """

    kind: Kind
    old: tuple[Thing, ...]
    new: tuple[Thing, ...]
    before: str = ""
    after: str = ""
    decided: Decided = "id"
    confidence: float = 1.0
    proposed: bool = False
    reason: str = ""
    marks: Mapping[Field, Marks] = field(default_factory=dict)
    nearest: Item | None = None
    owners: tuple[Item | None, ...] = ()
    old_indicators: tuple[Indicator, ...] = ()
    new_indicators: tuple[Indicator, ...] = ()

    @property
    def group(self) -> str:
        """Return the code of the group it is counted in: an indicator's new name is a change of an indicator."""
        return "indicator" if self.kind.group in ("item", "net") and self.indicator else self.kind.group

    @property
    def about_indicators(self) -> bool:
        """Check whether it is about indicators: one that changed, or some that came or went."""
        return bool(self.indicator or self.old_indicators or self.new_indicators)

    @property
    def shift(self) -> int:
        """Return by how much the number of an item moved, 第2章 → 第3章 by one; 0 where it has none."""
        numbers = [str(each.number) for side in (self.old, self.new) for each in side[:1] if isinstance(each, Item)]
        old, new = (_rank(each) for each in (*numbers, "", "")[:2])
        return new - old if old and new else 0

    @property
    def label(self) -> str:
        """Return the label for people: of some kinds it tells the indicator's role, or the way."""
        indicators = (*self.old_indicators, *self.new_indicators)
        if self.kind.target_label and indicators and all(each.role == "target" for each in indicators):
            return self.kind.target_label
        if self.kind.renumbers and self.shift:
            return "繰下げ" if self.shift > 0 else "繰上げ"
        return self.kind.label

    @property
    def indicator(self) -> Indicator | None:
        """Return the indicator that changed; None where it is an item that did."""
        return next((each for each in (*self.new, *self.old) if isinstance(each, Indicator)), None)

    @property
    def wording(self) -> Marks | None:
        """Return the marks of the text that the change is about first of all."""
        return next(iter(self.marks.values()), None)


def _rank(number: str) -> int:
    """Return the rank of a number that is written out: 第3章, 第三章, ウ, (c); 0 of what has none."""
    if digits := "".join(filter(str.isdecimal, number)):
        return int(digits)
    rank = 0
    for value in filter(None, (int(numeric(char, 0)) for char in number)):
        rank = max(rank, 1) * value if value == TEN else rank + value
    letters = [char for char in number if char.isalpha()]
    return rank or (ord(letters[0]) if len(letters) == 1 else 0)
