"""HTML: a page for the browser, as one file that needs nothing else.

The 新旧対照表 can be narrowed by kind of change and read as 見え消し; printed, it is a handout. Every other document is
set in the same frame. Marks are `<ins>` and `<del>`, so that a screen reader says them too.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, assert_never

from atsugi_cli.document import (
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
from atsugi_cli.match.prose import CELLS_LIMIT, Segment, likeness, pieces
from atsugi_cli.width import width_of

BELOW_TITLE: Final = 2
"""The level of the highest heading in HTML: the title of the page has the first."""
DEEPEST: Final = 5
"""Deeper indents look like this one: a cell of a table is not wide."""
SHORT: Final = 12
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
_SPANNING: Final = frozenset({"part", "section", "goal", "policy"})
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
        name = key
        number = 1
        while name in self.used:
            number += 1
            name = f"{key}:{number}"
        self.used.add(name)
        return f' id="{escaped(name)}"'


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
    head = f'<header>\n<h1 class="words">{escaped(document.title)}</h1>'
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
        _per_mille(column, block) for block in document.blocks if isinstance(block, Table) for column in block.columns
    }
    rules = [f".w{share}{{width:{share / 10:g}%}}" for share in sorted(shares)]
    return "".join(rules) and "\n".join(rules) + "\n"


def _per_mille(column: Column, table: Table) -> int:
    return 1000 * column.share // max(1, sum(each.share for each in table.columns))


# --- blocks -----------------------------------------------------------------------------------------------------------


def _blocks(document: Document, options: Options) -> Iterator[str]:
    ids = _Ids()
    highest = min((block.level for block in document.blocks if isinstance(block, Heading)), default=1)
    for kind, group in groupby(document.blocks, _sort):
        if kind == "list":
            yield _list([each for each in group if isinstance(each, Paragraph)], options)
            continue
        for block in group:
            match block:
                case Heading():
                    level = block.level - highest + BELOW_TITLE
                    yield f'<h{level} class="words">{escaped(block.text)}</h{level}>'
                case Paragraph():
                    indent = _indent(block.indent)
                    yield f'<p class="words{indent}"{_kinds_attribute(block.flags)}>{_words(block, options)}</p>'
                case Table() if block.compares:
                    yield _comparison(block, document, ids, options)
                case Table():
                    yield _general(block, ids, options)
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
    return " ".join([_runs(block.runs, options), *map(badge, block.flags)])


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
    """Print the 新旧対照表; a row that heads others opens a group of rows."""
    columns = table.columns[: SIDES + 1]
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
    out.append(f"<colgroup>{''.join(cols)}</colgroup>\n<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>")
    drawer = _Drawer(columns, classes, options)
    for number, row in enumerate(table.rows):
        if number and drawer.spans(row):
            out.append("</tbody>\n<tbody>")
        out.append(drawer.row(row, ids.attribute(row.key)))
        if _unfolds(row):
            # The first one hidden is the row that is folded, so the link goes there.
            out += [drawer.row(hidden, ids.attribute(hidden.key), folded=True) for hidden in row.hidden]
    out.append("</tbody>\n</table>")
    return "\n".join(out)


def _unfolds(row: Row) -> bool:
    """Check whether there is anything to see behind （略）: not where the source itself leaves it out."""
    omission = {line.text for line in _all(row) if line.kind == "omitted"}
    return any(line.kind != "omitted" and line.text not in omission for each in row.hidden for line in _all(each))


def _all(row: Row) -> Iterator[Line]:
    for cell in row.cells[:SIDES]:
        yield from cell.lines


@frozen
class _Drawer:
    """Prints the rows of one comparison."""

    columns: Sequence[Column]
    classes: Sequence[str]
    options: Options

    def spans(self, row: Row) -> bool:
        """Check whether a row runs across the table and heads those below it."""
        if row.role not in _SPANNING - {"policy"} or row.flags or row.note or _unfolds(row):
            return False
        sides = [*row.cells[:SIDES], Cell(), Cell()]
        return sides[0] == sides[1] and all(line.kind != "omitted" for line in sides[0].lines)

    def row(self, row: Row, attributes: str, *, folded: bool = False) -> str:
        """Print a row; a folded one is hidden until its （略） is opened."""
        names = [row.role, *(["changed"] if row.changed else []), *(["more"] if folded else [])]
        depth = "" if folded else f' data-depth="{_DEPTHS.get(row.role, max(_DEPTHS.values()) + 1)}"'
        kinds = "" if folded else _kinds_attribute(row.flags)
        hidden = " hidden" if folded else ""
        start = f'<tr{attributes} class="{" ".join(names)}"{depth}{kinds}{hidden}>'
        if self.spans(row):
            number = len(self.columns)
            head = f'<th scope="rowgroup" colspan="{number}" data-span="{number}">'
            return f"{start}{head}{_lines(row.cells[0], self.options)}</th></tr>"
        texts = []
        for name, column, cell in zip(self.classes, self.columns, row.filled(len(self.columns)), strict=True):
            if name == "remarks":
                texts.append(f'<td class="remarks">{self._remarks(row, column)}</td>')
                continue
            side = f' data-side="{escaped(column.title)}"' if row.changed else ""
            texts.append(f'<td class="{name}"{side}>{self._side(row, cell, name)}</td>')
        return f"{start}{''.join(texts)}</tr>"

    def _side(self, row: Row, cell: Cell, name: str) -> str:
        if name == "new" and _unfolds(row):
            button = '<button type="button" aria-expanded="false">{}</button>'
            lines = [
                _line(line, self.options, button.format(escaped(line.text)) if line.kind == "omitted" else None)
                for line in cell.lines
            ]
            return "".join(lines)
        text = _lines(cell, self.options)
        if name != "new" or not row.changed:
            return text
        old = row.cells[self.classes.index("old")] if self.classes.index("old") < len(row.cells) else Cell()
        return f'<div class="both">{"".join(_both(old.lines, cell.lines))}</div><div class="side">{text}</div>'

    def _remarks(self, row: Row, column: Column) -> str:
        """Print the change kinds, or the author's reasons where the city prints those, and the note."""
        flags, lines, note = row.remarks(column, SIDES)
        words = "".join([*map(badge, flags), *(_line(line, self.options) for line in lines if line.kind != "flag")])
        return words + (f'<p class="remark">{escaped(note)}</p>' if note else "")


# --- 見え消し ---------------------------------------------------------------------------------------------------------


def _both(old: Sequence[Line], new: Sequence[Line]) -> Iterator[str]:
    """Print both sides as one text: what goes is struck through, what comes stands after it."""
    olds = [line for line in old if line.kind != "absent"]
    news = [line for line in new if line.kind != "absent"]
    matcher = SequenceMatcher(
        None, [_likened(each) for each in olds], [_likened(each) for each in news], autojunk=False
    )
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            for before, after in zip(olds[start:end], news[first:last], strict=True):
                yield _joined(before, after)
        else:
            yield from _replaced(olds[start:end], news[first:last])


def _likened(line: Line) -> tuple[str, str, str]:
    return line.kind, line.label, line.text


def _replaced(olds: Sequence[Line], news: Sequence[Line]) -> Iterator[str]:
    """Print lines that stand for others: each new one after the old one of its kind that is most like it."""
    many = Counter(line.kind for line in news)
    places: dict[str, list[int]] = {}
    for at, line in enumerate(olds):
        places.setdefault(line.kind, []).append(at)
    done = 0
    for line in news:
        kin = places.get(line.kind, [])
        kin = kin[bisect_left(kin, done) :]
        if not kin:
            yield _one(line, "new")
            continue
        at = kin[0]
        if many[line.kind] < len(kin) <= CELLS_LIMIT // many[line.kind]:
            at = max(kin, key=lambda each, line=line: likeness(olds[each].text, line.text))  # type: ignore[misc]
        for before in olds[done:at]:
            yield _one(before, "old")
        yield _joined(olds[at], line)
        done = at + 1
    for before in olds[done:]:
        yield _one(before, "old")


def _one(line: Line, mark: Mark) -> str:
    """Print a line that the other side has not; wording that nobody marked is only of this side by its place."""
    words = "".join(_marked(run.text, mark) for run in (Run(line.text),) if run.text)
    number = f'<span class="n">{_marked(line.label, mark)}</span>' if line.label else ""
    return f'<p class="l {line.kind}{_indent(line.indent)}">{number}<span class="t">{words}</span></p>'


def _joined(old: Line, new: Line) -> str:
    """Print a line of both sides: number and words, each with what changed of it."""
    label = _marked(new.label, "")
    if old.label != new.label or new.label_mark:
        label = _interleaved(((old.label, True),), ((new.label, True),))
    words = _interleaved(*_segments(old, new))
    number = f'<span class="n">{label}</span>' if label else ""
    return f'<p class="l {new.kind}{_indent(new.indent)}">{number}<span class="t">{words}</span></p>'


def _segments(old: Line, new: Line) -> tuple[Sequence[Segment], Sequence[Segment]]:
    """Return the marks of both sides to the last character, so that each side can be read out of them whole."""
    marked = [[bool(run.mark) for run in line.runs if run.text] for line in (old, new)]
    if old.text == new.text:
        return ((old.text, False),), ((new.text, False),)
    if not any(marked[0]) and marked[1] and all(marked[1]) and new.kind == "kpi":
        return (), ((new.text, True),)  # the old side only says that there was nothing
    if not any(marked[1]) and marked[0] and all(marked[0]) and old.kind == "kpi":
        return ((old.text, True),), ()
    if marked[0] and marked[1] and all(marked[0]) and all(marked[1]):
        return ((old.text, True),), ((new.text, True),)
    if not any(marked[0]) and not any(marked[1]):
        return ((new.text, False),), ((new.text, False),)  # a change that was not asked for
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


def _general(table: Table, ids: _Ids, options: Options) -> str:
    """Print any other table; on a narrow screen it scrolls by itself."""
    cols = [f'<col class="w{_per_mille(column, table)}">' for column in table.columns]
    classes = [_classes(column, at, table) for at, column in enumerate(table.columns)]
    heads = [
        f'<th scope="col"{name}>{escaped(column.title)}</th>'
        for name, column in zip(classes, table.columns, strict=True)
    ]
    out = [
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escaped(table.caption or "表")}">',
        '<table class="general">',
        f"<caption>{escaped(table.caption)}</caption>" if table.caption else "",
        f"<colgroup>{''.join(cols)}</colgroup>",
        f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>",
    ]
    for row in table.rows:
        cells = [
            f"<td{name}>{text}</td>" for name, text in zip(classes, _general_cells(row, table, options), strict=True)
        ]
        changed = " changed" if row.changed else ""
        out.append(f'<tr{ids.attribute(row.key)} class="{row.role}{changed}">{"".join(cells)}</tr>')
    out.append("</tbody>\n</table></div>")
    return "\n".join(filter(None, out))


def _general_cells(row: Row, table: Table, options: Options) -> list[str]:
    """Print the cells of a row, as many as the table has columns; change kinds stand where the table has a place."""
    cells = row.filled(len(table.columns))
    texts = [_lines(cell, options) for cell in cells]
    at = table.flagged
    if at is not None and row.flags:
        labels = {flag.label for flag in row.flags}
        said = [line for line in cells[at].lines if not set(line.text.split("、")) <= labels]
        texts[at] = "".join(map(badge, row.flags)) + _lines(Cell(tuple(said)), options)
    if row.note:
        texts[at or 0] += f'<p class="remark">{escaped(row.note)}</p>'
    return texts


def _classes(column: Column, at: int, table: Table) -> str:
    """Set a column: aligned as asked, and in one line where all its words are short."""
    cells = [row.cells[at] for row in table.rows if at < len(row.cells)]
    is_short = all(width_of(line.text) <= SHORT for cell in cells for line in cell.lines)
    names = " ".join(filter(None, (column.align if column.align != "left" else "", "short" if is_short else "")))
    return names and f' class="{names}"'
