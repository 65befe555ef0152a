import io
from collections import Counter
from pathlib import Path

import pytest
from editions import case, listing
from ruamel.yaml import YAML

from atsugi_cli.compare import compare
from atsugi_cli.formats import markdown
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import BY_CODE, KINDS
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Item
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
    lines = "".join(f"    {line}\n" for line in listing(report))
    golden(FOLDER / code / "expected.md", f"{lines}\n{markdown.write(comparison(report, profile), Options())}")


@pytest.mark.parametrize("folder", [each for each in FOLDERS if each.parent == REVISIONS], ids=lambda each: each.name)
def test_a_revision_is_read_as_an_official_would(folder, golden):
    old, new, _ = case(folder)
    golden(folder / "expected.txt", "".join(f"{line}\n" for line in listing(compare(old, new))))


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
