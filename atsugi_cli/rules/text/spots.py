"""Spots: characters of a text as a finding, with the edits that put them right."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from atsugi_cli.findings import Edit, Place
from atsugi_cli.reader.slips import shown
from atsugi_cli.rules.base import Found, Subject
from atsugi_cli.rules.texts import Text, texts

AROUND = 6
"""Characters before and after a slip that a message repeats, so that it can be found in a long paragraph."""

Spot = tuple[int, int]


@lru_cache(maxsize=1)
def alphabet(text: str) -> str:
    """Give the characters that a text uses, each once: rules about rare ones look there first."""
    return "".join(sorted(set(text)))


def edits(subject: Subject, text: Text, start: int, end: int, replacement: str) -> tuple[Edit, ...]:
    """Replace the characters [start, end) of a text; nothing where they cannot be told apart in the file."""
    span = subject.places.inside(text.words, start, end, text.node, *text.path)
    return (Edit(*span, replacement),) if span is not None else ()


def around(words: str, start: int, end: int) -> str:
    """Repeat what stands around a slip, on one line."""
    first, last = max(start - AROUND, 0), min(end + AROUND, len(words))
    return f"{'…' if first else ''}{shown(words[first:last])}{'…' if last < len(words) else ''}"


def each_text(
    subject: Subject,
    rare: re.Pattern[str],
    pattern: re.Pattern[str],
    put: Callable[[re.Match[str]], str | None],
    say: Callable[[re.Match[str], int], tuple[str, str]],
) -> Iterator[Found]:
    """Report the matches of a pattern once a text, at the first one: `say` is told it and how many there are.

    `rare` finds a character that every match has. `put` gives what belongs there instead, the match itself where
    nothing is wrong with it, None where only the planner can know.
    """
    if not rare.search(alphabet(subject.prose)) or not pattern.search(subject.prose):
        return
    for text in texts(subject):
        found = [(match, new) for match in pattern.finditer(text.words) if (new := put(match)) != match[0]]
        if not found:
            continue
        first = found[0][0]
        message, hint = say(first, len(found))
        changes = (edit for match, new in found if new is not None for edit in edits(subject, text, *match.span(), new))
        yield Found(message, text.place(subject, *first.span()), hint, edits=tuple(changes))


def more(count: int) -> str:
    """Say that there is more of the same in a text: （この文に計3か所）."""
    return f"（この文に計{count}か所）" if count > 1 else ""


def whole(subject: Subject, text: Text) -> Place:
    """Give the place of a whole text."""
    return subject.places.value(text.node, *text.path)


def is_name(text: Text) -> bool:
    """Tell whether a text is a name on one line, and no running text."""
    return (
        text.path[-1] in {"title", "name", "label", "unit", "municipality", "parent", "owner"} or "owners" in text.path
    )
