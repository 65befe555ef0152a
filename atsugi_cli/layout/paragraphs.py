"""Paragraphs: two texts side by side, paragraph beside paragraph, with what is unchanged left out on both sides.

The omission word is decided for a pair of paragraphs, never for a column. A long paragraph with small changes keeps
the sentences that changed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Literal

from atsugi_cli.document import Run
from atsugi_cli.match.prose import Segment, aligned, pieces

LONG = 120
"""Characters from which a changed paragraph is shortened to its changed sentences; short ones are read at a glance."""

SPARED = 40
"""Unchanged sentences shorter than this in total stay: the omission word would hardly be shorter."""

_SENTENCE = r"[^。]*。[」』）)]*"
_SENTENCES = rf"{_SENTENCE}|[^。]+"

Runs = tuple[Run, ...]
Beside = tuple[Runs | None, Runs | None]
"""A paragraph of each side; None where that side has none, the same omission on both where nothing changed."""


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text; a blank line is none."""
    return [line for line in text.split("\n") if line.strip()]


def side_by_side(old: str, new: str, omission: str, *, whole: bool = False, strict: bool = False) -> list[Beside]:
    """Return two texts paragraph beside paragraph, with their changes marked.

    Unchanged paragraphs are the omission word on both sides, a run of them once; with `whole` they are printed.
    """
    olds, news = paragraphs(old), paragraphs(new)
    if "".join(olds) == "".join(news) and olds != news:  # where one paragraph became two, the new line is the change
        pairs = zip_longest([(Run(each),) for each in olds], [(Run(each),) for each in news])
        return [*pairs]
    rows: list[Beside] = []
    omitted: Beside = ((Run(omission),), (Run(omission),))
    for before, after in aligned(olds, news):
        if before is None or after is None:
            rows.append(
                (
                    None if before is None else (Run(olds[before], "old"),),
                    None if after is None else (Run(news[after], "new"),),
                )
            )
        elif olds[before] != news[after] or whole:
            rows.append(marked(olds[before], news[after], omission, whole=whole, strict=strict))
        elif not rows or rows[-1] != omitted:
            rows.append(omitted)
    return rows


def marked(old: str, new: str, omission: str, *, whole: bool, strict: bool) -> tuple[Runs, Runs]:
    """Mark what changed from one paragraph to the other; where only the notation did, every character of it."""
    marks = pieces(old, new, strict=strict)
    if marks.notation_only and not strict:
        marks = pieces(old, new, strict=True)
    if whole or max(len(old), len(new)) <= LONG:
        return runs(marks.old, "old"), runs(marks.new, "new")
    for each in (marks, marks.strictly()):  # a 、 at the edge of a mark is new as well, though no mark covers it
        if shortened := _shortened(each.old, each.new, omission):
            return runs(shortened[0], "old"), runs(shortened[1], "new")
    return runs(marks.old, "old"), runs(marks.new, "new")


def runs(segments: Sequence[Segment], side: Literal["old", "new"]) -> Runs:
    """Turn the segments of one side into runs."""
    return tuple(Run(text, side if is_marked else "") for text, is_marked in segments)


def _shortened(
    old: Sequence[Segment], new: Sequence[Segment], omission: str
) -> tuple[list[Segment], list[Segment]] | None:
    """Leave out the sentences without a change, the same ones on both sides; None where what is unmarked differs."""
    kept = "".join(text for text, is_marked in old if not is_marked)
    if kept != "".join(text for text, is_marked in new if not is_marked):
        return None
    cuts = list(_cuts(kept, sorted({*_changed(old), *_changed(new)}), _open(old) | _open(new)))
    return list(_without(old, cuts, omission)), list(_without(new, cuts, omission))


def _changed(segments: Sequence[Segment]) -> Iterator[int]:
    """Give where in the unchanged text each change lies."""
    at = 0
    for text, is_marked in segments:
        if is_marked:
            yield at
        else:
            at += len(text)


def _open(segments: Sequence[Segment]) -> set[int]:
    """Give the places in the unchanged text where a change leaves its sentence unfinished."""
    found: set[int] = set()
    at = 0
    for text, is_marked in segments:
        if not is_marked:
            at += len(text)
        elif not text.endswith("。"):
            found.add(at)
    return found


def _cuts(kept: str, changes: Sequence[int], unfinished: set[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches of unchanged whole sentences that are worth leaving out."""
    for at, (start, end) in enumerate(pairwise((0, *changes, len(kept)))):
        first = start
        if at and start in unfinished:  # the rest of a changed sentence
            found = re.compile(_SENTENCE).match(kept, first)
            first = found.end() if found and found.end() <= end else end
        last = first
        for sentence in re.compile(_SENTENCE).finditer(kept, first, end):
            last = sentence.end()
        if end == len(kept) and end not in changes:
            last = end
        if last - first > SPARED:
            yield first, last


def _without(segments: Sequence[Segment], cuts: Sequence[tuple[int, int]], omission: str) -> Iterator[Segment]:
    at = 0
    for text, is_marked in segments:
        if is_marked:
            yield text, True
            continue
        start, end = at, at + len(text)
        for first, last in cuts:
            if start <= first and last <= end and first < last:
                yield text[at - start : first - start], False
                yield omission, False
                at = last
        yield text[at - start :], False
        at = end


def shared_out(olds: Sequence[str], news: Sequence[str], *, strict: bool) -> tuple[list[list[Runs]], list[list[Runs]]]:
    """Mark texts that were merged or split, each sentence against its likeliest counterpart in any of the others.

    Return the paragraphs of each old text and of each new one; a sentence that stands on both sides has no mark.
    """
    befores, afters = ([each for text in texts for each in _sentences(text)] for texts in (olds, news))
    both = Counter(befores) & Counter(afters)
    old_left, new_left = _less(befores, both), _less(afters, both)
    old_marks: dict[str, tuple[Segment, ...]] = {}
    new_marks: dict[str, tuple[Segment, ...]] = {}
    for before, after in aligned(old_left, new_left):
        marks = pieces(
            "" if before is None else old_left[before], "" if after is None else new_left[after], strict=strict
        )
        if before is not None:
            old_marks[old_left[before]] = marks.old
        if after is not None:
            new_marks[new_left[after]] = marks.new
    return (
        [_as_paragraphs(text, old_marks, "old") for text in olds],
        [_as_paragraphs(text, new_marks, "new") for text in news],
    )


def _less(sentences: Sequence[str], taken: Mapping[str, int]) -> list[str]:
    """Return sentences without the first of those that are taken."""
    left = Counter(taken)
    found: list[str] = []
    for sentence in sentences:
        if left[sentence]:
            left[sentence] -= 1
        else:
            found.append(sentence)
    return found


def _sentences(text: str) -> list[str]:
    return [sentence for paragraph in paragraphs(text) for sentence in re.findall(_SENTENCES, paragraph) if sentence]


def _as_paragraphs(text: str, marks: Mapping[str, tuple[Segment, ...]], side: Literal["old", "new"]) -> list[Runs]:
    return [
        runs([segment for each in re.findall(_SENTENCES, line) for segment in marks.get(each, ((each, False),))], side)
        for line in paragraphs(text)
    ]
