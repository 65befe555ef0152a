"""Two branches, one plan: what both have done comes together by the identity of items, or is a conflict in words."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from merging import HEAD, Writer, listed

from atsugi_cli import store
from atsugi_cli.cli.app import main
from atsugi_cli.cli.merge_driver import CLASHES, UNUSABLE, drive
from atsugi_cli.merge import merged
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.pieces import LayoutError, Pieces

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "merge.schema.json").read_text(encoding="utf-8"))


def bare(text):
    return Pieces(text).root.data


def initiatives(text):
    policy = bare(text)["goals"][0]["policies"][0]
    return "".join(
        each["id"].upper() if each["title"].endswith("改") else each["id"] for each in policy.get("initiatives", [])
    )


def numbers(text):
    return [each["number"] for each in bare(text)["goals"][0]["policies"][0].get("initiatives", [])]


def outcome(base, ours, theirs, *, bracketed=False):
    """Merge lists of letters: the letters that come out, or why not."""
    found = merged(*(listed(each, bracketed=bracketed) for each in (base, ours, theirs)))
    if not found.is_clean:
        return " ".join(sorted({each.why for each in found.decisions if each.is_clash}))
    text = found.chosen("ours")
    assert numbers(text) == list(range(1, len(numbers(text)) + 1))
    return initiatives(text)


KEYED = [
    # what happens, base, ours, theirs, result, result with the sides swapped
    ("insert and insert at one place", "abc", "axbc", "aybc", "axybc", "ayxbc"),
    ("insert and insert at the end", "ab", "abx", "aby", "abxy", "abyx"),
    ("insert and insert at the beginning", "ab", "xab", "yab", "xyab", "yxab"),
    ("several at one place", "ab", "axyb", "azb", "axyzb", "azxyb"),
    ("insert and insert at neighbours", "abc", "axbc", "abyc", "axbyc", "axbyc"),
    ("insert, and delete what is before", "abc", "abxc", "ac", "axc", "axc"),
    ("insert, and delete what is behind", "abc", "axbc", "ac", "axc", "axc"),
    ("insert, and delete both neighbours", "abcd", "abxcd", "ad", "axd", "axd"),
    ("insert, and delete all", "ab", "axb", "", "x", "x"),
    ("delete and delete the same", "abc", "ac", "ac", "ac", "ac"),
    ("delete and delete others", "abcd", "acd", "abd", "ad", "ad"),
    ("delete and edit", "abc", "ac", "aBc", "removed-and-changed", "removed-and-changed"),
    ("delete and edit another", "abc", "ac", "abC", "aC", "aC"),
    ("delete and move", "abcde", "acde", "acdeb", "removed-and-changed", "removed-and-changed"),
    ("delete, and a neighbour moves", "abcd", "acd", "dabc", "dac", "dac"),
    ("edit and edit the same alike", "abc", "aBc", "aBc", "aBc", "aBc"),
    ("move and edit", "abcd", "bcda", "Abcd", "bcdA", "bcdA"),
    ("move and move the same", "abcd", "bcda", "bcda", "bcda", "bcda"),
    ("move and move to different places", "abcd", "bacd", "bcda", "ordered-twice", "ordered-twice"),
    ("move and move others", "abcdef", "bacdef", "abcdfe", "bacdfe", "bacdfe"),
    ("move to both sides", "xab", "xba", "axb", "ordered-twice", "ordered-twice"),
    ("move and insert behind it", "abc", "bca", "axbc", "xbca", "xbca"),
    ("move and insert elsewhere", "abc", "cab", "abcx", "cabx", "cabx"),
    ("reorder and append", "abc", "cba", "abcx", "cbax", "cbax"),
    ("reorder and delete", "abcd", "dcba", "abc", "removed-and-changed", "removed-and-changed"),
    ("reorder both alike", "abc", "cba", "cba", "cba", "cba"),
    ("reorder both", "abc", "cba", "bac", "ordered-twice", "ordered-twice"),
    ("the same new one", "ab", "abx", "abx", "abx", "abx"),
    ("the same new one at two places", "ab", "xab", "abx", "ordered-twice", "ordered-twice"),
    ("new ids alike, contents not", "ab", "abx", "abX", "added-twice", "added-twice"),
    ("the same new one and others", "ab", "abxy", "abzx", "abzxy", "abzxy"),
    ("first one of a list", "", "a", "", "a", "a"),
    ("first ones of a list", "", "a", "b", "ab", "ba"),
]


@pytest.mark.parametrize("bracketed", [False, True], ids=["lines", "brackets"])
@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result", "swapped"), [row[1:] for row in KEYED], ids=[row[0] for row in KEYED]
)
def test_lists_of_items(base, ours, theirs, result, swapped, bracketed):
    assert outcome(base, ours, theirs, bracketed=bracketed) == result
    assert outcome(base, theirs, ours, bracketed=bracketed) == swapped


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result", "swapped"),
    [
        ("", "owners: [企画課]", "owners: [総務課]", "企画課 総務課", "総務課 企画課"),
        (
            "owners: [企画課]",
            "owners: [企画課, 総務課]",
            "owners: [企画課, 福祉課]",
            "企画課 総務課 福祉課",
            "企画課 福祉課 総務課",
        ),
        (
            "owners: [企画課, 総務課]",
            "owners: [総務課]",
            "owners: [企画課, 総務課, 福祉課]",
            "総務課 福祉課",
            "総務課 福祉課",
        ),
        (
            "owners: [企画課]",
            "owners:\n  - 企画課\n  - 総務課",
            "owners: [企画課, 福祉課]",
            "企画課 総務課 福祉課",
            "企画課 福祉課 総務課",
        ),
    ],
)
def test_lists_of_words_are_united_however_they_are_written(base, ours, theirs, result, swapped):
    def text(words):
        lines = "".join(f"            {line}\n" for line in words.splitlines())
        return listed("a") + lines

    for sides, words in (((base, ours, theirs), result), ((base, theirs, ours), swapped)):
        found = merged(*map(text, sides))
        assert found.is_clean
        assert " ".join(bare(found.chosen("ours"))["goals"][0]["policies"][0]["initiatives"][0]["owners"]) == words


def test_items_without_ids_go_by_their_titles():
    base = re.sub("id: [ab]\n *", "", listed("ab"))
    ours, theirs = (
        base.replace("title: 取組a", f"title: 取組a\n            {key}") for key in ("note: x", "owners: [課]")
    )
    assert merged(base, ours, theirs).chosen("ours") == base.replace(
        "title: 取組a", "title: 取組a\n            note: x\n            owners: [課]"
    )
    found = merged(base, base.replace("title: 取組a", "title: 甲"), theirs)
    assert [each.why for each in found.decisions if each.is_clash] == ["removed-and-changed"]


def test_origins_are_united_though_one_was_no_list():
    base = listed("a") + "            from: q\n"
    found = merged(base, base.replace("from: q", "from: [q, r]"), base.replace("from: q", "from: [q, s]"))
    assert found.chosen("ours") == base.replace("from: q", "from: [q, r, s]")


def test_comments_of_both_stay():
    base = listed("ab")
    ours = base.replace("          - id: b", "          # こちら\n          - id: b").replace("取組a", "甲")
    theirs = base.replace("          - id: b", "          # あちら\n          - id: b").replace(
        "            number: 1\n", "            number: 1   # 仮\n"
    )
    assert merged(base, ours, theirs).chosen("ours") == base.replace(
        "          - id: b", "          # こちら\n          # あちら\n          - id: b"
    ).replace("取組a", "甲").replace(
        "            number: 1\n            title: 甲", "            number: 1   # 仮\n            title: 甲"
    )


NOTED = """goals:{}
  - id: g1{}
    title: 甲{}
    target: {{year: 2026, value: 1}}{}
    body: |
      本文。
    policies:
      - {{id: p1, title: 乙}}
{}  - {{id: g2}}
{}"""


@pytest.mark.parametrize("at", range(6), ids=["key", "id", "value", "brackets", "foot", "end"])
def test_comments_of_both_stay_wherever_they_stand(at):
    def text(words):
        line = f"  # {words}" if at < 4 else f"    # {words}\n" if at == 4 else f"# {words}\n"
        return NOTED.format(*("" if each != at or not words else line for each in range(6)))

    one, other, both = "こちら", "あちら", text("")
    for base, ours, theirs in (("", one, other), ("元", one, other)):
        found = merged(
            text(base), text(ours).replace("value: 1}", "value: 2}"), text(theirs).replace("title: 乙", "x: 1")
        )
        both = found.chosen("ours")
        assert found.is_clean
        assert [words in both for words in ("元", one, other)] == [False, True, True]
        assert bare(both)["goals"][0]["target"]["value"] == 2
        assert re.sub(r" *# \S+\n?|\n", "", both) == re.sub("\n", "", NOTED.format(*[""] * 6)).replace(
            "value: 1}", "value: 2}"
        ).replace("title: 乙", "x: 1")
    gone = merged(text("元"), text("元").replace("title: 乙", "x: 1"), text("")).chosen("ours")
    assert gone == text("").replace("title: 乙", "x: 1")


def test_comments_behind_a_list_stay_where_they_stand():
    base = listed("ab") + "        # 施策の注\n# 末尾の注\n"
    ours = base.replace("取組a", "甲")
    found = merged(base, ours, listed("aBx") + "        # 施策の注\n# 末尾の注\n")
    assert found.chosen("ours") == listed("aBx").replace("取組a", "甲") + "        # 施策の注\n# 末尾の注\n"


def test_results_of_years_come_in_the_order_of_years():
    kpi = "            kpis:\n              - id: k\n                name: 利用者数\n                actuals:\n"
    row = "                  - {{year: {}, value: {}}}\n"
    base = listed("a") + kpi + row.format(2021, 1)
    ours, theirs = base + row.format(2023, 3), base + row.format(2022, 2)
    for found in (merged(base, ours, theirs), merged(base, theirs, ours)):
        assert found.chosen("ours") == base + row.format(2022, 2) + row.format(2023, 3)
    twice = merged(base, base + row.format(2022, 2), base + row.format(2022, 5))
    (decision,) = [each for each in twice.decisions if each.is_clash]
    assert (decision.thing.title, decision.path) == ("利用者数", ("actuals", "2022", "value"))
    assert (decision.ours, decision.theirs) == (2, 5)


def test_one_key_that_both_have_changed_is_the_only_conflict():
    base = listed("ab")
    ours = base.replace("title: 取組b", "title: 連携  # 仮").replace("title: 取組a", "title: 甲")
    theirs = base.replace("title: 取組b", "title: 交流\n            owners: [企画課]")
    found = merged(base, ours, theirs)
    (decision,) = found.decisions
    assert (decision.base, decision.ours, decision.theirs, decision.why) == ("取組b", "連携", "交流", "changed-twice")
    marked = found.marked("HEAD", "観光課")
    assert marked == base.replace("title: 取組a", "title: 甲").replace(
        "            title: 取組b\n",
        "<<<<<<< HEAD\n            title: 連携  # 仮\n=======\n            title: 交流\n>>>>>>> 観光課\n"
        "            owners: [企画課]\n",
    )


def test_a_text_is_merged_by_its_paragraphs():
    def text(*lines):
        return listed("a") + "            body: |\n" + "".join(f"              {line}\n" for line in lines)

    base = text("一つ目。", "二つ目。", "三つ目。")
    found = merged(
        base, text("一つ目を改める。", "二つ目。", "三つ目。"), text("一つ目。", "二つ目。", "三つ目。", "四つ目。")
    )
    assert found.chosen("ours") == text("一つ目を改める。", "二つ目。", "三つ目。", "四つ目。")
    found = merged(base, text("甲。", "二つ目。", "三つ目。"), text("乙。", "二つ目を改める。", "三つ目。"))
    (decision,) = found.decisions
    assert (decision.base, decision.ours, decision.theirs) == ("一つ目。", "甲。", "乙。")
    assert "二つ目を改める。" in found.chosen("ours")


def test_an_item_that_is_moved_to_another_parent_is_edited_there():
    second = "      - id: p2\n        number: 2\n        title: 移住を促す\n        initiatives:\n"
    second += "          - {id: z, number: 1, title: 取組z}\n"
    base = listed("ab") + second
    item = "          - id: b\n            number: 2\n            title: 取組b\n"
    ours = base.replace(item, "") + item  # moved behind z
    theirs = base.replace("title: 取組b", "title: 連携")
    for found in (merged(base, ours, theirs), merged(base, theirs, ours)):
        assert found.chosen("ours") == ours.replace("title: 取組b", "title: 連携")
    third = base + second.replace("p2", "p3").replace("id: z", "id: y").replace("number: 2", "number: 3")
    found = merged(
        third,
        third.replace(item, "").replace("title: 取組z}\n", "title: 取組z}\n" + item),
        third.replace(item, "") + item,
    )
    assert [each.why for each in found.decisions if each.is_clash] == ["moved-twice"]


@pytest.mark.parametrize("wanted", ["lf", "crlf", "bom"])
def test_everything_that_ours_has_typed_stays(wanted):
    base = listed("ab").replace("goals:", "# 頭\ngoals:   # 末尾\n\n").replace("取組a", '"取組a"')
    ours, theirs = (
        base.replace("number: 2", "number: 2   # 仮"),
        base.replace("取組b", "連携").replace('"取組a"', "'甲'"),
    )
    expected = ours.replace("取組b", "連携").replace('"取組a"', "'甲'")
    if wanted == "crlf":
        ours, expected = ours.replace("\n", "\r\n"), expected.replace("\n", "\r\n")
    assert merged(base, ours, theirs).chosen("ours") == expected


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "          - {id: a, number: 1,\n             # 注\n             title: 甲}\n",
        HEAD + "          - &x {id: a, number: 1, title: 甲}\n",
        HEAD + "          - ? id\n            : a\n",
        HEAD + "          - id: a\n           title: x\n",
    ],
)
def test_a_layout_that_cannot_be_taken_apart_is_refused_and_never_rewritten(text):
    one, other = text.replace("title: 転入促進", "title: 甲"), text.replace("title: 魅力を発信する", "title: 乙")
    try:
        found = merged(text, one.replace("title: 甲}", "title: 丙}"), other.replace("number: 1,", "number: 3,"))
    except LayoutError:
        return
    assert text.partition("initiatives:\n")[2] in found.chosen("ours")


# -------------------------------------------------------------------------------------------------------------- laws


def norm(value):
    """Leave out what swapping the sides may change: the order of what stands at one place, and so its numbers."""
    if isinstance(value, dict):
        return {key: norm(each) for key, each in value.items() if key != "number"}
    return sorted(map(norm, value), key=repr) if isinstance(value, list) else value


def ids(value):
    found = {value["id"]} if isinstance(value, dict) and "id" in value else set()
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found.union(*map(ids, inside))


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9), one=st.integers(1, 4), other=st.integers(1, 4))
def test_laws_of_merging(seed, one, other):
    writer = Writer(seed)
    base = writer.plan()
    ours, theirs = writer.edited(base, one), writer.edited(base, other)
    assert merged(base, base, theirs).chosen("ours") == theirs
    assert merged(base, ours, base).chosen("ours") == ours
    assert merged(base, ours, ours).chosen("ours") == ours
    found, swapped = merged(base, ours, theirs), merged(base, theirs, ours)
    assert found.is_clean == swapped.is_clean
    for side in ("ours", "theirs"):
        assert not load(found.chosen(side), "")[1]
    assert norm(bare(found.chosen("ours"))) == norm(bare(swapped.chosen("theirs")))
    if found.is_clean:
        before, mine, yours = (ids(bare(text)) for text in (base, ours, theirs))
        assert ids(bare(found.chosen("ours"))) == (mine | yours) - (before - mine) - (before - yours)
    else:
        assert [each.why for each in found.decisions if each.is_clash]
    crlf = merged(base, ours.replace("\n", "\r\n"), theirs)
    assert crlf.chosen("ours") == found.chosen("ours").replace("\n", "\r\n")


@settings(max_examples=40)
@given(seed=st.integers(0, 10**9))
@example(676)  # behind the mark of a text
@example(12393558)  # reworded here, at another entry there
def test_no_comment_is_lost_or_doubled(seed):
    writer = Writer(seed)
    base = writer.commented(writer.plan(), ["元一", "元二"])
    ours, theirs = writer.commented(base, ["甲一", "甲二", "甲三"]), writer.commented(base, ["乙一", "乙二", "乙三"])
    found = merged(base, ours, theirs)
    assert found.is_clean
    text = found.chosen("ours")
    assert bare(text) == bare(base)
    comments = [[line for line in each.splitlines() if "#" in line] for each in (base, ours, theirs)]
    for word in ("元一", "元二", "甲一", "甲二", "甲三", "乙一", "乙二", "乙三"):
        before, mine, yours = ({line.strip() for line in each if f"# {word}" in line} for each in comments)
        # Two who reword one comment are both kept: which of them holds, people see.
        own_line = all(each.startswith("#") for each in before)
        is_reworded = len({*before, *mine, *yours}) == 3 and own_line
        assert text.count(f"# {word}") == (2 if is_reworded else bool(mine or yours)), word


# -------------------------------------------------------------------------------------------------------------- git


EDITION = "strategies/p/2021-03.yaml"


def git(*arguments, check=True):
    environment = os.environ | {"GIT_EDITOR": "true"}
    run = subprocess.run(["git", *arguments], check=check, capture_output=True, env=environment)
    return run.returncode, (run.stdout + run.stderr).decode("utf-8", "replace")


def write(text):
    Path(EDITION).write_text(text, encoding="utf-8", newline="\n")


def held():
    return Path(EDITION).read_bytes().decode("utf-8")


@pytest.fixture
def city(lonely_git):  # noqa: ARG001 - the folder
    """Have two branches, ours and theirs, from one base; on ours."""

    def begun(base, ours, theirs, *, driver=True):
        git("init", "-q", "-b", "main")
        git("config", "user.name", "企画課")
        git("config", "user.email", "kikaku@example.jp")
        Path(EDITION).parent.mkdir(parents=True)
        for branch, text in (("main", base), ("theirs", theirs), ("ours", ours)):
            if branch != "main":
                git("checkout", "-q", "-b", branch, "main")
            write(text)
            git("add", "-A")
            git("commit", "-q", "-m", branch)
        if driver:
            assert main(["git", "install"]) == 0

    yield begun
    store.close()


BASE, OURS, THEIRS, BOTH = listed("ab"), listed("abx"), listed("aby"), listed("abxy")


@pytest.mark.parametrize(
    "steps",
    [
        [("merge", "-q", "theirs", "-m", "m")],
        [("cherry-pick", "theirs")],
        [("checkout", "-q", "theirs"), ("rebase", "-q", "ours")],
    ],
    ids=["merge", "cherry-pick", "rebase"],
)
def test_git_merges_by_items(city, steps):
    city(BASE, OURS, THEIRS)
    for step in steps:
        code, said = git(*step, check=False)
        assert code == 0, said
    assert held() == BOTH
    assert "番号は、並び順のとおり ④ にしました（もとは ③）" in said


CASES = sorted(path.name for path in (Path(__file__).parent / "merge").iterdir())


def named(text):
    """Leave out the names of the branches, which an older git does not tell the driver."""
    return re.sub(r"^(<<<<<<<|>>>>>>>) .*", r"\1", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", CASES)
def test_cases(city, golden, capsys, name):
    folder = Path(__file__).parent / "merge" / name
    base, ours, theirs = ((folder / f"{side}.yaml").read_text(encoding="utf-8") for side in ("base", "ours", "theirs"))
    city(base, ours, theirs)
    capsys.readouterr()
    code = main(["merge", "--preview", "theirs", "--width", "100"])
    said = capsys.readouterr().out
    assert code == (not said.startswith("競合はありません"))
    golden(folder / "said.txt", said)
    clashes = git("merge", "-q", "theirs", "-m", "m", check=False)[0]
    assert clashes == ("<<<<<<<" in held()) == said.startswith("競合 ")
    golden(folder / "merged.yaml", named(held()))

    git("reset", "-q", "--hard", "ours")
    assert main(["git", "uninstall"]) == 0
    if git("merge", "-q", "theirs", "-m", "m", check=False)[0]:
        assert main(["merge", "--solve", EDITION]) == clashes
    assert named(held()) == (folder / "merged.yaml").read_text(encoding="utf-8")


def test_what_was_stashed_comes_back_by_items(city):
    city(BASE, OURS, THEIRS)
    git("checkout", "-q", "main")
    write(THEIRS)
    git("stash", "-q")
    git("merge", "-q", "ours")
    assert git("stash", "pop", "-q", check=False)[0] == 0
    assert held() == BOTH


def test_a_worktree_has_the_driver_too_and_uninstalling_takes_it_away(city, tmp_path):
    city(BASE, OURS, THEIRS)
    git("worktree", "add", "-q", str(tmp_path / "other"), "-b", "third", "ours")
    assert git("-C", str(tmp_path / "other"), "merge", "-q", "theirs", "-m", "m", check=False)[0] == 0
    assert (tmp_path / "other" / EDITION).read_bytes().decode("utf-8") == BOTH
    assert main(["git", "uninstall"]) == 0
    assert "merge" not in Path(".git/config").read_text(encoding="utf-8")
    assert git("merge", "-q", "theirs", check=False)[0] == 1


def test_another_driver_keeps_its_patterns(city, capsys):
    city(BASE, OURS, THEIRS, driver=False)
    Path(".gitattributes").write_text("*.yaml merge=union\n", encoding="utf-8")
    assert main(["git", "install"]) == 0
    assert "merge=union" in capsys.readouterr().err
    assert "merge=strategy" not in Path(".git/info/attributes").read_text(encoding="utf-8")


def test_a_conflict_is_said_in_words_and_stands_in_the_file(city):
    city(listed("ab"), listed("aB"), listed("ab").replace("取組b", "交流"))
    code, said = git("merge", "theirs", check=False)
    assert code == 1
    assert "競合 1件" in said
    assert re.search(r"主な取組|基本目標1-1-②", said)
    text = held().replace("<<<<<<< HEAD", "<<<<<<< OURS").replace(">>>>>>> theirs", ">>>>>>> THEIRS")
    text = text.replace("<<<<<<< こちら", "<<<<<<< OURS").replace(">>>>>>> あちら", ">>>>>>> THEIRS")  # an older git
    assert text == listed("ab").replace(
        "            title: 取組b\n",
        "<<<<<<< OURS\n            title: 取組b改\n=======\n            title: 交流\n>>>>>>> THEIRS\n",
    )
    plain = git("diff", "--no-ext-diff", "--no-textconv")[1]
    assert len(git("diff")[1]) <= 2 * len(plain)


def test_what_is_no_yaml_is_merged_by_lines(city):
    city(BASE + "x: [\n", OURS + "x: [\n", BASE.replace("例示市総合", "例示町総合") + "x: [\n")
    code, said = git("merge", "theirs", "-m", "m", check=False)
    assert code == 0, said
    assert "git が行ごとに合わせます" in said
    assert held() == OURS.replace("例示市総合", "例示町総合") + "x: [\n"


def test_errors_that_neither_side_had_are_a_conflict(city):
    base = listed("ab")
    ours = base.replace("title: 取組b", "title: 取組b\n            kpis:\n              - {id: x, name: 甲}")
    theirs = base.replace(
        "title: 取組a", "title: 取組a\n            kpis:\n              - {id: k, name: 乙, same-as: x}"
    )
    theirs = theirs.replace("goals:\n", "viewpoints:\n  - {id: x, number: 1, title: 視点}\ngoals:\n")
    city(base, ours, theirs)
    code, said = git("merge", "theirs", check=False)
    assert code == 1, said


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_a_plain_conflict_is_solved_afterwards(city, style, capsys):
    city(BASE, OURS.replace("title: 転入促進", "title: 転入の促進"), THEIRS, driver=False)
    git("config", "merge.conflictStyle", style)
    assert git("merge", "-q", "theirs", check=False)[0] == 1
    assert "<<<<<<<" in held()
    if style == "diff3":  # the base is in the markers
        git("add", "-A")
    assert main(["merge", "--solve", EDITION]) == 0
    assert held() == BOTH.replace("title: 転入促進", "title: 転入の促進")
    assert main(["merge", "--solve", EDITION]) == 2
    assert "印" in capsys.readouterr().err


def test_a_preview_tells_what_would_conflict(city, capsys):
    city(listed("ab"), listed("aB"), listed("ab").replace("取組b", "交流"), driver=False)
    assert main(["merge", "--preview", "theirs", "-f", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMA).validate(told)
    assert told["conflicts"] == 1
    (decision,) = told["files"][0]["decisions"]
    assert (decision["base"], decision["ours"], decision["theirs"]) == ("取組b", "取組b改", "交流")
    assert main(["merge", "--preview", "theirs...ours", "-f", "markdown"]) == 1
    assert "競合 1件" in capsys.readouterr().out
    git("checkout", "-q", "main")
    assert main(["merge", "--preview", "theirs"]) == 0
    assert capsys.readouterr().out.startswith("双方が変えた版はありません")


def test_three_files_are_merged_without_git(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, text in (("base", BASE), ("ours", OURS), ("theirs", THEIRS)):
        Path(f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
    files = ["base.yaml", "ours.yaml", "theirs.yaml"]
    assert main(["merge", *files, "-o", "both.yaml"]) == 0
    assert Path("both.yaml").read_bytes().decode("utf-8") == BOTH
    assert main(["merge", *files, "-o", "ours.yaml"]) == 2
    assert main(["merge", *files[:2]]) == 2
    assert main(["merge", *files, "-f", "json"]) == 0
    out = capsys.readouterr().out
    Draft202012Validator(SCHEMA).validate(json.loads(out[out.index("{") :]))


def test_the_driver_never_raises(tmp_path):
    paths = [tmp_path / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, (listed("ab"), listed("aB"), listed("ab").replace("取組b", "交流")), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    arguments = [*map(str, paths), "9", "strategies/p/2021-03.yaml", "%X", "%Y"]
    assert drive(arguments) == CLASHES
    assert "<<<<<<<<< こちら\n" in paths[1].read_bytes().decode("utf-8")
    paths[0].write_bytes(b"\xff\xfe")
    assert drive(arguments) == UNUSABLE
    assert drive([]) == UNUSABLE
