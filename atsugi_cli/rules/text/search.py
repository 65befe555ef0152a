"""Search: what a pattern finds in the texts as findings, with the edits that put it right."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from atsugi_cli.findings import Edit, Finding
from atsugi_cli.reader.slips import shown
from atsugi_cli.rules.base import Subject, finding
from atsugi_cli.rules.texts import Text

AROUND = 6
"""Characters before and after a slip that a message repeats, so that it can be found in a long paragraph."""

MOST_EDITS = 10_000
"""Edits offered for one text; what has more is corrected a part at a time."""


class Characters:
    """Some characters, single ones and ranges ("０-９"), to be looked for among those that a text uses.

    A regular expression for them would take longer to compile than a text of a city's size to be read (0.5 ms).
    """

    __slots__ = ("_ranges",)

    def __init__(self, *ranges: str) -> None:
        """Take single characters, and ranges with a hyphen between their ends."""
        self._ranges = tuple((each[0], each[-1]) for each in ranges)

    def among(self, alphabet: str) -> bool:
        """Check whether any of them is there; `alphabet` is in order."""
        for first, last in self._ranges:
            at = bisect_left(alphabet, first)
            if at < len(alphabet) and alphabet[at] <= last:
                return True
        return False


@lru_cache(maxsize=1)
def alphabet(text: str) -> str:
    """Return the characters that a text uses, each once: rules about rare ones look there first."""
    return "".join(sorted(set(text)))


def edits(subject: Subject, text: Text, changes: Sequence[tuple[int, int, str]]) -> tuple[Edit, ...]:
    """Replace characters [start, end) of a text, one after the other; not where the file writes them otherwise."""
    spans = subject.places.insides(text.words, [change[:2] for change in changes], text.node, *text.path)
    pairs = zip(spans, changes, strict=True)
    return tuple(Edit(*span, replacement) for span, (_, _, replacement) in pairs if span is not None)


def around(words: str, start: int, end: int) -> str:
    """Repeat what stands around a slip, on one line."""
    first, last = max(start - AROUND, 0), min(end + AROUND, len(words))
    return f"{'…' if first else ''}{shown(words[first:last])}{'…' if last < len(words) else ''}"


def each_text(
    subject: Subject,
    rare: Characters,
    pattern: re.Pattern[str],
    put: Callable[[re.Match[str]], str | None],
    say: Callable[[re.Match[str], int], tuple[str, str]],
) -> Iterator[Finding]:
    """Report the matches of a pattern once a text, at the first one: `say` is told it and how many there are.

    Every match has one of the `rare` characters. `put` gives what belongs there instead, the match itself where
    nothing is wrong with it, None where only the planner can know.
    """
    if not rare.among(alphabet(subject.prose)) or not pattern.search(subject.prose):
        return
    for text in subject.texts:
        first, count = None, 0
        changes: list[tuple[int, int, str]] = []
        for match in pattern.finditer(text.words):
            new = put(match)
            if new == match[0]:
                continue
            first = first or match
            count += 1
            if new is not None and count <= MOST_EDITS:
                changes.append((*match.span(), new))
        if first is not None:
            message, hint = say(first, count)
            yield finding(message, text.place(subject.places, *first.span()), hint, edits=edits(subject, text, changes))


def more(count: int) -> str:
    """Say that there is more of the same in a text: （この文に計3か所）."""
    return f"（この文に計{count}か所）" if count > 1 else ""


def is_name(text: Text) -> bool:
    """Check whether a text is a name on one line, and no running text."""
    return (
        text.path[-1] in {"title", "name", "label", "unit", "municipality", "parent", "owner"} or "owners" in text.path
    )
