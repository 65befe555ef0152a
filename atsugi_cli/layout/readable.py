"""Readable: an edition as plain lines, one a fact, for programs that compare texts line by line (git log -p)."""

from collections.abc import Iterator

from atsugi_cli.kinds import BY_CODE
from atsugi_cli.layout.labels import called, edition_words, kind_label, role_label
from atsugi_cli.levels import Profile
from atsugi_cli.model import Declared, Indicator, Item, Strategy, Value
from atsugi_cli.words import indicator_name, value_words, year_words

INDENT = "  "


def readable(strategy: Strategy, profile: Profile) -> str:
    """Write an edition in words. Only what a reader would notice: order, titles, texts, numbers, declared changes."""
    plan, edition = strategy.plan, strategy.edition
    lines = [plan.title, edition_words(strategy, profile.era)]
    if plan.start is not None and plan.end is not None:
        lines.append(f"計画期間 {year_words(plan.start)}～{year_words(plan.end)}")
    if edition.revises:
        lines.append(f"改定する版 {edition.revises}")
    lines += [f"改定の理由 {reason}" for reason in edition.reasons]
    lines += [f"廃止 {each.id}{f'（{each.reason}）' if each.reason else ''}" for each in edition.removed]
    lines += _indicators(strategy.root, "", profile)
    stack = [(item, 0) for item in reversed(strategy.root.children)]
    while stack:
        item, depth = stack.pop()
        lines += _item(item, INDENT * depth, profile)
        stack += [(child, depth + 1) for child in reversed(item.children)]
    return "\n".join(lines) + "\n"


def _item(item: Item, indent: str, profile: Profile) -> Iterator[str]:
    words = called(item, profile) if item.title else f"{called(item, profile)}{profile.table.omission}"
    number = f"{profile.level(item.level).printed(item.number)} " if not profile.level(item.level).heading else ""
    yield f"{indent}{number.lstrip()}{words}{_declared(item.change, item.origins, profile)}"
    below = indent + INDENT
    yield from (below + line for line in item.body.split("\n") if line)
    if item.owners:
        yield f"{below}所管 {'、'.join(item.owners)}"
    for scheme, values in item.tags:
        yield f"{below}{profile.tag_schemes.get(scheme, scheme)} {'、'.join(map(str, values))}"
    if item.note:
        yield f"{below}注 {item.note}"
    yield from _indicators(item, below, profile)


def _indicators(item: Item, indent: str, profile: Profile) -> Iterator[str]:
    for each in item.indicators:
        declared = _declared(each.change, each.origins, profile)
        yield f"{indent}{role_label(each, profile)}「{indicator_name(each)}」{_values(each)}{declared}"


def _values(indicator: Indicator) -> str:
    """Return baseline, aims and readings in words."""
    found: list[tuple[str, Value | None]] = [("基準値", indicator.baseline), ("目標値", indicator.target)]
    found += [("目標値", each) for each in indicator.targets]
    found += [("実績値", each) for each in indicator.actuals]
    words = [f"{label} {year_words(each.year)} {value_words(each, indicator.unit)}" for label, each in found if each]
    return "".join(f"　{' '.join(word.split())}" for word in words)


def _declared(change: Declared, origins: tuple[str, ...], profile: Profile) -> str:
    """Return what the author says of the change: kinds, where it came from, why."""
    kinds = [
        kind_label(BY_CODE[code], profile) if code in BY_CODE else profile.kinds.get(code, code)
        for code in change.flags
    ]
    said = ["、".join(kinds)] if kinds else []
    if origins:
        said.append(f"← {'、'.join(origins)}")
    if change.reason:
        said.append(f"理由: {change.reason}")
    return f"　[{' '.join(said)}]" if said else ""
