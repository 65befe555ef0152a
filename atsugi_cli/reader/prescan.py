"""Prescan: the slips that a YAML parser misplaces or reads as something else, found in the lines of the text.

A parser reports where it gave up, often lines after the slip. Here every line that might hold a slip is a candidate
(`Hit`) with its repair; a repair that lets the parser come further proves the candidate. So one cause gives one
finding at the very character, and valid lines that only look odd are never blamed.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from atsugi_cli.findings import Edit, Finding
from atsugi_cli.reader import codes
from atsugi_cli.reader.complaints import translated
from atsugi_cli.reader.events import Trouble
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.slips import BLANKS, HEADER, Hit, line_hits, shape, shown, wide_indent
from atsugi_cli.reader.splice import spliced

MAX_CAUSES = 20
"""Syntax errors reported of one file; after so many the rest is better read after a correction."""

MAX_TRIED = 24
"""Candidates tried for one error, nearest first; a slip is rarely further away than a few lines."""

REPAIR_BUDGET = 4_000_000
"""Characters parsed again in all; keeps huge broken files linear (less than a second on the C parser)."""


def explain(text: str, lines: Lines, trouble: Trouble, parse: Callable[[str], Trouble | None]) -> list[Finding]:
    """Find the causes of a syntax error, and of those behind it.

    `parse` gives the first trouble of a repaired text. Each proved repair is applied before the next error is
    looked at, so that errors which only follow from a cause are not reported.
    """
    findings: list[Finding] = []
    current, current_lines = text, lines
    applied: list[Edit] = []
    budget = REPAIR_BUDGET
    for _ in range(MAX_CAUSES):
        hit, after, spent = _cause(current, current_lines, trouble, parse, budget)
        budget -= spent
        if hit is None:
            if not findings:
                findings.append(translated(text, lines, trouble))
            break
        start, end = _original(hit.start, applied), _original(hit.end, applied)
        edits = tuple(Edit(_original(e.start, applied), _original(e.end, applied), e.text) for e in hit.edits)
        findings.append(replace(hit, start=start, end=end, edits=edits).finding(lines))
        if after is None or budget <= 0:
            break
        applied.extend(sorted(hit.edits, key=lambda edit: -edit.start))
        current = spliced(current, hit.edits)
        current_lines = Lines(current, lines.source)
        trouble = after
    return findings


def _original(offset: int, applied: list[Edit]) -> int:
    """Turn an offset of the repaired text back into one of the original; edits of one repair are last to first."""
    for edit in reversed(applied):
        if offset >= edit.start + len(edit.text):
            offset -= len(edit.text) - (edit.end - edit.start)
        elif offset > edit.start:
            offset = min(offset, edit.end)
    return offset


def _cause(
    text: str, lines: Lines, trouble: Trouble, parse: Callable[[str], Trouble | None], budget: int
) -> tuple[Hit | None, Trouble | None, int]:
    """Find the candidate whose repair brings the parser further, with what stops it then and the characters spent."""
    spent = trouble.offset
    tried: set[tuple[Edit, ...]] = set()
    best: Hit | None = None
    best_after: Trouble | None = None
    best_reach = trouble.reach
    for hit in _candidates(lines, trouble):
        if hit.edits in tried or (best is not None and (hit.rule, hit.start) != (best.rule, best.start)):
            continue
        if len(tried) >= MAX_TRIED or (tried and spent > budget):
            break
        tried.add(hit.edits)
        after = parse(spliced(text, hit.edits))
        spent += after.offset if after is not None else len(text)
        if after is None:
            return hit, None, spent
        edits = sorted(hit.edits, key=lambda edit: -edit.start)
        reach = (_original(after.reach[0], edits), _original(after.reach[1], edits))
        if reach > best_reach:
            best, best_after, best_reach = hit, after, reach
    return best, best_after, spent


def _candidates(lines: Lines, trouble: Trouble) -> Iterator[Hit]:
    """Give the hits that may explain an error: where the broken thing begins, then from the error back."""
    last = lines.position(trouble.offset)[0]
    begun = lines.position(trouble.reach[0])[0]
    recent: deque[tuple[int, Hit]] = deque(maxlen=2 * MAX_TRIED)
    beginning: list[Hit] = []
    for number, hit in _hits(lines, last):
        recent.append((number, hit))
        if number == begun and len(beginning) < MAX_TRIED:
            beginning.append(hit)
    # the latest line first, but the hits of one line in their own order; what can be seen before what is only uneven
    found = beginning + [hit for _, hit in sorted(recent, key=lambda pair: -pair[0])]
    yield from (hit for hit in found if hit.rule is not codes.UNEVEN_INDENT)
    yield from (hit for hit in found if hit.rule is codes.UNEVEN_INDENT)


def _hits(lines: Lines, last: int) -> Iterator[tuple[int, Hit]]:
    """Walk the lines up to `last` (from 1), past block scalars, and give what looks odd with its line."""
    block: int | None = None  # lines indented deeper than this belong to a block scalar
    margin = 0  # the indentation of the first line of the block scalar
    opened: list[int] = []  # columns at which mappings and lists are open
    complete = False  # whether the line before ends with a value, so that nothing can be put inside it
    groups: set[str] = set()
    for number, (at, line) in enumerate(lines, start=1):
        if number > last:
            return
        indent = len(line) - len(line.lstrip(BLANKS))
        spaces = len(line) - len(line.lstrip(" "))
        if indent == len(line):
            continue
        if block is not None:
            margin = margin or spaces
            if spaces > block:
                if spaces < margin:
                    yield number, _shallow(lines, number, block, margin)
                    margin = spaces
                continue
            block, margin = None, 0
        if line[indent] == "#":
            continue
        if spaces < indent:
            character = next(c for c in line[:indent] if c != " ")
            if character not in groups:
                groups.add(character)
                yield from ((number, hit) for hit in _blank_indents(lines, number, character))
        body, column = line.rstrip(BLANKS), indent
        columns = [column]
        while body[column : column + 2] == "- ":
            column += 2
            column += len(body[column:]) - len(body[column:].lstrip(" "))
            columns.append(column)
        shaped, value = shape(body, column)
        if shaped or len(columns) > 1:
            levels = opened or [0]
            opened = [level for level in opened if level <= indent]
            known = opened[-1] == indent if opened else indent == 0
            if not known and (complete or len(opened) < len(levels)):
                yield from ((number, hit) for hit in _uneven(lines, number, indent, levels))
            opened += [c for c in columns if not opened or c > opened[-1]]
        for hit in line_hits(at, body, column):
            yield number, hit
            if hit.rule is codes.DASH_WITHOUT_BLANK:
                yield number, _dash_run(lines, number, hit, column)
        rest = body[value:].strip() if shaped else body[column:]
        if HEADER.match(rest):
            block = columns[-1] if shaped else columns[-2] if len(columns) > 1 else indent
            complete = True
        else:
            complete = bool(rest) and not rest.startswith("#")


def _blank_indents(lines: Lines, first: int, character: str) -> Iterator[Hit]:
    """Give one hit for all indentations that hold a tab, or a blank that is no blank, with each likely width."""
    spans = []
    count = 0
    for number, (at, line) in enumerate(lines, start=1):
        if number < first:
            continue
        indent = len(line) - len(line.lstrip(BLANKS))
        if character in line[:indent] and indent < len(line):
            count += 1
            spans += [at + index for index in range(indent) if line[index] == character]
    place = spans[0]
    more = f"（ほかに {count - 1} 行）" if count > 1 else ""
    run = 1
    while place + run in spans[: run + 1]:
        run += 1
    for width in (2, 4, 8, 1) if character == "\t" else (2, 1, 4):
        edits = tuple(Edit(offset, offset + 1, " " * width) for offset in spans)
        if character == "\t":
            yield Hit(
                codes.TAB_INDENT,
                place,
                place + run,
                f"行頭の字下げにタブがあります{more}",
                "タブを半角の空白2つに置き換えてください（エディターの「タブの代わりに空白を入れる」を使うと防げます）",
                edits,
                offered=True,
            )
        else:
            yield replace(wide_indent(place, place + run, "", more), edits=edits)


def _uneven(lines: Lines, number: int, indent: int, opened: list[int]) -> Iterator[Hit]:
    """Give a hit for each column that the line, with what belongs to it, may have been meant for."""
    at, line = next(_from(lines, number))
    run = [at]
    for offset, other in _from(lines, number + 1):
        own = len(other) - len(other.lstrip(" "))
        if own == len(other):
            continue
        if own < indent:
            break
        run.append(offset)
    name = shown(line.strip())
    for column in sorted(opened, key=lambda level: (abs(level - indent), -level)):
        if column == indent:
            continue
        for offsets in (run, run[:1]) if len(run) > 1 else (run,):
            if column > indent:
                edits = tuple(Edit(offset, offset, " " * (column - indent)) for offset in offsets)
            else:
                edits = tuple(Edit(offset, offset + indent - column, "") for offset in offsets)
            yield Hit(
                codes.UNEVEN_INDENT,
                at + indent,
                at + len(line.rstrip()),
                f"「{name}」の字下げ（半角の空白 {indent} 個）が、同じ並びの行とそろっていません",
                f"行頭の空白を {column} 個にして、上の行とそろえてください",
                edits,
            )


def _shallow(lines: Lines, number: int, block: int, margin: int) -> Hit:
    """Explain a line of a block scalar that is indented less than the first one, which ends the scalar."""
    at, line = next(_from(lines, number))
    own = len(line) - len(line.lstrip(" "))
    edits = []
    for offset, other in _from(lines, number):
        spaces = len(other) - len(other.lstrip(" "))
        if spaces == len(other):
            continue
        if spaces <= block:
            break
        if spaces < margin:
            edits.append(Edit(offset, offset, " " * (margin - spaces)))
    return Hit(
        codes.UNEVEN_INDENT,
        at + own,
        at + len(line.rstrip()),
        f"文章の行「{shown(line.strip())}」の字下げ（空白 {own} 個）が、最初の行（{margin} 個）より浅くなっています",
        "文章のすべての行を同じ字下げにしてください（段落の頭を下げるには全角空白を使います）",
        tuple(edits),
    )


def _dash_run(lines: Lines, number: int, hit: Hit, column: int) -> Hit:
    """Let the keys below `-id: x` move with it, where they are aligned with the `id`."""
    edits = list(hit.edits)
    for offset, other in _from(lines, number + 1):
        own = len(other) - len(other.lstrip(" "))
        if own == len(other):
            continue
        if own <= column:
            break
        edits.append(Edit(offset, offset, " "))
    return replace(hit, edits=tuple(edits))


def _from(lines: Lines, number: int) -> Iterator[tuple[int, str]]:
    for line in range(number, len(lines.starts) + 1):
        start, end = lines.bounds(line)
        yield start, lines.text[start:end]
