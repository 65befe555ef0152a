"""Net: what differs in the fields of the model that no other kind speaks for, found by deepdiff, in words.

No difference is silent: a field that is new to the model is compared from the first day on.
"""

from collections.abc import Collection, Iterable, Mapping

from atsugi_cli.kinds.card import Evidence, IndicatorView, Kind, View
from atsugi_cli.kinds.indicators import aggregation_words, lasting
from atsugi_cli.model import Indicator, Plan, Strategy, Thing, Value
from atsugi_cli.words import span_words, value_words, year_suffix, year_words

SILENT = frozenset(
    {"id", "origins", "change", "omitted", "line", "node"}  # who became whom, and where a thing stands in its file
    | {"page"}  # where it was printed
    | {"note", "extra"}  # for the office alone
    | {"actuals", "achievement"}  # readings of a new year and how they are reckoned: no text of the plan
)
"""Fields that are no change by themselves."""
LABELS: Mapping[str, str] = {
    "unit": "単位",
    "definition": "定義",
    "source": "出典",
    "direction": "望ましい方向",
    "basis": "時点の数え方",
    "span": "期間",
    "baseline": "基準値",
    "target": "目標値",
    "targets": "段階目標",
    "breakdown": "内訳",
    "same_as": "再掲の元",
    "municipality": "市町村",
    "parent": "上位計画",
    "name": "名称",
    "aggregation": "集計方法",
    "owners": "所管",
}
"""Short forms of the titles in the schema, for one line; a field without one is printed by its name."""
WORDS: Mapping[tuple[str, str], str] = {
    ("direction", "increase"): "増加",
    ("direction", "decrease"): "減少",
    ("direction", "maintain"): "維持",
    ("basis", "calendar"): "年",
    ("basis", "fiscal"): "年度",
    ("basis", "date"): "日付",
}
ABSENT = "－"


class Net:
    """The last kind: it knows which fields the others speak for, and compares the rest."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        """Collect the fields that some kind speaks for."""
        self.spoken = frozenset(name for kind in kinds for name in kind.fields)

    def item(self, view: View) -> Evidence | None:
        """ほかのどの種類にも当たらない違いです。どんな違いも黙って捨てないための受け皿です。"""
        old = view.carried
        if old is None or view.new is None or not view.comparable:
            return None
        return _differing(_said(old, self.spoken), _said(view.new, self.spoken))

    def indicator(self, view: IndicatorView) -> Evidence | None:
        """ほかのどの種類にも当たらない、指標の違いです。"""
        both = lasting(view)
        if both is None:
            return None
        return _differing(*(_said(each, self.spoken, each) for each in both))

    def plan(self, old: Strategy, new: Strategy) -> Evidence | None:
        """計画そのものの、ほかの違いです。"""
        return _differing(*(_said(each.plan, self.spoken) | _said(each.root, self.spoken) for each in (old, new)))


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> Evidence | None:
    """Return, field by field, what differs: 備考: 国の交付金 → 備考: 市の単独事業."""
    if before == after:
        return None
    from deepdiff import DeepDiff

    sides = _flat(before), _flat(after)
    # Below its threshold of common keys deepdiff would say that everything changed.
    found = DeepDiff(*sides, verbose_level=2, view="tree", threshold_to_diff_deeper=0)
    # The first step of a path is the field; places inside a list mean nothing to a reader.
    names = sorted({change.path(output_format="list")[0] for changes in found.values() for change in changes})
    names = names or sorted(LABELS.get(name, name) for name in before.keys() ^ after.keys())
    words = ["、".join(f"{name}: {_plain(side.get(name)) or ABSENT}" for name in names) for side in sides]
    return Evidence(words[0], words[1])


def _said(thing: Thing | Plan, spoken: Collection[str], of: Indicator | None = None) -> dict[str, object]:
    """Return in words, by field, what is to be compared; of values that a kind speaks for, what stands beside them."""
    found: dict[str, object] = {}
    for name in type(thing).__match_args__:
        value = getattr(thing, name)
        if name in SILENT:
            continue
        if name == "span" and of and of.target and of.target.span:
            if value:  # else the span of the target is what the figures are reckoned over
                found[name] = span_words(value)
        elif name == "aggregation" and of and name not in spoken:
            found[name] = aggregation_words(of)
        elif not value:
            continue  # an empty list and none at all are the same
        elif name in spoken:
            found |= _beside(name, value, of, spoken)
        else:
            found[name] = WORDS.get((name, value), value) if isinstance(value, str) else _in_words(value, of)
    return found


def _beside(name: str, value: object, of: Indicator | None, spoken: Collection[str]) -> dict[str, object]:
    """Return what stands beside a value whose figure and year a kind speaks for: its span."""
    said: object = ""
    if isinstance(value, Value):
        said = _aside(value, spanned=f"{name}.span" not in spoken)
    elif isinstance(value, tuple) and any(isinstance(each, Value) for each in value):
        said = {_year(each, of): _aside(each) for each in value if _aside(each)}
    return {name: said} if said else {}


def _in_words(value: object, of: Indicator | None) -> object:
    if isinstance(value, Value):
        return f"{value_words(value, of.unit if of else '')} {_year(value, of)}".strip() + _aside(value)
    if not isinstance(value, tuple):
        names = getattr(type(value), "__match_args__", ())  # the fields of what has some
        return " ".join(str(getattr(value, name)) for name in names if getattr(value, name) is not None) or value
    if value and isinstance(value[0], Value):
        found: dict[str, object] = {}
        for each in value:  # two of one year are said together
            words = value_words(each, of.unit if of else "") + _aside(each)
            year = _year(each, of)
            found[year] = f"{found[year]}、{words}" if year in found else words
        return found
    if value and isinstance(value[0], Indicator):
        return {each.name or each.id: _said(each, (), each) for each in value}
    return value


def _aside(value: Value, *, spanned: bool = True) -> str:
    return f"（{span_words(value.span)}）" if spanned and value.span else ""


def _year(value: Value, of: Indicator | None) -> str:
    return year_words(value.year, year_suffix(of) if of else "年度")


def _flat(values: Mapping[str, object], path: str = "") -> dict[str, object]:
    """Spread nested mappings out into one, with the path in words as the key."""
    found: dict[str, object] = {}
    for key, value in values.items():
        name = f"{path} {key}" if path else LABELS.get(key, key)
        if isinstance(value, Mapping):
            found |= _flat({str(each): inner for each, inner in value.items()}, name)
        else:
            found[name] = value
    return found


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return "、".join(map(_plain, value))
    if isinstance(value, Mapping):
        return "、".join(f"{key}: {_plain(inner)}" for key, inner in value.items())
    return "" if value is None else str(value)
