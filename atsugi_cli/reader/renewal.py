"""Renewal: the text of the next edition, made from the current one by cutting and setting a few fields.

Everything else stays as it was typed: comments, order, quotes, line breaks.
"""

from collections.abc import Iterable, Iterator

from atsugi_cli.findings import Edit
from atsugi_cli.model import Indicator, Item, Strategy
from atsugi_cli.reader.data import Map
from atsugi_cli.reader.loading import load, locate
from atsugi_cli.reader.places import Places, Step
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.reader.splice import spliced

OF_A_THING = ("from", "change")
"""What an item or indicator says of the revision that is over."""
OF_AN_EDITION = ("removed", "reasons", "points")


def renewed(strategy: Strategy, identity: str, *, label: str, date: str = "", end: int | None = None) -> str:
    """Return the text of an edition `identity` that revises this one and differs from it in nothing but its own facts.

    `date` is the new edition's (empty: none is written), `end` a new last fiscal year of the period. Raises ValueError
    when `end` is given and the plan has no period.
    """
    work = _Work(strategy)
    edition = strategy.edition.node
    values = {"id": identity, "label": plain_or_quoted(label), "stage": "draft", "revises": strategy.edition.id} | (
        {"date": date} if date else {}
    )
    dropped = OF_AN_EDITION if date else (*OF_AN_EDITION, "date")
    edits = [
        *work.cut(edition, dropped),
        *(work.set(edition, key, value) for key, value in values.items() if key in work.maps[edition]),
        *work.put(edition, {key: value for key, value in values.items() if key not in work.maps[edition]}, dropped),
    ]
    if end is not None:
        if not work.places.has(strategy.plan.node, "period", "end"):
            raise ValueError("the plan has no period")
        edits.append(work.set(strategy.plan.node, "period", str(end), "end"))
    for thing in _things(strategy.root):
        edits += work.cut(thing.node, OF_A_THING)
    return spliced(strategy.text, edits)


def _things(root: Item) -> Iterator[Item | Indicator]:
    """Iterate over all items and indicators, those of a breakdown too."""
    for item in root.walk():
        if item is not root:
            yield item
        stack = list(item.indicators)
        while stack:
            indicator = stack.pop()
            yield indicator
            stack += indicator.breakdown


class _Work:
    """Makes edits of one text; mappings are named by their node."""

    def __init__(self, strategy: Strategy) -> None:
        self.text = strategy.text
        self.places: Places = locate(strategy.text, strategy.source)
        self.maps = {each.node: each for each in _maps(load(strategy.text, strategy.source)[0])}
        self.newline = "\r\n" if "\r\n" in strategy.text else "\n"

    def set(self, node: int, key: str, value: str, *below: Step) -> Edit:
        """Replace a value by one that is written as it must be."""
        start, end = self.places.span(node, key, *below)
        return Edit(start, end, value if start < end else f" {value}")

    def put(self, node: int, values: dict[str, str], dropped: Iterable[str]) -> Iterator[Edit]:
        """Add keys, behind the last of those that introduce an edition."""
        if not values:
            return
        keys = self.maps[node]
        behind = next(key for key in ("stage", "label", "id") if key in keys and key not in dropped)
        lines = [f"{key}: {value}" for key, value in values.items()]
        end = self.places.span(node, behind)[1]
        if self._is_flow(node):
            yield Edit(end, end, "".join(f", {line}" for line in lines))
            return
        key = self._key(node, behind)
        indent = " " * (key - self._line_start(key))
        at = self._next_line(end)
        added = "".join(f"{indent}{line}{self.newline}" for line in lines)
        if self.text[:at].endswith(("\n", "\r")):
            yield Edit(at, at, added)
        else:
            yield Edit(at, at, self.newline + added.removesuffix(self.newline))

    def cut(self, node: int, dropped: Iterable[str]) -> Iterator[Edit]:
        """Cut keys with their values out of a mapping that has others."""
        keys = list(self.maps[node])
        wanted = [key for key in keys if key in frozenset(dropped)]
        if not wanted:
            return
        kept = next(index for index, key in enumerate(keys) if key not in wanted)
        if kept:  # what stands first shares its line with a dash or a bracket, which stays
            yield Edit(self._key(node, keys[0]), self._key(node, keys[kept]), "")
        for index in range(kept, len(keys)):
            if keys[index] not in wanted:
                continue
            end = self.places.span(node, keys[index])[1]
            if self._is_flow(node):
                yield Edit(self.places.span(node, keys[index - 1])[1], end, "")
            else:
                start = self._key(node, keys[index])
                yield Edit(self._line_start(start), self._block_end(end, start - self._line_start(start)), "")

    def _is_flow(self, node: int) -> bool:
        return self.text[self.places.span(node)[0]] == "{"

    def _key(self, node: int, key: str) -> int:
        place = self.places.key(node, key)
        if place is None:
            raise KeyError(key)
        return self.places.lines.starts[place.line - 1] + place.column - 1

    def _line_start(self, offset: int) -> int:
        return self.places.lines.starts[self.places.lines.position(offset)[0] - 1]

    def _next_line(self, offset: int) -> int:
        starts, line = self.places.lines.starts, self.places.lines.position(offset)[0]
        return starts[line] if line < len(starts) else len(self.text)

    def _block_end(self, end: int, indent: int) -> int:
        """Find where the lines of a key end: behind its value and the comments that are set in deeper than the key."""
        found = at = self._next_line(end)
        while at < len(self.text):
            after = self._next_line(at)
            line = self.text[at:after]
            if line.strip() and not (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > indent):
                break
            if line.strip():
                found = after
            at = after
        return found


def _maps(tree: object) -> Iterator[Map]:
    stack = [tree]
    while stack:
        value = stack.pop()
        if type(value) is Map:
            yield value
            stack += value.values()
        elif type(value) is list:
            stack += value
