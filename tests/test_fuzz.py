"""Real files, damaged at random, through all of `validate` and `diff`: an answer each time, and places that exist.

Run more of them by hand: python tests/test_fuzz.py FIRST LAST (numbers of cases; a number is always the same case).
"""

import json
import os
import random
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from atsugi_cli import formats
from atsugi_cli.cli import app
from atsugi_cli.findings import Findings, in_order
from atsugi_cli.formats.options import Options
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read
from atsugi_cli.reader.splice import spliced
from atsugi_cli.rules import CATALOGUE, check, check_plan
from atsugi_cli.rules.base import Subject

HERE = Path(__file__).parent
FILES = tuple(
    path.read_text(encoding="utf-8")
    for folder in (HERE.parent / "strategies", HERE / "corpus" / "ayukawa-2")
    for path in sorted(folder.rglob("20*.yaml"))
)
PIECES = (
    *"：　、，・－①２\t\"'[]{}#&*!|>%@`-?:,\\ \r\n\0\x1b\u2028\ufeff\u200b\u3099\ud7ff￿𠮷👨‍👩‍👧",
    *(": ", "- ", " #", "<<: ", "---\n", "...\n", "null", "~", "no", "1e9", ".nan", "0120", "2024-02-30", "令和31"),
    *("&a ", "*a", "!!str ", "%YAML 1.1\n", "<<<<<<<", "|2-\n", '"\\u', "{a: ", "[", "x-a: 1\n", "omitted: true\n"),
)
LINES_BESIDE = 40
CALLS_IN_ANY_CASE = 1_000_000
"""Calls of Python functions that a check may take: seven times what any case needs, and no hang."""


def damaged(number: int) -> bytes:
    """Damage a real file: a few times over, in one of the ways of people, editors and programs."""
    chance = random.Random(number)  # noqa: S311 - cases that anybody can repeat
    text = chance.choice(FILES)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        text = _damage(text, chance)
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.15:
        data = _bytes(data, chance)
    return data


def _damage(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    near = max(0, min(len(lines) - 1, at + chance.randint(-LINES_BESIDE, LINES_BESIDE)))
    match chance.randrange(14):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(near, lines.pop(at))
        case 3:
            lines[at], lines[other] = lines[other], lines[at]
        case 4:
            lines[min(at, near) : max(at, near)] = []
        case 5:
            lines[other:other] = lines[min(at, near) : max(at, near)]
        case 6:
            lines[at] = " " * chance.randrange(8) + lines[at].lstrip()
        case 7:  # the value of another line
            key, colon, _ = lines[at].partition(": ")
            lines[at] = key + colon + lines[other].partition(": ")[2]
        case 8:  # the key of another line
            blanks = lines[at][: len(lines[at]) - len(lines[at].lstrip(" -"))]
            lines[at] = blanks + lines[other].lstrip(" -").partition(":")[0] + ":" + lines[at].partition(":")[2]
        case 9:  # another type
            key, colon, _ = lines[at].partition(": ")
            value = chance.choice(
                ("", "[]", "{}", "null", "1", "-1.5", "true", "文字", "[a, 1]", "{id: a}", '"1"', "|")
            )
            lines[at] = key + colon + value
        case 10 | 11:
            place = chance.randrange(len(text) + 1)
            return text[:place] + chance.choice(PIECES) + text[place:]
        case 12:
            place = chance.randrange(len(text) + 1)
            return text[:place] + text[place + chance.choice((1, 1, 2, 5, 30, 500)) :]
        case _:
            return text[: chance.randrange(len(text) + 1)]
    return "\n".join(lines)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    match chance.randrange(5):
        case 0:
            return data[:place] + chance.randbytes(chance.randint(1, 4)) + data[place:]
        case 1:
            return data[:place] + data[place + 1 :]
        case 2:
            return data.decode("utf-8", "replace").encode(
                chance.choice(("cp932", "euc-jp", "utf-16", "utf-16-le")), "replace"
            )
        case 3:
            return b"\xef\xbb\xbf" + data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\r")))
        case _:
            return data[:place]


def checked(data: bytes, base: bytes) -> Findings:
    """Check a file against another one as the command does, and hold what was found to what must always be."""
    old = read(base, "base.yaml", schemas())
    new = read(data, "new.yaml", schemas())
    found = list(new.findings)
    if new.strategy is not None:
        found += check(Subject(new.strategy, base=old.strategy, broken=new.broken))
        found += check_plan([new.strategy, *([old.strategy] if old.strategy is not None else [])])
    texts = {"new.yaml": new.text or data.decode("utf-8", "replace"), "base.yaml": old.text}
    ends = {
        name: [*map(len, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))] for name, text in texts.items()
    }
    for each in found:
        assert each.message
        assert each.hint
        assert each.rule.code in {entry.code for entry in CATALOGUE}
        for place in (each.place, *(related.place for related in each.related)):
            lines = ends[place.source]
            assert (1, 1) <= (place.line, place.column) <= (place.end_line, place.end_column), (each, place)
            if new.text or place.source != "new.yaml":
                assert place.end_line <= len(lines), (each, place)
                assert place.column <= lines[place.line - 1] + 1, (each, place)
                assert place.end_column <= lines[place.end_line - 1] + 1, (each, place)
    for each in found:
        if each.edits:
            spliced(texts[each.place.source], each.edits)
    return Findings(in_order(found), tuple(texts.items()), 1, rules=CATALOGUE.entries)


def answered(number: int) -> None:
    """Check one case, and write what was found in every format."""
    chance = random.Random(-number)  # noqa: S311 - as above
    base = damaged(number + 1) if chance.random() < 0.2 else chance.choice(FILES).encode()
    findings = checked(damaged(number), base)
    for each in formats.offered("validate"):
        written = each.findings(findings, Options())
        assert isinstance(written, str)
        if each.code == "json":
            assert len(json.loads(written)["findings"]) == len(findings.items)


def compared(number: int, folder: Path) -> None:
    """Compare a damaged file with a real one: a table, or one line that says why not."""
    chance = random.Random(-number)  # noqa: S311 - as above
    (folder / "old.yaml").write_text(chance.choice(FILES), encoding="utf-8")
    (folder / "new.yaml").write_bytes(damaged(number))
    form = chance.choice(("text", "json", "html", "markdown", "csv"))
    command = ["diff", str(folder / "old.yaml"), str(folder / "new.yaml"), "-f", form, "-o", str(folder / "out")]
    assert app.main(command) in {0, 2}


def counted(number: int) -> int:
    """Count the calls that checking one case takes."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        checked(damaged(number), FILES[0].encode())
    finally:
        sys.setprofile(None)
    return calls


numbers = st.integers(0, 10**9)


@settings(max_examples=200, derandomize=True)
@given(numbers)
def test_damaged_files_are_answered_in_every_format(number):
    answered(number)


@settings(max_examples=60, derandomize=True)
@given(numbers)
def test_damaged_files_are_compared_or_refused(tmp_path_factory, number):
    compared(number, tmp_path_factory.mktemp("fuzz"))


@settings(max_examples=25, derandomize=True)
@given(numbers)
def test_no_damage_takes_long(number):
    assert counted(number) < CALLS_IN_ANY_CASE


@settings(max_examples=100, derandomize=True)
@given(
    st.text(max_size=200) | st.text(alphabet="".join(each for each in PIECES if len(each) == 1) + "ab12", max_size=80)
)
def test_any_text_is_answered(text):
    checked(text.encode("utf-8", "surrogatepass"), b"")


@settings(max_examples=60, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data):
    checked(data, b"")


if __name__ == "__main__":
    import tempfile
    import traceback

    os.environ["STRATEGY_DEBUG"] = "1"
    with tempfile.TemporaryDirectory() as name:
        for case in range(int(sys.argv[1]), int(sys.argv[2])):
            try:
                answered(case)
                compared(case, Path(name))
            except BaseException:  # noqa: BLE001 - every one is to be seen
                print("CASE", case, traceback.format_exc()[-1500:], flush=True)  # noqa: T201
