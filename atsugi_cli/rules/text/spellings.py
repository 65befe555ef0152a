"""Spellings: TABLES of fixed terms of the field, and of sequences of characters that are no word."""

import re

_FIELD_TERMS = """
    まち・ひと・しごと創生総合戦略 デジタル田園都市国家構想総合戦略 デジタル田園都市国家構想
    まち・ひと・しごと創生 国立社会保障・人口問題研究所 合計特殊出生率 重要業績評価指標 地方創生推進交付金
    持続可能な開発目標 連携中枢都市圏 生産年齢人口 住民基本台帳 東京一極集中 人口ビジョン 少子高齢化
"""
FIELD_TERMS = tuple(_FIELD_TERMS.split())
"""Terms of which one character more, less or other makes no other term of the field."""

_WRONG = """
    地方創成→地方創生 地方創世→地方創生 会義(?![援務理捐勇])→会議 目漂→目標 指漂→指標 戦賂→戦略
    基本目票→基本目標 数値目票→数値目標 業積(?=評価|指標)→業績 (?<!重要)行績評価→業績評価 ずくり→づくり
    基ずく→基づく 取粗→取組 施索→施策 推新→推進 専問→専門 徹低→徹底 完壁→完璧 特微→特徴 気侯→気候
    侯補(?!佐)→候補 綱羅→網羅 逐行(?=し|す)→遂行 除々に→徐々に 一諸に→一緒に 環竟→環境 災書→災害
    枝術→技術 侍機→待機 自冶→自治 定往(?!復)→定住 移往(?!復)→移住 往宅(?!診)→住宅 圏城→圏域
    地城(?=の|を|に|が|で|と|社会|経済|住民|活性|資源|公共|医療|福祉|包括|産業|交通|防災|づくり|おこし)→地域
    高令(?=者|化)→高齢 (?<!特殊)出生卒→出生率 含計(?!画)→合計 総含(?=的|計|戦|政|支|窓)→総合
    割含(?![むまみめ有])→割合 転人(?=者数|超過|促進|届)→転入
    年問(?=の平均|平均|延べ|の出生|の入込|の利用|の来場|の観光)→年間 期問(?=中|内|は|を|の)→期間
    間題(?![材名目字])→問題 支緩→支援 維特(?=す|し|を|の)→維持 特続→持続 人ロ(?![ァ-ヶー])→人口
    魅カ(?![ァ-ヶー])→魅力 協カ(?![ァ-ヶー])→協力 能カ(?![ァ-ヶー])→能力 努カ(?![ァ-ヶー])→努力
    活カ(?![ァ-ヶー])→活力 体カ(?![ァ-ヶー])→体力 学カ(?![ァ-ヶー])→学力 第ニ(?=[期次回章節部編種])→第二
    (?<![ァ-ヶー])ニ地域(?=居住|生活)→二地域 (?<![ァ-ヶー])ニ拠点(?=居住|生活)→二拠点
    (?<![ァ-ヶー])ニ酸化→二酸化 (?<![ァ-ヶー])エ業(?=団地|用地|地域|製品|出荷|都市|統計|の)→工業
    (?<![ァ-ヶー])エ事(?=[のをがは]|費|請負|中)→工事 トランスフォメーション→トランスフォーメーション
    コミニュケーション→コミュニケーション コミニュティ→コミュニティ コミニティ→コミュニティ
    シュミレーション→シミュレーション ワーケション→ワーケーション SDG’s→SDGs SDG's→SDGs SDGｓ→SDGs
    SDGS(?![A-Za-z])→SDGs (?<![0-9A-Za-z@./_-])sdgs(?![0-9A-Za-z@./_-])→SDGs
"""
_PAIRS = tuple((typed, meant) for typed, _, meant in (each.partition("→") for each in _WRONG.split()))
"""Words as a scan, a handwriting or a wrong conversion leaves them, and what was meant. None of these sequences stands
in a right text: what follows or stands before in (?!…) makes another word of it."""

_LONE: tuple[tuple[str, str], ...] = (
    # one character that stands where only another one can; each pattern begins with it
    ("ヘ(?<=[ぁ-ん一-龠々]ヘ)(?<![号項条]ヘ)(?=[のもはと一-龠])", "へ"),
    ("ー(?<![ァ-ヶぁ-んーA-Za-zＡ-Ｚａ-ｚ0-9０-９]ー)(?=[部体覧時般層括環貫期次])", "一"),
    ("カ(?<=[一-龠々]カ)(?<![一二三四五六七八九十百千数各何]カ)(?=[をにがはでもとへ、。])", "力"),
    ("ロ(?<=[窓入出河蛇戸]ロ)(?![ァ-ヶー])", "口"),
    ("○(?<=[一二三四五六七八九]○)(?=[一二三四五六七八九〇○年])", "〇"),
    ("O(?<=[0-9]O)(?=[0-9人件回円千万%％])", "0"),
)
"""Katakana for hiragana, a long vowel or a sign for a numeral, a letter for a digit."""

_LONG_VOWELS = """
    サービス データ ネットワーク スポーツ ニーズ テーマ サポート スマート スタート インターネット グローバル
    コーディネート リーダー ワークショップ アンケート イノベーション コミュニケーション プロモーション セーフティ
    ホームページ トランスフォーメーション ワーケーション テレワーク コーディネーター リニューアル カーボンニュートラル
    フォーラム ツーリズム マーケット マーケティング ユニバーサル ローカル ウォーキング オープン
"""
_BAR = "[一―－−‐–—]"
"""Characters that are typed or scanned for a long vowel: サ一ビス, デ－タ."""


def _barred(word: str) -> str:
    """Return a pattern for a word of which one inner long vowel is a bar; at its end a bar may begin another word."""
    at = [index for index, character in enumerate(word[:-1]) if character == "ー"]
    return "|".join(word[:index] + _BAR + word[index + 1 :] for index in at)


_TYPED = (*_PAIRS, *_LONE, *((_barred(word), word) for word in _LONG_VOWELS.split()))
_RIGHT: tuple[tuple[str, str], ...] = _TYPED

_STEMS = tuple(re.sub(r"\(\?[^)]*\)+", "", typed) for typed, _ in _PAIRS)
_MAYBE_LONE = tuple((typed[0], typed) for typed, _ in _LONE)
_MAYBE_BARRED = f"[ァ-ヺ]{_BAR}[ァ-ヺ]"
WRONG = "|".join(typed for typed, _ in _TYPED)


def right(match: re.Match[str]) -> str:
    """Return what was meant by a match of re.compile(WRONG)."""
    return next(meant for pattern, meant in _RIGHT if re.compile(pattern).match(match.string, match.start()))


def may_be_wrong(text: str, alphabet: str) -> bool:
    """Check cheaply whether a file may hold a slip at all, by the characters that it uses: most hold none."""
    used = frozenset(alphabet)
    if any(used.issuperset(stem) and stem in text for stem in _STEMS):
        return True
    if any(character in used and re.search(pattern, text) for character, pattern in _MAYBE_LONE):
        return True
    return not used.isdisjoint(_BAR) and re.compile(_MAYBE_BARRED).search(text) is not None
