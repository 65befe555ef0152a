"""Fixing: make the edits that findings carry, and prove that they changed nothing else."""

import difflib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from atsugi_cli import store
from atsugi_cli.findings import Edit, Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.project.checking import subject_of
from atsugi_cli.project.reading import Project, schemas
from atsugi_cli.reader import read_profile
from atsugi_cli.reader.data import BOM, Map
from atsugi_cli.reader.loading import load, locate
from atsugi_cli.reader.splice import encoded, spliced
from atsugi_cli.store import Blob

ROUNDS = 8
"""Rounds of checking and editing at most: one edit may bring up the next (a quote, then what stood inside it)."""

READINGS = 100
"""Times at most that a text is read in a round to find the edits that would change something else; such are rare."""

Path = tuple[str | int, ...]


@frozen
class Fixed:
    """What could be put right in one file: the text before and after, and the findings that are gone."""

    blob: Blob
    before: str
    after: str
    done: tuple[Finding, ...] = ()
    unreadable: bool = False

    @property
    def data(self) -> bytes:
        """What the file is to hold."""
        return encoded(self.after, self.blob.data)


def fixed(project: Project, blob: Blob) -> Fixed:
    """Make every safe edit of one edition's findings, in memory; a file that cannot be read stays as it is."""
    if store.is_profile(blob.path):
        return _fixed_profile(blob)
    first = project.read(blob)
    text, done = _readable(first.text, lambda text: project.read(_with(blob, text)).findings)
    again = project.read(_with(blob, text)) if done else first
    if again.strategy is None or any(finding.rule.group == "yaml" for finding in again.findings):
        return Fixed(blob, first.text, first.text, unreadable=True)
    if any(finding.rule.code == "not-a-strategy" for finding in again.findings):
        return Fixed(blob, first.text, first.text)
    return _edited(blob, first.text, lambda again: _judged(project, again), text, done)


def _with(blob: Blob, text: str) -> Blob:
    return replace(blob, data=encoded(text, blob.data))


def _readable(text: str, judge: Callable[[str], Sequence[Finding]]) -> tuple[str, list[Finding]]:
    """Put right the slips of YAML that are proved by their repair (`title：`), as long as any is left that can be."""
    done: list[Finding] = []
    slips = [each for each in judge(text) if each.rule.group == "yaml"]
    for _ in range(ROUNDS):
        chosen = _apart(slips)
        if not chosen:
            break
        text, done = spliced(text, [edit for finding in chosen for edit in finding.edits]), done + chosen
        slips = [each for each in judge(text) if each.rule.group == "yaml"]
    return text, done


def _fixed_profile(blob: Blob) -> Fixed:
    """Do the same for a profile."""
    from atsugi_cli.rules import check_profile

    def judged(again: Blob) -> Sequence[Finding]:
        profile, findings, text = read_profile(again.data, again.name, schemas())
        return findings or check_profile(profile, text, again.name)

    _, findings, text = read_profile(blob.data, blob.name, schemas())
    if any(finding.rule.group == "yaml" for finding in findings):
        return Fixed(blob, text, text, unreadable=True)
    return _edited(blob, text, judged)


def _edited(
    blob: Blob,
    before: str,
    judge: Callable[[Blob], Sequence[Finding]],
    text: str = "",
    done: Sequence[Finding] = (),
) -> Fixed:
    text, done = text or before, [*done]
    for _ in range(ROUNDS):
        chosen = _apart(judge(_with(blob, text)))
        accepted = _accepted(text, blob.name, chosen, [], iter(range(READINGS)))
        if not accepted:
            break
        text = spliced(text, [edit for finding in accepted for edit in finding.edits])
        done += accepted
    _loaded.cache_clear()
    return Fixed(blob, before, text, tuple(done))


def _judged(project: Project, blob: Blob) -> Sequence[Finding]:
    from atsugi_cli.rules import check

    result = project.read(blob)
    subject = subject_of(project, blob, result)
    return (*result.findings, *check(subject)) if subject is not None else result.findings


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Choose findings whose edits do not overlap, the first ones first; the others wait for the next round."""
    chosen: list[Finding] = []
    taken = _Spans()
    made = set[Edit]()
    for finding in sorted((each for each in findings if each.safe), key=lambda each: each.place):
        edits = [edit for edit in finding.edits if edit not in made]
        if not edits or any(taken.touch(edit.start, edit.end) for edit in edits):
            continue
        chosen.append(finding)
        made.update(edits)
        for edit in edits:
            taken.add(edit)
    return chosen


class _Spans:
    """Where edits that do not overlap stand in a text; asked without looking at all of them."""

    def __init__(self, edits: Sequence[Edit] = ()) -> None:
        ordered = sorted((edit.start, edit.end) for edit in edits)
        self.starts = [start for start, _ in ordered]
        self.ends = [end for _, end in ordered]

    def add(self, edit: Edit) -> None:
        at = bisect_right(self.starts, edit.start)
        self.starts.insert(at, edit.start)
        self.ends.insert(at, edit.end)

    def touch(self, start: int, end: int) -> bool:
        """Check whether one of them touches a span."""
        at = bisect_right(self.starts, end)
        return at > 0 and self.ends[at - 1] >= start

    def cover(self, start: int, end: int) -> bool:
        """Check whether one of them covers a whole span."""
        return any(first <= start and end <= last for first, last in zip(self.starts, self.ends, strict=True))


def _accepted(
    text: str, name: str, chosen: Sequence[Finding], before: Sequence[Finding], readings: Iterator[int]
) -> list[Finding]:
    """Keep those findings whose edits, made together with `before`, change the values they stand in and no other."""
    if not chosen or next(readings, None) is None:
        return []
    if _keeps_the_rest(text, name, (*before, *chosen)):
        return list(chosen)
    if len(chosen) == 1:
        return []
    middle = len(chosen) // 2
    left = _accepted(text, name, chosen[:middle], before, readings)
    return left + _accepted(text, name, chosen[middle:], [*before, *left], readings)


@lru_cache(maxsize=2)  # a round begins with the text that the last one made
def _loaded(text: str) -> tuple[object, int]:
    """Read a text: its data, and how many things stand in the way of reading it."""
    data, findings = load(text, "")
    return data, len(findings)


def _keeps_the_rest(text: str, name: str, findings: Sequence[Finding]) -> bool:
    """Prove by reading both texts that the edits changed the file only where they were made.

    Keys, and what is a list or a mapping, only those change that are about the form of the file.
    """
    edits = [edit for finding in findings for edit in finding.edits]
    after = spliced(text, edits)
    (old, flaws), (new, more) = _loaded(text), _loaded(after)
    if more > flaws:
        return False
    changed, came = _differences(old, new)
    places, made = locate(text, name), _Spans(edits)  # of this name, as the rules have just asked for
    shaping = [edit for finding in findings if _shapes(finding) for edit in finding.edits]
    shaped = _Spans(shaping)
    for path, what in changed:
        key, value = places.key_span(0, *path), places.span(0, *path)
        start, end = key if what == "key" else (key[0], value[1]) if what == "entry" else value
        end = len(text[:end].rstrip())
        if what in {"entry", "form"} and not shaped.cover(start, end):
            return False
        if not (shaped if what == "key" else made).touch(start, end):
            return False
    if not came:
        return True
    there, written = locate(after, name), _Spans([*_written(edits, shaping)])
    return all(written.touch(*there.key_span(0, *path)) for path in came)


def _shapes(finding: Finding) -> bool:
    """Check whether a finding is about the form of a file."""
    return finding.rule.group == "schema" or finding.rule.code in {"pasted-cells", "unknown-owner"}


def _written(edits: Sequence[Edit], shaping: Sequence[Edit]) -> Iterator[Edit]:
    """Iterate over where the words of some edits stand in the text that all of them have made."""
    shift = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda each: (each.start, each.end)):
        if edit in shaping:
            yield Edit(edit.start + shift, edit.start + shift + len(edit.text), "")
        shift += len(edit.text) - (edit.end - edit.start)


Change = Literal["key", "entry", "value", "form"]


def _differences(old: object, new: object) -> tuple[list[tuple[Path, Change]], list[Path]]:
    """List what differs, by its old path: keys renamed, entries gone, values and their forms; and keys that came."""
    changed: list[tuple[Path, Change]] = []
    came: list[Path] = []
    stack: list[tuple[object, object, Path, Path]] = [(old, new, (), ())]
    while stack:
        one, other, at, there = stack.pop()
        if isinstance(one, Map) and isinstance(other, Map):
            gone, more = [key for key in one if key not in other], [key for key in other if key not in one]
            renamed = dict(zip(gone, more, strict=True)) if len(gone) == len(more) else {}
            changed += [((*at, key), "key" if renamed else "entry") for key in gone]
            came += [(*there, key) for key in more]
            stack += [
                (one[key], other[to], (*at, key), (*there, to)) for key in one if (to := renamed.get(key, key)) in other
            ]
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            stack += [(a, b, (*at, nth), (*there, nth)) for nth, (a, b) in enumerate(zip(one, other, strict=True))]
        elif isinstance(one, Map | list) or isinstance(other, Map | list):
            changed.append((at, "form"))
        elif type(one) is not type(other) or one != other:
            changed.append((at, "value"))
    return changed, came


# ------------------------------------------------------------------------------------------------------------- showing


def unified(old: str, new: str, old_name: str, new_name: str) -> Iterator[str]:
    """Iterate over the lines of a diff that `git apply` and `patch -p1` take."""
    before, after = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (old, new))
    for line in difflib.unified_diff(before, after, old_name, new_name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def difference(result: Fixed) -> Iterator[str]:
    """Iterate over the lines of a diff that says what was put right in a file."""
    mark = BOM if encoded("", result.blob.data) else ""
    name = store.spelled(result.blob.path or result.blob.name)
    return unified(mark + result.before, mark + result.after, f"a/{name}", f"b/{name}")
