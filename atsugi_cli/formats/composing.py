"""Composing: a document set as a paper: which page it takes, which style each paragraph has, how wide columns are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final, assert_never

from atsugi_cli.document import (
    SIDES,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Role,
    Row,
    Run,
    Table,
    flag_words,
)
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.paper import (
    BODY,
    LANDSCAPE,
    PORTRAIT,
    TWIPS_PER_POINT,
    Page,
    Paper,
    PaperRow,
    PaperTable,
    Para,
    Span,
    mm,
)
from atsugi_cli.frozen import frozen
from atsugi_cli.width import kept_whole, width_of

PORTRAIT_COLUMNS: Final = 8
MOST_COLUMNS: Final = 12
"""A table of more columns is set on a landscape page (2 cm a column would not hold a word of five characters)."""
YEAR: Final = 10
"""What of a year stands in one line: (2019)年度, below 令和元."""
PROSE: Final = 400
"""Characters of a line from which it may be broken over two pages, and of a row (a third of a landscape page)."""
LINES: Final = 16
"""Lines of a row that stay together: half a landscape page."""
NUMBER_SIZE: Final = 11
"""Points by which the width of numbers and headings is reckoned, a little more than they are set in."""
HEADING: Final = 8
"""Digits of a heading (four characters) that stand in one line."""
BRACKET: Final = 10
"""Digits of what stands in brackets below it: （改定後）."""
PADDING: Final = 4
"""Millimetres that both margins of a cell take, with its lines."""
GAP: Final = "\u3000"

_DIGIT: Final = round(NUMBER_SIZE * TWIPS_PER_POINT / 2)
_HEAD_SHADE: Final = "E7E6E6"
_PART_SHADE: Final = "F2F2F2"

_RULED: Final = frozenset({"part", "section", "viewpoint", "goal", "text", "head", "total"})
"""Rows with a solid line above; the others are parted by a dotted one."""
_SHADED: Final = frozenset({"part", "section", "head", "total"})

_HEADS: Final = frozenset({"heading", "title"})
_PLAIN_LEGEND: Final = (
    Span("（"),
    Span("二重取消線", tracked="old"),
    Span("は削る部分、"),
    Span("下線", tracked="new"),
    Span("は加える部分）"),
)
_BLANK: Final = Line(kind="blank")

_TITLES: Final[dict[Role, str]] = {
    "part": "ShinkyuPart",
    "section": "ShinkyuPart",
    "viewpoint": BODY,
    "goal": "ShinkyuGoal",
    "policy": "ShinkyuPolicy",
    "initiative": "ShinkyuInitiative",
    "project": "ShinkyuProject",
    "text": "ShinkyuSubhead",
    "plain": BODY,
    "head": "ShinkyuHead",
    "total": "ShinkyuGoal",
}
_EXPLAINED: Final = frozenset({"policy", "initiative", "project"})
_OWN_TARGETS: Final = frozenset({"goal", "viewpoint", "text", "part", "section"})


def page_of(document: Document, options: Options) -> Page:
    """Choose the page: as asked, else landscape for a comparison and where a table is too wide for an upright one."""
    if options.turned:
        return LANDSCAPE if options.turned == "landscape" else PORTRAIT
    tables = [block for block in document.blocks if isinstance(block, Table)]
    return (
        LANDSCAPE
        if any(each.code in ("comparison", "stages") or len(each.columns) > PORTRAIT_COLUMNS for each in tables)
        else PORTRAIT
    )


def composed(document: Document, options: Options, room: int = 0, *, title: bool = True) -> Paper:
    """Set a document; `room` is the width in twips where it is not the page's own, `title` says whether to print it."""
    page = page_of(document, options)
    composer = _Composer(document, options, room or page.room)
    remark = document.legend if document.code == "redline" and not options.plain else ""  # the text has no room for it
    return Paper(
        title=document.title,
        header=GAP.join(filter(None, (document.title, document.subtitle, remark and f"※{remark}"))),
        page=page,
        blocks=tuple(composer.blocks(title=title)),
        stamp=document.stamp,
        author=document.author,
        day=document.day,
        plain=options.plain,
    )


@frozen
class _Composer:
    """Sets one document in the width that there is."""

    document: Document
    options: Options
    room: int

    def blocks(self, *, title: bool) -> Iterator[Para | PaperTable]:
        """Set title, legend and blocks; a table last needs a paragraph behind it, and so does the plan's own text.

        Word cannot take the last paragraph mark away, so none of a text whose changes it tracks may be last.
        """
        document = self.document
        is_text = any(isinstance(block, Paragraph) and block.kind for block in document.blocks)
        if title and document.stamp.number:
            yield Para("ShinkyuPaperNumber", (Span(f" {document.stamp.number} ", boxed=True),))
        if not is_text:
            if title:
                yield _para("ShinkyuTitle", document.title)
                if document.code != "comparison" and document.subtitle:
                    yield _para("ShinkyuRight", document.subtitle)
            yield Para("ShinkyuLegend", tuple(self._legend()))
        explained = not (is_text and self.options.plain and document.code == "redline")
        framed = (None, *document.blocks, None)
        for before, block, after in zip(framed, document.blocks, framed[2:], strict=False):
            if not explained and not (isinstance(block, Paragraph) and block.kind in ("title", "subtitle")):
                yield Para("ShinkyuLegend", _PLAIN_LEGEND)
                explained = True
            if isinstance(block, Table) and isinstance(before, Table):
                yield Para(BODY)  # Word joins tables that touch
            if isinstance(block, Paragraph) and block.kind:
                yield replace(_passage(block), keep=_introduces(block, after))
            else:
                yield from self._block(block)
        if is_text:
            yield Para(BODY)
        elif document.blocks and isinstance(document.blocks[-1], Table):
            yield Para("ShinkyuEnd")  # so small that it finds room below a table that fills its page

    def _legend(self) -> Iterator[Span]:
        """Say what the underline means, and of which day and section the paper is."""
        legend = self.document.legend
        facts = GAP.join(self.document.stamp.facts)
        if not legend:
            yield Span(facts)
            return
        word = "下線" if legend.startswith("下線") else ""
        yield Span("（")
        if word:
            yield Span(word, underlined=True)
        yield Span(legend.removeprefix(word) + "）" + (GAP + facts if facts else ""))

    def _block(self, block: Block) -> Iterator[Para | PaperTable]:
        match block:
            case Heading():
                yield _para(f"Heading{block.level}", block.text)
            case Paragraph():
                yield self._paragraph(block)
            case Table():
                if block.caption:
                    yield _para("Heading3", block.caption)
                yield self._comparison(block) if block.compares or block.code == "stages" else self._general(block)
            case _:
                assert_never(block)

    def _paragraph(self, block: Paragraph) -> Para:
        """Set a paragraph or an item of a list; lines of a tree are indented by their depth."""
        sign = "" if block.branch else block.bullet
        flags = f"　【{flag_words(block.flags)}】" if block.flags else ""
        spans = (*((Span(sign),) if sign else ()), *self._spans(block.runs), Span(flags))
        if block.role == "part":
            return Para("ShinkyuContents", spans)
        if not sign and not block.indent:
            return Para(BODY, spans)
        if sign == "※":
            return Para("ShinkyuRemark", spans)
        return Para("ShinkyuItem", spans, (1 + 2 * block.indent, 1) if block.indent else None)

    def _spans(self, runs: Sequence[Run]) -> list[Span]:
        """Set runs, the changed ones underlined."""
        both = self.options.underline == "both"
        return [
            Span(each.text, each.mark == "new" or (both and each.mark == "old"), bold=each.strong)
            for each in runs
            if each.text
        ]

    def _labelled(self, line: Line, style: str) -> Para:
        runs = line.runs
        if line.label:
            gap = line.label_mark if runs and runs[0].mark == line.label_mark else ""
            runs = (Run(line.label, line.label_mark), Run(GAP, gap), *runs)
        return Para(style, tuple(self._spans(runs)))

    def _comparison(self, block: Table) -> PaperTable:
        """Set a 新旧対照表: both sides with changes underlined, remarks in a third column where there is one."""
        sides = SIDES if block.compares else len(block.columns) - 1
        end = sides + block.leading
        order = (*range(sides, end), *range(sides), *range(end, len(block.columns)))
        columns = [block.columns[at] for at in order]
        widths = _shares(columns, self.room)
        rows = [_head(columns, widths)]
        for each, after in zip_longest(block.rows, block.rows[1:]):
            lines = self._beside(each, len(block.columns), sides, leads=after is not None and _leads(each, after))
            rows += (replace(row, cells=tuple(row.cells[at] for at in order)) for row in lines)
        title = self.document.title
        return PaperTable(widths, tuple(rows), title, self.document.legend or title)

    def _beside(self, each: Row, columns: int, sides: int, *, leads: bool) -> Iterator[PaperRow]:
        """Set a row line by line, so that lines that belong together stand side by side on any page.

        What is said of the row stands beside all of them. A short row stays on one page, a heading with the line below.
        """
        lines = [*zip_longest(*(cell.lines for cell in each.cells[:sides]), fillvalue=_BLANK)] or [(_BLANK,) * sides]
        beside = [self._remarks(cell) for cell in each.filled(columns)[sides:]]
        is_short = len(lines) <= LINES and sum(max(len(line.text) for line in pair) for pair in lines) < PROSE
        for at, pair in enumerate(lines):
            heads = any(line.kind in _HEADS for line in pair)
            yield PaperRow(
                (
                    *((self._labelled(line, _style(line, each.role)),) for line in pair),
                    *([None] * len(beside) if at else beside),
                ),
                _PART_SHADE if each.role in _SHADED else "",
                ruled=each.role in _RULED and not at,
                whole=all(len(line.text) < PROSE for line in pair),
                joined=at > 0,
                keep=(is_short or heads) if at < len(lines) - 1 else heads and leads,
            )

    def _remarks(self, cell: Cell) -> tuple[Para, ...]:
        """Set what is said about a row: kinds in one line each, notes below them."""
        return tuple(
            _para("ShinkyuFlag", flag_words(line.flags)) if line.flags else self._labelled(line, _style(line, "plain"))
            for line in cell.lines
        ) or (Para("ShinkyuFlag"),)

    def _general(self, block: Table) -> PaperTable:
        """Set a table of any columns; a row's kinds stand in the column whose code is "flags"."""
        block = block.fitted(MOST_COLUMNS)
        widths = _fitted(block, self.room)
        rows = [_head(block.columns, widths)] if any(column.title for column in block.columns) else []
        noted = block.flagged or 0
        for each in block.rows:
            cells = []
            if len(each.cells) == 1 < len(block.columns):
                head = tuple(self._labelled(line, "ShinkyuCell") for line in each.cells[0].lines)
                rows.append(PaperRow((head,), _PART_SHADE, each.role in _RULED, keep=True))
                continue
            for at, (column, cell) in enumerate(zip(block.columns, each.filled(len(block.columns)), strict=True)):
                style = "ShinkyuNumber" if column.align == "right" else "ShinkyuCell"
                text = [self._labelled(line, style) for line in cell.lines]
                if column.code == "flags" and each.flags:
                    text = [_para("ShinkyuFlag", flag_words(each.flags))]
                if at == noted and each.note:
                    text.append(_para("ShinkyuNote", each.note))
                cells.append(tuple(text) or (Para(style),))
            shade = _PART_SHADE if each.role in _SHADED else ""
            rows.append(PaperRow(tuple(cells), shade, each.role in _RULED))
        title = self.document.title
        return PaperTable(widths, tuple(rows), block.caption or title, title)


def _leads(row: Row, after: Row) -> bool:
    """Check whether a row is the heading of the next one, which then is deeper."""
    depths = [
        min((line.indent for cell in each.cells[:SIDES] for line in cell.lines), default=0) for each in (row, after)
    ]
    return row.role == "part" or depths[0] < depths[1]


def _para(style: str, text: str) -> Para:
    return Para(style, (Span(text),))


def _passage(block: Paragraph) -> Para:
    """Set a paragraph of the plan's own text, its changes tracked; where it comes or goes whole, so does its mark."""
    marks = {run.mark for run in block.runs}
    spans = tuple(Span(run.text, tracked=run.mark, move=run.move) for run in block.runs)
    return Para(_passage_style(block), spans, tracked=marks.pop() if len(marks) == 1 else "")


def _introduces(block: Paragraph, after: Block | None) -> bool:
    """Check whether a passage names what follows, which then stands on the same page."""
    if not isinstance(after, Paragraph) or block.kind != "heading":
        return False
    return after.kind in ("body", "kpi") or after.indent > block.indent


def _passage_style(block: Paragraph) -> str:
    match block.kind:
        case "title":
            return "ShinkyuTitle"
        case "subtitle":
            return "ShinkyuRight"
        case "kpi":
            return "ShinkyuTarget" if block.role in _OWN_TARGETS else "ShinkyuKpi"
        case "heading" if block.role in _SHADED:
            return "Heading1"
        case "heading" if block.role in ("goal", "text"):
            return "Heading2" if block.indent < SIDES else "Heading3"
        case "heading" if block.role == "viewpoint":
            return "ShinkyuViewpoint"
        case "heading":
            return _TITLES[block.role]
        case "body" | "":
            return "ShinkyuExplanation" if block.role in _EXPLAINED else BODY
        case _:
            assert_never(block.kind)


def _style(line: Line, role: Role) -> str:
    """Choose the paragraph style of a line of a cell."""
    match line.kind:
        case "kpi":
            return "ShinkyuTarget" if role in _OWN_TARGETS else "ShinkyuKpi"
        case "body":
            return "ShinkyuExplanation" if role in _EXPLAINED else BODY
        case "heading":
            return "ShinkyuViewpoint" if role == "viewpoint" else _TITLES[role]
        case "omitted" | "absent" | "blank":
            return BODY if role == "viewpoint" or (role == "text" and not line.label) else _TITLES[role]
        case "note":
            return "ShinkyuNote"
        case "flag":
            return "ShinkyuFlag"
        case "title" | "value":
            return _TITLES[role]
        case _:
            assert_never(line.kind)


def _head(columns: Sequence[Column], widths: Sequence[int]) -> PaperRow:
    """Set the row of headings; one that is too long for a line is broken before its bracket."""
    cells = []
    for column, width in zip(columns, widths, strict=True):
        fits = width_of(column.title, 2) * _DIGIT + mm(PADDING) <= width
        lines = (column.title,) if fits else column.halves
        cells.append(tuple(_para("ShinkyuHead", line) for line in lines))
    return PaperRow(tuple(cells), _HEAD_SHADE, head=True)


def _shares(columns: Sequence[Column], room: int) -> tuple[int, ...]:
    """Share the width out in twips, so that the columns fill it exactly."""
    total = sum(max(1, column.share) for column in columns)
    widths = [room * max(1, column.share) // total for column in columns]
    return (widths[0] + room - sum(widths), *widths[1:])


def _fitted(block: Table, room: int) -> tuple[int, ...]:
    """Share the width out so that no number is broken and no heading stands a character a line, where there is room."""
    rows = [row for row in block.rows if len(row.cells) == len(block.columns)]
    whole = [_whole(column, [row.cells[at].text for row in rows]) for at, column in enumerate(block.columns)]
    titles = [max(width_of(line, 2) for line in column.halves) for column in block.columns]
    for heading in range(BRACKET, 0, -2):
        floors = [_DIGIT * max(most, min(title, heading)) for most, title in zip(whole, titles, strict=True)]
        if found := _widths(block.columns, [each + mm(PADDING) for each in floors], room, _DIGIT * heading):
            return found
    return _shares(block.columns, room)


def _whole(column: Column, texts: Sequence[str]) -> int:
    """Count the half-width characters of what is not broken in a column: its numbers, or labels that are all short."""
    if column.align == "right":
        return max((kept_whole(text, 2) for text in texts), default=0)
    widest = max((width_of(text, 2) for text in texts), default=0)
    if column.code.endswith("-year"):
        return min(widest, YEAR)
    return widest if widest <= HEADING else 0


def _widths(columns: Sequence[Column], floors: Sequence[int], room: int, least: int) -> tuple[int, ...]:
    """Share the width out with no column below its floor; nothing where the others would have less than `least`."""
    widths = _shares(columns, room)
    narrow: frozenset[int] = frozenset()
    while found := [at for at, width in enumerate(widths) if width < floors[at] and at not in narrow]:
        narrow |= frozenset(found)
        rest = [column for at, column in enumerate(columns) if at not in narrow]
        left = room - sum(floors[at] for at in narrow)
        if not rest or left < len(rest) * least:
            return ()
        shared = iter(_shares(rest, left))
        widths = tuple(floors[at] if at in narrow else next(shared) for at in range(len(floors)))
    return widths
