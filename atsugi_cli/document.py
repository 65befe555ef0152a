"""Document: what a paper says, laid out but not yet drawn.

Layout decides once what is collapsed, labelled and underlined; Word, Excel, HTML, Markdown and terminals only print it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import zip_longest
from typing import Final, Literal

from atsugi_cli.frozen import frozen

SIDES: Final = 2
"""Columns of a comparison that hold the two editions; a third is for remarks."""

Mark = Literal["", "old", "new"]
"""How a run is marked: not at all, as wording that goes (old), or as wording that comes (new)."""

Role = Literal[
    "part", "section", "viewpoint", "goal", "policy", "initiative", "project", "text", "plain", "head", "total"
]
"""What a row of a table is about; levels of other cities are mapped onto the nearest of these by depth."""


@frozen
class Run:
    """A piece of text in one style; what goes here and comes elsewhere has the same number of a move at both places."""

    text: str
    mark: Mark = ""
    move: int = 0
    strong: bool = False


@frozen
class Line:
    """One paragraph of a cell.

    `label` is the printed number or label (①, 1, 視点2, KPI), `kind` says what the line is: heading (a part, goal or
    viewpoint label), title, body, kpi, omitted（略）, absent（新設）, note. `indent` counts levels from 0.
    """

    runs: tuple[Run, ...] = ()
    label: str = ""
    kind: Literal["heading", "title", "body", "kpi", "omitted", "absent", "note", "flag", "value", "blank"] = "body"
    indent: int = 0
    label_mark: Mark = ""
    flags: tuple["Flag", ...] = ()

    @property
    def text(self) -> str:
        """Return the words of the line without its label."""
        return "".join(run.text for run in self.runs)


BLANK: Final = Line(kind="blank")
"""What stands where a side has no counterpart for a line."""


IN_CHECK: Final = "確認中"
"""What a paper that is handed out says of a guess that may be wrong: it is no fact yet."""


@frozen
class Flag:
    """A change kind as printed beside an item.

    `proposed` ones were not declared by the author, `doubtful` ones may be wrong.
    """

    code: str
    label: str
    proposed: bool = False
    doubtful: bool = False

    @property
    def handed_out(self) -> "Flag":
        """Return the flag as what leaves the office prints it: no guess is told, and no doubtful one is a fact."""
        return Flag(self.code, f"{self.label}（{IN_CHECK}）" if self.doubtful else self.label)

    @property
    def words(self) -> str:
        """Return the label; a kind that the author did not declare says so."""
        return f"{self.label}（推定）" if self.proposed else self.label


def flag_words(flags: Iterable[Flag]) -> str:
    """Name change kinds in one word."""
    return "・".join(flag.words for flag in flags)


@frozen
class Cell:
    """The lines of one cell; `value` is the number behind it where a spreadsheet should get a true number.

    `figure` is the number in the words of a cell that is no true number (約1,200, 48.3（速報値）), to be drawn.
    """

    lines: tuple[Line, ...] = ()
    value: float | int | None = None
    figure: float | int | None = None

    @property
    def text(self) -> str:
        """Return the cell's words, a line each."""
        return "\n".join(f"{line.label}{line.text}" for line in self.lines)


@frozen
class Column:
    """A column: its heading, its share of the width, and how its cells are set.

    A column with `bands` holds rates in per cent, which are drawn as bars where a format can: the bands begin at these
    numbers. A column that `leads` says where a row belongs; paper prints it once for rows that follow one another. A
    column `with_` the code of another stands in that one's cells where there is little room: as when its value is
    reached, or as one more value, which has the words `when` before it.
    """

    title: str
    share: int = 1
    align: Literal["left", "right", "center"] = "left"
    code: str = ""
    bands: tuple[float, ...] = ()
    leads: bool = False
    with_: str = ""
    when: str = ""

    @property
    def halves(self) -> tuple[str, ...]:
        """Return its heading in the lines it takes where it has no room on one: a bracket begins the second."""
        name, bracket, rest = self.title.partition("（")
        return (name, bracket + rest) if name and bracket else (self.title,)


@frozen
class Row:
    """One row: its cells in column order, the change kinds it carries, and what （略） stands for.

    `key` identifies the row within the table (path of ids) for links; `hidden` are the rows that an unchanged,
    collapsed row stands for. `changed` is false for rows that only give context. `note` holds its remarks and
    `reason` its reasons, a line each, for filters and sheets; `stands` names by id
    what stands here on the old and on the new side, `refers` what it refers to elsewhere.
    """

    role: Role
    cells: tuple[Cell, ...]
    flags: tuple[Flag, ...] = ()
    key: str = ""
    note: str = ""
    hidden: tuple["Row", ...] = ()
    changed: bool = False
    label: str = ""
    number: str = ""
    reason: str = ""
    stands: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    refers: tuple[str, ...] = ()

    @property
    def pairs(self) -> Iterator[tuple[Line, Line]]:
        """Iterate over the lines of both editions, each beside its counterpart."""
        left, right = self.filled(SIDES)
        return zip_longest(left.lines, right.lines, fillvalue=BLANK)

    @property
    def beside(self) -> tuple[Line, ...]:
        """Return what is printed beside both editions: kinds, remarks and reasons."""
        return tuple(line for cell in self.cells[SIDES:] for line in cell.lines)

    def filled(self, count: int) -> tuple[Cell, ...]:
        """Return as many cells as there are columns."""
        return (*self.cells[:count], *[Cell()] * (count - len(self.cells)))


WHOLE: Final = "計画全体"
"""What heads rows that belong to the plan as a whole."""


@frozen
class Table:
    """Rows under columns. `code` says which table it is (comparison, kpis, counts …).

    The first cells of a comparison are the two editions; `leading` of the others stand before them on paper.
    """

    code: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    leading: int = 0

    @property
    def compares(self) -> bool:
        """Check whether it sets two editions side by side."""
        return self.code == "comparison" and len(self.columns) >= SIDES

    @property
    def grouped(self) -> "Table":
        """Return the table as paper prints it: what leads rows that follow one another stands once, across them."""
        leading = [at for at, column in enumerate(self.columns) if column.leads]
        if not leading:
            return self
        rows: list[Row] = []
        said: list[str] | None = None
        for row in self.rows:
            words = [row.cells[at].text for at in leading]
            if words != said:
                named = [f"{self.columns[at].title}：{text}" for at, text in zip(leading, words, strict=True) if text]
                rows.append(Row("goal", (Cell((Line((Run("　".join(named) or WHOLE),), kind="heading"),)),)))
            said = words
            cells = tuple(cell for at, cell in enumerate(row.cells) if at not in leading)
            rows.append(replace(row, cells=cells))
        columns = tuple(column for column in self.columns if not column.leads)
        return replace(self, columns=columns, rows=tuple(rows))

    def fitted(self, most: int) -> "Table":
        """Return the table as it fits where there is room for so many columns, else with years beside the values."""
        grouped = self.grouped
        return grouped if len(grouped.columns) <= most else grouped.dated

    @property
    def dated(self) -> "Table":
        """Return the table with every value and its year in one cell, and several values of one thing in one, too."""
        at = {column.code: number for number, column in enumerate(self.columns)}
        joined = [(each.with_, number) for number, each in enumerate(self.columns) if each.with_]
        more = {code: [number for name, number in joined if name == code] for code in at}
        kept = [number for number, each in enumerate(self.columns) if not each.with_ or each.with_ not in at]
        rows = [
            row
            if len(row.cells) < len(self.columns)
            else replace(row, cells=tuple(self._dated(row, number, more[self.columns[number].code]) for number in kept))
            for row in self.rows
        ]
        return replace(self, columns=tuple(self.columns[number] for number in kept), rows=tuple(rows))

    def _dated(self, row: Row, number: int, more: Sequence[int]) -> Cell:
        cell = row.cells[number]
        years = [row.cells[each].text for each in more if not self.columns[each].when and row.cells[each].text]
        others = [(self.columns[each].when, row.cells[each]) for each in more if self.columns[each].when]
        words = [text for when, other in others if other.text for text in (when, other.text)]
        figure, bracket, state = cell.text.partition("（")  # 48.3（速報値）
        own = [figure, f"{bracket}{state}"]
        words += [*years, *own] if words and cell.text else [*own, *(f"（{year}）" for year in years)]
        return replace(cell, lines=tuple(Line((Run(text),), kind="value") for text in words if text))

    @property
    def narrowed(self) -> "Table":
        """Return a comparison with one column beside both editions; `Row.beside` is what stands in it."""
        rest = self.columns[SIDES:]
        if not self.compares or len(rest) < SIDES:
            return self
        joined = Column("・".join(column.title for column in rest), sum(column.share for column in rest))
        return replace(self, columns=(*self.columns[:SIDES], joined))

    @property
    def flagged(self) -> int | None:
        """Return the position of the column that change kinds stand in, if any."""
        return next((at for at, column in enumerate(self.columns) if column.code == "flags"), None)


@frozen
class Heading:
    """A heading of level 1 to 3 inside the document."""

    text: str
    level: int = 1


ARROW: Final = " → "
"""The run between what a change compares, where both stand in one line."""

BRANCH: Final = "├"
STEM: Final = "│"


@frozen
class Paragraph:
    """A paragraph or, with `bullet`, an item of a list; `indent` counts levels from 0.

    With BRANCH as its bullet it is a line of a tree, which hangs on the one above it that is less indented; with STEM
    it says more of that one. A paragraph of the plan's own text, whose marks Word tracks as changes, says by `kind` and
    `role` what it is there.
    """

    runs: tuple[Run, ...]
    bullet: str = ""
    indent: int = 0
    flags: tuple[Flag, ...] = ()
    kind: Literal["", "title", "subtitle", "heading", "body", "kpi"] = ""
    role: Role = "plain"

    @property
    def branch(self) -> bool:
        """Check whether it is a line of a tree."""
        return self.bullet in (BRANCH, STEM)

    @property
    def text(self) -> str:
        """Return the words of the paragraph."""
        return "".join(run.text for run in self.runs)


Block = Heading | Paragraph | Table


@frozen
class Count:
    """How often a change kind occurs; `group` is the group's Japanese name."""

    code: str
    label: str
    number: int
    group: str = ""


@frozen
class Stamp:
    """What every paper carries: plan, editions, stage, date, section in charge, and the data's fingerprint.

    A paper to be handed out does not print the fingerprint; it stands in the file's properties, with `origin`: the ids
    of plan and editions, each with that of its text in git (reckoned where it is written: 2 % of a diff).
    """

    plan: str
    old: str
    new: str
    stage: str
    date: str
    owner: str
    fingerprint: str
    handout: bool = False
    origin: Callable[[], str] = field(default=str, compare=False, repr=False)
    number: str = ""
    meeting: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """Return for which meeting, of which day and by which section the paper is."""
        return tuple(filter(None, (self.meeting, self.date, self.owner)))

    @property
    def keywords(self) -> str:
        """Return the words of the check number for the properties of a file, or nothing."""
        return self.fingerprint and f"照合番号 {self.fingerprint}"

    @property
    def check(self) -> str:
        """Return the words of the check number where it is printed."""
        return "" if self.handout else self.keywords

    @property
    def editions(self) -> str:
        """Name the editions in one line; two states of one have one name."""
        return " → ".join(dict.fromkeys(filter(None, (self.old, self.new))))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return what is known, in printing order, each part ready to stand in one line beside the others."""
        stage = "" if self.stage in self.editions else self.stage  # the editions say it already
        return tuple(filter(None, (self.number, self.plan, self.editions, stage, *self.facts, self.check)))


@frozen
class Occasion:
    """What a paper is handed out for: its number (資料2), the meeting, and its own day where it has one."""

    number: str = ""
    meeting: str = ""
    date: str = ""

    def stamped(self, stamp: Stamp) -> Stamp:
        """Put it on a stamp; without a day of its own the paper bears that of the edition."""
        return replace(stamp, number=self.number, meeting=self.meeting, date=self.date or stamp.date)


@frozen
class Document:
    """A laid-out paper: a title, what it was made from, counts, blocks in order, and a legend.

    `author` and `day` (ISO) say who made the changes that Word tracks, and when. `annex` holds papers that belong to it
    and that a format with room for several takes in.
    """

    code: str
    title: str
    blocks: tuple[Block, ...]
    stamp: Stamp
    subtitle: str = ""
    counts: tuple[Count, ...] = ()
    legend: str = ""
    author: str = ""
    day: str = ""
    annex: tuple["Document", ...] = ()

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        """Return each group of counts with its counts in words: ("項目", "新規 4、統合 1")."""
        groups: dict[str, list[str]] = {}
        for count in self.counts:
            groups.setdefault(count.group, []).append(f"{count.label} {count.number}")
        return tuple((group, "、".join(words)) for group, words in groups.items())
