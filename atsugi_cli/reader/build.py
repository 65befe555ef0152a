"""Build: turn checked YAML data into the model.

Builds what it can: a value of the wrong type is left out (the schema has already said so), so that one slip in a file
does not hide the rest of it. Nothing is judged here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from atsugi_cli.levels import LEVELS, SECTION, Level, Owner, Profile, TableStyle, called
from atsugi_cli.model import (
    METHODS,
    NOTHING_DECLARED,
    Achievement,
    Aggregation,
    Bound,
    Declared,
    Edition,
    Indicator,
    Item,
    LevelWords,
    Plan,
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

ITEM_KEYS = frozenset(
    {"id", "number", "title", "body", "owners", "tags", "from", "change", "note", "omitted", "targets", "kpis"}
)
INDICATOR_KEYS = frozenset(Indicator.__match_args__) | {"from", "same-as"}
STATUSES: tuple[Status, ...] = get_args(Status)
_ID_MARKS = r"[,、，\s]+"
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
    title = _str(plan, "title")
    root = Item(
        id=_id(plan, "id"),
        level="plan",
        title=title,
        indicators=_indicators(plan),
        children=tuple(children),
        note=_str(plan, "note"),
        line=plan.line,
        node=plan.node,
        extra=_extra(plan),
    )
    return Strategy(
        plan=Plan(
            id=_id(plan, "id"),
            title=title,
            municipality=_str(plan, "municipality"),
            parent=_str(plan, "parent"),
            start=_int(period, "start"),
            end=_int(period, "end"),
            node=plan.node,
        ),
        edition=Edition(
            id=_id(edition, "id"),
            label=_str(edition, "label"),
            stage=_choice(edition, "stage", get_args(Stage), "draft"),
            date=_str(edition, "date"),
            revises=_id(edition, "revises"),
            owner=_str(edition, "owner"),
            reasons=_strings(edition, "reasons"),
            removed=_each(edition, "removed", _removed),
            levels=_each(edition, "levels", _level_words),
            node=edition.node,
            note=_str(edition, "note"),
            extra=_extra(edition),
        ),
        root=root,
        source=source,
        text=text,
        wrapped=getattr(data, "wrapped", True),
        extra=_extra(data),
    )


def profile(data: Map) -> Profile:
    """Build a city's profile; what it leaves out keeps its default."""
    default = Profile()
    table = _map(data, "table")
    style = default.table
    headings = {
        stage: (str(pair[0]), str(pair[1]))
        for stage, pair in _map(table, "headings").items()
        if type(pair) is list and len(pair) == SPAN_ENDS
    }
    return Profile(
        city=_str(data, "city"),
        levels=_each(data, "levels", _level) or default.levels,
        section=called(SECTION, _level_words(_map(data, "sections"))),
        labels=_words(data, "labels"),
        flags=_words(data, "flags"),
        kinds=_words(data, "kinds"),
        table=TableStyle(
            order=_choice(table, "order", ("old-new", "new-old"), style.order),
            old_heading=_str(table, "old"),
            new_heading=_str(table, "new"),
            headings=headings,
            third=_choice(table, "third", ("none", "flags", "reason", "both"), style.third),
            third_heading=_str(table, "third-heading") or style.third_heading,
            omission=_str(table, "omission") or style.omission,
            added_word=_str(table, "added") or style.added_word,
            removed_word=_str(table, "removed") or style.removed_word,
            underline=_choice(table, "underline", ("both", "new"), style.underline),
            legend=_str(table, "legend") or style.legend,
            tree_part=_str(table, "tree"),
            closing=_strings(table, "closing") or style.closing,
        ),
        severities=_severities(_map(data, "severities")),
        stages={stage: _severities(_map(_map(data, "stages"), stage)) for stage in _map(data, "stages")},
        era=Era(_choice(data, "era", ("both", "era", "western"), "both")),
        owners=_each(data, "owners", _owner),
        terms=_words(data, "terms"),
        tag_schemes=_words(data, "tags"),
        methods=_words(data, "achievement"),
    )


def _severities(data: Map) -> dict[str, Any]:
    """Return severities by code; a mistyped one, which the schema has said, is none that a rule should speak with."""
    return {code: word if word in {"error", "warning", "note"} else "off" for code, word in data.items()}


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
    if not data.keys() <= ITEM_KEYS:
        found: list[Item] = []
        rest: list[tuple[str, object]] = []
        for key, value in data.items():
            if key in by_key and type(value) is list:
                found += _items(value, key, by_key, cross)
            elif key.startswith("x-"):
                rest.append((key, value))
        children, extra = tuple(found), tuple(rest)
    get = data.get
    number = get("number")
    tags = get("tags")
    return Item(
        id=_id(data, "id"),
        level=level,
        number=number if type(number) is int or type(number) is str else None,
        title=_str(data, "title"),
        body=_str(data, "body"),
        indicators=_indicators(data) if "targets" in data or "kpis" in data else (),
        children=children,
        owners=_strings(data, "owners") if "owners" in data else (),
        tags=_tags(tags) if type(tags) is Map else (),
        origins=_ids(data, "from") if "from" in data else (),
        change=_declared(data) if "change" in data else NOTHING_DECLARED,
        note=_str(data, "note") if "note" in data else "",
        omitted=get("omitted") is True,
        extra=extra,
        line=data.line,
        node=data.node,
    )


def _indicators(data: Map) -> tuple[Indicator, ...]:
    found: list[Indicator] = []
    for key, value in data.items():
        if type(value) is list:
            if key == "targets":
                found += [_indicator(each, "target") for each in value if type(each) is Map]
            elif key == "kpis":
                found += [_indicator(each, "kpi") for each in value if type(each) is Map]
    return tuple(found)


def _indicator(data: Map, role: Any) -> Indicator:  # noqa: ANN401 - the Literal of Indicator.role
    get = data.get
    rate = get("achievement")
    return Indicator(
        id=_id(data, "id"),
        role=role,
        name=_str(data, "name"),
        unit=_str(data, "unit"),
        definition=_str(data, "definition") if "definition" in data else "",
        source=_str(data, "source") if "source" in data else "",
        direction=_choice(data, "direction", ("increase", "decrease", "maintain"), "") if "direction" in data else "",
        basis=_choice(data, "basis", ("calendar", "fiscal", "date"), "") if "basis" in data else "",
        aggregation=_aggregation(data, "aggregation") if "aggregation" in data else "",
        span=_span(data, "span") if "span" in data else None,
        baseline=_value(get("baseline")),
        current=_value(get("current")) if "current" in data else None,
        target=_value(get("target")),
        targets=_values(get("targets")) if "targets" in data else (),
        actuals=_values(get("actuals")) if "actuals" in data else (),
        breakdown=_each(data, "breakdown", lambda each: _indicator(each, role)) if "breakdown" in data else (),
        achievement=_achievement(rate) if type(rate) is Map else None,
        owners=_strings(data, "owners") if "owners" in data else (),
        same_as=_id(data, "same-as") if "same-as" in data else "",
        origins=_ids(data, "from") if "from" in data else (),
        change=_declared(data) if "change" in data else NOTHING_DECLARED,
        note=_str(data, "note") if "note" in data else "",
        omitted=get("omitted") is True,
        extra=_extra(data) if not data.keys() <= INDICATOR_KEYS else (),
        line=data.line,
        node=data.node,
    )


def _achievement(data: Map) -> Achievement | None:
    method = _choice(data, "method", METHODS, "")
    return Achievement(method, _number(data.get("cap"))) if method else None


def _values(values: object) -> tuple[Value, ...]:
    return tuple(value for each in values if (value := _value(each))) if type(values) is list else ()


def _value(data: object) -> Value | None:
    if type(data) is not Map:
        return None
    year = data.get("year")
    return Value(
        year=year if type(year) is int or type(year) is str else None,
        value=_number(data.get("value")),
        **{key: _OF_VALUE[key](data, key) for key in data if key in _OF_VALUE},
    )


def _range(data: Map, key: str) -> tuple[float, float] | None:
    value = data[key]
    ends = [_number(each) for each in value] if type(value) is list else []
    return (ends[0], ends[1]) if len(ends) == SPAN_ENDS and ends[0] is not None and ends[1] is not None else None


def _removed(data: Map) -> Removed:
    return Removed(_id(data, "id"), _str(data, "reason"), data.node, data.line)


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


def _declared(data: Map) -> Declared:
    if type(data["change"]) is str:
        return Declared(_strings(data, "change"))
    change = _map(data, "change")
    return Declared(_strings(change, "flags"), _str(change, "reason"))


def _tags(data: Map) -> tuple[tuple[str, tuple[int | str, ...]], ...]:
    return tuple(
        (scheme, tuple(each for each in values if type(each) in (int, str)))
        for scheme, values in data.items()
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
    return tuple(part for each in ids for part in re.split(_ID_MARKS, each) if part)


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


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and type(value) is not bool else None


def _span(data: Map, key: str) -> Span | None:
    value = data.get(key)
    if type(value) is list and len(value) == SPAN_ENDS and all(type(year) is int for year in value):
        return value[0], value[1]
    return None


def _choice(data: Map, key: str, allowed: tuple[Any, ...], default: Any) -> Any:  # noqa: ANN401 - Literals of the model
    value = data.get(key)
    return value if value in allowed else default


def _aggregation(data: Map, key: str) -> Any:  # noqa: ANN401 - a Literal of the model
    return _choice(data, key, get_args(Aggregation), "")


_OF_VALUE: Mapping[str, Callable[[Map, str], Any]] = {
    "text": _str,
    "relative": lambda data, key: _number(data[key]),
    "status": lambda data, key: _choice(data, key, STATUSES, None),
    "range": _range,
    "bound": lambda data, key: _choice(data, key, get_args(Bound), ""),
    "about": lambda data, key: data[key] is True,
    "state": lambda data, key: _choice(data, key, get_args(State), ""),
    "aggregation": _aggregation,
    "printed": _str,
    "span": _span,
    "note": _str,
}
"""How each thing is read that may be said of a value besides its year and its number; few values have one."""
