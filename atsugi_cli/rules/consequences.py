"""Consequences: leaving out findings that only follow from another one, by the column `follows_from` of the rules."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from atsugi_cli.findings import Finding, Place
from atsugi_cli.rules.base import SCHEMA, Follows, Subject, Where

Test = Callable[[Finding], bool]


def without_consequences(
    subject: Subject, findings: tuple[Finding, ...], follows: Mapping[str, tuple[Follows, ...]]
) -> tuple[Finding, ...]:
    """Leave out what only follows from another finding; `follows` are the columns of the table by the rule's code."""
    for where, relation in _RELATIONS.items():
        said = {each.rule.code for each in findings}
        asked = [(code, each) for code in said for each in follows.get(code, ()) if each.where == where]
        explained: dict[str, Test] = {}
        for code, each in asked:
            broken = subject.broken if SCHEMA in each.of else frozenset()
            explained[code] = relation(subject, [other for other in findings if each.is_cause(other)], broken)
        if explained:
            findings = tuple(each for each in findings if not explained.get(each.rule.code, _never)(each))
    return findings


def _never(_: Finding) -> bool:
    return False


def _in_file(_: Subject, causes: Sequence[Finding], broken: frozenset[int]) -> Test:
    return lambda _: bool(causes or broken)


def _in_indicator(subject: Subject, causes: Sequence[Finding], _: frozenset[int]) -> Test:
    at = _Mappings((subject.places.node(each.node), bool(each.change.flags)) for _, each in subject.indicators)
    wrong = {start for each in causes if (start := at.before(each.place)) and start[2]}  # only these are contradicted
    return lambda finding: at.before(finding.place) in wrong


def _in_span(_: Subject, causes: Sequence[Finding], __: frozenset[int]) -> Test:
    """Check whether a finding lies inside a cause that begins on its line."""
    lines: dict[int, tuple[list[int], list[tuple[int, int]]]] = {}
    for place in sorted(each.place for each in causes):
        columns, ends = lines.setdefault(place.line, ([], []))
        columns.append(place.column)
        ends.append(max((place.end_line, place.end_column), ends[-1] if ends else (0, 0)))

    def explained(finding: Finding) -> bool:
        columns, ends = lines.get(finding.place.line, ([], []))
        at = bisect_right(columns, finding.place.column)
        return at > 0 and ends[at - 1] >= (finding.place.end_line, finding.place.end_column)

    return explained


def _in_item(subject: Subject, causes: Sequence[Finding], broken: frozenset[int], *, below: bool = False) -> Test:
    """Check whether a finding stands in an item with a cause, or right below one, where it may have been moved."""
    at = _Mappings((subject.places.node(item.node), item.node) for item in subject.items)
    nodes = {at.owner(each) for each in causes} | broken
    walk = subject.strategy.root.walk() if below else ()
    nodes |= {child.node for parent in walk if parent.node in nodes for child in parent.children}
    return lambda finding: at.owner(finding) in nodes


def _on_line(_: Subject, causes: Sequence[Finding], __: frozenset[int]) -> Test:
    lines = {each.place.line for each in causes}
    return lambda finding: finding.place.line in lines


_RELATIONS: Mapping[Where, Callable[[Subject, Sequence[Finding], frozenset[int]], Test]] = {
    "file": _in_file,
    "indicator": _in_indicator,
    "span": _in_span,
    "branch": partial(_in_item, below=True),
    "item": _in_item,
    "line": _on_line,
}
"""In the order in which they are asked: what one of them leaves out explains nothing in the next."""


class _Mappings:
    """Mappings of a file by where they start, each with a value."""

    def __init__(self, mappings: Iterable[tuple[Place, int]]) -> None:
        self._starts = sorted((place.line, place.column, value) for place, value in mappings)

    def before(self, place: Place) -> tuple[int, int, int] | None:
        """Return the last mapping that starts before a place: line, column, value."""
        at = bisect_right(self._starts, (place.line, place.column, float("inf")))
        return self._starts[at - 1] if at else None

    def owner(self, finding: Finding) -> int:
        """Return the value of the mapping that a finding stands in, 0 above the first."""
        start = self.before(finding.place)
        return start[2] if start else 0
