"""Keys: findings about the keys of an object: unknown, missing, in the wrong object, run into another value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import NoneType
from typing import TYPE_CHECKING

from atsugi_cli.findings import Edit, Finding, Place, Related
from atsugi_cli.reader import schema_codes
from atsugi_cli.reader.explain import advice, figures, remedies
from atsugi_cli.reader.explain.context import (
    NAMES,
    OMITTED,
    File,
    Home,
    Object,
    Path,
    below,
    data_at,
    example_of,
    homes_of,
    joined,
    known_of,
    node_at,
    object_place,
    slip_at,
    spot_of,
    target_of,
    titles_of,
)
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.reader.schema import Schema, UnknownKeywordError, compiled
from atsugi_cli.values import read_when

if TYPE_CHECKING:
    from jsonschema import ValidationError

_MEANT = r"もしかして: ([a-z][a-z0-9-]*)"
_MOST_NAMED = 12  # allowed keys that a hint lists
_MOST_HOMES = 2
_MANY_KEYS = 3  # of another kind of object, so that the object and not its keys is wrong
_GROUP = 3  # digits between the commas of a number


def of_objects(file: File, objects: list[Object]) -> Iterator[Finding]:
    """Say what is wrong with the keys of objects."""
    homes = homes_of(file.schema) if any(here.unknown for here in objects) else []
    # Every unknown key first: one of them may be the missing key of another object.
    for here in objects:
        yield from _unknown_keys(file, here, objects, homes)
    for here in objects:
        if OMITTED in here.value and type(here.value[OMITTED]) is not bool:
            here.missing = [key for key in here.missing if key not in NAMES]
        if here.missing:
            yield _missing(file, here)


def cut_at_comma(file: File, here: Object, values: dict[Path, "ValidationError"]) -> Iterator[Finding]:
    """Find values in braces that a comma cut in two: `{value: 1,200人}`, `{title: 連携, 交流}`.

    What was found is taken from the unknown keys and from the errors of values.
    """
    if None not in here.value.values():
        return
    keys = list(here.value)
    at = 1
    while at < len(keys):
        parts = _cut_off(file, here, keys, at)
        before, at = keys[at - 1], at + max(len(parts), 1)
        if not parts:
            continue
        path = (*here.path, before)
        first, last = file.places.value(0, *path), file.places.key_of(0, *here.path, parts[-1])
        here.unknown = [each for each in here.unknown if each not in parts]
        if before in here.unknown:
            continue  # the key is said first, then what it holds
        values.pop(path, None)
        start, end = file.places.span(0, *path)[0], file.places.key_span(0, *here.path, parts[-1])[1]
        whole = file.places.lines.text[start:end]
        slip = slip_at(file, path, whole, whole)
        if "number" in node_at(file.schema, path).get("type", ()):
            remedy = advice.for_type(slip)
            told = figures.Advice(remedy.hint, (Edit(start, end, remedy.replacement),))
            if not remedy.safe:
                told = figures.for_number(file, path, whole, end)
            rule = schema_codes.WRONG_TYPE
        else:
            remedy = advice.write_text(slip, whole)
            told = figures.Advice(remedy.hint, (Edit(start, end, remedy.replacement),))
            rule = schema_codes.UNKNOWN_KEY
        message = joined(spot_of(file, path), f"の値が「,」で切れています: 「{advice.clipped(whole)}」")
        place = Place(first.source, first.line, first.column, last.end_line, last.end_column)
        yield Finding(rule, message, place, told.hint, edits=told.edits, safe=told.safe)


def _cut_off(file: File, here: Object, keys: Sequence[str], at: int) -> list[str]:
    """Return the keys from `at` that are what a comma has cut off the value before them."""
    path = (*here.path, keys[at - 1])
    first = file.places.value(0, *path)
    if isinstance(here.value[keys[at - 1]], list | dict | NoneType):
        return []
    is_number = "number" in node_at(file.schema, path).get("type", ())
    parts = []
    for key in keys[at:]:
        place = file.places.key_of(0, *here.path, key)
        start, end = file.places.lines.bounds(place.line)
        follows = file.places.lines.text[start:end][place.end_column - 1 :].lstrip()
        if key not in here.unknown or here.value[key] is not None or first.line != place.line:
            break
        if not follows.startswith((",", "}")) or (is_number and not key[:_GROUP].isdigit()) or _pair(file, here, key):
            break
        parts.append(key)
    return parts


def lost_indentation(file: File, here: Object, values: dict[Path, "ValidationError"]) -> Iterator[Finding]:
    """Find keys that stand beside an empty key to which they belong: their lines are not indented far enough.

    What was found is taken from the unknown keys and from the errors of values.
    """
    for key, value in here.value.items():
        if value is not None or not here.unknown:
            continue
        node = below(file.schema, here.node, key)
        moved = [each for each in here.unknown if each in node.get("properties", {})]
        if moved:
            here.unknown = [each for each in here.unknown if each not in moved]
            path = (*here.path, key)
            values.pop(path, None)
            yield Finding(
                schema_codes.EMPTY_VALUE,
                joined(spot_of(file, path), "の内容が空です"),
                file.places.key_of(0, *path),
                f"{'、'.join(moved)} の行を、{key} より2文字深く字下げします",
                tuple(Related(file.places.key_of(0, *here.path, each), f"{key} の内容") for each in moved),
                edits=_put_below(file, path, moved),
            )


def _put_below(file: File, path: Path, moved: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit that moves keys below an empty one; none where they do not follow it."""
    keys = list(data_at(file, path[:-1]))
    at = keys.index(str(path[-1])) + 1
    if keys[at : at + len(moved)] != list(moved) or file.places.raw(0, *path[:-1])[:1] == "{":
        return ()
    start, end = file.places.span(0, *path)[0], file.places.span(0, *path[:-1], moved[-1])[1]
    return (Edit(start, end, figures.indented(file.places.lines.text[start:end])),)


def _unknown_keys(file: File, here: Object, objects: list[Object], homes: list[Home]) -> Iterator[Finding]:
    """Say what each unknown key of an object was meant to be; those that belong to one other place are one mistake."""
    titles = titles_of(file.schema, here.node)
    strangers: dict[str, list[tuple[str, tuple[Related, ...]]]] = {}
    astray = _astray(here.unknown, homes)
    if astray:
        here.missing = []
    for key in here.unknown:
        told = (
            _year_as_key(file, here, key)
            or _unit_of_value(file, here, key)
            or _name_as_key(file, here, key, titles)
            or _pair_as_key(file, here, key)
        )
        if told:
            yield told
            continue
        if astray:
            strangers.setdefault(astray, []).append((key, ()))
            continue
        hint = _own_key(file, here, key, titles)
        related: tuple[Related, ...] = ()
        if not hint:
            hint = _level_at_top(file, here, key)
        if not hint:
            label, name = _home(file, here, key, homes)
            present = "" if name == key else _present(here, key, titles)
            if label and not present:
                strangers.setdefault(label, []).append((key, _wanted(file, here, name, objects)))
                continue
            hint = present or _likely_key(file, here, key, titles)
        meant = re.match(_MEANT, hint)
        yield _unknown(file, here, [key], hint, related, meant[1] if meant else "")
    for label, found in strangers.items():
        keys = [key for key, _ in found]
        others = tuple(Related(file.places.key_of(0, *here.path, key), "これも同じ") for key in keys[1:])
        edits = _wrapped(file, here, keys)
        wanted = () if edits else tuple(place for _, places in found for place in places)
        hint = joined("、".join(keys), f"は{label}に書きます")
        yield _unknown(file, here, keys, hint, (*others, *wanted), edits=edits)


def _wrapped(file: File, here: Object, keys: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit that puts keys that follow each other into the missing object they belong to."""
    of = {name: below(file.schema, here.node, name).get("properties", {}) for name in here.missing}
    home = next((name for name, properties in of.items() if properties.keys() >= {*keys}), "")
    order = list(here.value)
    at = order.index(keys[0])
    if not home or order[at : at + len(keys)] != list(keys):
        return ()
    here.missing.remove(home)
    text, start = file.places.lines.text, file.places.key_span(0, *here.path, keys[0])[0]
    end = file.places.span(0, *here.path, keys[-1])[1]
    if file.places.raw(0, *here.path)[:1] == "{":
        return (Edit(start, end, f"{home}: {{{text[start:end]}}}"),)
    between = figures.new_line(text, file.places.key_of(0, *here.path, keys[0]).column + 2)
    return (Edit(start, end, f"{home}:{between}{figures.indented(text[start:end])}"),)


def _year_as_key(file: File, here: Object, key: str) -> Finding | None:
    """Explain a year where the key of a value is due: {R7: 1300}."""
    year = read_when(key)
    if year is None or not {"year", "value"} <= here.node.get("properties", {}).keys():
        return None
    if len(here.value) > 1 or isinstance(here.value[key], list | dict):
        return None
    edits = (figures.parted(file, (*here.path, key), year),)
    return _unknown(file, here, [key], f"「year: {year}」と「value: 値」に分けて書きます", (), edits=edits)


def _name_as_key(file: File, here: Object, key: str, titles: Mapping[str, str]) -> Finding | None:
    """Explain an id or a name that stands as the first key, with nothing behind it: - outlook:."""
    wanted = next((name for name in here.missing if name in {"id", *NAMES}), "")
    if here.value[key] is not None or key != next(iter(here.value)) or not wanted or key.isascii() != (wanted == "id"):
        return None
    value = remedies.slug(key) if wanted == "id" else plain_or_quoted(key)
    start, end = file.places.key_span(0, *here.path, key)
    colon = file.places.lines.text.find(":", end) + 1
    if not value or remedies.key_for(key, titles):
        return None
    here.missing.remove(wanted)
    edits = (Edit(start, colon, f"{wanted}: {value}"),)
    return _unknown(file, here, [key], f"「{wanted}: {value}」と書きます", (), edits=edits)


def _pair(file: File, here: Object, key: str) -> str:
    """Return the key and the value that stand as a key, without what parts them in YAML: 単位:人, unit 人."""
    found = re.fullmatch(r"(\S+?)(\s*[:：=＝]\s*|\s+)(\S.*)", key) if here.value[key] is None else None
    absent = {name: title for name, title in titles_of(file.schema, here.node).items() if name not in here.value}
    name = remedies.key_for(found[1], absent, synonyms=not found[2].isspace()) if found else ""
    return f"{name}: {found[3]}" if found and name else ""


def _pair_as_key(file: File, here: Object, key: str) -> Finding | None:
    if not (pair := _pair(file, here, key)):
        return None
    here.missing = [name for name in here.missing if name != pair.partition(":")[0]]
    edits = (Edit(*file.places.key_span(0, *here.path, key), pair),)
    return replace(_unknown(file, here, [key], f"「{pair}」と書きます", (), edits=edits), safe=True)


def _unit_of_value(file: File, here: Object, key: str) -> Finding | None:
    """Explain a unit beside a value, where its indicator has the same or none."""
    home, holder = figures.home_of(here.path)
    holder = holder if {"year", "value"} <= here.node.get("properties", {}).keys() else ""
    unit = here.value[key]
    if remedies.key_for(key, {"unit": "単位"}) != "unit" or not holder or not isinstance(unit, str):
        return None
    own = data_at(file, home).get("unit")
    edits = figures.removed(file, (*here.path, key)) if own in {None, unit} else ()
    if not edits:
        return None
    if own is None:
        edits += figures.inserted(file, (*home, holder), {"unit": unit})
    hint = "unit は指標に書きます" if own is None else "unit は指標に書かれているので、ここからは消します"
    return _unknown(file, here, [key], hint, (), edits=edits)


def _level_at_top(file: File, here: Object, key: str) -> str:
    """Say which levels may stand at the top of a file where another one of the city's does."""
    levels = {level.key: level for level in file.levels}
    first = next((level for level in file.levels if not level.cross), None)
    if here.path or key not in levels or first is None:
        return ""
    above = next((levels[one].label for one, other in pairwise(levels) if other == key), first.label)
    return (
        f"一番上に書けるのは {first.key}（{first.label}）です。{key}（{levels[key].label}）は、{above}の中に書きます。"
        "階層の名前を変えたのなら、profile.yaml の label を変えます"
    )


def _astray(keys: Sequence[str], homes: list[Home]) -> str:
    """Return the other kind of object whose keys so many are that this one stands in the wrong list, or ""."""
    if len(keys) < _MANY_KEYS:
        return ""
    return next((label for label, _, titles in homes if titles.keys() >= set(keys)), "")


def _unknown(
    file: File,
    here: Object,
    keys: list[str],
    hint: str,
    related: tuple[Related, ...],
    meant: str = "",
    edits: tuple[Edit, ...] = (),
) -> Finding:
    named = "".join(f"「{advice.clipped(key)}」" for key in keys)
    subject = spot_of(file, here.path)
    message = f"{named}というキーは使えません"
    place = file.places.key_of(0, *here.path, keys[0])
    message = joined(subject, f"に{message}") if subject else message
    if edits:
        return Finding(schema_codes.UNKNOWN_KEY, message, place, hint, related, edits=edits)
    edits = (Edit(*file.places.key_span(0, *here.path, keys[0]), meant),) if meant else ()
    safe = bool(meant) and remedies.key_for(keys[0], {meant: titles_of(file.schema, here.node).get(meant, "")}) == meant
    return Finding(schema_codes.UNKNOWN_KEY, message, place, hint, related, edits=edits, safe=safe)


def _own_key(file: File, here: Object, key: str, titles: Mapping[str, str]) -> str:
    """Say which key of the same object an unknown one surely stands for, by its forms, title or synonyms."""
    missing, absent, _ = _by_need(here, titles)
    meant = remedies.key_for(key, missing) or remedies.key_for(key, absent) or _flag_for(file, key, absent)
    if meant:
        return _meant(here, meant, titles)
    return _present(here, key, titles, synonyms=False)


def _present(here: Object, key: str, titles: Mapping[str, str], *, synonyms: bool = True) -> str:
    """Say that the key for which an unknown one stands is there already; empty when it is not."""
    *_, there = _by_need(here, titles)
    present = remedies.key_for(key, there, synonyms=synonyms)
    return _twice(present, titles) if present else ""


def _twice(key: str, titles: Mapping[str, str]) -> str:
    return joined(_titled(key, titles), "はすでに書かれています。どちらかを消します")


def _by_need(here: Object, titles: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Part the keys that an object may have: those that it must have and lacks, all that it lacks, and its own."""
    absent = {name: title for name, title in titles.items() if name not in here.value}
    there = {name: title for name, title in titles.items() if name in here.value}
    return {name: absent[name] for name in here.missing if name in absent}, absent, there


def _likely_key(file: File, here: Object, key: str, titles: Mapping[str, str]) -> str:
    """Say which key of the same object an unknown one is most like, or which keys there are."""
    missing, absent, there = _by_need(here, titles)
    meant = _near(key, missing) or _near(key, absent)
    if not meant and len(missing) == 1 == len(here.unknown):
        (only,) = missing
        meant = only if _fits(file, here.value[key], here.node, only) else ""
    if meant:
        return _meant(here, meant, titles)
    if present := _near(key, there):
        return _twice(present, titles)
    if remedies.folded(key).lower().startswith("x"):
        return f"自由なキーは「x-」で始めます（例: x-{remedies.slug(key.lstrip('xXｘＸ')) or 'memo'}）"
    if not titles:  # any key of the right form
        code = remedies.slug(key)
        return f"もしかして: {code}" if code and code != key else str(here.node.get("errorMessage", ""))
    listed = f"使えるキー: {'、'.join(titles)}。" if len(titles) <= _MOST_NAMED else ""
    return f"{listed}自由な覚え書きは、x- で始まるキーに書けます"


def _meant(here: Object, key: str, titles: Mapping[str, str]) -> str:
    """Suggest a key; where it is required it is no longer missing."""
    here.missing = [name for name in here.missing if name != key and not (key == OMITTED and name in NAMES)]
    return f"もしかして: {_titled(key, titles)}"


def _titled(key: str, titles: Mapping[str, str]) -> str:
    return f"{key}（{titles[key]}）" if titles.get(key) and "（" not in titles[key] else key


def _flag_for(file: File, key: str, absent: Mapping[str, str]) -> str:
    """Find the change kind that a Japanese key of a profile's `flags` names."""
    labels = {code: words for code, words in file.labels.items() if code in absent}
    return "" if key.isascii() or not labels else remedies.code_for(key, labels)


def _near(key: str, allowed: Mapping[str, str]) -> str:
    forms = remedies.variants(key)
    if not key.isascii():
        words = {word: name for name, title in allowed.items() for word in remedies.titles(title)}
        return words.get(remedies.near(forms[0] if forms else key, words), "")
    return remedies.near(forms[0] if forms else key, allowed)


def _fits(file: File, value: object, node: Schema, key: str) -> bool:
    """Check whether a value could stand under a key."""
    inner = below(file.schema, node, key)
    if not inner:
        return False
    try:
        return bool(compiled({**file.schema, **inner, "$defs": file.schema.get("$defs", {})})("#")(value))
    except UnknownKeywordError:
        return False


def _home(file: File, here: Object, key: str, homes: list[Home]) -> tuple[str, str]:
    """Find the kinds of object to which a key belongs (in words), and the key's right name; empty when none has it."""
    own = here.node.get("properties", {})
    children = [id(target_of(file.schema, value).get("properties")) for value in own.values()]
    fitting = [
        (name != key, id(node["properties"]) not in children, index, label, name)
        for index, (label, node, titles) in enumerate(homes)
        if node["properties"] is not own
        if (name := remedies.key_for(key, titles, synonyms=False))
    ]
    if not fitting:
        return "", ""
    best = sorted(fitting)
    _, inside, _, _, name = best[0]
    labels = [label for _, other, _, label, each in best if each == name and other == inside][:_MOST_HOMES]
    return "か、".join(labels), name


def _wanted(file: File, here: Object, name: str, objects: list[Object]) -> tuple[Related, ...]:
    """Find the object that lacks a misplaced key: there it is no longer missing, for the mistake is the same."""
    for other in objects:
        if name in other.missing and _is_near(other.path, here.path):
            other.missing.remove(name)
            return (Related(object_place(file, other.path), f"{name} はここに必要です"),)
    return ()


def _is_near(one: Path, other: Path) -> bool:
    """Check whether two objects are inside one another, or both at the head of the file (plan, edition)."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter] or (len(one) <= 1 and len(other) <= 1)


def _missing(file: File, here: Object) -> Finding:
    titles = titles_of(file.schema, here.node)
    named = "、".join(_titled(key, titles) for key in here.missing)
    samples = {key: example_of(file, (*here.path, key)) for key in here.missing}
    lines = "と".join(f"「{key}: {sample}」" for key, sample in samples.items())
    sure = all(sample == "…" or known_of(file, (*here.path, key)) for key, sample in samples.items())
    hint = f"{lines}を書き加えます" if sure else f"{lines}のように、原典の値を書き加えます"
    if OMITTED in titles and any(key in NAMES for key in here.missing):
        hint += f"（原典に書かれていないなら「{OMITTED}: true」）"
    subject = spot_of(file, here.path)
    message = joined(named, "がありません")
    return Finding(
        schema_codes.MISSING_KEY,
        joined(subject, f"に {message}" if named[0].isascii() else f"に{message}") if subject else message,
        object_place(file, here.path),
        hint,
        edits=_with_id(file, here),
    )


def _with_id(file: File, here: Object) -> tuple[Edit, ...]:
    """Return the edit that writes the id of something that lacks nothing else."""
    if here.missing != ["id"] or here.path not in file.ids:
        return ()
    text, (start, end) = file.places.lines.text, file.places.key_span(0, *here.path, next(iter(here.value)))
    after = figures.between(file, (*here.path, next(iter(here.value))))
    return (Edit(start, end, f"id: {file.ids[here.path]}{after}{text[start:end]}"),)
