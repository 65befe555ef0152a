"""Table: the usual mistakes in YAML text, a row each, and what recognises them in a single line or value."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.reader import codes
from atsugi_cli.reader.data import KEY_WORDS
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.scalars import quoted
from atsugi_cli.reader.slips import shown
from atsugi_cli.reader.splice import spliced

_COMMON_KEYS = frozenset(
    {"id", "number", "title", "body", "name", "unit", "year", "value", "start", "end", "label", "date", "reason",
     "baseline", "target", "targets", "kpis", "goals", "policies", "initiatives", "sections", "owners", "direction",
     "period", "stage", "definition", "source"}
)  # fmt: skip
"""Keys that most editions have, for a file in which a slip has left none of them right."""
_LISTS = frozenset({"owners", "reasons", "from", "flags", "targets", "kpis", "goals", "policies", "initiatives",
                    "sections", "viewpoints", "removed", "actuals", "breakdown"})  # fmt: skip
"""Keys that hold a list."""

BLANKS = " \t\u3000\xa0"
_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_KEY = rf"({_NAME})([ \t\u3000\xa0]*)([:：;；=＝])"
_JAPANESE_KEY = r"([^\s\"'#:：\[\]{},&*!|>%@`-][^\s:：\"'\[\]{}]{0,40})()(：)"
_WORD_KEY = r"(?:(?<=\s)|(?<=\A))([^\s：]{1,5})()(：)"
_QUOTED_KEY = r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')[ \t]*:(?=\s|\Z)"
_PLAIN_KEY = r"[^\s\"'#\[\]{},&*!|>%@`-](?:[^:#]|:(?=[^\s])|(?<=\S)#)*?:(?=\s|\Z)"
_BARE_KEY = rf"({_NAME})(?:([ \t\u3000\xa0]+)(\S.*))?\Z"
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
HEADER = r"[|>](?:[+-]?[1-9]?|[1-9][+-])[ \t]*(?:[ \t]#.*)?\Z"
_PAIR_BARE = rf"{_NAME}:[ \t]+[^\s:,、，{{}}]+"
_PAIRS_BARE = rf"[（(<＜]?{_PAIR_BARE}(?:[,、，;；]\s*{_PAIR_BARE})+[）)>＞]?\Z"
_COMMENT = r"[ \t]#.*\Z"
_COLON = r":(?=[ \t]|\Z)"
_FLOW_KEY = rf"([{{,、，]\s*)({_NAME}|[々ぁ-んァ-ヶー一-龠]{{1,12}}(?=：))(\s*)([:：])(?=(\S?))"
_SEMICOLON = rf"[ \t]?([;；])\s?(?={_NAME}[ \t]?[:：])"
_QUOTED_NAME = r"""("[^"\n]+"|'[^'\n]+')(\s*)([:：])"""
_NO_COMMA = rf"(?<=[^\s,\[{{:、，：])([ \t\u3000]+)({_NAME}):(?=\s)"
_WIDE_DASH = r"[－ー−–—・•●](?=[ \u3000\xa0])"
_BULLET_KEY = rf"[－ー−–—・･•●○◎■□◆◇]{_NAME}[:：]"
_IDS = r"[a-z0-9][a-z0-9-]*(?:[、，][ \u3000]*[a-z0-9][a-z0-9-]*)+\Z"
_WIDE_BRACKETS = r"[［｛][a-z0-9-]+(?:[、，,][ \u3000]*[a-z0-9-]+)*[］｝]\Z"
_SCHEMES = frozenset({"http", "https", "ftp", "mailto", "tel", "urn", "doi", "file"})
_WIDE_MARKS = {"［": "[", "］": "]", "｛": "{", "｝": "}", "，": ", ", "、": ", ", "：": ": "}
_CLOSING_QUOTES = "”“″＂’‘＇"
_RESERVED = "@`%&*!|>[{]},?"
_RESERVED_INSIDE = r"(?:(?<=[:,])[ \t]+|(?<=[\[{])[ \t]*)([@`%&*!|>](?:[^,\]}]*[^,\]}\s])?)"


@frozen
class Candidate:
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
        edits = () if self.rule is codes.CONFLICT_MARKER else self.edits  # one of its lines says nothing of the others
        if "\r\n" in lines.text:
            edits = tuple(replace(each, text=re.sub(r"(?<!\r)\n", "\r\n", each.text)) for each in edits)
        return Finding(self.rule, self.message, place, self.hint, edits=edits, safe=self.offered)


@frozen
class Slip:
    """A row of the table: a usual mistake in YAML text, as it is reported; what is in braces comes from the text."""

    rule: Entry
    message: str
    hint: str
    offered: bool = False

    def at(self, start: int, end: int, *edits: Edit, **words: str) -> Candidate:
        """Return the candidate for a place."""
        message, hint = self.message.format_map(words), self.hint.format_map(words)
        return Candidate(self.rule, start, end, message, hint, edits, self.offered)


_AFTER_KEY = "「{line}」のように、半角の「:」の後に半角の空白を1つ書いてください"
_QUOTE_ALL = "値の全体を引用符で囲み、{quoted} と書いてください"
_LIST_BELOW = "「- 」からを次の行に書き、キーより深く字下げしてください"

BULLET = Slip(
    codes.LIST_IN_TEXT,
    "「{mark}」は箇条書きの印になりません",
    "「- {rest}」のように、「- 」で始めてください",
)
BULLET_KEY = replace(BULLET, rule=codes.UNEVEN_INDENT, offered=True)  # what is below it is indented as behind a dash
STRAY_MARK = Slip(
    codes.DASH_WITHOUT_BLANK,
    "キー「{name}」の前に「{mark}」があります",
    "同じ項目のキーなら、「{mark}」を消してください",
    offered=True,
)
RUN_ON_LIST = Slip(
    codes.LIST_IN_TEXT,
    "「- 」が箇条書きにならず、前の行の続きとして読まれています",
    "キーの行には値を書かず、次の行から「- 」を並べてください",
)
LIST_BESIDE_KEY = Slip(codes.LIST_IN_TEXT, "キーと同じ行に箇条書きの「- 」があります", _LIST_BELOW)
CONFLICT = Slip(
    codes.CONFLICT_MARKER,
    "git の競合の印「{mark}」が残っています",
    "どちらの内容を採るか決め、この行を消してください",
)
WIDE_COLON = Slip(codes.FULL_WIDTH_COLON, "キー「{name}」の後のコロンが全角「：」です", _AFTER_KEY, offered=True)
OTHER_COLON = Slip(codes.MISSING_COLON, "キー「{name}」の後が「:」ではなく「{mark}」です", _AFTER_KEY, offered=True)
WIDE_BLANK = Slip(codes.COLON_WITHOUT_BLANK, "「{name}:」の後の空白が半角ではありません", _AFTER_KEY, offered=True)
NO_BLANK = Slip(codes.COLON_WITHOUT_BLANK, "「{name}:」の後に半角の空白がありません", _AFTER_KEY, offered=True)
NO_COLON = Slip(codes.MISSING_COLON, "「{name}」の後に「:」がありません", "「{line}」と書いてください")
NO_COMMA = Slip(
    codes.MISSING_COMMA, "キー「{name}」の前に「,」がありません", "「{name}」の前を「, 」で区切ってください"
)
OTHER_COMMA = Slip(codes.MISSING_COMMA, "項目が「{mark}」で区切られています", "「, 」で区切ってください", offered=True)
TWO_COMMAS = Slip(codes.RESERVED_START, "「,」が続いています", "「,」を一つにしてください", offered=True)
BRACKET_LEFT = Slip(
    codes.RESERVED_START, "値の終わりに「{mark}」が余分にあります", "余分な「{mark}」を消してください", offered=True
)
COMMA_LEFT = Slip(
    codes.RESERVED_START,
    "「{mark}」の後に「,」が残っています",
    "「,」を消してください（行の終わりに「,」は要りません）",
    offered=True,
)
DASH = Slip(
    codes.DASH_WITHOUT_BLANK,
    "「{line}」の「-」に{what}",
    "「- {rest}」のように、「-」の後に半角の空白を書いてください",
    offered=True,
)
WIDE_MARK = Slip(codes.FULL_WIDTH_MARK, "記号「{mark}」が全角です", "半角の「{instead}に直してください", offered=True)
WIDE_INDENT = Slip(
    codes.WIDE_SPACE_INDENT,
    "行頭の字下げに、半角ではない空白（全角空白など）があります{more}",
    "半角の空白に置き換えてください（全角空白1つは半角の空白2つ）",
    offered=True,
)
TAB_INDENT = Slip(
    codes.TAB_INDENT,
    "行頭の字下げにタブがあります{more}",
    "タブを半角の空白2つに置き換えてください（エディターの「タブの代わりに空白を入れる」を使うと防げます）",
    offered=True,
)
UNEVEN = Slip(
    codes.UNEVEN_INDENT,
    "「{line}」の字下げ（半角の空白 {own} 個）が、同じ並びの行とそろっていません",
    "行頭の空白を {meant} 個にして、並びのほかの行とそろえてください",
)
OUTSIDE = Slip(
    codes.MISSING_COLON,
    "「{line}」は「キー: 値」になっていません（「:」が見つかりません）",
    "「キー: 値」と書いてください。前の行の続きの文章なら、その行と同じ字下げ（空白 {margin} 個）にしてください",
)
SHALLOW = Slip(
    codes.UNEVEN_INDENT,
    "文章の行「{line}」の字下げ（空白 {own} 個）が、最初の行（{margin} 個）より浅くなっています",
    "文章のすべての行を同じ字下げにしてください（段落の頭を下げるには全角空白を使います）",
)
NO_BRACES = Slip(
    codes.COLON_IN_TEXT, "「キー: 値」の組が {{ }} で囲まれていません", "「{line}」と書いてください", offered=True
)
TEXT_BESIDE = Slip(
    codes.RESERVED_START,
    "「{mark}」と同じ行に文章があります",
    "「{mark}」だけを書き、文章は次の行から字下げして書いてください",
)
COLON_INSIDE = Slip(
    codes.COLON_IN_TEXT,
    "引用符のない値「{value}」の中に「: 」があります",
    f"{_QUOTE_ALL}（2つのキーを1行に書いたのなら、行を分けてください）",
)
RESERVED = Slip(
    codes.RESERVED_START, "値「{value}」が記号「{mark}」で始まっています", _QUOTE_ALL + "{more}", offered=True
)
ESCAPE = Slip(
    codes.BAD_ESCAPE,
    "二重引用符の中の「{escape}」は正しい書き方ではありません",
    "「\\」を文字として書くなら '…' で囲んでください: '{inner}'",
)
AFTER_QUOTE = Slip(
    codes.TEXT_AFTER_QUOTE,
    "引用符で囲んだ {inside} の後に「{rest}」が続いています",
    "値の全体を囲み、{quoted} と書いてください（日本語のかぎ括弧「」なら囲みは要りません）",
)
OPEN_QUOTE = Slip(
    codes.UNCLOSED_QUOTE,
    "引用符「{mark}」が閉じていません: {value}{wide}",
    "値の終わりに半角の「{mark}」を書いてください",
)
OPEN_BRACKET = Slip(
    codes.UNCLOSED_BRACKET, "括弧「{mark}」が閉じていません: {value}", "終わりに「{closing}」を書いてください"
)


def stray_mark(key: str, start: int, before: Collection[str]) -> Candidate | None:
    """Explain a dash or bullet in front of a key among others (-note), where no other item can begin."""
    match = re.fullmatch(rf"[-－ー・•●][ \u3000]*({_NAME})", key)
    if match is None or not before or match[1] == "id" or match[1] in before:
        return None
    return STRAY_MARK.at(start, start + 1, Edit(start, start + match.start(1), ""), mark=key[0], name=match[1])


def misread_key(key: str, start: int) -> Candidate | None:
    """Explain a plain key that the parser accepts but a slip has made (`-id`, `title：x`, `start:2021`)."""
    blank = len(key) - len(key.lstrip("\u3000\xa0"))
    if blank:
        return WIDE_INDENT.at(start, start + blank, Edit(start, start + blank, "  " * blank), more="")
    if key[0] == "-" and len(key) > 1:
        return dash(start, start + 1, key)
    if re.match(_WIDE_DASH, key):
        return _wide(start, 2, key[0], "- ")
    if key[0] == "＃":
        return _wide(start, 1, "＃", "#")
    match = re.match(_KEY, key) or re.match(_JAPANESE_KEY, key)
    if match and match.end() < len(key) and match.group(1) not in _SCHEMES:
        hit = _separator(match, start, key)
        others = _flow_keys(start, key[match.end() :], match.end())  # {start：2021、end：2025} is one key to the parser
        edits = (*hit.edits, *(edit for each in others for edit in each.edits))
        if len(edits) == 1:
            return hit
        line = spliced(key, [Edit(each.start - start, each.end - start, each.text) for each in edits])
        return replace(hit, hint=_AFTER_KEY.format(line=shown(line)), edits=edits)
    return None


_MIDDLE = "======="
"""What git puts between the two sides of a conflict."""
_BULLETS = "\uf0b7\uf06c\uf0d8\uf0fc➢✓・･•●○◎■□◆◇▪‣①②③④⑤⑥⑦⑧⑨⑩"
"""Marks before the items of a list on paper."""


def misread_value(
    text: str, names: Collection[str], *, several_lines: bool, is_item: bool = True, alone: bool = True, start: int = 0
) -> Candidate | None:
    """Explain plain text that the parser accepts as a value but that was meant as more (`title：x` below `plan:`).

    `names` are the keys that the file uses: only those are taken for keys, and only where nothing but dashes stands
    before them on the line (`alone`). `is_item` when the text is an item of a list.
    """
    match = re.match(_KEY, text)
    if alone and match and match.group(3) in ":：" and not text.startswith(("//", "\n"), match.end()):
        name = match.group(1)
        if name in _COMMON_KEYS or (name in names and name not in _SCHEMES):
            return _separator(match, start, text)
    if alone and (several_lines or not is_item) and text.partition("：")[0] in KEY_WORDS:
        words = [match for match in re.finditer(_WORD_KEY, text) if match[1] in KEY_WORDS]
        if len(words) > 1:  # one alone may be a text: 出典：国勢調査
            edits = (edit for each in words for edit in _separator(each, start, text).edits)
            hit = _separator(words[0], start, text.partition("\n")[0])
            return replace(hit, message=f"{hit.message}（計{len(words)}か所）", edits=tuple(edits))
    rows = [*re.finditer(rf"(?:(?<=[\s,、])|\A)({_NAME})([ \t]+)(?=[^\s:])", text)]
    if alone and len(rows) > 1 and all(row[1] in _COMMON_KEYS for row in rows):
        colons = [Edit(start + row.start(2), start + row.end(2), ": ") for row in rows]
        value = text[rows[0].end() : rows[1].start()].strip(" ,、\n")
        hit = NO_COLON.at(start, start + len(rows[0][1]), *colons, name=rows[0][1], line=f"{rows[0][1]}: {value}")
        return replace(hit, offered=True)
    if text[0] == "｜" and several_lines:
        return _wide(start, 1, "｜", "|-")
    if several_lines and " - " in text and alone and text[0] in _BULLETS:
        rest = text[1 : text.index(" - ")].lstrip(BLANKS)
        return BULLET.at(start, start + 1, mark=text[0], rest=shown(rest))
    if several_lines and " - " in text:
        at = start + text.index(" - ") + 1
        return RUN_ON_LIST.at(at, at + 1)
    if re.match(_WIDE_BRACKETS, text):
        return _wide_brackets(start, text)
    if is_item and re.match(_IDS, text):
        at = next(index for index, character in enumerate(text) if character in "、，")
        return _wide(start + at, 1, text[at], ", ")
    return None


def in_source(hit: Candidate, raw: str, start: int) -> Candidate | None:
    """Move a hit in the value of a scalar of several lines to where it is written; None when it is not there."""
    if hit.rule is not codes.LIST_IN_TEXT:
        return hit
    if raw[0] in _BULLETS:
        return hit
    match = re.search(r"[\r\n][ \t]*(-)(?= )", raw)
    return replace(hit, start=start + match.start(1), end=start + match.end(1)) if match else None


def shape(body: str, column: int) -> tuple[bool, int]:
    """Check whether the text from `column` begins with `key:`, and where its value begins."""
    match = re.compile(_QUOTED_KEY).match(body, column) or re.compile(_PLAIN_KEY).match(body, column)
    return (True, match.end()) if match else (False, column)


def line_hits(at: int, body: str, column: int) -> Iterator[Candidate]:
    """Return what looks odd in one line: `at` is its offset, `column` where its text begins after blanks and dashes."""
    text = body[column:]
    if not text:
        return
    start = at + column
    if text == _MIDDLE and not column:
        yield CONFLICT.at(start, start + len(text), Edit(start, start + len(text), ""), mark=text)
    if text[0] == "-" and len(text) > 1 and text[1] not in "- " and not (text[1].isdigit() and text[1].isascii()):
        yield dash(start, start + 1, text, 1 if text[1] in BLANKS else 0)
    elif re.match(_WIDE_DASH, text):
        yield _wide(start, 2, text[0], "- ")
    elif re.match(_BULLET_KEY, text):
        yield BULLET_KEY.at(start, start + 1, Edit(start, start + 1, "- "), mark=text[0], rest=shown(text[1:]))
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
        name = text[:value].partition(":")[0].rstrip() if shaped else ""
        yield from _value(start + value, text[value:], is_item=not shaped, key=name, column=column)


def _separator(match: re.Match[str], start: int, text: str) -> Candidate:
    """Explain what stands between a key and its value instead of a colon and a blank."""
    name, gap, mark = match.group(1), match.group(2), match.group(3)
    at = start + match.start(3)
    after = len(text[match.end() :]) - len(text[match.end() :].lstrip(BLANKS + ":："))
    rest = text[match.end() + after :]
    edit = Edit(at - len(gap), at + 1 + after, ": " if rest else ":")
    row = WIDE_COLON if mark == "：" else NO_BLANK if mark == ":" else OTHER_COLON
    words = {"name": shown(name) if mark == "：" else name, "mark": mark, "line": shown(f"{name}: {rest}")}
    if mark == ":" and text[match.end() : match.end() + 1] in ("\u3000", "\xa0"):
        return WIDE_BLANK.at(at + 1, at + 1 + after, edit, **words)
    return row.at(at, at + 1, edit, **words)


def dash(start: int, end: int, text: str, blanks: int = 0) -> Candidate:
    """Explain a dash at [start, end) that no blank follows, or `blanks` characters that only look like one."""
    what = "半角ではない空白が続いています" if blanks else "半角の空白が続いていません"
    edit = Edit(end, end + blanks, " ")
    return DASH.at(start, end, edit, line=shown(text), what=what, rest=shown(text[1:].lstrip(BLANKS)))


def _wide(start: int, length: int, mark: str, instead: str) -> Candidate:
    words = f"{instead.strip()}」と空白" if instead.endswith(" ") else f"{instead}」"
    return WIDE_MARK.at(start, start + 1, Edit(start, start + length, instead), mark=mark, instead=words)


def _wide_brackets(start: int, text: str) -> Candidate:
    """Explain brackets that are full-width, with the marks inside."""
    edits = tuple(
        Edit(start + at, start + at + 1, _WIDE_MARKS[each]) for at, each in enumerate(text) if each in _WIDE_MARKS
    )
    return replace(_wide(start, 1, text[0], _WIDE_MARKS[text[0]]), edits=edits)


def _bare(match: re.Match[str], start: int) -> Iterator[Candidate]:
    """Explain a line that is a key without a colon."""
    name, gap, rest = match.group(1), match.group(2), match.group(3)
    end = start + len(name)
    if rest and (mark := re.match(r"[-–—→⇒][ \t]+", rest)):  # title - 転入促進
        gap, rest = f"{gap}{mark[0]}", rest[mark.end() :]
    line = shown(f"{name}: {rest}") if rest else f"{name}:"
    edit = Edit(end, end + len(gap or ""), ": " if rest else ":")
    yield replace(NO_COLON.at(start, end, edit, name=name, line=line), offered=name in _COMMON_KEYS)


def _value(start: int, text: str, *, is_item: bool, key: str, column: int) -> Iterator[Candidate]:
    """Return what looks odd in the value of a line; `is_item` when no `key` stands before it, at `column`."""
    if not text or text[0] == "#":
        return
    if text[0] in "\"'":
        yield from _quote(start, text, is_item=is_item)
        return
    comment = re.search(_COMMENT, text)
    plain = text[: comment.start()].rstrip() if comment else text
    end = start + len(plain)
    whole = Edit(start, end, quoted(plain))
    if text[0] in "[{":
        yield from _bracket(start, text, plain)
    elif text[0] in "［｛":
        yield _wide_brackets(start, plain)
    elif text.startswith("- ") and not is_item:
        if key in _LISTS:
            below = Edit(start - (1 if key else 0), start, "\n" + " " * (column + 2))
            yield replace(LIST_BESIDE_KEY.at(start, start + 1, below), offered=True)
        yield LIST_BESIDE_KEY.at(start, start + 1, whole)
    elif header := re.match(r"[|>][+-]?[ \t]+(?=\S)", text):
        edit = Edit(start + len(header[0].rstrip()), start + header.end(), "\n" + " " * (column + 2))
        yield TEXT_BESIDE.at(start, start + 1, edit, mark=text[0])
        yield _reserved(start, end, plain)
    elif text[0] in _RESERVED and not re.match(HEADER, text):
        yield _reserved(start, end, plain)
    elif not is_item or re.search(_COLON, plain):
        colon = re.search(_COLON, plain)
        if re.match(_PAIRS_BARE, plain):
            inner = re.sub("[、，;；]", ", ", plain.strip("（）()<>＜＞"))
            yield NO_BRACES.at(start, end, Edit(start, end, "{" + inner + "}"), line=shown("{" + inner + "}"))
        if colon:
            at, after = start + colon.start(), start + colon.end()
            yield COLON_INSIDE.at(at, after, whole, value=shown(plain), quoted=shown(quoted(plain)))


def _reserved(start: int, end: int, plain: str) -> Candidate:
    more = "（複数行の文章なら「|」だけを書き、文章は次の行から書きます）" if plain[0] in "|>" else ""
    edit, words = Edit(start, end, quoted(plain)), {"value": shown(plain), "quoted": shown(quoted(plain))}
    return RESERVED.at(start, start + 1, edit, mark=plain[0], more=more, **words)


def _quote(start: int, text: str, *, is_item: bool) -> Iterator[Candidate]:
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
            edit = Edit(start, start + match.end(), "'" + inner.replace("'", "''") + "'")
            yield ESCAPE.at(at, at + 2, edit, escape=shown(inner[inner.index("\\") :][:2]), inner=shown(inner))
        return
    comment = re.compile(_COMMENT).search(text, match.end())
    plain = text[: comment.start()].rstrip() if comment else text
    at = start + len(text) - len(after)
    yield AFTER_QUOTE.at(
        at,
        start + len(plain),
        Edit(start, start + len(plain), quoted(plain)),
        inside=shown(match.group()),
        rest=shown(plain[len(text) - len(after) :]),
        quoted=shown(quoted(plain)),
    )


def _unclosed(start: int, mark: str, text: str, repair: Edit) -> Candidate:
    wide = f"（終わりの「{text[-1]}」が全角です）" if repair.end > repair.start else ""
    return OPEN_QUOTE.at(start, start + 1, repair, mark=mark, value=shown(text), wide=wide)


def _bracket(start: int, text: str, plain: str) -> Iterator[Candidate]:
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
    keys = [*_flow_keys(start, plain)]
    if len(keys) > 1:
        edits, more = tuple(edit for key in keys for edit in key.edits), f"（この括弧に計{len(keys)}か所）"
        yield replace(keys[0], message=keys[0].message + more, edits=edits)
    yield from keys
    yield from _inside(start, plain)
    if not end:
        mark = closing[0] if closing else "]"
        last = start + len(plain)
        repair = Edit(last - (plain[-1] in "］｝）"), last, "".join(reversed(closing)))
        yield OPEN_BRACKET.at(start, start + 1, repair, mark=text[0], value=shown(plain), closing=mark)
        yield _reserved(start, start + len(plain), plain)
    elif not plain[end:].strip("]} "):
        if extra := plain[end:].strip():
            edit = Edit(start + end, start + len(plain), "")
            yield BRACKET_LEFT.at(start, start + 1, edit, mark=extra)
    elif plain[end:].strip() == ",":
        at = start + len(plain) - 1
        yield COMMA_LEFT.at(at, at + 1, Edit(at, at + 1, ""), mark=plain[end - 1])
    elif plain[end:].strip():
        yield _reserved(start, start + len(plain), plain)


def _inside(start: int, plain: str) -> Iterator[Candidate]:
    """Return what stands wrongly between the entries in brackets."""
    for doubled in re.finditer(r",\s*(?=,)", plain):
        at = start + doubled.start()
        yield TWO_COMMAS.at(at, at + 1, Edit(at, start + doubled.end(), ""))
    for semicolon in re.finditer(_SEMICOLON, plain):
        at = start + semicolon.start(1)
        edit = Edit(start + semicolon.start(), start + semicolon.end(), ", ")
        yield OTHER_COMMA.at(at, at + 1, edit, mark=semicolon[1])
    for odd in re.finditer(_RESERVED_INSIDE, plain):
        yield _reserved(start + odd.start(1), start + odd.end(1), odd[1])
    for gap in re.finditer(_NO_COMMA, plain):
        at = start + gap.start(1)
        edit = Edit(at, at + len(gap[1]), ", ")
        yield NO_COMMA.at(at + len(gap[1]), at + len(gap[1] + gap[2]), edit, name=gap[2])


def _flow_keys(start: int, plain: str, behind: int = 0) -> Iterator[Candidate]:
    """Return what stands wrongly before or behind a key in braces; `plain` may begin `behind` the start."""
    start += behind
    for key in re.finditer(_FLOW_KEY, plain):
        before, name, gap, mark, after = key.groups()
        if before[0] in "、，":
            comma = start + key.start()
            yield _wide(comma, 1, before[0], ", ")
        if mark == "：" or (after not in {"", "/"} and name not in _SCHEMES and not after.isspace()):
            at = start + key.start(4)
            row = WIDE_COLON if mark == "：" else NO_BLANK
            yield row.at(at, at + 1, Edit(at - len(gap), at + 1, ": "), name=name, line=f"{name}: 値")
