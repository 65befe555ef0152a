"""Misspellings: words of the plan and of the field that are written with one character wrong."""

import re
from collections.abc import Iterable, Iterator, Sequence

from atsugi_cli.findings import Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.rules.base import WITHIN, Rule, Subject, finding, rule
from atsugi_cli.rules.text import search
from atsugi_cli.rules.text.spellings import FIELD_TERMS, WRONG, may_be_wrong, right
from atsugi_cli.rules.texts import Text

LEAST = 5
"""Characters of a term: what is shorter has too many neighbours that are words as well."""
LEAST_NAME = 6
"""Characters of a title or name, which is less fixed than a term."""
MOST_NAME = 100
"""Characters of a name that running text may repeat; what is longer is a text of its own."""
MOST_NAMES = 20_000
"""Titles and names that running text is compared with; more are no edition of a city, and cost more than they tell."""
SEEDS = ((11, 5), (7, 3), (5, 2))
"""For terms from so many characters, how many at the start or at the end are right when one inside is wrong."""
MOST_ALIKE = 8
"""Terms with the same start (or end); names that are numbered through differ by one character on purpose."""
LAST_FROM = 7
"""Length from which the last character of a term of the field may be the slip: 重要業績評価指数."""

_DEFINITION = (
    r"以下(?:単に)?[、,]?\s*(?:[「『](?P<quoted>[^「」『』\n]{2,30})[」』]|(?P<bare>[^「」『』（）()、。\n\s]{3,30}?))"
    r"\s*(?:という|とする|と(?:略|呼|表記|言)|といい)"
    r"|(?:略称|通称)\s?[:：は]?\s?[「『](?P<short>[^「」『』\n]{2,30})[」』]"
)
_NUMERAL = "[0-9一二三四五六七八九十百千元]"
_KIND_OF = frozenset("国県都道府市町村区郡前現新旧同本当次上下左右大中小男女老若東西南北内外")
"""Characters that make another thing of a word on purpose: 市総合戦略 and 県総合戦略."""
_AFFIXES = frozenset("等的化性者用型各間別数率度費業課側版案書式系層員力地所場")
"""Characters that are put to a word or left out of it without harm: 保育所等 and 保育所."""

_DEFINED = frozenset({"profile", "abbreviation"})
_FILLING = "総合|構想|推進|創生|基本|実施|行動"
_COMPOSED = rf"(?P<core>.{{3,}}?)(?:{_FILLING})*(?P<kind>戦略|計画|プラン|ビジョン|方針)"
"""An abbreviation of a plan: what it is about, words that are often left out or put in, and its kind."""
_DEDEN = (
    r"デジタル田園(?!都市国家構想)[一-龠々]{0,6}(?:総合戦略|国家戦略|国家構想|国家都市構想|国家都市)(?![一-龠々])"
    r"|デジタル田園国家都市(?=構想)"
)
"""The strategy of the nation with its words left out or put in another order."""
_WORDS = frozenset(
    re.findall(
        "..",
        "創生再生創造創出計画戦略政策施策対策構想方針指針推進促進支援振興協議評議審議会議協会本部部会委員検討"
        "地域地方都市市民住民国民県民町民村民区民人口交流関係連携協働共生共同協同移住定住転入転出出生出産子育"
        "保育教育学習福祉医療介護保健健康雇用就業就労就職就農創業起業企業事業産業農業工業商業観光文化環境防災"
        "防犯安全安心交通住宅公園公共施設拠点基盤整備活用活性活動運動行動行政財政経営運営管理評価検証調査分析",
    )
)
"""Common words of two characters: a difference that makes one of these is no slip (地域創生計画 for 地域再生計画)."""

NearMiss = tuple[int, str, str]
"""A near miss: how many characters of the text it takes, and what differs: written and wanted."""


@frozen
class _Term:
    """A word to be written in one way, and where it comes from."""

    words: str
    source: str
    """field, profile, abbreviation (defined in the text) or name."""


def _near_miss(words: str, at: int, term: str, seed: int, *, to_last: bool) -> NearMiss | None:
    """Compare the text from `at` with a term: right up to the seed and then wrong once, by one character."""
    same = seed
    stop = min(len(term), len(words) - at)
    while same < stop and words[at + same] == term[same]:
        same += 1
    length = len(term)
    if same == length:
        return None
    here, wanted = words[at + same : at + same + 1], term[same]
    rest = term[same + 1 :]
    if same < length - 1:
        if words.startswith(rest, at + same) and len(rest) > 1:
            return length - 1, "", wanted
        if here == term[same + 1] and words.startswith(wanted + rest[1:], at + same + 1):
            return length, here + wanted, wanted + here
    if words.startswith(wanted + rest, at + same + 1):
        return length + 1, here, ""
    if here and (rest or to_last) and words.startswith(rest, at + same + 1):
        return length, here, wanted
    return None


def _seed(words: str) -> int:
    """Return how many characters of a term at one end must be right to find it."""
    length = len(words)
    for least, size in SEEDS:
        if length >= least:
            return size
    raise ValueError(words)


class _Terms:
    """Terms by their first and last characters; what too many of them share tells nothing."""

    __slots__ = ("_ends", "_first", "_heads", "_starts")

    def __init__(self, terms: Sequence[_Term]) -> None:
        self._starts: dict[str, list[_Term]] = {}
        self._ends: dict[str, list[_Term]] = {}
        for term in terms:
            seed = _seed(term.words)
            self._starts.setdefault(term.words[:seed], []).append(term)
            self._ends.setdefault(term.words[-seed:], []).append(term)
        for seeds in (self._starts, self._ends):
            for start in [start for start, found in seeds.items() if len(found) > MOST_ALIKE]:
                del seeds[start]
        self._heads = {start[: SEEDS[-1][1]] for start in (*self._starts, *self._ends)}
        firsts = sorted({head[0] for head in self._heads})
        self._first = f"[{re.escape(''.join(firsts))}]" if firsts else r"\b\B"

    @property
    def seeds(self) -> re.Pattern[str]:
        """Return a pattern that is met in every text with a near miss."""
        return re.compile("|".join(map(re.escape, (*self._starts, *self._ends))) or r"\b\B")

    def near_misses(self, words: str) -> Iterator[tuple[int, int, _Term, str, str]]:
        """Find near misses in a text: start, end, the term, and the characters that differ (written, wanted)."""
        backwards = ""
        for first in re.finditer(self._first, words):
            at = first.start()
            if words[at : at + SEEDS[-1][1]] not in self._heads:
                continue
            for _, size in SEEDS:
                seed = words[at : at + size]
                for term in self._starts.get(seed, ()):
                    to_last = term.source == "field" and len(term.words) >= LAST_FROM
                    near = _near_miss(words, at, term.words, size, to_last=to_last)
                    if near is not None:
                        yield at, at + near[0], term, near[1], near[2]
                for term in self._ends.get(seed, ()):
                    backwards = backwards or words[::-1]
                    end = at + size
                    near = _near_miss(backwards, len(words) - end, term.words[::-1], size, to_last=False)
                    if near is not None:
                        yield end - near[0], end, term, near[1][::-1], near[2][::-1]


def _is_letter(character: str) -> bool:
    """Check whether a character is a kanji, a katakana or a Latin letter: hiragana are particles and endings."""
    return ("\u3400" <= character <= "\u9fff" or "ァ" <= character <= "ヺ" or character in "ー々") or (
        character.isascii() and character.isalpha()
    )


def _is_misspelling(term: _Term, written: str, wanted: str) -> bool:
    """Check whether a difference may be a slip of the hand and not another word."""
    differing = written + wanted
    if term.source == "field" and len(written) <= 1 and len(wanted) == 1 and "ぁ" <= wanted <= "ん":
        return True  # しごと, of which no particle is a part
    if not all(_is_letter(each) or (each == "・" and not written) for each in differing):
        return False
    if any(re.compile(_NUMERAL).match(each) for each in differing):
        return False
    if term.source == "field":
        return True
    if len(written) == len(wanted) == 1:
        return term.source != "name" and not (written in _KIND_OF or wanted in _KIND_OF)
    return not any(each in _AFFIXES or each in _KIND_OF for each in differing) or len(differing) > 1


def _misses(
    subject: Subject, wanted: Iterable[tuple[_Terms, Iterable[Text]]]
) -> Iterator[tuple[Text, int, int, _Term]]:
    """Find the near misses of terms in the texts that are given with them, each place once."""
    every = subject.texts
    fixed: set[str] = set()
    known: set[str] = set()
    words_met: dict[tuple[str, str], bool] = {}
    found: dict[str, list[tuple[Text, int, int, _Term]]] = {}
    for terms, holders in wanted:
        for text in holders:
            words = text.words
            taken = 0
            near = sorted(terms.near_misses(words), key=lambda each: (each[0], -len(each[2].words)))
            for start, end, term, written, meant in near:
                if start < taken or not _is_misspelling(term, written, meant):
                    continue
                fixed = fixed or {each.words for each in _fixed(subject)}
                if term.source != "field":  # a name that holds the slip does not vouch for it
                    known = known or fixed | {each.words for each in _names(subject)}
                typed = words[start:end]
                if _is_known(words, start, end, fixed if term.source == "field" else known):
                    continue
                if term.source in _DEFINED and written and meant:
                    pair = (typed, term.words)
                    if pair not in words_met:
                        words_met[pair] = _is_word(every, *pair)
                    if words_met[pair]:
                        continue
                taken = end
                found.setdefault(f"{typed}\n{term.words}", []).append((text, start, end, term))
    for places in found.values():
        term = places[0][3]
        if term.source in {"field", "profile"} or len(places) <= sum(text.words.count(term.words) for text in every):
            yield from places


def _is_known(words: str, start: int, end: int, known: set[str]) -> bool:
    """Check whether a near miss is itself a term, or part of one that is written right."""
    typed = words[start:end]
    if typed in known:
        return True
    return any(
        typed in term and words.startswith(term, start - term.index(typed)) for term in known if len(term) > len(typed)
    )


def _is_word(every: Sequence[Text], typed: str, term: str) -> bool:
    """Check whether the pair of characters with the difference is met elsewhere: 創生 in 地域創生計画 is a word."""
    at = next(at for at, (one, other) in enumerate(zip(typed, term, strict=False)) if one != other)
    pairs = {typed[at - 1 : at + 1], typed[at : at + 2]}
    return bool(pairs & _WORDS) or any(pair in text.words.replace(typed, "") for pair in pairs for text in every)


def _fixed(subject: Subject) -> list[_Term]:
    """Return the terms that are written in one way: of the field, of the profile, and defined in the text."""
    found = [_Term(words, "field") for words in FIELD_TERMS]
    found += [_Term(words, "profile") for pair in subject.profile.terms.items() for words in pair]
    if any(word in subject.prose for word in ("以下", "略称", "通称")):
        found += [
            _Term(match["quoted"] or match["bare"] or match["short"], "abbreviation")
            for text in subject.holding(re.compile(_DEFINITION))
            for match in re.compile(_DEFINITION).finditer(text.words)
        ]
    return list({term.words: term for term in reversed(found) if len(term.words) >= LEAST}.values())[::-1]


def _names(subject: Subject) -> list[_Term]:
    """Return the names of items and indicators; none where they are too many."""
    names = [text.words for text in subject.texts if text.path[-1] in {"title", "name"}]
    if len(names) > MOST_NAMES:
        return []
    fixed = {term.words for term in _fixed(subject)}
    return [
        _Term(words, "name")
        for words in dict.fromkeys(names)
        if LEAST_NAME <= len(words) <= MOST_NAME and words not in fixed
    ]


def _is_running(text: Text) -> bool:
    """Check whether a text may speak of items by their names: names themselves may be alike on purpose."""
    return not {"body", "note", "reason", "reasons"}.isdisjoint(text.path)


def abbreviation(subject: Subject) -> Iterator[Finding]:
    """略称が、定義した略称（以下「…」という。）や profile.yaml の terms と一文字違います。

    略称を、定義したとおりに書きます。別のものの名前なら、`# strategy: ignore[abbreviation-mismatch] 理由` を付けます。
    """
    defined = [term for term in _fixed(subject) if term.source in _DEFINED]
    if defined:
        terms = _Terms(defined)
        for text, start, end, term in _misses(subject, [(terms, subject.holding(terms.seeds))]):
            yield _said(subject, text, start, end, term.words, "定義した略称・用語")
    yield from _other_forms(subject)


def _other_forms(subject: Subject) -> Iterator[Finding]:
    """Find abbreviations with a common word more or less than was defined: デジ田総合戦略 for デジ田戦略."""
    known: set[str] | None = None
    shorts = [term.words for term in _fixed(subject) if term.source in _DEFINED]
    for short in shorts:
        parts = re.compile(_COMPOSED).fullmatch(short)
        if parts is None or parts["core"][-1] in _KIND_OF or re.compile(_NUMERAL).search(parts["core"]):
            continue
        core, kind = parts["core"], parts["kind"]
        if subject.prose.count(core) == subject.prose.count(short):
            continue
        pattern = re.compile(rf"{re.escape(core)}(?:{_FILLING})*{kind}")
        for text in subject.holding(pattern):
            for match in pattern.finditer(text.words):
                if match[0] == short:
                    continue
                known = known or {*FIELD_TERMS, *shorts, *(term.words for term in _names(subject))}
                if not _is_known(text.words, *match.span(), known):
                    yield finding(
                        f"「{match[0]}」は、定義した略称「{short}」と違います",
                        text.place(subject.places, *match.span()),
                        f"「{short}」と書いてください",
                    )


def near_term(subject: Subject) -> Iterator[Finding]:
    """用語が、正しい書き方と一文字違います（合計特出生率、重要業績評価指数）。

    分野で決まった用語のほか、この版の項目や指標の名称と、文の中で一文字だけ抜けたり、増えたり、入れ替わったりしたものを示します。
    """
    if "デジタル田園" in subject.prose:
        title = subject.strategy.plan.title
        for text in subject.holding(re.compile(_DEDEN)):
            for match in re.compile(_DEDEN).finditer(text.words):
                own = match[0] in title or text.words[match.start() - 1 : match.start()] in {*"市町村区県都道府"}
                if not own:
                    new = "デジタル田園都市国家構想" + ("総合戦略" if match[0].endswith("戦略") else "")
                    yield finding(
                        f"「{match[0]}」は、用語「{new}」と違います",
                        text.place(subject.places, *match.span()),
                        f"「{new}」と書いてください",
                        edits=search.edits(subject, text, [(*match.span(), new)]),
                        safe=False,
                    )
    fixed = [term for term in _fixed(subject) if term.source == "field"]
    names = _names(subject)
    terms = _Terms(fixed)
    holders = subject.holding(terms.seeds)
    running = [text for text in (subject.texts if names else holders) if _is_running(text)]
    wanted = [
        (_Terms([*fixed, *names]) if names else terms, running),
        (terms, [text for text in holders if not _is_running(text)]),
    ]
    for text, start, end, term in _misses(subject, wanted):
        yield _said(subject, text, start, end, term.words, "用語" if term.source == "field" else "この版の名称")


def _said(subject: Subject, text: Text, start: int, end: int, term: str, sort: str) -> Finding:
    return finding(
        f"「{text.words[start:end]}」は、{sort}「{term}」と一文字違います",
        text.place(subject.places, start, end),
        f"「{term}」と書いてください",
        edits=search.edits(subject, text, [(start, end, term)]),
        safe=False,
    )


def misspelling(subject: Subject) -> Iterator[Finding]:
    """形の似た別の字、または変換の誤りです（目漂、戦賂、魅カ、デ一タ）。

    どの言葉にもならない字の並びだけを示します。
    """
    if not may_be_wrong(subject.prose, search.alphabet(subject.prose)):
        return
    for text in subject.texts:
        for match in re.compile(WRONG).finditer(text.words):
            new = right(match)
            yield finding(
                f"「{search.around(match.string, *match.span())}」の「{match[0]}」は誤字です",
                text.place(subject.places, *match.span()),
                f"もしかして: {new}",
            )


TERM_RULES: tuple[Rule, ...] = (
    rule("abbreviation-mismatch", "略称の食い違い", "text", "warning", abbreviation,
         example="body: （以下「デジ田戦略」という。）デジ電戦略\n→ body: （以下「デジ田戦略」という。）デジ田戦略"),
    rule("near-term", "用語の書き誤り", "text", "warning", near_term,
         example="name: 合計特出生率\n→ name: 合計特殊出生率"),
    rule("misspelling", "誤字", "text", "warning", misspelling, follows_from=WITHIN,
         example="title: 会義の開催\n→ title: 会議の開催"),
)  # fmt: skip
