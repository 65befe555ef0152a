"""Asking: what each section is asked of a plan: a question for every entry that it answers for, known by a mark.

The mark says item, key and a check of the wording that was asked about, and travels in the row itself: rows may be
sorted, copied into another workbook or left out, and an answer still says what it answers.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final, Literal

from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Profile
from atsugi_cli.model import Indicator, Item, Strategy, Value
from atsugi_cli.words import value_words, when_words, year_suffix, year_words

VERSION: Final = 1
META: Final = "_strategy"
"""The hidden sheet with what the workbook is about."""
NOBODY: Final = "担当の記載なし"
START, WORDING, RESULTS, NEW = "はじめに", "修正案", "実績", "新しい項目"
"""The sheets of a workbook."""
ID: Final = "ID（変えないでください）"
TICK: Final = "○"
CONTINUED: Final = "（続き）"
"""The row of a wording that is higher than a row can be."""
NEW_ROWS: Final = 10
_MARK: Final = re.compile(r"([a-z0-9][a-z0-9-]*)#([a-z]+(?:-[0-9]+)?)#([0-9a-f]{8})")
Purpose = Literal["wording", "results", "both"]


@frozen
class Question:
    """An entry of the plan that a section is asked about; `asks` is its key, `text` what it says now."""

    id: str
    asks: str
    owners: tuple[str, ...]
    where: str
    name: str
    label: str
    text: str
    unit: str = ""
    decimals: int = 0
    year: int | None = None

    @property
    def key(self) -> str:
        """Return item and key."""
        return f"{self.id}#{self.asks}"

    @property
    def mark(self) -> str:
        """Return what the row is known by."""
        return f"{self.key}#{check(self.text)}"


@frozen
class Asked:
    """What one section is asked: its questions, by when, and whom it may ask back."""

    plan: str
    edition: str
    title: str
    section: str
    due: str
    contact: str
    year: int | None
    wording: tuple[Question, ...]
    results: tuple[Question, ...]
    parents: tuple[tuple[str, str], ...]
    """Where a new item may go: what is printed, and its id."""
    kinds: tuple[str, ...]


def check(text: str) -> str:
    """Return a short check of a wording, whatever its line breaks."""
    return sha256("\n".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def marked(text: str) -> tuple[str, str, str] | None:
    """Take a mark apart: item, key, check."""
    found = _MARK.fullmatch(text.strip())
    return (found[1], found[2], found[3]) if found else None


def questions(
    strategy: Strategy, profile: Profile, where: Callable[[Item], str], year: int | None
) -> Iterator[Question]:
    """Iterate over everything that may be asked of a plan; results are asked for a year."""
    profile = profile.speaking(strategy.edition)
    owners: dict[str, tuple[str, ...]] = {}
    stack: list[tuple[Item, tuple[str, ...]]] = [(strategy.root, ())]
    while stack:
        item, above = stack.pop()
        own = item.owners or above
        owners[item.id] = own
        stack += [(child, own) for child in reversed(item.children)]
        place = "" if item.level == "plan" else where(item)
        if item.level != "plan" and not item.omitted:
            yield Question(item.id, "title", own, place, item.title, "名称", item.title)
            if item.body:
                yield Question(item.id, "body", own, place, item.title, "本文", item.body)
        for each in item.indicators:
            if not each.omitted and not each.same_as:
                yield from _of_indicator(each, each.owners or own, place or "計画全体", profile, year)


def _of_indicator(
    one: Indicator, owners: tuple[str, ...], where: str, profile: Profile, year: int | None
) -> Iterator[Question]:
    def ask(asks: str, label: str, text: str) -> Question:
        return Question(one.id, asks, owners, where, one.name, label, text, one.unit)

    yield ask("name", "指標名", one.name)
    yield ask("unit", "単位", "" if one.unit == "none" else one.unit)
    yield ask("baseline", profile.label("baseline", "基準値"), figure(one, one.baseline, profile))
    if one.current is not None:
        yield ask("current", profile.label("current", "現況値"), figure(one, one.current, profile))
    for at, value in enumerate(one.targets):
        label = f"{profile.label('target-value', '目標値')}（{year_words(value.year, year_suffix(one), profile.era)}）"
        yield ask(f"targets-{at}", label, figure(one, value, profile))
    yield ask("target", profile.label("target-value", "目標値"), figure(one, one.target, profile))
    if one.definition:
        yield ask("definition", "定義", one.definition)
    if year is not None:
        there = next((value for value in one.actuals if value.year == year), None)
        values = [
            value.value for value in (one.baseline, one.target, *one.actuals) if value and value.value is not None
        ]
        decimals = max((len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in values), default=0)
        aim = figure(one, one.target, profile)
        text = figure(one, there, profile)
        yield Question(one.id, "actual", owners, where, one.name, aim, text, one.unit, decimals, year)


def figure(one: Indicator, value: Value | None, profile: Profile) -> str:
    """Print a value with its year, as it can be read again."""
    if value is None:
        return ""
    when = when_words(value, one, profile.era, aim=value in (one.target, *one.targets))
    words = value_words(value, one.unit)
    return f"{words}（{when}）" if words and when else words


def asked(
    strategy: Strategy,
    profile: Profile,
    where: Callable[[Item], str],
    *,
    purpose: Purpose = "both",
    due: str = "",
    year: int | None = None,
) -> tuple[Asked, ...]:
    """Say what every section is asked, in the order of the plan; what has no owner comes last."""
    every = tuple(questions(strategy, profile, where, year))
    sections = list(dict.fromkeys(owner for each in every for owner in each.owners))
    if any(not each.owners for each in every):
        sections.append(NOBODY)
    return tuple(
        Asked(
            strategy.plan.id,
            strategy.edition.id,
            strategy.plan.title,
            section,
            due,
            strategy.edition.owner,
            year,
            tuple(each for each in _of(section, every) if each.asks != "actual") if purpose != "results" else (),
            tuple(each for each in _of(section, every) if each.asks == "actual") if purpose != "wording" else (),
            tuple(places(strategy, where)) if purpose != "results" else (),
            kinds(profile),
        )
        for section in sections
    )


def _of(section: str, every: Sequence[Question]) -> list[Question]:
    return [each for each in every if section in each.owners or (section == NOBODY and not each.owners)]


def places(strategy: Strategy, where: Callable[[Item], str]) -> Iterator[tuple[str, str]]:
    """Iterate over where a new item may go, each once."""
    seen: set[str] = set()
    for item in strategy.items():
        if item.level != "section" and not item.omitted:
            words = f"{where(item)}　{item.title}"
            words = words if words not in seen else f"{words}（{item.id}）"
            seen.add(words)
            yield words, item.id


def kinds(profile: Profile) -> tuple[str, ...]:
    """List what a new item may be: the levels below the first, and an indicator."""
    return (*(level.label for level in profile.tree[1:]), "指標")
