"""KPIs: every indicator in one table: of an edition, or of both sides of a revision."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from atsugi_cli.achievement import Rate, actual_of, rate, reached
from atsugi_cli.document import Cell, Column, Document, Line, Paragraph, Row, Run, Table
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import Change
from atsugi_cli.kinds.aims import measures_alike, way_of
from atsugi_cli.kinds.indicators import joined, printed_parts, revised_actuals
from atsugi_cli.layout.indicators import NOTHING, named, reckoned
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
from atsugi_cli.model import Indicator, Item, Strategy, Value, Year
from atsugi_cli.revision import IndicatorPair, Pair, Revision
from atsugi_cli.words import AGGREGATIONS, number_words, value_words, when_words, year_suffix, year_words


def kpis(strategy: Strategy, profile: Profile, *, owner: str = "") -> Document:
    """Lay out the indicators of an edition: every point in time with its year, and the latest actual."""
    profile = profile.speaking(strategy.edition)
    levels = used(strategy, profile)
    owned = [each for each in every(strategy.root) if not owner or owner in each[1].owners]
    shown = _Columns.of([indicator for _, indicator, _ in owned], profile)
    with_actuals = any(indicator.actuals for _, indicator, _ in owned)
    columns = [*first_columns(levels, profile), *shown.columns()]
    if with_actuals:
        actual = profile.label("actual", "実績値")
        columns += [
            Column(f"{actual}の年", 3, code="actual-year", with_="actual"),
            Column(actual, 3, "right", "actual"),
        ]
        columns += [Column("達成率(%)", 3, "right", "rate")]
    rows = []
    for path, indicator, part in owned:
        cells = [*first_cells(path, indicator, levels, profile, part=part), *shown.cells(indicator)]
        if with_actuals:
            value = reached(indicator)
            when = when_words(value, indicator, profile.era) if value else ""
            cells += [_cell(when), value_cell(value), rate_cell(rate(indicator, value))]
        rows.append(Row("plain", tuple(cells), key=indicator.id))
    table = Table("kpis", tuple(columns), tuple(rows))
    return Document(
        code="kpis",
        title=f"{strategy.plan.title}　KPI一覧",
        blocks=(table,) if rows else (Paragraph((Run(f"{owner and f'{owner}の'}指標はありません。"),)),),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


@frozen
class _Columns:
    """The points in time that some indicator has, as columns: baseline, current, targets on the way, target."""

    profile: Profile
    current: bool
    staged: tuple[Year, ...]
    aggregated: bool
    owned: bool
    defined: bool
    sourced: bool
    revised: bool = False

    @classmethod
    def of(cls, indicators: Sequence[Indicator], profile: Profile, *, revised: bool = False) -> "_Columns":
        """Choose the columns that these indicators need; actuals stand beside them where some were `revised`."""
        years = {each.year for one in indicators for each in one.targets}
        staged = sorted(years, key=lambda year: (isinstance(year, str), str(year)))
        return cls(
            profile,
            any(one.current for one in indicators),
            tuple(staged),
            any(way_of(one) != "single" for one in indicators),
            any(one.owners for one in indicators),
            any(one.definition for one in indicators),
            any(one.source for one in indicators),
            revised,
        )

    def columns(self) -> list[Column]:
        """Return the columns, in the order of time."""
        found = self.figures()
        found += [Column("集計", 3, code="aggregation")] if self.aggregated else []
        found += [Column("担当", 3, code="owners")] if self.owned else []
        found += [Column("定義", 6, code="definition")] if self.defined else []
        found += [Column("出典", 4, code="source")] if self.sourced else []
        return found

    def figures(self, side: str = "", heading: str = "") -> list[Column]:
        """Return the columns of the values; `side` and `heading` tell those of one edition from the other's."""
        label = self.profile.label
        baseline, current = label("baseline", "基準値"), label("current", "現況値")
        target = label("target-value", "目標値")
        before, behind, also = (f"{side}-", f"（{heading}）", f"、{heading}") if side else ("", "", "")

        found = dated(baseline, before + "baseline", behind)
        found += dated(current, before + "current", behind) if self.current else []
        for year in self.staged:
            when = year_words(year, era=self.profile.era)
            code = f"{before}target-{year}"
            found.append(Column(f"{target}（{when}{also}）", 3, "right", code, with_=f"{before}target", when=when))
        found += dated(target, before + "target", behind)
        return found + (dated(label("actual", "実績値"), before + "actual", behind) if self.revised else [])

    def values(self, indicator: Indicator | None, actual: Value | None = None) -> list[Cell]:
        """Fill the columns of the values; those of no indicator stay empty."""
        if indicator is None:
            return [Cell() for _ in self.figures()]
        staged = {each.year: each for each in indicator.targets}
        found = _dated(indicator.baseline, indicator, self.profile)
        found += _dated(indicator.current, indicator, self.profile) if self.current else []
        found += [_staged_cell(staged.get(year), indicator, self.profile) for year in self.staged]
        year = year_words(indicator.target.year, year_suffix(indicator), self.profile.era) if indicator.target else ""
        found += [_cell(year), value_cell(indicator.target)]
        return found + (_dated(actual, indicator, self.profile) if self.revised else [])

    def cells(self, indicator: Indicator) -> list[Cell]:
        """Fill the columns."""
        found = self.values(indicator)
        found += [_cell(_way(indicator, self.profile))] if self.aggregated else []
        found += [_cell("、".join(indicator.owners))] if self.owned else []
        found += [_cell(indicator.definition)] if self.defined else []
        found += [_cell(indicator.source)] if self.sourced else []
        return found


def dated(title: str, code: str, behind: str = "") -> list[Column]:
    """Return the columns of a value: of its year, and of the value."""
    year = Column(_year_of(title) + behind, 3, code=f"{code}-year", with_=code)
    return [year, Column(title + behind, 3, "right", code)]


def _year_of(label: str) -> str:
    """Head the year of a value: 基準値 → 基準年, 目標値 → 目標年, 策定時 → 策定時の年."""
    return f"{label.removesuffix('値')}年" if label.endswith(("値", "目標")) else f"{label}の年"


def _way(indicator: Indicator, profile: Profile) -> str:
    """Say how the target is reckoned: 令和3～令和7年度の累計; nothing for a single year."""
    if indicator.target is None or way_of(indicator) == "single":
        return ""
    return when_words(indicator.target, indicator, profile.era, aim=True)


def _ways(before: Indicator | None, after: Indicator | None, profile: Profile) -> str:
    """Say how the targets of both sides are reckoned, once where they are reckoned alike."""
    said = [_way(each, profile) or AGGREGATIONS["single"] for each in (before, after) if each is not None]
    return " → ".join(dict.fromkeys(said)) if any(each != AGGREGATIONS["single"] for each in said) else ""


def _beside(before: Indicator | None, after: Indicator | None) -> list[Cell]:
    """Say who is in charge, what is counted and where it is taken from, once where it is the same on both sides."""
    sides = [each for each in (before, after) if each is not None]
    said = (["、".join(each.owners), each.definition, each.source] for each in sides)
    return [
        _cell(" → ".join(dict.fromkeys(each or NOTHING for each in words)) if any(words) else "")
        for words in zip(*said, strict=True)
    ]


def compared(
    revision: Revision, profile: Profile, *, changed: bool = False, owner: str = "", handout: bool = False
) -> Document:
    """Lay out the indicators of both editions side by side, each with its years, and the difference of the targets.

    `changed` leaves the unchanged out, `owner` all but those of one section. An indicator that took the place of
    another stands in a row of its own.
    """
    profile = profile.speaking(revision.new.edition)
    levels = used(revision.new, profile)
    old, new = column_headings(revision, profile)
    pairs = [(pair, each, path) for pair, each, path in _pairs(revision) if not owner or owner in each.indicator.owners]
    revised = any(revised_actuals(old, each.new) for _, each, _ in pairs for old in each.old[:1] if each.new)
    said = {each.id: each.reason for each in revision.new.edition.removed}
    shown = _Columns.of([one for _, each, _ in pairs for one in _both(each)], profile, revised=revised)
    rows = [
        row
        for pair, each, path in pairs
        for row in _compared_rows(pair, each, path, levels, shown, said, handout=handout)
        if not (changed and not row.changed)
    ]
    columns = first_columns(levels, profile)
    for name, heading in (("old", old), ("new", new)):
        columns += shown.figures(name, heading)
    columns += [Column("増減", 3, "right", "difference"), Column("集計", 3, code="aggregation")]
    columns += [Column("変更", 4, code="flags"), Column("理由", 4, code="reason"), Column("担当", 3, code="owners")]
    columns += [Column("定義", 6, code="definition"), Column("出典", 4, code="source")]
    columns, rows = _spared(columns, rows, shown.figures())
    table = Table("kpis", tuple(columns), tuple(rows))
    none = "変更のある" if changed else ""
    return Document(
        code="kpis",
        title=f"{revision.new.plan.title}　KPI一覧（{old}・{new}）",
        blocks=(table,) if rows else (Paragraph((Run(f"{owner and f'{owner}の'}{none}指標はありません。"),)),),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=() if owner else counts(revision, profile),  # which are of all sections
    )


_SPARE = frozenset({"aggregation", "reason", "owners", "definition", "source"})
"""Columns that are left out where nothing stands in them."""


def _both(each: IndicatorPair) -> list[Indicator]:
    sides = [*each.old[:1], *([each.new] if each.new else [])]
    return [one for side in sides for one in (side, *side.breakdown)]


def _spared(columns: list[Column], rows: list[Row], plain: list[Column]) -> tuple[list[Column], list[Row]]:
    """Leave out columns that say nothing: empty ones, and the second baseline (or 現況) where none changed."""
    at = {column.code: index for index, column in enumerate(columns)}
    dropped = {at[code] for code in _SPARE if not any(row.cells[at[code]].text for row in rows)}
    for point in ("baseline", "current"):
        own = {each.code: each.title for each in plain if each.code.startswith(point)}
        twins = {at[f"old-{code}"]: at[f"new-{code}"] for code in own}
        pairs = [(row.cells[old].text, row.cells[new].text) for row in rows for old, new in twins.items()]
        if not twins or any(old and new and old != new for old, new in pairs):
            continue
        dropped |= set(twins.values())
        titles = dict(zip(twins, own.values(), strict=True))
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
    pair: Pair,
    each: IndicatorPair,
    path: tuple[Item, ...],
    levels: Sequence[str],
    columns: _Columns,
    reasons: Mapping[str, str],
    *,
    handout: bool,
) -> Iterator[Row]:
    """Set an indicator of both editions in a row; where one took the place of the other, each in its own."""
    profile = columns.profile
    old, new = each.old[0] if each.old else None, each.new
    one = each.indicator
    own = [change for change in pair.changes if one in (*change.old_indicators, *change.new_indicators)]
    changes = (*own, *each.changes)
    if not changes and (old is None or new is None):
        changes = tuple(change for change in pair.changes if change.kind.comes or change.kind.goes)
    shown = flags(changes, profile, handout=handout)
    replaced = old is not None and new is not None and any(change.kind.replaces for change in each.changes)
    sides = [(old, None), (None, new)] if replaced else [(old, new)]
    parted = len(each.old) > 1 or (  # a part is no longer what the whole was
        any(change.kind.joins for change in changes) and not (old and new and any(joined(old, new)))
    )
    reason = "、".join(dict.fromkeys(filter(None, (_reason(change, one, reasons) for change in changes))))
    for before, after in sides:
        told = after or before or one
        cells = first_cells(path, told, levels, profile)
        for side, actual in zip((before, after), _actuals(before, after), strict=True):
            cells += columns.values(side, actual)
        cells += [Cell() if parted else _difference(before, after, profile), _cell(_ways(before, after, profile))]
        cells += [_cell("・".join(flag.label for flag in shown)), _cell(reason), *_beside(before, after)]
        yield Row("plain", tuple(cells), shown, told.id, changed=bool(shown))
        yield from _part_rows(before, after, path, levels, columns)


def _reason(change: Change, one: Indicator, said: Mapping[str, str]) -> str:
    """Return why an indicator changed: its own reason where several came or went at once, each for its own."""
    together = (*change.old_indicators, *change.new_indicators)
    own = {each.id: said.get(each.id) or each.change.reason for each in together}
    return own.get(one.id, "") if any(own.values()) else change.reason


def _actuals(old: Indicator | None, new: Indicator | None) -> tuple[Value | None, Value | None]:
    """Return the actuals of both sides: of the last year whose actual was revised, else the latest of each."""
    revised = revised_actuals(old, new) if old and new else []
    if revised:
        return max(revised, key=lambda each: str(each[1].year))
    return actual_of(old) if old else None, actual_of(new) if new else None


def _became(old: Indicator | None, new: Indicator | None, merged: Collection[str]) -> str:
    """Say what became of a part; `merged` are the ids of those that were merged, before and after."""
    if any(each.id in merged for each in (old, new) if each):
        return "統合"
    if old is None or new is None:
        return "追加" if new else "削除"
    return "変更" if printed_parts((old,)) != printed_parts((new,)) else ""


def _part_rows(
    before: Indicator | None, after: Indicator | None, path: tuple[Item, ...], levels: Sequence[str], columns: _Columns
) -> Iterator[Row]:
    """Set the parts of an indicator of both sides in rows, those of the new side first."""
    left = {part.id: part for part in before.breakdown} if before else {}
    merged = {each.id for part in joined(before, after)[0] for each in part} if before and after else ()
    parts = [(left.pop(part.id, None), part) for part in (after.breakdown if after else ())]
    for old, new in (*parts, *((part, None) for part in left.values())):
        told = new or old
        if told is None:
            continue
        cells = first_cells(path, told, levels, columns.profile, part=True)
        cells += [*columns.values(old), *columns.values(new), _difference(old, new, columns.profile)]
        cells += [_cell(_ways(old, new, columns.profile)), _cell(_became(old, new, merged)), Cell(), *_beside(old, new)]
        yield Row("plain", tuple(cells), key=told.id, changed=old is None or new is None or old != new)


def used(strategy: Strategy, profile: Profile) -> list[str]:
    """List the levels of the tree down to the deepest that owns an indicator; one column each."""
    owners = {item.level for item in strategy.root.walk() if item.indicators}
    tree = [level.code for level in profile.tree]
    deepest = max((index for index, code in enumerate(tree) if code in owners), default=0)
    return tree[: deepest + 1]


def every(item: Item, above: tuple[Item, ...] = ()) -> Iterator[tuple[tuple[Item, ...], Indicator, bool]]:
    """Iterate over the indicators with where they stand, each with its parts; the third says which are parts.

    What a part says neither of its direction nor of its rate is as the whole says it.
    """
    path = above if item.level == "plan" else (*above, item)
    for indicator in item.indicators:
        yield path, indicator, False
        for part in indicator.breakdown:
            way, rate_of = part.direction or indicator.direction, part.achievement or indicator.achievement
            yield path, replace(part, direction=way, achievement=rate_of), True
    for child in item.children:
        yield from every(child, path)


def _difference(old: Indicator | None, new: Indicator | None, profile: Profile) -> Cell:
    """Return new minus old where both sides measure the same thing: per cent in points, staged targets with years."""
    if old is None or new is None or not measures_alike(old, new) or old.unit != new.unit:
        return Cell()
    unit = "ポイント" if unicodedata.normalize("NFKC", new.unit) == "%" else ""
    former = {each.year: each for each in old.targets}
    lines = []
    for each in new.targets:
        number = _more(former.get(each.year), each)
        if number:
            year = year_words(each.year, year_suffix(new), profile.era)
            lines += [year, f"{signed(number)}{unit}"]
    number = _more(old.target, new.target)
    if number is not None and (number or not lines):
        year = year_words(new.target.year, year_suffix(new), profile.era) if lines and new.target else ""
        lines += [*filter(None, [year]), f"{signed(number)}{unit}"]
    found = tuple(Line((Run(words),), kind="value") for words in lines)
    return Cell(found, None if unit or len(lines) != 1 else number)


def _more(before: Value | None, after: Value | None) -> float | None:
    if before is None or after is None or before.value is None or after.value is None:
        return None
    number = round(after.value - before.value, 10)
    return int(number) if number == int(number) else number


def signed(number: float) -> str:
    """Print a difference with its sign."""
    return f"{'＋' if number > 0 else '－' if number < 0 else '±'}{number_words(abs(number))}"


def first_columns(levels: Sequence[str], profile: Profile) -> list[Column]:
    """Head what stands before the figures: a column for each level of the tree, then the indicator itself."""
    found = [Column(profile.level(code).label, 5, code=code, leads=True) for code in levels]
    name = profile.label("name", "指標名")
    return [*found, Column("種別", 2, code="role"), Column(name, 8, code="name"), Column("単位", 2, code="unit")]


def first_cells(
    path: tuple[Item, ...], indicator: Indicator, levels: Sequence[str], profile: Profile, *, part: bool = False
) -> list[Cell]:
    """Say where an indicator stands and what it is; layers across the tree stand in the first column."""
    tree = [level.code for level in profile.tree]
    found = dict.fromkeys(tree, "")
    for item in path:
        title = f"{printed_number(item, profile)} {item.title or profile.table.omission}".strip()
        found[item.level if item.level in found else tree[0]] = title
    unit = "" if indicator.unit == "none" else indicator.unit
    words = list(found.values())[: len(levels)]
    role = profile.label("breakdown", "内訳") if part else role_label(indicator, profile)
    return [_cell(each) for each in (*words, role, named(indicator, profile), unit)]


def _dated(value: Value | None, indicator: Indicator, profile: Profile) -> list[Cell]:
    return [_cell(when_words(value, indicator, profile.era) if value is not None else ""), value_cell(value)]


def value_cell(value: Value | None) -> Cell:
    """Return a value as a true number where it is nothing more; the unit has its own column."""
    if value is None:
        return _cell("")
    words = value_words(value, "none")
    plain = value.value is not None and words == number_words(value.value)
    return Cell((Line((Run(words),), kind="value"),), value.value if plain else None, value.value) if words else Cell()


def _staged_cell(value: Value | None, indicator: Indicator, profile: Profile) -> Cell:
    """Return a target on the way; one that is reckoned in its own way says so, as its column does not."""
    if value is None or not (value.aggregation or value.span) or not reckoned(value, indicator, profile):
        return value_cell(value)
    return _cell(f"{value_words(value, 'none')}（{reckoned(value, indicator, profile)}）")


def rate_cell(found: Rate) -> Cell:
    """Return a rate as a true number, or －."""
    number = found.shown
    if number is None:
        return _cell("－")
    return Cell((Line((Run(number_words(number)),), kind="value"),), number)


def _cell(text: str) -> Cell:
    return cell(text) if text else Cell()
