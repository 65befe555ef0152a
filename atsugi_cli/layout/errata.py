"""Errata: 正誤表: what was declared to be corrected, as 頁・箇所・誤・正."""

from dataclasses import replace

from atsugi_cli.document import Cell, Column, Document, Line, Paragraph, Row, Run, Table
from atsugi_cli.kinds import BY_CODE
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.levels import Profile
from atsugi_cli.revision import Revision


def errata(revision: Revision, profile: Profile, *, handout: bool = False) -> Document:
    """Lay out the corrections of a step: the comparison of what the author declares to be corrected, and of that only.

    Without any page in the data the table has no column for it.
    """
    paged = any(item.page for side in (revision.old, revision.new) for item in side.items())
    style = replace(
        profile.table,
        columns=("page", "item", "old", "new") if paged else ("item", "old", "new"),
        old_heading="誤",
        new_heading="正",
        headings={},
        legend="下線は訂正した部分",
    )
    profile = replace(profile, table=style)
    codes = [code for code, kind in BY_CODE.items() if kind.corrects]
    found = comparison(revision, profile, only=codes, unfolds=False, handout=handout)
    table = next((block for block in found.blocks if isinstance(block, Table)), None)
    rows = tuple(_corrected(row) for row in (table.rows if table else ()) if row.flags)
    blocks: tuple[Table | Paragraph, ...] = (Paragraph((Run("訂正はありません。"),)),)
    if table and rows:
        columns = tuple(Column("箇所", 14, code=each.code) if each.code == "item" else each for each in table.columns)
        blocks = (replace(table, columns=columns, rows=rows),)
    title = f"{revision.new.plan.title}　正誤表"
    counts = tuple(each for each in found.counts if each.code in codes)
    return replace(found, code="errata", title=title, blocks=blocks, counts=counts)


def _corrected(row: Row) -> Row:
    """Leave out of a row what differs on both sides though nobody says that it was wrong: a new title is no error."""
    cells = [Cell(tuple(lines)) for lines in zip(*filter(_is_told, row.pairs), strict=True)]
    return replace(row, cells=(*cells, *row.cells[len(cells) :]), role="text" if row.role == "part" else row.role)


def _is_told(beside: tuple[Line, Line]) -> bool:
    marked = any(run.mark for line in beside for run in line.runs) or any(line.label_mark for line in beside)
    return marked or beside[0].text == beside[1].text
