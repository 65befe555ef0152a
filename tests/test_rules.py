"""Every rule on its own cases (rules/<code>/): what is bad is found, once and in its place; what is good is silent.

bad.yaml and good.yaml hold only what the case is about; the top-level keys that are missing are appended from
`SHARED`, below, so that the lines of the case stay its own. base.yaml is the edition that is revised, with.yaml one of
another plan beside it, profile.yaml the city's. A rule about a folder has folders bad/ and good/ instead; a rule about
profiles has profiles.
"""

import difflib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atsugi_cli.findings import Finding, Place
from atsugi_cli.kinds import KINDS
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Edition, Indicator, Item, Plan, Strategy, Value
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read, read_profile
from atsugi_cli.reader.splice import spliced
from atsugi_cli.rules import CATALOGUE, RULES, check, check_plan, check_profile, periods, years
from atsugi_cli.rules.base import SCHEMA, Subject
from atsugi_cli.rules.folder import FOLDER_RULES
from atsugi_cli.rules.ignores import IGNORE_CODES
from atsugi_cli.rules.profiles import PROFILE_RULES
from atsugi_cli.rules.texts import collected

CASES = Path(__file__).parent / "rules"
FOLDER_CODES = {row.entry.code for row in FOLDER_RULES}
PROFILE_CODES = {row.entry.code for row in PROFILE_RULES}
CODES = [row.entry.code for row in RULES] + [entry.code for entry in IGNORE_CODES]
PLAN_CODES = [code for code in CODES if code in FOLDER_CODES]
EDITION_CODES = [code for code in CODES if code not in FOLDER_CODES]

SHARED = {
    "format": "format: 1",
    "plan": "plan: {id: plan, title: 総合戦略, period: {start: 2021, end: 2026}}",
    "edition": "edition: {id: 2024-03, stage: proposal, date: 2024-03-01, REVISES reasons: [国の戦略を勘案し改定]}",
    "goals": """goals:
  - id: inflow
    number: 1
    title: 転入促進
    targets: [{id: inflow-target, omitted: true}]
    policies:
      - id: relations
        number: 1
        title: 関係人口を創出する
        initiatives:
          - id: links
            number: 1
            title: 都市間連携の強化
            kpis: [{id: links-kpi, omitted: true}]
""",
}


def completed(text: str, *, revised: bool) -> str:
    """Append what a case leaves out."""
    text = text if text.endswith("\n") else text + "\n"
    keys = {line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()}
    rest = [words for key, words in SHARED.items() if key not in keys]
    return text + "\n".join(rest).replace("REVISES", "revises: 2020-03," if revised else "") + "\n"


def edition(path: Path, source: str, profile: Profile, *, revised: bool = False) -> tuple[Strategy, frozenset[int]]:
    text = completed(path.read_text(encoding="utf-8"), revised=revised)
    result = read(text.encode(), source, schemas(), profile)
    assert result.strategy is not None, (path, result.findings)
    assert not result.findings, (path, result.findings)
    return result.strategy, result.broken


def subject(folder: Path, case: str) -> Subject:
    profile = DEFAULT_PROFILE
    if (folder / "profile.yaml").exists():
        profile, findings, _ = read_profile((folder / "profile.yaml").read_bytes(), "profile.yaml", schemas())
        assert not findings
    base_path = folder / "base.yaml"
    base = edition(base_path, "base.yaml", profile)[0] if base_path.exists() else None
    strategy, broken = edition(folder / case, case, profile, revised=base is not None)
    missing = base is None and bool(strategy.edition.revises)
    beside = (edition(folder / "with.yaml", "with.yaml", profile)[0],) if (folder / "with.yaml").exists() else ()
    return Subject(strategy, profile, base, broken=broken, base_missing=missing, beside=beside)


def folder_findings(folder: Path) -> tuple[Finding, ...]:
    strategies, strays = [], []
    for path in sorted(folder.rglob("*.y*ml")):
        source = path.relative_to(folder).as_posix()
        if path.stem.startswith("stray"):
            strays.append(source)
        else:
            strategies.append(edition(path, source, DEFAULT_PROFILE)[0])
    return check_plan(strategies, strays=strays)


def written(findings: tuple[Finding, ...], *, sources: bool = False) -> str:
    """Write findings as expected.txt holds them: place, severity and code; message, hint and related places below."""

    def at(place: Place) -> str:
        return (f"{place.source}:" if sources else "") + f"{place.line}:{place.column}"

    lines = []
    for found in findings:
        lines.append(f"{at(found.place)} {found.severity} {found.rule.code}")
        lines += [f"    {found.message}", f"    → {found.hint}"]
        lines += [f"    {at(each.place)} {each.message}" for each in found.related]
    return "".join(f"{line}\n" for line in lines)


def findings_of(folder: Path, case: str, code: str) -> tuple[Finding, ...]:
    if code in FOLDER_CODES:
        return folder_findings(folder / case)
    path = folder / f"{case}.yaml"
    if code in PROFILE_CODES:
        profile, findings, text = read_profile(path.read_bytes(), path.name, schemas())
        assert not findings
        return check_profile(profile, text, path.name)
    return check(subject(folder, path.name))


ALL_CODES = [*CODES, *sorted(PROFILE_CODES)]


def test_every_rule_has_its_folder_and_every_folder_its_rule() -> None:
    assert sorted(path.name for path in CASES.iterdir() if path.is_dir()) == sorted(ALL_CODES)


@pytest.mark.parametrize("code", ALL_CODES)
def test_bad_is_found_in_its_place_and_nothing_else(code: str, golden: Callable[[Path, str], None]) -> None:
    found = findings_of(CASES / code, "bad", code)
    assert any(each.rule.code == code for each in found)
    golden(CASES / code / "expected.txt", written(found, sources=code in FOLDER_CODES))


@pytest.mark.parametrize("code", ALL_CODES)
def test_good_is_silent(code: str) -> None:
    assert written(findings_of(CASES / code, "good", code)) == ""


@pytest.mark.parametrize("code", ["extended-cumulative", "extended-met", "extended-year"])
def test_a_period_that_begins_anew_is_no_extension(code: str) -> None:
    given = subject(CASES / code, "bad.yaml")
    assert code in {each.rule.code for each in check(given)}
    plan = replace(given.strategy.plan, start=2022)
    anew = Subject(replace(given.strategy, plan=plan), base=given.base)
    assert code not in {each.rule.code for each in check(anew)}


def test_two_states_of_one_edition_are_no_revision() -> None:
    given = subject(CASES / "unchanged", "bad.yaml")
    assert given.base is not None
    edition = replace(given.base.edition, id=given.strategy.edition.id)
    again = Subject(given.strategy, base=replace(given.base, edition=edition))
    assert "unchanged" not in {each.rule.code for each in check(again)}


@pytest.mark.parametrize("code", EDITION_CODES)
def test_findings_speak(code: str) -> None:
    """Each finding says something, says what to do, and its edits can be applied."""
    given = subject(CASES / code, "bad.yaml")
    findings = check(given)
    for found in findings:
        assert found.message
        assert found.hint
        assert not found.message.endswith("。")
        assert found.place.source == "bad.yaml"
    edits = [edit for found in findings for edit in found.edits]
    if edits:
        fixed = spliced(given.strategy.text, edits)
        result = read(fixed.encode(), "fixed.yaml", schemas(), given.profile)
        assert result.strategy is not None
        left = check(Subject(result.strategy, given.profile, given.base, beside=given.beside))
        assert not [found for found in left if found.edits]


def test_the_city_s_own_editions_are_silent() -> None:
    folder = Path(__file__).parent.parent / "strategies" / "atsugi-2"
    first, second = (
        read((folder / name).read_bytes(), f"strategies/atsugi-2/{name}", schemas()).strategy
        for name in ("2020-03.yaml", "2023-10.yaml")
    )
    assert first is not None
    assert second is not None
    assert check(Subject(first)) == ()
    assert check(Subject(second, base=first)) == ()
    assert check_plan([first, second]) == ()


STAGED = (
    ("no-kpi", "draft", "note"),
    ("no-kpi", "proposal", "warning"),
    ("no-target", "outline", "note"),
    ("missing-unit", "draft", "note"),
    ("blank-target", "draft", None),
    ("blank-target", "adopted", "warning"),
    ("lost-item", "draft", "warning"),
    ("lost-item", "adopted", "error"),
    ("undeclared-wording", "draft", "note"),
    ("missing-reason", "draft", None),
    ("removed-reason", "draft", "note"),
    ("empty-plan", "outline", None),
    ("empty-plan", "draft", "warning"),
)


@pytest.mark.parametrize(("code", "stage", "severity"), STAGED)
def test_severity_follows_the_stage(code: str, stage: str, severity: str | None) -> None:
    staged = in_stage(code, stage)
    assert {found.severity for found in check(staged) if found.rule.code == code} == ({severity} if severity else set())


def in_stage(code: str, stage: str) -> Subject:
    given = subject(CASES / code, "bad.yaml")
    result = read(
        given.strategy.text.replace("stage: proposal", f"stage: {stage}").encode(),
        "bad.yaml",
        schemas(),
        given.profile,
    )
    assert result.strategy is not None
    return Subject(result.strategy, given.profile, given.base, broken=given.broken)


def test_the_city_s_profile_outweighs_the_stage() -> None:
    given = in_stage("no-kpi", "draft")
    for severity in ("error", "off"):
        profile = replace(given.profile, severities={"no-kpi": severity})
        strict = Subject(given.strategy, profile, given.base, broken=given.broken)
        wanted = [] if severity == "off" else [severity]
        assert [found.severity for found in check(strict) if found.rule.code == "no-kpi"] == wanted


@pytest.mark.parametrize(("stage", "wanted"), [("draft", []), ("proposal", ["error"]), ("adopted", ["warning"])])
def test_the_city_s_profile_may_differ_by_stage(stage: str, wanted: list[str]) -> None:
    given = in_stage("no-kpi", stage)
    text = b'severities: {no-kpi: warning}\nstages: {draft: {no-kpi: "off"}, proposal: {no-kpi: error}}\n'
    profile, findings, _ = read_profile(text, "profile.yaml", schemas())
    assert findings == ()
    staged = Subject(given.strategy, profile, given.base, broken=given.broken)
    assert [found.severity for found in check(staged) if found.rule.code == "no-kpi"] == wanted


ONCE = {
    "mistyped from": ("- {id: b, number: 1, title: 海の振興, from: bay-exchnge}", ["from-unknown"]),
    "mistyped id": ("- {id: bay-exchnge, number: 1, title: 湾岸の交流}", ["lost-item"]),
    "renamed without from": (
        "- {id: b, number: 1, title: 湾岸の連携, change: {flags: [renamed], reason: 実績を踏まえ}}",
        ["lost-item"],
    ),
    "id of another": ("- {id: hills, number: 1, title: 湾岸の交流}", ["duplicate-id"]),
}


@pytest.mark.parametrize("slip", ONCE)
def test_one_cause_is_said_once(slip: str) -> None:
    row, codes = ONCE[slip]
    second = "  - {id: hills, number: 2, title: 里山の保全}\n"
    base = read(
        completed(
            "edition: {id: 2020-03}\nviewpoints:\n  - {id: bay-exchange, number: 1, title: 湾岸の交流}\n" + second,
            revised=False,
        ).encode(),
        "base.yaml",
        schemas(),
    ).strategy
    new = read(completed(f"viewpoints:\n  {row}\n{second}", revised=True).encode(), "x.yaml", schemas()).strategy
    assert new is not None
    assert [found.rule.code for found in check(Subject(new, base=base))] == codes


ALL_CASES = sorted(path for path in CASES.glob("*/*.yaml") if path.name in {"bad.yaml", "good.yaml"})


@settings(max_examples=120)
@given(
    path=st.sampled_from([path for path in ALL_CASES if path.parent.name not in PROFILE_CODES]),
    base=st.sampled_from([path for path in ALL_CASES if path.parent.name not in PROFILE_CODES]),
    lost=st.sets(st.integers(0, 30), max_size=3),
    twice=st.integers(0, 30),
    cut=st.integers(0, 3),
)
def test_no_file_makes_a_rule_fail(path: Path, base: Path, lost: set[int], twice: int, cut: int) -> None:
    """Whatever lines are lost, doubled or out of place, a rule looks at what is left and never raises."""
    lines = [line for at, line in enumerate(path.read_text(encoding="utf-8").splitlines()) if at not in lost]
    lines[twice:twice] = [line[cut:] for line in lines[twice : twice + 1]]
    result = read(completed("\n".join(lines), revised=True).encode(), "x.yaml", schemas())
    other = read(completed(base.read_text(encoding="utf-8"), revised=False).encode(), "base.yaml", schemas())
    if result.strategy is None:
        return
    for old in (None, other.strategy):
        findings = check(Subject(result.strategy, base=old, broken=result.broken))
        assert all(found.place.source == "x.yaml" for found in findings)
    check_plan([each for each in (result.strategy, other.strategy) if each is not None])


def test_what_a_finding_follows_from_is_a_rule() -> None:
    codes = {entry.code for entry in CATALOGUE} | {SCHEMA}
    follows = [each for row in RULES for each in row.follows_from]
    assert follows
    for each in follows:
        assert each.of | each.but | (each.notes or frozenset()) <= codes


def test_rules_are_documented() -> None:
    codes = [entry.code for entry in CATALOGUE]
    assert len(codes) == len(set(codes))
    for entry in CATALOGUE:
        assert entry.label
        assert entry.summary.endswith("。")


# ------------------------------------------------------------------------------------------------------------ growth

HEAD = "format: 1\nplan: {{id: p, title: 計画}}\nedition: {{id: {id}, stage: draft, date: 2023-10-01{revises}}}\n"


def parsed(text: str, name: str) -> Strategy:
    strategy = read(text.encode(), name, schemas()).strategy
    assert strategy is not None
    return strategy


def renumbered(size: int) -> Subject:
    """All ids were renumbered, and every `from` names an id that never was."""
    goal = "  - {{id: {letter}{id}, number: {number}, title: 施策{number}{origin}}}\n"
    old, new = "goals:\n", "goals:\n"
    for at in range(size):
        word = f"{at * 7919 % 100_003:06}"
        old += goal.format(letter="a", id=word, number=at + 1, origin="")
        new += goal.format(letter="b", id=at, number=at + 1, origin=f", from: c{word[::-1]}")
    base = parsed(HEAD.format(id="2020-03", revises="") + old, "old.yaml")
    return Subject(parsed(HEAD.format(id="2023-10", revises=", revises: 2020-03") + new, "new.yaml"), base=base)


def test_unknown_ids_are_compared_with_a_number_of_others_that_grows_no_faster_than_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = []
    ratio = difflib.SequenceMatcher.real_quick_ratio
    monkeypatch.setattr(
        difflib.SequenceMatcher,
        "real_quick_ratio",
        lambda matcher: compared.append(1) or ratio(matcher),
    )
    counts = []
    for size in (300, 1200):
        compared.clear()
        assert any(found.rule.code == "from-unknown" for found in check(renumbered(size)))
        counts.append(len(compared))
    assert 0 < counts[1] < 5 * counts[0]


def test_a_text_is_searched_for_disagreeing_years_once_however_many_years_it_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched = []
    monkeypatch.setattr(periods, "disagreements", lambda text: searched.append(text) or years.disagreements(text))
    body = "sections: [{id: s, title: 章, body: 令和3(2022)年、" + "平成33年(2022)" * 50 + "}]\n"
    found = check(Subject(parsed(HEAD.format(id="2023-10", revises="") + body, "x.yaml")))
    assert "era-mismatch" in {each.rule.code for each in found}
    assert len(searched) < 5


VALUES = ("baseline", "current", "target", "targets", "actuals")
NO_TEXT = {"id", "role", "level", "direction", "basis", "aggregation", "bound", "state", "status", "same_as", "line"}
"""Fields whose words are ids, or of a list; `printed` is what the source prints, whatever that looks like."""


@pytest.mark.parametrize(("kind", "place"), [(Indicator, ""), (Item, ""), *((Value, each) for each in VALUES)])
def test_every_text_is_looked_at(kind, place):
    names = [each.name for each in fields(kind) if each.default == "" and each.name not in {*NO_TEXT, "printed"}]
    marked = {name: f"文字{name}" for name in names}
    if kind is Item:
        item = Item("i", "goal", **marked)
    else:
        value = {place: Value(2020, **marked)} if place in ("baseline", "current", "target") else {}
        value |= {place: (Value(2020, **marked),)} if place in ("targets", "actuals") else {}
        own = marked if kind is Indicator else {}
        item = Item("i", "goal", title="題", indicators=(Indicator("k", "kpi", **own, **value),))
    root = Item("p", "plan", children=(item,))
    strategy = Strategy(Plan("p"), Edition("e"), root)
    assert set(marked.values()) <= {each.words for each in collected(strategy)}


def test_every_sentence_of_a_kind_is_there():
    assert [kind.code for kind in KINDS if not kind.says] == []
