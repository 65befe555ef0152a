"""Stages: three editions in a row and more (三段表: 現行｜素案｜案), joined from the comparisons of neighbours.

Nothing is compared anew: each step is a whole 新旧対照表, and what they share, the edition in the middle, joins them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli.document import BLANK, SIDES, Cell, Column, Document, Flag, Line, Paragraph, Row, Run, Table, flag_words
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.labels import PAIR, column_headings, edition_words, stamp
from atsugi_cli.levels import Profile, TableStyle
from atsugi_cli.model import STAGE_LABELS
from atsugi_cli.revision import Revision

SAME: Final = Line((Run("（同左）"),), kind="omitted")
"""What stands where a step leaves everything as it was that another step changes."""
LEGEND: Final = "下線は左隣の欄から改めた部分"
FEW: Final = "二三四五六七八九"
MOST: Final = len(FEW) + 1
"""Editions that still find room beside each other, generously."""

Lines = tuple[Line, ...]


@frozen
class _Joined:
    """A row of all editions so far: its lines side by side, and which steps changed it, with what is said of that."""

    row: Row
    lines: tuple[Lines, ...]
    steps: tuple[Row | None, ...]

    @property
    def depth(self) -> int:
        return min((line.indent for beside in self.lines for line in beside if line.kind != "blank"), default=0)

    @property
    def changed(self) -> bool:
        return any(step is not None and step.changed for step in self.steps)


def stages(revisions: Sequence[Revision], profile: Profile, *, whole: bool = False, handout: bool = False) -> Document:
    """Lay out the steps of a plan from edition to edition as one table; each begins where the one before ends."""
    style = replace(profile.table, order=TableStyle().order, third="both", columns=())
    if profile.table.third != "both":  # the city's heading is one of kinds only, or of reasons
        style = replace(style, third_heading=TableStyle().third_heading)
    profile = replace(profile, table=style)
    steps = [comparison(each, profile, whole=True, unfolds=False, handout=handout) for each in revisions]
    joined = [_Joined(row, tuple(row.pairs), (row,)) for row in _rows(steps[0])]
    for number, step in enumerate(steps[1:], SIDES):
        joined = list(_extended(joined, _rows(step), number))
    heads = _heads(revisions, profile)
    shown = joined if whole else list(_collapsed(joined, profile))
    columns = (*(Column(head, 27, code="side") for head in heads), Column(style.third_heading, 19, code="remarks"))
    rows = tuple(_row(each, heads) for each in shown)
    above = tuple(
        replace(block, runs=(Run(f"{head}　"), *block.runs))
        for head, step in zip(heads[1:], steps, strict=True)
        for block in step.blocks[: next((at for at, each in enumerate(step.blocks) if isinstance(each, Table)), 0)]
        if isinstance(block, Paragraph)
    )
    last = revisions[-1]
    editions = [revisions[0].old, *(each.new for each in revisions)]
    nothing = () if rows or above else (Paragraph((Run("変更はありません。"),)),)
    return Document(
        code="stages",
        title=f"{last.new.plan.title}　{FEW[len(revisions) - 1]}段表",
        blocks=(*above, *nothing, *((Table("stages", columns, rows),) if rows else ())),
        stamp=stamp(*editions, era=profile.era),
        subtitle=" → ".join(edition_words(each, profile.era) for each in editions),
        legend=LEGEND if rows else "",
    )


def _rows(document: Document) -> tuple[Row, ...]:
    return next((block.rows for block in document.blocks if isinstance(block, Table)), ())


def _heads(revisions: Sequence[Revision], profile: Profile) -> list[str]:
    """Head the columns by the editions' labels; where two share one, by their stage too, else by their id."""
    editions = [revisions[0].old.edition, *(each.new.edition for each in revisions)]
    first = column_headings(revisions[0], replace(profile, table=replace(profile.table, headings={})))[0]
    labels = [first, *(each.label or STAGE_LABELS[each.stage] for each in editions[1:])]
    for more in ([STAGE_LABELS[each.stage] for each in editions], [each.id for each in editions]):
        often = Counter(labels)
        labels = [f"{label}（{word}）" if often[label] > 1 else label for label, word in zip(labels, more, strict=True)]
    return labels


# --- joining ----------------------------------------------------------------------------------------------------------


def _extended(joined: Sequence[_Joined], rows: Sequence[Row], sides: int) -> Iterator[_Joined]:
    """Set the rows of the next step beside those so far; what the last edition no longer had keeps its place."""
    coming = {name for row in rows for name in _names(row, 0)}
    joined = [part for each in joined for part in _parted(each, coming)]
    waiting: dict[tuple[str, bool, str], list[int]] = {}
    for at, each in enumerate(joined):
        for name in _names(each.row, 1):
            waiting.setdefault(name, []).append(at)
    linked: set[int] = set()
    found: list[list[int]] = []
    homes: dict[tuple[bool, str], int] = {}
    for row in rows:
        own = [waiting[name].pop(0) for name in _names(row, 0) if waiting.get(name)]
        homes |= {name[1:]: len(found) for name in _names(row, 0)}
        found.append([at for at in own if at not in linked])
        linked.update(own)
    for at, each in enumerate(joined):  # what stands in one row now stood in several
        names = (key for _, apart, name in _names(each.row, 1) for key in ((apart, name), (False, name)))
        home = next((homes[key] for key in names if key in homes), None)
        if at not in linked and home is not None:
            found[home].append(at)
            linked.add(at)
    yield from _until(joined, 0, linked, sides)
    for own, row in zip(found, rows, strict=True):
        before = [line for at in own for line in joined[at].lines]
        steps = [joined[at].steps for at in own] or [(None,) * (sides - 1)]
        told = tuple(map(_together, zip(*steps, strict=True)))
        yield _Joined(row, tuple(_aligned(before, [*row.pairs], sides)), (*told, row))
        for at in own:
            yield from _until(joined, at + 1, linked, sides)


def _together(rows: Sequence[Row | None]) -> Row | None:
    """Return what a step says of several rows that stand in one now: of each that it changed."""
    changed = [each for each in rows if each and each.changed]
    if len(changed) <= 1:
        return changed[0] if changed else rows[0]
    beside = Cell(tuple(line for each in changed for cell in each.cells[SIDES:] for line in cell.lines))
    return replace(changed[0], cells=(*changed[0].cells[:SIDES], beside))


def _parted(joined: _Joined, coming: set[tuple[str, bool, str]]) -> Iterator[_Joined]:
    """Cut the title off a section that stood inside another one and heads a part of its own in the next step."""
    names = {name[1:] for name in _names(joined.row, 1)}
    heads = joined.row.role == "text" and any(("part", *name) in coming for name in names)
    if not heads or not any(line.kind == "title" for line in joined.lines[0]):
        yield joined
        return
    yield replace(joined, row=replace(joined.row, role="part"), lines=joined.lines[:1])
    yield replace(joined, lines=joined.lines[1:])


def _names(row: Row, side: int) -> list[tuple[str, bool, str]]:
    """Name what a row is about on one side: by what stands there, else, for a heading, by its words.

    An indicator that has a row of its own is told from its item.
    """
    owners = {each for ids in row.stands for each in ids}
    apart = bool(owners) and row.key.removesuffix("#old").rpartition("/")[2] not in owners
    text = row.cells[side].text if not owners else ""
    return [(row.role, apart, name) for name in row.stands[side]] or ([(row.role, apart, text)] if text else [])


def _until(joined: Sequence[_Joined], start: int, linked: set[int], sides: int) -> list[_Joined]:
    """Return the rows from one on up to the next that goes on, with nothing beside them."""
    found = []
    for at in range(start, len(joined)):
        if at in linked:
            break
        each = joined[at]
        lines = tuple((*beside, *[BLANK] * (sides + 1 - len(beside))) for beside in each.lines)
        found.append(replace(each, lines=lines, steps=(*each.steps, None)))
    return found


def _aligned(before: Sequence[Lines], pairs: Sequence[tuple[Line, Line]], sides: int) -> Iterator[Lines]:
    """Set the lines of the next edition beside those so far, by the lines of the edition that both have."""
    waiting = list(before)
    for shared, new in pairs:
        if shared.kind == "blank":
            yield (*(BLANK,) * sides, new)
            continue
        while waiting and waiting[0][-1].kind == "blank":
            yield (*waiting.pop(0), BLANK)
        told = bool(before) and shared.kind != "absent"  # above already, in the row of what was merged
        yield (*(waiting.pop(0) if waiting else (*(BLANK,) * (sides - 1), BLANK if told else shared)), new)
    yield from ((*each, BLANK) for each in waiting)


# --- collapsing -------------------------------------------------------------------------------------------------------


def _collapsed(joined: Sequence[_Joined], profile: Profile) -> Iterator[_Joined]:
    """Leave out what no step touches, except what heads something shown; its numbers stand for it, with （略）."""
    shown: set[int] = set()
    need: float = 0
    below = False
    for at in range(len(joined) - 1, -1, -1):
        each = joined[at]
        if each.row.role == "part":
            if each.changed or below:
                shown.add(at)
            need, below = 0, False
        elif each.changed or each.depth < need:
            shown.add(at)
            need, below = each.depth, True
    group: list[_Joined] = []
    for at, each in enumerate(joined):
        if at in shown:
            yield from _omitted(group, profile)
            group = []
            yield each
        elif each.row.role not in ("part", "text") and (not group or each.depth <= group[0].depth):
            if group and each.depth < group[0].depth:
                yield from _omitted(group, profile)
                group = []
            group.append(each)
        elif each.row.role == "part":
            yield from _omitted(group, profile) if _goes_on(joined, shown, at) else ()
            group = []
    yield from _omitted(group, profile)


def _goes_on(joined: Sequence[_Joined], shown: set[int], at: int) -> bool:
    """Check whether the part that ends before a row shows anything."""
    for before in range(at - 1, -1, -1):
        if before in shown:
            return True
        if joined[before].row.role == "part":
            return False
    return False


def _omitted(group: Sequence[_Joined], profile: Profile) -> Iterator[_Joined]:
    """Collapse siblings into one row that says the same in every column."""
    if not group:
        return
    first = group[0]
    head = next((line for line in first.lines[0] if line.kind != "blank"), BLANK) if first.lines else BLANK
    numbers = [each.row.number for each in group if each.row.number]
    words = "及び".join(numbers) if len(numbers) <= PAIR else f"{numbers[0]}～{numbers[-1]}"
    label = (first.row.label if head.kind == "heading" else "") + words
    line = Line((Run(profile.table.omission),), label=label, kind="omitted", indent=first.depth)
    row = replace(first.row, changed=False, flags=(), key="")
    yield _Joined(row, ((line,) * len(first.lines[0]),), (None,) * len(first.steps))


def _row(each: _Joined, heads: Sequence[str]) -> Row:
    """Write a row; where a step changes nothing of what another changes, its column says so."""
    sides = [[beside[at] for beside in each.lines] for at in range(len(heads))]
    for at, step in enumerate(each.steps, 1):
        alike = step is not None and not step.changed and all(left == right for left, right in step.pairs)
        if each.changed and alike and _speaks(sides[at]) and _speaks(sides[at - 1]):
            sides[at] = [SAME if not line else BLANK for line in range(len(sides[at]))]
    said = tuple(
        line
        for head, step in zip(heads[1:], each.steps, strict=True)
        if step is not None and step.changed
        for line in _said(head, step)
    )
    cells = (*(Cell(tuple(lines)) for lines in sides), Cell(said))
    return replace(each.row, cells=cells, flags=(), note="", changed=each.changed, hidden=(), reason="")


def _speaks(lines: Iterable[Line]) -> bool:
    return any(line.kind != "blank" for line in lines)


def _said(head: str, step: Row) -> Iterator[Line]:
    groups: list[tuple[Sequence[Flag], list[str]]] = []
    for line in (line for cell in step.cells[SIDES:] for line in cell.lines):
        if line.kind == "flag" or not groups:
            groups.append((line.flags, []))
        groups[-1][1].extend(filter(None, [line.text]))
    for flags, more in groups:
        yield Line((Run(f"{head}：{flag_words(flags)}"),), kind="value")
        if more:
            yield Line((Run("、".join(more)),), kind="note")
