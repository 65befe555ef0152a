"""Structure: edits of editions that change ids, numbers and order, and are proved to change nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from atsugi_cli import store
from atsugi_cli.findings import Edit
from atsugi_cli.model import Strategy
from atsugi_cli.project.editions import revised
from atsugi_cli.project.fixing import Fixed
from atsugi_cli.project.reading import Project
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.pieces import LayoutError, Piece, Pieces, same
from atsugi_cli.reader.splice import spliced
from atsugi_cli.reader.structure import filled, filling, moving, numbered_through, of_id, renaming, renumbering
from atsugi_cli.store import Blob, StoreError

Where = Literal["before", "after", "into"]
_OWN: Mapping[str, tuple[str, ...]] = {
    "numbers": ("number",),
    "ids": ("id",),
    "names": ("id", "from", "same-as"),
    "declarations": ("from", "change"),
}


def edited(project: Project, blob: Blob, edits: Callable[[Piece], Iterable[Edit]], may_change: str) -> Fixed:
    """Make edits of an edition in memory; refuse where its layout is in the way, or anything else would change."""
    strategy = project.strategy(blob)
    text = strategy.text
    try:
        pieces = Pieces(text)
        after = spliced(text, list(edits(pieces.root)))
    except LookupError as error:
        raise StoreError(_absent(str(error.args[0]), blob, strategy)) from None
    except LayoutError as error:
        raise StoreError(f"{blob.name} は変えられません（{error}）。") from None
    result = Fixed(blob, text, after)
    again = project.read(Blob(blob.name, result.data, blob.path))
    if again.findings or not _is_same(load(text, "")[0], load(after, "")[0], may_change):
        raise StoreError(f"{blob.name} は、この書き方のままでは変えられません。手で直してください。")
    return result


def _absent(name: str, blob: Blob, strategy: Strategy) -> str:
    known = [each.id for each in strategy.items()] + [each.id for _, each in strategy.indicators()]
    if name in known:
        return f"{blob.name} に {name} という id が二つあります。strategy validate で確かめてください。"
    return f"{blob.name} に {name} という項目はありません。{store.perhaps(store.alike(name, known))}"


def _is_same(old: object, new: object, may_change: str) -> bool:
    """Check whether two states differ in nothing but what may change."""
    if may_change == "places":
        return sorted(map(repr, _own(old))) == sorted(map(repr, _own(new)))
    return same(_without(old, _OWN[may_change]), _without(new, _OWN[may_change]))


def _without(value: object, keys: Sequence[str]) -> object:
    if isinstance(value, dict):
        return {
            key: _without(inner, ("id",) if key == "removed" and "from" in keys else keys)
            for key, inner in value.items()
            if key not in keys
        }
    return [_without(each, keys) for each in value] if isinstance(value, list) else value


def _own(value: object) -> Iterator[object]:
    """Iterate over what every mapping says itself, but for its number, and lists of what has ids."""
    if isinstance(value, dict):
        own = {}
        for key, inner in value.items():
            is_list = isinstance(inner, list) and any(isinstance(each, dict) for each in inner)
            if key != "number" and not is_list:
                own[key] = _without(inner, ())
            yield from _own(inner) if is_list or key == "plan" else ()
        yield own
    elif isinstance(value, list):
        for each in value:
            yield from _own(each)


def moved(project: Project, blob: Blob, name: str, where: Where, target: str) -> Fixed:
    """Put an item elsewhere, and number the lists that it left and came to, where they are numbered in order."""

    def edits(root: Piece) -> list[Edit]:
        return list(moving(root, name, where, target, project.profile_of(blob.path).profile.levels))

    first = edited(project, blob, edits, "places")
    root = Pieces(first.before).root
    homes = [_numbers(of_id(root, each)[1]) for each in (name, target)]
    if not all(numbers == list(range(1, len(numbers) + 1)) for numbers in homes):
        return first
    again = Blob(blob.name, first.data, blob.path)
    through = numbered_through(root)
    second = edited(project, again, lambda root: _in_order(root, name, through), "numbers")
    return Fixed(blob, first.before, second.after)


def _numbers(container: Piece) -> list[object]:
    return [number.data for each in container.inside() if (number := each.get("number")) is not None]


def _in_order(root: Piece, name: str, through: frozenset[str]) -> Iterator[Edit]:
    """Renumber the lists of the level of an item."""
    key = of_id(root, name)[1].key
    wanted = list(renumbering(root, through=through))
    spans = [(each.start, each.end) for each in _all(root) if each.key == key]
    yield from (edit for edit in wanted if any(start <= edit.start <= end for start, end in spans))


def _all(piece: Piece) -> Iterator[Piece]:
    for each in piece.inside():
        yield each
        yield from _all(each)


def renumbered(project: Project, blob: Blob, within: str) -> Fixed:
    """Renumber what stands inside an item, or everything."""
    return edited(project, blob, lambda root: renumbering(root, within), "numbers")


def with_ids(project: Project, blob: Blob) -> Fixed:
    """Write the ids that are missing; a number of any edition of the plan is never used again."""
    result = project.read(blob)
    levels = project.profile_of(blob.path).profile.levels
    if any(each.rule.group == "yaml" for each in result.findings):
        raise StoreError(f"{blob.name} に誤りがあって読めません。strategy validate で確かめてください。")
    data, _ = load(result.text, blob.name)
    ids = filled(data, levels, _used(project, blob))
    try:
        after = spliced(result.text, list(filling(Pieces(result.text).root, ids)))
    except LayoutError as error:
        raise StoreError(f"{blob.name} は変えられません（{error}）。") from None
    if not _is_same(data, load(after, "")[0], "ids"):
        raise StoreError(f"{blob.name} は、この書き方のままでは変えられません。手で直してください。")
    return Fixed(blob, result.text, after)


def _used(project: Project, blob: Blob) -> Iterator[str]:
    """Iterate over the ids of the other editions of the plan."""
    for other in beside(project, blob):
        strategy = project.read(other).strategy
        if strategy is not None:
            yield from (each.id for each in strategy.items())
            yield from (each.id for _, each in strategy.indicators())


def beside(project: Project, blob: Blob) -> Iterator[Blob]:
    """Iterate over the editions in the folder of one."""
    folder = store.spelled(blob.path or "").rpartition("/")[0]
    yield from (project.open(path) for path in store.find_editions([folder or "."]).editions)


def renamed(project: Project, blob: Blob, old: str, new: str, *, everywhere: bool) -> list[Fixed]:
    """Rename an item in every edition of the plan that is not adopted (`everywhere`: in all).

    The first edition that does so says by `from` what it was called.
    """
    strategies = [(each, project.strategy(each)) for each in beside(project, blob)]
    taken = [each.name for each, strategy in strategies if new in set(_ids(strategy))]
    if taken:
        raise StoreError(f"{new} という id は、{taken[0]} でもう使われています。")
    having = [(each, strategy) for each, strategy in strategies if old in set(_ids(strategy))]
    if not having:
        raise StoreError(_absent(old, *strategies[-1]))
    here = {each.name for each, strategy in having if everywhere or strategy.edition.stage != "adopted"}
    if not here:
        raise StoreError(f"{old} があるのは決定した版だけです。決定した版も書き換えるなら --all を付けてください。")
    had = {each.name for each, _ in having}
    found = []
    for each, strategy in strategies:
        base = revised(project, each, strategy)
        mentions = base is not None and base.name in here
        keeps = base is not None and base.name in had and not mentions
        changes = _renames(old, new, here=each.name in here, mentions=mentions, keeps=keeps)
        result = edited(project, each, changes, "names")
        if result.after != result.before:
            found.append(result)
    return found


def _renames(old: str, new: str, *, here: bool, mentions: bool, keeps: bool) -> Callable[[Piece], Iterator[Edit]]:
    return lambda root: renaming(root, old, new, here=here, before=mentions, keeps=keeps)


def _ids(strategy: Strategy) -> Iterator[str]:
    yield from (each.id for each in strategy.items())
    yield from (each.id for _, each in strategy.indicators())
