"""Characters: rules about code points that look right and are not, or that look different elsewhere."""

import re
import unicodedata
from collections.abc import Iterator

from atsugi_cli.findings import Finding
from atsugi_cli.reader.slips import shown
from atsugi_cli.rules.base import Rule, Subject, finding, rule
from atsugi_cli.rules.text import search
from atsugi_cli.rules.texts import Text

_RADICALS = dict(
    zip(
        "⺁⺄⺎⺐⺒⺓⺔⺕⺛⺝⺟⺠⺨⺫⺮⺰⺶⺷⺸⺼⻁⻄⻆⻑⻘⻝⻤⻨⻩⻫⻭⻯⻲",
        "厂乙兀尢巳幺彑彐旡月母民犭目竹糸羊羊羊肉虎西角長青食鬼麦黄斉歯竜亀",
        strict=True,
    )
)
"""Radicals that PDF files give for whole characters, and that no normalization maps."""

_DECOMPOSED = "[^\\W\\d_][\u0300-\u036f\u3099\u309a]+|[うか-とは-ほウカ-トハ-ホ][\u309b\u309c]"
_LOOKALIKE = "[\u2e80-\u2fd5\uf900-\ufa0b\ufa70-\ufaff\U0002f800-\U0002fa1f]"
_VARIANT = "[\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufa6d]"
_HALF_KANA = "[\uff61-\uff9f]+"
_SPACES = "[\u00a0\u2000-\u200a\u202f\u205f]"
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_UNSEEN = "\u00ad\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufeff\uffa0"
_INVISIBLE = (
    f"[{_CONTROLS}{_UNSEEN}]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"  # in a compound emoji it is right
    "|[\u00a0\u2000-\u200a\u202f\u205f](?![ \t\u3000\u00a0]*(?:\n|$))"  # at the end of a line: trailing blank
)
_NAMES = {
    "\u00ad": "ソフトハイフン",
    "\u00a0": "ノーブレークスペース",
    "\u200b": "ゼロ幅の空白",
    "\ufeff": "BOM",
    "\u200e": "書字方向の制御",
    "\u200f": "書字方向の制御",
    **{chr(code): "書字方向の制御" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))},
}
_SPECIAL = "[\u3220-\u3247\u3280-\u32b0\u32c0-\u32cb\u32ff-\u3370\u337b-\u337f\u33e0-\u33fe№℡]"
_BROKEN = "\ufffd+|[\ue000-\uf8ff]"


ODD = search.Characters(
    "\x00-\x08", "\x0b-\x1f", "\x7f-\x9f",
    "\u00a0", "\u00ad", "\u0300-\u036f", "\u115f-\u1160", "\u180e", "\u2000-\u200f", "\u202a-\u202f", "\u205f-\u2069",
    "№", "℡", "\u2e80-\u2fd5", "\u3099-\u309c", "\u3164", "\u3220-\u33fe", "\ue000-\ufaff", "\ufeff", "\uff61-\uffa0",
    "\ufffd", "\U0002f800-\U0002fa1f",
)  # fmt: skip
"""Everything that a rule here may be about: most files have none of it."""


def _code(characters: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in characters)


def decomposed(subject: Subject) -> Iterator[Finding]:
    """濁点や半濁点が、文字と別の一文字になっています（が = か + ゛）。

    macOSのファイル名やPDFからの貼り付けで紛れ込みます。見た目は同じでも、検索や新旧の比較で別の文字になります。
    `strategy validate --fix` で一文字に直せます。
    """

    def put(match: re.Match[str]) -> str:
        typed = match[0].replace("\u309b", "\u3099").replace("\u309c", "\u309a")
        composed = unicodedata.normalize("NFC", typed)
        return composed if len(composed) < len(typed) else match[0]

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        new = put(match)
        return (
            f"「{new}」が {len(match[0])} 文字（{_code(match[0])}）に分かれています{search.more(count)}",
            f"一文字の「{new}」（{_code(new)}）に打ち直してください",
        )

    yield from search.each_text(subject, ODD, re.compile(_DECOMPOSED), put, say)


def lookalike(subject: Subject) -> Iterator[Finding]:
    """漢字と同じ形をした別の文字（部首の記号・互換漢字）が使われています。

    PDFからの貼り付けで紛れ込みます。見た目は同じでも、検索や新旧の比較で別の文字になります。
    人名や地名の異体字（塚・神など）は、ふつうの字と混ざっているときだけ注意します。
    """

    def put(match: re.Match[str]) -> str | None:
        new = _RADICALS.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        return new if new != match[0] else None

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        typed, new = match[0], put(match)
        sort = "部首の記号" if typed < "\u3000" else "互換漢字"
        if new is None:
            return (
                f"「{typed}」（{_code(typed)}）は漢字ではなく{sort}です{search.more(count)}",
                "漢字に打ち直してください",
            )
        return (
            f"「{typed}」（{_code(typed)}）は漢字の「{new}」（{_code(new)}）ではなく{sort}です{search.more(count)}",
            f"漢字の「{new}」に打ち直してください",
        )

    yield from search.each_text(subject, ODD, re.compile(_LOOKALIKE), put, say)
    yield from _variants(subject)


def _variants(subject: Subject) -> Iterator[Finding]:
    """Note a variant form of a character that is also written in its ordinary form: 都 beside 都."""
    if not ODD.among(search.alphabet(subject.prose)):
        return
    found: dict[str, tuple[Text, int]] = {}
    for text in subject.texts:
        for match in re.compile(_VARIANT).finditer(text.words):
            found.setdefault(match[0], (text, match.start()))
    for variant, (text, at) in found.items():
        usual = unicodedata.normalize("NFKC", variant)
        if usual != variant and any(usual in each.words for each in subject.texts):
            yield finding(
                f"「{variant}」（{_code(variant)}）と「{usual}」（{_code(usual)}）が混ざっています",
                text.place(subject.places, at, at + 1),
                "人名や地名の字形でなければ、どちらか一方にそろえてください",
                severity="note",
            )


def half_width_kana(subject: Subject) -> Iterator[Finding]:
    """半角カタカナ（ｱｲｳ）が使われています。

    全角のカタカナで書きます。`strategy validate --fix` で直せます。
    """

    def put(match: re.Match[str]) -> str | None:
        new = unicodedata.normalize("NFKC", match[0])
        return None if "\u3099" in new or "\u309a" in new else new

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        new = put(match)
        hint = f"「{shown(new)}」と書いてください" if new else "全角のカタカナで書いてください"
        return f"半角カタカナ「{shown(match[0])}」があります{search.more(count)}", hint

    yield from search.each_text(subject, ODD, re.compile(_HALF_KANA), put, say)


def invisible(subject: Subject) -> Iterator[Finding]:
    """目に見えない文字や、見た目がふつうの空白と同じ別の空白が入っています。

    Word・PDF・ウェブページからの貼り付けで紛れ込みます（ゼロ幅の空白、ソフトハイフン、書字方向の制御、
    ノーブレークスペースなど）。検索や新旧の比較で別の文になります。
    """

    def put(match: re.Match[str]) -> str:
        return " " if re.compile(_SPACES).match(match[0]) else ""

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        named = f"{_NAMES.get(match[0], '目に見えない文字')}（{_code(match[0])}）"
        words = search.around(match.string, *match.span()).replace(match[0], "□")
        hint = "ふつうの空白に打ち直すか、消してください" if put(match) else "その文字を消してください"
        return f"「{words}」の□のところに、{named}が入っています{search.more(count)}", hint

    yield from search.each_text(subject, ODD, re.compile(_INVISIBLE), put, say)


def special(subject: Subject) -> Iterator[Finding]:
    """環境によって表示や読み上げが変わる文字（㈱、㍻、№、㌔など）が使われています。

    ふつうの文字で書きます（㈱ → 株式会社、㍻ → 平成）。丸数字（①）、ローマ数字（Ⅰ）、㎡などの単位は指摘しません。
    """

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        plain = unicodedata.normalize("NFKC", match[0])
        return (
            f"機種依存文字「{match[0]}」があります{search.more(count)}",
            f"「{plain}」のように、ふつうの文字で書いてください",
        )

    yield from search.each_text(subject, ODD, re.compile(_SPECIAL), lambda _: None, say)


def broken(subject: Subject) -> Iterator[Finding]:
    """文字化けした跡（�）、または外字が残っています。

    �は、文字コードの変換で失われた文字です。元の資料を見て打ち直します。
    外字は、登録したパソコンのほかでは表示されません。
    """

    def say(match: re.Match[str], count: int) -> tuple[str, str]:
        words = search.around(match.string, *match.span())
        if match[0][0] == "\ufffd":
            return (
                f"「{words}」に、文字化けした跡「�」があります{search.more(count)}",
                "元の資料を見て打ち直してください",
            )
        return (
            f"「{words}」に、外字（{_code(match[0])}）があります{search.more(count)}",
            "ほかのパソコンでも表示できる字で書いてください",
        )

    yield from search.each_text(subject, ODD, re.compile(_BROKEN), lambda _: None, say)


CHARACTER_RULES: tuple[Rule, ...] = (
    rule("decomposed-character", "濁点の分かれた文字", "text", "warning", decomposed,
         example="title: か\u3099んばる → title: がんばる"),
    rule("lookalike-character", "漢字に似た別の文字", "text", "warning", lookalike,
         example="title: ⼤学との連携 → title: 大学との連携"),
    rule("half-width-kana", "半角カタカナ", "text", "warning", half_width_kana,
         example="title: ﾃﾞｼﾞﾀﾙ技術の活用\n→ title: デジタル技術の活用"),
    rule("invisible-character", "見えない文字", "text", "warning", invisible,
         example="title: 転入<U+200B>促進\n→ title: 転入促進"),
    rule("broken-character", "文字化け・外字", "text", "error", broken,
         example="title: 厚�市の魅力\n→ title: 厚木市の魅力"),
    rule("special-character", "機種依存文字", "text", "note", special,
         example="source: ㈱厚木\n→ source: 株式会社厚木"),
)  # fmt: skip
