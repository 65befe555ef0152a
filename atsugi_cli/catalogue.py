"""Catalogue: what every row of the program's tables of change kinds and rules has in common.

`explain`, the README's tables, SARIF metadata and JSON codes are all read from these rows and from nowhere else.
"""

from collections.abc import Iterator
from typing import Literal

from atsugi_cli.frozen import frozen

Severity = Literal["error", "warning", "note", "off"]


@frozen
class Entry:
    """One row: a code for machines, a label for people, and its documentation.

    `severity` is the default one ("note" for change kinds, which are not judged). `doc` is Japanese: the first line
    is the meaning in one sentence. `example` is a short piece of YAML or a table, or empty.
    """

    code: str
    label: str
    group: str
    doc: str
    severity: Severity = "note"
    example: str = ""

    @property
    def summary(self) -> str:
        """Give the first line of the documentation."""
        return self.doc.strip().split("\n", 1)[0]


@frozen
class Catalogue:
    """Rows of one table, or of several, in the order in which they are printed."""

    title: str
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the rows in their order."""
        return iter(self.entries)

    def get(self, code: str) -> Entry | None:
        """Find a row by its code, or by its Japanese label."""
        return next((entry for entry in self.entries if code in (entry.code, entry.label)), None)
