"""JSON of findings: the public, versioned form, and what the other JSON forms share with it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from atsugi_cli.findings import SEVERITIES, Finding, Findings, Place
from atsugi_cli.formats.findings import Texts
from atsugi_cli.formats.options import Options
from atsugi_cli.width import safe

FORMAT: Final = 1
"""The version of the form; it grows when a reader of the old form would misread the new one."""

_LINE_NUMBER: Final = re.compile(r"[0-9]+(?=行目)")


def write(findings: Findings, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write findings as one JSON document, also when there are none or nothing could be checked (`failure`)."""
    texts = Texts(findings)
    return dump(
        {
            "format": FORMAT,
            "checked": findings.checked,
            "failure": findings.failure or None,
            "counts": {severity: findings.count(severity) for severity in SEVERITIES},
            "findings": [_finding(finding, texts) for finding in findings.items],
        }
    )


def _finding(finding: Finding, texts: Texts) -> dict[str, Any]:
    return {
        "code": finding.rule.code,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint or None,
        **_place(finding.place),
        "related": [{"message": other.message, **_place(other.place)} for other in finding.related],
        "fixable": finding.fixable,
        "edits": list(_edits(finding, texts)),
    }


def _edits(finding: Finding, texts: Texts) -> Iterator[dict[str, Any]]:
    """Say what the hint would have written: the place of a text, what stands there, and what comes instead."""
    lines = texts[finding.place.source]
    if lines is None:
        return
    for edit in finding.edits:
        yield {
            **_place(lines.place(edit.start, edit.end)),
            "old": lines.text[edit.start : edit.end],
            "new": edit.text,
        }


def _place(place: Place) -> dict[str, Any]:
    return {
        "path": place.source,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def dump(data: dict[str, Any] | list[dict[str, Any]], indent: int | None = 2) -> str:
    """Write JSON for people and programs: Japanese as it is, everything that steers a terminal as an escape."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    # JSON escapes the characters below the blank itself; all others but DEL are made visible as JSON would escape them.
    return safe(text.replace("\x7f", "\\u007f")) + "\n"


def fingerprints(findings: Findings) -> list[str]:
    """Return each finding an identity of 64 hexadecimal digits that is unique here and survives shifted lines.

    It is made from file, rule, message and the words of the line; the second of two alike counts as the second.
    """
    texts = Texts(findings)
    words: dict[tuple[str, int], bytes] = {}
    seen: Counter[bytes] = Counter()
    found = []
    for finding in findings.items:
        place = finding.place
        key = (place.source, place.line)
        if key not in words:
            words[key] = sha256(_encoded(_line(texts, place).strip())).digest()
        message = _LINE_NUMBER.sub("", finding.message)
        same = _encoded(f"{place.source}\0{finding.rule.code}\0{message}") + words[key]
        seen[same] += 1
        found.append(sha256(same + b"%d" % seen[same]).hexdigest())
    return found


def _line(texts: Texts, place: Place) -> str:
    lines = texts[place.source]
    if lines is None or place.line > len(lines.starts):
        return ""
    start, end = lines.bounds(place.line)
    return lines.text[start:end]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
