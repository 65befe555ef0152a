"""Index: the page that lists a set of papers, with the one check number and the counts that all of them carry."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import quote

from atsugi_cli.document import Document
from atsugi_cli.formats.html import page as html_page
from atsugi_cli.formats.html_page import escaped
from atsugi_cli.frozen import frozen


@frozen
class Entry:
    """One file of the set: the paper it is a form of, its name and its form in words."""

    title: str
    file: str
    form: str


def page(document: Document, title: str, entries: Iterable[Entry], skipped: Sequence[str]) -> str:
    """Print the index of a set made from the same revision as `document`; `skipped` says what is missing, and why."""
    rows = []
    for name, group in groupby(entries, lambda entry: entry.title):
        links = "　".join(f'<a href="{quote(each.file)}">{escaped(each.form)}</a>' for each in group)
        rows.append(f'<tr><th scope="row">{escaped(name)}</th><td>{links}</td></tr>')
    table = (
        "<table>\n<caption>資料の一覧</caption>\n"
        '<thead><tr><th scope="col">資料</th><th scope="col">ファイル</th></tr></thead>\n'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody>\n</table>"
    )
    missing = "".join(f"<li>{escaped(each)}</li>" for each in skipped)
    notes = f"<h2>作らなかった資料</h2>\n<ul>{missing}</ul>" if missing else ""
    return html_page(replace(document, title=title), "\n".join(filter(None, ("<main>", table, notes, "</main>"))))
