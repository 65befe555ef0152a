"""The JSON that the program prints has schemas, and every test holds it to them."""

import copy
import json
from collections import Counter
from itertools import count

import pytest
from editions import read
from jsonschema import Draft202012Validator
from printed import FORMS, SCHEMAS, judge, wrong

from atsugi_cli.cli.app import main
from atsugi_cli.formats.json import tree
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import GROUPS
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.levels import DEFAULT_PROFILE

COMMANDS = {
    "changes": ["diff", "2020-03", "2023-10"],
    "items": ["tree", "2023-10", "--since", "2020-03"],
    "relations": ["crosswalk", "2020-03", "2023-10"],
    "events": ["log", "city-links"],
    "steps": ["log"],
    "findings": ["validate", "tests/corpus/mizuho-1"],
}


@pytest.fixture(params=COMMANDS)
def document(request, capsys, monkeypatch):
    monkeypatch.chdir(SCHEMAS.parent)
    main([*COMMANDS[request.param], "-f", "json"])
    data = json.loads(capsys.readouterr().out)
    assert request.param in data
    return data


def test_what_is_printed_is_watched(document, watch):
    assert watch.seen == {FORMS[key] for key in FORMS if key in document}
    assert wrong(document) == []


def test_a_key_more_or_less_or_elsewhere_is_noticed(document):
    for at, key in enumerate(document):
        less = {name: value for name, value in document.items() if name != key}
        assert wrong(less), key
        other = dict(zip([*list(document)[:at], f"{key}s", *list(document)[at + 1 :]], document.values(), strict=True))
        assert wrong(other), key
    for inner in mappings(document):
        changed = copy.deepcopy(document)
        place = changed
        for step in inner:
            place = place[step]
        place["more"] = None
        assert wrong(changed), inner


def mappings(data, path=()):
    """Iterate over the places of mappings; of alike ones in a list the first ten are enough."""
    if isinstance(data, dict):
        yield path
        for key, value in data.items():
            yield from mappings(value, (*path, key))
    if isinstance(data, list):
        for at, value in enumerate(data[:10]):
            yield from mappings(value, (*path, at))


@pytest.mark.parametrize("form", sorted(set(FORMS.values())))
def test_a_schema_is_a_schema_and_leaves_nothing_open(form):
    schema = judge(form).schema
    Draft202012Validator.check_schema(schema)
    for path in mappings(schema):
        place = schema
        for step in path:
            place = place[step]
        if place.get("type") == "object" and "properties" in place:
            assert place["additionalProperties"] is False, path
            assert set(place["required"]) <= set(place["properties"]), path


FIGURE = ("$defs", "figure")
PRINTED_AS = {
    "tree": {FIGURE: "indicator", ("$defs", "node"): "item"},
    "kpis": {FIGURE: "indicator", ("properties", "indicators", "items", "oneOf", 0): "indicator"},
}
"""Where a form prints an indicator or item as it is given, and what that is called in the schema of editions."""


@pytest.mark.parametrize("form", PRINTED_AS)
def test_a_schema_names_every_field_of_what_is_printed_as_it_is_given(form, golden):
    """A field that is new to the format is printed under its own key: --accept writes it into these schemas, too."""
    schema, given = copy.deepcopy(judge(form).schema), judge("strategy").schema["$defs"]
    for path, name in PRINTED_AS[form].items():
        place = schema
        for step in path:
            place = place[step]
        for key, own in given[name]["properties"].items():
            said = given.get(own.get("$ref", "").rpartition("/")[2], {}) | own
            if "$ref" not in said.get("items", {}):  # what stands below is printed in lists of its own
                wanted = {word: said[word] for word in ("type", "enum", "description") if word in said}
                place["properties"].setdefault(key, wanted)
    golden(SCHEMAS / f"{form}.schema.json", json.dumps(schema, ensure_ascii=False, indent=2) + "\n")


def test_the_schema_counts_in_the_groups_of_the_table():
    defs = judge("diff").schema["$defs"]
    assert list(defs["counts"]["properties"]) == list(GROUPS)
    assert defs["change"]["properties"]["group"]["enum"] == list(GROUPS)


def full(schema, count, depth=0):
    """Make a value with every key of a schema, no two leaves alike; free keys where docs/json.md says they count."""
    definitions = judge("strategy").schema["$defs"]
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]] | {key: schema[key] for key in schema if key != "$ref"}
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "object" in kinds:
        known = {
            key: full(each, count, depth + 1)
            for key, each in schema.get("properties", {}).items()
            if key != "omitted" and (depth < DEEPEST or key in schema.get("required", ()))
        }
        holds = (
            known.keys() & {"plan", "title", "name", "stage"} and "patternProperties" in schema and "parts" not in known
        )
        free = {"x-free": {"deep": [f"自由{next(count)}"]}} if holds else {}
        return known | free if "properties" in schema else {"sdgs": [f"関連{next(count)}"]}
    if "array" in kinds:
        return [full(schema["items"], count, depth) for _ in range(schema.get("minItems", 1))]
    if "boolean" in kinds:
        return True
    if "integer" in kinds and schema.get("minimum") == 1900:
        return 1900 + next(count) % 300
    if "number" in kinds:
        return next(count) + 0.5
    if "pattern" not in schema:
        return f"言葉{next(count)}"
    return "2023-10-17" if "2月" in schema["pattern"] or "{4}" in schema["pattern"] else f"id-{next(count)}"


DEEPEST = 5
"""Below the fifth level of items only what must be there."""


def leaves(data):
    if isinstance(data, dict):
        for value in data.values():
            yield from leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value)
    else:
        yield data


def test_a_tree_drops_nothing_that_an_edition_can_say(tmp_path):
    data = full(judge("strategy").schema, count(1))
    path = tmp_path / "1.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    given = list(leaves(data))
    assert len(given) > 300
    strategy = read(path)
    printed = json.loads(tree(diagram(strategy, DEFAULT_PROFILE), Options()))
    assert wrong(printed) == []
    said = Counter(map(str, leaves(printed)))
    assert [each for each in given if not said[str(each)] and each is not True] == []


def test_every_schema_says_alike_what_they_share():
    shared = {}
    for form in sorted(set(FORMS.values())):
        for name, body in judge(form).schema.get("$defs", {}).items():
            assert shared.setdefault(name, body) == body, name
