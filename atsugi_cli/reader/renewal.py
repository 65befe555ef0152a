"""Renewal: the text of the next edition, made from the current one by cutting and setting a few fields.

Everything else stays as it was typed: comments, order, quotes, line breaks.
"""

from collections.abc import Collection, Iterator, Mapping

from atsugi_cli.findings import Edit
from atsugi_cli.model import Strategy
from atsugi_cli.reader.pieces import Piece, Pieces, add, cut, put
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.reader.splice import spliced
from atsugi_cli.reader.structure import records

OF_A_THING = ("from", "change")
"""What an item or indicator says of the revision that is over."""
OF_AN_EDITION = ("removed", "reasons")


def renewed(strategy: Strategy, identity: str, *, label: str, date: str = "", end: int | None = None) -> str:
    """Return the text of an edition `identity` that revises this one and differs from it in nothing but its own facts.

    `date` is the new edition's (empty: none is written), `end` a new last fiscal year of the period. Raises ValueError
    when `end` is given and the plan has no period.
    """
    root = Pieces(strategy.text, strategy.source).root
    edition = root.get("edition")
    if edition is None:
        raise ValueError("the file has no edition")
    values = {"id": identity, "label": plain_or_quoted(label), "stage": "draft", "revises": strategy.edition.id} | (
        {"date": date} if date else {}
    )
    dropped = OF_AN_EDITION if date else (*OF_AN_EDITION, "date")
    known = {str(each.key): each for each in edition.inside()}
    edits = [
        *_without(edition, dropped),
        *(put(known[key], value) for key, value in values.items() if key in known),
        *_with(edition, {key: value for key, value in values.items() if key not in known}, dropped),
    ]
    if end is not None:
        last = root.get("plan", "period", "end")
        if last is None:
            raise ValueError("the plan has no period")
        edits.append(put(last, str(end)))
    for thing, _ in records(root):
        edits += _without(thing, OF_A_THING)
    return spliced(strategy.text, edits)


def _without(container: Piece, keys: Collection[str]) -> Iterator[Edit]:
    """Cut keys with their values out of a mapping that has others."""
    going = [each for each in container.inside() if each.key in keys]
    return cut(container, going) if going else iter(())


def _with(edition: Piece, values: Mapping[str, str], dropped: Collection[str]) -> Iterator[Edit]:
    """Add keys, behind the last of those that introduce an edition."""
    if values:
        keys = [each.key for each in edition.inside()]
        behind = next(key for key in ("stage", "label", "id") if key in keys and key not in dropped)
        ending = "" if edition.inner < 0 else "\n"
        lines = [f"{key}: {value}{ending}" for key, value in values.items()]
        newline = "\r\n" if "\r\n" in edition.of.lines.text else "\n"
        yield add(edition, keys.index(behind) + 1, lines, newline)
