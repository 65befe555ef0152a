from collections import Counter
from pathlib import Path

import pytest
from editions import case, listing

from atsugi_cli.compare import compare
from atsugi_cli.formats import markdown
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import BY_CODE, KINDS
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.model import Item

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
