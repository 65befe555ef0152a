"""Indicators: one line that says an indicator, for every paper."""

from typing import Literal

from atsugi_cli.document import Line, Mark, Run
from atsugi_cli.layout.labels import figures, role_label, target_year
from atsugi_cli.layout.paragraphs import runs
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import UNREGISTERED, Indicator
from atsugi_cli.revision import IndicatorPair
from atsugi_cli.words import value_words


def indicator_line(indicator: Indicator, mark: Mark, profile: Profile, indent: int) -> Line:
    """Return the line of an indicator, marked as a whole or not at all."""
    text = "　".join(part for part in (indicator.name or UNREGISTERED, figures(indicator, profile)) if part)
    return Line((Run(text, mark),), label=role_label(indicator, profile), kind="kpi", indent=indent)


def changed_line(
    pair: IndicatorPair, one: Indicator, side: Literal["old", "new"], profile: Profile, indent: int, *, strict: bool
) -> Line:
    """Return the line of an indicator that lives on, marking just what changed of it."""
    old, new = pair.old[0] if pair.old else one, pair.new or one
    marks = pieces(old.name, new.name, strict=strict)
    name = runs(marks.old if side == "old" else marks.new, side) or (Run(one.name or UNREGISTERED),)
    base = value_words(one.baseline, one.unit)
    aim = value_words(one.target, one.unit)
    year = target_year(one, profile)
    found = [*name]
    if base or aim:
        other = new if side == "old" else old
        base_mark: Mark = side if base != value_words(other.baseline, other.unit) else ""
        aim_mark: Mark = side if aim != value_words(other.target, other.unit) else ""
        year_mark: Mark = side if year != target_year(other, profile) else ""
        found += [Run("　"), Run(base or "－", base_mark), Run(" → "), Run(aim or "－", aim_mark)]
        if year:
            found.append(Run(year, year_mark))
    return Line(tuple(found), label=role_label(one, profile), kind="kpi", indent=indent)
