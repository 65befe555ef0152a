"""Views: what a kind of change may look at, and what it may say."""

from collections.abc import Mapping
from dataclasses import field

from atsugi_cli.frozen import frozen
from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item
from atsugi_cli.prose import Marks
from atsugi_cli.revision import MANY, Decided

CALLED_NEW = frozenset({"added", "section-added"})
CALLED_GONE = frozenset({"removed", "section-removed"})


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
        """Give the one old item that lives on as the new one, when it is that simple."""
        if self.new is None or len(self.old) != 1 or len(self.parts) >= MANY or self.replaced:
            return None
        return self.old[0]

    @property
    def replaced(self) -> bool:
        """Say whether the author calls it new (or gone) although something precedes (or follows) it."""
        return not (CALLED_NEW | CALLED_GONE).isdisjoint(self.declared.flags)

    @property
    def comparable(self) -> bool:
        """Say whether the words of both sides are known."""
        return self.new is not None and bool(self.old) and not self.new.omitted and not self.old[0].omitted


@frozen
class IndicatorView:
    """The same for an indicator; `owners` are the items that own it on each side, `placed` says they correspond."""

    old: tuple[Indicator, ...]
    new: Indicator | None
    owners: tuple[Item | None, Item | None]
    parts: tuple[Indicator, ...] = ()
    declared: Declared = NOTHING_DECLARED
    placed: bool = True

    @property
    def both(self) -> tuple[Indicator, Indicator] | None:
        """Give both sides where the one indicator lives on as the other and its data are known on both."""
        if self.new is None or len(self.old) != 1 or len(self.parts) >= MANY:
            return None
        return None if self.new.omitted or self.old[0].omitted else (self.old[0], self.new)


@frozen
class Evidence:
    """What a kind saw. What is left empty is as the pair says.

    `olds` are the old items that it is about, where that is not all of them, and `parts` the new things of a split.
    """

    before: str = ""
    after: str = ""
    marks: Marks | None = None
    proposed: bool = False
    decided: Decided | None = None
    reason: str = ""
    olds: tuple[Item, ...] = ()
    parts: tuple[Item | Indicator, ...] = ()
    old_indicators: tuple[Indicator, ...] = ()
    new_indicators: tuple[Indicator, ...] = ()


SEEN = Evidence()
