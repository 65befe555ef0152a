"""GitLab: the Code Quality report that merge requests show."""

from typing import Any, Final

from atsugi_cli.catalogue import Severity
from atsugi_cli.findings import Finding, Findings
from atsugi_cli.formats.findings import sentence
from atsugi_cli.formats.findings_json import dump
from atsugi_cli.formats.fingerprints import of_findings
from atsugi_cli.formats.options import Options

_SEVERITIES: Final[dict[Severity, str]] = {"error": "major", "warning": "minor", "note": "info", "off": "info"}
"""GitLab has critical and blocker above major; a slip in a plan endangers no running system."""


def write(findings: Findings, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write findings as a Code Quality report: an array, empty when there are none."""
    return dump(
        [
            _entry(finding, fingerprint)
            for finding, fingerprint in zip(findings.items, of_findings(findings), strict=True)
        ]
    )


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    place = finding.place
    return {
        "description": sentence(finding),
        "check_name": finding.rule.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": place.source.removeprefix("./"),
            "lines": {"begin": place.line, "end": place.end_line},
        },
    }
