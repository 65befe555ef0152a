"""Schema codes: the rules that the schema gives (書式), the table that findings of `reader.explain` point into."""

from atsugi_cli.catalogue import Entry

KIND = "書式の誤り"
"""What the findings of these rules are called together."""


def _entry(code: str, label: str, doc: str, example: str = "") -> Entry:
    return Entry(code, label, "schema", doc, "error", example)


NOT_A_STRATEGY = _entry(
    "not-a-strategy",
    "総合戦略のファイルではない",
    "総合戦略の版のファイル（format、plan、edition で始まるYAML）ではありません。\n"
    "ほかのYAMLファイルを版のフォルダに置いていないか確かめます。ひな形は strategy init で作れます。",
    "name: CI\non: push\n→ format: 1\n  plan: …\n  edition: …",
)
NOT_A_PROFILE = _entry(
    "not-a-profile",
    "設定のファイルではない",
    "自治体の設定（profile.yaml）に書くキーが一つもありません。\n"
    "版のファイルなら、名前を版の id（例: 2023-10.yaml）にします。",
    "# profile.yaml\nformat: 1\nplan: …\n→ format: 1\n  city: 厚木市",
)
UNKNOWN_KEY = _entry(
    "unknown-key",
    "使えないキー",
    "その場所では使えないキーです（つづりの誤り、別の名前、書く場所の誤り）。\n"
    "自由な覚え書きは、x- で始まるキー（例: x-memo）に書けます。",
    "titel: 転入促進\n→ title: 転入促進",
)
MISSING_KEY = _entry(
    "missing-key",
    "必須のキーがない",
    "必ず書くキーがありません。\n原典に書かれていない項目は、title や name の代わりに omitted: true と書きます。",
    "- id: inflow\n→ - id: inflow\n  title: 転入促進",
)
WRONG_TYPE = _entry(
    "wrong-type",
    "値の種類の誤り",
    "数を書くところに文字がある、一覧を書くところに値が一つだけある、など値の種類が違います。\n"
    "数は半角の数字だけで書き（引用符、桁区切り、単位、▲を付けません）、単位は unit に書きます。",
    'target: {year: 2026, value: "1,200人"}\n→ unit: 人\n  target: {year: 2026, value: 1200}',
)
EMPTY_VALUE = _entry(
    "empty-value",
    "空の値",
    "キーの後に値がありません。\n値を書くか、書くことがなければその行を消します。",
    "title:\n→ title: 転入促進",
)
BAD_VALUE = _entry(
    "bad-value",
    "選択肢にない値",
    "決まった言葉（コード）から選ぶところに、それ以外の値があります。",
    "stage: 素案\n→ stage: draft",
)
BAD_FORMAT = _entry(
    "bad-format",
    "値の形の誤り",
    "id、日付、年などの書き方の形に合っていません。\n"
    "id は半角の小文字英数字とハイフン、日付は 2023-10-17、年は西暦4桁で書きます。",
    "date: 令和5年10月17日\n→ date: 2023-10-17",
)
OUT_OF_RANGE = _entry(
    "out-of-range",
    "範囲の外の数",
    "書ける範囲の外にある数です。年は西暦4桁で書きます。",
    "year: 23\n→ year: 2023",
)
TOO_FEW = _entry(
    "too-few",
    "一覧の項目が足りない",
    "一覧の項目が足りません。\n集計期間は最初と最後の年度の二つを書きます。書くことがない一覧は、その行を消します。",
    "span: [2026]\n→ span: [2021, 2026]",
)
TOO_MANY = _entry(
    "too-many",
    "一覧の項目が多すぎる",
    "一覧の項目が多すぎます。集計期間は最初と最後の年度の二つだけを書きます。",
    "span: [2021, 2022, 2023]\n→ span: [2021, 2023]",
)
REPEATED_VALUE = _entry(
    "repeated-value",
    "一覧の中の重複",
    "同じ値が一つの一覧に二度書かれています。一つを消します。",
    "owners: [企画政策課, 企画政策課]\n→ owners: [企画政策課]",
)
OMITTED_WITH_TITLE = _entry(
    "omitted-with-title",
    "原典にない項目の名称",
    "omitted: true（原典に書かれていない）の項目に、title や name が書かれています。どちらかを消します。",
    "{id: relations-2, title: 交流の促進, omitted: true}\n→ {id: relations-2, omitted: true}",
)

OPINION_CHANGE = _entry(
    "opinion-change",
    "意見の反映先",
    "「反映」とした意見に changes がないか、changes の id が、この改定で変わったものの id ではありません。\n"
    "意見によって変わった項目や指標の id を changes に書きます。変えていなければ、result を「参考」などに改めます。",
    "- {no: 1, from: 市民, text: …, answer: …, result: 反映}\n"
    "→ - {no: 1, from: 市民, text: …, answer: …, result: 反映, changes: [firms]}",
)
BROKEN_TABLE = _entry(
    "broken-table",
    "列の数がそろわない表",
    "会議の資料の本文にある表（| で始まる行）で、行によって列の数が違います。\n"
    "どの行も、見出しの行と同じ数だけ | で区切ります。",
    "| 年 | 出生数 |\n| 令和4年 |\n→ | 年 | 出生数 |\n| 令和4年 | 1,308人 |",
)

SCHEMA_CODES = tuple(each for each in list(globals().values()) if isinstance(each, Entry))
"""All of the above, in their order."""
