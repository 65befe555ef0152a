"""Repair: the slips that a YAML parser misplaces or reads as something else, proved by putting them right.

A parser reports where it gave up, often lines after the slip. Here every line that might hold a slip is a candidate
(`Candidate`) with its repair; a repair that lets the parser come further proves the candidate. So one cause gives one
finding at the very character, and valid lines that only look odd are never blamed.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.reader import codes
from atsugi_cli.reader.data import ParserStop
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.slips import shown
from atsugi_cli.reader.slips.parser_words import translated
from atsugi_cli.reader.slips.table import (
    BLANKS,
    HEADER,
    OUTSIDE,
    SHALLOW,
    TAB_INDENT,
    UNEVEN,
    WIDE_INDENT,
    Candidate,
    line_hits,
    shape,
)
from atsugi_cli.reader.splice import spliced

MAX_CAUSES = 20
"""Syntax errors reported of one file; after so many the rest is better read after a correction."""

MAX_TRIED = 24
"""Candidates tried for one error, nearest first; a slip is rarely further away than a few lines."""

REPAIR_BUDGET = 4_000_000
"""Characters parsed again in all; keeps huge broken files linear (less than a second on the C parser)."""

MAX_HITS = 2000
"""Candidates taken from one line; only a file on a single line has more."""

MAX_WRAPPED = 100
"""Lines over which a quote that is not closed may go on."""

_GUESSED = (
    codes.UNCLOSED_QUOTE,
    codes.UNCLOSED_BRACKET,
    codes.TAB_INDENT,
    codes.WIDE_SPACE_INDENT,
    codes.LIST_IN_TEXT,
    codes.RESERVED_START,
)
_FOLLOWING = (codes.MISSING_COLON, codes.UNEVEN_INDENT)


def explain(
    text: str, lines: Lines, trouble: ParserStop, parse: Callable[[str], ParserStop | None], *, cut: bool = False
) -> list[Finding]:
    """Find the causes of a syntax error, and of those behind it.

    `parse` gives the first trouble of a repaired text. Each proved repair is applied before the next error is
    looked at, so that errors which only follow from a cause are not reported. A text that was `cut` goes on in the
    file, and its end is no error.
    """
    findings: list[Finding] = []
    current, current_lines = text, lines
    applied: list[Edit] = []
    budget = REPAIR_BUDGET
    reported: dict[int, Entry] = {}  # what was said of a line
    guessed = -1  # the line of the last repair that was a guess
    for _ in range(MAX_CAUSES):
        if cut and trouble.offset >= len(current) - 1:
            break
        hit, after, spent = _cause(current, current_lines, trouble, parse, budget)
        budget -= spent
        if hit is None:
            if not findings:
                findings.append(translated(text, lines, trouble))
            break
        start, end = _original(hit.start, applied), _original(hit.end, applied)
        line = lines.position(start)[0]
        if line <= guessed + 1 and hit.rule in _FOLLOWING and not hit.offered:
            break  # where a quote ends or how wide a tab is was a guess; this may only come from it
        if hit.rule is codes.UNEVEN_INDENT:
            guessed = len(lines.starts)  # what belongs to the line is a guess, for all that follows
        elif hit.rule in _GUESSED:
            guessed = max(line, guessed)
        edits = tuple(Edit(_original(e.start, applied), _original(e.end, applied), e.text) for e in hit.edits)
        if reported.setdefault(line, hit.rule) is hit.rule:  # another slip on that line mostly comes from the first
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
    text: str, lines: Lines, trouble: ParserStop, parse: Callable[[str], ParserStop | None], budget: int
) -> tuple[Candidate | None, ParserStop | None, int]:
    """Find the candidate whose repair ends all trouble, or else the first that brings the parser further.

    Gives it with what stops the parser then and the characters spent; of several repairs of one place, and of
    indentations, the one that brings it furthest.
    """
    spent = trouble.offset
    tried: set[tuple[Edit, ...]] = set()
    best: Candidate | None = None
    best_after: ParserStop | None = None
    best_reach = trouble.reach
    for hit in _candidates(lines, trouble):
        if hit.edits in tried:
            continue
        if len(tried) >= MAX_TRIED or (tried and spent > budget):
            break
        tried.add(hit.edits)
        after = parse(spliced(text, hit.edits))
        spent += after.offset if after is not None else len(text)
        if after is None:
            return hit, None, spent
        if best is None or (hit.rule, hit.start) == (best.rule, best.start) or best.rule is codes.UNEVEN_INDENT:
            edits = sorted(hit.edits, key=lambda edit: -edit.start)
            reach = (_original(after.reach[0], edits), _original(after.reach[1], edits))
            if reach > best_reach:
                best, best_after, best_reach = hit, after, reach
    return best, best_after, spent


def _candidates(lines: Lines, trouble: ParserStop) -> Iterator[Candidate]:
    """Return the hits that may explain an error: where the broken thing begins, then from the error back."""
    last = lines.position(trouble.offset)[0]
    begun = lines.position(trouble.reach[0])[0]
    recent: deque[tuple[int, Candidate]] = deque(maxlen=2 * MAX_TRIED)
    beginning: list[Candidate] = []
    for number, hit in _hits(lines, last):
        recent.append((number, hit))
        if number == begun and len(beginning) < MAX_TRIED:
            beginning.append(hit)
    # the latest line first, but the hits of one line in their own order; what can be seen before what is only uneven
    found = beginning + [hit for _, hit in sorted(recent, key=lambda pair: -pair[0])]
    yield from (hit for hit in found if hit.rule is not codes.UNEVEN_INDENT or hit.offered)
    yield from (hit for hit in found if hit.rule is codes.UNEVEN_INDENT and not hit.offered)


@frozen
class _TextLine:
    """A line that is neither blank nor a comment: where its parts begin, and the block scalar that it is part of."""

    number: int
    at: int
    line: str
    indent: int
    columns: tuple[int, ...] = ()  # of the dashes and of what follows them
    value: int | None = None  # where the value of a key begins
    block: int | None = None  # the column that the text of the block scalar is deeper than

    @property
    def is_structure(self) -> bool:
        """Check whether the line has a dash or a key."""
        return self.value is not None or len(self.columns) > 1

    @property
    def rest(self) -> str:
        """Return the value, or what stands in its place."""
        return self.line[self.columns[-1] if self.value is None else self.value :].strip()


def _rows(lines: Lines, last: int) -> Iterator[_TextLine]:
    """Walk the lines up to `last` (from 1)."""
    block: int | None = None
    for number, (at, line) in enumerate(islice(lines, last), start=1):
        indent = len(line) - len(line.lstrip(BLANKS))
        if indent == len(line):
            continue
        if block is not None:
            if len(line) - len(line.lstrip(" ")) > block:
                yield _TextLine(number, at, line, indent, block=block)
                continue
            block = None
        if line[indent] == "#":
            continue
        columns = [indent]
        while line[columns[-1] : columns[-1] + 2] == "- ":
            after = line[columns[-1] + 1 :]
            columns.append(len(line) - len(after.lstrip(" ")))
        shaped, value = shape(line.rstrip(BLANKS), columns[-1])
        row = _TextLine(number, at, line, indent, tuple(columns), value if shaped else None)
        if re.match(HEADER, row.rest):
            block = columns[-1] if shaped else columns[-2] if len(columns) > 1 else indent
        yield row


def _hits(lines: Lines, last: int) -> Iterator[tuple[int, Candidate]]:
    """Return what looks odd in the lines up to `last`, with the number of the line."""
    margin = 0  # the indentation of the first line of the block scalar
    opened: list[tuple[int, _TextLine]] = []  # columns at which mappings and lists are open, and where they began
    complete = False  # whether the line before ends with a value, so that nothing can be put inside it
    seen: set[str] = set()
    for row in _rows(lines, last):
        if row.block is not None:
            spaces = len(row.line) - len(row.line.lstrip(" "))
            margin = margin or spaces
            if spaces < margin:
                yield row.number, _shallow(lines, row.number, row.block, margin)
                margin = spaces
            complete = True
            continue
        wordy = row.line[row.indent] > "\x7f" and "：" not in row.line and not row.line[: row.indent].strip(" ")
        if margin and not row.is_structure and wordy:
            # a line of the text that is not deeper than its key
            yield row.number, _shallow(lines, row.number, -1, margin)
            continue
        margin = 0
        odd = next((character for character in row.line[: row.indent] if character != " "), None)
        if odd is not None and odd not in seen:
            seen.add(odd)
            yield from ((row.number, hit) for hit in _blank_indents(lines, row.number, odd))
        if row.is_structure:
            levels = opened
            opened = [level for level in opened if level[0] <= row.indent]
            known = opened[-1][0] == row.indent if opened else row.indent == 0
            if not known and (complete or len(opened) < len(levels) or not levels):
                yield from _uneven(lines, row, levels)
            opened += [(column, row) for column in row.columns if not opened or column > opened[-1][0]]
        column = row.columns[-1]
        for hit in islice(line_hits(row.at, row.line.rstrip(BLANKS), column), MAX_HITS):
            yield row.number, hit
            if hit.rule is codes.DASH_WITHOUT_BLANK:
                yield row.number, _dash_run(lines, row.number, hit, column)
            elif hit.rule is codes.UNCLOSED_QUOTE and (longer := _longer_quote(lines, row, hit)):
                yield row.number, longer
        complete = bool(row.rest) and not row.rest.startswith("#") and not re.match(HEADER, row.rest)


def _blank_indents(lines: Lines, first: int, character: str) -> Iterator[Candidate]:
    """Return one hit for all indentations that hold a tab, or a blank that is no blank, with each likely width."""
    spans: list[int] = []
    count = 0
    for row in _rows(lines, len(lines.starts)):
        if row.number >= first and row.block is None and character in row.line[: row.indent]:
            count += 1
            spans += [row.at + index for index in range(row.indent) if row.line[index] == character]
    place = spans[0]
    more = f"（ほかに {count - 1} 行）" if count > 1 else ""
    run = 1
    while spans[run : run + 1] == [place + run]:
        run += 1
    for width in (2, 4, 8, 1, 0):
        edits = tuple(Edit(offset, offset + 1, " " * width) for offset in spans)
        slip = TAB_INDENT if character == "\t" else WIDE_INDENT
        yield slip.at(place, place + run, *edits, more=more)


def _uneven(lines: Lines, row: _TextLine, levels: list[tuple[int, _TextLine]]) -> Iterator[tuple[int, Candidate]]:
    """Return a hit for each column that the line, with what belongs to it, may have been meant for.

    Or the line before, a `- key:` whose first key is not where the others are.
    """
    run = [row.at, *(offset for offset, *_ in _deeper(lines, row.number + 1, row.indent - 1))]
    columns = [column for column, _ in levels] or [0]
    for column in sorted(columns, key=lambda level: (abs(level - row.indent), -level)):
        if column != row.indent:
            for offsets in (run, run[:1]) if len(run) > 1 else (run,):
                yield row.number, _moved(row, column, offsets)
    if levels:
        column, opener = levels[-1]
        meant = opener.indent + row.indent - column
        if len(opener.columns) > 1 and meant >= 0 and column != row.indent:
            yield opener.number, _moved(opener, meant, [opener.at])


def _moved(row: _TextLine, column: int, offsets: list[int]) -> Candidate:
    """Explain a line that should begin at `column`; the lines at `offsets` move with it."""
    if column > row.indent:
        edits = tuple(Edit(offset, offset, " " * (column - row.indent)) for offset in offsets)
    else:
        edits = tuple(Edit(offset, offset + row.indent - column, "") for offset in offsets)
    words = {"line": shown(row.line.strip()), "own": str(row.indent), "meant": str(column)}
    return UNEVEN.at(row.at + row.indent, row.at + len(row.line.rstrip()), *edits, **words)


def _shallow(lines: Lines, number: int, block: int, margin: int) -> Candidate:
    """Explain a line of a block scalar that is indented less than the first one, which ends the scalar.

    `block` is the column of its key; below 0 the line is not even deeper than that.
    """
    at, line, own = next(_deeper(lines, number, -1))
    edits = []
    for offset, other, spaces in _deeper(lines, number, block):
        if block < 0 and (other.startswith(("- ", "#"), spaces) or shape(other, spaces)[0]):
            break
        if spaces < margin:
            edits.append(Edit(offset, offset, " " * (margin - spaces)))
    words = {"line": shown(line.strip()), "own": str(own), "margin": str(margin)}
    return (OUTSIDE if block < 0 else SHALLOW).at(at + own, at + len(line.rstrip()), *edits, **words)


def _dash_run(lines: Lines, number: int, hit: Candidate, column: int) -> Candidate:
    """Let the keys below `-id: x` move with it, where they are aligned with the `id`."""
    below = (Edit(offset, offset, " ") for offset, *_ in _deeper(lines, number + 1, column))
    return replace(hit, edits=(*hit.edits, *below))


def _longer_quote(lines: Lines, row: _TextLine, hit: Candidate) -> Candidate | None:
    """Close a quote at the end of the lines that go on below it; None where there are none."""
    end = None
    for offset, line, own in islice(_deeper(lines, row.number + 1, row.indent), MAX_WRAPPED):
        if line.startswith("- ", own) or shape(line.rstrip(BLANKS), own)[0]:
            break
        end = offset + len(line.rstrip(BLANKS))
    return None if end is None else replace(hit, edits=(Edit(end, end, lines.text[hit.start]),))


def _deeper(lines: Lines, number: int, column: int) -> Iterator[tuple[int, str, int]]:
    """Iterate over the lines from `number`, blank ones left out, as long as they are indented beyond a column.

    Gives the offset of each, the line, and how many blanks it begins with.
    """
    for each in range(number, len(lines.starts) + 1):
        start, end = lines.bounds(each)
        line = lines.text[start:end]
        blanks = len(line) - len(line.lstrip(" "))
        if blanks < len(line):
            if blanks <= column:
                return
            yield start, line, blanks
