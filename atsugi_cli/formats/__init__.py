"""Formats: TABLE of what a command can write: one row a format, with a writer for each thing that it can hold.

A writer takes a thing (a laid-out document, a drawn plan, or a report itself, as data for other programs) and the
options. Its module is imported when it writes, so that nobody pays for a library that he does not use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from atsugi_cli.frozen import frozen

if TYPE_CHECKING:  # the type checker sees the writers themselves
    from collections.abc import Callable, Sequence

    from atsugi_cli.catalogue import Catalogue
    from atsugi_cli.document import Document
    from atsugi_cli.findings import Findings
    from atsugi_cli.formats import answers_json as _answers_json
    from atsugi_cli.formats import csv as _csv
    from atsugi_cli.formats import docx as _docx
    from atsugi_cli.formats import findings as _findings
    from atsugi_cli.formats import findings_json as _findings_json
    from atsugi_cli.formats import github as _github
    from atsugi_cli.formats import gitlab as _gitlab
    from atsugi_cli.formats import html as _html
    from atsugi_cli.formats import json as _json
    from atsugi_cli.formats import junit as _junit
    from atsugi_cli.formats import manual as _manual
    from atsugi_cli.formats import markdown as _markdown
    from atsugi_cli.formats import merge_json as _merge_json
    from atsugi_cli.formats import mermaid as _mermaid
    from atsugi_cli.formats import overview as _overview
    from atsugi_cli.formats import overview_slide as _overview_slide
    from atsugi_cli.formats import pdf as _pdf
    from atsugi_cli.formats import pptx as _pptx
    from atsugi_cli.formats import sarif as _sarif
    from atsugi_cli.formats import svg as _svg
    from atsugi_cli.formats import text as _text
    from atsugi_cli.formats import xlsx as _xlsx
    from atsugi_cli.formats.options import Options
    from atsugi_cli.layout.diagram import Diagram
    from atsugi_cli.layout.history import History, Step
    from atsugi_cli.layout.overview import Overview
    from atsugi_cli.layout.redline import RunningForm
    from atsugi_cli.layout.results import Review
    from atsugi_cli.merge import MergedFile
    from atsugi_cli.model import Strategy
    from atsugi_cli.revision import Revision
    from atsugi_cli.tables.answers import Sheaf

    T = TypeVar("T")
    Writer = Callable[[T, Options], str | bytes]
else:

    class _Module:
        """A module of this package; a function of it is looked up when it is called, which imports the module."""

        def __init__(self, name: str) -> None:
            self._name = f"{__name__}.{name}"

        def __getattr__(self, function: str) -> Callable[[Any, Options], str | bytes]:
            def write(thing: object, options: Options) -> str | bytes:
                return getattr(import_module(self._name), function)(thing, options)

            return write

    _csv, _docx, _findings, _findings_json, _github, _gitlab, _html, _json, _junit = map(
        _Module, ("csv", "docx", "findings", "findings_json", "github", "gitlab", "html", "json", "junit")
    )
    _answers_json = _Module("answers_json")
    _overview_slide = _Module("overview_slide")
    _manual, _markdown, _merge_json, _mermaid, _overview, _pdf, _pptx, _sarif, _svg, _text, _xlsx = map(
        _Module,
        ("manual", "markdown", "merge_json", "mermaid", "overview", "pdf", "pptx", "sarif", "svg", "text", "xlsx"),
    )

Command = Literal[
    "diff",
    "tree",
    "points",
    "kpis",
    "crosswalk",
    "opinions",
    "errata",
    "briefing",
    "overview",
    "log",
    "validate",
    "explain",
    "merge",
    "answers",
]


@frozen
class Format:
    """One row: its code and suffixes, the commands that offer it, and its writers.

    `running` says how it prints the whole text of a plan; a table of cells or slides cannot hold it. `binary` formats
    are bytes and never printed to a terminal. `unfolds` says that the writer looks at the rows that （略） stands for,
    `annexes` that it has room for more than one document, `fills` that it can be put into a city's own file, `handout`
    that it is handed out and no working paper, `quiet` that it writes nothing where there are no findings, `from_top`
    that it names files from the top of the repository, where servers look for them, `sealed` that what is written says
    from which editions it was made, where no reader looks, `slides` that each of its pages has a heading.
    """

    code: str
    label: str
    suffixes: tuple[str, ...]
    commands: tuple[Command, ...]
    document: Writer[Document] | None = None
    diagram: Writer[Diagram] | None = None
    overview: Writer[Overview] | None = None
    revision: Writer[Revision] | None = None
    kpis: Writer[Strategy | Revision | Review] | None = None
    crosswalk: Writer[Revision] | None = None
    log: Writer[History | Sequence[Step]] | None = None
    findings: Writer[Findings] | None = None
    manual: Writer[Sequence[Catalogue]] | None = None
    merge: Writer[Sequence[MergedFile]] | None = None
    answers: Writer[Sheaf] | None = None
    running: RunningForm = ""
    binary: bool = False
    unfolds: bool = False
    annexes: bool = False
    fills: bool = False
    slides: bool = False
    handout: bool = False
    quiet: bool = False
    from_top: bool = False
    sealed: bool = False

    def leaves_office(self, *, internal: bool, handout: bool) -> bool:
        """Check whether what is written in it is handed out; `internal` and `handout` are what the user asked for."""
        return handout or (self.handout and not internal)

    def write(self, document: Document, options: Options) -> str | bytes:
        """Print a document; the commands offer only formats that can."""
        if self.document is None:
            raise TypeError(self.code)
        return self.document(document, options)


_PAPERS: tuple[Command, ...] = ("diff", "points", "kpis", "crosswalk", "opinions", "errata", "briefing", "answers")
_PRINTED: tuple[Command, ...] = (*_PAPERS, "tree", "log")

FORMATS: tuple[Format, ...] = (
    Format(
        "text",
        "文字の表",
        (".txt",),
        (*_PRINTED, "validate", "explain", "merge"),
        document=_text.write,
        findings=_findings.write_text,
        manual=_manual.write_text,
        running="signed",
        quiet=True,
    ),
    Format(
        "markdown",
        "Markdown",
        (".md",),
        (*_PRINTED, "explain", "merge"),
        document=_markdown.write,
        manual=_manual.write_text,
        running="marked",
    ),
    Format(
        "comment",
        "GitHubのコメント用のMarkdown",
        (),
        (*_PRINTED, "validate"),
        document=_markdown.comment,
        findings=_findings.write_comment,
        running="marked",
        from_top=True,
    ),
    Format(
        "html",
        "HTML",
        (".html", ".htm"),
        (*_PAPERS, "overview", "log", "tree", "explain"),
        document=_html.write,
        diagram=_svg.page,
        overview=_overview.page,
        manual=_manual.write_html,
        running="marked",
        unfolds=True,
        sealed=True,
    ),
    Format(
        "docx",
        "Word",
        (".docx",),
        _PAPERS,
        document=_docx.write,
        running="tracked",
        binary=True,
        fills=True,
        handout=True,
        sealed=True,
    ),
    Format(
        "xlsx",
        "Excel",
        (".xlsx",),
        _PAPERS,
        document=_xlsx.write,
        binary=True,
        unfolds=True,
        annexes=True,
        fills=True,
        handout=True,
        sealed=True,
    ),
    Format("csv", "CSV", (".csv",), _PAPERS, document=_csv.write, binary=True, unfolds=True, handout=True),
    Format(
        "pptx",
        "PowerPoint",
        (".pptx",),
        ("diff", "points", "briefing", "answers", "overview"),
        document=_pptx.write,
        overview=_overview_slide.write,
        binary=True,
        unfolds=True,
        slides=True,
        handout=True,
        sealed=True,
    ),
    Format(
        "pdf",
        "PDF",
        (".pdf",),
        (*_PAPERS, "tree", "overview"),
        document=_pdf.write,
        diagram=_pdf.tree,
        overview=_pdf.sheet,
        running="struck",
        binary=True,
        handout=True,
        sealed=True,
    ),
    Format(
        "json",
        "JSON",
        (".json",),
        ("diff", "tree", "kpis", "crosswalk", "log", "validate", "merge", "answers"),
        diagram=_json.tree,
        kpis=_json.kpis,
        crosswalk=_json.crosswalk,
        revision=_json.revision,
        log=_json.log,
        findings=_findings_json.write,
        merge=_merge_json.write,
        answers=_answers_json.write,
        from_top=True,
    ),
    Format(
        "svg", "SVGの図", (".svg",), ("tree", "overview"), diagram=_svg.write, overview=_overview.write, sealed=True
    ),
    Format(
        "png",
        "PNGの図",
        (".png",),
        ("tree", "overview"),
        diagram=_pdf.picture,
        overview=_pdf.sheet_picture,
        binary=True,
        handout=True,
        sealed=True,
    ),
    Format("mermaid", "Mermaid", (".mmd", ".mermaid"), ("tree",), diagram=_mermaid.write),
    Format("concise", "一行ずつ", (), ("validate",), findings=_findings.write_concise, quiet=True, from_top=True),
    Format("github", "GitHubの注釈", (), ("validate",), findings=_github.write, from_top=True),
    Format("sarif", "SARIF", (".sarif",), ("validate",), findings=_sarif.write, from_top=True),
    Format("junit", "JUnit", (".xml",), ("validate",), findings=_junit.write, from_top=True),
    Format("gitlab", "GitLab Code Quality", (), ("validate",), findings=_gitlab.write, from_top=True),
)


def offered(command: Command) -> tuple[Format, ...]:
    """List the formats of a command, in the order of the table."""
    return tuple(each for each in FORMATS if command in each.commands)


def codes(command: Command) -> tuple[str, ...]:
    """List the codes that `--format` of a command takes."""
    return tuple(each.code for each in offered(command))


def find(command: Command, code: str) -> Format:
    """Find a format of a command by its code."""
    return next(each for each in offered(command) if each.code == code)


def by_suffix(command: Command, path: str) -> Format | None:
    """Guess the format from a file's suffix."""
    name = path.lower()
    return next((each for each in offered(command) if name.endswith(each.suffixes)), None) if name else None
