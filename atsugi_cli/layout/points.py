"""Points: 改定のポイント: why, how many, and then every change in one line of plain official Japanese."""

from collections.abc import Iterator, Sequence

from atsugi_cli.document import Block, Cell, Column, Document, Heading, Line, Paragraph, Row, Run, Table
from atsugi_cli.layout.labels import called, counts, edition_words, flags, kind_label, level_of, place, said, stamp
from atsugi_cli.levels import Profile
from atsugi_cli.model import UNREGISTERED, Indicator, Item
from atsugi_cli.revision import Change, Pair, Revision

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
        subtitle=f"{edition_words(revision.old, profile.era)} → {edition_words(revision.new, profile.era)}",
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
        cells = [_cell(count.group), _cell(count.label), *map(_number, numbers), _number(count.number)]
        rows.append(Row("plain", tuple(cells), key=count.code))
    if not rows:
        rows.append(Row("plain", (_cell("－"), _cell("変更なし"), _number(0))))
    return Table("counts", tuple(columns), tuple(rows))


def _cell(text: str) -> Cell:
    return Cell((Line((Run(text),), kind="value"),))


def _number(number: int) -> Cell:
    return Cell((Line((Run(str(number) if number else "－"),), kind="value"),), number)


def _parts(revision: Revision, profile: Profile) -> Iterator[tuple[str, list[Paragraph]]]:
    """Group the one-line changes by part: the plan, prose, each cross-cutting layer, each top item of the tree."""
    root = revision.root
    own = [_line(change, root, (), profile) for change in root.own_changes]
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
    codes = {change.kind.code for change in pair.changes}
    for change in pair.told:
        if change.kind.code in ("added", "removed") and codes & {"merged", "split"}:
            continue  # one sentence for both: the merger says what became new
        yield _line(change, pair, above, profile)
    for child in pair.children:
        yield from _lines(child, (*above, pair.item), profile)


def _line(change: Change, pair: Pair, above: tuple[Item, ...], profile: Profile) -> Paragraph:
    where = place((*above, pair.item), profile) if above else ""
    text = sentence(change, pair, profile)
    if where and not text.startswith(where):
        text = f"{where}　{text}"
    shown = [change]
    if change.kind.code in ("merged", "split"):
        shown += [each for each in pair.changes if each.kind.code in ("added", "removed")]
    return Paragraph((Run(text),), bullet="・", flags=flags(shown, profile))


def sentence(change: Change, pair: Pair, profile: Profile) -> str:
    """Say one change in a sentence of plain official Japanese."""
    text = _sentence(change, pair, profile)
    return f"{change.reason.rstrip('。、')}、{text}" if _leads_in(change) else text


def _leads_in(change: Change) -> bool:
    """Say whether the author's reason reads as the beginning of a sentence (…を踏まえ, …を勘案し)."""
    return change.reason.rstrip("。、").endswith(
        ("踏まえ", "勘案し", "ため", "に伴い", "により", "に基づき", "に合わせ")
    )


def _sentence(change: Change, pair: Pair, profile: Profile) -> str:
    item = pair.item
    name = called(item, profile)
    olds = [each for each in change.old if isinstance(each, Item)]
    news = [each for each in change.new if isinstance(each, Item)]
    one = next((each for each in (*change.new, *change.old) if isinstance(each, Indicator)), None)
    subject = f"{name}の「{one.name or UNREGISTERED}」" if one is not None else name
    before, after = said(change, profile)
    match change.kind.code:
        case "added":
            return f"{name}を新たに位置付けます。"
        case "removed":
            return f"{name}を廃止します。" + ("（対応先なし、要確認）" if change.proposed else "")
        case "merged" if one is not None:
            return f"{name}の指標を{before}から{after}に統合します。"
        case "split" if one is not None:
            return f"{name}の指標を{before}から{after}に分けます。"
        case "merged":
            return f"{_joined(olds, profile)}を統合し、{name}とします。"
        case "split":
            return f"{_joined(olds, profile)}を{_joined(news, profile)}に分けます。"
        case "renamed" if one is None:
            return f"{called(pair.old[0], profile)}を{name}に改めます。"
        case "reworded" if one is None:
            return f"{called(pair.old[0], profile)}の表記を{name}に改めます。"
        case "renamed" | "reworded":
            return f"{name}の指標名を{_quoted(change)}に改めます。"
        case "moved":
            return f"{name}を移します。"
        case "level-changed":
            old_level, new_level = level_of(pair.old[0], profile).label, level_of(item, profile).label
            return f"{name}を{old_level}から{new_level}に改めます。"
        case "text-changed":
            return f"{name}の文言を改めます{_excerpt(change)}。"
        case "section-added":
            return f"{name}を追加します。"
        case "section-removed":
            return f"{name}を削ります。" + ("（要確認）" if change.proposed else "")
        case "kpi-added":
            return f"{name}に{_indicators(change.new_indicators, profile)}を加えます。"
        case "kpi-removed":
            return f"{name}から{_indicators(change.old_indicators, profile)}を除きます。"
        case "kpi-replaced":
            return f"{name}の指標を「{before}」から「{after}」に替えます。"
        case "role-changed":
            return f"{subject}の位置付けを{before}から{after}に改めます。"
        case "target-raised":
            return f"{subject}の目標値を{before}から{after}に引き上げます。"
        case "target-lowered":
            return f"{subject}の目標値を{before}から{after}に引き下げます。"
        case "target-changed":
            return f"{subject}の目標値を{before}から{after}に改めます。"
        case "target-restated":
            return f"{subject}の目標の表し方を{before}から{after}に改めます。"
        case "target-year-changed" if len(change.new) > 1:
            return f"計画期間に合わせ、{len(change.new)}件の指標の目標年次を{before}から{after}に改めます。"
        case "target-year-changed":
            return f"{subject}の目標年次を{before}から{after}に改めます。"
        case "baseline-changed":
            return f"{subject}の基準値を{before}から{after}に更新します。"
        case "aggregation-changed":
            return f"{subject}の集計方法を{before}から{after}に改めます。"
        case "period-changed":
            return f"計画期間を{before}から{after}に改めます。"
        case "plan-renamed":
            return f"計画の名称を「{before}」から「{after}」に改めます。"
        case "renumbered":
            return f"{name}の番号を{before}から{after}に改めます。"
        case "owner-changed" if len(change.new) > 1:
            return f"{len(change.new)}件の項目の所管を{before}から{after}に改めます。"
        case "owner-changed":
            return f"{subject}の所管を{before}から{after}に改めます。"
        case "tags-changed":
            return f"{name}の関連付けを{before}から{after}に改めます。"
        case "corrected":
            return f"{subject}を訂正します{_excerpt(change)}。"
        case _:
            return f"{subject}: {kind_label(change.kind, profile)}（{after}）。"


def _joined(items: Sequence[Item], profile: Profile) -> str:
    return "及び".join(called(item, profile) for item in items)


def _indicators(indicators: Sequence[Indicator], profile: Profile) -> str:
    target = all(each.role == "target" for each in indicators)
    label = profile.label("target", "数値目標") if target else profile.label("kpi-long", "重要業績評価指標（KPI）")
    names = [f"「{each.name}」" for each in indicators if each.name]
    number = f"{len(indicators)}件" if len(indicators) > 1 or (indicators and not names) else ""
    return label + "、".join(names) + number


def _quoted(change: Change) -> str:
    old, new = (each.name if isinstance(each, Indicator) else "" for each in (change.old[0], change.new[0]))
    return f"「{old}」から「{new}」"


def _excerpt(change: Change) -> str:
    """Quote what changed where that is short: （「全庁を挙げて」→「…連携して総合的に」）."""
    if change.marks is None:
        return ""
    old = [text for text, is_marked in change.marks.old if is_marked]
    new = [text for text, is_marked in change.marks.new if is_marked]
    if max(len(old), len(new)) > QUOTES or sum(map(len, (*old, *new))) > QUOTE_LIMIT * QUOTES:
        return ""
    before, after = "、".join(f"「{each}」" for each in old), "、".join(f"「{each}」" for each in new)
    if not before:
        return f"（{after}を追加）"
    return f"（{before}→{after}）" if after else f"（{before}を削除）"
