"""Names: where an id is declared and where it is used, in all editions of a plan."""

import re
from collections.abc import Iterator

from atsugi_cli import store
from atsugi_cli.editor.view import View
from atsugi_cli.findings import Place
from atsugi_cli.model import Strategy
from atsugi_cli.project.structure import beside
from atsugi_cli.reader.places import Places
from atsugi_cli.store import StoreError


def definition(view: View, offset: int) -> Place | None:
    """Find what an id at an offset names: the old item of a `from`, the item itself, the edition that is revised.

    At the id of an item itself, it is what that was in the edition before.
    """
    named = view.named(offset)
    strategy, base = view.strategy, view.base
    if named is None or strategy is None:
        return None
    name, whose = named
    if whose == "edition":
        return _places(base).value(0, "edition", "id") if base is not None else None
    thing = view.things(strategy).get(name) if whose == "thing" else None
    if thing is not None:
        place = view.places.value(thing.node, "id")
        start, end = view.sheet.span(place)
        if not start <= offset <= end:
            return place
    olds = view.things(base)
    names = [*(thing.origins if thing is not None else ()), name]
    old = next((olds[each] for each in names if each in olds), None)
    return _places(base).value(old.node, "id") if old is not None and base is not None else None


def references(view: View, offset: int) -> Iterator[Place]:
    """Iterate over every place of the plan where the id at an offset stands."""
    named = view.named(offset)
    if named is None or named[1] == "edition":
        return
    name = named[0]
    for blob in _editions(view):
        text = blob.data.decode("utf-8", "replace")
        strategy = view.project.read(blob).strategy if name in text else None
        if strategy is not None:
            yield from _mentioned(view, strategy, name)


def _editions(view: View) -> Iterator[store.Blob]:
    try:
        yield from beside(view.project, view.blob)
    except StoreError:
        yield view.blob


def _mentioned(view: View, strategy: Strategy, name: str) -> Iterator[Place]:
    """Iterate over the places of an id in one edition, in order: only where an id may stand."""
    places = _places(strategy)
    for match in re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", strategy.text):
        found = places.at(match.start())
        if found is not None and not found[1] and view.refers(found[0]) in {"thing", "old"}:
            yield places.lines.place(*match.span())


def _places(strategy: Strategy | None) -> Places:
    from atsugi_cli.reader.loading import locate

    assert strategy is not None  # noqa: S101 - asked only where there is one
    return locate(strategy.text, strategy.source)
