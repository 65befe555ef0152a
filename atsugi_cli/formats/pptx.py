"""PowerPoint: a revision as slides in the style of the city's own, with native tables, text and arrows to edit."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import product
from typing import Any, Final, assert_never

from atsugi_cli.document import (
    SIDES,
    Cell,
    Document,
    Flag,
    Heading,
    Line,
    Paragraph,
    Role,
    Row,
    Run,
    Table,
    flag_words,
)
from atsugi_cli.formats import slides
from atsugi_cli.formats.archive import issued, normalised
from atsugi_cli.formats.options import Options, missing_extra
from atsugi_cli.formats.slides import BLUE, GREY, MORE, RED, Band, Block, Box, Ink, Text, emu
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import BY_CODE
from atsugi_cli.kinds.card import CALLED_GONE, CALLED_NEW
from atsugi_cli.width import safe

WIDTH, HEIGHT = 297.0, 210.0
"""A4 landscape in millimetres: slides are printed one to one."""
BAR: Final = 17.0
"""Height of the title bar."""
MARGIN: Final = 10.0
TOP: Final = BAR + 5
BOTTOM: Final = 194.0
"""Where content ends; the legend and the footer stand below."""
ROOM: Final = WIDTH - 2 * MARGIN
NUMBER: Final = 38.0
"""What the number of a paper takes of the title bar."""
GUTTER: Final = 13.0
"""Between the two columns of a slide whose rows are joined by arrows."""
TAG_WIDTH: Final = 7.0
TAG_PER_CHARACTER: Final = 4.6
"""Millimetres of the vertical tag for each of its characters, at 12 points."""
TALLEST_ENTRY: Final = 32.0
"""Boxes are stretched over the slide, but not beyond this."""
STEP: Final = 5.0
"""Millimetres of one indent."""
FEW_COLUMNS: Final = 8
"""More columns leave no room for large letters."""
LONGEST_PROPERTY: Final = 255
_NO_CHARACTERS: Final = {0xFFFE: None, 0xFFFF: None}

_ITEM: Final = Ink(15)
_LABEL: Final = Ink(15, BLUE, bold=True)
LARGE: Final = 20
"""Points of the text of a meeting's own paper, which is shown on a wall."""
_CHAPTER: Final = Ink(LARGE, BLUE, bold=True)
_QUIET: Final = Ink(14, GREY)
_SMALL: Final = Ink(12)
_NOTE: Final = Ink(11, GREY)
_FLAG: Final = Ink(12, RED, bold=True)
_GAP: Final = "　"

_TITLE_SIZES: Final = ((20, 1), (14, 2), (11, 3), (8, 4), (6, 6))
"""Sizes in points that a title is tried in, with the lines that the bar holds."""
_FOOT_SIZES: Final = ((9, 1), (8, 2), (6, 3))

_TOP_ROLES: Final = frozenset({"part", "section", "goal", "viewpoint", "text"})
_DEPTH: Final[Mapping[Role, int]] = {"goal": 0, "policy": 1, "initiative": 2, "project": 3}


def write(document: Document, options: Options) -> bytes:
    """Print a document as slides: a cover, a slide or more for each part of a comparison, and what else it says."""
    deck = Deck(document)
    tables = [block for block in document.blocks if isinstance(block, Table) and block.compares]
    if document.code == "briefing":
        first = next((at for at, block in enumerate(document.blocks) if isinstance(block, Heading)), 0)
        deck.flow(document.title, [*_facts(document), *_texts(_loose(document.blocks[:first]))])
        _sections(deck, document.blocks[first:], options)
    elif tables:
        around = [block for block in document.blocks if block not in tables]
        loose = _loose(around)
        deck.flow(document.title, [*_facts(document), *_texts(loose)])
        for table in tables:
            _comparison(deck, table, options)
        _sections(deck, around[len(loose) :], options)
    else:
        first = next((at for at, block in enumerate(document.blocks) if isinstance(block, Table)), len(document.blocks))
        opening = [block for block in document.blocks[:first] if not isinstance(block, Table)]
        if first:  # the heading of the first table goes with the table
            first -= isinstance(document.blocks[first - 1], Heading)
        deck.flow(document.title, [*_facts(document), *_texts(opening[:first])])
        _sections(deck, document.blocks[first:], options)
    return deck.saved()


def _loose(blocks: Sequence[Heading | Paragraph | Table]) -> list[Paragraph]:
    """Take the paragraphs before the first heading or table: they belong on the cover."""
    found: list[Paragraph] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            break
        found.append(block)
    return found


def _facts(document: Document) -> Iterator[Text]:
    """Say on the cover what the paper is: editions, counts, day and section."""
    stamp = document.stamp
    if document.subtitle:
        yield Text(((document.subtitle, Ink(16, bold=True)),), after=10)
    for group, words in document.summary:
        yield Text(((f"{group}　" if group else "", _LABEL), (words, _ITEM)), after=4, left=STEP)
    facts = _GAP.join(stamp.facts)
    if facts:
        yield Text(((facts, _SMALL),), after=10)


def _texts(blocks: Iterable[Heading | Paragraph]) -> Iterator[Text]:
    for block in blocks:
        yield _paragraph(block) if isinstance(block, Paragraph) else Text(((block.text, _LABEL),), after=3)


def _paragraph(block: Paragraph, size: int = 14) -> Text:
    sign = "" if block.branch else block.bullet
    left = STEP * (block.indent + bool(sign))
    head = ((sign + _GAP if sign else "", Ink(size)),) if sign else ()
    flags = ((f" {_flags(block.flags)}", _FLAG),) if block.flags else ()
    words = tuple((run.text, Ink(size, bold=run.strong, underlined=bool(run.mark))) for run in block.runs)
    return Text((*head, *words, *flags), left=left, first=STEP * block.indent, after=size * 2 // 7)


def _sections(deck: "Deck", blocks: Sequence[Heading | Paragraph | Table], options: Options) -> None:
    """Set what is no comparison: a slide or more for each heading of the first two levels.

    The head of a chapter stands on its slide among those of the others, which come before and after it.
    """
    is_briefing = deck.document.code == "briefing"
    size = LARGE if is_briefing else 14
    title, texts, others = deck.document.title, list[Text](), list[Text]()
    begun = True
    for block in (*blocks, Heading("", 2)):
        match block:
            case Heading(level=3):
                texts.append(Text(((block.text, Ink(size, BLUE, bold=True)),), after=3))
            case Heading():
                chapter = is_briefing and block.level == 1
                told = [*texts, *([] if chapter else others)]
                deck.flow(title, told or ([] if begun else [Text((("", Ink(size)),))]), below=begun)
                title, begun = block.text, False
                texts = [*others, Text(((block.text, _CHAPTER),), after=8)] if chapter else []
                others = []
            case Paragraph(role="part") if is_briefing:
                others.append(Text(((block.text, Ink(size, GREY)),), after=8))
            case Paragraph():
                texts.append(_paragraph(block, size))
            case Table():
                if block.compares:
                    _comparison(deck, block, options, title, texts)
                else:
                    apart = block.caption not in ("", title)
                    deck.flow(title, texts if apart else [])
                    deck.table(block.caption or title, block, LARGE - 4 if is_briefing else 0, [] if apart else texts)
                texts, begun = [], True
            case _:
                assert_never(block)


# --- the comparison ---------------------------------------------------------------------------------------------------


@frozen
class _Sides:
    """Which column of a comparison is which, and how it is marked."""

    head: tuple[str, str]
    new: int
    underline_old: bool


def _comparison(deck: "Deck", block: Table, options: Options, heading: str = "", lead: Sequence[Text] = ()) -> None:
    """Set a 新旧対照表: each part on slides of its own; in another paper under its heading, below what leads to it."""
    new = next((at for at, column in enumerate(block.columns[:SIDES]) if column.code == "new"), 1)
    sides = _Sides((block.columns[0].title, block.columns[1].title), new, options.underline == "both")
    for number, (label, rows) in enumerate(_chapters(block.rows), 1):
        title = f"{number}　{_chapter_title(label, rows)}" if label else deck.document.title
        title = heading or title
        if rows and all(row.role == "viewpoint" and not _is_folded(row) for row in rows) and any(map(_joins, rows)):
            entries = _Entries(rows, sides)
            entries.lead[:0] = ["".join(words for words, _ in text.pieces).lstrip("・" + _GAP) for text in lead]
            if entries.height <= BOTTOM - TOP - entries.lead_height:
                deck.joined(title, entries)
                continue
        widths = (ROOM / 2, ROOM / 2)
        bands = list(_bands(rows, sides))
        if bands:
            deck.tables(title, sides.head, bands, widths, lead=lead)
            lead = ()


def _chapters(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Part the rows of a comparison at its part headings; flags of the heading's own row go to the first row."""
    label, found, begun = "", list[Row](), False
    for row in rows:
        if row.role in ("part", "section"):
            if begun:
                yield label, found
            label, begun = _heading_words(row), True
            found = [row] if any(left != right for left, right in row.pairs) else []
        else:
            found.append(row)
            begun = True
    if begun:
        yield label, found


def _is_folded(row: Row) -> bool:
    """Check whether a row stands for others that are not at hand; each side has （略） at a place of its own then."""
    return not row.hidden and any(line.kind == "omitted" for cell in row.cells[:SIDES] for line in cell.lines)


def _heading_words(row: Row) -> str:
    return row.label or next((cell.text for cell in row.cells if cell.text), "")


def _chapter_title(label: str, rows: Sequence[Row]) -> str:
    """Say what becomes of a part: the words of the city's own slides."""
    codes = {flag.code for row in rows for flag in row.flags}
    if not codes:
        return label
    if codes <= CALLED_NEW:
        return f"「{label}」の追加"
    return f"「{label}」の{'削除' if codes <= CALLED_GONE else '見直し'}"


def _bands(rows: Sequence[Row], sides: _Sides) -> Iterator[Band]:
    """Set rows pair by pair, so that a slide ends at the same line on both sides."""
    for at, row in enumerate(rows):
        after = rows[at + 1] if at + 1 < len(rows) else None
        depth = _DEPTH.get(row.role)
        introduces = depth is not None and after is not None and _DEPTH.get(after.role, -1) > depth
        bands = _cells(row, sides)
        if len(bands) > 1:  # a title introduces the lines below it
            introduces = any(line.kind in ("heading", "title") for line in next(row.pairs))
        for number, cells in enumerate(bands):
            first = not number
            yield Band(cells, first and (row.role in _TOP_ROLES or not at), first and introduces, opens=first)


def _cells(row: Row, sides: _Sides) -> list[tuple[Block, Block]]:
    """Set the pairs of a row; the kinds stand in red behind what the new side calls the item, the notes at its end."""
    pairs = [[_block(line, sides) for line in pair] for pair in row.pairs]
    if not pairs:
        return []
    first, last = pairs[0], pairs[-1]
    named = first if row.cells[sides.new].lines[0].kind not in ("body", "blank") else last
    named[sides.new] = tuple(_flagged(named[sides.new], row.cells[sides.new], row.flags))
    below = next((pair for pair in pairs[1:] if not pair[sides.new]), last)  # beside what goes, below （削る）
    below[sides.new] += tuple(Text(((note, _NOTE),), left=STEP, first=STEP) for note in _notes(row))
    return [(left, right) for left, right in pairs]


def _block(line: Line, sides: _Sides) -> Block:
    return () if line.kind == "blank" else (_line(line, sides),)


def _flagged(lines: Sequence[Text], cell: Cell, flags: Sequence[Flag]) -> list[Text]:
    """Put the kinds behind the first line, which names the item; behind prose they stand on a line of their own."""
    said = (_flags(flags), _FLAG)
    if not flags:
        return list(lines)
    if not lines or cell.lines[0].kind == "body":
        return [*lines, Text((said,))]
    first = lines[0]
    return [replace(first, pieces=(*first.pieces, (" ", _FLAG), said)), *lines[1:]]


def _notes(row: Row) -> Iterator[str]:
    """Return what is said about a row besides its kinds, each once."""
    yield from dict.fromkeys(line.text for line in row.beside if line.kind == "note")


def _flags(flags: Iterable[Flag]) -> str:
    words = flag_words(flags)
    return f"【{words}】" if words else ""


def _line(line: Line, sides: _Sides) -> Text:
    """Set one line of a cell by its kind."""
    match line.kind:
        case "heading":
            base = _LABEL
        case "omitted" | "absent" | "blank":
            base = _QUIET
        case "kpi":
            base = _SMALL
        case "note" | "flag":
            base = _NOTE
        case "title" | "body" | "value":
            base = _ITEM
        case _:
            assert_never(line.kind)
    left = STEP * line.indent
    gap = line.label_mark if line.runs and line.runs[0].mark == line.label_mark else ""
    label = [Run(line.label, line.label_mark), Run(_GAP, gap)] if line.label else []
    pieces = tuple((run.text, _inked(base, run, sides)) for run in (*label, *line.runs) if run.text)
    hanging = base.size * 0.353 * (len(line.label) + 1) if line.label else 0
    return Text(pieces, left=left + min(hanging, STEP * 3), first=left)


def _inked(base: Ink, run: Run, sides: _Sides) -> Ink:
    match run.mark:
        case "":
            return base
        case "old":
            return Ink(base.size, base.colour, base.bold, sides.underline_old)
        case "new":
            return Ink(base.size, base.colour, bold=True, underlined=True)
        case _:
            assert_never(run.mark)


# --- rows joined by arrows --------------------------------------------------------------------------------------------


def _joins(row: Row) -> bool:
    return any(flag.code in BY_CODE and BY_CODE[flag.code].joins for flag in row.flags)


class _Entries:
    """The items of both editions, each in the order of its own, and which of the old became which of the new."""

    def __init__(self, rows: Sequence[Row], sides: _Sides) -> None:
        self.head = sides.head
        self.new_at = sides.new
        self.lead = [*dict.fromkeys(note for row in rows if _joins(row) for note in _notes(row))]
        old: dict[str, tuple[str, Block]] = {}
        new: dict[str, tuple[str, Block]] = {}
        links: list[tuple[str, str]] = []
        for row in (shown for each in rows for shown in (each.hidden or (each,))):
            came = _items(row.cells[1 - sides.new], row.stands[0], sides)
            become = _items(row.cells[sides.new], row.stands[1], sides)
            notes = () if _joins(row) else tuple(Text(((note, _NOTE),), left=STEP, first=STEP) for note in _notes(row))
            for name, (words, lines) in list(become.items())[:1]:
                become[name] = (words, (*_flagged(lines, row.cells[sides.new], row.flags), *notes))
            old |= came
            new |= become
            if _joins(row):
                links += product(came or row.refers, become or row.refers)
        old_names, new_names = _in_order(old), _in_order(new)
        self.old, self.new = [old[name][1] for name in old_names], [new[name][1] for name in new_names]
        self.joints = _grouped(
            (old_names.index(one), new_names.index(other))
            for one, other in dict.fromkeys(links)
            if one in old and other in new
        )

    @property
    def widths(self) -> tuple[float, float, float]:
        """Return the columns in millimetres: one side, the gutter, the other side."""
        side = (ROOM - GUTTER) / 2
        return (side, GUTTER, side)

    @property
    def rows(self) -> list[Band]:
        """Set old and new side by side, with the gutter between them."""
        count = max(len(self.old), len(self.new))
        empty: tuple[Text, ...] = ()
        old = [*self.old, *[empty] * (count - len(self.old))]
        new = [*self.new, *[empty] * (count - len(self.new))]
        left, right = (old, new) if self.new_at else (new, old)
        return [Band((one, empty, other)) for one, other in zip(left, right, strict=True)]

    @property
    def height(self) -> float:
        """Return the least height in millimetres, the head row included."""
        return self.head_height + sum(band.height(self.widths) for band in self.rows)

    @property
    def head_height(self) -> float:
        """Return the height of the head row."""
        return slides.head_height((self.head[0], "", self.head[1]), self.widths)

    @property
    def lead_height(self) -> float:
        """Return the height of what is said above the table."""
        return _lead_height(self.lead)


def _items(cell: Cell, names: Sequence[str], sides: _Sides) -> dict[str, tuple[str, Block]]:
    """Part the lines of a cell into its items, by name: each begins with a heading or, without one, a title."""
    items: list[list[Line]] = []
    for line in cell.lines:
        if line.kind in ("absent", "blank"):
            continue
        if not items or (line.kind == items[0][0].kind and line.indent == items[0][0].indent):
            items.append([])
        items[-1].append(line)
    words = ["\n".join(f"{line.label}{line.text}" for line in lines) for lines in items]
    blocks = [tuple(_line(line, sides) for line in lines) for lines in items]
    keys = names if len(names) == len(items) else words
    return dict(zip(keys, zip(words, blocks, strict=True), strict=True))


def _grouped(links: Iterable[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """Put together what hangs together: the old ones that became one, the new ones that came from one."""
    groups: list[tuple[set[int], set[int]]] = []
    for one, other in links:
        own = ({one}, {other})
        for group in [each for each in groups if one in each[0] or other in each[1]]:
            groups.remove(group)
            own = (own[0] | group[0], own[1] | group[1])
        groups.append(own)
    return [(sorted(olds), sorted(news)) for olds, news in groups]


def _in_order(items: Mapping[str, tuple[str, Block]]) -> list[str]:
    """Sort items by the number in their first line, if each has one."""
    numbers = {name: _number(words.partition("\n")[0]) for name, (words, _) in items.items()}
    return list(items) if None in numbers.values() else sorted(items, key=lambda name: numbers[name] or 0)


def _number(words: str) -> int | None:
    found = re.search(r"[0-9]+", unicodedata.normalize("NFKC", words))
    return int(found.group()) if found else None


# --- the deck ---------------------------------------------------------------------------------------------------------


def _lead_height(lead: Sequence[str]) -> float:
    return sum(text.height(ROOM) for text in _lead(lead)) + 3 if lead else 0


def _lead(lead: Sequence[str]) -> tuple[Text, ...]:
    return tuple(Text((("● " + words, Ink(14)),), left=STEP, after=2) for words in lead)


class Deck:
    """A presentation being filled, slide by slide."""

    def __init__(self, document: Document) -> None:
        """Begin without slides; MissingError where the library is."""
        try:
            import pptx
        except ImportError as error:
            raise missing_extra("PowerPoint", "powerpoint") from error
        self._presentation: Any = pptx.Presentation()
        self.document = document
        self._layout = _prepared(self._presentation, NUMBER if document.stamp.number else 0)
        self._tree: Any = None
        self._number = 0
        self._end: float = BOTTOM
        """Where the table at the foot of the slide ends, else the foot itself."""

    def flow(self, title: str, texts: Sequence[Text], *, below: bool = False) -> None:
        """Set running text on as many slides as it takes, `below` the table before it if there is room for all."""
        height = sum(text.height(ROOM) for text in texts)
        if below and texts and self._end + 3 + height <= BOTTOM:
            self._add(slides.shape, "本文", Box(MARGIN, self._end + 3, ROOM, height), tuple(texts))
            self._end += 3 + height
            return
        bands = [Band(((text,),), introduces=_leads(texts, at)) for at, text in enumerate(texts)]
        room = BOTTOM - TOP
        widths = (ROOM + 2 * slides.SIDE,)
        pages = slides.accompanied(slides.paged(bands, widths, room, room), widths, room)
        for at, page in enumerate(pages):
            self.begin(title, more=bool(at))
            block = [text for band in page for text in band.cells[0]]
            self._add(slides.shape, "本文", Box(MARGIN, TOP, ROOM, room), tuple(block))

    def tables(
        self,
        title: str,
        head: Sequence[str],
        bands: Sequence[Band],
        widths: Sequence[float],
        legend: str | None = None,
        lead: Sequence[Text] = (),
    ) -> None:
        """Set a table on as many slides as it takes, the first one below what leads to it."""
        room = BOTTOM - TOP - slides.head_height(head, widths)
        above = sum(text.height(ROOM) for text in lead) + 3 if lead else 0
        if above > room / 2:
            self.flow(title, lead)
            lead, above = (), 0
        for at, page in enumerate(filter(None, slides.paged(bands, widths, room - above, room))):
            self.begin(title, more=bool(at))
            if lead and not at:
                self._add(slides.shape, "要点", Box(MARGIN, TOP, ROOM, above), tuple(lead))
            self._table(TOP + (0 if at else above), head, page, widths)
            self._legend(self.document.legend if legend is None else legend)

    def table(self, title: str, block: Table, size: int = 0, lead: Sequence[Text] = ()) -> None:
        """Set a table of any columns, below what leads to it."""
        total = sum(max(1, column.share) for column in block.columns)
        widths = [ROOM * max(1, column.share) / total for column in block.columns]
        ink = Ink(size or (13 if len(block.columns) <= FEW_COLUMNS else 10))
        bands = []
        for row in block.rows:
            cells = []
            for column, cell in zip(block.columns, row.filled(len(block.columns)), strict=True):
                words = [_flags(row.flags)] if column.code == "flags" and row.flags else cell.text.split("\n")
                align: Any = {"left": "l", "right": "r", "center": "ctr"}[column.align]
                cells.append(tuple(Text(((word, ink),), align=align) for word in words if word))
            bands.append(Band(tuple(cells), least=ink.size * 0.6))
        if bands:
            self.tables(title, [column.title for column in block.columns], bands, widths, "", lead)

    def joined(self, title: str, entries: _Entries) -> None:
        """Set both editions side by side on one slide, with arrows from what was merged or split."""
        self.begin(title)
        if entries.lead:
            self._add(slides.shape, "要点", Box(MARGIN, TOP, ROOM, entries.lead_height), _lead(entries.lead))
        top = TOP + entries.lead_height
        rows, widths = entries.rows, entries.widths
        heights = _stretched([band.height(widths) for band in rows], BOTTOM - top - entries.head_height)
        bands = [Band(band.cells, least=height) for band, height in zip(rows, heights, strict=True)]
        self._table(top, (entries.head[0], "", entries.head[1]), bands, widths)
        starts = [top + entries.head_height + sum(heights[:at]) for at in range(len(heights))]
        middles = [start + height / 2 for start, height in zip(starts, heights, strict=True)]
        left, right = MARGIN + widths[0], MARGIN + widths[0] + GUTTER
        taken = 0.0
        for olds, news in entries.joints:
            froms, tos = (olds, news) if entries.new_at else (news, olds)
            pins = {}
            for x, ends in ((left, froms), (right, tos)):
                for at in ends:
                    pins[x, at] = self._next()
                    self._append(slides.pin(pins[x, at], (x, middles[at])))
            for one in froms:
                for other in tos:
                    start, end = (left, middles[one]), (right, middles[other])
                    self._add(slides.connector, "矢印", start, end, (pins[left, one], pins[right, other]))
            if max(len(olds), len(news)) <= 1:
                continue
            word = f"{len(olds)}つを統合" if len(olds) > 1 else f"{len(news)}つに分割"
            height = TAG_PER_CHARACTER * len(word) + 2
            points = [middles[at] for at in (*froms, *tos)]
            above = max((min(points) + max(points) - height) / 2, taken)
            taken = above + height + 1
            box = Box((left + right - TAG_WIDTH) / 2, above, TAG_WIDTH, height)
            text = (Text(((word, Ink(12, "FFFFFF", bold=True)),), align="ctr"),)
            more = 'vert="eaVert" wrap="none" anchor="ctr"'
            number = self._next()
            self._append(slides.shape(number, word, box, text, fill=RED, form="roundRect", body=more))
        self._legend(self.document.legend)

    def saved(self) -> bytes:
        """Return the file, the same for the same document on any day."""
        properties = self._presentation.core_properties
        stamp = self.document.stamp
        day = issued(stamp).replace(tzinfo=None)
        properties.title = _property(self.document.title)
        properties.author = properties.last_modified_by = _property(stamp.owner)
        properties.keywords = stamp.keywords
        properties.created = properties.modified = day
        properties.language = "ja-JP"
        properties.revision = 1
        buffer = BytesIO()
        self._presentation.save(buffer)
        return normalised(buffer.getvalue())

    def begin(self, title: str, *, more: bool = False) -> None:
        """Begin a slide."""
        words = title + (MORE if more else "")
        self._end = BOTTOM
        slide = self._presentation.slides.add_slide(self._layout)
        self._tree = slide.shapes._spTree  # noqa: SLF001 - the library has no door for XML
        for shape in list(self._tree.iterchildren(_tag("sp"))):
            self._tree.remove(shape)
        self._number = 1
        number = self.document.stamp.number
        size = _fitting(words, ROOM - (NUMBER if number else 0), _TITLE_SIZES)
        text = (Text(((words, Ink(size, "FFFFFF", bold=True)),)),)
        self._append(slides.placeholder(self._next(), "表題", "title", slides.paragraphs(text)))
        if number:
            box = Box(WIDTH - MARGIN - NUMBER + STEP, (BAR - 9) / 2, NUMBER - STEP, 9)
            ink = Ink(_fitting(number, NUMBER - 2 * STEP, ((14, 1), (10, 1), (8, 1), (6, 2))), bold=True)
            block = (Text(((number, ink),), align="ctr"),)
            self._append(slides.shape(self._next(), "資料番号", box, block, fill="FFFFFF", body='anchor="ctr"'))
        stamp = self.document.stamp
        foot = _GAP.join(filter(None, (stamp.plan, stamp.date, stamp.check)))
        block = (Text(((foot, Ink(_fitting(foot, ROOM - 20, _FOOT_SIZES), GREY)),)),)
        more_attributes = ' sz="quarter" idx="11"'
        self._append(
            slides.placeholder(self._next(), "フッター", "ftr", slides.paragraphs(block), more_attributes),
        )
        number = slides.page_number(Ink(11, GREY))
        self._append(slides.placeholder(self._next(), "スライド番号", "sldNum", number, ' sz="quarter" idx="12"'))

    def _table(self, top: float, head: Sequence[str], bands: Sequence[Band], widths: Sequence[float]) -> None:
        height = slides.head_height(head, widths) + sum(band.height(widths) for band in bands)
        self._end = top + height
        box = Box(MARGIN, top, sum(widths), height)
        self._append(slides.table(self._next(), box, widths, head, bands, self.document.title))

    def _legend(self, legend: str) -> None:
        if legend:
            text = (Text(((f"※ {legend}", Ink(11, GREY)),), align="r"),)
            self._add(slides.shape, "凡例", Box(MARGIN, BOTTOM + 1, ROOM, 6), text)

    def put(self, make: Callable[[int], str]) -> None:
        """Put a shape on the slide, which is made with its number."""
        self._append(make(self._next()))

    def _add(self, make: Any, name: str, *content: Any) -> None:  # noqa: ANN401 - any of the shapes
        self._append(make(self._next(), name, *content))

    def _append(self, xml: str) -> None:
        from pptx.oxml import parse_xml

        self._tree.append(parse_xml(xml))

    def _next(self) -> int:
        self._number += 1
        return self._number


def _property(text: str) -> str:
    """Make text fit for a property of the file: without what XML forbids, and no longer than Office takes."""
    return safe(text).translate(_NO_CHARACTERS)[:LONGEST_PROPERTY]


def _leads(texts: Sequence[Text], at: int) -> bool:
    """Check whether a text is a heading or a label: it may not end a slide."""
    return at + 1 < len(texts) and all(ink.bold and ink.colour == BLUE for _, ink in texts[at].pieces)


def _stretched(heights: Sequence[float], room: float) -> list[float]:
    """Spread rows over the slide evenly, as far as that looks well."""
    even = min(TALLEST_ENTRY, room / len(heights))
    if sum(max(height, even) for height in heights) <= room:
        return [max(height, even) for height in heights]
    return list(heights)


def _fitting(words: str, room: float, sizes: Sequence[tuple[int, int]]) -> int:
    """Choose the largest size in which words take no more lines than there is room for."""
    for size, lines in sizes:
        if len(Text(((words, Ink(size)),)).ends(room)) <= lines:
            return size
    return sizes[-1][0]


_MAIN: Final = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


def _tag(name: str) -> str:
    return f"{{{_MAIN}}}{name}"


def _prepared(presentation: Any, beside: float) -> Any:  # noqa: ANN401
    """Turn the library's own template into A4 with the title bar, and leave it one layout.

    `beside` is what the title bar leaves to the number of the paper.
    """
    from pptx.oxml import parse_xml

    presentation.slide_width, presentation.slide_height = emu(WIDTH), emu(HEIGHT)
    master = presentation.slide_master
    layouts = presentation.slide_layouts
    chosen = next(layout for layout in layouts if layout.name == "Title Only")
    for layout in [each for each in layouts if each is not chosen]:
        layouts.remove(layout)
    places = {
        "title": Box(MARGIN, 0, ROOM - beside, BAR),
        "body": Box(MARGIN, TOP, ROOM, BOTTOM - TOP),
        "dt": Box(MARGIN, HEIGHT, 1, 1),
        "ftr": Box(MARGIN, 201, ROOM - 20, 8),
        "sldNum": Box(WIDTH - MARGIN - 20, 201, 20, 8),
    }
    for shape in [*master.placeholders]:
        kind = shape.element.find(f".//{_tag('ph')}").get("type")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
            continue
        box = places[kind]
        shape.left, shape.top, shape.width, shape.height = map(emu, (box.x, box.y, box.width, box.height))
        body = shape.element.find(f".//{{{_DRAWING}}}bodyPr")
        for side in ("lIns", "rIns", "tIns", "bIns"):
            body.set(side, "0")
        body.set("anchor", "t" if kind == "body" else "ctr")
        for fit in list(body):
            body.remove(fit)
    for shape in list(chosen.placeholders):
        if shape.element.find(f".//{_tag('ph')}").get("type") == "dt":
            shape.element.getparent().remove(shape.element)
    chosen.name = "表題と内容"
    bar = slides.shape(90, "表題の帯", Box(0, 0, WIDTH, BAR), fill=BLUE)
    chosen.shapes._spTree.insert(2, parse_xml(bar))  # noqa: SLF001
    _restyle(presentation, master)
    return chosen


def _restyle(presentation: Any, master: Any) -> None:  # noqa: ANN401
    """Return the theme Japanese fonts, and drop what the template brings along: a preview and a printer's settings."""
    for relation in master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            theme = relation.target_part
            theme._blob = re.sub(  # noqa: SLF001
                rb'<a:latin typeface="[^"]*"/>\s*<a:ea typeface=""/>',
                f'<a:latin typeface="{slides.FONT}"/><a:ea typeface="{slides.FONT}"/>'.encode(),
                theme.blob,
            )
    package = presentation.part.package
    for owner, ending in ((package, "/thumbnail"), (presentation.part, "/printerSettings")):
        rels = owner._rels if owner is package else owner.rels  # noqa: SLF001
        for key in [key for key, relation in rels.items() if relation.reltype.endswith(ending)]:
            rels.pop(key)
