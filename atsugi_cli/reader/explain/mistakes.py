"""Mistakes: say in Japanese what jsonschema refuses, one finding for each cause, at the key or value that is wrong.

jsonschema finds the errors (only where the quick check of `reader.schema` failed, so that one slip among thousands of
items costs milliseconds). Here they are put together: several errors of one value are one, an unknown key beside a
missing one is a slip of the pen, a key below the wrong parent is said once, and nothing inside a wrong value is said.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from atsugi_cli.findings import Finding, Related, in_order
from atsugi_cli.levels import LEVELS, Level
from atsugi_cli.reader import schema_codes
from atsugi_cli.reader.enough import MOST, enough, more
from atsugi_cli.reader.explain import advice, remedies
from atsugi_cli.reader.explain.context import File, Object, Path, node_at, titles_of
from atsugi_cli.reader.explain.keys import cut_at_comma, lost_indentation, of_objects
from atsugi_cli.reader.explain.values import of_value
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.loading import locate
from atsugi_cli.reader.schema import Kind, Schema, UnknownKeywordError, compiled, of_city, pattern
from atsugi_cli.reader.structure import filled

if TYPE_CHECKING:
    from jsonschema import ValidationError

_KEYWORDS = (
    # Of several errors at one value the first of these is the cause, the others follow from it.
    "not", "type", "const", "enum", "minLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "uniqueItems",
)  # fmt: skip


def explain(
    data: object,
    text: str,
    source: str,
    schema: Schema,
    *,
    kind: Kind = "strategy",
    levels: tuple[Level, ...] = LEVELS,
    flags: Mapping[str, str] | None = None,
    own: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Say in Japanese what is not as the schema says: one finding for each cause, in the order of the text.

    `data` is what was read from `text`, which is named `source` in places. `flags` are the labels of the change kinds
    by their codes, so that 新規 can be answered with added, `own` those of the city. Valid data gives no finding.
    """
    if kind == "strategy":
        schema = of_city(schema, levels, own)
    if not isinstance(data, dict) or _is_something_else(data, schema, kind):
        return (_not_ours(data, text, source, kind, schema),)
    errors = list(islice(_errors(data, schema), MOST + 1))
    if not errors:
        return ()
    labels = {code: tuple(remedies.titles(label.replace(" / ", "、"))) for code, label in (flags or {}).items()}
    file = File(data, schema, locate(text, source), levels, labels, source, filled(data, levels))
    objects, values = _sorted(file, errors)
    cut = [finding for here in objects for finding in cut_at_comma(file, here, values)]
    lost = [finding for here in objects for finding in lost_indentation(file, here, values)]
    on_values = {path: of_value(file, error) for path, error in values.items()}
    findings = chain(cut, lost, of_objects(file, objects), _both_ends(on_values))
    found = enough(findings, schema_codes.KIND)
    if len(errors) > MOST >= len(found):
        found.append(more(max(found, key=lambda finding: finding.place), schema_codes.KIND))
    return in_order(found)


def _both_ends(found: Mapping[Path, Finding]) -> Iterator[Finding]:
    """Say one thing of the two years of a period or span, where one slip is in both: {start: R7, end: R11}."""
    twins: Mapping[str | int, str | int] = {"start": "end", "end": "start", 0: 1, 1: 0}
    for path, each in found.items():
        key = path[-1] if path[-2:-1] in {("period",), ("span",)} else ""
        twin = found.get((*path[:-1], twins[key])) if key in twins else None
        if twin is None or twin.rule is not each.rule or not (each.edits and twin.edits):
            yield each
        elif key in {"start", 0}:
            hint, edits = each.hint.removesuffix("と書きます") + twin.hint, each.edits + twin.edits
            related = (Related(twin.place, "終わりの年も"),)
            yield replace(each, hint=hint, related=related, edits=edits, safe=each.safe and twin.safe)


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


def _sorted(file: File, errors: Iterable["ValidationError"]) -> tuple[list[Object], dict[Path, "ValidationError"]]:
    """Sort errors into those about the keys of an object and, one for each value, those about a value."""
    objects: dict[Path, Object] = {}
    values: dict[Path, ValidationError] = {}
    for error in errors:
        path = tuple(error.absolute_path)
        if error.validator in {"additionalProperties", "required"} and isinstance(error.instance, dict):
            here = objects.get(path)
            if here is None:
                here = objects[path] = Object(path, error.instance, node_at(file.schema, path))
            if error.validator == "required":
                required: Any = error.validator_value
                here.missing += [key for key in required if key not in error.instance and key not in here.missing]
            else:
                unknown = (key for key in error.instance if not _is_allowed(key, here.node))
                here.unknown += islice((key for key in unknown if key not in here.unknown), MOST + 1)
        elif path not in values or _rank(error) < _rank(values[path]):
            values[path] = error
    short = {path for path, error in values.items() if error.validator == "minItems" and error.instance}
    for path in [path for path in values if path[:-1] in short]:
        del values[path]  # [2021、2025] is one text, and one slip
    return list(objects.values()), values


def _rank(error: "ValidationError") -> int:
    keyword = str(error.validator)
    return _KEYWORDS.index(keyword) if keyword in _KEYWORDS else len(_KEYWORDS)


def _is_allowed(key: str, node: Schema) -> bool:
    return key in node.get("properties", {}) or any(pattern(regex)(key) for regex in node.get("patternProperties", {}))


def _is_something_else(data: Mapping[str, object], schema: Schema, kind: Kind) -> bool:
    titles = titles_of(schema, schema)
    known = any(key in titles or remedies.key_for(key, titles, synonyms=False) for key in data)
    if kind == "profile":
        return ("plan" in data and "edition" in data) or (not known and len(data) > 1)
    return not known


def _not_ours(data: object, text: str, source: str, kind: Kind, schema: Schema) -> Finding:
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
    if kind != "profile":
        keys = "、".join(schema["properties"])
        message = f"{schema['title']}のファイルではありません（{what}です）"
        return Finding(schema_codes.NOT_A_STRATEGY, message, first, f"{keys} のキーで書きます")
    hint = "city、levels などのキーを書きます。総合戦略の版なら、ファイル名を版の id（例: 2023-10.yaml）にします"
    return Finding(schema_codes.NOT_A_PROFILE, f"自治体の設定のファイルではありません（{what}です）", first, hint)
