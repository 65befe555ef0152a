"""Slips: the usual mistakes in YAML text: a table of them, proof by repair, and the parser's own words for the rest."""

_SHOWN = 30
"""Characters of the user's text that a message repeats."""


def shown(text: str) -> str:
    """Shorten a piece of the user's text for a message, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def quoted(text: str) -> str:
    """Write a text as a quoted scalar on one line."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
