"""Renewal: the text of the next edition, made from the current one by cutting and setting a few fields.

Everything else stays as it was typed: comments, order, quotes, line breaks.
"""

from collections.abc import Collection, Iterator, Mapping

from atsugi_cli.findings import Edit
from atsugi_cli.model import Strategy
from atsugi_cli.reader.pieces import Piece, Pieces, cut, enter, put
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.reader.splice import spliced
from atsugi_cli.reader.structure import records

OF_A_THING = ("from", "change")
"""What an item or indicator says of the revision that is over."""
OF_A_PERIOD = ("current", "targets", "actuals", "span")
"""What an indicator says of the years of one plan."""
OF_AN_EDITION = ("removed", "reasons", "points")
_INDICATORS = frozenset({"targets", "kpis", "breakdown"})


def renewed(strategy: Strategy, identity: str, *, label: str, date: str = "", end: int | None = None) -> str:
    """Return the text of an edition `identity` that revises this one and differs from it in nothing but its own facts.

    `date` is the new edition's (empty: none is written), `end` a new last fiscal year of the period. Raises ValueError
    when `end` is given and the plan has no period.
    """
    root = Pieces(strategy.text, strategy.source).root
    values = {"id": identity, "label": plain_or_quoted(label), "stage": "draft", "revises": strategy.edition.id}
    edits = [*_introduced(root, values, date, OF_AN_EDITION)]
    if end is not None:
        edits += _of_plan(root, {("period", "end"): str(end)})
    for thing, _ in records(root):
        edits += _without(thing, OF_A_THING)
    return spliced(strategy.text, edits)


def begun(
    strategy: Strategy, plan: str, identity: str, *, title: str, label: str, date: str, period: tuple[int, int] | None
) -> str:
    """Return the text of the first edition of a new plan, with everything of this one but what it has to decide anew.

    Ids, order, words and comments stay; figures are undecided, and what was said of past revisions is gone.
    """
    root = Pieces(strategy.text, strategy.source).root
    values = {"id": identity, "label": plain_or_quoted(label), "stage": "draft"}
    edits = [*_introduced(root, values, date, (*OF_AN_EDITION, "revises"))]
    facts: dict[tuple[str, ...], str] = {("id",): plan, ("title",): plain_or_quoted(title)}
    if period is not None:
        facts |= {("period", "start"): str(period[0]), ("period", "end"): str(period[1])}
    edits += _of_plan(root, facts)
    for thing, holder in records(root):
        if holder.key not in _INDICATORS:
            edits += _without(thing, OF_A_THING)
            continue
        edits += _without(thing, (*OF_A_THING, *OF_A_PERIOD))
        for key, year in {"baseline": "", "target": f"year: {period[1]}, " if period else ""}.items():
            if (figure := thing.get(key)) is not None:
                edits.append(_anew(figure, f"{{{year}status: undecided}}"))
    return spliced(strategy.text, edits)


def declared(strategy: Strategy, origins: Mapping[str, tuple[str, ...]], ended: Mapping[str, str]) -> tuple[str, int]:
    """Return the text of an edition with who became whom declared, and how many declarations found no place.

    `origins` maps ids of this edition to what they come from (nothing: they are new), `ended` what has ended to the
    reason. Nothing that is declared already is touched.
    """
    root = Pieces(strategy.text, strategy.source).root
    edits: list[Edit] = []
    left = 0
    for thing, _ in records(root):
        name = thing.get("id")
        olds = origins.get(str(name.data)) if name else None
        if olds is None:
            continue
        key, value = "change", "{flags: [added]}"
        if olds:
            key, value = "from", olds[0] if len(olds) == 1 else f"[{', '.join(olds)}]"
        if thing.get(key) is not None:
            left += 1
        else:
            edits += _with(thing, {key: value})
    return spliced(strategy.text, [*edits, *_removed(_edition(root), ended)]), left


def _edition(root: Piece) -> Piece:
    edition = root.get("edition")
    if edition is None:
        raise ValueError("the file has no edition")
    return edition


def _introduced(root: Piece, values: Mapping[str, str], date: str, dropped: Collection[str]) -> Iterator[Edit]:
    """Set what introduces an edition, and cut what belongs to the one before."""
    edition = _edition(root)
    values = {**values, **({"date": date} if date else {})}
    dropped = dropped if date else (*dropped, "date")
    known = {str(each.key): each for each in edition.inside()}
    yield from _without(edition, dropped)
    yield from (put(known[key], value) for key, value in values.items() if key in known)
    yield from _with(edition, {key: value for key, value in values.items() if key not in known}, dropped)


def _of_plan(root: Piece, facts: Mapping[tuple[str, ...], str]) -> Iterator[Edit]:
    for path, value in facts.items():
        piece = root.get("plan", *path)
        if piece is None:
            raise ValueError(f"the plan has no {path[0]}")
        yield put(piece, value)


def _anew(piece: Piece, value: str) -> Edit:
    """Set a value, also one whose entries stand on lines of their own."""
    return Edit(piece.at, piece.end, f"{piece.key}: {value}{piece.of.newline}") if piece.is_block else put(piece, value)


def _removed(edition: Piece, ended: Mapping[str, str]) -> Iterator[Edit]:
    """Add entries to `removed` of an edition."""
    entries = [f"{{id: {each}, reason: {plain_or_quoted(reason)}}}" for each, reason in ended.items()]
    known = edition.get("removed")
    if not entries:
        return
    if known is not None and known.inside():
        yield enter(known, len(known.inside()), *entries)
    elif known is not None:
        yield put(known, f"[{', '.join(entries)}]")
    elif edition.inner < 0:
        yield from _with(edition, {"removed": f"[{', '.join(entries)}]"})
    else:
        yield from _with(edition, {"removed": "".join(f"\n  - {each}" for each in entries)})


def _without(container: Piece, keys: Collection[str]) -> Iterator[Edit]:
    """Cut keys with their values out of a mapping that has others."""
    going = [each for each in container.inside() if each.key in keys]
    return cut(container, going) if going else iter(())


def _with(container: Piece, values: Mapping[str, str], dropped: Collection[str] = ()) -> Iterator[Edit]:
    """Add keys, behind the last of those that introduce an edition or a thing."""
    if values:
        keys = [each.key for each in container.inside()]
        behind = next(key for key in ("stage", "label", "id") if key in keys and key not in dropped)
        entries = [f"{key}:{'' if value[:1].isspace() else ' '}{value}" for key, value in values.items()]
        yield enter(container, keys.index(behind) + 1, *entries)
