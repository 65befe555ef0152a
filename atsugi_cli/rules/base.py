"""Base of the rules: what a rule may look at, and how it says what it found."""

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from inspect import getdoc
from itertools import accumulate
from typing import TYPE_CHECKING

from atsugi_cli.catalogue import Entry, Severity
from atsugi_cli.findings import Edit, Finding, Place, Related
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Indicator, Item, Stage, Strategy, Value

if TYPE_CHECKING:
    from atsugi_cli.match.lineage import Lineage
    from atsugi_cli.reader.places import Places
    from atsugi_cli.rules.texts import Text


class Subject:
    """One edition to be checked: with its city's profile and, where there is one, the edition it revises (`base`).

    `places` and `lineage` are worked out when a rule first asks: a file without findings never pays for them.
    `others` are the other editions of the same plan that are checked in the same run; `broken` are the nodes of
    mappings in which the schema already found something, so that a rule need not say it again. `base_missing`: the
    edition says what it revises, and whoever reads the files looked for that and found nothing. `strays` are YAML
    files of the folder that hold no edition (only given to the first edition of a folder).
    """

    def __init__(
        self,
        strategy: Strategy,
        profile: Profile = DEFAULT_PROFILE,
        base: Strategy | None = None,
        *,
        others: tuple[Strategy, ...] = (),
        broken: frozenset[int] = frozenset(),
        base_missing: bool = False,
        strays: tuple[str, ...] = (),
    ) -> None:
        """Take what a rule may look at; what follows from it is worked out once, when it is asked for."""
        self.strategy = strategy
        self.profile = profile
        self.base = base
        self.others = others
        self.broken = broken
        self.base_missing = base_missing
        self.strays = strays

    def alone(self) -> "Subject":
        """Look at the edition without the one it revises."""
        return Subject(self.strategy, self.profile, broken=self.broken, base_missing=self.base_missing)

    @cached_property
    def places(self) -> "Places":
        """Give the places of every key and value of the file."""
        from atsugi_cli.reader.loading import locate

        return locate(self.strategy.text, self.strategy.source)

    @cached_property
    def base_places(self) -> "Places":
        """Give the places in the edition that is revised."""
        from atsugi_cli.reader.loading import locate

        if self.base is None:
            raise ValueError(self.strategy.source)
        return locate(self.base.text, self.base.source)

    @cached_property
    def lineage(self) -> "Lineage | None":
        """Give who became whom since the edition that is revised."""
        from atsugi_cli.match.lineage import trace

        return trace(self.base, self.strategy) if self.base is not None else None

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Give every item but the plan itself, in document order."""
        return tuple(self.strategy.items())

    @cached_property
    def indicators(self) -> tuple[tuple[Item, Indicator], ...]:
        """Give the indicators of which something is known, with their owners.

        Left out are those that the source does not give, and those in which the schema found something.
        """
        return tuple(
            (owner, each)
            for owner, each in self.strategy.indicators()
            if not each.omitted and each.node not in self.broken
        )

    @property
    def readings(self) -> Iterator[tuple[Indicator, tuple[str | int, ...], Value]]:
        """Iterate over the values of these indicators, each with the path to it from its indicator."""
        from atsugi_cli.rules.texts import readings

        for _, each in self.indicators:
            for path, value in readings(each):
                yield each, path, value
            for part in each.breakdown:
                if part.node not in self.broken and not part.omitted:
                    yield from ((part, path, value) for path, value in readings(part))

    @cached_property
    def doubled(self) -> frozenset[str]:
        """Collect the ids that occur more than once: what is said of them elsewhere would only be a consequence."""
        ids = [item.id for item in self.items] + [each.id for _, each in self.strategy.indicators()]
        if len(set(ids)) == len(ids):
            return frozenset()
        return frozenset(each for each, count in Counter(ids).items() if count > 1)

    @cached_property
    def texts(self) -> "tuple[Text, ...]":
        """Give everything that people read, once for the fifteen rules that look through it."""
        from atsugi_cli.rules.texts import collected

        return collected(self.strategy)

    @cached_property
    def prose(self) -> str:
        """Give the texts in one, equal ones once: what a rule does not find here it need not look for text by text."""
        return "\n".join(self._words)

    def holding(self, pattern: re.Pattern[str]) -> "tuple[Text, ...]":
        """Give the texts in which a pattern is met, in their order: one search through all words instead of one each.

        The pattern must not depend on where a text begins or ends, but for a line break there.
        """
        prose, words = self.prose, self._words
        met: set[str] = set()
        match = pattern.search(prose)
        while match is not None:
            at = bisect_right(self._starts, match.start()) - 1
            met.add(words[at])
            match = pattern.search(prose, self._starts[at] + len(words[at]) + 1)
        return tuple(text for text in self.texts if text.words in met) if met else ()

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text.words for text in self.texts))

    @cached_property
    def _starts(self) -> "array[int]":
        return array("Q", accumulate((len(words) + 1 for words in self._words[:-1]), initial=0))

    @cached_property
    def by_id(self) -> Mapping[str, Item | Indicator]:
        """Index every item and indicator of the edition by its id (the first of each)."""
        return index(self.strategy)

    @cached_property
    def base_by_id(self) -> Mapping[str, Item | Indicator]:
        """Index the edition that is revised in the same way; nothing where there is none."""
        return index(self.base) if self.base is not None else {}

    def at(self, node: int, *path: str | int) -> Place:
        """Give the place of a value inside a mapping; of the mapping itself where it is not there."""
        places = self.places
        if path and places.has(node, *path):
            return places.value(node, *path)
        return places.node(node)


Check = Callable[[Subject], Iterator["Found"]]

BEFORE_PROPOSAL: Mapping[Stage, Severity] = {"outline": "note", "draft": "note"}
"""Stages of a rule about what may still be open in an outline or a draft."""


def index(strategy: Strategy) -> dict[str, Item | Indicator]:
    """Index every item and indicator of an edition by its id (the first of each); what has no id is left out."""
    found: dict[str, Item | Indicator] = {}
    for item in strategy.items():
        found.setdefault(item.id, item)
    for _, indicator in strategy.indicators():
        found.setdefault(indicator.id, indicator)
    found.pop("", None)
    return found


@frozen
class Found:
    """What a rule found; the table adds the rule itself and its severity."""

    message: str
    place: Place
    hint: str = ""
    related: tuple[Related, ...] = ()
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None
    """Only where the rule itself grades its findings; else the table's severity for the stage."""


@frozen
class Rule:
    """One row: its documentation, the check, and severities that differ by the stage of the edition."""

    entry: Entry
    check: Check
    stages: Mapping[Stage, Severity] = field(default_factory=dict)


def rule(
    code: str,
    label: str,
    group: str,
    severity: Severity,
    check: Check,
    *,
    example: str = "",
    stages: Mapping[Stage, Severity] | None = None,
) -> Rule:
    """Make a row; the check's docstring is the documentation."""
    return Rule(Entry(code, label, group, getdoc(check) or "", severity, example), check, stages or {})


def judged(found: Found, row: Rule, subject: Subject) -> Finding | None:
    """Grade what a rule found: by the city's profile, else by the rule itself, else by stage, else by default."""
    severity = (
        subject.profile.severities.get(row.entry.code)
        or found.severity
        or row.stages.get(subject.strategy.edition.stage)
        or row.entry.severity
    )
    if severity == "off":
        return None
    return Finding(row.entry, found.message, found.place, found.hint, found.related, severity, found.edits)


def name(thing: Item | Indicator) -> str:
    """Name an item or indicator in a message by title and id: 「都市間連携の強化」（city-links）."""
    title = thing.title if isinstance(thing, Item) else thing.name
    return f"「{title}」（{thing.id}）" if title else f"「{thing.id}」"


def nearest(word: str, words: Iterable[str]) -> str:
    """Find the word that is most like one which does not exist; empty when none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(words), n=1)), "")


def perhaps(word: str, words: Iterable[str]) -> str:
    """Ask after the nearest of some words: 「もしかして: city-links」; empty when none is near."""
    near = nearest(word, words)
    return f"もしかして: {near}" if near else ""
