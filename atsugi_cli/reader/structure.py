"""Structure: ids and numbers of a text, and edits of it that keep the rest: rename, move, renumber, missing ids."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from atsugi_cli.findings import Edit
from atsugi_cli.levels import LEVELS, Level
from atsugi_cli.reader.pieces import LayoutError, Piece, add, cut, enter, inline, put

Path = tuple[str | int, ...]

_LISTS: Final = {"sections": "section", "targets": "target", "kpis": "kpi", "breakdown": "part"}
_NAMES: Final = ("title", "name")
_LATIN: Final = r"[A-Za-z0-9][A-Za-z0-9 _&'.,/-]*"
_NUMBERED: Final = r"([a-z0-9-]*[a-z])-([0-9]{1,9})"
_NOT_HERE: Final = ("edition",)


def filled(data: object, levels: Sequence[Level] = LEVELS, used: Iterable[str] = ()) -> dict[Path, str]:
    """Return ids for everything in an edition that lacks one, by its path: level and a number that was never used.

    A Latin title becomes the id. `used` are ids of other editions.
    """
    words = {level.key: level.code for level in levels} | _LISTS
    taken = {*used, *_mentioned(data)}
    last = Counter[str]()
    for each in taken:
        if match := re.fullmatch(_NUMBERED, each):
            last[match[1]] = max(last[match[1]], int(match[2]))
    found: dict[Path, str] = {}
    for path, entry in _entries(data, ()):
        word = words.get(str(path[-2]))
        if word is None or "id" in entry or not any(key in entry for key in (*_NAMES, "number", "omitted")):
            continue
        title = next((str(entry[key]) for key in _NAMES if entry.get(key)), "")
        slug = as_id(title) if re.fullmatch(_LATIN, title) else ""
        if not re.search("[a-z]", slug) or slug in taken:
            last[word] += 1
            slug = f"{word}-{last[word]}"
        taken.add(slug)
        found[path] = slug
    return found


def as_id(words: str) -> str:
    """Write words as ids are written, City Links as city-links; empty where nothing of them can stay."""
    return re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")


def _entries(value: object, path: Path) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Iterate over the mappings in lists, but for what an edition says of itself, in the order of the text."""
    if isinstance(value, dict):
        for key, each in value.items():
            if (*path, key) != _NOT_HERE:
                yield from _entries(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict):
                yield (*path, index), each
            yield from _entries(each, (*path, index))


def _mentioned(value: object) -> Iterator[str]:
    """Iterate over all ids that a text mentions."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            for key, inner in each.items():
                if key in {"id", "from", "same-as"}:
                    yield from map(str, inner if isinstance(inner, list) else [inner])
            stack += each.values()
        elif isinstance(each, list):
            stack += each


def _walked(piece: Piece) -> Iterator[Piece]:
    """Iterate over what stands inside, in the order of the text, but for what an edition says of itself."""
    for each in piece.inside():
        if each.key not in _NOT_HERE or piece is not piece.of.root:
            yield each
            if each.is_map or each.is_list:
                yield from _walked(each)


def records(root: Piece) -> Iterator[tuple[Piece, Piece]]:
    """Iterate over the items and indicators of an edition, each with the list that it stands in."""
    for piece in _walked(root):
        if piece.is_list:
            yield from ((entry, piece) for entry in piece.inside() if entry.is_map and entry.get("id"))


def of_id(root: Piece, name: str) -> tuple[Piece, Piece]:
    """Find an item or indicator, and its list. Raises LookupError where there is none, or more than one."""
    found = [pair for pair in records(root) if str(_value(pair[0], "id")) == name]
    if len(found) != 1:
        raise LookupError(name)
    return found[0]


def _value(piece: Piece, *path: str) -> object:
    entry = piece.get(*path)
    return entry.data if entry is not None else None


def filling(root: Piece, ids: Mapping[Path, str]) -> Iterator[Edit]:
    """Write ids in front of what lacks one."""
    for path, name in ids.items():
        piece = root
        for step in path:
            entry = piece.inside()[step] if isinstance(step, int) else piece.get(step)
            if entry is None:
                raise LayoutError("項目の場所が分かりません")
            piece = entry
        yield enter(piece, 0, f"id: {name}")


def renumbering(root: Piece, within: str = "", through: frozenset[str] | None = None) -> Iterator[Edit]:
    """Renumber what has numbers: the lists inside one item, or all; those of the keys `through` go on (通し番号)."""
    wanted = {id(piece) for piece in _lists(of_id(root, within)[0] if within else root)}
    through = numbered_through(root) if through is None else through
    last = Counter[str | None]()
    for piece, run in _runs(root):
        at = last[piece.key] if piece.key in through else 0
        for at, number in enumerate(run, at + 1):  # noqa: B020 - the last one is kept
            if id(piece) in wanted and number.data != at:
                yield put(number, str(at))
        last[piece.key] = at


def numbered_through(root: Piece) -> frozenset[str]:
    """Find the keys whose numbers go on from list to list."""
    runs: dict[str, list[list[int]]] = {}
    for piece, run in _runs(root):
        runs.setdefault(str(piece.key), []).append([each.data for each in run if isinstance(each.data, int)])
    return frozenset(
        key
        for key, found in runs.items()
        if len(found) > 1 and all(max(one) <= min(other) != 1 for one, other in pairwise(found))
    )


def _runs(root: Piece) -> Iterator[tuple[Piece, list[Piece]]]:
    """Iterate over the lists with their numbers, where there are any."""
    for piece in _lists(root):
        if run := [each for entry in piece.inside() if (each := _integer(entry))]:
            yield piece, run


def _lists(piece: Piece) -> Iterator[Piece]:
    """Iterate over the lists of mappings inside."""
    for each in _walked(piece):
        if each.is_list and each.inside() and all(entry.is_map for entry in each.inside()):
            yield each


def _integer(piece: Piece) -> Piece | None:
    number = piece.get("number") if piece.is_map else None
    return number if number is not None and type(number.data) is int else None


def renaming(root: Piece, old: str, new: str, *, here: bool, before: bool, keeps: bool) -> Iterator[Edit]:
    """Give an id another name `here`, and `before` (in the edition it revises); `keeps` the old one as `from`."""
    for piece, _ in records(root):
        if here and str(_value(piece, "id")) == old:
            yield put(piece.inside()[_at(piece, "id")], new)
            if keeps and "from" not in [each.key for each in piece.inside()]:
                yield enter(piece, _at(piece, "id") + 1, f"from: {old}")
        if here and str(_value(piece, "same-as")) == old:
            yield put(piece.inside()[_at(piece, "same-as")], new)
        origin = piece.get("from")
        if origin is not None and here and keeps and str(_value(piece, "id")) == old:
            yield from _with_origin(origin, old)
        elif origin is not None and before:
            names = origin.inside() if origin.is_list else [origin]
            yield from (put(each, new) for each in names if str(each.data) == old)
    removed = root.get("edition", "removed")
    for entry in removed.inside() if removed is not None and before else ():
        if str(_value(entry, "id")) == old:
            yield put(entry.inside()[_at(entry, "id")], new)


def _with_origin(origin: Piece, old: str) -> Iterator[Edit]:
    names = origin.inside() if origin.is_list else [origin]
    if old in [str(each.data) for each in names]:
        return
    if origin.is_list:
        yield enter(origin, 0, old)
    else:
        yield put(origin, f"[{old}, {origin.typed}]")


def _at(piece: Piece, key: str) -> int:
    return [each.key for each in piece.inside()].index(key)


def moving(root: Piece, name: str, where: str, target: str, levels: Sequence[Level]) -> Iterator[Edit]:
    """Put an item `before`, `after` or `into` another. Raises LookupError where one of them is not there."""
    piece, home = of_id(root, name)
    other, there = of_id(root, target)
    if other.start >= piece.start and other.end <= piece.end:
        raise LayoutError("自分や自分の中へは移せません")
    if where == "into":
        order = [level.key for level in levels]
        if there.key not in order or (home.key in order and order.index(there.key) >= order.index(home.key)):
            raise LayoutError(f"{name}（{home.key}）は {target}（{there.key}）の中には入りません")
        wanted = other.get(str(home.key))
        if wanted is None or not wanted.inside():
            yield from _first_of(other, str(home.key), piece)
        else:
            yield from _inserted(wanted, len(wanted.inside()), piece)
    else:
        if there.key != home.key:
            raise LayoutError(f"{target} は別の階層（{there.key}）です。--into で入れる先を指定してください")
        index = [each.at for each in there.inside()].index(other.at)
        yield from _inserted(there, index + (where == "after"), piece)
    if len(home.inside()) > 1:
        yield from cut(home, [piece])
    else:
        yield from cut(*_owner(root, home))


def _owner(root: Piece, wanted: Piece) -> tuple[Piece, list[Piece]]:
    """Find the mapping that holds a list."""
    for piece in (root, *_walked(root)):
        for each in piece.inside():
            if each.at == wanted.at and each.key == wanted.key:
                return piece, [each]
    raise LayoutError("一覧の場所が分かりません")


def _first_of(other: Piece, key: str, piece: Piece) -> Iterator[Edit]:
    """Give an item its first entry of a kind."""
    if other.get(key) is not None:
        raise LayoutError(f"{key} が空です。{key} の行を消してからやり直してください")
    if other.inner < 0:
        line = f"{key}: [{_bracketed(piece)}]"
    elif piece.column >= 0:
        line = f"{key}:\n" + re.sub(r"^(?=[^\r\n])", "  ", piece.text.replace("\r\n", "\n"), flags=re.MULTILINE)
    else:
        line = f"{key}:\n  - {piece.typed}\n"
    yield add(other, len(other.inside()), [line])


def _inserted(container: Piece, index: int, piece: Piece) -> Iterator[Edit]:
    if container.inner < 0:
        line = _bracketed(piece)
    elif piece.column < 0:
        line = f"- {piece.typed}\n"
    else:
        line = piece.text.replace("\r\n", "\n")
    yield add(container, index, [line])


def _bracketed(piece: Piece) -> str:
    """Write an item on one line."""
    if piece.column < 0:
        return piece.typed
    if "#" in piece.text and re.search(r"(?:^|\s)#", piece.text):
        raise LayoutError("コメントのある項目は、括弧の中へは移せません")
    return inline(piece.data)
