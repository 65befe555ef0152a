"""Values: what a merge gives: text with clashes in it, and the decisions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from atsugi_cli.frozen import frozen

Taken = Literal["ours", "theirs", "both", "neither"]
"""Whose wording stands in the merged text; neither: a clash that people have to settle, or a new number."""

Why = Literal[
    "united",
    "renumbered",
    "changed-twice",
    "removed-and-changed",
    "added-twice",
    "moved-twice",
    "ordered-twice",
]
CLASHES: Final[frozenset[Why]] = frozenset(
    {"changed-twice", "removed-and-changed", "added-twice", "moved-twice", "ordered-twice"}
)

MISSING: Final = object()
"""What stands where a side has nothing."""


@frozen
class Clash:
    """Lines that people have to choose between."""

    base: str
    ours: str
    theirs: str


Chunk = str | Clash


@frozen
class Thing:
    """What a decision is about: an item or indicator in the words of the side that has it; without an id, the plan."""

    id: str = ""
    list: str = ""
    number: object = None
    title: str = ""


@frozen
class Decision:
    """What became of one entry: its place (a thing, and keys in it), its value on each side, whose was taken, and why.

    A value is None where the side has no such entry, and the result is None where people have to settle it.
    """

    thing: Thing
    path: tuple[str, ...]
    base: object
    ours: object
    theirs: object
    taken: Taken
    why: Why
    result: object = None

    @property
    def is_clash(self) -> bool:
        """Check whether people have to settle it."""
        return self.why in CLASHES


@frozen
class MergedFile:
    """What became of one file: the decisions, the errors that only the result has, or why it cannot be merged so."""

    path: str
    decisions: tuple[Decision, ...] = ()
    errors: tuple[str, ...] = ()
    failure: str = ""

    @property
    def clashes(self) -> tuple[Decision, ...]:
        """Return what people have to settle."""
        return tuple(each for each in self.decisions if each.is_clash)


@frozen
class Merged:
    """The merged text in pieces, and what was decided."""

    chunks: tuple[Chunk, ...]
    decisions: tuple[Decision, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Check whether there is nothing to settle."""
        return not any(isinstance(chunk, Clash) for chunk in self.chunks)

    def chosen(self, side: Literal["base", "ours", "theirs"]) -> str:
        """Return the text with one side's words at every clash."""
        return "".join(chosen(self.chunks, side))

    def marked(self, ours: str, theirs: str, size: int = 7) -> str:
        """Return the text with git's markers around the lines that differ."""
        newline = "\r\n" if any("\r\n" in chunk for chunk in self.chunks if isinstance(chunk, str)) else "\n"
        parts: list[str] = []
        for chunk in self.chunks:
            if isinstance(chunk, str):
                parts.append(chunk)
                continue
            before, mine, yours, after = _narrowed(chunk.ours, chunk.theirs)
            marks = (f"{'<' * size} {ours}", "=" * size, f"{'>' * size} {theirs}")
            opened, middle, closed = (mark + newline for mark in marks)
            parts += [before, opened, _ended(mine, newline), middle, _ended(yours, newline), closed, after]
        return "".join(parts)


def chosen(chunks: Iterable[Chunk], side: str) -> Iterator[str]:
    """Iterate over the texts of chunks with one side's words at every clash."""
    return (chunk if isinstance(chunk, str) else getattr(chunk, side) for chunk in chunks)


def whole_lines(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Widen clashes to whole lines, and join texts that follow one another."""
    found: list[Chunk] = []
    for chunk in chunks:
        last = found[-1] if found else ""
        if isinstance(last, str) and isinstance(chunk, str):
            found[-1:] = [last + chunk]
        elif isinstance(last, str) and isinstance(chunk, Clash):
            at = last.rfind("\n") + 1
            found[-1:] = [last[:at]] if at else []
            found.append(_joined(last[at:], chunk))
        elif isinstance(last, Clash) and not _is_ended(last):
            at = chunk.find("\n") + 1 if isinstance(chunk, str) else 0
            if isinstance(chunk, str):
                at = at or len(chunk)
                found[-1:] = [_joined(last, chunk[:at])]
                found += [chunk[at:]] if chunk[at:] else []
            else:
                found[-1:] = [_joined(last, chunk)]
        else:
            found.append(chunk)
    return found


def _is_ended(clash: Clash) -> bool:
    return all(text.endswith("\n") or not text for text in (clash.ours, clash.theirs))


def _joined(*chunks: Chunk) -> Clash:
    return Clash(*("".join(chosen(chunks, side)) for side in ("base", "ours", "theirs")))


def _narrowed(ours: str, theirs: str) -> tuple[str, str, str, str]:
    """Take the lines off that both sides begin and end with."""
    one, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    short = min(len(one), len(other))
    head = next((index for index in range(short) if one[index] != other[index]), short)
    tail = next((index for index in range(short - head) if one[-1 - index] != other[-1 - index]), short - head)
    ends = (len(one) - tail, len(other) - tail)
    return "".join(one[:head]), "".join(one[head : ends[0]]), "".join(other[head : ends[1]]), "".join(one[ends[0] :])


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else text + newline


def plain(value: object) -> object:
    """Return a value for a decision: None where there is none."""
    return None if value is MISSING else value
