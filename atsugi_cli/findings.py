"""Findings: problems in a user's file, as data with a place, a message and a remedy."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Literal

from atsugi_cli.catalogue import Entry, Severity
from atsugi_cli.frozen import frozen

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@frozen
class Place:
    """A span of a text: lines and columns count from 1, columns in code points, the end is exclusive."""

    source: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __lt__(self, other: "Place") -> bool:
        """Order places by file, then as they stand there."""
        return _ORDER(self) < _ORDER(other)


_ORDER = attrgetter("source", "line", "column", "end_line", "end_column")


@frozen
class Related:
    """Another place that belongs to the same finding, with what is there ("最初はここ")."""

    place: Place
    message: str


@frozen
class Edit:
    """Replace the characters [start, end) of the text; offsets count code points of the decoded text."""

    start: int
    end: int
    text: str


State = Literal["", "new", "unchanged", "absent"]
"""What a finding is to those of an older state: as code scanning calls it, or nothing where there is none."""


@frozen
class Finding:
    """One cause, said once: what is wrong (message), where (place) and what to write instead (hint).

    `edits` do what the hint says, to the letter; they are `safe` where no one need look before they are made.
    `state` says whether an older state had it: what did, and what is gone again, fails nobody. `fingerprint` is set
    where it was made from a state of which the rest is not at hand any more.
    """

    rule: Entry
    message: str
    place: Place
    hint: str = ""
    related: tuple[Related, ...] = ()
    severity: Severity = "error"
    edits: tuple[Edit, ...] = ()
    safe: bool = True
    state: State = ""
    fingerprint: str = ""

    @property
    def fixable(self) -> bool:
        """Check whether a program may put it right unasked."""
        return self.safe and bool(self.edits)

    @property
    def counts(self) -> bool:
        """Check whether it is one of those by which a check fails."""
        return self.state in ("", "new")


@frozen
class Findings:
    """What a check has to say about one or more files; `sources` holds the text of each for the snippets.

    `rules` are the rows that could have spoken, for reports that list them. `failure` is the sentence that says why
    nothing could be checked at all, for formats that are one document always.
    """

    items: tuple[Finding, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    checked: int = 0
    failure: str = ""
    rules: tuple[Entry, ...] = ()

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(1 for finding in self.items if finding.severity == severity)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by file, line, column and code, and drop exact repetitions."""
    ordered = sorted(findings, key=lambda f: (f.place, f.rule.code, f.message))
    return tuple(dict.fromkeys(ordered))
