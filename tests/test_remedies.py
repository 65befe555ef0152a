"""A hint is right when it is followed to the letter: the edits of the JSON are made, and the data compared."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from slips import followed
from test_values import BASE, NOT_READ, PERIOD
from test_values import rows as texts

from atsugi_cli import store
from atsugi_cli.cli import app
from atsugi_cli.reader.loading import load
from atsugi_cli.values import fields, read

FOLDER = Path(__file__).parent / "remedies"
RIGHT = (FOLDER / "right.yaml").read_text(encoding="utf-8")
ROUNDS = 3
"""Times that a planner looks again: what stands below a mistyped key is only read when the key is right."""


def slips():
    """Read the table: what is right, and the slip that stands there instead."""
    for line in (FOLDER / "slips.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            right, slip = (each.replace("\\n", "\n").replace("\\t", "\t") for each in line.split("\t"))
            yield pytest.param(right, slip, id=slip.replace("\n", " "))


SLIPS = [*slips()]


WITHOUT_A_YEAR = [
    (text, unit, found)
    for text, unit, meant in (param.values for param in texts())
    if meant != NOT_READ and (found := read(text, unit, PERIOD, BASE, 2025)) and found.value.year is None
]
VALUES = [
    pytest.param(text, unit, found, id=f"{text} ({unit})")
    for text, unit, found in WITHOUT_A_YEAR
    if found.unit in {"", unit} or not unit  # in another unit nobody can say which of the two is wrong
    if not (text.isascii() and text.replace(".", "").isdigit())  # what is no slip
    if found.before is None or found.before.year is None
]
MOVERS = ("goals", 0, "targets", 0)


@pytest.fixture
def checked(tmp_path, capsys):
    """Check a text through the command; give its findings."""
    path = tmp_path / "machi" / "2021-03.yaml"
    path.parent.mkdir()

    def check(text, *options):
        path.write_bytes(text.encode())
        app.main(["validate", str(tmp_path), "--root", str(tmp_path), "-f", "json", *options])
        return json.loads(capsys.readouterr().out)["findings"], path.read_bytes().decode()

    return check


def data(text):
    return load(text, "")[0]


def test_the_plan_itself_is_fine(checked):
    assert checked(RIGHT)[0] == []


def test_the_tables_are_large_enough():
    assert len(SLIPS) >= 300
    assert len({param.values for param in SLIPS}) == len(SLIPS)
    assert len(VALUES) >= 150


def mended(text, checked):
    """Follow every remedy to the letter, as often as a planner looks again."""
    found, _ = checked(text)
    assert found
    for _ in range(ROUNDS):
        if not found:
            break
        text = followed(text, found)
        found, _ = checked(text)
    assert found == []
    return text


@pytest.mark.parametrize(("right", "slip"), SLIPS)
def test_a_slip_is_gone_and_the_data_is_as_meant(right, slip, checked):
    assert RIGHT.count(right) == 1
    assert data(mended(RIGHT.replace(right, slip), checked)) == data(RIGHT)


@pytest.mark.parametrize(("right", "slip"), SLIPS[::10])
def test_remedies_know_the_line_ends_of_windows(right, slip, checked):
    text = mended(RIGHT.replace(right, slip).replace("\n", "\r\n"), checked)
    assert text.count("\n") == text.count("\r\n")
    assert data(text) == data(RIGHT)


@pytest.mark.parametrize(("text", "unit", "meant"), VALUES)
def test_the_text_of_a_value_becomes_its_data(text, unit, meant, checked):
    """The text stands as the value of a target; its data comes there, the unit and what was before an arrow beside."""
    plan = RIGHT.replace("        unit: 人\n", f"        unit: {json.dumps(unit)}\n" if unit else "")
    plan = plan.replace("        direction: increase\n        definition", "        definition")
    base = "" if meant.before else f"baseline: {{year: {BASE}, value: 1200}}"
    plan = plan.replace("        baseline: {year: 2020, value: 1200}\n", f"        {base}\n" if base else "")
    plan = plan.replace("target: {year: 2025, value: 1300}", f"target: {{year: 2025, value: {json.dumps(text)}}}")
    found, _ = checked(plan)
    (slip,) = [each for each in found if each["code"] == "wrong-type"]
    assert slip["edits"]
    after = followed(plan, [slip])
    assert [each for each in checked(after)[0] if each["code"] in {"wrong-type", "unknown-key", "bad-value"}] == []
    indicator = data(after)
    for step in MOVERS:
        indicator = indicator[step]
    assert indicator["target"] == {"year": 2025} | dict(fields(meant.value))
    assert indicator.get("unit", "") == (meant.unit or unit)
    if meant.before:
        assert indicator["baseline"] == dict(fields(meant.before))


FORTY = 40


def test_one_fix_mends_forty_slips_and_touches_nothing_else(checked):
    """Slips at forty places of one plan: one run, and what no slip touched is as it was, comments included."""
    text, made, taken = RIGHT, [], set()
    for right, slip in (param.values for param in SLIPS):
        lines = {RIGHT[: RIGHT.index(right)].count("\n") + at for at in range(right.rstrip("\n").count("\n") + 1)}
        if text.count(right) != 1 or lines & taken or not safe(right, slip, checked):
            continue
        text, taken = text.replace(right, slip), taken | lines
        made.append(slip)
    assert len(made) >= FORTY
    found, after = checked(text, "--fix")
    assert found == []
    assert data(after) == data(RIGHT)
    for at, line in enumerate(RIGHT.splitlines()):
        if at not in taken:
            assert line in after.splitlines()
    assert all(comment in after for comment in ("# 作り物の市の計画。", "  # 転入\n", "   # 市の目標\n"))
    assert checked(after, "--fix")[1] == after


@pytest.mark.parametrize(
    ("right", "slip"),
    [
        (
            "          year: 2025\n          value: 20   #",
            "          year: 2025\n          value: 約20店舗（速報値）   #",
        ),
        ("    body: |-\n      人口", "    body:\n      - 人口"),
        ("        unit: 人\n", ""),
    ],
)
def test_a_file_of_windows_keeps_its_line_ends(right, slip, checked):
    text = RIGHT.replace(right, slip).replace(
        "      転入を増やします。", "      - 転入を増やします。" if "- 人口" in slip else "      転入を増やします。"
    )
    text = text.replace("value: 1200}", "value: 1,200人}").replace("\n", "\r\n")
    after = checked(text, "--fix")[1]
    assert after.count("\n") == after.count("\r\n")
    assert checked(after)[0] == []


def safe(right, slip, checked):
    return all(each["fixable"] for each in checked(RIGHT.replace(right, slip))[0])


PLANS = sorted((FOLDER / "plans").iterdir())
HOME = FOLDER.parents[1]


@pytest.mark.parametrize("plan", [*PLANS, HOME / "strategies"], ids=lambda each: each.name)
def test_a_whole_plan_gives_no_finding(plan, capsys):
    """Plans as cities write them: 過疎, 環境, こども, 総合計画 of four levels, 総合戦略; and those that are shipped."""
    app.main(["validate", str(plan), "--root", str(plan), "-f", "json", "--all"])
    assert json.loads(capsys.readouterr().out)["findings"] == []


CASES = sorted((FOLDER / "cases").iterdir())
ALSO = {"fix-wareki": ["--fix"], "values-under-years": ["--fix"], "says-what-fix-can": ["--fix", "--diff"]}
"""Options of a second run, after the first one that only looks."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_its_right_result(case, tmp_path, monkeypatch, capsys, golden):
    shutil.copytree(case / "strategies", tmp_path / "strategies")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    app.main(["validate", "-f", "concise"])
    if case.name in ALSO:
        app.main(["validate", "-f", "concise" if "--diff" not in ALSO[case.name] else "text", *ALSO[case.name]])
    told = capsys.readouterr()
    after = (
        [path.read_text(encoding="utf-8") for path in sorted(tmp_path.rglob("20*.yaml"))] if case.name in ALSO else []
    )
    golden(case / "expected.txt", "\n".join([told.out + told.err, *after]))


def test_everything_is_said_of_older_editions_when_it_is_asked_for(capsys):
    folder = str(FOLDER / "cases" / "findings-of-the-adopted-edition" / "strategies")
    told = []
    for named in ([folder], [folder, "--all"], [f"{folder}/p/2021-03.yaml"]):
        app.main(["validate", *named, "--root", folder, "-f", "json"])
        told.append([Path(each["path"]).name for each in json.loads(capsys.readouterr().out)["findings"]])
    assert told == [["2023-10.yaml"], ["2021-03.yaml", "2023-10.yaml"], ["2021-03.yaml"]]


@pytest.mark.usefixtures("lonely_git")
def test_an_older_edition_that_was_changed_since_the_last_commit_is_spoken_of(capsys, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def git(*words):
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
        subprocess.run(["git", *who, *words], check=True, capture_output=True)
        store.close()

    def told(*options):
        app.main(["validate", *options, "-f", "json"])
        return sorted(Path(each["path"]).name for each in json.loads(capsys.readouterr().out)["findings"])

    shutil.copytree(FOLDER / "cases" / "findings-of-the-adopted-edition" / "strategies", "strategies")
    older = Path("strategies/p/2021-03.yaml")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "a")
    text = older.read_bytes()
    assert told() == told("--cached") == ["2023-10.yaml"]
    older.write_bytes(text.replace(b"\n", b"\r\n"))  # as git writes it on Windows
    assert told() == ["2023-10.yaml"]
    older.write_bytes(text + b"# touched\n")
    assert told() == ["2021-03.yaml", "2023-10.yaml"]
    assert told("--cached") == ["2023-10.yaml"]
    git("add", "-A")
    older.write_bytes(text)
    assert told("--cached") == ["2021-03.yaml", "2023-10.yaml"]
    assert told() == ["2023-10.yaml"]


@pytest.mark.usefixtures("lonely_git")
def test_a_plan_is_held_against_another_one(capsys, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    whole = RIGHT.replace("id: machi\n", "id: sogo\n").replace("例示市総合戦略", "例示市総合計画")
    whole = whole.replace("  parent: 例示市総合計画\n", "").replace("value: 1300", "value: 1400")
    for name, text in (("machi", RIGHT), ("sogo", whole)):
        Path("strategies", name).mkdir(parents=True)
        Path("strategies", name, "2021-03.yaml").write_text(text, encoding="utf-8")
    assert app.main(["validate"]) == 0
    assert app.main(["validate", "strategies/machi", "--with", "sogo", "-f", "concise"]) == 0
    assert capsys.readouterr().out == (
        "strategies/machi/2021-03.yaml:36:37: warning plans-differ: 指標「転入者数」（movers）の目標値が 1,300人 で、"
        "「例示市総合計画」の 1,400人 と違います（直し方: 同じ指標なら値をそろえ、別の指標なら名称を分けてください）\n"
    )
    assert app.main(["validate", "--with", "sogo", "--cached"]) == 2
    assert app.main(["validate", "--with", "nowhere"]) == 2


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("  period: {start: 2021, end: 2025}\n", "のように、原典の値を書き加えます"),  # the years are an example
        ("  title: 例示市総合戦略\n", "「title: …」を書き加えます"),
        ("format: 1\n", "「format: 1」を書き加えます"),
    ],
)
def test_an_example_is_never_told_as_what_the_plan_says(gone, said, checked):
    text = (FOLDER / "right.yaml").read_text(encoding="utf-8")
    (finding,) = [each for each in checked(text.replace(gone, "", 1))[0] if each["code"] == "missing-key"]
    assert finding["hint"].endswith(said)


@pytest.mark.parametrize(
    ("right", "slip"),
    [("{start: 2021, end: 2025}", "{start: R3, end: R7}"), ("span: [2021, 2025]", "span: [R3, 令和7年度]")],
)
def test_one_slip_in_both_years_is_said_once(right, slip, checked):
    (finding,) = checked(RIGHT.replace(right, slip))[0]
    assert data(followed(RIGHT.replace(right, slip), [finding])) == data(RIGHT)
