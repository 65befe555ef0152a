"""Hand-made documents that hold everything a layout may ask of a writer."""

from atsugi_cli.document import (
    BLANK,
    BRANCH,
    Cell,
    Column,
    Count,
    Document,
    Flag,
    Heading,
    Line,
    Paragraph,
    Row,
    Run,
    Stamp,
    Table,
)

STAMP = Stamp(
    plan="第2期厚木市まち・ひと・しごと創生総合戦略",
    old="現行",
    new="改定後",
    stage="素案",
    date="2023-10-17",
    owner="政策部 企画政策課",
    fingerprint="3f9a0c1d",
)


def runs(text):
    """Read 都市間{交流の促進}, or [連携の強化] for new wording, into runs."""
    out = []
    mark, start = "", 0
    for at, character in enumerate(text):
        if character in "{}[]":
            if at > start:
                out.append(Run(text[start:at], mark))
            mark = {"{": "old", "[": "new"}.get(character, "")
            start = at + 1
    if start < len(text):
        out.append(Run(text[start:], mark))
    return tuple(out)


def line(text="", label="", kind="title", indent=0, label_mark=""):
    return Line(runs(text), label, kind, indent, label_mark)


def cell(*lines):
    return Cell(tuple(item if isinstance(item, Line) else line(item) for item in lines))


def both(role, *lines, **more):
    return Row(role, (cell(*lines), cell(*lines), Cell()), **more)


def sides(role, old, new, *flags, note=""):
    # both sides have as many lines, and what is printed beside them stands in the third cell
    height = max(len(old), len(new))
    cells = [cell(*each, *[BLANK] * (height - len(each))) for each in (old, new)]
    beside = [Line(kind="flag", flags=flags)] if flags else []
    beside += [Line((Run(note),), kind="note")] if note else []
    return Row(role, (*cells, Cell(tuple(beside))), flags, changed=True, note=note)


def heading(text, label=""):
    return line(text, label, kind="heading")


def omitted(label="", indent=0):
    return line("（略）", label, kind="omitted", indent=indent)


ADDED = Flag("added", "新規")
MERGED = Flag("merged", "統合")
REWORDED = Flag("reworded", "表記変更")
RENAMED = Flag("renamed", "名称変更", proposed=True)
KPI_ADDED = Flag("kpi-added", "KPI追加")
TEXT = Flag("text-changed", "文言修正")
NONE = line("－", kind="kpi", indent=3)

COMPARISON = Table(
    "comparison",
    (Column("現行", 3), Column("改定後", 3), Column("備考", 1, code="flags")),
    (
        both("part", heading("【重要な視点】")),
        both("viewpoint", omitted("視点1")),
        sides(
            "viewpoint",
            [heading("", "視点2"), line("{Society5.0の実現に向けた}技術を活用した地域課題の解決", indent=1)],
            [heading("", "視点2"), line("[デジタル]技術を活用した地域課題の解決", indent=1)],
            ADDED,
            MERGED,
            note="感染症が5類になったことを踏まえ統合",
        ),
        both("viewpoint", omitted("視点3")),
        sides(
            "viewpoint",
            [heading("", "視点4"), line("{感染症に伴う新たな日常に対応した地域社会の構築}", indent=1)],
            [heading("", "視点4"), line("[施策間連携・地域間連携による効果的な施策の推進]", indent=1)],
            ADDED,
        ),
        both("part", heading("【具体的な施策・主な取組】")),
        both("goal", heading("基本目標1（転入促進）")),
        sides(
            "policy",
            [line("関係人口を創出し、{あつぎの}魅力を全国に発信する", "1")],
            [line("関係人口を創出し、魅力を全国に発信する", "1")],
            REWORDED,
        ),
        sides(
            "initiative",
            [line("都市間{交流の促進}", "①", indent=1), NONE],
            [
                line("都市間[連携の強化]", "①", indent=1),
                line("[都市間連携事業の実施件数（例）　4件→10件]", "KPI", kind="kpi", indent=3, label_mark="new"),
            ],
            RENAMED,
            KPI_ADDED,
        ),
        both("initiative", omitted("②", 1)),
        sides(
            "initiative",
            [line("あつぎの魅力の発信力強化", "③", indent=1), NONE],
            [
                line("あつぎの魅力の発信力強化", "③", indent=1),
                line("[動画の総再生回数（例）　30,000回→100,000回]", "KPI", kind="kpi", indent=3),
            ],
            KPI_ADDED,
        ),
        both("goal", heading("基本目標3（合計特殊出生率上昇）")),
        both("policy", line("子どもたちの夢をかなえる教育プログラムを推進する", "3")),
        both("initiative", omitted("①", 1)),
        sides(
            "initiative",
            [line("（新設）", kind="absent", indent=1)],
            [line("[デジタルを活用した教育の推進]", "②", indent=1, label_mark="new")],
            ADDED,
        ),
        both("part", heading("【推進体制】")),
        sides(
            "text",
            [
                line(
                    "庁内に設置した「厚木市まち・ひと・しごと創生総合戦略本部」（本部長：市長）を中心に{全庁を挙げて}施策を展開"
                    "するとともに、基本方針に基づき、市民、事業者、議会及び行政が一体となり、市の総力を挙げて第2期総合戦略に基づく"
                    "取組を推進します。",
                    kind="body",
                )
            ],
            [
                line(
                    "庁内に設置した「厚木市まち・ひと・しごと創生総合戦略本部」（本部長：市長）を中心に、[地方創生及びデジタル"
                    "担当部をはじめとした庁内の各部等が連携して総合的に]施策を展開するとともに、基本方針に基づき、市民、事業者、"
                    "議会及び行政が一体となり、市の総力を挙げて第2期総合戦略に基づく取組を推進します。",
                    kind="body",
                )
            ],
            TEXT,
        ),
    ),
)

KPIS = Table(
    "kpis",
    (
        Column("施策", 2),
        Column("指標名", 3),
        Column("単位"),
        Column("現状値", align="right"),
        Column("目標値（改定後）", align="right"),
        Column("変更", code="flags"),
    ),
    (
        Row("goal", (cell("基本目標1（転入促進）"),)),
        Row(
            "plain",
            (
                cell("都市間連携の強化"),
                cell("[都市間連携事業の実施件数（例）]"),
                cell("件"),
                cell("4"),
                cell("10"),
                Cell(),
            ),
            (KPI_ADDED,),
            changed=True,
        ),
        Row(
            "plain",
            (
                cell("あつぎの魅力の発信力強化"),
                cell("動画の総再生回数（例）\n2行目"),
                cell("回"),
                cell("30,000"),
                cell("100,000"),
                Cell(),
            ),
            note="公開済みの動画すべて",
        ),
        Row("total", (cell("計"), Cell(), Cell(), cell("2"), cell("2"))),
    ),
    caption="KPI一覧",
)

REVISION = Document(
    code="comparison",
    title="第2期厚木市まち・ひと・しごと創生総合戦略　新旧対照表",
    subtitle="現行（令和2年3月）と改定後（素案）",
    counts=(
        Count("added", "新規", 4, "項目"),
        Count("merged", "統合", 1, "項目"),
        Count("kpi-added", "KPI追加", 3, "指標"),
    ),
    blocks=(
        COMPARISON,
        Heading("改定のポイント", 1),
        Paragraph(runs("国の[デジタル田園都市国家構想総合戦略]を勘案し、一部を改定する。")),
        Paragraph(runs("重要な視点を改めた"), "・", 0, (ADDED, MERGED)),
        Paragraph(runs("視点4を新たに設けた"), "・", 1, (ADDED,)),
        KPIS,
        Heading("施策体系図", 2),
        Paragraph(runs("基本目標1 転入促進")),
        Paragraph(runs("1 関係人口を創出し、魅力を全国に発信する"), BRANCH, 0, (REWORDED,)),
        Paragraph(runs("① 都市間連携の強化"), BRANCH, 1, (RENAMED, KPI_ADDED)),
        Paragraph(runs("③ あつぎの魅力の発信力強化"), BRANCH, 1, (KPI_ADDED,)),
        Paragraph(runs("2 つぎの施策"), BRANCH),
    ),
    stamp=STAMP,
    legend="下線は改定部分",
)
