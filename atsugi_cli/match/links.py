"""Links: how things of two editions belong together, and how that is known."""

from typing import Literal

from atsugi_cli.frozen import frozen

Decided = Literal["id", "declared", "inferred"]
"""How it is known who became whom: the same id, the author's `from`, or likeness."""

SURE = 0.9
"""From this confidence on guesses were right in more than 99 % of the cases measured; others are no facts yet."""

ITEM_NEW, INDICATOR_NEW = frozenset({"added", "section-added"}), frozenset({"added", "kpi-added"})
"""The flags by which an author calls an item, and an indicator, new: here, below the kinds that they name."""


@frozen
class Link:
    """A relation between ids of the two editions: `old` empty means new, `new` empty means gone.

    One new id with several old ones is a merge, one old id with several new ones a split.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    decided: Decided
    confidence: float = 1.0


@frozen
class Candidate:
    """An old or new item that might belong to one without a counterpart."""

    id: str
    title: str
    likeness: float


@frozen
class Open:
    """An item for which neither ids, `from` nor likeness found a counterpart, with the nearest ones."""

    side: Literal["old", "new"]
    id: str
    title: str
    candidates: tuple[Candidate, ...]


@frozen
class Proposal:
    """A thing for which nobody has said what it comes from (or becomes), with the likeliest answers, likeliest first.

    `confidence` is that of the first candidate where likeness names one, else 0.
    """

    side: Literal["old", "new"]
    id: str
    candidates: tuple[str, ...]
    confidence: float = 0.0
