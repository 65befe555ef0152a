"""Fix: make the edits that findings carry, prove that they changed nothing else, and write or show the result."""

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.project import Project, schemas
from atsugi_cli.findings import Edit, Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.reader import read_profile
from atsugi_cli.reader.data import BOM, Map
from atsugi_cli.reader.loading import load, locate
from atsugi_cli.reader.splice import encoded, spliced
from atsugi_cli.store import Blob, StoreError

ROUNDS = 5
"""Rounds of checking and editing at most: one edit may bring up the next (a quote, then what stood inside it)."""
MOST_SHOWN = 20
"""Edits of a file that are listed one by one."""

Path = tuple[str | int, ...]


@frozen
class Fixed:
    """What could be put right in one file: the text before and after, and the findings that are gone."""

    blob: Blob
    before: str
    after: str
    done: tuple[Finding, ...] = ()
    unreadable: bool = False


def fixed(project: Project, blob: Blob) -> Fixed:
    """Make every safe edit of one edition's findings, in memory; a file that cannot be read stays as it is."""
    if store.is_profile(blob.path):
        return _fixed_profile(blob)
    first = project.read(blob)
    if first.strategy is None or any(finding.rule.group == "yaml" for finding in first.findings):
        return Fixed(blob, first.text, first.text, unreadable=True)
    if any(finding.rule.code == "not-a-strategy" for finding in first.findings):
        return Fixed(blob, first.text, first.text)
    return _edited(blob, first.text, lambda again: _judged(project, again))


def _fixed_profile(blob: Blob) -> Fixed:
    """Do the same for a profile."""
    from atsugi_cli.rules import check_profile

    def judged(again: Blob) -> Sequence[Finding]:
        profile, findings, text = read_profile(again.data, again.name, schemas())
        return findings or check_profile(profile, text, again.name)

    _, findings, text = read_profile(blob.data, blob.name, schemas())
    if any(finding.rule.group == "yaml" for finding in findings):
        return Fixed(blob, text, text, unreadable=True)
    return _edited(blob, text, judged)


def _edited(blob: Blob, before: str, judge: Callable[[Blob], Sequence[Finding]]) -> Fixed:
    text, done = before, []
    for _ in range(ROUNDS):
        chosen = _apart(judge(replace(blob, data=encoded(text, blob.data))))
        accepted = _accepted(text, chosen, [])
        if not accepted:
            break
        text = spliced(text, [edit for finding in accepted for edit in finding.edits])
        done += accepted
    return Fixed(blob, before, text, tuple(done))


def _judged(project: Project, blob: Blob) -> Sequence[Finding]:
    from atsugi_cli.cli.validate import subject_of
    from atsugi_cli.rules import check

    result = project.read(blob)
    subject = subject_of(project, blob, result)
    return (*result.findings, *check(subject)) if subject is not None else result.findings


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Choose findings whose edits do not overlap, the first ones first; the others wait for the next round."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    for finding in sorted(findings, key=lambda each: each.place):
        edits = [edit for edit in finding.edits if edit not in taken]
        if not edits or any(_touch(edit, other) for edit in edits for other in taken):
            continue
        chosen.append(finding)
        taken += edits
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _accepted(text: str, chosen: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """Keep those findings whose edits, made together with `before`, change the values they stand in and no other."""
    if not chosen:
        return []
    if _keeps_the_rest(text, [edit for finding in (*before, *chosen) for edit in finding.edits]):
        return list(chosen)
    if len(chosen) == 1:
        return []
    middle = len(chosen) // 2
    left = _accepted(text, chosen[:middle], before)
    return left + _accepted(text, chosen[middle:], [*before, *left])


def _keeps_the_rest(text: str, edits: Sequence[Edit]) -> bool:
    """Prove by reading both texts that the edits changed values of the file only where they were made."""
    old, new = load(text, "")[0], load(spliced(text, edits), "")[0]
    changed = _differences(old, new, ())
    if changed is None:
        return False
    places = locate(text, "")
    for path in changed:
        start, end = places.span(0, *path)
        if not any(edit.start <= end and start <= edit.end for edit in edits):
            return False
    return True


def _differences(old: object, new: object, path: Path) -> list[Path] | None:
    """List the paths of the scalars that differ; None when more than scalars do."""
    found: list[Path] = []
    stack: list[tuple[object, object, Path]] = [(old, new, path)]
    while stack:
        one, other, at = stack.pop()
        if isinstance(one, Map) and isinstance(other, Map):
            if list(one) != list(other):
                return None
            stack += [(one[key], other[key], (*at, key)) for key in one]
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return None
            stack += [(a, b, (*at, index)) for index, (a, b) in enumerate(zip(one, other, strict=True))]
        elif isinstance(one, Map | list) or isinstance(other, Map | list):
            return None
        elif type(one) is not type(other) or one != other:
            found.append(at)
    return found


# ------------------------------------------------------------------------------------------------ writing, showing


def fix(project: Project, blobs: Sequence[Blob]) -> None:
    """Put right what is safe in every file, write it in place, and say on standard error what was done."""
    if any(blob.path is None for blob in blobs):
        raise StoreError(
            "標準入力は書き換えられません。差分だけなら --fix --diff、直すならファイルを指定してください。"
        )
    with streams.Progress("修正中", len(blobs)) as progress:
        results = []
        for blob in blobs:
            progress.step(blob.name)
            results.append(fixed(project, blob))
    for result in results:
        if result.after != result.before:
            store.write_atomic(result.blob.path, encoded(result.after, result.blob.data))
            streams.complain(f"{result.blob.name}: {len(result.done)}か所を直しました。", *_listed(result.done))
        elif result.unreadable:
            streams.complain(f"{result.blob.name}: 誤りがあって読めないため、直していません。")


def _listed(done: Sequence[Finding]) -> Iterator[str]:
    for finding in done[:MOST_SHOWN]:
        yield f"  {finding.place.line}:{finding.place.column} {finding.rule.code} {finding.message}"
    if len(done) > MOST_SHOWN:
        yield f"  ほか{len(done) - MOST_SHOWN}か所"


def differences(project: Project, blobs: Sequence[Blob], *, colour: bool) -> tuple[str, bool]:
    """Show as a unified diff what `fix` would change, and say whether something has errors that it cannot touch.

    What cannot be read is named on standard error.
    """
    lines: list[str] = []
    unreadable = False
    for blob in blobs:
        result = fixed(project, blob)
        if result.unreadable:
            streams.complain(f"{blob.name}: 誤りがあって読めないため、直せません。")
            unreadable = True
        lines += _unified(result)
    return "".join(_coloured(line) for line in lines) if colour else "".join(lines), unreadable


def _unified(result: Fixed) -> Iterator[str]:
    """Give the lines of a diff that `git apply` and `patch -p1` take."""
    mark = BOM if encoded("", result.blob.data) else ""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", mark + text) for text in (result.before, result.after))
    name = (result.blob.path or result.blob.name).replace("\\", "/")
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


_COLOURS = {"+": "32", "-": "31", "@": "36"}


def _coloured(line: str) -> str:
    """Colour a line by what it is, with every character in it made visible that is not, as on a terminal."""
    from atsugi_cli.width import safe

    words = safe(line.rstrip("\r\n"))
    if line.startswith(("+", "-")):
        words = re.sub(r"[ \t\u3000\u00a0]+\Z", lambda match: f"\x1b[7m{match[0]}\x1b[27m", words)
    code = "1" if line.startswith(("+++", "---")) else _COLOURS.get(line[0], "")
    return f"\x1b[{code}m{words}\x1b[0m\n" if code else f"{words}\n"
