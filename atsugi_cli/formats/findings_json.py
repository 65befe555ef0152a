"""JSON of findings: the public, versioned form, and what the other JSON forms share with it."""

import json
from collections.abc import Iterator
from typing import Any, Final

from atsugi_cli.findings import SEVERITIES, Finding, Findings, Place
from atsugi_cli.formats.findings import Texts
from atsugi_cli.formats.fingerprints import of_findings
from atsugi_cli.formats.options import Options
from atsugi_cli.width import safe

FORMAT: Final = 1
"""The version of the form; it grows when a reader of the old form would misread the new one."""


def write(findings: Findings, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write findings as one JSON document, also when there are none or nothing could be checked (`failure`)."""
    texts = Texts(findings)
    return dump(
        {
            "format": FORMAT,
            "checked": findings.checked,
            "failure": findings.failure or None,
            "counts": {severity: findings.count(severity) for severity in SEVERITIES},
            "findings": [
                _finding(each, fingerprint, texts)
                for each, fingerprint in zip(findings.items, of_findings(findings), strict=True)
            ],
        }
    )


def baseline(findings: Findings) -> str:
    """Write down what is there, so that a later check can tell what came; path and message are for people."""
    entries = [
        {"fingerprint": fingerprint, "code": each.rule.code, "path": each.place.source, "message": each.message}
        for each, fingerprint in zip(findings.items, of_findings(findings), strict=True)
    ]
    return dump({"format": FORMAT, "baseline": entries})


def _finding(finding: Finding, fingerprint: str, texts: Texts) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint,
        "state": finding.state or None,
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
