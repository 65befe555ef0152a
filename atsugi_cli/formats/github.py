"""GitHub: workflow commands that put findings beside the lines of a pull request, after the full log.

GitHub shows at most 10 errors, 10 warnings and 10 notices a step, in the order of the log: the most severe come first.
"""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from atsugi_cli.catalogue import Severity
from atsugi_cli.findings import SEVERITIES, Finding, Findings
from atsugi_cli.formats.findings import sentence, write_text
from atsugi_cli.formats.options import Options
from atsugi_cli.width import safe

_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "notice"}
_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(findings: Findings, options: Options) -> str:
    """Write the plain log, then one workflow command a finding; nothing when there are none."""
    log = write_text(findings, replace(options, colour=False))
    if not log:
        return ""
    # The log quotes files, and a line of a file may read like a command. Nobody can write a text that holds its hash.
    token = sha256(log.encode("utf-8")).hexdigest()
    found = sorted((each for each in findings.items if each.severity in _COMMANDS), key=_rank)
    return f"::stop-commands::{token}\n{log}::{token}::\n" + "".join(map(_command, found))


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _command(finding: Finding) -> str:
    """Write one annotation; GitHub rejects columns of a place of several lines, and its last column is included."""
    place = finding.place
    properties: dict[str, str | int] = {"file": place.source, "line": place.line}
    if place.line == place.end_line:
        properties["col"] = place.column
    properties["endLine"] = place.end_line
    if place.line == place.end_line:
        properties["endColumn"] = max(place.end_column - 1, place.column)
    properties["title"] = f"{finding.rule.label}（{finding.rule.code}）"
    written = ",".join(f"{key}={safe(str(value).translate(_PROPERTY))}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {written}::{safe(sentence(finding).translate(_DATA))}\n"
