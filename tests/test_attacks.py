"""What an attack found: bounds in work, not in seconds, and refusals in a sentence."""

import os
import sys
from io import BytesIO
from zipfile import ZipFile

import docx as python_docx
import pytest
from builders import head

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.compare import compare
from atsugi_cli.formats import csv, docx, docx_template, html, json, markdown, pdf, svg, text, xlsx
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.layout.joint import joined
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.match import lineage, prose
from atsugi_cli.project import fixing
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read
from atsugi_cli.rules import check
from atsugi_cli.rules.base import Subject
from atsugi_cli.store import StoreError, sizes


def word(number, base=0x4E00):
    return "".join(chr(base + number // 900**place % 900) for place in range(3))


def edition(body, name="2020-03", **more):
    result = read(f"{head(name, **more).rstrip()}\n{body}".encode(), f"{name}.yaml", schemas())
    assert result.strategy is not None, result.findings
    return result.strategy


def goals(size, line):
    return "goals:\n" + "".join(f"  - {{id: {line(each)}}}\n" for each in range(size))


def split(size):
    old = "goals:\n  - {id: x, number: 1, title: 推進する}\n"
    return old, goals(size, lambda each: f"b{each}, number: {each + 1}, title: {word(each)}, from: x")


def nameless(size):
    """Parts that no range of numbers says together."""
    old, new = split(size)
    return old, new.replace("number", "x-number")


def merged(size):
    old = goals(size, lambda each: f"a{each}, number: {each + 1}, title: {word(each)}, body: {word(each)}です。")
    names = ", ".join(f"a{each}" for each in range(size))
    return old, f"goals:\n  - {{id: x, number: 1, title: 推進, from: [{names}]}}\n"


def split_indicators(size):
    one = "goals:\n  - id: x\n    number: 1\n    title: 推進する\n    targets:\n      - {id: k, name: 数}\n"
    many = "".join(f"      - {{id: b{each}, name: {word(each)}, from: k}}\n" for each in range(size))
    return one, one.replace("      - {id: k, name: 数}\n", many)


def left_out(size):
    """Families of which nothing is known but how many there are."""

    def family(mark, flags):
        lines = []
        for each in range(size // 10):
            lines += [f"  - id: g{each}", f"    number: {each + 1}", f"    title: {word(each)}", "    policies:"]
            lines += [f"      - {{id: {mark}{each}-{at}, omitted: true{flags(at)}}}" for at in range(10)]
        return "\n".join(["goals:", *lines, ""])

    return family("a", lambda at: f", number: {at + 1}"), family("b", lambda at: f", number: {10 - at}")


def ratchet(size):
    """Texts in which every look of a comparison finds one character."""

    def body(base):
        return "".join(chr(0x4E00 + at % 10) + chr(base + at * 7 % 800) for at in range(size * 4))

    lines = "sections:\n  - {{id: s, title: 章, body: {}}}\n"
    return lines.format(body(0x5000)), lines.format(body(0x6000))


SHAPES = [split, nameless, merged, split_indicators, left_out, ratchet]
REVISING = {"revises": "2020-03"}


def revised(shape, size):
    old, new = shape(size)
    return compare(edition(old), edition(new, "2023-10", **REVISING))


WRITERS = {each.__name__.rpartition(".")[2]: each.write for each in (text, markdown, html, docx, csv, xlsx)}


def stages(shape, size):
    """What is done with a revision, each stage with what it needs made before."""
    old, new = (edition(each, name, **more) for each, name, more in zip(
        shape(size), ("2020-03", "2023-10"), ({}, REVISING), strict=True))
    revision = compare(old, new)
    document = comparison(revision, DEFAULT_PROFILE)
    yield "lineage", lambda: lineage.trace(old, new)
    yield "compare", lambda: compare(old, new)
    yield "joint", lambda: joined(revision)
    yield "comparison", lambda: comparison(revision, DEFAULT_PROFILE)
    yield "rules", lambda: check(Subject(new, DEFAULT_PROFILE, base=old))
    yield "json", lambda: json.revision(revision, Options())
    for name, write in WRITERS.items():
        yield name, lambda write=write: write(document, Options())


def lines_of(work):
    """Count calls and lines that Python runs for a piece of work."""
    seen = 0

    def trace(_frame, event, _arg):
        nonlocal seen
        seen += event in ("call", "line")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return seen


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_as_much_takes_no_more_than_six_times_the_steps(shape):
    for _, work in stages(shape, 20):
        work()  # imports and caches
    small = {name: lines_of(work) for name, work in stages(shape, 100)}
    large = {name: lines_of(work) for name, work in stages(shape, 400)}
    slow = {name: large[name] / small[name] for name in small if large[name] > 6 * small[name]}
    assert not slow
