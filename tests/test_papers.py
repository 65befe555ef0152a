"""Small revisions that papers once printed wrongly: what must stand in each, and what must not."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from test_contract import GAPS, READERS

from atsugi_cli.cli.app import main

TESTS = Path(__file__).parent
PAPERS = TESTS / "papers"

CASES = [
    # folder, command; what must stand in the output, a line each; what must not
    (
        "01-section-renamed",
        "diff",
        ["【例示市の相談〔窓口〕の状況】 | 【例示市の相談〔施設〕の状況】 | [名称変更]", "（略） | （略） |"],
        [],
    ),
    ("02-ryaku-on-one-side", "diff", ["（略） | （略） | [文言修正]", "| 〔結果は、広報紙で公表します。〕 |"], []),
    ("02-ryaku-on-one-side/b", "diff", ["| 〔結果は、広報紙で公表します。〕 |"], ["（略）"]),
    (
        "02-ryaku-on-one-side/b",
        "points",
        ["「市民会議を新しく置き、意見を聴きます。結果は、広報紙で公表します。」"],
        [],
    ),
    (
        "02-ryaku-on-one-side/c",
        "diff",
        [
            "一の段落です。二の文です。三の文です。 | 一の段落です。 | [文言修正]",
            "| 二の文です。三の文です。 |",
        ],
        ["（略）"],
    ),
    (
        "03-moved-from-where",
        "diff",
        [
            "〔③〕 農産物の販路拡大 | （基本目標2-1-③へ移動） | [移動]",
            "（基本目標1-1-③から移動） | 〔③〕 農産物の販路拡大 | [移動]",
            "担当を改めるため",
        ],
        ["基本目標1 （略）"],
    ),
    (
        "03-moved-from-where",
        "points",
        ["担当を改めるため、主な取組「農産物の販路拡大」を、基本目標1-1-③から基本目標2-1-③へ移動します。 [移動]"],
        ["移します"],
    ),
    (
        "05-numbers-sorted-as-text",
        "diff",
        [
            "基本目標1-1の②及び⑩の2つを統合",
            "〔⑩ 取組その10〕 | （基本目標1-1-②へ統合） | [統合]",
            "〔⑪〕 （略） | 〔⑩〕 （略） | [繰上げ]",
        ],
        ["⑩及び②"],
    ),
    ("10-omitted-with-body", "diff", ["[文言修正]"], ["変更はありません。"]),
    (
        "11-section-numbers",
        "diff",
        [
            "【第2章 現状と課題】 | 【第2章 現状と課題】 |",
            "1及び2 （略） | 1及び2 （略） |",
            "3 〔ごみ〕 | 3 〔ごみと〕再生品 | [統合]",
            "4 再生品 | |",
            "第2章の3及び4の2つを統合",
            "〔5〕 （略） | 〔4〕 （略） | [繰上げ]",
            "〔6〕 自然 | 〔5〕 自然〔環境〕 | [名称変更]",
            "〔7及び8〕 （略） | 〔6及び7〕 （略） | [繰上げ]",
        ],
        ["番号変更"],
    ),
    (
        "11-section-numbers",
        "points",
        [
            "4件の項目の番号を繰り上げます。",
            "第2章-3 「ごみ」及び「再生品」を統合し、「ごみと再生品」とします。 [統合]",
        ],
        ["番号変更", "第2章ごみ"],
    ),
    (
        "13-only-first-reason",
        "diff",
        [
            "100kWh（令和2(2020)年度） → 〔80kWh〕（令和7(2025)年度） | 既に目標を達成している",
            "100立方メートル（令和2(2020)年度） → 〔95立方メートル〕（令和7(2025)年度） | 計器の更新による",
        ],
        [],
    ),
    (
        "13-only-first-reason",
        "points",
        ["（理由：既に目標を達成している） [上方修正]", "（理由：計器の更新による） [下方修正]"],
        [],
    ),
    (
        "13-points-broken-sentence",
        "points",
        ["「推進体制」の文言を改めます（全角・半角のみ）。 [文言修正]"],
        ["（を追加）", "「」"],
    ),
    (
        "13-points-broken-sentence",
        "diff",
        ["本部が、毎年度〔 ２〕回の進み具合を確かめます。 | 本部が、毎年度〔 2〕回の進み具合"],
        ["（略）"],
    ),
    ("13-points-broken-sentence/b", "diff", ["変更はありません。"], ["[文言修正]"]),
    ("13-points-broken-sentence/b", "points", ["変更なし"], ["を追加"]),
    (
        "14-reason-never-printed",
        "diff",
        ["基本目標1 支え〔る〕 | 基本目標1 支え〔合う〕 | [名称変更]", "市民会議の意見による。"],
        [],
    ),
    ("14-reason-never-printed", "points", ["（理由：市民会議の意見による。） [名称変更]"], []),
    ("15-level-renamed", "diff", ["基本目標1 仕事をつくる | 施策の方向(1) 〔地方に〕仕事をつくる"], []),
    ("18-new-period-is-not-an-extension", "diff", ["[指標変更]"], ["延長", "判断が要る"]),
    (
        "18-new-period-is-not-an-extension",
        "points",
        [
            "計画期間を「令和3(2021)年度から令和7(2025)年度まで」から「令和6(2024)年度から令和10(2028)年度まで」に改めます。"
        ],
        ["延長"],
    ),
    ("19-note-and-x-key-printed", "diff", ["変更はありません。"], ["備考:", "x-memo", "財政課", "試算"]),
    ("19-note-and-x-key-printed", "points", ["変更なし"], ["備考:", "x-memo", "財政課", "試算"]),
    ("20-omitted-without-number", "diff", [], ["番号変更", "繰"]),
    ("20-omitted-without-number", "points", [], ["番号を"]),
    (
        "21-marks-cut-compound-word",
        "diff",
        [
            "① 観光の振興 | ① 観光〔と産業観光〕の振興 |",
            "② 相談の充実 | ② 相談の充実〔と訪問相談の充実〕 |",
            "③ 創業の支援 | ③ 創業〔と第二創業〕の支援 |",
        ],
        [],
    ),
    ("22-range-drops-the-label", "diff", ["第1分野～第3分野 （略） | 第1分野～第3分野 （略） |"], []),
    ("28-cover-only-reason", "validate", ["reason があるのに、変わったところがありません"], []),
    (
        "P01-changed-paragraph-ryaku",
        "diff",
        [
            "本市では、〔全庁を挙げて〕施策を展開します。 | 本市では、施策を展開します。 | [文言修正]",
            "進捗は、毎年度検証します。 | 進捗は、〔外部有識者を交えて〕毎年度検証します。 |",
            "（略） | （略） |",
        ],
        [],
    ),
    ("P02-internal-note", "diff", ["変更はありません。"], ["備考:", "財政課"]),
    ("P02-internal-note", "points", ["変更なし"], ["備考:", "財政課"]),
    (
        "P03-level-changed",
        "diff",
        [
            "〔②〕 在宅勤務の普及 | （基本目標1-2へ移動） |",
            "（基本目標1-1-②から移動） | 〔2〕 在宅勤務の普及 |",
            "「主な取組」から「具体的な施策」に格上げ",
        ],
        ["階層を変更"],
    ),
    (
        "P03-moved",
        "diff",
        [
            "〔②〕 在宅勤務の普及 | （基本目標2-1-②へ移動） | [移動]",
            "〔③〕 （略） | 〔②〕 （略） | [繰上げ]",
            "（基本目標1-1-②から移動） | 〔②〕 在宅勤務の普及 | [移動]",
        ],
        ["移動元: ②"],
    ),
    (
        "P03-moved",
        "points",
        ["「在宅勤務の普及」を、基本目標1-1-②から基本目標2-1-②へ移動します。 [移動]"],
        ["移します"],
    ),
    ("P05-extension-list", "diff", ["計画期間変更"], ["判断が要る", "起業の件数"]),
    (
        "../cities/reiji",
        "points",
        ["「空き家バンク事業」の「登録件数」の集計期間を令和4～8年度から令和4～10年度に改めます。"],
        ["「第3期例示市総合戦略」の「登録件数」", "空き家バンク事業 「空き家バンク事業」"],
    ),
    (
        "P10-long-prose",
        "diff",
        ["（略）効果を〔毎年度〕検証します。（略） | （略）効果を〔四半期ごとに〕検証します。（略） | [文言修正]"],
        [],
    ),
    (
        "P11-renumbered",
        "diff",
        ["（新設） | ① 〔新しい取組〕 | [新規]", "〔①～⑩〕 （略） | 〔②～⑪〕 （略） | [繰下げ]"],
        ["番号変更"],
    ),
    ("P11-renumbered", "points", ["10件の項目の番号を繰り下げます。"], ["番号変更", "番号を3から4"]),
    ("P15-reason-column", "diff", ["① 〔起業〕の支援 | ① 〔創業〕の支援 | [名称変更]", "国の用語に合わせるため"], []),
    ("P20-tofu", "diff -o t.pdf", ["U+20BB7"], []),
    ("P23-count-columns", "points", ["| 具体的な | 主な取組 | 計"], []),
    ("counts-in-order-of-levels", "points", ["| 基本目標 | 具体的な | 主な取組 | 計"], []),
    (
        "moved-says-from-where",
        "diff",
        [
            "（基本目標2-1-②から移動） | 〔③〕 遠隔勤務の普及 | [移動]",
            "〔②〕 遠隔勤務の普及 | （基本目標1-1-③へ移動） | [移動]",
        ],
        ["基本目標2 （略）"],
    ),
    (
        "moved-says-from-where",
        "points",
        ["「遠隔勤務の普及」を、基本目標2-1-②から基本目標1-1-③へ移動します。 [移動]"],
        [],
    ),
    ("points-quotes-a-word", "points", ["「定める」→「定め、地方創生に資する施策を展開する」"], ["（「る」"]),
    (
        "points-quotes-a-word",
        "diff",
        ["市は、4つの基本目標を〔定める〕。 | 市は、4つの基本目標を〔定め、地方創生に資する施策を展開する〕。"],
        [],
    ),
    (
        "section-renumbered-behind-a-merger",
        "diff",
        ["【2 〔産業の動向〕】 | |", "〔3〕 （略） | 〔2〕 （略） | [繰上げ]"],
        ["番号変更"],
    ),
    ("section-removed-with-its-parts", "points", ["別冊とするため、「資料編」", "資料編 「用語」を削除します。"], []),
    (
        "level-dropped",
        "diff",
        ["1 〔暮らし〕 | （削る） | [廃止]", "② 子育て | ② 子育て〔支援〕 |"],
        [],
    ),
    (
        "raised-with-a-child",
        "points",
        ["基本目標1-1-②「端末の貸与」を、「事業」から「主な取組」に格上げします（基本目標2-2-①）。"],
        ["「端末の貸与」「端末の貸与」"],
    ),
    (
        "split-where-the-second-part-stays",
        "diff",
        ["（基本目標1-1-①から分割） | 〔① 創業〕の支援 | [分割]", "〔①〕 起業の支援 | 〔②〕 起業の支援 | [分割]"],
        [],
    ),
    (
        "split-with-its-text",  # what any of the parts still says has not gone, and what one says newly is new whole
        "diff",
        ["空き家を紹介します。 | 空き家を紹介します。", "〔市内企業を紹介します。〕"],
        ["〔就職", "〔市内企業〕"],
    ),
    (
        "numbers-swapped",
        "diff",
        ["〔②〕 在宅勤務 | 〔①〕 在宅勤務 | [繰上げ]", "〔①〕 起業の支援 | 〔②〕 起業の支援 | [繰下げ]", "③ （略）"],
        [],
    ),
    ("sections-by-letter", "diff", ["【〔イ〕 産業】 | 【〔ウ〕 産業】 | [繰下げ]"], ["番号変更"]),
    ("sections-by-letter", "points", ["2件の項目の番号を繰り下げます。"], []),
    ("paragraphs-reordered", "points", ["（「三の段落は財政です。」の位置）"], ["を追加", "を削除"]),
    (
        "numbers-in-prose",
        "points",
        ["（「令和7年度」→「令和9年度」、「5年間」→「7年間」）", "「1,234人」→「1,235人」"],
        ["「7」→「9」"],
    ),
    (
        "superior-plan-changed",
        "points",
        [
            "上位計画を「第9次総合計画」から「第10次総合計画」に改めます。",
            "計画全体の「総人口」の目標値を100人から120人に改めます。",
        ],
        ["「例示市総合戦略」の", "その他（"],
    ),
    ("superior-plan-changed", "diff", ["上位計画: 第9次総合計画 → 第10次総合計画 [その他]"], ["→ 上位計画"]),
    ("merged-with-new-number", "diff", ["〔②〕 子育て | 〔① 働き方と〕子育て | [統合]"], []),
    (
        "split-with-an-indicator",
        "diff",
        [
            "KPI 見守り数 － → 〔6件〕（令和7(2025)年度） | （基本目標2-1-②のKPIへ移動）",
            "（基本目標1-1-①のKPIから移動） | KPI 見守り数 － → 〔9件〕（令和7(2025)年度） | [目標値変更]",
        ],
        [],
    ),
    ("split-with-an-indicator", "points", ["所管を分けるため、「起業と見守り」を基本目標1-1-①「起業」及び"], []),
    ("title-of-another-width", "diff", ["【1 〔ＤＸ〕の推進】 | 【1 〔DX〕の推進】"], []),
    ("numbers-rotated", "diff", ["〔①〕 一 | 〔②〕 一 | [繰下げ]", "④ （略） | ④ （略） |"], []),
    ("words-listed", "diff", ["市民〔、企業〕と連携し、協働します。", "〔子供〕の貧困対策計画を〔改訂〕します。"], []),
    ("words-listed", "points", ["「企業」を追加"], ["「、企業」"]),
]
NOT_YET = {}


def cases():
    for name, command, wanted, unwanted in CASES:
        reason = NOT_YET.get((name, command))
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        yield pytest.param(name, command, wanted, unwanted, marks=marks, id=f"{name}: {command}")


def run(name, command, capsys, monkeypatch, *more):
    """Run a command on both editions of a case."""
    monkeypatch.chdir(PAPERS / name)
    editions = sorted(each for each in Path().rglob("*.yaml") if each.name[:2] == "20" and each.parts[0] not in "bc")
    word, *options = command.split()
    editions = [] if "cities" in name else [str(each) for each in editions]
    main([word, *editions, *options, *more])
    found = capsys.readouterr()
    return found.out + found.err


def one_blank(text):
    return re.sub(r"[ \u3000]+", " ", text)


@pytest.mark.parametrize(("name", "command", "wanted", "unwanted"), [*cases()])
def test_a_paper_says_what_it_must_and_no_more(name, command, wanted, unwanted, capsys, monkeypatch, tmp_path):
    if " -o " in command or command == "validate":
        command = command.replace("t.pdf", str(tmp_path / "t.pdf"))
    text = run(name, command, capsys, monkeypatch, "--width", "900")
    found, unwrapped = one_blank(text), GAPS.sub("", READERS["text"](text))  # the column of remarks is narrow
    assert [each for each in wanted if one_blank(each) not in found and GAPS.sub("", each) not in unwrapped] == [], (
        found
    )
    assert [each for each in unwanted if each in found] == [], found


def words(line):
    """Give the words of a line of text, cell by cell and kind by kind, without what only a terminal needs."""
    return [GAPS.sub("", word) for word in re.split(r"[|\[\]〔〕【】]", line)]


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize(("name", "command", "wanted", "unwanted"), [*cases()])
def test_so_do_markdown_and_html(name, command, wanted, unwanted, form, capsys, monkeypatch):
    if " -o " in command or command == "validate":
        pytest.xfail("of one format")
    found = GAPS.sub("", READERS[form](run(name, command, capsys, monkeypatch, "-f", form)))
    missing = [word for line in wanted for word in words(line) if word not in found]
    assert missing == [], found
    assert [
        each for each in unwanted if each not in ("（略）", "[文言修正]", "延長") and GAPS.sub("", each) in found
    ] == []


TABLES = sorted({name for name, command, *_ in CASES if command == "diff"})


@pytest.mark.parametrize("name", TABLES)
def test_no_line_of_a_csv_is_left_out_on_one_side_only(name, capsys, monkeypatch):
    found = run(name, "diff", capsys, monkeypatch, "-f", "csv").lstrip("\ufeff").partition("\nstrategy: ")[0]
    for row in csv.DictReader(StringIO(found)):
        old, new = (row.get(side, "").split("\n") for side in ("現行", "改定後"))
        assert ["（略）" in line for line in old] == ["（略）" in line for line in new], row


PLANS = [each.name for each in sorted(PAPERS.iterdir()) if each.name.startswith("plan-")]
"""Invented plans in the manner of real ones."""


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_of_another_sort_is_read_as_an_official_would(plan, capsys, monkeypatch, golden):
    commands = (
        "diff --width 110",
        "points --width 100",
        "diff --layout miekeshi --width 100",
        "tree --width 100 --since",
    )
    first = min(each.stem for each in (PAPERS / plan).rglob("2*.yaml"))
    found = []
    monkeypatch.chdir(PAPERS / plan)
    for command in commands:
        words = [*command.split(), *([first] if command.endswith("--since") else [])]
        assert main(words) == 0
        found.append(f"$ strategy {' '.join(words)}\n{capsys.readouterr().out}")
    golden(PAPERS / plan / "expected.txt", "\n".join(found))
