"""Records: what has an id, and where it stands on each side; from that, where it stands in what is merged.

An item keeps its identity wherever it is moved to. What is the same on all three sides is not looked into.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Final, Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.merge.sequences import arranged
from atsugi_cli.merge.values import Thing
from atsugi_cli.reader.pieces import LayoutError, Piece, same

Place = tuple[str, tuple[str, ...]]
"""A list: the id of its owner (empty: the plan), and the keys that lead there."""

Fate = Literal["shared", "ours", "theirs", "gone", "removed-and-changed", "added-twice", "moved-twice"]

BASE, OURS, THEIRS = range(3)
_NAMES: Final = ("title", "name", "number")
_KEYS: Final = ("id", "key", "code", "year", "title", "name")


@frozen
class Record:
    """An item or indicator on one side."""

    piece: Piece
    place: Place


Sides = tuple[Piece | None, Piece | None, Piece | None]


class Records:
    """The records of the three sides, what becomes of each, and the order of every list of them."""

    def __init__(self, roots: Sides) -> None:
        """Pair what has an id, and decide where it goes."""
        self.found: tuple[dict[str, Record], ...] = ({}, {}, {})
        self.lists: tuple[dict[Place, list[str]], ...] = ({}, {}, {})
        self._owned: tuple[defaultdict[str, list[Place]], ...] = tuple(defaultdict(list) for _ in range(3))
        self._opened: set[str] = set()
        self._waiting: dict[str, None] = {}
        for side, root in enumerate(roots):
            if root is not None:
                self._open(side, root, "", ())
        while self._waiting:
            names = list(self._waiting)
            self._waiting.clear()
            for name in names:
                sides = self.sides(name)
                if name not in self._opened and not all_alike(sides):
                    self._opened.add(name)
                    for side, piece in enumerate(sides):
                        if piece is not None:
                            self._open(side, piece, name, ())
        self.fates: dict[str, Fate] = {}
        self.places: dict[str, Place] = {}
        for name in dict.fromkeys(name for side in self.found for name in side):
            self._decide(name)
        self._revive()
        self.order: dict[Place, list[str]] = {}
        self.torn: set[Place] = set()
        self.numbers: dict[str, int | None] = {}
        self._arrange()
        self.restless = self._restless()

    def sides(self, name: str) -> Sides:
        """Return a record on each side."""
        base, ours, theirs = (side[name].piece if name in side else None for side in self.found)
        return base, ours, theirs

    def thing(self, name: str) -> Thing:
        """Name a record in the words of ours, or of the side that has it."""
        for side in (OURS, THEIRS, BASE):
            record = self.found[side].get(name)
            if record is not None:
                words = {each.key: each.data for each in record.piece.inside() if each.key in (*_NAMES, "id")}
                title = str(words.get("title") or words.get("name") or "")
                return Thing(str(words.get("id", "")), record.place[1][-1], words.get("number"), title)
        return Thing()

    def is_list(self, place: Place) -> bool:
        """Check whether a place is a list of records on any side."""
        return any(place in lists for lists in self.lists)

    def _open(self, side: int, piece: Piece, owner: str, path: tuple[str, ...]) -> None:
        """Note the records that stand right inside a piece."""
        if piece.is_map:
            for entry in piece.inside():
                if entry.is_map or entry.is_list:
                    self._open(side, entry, owner, (*path, str(entry.key)))
        elif piece.is_list and _has_records(piece, path):
            place = (owner, path)
            self._owned[side][owner].append(place)
            names = self.lists[side].setdefault(place, [])
            for entry in piece.inside():
                name = _name(entry, owner)
                while name in self.found[side]:
                    name += "\0"  # twice in one text, which is said elsewhere
                self.found[side][name] = Record(entry, place)
                names.append(name)
                if name in self._opened:
                    self._open(side, entry, name, ())
                else:
                    self._waiting[name] = None

    def _decide(self, name: str) -> None:
        base, ours, theirs = (side.get(name) for side in self.found)
        present = ours or theirs
        fate: Fate = "gone"
        if ours and theirs:
            fate = "shared"
            moved = ours.place if theirs.place in (ours.place, base and base.place) else theirs.place
            self.places[name] = moved
            if base is None and not same(_all(ours.piece), _all(theirs.piece)):
                fate = "added-twice"
            elif ours.place != theirs.place and (base is None or base.place not in (ours.place, theirs.place)):
                fate = "moved-twice"
                self.places[name] = ours.place
        elif present:
            self.places[name] = present.place
            if base is None:
                fate = "ours" if ours else "theirs"
            elif self._is_moved(name, base, present) or not same(_own(base.piece), _own(present.piece)):
                fate = "removed-and-changed"
        self.fates[name] = fate

    def _is_moved(self, name: str, base: Record, present: Record) -> bool:
        """Check whether a side has put an entry elsewhere, and has not only made way for one that came farther."""
        if base.place != present.place:
            return True
        lists = self.lists[OURS if self.found[OURS].get(name) is present else THEIRS], self.lists[BASE]
        new, old = (each[base.place] for each in lists)
        if new == old:
            return False
        both = frozenset(new) & frozenset(old)
        new, old = ([each for each in side if each in both] for side in (new, old))
        place = {each: index for index, each in enumerate(old)}
        steps = {each: abs(index - place[each]) for index, each in enumerate(new)}
        return steps[name] > 1 or (steps[name] == 1 and max(steps.values()) == 1)

    def _revive(self) -> None:
        """Keep what was removed where something that is kept stands inside: people have to settle it as a whole."""
        stack = [name for name, fate in self.fates.items() if fate != "gone"]
        while stack:
            name = stack.pop()
            owner = self.places[name][0] if name in self.places else ""
            if owner and self.fates[owner] == "gone" and owner in self.places:
                self.fates[owner] = "removed-and-changed"
                stack.append(owner)
        for name in [name for name, fate in self.fates.items() if fate == "removed-and-changed"]:
            side = OURS if name in self.found[OURS] else THEIRS
            below = [name]
            while below:
                for place in self._owned[side][below.pop()]:
                    for child in self.lists[side][place]:
                        if self.fates[child] in {"gone", "removed-and-changed"} and self.places[child] == place:
                            self.fates[child] = "ours" if side == OURS else "theirs"
                            below.append(child)
        for name, fate in self.fates.items():
            seen = {name}
            while fate != "gone" and (name := self.places[name][0] if name in self.places else ""):
                if name in seen:
                    raise LayoutError("二つの項目が、互いの下に移されています")
                seen.add(name)

    def _arrange(self) -> None:
        members: defaultdict[Place, set[str]] = defaultdict(set)
        for name, fate in self.fates.items():
            if fate != "gone":
                members[self.places[name]].add(name)
            if fate == "moved-twice":
                members[self.found[THEIRS][name].place].add(name)
        for place in dict.fromkeys(place for lists in self.lists for place in lists):
            base, ours, theirs = (lists.get(place, []) for lists in self.lists)
            kept = members[place]
            self.order[place], is_agreed = arranged(base, ours, theirs, kept)
            if not is_agreed:
                self.torn.add(place)
            self._number(place)

    def _number(self, place: Place) -> None:
        """Set the numbers of a list by its order, where both sides have numbered it so, and both have changed it."""
        runs = [
            [number_of(side[name].piece) for name in lists.get(place, [])]
            for side, lists in zip(self.found, self.lists, strict=True)
        ]
        ours, theirs = runs[OURS], runs[THEIRS]
        if not (_is_counted(ours) and _is_counted(theirs)):
            return
        states = [
            list(zip(lists.get(place, []), run, strict=True)) for lists, run in zip(self.lists, runs, strict=True)
        ]
        if states[OURS] == states[THEIRS] or states[BASE] in states[1:]:
            return
        if place in self.torn:
            self.numbers |= dict.fromkeys(self.order[place])
            return
        starts = [run[0] if run else None for run in runs]
        first = starts[THEIRS] if starts[OURS] in (None, starts[BASE]) else starts[OURS]
        first = starts[OURS] if first is None else first
        if isinstance(first, int):
            self.numbers |= {name: first + index for index, name in enumerate(self.order[place])}

    def _restless(self) -> frozenset[str]:
        """Collect what does not simply stand where it stood, with all that contains it on any side."""
        stack = [
            name
            for name in self.fates
            if len({record.place for side in self.found if (record := side.get(name))}) > 1
            or self.fates[name] in {"removed-and-changed", "added-twice"}
            or (
                name in self.numbers
                and any(piece and number_of(piece) != self.numbers[name] for piece in self.sides(name)[1:])
            )
        ]
        found: set[str] = set()
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack += [record.place[0] for side in self.found if (record := side.get(name)) and record.place[0]]
        return frozenset(found)

    def is_restless(self, place: Place | None) -> bool:
        """Check whether something in a list is restless."""
        return place is not None and any(name in self.restless for lists in self.lists for name in lists.get(place, ()))


def all_alike(sides: Sides) -> bool:
    """Check whether all three sides have an entry, and the same text of it."""
    base, ours, theirs = sides
    return base is not None and ours is not None and theirs is not None and alike(base, ours) and alike(ours, theirs)


def alike(one: Piece, other: Piece) -> bool:
    """Check whether two entries are written alike, wherever they stand."""
    return (one.column < 0) == (other.column < 0) and one.text == other.text


def number_of(piece: Piece) -> object:
    """Return the number that an entry is printed with."""
    entry = piece.get("number")
    return entry.data if entry is not None else None


def _is_counted(run: list[object]) -> bool:
    start = run[0] if run else 0
    return isinstance(start, int) and run == list(range(start, start + len(run)))


def _all(piece: Piece) -> object:
    """Return what an entry says, without its number."""
    return {each.key: each.data for each in piece.inside() if each.key != "number"}


def _own(piece: Piece) -> object:
    """Return what a record says itself: without its number, and without the records in it."""
    return {
        each.key: each.data
        for each in piece.inside()
        if each.key != "number" and not (each.is_list and _has_records(each, (str(each.key),)))
    }


def _has_records(piece: Piece, path: tuple[str, ...]) -> bool:
    """Check whether a list holds what has ids of its own; what an edition says of itself has not."""
    inside = piece.inside()
    return (
        path[:1] != ("edition",)
        and bool(inside)
        and all(entry.is_map for entry in inside)
        and any(entry.get("id") for entry in inside)
    )


def _name(entry: Piece, owner: str) -> str:
    """Name a record by its id; one that has none by its title, within its owner."""
    words: Mapping[str | None, object] = {each.key: each.data for each in entry.inside() if each.key in (*_NAMES, "id")}
    if words.get("id") is not None:
        return str(words["id"])
    return f"{owner}\0{next((words[key] for key in _NAMES if words.get(key) is not None), '')}"


def keys_of(piece: Piece | None) -> dict[Hashable, Piece] | None:
    """Return the entries of a mapping, or of a list by what tells them apart; None where nothing does.

    A single value is a list of one.
    """
    if piece is None:
        return {}
    if not (piece.is_map or piece.is_list):
        return {repr(piece.data): piece}
    found: dict[Hashable, Piece] = {}
    for entry in piece.inside():
        key: Hashable = entry.key
        if piece.is_list:
            words = {each.key: each for each in entry.inside() if each.key in _KEYS}
            key = next((words[name].data for name in _KEYS if name in words), None)
            if key is None and not entry.is_map:
                key = repr(entry.data)
        if not isinstance(key, str | int) or key in found:
            return None
        found[key] = entry
    return found


def iterate(sides: Sides) -> Iterator[Piece]:
    """Iterate over the sides that are there, ours first."""
    return (piece for piece in (sides[OURS], sides[THEIRS], sides[BASE]) if piece is not None)
