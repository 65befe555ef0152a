"""Points: 改定のポイント: why, how many, and then every change in one line of plain official Japanese."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from atsugi_cli.achievement import aim
from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.kinds import GROUPS, Change
from atsugi_cli.kinds.aims import way_of
from atsugi_cli.layout.labels import (
    called,
    cell,
    counts,
    flags,
    kind_label,
    level_of,
    place,
    role_label,
    said,
    stamp,
    step_words,
    tree_part,
)
from atsugi_cli.layout.parts import parted
from atsugi_cli.layout.places import Sides, listed
from atsugi_cli.levels import Profile
from atsugi_cli.match.prose import Marks
from atsugi_cli.model import UNREGISTERED, Indicator, Item, Thing
from atsugi_cli.revision import Pair, Revision
from atsugi_cli.words import year_words

QUOTE_LIMIT = 60
"""Changed words longer than this are not quoted in a one-line summary; the table shows them."""
REVISED = "の見直し"
NONE = "－"
_FROM_TO = "「?{before}」?から(「?{after}」?)に"
QUOTES = 2
"""As many changed places are quoted; more would not be one line."""
PROSE = "文章"
CHANGES = "変更の内容"
"""The heading that the changes stand under."""


def points(revision: Revision, profile: Profile, *, flat: bool = False, handout: bool = False) -> Document:
    """Lay out the points of a revision: reasons, counts by kind and part, then the changes under numbered points.

    The points are those that the author names, else they follow from what changed, in the order of the paper; in a
    `flat` one the changes stand part by part. A `handout` does not tell what is inferred.
    """
    teller = _Teller(revision, Sides.of(revision, profile), handout=handout)
    blocks: list[Block] = []
    reasons = revision.new.edition.reasons
    if reasons:
        blocks.append(Heading("改定の理由", 2))
        blocks += [Paragraph((Run(reason),), bullet="・") for reason in reasons]
    blocks.append(Heading("変更の件数", 2))
    blocks.append(_counts(revision, profile))
    parts = list(teller.parts() if flat else teller.points())
    if parts:
        blocks.append(Heading(CHANGES, 2))
    for title, lines in parts:
        blocks.append(Heading(title, 3))
        blocks += lines
    return Document(
        code="points",
        title=f"{revision.new.plan.title}　改定のポイント",
        blocks=tuple(blocks),
        stamp=stamp(revision.old, revision.new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
    )


def _counts(revision: Revision, profile: Profile) -> Table:
    """Count by kind, with a column for every part of the plan in which anything changed, from the top down."""
    parts: dict[str, dict[tuple[str, str], int]] = {}
    for pair in revision.root.walk():
        for change in pair.told:
            label = level_of(pair.item, profile).label or PROSE
            by_kind = parts.setdefault(label, {})
            key = GROUPS[change.group], change.kind.code
            by_kind[key] = by_kind.get(key, 0) + 1
    found = counts(revision, profile)
    order = [profile.level("plan").label, PROSE, *(level.label for level in (*profile.cross, *profile.tree))]
    told = {(count.group, count.code) for count in found}
    shown = [part for part in dict.fromkeys((*order, *parts)) if not told.isdisjoint(parts.get(part, ()))]
    columns = [Column("区分", 2, code="group"), Column("変更の種類", 3, code="kind")]
    columns += [Column(part, 2, "right", code="part") for part in shown]
    columns.append(Column("計", 1, "right", code="total"))
    rows = []
    for count in found:
        numbers = [parts[part].get((count.group, count.code), 0) for part in shown]
        cells = [cell(count.group), cell(count.label), *map(_number, numbers), _number(count.number)]
        rows.append(Row("plain", tuple(cells), key=count.code))
    if not rows:
        rows.append(Row("plain", (cell("－"), cell("変更なし"), _number(0))))
    return Table("counts", tuple(columns), tuple(rows))


def _number(number: int) -> Cell:
    return Cell((Line((Run(str(number) if number else "－"),), kind="value"),), number)


class _Teller:
    """Tells the changes of one revision part by part."""

    def __init__(self, revision: Revision, sides: Sides, *, handout: bool) -> None:
        self.root = revision.root
        self.sides = sides
        self.profile = sides.new.profile
        self.handout = handout
        self.reasons = defaultdict[str, dict[str, None]](dict)
        for pair in self.root.walk():
            for change in pair.changes:
                if len(change.new) > 1 and change.kind.joins and change.reason:
                    self.reasons[change.old[0].id][change.reason] = None

    def parts(self) -> Iterator[tuple[str, list[Paragraph]]]:
        """Group the one-line changes by part: the plan, prose, each cross-cutting layer, each top item of the tree."""
        if own := [*self._own(), *self._numbers()]:
            yield "計画", own
        cross = {level.code: level.label for level in self.profile.cross}
        groups: dict[str, list[Pair]] = {}
        for pair in self.root.children:
            if pair.level == "section":
                name = PROSE
            elif pair.level in cross:
                name = cross[pair.level]
            else:
                name = f"{place((pair.item,), self.profile)}　{pair.item.title}".strip("　")
            groups.setdefault(name, []).append(pair)
        for name, pairs in groups.items():
            lines = [line for pair in pairs for each in pair.walk() for line in self._lines(each)]
            if lines:
                yield name, lines

    def points(self) -> Iterator[tuple[str, list[Paragraph]]]:
        """Group the changes under points: the author's, then one for each part of the paper that has others."""
        rest = {id(pair): pair for pair in self.root.walk() if pair is not self.root}
        found: list[tuple[str, list[Paragraph]]] = []
        plan = "計画の見直し"
        for point in self.sides.new.strategy.edition.points:
            wanted = [pair for name in point.parts for pair in self._meant(name)]
            taken = [each for pair in wanted for each in pair.walk() if rest.pop(id(each), None)]
            own, plan = (self._own(), "") if plan and "plan" in point.parts else ([], plan)
            found.append((point.title, [*_why(point.reason), *own, *self._told(taken, point.reason)]))
        if plan and (own := self._own()):
            found.insert(0, (plan, own))
        parts = parted(self.root.children, self.profile, lambda pair: pair.item)
        tree = tree_part((self.sides.old.strategy, self.sides.new.strategy), self.profile)
        groups = [
            *((pair.item.title, [pair]) for pair in parts.front),
            *((level.label, pairs) for level, pairs in parts.layers),
            (tree, parts.tree),
            *((pair.item.title, [pair]) for pair in parts.back),
        ]
        for name, pairs in groups:
            left = [each for pair in pairs for each in pair.walk() if id(each) in rest]
            told = [(change, each) for each in left for change in each.told if not change.kind.renumbers]
            changes = [change for change, _ in told]
            reasons = {change.reason for change in changes}
            said = [change for change, each in told if said_with(change, each)]
            shared = reasons.pop() if len(reasons) == 1 and len(said) > 1 else ""
            if lines := self._told(left, shared):
                quoted = f"「{name}」" if pairs[0].level == "section" else name
                whole = pairs[0].level != "section" or pairs[0].one_sided
                found.append((f"{quoted}{_deed(changes) if whole else REVISED}", [*_why(shared), *lines]))
        if moved := list(self._numbers()):
            found.append(("番号の整理", moved))
        yield from ((f"{number}　{title}", lines) for number, (title, lines) in enumerate(found, 1) if lines)

    def _meant(self, name: str) -> Iterator[Pair]:
        """Find what the author means by an id, or by the key of a level at the top of the plan."""
        codes = {level.key: level.code for level in (*self.profile.levels, self.profile.section)}
        for pair in self.root.walk():
            ids = {*(each.id for each in pair.old), *([pair.new.id] if pair.new else [])}
            if pair is not self.root and (name in ids or pair.level == codes.get(name)):
                yield pair

    def _told(self, pairs: Sequence[Pair], said: str) -> list[Paragraph]:
        """Say the changes of some pairs; a reason that was said above is not said again."""
        return [line for pair in pairs for line in self._lines(pair, said)]

    def _own(self) -> list[Paragraph]:
        """Say what changed of the plan itself, and what its levels are called now."""
        own = [self._line([change], self.root) for change in self.root.own_changes]
        own += [Paragraph((Run(words),), bullet="・") for words in self.sides.renamed_levels()]
        return own

    def _numbers(self) -> Iterator[Paragraph]:
        """Say in one line how many numbers moved, which is no change of the plan."""
        shifts = [change.shift for pair in self.root.walk() for change in pair.changes if change.kind.renumbers]
        ways = {"繰り上げ": min(shifts, default=0) < 0, "繰り下げ": max(shifts, default=0) > 0}
        verb = "、又は".join(word for word, is_used in ways.items() if is_used) or "改め"
        if shifts:
            yield Paragraph((Run(f"{len(shifts)}件の項目の番号を{verb}ます。"),), bullet="・")

    def _lines(self, pair: Pair, said: str = "") -> Iterator[Paragraph]:
        for change in pair.told:
            if not change.kind.renumbers and (shown := said_with(change, pair)):
                silent = [replace(each, reason="") if each.reason == said else each for each in shown]
                yield self._line(silent if said else shown, pair)

    def _line(self, shown: Sequence[Change], pair: Pair) -> Paragraph:
        first = shown[0]
        if len(first.new) > 1 and first.kind.joins:  # the parts of a split have a reason each
            first = replace(first, reason="、".join(self.reasons[first.old[0].id]))
        text = sentence(first, pair, self.sides, handout=self.handout)
        says_where = first.kind.relocates or self.sides.apart(first, pair.item)
        where = "" if pair is self.root or says_where else self._where(pair)
        if where and not text.startswith(where):
            text = f"{where}　{text}"
        return Paragraph((Run(text),), bullet="・", flags=flags(shown, self.profile, handout=self.handout))

    def _where(self, pair: Pair) -> str:
        """Say where a changed item stands; nothing at the top, where its own name says it."""
        places = self.sides.new if pair.new is not None else self.sides.old
        if not places.parent(pair.item):
            return ""
        return places.whereabouts(pair.item)


def _why(reason: str) -> list[Paragraph]:
    """Say the reason of all that follows: a sentence as it is, anything else by name."""
    return [Paragraph((Run(reason if reason.endswith("。") else f"理由：{reason}"),))] if reason else []


def _deed(changes: Sequence[Change]) -> str:
    """Say in a word what becomes of a part: all of it is new, or goes, or is looked at again."""
    if all(each.kind.comes for each in changes):
        return "の追加"
    return "の削除" if all(each.kind.goes for each in changes) else REVISED


def said_with(change: Change, pair: Pair) -> list[Change]:
    """Return a change and those that its sentence says too (what a merger makes new); none where another says it."""
    if change.kind.joins:
        return [change, *(each for each in pair.changes if each.kind.comes or each.kind.goes)]
    if (change.kind.comes or change.kind.goes) and any(each.kind.joins for each in pair.changes):
        return []
    return [change]


def sentence(change: Change, pair: Pair, sides: Sides, *, handout: bool = False) -> str:
    """Say one change, and why, in plain official Japanese."""
    kind = change.kind
    says = kind.says_of_indicator if change.indicator and kind.says_of_indicator else kind.says
    if len(change.new) > 1 and kind.says_of_many:
        says = kind.says_of_many
    words = _words(change, pair, sides)
    if UNREGISTERED in (words["before"], words["after"]) or words["before"] == words["after"]:
        says = re.sub(f"を{_FROM_TO}", "を", says)  # what is not given, or no words show, is not said
    elif words["before"] == NONE:
        says = re.sub(f"を{_FROM_TO}.*", r"を新たに\1とします。", says)
    elif words["after"] == NONE:
        says = re.sub(f"を{_FROM_TO}.*", "（{before}）を削除します。", says)
    text = says.format_map(words) + (kind.unsure if change.proposed and not handout else "")
    if _leads_in(change):
        return f"{change.reason.rstrip('。、')}、{text}"
    return f"{text}（理由：{change.reason}）" if change.reason else text


def _leads_in(change: Change) -> bool:
    """Check whether the author's reason reads as the beginning of a sentence (…を踏まえ, …を勘案し)."""
    return change.reason.rstrip("。、").endswith(
        ("踏まえ", "勘案し", "ため", "に伴い", "により", "に基づき", "に合わせ")
    )


def _words(change: Change, pair: Pair, sides: Sides) -> Mapping[str, str]:
    """Return what the places of a kind's sentences are filled with."""
    profile = sides.new.profile
    item = pair.item
    before, after = said(change, profile)
    name = called(item, profile if pair.new is not None else sides.old.profile)
    name = "計画全体" if item.level == "plan" else name
    olds, news = ([each for each in side if isinstance(each, Item)] for side in (change.old, change.new))
    apart = sides.apart(change, item)
    name = sides.new.named(news, apart=True) if apart and len(news) == 1 else name
    names = [
        "".join(each.name for each in side[:1] if isinstance(each, Indicator)) for side in (change.old, change.new)
    ]
    old = pair.old[0] if pair.old else item
    words = {
        "name": name,
        "title": item.title,
        "subject": _subject(name, change, profile),
        "old": called(old, sides.old.profile),
        "olds": sides.old.named(olds, apart=apart),
        "news": sides.new.named(news, apart=apart),
        "old_name": names[0],
        "new_name": names[1],
        "before": _spoken(before, change.old),
        "after": _spoken(after, change.new),
        "many": str(len(change.new)),
        "indicators": _indicators((*change.old_indicators, *change.new_indicators), profile),
        "excerpt": _excerpt(change.wording) if change.wording else "",
        "period": _period(sides),
        "reckoned": _reckoned(change),
        "label": kind_label(change.kind, profile),
        "lift": _lift(change, profile),
        "baseline": profile.label("baseline", "基準値"),
        "actual": profile.label("actual", "実績値"),
        "current": profile.label("current", "現況値"),
        "differing": _differing(change, before, after),
    }
    if item.level != "plan" or change.indicator:
        words["differing"] = f"{words['subject']}の{words['differing']}"
    return words | sides.relocated(old, item) if change.kind.relocates else words


def _subject(name: str, change: Change, profile: Profile) -> str:
    """Name what changed: an indicator by its name, by its old one where the source gives no new one, or by its role."""
    if change.indicator is None:
        return name
    names = (each.name for each in (change.indicator, *change.old) if isinstance(each, Indicator))
    found = next(filter(None, names), "")
    return f"{name}の「{found}」" if found else f"{name}の{role_label(change.indicator, profile)}"


def _spoken(words: str, things: Sequence[Thing]) -> str:
    """Quote a target that is said in words: 10%増加から「全国平均を上回る」に."""
    targets = {each.target.text for each in things if isinstance(each, Indicator) and each.target}
    return f"「{words}」" if words and words in targets else words


def _lift(change: Change, profile: Profile) -> str:
    """Say that a target is raised or lowered only where its number goes that way; else the kind tells."""
    aims = [aim(each) for side in (change.old, change.new) for each in side[:1] if isinstance(each, Indicator)]
    before, after = (aims[0], aims[-1]) if aims else (None, None)
    if before is not None and after is not None and (after - before) * change.kind.rises > 0:
        return "引き上げます" if change.kind.rises > 0 else "引き下げます"
    return f"改めます（{kind_label(change.kind, profile)}）"


def _reckoned(change: Change) -> str:
    """Say what changed of how a target is reckoned: the way, or only the years."""
    ways = {way_of(each) for side in (change.old, change.new) for each in side[:1] if isinstance(each, Indicator)}
    return "集計期間" if len(ways) == 1 else "集計方法"


def _differing(change: Change, before: str, after: str) -> str:
    """Say the one field that differs: 上位計画を「第9次総合計画」から「第10次総合計画」に; else which ones."""
    field, colon, old = before.partition(": ")
    if not colon or f"{field}: {after}" != change.after:
        return f"記載を改めます（{before} → {after}）"
    if "「" in old + after:
        return f"{field}を改めます（{old} → {after}）"
    if NONE in (old, after):
        return f"{field}を新たに「{after}」とします" if old == NONE else f"{field}「{old}」を削除します"
    return f"{field}を「{old}」から「{after}」に改めます"


def _period(sides: Sides) -> str:
    """Say how the period of the plan changed; it is made longer only where its beginning stays."""
    old, new = sides.old.strategy.plan, sides.new.strategy.plan
    era = sides.new.profile.era
    if None in (old.start, old.end, new.start, new.end):
        return "改めます"
    if old.start == new.start and old.end is not None and new.end is not None:
        verb = "延長" if new.end > old.end else "短縮"
        return f"{abs(new.end - old.end)}年間{verb}し、{year_words(new.end, era=era)}までとします"
    spans = [f"「{year_words(each.start, era=era)}から{year_words(each.end, era=era)}まで」" for each in (old, new)]
    return f"{spans[0]}から{spans[1]}に改めます"


def _indicators(indicators: Sequence[Indicator], profile: Profile) -> str:
    target = all(each.role == "target" for each in indicators)
    label = (
        profile.label("target", "数値目標")
        if target
        else profile.label("kpi-long", profile.label("kpi", "重要業績評価指標（KPI）"))
    )
    names = [f"「{each.name}」" for each in indicators if each.name]
    number = f"{len(indicators)}件" if len(indicators) > 1 or (indicators and not names) else ""
    return label + listed(names) + number


def _excerpt(marks: Marks) -> str:
    """Quote what changed where that is short: （「全庁を挙げて」→「…連携して総合的に」）."""
    if marks.notation_only:
        return "（全角・半角のみ）"
    if marks.breaks_only:
        return "（段落の分け方のみ）"
    changes = [
        ("".join(old.split("\n")).strip(), "".join(new.split("\n")).strip()) for old, new in marks.changes(words=True)
    ]
    moved = [old for old, new in changes if not new and ("", old) in changes]
    changes = [each for each in changes if "" not in each or "".join(each) not in moved]
    if len(changes) > QUOTES or sum(len(old) + len(new) for old, new in changes) > QUOTE_LIMIT * QUOTES:
        return ""
    quotes = [_quoted(old, new) for old, new in changes if old or new]
    quotes += [f"「{each}」の位置" for each in moved if len(each) <= QUOTE_LIMIT]
    return f"（{'、'.join(quotes)}）" if quotes else ""


def _quoted(old: str, new: str) -> str:
    if not old:
        return f"「{new.strip('、') or new}」を追加"
    return f"「{old}」→「{new}」" if new else f"「{old.strip('、') or old}」を削除"
