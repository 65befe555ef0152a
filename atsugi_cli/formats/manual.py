"""The manual: the catalogues of everything that has a name, as Markdown to be read anywhere and as one HTML page."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.formats.html_page import escaped, framed
from atsugi_cli.formats.options import Options

TITLE: Final = "strategy の手引き"
SEVERITY_WORDS = {"error": "エラー", "warning": "警告", "note": "注意", "off": "なし"}

_STYLE: Final = """
nav a{margin-right:1em}
pre{overflow-x:auto;margin:.5rem 0;padding:.5rem .9rem;background:var(--head);border-left:3px solid var(--line)}
pre,code{font-family:"BIZ UDGothic","MS Gothic",monospace}
"""
_CODE: Final = re.compile(r"`([^`]+)`")


def listed(catalogue: Catalogue) -> str:
    """List a catalogue as a Markdown table: what the README prints."""
    graded = _graded(catalogue)
    columns = ["コード", "名前", *(["厳しさ"] if graded else []), "意味"]
    lines = [f"## {catalogue.title}", "", _row(columns), "|" + "---|" * len(columns)]
    for entry in catalogue:
        severity = [SEVERITY_WORDS[entry.severity]] if graded else []
        lines.append(_row([f"`{entry.code}`", entry.label, *severity, entry.summary]))
    return "\n".join([*lines, ""])


def _graded(catalogue: Catalogue) -> bool:
    return any(entry.severity != "note" for entry in catalogue)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def described(entry: Entry, level: int = 1) -> str:
    """Describe one row as Markdown: its name, meaning and example."""
    lines = [f"{'#' * level} {entry.label}（{entry.code}）", "", entry.doc.strip(), ""]
    if entry.example:
        lines += ["```yaml", entry.example.strip("\n"), "```", ""]
    return "\n".join(lines)


def write_text(catalogues: Sequence[Catalogue], options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write everything as Markdown, row after row."""
    return "\n".join(f"# {each.title}\n\n" + "\n".join(described(entry, 2) for entry in each) for each in catalogues)


def write_html(catalogues: Sequence[Catalogue], options: Options) -> str:  # noqa: ARG001
    """Write everything as one page; every row can be linked to by its code (`#renamed`)."""
    links = "".join(f'<a href="#part-{at}">{escaped(each.title)}</a>' for at, each in enumerate(catalogues))
    parts = [
        f'<h2 id="part-{at}">{escaped(each.title)}</h2>\n' + "\n".join(_section(entry, each) for entry in each)
        for at, each in enumerate(catalogues)
    ]
    body = f'<header>\n<h1>{TITLE}</h1>\n<nav aria-label="目次">{links}</nav>\n</header>\n<main>\n{{}}\n</main>'
    return framed(TITLE, body.format("\n".join(parts)), style=_STYLE)


def _section(entry: Entry, catalogue: Catalogue) -> str:
    grade = f"　{SEVERITY_WORDS[entry.severity]}" if _graded(catalogue) else ""
    lines = [f'<h3 id="{escaped(entry.code)}">{escaped(entry.label)}（{escaped(entry.code)}）{grade}</h3>']
    lines += _blocks(entry.doc)
    if entry.example:
        text = entry.example.strip("\n")
        lines.append(f'<pre tabindex="0">{escaped(text)}</pre>')
    return "\n".join(lines)


def _blocks(doc: str) -> Iterator[str]:
    """Return paragraphs and lists; words between backquotes are code."""
    for block in doc.strip().split("\n\n"):
        for is_list, lines in groupby(block.split("\n"), lambda line: line.startswith("- ")):
            if is_list:
                yield "<ul>" + "".join(f"<li>{_marked(line[2:])}</li>" for line in lines) + "</ul>"
            else:
                yield f"<p>{_marked(chr(10).join(lines))}</p>"


def _marked(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escaped(text)).replace("\n", "<br>\n")
