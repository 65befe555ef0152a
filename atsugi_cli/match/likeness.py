"""Likeness: who became whom when neither ids nor the author say.

Wording alone is no evidence: in a plan every title resembles several others. What decides is how far a pair stands out
from the next best on both sides, and then whether neighbours, level and parent went the same way. Each such context
counts for as much as it has held in this very revision, so that a shuffled or rebuilt plan does not mislead. Where the
author keeps ids, a changed id says by itself that the item may be another one: there only the wording counts.

None of that makes a link by itself. Who stands out is then weighed once more by what the two have of their own, without
the formulas that half of all titles end in, and by where their children went: that is the confidence.

The weights were fitted on revisions whose lineage is published (standards, statutes, classifications) and on made-up
reorganisations of a city's plan; how well they do on some of these is asserted by the tests.
"""

import math
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import TypeAlias, TypeVar

from atsugi_cli.frozen import frozen

TEXT_FLOOR = 0.10
"""Below this likeness nothing is ever asserted: position alone would turn a replaced item into a renamed one."""
LEAST_CONFIDENCE = 0.3
"""Pairs less certain than this do not compete for items at all."""
EVENS = 0.5
"""What is less likely than not is no link: it stays open, with candidates."""
SEED_LIKENESS = 0.5
"""Mutual best pairs above this likeness are the first context in which the others are judged."""
TITLE_SHARE = 0.4
"""What the title counts for in likeness; the rest is title and text together."""
STRAY = 0.15
"""Taken off the likeness of a pair whose parents went elsewhere: the same title under another parent is no rival."""
FAINT = 0.05
"""A pair that has less than this of its own is none, unless children speak for it: place and order prove nothing."""
OF_A_NAME = 0.38
"""The same for a pair of indicators: of 68 that had less not one was the same, of 11,239 with more all but three."""
ANOTHER_LEVEL = 0.2
"""The same for a pair of items of different levels: a policy is no heir of a goal for a shared word."""
ENOUGH = 0.6
"""More of its own than this makes a pair no surer."""
LEAST_ODDS, MOST_ODDS = -2.0, 6.0
"""What the context can say against a pair and for it, at most."""
TITLE_OWNS = 0.7
"""What the title counts for in what two nodes have of their own, where both have a text as well."""
MOST_SURE = 0.99
"""No guess is surer than this, as far as plans have been measured."""

STEM = 4
"""Letters by which words of an alphabet also match: monitor, monitoring."""
HEAVIEST = 40
"""Tokens of an item that are looked up in the index: its rarest ones say what it is about."""
LEAST_POSTINGS, MOST_POSTINGS, POSTINGS_SHARE = 200, 400, 0.02
"""A token carried by more items than this share, within these bounds, is not looked up: it tells nothing apart."""
LOOKUPS = 1000
"""Postings read for one item, at most: keeps the cost of an item constant whatever the text."""
NEAREST = 10
"""Items considered for one item by its title, and by all its text, from either side."""
TWINS = 12
"""Items of the very same title considered for one item, however common the title: the nearest ones in order."""
FAMILY = 400
"""Open children of paired parents are compared with one another up to this many pairs."""
REACH = 8
"""Unpaired siblings that are skipped in search of a paired neighbour; further away it says little."""
ROUNDS = 2
"""Times that what is assigned is weighed by where children went; more change nothing."""
BACKGROUND = 200
"""Settled items of an edition that are read along, evenly spread: they show which wording is common here."""
TRUSTED = 1000
"""Known pairs, evenly spread, by which the trust in each context is measured."""

_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # without the middle dot, which parts words
_SCRIPT = rf"{_KANA}\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = rf"(?P<unspaced>[{_SCRIPT}]+)|[^\W_{_SCRIPT}]+"
_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff]"
_FORMULAS = re.compile(
    "推進|充実|支援|促進|強化|整備|振興|創出|確保|向上|拡充|拡大|実施|実現|展開|形成|構築|育成|改善|取組|事業|施策|計画|環境|体制|"
    "基盤|分野|サービス|プロジェクト|づくり|つくる|つくり|まち|地域|魅力|安心|安全|支え|通じ|向け|希望|かなえ|選ばれ|暮らし|くらし|"
    "誰も|できる|デジタル技術|官民|持続可能|時代|合った|"
    "参加者|利用者|登録者|来場者|[件者人回個箇]数|満足度|整備率|割合|[率数]|年間"
)
"""Words that half the titles of Japanese plans, and half their indicators, share: they say nothing of who is who."""

T = TypeVar("T")
Pair = tuple[int, int]
Rows: TypeAlias = dict[int, dict[int, float]]
"""Likeness by old node, then new node: what is considered at all."""
Vector: TypeAlias = "tuple[array[int], array[float]]"
"""Token numbers and their weights, heaviest first; the squares of the weights add up to one."""
Vectors: TypeAlias = dict[int, Vector]
NOTHING: Vector = (array("I"), array("f"))


@frozen
class _Weights:
    """What each piece of evidence adds to the log-odds that a pair is the same item."""

    bias: float
    likeness: float
    least_margin: float
    most_margin: float
    mutual: float = 0.0
    neighbours: float = 0.0
    level: float = 0.0
    parent: float = 0.0


FIRST = _Weights(-2.18, 0.84, 3.05, 5.63, 2.44, 7.82, -3.48, -2.11)
"""Fitted with the seeds as context."""
LATER = _Weights(-2.15, 0.72, 2.91, 5.32, 2.54, 7.76, -2.77, -2.39)
"""Fitted with the pairs of the first round as context; more rounds change nothing."""
KEPT = _Weights(-2.2, 5.28, 1.11, 3.59, level=-2.77, parent=-2.39)
"""Where ids are kept: fitted on such revisions with items replaced in place. Neighbours tell nothing there."""


@frozen
class _Scale:
    """What turns the log-odds of the context, and what a pair has of its own, into the log-odds that it is right."""

    bias: float
    context: float
    own: float
    children: float


SCALE = _Scale(-3.7, 0.49, 13.83, 9.15)
"""Fitted on what was assigned: published revisions and made-up plans together."""
BOTH = 0.5
"""What the lesser counts of a changed level and another parent: an item that moves often changes both."""


@frozen
class Node:
    """One item (or indicator) of an edition.

    `parent` is the index of the parent in the same sequence, -1 for none; `least` is what a pair must have of its own
    to be thought of. Nodes stand in document order.
    """

    title: str
    text: str
    level: int
    parent: int
    least: float = FAINT


@frozen
class Guess:
    """A pair that likely is the same item: an index of each sequence, and the probability that it is."""

    old: int
    new: int
    confidence: float


Near: TypeAlias = Mapping[int, tuple[tuple[int, float], ...]]
"""The likest nodes of the other edition: index -> ((index, likeness 0..1), …), likest first."""


@frozen
class Candidates:
    """The nearest of both editions, for the other's nodes that are open."""

    old: Near
    new: Near


def infer(
    old: Sequence[Node],
    new: Sequence[Node],
    fixed: Iterable[Pair] = (),
    closed_old: Collection[int] = (),
    closed_new: Collection[int] = (),
    may: Callable[[int, int], bool] | None = None,
) -> tuple[Guess, ...]:
    """Pair nodes of two editions that likely are the same item, one to one, in old document order.

    `fixed` are the pairs already known, as indices (an index may stand in several: merged or split items). They are
    context, are not returned, and their nodes are not guessed again; neither are the closed ones, which are declared
    new, declared removed, or without words. `may` says which pairs are to be thought of. Turning the sides round
    turns the guesses round and changes nothing else.
    The cost grows with the nodes left open.
    """
    known = sorted(set(fixed))
    turned = sorted((n, o) for o, n in known)
    if _is_later(old, new, (known, sorted(closed_old)), (turned, sorted(closed_new))):
        back = infer(new, old, turned, closed_new, closed_old, may and (lambda n, o: may(o, n)))
        return tuple(sorted((Guess(each.new, each.old, each.confidence) for each in back), key=lambda each: each.old))
    settled_old = {o for o, _ in known}.union(closed_old)
    settled_new = {n for _, n in known}.union(closed_new)
    before = _side(old, [index for index in range(len(old)) if index not in settled_old])
    after = _side(new, [index for index in range(len(new)) if index not in settled_new])
    if not before.open or not after.open:
        return ()
    words = _read(before, after)
    compared = _compare(before, after, words)
    rows = {
        o: {
            n: like
            for n, like in compared[o].items()
            if n in after.open and like >= TEXT_FLOOR and (may is None or may(o, n))
        }
        for o in before.open
    }
    ambient = _ambient(compared, before, after)
    del compared
    kept = _kept(before, after, known)
    found = _seeds(rows)
    odds: dict[Pair, float] = {}
    families: set[Pair] = set()
    for weights in (FIRST, LATER):
        context = _context(before, after, known, found)
        _consider(rows, context, words, families, may)
        odds = _judge(rows, context, ambient, weights, kept)
        found = _assign({pair: _probability(each) for pair, each in odds.items()})
    sure: dict[Pair, float] = {}
    same = _same(before, after)
    for _ in range(ROUNDS):  # who is whom above depends on the children, and the other way round
        sure = _weighed(odds, _context(before, after, known, found), words, same)
        found = _assign(sure)
    return tuple(Guess(o, n, min(sure[o, n], MOST_SURE)) for o, n in sorted(found))


def candidates(
    old: Sequence[Node],
    new: Sequence[Node],
    open_old: Collection[int],
    open_new: Collection[int],
    limit: int = 3,
) -> Candidates:
    """Give, for each open node of either side, the at most `limit` likest open nodes of the other side."""
    before, after = _side(old, sorted(open_old)), _side(new, sorted(open_new))
    rows: Rows = {}
    back: Rows = {}
    for o, row in _compare(before, after, _read(before, after)).items():
        for n, like in row.items():
            if o in before.open and n in after.open and like > 0:
                rows.setdefault(o, {})[n] = like
                back.setdefault(n, {})[o] = like
    return Candidates(_best(rows, limit), _best(back, limit))


def _best(rows: Rows, limit: int) -> dict[int, tuple[tuple[int, float], ...]]:
    return {
        index: tuple(sorted(rows[index].items(), key=lambda each: (-each[1], each[0]))[:limit])
        for index in sorted(rows)
    }


def _is_later(old: Sequence[Node], new: Sequence[Node], old_rest: object, new_rest: object) -> bool:
    """Say whether the sides are to be turned round: a comparison and its mirror are one task, and are done as one."""
    if len(old) != len(new):
        return len(old) > len(new)
    for one, other in zip(old, new, strict=True):
        if one != other:
            return (one.title, one.text, one.level, one.parent) > (other.title, other.text, other.level, other.parent)
    return bool(old_rest > new_rest)  # type: ignore[operator]


# --- reading ---------------------------------------------------------------------------------------------------------


@frozen
class _Side:
    """One edition: which nodes are open, which settled ones are read along, and who stands beside whom.

    `open` is a dictionary for its order and its quick answers. `children` are the open children of a parent. `previous`
    and `following` give the next sibling of the same level, -1 for none.
    """

    nodes: Sequence[Node]
    open: Mapping[int, None]
    read: Sequence[int]
    children: Mapping[int, Sequence[int]]
    previous: Sequence[int]
    following: Sequence[int]


def _side(nodes: Sequence[Node], open_nodes: Sequence[int]) -> _Side:
    opened = dict.fromkeys(open_nodes)
    children = defaultdict[int, list[int]](list)
    for index in open_nodes:
        children[nodes[index].parent].append(index)
    previous, following = [-1] * len(nodes), [-1] * len(nodes)
    latest: dict[Pair, int] = {}
    for index, node in enumerate(nodes):
        family = (node.parent, node.level)
        sibling = latest.get(family, -1)
        if sibling >= 0:
            previous[index], following[sibling] = sibling, index
        latest[family] = index
    settled = [index for index in range(len(nodes)) if index not in opened]
    return _Side(nodes, opened, [*open_nodes, *_spread(settled, BACKGROUND)], dict(children), previous, following)


def _spread(things: Sequence[T], most: int) -> Sequence[T]:
    """Take at most so many things, evenly spread."""
    return things[:: max(1, math.ceil(len(things) / most))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into what may recur, and say of each token whether it is outside formulas.

    Words, their first letters and word pairs; in unspaced scripts character pairs and ideographs.
    """
    last = ""
    for run in re.finditer(_RUN, _plain(text)):
        word = run.group()
        if run.lastgroup:
            last = ""
            formulas = {at for each in _FORMULAS.finditer(word) for at in range(*each.span())}
            if len(word) == 1:
                yield word, not formulas
            else:
                yield from ((each.group(), each.start() not in formulas) for each in re.finditer(_IDEOGRAPH, word))
                yield from ((word[at : at + 2], formulas.isdisjoint((at, at + 1))) for at in range(len(word) - 1))
            continue
        yield word, True
        if len(word) > STEM and word.isalpha():
            yield f"{word[:STEM]}…", False
        if last:
            yield f"{last} {word}", False
        last = word


@frozen
class _Vectors:
    """The weighed words of one edition: titles, title and text together, and what is a node's own in either."""

    titles: Vectors
    wholes: Vectors
    own_titles: Vectors
    own_texts: Vectors


@frozen
class _Words:
    """The weighed words of the nodes read."""

    old: _Vectors
    new: _Vectors

    def own(self, old: int, new: int) -> float:
        """Compare what two nodes have of their own, 0..1: in their titles, and in their texts where both have one."""
        found = weight = 0.0
        for olds, news, share in (
            (self.old.own_titles, self.new.own_titles, TITLE_OWNS),
            (self.old.own_texts, self.new.own_texts, 1 - TITLE_OWNS),
        ):
            if old in olds and new in news:
                found += share * _cosine(dict(zip(*olds[old], strict=True)), news[new])
                weight += share
        return found / weight if weight else 0.0

    def likeness(self, old: int, others: Iterable[int]) -> Iterator[tuple[int, float]]:
        """Compare an old node with new ones, 0..1 each; two nodes without a title are as like as their texts."""
        title = dict(zip(*self.old.titles.get(old, NOTHING), strict=True))
        whole = dict(zip(*self.old.wholes.get(old, NOTHING), strict=True))
        for other in others:
            share = _cosine(whole, self.new.wholes.get(other, NOTHING))
            if title or other in self.new.titles:
                share += TITLE_SHARE * (_cosine(title, self.new.titles.get(other, NOTHING)) - share)
            yield other, share


def _read(old: _Side, new: _Side) -> _Words:
    """Read and weigh the words of both editions.

    A token weighs the root of its count, and more the fewer nodes of both editions carry it; in what is a node's own
    far more, and formulas do not count there unless there is nothing else. What has no words is left out.
    """
    numbers: dict[str, int] = {}
    carriers = Counter[int]()
    found = _Words(_Vectors({}, {}, {}, {}), _Vectors({}, {}, {}, {}))
    for vectors, side in ((found.old, old), (found.new, new)):
        for index in side.read:
            node = side.nodes[index]
            title, own_title = _counted(node.title, numbers)
            whole, own_text = _counted(node.text, numbers)
            whole.update(title)
            carriers.update(whole.keys())
            for each, count in (
                (vectors.titles, title),
                (vectors.wholes, whole),
                (vectors.own_titles, own_title or title),
                (vectors.own_texts, own_text),
            ):
                if count:
                    each[index] = array("I", count), array("f", map(math.sqrt, count.values()))
    nodes = len(old.read) + len(new.read)
    rarity = {token: math.log((1 + nodes) / (1 + share)) for token, share in carriers.items()}
    usual = {token: weight + 1 for token, weight in rarity.items()}
    squared = {token: weight**2 + 0.01 for token, weight in rarity.items()}
    for vectors in (found.old, found.new):
        for several, weights in (
            (vectors.titles, usual),
            (vectors.wholes, usual),
            (vectors.own_titles, squared),
            (vectors.own_texts, squared),
        ):
            several.update((index, _weigh(vector, weights)) for index, vector in [*several.items()])
    return found


def _counted(text: str, numbers: dict[str, int]) -> tuple[Counter[int], Counter[int]]:
    """Count the tokens of a text, and those that are outside formulas; `numbers` grows."""
    every, own = Counter[int](), Counter[int]()
    for token, particular in _tokens(text):
        number = numbers.setdefault(token, len(numbers))
        every[number] += 1
        if particular:
            own[number] += 1
    return every, own


def _weigh(vector: Vector, rarity: Mapping[int, float]) -> Vector:
    weights = {token: root * rarity[token] for token, root in zip(*vector, strict=True)}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    heaviest = sorted(weights, key=lambda token: (-weights[token], token))
    return array("I", heaviest), array("f", [weights[token] / length for token in heaviest])


# --- likeness --------------------------------------------------------------------------------------------------------


def _compare(old: _Side, new: _Side, words: _Words) -> Rows:
    """Measure the likeness of each node read to those that may be the same; one of the two is always open."""
    likely: dict[int, list[int]] = {index: [] for index in old.read}
    for old_vectors, new_vectors in ((words.old.titles, words.new.titles), (words.old.wholes, words.new.wholes)):
        for o, others in _look_up(old_vectors, new_vectors):
            likely[o] += others
        for n, others in _look_up(new_vectors, old_vectors):
            for o in others:
                likely[o].append(n)
    for o, others in _twins(old, new):
        likely[o] += others
    return {
        o: dict(words.likeness(o, sorted(n for n in set(others) if o in old.open or n in new.open)))
        for o, others in likely.items()
    }


def _cosine(weights: Mapping[int, float], other: Vector) -> float:
    return sum(weights[token] * weight for token, weight in zip(*other, strict=True) if token in weights)


def _look_up(queries: Vectors, vectors: Vectors) -> Iterator[tuple[int, list[int]]]:
    """Find, for each query, the nearest vectors by the heaviest tokens that both have and that are not too common."""
    carriers = Counter(token for tokens, _ in vectors.values() for token in tokens[:HEAVIEST])
    most = min(MOST_POSTINGS, max(LEAST_POSTINGS, POSTINGS_SHARE * len(vectors)))
    postings: dict[int, Vector] = {token: (array("I"), array("f")) for token, n in carriers.items() if n <= most}
    for index, (tokens, weights) in vectors.items():
        for token, weight in zip(tokens[:HEAVIEST], weights, strict=False):
            if token in postings:
                postings[token][0].append(index)
                postings[token][1].append(weight)
    for index, (tokens, weights) in queries.items():
        scores: dict[int, float] = {}
        left = LOOKUPS
        for token, weight in zip(tokens[:HEAVIEST], weights, strict=False):
            others, their_weights = postings.get(token, NOTHING)
            left -= len(others)
            if left < 0:
                break
            for other, their_weight in zip(others, their_weights, strict=True):
                scores[other] = scores.get(other, 0.0) + weight * their_weight
        yield index, nlargest(NEAREST, scores, key=scores.__getitem__)


def _twins(old: _Side, new: _Side) -> Iterator[tuple[int, list[int]]]:
    """Find, for each open node, those of the same title: all, or of very many those about as far in the document."""
    twins = defaultdict[str, tuple[list[int], list[int]]](lambda: ([], []))
    for place, side in enumerate((old, new)):
        for index in side.open:
            title = _plain(side.nodes[index].title)
            if title:
                twins[title][place].append(index)
    for olds, news in twins.values():
        for rank, o in enumerate(olds):
            start = max(0, min(rank * len(news) // len(olds) - TWINS // 2, len(news) - TWINS))
            yield o, news[start : start + TWINS]


def _ambient(compared: Rows, old: _Side, new: _Side) -> tuple[dict[int, float], dict[int, float]]:
    """Note how like each open node is to the likest settled one: a pair has to stand out from that as well."""
    of_old: dict[int, float] = {}
    of_new: dict[int, float] = {}
    for o, row in compared.items():
        for n, like in row.items():
            if o not in old.open:
                of_new[n] = max(like, of_new.get(n, 0.0))
            elif n not in new.open:
                of_old[o] = max(like, of_old.get(o, 0.0))
    return of_old, of_new


# --- judgement -------------------------------------------------------------------------------------------------------


@frozen
class _Context:
    """Who is paired with whom so far, and how well each kind of context holds among these pairs (0..1)."""

    old: _Side
    new: _Side
    heirs: Mapping[int, tuple[int, ...]]
    origins: Mapping[int, tuple[int, ...]]
    neighbours_hold: float = 1.0
    levels_hold: float = 1.0
    parents_hold: float = 1.0

    def neighbours(self, old: int, new: int) -> float:
        """Give the share of the two neighbours that are paired with each other; half for an end on both sides."""
        agreed = 0.0
        for mine, theirs in ((self.old.previous, self.new.previous), (self.old.following, self.new.following)):
            one, other = _neighbour(mine, old, self.heirs), _neighbour(theirs, new, self.origins)
            if one == other == -1:
                agreed += 0.25
            elif one >= 0 and other in self.heirs[one]:
                agreed += 0.5
        return agreed

    def strays(self, old: int, new: int) -> bool:
        """Say whether the parent of one is paired with another than the parent of the other."""
        above, beyond = self.old.nodes[old].parent, self.new.nodes[new].parent
        if above in self.heirs:
            return beyond not in self.heirs[above]
        return beyond in self.origins

    def relevels(self, old: int, new: int) -> bool:
        """Say whether the two stand at different levels."""
        return self.old.nodes[old].level != self.new.nodes[new].level


def _neighbour(siblings: Sequence[int], index: int, paired: Collection[int]) -> int:
    """Find the nearest paired sibling in one direction: -1 at the end, -2 for none near."""
    for _ in range(REACH):
        index = siblings[index]
        if index < 0 or index in paired:
            return index
    return -2


def _context(old: _Side, new: _Side, known: Sequence[Pair], found: Sequence[Pair]) -> _Context:
    """Take stock of the pairs: known ones and those found so far. Trust starts at a half, for want of pairs."""
    heirs, origins = {-1: (-1,)}, {-1: (-1,)}
    for o, n in (*known, *found):
        heirs[o] = (*heirs.get(o, ()), n)
        origins[n] = (*origins.get(n, ()), o)
    context = _Context(old, new, heirs, origins)
    pairs = [*_spread(known, TRUSTED), *found]
    return _Context(
        old,
        new,
        heirs,
        origins,
        (sum(context.neighbours(o, n) for o, n in pairs) + 0.5) / (len(pairs) + 1),
        (sum(not context.relevels(o, n) for o, n in pairs) + 0.5) / (len(pairs) + 1),
        (sum(not context.strays(o, n) for o, n in pairs) + 0.5) / (len(pairs) + 1),
    )


def _kept(old: _Side, new: _Side, known: Sequence[Pair]) -> float:
    """Say how far the author keeps ids, at the levels in question: 0 for not at all, 1 from every other item on."""
    levels = {old.nodes[o].level for o in old.open} | {new.nodes[n].level for n in new.open}
    settled = sum(old.nodes[o].level in levels for o, _ in known)
    return min(1.0, 2 * settled / (settled + min(len(old.open), len(new.open))))


def _seeds(rows: Rows) -> list[Pair]:
    """Pick the pairs of clearly like nodes that are each other's best."""
    of_old, of_new = _tops(rows)
    return [
        (o, n)
        for o, row in rows.items()
        for n, like in row.items()
        if like > SEED_LIKENESS and min(_margin(of_old[o], like), _margin(of_new[n], like)) > 0
    ]


def _consider(
    rows: Rows, context: _Context, words: _Words, done: set[Pair], may: Callable[[int, int], bool] | None
) -> None:
    """Add what the context suggests: children of paired parents (but for those `done`), nodes beside paired nodes."""
    old, new = context.old, context.new
    for parent, children in old.children.items():
        for other in context.heirs.get(parent, ()):
            others = new.children.get(other, ())
            if len(children) * len(others) <= FAMILY and (parent, other) not in done:
                done.add((parent, other))
                for o in children:
                    _add(rows, words, o, others, may)
    for o in old.open:
        for back, forth in ((old.previous, new.following), (old.following, new.previous)):
            beside = (forth[n] for n in context.heirs.get(back[o], ()) if n >= 0)
            _add(rows, words, o, [n for n in beside if n in new.open], may)


def _add(rows: Rows, words: _Words, old: int, others: Iterable[int], may: Callable[[int, int], bool] | None) -> None:
    row = rows[old]
    fresh = [n for n in others if n not in row and (may is None or may(old, n))]
    row.update(each for each in words.likeness(old, fresh) if each[1] >= TEXT_FLOOR)


Tops = dict[int, tuple[float, float]]
"""The best and the second best that a node has on the other side."""
UNRIVALLED = (0.0, 0.0)


def _tops(rows: Rows, ambient: tuple[Mapping[int, float], Mapping[int, float]] = ({}, {})) -> tuple[Tops, Tops]:
    """Find what every old and every new node stands nearest to, settled nodes included."""
    of_old: Tops = {index: (like, 0.0) for index, like in ambient[0].items()}
    of_new: Tops = {index: (like, 0.0) for index, like in ambient[1].items()}
    for o, row in rows.items():
        for n, like in row.items():
            for tops, index in ((of_old, o), (of_new, n)):
                best, second = tops.get(index, UNRIVALLED)
                if like > best:
                    tops[index] = like, best
                elif like > second:
                    tops[index] = best, like
    return of_old, of_new


def _margin(tops: tuple[float, float], like: float) -> float:
    """Say by how much a pair stands out from the best rival: less than nothing where it is not the best."""
    best, second = tops
    return like - (second if like >= best else best)


def _judge(
    rows: Rows,
    context: _Context,
    ambient: tuple[Mapping[int, float], Mapping[int, float]],
    weights: _Weights,
    kept: float,
) -> dict[Pair, float]:
    """Give the log-odds of every pair that may be the same item."""
    stray = STRAY * context.parents_hold
    standing = {
        o: {n: max(0.0, like - stray) if context.strays(o, n) else like for n, like in row.items()}
        for o, row in rows.items()
    }
    of_old, of_new = _tops(standing, ambient)
    odds: dict[Pair, float] = {}
    for o, row in standing.items():
        for n, like in row.items():
            margins = _margin(of_old.get(o, UNRIVALLED), like), _margin(of_new.get(n, UNRIVALLED), like)
            each = _evidence(weights, context, o, n, rows[o][n], margins)
            if kept:
                each += kept * min(0.0, _evidence(KEPT, context, o, n, rows[o][n], margins) - each)
            if _probability(each) >= LEAST_CONFIDENCE:
                odds[o, n] = each
    return odds


def _evidence(
    weights: _Weights, context: _Context, old: int, new: int, like: float, margins: tuple[float, float]
) -> float:
    evidence = weights.bias + weights.likeness * like
    evidence += weights.least_margin * min(margins) + weights.most_margin * max(margins)
    if min(margins) > 0:
        evidence += weights.mutual
    if weights.neighbours:
        evidence += weights.neighbours * context.neighbours_hold * context.neighbours(old, new)
    level = weights.level * context.levels_hold * context.relevels(old, new)
    parent = weights.parent * context.parents_hold * context.strays(old, new)
    return evidence + min(level, parent) + BOTH * max(level, parent)


def _same(old: _Side, new: _Side) -> dict[int, int]:
    """Pair the open nodes whose titles are equal and stand once in each edition."""
    titles = [Counter(_plain(node.title) for node in side.nodes) for side in (old, new)]
    where = {_plain(new.nodes[n].title): n for n in new.open}
    found: dict[int, int] = {}
    for o in old.open:
        title = _plain(old.nodes[o].title)
        if title in where and titles[0][title] == titles[1][title] == 1:
            found[o] = where[title]
    return found


def _weighed(
    odds: Mapping[Pair, float], context: _Context, words: _Words, same: Mapping[int, int]
) -> dict[Pair, float]:
    """Say how sure each pair is, by what the two have of their own and by where their children went."""
    votes = _votes(context)
    sure: dict[Pair, float] = {}
    for (o, n), each in odds.items():
        own, children = words.own(o, n), _agreement(votes, o, n)
        if same.get(o) == n and not context.strays(o, n):
            own = 1.0
        least = ANOTHER_LEVEL if context.relevels(o, n) else context.old.nodes[o].least
        if own < least and children <= 0:
            continue
        evidence = SCALE.bias + SCALE.context * max(LEAST_ODDS, min(MOST_ODDS, each))
        chance = _probability(evidence + SCALE.own * min(own, ENOUGH) + SCALE.children * children)
        if chance >= EVENS:
            sure[o, n] = chance
    return sure


Votes: TypeAlias = "tuple[Counter[Pair], Counter[int], Counter[int]]"
"""How many paired children two parents have in common, and how many each has."""


def _votes(context: _Context) -> Votes:
    common, of_old, of_new = Counter[Pair](), Counter[int](), Counter[int]()
    for o, heirs in context.heirs.items():
        for n in heirs if o >= 0 else ():
            above, beyond = context.old.nodes[o].parent, context.new.nodes[n].parent
            common[above, beyond] += 1
            of_old[above] += 1
            of_new[beyond] += 1
    return common, of_old, of_new


def _agreement(votes: Votes, old: int, new: int) -> float:
    """Say how far the children of two parents are paired with each other, 1 to -1, 0 where there are none."""
    common, of_old, of_new = votes
    here, there = of_old[old], of_new[new]
    if not here and not there:
        return 0.0
    shares = [common[old, new] / all_of_them for all_of_them in (here, there) if all_of_them]
    number = min(here or there, there or here)
    return (2 * sum(shares) / len(shares) - 1) * number / (number + 1)


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


# --- assignment ------------------------------------------------------------------------------------------------------


def _assign(chances: Mapping[Pair, float]) -> list[Pair]:
    """Choose pairs one to one, the surest first; equals keep their order.

    The greatest sum would give up a pair that is certain for two that are faint.
    """
    heirs: dict[int, int] = {}
    placed: set[int] = set()
    for _, o, n in sorted((-chance, o, n) for (o, n), chance in chances.items()):
        if o not in heirs and n not in placed:
            heirs[o] = n
            placed.add(n)
    return list(heirs.items())
