"""Merging: three states of one file merged and judged: an error of the result that neither side had is a clash."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from atsugi_cli import store
from atsugi_cli.findings import Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.merge import Merged, MergedFile, merged
from atsugi_cli.project.reading import Project
from atsugi_cli.reader.decoding import decode
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.pieces import LayoutError
from atsugi_cli.reader.splice import encoded
from atsugi_cli.store import Blob, StoreError

_MARK = re.compile(r"(?:(?P<begin><{7})|(?P<base>\|{7})|(?P<middle>={7})|(?P<end>>{7}))(?: (?P<name>[^\r\n]*))?\r?\n?")
"""A line that git puts around what conflicts, seven characters and a name."""
_ORDER = {"begin": ("",), "base": ("begin",), "middle": ("begin", "base"), "end": ("middle",)}
"""After which mark each may come."""


@frozen
class Three:
    """One file in three states, and what people call the two that are merged."""

    path: str
    base: bytes
    ours: bytes
    theirs: bytes
    names: tuple[str, str] = ("こちら", "あちら")


@frozen
class Outcome:
    """What came of a merge; `errors` are those of the result that neither side had."""

    three: Three
    merged: Merged
    errors: tuple[Finding, ...] = ()

    @property
    def file(self) -> MergedFile:
        """Return what is said of it."""
        errors = tuple(f"{each.place.line}行目: {each.message}（{each.rule.code}）" for each in self.errors)
        return MergedFile(self.three.path, self.merged.decisions, errors)

    @property
    def is_settled(self) -> bool:
        """Check whether nothing is left to people."""
        return self.merged.is_clean and not self.errors

    def data(self, size: int = 7) -> bytes:
        """Return what the file is to hold."""
        like = self.three.ours or self.three.theirs
        return encoded(self.merged.marked(*self.three.names, size=size), like)


def merge(project: Project, three: Three) -> Outcome:
    """Merge and judge. Raises StoreError where a side cannot be read, or not be merged by its entries."""
    texts = []
    for name, data in zip(("元", *three.names), (three.base, three.ours, three.theirs), strict=True):
        text, findings = decode(data, three.path)
        if text is None:
            raise StoreError(f"{three.path}（{name}）: {findings[0].message}。{findings[0].hint}")
        texts.append(text)
    try:
        result = merged(*texts)
    except LayoutError as error:
        for name, text in zip(("元", *three.names), texts, strict=True):
            for finding in load(text, three.path)[1][:1]:
                where = f"{three.path}:{finding.place.line}（{name}）"
                remedy = "直してから、もう一度合わせてください。"
                if name == "元":  # which git keeps
                    remedy = "元の版がこのままでは、項目ごとに合わせられません。"
                raise StoreError(f"{where}: {finding.message}。{remedy}") from None
        raise StoreError(f"{three.path} は項目ごとに合わせられません（{error}）。") from None
    outcome = Outcome(three, result)
    one_sided = not result.decisions and result.chosen("ours") in texts[1:]
    return (
        replace(outcome, errors=tuple(new_errors(project, three, outcome.data())))
        if result.is_clean and not one_sided
        else outcome
    )


def new_errors(project: Project, three: Three, data: bytes) -> Iterator[Finding]:
    """Iterate over the errors that a result has and neither side."""
    if store.is_profile(three.path):
        return
    found = _errors(project, Blob(three.path, data, three.path))
    if found:
        known = {
            (each.rule.code, each.message)
            for data in (three.ours, three.theirs)
            for each in _errors(project, Blob(three.path, data, three.path))
        }
        yield from (each for each in found if (each.rule.code, each.message) not in known)


def _errors(project: Project, blob: Blob) -> list[Finding]:
    from atsugi_cli.rules import check
    from atsugi_cli.rules.base import Subject

    result = project.read(blob)
    found = list(result.findings)
    if result.strategy is not None:
        found += check(Subject(result.strategy, project.profile_of(blob.path).profile, broken=result.broken))
    return [each for each in found if each.severity == "error"]


# ------------------------------------------------------------------------------------------------------- from git


def unsolved(path: str) -> tuple[Three, bytes]:
    """Rebuild the three states of a file that git has left with markers; also return what it holds.

    What git has left as it was is taken from its index. Else the two sides come from the markers, so that what was
    settled by hand stays; the base from the index, or from the markers, too.
    """
    data = store.read_file(path).data
    text, findings = decode(data, path)
    if text is None:
        raise StoreError(f"{path}: {findings[0].message}")
    parts, names, number = _sides(text)
    if not number:
        raise StoreError(f"{path} に競合の印（<<<<<<< ======= >>>>>>>）はありません。")
    ours, theirs = encoded(parts["begin"], data), encoded(parts["middle"], data)
    base = _base(path)
    if base is None and "base" in parts:
        base = encoded(parts["base"], data)
    if base is None:
        raise StoreError(
            f"{path} の元の版が分かりません。git merge の途中で実行するか、"
            "strategy merge 元 こちら あちら を使ってください。"
        )
    is_cut = any(load(decode(side, path)[0] or "", path)[1] for side in (ours, theirs))  # an entry in two
    left = _stage(path, "AUTO_MERGE")
    if is_cut or (left is not None and left.splitlines() == data.splitlines()):
        stages = [decode(_stage(path, stage) or b"", path)[0] for stage in (":2", ":3")]
        if stages[0] and stages[1]:
            newline = "\r\n" if b"\r\n" in data else "\n"
            ours, theirs = (encoded(re.sub(r"\r?\n", newline, stage), data) for stage in stages if stage)
    return Three(path, base, ours, theirs, names), data


def _sides(text: str) -> tuple[dict[str, str], tuple[str, str], int]:
    """Take a text with marks apart: each side by the mark that begins it, the names, and how often they differ.

    There is no base where it is missing at one of the conflicts.
    """
    sides: dict[str, list[str]] = {"begin": [], "base": [], "middle": []}
    names, number, bases, state = {"begin": "", "end": ""}, 0, 0, ""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        mark = _MARK.fullmatch(line)
        kind = next((name for name in _ORDER if mark and mark[name]), None)
        if mark and kind and state in _ORDER[kind]:
            number += kind == "end"
            bases += kind == "base"
            if kind in names:
                names[kind] = names[kind] or mark["name"] or ""
            state = "" if kind == "end" else kind
        else:
            for name, lines in sides.items():
                if state in {"", name}:
                    lines.append(line)
    if state:
        raise StoreError("競合の印がそろっていません。<<<<<<< ======= >>>>>>> の行を確かめてください。")
    found = {name: "".join(lines) for name, lines in sides.items() if name != "base" or bases == number}
    return found, (names["begin"] or "こちら", names["end"] or "あちら"), number


def _base(path: str) -> bytes | None:
    base = _stage(path, ":1")
    return b"" if base is None and _stage(path, ":2") is not None else base


def _stage(path: str, stage: str) -> bytes | None:
    """Return a file of the index, or as a merge left it (AUTO_MERGE, which an older git does not keep)."""
    folder, name = posixpath.split(store.spelled(path))
    try:
        found = store.repository(folder or ".").find(stage, f"./{name}")
    except StoreError:
        return None
    return found if isinstance(found, bytes) else None


def previewed(project: Project, branch: str) -> Iterator[Outcome | MergedFile]:
    """Merge what HEAD and a branch have made of every edition since they parted; a bare file says why it is not.

    `A...B` names both branches.
    """
    git = store.repository(".")
    here, dots, there = branch.partition("...")
    here, there = (here or "HEAD", there or "HEAD") if dots else ("HEAD", branch)
    base = git.merge_base(here, there)
    folder = Path(project.root).as_posix()
    states = [dict(git.tree(rev, folder)) for rev in (base, here, there)]
    for path in sorted({path for state in states for path in state}):
        before, ours, theirs = (state.get(path) for state in states)
        if not path.endswith(store.SUFFIXES) or theirs in (before, ours) or (ours == before and before is not None):
            continue
        if ours is None or theirs is None:
            if before is not None:
                gone, kept = ("こちら", "あちら") if ours is None else ("あちら", "こちら")
                yield MergedFile(
                    path, failure=f"{gone}でなくなり、{kept}で変わっています。残すかどうかを決めてください。"
                )
            continue
        data = [b"" if blob is None else git.blob(blob) for blob in (before, ours, theirs)]
        try:
            yield merge(project, Three(path, data[0], data[1], data[2], ("こちら", there)))
        except StoreError as error:
            yield MergedFile(path, failure=str(error))
