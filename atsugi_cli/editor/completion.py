"""Completion: what may be written where the cursor stands, by the schema and by the editions of the plan.

While something is being typed the text can seldom be read. So only the lines that lead to the cursor are kept, the
word there is taken for a key or a value, and the reader's own walk over the rest says where it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lsprotocol import types

from atsugi_cli import store
from atsugi_cli.catalogue import Catalogue
from atsugi_cli.editor.hover import IGNORED
from atsugi_cli.editor.view import View
from atsugi_cli.model import Indicator, Item, Thing, title_of
from atsugi_cli.reader.explain.context import below, node_at, titles_of
from atsugi_cli.reader.places import Places

Offer = tuple[str, str, str]
"""What is written, what it is called, and what is told of it."""

_MARK = "strategy-cursor"
_OF_PROFILE: Mapping[str | int, int] = {"flags": 0, "severities": 1}
"""Keys of a profile under which codes stand, and the catalogue of these: change kinds, rules."""
_LABEL = r"(?:^|[、。:]\s*){}（([^）]*)）"
_OWN = re.compile(r"[ \t]*(?:-[ \t]+)*\Z")


def completion(view: View, offset: int, catalogues: Sequence[Catalogue]) -> types.CompletionList:
    """Return what may stand at an offset, the likeliest first."""
    start, end = view.word(offset)
    span, kind = view.sheet.range(start, end), types.CompletionItemKind.Value
    offers: Iterable[Offer] = ()
    line = view.sheet.lines.position(offset)[0]
    before = view.text[view.sheet.lines.bounds(line)[0] : start]
    comment = IGNORED.search(before)
    if comment and "]" not in comment[1]:
        offers = ((each.code, each.label, each.doc) for each in catalogues[1])
    elif " #" not in f" {before}" and (found := where(view.text, start)) is not None:
        path, is_key, present = found
        if not path:  # a text that is no mapping
            return types.CompletionList(is_incomplete=False, items=[])
        node = node_at(view.schema, path[:-1] if is_key else path)
        named = _OF_PROFILE.get(path[0]) if view.is_profile and is_key and len(path) > 1 else None
        if named is not None:
            offers = (
                (f"{each.code}: ", each.label, each.doc) for each in catalogues[named] if each.code not in present
            )
        elif is_key or ("properties" in node and isinstance(path[-1], int)):
            kind = types.CompletionItemKind.Property
            offers = _keys(view, node, present if is_key else frozenset(), behind=view.text[end : end + 1])
        else:
            offers = _values(view, path, node, catalogues[0])
    items = [
        types.CompletionItem(
            words.rstrip(" :") or words,
            kind=kind,
            detail=title,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, doc) if doc else None,
            sort_text=f"{number:05}",
            filter_text=f"{words} {title}",
            text_edit=types.TextEdit(span, words),
        )
        for number, (words, title, doc) in enumerate(dict.fromkeys(offers))
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def where(text: str, start: int) -> tuple[tuple[str | int, ...], bool, frozenset[str]] | None:
    """Say where a word that begins at an offset stands: path, whether it is a key, and the keys beside it.

    None where it is part of a longer text.
    """
    led = _leading(text[:start])
    own = led[led.rfind("\n") + 1 :]
    is_key = bool(_OWN.fullmatch(own)) and not own.strip()
    cut = f"{led}{_MARK}{':' if is_key else ''}"
    places = Places(cut, "")
    found = places.at(len(led))
    if found is None:
        return None
    path, at_key = found
    span = places.key_span(0, *path) if at_key else places.span(0, *path)
    if span[0] != len(led):
        return None
    beside = frozenset(str(key) for key in places.keys(path[:-1])) - {_MARK}
    return path, at_key, beside


def _leading(text: str) -> str:
    """Keep the entry in which a text ends, and above it only the lines that it hangs on."""
    lines = text.split("\n")
    own = lines.pop()
    kept, limit, whole = [own], _indent(own), True
    if not limit:
        return "\n".join([*re.findall(r"^[\w-]+:", text, re.MULTILINE)[: None if own == "" else -1], own])
    for line in reversed(lines):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        indent = _indent(line)
        dashed = words.startswith("- ") or words == "-"
        if whole:
            kept.append(line)
            if dashed and indent < limit:
                whole, limit = False, indent + 1
        elif indent < limit and not (dashed and indent == limit - 1):
            kept.append(line)
            limit = indent + 1 if dashed else indent
        if not indent and not dashed:
            break
    return "\n".join(reversed(kept))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _keys(view: View, node: Mapping[str, Any], present: frozenset[str], behind: str) -> Iterator[Offer]:
    required = node.get("required", ())
    properties = node.get("properties", {})
    titles = titles_of(view.schema, node)
    for key in sorted(properties, key=lambda each: each not in required):
        if key not in present:
            said = below(view.schema, node, key)
            opens = "properties" in below(view.schema, said, 0)
            words = key if behind == ":" else f"{key}:{'' if opens else ' '}"
            yield words, titles[key], str(said.get("description", ""))


def _values(view: View, path: tuple[str | int, ...], node: Mapping[str, Any], kinds: Catalogue) -> Iterator[Offer]:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    inner = below(view.schema, node, 0) if "items" in node else node
    words = str(node.get("description", ""))
    if key == "flags":
        own = view.project.profile_of(view.path).profile.kinds
        yield from ((each.code, each.label, each.doc) for each in kinds if each.code in inner.get("enum", ()))
        yield from ((code, label, "") for code, label in own.items())
        return
    for each in inner.get("enum", ()):
        label = re.search(_LABEL.format(re.escape(str(each))), words)
        yield str(each), label[1] if label else "", words
    if inner.get("type") == "boolean":
        yield from (("true", "はい", words), ("false", "いいえ", words))
    if view.is_profile:
        return
    yield from _ids(view, path)
    if key in ("owners", "owner"):
        yield from _owners(view)
    if key == "unit":
        yield from ((each, "", "") for each in _units(view))


def _ids(view: View, path: tuple[str | int, ...]) -> Iterator[Offer]:
    """Offer ids: of the revised edition those first of which nobody says yet what became of them."""
    whose = view.refers(path)
    if whose == "edition":
        for name in store.find_editions([re.sub(r"[^/\\]*\Z", "", view.path) or "."]).editions:
            code = re.split(r"[/\\]", name)[-1].rpartition(".")[0]
            if name != view.path:
                yield code, "版", ""
    strategy = view.strategy
    own = view.things(strategy)
    if path[-1] == "same-as":
        yield from (_offered(each) for each in own.values() if isinstance(each, Indicator))
    if whose == "old":
        olds = view.things(view.base)
        said = {origin for each in own.values() for origin in each.origins}
        said |= {each.id for each in strategy.edition.removed} if strategy is not None else set()
        yield from map(_offered, sorted(olds.values(), key=lambda each: each.id in own or each.id in said))


def _offered(thing: Thing) -> Offer:
    return thing.id, title_of(thing), ""


def _owners(view: View) -> Iterator[Offer]:
    listed = view.project.profile_of(view.path).profile.owners
    yield from ((each.name, "所管", "") for each in listed if not each.until)
    for strategy in (view.strategy, view.base):
        for thing in view.things(strategy).values():
            yield from ((name, "所管", "") for name in thing.owners)


def _units(view: View) -> Sequence[str]:
    return sorted({each.unit for each in view.things(view.strategy).values() if not isinstance(each, Item)} - {""})
