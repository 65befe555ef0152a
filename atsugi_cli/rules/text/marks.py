"""Marks: rules about blanks, punctuation, brackets and widths."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from atsugi_cli.findings import Finding, Related
from atsugi_cli.model import Strategy
from atsugi_cli.numerals import narrow, wide
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.rules.base import PASTED, WITHIN, Rule, Subject, finding, rule
from atsugi_cli.rules.text import search
from atsugi_cli.rules.texts import Text, collected

_BLANKS = " \t\u3000\u00a0"
_TRAILING = f"(?<![{_BLANKS}])[{_BLANKS}]++(?=\n|\\Z)"
_LEADING = f"[{_BLANKS}]+"
_LEADING_LINE = f"(?m)^[{_BLANKS}]"
_TAB = "(?<![ \t\u3000\u00a0])[ \u3000\u00a0]*+\t[ \t\u3000\u00a0]*+(?!\n|\\Z)"
_ANY_TAB = search.Characters("\t")
_PUNCTUATION = search.Characters(*"。、，を")
_DOUBLE = "[。、，][。、，]|をを"
_REPEATED = "(?<!。)。。(?!。)|(?<!、)、、(?!、)|(?<!，)，，(?!，)|[、，][。]|[。][、，]|をを"


def trailing_blank(subject: Subject) -> Iterator[Finding]:
    """文の終わりに、空白（全角の空白を含む）が付いています。

    見えませんが、新旧の比較では変更になります。`strategy validate --fix` で除けます。
    """
    prose = f"{subject.prose}\n"
    if not any(f"{blank}\n" in prose for blank in _BLANKS):
        return
    for text in subject.holding(re.compile(_TRAILING)):
        words = text.words
        matches = list(re.compile(_TRAILING).finditer(words))
        place = text.place(subject.places, *matches[0].span())
        if not words.strip():
            yield finding("空白だけの文です", place, "文を書くか、この行を消してください")
            continue
        blank = "全角の空白" if "\u3000" in matches[0][0] else "空白"
        changes = search.edits(subject, text, [(*match.span(), "") for match in matches])
        kept = search.around(words[: matches[0].start()], matches[0].start(), matches[0].start())
        yield finding(
            f"「{kept}」の後に{blank}が付いています{search.more(len(matches))}",
            place,
            "終わりの空白を消してください",
            edits=tuple(changes),
        )


def leading_blank(subject: Subject) -> Iterator[Finding]:
    """名称の始めに、空白（全角の空白を含む）が付いています。

    名称は空白を付けずに書きます。`strategy validate --fix` で除けます。本文の段落の字下げは指摘しません。
    """
    prose = f"\n{subject.prose}"
    if not any(f"\n{blank}" in prose for blank in _BLANKS):
        return
    for text in subject.holding(re.compile(_LEADING_LINE)):
        if search.is_name(text) and text.words.strip():
            match = re.compile(_LEADING).match(text.words)
            if match is not None:
                edits, hint = search.edits(subject, text, [(*match.span(), "")]), "始めの空白を消してください"
                name = text.words.strip()
                if subject.places.raw(text.node, *text.path).strip() == name != plain_or_quoted(name):  # 　%
                    edits = subject.writing(plain_or_quoted(name), text.node, *text.path)
                    hint = f"空白を消し、{plain_or_quoted(name)} と書いてください"
                yield finding(
                    f"「{name}」の前に空白が付いています",
                    text.place(subject.places, *match.span()),
                    hint,
                    edits=edits,
                )


def tab_in_text(subject: Subject) -> Iterator[Finding]:
    """文の中にタブがあります。

    ExcelやWordからの貼り付けで紛れ込みます。表や紙面では、幅の決まらない空きになります。
    """

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        words = search.around(match.string, *match.span()).replace("\t", "□")
        return f"「{words}」の□のところにタブがあります{search.more(count)}", "空白や読点に替えるか、消してください"

    yield from search.each_text(subject, _ANY_TAB, re.compile(_TAB), lambda _: None, say)


def repeated_mark(subject: Subject) -> Iterator[Finding]:
    """句読点が重なっています（。。、、、。、など）。

    直すときの消し残しです。「……」「・・・」のような省略の印は指摘しません。
    """

    def put(match: re.Match[str]) -> str | None:
        return match[0][0] if match[0][0] == match[0][1] != "を" else None

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        new = put(match)
        words = search.around(match.string, *match.span())
        hint = f"「{new}」一つにしてください" if new else "どちらか一つにしてください"
        return f"「{words}」で「{match[0]}」が重なっています{search.more(count)}", hint

    if re.compile(_DOUBLE).search(subject.prose):
        yield from search.each_text(subject, _PUNCTUATION, re.compile(_REPEATED), put, say)


# ------------------------------------------------------------------------------------------- one way of writing

_JAPANESE = "\u3041-\u309f\u30a1-\u30fa\u30fc\u3400-\u9fff々〆"
_YEAR = r"(?:[0-9０-９]{4}|(?:令和|平成|昭和)[0-9０-９元]{1,2})[年度月日0-9０-９～〜\-－・]*"
"""What stands in the brackets of a year, 令和3(2021)年度: papers with full-width brackets often leave these narrow."""
_BEHIND_YEAR = "(?:{})".format(
    "|".join(
        f"(?<={year}{kind}{{0}})"
        for year in (
            *(f"{era}{count}" for era in ("令和", "平成", "昭和") for count in ("[0-9元]", "[0-9][0-9]")),
            "[0-9]" * 4,
        )
        for kind in ("", "年", "年度")
    )
)
"""Before the bracket another year, which the one in it repeats: a year alone in brackets is an ordinary remark."""
_BARE = rf"(?:[0-9０-９]{{1,3}}|.|{_YEAR})"
"""Years, and numbers that count something off: (1), (ア)."""

_JOINED = r"[^\x00-\x7f][,.]"
_FORMS: tuple[Mapping[str, str], ...] = (
    {
        "「、」": "、",
        "「，」": "，(?<![0-9０-９]，)",
        "半角の「,」": rf",(?<=[{_JAPANESE}」』）)],)(?: (?=[{_JAPANESE}「『])|(?=\s?[{_JAPANESE}「『]))",
    },
    {
        "「。」": "。",
        "「．」": rf"．(?<=[{_JAPANESE}」』）)]．)",
        "半角の「.」": rf"\.(?<=[\u3041-\u309f]\.)(?=\s|[{_JAPANESE}「『]|\Z)",
    },
    {
        "全角の（": rf"（(?!{_BARE}）)[^（）()\n]*）",
        "半角の(": rf"\((?!{_BARE}\))[^（）()\n]*\)",
    },
    {
        "年を囲む全角の（": rf"（{_BEHIND_YEAR.format('（')}{_YEAR}）",
        "年を囲む半角の(": rf"\({_BEHIND_YEAR.format('[(]')}{_YEAR}\)",
    },
    {"「％」": "％", "「%」": r"%(?<=[0-9０-９\s\"']%)"},
)
"""Marks that are written in one way within an edition; what is between digits is no punctuation."""


def mixed_marks(subject: Subject) -> Iterator[Finding]:
    """句読点や括弧の書き方が混ざっています（、と，　。と．　（ ）と( )　％と%）。

    少ない方の最初の場所を、一つの版に一度だけ示します。最初の版なら、決定の前は --fix で多い方にそろいます（改定では、
    新旧の違いになるので、直し方だけを示します）。年の括弧（令和3(2021)年度）はほかと別に数え、番号の括弧は数えません。
    どちらの書き方でも、そろっていれば指摘しません。
    """
    every: tuple[Text, ...] = ()
    said: dict[str, Finding] = {}
    marks = set(search.alphabet(subject.prose))
    if not marks.isdisjoint(",.") and not re.compile(_JOINED).search(subject.prose):
        marks -= {",", "."}
    for forms in _FORMS:
        met = [form for name, form in forms.items() if name.rstrip("」")[-1] in marks]
        if sum(re.search(form, subject.prose) is not None for form in met) < len("、，"):
            continue
        every = every or tuple(subject.texts)
        for found in _mixed(subject, every, forms):
            sort = found.message.partition("は")[0].removeprefix("年を囲む")
            before = said.get(sort, found)  # brackets are counted in two groups
            said[sort] = replace(before, edits=tuple(dict.fromkeys((*before.edits, *found.edits))))
    yield from said.values()


def _as_usual(words: str, usual: str) -> str:
    """Write a mark, or what stands in brackets, in the usual form, by the name of that."""
    mark = usual.rstrip("」")[-1]
    match mark:
        case "（" | "(":
            return mark + words[1:-1] + _PAIRS[mark]
        case "字":
            return narrow(words) if usual.startswith("半角") else wide(words)
        case _:
            return mark


def _mixed(subject: Subject, every: tuple[Text, ...], forms: Mapping[str, str]) -> Iterator[Finding]:
    """Report the forms that are rarer than the most frequent one, each at its first place."""
    met = {
        name: [(text, match) for text in every for match in re.finditer(form, text.words)]
        for name, form in forms.items()
    }
    before = _counted(subject.base, forms) if len({len(found) for found in met.values() if found}) == 1 else {}
    usual = max(met, key=lambda name: (len(met[name]), before.get(name, 0)))
    if before and len(set(before.values())) == 1 and any("年" in name for name in forms):
        return  # years in brackets, of which neither way is the rarer
    is_first = subject.base is None and not subject.strategy.edition.revises and subject.stage != "adopted"
    for name, places in met.items():
        if name == usual or not places:
            continue
        (text, first), (common, usual_one) = places[0], met[usual][0]
        at, common_at, count = first.start(), usual_one.start(), len(places)
        where = "ここだけ" if count == 1 else f"{count}か所で、最初は「{search.around(text.words, at, at + 1)}」"
        yield finding(
            f"{name}は{where}です。ほかは{usual}（{len(met[usual])}か所）です",
            text.place(subject.places, at, at + 1),
            f"{usual}にそろえてください",
            (Related(common.place(subject.places, common_at, common_at + 1), f"{usual}の最初はここ"),),
            tuple(
                edit
                for text, those in groupby(places, key=itemgetter(0))
                for edit in search.edits(
                    subject, text, [(*each.span(), _as_usual(each[0], usual)) for _, each in those][: search.MOST_EDITS]
                )
            ),
            safe=is_first and count < len(met[usual]) and "字" not in usual,
        )


def _counted(strategy: Strategy | None, forms: Mapping[str, str]) -> dict[str, int]:
    """Count the forms in the edition that is revised, where they are equally frequent in this one."""
    words = [text.words for text in collected(strategy)] if strategy is not None else []
    return {name: sum(1 for each in words for _ in re.finditer(form, each)) for name, form in forms.items()}


_WIDE_DIGITS = r"[０-９]+(?:[，．,.][０-９]+)*"
_DIGITS = r"(?<![0-9A-Za-z.\-/_:])[0-9]+(?:[,.][0-9]+)*(?![0-9A-Za-z.\-/_:])"
_WIDE_LETTERS = r"[Ａ-Ｚａ-ｚ]{2,}"
_LETTERS = r"[A-Za-z]{2,}"
_ANY_WIDE = search.Characters("０-９", "Ａ-Ｚ", "ａ-ｚ")


def mixed_width(subject: Subject) -> Iterator[Finding]:
    """全角と半角の数字（または英字）が混ざっています。

    少ない方の最初の場所を、一つの版に一度だけ示します。1桁だけを全角にする書き方（４つ、12月）は指摘しません。
    """
    if not _ANY_WIDE.among(search.alphabet(subject.prose)):
        return
    every = tuple(subject.texts)
    wide = [match[0] for text in every for match in re.compile(_WIDE_DIGITS).finditer(text.words)]
    narrow = [match[0] for text in every for match in re.compile(_DIGITS).finditer(text.words)]
    by_length = all(len(run) == 1 for run in wide) and all(len(run) > 1 for run in narrow)
    if wide and narrow and not by_length:
        yield from _mixed(subject, every, {"半角の数字": _DIGITS, "全角の数字": _WIDE_DIGITS})
    yield from _mixed(subject, every, {"半角の英字": _LETTERS, "全角の英字": _WIDE_LETTERS})


# ---------------------------------------------------------------------------------------------------- brackets

_PAIRS = {
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "【": "】",
    "〔": "〕",
    "〈": "〉",
    "《": "》",
    "［": "］",
    "“": "”",
}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_BRACKET = f"[{re.escape(''.join((*_PAIRS, *_OPENERS)))}]"
_QUOTED_TWICE = "「[^「」]*「"
_WIDTHS = ({"（", "("}, {"）", ")"})
_ENUMERATION = (
    r"(?m)(?:^|[\s\u3000、。・,])(?:[0-9０-９A-Za-zＡ-Ｚａ-ｚァ-ヶ①-⑳一-十]{1,3}|(?:※|注|例|備考|参考)[0-9０-９]?)\Z"
)
"""What may stand before a closing bracket alone: 1）, ア), (１), 注）, ※2）."""


def unpaired_bracket(subject: Subject) -> Iterator[Finding]:
    """括弧の始めと終わりが対になっていません。

    閉じ忘れ、余分な括弧、「…（…」…）のような食い違い、（…)のような全角と半角の組み合わせです。
    「1）」「ア）」のような番号の括弧は指摘しません。
    """
    for text in subject.holding(re.compile(_BRACKET)):
        wrong = _unpaired(text.words)
        if wrong is None or _is_cut(subject, text):
            continue
        at, message, hint = wrong
        instead = _instead(text.words, at)
        edits = search.edits(subject, text, [(at, at + 1, instead)]) if instead else ()
        yield finding(message, text.place(subject.places, at, at + 1), hint, edits=edits)


def _instead(words: str, at: int) -> str:
    """Return the bracket of the other width where that closes the one before it: （…)."""
    opener = max(words.rfind("（", 0, at), words.rfind("(", 0, at))
    if words[at] not in "）)" or opener < 0 or any(each in words[opener + 1 : at] for each in (*_PAIRS, *_OPENERS)):
        return ""
    return _PAIRS[words[opener]]


def _unpaired(words: str) -> tuple[int, str, str] | None:
    """Find the first bracket of a text that has no partner: where, what is wrong, what to do."""
    stack: list[int] = []
    for match in re.compile(_BRACKET).finditer(words):
        at, typed = match.start(), match[0]
        if typed in _PAIRS:
            stack.append(at)
            continue
        if stack and words[stack[-1]] == _OPENERS[typed]:
            stack.pop()
            continue
        here = search.around(words, at, at + 1)
        if stack and words[stack[-1]] in _WIDTHS[0] and typed in _WIDTHS[1]:
            opener = words[stack[-1]]
            return (
                at,
                f"「{opener}」が「{typed}」で閉じられています（全角と半角）",
                f"「{_PAIRS[opener]}」と書いてください",
            )
        if any(words[each] == _OPENERS[typed] for each in stack):
            inner = words[stack[-1]]
            return (
                stack[-1],
                f"「{here}」で「{inner}」が閉じられる前に「{typed}」があります",
                f"先に「{_PAIRS[inner]}」で閉じてください",
            )
        if typed in _WIDTHS[1] and re.compile(_ENUMERATION).search(
            words, max(words.rfind("\n", 0, at) + 1, at - 4), at
        ):
            continue
        opener = _OPENERS[typed]
        return (
            at,
            f"「{here}」の「{typed}」に、対になる「{opener}」がありません",
            f"「{opener}」を補うか、「{typed}」を消してください",
        )
    if stack:
        opener = words[stack[-1]]
        return (
            stack[-1],
            f"「{search.around(words, stack[-1], stack[-1] + 1)}」の「{opener}」が閉じられていません",
            f"「{_PAIRS[opener]}」を補ってください",
        )
    return None


def _is_cut(subject: Subject, text: Text) -> bool:
    """Check whether a comment cut the text off, which is said by another rule."""
    places = subject.places
    end = places.span(text.node, *text.path)[1]
    return places.lines.text.startswith(" #", end) and not places.style(text.node, *text.path)


def nested_quote(subject: Subject) -> Iterator[Finding]:
    """「 」の中に、さらに「 」が使われています。

    中の引用は『 』で書きます。（以下「…」という。）のように、括弧をはさんだものは指摘しません。
    """
    for text in subject.holding(re.compile(_QUOTED_TWICE)):
        words = text.words
        if _unpaired(words) is not None:
            continue
        stack: list[str] = []
        for match in re.compile(_BRACKET).finditer(words):
            if match[0] not in _PAIRS:
                if stack and stack[-1] == _OPENERS[match[0]]:
                    stack.pop()
                continue
            if match[0] == "「" and stack and stack[-1] == "「":
                yield finding(
                    f"「{search.around(words, match.start(), match.end())}」で、「 」の中に「 」があります",
                    text.place(subject.places, *match.span()),
                    "中の引用は『 』で書いてください",
                )
                break
            stack.append(match[0])


MARK_RULES: tuple[Rule, ...] = (
    rule("trailing-blank", "終わりの空白", "text", "warning", trailing_blank,
         example='title: "転入促進　"\n→ title: 転入促進'),
    rule("leading-blank", "始めの空白", "text", "warning", leading_blank,
         example="title: 　転入促進\n→ title: 転入促進"),
    rule("tab-in-text", "文の中のタブ", "text", "note", tab_in_text, follows_from=PASTED,
         example="title: 転入\t促進\n→ title: 転入促進"),
    rule("repeated-mark", "句読点の重なり", "text", "warning", repeated_mark,
         example="body: 取組を進める。。\n→ body: 取組を進める。"),
    rule("unpaired-bracket", "対にならない括弧", "text", "warning", unpaired_bracket,
         example="body: 「まち・ひと・しごと創生法に基づく。\n→ body: 「まち・ひと・しごと創生法」に基づく。"),
    rule("nested-quote", "「 」の中の「 」", "text", "note", nested_quote,
         example="body: 「国の「総合戦略」を勘案する」\n→ body: 「国の『総合戦略』を勘案する」"),
    rule("mixed-marks", "混ざった句読点・括弧", "text", "note", mixed_marks,
         follows_from=WITHIN,
         example="body: 人口，産業、教育\n→ body: 人口、産業、教育"),
    rule("mixed-width", "全角と半角の混在", "text", "note", mixed_width,
         follows_from=WITHIN,
         example="body: ２０人から30人へ\n→ body: 20人から30人へ"),
)  # fmt: skip
