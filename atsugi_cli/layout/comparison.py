"""Comparison: the 新旧対照表, row by row.

A row is a list of lines side by side: each line of the old edition stands beside its counterpart, or beside nothing.
What is unchanged is collapsed by number (① / ①及び② / ①～③ and the omission word) on both sides or on neither; what
is new stands opposite （新設）, what is gone opposite （削る）, and what stands elsewhere now is in full at both
places, each opposite the name of the other.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, groupby

from atsugi_cli.document import ARROW, BLANK, Block, Cell, Column, Document, Line, Paragraph, Role, Row, Run, Table
from atsugi_cli.kinds import Change
from atsugi_cli.layout.indicators import Beside, Side
from atsugi_cli.layout.joint import Node, Reference, Transfers, joined
from atsugi_cli.layout.labels import (
    column_headings,
    counts,
    flags,
    heading,
    kind_label,
    level_of,
    printed_number,
    ranged,
    said,
    stamp,
    step_words,
    tree_part,
)
from atsugi_cli.layout.lines import Liner, View
from atsugi_cli.layout.parts import parted, role_of
from atsugi_cli.layout.places import Sides
from atsugi_cli.levels import COLUMNS, Profile
from atsugi_cli.match.links import SURE
from atsugi_cli.model import Indicator, Item
from atsugi_cli.revision import IndicatorPair, Revision
from atsugi_cli.words import indicator_name
from atsugi_cli.words import some as first_names

NAMED = 2
"""As many items without a counterpart are named below the table."""

Path = tuple[Node, ...]


def comparison(
    revision: Revision,
    profile: Profile,
    *,
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
    sides = Sides.of(revision, profile)
    profile = sides.new.profile
    view = View(profile, sides.old.profile, whole, frozenset(only), strict, unfolds, handout)
    old, new = column_headings(revision, profile)
    style = profile.table
    columns = [Column(old, 41, code="old"), Column(new, 41, code="new")]
    if style.is_reversed:
        columns.reverse()
    columns += [_column(code, profile) for code in style.beside]
    rows = tuple(_Writer(revision, view, sides).rows())
    above = tuple(_plan_lines(revision, view, sides))
    if not rows:
        above = (*above, Paragraph((Run("変更の内容は上記のとおり" if above else "変更はありません。"),)))
    table = (Table("comparison", tuple(columns), rows, leading=style.leading),) if rows else ()
    blocks: tuple[Block, ...] = (*above, *table, *(() if handout else _remarks(revision)))
    return Document(
        code="comparison",
        title=f"{revision.new.plan.title}　新旧対照表",
        blocks=blocks,
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
        legend=style.legend if rows else "",
    )


def _plan_lines(revision: Revision, view: View, sides: Sides) -> Iterator[Paragraph]:
    """Say above the table what changed in the plan itself, and what changed alike in many places."""
    if not view.only:
        yield from (Paragraph((Run(words),), bullet="・") for words in sides.renamed_levels())
    for change in view.wanted(revision.root.changes):
        if change.about_indicators and not change.kind.says_of_many:
            continue  # a row of the table
        before, after = said(change, view.profile)
        if change.kind.says_of_many:
            after += f"（{len(change.new) or len(change.old)}件）"
        shown = flags([change], view.profile, handout=view.handout)
        yield Paragraph((Run(before), Run(ARROW), Run(after)), bullet="・", flags=shown)


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


class _Writer:
    """Writes the rows of one table."""

    def __init__(self, revision: Revision, view: View, sides: Sides) -> None:
        self.revision = revision
        self.view = view
        self.root = joined(revision)
        self.sides = sides
        nodes = [*self.root.walk()]
        self.transfers = Transfers.of(revision, nodes)
        self.liner = Liner(view, sides, self.transfers, _parts(nodes))
        self.changes: dict[int, tuple[Change, ...]] = {}
        self.touched: set[int] = set()
        self.shifted: dict[int, int] = {}
        self.swapped = {id(node) for parent in nodes if parent.children for node in _swapped(parent.children)}
        for node in reversed(nodes):  # what is below comes first
            self._look(node)
        self.told: set[int] = set()
        for node in nodes:
            if node.children:
                self._take_in(node)
                self._tell(node)

    @cached_property
    def unfolding(self) -> "_Writer":
        """Return a writer of the same table that shows everything."""
        found = copy(self)
        found.view = replace(self.view, whole=True, unfolds=False)
        found.liner = replace(self.liner, view=found.view, bodies={})
        return found

    def _look(self, node: Node) -> None:
        """Note what of a node is wanted, and whether it is shown or collapsed with its neighbours."""
        every: Iterable[Change] = node.pair.own_changes
        if node.departed:
            leaving = () if node.came_along else node.pair.changes
            every = (each for each in leaving if each.kind.relocates or each.kind.joins)
        changes = self.changes[id(node)] = self.view.wanted(every)
        below = any(id(child) in self.touched or id(child) in self.shifted for child in node.children)
        if self.transfers.leaving and not below:
            leaving_indicators = (pair for old in node.olds for pair, _ in self.transfers.leaving.get(old.id, ()))
            below = any(self.view.wanted(pair.changes) for pair in leaving_indicators)
        if changes and not below and node.shared and all(each.kind.renumbers for each in changes):
            old, new = node.olds[0].number, node.item.number
            if isinstance(old, int) and isinstance(new, int) and id(node) not in self.swapped:
                self.shifted[id(node)] = new - old
                return
        if changes or below or (node.target is not None and not self.view.only):
            self.touched.add(id(node))

    def _take_in(self, node: Node) -> None:
        """Let the sections inside one that came or went be shown with it: they are part of it and no own change."""
        for child in node.children if node.item.level == "section" else ():
            if child.pair.one_sided and node.pair.one_sided and not self.changes[id(child)] and self.changes[id(node)]:
                self.changes[id(child)] = self.changes[id(node)]
                self.touched.add(id(child))

    def _tell(self, node: Node) -> None:
        """Note the changes whose reason is said above: what came or went with its parent, for the same reason."""
        if not node.pair.one_sided:
            return
        said = {(each.kind, each.reason) for each in self.changes[id(node)] if each.reason}
        below = (each for child in node.children if child.pair.one_sided for each in self.changes[id(child)])
        self.told.update(id(each) for each in below if (each.kind, each.reason) in said)

    def _shows(self, node: Node) -> bool:
        return self.view.whole or id(node) in self.touched

    # --- the order of the paper ---------------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """Write prose, what lies across the tree, the tree, closing prose."""
        parts = parted(self.root.children, self.view.profile, lambda node: node.item)
        yield from self._plan_rows()
        yield from self._sections(parts.front)
        for level, nodes in parts.layers:
            yield from self._part((level_of(nodes[0].item, self.view.old_profile).label, level.label), nodes)
        yield from self._part([tree_part((each.strategy,), each.profile) for each in self.sides.both], parts.tree)
        yield from self._sections(parts.back)

    def _plan_rows(self) -> Iterator[Row]:
        """Write the indicators of the plan as a whole."""
        root = self.root.pair
        changes = self.view.wanted(each for each in root.own_changes if each.about_indicators)
        rows = [
            row
            for pair, lines in self.liner.indicators(self.root, changes, -1)
            for row in [self._row("plain", lines, changes=_about(pair, changes), node=self.root, key=pair.indicator.id)]
        ]
        if rows:
            label = f"計画全体の{self.view.profile.label('target', '数値目標')}"
            line = Line((Run(f"【{label}】"),), kind="heading")
            yield self._row("part", [(line, line)], label=label)
            yield from rows

    def _part(self, labels: Sequence[str], nodes: Sequence[Node]) -> Iterator[Row]:
        """Write a part of the plan under its heading on each side that has it, where anything of it is shown."""
        rows = list(self._siblings(nodes, (), 0))
        if any(row.changed for row in rows) or (self.view.whole and rows):
            old, new = (Line((Run(f"【{label}】"),), kind="heading") for label in labels)
            stood, stands = any(node.olds for node in nodes), any(node.new for node in nodes)
            beside = (old if stood else None, new if stands else None)
            yield self._row("part", [beside], label=labels[1] if stands else labels[0])
            yield from rows

    def _sections(self, nodes: Sequence[Node]) -> Iterator[Row]:
        """Write prose: a part of its own for every section that changed; only numbers that moved are collapsed."""
        for (state, *_), group in groupby(nodes, self._state):
            if state == "shifted":
                yield from self._collapsed([*group], (), 0)
            elif state == "shown":
                for node in group:
                    yield from self._section(node)

    def _section(self, node: Node) -> Iterator[Row]:
        """Write a section: its heading as the head of a part, its text as a row below."""
        changes = self.changes[id(node)]
        head, *body = self.liner.lines(node, changes, 0)
        label = heading(node.item, self.view.speaker("new" if node.new else "old"))
        told = any(line and line.kind != "omitted" for beside in body for line in beside)
        yield from self._written(node, "part", [head], () if told else changes, (), label=label)
        if body:
            yield from self._written(node, "text", body, changes if told else (), ())
        yield from self._siblings(node.children, (node,), 1)

    def _siblings(self, nodes: Sequence[Node], path: Path, indent: int) -> Iterator[Row]:
        """Write siblings: what is touched in full, runs of the untouched and of the only renumbered collapsed."""
        for (state, *_), group in groupby(nodes, self._state):
            if state in ("quiet", "shifted"):
                yield from self._collapsed([*group], path, indent)
            else:
                for node in group:
                    yield from self.full(node, path, indent)

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
        hidden: tuple[Row, ...] = ()
        if self.view.unfolds:
            hidden = tuple(row for node in run for row in self.unfolding.full(node, path, indent))
        yield self._row(
            self._role(first, path),
            [
                (
                    self._range("old", [old for node in run for old in node.olds[:1]], indent, marked=bool(shift)),
                    self._range("new", [node.item for node in run], indent, marked=bool(shift)),
                )
            ],
            changes=self.changes[id(first)] if shift else (),
            key=_key(path, first.item),
            hidden=hidden,
        )

    def _range(self, side: Side, items: Sequence[Item], indent: int, *, marked: bool) -> Line:
        """Name what is collapsed on one side by its numbers."""
        level = level_of(items[0], self.view.speaker(side)) if items else None
        label = ranged(level, [item.number for item in items]) if level else ""
        omission = (Run(self.view.profile.table.omission),)
        return Line(omission, label=label, kind="omitted", indent=indent, label_mark=side if marked else "")

    def full(self, node: Node, path: Path, indent: int) -> Iterator[Row]:
        """Write one node in full, and what is below it."""
        changes = self.changes[id(node)]
        lines = self.liner.lines(node, changes, indent)
        indicators = self.liner.indicators(node, changes, indent)
        yield from self._written(node, self._role(node, path), lines, changes, path, indicators)
        yield from self._siblings(node.children, (*path, node), indent + 1)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _role(self, node: Node, path: Path) -> Role:
        return role_of(node.item, self.view.profile, len(path))

    def _written(
        self,
        node: Node,
        role: Role,
        lines: list[Beside],
        changes: Sequence[Change],
        path: Path,
        indicators: Sequence[tuple[IndicatorPair, list[Beside]]] = (),
        *,
        label: str = "",
    ) -> Iterator[Row]:
        """Write the lines of a node as one row, or each indicator as its own where they have reasons of their own."""
        key = _key(path, node.item) + ("#old" if node.departed else "")
        groups = [(key, [*lines, *(beside for _, some in indicators for beside in some)], changes)]
        own = {id(pair): self.view.wanted(pair.changes) for pair, _ in indicators}
        if any(own.values()) and len({change.reason for change in changes}) > 1:
            own = {id(pair): tuple(_about(pair, changes)) for pair, _ in indicators}  # in the order of the edition
            apart = [(pair, some) for pair, some in indicators if own[id(pair)]]
            rest = [beside for pair, some in indicators if not own[id(pair)] for beside in some]
            told = {id(each) for mine in own.values() for each in mine}
            kept = [each for each in changes if id(each) not in told]
            groups = [(key, [*lines, *rest], kept)]
            groups += [(f"{key}/{pair.indicator.id}", some, own[id(pair)]) for pair, some in apart]
        speaker = self.view.speaker("new" if node.new else "old")
        label = label or level_of(node.item, speaker).label
        number = printed_number(node.item, speaker)
        for name, beside, some in groups:
            yield self._row(role, beside, changes=some, node=node, key=name, label=label, number=number)

    def _row(
        self,
        role: Role,
        lines: Sequence[Beside],
        *,
        changes: Sequence[Change] = (),
        node: Node | None = None,
        key: str = "",
        hidden: tuple[Row, ...] = (),
        label: str = "",
        number: str = "",
    ) -> Row:
        """Write one row: both sides line by line, and what the third column says of its changes."""
        departed = node is not None and node.departed
        cells = [Cell(tuple(pair[side] or BLANK for pair in lines)) for side in (0, 1)]
        style = self.view.profile.table
        if style.is_reversed:
            cells.reverse()
        cells += [Cell(tuple(self._beside(code, changes, node))) for code in style.beside]
        return Row(
            role,
            tuple(cells),
            flags(changes, self.view.profile, handout=self.view.handout),
            key,
            "、".join(self._notes(changes, node)),
            hidden,
            changed=bool(changes) or departed,
            label=label,
            number=number,
            reason="" if departed else "\n".join(dict.fromkeys(filter(None, (each.reason for each in changes)))),
            stands=_standing(node),
            refers=tuple(each.id for reference in _references(node) for each in reference.items),
        )

    def _beside(self, code: str, changes: Sequence[Change], node: Node | None) -> Iterator[Line]:
        """Fill a column beside both editions: where and of whom a thing is, or what kind the changes are and why."""
        match code:
            case "page" | "item" | "owner":
                words = self._whereabouts(code, node) if changes and node and node is not self.root else ""
                if words:
                    yield Line((Run(words),), kind="value")
            case _:
                yield from self._said(code, changes, node)

    def _whereabouts(self, code: str, node: Node) -> str:
        """Say on which page something is, what it is called, and whose it is, as its own edition has it."""
        if code == "item":
            return (self.sides.new if node.new else self.sides.old).of(node.item)
        return "、".join(node.item.owners) if code == "owner" else str(node.item.page or "")

    def _said(self, third: str, changes: Sequence[Change], node: Node | None) -> Iterator[Line]:
        """Say of what kind the changes are, and why; changes with one reason are said together."""
        groups: dict[str, list[Change]] = {}
        unsaid = third == "reason" and {"flags", "both"}.isdisjoint(self.view.profile.table.beside)
        for change in changes:
            groups.setdefault("" if id(change) in self.told else change.reason, []).append(change)
        for reason, group in groups.items():
            if third != "reason":
                yield Line(kind="flag", flags=flags(group, self.view.profile, handout=self.view.handout))
            noted = [each for each in group if each.kind.joins] if unsaid else group if third != "reason" else []
            yield from (Line((Run(word),), kind="note") for word in self._notes(noted, node))
            if reason and third != "flags" and not (node and node.departed):  # the new place says the rest
                yield Line((Run(reason),), kind="note")

    def _notes(self, changes: Sequence[Change], node: Node | None) -> list[str]:
        """Say what the two columns cannot show."""
        if node is None or node.departed:
            return []
        notes = [note for change in changes if (note := self._note(change))]
        pair = node.pair
        if pair.decided == "inferred" and pair.confidence < SURE and pair.old and pair.new and not self.view.handout:
            notes.append(f"対応は推定（確度{pair.confidence:.2f}）")
        return [*dict.fromkeys(notes)]

    def _note(self, change: Change) -> str:
        """Fill in what a kind says in the remarks; nothing where it compares values whose words do not differ."""
        kind = change.kind
        compares = "{before}" in kind.remark and change.before == change.after
        if not kind.remark or compares or (kind.unsure and (self.view.handout or not change.proposed)):
            return ""
        olds = [each for each in change.old if isinstance(each, Item)]
        news = (each for each in (change.new if "{news}" in kind.remark else ()) if isinstance(each, Item))
        before, after = said(change, self.view.profile)
        whose = f"「{indicator_name(change.indicator)}」の" if change.indicator else ""
        label = whose + kind_label(kind, self.view.profile)
        remark = kind.remark
        if ": " in before and remark.startswith("{label}: "):  # which says itself what differs: 並び順: 甲、乙
            remark = whose + remark.removeprefix("{label}: ")
        words = {"label": label, "before": before, "after": after, "count": str(len(change.old))}
        words |= {"olds": self.sides.old.together(olds), "news": self.sides.new.together(news)}
        if change.indicator:
            sides = ((each for each in side if isinstance(each, Indicator)) for side in (change.old, change.new))
            named = [first_names(f"「{indicator_name(each)}」" for each in side) for side in sides]
            words |= {"olds": named[0], "news": named[1]}
        if kind.relocates:
            words |= self.sides.relocated(olds[0], next(each for each in change.new if isinstance(each, Item)))
        return remark.format_map(words)


def _column(code: str, profile: Profile) -> Column:
    """Head a column beside both editions."""
    if code == "owner":
        return Column(profile.label("owner", COLUMNS[code]), 10, code=code)
    title = COLUMNS[code] if profile.table.columns else profile.table.third_heading
    return Column(title, {"page": 5, "item": 12, "flags": 12}.get(code, 18), code=code)


def _about(pair: IndicatorPair, changes: Sequence[Change]) -> list[Change]:
    """Return the changes that are about an indicator of the plan: its own, and that it came or went."""
    listed = [
        each
        for each in changes
        if any(one.id == pair.indicator.id for one in (*each.old_indicators, *each.new_indicators))
    ]
    wanted = {id(each) for each in changes}
    return [*listed, *(each for each in pair.changes if id(each) in wanted)]


def _parts(nodes: Iterable[Node]) -> dict[str, list[Item]]:
    """Return what each old item that was split became; a part that was merged with others is not among them."""
    found: dict[str, list[Item]] = {}
    for node in nodes:
        if node.new is not None and len(node.pair.old) == 1:
            found.setdefault(node.pair.old[0].id, []).append(node.new)
    return {name: parts for name, parts in found.items() if len(parts) > 1}


def _swapped(siblings: Sequence[Node]) -> Iterator[Node]:
    """Give what stands before a sibling of its level now that it stood behind, or the other way round.

    Numbers alone do not tell which is which.
    """
    levels: dict[str, list[tuple[int, Node]]] = {}
    for node in siblings:
        if node.shared and isinstance(number := node.olds[0].number, int):
            levels.setdefault(node.item.level, []).append((number, node))
    for every in levels.values():
        numbers = [number for number, _ in every]
        before, behind = [*accumulate(numbers, max)], [*accumulate(reversed(numbers), min)][::-1]
        yield from (
            node
            for (number, node), most, least in zip(every, before, behind, strict=True)
            if most > number or least < number
        )


def _standing(node: Node | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if node is None:
        return (), ()
    return tuple(old.id for old in node.olds), (node.new.id,) if node.new else ()


def _references(node: Node | None) -> Iterator[Reference]:
    return filter(None, (node.source, node.target)) if node else iter(())


def _key(path: Path, item: Item) -> str:
    return "/".join([*(each.item.id for each in path), item.id])
