"""Writing: plain data as the text of an edition, with a remark behind what a person has to check."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from atsugi_cli.frozen import frozen
from atsugi_cli.reader.pieces import inline, shifted
from atsugi_cli.reader.scalars import plain_or_quoted

CHECK: Final = "要確認"
_UNSAID: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]+")
_BLOCK: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]|\n[ \u3000]|[ ]\n|\n{3}|\n\\Z|\\A\\s"
)
_LONG: Final = 110


@frozen
class Doubt:
    """Data that a person has to check, and why."""

    data: object
    why: str


def said(words: str) -> str:
    """Set words on one line, fit for a comment."""
    return _UNSAID.sub("␊", words)


def remark(words: str) -> str:
    """Write words as one comment."""
    return f"# {CHECK}: {said(words)}"


def lines(data: Mapping[str, object], indent: int = 0) -> Iterator[str]:
    """Write a mapping in lines: what is plain on one, lists of mappings and long mappings on lines of their own."""
    pad = " " * indent
    for key, told in data.items():
        value, why = (told.data, f"   {remark(told.why)}") if isinstance(told, Doubt) else (told, "")
        if isinstance(value, str) and "\n" in value and not _BLOCK.search(value):
            yield f"{pad}{key}: |-{why}"
            yield from shifted(value, indent + 2).split("\n")
        elif isinstance(value, list) and value and any(isinstance(_bare(each), Mapping) for each in value):
            yield f"{pad}{key}:{why}"
            yield from entries(value, indent + 2)
        elif isinstance(value, Mapping) and _opens(value):
            yield f"{pad}{key}:{why}"
            yield from lines(value, indent + 2)
        else:
            yield f"{pad}{key}: {plain_or_quoted(value) if isinstance(value, str) else inline(value)}{why}"


def _bare(value: object) -> object:
    return value.data if isinstance(value, Doubt) else value


def _opens(value: Mapping[str, object]) -> bool:
    """Check whether a mapping needs lines of its own."""
    if any(isinstance(each, (Doubt, Mapping)) or (isinstance(each, str) and "\n" in each) for each in value.values()):
        return True
    return any(
        isinstance(each, list) and any(isinstance(_bare(one), Mapping) for one in each) for each in value.values()
    )


def entries(values: Sequence[object], indent: int) -> Iterator[str]:
    """Write the entries of a list in lines, one below the other."""
    pad = " " * indent
    for each in values:
        value, why = (each.data, f"   {remark(each.why)}") if isinstance(each, Doubt) else (each, "")
        if isinstance(value, Mapping) and (
            _opens(value) or len(inline(dict(value))) + indent > _LONG or "name" in value or "title" in value
        ):
            head, *rest = lines(value, indent + 2)
            yield f"{pad}- {head[indent + 2 :]}{why}"
            yield from rest
        else:
            yield f"{pad}- {inline(dict(value) if isinstance(value, Mapping) else value)}{why}"
