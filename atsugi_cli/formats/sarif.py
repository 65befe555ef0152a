"""SARIF 2.1.0: findings for code scanning and for editors that read it."""

import re
from typing import Any, Final
from urllib.parse import quote

from atsugi_cli import __version__
from atsugi_cli.catalogue import Entry, Severity
from atsugi_cli.findings import Finding, Findings, Place
from atsugi_cli.formats.findings import Texts
from atsugi_cli.formats.findings_json import dump
from atsugi_cli.formats.fingerprints import of_findings
from atsugi_cli.formats.options import Options
from atsugi_cli.reader.data import BOM
from atsugi_cli.width import safe

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION: Final = "2.1.0"
ROOT: Final = "%SRCROOT%"
"""The name that code scanning knows for the top of the repository."""

_LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "note", "off": "none"}
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:/")
_PLACEHOLDER: Final = re.compile(r"\{([0-9]+)\}")
_LINK: Final = re.compile(r"\[([^\]]*)\](?=\()")


def write(findings: Findings, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write findings as a SARIF log of one run, with the rules that were checked, found or not."""
    rules = {entry.code: entry for entry in findings.rules}
    for finding in findings.items:
        rules.setdefault(finding.rule.code, finding.rule)
    indices = {code: index for index, code in enumerate(rules)}
    texts = Texts(findings)
    results = [
        _result(finding, indices[finding.rule.code], fingerprint, texts)
        for finding, fingerprint in zip(findings.items, of_findings(findings), strict=True)
    ]
    invocation: dict[str, Any] = {"executionSuccessful": not findings.failure}
    if findings.failure:
        invocation["toolExecutionNotifications"] = [{"level": "error", "message": _message(findings.failure)}]
    run = {
        "tool": {
            "driver": {
                "name": "strategy",
                "version": __version__,
                "language": "ja",
                "rules": [_rule(entry) for entry in rules.values()],
            }
        },
        "language": "ja",
        "columnKind": "unicodeCodePoints",
        "defaultEncoding": "UTF-8",
        "originalUriBaseIds": {ROOT: {"description": {"text": "リポジトリの最上位"}}},
        "invocations": [invocation],
        "artifacts": [{"location": _artifact(source), "sourceLanguage": "yaml"} for source, _ in findings.sources],
        "results": results,
    }
    # Nobody reads SARIF as it is, and indented it is three times as long.
    return dump({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=None)


def _rule(entry: Entry) -> dict[str, Any]:
    text = entry.doc.strip() or entry.label
    example = entry.example.strip("\n")
    configuration: dict[str, Any] = {"level": _LEVELS[entry.severity]}
    if entry.severity == "off":
        configuration["enabled"] = False
    return {
        "id": entry.code,
        "name": entry.label,
        "shortDescription": _message(entry.label),
        "fullDescription": _message(entry.summary or entry.label),
        "help": {
            **_message(f"{text}\n\n例:\n{example}" if example else text),
            "markdown": f"{text}\n\n```yaml\n{example}\n```\n" if example else text,
        },
        "defaultConfiguration": configuration,
        "properties": {"tags": [entry.group]},
    }


def _result(finding: Finding, index: int, fingerprint: str, texts: Texts) -> dict[str, Any]:
    hint = f"\n直し方: {finding.hint}" if finding.hint else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message + hint),
        "locations": [_location(finding.place)],
        # Code scanning reads the first; the second says by its name what it is, as the standard wants it.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "ruleItemWords/v2": fingerprint},
    }
    if finding.state:
        result["baselineState"] = finding.state
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(other.place), "message": _message(other.message)}
            for number, other in enumerate(finding.related, 1)
        ]
    if replacements := _replacements(finding, texts):
        result["fixes"] = [
            {
                "description": _message(finding.hint or finding.rule.label),
                "artifactChanges": [
                    {"artifactLocation": _artifact(finding.place.source), "replacements": replacements}
                ],
            }
        ]
    return result


def _replacements(finding: Finding, texts: Texts) -> list[dict[str, Any]]:
    """Translate edits; SARIF's offsets do not count a byte order mark, those of an edit do."""
    lines = texts[finding.place.source]
    if lines is None:
        return []
    shift = 1 if lines.text.startswith(BOM) else 0
    replacements = []
    for edit in finding.edits:
        offsets = {"charOffset": max(edit.start - shift, 0), "charLength": edit.end - edit.start}
        replacement: dict[str, Any] = {"deletedRegion": {**_region(lines.place(edit.start, edit.end)), **offsets}}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        replacements.append(replacement)
    return replacements


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(place.source), "region": _region(place)}}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(source: str) -> dict[str, str]:
    """Name a file by a URI: relative to the repository, or absolute where the file was named so."""
    path = source.replace("\\", "/")
    if path.startswith("//"):  # a share of a Windows network
        return {"uri": "file:" + quote(path, errors="surrogatepass")}
    if _ABSOLUTE.match(path):
        return {"uri": "file:///" + quote(path.lstrip("/"), safe="/:", errors="surrogatepass")}
    return {"uri": quote(path.removeprefix("./"), errors="surrogatepass"), "uriBaseId": ROOT}


def _message(text: str) -> dict[str, str]:
    """Write plain text in which nothing is taken for a placeholder or a link."""
    return {"text": _LINK.sub(r"\\[\1\\]", _PLACEHOLDER.sub(r"{{\1}}", safe(text)))}
