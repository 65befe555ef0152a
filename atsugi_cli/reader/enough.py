"""Enough: how many findings of one kind are worked out in one file, and how it is said that there are more."""

from collections.abc import Iterable
from itertools import islice

from atsugi_cli.findings import Finding
from atsugi_cli.reader import codes

MOST = 1000
"""One for each initiative of a very large plan; more have one cause, and take longer to work out than to correct."""


def enough(findings: Iterable[Finding], what: str) -> list[Finding]:
    """Take the first `MOST` findings, and one that says so if there are more; `what` names their kind."""
    found = list(islice(findings, MOST + 1))
    if len(found) > MOST:
        found[MOST:] = [more(found[MOST - 1], what)]
    return found


def more(last: Finding, what: str) -> Finding:
    """Say that the rest is not shown, where the last one that is shown stands."""
    return Finding(
        codes.MORE_FINDINGS,
        f"「{what}」が多いため、{MOST:,}件だけを示し、残りは調べていません",
        last.place,
        "同じ原因のものをまとめて直してから、もう一度検証してください",
        severity="note",
    )
