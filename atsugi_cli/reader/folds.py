"""Folds: a line wrapped in the file is no blank between Japanese characters; a blank that was typed stays one."""

import re

_WIDE = r"\u2e80-\u2fff\u3001-\u303e\u3041-\ua4cf\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
_BLANK = f"(?<=[{_WIDE}]) (?=[{_WIDE}])"
_BLANK_OR_FOLD = rf"(?<=[{_WIDE}])(?: |[ \t]*(?:\r\n?|\n)[ \t]*)(?=[{_WIDE}])"
_BREAK = r"\r\n?|\n"


def unfolded(value: str, source: str, style: str) -> str:
    """Drop the blanks that a parser has put for line ends between two wide characters.

    `source` is the scalar as it stands in the file. Where its blanks are not those of the value (characters written as
    escapes), the value stays as the parser read it.
    """
    text = _block(source) if style == ">" else source
    folds = ["\n" in found or "\r" in found for found in re.findall(_BLANK_OR_FOLD, text)]
    if not any(folds) or len(re.findall(_BLANK, value)) != len(folds):
        return value
    each = iter(folds)
    return re.sub(_BLANK, lambda match: "" if next(each) else match[0], value)


def _block(source: str) -> str:
    """Return the lines of a `>` block in which only those ends are single that the parser turns into a blank."""
    found: list[str] = []
    indent = -1
    was_deeper = False
    for line in re.split(_BREAK, source)[1:]:
        words = line.lstrip(" ")
        here = len(line) - len(words)
        if not words:
            found.append("\n")
            continue
        if indent < 0:
            indent = here
        if here < indent:  # what stands behind the block
            break
        deeper = here > indent or words[0] == "\t"
        found.append(("\n" if deeper or was_deeper else "") + line[indent:].rstrip("\r") + "\n")
        was_deeper = deeper
    return "".join(found)
