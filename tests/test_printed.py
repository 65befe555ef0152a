"""The JSON that the program prints has schemas, and every test holds it to them."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator
from printed import FORMS, SCHEMAS, judge, wrong

from atsugi_cli.cli.app import main
from atsugi_cli.kinds import GROUPS

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


def test_the_schema_counts_in_the_groups_of_the_table():
    defs = judge("diff").schema["$defs"]
    assert list(defs["counts"]["properties"]) == list(GROUPS)
    assert defs["change"]["properties"]["group"]["enum"] == list(GROUPS)


def test_every_schema_says_alike_what_they_share():
    shared = {}
    for form in sorted(set(FORMS.values())):
        for name, body in judge(form).schema.get("$defs", {}).items():
            assert shared.setdefault(name, body) == body, name
