"""Strictness: the explaining pass, made only when the fast loop stopped: what is wrong and where."""

import re
from dataclasses import replace
from itertools import islice

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding, Related, in_order
from atsugi_cli.reader import codes
from atsugi_cli.reader.data import (
    CONSTANTS,
    KEY_WORDS,
    LATIN_WORDS,
    LINE_SEPARATORS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_EVENTS,
    is_odd_key,
    scalar,
)
from atsugi_cli.reader.enough import MOST, enough
from atsugi_cli.reader.events import Event, first_stop
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.places import OpenNode, Places
from atsugi_cli.reader.slips import repair, shown, table
from atsugi_cli.values import read_when

NEAR = 200_000
"""Characters looked at behind a syntax error: 250 initiatives, with far more causes than are said at once."""

MAX_EXPLAINED = 200_000
"""Events read before looking whether that will do: 4,000 initiatives, in half a second. More where none was wrong."""

CHARACTERS_AN_EVENT = 6
"""An edition has 10; a long text that is much denser is none, and is not read to its end."""

MAX_MARGIN = 1000
"""Blanks and dashes before a value that is alone on its line."""

MAX_REFUSED = 100_000
"""Characters that no YAML may hold looked at; with more of them a file is no text."""

MAX_SHOWN = 50
"""Places listed of one cause that repeats (control characters, aliases); more would bury the rest."""

_REFUSED = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # what YAML's c-printable leaves out
    "|(?<=[\n\r])\ufeff"  # the mark at the start of a file that was put behind another one
)
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_DIRECTIVE = re.compile(r"\ufeff?(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n])*+(%[^\r\n]*)")
_THOUSANDS = re.compile(r"[0-9],\Z")
_TAG = re.compile(r"![^\s,\[\]{}]*")


def explain(text: str, source: str, *, pure: bool = False) -> tuple[bool, tuple[Finding, ...]]:
    """Say what stops a text from being read, and whether it leaves the rest readable."""
    lines = Lines(text[:MAX_CHARACTERS] if len(text) > MAX_CHARACTERS else text, source)
    if len(text) > MAX_CHARACTERS:
        message = f"ファイルが大きすぎます（{len(text):,} 文字、上限 {MAX_CHARACTERS:,} 文字）"
        return False, (Finding(codes.TOO_LARGE, message, lines.place(0, 0), "計画ごとにファイルを分けてください"),)
    findings = _characters(text, lines) or _conflict(text, lines) or _directive(text, lines)
    if findings:
        return False, in_order(findings)
    trouble = first_stop(text, pure=pure)
    if trouble is not None:
        near = _near(text, trouble.offset)
        if len(near) < len(text):
            lines = Lines(near, source)
        found = repair.explain(
            near,
            lines,
            trouble,
            lambda repaired: first_stop(repaired, pure=pure),
            cut=len(near) < len(text),
        )
        return False, in_order(found)
    reading = _Reading(text, source, pure=pure)
    return reading.usable, in_order(enough(reading.findings, "構文の誤り"))


def _near(text: str, offset: int) -> str:
    """Return the text to a little after an error: each repair is proved by parsing all that is given."""
    end = text.find("\n", offset + NEAR) + 1
    return text[:end] if end else text


def _characters(text: str, lines: Lines) -> list[Finding]:
    """Report characters that no YAML text may hold, and line breaks that only some readers see."""
    findings = []
    spoiled: dict[int, list[int]] = {}  # by line: what was pasted there came in one go
    for match in islice(_REFUSED.finditer(text), MAX_REFUSED):
        line = lines.position(match.start())[0]
        if line not in spoiled and len(spoiled) >= MAX_SHOWN:
            break
        spoiled.setdefault(line, []).append(match.start())
    for offsets in spoiled.values():
        start, code = offsets[0], ord(text[offsets[0]])
        more = f"（この行に計{len(offsets)}か所）" if len(offsets) > 1 else ""
        findings.append(
            Finding(
                codes.CONTROL_CHARACTER,
                f"使えない文字 U+{code:04X} があります" + ("（NUL）" if code == 0 else "") + more,
                lines.place(start, start + 1),
                "目に見えない文字です。前後の文字を打ち直すか、この文字を消してください",
                edits=tuple(Edit(offset, offset + 1, "") for offset in offsets),
            )
        )
    if findings:
        return findings
    if any(separator in text for separator in LINE_SEPARATORS):
        findings += [
            Finding(
                codes.LINE_SEPARATOR,
                f"特殊な改行文字 U+{ord(match.group()):04X} があります",
                lines.place(match.start(), match.end()),
                "この文字を消し、改行が要るところではふつうに改行してください",
                edits=(Edit(match.start(), match.end(), ""),),
            )
            for match, _ in zip(_SEPARATOR.finditer(text), range(MAX_SHOWN), strict=False)
        ]
    return findings


def _conflict(text: str, lines: Lines) -> list[Finding]:
    marks = [match for match, _ in zip(_CONFLICT.finditer(text), range(MAX_SHOWN * 4), strict=False)]
    groups: list[list[re.Match[str]]] = []
    for mark in marks:
        if mark.group().startswith("<") or not groups:
            groups.append([])
        groups[-1].append(mark)
    is_file = lines.source.endswith((".yaml", ".yml")) and ":" not in lines.source
    again = f"（項目ごとに合わせ直すには strategy merge --solve {lines.source}）" if is_file else ""
    return [
        Finding(
            codes.CONFLICT_MARKER,
            f"git の競合の印「{group[0].group()}」が残っています",
            lines.place(group[0].start(), group[0].end()),
            f"どちらの内容を採るか決め、<<<<<<< ======= >>>>>>> の行を消してください{again}",
            tuple(Related(lines.place(mark.start(), mark.end()), "ここにも印があります") for mark in group[1:]),
        )
        for group in groups
        if len(group) > 1 or not group[0].group().startswith("=")
    ]


def _directive(text: str, lines: Lines) -> list[Finding]:
    match = _DIRECTIVE.match(text)
    if match is None:
        return []
    place = lines.place(match.start(1), match.end(1))
    message = f"「{shown(match.group(1))}」のような「%」で始まる指示は使えません"
    return [Finding(codes.DIRECTIVE, message, place, "この行を消してください")]


_HABITS = frozenset({codes.FULL_WIDTH_COLON.code, codes.COLON_WITHOUT_BLANK.code, codes.MISSING_COLON.code})
"""Codes of slips that are one habit where they stand on one line: {start：2021, end：2025}."""


def _joined(findings: list[Finding]) -> list[Finding]:
    """Say once what is typed alike all along a line."""
    groups: dict[object, list[Finding]] = {}
    for each in findings:
        alike = each.rule.code in _HABITS and each.edits
        groups.setdefault((each.rule.code, each.place.line) if alike else id(each), []).append(each)
    return [
        replace(
            first,
            message=first.message + (f"（この行に計{1 + len(rest)}か所）" if rest else ""),
            edits=tuple(edit for each in (first, *rest) for edit in each.edits),
        )
        for first, *rest in groups.values()
    ]


_OF_A_YEAR = (["baseline"], ["current"], ["target"])
"""Keys of a value, below which a year may stand as a key: target: {2025: 1300}."""


class _Reading(Places):
    """One explaining pass: everything that breaks the strictness, not only the first."""

    def __init__(self, text: str, source: str, *, pure: bool) -> None:
        """Read all events; the syntax is known to be right as far as depth and size allow."""
        self.text = text
        self.findings: list[Finding] = []
        self.ended = False
        self.usable = True
        self.doubled = 0
        self.most = min(MAX_EVENTS, max(MAX_EXPLAINED, len(text) // CHARACTERS_AN_EVENT))
        self.documents = 0
        self.is_empty = True
        self.anchors: dict[str, int] = {}
        self.aliases: list[tuple[str, int, int]] = []
        self.merges: list[tuple[int, int, list[str]]] = []  # the key's span, and the names it takes in
        self.wide: list[table.Candidate] = []  # keys behind a wide blank
        self.suspects: list[tuple[str, int, int, bool]] = []  # text, span, whether an item of a list
        super().__init__(text, source, pure=pure)
        self.usable &= self.ended  # else it broke off beyond the limits, where no one has looked
        if self.ended and self.is_empty and not self.findings and not self.aliases:
            hint = "format: 1 から書き始めてください。ひな形は strategy init で作れます"
            self._last(codes.EMPTY_FILE, "ファイルに内容がありません", 0, 0, hint)
        if self.wide:
            edits = tuple(edit for hit in self.wide for edit in hit.edits)
            self.findings.append(replace(self.wide[0].finding(self.lines), edits=edits))
        self._values()
        self._references()
        self.findings = _joined(self.findings)

    def _ends_at(self, event: Event, number: int, stack: list[OpenNode]) -> bool:
        self.ended = self._ended(event, number, stack)
        return self.ended

    def _ended(self, event: Event, number: int, stack: list[OpenNode]) -> bool:
        """Look at an event; return whether nothing behind it is read."""
        kind = type(event)
        start, end = event.start_mark.index + self.base, event.end_mark.index + self.base
        if number > self.most:
            message = f"項目が多すぎます（要素 {self.most:,} 個まで）"
            return self._last(codes.TOO_LARGE, message, 0, 0, "計画ごとにファイルを分けてください")
        if kind is StreamEndEvent:
            return True
        if not number % MAX_EXPLAINED and self._found_enough(start):
            return True
        if kind is DocumentStartEvent:
            self.documents += 1
            return self.documents > 1 and self._last(
                codes.SEVERAL_DOCUMENTS,
                f"「{shown(self.text[start : max(end, start + 1)])}」から、もう一つの文書が始まっています",
                start,
                end,
                "1版を1ファイルに書きます。区切りの線のつもりなら、この行を消すか「# ---」にしてください",
            )
        if kind not in {ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent}:
            return False
        self._properties(event, start)
        holder = stack[-1] if stack else None
        if holder is not None and holder.wants_key:
            if kind is ScalarEvent:
                self._key(event, start, end, stack)
                return False
            if kind is AliasEvent:
                self.usable = False
                self.aliases.append((event.anchor, start, end))
                return True
            return self._last(
                codes.NON_TEXT_KEY,
                "キーの位置に [ ] や { }、または箇条書きがあります",
                start,
                end,
                "キーは文字で書いてください。{{ }} のような印なら、値の全体を引用符で囲んでください",
            )
        if holder is None:
            self.is_empty = kind is ScalarEvent and not event.style and scalar(event.value) is None
        if kind is ScalarEvent:
            text: str = event.value
            if not event.style and scalar(text) is text:
                self.suspects.append((text, start, end, holder is not None and not holder.is_map))
        elif kind is AliasEvent:
            self.aliases.append((event.anchor, start, end))
            if any(each.merging for each in stack[-2:]):
                self.merges[-1][2].append(event.anchor)
            self.usable = False
        elif len(stack) >= MAX_DEPTH:
            return self._last(
                codes.TOO_DEEP,
                f"入れ子が深すぎます（{MAX_DEPTH} 段まで）",
                start,
                end,
                "閉じ忘れた括弧「[」「{」や、深くなり続ける字下げがないか確かめてください",
            )
        return False

    def _found_enough(self, start: int) -> bool:
        """Check whether there is something to say so far; then the rest of a large file is not read."""
        self._values()
        if not (self.findings or self.anchors or self.aliases or self.merges):
            return False
        line = self.lines.position(start)[0]
        finding = Finding(
            codes.MORE_FINDINGS,
            f"{line:,}行目から先は、まだ調べていません",
            self.lines.place(start, start),
            "ここまでの指摘を直してから、もう一度検証してください",
            severity="note",
        )
        self.findings.append(finding)
        self.usable = False
        return True

    def _report(
        self,
        rule: Entry,
        message: str,
        start: int,
        end: int,
        hint: str,
        related: tuple[Related, ...] = (),
        edits: tuple[Edit, ...] = (),
    ) -> None:
        self.findings.append(Finding(rule, message, self.lines.place(start, end), hint, related, edits=edits))

    def _last(self, rule: Entry, message: str, start: int, end: int, hint: str) -> bool:
        """Report what ends the reading, at one character at least."""
        self.usable = False
        self._report(rule, message, start, max(end, start + 1) if end else 0, hint)
        return True

    def _key(self, event: Event, start: int, end: int, stack: list[OpenNode]) -> None:
        holder = stack[-1]
        key: str = event.value
        plain = not event.style and event.anchor is None and event.tag is None  # the others are reported already
        reported = plain and is_odd_key(key) and self._odd_key(key, start, end, stack)
        holder.merging = key == "<<" and not event.style
        first = holder.keys.get(key)
        if first is None:
            holder.keys[key] = (start, end)
            if holder.repeating != next(iter(holder.keys)):  # with the first key again, another item has begun
                holder.repeating = ""
            return
        if reported or holder.repeating:
            return
        holder.repeating = key
        self.doubled += 1
        if self.doubled > MAX_SHOWN:
            return
        again = self._again(first[0], start)
        self._report(
            codes.DUPLICATE_KEY,
            f"キー「{shown(key)}」が同じ項目の中で重複しています",
            start,
            max(end, start + 1),
            "同じ行が二つあるので、この行を消してください"
            if again
            else "別の項目なら、行の頭に「- 」を付けてください。同じ項目なら、どちらか一方を消してください"
            if key == "id"
            else "どちらか一方を消してください。別の項目なら、「- 」の抜けや字下げを確かめてください",
            related=(Related(self.lines.place(*first), "最初はここ"),),
            edits=again,
        )

    def _again(self, first: int, second: int) -> tuple[Edit, ...]:
        """Return the edit that takes out a line that is there twice, and holds a key with all of its value."""
        rows = [self.lines.position(each)[0] for each in (first, second)]
        one, other = (self.text[slice(*self.lines.bounds(row))] for row in rows)
        start = self.lines.bounds(rows[1])[0]
        whole = re.fullmatch(r"\s*[^\s:]+:\s+[^\s|>].*", other) and one.rstrip() == other.rstrip()
        if not whole or rows[0] == rows[1]:
            return ()
        return (Edit(start, self.lines.bounds(rows[1] + 1)[0], ""),) if rows[1] < len(self.lines.starts) else ()

    def _odd_key(self, key: str, start: int, end: int, stack: list[OpenNode]) -> bool:
        """Report a key that is not text, or that a slip has made; return whether there was anything to report."""
        if key == "<<":
            self.merges.append((start, end, []))
            self.usable = False
            return True
        own = any((each.key or "").startswith("x-") for each in stack)
        if "=" in key and own:
            return False
        if key in CONSTANTS or not isinstance(scalar(key), str):
            if key and own:
                return False  # below a key of one's own everything is free, and text
            if key.isdigit() and _THOUSANDS.search(self.text, max(start - 4, 0), start):
                return False  # {value: 1,200}, which is explained as a number
            typed = self.text[start:end]
            if typed.isdigit() and read_when(typed) and [each.key for each in stack][-2:-1] in _OF_A_YEAR:
                line = self.lines.position(start)
                line_break = "\r\n" if "\r\n" in self.text else "\n"
                between = ", " if self.text[:start].rstrip()[-1:] == "{" else line_break + " " * (line[1] - 1)
                self._report(
                    codes.NON_TEXT_KEY,
                    f"キー「{typed}」は文字ではありません",
                    start,
                    end,
                    f"年なら「year: {typed}」と「value: 値」に分けて書いてください",
                    edits=(Edit(start, end, f"year: {typed}{between}value"),),
                )
                return True
            self._report(
                codes.NON_TEXT_KEY,
                f"キー「{typed}」は文字ではありません" if typed else "「:」の前にキーがありません",
                start,
                max(end, start + 1),
                f'文字として使うなら引用符で囲み、"{typed}": と書いてください'
                if typed
                else "「キー: 値」と書いてください",
                edits=(Edit(start, end, f'"{typed}"'),) if typed else (),
            )
            return True
        hit = table.stray_mark(key, start, stack[-1].keys) or table.misread_key(key, start)
        if hit is None:
            return False
        self.usable = False
        if hit.rule is codes.WIDE_SPACE_INDENT:  # one habit, said once
            self.wide.append(hit)
        else:
            self.findings.append(hit.finding(self.lines))
        return True

    def _properties(self, event: Event, start: int) -> None:
        """Note an anchor and report a tag before a node."""
        if type(event) is AliasEvent:
            return
        if event.anchor is not None:
            at = self.text.find("&" + event.anchor, start)
            self.anchors.setdefault(event.anchor, at if at >= 0 else start)
        if event.tag is not None:
            match = _TAG.search(self.text, start)
            at, end = match.span() if match else (start, start + 1)
            typed = self.text[at:end]
            self._report(
                codes.TAG,
                f"タグ「{shown(typed)}」は使えません",
                at,
                end,
                "型の指定なら消してください。文字としての「!」で始まるなら、値の全体を引用符で囲んでください",
            )

    def _values(self) -> None:
        """Report plain values that are a slip: `title：x`, `id:x`, full-width brackets, a list run into a text."""
        names = {name for name in self._names if name is not None} if self.suspects else set()
        for text, start, end, is_item in self.suspects:
            if len(self.findings) > MOST:
                break
            several = "\n" in self.text[start:end] or "\r" in self.text[start:end]
            line = self.lines.starts[self.lines.position(start)[0] - 1]
            alone = start - line <= MAX_MARGIN and not self.text[line:start].strip(" -")
            if several and (text.partition("：")[0] in KEY_WORDS or text.partition(" ")[0] in LATIN_WORDS):
                text = self.text[start:end]  # noqa: PLW2901 - keys on several lines, each where it stands
            hit = table.misread_value(text, names, several_lines=several, is_item=is_item, alone=alone, start=start)
            if hit is not None and several:
                hit = table.in_source(hit, self.text[start:end], start)
            if hit is not None:
                self.findings.append(hit.finding(self.lines))
                self.usable = False
        self.suspects.clear()

    def _references(self) -> None:
        """Report merge keys, anchors and aliases: one finding for a name, at where it is defined."""
        for start, end, names in self.merges:
            self._report(
                codes.MERGE_KEY,
                "「<<」（ほかの項目の内容の差し込み）は使えません",
                start,
                end,
                "差し込みたい内容を、この場所に書き写してください",
                tuple(
                    Related(self.lines.place(at, at + 1 + len(name)), "差し込まれる内容はここ")
                    for name in names[:MAX_SHOWN]
                    if (at := self.anchors.get(name)) is not None
                ),
            )
        merged = {name for *_, names in self.merges for name in names}
        used: dict[str, list[Related]] = {}
        for name, start, end in self.aliases:
            places = used.setdefault(name, [])
            if len(places) < MAX_SHOWN:
                places.append(Related(self.lines.place(start, end), "ここで使われています"))
        for name, at in self.anchors.items():
            if name not in merged:
                self._report(
                    codes.ANCHOR,
                    f"アンカー「&{shown(name)}」は使えません",
                    at,
                    at + 1 + len(name),
                    "「*」で使っている場所に内容を書き写してください"
                    if name in used
                    else "消してください。文字としての「&」なら値の全体を引用符で囲んでください",
                    tuple(used.get(name, ())),
                )
        for name, start, end in self.aliases:
            if name not in self.anchors and name not in merged:
                self._report(
                    codes.ANCHOR,
                    f"「*{shown(name)}」は、別名（ほかの場所の内容を指す印）として読まれます",
                    start,
                    end,
                    "文字としての「*」なら、値の全体を引用符で囲んでください",
                )
