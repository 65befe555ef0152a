"""Levels: TABLE of the hierarchy, and a city's own words for everything printed (profile.yaml).

Another city is data, not code: whatever a profile may change has its default here, in the words of the source document.
"""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Literal, get_args

from atsugi_cli.achievement import GRADES
from atsugi_cli.catalogue import Severity
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Edition, LevelWords, Number
from atsugi_cli.words import TODAY, Era

NumberStyle = Literal["arabic", "paren", "circled", "kana", "literal", "none"]

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"

_ABOUT_A_NUMBER = re.compile(r"[^{}　 ]*\{number\}[^{}（(「『　 ]*")


@frozen
class Level:
    """One level of a city's hierarchy.

    `code` names it in JSON, `key` is the YAML key that holds such items, `label` its Japanese name. `heading` is how
    an item is introduced, with {label} {number} {title}; empty means number and title side by side.
    `cross` marks a layer that lies across the tree (重要な視点).
    """

    code: str
    key: str
    label: str
    number: NumberStyle = "arabic"
    heading: str = ""
    indicators: Literal["targets", "kpis"] = "kpis"
    cross: bool = False

    def around(self, number: Number) -> tuple[str, bool, str]:
        """Return what is printed around a title, and whether the title has a place in it: 第2章　…, and 基本目標1（…）.

        Without a number the words go that only say what it numbers: no 第章 stands alone.
        """
        printed = self.printed(number)
        form = self.heading if printed else _ABOUT_A_NUMBER.sub("", self.heading)
        before, titled, after = form.replace("{label}", self.label).replace("{number}", printed).partition("{title}")
        return before if printed else before.lstrip("　 "), bool(titled), after

    def printed(self, number: Number) -> str:
        """Print a number in the level's style: 1 → 1, (1), ① or ア; a literal stays as it is."""
        if number is None:
            return ""
        if isinstance(number, str):
            return number
        match self.number:
            case "paren":
                return f"({number})"
            case "circled":
                return CIRCLED[number - 1] if 0 < number <= len(CIRCLED) else f"({number})"
            case "kana":
                return KANA[number - 1] if 0 < number <= len(KANA) else f"({number})"
            case "none":
                return ""
            case "arabic" | "literal":
                return str(number)


PLAN = Level("plan", "plan", "計画", "none", "", "targets")
SECTION = Level("section", "sections", "", "arabic")

LEVELS: tuple[Level, ...] = (
    Level("viewpoint", "viewpoints", "重要な視点", "arabic", "{label}{number}", cross=True),
    Level("goal", "goals", "基本目標", "arabic", "{label}{number}（{title}）", "targets"),
    Level("policy", "policies", "具体的な施策", "arabic"),
    Level("initiative", "initiatives", "主な取組", "circled"),
    Level("project", "projects", "事業", "paren"),
)


COLUMNS: Mapping[str, str] = {
    "page": "頁",
    "item": "項目",
    "old": "現行",
    "new": "改定後",
    "flags": "区分",
    "reason": "理由",
    "owner": "担当",
}
"""What a column of a comparison may hold, and what it is called unless a city says otherwise."""


@frozen
class TableStyle:
    """How a city sets its comparison: column order, headings by stage, third column, words and underline.

    `columns` names all columns in their order; without them there are both editions and the third one.
    """

    order: Literal["old-new", "new-old"] = "old-new"
    old_heading: str = ""
    new_heading: str = ""
    headings: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    third: Literal["none", "flags", "reason", "both"] = "both"
    third_heading: str = "備考"
    columns: tuple[str, ...] = ()
    omission: str = "（略）"
    added_word: str = "（新設）"
    removed_word: str = "（削る）"
    underline: Literal["both", "new"] = "both"
    legend: str = "下線は改定部分"
    tree_part: str = ""
    closing: tuple[str, ...] = ("推進体制", "進行管理", "進捗管理", "効果検証", "推進に向けて", "推進に当たって")

    @property
    def is_reversed(self) -> bool:
        """Check whether the new edition stands at the left."""
        wanted = [each for each in self.columns if each in ("old", "new")]
        return wanted[:1] == ["new"] if wanted else self.order == "new-old"

    @property
    def beside(self) -> tuple[str, ...]:
        """Name the columns that stand beside both editions, from the left."""
        if self.columns:
            return tuple(each for each in self.columns if each not in ("old", "new"))
        return () if self.third == "none" else (self.third,)

    @property
    def leading(self) -> int:
        """Count the columns that stand before both editions."""
        return next((at for at, each in enumerate(self.columns) if each in ("old", "new")), 0)


@frozen
class Owner:
    """A section in charge and the years in which it bears that name; `successor` is its later name."""

    name: str
    since: str = ""
    until: str = ""
    successor: str = ""


@frozen
class Profile:
    """A city's own words, levels and rule switches; everything has a default.

    `flags` are its words for the kinds of change, `kinds` are kinds of its own: code → word. `methods` are
    its ways to reckon a rate of achievement: direction → method; `grades` are its classes of that rate, best first, and
    the per cent from which each begins. `old` is the profile beside the old edition of a comparison, where that is
    another one. `stages` are severities that differ by the stage of an edition.
    """

    city: str = ""
    levels: tuple[Level, ...] = LEVELS
    section: Level = SECTION
    labels: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    table: TableStyle = TableStyle()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, Severity]] = field(default_factory=dict)
    era: Era = TODAY
    owners: tuple[Owner, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    tag_schemes: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=lambda: GRADES)
    old: "Profile | None" = None

    def severities_at(self, stage: str) -> Mapping[str, Severity]:
        """Return the city's severities for the editions of a stage, by the code of the rule."""
        return {**self.severities, **self.stages[stage]} if stage in self.stages else self.severities

    def speaking(self, edition: Edition) -> "Profile":
        """Return the profile in the words of an edition: its levels, and the eras of its day."""
        known = replace(self, era=replace(self.era, on=edition.date))
        if not edition.levels:
            return known
        own = {each.key: each for each in edition.levels}
        return replace(
            known,
            levels=tuple(called(level, own.get(level.key)) for level in self.levels),
            section=called(self.section, own.get(self.section.key)),
        )

    def level(self, code: str) -> Level:
        """Find a level by its code; plan and section are the same for every city."""
        for level in (*self.levels, self.section, PLAN):
            if level.code == code:
                return level
        raise KeyError(code)

    @property
    def tree(self) -> tuple[Level, ...]:
        """Give the levels of the tree, from the top; layers across it are left out."""
        return tuple(level for level in self.levels if not level.cross)

    @property
    def cross(self) -> tuple[Level, ...]:
        """Give the layers that lie across the tree."""
        return tuple(level for level in self.levels if level.cross)

    def label(self, code: str, default: str) -> str:
        """Give the city's own word for something, or the default."""
        return self.labels.get(code, default)


def called(level: Level, words: LevelWords | None) -> Level:
    """Return a level in an edition's words."""
    if words is None:
        return level
    number = next((style for style in get_args(NumberStyle) if style == words.number), level.number)
    return replace(level, label=words.label or level.label, number=number, heading=words.heading or level.heading)


DEFAULT_PROFILE = Profile()
