"""Context: what is being explained to a planner: the data, its schema, and what people call its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atsugi_cli.findings import Place
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Level
from atsugi_cli.model import Span
from atsugi_cli.reader.explain import advice
from atsugi_cli.reader.places import Places, Step
from atsugi_cli.reader.schema import Schema, pattern
from atsugi_cli.values import FIRST_YEAR, read_when

Path = tuple[Step, ...]
Home = tuple[str, Schema, dict[str, str]]

OMITTED = "omitted"
NAMES = ("title", "name", "label")
"""Keys by which people know an item, the best first."""
_YEAR_OF_EXAMPLES = 2026


@dataclass(slots=True)
class Object:
    """The errors of one mapping that are about its keys."""

    path: Path
    value: Mapping[str, object]
    node: Schema
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@frozen
class File:
    """What is being explained: the data, its text's places, its schema, and the city's words."""

    data: Mapping[str, object]
    schema: Schema
    places: Places
    levels: tuple[Level, ...]
    labels: Mapping[str, tuple[str, ...]]
    source: str
    ids: Mapping[Path, str] = field(default_factory=dict)
    """Ids for what lacks one."""


def _resolved(schema: Schema, node: Schema) -> Schema:
    """Follow the references of a schema; the words beside a reference are nearer than those of its target."""
    while "$ref" in node:
        node = {**_referred(schema, node), **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def _referred(schema: Schema, node: Schema) -> Schema:
    """Return the definition to which a reference leads."""
    target = schema
    for step in node["$ref"].split("/")[1:]:
        target = target[step]
    return target


def node_at(schema: Schema, path: Sequence[Step]) -> Schema:
    """Find the schema of a place in the data."""
    node = schema
    for step in path:
        node = below(schema, node, step)
    return node


def below(schema: Schema, node: Schema, step: Step) -> Schema:
    """Find the schema of what lies one step below."""
    inner = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step)
    if inner is None:
        inner = node.get("additionalProperties", {})
    return _resolved(schema, inner) if isinstance(inner, Mapping) else {}


def titles_of(schema: Schema, node: Schema) -> dict[str, str]:
    """Return the Japanese titles of the keys that an object may have."""
    return {key: str(_resolved(schema, value).get("title", "")) for key, value in node.get("properties", {}).items()}


def homes_of(schema: Schema) -> list[Home]:
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
            queue += [(name, target_of(schema, value)) for name, value in properties.items()]
        if key not in names:
            names.append(key)
    homes = []
    for node in order:
        keys = holders[id(node["properties"])]
        label = "ファイルの一番上" if keys == [""] else f"{_short(node.get('title', ''))}（{'、'.join(keys)}）の中"
        homes.append((label, node, titles_of(schema, node)))
    return homes


def target_of(schema: Schema, node: Schema) -> Schema:
    """Return the schema of the objects that a property holds, itself or in a list, in the words of its definition."""
    while "$ref" in node or ("items" in node and "properties" not in node):
        node = _referred(schema, node) if "$ref" in node else node["items"]
    return node


def value_place(file: File, path: Path) -> Place:
    """Return the place of a value: the scalar or one-line bracket itself, else the key that holds it, on one line."""
    value, place = _value_at(file, path), file.places.value(0, *path)
    if isinstance(value, list | dict) and file.places.raw(0, *path)[:1] not in {"[", "{"} and path:
        if isinstance(path[-1], str):
            return file.places.key_of(0, *path)
        return place
    if place.end_line == place.line:
        return place
    start, end = file.places.lines.bounds(place.line)
    return Place(place.source, place.line, place.column, place.line, end - start + 1)


def object_place(file: File, path: Path) -> Place:
    """Return the place of an object of which something is missing: its first key, or the key that holds `{}`."""
    value = _value_at(file, path)
    return file.places.key_of(0, *path, next(iter(value))) if value else file.places.value(0, *path)


def _value_at(file: File, path: Path) -> Any:  # noqa: ANN401 - whatever a file holds
    value: Any = file.data
    for step in path:
        value = value[step]
    return value


def spot_of(file: File, path: Path) -> str:
    """Name a place as people do: 主な取組「都市間連携の強化」（city-links）の kpis の2件目の name."""
    subject, rest = "", path
    value: Any = file.data
    node = file.schema
    for index, step in enumerate(path):
        node = below(file.schema, node, step)
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
            within = joined(within, f"の{step + 1}件目")
        else:
            within = joined(within, f"の {step}") if within else step
    return f"{subject}の {within}" if subject and within else subject or within


def joined(subject: str, rest: str) -> str:
    """Join words, with a blank between an ASCII word and Japanese."""
    return f"{subject} {rest}" if subject and subject[-1].isascii() and rest[0] not in "「: " else f"{subject}{rest}"


def _word(file: File, key: Step, node: Schema) -> str:
    """Name what a list holds, in the city's words."""
    for level in file.levels:
        if level.key == key:
            return level.label
    if key in {"targets", "kpis"}:
        return "数値目標" if key == "targets" else "KPI"
    return _short(str(node.get("title", "")))


def _short(title: str) -> str:
    """Return a title without what stands in parentheses."""
    return title.partition("（")[0]


def known_of(file: File, path: Path) -> str:
    """Return a value that can only be this one, as YAML text: a given id, the name of folder or file, a constant."""
    node = node_at(file.schema, path)
    if path[-1] == "id" and path[:-1] in file.ids:
        return file.ids[path[:-1]]
    if path in {("plan", "id"), ("edition", "id")}:
        *_, folder, name = ["", *file.source.replace("\\", "/").split("/")]
        own = folder if path[0] == "plan" else name.rpartition(".")[0]
        if pattern(node["pattern"])(own):
            return own
    return str(node.get("const", ""))


def example_of(file: File, path: Path) -> str:
    """Return what a value is, where that is known, or else looks like, as YAML text; … where it is words."""
    node = node_at(file.schema, path)
    required = node.get("required", ())
    sample = known_of(file, path) or ("…" if path[-1] in NAMES else advice.example(node, str(path[-1])))
    if sample == "…" and required:
        return "{" + ", ".join(f"{key}: {example_of(file, (*path, key))}" for key in required) + "}"
    return sample


def slip_at(file: File, path: Path, value: object, raw: str) -> advice.WrongValue:
    """Gather what advice on a value needs."""
    node = node_at(file.schema, path)
    return advice.WrongValue(
        path[-1] if path and isinstance(path[-1], str) else "",
        value,
        raw,
        node,
        below(file.schema, node, 0) if "items" in node else {},
        file.labels,
        _last_year(file),
        period_of(file),
        refers=path[-1:] != ("id",) or "removed" in path,
    )


def data_at(file: File, path: Path) -> Mapping[str, object]:
    """Return the mapping at a path; an empty one where there is none."""
    value: object = file.data
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step) if isinstance(step, str) else None
        elif isinstance(value, Sequence) and isinstance(step, int):
            value = value[step]
    return value if isinstance(value, Mapping) else {}


def period_of(file: File) -> Span | None:
    """Return the years of the plan, as far as they can be read."""
    period = data_at(file, ("plan", "period"))
    start, end = (
        each if isinstance(each := period.get(key), int) else read_when(str(each)) for key in ("start", "end")
    )
    return (start, end) if isinstance(start, int) and isinstance(end, int) and FIRST_YEAR <= start <= end else None


def _last_year(file: File) -> int:
    """Return the last year of the plan, or one that is near it."""
    end = data_at(file, ("plan", "period")).get("end")
    if type(end) is int and end >= FIRST_YEAR:
        return end
    day = read_when(str(data_at(file, ("edition",)).get("date", "")))
    return (day if isinstance(day, int) else int(day[:4])) if day else _YEAR_OF_EXAMPLES
