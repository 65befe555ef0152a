"""Output: open the project, choose the format, and print what a command has to say or put it into files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from atsugi_cli import formats, store
from atsugi_cli.achievement import undecided
from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.findings import Findings
from atsugi_cli.formats import Command, Format
from atsugi_cli.formats.options import Options
from atsugi_cli.project.reading import Listener, Project, UnreadableError, is_no_text, no_text
from atsugi_cli.store import StoreError

if TYPE_CHECKING:  # `validate` prints no document
    from atsugi_cli.document import Document
    from atsugi_cli.revision import Revision


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


class Output:
    """Where a command writes, in which format, and what the destination can take."""

    def __init__(
        self,
        command: Command,
        code: str = "",
        out: str = "",
        *,
        color: str = "auto",
        width: int = 0,
        ascii_only: bool = False,
        underline: str = "both",
        template: str = "",
        font_path: str = "",
        internal: bool = False,
        handout: bool = False,
    ) -> None:
        """Choose the format: as asked, else by the suffix of the output file, else text.

        A terminal gets frames and colours, a pipe or file plain text. What is handed out says nothing internal.
        """
        self._path = "" if out == store.STDIN else out
        by_suffix = formats.by_suffix(command, self._path) if not code else None
        self.format = by_suffix or formats.find(command, code or "text")
        self.handout = handout or (self.format.handout and not internal)
        to_terminal = not self._path and streams.is_terminal(sys.stdout)
        self.options = Options(
            width=width or (streams.terminal_width() if to_terminal or "COLUMNS" in os.environ else 100),
            colour=not self._path and streams.wants_colour(color),  # type: ignore[arg-type]
            ambiguous=streams.ambiguous_width(),
            framed=to_terminal,
            ascii=ascii_only,
            underline="new" if underline == "new" else "both",
            template=store.read_template(template) if template else None,
            font_path=font_path,
            tell=lambda words: streams.complain(f"{self._path}: {words}" if self._path else words),
        )

    def draw(self, document: Document, *, plain: bool = False) -> None:
        """Write a document in the format, with what the destination can take; `plain` marks instead of tracked ones."""
        settings = replace(self.options, plain=plain)
        self.put(written(self.format, stamped(document, handout=self.handout), settings))

    def put(self, text: str | bytes) -> None:
        """Print text (through the pager where it overruns a terminal), or write the file whole."""
        if self._path:
            write_file(self._path, text, f"{self._path} に書き出しました。")
        elif isinstance(text, bytes):
            if streams.is_terminal(sys.stdout):
                raise StoreError(f"{self.format.label}は端末に表示できません。-o ファイル名 を付けてください。")
            store.write_atomic(None, text)
        else:
            streams.page(text)


def written(form: Format, document: Document, options: Options) -> str | bytes:
    """Write a document in a format; what is wrong with the city's own template is told as such."""
    try:
        return form.write(document, options)
    except ValueError as error:
        if not form.fills or options.template is None:
            raise
        raise StoreError(str(error)) from error


def stamped(document: Document, *, handout: bool) -> Document:
    """Say on a document and its annexes whether they are handed out."""
    annex = tuple(stamped(each, handout=handout) for each in document.annex)
    return replace(document, stamp=replace(document.stamp, handout=handout), annex=annex)


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


def write_file(path: str, content: str | bytes, *said: str) -> None:
    """Write a file whole or not at all, and say so on standard error."""
    store.write_atomic(path, content if isinstance(content, bytes) else content.encode("utf-8"))
    if said:
        streams.complain(*said)


def spoken(stream: TextIO) -> Options:
    """Return what a stream can take, for what is said on it and not asked for."""
    return Options(
        width=streams.terminal_width(),
        colour=streams.wants_colour("auto", stream),
        ambiguous=streams.ambiguous_width(),
    )


def unreadable(error: UnreadableError) -> Exit:
    """Say on standard error why an edition cannot be used."""
    from atsugi_cli.formats.findings import write_text

    for result in error.results:
        if is_no_text(result):
            streams.complain(no_text(result))
            return Exit.UNUSABLE
    findings = Findings(
        tuple(finding for result in error.results for finding in result.findings),
        tuple((result.source, result.text) for result in error.results),
        len(error.results),
    )
    sys.stderr.write(write_text(findings, spoken(sys.stderr)))
    names = "、".join(result.source for result in error.results)
    streams.complain(f"{names} に誤りがあるため続けられません。strategy validate で確かめてください。")
    return Exit.UNUSABLE
