"""Base of the rules: what a rule may look at, and how it says what it found."""

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from inspect import getdoc
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from atsugi_cli.catalogue import Entry, Severity
from atsugi_cli.findings import Edit, Finding, Place, Related
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Indicator, Item, Stage, Strategy, Thing, Value, title_of
from atsugi_cli.rules.texts import Text, collected, readings

if TYPE_CHECKING:
    from atsugi_cli.kinds import Kind
    from atsugi_cli.match.lineage import Lineage
    from atsugi_cli.reader.places import Places


class Subject:
    """One edition to be checked: with its city's profile and, where there is one, the edition it revises (`base`).

    `places` and `lineage` are worked out when a rule first asks: a file without findings never pays for them.
    `others` are the other editions of the same plan that are checked in the same run; `broken` are the nodes of
    mappings in which the schema already found something, so that a rule need not say it again. `base_missing`: the
    edition says what it revises, and whoever reads the files looked for that and found nothing. `strays` are YAML
    files of the folder that hold no edition (only given to the first edition of a folder). `beside` are editions of
    other plans that are to agree with this one.
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
        beside: tuple[Strategy, ...] = (),
    ) -> None:
        """Take what a rule may look at; what follows from it is worked out once, when it is asked for."""
        self.strategy = strategy
        self.profile = profile
        self.base = base
        self.others = others
        self.broken = broken
        self.base_missing = base_missing
        self.strays = strays
        self.beside = beside
        self._pairs_left = MOST_PAIRS

    def alone(self) -> "Subject":
        """Look at the edition without the one it revises."""
        return Subject(
            self.strategy, self.profile, broken=self.broken, base_missing=self.base_missing, beside=self.beside
        )

    @property
    def stage(self) -> Stage:
        """Return the stage of the edition, by which severities differ."""
        return self.strategy.edition.stage

    @cached_property
    def places(self) -> "Places":
        """Return the places of every key and value of the file."""
        from atsugi_cli.reader.loading import locate

        return locate(self.strategy.text, self.strategy.source)

    @property
    def revised(self) -> Strategy:
        """Return the edition that is revised, for rules that are only asked where there is one (`needs_base`)."""
        if self.base is None:
            raise ValueError(self.strategy.source)
        return self.base

    @cached_property
    def base_places(self) -> "Places":
        """Return the places in the edition that is revised."""
        from atsugi_cli.reader.loading import locate

        return locate(self.revised.text, self.revised.source)

    @cached_property
    def lineage(self) -> "Lineage | None":
        """Return who became whom since the edition that is revised."""
        from atsugi_cli.match.lineage import trace

        return trace(self.base, self.strategy) if self.base is not None else None

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return every item but the plan itself, in document order."""
        return tuple(self.strategy.items())

    @cached_property
    def period(self) -> tuple[int, int] | None:
        """Return the first and last year of the plan; None where they are missing or wrong (6 for 2024)."""
        plan = self.strategy.plan
        if plan.start is None or plan.end is None or plan.start > plan.end or plan.node in self.broken:
            return None
        return plan.start, plan.end

    @cached_property
    def indicators(self) -> tuple[tuple[Item, Indicator], ...]:
        """Return the indicators of which something is known, with their owners.

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
        for _, each in self.indicators:
            for path, value in readings(each):
                yield each, path, value
            for part in each.breakdown:
                if part.node not in self.broken and not part.omitted:
                    yield from ((part, path, value) for path, value in readings(part))

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Return every item and indicator, without the parts of indicators."""
        return (*self.items, *(indicator for _, indicator in self.strategy.indicators()))

    @cached_property
    def doubled(self) -> frozenset[str]:
        """Return the ids that occur more than once: what is said of them elsewhere would only be a consequence."""
        if len({each.id for each in self.things}) == len(self.things):
            return frozenset()
        return frozenset(each for each, count in Counter(each.id for each in self.things).items() if count > 1)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Return everything that people read, once for the fifteen rules that look through it."""
        return collected(self.strategy)

    @cached_property
    def prose(self) -> str:
        """Return the texts in one, equal ones once: what is not found here need not be looked for in each text."""
        return "\n".join(self._words)

    def holding(self, pattern: re.Pattern[str]) -> tuple[Text, ...]:
        """Return the texts in which a pattern is met, in their order: one search through all words instead of one each.

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
    def by_id(self) -> Mapping[str, Thing]:
        """Return every item and indicator of the edition by its id (the first of each)."""
        return _by_id(self.strategy)

    @cached_property
    def base_by_id(self) -> Mapping[str, Thing]:
        """Return those of the edition that is revised in the same way; nothing where there is none."""
        return _by_id(self.base) if self.base is not None else {}

    @cached_property
    def named(self) -> Mapping[str, list[Thing]]:
        """Return for every old id the items and indicators whose `from` names it."""
        named: dict[str, list[Thing]] = {}
        for thing in self.things:
            for origin in thing.origins:
                named.setdefault(origin, []).append(thing)
        return named

    @cached_property
    def lost(self) -> Mapping[str, Thing]:
        """Return what is neither present, nor named in a `from`, nor removed, by its old id and in the old order."""
        explained = {*self.by_id, *self.named, *(each.id for each in self.strategy.edition.removed)}
        return {old_id: thing for old_id, thing in self.base_by_id.items() if old_id not in explained}

    @cached_property
    def origins(self) -> tuple[tuple[Thing, tuple[str | int, ...], str], ...]:
        """Return every id in a `from`: who names it, and the path to it."""
        return tuple((thing, ("from", at), origin) for thing in self.things for at, origin in enumerate(thing.origins))

    @cached_property
    def meant(self) -> Mapping[str, str]:
        """Return which lost ids are surely meant by unknown ones in `from` and `removed`: a slip of the pen."""
        known, lost = self.base_by_id, self.lost
        unknown = [origin for thing, _, origin in self.origins if origin not in known and origin != thing.id]
        unknown += [each.id for each in self.strategy.edition.removed if each.id not in known]
        if not unknown or not lost:
            return {}
        unknown = list(dict.fromkeys(unknown))
        meant = {typed: near for typed in unknown if (near := self.nearest(typed, lost))}
        rest = [each for each in unknown if each not in meant]
        parents = {**self.above["indicator"], **self.above["item"]}
        taken = set(meant.values())
        tops = [each for each in lost if each not in taken and parents.get(each) not in lost]
        if len(rest) == len(tops) == 1:  # the only one that is unknown, and the only one that is lost
            meant[rest[0]] = tops[0]
        return meant

    def nearest(self, word: str, words: Collection[str]) -> str:
        """Find the word that is most like an unknown one; nothing once too many pairs were compared."""
        self._pairs_left -= len(words)
        return nearest(word, words) if self._pairs_left >= 0 else ""

    def perhaps(self, word: str, words: Collection[str]) -> str:
        """Ask after the nearest of some words: 「もしかして: city-links」; empty when none is near."""
        return perhaps(self.nearest(word, words))

    @cached_property
    def above(self) -> Mapping[Literal["item", "indicator"], Mapping[str, str]]:
        """Return, for the edition that is revised, the id of each item's parent and each indicator's owner."""
        above: dict[Literal["item", "indicator"], dict[str, str]] = {"item": {}, "indicator": {}}
        for parent in self.base.root.walk() if self.base is not None else ():
            here = "" if parent.level == "plan" else parent.id
            for child in parent.children:
                above["item"].setdefault(child.id, here)
            for indicator in parent.indicators:
                above["indicator"].setdefault(indicator.id, here)
        return above

    def predecessors(self, thing: Thing) -> tuple[Thing, ...]:
        """Return what precedes an item or indicator, by its id and its `from`."""
        ids = dict.fromkeys((thing.id, *thing.origins))
        return tuple(self.base_by_id[each] for each in ids if each in self.base_by_id)

    @property
    def pairs(self) -> Iterator[tuple[Item, tuple[Item, ...]]]:
        """Iterate over the items with what precedes each; things of the other kind are left to their own rule."""
        for item in self.items:
            if item.id not in self.doubled:
                yield item, tuple(each for each in self.predecessors(item) if isinstance(each, Item))

    def in_base(self, node: int, key: str) -> Related:
        """Return the place of a value in the edition that is revised, for a finding that compares with it."""
        return Related(self.base_places.value(node, key), "改定前はここ")

    def is_split(self, old_id: str) -> bool:
        """Check whether several things continue an old id."""
        return old_id in self._split

    @cached_property
    def _split(self) -> frozenset[str]:
        """Return the old ids that several things continue."""
        return frozenset(
            old_id
            for old_id, things in self.named.items()
            if len({each.id for each in things} | ({old_id} & self.by_id.keys())) > 1
        )

    def writing(self, text: object, node: int, *path: str | int) -> tuple[Edit, ...]:
        """Return the edit that writes something for a value; none where that is not there."""
        places = self.places
        return (Edit(*places.span(node, *path), str(text)),) if places.has(node, *path) else ()

    def at(self, node: int, *path: str | int) -> Place:
        """Return the place of a value inside a mapping; of the mapping itself where it is not there."""
        places = self.places
        if path and places.has(node, *path):
            return places.value(node, *path)
        return places.node(node)


class Loose(Subject):
    """Texts that no reader of the plan sees, which only the rules about characters look through."""

    def __init__(self, subject: Subject, loose: tuple[Text, ...]) -> None:
        """Take them with the edition or profile in which they stand."""
        super().__init__(subject.strategy, subject.profile)
        self.texts = loose


class Settings:
    """A city's profile to be checked: with its text, and the codes of all rules. No stage makes its findings milder."""

    stage: Stage = "adopted"

    def __init__(self, profile: Profile, text: str, source: str, codes: Mapping[str, Entry]) -> None:
        """Take what a rule about profiles may look at."""
        self.profile = profile
        self.text = text
        self.source = source
        self.codes = codes

    @cached_property
    def places(self) -> "Places":
        """Return the places of every key and value of the file."""
        from atsugi_cli.reader.loading import locate

        return locate(self.text, self.source)

    def at(self, *path: str | int) -> Place:
        """Return the place of a value."""
        return self.places.value(0, *path)

    def key(self, *path: str | int) -> Place:
        """Return the place of the last key of a path."""
        return self.places.key_of(0, *path)


Check = Callable[..., Iterator[Finding]]
"""Of a `Subject`; of `Settings` where the rule is about profiles."""

BEFORE_PROPOSAL: Mapping[Stage, Severity] = {"outline": "note", "draft": "note"}
"""Stages of a rule about what may still be open in an outline or a draft."""


def _by_id(strategy: Strategy) -> dict[str, Thing]:
    """Return every item and indicator of an edition by its id (the first of each); what has no id is left out."""
    found: dict[str, Thing] = {}
    for item in strategy.items():
        found.setdefault(item.id, item)
    for _, indicator in strategy.indicators():
        found.setdefault(indicator.id, indicator)
    found.pop("", None)
    return found


UNNAMED = Entry("", "", "", "", "off")
"""The rule of a finding to which the table has not yet added it."""


def finding(
    message: str,
    place: Place,
    hint: str = "",
    related: tuple[Related, ...] = (),
    edits: tuple[Edit, ...] = (),
    severity: Severity = "off",
    *,
    safe: bool = True,
) -> Finding:
    """Return a finding without its rule, which the table adds; with a severity where the rule itself grades it.

    Edits that are not `safe` do what the hint says, and somebody has to look whether that is meant.
    """
    return Finding(UNNAMED, message, place, hint, related, severity, edits, safe)


Where = Literal["file", "indicator", "span", "branch", "item", "line"]
"""Where a cause stands: in the same file, indicator, piece of text, item or its parent, item, line."""
SCHEMA = "schema"
"""What the schema found, as a cause beside those of the rules."""


@frozen
class Follows:
    """What explains a finding, so that it need not be reported: findings of some rules, or of all but some."""

    where: Where
    of: frozenset[str] = frozenset()
    """Codes of rules, or `SCHEMA`; any rule when empty."""
    but: frozenset[str] = frozenset()
    notes: frozenset[str] | None = None
    """Codes of the rules whose notes explain, too; None for all."""

    def is_cause(self, finding: Finding) -> bool:
        """Check whether a finding explains others, should it stand where they are."""
        code = finding.rule.code
        if code in self.but or (self.of and code not in self.of):
            return False
        return finding.severity != "note" or self.notes is None or code in self.notes


UNREAD = (Follows("file", of=frozenset({"unknown-level"})),)
"""What is said of a plan of which a part was not read."""
PASTED = (Follows("line", of=frozenset({"pasted-cells"})),)
"""What is missing, or in the way, where a row of a table was pasted."""
WITHIN = (Follows("span", but=frozenset({"mixed-width", "mixed-marks", "misspelling"})),)
"""What need not be said of words that are wrong as a whole."""


@frozen
class Rule:
    """One row: its documentation, the check, severities that differ by stage, and what explains its findings."""

    entry: Entry
    check: Check
    stages: Mapping[Stage, Severity] = field(default_factory=dict)
    follows_from: tuple[Follows, ...] = ()
    needs_base: bool = False
    """Whether it is asked only where the edition that is revised is there."""


def rule(
    code: str,
    label: str,
    group: str,
    severity: Severity,
    check: Check,
    *,
    example: str = "",
    stages: Mapping[Stage, Severity] | None = None,
    follows_from: tuple[Follows, ...] = (),
    needs_base: bool = False,
) -> Rule:
    """Make a row; the check's docstring is the documentation."""
    entry = Entry(code, label, group, getdoc(check) or "", severity, example)
    return Rule(entry, check, stages or {}, follows_from, needs_base)


def name(thing: Thing) -> str:
    """Name an item or indicator in a message by title and id: 「都市間連携の強化」（city-links）."""
    title = title_of(thing)
    return f"「{title}」（{thing.id}）" if title else f"「{thing.id}」"


MOST_PAIRS = 200_000
"""Pairs of words that are compared for one edition in search of what was meant: difflib takes 4 µs for each."""


def nearest(word: str, words: Iterable[str]) -> str:
    """Find the word that is most like one which does not exist; empty when none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, words, n=1)), "")


def perhaps(near: str) -> str:
    """Ask whether a word was meant: 「もしかして: city-links」; empty when there is none."""
    return f"もしかして: {near}" if near else ""


def declared(flags: Iterable[str]) -> "list[Kind]":
    """Return the kinds that flags name; first editions have none, and never import the kinds (2 ms)."""
    codes = [*flags]
    if not codes:
        return []
    from atsugi_cli.kinds import kinds_of

    return kinds_of(codes)
