"""Markup: what all that is written in angle brackets needs: inert text, and the files that go into it unchanged."""

from functools import cache
from importlib.resources import files
from typing import Final

from atsugi_cli.width import safe

_NONCHARACTERS: Final = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})
"""The two characters that `safe` lets through and XML does not know."""
_SPECIAL: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def visible(text: str) -> str:
    """Make visible what XML forbids or a reader could not see."""
    return safe(text).translate(_NONCHARACTERS)


def escaped(text: str) -> str:
    """Make text inert in XML, between tags and in attributes with double quotation marks; newlines stay."""
    return visible(text).translate(_SPECIAL)


@cache
def asset(name: str) -> str:
    """Read a file of `formats/assets`, which holds what goes into papers as it is: styles, scripts, constant parts."""
    return files("atsugi_cli.formats").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")
