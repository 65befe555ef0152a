"""Outline: the tree of an edition beside its text, what can be folded, and what is printed beside numbers and years."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lsprotocol import types

from atsugi_cli.editor.view import View
from atsugi_cli.layout.labels import heading, level_of
from atsugi_cli.levels import Profile
from atsugi_cli.model import Indicator, Item
from atsugi_cli.words import date_words, era_name, indicator_name, year_suffix

MOST_INDICATORS: Final = 3000
"""Of more, the tree shows only the items: what is sent for 20,000 takes seconds, and nobody looks through it."""


def symbols(view: View) -> list[types.DocumentSymbol]:
    """Return the tree: items, and the indicators that belong to them."""
    strategy = view.current
    if strategy is None:
        return []
    profile = view.project.profile_of(view.path).profile.speaking(strategy.edition)
    whole = sum(1 for _ in strategy.indicators()) <= MOST_INDICATORS
    return _inside(view, strategy.root, profile, whole=whole)


def _inside(view: View, item: Item, profile: Profile, *, whole: bool) -> list[types.DocumentSymbol]:
    inside = [_indicator(view, each) for each in item.indicators if whole]
    return inside + [_item(view, child, profile, whole=whole) for child in item.children]


def _item(view: View, item: Item, profile: Profile, *, whole: bool) -> types.DocumentSymbol:
    inside = _inside(view, item, profile, whole=whole)
    level = level_of(item, profile)
    name = heading(item, profile) or item.title or item.id
    return _symbol(view, item.node, name, f"{level.label} {item.id}".strip(), types.SymbolKind.Namespace, inside)


def _indicator(view: View, each: Indicator) -> types.DocumentSymbol:
    kind = "数値目標" if each.role == "target" else "KPI"
    return _symbol(view, each.node, indicator_name(each), f"{kind} {each.id}", types.SymbolKind.Number, [])


def _symbol(
    view: View, node: int, name: str, detail: str, kind: types.SymbolKind, inside: list[types.DocumentSymbol]
) -> types.DocumentSymbol:
    whole, own = view.sheet.range(*view.places.span(node)), view.sheet.range_of(view.places.value(node, "id"))
    return types.DocumentSymbol(name, kind, whole, own, detail, children=inside)


def folds(view: View) -> list[types.FoldingRange]:
    """Return what can be folded: every entry that stands on several lines."""
    spans = dict.fromkeys(view.places.folds())
    return [types.FoldingRange(first - 1, last - 1) for first, last in spans]


def hints(view: View, span: types.Range) -> list[types.InlayHint]:
    """Return what is printed for numbers (①) and years (令和8年度) in a part of the text."""
    strategy = view.current
    if strategy is None:
        return []
    first, last = view.sheet.offset(span.start), view.sheet.offset(span.end)
    profile = view.project.profile_of(view.path).profile.speaking(strategy.edition)
    return [
        types.InlayHint(view.sheet.position(at), words, padding_left=True)
        for at, words in _hinted(view, profile)
        if first <= at <= last
    ]


def _hinted(view: View, profile: Profile) -> Iterator[tuple[int, str]]:
    """Iterate over what is printed and where it may stand: behind a value."""
    strategy, places = view.current, view.places
    if strategy is None:
        return
    date, spoken = strategy.edition.date, replace(profile.era, style="era")
    if (words := date_words(date, spoken)) != date and places.has(strategy.edition.node, "date"):
        yield places.span(strategy.edition.node, "date")[1], words
    for key in ("start", "end"):
        if places.has(strategy.plan.node, "period", key):
            year = getattr(strategy.plan, key)
            yield from _year(places.span(strategy.plan.node, "period", key)[1], year, "年度", profile)
    for item in strategy.items():
        printed = level_of(item, profile).printed(item.number)
        if printed and printed != str(item.number) and places.has(item.node, "number"):
            yield places.span(item.node, "number")[1], printed
    for _, each in strategy.indicators():
        for path, year in _years(each):
            if places.has(each.node, *path):
                yield from _year(places.span(each.node, *path)[1], year, year_suffix(each), profile)


def _years(each: Indicator) -> Iterator[tuple[tuple[str | int, ...], object]]:
    for key in ("baseline", "current", "target"):
        value = getattr(each, key)
        if value is not None:
            yield (key, "year"), value.year
    yield from ((("span", at), year) for at, year in enumerate(each.span or ()))
    for key in ("targets", "actuals"):
        for at, value in enumerate(getattr(each, key)):
            yield (key, at, "year"), value.year


def _year(at: int, year: object, suffix: str, profile: Profile) -> Iterator[tuple[int, str]]:
    if isinstance(year, int) and (words := era_name(year, era=profile.era)):
        yield at, words + suffix
