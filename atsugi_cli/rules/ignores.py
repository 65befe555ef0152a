"""Ignores: `# strategy: ignore[CODE] 理由` in a file silences a finding on its line or the line below."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Finding, Place
from atsugi_cli.frozen import frozen
from atsugi_cli.reader.enough import enough
from atsugi_cli.rules.base import nearest, perhaps

IGNORE_WITHOUT_REASON = Entry(
    "ignore-without-reason",
    "理由のない検査の除外",
    "ignore",
    "検査を除外するコメントに、理由が書かれていません。\n"
    "後から読む人のために、なぜそのままでよいのかを `]` の後に書きます。除外そのものは効いています。",
    "note",
    "# strategy: ignore[number-order]\n→ # strategy: ignore[number-order] 3は欠番",
)
UNUSED_IGNORE = Entry(
    "unused-ignore",
    "効いていない検査の除外",
    "ignore",
    "検査を除外するコメントの行にも次の行にも、その検査の指摘がありません（コードの誤りも含みます）。\n"
    "コードを直すか、コメントを消します。構文と書式の誤りは除外できません。",
    "note",
    "# strategy: ignore[numbr-order] 3は欠番\n→ # strategy: ignore[number-order] 3は欠番",
)
IGNORE_CODES = (IGNORE_WITHOUT_REASON, UNUSED_IGNORE)

_MARK = "strategy:"
_COMMENT = r"(?:^|(?<=\s))#\s*strategy:\s*ignore\[(?P<codes>[^\]\n]*)\](?P<reason>.*)$"
_BLOCK = r"[:-]\s+[|>][+\-0-9]*\s*(?:#.*)?$"
_UNREADABLE_GROUPS = frozenset({"yaml", "schema"})


@frozen
class _Ignore:
    """One code of one comment, and the lines it speaks for: its own, and from its target to the last."""

    code: str
    place: Place
    target: int
    last: int


def obeyed(
    text: str, source: str, findings: Iterable[Finding], codes: Mapping[str, Entry], unasked: Collection[str]
) -> Iterator[Finding]:
    """Leave out what comments silence; add notes on comments that say no reason or silence nothing.

    `unasked` are codes of which it is not known here whether they would be found.
    """
    if _MARK not in text or "ignore[" not in text:
        yield from findings
        return
    every = list(_ignores(text, source))
    ignores = [each for each in every if isinstance(each, _Ignore)]
    if IGNORE_WITHOUT_REASON.code not in unasked:
        yield from enough((each for each in every if isinstance(each, Finding)), IGNORE_WITHOUT_REASON.label)
    heard: dict[int, set[int]] = {}  # by line, the targets whose comments speak for it
    for ignore in ignores:
        heard.setdefault(ignore.place.line, set()).add(ignore.target)
    for target, last in {(ignore.target, ignore.last) for ignore in ignores}:
        for line in range(target, last + 1):
            heard.setdefault(line, set()).add(target)
    said = {(ignore.code, ignore.target) for ignore in ignores}
    used: set[tuple[str, int]] = set()
    for finding in findings:
        targets = heard.get(finding.place.line, ())
        silencing = {pair for target in targets if (pair := (finding.rule.code, target)) in said}
        used |= silencing
        if not silencing:
            yield finding
    if UNUSED_IGNORE.code not in unasked:
        unused = (each for each in ignores if (each.code, each.target) not in used and each.code not in unasked)
        yield from enough((_unused(ignore, codes) for ignore in unused), UNUSED_IGNORE.label)


def _unused(ignore: _Ignore, codes: Mapping[str, Entry]) -> Finding:
    entry = codes.get(ignore.code)
    if entry is None:
        message = f"「{ignore.code}」という検査はありません"
        hint = perhaps(nearest(ignore.code, codes)) or "検査の一覧は strategy explain で見られます"
    elif entry.group in _UNREADABLE_GROUPS and entry.severity == "error":
        message = f"「{ignore.code}」（{entry.label}）は除外できません"
        hint = "構文と書式の誤りは、指摘のとおりに直してください"
    else:
        message = f"この行にも次の行にも「{ignore.code}」（{entry.label}）の指摘はありません"
        hint = "このコメントを消してください"
    return Finding(UNUSED_IGNORE, message, ignore.place, hint, severity=UNUSED_IGNORE.severity)


def _ignores(text: str, source: str) -> Iterator[_Ignore | Finding]:
    lines = text.splitlines() if "\r" in text else text.split("\n")
    target = last = -1
    for at, line in enumerate(lines):
        if _MARK not in line:
            continue
        match = re.compile(_COMMENT).search(line)
        if match is None:
            continue
        if line[: match.start()].strip():
            target, last = at, _end(lines, at)
        elif target <= at:  # comments one below the other speak for the same line
            beyond = len(lines)
            target = next((n for n in range(at + 1, beyond) if not lines[n].lstrip().startswith("#")), beyond)
            last = _end(lines, target) if target < beyond else target
        start = match.start("codes")
        for typed in match["codes"].split(","):
            code = typed.strip()
            begin = start + len(typed) - len(typed.lstrip())
            start += len(typed) + 1
            place = Place(source, at + 1, begin + 1, at + 1, begin + len(code) + 1)
            if code:
                yield _Ignore(code, place, target + 1, last + 1)
        if not match["reason"].strip():
            place = Place(source, at + 1, match.start() + 1, at + 1, match.end("codes") + 2)
            yield Finding(
                IGNORE_WITHOUT_REASON,
                f"検査の除外「{match['codes'].strip()}」に理由がありません",
                place,
                "] の後に、そのままでよい理由を書いてください",
                severity=IGNORE_WITHOUT_REASON.severity,
            )


def _end(lines: list[str], target: int) -> int:
    """Find the last line that belongs to a line: of a block of text, where no comment can stand, the block's last."""
    if not re.compile(_BLOCK).search(lines[target]):
        return target
    indent = len(lines[target]) - len(lines[target].lstrip())
    end = target
    for at in range(target + 1, len(lines)):
        if lines[at].strip():
            if len(lines[at]) - len(lines[at].lstrip()) <= indent:
                break
            end = at
    return end
