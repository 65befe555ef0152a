"""KPIs: every indicator in one table: of an edition, of both sides of a revision, or with its yearly results."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from atsugi_cli.achievement import FULL, METHOD_LABELS, NEARLY, WHY_LABELS, Rate, actual_of, rate, reached, tenths
from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.aims import measures_alike
from atsugi_cli.layout.indicators import named
from atsugi_cli.layout.labels import (
    cell,
    column_headings,
    counts,
    edition_words,
    flags,
    printed_number,
    role_label,
    stamp,
    step_words,
)
from atsugi_cli.levels import Profile
from atsugi_cli.model import UNREGISTERED, Indicator, Item, Strategy, Value
from atsugi_cli.revision import IndicatorPair, Pair, Revision
from atsugi_cli.words import number_words, value_words, when_words, year_suffix, year_words


def kpis(strategy: Strategy, profile: Profile, *, owner: str = "") -> Document:
    """Lay out the indicators of an edition: every point in time with its year, and the latest actual."""
    profile = profile.speaking(strategy.edition)
    levels = _used(strategy, profile)
    owned = [each for each in _owned(strategy.root) if not owner or owner in each[1].owners]
    shown = _Columns.of([indicator for _, indicator in owned], profile)
    with_actuals = any(indicator.actuals for _, indicator in owned)
    columns = [*_first_columns(levels, profile), *shown.columns()]
    if with_actuals:
        actual = profile.label("actual", "実績値")
        columns += [Column(f"{actual}の年", 3, code="actual-year"), Column(actual, 3, "right", "actual")]
        columns += [Column("達成率(%)", 3, "right", "rate")]
    rows = []
    for path, indicator in owned:
        cells = [*_first_cells(path, indicator, levels, profile), *shown.cells(indicator)]
        if with_actuals:
            value = reached(indicator)
            when = when_words(value, indicator, profile.era) if value else ""
            cells += [_cell(when), _value_cell(value), _rate_cell(rate(indicator, value))]
        rows.append(Row("plain", tuple(cells), key=indicator.id))
    table = Table("kpis", tuple(columns), tuple(rows))
    return Document(
        code="kpis",
        title=f"{strategy.plan.title}　KPI一覧",
        blocks=(table,) if rows else (Paragraph((Run("指標はありません。"),)),),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


@frozen
class _Columns:
    """The points in time that some indicator has, as columns: baseline, current, targets on the way, target."""

    profile: Profile
    current: bool
    staged: tuple[int, ...]
    aggregated: bool
    owned: bool

    @classmethod
    def of(cls, indicators: Sequence[Indicator], profile: Profile) -> "_Columns":
        """Choose the columns that these indicators need."""
        staged = sorted({each.year for one in indicators for each in one.targets if isinstance(each.year, int)})
        return cls(
            profile,
            any(one.current for one in indicators),
            tuple(staged),
            any(one.aggregation not in ("", "single") for one in indicators),
            any(one.owners for one in indicators),
        )

    def columns(self) -> list[Column]:
        """Return the columns, in the order of time."""
        label = self.profile.label
        baseline, current = label("baseline", "基準値"), label("current", "現況値")
        target = label("target-value", "目標値")
        found = [Column(_year_of(baseline), 3, code="baseline-year"), Column(baseline, 3, "right", "baseline")]
        if self.current:
            found += [Column(_year_of(current), 3, code="current-year"), Column(current, 3, "right", "current")]
        for year in self.staged:
            title = f"{target}（{year_words(year, era=self.profile.era)}）"
            found.append(Column(title, 3, "right", f"target-{year}"))
        found += [Column(_year_of(target), 3, code="target-year"), Column(target, 3, "right", "target")]
        found += [Column("集計", 3, code="aggregation")] if self.aggregated else []
        found += [Column("担当", 3, code="owners")] if self.owned else []
        return found

    def cells(self, indicator: Indicator) -> list[Cell]:
        """Fill the columns."""
        staged = {each.year: each for each in indicator.targets}
        found = _dated(indicator.baseline, indicator, self.profile)
        found += _dated(indicator.current, indicator, self.profile) if self.current else []
        found += [_value_cell(staged.get(year)) for year in self.staged]
        found += _dated(indicator.target, indicator, self.profile)
        found += [_cell(_way(indicator, self.profile))] if self.aggregated else []
        found += [_cell("、".join(indicator.owners))] if self.owned else []
        return found


def _year_of(label: str) -> str:
    """Head the year of a value: 基準値 → 基準年, 目標値 → 目標年, 策定時 → 策定時の年."""
    return f"{label.removesuffix('値')}年" if label.endswith("値") else f"{label}の年"


def _way(indicator: Indicator, profile: Profile) -> str:
    """Say how the target is reckoned: 令和3～令和7年度の累計; nothing for a single year."""
    if indicator.aggregation in ("", "single") or indicator.target is None:
        return ""
    return when_words(indicator.target, indicator, profile.era, aim=True)


def compared(
    revision: Revision, profile: Profile, *, changed: bool = False, owner: str = "", handout: bool = False
) -> Document:
    """Lay out the indicators of both editions side by side, each with its years, and the difference of the targets.

    `changed` leaves the unchanged out, `owner` all but those of one section. An indicator that took the place of
    another stands in a row of its own.
    """
    profile = profile.speaking(revision.new.edition)
    levels = _used(revision.new, profile)
    old, new = column_headings(revision, profile)
    baseline, target = profile.label("baseline", "基準値"), profile.label("target-value", "目標値")
    rows = [
        row
        for pair, each, path in _pairs(revision)
        for row in _compared_rows(pair, each, path, levels, profile, handout=handout)
        if not (changed and not row.changed) and (not owner or owner in each.indicator.owners)
    ]
    columns = _first_columns(levels, profile)
    for name, heading in (("old", old), ("new", new)):
        columns += [
            Column(f"{_year_of(baseline)}（{heading}）", 3, code=f"{name}-baseline-year"),
            Column(f"{baseline}（{heading}）", 3, "right", f"{name}-baseline"),
            Column(f"{_year_of(target)}（{heading}）", 3, code=f"{name}-year"),
            Column(f"{target}（{heading}）", 3, "right", name),
        ]
    columns += [Column("増減", 2, "right", "difference"), Column("集計", 3, code="aggregation")]
    columns += [Column("変更", 4, code="flags"), Column("理由", 4, code="reason"), Column("担当", 3, code="owners")]
    columns, rows = _spared(columns, rows, baseline)
    table = Table("kpis", tuple(columns), tuple(rows))
    return Document(
        code="kpis",
        title=f"{revision.new.plan.title}　KPI一覧（{old}・{new}）",
        blocks=(table,) if rows else (Paragraph((Run("指標はありません。"),)),),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
    )


_SPARE = frozenset({"aggregation", "reason", "owners"})
"""Columns that are left out where nothing stands in them."""


def _spared(columns: list[Column], rows: list[Row], baseline: str) -> tuple[list[Column], list[Row]]:
    """Leave out columns that say nothing: empty ones, and the second baseline where none changed."""
    at = {column.code: index for index, column in enumerate(columns)}
    dropped = {at[code] for code in _SPARE if not any(row.cells[at[code]].text for row in rows)}
    twins = {at[f"old-{code}"]: at[f"new-{code}"] for code in ("baseline-year", "baseline")}
    pairs = [(row.cells[old].text, row.cells[new].text) for row in rows for old, new in twins.items()]
    if all(not old or not new or old == new for old, new in pairs):
        dropped |= set(twins.values())
        titles = dict(zip(twins, (_year_of(baseline), baseline), strict=True))
        columns = [replace(each, title=titles.get(index, each.title)) for index, each in enumerate(columns)]
        rows = [replace(row, cells=tuple(_either(row, index, twins) for index in range(len(columns)))) for row in rows]
    kept = [index for index in range(len(columns)) if index not in dropped]
    return [columns[index] for index in kept], [
        replace(row, cells=tuple(row.cells[index] for index in kept)) for row in rows
    ]


def _either(row: Row, index: int, twins: Mapping[int, int]) -> Cell:
    """Return a cell, or where it is empty its twin of the other side."""
    return row.cells[twins[index]] if index in twins and not row.cells[index].text else row.cells[index]


def _pairs(revision: Revision) -> Iterator[tuple[Pair, IndicatorPair, tuple[Item, ...]]]:
    """Iterate over the indicators of both editions, each once, with where it stands."""
    living = {old.id for pair in revision.root.walk() for each in pair.indicators for old in each.old}
    stack: list[tuple[Pair, tuple[Item, ...]]] = [(revision.root, ())]
    while stack:
        pair, above = stack.pop()
        path = above if pair.level == "plan" else (*above, pair.item)
        yield from ((pair, each, path) for each in pair.indicators)
        gone = pair.old[0].indicators if pair.new is None else ()
        yield from ((pair, IndicatorPair((each,), None), path) for each in gone if each.id not in living)
        stack += [(child, path) for child in reversed(pair.children)]


def _compared_rows(
    pair: Pair, each: IndicatorPair, path: tuple[Item, ...], levels: Sequence[str], profile: Profile, *, handout: bool
) -> Iterator[Row]:
    """Set an indicator of both editions in a row; where one took the place of the other, each in its own."""
    old, new = each.old[0] if each.old else None, each.new
    one = each.indicator
    own = [change for change in pair.changes if one in (*change.old_indicators, *change.new_indicators)]
    changes = (*own, *each.changes)
    if not changes and (old is None or new is None):
        changes = tuple(change for change in pair.changes if change.kind.comes or change.kind.goes)
    shown = flags(changes, profile, handout=handout)
    replaced = old is not None and new is not None and any(change.kind.replaces for change in each.changes)
    sides = [(old, None), (None, new)] if replaced else [(old, new)]
    reason = "、".join(dict.fromkeys(change.reason for change in changes if change.reason))
    for before, after in sides:
        told = after or before or one
        cells = _first_cells(path, told, levels, profile)
        for side in (before, after):
            cells += _point(side, "baseline", profile) + _point(side, "target", profile)
        cells += [_difference(before, after), _cell(_way(told, profile))]
        cells += [_cell("・".join(flag.label for flag in shown)), _cell(reason), _cell("、".join(told.owners))]
        yield Row("plain", tuple(cells), shown, told.id, changed=bool(shown))


def _point(indicator: Indicator | None, name: Literal["baseline", "target"], profile: Profile) -> list[Cell]:
    if indicator is None:
        return [Cell(), Cell()]
    return _dated(indicator.baseline if name == "baseline" else indicator.target, indicator, profile)


def results(strategy: Strategy, profile: Profile, year: int | None = None, *, owner: str = "") -> Document:
    """Lay out the yearly review (効果検証): actuals of a year, rates by the declared methods, and what was left out.

    Without a year every year that has an actual gets its column, and the rate is that of the latest.
    """
    profile = profile.speaking(strategy.edition)
    levels = _used(strategy, profile)
    owned = [each for each in _owned(strategy.root) if not owner or owner in each[1].owners]
    actual = profile.label("actual", "実績値")
    every = {each.year for _, one in owned for each in one.actuals if isinstance(each.year, int)}
    years = [year] if year is not None else sorted(every)
    read = [reached(one, year) for _, one in owned]
    summed = any(value and value.aggregation == "cumulative" for value in read)
    columns = _first_columns(levels, profile)
    columns += [Column(profile.label("baseline", "基準値"), 3, "right", "baseline")]
    columns += [Column(profile.label("target-value", "目標値"), 3, "right", "target")]
    for each in years:
        title = actual if year is not None else f"{actual}（{year_words(each, era=profile.era)}）"
        columns.append(Column(title, 3, "right", "actual" if year is not None else f"actual-{each}"))
    said = summed or year is None
    columns += [Column("達成率の実績", 4, code="reached")] if said else []
    columns += [Column("達成率(%)", 3, "right", "rate"), Column("計算方法", 4, code="method")]
    rows: list[Row] = []
    rates: list[tuple[Indicator, Rate]] = []
    for (path, indicator), value in zip(owned, read, strict=True):
        found = rate(indicator, value)
        rates.append((indicator, found))
        method = METHOD_LABELS[indicator.achievement.method] if indicator.achievement else ""
        cells = _first_cells(path, indicator, levels, profile)
        cells += [_value_cell(indicator.baseline), _value_cell(indicator.target)]
        cells += [_value_cell(actual_of(indicator, each)) for each in years]
        cells += [_cell(_reached_words(indicator, value, profile))] if said else []
        cells += [_rate_cell(found), _cell(method)]
        rows.append(Row("plain", tuple(cells), key=indicator.id))
    blocks: list[Block] = [Table("results", tuple(columns), tuple(rows))] if rows else []
    for role, label in (("target", profile.label("target", "数値目標")), ("kpi", profile.label("kpi", "KPI"))):
        own = [(indicator, found) for indicator, found in rates if indicator.role == role]
        if own:
            blocks += [Heading(f"{label}の集計", 2), *_summary(own)]
    of = f"（{year_words(year, era=profile.era)}）" if year is not None else ""
    return Document(
        code="results",
        title=f"{strategy.plan.title}　効果検証{of}",
        blocks=tuple(blocks) or (Paragraph((Run("指標はありません。"),)),),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


def _reached_words(indicator: Indicator, value: Value | None, profile: Profile) -> str:
    """Say what is held against the target, and over which years it is reckoned: 12（令和3～令和5年度の累計）."""
    words = value_words(value, "none")
    return f"{words}（{when_words(value, indicator, profile.era)}）" if value and words else ""


def _summary(rates: Sequence[tuple[Indicator, Rate]]) -> Iterator[Paragraph]:
    """Count as cities publish it: how many can be measured, how many reached 100 % and 90 %, and the mean."""
    measured = [found.per_cent for _, found in rates if found.per_cent is not None]
    full = sum(1 for each in measured if each >= FULL)
    nearly = sum(1 for each in measured if NEARLY <= each < FULL)
    text = f"{len(rates)}項目のうち測定できるもの{len(measured)}項目"
    if measured:
        text += f": 100%以上{full}、90%以上{nearly}、90%未満{len(measured) - full - nearly}"
        text += f"。平均{number_words(tenths(sum(measured) / len(measured)))}%"
    yield Paragraph((Run(text),), bullet="・")
    for why, label in WHY_LABELS.items():
        names = [indicator.name or UNREGISTERED for indicator, found in rates if found.why == why]
        if names:
            yield Paragraph((Run(f"除いたもの（{label}）{len(names)}項目: {'、'.join(names)}"),), bullet="・")


def _used(strategy: Strategy, profile: Profile) -> list[str]:
    """List the levels of the tree down to the deepest that owns an indicator; one column each."""
    owners = {item.level for item in strategy.root.walk() if item.indicators}
    tree = [level.code for level in profile.tree]
    deepest = max((index for index, code in enumerate(tree) if code in owners), default=0)
    return tree[: deepest + 1]


def _owned(item: Item, above: tuple[Item, ...] = ()) -> Iterator[tuple[tuple[Item, ...], Indicator]]:
    path = above if item.level == "plan" else (*above, item)
    for indicator in item.indicators:
        yield path, indicator
        for part in indicator.breakdown:
            yield path, part
    for child in item.children:
        yield from _owned(child, path)


def _difference(old: Indicator | None, new: Indicator | None) -> Cell:
    """Return new minus old where both sides measure the same thing; of per cent in points."""
    before, after = (each.target if each else None for each in (old, new))
    if old is None or new is None or before is None or after is None or before.value is None or after.value is None:
        return Cell()
    if not measures_alike(old, new) or old.unit != new.unit:
        return Cell()
    number = round(after.value - before.value, 10)
    number = int(number) if number == int(number) else number
    sign = "＋" if number > 0 else "－" if number < 0 else "±"
    unit = "ポイント" if unicodedata.normalize("NFKC", new.unit) == "%" else ""
    return Cell((Line((Run(f"{sign}{number_words(abs(number))}{unit}"),), kind="value"),), None if unit else number)


def _first_columns(levels: Sequence[str], profile: Profile) -> list[Column]:
    """Head what stands before the figures: a column for each level of the tree, then the indicator itself."""
    found = [Column(profile.level(code).label, 5, code=code) for code in levels]
    name = profile.label("name", "指標名")
    return [*found, Column("種別", 2, code="role"), Column(name, 8, code="name"), Column("単位", 2, code="unit")]


def _first_cells(path: tuple[Item, ...], indicator: Indicator, levels: Sequence[str], profile: Profile) -> list[Cell]:
    """Say where an indicator stands and what it is; layers across the tree stand in the first column."""
    tree = [level.code for level in profile.tree]
    found = dict.fromkeys(tree, "")
    for item in path:
        title = f"{printed_number(item, profile)} {item.title or profile.table.omission}".strip()
        found[item.level if item.level in found else tree[0]] = title
    unit = "" if indicator.unit == "none" else indicator.unit
    words = list(found.values())[: len(levels)]
    return [_cell(each) for each in (*words, role_label(indicator, profile), named(indicator, profile), unit)]


def _dated(value: Value | None, indicator: Indicator, profile: Profile) -> list[Cell]:
    year = year_words(value.year, year_suffix(indicator), profile.era) if value is not None else ""
    return [_cell(year), _value_cell(value)]


def _value_cell(value: Value | None) -> Cell:
    """Return a value as a true number where it is nothing more; the unit has its own column."""
    if value is None:
        return _cell("")
    words = value_words(value, "none")
    plain = value.value is not None and words == number_words(value.value)
    return Cell((Line((Run(words),), kind="value"),), value.value if plain else None) if words else Cell()


def _rate_cell(found: Rate) -> Cell:
    number = found.shown
    if number is None:
        return _cell("－")
    return Cell((Line((Run(number_words(number)),), kind="value"),), number)


def _cell(text: str) -> Cell:
    return cell(text) if text else Cell()
