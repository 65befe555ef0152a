"""Mistakes: say in Japanese what jsonschema refuses, one finding for each cause, at the key or value that is wrong.

jsonschema finds the errors (only where the quick check of `reader.schema` failed, so that one slip among thousands of
items costs milliseconds). Here they are put together: several errors of one value are one, an unknown key beside a
missing one is a slip of the pen, a key below the wrong parent is said once, and nothing inside a wrong value is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, pairwise
from types import NoneType
from typing import TYPE_CHECKING, Any, assert_never

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding, Place, Related, in_order
from atsugi_cli.frozen import frozen
from atsugi_cli.late import late
from atsugi_cli.levels import Level
from atsugi_cli.reader import advice, remedies, schema_codes, slips
from atsugi_cli.reader.enough import MOST, enough, more
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.loading import locate
from atsugi_cli.reader.places import Places, Step
from atsugi_cli.reader.schema import Kind, Schema, UnknownKeywordError, compiled, pattern

if TYPE_CHECKING:
    from jsonschema import ValidationError

Path = tuple[Step, ...]
_Home = tuple[str, Schema, dict[str, str]]

OMITTED = "omitted"
NAMES = ("title", "name", "label")
"""Keys by which people know an item, the best first."""

_KEYWORDS = (
    # Of several errors at one value the first of these is the cause, the others follow from it.
    "not", "type", "const", "enum", "minLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "uniqueItems",
)  # fmt: skip
_ACTUAL = {bool: "真偽値", int: "数", float: "数", list: "一覧", str: "文字"}
_DASHED = late(r"(?m)^[ \t]*-(?=[^\s-])")
_MOST_NAMED = 12  # allowed keys that a hint lists
_MOST_HOMES = 2
_MANY_KEYS = 3  # of another kind of object, so that the object and not its keys is wrong
_GROUP = 3  # digits between the commas of a number


@dataclass(slots=True)
class _Object:
    """The errors of one mapping that are about its keys."""

    path: Path
    value: Mapping[str, object]
    node: Schema
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@frozen
class _File:
    """What is being explained: the data, its text's places, its schema, and the city's words."""

    data: Mapping[str, object]
    schema: Schema
    places: Places
    levels: tuple[Level, ...]
    labels: Mapping[str, tuple[str, ...]]
    source: str


def found(
    data: object,
    text: str,
    source: str,
    schema: Schema,
    *,
    kind: Kind,
    levels: tuple[Level, ...],
    flags: Mapping[str, str],
) -> tuple[Finding, ...]:
    """Explain data against a schema (with the city's levels already in it); see `reader.schema.explain`."""
    if not isinstance(data, dict) or _is_something_else(data, schema, kind):
        return (_not_ours(data, text, source, kind),)
    errors = list(islice(_errors(data, schema), MOST + 1))
    if not errors:
        return ()
    labels = {code: tuple(remedies.titles(label.replace(" / ", "、"))) for code, label in flags.items()}
    file = _File(data, schema, locate(text, source), levels, labels, source)
    objects, values = _sorted(file, errors)
    cut = [finding for here in objects for finding in _cut_at_comma(file, here, values)]
    lost = [finding for here in objects for finding in _lost_indentation(file, here, values)]
    on_values = (_of_value(file, error) for error in values.values())
    findings = chain(cut, lost, _of_objects(file, objects), on_values)
    found = enough(findings, schema_codes.KIND)
    if len(errors) > MOST >= len(found):
        found.append(more(max(found, key=lambda finding: finding.place), schema_codes.KIND))
    return in_order(found)


# ---------------------------------------------------------------- errors


def _errors(data: object, schema: Schema) -> Iterator["ValidationError"]:
    """Let jsonschema find the errors; it follows a reference only where the quick check says no."""
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    at = compiled(schema)
    follow: Any = Draft202012Validator.VALIDATORS["$ref"]

    def reference(validator: Any, ref: str, instance: object, node: Schema) -> Iterator[ValidationError]:  # noqa: ANN401
        try:
            fine = at(ref)(instance)
        except UnknownKeywordError:
            fine = False
        if not fine:
            yield from follow(validator, ref, instance, node)

    def matches(_validator: object, regex: str, instance: object, _node: Schema) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not pattern(regex)(instance):
            yield ValidationError(regex)

    def is_integer(_checker: object, instance: object) -> bool:
        return type(instance) is int  # a year 2026.0 is valid JSON Schema, and a slip

    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer)
    keywords: Mapping[str, Any] = {"$ref": reference, "pattern": matches}
    make: Any = extend  # the stubs leave it untyped
    yield from make(Draft202012Validator, keywords, type_checker=types)(schema).iter_errors(data)


def _sorted(file: _File, errors: Iterable["ValidationError"]) -> tuple[list[_Object], dict[Path, "ValidationError"]]:
    """Sort errors into those about the keys of an object and, one for each value, those about a value."""
    objects: dict[Path, _Object] = {}
    values: dict[Path, ValidationError] = {}
    for error in errors:
        path = tuple(error.absolute_path)
        if error.validator in {"additionalProperties", "required"} and isinstance(error.instance, dict):
            here = objects.get(path)
            if here is None:
                here = objects[path] = _Object(path, error.instance, _node_at(file.schema, path))
            if error.validator == "required":
                required: Any = error.validator_value
                here.missing += [key for key in required if key not in error.instance and key not in here.missing]
            else:
                unknown = (key for key in error.instance if not _is_allowed(key, here.node))
                here.unknown += islice((key for key in unknown if key not in here.unknown), MOST + 1)
        elif path not in values or _rank(error) < _rank(values[path]):
            values[path] = error
    return list(objects.values()), values


def _rank(error: "ValidationError") -> int:
    keyword = str(error.validator)
    return _KEYWORDS.index(keyword) if keyword in _KEYWORDS else len(_KEYWORDS)


def _is_allowed(key: str, node: Schema) -> bool:
    return key in node.get("properties", {}) or any(pattern(regex)(key) for regex in node.get("patternProperties", {}))


# ---------------------------------------------------------------- the schema


def _resolved(schema: Schema, node: Schema) -> Schema:
    """Follow the references of a schema; the words beside a reference are nearer than those of its target."""
    while "$ref" in node:
        target: Any = schema
        for step in node["$ref"].split("/")[1:]:
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def _node_at(schema: Schema, path: Sequence[Step]) -> Schema:
    """Find the schema of a place in the data."""
    node = schema
    for step in path:
        node = _below(schema, node, step)
    return node


def _below(schema: Schema, node: Schema, step: Step) -> Schema:
    inner = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step)
    if inner is None:
        inner = node.get("additionalProperties", {})
    return _resolved(schema, inner) if isinstance(inner, Mapping) else {}


def _titles(schema: Schema, node: Schema) -> dict[str, str]:
    """Give the Japanese titles of the keys that an object may have."""
    return {key: str(_resolved(schema, value).get("title", "")) for key, value in node.get("properties", {}).items()}


def _homes(schema: Schema) -> list[_Home]:
    """List every kind of object with what to call it, 計画（plan）, 指標（targets、kpis、breakdown）, and its keys."""
    order: list[Schema] = []
    holders: dict[int, list[str]] = {}
    queue: list[tuple[str, Schema]] = [("", schema)]
    for key, node in queue:  # grows while it is walked
        properties = node.get("properties")
        if not properties:
            continue
        names = holders.setdefault(id(properties), [])
        if not names:
            order.append(node)
            queue += [(name, _target(schema, value)) for name, value in properties.items()]
        if key not in names:
            names.append(key)
    homes = []
    for node in order:
        keys = holders[id(node["properties"])]
        label = "ファイルの一番上" if keys == [""] else f"{_short(node.get('title', ''))}（{'、'.join(keys)}）の中"
        homes.append((label, node, _titles(schema, node)))
    return homes


def _target(schema: Schema, node: Schema) -> Schema:
    """Give the schema of the objects that a property holds, itself or in a list, in the words of its definition."""
    while "$ref" in node or ("items" in node and "properties" not in node):
        if "$ref" in node:
            target: Any = schema
            for step in node["$ref"].split("/")[1:]:
                target = target[step]
            node = target
        else:
            node = node["items"]
    return node


# ---------------------------------------------------------------- another file


def _is_something_else(data: Mapping[str, object], schema: Schema, kind: Kind) -> bool:
    titles = _titles(schema, schema)
    known = any(key in titles or remedies.key_for(key, titles, synonyms=False) for key in data)
    match kind:
        case "strategy":
            return not known
        case "profile":
            return ("plan" in data and "edition" in data) or (not known and len(data) > 1)
        case _:
            assert_never(kind)


def _not_ours(data: object, text: str, source: str, kind: Kind) -> Finding:
    lines = Lines(text, source)
    first = next(
        (
            lines.place(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
            for start, line in lines
            if line.strip() and not line.lstrip().startswith(("#", "---", "%"))
        ),
        lines.place(0, 0),
    )
    match data:
        case None:
            what = "空"
        case dict():
            what = "、".join(advice.clipped(str(key)) for key in list(data)[:3]) + " などのキーがあるファイル"
        case list():
            what = "一覧（- で始まる行、または [ ]）"
        case _:
            what = "キーのない文章"
    if kind == "strategy":
        message = f"総合戦略のファイルではありません（{what}です）"
        hint = (
            "format、plan、edition のキーで始めます（ひな形は strategy init）。設定のファイルなら profile.yaml とします"
        )
        return Finding(schema_codes.NOT_A_STRATEGY, message, first, hint)
    hint = "city、levels などのキーを書きます。総合戦略の版なら、ファイル名を版の id（例: 2023-10.yaml）にします"
    return Finding(schema_codes.NOT_A_PROFILE, f"自治体の設定のファイルではありません（{what}です）", first, hint)


# ---------------------------------------------------------------- keys


def _of_objects(file: _File, objects: list[_Object]) -> Iterator[Finding]:
    """Say what is wrong with the keys of objects."""
    homes = _homes(file.schema) if any(here.unknown for here in objects) else []
    # Every unknown key first: one of them may be the missing key of another object.
    for here in objects:
        yield from _unknown_keys(file, here, objects, homes)
    for here in objects:
        if OMITTED in here.value and type(here.value[OMITTED]) is not bool:
            here.missing = [key for key in here.missing if key not in NAMES]
        if here.missing:
            yield _missing(file, here)


def _cut_at_comma(file: _File, here: _Object, values: dict[Path, "ValidationError"]) -> Iterator[Finding]:
    """Find values in braces that a comma cut in two: `{value: 1,200人}`, `{title: 連携, 交流}`.

    What was found is taken from the unknown keys and from the errors of values.
    """
    if None not in here.value.values():
        return
    unknown = set(here.unknown)
    for before, key in pairwise(here.value):
        if key not in unknown or here.value[key] is not None:
            continue
        path = (*here.path, before)
        place = file.places.key_of(0, *here.path, key)
        start, end = file.places.lines.bounds(place.line)
        follows = file.places.lines.text[start:end][place.end_column - 1 :].lstrip()
        first = file.places.value(0, *path)
        if (
            isinstance(here.value[before], list | dict | NoneType)
            or not follows.startswith((",", "}"))
            or first.line != place.line
        ):
            continue
        node = _node_at(file.schema, path)
        is_number = "number" in node.get("type", ())
        if is_number and not key[:_GROUP].isdigit():
            continue
        here.unknown.remove(key)
        values.pop(path, None)
        whole = file.places.lines.text[start:end][first.column - 1 : place.end_column - 1]
        slip = _slip(file, path, whole, whole)
        if is_number:
            rule, hint = schema_codes.WRONG_TYPE, advice.for_type(slip).hint
        else:
            rule, hint = schema_codes.UNKNOWN_KEY, advice.write(slip, remedies.scalar(whole)).hint
        message = _said(_spot(file, path), f"の値が「,」で切れています: 「{advice.clipped(whole)}」")
        at = Place(first.source, first.line, first.column, place.end_line, place.end_column)
        yield Finding(rule, message, at, hint)


def _lost_indentation(file: _File, here: _Object, values: dict[Path, "ValidationError"]) -> Iterator[Finding]:
    """Find keys that stand beside an empty key to which they belong: their lines are not indented far enough.

    What was found is taken from the unknown keys and from the errors of values.
    """
    for key, value in here.value.items():
        if value is not None or not here.unknown:
            continue
        node = _below(file.schema, here.node, key)
        moved = [each for each in here.unknown if each in node.get("properties", {})]
        if moved:
            here.unknown = [each for each in here.unknown if each not in moved]
            path = (*here.path, key)
            values.pop(path, None)
            yield Finding(
                schema_codes.EMPTY_VALUE,
                _said(_spot(file, path), "の内容が空です"),
                file.places.key_of(0, *path),
                f"{'、'.join(moved)} の行を、{key} より2文字深く字下げします",
                tuple(Related(file.places.key_of(0, *here.path, each), f"{key} の内容") for each in moved),
            )


def _unknown_keys(file: _File, here: _Object, objects: list[_Object], homes: list[_Home]) -> Iterator[Finding]:
    """Say what each unknown key of an object was meant to be; those that belong to one other place are one mistake."""
    titles = _titles(file.schema, here.node)
    strangers: dict[str, list[tuple[str, tuple[Related, ...]]]] = {}
    astray = _astray(here.unknown, homes)
    if astray:
        here.missing = []
    for key in here.unknown:
        if astray:
            strangers.setdefault(astray, []).append((key, ()))
            continue
        hint = _own_key(file, here, key, titles)
        related: tuple[Related, ...] = ()
        if not hint:
            label, name = _home(file, here, key, homes)
            present = "" if name == key else _present(here, key, titles)
            if label and not present:
                strangers.setdefault(label, []).append((key, _wanted(file, here, name, objects)))
                continue
            hint = present or _likely_key(file, here, key, titles)
        yield _unknown(file, here, [key], hint, related)
    for label, found in strangers.items():
        keys = [key for key, _ in found]
        others = tuple(Related(file.places.key_of(0, *here.path, key), "これも同じ") for key in keys[1:])
        yield _unknown(
            file,
            here,
            keys,
            _said("、".join(keys), f"は{label}に書きます"),
            (*others, *(place for _, wanted in found for place in wanted)),
        )


def _astray(keys: Sequence[str], homes: list[_Home]) -> str:
    """Tell whether so many keys are those of one other kind of object that it stands in the wrong list: a KPI there."""
    if len(keys) < _MANY_KEYS:
        return ""
    return next((label for label, _, titles in homes if titles.keys() >= set(keys)), "")


def _unknown(file: _File, here: _Object, keys: list[str], hint: str, related: tuple[Related, ...]) -> Finding:
    named = "".join(f"「{advice.clipped(key)}」" for key in keys)
    subject = _spot(file, here.path)
    message = f"{named}というキーは使えません"
    place = file.places.key_of(0, *here.path, keys[0])
    return Finding(
        schema_codes.UNKNOWN_KEY, _said(subject, f"に{message}") if subject else message, place, hint, related
    )


def _own_key(file: _File, here: _Object, key: str, titles: Mapping[str, str]) -> str:
    """Say which key of the same object an unknown one surely stands for, by its forms, title or synonyms."""
    absent = {name: title for name, title in titles.items() if name not in here.value}
    missing = {name: absent[name] for name in here.missing if name in absent}
    meant = remedies.key_for(key, missing) or remedies.key_for(key, absent) or _flag_for(file, key, absent)
    if meant:
        return _meant(here, meant, titles)
    return _present(here, key, titles, synonyms=False)


def _present(here: _Object, key: str, titles: Mapping[str, str], *, synonyms: bool = True) -> str:
    """Say that the key for which an unknown one stands is there already; empty when it is not."""
    there = remedies.key_for(key, _those_there(here, titles), synonyms=synonyms)
    return _said(_titled(there, titles), "はすでに書かれています。どちらかを消します") if there else ""


def _those_there(here: _Object, titles: Mapping[str, str]) -> dict[str, str]:
    return {name: title for name, title in titles.items() if name in here.value}


def _likely_key(file: _File, here: _Object, key: str, titles: Mapping[str, str]) -> str:
    """Say which key of the same object an unknown one is most like, or which keys there are."""
    absent = {name: title for name, title in titles.items() if name not in here.value}
    missing = {name: absent[name] for name in here.missing if name in absent}
    meant = _near(key, missing) or _near(key, absent)
    if not meant and len(missing) == 1 == len(here.unknown):
        (only,) = missing
        meant = only if _fits(file, here.value[key], here.node, only) else ""
    if meant:
        return _meant(here, meant, titles)
    present = _near(key, _those_there(here, titles))
    if present:
        return _said(_titled(present, titles), "はすでに書かれています。どちらかを消します")
    if remedies.folded(key).lower().startswith("x"):
        return f"自由なキーは「x-」で始めます（例: x-{remedies.slug(key.lstrip('xXｘＸ')) or 'memo'}）"
    listed = f"使えるキー: {'、'.join(titles)}。" if len(titles) <= _MOST_NAMED else ""
    return f"{listed}自由な覚え書きは、x- で始まるキーに書けます"


def _meant(here: _Object, key: str, titles: Mapping[str, str]) -> str:
    """Suggest a key; where it is required it is no longer missing."""
    here.missing = [name for name in here.missing if name != key and not (key == OMITTED and name in NAMES)]
    return f"もしかして: {_titled(key, titles)}"


def _titled(key: str, titles: Mapping[str, str]) -> str:
    return f"{key}（{titles[key]}）" if titles.get(key) and "（" not in titles[key] else key


def _flag_for(file: _File, key: str, absent: Mapping[str, str]) -> str:
    """Find the change kind that a Japanese key of a profile's `flags` names."""
    labels = {code: words for code, words in file.labels.items() if code in absent}
    return "" if key.isascii() or not labels else remedies.code_for(key, labels)


def _near(key: str, allowed: Mapping[str, str]) -> str:
    forms = remedies.variants(key)
    if not key.isascii():
        words = {word: name for name, title in allowed.items() for word in remedies.titles(title)}
        return words.get(remedies.near(forms[0] if forms else key, words), "")
    return remedies.near(forms[0] if forms else key, allowed)


def _fits(file: _File, value: object, node: Schema, key: str) -> bool:
    """Tell whether a value could stand under a key."""
    inner = _below(file.schema, node, key)
    if not inner:
        return False
    try:
        return bool(compiled({**file.schema, **inner, "$defs": file.schema.get("$defs", {})})("#")(value))
    except UnknownKeywordError:
        return False


def _home(file: _File, here: _Object, key: str, homes: list[_Home]) -> tuple[str, str]:
    """Find the kinds of object to which a key belongs (in words), and the key's right name; empty when none has it."""
    own = here.node.get("properties", {})
    children = [id(_target(file.schema, value).get("properties")) for value in own.values()]
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


def _wanted(file: _File, here: _Object, name: str, objects: list[_Object]) -> tuple[Related, ...]:
    """Find the object that lacks a misplaced key: there it is no longer missing, for the mistake is the same."""
    for other in objects:
        if name in other.missing and _is_near(other.path, here.path):
            other.missing.remove(name)
            return (Related(_object_place(file, other.path), f"{name} はここに必要です"),)
    return ()


def _is_near(one: Path, other: Path) -> bool:
    """Tell whether two objects are inside one another, or both at the head of the file (plan, edition)."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter] or (len(one) <= 1 and len(other) <= 1)


def _missing(file: _File, here: _Object) -> Finding:
    titles = _titles(file.schema, here.node)
    named = "、".join(_titled(key, titles) for key in here.missing)
    lines = "と".join(f"「{key}: {_example(file, (*here.path, key))}」" for key in here.missing)
    hint = f"{lines}を書き加えます"
    if OMITTED in titles and any(key in NAMES for key in here.missing):
        hint += f"（原典に書かれていないなら「{OMITTED}: true」）"
    subject = _spot(file, here.path)
    message = _said(named, "がありません")
    return Finding(
        schema_codes.MISSING_KEY,
        _said(subject, f"に {message}" if named[0].isascii() else f"に{message}") if subject else message,
        _object_place(file, here.path),
        hint,
    )


def _example(file: _File, path: Path) -> str:
    """Give an example of a value as YAML text; the ids of plan and edition are those of the folder and the file."""
    node = _node_at(file.schema, path)
    if path in {("plan", "id"), ("edition", "id")}:
        *_, folder, name = ["", *file.source.replace("\\", "/").split("/")]
        own = folder if path[0] == "plan" else name.rpartition(".")[0]
        if pattern(node["pattern"])(own):
            return own
    required = node.get("required", ())
    sample = "…" if path[-1] in NAMES else advice.example(node, str(path[-1]))
    if sample == "…" and required:
        return "{" + ", ".join(f"{key}: {_example(file, (*path, key))}" for key in required) + "}"
    return sample


# ---------------------------------------------------------------- values


def _of_value(file: _File, error: "ValidationError") -> Finding:
    path = tuple(error.absolute_path)
    value = error.instance
    node = _node_at(file.schema, path)
    spot = _spot(file, path)
    if error.validator == "not":
        words = error.schema.get("errorMessage", "") if isinstance(error.schema, Mapping) else ""
        return Finding(
            schema_codes.OMITTED_WITH_TITLE,
            _said(_spot(file, path[:-1]), f": {words}"),
            file.places.key_of(0, *path),
            f"{path[-1]} の行か「{OMITTED}: true」のどちらかを消します",
        )
    is_scalar = not isinstance(value, list | dict)
    raw = file.places.raw(0, *path)
    if value is None or value == "":
        return _empty(file, path, raw, node)
    slip = _slip(file, path, value, raw if is_scalar or raw[:1] in {"[", "{"} else "")
    if "array" in slip.types and isinstance(value, str) and _DASHED.match(raw):
        start = file.places.span(0, *path)[0]
        if file.places.key_of(0, *path).line < file.places.lines.position(start)[0]:
            hit = slips.dash(start, start + 1, raw.partition("\n")[0])
            edits = tuple(Edit(start + each.end(), start + each.end(), " ") for each in _DASHED.finditer(raw))
            return replace(hit, edits=edits).finding(file.places.lines)
    rule, what, remedy = _judged(slip, str(error.validator), quoted=file.places.style(0, *path) in {"'", '"'})
    typed = f"「{advice.clipped(raw)}」" if is_scalar or (slip.raw and "\n" not in raw) else ""
    if rule is schema_codes.REPEATED_VALUE and isinstance(value, list):
        return _repeated(file, path, value)
    edits = ()
    if remedy.replacement and is_scalar:
        edits = (Edit(*file.places.span(0, *path), remedy.replacement),)
    return Finding(
        rule, f"{spot}{typed}{what}" if typed else _said(spot, what), _value_place(file, path), remedy.hint, edits=edits
    )


_YEAR_OF_EXAMPLES = 2026


def _slip(file: _File, path: Path, value: object, raw: str) -> advice.Slip:
    """Gather what advice on a value needs."""
    node = _node_at(file.schema, path)
    period = file.data.get("plan")
    period = period.get("period") if isinstance(period, dict) else None
    end = period.get("end") if isinstance(period, dict) else None
    return advice.Slip(
        path[-1] if path and isinstance(path[-1], str) else "",
        value,
        raw,
        node,
        _below(file.schema, node, 0) if "items" in node else {},
        file.labels,
        end if type(end) is int else _YEAR_OF_EXAMPLES,
    )


def _judged(slip: advice.Slip, keyword: str, *, quoted: bool) -> tuple[Entry, str, advice.Remedy]:
    """Say which rule an error breaks, in what words, and what to do."""
    digits = isinstance(slip.value, str) and (number := remedies.quantity(slip.value)) is not None and number.plain
    if keyword == "type" and isinstance(slip.value, str | bool | int | float):
        if "enum" in slip.node:
            keyword = "enum"
        elif "pattern" in slip.node and not isinstance(slip.value, bool) and not slip.is_year:
            keyword = "form"
    match keyword:
        case "form":
            words = str(slip.node.get("patternErrorMessage", slip.words))
            return schema_codes.BAD_FORMAT, f"は使えません。{words}", advice.for_type(slip)
        case "type":
            return schema_codes.WRONG_TYPE, f"は{_actual(slip, quoted=quoted)}です。{_due(slip)}", advice.for_type(slip)
        case "const":
            constant = slip.node["const"]
            if digits and remedies.folded(str(slip.value)) == str(constant):
                remedy = advice.write(slip, str(constant), same=True)
                return schema_codes.WRONG_TYPE, f"は{_actual(slip, quoted=quoted)}です。数で書きます", remedy
            return schema_codes.BAD_VALUE, "は使えません", advice.Remedy(slip.words)
        case "enum":
            return schema_codes.BAD_VALUE, "は選択肢にありません", advice.for_choice(slip)
        case "pattern":
            if slip.is_year and digits:
                return (
                    schema_codes.WRONG_TYPE,
                    f"は{_actual(slip, quoted=quoted)}です。数で書きます",
                    advice.for_format(slip),
                )
            words = str(slip.node.get("patternErrorMessage", slip.words))
            return schema_codes.BAD_FORMAT, f"は使えません。{words}", advice.for_format(slip)
        case "minimum" | "maximum":
            return schema_codes.OUT_OF_RANGE, "は範囲の外の数です", advice.for_range(slip)
        case "minItems":
            return (
                schema_codes.TOO_FEW,
                "は項目が足りません" if slip.value else "は空の一覧です",
                advice.for_count(slip),
            )
        case "maxItems":
            return schema_codes.TOO_MANY, "は項目が多すぎます", advice.for_count(slip)
        case "uniqueItems":
            return schema_codes.REPEATED_VALUE, "に同じ値が二つあります", advice.Remedy("一つを消します")
        case _:
            return schema_codes.BAD_VALUE, "は使えません", advice.Remedy(slip.words)


def _actual(slip: advice.Slip, *, quoted: bool) -> str:
    if quoted and remedies.quantity(str(slip.value)) is not None:
        return "引用符が付いた文字"
    return _ACTUAL.get(type(slip.value), "「キー: 値」の組")


def _due(slip: advice.Slip) -> str:
    """Say what is due: the shortest words for a type, in the order in which our schemas name them."""
    words = {
        "string": "文字",
        "integer": "整数",
        "number": "数",
        "boolean": "true か false",
        "array": "一覧",
        "object": "「キー: 値」の組",
    }
    return _said("か".join(words[name] for name in slip.types if name in words), "で書きます")


def _empty(file: _File, path: Path, raw: str, node: Schema) -> Finding:
    """Say that a value is missing: at its key when nothing is written there."""
    in_list = bool(path) and isinstance(path[-1], int)
    place = _value_place(file, path) if raw or in_list else file.places.key_of(0, *path)
    key = path[-1] if path else ""
    if in_list:
        hint = "値を書くか、その行（値）を消します"
    elif "array" in node.get("type", ()):
        hint = "次の行から「- 」で始まる行を並べるか、この行を消します"
    else:
        hint = f"「{key}: {_example(file, path)}」のように値を書きます"
        if key not in _node_at(file.schema, path[:-1]).get("required", ()) and key not in NAMES:
            hint = f"{hint}。書くことがなければ行を消します"
    return Finding(schema_codes.EMPTY_VALUE, _said(_spot(file, path), "に値がありません"), place, hint)


def _repeated(file: _File, path: Path, values: list[object]) -> Finding:
    second = next(index for index, each in enumerate(values) if each in values[:index])
    first = values.index(values[second])
    place, before = _value_place(file, (*path, second)), _value_place(file, (*path, first))
    message = _said(_spot(file, path), f"に「{advice.clipped(str(values[second]))}」が二度あります")
    related = (Related(before, "最初はここ"),)
    return Finding(schema_codes.REPEATED_VALUE, message, place, "一つを消します", related)


# ---------------------------------------------------------------- names and places


def _value_place(file: _File, path: Path) -> Place:
    """Give the place of a value: the scalar or one-line bracket itself, else the key that holds it, on one line."""
    value: Any = file.data
    for step in path:
        value = value[step]
    place = file.places.value(0, *path)
    if isinstance(value, list | dict) and file.places.raw(0, *path)[:1] not in {"[", "{"} and path:
        if isinstance(path[-1], str):
            return file.places.key_of(0, *path)
        return place
    if place.end_line == place.line:
        return place
    start, end = file.places.lines.bounds(place.line)
    return Place(place.source, place.line, place.column, place.line, end - start + 1)


def _object_place(file: _File, path: Path) -> Place:
    """Give the place of an object of which something is missing: its first key, or the key that holds `{}`."""
    value: Any = file.data
    for step in path:
        value = value[step]
    return file.places.key_of(0, *path, next(iter(value))) if value else file.places.value(0, *path)


def _spot(file: _File, path: Path) -> str:
    """Name a place as people do: 主な取組「都市間連携の強化」（city-links）の kpis の2件目の name."""
    subject, rest = "", path
    value: Any = file.data
    node = file.schema
    for index, step in enumerate(path):
        node = _below(file.schema, node, step)
        value = value[step]
        if isinstance(value, dict) and isinstance(step, int):
            name = next((str(value[key]) for key in NAMES if isinstance(value.get(key), str | int)), "")
            code = value.get("id")
            code = str(code) if isinstance(code, str | int) and not isinstance(code, bool) else ""
            if name or code:
                word = _word(file, path[index - 1], node)
                both = f"（{advice.clipped(code)}）" if name and code else ""
                subject = f"{word}「{advice.clipped(name or code)}」{both}"
                rest = path[index + 1 :]
    within = ""
    for step in rest:
        if isinstance(step, int):
            within = _said(within, f"の{step + 1}件目")
        else:
            within = _said(within, f"の {step}") if within else step
    return f"{subject}の {within}" if subject and within else subject or within


def _said(subject: str, rest: str) -> str:
    """Join words, with a blank between an ASCII word and Japanese."""
    return f"{subject} {rest}" if subject and subject[-1].isascii() and rest[0] not in "「: " else f"{subject}{rest}"


def _word(file: _File, key: Step, node: Schema) -> str:
    """Name what a list holds, in the city's words."""
    for level in file.levels:
        if level.key == key:
            return level.label
    if key in {"targets", "kpis"}:
        return "数値目標" if key == "targets" else "KPI"
    return _short(str(node.get("title", "")))


def _short(title: str) -> str:
    """Give a title without what stands in parentheses."""
    return title.partition("（")[0]
