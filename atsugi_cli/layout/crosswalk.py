"""Crosswalk: who became whom between two plans (対応表), one row a relation, and whether each series goes on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, Literal

from atsugi_cli.document import (
    IN_CHECK,
    Block,
    Cell,
    Column,
    Count,
    Document,
    Heading,
    Line,
    Paragraph,
    Row,
    Run,
    Table,
)
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds.aims import Break, breaks
from atsugi_cli.layout.indicators import named
from atsugi_cli.layout.labels import column_headings, stamp, step_words
from atsugi_cli.layout.places import Places, Sides
from atsugi_cli.levels import Profile
from atsugi_cli.match.links import SURE, Decided, Link
from atsugi_cli.model import Indicator, Item, Strategy
from atsugi_cli.revision import Revision

Became = Literal["kept", "retitled", "relocated", "joined", "divided", "ended", "new"]
BECAME: Final[Mapping[Became, str]] = {
    "kept": "継続",
    "retitled": "名称変更",
    "relocated": "移動",
    "joined": "統合",
    "divided": "分割",
    "ended": "終了",
    "new": "新設",
}
"""What may become of an item, as it is printed."""
UNMATCHED: Final = {"ended": "対応先なし", "new": "対応元なし"}
"""What is printed of an end, or of something new, that nobody declared and that may have been overlooked."""
BREAKS: Final[Mapping[Break | Literal["another"], str]] = {
    "unit": "単位", "definition": "定義", "aggregation": "集計方法", "span": "集計する年数", "another": "指標の入替え",
}  # fmt: skip
"""What breaks a series of figures, as it is printed."""


@frozen
class Relation:
    """What became what: `old` is empty for what is new, `new` for what has ended.

    `breaks` says, of indicators on both sides, why the series does not go on.
    """

    became: tuple[Became, ...]
    old: tuple[Item, ...] | tuple[Indicator, ...]
    new: tuple[Item, ...] | tuple[Indicator, ...]
    decided: Decided
    confidence: float
    breaks: tuple[Break | Literal["another"], ...] = ()

    @property
    def settled(self) -> bool:
        """Check whether ids or the author say so, or likeness is nearly certain."""
        return self.decided != "inferred" or (bool(self.old and self.new) and self.confidence >= SURE)

    @property
    def series(self) -> Literal["", "continued", "broken"]:
        """Say whether the figures of an indicator go on; nothing where a plan does not give it."""
        things = (*self.old, *self.new)
        if not self.old or not self.new or any(each.omitted for each in things):
            return ""
        return "broken" if self.breaks else "continued"

    @property
    def label(self) -> str:
        """Name what became of it, in a city's words."""
        guessed = self.decided == "inferred"
        return "・".join(UNMATCHED.get(each, BECAME[each]) if guessed else BECAME[each] for each in self.became)


def relations(revision: Revision) -> tuple[Relation, ...]:
    """Return the relations of the items, in the order of the tree; what has ended stands where it stood."""
    links = _by_id(revision.links)
    olds, news = ({each.id: each for each in side.items()} for side in (revision.old, revision.new))
    found: dict[Link, Relation] = {}
    for pair in revision.root.walk():
        link = links.get((pair.new is not None, pair.item.id))
        if link is None or link in found:
            continue
        if pair.one_sided and not any(each.kind.comes or each.kind.goes for each in pair.changes):
            continue  # below something that one of the plans does not give: nobody knows whether it is new
        old, new = tuple(olds[each] for each in link.old), tuple(news[each] for each in link.new)
        renamed = not pair.one_sided and _is_renamed(old[0], new[0])
        moved = any(change.kind.relocates for change in pair.changes)
        became = _became(old, new, renamed=renamed, moved=moved)
        found[link] = Relation(became, old, new, link.decided, link.confidence)
    return tuple(found.values())


def _is_renamed(old: Item, new: Item) -> bool:
    """Check whether an item is called otherwise; what one of the plans leaves out may be called anything."""
    return old.title != new.title and not (old.omitted or new.omitted)


def series(revision: Revision) -> tuple[Relation, ...]:
    """Return the relations of the indicators, in the order of the new plan, then what has ended."""
    olds, news = (_indicators(side) for side in (revision.old, revision.new))
    pairs = {each.new.id: each for pair in revision.root.walk() for each in pair.indicators if each.new}
    found = []
    for link in revision.links:
        if any(each not in news for each in link.new) or any(each not in olds for each in link.old):
            continue
        old, new = tuple(olds[each] for each in link.old), tuple(news[each] for each in link.new)
        changes = tuple(chain.from_iterable(pairs[each].changes for each in link.new if each in pairs))
        renamed = bool(old and new) and old[0].name != new[0].name
        became = _became(old, new, renamed=renamed, moved=any(each.kind.shows == "role" for each in changes))
        why: tuple[Break | Literal["another"], ...] = ()
        if old and new:
            why = tuple(dict.fromkeys(each for one in old for other in new for each in breaks(one, other)))
            if not why and (len(old) + len(new) > 2 or any(each.kind.replaces for each in changes)):
                why = ("another",)
        found.append(Relation(became, old, new, link.decided, link.confidence, why))
    return tuple(found)


def _by_id(links: Sequence[Link]) -> dict[tuple[bool, str], Link]:
    """Index links by the ids of their new side (True), and of what is gone by the old one (False)."""
    found = {(True, each): link for link in links for each in link.new}
    return found | {(False, each): link for link in links if not link.new for each in link.old}


def _indicators(strategy: Strategy) -> dict[str, Indicator]:
    return {indicator.id: indicator for _, indicator in strategy.indicators()}


def _became(old: Sequence[object], new: Sequence[object], *, renamed: bool, moved: bool) -> tuple[Became, ...]:
    if not new or not old:
        return ("ended",) if old else ("new",)
    several: dict[Became, bool] = {"joined": len(old) > 1, "divided": len(new) > 1}
    one: dict[Became, bool] = {"retitled": renamed, "relocated": moved}
    found = tuple(each for each, true in (several if any(several.values()) else one).items() if true)
    return found or ("kept",)


def crosswalk(revision: Revision, profile: Profile, *, handout: bool = False) -> Document:
    """Lay out both tables: the items, and the indicators with what becomes of their series."""
    items, indicators = relations(revision), series(revision)
    sides = Sides.of(revision, profile)
    blocks: list[Block] = []
    if items:
        blocks.append(
            Table("crosswalk", _columns(revision, profile, handout=handout), tuple(_rows(items, sides, handout)))
        )
    if indicators:
        columns = (*_columns(revision, profile, handout=handout), Column("数値の連続性", 5, code="series"))
        owners = _owners(revision, sides)
        rows = tuple(_indicator_rows(indicators, owners, profile, handout=handout))
        blocks += [Heading("指標の対応", 2), Table("crosswalk-indicators", columns, rows)]
    return Document(
        code="crosswalk",
        title=f"{revision.new.plan.title}　対応表",
        blocks=tuple(blocks) or (Paragraph((Run("項目はありません。"),)),),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=_plans(revision, profile),
        counts=(*_counts(items, "項目", handout=handout), *_counts(indicators, "指標", handout=handout)),
    )


def _plans(revision: Revision, profile: Profile) -> str:
    """Name both editions, with their plans where these are two."""
    words = step_words(revision, profile)
    old, new = revision.old.plan.title, revision.new.plan.title
    return words if old == new else f"{old}　{words.replace(' → ', f' → {new}　', 1)}"


def _counts(found: Sequence[Relation], group: str, *, handout: bool) -> Iterator[Count]:
    number = Counter(IN_CHECK if handout and not each.settled else each.label for each in found)
    order = [*BECAME.values(), *UNMATCHED.values()]
    for label in sorted(
        number, key=lambda each: [order.index(word) if word in order else len(order) for word in each.split("・")]
    ):
        yield Count(label, label, number[label], group)


def _columns(revision: Revision, profile: Profile, *, handout: bool) -> tuple[Column, ...]:
    old, new = "前の計画", "新しい計画"  # each with a label of its own plan: 改定後 may be on the left
    if revision.old.plan.id == revision.new.plan.id:
        old, new = column_headings(revision, profile)
    found = [Column(f"{old}の番号", 6, code="old-place"), Column(f"{old}の名称", 9, code="old")]
    found += [Column("関係", 4, code="became")]
    found += [Column(f"{new}の番号", 6, code="new-place"), Column(f"{new}の名称", 9, code="new")]
    return tuple(found if handout else [*found, Column("根拠", 4, code="basis")])


def _rows(found: Sequence[Relation], sides: Sides, handout: bool) -> Iterator[Row]:  # noqa: FBT001
    for each in found:
        cells = []
        for things, places in ((each.old, sides.old), (each.new, sides.new)):
            items = [thing for thing in things if isinstance(thing, Item)]
            titles = (each.title or places.profile.table.omission for each in items)
            cells.append((_lines(_place(each, places) for each in items), _lines(titles)))
        yield _row(each, cells, handout=handout)


def _place(item: Item, places: Places) -> str:
    """Return the place of an item where it says more than the title, which has a column of its own."""
    return places.of(item) if places.tells(item) else places.parent(item)


def _indicator_rows(
    found: Sequence[Relation], owners: tuple[Mapping[str, str], Mapping[str, str]], profile: Profile, *, handout: bool
) -> Iterator[Row]:
    for each in found:
        cells = []
        for things, places in ((each.old, owners[0]), (each.new, owners[1])):
            indicators = [thing for thing in things if isinstance(thing, Indicator)]
            names = (f"{named(one, profile)}{_unit(one)}" for one in indicators)
            cells.append((_lines(places[one.id] for one in indicators), _lines(names)))
        yield _row(each, cells, handout=handout, more=(_lines([_series(each)]),))


def _unit(indicator: Indicator) -> str:
    return f"（{indicator.unit}）" if indicator.unit not in ("", "none") else ""


def _series(relation: Relation) -> str:
    """Say whether the figures can be followed from one plan to the next, and if not, why."""
    broken = f"断絶（{'、'.join(BREAKS[each] for each in relation.breaks)}）"
    return {"": "－", "continued": "連続", "broken": broken}[relation.series]


def _row(relation: Relation, sides: Sequence[tuple[Cell, Cell]], *, handout: bool, more: tuple[Cell, ...] = ()) -> Row:
    label = IN_CHECK if handout and not relation.settled else relation.label
    basis = () if handout else (_lines([_basis(relation)]),)
    thing = (*relation.new, *relation.old)[0]
    return Row(
        "plain",
        (*sides[0], _lines([label]), *sides[1], *basis, *more),
        key=thing.id,
        changed=relation.became != ("kept",),
        stands=(tuple(each.id for each in relation.old), tuple(each.id for each in relation.new)),
    )


def _basis(relation: Relation) -> str:
    """Say how the relation is known."""
    if relation.decided == "declared":
        return "宣言"
    if not relation.old or not relation.new:
        return "要確認" if relation.decided == "inferred" else "－"
    return f"推定（{relation.confidence:.2f}）" if relation.decided == "inferred" else "同じid"


def _owners(revision: Revision, sides: Sides) -> tuple[dict[str, str], dict[str, str]]:
    """Map the indicators of either side to the place of what they belong to."""

    def of(strategy: Strategy, places: Places) -> dict[str, str]:
        return {indicator.id: places.owner(item) for item, indicator in strategy.indicators()}

    return of(revision.old, sides.old), of(revision.new, sides.new)


def _lines(words: "Iterator[str] | map[str] | list[str]") -> Cell:
    return Cell(tuple(Line((Run(each),)) for each in words))
