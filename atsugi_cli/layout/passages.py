"""Passages: the whole text of an edition paragraph by paragraph (溶け込み), and the steps from one text to the next.

The steps are what 見え消し prints. Paragraphs whose order changed stand twice, as gone and as new, so that either text
can be read out of the steps whole and in its own order.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal

from atsugi_cli.document import Mark, Role, Run
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.indicators import indicator_words, part_label
from atsugi_cli.layout.labels import edition_words, introduced, printed_number, role_label, tree_part
from atsugi_cli.layout.parts import parted, role_of
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Segment, aligned, pieces
from atsugi_cli.model import Indicator, Item, Strategy
from atsugi_cli.revision import Revision

GAP = "\u3000"
JOINTS = frozenset("(/.,")
"""What alone between two changes is taken into them: 令和〔8(2026〕〔10(2028〕)年度 can be read."""

Owner = tuple[Literal["plan", "part", "item", "indicator"], str]
_TOP: Owner = ("plan", "title")


@frozen
class Passage:
    """One paragraph: what it says, what it is, how deep it stands, and whose it is.

    `place` tells the paragraphs of one owner apart: -1 is its heading, others count its body from 0.
    """

    owner: Owner
    place: int
    role: Role
    kind: Literal["title", "subtitle", "heading", "body", "kpi"]
    text: str
    depth: int = 0


@frozen
class Step:
    """A paragraph on both sides, or on one: without `new` it is gone, without `old` it has come.

    Where `words` of it come again at another place, or have gone there, both places have the number of that `move`.
    """

    old: Passage | None
    new: Passage | None
    move: int = 0
    words: str = ""


def passages(strategy: Strategy, profile: Profile) -> tuple[Passage, ...]:
    """Return the whole text of an edition: title, prose, what lies across the tree, the tree, closing prose."""
    return tuple(_edition(strategy, profile.speaking(strategy.edition)))


def _edition(strategy: Strategy, profile: Profile) -> Iterator[Passage]:
    yield Passage(("plan", "title"), -1, "plain", "title", strategy.plan.title or strategy.plan.id)
    yield Passage(("plan", "edition"), -1, "plain", "subtitle", edition_words(strategy, profile.era))
    yield from _bodies(strategy.root, ("plan", "title"), "plain", 0)
    for indicator in strategy.root.indicators:
        yield from _indicator(indicator, "part", 0, profile)
    parts = parted(strategy.root.children, profile, lambda item: item)
    for item in parts.front:
        yield from _item(item, profile, 0)
    for level, items in parts.layers:
        yield Passage(("part", level.code), -1, "part", "heading", level.label)
        for item in items:
            yield from _item(item, profile, 0)
    if parts.tree:
        yield Passage(("part", ""), -1, "part", "heading", tree_part((strategy,), profile))
    for item in (*parts.tree, *parts.back):
        yield from _item(item, profile, 0)


def _item(item: Item, profile: Profile, depth: int) -> Iterator[Passage]:
    role: Role = "part" if item.level == "section" and not depth else role_of(item, profile, depth)
    owner: Owner = ("item", item.id)
    yield Passage(owner, -1, role, "heading", _heading(item, profile), depth)
    yield from _bodies(item, owner, role, depth)
    for indicator in item.indicators:
        yield from _indicator(indicator, role, depth, profile)
    for child in item.children:
        yield from _item(child, profile, depth + 1)


def _heading(item: Item, profile: Profile) -> str:
    before, titled, after = introduced(item, profile)
    title = item.title or profile.table.omission
    if titled:
        return before + title + after
    return ((before or printed_number(item, profile)) + GAP + title).strip(GAP)


def _bodies(item: Item, owner: Owner, role: Role, depth: int) -> Iterator[Passage]:
    texts = [text for text in item.body.split("\n") if text]
    for place, text in enumerate(texts):
        yield Passage(owner, place, role, "body", text, depth)


def _indicator(indicator: Indicator, role: Role, depth: int, profile: Profile) -> Iterator[Passage]:
    own: Owner = ("indicator", indicator.id)
    lines = [(own, -1, role_label(indicator, profile), indicator_words(indicator, profile), 0)]
    lines += [(own, 0, "定義", indicator.definition, 1), (own, 1, "出典", indicator.source, 1)]
    lines += [
        (("indicator", part.id), -1, part_label(profile), indicator_words(part, profile), 1)
        for part in indicator.breakdown
    ]
    for owner, place, label, words, deeper in lines:
        if words:
            yield Passage(owner, place, role, "kpi", f"{label}{GAP}{words}", depth + deeper)


# --- from one text to the next ----------------------------------------------------------------------------------------


def steps(revision: Revision, profile: Profile, *, known: bool = False) -> tuple[Step, ...]:
    """Lead from the old text to the new one: the `new` sides alone are the new text, the `old` sides the old one.

    Each text is what its edition says: what the old one leaves out (omitted) is left out there. Where only what is
    `known` to have changed is a step, the new text stands on both sides of that: nobody knows what stood there.
    """
    origins = _origins(revision)
    unsaid, unknown = _left_out(revision, origins) if known else (frozenset[Owner](), frozenset[Owner]())
    old = [each for each in passages(revision.old, profile.old or profile) if each.owner not in unsaid]
    new = passages(revision.new, profile)
    displaced = _displaced(revision, origins)
    matches = [*_matched(old, new, origins)]
    anchors = _rising(
        (left, right) for left, right in matches if new[right].owner not in displaced and _stays(old[left], new[right])
    )
    staying = {*anchors}
    carried = ((pair, _carried(old[pair[0]], new[pair[1]])) for pair in matches if pair not in staying)
    moves = [*enumerate(((pair, words) for pair, words in carried if words), 1)]
    gone, come = ({pair[side]: (number, words) for number, (pair, words) in moves} for side in (0, 1))
    result: list[Step] = []
    before_old = before_new = 0
    for at_old, at_new in (*anchors, (len(old), len(new))):
        left = before_old
        for at in range(before_new, at_new):
            first = next((each for each in range(left, at_old) if _ends(old[each], new[at])), at_old)
            result += [Step(old[each], None, *gone.get(each, ())) for each in range(left, first)]
            is_unknown = new[at].owner in unknown
            result.append(Step(new[at], new[at]) if is_unknown else Step(None, new[at], *come.get(at, ())))
            left = first
        result += [Step(old[at], None, *gone.get(at, ())) for at in range(left, at_old)]
        if at_new < len(new):
            result.append(Step(old[at_old], new[at_new]))
        before_old, before_new = at_old + 1, at_new + 1
    return tuple(result)


def _ends(old: Passage, new: Passage) -> bool:
    """Check whether an old paragraph begins what stands behind the place of a new one: nobody reads that as its part.

    A heading stands behind all that is deeper, a part or a section behind the whole tree before it.
    """
    if old.kind == "heading":
        return new.kind != "heading" or old.depth - (old.role == "part") < new.depth - (new.role == "part")
    return old.kind == "kpi" and (new.kind == "body" or (new.kind == "kpi" and old.depth < new.depth))


def leaves_out(revision: Revision) -> bool:
    """Check whether one edition leaves out (omitted) what the other says."""
    return any(_left_out(revision, _origins(revision)))


def _origins(revision: Revision) -> dict[Owner, Owner]:
    """Map what stands in the new edition to what it comes from; of a merger that is the first of its parts."""
    found: dict[Owner, Owner] = {}
    for pair in revision.root.walk():
        if pair.new is not None and pair.old and pair.level != "plan":
            found[("item", pair.new.id)] = ("item", pair.old[0].id)
        for each in pair.indicators:
            if each.new is not None and each.old:
                found[("indicator", each.new.id)] = ("indicator", each.old[0].id)
                parts = {part.id for part in each.old[0].breakdown}
                for part in each.new.breakdown:
                    if name := next((each for each in (part.id, *part.origins) if each in parts), ""):
                        found["indicator", part.id] = ("indicator", name)
    return found


def _left_out(revision: Revision, origins: dict[Owner, Owner]) -> tuple[frozenset[Owner], frozenset[Owner]]:
    """Find what stands in one edition only because the other leaves it out (omitted): first that of the old one."""
    unsaid: set[Owner] = set()
    unknown: set[Owner] = set()
    kept = set(origins.values())
    for pair in revision.root.walk():
        if pair.new is None or not pair.old or pair.new.omitted == all(each.omitted for each in pair.old):
            continue
        unsaid |= {("item", each.id) for each in pair.old}
        unsaid |= {owner for each in pair.old for owner, _ in _parents(each, _TOP) if owner not in kept}
        unknown |= {("item", pair.new.id), *(owner for owner, _ in _parents(pair.new, _TOP) if owner not in origins)}
    return frozenset(unsaid), frozenset(unknown)


def _displaced(revision: Revision, origins: dict[Owner, Owner]) -> set[Owner]:
    """Find what stands below something else than before, with all below it: that moved, not what it passed."""
    parents = dict(_parents(revision.old.root, _TOP))
    found: set[Owner] = set()
    for owner, parent in _parents(revision.new.root, _TOP):
        origin = origins.get(owner)
        home = parent if parent == _TOP else origins.get(parent)
        if parent in found or (origin is not None and parents.get(origin) != home):
            found.add(owner)
    return found


def _parents(item: Item, owner: Owner) -> Iterator[tuple[Owner, Owner]]:
    """Give each thing below an item with what it stands below, from the top down."""
    for indicator in item.indicators:
        yield ("indicator", indicator.id), owner
        yield from ((("indicator", part.id), ("indicator", indicator.id)) for part in indicator.breakdown)
    for child in item.children:
        yield ("item", child.id), owner
        yield from _parents(child, ("item", child.id))


def _matched(old: Sequence[Passage], new: Sequence[Passage], origins: dict[Owner, Owner]) -> Iterator[tuple[int, int]]:
    """Give which old paragraph each new one comes from, as positions; each stands in one match at most."""
    places: dict[tuple[Owner, int], int] = {}
    bodies: dict[Owner, list[str]] = {}
    for at, passage in enumerate(old):
        places.setdefault((passage.owner, passage.place), at)
        if passage.kind == "body":
            bodies.setdefault(passage.owner, []).append(passage.text)
    new_bodies: dict[Owner, list[str]] = {}
    for passage in new:
        if passage.kind == "body":
            new_bodies.setdefault(passage.owner, []).append(passage.text)
    moved = {
        owner: {after: before for before, after in aligned(bodies.get(origins.get(owner, owner), []), texts)}
        for owner, texts in new_bodies.items()
    }
    for at, passage in enumerate(new):
        origin = origins.get(passage.owner, passage.owner if passage.owner[0] in ("plan", "part") else None)
        if origin is None:
            continue
        place = moved[passage.owner].get(passage.place) if passage.kind == "body" else passage.place
        found = places.pop((origin, place), None) if place is not None else None
        if found is not None:
            yield found, at


def _stays(old: Passage, new: Passage) -> bool:
    """Check whether a paragraph is still the same thing; stage and date of the edition are read as a whole."""
    return (old.role, old.depth) == (new.role, new.depth) and (new.kind != "subtitle" or new.text == old.text)


def _carried(old: Passage, new: Passage) -> str:
    """Return the words that go along when a paragraph moves: all of it, or a heading without its number."""
    if new.owner[0] not in ("item", "indicator"):
        return ""
    if old.text == new.text:
        return new.text
    titles = {each.text.rpartition(GAP)[2] for each in (old, new)}
    return titles.pop() if new.kind == "heading" and len(titles) == 1 else ""


def _rising(matches: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep as many matches as stand in the same order on both sides (longest increasing subsequence)."""
    tails: list[int] = []
    ends: list[int] = []  # which match ends the best run of each length
    before: list[int] = []
    kept = list(matches)
    for at, (position, _) in enumerate(kept):
        length = bisect_left(tails, position)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [position]
        ends[length : length + 1] = [at]
    result: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        result.append(kept[at])
        at = before[at]
    return result[::-1]


def woven(old: str, new: str) -> tuple[Run, ...]:
    """Write a paragraph with what goes and what comes in it; leaving out either gives the other text exactly."""
    if old == new:
        return (Run(new),)
    marks = pieces(old, new, strict=True)
    kept, gone = _apart(marks.old)
    kept_new, come = _apart(marks.new)
    if kept != kept_new:
        return (Run(old, "old"), Run(new, "new"))
    changes: list[tuple[int, int, str, Mark]] = [(at, 0, text, "old") for at, text in gone]
    changes += [(at, 1, text, "new") for at, text in come]
    runs: list[Run] = []
    done = 0
    before = after = ""
    for at, _, text, mark in sorted(changes):
        if kept[done:at] in JOINTS and (before or after):
            before, after = before + kept[done:at], after + kept[done:at]
        elif at > done:
            runs += [Run(before, "old"), Run(after, "new"), Run(kept[done:at])]
            before = after = ""
        before, after = (before + text, after) if mark == "old" else (before, after + text)
        done = at
    runs += [Run(before, "old"), Run(after, "new"), Run(kept[done:])]
    return tuple(run for run in runs if run.text)


def _apart(segments: Sequence[Segment]) -> tuple[str, list[tuple[int, str]]]:
    """Part what stays from what is marked, each mark with its offset in what stays."""
    kept = ""
    marked: list[tuple[int, str]] = []
    for text, is_marked in segments:
        if is_marked:
            marked.append((len(kept), text))
        else:
            kept += text
    return kept, marked
