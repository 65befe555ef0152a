"""Grid: tables of printed lines, drawn so that every line takes the same number of cells.

Text in the cells is wrapped before it comes here; a grid pads, aligns and draws the rules, with or without a border.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from atsugi_cli.formats.options import Options
from atsugi_cli.frozen import frozen

Drawn = tuple[str, int]
"""A line as printed, colour codes included, and the cells it takes."""

Align = Literal["left", "right", "center"]


@frozen
class Frame:
    """The signs a table is drawn with; `top` and `bottom` are empty where a table has no outer border."""

    left: str
    between: str
    right: str
    fill: str
    top: tuple[str, str, str] | None
    rule: tuple[str, str, str]
    bottom: tuple[str, str, str] | None

    def room(self, width: int, columns: int) -> int:
        """Count the cells that are left for the text of so many columns in a table of this width."""
        return width - len(self.left) - len(self.right) - len(self.between) * (columns - 1)


BOX: Final = Frame("│ ", " │ ", " │", "─", ("┌─", "─┬─", "─┐"), ("├─", "─┼─", "─┤"), ("└─", "─┴─", "─┘"))
ASCII: Final = Frame("| ", " | ", " |", "-", ("+-", "-+-", "-+"), ("+-", "-+-", "-+"), ("+-", "-+-", "-+"))
OPEN: Final = Frame("", " | ", "", "-", None, ("", "-+-", ""), None)


@frozen
class GridRow:
    """A row ready to draw: the lines of its cells, and whether a rule stands above. A lone cell spans all columns."""

    cells: Sequence[Sequence[Drawn]]
    ruled: bool = False


def frame_for(options: Options) -> Frame:
    """Choose the frame; where fonts draw ambiguous characters two cells wide, box signs would not meet."""
    if not options.framed:
        return OPEN
    return ASCII if options.ascii or options.ambiguous > 1 else BOX


def span(widths: Sequence[int], frame: Frame) -> int:
    """Count the cells of a lone cell that spans all columns."""
    return sum(widths) + len(frame.between) * (len(widths) - 1)


def shared(wanted: Sequence[int], floors: Sequence[int], shares: Sequence[int], room: int) -> list[int]:
    """Divide `room` cells among columns: what fits gets what it wants, the others share the rest.

    No column gets less than its floor; where that cannot be, gives nothing.
    """
    if sum(floors) > room:
        return []
    widths = list(floors)
    waiting = list(range(len(widths)))
    while waiting:
        weight = sum(shares[at] for at in waiting)
        settled = {at: floors[at] for at in waiting if floors[at] * weight > room * shares[at]} or {
            at: wanted[at] for at in waiting if wanted[at] * weight <= room * shares[at]
        }
        if not settled:
            settled = {at: room * shares[at] // weight for at in waiting}
        for at, width in settled.items():
            widths[at] = width
            room -= width
        waiting = [at for at in waiting if at not in settled]
    return widths


def draw(
    widths: Sequence[int],
    head: GridRow | None,
    rows: Iterable[GridRow],
    frame: Frame,
    aligns: Sequence[Align] | None = None,
) -> list[str]:
    """Draw a table as lines; a rule stands under the head and above every ruled row but the first."""
    aligns = aligns or ["left"] * len(widths)
    fills = [frame.fill * width for width in widths]
    rule = _ruled(fills, frame.rule)
    lines = [] if frame.top is None else [_ruled(fills, frame.top)]
    if head:
        lines += _drawn(head, widths, frame, aligns)
        lines.append(rule)
    for number, row in enumerate(rows):
        if row.ruled and number:
            lines.append(rule)
        lines += _drawn(row, widths, frame, aligns)
    if frame.bottom is not None:
        lines.append(_ruled(fills, frame.bottom))
    return lines


def _ruled(fills: Sequence[str], signs: tuple[str, str, str]) -> str:
    left, between, right = signs
    return left + between.join(fills) + right


def _drawn(row: GridRow, widths: Sequence[int], frame: Frame, aligns: Sequence[Align]) -> list[str]:
    """Draw one row as high as its highest cell, and at least one line high."""
    if len(row.cells) < len(widths):
        widths, aligns = (span(widths, frame),), ("left",)
    height = max(1, *map(len, row.cells))
    columns = []
    for cell, width, align in zip(row.cells, widths, aligns, strict=True):
        column = [_padded(text, width - cells, align) for text, cells in cell]
        column += [" " * width] * (height - len(cell))
        columns.append(column)
    lines = [frame.left + frame.between.join(texts) + frame.right for texts in zip(*columns, strict=True)]
    return lines if frame.right else [line.rstrip(" ") for line in lines]


def _padded(text: str, blanks: int, align: Align) -> str:
    match align:
        case "left":
            return text + " " * blanks
        case "right":
            return " " * blanks + text
        case "center":
            return " " * (blanks // 2) + text + " " * (blanks - blanks // 2)
