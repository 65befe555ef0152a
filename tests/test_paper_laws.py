"""What holds of the paper of any revision: nothing false, nothing silent, nothing twice, nothing internal."""

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO

import docx
import openpyxl
import pptx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from revised import revised
from test_contract import GAPS, READERS, WRITERS, written

from atsugi_cli.compare import compare
from atsugi_cli.document import Table, flag_words
from atsugi_cli.formats.json import revision as as_json
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.points import points
from atsugi_cli.levels import DEFAULT_PROFILE

RANDOM = st.randoms(use_true_random=False)
LAWS = settings(max_examples=100, suppress_health_check=list(HealthCheck))
ORDERS = {
    order: replace(DEFAULT_PROFILE, table=replace(DEFAULT_PROFILE.table, order=order))
    for order in ("old-new", "new-old")
}
OMISSION = DEFAULT_PROFILE.table.omission
SENTENCE = re.compile(r"[^。\n]+。")
SIDES = ("old", "new")


def sentences(text):
    return SENTENCE.findall(text)


class Paper:
    """A laid-out comparison beside the revision that it is of."""

    def __init__(self, random, order="old-new", **more):
        self.old, self.new = revised(random)
        self.report = compare(self.old, self.new)
        self.document = comparison(self.report, ORDERS[order], **more)
        self.rows = [row for block in self.document.blocks if isinstance(block, Table) for row in block.rows]
        place = {"old-new": (0, 1), "new-old": (1, 0)}[order]
        self.beside = {
            side: [(row, row.cells[at].lines) for row in self.rows] for side, at in zip(SIDES, place, strict=True)
        }
        self.lines = {side: [line for _, lines in self.beside[side] for line in lines] for side in SIDES}
        self.strategies = {"old": self.old, "new": self.new}
        self.text = {side: "\n".join(line.text for line in self.lines[side]) for side in SIDES}
        self.counterparts = {side: {} for side in SIDES}
        self.unknown = {side: set() for side in SIDES}
        for pair in self.report.root.walk():
            news = (pair.new,) if pair.new else ()
            for old in pair.old:
                self.counterparts["old"].setdefault(old.id, []).extend(news)
            for new in news:
                self.counterparts["new"][new.id] = list(pair.old)
            if pair.new and any(each.omitted for each in (*pair.old, pair.new)):  # what is below may have been the same
                self.unknown["new"].update(each.id for each in pair.new.walk())
                self.unknown["old"].update(each.id for old in pair.old for each in old.walk())

    def items(self, side):
        return [each for each in self.strategies[side].root.walk() if each.level != "plan"]


def silent(paper):
    """List titles and sentences that differ and are not printed on their side."""
    for side, words in differing(paper):
        if words not in paper.text[side]:
            yield f"{side}: {words} is not printed"


def differing(paper):
    """List what must be printed, with its side: titles and sentences without the same in the other edition."""
    for side in SIDES:
        for item in paper.items(side):
            others = paper.counterparts[side][item.id]
            if item.id in paper.unknown[side] and not others:
                continue
            if (
                item.title
                and all(other.title != item.title for other in others)
                and any(other.title for other in others or [item])
            ):
                yield side, item.title
            if len(others) == 1 and not (others[0].title and item.title):
                continue  # what the source leaves out is not compared
            theirs = {each for other in others for each in sentences(other.body)}
            for sentence in sentences(item.body):
                if sentence not in theirs:
                    yield side, sentence


def doubled(paper):
    """List titles, sentences and names that are printed twice on one side."""
    for side in SIDES:
        for item in paper.items(side):
            for words in (item.title, *sentences(item.body), *(each.name for each in item.indicators)):
                if words and times(paper, side, words) > 1:
                    yield f"{side}: {words} is printed {times(paper, side, words)} times"


def times(paper, side, words):
    found = (line for line in paper.lines[side] if line.kind != "absent")
    return sum(len(re.findall(f"(?<!新)(?<!なお、){re.escape(words)}(?!と)", line.text)) for line in found)


def lopsided(paper):
    """List rows whose sides are not in step, and omissions on one side only."""
    for row in paper.rows:
        left, right = (cell.lines for cell in row.cells[:2])
        if len(left) != len(right):
            yield f"{len(left)} lines beside {len(right)}: {row}"
        for one, other in zip(left, right, strict=False):
            if (OMISSION in one.text) != (OMISSION in other.text):
                yield f"{one.label}{one.text} | {other.label}{other.text}"


def false(paper):
    """List lines that stand where their words did not stand in that edition."""
    for side in SIDES:
        strategy = paper.strategies[side]
        titles = {each.title: each for each in paper.items(side) if each.title}
        above = {child.id: each for each in strategy.root.walk() for child in each.children}
        stack = []
        for row, line in ((row, line) for row, lines in paper.beside[side] for line in lines):
            stack = [] if row.role == "part" else stack
            words = line.text.strip("【】")
            words = words.rpartition("　")[2] if line.kind == "heading" else words
            found = re.search(r"（(新?〈.+)）$", words) if line.kind == "heading" else None
            words = found[1] if found else words
            if line.kind in ("heading", "title") and words in titles:
                item = titles[words]
                beside = (
                    stack[-1][1] if stack and stack[-1][2].key == row.key else ()
                )  # of a merger several stand together
                stack = [each for each in stack if each[0] < line.indent]
                if stack and not any(below(item, each, above) for each in stack[-1][1]):
                    yield f"{side}: {words} below {stack[-1][1][-1].title}"
                stack.append((line.indent, (*beside, item), row))
            elif line.kind == "absent" or (line.kind in ("heading", "title") and OMISSION in line.text):
                stack = [each for each in stack if each[0] < line.indent]
            elif line.kind in ("heading", "title") and "〈" in words:
                yield f"{side}: {line.text} is no title"
            elif line.kind == "body":
                bodies = {each.body for each in (stack[-1][1] if stack else paper.items(side))}
                for piece in line.text.split(OMISSION):
                    if not any(piece in body for body in bodies):
                        yield f"{side}: {piece} is no text of {stack[-1][1][-1].title if stack else 'any item'}"
            elif line.kind == "kpi" and "〈" in line.text:
                owners = stack[-1][1] if stack else ()
                if owners and not any(one.name in line.text for each in owners for one in each.indicators):
                    yield f"{side}: {line.text} is no indicator of {owners[-1].title}"


def below(item, other, above):
    while item.id in above:
        item = above[item.id]
        if item is other:
            return True
    return False


def report(paper):
    lines = [
        (row, *map(told, beside))
        for row in paper.rows
        for beside in zip(*(cell.lines for cell in row.cells[:2]), strict=False)
    ]
    table = "\n".join(f"{row.role:10} {one} | {other} | {flag_words(row.flags)}" for row, one, other in lines)
    return f"{outline(paper.old)}\n=>\n{outline(paper.new)}\n{table}"


def told(line):
    return f"{line.kind:7} {'  ' * line.indent}{line.label}{line.text}"


def outline(strategy):
    lines = []

    def add(item, depth):
        names = [each.name for each in item.indicators]
        words = (item.level, item.number, item.id, item.title, repr(item.body), names, item.origins or "")
        lines.append(" ".join(map(str, ("  " * depth, *words))))
        for child in item.children:
            add(child, depth + 1)

    add(strategy.root, 0)
    return "\n".join([*lines, *(f"removed {each.id}" for each in strategy.edition.removed)])


@pytest.mark.parametrize("order", ORDERS)
@LAWS
@given(random=RANDOM)
def test_nothing_is_false_silent_or_said_twice(order, random):
    paper = Paper(random, order)
    found = [each for law in (silent, doubled, lopsided, false) for each in law(paper)]
    assert not found, "\n".join([*found, report(paper)])


@LAWS
@given(random=RANDOM)
def test_what_is_shown_in_full_is_true_too(random):
    paper = Paper(random, whole=True)
    found = [each for law in (silent, doubled, false) for each in law(paper)]
    assert not found, "\n".join([*found, report(paper)])


INTERNAL = re.compile(r"推定|確度|未登録|照合番号|対応先なし|要確認|strategy|--|\b[a-z]+-[a-z]+\b")


@LAWS
@given(random=RANDOM)
def test_a_handout_says_nothing_internal(random):
    paper = Paper(random, handout=True)
    for document in (paper.document, points(paper.report, DEFAULT_PROFILE, handout=True)):
        assert not INTERNAL.search("\n".join(said_in(document)))


def said_in(document):
    yield from (document.title, document.subtitle, document.legend)
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield from (line.label + line.text for cell in row.cells for line in cell.lines)
                yield from (flag.words for cell in row.cells for line in cell.lines for flag in line.flags)
                yield from (*(flag.words for flag in row.flags), row.note)
        else:
            yield block.text
            yield from (flag.words for flag in getattr(block, "flags", ()))


@LAWS
@given(random=RANDOM)
def test_every_paper_counts_alike(random):
    paper = Paper(random)
    document = points(paper.report, DEFAULT_PROFILE)
    entries = Counter(each["kind"] for each in json.loads(as_json(paper.report, Options()))["changes"])
    del entries["renumbered"]
    counted = {each.code: each.number for each in paper.document.counts}
    assert counted == {each.code: each.number for each in document.counts} == dict(entries)
    table = next(block for block in document.blocks if isinstance(block, Table))
    for row in table.rows:
        numbers = [cell.value for cell in row.cells if cell.value is not None]
        assert not row.key or sum(numbers[:-1]) == numbers[-1] == counted[row.key]
    sentences = Counter(flag.code for block in document.blocks for flag in getattr(block, "flags", ()))
    assert set(sentences) == set(counted)


@pytest.mark.parametrize("code", [code for code in READERS if code != "pdf"])
@settings(LAWS, max_examples=10)
@given(random=RANDOM)
def test_what_differs_stands_in_every_format(code, random):
    paper = Paper(random, handout=True, unfolds=False)
    text = GAPS.sub("", written(code, paper.document))
    wanted = Counter(words for _, words in differing(paper))
    missing = [words for words, number in wanted.items() if text.count(GAPS.sub("", words)) < number]
    assert not missing, "\n".join([*missing, report(paper)])


REFERENCE = re.compile(r"（[^（）]*(?:から|へ)(?:移動|統合|分割)）")


class Cells(HTMLParser):
    """Reads the rows of the tables of a page."""

    def __init__(self, text):
        super().__init__()
        self.rows = []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in ("td", "th", "div"):
            self.open.append((tag, dict(attributes).get("class")))

    def handle_endtag(self, tag):
        if self.open and tag == self.open[-1][0]:
            self.open.pop()

    def handle_data(self, data):
        if any(tag in ("td", "th") for tag, _ in self.open) and ("div", "both") not in self.open:
            self.rows[-1][-1] += data


def page_rows(text):
    return Cells(text).rows


TABLES = {
    "docx": lambda data: [
        [cell.text for cell in row.cells] for table in docx.Document(BytesIO(data)).tables for row in table.rows
    ],
    "xlsx": lambda data: [
        [str(value or "") for value in row]
        for row in openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    ],
    "csv": lambda data: [*csv.reader(StringIO(data.decode("utf-8-sig") if isinstance(data, bytes) else data))],
    "pptx": lambda data: [
        [cell.text for cell in row.cells]
        for slide in pptx.Presentation(BytesIO(data)).slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ],
    "html": page_rows,
    "markdown": lambda text: page_rows(MarkdownIt("commonmark", {"html": True}).enable("table").render(text)),
}
"""Reads the rows of every table that a format writes."""


@pytest.mark.parametrize("code", TABLES)
@settings(LAWS, max_examples=10)
@given(random=RANDOM)
def test_the_laws_hold_of_what_is_written(code, random):
    paper = Paper(random, random.choice([*ORDERS]), handout=True, unfolds=False)
    document = replace(paper.document, stamp=replace(paper.document.stamp, handout=True))
    columns = [column for block in document.blocks if isinstance(block, Table) for column in block.columns[:2]]
    titles = [column.title for side in SIDES for column in columns if column.code == side]
    places, sides = None, {side: [] for side in SIDES}
    for row in TABLES[code](WRITERS[code].write(document, Options(width=3000))):
        if set(titles) <= set(row):
            places = [row.index(title) for title in titles]
        elif places and (len(row) == 1 or max(places) < len(row)):  # a cell across both says the same of both
            left, right = (GAPS.sub("", row[at if len(row) > 1 else 0]) for at in places)
            assert left.count(OMISSION) == right.count(OMISSION), report(paper)
            sides["old"].append(left)
            sides["new"].append(right)
    text = {side: REFERENCE.sub("", "\n".join(rows)) for side, rows in sides.items()}
    wrong = [f"{side}: {words}" for side, words in differing(paper) if GAPS.sub("", words) not in text[side]]
    assert not wrong, "\n".join([*wrong, report(paper)])
    for side in SIDES if code != "pptx" else ():  # a slide says again what the one before began
        for item in paper.items(side):
            for words in filter(None, (item.title, *sentences(item.body))):
                # in 「」 it is named: a workbook has a row for what is said above the table elsewhere, as 並び順
                found = re.findall(f"(?<!新)(?<!なお、)(?<!「){re.escape(GAPS.sub('', words))}(?!と)", text[side])
                assert len(found) <= 1, "\n".join([f"{side}: {words}", report(paper)])
    assert not INTERNAL.search("\n".join(text.values()))


@LAWS
@given(random=RANDOM)
def test_every_reason_stands_where_its_change_does(random):
    paper = Paper(random)
    sentences = [block.text for block in points(paper.report, DEFAULT_PROFILE).blocks if hasattr(block, "bullet")]
    for change in paper.report.changes():
        if change.reason and not change.kind.renumbers:
            rows = [row for row in paper.rows if change.kind.code in {flag.code for flag in row.flags}]
            assert any(change.reason in line.text for row in rows for line in row.cells[2].lines), change.reason
            assert any(change.reason in sentence for sentence in sentences), change.reason
