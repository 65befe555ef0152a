"""Rest: what differs in the fields that no other kind speaks for, found by deepdiff, in words."""

from collections.abc import Mapping

from atsugi_cli.kinds.card import Evidence

FIELD_LABELS: Mapping[str, str] = {
    "note": "備考",
    "unit": "単位",
    "definition": "定義",
    "source": "出典",
    "direction": "望ましい方向",
    "basis": "時点の数え方",
    "span": "期間",
    "baseline": "基準値",
    "target": "目標値",
    "targets": "段階目標",
    "actuals": "実績値",
    "breakdown": "内訳",
    "achievement": "達成率の計算",
    "id": "計画の識別子",
    "municipality": "市町村",
    "parent": "上位計画",
    "name": "名称",
    "aggregation": "集計方法",
    "owners": "所管",
}
ABSENT = "－"


def rest(before: Mapping[str, object], after: Mapping[str, object]) -> Evidence | None:
    """Give, field by field, what differs: 備考: 国の交付金 → 備考: 市の単独事業."""
    if before == after:
        return None
    from deepdiff import DeepDiff

    sides = _flat(before), _flat(after)
    # Below its threshold of common keys deepdiff would say that everything changed.
    found = DeepDiff(*sides, verbose_level=2, view="tree", threshold_to_diff_deeper=0)
    # The first step of a path is the field; places inside a list mean nothing to a reader.
    names = sorted({change.path(output_format="list")[0] for changes in found.values() for change in changes})
    names = names or sorted(FIELD_LABELS.get(name, name) for name in before.keys() ^ after.keys())
    words = ["、".join(f"{name}: {_words(side.get(name)) or ABSENT}" for name in names) for side in sides]
    return Evidence(words[0], words[1])


def _flat(values: Mapping[str, object], path: str = "") -> dict[str, object]:
    """Spread nested mappings out into one, with the path in words as the key."""
    found: dict[str, object] = {}
    for key, value in values.items():
        name = f"{path} {key}" if path else FIELD_LABELS.get(key, key)
        if isinstance(value, Mapping):
            found |= _flat({str(each): inner for each, inner in value.items()}, name)
        else:
            found[name] = value
    return found


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return "、".join(map(_words, value))
    if isinstance(value, Mapping):
        return "、".join(f"{key}: {_words(inner)}" for key, inner in value.items())
    return "" if value is None else str(value)
