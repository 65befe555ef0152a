"""Tables as the sections of made-up cities keep them, each with its own habits; imports/ has what becomes of them."""

import csv
import datetime as dt
import io

import docx
import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

CASES = {}
"""Name → a function that returns (name of the file, bytes)."""


def case(made):
    """Register a table."""
    CASES[made.__name__] = made
    return made


def book(*sheets):
    """Write sheets (name, rows, spans to merge, what else is to be done) as a workbook."""
    work = openpyxl.Workbook()
    work.remove(work.active)
    for name, rows, *more in sheets:
        sheet = work.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for span in (more[0] if more else "").split():
            sheet.merge_cells(span)
        for edit in more[1:]:
            edit(sheet)
    data = io.BytesIO()
    work.save(data)
    return "k.xlsx", data.getvalue()


def lines(text, encoding="utf-8"):
    return "k.txt", text.encode(encoding)


def table(rows, encoding="cp932"):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return "k.csv", out.getvalue().encode(encoding)


def paper(*parts):
    """Write headings (level, words), paragraphs and tables (rows, merged cells) as a Word file."""
    work = docx.Document()
    for part in parts:
        if isinstance(part, str):
            work.add_paragraph(part)
        elif isinstance(part[0], int):
            work.add_heading(part[1], part[0])
        else:
            rows, merges = part
            there = work.add_table(len(rows), len(rows[0]))
            for at, row in enumerate(rows):
                for column, words in enumerate(row):
                    if words is not None:
                        there.cell(at, column).text = str(words)
            for one, other in merges:
                there.cell(*one).merge(there.cell(*other))
    data = io.BytesIO()
    work.save(data)
    return "k.docx", data.getvalue()


@case
def year_columns_merged_over_aims_and_results():
    rows = [
        ["第2期例示市まち・ひと・しごと創生総合戦略　進捗管理表"],
        ["施策", "KPI", "単位", "基準値", "令和3年度", None, "令和4年度", None, "令和5年度", None, "所管"],
        [None, None, None, "R1", "目標", "実績", "目標", "実績", "目標", "実績", None],
        ["港の賑わい", "クルーズ船の寄港数", "隻", 4, 6, 5, 8, 9, 10, None, "港湾課"],
        ["港の賑わい", "朝市の来場者数", "人", 12000, 13000, 9800, 14000, 13500, 15000, None, "水産課"],
    ]
    return book(("進捗", rows, "A1:K1 E2:F2 G2:H2 I2:J2 A2:A3 B2:B3 C2:C3 K2:K3 A4:A5"))


@case
def results_of_many_years():
    years = [f"H{year}実績" for year in range(27, 31)] + ["R1実績", "R2実績", "R3実績"]
    rows = [
        ["基本目標", "数値目標", "基準値(H26)", *years, "目標値(R6)"],
        ["しごとをつくる", "創業件数（累計）", "12件", "15件", "22件", "31件", "40件", "52件", "58件", "66件", "120件"],
        ["しごとをつくる", "有効求人倍率", 0.84, 0.91, 1.02, 1.11, 1.2, 1.18, 0.95, 0.99, 1.2],
    ]
    return book(("Sheet1", rows))


@case
def assessment_and_issues_side_by_side():
    rows = [
        ["具体的施策", "重要業績評価指標(KPI)", "基準値", "目標値", "R5実績", "評価", "課題", "今後の方向性", "担当課"],
        [
            "空き家の活用",
            "空き家バンク成約数",
            "R1: 3件",
            "R6: 20件",
            "14件",
            "B",
            "登録物件が少ない",
            "所有者へ周知",
            "住まい課",
        ],
        ["空き家の活用", "相談件数", "R1: 25件", "R6: 60件", "71件", "A", "", "継続", "住まい課"],
    ]
    return book(("評価シート", rows))


@case
def units_within_the_headings():
    rows = [
        ["政策", "施策", "指標", "現状値（人）", "目標値（人）", "担当"],
        ["健やかに暮らす", "健診を受ける", "特定健診の受診者", 3120, 4000, "健康課"],
        ["健やかに暮らす", "体を動かす", "体操教室の参加者", "延べ850", "延べ1,200", "スポーツ課"],
    ]
    return book(("指標", rows))


@case
def goals_as_banners_between_tables():
    head = ["施策", "主な事業", "KPI", "現状値", "目標値"]
    rows = [
        ["例示町総合戦略（令和6年度～令和10年度）"],
        ["【基本目標１】例示で働く"],
        head,
        ["農業を継ぐ", "就農支援事業", "新規就農者数", "2人（R5）", "10人（R10）"],
        [],
        ["【基本目標２】例示に住む"],
        head,
        ["住まいを支える", "新築補助事業", "転入世帯数", "8世帯（R5）", "30世帯（R10）"],
    ]
    return book(("戦略", rows, "A1:E1 A2:E2 A6:E6"))


@case
def a_sheet_for_each_goal_named_on_its_tab_alone():
    head = ["施策名", "指標名", "単位", "R5", "R10目標", "担当"]
    return book(
        ("基本目標1 産業", [head, ["地場産業の振興", "出荷額", "億円", 120, 150, "産業課"]]),
        ("基本目標2 定住", [head, ["住環境の整備", "転出超過数", "人", "▲150", "▲50", "まちづくり課"]]),
    )


@case
def a_legend_under_the_table():
    rows = [
        ["施策", "KPI", "目標値", "実績値", "評価"],
        ["図書館の充実", "貸出冊数", "10万冊", "8万5千冊", "○"],
        ["公園の充実", "利用者満足度", "80％", "82.5％", "◎"],
        [],
        ["凡例", "◎", "目標を上回った"],
        [None, "○", "おおむね達成"],
        [None, "△", "未達成"],
        ["注1", "貸出冊数は分館を含む。"],
    ]
    return book(("表", rows))


@case
def subtotal_rows():
    rows = [
        ["基本目標", "取組", "指標", "目標値", "決算額（千円）"],
        ["観光を伸ばす", "祭りの開催", "来場者数", "5万人", 3200],
        ["観光を伸ばす", "案内板の設置", "設置数", "20基", 1800],
        ["小計", None, None, None, 5000],
        ["若者を育てる", "奨学金", "利用者数", "30人", 2400],
        ["小計", None, None, None, 2400],
        ["合計", None, None, None, 7400],
    ]
    return book(("R5", rows))


@case
def cells_merged_downwards_in_every_column():
    rows = [
        ["基本目標", "施策", "指標", "基準値", "目標値", "担当課"],
        ["1 学び", "1-1 学校", "不登校の割合", "2.1%", "1.5%以下", "学校課"],
        [None, None, "英検3級取得率", "34.0%", "50.0%", None],
        [None, "1-2 社会教育", "講座数", "24講座", "30講座", "生涯学習課"],
        ["2 防災", "2-1 備え", "自主防災組織率", "61%", "80%", "防災課"],
        [None, None, None, None, None, None],
    ]
    return book(("k", rows, "A2:A4 B2:B3 F2:F3 A5:A6 B5:B6 C5:C6 D5:D6 E5:E6 F5:F6"))


@case
def bullets_within_cells():
    rows = [
        ["施策", "主な取組内容", "KPI", "基準値", "目標値"],
        [
            "子育て支援",
            "・相談窓口の設置\n・訪問支援\n　（産後4か月まで）",
            "相談件数",
            "120件\n（R4）",
            "200件\n（R9）",
        ],
        ["働き方改革", "①認定制度\n②セミナーの開催", "認定企業数", "5社\n（R4）", "25社\n（R9）"],
    ]
    return book(("k", rows))


@case
def an_indicator_listed_again():
    rows = [
        ["基本目標", "施策", "指標名", "基準値", "目標値"],
        ["目標A", "施策A", "観光入込客数", "45万人", "60万人"],
        ["目標B", "施策B", "観光入込客数（再掲）", "45万人", "60万人"],
        ["目標B", "施策C", "【再掲】観光入込客数", "45万人", "60万人"],
    ]
    return book(("k", rows))


@case
def years_of_an_era_that_had_ended():
    rows = [
        ["基本方向", "指標", "基準値\n（平成26(2014)年度）", "目標値\n（平成32(2020)年度）"],
        ["人の流れ", "転入者数", 1850, 2000],
        ["人の流れ", "転出者数", 2100, "1,900人以下"],
    ]
    return book(("k", rows))


@case
def rates_in_percent_formats():
    def edit(sheet):
        for row, form in ((2, "0%"), (3, "0.0%"), (4, "0.00%")):
            sheet.cell(row, 3).number_format = sheet.cell(row, 4).number_format = form

    rows = [
        ["施策", "指標名", "現状値", "目標値"],
        ["ごみ減量", "リサイクル率", 0.213, 0.3],
        ["ごみ減量", "再生利用率", 0.1856, 0.2],
        ["医療", "受診率", 0.45678, 0.5],
    ]
    return book(("k", rows, "", edit))


@case
def dates_typed_as_days():
    rows = [
        ["施策", "指標名", "基準日", "基準値", "目標年月日", "目標値"],
        ["人口", "総人口", "2024/4/1", "52,310人", "2030/4/1", "52,000人"],
        ["人口", "年少人口", dt.date(2024, 4, 1), 6120, dt.date(2030, 4, 1), 6300],
    ]
    return book(("k", rows))


@case
def wide_digits_as_text():
    rows = [
        ["施策", "指標名", "単位", "基準値", "目標値"],
        ["水道", "有収率", "％", "８９．５", "９２．０以上"],
        ["下水道", "普及率", "％", "７８．３", "８５"],
        ["道路", "舗装延長", "ｋｍ", "１，２３４", "１，３００"],
    ]
    return book(("k", rows))


@case
def struck_out_cells():
    def edit(sheet):
        sheet["C2"].font = Font(strike=True)
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    rows = [
        ["施策", "指標名", "基準値", "目標値"],
        ["交通", "バス利用者数", "10万人", "12万人"],
        ["交通", "タクシー券の利用", "300枚", "500枚"],
    ]
    return book(("k", rows, "", edit))


@case
def hidden_columns_and_a_filter():
    def edit(sheet):
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.auto_filter.ref = "A1:E3"

    rows = [
        ["施策", "指標名", "前回の目標値", "基準値", "目標値"],
        ["森林", "間伐面積", "50ha", "32ha", "60ha"],
        ["農地", "遊休農地", "20ha", "25ha", "15ha以下"],
    ]
    return book(("k", rows, "", edit))


@case
def headings_of_word_as_the_tree():
    head = ["指標", "基準値", "目標値"]
    return paper(
        (1, "基本目標1　まちに活力を"),
        "産業と観光を伸ばします。",
        (2, "施策1　商店街の再生"),
        "空き店舗を活かします。",
        (3, "取組① 空き店舗の活用"),
        ([head, ["空き店舗数", "32店（R5）", "20店以下（R10）"]], []),
        (3, "取組② 市の開催"),
        ([head, ["開催数", "4回（R5）", "12回（R10）"]], []),
        (2, "施策2　観光の振興"),
        ([head, ["宿泊者数", "2万人（R5）", "3万人（R10）"]], []),
        (1, "基本目標2　ひとに安心を"),
        (2, "施策1　医療の確保"),
        ([head, ["救急搬送時間", "38分（R5）", "35分（R10）"]], []),
    )


@case
def headings_of_word_without_the_words_of_levels():
    head = ["KPI", "現状値", "目標値", "担当課"]
    return paper(
        (1, "第1章　はじめに"),
        "この戦略は令和7年度から令和11年度までです。",
        (1, "第2章　施策の展開"),
        (2, "1　産業を興す"),
        (3, "(1)　起業の支援"),
        ([head, ["起業数", "6件", "30件", "商工課"]], []),
        (3, "(2)　企業の誘致"),
        ([head, ["立地企業数", "2社", "8社", "企業誘致室"]], []),
        (2, "2　子どもを育てる"),
        (3, "(1)　保育の充実"),
        ([head, ["待機児童数", "12人", "0人", "こども課"]], []),
    )


@case
def tabs_pasted_from_the_web():
    return lines(
        "例示村総合戦略 KPI一覧\n"
        "基本目標\t施策\t指標\t基準値\t目標値\n"
        "山に生きる\t林業の再生\t素材生産量\t1.2万㎥（R4）\t1.5万㎥（R9）\n"
        "\t鳥獣対策\t被害額\t320万円（R4）\t200万円以下（R9）\n"
        "里に暮らす\t移住の支援\t移住者数\t年間15人\t年間30人\n"
        "\n※基準値は令和4年度\n"
    )


@case
def pipes_of_a_table_in_markdown():
    return lines(
        "| 施策 | 指標 | 単位 | 基準値(R5) | 目標値(R10) |\n|---|---|:-:|--:|--:|\n"
        "| 河川の美化 | 清掃参加者 | 人 | 1,020 | 1,500 |\n| 緑化 | 植樹数 | 本 | 300 | 1,000（5年間累計） |\n"
    )


@case
def a_csv_whose_cells_have_line_breaks_and_commas():
    return table(
        [
            ["平成31年度 まち総合戦略検証シート", "", "", "", ""],
            ["施策", "KPI", "基準値\n(H27)", "目標値\n(H31)", "実績値\n(H30)"],
            ["ふるさと納税,寄附", "寄附額", "1,250万円", "5,000万円", "3,872万円"],
            ["", "寄附件数", '"特例"を除き 620件', "2,000件", "1,755件"],
        ]
    )


@case
def codes_before_the_names():
    rows = [
        ["施策コード", "施策名", "事業コード", "事業名", "KPI", "目標値（R8）", "担当課名"],
        ["1-2-3", "創業支援", "123-01", "創業塾", "受講者数", "40人", "商工労政課"],
        ["1-2-3", "創業支援", "123-02", "融資利子補給", "利用件数", "25件", "商工労政課"],
    ]
    return book(("k", rows))


@case
def aims_year_by_year():
    rows = [
        ["施策", "指標名", "基準値", "目標値", None, None, None, None, "備考"],
        [None, None, "R6", "R7", "R8", "R9", "R10", "R11", None],
        ["健康", "歩数", "6,500歩", "6,800", "7,100", "7,400", "7,700", "8,000", "平均"],
        ["健康", "肥満率", "28.4%", "28", "27", "26", "25", "24", None],
    ]
    return book(("k", rows, "A1:A2 B1:B2 D1:H1 I1:I2"))


@case
def answers_in_words():
    rows = [
        ["施策", "指標名", "現状", "目標", "担当課"],
        ["計画づくり", "立地適正化計画の策定", "未策定", "策定（R8）", "都市計画課"],
        ["計画づくり", "地区計画の数", "3地区", "増加", "都市計画課"],
        ["評判", "住みやすさの順位", "県内12位", "県内10位以内", "企画課"],
        ["評判", "合計特殊出生率", "1.38（H30～R4）", "1.60", "企画課"],
        ["評判", "職員の男女比", "6：4", "5：5", "人事課"],
    ]
    return book(("k", rows))


@case
def headings_in_three_lines():
    rows = [
        ["令和6年度　目標管理表", None, None, None, None, None, None, None],
        ["体系", None, "指標", None, "数値", None, None, None],
        ["基本目標", "施策", "名称", "単位", "基準", None, "目標", None],
        [None, None, None, None, "年度", "値", "年度", "値"],
        ["A 産業", "A1 農業", "認定農業者", "人", "R4", 88, "R9", 100],
        [None, "A2 商業", "プレミアム券", "冊", "R4", 5000, "R9", 6000],
    ]
    return book(("k", rows, "A1:H1 A2:B2 C2:D2 E2:H2 A3:A4 B3:B4 C3:C4 D3:D4 E3:F3 G3:H3 A5:A6"))


@case
def two_tables_side_by_side():
    rows = [
        ["施策", "指標名", "目標値", None, "施策", "指標名", "目標値"],
        ["文化", "公演数", "10回", None, "スポーツ", "大会数", "6回"],
        ["文化", "来館者", "3万人", None, "スポーツ", "会員数", "900人"],
    ]
    return book(("k", rows))


@case
def comments_and_questions_in_cells():
    def edit(sheet):
        sheet["D2"].comment = Comment("要精査。前回は18人", "財政課")
        sheet["B3"].comment = Comment("名称変更の予定", "企画課")

    rows = [
        ["施策", "指標名", "基準値", "目標値"],
        ["人材", "研修受講者", "16人？", "40人"],
        ["人材", "資格取得者", "調整中", "（検討中）"],
        ["人材", "出向者", "-", "－"],
    ]
    return book(("k", rows, "", edit))


@case
def a_form_for_each_project():
    def form(name, goal, value):
        return [
            ["事務事業評価シート"],
            ["基本目標", goal, None, "担当課", "企画課"],
            ["施策", "まちの魅力", None, "記入者", "佐藤"],
            ["事業名", name],
            ["指標名", f"{name}の件数", None, "単位", "件"],
            ["基準値", value, None, "目標値", value * 2],
            ["課題", "人手が足りない"],
        ]

    return book(("1", form("広報紙", "知ってもらう", 12)), ("2", form("動画", "来てもらう", 4)))


@case
def money_by_the_million():
    rows = [
        ["施策", "指標名", "単位", "基準値", "目標値"],
        ["税", "市税収入", "百万円", "12,345", "13,000"],
        ["税", "ふるさと納税", "円", "2億3,400万", "3億円"],
        ["観光", "消費額", "", "45.6億円", "50億円以上"],
    ]
    return book(("k", rows))


@case
def ranges_and_alternatives():
    rows = [
        ["施策", "KPI", "基準値（R5）", "目標値（R10）"],
        ["雇用", "新卒就職者", "80～90人", "100～120人"],
        ["雇用", "離職率", "約15％", "10％未満"],
        ["雇用", "求人数", "年500件程度", "累計3,000件（R6～R10）"],
        ["雇用", "企業説明会", "年2回", "年4回以上"],
    ]
    return book(("k", rows))


@case
def a_word_table_in_two_halves():
    head = ["区分", "指標", "基準値", "目標値"]
    return paper(
        "例示市人口ビジョン・総合戦略（令和7～11年度）",
        ([head, ["基本目標1", "出生数", "310人", "350人"], ["", "婚姻件数", "180件", "200件"]], [((1, 0), (2, 0))]),
        "（次のページへ続く）",
        ([head, ["基本目標2", "社会増減", "△85人", "±0人"]], []),
    )


@case
def formulas_and_errors():
    rows = [
        ["施策", "指標名", "基準値", "目標値", "達成率"],
        ["統計", "回答数", 100, "=C2*2", "#DIV/0!"],
        ["統計", "回収率", "#N/A", "60%", None],
    ]
    return book(("k", rows))


@case
def two_indicators_beside_each_other_in_a_row():
    rows = [
        ["施策", "KPI①", "基準値①", "目標値①", "KPI②", "基準値②", "目標値②"],
        ["漁業", "漁獲量", "300t", "320t", "漁業者数", "85人", "90人"],
        ["加工", "商品数", "12品", "20品", None, None, None],
    ]
    return book(("k", rows))


@case
def years_as_rows():
    rows = [
        ["年度", "転入者数", "転出者数"],
        ["R4", 1200, 1350],
        ["R5", 1250, 1300],
    ]
    return book(("推移", rows))


@case
def aims_results_and_rates_in_rows():
    rows = [
        ["施策", "指標", "単位", "区分", "R4", "R5", "R6"],
        ["読書", "貸出数", "冊", "目標", 1000, 1100, 1200],
        [None, None, None, "実績", 980, 1150, None],
        [None, None, None, "達成率", "98%", "105%", None],
        ["音楽", "演奏会", "回", "目標", 4, 5, 6],
        [None, None, None, "実績", 4, 4, None],
        [None, None, None, "達成率", "100%", "80%", None],
    ]
    return book(("k", rows, "A2:A4 B2:B4 C2:C4 A5:A7 B5:B7 C5:C7"))


@case
def from_here_to_there_in_one_cell():
    rows = [
        ["施策", "指標", "目標値"],
        ["移住", "相談件数", "120件（R5） → 200件（R10）"],
        ["移住", "移住者", "15人⇒30人"],
    ]
    return book(("k", rows))


@case
def banners_of_two_levels():
    head = ["取組", "KPI", "現状値（R5）", "目標値（R10）"]
    rows = [
        ["第3期例示市版総合戦略"],
        ["計画期間：令和6年度～令和10年度"],
        ["基本目標Ⅰ　産業の育成"],
        ["　施策（1）　農業の振興"],
        head,
        ["スマート農業", "導入農家数", "3戸", "20戸"],
        ["　施策（2）　商業の振興"],
        head,
        ["空き店舗対策", "出店数", "1店", "8店"],
        ["基本目標Ⅱ　暮らしの安心"],
        ["　施策（1）　防犯"],
        head,
        ["見守り", "協力者数", "120人", "200人"],
    ]
    return book(("k", rows, "A1:D1 A2:D2 A3:D3 A4:D4 A7:D7 A10:D10 A11:D11"))


@case
def departments_and_sections_in_two_columns():
    rows = [
        ["基本目標", "施策", "KPI", "目標値（R10）", "担当部", "担当課", "関係課"],
        ["安全", "消防", "団員数", "300人", "総務部", "危機管理課", "消防署、総務課"],
        ["安全", "防犯", "犯罪件数", "50件以下", "市民部", "市民課・地域課", None],
    ]
    return book(("k", rows))


@case
def results_and_aims_told_in_brackets():
    rows = [
        ["施策", "指標名", "R4（実績）", "R5（実績見込）", "R6（目標）", "R10（目標）", "達成率"],
        ["交通", "乗降客数", "8,100人", "8,300人", "8,500人", "9,000人", "97.6%"],
    ]
    return book(("k", rows))


@case
def a_table_that_begins_in_the_middle():
    rows = [
        [],
        [None, None, "R6.4.1現在", None, None, None],
        [],
        [None, None, "施　策", "指　標", "目\n標\n値", "担　当"],
        [None, None, "緑化", "植樹数", "1,000本", "公園課"],
        [],
        [None, None, "清掃", "参加者", "2,000人", "環境課"],
    ]
    return book(("k", rows))


@case
def what_values_may_look_like():
    rows = [
        ["施策", "KPI", "基準値", "目標値"],
        ["観光", "宿泊者", "5年間で100件", "毎年20件"],
        ["観光", "見学者", "100人/年", "年平均 120人"],
        ["観光", "満足度", "80％（H30：75％）", "前年度比10％増"],
        ["観光", "来訪者", "１２，０００人", "15 000人"],
        ["観光", "歳入", "－", "前年度以上"],
        ["観光", "発信数", "月2回", "週1回以上"],
        ["観光", "順位", "3位", "1位"],
        ["観光", "開設", "×", "○"],
        ["観光", "整備", "40％（4/10箇所）", "100％"],
        ["観光", "割合", "3人に1人", "2人に1人"],
        ["観光", "増加率", "+3.5%", "+5.0ポイント"],
    ]
    return book(("k", rows))


@case
def a_goal_called_an_aim():
    rows = [
        ["目標", "取組", "成果指標", "現状（R5）", "中間目標（R9）", "最終目標（R11）"],
        ["1 海を守る", "海岸の清掃", "参加者数", "1,250人", "1,500人", "1,800人以上"],
        [None, "藻場の再生", "藻場の面積", "△", "同左", "12haを維持"],
    ]
    return book(("k", rows))


@case
def a_goal_and_its_title_in_two_cells():
    head = ["指標", "単位", "現状値", "目標値"]
    rows = [
        ["目標1", "人を育てる"],
        head,
        ["学力", "点", 62.5, 65],
        ["目標2", "まちを守る"],
        head,
        ["耐震化率", "％", "88", "95"],
    ]
    return book(("k", rows))


@case
def sections_with_their_parts():
    rows = [
        ["施策", "KPI", "目標値", "主管課", "備考"],
        ["広報", "登録者", "3千人", "企画部 企画課（主）、財政課", "※1"],
        ["全庁", "削減率", "10%", "全課", None],
        ["協働", "団体数", "20団体", "市民協働課ほか", "前年度\n確認済"],
    ]
    return book(("k", rows))


@case
def the_same_indicator_in_several_sheets():
    head = ["施策", "指標", "基準値（R5）", "目標値（R10）"]
    return book(
        ("一覧", [head, ["子育て", "出生数", "310人", "350人"]]),
        ("進捗", [["施策", "指標", "R6実績"], ["子育て", "出生数", "305人"]]),
    )


@case
def budgets_and_telephones():
    rows = [
        ["番号", "事業名", "事業概要", "予算額（千円）", "KPI", "目標値", "担当課", "内線", "SDGs"],
        ["1-1", "祭り", "夏祭りを開く。", 1500, "来場者", "1万人", "観光課", "2231", "8, 11"],
        ["1-2", "市場", "朝市を開く。", 300, "出店数", "30店", "農政課", "2240", "2"],
    ]
    return book(("k", rows))


@case
def a_cover_a_table_of_contents_and_a_table():
    return book(
        ("表紙", [["例示町"], ["第2次まちづくり計画"], ["令和6年3月"]]),
        ("目次", [["1", "体系"], ["2", "指標"]]),
        ("指標", [["政策", "施策", "指標", "R5", "R10"], ["海", "漁港", "利用隻数", "現状 40隻", "目標 50隻"]]),
    )


@case
def a_form_in_word():
    return paper(
        "施策評価シート",
        (
            [
                ["基本目標", "町を守る"],
                ["施策", "消防力の強化"],
                ["指標名", "団員充足率"],
                ["基準値（R5）", "92％"],
                ["目標値（R10）", "100％"],
                ["担当課", "消防課"],
                ["課題", "なり手の不足"],
            ],
            [],
        ),
    )


@case
def headings_of_word_above_tables_with_levels():
    head = ["施策", "KPI", "基準値", "目標値"]
    return paper(
        (1, "1　計画の目的"),
        "人口の減少を抑えます。",
        (1, "2　具体的な取組"),
        (2, "基本目標1　しごと"),
        ([head, ["起業", "起業数", "3件", "10件"]], []),
        (2, "基本目標2　ひと"),
        ([head, ["移住", "移住者", "8人", "20人"]], []),
        (1, "3　推進体制"),
        "会議を置きます。",
    )


@case
def a_csv_of_a_system_with_codes():
    rows = [
        [
            "plan_id",
            "基本目標No",
            "基本目標",
            "施策No",
            "施策",
            "指標ID",
            "指標名",
            "単位",
            "基準年度",
            "基準値",
            "目標年度",
            "目標値",
        ],
        ["7", "1", "暮らし", "1", "住宅", "K001", "空き家数", "戸", "2023", "120", "2028", "80"],
        ["7", "1", "暮らし", "2", "交通", "K002", "路線数", "路線", "2023", "6", "2028", "8"],
    ]
    return table(rows, "utf-8-sig")


@case
def lines_that_wrap_in_a_pasted_table():
    return lines(
        "基本目標　　　　施策　　　　指標　　　　基準値　　　目標値\n"
        "まちを育てる　　住まい　　　転入世帯　　1,250世帯　　1,400世帯\n"
        "まちを育てる　　みち　　　　歩道延長　　12.5km　　　15.0km\n"
    )


@case
def targets_of_the_middle_and_the_end():
    rows = [
        ["施策", "指標", "策定時\n(R2)", "中間目標\n(R7)", "最終目標\n(R12)", "備考"],
        ["環境", "CO2排出量", "250千t-CO2", "200千t-CO2", "130千t-CO2", "2013年度比48％減"],
        ["環境", "再エネ導入量", "12MW", "20MW", "35MW", None],
    ]
    return book(("k", rows))


@case
def a_row_of_units_below_the_headings():
    rows = [
        ["施策", "指標", "基準値", "目標値", "担当課"],
        [None, None, "（R5年度）", "（R10年度）", None],
        ["水", "使用量", "280L", "250L", "水道課"],
        ["土", "農地", "1,200ha", "1,150ha以上", "農政課"],
    ]
    return book(("k", rows))


@case
def items_without_indicators():
    rows = [
        ["基本目標", "施策", "取組内容", "KPI", "目標値", "担当課"],
        ["人を育てる", "学校", "ICTを使う。", "端末の活用率", "95%", "教育課"],
        [None, None, "本を読む。", None, None, "図書館"],
        [None, "社会", "講座を開く。", "－", "－", "公民館"],
    ]
    return book(("k", rows, "A2:A4 B2:B3"))


@case
def an_end_of_the_year_and_a_preliminary_result():
    rows = [
        ["施策", "指標", "令和5年度末実績", "令和6年度実績（速報値）", "令和11年度末目標"],
        ["人口", "社会増減", "▲120人", "▲98人", "0人"],
    ]
    return book(("k", rows))


@case
def one_cell_on_each_line():
    return lines("基本目標\n施策\n指標\n目標値\n産業\n農業\n就農者\n10人\n")


@case
def tables_in_a_table():
    head = ["施策", "KPI", "目標値"]
    first = [["基本目標1　産業", None, None], head, ["農業", "就農者", "10人"], ["商業", "出店", "5件"]]
    rows = [*first, ["基本目標2　暮らし", None, None], head, ["福祉", "訪問", "300件"]]
    return paper((rows, [((0, 0), (0, 2)), ((4, 0), (4, 2))]))


@case
def results_that_say_why():
    rows = [
        ["施策", "KPI", "R5目標", "R5実績", "達成度", "評価理由", "課題・問題点", "今後の取組"],
        ["スポーツ", "利用者", "5千人", "4,210人", "84%", "雨天が多かった", "施設の老朽化", "改修する"],
    ]
    return book(("k", rows))


@case
def the_course_of_results_and_an_aim():
    rows = [
        ["指標", "実績値の推移", None, None, "目標値", "担当"],
        [None, "R3", "R4", "R5", "R10", None],
        ["婚姻届の数", 210, 198, 205, 240, "市民課"],
    ]
    return book(("k", rows, "A1:A2 B1:D1 F1:F2"))


@case
def indicators_of_the_goal_beside_those_of_its_policies():
    rows = [
        ["基本目標", "数値目標", "基準値", "目標値", "施策", "KPI", "基準値", "目標値", "担当課"],
        ["しごと", "就業者数", "1.2万人", "1.3万人", "創業", "創業数", "5件", "20件", "商工課"],
        [None, None, None, None, "企業", "誘致数", "1社", "4社", "商工課"],
        ["ひと", "社会増減", "▲50人", "0人", "移住", "移住者", "8人", "40人", "定住課"],
    ]
    return book(("k", rows, "A2:A3 B2:B3 C2:C3 D2:D3"))


@case
def a_unit_beside_each_value():
    rows = [
        ["施策", "指標名", "基準値", "単位", "目標値", "単位"],
        ["公園", "面積", 12.5, "ha", 14, "ha"],
        ["公園", "来園者", "3.2", "万人", "4", "万人"],
    ]
    return book(("k", rows))


@case
def years_before_and_behind_the_values():
    rows = [
        ["施策", "指標（単位）", "現状", "目標"],
        ["観光", "宿泊者数（人）", "R5：1,200人", "（R10）1,500人"],
        ["観光", "入込客数（千人）", "350 (令和5年度実績)", "約 400 千人"],
        ["観光", "満足度（％）", "80.5％※R4", "90％（令和10年度）"],
        ["観光", "土産店", "12店舗（R6.4.1現在）", "15店舗程度"],
    ]
    return book(("k", rows))


@case
def wide_years_and_spans_in_the_headings():
    rows = [
        ["施策", "指標名", "単位", "令和５年度\n実績", "令和７～１１年度\n目標", "担当課・係"],
        ["道路", "改良延長", "km", "1.2", "累計6.0", "建設課\n（内線2231）"],
    ]
    return book(("k", rows))


@case
def paragraphs_that_look_like_headings():
    head = ["KPI", "現状値（R5）", "目標値（R10）"]
    return paper(
        "第３期例示町総合戦略",
        "基本目標１　安定した雇用",
        "数値目標",
        (([["指標", "現状値（R5）", "目標値（R10）"], ["就業者数", "4,100人", "4,200人"]]), []),
        "施策１－１　農林業の振興",
        "担い手を育てます。",
        ([head, ["新規就農者", "3人", "15人"]], []),
        "施策１－２　商工業の振興",
        ([head, ["創業者", "2人", "10人"]], []),
    )


@case
def choices_and_ticks():
    rows = [
        ["施策", "指標名", "目標値", "達成状況", "方向性", "備考"],
        ["窓口", "待ち時間", "10分以内", "☑達成 □未達成", "減少", "選択してください"],
        ["窓口", "手続数", "120件", "□達成 ☑未達成", "増", "（改行\nあり）"],
    ]
    return book(("k", rows))


@case
def a_hierarchy_in_one_column_by_indents():
    rows = [
        ["体系・指標", "単位", "基準値", "目標値"],
        ["基本目標1　まち", None, None, None],
        ["　施策1　道", None, None, None],
        ["　　道路の延長", "km", 12, 15],
        ["　施策2　橋", None, None, None],
        ["　　橋の点検率", "％", 60, 100],
    ]
    return book(("k", rows))


@case
def several_levels_in_one_cell():
    rows = [
        ["基本目標・施策", "KPI", "基準値", "目標値"],
        ["基本目標1　海\n施策1　港", "寄港数", "4隻", "8隻"],
        ["基本目標1　海\n施策2　浜", "来場者", "2万人", "3万人"],
    ]
    return book(("k", rows))


@case
def a_note_in_the_middle_and_a_repeated_heading():
    head = ["施策", "KPI", "基準値", "目標値"]
    rows = [
        head,
        ["a", "人の数", "1人", "2人"],
        ["※ここまで旧計画からの継続"],
        ["b", "物の数", "3個", "4個"],
        head,
        ["c", "車の数", "5台", "6台"],
    ]
    return book(("k", rows))


@case
def numbers_that_lost_their_zeros():
    rows = [
        ["No", "施策", "指標", "基準値", "目標値"],
        [1, "001　衛生", "収集量", 1234.5678, "=D2"],
        [2.0, "002　美化", "回数", 1e3, 1200.0],
    ]
    return book(("k", rows))


def a_whole_plan():
    """Return 4 goals, 17 policies, 36 initiatives and 43 indicators: a sheet for each goal, with a table a policy."""
    units = (
        ("人", "1,250", "約1,500"),
        ("％", "61.5", "70.0以上"),
        ("件", "延べ12", "延べ60"),
        ("千円", "23,400", "30,000"),
    )
    cover = ("表紙", [["第4次例示市総合戦略"], ["（令和7年度～令和12年度）"], ["進捗管理シート"]])
    sheets = [cover]
    policy = initiative = indicator = 0
    for goal, policies in enumerate((5, 4, 4, 4), 1):
        rows = [[f"【基本目標{goal}】 目標の名称{'甲乙丙丁'[goal - 1]}"], [None] * 10 + ["令和8年3月末現在"], []]
        spans = ["A1:K1"]
        for number in range(1, policies + 1):
            rows += [[f"■施策{number}　施策の名称{policy}"]]
            top = len(rows) + 1
            rows += [
                [
                    "主な取組",
                    "取組の内容",
                    "重要業績評価指標（KPI）",
                    None,
                    "現状",
                    "目標",
                    "実績",
                    None,
                    "評価",
                    "課題",
                    "担当課",
                ],
                [None, None, "指標名", "単位", "R6", "R12", "R7", "R8", None, None, None],
            ]
            spans += [f"A{len(rows) - 2}:K{len(rows) - 2}", f"C{top}:D{top}", f"G{top}:H{top}"]
            spans += [f"{column}{top}:{column}{top + 1}" for column in "ABIJK"]
            for mark in "①②③"[: 3 if policy in (1, 8) else 2]:
                first = len(rows) + 1
                for _ in range(2 if initiative % 5 == 0 and initiative < 35 else 1):
                    unit, base, aim = units[indicator % 4]
                    name, body = f"{mark}　取組の名称{initiative}", f"・取組{initiative}を進める。\n・市民に知らせる。"
                    state = ("順調", "―") if indicator % 3 else ("遅れ", f"人手が{indicator}人足りない")
                    owners = f"例示{'総務市民産業建設'[indicator % 4 * 2 :][:2]}課"
                    rows.append([name, body, f"指標の名称{indicator}", unit, base, aim, base, None, *state, owners])
                    indicator += 1
                spans += [f"{column}{first}:{column}{len(rows)}" for column in "AB"] if first < len(rows) else []
                initiative += 1
            rows.append([])
            policy += 1
        sheets.append((f"目標{goal}", [*rows, ["※実績は各年度末の値。"], ["凡例", "順調", "遅れ"]], " ".join(spans)))
    return book(*sheets)
