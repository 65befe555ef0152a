"""Output: open the project, choose the format, stamp and write papers, and say what stands in the way of one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeVar

from atsugi_cli import formats, store
from atsugi_cli.achievement import undecided
from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.findings import Finding, Findings
from atsugi_cli.formats import FORMATS, Command, Format
from atsugi_cli.formats.options import Options
from atsugi_cli.project.reading import Listener, Project, UnreadableError, is_no_text, no_text
from atsugi_cli.store import Blob, StoreError

if TYPE_CHECKING:  # `validate` prints no document
    from atsugi_cli.document import Document, Occasion
    from atsugi_cli.formats import Writer
    from atsugi_cli.layout.diagram import Box, Diagram
    from atsugi_cli.layout.overview import Overview
    from atsugi_cli.levels import Profile
    from atsugi_cli.revision import Revision

    Paper = Document | Diagram | Overview

T = TypeVar("T")
P = TypeVar("P", bound="Paper")


class _Terminal(Listener):
    """Says what a project says on standard error."""

    def tell(self, message: str, *more: str) -> None:
        streams.complain(message, *more)

    @contextmanager
    def counting(self, label: str, total: int) -> Iterator[Callable[[str], None]]:
        with streams.Progress(label, total) as progress:
            yield progress.step


def opened(root: str) -> Project:
    """Open the project of a command."""
    return Project(root, _Terminal())


def guard(out: str, root: str, *inputs: str, command: Command | None = None, code: str = "") -> None:
    """Refuse an output file that the command may not write, before it reads anything.

    `inputs` are arguments that may name files. Names are compared by what they lead to, through links and ./ alike.
    """
    if command is not None:
        chosen(command, code, "" if out == store.STDIN else out)
    if not out or out == store.STDIN:
        return
    meant = [name for each in inputs for name in (each, each.partition(":")[2]) if name]  # also that of REV:PATH
    names = [each + suffix for each in meant for suffix in ("", *store.SUFFIXES)]
    if _is_any_of(out, names) or any(
        _suffix(each) in store.SUFFIXES and (each == out or store.is_below(each, root))
        for each in (out, os.path.realpath(out))
    ):
        raise StoreError(
            f"{store.spelled(out)} は版や設定、様式のファイルです。上書きしません。-o に別の名前を指定してください。"
        )
    if ".git" in (part.casefold() for part in Path(os.path.realpath(out)).parts):
        raise StoreError(f"{store.spelled(out)} はgitの管理用のフォルダの中です。-o に別の名前を指定してください。")
    if Path(out).is_file() and Path(out).stat().st_nlink > 1 and store.is_folder(root):
        found = store.find_editions([root])
        if _is_any_of(out, (*found.editions, *found.profiles)):
            raise StoreError(f"{store.spelled(out)} は版のファイルの別の名前です。上書きしません。")


def _is_any_of(out: str, names: Iterable[str]) -> bool:
    """Check whether an output is one of some files, by whatever name."""
    return any(Path(out).samefile(each) for each in names if Path(out).exists() and Path(each).is_file())


_OFFICE: Final = {
    ".doc": "Wordは .docx", ".rtf": "Wordは .docx", ".odt": "Wordは .docx", ".jtd": "Wordは .docx",
    ".docm": "Wordは .docx", ".xls": "Excelは .xlsx", ".ods": "Excelは .xlsx", ".xlsm": "Excelは .xlsx",
    ".ppt": "PowerPointは .pptx", ".odp": "PowerPointは .pptx",
}  # fmt: skip
"""Suffixes that people know, of programs for which there is a format with another one."""
_TEXTS: Final = {".txt", ".md", ".json", ".xml", ".sarif", ".mmd", ".mermaid"}
_SEALED: Final = frozenset(
    {*_OFFICE, ".jpg", ".jpeg", ".gif", ".ttf", ".ttc", ".otf", ".zip", *store.SUFFIXES}
    | {suffix for each in FORMATS for suffix in each.suffixes} - _TEXTS
)
"""Suffixes that promise something else than text."""


def _suffix(path: str) -> str:
    """Return the suffix of a name; 「案1.2」 and 「令和8.3版」 have none. Windows drops points and blanks behind it."""
    match = re.search(r"(\.[A-Za-z][A-Za-z0-9]{0,9})[. ]*\Z", path) if path else None
    return match[1].lower() if match else ""


def chosen(command: Command, code: str, path: str, default: str = "text") -> Format:
    """Choose the format: as asked, else by the suffix of the output file; refuse a suffix that promises another one."""
    if path and (store.is_folder(path) or path.endswith(("/", os.sep))):
        raise StoreError(f"{store.spelled(path)} はフォルダです。-o にはファイルの名前を指定してください。")
    suffix = _suffix(path)
    form = formats.find(command, code) if code else formats.by_suffix(command, suffix)
    if not suffix or (form and (suffix in form.suffixes or not _SEALED.intersection((suffix, *form.suffixes)))):
        return form or formats.find(command, default)
    if form is not None:
        right = f"拡張子は {'、'.join(form.suffixes)} です。" if form.suffixes else "別の名前を指定してください。"
        raise StoreError(f"{form.label}は {suffix} のファイルには書き出せません。{right}")
    able = "、".join(each.suffixes[0] for each in formats.offered(command) if each.suffixes)
    known = next((each.label for each in FORMATS if suffix in each.suffixes), "")
    what = f"{known}（{suffix}）" if known else f"拡張子 {suffix}"
    hint = f"{_OFFICE[suffix]} です。" if suffix in _OFFICE and _OFFICE[suffix][-5:] in able else ""
    raise StoreError(f"strategy {command} は{what}では書き出せません。{hint}使える拡張子: {able}")


def occasion(number: str, meeting: str, date: str, profile: Profile) -> Occasion | None:
    """Say what a paper is handed out for; nothing where the user says nothing."""
    if not (number or meeting or date):
        return None
    from atsugi_cli.document import Occasion
    from atsugi_cli.words import date_words

    return Occasion(number.strip(), meeting.strip(), date_words(date, replace(profile.era, on=date)) if date else "")


def written(form: Format, paper: Paper, options: Options) -> str | bytes:
    """Write a paper in a format, and into it, where there is room, from which editions it was made.

    What is wrong with the city's own template is told as such.
    """
    writers = {"Document": form.document, "Diagram": form.diagram, "Overview": form.overview}
    write: Writer[Any] | None = writers[type(paper).__name__]  # by name: only the sort that is there was imported
    if write is None:
        raise TypeError(form.code)
    try:
        data = write(paper, options)
        if not form.sealed:
            return data
        from atsugi_cli.formats.seal import sealed

        return sealed(data, form.code, paper.stamp)
    except ValueError as error:
        if not form.fills or options.template is None:
            raise
        raise StoreError(str(error)) from error


def stamped(paper: P, *, handout: bool, occasion: Occasion | None = None) -> P:
    """Say on a paper, and on what belongs to it, whether it is handed out, and for what.

    A drawing that is handed out tells no guess, and none as a fact.
    """
    if not handout and occasion is None:  # as it is laid out
        return paper
    stamp = replace(paper.stamp, handout=handout)
    parts: dict[str, Any] = {"stamp": occasion.stamped(stamp) if occasion else stamp}
    plan: Any = paper
    match type(paper).__name__:
        case "Document":
            parts["annex"] = tuple(stamped(each, handout=handout, occasion=occasion) for each in plan.annex)
        case "Diagram" if handout:
            parts["roots"] = tuple(map(_settled, plan.roots))
            parts["bands"] = tuple(replace(band, boxes=tuple(map(_settled, band.boxes))) for band in plan.bands)
    return replace(paper, **parts)


def _settled(box: Box) -> Box:
    flags = tuple(flag.handed_out for flag in box.flags)
    return replace(box, flags=flags, children=tuple(map(_settled, box.children)))


def tell_unsettled(revision: Revision, *, handout: bool, strict: bool) -> Exit:
    """Say on standard error what of a revision the office has to settle before its papers are handed out."""
    inferred = sum(link.decided == "inferred" for link in revision.links)
    said = [f"{word}が{number}件" for word, number in (("推定", inferred), ("要確認", len(revision.open))) if number]
    found = bool(handout and said)
    if found:
        streams.complain(
            f"配る資料の対応関係に、{'、'.join(said)}あります（strategy diff --suggest で確かめて決められます）。"
        )
    return Exit.FINDINGS if found and strict else Exit.OK


def tell_left_behind(revision: Revision) -> None:
    """Say on standard error how many aims still end where the plan used to end, now that it is longer."""
    old, new = revision.old.plan.end, revision.new.plan.end
    if old is None or new is None or new <= old:
        return
    pairs = [each for pair in revision.root.walk() for each in pair.indicators]
    number = sum(
        each.new is not None and any(undecided(one, each.new, old, new) == "year" for one in each.old) for each in pairs
    )
    if number:
        streams.complain(
            f"目標年次が旧計画の終わりのままの指標が{number}件あります（strategy validate で確かめられます）。"
        )


def write_file(path: str, content: str | bytes, *said: str, was: bytes | None = None, follow: bool = False) -> None:
    """Write a file whole or not at all, and say so on standard error; for `was` and `follow` see `write_atomic`."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    store.write_atomic(path, data, was=was, follow=follow)
    if said:
        streams.complain(*said)


def edited(project: Project, blob: Blob, text: str, target: str = "") -> bytes:
    """Return the bytes of an edited edition, encoded as its file is; `target` is where it will stand, if elsewhere.

    Raise UnreadableError where it can be read no more.
    """
    from atsugi_cli.reader.splice import encoded

    data = encoded(text, blob.data)
    project.strategy(Blob(target or blob.name, data, target or blob.path))
    return data


def spoken(stream: TextIO) -> Options:
    """Return what a stream can take, for what is said on it and not asked for."""
    return Options(
        width=streams.terminal_width(),
        colour=streams.wants_colour("auto", stream),
        ambiguous=streams.ambiguous_width(),
    )


def unreadable(error: UnreadableError) -> Exit:
    """Say on standard error why an edition cannot be used."""
    for result in error.results:
        if is_no_text(result):
            streams.complain(no_text(result))
            return Exit.UNUSABLE
    items = tuple(finding for result in error.results for finding in result.findings)
    return unusable(items, *((result.source, result.text) for result in error.results))


def unusable(items: tuple[Finding, ...], *sources: tuple[str, str]) -> Exit:
    """Say on standard error what is wrong with files that a command cannot do without."""
    from atsugi_cli.formats.findings import write_text

    sys.stderr.write(write_text(Findings(items, sources, len(sources)), spoken(sys.stderr)))
    names = "、".join(source for source, _ in sources)
    streams.complain(f"{names} に誤りがあるため続けられません。strategy validate で確かめてください。")
    return Exit.UNUSABLE
