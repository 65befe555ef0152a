"""Slips: the edits of findings, as the JSON of `strategy validate` tells them, made to the letter."""

import re


def offset(text, line, column):
    starts = [0, *(match.end() for match in re.finditer("\r\n|\n", text))]
    return starts[line - 1] + column - 1


def followed(text, found):
    """Make the edits of findings; those of two findings never overlap."""
    edits = {
        (offset(text, each["line"], each["column"]), offset(text, each["endLine"], each["endColumn"]), each["new"])
        for finding in found
        for each in finding["edits"]
    }
    for finding in found:
        for each in finding["edits"]:
            start, end = offset(text, each["line"], each["column"]), offset(text, each["endLine"], each["endColumn"])
            assert text[start:end] == each["old"]
        assert not finding["edits"] or any(each["old"] != each["new"] for each in finding["edits"])
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
