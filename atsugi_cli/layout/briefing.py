"""Briefing: the meeting's own paper: its chapters in a light notation, and what of the revision is shown in them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date as day_of
from itertools import groupby
from typing import Final

from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.labels import cell, stamp
from atsugi_cli.levels import Profile
from atsugi_cli.reader.supplements import Briefing, Event, cells, is_row
from atsugi_cli.revision import Revision
from atsugi_cli.words import DATE, Era, date_words

PARTS: Final = ("viewpoints", "tree", "schedule")
"""What a section may show besides single items, by their id."""
WEEKDAYS: Final = "月火水木金土日"
STATES: Final = {"": "", "done": "済み", "now": "実施中", "planned": "予定"}

BREAK: Final = "<br>"
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_ITEM: Final = re.compile(r"( *)(?:- |(?=[・●※➡]))([・●※➡]?)\s*(.+)")
_LABEL: Final = re.compile(r"[<＜【].+[>＞】]")
_RULE: Final = re.compile(r"[|\s:-]+")
_TREE: Final = frozenset({"goal", "policy", "initiative", "project"})


def agenda(found: Briefing, revision: Revision, profile: Profile) -> Document:
    """Lay out the 次第: when, where, and the items in their order."""
    meeting = found.meeting
    lines = [
        ("日時　", _day(meeting.date)),
        ("　　　", meeting.time),
        ("場所　", meeting.place),
    ]
    blocks = [Paragraph((Run(label + words),)) for label, words in lines if words]
    blocks.append(Paragraph(()))
    blocks += [Paragraph((Run(f"{number}　{words}"),)) for number, words in enumerate(meeting.agenda, 1)]
    title = f"{_joined(meeting.title or found.title)}　次第"
    own = stamp(revision.new, era=profile.era)
    return Document("agenda", title, tuple(blocks), replace(own, date="", owner=""))


def briefing(
    found: Briefing, revision: Revision, profile: Profile, *, slides: bool = False, handout: bool = False
) -> Document:
    """Lay out the paper; on `slides` a heading that goes on stands again on each."""
    titles = [f"第{number}章　{chapter.title}" for number, chapter in enumerate(found.chapters, 1)]
    shower = _Shower(found, revision, profile, handout=handout)
    blocks: list[Block] = [_contents(title) for title in titles]
    for at, chapter in enumerate(found.chapters):
        blocks += [_contents(title) for title in titles[:at]]
        blocks.append(Heading(titles[at], 1))
        blocks += [_contents(title) for title in titles[at + 1 :]]
        before = ""
        for section in chapter.sections:
            heading = "　".join(filter(None, (section.number, section.title)))
            if heading and (slides or heading != before):
                blocks.append(Heading(heading, 2))
            before = heading
            blocks += _texts(section.body)
            if section.omitted:
                blocks.append(Paragraph((Run(profile.table.omission),)))
            blocks += [block for name in section.show for block in shower.shown(name)]
            blocks += _texts(section.after)
    own = stamp(revision.old, revision.new, era=profile.era)
    day = _day(found.meeting.date or revision.new.edition.date)
    return Document("briefing", _joined(found.title), tuple(blocks), replace(own, date=""), subtitle=day, legend="")


def _joined(title: str) -> str:
    return " ".join(title.split("\n"))


def _contents(title: str) -> Paragraph:
    """Write a line of the list of chapters; slides put those around a heading together with it."""
    return Paragraph((Run(title),), role="part")


def _day(date: str) -> str:
    """Print a day with its day of the week, as a meeting's paper does: 令和5年10月17日(火)."""
    found = re.match(DATE, date)
    words = date_words(date, Era("era", date))
    if found is None or not found[3]:
        return words
    year, month, day = (int(part) for part in found.groups())
    return f"{words}({WEEKDAYS[day_of(year, month, day).weekday()]})"


# --- the light notation -----------------------------------------------------------------------------------------------


def _texts(text: str) -> Iterator[Block]:
    """Set a text: lists (- and deeper), ➡ lines, labels in 【　】 or <　>, **bold**, and | tables |."""
    for table, group in groupby(filter(str.strip, text.split("\n")), is_row):
        if table:
            yield _table(list(group))
            continue
        for line in group:
            if _LABEL.fullmatch(line.strip()):
                yield Heading(line.strip(), 3)
            elif item := _ITEM.fullmatch(line):
                yield Paragraph(_runs(item[3]), bullet=item[2] or "・", indent=len(item[1]) // 2)
            else:
                yield Paragraph(_runs(line.strip()))


def _runs(text: str) -> tuple[Run, ...]:
    pieces = _BOLD.split(text)
    return tuple(Run(piece, strong=bool(at % 2)) for at, piece in enumerate(pieces) if piece)


def _table(lines: Sequence[str]) -> Table:
    """Set a small table; the row above a ruled line heads it."""
    rows = [cells(line) for line in lines if not _RULE.fullmatch(line)]
    headed = len(lines) > 1 and bool(_RULE.fullmatch(lines[1]))
    head, rest = (rows[0], rows[1:]) if headed else ([""] * len(rows[0]) if rows else [""], rows)
    shares = [min(40, max(2, *(len(line) for row in rows for line in row[at].split(BREAK)))) for at in range(len(head))]
    columns = tuple(Column(title, share) for title, share in zip(head, shares, strict=True))
    return Table("briefing", columns, tuple(Row("plain", tuple(map(_cell, row))) for row in rest))


def _cell(text: str) -> Cell:
    return Cell(tuple(Line(_runs(line), kind="value") for line in text.split(BREAK)))


# --- what is shown of the revision ------------------------------------------------------------------------------------


class _Shower:
    """Shows parts of the revision in the paper: as they stand in the 新旧対照表, or as text where they are new."""

    def __init__(self, found: Briefing, revision: Revision, profile: Profile, *, handout: bool) -> None:
        self.found, self.revision, self.profile, self.handout = found, revision, profile, handout

    def shown(self, name: str) -> Iterator[Block]:
        """Show one thing by its name, or an item by its id."""
        match name:
            case "schedule":
                yield from _schedule(self.found.schedule)
            case "viewpoints":
                yield from self._part(lambda rows: any(row.role == "viewpoint" for row in rows), whole=True)
            case "tree":
                yield from self._part(lambda rows: any(row.role in _TREE for row in rows))
            case _:
                yield from self._item(name)

    def _item(self, name: str) -> Iterator[Block]:
        item = next((each for each in self.revision.new.items() if each.id == name), None)
        pair = next((each for each in self.revision.root.walk() if each.new is not None and each.new.id == name), None)
        if item is not None and pair is not None and not pair.old:  # nothing stands opposite
            yield from (Paragraph((Run(line),), bullet="・") for line in item.body.split("\n") if line)
        else:
            yield from self._part(lambda rows: any(name in ids for row in rows for ids in row.stands), whole=True)

    def _part(self, wanted: Callable[[Sequence[Row]], bool], *, whole: bool = False) -> Iterator[Table]:
        own = self.profile.table
        style = replace(own, third="reason" if own.third == "reason" else "flags", columns=())
        document = comparison(self.revision, replace(self.profile, table=style), whole=whole, handout=self.handout)
        for table in (block for block in document.blocks if isinstance(block, Table)):
            for rows in filter(wanted, _groups(table.rows)):
                named = rows[0].role == "part" and any(rows[0].stands)
                shown = (_unfolded(row) for row in (rows if named else rows[1:]))
                yield replace(table, rows=tuple(replace(row, hidden=()) for row in shown))


def _unfolded(row: Row) -> Row:
    """Show what alone is collapsed: it takes no more room than its number with （略）."""
    alone = row.hidden[0] if len(row.hidden) == 1 else row
    return row if any(line.kind == "omitted" and line.label for line in alone.cells[0].lines[:1]) else alone


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Part the rows of a comparison at the headings of its parts."""
    found: list[list[Row]] = []
    for row in rows:
        if row.role == "part" or not found:
            found.append([])
        found[-1].append(row)
    return found


def _schedule(events: Sequence[Event]) -> Iterator[Table]:
    if not events:
        return
    columns = [Column("時期", 5), Column("内容", 6)]
    if stated := any(each.state for each in events):
        columns.append(Column("状況", 2, "center"))
    rows = []
    for each in events:
        when, until = _day(each.date or each.start), _day(each.end)
        until = until.removeprefix(f"{when.partition('年')[0]}年")
        when = f"{when}～{until}" if until and not each.date else when
        words = (when, each.title, *([STATES[each.state]] if stated else []))
        rows.append(Row("plain", tuple(map(cell, words))))
    yield Table("schedule", tuple(columns), tuple(rows))
