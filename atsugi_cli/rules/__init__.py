"""Rules: TABLE of everything that `strategy validate` looks at beyond the form of a file, and `check`, which asks it.

A rule is a function from a `Subject` to what it found, and a row: code, label, group, severity (by stage where it
differs). Its docstring is the documentation. One cause is said once, and what is valid is never warned about.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.findings import Finding, in_order
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Edition, Strategy
from atsugi_cli.reader.codes import RULES as YAML_CODES
from atsugi_cli.reader.enough import enough
from atsugi_cli.reader.schema_codes import SCHEMA_CODES
from atsugi_cli.rules.base import Rule, Subject, judged, nearest
from atsugi_cli.rules.declarations import DECLARATION_RULES
from atsugi_cli.rules.extensions import EXTENSION_RULES
from atsugi_cli.rules.ignores import IGNORE_CODES, obeyed
from atsugi_cli.rules.numbers import NUMBER_RULES
from atsugi_cli.rules.owners import OWNER_RULES
from atsugi_cli.rules.periods import PERIOD_RULES
from atsugi_cli.rules.plan import FOLDER_RULES, PROFILE_RULES
from atsugi_cli.rules.revision import REVISION_RULES
from atsugi_cli.rules.structure import STRUCTURE_RULES
from atsugi_cli.rules.text import LOOSE_RULES, TEXT_RULES
from atsugi_cli.rules.text.characters import ODD
from atsugi_cli.rules.text.spots import alphabet
from atsugi_cli.rules.texts import Loose, own, strings

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

RULES: tuple[Rule, ...] = (*EDITION_RULES, *FOLDER_RULES)
"""The one table, in the order in which it is printed; the last ones look at the editions of a folder together."""

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


def check(subject: Subject) -> tuple[Finding, ...]:
    """Ask every rule about one edition and, where `base` is given, about its revision; in the order of the text.

    `# strategy: ignore[CODE] 理由` on the line or above it silences a finding.
    """
    if subject.base is not None and _is_revised_by(subject.strategy.edition, subject.base.edition):
        subject = subject.alone()  # a circle, which is said of the folder
    findings = list(_asked(EDITION_RULES, subject))
    if "x-" in subject.strategy.text and (loose := tuple(own(subject.strategy))):
        findings += _asked(LOOSE_RULES, Loose(subject, loose))
    severities = subject.profile.severities
    meant = {nearest(code, _codes()) for code in severities if code not in _codes()}
    if meant:  # a mistyped code, which is said of the profile, may have been to silence these
        findings = [each for each in findings if each.rule.code not in meant]
    off = frozenset(code for code, severity in severities.items() if severity == "off")
    unasked = {row.entry.code for row in FOLDER_RULES}
    if subject.base is None:
        unasked |= {row.entry.code for row in BASE_RULES}
    said = in_order(obeyed(subject.strategy.text, subject.strategy.source, findings, _codes(), off | unasked))
    return _causes(subject, said)


UNDECLARED = "undeclared-wording"
UNREASONED = "missing-reason"
UNKNOWN_LEVEL = "unknown-level"
WITHIN = frozenset({"mixed-width", "mixed-marks", "misspelling"})
"""What need not be said of words that are wrong as a whole."""
AIMS = frozenset({"target-equals-baseline", "target-against-direction"})
"""What is said of a target value, which then contradicts the flags of its indicator as well."""
GONE = frozenset({"empty-plan", "lost-item", "no-kpi", "no-target"})
"""What is said of a plan of which a part was not read."""


def _causes(subject: Subject, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what only follows from another slip.

    That the wording of an item, or anything in it, has changed; that what stands under a key of no level is gone; and
    the width of a number in words that are wrong for another reason.
    """
    said = {each.rule.code for each in findings}
    if UNKNOWN_LEVEL in said:
        findings = tuple(each for each in findings if each.rule.code not in GONE)
    if "flag-contradiction" in said and said & AIMS:
        findings = _without_flags_of_aims(subject, findings)
    if said & WITHIN and len(findings) > 1:
        others: dict[int, list[Finding]] = {}
        for each in findings:
            if each.rule.code not in WITHIN:
                others.setdefault(each.place.line, []).append(each)
        findings = tuple(
            each
            for each in findings
            if each.rule.code not in WITHIN or not _is_within(each, others.get(each.place.line, ()))
        )
    return _slips(subject, findings) if said & {UNDECLARED, UNREASONED} else findings


def _without_flags_of_aims(subject: Subject, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what only a wrong target value makes of the flags of its indicator."""
    nodes = [(subject.places.node(each.node), bool(each.change.flags)) for _, each in subject.indicators]
    starts = sorted((place.line, place.column, flagged) for place, flagged in nodes)

    def at(finding: Finding) -> int:
        return bisect_right(starts, (finding.place.line, finding.place.column, True)) - 1

    wrong = {at(each) for each in findings if each.rule.code in AIMS}
    wrong = {each for each in wrong if each >= 0 and starts[each][2]}
    return tuple(each for each in findings if each.rule.code != "flag-contradiction" or at(each) not in wrong)


def _is_within(finding: Finding, others: Sequence[Finding]) -> bool:
    """Tell whether a finding lies inside one of others, which begin on its line."""
    at = finding.place
    return any(
        each.place.column <= at.column and (each.place.end_line, each.place.end_column) >= (at.end_line, at.end_column)
        for each in others
    )


def _slips(subject: Subject, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    places = subject.places
    items = sorted((places.node(item.node).line, places.node(item.node).column, item.node) for item in subject.items)

    def item_at(finding: Finding) -> int:
        at = bisect_right(items, (finding.place.line, finding.place.column, len(subject.strategy.text)))
        return items[at - 1][2] if at else 0

    slips = [
        each
        for each in findings
        if each.rule.code != UNREASONED and (each.severity != "note" or each.rule.code == "folded-space")
    ]
    lines = {each.place.line for each in slips if each.rule.code != UNDECLARED}
    nodes = {item_at(each) for each in slips}
    walk = subject.strategy.root.walk()
    nodes |= {child.node for parent in walk if parent.node in nodes for child in parent.children}  # moved there
    return tuple(
        each
        for each in findings
        if not (each.rule.code == UNREASONED and (subject.broken or item_at(each) in nodes))
        and not (each.rule.code == UNDECLARED and (each.place.line in lines or item_at(each) in subject.broken))
    )


def _is_revised_by(edition: Edition, base: Edition) -> bool:
    """Say whether an edition revises itself, or one that is younger and revises it."""
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
    from atsugi_cli.reader.loading import locate

    places = None
    found: list[Finding] = []
    for row in PROFILE_RULES:
        severity = profile.severities.get(row.entry.code, row.entry.severity)
        if severity == "off":
            continue
        for said in row.check(profile, _codes()):
            places = places or locate(text, source)
            where = (places.key_of if said.at_key else places.value)(0, *said.path)
            found.append(Finding(row.entry, said.message, where, said.hint, severity=severity))
    found += _characters(profile, text, source)
    if " #" in text:
        found += plain.cut_off(places or locate(text, source))
    return in_order(obeyed(text, source, found, _codes(), frozenset(_codes())))


_BLANK = "[ \t\u3000\u00a0][\"']|[\u3000\u00a0][ \t]*(?:[\r\n#]|\\Z)|[|>]"
"""What every text that ends with a blank has behind it, or before it."""


def _characters(profile: Profile, text: str, source: str) -> Iterator[Finding]:
    """Ask the rules about characters of a profile's texts; few profiles hold anything that they are about."""
    if not ODD.among(alphabet(text)) and not re.search(_BLANK, text):
        return
    from atsugi_cli.reader import build
    from atsugi_cli.reader.data import Map
    from atsugi_cli.reader.loading import load

    tree, _ = load(text, source)
    if isinstance(tree, Map):
        strategy = build.strategy(tree, source, text, profile.levels)
        yield from _asked(LOOSE_RULES, Loose(Subject(strategy, profile), tuple(strings(tree, 0, ()))))


def _asked(rules: Sequence[Rule], subject: Subject) -> Iterator[Finding]:
    for row in rules:
        judgements = (judged(found, row, subject) for found in row.check(subject))
        yield from enough((each for each in judgements if each is not None), row.entry.label)


@cache
def _codes() -> dict[str, Entry]:
    return {entry.code: entry for entry in CATALOGUE}
