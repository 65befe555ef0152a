"""Kinds of change of an indicator: what it measures, where it belongs, and what it aims at."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from atsugi_cli.kinds.aims import Aim, aggregation, aim, amount, notation, span_of, way_of
from atsugi_cli.kinds.card import SEEN, Change, Ends, Evidence, Field, IndicatorView
from atsugi_cli.kinds.items import REWORDED_FROM
from atsugi_cli.match.prose import Marks, likeness, pieces
from atsugi_cli.model import NOTHING_DECLARED, UNREGISTERED, Indicator, Item, Value
from atsugi_cli.words import (
    AGGREGATIONS,
    indicator_name,
    same_unit,
    some,
    span_words,
    value_words,
    when_words,
    year_suffix,
    year_words,
)


def indicator_merged(view: IndicatorView) -> Evidence | None:
    """改定前の二つ以上の指標を一つにまとめた指標です。内訳の行をまとめたときも、そう言います。"""
    both = _with_parts(view)
    if both and (merged := joined(*both)[0]):
        return _of_parts(both[1], [one for *olds, _ in merged for one in olds], [one for *_, one in merged])
    if view.new is None or len(view.old) <= 1:
        return None
    return Evidence(some(map(_named, view.old)), _named(view.new), decided="declared")


def indicator_split(view: IndicatorView) -> Evidence | None:
    """改定前の一つの指標を二つ以上に分けた指標です。内訳の行を分けたときも、そう言います。"""
    both = _with_parts(view)
    if both and (split := joined(*both)[1]):
        return _of_parts(both[1], [one for one, *_ in split], [one for _, *news in split for one in news])
    if len(view.parts) <= 1 or len(view.old) != 1:
        return None
    return Evidence(_named(view.old[0]), some(map(_named, view.parts)), decided="declared", parts=view.parts)


def _with_parts(view: IndicatorView) -> tuple[Indicator, Indicator] | None:
    """Return both sides of an indicator that lives on and has parts on both."""
    both = view.both
    return lasting(view) if both and both[0].breakdown and both[1].breakdown else None


Joined = list[tuple[Indicator, ...]]


def joined(old: Indicator, new: Indicator) -> tuple[Joined, Joined]:
    """Find the parts of an indicator that were merged, each set with what it became, and those split, after what was.

    The later edition says by `from` what became of which; looking back in time, that is the old side.
    """
    stayed = {part.id for part in old.breakdown} & {part.id for part in new.breakdown}
    gone = {part.id: part for part in old.breakdown if part.id not in stayed}
    come = {part.id: part for part in new.breakdown if part.id not in stayed}
    said = [(name, part.id) for part in come.values() for name in part.origins if name in gone]
    said += [(part.id, name) for part in gone.values() for name in part.origins if name in come]
    into, out_of = defaultdict[str, list[Indicator]](list), defaultdict[str, list[Indicator]](list)
    for before, after in dict.fromkeys(said):
        into[after].append(gone[before])
        out_of[before].append(come[after])
    merged: Joined = [(*olds, come[name]) for name, olds in into.items() if len(olds) > 1]
    return merged, [(gone[name], *news) for name, news in out_of.items() if len(news) > 1]


def _of_parts(whole: Indicator, olds: list[Indicator], news: list[Indicator]) -> Evidence:
    """Tell of parts that were merged or split what they were and are."""
    names = ["".join(f"「{indicator_name(each)}」" for each in side) for side in (olds, news)]
    before = f"「{indicator_name(whole)}」の内訳{names[0]}"
    return Evidence(before, names[1], decided="declared", olds=tuple(olds), parts=tuple(news))


def indicator_renamed(view: IndicatorView) -> Evidence | None:
    """名称が変わった指標です（測るものは同じと宣言したもの）。"""
    both = view.both
    if both and both[0].name != both[1].name and "renamed" in view.declared.flags:
        return Evidence(marks=_names(*both))
    return None


def indicator_reworded(view: IndicatorView) -> Evidence | None:
    """名称の書き方だけを改めた指標です。"""
    both = view.both
    if both is None or both[0].name == both[1].name or not _only_wording(view, *both):
        return None
    marks = _names(*both)
    return Evidence(marks=marks, proposed=not marks["name"].notation_only)


def kpi_replaced(view: IndicatorView) -> Evidence | None:
    """指標を別のものに取り替えたところです（測るもの、または単位が変わった）。

    取り替えた指標の目標値や基準値の違いは「指標変更」に含め、上方修正や下方修正とは言いません。
    名称だけから推定したものは、書き方の変更なら `change: {flags: [reworded]}` と宣言します。
    """
    both = view.both
    flags = set(view.declared.flags)
    if both is None or (flags & {"corrected", "renamed", "reworded"} and "kpi-replaced" not in flags):
        return None
    old, new = both
    alike = same_unit(old, new)
    if "kpi-replaced" not in flags and alike and (old.name == new.name or _only_wording(view, old, new)):
        return None
    return Evidence(_named(old), _named(new), _names(old, new), proposed=alike and "kpi-replaced" not in flags)


def role_changed(view: IndicatorView) -> Evidence | None:
    """位置付けが変わった指標です（数値目標とKPIの入替え、または別の項目への付替え）。"""
    if view.new is None or len(view.old) != 1 or len(view.parts) > 1:
        return None
    if view.old[0].role == view.new.role and view.placed:
        return None
    before, after = _owned(view.old[0], view.owners[0]), _owned(view.new, view.owners[1])
    return Evidence(before, after, owners=view.owners)


def target_raised(view: IndicatorView) -> Evidence | None:
    """目標値を、望ましい方向へ引き上げた指標です。"""
    return _aimed(view, "raised")


def target_lowered(view: IndicatorView) -> Evidence | None:
    """目標値を、望ましい方向と逆へ引き下げた指標です。"""
    return _aimed(view, "lowered")


def target_changed(view: IndicatorView) -> Evidence | None:
    """目標値が変わった指標のうち、上方修正とも下方修正とも言えないものです。

    望ましい方向が分からないもの、文章の目標、新しく設定した目標、段階目標だけの変更などです。
    """
    return _aimed(view, "changed")


def target_year_changed(view: IndicatorView) -> Evidence | None:
    """目標年次が変わった指標です。計画期間の変更に合わせて動いただけのものは一行にまとめます。"""
    both = lasting(view)
    if both is None or both[0].target is None or both[1].target is None or both[0].target.year == both[1].target.year:
        return None
    before, after = (year_words(each.target.year, year_suffix(each)) if each.target else "" for each in both)
    return Evidence(before, after)


def target_restated(view: IndicatorView) -> Evidence | None:
    """目標の表し方だけを変えた指標です（例: 基準値4,462件から10.0%減少 = 4,016件、20,000人 = 2万人）。"""
    return _aimed(view, "restated")


def baseline_changed(view: IndicatorView) -> Evidence | None:
    """基準値（現状値）を改めた指標です。"""
    return _compared(view, lambda each: _reading(each.baseline, each), lambda each: _dated(each.baseline, each))


def aggregation_changed(view: IndicatorView) -> Evidence | None:
    """集計の方法や期間が変わった指標です（単年、累計、平均）。値の大小は比べません。"""
    both = lasting(view)
    if both is None or aggregation(both[0]) == aggregation(both[1]):
        return None
    spans = span_of(both[0]), span_of(both[1])
    if way_of(both[0]) == way_of(both[1]) and None not in spans:
        before, after = (span_words(span, year_suffix(both[1])) for span in spans if span)
        return Evidence(before, after)
    return Evidence(aggregation_words(both[0]), aggregation_words(both[1]))


def current_changed(view: IndicatorView) -> Evidence | None:
    """計画に載せた現況値を改めた指標です。"""
    return _compared(view, lambda each: _reading(each.current, each), lambda each: _dated(each.current, each))


def actual_changed(view: IndicatorView) -> Evidence | None:
    """すでに載せた年度の実績値を改めた指標です（速報値を確定値に置き換えたなど）。年度の追加は変更としません。"""
    both = lasting(view)
    revised = revised_actuals(*both) if both else []
    sides = (some(_dated(pair[side], both[side]) for pair in revised) for side in (0, 1)) if both else ()
    return Evidence(*sides) if revised else None


def revised_actuals(old: Indicator, new: Indicator) -> list[tuple[Value, Value]]:
    """Find the actuals of a year that both sides have and give otherwise."""
    before = {(each.year, each.span): each for each in old.actuals}
    both = [(before[each.year, each.span], each) for each in new.actuals if (each.year, each.span) in before]
    return [(one, other) for one, other in both if _reading(one, old) != _reading(other, new)]


def definition_changed(view: IndicatorView) -> Evidence | None:
    """定義（測り方）が変わった指標です。測るものが変わるので、目標値の上方修正や下方修正とは言いません。"""
    return _compared(view, lambda each: each.definition, lambda each: each.definition)


def source_changed(view: IndicatorView) -> Evidence | None:
    """出典が変わった指標です。"""
    return _compared(view, lambda each: each.source, lambda each: each.source)


def breakdown_changed(view: IndicatorView) -> Evidence | None:
    """内訳（行）を加えた、なくした、まとめた、または改めた指標です。"""
    seen = _compared(
        view, lambda each: printed_parts(each.breakdown), lambda each: "、".join(map(_part_words, each.breakdown))
    )
    if seen is None or view.both is None or view.declared.reason:
        return seen
    old, new = view.both
    same = printed_parts(old.breakdown)
    told = [each.change.reason for each in new.breakdown if printed_parts([each])[0] not in same]
    if len({*told}) == 1:  # all of them for one reason, else each for its own
        return replace(seen, reason=told[0])
    said = [f"{each.name}は{each.change.reason}" for each in new.breakdown if each.change.reason in {*told} - {""}]
    return replace(seen, reason="、".join(said))


def printed_parts(parts: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return the parts of an indicator without what is no text of the plan."""
    return tuple(
        replace(each, note="", extra=(), actuals=(), achievement=None, origins=(), change=NOTHING_DECLARED)
        for each in parts
    )


def _compared(
    view: IndicatorView, what: Callable[[Indicator], object], words: Callable[[Indicator], str]
) -> Evidence | None:
    both = lasting(view)
    if both is None or what(both[0]) == what(both[1]):
        return None
    return Evidence(words(both[0]), words(both[1]))


def _reading(value: Value | None, indicator: Indicator) -> object:
    if value is None:
        return None
    return value.year, when_words(value, indicator), notation(value), amount(value, indicator.unit)


def indicator_corrected(view: IndicatorView) -> Evidence | None:
    """誤りを訂正した指標です。"""
    if view.both is None or "corrected" not in view.declared.flags:
        return None
    old, new = view.both
    return SEEN if old.name == new.name else Evidence(_named(old), _named(new), _names(old, new))


def indicator_owner_changed(view: IndicatorView) -> Evidence | None:
    """所管が変わった指標です。"""
    both = view.both
    if both is None or both[0].owners == both[1].owners:
        return None
    return Evidence("、".join(both[0].owners), "、".join(both[1].owners))


def year_along_period(change: Change, ends: Ends) -> tuple[str, str] | None:
    """Return the target years where the target year moved just as the end of the period did."""
    old, new = change.old[0], change.new[0]
    if ends[0] == ends[1] or not isinstance(old, Indicator) or not isinstance(new, Indicator):
        return None
    along = old.target is not None and new.target is not None and (old.target.year, new.target.year) == ends
    return (change.before, change.after) if along else None


def span_along_period(change: Change, ends: Ends) -> tuple[str, str] | None:
    """Return the spans where the span of years that the target counts moved just as the end of the period did."""
    old, new = change.old[0], change.new[0]
    if ends[0] == ends[1] or not isinstance(old, Indicator) or not isinstance(new, Indicator):
        return None
    before, after = span_of(old), span_of(new)
    if before is None or after is None or old.aggregation != new.aggregation:
        return None
    along = before[0] == after[0] and (before[1], after[1]) == ends
    return (change.before, change.after) if along else None


def _names(old: Indicator, new: Indicator) -> dict[Field, Marks]:
    return {"name": pieces(old.name, new.name)}


def lasting(view: IndicatorView) -> tuple[Indicator, Indicator] | None:
    """Return both sides unless one took the other's place: their values then mean nothing to each other."""
    return view.both if kpi_replaced(view) is None else None


def _only_wording(view: IndicatorView, old: Indicator, new: Indicator) -> bool:
    """Check whether only the wording of an indicator's name changed: same unit, same figures, most words kept."""
    if "reworded" in view.declared.flags:
        return True
    if {"renamed", "corrected", "kpi-replaced"} & set(view.declared.flags) or not same_unit(old, new) or not view.sure:
        return False
    digits = [[each for each in name if each.isdigit()] for name in (old.name, new.name)]
    return digits[0] == digits[1] and likeness(old.name, new.name) >= REWORDED_FROM


def _aimed(view: IndicatorView, wanted: Aim) -> Evidence | None:
    both = lasting(view)
    if both is None:
        return _unseen(view, wanted)
    found = aim(*both)
    if found in {"raised", "lowered"} and not (view.sure and view.one_plan):
        found = "changed"
    return Evidence(_target_words(*both), _target_words(*reversed(both))) if found == wanted else None


def _unseen(view: IndicatorView, wanted: Aim) -> Evidence | None:
    """Take the author's word for a target that changed although the source leaves out one of its values."""
    if view.new is None or not view.old or f"target-{wanted}" not in view.declared.flags:
        return None
    words = ["" if each.omitted else _target_words(each) for each in (view.old[0], view.new)]
    return Evidence(words[0] or UNREGISTERED, words[1] or UNREGISTERED)


def _target_words(indicator: Indicator, other: Indicator | None = None) -> str:
    """Say the target with those on the way to it; against `other` what differs, or all where years came or went."""
    if other and (indicator.targets or other.targets):
        mine, theirs = (_by_year(each, *filter(None, [each.target])) for each in (indicator, other))
        same = mine.keys() == theirs.keys()
        found = [year + words for year, words in mine.items() if not same or theirs[year] != words]
        if found:
            return "、".join(found)
    words = value_words(indicator.target, indicator.unit)
    staged = "、".join(f"{name} {value}" for name, value in _by_year(indicator).items())
    return f"{words}（段階目標: {staged}）" if staged else words


def _dated(value: Value | None, indicator: Indicator) -> str:
    if value is None:
        return ""
    when = when_words(value, indicator)
    words = value_words(value, indicator.unit)
    return f"{words}（{when}）" if when and words else words or when


def _part_words(part: Indicator) -> str:
    values = " → ".join(value_words(each, part.unit) or "－" for each in (part.baseline, part.target))
    return f"{indicator_name(part)} {values}" if part.baseline or part.target else indicator_name(part)


def _named(indicator: Indicator) -> str:
    unit = "" if indicator.unit in {"", "none"} else f"（{indicator.unit}）"
    return indicator_name(indicator) + unit


def _owned(indicator: Indicator, owner: Item | None) -> str:
    role = "数値目標" if indicator.role == "target" else "KPI"
    return f"「{owner.title}」の{role}" if owner and owner.title else role


def aggregation_words(indicator: Indicator) -> str:
    """Say how a target is reckoned: 累計（2021～2025年度）."""
    span = span_of(indicator)
    return AGGREGATIONS[way_of(indicator)] + (f"（{span_words(span)}）" if span else "")


def _by_year(indicator: Indicator, *more: Value) -> dict[str, str]:
    """Say the staged targets (and `more`) year by year; two of one year are said together."""
    found: dict[str, str] = {}
    for each in (*indicator.targets, *more):
        year, words = year_words(each.year, year_suffix(indicator)), value_words(each, indicator.unit)
        found[year] = f"{found[year]}、{words}" if year in found else words
    return found
