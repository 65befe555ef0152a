import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from lxml import etree

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.findings import Edit, Finding, Findings, Place, Related
from atsugi_cli.formats import findings_json, github, gitlab, junit, sarif
from atsugi_cli.formats.findings import REPEATS, summary, write_concise, write_text
from atsugi_cli.formats.options import Options
from atsugi_cli.reader.lines import Lines
from atsugi_cli.width import safe, width_of

SCHEMAS = Path(__file__).parent / "schemas"
SARIF = Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0.schema.json").read_text(encoding="utf-8")))
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))

DUPLICATE = Entry(
    "duplicate-id", "idの重複", "構造", "同じidを二度使っている。\n\n二つ目の段落。", "error", "- id: a\n- id: a"
)
ERA = Entry("era-year", "和暦と西暦の食い違い", "時", "和暦と西暦が合わない。", "warning")
STYLE = Entry("nfd", "合成文字", "文字", "濁点が分かれている。", "note")
OFF = Entry("mute", "切ってある規則", "文字", "見ない。", "off")
PATH = "strategies/atsugi-2/2023-10.yaml"
PLAIN = Options(width=80)

HOSTILE = (
    "\x1b[31m赤\x1b[0m\n::error file=x::注入\r\n##[error]x<b>&\"']]>\x00\x07\x9b\x85"
    "\u202e\u2028\ufffe\uffff%0A,\ud800{0}[x](y)"
)
DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")

WRITERS = {
    "text": write_text,
    "concise": write_concise,
    "json": findings_json.write,
    "github": github.write,
    "sarif": sarif.write,
    "junit": junit.write,
    "gitlab": gitlab.write,
}


def at(text, words, number=1, source=PATH):
    """Give the place of the number-th occurrence of words."""
    start = -1
    for _ in range(number):
        start = text.index(words, start + 1)
    return Lines(text, source).place(start, start + len(words))


def found(text, *items, source=PATH):
    return Findings(items, ((source, text),), 1)


def shown(text, words, options=PLAIN, number=1, **more):
    """Print one finding at words and give the lines of the snippet."""
    finding = Finding(STYLE, "問題", at(text, words, number), severity="note", **more)
    lines = write_text(found(text, finding), options).splitlines()
    return [line.partition("| ")[2] for line in lines[3:] if "|" in line]


def under(source, signs, sign="^", ambiguous=1):
    """Give the characters of a printed line under which the signs stand."""
    begin = len(signs) - len(signs.lstrip())
    end = begin + signs.count(sign)
    out, cells, inside = "", 0, False
    for character in source:
        if width := width_of(character, ambiguous):
            inside = begin <= cells < end
        out += character if inside else ""
        cells += width
    return out


# --- text -------------------------------------------------------------------------------------------------------------

DUPLICATED = "\n".join([*["# x"] * 55, "          - id: city-links", *["#"] * 8, "          - id: city-links", ""])


def test_the_design_papers_example():
    finding = Finding(
        DUPLICATE,
        "id「city-links」が重複しています",
        at(DUPLICATED, "city-links", 2),
        "別の id を付けてください（例: city-links-2）",
        (Related(at(DUPLICATED, "city-links"), "最初はここ"),),
    )
    assert write_text(found(DUPLICATED, finding), PLAIN) == (
        "エラー[duplicate-id]: id「city-links」が重複しています\n"
        "  --> strategies/atsugi-2/2023-10.yaml:65:17\n"
        "   |\n"
        "56 |           - id: city-links\n"
        "   |                 ---------- 最初はここ\n"
        "65 |           - id: city-links\n"
        "   |                 ^^^^^^^^^^\n"
        "   = 直し方: 別の id を付けてください（例: city-links-2）\n"
        "   = strategy explain duplicate-id\n"
    )


@pytest.mark.parametrize(
    ("line", "words", "signs"),
    [
        ("title: 都市間連携の強化", "連携", "             ^^^^"),
        ("name: 令和3（2022）年度", "（2022）", "           ^^^^^^^^"),
        ("𠮷野家: a", "a", "        ^"),
        ("か\u3099く", "く", "  ^^"),
        ("か\u3099く", "か\u3099", "^^"),
        ("か\u3099く", "\u3099", "^^"),
        ("か\u3099く", "か", "^^"),
        ("ｶﾞｸ 👪x", "x", "      ^"),
        ("語尾\u3000 ", "\u3000 ", "    ^^^"),
        ("a\u202eb", "b", "       ^"),
        ("a\u202eb", "\u202e", " ^^^^^^"),
    ],
)
def test_carets_stand_under_the_characters(line, words, signs):
    assert shown(line, words) == [safe(line), signs]


def test_ambiguous_characters_push_the_caret_as_wide_as_the_font_draws_them():
    line = "①※令和"
    assert shown(line, "令和") == [line, "  ^^^^"]
    assert shown(line, "令和", replace(PLAIN, ambiguous=2)) == [line, "    ^^^^"]


def test_tabs_are_visible_and_one_cell_wide():
    assert shown("\tid: a", "id") == ["␉id: a", " ^^"]


def test_a_place_without_characters_gets_one_caret():
    place = Place(PATH, 1, 4, 1, 4)
    text = write_text(found("id:", Finding(STYLE, "値がありません", place)), PLAIN)
    assert "1 | id:\n  |    ^\n" in text


def test_byte_order_mark_and_crlf_do_not_shift_anything():
    assert shown("\ufeffid: あ\r\nx: い\r\n", "あ") == ["id: あ", "    ^^"]
    assert shown("\ufeffid: あ\r\nx: い\r\n", "い") == ["x: い", "   ^^"]


def test_a_place_of_several_lines_is_cut_short_in_words():
    text = "body: |\n" + "".join(f"  {n}行です\n" for n in range(1, 10))
    block = text[text.index("1行") :]
    assert shown(text, block) == [
        "  1行です",
        "  ^^^^^^^",
        "  2行です",
        "  ^^^^^^^",
        "  3行です",
        "  ^^^^^^^ （10行目まで）",
    ]
    assert shown(text, "1行です\n  2行") == ["  1行です", "  ^^^^^^^", "  2行です", "  ^^^"]


def test_line_numbers_of_different_length_keep_the_margin():
    text = "\n".join(["x: y"] * 12)
    finding = Finding(DUPLICATE, "m", Place(PATH, 11, 1, 11, 2), related=(Related(Place(PATH, 9, 1, 9, 2), "前"),))
    assert "   |\n 9 | x: y\n   | - 前\n11 | x: y\n   | ^\n" in write_text(found(text, finding), PLAIN)


def test_far_and_foreign_places_get_their_own_snippet():
    text = "\n".join(f"a{n}: b" for n in range(100))
    related = (
        Related(at(text, "a90"), "遠い所"),
        Related(Place("other.yaml", 2, 1, 2, 3), "別のファイル"),
        Related(Place("lost.yaml", 7, 1, 7, 3), "本文のないファイル"),
    )
    finding = Finding(DUPLICATE, "m", at(text, "a1:"), related=related)
    findings = Findings((finding,), ((PATH, text), ("other.yaml", "x\nyz\n")), 2)
    printed = write_text(findings, PLAIN)
    assert f"  ::: {PATH}:91:1\n   |\n91 | a90: b\n   | --- 遠い所\n" in printed
    assert "  ::: other.yaml:2:1\n   |\n 2 | yz\n   | -- 別のファイル\n" in printed
    assert "  ::: lost.yaml:7:1 本文のないファイル\n" in printed


def test_marks_of_one_line_share_it():
    text = "from: [ab, 都市]"
    finding = Finding(ERA, "m", at(text, "都市"), related=(Related(at(text, "ab"), "これと"),))
    assert "1 | from: [ab, 都市]\n  |        -- これと\n  |            ^^^^\n" in write_text(
        found(text, finding), PLAIN
    )


def test_without_the_text_of_the_file_only_the_place_is_named():
    finding = Finding(
        DUPLICATE, "m", Place("gone.yaml", 3, 1, 3, 1), related=(Related(Place("gone.yaml", 1, 1, 1, 1), "r"),)
    )
    printed = write_text(Findings((finding,), (), 1), PLAIN)
    assert " --> gone.yaml:3:1\n ::: gone.yaml:1:1 r\n" in printed
    assert write_text(found("a", replace(finding, place=Place(PATH, 9, 1, 9, 1))), PLAIN).count("|") == 0


def test_colour_underlines_the_text_itself_and_spells_the_severity():
    text = "id: 都市"
    printed = write_text(
        found(text, Finding(ERA, "m", at(text, "都市"), severity="warning")), replace(PLAIN, colour=True)
    )
    assert "\x1b[1;33m警告[era-year]\x1b[0m" in printed
    assert "id: \x1b[4;33m都市\x1b[0m\n" in printed
    assert re.sub("\x1b\\[[0-9;]*m", "", printed) == write_text(
        found(text, Finding(ERA, "m", at(text, "都市"), severity="warning")), PLAIN
    )


WORDS = "厚木市は①転入促進を図り、か\u3099ab 𠮷👪\u200b"


@settings(max_examples=200)
@given(
    st.text(WORDS, max_size=250),
    st.text("令和3(2022)", min_size=1, max_size=90),
    st.text(WORDS, max_size=250),
    st.integers(10, 120),
    st.sampled_from([1, 2]),
)
def test_long_lines_show_a_window_of_the_text_with_the_marked_part(before, words, after, width, ambiguous):
    before, after = f"■{before}", f"{after}□"
    text = before + words + after
    place = Place(PATH, 1, len(before) + 1, 1, len(before) + len(words) + 1)
    options = Options(width=width, ambiguous=ambiguous)
    lines = write_text(found(text, Finding(STYLE, "m", place)), options).splitlines()
    source, signs = lines[3].removeprefix("1 | "), lines[4].removeprefix("  | ")
    assert width_of(source, ambiguous) <= max(width - 4, 40)
    window = source.removeprefix("（前略）").removesuffix("（以下略）")
    assert window in safe(text)
    assert (source.startswith("（前略）"), source.endswith("（以下略）")) == (
        not safe(text).startswith(window),
        not safe(text).endswith(window),
    )
    marked = under(source, signs, ambiguous=ambiguous).replace("（以下略）", "")
    assert marked
    assert safe(words + after).startswith(marked)
    if len(marked.rstrip("\u3099")) < len(words):
        assert source.endswith(marked + "（以下略）")


def test_many_findings_of_one_rule_become_one_line():
    text = "\n".join(f"id{n}: x" for n in range(50))
    items = [Finding(ERA, f"{n}番", Place(PATH, n + 1, 1, n + 1, 3), severity="warning") for n in range(50)]
    other = Finding(DUPLICATE, "別", Place("b.yaml", 1, 1, 1, 1))
    findings = Findings((*items, other), ((PATH, text), ("b.yaml", "x")), 2)
    printed = write_text(findings, PLAIN)
    assert printed.count("警告[era-year]: ") == REPEATS + 1
    assert (
        f"には同じ指摘がほかに{50 - REPEATS}件あります（すべて見る: --format concise）\n\nエラー[duplicate-id]: 別"
        in printed
    )
    assert write_concise(findings, PLAIN).count("\n") == 51


def test_findings_are_grouped_by_file():
    places = [Place("b.yaml", 1, 1, 1, 1), Place("a.yaml", 1, 1, 1, 1), Place("b.yaml", 2, 1, 2, 1)]
    findings = Findings(tuple(Finding(DUPLICATE, "m", place) for place in places), (), 2)
    spots = [line.split(":")[0:2] for line in write_concise(findings, PLAIN).splitlines()]
    assert spots == [["b.yaml", "1"], ["b.yaml", "2"], ["a.yaml", "1"]]
    assert re.findall("--> (.*):1\n", write_text(findings, PLAIN)) == ["b.yaml:1", "b.yaml:2", "a.yaml:1"]


def test_concise_is_one_line_a_finding():
    finding = Finding(DUPLICATE, "重複\nしています", Place(PATH, 65, 17, 65, 27), "別の\nid")
    assert write_concise(found("", finding), PLAIN) == (
        f"{PATH}:65:17: error duplicate-id: 重複 しています（直し方: 別の id）\n"
    )


def test_summary():
    items = [Finding(DUPLICATE, "m", Place(PATH, n, 1, n, 1)) for n in (1, 2)]
    warning = Finding(ERA, "m", Place(PATH, 3, 1, 3, 1), severity="warning")
    assert summary(Findings((*items, warning), (), 3)) == "エラー 2件、警告 1件（3ファイルを検査）"
    assert summary(Findings((), (), 2)) == "問題は見つかりませんでした（2ファイルを検査）"
    mended = replace(warning, edits=(Edit(0, 1, "x"),))
    assert summary(Findings((*items, mended), (), 3)) == "エラー 2件、警告 1件（うち 1件は --fix で直せます）"
    looked_at = replace(mended, safe=False)
    broken = Finding(replace(DUPLICATE, group="yaml"), "m", Place(PATH, 9, 1, 9, 1))
    for left_alone in ((looked_at,), (mended, broken)):
        assert "--fix" not in summary(Findings(left_alone, (), 3))


def test_nothing_found_prints_nothing():
    assert [WRITERS[code](found("x"), PLAIN) for code in ("text", "concise", "github")] == ["", "", ""]


# --- all formats ------------------------------------------------------------------------------------------------------

TEXT = "id: a\nname: か\u3099令和3(2022)\nid: a\n"


def sample(message="m", hint="h", source=PATH, text=TEXT):
    other = Place(source, 1, 5, 1, 6)
    items = (
        Finding(STYLE, message, Place(source, 2, 7, 2, 9), hint, (), "note", (Edit(12, 14, "が"), Edit(3, 4, ""))),
        Finding(ERA, message, Place(source, 2, 9, 2, 18), hint, (), "warning"),
        Finding(DUPLICATE, message, Place(source, 3, 5, 3, 6), hint, (Related(other, message),)),
        Finding(DUPLICATE, message, Place(source, 1, 1, 3, 6), hint),
    )
    return Findings(items, ((source, text), ("fine.yaml", "id: b\n")), 2)


def errors(log):
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in SARIF.iter_errors(log)]


@pytest.mark.parametrize("code", WRITERS)
def test_the_same_findings_give_the_same_output(code):
    assert WRITERS[code](sample(), PLAIN) == WRITERS[code](sample(), PLAIN)


@pytest.mark.parametrize("code", WRITERS)
def test_hostile_text_stays_inert(code):
    text = f"id: a\nname: {HOSTILE.replace(chr(10), ' ')}\nid: a\n::error::x\n"
    written = WRITERS[code](sample(HOSTILE, HOSTILE, f"a{HOSTILE}.yaml", text), PLAIN)
    assert written
    assert not DANGEROUS.search(written)
    written.encode("utf-8")
    if code in {"text", "concise"}:
        assert not re.search(r"^\s*(::|##\[)", written, re.MULTILINE)
    if code == "concise":
        assert written.count("\n") == 4


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_json_is_one_document_with_everything():
    data = json.loads(findings_json.write(sample("令和", "直す"), PLAIN))
    assert {key: data[key] for key in ("format", "checked", "failure", "counts")} == {
        "format": 1,
        "checked": 2,
        "failure": None,
        "counts": {"error": 2, "warning": 1, "note": 1},
    }
    assert data["findings"][2] == {
        "code": "duplicate-id",
        "severity": "error",
        "message": "令和",
        "hint": "直す",
        "path": PATH,
        "line": 3,
        "column": 5,
        "endLine": 3,
        "endColumn": 6,
        "related": [{"message": "令和", "path": PATH, "line": 1, "column": 5, "endLine": 1, "endColumn": 6}],
        "fixable": False,
        "edits": [],
    }
    assert data["findings"][0]["fixable"] is True


def test_json_is_a_document_when_nothing_could_be_checked():
    assert json.loads(findings_json.write(Findings(failure="版がありません。"), PLAIN)) == {
        "format": 1,
        "checked": 0,
        "failure": "版がありません。",
        "counts": {"error": 0, "warning": 0, "note": 0},
        "findings": [],
    }


@given(st.text(st.characters(codec=None) | st.sampled_from('\x7f\x9b\u202e\ud800\\"\n')))
def test_json_is_inert_and_loses_nothing(text):
    written = findings_json.dump([{"text": text}])
    assert not DANGEROUS.search(written)
    assert json.loads(written) == [{"text": text}]


# --- GitHub -----------------------------------------------------------------------------------------------------------


def test_github_escapes_exactly():
    finding = Finding(DUPLICATE, "100%\n次, a:b", Place("a,b:c%.yaml", 3, 5, 3, 8), "直す", severity="error")
    last = github.write(found("", finding), PLAIN).splitlines()[-1]
    assert last == (
        "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,endLine=3,endColumn=7,title=idの重複（duplicate-id）"
        "::100%25 次, a:b（直し方: 直す）"
    )


def test_github_prints_the_log_inert_and_the_most_severe_first():
    written = github.write(sample(HOSTILE), replace(PLAIN, colour=True))
    log = write_text(sample(HOSTILE), PLAIN)
    token = hashlib.sha256(log.encode()).hexdigest()
    assert written.startswith(f"::stop-commands::{token}\n{log}::{token}::\n")
    commands = written.split(f"::{token}::\n")[1].splitlines()
    assert [re.match("::([a-z]+) ", line)[1] for line in commands] == ["error", "error", "warning", "notice"]
    assert all(line.count("::") >= 2 for line in commands)


def test_github_gets_no_columns_for_several_lines():
    command = github.write(sample(), PLAIN).splitlines()[-3]
    assert ",line=1,endLine=3,title=" in command


# --- SARIF ------------------------------------------------------------------------------------------------------------

ALL = Catalogue("規則", (DUPLICATE, ERA, STYLE, OFF))


@pytest.mark.parametrize("message", ["m", HOSTILE])
@pytest.mark.parametrize(
    "source", [PATH, "/abs/計画.yaml", "C:\\計画\\a b.yaml", "//server/共有/a.yaml", "HEAD:a.yaml", "-"]
)
def test_sarif_is_valid(message, source):
    assert errors(json.loads(sarif.write(replace(sample(message, message, source), rules=ALL.entries), PLAIN))) == []


def test_sarif_is_valid_without_findings_or_after_a_failure():
    assert errors(json.loads(sarif.write(Findings(), PLAIN))) == []
    log = json.loads(sarif.write(Findings(failure="読めません。"), PLAIN))
    assert errors(log) == []
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_the_schema_can_refuse():
    log = json.loads(sarif.write(sample(), PLAIN))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    log["runs"][0]["results"][1]["level"] = "bad"
    assert len(errors(log)) == 2


def test_sarif_rules_come_from_the_catalogue():
    run = json.loads(sarif.write(replace(sample(), rules=ALL.entries), PLAIN))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["duplicate-id", "era-year", "nfd", "mute"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert rules[0]["fullDescription"]["text"] == "同じidを二度使っている。"
    assert "```yaml\n- id: a\n- id: a\n```" in rules[0]["help"]["markdown"]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "warning", "note", "none"]
    assert rules[3]["defaultConfiguration"]["enabled"] is False
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_sarif_adds_rules_that_the_catalogue_lacks():
    run = json.loads(sarif.write(replace(sample(), rules=(STYLE,)), PLAIN))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["nfd", "era-year", "duplicate-id"]


def test_sarif_places_related_places_and_fixes():
    for mark in ("", "\ufeff"):
        finding = Finding(
            STYLE,
            "m",
            at(mark + TEXT, "か\u3099"),
            related=(Related(at(mark + TEXT, "a"), "これ"),),
            severity="note",
            edits=(Edit(12 + len(mark), 14 + len(mark), "が"), Edit(3 + len(mark), 4 + len(mark), "")),
        )
        result = json.loads(sarif.write(found(mark + TEXT, finding), PLAIN))["runs"][0]["results"][0]
        region = {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 9}
        assert result["locations"][0]["physicalLocation"]["region"] == region
        assert result["relatedLocations"][0]["message"] == {"text": "これ"}
        first, second = result["fixes"][0]["artifactChanges"][0]["replacements"]
        assert first == {
            "deletedRegion": {**region, "charOffset": 12, "charLength": 2},
            "insertedContent": {"text": "が"},
        }
        assert "insertedContent" not in second


@pytest.mark.parametrize(
    ("source", "uri", "name"),
    [
        ("a/b.yaml", "a/b.yaml", "a/b.yaml"),
        ("./計画 #1%?.yaml", "%E8%A8%88%E7%94%BB%20%231%25%3F.yaml", "計画 #1%?.yaml"),
        ("計画\\a.yaml", "%E8%A8%88%E7%94%BB/a.yaml", "計画/a.yaml"),
        ("HEAD:a.yaml", "HEAD%3Aa.yaml", "HEAD:a.yaml"),
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml", None),
        ("C:\\x\\a.yaml", "file:///C:/x/a.yaml", None),
        ("\\\\server\\share\\a.yaml", "file://server/share/a.yaml", None),
    ],
)
def test_sarif_names_files_by_uris(source, uri, name):
    run = json.loads(sarif.write(sample(source=source), PLAIN))["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == uri
    assert place.get("uriBaseId") == ("%SRCROOT%" if name else None)
    if name:
        assert unquote(uri) == name


def test_sarif_messages_hold_no_placeholders_and_no_links():
    log = json.loads(sarif.write(sample("{year: 1} {0} [見る](http://x) [a]"), PLAIN))
    text = log["runs"][0]["results"][0]["message"]["text"]
    assert text == "{year: 1} {{0}} \\[見る\\](http://x) [a]\n直し方: h"


def test_fingerprints_are_unique_and_survive_shifted_lines():
    def prints(text, count):
        items = [
            Finding(DUPLICATE, f"最初は{n + text.count('#')}行目", at(text, "id: a", n), severity="error")
            for n in range(1, count + 1)
        ]
        return findings_json.fingerprints(found(text, *items))

    before = prints("id: a\nid: a\n", 2)
    assert len(set(before)) == 2
    assert prints("#\n#\n  id: a\nid: a\n", 2) == before
    assert prints("id: a x\nid: a\n", 1)[0] not in before


# --- JUnit ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("findings", [sample(), sample(HOSTILE, HOSTILE, f"{HOSTILE}.yaml"), Findings(), found("x")])
def test_junit_is_valid(findings):
    root = etree.fromstring(junit.write(findings, PLAIN).encode())
    JUNIT.assertValid(root)


def test_junit_counts_and_names_its_cases():
    root = etree.fromstring(junit.write(sample("<重複> & "), replace(PLAIN, colour=True)).encode())
    assert dict(root.attrib) == {"name": "strategy validate", "tests": "5", "failures": "2", "errors": "0"}
    suite, fine = root
    assert dict(suite.attrib) == {"name": PATH, "tests": "4", "failures": "2", "errors": "0", "skipped": "2"}
    assert [case.get("name") for case in suite] == [
        "nfd 2:7",
        "era-year 2:9",
        "duplicate-id 3:5",
        "duplicate-id 1:1",
    ]
    assert [case[0].tag for case in suite] == ["skipped", "skipped", "failure", "failure"]
    assert suite[2][0].get("message") == "<重複> & （直し方: h）"
    assert suite[2][0].text.startswith("エラー[duplicate-id]: <重複> & \n")
    assert (fine.get("name"), fine.get("failures"), len(fine), len(fine[0])) == ("fine.yaml", "0", 1, 0)


def test_junit_keeps_cases_of_one_place_apart():
    items = [Finding(DUPLICATE, message, Place(PATH, 1, 1, 1, 2)) for message in "abc"]
    root = etree.fromstring(junit.write(found("xx", *items), PLAIN).encode())
    assert [case.get("name") for case in root[0]] == [
        "duplicate-id 1:1",
        "duplicate-id 1:1 (2)",
        "duplicate-id 1:1 (3)",
    ]


# --- GitLab -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["m", HOSTILE])
def test_gitlab_entries_have_what_the_report_asks(message):
    report = json.loads(gitlab.write(sample(message, source="./" + PATH), PLAIN))
    assert [entry["severity"] for entry in report] == ["info", "minor", "major", "major"]
    assert len({entry["fingerprint"] for entry in report}) == 4
    for entry in report:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert all(isinstance(entry[key], str) and entry[key] for key in set(entry) - {"location"})
        assert entry["location"]["path"] == PATH
        assert 0 < entry["location"]["lines"]["begin"] <= entry["location"]["lines"]["end"]


def test_gitlab_is_an_empty_list_when_nothing_was_found():
    assert json.loads(gitlab.write(Findings(), PLAIN)) == []
