"""Structure: rules about ids, numbers, levels, and what an item must have."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from atsugi_cli.findings import Edit, Finding, Related
from atsugi_cli.levels import CIRCLED, KANA, LEVELS, SECTION, Level, called
from atsugi_cli.model import Indicator, Item
from atsugi_cli.numerals import KANJI, integer, narrow
from atsugi_cli.rules.base import (
    BEFORE_PROPOSAL,
    UNREAD,
    Rule,
    Subject,
    declared,
    finding,
    name,
    nearest,
    perhaps,
    rule,
)

FIRST = "最初はここ"
SDGS = range(1, 18)
"""The Sustainable Development Goals are numbered 1 to 17."""
SDGS_KEY = "sdgs"
_SDGS_TARGET = r"(?:1[0-7]|[1-9])(?:[.-][0-9a-z]{1,2})?\Z"
"""A goal, or one of its targets: 8.3, 8-3, 17.a."""
_DIGITS = r"[0-9]{1,2}"
MOST_LACKING = 6
"""Numbers that are listed one by one where they are left out: 2、3; more are a stretch: 2～30."""

_SUBNUMBER = rf"[0-9]{{1,2}}[-－‐−.．・]([0-9]{{1,3}})|([{KANJI}十])"
_PRINTED_NUMBER = r"[(（]?\s*([0-9]{1,3})\s*(?:[)）.．、,，]|番目?|号)?"
_IN_TITLE = (
    rf"(?P<mark>[{CIRCLED}❶-❿⓫-⓴])[\s.．、]*"
    r"|[(（](?P<paren>[0-9０-９]{1,2})[)）][\s.．、]*"
    r"|(?P<plain>[0-9０-９]{1,2})(?:[)）]\s*|[.．、](?![0-9０-９])\s*|[ \u3000]+)"
)
_PAREN = r"[(（][0-9０-９]{1,2}[)）]"
_KANA_MARK = rf"[(（]?(?P<kana>[{KANA}])[)）.．、\s]\s*"
_COUNTED = (
    r"つ|[年月日時分秒歳才回件人名本社校園個倍割](?=[のをがはにでとへ間後以前目かま・～〜、]|$)"
    r"|[かカヵヶケ箇][所年月]|[%％℃]"
)
"""What follows a number that counts: 「10 年後の姿」 and 「3 つの柱」 are no numbering, 「1 本市の現状」 is."""


def duplicate_id(subject: Subject) -> Iterator[Finding]:
    """同じ id が二度使われています。

    id は項目や指標を見分ける名前なので、一つのファイルの中で一度だけ使います（項目と指標の間でも重ねられません）。
    後から書いた方に別の id を付けます。改定前から続く項目の id は変えません。
    """
    yield from _removed_twice(subject)
    things = list(_things(subject))
    if len({each.id for each in things}) == len(things):
        return
    first: dict[str, Item | Indicator] = {}
    taken = {each.id for each in things}
    tried: dict[str, int] = {}
    for thing in sorted(things, key=lambda each: each.node):
        if not thing.id:
            continue
        if thing.id not in first:
            first[thing.id] = thing
            continue
        number = tried.get(thing.id, 1) + 1
        while (free := f"{thing.id}-{number}") in taken:
            number += 1
        tried[thing.id] = number
        taken.add(free)
        yield finding(
            f"id「{thing.id}」が重複しています",
            subject.at(thing.node, "id"),
            f"別の id を付けてください（例: {free}）",
            (Related(subject.at(first[thing.id].node, "id"), FIRST),),
            edits=subject.writing(free, thing.node, "id"),
            safe=False,
        )


def _removed_twice(subject: Subject) -> Iterator[Finding]:
    """Find what edition.removed lists again."""
    first: dict[str, int] = {}
    for removed in subject.strategy.edition.removed:
        if removed.id and first.setdefault(removed.id, removed.node) != removed.node:
            yield finding(
                f"廃止した「{removed.id}」が、edition.removed に二度書かれています",
                subject.at(removed.node, "id"),
                "どちらか一つを消してください",
                (Related(subject.at(first[removed.id], "id"), FIRST),),
            )


def _things(subject: Subject) -> Iterator[Item | Indicator]:
    """Iterate over everything that has an id, also the parts of an indicator."""
    yield from subject.items
    stack = [indicator for _, indicator in subject.strategy.indicators()]
    while stack:
        indicator = stack.pop()
        yield indicator
        stack.extend(indicator.breakdown)


def _groups(subject: Subject, *, literal: bool = False) -> Iterator[tuple[Level, tuple[Item, ...]]]:
    """Iterate over the siblings of one level, in document order; with `literal` where words are their numbers, too."""
    left_out = {"none"} if literal else {"none", "literal"}
    levels = {level.code: level for level in subject.profile.levels if level.number not in left_out}
    levels[SECTION.code] = subject.profile.section  # need no numbers, but some have them
    for parent in subject.strategy.root.walk():
        if not parent.children:
            continue
        codes = dict.fromkeys(child.level for child in parent.children)
        for code in codes:
            level = levels.get(code)
            if level is not None:
                yield level, tuple(child for child in parent.children if child.level == code)


def number_of(typed: str, level: Level | None = None) -> int | None:
    """Read the integer that a printed number stands for (①, ２, (3), 「1.」, 基本目標1, ア); None for a word."""
    number = narrow(typed).strip()
    word = re.match(r"[^0-9()]*", number)
    if level is not None and word is not None and word[0] and level.label and level.label.endswith(word[0].strip()):
        number = number[word.end() :]
    match = re.compile(_PRINTED_NUMBER).fullmatch(number.removeprefix("第"))
    if match is None and level is not None and level.number == "kana":
        kana = number.strip("()、. ")
        return KANA.index(kana) + 1 if len(kana) == 1 and kana in KANA else None
    return int(match[1]) if match else None


def _among_integers(typed: str) -> int | None:
    """Read what stands for an integer only beside others: 二, 1-2 (the second of the first)."""
    match = re.compile(_SUBNUMBER).fullmatch(narrow(typed).strip())
    if match is None:
        return None
    return integer(match[1] or match[2])


def _number(item: Item, level: Level) -> int | None:
    return item.number if isinstance(item.number, int) else number_of(item.number or "", level)


def number_form(subject: Subject) -> Iterator[Finding]:
    """番号が、整数ではない書き方になっています（①、２、"1"、「1.」など）。

    番号は整数で書きます。①や(1)などの形は階層ごとに決まり（profile.yaml の number）、印刷のときに付きます。
    「ひと」「しごと」のような言葉の番号は、そのまま書けます。章・節の番号は、「(1)」「第2章」も印刷のとおりに書けます。
    """
    for level, siblings in _groups(subject):
        counted = any(isinstance(each.number, int) for each in siblings)
        for item in siblings:
            if isinstance(item.number, int):
                if item.number == 0:
                    yield finding(
                        f"{level.label}{name(item)}の番号が 0 です",
                        subject.at(item.node, "number"),
                        "番号は 1 から始まる整数で書いてください",
                        severity="warning",
                    )
                continue
            if level.code == SECTION.code and not (item.number or "").isdecimal():
                continue  # as printed: (1), 第2章
            integer = number_of(item.number or "", level)
            if integer is None and counted:
                integer = _among_integers(item.number or "")
            if integer is None:
                continue
            places = subject.places
            yield finding(
                f"{level.label}{name(item)}の番号「{places.raw(item.node, 'number')}」が整数ではありません",
                subject.at(item.node, "number"),
                f"number: {integer} と書いてください（印刷の形は階層ごとに付きます）",
                edits=(Edit(*places.span(item.node, "number"), str(integer)),),
            )


def missing_number(subject: Subject) -> Iterator[Finding]:
    """同じ階層のほかの項目にある番号が、この項目にはありません。

    印刷される番号を number に書きます。番号を付けない階層は、profile.yaml でその階層の number を none にします。
    """
    groups = list(_groups(subject))
    numbered = {level.code for level, siblings in groups if any(each.number is not None for each in siblings)}
    for level, siblings in groups:
        if level.code not in numbered or level.code == SECTION.code:
            continue
        taken = [number for each in siblings if (number := _number(each, level)) is not None]
        for at, item in enumerate(siblings):
            if item.number is None and not item.omitted and item.node not in subject.broken:
                free = at + 1 if at + 1 not in taken else max(taken, default=0) + 1
                yield finding(
                    f"{level.label}{name(item)}に番号がありません",
                    subject.at(item.node, "id"),
                    f"number: {free} のように番号を書いてください",
                )


def duplicate_number(subject: Subject) -> Iterator[Finding]:
    """同じ親の下の、同じ階層の二つの項目が、同じ番号です。

    後の項目の番号を直します。
    """
    for level, siblings in _groups(subject, literal=True):
        first: dict[int | str, Item] = {}
        numbers = [_number(item, level) for item in siblings]
        highest = max((each for each in numbers if each is not None), default=0)
        for item, number in zip(siblings, numbers, strict=True):
            key = number if number is not None else item.number
            if key is None:
                continue
            if key not in first:
                first[key] = item
                continue
            if item.id == first[key].id:
                continue  # the same item twice, which is said of its id
            later = _pushed_down(siblings)
            edits = tuple(Edit(*subject.places.span(each.node, "number"), str(to)) for each, to in later)
            shown = "、".join(f"{each.id} を {to}" for each, to in later[:MOST_LACKING])
            hint = f"以下を繰り下げます: {shown}" + (
                f" ほか{len(later) - MOST_LACKING}件" if later[MOST_LACKING:] else ""
            )
            if not later:
                hint = "番号を直してください" + (f"（例: {highest + 1}）" if isinstance(key, int) else "")
            yield finding(
                f"{level.label}{name(item)}の番号 {key} は、{name(first[key])}と同じです",
                subject.at(item.node, "number"),
                hint,
                (Related(subject.at(first[key].node, "number"), FIRST),),
                edits,
            )


def _pushed_down(siblings: Sequence[Item]) -> list[tuple[Item, int]]:
    """Return what an insertion among numbers in order pushes down, each with its new number."""
    found: list[tuple[Item, int]] = []
    last = before = 0
    for item in siblings:
        if not isinstance(item.number, int) or item.number < before:
            return []
        before = item.number
        if item.number <= last:
            found.append((item, last + 1))
        last = max(item.number, last + 1) if last else item.number
    return found


def number_order(subject: Subject) -> Iterator[Finding]:
    """番号が、続いていないか、順に並んでいません（例: 1、2、4）。

    抜けた項目があれば加えます。原典に書かれていない項目は omitted: true とします。
    親が変わっても番号を続ける付け方（通し番号）や、前の章から続く番号は、そのままで構いません。
    """
    last: dict[str, int] = {}
    walk = subject.strategy.root.walk()
    ahead = {after.node: before.number for parent in walk for before, after in pairwise(parent.children)}
    for level, siblings in _groups(subject):
        numbers = [_number(item, level) for item in siblings]
        integers = [number for number in numbers if number is not None]
        before = last.get(level.code, 0)
        if integers:
            last[level.code] = integers[-1]
        if not integers or len(integers) < len(siblings) or len(set(integers)) < len(integers) or min(integers) < 1:
            continue  # what is missing, doubled or no number is said by other rules
        chapter = ahead.get(siblings[0].node)  # 1 基本的な事項, a chapter, and 2 移住の促進, the first of its level
        follows = integers[0] - 1 in {before, chapter if isinstance(chapter, int) else number_of(chapter or "")}
        start = integers[0] if follows else 1
        if integers == list(range(start, start + len(integers))):
            continue
        shown = "、".join(map(str, integers))
        ordered = sorted(integers)
        alone = [at for at, number in enumerate(integers) if number != start + at]
        if len(alone) == 1 and ordered != integers:
            item, right = siblings[alone[0]], start + alone[0]
            yield finding(
                f"{level.label or '章や節'}の番号が順に並んでいません（{shown}）: {name(item)}",
                subject.at(item.node, "number"),
                f"number: {right} ではありませんか",
                edits=subject.writing(right, item.node, "number"),
                safe=False,
            )
            continue
        for at, number in enumerate(integers):
            previous = integers[at - 1] if at else start - 1
            if ordered != integers and number > previous:
                continue
            if number == previous + 1:
                continue
            item = siblings[at]
            if number < previous:
                message = f"{level.label or '章や節'}の番号が順に並んでいません（{shown}）"
                hint = "番号を直すか、項目を番号の順に並べてください"
            else:
                gap = range(max(previous, 0) + 1, number)
                few = gap.stop - gap.start <= MOST_LACKING
                lacking = "、".join(map(str, gap)) if few else f"{gap.start}～{gap.stop - 1}"
                if not gap or _are_lost(subject, gap):
                    break
                message = f"{level.label or '章や節'}の番号が続いていません（{shown}。{lacking} がありません）"
                hint = f"番号を直すか、{lacking} の項目を書いてください（原典になければ omitted: true）"
            yield finding(f"{message}: {name(item)}", subject.at(item.node, "number"), hint)
            break


def _are_lost(subject: Subject, numbers: range) -> bool:
    """Check whether items with these numbers went without a word since the last edition, which another rule says."""
    if subject.base is None:
        return False
    lost = {old.number for old in subject.lost.values() if isinstance(old, Item)}
    return all(number in lost for number in numbers)


def number_in_title(subject: Subject) -> Iterator[Finding]:
    """名称の中に、印刷される番号が書かれています（「②…」「(1) …」など）。

    番号は number に書き、名称からは除きます。番号は階層ごとの形で印刷されます。
    分けて書けば、改定で番号だけが変わっても名称の変更になりません。
    章・節の見出しは、並びのすべてが (1) のような番号から始まるなら、印刷のとおりに書けます。
    """
    levels = {level.code: level for level in subject.profile.levels}
    printed = _as_printed(subject)
    for item in subject.items:
        if not item.title or item.node in printed:
            continue
        found = _title_number(item, levels.get(item.level))
        if found is None:
            continue
        number, end = found
        places = subject.places
        span = places.inside(item.title, 0, end, item.node, "title")
        place = places.lines.place(*span) if span else subject.at(item.node, "title")
        rest, typed = item.title[end:], item.title[:end].strip()
        same = item.number if isinstance(item.number, int) else number_of(item.number or "", levels.get(item.level))
        fixable = span is not None and same == number
        if item.number is None:
            own = item.level == SECTION.code and subject.profile.section.printed(number) != typed.rstrip(".．、")
            written = f'"{typed}"' if own else number
            hint = f"number: {written} と書き、名称は「{rest}」としてください"
        else:
            hint = f"名称は「{rest}」とし、番号は number だけに書いてください"
        yield finding(
            f"{name(item)}の名称に番号「{typed}」が含まれています",
            place,
            hint,
            edits=(Edit(*span, ""),) if fixable and span else (),
        )


def _as_printed(subject: Subject) -> frozenset[int]:
    """Return the sections whose titles begin with (1), as all of those beside them do: headings as printed."""
    found: set[int] = set()
    for parent in subject.strategy.root.walk():
        parts = [child for child in parent.children if child.level == SECTION.code]
        bare = all(part.number is None and re.compile(_PAREN).match(part.title) for part in parts)
        if bare and len(parts) > 1:
            found |= {part.node for part in parts}
    return frozenset(found)


def _title_number(item: Item, level: Level | None) -> tuple[int, int] | None:
    """Find a printed number at the start of a title: the number, and where the rest of the title begins."""
    title = item.title
    label = level.label if level is not None else ""
    if label and not title.startswith(label):
        label = label.rpartition("な")[2]  # 重要な視点 is called 視点 as well
    if label and title.startswith(label):
        match = re.match(r"\s*([0-9０-９]{1,2}|[" + CIRCLED + r"])[\s:：.．、　]+", title[len(label) :])
        if match and len(label) + match.end() < len(title):
            return int(narrow(match[1])), len(label) + match.end()
        return None
    if (
        level is not None
        and level.number == "kana"
        and (kana := re.compile(_KANA_MARK).match(title))
        and kana.end() < len(title)
    ):
        return KANA.index(kana["kana"]) + 1, kana.end()
    match = re.compile(_IN_TITLE).match(title) if not title[0].isalpha() else None  # a mark, a bracket or a digit
    if match is None or match.end() == len(title):
        return None
    mark = match["mark"]
    if mark is not None:
        try:
            number = int(unicodedata.numeric(mark))
        except ValueError:
            return None
        return (number, match.end()) if title[match.end()] not in "～〜~－-・、と" else None
    digits = match["paren"] or match["plain"]
    number = int(narrow(digits))
    if match["plain"] is not None:
        if re.compile(_COUNTED).match(title, match.end()) or item.number not in {None, number}:
            return None
    elif item.number not in {None, number} and isinstance(item.number, str):
        return None
    return number, match.end()


def omitted_with_body(subject: Subject) -> Iterator[Finding]:
    """原典にない（omitted: true）はずの項目に、本文が書かれています。

    omitted: true は、名称も本文も原典に書かれていない項目に書きます。本文だけでは、何についての文章か分かりません。
    名称が分かるなら omitted の行を消して title を書き、分からないなら body の行を消します。
    """
    for item in subject.items:
        if item.omitted and item.body:
            yield finding(
                f"{name(item)}は omitted: true（原典にない）ですが、本文が書かれています",
                subject.at(item.node, "body"),
                "omitted の行を消して title: 名称 を書くか、body の行を消してください",
                (Related(subject.at(item.node, "omitted"), "原典にないと書かれています"),),
            )


_PLACEHOLDER = r"\{([^{}]*)\}?|\}"
_PLACEHOLDERS = ("label", "number", "title")


def heading_slip(level: Level) -> tuple[str, str] | None:
    """Say what is wrong with the heading of a level, and what to write; None where nothing is."""
    for match in re.compile(_PLACEHOLDER).finditer(level.heading):
        if match[0] not in {f"{{{each}}}" for each in _PLACEHOLDERS}:
            hint = perhaps(nearest(match[1] or "", _PLACEHOLDERS)) or "使えるのは {label}、{number}、{title} です"
            return f"見出しの形「{level.heading}」の {match[0]} は使えません", hint
    if level.heading and "{title}" not in level.heading and not level.cross:
        hint = f'heading: "{level.heading}　{{title}}" のように、{{title}} を書いてください'
        return f"見出しの形「{level.heading}」に {{title}} がなく、名称が印刷されません", hint
    return None


def edition_levels(subject: Subject) -> Iterator[Finding]:
    """版に書いた階層の呼び名（edition.levels）が、どの階層のものか分からないか、見出しの形が正しくありません。

    key には、profile.yaml の levels にある階層のキーか、章・節なら sections を、一度ずつ書きます。
    見出しの形に使えるのは {label}（階層の名前）、{number}（番号）、{title}（名称）です。
    """
    edition, profile = subject.strategy.edition, subject.profile
    known = {level.key: level for level in (*profile.levels, profile.section)}
    keys = [words.key for words in edition.levels]
    for at, words in enumerate(edition.levels):
        if not words.key:
            continue  # which the schema has said
        place = subject.at(edition.node, "levels", at, "key")
        if words.key not in known:
            named = "、".join(f"{key}（{level.label or '章・節'}）" for key, level in known.items())
            labelled = next((key for key, level in known.items() if level.label and words.key in level.label), "")
            hint = perhaps(labelled) or subject.perhaps(words.key, known) or f"使えるキー: {named}"
            yield finding(f"edition.levels の「{words.key}」という階層は、この市にありません", place, hint)
        elif words.key in keys[:at]:
            hint = "どちらか一つを消してください"
            first = Related(subject.at(edition.node, "levels", keys.index(words.key), "key"), FIRST)
            yield finding(f"edition.levels に「{words.key}」が二度書かれています", place, hint, (first,))
        elif words.heading and (slip := heading_slip(called(known[words.key], words))):
            yield finding(slip[0], subject.at(edition.node, "levels", at, "heading"), slip[1])


def unknown_level(subject: Subject) -> Iterator[Finding]:
    """この市の階層にない階層の項目があります。

    profile.yaml の levels にない階層は、読み込まれず、体系図にも新旧対照表にも出ません。
    levels にその階層を加えるか、市の階層のキーで書きます。
    """
    known = {level.key for level in subject.profile.levels}
    text = subject.strategy.text
    extra = [level for level in LEVELS if level.key not in known and f"{level.key}:" in text]
    if not extra:
        return
    places = subject.places
    labels = "、".join(f"{level.key}（{level.label}）" for level in subject.profile.levels)
    for node, owner in ((0, None), *((item.node, item) for item in subject.items)):
        for level in extra:
            place = places.key(node, level.key)
            if place is not None:
                where = f"{name(owner)}の " if owner is not None else ""
                yield finding(
                    f"{where}{level.key}（{level.label}）は、この市の階層にありません",
                    place,
                    f"profile.yaml の levels に加えるか、次のいずれかで書いてください: {labels}",
                )


def level_order(subject: Subject) -> Iterator[Finding]:
    """階層の上下が逆になっています（例: 主な取組の中の具体的な施策）。

    項目は、より上の階層の項目の中に書きます。階層を一つ飛ばすことはできます。
    """
    tree = {level.code: (depth, level) for depth, level in enumerate(subject.profile.tree)}
    for parent in subject.items:
        if not parent.children or parent.level not in tree or parent.node in subject.broken:
            continue  # a key below the wrong item the schema has said
        depth, above = tree[parent.level]
        for code in dict.fromkeys(child.level for child in parent.children):
            if code in tree and tree[code][0] <= depth:
                level = tree[code][1]
                which = "同じ" if level is above else "上の"
                yield finding(
                    f"{above.label}{name(parent)}の中に、{which}階層の{level.label}（{level.key}）があります",
                    subject.places.key(parent.node, level.key) or subject.at(parent.node),
                    f"{level.label}は、{above.label}より上の階層の項目の中に書いてください",
                )


def no_kpi(subject: Subject) -> Iterator[Finding]:
    """KPI（重要業績評価指標）のない取組です。

    取組ごとに進み具合を測るKPIを置きます。原典に書かれていなければ {id: …, omitted: true} と書きます。
    施策など上の階層、または下の階層にKPIがあれば構いません。骨子と素案では覚え書き、案からは警告です。
    profile.yaml でその階層の指標を数値目標（indicators: targets）とした市では問いません。
    """
    wanted = _measured_level(subject)
    aimed = {level.code for level in subject.profile.tree if level.indicators == "targets"}
    if wanted in aimed:
        return  # a city that measures by targets asks for no KPI
    gone = _lost_indicators(subject)
    lacking: list[Item] = []
    total = 0
    stack = [(item, False) for item in reversed(subject.strategy.root.children)]
    tops = {item.node for item, _ in stack}
    while stack:
        item, covered = stack.pop()
        own = item.level in aimed and item.node not in tops
        covered = covered or item.omitted or any(own or each.role == "kpi" for each in item.indicators)
        if item.level == wanted and not item.omitted:
            total += 1
            measured = covered or any(each.indicators for each in item.walk()) or item.id in gone
            if not measured and item.node not in subject.broken:
                lacking.append(item)
            continue
        stack.extend((child, covered) for child in reversed(item.children))
    if not lacking:
        return
    label = subject.profile.level(wanted).label
    if len(lacking) == total > 1:
        yield finding(
            f"{label}{total}件の、どれにもKPIがありません",
            subject.at(lacking[0].node, "id"),
            f"{label}に kpis を書いてください（原典になければ {{id: …, omitted: true}}）",
        )
        return
    for item in lacking:
        yield finding(
            f"{label}{name(item)}にKPIがありません",
            subject.at(item.node, "id"),
            f"kpis を書いてください（原典になければ kpis: [{{id: {item.id}-kpi, omitted: true}}]）",
        )


def _measured_level(subject: Subject) -> str:
    """Return the level that has the KPIs: the initiatives, or without those the one that has them most often."""
    codes = [level.code for level in subject.profile.tree]
    if "initiative" in codes or not codes:
        return "initiative" if codes else ""
    having = dict.fromkeys(reversed(codes), 0)
    for item in subject.items:
        if item.level in having and any(each.role == "kpi" for each in item.indicators):
            having[item.level] += 1
    return max(having, key=having.__getitem__)


def _lost_indicators(subject: Subject) -> set[str]:
    """Return the items whose indicators went without a word since the last edition, which another rule says."""
    return {
        item.id
        for item, olds in (subject.pairs if subject.lost else ())
        if not any(kind.drops_indicators for kind in declared(item.change.flags))
        and any(each.id in subject.lost for old in olds for each in old.indicators)
    }


def no_target(subject: Subject) -> Iterator[Finding]:
    """数値目標のない基本目標です。

    基本目標ごとに数値目標を置きます。原典に書かれていなければ {id: …, omitted: true} と書きます。
    計画全体に数値目標（plan の targets）を置く市では構いません。骨子と素案では覚え書き、案からは警告です。
    """
    if any(each.role == "target" for each in subject.strategy.root.indicators):
        return
    levels = {level.code: level for level in subject.profile.tree if level.indicators == "targets"}
    gone = _lost_indicators(subject)
    for item in subject.strategy.root.children:
        if item.level not in levels or item.omitted or item.node in subject.broken or item.id in gone:
            continue
        if any(each.role == "target" for below in item.walk() for each in below.indicators):
            continue
        mistaken = bool(item.indicators) and subject.places.has(item.node, "kpis")
        edits = (Edit(*subject.places.key_span(item.node, "kpis"), "targets"),) if mistaken else ()
        yield finding(
            f"{levels[item.level].label}{name(item)}に数値目標がありません",
            subject.at(item.node, "id"),
            "kpis の指標が数値目標なら、そのキーを targets に直してください"
            if mistaken
            else f"targets を書いてください（原典になければ targets: [{{id: {item.id}-target, omitted: true}}]）",
            edits=edits,
            safe=False,
        )


def point_parts(subject: Subject) -> Iterator[Finding]:
    """改定のポイント（edition.points）の parts が、この版の項目の id でも、階層のキーでもありません。

    載せる変更は、項目の id（なくした項目は前の版の id）か、plan、sections、viewpoints、goals などのキーで書きます。
    """
    keys = {"plan", "sections", *(level.key for level in subject.profile.levels)}
    known = {*keys, *subject.by_id, *subject.base_by_id}
    node = subject.strategy.edition.node
    for at, point in enumerate(subject.strategy.edition.points):
        for number, part in enumerate(point.parts):
            if part not in known:
                yield finding(
                    f"改定のポイント「{point.title}」の「{part}」は、項目の id でも階層のキーでもありません",
                    subject.at(node, "points", at, "parts", number),
                    f"項目の id か、{'、'.join(sorted(keys))} のいずれかを書いてください",
                )


def empty_plan(subject: Subject) -> Iterator[Finding]:
    """施策の体系（基本目標など）が一つもありません。

    体系図も新旧対照表も空になります。goals に基本目標を書きます。骨子の段階では問いません。
    章・節の文章だけの計画や、計画全体の指標だけの計画では問いません。
    """
    codes = {level.code for level in subject.profile.tree}
    root = subject.strategy.root
    if 0 in subject.broken or root.indicators or any(item.level in codes for item in root.children):
        return
    if any(item.body for top in root.children if top.level == SECTION.code for item in top.walk()):
        return
    top = subject.profile.tree[0] if subject.profile.tree else None
    if top is not None:
        yield finding(
            f"{top.label}が一つもありません",
            subject.at(subject.strategy.plan.node, "title"),
            f"{top.key}: に{top.label}を書いてください",
        )


def unknown_tag(subject: Subject) -> Iterator[Finding]:
    """関連付け（tags）の分類や番号が、決められたものにありません。

    分類は profile.yaml の tags に書いたものだけを使います（書いていなければ自由です）。SDGs の番号は 1 から 17 です。
    """
    schemes = subject.profile.tag_schemes
    for item in subject.items:
        for scheme, tags in item.tags:
            if schemes and scheme not in schemes:
                yield finding(
                    f"{name(item)}の関連付けの分類「{scheme}」は、profile.yaml の tags にありません",
                    subject.places.key_of(item.node, "tags", scheme),
                    subject.perhaps(scheme, schemes) or f"使える分類: {'、'.join(schemes)}",
                )
            elif scheme != SDGS_KEY and scheme.casefold() == SDGS_KEY:
                yield finding(
                    f"{name(item)}の関連付けの分類「{scheme}」は、「{SDGS_KEY}」と小文字で書きます",
                    subject.places.key_of(item.node, "tags", scheme),
                    f"もしかして: {SDGS_KEY}",
                )
            elif scheme == SDGS_KEY:
                for at, tag in enumerate(tags):
                    digits = re.search(_DIGITS, narrow(str(tag)))
                    if (tag in SDGS) if isinstance(tag, int) else digits is None or re.compile(_SDGS_TARGET).match(tag):
                        continue
                    meant = digits is not None and not isinstance(tag, int) and int(digits[0]) in SDGS
                    yield finding(
                        f"{name(item)}のSDGsの番号 {tag} はありません",
                        subject.at(item.node, "tags", scheme, at),
                        f"{digits[0]} と、数だけを書いてください"
                        if meant and digits is not None
                        else "1 から 17 の番号を書いてください",
                        edits=subject.writing(digits[0], item.node, "tags", scheme, at)
                        if meant and digits is not None
                        else (),
                    )


STRUCTURE_RULES: Sequence[Rule] = (
    rule("duplicate-id", "idの重複", "structure", "error", duplicate_id,
         example="- id: city-links\n- id: city-links\n→ - id: city-links\n  - id: city-links-2"),
    rule("number-form", "番号の書き方", "structure", "error", number_form, example="number: ①\n→ number: 1"),
    rule("missing-number", "番号がない", "structure", "warning", missing_number,
         example="- {id: charm, title: 魅力の発信}\n→ - {id: charm, number: 3, title: 魅力の発信}"),
    rule("duplicate-number", "番号の重複", "structure", "error", duplicate_number,
         example="number: 1 / number: 1\n→ number: 1 / number: 2"),
    rule("number-order", "番号の並び", "structure", "warning", number_order,
         example="number: 1 / number: 2 / number: 4\n→ number: 1 / number: 2 / number: 3"),
    rule("number-in-title", "名称の中の番号", "structure", "warning", number_in_title,
         example="title: ②教育の推進\n→ number: 2\n  title: 教育の推進"),
    rule("omitted-with-body", "原典にない項目の本文", "structure", "warning", omitted_with_body,
         example="- {id: charm, omitted: true, body: 魅力を発信します。}\n"
                 "→ - {id: charm, title: 魅力の発信, body: 魅力を発信します。}"),
    rule("edition-levels", "版の階層の呼び名", "structure", "error", edition_levels,
         example="levels: [{key: goal, label: 施策の方向}]\n→ levels: [{key: goals, label: 施策の方向}]"),
    rule("point-parts", "改定のポイントの対象", "structure", "error", point_parts,
         example="points: [{title: 視点の見直し, parts: [viewpoint]}]\n"
                 "→ points: [{title: 視点の見直し, parts: [viewpoints]}]"),
    rule("unknown-level", "市にない階層", "structure", "error", unknown_level,
         example="goals: [{id: inflow, title: 転入促進, projects: [{id: site, title: 情報の発信}]}]\n"
                 "→ initiatives: [{id: site, title: 情報の発信}]"),
    rule("level-order", "階層の上下", "structure", "error", level_order,
         example="initiatives:\n  - {id: site, title: 情報の発信, policies: [{id: relations, title: 関係人口}]}"),
    rule("empty-plan", "体系がない", "structure", "warning", empty_plan, stages={"outline": "off"},
         follows_from=UNREAD,
         example="viewpoints: [{id: digital, title: デジタルの活用}]\n→ goals: [{id: inflow, title: 転入促進}]"),
    rule("no-kpi", "KPIのない取組", "structure", "warning", no_kpi, stages=BEFORE_PROPOSAL,
         follows_from=UNREAD,
         example="- {id: charm, number: 3, title: 魅力の発信}\n→   kpis: [{id: charm-kpi, name: 閲覧数, unit: 回}]"),
    rule("no-target", "数値目標のない基本目標", "structure", "warning", no_target, stages=BEFORE_PROPOSAL,
         follows_from=UNREAD,
         example="- {id: inflow, number: 1, title: 転入促進}\n→   targets: [{id: inflow-target, name: 転入者数}]"),
    rule("unknown-tag", "決められていない関連付け", "structure", "warning", unknown_tag,
         example="tags: {sdgs: [18]}\n→ tags: {sdgs: [11]}"),
)  # fmt: skip
