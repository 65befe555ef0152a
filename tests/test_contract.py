"""The contract of every format: what a laid-out paper says occurs in what is written, read back by a real reader.

A new row of FORMATS is judged by itself: it needs a row in READERS, and one in LEAVES_OUT where it cannot hold all.
"""

import csv
import re
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import groupby

import docx
import openpyxl
import pptx
import pytest
from editions import TESTS, case, read
from markdown_it import MarkdownIt
from papers import REVISION, STAMP

from atsugi_cli.compare import compare
from atsugi_cli.document import Heading, Paragraph, Table
from atsugi_cli.formats import FORMATS
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.kpis import compared
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE

TOP = TESTS.parent
GAPS = re.compile(r"\s+")
BARS = re.compile(r" \|(?: |$)")
OMITTED = "comparison omitted label"
EVERY_TIME = {f"{table} {kind}" for table in ("comparison", "kpis", "counts") for kind in ("title", "body", "kpi")}
"""Words of these are counted; the others may stand once for several (a heading over both columns)."""


def without_tags(text):
    found = []

    class Reader(HTMLParser):
        skipped = 0

        def handle_starttag(self, tag, attrs):
            del attrs
            self.skipped += tag in {"style", "script"}

        def handle_endtag(self, tag):
            self.skipped -= tag in {"style", "script"}

        def handle_data(self, data):
            if not self.skipped:
                found.append(data)

    Reader(convert_charrefs=True).feed(text)
    return "".join(found)


def of_columns(text):
    """Read a table of characters: the lines of a cell stand one below the other."""
    found = []
    for _, lines in groupby(text.split("\n"), lambda line: len(BARS.split(line))):
        columns = zip(*(BARS.split(line) for line in lines), strict=True)
        found += ["".join(cell.strip() for cell in column) for column in columns]
    return "\n".join(found).translate({ord("〔"): None, ord("〕"): None})


def of_word(data):
    paper = docx.Document(BytesIO(data))
    bodies = [paper.element.body]
    for section in paper.sections:
        bodies += [section.header._element, section.footer._element]
    return "".join(each.text or "" for body in bodies for each in body.iter() if each.tag.endswith("}t"))


def number(value):
    """Write a cell's number as papers print it, or with its sign where it is a difference."""
    try:
        value = float(value)
    except ValueError:
        return str(value)
    return f"{value:,g}\n{value:+,g}" if value else "±0"


def of_workbook(data):
    sheets = openpyxl.load_workbook(BytesIO(data)).worksheets
    names = [sheet.title for sheet in sheets]
    cells = [
        number(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    marks = [sheet.oddFooter.center.text or "" for sheet in sheets if sheet.oddFooter.center]
    return "\n".join([*names, *cells, *marks])


def of_slides(data):
    slides = pptx.Presentation(BytesIO(data)).slides
    return "".join(each.text or "" for slide in slides for each in slide._element.iter() if each.tag.endswith("}t"))


def of_pdf(data):
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def of_rows(data):
    return "\n".join("\n".join(map(number, row)) for row in csv.reader(StringIO(data.decode("utf-8-sig"))))


READERS = {
    "text": of_columns,
    "markdown": lambda text: without_tags(MarkdownIt("commonmark", {"html": True}).enable("table").render(text)),
    "html": without_tags,
    "docx": of_word,
    "xlsx": of_workbook,
    "csv": of_rows,
    "pptx": of_slides,
    "pdf": of_pdf,
}


def words(document):
    """List the words of a document with what they are."""
    yield "title", document.title
    yield "subtitle", document.subtitle
    yield "legend", document.legend
    stamp = document.stamp
    yield from (("stamp", part) for part in (stamp.plan, stamp.stage, stamp.date, stamp.owner, stamp.fingerprint))
    yield from (("edition", part) for part in stamp.old.split("（")[0:1] + stamp.new.split("（")[0:1])
    for count in document.counts:
        yield "count", f"{count.label} {count.number}"
    for block in document.blocks:
        match block:
            case Heading():
                yield "heading", block.text
            case Paragraph():
                yield "paragraph", block.text
                yield from (("paragraph flag", flag.label) for flag in block.flags)
            case Table():
                yield "caption", block.caption
                yield from ((f"{block.code} column", column.title) for column in block.columns)
                for row in block.rows:
                    yield from in_row(row, block.code)


def in_row(row, table):
    for line in (line for cell in row.cells for line in cell.lines):
        yield f"{table} {line.kind} label", line.label
        # a part in 【】 is a heading or the title of a slide elsewhere
        yield f"{table} {line.kind}", line.text.strip("【】")
    yield from ((f"{table} flag", flag.label) for flag in row.flags)
    yield f"{table} note", row.note


LEAVES_OUT = {
    "docx": {"count"},
    "pdf": {"count"},
    # Columns of its own say part, level, number, kind, remark and reason, and name the section of a paper.
    "xlsx": {"heading", "comparison column", "comparison heading", "comparison title label", OMITTED},
    # Only the table, or only the text.
    "csv": {
        *("title", "subtitle", "legend", "stamp", "edition", "count", "heading"),
        *("comparison column", "comparison heading", "comparison title label", OMITTED),
        *("counts column", "counts value"),
    },
    # The flags stand beside the words, arrows say where to; what a KPI is of is said on its own slide.
    "pptx": {"comparison column", "comparison absent", "kpis note"},
}
"""What a format does not print, with the reason where it is not plain."""


@cache
def papers():
    """Give every sort of paper: of the real revision, of a made-up city, and one with everything in it."""
    stamp = replace(STAMP, new="改定後（素案）")
    found = {"everything": replace(REVISION, subtitle="現行 → 改定後（素案）", stamp=stamp)}
    folder = TOP / "strategies/atsugi-2"
    revision = compare(read(folder / "2020-03.yaml"), read(folder / "2023-10.yaml"))
    for name, report, profile in (("real", revision, DEFAULT_PROFILE), ("merged KPIs", *merged())):
        found[f"{name}: 新旧対照表"] = comparison(report, profile)
        found[f"{name}: 改定のポイント"] = points(report, profile)
        found[f"{name}: KPI一覧"] = compared(report, profile)
    return found


def merged():
    old, new, profile = case(TESTS / "revisions/initiatives-merged-with-their-kpis")
    return compare(old, new), profile


WRITERS = {form.code: form for form in FORMATS if "diff" in form.commands and form.code != "json"}
PAPERS = ("新旧対照表", "改定のポイント", "KPI一覧")
NAMES = ["everything", *(f"{name}: {paper}" for name in ("real", "merged KPIs") for paper in PAPERS)]


def holds(code, name):
    """Check whether a format holds a paper: a table with text beside it is no CSV."""
    return code != "csv" or name != "everything"


def written(code, document):
    try:
        return READERS[code](WRITERS[code].write(document, Options(width=3000)))
    except (MissingError, FileNotFoundError) as error:
        pytest.skip(str(error))


def lost(code, document):
    """List what a reader misses: words that stand nowhere, or in rows less often than in the document."""
    text = GAPS.sub("", written(code, document))
    wanted = Counter(words(document))
    return {
        (what, word)
        for (what, word), number in wanted.items()
        if word and text.count(GAPS.sub("", word)) < (number if what in EVERY_TIME else 1)
    }


def test_every_format_has_a_reader():
    assert set(WRITERS) == set(READERS)


@pytest.mark.parametrize(("code", "name"), [(code, name) for code in READERS for name in NAMES if holds(code, name)])
def test_every_word_of_a_paper_occurs_in_what_is_written(code, name):
    assert {(what, word) for what, word in lost(code, papers()[name]) if what not in LEAVES_OUT.get(code, ())} == set()


@pytest.mark.parametrize("code", LEAVES_OUT)
def test_a_format_leaves_out_no_less_than_is_said_here(code):
    found = {what for name in NAMES if holds(code, name) for what, _ in lost(code, papers()[name])}
    assert LEAVES_OUT[code] - found == set()
