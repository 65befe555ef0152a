"""Kinds of change of the plan itself."""

from atsugi_cli.kinds.card import Evidence
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import Strategy
from atsugi_cli.words import year_words


def period_changed(old: Strategy, new: Strategy) -> Evidence | None:
    """計画期間が変わりました（延長など）。"""
    before, after = (old.plan.start, old.plan.end), (new.plan.start, new.plan.end)
    return None if before == after else Evidence(_period(old), _period(new))


def plan_renamed(old: Strategy, new: Strategy) -> Evidence | None:
    """計画の名称が変わりました。"""
    if old.plan.title == new.plan.title:
        return None
    return Evidence(old.plan.title, new.plan.title, {"title": pieces(old.plan.title, new.plan.title)})


def _period(strategy: Strategy) -> str:
    plan = strategy.plan
    if plan.start is None or plan.end is None:
        return ""
    return f"{year_words(plan.start)}から{year_words(plan.end)}まで（{plan.end - plan.start + 1}年間）"
