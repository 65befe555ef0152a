import io
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from editions import case, golden_of, listing
from ruamel.yaml import YAML

from atsugi_cli import kinds
from atsugi_cli.compare import compare
from atsugi_cli.formats import html, markdown, text
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import BY_CODE, KINDS, IndicatorView, View, net
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.tree import tree
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Achievement, Declared, Edition, Indicator, Item, Plan, Strategy, Value
from atsugi_cli.reader import build
from atsugi_cli.reader.loading import load

FOLDER = Path(__file__).parent / "kinds"
REVISIONS = Path(__file__).parent / "revisions"
CODES = [kind.entry.code for kind in KINDS]
FOLDERS = sorted(each for each in (*FOLDER.iterdir(), *REVISIONS.iterdir()) if each.is_dir())
ALSO = {}
"""Kinds that a case cannot show without showing another one."""


def shown(folder):
    return {change.kind.code for change in compare(*case(folder)[:2]).changes()}


def test_every_kind_has_a_case_and_every_case_a_kind():
    assert sorted(each.name for each in FOLDER.iterdir()) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_case_shows_its_kind_and_no_other(code):
    assert shown(FOLDER / code) == {code, *ALSO.get(code, ())}


@pytest.mark.parametrize("code", CODES)
def test_a_case_prints_as_expected(code, golden):
    old, new, profile = case(FOLDER / code)
    report = compare(old, new)
    document = comparison(report, profile)
    golden(
        FOLDER / code / "expected.md",
        f"{golden_of(report, profile)}\n{looks(document)}\n{markdown.write(document, Options())}",
    )


def looks(document):
    """Say how its flags look: the colour in a terminal, the hue and the sign on a page."""
    terminal, page = text.write(document, Options(colour=True)), html.write(document, Options())
    colours = sorted(set(re.findall(r"\x1b\[([0-9;]*)m\[(\w+)", terminal)))
    badges = sorted(set(re.findall(r'<span class="badge (\w+)"><span aria-hidden="true">(.) ?</span>(\w+)', page)))
    assert colours
    assert badges
    return "".join(f"    {' '.join(each)}\n" for each in (*colours, *badges))


@pytest.mark.parametrize("folder", [each for each in FOLDERS if each.parent == REVISIONS], ids=lambda each: each.name)
def test_a_revision_is_read_as_an_official_would(folder, golden):
    old, new, profile = case(folder)
    golden(folder / "expected.txt", golden_of(compare(old, new), profile))


@pytest.mark.parametrize("kind", KINDS, ids=CODES)
def test_every_kind_is_documented(kind):
    assert kind.entry.doc.endswith("。")
    for look in (kind.on_item, kind.on_indicator, kind.on_plan):
        assert look is None or (look.__doc__ or "").strip().split("\n")[0].endswith("。")


def test_the_mirror_of_the_mirror_is_the_kind_itself():
    for kind in KINDS:
        assert BY_CODE[BY_CODE[kind.mirror].mirror] is kind


def facts(report, *, back=False):
    """Count what is said, seen from the front; `back` turns kinds and sides round."""
    found = Counter()
    for change in report.changes():
        sides = (sorted(_keys(change.old)), sorted(_keys(change.new)))
        indicators = ([each.id for each in change.old_indicators], [each.id for each in change.new_indicators])
        words = (change.before, change.after)
        if back:
            sides, indicators, words = sides[::-1], indicators[::-1], words[::-1]
        code = BY_CODE[change.kind.code].mirror if back else change.kind.code
        found[code, str(sides), str(indicators), str(words)] += 1
    return found


def _keys(things):
    return [(each.level if isinstance(each, Item) else each.role, each.id) for each in things]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_looking_back_shows_the_mirror(folder):
    old, new, _ = case(folder)
    assert facts(compare(new, old), back=True) == facts(compare(old, new))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_an_edition_against_itself_shows_nothing(folder):
    for edition in case(folder)[:2]:
        assert listing(compare(edition, edition)) == []


EDITION = {"edition", "plan", "sections", "viewpoints", "goals"}
GOAL = {"policies", "initiatives", "targets"}


def placed(example, edition):
    """Put an example's side into an edition: keys of the edition, of a goal, of an initiative or of an indicator."""
    data = YAML(typ="safe", pure=True).load(example)
    data = {"initiatives": data} if isinstance(data, list) else data
    indicator = {"id": "startups", "name": "起業の件数", "unit": "件"}
    startup = {"id": "startup", "title": "起業の支援"}
    own = [] if data.keys() & {"policies", "initiatives"} else [startup]
    goal = {"id": "work", "number": 1, "title": "しごとづくり", "initiatives": own}
    if not data.keys() & (EDITION | GOAL | {"kpis"}):
        startup["kpis"] = [indicator | data]
    elif "kpis" in data:
        startup |= data
    goal |= {key: value for key, value in data.items() if key in GOAL}
    whole = {
        "format": 1,
        "plan": {"id": "reiji", "title": "例示市総合戦略", "municipality": "例示市"} | data.get("plan", {}),
        "edition": edition | data.get("edition", {}),
        "goals": [goal],
        "sections": data.get("sections", []),
    }
    whole["plan"].setdefault("period", {"start": 2021, "end": 2025})
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(whole, stream)
    found, findings = load(stream.getvalue(), "example.yaml")
    assert not findings
    return build.strategy(found, "example.yaml", stream.getvalue(), DEFAULT_PROFILE.levels)


@pytest.mark.parametrize("kind", KINDS, ids=CODES)
def test_the_example_of_a_kind_shows_it_and_no_other(kind):
    before, mark, after = kind.entry.example.partition("# 改定後\n")
    assert before.startswith("\n# 現行\n")
    assert mark
    old = placed(before, {"id": "2021-03", "label": "現行", "stage": "adopted", "date": "2021-03-01"})
    new = placed(
        after, {"id": "2024-03", "label": "改定後", "stage": "draft", "date": "2024-03-01", "revises": "2021-03"}
    )
    assert {change.kind.code for change in compare(old, new).changes()} == {kind.entry.code}


ELSEWHERE = {
    "match/links.py": {"added", "section-added", "kpi-added"},  # below the kinds, which take them from there
    "rules/revision.py": {"removed"},  # a key of an edition, as in the reader
    "layout/merging.py": {"removed"},
    "merge/__init__.py": {"merged"},  # the name of a function
    "project/structure.py": {"removed"},
    "editor/view.py": {"removed"},  # the same
    "tables/importing.py": {"removed"},
    "tables/applying.py": {"added"},  # what an author would declare of an item that a section proposes
}
READER = {"added", "removed", "reworded"}
"""Keys of an edition and of a profile, and what authors' own words for a kind are taken for."""


def test_no_code_of_a_kind_stands_outside_the_kinds():
    root = Path(kinds.__file__).parents[1]
    found = []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith("kinds/"):
            spared = ELSEWHERE.get(name, set()) | (READER if name.startswith("reader/") else set())
            said = set(re.findall(r"""["']([a-z]+(?:-[a-z]+)*)["']""", path.read_text(encoding="utf-8")))
            found += [f"{name}: {code}" for code in sorted(said & set(CODES) - spared)]
    assert found == []


SAMPLES = {
    "basis": "date",
    "direction": "decrease",
    "aggregation": "mean",
    "role": "target",
    "level": "policy",
    "span": (2021, 2024),
    "baseline": Value(2020, 3),
    "current": Value(2020, 3),
    "target": Value(2025, 7),
    "targets": (Value(2023, 5),),
    "actuals": (Value(2022, 5),),
    "breakdown": (Indicator("part", "kpi", "内訳"),),
    "achievement": Achievement("ratio"),
    "owners": ("課",),
    "tags": (("sdgs", (1,)),),
    "extra": (("x-a", 1),),
    "number": 7,
    "start": 2020,
    "end": 2030,
}
"""Another value of each field that is no text."""


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (thing, name)
        for thing in (Item("a", "initiative", title="起業の支援"), Indicator("b", "kpi", "件数"), Plan("p"))
        for name in type(thing).__match_args__
        if name not in net.SILENT | {"indicators", "children"}
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_no_field_of_the_model_changes_in_silence(thing, name):
    other = replace(thing, **{name: SAMPLES.get(name, "別の言葉")})

    def edition(each):
        item = each if isinstance(each, Item) else Item("a", "initiative", title="起業の支援")
        if isinstance(each, Indicator):
            item = replace(item, indicators=(each,))
        plan = each if isinstance(each, Plan) else Plan("p")
        return Strategy(plan, Edition("e"), Item("", "plan", children=(item,)))

    assert list(compare(edition(thing), edition(other)).changes())


@pytest.mark.parametrize("name", ["baseline", "target", "targets", "actuals"])
def test_what_a_figure_is_of_does_not_change_in_silence_but_a_note_beside_it_does(name):
    for field, value in (("note", "別の言葉"), ("span", (2021, 2024))):
        one, other = Value(2025, 3), replace(Value(2025, 3), **{field: value})
        values = [(each,) if name.endswith("s") else each for each in (one, other)]
        view = [(Indicator("b", "kpi", "件数", **{name: each}),) for each in values]
        found = kinds.classify(IndicatorView(view[0], view[1][0], (None, None)), "id", 1.0)
        assert bool(found) == (field == "span" and name != "actuals"), field


def test_an_actual_of_a_new_year_is_no_change_and_a_revised_one_is():
    old = Indicator("b", "kpi", "件数", actuals=(Value(2020, 48.3),))
    for actuals, wanted in (
        ((Value(2020, 48.3), Value(2021, 45.6)), []),
        ((), []),
        ((Value(2020, 48.3, note="速報"),), []),
        ((Value(2020, 45.6), Value(2021, 45.0)), ["actual-changed"]),
    ):
        view = IndicatorView((old,), replace(old, actuals=actuals), (None, None))
        assert [each.kind.code for each in kinds.classify(view, "id", 1.0)] == wanted


def test_what_is_declared_of_an_omitted_item_is_not_dropped():
    flags = ("text-changed", "owner-changed", "tags-changed")
    old = Item("a", "goal", body="場を増やす。", owners=("農政課",), tags=(("sdgs", (2,)),), omitted=True)
    new = replace(old, body="場を設ける。", owners=("農業課",), tags=(("sdgs", (2, 8)),), change=Declared(flags))
    changes = kinds.classify(View((old,), new, declared=new.change), "id", 1.0)
    assert [each.kind.code for each in changes] == [*flags]
    assert changes[0].wording is not None


@pytest.mark.parametrize(
    ("before", "after", "label"), [(2, 3, "繰下げ"), ("第3章", "第2章", "繰上げ"), ("(1)", "(2)", "繰下げ")]
)
def test_a_number_that_moved_says_which_way(before, after, label):
    (change,) = kinds.classify(View((Item("a", "section", before),), Item("a", "section", after)), "id", 1.0)
    assert change.label == label


@pytest.mark.parametrize("name", ["strategy", "profile"])
def test_the_schemas_name_every_kind(name, golden):
    path = Path(__file__).parents[1] / "schemas" / f"{name}.schema.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    if name == "strategy":
        flags = data["$defs"]["change"]["properties"]["flags"]["items"]
        declared = [code for code in CODES if BY_CODE[code].group != "net"]
        flags["enum"] = [code for code in flags["enum"] if code in declared]
        flags["enum"] += [code for code in declared if code not in flags["enum"]]
    else:
        words = data["properties"]["flags"]["properties"]
        like = next(iter(words.values()))
        data["properties"]["flags"]["properties"] = {code: words[code] for code in words if code in CODES} | {
            code: like for code in CODES if code not in words
        }
    golden(path, json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def corrected(**words):
    before = Item("a", "initiative", title="企業の支援", body="起業を支える。")
    after = replace(before, change=Declared(("corrected",)), **words)
    roots = [Item("", "plan", children=(item,)) for item in (before, after)]
    editions = Edition("2021-03"), Edition("2024-03", revises="2021-03")
    return compare(*(Strategy(Plan("p"), edition, root) for edition, root in zip(editions, roots, strict=True)))


def test_a_correction_marks_every_text_that_it_corrects():
    revision = corrected(title="起業の支援", body="起業を助ける。")
    assert [list(change.marks) for change in revision.changes()] == [["title", "body"]]
    row = comparison(revision, DEFAULT_PROFILE).blocks[0].rows[-1]
    marked = ["".join(run.text for line in cell.lines for run in line.runs if run.mark) for cell in row.cells[:2]]
    assert marked == ["企業支える", "起業助ける"]


def test_a_corrected_text_is_not_printed_as_the_title_of_a_tree():
    revision = corrected(body="起業を助ける。")
    lines = tree(revision.new, DEFAULT_PROFILE, revision).blocks
    assert [line.text for line in lines[1:]] == ["企業の支援"]
