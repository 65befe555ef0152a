"""Formats: TABLE of what a command can write, and `write`, which turns what it has to say into text or bytes.

A format takes a `Document` (a printer) or the report itself (data for other programs). Its module is imported when it
is asked for, so that nobody pays for a library that he does not use.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal

from atsugi_cli.frozen import frozen

Command = Literal["diff", "tree", "points", "kpis", "log", "validate", "explain"]


@frozen
class Format:
    """One row: its code and suffixes, the commands that offer it, and where its writer is.

    `takes` says what the writer gets: the laid-out document, the report (revision, strategy, findings), or both.
    `binary` formats are bytes and never printed to a terminal. `unfolds` says that the writer looks at the rows that
    （略） stands for, `quiet` that it writes nothing where there are no findings.
    """

    code: str
    label: str
    suffixes: tuple[str, ...]
    commands: tuple[Command, ...]
    writer: str
    takes: Literal["document", "report"] = "document"
    binary: bool = False
    unfolds: bool = False
    quiet: bool = False

    def load(self) -> Callable[..., Any]:
        """Import the writer."""
        module, _, function = self.writer.partition(":")
        found: Callable[..., Any] = getattr(import_module(module), function)
        return found


_PAPERS: tuple[Command, ...] = ("diff", "points", "kpis")

FORMATS: tuple[Format, ...] = (
    Format("text", "文字の表", (".txt",), ("diff", "tree", "points", "kpis", "log"), "atsugi_cli.formats.text:write"),
    Format(
        "markdown", "Markdown", (".md",), ("diff", "tree", "points", "kpis", "log"), "atsugi_cli.formats.markdown:write"
    ),
    Format(
        "html",
        "HTML",
        (".html", ".htm"),
        ("diff", "points", "kpis", "log"),
        "atsugi_cli.formats.html:write",
        unfolds=True,
    ),
    Format("docx", "Word", (".docx",), _PAPERS, "atsugi_cli.formats.docx:write", binary=True),
    Format("xlsx", "Excel", (".xlsx",), _PAPERS, "atsugi_cli.formats.xlsx:write", binary=True, unfolds=True),
    Format("csv", "CSV", (".csv",), _PAPERS, "atsugi_cli.formats.csv:write", binary=True, unfolds=True),
    Format(
        "pptx",
        "PowerPoint",
        (".pptx",),
        ("diff", "points"),
        "atsugi_cli.formats.pptx:write",
        binary=True,
        unfolds=True,
    ),
    Format("pdf", "PDF", (".pdf",), _PAPERS, "atsugi_cli.formats.pdf:write", binary=True),
    Format("json", "JSON", (".json",), ("diff",), "atsugi_cli.formats.json:revision", "report"),
    Format("json", "JSON", (".json",), ("tree",), "atsugi_cli.formats.json:tree", "report"),
    Format("json", "JSON", (".json",), ("log",), "atsugi_cli.formats.json:log", "report"),
    Format("html", "HTML", (".html", ".htm"), ("tree",), "atsugi_cli.formats.svg:page", "report"),
    Format("svg", "SVGの図", (".svg",), ("tree",), "atsugi_cli.formats.svg:write", "report"),
    Format("pdf", "PDF", (".pdf",), ("tree",), "atsugi_cli.formats.pdf:tree", "report", binary=True),
    Format("png", "PNGの図", (".png",), ("tree",), "atsugi_cli.formats.pdf:picture", "report", binary=True),
    Format("mermaid", "Mermaid", (".mmd", ".mermaid"), ("tree",), "atsugi_cli.formats.mermaid:write", "report"),
    Format("text", "文字", (".txt",), ("validate",), "atsugi_cli.formats.findings:write_text", "report", quiet=True),
    Format("concise", "一行ずつ", (), ("validate",), "atsugi_cli.formats.findings:write_concise", "report", quiet=True),
    Format("json", "JSON", (".json",), ("validate",), "atsugi_cli.formats.findings_json:write", "report"),
    Format("github", "GitHubの注釈", (), ("validate",), "atsugi_cli.formats.github:write", "report"),
    Format("sarif", "SARIF", (".sarif",), ("validate",), "atsugi_cli.formats.sarif:write", "report"),
    Format("junit", "JUnit", (".xml",), ("validate",), "atsugi_cli.formats.junit:write", "report"),
    Format("gitlab", "GitLab Code Quality", (), ("validate",), "atsugi_cli.formats.gitlab:write", "report"),
    Format("text", "文字", (".txt",), ("explain",), "atsugi_cli.formats.manual:write_text", "report"),
    Format("markdown", "Markdown", (".md",), ("explain",), "atsugi_cli.formats.manual:write_text", "report"),
    Format("html", "HTML", (".html", ".htm"), ("explain",), "atsugi_cli.formats.manual:write_html", "report"),
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
