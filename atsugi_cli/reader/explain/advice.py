"""Advice: what to write instead of a value that the schema refuses.

Takes the value, the text as typed and the schema of the place; gives a sentence with the line to write, and the exact
replacement; what only says the same in another notation (`１，２００` → 1200) a program may put there unasked.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace

from atsugi_cli.achievement import fiscal_year
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Span, Written
from atsugi_cli.reader.explain import remedies
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.reader.schema import Schema, pattern
from atsugi_cli.values import outlived, read, read_number, read_span, read_when, with_digits
from atsugi_cli.words import DATE

LONGEST_QUOTED = 40
"""Characters of a text that are repeated in a message; the snippet below it shows the rest."""

_TRUE = frozenset(["true", "yes", "on", "y", "t", "1", "はい", "有", "あり", "○", "◯", "〇", "約", "およそ", "程度"])
_FALSE = frozenset(["false", "no", "off", "n", "f", "0", "いいえ", "無", "なし", "×"])
_FIRST_YEAR = 1900  # the least minimum that a number of our schemas has when it is a year
_PAIR = 2
MONTHS, DAYS = 12, 31
_TWO_DIGITS = re.compile(r"([0-9]{1,2})(?:年度?)?\Z")


@frozen
class WrongValue:
    """A refused value: its key ("" inside a list), the text as typed, and the schema of its place.

    `node` is the schema with its references resolved, `item` that of the entries of a list. `labels` are the Japanese
    words of the change kinds by code; `last_year` is the end of the plan's `period`, or near it, for examples; `basis`
    says how an indicator counts its years.
    """

    key: str
    value: object
    raw: str
    node: Schema
    item: Schema
    labels: Mapping[str, tuple[str, ...]]
    last_year: int
    period: Span | None = None
    basis: str = ""
    refers: bool = False
    """Whether an id that stands elsewhere is due here."""

    @property
    def types(self) -> tuple[str, ...]:
        """Return the types that the schema allows here."""
        named = self.node.get("type", ())
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def is_year(self) -> bool:
        """Check whether a western year is due here."""
        return bool(self.node.get("minimum") == _FIRST_YEAR)

    @property
    def words(self) -> str:
        """Return the schema's own sentence about what to write here."""
        return str(self.node.get("errorMessage", ""))


@frozen
class Remedy:
    """What to do, as a sentence, and the text that replaces the value then; `safe` where that surely is meant."""

    hint: str
    replacement: str = ""
    safe: bool = False


def write(slip: WrongValue, value: str, *, same: bool = False) -> Remedy:
    """Advise to write a value, given as YAML text; `same` when that only changes the notation."""
    line = f"{slip.key}: {value}" if slip.key else value
    return Remedy(f"「{line}」と書きます", value, safe=same)


def write_text(slip: WrongValue, text: str, *, same: bool = False) -> Remedy:
    """Advise to write a text."""
    if clipped(text) != text.strip():
        return Remedy("値の全体を引用符で囲みます", plain_or_quoted(text), safe=same)
    return write(slip, plain_or_quoted(text), same=same)


def written(number: float) -> str:
    """Write a number as YAML has it, with the decimals that it is told with."""
    if isinstance(number, Written):
        return f"{number:.{number.digits}f}"
    return str(int(number) if number == int(number) else number)


def clipped(text: str) -> str:
    """Shorten a text as typed for a message: its first line, LONGEST_QUOTED characters at most."""
    first = text.strip().split("\n", 1)[0].rstrip()
    return first if len(first) <= LONGEST_QUOTED else first[: LONGEST_QUOTED - 1] + "…"


def for_type(slip: WrongValue) -> Remedy:
    """Advise on a value of the wrong type."""
    match slip.value:
        case str():
            remedy = _instead_of_text(slip, slip.value)
        case bool() | int() | float():
            remedy = _instead_of_scalar(slip)
        case list():
            remedy = _instead_of_list(slip, slip.value)
        case dict():
            remedy = _instead_of_mapping(slip, slip.value)
        case _:
            remedy = None
    return remedy or Remedy(slip.words)


def for_choice(slip: WrongValue) -> Remedy:
    """Advise on a word that is none of those to choose from."""
    codes = [str(code) for code in slip.node["enum"]]
    own = remedies.labels_of(codes, str(slip.node.get("description", "")), slip.words)
    labels = {code: own[code] + slip.labels.get(code, ()) for code in codes}
    typed = slip.value if isinstance(slip.value, str) else slip.raw
    code = remedies.code_for(typed, labels)
    listed = not any(own.values()) and len(codes) > LONGEST_LISTED
    words = f"{slip.words}（一覧は strategy explain）" if listed else slip.words
    if not code:
        return Remedy(words)
    sure = remedies.sure_code(typed, labels) == code
    return Remedy(f"もしかして: {_with_label(code, labels[code])}。{words}", code, safe=sure)


LONGEST_LISTED = 8
"""Codes that a message can name; the change kinds are more."""


def _with_label(code: str, labels: tuple[str, ...]) -> str:
    return f"{code}（{labels[0]}）" if labels else code


def for_format(slip: WrongValue) -> Remedy:
    """Advise on a text (an id, a date, a year) that has not the right form."""
    text = str(slip.value)
    fits = pattern(slip.node["pattern"])
    words = str(slip.node.get("patternErrorMessage", slip.words))
    if "\n" in text and fits(text.strip()):
        return write(slip, text.strip(), same=True)
    if slip.is_year:
        return _year(slip, text) or _no_day(slip, text) or Remedy(words)
    day = remedies.date(text)
    if day and fits(day):
        return write(slip, day, same=True)
    if not day and (remedy := _no_day(slip, text)):
        return remedy
    if "array" in slip.types and len(remedies.parts(text)) > 1:
        slugs = [remedies.slug(part) for part in remedies.parts(text)]
        return write(slip, f"[{', '.join(slugs)}]") if all(map(fits, slugs)) else Remedy(words)
    slug = remedies.slug(text)
    if slug and slug != text and fits(slug):
        return write(slip, slug, same=slug == remedies.folded(text))
    if text.isascii() or not fits("a"):
        return Remedy(words)
    if slip.refers:
        return Remedy("名称ではなく、指す版や項目に書いてある id を書きます")
    return Remedy("漢字や仮名は使えません。英語かローマ字で書きます")


def for_range(slip: WrongValue) -> Remedy:
    """Advise on a number that is too small or too large."""
    if slip.is_year and isinstance(slip.value, int):
        return _short_year(slip, slip.value) or Remedy(slip.words)
    low, high = slip.node.get("minimum"), slip.node.get("maximum")
    bound = "".join((f"{low}以上" if low is not None else "", f"{high}以下" if high is not None else ""))
    return Remedy(f"{bound}で書きます")


def for_count(slip: WrongValue) -> Remedy:
    """Advise on a list with too few or too many entries."""
    if not slip.value:
        return Remedy("書くことがなければ、この行を消します")
    values = slip.value if isinstance(slip.value, list) else []
    if slip.item.get("type") == "integer" and values:
        if len(values) > _PAIR == slip.node.get("maxItems"):
            every = all(type(each) is int for each in values) and values == [*range(values[0], values[-1] + 1)]
            remedy = write(slip, f"[{values[0]}, {values[-1]}]", same=every)
            return replace(remedy, hint=f"{remedy.hint}。{slip.words}")
        if len(values) == 1 and isinstance(values[0], str):
            return _listed(slip, re.sub("[、，・]", "～", values[0])) or Remedy(slip.words)
    return Remedy(slip.words)


def example(node: Schema, key: str) -> str:
    """Find an example of a value in its schema: the constant, the first choice, or `（例: …）` in its words."""
    if "const" in node:
        return str(node["const"])
    if "enum" in node:
        return str(node["enum"][0])
    for text in (node.get("description", ""), node.get("errorMessage", "")):
        _, marked, rest = str(text).partition("（例: ")
        if marked:
            inner = rest.partition("）")[0]
            return (inner if inner.startswith("{") else inner.partition("、")[0]).removeprefix(f"{key}: ")
    return "…"


def _instead_of_text(slip: WrongValue, text: str) -> Remedy | None:
    types = slip.types
    if "number" in types or "integer" in types:
        return _number(slip, text)
    if "boolean" in types:
        word = remedies.folded(text).lower()
        return write(slip, "true" if word in _TRUE else "false", same=True) if word in _TRUE | _FALSE else None
    if "array" in types:
        return _listed(slip, text)
    return _mapped(slip, text) if "object" in types else None


def _number(slip: WrongValue, text: str) -> Remedy | None:
    if slip.is_year:
        return _year(slip, text)
    number = read_number(text)
    if number is not None:
        fits = "number" in slip.types or isinstance(number, int)
        return write(slip, written(number), same=True) if fits else None
    told = read(text, "%")
    if told is not None and slip.key == "relative":
        change = told.value.relative if told.value.relative is not None else told.value.value
        if change is not None and told.value.range is None and not told.value.bound:
            return write(slip, written(change), same=True)
    share = read_number(text, "%")
    return write(slip, written(share)) if share is not None else None


def _year(slip: WrongValue, text: str) -> Remedy | None:
    """Advise on a year: a western one, or a day where the schema has room for it."""
    found, sure = read_when(text), True
    if isinstance(found, str) and (slip.basis == "fiscal" or "string" not in slip.types):
        day, found = found, fiscal_year(found, state=slip.basis == "fiscal")
        sure = found == fiscal_year(day, state=False)  # the 1st of April may be either
    elif isinstance(found, str) and slip.basis == "calendar":
        found = int(found[:4])
    if found is not None:
        remedy = write(slip, str(found), same=sure)
        today = outlived(text)
        return replace(remedy, hint=f"{remedy.hint}（{remedies.folded(text)}は、{today}です）") if today else remedy
    if slip.period and _LAST_OF_PLAN.fullmatch(text.strip()):
        return write(slip, str(slip.period[1]))
    if span := read_span(text):
        hint = write(slip, str(span[1])).hint
        return Remedy(f"{hint}。累計や平均の値なら「span: [{span[0]}, {span[1]}]」と aggregation も書きます")
    if likely := read_when(with_digits(text)):
        remedy = write(slip, str(likely))
        return replace(remedy, hint=f"英字（O や l）が数字なら、{remedy.hint}")
    digits = _TWO_DIGITS.match(remedies.folded(text))
    return _short_year(slip, int(digits[1])) if digits else None


_LAST_OF_PLAN = re.compile(
    r"(?:本?計画|戦略)?(?:期間)?の?(?:最終|最後の|末|終了)年度?(?:末)?|(?:計画)?期間末|目標年度?"
)


def _short_year(slip: WrongValue, number: int) -> Remedy | None:
    """Advise on 5 or 23 for a year: what it may be near the end of the plan."""
    years = remedies.full_years(number, slip.last_year)
    words = "、".join(f"{words}なら {year}" for words, year in years)
    only = str(years[0][1]) if len(years) == 1 else ""
    return Remedy(f"西暦4桁で書きます（{words}）", only) if years else None


def _no_day(slip: WrongValue, text: str) -> Remedy | None:
    """Advise on a day that its month does not have, 2019-06-31: most likely its last one is meant."""
    found = re.fullmatch(DATE, text)
    days = monthrange(int(found[1]), int(found[2]))[1] if found and found[3] and 1 <= int(found[2]) <= MONTHS else 0
    if found is None or not 0 < days < int(found[3]) <= DAYS:
        return None
    remedy = write(slip, f"{found[1]}-{found[2]}-{days}")
    return replace(remedy, hint=f"{int(found[2])}月は{days}日までです。月の末日なら{remedy.hint}")


def _listed(slip: WrongValue, text: str) -> Remedy | None:
    """Advise where a list is due and a text stands."""
    if slip.item.get("properties"):
        entry = _entry(slip.item["properties"], text, slip)
        return write(slip, f"[{entry}]") if entry else None
    if slip.item.get("type") == "integer":
        found = read_span(text, slip.period)
        return write(slip, f"[{found[0]}, {found[1]}]", same=True) if found else None
    if slip.item.get("type") == "number":
        told = read(text)
        ends = told.value.range if told else None
        return write(slip, f"[{ends[0]}, {ends[1]}]", same=True) if ends else None
    parts = remedies.parts(text) if "。" not in text else (text,)
    if "\n" in slip.raw and slip.raw[:1] not in {"|", ">", '"', "'"}:
        parts = tuple(line.strip().lstrip(_BULLETS) for line in slip.raw.splitlines())  # each on a line of its own
    elif slip.key == "owners" and _SECTIONS.fullmatch(remedies.folded(text)):
        parts = tuple(text.split())
    sure = len(parts) == 1 or (
        slip.key == "owners" and (not re.search("[・/／;；]", text) or all(each[-1] in "課室部局係" for each in parts))
    )
    codes = slip.item.get("enum")
    if codes:
        labels = {code: slip.labels.get(code, ()) for code in codes}
        parts = tuple(remedies.code_for(part, labels) or part for part in parts)
    if "\n" in text.strip() or len(text) > LONGEST_QUOTED or not parts:
        return Remedy("次の行から「- 」で始まる行に分けて書きます")
    if len(parts) < slip.node.get("minItems", 0):
        return None
    numbers = "integer" in slip.item.get("type", ()) and all(re.fullmatch("[0-9]+", part) for part in parts)
    listed = parts if numbers else map(plain_or_quoted, parts)
    return write(slip, f"[{', '.join(listed)}]", same=sure or bool(codes) or numbers)


_BULLETS = "・･•●○◎■□◆◇ \u3000\t"
_SECTIONS = re.compile(r"(?:\S+[課室係]\s+)+\S+[課室係]")
"""Sections side by side, and not 政策部 企画政策課, which is one."""


def _mapped(slip: WrongValue, text: str) -> Remedy | None:
    """Advise where keys and values are due and a single value stands."""
    entry = _entry(slip.node.get("properties", {}), text, slip)
    sure = (
        entry.startswith(("{start:", "{method:"))
        or ("flags: [" in entry and bool(slip.labels))
        or (entry == f"{{id: {text}}}")
    )
    return write(slip, entry, same=sure) if entry else None


def _entry(properties: Schema, text: str, slip: WrongValue) -> str:
    """Write a single value as the mapping that was probably meant; empty when that is not clear."""
    if "\n" in text.strip():
        return ""
    if "start" in properties:
        found = read_span(text)
        return f"{{start: {found[0]}, end: {found[1]}}}" if found else ""
    if "flags" in properties:
        return _change(text, slip)
    for key, node in properties.items():
        if codes := node.get("enum", ()):
            labels = remedies.labels_of(codes, str(node.get("description", "")), str(node.get("errorMessage", "")))
            if code := remedies.sure_code(text, labels):
                return f"{{{key}: {code}}}"
    for key in ("title", "name", "label"):
        if key in properties:
            return f"{{{'id: …, ' if 'id' in properties else ''}{key}: {plain_or_quoted(clipped(text))}}}"
    slug = remedies.slug(text)
    return f"{{id: {slug}}}" if "id" in properties and slug else ""


def _change(text: str, slip: WrongValue) -> str:
    """Write what was changed, the reason for it, or both: 名称変更（分かりやすくするため）."""
    if not re.search("[（(]", text) and (code := remedies.sure_code(text.strip(), slip.labels)):
        return f"{{flags: [{code}]}}"
    kind, *reason = re.split("[（(：:、，,]", text.strip(), maxsplit=1)
    words = reason[0].strip().rstrip("）)") if reason else ""
    if words and (code := remedies.sure_code(kind.strip(), slip.labels)):
        return f"{{flags: [{code}], reason: {plain_or_quoted(words)}}}"
    code = "" if len(text) > _LONGEST_KIND else remedies.code_for(text, slip.labels)
    return f"{{flags: [{code}]}}" if code else f"{{reason: {plain_or_quoted(text.strip())}}}"


_LONGEST_KIND = 6
"""Characters of what may be the name of a kind of change, and no reason."""


def _instead_of_scalar(slip: WrongValue) -> Remedy | None:
    """Advise where a number or true/false stands and something else is due."""
    types, value, raw = slip.types, slip.value, slip.raw
    if slip.node.get("minItems") == _PAIR:
        return _listed(slip, f"{raw}年間")
    if "array" in types and not isinstance(value, bool) and slip.item.get("type") != "object":
        return write(slip, f"[{raw}]" if slip.item.get("type") != "string" else f'["{raw}"]', same=True)
    if slip.is_year and isinstance(value, float) and value.is_integer():
        return write(slip, str(int(value)), same=True)
    if "string" in types:
        day = remedies.date(raw) if "pattern" in slip.node else ""
        if day:
            return write(slip, day, same=True)
        if "pattern" in slip.node and not isinstance(value, bool):
            if pattern(slip.node["pattern"])(f"{raw}-01"):
                return Remedy(f"月か日まで書きます（例: 「{slip.key}: {raw}-04」）")
            slug = remedies.slug(raw)
            return write(slip, slug) if slug and pattern(slip.node["pattern"])(slug) and "integer" in types else None
        return write(slip, f'"{raw}"', same=True)
    if "object" in types and not isinstance(value, bool):
        return _mapped(slip, raw)
    if "boolean" in types:
        return write(slip, "true" if value else "false") if value in {0, 1} else None
    if types == ("integer",) and isinstance(value, float) and value.is_integer():
        return write(slip, str(int(value)), same=True)
    return None


def _instead_of_list(slip: WrongValue, values: list[object]) -> Remedy | None:
    types = slip.types
    inside = [each for each in values if not isinstance(each, list | dict)]
    if "object" in types:
        properties = slip.node.get("properties", {})
        if "start" in properties and len(inside) == len(values) == _PAIR:
            return write(slip, f"{{start: {values[0]}, end: {values[1]}}}", same=True)
        if {"year", "value"} <= properties.keys() and len(inside) == len(values) == _PAIR:
            year, number = (read_when(str(values[0])), values[1])
            if year and isinstance(number, int | float) and not isinstance(number, bool):
                return write(slip, f"{{year: {year}, value: {written(number)}}}")
        if "flags" in properties and inside and len(inside) == len(values):
            codes = (remedies.code_for(str(each), slip.labels) or plain_or_quoted(str(each)) for each in values)
            return write(slip, f"{{flags: [{', '.join(codes)}]}}")
        if len(values) == 1 and isinstance(values[0], str):
            return _mapped(slip, values[0])
        if len(values) == 1 and isinstance(values[0], dict):
            return Remedy("一つだけ書くところです。先頭の「- 」を取ります")
        if slip.key == "target" and len(values) > 1 and not inside:
            return Remedy("途中の年度の目標は targets の一覧に、最後の年度の目標だけを target に書きます")
        return None
    if len(values) == 1 and len(inside) == 1:
        only = values[0]
        return write(slip, plain_or_quoted(only) if isinstance(only, str) else str(only), same=True)
    if "string" in types and slip.raw.startswith("[") and "\n" not in slip.raw:
        return Remedy(
            f"{write(slip, plain_or_quoted(slip.raw)).hint}（[ ] は一覧を表すので、文字なら引用符で囲みます）"
        )
    return None


def _by_year(slip: WrongValue, value: Mapping[str, object]) -> list[str]:
    """Write as a list of values what stands under its years: {R8: 50, R11: 60}; empty for anything else."""
    told = [
        f"{{year: {year}, value: {plain_or_quoted(each) if isinstance(each, str) else written(each)}}}"
        for key, each in value.items()
        if isinstance(each, str | int | float) and not isinstance(each, bool) and (year := read_when(str(key)))
    ]
    return told if len(told) == len(value) and {"year", "value"} <= slip.item.get("properties", {}).keys() else []


def _instead_of_mapping(slip: WrongValue, value: Mapping[str, object]) -> Remedy | None:
    types = slip.types
    if "array" in types:
        if entries := _by_year(slip, value):
            return write(slip, f"[{', '.join(entries)}]", same=True)
        if slip.item.get("properties"):
            return Remedy("項目ごとに、行の先頭に「- 」を付けて並べます")
        scalars = [each for each in value.values() if each is not None and not isinstance(each, list | dict)]
        if scalars and len(scalars) == len(value):
            years = [*value] == ["start", "end"] and all(type(each) is int for each in scalars)
            return write(slip, f"[{', '.join(map(str, scalars))}]", same=years)
    if "string" in types and len(value) == 1 and [*value.values()] == [None]:
        return write(slip, plain_or_quoted(str(next(iter(value)))), same=True)  # unit: {人}
    if "string" in types and slip.raw.startswith("{") and "\n" not in slip.raw:
        return Remedy(
            f"{write(slip, plain_or_quoted(slip.raw)).hint}（{{ }} は組を表すので、文字なら引用符で囲みます）"
        )
    return None
