"""Forms: what a section is asked (庁内照会) as a workbook that explains itself: open cells, drop-downs, marks."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final

from atsugi_cli.document import Run
from atsugi_cli.formats.archive import normalised
from atsugi_cli.formats.markup import visible
from atsugi_cli.formats.sheets import Datum
from atsugi_cli.formats.xlsx import EDGE, LINE, MOST_LINES, Looks, begun, lay, lines_of, parted
from atsugi_cli.tables.asking import (
    CONTINUED,
    ID,
    META,
    NEW,
    NEW_ROWS,
    RESULTS,
    START,
    TICK,
    VERSION,
    WORDING,
    Asked,
    Question,
)

_OPEN: Final = "#FFF9DB"
_HEAD: Final = "#D9E1F2"
_START: Final = (16, 100)
_ROOM: Final = 60
"""Rows below those asked that stay open, for what a section adds."""

_TEXT: Final = 32
_WORDING: Final = (
    ("位置", 17), ("項目", 19), ("内容", 12), ("現行", _TEXT), ("修正案", _TEXT), ("理由", 15), ("該当なし", 9),
    (ID, 16),
)  # fmt: skip
"""The columns with their widths: together as wide as A4 on its side, at 100 %."""
_RESULTS: Final = (
    ("位置", 17), ("指標名", 18), ("単位", 7), ("目標", 18), ("年度", 6), ("報告済みの値", 13), ("実績値", 11),
    ("評価", 11), ("課題", 23), ("該当なし", 9), (ID, 16),
)  # fmt: skip
_NEW: Final = (
    ("入れるところ", 34),
    ("種類", 14),
    ("名称", 32),
    ("単位", 8),
    ("目標年度", 10),
    ("目標値", 13),
    ("理由", 25),
    (ID, 16),
)
_OPENS: Final = frozenset(
    {
        "修正案",
        "理由",
        "該当なし",
        "実績値",
        "評価",
        "課題",
        "入れるところ",
        "種類",
        "名称",
        "単位",
        "目標年度",
        "目標値",
    }
)


def write(asked: Asked) -> bytes:
    """Write what one section is asked as a workbook."""
    buffer = BytesIO()
    book = begun(buffer)
    looks = Looks(book)
    _start(book.add_worksheet(START), asked, looks)
    if asked.wording:
        rows = [row for each in asked.wording for row in _wording(each)]
        _table(book.add_worksheet(WORDING), _WORDING, rows, asked, looks, room=_ROOM)
    if asked.results:
        sheet = book.add_worksheet(RESULTS)
        _table(sheet, _RESULTS, [_result(each) for each in asked.results], asked, looks)
        for row, each in enumerate(asked.results, 1):
            digits = "#,##0" + ("." + "0" * each.decimals if each.decimals else "")
            sheet.write_blank(row, 6, None, looks.cell(bg_color=_OPEN, locked=False, num_format=digits, align="right"))
    if asked.parents:
        sheet = book.add_worksheet(NEW)
        rows = [("",) * (len(_NEW) - 1) + (f"new-{at}#new#00000000",) for at in range(1, NEW_ROWS + 1)]
        _table(sheet, _NEW, rows, asked, looks, open_all=True)
        last = len(asked.parents)
        sheet.data_validation(
            1, 0, NEW_ROWS, 0, {"validate": "list", "source": f"={META}!$D$1:$D${last}", "show_error": False}
        )
        sheet.data_validation(1, 1, NEW_ROWS, 1, {"validate": "list", "source": list(asked.kinds), "show_error": False})
    _meta(book.add_worksheet(META), asked)
    book.get_worksheet_by_name(START).activate()
    book.set_properties({"title": visible(f"{asked.title}　照会"), "author": visible(asked.contact)})
    book.close()
    return normalised(buffer.getvalue())


def _wording(each: Question) -> Iterator[tuple[str, ...]]:
    """Set a question in a row; a text that is higher than a row can be goes on in the rows below."""
    first, *more = parted(Datum((Run(visible(each.text)),)), _TEXT - 2)
    yield (each.where, each.name, each.label, first.text, "", "", "", each.mark)
    for part in more:
        yield ("", "", CONTINUED, part.text, "", "", "", "")


def _result(each: Question) -> tuple[str, ...]:
    unit = "" if each.unit == "none" else each.unit
    return (each.where, each.name, unit, each.label, f"{each.year}", each.text, "", "", "", "", each.mark)


def _table(
    sheet: Any,  # noqa: ANN401 - XlsxWriter is imported where it is needed
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    asked: Asked,
    looks: Looks,
    *,
    room: int = 0,
    open_all: bool = False,
) -> None:
    """Write a table: what is asked is locked, what is answered open and yellow."""
    head = looks.get(bold=True, bg_color=_HEAD, border=1, align="center", valign="vcenter", text_wrap=True)
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width, None, {"hidden": title == ID})
        sheet.write_string(0, at, title, head)
    sheet.set_row(0, LINE * 1.6)
    for row, words in enumerate(rows, 1):
        high = 1
        for at, (word, (title, width)) in enumerate(zip(words, columns, strict=True)):
            free = title in _OPENS and (open_all or title != "単位") and bool(words[-1])
            look = looks.cell(bg_color=_OPEN, locked=False) if free else looks.cell()
            text = visible(word)
            if text:
                sheet.write_string(row, at, text, look)
                high = max(high, lines_of(text, width - 2) if title != ID else 1)
            else:
                sheet.write_blank(row, at, None, look)
        sheet.set_row(row, LINE * min(high, MOST_LINES) + EDGE)
    free = looks.get(locked=False, text_wrap=True, valign="top")
    for row in range(len(rows) + 1, len(rows) + 1 + room):
        for at, (title, _) in enumerate(columns):
            if title != ID:
                sheet.write_blank(row, at, None, free)
    titles = [title for title, _ in columns]
    if "該当なし" in titles:
        at = titles.index("該当なし")
        sheet.data_validation(1, at, len(rows), at, {"validate": "list", "source": [TICK], "show_error": False})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)  # what is sorted takes its ids along
    allowed = ("sort", "autofilter", "format_columns", "format_rows", "format_cells", "insert_rows")
    sheet.protect("", dict.fromkeys(allowed, True))
    _page(sheet, asked, len(rows), [width for _, width in columns[:-1]])


def _page(sheet: Any, asked: Asked, last: int, widths: Sequence[int]) -> None:  # noqa: ANN401
    lay(sheet, widths)
    sheet.print_area(0, 0, max(last, 1), len(widths) - 1)
    title = visible(asked.title)[:80].replace("&", "&&")
    told = visible(f"{asked.section}　{f'回答期限 {asked.due}' if asked.due else ''}".strip())[:80].replace("&", "&&")
    sheet.set_header(f"&L&9 {title}&R&9 {told}")
    sheet.set_footer("&C&9－ &P / &N －")


def _start(sheet: Any, asked: Asked, looks: Looks) -> None:  # noqa: ANN401
    """Explain what is asked, by when, how to answer, and whom to ask."""
    sheet.set_column(0, 0, _START[0])
    sheet.set_column(1, 1, _START[1])
    sheet.hide_gridlines(2)
    name = looks.get(bold=True, valign="top", bg_color=_HEAD, border=1)
    text = looks.get(text_wrap=True, valign="top", border=1)
    free = looks.get(text_wrap=True, valign="top", border=1, bg_color=_OPEN, locked=False)
    sheet.merge_range(
        0, 0, 0, 1, visible(f"{asked.title}　照会（{asked.section}）"), looks.get(bold=True, font_size=14)
    )
    sheet.set_row(0, 26)
    steps = []
    if asked.wording:
        steps.append(
            f"「{WORDING}」のシート: 直したい行だけ、黄色の「修正案」に、直した後の文をそのまま書いてください。"
            "直さない行は空けておいてください。"
        )
        steps.append(
            "　記入例　現行「1,200人以上（令和8年度）」→ 修正案「1,500人以上（令和8年度）」、"
            "理由「申込みが増えているため」"
        )
    if asked.results:
        steps.append(
            f"「{RESULTS}」のシート: 黄色の「実績値」に数字を、「評価」と「課題」に言葉を書いてください。"
            "速報値は「48.3（速報値）」、調査のない年は「調査なし」と書けます。"
        )
    if asked.parents:
        steps.append(f"「{NEW}」のシート: 新しい取組や指標の案があれば書いてください。")
    steps.append(
        "直すものがない行は「該当なし」に○を付けるか、空けておいてください。やめたい項目は、修正案に「廃止」、理由にそのわけを書いてください。"
        "行や列は消さないでください（消えた行は「回答なし」として扱います）。"
    )
    rows = [
        ("期限", asked.due or "別途お知らせします", text),
        ("問合せ先", asked.contact or "企画担当課", text),
        ("書き方", "\n".join(steps), text),
        ("回答者", "", free),
        ("回答日", "", free),
        ("全体の回答", "", free),
    ]
    for row, (label, words, look) in enumerate(rows, 2):
        sheet.write_string(row, 0, label, name)
        sheet.write_string(row, 1, visible(words), look)
        sheet.set_row(row, LINE * max(1, lines_of(words, 96)) + 4 * EDGE)
    sheet.data_validation(
        7, 1, 7, 1, {"validate": "list", "source": ["該当なし（修正・報告はありません）"], "show_error": False}
    )
    sheet.write_string(
        8,
        1,
        "すべて直すものがないときは、上の欄で「該当なし」を選んでください。",
        looks.get(font_size=9, font_color="#595959"),
    )
    sheet.protect("", {"format_columns": True, "format_rows": True})
    _page(sheet, asked, 8, _START)


def _meta(sheet: Any, asked: Asked) -> None:  # noqa: ANN401
    sheet.hide()
    for row, (key, value) in enumerate(
        (("version", f"{VERSION}"), ("plan", asked.plan), ("edition", asked.edition), ("section", asked.section),
         ("year", f"{asked.year or ''}"), ("due", asked.due))
    ):  # fmt: skip
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, visible(value))
    for row, (words, identity) in enumerate(asked.parents):
        sheet.write_string(row, 3, visible(words))
        sheet.write_string(row, 4, identity)
    sheet.protect("")


def index(every: Sequence[tuple[Asked, str]], day: str) -> bytes:
    """Write what went to whom as a workbook that is filled in by hand from then on (照会一覧)."""
    buffer = BytesIO()
    book = begun(buffer)
    looks = Looks(book)
    sheet = book.add_worksheet("照会一覧")
    columns = (
        ("担当課", 20), ("ファイル", 28), ("修正案の行", 11), ("実績の行", 9), ("作成日", 11), ("期限", 19),
        ("送付日", 10), ("回答日", 10), ("備考", 16),
    )  # fmt: skip
    head = looks.get(bold=True, bg_color=_HEAD, border=1, align="center")
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, head)
    for row, (asked, name) in enumerate(every, 1):
        words = (asked.section, name, len(asked.wording), len(asked.results), day, asked.due, "", "", "")
        for at, word in enumerate(words):
            sheet.write(row, at, visible(word) if isinstance(word, str) else word, looks.cell())
    sheet.freeze_panes(1, 1)
    lay(sheet, [width for _, width in columns])
    book.set_properties({"title": "照会一覧"})
    book.close()
    return normalised(buffer.getvalue())
