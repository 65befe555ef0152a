"""Schema: decide whether data is as its JSON Schema says, quickly; say what is not, slowly and well.

Most files are fine, and a yes takes jsonschema 40 times as long as the closures made here. So a small compiler that
knows exactly the keywords of our two schemas answers yes or no. It never guesses: of a schema with any other keyword
it accepts nothing, and jsonschema decides. What was refused is explained by `reader.explain`; only that needs
jsonschema.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import lru_cache
from types import NoneType
from typing import Any, Literal

from atsugi_cli.levels import LEVELS, Level
from atsugi_cli.model import Written
from atsugi_cli.reader.data import Map

Kind = Literal["strategy", "profile", "briefing", "opinions"]
"""What a file is; the last two are kept beside an edition."""
Schema = Mapping[str, Any]
Check = Callable[[Any], object]
"""Says yes with what is true, no with what is false."""

_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "errorMessage", "patternErrorMessage"}
)
_BOUNDS = ("minimum", "maximum")
_TEXT = ("minLength", "pattern")
_LIST = ("items", "minItems", "maxItems", "uniqueItems")
_OBJECT = ("properties", "patternProperties", "additionalProperties", "required")
_KNOWN = _ANNOTATIONS.union(
    ("$ref", "type", "const", "enum", "not", "if", "then", "else"), _BOUNDS, _TEXT, _LIST, _OBJECT
)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float, Written),
    "boolean": (bool,),
    "null": (NoneType,),
    "array": (list,),
    "object": (Map, dict),
}
TYPE_WORDS: Mapping[str, str] = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true か false",
    "array": "一覧",
    "object": "「キー: 値」の組",
}
"""What the types are called to planners."""
_UNIQUE_TYPES = frozenset({str, int})
_DOLLAR = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$")


_compiled: dict[tuple[Kind, int, tuple[Level, ...], tuple[str, ...]], tuple[Schema, Callable[[str], Check]]] = {}
"""What was compiled in this process, by the identity of the schema, which is kept with it: a folder has many files."""
_MOST_COMPILED = 16


class UnknownKeywordError(Exception):
    """The schema uses a keyword that only jsonschema knows."""


def accepts(
    data: object, kind: Kind, schema: Schema, levels: tuple[Level, ...] = LEVELS, flags: tuple[str, ...] = ()
) -> bool:
    """Check whether data is valid, in about 3 µs an item; False means invalid, or that only jsonschema can tell.

    `schema` is the parsed schema file. `levels`, and `flags` for kinds of change, are the city's and concern only a
    strategy.
    """
    key = (kind, id(schema), levels, flags)
    if key not in _compiled:
        if len(_compiled) >= _MOST_COMPILED:
            _compiled.clear()
        _compiled[key] = (schema, compiled(of_city(schema, levels, flags) if kind == "strategy" else schema))
    try:
        return bool(_compiled[key][1]("#")(data))
    except UnknownKeywordError:
        return False


def of_city(schema: Schema, levels: tuple[Level, ...], flags: tuple[str, ...]) -> Schema:
    """Return the schema of a strategy with a city's own kinds of change (`flags`) and levels.

    What lies across the tree, and the first level, stand on top. The default levels stay allowed: which of them the
    city does not have is for a rule to say.
    """
    if flags:
        change = deepcopy(schema["$defs"]["change"])
        change["properties"]["flags"]["items"]["enum"] += flags
        schema = {**schema, "$defs": {**schema["$defs"], "change": change}}
    tree = [level for level in levels if not level.cross]
    top = [level for level in levels if level.cross] + tree[:1]
    item = schema["$defs"]["item"]
    properties = _with_lists(schema["properties"], top)
    inner = _with_lists(item["properties"], tree[1:])
    if properties is schema["properties"] and inner is item["properties"]:
        return schema
    defs = {**schema["$defs"], "item": {**item, "properties": inner}}
    return {**schema, "properties": properties, "$defs": defs}


def _with_lists(properties: Schema, levels: list[Level]) -> Schema:
    new = {
        level.key: {
            "title": level.label,
            "type": "array",
            "items": {"$ref": "#/$defs/item"},
            "errorMessage": f"{level.label}は一覧（- で始まる行、または [ ]）で書きます",
        }
        for level in levels
        if level.key not in properties
    }
    return {**properties, **new} if new else properties


@lru_cache(maxsize=64)
def pattern(regex: str) -> Callable[[str], object]:
    r"""Return the search function of a JSON Schema pattern.

    In JSON Schema `$` is the end of the text alone, in Python also the place before a last line break ("abc\n"), so
    it becomes `\Z` here; and classes like `\d` mean ASCII.
    """
    return re.compile(_DOLLAR.sub(lambda match: match[1] or r"\Z", regex), re.ASCII).search


def compiled(root: Schema) -> Callable[[str], Check]:
    """Compile a schema: the result gives the check of a local reference (`#`, `#/$defs/item`), made on first use.

    Making a check, and asking one that could not be made whole, raises UnknownKeywordError.
    """
    made: dict[str, Check] = {}
    begun: set[str] = set()

    def at(reference: str) -> Check:
        if reference in made:
            return made[reference]
        if reference in begun:  # a level inside itself: by the time it is asked it will have been made
            return lambda data: at(reference)(data)  # noqa: PLW0108 - not made yet
        begun.add(reference)
        node: Any = root
        for step in reference.split("/")[1:]:
            node = node[step]
        try:
            made[reference] = check = _check(node, at)
        finally:
            begun.discard(reference)
        return check

    return at


def _anything(_: object) -> bool:
    return True


def _nothing(_: object) -> bool:
    return False


def _check(node: Schema | bool, at: Callable[[str], Check]) -> Check:  # noqa: FBT001 - JSON Schema's true and false
    """Compile one schema into a function from data to yes or no."""
    if isinstance(node, bool):
        return _anything if node else _nothing
    if not node.keys() <= _KNOWN:
        raise UnknownKeywordError(", ".join(sorted(node.keys() - _KNOWN)))
    checks: list[Check] = []
    if "$ref" in node:
        if not node["$ref"].startswith("#"):
            raise UnknownKeywordError(node["$ref"])
        checks.append(at(node["$ref"]))
    if "const" in node:
        checks.append(_const(node["const"]))
    if "enum" in node:
        checks.append(_enum(node["enum"]))
    if "enum" not in node or node.get("type") != "string":  # what is one of these words is text
        checks += _of_type(node, at)
    if "not" in node:
        refused = _check(node["not"], at)
        checks.append(lambda data: not refused(data))
    if "if" in node:
        condition = _check(node["if"], at)
        then, otherwise = _check(node.get("then", True), at), _check(node.get("else", True), at)
        checks.append(lambda data: then(data) if condition(data) else otherwise(data))
    return _all(checks)


def _all(checks: list[Check]) -> Check:
    match checks:
        case []:
            return _anything
        case [only]:
            return only
        case [first, second]:
            return lambda data: first(data) and second(data)
        case _:
            return lambda data: all(check(data) for check in checks)


def _const(wanted: object) -> Check:
    is_bool = type(wanted) is bool  # true is not 1
    return lambda data: data == wanted and (type(data) is bool) is is_bool


def _enum(wanted: list[object]) -> Check:
    if not all(type(each) is str for each in wanted):
        raise UnknownKeywordError("enum")
    words = frozenset(wanted)
    return lambda data: type(data) is str and data in words


def _of_type(node: Schema, at: Callable[[str], Check]) -> list[Check]:
    """Compile the keywords that speak of one type each: a table from the type of the data to its check."""
    named = node.get("type", list(_TYPES))
    names = [named] if isinstance(named, str) else named
    checks = {"string": _text(node), "array": _list(node, at), "object": _object(node, at)}
    checks["integer"] = checks["number"] = _range(node)
    table = {kind: checks.get(name, _anything) for name in names for kind in _TYPES[name]}
    if "type" not in node and all(check is _anything for check in table.values()):
        return []
    if names == ["object"] and checks["object"] is not _anything:
        return [checks["object"]]
    if all(check is _anything for check in table.values()):
        return [lambda data: type(data) in table]
    if len(table) == 1:
        ((kind, check),) = table.items()
        if check is bool:
            return [lambda data: type(data) is kind and data != ""]
        return [lambda data: type(data) is kind and check(data)]
    get = table.get
    return [lambda data: get(type(data), _nothing)(data)]


def _text(node: Schema) -> Check:
    checks: list[Check] = []
    if "minLength" in node:
        shortest = node["minLength"]
        checks.append(bool if shortest == 1 else lambda data: len(data) >= shortest)
    if "pattern" in node:
        checks.append(pattern(node["pattern"]))
    return _all(checks)


def _range(node: Schema) -> Check:
    if "minimum" not in node and "maximum" not in node:
        return _anything
    low, high = node.get("minimum", float("-inf")), node.get("maximum", float("inf"))
    return lambda data: low <= data <= high


def _list(node: Schema, at: Callable[[str], Check]) -> Check:
    checks: list[Check] = []
    if "minItems" in node or "maxItems" in node:
        least, most = node.get("minItems", 0), node.get("maxItems", float("inf"))
        checks.append(lambda data: least <= len(data) <= most)
    if "items" in node:
        item = _check(node["items"], at)
        checks.append(lambda data: all(map(item, data)))
    if node.get("uniqueItems"):
        # Python's sets would take 1, 1.0 and true for the same; our lists hold text and integers.
        checks.append(lambda data: _UNIQUE_TYPES.issuperset(map(type, data)) and len(set(data)) == len(data))
    return _all(checks)


class _Properties(dict[str, Any]):
    """The check of each property, compiled where data first have it: few editions use a fifth of the schema's keys."""

    def __init__(self, schemas: Schema, at: Callable[[str], Check]) -> None:
        self.schemas, self._at = schemas, at

    def __missing__(self, key: str) -> Check | None:
        """Return the check of a property, None for one that the schema does not name."""
        if key not in self.schemas:
            return None
        self[key] = check = _check(self.schemas[key], self._at)
        return check


def _object(node: Schema, at: Callable[[str], Check]) -> Check:
    if not any(keyword in node for keyword in _OBJECT):
        return _anything
    properties = _Properties(node.get("properties", {}), at)
    patterns = [(pattern(regex), _check(value, at)) for regex, value in node.get("patternProperties", {}).items()]
    rest = _check(node.get("additionalProperties", True), at)
    required = frozenset(node.get("required", ()))
    if any(search(key) for search, _ in patterns for key in properties.schemas):
        raise UnknownKeywordError("patternProperties")  # a key under two schemas
    if rest is _anything and not patterns:
        wanted = tuple(properties.schemas)

        def open_object(data: object) -> bool:
            if not isinstance(data, dict) or not required <= data.keys():
                return False
            for key in wanted:  # noqa: SIM110 - three times as fast as all() here
                if key in data and not properties[key](data[key]):
                    return False
            return True

        return open_object

    def other(key: str, value: object) -> object:
        matching = [check for search, check in patterns if search(key)]
        return all(check(value) for check in matching) if matching else rest(value)

    def closed_object(data: object) -> bool:
        if not isinstance(data, dict):
            return False
        for key, value in data.items():
            check = properties[key]
            if not (other(key, value) if check is None else check(value)):
                return False
        return required <= data.keys()

    return closed_object
