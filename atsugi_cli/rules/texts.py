"""Texts: everything in an edition that people read, with where it stands, for the rules that look at words."""

from collections.abc import Iterator

from atsugi_cli.findings import Place
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Declared, Indicator, Item, Strategy, Value
from atsugi_cli.rules.base import Subject


@frozen
class Text:
    """A text of the edition: the mapping it stands in (`node`) and the path from there."""

    words: str
    node: int
    path: tuple[str | int, ...]
    item: Item | None = None
    """The item it belongs to, where it is one's title, body or note."""

    def place(self, subject: Subject, start: int, end: int) -> Place:
        """Give the place of the characters [start, end); of the whole text when they cannot be told apart."""
        places = subject.places
        span = places.inside(self.words, start, end, self.node, *self.path)
        return places.lines.place(*span) if span else places.value(self.node, *self.path)


def texts(subject: Subject) -> tuple[Text, ...]:
    """Give the texts of an edition: of the plan, of the edition, then of the items with their indicators."""
    return subject.texts


def collected(strategy: Strategy) -> Iterator[Text]:
    """Collect the texts of an edition in that order."""
    plan, edition = strategy.plan, strategy.edition
    for key, words in (("title", plan.title), ("municipality", plan.municipality), ("parent", plan.parent)):
        if words:
            yield Text(words, plan.node, (key,))
    for key, words in (("label", edition.label), ("owner", edition.owner), ("note", edition.note)):
        if words:
            yield Text(words, edition.node, (key,))
    for index, words in enumerate(edition.reasons):
        yield Text(words, edition.node, ("reasons", index))
    for removed in edition.removed:
        if removed.reason:
            yield Text(removed.reason, removed.node, ("reason",))
    for item in strategy.root.walk():
        if item is not strategy.root:
            yield from _of_item(item)
        elif item.note:
            yield Text(item.note, item.node, ("note",), item)
        for indicator in item.indicators:
            yield from _of_indicator(indicator)


def _of_item(item: Item) -> Iterator[Text]:
    if item.title:
        yield Text(item.title, item.node, ("title",), item)
    if item.body:
        yield Text(item.body, item.node, ("body",), item)
    if item.note:
        yield Text(item.note, item.node, ("note",), item)
    yield from _shared(item.node, item.owners, item.change)


def _of_indicator(indicator: Indicator) -> Iterator[Text]:
    for key, words in (
        ("name", indicator.name),
        ("unit", indicator.unit),
        ("definition", indicator.definition),
        ("source", indicator.source),
        ("note", indicator.note),
    ):
        if words:
            yield Text(words, indicator.node, (key,))
    yield from _shared(indicator.node, indicator.owners, indicator.change)
    for path, value in readings(indicator):
        if value.text:
            yield Text(value.text, indicator.node, (*path, "text"))
        if value.note:
            yield Text(value.note, indicator.node, (*path, "note"))
    for each in indicator.breakdown:
        yield from _of_indicator(each)


def _shared(node: int, owners: tuple[str, ...], change: Declared) -> Iterator[Text]:
    for index, words in enumerate(owners):
        yield Text(words, node, ("owners", index))
    if change.reason:
        yield Text(change.reason, node, ("change", "reason"))


def readings(indicator: Indicator) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """Iterate over the values of an indicator with their paths: baseline, target, staged targets, actuals."""
    if indicator.baseline is not None:
        yield ("baseline",), indicator.baseline
    if indicator.target is not None:
        yield ("target",), indicator.target
    for index, value in enumerate(indicator.targets):
        yield ("targets", index), value
    for index, value in enumerate(indicator.actuals):
        yield ("actuals", index), value
