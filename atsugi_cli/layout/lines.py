"""Lines: what stands at one place of the 新旧対照表, each line of the old edition beside its counterpart."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from itertools import zip_longest

from atsugi_cli.document import Line, Mark, Run
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import Change
from atsugi_cli.layout.indicators import Beside, Side, changed_lines, indicator_lines
from atsugi_cli.layout.joint import Node, Reference, Transfers
from atsugi_cli.layout.labels import OPENING, flags, introduced, level_of, role_label
from atsugi_cli.layout.paragraphs import Runs, paragraphs, runs, shared_out, side_by_side
from atsugi_cli.layout.places import Sides
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Segment, pieces
from atsugi_cli.model import Indicator, Item
from atsugi_cli.revision import IndicatorPair


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

    def speaker(self, side: Side) -> Profile:
        """Return the words of one side."""
        return self.old_profile if side == "old" else self.profile


@frozen
class Liner:
    """Writes the lines of a node; `changes` are always those of its changes that are wanted."""

    view: View
    sides: Sides
    transfers: Transfers
    parts: Mapping[str, Sequence[Item]]
    """What each old item that was split became, by its id."""
    bodies: dict[int, list[Runs]] = field(default_factory=dict)
    """The marked bodies of what was merged or split, by item: those of a family are marked at once."""

    def lines(self, node: Node, changes: Sequence[Change], indent: int) -> list[Beside]:
        """Write what stands at a node on both sides, line beside line; `indicators` follow."""
        if node.shared:
            return [*self._titles(node, changes, indent), *self._bodies(node, changes, indent)]
        left = [line for old in node.olds for line in self._half(node, old, "old", changes, indent)]
        right = self._half(node, node.new, "new", changes, indent) if node.new else []
        if not node.olds and (word := self._opposite(node, node.source)):
            left = [Line((Run(word),), kind="absent", indent=indent)]
        if not node.new and (word := self._opposite(node, node.target)):
            right = [Line((Run(word),), kind="absent", indent=indent)]
        return [*zip_longest(left, right)]

    def _opposite(self, node: Node, reference: Reference | None) -> str:
        """Say opposite what stands on one side only where the other side has it, or that it has none."""
        if reference is not None:
            return referred(node, reference, self.sides)
        style = self.view.profile.table
        if node.new and any(not change.old for change in node.pair.changes):
            return style.added_word
        if not node.new and node.pair.new is None and any(not change.new for change in node.pair.changes):
            return style.removed_word
        return ""

    # --- title and text -----------------------------------------------------------------------------------------------

    def _titles(self, node: Node, changes: Sequence[Change], indent: int) -> list[Beside]:
        """Introduce an item that stands here in both editions."""
        old, new = node.olds[0], node.item
        titles = [self._title(node, old, "old", changes), self._title(node, new, "new", changes)]
        marked = any(mark for title in titles for _, mark in title)
        if not (old.title and new.title) and not marked and not self.view.whole:
            titles = [(), ()]  # what the source gives for one edition only is left out for both
        left = self._headed(node, old, titles[0], "old", changes, indent)
        return [*zip_longest(left, self._headed(node, new, titles[1], "new", changes, indent))]

    def _title(self, node: Node, item: Item, side: Side, changes: Sequence[Change]) -> tuple[Segment, ...]:
        """Mark the title of one side: whole where the item is new or gone, by words where it was changed."""
        if not item.title:
            return ()
        for change in changes if node.new else node.pair.changes:
            marks = change.marks.get("title")
            if marks is not None and (side == "new" or change.nearest in (None, item)):
                marks = marks.strictly() if self.view.strict or marks.notation_only else marks
                return marks.old if side == "old" else marks.new
        pair = node.pair
        if not pair.old or pair.new is None:
            return ((item.title, bool(changes)),)
        if len(pair.old) > 1:
            return ((item.title, True),)
        unasked = self.view.only or not changes  # what else became of the title is not what is wanted
        if unasked or not pair.new.title or pair.old[0].title in ("", pair.new.title):
            return ((item.title, False),)
        marks = pieces(pair.old[0].title, pair.new.title, strict=self.view.strict)
        return marks.old if side == "old" else marks.new

    def _headed(
        self, node: Node, item: Item, title: Sequence[Segment], side: Side, changes: Sequence[Change], indent: int
    ) -> list[Line]:
        """Introduce an item: a heading, a heading with the title below it, or its number and title."""
        profile = self.view.speaker(side)
        level = level_of(item, profile)
        number = level.printed(item.number)
        moved = bool(node.source or node.target) or any(each.kind.renumbers for each in changes)
        moved = moved or (bool(changes) and node.shared and node.olds[0].number != node.item.number)
        fresh = bool(changes) and (not node.pair.old or node.pair.new is None)
        mark: Mark = side if moved else ""
        words = runs(title, side)
        if not words and (node.shared or not number):  # a number without a title stands for itself
            words = (Run(profile.table.omission),)
        before, titled, after = introduced(item, profile)
        if item.level == "section" and indent == 0:
            leading = before.rstrip(OPENING) or number
            numbered = (Run(leading, mark), Run(before[len(leading) :] or "　")) if leading else ()
            return [Line((Run("【"), *numbered, *words, Run(f"{after}】")), kind="heading")]
        if titled and not title:
            return [Line((Run(before.rstrip(OPENING), mark), *words), kind="heading", indent=indent)]
        if titled:
            whole: Mark = side if moved or fresh else ""
            return [Line((Run(before, whole), *words, Run(after, whole)), kind="heading", indent=indent)]
        if before:
            heading = Line((Run(before.rstrip(OPENING), mark),), kind="heading", indent=indent)
            return [heading, *([Line(words, kind="title", indent=indent + 1)] if words else [])]
        return [Line(words, label=number, kind="title", indent=indent, label_mark=mark)]

    def _bodies(self, node: Node, changes: Sequence[Change], indent: int) -> list[Beside]:
        """Write the text of an item that stands here in both editions."""
        old, new = node.olds[0], node.item
        depth = _depth(new, indent)
        omission = (Run(self.view.profile.table.omission),)
        omitted = Line(omission, kind="omitted", indent=depth)
        changed = any("body" in each.marks or (each.kind.joins and old.body != new.body) for each in changes)
        if not changed and not self.view.whole:
            return [(omitted, omitted)] if new.level == "section" and (old.body or new.body) else []
        if self._family(node):  # the others that were merged, or the other parts, stand elsewhere
            left, right = (self._half_body(node, *each, changes) for each in ((old, "old"), (new, "new")))
            return [(_body(one, depth), _body(other, depth)) for one, other in zip_longest(left, right)]
        rows = side_by_side(old.body, new.body, omission[0].text, whole=self.view.whole, strict=self.view.strict)
        return [
            (omitted, omitted) if left == right == omission else (_body(left, depth), _body(right, depth))
            for left, right in rows
        ]

    # --- one side in full ---------------------------------------------------------------------------------------------

    def _half(self, node: Node, item: Item, side: Side, changes: Sequence[Change], indent: int) -> list[Line]:
        """Write one side in full: its title, its text, its indicators."""
        title = self._title(node, item, side, changes)
        lines = self._headed(node, item, title, side, changes, indent)
        depth = _depth(item, indent)
        lines += [Line(each, kind="body", indent=depth) for each in self._half_body(node, item, side, changes)]
        if node.olds and node.new:
            return lines  # its indicators stand below those of the other side, side by side
        elsewhere: Collection[str] = self.transfers.origins
        if side == "old":
            elsewhere = {pair.old[0].id for pair, _ in self.transfers.leaving.get(item.id, ())}
        pairs = {
            one.id: pair for pair in node.pair.indicators for one in (*pair.old, *((pair.new,) if pair.new else ()))
        }
        for indicator in item.indicators:
            if indicator.id in elsewhere:
                continue  # stands below, opposite the name of its other place
            if indicator.name or not indicator.omitted:
                lines += self._half_indicator(pairs.get(indicator.id), indicator, side, changes, indent)
        return lines

    def _half_body(self, node: Node, item: Item, side: Side, changes: Sequence[Change]) -> list[Runs]:
        """Mark the text of one side: whole where it came or went, else against its counterpart."""
        olds, new = node.pair.old, node.pair.new
        if not olds or new is None:
            return [(Run(each, side if changes else ""),) for each in paragraphs(item.body)]
        if family := self._family(node):
            if id(item) not in self.bodies:
                texts = ([each.body for each in items] for items in family)
                for items, marked in zip(family, shared_out(*texts, strict=self.view.strict), strict=True):
                    self.bodies.update((id(each), lines) for each, lines in zip(items, marked, strict=True))
            return self.bodies[id(item)]
        rows = side_by_side(olds[0].body, new.body, "", whole=True, strict=self.view.strict)
        return [words for row in rows if (words := row[0 if side == "old" else 1])]

    def _family(self, node: Node) -> tuple[Sequence[Item], Sequence[Item]] | None:
        """Return what was merged with what it became, or what was split with its parts; None for one and one."""
        olds, new = node.pair.old, node.pair.new
        if new is None or not olds:
            return None
        if len(olds) > 1:
            return olds, (new,)
        parts = self.parts.get(olds[0].id, ())
        return (olds, parts) if any(part is new for part in parts) else None

    def _half_indicator(
        self, pair: IndicatorPair | None, indicator: Indicator, side: Side, changes: Sequence[Change], indent: int
    ) -> list[Line]:
        """Write an indicator of one side: against its counterpart where it has one."""
        if pair is None or not pair.old or pair.new is None:
            return [*indicator_lines(indicator, side if changes else "", self.view.speaker(side), indent + 1)]
        lines = (beside[0 if side == "old" else 1] for beside in self._changed(pair, indent + 1))
        return [line for line in lines if line is not None]

    def _changed(self, pair: IndicatorPair, indent: int) -> list[Beside]:
        profiles = (self.view.speaker("old"), self.view.speaker("new"))
        return changed_lines(pair, profiles, indent, strict=self.view.strict)

    # --- indicators ---------------------------------------------------------------------------------------------------

    def indicators(
        self, node: Node, changes: Sequence[Change], indent: int
    ) -> list[tuple[IndicatorPair, list[Beside]]]:
        """Write the indicators of what stands on both sides, and those that came from another item, or went to one.

        Only those that changed, all where everything is wanted.
        """
        found: list[tuple[IndicatorPair, list[Beside]]] = []
        listed = {one.id: each for each in changes for one in (*each.old_indicators, *each.new_indicators)}
        here = {id(each) for old in node.olds for each in old.indicators}
        for pair in node.pair.indicators if node.new else ():
            if pair.new and pair.new.id in self.transfers.origins:
                found.append((pair, self._arrived(pair, self.transfers.origins[pair.new.id], indent + 1)))
            elif node.olds:
                lines = self._indicator(pair, listed.get(pair.indicator.id), indent + 1)
                if pair.old and id(pair.old[0]) not in here:
                    lines = [(None, line) for _, line in lines if line]  # of a merged item that stands elsewhere
                found.append((pair, lines))
        for old in node.olds:
            for pair, owner in self.transfers.leaving.get(old.id, ()):
                lines = self._left(pair, owner, indent + 1)
                if any(pair.old[0] in each.old for each, shown in found if shown):  # a part of what stands here
                    lines = [(None, line) for _, line in lines if line]
                found.append((pair, lines))
        return [(pair, lines) for pair, lines in found if lines]

    def _arrived(self, pair: IndicatorPair, owner: Item, indent: int) -> list[Beside]:
        """Write an indicator at its new place, opposite the name of the old one."""
        if not (self.view.wanted(pair.changes) or self.view.whole):
            return []
        label = role_label(pair.old[0], self.view.old_profile)
        words = f"（{self.sides.old.owner(owner)}の{label}から移動）"
        rights = [right for _, right in self._changed(pair, indent) if right is not None]
        return [*zip_longest([Line((Run(words),), kind="absent", indent=indent)], rights)]

    def _left(self, pair: IndicatorPair, owner: Item, indent: int) -> list[Beside]:
        """Write an indicator at its old place, opposite the name of the new one."""
        if pair.new is None or not (self.view.wanted(pair.changes) or self.view.whole):
            return []
        words = f"（{self.sides.new.owner(owner)}の{role_label(pair.new, self.view.profile)}へ移動）"
        lefts = [left for left, _ in self._changed(pair, indent) if left is not None]
        return [*zip_longest(lefts, [Line((Run(words),), kind="absent", indent=indent)])]

    def _indicator(self, pair: IndicatorPair, listing: Change | None, indent: int) -> list[Beside]:
        """Write an indicator on both sides; nothing where nothing of it is wanted. `listing` says it came or went."""
        if not (self.view.wanted(pair.changes) or listing or self.view.whole):
            return []
        if pair.old and pair.new and listing is None:
            return self._changed(pair, indent)
        style = self.view.profile.table
        left = self._side(pair.old[0] if pair.old else None, "old", style.added_word, listing, pair.indicator, indent)
        right = self._side(pair.new, "new", style.removed_word, listing, pair.indicator, indent)
        return [*zip_longest(left, right)]

    def _side(
        self, one: Indicator | None, side: Side, word: str, listing: Change | None, other: Indicator, indent: int
    ) -> list[Line]:
        profile = self.view.speaker(side)
        if one is None:
            return [Line((Run(word),), label=role_label(other, profile), kind="kpi", indent=indent)]
        if one.omitted and not one.name and listing:  # the source says that there is one, and no more
            return [Line((Run(flags((listing,), profile)[0].label, side),), kind="kpi", indent=indent)]
        return [*indicator_lines(one, side if listing else "", profile, indent)]


def referred(node: Node, reference: Reference, sides: Sides) -> str:
    """Say at a place where the rest of its story stands: （基本目標1-2-③へ移動）."""
    places = sides.old if node.new else sides.new
    return f"（{places.together(reference.items)}{'から' if node.new else 'へ'}{reference.way}）"


def _depth(item: Item, indent: int) -> int:
    return indent if item.level == "section" and indent == 0 else indent + 1


def _body(words: Runs | None, depth: int) -> Line | None:
    return None if words is None else Line(words, kind="body", indent=depth)
