"""What `regular` reads without a parser is what the parser reads, and what it cannot be sure of it leaves alone.

Compare more damaged texts by hand: python tests/test_regular.py FIRST LAST (a number is always the same text).
"""

import random
import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from atsugi_cli.reader import events, regular
from atsugi_cli.reader.data import LINE_SEPARATORS, Map

HERE = Path(__file__).parent
EVERY = tuple(
    path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    for folder in (HERE.parent / "strategies", HERE)
    for path in sorted(folder.rglob("*.y*ml"))
    if b"\0" not in path.read_bytes()
)
PIECES = (
    *"  \n\n--::#'\"[]{},|>&*!%@`?=\\\t　\xa0\r~<0.x年、：－「」",
    *(
        "  ",
        ": ",
        " #",
        "- ",
        "|-\n",
        "|\n",
        "|+\n",
        ">-\n",
        "---\n",
        "...\n",
        "''",
        "\n  ",
        "\n    ",
        "{a: 1}",
        "[a, b]",
    ),
    *(
        "[]",
        "{}",
        "null",
        "~",
        "true",
        '"a"',
        "'a' ",
        "\r\n",
        "\ufeff",
        "\x85",
        "k:\n",
        "k: ",
        "<<: ",
        "-1",
        "+3",
        "0x1F",
    ),
    *(
        "1e3",
        ".5",
        "012",
        "- - a",
        "? a\n",
        "# a: b\n",
        "[a, ]",
        "{a}",
        "{a: , b: 1}",
        '"\\n"',
        "https://a.jp",
        "&a ",
        "*a",
    ),
)


def same(one: object, other: object) -> bool:
    """Tell whether two pieces of data are alike, to the types, the order of keys, and where each mapping stands."""
    if type(one) is not type(other):
        return False
    if type(one) is Map and type(other) is Map:
        alike = list(one) == list(other) and (one.line, one.node) == (other.line, other.node)
        return alike and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def check(text: str) -> bool:
    """Compare both readers where `regular` has an answer; tell whether it had one."""
    found = regular.data(text)
    if found is None:
        return False
    assert not any(mark in text for mark in (*LINE_SEPARATORS, "\n%", "\r%")), text  # `load` asks no parser of these
    parsed = events.data(text)
    assert same(found, parsed), text
    assert found.wrapped is False
    assert isinstance(parsed, Map)
    assert parsed.wrapped is False
    return True


def damaged(number: int) -> str:
    """Take a piece of a real file, moved to the margin, and damage it."""
    chance = random.Random(number)  # noqa: S311 - cases that anybody can repeat
    lines = chance.choice(EVERY).split("\n")
    start = chance.randrange(len(lines))
    lines = lines[start : start + chance.randrange(2, 30)]
    margin = len(lines[0]) - len(lines[0].lstrip(" "))
    lines = [line[margin:] if line[:margin].isspace() else line for line in lines]
    if lines[0].startswith("- "):
        lines.insert(0, "k:")
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        at = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                lines.insert(at, chance.choice(lines))
            case 1:
                lines[at] = " " * chance.choice((1, 2, 4)) + lines[at]
            case 2:
                lines[at] = lines[at][chance.choice((1, 2)) :]
            case _:
                place = chance.randrange(len(lines[at]) + 1)
                end = place + chance.choice((0, 0, 1, 2))
                lines[at] = lines[at][:place] + chance.choice(PIECES) + lines[at][end:]
        lines = "\n".join(lines).split("\n")
    return "\n".join(lines)


def test_every_file_here_is_read_alike():
    assert sum(map(check, EVERY)) > len(EVERY) * 0.7


@pytest.mark.parametrize("folder", ["atsugi-1", "atsugi-2"])
def test_what_the_program_ships_is_regular(folder):
    for path in (HERE.parent / "strategies" / folder).glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert check(text), path
        assert check(text.replace("\n", "\r\n")), path


@settings(max_examples=1500)
@given(st.integers(min_value=0))
def test_damaged_files_are_read_alike(number):
    check(damaged(number))


@settings(max_examples=500)
@given(st.lists(st.sampled_from([*PIECES, "a: ", "b: ", "\n- ", "\n  - c: ", "文"]), max_size=12).map("".join))
@example("a: {b: [c, 'd, e', {f: \"g\"}], h: -1.5} # i")
@example("a: |\n  b\n\n    c: d\n   # e\n\n# f\ng: |-\n  h")
@example("# a\n---\nb: c")
def test_any_text_is_read_alike(text):
    check("k: v\n" + text)
    check(text)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1\nb: １\nc: 01\nd: ~\ne:\nf: true\ng: -1.5\nh: 'x' # y\n",
         {"a": 1, "b": "１", "c": "01", "d": None, "e": None, "f": True, "g": -1.5, "h": "x"}),
        ("a:\n- b: c\n  d:\n  - e\n  - f\n- g: h\ni: j", {"a": [{"b": "c", "d": ["e", "f"]}, {"g": "h"}], "i": "j"}),
        ("a:   # b\n  - {c: [d, 2], e: {f: 'g, h'}}   # i\n  -   j: k\n      l: m\n  - n  \n",
         {"a": [{"c": ["d", 2], "e": {"f": "g, h"}}, {"j": "k", "l": "m"}, "n"]}),
        ("a: |-\n    b\n\n     c # d\n\ne: |\n  f\n\n\n", {"a": "b\n\n c # d", "e": "f\n"}),
        ("a: b#c\nd: http://e:1/#f\ng: 「h」: 'i\n", None),
        ("a: 取組 # b\nc: 12:30\nd: [e]\n", {"a": "取組", "c": "12:30", "d": ["e"]}),
    ],
)  # fmt: skip
def test_the_usual_way_of_writing(text, data):
    assert regular.data(text) == data
    assert data is None or check(text)


IRREGULAR = r"""
# a
a
- a
 a: b
a : b
a:b
a: b: c
a: b\n  c
a: b\n  c: d
a:\n  b: c\n d: e
a: &b c
a: *b
a: !b c
a: >-\n  b
a: |+\n  b
a: |2\n  b
a: |-\n\n  b
a: |-
a: "b\\n"
a: 'b''c'
a: 'b\n  c'
a: 'b'c
a: 'b'#c
a: [b
a: [b,\n  c]
a: [b, ]
a: [b]c
a: {b}
a: {b:c}
a: {b: c: d}
a: {b: , c: d}
a: {b: c, b: d}
a: b\na: c
<<: b
1: b
true: b
'a': b
a: - b
a:\n  - - b
a:\n  -\n    b: c
a: b\n- c
a: b\n---\nc: d
a: b\n...
a:\tb
a: b\tc
a: b\rc: d
a: \x07
a: \ufffe
a: \ud800
a: b\u2028c
a: title\uff1ab
a: \uff3bb\uff3d
a: [b\u3001c]
""".strip().split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: |\n  b",
        *(each.encode("ascii").decode("unicode_escape") + "\n" for each in IRREGULAR),
        "a" * 200 + ": b\n",
        "a: " + "[" * 20 + "]" * 20 + "\n",
        "a: [" + "b, " * 500 + "b]\n",
        "".join(" " * depth + f"k{depth}:\n" for depth in range(70)),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_may_be_anything_is_left_to_the_parser(text):
    assert regular.data(text) is None


def test_long_texts_are_cut_into_lines_in_pieces(monkeypatch):
    text = EVERY[0]
    whole = regular.data(text)
    for size in (1, 7, 100, len(text), len(text) + 1):
        monkeypatch.setattr(regular, "CHUNK", size)
        assert same(regular.data(text), whole)
        assert same(regular.data(text.rstrip("\n")), whole) or re.search(r": \|\n", text)


if __name__ == "__main__":
    first, last = map(int, sys.argv[1:])
    read = sum(check(damaged(number)) for number in range(first, last))
    print(f"{last - first} texts, {read} read by both, alike")  # noqa: T201
