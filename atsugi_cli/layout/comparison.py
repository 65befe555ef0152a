"""Comparison: the 新旧対照表, row by row.

What is unchanged is collapsed by number (① / ①及び② / ①～③ and the omission word), at every level; what is new stands
opposite （新設）, what is gone opposite （削る）. Changed words are marked on both sides.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from atsugi_cli.achievement import UNDECIDED_LABELS, undecided
from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Mark, Paragraph, Role, Row, Run, Table
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.card import Change, Field
from atsugi_cli.layout.labels import (
    column_headings,
    counts,
    figures,
    flags,
    heading,
    introduced,
    level_of,
    place,
    printed_number,
    ranged,
    role_label,
    runs,
    said,
    stamp,
    step_words,
    target_year,
    tree_part,
)
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Marks, Segment, pieces
from atsugi_cli.model import UNREGISTERED, Indicator, Item
from atsugi_cli.revision import IndicatorPair, Pair, Revision
from atsugi_cli.words import value_words

SURE = 0.9
"""From this confidence on inferred links were right in 99.9 % of the cases measured: only the flags say 推定."""

NAMED = 2
"""As many items that nobody explained are named; the others are counted."""

ROLES: dict[str, Role] = {
    "section": "text",
    "viewpoint": "viewpoint",
    "goal": "goal",
    "policy": "policy",
    "initiative": "initiative",
    "project": "project",
}
TREE_ROLES: tuple[Role, ...] = ("goal", "policy", "initiative", "project")


@frozen
class View:
    """How the table is wanted: everything (`whole`), only some kinds, marks in strict mode, with what （略） hides.

    `touched` are the pairs to be shown, as collected by `_touched`.
    """

    profile: Profile
    whole: bool = False
    only: frozenset[str] = frozenset()
    strict: bool = False
    unfolds: bool = True
    touched: frozenset[int] = frozenset()

    def shows(self, pair: Pair) -> bool:
        """Say whether a pair is shown, or collapsed with its neighbours."""
        return self.whole or id(pair) in self.touched

    def wanted(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Leave out the changes whose kind is not asked for."""
        return tuple(each for each in changes if not self.only or each.kind.code in self.only)


def comparison(
    revision: Revision,
    profile: Profile,
    *,
    whole: bool = False,
    only: Collection[str] = (),
    strict: bool = False,
    unfolds: bool = True,
) -> Document:
    """Lay out a revision as the 新旧対照表.

    `whole` shows the unchanged too, `only` restricts the rows to some kinds (codes; counts stay whole), `strict` marks
    every changed character (the marks of 見え消し). Without `unfolds` the rows that （略） stands for are left out, for
    printers that cannot unfold it: most rows of a large plan.
    """
    view = View(profile, whole, frozenset(only), strict, unfolds)
    view = replace(view, touched=_touched(revision.root, view))
    old, new = column_headings(revision, profile)
    style = profile.table
    columns = [Column(old, 41, code="old"), Column(new, 41, code="new")]
    if style.order == "new-old":
        columns.reverse()
    if style.third != "none":
        columns.append(Column(style.third_heading, 18, code=style.third))
    rows = tuple(_rows(revision, view))
    table = Table("comparison", tuple(columns), rows)
    above = tuple(_plan_lines(revision, view))
    if not above and not rows:
        above = (Paragraph((Run("変更はありません。"),)),)
    blocks: tuple[Block, ...] = (*above, table, *_decisions(revision), *_remarks(revision))
    return Document(
        code="comparison",
        title=f"{revision.new.plan.title}　新旧対照表",
        blocks=blocks,
        stamp=stamp(revision.old, revision.new, style=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
        legend=style.legend,
    )


def _plan_lines(revision: Revision, view: View) -> Iterator[Paragraph]:
    """Say above the table what changed in the plan itself, and what changed alike in many places."""
    for change in view.wanted(revision.root.changes):
        label = flags([change], view.profile)
        text = " → ".join(said(change, view.profile))
        if change.kind.says_of_many:
            text += f"（{len(change.new) or len(change.old)}件）"
        elif indicators := (*change.old_indicators, *change.new_indicators):
            text = "、".join(each.name or UNREGISTERED for each in indicators)
        yield Paragraph((Run(text),), bullet="・", flags=label)
    for pair in revision.root.indicators:
        for change in view.wanted(pair.changes):
            sides = (pair.new, *pair.old) if pair.new else pair.old
            name = next((each.name for each in sides if each.name), UNREGISTERED)
            text = f"{name}　{' → '.join(said(change, view.profile))}"
            yield Paragraph((Run(text),), bullet="・", flags=flags([change], view.profile))


def _decisions(revision: Revision) -> Iterator[Block]:
    """List, after an extension of the period, the indicators that ask for a decision."""
    old_end, new_end = revision.old.plan.end, revision.new.plan.end
    if old_end is None or new_end is None or new_end <= old_end:
        return
    found = [
        (pair.old[0], why)
        for each in revision.root.walk()
        for pair in each.indicators
        if pair.new is not None and pair.old and (why := undecided(pair.old[0], pair.new, old_end, new_end))
    ]
    if found:
        yield Heading("計画期間の延長に伴い、判断が要る指標", 2)
    for indicator, why in found:
        aim = value_words(indicator.target, indicator.unit)
        text = f"{indicator.name or UNREGISTERED}（目標値 {aim}）: {UNDECIDED_LABELS[why]}。"
        yield Paragraph((Run(text),), bullet="・")


def _remarks(revision: Revision) -> Iterator[Paragraph]:
    """Say below the table what is inferred and what nobody explained."""
    inferred = sum(1 for link in revision.links if link.decided == "inferred")
    if inferred:
        yield Paragraph(
            (Run(f"対応関係のうち{inferred}件は推定です（strategy diff --suggest で確認できます）。"),), bullet="※"
        )
    unexplained = [each for each in revision.open if each.side == "old"]
    if unexplained:
        names = "、".join(f"「{each.title}」" for each in unexplained[:NAMED])
        more = f"ほか{len(unexplained) - NAMED}件" if len(unexplained) > NAMED else ""
        yield Paragraph((Run(f"対応先なし（要確認）: {names}{more}"),), bullet="※")


def _rows(revision: Revision, view: View) -> Iterator[Row]:
    """Give the rows in the order of the paper: prose, what lies across the tree, the tree, closing prose."""
    root, profile = revision.root, view.profile
    closing = profile.table.closing
    sections = [pair for pair in root.children if pair.level == "section"]
    front: list[Pair] = []
    back: list[Pair] = []
    for pair in sections:
        (back if any(word in pair.item.title for word in closing) else front).append(pair)
    yield from _section_rows(front, view)
    for level in profile.cross:
        pairs = [pair for pair in root.children if pair.level == level.code]
        if any(map(view.shows, pairs)):
            yield _part(level.label, view)
            yield from _siblings(pairs, view, (), 0)
    cross = {level.code for level in profile.cross}
    tree = [pair for pair in root.children if pair.level != "section" and pair.level not in cross]
    if any(map(view.shows, tree)):
        yield _part(tree_part((revision.old, revision.new), profile), view)
        yield from _siblings(tree, view, (), 0)
    yield from _section_rows(back, view)


def _touched(root: Pair, view: View) -> frozenset[int]:
    """Collect, by identity, the pairs of which something wanted has changed, or of something below them."""
    found: set[int] = set()
    for pair in reversed(list(root.walk())):  # what is below comes first
        if any(id(child) in found for child in pair.children) or view.wanted(tuple(pair.own_changes)):
            found.add(id(pair))
    return frozenset(found)


def _part(text: str, view: View, changes: Sequence[Change] = (), key: str = "") -> Row:
    line = Line((Run(text),), kind="heading")
    cells = (Cell((line,)), Cell((line,)), *(() if view.profile.table.third == "none" else (Cell(),)))
    return Row("part", cells, flags(changes, view.profile), key=key, label=text)


def _section_rows(pairs: Sequence[Pair], view: View) -> Iterator[Row]:
    """Lay out prose: a part of its own for every section that changed; unchanged ones are one （略）."""
    for pair in pairs:
        if view.shows(pair):
            yield _part(heading(pair.item, view.profile) or view.profile.table.omission, view, key=pair.item.id)
            yield from _full(pair, view, (), 0)


def _siblings(pairs: Sequence[Pair], view: View, path: tuple[Pair, ...], indent: int) -> Iterator[Row]:
    """Lay out siblings: what is touched in full, runs of the untouched collapsed."""
    run: list[Pair] = []
    for pair in pairs:
        if view.shows(pair):
            yield from _collapsed(run, view, path, indent)
            run = []
            yield from _full(pair, view, path, indent)
        elif run and run[-1].level != pair.level:
            yield from _collapsed(run, view, path, indent)
            run = [pair]
        else:
            run.append(pair)
    yield from _collapsed(run, view, path, indent)


def _collapsed(run: Sequence[Pair], view: View, path: tuple[Pair, ...], indent: int) -> Iterator[Row]:
    """Collapse unchanged siblings into one row: ①～③（略）."""
    if not run:
        return
    level = level_of(run[0].item, view.profile)
    label = ranged(level, [pair.item.number for pair in run])
    line = Line((Run(view.profile.table.omission),), label=label, kind="omitted", indent=indent)
    unfolded = View(view.profile, whole=True)
    hidden = tuple(row for pair in run for row in _full(pair, unfolded, path, indent)) if view.unfolds else ()
    key = "/".join(each.item.id for each in (*path, run[0]))
    yield _row(role_of(run[0].level, len(path), view.profile), (line,), (line,), view, key=key, hidden=hidden)


def role_of(level: str, depth: int, profile: Profile) -> Role:
    """Choose how something is set: by its level's name, and for another city's levels by depth."""
    if level in ROLES:
        return ROLES[level]
    if any(each.code == level for each in profile.cross):
        return "viewpoint"
    return TREE_ROLES[min(depth, len(TREE_ROLES) - 1)]


def _row(
    role: Role,
    old: Sequence[Line],
    new: Sequence[Line],
    view: View,
    *,
    changes: Sequence[Change] = (),
    key: str = "",
    note: str = "",
    hidden: tuple[Row, ...] = (),
    label: str = "",
    number: str = "",
) -> Row:
    cells = [Cell(tuple(old)), Cell(tuple(new))]
    if view.profile.table.order == "new-old":
        cells.reverse()
    shown = flags(changes, view.profile)
    if view.profile.table.third != "none":
        lines = tuple(Line((Run(each.label),), kind="flag") for each in shown)
        reason = next((change.reason for change in changes if change.reason), "")
        if view.profile.table.third == "reason":
            lines = (Line((Run(reason),), kind="note"),) if reason else ()
        cells.append(Cell(lines))
    return Row(role, tuple(cells), shown, key, note, hidden, changed=bool(changes), label=label, number=number)


def _full(pair: Pair, view: View, path: tuple[Pair, ...], indent: int) -> Iterator[Row]:
    """Lay out one pair in full, and what is below it."""
    item = pair.item
    changes = view.wanted(tuple(pair.own_changes))
    old = _old_lines(pair, changes, view, indent)
    new = _new_lines(pair, changes, view, indent)
    below = (*path, pair)
    if old or new:
        yield _row(
            role_of(pair.level, len(path), view.profile),
            old,
            new,
            view,
            changes=changes,
            key="/".join(each.item.id for each in below),
            note=_note(pair, changes, view),
            label=level_of(item, view.profile).label,
            number=printed_number(item, view.profile),
        )
    if pair.children:
        yield from _siblings(pair.children, view, below, indent + 1)


def _note(pair: Pair, changes: Sequence[Change], view: View) -> str:
    """Say in the remarks what the two columns cannot show."""
    notes = [note for change in changes if (note := _remark(change, pair, view))]
    if pair.decided == "inferred" and pair.old and pair.new is not None and pair.confidence < SURE:
        notes.append(f"対応は推定（確度{pair.confidence:.2f}）")
    return "\n".join(dict.fromkeys(notes))


def _remark(change: Change, pair: Pair, view: View) -> str:
    """Fill in what a kind says in the remarks; nothing where it compares values and has none."""
    kind = change.kind
    compares = "{before}" in kind.remark and not (change.before or change.after)
    if not kind.remark or compares or (kind.unsure and not change.proposed):
        return ""
    before, after = said(change, view.profile)
    words = {"label": kind.label, "before": before, "after": after, "count": len(pair.old)}
    words["these"] = _these(pair.old, view)
    words["parts"] = _these([each for each in change.new if isinstance(each, Item)], view)
    words["from_place"] = (place(pair.old[:1], view.profile) or pair.old[0].title) if pair.old else ""
    return kind.remark.format_map(words)


def _these(items: Sequence[Item], view: View) -> str:
    """Name several items: by their numbers where they are of one level, else by their titles."""
    numbers = [item.number for item in items]
    if len({item.level for item in items}) == 1 and all(isinstance(number, int) for number in numbers):
        return ranged(level_of(items[0], view.profile), sorted(numbers, key=str))
    return "及び".join(f"「{item.title}」" for item in items)


def _old_lines(pair: Pair, changes: Sequence[Change], view: View, indent: int) -> list[Line]:
    """Lay out the left side."""
    if not pair.old:
        return _absent(view.profile.table.added_word, indent)
    lines: list[Line] = []
    carried = pair.new is not None
    for item in pair.old:
        title = _title_segments(pair, changes, item, "old", view)
        lines += _item_lines(item, title, "old", view, indent, changes)
        lines += _body_lines(
            item, _body_segments(pair, changes, item, "old", view), "old", view, indent, collapse=carried
        )
    return lines + _indicator_lines(pair, changes, view, indent, "old")


def _new_lines(pair: Pair, changes: Sequence[Change], view: View, indent: int) -> list[Line]:
    """Lay out the right side."""
    item = pair.new
    if item is None:
        return _absent(view.profile.table.removed_word, indent)
    carried = bool(pair.old)
    title = _title_segments(pair, changes, item, "new", view)
    lines = _item_lines(item, title, "new", view, indent, changes)
    lines += _body_lines(item, _body_segments(pair, changes, item, "new", view), "new", view, indent, collapse=carried)
    return lines + _indicator_lines(pair, changes, view, indent, "new")


def _absent(word: str, indent: int) -> list[Line]:
    return [Line((Run(word),), kind="absent", indent=indent)]


def _title_segments(pair: Pair, changes: Sequence[Change], item: Item, side: Mark, view: View) -> tuple[Segment, ...]:
    """Mark the title of one side: whole where the item is new or gone, by words where it was changed."""
    if not item.title:
        return ()
    known = _marked("title", changes, item, side, view)
    if known is not None:
        return known
    kinds = [change.kind for change in changes]
    parted = any(kind.joins == "into-many" for kind in kinds)
    fresh = parted or any(kind.comes for kind in kinds)
    whole = fresh if side == "new" else any(kind.goes or kind.joins for kind in kinds)
    if whole and (not pair.old or pair.new is None or item not in pair.old or len(pair.old) > 1):
        return ((item.title, True),)
    if pair.old and pair.new is not None and pair.old[0].title != pair.new.title and fresh:
        return _side(pieces(pair.old[0].title, pair.new.title, strict=view.strict), side)
    return ((item.title, False),)


def _marked(field: Field, changes: Sequence[Change], item: Item, side: Mark, view: View) -> tuple[Segment, ...] | None:
    """Return the marks that a kind made of a text of this item; None where none did."""
    for change in changes:
        marks = change.marks.get(field)
        if marks is not None and (side == "new" or change.nearest is None or change.nearest is item):
            return _side(marks.strictly() if view.strict else marks, side)
    return None


def _side(marks: Marks, side: Mark) -> tuple[Segment, ...]:
    return marks.old if side == "old" else marks.new


def _item_lines(
    item: Item, title: tuple[Segment, ...], side: Mark, view: View, indent: int, changes: Sequence[Change]
) -> list[Line]:
    """Introduce an item: a heading, a heading with the title below it, or its number and title."""
    level = level_of(item, view.profile)
    number = level.printed(item.number)
    renumbered = any(change.kind.renumbers for change in changes)
    new = any(change.kind.comes for change in changes) and side == "new"
    label_mark: Mark = side if renumbered else ""
    title_runs = runs(title, side) if title else (Run(view.profile.table.omission),)
    if item.level == "section" and indent == 0:
        return []  # the part's own heading says it
    before, titled, after = introduced(item, view.profile)
    if titled:
        mark: Mark = side if renumbered or new else ""
        return [Line((Run(before, mark), *title_runs, Run(after, mark)), kind="heading", indent=indent)]
    if before:
        return [
            Line((Run(before, label_mark),), kind="heading", indent=indent),
            Line(title_runs, kind="title", indent=indent + 1),
        ]
    return [Line(title_runs, label=number, kind="title", indent=indent, label_mark=label_mark)]


def _body_segments(
    pair: Pair, changes: Sequence[Change], item: Item, side: Mark, view: View
) -> tuple[Segment, ...] | None:
    """Mark the body of one side; None where it is not printed (unchanged and not asked for)."""
    if not item.body:
        return None
    known = _marked("body", changes, item, side, view)
    if known is not None:
        return known
    if not pair.old or pair.new is None:
        return ((item.body, bool(changes)),)
    kinds = [change.kind for change in changes]
    other = any(kind.joins or kind.comes or kind.goes for kind in kinds)
    if other and len(pair.old) == 1 and pair.old[0].body != pair.new.body:
        return _side(pieces(pair.old[0].body, pair.new.body, strict=view.strict), side)
    if any(kind.joins == "into-one" for kind in kinds):
        return ((item.body, True),)
    return ((item.body, False),) if view.whole else None


def _body_lines(
    item: Item, segments: tuple[Segment, ...] | None, side: Mark, view: View, indent: int, *, collapse: bool
) -> list[Line]:
    """Set a body paragraph by paragraph; with `collapse`, those without a mark become the omission word."""
    if segments is None:
        return []
    collapse = collapse and not view.whole and "\n" in item.body
    depth = indent if item.level == "section" and indent == 0 else indent + 1
    paragraphs: list[list[Run]] = [[]]
    for text, marked in segments:
        first, *rest = text.split("\n")
        if first:
            paragraphs[-1].append(Run(first, side if marked else ""))
        paragraphs += [[Run(part, side if marked else "")] if part else [] for part in rest]
    lines: list[Line] = []
    for paragraph in paragraphs:
        if collapse and not any(run.mark for run in paragraph):
            if not lines or lines[-1].kind != "omitted":
                lines.append(Line((Run(view.profile.table.omission),), kind="omitted", indent=depth))
        elif paragraph:
            lines.append(Line(tuple(paragraph), kind="body", indent=depth))
    return lines


def _indicator_lines(pair: Pair, changes: Sequence[Change], view: View, indent: int, side: Mark) -> list[Line]:
    """Set the indicators that changed, those of new and gone items, and with `whole` all of them."""
    lines: list[Line] = []
    fresh = not pair.old or pair.new is None
    ids = {each.id for change in changes for each in (*change.old_indicators, *change.new_indicators)}
    if fresh and pair.item.indicators and side == ("new" if pair.new is not None else "old"):
        mark: Mark = side if changes else ""
        return [_indicator_line(each, mark, view, indent) for each in pair.item.indicators]
    for each in pair.indicators:
        wanted = view.wanted(each.changes)
        one = each.new if side == "new" else (each.old[0] if each.old else None)
        listed = each.indicator.id in ids
        if not (wanted or listed or view.whole) or fresh:
            continue
        if one is None:
            word = view.profile.table.added_word if side == "old" else view.profile.table.removed_word
            lines.append(_kpi((Run(word),), each.indicator, view, indent))
        elif listed:
            lines.append(_indicator_line(one, side, view, indent))
        else:
            lines.append(_changed_line(each, one, side, view, indent))
    return lines


def _kpi(words: tuple[Run, ...], indicator: Indicator, view: View, indent: int) -> Line:
    return Line(words, label=role_label(indicator, view.profile), kind="kpi", indent=indent + 1)


def _indicator_line(indicator: Indicator, mark: Mark, view: View, indent: int) -> Line:
    text = "　".join(filter(None, (indicator.name or UNREGISTERED, figures(indicator, view.profile))))
    return _kpi((Run(text, mark),), indicator, view, indent)


def _changed_line(pair: IndicatorPair, one: Indicator, side: Mark, view: View, indent: int) -> Line:
    """Set an indicator that lives on, marking just what changed of it."""
    old, new = pair.old[0] if pair.old else one, pair.new or one
    other = new if side == "old" else old
    name = runs(_side(pieces(old.name, new.name, strict=view.strict), side), side) or (Run(one.name or UNREGISTERED),)
    base, aim, year = said = _figures(one, view)
    if not base and not aim:
        return _kpi(name, one, view, indent)
    marks: list[Mark] = [
        side if mine != theirs else "" for mine, theirs in zip(said, _figures(other, view), strict=True)
    ]
    found = (*name, Run("　"), Run(base or "－", marks[0]), Run(" → "), Run(aim or "－", marks[1]))
    return _kpi((*found, Run(year, marks[2])) if year else found, one, view, indent)


def _figures(indicator: Indicator, view: View) -> tuple[str, str, str]:
    base, aim = (value_words(value, indicator.unit) for value in (indicator.baseline, indicator.target))
    return base, aim, target_year(indicator, view.profile)
