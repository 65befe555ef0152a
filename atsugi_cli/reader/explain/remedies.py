"""Remedies: what somebody probably meant who wrote `1,200人`, `令和5年10月`, `City_Links`, `素案` or `単位:`.

Guesses, and only for the hint of a finding: nothing here changes what is read.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from atsugi_cli.reader.structure import as_id
from atsugi_cli.values import read_when
from atsugi_cli.words import western

NEAR = 0.6
"""Likeness from which one key or code may be a slip for another (difflib's own default)."""

PLAUSIBLE = 10
"""Years around the end of a plan in which its baselines and targets are likely to lie."""

_COMPACT_DATE = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})?\Z")
_WEEKDAY = re.compile(r"[（(][月火水木金土日祝・]+[）)]\Z")
_SEPARATORS = re.compile(r"\s*[,、，・;；/／]\s*|\s*\n\s*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARENTHESES = re.compile(r"[（(][^）)]*[）)]")


def _by_word(words: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Turn words by what they stand for into what each word may stand for, in the order of the table."""
    meant: dict[str, list[str]] = {}
    for key, named in words.items():
        for word in named.split():
            meant.setdefault(word, []).append(key)
    return {word: tuple(keys) for word, keys in meant.items()}


# Words that planners and other file formats use for our keys; which of them is meant depends on what is allowed.
SYNONYMS = _by_word(
    {
        "title": "label name heading subject 名前 名称 タイトル 題名",
        "body": "description desc text content summary detail 説明 内容 概要",
        "number": "no num order index style 番号",
        "id": "code key identifier",
        "sections": "section 章 節 章・節",
        "year": "date fiscal-year 年度 年",
        "end": "until to 終了 終了年度 終了年 終期 至 最終年度 最後",
        "start": "from since 開始 開始年度 開始年 始期 自 初年度 最初",
        "date": "日付 年月日 策定日 作成日 決定日 策定年月日 決定年月日 改定日 期日",
        "baseline": "current base 基準 基準値 現状 現状値",
        "current": "現況 現況値 現状 現状値 直近 直近値 最新値",
        "about": "概数 およそ 程度",
        "achievement": "達成率 評価方法",
        "method": "方法 計算方法",
        "target": "goal 目標 目標値",
        "actuals": "actual result 実績 実績値",
        "policies": "policy measure 施策",
        "stage": "status",
        "format": "version 書式 フォーマット 形式",
        "basis": "集計基準 年の数え方",
        "revises": "previous base-edition",
        "reason": "why 理由",
        "tags": "sdg タグ",
        "added": "new",
        "removed": "deleted",
        "reworded": "changed",
        "direction": "方向",
        "viewpoints": "視点",
        "period": "期間",
        "change": "変更",
        "omitted": "略",
        "name": "title label 名前 名称 指標",
        "definition": "description desc text content 説明 内容 概要",
        "level": "code",
        "owners": "dept department division section 担当 担当課 所管 所管課",
        "goals": "goal 目標",
        "value": "amount number 目標値 数値 値 基準値 現状値 実績値",
        "initiatives": "action measure 取組 取り組み",
        "status": "status",
        "edition": "version",
        "reasons": "理由",
        "span": "period 期間",
        "label": "title name heading 名前 呼び名 名称",
        "heading": "format pattern template 見出し",
        "levels": "level 階層",
        "kinds": "kind 種類",
        "kpis": "indicator 指標",
        "note": "description desc text remark memo comment 説明 備考 メモ",
        "owner": "dept department division 担当 担当課 所管 所管課",
        "municipality": "name city 自治体",
        "targets": "indicator 指標",
        "city": "municipality 自治体",
    }
)
# Words for codes that are neither the code nor its label.
CODES = _by_word(
    {
        "increase": "up rise 上昇 向上 拡大 増 増やす 増える 高める 上げる 伸ばす プラス ↑ ↗ 上向き 多い方が良い "
        "多い方がよい 多いほど良い 高い方が良い 高い方がよい 高いほど良い",
        "decrease": "down 低下 縮小 抑制 減 減らす 減る 下げる 抑える マイナス ↓ ↘ 下向き 少ない方が良い "
        "少ない方がよい 少ないほど良い 低い方が良い 低い方がよい 低いほど良い",
        "maintain": "keep same 現状維持 維持する 保つ 横ばい → ⇒",
        "fiscal": "会計年度 年度ごと fiscal-year",
        "calendar": "年 年次 暦 calendar-year",
        "at-least": "≧ ≥ >= min 最低",
        "at-most": "≦ ≤ <= max 最大 以内",
        "above": "> 超える 上回る",
        "below": "< 下回る",
        "preliminary": "速報 暫定 暫定値",
        "final": "確定 確報 確報値",
        "estimate": "推計 推定 推定値 見込 見込み 見込値 見込み値",
        "added": "new 新設 追加",
        "removed": "削除 deleted",
        "adopted": "final 確定 策定 確定版 決定版 策定済 策定済み 成案",
        "outline": "骨子案",
        "draft": "ドラフト 素案段階",
        "proposal": "最終案 計画案",
        "cumulative": "sum total 合計 累積 延べ のべ 通算 累計値 総計",
        "mean": "average 平均値 年平均 期間平均",
        "single": "単年度 各年度 毎年度 年間 各年 毎年",
        "progress": "進捗 進捗率 基準値からの進捗率 伸び率",
        "ratio": "比率 達成率 実績÷目標値 実績値÷目標値",
        "text": "文章 文章評価 定性 定性評価",
        "error": "エラー",
        "warning": "警告",
        "note": "情報 info",
        "off": "無効",
        "circled": "丸数字 丸付き数字",
        "paren": "括弧 かっこ",
        "kana": "カタカナ 片仮名",
        "arabic": "数字 算用数字",
        "era": "和暦 元号",
        "western": "西暦",
        "both": "併記",
        "new-old": "new",
    }
)


def folded(text: str) -> str:
    """Return a text without full-width digits, letters and outer blanks."""
    return unicodedata.normalize("NFKC", text).strip()


def date(text: str) -> str:
    """Write `2023/10/17`, `令和5年10月17日（火）`, `R5.10.17` or `20231017` as 2023-10-17; empty when it is no date."""
    narrow = folded(text)
    compact = _COMPACT_DATE.match(narrow)
    if compact:
        narrow = "-".join(part for part in compact.groups() if part)
    found = read_when(_WEEKDAY.sub("", narrow))
    return found if isinstance(found, str) else ""


def full_years(number: int, last: int) -> tuple[tuple[str, int], ...]:
    """Say which western years 5 or 23 may be, near the end of a plan: 令和5年度, 2023."""
    found = [(f"{era}{number}年度", western(era, number)) for era in ("令和", "平成")]
    found.append(("西暦の下2桁", 2000 + number))
    return tuple((words, year) for words, year in found if year is not None and abs(year - last) <= PLAUSIBLE)


def slug(text: str) -> str:
    """Write an id as ids are written: `City_Links` → city-links; empty when nothing of it can stay."""
    narrow = _CAMEL.sub("-", folded(text)).lower()
    return as_id(re.sub(r"\.ya?ml\Z", "", narrow)) if narrow.isascii() else ""


def parts(text: str) -> tuple[str, ...]:
    """Split a list that was written as one text: `企画政策課、産業振興課`."""
    return tuple(part for part in _SEPARATORS.split(text.strip().strip("[]［］")) if part)


def near(word: str, words: Iterable[str]) -> str:
    """Find the word that is most like another, from NEAR on; empty when none is."""
    return _nearest(word, tuple(words))


@lru_cache(maxsize=1024)
def _nearest(word: str, words: tuple[str, ...]) -> str:
    scored = [(SequenceMatcher(None, word, other, autojunk=False).ratio(), other) for other in words]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return best[1] if best[0] >= NEAR else ""


def _dashed(narrow: str) -> str:
    """Write a word as codes and keys are written: sameAs, same_as → same-as."""
    return _CAMEL.sub("-", narrow).lower().replace("_", "-").replace(" ", "-")


def sure_code(typed: str, labels: Mapping[str, tuple[str, ...]]) -> str:
    """Find the code that a word names (素案 → draft): by its code, its label, or a word that means nothing else."""
    narrow = folded(typed)
    code = _dashed(narrow)
    if code in labels:
        return code
    narrow = re.sub(r"[（(][^（）()]*[）)]\Z", "", narrow) or narrow  # cumulative（累計）
    if narrow in labels:
        return narrow
    named = [found for found, words in labels.items() if narrow in words]
    named += [found for found in CODES.get(narrow.lower(), ()) if found in labels]
    return named[0] if named else ""


def code_for(typed: str, labels: Mapping[str, tuple[str, ...]]) -> str:
    """Find the code that a word stands for (素案 → draft), by spelling or by the Japanese labels of the codes."""
    narrow = folded(typed)
    code = _dashed(narrow)
    pairs = [(label, code) for code, words in labels.items() for label in words if label]
    if sure := sure_code(typed, labels):
        return sure
    inside = [(len(label), found) for label, found in pairs if label in narrow]
    if inside:
        return max(inside, key=lambda pair: pair[0])[1]
    within = [found for label, found in pairs if narrow and narrow in label]
    if within:
        return within[0]
    alike = near(code, labels)
    if alike or narrow.isascii():
        return alike
    label = near(narrow, [label for label, _ in pairs])
    if label:
        return next(found for each, found in pairs if each == label)
    return next((found for label, found in pairs if label[0] == narrow[0]), "")  # 増やす: 増加


def labels_of(codes: Iterable[str], *texts: str) -> dict[str, tuple[str, ...]]:
    """Read the labels of codes in a schema's own words: `draft（素案）、proposal（案）`."""
    labels: dict[str, tuple[str, ...]] = {}
    for code in codes:
        found: list[str] = []
        for text in texts:
            for match in re.finditer(rf"(?<![A-Za-z-]){re.escape(code)}（((?:[^（）]|（[^）]*）)*)）", text):
                found += [word for word in re.split(r"[、，/／]", match[1]) if word]
        labels[code] = tuple(dict.fromkeys(found))
    return labels


@lru_cache(maxsize=512)
def titles(title: str) -> tuple[str, ...]:
    """Read the names in a schema's title: `基準値（現状値）` → 基準値, 現状値; `章・節` → 章, 節."""
    return tuple(word for word in re.split(r"[（）()・、]", title) if word)


@lru_cache(maxsize=1024)
def variants(typed: str) -> tuple[str, ...]:
    """Return the ways of writing a key: camel, underscore, capitals, full width, one and many."""
    narrow = folded(typed).rstrip(":：")
    code = _dashed(narrow)
    forms = [code, code + "s", code.removesuffix("s"), re.sub(r"y\Z", "ies", code), re.sub(r"ies\Z", "y", code)]
    if narrow != _PARENTHESES.sub("", narrow):
        forms.append(_PARENTHESES.sub("", narrow))
    return tuple(dict.fromkeys(form for form in forms if form))


def key_for(typed: str, allowed: Mapping[str, str], *, synonyms: bool = True) -> str:
    """Find the allowed key (with its Japanese title) that a typed one surely stands for; empty when none does."""
    forms = variants(typed)
    for form in forms:
        if form in allowed:
            return form
    for form in forms:
        for key, title in allowed.items():
            if form in titles(title) or form == title:
                return key
    for form in forms if synonyms else ():
        for key in SYNONYMS.get(form, ()):
            if key in allowed:
                return key
    return ""
