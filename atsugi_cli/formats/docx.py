"""Word: papers as .docx with named paragraph styles, and 見え消し with real tracked changes."""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from atsugi_cli.document import (
    Block,
    Cell,
    Column,
    Document,
    Flag,
    Heading,
    Line,
    Paragraph,
    Role,
    Row,
    Run,
    Stamp,
    Table,
)
from atsugi_cli.formats import wordml
from atsugi_cli.formats.archive import pack
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.wordml import LANDSCAPE, PORTRAIT, Page, cell, paragraph, row, run, table
from atsugi_cli.layout.labels import stamp as stamped
from atsugi_cli.layout.passages import Passage, Step, passages, steps, woven
from atsugi_cli.levels import Profile
from atsugi_cli.model import Strategy
from atsugi_cli.revision import Revision
from atsugi_cli.width import width_of

SIDES: Final = 2
PORTRAIT_COLUMNS: Final = 8
"""A table of more columns is set on a landscape page (2 cm a column would not hold a word of five characters)."""
PROSE: Final = 400
"""Characters of a cell from which its row may be broken over two pages (about a third of a landscape page)."""
NUMBER_SIZE: Final = 11
"""Points by which the width of numbers and headings is reckoned, a little more than they are set in."""
HEADING: Final = 8
"""Digits of a heading (four characters) that stand in one line."""
PADDING: Final = 4
"""Millimetres that both margins of a cell take, with its lines."""
TREE_STEP: Final = 3
"""Characters of one step of a drawn tree: 「│  」."""
GAP: Final = "\u3000"

_HEAD_SHADE: Final = "E7E6E6"
_PART_SHADE: Final = "F2F2F2"
_BRANCHES: Final = " │├└─"

_RULED: Final = frozenset({"part", "section", "viewpoint", "goal", "text", "head", "total"})
"""Rows with a solid line above; the others are parted by a dotted one."""
_SHADED: Final = frozenset({"part", "section", "head", "total"})

_TITLES: Final[dict[Role, str]] = {
    "part": "ShinkyuPart",
    "section": "ShinkyuPart",
    "viewpoint": wordml.BODY,
    "goal": "ShinkyuGoal",
    "policy": "ShinkyuPolicy",
    "initiative": "ShinkyuInitiative",
    "project": "ShinkyuProject",
    "text": "ShinkyuSubhead",
    "plain": wordml.BODY,
    "head": "ShinkyuHead",
    "total": "ShinkyuGoal",
}
_EXPLAINED: Final = frozenset({"policy", "initiative", "project"})
_OWN_TARGETS: Final = frozenset({"goal", "viewpoint", "text", "part", "section"})


def write(document: Document, options: Options) -> bytes:
    """Print a document: a comparison on landscape A4, others upright unless a table is too wide for that.

    With `options.template` (the bytes of a city's own .docx) the body goes into that file; ValueError, with a sentence
    for the user, where the bytes are no Word document.
    """
    page = _page(document)
    if options.template is not None:
        from atsugi_cli.formats.docx_template import fill, room

        page_room = room(options.template, page)
        titled, bare = (_body(document, page_room, options, title=title) for title in (True, False))
        return fill(options.template, titled, bare)
    body = _body(document, page.room, options, title=True)
    header = GAP.join(filter(None, (document.title, document.subtitle)))
    return pack(wordml.package(body, page, document.title, header, document.stamp))


def _page(document: Document) -> Page:
    wide = any(
        isinstance(block, Table) and (block.code == "comparison" or len(block.columns) > PORTRAIT_COLUMNS)
        for block in document.blocks
    )
    return LANDSCAPE if wide else PORTRAIT


def _body(document: Document, room: int, options: Options, *, title: bool) -> str:
    """Set title, legend and blocks; a table last needs a paragraph behind it."""
    parts = [paragraph("ShinkyuTitle", run(document.title))] if title else []
    parts.append(paragraph("ShinkyuLegend", _legend(document)))
    if document.code != "comparison" and document.subtitle and title:
        parts.insert(1, paragraph("ShinkyuRight", run(document.subtitle)))
    for at, block in enumerate(document.blocks):
        if isinstance(block, Table) and at and isinstance(document.blocks[at - 1], Table):
            parts.append(paragraph(wordml.BODY, ""))  # Word joins tables that touch
        parts.append(_block(block, document, room, options))
    if document.blocks and isinstance(document.blocks[-1], Table):
        parts.append(paragraph("ShinkyuRemark", ""))
    return "".join(parts)


def _legend(document: Document) -> str:
    """Say what the underline means, and of which day and section the paper is."""
    facts = GAP.join(filter(None, (document.stamp.date, document.stamp.owner)))
    if not document.legend:
        return run(facts)
    word = "下線" if document.legend.startswith("下線") else ""
    shown = run(word, underlined=True) if word else ""
    return f"{run('（')}{shown}{run(document.legend.removeprefix(word) + '）' + (GAP + facts if facts else ''))}"


def _block(block: Block, document: Document, room: int, options: Options) -> str:
    match block:
        case Heading():
            return paragraph(f"Heading{block.level}", run(block.text))
        case Paragraph():
            return _paragraph(block, options)
        case Table():
            caption = paragraph("Heading3", run(block.caption)) if block.caption else ""
            if block.code == "comparison" and len(block.columns) >= SIDES:
                return caption + _comparison(block, document, room, options)
            return caption + _general(block, document, room, options)
        case _:
            assert_never(block)


def _paragraph(block: Paragraph, options: Options) -> str:
    """Set a paragraph; the branches of a drawn tree become its indent."""
    branch = max(block.bullet.find("├"), block.bullet.find("└"))
    below = bool(block.bullet) and not block.bullet.strip(_BRANCHES)  # hangs on a line of the tree without a branch
    drawn = branch >= 0 or below
    steps_in = branch // TREE_STEP if branch >= 0 else len(block.bullet) // TREE_STEP - 1 if below else 0
    depth = block.indent + max(steps_in, 0)
    sign = "" if drawn else block.bullet
    content = (run(sign) if sign else "") + _runs(block.runs, options) + run(_flags(block.flags, "　【{}】"))
    if not sign and not depth:
        return paragraph(wordml.BODY, content)
    if sign == "※":
        return paragraph("ShinkyuRemark", content)
    more = wordml.indented(1 + 2 * depth, 1) if depth else ""
    return paragraph("ShinkyuItem", content, more)


def _flags(flags: Iterable[Flag], form: str = "{}") -> str:
    """Name change kinds; one that the author did not declare says so."""
    words = "・".join(f"{flag.label}（推定）" if flag.proposed else flag.label for flag in flags)
    return form.format(words) if words else ""


def _runs(runs: Iterable[Run], options: Options) -> str:
    """Set runs, the changed ones underlined."""
    both = options.underline == "both"
    return "".join(
        [run(each.text, underlined=each.mark == "new" or (both and each.mark == "old")) for each in runs if each.text]
    )


# --- tables -----------------------------------------------------------------------------------------------------------


def _shares(columns: Sequence[Column], room: int) -> list[int]:
    """Share the width out in twips, so that the columns fill it exactly."""
    total = sum(max(1, column.share) for column in columns)
    widths = [room * max(1, column.share) // total for column in columns]
    widths[0] += room - sum(widths)
    return widths


def _fitted(block: Table, room: int) -> list[int]:
    """Share the width out so that no number is broken and no heading stands a character a line, where there is room."""
    digit = round(NUMBER_SIZE * wordml.TWIPS_PER_POINT / 2)
    floors = []
    for at, column in enumerate(block.columns):
        texts = [row.cells[at].text for row in block.rows if at < len(row.cells)] if column.align == "right" else []
        most = max((width_of(text, 2) for text in texts), default=0)
        floors.append(digit * max(most, min(width_of(column.title, 2), HEADING)) + wordml.mm(PADDING))
    widths = _shares(block.columns, room)
    narrow: frozenset[int] = frozenset()
    while found := [at for at, width in enumerate(widths) if width < floors[at] and at not in narrow]:
        narrow |= frozenset(found)
        rest = [column for at, column in enumerate(block.columns) if at not in narrow]
        left = room - sum(floors[at] for at in narrow)
        if not rest or left < room // 2:
            return _shares(block.columns, room)
        shared = iter(_shares(rest, left))
        widths = [floors[at] if at in narrow else next(shared) for at in range(len(floors))]
    return widths


def _head(columns: Sequence[Column], widths: Sequence[int]) -> str:
    cells = (
        cell(width, paragraph("ShinkyuHead", run(column.title)), shade=_HEAD_SHADE)
        for column, width in zip(columns, widths, strict=True)
    )
    return row(cells, head=True)


def _comparison(block: Table, document: Document, room: int, options: Options) -> str:
    """Set a 新旧対照表: both sides with changes underlined, remarks in a third column where there is one."""
    widths = _shares(block.columns, room)
    rows = [_head(block.columns, widths)]
    for each in block.rows:
        shade = _PART_SHADE if each.role in _SHADED else ""
        ruled = each.role in _RULED
        cells = [_side(side, each.role, options) for side in each.cells[:SIDES]]
        cells += [_remarks(each, column, at, options) for at, column in enumerate(block.columns[SIDES:], SIDES)]
        cells += [paragraph(wordml.BODY, "")] * (len(widths) - len(cells))
        whole = not any(len(line.text) >= PROSE for side in each.cells for line in side.lines)
        rows.append(
            row(
                (cell(width, text, shade=shade, ruled=ruled) for width, text in zip(widths, cells, strict=True)),
                whole=whole,
            )
        )
    return table(widths, rows, document.title, document.legend or document.title)


def _side(side: Cell, role: Role, options: Options) -> str:
    return "".join([_line(line, role, options) for line in side.lines]) or paragraph(wordml.BODY, "")


def _line(line: Line, role: Role, options: Options) -> str:
    """Set one paragraph of a cell in the style of its kind and of its row."""
    content = _labelled(line, options)
    if role in _SHADED and not line.text.startswith("【"):
        content = run("【") + content + run("】")
    return paragraph(_style(line, role), content)


def _labelled(line: Line, options: Options) -> str:
    if not line.label:
        return _runs(line.runs, options)
    gap = line.label_mark if line.runs and line.runs[0].mark == line.label_mark else ""
    return _runs((Run(line.label, line.label_mark), Run(GAP, gap), *line.runs), options)


def _style(line: Line, role: Role) -> str:
    """Choose the paragraph style of a line."""
    match line.kind:
        case "kpi":
            return "ShinkyuTarget" if role in _OWN_TARGETS else "ShinkyuKpi"
        case "body":
            return "ShinkyuExplanation" if role in _EXPLAINED else wordml.BODY
        case "heading":
            return "ShinkyuViewpoint" if role == "viewpoint" else _TITLES[role]
        case "omitted" | "absent" | "blank":
            return wordml.BODY if role in ("text", "viewpoint") else _TITLES[role]
        case "note":
            return "ShinkyuNote"
        case "flag":
            return "ShinkyuFlag"
        case "title" | "value":
            return _TITLES[role]
        case _:
            assert_never(line.kind)


def _remarks(each: Row, column: Column, at: int, options: Options) -> str:
    """Set what is said about a row: its kinds in one line, then the words of its cell, then its note."""
    lines = each.cells[at].lines if at < len(each.cells) else ()
    shown = "" if column.code == "reason" else _flags(each.flags)
    parts = [paragraph("ShinkyuFlag", run(shown))] if shown else []
    kept = [line for line in lines if line.kind != "flag" or not shown]
    parts += [paragraph(_style(line, "plain"), _labelled(line, options)) for line in kept]
    said = {line.text for line in kept}
    parts += [paragraph("ShinkyuNote", run(note)) for note in each.note.split("\n") if note and note not in said]
    return "".join(parts) or paragraph("ShinkyuFlag", "")


def _general(block: Table, document: Document, room: int, options: Options) -> str:
    """Set a table of any columns; a row's kinds stand in the column whose code is "flags"."""
    widths = _fitted(block, room)
    rows = [_head(block.columns, widths)]
    noted = next((at for at, column in enumerate(block.columns) if column.code == "flags"), 0)
    for each in block.rows:
        cells = []
        for at, column in enumerate(block.columns):
            lines = each.cells[at].lines if at < len(each.cells) else ()
            style = "ShinkyuNumber" if column.align == "right" else "ShinkyuCell"
            text = [paragraph(style, _labelled(line, options)) for line in lines]
            if column.code == "flags" and each.flags:
                text = [paragraph("ShinkyuFlag", run(_flags(each.flags)))]
            if at == noted and each.note:
                text.append(paragraph("ShinkyuNote", run(each.note)))
            cells.append("".join(text) or paragraph(style, ""))
        shade = _PART_SHADE if each.role in _SHADED or len(each.cells) == 1 < len(widths) else ""
        ruled = each.role in _RULED
        rows.append(row(cell(width, text, shade=shade, ruled=ruled) for width, text in zip(widths, cells, strict=True)))
    return table(widths, rows, block.caption or document.title, document.title)


# --- 見え消し and 溶け込み --------------------------------------------------------------------------------------------


def clean(strategy: Strategy, profile: Profile, options: Options) -> bytes:
    """Print the whole text of one edition (溶け込み)."""
    del options
    content = "".join(paragraph(_passage_style(each), run(each.text)) for each in passages(strategy, profile))
    return _text_paper(content, strategy, "", stamped(strategy, style=profile.era))


def redline(revision: Revision, profile: Profile, options: Options) -> bytes:
    """Print the whole text of the new edition with every change tracked (見え消し).

    Accepting all changes gives the paragraphs of `clean(revision.new)`, rejecting all those of `clean(revision.old)`.
    The author of the changes is the section in charge, their date that of the new edition.
    """
    del options
    new = revision.new
    tracker = _Tracker(new.edition.owner or new.plan.municipality or new.plan.title, new.edition.date)
    content = "".join([tracker.paragraph(step) for step in steps(revision, profile)])
    return _text_paper(content, new, "見え消し", stamped(revision.old, new, style=profile.era))


def _text_paper(content: str, strategy: Strategy, word: str, stamp: Stamp) -> bytes:
    """Finish a paper of running text; Word cannot take the last paragraph mark away, so none of the text's is last."""
    body = content + paragraph(wordml.BODY, "")
    title = GAP.join(filter(None, (strategy.plan.title, word)))
    header = GAP.join(filter(None, (title, f"{stamp.old} → {stamp.new}" if stamp.old else stamp.new)))
    return pack(wordml.package(body, PORTRAIT, title, header, stamp))


def _passage_style(passage: Passage) -> str:
    match passage.kind:
        case "title":
            return "ShinkyuTitle"
        case "subtitle":
            return "ShinkyuRight"
        case "kpi":
            return "ShinkyuTarget" if passage.role in _OWN_TARGETS else "ShinkyuKpi"
        case "body":
            return "ShinkyuExplanation" if passage.role in _EXPLAINED else wordml.BODY
        case "heading" if passage.role in _SHADED:
            return "Heading1"
        case "heading" if passage.role in ("goal", "text"):
            return "Heading2" if passage.depth < SIDES else "Heading3"
        case "heading" if passage.role == "viewpoint":
            return "ShinkyuViewpoint"
        case "heading":
            return _TITLES[passage.role]
        case _:
            assert_never(passage.kind)


class _Tracker:
    """Sets steps as tracked changes: each with a number of its own, all by one author on one day."""

    def __init__(self, author: str, date: str) -> None:
        self._number = 0
        day = date if len(date) == len("2023-10-17") else ""
        self._by = f'w:author="{wordml.escaped(author)}"' + (f' w:date="{day}T00:00:00Z"' if day else "")

    def paragraph(self, step: Step) -> str:
        """Set one paragraph; where it comes or goes whole, so does its mark."""
        match step:
            case Step(Passage() as old, Passage() as new):
                content = "".join([self._run(each) for each in woven(old.text, new.text)])
                return paragraph(_passage_style(new), content)
            case Step(None, Passage() as new):
                mark = f"<w:rPr>{self._tag('ins')}/></w:rPr>"
                return paragraph(_passage_style(new), self._run(Run(new.text, "new")), mark)
            case Step(Passage() as old, None):
                mark = f"<w:rPr>{self._tag('del')}/></w:rPr>"
                return paragraph(_passage_style(old), self._run(Run(old.text, "old")), mark)
            case _:
                raise ValueError(step)

    def _tag(self, name: str) -> str:
        self._number += 1
        return f'<w:{name} w:id="{self._number}" {self._by}'

    def _run(self, each: Run) -> str:
        match each.mark:
            case "":
                return run(each.text)
            case "old":
                return f"{self._tag('del')}>{run(each.text, tag='delText')}</w:del>"
            case "new":
                return f"{self._tag('ins')}>{run(each.text)}</w:ins>"
            case _:
                assert_never(each.mark)
