"""Texts: everything in an edition that people read, with where it stands, for the rules that look at words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from atsugi_cli.findings import Place
from atsugi_cli.model import Indicator, Item, Strategy, Thing, Value

if TYPE_CHECKING:
    from atsugi_cli.reader.places import Places


class Text(NamedTuple):
    """A text of the edition: the mapping it stands in (`node`) and the path from there."""

    words: str
    node: int
    path: tuple[str | int, ...]
    item: Item | None = None
    """The item it belongs to, where it is one's title, body or note."""

    def place(self, places: "Places", start: int, end: int) -> Place:
        """Return the place of the characters [start, end); of the whole text when they cannot be told apart."""
        span = places.inside(self.words, start, end, self.node, *self.path)
        return places.lines.place(*span) if span else places.value(self.node, *self.path)


def collected(strategy: Strategy) -> tuple[Text, ...]:
    """Return the texts of an edition in that order."""
    plan, edition = strategy.plan, strategy.edition
    found = [
        Text(words, node, (key,))
        for node, key, words in (
            (plan.node, "title", plan.title),
            (plan.node, "municipality", plan.municipality),
            (plan.node, "parent", plan.parent),
            (edition.node, "label", edition.label),
            (edition.node, "owner", edition.owner),
            (edition.node, "note", edition.note),
        )
        if words
    ]
    found += [Text(words, edition.node, ("reasons", index)) for index, words in enumerate(edition.reasons)]
    found += [Text(removed.reason, removed.node, ("reason",)) for removed in edition.removed if removed.reason]
    root = strategy.root
    for item in root.walk():
        if item.title and item is not root:
            found.append(Text(item.title, item.node, _TITLE, item))
        if item.body:
            found.append(Text(item.body, item.node, _BODY, item))
        if item.note:
            found.append(Text(item.note, item.node, _NOTE, item))
        if item.owners or item.change:
            _shared(found, item)
        for indicator in item.indicators:
            _of_indicator(found, indicator)
    return tuple(found)


_TITLE, _BODY, _NOTE, _NAME, _UNIT = ("title",), ("body",), ("note",), ("name",), ("unit",)
"""Paths of which every item or indicator has one."""


def _of_indicator(found: list[Text], indicator: Indicator) -> None:
    node = indicator.node
    if indicator.name:
        found.append(Text(indicator.name, node, _NAME))
    if indicator.unit:
        found.append(Text(indicator.unit, node, _UNIT))
    if indicator.definition:
        found.append(Text(indicator.definition, node, ("definition",)))
    if indicator.source:
        found.append(Text(indicator.source, node, ("source",)))
    if indicator.note:
        found.append(Text(indicator.note, node, _NOTE))
    if indicator.owners or indicator.change:
        _shared(found, indicator)
    for path, value in readings(indicator):
        if value.text:
            found.append(Text(value.text, node, (*path, "text")))
        if value.note:
            found.append(Text(value.note, node, (*path, "note")))
        if value.comment:
            found.append(Text(value.comment, node, (*path, "comment")))
    for each in indicator.breakdown:
        _of_indicator(found, each)


def _shared(found: list[Text], thing: Thing) -> None:
    found += [Text(words, thing.node, ("owners", index)) for index, words in enumerate(thing.owners)]
    if thing.change.reason:
        found.append(Text(thing.change.reason, thing.node, ("change", "reason")))


def own(strategy: Strategy) -> Iterator[Text]:
    """Return the texts below the keys that are a city's own (x-)."""
    holders: list[tuple[int, tuple[tuple[str, object], ...]]] = [
        (0, strategy.extra),
        (strategy.edition.node, strategy.edition.extra),
        *((item.node, item.extra) for item in strategy.root.walk()),
        *((indicator.node, indicator.extra) for _, indicator in strategy.indicators()),
    ]
    for node, extra in holders:
        for key, value in extra:
            yield from strings(value, node, (key,))


def strings(value: object, node: int, path: tuple[str | int, ...]) -> Iterator[Text]:
    """Return every text in a value, in the order of the file."""
    if isinstance(value, str):
        if value:
            yield Text(value, node, path)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(each, node, (*path, key))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from strings(each, node, (*path, at))


NAMED = {"baseline": "基準値", "current": "現況値", "target": "目標値", "targets": "段階目標", "actuals": "実績値"}
"""What the values are called, by the first step of their path."""


def readings(indicator: Indicator) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """Iterate over the values of an indicator with their paths: baseline, current, target, staged targets, actuals."""
    if indicator.baseline is not None:
        yield ("baseline",), indicator.baseline
    if indicator.current is not None:
        yield ("current",), indicator.current
    if indicator.target is not None:
        yield ("target",), indicator.target
    for index, value in enumerate(indicator.targets):
        yield ("targets", index), value
    for index, value in enumerate(indicator.actuals):
        yield ("actuals", index), value
