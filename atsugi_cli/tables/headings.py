"""Headings: TABLE of what a column of an office's table may hold, and which words head it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli.achievement import fiscal_year
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Profile
from atsugi_cli.model import Year
from atsugi_cli.values import folded, read, read_when

Words = Mapping[str, str]

_MEANINGS: Final[tuple[tuple[str, str, str], ...]] = (
    ("id", "ID", r"id|識別子"),
    ("name", "指標名", (
        r"(?:重要業績評価|成果|評価|活動|取組|進捗|客観|目標)?指標(?:名称?|項目)?(?:[(（]?kpi[)）]?)?"
        r"|kpi(?:重要業績評価指標|名称?|項目|指標)?|数値目標(?:名|項目|の?指標|kpi)?|指標・?kpi|(?:重要業績評価指標)?kpikey[a-z]*|項目名?"
    )),
    ("unit", "単位", r"単位"),
    ("baseline-year", "基準年", r"(?:基準|現状|策定時|当初)値?の?(?:年度?|年次|時点|年?月?日|時期)"),
    ("current-year", "現況年", r"現況値?の?(?:年度?|年次|時点|年?月?日|時期)"),
    ("target-year", "目標年", r"(?:目標|達成)値?の?(?:年度?|年次|時点|年?月?日|時期|期限)|期限"),
    ("actual-year", "実績値の年", r"(?:実績|最新)値?の?(?:年度?|年次|時点|年?月?日)"),
    ("target", "目標値", r"(?:数値|最終|計画|努力|中間|年次|単年度?)?目標(?:値|数値|水準)?|中間値|計画値"),
    ("current", "現況値", r"現況値?|直近値?|現在値?|最新値"),
    ("baseline", "基準値", r"(?:基準|現状|策定時|当初|初期|計画策定時|策定時点)(?:の?(?:値|数値|状況))?|ベースライン"),
    ("actual", "実績値", r"実績(?:値|数値|報告)?(?:の?(?:年次)?(?:推移|経過))?|結果|達成値|進捗(?:状況|値)?"),
    ("aggregation", "集計", r"集計(?:方法|区分)?"),
    ("direction", "方向", r"(?:目指す|増減の)?方向性?|目標の方向"),
    ("role", "種別", r"種別|指標(?:区分|種別)|kpi区分"),
    ("kind", "目標か実績か", r"区分"),
    ("owner", "担当課", (
        r"(?:主な)?(?:担当|所管|主管|主担当|関係|所属|実施|取りまとめ|とりまとめ|関連)"
        r"(?:課名?|部署?|部局|課室|室|係|所属|主体|部課名?|部[・/]?課|課[・/]?[係室]|課等)?名?|部署名?|課名"
    )),
    ("assessment", "評価", r"(?:事業|取組|内部|外部|自己|総合|進捗)?評価(?:結果|区分|内容|コメント|の?理由)?|所見"),
    ("issue", "課題", r"(?:主な|現状と)?課題(?:等|[・と、]?問題点)?|問題点"),
    ("outlook", "今後の方針", r"今後の(?:方向性?|方針|取組|対応|展開|予定|進め方)|改善(?:策|点)|対応(?:方針|策)"),
    ("note", "備考", r"備考|注記?|摘要|特記(?:事項)?|補足|メモ|コメント"),
    ("definition", "定義", (
        r"(?:指標の)?(?:定義|算出方法|算定方法|算出式|計算式|考え方|説明|測定方法|内容)|指標の?(?:解説|意味)"
    )),
    ("source", "出典", r"出典|出所|データ(?:元|出所|ソース)|(?:根拠)?資料|(?:データ)?把握(?:方法|時期)|調査名|統計名"),
    ("number", "番号", r"(?:指標|kpi|通し|整理)?(?:番号|no\.?|№|コード)|通し|連番|項番|#|指標id"),
    ("body", "内容", r"(?:主な|具体的な)?(?:取組|取り組み|事業|施策)?の?(?:内容|概要|説明)|取組方針"),
    ("reason", "理由", r"理由|変更理由|改定理由"),
)  # fmt: skip
"""Code, what people call it, and the headings that mean it (folded, in small letters, without years)."""

_OWN: Final = {
    "baseline": "baseline",
    "current": "current",
    "target-value": "target",
    "actual": "actual",
    "name": "name",
}
"""The words that a profile has of its own, and what they head."""
_LABELS: Final[Mapping[str, str]] = {code: label for code, label, _ in _MEANINGS}
LONGEST: Final = 60
"""Characters of the longest heading."""

_LEVELS: Final = (
    r"(?:基本|政策|重点|戦略|施策)目標|基本政策|政策|大項目|大綱|(?:施策の)?大?柱|(?:基本)?方針|章|分野|基本方向",
    r"(?:具体的な|主要|基本|重点|個別)?施策(?:の(?:方向性?|展開|柱))?|中項目|小柱|(?:施策|基本的)?方向性?|取組の?方向性?|節|具体的施策",
    r"(?:主な|主要な?|具体的な?|個別)?(?:取組|取り組み|取組み)(?:項目)?|小項目|個別施策|細施策|具体策",
    r"(?:主な|主要|具体的な?|個別|関連|実施|構成|対象|重点)?事業|細事業|プロジェクト|事務事業",
)
"""The headings of a level by its place in the hierarchy."""
_YEAR: Final = re.compile(
    r"(?:西暦)?(?:(?:令和|平成|昭和|[rhsRHS]\.?)(?:元|[0-9]{1,2})|(?:19|20)[0-9]{2})(?:[./-][0-9]{1,2}(?![0-9]))?年?度?(?:[0-9]{1,2}月)?(?:末|時点|現在)*"
)
_STATES: Final = {"速報": "preliminary", "暫定": "preliminary", "確定": "final", "見込": "estimate", "推計": "estimate"}
_STATE: Final = re.compile(rf"(.*実績.*?)((?:{'|'.join(_STATES)})み?値?)")
_ENDED: Final = re.compile(r"(?:令和|平成|昭和|[rhsRHS])\s*[0-9]{1,2}\s*[(（]((?:19|20)[0-9]{2})年?[)）]\s*年?度?末?")
"""A year in two reckonings; of an era that ended before, the western one tells: 平成32(2020)年度."""
_SPARE: Final = re.compile(r"[\s()（）\[\]［］【】〔〕「」『』:：/／・、,]|(?<=.)※[0-9]*|[*＊]")
DATED: Final = frozenset({"baseline", "current", "target", "actual"})
"""What has a year."""


_COMPILED: Final = tuple(
    (code, label, re.compile(rf"(?:{pattern})(?P<nth>[ab1-9①-⑨])?" if code in {*DATED, "name", "unit"} else pattern))
    for code, label, pattern in _MEANINGS
)
"""A second target of an indicator is 目標値②."""


@frozen
class Meaning:
    """What a column holds; `level` is that of a level's title (code "level") or of its number ("level-number")."""

    code: str
    year: Year = None
    level: str = ""
    label: str = ""
    unit: str = ""
    """The unit that a heading names with its values: 目標値（人）."""
    state: str = ""
    """Whether a heading calls its values 速報値, 確定値 or 見込み."""
    nth: str = ""
    """Which of several indicators of a row is meant: KPI①, KPI②."""

    def words(self) -> str:
        """Say the meaning as a saved mapping has it: 実績値 2024."""
        return f"{self.label} {self.year}" if self.year is not None else self.label


UNUSED: Final = Meaning("unused", label="使わない")
YEARLY: Final = "yearly"
"""The code of a column that is headed by a year alone."""


def meanings(profile: Profile) -> dict[str, Meaning]:
    """Return every meaning that a column may have, by the words that a saved mapping names it with."""
    found = {UNUSED.label: UNUSED, "年度": Meaning(YEARLY, label="年度")}
    for level in profile.tree:
        found[level.label] = Meaning("level", None, level.code, level.label)
        found[f"{level.label}の番号"] = Meaning("level-number", None, level.code, f"{level.label}の番号")
    for code, label, _ in _MEANINGS:
        found.setdefault(label, Meaning(code, label=label))
    return found


def named(words: str, profile: Profile) -> Meaning | None:
    """Return the meaning that words of a saved mapping name: 担当課, 実績値 2024."""
    label, _, year = words.strip().partition(" ")
    meaning = meanings(profile).get(label)
    if meaning is None or not year:
        return meaning
    when = read_when(year)
    return None if when is None or meaning.code not in {*DATED, YEARLY} else replace(meaning, year=when)


class Headings:
    """Says what headings mean, in the words of a city besides those that any may use."""

    def __init__(self, profile: Profile) -> None:
        """Learn the city's own words (策定時, 努力目標) and the names of its levels."""
        self._known: dict[str, Meaning | None] = {}
        self._own: dict[str, Meaning] = {}
        self._levels = tuple((level, folded(level.label).lower()) for level in profile.tree)
        for own, code in _OWN.items():
            if label := folded(profile.label(own, "")).lower():
                self._own[label] = Meaning(code, label=_LABELS[code])
                for year in (f"{label.removesuffix('値')}年", f"{label}の年") if code in DATED else ():
                    self._own[year] = Meaning(f"{code}-year", label=_LABELS[f"{code}-year"])

    def meaning(self, heading: str) -> Meaning | None:
        """Say what a heading means, lines of one column joined; None where it is not known."""
        if heading not in self._known:
            self._known[heading] = self._read(heading) if len(heading) < LONGEST else None
        return self._known[heading]

    def _read(self, heading: str) -> Meaning | None:
        words, year = _without_year(folded(heading.replace("\n", " ")))
        if unit := re.fullmatch(r"\s*(\S+?)\s*[(（](?:単位[:：]?\s*)?([^()（）]{1,6})[)）]\s*", words):
            meant = self._read(unit[1])
            if unit[2] == "単位" and meant is not None and meant.code == "name":
                return meant
            reading = read(f"1{unit[2]}") if meant is not None and meant.code in DATED else None
            if meant is not None and reading is not None and reading.unit == unit[2]:
                return replace(meant, year=year if year is not None else meant.year, unit=unit[2])
        words = _SPARE.sub("", words).lower()
        if not words:
            return None if year is None else Meaning(YEARLY, year, label="年度")
        if found := self._level(words):
            return found
        if (told := _STATE.fullmatch(words)) and (base := self._read(told[1])) and base.code == "actual":
            state = next(code for word, code in _STATES.items() if told[2].startswith(word))
            return replace(base, year=year if year is not None else base.year, state=state)
        words = re.sub(r"年度?\Z", "", words) if year is not None else words
        if words in self._own:
            return replace(self._own[words], year=year if self._own[words].code in DATED else None)
        for code, label, pattern in _COMPILED:
            if match := pattern.fullmatch(words):
                nth = (match["nth"] or "") if "nth" in pattern.groupindex else ""
                return Meaning(code, year if code in DATED else None, label=label, nth=nth)
        return None

    def _level(self, words: str) -> Meaning | None:
        number = re.fullmatch(r"(.+?)の?(?:番号|no\.?|№|コード)", words)
        title = number[1] if number else re.sub(r"(?<=.)(?:名称?|の?名前|タイトル)\Z", "", words)
        for at, (level, label) in enumerate(self._levels):
            if title == label or (at < len(_LEVELS) and re.fullmatch(_LEVELS[at], title)):
                code = "level-number" if number else "level"
                return Meaning(code, None, level.code, f"{level.label}の番号" if number else level.label)
        return None


def _without_year(words: str) -> tuple[str, Year]:
    """Take the year out of a heading: 目標値(令和8(2026)年度) → 目標値(), 2026."""
    if found := _ENDED.search(words):
        return words[: found.start()] + words[found.end() :], int(found[1])
    found = _YEAR.search(words)
    if found is None:
        return words, None
    text = re.sub(r"(?:末|時点|現在)*\Z", "", found[0])
    when = read_when(text) or read_when(f"{text}年度")
    year = fiscal_year(when)
    if year is None:
        return words, None
    words = _YEAR.sub("", words[: found.start()] + words[found.end() :])
    if _SPARE.sub("", words).startswith("年"):
        words = re.sub(r"(?<![目基])年度?(?=[)）]|\Z)", "", words)
    return words, year


def _aims_above(found: Sequence[Meaning | None], profile: Profile) -> Sequence[Meaning | None]:
    """Take 目標 before the name of an indicator that has its aim behind it for what the indicator belongs to."""
    codes = [each.code if each is not None else "" for each in found]
    name = codes.index("name") if "name" in codes else 0
    top = profile.tree[0]
    goal = Meaning("level", None, top.code, top.label)
    return [goal if at < name and each == _AIM and "target" in codes[name:] else each for at, each in enumerate(found)]


_AIM: Final = Meaning("target", label=_LABELS["target"])


def settled(found: Sequence[Meaning | None], profile: Profile) -> list[Meaning | None]:
    """Settle the columns of a table as a whole: levels go deeper from left to right, a lone 現況 is the baseline."""
    tree = [level.code for level in profile.tree]
    labels = {level.code: level.label for level in profile.tree}
    found = _aims_above(found, profile)
    result = list(found)
    deepest = -1
    moved: dict[str, str] = {}
    titles = [each for each in found if each is not None and each.code == "level"]
    doubled = len({each.level for each in titles}) < len(titles)
    for at, each in enumerate(found):
        if each is None or each.code != "level":
            continue
        rank = tree.index(each.level)
        if rank <= deepest and doubled:
            rank = deepest + 1
        if rank >= len(tree):
            result[at] = None
            continue
        deepest = max(deepest, rank)
        moved[each.level] = tree[rank]
        result[at] = replace(each, level=tree[rank], label=labels[tree[rank]])
    codes = {each.code for each in found if each is not None}
    for at, each in enumerate(result):
        if each is None:
            continue
        if each.code == "number" and at + 1 < len(result) and (after := result[at + 1]) and after.code == "level":
            result[at] = Meaning("level-number", None, after.level, f"{labels[after.level]}の番号")
        elif each.code.startswith("current") and "baseline" not in codes:
            result[at] = replace(
                each, code=each.code.replace("current", "baseline"), label=each.label.replace("現況", "基準")
            )
        elif each.code == "body" and "name" in codes and not any(one.level for one in result if one):
            result[at] = replace(each, code="definition", label="定義")
    return result
