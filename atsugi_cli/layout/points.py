"""Points: 改定のポイント: why, how many, and then every change in one line of plain official Japanese."""

from collections.abc import Iterator, Mapping, Sequence

from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.kinds import Change
from atsugi_cli.layout.labels import (
    called,
    cell,
    counts,
    flags,
    kind_label,
    level_of,
    place,
    said,
    stamp,
    step_words,
)
from atsugi_cli.levels import Profile
from atsugi_cli.model import UNREGISTERED, Indicator, Item
from atsugi_cli.revision import Pair, Revision

QUOTE_LIMIT = 60
"""Changed words longer than this are not quoted in a one-line summary; the table shows them."""
QUOTES = 2
"""As many changed places are quoted; more would not be one line."""


def points(revision: Revision, profile: Profile) -> Document:
    """Lay out the points of a revision: reasons, counts by kind and part, then the changes part by part."""
    blocks: list[Block] = []
    reasons = revision.new.edition.reasons
    if reasons:
        blocks.append(Heading("改定の理由", 2))
        blocks += [Paragraph((Run(reason),), bullet="・") for reason in reasons]
    blocks.append(Heading("変更の件数", 2))
    blocks.append(_counts(revision, profile))
    parts = list(_parts(revision, profile))
    if parts:
        blocks.append(Heading("変更の内容", 2))
    for title, lines in parts:
        blocks.append(Heading(title, 3))
        blocks += lines
    return Document(
        code="points",
        title=f"{revision.new.plan.title}　改定のポイント",
        blocks=tuple(blocks),
        stamp=stamp(revision.old, revision.new, style=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
    )


def _counts(revision: Revision, profile: Profile) -> Table:
    """Count by kind, with a column for every part of the plan in which anything changed."""
    parts: dict[str, dict[str, int]] = {}
    for pair in revision.root.walk():
        for change in pair.told:
            label = level_of(pair.item, profile).label or "文章"
            by_kind = parts.setdefault(label, {})
            by_kind[change.kind.code] = by_kind.get(change.kind.code, 0) + 1
    columns = [Column("区分", 2, code="group"), Column("変更の種類", 3, code="kind")]
    columns += [Column(part, 2, "right", code="part") for part in parts]
    columns.append(Column("計", 1, "right", code="total"))
    rows = []
    for count in counts(revision, profile):
        numbers = [parts[part].get(count.code, 0) for part in parts]
        cells = [cell(count.group), cell(count.label), *map(_number, numbers), _number(count.number)]
        rows.append(Row("plain", tuple(cells), key=count.code))
    if not rows:
        rows.append(Row("plain", (cell("－"), cell("変更なし"), _number(0))))
    return Table("counts", tuple(columns), tuple(rows))


def _number(number: int) -> Cell:
    return Cell((Line((Run(str(number) if number else "－"),), kind="value"),), number)


def _parts(revision: Revision, profile: Profile) -> Iterator[tuple[str, list[Paragraph]]]:
    """Group the one-line changes by part: the plan, prose, each cross-cutting layer, each top item of the tree."""
    root = revision.root
    own = [_line([change], root, (), profile) for change in root.own_changes]
    if own:
        yield "計画", own
    cross = {level.code: level.label for level in profile.cross}
    groups: dict[str, list[Pair]] = {}
    for pair in root.children:
        if pair.level == "section":
            name = "文章"
        elif pair.level in cross:
            name = cross[pair.level]
        else:
            name = f"{place((pair.item,), profile)}　{pair.item.title}".strip("　")
        groups.setdefault(name, []).append(pair)
    for name, pairs in groups.items():
        lines = [line for pair in pairs for line in _lines(pair, (), profile)]
        if lines:
            yield name, lines


def _lines(pair: Pair, above: tuple[Item, ...], profile: Profile) -> Iterator[Paragraph]:
    for change in pair.told:
        if shown := said_with(change, pair):
            yield _line(shown, pair, above, profile)
    for child in pair.children:
        yield from _lines(child, (*above, pair.item), profile)


def said_with(change: Change, pair: Pair) -> list[Change]:
    """Return a change and those that its sentence says too (what a merger makes new); none where another says it."""
    if change.kind.joins:
        return [change, *(each for each in pair.changes if each.kind.comes or each.kind.goes)]
    if (change.kind.comes or change.kind.goes) and any(each.kind.joins for each in pair.changes):
        return []
    return [change]


def _line(shown: Sequence[Change], pair: Pair, above: tuple[Item, ...], profile: Profile) -> Paragraph:
    where = place((*above, pair.item), profile) if above else ""
    text = sentence(shown[0], pair, profile)
    if where and not text.startswith(where):
        text = f"{where}　{text}"
    return Paragraph((Run(text),), bullet="・", flags=flags(shown, profile))


def sentence(change: Change, pair: Pair, profile: Profile) -> str:
    """Say one change in a sentence of plain official Japanese."""
    kind = change.kind
    says = kind.says_of_indicator if change.indicator and kind.says_of_indicator else kind.says
    if len(change.new) > 1 and kind.says_of_many:
        says = kind.says_of_many
    text = says.format_map(_words(change, pair, profile)) + (kind.unsure if change.proposed else "")
    return f"{change.reason.rstrip('。、')}、{text}" if _leads_in(change) else text


def _leads_in(change: Change) -> bool:
    """Say whether the author's reason reads as the beginning of a sentence (…を踏まえ, …を勘案し)."""
    return change.reason.rstrip("。、").endswith(
        ("踏まえ", "勘案し", "ため", "に伴い", "により", "に基づき", "に合わせ")
    )


def _words(change: Change, pair: Pair, profile: Profile) -> Mapping[str, str]:
    """Return what the places of a kind's sentences are filled with."""
    item = pair.item
    before, after = said(change, profile)
    name = called(item, profile)
    old_item = pair.old[0] if pair.old else item
    sides = [[each for each in side if isinstance(each, Item)] for side in (change.old, change.new)]
    names = [
        "".join(each.name for each in side[:1] if isinstance(each, Indicator)) for side in (change.old, change.new)
    ]
    return {
        "name": name,
        "subject": f"{name}の「{change.indicator.name or UNREGISTERED}」" if change.indicator else name,
        "old": called(old_item, profile),
        "olds": _joined(sides[0], profile),
        "news": _joined(sides[1], profile),
        "old_name": names[0],
        "new_name": names[1],
        "old_level": level_of(old_item, profile).label,
        "new_level": level_of(item, profile).label,
        "before": before,
        "after": after,
        "many": str(len(change.new)),
        "indicators": _indicators((*change.old_indicators, *change.new_indicators), profile),
        "excerpt": _excerpt(change),
        "label": kind_label(change.kind, profile),
    }


def _joined(items: Sequence[Item], profile: Profile) -> str:
    return "及び".join(called(item, profile) for item in items)


def _indicators(indicators: Sequence[Indicator], profile: Profile) -> str:
    target = all(each.role == "target" for each in indicators)
    label = profile.label("target", "数値目標") if target else profile.label("kpi-long", "重要業績評価指標（KPI）")
    names = [f"「{each.name}」" for each in indicators if each.name]
    number = f"{len(indicators)}件" if len(indicators) > 1 or (indicators and not names) else ""
    return label + "、".join(names) + number


def _excerpt(change: Change) -> str:
    """Quote what changed where that is short: （「全庁を挙げて」→「…連携して総合的に」）."""
    if change.wording is None:
        return ""
    old, new = ([text for text, marked in side if marked] for side in (change.wording.old, change.wording.new))
    if max(len(old), len(new)) > QUOTES or sum(map(len, (*old, *new))) > QUOTE_LIMIT * QUOTES:
        return ""
    before, after = "、".join(f"「{each}」" for each in old), "、".join(f"「{each}」" for each in new)
    if not before:
        return f"（{after}を追加）"
    return f"（{before}→{after}）" if after else f"（{before}を削除）"
