"""Indicators: one way to say an indicator in a line, for every paper: 名称　基準値（年） → 目標値（年）."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Literal

from atsugi_cli.document import ARROW, Line, Mark, Run
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.indicators import printed_parts, revised_actuals
from atsugi_cli.layout.labels import role_label
from atsugi_cli.layout.paragraphs import Runs, runs
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import Indicator, Value
from atsugi_cli.revision import IndicatorPair
from atsugi_cli.words import value_words, when_words, year_suffix, year_words

Side = Literal["old", "new"]
Beside = tuple[Line | None, Line | None]
"""Lines side by side, old and new."""
NOTHING = "－"


@frozen
class Part:
    """A piece of an indicator's line; `key` says what it tells, so that both sides can be compared piece by piece."""

    text: str
    key: str = ""


def figures(indicator: Indicator, profile: Profile) -> tuple[Part, ...]:
    """Say where an indicator stands and where it is to go; nothing where neither is given."""
    aims = tuple(_aims(indicator, profile))
    base = tuple(_dated("baseline", indicator.baseline, indicator, profile))
    current = tuple(_dated("current", indicator.current, indicator, profile))
    if not (base or current or aims):
        return ()
    now = (Part(f"、{profile.label('current', '現況')}"), *current) if current else ()
    return (*(base or (Part(NOTHING, "baseline"),)), *now, Part(ARROW), *(aims or (Part(NOTHING, "target"),)))


def _dated(
    key: str, value: Value | None, indicator: Indicator, profile: Profile, *, aim: bool = False
) -> Iterator[Part]:
    words = value_words(value, indicator.unit)
    if value is None or not words:
        return
    yield Part(words, key)
    if when := when_words(value, indicator, profile.era, aim=aim):
        yield Part(f"（{when}）", f"{key}-when")


def _aims(indicator: Indicator, profile: Profile) -> Iterator[Part]:
    """Say the target, after those on the way to it: 令和5年度90人、令和7年度130人."""
    every = [*indicator.targets, *((indicator.target,) if indicator.target else ())]
    if len(every) <= 1:
        for value in every:
            yield from _dated("target", value, indicator, profile, aim=True)
        return
    for at, value in enumerate(sorted(every, key=_year)):
        key = f"target-{value.year}" if value.year is not None else f"target-{at}"
        yield Part(("、" if at else "") + year_words(value.year, year_suffix(indicator), profile.era), f"{key}-when")
        yield Part(value_words(value, indicator.unit) or NOTHING, key)
        if way := reckoned(value, indicator, profile):
            yield Part(f"（{way}）", f"{key}-way")


def reckoned(value: Value, indicator: Indicator, profile: Profile) -> str:
    """Say how one of several targets is reckoned; the span of the indicator is that of the last one."""
    one = indicator if value is indicator.target else replace(indicator, span=None)
    if (value.aggregation or indicator.aggregation) not in ("cumulative", "mean"):
        return ""
    return when_words(value, one, profile.era, aim=True)


def _year(value: Value) -> tuple[int, str]:
    return (value.year, "") if isinstance(value.year, int) else (0, value.year or "")


def indicator_words(indicator: Indicator, profile: Profile) -> str:
    """Say an indicator in one line of text: 移住者数　40人（令和2年度） → 120人以上（令和7年度）."""
    told = "".join(part.text for part in figures(indicator, profile))
    return "　".join(filter(None, (named(indicator, profile), told)))


def named(indicator: Indicator, profile: Profile) -> str:
    """Return the name of an indicator; one that is listed again says so."""
    return (indicator.name or profile.table.omission) + ("（再掲）" if indicator.same_as else "")


def indicator_lines(indicator: Indicator, mark: Mark, profile: Profile, indent: int) -> Iterator[Line]:
    """Iterate over the lines of an indicator and of its parts, each marked as a whole or not at all."""
    words = (Run(indicator_words(indicator, profile), mark),)
    yield _line(words, role_label(indicator, profile), indent)
    for part in indicator.breakdown:
        yield _line((Run(indicator_words(part, profile), mark),), part_label(profile), indent + 1)


def changed_lines(pair: IndicatorPair, profiles: tuple[Profile, Profile], indent: int, *, strict: bool) -> list[Beside]:
    """Return the lines of an indicator that lives on, side by side, marking just what changed of it."""
    old, new = pair.old[0], pair.new or pair.old[0]
    labels = [role_label(each, profile) for each, profile in zip((old, new), profiles, strict=True)]
    lines: list[Beside] = [_beside(old, new, profiles, labels, indent, strict=strict)]
    below = [("定義", old.definition, new.definition), ("出典", old.source, new.source)]
    for pair_of_year in revised_actuals(old, new):
        before, after = map(_actual, pair_of_year, (old, new), profiles)
        below.append((profiles[1].label("actual", "実績値"), before, after))
    for label, before, after in below:
        if before != after:
            marks = pieces(before, after, strict=strict)
            lines.append(
                (
                    _line(runs(marks.old, "old"), label, indent + 1) if before else None,
                    _line(runs(marks.new, "new"), label, indent + 1) if after else None,
                )
            )
    if printed_parts(old.breakdown) != printed_parts(new.breakdown):
        lines += _parts(old, new, profiles, indent + 1, strict=strict)
    return lines


def _actual(value: Value, indicator: Indicator, profile: Profile) -> str:
    return "".join(part.text for part in _dated("actual", value, indicator, profile))


def _parts(
    old: Indicator, new: Indicator, profiles: tuple[Profile, Profile], indent: int, *, strict: bool
) -> Iterator[Beside]:
    """Iterate over the rows of a breakdown: what lives on side by side, what was merged in one row after the other."""
    left = {part.id: part for part in old.breakdown}
    for part in new.breakdown:
        came = [left.pop(name) for name in (part.id, *part.origins) if name in left]
        labels = [part_label(profile) for profile in profiles]
        if len(came) == 1:
            yield _beside(came[0], part, profiles, labels, indent, strict=strict)
            continue
        right = _line((Run(indicator_words(part, profiles[1]), "new"),), labels[1], indent)
        lefts = [_line((Run(indicator_words(each, profiles[0]), "old"),), labels[0], indent) for each in came]
        yield from zip_longest(lefts, [right])
    for part in left.values():
        yield _line((Run(indicator_words(part, profiles[0]), "old"),), part_label(profiles[0]), indent), None


def part_label(profile: Profile) -> str:
    """Name what a row of a breakdown is."""
    return profile.label("breakdown", "内訳")


def _beside(
    old: Indicator,
    new: Indicator,
    profiles: tuple[Profile, Profile],
    labels: Sequence[str],
    indent: int,
    *,
    strict: bool,
) -> Beside:
    marks = pieces(named(old, profiles[0]), named(new, profiles[1]), strict=strict)
    return (
        _line((*runs(marks.old, "old"), *_marked(old, new, "old", profiles[0])), labels[0], indent),
        _line((*runs(marks.new, "new"), *_marked(new, old, "new", profiles[1])), labels[1], indent),
    )


def _marked(one: Indicator, other: Indicator, side: Side, profile: Profile) -> Runs:
    """Say the figures of one side, those marked that the other side gives otherwise."""
    told = figures(one, profile)
    theirs = {part.key: part.text.removeprefix("、") for part in figures(other, profile)}
    found = [
        Run(part.text, side if part.key and theirs.get(part.key) != part.text.removeprefix("、") else "")
        for part in told
    ]
    return (Run("　"), *found) if found else ()


def _line(words: Runs, label: str, indent: int) -> Line:
    return Line(words, label=label, kind="kpi", indent=indent)
