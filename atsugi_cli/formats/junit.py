"""JUnit: findings as test results, for servers that draw those (Jenkins, GitLab, Azure DevOps).

A file is a suite. An error is a failed case; a warning or note is a skipped one, which servers show without failing.
"""

from collections import Counter
from dataclasses import replace

from atsugi_cli.findings import Finding, Findings
from atsugi_cli.formats.findings import Texts, by_file, flat_path, sentence, shown
from atsugi_cli.formats.markup import escaped
from atsugi_cli.formats.options import Options


def write(findings: Findings, options: Options) -> str:
    """Write one suite a file, with a case for each finding, or one passed case for a file that has none."""
    texts = Texts(findings)
    plain = replace(options, colour=False)
    found = dict(by_file(findings.items))
    files = list(dict.fromkeys([*(source for source, _ in findings.sources), *found]))
    cases = sum(len(found.get(file, ())) or 1 for file in files)
    failures = sum(map(_fails, findings.items))
    head = f'<testsuites name="strategy validate" tests="{cases}" failures="{failures}" errors="0">'
    suites = [_suite(file, found.get(file, []), texts, plain) for file in files]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""])


def _fails(finding: Finding) -> bool:
    return finding.severity == "error" and finding.counts


def _suite(file: str, items: list[Finding], texts: Texts, options: Options) -> str:
    name = escaped(flat_path(file))
    failures = sum(map(_fails, items))
    counts = f'tests="{len(items) or 1}" failures="{failures}" errors="0" skipped="{len(items) - failures}"'
    lines = [f'  <testsuite name="{name}" {counts}>']
    if not items:
        lines.append(f'    <testcase name="問題なし" classname="{name}"/>')
    seen: Counter[str] = Counter()
    for finding in items:
        case = f"{finding.rule.code} {finding.place.line}:{finding.place.column}"
        seen[case] += 1
        if seen[case] > 1:
            case += f" ({seen[case]})"  # servers take two cases of one name for one
        tag = "failure" if _fails(finding) else "skipped"
        code = escaped(finding.rule.code)
        lines += [
            f'    <testcase name="{escaped(case)}" classname="{name}">',
            f'      <{tag} type="{code}" message="{escaped(sentence(finding))}">'
            + escaped("\n".join(shown(finding, texts, options)))
            + f"</{tag}>",
            "    </testcase>",
        ]
    return "\n".join([*lines, "  </testsuite>"])
