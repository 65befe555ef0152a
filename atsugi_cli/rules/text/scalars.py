"""Scalars: rules about texts that YAML reads otherwise than they look."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from atsugi_cli.findings import Edit, Finding
from atsugi_cli.reader import plain
from atsugi_cli.reader.codes import AMBIGUOUS_SCALAR, CUT_OFF
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.rules.base import Rule, Subject, finding, rule
from atsugi_cli.rules.texts import Text

if TYPE_CHECKING:
    from atsugi_cli.reader.places import Places

_CUT = r"\S #[^\s#!\-=*]"
_LONGEST_AMBIGUOUS = 40
"""No date, number or word that YAML readers know is longer."""

_FOLD = r"[^\x00-\x7f][ \t]*\r?\n[ \t]*[^\x00-\x7f\u3000]"


def cut_off(subject: Subject) -> Iterator[Finding]:
    """値の中の「 #」から後がコメントになり、値が途中で切れています。"""
    text = subject.strategy.text
    if " #" not in text or not re.compile(_CUT).search(text):
        return
    yield from plain.cut_off(subject.places)


def ambiguous(subject: Subject) -> Iterator[Finding]:
    """引用符がないと、ほかのYAMLソフトが文字以外として読む値です。"""
    for text in subject.texts:
        words = text.words
        if len(words) > _LONGEST_AMBIGUOUS or not words.isascii() or not plain.reading(words):
            continue
        found = plain.ambiguous(subject.places, text.node, *text.path)
        if found is not None:
            yield found


def folded(subject: Subject) -> Iterator[Finding]:
    """折り返した行の間に、ほかのYAMLソフトが空白を入れる書き方です（`>` や、次の行に続けた値）。

    `>` の文や、`|` を付けずに次の行へ続けた値では、改行が空白になります。日本語ではその空白が文の中に残ります。
    このプログラムは読むときにその空白を除きますが、`|` で書くか、一行に書けば、どのソフトでも同じ文になります。
    """
    text = subject.strategy.text
    if not subject.strategy.wrapped:
        return
    places = subject.places
    for each in subject.texts:
        if each.node in subject.broken:
            continue  # most likely a list without its dashes
        style = places.style(each.node, *each.path)
        if style == "|":
            continue
        start, end = places.span(each.node, *each.path)
        if not re.compile(_FOLD).search(text, start, end):
            continue
        line = places.lines.position(start)[0]
        stop = min(places.lines.bounds(line)[1], end)
        typed = "「>」で折り返した" if style == ">" else "次の行に続けた"
        yield finding(
            f"{typed}文は、ほかのYAMLソフトでは行の切れ目に空白が入ります",
            places.lines.place(start, stop),
            "「|」に替えるか（改行は残ります）、一行で書いてください",
            edits=_unfolded(places, each, text[start:end]),
            safe=False,
        )


def _unfolded(places: "Places", text: Text, raw: str) -> tuple[Edit, ...]:
    """Return the edit that writes a text of several lines as one that keeps them, or on one line where it is one."""
    from atsugi_cli.reader.explain.figures import new_line

    rows = [line.strip() for line in raw.splitlines()]
    start, end = places.span(text.node, *text.path)
    if places.style(text.node, *text.path) or not all(row.endswith(("。", "）", "」")) for row in rows if row):
        return (Edit(start, end, plain_or_quoted(text.words)),) if "\n" not in text.words else ()
    key = places.key_of(text.node, *text.path)
    between, empty = (new_line(places.lines.text, column) for column in (key.column + 2, 1))
    colon = places.lines.text.index(":", places.key_span(text.node, *text.path)[1]) + 1
    return (Edit(colon, end, " |-" + "".join(between + row if row else empty for row in rows)),)


SCALAR_RULES: tuple[Rule, ...] = (
    Rule(CUT_OFF, cut_off),
    Rule(AMBIGUOUS_SCALAR, ambiguous),
    rule("folded-space", "折り返しで入る空白", "text", "note", folded,
         example="body: >\n  取組を\n  進める。\n→ body: 取組を進める。"),
)  # fmt: skip
