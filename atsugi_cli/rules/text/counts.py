"""Counts: numbers in prose (四つの基本目標, 八項目の数値目標) against what the edition holds."""

import re
from collections.abc import Iterator, Mapping, Sequence

from atsugi_cli.findings import Finding, Related
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Level
from atsugi_cli.model import Indicator, Item
from atsugi_cli.numerals import integer, written_like
from atsugi_cli.rules.base import Rule, Subject, finding, rule
from atsugi_cli.rules.text import search
from atsugi_cli.rules.texts import Text

_NUMBER = r"(?<![0-9０-９.．,，第])(?P<number>[0-9０-９]{1,3}|[一二三四五六七八九十〇]{1,3})"
_COUNTER = r"\s?(?P<counter>つ|本柱?|項目|件|個|種類)の"
_BARE = r"(?<!その)(?<![^\s\u3041-\u309f、。・「『（(全計])(?P<bare>[0-9０-９]{1,3})の"
_MAYBE = r"[0-9０-９一二三四五六七八九十](?:[つ本件個の]|項目|種類|指標)"
_TOGETHER = r"(?:、|全部で|全体で|合わせて|あわせて|合計で?|計|全て|すべて|全|総数|次の|以下の)*"
_AFTER_LABEL = r"(?![㐀-鿿々ァ-ヶー])|(?=及び|並び|又は|若し|等|全|達成|実現|推進|設定|策定|毎|別|間)"
_JOIN = r"[」』]?(?:の(?:総)?数)?(?:[はをがも]|[（(](?=[^（）()]{2,6}[）)]))"

_KPI = ("重要業績評価指標（KPI）", "重要業績評価指標(KPI)", "重要業績評価指標KPI", "重要業績評価指標", "KPI", "ＫＰＩ")
_TARGET = ("数値目標",)

_PART_BEFORE = (
    r"(?:うち|他|ほか|残り|新たに|新たな|新規に?|新しい|追加する|追加した|各|約|およそ|少なくとも|最大|これまで|従来|当初|現行|改定前|改定後?以前)"
    r"(?:の|、|に)?[「『]?\Z"
)
"""Before a number that counts a part, or what was."""
_PART_AFTER = (
    r"[」』]?(?:以上|以下|未満|程度|ずつ|前後|目|のうち|の中|の(?:いずれ|どれ|どちら|両方|一部|一つ|ひとつ)|の(?:追加|新設|廃止|削除|統合)"
    r"|に(?:また|わた|亘|関わ|かかわ|関連|関する|共通|該当|属|係)"
    r"|[をがは](?:新たに|それぞれ)?(?:追加|新設|加え|廃止|削除|統合|除|拡充|減ら|達成|未達|改善|悪化|順調)"
    r"|(?:が|で|は)[^、。]{0,8}(?:達成|未達|改善|悪化|増加|減少|順調|遅れ)"
    r"|[をは][^、。]{0,6}(?:つ|項目|件|本)(?:に|へ)(?:統合|再編|整理|集約|見直|改|増|減|絞))"
)
"""After a number that counts a part of what there is."""
_GENERIC = 2
"""Characters of a word that a text also uses in general: 施策, 取組, 事業."""
_ALL_BEFORE = r"(?:全部で|合わせて|全体で|合計|計|全|次の|以下の|下記の|掲げる|本戦略の|本計画の)\Z"
_EACH = r"(?:各|毎|ごと|それぞれ)[^。]*\Z"
_FOREIGN = (
    r"(?<![全両各])国[のはがで]|政府|内閣|(?<!本)(?:都|道|府|県)[のはがで]|総合計画|基本構想|前(?:期|計画|戦略|回|総合戦略)|旧(?:計画|戦略)"
    r"|他(?:の)?(?:自治体|市町村|計画)|デジ田|デジタル田園都市国家構想|長期ビジョン|第(?P<term>[0-9０-９一二三四五六七八九十]+)[期次]"
)
"""Words after which a sentence speaks of another plan than this one."""
_OWN = (
    r"本[市町村区県府道都]|本(?:戦略|計画|総合戦略)|当[市町村]"
    r"|(?:勘案|踏まえ|参考|受け|基づ|沿っ|即し|整合|見据え|加え|比べ)[^、，。]{0,8}[、，]"
)
"""Words with which it comes back to this plan."""
_TERM = r"第([0-9０-９一二三四五六七八九十]+)[期次]"
_REVISED = (
    r"見直|改定|改め|統合|再編|変更|現行|従来|これまで|加え"
    r"|から(?=[^、。]{0,9}(?:[0-9０-９]|[一二三四五六七八九十][つ本項件個]|へ|再編|整理|集約|増|減|絞))"
)
"""Where the edition that is revised may be meant as well."""


@frozen
class _Tally:
    """How many there are; `known` is the least, where not everything is in the file."""

    numbers: frozenset[int]
    known: int
    complete: bool

    def refutes(self, number: int) -> bool:
        """Check whether there are certainly not so many."""
        return number < self.known if not self.complete else number not in self.numbers


def counts(subject: Subject) -> Iterator[Finding]:
    """文の中の数（四つの基本目標、八項目の数値目標）が、この版にある数と違います。

    文か項目のどちらかを直します。「四つの基本目標のうち三つ」のような一部の数や、国や前の計画の数は指摘しません。
    項目や指標の一部が未登録（omitted: true）で総数がわからないときは、明らかに足りない数だけを指摘します。
    """
    if 0 in subject.broken:
        return  # what there is cannot be counted
    nouns = _nouns(subject)
    labels = "|".join(re.escape(label) for label in sorted(nouns, key=lambda label: (-len(label), label)))
    pattern = (
        rf"(?:{_NUMBER}{_COUNTER}|{_BARE})\s?[「『]?(?P<label>{labels})[」』]?(?:{_AFTER_LABEL})"
        rf"|(?P<label2>{labels})(?:{_JOIN}{_TOGETHER}|(?=[0-9０-９一二三四五六七八九十]{{1,2}}つ))"
        rf"{_NUMBER.replace('<number>', '<number2>')}(?P<counter2>つ|本|項目|件|個|指標|種類)(?!の)"
    )
    if not any(label in subject.prose for label in nouns):
        return
    stock = _Stock(subject)
    for text in subject.holding(re.compile(_MAYBE)):
        if not any(label in text.words for label in nouns):
            continue
        matches = list(re.compile(pattern).finditer(text.words))
        for match in matches:
            if integer(_typed(match)) > 1 and not _is_apart(subject, text, match):
                found = _judge(stock, text, match, nouns, matches)
                if found is not None:
                    yield found


def _typed(match: re.Match[str]) -> str:
    number: str = match["number"] or match["bare"] or match["number2"]
    return number


def _nouns(subject: Subject) -> dict[str, Level | str]:
    """Return the words for what can be counted: the city's levels, and targets and KPIs."""
    nouns: dict[str, Level | str] = {}
    for level in subject.profile.levels:  # 具体的な施策 is called 施策 as well
        if level.label:
            nouns.setdefault(level.label.rpartition("な")[2], level)
    nouns |= {level.label: level for level in subject.profile.levels if level.label}
    return nouns | dict.fromkeys(_KPI, "kpi") | dict.fromkeys(_TARGET, "target")


def _sentence(words: str, match: re.Match[str]) -> tuple[int, int]:
    """Return where the sentence around a match starts and ends."""
    start = max(words.rfind("。", 0, match.start()), words.rfind("\n", 0, match.start())) + 1
    return start, min((at for mark in "。\n" if (at := words.find(mark, match.end())) >= 0), default=len(words))


def _is_apart(subject: Subject, text: Text, match: re.Match[str]) -> bool:
    """Check whether a number counts something else: a part, each of something, or another plan."""
    words = text.words
    before = words[_sentence(words, match)[0] : match.start()]
    clause = before[max(before.rfind("、"), before.rfind("，")) + 1 :]
    if (
        re.compile(_PART_BEFORE).search(before)
        or re.compile(_PART_AFTER).match(words, match.end())
        or re.compile(_EACH).search(clause)
    ):
        return True
    titles = f"{text.item.title}の" if text.item is not None and text.item.level == "section" else ""
    return _speaks_of_another(subject, titles) or _speaks_of_another(subject, before)


def _speaks_of_another(subject: Subject, before: str) -> bool:
    plan = subject.strategy.plan
    own = re.compile(_TERM).search(plan.title)
    foreign = None
    for match in re.compile(_FOREIGN).finditer(before):
        if match["term"] is not None:
            if own is not None and integer(match["term"]) == integer(own[1]):
                continue
        elif match[0].rstrip("のはがで") in plan.title or (plan.municipality and match[0][0] == plan.municipality[-1]):
            continue
        foreign = match
    return foreign is not None and not re.compile(_OWN).search(before, foreign.end())


# --------------------------------------------------------------------------------------------------- what there is


class _Stock:
    """What there is in an edition, counted once for each place and word."""

    __slots__ = ("_before", "_parents", "_tallies", "subject")

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._parents: dict[int, Item] = {}  # by the node of the child
        self._tallies: dict[tuple[int, Level | str], _Tally | None] = {}  # by the node of the scope
        self._before: dict[Level | str, _Tally | None] = {}

    def scopes(self, item: Item | None) -> list[Item]:
        """Return what a text of an item may be about: the plan, then what is above the item, and the item itself."""
        root = self.subject.strategy.root
        if not self._parents:
            self._parents = {child.node: parent for parent in root.walk() for child in parent.children}
        found: list[Item] = []
        while item is not None and item is not root:
            found.append(item)
            item = self._parents.get(item.node)
        return [root, *reversed(found)]

    def tally(self, scope: Item, noun: Level | str) -> _Tally | None:
        """Count what a word names below an item; None where there is nothing of the kind."""
        key = (scope.node, noun)
        if key not in self._tallies:
            self._tallies[key] = _tally(self.subject, scope, noun)
        return self._tallies[key]

    def before(self, noun: Level | str) -> _Tally | None:
        """Count it in the edition that is revised; None where there is none."""
        base = self.subject.base
        if noun not in self._before:
            self._before[noun] = _tally(self.subject, base.root, noun) if base is not None else None
        return self._before[noun]


def _judge(
    stock: _Stock, text: Text, match: re.Match[str], nouns: Mapping[str, Level | str], matches: Sequence[re.Match[str]]
) -> Finding | None:
    """Compare a number with what there is in the edition and around the text; None where it is right or may be."""
    label = match["label"] or match["label2"]
    noun, typed = nouns[label], _typed(match)
    number = integer(typed)
    subject = stock.subject
    tallies = [(scope, found) for scope in stock.scopes(text.item) if (found := stock.tally(scope, noun)) is not None]
    start, stop = _sentence(text.words, match)
    if len(label) <= _GENERIC and isinstance(noun, Level) and not _means_all(text, match, tallies):
        top = noun in subject.profile.tree[:1] and label == noun.label  # 柱, in a chapter about the whole
        beside = any(  # 二つの基本目標のもと、3つの施策
            start <= each.start() < stop and len(each["label"] or each["label2"]) > _GENERIC for each in matches
        )
        if not (top or beside) or (text.item is not None and text.item.level != "section"):
            return None
    if subject.base is not None and re.compile(_REVISED).search(text.words, start, stop):
        old = stock.before(noun)
        if old is not None and not old.refutes(number):
            return None
    if not tallies or not all(tally.refutes(number) for _, tally in tallies):
        return None
    scope, tally = tallies[-1]
    counter = match["counter"] or match["counter2"] or ("件" if noun == "kpi" else "つ")
    actual = written_like(tally.known, typed)
    least = "" if tally.complete else "少なくとも"
    where = "" if scope is subject.strategy.root else f"「{scope.title}」の"
    first = _first(scope, noun)
    related = (Related(subject.at(first.node, "id"), f"ここから{tally.known}{counter}"),) if first is not None else ()
    wanted = (
        match[0].replace(typed, actual, 1) if match["label"] else match[0][: match[0].rindex(typed)] + actual + counter
    )
    return finding(
        f"「{match[0]}」とありますが、{where}{label}は{least}{tally.known}{counter}あります",
        text.place(subject.places, *match.span()),
        f"「{wanted}」と書くか、{label}の一覧を確かめてください",
        related,
        search.edits(subject, text, [(*match.span(), wanted)]) if tally.complete else (),
        safe=False,
    )


def _means_all(text: Text, match: re.Match[str], tallies: Sequence[tuple[Item, _Tally]]) -> bool:
    """Check whether a number before a word like 施策 counts all of them, and not any that the sentence is about."""
    return (bool(tallies) and tallies[-1][0] is text.item) or bool(
        re.compile(_ALL_BEFORE).search(text.words, 0, match.start())
    )


def _tally(subject: Subject, scope: Item, noun: Level | str) -> _Tally | None:
    """Count what a word names below an item; None where there is nothing of the kind."""
    ranks = {level.code: rank for rank, level in enumerate(subject.profile.tree)}
    if isinstance(noun, Level):
        return _of_level(scope, noun, ranks)
    return _of_indicators(subject, scope, noun, ranks)


def _of_level(scope: Item, level: Level, ranks: Mapping[str, int]) -> _Tally | None:
    found = [each.id or each.node for each in scope.walk() if each.level == level.code and each is not scope]
    count = len(found)
    if not count:
        return None
    rank = ranks.get(level.code)
    complete = rank is None or not any(
        (each is scope or each.level in ranks) and ranks.get(each.level, -1) < rank and _is_open(each, ranks)
        for each in scope.walk()
    )
    return _Tally(frozenset({count, len(set(found))}), count, complete)  # an item twice is said of its id


def _is_open(item: Item, ranks: Mapping[str, int]) -> bool:
    """Check whether an item may have more below it than the file says."""
    return item.omitted or not any(child.level in ranks for child in item.children)


def _of_indicators(subject: Subject, scope: Item, role: str, ranks: Mapping[str, int]) -> _Tally | None:
    levels = {level.code: level for level in subject.profile.tree}
    found: list[Indicator] = []
    complete = True
    for item in scope.walk():
        own = [each for each in item.indicators if each.role == role]
        found += own if item is not subject.strategy.root else ()
        if item.level not in ranks:
            continue
        below = any(child.level in ranks for child in item.children)
        wanted = levels[item.level].indicators == f"{role}s" and (role == "target" or not below)
        if item.omitted or any(each.omitted for each in own) or (wanted and not own):
            complete = False
    if not found:
        return None
    total = len(found)
    of_plan = sum(1 for each in subject.strategy.root.indicators if each.role == role)
    parts = sum(len(each.breakdown) or 1 for each in found)
    names = len({each.name or each.id for each in found})
    return _Tally(frozenset({total, total + of_plan, parts, names}), total if complete else min(total, names), complete)


def _first(scope: Item, noun: Level | str) -> Item | Indicator | None:
    for item in scope.walk():
        if isinstance(noun, Level):
            if item.level == noun.code and item is not scope:
                return item
        elif item.level != "plan":
            for each in item.indicators:
                if each.role == noun:
                    return each
    return None


COUNT_RULES: tuple[Rule, ...] = (
    rule("count-mismatch", "文の中の数の食い違い", "text", "warning", counts,
         example="body: 五つの基本目標を定める。  # 基本目標は四つ\n→ body: 四つの基本目標を定める。"),
)  # fmt: skip
