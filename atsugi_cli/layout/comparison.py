"""Comparison: the 新旧対照表, row by row.

A row is a list of lines side by side: each line of the old edition stands beside its counterpart, or beside nothing. What
is unchanged is collapsed by number (① / ①及び② / ①～③ and the omission word) on both sides or on neither; what is new
stands opposite （新設）, what is gone opposite （削る）, and what stands elsewhere now is in full at both places, each
opposite the name of the other.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from atsugi_cli.document import Block, Cell, Column, Document, Line, Mark, Paragraph, Role, Row, Run, Table
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.indicators import changed_line, indicator_line, role_label
from atsugi_cli.layout.joint import Node, Reference, joined
from atsugi_cli.layout.labels import (
    column_headings,
    counts,
    edition_words,
    flags,
    heading,
    level_of,
    printed_number,
    ranged,
    said,
    stamp,
    tree_part,
)
from atsugi_cli.layout.paragraphs import merged, paragraphs, runs, side_by_side
from atsugi_cli.layout.places import Places
from atsugi_cli.levels import Profile
from atsugi_cli.model import UNREGISTERED, Item
from atsugi_cli.prose import Segment, pieces
from atsugi_cli.revision import Change, IndicatorPair, Revision

DEPARTS = frozenset({"moved", "level-changed", "merged", "split"})
KINDS_WITH_OWN_LINE = frozenset({"owner-changed", "tags-changed", "other", "target-year-changed"})
SURE = 0.9
"""From this confidence on inferred links were right in 99.9 % of the cases measured: only the flags say 推定."""

ROLES: dict[str, Role] = {
    "section": "text",
    "viewpoint": "viewpoint",
    "goal": "goal",
    "policy": "policy",
    "initiative": "initiative",
    "project": "project",
}
TREE_ROLES: tuple[Role, ...] = ("goal", "policy", "initiative", "project")

Lines = list[tuple[Line | None, Line | None]]
"""Lines side by side, old and new."""
Path = tuple[Node, ...]


@frozen
class View:
    """How the table is wanted.

    `profile` speaks for the new edition and `old_profile` for the old one. `whole` shows the unchanged too, `only`
    restricts the rows to some kinds, `strict` marks every changed character, `unfolds` keeps the rows that the omission
    word stands for, and `handout` leaves out what is for the office alone.
    """

    profile: Profile
    old_profile: Profile
    whole: bool = False
    only: frozenset[str] = frozenset()
    strict: bool = False
    unfolds: bool = True
    handout: bool = False

    def wanted(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Leave out the changes whose kind is not asked for."""
        return tuple(each for each in changes if not self.only or each.kind.code in self.only)

    def speaker(self, side: Mark) -> Profile:
        """Return the words of one side."""
        return self.old_profile if side == "old" else self.profile


def comparison(
    revision: Revision,
    profile: Profile,
    *,
    old_profile: Profile | None = None,
    whole: bool = False,
    only: Collection[str] = (),
    strict: bool = False,
    unfolds: bool = True,
    handout: bool = False,
) -> Document:
    """Lay out a revision as the 新旧対照表.

    `whole` shows the unchanged too, `only` restricts the rows to some kinds (codes; counts stay whole), `strict` marks
    every changed character (the marks of 見え消し). Without `unfolds` the rows that （略） stands for are left out, for
    printers that cannot unfold it: most rows of a large plan. A `handout` says nothing that is for the office alone.
    """
    view = View(profile, old_profile or profile, whole, frozenset(only), strict, unfolds, handout)
    old, new = column_headings(revision, profile)
    style = profile.table
    columns = [Column(old, 41, code="old"), Column(new, 41, code="new")]
    if style.order == "new-old":
        columns.reverse()
    if style.third != "none":
        columns.append(Column(style.third_heading, 18, code=style.third))
    rows = tuple(_Writer(revision, view).rows())
    above = tuple(_plan_lines(revision, view))
    if not above and not rows:
        above = (Paragraph((Run("変更はありません。"),)),)
    table = (Table("comparison", tuple(columns), rows),) if rows else ()
    blocks: tuple[Block, ...] = (*above, *table, *(() if handout else _remarks(revision)))
    return Document(
        code="comparison",
        title=f"{revision.new.plan.title}　新旧対照表",
        blocks=blocks,
        stamp=stamp(revision.old, revision.new, style=profile.era),
        subtitle=f"{edition_words(revision.old, profile.era)} → {edition_words(revision.new, profile.era)}",
        counts=counts(revision, profile),
        legend=style.legend,
    )


def _plan_lines(revision: Revision, view: View) -> Iterator[Paragraph]:
    """Say above the table what changed in the plan itself, and what changed alike in many places."""
    for change in view.wanted(revision.root.changes):
        text = " → ".join(said(change, view.profile))
        if change.kind.code in ("owner-changed", "target-year-changed"):
            text += f"（{len(change.new) or len(change.old)}件）"
        elif change.kind.code in ("kpi-added", "kpi-removed"):
            names = (*change.old_indicators, *change.new_indicators)
            text = "、".join(each.name or UNREGISTERED for each in names)
        yield Paragraph((Run(text),), bullet="・", flags=flags([change], view.profile))
    for pair in revision.root.indicators:
        for change in view.wanted(pair.changes):
            sides = (pair.new, *pair.old) if pair.new else pair.old
            name = next((each.name for each in sides if each.name), UNREGISTERED)
            text = f"{name}　{' → '.join(said(change, view.profile))}"
            yield Paragraph((Run(text),), bullet="・", flags=flags([change], view.profile))


def _remarks(revision: Revision) -> Iterator[Paragraph]:
    """Say below the table what is inferred and what nobody explained."""
    inferred = sum(1 for link in revision.links if link.decided == "inferred")
    if inferred:
        yield Paragraph(
            (Run(f"対応関係のうち{inferred}件は推定です（strategy diff --suggest で確認できます）。"),), bullet="※"
        )
    unexplained = [each for each in revision.open if each.side == "old"]
    if unexplained:
        names = "、".join(f"「{each.title}」" for each in unexplained[:2])
        more = f"ほか{len(unexplained) - 2}件" if len(unexplained) > 2 else ""
        yield Paragraph((Run(f"対応先なし（要確認）: {names}{more}"),), bullet="※")


class _Writer:
    """Writes the rows of one table."""

    def __init__(self, revision: Revision, view: View, base: "_Writer | None" = None) -> None:
        self.revision = revision
        self.view = view
        if base is not None:  # the same places, shown in full
            self.root, self.old_places, self.new_places = base.root, base.old_places, base.new_places
            self.changes, self.touched, self.shifted = base.changes, base.touched, base.shifted
            return
        self.root = joined(revision)
        self.old_places = Places(revision.old, view.old_profile)
        self.new_places = Places(revision.new, view.profile)
        self.changes: dict[int, tuple[Change, ...]] = {}
        self.touched: set[int] = set()
        self.shifted: dict[int, int] = {}
        for node in reversed([*self.root.walk()]):  # what is below comes first
            self._look(node)

    def _look(self, node: Node) -> None:
        """Note what of a node is wanted, and whether it is shown or collapsed with its neighbours."""
        every = node.pair.changes if node.departed else tuple(node.pair.own_changes)
        if node.departed:
            every = () if node.came_along else tuple(each for each in every if each.kind.code in DEPARTS)
        changes = self.view.wanted(every)
        self.changes[id(node)] = changes
        below = any(id(child) in self.touched or id(child) in self.shifted for child in node.children)
        if changes and not below and node.shared and {each.kind.code for each in changes} == {"renumbered"}:
            old, new = node.olds[0].number, node.item.number
            if isinstance(old, int) and isinstance(new, int):
                self.shifted[id(node)] = new - old
                return
        if changes or below:
            self.touched.add(id(node))

    def _shows(self, node: Node) -> bool:
        return self.view.whole or id(node) in self.touched

    # --- the order of the paper ---------------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """Write prose, what lies across the tree, the tree, closing prose."""
        profile = self.view.profile
        sections = [node for node in self.root.children if node.pair.level == "section"]
        back = [node for node in sections if any(word in node.item.title for word in profile.table.closing)]
        cross = {level.code: level for level in profile.cross}
        yield from self._sections([node for node in sections if node not in back])
        for code, level in cross.items():
            layer = [node for node in self.root.children if node.pair.level == code]
            yield from self._part(level.label, layer)
        tree = [node for node in self.root.children if node.pair.level not in {"section", *cross}]
        yield from self._part(tree_part((self.revision.old, self.revision.new), profile), tree)
        yield from self._sections(back)

    def _part(self, label: str, nodes: Sequence[Node]) -> Iterator[Row]:
        """Write a part of the plan under its heading, where anything of it is shown."""
        rows = list(self._siblings(nodes, (), 0))
        if any(row.changed for row in rows) or (self.view.whole and rows):
            line = Line((Run(f"【{label}】"),), kind="heading")
            yield self._row("part", [(line, line)], label=label)
            yield from rows

    def _sections(self, nodes: Sequence[Node]) -> Iterator[Row]:
        """Write prose: a part of its own for every section that changed; the others are not mentioned."""
        for node in nodes:
            if self._shows(node):
                yield from self._section(node)

    def _section(self, node: Node) -> Iterator[Row]:
        changes = self.changes[id(node)]
        lines = self._lines(node, changes, (), 0)
        head = [pair for pair in lines if any(line and line.kind in ("heading", "absent") for line in pair)][:1]
        body = lines[len(head) :]
        label = heading(node.item, self.view.speaker("new" if node.new else "old"))
        yield from self._written(node, "part", head, () if body else changes, (), label=label)
        if body:
            yield from self._written(node, "text", body, changes, ())
        yield from self._siblings(node.children, (node,), 1)

    def _siblings(self, nodes: Sequence[Node], path: Path, indent: int) -> Iterator[Row]:
        """Write siblings: what is touched in full, runs of the untouched and of the only renumbered collapsed."""
        for (state, *_), group in groupby(nodes, self._state):
            if state in ("quiet", "shifted"):
                yield from self._collapsed([*group], path, indent)
            else:
                for node in group:
                    yield from self._full(node, path, indent)

    def _state(self, node: Node) -> tuple[str | int, ...]:
        """Tell which siblings are collapsed together."""
        if self._shows(node) or node.came_along:
            return ("shown",)
        if id(node) in self.shifted:
            return "shifted", node.pair.level, self.shifted[id(node)]
        return "quiet", node.pair.level

    def _collapsed(self, run: Sequence[Node], path: Path, indent: int) -> Iterator[Row]:
        """Collapse siblings into one row: ①～③（略）; where only their numbers moved, each side has its own."""
        run = [node for node in run if node.new is not None]  # what left is shown where it is asked for
        if not run:
            return
        first = run[0]
        shift = self.shifted.get(id(first), 0)
        labels = []
        for side, items in (
            ("old", [node.olds[0] for node in run if node.olds]),
            ("new", [node.new for node in run if node.new]),
        ):
            level = level_of(items[0], self.view.speaker(side)) if items else None
            labels.append(ranged(level, [item.number for item in items]) if level else "")
        word = (Run(self.view.profile.table.omission),)
        pair = tuple(
            Line(word, label=label, kind="omitted", indent=indent, label_mark=side if shift else "")
            for label, side in zip(labels, ("old", "new"), strict=True)
        )
        hidden: tuple[Row, ...] = ()
        if self.view.unfolds:
            unfolded = _Writer(self.revision, replace(self.view, whole=True, unfolds=False), self)
            hidden = tuple(row for node in run for row in unfolded._full(node, path, indent))
        changes = self.changes[id(first)] if shift else ()
        yield self._row(
            self._role(first, path), [pair], changes=changes, key=_key(path, first.item), hidden=hidden
        )

    def _full(self, node: Node, path: Path, indent: int) -> Iterator[Row]:
        """Write one node in full, and what is below it."""
        changes = self.changes[id(node)]
        lines = self._lines(node, changes, path, indent)
        if lines:
            yield from self._written(node, self._role(node, path), lines, changes, path)
        yield from self._siblings(node.children, (*path, node), indent + 1)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _role(self, node: Node, path: Path) -> Role:
        """Choose how a row is set: by its level's name, and for another city's levels by depth."""
        level = node.item.level
        if level in ROLES:
            return ROLES[level]
        if any(each.code == level for each in self.view.profile.cross):
            return "viewpoint"
        return TREE_ROLES[min(len(path), len(TREE_ROLES) - 1)]

    def _written(
        self, node: Node, role: Role, lines: Lines, changes: Sequence[Change], path: Path, *, label: str = ""
    ) -> Iterator[Row]:
        """Write the lines of a node as one row, or each indicator as its own where they have reasons of their own."""
        key = _key(path, node.item) + ("#old" if node.departed else "")
        speaker = self.view.speaker("new" if node.new else "old")
        words = {
            "label": label or level_of(node.item, speaker).label,
            "number": printed_number(node.item, speaker),
            "key": key,
        }
        own = [change for pair in node.pair.indicators for change in pair.changes if change in changes]
        if len({change.reason for change in changes}) < 2 or not own or not node.shared:  # noqa: PLR2004
            yield self._row(role, lines, changes=changes, node=node, **words)
            return
        parts = {id(pair): self._indicator_pair(node, pair, changes, 0) for pair in node.pair.indicators}
        apart = [
            (pair, wanted)
            for pair in node.pair.indicators
            if (wanted := self.view.wanted(pair.changes)) and parts[id(pair)]
        ]
        kept = len(lines) - len(apart)
        yield self._row(role, lines[:kept], changes=[each for each in changes if each not in own], node=node, **words)
        for (pair, wanted), line in zip(apart, lines[kept:], strict=True):
            yield self._row(role, [line], changes=wanted, node=node, **{**words, "key": f"{key}/{(pair.new or pair.old[0]).id}"})

    def _row(
        self,
        role: Role,
        lines: Lines,
        *,
        changes: Sequence[Change] = (),
        node: Node | None = None,
        key: str = "",
        hidden: tuple[Row, ...] = (),
        label: str = "",
        number: str = "",
    ) -> Row:
        """Write one row: both sides line by line, and what the third column says of its changes."""
        blank = Line(kind="blank")
        cells = [Cell(tuple(pair[side] or blank for pair in lines)) for side in (0, 1)]
        style = self.view.profile.table
        if style.order == "new-old":
            cells.reverse()
        if style.third != "none":
            cells.append(Cell(tuple(self._third(changes, node))))
        notes = dict.fromkeys(word for change in changes for word in self._said_of(change, node))
        return Row(
            role,
            tuple(cells),
            flags(changes, self.view.profile),
            key,
            "、".join(notes),
            hidden,
            changed=bool(changes) or (node is not None and node.departed),
            label=label,
            number=number,
        )

    def _third(self, changes: Sequence[Change], node: Node | None) -> Iterator[Line]:
        """Say of what kind the changes are, and why; changes with one reason are said together."""
        third = self.view.profile.table.third
        groups: dict[str, list[Change]] = {}
        for change in changes:
            groups.setdefault(change.reason, []).append(change)
        for reason, group in groups.items():
            if third != "reason":
                yield Line(kind="flag", flags=flags(group, self.view.profile))
            if node is not None and node.departed:
                continue  # the new place says the rest
            if third != "reason":
                for word in dict.fromkeys(word for change in group for word in self._said_of(change, node)):
                    yield Line((Run(word),), kind="note")
            if reason and third in ("reason", "both"):
                yield Line((Run(reason),), kind="note")

    def _said_of(self, change: Change, node: Node | None) -> Iterator[str]:
        """Say what the two columns cannot show."""
        code = change.kind.code
        if node is None:
            return
        if code == "merged":
            olds = [each for each in change.old if isinstance(each, Item)]
            if olds:
                yield f"{self.old_places.together(olds)}の{len(olds)}つを統合"
        elif code == "split":
            news = [each for each in change.new if isinstance(each, Item)]
            if news:
                yield f"{self.new_places.together(news)}に分割"
        elif code == "level-changed":
            old, new = node.pair.old[0], node.pair.item
            before, after = level_of(old, self.view.old_profile).label, level_of(new, self.view.profile).label
            depths = [level.code for level in self.view.profile.tree]
            up = old.level in depths and new.level in depths and depths.index(new.level) < depths.index(old.level)
            yield f"「{before}」から「{after}」に{'格上げ' if up else '位置付けを変更'}"
        elif code in KINDS_WITH_OWN_LINE:
            if change.before or change.after:
                yield f"{change.kind.label}: {' → '.join(said(change, self.view.profile))}"
        elif code in ("role-changed", "aggregation-changed"):
            yield " → ".join(said(change, self.view.profile))
        elif change.proposed and not change.new and not self.view.handout:
            yield "対応先なし（要確認）"
        if not self.view.handout and node.pair.decided == "inferred" and node.pair.confidence < SURE and node.pair.old and node.pair.new:
            yield f"対応は推定（確度{node.pair.confidence:.2f}）"

    # --- lines --------------------------------------------------------------------------------------------------------

    def _lines(self, node: Node, changes: Sequence[Change], path: Path, indent: int) -> Lines:
        """Write what stands at a node on both sides, line beside line."""
        if node.shared:
            old, new = node.olds[0], node.item
            titles = self._titles(node, changes, indent)
            return [*titles, *self._bodies(node, old, new, changes, indent), *self._indicators(node, changes, indent)]
        left = [line for old in node.olds for line in self._half(node, old, "old", changes, indent)]
        right = self._half(node, node.new, "new", changes, indent) if node.new else []
        if not node.olds and (word := self._opposite(node, node.source, changes)):
            left = [Line((Run(word),), kind="absent", indent=indent)]
        if not node.new and (word := self._opposite(node, node.target, changes)):
            right = [Line((Run(word),), kind="absent", indent=indent)]
        lines: Lines = [*zip_longest(left, right)]
        if node.olds and node.new:
            lines += self._indicators(node, changes, indent)
        return lines

    def _opposite(self, node: Node, reference: Reference | None, changes: Sequence[Change]) -> str:
        """Say opposite what stands on one side only where the other side has it, or that it has none."""
        if reference is not None:
            places = self.old_places if node.new else self.new_places
            verb = {"moved": "移動", "merged": "統合", "split": "分割"}[reference.way]
            return f"（{places.together(reference.items)}{'から' if node.new else 'へ'}{verb}）"
        style = self.view.profile.table
        if node.new and any(not change.old for change in node.pair.changes):
            return style.added_word
        if not node.new and node.pair.new is None and any(not change.new for change in node.pair.changes):
            return style.removed_word
        return ""

    def _titles(self, node: Node, changes: Sequence[Change], indent: int) -> Lines:
        old, new = node.olds[0], node.item
        sides = []
        for item, side in ((old, "old"), (new, "new")):
            segments = self._title(node, item, side, changes)
            if not (old.title and new.title) and not self.view.whole and not segments_marked(segments):
                segments = ()  # what the source gives for one edition only is left out for both
            sides.append(self._headed(node, item, segments, side, indent, changes))
        return [*zip_longest(*sides)]

    def _half(self, node: Node, item: Item, side: Mark, changes: Sequence[Change], indent: int) -> list[Line]:
        """Write one side in full: its title, its text, its indicators."""
        lines = self._headed(node, item, self._title(node, item, side, changes), side, indent, changes)
        depth = indent if item.level == "section" and indent == 0 else indent + 1
        lines += [Line(each, kind="body", indent=depth) for each in self._half_body(node, item, side)]
        if node.olds and node.new:
            return lines
        come_or_gone = not node.pair.old or node.pair.new is None
        for indicator in item.indicators:
            if come_or_gone:
                if indicator.name or not indicator.omitted:
                    lines.append(indicator_line(indicator, side if changes else "", self.view, side, indent))
                continue
            pair = next((each for each in node.pair.indicators if indicator in (each.new, *each.old)), None)
            lines.append(
                changed_line(pair, indicator, side, self.view, indent)
                if pair and pair.old and pair.new
                else indicator_line(indicator, side, self.view, side, indent)
            )
        return lines

    def _half_body(self, node: Node, item: Item, side: Mark) -> list[tuple[Run, ...]]:
        """Mark the text of one side: whole where it came or went, else against its counterpart."""
        olds, new = node.pair.old, node.pair.new
        if not olds or new is None:
            mark: Mark = side if self.changes[id(node)] else ""
            return [(Run(each, mark),) for each in paragraphs(item.body)]
        if len(olds) > 1:
            lefts, right = merged([old.body for old in olds], new.body, strict=self.view.strict)
            return right if side == "new" else lefts[olds.index(item)]
        rows = side_by_side(olds[0].body, new.body, "", whole=True, strict=self.view.strict)
        return [row[0 if side == "old" else 1] or () for row in rows if row[0 if side == "old" else 1]]

    def _title(self, node: Node, item: Item, side: Mark, changes: Sequence[Change]) -> tuple[Segment, ...]:
        """Mark the title of one side: whole where the item is new or gone, by words where it was changed."""
        if not item.title:
            return ()
        for change in changes if node.new else node.pair.changes:
            marks = change.marks
            if marks is not None and change.kind.code in ("renamed", "reworded", "corrected", "merged"):
                segments = marks.old if side == "old" else marks.new
                if "".join(text for text, _ in segments) == item.title:
                    return segments
        pair = node.pair
        if not pair.old or pair.new is None:
            return ((item.title, bool(changes)),)
        other = pair.new if side == "old" else pair.old[0]
        if len(pair.old) > 1:
            return ((item.title, True),)
        if pair.old[0].title == pair.new.title or not other.title or not changes:
            return ((item.title, False),)
        marks = pieces(pair.old[0].title, pair.new.title, strict=self.view.strict)
        return marks.old if side == "old" else marks.new

    def _headed(
        self,
        node: Node,
        item: Item,
        title: tuple[Segment, ...],
        side: Mark,
        indent: int,
        changes: Sequence[Change],
    ) -> list[Line]:
        """Introduce an item: a heading, a heading with the title below it, or its number and title."""
        profile = self.view.speaker(side)
        level = level_of(item, profile)
        number = level.printed(item.number)
        moved = bool(node.source or node.target) or any(each.kind.code == "renumbered" for each in changes)
        fresh = not node.pair.old or node.pair.new is None
        mark: Mark = side if moved else ""
        title_runs = runs(title, side) if title else (Run(profile.table.omission),)
        if item.level == "section" and indent == 0:
            words = (Run(number + "　", mark), *title_runs) if number else title_runs
            return [Line((Run("【"), *words, Run("】")), kind="heading")]
        if "{title}" in level.heading:
            before, _, after = (
                level.heading.replace("{label}", level.label).replace("{number}", number).partition("{title}")
            )
            whole: Mark = side if moved or (fresh and changes) else ""
            return [Line((Run(before, whole), *title_runs, Run(after, whole)), kind="heading", indent=indent)]
        if level.heading:
            words = level.heading.replace("{label}", level.label).replace("{number}", number)
            return [
                Line((Run(words, mark),), kind="heading", indent=indent),
                Line(title_runs, kind="title", indent=indent + 1),
            ]
        return [Line(title_runs, label=number, kind="title", indent=indent, label_mark=mark)]

    def _bodies(self, node: Node, old: Item, new: Item, changes: Sequence[Change], indent: int) -> Lines:
        """Write the text of an item that stands here in both editions."""
        depth = indent if new.level == "section" and indent == 0 else indent + 1
        speaks = any(each.marks is not None and "".join(t for t, _ in each.marks.new) == new.body for each in changes)
        speaks = speaks or (bool(changes) and old.body != new.body and not (old.omitted or new.omitted))
        omission = self.view.profile.table.omission
        if not (speaks or self.view.whole):
            if new.level != "section" or not (old.body or new.body):
                return []
            line = Line((Run(omission),), kind="omitted", indent=depth)
            return [(line, line)]
        rows = side_by_side(old.body, new.body, omission, whole=self.view.whole, strict=self.view.strict)
        return [tuple(self._body_line(each, omission, depth) for each in row) for row in rows]

    def _body_line(self, each: tuple[Run, ...] | None, omission: str, depth: int) -> Line | None:
        if each is None:
            return None
        return Line(each, kind="omitted" if each == (Run(omission),) else "body", indent=depth)

    def _indicators(self, node: Node, changes: Sequence[Change], indent: int) -> Lines:
        """Write the indicators that changed, and with `whole` all of them."""
        return [line for pair in node.pair.indicators for line in self._indicator_pair(node, pair, changes, indent)]

    def _indicator_pair(self, node: Node, pair: IndicatorPair, changes: Sequence[Change], indent: int) -> Lines:
        ids = {each.id for change in changes for each in (*change.old_indicators, *change.new_indicators)}
        listed = (pair.new or pair.old[0]).id in ids
        if not (self.view.wanted(pair.changes) or listed or self.view.whole):
            return []
        lines: list[Line] = []
        style = self.view.profile.table
        for one, side, word in (
            (pair.old[0] if pair.old else None, "old", style.added_word),
            (pair.new, "new", style.removed_word),
        ):
            other = pair.new or pair.old[0]
            if one is None:
                lines.append(Line((Run(word),), label=role_label(other, self.view.profile), kind="kpi", indent=indent + 1))
            elif listed and not one.name and one.omitted:
                change = next(c for c in changes if one in (*c.old_indicators, *c.new_indicators))
                word = flags((change,), self.view.profile)[0].label
                lines.append(Line((Run(word, side),), kind="kpi", indent=indent + 1))
            elif listed:
                lines.append(indicator_line(one, side, self.view, side, indent))
            else:
                lines.append(changed_line(pair, one, side, self.view, indent))
        return [(lines[0], lines[1])]


def segments_marked(segments: Sequence[Segment]) -> bool:
    """Check whether anything is marked."""
    return any(mark for _, mark in segments)


def _key(path: Path, item: Item) -> str:
    return "/".join([*(each.item.id for each in path), item.id])
