"""HTML: a page for the browser, as one file that needs nothing else.

The 新旧対照表 can be narrowed by kind of change and read as 見え消し; printed, it is a handout. Every other document is
set in the same frame. Marks are `<ins>` and `<del>`, so that a screen reader says them too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import groupby
from typing import Final, assert_never

from atsugi_cli.document import (
    BLANK,
    SIDES,
    Cell,
    Column,
    Document,
    Flag,
    Heading,
    Line,
    Mark,
    Paragraph,
    Role,
    Row,
    Run,
    Table,
)
from atsugi_cli.formats.html_page import escaped, framed
from atsugi_cli.formats.markup import asset
from atsugi_cli.formats.options import Options
from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import look_of
from atsugi_cli.match.prose import Segment, pieces
from atsugi_cli.width import width_of

BELOW_TITLE: Final = 2
"""The level of the highest heading in HTML: the title of the page has the first."""
DEEPEST: Final = 5
"""Deeper indents look like this one: a cell of a table is not wide."""
SHORT: Final = 12
LONG: Final = 40
"""From this many cells on a text wants room."""
MOST_COLUMNS: Final = 16
WIDE: Final = 10
"""Columns from which on a table takes more of a wide screen than text does."""
BULLET: Final = 120
"""Pixels of a bullet chart, which shows a rate up to a fifth above its aim."""
BEYOND: Final = 1.2
"""Cells of text that is not broken in a narrow column: 「30,000千円」, 「数値目標」."""

_BULLETS: Final = frozenset("・•‣-*+")
_DEPTHS: Final[Mapping[Role, int]] = {
    "part": 0,
    "section": 1,
    "viewpoint": 1,
    "goal": 1,
    "text": 1,
    "policy": 2,
    "initiative": 3,
    "project": 4,
}
"""How deep in the hierarchy a row stands: a filter keeps the rows above the ones it shows."""
_SPANNING: Final = frozenset({"part", "section", "goal"})
"""Rows that may head others; they run across the table where both sides say the same."""


OWN_IDS: Final = frozenset(
    f"page:{name}" for name in ("table", "status", "only", "inline", "open", "keys", "all", "next", "previous")
)
"""The ids of the page's own parts; those of a strategy hold no colon."""


@frozen
class _Ids:
    """The ids of a page: a key that was given before, as that of a part and its text, gets a number."""

    used: set[str] = field(default_factory=lambda: set(OWN_IDS))

    def attribute(self, key: str) -> str:
        """Return the id attribute for a row's key, or nothing."""
        if not key or any(character.isspace() for character in key):
            return ""
        return f' id="{escaped(self.unique(key))}"'

    def unique(self, key: str) -> str:
        """Return a name that no other has."""
        name = key
        number = 1
        while name in self.used:
            number += 1
            name = f"{key}:{number}"
        self.used.add(name)
        return name


def write(document: Document, options: Options) -> str:
    """Print a document as one HTML page that requests nothing and works opened from a folder."""
    is_comparison = any(isinstance(each, Table) and each.compares for each in document.blocks)
    main = '<main class="redline">' if document.code == "redline" else "<main>"
    return page(
        document,
        "\n".join([main, *_blocks(document, options), "</main>"]),
        bar=_counts(document, filters=is_comparison),
        lead='<a class="skip" href="#page:table">対照表へ</a>' if is_comparison else "",
        legend="" if is_comparison else document.legend,  # a comparison has it as its caption
        style=_widths(document),
        script=asset("page.js") if is_comparison else "",
    )


def page(
    document: Document,
    main: str,
    *,
    bar: str | None = None,
    lead: str = "",
    legend: str = "",
    style: str = "",
    script: str = "",
) -> str:
    """Put the main part of a page (HTML) between the head and the foot of a document.

    `bar` stands in the head in place of the bare counts, `lead` above it.
    """
    number = document.stamp.number
    head = "<header>" + (f'\n<p class="paper-number">{escaped(number)}</p>' if number else "")
    head += f'\n<h1 class="words">{escaped(document.title)}</h1>'
    head += f'\n<p class="lead">{escaped(document.subtitle)}</p>' if document.subtitle else ""
    bar = _bar(chips(document)) if bar is None else bar
    head += f"{bar and chr(10) + bar}\n</header>"
    words = [f"<p>{escaped(legend)}</p>"] if legend else []
    # The stamp, by which a printed sheet is told from another.
    words.append("<p>" + "".join(f"<span>{escaped(part)}</span>" for part in document.stamp.parts) + "</p>")
    body = "\n".join(filter(None, (lead, head, main, f"<footer>{''.join(words)}</footer>")))
    return framed(document.title, body, style=style, script=script)


def _bar(words: str) -> str:
    return f'<div class="bar" role="group" aria-label="変更の件数">\n{words}\n</div>' if words else ""


def badge(flag: Flag) -> str:
    """Print a change kind; one that the author did not declare says so."""
    guess = "<small>（推定）</small>" if flag.proposed else ""
    guessed = " guess" if flag.proposed else ""
    look = look_of(flag.code)
    return (
        f'<span class="badge {look.hue}{guessed}"><span aria-hidden="true">{look.sign} </span>'
        f"{escaped(flag.label)}{guess}</span>"
    )


def chips(document: Document, shown: frozenset[str] = frozenset()) -> str:
    """Print the counts of a document, group by group; the kinds in `shown` get a box to hide them by."""
    out = []
    for group, counts in groupby(document.counts, lambda count: count.group):
        if group:
            out.append(f'<span class="group">{escaped(group)}</span>')
        for count in counts:
            look = look_of(count.code)
            words = f'<span aria-hidden="true">{look.sign}</span> {escaped(count.label)} {count.number}'
            if count.code in shown:
                box = f'<input type="checkbox" name="kind" value="{escaped(count.code)}" checked autocomplete="off">'
                out.append(f'<label class="chip {look.hue}">{box} {words}</label>')
            else:
                out.append(f'<span class="chip {look.hue}">{words}</span>')
    return "\n".join(out)


def _counts(document: Document, *, filters: bool) -> str:
    """Print the counts, and for a comparison the tools to narrow it and to move in it."""
    shown = frozenset(_kinds(document)) if filters else frozenset()
    bar = _bar(chips(document, shown))
    if not filters:
        return bar
    unfold = any(_unfolds(row) for each in document.blocks if isinstance(each, Table) for row in each.rows)
    boxes = [("only", "変更箇所のみ", ""), ("inline", "見え消し表示", "")]
    boxes += [("open", "（略）を開く", "")] if unfold else []
    tools = [
        f'<label><input type="checkbox" id="page:{name}" autocomplete="off"{state}> {label}</label>'
        for name, label, state in (*boxes, ("keys", "n／pキーで次・前へ", " checked"))
    ]
    tools[-1:-1] = [
        '<button type="button" id="page:all">すべて表示</button>',
        '<button type="button" id="page:previous">前の変更</button>',
        '<button type="button" id="page:next">次の変更</button>',
    ]
    row = "\n".join(tools)
    return (
        f'{bar}\n<div class="bar tools" role="group" aria-label="表示の切替え">\n{row}\n</div>\n'
        '<p class="lead" role="status" id="page:status"></p>'
    ).lstrip("\n")


def _kinds(document: Document) -> Iterator[str]:
    """Return the kinds that something in the page carries."""
    for block in document.blocks:
        match block:
            case Paragraph():
                yield from (flag.code for flag in block.flags)
            case Table():
                yield from (flag.code for row in block.rows for flag in row.flags)
            case Heading():
                pass
            case _:
                assert_never(block)


def _widths(document: Document) -> str:
    """Return the rules for the widths of columns; a page may not carry them in its elements."""
    shares = {
        _per_mille(column, block)
        for block in document.blocks
        if isinstance(block, Table)
        for column in block.narrowed.columns
    }
    rules = [f".w{share}{{width:{share / 10:g}%}}" for share in sorted(shares)]
    return "".join(rules) and "\n".join(rules) + "\n"


def _per_mille(column: Column, table: Table) -> int:
    return 1000 * column.share // max(1, sum(each.share for each in table.columns))


# --- blocks -----------------------------------------------------------------------------------------------------------


def _blocks(document: Document, options: Options) -> Iterator[str]:
    ids = _Ids()
    highest = min((block.level for block in document.blocks if isinstance(block, Heading)), default=1)
    heading, names = "", _Ids()
    for kind, group in groupby(document.blocks, _sort):
        if kind == "list":
            yield _list([each for each in group if isinstance(each, Paragraph)], options)
            continue
        for block in group:
            match block:
                case Heading():
                    level, heading = block.level - highest + BELOW_TITLE, block.text
                    yield f'<h{level} class="words">{escaped(block.text)}</h{level}>'
                case Paragraph():
                    indent = _indent(block.indent)
                    yield f'<p class="words{indent}"{_kinds_attribute(block.flags)}>{_words(block, options)}</p>'
                case Table() if block.compares:
                    yield _comparison(block, document, ids, options)
                case Table():
                    yield _general(block, ids, options, names.unique(block.caption or heading or "表"))
                case _:
                    assert_never(block)


def _sort(block: Heading | Paragraph | Table) -> str:
    return "list" if isinstance(block, Paragraph) and block.bullet else "block"


def _indent(levels: int) -> str:
    return f" in{min(levels, DEEPEST)}" if levels > 0 else ""


def _list(items: Sequence[Paragraph], options: Options) -> str:
    """Print items as nested lists: by their indent, and by the tree drawn before them."""
    out: list[str] = []
    open_lists = 0
    for item in items:
        depth = min(item.indent, open_lists) + 1  # no item hangs on nothing
        if depth > open_lists:
            out.append("<ul>")
        else:
            out += ["</li>", "</ul></li>" * (open_lists - depth)]
        open_lists = depth
        bullet = "" if item.branch else item.bullet
        lead = "" if not bullet or bullet in _BULLETS else f"{escaped(bullet)} "
        signed = ' class="signed"' if lead else ""
        kinds = _kinds_attribute(item.flags)
        out.append(f'<li{signed}{kinds}><span class="words">{lead}{_words(item, options)}</span>')
    out.append("</li>" + "</ul></li>" * (open_lists - 1) + "</ul>")
    return "\n".join(filter(None, out))


def _words(block: Paragraph, options: Options) -> str:
    runs = "".join(
        f"<b>{_runs(group, options)}</b>" if strong else _runs(group, options)
        for strong, group in groupby(block.runs, lambda run: run.strong)
    )
    return " ".join([runs, *map(badge, block.flags)])


def _kinds_attribute(flags: Sequence[Flag]) -> str:
    codes = " ".join(dict.fromkeys("".join(flag.code.split()) for flag in flags))
    return f' data-kinds="{escaped(codes)}"' if codes else ""


# --- runs and lines ---------------------------------------------------------------------------------------------------


def _runs(runs: Iterable[Run], options: Options) -> str:
    """Print runs, neighbours of one mark in one element."""
    return "".join([_marked(text, mark) for text, mark in options.marked(runs)])


def _marked(text: str, mark: Mark) -> str:
    match mark:
        case "":
            return escaped(text)
        case "old":
            return f"<del>{escaped(text)}</del>"
        case "new":
            return f"<ins>{escaped(text)}</ins>"
        case _:
            assert_never(mark)


def _line(line: Line, options: Options, words: str | None = None) -> str:
    """Print one paragraph of a cell: label and words side by side, so that the words hang; `words` replaces them."""
    number = f'<span class="n">{_runs((Run(line.label, line.label_mark),), options)}</span>' if line.label else ""
    shown = _runs(line.runs, options) if words is None else words
    text = f'<span class="t">{shown}</span>' if shown else ""
    return f'<p class="l {line.kind}{_indent(line.indent)}">{number}{text}</p>'


def _lines(cell: Cell, options: Options) -> str:
    return "".join([_line(line, options) for line in cell.lines])


# --- the comparison ---------------------------------------------------------------------------------------------------


def _comparison(table: Table, document: Document, ids: _Ids, options: Options) -> str:
    """Print the 新旧対照表."""
    columns = table.narrowed.columns
    old = next((at for at, column in enumerate(columns[:SIDES]) if column.code == "old"), 0)
    sides = ["old", "new"] if old == 0 else ["new", "old"]
    classes = [*sides, "remarks"][: len(columns)]
    legend = document.legend and f"{document.legend}（実線＝追加・変更後、破線＝削除・変更前）"
    if options.underline == "new":
        legend = document.legend
    caption = "　".join(filter(None, (table.caption, legend)))
    out = [f'<table class="comparison" id="page:table">\n<caption>{escaped(caption)}</caption>']
    cols = [f'<col class="{name} w{_per_mille(column, table)}">' for name, column in zip(classes, columns, strict=True)]
    heads = [
        f'<th scope="col" class="{name}">{escaped(column.title)}</th>'
        for name, column in zip(classes, columns, strict=True)
    ]
    out.append(f"<colgroup>{''.join(cols)}</colgroup>\n<thead><tr>{''.join(heads)}</tr></thead>")
    drawer = _Drawer(columns, classes, options)
    for row in table.rows:
        out.append(drawer.row(row, ids.attribute(row.key)))
        if _unfolds(row):
            # The first one hidden is the row that is folded, so the link goes there.
            out += [drawer.row(hidden, ids.attribute(hidden.key), folded=True) for hidden in row.hidden]
    out.append("</table>")
    return "\n".join(out)


def _unfolds(row: Row) -> bool:
    """Check whether there is anything to see behind （略）: not where the source itself leaves it out."""
    omission = {line.text for line in _all(row) if line.kind == "omitted"}
    return any(line.kind != "omitted" and line.text not in omission for each in row.hidden for line in _all(each))


def _all(row: Row) -> Iterator[Line]:
    return (line for pair in row.pairs for line in pair if line.kind != "blank")


@frozen
class _Drawer:
    """Prints the rows of one comparison, each as a group of table rows: one for each pair of lines."""

    columns: Sequence[Column]
    classes: Sequence[str]
    options: Options

    def spans(self, row: Row) -> bool:
        """Check whether a row runs across the table and heads those below it."""
        if row.role not in _SPANNING or row.flags or row.note or _unfolds(row):
            return False
        return all(left == right and left.kind != "omitted" for left, right in row.pairs)

    def row(self, row: Row, attributes: str, *, folded: bool = False) -> str:
        """Print a row; a folded one is hidden until its （略） is opened."""
        pairs = [*row.pairs] or [(BLANK, BLANK)]
        changed = row.changed or any(left != right for left, right in pairs)
        names = [row.role, *(["changed"] if changed else []), *(["more"] if folded else [])]
        depth = "" if folded else f' data-depth="{_DEPTHS.get(row.role, max(_DEPTHS.values()) + 1)}"'
        kinds = "" if folded else _kinds_attribute(row.flags)
        hidden = " hidden" if folded else ""
        start = f'<tbody{attributes} class="{" ".join(names)}"{depth}{kinds}{hidden}>'
        if self.spans(row):
            number = len(self.columns)
            head = f'<th scope="colgroup" colspan="{number}" data-span="{number}">'
            return f"{start}<tr>{head}{_lines(row.cells[0], self.options)}</th></tr></tbody>"
        remarks = ""
        if len(self.columns) > SIDES:
            span = f' rowspan="{len(pairs)}"' if len(pairs) > 1 else ""
            remarks = f'<td class="remarks"{span}>{"".join(map(self._remark, row.beside))}</td>'
        alone = any(line.kind == "absent" for line in _all(row))
        lines = [
            "".join([self._cell(row, at, pair, alone=alone, changed=changed) for at in range(SIDES)]) for pair in pairs
        ]
        return f"{start}{''.join(f'<tr>{each}</tr>' for each in (lines[0] + remarks, *lines[1:]))}</tbody>"

    def _cell(self, row: Row, at: int, pair: tuple[Line, Line], *, alone: bool, changed: bool) -> str:
        """Print one line of one side; beside a changed one of the new side stands, unseen, what 見え消し shows."""
        name, line, other = self.classes[at], pair[at], pair[1 - at]
        side = f' data-side="{escaped(self.columns[at].title)}"' if changed else ""
        text = "" if line.kind == "blank" else _line(line, self.options)
        if name == "new" and line.kind == "omitted" and _unfolds(row):
            text = _line(
                line, self.options, f'<button type="button" aria-expanded="false">{escaped(line.text)}</button>'
            )
        elif name == "new" and line != other:
            text = f'<div class="both">{_both(other, line, alone=alone)}</div><div class="side">{text}</div>'
        return f'<td class="{name}"{side}>{text}</td>'

    def _remark(self, line: Line) -> str:
        return "".join(map(badge, line.flags)) or _line(line, self.options)


# --- 見え消し ---------------------------------------------------------------------------------------------------------


def _both(old: Line, new: Line, *, alone: bool) -> str:
    """Print a pair of lines as one text: what goes is struck through, what comes stands after it.

    `alone` says that one side only refers to another place, so that the lines of the other are marked as they are.
    """
    if "absent" in (old.kind, new.kind) or (alone and "blank" in (old.kind, new.kind)):
        return "".join(_inked(line) for line in (old, new) if line.kind != "blank")
    if old.kind == "blank":
        return _inked(new, "new")
    return _inked(old, "old") if new.kind == "blank" else _joined(old, new)


def _inked(line: Line, mark: Mark = "") -> str:
    """Print a line of one side with its own marks, or all of it with one."""
    words = "".join(_marked(run.text, mark or run.mark) for run in line.runs if run.text)
    if mark and line.text:
        words = _marked(line.text, mark)
    return _struck(line, _marked(line.label, mark or line.label_mark) if line.label else "", words)


def _struck(line: Line, label: str, words: str) -> str:
    number = f'<span class="n">{label}</span>' if label else ""
    return f'<p class="l {line.kind}{_indent(line.indent)}">{number}<span class="t">{words}</span></p>'


def _joined(old: Line, new: Line) -> str:
    """Print a line of both sides: number and words, each with what changed of it."""
    label = _marked(new.label or old.label, new.label_mark or old.label_mark)
    if old.label and new.label and (old.label != new.label or new.label_mark):
        label = _interleaved(((old.label, True),), ((new.label, True),))
    return _struck(new, label, _interleaved(*_segments(old, new)))


def _segments(old: Line, new: Line) -> tuple[Sequence[Segment], Sequence[Segment]]:
    """Return the marks of both sides to the last character, so that each side can be read out of them whole."""
    sides = [[(run.text, bool(run.mark)) for run in line.runs if run.text] for line in (old, new)]
    marked = [[mark for _, mark in side] for side in sides]
    if new.kind == "kpi" and marked[1] and all(marked[1]) and not any(marked[0]):
        return (), sides[1]  # the old side only says that there was nothing
    if new.kind == "kpi" and marked[0] and all(marked[0]) and not any(marked[1]):
        return sides[0], ()
    kept = ["".join(text for text, mark in side if not mark) for side in sides]
    if kept[0] == kept[1]:
        return sides[0], sides[1]
    marks = pieces(old.text, new.text, strict=True)
    return marks.old, marks.new


def _interleaved(old: Sequence[Segment], new: Sequence[Segment]) -> str:
    """Put the marked pieces of both sides between the ones they share."""
    out = []
    olds, news = list(old), list(new)
    while olds or news:
        if olds and olds[0][1]:
            out.append(_marked(olds.pop(0)[0], "old"))
        elif news and news[0][1]:
            out.append(_marked(news.pop(0)[0], "new"))
        else:
            shared = min((side[0][0] for side in (olds, news) if side), key=len)
            out.append(escaped(news[0][0][: len(shared)] if news else shared))
            for side in (olds, news):
                if side:
                    rest = side[0][0][len(shared) :]
                    side[:1] = [(rest, False)] if rest else []
    return "".join(out)


# --- other tables -----------------------------------------------------------------------------------------------------


def _general(table: Table, ids: _Ids, options: Options, name: str) -> str:
    """Print any other table; on a narrow screen it scrolls by itself, and `name` is what readers hear of it."""
    table = table.fitted(MOST_COLUMNS)
    cols = [f'<col class="w{_per_mille(column, table)}">' for column in table.columns]
    classes = [_classes(column, at, table) for at, column in enumerate(table.columns)]
    heads = [
        f'<th scope="col"{look}>{escaped(column.title)}</th>' if column.title else "<td></td>"
        for look, column in zip(classes, table.columns, strict=True)
    ]
    out = [
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escaped(name)}">',
        f'<table class="general{" wide" if len(table.columns) > WIDE else ""}">',
        f"<caption>{escaped(table.caption)}</caption>" if table.caption else "",
        f"<colgroup>{''.join(cols)}</colgroup>",
        f"<thead><tr>{''.join(heads)}</tr></thead>\n" if any(column.title for column in table.columns) else "",
        "<tbody>",
    ]
    for row in table.rows:
        cells = [
            f"<td{name}>{text}</td>" for name, text in zip(classes, _general_cells(row, table, options), strict=True)
        ]
        if len(row.cells) == 1 < len(table.columns):
            cells = [f'<th scope="colgroup" colspan="{len(table.columns)}">{_lines(row.cells[0], options)}</th>']
        changed = " changed" if row.changed else ""
        out.append(f'<tr{ids.attribute(row.key)} class="{row.role}{changed}">{"".join(cells)}</tr>')
    out.append("</tbody>\n</table></div>")
    return "\n".join(filter(None, out))


def _general_cells(row: Row, table: Table, options: Options) -> list[str]:
    """Print the cells of a row, as many as the table has columns; change kinds stand where the table has a place."""
    cells = row.filled(len(table.columns))
    texts = [
        _lines(cell, options) + (_bullet(cell.value, column) if column.bands and cell.value is not None else "")
        for column, cell in zip(table.columns, cells, strict=True)
    ]
    at = table.flagged
    if at is not None and row.flags:
        labels = {flag.label for flag in row.flags}
        said = [line for line in cells[at].lines if not set(re.split("[、・]", line.text)) <= labels]
        texts[at] = "".join(map(badge, row.flags)) + _lines(Cell(tuple(said)), options)
    if row.note:
        texts[at or 0] += f'<p class="remark">{escaped(row.note)}</p>'
    return texts


def _bullet(number: float, column: Column) -> str:
    """Draw a rate as a bullet chart: a bar before the bands of its classes, with a mark where the aim is."""
    full = column.bands[-1]
    scale = BULLET / (full * BEYOND)
    starts = [max(0, each) * scale for each in column.bands]
    ends = zip(starts, (*starts[1:], BULLET), strict=True)
    bands = "".join(
        f'<rect class="band b{at}" x="{start:g}" width="{end - start:g}" height="14"/>'
        for at, (start, end) in enumerate(ends)
    )
    size = f'viewBox="0 0 {BULLET} 14" preserveAspectRatio="none" width="{BULLET}" height="14"'
    measure = min(max(0, number * scale), BULLET)
    label = f"{column.title} {number:g}（{full:g}で目標達成）"
    return (
        f'<svg class="bullet" role="img" aria-label="{escaped(label)}" {size}>'
        f'{bands}<rect class="measure" y="4" width="{measure:.1f}" height="6"/>'
        f'<rect class="aim" x="{full * scale - 1:g}" y="1" width="2" height="12"/></svg>'
    )


def _classes(column: Column, at: int, table: Table) -> str:
    """Set a column: aligned as asked, and in one line where all its words are short."""
    cells = [row.cells[at] for row in table.rows if len(row.cells) == len(table.columns)]
    is_short = all(width_of(line.text) <= SHORT for cell in cells for line in cell.lines)
    is_long = column.align == "left" and any(width_of(line.text) > LONG for cell in cells for line in cell.lines)
    looks = {column.align: column.align != "left", "short": is_short, "long": is_long}
    names = " ".join(name for name, holds in looks.items() if holds)
    return names and f' class="{names}"'
