"""Splice: apply edits to a text and leave every other character as the planner wrote it."""

from collections.abc import Sequence

from atsugi_cli.findings import Edit


def spliced(text: str, edits: Sequence[Edit]) -> str:
    """Apply edits that do not overlap; offsets count code points of `text`.

    The order of the edits does not matter; insertions at one offset are made in the order given, and the same edit
    given twice (two findings with one remedy) is made once. Raises ValueError on an edit that overlaps another one
    or lies outside the text.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end)):
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit [{edit.start}, {edit.end}) overlaps another one or lies outside the text")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    parts.append(text[done:])
    return "".join(parts)


def encoded(text: str, like: bytes) -> bytes:
    """Encode an edited text as the file `like` was: UTF-8, with a byte order mark if and only if that had one."""
    return text.encode("utf-8-sig" if like.startswith(b"\xef\xbb\xbf") else "utf-8")
