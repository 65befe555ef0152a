"""Findings: what a check found, for people: with the lines it is about (text), or in one line each (concise).

A caret stands under the character it means by display width, and in colour the text itself is underlined too, since
fonts disagree about the width of characters like ①. Whatever a file contains is printed inert: nothing in a message,
a path or a source line reaches the terminal as a control character, and no line of it begins at the margin.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from atsugi_cli.catalogue import Severity
from atsugi_cli.findings import SEVERITIES, Finding, Findings, Place
from atsugi_cli.formats.options import Options
from atsugi_cli.frozen import frozen
from atsugi_cli.reader.lines import Lines
from atsugi_cli.width import Ambiguous, safe, width_of

REPEATS: Final = 20
"""So many findings of one rule in one file are shown in full: more are one habit, not more news."""
NEAR: Final = 20
"""Places at most so many lines apart fit a screen and share a snippet."""
SPAN_LINES: Final = 3
"""Of a longer place only the first lines are shown."""
NARROWEST: Final = 40
"""A source line is never shown in fewer cells: less than a phrase says nothing."""

WORDS: Final[dict[Severity, str]] = {"error": "エラー", "warning": "警告", "note": "注意", "off": "なし"}

_CUT_BEFORE: Final = "（前略）"
_CUT_AFTER: Final = "（以下略）"
_CUTS: Final = width_of(_CUT_BEFORE + _CUT_AFTER)
_POINTS: Final = 4
"""More code points to a cell are no writing (a letter with its marks), and would make a short line endless."""

_BOLD: Final = "1"
_DIM: Final = "2"
_RELATED: Final = "36"
_COLOURS: Final[dict[Severity, str]] = {"error": "31", "warning": "33", "note": "34", "off": _DIM}


class Texts(dict[str, Lines | None]):
    """The lines of each file by its name, split when a finding first points into it; None where there is no text."""

    def __init__(self, findings: Findings) -> None:
        """Take the texts that came with the findings."""
        super().__init__()
        self._texts = dict(findings.sources)

    def __missing__(self, source: str) -> Lines | None:
        """Split the text of a file."""
        text = self._texts.get(source)
        self[source] = lines = Lines(text, source) if text else None
        return lines


@frozen
class _Mark:
    """A place to be marked, the sign it is marked with, its colour, and what is said there."""

    place: Place
    sign: str
    colour: str
    label: str = ""


@frozen
class _Span:
    """The part of a mark that lies in one line: offsets [start, end) into the text."""

    line: int
    start: int
    end: int
    mark: _Mark
    label: str


def write_text(findings: Findings, options: Options) -> str:
    """Print findings with the source lines they are about, file by file; nothing when there are none."""
    texts = Texts(findings)
    blocks = []
    for source, items in by_file(findings.items):
        seen: Counter[tuple[Severity, str]] = Counter()
        for finding in items:
            key = (finding.severity, finding.rule.code)
            seen[key] += 1
            if seen[key] <= REPEATS:
                blocks.append("\n".join(shown(finding, texts, options)))
        for (severity, code), number in seen.items():
            if number > REPEATS:
                head = _paint(f"{WORDS[severity]}[{safe(code)}]", f"{_BOLD};{_COLOURS[severity]}", options)
                more = f"同じ指摘がほかに{number - REPEATS}件あります（すべて見る: --format concise）"
                blocks.append(f"{head}: {flat_path(source)} には{more}")
    return "\n\n".join([*blocks, ""]).removesuffix("\n")


def write_concise(findings: Findings, options: Options) -> str:
    """Print each finding in one line that editors and grep understand: `path:line:column: severity code: message`."""
    lines = []
    for _, items in by_file(findings.items):
        for finding in items:
            severity = _paint(finding.severity, f"{_BOLD};{_COLOURS[finding.severity]}", options)
            lines.append(f"{spot(finding.place)}: {severity} {safe(finding.rule.code)}: {sentence(finding)}\n")
    return "".join(lines)


def summary(findings: Findings) -> str:
    """Count the findings in one line without a line end: 「エラー 2件、警告 1件（うち 2件は --fix で直せます）」."""
    counts = [f"{WORDS[severity]} {number}件" for severity in SEVERITIES if (number := findings.count(severity))]
    unread = {each.place.source for each in findings.items if each.rule.group == "yaml" and not each.fixable}
    fixable = sum(finding.fixable for finding in findings.items if finding.place.source not in unread)
    more = f"うち {fixable}件は --fix で直せます" if fixable else f"{findings.checked}ファイルを検査"
    return f"{'、'.join(counts) or '問題は見つかりませんでした'}（{more}）"


def by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Group findings by file: files in the order in which they first appear, findings in theirs."""
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.place.source, []).append(finding)
    return list(files.items())


def flat(text: str) -> str:
    """Set a text in one line, without anything that steers a terminal."""
    return safe(" ".join(text.split("\n")))


def flat_path(path: str) -> str:
    """Set a path in one line; a newline in it stays visible."""
    return safe(path).replace("\n", "␊")


def spot(place: Place) -> str:
    """Return where a place begins, as editors and terminals link it: `path:line:column`."""
    return f"{flat_path(place.source)}:{place.line}:{place.column}"


def sentence(finding: Finding) -> str:
    """Say what is wrong and what to write instead, in one line."""
    hint = f"（直し方: {flat(finding.hint)}）" if finding.hint else ""
    return flat(finding.message) + hint


def shown(finding: Finding, texts: Texts, options: Options) -> list[str]:
    """Show one finding: severity and message, the place with its source lines, related places, remedy."""
    place = finding.place
    colour = _COLOURS[finding.severity]
    primary = _Mark(place, "^", colour)
    related = [_Mark(other.place, "-", _RELATED, flat(other.message)) for other in finding.related]
    here = [mark for mark in related if texts[place.source] and _near(mark.place, place)]
    digits = len(str(max(min(mark.place.end_line, _last(mark.place)) for mark in (primary, *related))))
    margin = " " * (digits + 1)

    message, *rest = safe(finding.message).split("\n")
    head = _paint(f"{WORDS[finding.severity]}[{safe(finding.rule.code)}]", f"{_BOLD};{colour}", options)
    out = [f"{head}: {_paint(message, _BOLD, options)}", *(f"{margin}| {line}" for line in rest)]
    out += [_arrow("-->", place, digits, options), *_snippet([primary, *here], texts, digits, options)]
    for mark in related:
        if mark in here:
            continue
        snippet = _snippet([mark], texts, digits, options)
        out.append(_arrow(":::", mark.place, digits, options) + ("" if snippet else f" {mark.label}"))
        out += snippet
    equals = _paint(f"{margin}=", _DIM, options)
    if finding.hint:
        hint, *rest = safe(finding.hint).split("\n")
        out += [f"{equals} 直し方: {hint}", *(f"{margin}|         {line}" for line in rest)]
    out.append(f"{equals} strategy explain {safe(finding.rule.code)}")
    return out


def _last(place: Place) -> int:
    """Return the last line that is shown of a place that has so many lines."""
    return place.line + SPAN_LINES - 1


def _near(one: Place, other: Place) -> bool:
    return one.source == other.source and abs(one.line - other.line) <= NEAR


def _paint(text: str, codes: str, options: Options) -> str:
    return f"\x1b[{codes}m{text}\x1b[0m" if options.colour and text else text


def _arrow(sign: str, place: Place, digits: int, options: Options) -> str:
    return f"{_paint(' ' * digits + sign, _DIM, options)} {spot(place)}"


# --- source lines -----------------------------------------------------------------------------------------------------


def _snippet(marks: Sequence[_Mark], texts: Texts, digits: int, options: Options) -> list[str]:
    """Show the lines that marks of one file lie in, in the order of the file, each with its signs below it."""
    lines = texts[marks[0].place.source]
    if lines is None:
        return []
    spans = sorted((span for mark in marks for span in _spans(mark, lines)), key=lambda span: (span.line, span.start))
    if not spans:
        return []
    out = [_paint(" " * (digits + 1) + "|", _DIM, options)]
    room = max(options.width - digits - len(" | "), NARROWEST)
    at = 0
    while at < len(spans):
        begin, end = lines.bounds(spans[at].line)
        left, right = _window(lines.text, (begin, end), spans[at], room, options.ambiguous)
        together = [spans[at]]
        while at + len(together) < len(spans) and _fits(spans[at + len(together)], spans[at].line, left, right):
            together.append(spans[at + len(together)])
        before = _CUT_BEFORE if left > begin else ""
        after = _CUT_AFTER if right < end else ""
        line = (
            _paint(before, _DIM, options)
            + _marked(lines.text, (left, right), together, options)
            + _paint(after, _DIM, options)
        )
        out.append(_paint(f"{spans[at].line:>{digits}} |", _DIM, options) + (f" {line}" if line else ""))
        for span in together:
            lead, number = _cells_under(lines.text, left, right, span, options.ambiguous)
            blank = " " * (width_of(before) + lead)
            signs = _paint(span.mark.sign * number, f"{_BOLD};{span.mark.colour}", options)
            label = f" {_paint(span.label, span.mark.colour, options)}" if span.label else ""
            out.append(f"{_paint(' ' * (digits + 1) + '|', _DIM, options)} {blank}{signs}{label}")
        at += len(together)
    return out


def _spans(mark: _Mark, lines: Lines) -> list[_Span]:
    """Cut a mark into its lines; a long one is cut short and says to which line it goes."""
    place = mark.place
    last = place.end_line
    if last > place.line and place.end_column <= 1:
        last -= 1  # it ends with the line break of the line before
    spans = []
    for number in range(place.line, min(last, _last(place), len(lines.starts)) + 1):
        start, stop = lines.bounds(number)
        end = stop if number < place.end_line else min(start + place.end_column - 1, stop)
        if number == place.line:
            start = min(start + place.column - 1, stop)
        else:
            while start < end and lines.text[start] in " \u3000":
                start += 1
            if start >= end:
                continue
        spans.append(_Span(number, *_whole(lines.text, lines.bounds(number), start, max(start, end)), mark, ""))
    if spans:
        until = f"（{last}行目まで）" if last > _last(place) else ""
        final = spans[-1]
        spans[-1] = _Span(final.line, final.start, final.end, mark, mark.label + until)
    return spans


def _whole(text: str, line: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole letters: a mark that sits on a letter has no cells of its own to point at."""
    begin, stop = line
    if start < end:
        while begin < start and not _cells(text[start], 1):
            start -= 1
        while end < stop and not _cells(text[end], 1):
            end += 1
    return start, end


def _fits(span: _Span, line: int, left: int, right: int) -> bool:
    return span.line == line and left <= span.start and span.end <= right


@cache
def _cells(character: str, ambiguous: Ambiguous) -> int:
    """Count the cells that one character takes when it is shown."""
    return width_of(safe(character), ambiguous)


def _window(text: str, line: tuple[int, int], span: _Span, room: int, ambiguous: Ambiguous) -> tuple[int, int]:
    """Choose what to show of a line: all of it, or as much around a span as fits `room` cells with the cut marks."""
    begin, end = line
    if end - begin <= room * _POINTS and width_of(safe(text[begin:end]), ambiguous) <= room:
        return begin, end
    room -= _CUTS
    marked = _forward(text, span.start, span.end, room * 3 // 4, ambiguous)  # a quarter stays for what is around it
    rest = room - width_of(safe(text[span.start : marked]), ambiguous)
    left = _backward(text, begin, span.start, rest // 2, ambiguous)
    right = _forward(text, marked, end, rest - width_of(safe(text[left : span.start]), ambiguous), ambiguous)
    if right == end:
        unused = rest - width_of(safe(text[marked:right]), ambiguous)
        left = _backward(text, begin, span.start, unused, ambiguous)
    return left, right


def _forward(text: str, start: int, stop: int, room: int, ambiguous: Ambiguous) -> int:
    """Find where the text from `start` has filled `room` cells."""
    at = start
    stop = min(stop, start + room * _POINTS)
    while at < stop and (cells := _cells(text[at], ambiguous)) <= room:
        room -= cells
        at += 1
    return at


def _backward(text: str, begin: int, stop: int, room: int, ambiguous: Ambiguous) -> int:
    """Find where the text up to `stop` begins to fill `room` cells; not between a letter and its marks."""
    at = stop
    begin = max(begin, stop - room * _POINTS)
    while at > begin and (cells := _cells(text[at - 1], ambiguous)) <= room:
        room -= cells
        at -= 1
    while begin < at < stop and not _cells(text[at], ambiguous):
        at += 1
    return at


def _cells_under(text: str, left: int, right: int, span: _Span, ambiguous: Ambiguous) -> tuple[int, int]:
    """Count the cells before a span and under it, at least one."""
    lead = width_of(safe(text[left : span.start]), ambiguous)
    return lead, max(width_of(safe(text[span.start : min(span.end, right)]), ambiguous), 1)


def _marked(text: str, window: tuple[int, int], spans: Sequence[_Span], options: Options) -> str:
    """Set the shown part of a line, marked characters underlined in colour; the place itself goes before others."""
    left, right = window
    if not options.colour:
        return safe(text[left:right])
    spans = sorted(spans, key=lambda span: span.mark.sign != "^")
    cuts = sorted({left, right, *(min(cut, right) for span in spans for cut in (span.start, span.end))})
    out = ""
    for start, end in pairwise(cuts):
        colour = next((span.mark.colour for span in spans if span.start <= start < span.end), "")
        piece = safe(text[start:end])
        out += _paint(piece, f"4;{colour}", options) if colour else piece
    return out
