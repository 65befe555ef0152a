"""Workbooks as cities keep them, each made by a small function, with what they say beside it. The city is made up."""

import csv
import datetime as dt
import io

import docx
import openpyxl
from openpyxl.comments import Comment

TITLE = "例示市第3期総合戦略"
TRUTH = [
    # goal, policy, initiative, indicator, unit, baseline year and value, target year and value, sections in charge
    (
        "転入促進",
        "関係人口を創る",
        "都市間の連携",
        "交流事業の参加者数",
        "人",
        (2023, 1200),
        (2029, 2000),
        ("企画政策課",),
    ),
    ("転入促進", "関係人口を創る", "都市間の連携", "連携協定の数", "件", (2023, 12), (2029, 20), ("企画政策課",)),
    ("転入促進", "関係人口を創る", "魅力の発信", "登録者数", "人", (2023, 12000), (2029, 30000), ("広報課", "観光課")),
    ("転入促進", "移住を支える", "住まいの支援", "移住世帯数", "世帯", (2023, 40), (2029, 200), ("住宅課",)),
    ("子育て支援", "出会いを支える", "交流の場づくり", "出生率", "none", (2022, 1.25), (2029, 1.4), ("こども課",)),
    ("子育て支援", "保育を広げる", "保育所の整備", "待機児童数", "人", (2024, 15), (2029, 0), ("保育課",)),
]
GOALS, POLICIES, INITIATIVES = (list(dict.fromkeys(row[at] for row in TRUTH)) for at in range(3))
HEADINGS = ["基本目標", "施策", "主な取組", "指標名", "単位", "基準年", "基準値", "目標年", "目標値", "担当課"]
BOOKS = {}
"""Name → a function that returns (name of the file, bytes, truth)."""


def book(made):
    """Register a workbook."""
    BOOKS[made.__name__] = made
    return made


def era(year):
    return f"令和{year - 2018}年度"


def shown(value):
    return f"{value:,}" if isinstance(value, int) else f"{value}"


def plain(**changes):
    """Return the rows of the truth as a table, columns changed by functions of their values."""
    rows = []
    for goal, policy, initiative, name, unit, base, aim, owners in TRUTH:
        what = (name, "－" if unit == "none" else unit, *base, *aim, "、".join(owners))
        row = dict(zip(HEADINGS, (goal, policy, initiative, *what), strict=True))
        for key, change in changes.items():
            row[key] = change(row[key])
        rows.append(list(row.values()))
    return rows


def below(goal):
    """Return the rows of a goal without its name."""
    return [row[1:] for row in plain() if row[0] == goal]


def xlsx(*sheets, edit=None, hidden=()):
    """Write sheets of rows as a workbook."""
    work = openpyxl.Workbook()
    work.remove(work.active)
    for name, rows in sheets:
        sheet = work.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    if edit:
        edit(work)
    data = io.BytesIO()
    work.save(data)
    return data.getvalue()


def text(rows, encoding="utf-8", mark=","):
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def merged_down(sheet, columns, first, last):
    """Merge cells of one text one below the other, as long as those on the left are merged too."""
    for at, column in enumerate(columns):
        start = first
        for row in range(first + 1, last + 2):
            same = row <= last and all(
                sheet.cell(row, left).value == sheet.cell(start, left).value for left in columns[: at + 1]
            )
            if not same:
                if row - 1 > start:
                    sheet.merge_cells(start_row=start, end_row=row - 1, start_column=column, end_column=column)
                start = row


def blank_below(rows, columns=3):
    result, before = [], [None] * columns
    for each in rows:
        row = list(each)
        head = row[:columns]
        for at in range(columns):
            if head[: at + 1] == before[: at + 1]:
                row[at] = None
        before = head
        result.append(row)
    return result


@book
def a_plain_table():
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()])), TRUTH


@book
def a_title_row_above():
    return "k.xlsx", xlsx(("KPI", [[f"{TITLE}（令和7年度～令和11年度）"], [], HEADINGS, *plain()])), TRUTH


@book
def several_title_rows():
    rows = [
        ["資料2"],
        [f"{TITLE}　KPI一覧"],
        ["令和7年3月31日現在"],
        [None] * 9 + ["企画政策課作成"],
        HEADINGS,
        *plain(),
    ]
    return "k.xlsx", xlsx(("KPI", rows)), TRUTH


@book
def merged_levels():
    def edit(work):
        merged_down(work["KPI"], (1, 2, 3), 2, len(TRUTH) + 1)

    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()]), edit=edit), TRUTH


@book
def blank_below_levels():
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *blank_below(plain())])), TRUTH


@book
def ditto_marks():
    rows = blank_below(plain())
    return (
        "k.xlsx",
        xlsx(("KPI", [HEADINGS, *(["〃" if each is None else each for each in row] for row in rows)])),
        TRUTH,
    )


@book
def two_line_headings():
    def edit(work):
        sheet = work["KPI"]
        for column in "ABCDEJ":
            sheet.merge_cells(f"{column}1:{column}2")
        sheet.merge_cells("F1:G1")
        sheet.merge_cells("H1:I1")

    head = [
        ["基本目標", "施策", "主な取組", "指標名", "単位", "基準値", None, "目標値", None, "担当課"],
        [None] * 5 + ["年度", "数値", "年度", "数値", None],
    ]
    return "k.xlsx", xlsx(("KPI", [*head, *plain()]), edit=edit), TRUTH


@book
def two_line_headings_that_are_not_merged():
    head = [
        ["基本目標", "施策", "主な取組", "指標名", "単位", "現状値", None, "目標値", None, "担当課"],
        [None] * 5 + ["年度", "値", "年度", "値", None],
    ]
    return "k.xlsx", xlsx(("KPI", [*head, *plain()])), TRUTH


@book
def headings_named_below_their_groups():
    head = [
        [None] * 5 + ["現状", None, "目標", None, None],
        ["基本目標", "施策", "主な取組", "指標名", "単位", "年度", "値", "年度", "値", "担当課"],
    ]
    return "k.xlsx", xlsx(("KPI", [*head, *plain()])), TRUTH


@book
def other_headings():
    levels, name = ["政策目標", "基本施策", "具体的な取組"], "重要業績評価指標\n（KPI）"
    head = [*levels, name, "単位", "現状値の年度", "現状値", "目標年次", "目標数値", "主担当課"]
    return "k.xlsx", xlsx(("KPI", [head, *plain()])), TRUTH


@book
def a_city_with_pillars():
    head = [
        "施策の柱",
        "施策の方向性",
        "取組項目",
        "成果指標",
        "単位",
        "策定時の年度",
        "策定時",
        "達成年度",
        "目標値",
        "所管課",
    ]
    return "k.xlsx", xlsx(("KPI", [head, *plain()])), TRUTH


@book
def columns_in_another_order():
    order = [9, 3, 4, 8, 7, 6, 5, 0, 1, 2]
    return "k.xlsx", xlsx(("KPI", [[row[at] for at in order] for row in [HEADINGS, *plain()]])), TRUTH


@book
def wareki_years():
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain(基準年=era, 目標年=lambda year: f"R{year - 2018}")])), TRUTH


@book
def years_in_the_headings():
    head = [
        "基本目標",
        "施策",
        "主な取組",
        "指標名",
        "単位",
        "基準値\n（令和5年度）",
        "目標値\n（令和11(2029)年度）",
        "担当課",
    ]
    rows = [[*row[:5], row[6], row[8], row[9]] for row in plain()]
    truth = [(*row[:5], (2023, row[5][1]), *row[6:]) for row in TRUTH]
    return "k.xlsx", xlsx(("KPI", [head, *rows])), truth


@book
def years_behind_the_values():
    head = ["基本目標", "施策", "主な取組", "指標名", "単位", "基準値", "目標値", "担当課"]
    rows = [
        [*row[:5], f"{shown(row[6])}（R{row[5] - 2018}）", f"{shown(row[8])}\n(R{row[7] - 2018})", row[9]]
        for row in plain()
    ]
    return "k.xlsx", xlsx(("KPI", [head, *rows])), TRUTH


@book
def full_width_digits():
    def wide(value):
        return shown(value).translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))

    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain(基準値=wide, 目標値=wide)])), TRUTH


@book
def units_in_the_values():
    rows = plain()
    for row in rows:
        unit = "" if row[4] == "－" else row[4]
        row[6], row[8] = f"{shown(row[6])}{unit}", f"{shown(row[8])}{unit}"
    rows = [row[:4] + row[5:] for row in rows]
    return (
        "k.xlsx",
        xlsx(("KPI", [HEADINGS[:4] + HEADINGS[5:], *rows])),
        [(*r[:4], "" if r[4] == "none" else r[4], *r[5:]) for r in TRUTH],
    )


@book
def units_behind_the_names():
    rows = [[*row[:3], row[3] + ("" if row[4] == "－" else f"（{row[4]}）"), *row[5:]] for row in plain()]
    return (
        "k.xlsx",
        xlsx(("KPI", [HEADINGS[:4] + HEADINGS[5:], *rows])),
        [(*r[:4], "" if r[4] == "none" else r[4], *r[5:]) for r in TRUTH],
    )


@book
def units_in_number_formats():
    def edit(work):
        sheet = work["KPI"]
        for row in range(2, len(TRUTH) + 2):
            unit = sheet.cell(row, 5).value
            for column in (7, 9):
                digits = "0.00" if isinstance(sheet.cell(row, column).value, float) else "#,##0"
                sheet.cell(row, column).number_format = digits + ("" if unit == "－" else f'"{unit}"')

    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()]), edit=edit), TRUTH


@book
def numbers_before_the_titles():
    def numbered(names, style):
        return lambda title: style(names.index(title) + 1) + title

    rows = plain(
        基本目標=numbered(GOALS, lambda at: f"基本目標{at}　"),
        施策=numbered(POLICIES, lambda at: f"({at}) "),
        主な取組=numbered(INITIATIVES, lambda at: "①②③④⑤⑥"[at - 1]),
    )
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *rows])), TRUTH


@book
def numbers_in_columns_of_their_own():
    head = ["番号", "基本目標", "No.", "施策", "番号", "主な取組", *HEADINGS[3:]]
    rows = []
    for goal, policy, initiative, *rest in plain():
        numbers = [GOALS.index(goal) + 1, f"{POLICIES.index(policy) + 1}", f"1-{INITIATIVES.index(initiative) + 1}"]
        rows.append([numbers[0], goal, numbers[1], policy, numbers[2], initiative, *rest])
    return "k.xlsx", xlsx(("KPI", [head, *rows])), TRUTH


@book
def one_heading_over_a_number_and_a_title():
    def edit(work):
        for span in ("A1:B1", "C1:D1", "F1:G1"):
            work["KPI"].merge_cells(span)

    head = ["基本目標", None, "施策", None, "主な取組", "KPI（重要業績評価指標）", None, *HEADINGS[4:]]
    rows = []
    for at, (goal, policy, *rest) in enumerate(plain(), 1):
        rows.append([GOALS.index(goal) + 1, goal, f"({POLICIES.index(policy) + 1})", policy, rest[0], at, *rest[1:]])
    return "k.xlsx", xlsx(("KPI", [head, *rows]), edit=edit), TRUTH


@book
def short_headings_with_years():
    head = [
        "柱",
        "方向性",
        "取組名",
        "指標（KPI）",
        "単位",
        "現状（R5.3末）",
        "R9目標",
        "目標（R11）",
        "取組内容",
        "担当部・課",
    ]
    rows = [[*row[:5], row[6], row[6], row[8], "説明", row[9]] for row in plain()]
    truth = [(*row[:5], (2022, row[5][1]), *row[6:]) for row in TRUTH]
    return "k.xlsx", xlsx(("KPI", [head, *rows])), truth


@book
def aims_and_results_below_each_year():
    def edit(work):
        work["KPI"].merge_cells("F1:G1")
        work["KPI"].merge_cells("H1:I1")

    head = [
        [*HEADINGS[:5], "令和6年度", None, "令和11年度", None, "担当課"],
        [None] * 5 + ["目標", "実績", "目標", "実績", None],
    ]
    rows = [[*row[:5], row[6], row[6], row[8], None, row[9]] for row in plain()]
    return "k.xlsx", xlsx(("KPI", [*head, *rows]), edit=edit), [(*row[:5], None, *row[6:]) for row in TRUTH]


@book
def a_sheet_for_each_indicator_with_its_headings_at_the_left():
    sheets = [(f"個票{at}", [["施策シート"], *zip(HEADINGS, row, strict=True)]) for at, row in enumerate(plain(), 1)]
    return "k.xlsx", xlsx(*sheets), TRUTH


@book
def dates_that_excel_made_of_numbers():
    def edit(work):
        sheet = work["KPI"]
        for row in range(2, len(TRUTH) + 2):
            sheet.cell(row, 2).number_format = 'm"月"d"日"'

    head = ["基本目標", "施策番号", *HEADINGS[1:]]
    rows = [[r[0], dt.date(2025, 4, POLICIES.index(r[1]) + 1), *r[1:]] for r in plain()]
    return "k.xlsx", xlsx(("KPI", [head, *rows]), edit=edit), TRUTH


@book
def dates_as_values():
    rows = plain()
    rows[1][6] = dt.date(2025, 4, 1)
    truth = [*TRUTH[:1], (*TRUTH[1][:5], (2023, "2025-04-01"), *TRUTH[1][6:]), *TRUTH[2:]]
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *rows])), truth


@book
def running_numbers():
    rows = [["No.", *HEADINGS[3:]], *([at, *row[3:]] for at, row in enumerate(plain(), 1))]
    return "k.xlsx", xlsx(("KPI", rows)), [("", "", "", *row[3:]) for row in TRUTH]


@book
def notes_in_cells():
    def edit(work):
        work["KPI"]["G2"].comment = Comment("速報値のため要確認", "係長")
        work["KPI"]["A2"].comment = Comment("名称を検討中", "部長")

    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()]), edit=edit), TRUTH


@book
def notes_below_the_table():
    rows = [HEADINGS, *plain(), [], ["※1 基準値は各年度末"], ["（注）出生率は市の推計"]]
    return "k.xlsx", xlsx(("KPI", rows)), TRUTH


@book
def several_sheets():
    parts = [(f"目標{at}", [[f"基本目標{at}　{goal}"], HEADINGS[1:], *below(goal)]) for at, goal in enumerate(GOALS, 1)]
    return "k.xlsx", xlsx(*parts), TRUTH


@book
def the_hierarchy_and_the_indicators_apart():
    tree = [HEADINGS[:3], *blank_below([row[:3] for row in dict.fromkeys(tuple(row[:3]) for row in plain())])]
    return "k.xlsx", xlsx(("体系", tree), ("KPI", [HEADINGS[2:], *(row[2:] for row in plain())])), TRUTH


@book
def goals_as_rows_across():
    rows = [HEADINGS[1:]]
    for at, goal in enumerate(GOALS, 1):
        rows += [[f"基本目標{at}　{goal}"], *(row[1:] for row in plain() if row[0] == goal)]

    def edit(work):
        for row in work["KPI"].iter_rows():
            if str(row[0].value).startswith("基本目標"):
                work["KPI"].merge_cells(start_row=row[0].row, end_row=row[0].row, start_column=1, end_column=9)

    return "k.xlsx", xlsx(("KPI", rows), edit=edit), TRUTH


@book
def a_table_for_each_goal_in_one_sheet():
    rows = []
    for at, goal in enumerate(GOALS, 1):
        rows += [[f"基本目標{at}　{goal}"], HEADINGS[1:], *(row[1:] for row in plain() if row[0] == goal), []]
    return "k.xlsx", xlsx(("KPI", rows)), TRUTH


@book
def headings_repeated_on_every_page():
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()[:3], HEADINGS, *plain()[3:]])), TRUTH


@book
def hidden_rows_and_columns():
    def edit(work):
        work["KPI"].row_dimensions[3].hidden = True
        work["KPI"].column_dimensions["J"].hidden = True

    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()]), edit=edit), TRUTH


@book
def a_hidden_sheet():
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *plain()]), ("旧", [["昨年の残り"]]), hidden=("旧",)), TRUTH


@book
def formulas_with_their_values():
    data = xlsx(("KPI", [HEADINGS, *plain()]))
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b"<v>1200</v>", b"<f>600*2</f><v>1200</v>")
            new.writestr(name, part)
    return "k.xlsx", out.getvalue(), TRUTH


@book
def results_by_year():
    head = [*HEADINGS[:9], "R6実績", "実績値（2025年度）", "担当課"]
    rows = [[*row[:9], row[6] + 1, None, row[9]] for row in plain()]
    return "k.xlsx", xlsx(("KPI", [head, *rows])), TRUTH


@book
def results_below_a_group():
    head = [[*HEADINGS[:9], "実績値", None, "担当課"], [None] * 9 + ["R6", "R7", None]]
    rows = [[*row[:9], row[6] + 1, "－", row[9]] for row in plain()]
    return "k.xlsx", xlsx(("KPI", [*head, *rows])), TRUTH


@book
def aims_and_results_in_rows():
    head = ["基本目標", "施策", "主な取組", "指標名", "単位", "区分", "R5", "R11", "担当課"]
    rows = []
    for row in plain():
        rows += [[*row[:5], "目標", None, row[8], row[9]], [None] * 5 + ["実績", row[6], None, None]]
    truth = [(*row[:5], None, *row[6:]) for row in TRUTH]
    return "k.xlsx", xlsx(("KPI", [head, *rows])), truth


@book
def years_that_say_nothing_else():
    head = [*HEADINGS, "R6", "R7"]
    return "k.xlsx", xlsx(("KPI", [head, *([*row, 3, 4] for row in plain())])), TRUTH


@book
def unknown_columns():
    head = [*HEADINGS, "ランク", "関連するSDGs"]
    return "k.xlsx", xlsx(("KPI", [head, *([*row, "A", "8・11"] for row in plain())])), TRUTH


@book
def an_indicator_line_by_line_in_one_cell():
    rows = plain()
    first, second = rows[:2]
    joined = [
        f"{one}\n{other}" if at in {3, 4, 6, 8} else one
        for at, (one, other) in enumerate(zip(first, second, strict=True))
    ]
    return "k.xlsx", xlsx(("KPI", [HEADINGS, joined, *rows[2:]])), TRUTH


@book
def bounds_and_abouts():
    rows = plain(目標値=lambda value: f"{shown(value)}以上", 基準値=lambda value: f"約{shown(value)}")
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *rows])), TRUTH


@book
def values_that_nobody_can_read():
    rows = plain()
    rows[0][8], rows[3][6] = "年2回程度×3地区", "（P）40?"
    truth = list(TRUTH)
    truth[0] = (*truth[0][:6], (2029, "年2回程度×3地区"), truth[0][7])
    truth[3] = (*truth[3][:5], (2023, "（P）40?"), *truth[3][6:])
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *rows])), truth


@book
def line_breaks_and_blanks_in_cells():
    rows = plain(指標名=lambda name: f"{name[:2]}\n{name[2:]}　", 担当課=lambda name: name.replace("、", "\n"))
    truth = [(*row[:3], f"{row[3][:2]} {row[3][2:]}", *row[4:]) for row in TRUTH]
    return "k.xlsx", xlsx(("KPI", [HEADINGS, *rows])), truth


@book
def a_csv_of_excel():
    return "k.csv", text([HEADINGS, *plain()], "cp932"), TRUTH


@book
def a_csv_in_utf8_with_a_mark():
    return "k.csv", text([HEADINGS, *blank_below(plain())], "utf-8-sig"), TRUTH


@book
def unicode_text_of_excel():
    return "k.txt", text([HEADINGS, *plain()], "utf-16", "\t"), TRUTH


@book
def a_table_pasted_as_text():
    return "k.txt", text([HEADINGS, *plain()], "utf-8", "\t"), TRUTH


@book
def a_table_pasted_from_a_pdf():
    rows = ["　　".join(map(str, row)) for row in [HEADINGS, *plain()]]
    return "k.txt", "\n".join([f"{TITLE}　KPI一覧", *rows]).encode(), TRUTH


def word(tables):
    paper = docx.Document()
    for above, rows, merges in tables:
        for words in above:
            paper.add_paragraph(words)
        table = paper.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                table.cell(at, column).text = "" if value is None else str(value)
        for (r1, c1), (r2, c2) in merges:
            table.cell(r1, c1).merge(table.cell(r2, c2))
    data = io.BytesIO()
    paper.save(data)
    return data.getvalue()


@book
def a_table_in_word():
    return "k.docx", word([([f"{TITLE}　KPI一覧"], [HEADINGS, *plain()], [])]), TRUTH


@book
def a_table_in_word_with_merged_cells():
    rows = blank_below([HEADINGS, *plain()])
    return "k.docx", word([([], rows, [((1, 0), (4, 0)), ((5, 0), (6, 0)), ((1, 1), (3, 1)), ((1, 2), (2, 2))])]), TRUTH


@book
def a_table_for_each_goal_in_word():
    tables = [([f"基本目標{at}　{goal}"], [HEADINGS[1:], *below(goal)], []) for at, goal in enumerate(GOALS, 1)]
    return "k.docx", word(tables), TRUTH


SECTIONS = [
    f"{name}課"
    for name in ("企画", "広報", "観光", "商工", "農政", "住宅", "都市", "環境", "福祉", "保育", "教育", "防災")
]


def a_plan_of_real_size():
    """Return 4 goals, 17 policies, 36 initiatives and 43 indicators as a city prints them, with twelve sections."""
    values = [
        ("人", "1,200", "約1,500"), ("件", 12, "20件以上"), ("％", "61.5%", "70％"), ("人", "△ 120", "0"),
        ("円", "2億7千万", "3億"), ("施設", 4, "5（5年間の累計）"), ("校", "－", "23"), ("人", 845, "現状維持"),
    ]  # fmt: skip
    head = ["基本目標", "具体的な施策", "主な取組", "重要業績評価指標（KPI）", "単位", "現状値", None, "目標値", None]
    rows = [
        ["資料3"],
        ["第3期例示市総合戦略（令和7年度～令和11年度）　重要業績評価指標（KPI）一覧"],
        [],
        [*head, "実績値", None, "担当課", "備考"],
        [None] * 5 + ["年度", "値", "年度", "値", "R7", "R8", None, None],
    ]
    merged = ["A2:M2", "F4:G4", "H4:I4", "J4:K4", *(f"{column}4:{column}5" for column in "ABCDELM")]
    starts = {}
    policy = initiative = indicator = 0
    for goal, policies in enumerate((4, 4, 5, 4), 1):
        starts["A"] = len(rows) + 1
        for number in range(1, policies + 1):
            starts["B"] = len(rows) + 1
            for mark in "①②③"[: 3 if policy in (0, 5) else 2]:
                starts["C"] = len(rows) + 1
                for _ in range(2 if initiative < 7 else 1):
                    unit, base, aim = values[indicator % len(values)]
                    where = [
                        f"基本目標{goal}\n目標{goal}を果たす",
                        f"{number} 施策{policy}を進める",
                        f"{mark} 取組{initiative}の推進",
                    ]
                    what = [
                        f"指標{indicator}の状況",
                        unit,
                        "R5",
                        base,
                        "R11",
                        aim,
                        None,
                        None,
                        SECTIONS[initiative % 12],
                        None,
                    ]
                    rows.append([*where, *what])
                    indicator += 1
                merged.append(f"C{starts['C']}:C{len(rows)}")
                initiative += 1
            merged.append(f"B{starts['B']}:B{len(rows)}")
            policy += 1
        merged.append(f"A{starts['A']}:A{len(rows)}")
    rows.append(["※ 現状値は令和5年度末時点の値"])

    def edit(work):
        for span in merged:
            work["KPI"].merge_cells(span)

    return xlsx(("KPI", rows), edit=edit)
