"""Slips: what a single line or value gives away, as candidates for the cause of an error."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.reader import codes
from atsugi_cli.reader.lines import Lines

_SHOWN = 30
"""Characters of the user's text that a message repeats."""

_COMMON_KEYS = frozenset(
    {"id", "number", "title", "body", "name", "unit", "year", "value", "start", "end", "label", "date", "reason"}
)
"""Keys that every edition has, for a file in which a slip has left none of them right."""

BLANKS = " \t\u3000\xa0"
_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_KEY = rf"({_NAME})([ \t\u3000\xa0]*)([:：;；=＝])"
_JAPANESE_KEY = r"([^\s\"'#:：\[\]{},&*!|>%@`-][^\s:：\"'\[\]{}]{0,40})()(：)"
_QUOTED_KEY = r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')[ \t]*:(?=\s|\Z)"
_PLAIN_KEY = r"[^\s\"'#\[\]{},&*!|>%@`-](?:[^:#]|:(?=[^\s])|(?<=\S)#)*?:(?=\s|\Z)"
_BARE_KEY = rf"({_NAME})(?:([ \t\u3000\xa0]+)(\S.*))?\Z"
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
HEADER = r"[|>](?:[+-]?[1-9]?|[1-9][+-])[ \t]*(?:[ \t]#.*)?\Z"
_COMMENT = r"[ \t]#.*\Z"
_COLON = r":(?=[ \t]|\Z)"
_FLOW_KEY = rf"([{{,、，]\s*)({_NAME})(\s*)([:：])(?=(\S?))"
_QUOTED_NAME = r"""("[^"\n]+"|'[^'\n]+')(\s*)([:：])"""
_NO_COMMA = rf"(?<=[^\s,\[{{:、，：])([ \t\u3000]+)({_NAME}):(?=\s)"
_WIDE_DASH = r"[－ー−–—・•●](?=[ \u3000\xa0])"
_IDS = r"[a-z0-9][a-z0-9-]*(?:[、，][ \u3000]*[a-z0-9][a-z0-9-]*)+\Z"
_WIDE_BRACKETS = r"[［｛][a-z0-9-]+(?:[、，,][ \u3000]*[a-z0-9-]+)*[］｝]\Z"
_SCHEMES = frozenset({"http", "https", "ftp", "mailto", "tel", "urn", "doi", "file"})
_WIDE_MARKS = {"［": "[", "］": "]", "｛": "{", "｝": "}", "，": ", ", "、": ", ", "：": ": "}
_CLOSING_QUOTES = "”“″＂’‘＇"
_RESERVED = "@`%&*!|>[{]},?"


@frozen
class Hit:
    """A candidate: what is wrong at [start, end), and the edits that would put it right.

    `offered` edits are what the planner surely meant; others only serve to prove the cause.
    """

    rule: Entry
    start: int
    end: int
    message: str
    hint: str
    edits: tuple[Edit, ...] = ()
    offered: bool = False

    def finding(self, lines: Lines) -> Finding:
        """Turn a proved candidate into a finding."""
        place = lines.place(self.start, self.end)
        return Finding(self.rule, self.message, place, self.hint, edits=self.edits if self.offered else ())


def shown(text: str) -> str:
    """Shorten a piece of the user's text for a message, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def quoted(text: str) -> str:
    """Write a text as a quoted scalar on one line."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


def misread_key(key: str, start: int) -> Hit | None:
    """Explain a plain key that the parser accepts but a slip has made (`-id`, `title：x`, `start:2021`)."""
    blank = len(key) - len(key.lstrip("\u3000\xa0"))
    if blank:
        return wide_indent(start, start + blank, "  " * blank)
    if key[0] == "-" and len(key) > 1:
        return dash(start, start + 1, key)
    if re.match(_WIDE_DASH, key):
        return _wide(start, 2, key[0], "- ")
    if key[0] == "＃":
        return _wide(start, 1, "＃", "#")
    match = re.match(_KEY, key)
    if match and match.group(3) in ":：" and match.end() < len(key) and match.group(1) not in _SCHEMES:
        return _separator(match, start, key)
    return None


_MIDDLE = "======="
"""What git puts between the two sides of a conflict."""
_BULLETS = "\uf0b7\uf06c\uf0d8\uf0fc➢✓・･•●○◎■□◆◇▪‣①②③④⑤⑥⑦⑧⑨⑩"
"""Marks before the items of a list on paper."""


def misread_value(
    text: str, names: Collection[str], *, several_lines: bool, is_item: bool = True, alone: bool = True, start: int = 0
) -> Hit | None:
    """Explain plain text that the parser accepts as a value but that was meant as more (`title：x` below `plan:`).

    `names` are the keys that the file uses: only those are taken for keys, and only where nothing but dashes stands
    before them on the line (`alone`). `is_item` when the text is an item of a list.
    """
    match = re.match(_KEY, text)
    if alone and match and match.group(3) in ":：" and not text.startswith(("//", "\n"), match.end()):
        name = match.group(1)
        if name in _COMMON_KEYS or (name in names and name not in _SCHEMES):
            return _separator(match, start, text)
    if several_lines and " - " in text and alone and text[0] in _BULLETS:
        rest = text[1 : text.index(" - ")].lstrip(BLANKS)
        return Hit(
            codes.LIST_IN_TEXT,
            start,
            start + 1,
            f"「{text[0]}」は箇条書きの印になりません",
            f"「- {shown(rest)}」のように、「- 」で始めてください",
        )
    if several_lines and " - " in text:
        at = start + text.index(" - ") + 1
        return Hit(
            codes.LIST_IN_TEXT,
            at,
            at + 1,
            "「- 」が箇条書きにならず、前の行の続きとして読まれています",
            "キーの行には値を書かず、次の行から「- 」を並べてください",
        )
    if re.match(_WIDE_BRACKETS, text):
        edits = tuple(
            Edit(start + index, start + index + 1, _WIDE_MARKS[character])
            for index, character in enumerate(text)
            if character in _WIDE_MARKS
        )
        return replace(_wide(start, 1, text[0], _WIDE_MARKS[text[0]]), edits=edits)
    if is_item and re.match(_IDS, text):
        at = next(index for index, character in enumerate(text) if character in "、，")
        return _wide(start + at, 1, text[at], ", ")
    return None


def in_source(hit: Hit, raw: str, start: int) -> Hit | None:
    """Move a hit in the value of a scalar of several lines to where it is written; None when it is not there."""
    if hit.rule is not codes.LIST_IN_TEXT:
        return hit
    if raw[0] in _BULLETS:
        return hit
    match = re.search(r"[\r\n][ \t]*(-)(?= )", raw)
    return replace(hit, start=start + match.start(1), end=start + match.end(1)) if match else None


def shape(body: str, column: int) -> tuple[bool, int]:
    """Tell whether the text from `column` begins with `key:`, and where its value begins."""
    match = re.compile(_QUOTED_KEY).match(body, column) or re.compile(_PLAIN_KEY).match(body, column)
    return (True, match.end()) if match else (False, column)


def line_hits(at: int, body: str, column: int) -> Iterator[Hit]:
    """Give what looks odd in one line: `at` is its offset, `column` where its text begins after blanks and dashes."""
    text = body[column:]
    if not text:
        return
    start = at + column
    if text == _MIDDLE and not column:
        yield Hit(
            codes.CONFLICT_MARKER,
            start,
            start + len(text),
            f"git の競合の印「{text}」が残っています",
            "どちらの内容を採るか決め、この行を消してください",
            (Edit(start, start + len(text), ""),),
        )
    if text[0] == "-" and len(text) > 1 and text[1] not in "- " and not (text[1].isdigit() and text[1].isascii()):
        yield dash(start, start + 1, text, 1 if text[1] in BLANKS else 0)
    elif re.match(_WIDE_DASH, text):
        yield _wide(start, 2, text[0], "- ")
    elif text[0] == "＃":
        yield _wide(start, 1, "＃", "#")
    shaped, value = shape(text, 0)
    match = re.match(_KEY, text) or re.match(_QUOTED_NAME, text)
    if match and (match.group(3) != ":" or not text[match.end() :][:1].isspace() or text[match.end()] in "\u3000\xa0"):
        if match.end() < len(text) or match.group(3) != ":":
            yield _separator(match, start, text)
    elif not match and "：" in text:
        match = re.match(_JAPANESE_KEY, text)
        if match:
            yield _separator(match, start, text)
    bare = re.match(_BARE_KEY, text)
    if bare and not shaped:
        yield from _bare(bare, start)
    value += len(text[value:]) - len(text[value:].lstrip(" \t"))
    if shaped or text[0] in "\"'" + _RESERVED or column:
        yield from _value(start + value, text[value:], is_item=not shaped)


def _separator(match: re.Match[str], start: int, text: str) -> Hit:
    """Explain what stands between a key and its value instead of a colon and a blank."""
    name, gap, mark = match.group(1), match.group(2), match.group(3)
    at = start + match.start(3)
    after = len(text[match.end() :]) - len(text[match.end() :].lstrip(BLANKS))
    rest = text[match.end() + after :]
    edit = Edit(at - len(gap), at + 1 + after, ": " if rest else ":")
    hint = f"「{shown(f'{name}: {rest}')}」のように、半角の「:」の後に半角の空白を1つ書いてください"
    offered = True
    if mark == "：":
        rule, message = codes.FULL_WIDTH_COLON, f"キー「{shown(name)}」の後のコロンが全角「：」です"
    elif mark != ":":
        rule, message = codes.MISSING_COLON, f"キー「{name}」の後が「:」ではなく「{mark}」です"
    elif text[match.end() : match.end() + 1] in ("\u3000", "\xa0"):
        rule, message = codes.COLON_WITHOUT_BLANK, f"「{name}:」の後の空白が半角ではありません"
        return Hit(rule, at + 1, at + 1 + after, message, hint, (edit,), offered)
    else:
        rule, message = codes.COLON_WITHOUT_BLANK, f"「{name}:」の後に半角の空白がありません"
    return Hit(rule, at, at + 1, message, hint, (edit,), offered)


def dash(start: int, end: int, text: str, blanks: int = 0) -> Hit:
    """Explain a dash at [start, end) that no blank follows, or `blanks` characters that only look like one."""
    what = "半角ではない空白が続いています" if blanks else "半角の空白が続いていません"
    return Hit(
        codes.DASH_WITHOUT_BLANK,
        start,
        end,
        f"「{shown(text)}」の「-」に{what}",
        f"「- {shown(text[1:].lstrip(BLANKS))}」のように、「-」の後に半角の空白を書いてください",
        (Edit(end, end + blanks, " "),),
        offered=True,
    )


def _wide(start: int, length: int, mark: str, instead: str) -> Hit:
    return Hit(
        codes.FULL_WIDTH_MARK,
        start,
        start + 1,
        f"記号「{mark}」が全角です",
        f"半角の「{instead.strip()}」{'と空白' if instead.endswith(' ') else ''}に直してください",
        (Edit(start, start + length, instead),),
        offered=True,
    )


def _bare(match: re.Match[str], start: int) -> Iterator[Hit]:
    """Explain a line that is a key without a colon."""
    name, gap, rest = match.group(1), match.group(2), match.group(3)
    end = start + len(name)
    yield Hit(
        codes.MISSING_COLON,
        start,
        end,
        f"「{name}」の後に「:」がありません",
        f"「{shown(f'{name}: {rest}') if rest else name + ':'}」と書いてください",
        (Edit(end, end + len(gap or ""), ": " if rest else ":"),),
    )


def _value(start: int, text: str, *, is_item: bool) -> Iterator[Hit]:
    """Give what looks odd in the value of a line; `is_item` when no key stands before it."""
    if not text or text[0] == "#":
        return
    if text[0] in "\"'":
        yield from _quote(start, text, is_item=is_item)
        return
    comment = re.search(_COMMENT, text)
    plain = text[: comment.start()].rstrip() if comment else text
    end = start + len(plain)
    whole = (Edit(start, end, quoted(plain)),)
    if text[0] in "[{":
        yield from _bracket(start, text, plain)
    elif text[0] in "［｛":
        edits = tuple(
            Edit(start + index, start + index + 1, _WIDE_MARKS[character])
            for index, character in enumerate(plain)
            if character in _WIDE_MARKS
        )
        yield replace(_wide(start, 1, text[0], _WIDE_MARKS[text[0]]), edits=edits)
    elif text.startswith("- ") and not is_item:
        yield Hit(
            codes.LIST_IN_TEXT,
            start,
            start + 1,
            "キーと同じ行に箇条書きの「- 」があります",
            "「- 」からを次の行に書き、キーより深く字下げしてください",
            whole,
        )
    elif text[0] in _RESERVED and not re.match(HEADER, text):
        yield _reserved(start, end, plain)
    elif not is_item or re.search(_COLON, plain):
        colon = re.search(_COLON, plain)
        if colon:
            yield Hit(
                codes.COLON_IN_TEXT,
                start + colon.start(),
                start + colon.end(),
                f"引用符のない値「{shown(plain)}」の中に「: 」があります",
                f"値の全体を引用符で囲み、{shown(quoted(plain))} と書いてください"
                "（2つのキーを1行に書いたのなら、行を分けてください）",
                whole,
            )


def _reserved(start: int, end: int, plain: str) -> Hit:
    return Hit(
        codes.RESERVED_START,
        start,
        start + 1,
        f"値「{shown(plain)}」が記号「{plain[0]}」で始まっています",
        f"値の全体を引用符で囲み、{shown(quoted(plain))} と書いてください"
        + ("（複数行の文章なら「|」だけを書き、文章は次の行から書きます）" if plain[0] in "|>" else ""),
        (Edit(start, end, quoted(plain)),),
        offered=True,
    )


def _quote(start: int, text: str, *, is_item: bool) -> Iterator[Hit]:
    """Explain a quote that is not closed on its line, or closed before the value ends."""
    mark = text[0]
    match = re.match(_QUOTED, text)
    if match is None:
        comment = re.search(_COMMENT, text)
        plain = text[: comment.start()].rstrip() if comment else text
        end = start + len(plain)
        wide = plain[-1] in _CLOSING_QUOTES and len(plain) > 1
        yield _unclosed(start, mark, plain, Edit(end - 1, end, mark) if wide else Edit(end, end, mark))
        if comment:  # the mark may belong to the text
            yield _unclosed(start, mark, text, Edit(start + len(text), start + len(text), mark))
        return
    after = text[match.end() :].lstrip(" \t")
    if not after or after[0] == "#" or (is_item and after[0] == ":"):
        if "\\" in match.group() and mark == '"':
            inner = match.group()[1:-1]
            at = start + inner.index("\\") + 1
            yield Hit(
                codes.BAD_ESCAPE,
                at,
                at + 2,
                f"二重引用符の中の「{shown(inner[inner.index(chr(92)) :][:2])}」は正しい書き方ではありません",
                f"「\\」を文字として書くなら '…' で囲んでください: '{shown(inner)}'",
                (Edit(start, start + match.end(), "'" + inner.replace("'", "''") + "'"),),
            )
        return
    comment = re.compile(_COMMENT).search(text, match.end())
    plain = text[: comment.start()].rstrip() if comment else text
    at = start + len(text) - len(after)
    yield Hit(
        codes.TEXT_AFTER_QUOTE,
        at,
        start + len(plain),
        f"引用符で囲んだ {shown(match.group())} の後に「{shown(plain[len(text) - len(after) :])}」が続いています",
        f"値の全体を囲み、{shown(quoted(plain))} と書いてください（日本語のかぎ括弧「」なら囲みは要りません）",
        (Edit(start, start + len(plain), quoted(plain)),),
    )


def _unclosed(start: int, mark: str, text: str, repair: Edit) -> Hit:
    wide = f"（終わりの「{text[-1]}」が全角です）" if repair.end > repair.start else ""
    return Hit(
        codes.UNCLOSED_QUOTE,
        start,
        start + 1,
        f"引用符「{mark}」が閉じていません: {shown(text)}{wide}",
        f"値の終わりに半角の「{mark}」を書いてください",
        (repair,),
    )


def _bracket(start: int, text: str, plain: str) -> Iterator[Hit]:
    """Explain a bracket that is not closed on its line, has text after it, or holds full-width marks."""
    closing: list[str] = []
    end = 0
    index = 0
    while index < len(plain):
        character = plain[index]
        match = re.compile(_QUOTED).match(plain, index) if character in "\"'" and plain[index - 1] in " [{,:" else None
        if match:
            index = match.end()
            continue
        if character in "\"'" and plain[index - 1] in " [{,:":
            ends = [at for at in (plain.find(mark, index) for mark in ",]}") if at >= 0]
            at = start + min(ends, default=len(plain))
            yield _unclosed(start + index, character, plain[index:], Edit(at, at, character))
        if character in "[{":
            closing.append("]" if character == "[" else "}")
        elif character in "]}" and closing and character == closing[-1]:
            closing.pop()
            if not closing:
                end = index + 1
                break
        index += 1
    for key in re.finditer(_FLOW_KEY, plain):
        before, name, gap, mark, after = key.groups()
        if before[0] in "、，":
            comma = start + key.start()
            yield _wide(comma, 1, before[0], ", ")
        elif mark == "：" or (after not in {"", "/"} and name not in _SCHEMES):
            at = start + key.start(4)
            message = (
                f"キー「{name}」の後のコロンが全角「：」です"
                if mark == "："
                else f"「{name}:」の後に半角の空白がありません"
            )
            rule = codes.FULL_WIDTH_COLON if mark == "：" else codes.COLON_WITHOUT_BLANK
            hint = f"「{name}: 値」のように、半角の「:」の後に半角の空白を1つ書いてください"
            yield Hit(rule, at, at + 1, message, hint, (Edit(at - len(gap), at + 1, ": "),), offered=True)
    for gap in re.finditer(_NO_COMMA, plain):
        at = start + gap.start(1)
        message = f"キー「{gap[2]}」の前に「,」がありません"
        hint = f"「{gap[2]}」の前を「, 」で区切ってください"
        yield Hit(
            codes.MISSING_COMMA,
            at + len(gap[1]),
            at + len(gap[1] + gap[2]),
            message,
            hint,
            (Edit(at, at + len(gap[1]), ", "),),
        )
    if not end:
        mark = closing[0] if closing else "]"
        repair = (Edit(start + len(plain), start + len(plain), "".join(reversed(closing))),)
        yield Hit(
            codes.UNCLOSED_BRACKET,
            start,
            start + 1,
            f"括弧「{text[0]}」が閉じていません: {shown(plain)}",
            f"終わりに「{mark}」を書いてください",
            repair,
        )
        yield _reserved(start, start + len(plain), plain)
    elif plain[end:].strip() == ",":
        at = start + len(plain) - 1
        yield Hit(
            codes.RESERVED_START,
            at,
            at + 1,
            f"「{plain[end - 1]}」の後に「,」が残っています",
            "「,」を消してください（行の終わりに「,」は要りません）",
            (Edit(at, at + 1, ""),),
        )
    elif plain[end:].strip():
        yield _reserved(start, start + len(plain), plain)


def wide_indent(start: int, end: int, instead: str, more: str = "") -> Hit:
    """Explain characters of an indentation that are no blanks; `more` says how often it happens."""
    return Hit(
        codes.WIDE_SPACE_INDENT,
        start,
        end,
        f"行頭の字下げに、半角ではない空白（全角空白など）があります{more}",
        "半角の空白に置き換えてください（全角空白1つは半角の空白2つ）",
        (Edit(start, end, instead),),
        offered=True,
    )
