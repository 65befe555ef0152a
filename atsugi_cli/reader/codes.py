"""Codes: the rules of the YAML reading layer (構文), the table that its findings point into."""

from atsugi_cli.catalogue import Catalogue, Entry, Severity


def _entry(code: str, label: str, doc: str, example: str = "", severity: Severity = "error") -> Entry:
    return Entry(code, label, "yaml", doc, severity, example)


NOT_UTF8 = _entry(
    "not-utf8",
    "文字コードがUTF-8でない",
    "ファイルの文字コードがUTF-8ではありません（Shift_JIS、UTF-16 など）。\n"
    "メモ帳: 「名前を付けて保存」で文字コードに「UTF-8」を選びます。"
    "VS Code: 右下の文字コード名から「エンコード付きで再度開く」→ Shift JIS、続けて「エンコード付きで保存」→ UTF-8。",
    "# Shift_JIS で保存した 2023-10.yaml\n→ # UTF-8 で保存し直した 2023-10.yaml",
)
NOT_TEXT = _entry(
    "not-text",
    "YAMLではないファイル",
    "Excel・Word・PDF・画像などのファイルで、YAMLの文章ではありません。\n"
    "内容をYAMLとして書き起こします（ひな形は strategy init）。",
    "# 2023-10.xlsx の名前を 2023-10.yaml に変えただけのファイル\n→ # strategy init で作ったひな形に書き写す",
)
UNREADABLE_FILE = _entry(
    "unreadable-file",
    "読めないファイル",
    "フォルダの中のファイルやフォルダを開けません（権限がない、リンクの先がない、パイプや装置である、大きすぎる）。\n"
    "ほかのファイルの検証は続けます。",
    "# リンクの先が消えた 2023-10.yaml\n→ # リンクではなく、ファイルそのものを置く",
)
TOO_LARGE = _entry(
    "too-large",
    "大きすぎるファイル",
    "ファイルの大きさ、または項目の数が、読み込める上限を超えています。",
    "# 20 MB の一つのファイル\n→ # 計画ごと、版ごとに一つのファイル",
)
TOO_DEEP = _entry(
    "too-deep",
    "入れ子が深すぎる",
    "入れ子（字下げや括弧の重なり）が64段を超えています。\n閉じ忘れた括弧「[」「{」が続いていないか確かめます。",
    "# note: [[[[[[[[ （括弧が64段を超えて重なる）\n→ note: 覚え書き",
)
EMPTY_FILE = _entry(
    "empty-file",
    "空のファイル",
    "ファイルに内容がありません（空、またはコメントだけです）。",
    "# コメントだけ\n→ format: 1\n  plan: …",
)
CONTROL_CHARACTER = _entry(
    "control-character",
    "制御文字",
    "目に見えない制御文字が入っています。\nWord や PDF からの貼り付けで紛れ込みます。その文字を消します。",
    "# title: 転入␋促進 （␋ は目に見えない文字）\n→ title: 転入促進",
)
LINE_SEPARATOR = _entry(
    "line-separator",
    "特殊な改行文字",
    "ふつうの改行ではない改行文字（U+2028、U+2029、U+0085）が入っています。\n"
    "Word や PDF からの貼り付けで紛れ込み、読み手によって改行になったりならなかったりします。",
    "# title: 転入⏎促進 （⏎ は U+2028）\n→ title: 転入促進",
)
CONFLICT_MARKER = _entry(
    "conflict-marker",
    "競合の印が残っている",
    "git の競合の印（<<<<<<< ======= >>>>>>>）が残っています。\nどちらの内容を採るか決め、印の行を消します。",
    "<<<<<<< HEAD\ntitle: 転入促進\n=======\ntitle: 転入の促進\n>>>>>>> branch\n→ title: 転入の促進",
)
TAB_INDENT = _entry(
    "tab-indent",
    "字下げのタブ",
    "行頭の字下げにタブがあります。YAMLの字下げは半角の空白だけです。",
    "goals:\n\t- id: inflow\n→ goals:\n    - id: inflow",
)
WIDE_SPACE_INDENT = _entry(
    "wide-space-indent",
    "字下げの全角空白",
    "行頭の字下げに、全角空白などの半角ではない空白があります。見た目は同じでも字下げになりません。",
    "plan:\n\u3000id: atsugi-2\n→ plan:\n  id: atsugi-2",
)
FULL_WIDTH_COLON = _entry(
    "full-width-colon",
    "全角のコロン",
    "キーの後のコロンが全角「：」です。半角のコロンと空白「: 」を書きます。",
    "title：転入促進\n→ title: 転入促進",
)
COLON_WITHOUT_BLANK = _entry(
    "colon-without-blank",
    "コロンの後の空白がない",
    "キーの後のコロンに半角の空白が続いていません。空白がないと、キーではなく一続きの文字として読まれます。",
    "title:転入促進\n→ title: 転入促進",
)
DASH_WITHOUT_BLANK = _entry(
    "dash-without-blank",
    "「-」の後の空白がない",
    "箇条書きの「-」に半角の空白が続いていません。空白がないと、箇条書きではなく文字として読まれます。",
    "-id: inflow\n→ - id: inflow",
)
FULL_WIDTH_MARK = _entry(
    "full-width-mark",
    "全角の記号",
    "YAMLの記号（- # [ ] { } ,）が全角で書かれています。半角で書きます。",
    "from: ［society5、new-normal］\n→ from: [society5, new-normal]",
)
UNCLOSED_QUOTE = _entry(
    "unclosed-quote",
    "閉じていない引用符",
    "引用符（\" または '）が、その行で閉じていません。",
    'title: "転入促進\n→ title: "転入促進"',
)
TEXT_AFTER_QUOTE = _entry(
    "text-after-quote",
    "引用符の後の文字",
    "引用符で始まる値の、閉じる引用符の後に文字が続いています。値の全体を囲みます。",
    'title: "つながり" の創出\n→ title: \'"つながり" の創出\'',
)
UNCLOSED_BRACKET = _entry(
    "unclosed-bracket",
    "閉じていない括弧",
    "括弧「[」または「{」が閉じていません。",
    "from: [society5, new-normal\n→ from: [society5, new-normal]",
)
MISSING_COMMA = _entry(
    "missing-comma",
    "コンマがない",
    "波括弧 { } の中の「キー: 値」の間に、半角のコンマがありません。",
    "target: {year: 2026 value: 120}\n→ target: {year: 2026, value: 120}",
)
RESERVED_START = _entry(
    "reserved-start",
    "記号で始まる値",
    "YAMLで特別な意味を持つ記号（@ ` % & * ! | > [ { など）で値が始まっています。値の全体を引用符で囲みます。",
    'title: [重要] 転入促進\n→ title: "[重要] 転入促進"',
)
COLON_IN_TEXT = _entry(
    "colon-in-text",
    "値の中の「: 」",
    "引用符のない値の中に「: 」（半角コロンと空白）があります。YAMLはそこをキーの終わりと読みます。",
    'title: 目標1: 転入促進\n→ title: "目標1: 転入促進"',
)
LIST_IN_TEXT = _entry(
    "list-in-text",
    "箇条書きにならない「- 」",
    "「- 」が箇条書きにならず、値の一部か誤りになります。キーの行では値を書かず、次の行から「- 」を並べます。",
    "owners: 企画政策課\n  - 産業振興課\n→ owners:\n  - 企画政策課\n  - 産業振興課",
)
MISSING_COLON = _entry(
    "missing-colon",
    "コロンがない",
    "キーの後に「:」がありません。",
    "id: inflow\ntitle 転入促進\n→ id: inflow\ntitle: 転入促進",
)
UNEVEN_INDENT = _entry(
    "uneven-indent",
    "そろわない字下げ",
    "行頭の字下げが、同じ並びの行とそろっていません。",
    "- id: inflow\n   title: 転入促進\n→ - id: inflow\n  title: 転入促進",
)
BAD_ESCAPE = _entry(
    "bad-escape",
    "引用符の中の「\\」",
    "二重引用符 \" の中の「\\」の使い方が正しくありません。「\\」をそのまま書くには ' で囲みます。",
    "note: \"C:\\共有\"\n→ note: 'C:\\共有'",
)
SYNTAX = _entry(
    "syntax",
    "YAMLの書き方の誤り",
    "YAMLとして読めない書き方があります。",
    "title: '転入促進'\n  と定着\n→ title: 転入促進と定着",
)
DUPLICATE_KEY = _entry(
    "duplicate-key",
    "重複したキー",
    "同じキーが、一つの項目の中に二度書かれています。どちらの値か決められません。",
    "title: 転入促進\ntitle: 転入の促進\n→ title: 転入の促進",
)
NON_TEXT_KEY = _entry(
    "non-text-key",
    "文字ではないキー",
    "キーが文字ではありません（数、true・false・null、空、または [ ] や { }）。引用符で囲みます。",
    'terms: {2024: 令和6年度}\n→ terms: {"2024": 令和6年度}',
)
MERGE_KEY = _entry(
    "merge-key",
    "差し込みキー「<<」",
    "キー「<<」（ほかの項目の内容の差し込み）は使えません。内容をその場に書きます。",
    "<<: *base\n→ unit: 人",
)
ANCHOR = _entry(
    "anchor",
    "アンカーと別名",
    "アンカー「&名前」と別名「*名前」は使えません。内容をそれぞれの場所に書きます。",
    "target: &t {year: 2026, value: 100}\n→ target: {year: 2026, value: 100}",
)
TAG = _entry(
    "tag",
    "タグ",
    "タグ（「!」で始まる型の指定）は使えません。文字としての「!」なら引用符で囲みます。",
    'title: !important 転入\n→ title: "!important 転入"',
)
DIRECTIVE = _entry(
    "directive",
    "「%」で始まる指示",
    "「%YAML」などの「%」で始まる指示は使えません。その行を消します。",
    "%YAML 1.2\nformat: 1\n→ format: 1",
)
SEVERAL_DOCUMENTS = _entry(
    "several-documents",
    "一つのファイルに複数の文書",
    "文書の区切り「---」または「...」の後に、もう一つの文書があります。1版を1ファイルに書きます。",
    "format: 1\n---\nformat: 1\n→ format: 1",
)
AMBIGUOUS_SCALAR = _entry(
    "ambiguous-scalar",
    "読み手により変わる値",
    "引用符がないと、ほかのYAMLソフトが文字以外（真偽値・日付・数など）として読む値です。",
    'note: no\n→ note: "no"',
    severity="note",
)
CUT_OFF = _entry(
    "cut-off",
    "「 #」で切れた値",
    "値の中の「 #」から後がコメントになり、値が途中で切れています。",
    'title: 対策 #1\n→ title: "対策 #1"',
    severity="warning",
)

MORE_FINDINGS = _entry(
    "more-findings",
    "多すぎる指摘",
    "一つのファイルに同じ種類の指摘が1,000件より多いとき、残りは調べません。\n"
    "一つの原因が繰り返されていることがほとんどです。まとめて直してから、もう一度検証します。",
    "# 2,000 個の KPI に target がない\n→ # KPI に target を書き足し、strategy validate をもう一度",
    severity="note",
)

RULES = Catalogue("構文", tuple(each for each in list(globals().values()) if isinstance(each, Entry)))
"""All of the above, in their order."""
