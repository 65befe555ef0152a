"""Rules: TABLE of everything that `strategy validate` looks at beyond the form of a file, and `check`, which asks it.

A rule is a function from a `Subject` to what it found, and a row: code, label, group, severity (by stage where it
differs). Its docstring is the documentation. One cause is said once, and what is valid is never warned about.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.findings import Finding, in_order
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Edition, Strategy
from atsugi_cli.reader.codes import RULES as YAML_CODES
from atsugi_cli.reader.enough import enough
from atsugi_cli.reader.schema_codes import SCHEMA_CODES
from atsugi_cli.rules.base import Loose, Rule, Settings, Subject, nearest
from atsugi_cli.rules.consequences import without_consequences
from atsugi_cli.rules.declarations import DECLARATION_RULES
from atsugi_cli.rules.extensions import EXTENSION_RULES
from atsugi_cli.rules.folder import FOLDER_RULES
from atsugi_cli.rules.ignores import IGNORE_CODES, obeyed
from atsugi_cli.rules.numbers import NUMBER_RULES
from atsugi_cli.rules.owners import OWNER_RULES
from atsugi_cli.rules.periods import PERIOD_RULES
from atsugi_cli.rules.profiles import PROFILE_RULES
from atsugi_cli.rules.revision import REVISION_RULES
from atsugi_cli.rules.structure import STRUCTURE_RULES
from atsugi_cli.rules.text import LOOSE_RULES, TEXT_RULES
from atsugi_cli.rules.text.characters import ODD
from atsugi_cli.rules.text.search import alphabet
from atsugi_cli.rules.texts import own, strings
from atsugi_cli.rules.together import TOGETHER_RULES

BASE_RULES: tuple[Rule, ...] = (*REVISION_RULES, *DECLARATION_RULES, *EXTENSION_RULES)
"""What is asked about a revision: without the edition that is revised most of these say nothing."""

EDITION_RULES: tuple[Rule, ...] = (
    *STRUCTURE_RULES,
    *PERIOD_RULES,
    *NUMBER_RULES,
    *OWNER_RULES,
    *BASE_RULES,
    *TEXT_RULES,
)
"""What is asked of every edition, with the one it revises."""

RULES: tuple[Rule, ...] = (*EDITION_RULES, *FOLDER_RULES, *TOGETHER_RULES)
"""The one table, in the order in which it is printed; the last ones look at several editions: of a folder, of plans."""

CATALOGUE = Catalogue(
    "検査",
    (
        *YAML_CODES,
        *SCHEMA_CODES,
        *(row.entry for row in RULES if YAML_CODES.get(row.entry.code) is None),
        *(row.entry for row in PROFILE_RULES),
        *IGNORE_CODES,
    ),
)
"""Every code that a finding can carry: of the YAML, of the schema, of the rules."""


_FOLLOWS = {row.entry.code: row.follows_from for row in RULES if row.follows_from}


def _unheard(_: str) -> None:
    """Tell nobody which rule is asked."""


def check(subject: Subject, step: Callable[[str], object] = _unheard) -> tuple[Finding, ...]:
    """Ask every rule about one edition and, where `base` is given, about its revision; in the order of the text.

    `# strategy: ignore[CODE] 理由` on the line or above it silences a finding. `step` hears the code of each rule
    before it is asked.
    """
    if subject.base is not None and _is_revised_by(subject.strategy.edition, subject.base.edition):
        subject = subject.alone()  # a circle, which is said of the folder
    rows = [row for row in EDITION_RULES if subject.base is not None or not row.needs_base]
    if subject.beside:
        rows += TOGETHER_RULES
    findings = list(_asked(rows, subject, step))
    if "x-" in subject.strategy.text and (loose := tuple(own(subject.strategy))):
        findings += _asked(LOOSE_RULES, Loose(subject, loose))
    severities = subject.profile.severities_at(subject.stage)
    meant = {nearest(code, _codes()) for code in severities if code not in _codes()}
    if meant:  # a mistyped code, which is said of the profile, may have been to silence these
        findings = [each for each in findings if each.rule.code not in meant]
    off = frozenset(code for code, severity in severities.items() if severity == "off")
    unasked = {row.entry.code for row in FOLDER_RULES}
    if not subject.beside:
        unasked |= {row.entry.code for row in TOGETHER_RULES}
    if subject.base is None:
        unasked |= {row.entry.code for row in BASE_RULES}
    said = in_order(obeyed(subject.strategy.text, subject.strategy.source, findings, _codes(), off | unasked))
    return without_consequences(subject, said, _FOLLOWS)


def _is_revised_by(edition: Edition, base: Edition) -> bool:
    """Check whether an edition revises itself, or one that is younger and revises it."""
    if edition.revises == edition.id == base.id:
        return True
    return base.revises == edition.id and (base.date, base.id) > (edition.date, edition.id)


def check_plan(
    strategies: Sequence[Strategy],
    profile: Profile = DEFAULT_PROFILE,
    strays: Sequence[str] = (),
    broken: Mapping[str, frozenset[int]] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """Ask what only the editions of one folder together can tell: forks, cycles, names of files and folder.

    `strays` are YAML files of the folder that hold no edition, `broken` the mappings of each file in which the schema
    found something. A folder need not be complete: nothing is said of what
    may only not have been given.
    """
    found: list[Finding] = []
    for at, strategy in enumerate(strategies):
        subject = Subject(
            strategy,
            profile,
            others=(*strategies[:at], *strategies[at + 1 :]),
            broken=broken.get(strategy.source, frozenset()),
            strays=tuple(strays) if at == 0 else (),
        )
        findings = list(_asked(FOLDER_RULES, subject))
        if findings:
            elsewhere = [each for each in findings if each.place.source != strategy.source]
            own = [each for each in findings if each.place.source == strategy.source]
            found += elsewhere
            found += obeyed(strategy.text, strategy.source, own, _codes(), frozenset(_codes()))
    return in_order(found)


def check_profile(profile: Profile, text: str, source: str) -> tuple[Finding, ...]:
    """Check a city's profile, read from `text`: what its schema cannot know."""
    from atsugi_cli.reader import plain

    settings = Settings(profile, text, source, _codes())
    found = [*_asked(PROFILE_RULES, settings), *_characters(profile, text, source)]
    if " #" in text:
        found += plain.cut_off(settings.places)
    return in_order(obeyed(text, source, found, _codes(), frozenset(_codes())))


_BLANK = "[ \t\u3000\u00a0][\"']|[\u3000\u00a0][ \t]*(?:[\r\n#]|\\Z)|[|>]"
"""What every text that ends with a blank has behind it, or before it."""


def _characters(profile: Profile, text: str, source: str) -> Iterator[Finding]:
    """Ask the rules about characters of a profile's texts; few profiles hold anything that they are about."""
    if not ODD.among(alphabet(text)) and not re.compile(_BLANK).search(text):
        return
    from atsugi_cli.reader import build
    from atsugi_cli.reader.data import Map
    from atsugi_cli.reader.loading import load

    tree, _ = load(text, source)
    if isinstance(tree, Map):
        strategy = build.strategy(tree, source, text, profile.levels)
        yield from _asked(LOOSE_RULES, Loose(Subject(strategy, profile), tuple(strings(tree, 0, ()))))


def _asked(
    rules: Sequence[Rule], subject: Subject | Settings, step: Callable[[str], object] = _unheard
) -> Iterator[Finding]:
    for row in rules:
        step(row.entry.code)
        graded = (_graded(each, row, subject) for each in row.check(subject))
        yield from enough((each for each in graded if each.severity != "off"), row.entry.label)


def _graded(found: Finding, row: Rule, subject: Subject | Settings) -> Finding:
    """Grade a finding: by the city's profile, else by the rule itself, else by stage, else by default."""
    own = found.severity if found.severity != "off" else None
    severity = subject.profile.severities_at(subject.stage).get(row.entry.code) or own or row.stages.get(subject.stage)
    return replace(found, rule=row.entry, severity=severity or row.entry.severity)


@cache
def _codes() -> dict[str, Entry]:
    return {entry.code: entry for entry in CATALOGUE}
