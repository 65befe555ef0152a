"""Plans: synthetic strategies of any size, valid, each with a revised twin in which a tenth of the items has changed.

The sentences imitate how cities write; nothing is copied from a plan. Same size, same bytes: everything is drawn from
one seeded generator.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

CHURN = 0.1
"""Share of the initiatives that the twin changes; what a city's mid-term revision changes."""
OLD, NEW, WITHOUT_IDS = "2020-03.yaml", "2023-10.yaml", "without-ids"
GOALS = ("転入促進", "雇用創出", "出産・子育て支援", "転出抑制")
PER_POLICY = 5
PER_GOAL = 50
"""Initiatives under a policy, and policies under a goal before the next round of goals begins."""

WHO = [
    "若者",
    "子育て世帯",
    "高齢者",
    "外国人住民",
    "学生",
    "起業者",
    "市内企業",
    "農業者",
    "商店街",
    "自治会",
    "移住者",
    "障がい者",
    "団体職員",
    "保護者",
]
WHERE = [
    "北部",
    "南部",
    "東部",
    "西部",
    "中央",
    "駅前",
    "山あい",
    "川沿い",
    "団地",
    "旧市街",
    "学園",
    "港",
    "丘の上",
    "田園",
    "温泉",
    "工業",
]
WHAT = [
    "交流",
    "就業",
    "創業",
    "相談",
    "見守り",
    "学び",
    "健康づくり",
    "防災",
    "公共交通",
    "空き家活用",
    "緑化",
    "文化活動",
    "スポーツ",
    "情報発信",
    "買物",
    "保育",
    "医療",
    "観光",
    "通信環境",
    "省エネルギー",
]
WHICH = ("", "第二", "第三")
HOW = ["促進", "充実", "強化", "支援", "推進", "確保", "活性化", "利便性の向上", "魅力の発信", "担い手の育成"]
SENTENCES = (
    "市民、事業者、議会及び行政が一体となり、取組を着実に推進します。",
    "本市の特性を生かし、関係団体と連携して施策を展開します。",
    "人口減少・高齢化に伴う社会構造の変化に対応するため、体制を整えます。",
    "相談窓口の設置や情報発信により、利用しやすい環境をつくります。",
    "デジタル技術を活用し、手続の簡素化と利便性の向上を図ります。",
    "近隣自治体と資源を共有し、広域的な課題の解決を目指します。",
    "令和8年度までに、すべての地区で利用できるようにします。",
)
OWNERS = [
    "企画政策課",
    "広報課",
    "産業振興課",
    "子育て支援課",
    "教育総務課",
    "都市計画課",
    "デジタル推進課",
    "観光振興課",
    "福祉総務課",
]
REASON = "{reason: 改定による}"
RENAMED, ADDED, MERGED = (f"{{flags: [{flag}], reason: 改定による}}" for flag in ("renamed", "added", "merged"))
MEASURES = (("参加者数", "人"), ("相談件数", "件"), ("利用者数", "人"), ("開催回数", "回"), ("協力事業所数", "社"))


@dataclass(frozen=True)
class Initiative:
    """What the twin may change of an initiative; `kpis` are (suffix of the id, name, unit, baseline, target)."""

    id: str
    title: str
    body: tuple[str, ...]
    owners: tuple[str, ...]
    kpis: tuple[tuple[str, str, str, int, int], ...]
    origin: str = ""
    change: str = ""


def write(folder: Path, size: int) -> None:
    """Write 2020-03.yaml with `size` initiatives, its twin 2023-10.yaml, and the twin again without common ids."""
    (folder / WITHOUT_IDS).mkdir(parents=True, exist_ok=True)
    draw = random.Random(size)
    initiatives = [_initiative(draw, number) for number in range(size)]
    old = [initiatives[at : at + PER_POLICY] for at in range(0, size, PER_POLICY)]
    removed: list[str] = []
    changed = [_revised(draw, members, removed) for members in old]
    for name, lines in (
        (OLD, _plan(old, [], twin=False, prefix="")),
        (NEW, _plan(changed, removed, twin=True, prefix="")),
        (f"{WITHOUT_IDS}/{NEW}", _plan(changed, [], twin=True, prefix="r-")),
    ):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _title(number: int) -> str:
    """Name an initiative; the first 134,400 names differ."""
    number, who = divmod(number, len(WHO))
    number, what = divmod(number, len(WHAT))
    number, how = divmod(number, len(HOW))
    number, where = divmod(number, len(WHERE))
    return f"{WHERE[where]}{WHICH[number]}地区の{WHO[who]}による{WHAT[what]}の{HOW[how]}"


def _initiative(draw: random.Random, number: int) -> Initiative:
    body = tuple(draw.choice(SENTENCES) for _ in range(draw.randint(1, 2)))
    kpis = tuple(_kpi(draw, number, at) for at in range(draw.randint(1, 2)))
    return Initiative(f"i{number}", _title(number), body, tuple(draw.sample(OWNERS, draw.randint(1, 2))), kpis)


def _kpi(draw: random.Random, number: int, at: int) -> tuple[str, str, str, int, int]:
    measure, unit = MEASURES[(number + at) % len(MEASURES)]
    baseline = draw.randint(10, 5000)
    return f"k{at + 1}", f"{_title(number)}の{measure}", unit, baseline, baseline + draw.randint(1, baseline)


def _revised(draw: random.Random, old: list[Initiative], removed: list[str]) -> list[Initiative]:
    """Change a tenth of a policy's initiatives: name, wording, a KPI more, a target, one more, one less, two merged."""
    found: list[Initiative] = []
    for each in old:
        at = int(each.id.removeprefix("i"))
        if draw.random() >= CHURN:
            found.append(each)
            continue
        match draw.choice(("renamed", "reworded", "kpi", "target", "added", "removed", "merged")):
            case "renamed":
                found.append(replace(each, title=each.title.replace("による", "を主体とした"), change=RENAMED))
            case "reworded":
                found.append(replace(each, body=(*each.body, "あわせて、進捗を毎年度検証します。"), change=REASON))
            case "kpi":
                found.append(replace(each, kpis=(*each.kpis, _kpi(draw, at, 2)), change=REASON))
            case "target":
                (suffix, name, unit, baseline, target), *rest = each.kpis
                found.append(replace(each, kpis=((suffix, name, unit, baseline, target + 7), *rest), change=REASON))
            case "added":
                fresh = replace(_initiative(draw, at), id=f"{each.id}-new", title=f"{each.title}の検証", change=ADDED)
                kpis = tuple((*kpi[:1], f"検証に係る{kpi[1]}", *kpi[2:]) for kpi in fresh.kpis)
                found += [each, replace(fresh, kpis=kpis)]
            case "merged" if found and not found[-1].change:
                found[-1] = replace(found[-1], origin=each.id, change=MERGED)
                removed += [f"{each.id}-{kpi[0]}" for kpi in each.kpis]
            case _:
                removed.append(each.id)  # also where there is no neighbour to merge with
    return found


def _plan(policies: list[list[Initiative]], removed: list[str], *, twin: bool, prefix: str) -> Iterator[str]:
    yield from ("format: 1", "plan:", "  id: sample-2", "  title: 第2期まち・ひと・しごと創生総合戦略")
    yield from ("  municipality: 見本市", "  period: {start: 2021, end: 2026}", "edition:")
    if twin:
        yield from (
            "  id: 2023-10",
            "  label: 改定後",
            "  stage: proposal",
            "  date: '2023-10-17'",
            "  revises: 2020-03",
        )
        if removed:
            yield "  removed:"
            yield from (f"    - {{id: {each}, reason: 事業の終了による}}" for each in removed)
    else:
        yield from ("  id: 2020-03", "  label: 現行", "  stage: adopted", "  date: 2020-03")
    yield from ("", "goals:")
    goals = [policies[at : at + PER_GOAL] for at in range(0, len(policies), PER_GOAL)]
    policy = 0
    for number, below in enumerate(goals, 1):
        yield from (f"  - id: {prefix}g{number}", f"    number: {number}")
        yield from (f"    title: {GOALS[(number - 1) % len(GOALS)]}その{number}", "    targets:")
        yield f"      - {{id: {prefix}g{number}-t, name: 目標{number}の達成者数, unit: 人, {_values(100, 90 + 20)}}}"
        yield "    policies:"
        for at, members in enumerate(below, 1):
            policy += 1
            yield from (f"      - id: {prefix}p{policy}", f"        number: {at}")
            yield f"        title: 施策{policy}を推進する"
            yield "        initiatives:"
            for place, each in enumerate(members, 1):
                yield from _lines(each, place, prefix)


def _lines(each: Initiative, number: int, prefix: str) -> Iterator[str]:
    yield from (
        f"          - id: {prefix}{each.id}",
        f"            number: {number}",
        f"            title: {each.title}",
    )
    yield "            body: |-"
    yield from (f"              {sentence}" for sentence in each.body)
    yield f"            owners: [{', '.join(each.owners)}]"
    if each.origin and not prefix:
        yield f"            from: [{each.id}, {each.origin}]"
    if each.change and not prefix:
        yield f"            change: {each.change}"
    yield "            kpis:"
    for suffix, name, unit, baseline, target in each.kpis:
        yield f"              - id: {prefix}{each.id}-{suffix}"
        yield f"                name: {name}"
        yield f"                unit: {unit}"
        yield f"                {_values(baseline, target).replace('}, ', chr(125) + chr(10) + ' ' * 16)}"


def _values(baseline: int, target: int) -> str:
    return f"baseline: {{year: 2019, value: {baseline}}}, target: {{year: 2026, value: {target}}}"
