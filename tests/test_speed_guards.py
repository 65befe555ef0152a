"""What keeps the program fast, as facts that no busy machine can change: modules that stay out, calls counted."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import head
from deepdiff import DeepDiff
from hypothesis import given, settings
from hypothesis import strategies as st

from atsugi_cli.compare import compare
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.text import write
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read
from atsugi_cli.rules import check
from atsugi_cli.rules.base import Subject

SHIPPED = Path(__file__).parent.parent / "strategies" / "atsugi-2"
OLD, NEW = str(SHIPPED / "2020-03.yaml"), str(SHIPPED / "2023-10.yaml")

# ------------------------------------------------------------------------------------------------------- modules

HEAVY = {"pydantic", "jsonschema", "deepdiff", "numpy", "asyncio", "rich", "jinja2", "importlib.metadata"}
HEAVY |= {
    "docx",
    "lxml",
    "openpyxl",
    "xlsxwriter",
    "pptx",
    "PIL",
    "typst",
}
"""What costs 20 to 250 ms to import and is not needed where all is well."""
SEEN = "import sys; from atsugi_cli.cli.app import main; main(sys.argv[1:]); print('', *sys.modules)"


def modules(*words):
    done = subprocess.run([sys.executable, "-c", SEEN, *words], capture_output=True, check=True, encoding="utf-8")
    assert not done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("words", "also"),
    [
        (["--help"], {"json", "hashlib", "ruamel.yaml", "atsugi_cli.reader.events"}),
        (
            ["validate", OLD],
            {"hashlib", "atsugi_cli.layout", "atsugi_cli.match.likeness", "atsugi_cli.reader.explain"},
        ),
        (
            ["tree", NEW],
            {
                "atsugi_cli.rules",
                "atsugi_cli.compare",
                "atsugi_cli.match.likeness",
                "atsugi_cli.reader.explain",
            },
        ),
        (
            ["diff", OLD, NEW],
            {"atsugi_cli.rules", "atsugi_cli.reader.explain", "atsugi_cli.formats.html"},
        ),
        (["diff", "--color", "always", OLD, NEW], {"atsugi_cli.rules", "atsugi_cli.formats.html"}),
    ],
    ids=lambda words: " ".join(words if isinstance(words, list) else sorted(words)),
)
def test_no_command_imports_what_it_does_not_need(words, also):
    loaded = modules(*words)
    assert not loaded & (HEAVY | also)


# --------------------------------------------------------------------------------------------------------- growth


def kept(_number, lines):
    return lines


def policies(size, *, edit=kept):
    """Initiatives in policies of five, as a city has them."""
    lines = ["goals:", "  - id: g", "    number: 1", "    title: 転入促進", "    policies:"]
    for number in range(size):
        if number % 5 == 0:
            lines += [f"      - id: p{number}", f"        number: {number // 5 + 1}"]
            lines += [f"        title: 施策その{number // 5:04}", "        initiatives:"]
        lines += edit(number, initiative(number, number % 5 + 1))
    return lines


def initiative(number, place):
    return [
        f"          - id: i{number}",
        f"            number: {place}",
        f"            title: 第{number:05}地区の取組の推進",
        "            body: |-",
        f"              第{number:05}地区で、市民及び事業者と取組を進めます。",
        "              相談窓口を置きます。",
        "            kpis:",
        f"              - {{id: i{number}-k, name: 第{number:05}地区の参加者数, unit: 人, {values(number)}}}",
    ]


def values(number):
    return f"baseline: {{year: 2019, value: {number + 10}}}, target: {{year: 2026, value: {number + 20}}}"


def siblings(size, *, edit=kept):
    """All initiatives under one policy."""
    lines = ["goals:", "  - id: g", "    number: 1", "    title: 転入促進", "    policies:", "      - id: p"]
    lines += ["        number: 1", "        title: 施策", "        initiatives:"]
    for number in range(size):
        lines += edit(number, initiative(number, number + 1))
    return lines


def goals(size, *, edit=kept):
    """Goals alone, with an indicator each."""
    lines = ["goals:"]
    for number in range(size):
        line = f"      - {{id: k{number}, name: 第{number:05}地区の参加者数, unit: 人, {values(number)}}}"
        title = f"    title: 第{number:05}地区の取組の推進"
        lines += edit(number, [f"  - id: g{number}", f"    number: {number + 1}", title, "    targets:", line])
    return lines


def indicators(size, *, edit=kept):
    """One initiative with all indicators."""
    lines = ["goals:", "  - id: g", "    number: 1", "    title: 転入促進", "    targets:"]
    for number in range(size):
        line = f"      - {{id: k{number}, name: 第{number:05}地区の参加者数, unit: 人, {values(number)}}}"
        lines += edit(number, [line])
    return lines


def words(size, *, edit=kept):
    """One long body."""
    lines = ["goals:", "  - id: g", "    number: 1", "    title: 転入促進", "    body: |-"]
    for number in range(size):
        lines += edit(number, [f"      第{number:05}地区で、市民及び事業者と取組を進めます。"])
    return lines


def changed(number, lines):
    """Change every tenth in its words, and drop one in fifty."""
    if number % 50 == 7:
        return []
    return [line.replace("取組", "事業").replace("参加者", "来場者") for line in lines] if number % 10 == 3 else lines


def edition(lines, name="2020-03", more=()):
    text = "\n".join([head(name, **{"stage": "adopted", **dict(more)}).rstrip(), *lines, ""])
    result = read(text.encode(), f"{name}.yaml", schemas())
    assert result.strategy is not None
    assert not result.findings
    return result.strategy


REVISED = {"stage": "draft", "revises": "2020-03"}


def calls(work):
    """Count the calls, of Python and of C functions, that some work makes."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def prepared(shape: Callable[..., list[str]], size: int):
    """Give the stages of the program on a plan and its revision, each as work without arguments."""
    old, new = edition(shape(size)), edition(shape(size, edit=changed), "2023-10", REVISED)
    revision = compare(old, new)
    data = old.text.encode()
    return {
        "read": lambda: read(data, "2020-03.yaml", schemas()),
        "check": lambda: check(Subject(old)),
        "check revision": lambda: check(Subject(new, base=old)),
        "compare": lambda: compare(old, new),
        "print": lambda: write(comparison(revision, DEFAULT_PROFILE, unfolds=False), Options(width=100)),
        "unfold": lambda: comparison(revision, DEFAULT_PROFILE),
    }


LINEAR = 10.5
"""How much more ten times as many items may take; sorting is allowed for."""


@pytest.mark.parametrize("stage", ["read", "check", "check revision", "compare", "print", "unfold"])
@pytest.mark.parametrize(
    ("shape", "size"), [(policies, 60), (siblings, 60), (goals, 60), (indicators, 60), (words, 300)]
)
def test_ten_times_the_plan_takes_ten_times_the_calls(shape, size, stage):
    few, many = prepared(shape, size)[stage], prepared(shape, 10 * size)[stage]
    few()  # what is compiled or imported once is no growth
    many()
    assert calls(many) <= LINEAR * calls(few)


# --------------------------------------------------------------------------------------------------------- oracle

EDITS = ("kept", "kept", "title", "body", "number", "owners", "target", "removed", "added")


def row(number, edit):
    """Give an item as plain data, once as it was and once as it is after an edit (None: not there)."""
    before = {"title": f"第{number:05}地区の取組", "body": f"第{number:05}地区で進めます。", "number": number + 1}
    before |= {"owners": [f"第{number}課"], "target": number + 20}
    match edit:
        case "removed":
            return before, None
        case "added":
            return None, before
        case "kept":
            return before, before
        case "number" | "target":
            return before, {**before, edit: before[edit] + 100}
        case "owners":
            return before, {**before, edit: ["別の課"]}
        case _:
            return before, {**before, edit: before[edit] + "の検証"}


def strategy(rows, name, edits, more):
    lines = ["goals:", "  - id: g", "    number: 1", "    title: 転入促進", "    policies:"]
    for id_, each in rows.items():
        lines += [f"      - id: {id_}", f"        number: {each['number']}", f"        title: {each['title']}"]
        lines += [f"        body: {each['body']}", f"        owners: [{each['owners'][0]}]"]
        lines += ["        change: {flags: [added]}"] if edits.get(id_) == "added" else []
        lines += [f"        kpis: [{{id: {id_}-k, name: 参加者数, unit: 人, target: {{value: {each['target']}}}}}]"]
    return edition(lines if rows else lines[:-1], name, more)


@given(st.lists(st.sampled_from(EDITS), max_size=12))
@settings(max_examples=60)
def test_the_same_items_changed_as_deepdiff_finds_on_dictionaries_by_id(drawn):
    edits = {f"i{number}": edit for number, edit in enumerate(drawn)}
    sides = [row(number, edit) for number, edit in enumerate(drawn)]
    before = {f"i{number}": old for number, (old, _) in enumerate(sides) if old is not None}
    after = {f"i{number}": new for number, (_, new) in enumerate(sides) if new is not None}
    found = DeepDiff(before, after, threshold_to_diff_deeper=0).affected_root_keys
    expected = {
        "added": {id_ for id_ in found if id_ not in before},
        "removed": {id_ for id_ in found if id_ not in after},
        "changed": {id_ for id_ in found if id_ in before and id_ in after},
    }

    gone = [f"{{id: {id_}, reason: 終了}}" for id_, edit in edits.items() if edit == "removed"]
    old = strategy(before, "2020-03", {}, {})
    new = strategy(after, "2023-10", edits, {**REVISED, "removed": f"[{', '.join(gone)}]" if gone else ""})
    pairs = [pair for pair in compare(old, new).root.walk() if pair.level == "policy"]
    assert {
        "added": {pair.item.id for pair in pairs if not pair.old},
        "removed": {pair.item.id for pair in pairs if pair.new is None},
        "changed": {pair.item.id for pair in pairs if pair.old and pair.new and any(pair.own_changes)},
    } == expected
