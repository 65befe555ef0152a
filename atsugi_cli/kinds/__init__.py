"""Kinds: the kinds of change, a table of cards (`table`) and the functions that see them.

A function looks at an item on both sides, an indicator on both sides, or the plan, and returns the evidence it sees, or
None; its docstring is the documentation of the kind.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from atsugi_cli.catalogue import Entry
from atsugi_cli.kinds.card import SEEN, Change, Evidence, IndicatorView, Kind, Look, View
from atsugi_cli.kinds.items import REWORDED_FROM
from atsugi_cli.kinds.table import BY_CODE, CATALOGUE, GROUPS, KINDS
from atsugi_cli.match.links import Decided
from atsugi_cli.match.prose import likeness
from atsugi_cli.model import NOTHING_DECLARED, Declared, Indicator, Item, Strategy, Thing

__all__ = [
    "BY_CODE",
    "CATALOGUE",
    "GROUPS",
    "KINDS",
    "ORDER",
    "Change",
    "IndicatorView",
    "Kind",
    "View",
    "classify",
    "classify_plan",
    "dropped",
    "kinds_of",
    "look_of",
    "mirrored",
    "named",
    "placed",
    "reordered",
]

ORDER = {kind.code: index for index, kind in enumerate(KINDS)}
"""The places of the kinds in the table."""
_LAST = {kind.group: index for index, kind in enumerate(KINDS)}

_ON_ITEM = tuple((kind, kind.on_item) for kind in KINDS if kind.on_item)
_ON_INDICATOR = tuple((kind, kind.on_indicator) for kind in KINDS if kind.on_indicator)
_ON_PLAN = tuple((kind, kind.on_plan) for kind in KINDS if kind.on_plan)


def mirrored(declared: Declared) -> Declared:
    """Return the declared change, mirrored for a comparison that looks back in time: added → removed."""
    flags = tuple(BY_CODE[flag].mirror if flag in BY_CODE else flag for flag in declared.flags)
    return Declared(flags, declared.reason)


def dropped(reason: str, *, back: bool) -> Declared:
    """Return what the author says of an item that the later edition drops on purpose."""
    return Declared(("added" if back else "removed",), reason)


def said_between(before: Thing, after: Thing) -> Declared:
    """Return what an edition declares of a thing that is in two of its states: the kinds that changed between them."""
    flags = tuple(flag for flag in after.change.flags if flag in BY_CODE and _differs(BY_CODE[flag], before, after))
    return Declared(flags, after.change.reason) if flags else NOTHING_DECLARED


def _differs(kind: Kind, before: Thing, after: Thing) -> bool:
    if kind.same is None:
        return False
    if isinstance(before, Item) and isinstance(after, Item):
        return kind.same.item is not None and kind.same.item(before) != kind.same.item(after)
    if isinstance(before, Indicator) and isinstance(after, Indicator):
        return kind.same.indicator is not None and kind.same.indicator(before) != kind.same.indicator(after)
    return False


def reordered(old: tuple[Item, ...], new: Item, before: str, after: str) -> Change:
    """Return the change of an item whose children stand in another order."""
    return Change(BY_CODE["other"], old, (new,), before=before, after=after)


def kinds_of(flags: Iterable[str]) -> list[Kind]:
    """Return the kinds that flags name; a mistyped one names none."""
    return [BY_CODE[flag] for flag in flags if flag in BY_CODE]


def named(old: str, new: str) -> Kind:
    """Return the kind that a new name is taken for where nobody declares it: by how much of the wording stays."""
    return BY_CODE["reworded" if likeness(old, new) >= REWORDED_FROM else "renamed"]


def placed(kind: Kind) -> float:
    """Return where a kind is printed: as the table has it, one of a city's own behind the last of its group."""
    return ORDER.get(kind.code, _LAST[kind.group] + 0.5)


def own_kinds(kinds: Mapping[str, str]) -> dict[str, Kind]:
    """Return the kinds of a city's own, by their codes; they are seen where the author declares them."""
    return {
        code: Kind(Entry(code, label, "item", "", example=""), code, says="{subject}を改めます（{label}）。")
        for code, label in kinds.items()
        if code not in BY_CODE
    }


def look_of(code: str) -> Look:
    """Return the look of the kind with a code; of any other flag the plain one."""
    return BY_CODE[code].look if code in BY_CODE else Look()


def classify(
    view: View | IndicatorView, decided: Decided, confidence: float, own: Mapping[str, Kind] = MappingProxyType({})
) -> tuple[Change, ...]:
    """Ask every kind about an item or indicator, in the order of the table; the city's `own` come last."""
    here: tuple[Thing, ...] = () if view.new is None else (view.new,)
    changes = [
        _change(kind, seen, seen.olds or view.old, seen.parts or here, view.declared, decided, confidence)
        for kind, seen in _seen(view)
        if seen
    ]
    declared = [own[flag] for flag in view.declared.flags if flag in own] if own else ()
    changes += [_change(kind, SEEN, view.old, here, view.declared, decided, confidence) for kind in declared]
    return tuple(changes)


def _seen(view: View | IndicatorView) -> Iterator[tuple[Kind, Evidence | None]]:
    if isinstance(view, View):
        return ((kind, look(view)) for kind, look in _ON_ITEM)
    return ((kind, look(view)) for kind, look in _ON_INDICATOR)


def classify_plan(old: Strategy, new: Strategy) -> tuple[Change, ...]:
    """Ask every kind about the plan itself, in the order of the table."""
    return tuple(
        _change(kind, seen, (old.root,), (new.root,), NOTHING_DECLARED, "id", 1.0)
        for kind, look in _ON_PLAN
        if (seen := look(old, new))
    )


def _change(
    kind: Kind,
    seen: Evidence,
    old: tuple[Thing, ...],
    new: tuple[Thing, ...],
    declared: Declared,
    decided: Decided,
    confidence: float,
) -> Change:
    by_author = kind.code in declared.flags or seen.decided == "declared"
    return Change(
        kind=kind,
        old=old,
        new=new,
        before=seen.before,
        after=seen.after,
        decided="declared" if by_author else decided,
        confidence=1.0 if by_author else confidence,
        proposed=seen.proposed and not by_author,
        reason=seen.reason or declared.reason,
        marks=seen.marks,
        nearest=seen.nearest,
        owners=seen.owners,
        old_indicators=seen.old_indicators,
        new_indicators=seen.new_indicators,
    )
