"""Prose: mark what changed between two Japanese texts by words, as an official underlines it in a 新旧対照表.

A plain comparison of characters underlines crumbs (〔全〕庁〔を挙げ〕て). Here a comparison of small tokens is followed
by rules of the written language: islands between two changes are absorbed, insertions slide to the start of a phrase,
half words are completed (〔策定〕→〔改定〕, 〔行なう〕→〔行う〕), and a sentence that kept next to nothing is marked
whole.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from atsugi_cli.frozen import frozen

Segment = tuple[str, bool]

WHOLE_BELOW = 0.25
"""Mark a sentence whole when less than this share of the longer side stays; 0.15 to 0.35 judge alike."""

PAIRED_FROM = 0.45
"""Two sentences are versions of one another from this likeness on; unrelated Japanese sentences share 0.25 to 0.35."""

CELLS_LIMIT = 400
"""Sentence pairs compared in one changed block (three comparisons of about 10 µs each)."""

WORK_LIMIT = 100_000
"""Equal token pairs that one look may see (about 10 ms); above this the text is cut at unique phrases."""

WORK_PER_ITEM = 100
"""Steps that all looks of one comparison may take for each item of both sides; the sentences of a plan take 3."""

COMMON_LIMIT = 50_000_000
"""Characters times characters of a changed block whose sentences are compared one by one (two times 7,000)."""

LENGTH_LIMIT = 2000
"""Items of a sequence that are compared as a whole; changes at regular distances make that quadratic (30,000: 8 s)."""

PHRASE_SIZES = (8, 4)
"""Lengths in tokens of the unique phrases at which long texts are cut, the surest first."""

ISLAND_KANA = 3
"""Unchanged kana up to this many are absorbed between two changes at least as long; longer ones read as kept text."""

TAIL_KANA = 3
"""Kana taken behind a change at most: the endings of にぎわい, 生かす or 高める are no longer."""

STEM_KANA = 2
"""Kana taken between the kanji of a verb and the change of its ending at most: 踏まえ〔て〕, 当た〔って〕."""

VERB_KANJI = 2
"""Kanji that the stem of a verb has at most: 取組〔む〕, 目指〔す〕."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of the closed classes, compared as one token so that half of an ending is never underlined.
_PARTICLES = _words("""
    が は を に へ と も の や で から まで より など だけ のみ ごと ほか として について における において により
    による によって にも には では とも への での との からの までの よりも
""")
_VERBAL = _words("""
    する します しました して した し される されます されて された れる られる せる ます ました ません
""")
_ENDINGS = _VERBAL | _words("""
    させる させます させて できる できます できた である です いる います いた いく いきます ある あります なる なります
    ない たい
""")
_JOINING = _words("及び 並びに 又は 若しくは 或いは および ならびに または もしくは あるいは かつ")
_LISTING = _words("と や")
_OTHERS = _words("""
    ともに わたり わたって わたる ため こと もの とき ところ たち ども づくり 更に さらに 特に とくに 既に すでに すべて
""")
_SPELT_STEMS = _words("目指 見直")  # the frequent verbs of two kanji in す, which look like 検討し
_PREFIXES = _words("各 約 第 同")  # words of their own: 各〔課〕→各〔部〕

_LEXICON = sorted(
    (word for word in _PARTICLES | _ENDINGS | _JOINING | _OTHERS if len(word) > 1),
    key=lambda word: (-len(word), word),
)
_TOKEN = (
    "(?s)"
    r"[0-9０-９]+(?:[,.，．][0-9０-９]+)*[%％]?"
    r"|[A-Za-zＡ-Ｚａ-ｚ]+(?:[.．\-'’&]?[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]+)*"
    r"|[ァ-ヺー-ヿｦ-ﾟ]+"
    r"|" + "|".join(_LEXICON) + r"|.[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
)
_SENTENCE = r"[^。\n]*(?:[。\n]+[」』）)]*|$)"
_EDGES = "、, \u3000\n"  # not underlined at the edge of a mark

# Compiled where they are met: a class of kanji takes ten times what another pattern does.
_KANJI = r"[\u3400-\u9fff]"
_HALF = rf"[0-9０-９,，.．]+|{_KANJI}"

Change = tuple[int, int, int, int]
"""Items [i1, i2) of the old side became items [j1, j2) of the new side, as difflib counts."""


@frozen
class Marks:
    """Both texts cut into segments; `notation_only`: they differ only in width or form of characters (表記のみ)."""

    old: tuple[Segment, ...]
    new: tuple[Segment, ...]
    notation_only: bool

    @property
    def breaks_only(self) -> bool:
        """Check whether the two texts differ in their line breaks alone."""
        old, new = ("".join(text for text, _ in side).replace("\n", "") for side in (self.old, self.new))
        return old == new

    def changes(self, *, words: bool = False) -> list[tuple[str, str]]:
        """Return each change as what went and what came in its place, in the order of the texts.

        With `words` a number, or half a word, has the rest of its word: 「令和7年度」→「令和9年度」.
        """
        found: dict[int, list[str]] = {}
        for side, segments in enumerate((self.old, self.new)):
            at = 0  # in the unmarked text, which is the same on both sides but for its notation
            for text, mark in segments:
                if mark:
                    found.setdefault(at, ["", ""])[side] += text
                else:
                    at += len(text)
        if words:
            kept = "".join(text for text, mark in self.new if not mark)
            places = [0, *sorted(found), len(kept)]
            for before, at, behind in zip(places, places[1:], places[2:], strict=False):
                if any(re.fullmatch(_HALF, text) for text in found[at]):
                    left, right = re.search(f"{_KANJI}+$", kept[before:at]), re.match(f"{_KANJI}+", kept[at:behind])
                    unit = right[0] if right else ""
                    behind_unit = kept[at + len(unit) : behind][:1]
                    if len(unit) > 1 and left is None and _is_kana(behind_unit) and behind_unit not in _PARTICLES:
                        unit = unit[:-1]  # the verb after a number is no part of it: 2台〔走らせる〕
                    around = (left[0] if left else "", unit)
                    found[at] = [text.join(around) for text in found[at]]
        return [(old, new) for _, (old, new) in sorted(found.items())]

    def strictly(self) -> "Marks":
        """Return the marks of the same two texts to the last character."""
        return pieces(*("".join(text for text, _ in side) for side in (self.old, self.new)), strict=True)


@lru_cache(maxsize=256)  # the kinds, the layout and the history ask for the marks of one pair again and again
def pieces(old: str, new: str, *, strict: bool = False) -> Marks:
    """Cut two texts into marked (changed) and unmarked segments that join to exactly the two texts.

    The marks of (new, old) are the mirror of those of (old, new). A change always shows a mark, except that one of
    notation alone (NFKC-equal) shows none unless `strict`, which also keeps 、, spaces and line ends at the edges.
    """
    if (len(old), old) > (len(new), new):  # one order of computing, so that the mirror is exact
        mirror = pieces(new, old, strict=strict)
        return Marks(mirror.new, mirror.old, mirror.notation_only)
    notation_only = old != new and _folded(old) == _folded(new)
    if old == new or (notation_only and not strict):
        return Marks(_merged([(old, False)]), _merged([(new, False)]), notation_only)
    olds: list[Segment] = []
    news: list[Segment] = []
    for before, after in _chunks(old, new):
        sides: tuple[list[Segment], list[Segment]] = [], []
        _mark(before, after, *sides, tidy=not notation_only, strict=strict)
        trimmed = _trimmed(sides[0]), _trimmed(sides[1])
        is_pure = not all(any(mark for _, mark in side) for side in trimmed)
        if strict or (before and after and is_pure and _kept(trimmed[0]) != _kept(trimmed[1])):
            trimmed = _merged(sides[0]), _merged(sides[1])  # the 、 that came with new words is new
        olds += trimmed[0]
        news += trimmed[1]
    return Marks(_merged(olds), _merged(news), notation_only)


def aligned(olds: Sequence[str], news: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return which paragraph of one text stands beside which of the other, in order; None where there is none.

    Equal paragraphs first, then versions of one another; what is left between two such stands side by side.
    """
    found: list[tuple[int | None, int | None]] = []
    i = j = 0
    for i1, i2, j1, j2 in (*_changes(olds, news, (1,)), (len(olds), len(olds), len(news), len(news))):
        found += zip(range(i, i1), range(j, j1), strict=True)
        i, j = i1, j1
        for row, column in _versions(olds[i1:i2], news[j1:j2]):
            found += zip_longest(range(i, i1 + row), range(j, j1 + column))
            found.append((i1 + row, j1 + column))
            i, j = i1 + row + 1, j1 + column + 1
        found += zip_longest(range(i, i2), range(j, j2))
        i, j = i2, j2
    return found


def _versions(olds: Sequence[str], news: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find the paragraphs of a changed block that are versions of one another, so that most text is kept."""
    rows, columns = len(olds), len(news)
    if rows == columns == 1 or not rows * columns or _is_much(olds, news):
        return
    old_keys, new_keys = [*map(_folded, olds)], [*map(_folded, news)]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    gains = [[_gain(old, new) for new in new_keys] for old in old_keys]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + gains[i][j])
    i = j = 0
    while i < rows and j < columns:
        if gains[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + gains[i][j]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def marked(segments: Iterable[Segment]) -> str:
    """Write segments as plain text with the marked ones in brackets: 都市間〔交流の促進〕."""
    return "".join(f"〔{text}〕" if mark else text for text, mark in segments)


def likeness(old: str, new: str) -> float:
    """Measure the share (0 to 1) of characters that two texts have in common in the same order, after NFKC."""
    old, new = _folded(old), _folded(new)
    if old == new:
        return 1.0
    return 2 * _common(old, new) / (len(old) + len(new))


def _common(old: str, new: str) -> int:
    """Count the longest common subsequence with one bit of an integer for each character of `old` (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, char in enumerate(old):
        places[char] = places.get(char, 0) | 1 << at
    full = (1 << len(old)) - 1
    row = full
    for char in new:
        if hit := row & places.get(char, 0):
            row = ((row + hit) | (row - hit)) & full
    return len(old) - row.bit_count()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _keys(parts: list[str], text: str) -> list[str]:
    """Fold the parts of a text; where all of it is folded already, so is every part."""
    return parts if unicodedata.is_normalized("NFKC", text) else [*map(_folded, parts)]


# --- chunks: which sentences belong together ---------------------------------------------------------------------


def _chunks(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Pair the sentences of two texts in order; a sentence without a counterpart is paired with ""."""
    olds, news = re.findall(_SENTENCE, old), re.findall(_SENTENCE, new)
    i = j = 0
    for i1, i2, j1, j2 in _changes(_keys(olds, old), _keys(news, new), (1,)):
        yield from zip(olds[i:i1], news[j:j1], strict=True)
        yield from _aligned(olds[i1:i2], news[j1:j2])
        i, j = i2, j2
    yield from zip(olds[i:], news[j:], strict=True)


def _aligned(olds: list[str], news: list[str]) -> Iterator[tuple[str, str]]:
    """Align the sentences of a changed block one to one, one to two or two to one, so that most text is kept."""
    rows, columns = len(olds), len(news)
    if min(rows, columns) == 0 or rows == columns == 1 or _is_much(olds, news):
        yield "".join(olds), "".join(news)
        return
    old_keys, new_keys = [*map(_folded, olds)], [*map(_folded, news)]
    best = [[(0.0, 0, 0)] * (columns + 1) for _ in range(rows + 1)]  # from here on: the gain, then the step to take
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            steps: list[tuple[float, int, int]] = []
            for di, dj in ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1)):
                if i + di <= rows and j + dj <= columns:
                    gain = _gain("".join(old_keys[i : i + di]), "".join(new_keys[j : j + dj])) if di and dj else 0.0
                    steps.append((best[i + di][j + dj][0] + gain, di, dj))
            best[i][j] = max(steps, default=(0.0, 0, 0))
    i = j = since_i = since_j = 0
    while i < rows or j < columns:
        _, di, dj = best[i][j]
        if di and dj:
            yield from _unaligned(olds[since_i:i], news[since_j:j])
            since_i, since_j = i + di, j + dj
            yield "".join(olds[i:since_i]), "".join(news[j:since_j])
        i, j = i + di, j + dj
    yield from _unaligned(olds[since_i:], news[since_j:])


def _is_much(olds: Sequence[str], news: Sequence[str]) -> bool:
    """Check whether each of one side cannot be compared with each of the other."""
    return len(olds) * len(news) > CELLS_LIMIT or sum(map(len, olds)) * sum(map(len, news)) > COMMON_LIMIT


def _gain(old: str, new: str) -> float:
    """Rate two sentences as versions of one another: positive from a likeness of `PAIRED_FROM` on."""
    return 2 * _common(old, new) - PAIRED_FROM * (len(old) + len(new))


def _unaligned(olds: list[str], news: list[str]) -> Iterator[tuple[str, str]]:
    if len(olds) == len(news) == 1:
        yield olds[0], news[0]
    else:
        yield "".join(olds), ""
        yield "", "".join(news)


# --- changes: what differs between two sequences, with bounded work -------------------------------------------------


def _changes(old: Sequence[str], new: Sequence[str], sizes: tuple[int, ...]) -> list[Change]:
    """Compare two sequences; where that would be too much work, cut them at runs of `sizes` items unique in both."""
    start, end_old, end_new = 0, len(old), len(new)
    while start < end_old and start < end_new and old[start] == new[start]:
        start += 1
    while end_old > start and end_new > start and old[end_old - 1] == new[end_new - 1]:
        end_old -= 1
        end_new -= 1
    if start in {end_old, end_new}:
        return [] if end_old == end_new else [(start, end_old, start, end_new)]
    old, new = old[start:end_old], new[start:end_new]
    counts = Counter(new)
    found = None
    if max(len(old), len(new)) <= LENGTH_LIMIT and sum(counts[item] for item in old) <= WORK_LIMIT:
        found = _looked(old, new)
    if found is None:
        found = _cut_changes(old, new, sizes)
    return [(start + i1, start + i2, start + j1, start + j2) for i1, i2, j1, j2 in found]


def _looked(old: Sequence[str], new: Sequence[str]) -> list[Change] | None:
    """Compare two sequences as difflib does, by the longest run that both have, then on either side of it.

    None where that takes more than `WORK_PER_ITEM`: each look may find a single item (difflib has no bound for that).
    """
    places: dict[str, list[int]] = {}
    for at, item in enumerate(new):
        places.setdefault(item, []).append(at)
    work = WORK_PER_ITEM * (len(old) + len(new))
    runs: list[tuple[int, int, int]] = []
    queue = [(0, len(old), 0, len(new))]
    while queue:
        i1, i2, j1, j2 = queue.pop()
        best = start_old = start_new = 0
        last: dict[int, int] = {}
        for i in range(i1, i2):
            lengths: dict[int, int] = {}
            here = places.get(old[i], ())
            work -= 1
            for at in range(bisect_left(here, j1), len(here)):
                j = here[at]
                if j >= j2:
                    break
                work -= 1
                size = lengths[j] = last.get(j - 1, 0) + 1
                if size > best:
                    best, start_old, start_new = size, i - size + 1, j - size + 1
            last = lengths
            if work < 0:
                return None
        if best:
            runs.append((start_old, start_new, best))
            if i1 < start_old and j1 < start_new:
                queue.append((i1, start_old, j1, start_new))
            if start_old + best < i2 and start_new + best < j2:
                queue.append((start_old + best, i2, start_new + best, j2))
    found: list[Change] = []
    i = j = 0
    for next_i, next_j, size in (*sorted(runs), (len(old), len(new), 0)):
        if i < next_i or j < next_j:
            found.append((i, next_i, j, next_j))
        i, j = next_i + size, next_j + size
    return found


def _cut_changes(old: Sequence[str], new: Sequence[str], sizes: tuple[int, ...]) -> list[Change]:
    found: list[Change] = []
    i = j = 0
    anchors: list[tuple[int, int]] = []
    while sizes and not anchors:
        anchors, sizes = _anchors(old, new, sizes[0]), sizes[1:]
    if not anchors:
        return [(0, len(old), 0, len(new))]
    for next_i, next_j in (*anchors, (len(old), len(new))):
        part = _changes(old[i:next_i], new[j:next_j], sizes)
        found.extend((i + i1, i + i2, j + j1, j + j2) for i1, i2, j1, j2 in part)
        i, j = next_i, next_j
    return found


def _anchors(old: Sequence[str], new: Sequence[str], size: int) -> list[tuple[int, int]]:
    """Find where runs of `size` items that occur once in each sequence begin, in the same order in both."""
    there = _once(new, size)
    pairs = [(i, there[run]) for run, i in _once(old, size).items() if run in there]
    tails: list[int] = []  # longest increasing subsequence of the places in `new`
    ends: list[int] = []
    links: list[int] = []
    for at, (_, j) in enumerate(pairs):
        rank = bisect_left(tails, j)
        links.append(ends[rank - 1] if rank else -1)
        tails[rank : rank + 1] = [j]
        ends[rank : rank + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = links[at]
    chain.reverse()
    kept = set(chain)
    return [(i, j) for i, j in chain if (i - 1, j - 1) not in kept]


def _once(items: Sequence[str], size: int) -> dict[tuple[str, ...], int]:
    runs = [tuple(items[at : at + size]) for at in range(len(items) - size + 1)]
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


# --- marks: the changes of one sentence, made readable ----------------------------------------------------------------


def _mark(old: str, new: str, olds: list[Segment], news: list[Segment], *, tidy: bool, strict: bool) -> None:
    """Compare one pair of chunks and add its segments to both lists."""
    before, after = re.findall(_TOKEN, old), re.findall(_TOKEN, new)
    old_keys, new_keys = _keys(before, old), _keys(after, new)
    changes = _exact(tuple(old_keys), tuple(new_keys))
    if tidy:
        changes = _tidied(old_keys, new_keys, changes)
    i = j = 0
    for i1, i2, j1, j2 in (*changes, (len(before), len(before), len(after), len(after))):
        for old_token, new_token in zip(before[i:i1], after[j:j1], strict=True):
            mark = strict and old_token != new_token
            olds.append((old_token, mark))
            news.append((new_token, mark))
        olds.append(("".join(before[i1:i2]), True))
        news.append(("".join(after[j1:j2]), True))
        i, j = i2, j2


@lru_cache(maxsize=256)  # the marks of a pair are asked for strictly and tidily, by the kinds and by the layout
def _exact(old: tuple[str, ...], new: tuple[str, ...]) -> list[Change]:
    return _changes(old, new, PHRASE_SIZES)


def _tidied(old: list[str], new: list[str], changes: list[Change]) -> list[Change]:
    """Turn exact changes of tokens into changes of words and phrases."""
    if not changes or not old or not new:
        return changes
    changes = _absorbed(old, new, changes)
    changes = _slid(old, new, changes)
    changes = _absorbed(old, new, _closed(old, new, _snapped(old, new, changes)))
    return _whole(old, new, changes)


def _absorbed(old: list[str], new: list[str], changes: list[Change]) -> list[Change]:
    """Swallow unchanged islands between two changes that are too small to be read as kept text."""
    while True:
        found = changes[:1]
        for change in changes[1:]:
            left = found[-1]
            if _is_crumb(old, new, left, change):
                found[-1] = (left[0], change[1], left[2], change[3])
            else:
                found.append(change)
        if len(found) == len(changes):
            return found
        changes = found


def _is_crumb(old: list[str], new: list[str], left: Change, right: Change) -> bool:
    island = "".join(old[left[1] : right[0]])
    if not island:
        return True
    if island in _JOINING:
        return _is_pure(left) or _is_pure(right)
    kinds = {_kind(char) for char in island}
    if kinds == {"open"} and right[0] < right[1] < len(old) and _kind(old[right[1]][0]) == "close":
        return {_kind(old[left[1] - 1][-1]), _kind(old[right[0]][0])} == {"number"}  # 平成35(2023)
    if kinds not in ({"kana"}, {"kanji"}):
        return False
    if len(island) == 1:
        return not _is_hinge(old, new, left, right)
    limit = min(ISLAND_KANA, _size(old, new, left), _size(old, new, right))
    return kinds == {"kana"} and len(island) <= limit


def _size(old: list[str], new: list[str], change: Change) -> int:
    """Count the characters of the longer side; no more tokens than an island has matter, and a change may be long."""
    i1, i2, j1, j2 = change
    return max(sum(map(len, old[i1 : min(i2, i1 + ISLAND_KANA)])), sum(map(len, new[j1 : min(j2, j1 + ISLAND_KANA)])))


def _is_pure(change: Change) -> bool:
    return change[0] == change[1] or change[2] == change[3]


def _is_hinge(old: list[str], new: list[str], left: Change, right: Change) -> bool:
    """Tell whether one character stands between two numbers (6年4月) or two listed words (市民と行政), all replaced."""
    if _is_pure(left) or _is_pure(right):
        return False
    befores, afters = (old[left[1] - 1], new[left[3] - 1]), (old[right[0]], new[right[2]])
    around = {*(_kind(token[-1]) for token in befores), *(_kind(token[0]) for token in afters)}
    return around == {"number"} or (old[left[1]] in _LISTING and around <= {"kanji", "katakana", "letter"})


def _slid(old: list[str], new: list[str], changes: list[Change]) -> list[Change]:
    """Move insertions and deletions that could stand at several places to where a phrase begins."""
    found: list[Change] = []
    for at, (i1, i2, j1, j2) in enumerate(changes):
        if not _is_pure((i1, i2, j1, j2)):
            found.append((i1, i2, j1, j2))
            continue
        text, start, end = (new, j1, j2) if i1 == i2 else (old, i1, i2)
        low = start - (i1 - (found[-1][1] if found else 0))
        high = end + (changes[at + 1][0] if at + 1 < len(changes) else len(old)) - i2
        shifts = [0]
        while start + shifts[-1] > low and text[start + shifts[-1] - 1] == text[end + shifts[-1] - 1]:
            shifts.append(shifts[-1] - 1)
        shifts.reverse()
        while end + shifts[-1] < high and text[start + shifts[-1]] == text[end + shifts[-1]]:
            shifts.append(shifts[-1] + 1)
        shift = max(shifts, key=lambda step: _edges(text, start + step, end + step))
        found.append((i1 + shift, i2 + shift, j1 + shift, j2 + shift))
    return found


def _edges(text: list[str], start: int, end: int) -> tuple[bool, int]:
    """Rate both edges of a change; one that cuts a compound (産業|観光) is worse than any that does not."""
    edges = _edge(text, start), _edge(text, end)
    return min(edges) > 0, sum(edges)


def _edge(text: list[str], at: int) -> int:
    """Rate a place between two tokens as the edge of a phrase, 5 (best) to 0."""
    if at in {0, len(text)}:
        return 5
    left, right = text[at - 1][-1], text[at][0]
    left_kind, right_kind = _kind(left), _kind(right)
    if left_kind in {"mark", "space", "close"} or right_kind == "open":
        return 4
    if right_kind in {"mark", "space"} or (left_kind == "kana" and right_kind != "kana"):
        return 3
    if right_kind == "close" or left_kind == "open" or text[at] in _JOINING or text[at] in _LISTING:
        return 2
    if left_kind == right_kind:
        return 0
    return 1 if left_kind == "kanji" and right_kind == "kana" else 2


def _snapped(old: list[str], new: list[str], changes: list[Change]) -> list[Change]:
    """Complete half words: the other character of a word of two kanji, the stem and the tail of an inflected word."""
    found: list[Change] = []
    for at, (i1, i2, j1, j2) in enumerate(changes):
        left = old[found[-1][1] if found else 0 : i1]
        right = old[i2 : changes[at + 1][0] if at + 1 < len(changes) else len(old)]
        sides = [side for side in (old[i1:i2], new[j1:j2]) if side]
        if len(sides) == 1:
            back, ahead = _around_ending(left, sides[0], right)
        else:
            back, ahead = _stem(left, sides, right), _tail(sides, right)
        found.append((i1 - back, i2 + ahead, j1 - back, j2 + ahead))
    return found


def _closed(old: list[str], new: list[str], changes: list[Change]) -> list[Change]:
    """Mark the bracket that closes one opened inside a change: 〔平成35(2023)〕年度."""
    found: list[Change] = []
    for at, (i1, i2, j1, j2) in enumerate(changes):
        depth = 0
        for char in "".join(new[j1:j2]):
            depth = max(depth + (_kind(char) == "open") - (_kind(char) == "close"), 0)
        behind = old[i2 : changes[at + 1][0] if at + 1 < len(changes) else len(old)]
        ahead = int(bool(depth and behind and _kind(behind[0][0]) == "close"))
        found.append((i1, i2 + ahead, j1, j2 + ahead))
    return found


def _around_ending(left: list[str], ending: list[str], right: list[str]) -> tuple[int, int]:
    """Count the unchanged tokens of the word of which only an ending came or went: 行〔な〕う, 進め〔るとともに〕."""
    if not _is_kana(ending[0]) or sum(map(_is_kana, ending)) > STEM_KANA or _is_particle(ending, right):
        return 0, 0
    back = _verb_stem(left, [ending])
    ahead = _inflection(right)
    if ahead == 1 and _kind(ending[-1][-1]) == "kana":
        return back, ahead
    if back and ending == ending[:1] and _kanji_after(right) == 1 and (ahead := _inflection(right[1:])):
        return back, 1 + ahead  # the second half of a compound verb: 引〔き〕続き
    return back, 0


def _stem(left: list[str], sides: list[list[str]], right: list[str]) -> int:
    """Count the unchanged tokens before a replacement that belong to its first word."""
    kinds = {_kind(side[0][0]) for side in sides}
    single = _kanji_before(left) == 1 and left[-1] not in _PREFIXES and "number" not in kinds
    if single and 1 in map(_kanji_after, sides):
        return 1
    kana_led = [side for side in sides if _kind(side[0][0]) == "kana"]
    if not kana_led or all(_is_particle(side, right) for side in kana_led):
        return 0
    if kinds <= {"kana", "mark"}:  # 定め〔る〕→定め〔、…を展開する〕 is read as 〔定める〕→〔定め、…〕
        return _verb_stem(left, kana_led)
    return int(single)


def _verb_stem(left: list[str], endings: list[list[str]]) -> int:
    """Count the tokens before changed endings that are the stem: kanji with up to two kana, or kana behind を."""
    kana = 0
    while kana < min(STEM_KANA, len(left)) and _is_kana(left[-1 - kana]) and left[-1 - kana] not in _PARTICLES:
        kana += 1
    before = left[: len(left) - kana]
    if kana and (not before or before[-1] == "を" or _kind(before[-1][0]) in {"mark", "space", "open", "close"}):
        return kana
    run = _kanji_before(before)
    if run == 1 or "".join(before[-VERB_KANJI:]) in _SPELT_STEMS:
        return kana + run
    is_noun = kana or any(ending[0] in _ENDINGS or ending[0][0] in "すしさせ" for ending in endings)
    return 0 if is_noun or run != VERB_KANJI else run


def _tail(sides: list[list[str]], right: list[str]) -> int:
    """Count the unchanged tokens behind a replacement that belong to its last word."""
    kinds = sorted(_kind(side[-1][-1]) for side in sides)
    one_kanji = 1 in map(_kanji_before, sides)
    if one_kanji and "number" not in kinds and _kanji_after(right) == 1:
        return 1
    kana = _inflection(right)
    match kinds:
        case ["kana", "kanji"]:
            return kana
        case ["kanji", "kanji"]:
            return kana if one_kanji else 0
        case ["kana", "kana"]:
            return kana if kana == 1 and not all(_is_particle(side[-1:], right) for side in sides) else 0
        case _:
            return 0


def _inflection(tokens: list[str]) -> int:
    """Count the kana that inflect the word before them: up to three and then an ending, but no particle."""
    kana = 0
    while kana < min(TAIL_KANA, len(tokens)) and _kind(tokens[kana][0]) == "kana" and tokens[kana] not in _ENDINGS:
        if _is_particle(tokens[kana : kana + 1], tokens[kana + 1 :]):
            return kana
        kana += 1
    return kana + 1 if 0 < kana < len(tokens) and tokens[kana] in _VERBAL else kana


def _is_kana(token: str) -> bool:
    return len(token) == 1 and _kind(token) == "kana"


def _is_particle(words: list[str], following: list[str]) -> bool:
    """Tell whether words begin with a particle; な is one before anything but kana (経済的な支援)."""
    follows = words[1] if len(words) > 1 else following[0] if following else ""
    return words[0] in _PARTICLES or (words[0] == "な" and follows != "" and _kind(follows[0]) != "kana")


def _kanji_before(tokens: list[str]) -> int:
    count = 0
    while count < len(tokens) and len(tokens[-1 - count]) == 1 and _kind(tokens[-1 - count]) == "kanji":
        count += 1
    return count


def _kanji_after(tokens: list[str]) -> int:
    count = 0
    while count < len(tokens) and len(tokens[count]) == 1 and _kind(tokens[count]) == "kanji":
        count += 1
    return count


def _whole(old: list[str], new: list[str], changes: list[Change]) -> list[Change]:
    """Mark both sides whole when next to nothing stayed; text that was only added to or only cut keeps its marks."""
    if all(change[0] == change[1] for change in changes) or all(change[2] == change[3] for change in changes):
        return changes
    kept = sum(map(len, old)) - sum(len(token) for i1, i2, _, _ in changes for token in old[i1:i2])
    longest = max(sum(map(len, old)), sum(map(len, new)))
    return [(0, len(old), 0, len(new))] if kept < WHOLE_BELOW * longest else changes


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    if "ぁ" <= char <= "ゟ":
        return "kana"
    if "\u3400" <= char <= "\u9fff" or char in "々〆〇" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000":
        return "kanji"
    if "゠" <= char <= "ヿ" and char != "・":
        return "katakana"
    if char.isdigit():
        return "number"
    if char.isalpha():
        return "letter"
    if char.isspace():
        return "space"
    match unicodedata.category(char):
        case "Ps" | "Pi":
            return "open"
        case "Pe" | "Pf":
            return "close"
        case _:
            return "mark"


# --- segments ------------------------------------------------------------------------------------------------------


def _merged(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Join neighbours of equal mark and drop empty ones."""
    found: list[tuple[list[str], bool]] = []
    for text, mark in segments:
        if not text:
            continue
        if found and found[-1][1] == mark:
            found[-1][0].append(text)
        else:
            found.append(([text], mark))
    return tuple(("".join(texts), mark) for texts, mark in found)


def _kept(segments: Iterable[Segment]) -> str:
    return _folded("".join(text for text, mark in segments if not mark))


def _trimmed(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Take 、, spaces and line ends off the edges of a mark that holds other text."""
    found: list[Segment] = []
    for text, mark in _merged(segments):
        core = text.strip(_EDGES) if mark else ""
        if not core:
            found.append((text, mark))
            continue
        start = text.index(core)
        found += [(text[:start], False), (core, True), (text[start + len(core) :], False)]
    return _merged(found)
