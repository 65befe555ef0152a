"""Charts of Excel: how every indicator went from year to year, as native line charts beside the figures they draw."""

from collections.abc import Iterator
from typing import Any, Final

from atsugi_cli.document import Column
from atsugi_cli.formats.sheets import Datum, Record, Sheet, words

YEARS: Final = "actual-"
"""How the codes of the columns of yearly actuals begin."""
FEWEST: Final = 2
"""Years that make a line."""
_FIRST: Final = 3
"""Columns before those of the years: name, unit, and what the row says of it."""
_ACROSS: Final = 2
_WIDE, _HIGH, _GAP = 430, 230, 12
"""Pixels of a chart, and between two."""
_ACTUAL = {"color": "#2F5597"}
_LOOKS: Final[tuple[dict[str, Any], ...]] = (
    {"line": {**_ACTUAL, "width": 2.25}, "marker": {"type": "circle", "size": 6, "fill": _ACTUAL, "border": _ACTUAL}},
    {"line": {"color": "#C00000", "dash_type": "dash", "width": 1.5}},
)
"""Of the line of the actuals, and of that of the target."""


def trends(sheet: Sheet) -> Sheet | None:
    """Set the actuals of every indicator that has some years of them in a row, its target in the row below."""
    at = {column.code: number for number, column in enumerate(sheet.columns)}
    years = [number for code, number in at.items() if code.startswith(YEARS)]
    if len(years) < FEWEST:
        return None
    records = []
    for record in sheet.records:
        numbers = [record.data[year] for year in years]
        if sum(each.figure is not None for each in numbers) < FEWEST:
            continue
        lead = (record.data[at["name"]], record.data[at["unit"]])
        label = sheet.columns[years[0]].title.partition("（")[0]
        records.append(Record((*lead, words(label), *(Datum(value=each.figure) for each in numbers))))
        target = Datum(value=record.data[at["target"]].figure)
        records.append(Record((*lead, words(sheet.columns[at["target"]].title), *[target] * len(years))))
    columns = (
        Column("指標名", 3, code="name"),
        Column("単位", code="unit"),
        Column("値", 2),
        *(Column(sheet.columns[year].title.partition("（")[2].rstrip("）"), 2, "right") for year in years),
    )
    return Sheet("trends", "推移", columns, tuple(records)) if records else None


def insert(workbook: Any, worksheet: Any, sheet: Sheet) -> tuple[int, int]:  # noqa: ANN401 - of XlsxWriter
    """Draw a chart of every two rows beside the table, and return the last row and column that they cover."""
    first = len(sheet.columns) + 1
    step = -(-_HIGH // 22) + 1
    worksheet.set_column(first, first + 2 * _ACROSS * 4, 8)
    for number, (row, actual) in enumerate(_pairs(sheet)):
        chart = workbook.add_chart({"type": "line"})
        title = f"{actual.data[0].text}（{actual.data[1].text}）" if actual.data[1].text else actual.data[0].text
        for below, look in enumerate(_LOOKS):
            line = sheet.records[row + below]
            if any(each.value is not None for each in line.data[_FIRST:]):
                last = len(sheet.columns) - 1
                chart.add_series(
                    {
                        "name": [worksheet.name, row + below + 1, _FIRST - 1],
                        "categories": [worksheet.name, 0, _FIRST, 0, last],
                        "values": [worksheet.name, row + below + 1, _FIRST, row + below + 1, last],
                        **look,
                    }
                )
        chart.set_title({"name": title, "name_font": {"size": 10, "bold": True}})
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
        chart.show_blanks_as("span")
        chart.set_size({"width": _WIDE, "height": _HIGH})
        across = number % _ACROSS
        place = {"x_offset": across * (_WIDE + _GAP), "description": f"{title}の推移", "object_position": 3}
        worksheet.insert_chart(1, first, chart, {**place, "y_offset": number // _ACROSS * (_HIGH + _GAP)})
    charts = len(sheet.records) // 2
    return -(-charts // _ACROSS) * step, first + 2 * _ACROSS * 4


def _pairs(sheet: Sheet) -> Iterator[tuple[int, Record]]:
    return ((row, sheet.records[row]) for row in range(0, len(sheet.records), 2))
