"""Ancestry: what the ids and the `from` of an edition say of the one it revises, looked up for the rules."""

import re
import unicodedata
from collections.abc import Iterator

from atsugi_cli.frozen import frozen
from atsugi_cli.model import Indicator, Item, Strategy
from atsugi_cli.rules.base import Subject

MANY = 2
IN_BASE = "改定前はここ"
_LOOKALIKES = "[\u2e80-\u2fdf\uf900-\ufaff\uff61-\uff9f]+"
"""Radicals, compatibility ideographs, half-width kana."""


def names(subject: Subject) -> dict[str, list[Item | Indicator]]:
    """Map every old id to the items and indicators whose `from` names it."""
    named: dict[str, list[Item | Indicator]] = {}
    for item in subject.items:
        for origin in item.origins:
            named.setdefault(origin, []).append(item)
    for _, indicator in subject.strategy.indicators():
        for origin in indicator.origins:
            named.setdefault(origin, []).append(indicator)
    return named


@frozen
class Old:
    """The revised edition, looked up: parents and owners by id ("" at the top)."""

    parents: dict[str, str]
    owners: dict[str, str]


def looked_up(base: Strategy) -> Old:
    """Look up where everything stands in the revised edition."""
    parents: dict[str, str] = {}
    owners: dict[str, str] = {}
    for parent in base.root.walk():
        above = "" if parent is base.root else parent.id
        for child in parent.children:
            parents.setdefault(child.id, above)
        for indicator in parent.indicators:
            owners.setdefault(indicator.id, above)
    return Old(parents, owners)


def predecessors(subject: Subject, thing: Item | Indicator) -> tuple[Item | Indicator, ...]:
    """Give what precedes an item or indicator, by its id and its `from`."""
    ids = dict.fromkeys((thing.id, *thing.origins))
    return tuple(subject.base_by_id[each] for each in ids if each in subject.base_by_id)


def pairs(subject: Subject) -> Iterator[tuple[Item, tuple[Item, ...]]]:
    """Iterate over the items with what precedes each; things of the other kind are left to their own rule."""
    for item in subject.items:
        if item.id not in subject.doubled:
            yield item, tuple(each for each in predecessors(subject, item) if isinstance(each, Item))


def is_split(subject: Subject, old_id: str, named: dict[str, list[Item | Indicator]]) -> bool:
    """Say whether several things continue an old id."""
    heirs = {each.id for each in named.get(old_id, ())} | ({old_id} & subject.by_id.keys())
    return len(heirs) >= MANY


def as_meant(text: str) -> str:
    """Give a title without slips of single characters that have rules of their own: unseen, decomposed, lookalike."""
    seen = "".join(each for each in text if unicodedata.category(each) not in {"Cf", "Cc"})
    usual = (unicodedata.normalize("NFKC", each[0]) for each in re.finditer(_LOOKALIKES, seen))
    return unicodedata.normalize("NFC", re.sub(_LOOKALIKES, lambda _: next(usual), seen)).strip()


def lost_ids(subject: Subject) -> list[str]:
    """List the old ids that are neither present, nor named in a `from`, nor removed, in the old order."""
    explained = {each.id for each in subject.strategy.edition.removed}
    explained.update(subject.by_id, names(subject))
    return [each for each in subject.base_by_id if each not in explained]


def title_of(thing: Item | Indicator) -> str:
    """Give the title of an item or the name of an indicator."""
    return thing.title if isinstance(thing, Item) else thing.name
