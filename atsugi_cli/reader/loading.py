"""Loading: YAML text to data and findings: what is right at once, slips explained.

Two steps, the second only where the first could not say: `events` (the data), `strictness` (what is wrong, and where).
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from atsugi_cli.findings import Finding
from atsugi_cli.reader.data import BOM, LINE_SEPARATORS, MAX_CHARACTERS

if TYPE_CHECKING:
    from atsugi_cli.reader.places import Places


def load(text: str, source: str, *, pure: bool = False) -> tuple[object, tuple[Finding, ...]]:
    """Read a YAML text strictly: data of Map, list, str, int, float, bool and None, and findings.

    Without findings the data is whole. With findings it is None, except for slips that leave the rest readable
    (repeated keys: the first one counts; keys that are not text, tags). That the top level is a mapping is left to
    the schema. `source` names the text in places; `pure` takes the Python parser and nothing else, for tests.
    """
    from atsugi_cli.reader import events

    body = text.removeprefix(BOM)
    if len(text) <= MAX_CHARACTERS and not any(mark in text for mark in (*LINE_SEPARATORS, "\n%", "\r%")):
        data = events.data(body, pure=pure)
        if data is not None:
            return data, ()
    from atsugi_cli.reader.strictness import explain

    is_readable, findings = explain(text, source, pure=pure)
    return (events.data(body, pure=pure, lenient=True) if is_readable else None), findings


@lru_cache(maxsize=1)  # the schema's findings and the rules' ask for the same text, one after the other
def locate(text: str, source: str, *, pure: bool = False) -> "Places":
    """Find the places of everything in a text, when something must be reported; what cannot be parsed has none."""
    from atsugi_cli.reader.places import Places

    return Places(text, source, pure=pure)
