"""Numbers: rules about the values of indicators: what is missing, what contradicts itself or its unit."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from atsugi_cli.achievement import BETTER, METHOD_LABELS, WHY_LABELS, actual_of, aim, fiscal_year, rate, reached
from atsugi_cli.findings import Edit, Finding, Related
from atsugi_cli.model import Indicator, Item, Span, Value, Year
from atsugi_cli.numerals import narrow
from atsugi_cli.rules.base import BEFORE_PROPOSAL, PASTED, Rule, Subject, finding, name, perhaps, rule
from atsugi_cli.rules.texts import NAMED, readings
from atsugi_cli.words import number_words, value_words

WHOLE = 100
"""A share of a whole in per cent cannot be more."""
SPECIFIC_NAME = 8
"""From this many characters on a name says what it measures; 参加者数 or 満足度 may be two different things."""
_GENERIC = (
    r"(?:延べ|年間|新規|総|新たな)?"
    r"(?:参加|利用|来場|来館|来訪|登録|相談|開催|実施|受講|会員|訪問|研修|講座|イベント|催し|事業|施設|申請|支援|対応"
    r"|配布|発行|投稿|閲覧|アクセス|フォロワー|修了|入場|受入れ?|採用|設置|整備|導入|連携|協定|団体|企業|利用者|参加者"
    r"|店舗|教室|交流|学校|地区|組織|設立|補助|助成|作成|取組|活動|体験)*の?"
    r"(?:者|件|回|人|団体|社|か所|箇所|店舗|世帯|戸|日|校|施設|拠点)?(?:数|度|率|割合|量|額)"
)
"""Names that say how something is counted and not what, of whatever item they stand at."""


def missing_target(subject: Subject) -> Iterator[Finding]:
    """目標値のない指標です。

    目標値（year と、value・text・relative のいずれか）を書きます。まだ決まっていなければ status: undecided、
    原典に書かれていない指標は name の代わりに omitted: true と書きます。骨子と素案では覚え書き、案からは警告です。
    """
    for _, indicator in subject.indicators:
        if indicator.target is not None or indicator.targets or indicator.same_as or _only_parts(indicator):
            continue
        others = [word for word, gone in (("単位", not indicator.unit), ("基準値", indicator.baseline is None)) if gone]
        also = f"（{'・'.join(others)}も）" if others else ""
        yield finding(
            f"指標{name(indicator)}に目標値がありません{also}",
            subject.at(indicator.node, "name"),
            "target: {year: 年度, value: 数} を書いてください（未定なら status: undecided）",
        )


def pasted_cells(subject: Subject) -> Iterator[Finding]:
    """指標の名称に、表の行（名称、単位、基準値、目標値）がそのまま貼り付けられています。

    ExcelやWordの表から一行を写すと、セルの間がタブになります。
    名称だけを name に残し、単位と値をそれぞれのキーに書きます。
    """
    for _, indicator in subject.indicators:
        cells = [cell.strip() for cell in indicator.name.split("\t")]
        if len(cells) < MANY_CELLS or not cells[0]:
            continue
        from atsugi_cli.reader.explain.figures import new_line, told_to_write, yaml

        places, node = subject.places, indicator.node
        told = _cells(cells, subject.period)
        free = told and not any(_otherwise(indicator, key, value) for key, value in told.items())
        told = {key: value for key, value in told.items() if key == "name" or not places.has(node, key)}
        hint = "名称だけを name に残し、単位は unit、値は baseline と target に書いてください"
        edits: tuple[Edit, ...] = ()
        if told and free:
            flow = places.raw(node)[:1] == "{"
            column = places.key_of(node, "name").column
            between = ", " if flow else new_line(places.lines.text, column)
            start, end = places.key_span(node, "name")[0], places.span(node, "name")[1]
            edits = (Edit(start, end, between.join(f"{key}: {yaml(value)}" for key, value in told.items())),)
            undated = any("year" not in each for each in told.values() if isinstance(each, dict))
            hint = f"{told_to_write(told, inline=flow)}{'（値の年（year）も書きます）' if undated else ''}"
        yield finding(
            f"指標「{cells[0]}」の名称に、表の{len(cells)}つのセルが貼り付けられています",
            subject.at(node, "name"),
            hint,
            edits=edits,
        )


MANY_CELLS = 3
"""Cells from which a name with tabs is a row of a table: the name, and at least two more."""


def _otherwise(indicator: Indicator, key: str, cell: object) -> bool:
    """Check whether an indicator tells something else already than a cell does."""
    there = getattr(indicator, key)
    if key == "name" or not there:
        return False
    return there.value != cell.get("value") if isinstance(cell, dict) and isinstance(there, Value) else there != cell


def _cells(cells: Sequence[str], period: Span | None) -> dict[str, object]:
    """Read a row of a table: name, unit, and one or two values, each behind its year; nothing where a cell is left."""
    from atsugi_cli.values import fields, read, read_when

    told: dict[str, object] = {"name": cells[0]}
    values: list[dict[str, object]] = []
    year: Year = None
    for cell in cells[1:]:
        read_year = read_when(cell)
        value = read(cell, str(told.get("unit", "")), period)
        if read_year is not None and ("年" in cell or not cell.isdecimal()):
            year = read_year
        elif value is not None and value.before is None and not value.value.text:
            if value.unit and told.setdefault("unit", value.unit) != value.unit:
                return {}
            values.append({"year": year} | dict(fields(value.value)) if year else dict(fields(value.value)))
            year = None
        elif cell and "unit" not in told and not values and len(cell) <= LONGEST_UNIT:
            told["unit"] = cell
        else:
            return {}
    keys = {1: ("target",), 2: ("baseline", "target")}.get(len(values), ())
    return {**told, **dict(zip(keys, values, strict=True))} if keys and year is None else {}


LONGEST_UNIT = 8
"""Characters of a cell that may be a unit."""


def _only_parts(indicator: Indicator) -> bool:
    """Check whether an indicator is but the heading of its breakdown, whose rows have the values."""
    return any(part.target or part.targets or part.baseline or part.actuals for part in indicator.breakdown)


def missing_baseline(subject: Subject) -> Iterator[Finding]:
    """基準値（現状値）のない指標です。

    目標値がどれだけの改善かを示すために、策定時の値を書きます。値がなければ {status: none}（「－」）と書きます。
    目標が言葉の指標では問いません。骨子と素案では覚え書き、案からは警告です。
    """
    for _, indicator in subject.indicators:
        target = indicator.target
        if indicator.baseline is not None or target is None or _blank(target) or (target.text and target.value is None):
            continue
        if indicator.same_as:
            continue
        yield finding(
            f"指標{name(indicator)}に基準値がありません",
            subject.at(indicator.node, "name"),
            "baseline: {year: 年度, value: 数} を書いてください（値がなければ {status: none}）",
        )


def _blank(value: Value) -> bool:
    return (value.value, value.range, value.relative, value.status) == (None, None, None, None) and not value.text


def missing_unit(subject: Subject) -> Iterator[Finding]:
    """単位のない指標です。

    unit に単位（人、件、%など）を書きます。合計特殊出生率のように単位のない指標は unit: none と書きます。
    数の値がない指標では問いません。骨子と素案では覚え書き、案からは警告です。
    """
    for _, indicator in subject.indicators:
        if indicator.unit or indicator.same_as or (indicator.target is None and not indicator.targets):
            continue
        path = next((path for path, value in readings(indicator) if value.value is not None), None)
        if path is not None:
            yield finding(
                f"指標{name(indicator)}に単位がありません",
                subject.at(indicator.node, "name"),
                "unit: 人 のように単位を書いてください（単位のない指標は unit: none）",
            )


def missing_value(subject: Subject) -> Iterator[Finding]:
    """値も、値がないわけも書かれていません（value: null だけ、year だけなど）。

    数は value、言葉は text、基準値に対する増減（%）は relative に書きます。
    値がなければ、status に none（－）、undecided（未設定）、unpublished（未公表）、not-surveyed（調査なし）を書きます。
    """
    for indicator, path, value in subject.readings:
        if value.value is not None or not _blank(value):
            continue
        null = subject.places.has(indicator.node, *path, "value")
        written = null and subject.places.raw(indicator.node, *path, "value") != ""
        what = NAMED[str(path[0])]
        message = f"{what}の value が空で、そのわけ（status）がありません" if null else f"{what}に値がありません"
        yield finding(
            f"指標{name(indicator)}の{message}",
            subject.places.key_of(indicator.node, *path, "value")
            if null and not written
            else subject.at(indicator.node, *path, *(["value"] if null else [])),
            "value に数を書くか、status: undecided（未設定）や status: none（－）などを書いてください",
        )


def value_conflict(subject: Subject) -> Iterator[Finding]:
    """一つの値に、二つの言い方（value、text、relative、status）が同時に書かれています。

    どれを印刷すればよいか決められません。一つだけを残します。補足は note に書きます。
    """
    for indicator, path, value in subject.readings:
        if value.text or value.relative is not None or value.status is not None:
            yield from _conflict(subject, indicator, path, value)


def _conflict(subject: Subject, indicator: Indicator, path: tuple[str | int, ...], value: Value) -> Iterator[Finding]:
    said = [
        key
        for key, there in (
            ("value", value.value is not None),
            ("text", bool(value.text)),
            ("relative", value.relative is not None),
            ("status", value.status is not None),
        )
        if there
    ]
    if said == ["value", "relative"]:  # the number and the change in per cent that gives it
        if (meant := _change_otherwise(indicator.baseline, value)) is not None:
            yield finding(
                f"指標{name(indicator)}の{NAMED[str(path[0])]}の value と relative が合いません"
                f"（基準値からの増減は{number_words(round(meant, 1))}%です）",
                subject.at(indicator.node, *path, "relative"),
                "value か relative を直してください（ほかの値からの増減なら、relative でなく note に書きます）",
                severity="warning",
            )
    elif len(said) > 1:
        said.sort(key=lambda key: subject.places.key_of(indicator.node, *path, key))
        yield finding(
            f"指標{name(indicator)}の{NAMED[str(path[0])]}に、{' と '.join(said)} が同時に書かれています",
            subject.places.key_of(indicator.node, *path, said[-1]),
            f"{said[0]} だけを残してください（補足は note へ）",
            (Related(subject.places.key_of(indicator.node, *path, said[0]), "もう一つ"),),
        )
    elif said == ["relative"] and path[0] in {"baseline", "current", "actuals"}:
        yield finding(
            f"指標{name(indicator)}の{NAMED[str(path[0])]}に、増減（relative）が書かれています",
            subject.places.key_of(indicator.node, *path, "relative"),
            "relative は基準値に対する目標の書き方です。value に数を書いてください",
        )


def _change_otherwise(base: Value | None, value: Value) -> float | None:
    """Return the change in per cent that a number is, where another one is told beside it; None where they agree."""
    if base is None or not base.value or value.value is None or value.relative is None:
        return None
    if base.about or value.about or value.printed or base.span or value.span:
        return None  # of another year, or of sums
    meant = (value.value / base.value - 1) * 100
    exact = base.value * (1 + value.relative / 100)
    is_rounded = abs(exact - value.value) < max(1.0, abs(exact) / 100)
    return None if abs(meant - value.relative) <= 1 or is_rounded else meant


def blank_target(subject: Subject) -> Iterator[Finding]:
    """案の段階なのに、目標値が未設定（status: undecided）のままです。

    案、決定の版では目標値を定めます。素案までは未設定でも構いません。
    """
    for _, indicator in subject.indicators:
        target = indicator.target
        if target is not None and target.status == "undecided" and not (target.value is not None or target.text):
            yield finding(
                f"指標{name(indicator)}の目標値が未設定です",
                subject.at(indicator.node, "target", "status"),
                "status を消し、value に目標値を書いてください",
            )


def _same_kind(base: Value, target: Value, indicator: Indicator) -> bool:
    """Check whether both values can be compared: sums over different stretches of years cannot."""
    if indicator.aggregation == "cumulative":
        spans = (base.span, target.span or indicator.span)
        return spans[0] is not None and spans[1] is not None and spans[0][1] - spans[0][0] == spans[1][1] - spans[1][0]
    return True


def target_equals_baseline(subject: Subject) -> Iterator[Finding]:
    """目標値が基準値と同じです。

    維持する目標なら direction: maintain と書きます。書き写しの誤りでないか確かめます。
    """
    for _, indicator in subject.indicators:
        base, target = indicator.baseline, indicator.target
        if indicator.direction == "maintain" or target is None:
            continue
        if target.value is None:
            same = target.relative == 0 and target.relative is not None
        else:
            same = base is not None and base.value == target.value and _same_kind(base, target, indicator)
        if same:
            yield finding(
                f"指標{name(indicator)}の目標値が基準値と同じです（{value_words(target, indicator.unit)}）",
                subject.at(indicator.node, "target", "value" if target.value is not None else "relative"),
                "維持する目標なら direction: maintain と書き、そうでなければ値を確かめてください",
                (Related(subject.at(indicator.node, "baseline", "value"), "基準値"),) if base is not None else (),
            )


def target_against_direction(subject: Subject) -> Iterator[Finding]:
    """目標値が、望ましい方向（direction）と逆に動いています。

    増やす指標（increase）の目標が基準値より小さい、減らす指標（decrease）の relative が正の数、などです。
    値か direction のどちらかを直します。守るべき限度（減らす指標の「2.0以下」、増やす指標の「90以上」）は、
    もう満たしていても構いません。
    """
    for _, indicator in subject.indicators:
        if indicator.direction not in {"increase", "decrease"}:
            continue
        up = 1 if indicator.direction == "increase" else -1
        limits = {"at-least", "above"} if up > 0 else {"at-most", "below"}
        base = indicator.baseline
        for path, value in readings(indicator):
            if path[0] not in {"target", "targets"} or value.bound in limits:
                continue
            if value.relative is not None and value.value is None:
                step, key = value.relative * up, "relative"
            elif base is not None and base.value is not None and value.value is not None:
                if not _same_kind(base, value, indicator):
                    continue
                step, key = (value.value - base.value) * up, "value"
            else:
                continue
            if step >= 0:
                continue
            wanted = "増やす（increase）" if up > 0 else "減らす（decrease）"
            against = f"、基準値は {value_words(base, indicator.unit)}" if key == "value" else ""
            yield finding(
                f"指標{name(indicator)}は{wanted}指標ですが、"
                f"{NAMED[str(path[0])]}は {value_words(value, indicator.unit)} です{against}",
                subject.at(indicator.node, *path, key),
                "値か direction を確かめてください" + ("（減少は負の数で書きます）" if key == "relative" else ""),
                (Related(subject.at(indicator.node, "direction"), "望ましい方向"),),
            )
            break


_PEOPLE = frozenset({"人", "名", "千人", "万人"})
_RATES = frozenset({"%", "‰", "パーセント", "ポイント", "割"})
_MONEY = frozenset({"円", "千円", "万円", "百万円", "億円"})
_PLACES = frozenset({"箇所", "か所", "カ所", "ヵ所", "ヶ所", "ケ所"})
_CASES, _TIMES, _HOMES = frozenset({"件"}), frozenset({"回"}), frozenset({"世帯"})
_FIRMS = frozenset({"社", "事業所", "団体"})
_AREAS = frozenset({"ha", "m2", "km2", "ヘクタール"})
_ALL = _PEOPLE | _RATES | _MONEY | _PLACES | _CASES | _TIMES | _HOMES | _FIRMS | _AREAS

CONTRADICTIONS: tuple[tuple[tuple[str, ...], frozenset[str], str], ...] = tuple(
    (tuple(endings.split()), frozenset(units), example)
    for endings, units, example in (
        # How the name ends, the units that surely contradict it, and an example of the right one; the first row counts.
        ("割合 構成比率 比率 構成比 率", _ALL - _RATES, "%"),
        ("回数", _ALL - _TIMES - _CASES, "回"),
        ("件数", _ALL - _CASES - _TIMES - _HOMES, "件"),
        ("世帯数", _ALL - _HOMES - _CASES, "世帯"),
        ("日数", _ALL, "日"),
        ("箇所数 か所数 カ所数 ヵ所数 ヶ所数 ケ所数", _ALL - _PLACES - _CASES, "箇所"),
        ("社数 企業数 事業所数 団体数 法人数", _ALL - _FIRMS - _CASES - _PLACES, "社"),
        ("求人数", _ALL - _PEOPLE - _CASES, "件"),
        ("人数 人口", _ALL - _PEOPLE, "人"),
        ("業者数", _RATES | _MONEY | _TIMES | _PLACES | _AREAS, "人"),  # 事業者 and 創業者 are also counted in 件
        ("者数", _RATES | _MONEY | _TIMES | _PLACES | _AREAS | _CASES, "人"),
        ("額 額等 売上高 予算 所得", _ALL - _MONEY - _RATES, "円"),
        ("面積", _ALL - _AREAS, "ha"),
        ("指数 係数 倍数", frozenset[str](), ""),  # counts nothing
        ("数", _RATES | _MONEY | _AREAS, "件"),
    )
)
_AROUND_UNIT = r"\A(?:延べ|のべ)|/[年月日]\Z|\((?:年|延べ|累計)\)\Z"
_LONGEST_ENDING = max(len(ending) for endings, _, _ in CONTRADICTIONS for ending in endings)
_TAIL_BACKWARDS = r"(?:\s*+[)）】\]〕］][^()（）【】\[\]〔〕［］]*+[(（【\[〔［]\s*+)*+"
"""What stands in brackets behind a name, from its last character to the first: from there one look is enough."""
_COMPARED = r"当たり|あたり|人対|千対|万対|増減|増加|減少|伸び|前年|比$|に対する|に占める|満足|倍率|合計特殊出生率"
_SHARE = r"(?:割合|率)$"
_NO_SHARE = (
    r"比|対する|増|伸|達成|充足|進捗|自給|成長|普及|求人|稼働|倍|回復"
    r"|消化|変化|上昇|負担|還元|出生|回転|効率|余剰|寄与|収支|接種|入所|入居|乗車|混雑|応募"
)


def _bare(indicator: Indicator) -> str:
    """Return the name without what stands in brackets behind it: 参加者数（延べ） → 参加者数."""
    words = narrow(indicator.name)
    if words[-1:].isalnum():
        return words
    return re.compile(_TAIL_BACKWARDS).sub("", words[::-1], count=1)[::-1]


def unit_name_mismatch(subject: Subject) -> Iterator[Finding]:
    """指標の単位が、名称と合いません（例: 開催回数の単位が「人」）。

    はっきり食い違う組合せだけを指摘します。単位か名称のどちらかを直します。
    """
    for _, indicator in subject.indicators:
        unit = re.sub(_AROUND_UNIT, "", narrow(indicator.unit).strip())
        if unit not in _ALL:
            continue
        ending, units, example = _counted(_bare(indicator)[-_LONGEST_ENDING:])
        if unit not in units:
            continue
        if ending == "割合" or not re.compile(_COMPARED).search(narrow(indicator.name)):
            yield finding(
                f"指標{name(indicator)}の単位「{indicator.unit}」が、名称の「{ending}」と合いません",
                subject.at(indicator.node, "unit"),
                f"unit: {example} のような、名称に合う単位にするか、名称を確かめてください",
                (Related(subject.at(indicator.node, "name"), "名称"),),
            )


@lru_cache(maxsize=256)
def _counted(tail: str) -> tuple[str, frozenset[str], str]:
    """Say of the end of a name how it tells what is counted, which units contradict that, and one that does not."""
    for endings, units, example in CONTRADICTIONS:
        for ending in endings:
            if tail.endswith(ending):
                return ending, units, example
    return "", frozenset(), ""


def percent_range(subject: Subject) -> Iterator[Finding]:
    """割合が 0% から 100% の外にあります。

    全体に占める割合は 100% を超えません。達成率や増加率のように超えうるものは問いません。
    """
    for _, indicator in subject.indicators:
        if narrow(indicator.unit).strip() not in {"%", "パーセント"}:
            continue
        words = _bare(indicator)
        if not re.compile(_SHARE).search(words) or re.compile(_NO_SHARE).search(words):
            continue
        for path, value in readings(indicator):
            if value.value is not None and not 0 <= value.value <= WHOLE:
                yield finding(
                    f"指標{name(indicator)}の{NAMED[str(path[0])]}が {value_words(value, indicator.unit)} です",
                    subject.at(indicator.node, *path, "value"),
                    "0 から 100 までの値か、単位を確かめてください",
                )


def two_values(subject: Subject) -> Iterator[Finding]:
    """同じ名称と単位の指標に、同じ年の違う値が書かれています。

    同じ指標を二か所に書いたなら値をそろえます。別の指標なら、名称か定義（definition）で違いが分かるようにします。
    """
    groups: dict[tuple[str, ...], list[tuple[Item, Indicator]]] = {}
    for owner, indicator in subject.indicators:
        if indicator.name and not indicator.same_as:
            same = (*identity(indicator), indicator.aggregation, indicator.definition)
            groups.setdefault(same, []).append((owner, indicator))
    for _, indicator in subject.indicators:
        if indicator.targets or indicator.actuals:
            yield from _twice(subject, indicator)
    for (words, *_), members in groups.items():
        first_owner, first = members[0]
        for owner, indicator in members[1:]:
            both = of_same_year(first, indicator)
            differ = [key for key, (there, here) in both.items() if there.value != here.value]
            elsewhere = owner is not first_owner and len(differ) == len(both)
            if not differ or (elsewhere and is_generic(words)):
                continue
            key = differ[0]
            there, here = both[key]
            yield finding(
                f"指標「{indicator.name}」（{indicator.id}）の{NAMED[key]}が {value_words(here, indicator.unit)} で、"
                f"同じ名称の「{first.id}」の {value_words(there, first.unit)} と違います",
                subject.at(indicator.node, key, "value"),
                "同じ指標なら値をそろえ、別の指標なら名称を分けてください",
                (Related(subject.at(first.node, key, "value"), "もう一つの値"),),
            )


def identity(indicator: Indicator) -> tuple[str, str]:
    """Return name and unit as those of the same indicator are alike: without blanks, in half width."""
    return "".join(narrow(indicator.name).split()), narrow(indicator.unit)


def is_generic(words: str) -> bool:
    """Check whether a name (参加者数) may be that of several indicators."""
    return len(words) < SPECIFIC_NAME and re.compile(_GENERIC).fullmatch(words) is not None


def same_as(subject: Subject) -> Iterator[Finding]:
    """再掲（same-as）の先の指標がないか、再掲に書いた値が、元の指標の値と違います。

    same-as には、同じ版のほかの指標の id を書きます。値は元の指標にあるので、再掲には書かなくてかまいません。
    """
    known = {each.id: each for _, each in subject.strategy.indicators() if not each.same_as and each.id}
    for _, indicator in subject.indicators:
        if not indicator.same_as:
            continue
        first = known.get(indicator.same_as)
        if first is None:
            again = next((each for _, each in subject.indicators if each.id == indicator.same_as), None)
            words, unit = identity(indicator)
            alike = [
                each.id for each in known.values() if identity(each)[0] == words and unit in {"", identity(each)[1]}
            ]
            near = again.same_as if again is not None and again is not indicator else ""
            near = near or (alike[0] if len(alike) == 1 else subject.nearest(indicator.same_as, known))
            what = "は、それ自身が再掲です" if again is not None else "という指標は、この版にありません"
            yield finding(
                f"指標{name(indicator)}の再掲の先「{indicator.same_as}」{what}",
                subject.at(indicator.node, "same-as"),
                perhaps(near) or "同じ版のほかの指標の id を書いてください",
                edits=subject.writing(near, indicator.node, "same-as") if near else (),
                safe=False,
            )
            continue
        for key, (there, here) in of_same_year(first, indicator).items():
            if there.value != here.value:
                told = value_words(here, indicator.unit or first.unit)
                yield finding(
                    f"再掲の指標{name(indicator)}の{NAMED[key]}が {told} で、"
                    f"元の「{first.id}」の {value_words(there, first.unit)} と違います",
                    subject.at(indicator.node, key, "value"),
                    f"再掲の {key} を消すか、元の指標とそろえてください",
                    (Related(subject.at(first.node, key, "value"), "元の値"),),
                )
                break


def _twice(subject: Subject, indicator: Indicator) -> Iterator[Finding]:
    """Find a year that an indicator gives two results, or two aims."""
    for keys in ({"target", "targets"}, {"actuals"}):
        first: dict[object, tuple[tuple[str | int, ...], Value]] = {}
        for path, value in readings(indicator):
            if path[0] not in keys or value.year is None:
                continue
            at, before = first.setdefault((value.year, value.span), (path, value))
            if before is value or (at[0] == "target" and before.value == value.value):
                continue  # the last of the staged targets may be the target itself
            what = NAMED[str(path[0])]
            yield finding(
                f"指標{name(indicator)}の{what}に、{value.year} 年の値が二つあります",
                subject.at(indicator.node, *path, "year"),
                "年を確かめ、同じ年の値は一つにしてください",
                (Related(subject.at(indicator.node, *at, "year"), "もう一つの値"),),
            )


def value_year(subject: Subject) -> Iterator[Finding]:
    """値の年がないか、年や年度の指標（basis: calendar、fiscal）の年に日付が書かれています。

    いつの値か、いつまでの目標かを、西暦4桁の year で書きます。日付の時点の値なら basis: date と書きます。
    """
    for indicator, path, value in subject.readings:
        if type(value.year) is int:
            continue
        what = NAMED[str(path[0])]
        if value.year is None and value.value is not None and value.status is None:  # else it is no value
            yield finding(
                f"指標{name(indicator)}の{what}に年（year）がありません",
                subject.at(indicator.node, *path),
                f"year: {value.span[1] if value.span else 2026} のように、西暦の年度を書いてください",
            )
        elif isinstance(value.year, str) and indicator.basis in {"calendar", "fiscal"}:
            year = fiscal_year(value) if indicator.basis == "fiscal" else value.year[:4]
            yield finding(
                f"指標{name(indicator)}は basis: {indicator.basis} ですが、{what}の年が日付「{value.year}」です",
                subject.at(indicator.node, *path, "year"),
                f"year: {year} と書くか、その日の値なら basis: date としてください",
                edits=subject.writing(year, indicator.node, *path, "year"),
                safe=False,
            )


def of_same_year(first: Indicator, second: Indicator) -> dict[str, tuple[Value, Value]]:
    """Return the values that two indicators give for the same year, by key."""
    both = {"baseline": (first.baseline, second.baseline), "target": (first.target, second.target)}
    return {
        key: (one, other)
        for key, (one, other) in both.items()
        if one is not None and other is not None and one.value is not None and other.value is not None
        if fiscal_year(one) == fiscal_year(other) and one.span == other.span
    }


def missing_method(subject: Subject) -> Iterator[Finding]:
    """実績値があるのに、達成率の計算方法がない指標です。

    同じ実績でも、実績÷目標では 79.1%、基準値からの進捗では −1,233% のように違うため、方法を推測しません。
    achievement に、ratio（実績値÷目標値）、decrease（目標値÷実績値）、progress（基準値からの進捗）、
    text（文章で評価）のいずれかを書きます。市の決まりがあれば、profile.yaml の achievement に方向ごとに書けます。
    """
    found = [
        indicator
        for _, indicator in subject.indicators
        if indicator.achievement is None
        and indicator.direction not in subject.profile.methods
        and (actual := actual_of(indicator)) is not None
        and actual.value is not None
        and aim(indicator) is not None
    ]
    if found:
        more = f"（ほか{len(found) - 1}件も）" if len(found) > 1 else ""
        yield finding(
            f"指標{name(found[0])}に、達成率の計算方法がありません{more}",
            subject.at(found[0].node, "name"),
            "achievement: {method: ratio} のように書いてください（ratio、decrease、progress、text）",
        )


def method_against_direction(subject: Subject) -> Iterator[Finding]:
    """達成率の計算方法が、望ましい方向（direction）と逆です。

    減らす指標に ratio（実績値÷目標値）を使うと、悪くなるほど率が高くなります（目標1,800件、実績2,340件で130%）。
    減らす指標は decrease（目標値÷実績値）、増やす指標は ratio（実績値÷目標値）とするか、どちらでも使える
    progress（基準値からの進捗）とします。直すまで、効果検証では達成率を出しません。
    """
    words = {"increase": "増やす", "decrease": "減らす"}
    for _, indicator in subject.indicators:
        method = indicator.achievement.method if indicator.achievement else ""
        better = BETTER.get((indicator.direction, method))
        if better:
            yield finding(
                f"指標{name(indicator)}は{words[indicator.direction]}指標（direction: {indicator.direction}）ですが、"
                f"達成率の計算方法が {method}（{METHOD_LABELS[method]}）なので、悪くなるほど高い率になります",
                subject.at(indicator.node, "achievement", "method"),
                f"method: {better}（{METHOD_LABELS[better]}）と書いてください",
                edits=subject.writing(better, indicator.node, "achievement", "method"),
                safe=False,
            )


def sum_of_actuals(subject: Subject) -> Iterator[Finding]:
    """累計の目標値に対して、実績値をどう数えるかが分かりません。

    年度ごとの実績値なら、それぞれに aggregation: single と書きます。期間の初めから足して目標値と比べます。
    はじめから累計の実績値なら aggregation: cumulative と書きます。足す年度が欠けているか、実績値の年度が期間（span）の
    外なら、効果検証では達成率を出しません。目標値が累計でないのに、累計の実績値を書いたときも同じです。
    """
    remedies = {
        "way": "実績値に、年度ごとなら aggregation: single、累計なら aggregation: cumulative を書いてください",
        "gap": "期間の初めからの年度の実績値を、すべて書いてください",
        "outside": "実績値の年か、期間（span）を確かめてください",
        "sum": "目標値も累計なら、指標に aggregation: cumulative と span を書いてください",
    }
    for _, indicator in subject.indicators:
        actual = reached(indicator)
        why = rate(indicator, actual).why
        if why in remedies and actual is not None:
            at = next((at for at, each in enumerate(indicator.actuals) if each.year == actual.year), 0)
            yield finding(
                f"指標{name(indicator)}の達成率が出せません（{WHY_LABELS[why]}）",
                subject.at(indicator.node, "actuals", at, "year"),
                remedies[why],
            )


def stray_comment(subject: Subject) -> Iterator[Finding]:
    """所見（comment）が、実績値でない値に書かれています。

    所見は効果検証で実績値に添えるものなので、ほかの値では印刷されません。実績値（actuals）に移すか、note に書きます。
    """
    for indicator, path, value in subject.readings:
        if value.comment and path[0] != "actuals":
            yield finding(
                f"指標{name(indicator)}の{NAMED[str(path[0])]}に、所見（comment）が書かれています",
                subject.places.key_of(indicator.node, *path, "comment"),
                "所見は実績値（actuals）に書いてください（印刷しない覚え書きは note）",
            )


NUMBER_RULES: Sequence[Rule] = (
    rule("pasted-cells", "貼り付けた表の行", "number", "error", pasted_cells,
         example='name: "出生数\\t人\\t2,264\\t2,300"\n'
                 "→ name: 出生数\n  unit: 人\n  baseline: {value: 2264}\n  target: {value: 2300}"),
    rule("missing-target", "目標値がない", "number", "warning", missing_target, stages=BEFORE_PROPOSAL,
         follows_from=PASTED,
         example="- {id: visitors, name: 来訪者数, unit: 人}\n→   target: {year: 2026, value: 1200}"),
    rule("missing-baseline", "基準値がない", "number", "warning", missing_baseline, stages=BEFORE_PROPOSAL,
         follows_from=PASTED,
         example="target: {year: 2026, value: 1200}\n→ baseline: {year: 2019, value: 900}\n  target: …"),
    rule("missing-unit", "単位がない", "number", "warning", missing_unit, stages=BEFORE_PROPOSAL,
         follows_from=PASTED,
         example="name: 合計特殊出生率\n→ name: 合計特殊出生率\n  unit: none"),
    rule("missing-value", "値がない", "number", "error", missing_value,
         example="baseline: {year: 2019, value: null}\n→ baseline: {year: 2019, status: unpublished}"),
    rule("value-year", "値の年", "number", "warning", value_year,
         example="target: {value: 1200}\n→ target: {year: 2026, value: 1200}"),
    rule("value-conflict", "二通りの値", "number", "error", value_conflict,
         example="target: {year: 2026, value: 10, status: undecided}\n→ target: {year: 2026, value: 10}"),
    rule("blank-target", "未設定の目標値", "number", "warning", blank_target, stages={"outline": "off", "draft": "off"},
         example="target: {year: 2026, status: undecided}\n→ target: {year: 2026, value: 1200}"),
    rule("target-equals-baseline", "基準値と同じ目標値", "number", "warning", target_equals_baseline,
         example="baseline: {year: 2019, value: 60}\ntarget: {year: 2026, value: 60}\n→ direction: maintain"),
    rule("target-against-direction", "方向と逆の目標値", "number", "warning", target_against_direction,
         example="direction: decrease\ntarget: {year: 2026, relative: 10}\n→ target: {year: 2026, relative: -10}"),
    rule("unit-name-mismatch", "名称と合わない単位", "number", "warning", unit_name_mismatch,
         example="name: 講座の開催回数\nunit: 人\n→ unit: 回"),
    rule("percent-range", "割合の範囲", "number", "warning", percent_range,
         example="name: 参加者の割合\nunit: '%'\ntarget: {year: 2026, value: 120}"),
    rule("two-values", "一つの指標の二つの値", "number", "warning", two_values,
         example="- {id: visits-1, name: 来訪者数, unit: 人, target: {year: 2026, value: 120}}\n"
                 "- {id: visits-2, name: 来訪者数, unit: 人, target: {year: 2026, value: 130}}"),
    rule("same-as", "再掲の先", "number", "error", same_as,
         example="- {id: visits-again, name: 来訪者数, same-as: vists}\n"
                 "→ - {id: visits-again, name: 来訪者数, same-as: visits}"),
    rule("missing-method", "達成率の計算方法がない", "number", "note", missing_method,
         example="actuals: [{year: 2023, value: 950}]\n→ achievement: {method: ratio}\n  actuals: …"),
    rule("method-against-direction", "方向と逆の計算方法", "number", "warning", method_against_direction,
         example="direction: decrease\nachievement: {method: ratio}\n→ achievement: {method: decrease}"),
    rule("stray-comment", "実績値でない値の所見", "number", "note", stray_comment,
         example="target: {year: 2026, value: 120, comment: 順調に伸びている。}\n"
                 "→ actuals: [{year: 2023, value: 95, comment: 順調に伸びている。}]"),
    rule("sum-of-actuals", "累計の実績値", "number", "note", sum_of_actuals,
         example="actuals: [{year: 2023, value: 4}]\n→ actuals: [{year: 2023, value: 4, aggregation: single}]"),
)  # fmt: skip
