"""KPIs: every indicator in one table: of an edition, of both sides of a revision, or with its yearly results."""

from collections.abc import Iterator, Sequence

from atsugi_cli.achievement import METHOD_LABELS, WHY_LABELS, Rate, actual_of, rate
from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.kinds.aims import aggregation
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
from atsugi_cli.model import STATUS_LABELS, UNREGISTERED, Indicator, Item, Strategy, Value
from atsugi_cli.revision import IndicatorPair, Pair, Revision
from atsugi_cli.words import number_words, relative_words, value_words, year_suffix, year_words

FULL = 100
"""Per cent: the target is reached."""
NEARLY = 90
"""Per cent from which cities report an indicator as nearly reached (90％以上)."""


def kpis(strategy: Strategy, profile: Profile) -> Document:
    """Lay out the indicators of an edition: baseline and target with their years, and the latest actual."""
    levels = _used(strategy, profile)
    owned = list(_owned(strategy.root))
    with_actuals = any(indicator.actuals for _, indicator in owned)
    columns = _first_columns(levels, profile)
    columns += [Column("基準年", 3, code="baseline-year"), Column("基準値", 3, "right", "baseline")]
    columns += [Column("目標年", 3, code="target-year"), Column("目標値", 3, "right", "target")]
    if with_actuals:
        columns += [Column("実績年", 3, code="actual-year"), Column("実績値", 3, "right", "actual")]
        columns += [Column("達成率(%)", 3, "right", "rate")]
    rows = []
    for path, indicator in owned:
        cells = _first_cells(path, indicator, levels, profile)
        cells += [*_dated(indicator.baseline, indicator, profile), *_dated(indicator.target, indicator, profile)]
        if with_actuals:
            actual = actual_of(indicator)
            cells += [*_dated(actual, indicator, profile), _rate_cell(rate(indicator, actual))]
        rows.append(Row("plain", tuple(cells), key=indicator.id))
    table = Table("kpis", tuple(columns), tuple(rows))
    return Document(
        code="kpis",
        title=f"{strategy.plan.title}　KPI一覧",
        blocks=(table,) if rows else (Paragraph((Run("指標はありません。"),)),),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


def compared(revision: Revision, profile: Profile) -> Document:
    """Lay out the indicators of both editions side by side, with the difference of the targets as a number."""
    levels = _used(revision.new, profile)
    old, new = column_headings(revision, profile)
    columns = _first_columns(levels, profile)
    columns += [Column("現状値", 3, "right", "baseline")]
    columns += [Column(f"目標値（{old}）", 3, "right", "old"), Column(f"目標値（{new}）", 3, "right", "new")]
    columns += [Column("増減", 2, "right", "difference"), Column("変更", 4, code="flags")]
    rows = tuple(_pair_rows(revision.root, (), levels, profile))
    return Document(
        code="kpis",
        title=f"{revision.new.plan.title}　KPI一覧（{old}・{new}）",
        blocks=(Table("kpis", tuple(columns), rows),) if rows else (Paragraph((Run("指標はありません。"),)),),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
    )


def results(strategy: Strategy, profile: Profile, year: int) -> Document:
    """Lay out the yearly review (効果検証): actuals of a year, rates by the declared methods, and what was left out."""
    levels = _used(strategy, profile)
    columns = _first_columns(levels, profile)
    columns += [Column("基準値", 3, "right", "baseline"), Column("目標値", 3, "right", "target")]
    columns += [Column("実績値", 3, "right", "actual"), Column("達成率(%)", 3, "right", "rate")]
    columns += [Column("計算方法", 4, code="method")]
    rows: list[Row] = []
    rates: list[tuple[Indicator, Rate]] = []
    for path, indicator in _owned(strategy.root):
        actual = actual_of(indicator, year)
        found = rate(indicator, actual)
        rates.append((indicator, found))
        method = METHOD_LABELS[indicator.achievement.method] if indicator.achievement else ""
        cells = _first_cells(path, indicator, levels, profile)
        cells += [_value_cell(indicator.baseline, indicator), _value_cell(indicator.target, indicator)]
        cells += [_value_cell(actual, indicator), _rate_cell(found), _cell(method)]
        rows.append(Row("plain", tuple(cells), key=indicator.id))
    blocks: list[Block] = [Table("results", tuple(columns), tuple(rows))]
    for role, label in (("target", profile.label("target", "数値目標")), ("kpi", profile.label("kpi", "KPI"))):
        own = [(indicator, found) for indicator, found in rates if indicator.role == role]
        if own:
            blocks += [Heading(f"{label}の集計", 2), *_summary(own)]
    return Document(
        code="results",
        title=f"{strategy.plan.title}　効果検証（{year_words(year, era=profile.era)}）",
        blocks=tuple(blocks),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


def _summary(rates: Sequence[tuple[Indicator, Rate]]) -> Iterator[Paragraph]:
    """Count as cities publish it: how many can be measured, how many reached 100 % and 90 %, and the mean."""
    measured = [found.per_cent for _, found in rates if found.per_cent is not None]
    full = sum(1 for each in measured if each >= FULL)
    nearly = sum(1 for each in measured if NEARLY <= each < FULL)
    text = f"{len(rates)}項目のうち測定できるもの{len(measured)}項目"
    if measured:
        text += f": 100%以上{full}、90%以上{nearly}、90%未満{len(measured) - full - nearly}"
        text += f"。平均{number_words(round(sum(measured) / len(measured), 1))}%"
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


def _pair_rows(pair: Pair, above: tuple[Item, ...], levels: Sequence[str], profile: Profile) -> Iterator[Row]:
    path = above if pair.level == "plan" else (*above, pair.item)
    fresh = any(change.kind.comes or change.kind.goes for change in pair.changes)
    for each in pair.indicators:
        yield _pair_row(pair, each, path, levels, profile, fresh=fresh)
    if pair.new is None:
        for indicator in pair.old[0].indicators:
            gone = IndicatorPair((indicator,), None)
            yield _pair_row(pair, gone, path, levels, profile, fresh=True)
    for child in pair.children:
        yield from _pair_rows(child, path, levels, profile)


def _pair_row(
    pair: Pair, each: IndicatorPair, path: tuple[Item, ...], levels: Sequence[str], profile: Profile, *, fresh: bool
) -> Row:
    one = each.indicator
    old = each.old[0] if each.old else None
    before, after = (old.target if old else None), (each.new.target if each.new else None)
    own = [change for change in pair.changes if one in (*change.old_indicators, *change.new_indicators)]
    shown = flags((*own, *each.changes), profile)
    if fresh and not shown:
        shown = flags([change for change in pair.changes if change.kind.comes or change.kind.goes], profile)
    cells = [*_first_cells(path, one, levels, profile), _value_cell(one.baseline, one)]
    cells += [_value_cell(before, one, absent=old is None), _value_cell(after, one, absent=each.new is None)]
    cells += [_difference(before, after, each), _cell("・".join(flag.label for flag in shown))]
    return Row("plain", tuple(cells), shown, one.id, changed=bool(shown))


def _difference(before: Value | None, after: Value | None, pair: IndicatorPair) -> Cell:
    """Give new minus old where both are numbers that may be compared."""
    if before is None or after is None or before.value is None or after.value is None:
        return _cell("")
    one, other = pair.old[0], pair.new or pair.old[0]
    if aggregation(one) != aggregation(other) or one.unit != other.unit:
        return _cell("")  # different spans or units cannot be subtracted
    number = round(after.value - before.value, 10)
    number = int(number) if number == int(number) else number
    sign = "＋" if number > 0 else "－" if number < 0 else "±"
    return Cell((Line((Run(sign + number_words(abs(number))),), kind="value"),), number)


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
    return [_cell(each) for each in (*words, role_label(indicator, profile), indicator.name or UNREGISTERED, unit)]


def _dated(value: Value | None, indicator: Indicator, profile: Profile) -> list[Cell]:
    year = year_words(value.year, year_suffix(indicator), profile.era) if value is not None else ""
    return [_cell(year), _value_cell(value, indicator)]


def _value_cell(value: Value | None, indicator: Indicator, *, absent: bool = False) -> Cell:
    """Give a value as a true number where it is one; the unit has its own column."""
    if absent:
        return _cell("")
    if indicator.omitted:
        return _cell(UNREGISTERED)
    if value is None:
        return _cell("")
    if value.value is not None:
        return Cell((Line((Run(number_words(value.value)),), kind="value"),), value.value)
    if value.relative is not None and not value.text:
        return _cell(relative_words(value.relative))
    return _cell(value_words(value, "") or STATUS_LABELS.get(value.status or "", ""))


def _rate_cell(found: Rate) -> Cell:
    if found.per_cent is None:
        return _cell("－")
    number = round(found.per_cent, 1)
    return Cell((Line((Run(number_words(number)),), kind="value"),), number)


def _cell(text: str) -> Cell:
    return cell(text) if text else Cell()
