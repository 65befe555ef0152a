"""Sequences: the order of what has keys, and the lines of a text, merged from three sides."""

from collections.abc import Collection, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

MOST_SORTED = 500
"""Entries between the first and the last that both sides have put elsewhere; every pair of them is looked at."""

MOST_LINES = 1_000
"""Lines of a text that are compared; difflib takes the square of them at worst."""


def arranged(base: Sequence[K], ours: Sequence[K], theirs: Sequence[K], kept: Collection[K]) -> tuple[list[K], bool]:
    """Order the keys that are kept, and say whether both sides agree to it.

    What a pair's order is, the side says that changed it. What one side has added stands behind what it was put
    behind; ours before theirs at one place.
    """
    mine, yours = frozenset(ours), frozenset(theirs)
    common = [key for key in ours if key in kept and key in yours]
    other = [key for key in theirs if key in kept and key in mine]
    before = frozenset(common)
    agreed, is_agreed = _agreed([key for key in base if key in before], common, other)
    place = {key: index for index, key in enumerate(agreed)}
    slots: list[tuple[list[K], list[K]]] = [([], []) for _ in range(len(agreed) + 1)]
    moved: dict[K, int] = {}
    if common != other:
        there = {key: index for index, key in enumerate(other)}
        moved = {key: abs(index - there[key]) for index, key in enumerate(common)}
    for side, keys in enumerate((ours, theirs)):
        for key, at in _placed(keys, place, kept, moved):
            slots[at][side].append(key)
    sort = _by_size if _is_sorted(ours) and _is_sorted(theirs) else _as_they_come
    found = sort(*slots[0])
    for key, (first, second) in zip(agreed, slots[1:], strict=True):
        found += [key, *sort(first, second)]
    return found, is_agreed


def _placed(
    keys: Sequence[K], place: dict[K, int], kept: Collection[K], moved: dict[K, int]
) -> Iterator[tuple[K, int]]:
    """Say of each key that the other side has not, before which of the common ones it stands."""
    following: dict[K, K | None] = {}
    after: K | None = None
    for key in reversed(keys):
        if key in place:
            after = key
        elif key in kept:
            following[key] = after
    last: K | None = None
    for key in keys:
        if key in place:
            last = key
        elif key in kept:
            after = following[key]
            if last is None:
                yield key, 0
            elif moved.get(last, 0) > (moved.get(after, 0) if after is not None else 0):
                yield key, place[after] if after is not None else len(place)
            else:
                yield key, place[last] + 1


def _as_they_come(first: list[K], second: list[K]) -> list[K]:
    return [*first, *second]


def _by_size(first: list[K], second: list[K]) -> list[K]:
    return sorted([*first, *second])  # type: ignore[type-var]


def _is_sorted(keys: Sequence[Hashable]) -> bool:
    """Check whether keys are years in order."""
    years = [key for key in keys if isinstance(key, int)]
    return len(years) == len(keys) and years == sorted(years)


def _agreed(base: list[K], ours: list[K], theirs: list[K]) -> tuple[list[K], bool]:
    if theirs in (ours, base):
        return ours, True
    if ours == base:
        return theirs, True
    if len(base) != len(ours):  # what both have added, and not in the same order
        return ours, False
    first = next(index for index in range(len(ours)) if not base[index] == ours[index] == theirs[index])
    last = next(at for at in range(len(ours)) if not base[-1 - at] == ours[-1 - at] == theirs[-1 - at])
    span = slice(first, len(ours) - last)
    if len(ours[span]) > MOST_SORTED:
        return ours, False
    sorted_, is_agreed = _voted(base[span], ours[span], theirs[span])
    return [*ours[:first], *sorted_, *ours[len(ours) - last :]], is_agreed


def _voted(base: list[K], ours: list[K], theirs: list[K]) -> tuple[list[K], bool]:
    """Turn the pairs round that a side has turned round; what both have moved, but not alike, is not agreed."""
    mine, yours = ({key: index for index, key in enumerate(side)} for side in (ours, theirs))
    before = dict.fromkeys(base, 0)
    group = {key: key for key in base}

    def leader(key: K) -> K:
        while group[key] != key:
            group[key] = group[group[key]]
            key = group[key]
        return key

    alike: list[K] = []
    apart: list[K] = []
    for index, one in enumerate(base):
        for other in base[index + 1 :]:
            turned = (mine[one] > mine[other], yours[one] > yours[other])
            before[one if any(turned) else other] += 1
            if any(turned):
                group[leader(one)] = leader(other)
                (alike if all(turned) else apart).append(one)
    torn = not {leader(key) for key in alike}.isdisjoint(leader(key) for key in apart)
    if torn or len(set(before.values())) < len(base):
        return ours, False
    return sorted(base, key=before.__getitem__), True


Lines = list[str]


def merged_lines(base: Lines, ours: Lines, theirs: Lines) -> Iterator[str | tuple[str, str, str]]:
    """Merge lines as git does, and, where as many lines stand on each side, line by line; a tuple is a clash."""
    if max(map(len, (base, ours, theirs))) > MOST_LINES:
        yield "".join(base), "".join(ours), "".join(theirs)
        return
    done = (0, 0, 0)
    for found in _shared(base, ours, theirs):
        yield from _between(*(side[a:b] for side, a, b in zip((base, ours, theirs), done, found[:3], strict=True)))
        start, length = found[0], found[3]
        yield from base[start : start + length]
        done = (found[0] + length, found[1] + length, found[2] + length)


def _shared(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Iterate over the runs that all three have: where they begin, and how long they are; at last, an empty one."""
    mine, yours = (SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks() for side in (ours, theirs))
    one = other = 0
    while one < len(mine) and other < len(yours):
        (a, at_a, length_a), (b, at_b, length_b) = mine[one], yours[other]
        start, end = max(a, b), min(a + length_a, b + length_b)
        if start < end:
            yield start, at_a + start - a, at_b + start - b, end - start
        if a + length_a < b + length_b:
            one += 1
        else:
            other += 1
    yield len(base), len(ours), len(theirs), 0


def _between(base: Lines, ours: Lines, theirs: Lines) -> Iterator[str | tuple[str, str, str]]:
    if theirs in (ours, base):
        yield from ours
    elif ours == base:
        yield from theirs
    elif len(base) == len(ours) == len(theirs) > 1:
        for each in zip(base, ours, theirs, strict=True):
            yield from _between(*([line] for line in each))
    else:
        yield "".join(base), "".join(ours), "".join(theirs)
