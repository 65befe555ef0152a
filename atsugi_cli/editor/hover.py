"""Hover: what is told of the word under the pointer: a key, a kind of change, a rule, an id."""

import re
from collections.abc import Iterator, Sequence

from lsprotocol import types

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.editor.view import View
from atsugi_cli.formats.manual import described
from atsugi_cli.layout.labels import level_of
from atsugi_cli.levels import Profile
from atsugi_cli.model import Indicator, Item, Strategy, Thing, title_of
from atsugi_cli.reader.explain.context import node_at

IGNORED = re.compile(r"#\s*strategy:\s*ignore\[([^\]]*)\]?")
"""A comment that silences rules."""
MOST_EDITIONS = 20
"""Editions that an id is followed back through; a plan is revised three or four times."""


def hover(view: View, offset: int, catalogues: Sequence[Catalogue]) -> types.Hover | None:
    """Return what there is to say at an offset."""
    start, end = view.word(offset)
    told = list(dict.fromkeys(_told(view, offset, view.text[start:end], catalogues)))
    if not told:
        return None
    words = "\n\n---\n\n".join(each.strip() for each in told)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, words), view.sheet.range(start, end))


def _told(view: View, offset: int, word: str, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    kinds, rules = catalogues[0], catalogues[1]
    line = view.sheet.lines.position(offset)[0]
    start, end = view.sheet.lines.bounds(line)
    if (comment := IGNORED.search(view.text[start:end])) and start + comment.start() <= offset:
        entry = rules.get(word)
        yield from (described(entry, 3) for entry in [entry] if entry)
        return
    if (found := view.places.at(offset)) is not None:
        path, is_key = found
        if is_key:
            yield from _key(view, path, catalogues)
        if (entry := kinds.get(word)) and ("flags" in path or path[-1:] == (word,)):
            yield described(entry, 3)
        if view.is_profile and (entry := rules.get(word)):
            yield described(entry, 3)
        if (named := view.named(offset)) is not None:
            yield from _id(view, *named)
    for finding in view.findings:
        first, last = view.sheet.span(finding.place)
        if first <= offset <= max(last, first + 1):
            yield described(finding.rule, 3)


def _key(view: View, path: tuple[str | int, ...], catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """Explain a key as `explain` does; by what its place makes of it, as several things have a title."""
    said = node_at(view.schema, path)
    title, words = said.get("title"), str(said.get("description", ""))
    for each in (entry for keys in catalogues[3:] for entry in keys):
        if each.label == title and each.code.rpartition(".")[2] == path[-1] and each.doc.startswith(words):
            yield described(each, 3)
            return
    if title:
        yield described(Entry(str(path[-1]), str(title), "key", words), 3)


def _id(view: View, name: str, whose: str) -> Iterator[str]:
    if whose == "edition":
        if view.base is not None and view.base.edition.id == name:
            yield _edition(view.base)
        return
    profile = view.project.profile_of(view.path).profile
    strategy, base = view.strategy, view.base
    if whose == "thing" and strategy is not None:
        yield from (described_at(thing, strategy, profile) for thing in [view.things(strategy).get(name)] if thing)
    yield from _history(view, name, strategy, base, profile, whose)


def _history(
    view: View, name: str, strategy: Strategy | None, base: Strategy | None, profile: Profile, whose: str
) -> Iterator[str]:
    """Tell what an id was in the editions before."""
    names = [name]
    for _ in range(MOST_EDITIONS):
        if base is None:
            return
        things = view.things(strategy) if whose == "thing" else {}
        origins = [origin for each in names if each in things for origin in things[each].origins]
        olds = view.things(base)
        names = [each for each in dict.fromkeys([*origins, *names]) if each in olds]
        yield from (described_at(olds[each], base, profile) for each in names)
        if not names:
            return
        path = base.source
        strategy, base, whose = base, view.before(view.project.open(path), base), "thing"


def described_at(thing: Thing, strategy: Strategy, profile: Profile) -> str:
    """Say what a thing is called and where it stands: 主な取組「…」（id）, below what, in which edition."""
    own = profile.speaking(strategy.edition)
    above: list[str] = []
    kind = ""
    for names, each in _walked(strategy):
        if each is thing:
            above = names
    if isinstance(thing, Indicator):
        kind = "数値目標" if thing.role == "target" else "KPI"
    else:
        kind = level_of(thing, own).label
    place = f"\n\n{' ＞ '.join(above)}" if above else ""
    title = f"「{title_of(thing)}」" if title_of(thing) else "（未登録）"
    return f"**{kind}{title}**（{thing.id}）— {_edition(strategy)}{place}"


def _edition(strategy: Strategy) -> str:
    edition = strategy.edition
    return f"{edition.label}（{edition.id}）" if edition.label else edition.id


def _walked(strategy: Strategy) -> Iterator[tuple[list[str], Thing]]:
    """Iterate over all things with the titles of what they stand below."""
    stack: list[tuple[list[str], Item]] = [([], strategy.root)]
    while stack:
        above, item = stack.pop()
        here = above if item is strategy.root else [*above, item.title or item.id]
        yield above, item
        yield from ((here, each) for each in item.indicators)
        stack += [(here, child) for child in reversed(item.children)]
