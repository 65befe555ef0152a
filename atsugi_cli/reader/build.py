"""Build: turn checked YAML data into the model.

Builds what it can: a value of the wrong type is left out (the schema has already said so), so that one slip in a file
does not hide the rest of it. Nothing is judged here.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from atsugi_cli.levels import COLUMNS, LEVELS, SECTION, Level, Owner, Profile, TableStyle, called
from atsugi_cli.model import (
    METHODS,
    Achievement,
    Aggregation,
    Bound,
    Declared,
    Edition,
    Indicator,
    Item,
    LevelWords,
    Plan,
    Point,
    Removed,
    Span,
    Stage,
    State,
    Status,
    Strategy,
    Value,
)
from atsugi_cli.reader.data import Map
from atsugi_cli.words import Era

T = TypeVar("T")

Read = Callable[[Map, str], Any]
"""Reads what stands under a key of a mapping."""

_ID_MARKS = str.maketrans(dict.fromkeys(",、，", " "))
"""What separates ids that were written as one text."""
SPAN_ENDS = 2
EMPTY = Map()
EMPTY.line = EMPTY.node = 0


def strategy(data: Map, source: str, text: str, levels: tuple[Level, ...] = LEVELS) -> Strategy:
    """Build one edition from its data; `levels` are the city's, and say which keys hold items."""
    plan = _map(data, "plan")
    period = _map(plan, "period")
    edition = _map(data, "edition")
    by_key = {level.key: level.code for level in levels}
    by_key["sections"] = "section"
    cross = frozenset(level.key for level in levels if level.cross)
    children: list[Item] = []
    for key, value in data.items():
        if key in by_key and type(value) is list:
            children += _items(value, key, by_key, cross)
    children.sort(key=lambda item: _part(item.level, by_key, cross))
    root = Item(
        _id(plan, "id"),
        "plan",
        title=_str(plan, "title"),
        indicators=_indicators(plan),
        children=tuple(children),
        note=_str(plan, "note"),
        line=plan.line,
        node=plan.node,
        extra=_extra(plan),
    )
    about = {**_told(plan, _OF_PLAN), **_told(period, _OF_PERIOD)}
    said = _told(edition, _OF_EDITION)
    return Strategy(
        plan=Plan(_id(plan, "id"), node=plan.node, **about),
        edition=Edition(_id(edition, "id"), node=edition.node, extra=_extra(edition), **said),
        root=root,
        source=source,
        text=text,
        wrapped=getattr(data, "wrapped", True),
        extra=_extra(data),
    )


def profile(data: Map) -> Profile:
    """Build a city's profile; what it leaves out keeps its default."""
    table = {name: value for name, value in _told(_map(data, "table"), _OF_TABLE).items() if value}
    said = {name: value for name, value in _told(data, _OF_PROFILE).items() if value}
    section = called(SECTION, _level_words(_map(data, "sections")))
    return Profile(section=section, table=TableStyle(**table), **said)


def _told(data: Map, rows: Mapping[str, tuple[str, Read]]) -> dict[str, Any]:
    """Return the fields of which a mapping says something, by a table of its keys; the others keep their default."""
    return {row[0]: row[1](data, key) for key in data if (row := rows.get(key)) is not None}


def _grades(data: Map, key: str) -> dict[str, int]:
    """Return the classes of a rate, best first, however they are ordered in the file."""
    found = {name: least for name, least in _map(data, key).items() if type(least) is int}
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def _severities(data: Map, key: str) -> dict[str, Any]:
    """Return severities by code; a mistyped one, which the schema has said, is none that a rule should speak with."""
    return {code: word if word in {"error", "warning", "note"} else "off" for code, word in _map(data, key).items()}


def _headings(data: Map, key: str) -> dict[str, tuple[str, str]]:
    """Return the headings of both editions by the stage of the new one."""
    pairs = [(stage, pair) for stage, pair in _map(data, key).items() if type(pair) is list and len(pair) == SPAN_ENDS]
    return {stage: (str(pair[0]), str(pair[1])) for stage, pair in pairs}


def _part(level: str, by_key: Mapping[str, str], cross: frozenset[str]) -> int:
    """Order the parts of a plan: prose, then what lies across the tree, then the tree."""
    if level == "section":
        return 0
    return 1 if any(by_key[key] == level for key in cross) else 2


def _items(values: list[object], key: str, by_key: Mapping[str, str], cross: frozenset[str]) -> list[Item]:
    level = by_key[key]
    return [_item(value, level, by_key, cross) for value in values if type(value) is Map]


def _item(data: Map, level: str, by_key: Mapping[str, str], cross: frozenset[str]) -> Item:
    children: tuple[Item, ...] = ()
    extra: tuple[tuple[str, object], ...] = ()
    if not data.keys() <= _ITEM_KEYS:
        found: list[Item] = []
        rest: list[tuple[str, object]] = []
        for key, value in data.items():
            if key in by_key and type(value) is list:
                found += _items(value, key, by_key, cross)
            elif key.startswith("x-"):
                rest.append((key, value))
        children, extra = tuple(found), tuple(rest)
    line, node = data.line, data.node
    return Item(_id(data, "id"), level, children=children, extra=extra, line=line, node=node, **_told(data, _OF_ITEM))


def _indicators(data: Map, _: str = "") -> tuple[Indicator, ...]:
    """Return the indicators of both roles, in their order in the file."""
    found: list[Indicator] = []
    for key, value in data.items():
        if type(value) is list:
            if key == "targets":
                found += [_indicator(each, "target") for each in value if type(each) is Map]
            elif key == "kpis":
                found += [_indicator(each, "kpi") for each in value if type(each) is Map]
    return tuple(found)


def _indicator(data: Map, role: Any) -> Indicator:  # noqa: ANN401 - the Literal of Indicator.role
    told = _told(data, _OF_INDICATOR)
    if "breakdown" in data:
        told["breakdown"] = _each(data, "breakdown", lambda each: _indicator(each, role))
    extra = _extra(data) if not data.keys() <= _INDICATOR_KEYS else ()
    return Indicator(_id(data, "id"), role, extra=extra, line=data.line, node=data.node, **told)


def _achievement(data: Map, key: str) -> Achievement | None:
    rate = _map(data, key)
    method = _choice(rate, "method", METHODS, "")
    return Achievement(method, _number(rate, "cap")) if method else None


def _values(data: Map, key: str) -> tuple[Value, ...]:
    return _each(data, key, lambda each: Value(**_told(each, _OF_VALUE)))


def _value(data: Map, key: str) -> Value | None:
    value = data[key]
    return Value(**_told(value, _OF_VALUE)) if type(value) is Map else None


def _range(data: Map, key: str) -> tuple[float, float] | None:
    value = data[key]
    ends = [each for each in value if _is_number(each)] if type(value) is list and len(value) == SPAN_ENDS else []
    return (ends[0], ends[1]) if len(ends) == SPAN_ENDS else None


def _removed(data: Map) -> Removed:
    return Removed(_id(data, "id"), _str(data, "reason"), data.node, data.line, _str(data, "note"))


def _owner(data: Map) -> Owner:
    return Owner(_str(data, "name"), _str(data, "since"), _str(data, "until"), _str(data, "successor"))


def _level_words(data: Map) -> LevelWords:
    return LevelWords(_str(data, "key"), _str(data, "label"), _str(data, "number"), _str(data, "heading"))


def _level(data: Map) -> Level:
    key = _str(data, "key")
    known = next((level for level in LEVELS if level.key == key), None)
    code = _str(data, "level") or (known.code if known else _singular(key))
    cross = data.get("cross")
    return Level(
        code=code,
        key=key,
        label=_str(data, "label"),
        number=_choice(
            data,
            "number",
            ("arabic", "paren", "circled", "kana", "literal", "none"),
            known.number if known else "arabic",
        ),
        heading=_str(data, "heading") or (known.heading if known else ""),
        indicators=_choice(data, "indicators", ("targets", "kpis"), known.indicators if known else "kpis"),
        cross=cross if type(cross) is bool else (known.cross if known else False),
    )


def _singular(key: str) -> str:
    """Name one of what a key lists: policies → policy, goals → goal."""
    if key.endswith("ies"):
        return key[:-3] + "y"
    return key.removesuffix("s")


def _declared(data: Map, key: str) -> Declared:
    if type(data[key]) is str:
        return Declared(_strings(data, key))
    change = _map(data, key)
    return Declared(_strings(change, "flags"), _str(change, "reason"))


def _tags(data: Map, key: str) -> tuple[tuple[str, tuple[int | str, ...]], ...]:
    return tuple(
        (scheme, tuple(each for each in values if type(each) in (int, str)))
        for scheme, values in _map(data, key).items()
        if type(values) is list
    )


def _extra(data: Map) -> tuple[tuple[str, object], ...]:
    return tuple((key, value) for key, value in data.items() if key.startswith("x-"))


def _map(data: Map, key: str) -> Map:
    value = data.get(key)
    return value if type(value) is Map else EMPTY


def _each(data: Map, key: str, make: Callable[[Map], T]) -> tuple[T, ...]:
    values = data.get(key)
    return tuple(make(value) for value in values if type(value) is Map) if type(values) is list else ()


def _words(data: Map, key: str) -> dict[str, Any]:
    return {name: value for name, value in _map(data, key).items() if type(value) is str}


def _strings(data: Map, key: str) -> tuple[str, ...]:
    values = data.get(key)
    if type(values) is str:
        return (values,)  # brackets forgotten: the schema said so, and nothing need be said of what would be lacking
    return tuple(value for value in values if type(value) is str) if type(values) is list else ()


def _ids(data: Map, key: str) -> tuple[str, ...]:
    value = data.get(key)
    values = value if type(value) is list else [value]
    ids = [str(each) for each in values if type(each) is str or type(each) is int]
    return tuple(part for each in ids for part in each.translate(_ID_MARKS).split())


def _id(data: Map, key: str) -> str:
    value = data.get(key)
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""


def _str(data: Map, key: str) -> str:
    value = data.get(key)
    # The last line break of a `|` block is the block's, not the text's: `|` and `|-` say the same.
    return value.rstrip("\n") if type(value) is str else ""


def _int(data: Map, key: str) -> int | None:
    value = data.get(key)
    return value if type(value) is int else None


def _printed(data: Map, key: str) -> int | str | None:
    value = data.get(key)
    return value if type(value) is int or type(value) is str else None


def _number(data: Map, key: str) -> int | float | None:
    value: Any = data.get(key)
    return value if _is_number(value) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and type(value) is not bool


def _is_true(data: Map, key: str) -> bool:
    return data.get(key) is True


def _span(data: Map, key: str) -> Span | None:
    value = data.get(key)
    if type(value) is list and len(value) == SPAN_ENDS and all(type(year) is int for year in value):
        return value[0], value[1]
    return None


def _choice(data: Map, key: str, allowed: tuple[Any, ...], default: Any) -> Any:  # noqa: ANN401 - Literals of the model
    value = data.get(key)
    return value if value in allowed else default


def _one_of(allowed: tuple[Any, ...], default: Any = "") -> Read:  # noqa: ANN401 - Literals of the model
    """Return the reading of one of some words."""
    return lambda data, key: _choice(data, key, allowed, default)


def _all(make: Callable[[Map], Any]) -> Read:
    """Return the reading of a list of mappings."""
    return lambda data, key: _each(data, key, make)


# --------------------------------------------------------------------------- tables: how each key of a thing is read


def _rows(**reads: Read) -> dict[str, tuple[str, Read]]:
    """Return the rows of keys that have the name of their field."""
    return {name: (name, read) for name, read in reads.items()}


_AGGREGATION = _one_of(get_args(Aggregation))
_OF_VALUE = _rows(
    year=_printed,
    value=_number,
    text=_str,
    relative=_number,
    status=_one_of(get_args(Status), None),
    range=_range,
    bound=_one_of(get_args(Bound)),
    about=_is_true,
    state=_one_of(get_args(State)),
    aggregation=_AGGREGATION,
    printed=_str,
    span=_span,
    note=_str,
    comment=_str,
)
_OF_THING = _rows(owners=_strings, change=_declared, note=_str, omitted=_is_true) | {"from": ("origins", _ids)}
_OF_INDICATOR = _rows(
    name=_str,
    unit=_str,
    definition=_str,
    source=_str,
    direction=_one_of(("increase", "decrease", "maintain")),
    basis=_one_of(("calendar", "fiscal", "date")),
    aggregation=_AGGREGATION,
    span=_span,
    baseline=_value,
    current=_value,
    target=_value,
    targets=_values,
    actuals=_values,
    achievement=_achievement,
) | {**_OF_THING, "same-as": ("same_as", _id)}
_OF_ITEM = _rows(number=_printed, title=_str, body=_str, page=_printed, tags=_tags) | {
    **_OF_THING,
    "targets": ("indicators", _indicators),
    "kpis": ("indicators", _indicators),
}
_OF_PLAN = _rows(title=_str, municipality=_str, parent=_str)
_OF_PERIOD = _rows(start=_int, end=_int)
_OF_EDITION = _rows(
    label=_str,
    stage=_one_of(get_args(Stage), "draft"),
    date=_str,
    revises=_id,
    owner=_str,
    reasons=_strings,
    points=_all(lambda each: Point(_str(each, "title"), _str(each, "reason"), _strings(each, "parts"))),
    removed=_all(_removed),
    levels=_all(_level_words),
    note=_str,
)
_OF_TABLE = _rows(
    order=_one_of(("old-new", "new-old")),
    headings=_headings,
    third=_one_of(("none", "flags", "reason", "both")),
    columns=lambda data, key: tuple(each for each in _strings(data, key) if each in COLUMNS),
    omission=_str,
    underline=_one_of(("both", "new")),
    legend=_str,
    closing=_strings,
) | {
    "old": ("old_heading", _str),
    "new": ("new_heading", _str),
    "third-heading": ("third_heading", _str),
    "added": ("added_word", _str),
    "removed": ("removed_word", _str),
    "tree": ("tree_part", _str),
}
_OF_PROFILE = _rows(
    city=_str,
    levels=_all(_level),
    labels=_words,
    flags=_words,
    kinds=_words,
    severities=_severities,
    stages=lambda data, key: {stage: _severities(_map(data, key), stage) for stage in _map(data, key)},
    era=lambda data, key: Era(_choice(data, key, ("both", "era", "western"), "both")),
    owners=_all(_owner),
    terms=_words,
    grades=_grades,
) | {"tags": ("tag_schemes", _words), "achievement": ("methods", _words)}
_ITEM_KEYS = _OF_ITEM.keys() | {"id"}
_INDICATOR_KEYS = _OF_INDICATOR.keys() | {"id", "breakdown"}
