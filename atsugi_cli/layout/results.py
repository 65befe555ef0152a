"""Results: the yearly review (効果検証): every year's actuals beside the target, rates, classes, and what has none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from atsugi_cli.achievement import (
    METHOD_LABELS,
    WHY_LABELS,
    Rate,
    actual_of,
    fiscal_year,
    grade,
    mean,
    rate,
    reached,
    step,
    way_up,
    with_methods,
)
from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.indicators import NOTHING
from atsugi_cli.layout.kpis import dated, every, first_cells, first_columns, rate_cell, signed, used, value_cell
from atsugi_cli.layout.labels import cell, edition_words, printed_number, role_label, stamp
from atsugi_cli.levels import Profile
from atsugi_cli.model import Indicator, Item, Strategy, Value
from atsugi_cli.words import number_words, value_words, when_words, year_suffix, year_words

TRENDS: Mapping[tuple[str, int], str] = {
    ("increase", 1): "改善",
    ("increase", -1): "悪化",
    ("decrease", 1): "悪化",
    ("decrease", -1): "改善",
}
"""By the direction that is wanted and the way that the actuals went; where none is wanted, up and down say nothing."""


@frozen
class Result:
    """An indicator and what a year made of it: what is held against the target, the rate, its class, and the trend.

    Of a part `whole` is the id of what it is a part of. `counts` is false for what is counted elsewhere: what is listed
    again, a whole whose parts have the targets, and the parts of a whole that has its own.
    """

    path: tuple[Item, ...]
    indicator: Indicator
    whole: str
    counts: bool
    reached: Value | None
    rate: Rate
    grade: str
    step: float | None

    @property
    def part(self) -> bool:
        """Check whether it is a part of an indicator."""
        return bool(self.whole)

    @property
    def trend(self) -> str:
        """Say whether the step to the actual before is a good one."""
        if self.step is None:
            return ""
        return TRENDS.get((way_up(self.indicator), (self.step > 0) - (self.step < 0)), "" if self.step else "横ばい")


@frozen
class Review:
    """The results of all indicators of an edition (or of those of one section): of a year, or of the latest of each."""

    strategy: Strategy
    profile: Profile
    year: int | None
    years: tuple[int, ...]
    owner: str
    results: tuple[Result, ...]

    @property
    def shown(self) -> tuple[int, ...]:
        """Return the years that are shown: the one that is reviewed, or every one that has an actual."""
        return self.years if self.year is None else (self.year,)

    def groups(self) -> Iterator[tuple[str, Item | None, tuple[Result, ...]]]:
        """Iterate over what is counted, by role and then by goal; None stands for all goals of a role."""
        for role in ("target", "kpi"):
            own = [each for each in self.results if each.counts and each.indicator.role == role]
            goals = list(dict.fromkeys(id(each.path[0]) if each.path else 0 for each in own))
            for goal in goals:
                some = tuple(each for each in own if (id(each.path[0]) if each.path else 0) == goal)
                yield role, some[0].path[0] if some[0].path else self.strategy.root, some
            if own:
                yield role, None, tuple(own)


def review(strategy: Strategy, profile: Profile, year: int | None = None, *, owner: str = "") -> Review:
    """Review the results of a year; without one, of the latest that each indicator has."""
    profile = profile.speaking(strategy.edition)
    root = with_methods(strategy.root, profile.methods)
    found = [each for each in every(root) if not owner or owner in each[1].owners]
    years = sorted({of for _, one, _ in found for each in one.actuals if (of := fiscal_year(each)) is not None})
    wholes = {part.id: one for _, one, _ in found for part in one.breakdown}
    results = []
    for path, one, part in found:
        value = reached(one, year)
        told = rate(one, value)
        other = wholes.get(one.id) if part else None
        whole = other.id if other else ""
        counts = not one.same_as and (other is None or not _aims(other)) and (_aims(one) or not one.breakdown)
        results.append(Result(path, one, whole, counts, value, told, grade(told, profile.grades), step(one, year)))
    return Review(strategy, profile, year, tuple(years), owner, tuple(results))


def _aims(indicator: Indicator) -> bool:
    return bool(indicator.target or indicator.targets)


def results(told: Review) -> Document:
    """Lay out a review: what was reached, year by year, and how many indicators reached what, goal by goal."""
    strategy, profile = told.strategy, told.profile
    blocks: list[Block] = [_table(told)] if told.results else [Paragraph((Run("指標はありません。"),))]
    if told.results:
        blocks += [Heading("評価の集計", 2), _counted(told), *_without(told)]
    of = "～".join(year_words(each, era=profile.era) for each in (*told.shown[:1], *told.shown[1:][-1:]))
    return Document(
        code="results",
        title=f"{strategy.plan.title}　効果検証" + (f"（{of}）" if of else ""),
        blocks=tuple(blocks),
        stamp=replace(stamp(strategy, era=profile.era), date=""),  # that of the plan, which is not when it was reviewed
        subtitle=edition_words(strategy, profile.era),
    )


def _table(told: Review) -> Table:
    profile = told.profile
    levels = used(told.strategy, profile)
    actual = profile.label("actual", "実績値")
    years = told.shown
    said = {
        "reached": told.year is None or any(map(_used, told.results)),
        "step": any(each.step is not None for each in told.results),
        "comment": any(_comments(each, told) for each in told.results),
    }
    columns = [
        *first_columns(levels, profile),
        Column(profile.label("baseline", "基準値"), 3, "right", "baseline"),
        *dated(profile.label("target-value", "目標値"), "target"),
        *(Column(f"{actual}（{year_words(each, era=profile.era)}）", 3, "right", f"actual-{each}") for each in years),
        Column("達成率に用いた値", 4, code="reached"),
        Column("達成率(%)", 3, "right", "rate", bands=tuple(sorted(profile.grades.values()))),
        Column("評価", 2, "center", "grade"),
        Column("前回実績との差", 3, code="step"),
        Column("所見", 6, code="comment"),
        Column("計算方法・備考", 4, code="method"),
    ]
    rows = []
    for each in told.results:
        one = each.indicator
        cells = [
            *first_cells(each.path, one, levels, profile, part=each.part),
            value_cell(one.baseline),
            _when(one, profile),
            value_cell(one.target),
            *(value_cell(actual_of(one, year)) for year in years),
            _text(_reached_words(each, profile) if told.year is None or _used(each) else ""),
            rate_cell(each.rate),
            _text(each.grade),
            _text("" if each.step is None else f"{signed(each.step)}{each.trend and f'（{each.trend}）'}"),
            Cell(tuple(Line((Run(words),), kind="value") for words in _comments(each, told))),
            _text(_method(each)),
        ]
        rows.append((one.id, cells))
    kept = [at for at, column in enumerate(columns) if said.get(column.code, True)]
    return Table(
        "results",
        tuple(columns[at] for at in kept),
        tuple(Row("plain", tuple(cells[at] for at in kept), key=key) for key, cells in rows),
    )


def _method(each: Result) -> str:
    """Say how the rate was reckoned, or why there is none though there is an actual."""
    if each.rate.why and each.rate.why not in ("no-actual", "text", "omitted"):
        return f"率なし（{WHY_LABELS[each.rate.why]}）"
    return METHOD_LABELS[each.indicator.achievement.method] if each.indicator.achievement else ""


def _when(indicator: Indicator, profile: Profile) -> Cell:
    return _text(when_words(indicator.target, indicator, profile.era, aim=True) if indicator.target else "")


def _comments(each: Result, told: Review) -> list[str]:
    """Return what is said of the year, or of every year with the year before it."""
    one = each.indicator
    if told.year is not None:
        of_year = actual_of(one, told.year)
        return [of_year.comment] if of_year and of_year.comment else []
    era = told.profile.era
    return [
        f"{year_words(value.year, year_suffix(one), era)}：{value.comment}" for value in one.actuals if value.comment
    ]


def _used(each: Result) -> bool:
    """Check whether what is held against the target was reckoned from the actuals of several years."""
    return each.reached is not None and each.reached not in each.indicator.actuals


def _reached_words(each: Result, profile: Profile) -> str:
    """Say what is held against the target, and over which years it is reckoned: 12（令和3～令和5年度の累計）."""
    words = value_words(each.reached, "none")
    return f"{words}（{when_words(each.reached, each.indicator, profile.era)}）" if each.reached and words else ""


def _counted(told: Review) -> Table:
    """Count the indicators by class, goal by goal: how many can be measured, and the mean of their rates."""
    profile = told.profile
    bounds = [*profile.grades.values()]
    columns = [
        Column("区分", 5, code="goal"),
        Column("種別", 3, code="role"),
        Column("指標", 2, "right", "number"),
        *(
            Column(f"{name}（{_bounds(bounds, at)}）", 3, "right", f"grade-{name}")
            for at, name in enumerate(profile.grades)
        ),
        Column("測定不可", 2, "right", "unmeasured"),
        Column("平均達成率(%)", 3, "right", "mean"),
    ]
    rows = []
    for role, goal, some in told.groups():
        label = role_label(some[0].indicator, profile)
        where = "計" if goal is None else f"{printed_number(goal, profile)} {goal.title}".strip()
        where = "計画全体" if goal is told.strategy.root else where
        average = mean([each.rate for each in some])
        numbers = [len(some), *(sum(each.grade == name for each in some) for name in profile.grades)]
        cells = [_text(where), _text(label), *map(_number, (*numbers, sum(not each.grade for each in some)))]
        cells.append(_text(NOTHING) if average is None else _number(average))
        rows.append(Row("total" if goal is None else "plain", tuple(cells), key=f"{role}-{goal.id if goal else 'all'}"))
    return Table("grades", tuple(columns), tuple(rows))


def _bounds(bounds: Sequence[int], at: int) -> str:
    """Say which rates a class has: 100%以上, 60%以上80%未満, 60%未満."""
    below = f"{bounds[at - 1]}%未満" if at else ""
    return below if at and at == len(bounds) - 1 else f"{bounds[at]}%以上{below}"


def _without(told: Review) -> Iterator[Paragraph]:
    """Name the indicators that have no rate, by the reason; and what is counted elsewhere."""
    for why, label in WHY_LABELS.items():
        names = [each.indicator.name for each in told.results if each.counts and each.rate.why == why]
        if names:
            listed = f": {'、'.join(filter(None, names))}" if any(names) else ""
            yield Paragraph((Run(f"測定できないもの（{label}）{len(names)}指標{listed}"),), bullet="・")
    again = [each.indicator.name for each in told.results if each.indicator.same_as]
    if again:
        yield Paragraph((Run(f"再掲のため数えないもの{len(again)}指標: {'、'.join(again)}"),), bullet="・")
    if any(each.part and not each.counts for each in told.results):
        yield Paragraph((Run("指標に目標値があるものは、その内訳を数えません。"),), bullet="・")


def _number(number: float) -> Cell:
    return Cell((Line((Run(number_words(number)),), kind="value"),), number)


def _text(text: str) -> Cell:
    return cell(text) if text else Cell()
