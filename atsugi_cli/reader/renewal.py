"""Renewal: the text of the next edition, made from the current one by cutting and setting a few fields.

Everything else stays as it was typed: comments, order, quotes, line breaks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from atsugi_cli.findings import Edit
from atsugi_cli.model import Indicator, Item, Strategy
from atsugi_cli.reader.data import Map
from atsugi_cli.reader.loading import load, locate
from atsugi_cli.reader.places import Places, Step
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.reader.splice import spliced

OF_A_THING = ("from", "change")
"""What an item or indicator says of the revision that is over."""
OF_A_PERIOD = ("current", "targets", "actuals", "span")
"""What an indicator says of the years of one plan."""
OF_AN_EDITION = ("removed", "reasons")


def renewed(strategy: Strategy, identity: str, *, label: str, date: str = "", end: int | None = None) -> str:
    """Return the text of an edition `identity` that revises this one and differs from it in nothing but its own facts.

    `date` is the new edition's (empty: none is written), `end` a new last fiscal year of the period. Raises ValueError
    when `end` is given and the plan has no period.
    """
    work = _Work(strategy)
    values = {"id": identity, "label": plain_or_quoted(label), "stage": "draft", "revises": strategy.edition.id} | (
        {"date": date} if date else {}
    )
    edits = work.introduce(strategy.edition.node, values, OF_AN_EDITION if date else (*OF_AN_EDITION, "date"))
    if end is not None:
        if not work.places.has(strategy.plan.node, "period", "end"):
            raise ValueError("the plan has no period")
        edits.append(work.set(strategy.plan.node, "period", str(end), "end"))
    for thing in _things(strategy.root):
        edits += work.cut(thing.node, OF_A_THING)
    return spliced(strategy.text, edits)


def begun(
    strategy: Strategy, plan: str, identity: str, *, title: str, label: str, date: str, period: tuple[int, int] | None
) -> str:
    """Return the text of the first edition of a new plan, with everything of this one but what it has to decide anew.

    Ids, order, words and comments stay; figures are undecided, and what was said of past revisions is gone.
    """
    work = _Work(strategy)
    values = {"id": identity, "label": plain_or_quoted(label), "stage": "draft"} | ({"date": date} if date else {})
    dropped = (*OF_AN_EDITION, "revises", *(() if date else ("date",)))
    edits = work.introduce(strategy.edition.node, values, dropped)
    edits += [work.set(strategy.plan.node, "id", plan), work.set(strategy.plan.node, "title", plain_or_quoted(title))]
    if period is not None:
        start, end = map(str, period)
        edits += [
            work.set(strategy.plan.node, "period", start, "start"),
            work.set(strategy.plan.node, "period", end, "end"),
        ]
    for thing in _things(strategy.root):
        figures = isinstance(thing, Indicator)
        edits += work.cut(thing.node, (*OF_A_THING, *(OF_A_PERIOD if figures else ())))
        for key, year in (
            {"baseline": "", "target": f"year: {period[1]}, " if period else ""}.items() if figures else ()
        ):
            if key in work.maps[thing.node]:
                edits.append(work.set(thing.node, key, f"{{{year}status: undecided}}"))
    return spliced(strategy.text, edits)


def declared(strategy: Strategy, origins: Mapping[str, tuple[str, ...]], ended: Mapping[str, str]) -> tuple[str, int]:
    """Return the text of an edition with who became whom declared, and how many declarations found no place.

    `origins` maps ids of this edition to what they come from (nothing: they are new), `ended` what has ended to the
    reason. Nothing that is declared already is touched.
    """
    work = _Work(strategy)
    edits: list[Edit] = []
    left = 0
    for thing in _things(strategy.root):
        if thing.id not in origins:
            continue
        olds = origins[thing.id]
        key, value = "change", "{flags: [added]}"
        if olds:
            key, value = "from", olds[0] if len(olds) == 1 else f"[{', '.join(olds)}]"
        if key in work.maps[thing.node]:
            left += 1
        else:
            edits += work.put(thing.node, {key: value})
    return spliced(strategy.text, [*edits, *work.put_removed(strategy.edition.node, ended)]), left


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

    def introduce(self, edition: int, values: dict[str, str], dropped: Sequence[str]) -> list[Edit]:
        """Set what introduces an edition, and cut what belongs to the one before."""
        there = {key: value for key, value in values.items() if key in self.maps[edition]}
        return [
            *self.cut(edition, dropped),
            *(self.set(edition, key, value) for key, value in there.items()),
            *self.put(edition, {key: value for key, value in values.items() if key not in there}, dropped),
        ]

    def put_removed(self, node: int, ended: Mapping[str, str]) -> Iterator[Edit]:
        """Add entries to `removed` of an edition."""
        entries = [f"{{id: {each}, reason: {plain_or_quoted(reason)}}}" for each, reason in ended.items()]
        if not entries:
            return
        known = "removed" in self.maps[node]
        if not known and self._is_flow(node):
            yield from self.put(node, {"removed": f"[{', '.join(entries)}]"})
            return
        if not known:
            indent = " " * (self._key(node, "id") - self._line_start(self._key(node, "id")) + 2)
            yield from self.put(node, {"removed": "".join(f"{self.newline}{indent}- {each}" for each in entries)})
            return
        start, end = self.places.span(node, "removed")
        if self.text[start] == "[":
            some = ", " if self.text[start + 1 : end - 1].strip() else ""
            yield Edit(end - 1, end - 1, some + ", ".join(entries))
            return
        number = 1
        while self.places.has(node, "removed", number):
            number += 1
        last = self.places.span(node, "removed", number - 1)
        indent = " " * (start - self._line_start(start))
        yield self._below(last[1], [f"{indent}- {each}" for each in entries])

    def put(self, node: int, values: dict[str, str], dropped: Iterable[str] = ()) -> Iterator[Edit]:
        """Add keys, behind the last of those that introduce an edition or a thing."""
        if not values:
            return
        keys = self.maps[node]
        behind = next(key for key in ("stage", "label", "id") if key in keys and key not in dropped)
        lines = [f"{key}:{'' if value.startswith(self.newline) else ' '}{value}" for key, value in values.items()]
        end = self.places.span(node, behind)[1]
        if self._is_flow(node):
            yield Edit(end, end, "".join(f", {line}" for line in lines))
            return
        key = self._key(node, behind)
        indent = " " * (key - self._line_start(key))
        yield self._below(end, [f"{indent}{line}" for line in lines])

    def _below(self, end: int, lines: Sequence[str]) -> Edit:
        """Put lines below the one on which something ends, behind what is noted there."""
        at = self._next_line(end)
        added = "".join(f"{line}{self.newline}" for line in lines)
        if self.text[:at].endswith(("\n", "\r")):
            return Edit(at, at, added)
        return Edit(at, at, self.newline + added.removesuffix(self.newline))

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
