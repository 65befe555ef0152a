"""The YAML reading layer: data, places, and every slip with its code, line and column."""

import codecs
import random
from collections import OrderedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atsugi_cli.findings import Edit, Finding, Place
from atsugi_cli.reader import codes, events
from atsugi_cli.reader.data import MAX_DEPTH, Map, number
from atsugi_cli.reader.decoding import decode
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.loading import load, locate
from atsugi_cli.reader.places import Places
from atsugi_cli.reader.plain import ambiguous, cut_off, reading
from atsugi_cli.reader.splice import encoded, spliced

HEAD = "format: 1\nplan:\n  id: a-1\n  title: 計画\n  period: {start: 2021, end: 2026}\nedition:\n  id: e\n"  # 7 lines


def goals(text: str) -> str:
    """Put items under `goals:` (line 8); the text begins on line 9."""
    return HEAD + "goals:\n" + text


def item(text: str) -> str:
    """Put a line into an item; it is line 10."""
    return goals("  - id: a\n    " + text + "\n    note: 備考\n")


SLIPS: list[tuple[str, list[tuple[str, int, int]]]] = [
    # full-width and missing signs
    (item("title：転入促進"), [("full-width-colon", 10, 10)]),
    (item("title ：転入促進"), [("full-width-colon", 10, 11)]),
    (
        goals("  - id: a\n    title：転入\n    body：本文\n"),
        [("full-width-colon", 10, 10), ("full-width-colon", 11, 9)],
    ),
    (goals("  - title：転入\n  - id: a\n"), [("full-width-colon", 9, 10)]),
    ("plan:\n  title：第2期\nedition:\n  id: a\n", [("full-width-colon", 2, 8)]),
    ("a: 1\nc：1\n", [("full-width-colon", 2, 2)]),
    ("\ufeffa: 1\r\nc：1\r\n", [("full-width-colon", 2, 2)]),
    ("\ufeffa：1\nb: 2\n", [("full-width-colon", 1, 2)]),
    ("terms:\n  デジ田：デジタル田園\n  人口: 住民\n", [("full-width-colon", 2, 6)]),
    (HEAD.replace("start: 2021", "start：2021"), [("full-width-colon", 5, 17)]),
    (HEAD.replace("start: 2021", "start:2021"), [("colon-without-blank", 5, 17)]),
    (item("title:転入促進"), [("colon-without-blank", 10, 10)]),
    (item("title:\u3000転入促進"), [("colon-without-blank", 10, 11)]),
    (goals("  - id:a\n    title: x\n"), [("colon-without-blank", 9, 7)]),
    ("plan:\n  title:x\nedition:\n  id: a\n", [("colon-without-blank", 2, 8)]),
    (goals("  -id: a\n    title: x\n"), [("dash-without-blank", 9, 3)]),
    (goals("  -id: a\n   title: x\n"), [("dash-without-blank", 9, 3)]),
    (goals("  -id: a\n"), [("dash-without-blank", 9, 3)]),
    (goals("  -\u3000id: a\n    title: x\n"), [("dash-without-blank", 9, 3)]),
    (goals("  － id: a\n    title: x\n"), [("full-width-mark", 9, 3)]),
    (goals("  ・ id: a\n    title: x\n"), [("full-width-mark", 9, 3)]),
    (goals("  - id: a\n＃ コメント\n    title: x\n"), [("full-width-mark", 10, 1)]),
    (HEAD.replace("2021, ", "2021、"), [("full-width-mark", 5, 23)]),
    (HEAD.replace("{", "｛").replace("}", "｝"), [("full-width-mark", 5, 11)]),
    (item("from: ［a, b］"), [("full-width-mark", 10, 11)]),
    (item("from: [a、b]"), [("full-width-mark", 10, 13)]),
    (item("title"), [("missing-colon", 10, 5)]),
    (item("title 転入促進"), [("missing-colon", 10, 5)]),
    (item("title = 転入促進"), [("missing-colon", 10, 11)]),
    (item("title；転入促進"), [("missing-colon", 10, 10)]),
    (HEAD + "goals\n  - id: a\n", [("missing-colon", 8, 1)]),
    (item("転入促進"), [("missing-colon", 10, 5)]),
    # blanks at the beginning of a line
    (goals("\t- id: a\n\t  title: x\n"), [("tab-indent", 9, 1)]),
    (goals("  - id: a\n\ttitle: x\n"), [("tab-indent", 10, 1)]),
    (goals("  - id: a\n  \ttitle: x\n"), [("tab-indent", 10, 3)]),
    ("plan:\n\u3000id: a\n\u3000title: x\n", [("wide-space-indent", 2, 1)]),
    (goals("  - id: a\n\u3000\u3000title: x\n"), [("wide-space-indent", 10, 1)]),
    (goals("  - id: a\n\xa0\xa0\xa0\xa0title: x\n"), [("wide-space-indent", 10, 1)]),
    (item("body: |\n\u3000\u3000説明"), [("wide-space-indent", 11, 1)]),
    (goals("  - id: a\n     title: x\n     body: y\n"), [("uneven-indent", 10, 6)]),
    (goals("  - id: a\n   title: x\n   body: y\n"), [("uneven-indent", 10, 4)]),
    (goals("  - id: a\n    title: x\n   body: y\n   note: z\n"), [("uneven-indent", 11, 4)]),
    (
        goals("  - id: a\n    title: x\n   policies:\n     - id: b\n       title: y\n  - id: c\n"),
        [("uneven-indent", 11, 4)],
    ),
    (goals("  - id: a\n - id: b\n"), [("uneven-indent", 10, 2)]),
    (goals("  - id: a\n    title: x\n   - id: b\n"), [("uneven-indent", 11, 4)]),
    (" format: 1\nplan:\n  id: x\n", [("uneven-indent", 1, 2)]),
    (item("body: |\n        長い文章\n      続き"), [("uneven-indent", 12, 7)]),
    # quotes and brackets
    (item('title: "転入促進'), [("unclosed-quote", 10, 12)]),
    (item('title: "転入促進\n    body: "x"'), [("unclosed-quote", 10, 12)]),
    (item("title: '転入促進\n    body: 'x'"), [("unclosed-quote", 10, 12)]),
    (item('title: "転入促進”'), [("unclosed-quote", 10, 12)]),
    (item('title: "転入促進 # 仮'), [("unclosed-quote", 10, 12)]),
    (item('owners: [企画課, "産業課]\n    note2: "x"'), [("unclosed-quote", 10, 19)]),
    (item('title: "つながり" の創出'), [("text-after-quote", 10, 19)]),
    (item("title: 'it's'"), [("text-after-quote", 10, 16)]),
    (item("from: [a, b"), [("unclosed-bracket", 10, 11)]),
    (HEAD.replace("2026}", "2026"), [("unclosed-bracket", 5, 11)]),
    (HEAD.replace("2021, end", "2021 end"), [("missing-comma", 5, 24)]),
    (HEAD.replace("2021, end", "2021\u3000end"), [("missing-comma", 5, 24)]),
    (item("title: [重要] 転入促進"), [("reserved-start", 10, 12)]),
    (item("from: [a]]"), [("reserved-start", 10, 11)]),
    (item("title: |説明"), [("reserved-start", 10, 12)]),
    (item("title: >50%"), [("reserved-start", 10, 12)]),
    (item("title: *重要"), [("reserved-start", 10, 12)]),
    (item("title: &重要 x"), [("reserved-start", 10, 12)]),
    (item("title: !重要"), [("reserved-start", 10, 12)]),
    (item("title: @home"), [("reserved-start", 10, 12)]),
    (item("title: %増"), [("reserved-start", 10, 12)]),
    (item("title: `x`"), [("reserved-start", 10, 12)]),
    (item('note2: "C:\\共有"'), [("bad-escape", 10, 15)]),
    (item('note2: "\\ud800"'), [("bad-escape", 10, 13)]),
    # text that is structure, structure that is text
    (item("title: 目標1: 転入促進"), [("colon-in-text", 10, 15)]),
    (item("title: A: B: C"), [("colon-in-text", 10, 13)]),
    (goals("  - id: a title: x\n"), [("colon-in-text", 9, 16)]),
    (item("owners: - 企画課"), [("list-in-text", 10, 13)]),
    (goals("  - id: a\n    owners: 企画課\n      - 産業課\n"), [("list-in-text", 11, 7)]),
    ("a: 1\n- b\n", [("list-in-text", 2, 1)]),
    ("a: 1\n}\n", [("reserved-start", 2, 1)]),
    ("{a: 1}\nb: 2\n", [("syntax", 2, 1)]),
    # what is refused by name
    (item("title: x\n    title: y"), [("duplicate-key", 11, 5)]),
    (item('title: x\n    "title": y'), [("duplicate-key", 11, 5)]),
    ("terms: {2024: x, true: y}\n", [("non-text-key", 1, 9), ("non-text-key", 1, 18)]),
    ("~: x\n", [("non-text-key", 1, 1)]),
    (": x\n", [("non-text-key", 1, 1)]),
    ("? [a]\n: b\n", [("non-text-key", 1, 3)]),
    ("a: {{ x }}\n", [("non-text-key", 1, 5)]),
    ("a: &b {c: 1}\nd:\n  <<: *b\n  e: 1\n", [("merge-key", 3, 3)]),
    ("a: &b {c: 1}\nd: *b\n", [("anchor", 1, 4)]),
    ('"<<": *b\n', [("anchor", 1, 7)]),
    (item("title: *abc"), [("anchor", 10, 12)]),
    ("a: !!str x\n", [("tag", 1, 4)]),
    (item("title: !abc x"), [("tag", 10, 12)]),
    ("%YAML 1.2\n---\na: 1\n", [("directive", 1, 1)]),
    ("# x\n%FOO\n---\na: 1\n", [("directive", 2, 1)]),
    ("a: 1\n---\nb: 2\n", [("several-documents", 2, 1)]),
    ("a: " + "[" * 70, [("too-deep", 1, 4 + MAX_DEPTH - 1)]),
    ("", [("empty-file", 1, 1)]),
    ("# コメントだけ\n", [("empty-file", 1, 1)]),
    ("---\n", [("empty-file", 1, 1)]),
    (goals("<<<<<<< HEAD\n  - id: a\n=======\n  - id: b\n>>>>>>> x\n"), [("conflict-marker", 9, 1)]),
    ("a: 日本\0語\n", [("control-character", 1, 6)]),
    ("a: \uffff\n", [("control-character", 1, 4)]),
    ("a: x\u2028y\n", [("line-separator", 1, 5)]),
    # several causes, each once
    (
        goals("  - id: a\n    title：転入\n    body: x\n  -id: b\n    title: 目標: x\n"),
        [("full-width-colon", 10, 10), ("dash-without-blank", 12, 3), ("colon-in-text", 13, 14)],
    ),
]

GOOD: list[tuple[str, object]] = [
    ("\ufeffa: 1\n", {"a": 1}),
    ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    (
        "a: [https://example.jp/a, x:y, 1:30]\nb: {c: https://x.jp, d: 10:30}\n",
        {"a": ["https://example.jp/a", "x:y", "1:30"], "b": {"c": "https://x.jp", "d": "10:30"}},
    ),
    (
        "title: x\nnote: title：転入\nb: [title:x, note：y]\n",
        {"title": "x", "note": "title：転入", "b": ["title:x", "note：y"]},
    ),
    ("a: ［PDF］\nb: km、m\n", {"a": "［PDF］", "b": "km、m"}),
    ("a: |\n  x\n  %y\n", {"a": "x\n%y\n"}),
    ("a: 1\rb: 2\r", {"a": 1, "b": 2}),
    ("# x\na: # y\n  # z\n  - 1 # w\n# end", {"a": [1]}),
    ("--- # 開始\na: 1\n...\n", {"a": 1}),
    ("{a: 1, b: [x, 'y', {c: }], }", {"a": 1, "b": ["x", "y", {"c": None}]}),
    ('"a": 1\n\'b\' : 2\n"12": 3\n"true": 4\n"<<": 5\n', {"a": 1, "b": 2, "12": 3, "true": 4, "<<": 5}),
    ("a: |2\n    字下げ\n  x\nb: >-\n  い\n  ろ\nc: |+\n  x\n\n", {"a": "  字下げ\nx\n", "b": "いろ", "c": "x\n\n"}),
    ("a: " + "あ" * 200_000, {"a": "あ" * 200_000}),
    ("a: 〜～－—「」：、（）①%\n", {"a": "〜～－—「」：、（）①%"}),
    ("a: 件数：10\nb: KPI：指標\n", {"a": "件数：10", "b": "KPI：指標"}),
    ("- 理由：あり\n- https://example.jp/a:b\n", ["理由：あり", "https://example.jp/a:b"]),
    ("a: x:y\nb: 10:30\nc: a、b\n", {"a": "x:y", "b": "10:30", "c": "a、b"}),
    ("a: 日本𠮷野😀\n", {"a": "日本𠮷野😀"}),
    ("a:\n- 1\n- 2\n", {"a": [1, 2]}),
    ("a:\n    - b:   1\n      c: 2\n", {"a": [{"b": 1, "c": 2}]}),
    ("a: 複数行の\n  文章 - 続き\n", {"a": "複数行の文章 - 続き"}),
    ("body: |\n  title：全角\n  key:value\n  -dash\n  \u3000段落\n  <<<<<<< HEAD\n", None),
    ("a: \"\\u3042\\n\\\"x\\\"\"\nb: 'it''s'\n", {"a": 'あ\n"x"', "b": "it's"}),
    ("a: 1\n\n\n", {"a": 1}),
    ("文字だけ", "文字だけ"),
]

SCALARS = [
    ("1", 1),
    ("-12", -12),
    ("+3", 3),
    ("0", 0),
    ("-0", 0),
    ("1.5", 1.5),
    ("0.50", 0.5),
    ("-.5", -0.5),
    ("2.", 2.0),
    ("1e3", 1000.0),
    ("0x1F", "0x1F"),
    ("0o17", "0o17"),
    ("012", "012"),
    ("-012", "-012"),
    ("00.5", "00.5"),
    ("1_000", "1_000"),
    ("0x1_F", "0x1_F"),
    ("1,000", "1,000"),
    ("1:30", "1:30"),
    ("2023-10-17", "2023-10-17"),
    ("2023-10", "2023-10"),
    (".inf", ".inf"),
    ("-.inf", "-.inf"),
    (".nan", ".nan"),
    ("+inf", "+inf"),
    ("1e999", "1e999"),
    ("9" * 5000, "9" * 5000),
    ("１２", "１２"),
    ("1２", "1２"),
    ("1.2.3", "1.2.3"),
    ("+", "+"),
    (".", "."),
    ("0x", "0x"),
    ("0b1", "0b1"),
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("true", True),
    ("FALSE", False),
    ("tRue", "tRue"),
    ("null", None),
    ("~", None),
    ("", None),
]


def said(findings: tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    """Reduce findings to code, line and column."""
    return [(finding.rule.code, finding.place.line, finding.place.column) for finding in findings]


def slice_of(text: str, place: Place) -> str:
    """Cut a place out of a text, by lines and columns alone."""
    lines = Lines(text, "")
    start = lines.starts[place.line - 1] + place.column - 1
    return text[start : lines.starts[place.end_line - 1] + place.end_column - 1]


def check_places(text: str, findings: tuple[Finding, ...]) -> None:
    lines = Lines(text, "")
    for finding in findings:
        assert finding.message
        assert finding.hint
        for place in (finding.place, *(related.place for related in finding.related)):
            assert 1 <= place.line <= place.end_line <= len(lines.starts)
            start = lines.starts[place.line - 1] + place.column - 1
            end = lines.starts[place.end_line - 1] + place.end_column - 1
            assert start <= end <= len(text)
            assert lines.position(start) == (place.line, place.column)
        spliced(text, finding.edits)


@pytest.mark.parametrize(("text", "expected"), SLIPS)
def test_slip(text: str, expected: list[tuple[str, int, int]]) -> None:
    _, findings = load(text, "a.yaml")
    assert said(findings) == expected
    check_places(text, findings)


@pytest.mark.parametrize(("text", "expected"), SLIPS)
def test_slip_without_the_c_parser(text: str, expected: list[tuple[str, int, int]]) -> None:
    _, findings = load(text, "a.yaml", pure=True)
    if text in {item("title: *重要"), item("title: &重要 x")}:  # names that only the Python parser allows
        expected = [("anchor", 10, 12)]
    assert said(findings) == expected


@pytest.mark.parametrize(
    "text",
    [
        text
        for text, expected in SLIPS
        if {code for code, _, _ in expected} & {"full-width-colon", "dash-without-blank"}
    ],
)
def test_edits_make_the_text_readable(text: str) -> None:
    _, findings = load(text, "a.yaml")
    repaired = spliced(text, [edit for finding in findings for edit in finding.edits])
    assert not {"full-width-colon", "dash-without-blank"} & {code for code, _, _ in said(load(repaired, "a.yaml")[1])}


@pytest.mark.parametrize(("text", "expected"), GOOD)
@pytest.mark.parametrize("pure", [False, True])
def test_valid_oddities_are_accepted(text: str, expected: object, pure: bool) -> None:
    data, findings = load(text, "a.yaml", pure=pure)
    assert findings == ()
    assert expected is None or data == expected


@pytest.mark.parametrize(("plain", "expected"), SCALARS)
def test_plain_scalars(plain: str, expected: object) -> None:
    data, findings = load(f"a: {plain}\nb: '{plain}'\nc: [{plain or '~'}]\n", "a.yaml")
    assert findings == ()
    assert isinstance(data, Map)
    assert data["a"] == expected
    assert isinstance(data["a"], type(expected))
    assert data["b"] == plain
    assert data["c"] == ([1, "000"] if plain == "1,000" else [expected])


@given(st.text(alphabet="0123456789+-._eExXobinfa:", min_size=1, max_size=12))
def test_numbers_never_fail(text: str) -> None:
    value = number(text)
    assert value == text if isinstance(value, str) else float(str(value)) == value


def test_messages_say_what_was_typed_and_what_to_write() -> None:
    (finding,) = load(item("title：転入促進"), "計画.yaml")[1]
    assert finding.place.source == "計画.yaml"
    assert "title" in finding.message
    assert "title: 転入促進" in finding.hint
    (finding,) = load(item("title: x\n    title: y"), "a.yaml")[1]
    assert [(related.place.line, related.message) for related in finding.related] == [(10, "最初はここ")]
    (finding,) = load(goals("\t- id: a\n\t- id: b\n\t- id: c\n"), "a.yaml")[1]
    assert "ほかに 2 行" in finding.message
    assert spliced(goals("\t- id: a\n"), load(goals("\t- id: a\n"), "a")[1][0].edits) == goals("  - id: a\n")


@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize("inside", ["https://example.jp", "9:00", "1:2"])
def test_a_colon_in_brackets_changes_nothing_else(inside: str, pure: bool) -> None:
    text = f"a: >-\n  市民と\n  進めます。\nb: [{{c: {inside}, d: [{inside}, e]}}]\n"
    data, findings = load(text, "a.yaml", pure=pure)
    assert findings == ()
    assert data == {"a": "市民と進めます。", "b": [{"c": inside, "d": [inside, "e"]}]}
    assert isinstance(data, Map)
    assert data.wrapped


def test_the_rest_stays_readable() -> None:
    data, findings = load("a: 1\na: [2]\nb: {c: 3}\n2024: 4\n", "a.yaml")
    assert [code for code, _, _ in said(findings)] == ["duplicate-key", "non-text-key"]
    assert data == {"a": 1, "b": {"c": 3}, "2024": 4}
    assert load("a: *x\n", "a.yaml")[0] is None


def test_block_scalars_are_left_alone_by_remedies() -> None:
    text = "goals:\n\t- id: a\n\t  body: |\n\t    x\nplan:\n  body: |\n    \u3000段落\n    \tx\n"
    _, findings = load(text, "a.yaml")
    assert [code for code, _, _ in said(findings)] == ["tab-indent"]
    assert max(edit.end for edit in findings[0].edits) < text.index("plan")


def test_every_code_is_documented_once() -> None:
    entries = list(codes.RULES)
    assert len({entry.code for entry in entries}) == len(entries) == len({entry.label for entry in entries})
    assert all(entry.group == "yaml" and entry.summary.endswith("。") for entry in entries)
    met = {code for _, expected in SLIPS for code, _, _ in expected}
    elsewhere = {"not-utf8", "not-text", "too-large", "ambiguous-scalar", "cut-off", "more-findings", "unreadable-file"}
    assert met | elsewhere == {entry.code for entry in entries}


@pytest.mark.parametrize("entry", list(codes.RULES), ids=lambda entry: entry.code)
def test_examples_of_the_documentation(entry: codes.Entry) -> None:
    if not entry.example:
        return
    bad, good = entry.example.split("\n→ ")
    if bad.startswith("# "):  # what cannot be shown in YAML is described
        return
    if entry.severity == "error":
        assert entry.code in {code for code, _, _ in said(load(bad + "\n", "a.yaml")[1])}
    assert load(good, "a.yaml")[1] == ()


def test_maps_know_their_line_and_ordinal() -> None:
    data, _ = load("\ufeff# x\na:\n  - b: 1\n  - {c: {d: 2}}\ne: {f: 3}\n", "a.yaml")
    assert isinstance(data, Map)
    first, second = data["a"]  # type: ignore[misc]
    inner = second["c"]
    assert [(m.line, m.node) for m in (data, first, second, inner, data["e"])] == [
        (2, 0),
        (3, 1),
        (4, 2),
        (4, 3),
        (5, 4),
    ]


TEXT = (
    "\ufeff# 計画\r\n"
    "id: a-1\r\n"
    "title: '厚木市の''計画''' # x\r\n"
    'note: "a\\tb"\r\n'
    "empty:\r\n"
    "items:\r\n"
    "  - id: 𠮷野\r\n"
    "    body: |\r\n"
    "      一行目\r\n"
    "      二行目\r\n"
    "\r\n"
    "  - {id: b, from: [x, 'y'], target: {value: 1}}\r\n"
    "  -\r\n"
    "last: 長い\r\n"
    "  文章\r\n"
)


@pytest.mark.parametrize("pure", [False, True])
def test_places(pure: bool) -> None:
    places = locate(TEXT, "a.yaml", pure=pure)
    assert places.raw(0, "title") == "'厚木市の''計画'''"
    assert places.style(0, "title") == "'"
    assert slice_of(TEXT, places.value(0, "title")) == "'厚木市の''計画'''"
    assert places.value(0, "title") == Place("a.yaml", 3, 8, 3, 20)
    assert places.key(0, "items") == Place("a.yaml", 6, 1, 6, 6)
    assert places.key(0, "nothing") is None
    assert slice_of(TEXT, places.value(1, "id")) == "𠮷野"
    assert places.raw(1, "body") == "|\r\n      一行目\r\n      二行目"
    assert places.style(1, "body") == "|"
    assert slice_of(TEXT, places.node(1)) == "id"
    assert slice_of(TEXT, places.node(2)) == "{id: b, from: [x, 'y'], target: {value: 1}}"
    assert slice_of(TEXT, places.value(2, "from", 1)) == "'y'"
    assert slice_of(TEXT, places.value(2, "target", "value")) == "1"
    assert slice_of(TEXT, places.value(0, "items")) == "-"
    assert slice_of(TEXT, places.value(0, "items", 1, "target")) == "{value: 1}"
    assert places.value(2, "from", 9) == places.value(2, "from")
    assert slice_of(TEXT, places.value(0, "empty")) == ":"
    assert places.span(0, "empty") == (TEXT.index("empty:") + 6,) * 2
    assert places.span(0, "items", 2) == (TEXT.index("  -\r") + 3,) * 2
    assert slice_of(TEXT, places.key_of(2, "target", "value")) == "value"
    assert places.path(["items", 1, "target", "value"]) == (3, ("value",))
    assert places.path(["items", 1, "from", 1]) == (2, ("from", 1))
    assert places.path(["items", 7]) == (0, ("items", 7))
    assert places.has(0, "items", 2)
    assert not places.has(0, "items", 3)
    assert places.raw(0, "last") == "長い\r\n  文章"


def test_places_inside_a_scalar() -> None:
    places = locate(TEXT, "a.yaml")
    for node, key, value, part in (
        (0, "title", "厚木市の'計画'", "計画"),
        (0, "id", "a-1", "1"),
        (1, "body", "一行目\n二行目\n", "二行"),
        (0, "last", "長い 文章", "文章"),
    ):
        start = value.index(part)
        span = places.inside(value, start, start + len(part), node, key)
        assert span is not None
        assert TEXT[slice(*span)] == part
    assert places.inside("a\tb", 2, 3, 0, "note") is None  # an escape stands between
    assert places.inside("長い 文章", 2, 3, 0, "last") is None  # a folded line break


def test_places_of_what_cannot_be_parsed() -> None:
    for text in ("", "a: [", "a: 'x", "a: \0", "\ud800", "[" * 5000, "- a\nb: c"):
        places = locate(text, "a.yaml")
        assert isinstance(places.value(0, "a"), Place)
        assert isinstance(places.node(5), Place)
        places.raw(0, "a")
        places.path(["a", 0])
        assert places.key(0, "z") is None


_KEYS = st.text(alphabet="abcxyz日本-_", min_size=1, max_size=6).filter(lambda key: key[0] not in "-_")
_TEXTS = st.text(alphabet="aZ09 日本語。：、（）#:-'\"\\[]{}&*!|>%@\u3000𠮷😀~", max_size=20)
_TREES = st.recursive(
    _TEXTS | st.integers(-(10**6), 10**6) | st.booleans() | st.none(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(_KEYS, children, max_size=4),
    max_leaves=20,
)


def written(data: object, choose: random.Random, indent: int = 0) -> list[str]:
    """Write data as YAML lines, in one of the many ways."""
    blank = " " * indent
    comment = choose.choice(["", "", "  # 備考: x", " #"])
    if isinstance(data, dict) and data:
        lines = []
        for key, value in data.items():
            name = choose.choice([key, f'"{key}"', f"'{key}'"])
            lines += _entry(f"{blank}{name}:", value, choose, indent, comment)
        return lines
    if isinstance(data, list) and data:
        return [line for value in data for line in _entry(f"{blank}-", value, choose, indent, comment)]
    return [blank + _inline(data, choose) + comment]


def _entry(head: str, value: object, choose: random.Random, indent: int, comment: str) -> list[str]:
    if isinstance(value, dict | list) and value:
        return [head + comment, *written(value, choose, indent + choose.choice([1, 2, 4]))]
    lines = value.split("\n") if isinstance(value, str) else []
    if value and len(lines) == 1 and value.strip() == value and choose.random() < 0.3:
        return [f"{head} |-", f"{' ' * indent}   {value}", ""]
    return [f"{head} {_inline(value, choose)}{comment}"]


def _inline(value: object, choose: random.Random) -> str:
    match value:
        case None:
            return choose.choice(["null", "~"])
        case bool():
            return choose.choice(["true", "True"]) if value else "false"
        case int():
            return str(value)
        case str() if value and value[0] in "日本語aZ" and not set(value) & set(":#\\：、") and value == value.strip():
            return value
        case str() if choose.random() < 0.5:
            return "'" + value.replace("'", "''") + "'"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            return "[" + ", ".join(_inline(child, choose) for child in value) + "]"
        case dict():
            return "{" + ", ".join(f'"{key}": {_inline(child, choose)}' for key, child in value.items()) + "}"
    raise AssertionError(value)


def leaves(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    """List the scalars of data with their paths."""
    if isinstance(data, dict) and data:
        return [leaf for key, value in data.items() for leaf in leaves(value, (*path, key))]
    if isinstance(data, list) and data:
        return [leaf for index, value in enumerate(data) for leaf in leaves(value, (*path, index))]
    return [] if isinstance(data, dict | list) else [(path, data)]


def _same_places(first: Places, second: Places, paths: list[tuple[str | int, ...]]) -> None:
    for path in paths:
        assert first.span(*_whole(path)) == second.span(*_whole(path))
        assert first.value(*_whole(path)) == second.value(*_whole(path))


def _whole(path: tuple[str | int, ...]) -> tuple[int, *tuple[str | int, ...]]:
    return (0, *path)


@settings(max_examples=150)
@given(
    st.dictionaries(_KEYS, _TREES, min_size=1, max_size=5), st.integers(0, 2**32), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_c_and_pure_parsers_agree(tree: dict[str, object], seed: int, end: str) -> None:
    lines = written(tree, random.Random(seed))  # noqa: S311 - a way of writing, not a secret
    text = random.Random(seed).choice(["", "\ufeff"]) + end.join(lines) + end  # noqa: S311
    data, findings = load(text, "a.yaml")
    assert findings == ()
    assert data == tree
    pure, findings = load(text, "a.yaml", pure=True)
    assert findings == ()
    assert pure == data
    assert _maps(pure) == _maps(data)
    places, again = locate(text, "a.yaml"), locate(text, "a.yaml", pure=True)
    found = leaves(data)
    _same_places(places, again, [path for path, _ in found])
    for path, value in found:
        raw = places.raw(0, *path)
        assert text[slice(*places.span(0, *path))] == raw
        if raw.startswith("|"):
            assert raw.removeprefix("|-").strip() == value
        else:
            assert load(raw, "raw")[0] == value or value in {None, ""}


def _maps(data: object) -> list[tuple[int, int]]:
    if isinstance(data, Map):
        return [(data.line, data.node), *(pair for value in data.values() for pair in _maps(value))]
    return [pair for value in data for pair in _maps(value)] if isinstance(data, list) else []


REAL = goals(
    "  - id: inflow\n    number: 1 # ①\n    title: 転入促進\n    body: |-\n      一行目。\n      \u3000二行目：あ。\n"
    "    targets:\n      - id: t1\n        name: '社会増減数'\n        target: {year: 2026, value: 120}\n"
    '    owners: [企画政策課, "広報課"]\n    from: [old-1]\n    policies:\n      - id: p1\n        title: >-\n'
    "          関係人口を\n          創出する\n        note: no\n  - {id: b, number: 2, omitted: true}\nx-memo: ~\n"
)
TOKENS = [
    *"\"':：- \u3000\t\n\r[]{},、#&*!|>%@`?~\0\x85\u2028\ufeff𠮷é\\",
    "- ",
    ": ",
    "<<: *a\n",
    "---\n",
    "\r\n",
    "\ud800",
]


def mutated(choose: random.Random) -> str:
    """Damage the realistic file in up to four places."""
    text = list(REAL)
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(text))
        match choose.randrange(5):
            case 0 | 1:
                text[at:at] = [choose.choice(TOKENS)]
            case 2:
                del text[at : at + choose.choice([1, 1, 2, 5, 20])]
            case 3:
                text[at] = choose.choice(TOKENS)
            case _:
                other = choose.randrange(len(text))
                text[at:at] = text[other : other + choose.randrange(60)]
    return "".join(text)


def test_no_damage_makes_it_fail() -> None:
    choose = random.Random(1)  # noqa: S311
    silent = 0
    for _ in range(3000):
        text = mutated(choose)
        data, findings = load(text, "a.yaml")
        assert data is not None or findings
        check_places(text, findings)
        list(cut_off(locate(text, "a.yaml")))
        silent += not findings
    assert silent < 3000 * 0.5


def test_no_damaged_bytes_make_it_fail() -> None:
    choose = random.Random(2)  # noqa: S311
    for _ in range(1500):
        data = bytearray(REAL.encode())
        for _ in range(choose.randint(1, 3)):
            at = choose.randrange(len(data))
            data[at : at + choose.choice([0, 1])] = bytes(choose.randrange(256) for _ in range(choose.randrange(3)))
        text, findings = decode(bytes(data), "a.yaml")
        assert (text is None) == bool(findings)
        if text is not None:
            check_places(text, load(text, "a.yaml")[1])


def test_one_wrong_character_is_found_where_it_is() -> None:
    choose = random.Random(3)  # noqa: S311
    lines = Lines(REAL, "")
    found = right = 0
    for _ in range(800):
        at = choose.randrange(len(REAL))
        text = REAL[:at] + choose.choice("\"'：-\u3000\t[]{},&*!|>%@`") + REAL[at:]
        _, findings = load(text, "a.yaml")
        if findings:
            found += 1
            right += len(findings) == 1 and abs(findings[0].place.line - lines.position(at)[0]) <= 1
    assert right > found * 0.95


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 30_000,
        "- " * 50_000,
        "? " * 50_000,
        "a: " + '"' * 100_001,
        "a: " * 40_000,
        "a：" * 50_000,
        "a: |" + "|" * 100_000,
        "a:\n" + "\tb: 1\n" * 10_000,
        "a: 1\n" * 10_000,
        "-a: b\n" * 10_000,
        "a: {" + "x:1, " * 10_000,
        'a: "x\n' * 10_000,
        "- a: 1\n b: 2\n" * 5_000,
        "".join(f"k{index}: {index}\n" for index in range(100_000)),
        "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 2_000)),
        "a: &x {b: 1}\n" + "".join(f"k{i}:\n  <<: *x\n" for i in range(2_000)),
        "\ud800",
        "a: \ud800",
        "\x01" * 10_000,
        "a: b\n" + "\n" * 100_000 + "c",
        "a: b" + " #x" * 30_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_texts_end(text: str) -> None:
    data, findings = load(text, "a.yaml")
    assert data is not None or findings
    check_places(text, findings[:100])
    list(cut_off(locate(text, "a.yaml")))


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    from atsugi_cli.reader import decoding, loading, strictness

    monkeypatch.setattr(events, "MAX_EVENTS", 50)
    monkeypatch.setattr(strictness, "MAX_EVENTS", 50)
    assert said(load("a: [" + "x, " * 400 + "]", "a.yaml")[1]) == [("too-large", 1, 1)]
    monkeypatch.setattr(loading, "MAX_CHARACTERS", 50)
    monkeypatch.setattr(strictness, "MAX_CHARACTERS", 50)
    assert said(load("a: " + "x" * 100, "a.yaml")[1]) == [("too-large", 1, 1)]
    monkeypatch.setattr(decoding, "MAX_BYTES", 50)
    assert said(decode(b"x" * 51, "a.yaml")[1]) == [("too-large", 1, 1)]


JAPANESE = "plan:\n  title: 厚木市の計画です\n  body: ひらがなとカタカナ\n"


@pytest.mark.parametrize(
    ("data", "code", "word", "line", "column"),
    [
        (JAPANESE.encode("cp932"), "not-utf8", "Shift_JIS", 2, 10),
        (JAPANESE.encode("euc_jp"), "not-utf8", "EUC-JP", 2, 10),
        (JAPANESE.encode("iso2022_jp"), "not-utf8", "ISO-2022-JP", 1, 1),
        (JAPANESE.encode("utf-16"), "not-utf8", "UTF-16", 1, 1),
        (codecs.BOM_UTF16_BE + JAPANESE.encode("utf-16-be"), "not-utf8", "UTF-16", 1, 1),
        (JAPANESE.encode("utf-16-le"), "not-utf8", "UTF-16", 1, 1),
        (JAPANESE.encode("utf-32"), "not-utf8", "UTF-32", 1, 1),
        (b"a: \xe5\x8e\n", "not-utf8", "UTF-8", 1, 4),
        (b"PK\x03\x04...xl/workbook.xml", "not-text", "Excel", 1, 1),
        (b"PK\x03\x04...word/document.xml", "not-text", "Word", 1, 1),
        (b"PK\x03\x04...", "not-text", "ZIP", 1, 1),
        (b"%PDF-1.7\n", "not-text", "PDF", 1, 1),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not-text", "Excel", 1, 1),
        (b"\x89PNG\r\n\x1a\n", "not-text", "PNG", 1, 1),
        (bytes(range(256)), "not-text", "バイナリ", 1, 1),
    ],
)
def test_other_files_are_named(data: bytes, code: str, word: str, line: int, column: int) -> None:
    text, (finding,) = decode(data, "a.yaml")
    assert text is None
    assert (finding.rule.code, finding.place.line, finding.place.column) == (code, line, column)
    assert word in finding.message
    assert "UTF-8" in finding.hint


def test_decode_accepts_utf_8() -> None:
    assert decode(JAPANESE.encode(), "a") == (JAPANESE, ())
    assert decode(codecs.BOM_UTF8 + JAPANESE.encode(), "a") == (JAPANESE, ())
    assert decode(b"", "a") == ("", ())
    text, _ = decode(b"a: x\0y\n", "a")
    assert text is not None
    assert said(load(text, "a")[1]) == [("control-character", 1, 5)]


def test_ambiguous_scalars() -> None:
    text = "a: no\nb: 'no'\nc: {d: 2023-10-17, e: 転入}\nf: [012, 1:30]\n"
    places = locate(text, "a.yaml")
    found = [ambiguous(places, node, *path) for node, path in ((0, ["a"]), (1, ["d"]), (0, ["f", 0]), (0, ["f", 1]))]
    assert [finding.place.column for finding in found if finding] == [4, 8, 5, 10]
    assert all(finding and finding.severity == "note" for finding in found)
    assert spliced(text, [edit for finding in found if finding for edit in finding.edits]) == (
        'a: "no"\nb: \'no\'\nc: {d: "2023-10-17", e: 転入}\nf: ["012", "1:30"]\n'
    )
    assert ambiguous(places, 0, "b") is None
    assert ambiguous(places, 1, "e") is None
    assert ambiguous(places, 0, "c") is None
    assert ambiguous(places, 0, "zzz") is None


@pytest.mark.parametrize(
    "raw", ["yes", "Off", "y", "~", "null", "true", "1_000", "0x1F", ".inf", ".5", "1e3", "08", "-3"]
)
def test_readings(raw: str) -> None:
    assert reading(raw)


@pytest.mark.parametrize("raw", ["", "転入", "yes!", "a-1", "2023-10", "1,000", "v1", "e3", "-", "."])
def test_no_readings(raw: str) -> None:
    assert not reading(raw)


def test_values_cut_off_by_a_comment() -> None:
    text = "a: 対策 #1\nb: 対策 # 備考\nc: 1  #備考\nd: |\n  x #y\ne: 'x' #1\nf: [p #q\n ]\n#x\n #y\ng: C#\nh: x #! y\n"
    found = list(cut_off(locate(text, "a.yaml")))
    assert [(f.rule.code, f.place.line, f.place.column) for f in found] == [("cut-off", 1, 7), ("cut-off", 7, 7)]


def test_spliced() -> None:
    assert spliced("日本𠮷語", [Edit(2, 3, "吉"), Edit(0, 0, "「")]) == "「日本吉語"
    assert spliced("ab", [Edit(1, 1, "x"), Edit(1, 2, "y"), Edit(1, 2, "y")]) == "axy"
    for edits in ([Edit(0, 2, ""), Edit(1, 2, "z")], [Edit(1, 5, "")], [Edit(2, 1, "")], [Edit(-1, 0, "")]):
        with pytest.raises(ValueError, match="overlaps"):
            spliced("abc", edits)


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.text(max_size=3)), max_size=6))
def test_spliced_keeps_the_rest(text: str, wishes: list[tuple[int, int, str]]) -> None:
    edits: OrderedDict[int, Edit] = OrderedDict()
    done = 0
    for start, length, new in sorted(wishes):
        if done <= start and start + length <= len(text):
            edits[start] = Edit(start, start + length, new)
            done = start + length + 1
    result = spliced(text, list(reversed(edits.values())))
    expected = text
    for edit in reversed(edits.values()):
        expected = expected[: edit.start] + edit.text + expected[edit.end :]
    assert result == expected


def test_encoded_keeps_the_byte_order_mark() -> None:
    assert encoded("a", b"\xef\xbb\xbfb") == b"\xef\xbb\xbfa"
    assert encoded("a", b"b") == b"a"
