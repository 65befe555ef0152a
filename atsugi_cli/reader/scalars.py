"""Scalars: a text as YAML writes it on one line, so that what is written is read again as it was."""

import re

from atsugi_cli.reader.data import is_suspect, scalar

_PLAIN_START = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`0-9+.~=<][^\n]*\Z"
_NOT_PLAIN = r":\s|[ \t]#|[,\[\]{}?\t]|[: ]\Z"  # a ? ends a word in brackets, for the C reader
_OTHER_READERS = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])
_ESCAPED = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
"""What a reader takes for a line break, refuses or drops where it is not written as an escape."""


def plain_or_quoted(text: str) -> str:
    """Write a text as a value, inside brackets too: in quotes where it would be something else without."""
    is_plain = (
        re.match(_PLAIN_START, text)
        and not re.search(_NOT_PLAIN, text)
        and not re.search(_ESCAPED, text)
        and text.lower() not in _OTHER_READERS
        and scalar(text) == text
        and not is_suspect(text[0], text, in_map=True)
    )
    return text if is_plain else quoted(text)


def quoted(text: str) -> str:
    """Write a text in quotes: single ones where double ones would need a backslash that can be spared."""
    if re.search(_ESCAPED, text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return '"' + re.sub(_ESCAPED, lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
