"""Strict: the explaining pass, made only when the fast loop stopped: what is wrong and where."""

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding, Related, in_order
from atsugi_cli.reader import codes, prescan, slips
from atsugi_cli.reader.data import (
    BOM,
    CONSTANTS,
    LINE_SEPARATORS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_EVENTS,
    Map,
    is_odd_key,
    scalar,
)
from atsugi_cli.reader.enough import MOST, enough
from atsugi_cli.reader.events import Event, first_trouble, stream
from atsugi_cli.reader.lines import Lines

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
_DIRECTIVE = re.compile(r"\ufeff?(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*(%[^\r\n]*)")
_THOUSANDS = re.compile(r"[0-9],\Z")
_TAG = re.compile(r"![^\s,\[\]{}]*")


def explain(text: str, source: str, *, pure: bool = False) -> tuple[object, tuple[Finding, ...]]:
    """Say what stops a text from being read; the data is None unless the slips leave the rest readable."""
    lines = Lines(text[:MAX_CHARACTERS] if len(text) > MAX_CHARACTERS else text, source)
    if len(text) > MAX_CHARACTERS:
        message = f"ファイルが大きすぎます（{len(text):,} 文字、上限 {MAX_CHARACTERS:,} 文字）"
        return None, (Finding(codes.TOO_LARGE, message, lines.place(0, 0), "計画ごとにファイルを分けてください"),)
    findings = _characters(text, lines) or _conflict(text, lines) or _directive(text, lines)
    if findings:
        return None, in_order(findings)
    trouble = first_trouble(text, pure=pure)
    if trouble is not None:
        near = _near(text, trouble.offset)
        if len(near) < len(text):
            lines = Lines(near, source)
        found = prescan.explain(
            near,
            lines,
            trouble,
            lambda repaired: first_trouble(repaired, pure=pure),
            cut=len(near) < len(text),
        )
        return None, in_order(found)
    reading = _Reading(text, lines)
    data = reading.run(pure=pure)
    return (data if reading.usable else None), in_order(enough(reading.findings, "構文の誤り"))


def _near(text: str, offset: int) -> str:
    """Give the text to a little after an error: each repair is proved by parsing all that is given."""
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
    return [
        Finding(
            codes.CONFLICT_MARKER,
            f"git の競合の印「{group[0].group()}」が残っています",
            lines.place(group[0].start(), group[0].end()),
            "どちらの内容を採るか決め、<<<<<<< ======= >>>>>>> の行を消してください",
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
    message = f"「{slips.shown(match.group(1))}」のような「%」で始まる指示は使えません"
    return [Finding(codes.DIRECTIVE, message, place, "この行を消してください")]


@dataclass(slots=True)
class _Open:
    """A mapping or sequence being read; `keys` holds the span of each key, `key` the one whose value comes next."""

    data: Any
    key: str | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    merging: bool = False  # the key is `<<`
    dropped: bool = False  # the value belongs to a repeated key: read and left out
    repeating: str = ""  # the first of the repeated keys before: lines pasted twice, or a lost dash, are one slip

    @property
    def is_map(self) -> bool:
        return isinstance(self.data, Map)


class _Reading:
    """One explaining pass: everything that breaks the strictness, not only the first."""

    def __init__(self, text: str, lines: Lines) -> None:
        self.text = text
        self.lines = lines
        self.base = 1 if text.startswith(BOM) else 0
        self.findings: list[Finding] = []
        self.usable = True
        self.doubled = 0
        self.stack: list[_Open] = []
        self.root: Any = None
        self.names: set[str] = set()
        self.anchors: dict[str, int] = {}
        self.aliases: list[tuple[str, int, int]] = []
        self.merges: list[tuple[int, int, list[str]]] = []  # the key's span, and the names it takes in
        self.merged: set[str] = set()
        self.wide: list[slips.Hit] = []  # keys behind a wide blank
        self.suspects: list[tuple[str, int, int, bool]] = []  # text, span, whether an item of a list

    def run(self, *, pure: bool) -> object:
        """Read all events; the syntax is known to be right as far as depth and size allow."""
        try:
            self._read(pure=pure)
        except (YAMLError, UnicodeEncodeError):  # beyond the limits, where no one has looked
            self.usable = False
        if self.wide:
            edits = tuple(edit for hit in self.wide for edit in hit.edits)
            self.findings.append(replace(self.wide[0].finding(self.lines), edits=edits))
        self._values()
        self._references()
        return self.root

    def _read(self, *, pure: bool) -> None:
        get = stream(self.text[self.base :], pure=pure)
        documents = nodes = 0
        most = min(MAX_EVENTS, max(MAX_EXPLAINED, len(self.text) // CHARACTERS_AN_EVENT))
        for number in range(1, most + 1):
            event = get()
            kind = type(event)
            if kind is StreamEndEvent:
                break
            if not number % MAX_EXPLAINED and self._found_enough(event):
                return
            if kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._several(event)
                    return
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._closed(self.stack.pop())
            elif kind in {ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent}:
                start, end = event.start_mark.index + self.base, event.end_mark.index + self.base
                self._properties(event, start)
                if self.stack and self.stack[-1].is_map and self.stack[-1].key is None:
                    if kind is not ScalarEvent:
                        self._odd_node_as_key(event, start, end)
                        return
                    self._key(event, start, end)
                    continue
                if kind is ScalarEvent:
                    self._put(self._value(event, start, end))
                elif kind is AliasEvent:
                    self.aliases.append((event.anchor, start, end))
                    if any(holder.merging for holder in self.stack[-2:]):
                        self.merged.add(event.anchor)
                        self.merges[-1][2].append(event.anchor)
                    self.usable = False
                    self._put(None)
                else:
                    if len(self.stack) >= MAX_DEPTH:
                        self._too_deep(start, end)
                        return
                    new: Any = []
                    if kind is MappingStartEvent:
                        new = Map()
                        new.line, new.node = event.start_mark.line + 1, nodes
                        nodes += 1
                    self.stack.append(_Open(new))
        else:
            self._too_many(most)
            return
        if self.root is None and not self.findings and not self.aliases:
            self._report(
                codes.EMPTY_FILE,
                "ファイルに内容がありません",
                0,
                0,
                "format: 1 から書き始めてください。ひな形は strategy init で作れます",
            )
            self.usable = False

    def _found_enough(self, event: Event) -> bool:
        """Tell whether there is something to say so far; then the rest of a large file is not read."""
        self._values()
        if not (self.findings or self.anchors or self.aliases or self.merges):
            return False
        start = event.start_mark.index + self.base
        self.usable = False
        self.findings.append(
            Finding(
                codes.MORE_FINDINGS,
                f"{self.lines.position(start)[0]:,}行目から先は、まだ調べていません",
                self.lines.place(start, start),
                "ここまでの指摘を直してから、もう一度検証してください",
                severity="note",
            )
        )
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

    def _put(self, value: object) -> None:
        if not self.stack:
            self.root = value
            return
        holder = self.stack[-1]
        if holder.is_map:
            if not holder.dropped:
                holder.data[holder.key] = value
            holder.key = None
            holder.dropped = False
        else:
            holder.data.append(value)

    def _closed(self, done: _Open) -> None:
        self._put(done.data)

    def _value(self, event: Event, start: int, end: int) -> object:
        text: str = event.value
        if event.style:
            return text
        value = scalar(text)
        if value is text:
            self.suspects.append((text, start, end, bool(self.stack) and not self.stack[-1].is_map))
        return value

    def _key(self, event: Event, start: int, end: int) -> None:
        holder = self.stack[-1]
        key: str = event.value
        plain = not event.style and event.anchor is None and event.tag is None  # the others are reported already
        reported = plain and is_odd_key(key) and self._odd_key(key, start, end)
        holder.key = key
        holder.merging = key == "<<" and not event.style
        first = holder.keys.get(key)
        if first is None:
            holder.keys[key] = (start, end)
            if holder.repeating != next(iter(holder.keys)):  # with the first key again, another item has begun
                holder.repeating = ""
            self.names.add(key)
            return
        holder.dropped = True
        if reported or holder.repeating:
            return
        holder.repeating = key
        self.doubled += 1
        if self.doubled > MAX_SHOWN:
            return
        place = self.lines.place(*first)
        self._report(
            codes.DUPLICATE_KEY,
            f"キー「{slips.shown(key)}」が同じ項目の中で重複しています",
            start,
            max(end, start + 1),
            "別の項目なら、行の頭に「- 」を付けてください。同じ項目なら、どちらか一方を消してください"
            if key == "id"
            else "どちらか一方を消してください。別の項目なら、「- 」の抜けや字下げを確かめてください",
            related=(Related(place, "最初はここ"),),
        )

    def _odd_key(self, key: str, start: int, end: int) -> bool:
        """Report a key that is not text, or that a slip has made; tell whether there was anything to report."""
        if key == "<<":
            self.merges.append((start, end, []))
            self.usable = False
            return True
        if key in CONSTANTS or not isinstance(scalar(key), str):
            if key and any((each.key or "").startswith("x-") for each in self.stack):
                return False  # below a key of one's own everything is free, and text
            if key.isdigit() and _THOUSANDS.search(self.text, max(start - 4, 0), start):
                return False  # {value: 1,200}, which is explained as a number
            typed = self.text[start:end]
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
        hit = slips.misread_key(key, start)
        if hit is None:
            return False
        self.usable = False
        if hit.rule is codes.WIDE_SPACE_INDENT:  # one habit, said once
            self.wide.append(hit)
        else:
            self.findings.append(hit.finding(self.lines))
        return True

    def _odd_node_as_key(self, event: Event, start: int, end: int) -> None:
        self.usable = False
        if type(event) is AliasEvent:
            self.aliases.append((event.anchor, start, end))
            return
        self._report(
            codes.NON_TEXT_KEY,
            "キーの位置に [ ] や { }、または箇条書きがあります",
            start,
            max(end, start + 1),
            "キーは文字で書いてください。{{ }} のような印なら、値の全体を引用符で囲んでください",
        )

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
                f"タグ「{slips.shown(typed)}」は使えません",
                at,
                end,
                "型の指定なら消してください。文字としての「!」で始まるなら、値の全体を引用符で囲んでください",
            )

    def _several(self, event: Event) -> None:
        start = event.start_mark.index + self.base
        end = max(event.end_mark.index + self.base, start + 1)
        self.usable = False
        self._report(
            codes.SEVERAL_DOCUMENTS,
            f"「{slips.shown(self.text[start:end])}」から、もう一つの文書が始まっています",
            start,
            end,
            "1版を1ファイルに書きます。区切りの線のつもりなら、この行を消すか「# ---」にしてください",
        )

    def _too_deep(self, start: int, end: int) -> None:
        self.usable = False
        self._report(
            codes.TOO_DEEP,
            f"入れ子が深すぎます（{MAX_DEPTH} 段まで）",
            start,
            max(end, start + 1),
            "閉じ忘れた括弧「[」「{」や、深くなり続ける字下げがないか確かめてください",
        )

    def _too_many(self, most: int) -> None:
        self.usable = False
        self._report(
            codes.TOO_LARGE,
            f"項目が多すぎます（要素 {most:,} 個まで）",
            0,
            0,
            "計画ごとにファイルを分けてください",
        )

    def _values(self) -> None:
        """Report plain values that are a slip: `title：x`, `id:x`, full-width brackets, a list run into a text."""
        for text, start, end, is_item in self.suspects:
            if len(self.findings) > MOST:
                break
            several = "\n" in self.text[start:end] or "\r" in self.text[start:end]
            line = self.lines.starts[self.lines.position(start)[0] - 1]
            alone = start - line <= MAX_MARGIN and not self.text[line:start].strip(" -")
            hit = slips.misread_value(
                text, self.names, several_lines=several, is_item=is_item, alone=alone, start=start
            )
            if hit is not None and several:
                hit = slips.in_source(hit, self.text[start:end], start)
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
        used: dict[str, list[Related]] = {}
        for name, start, end in self.aliases:
            places = used.setdefault(name, [])
            if len(places) < MAX_SHOWN:
                places.append(Related(self.lines.place(start, end), "ここで使われています"))
        for name, at in self.anchors.items():
            if name not in self.merged:
                self._report(
                    codes.ANCHOR,
                    f"アンカー「&{slips.shown(name)}」は使えません",
                    at,
                    at + 1 + len(name),
                    "「*」で使っている場所に内容を書き写してください"
                    if name in used
                    else "消してください。文字としての「&」なら値の全体を引用符で囲んでください",
                    tuple(used.get(name, ())),
                )
        for name, start, end in self.aliases:
            if name not in self.anchors and name not in self.merged:
                self._report(
                    codes.ANCHOR,
                    f"「*{slips.shown(name)}」は、別名（ほかの場所の内容を指す印）として読まれます",
                    start,
                    end,
                    "文字としての「*」なら、値の全体を引用符で囲んでください",
                )
