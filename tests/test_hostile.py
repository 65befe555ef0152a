"""Input that means no good, or never was an edition: one clear answer, no traceback, no hang, in every format."""

import importlib
import io
import json
import os
import pkgutil
import random
import re
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

import atsugi_cli
from atsugi_cli import formats, store
from atsugi_cli.cli import app
from atsugi_cli.project.parallel import checked
from atsugi_cli.project.reading import Project, schemas
from atsugi_cli.reader import codes, enough, read, strictness
from atsugi_cli.store import sizes

TEXT = (Path(__file__).parent / "corpus" / "ayukawa-2" / "2020-03.yaml").read_text(encoding="utf-8")
MANY = 100_000
NOISE = random.Random(1).randbytes(4000)  # noqa: S311 - no secret


def office(part: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return file.getvalue()


def bomb() -> bytes:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(at + 1)}: &{chr(at + 1)} [{', '.join([f'*{chr(at)}'] * 9)}]" for at in range(97, 110)]
    return "\n".join(lines).encode()


# What it is: its bytes and the code of the first finding; "" where the run ends before anything is found (exit 2).
FILES: dict[str, tuple[bytes, str]] = {
    "square brackets": (b"[" * MANY, "too-deep"),
    "square brackets on lines": (b"[\n" * MANY, "too-deep"),
    "braces": (b"{" * MANY, "non-text-key"),
    "dashes": (b"- " * MANY, "too-deep"),
    "question marks": (b"? " * MANY, "non-text-key"),
    "colons": (b": " * MANY, "non-text-key"),
    "double quotes": (b'"' * MANY, "text-after-quote"),
    "single quotes": (b"'" * MANY, "not-a-strategy"),
    "open quotes": (b'a: "b\n' * 20_000, "unclosed-quote"),
    "ampersands": (b"&a " * MANY, "reserved-start"),
    "asterisks": (b"*" * MANY, "reserved-start"),
    "angle brackets": (b">" * MANY, "reserved-start"),
    "tabs": (b"\t" * MANY, "reserved-start"),
    "full-width blanks": (("\u3000" * MANY).encode(), "not-a-strategy"),
    "full-width colons": (("名：値\n" * MANY).encode(), "not-a-strategy"),
    "growing indentation": (b"".join(b" " * at + b"a:\n" for at in range(400)), "too-deep"),
    "deep after a good head": (f"{TEXT}x-a: {'[' * MANY}".encode(), "too-deep"),
    "aliases of aliases": (bomb(), "anchor"),
    "one key over and over": (b"a: 1\n" * MANY, "duplicate-key"),
    "one long line": (f"format: 1\nx-a: {'あ' * 350_000}".encode(), "missing-key"),
    "one long quote": (f'title: "{"あ" * 350_000}'.encode(), "unclosed-quote"),
    "one long list": (b"[" + b"a, " * MANY + b"]", "not-a-strategy"),
    "one long number": (b"format: " + b"9" * 5000, "missing-key"),
    "numbers without an end": (b"format: 1\nplan: {id: a, title: b, period: {start: .inf, end: .nan}}", "missing-key"),
    "half a character": (b'title: "\\ud800"\nplan: {id: a}\n', "bad-escape"),
    "colours of a terminal": (b'title: "\x1b[31m"\n', "control-character"),
    "zero bytes": (b"\0" * 5000, "control-character"),
    "a zero byte in a text": (TEXT.replace("鮎川", "鮎\0川", 1).encode(), "control-character"),
    "one byte that is not UTF-8": (TEXT.encode().replace("鮎".encode(), "鮎".encode() + b"\xff", 1), "not-utf8"),
    "Shift_JIS": (TEXT.encode("cp932"), "not-utf8"),
    "EUC-JP": (TEXT.encode("euc-jp"), "not-utf8"),
    "JIS": (TEXT.encode("iso2022_jp"), "not-utf8"),
    "UTF-16": (TEXT.encode("utf-16"), "not-utf8"),
    "UTF-16, little end first, without a mark": (TEXT.encode("utf-16-le"), "not-utf8"),
    "UTF-16, big end first, without a mark": (TEXT.encode("utf-16-be"), "not-utf8"),
    "UTF-32": (TEXT.encode("utf-32"), "not-utf8"),
    "Latin-1": ("title: café\n".encode("latin-1"), "not-utf8"),
    "a sheet": (office("xl/workbook.xml"), ""),
    "a letter": (office("word/document.xml"), ""),
    "a paper": (b"%PDF-1.7\n" + NOISE, ""),
    "a picture": (b"\x89PNG\r\n\x1a\n" + NOISE, ""),
    "noise": (NOISE, ""),
    "noise after a good head": (TEXT.encode() + NOISE * 20, ""),
    "nothing": (b"", "empty-file"),
    "a mark and nothing": (b"\xef\xbb\xbf", "empty-file"),
    "blank lines": (b"\n \n\n", "empty-file"),
    "comments": ("# 未作成\n".encode(), "empty-file"),
    "a table": ("番号,名称\n1,転入促進\n".encode(), "not-a-strategy"),
    "a web page": (b"<!doctype html>\n<html></html>\n", "not-a-strategy"),
    "a list": (b"- a\n- b\n", "not-a-strategy"),
    "a number": (b"1\n", "not-a-strategy"),
    "another version of YAML": (b"%YAML 9.9\n---\nformat: 1\n", "directive"),
}

ODD: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "Windows line ends": TEXT.replace("\n", "\r\n").encode(),
    "line ends of an old Macintosh": TEXT.replace("\n", "\r").encode(),
    "a mark and Windows line ends": b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(),
    "no line end at the end": TEXT.rstrip("\n").encode(),
    "blank lines everywhere": TEXT.replace("\n", "\n\n").encode(),
    "blank lines at the end": (TEXT + "\n\n   \n").encode(),
    "a comment in every line": TEXT.replace("\n", "  # 注\n").encode(),
    "an end of the document": (TEXT + "...\n").encode(),
    "indentation by four": "".join(
        " " * (len(line) - len(line.lstrip(" "))) + line for line in TEXT.splitlines(keepends=True)
    )
    .replace("    - ", "    -   ")
    .encode(),
}


@pytest.fixture
def run(tmp_path, capsys):
    """Check bytes as a file through the command; give exit code, standard output, standard error."""

    def check(data, *options):
        path = tmp_path / "2020-03.yaml"
        path.write_bytes(data)
        code = app.main(["validate", str(path), "--root", str(tmp_path), *options])
        return (code, *capsys.readouterr())

    return check


@pytest.mark.parametrize("what", FILES)
def test_hostile_files_get_one_clear_answer(what, run):
    data, expected = FILES[what]
    code, out, err = run(data, "-f", "json")
    told = json.loads(out)
    if expected:
        assert (code, err) == (1, "")
        assert told["findings"][0]["code"] == expected
        assert all(each["hint"] for each in told["findings"])
        assert len(told["findings"]) <= codes_shown(what)
    else:
        assert code == 2
        assert "YAMLではなく" in told["failure"]


def codes_shown(what: str) -> int:
    """Say how many findings a file may have: what repeats is not said a hundred thousand times."""
    return 60 if what in {"one key over and over", "zero bytes"} else 30


@pytest.mark.parametrize("what", ODD)
def test_unusual_bytes_are_accepted_in_silence(what, run):
    assert run(ODD[what]) == (0, "", "")


@pytest.mark.parametrize("form", formats.codes("validate"))
def test_every_format_stands_many_findings_of_odd_text(form, run):
    lines = "".join(f"  - {{id: a{at}, nmber: 1, title: '<&]]>\u202e ::error::{at}'}}\n" for at in range(300))
    code, out, err = run((TEXT + lines).encode(), "-f", form)
    counted = "エラー 300件、警告 300件（うち 300件は --fix で直せます）\n" if form in {"text", "concise"} else ""
    assert (code, err) == (1, counted)
    assert out.isprintable() or "\x1b" not in out


# --------------------------------------------------------------------------------------------------------- budgets

DENSE: dict[str, str] = {
    "anchors": "".join(f"  - &a{at} b\n" for at in range(2500)),
    "aliases": "".join(f"  - *a{at}\n" for at in range(2500)),
    "tags": "  - !a b\n" * 2500,
    "keys that are no text": "  - {~: a}\n" * 2500,
    "values that are slips": "  - id:x\n" * 2500,
    "merges": "  - {<<: *a}\n" * 2500,
}
LONG: dict[str, str] = {
    "of letters": "あ" * 20_000,
    "of characters in two parts": "か\u3099" * 10_000,
    "of radicals": "⼀" * 20_000,
    "of eras": "令和3(2022)" * 300,
    "of brackets": "「" * 20_000,
    "of definitions": "（以下「デジ田」という。）" * 2000,
}


def steps(check):
    """Count the lines of Python that are run: the same on every machine."""
    count = 0

    def counted(_frame, _event, _argument):
        nonlocal count
        count += 1
        return counted

    sys.settrace(counted)
    try:
        check()
    finally:
        sys.settrace(None)
    return count


def findings_of(text, run):
    return json.loads(run(text.encode(), "-f", "json")[1])["findings"]


@pytest.mark.parametrize("what", DENSE)
def test_of_many_slips_some_are_said_and_that_there_are_more(what, run, monkeypatch):
    monkeypatch.setattr(strictness, "MAX_EXPLAINED", 2000)
    monkeypatch.setattr(enough, "MOST", 100)
    monkeypatch.setattr(strictness, "MOST", 100)
    found = findings_of(f"{TEXT}memo:\n{DENSE[what]}", run)
    assert 1 <= len(found) <= 103
    assert "more-findings" in {each["code"] for each in found}


def test_the_first_slip_of_a_large_text_is_found_however_far_it_is(run, monkeypatch):
    monkeypatch.setattr(strictness, "MAX_EXPLAINED", 2000)
    lines = "  - an item of some length\n" * 5000
    assert [each["code"] for each in findings_of(f"{TEXT}x-a:\n{lines}  - &a b\n", run)] == ["anchor"]


def test_a_text_that_is_far_too_dense_is_not_read_to_its_end(run, monkeypatch):
    monkeypatch.setattr(strictness, "MAX_EXPLAINED", 2000)
    found = findings_of(f"{TEXT}x-a: [{'a,' * 20_000} &a b]\n", run)
    assert [each["code"] for each in found] == ["too-large"]


def test_of_many_findings_of_one_rule_a_thousand_are_said(run):
    again = "".join(f"  - {{id: sdgs, number: {at}, title: 目標その{at}}}\n" for at in range(2000))
    said = [each["code"] for each in findings_of(TEXT.replace("\ngoals:\n", f"\ngoals:\n{again}"), run)]
    assert said.count("duplicate-id") == enough.MOST
    assert "more-findings" in said


def test_of_many_unknown_keys_a_thousand_are_said(run):
    said = [each["code"] for each in findings_of(TEXT + "".join(f"unknown{at}: 1\n" for at in range(3000)), run)]
    assert said.count("unknown-key") == enough.MOST
    assert "more-findings" in said


def test_behind_a_syntax_error_only_the_neighbourhood_is_parsed(run, monkeypatch):
    monkeypatch.setattr(strictness, "NEAR", 2000)
    parsed = []
    first = strictness.first_stop
    monkeypatch.setattr(strictness, "first_stop", lambda text, **more: parsed.append(len(text)) or first(text, **more))
    lines = "".join(f"  - {{id: a{at}, title: 取組}}\n" for at in range(20_000))
    found = findings_of(f'{TEXT}x-a: "b\nx-b: "c"\nx-c:\n{lines}', run)
    assert [each["code"] for each in found] == ["unclosed-quote"]
    assert max(parsed[1:]) < len(TEXT) + 5000


@pytest.mark.parametrize("key", ["title", "body"])
@pytest.mark.parametrize("what", LONG)
def test_a_long_text_costs_no_more_than_its_length(what, key, run):
    def edition(share):
        words = LONG[what][: len(LONG[what]) // share]
        title, body = (words, "本文") if key == "title" else ("名称", words)
        item = f'  - {{id: long, number: 9, title: "{title}", body: "{body}"}}\n'
        return TEXT.replace("\ngoals:\n", f"\ngoals:\n{item}").encode()

    run(edition(1000))  # whatever is done once
    small, large = (steps(lambda share=share: run(edition(share))) for share in (4, 1))
    assert large < 5 * small


@pytest.mark.parametrize("blank", [" ", "\u3000", "\t", " \t", "\n"], ids=ascii)
@pytest.mark.parametrize("before", ["", "令和3", "2021年から"])
def test_a_long_run_of_blanks_costs_no_more_than_its_length(before, blank, run):
    words = "".join(f"\n      {line}" for line in f"2021年から2026年まで{before}{blank * MANY}い".split("\n"))
    item = f"  - id: long\n    number: 9\n    title: 名称\n    body: |-{words}\n"
    begin = time.process_time()
    run(TEXT.replace("\ngoals:\n", f"\ngoals:\n{item}").encode())
    assert time.process_time() - begin < 5  # 0.1; a pattern that begins again at each blank takes minutes


def test_comments_that_silence_cost_no_more_than_their_number(run):
    def edition(number):
        return (TEXT + "# strategy: ignore[number-order] 理由\n" * number).encode()

    run(edition(1))
    small, large = (steps(lambda number=number: run(edition(number))) for number in (250, 1000))
    assert large < 5 * small


def test_every_rule_of_the_reader_is_in_the_catalogue():
    assert {code for _, code in FILES.values() if code} - {"not-a-strategy", "missing-key"} <= {
        entry.code for entry in codes.RULES
    }


# ------------------------------------------------------------------------------------------------------- processes

COUNTED = "エラー 1件、警告 1件（1ファイルを検査）\n"
"""What is said on standard error behind findings for people, where there is one."""
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell and file system")


def process(*arguments, cwd, **more):
    command = [sys.executable, "-m", "atsugi_cli", "validate", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, timeout=120, check=False, **more)


@POSIX
@pytest.mark.parametrize(
    ("closing", "code"),
    [(">&-", 1), ("2>&-", 1), (">&- 2>&-", 1), ("<&-", 1), ("| head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", 1)],
)
def test_closed_streams_are_no_error_of_their_own(closing, code, tmp_path):
    (tmp_path / "a.yaml").write_text(TEXT.replace("id: sdgs", "id: SDGs"), encoding="utf-8")
    command = f"{sys.executable} -m atsugi_cli validate a.yaml {closing}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr.decode()) in {(code, ""), (code, COUNTED)}


@POSIX
def test_special_files_are_refused_by_name(tmp_path):
    os.mkfifo(tmp_path / "fifo.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    for name in ("fifo.yaml", "loop.yaml", "zero.yaml"):
        done = process(name, cwd=tmp_path, stdin=subprocess.DEVNULL)
        assert done.returncode == 2, name
        assert done.stdout == b""
        assert done.stderr.decode().startswith(f"strategy: {name} ")
        assert done.stderr.count(b"\n") == 1


def test_endless_standard_input_is_cut_short(tmp_path):
    done = process("-", cwd=tmp_path, input=b"a: b\n" * 5_000_000)
    assert done.returncode == 2
    assert "大きすぎます" in done.stderr.decode()


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_a_console_that_lacks_characters_gets_signs_or_escapes(encoding, tmp_path):
    (tmp_path / "a.yaml").write_text("title: 𠮷野家—髙橋\n", encoding="utf-8")
    done = process("a.yaml", cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode == 1
    assert ("U+20BB7" in done.stderr.decode(encoding)) == (encoding == "cp932")
    assert ("〓" if encoding == "cp932" else "\\u") in done.stdout.decode(encoding)


def folder_with(tmp_path, monkeypatch):
    """Make a folder with a good edition and one with a slip, and go there."""
    folder = tmp_path / "ayukawa-2"
    folder.mkdir()
    (folder / "2020-03.yaml").write_text(TEXT, encoding="utf-8")
    later = TEXT.replace("id: 2020-03", "id: 2023-10").replace("id: sdgs", "id: SDGs")
    (folder / "2023-10.yaml").write_text(later, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def said(capsys, *arguments):
    code = app.main(["validate", "ayukawa-2", "-f", "json", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    return code, [(Path(each["path"]).name, each["code"]) for each in json.loads(out)["findings"]]


@POSIX
def test_what_cannot_be_read_in_a_folder_is_said_and_the_others_are_checked(tmp_path, monkeypatch, capsys):
    folder = folder_with(tmp_path, monkeypatch)
    before = said(capsys)[1]
    assert before
    os.mkfifo(folder / "fifo.yaml")
    (folder / "gone.yaml").symlink_to("nowhere.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "up").symlink_to("..")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    code, found = said(capsys)
    assert code == 1
    assert [pair for pair in found if pair[1] != "unreadable-file"] == before
    special = {name for name, rule in found if rule == "unreadable-file"}
    assert special == {"fifo.yaml", "gone.yaml", "loop.yaml", "up", "zero.yaml"}  # links do not lead out of it
    assert app.main(["validate", "ayukawa-2", "--fix", "--diff"]) == 1
    assert capsys.readouterr().err.count("strategy: ayukawa-2/") == len(special)


def test_a_large_file_in_a_folder_is_said_and_the_others_are_checked(tmp_path, monkeypatch, capsys):
    folder = folder_with(tmp_path, monkeypatch)
    monkeypatch.setattr(sizes, "MAX_BYTES", len(TEXT.encode()) + 1000)
    before = said(capsys)[1]
    (folder / "log.yaml").write_bytes(b"a: b\n" * 50_000)
    code, found = said(capsys)
    assert code == 1
    assert found == [*before, ("log.yaml", "unreadable-file")]


def test_files_and_profiles_that_vanish_or_are_closed_are_findings(tmp_path, monkeypatch, capsys):
    folder = folder_with(tmp_path, monkeypatch)
    (folder / "profile.yaml").write_text("city: 鮎川市\n", encoding="utf-8")
    reading = store.read_file

    def closed(path):
        if Path(path).name in {"2020-03.yaml", "profile.yaml"}:
            raise store.StoreError(f"{path} を読めません（権限がありません）。")
        return reading(path)

    monkeypatch.setattr(store, "read_file", closed)
    code, found = said(capsys)
    assert code == 1
    assert [name for name, rule in found if rule == "unreadable-file"] == ["2020-03.yaml", "profile.yaml"]


def test_of_the_folders_that_are_checked_only_findings_stay_in_memory(tmp_path, monkeypatch):
    for number in range(5):
        folder = tmp_path / f"plan-{number}"
        folder.mkdir()
        (folder / "2020-03.yaml").write_text(TEXT.replace("id: ayukawa-2", f"id: plan-{number}"), encoding="utf-8")
    project = Project(str(tmp_path))
    kept = []
    forget = Project.forget
    monkeypatch.setattr(Project, "forget", lambda self, most=0: kept.append(len(self._reads)) or forget(self, most))
    findings = checked(project, [str(tmp_path)])
    assert max(kept) == 1
    assert findings.checked == 5
    assert [text for _, text in findings.sources] == [""] * 5


# ------------------------------------------------------------------------------------------------------- patterns

AGAIN = (
    *"# \t　a1あ、。：[{(（\"'\\-,:*<",
    *("# 注\r\n", "\r\n", "- ", "a: ", '\\"', "a b ", "a, ", "令和1", " #", "a-", "x: y\n", "'' ", "\n  "),
)
"""What a pattern may read in more than one way when it is written over and over."""


def patterns():
    """Every text that a module of the program keeps and that can repeat something as a pattern, with its name."""
    for module in pkgutil.walk_packages(atsugi_cli.__path__, "atsugi_cli."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                stack = [value]
                while stack:
                    each = stack.pop()
                    if isinstance(each, tuple | list):
                        stack += each
                    elif isinstance(each, dict):
                        stack += each.values()
                    elif isinstance(each, re.Pattern):
                        yield f"{module.name}.{name}", each
                    elif isinstance(each, str) and not name.startswith("__") and set(each) & set("*+{"):
                        with suppress(re.error, FutureWarning):  # a text of another kind
                            yield f"{module.name}.{name}", re.compile(each)


FOUND = {"atsugi_cli.match.prose._TOKEN"}
"""What is only searched for, never matched to the end of a text."""


def test_no_pattern_takes_for_ever():
    found = list(patterns())
    assert len(found) > 100
    for name, pattern in found:
        for again in AGAIN:
            for count in (20, 200):  # what doubles with every piece shows at 20, before anything hangs
                words = f"a{again * count}\0"
                text = words.encode() if isinstance(pattern.pattern, bytes) else words
                start = time.process_time()
                pattern.search(text)
                if name not in FOUND:
                    pattern.fullmatch(text)
                assert time.process_time() - start < 0.2, (name, again, count)


def test_comments_before_a_slip_in_a_windows_file_take_no_time():
    text = ("# 注\n" * 200 + "format: 1\nplan: {id: p, title: 計画}\ngoals:\n  - {id: a b: c}\n").replace("\n", "\r\n")
    findings = read(text.encode(), "a.yaml", schemas()).findings
    assert [finding.place.line for finding in findings] == [204]
