"""Fingerprints: by what a finding or a change is known again tomorrow, whatever its words, lines and order are then.

A finding is its rule, at an item of an edition, about these words. A change is its kind, between these ids, from these
values to those. Neither knows a line, a message, a label, the name of a file, or the version of the program.
"""

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from atsugi_cli.findings import Findings, Place
from atsugi_cli.kinds import Change
from atsugi_cli.model import NOTHING_DECLARED, Indicator, Thing
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.places import Places

_NAMES: Final = ("id", "title", "name")
"""What an item, an edition or an owner is known by: the first of these that it has."""
_OF_INDICATOR: Final = ("name", "unit", "baseline", "target")
_NOTHING: Final = (None, "", (), False, NOTHING_DECLARED)


def of_findings(findings: Findings) -> list[str]:
    """Return each finding its fingerprint of 64 hexadecimal digits; the second of two alike counts as the second."""
    files = {source: _File(text, source) for source, text in findings.sources}
    names: dict[str, str] = {}
    for source, file in files.items():
        name = file.name or source
        names[source] = source if name in names.values() else name
    seen: Counter[str] = Counter()
    found = []
    for finding in findings.items:
        key = finding.fingerprint
        if not key:
            said = sorted(_said(each.place, files, names) for each in finding.related)
            same = json.dumps([finding.rule.code, *_said(finding.place, files, names), said])
            seen[same] += 1
            key = _digest([same, seen[same]])
        found.append(key)
    return found


def _said(place: Place, files: "dict[str, _File]", names: dict[str, str]) -> list[str]:
    file = files.get(place.source)
    return [names.get(place.source, place.source), *(file.at(place) if file else ("", ""))]


class _File:
    """The text of an edition or profile; what is asked of it is found by its structure, once anything is asked."""

    def __init__(self, text: str, source: str) -> None:
        self.lines = Lines(text, source)
        self._places: Places | None = None

    @property
    def places(self) -> Places:
        if self._places is None:
            self._places = Places(self.lines.text, self.lines.source)
        return self._places

    @property
    def name(self) -> str:
        """Name the edition by its ids; empty where it has none, as a profile."""
        ids = [(each, "id") for each in ("plan", "edition")]
        return "/".join(self.places.word(0, *path) for path in ids) if all(self.places.has(0, *p) for p in ids) else ""

    def at(self, place: Place) -> tuple[str, str]:
        """Return the item and the key that a place belongs to, and the words that stand there."""
        text, starts = self.lines.text, self.lines.starts
        if place.line > len(starts):
            return "", ""
        start = starts[place.line - 1] + place.column - 1
        end = starts[min(place.end_line, len(starts)) - 1] + place.end_column - 1
        spot = self.places.spot(start, end, _NAMES)
        if spot is None:
            first, last = self.lines.bounds(place.line)
            return "", " ".join(text[first:last].split())
        return spot


def of_change(change: Change, plan: str) -> str:
    """Return the fingerprint of a change: of its plan, kind, ids and values on both sides, and of nothing else."""
    fields = frozenset(each.partition(".")[0] for each in change.kind.fields)
    sides = [
        [sorted((each.id, _values(each, fields)) for each in (*things, *indicators))]
        for things, indicators in ((change.old, change.old_indicators), (change.new, change.new_indicators))
    ]
    owners = [each.id if each is not None else None for each in change.owners]
    return _digest([plan, change.kind.code, *sides, owners])


def _values(thing: Thing, fields: frozenset[str]) -> str:
    """Write the values that a kind speaks for; of a kind that speaks for none, those a thing is known by."""
    own = _OF_INDICATOR if isinstance(thing, Indicator) else ("title", "body")
    names = [each for each in type(thing).__match_args__ if each in fields] or own
    return repr([(name, _plain(getattr(thing, name))) for name in names])


def _plain(value: object) -> object:
    """Reduce a value to what was given, so that a field which a later version adds changes nothing."""
    if isinstance(value, Indicator):
        return value.id, [(name, _plain(getattr(value, name))) for name in _OF_INDICATOR]
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    names = getattr(type(value), "__match_args__", ())
    given = [(name, getattr(value, name)) for name in names]
    return sorted((name, _plain(each)) for name, each in given if each not in _NOTHING) if names else value


def _digest(parts: Iterable[object]) -> str:
    return sha256(json.dumps(list(parts), sort_keys=True).encode("ascii")).hexdigest()
