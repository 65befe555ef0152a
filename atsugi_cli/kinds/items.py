"""Kinds of change of an item: what came and went, was renamed or moved, and what its words say."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from atsugi_cli.kinds.card import CALLED_GONE, CALLED_NEW, SEEN, Change, Ends, Evidence, Field, View
from atsugi_cli.match.links import Decided
from atsugi_cli.match.prose import Marks, likeness, pieces
from atsugi_cli.model import Indicator, Item

ALIKE_FROM = 3
"""From how many items a change of owner that is the same everywhere is said once, for the plan."""
REWORDED_FROM = 0.8
"""Likeness from which a changed title is proposed as 表記変更 instead of 名称変更: most of the words stay."""


def added(view: View) -> Evidence | None:
    """改定前になかった項目です。

    新しい項目のKPIは「新規」に含め、別に「KPI追加」とは数えません。統合してできた項目を担当者が新規と宣言することもできます。
    """
    return None if view.new is None or view.new.level == "section" else _come(view)


def removed(view: View) -> Evidence | None:
    """改定前にあり、改定後にない項目です。

    `edition.removed` に書かれていないものは「対応先なし（要確認）」と添えます。
    名前を変えて続いているなら、新しい項目に `from:` を書きます。
    """
    return None if not view.old or view.old[0].level == "section" else _gone(view)


def merged(view: View) -> Evidence | None:
    """改定前の二つ以上の項目を一つにまとめた項目です。

    文章からは推定しません。`from:` に二つ以上の id を書いて宣言します。
    """
    if view.new is None or len(view.old) <= 1:
        return None
    best = _best_title(view.old, view.new.title)
    return Evidence(decided="declared", marks=_titles(best, view.new), nearest=best)


def split(view: View) -> Evidence | None:
    """改定前の一つの項目を二つ以上に分けた項目です。

    改定前の一つの id を、二つ以上の項目の `from:` に書いて宣言します（元の id が残っていても構いません）。
    """
    if len(view.parts) <= 1 or len(view.old) != 1:
        return None
    return Evidence(decided="declared", parts=view.parts)


def renamed(view: View) -> Evidence | None:
    """名称が変わった項目です（内容は続いています）。

    `change: {flags: [renamed]}` と宣言します。宣言がなければ、言葉の多くが変わった名称を名称変更として提案します。
    """
    return _titled(view, "renamed")


def reworded(view: View) -> Evidence | None:
    """名称の書き方だけを改めた項目です（意味は変わっていません）。

    `change: {flags: [reworded]}` と宣言します。宣言がなければ、言葉の多くが残る名称を表記変更として提案します。
    """
    return _titled(view, "reworded")


def moved(view: View) -> Evidence | None:
    """属する基本目標や施策が変わった項目です。

    間に階層が一つ入ったり抜けたりしただけの項目は、移動とは言いません。
    """
    old = view.carried
    return SEEN if old and view.new and not view.placed and old.level == view.new.level else None


def level_changed(view: View) -> Evidence | None:
    """階層が変わった項目です（例: 主な取組から具体的な施策へ）。"""
    old = view.carried
    return SEEN if old and view.new and old.level != view.new.level else None


def text_changed(view: View) -> Evidence | None:
    """本文の言葉が変わった項目です。

    原典が本文を載せていない項目でも、担当者が宣言すれば文言修正です。
    """
    old = view.carried
    if old is None or view.new is None or "corrected" in view.declared.flags:
        return None
    both = old.body and view.new.body
    if (view.comparable or both) and _lines(old.body) != _lines(view.new.body):
        return Evidence(marks={"body": pieces(old.body, view.new.body)})
    return SEEN if "text-changed" in view.declared.flags and not both else None


def _lines(text: str) -> list[str]:
    """Return the lines of a text; blank ones print nothing."""
    return [line for line in text.split("\n") if line.strip()]


def section_added(view: View) -> Evidence | None:
    """新しく加えた章や節です。"""
    return _come(view) if view.new is not None and view.new.level == "section" else None


def section_removed(view: View) -> Evidence | None:
    """なくした章や節です。"""
    return _gone(view) if view.old and view.old[0].level == "section" else None


def kpi_added(view: View) -> Evidence | None:
    """重要業績評価指標（KPI）や数値目標を加えた項目です。

    新しい項目のKPIは「新規」に含めます。理由は、その項目か、加えた指標の `change.reason` に書きます。
    """
    if not view.old or view.new is None or view.replaced:
        return None
    if not view.come:
        return SEEN if "kpi-added" in view.declared.flags else None
    by_author, reason = _said(view, view.come)
    return Evidence(decided=by_author, reason=reason, new_indicators=view.come)


def kpi_removed(view: View) -> Evidence | None:
    """重要業績評価指標（KPI）や数値目標をなくした項目です。

    `edition.removed` に指標の id と理由を書いて宣言します。
    """
    if not view.old or view.new is None or view.replaced:
        return None
    if not view.gone:
        return SEEN if "kpi-removed" in view.declared.flags else None
    by_author, reason = _said(view, view.gone)
    olds = tuple(item for item in view.old if any(each in view.gone for each in item.indicators))
    return Evidence(decided=by_author, reason=reason, olds=olds, parts=view.parts, old_indicators=view.gone)


def corrected(view: View) -> Evidence | None:
    """誤りを訂正したところです。担当者の宣言だけで決まり、ほかの言葉の変更はすべてこれに含めます。"""
    if "corrected" not in view.declared.flags or view.new is None or not view.old:
        return None
    old = view.old[0]
    marks = _titles(old, view.new) if old.title != view.new.title else {}
    if old.body != view.new.body:
        marks["body"] = pieces(old.body, view.new.body)
    return Evidence(marks=marks, nearest=old)


def renumbered(view: View) -> Evidence | None:
    """番号だけが変わった項目です（繰上げ・繰下げ）。改定の件数とは別に数えます。"""
    old = view.carried
    if old is None or view.new is None or old.number == view.new.number:
        return None
    if not view.placed or old.level != view.new.level:
        return None
    if any(each.omitted and each.number is None for each in (old, view.new)):
        return None  # what the source does not give is not compared
    return Evidence(_word(old.number), _word(view.new.number))


def owner_changed(view: View) -> Evidence | None:
    """所管が変わったところです。多くの項目が同じように変わったときは一行にまとめます。"""
    old = view.carried
    if old is None or view.new is None or old.owners == view.new.owners:
        return None
    if not (view.comparable or "owner-changed" in view.declared.flags):
        return None
    return Evidence("、".join(old.owners), "、".join(view.new.owners))


def tags_changed(view: View) -> Evidence | None:
    """SDGsなどとの関連付けが変わった項目です。"""
    old = view.carried
    if old is None or view.new is None or old.tags == view.new.tags:
        return None
    return Evidence(*tag_words(old, view.new)) if view.comparable or "tags-changed" in view.declared.flags else None


def owners_alike(change: Change, _ends: Ends) -> tuple[str, str] | None:
    """Return which owners gave way to which; a section that was renamed stands beside other owners here and there."""
    before, after = change.old[0].owners, change.new[0].owners
    less = [each for each in before if each not in after]
    more = [each for each in after if each not in before]
    return ("、".join(less), "、".join(more)) if less and more else (change.before, change.after)


def _come(view: View) -> Evidence | None:
    if not CALLED_NEW.isdisjoint(view.declared.flags):
        return Evidence(decided="declared")
    return SEEN if not view.old and view.known else None


def _gone(view: View) -> Evidence | None:
    if not CALLED_GONE.isdisjoint(view.declared.flags):
        return Evidence(decided="declared", parts=view.parts)
    return Evidence(proposed=True) if view.new is None and view.known else None


def _said(view: View, indicators: tuple[Indicator, ...]) -> tuple[Decided | None, str]:
    """Say whether the author declares all of these indicators, and why."""
    if any(each.id not in view.said for each in indicators):
        return None, ""
    reasons = dict.fromkeys(view.said[each.id] for each in indicators)
    return "declared", "、".join(each for each in reasons if each)


def _best_title(old: Sequence[Item], title: str) -> Item:
    """Choose, of several predecessors, the one whose title is most like the new one."""
    return max(old, key=lambda item: likeness(item.title, title))


def _titles(old: Item, new: Item) -> dict[Field, Marks]:
    return {"title": pieces(old.title, new.title)}


def _titled(view: View, code: str) -> Evidence | None:
    """Decide between renamed and reworded: the author's word, else how much of the wording stays."""
    old = view.carried
    if old is None or view.new is None:
        return None
    flags = view.declared.flags
    if code in flags:
        return Evidence(marks=_titles(old, view.new))
    if old.title == view.new.title or not view.comparable or {"renamed", "reworded", "corrected"} & set(flags):
        return None
    stays = likeness(old.title, view.new.title) >= REWORDED_FROM
    if stays != (code == "reworded"):
        return None
    marks = _titles(old, view.new)
    return Evidence(marks=marks, proposed=not marks["title"].notation_only)


SCHEMES: Mapping[str, str] = {"sdgs": "SDGs", "digital": "デジタル"}
"""What schemes of tags are called where the city does not say."""


def tag_words(old: Item, new: Item, schemes: Mapping[str, str] = MappingProxyType({})) -> tuple[str, str]:
    """Say which tags differ, by the city's names of their schemes: SDGsの目標 3, SDGsの目標 3、11."""
    names = {**SCHEMES, **schemes}
    if not names["sdgs"].endswith("目標"):
        names["sdgs"] += "の目標"
    before, after = dict(old.tags), dict(new.tags)
    differing = [each for each in dict.fromkeys((*before, *after)) if before.get(each) != after.get(each)]

    def said(tags: Mapping[str, tuple[int | str, ...]]) -> str:
        shown = ((names.get(each, each), map(str, tags[each])) for each in differing if tags.get(each))
        return "・".join(f"{name} {'、'.join(words)}" for name, words in shown)

    return said(before), said(after)


def _word(value: object) -> str:
    return "" if value is None else str(value)
