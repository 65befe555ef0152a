"""Periods: rules about years: era against western, the plan's period, and the years of values."""

import re
from collections.abc import Iterator, Sequence

from atsugi_cli.achievement import fiscal_year
from atsugi_cli.catalogue import Severity
from atsugi_cli.findings import Edit, Finding, Place, Related
from atsugi_cli.model import Indicator, Value
from atsugi_cli.numerals import integer
from atsugi_cli.rules.base import Rule, Subject, finding, name, rule
from atsugi_cli.rules.texts import NAMED, Text, readings
from atsugi_cli.rules.years import (
    BESIDE,
    LENGTH,
    MAY_BE_PAST,
    MAY_STRETCH,
    disagreements,
    past_eras,
    stretches,
    turned_eras,
)
from atsugi_cli.words import era_name, year_words

_SENTENCE = r"[^。\n]+"
_PERIOD = r"(?:計画|対象|戦略|推進)期間"
_PERIOD_TITLE = r"(?:本|この)?(?:計画|戦略|総合戦略)?の?(?:計画|対象|戦略|推進)?期間"
_YEARS_PLAN = r"は、?[^、]*年間の(?:計画|戦略|総合戦略)(?:です|である|とします|とする)"
_THIS_PLAN = ("本計画", "この計画", "本戦略", "この戦略", "本総合戦略", "この総合戦略")
_OTHERS = (
    r"国|県|都の|道の|府の|総合計画|基本計画|実施計画|ビジョン|第[0-9０-９一二三四五六七八九十]+[期次]|前期|後期|旧"
)
"""Words before 計画期間 that may make it another plan's."""
_CHANGED = r"延長|短縮|変更|改め|当初|従来|これまで|前計画|うち"
"""Words of a sentence that may speak of a former period, or of a part of it."""


def era_mismatch(subject: Subject) -> Iterator[Finding]:
    """並べて書いた元号の年と西暦の年が、食い違っています（例: 令和3(2022)年度）。

    どちらかが誤りです。令和n年は西暦 2018+n 年、平成n年は 1988+n 年です。
    2019年は平成31年でも令和元年でもあります。年度は4月からなので、令和2年3月は2019年度です。
    平成32年や昭和65年のように、元号の終わった後の年も示します（改元の前の版を除きます）。
    令和は5月1日に始まったので、令和元年4月は平成31年4月です。
    """
    yield from _past_eras(subject)
    for text in subject.holding(re.compile(BESIDE)):
        for found in disagreements(text.words):
            other = era_name(found.western)
            meant = f"、{found.western}年は{other}年" if other else ""
            hint = f"{found.era}({found.by_era})"
            yield finding(
                f"「{found.typed}」の元号と西暦が食い違っています（{found.era}年は{found.by_era}年{meant}です）",
                text.place(subject.places, found.start, found.end),
                f"{hint} か {other}({found.western}) の正しい方に直してください"
                if other
                else f"{hint} と書いてください",
            )


_TO = r"\s?(?:年度?)?\s?(?:[~～〜\-－―–—‐−・、,，]|から)\s?[0-9０-９一-十]"
"""What makes one year the first of several: their counts go on in the same era."""
NEW_ERA = "2019-05"
"""Until then papers spoke of 平成33年度 as a year to come."""


def _past_eras(subject: Subject) -> Iterator[Finding]:
    """Find years of an era beyond its end."""
    edition = subject.strategy.edition
    written = edition.date or edition.id
    if not (written[:4].isdigit() and written >= NEW_ERA):
        return
    for text in subject.holding(re.compile("令和[元1１一]|平成[3３三]")):
        for start, end, typed, right in turned_eras(text.words):
            span = subject.places.inside(text.words, start, end, text.node, *text.path)
            yield finding(
                f"「{typed}」は、元号の変わった日（2019年5月1日）と合いません",
                text.place(subject.places, start, end),
                f"{right}年と書いてください",
                edits=(Edit(*span, right),) if span else (),
                severity="warning",
            )
    for text in subject.holding(re.compile(MAY_BE_PAST)):
        said = {at for each in disagreements(text.words) for at in range(each.start, each.end)}
        for start, end, era, last, year in past_eras(text.words):
            if start in said:
                continue
            span = subject.places.inside(text.words, start, end, text.node, *text.path)
            alone = text.words[start:end].isalnum() and not re.compile(_TO).match(text.words, end)
            yield finding(
                f"「{text.words[start:end]}年」という年はありません（{era}は{last}年までです）",
                text.place(subject.places, start, end),
                f"{era_name(year)}年（{year}年）のように、いまの元号か西暦で書いてください",
                edits=(Edit(*span, era_name(year)),) if span and alone else (),
                severity="warning",
                safe=False,
            )


def period_length(subject: Subject) -> Iterator[Finding]:
    """文章に書かれた期間の長さが、その始まりと終わりの年に合いません。

    年度は両端を含めて数えます（令和3年度から令和8年度までは6年間）。長さか年のどちらかを直します。
    """
    for text in subject.holding(re.compile(MAY_STRETCH)):
        for stretch in stretches(text.words):
            if stretch.length is None or stretch.last < stretch.first or stretch.lasts(stretch.length):
                continue
            if any(True for _ in disagreements(stretch.typed)):
                continue  # which of the years is meant is not known
            years = round(stretch.months / 12) if stretch.months else stretch.last - stretch.first + 1
            yield finding(
                f"「{stretch.typed}」の長さが合いません（数えると{years}年間です）",
                text.place(subject.places, stretch.start, stretch.end),
                f"長さを{years}年間に直すか、始まりと終わりの年を確かめてください",
            )


def period_order(subject: Subject) -> Iterator[Finding]:
    """計画期間の最初の年度が、最後の年度より後です。"""
    plan = subject.strategy.plan
    if plan.node in subject.broken:
        return  # a year of the era, 6 for 2024, is no year before the other
    if plan.start is not None and plan.end is not None and plan.start > plan.end:
        yield finding(
            f"計画期間の最初の年度 {plan.start} が、最後の年度 {plan.end} より後です",
            subject.at(plan.node, "period", "start"),
            f"period: {{start: {plan.end}, end: {plan.start}}} ではありませんか",
            (Related(subject.at(plan.node, "period", "end"), "最後の年度"),),
            edits=(
                *subject.writing(plan.end, plan.node, "period", "start"),
                *subject.writing(plan.start, plan.node, "period", "end"),
            ),
            safe=False,
        )


def period_text(subject: Subject) -> Iterator[Finding]:
    """文章に書かれた計画期間が、plan.period と違います。

    「計画期間」「対象期間」と書かれた文や「本計画は…5年間の計画です」の、年と長さを比べます。
    ほかの計画や、延長する前の期間を述べた文は比べません。
    """
    if subject.period is None:
        return
    plan = subject.strategy.plan
    length = subject.period[1] - subject.period[0] + 1
    shown = f"{year_words(subject.period[0])}から{year_words(subject.period[1])}まで（{length}年間）"
    for text in subject.texts if "期間" in subject.prose or "年間の" in subject.prose else ():
        for base, sentence, begin in _about_period(subject, text):
            told = next((each for each in stretches(sentence) if each.start >= begin), None)
            if told is not None:
                right = (told.first, told.last) == subject.period
                if right or (told.length is not None and not told.lasts(told.length)):
                    continue  # it contradicts itself, which is said already
                if any(True for _ in disagreements(told.typed)):
                    continue
                typed, start, end = told.typed, told.start, told.end
            else:
                match = re.compile(LENGTH).search(sentence, begin)
                if match is None or integer(match["length"]) == length:
                    continue
                typed, start, end = match[0], match.start(), match.end()
            yield finding(
                f"文章の計画期間「{typed}」が、plan.period（{plan.start}～{plan.end}）と違います",
                text.place(subject.places, base + start, base + end),
                f"計画期間が{shown}なら文章を、文章が正しければ period を直してください",
                (Related(subject.at(plan.node, "period"), "計画期間"),),
            )


def _about_period(subject: Subject, text: Text) -> Iterator[tuple[int, str, int]]:
    """Find the sentences that state the plan's own period: their offset, words, and where to read on from."""
    words = text.words
    if text.path == ("body",) and text.item is not None and re.compile(_PERIOD_TITLE).fullmatch(text.item.title):
        for match in re.compile(_SENTENCE).finditer(words):
            if any(True for _ in stretches(match[0])):
                if not re.compile(_OTHERS).search(match[0]) and not re.compile(_CHANGED).search(match[0]):
                    yield match.start(), match[0], 0
                return
    title = subject.strategy.plan.title
    if "年間の" in words:
        for match in re.compile(_SENTENCE).finditer(words):
            sentence = match[0].lstrip()
            named = next((each for each in (title, *_THIS_PLAN) if each and sentence.startswith(f"{each}は")), "")
            if (
                named
                and re.compile(_YEARS_PLAN).fullmatch(sentence, len(named))
                and not re.compile(_CHANGED).search(sentence)
            ):
                yield match.start(), match[0], 0
    if "期間" not in words:
        return
    ours = {match[0] for match in re.compile(_OTHERS).finditer(title)}
    for match in re.compile(_SENTENCE).finditer(words):
        sentence = match[0]
        keyword = re.compile(_PERIOD).search(sentence)
        if keyword is None or re.compile(_CHANGED).search(sentence):
            continue
        before = sentence[: keyword.start()].replace(title, "") if title else sentence[: keyword.start()]
        if {found[0] for found in re.compile(_OTHERS).finditer(before)} <= ours:
            yield match.start(), sentence, keyword.end()


def year_outside_period(subject: Subject) -> Iterator[Finding]:
    """目標や実績の年が、計画期間の外にあります。

    期間の前の年はエラー、後の年は警告です。期間より先の段階目標や、期間の後の基準値も警告します。
    基準値、現況値と、基準値の年より後の実績は、期間の前でも構いません（計画ができるまでの推移）。
    計画期間を延ばしたなら plan.period を、そうでなければ年を直します。
    """
    if subject.period is None:
        return
    start, end = subject.period
    before = {"baseline", "current"}
    for indicator, path, value in subject.readings:
        year = fiscal_year(value)
        if year is None or start <= year <= end:
            continue
        severity: Severity = "error"
        if year > end:
            target = fiscal_year(indicator.target)
            if path == ("baseline",) and target is not None and target <= year:
                continue  # said by another rule
            severity = "warning"
        elif path[0] in before or (path[0] == "actuals" and year > (fiscal_year(indicator.baseline) or year)):
            continue
        yield finding(
            f"指標{name(indicator)}の{NAMED[str(path[0])]}の年 {value.year} は、"
            f"計画期間（{start}～{end}年度）より{'前' if severity == 'error' else '後'}です",
            subject.at(indicator.node, *path, "year"),
            f"{start} から {end} までの年に直すか、plan.period を確かめてください",
            (Related(subject.at(subject.strategy.plan.node, "period"), "計画期間"),),
            severity=severity,
        )


def baseline_after_target(subject: Subject) -> Iterator[Finding]:
    """基準値の年が、目標値の年より後か、同じ年です。

    基準値は計画を作る前の現状、目標値は計画期間の終わりの値です。年の取り違えがないか確かめます。
    """
    plan = subject.strategy.plan
    for _, indicator in subject.indicators:
        before, after = fiscal_year(indicator.baseline), fiscal_year(indicator.target)
        if before is None or after is None or before < after or _dates_in_order(indicator):
            continue
        if plan.start is not None and after < plan.start <= before:
            continue  # the target's year is said to be too early by another rule
        exact = isinstance(_year(indicator.baseline), int) and isinstance(_year(indicator.target), int)
        which = ("と同じ" if exact else "と同じ年度") if before == after else "より後"
        years = f"基準値の年 {_year(indicator.baseline)} は、目標値の年 {_year(indicator.target)} {which}です"
        yield finding(
            f"指標{name(indicator)}の{years}",
            subject.at(indicator.node, "baseline", "year"),
            "基準値と目標値の年を確かめてください",
            (Related(subject.at(indicator.node, "target", "year"), "目標値の年"),),
            severity="warning" if before == after else "off",
        )


def _year(value: Value | None) -> object:
    return value.year if value is not None else None


def _dates_in_order(indicator: Indicator) -> bool:
    """Check whether two dates of the same fiscal year are in order."""
    before, after = _year(indicator.baseline), _year(indicator.target)
    return isinstance(before, str) and isinstance(after, str) and before < after


def missing_span(subject: Subject) -> Iterator[Finding]:
    """累計や平均の指標に、集計期間（span）がありません。

    何年度から何年度までの累計かが分からないと、改定の前後で比べられません。span: [最初の年度, 最後の年度] を書きます。
    """
    for _, indicator in subject.indicators:
        target = indicator.target
        if indicator.aggregation not in {"cumulative", "mean"} or indicator.span is not None or target is None:
            continue
        if target.span is None and target.value is not None:
            first, last = subject.period or (2021, 2026)
            until = fiscal_year(target.year)
            example = f"span: [{first}, {until if until is not None and first <= until else last}]"
            words = "累計" if indicator.aggregation == "cumulative" else "平均"
            yield finding(
                f"指標{name(indicator)}は{words}ですが、集計期間がありません",
                subject.at(indicator.node, "aggregation"),
                f"{example} のように、集計する最初と最後の年度を書いてください",
            )


def span_order(subject: Subject) -> Iterator[Finding]:
    """集計期間（span）の最初の年度が、最後の年度より後です。"""
    for _, indicator in subject.indicators:
        spans = [((), indicator.span), *((path, value.span) for path, value in readings(indicator))]
        for path, span in spans:
            if span is not None and span[0] > span[1]:
                yield finding(
                    f"指標{name(indicator)}の集計期間 [{span[0]}, {span[1]}] は、前後が逆です",
                    subject.at(indicator.node, *path, "span"),
                    f"span: [{span[1]}, {span[0]}] と書いてください",
                    edits=(
                        *subject.writing(span[1], indicator.node, *path, "span", 0),
                        *subject.writing(span[0], indicator.node, *path, "span", 1),
                    ),
                    safe=False,
                )


def span_outside_period(subject: Subject) -> Iterator[Finding]:
    """目標値の集計期間（span）が計画期間の外に出ているか、目標値の年を含みません。

    基準値も同じ年度から数えた累計（制度の始まりからの累計）なら、計画期間より前から始まっていても構いません。
    """
    plan = subject.strategy.plan
    for _, indicator in subject.indicators:
        target = indicator.target
        path: tuple[str, ...] = ("target", "span") if target is not None and target.span else ("span",)
        span = (target.span if target is not None else None) or indicator.span
        if span is None or span[0] > span[1]:
            continue
        year, base = fiscal_year(target), indicator.baseline
        since = base.span[0] if base is not None and base.span else None
        counted = (span[1], span[1]) if since == span[0] else span
        if subject.period and not _inside(counted, subject.period):
            message = f"計画期間（{subject.period[0]}～{subject.period[1]}年度）の外に出ています"
        elif year is not None and not span[0] <= year <= span[1] and _inside((year, year), (plan.start, plan.end)):
            message = f"目標値の年 {_year(target)} を含みません"
        else:
            continue
        yield finding(
            f"指標{name(indicator)}の集計期間 [{span[0]}, {span[1]}] は、{message}",
            subject.at(indicator.node, *path),
            "集計期間の最初と最後の年度を確かめてください",
        )


def _inside(span: tuple[int, int], period: tuple[int | None, int | None]) -> bool:
    start, end = period
    return start is not None and end is not None and start <= span[0] and span[1] <= end


def aggregation_mismatch(subject: Subject) -> Iterator[Finding]:
    """累計や平均の指標で、基準値と目標値の集計期間の長さが違います。

    一年分の基準値と六年分の累計の目標値のように、長さの違う期間の値はそのままでは比べられません。
    目標値に合わせるか、違うことが分かるように、基準値に自身の span を書きます（一年分なら span: [2019, 2019]）。
    """
    for _, indicator in subject.indicators:
        base, target = indicator.baseline, indicator.target
        if indicator.aggregation not in {"cumulative", "mean"} or base is None or target is None:
            continue
        aimed = target.span or indicator.span
        if base.value is None or target.value is None or aimed is None or aimed[0] > aimed[1]:
            continue
        if subject.period and not _inside(aimed, subject.period):
            continue  # the target's span is said to be wrong by another rule
        length = aimed[1] - aimed[0] + 1
        if base.span is not None and base.span[0] <= base.span[1]:
            own = base.span[1] - base.span[0] + 1
            if own != length:
                yield finding(
                    f"指標{name(indicator)}の基準値は{own}年分、目標値は{length}年分の集計です",
                    subject.at(indicator.node, "baseline", "span"),
                    "同じ長さの期間で集計した値にそろえてください",
                    (Related(_span_place(subject, indicator), "目標値の集計期間"),),
                )
        elif base.span is None and base.value and length > 1 and (fiscal_year(base) or aimed[0]) < aimed[0]:
            if base.aggregation == "single":
                continue
            yield finding(
                f"指標{name(indicator)}の基準値（{base.year}）が、何年分の集計か分かりません（目標値は{length}年分）",
                subject.at(indicator.node, "baseline"),
                f"基準値に span を書いてください（一年分なら span: [{fiscal_year(base)}, {fiscal_year(base)}]）",
                severity="note",
            )


def _span_place(subject: Subject, indicator: Indicator) -> Place:
    own = indicator.target is not None and indicator.target.span is not None
    return subject.at(indicator.node, *(("target", "span") if own else ("span",)))


PERIOD_RULES: Sequence[Rule] = (
    rule("era-mismatch", "元号と西暦の食い違い", "number", "error", era_mismatch,
         example="title: 令和3(2022)年度の取組\n→ title: 令和3(2021)年度の取組"),
    rule("period-order", "計画期間の前後", "number", "error", period_order,
         example="period: {start: 2026, end: 2021}\n→ period: {start: 2021, end: 2026}"),
    rule("period-length", "期間の長さ", "number", "warning", period_length,
         example="body: 令和3年度から令和8年度までの5年間\n→ body: 令和3年度から令和8年度までの6年間"),
    rule("period-text", "文章の計画期間", "number", "warning", period_text,
         example="body: 計画期間は令和3年度から令和7年度まで\n→ body: 計画期間は令和3年度から令和8年度まで"),
    rule("year-outside-period", "期間の外の年", "number", "error", year_outside_period,
         example="target: {year: 2028, value: 100}\n→ target: {year: 2026, value: 100}"),
    rule("baseline-after-target", "目標より後の基準値", "number", "error", baseline_after_target,
         example="baseline: {year: 2027, value: 80}\n→ baseline: {year: 2019, value: 80}"),
    rule("span-order", "集計期間の前後", "number", "error", span_order,
         example="span: [2026, 2021]\n→ span: [2021, 2026]"),
    rule("span-outside-period", "期間の外の集計", "number", "warning", span_outside_period,
         example="span: [2019, 2026]\n→ span: [2021, 2026]"),
    rule("missing-span", "集計期間がない", "number", "note", missing_span,
         example="aggregation: cumulative\n→ aggregation: cumulative\n  span: [2021, 2026]"),
    rule("aggregation-mismatch", "集計の長さの違い", "number", "warning", aggregation_mismatch,
         example="baseline: {year: 2019, value: 4, span: [2019, 2019]}"
                 "\ntarget: {year: 2026, value: 30, span: [2021, 2026]}"),
)  # fmt: skip
