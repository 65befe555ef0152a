"""Numbers: rules about years, periods, and the values of indicators."""

from collections.abc import Iterator, Sequence

from atsugi_cli.rules.base import Found, Rule, Subject, rule
from atsugi_cli.rules.texts import texts
from atsugi_cli.rules.years import disagreements
from atsugi_cli.words import era_name


def era_mismatch(subject: Subject) -> Iterator[Found]:
    """並べて書いた元号の年と西暦の年が、食い違っています（例: 令和3(2022)年度）。

    どちらかが誤りです。令和n年は西暦 2018+n 年、平成n年は 1988+n 年です。
    2019年は平成31年でも令和元年でもあります。年度は4月からなので、令和2年3月は2019年度です。
    """
    for text in texts(subject):
        for found in disagreements(text.words):
            other = era_name(found.western)
            meant = f"、{found.western}年は{other}年" if other else ""
            yield Found(
                f"「{found.typed}」の元号と西暦が食い違っています（{found.era}年は{found.by_era}年{meant}です）",
                text.place(subject, found.start, found.end),
                f"{found.era}({found.by_era})"
                + (f" か {other}({found.western})" if other else "")
                + (" のどちらか正しい方に直してください" if other else " と書いてください"),
            )


NUMBER_RULES: Sequence[Rule] = (
    rule("era-mismatch", "元号と西暦の食い違い", "number", "error", era_mismatch,
         example="title: 令和3(2022)年度の取組\n→ title: 令和3(2021)年度の取組"),
)  # fmt: skip
