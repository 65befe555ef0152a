"""Ignores: `# strategy: ignore[CODE] 理由` in a file silences a finding on its line or the line below."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Finding, Place
from atsugi_cli.frozen import frozen
from atsugi_cli.late import late
from atsugi_cli.rules.base import perhaps

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
_COMMENT = late(r"(?:^|(?<=\s))#\s*strategy:\s*ignore\[(?P<codes>[^\]\n]*)\](?P<reason>.*)$")
_BLOCK = late(r"[:-]\s+[|>][+\-0-9]*\s*(?:#.*)?$")
_UNREADABLE_GROUPS = frozenset({"yaml", "schema"})


@frozen
class _Ignore:
    """One code of one comment, and the lines it speaks for."""

    code: str
    place: Place
    first: int
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
    ignores: list[_Ignore] = []
    for ignore in _ignores(text, source):
        if isinstance(ignore, Finding):
            if IGNORE_WITHOUT_REASON.code not in unasked:
                yield ignore
        else:
            ignores.append(ignore)
    used: set[_Ignore] = set()
    for finding in findings:
        silencing = {
            ignore
            for ignore in ignores
            if ignore.code == finding.rule.code and ignore.first <= finding.place.line <= ignore.last
        }
        used |= silencing
        if not silencing:
            yield finding
    for ignore in ignores:
        if ignore not in used and ignore.code not in unasked and UNUSED_IGNORE.code not in unasked:
            yield _unused(ignore, codes)


def _unused(ignore: _Ignore, codes: Mapping[str, Entry]) -> Finding:
    entry = codes.get(ignore.code)
    if entry is None:
        message = f"「{ignore.code}」という検査はありません"
        hint = perhaps(ignore.code, codes) or "検査の一覧は strategy explain で見られます"
    elif entry.group in _UNREADABLE_GROUPS and entry.severity == "error":
        message = f"「{ignore.code}」（{entry.label}）は除外できません"
        hint = "構文と書式の誤りは、指摘のとおりに直してください"
    else:
        message = f"この行にも次の行にも「{ignore.code}」（{entry.label}）の指摘はありません"
        hint = "このコメントを消してください"
    return Finding(UNUSED_IGNORE, message, ignore.place, hint, severity=UNUSED_IGNORE.severity)


def _ignores(text: str, source: str) -> Iterator[_Ignore | Finding]:
    lines = text.splitlines() if "\r" in text else text.split("\n")
    for at, line in enumerate(lines):
        if _MARK not in line:
            continue
        match = _COMMENT.search(line)
        if match is None:
            continue
        target = at
        if not line[: match.start()].strip():
            target = next((n for n in range(at + 1, len(lines)) if not lines[n].lstrip().startswith("#")), at)
        last = _end(lines, target)
        start = match.start("codes")
        for typed in match["codes"].split(","):
            code = typed.strip()
            begin = start + len(typed) - len(typed.lstrip())
            start += len(typed) + 1
            place = Place(source, at + 1, begin + 1, at + 1, begin + len(code) + 1)
            if code:
                yield _Ignore(code, place, min(at, target) + 1, last + 1)
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
    if not _BLOCK.search(lines[target]):
        return target
    indent = len(lines[target]) - len(lines[target].lstrip())
    end = target
    for at in range(target + 1, len(lines)):
        if lines[at].strip():
            if len(lines[at]) - len(lines[at].lstrip()) <= indent:
                break
            end = at
    return end
