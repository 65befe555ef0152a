"""Badges: TABLE of the sign and hue of each change kind, the same in every drawn or coloured page.

The hue says what sort of change it is and the sign says it again, so that nothing rests on colour alone.
"""

from typing import Final, Literal

Hue = Literal["come", "join", "name", "wording", "figure", "rest"]

_PLAIN: Final[tuple[Hue, str]] = ("rest", "・")

BADGES: Final[dict[str, tuple[Hue, str]]] = {
    "added": ("come", "＋"),
    "removed": ("come", "－"),
    "section-added": ("come", "＋"),
    "section-removed": ("come", "－"),
    "merged": ("join", "⇉"),
    "split": ("join", "⇇"),
    "moved": ("join", "↷"),
    "level-changed": ("join", "⇅"),
    "renamed": ("name", "✎"),
    "plan-renamed": ("name", "✎"),
    "period-changed": ("name", "⇔"),
    "reworded": ("wording", "≈"),
    "corrected": ("wording", "✓"),
    "text-changed": ("rest", "¶"),
    "kpi-added": ("figure", "◎"),
    "kpi-removed": ("figure", "○"),
    "kpi-replaced": ("figure", "⇄"),
    "role-changed": ("figure", "⇄"),
    "target-raised": ("figure", "↑"),
    "target-lowered": ("figure", "↓"),
    "target-changed": ("figure", "±"),
    "target-restated": ("figure", "≈"),
    "target-year-changed": ("figure", "→"),
    "baseline-changed": ("figure", "△"),
    "aggregation-changed": ("figure", "∑"),
}
"""Kinds of housekeeping are not listed: they look like any other."""


def hue(code: str) -> Hue:
    """Return the hue of a change kind: come (or go), join (or part, or move), name, wording, figure, rest."""
    return BADGES.get(code, _PLAIN)[0]


def sign(code: str) -> str:
    """Return the sign of a change kind, one character."""
    return BADGES.get(code, _PLAIN)[1]
