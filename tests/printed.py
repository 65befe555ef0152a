"""JSON as the program prints it: which schema it must keep to, and a watch over everything that it writes."""

import json
import sys
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[1] / "schemas"
FORMS = {
    "conflicts": "merge",
    "changes": "diff",
    "items": "tree",
    "events": "log",
    "steps": "log",
    "findings": "findings",
    "baseline": "baseline",
    "indicators": "kpis",
    "relations": "crosswalk",
    "answers": "answers",
}
"""The key that only this form has, and its schema."""
MANY = 200
"""As many entries of a list are looked at: a plan of 10,000 items has no others."""


@cache
def judge(form):
    return Draft202012Validator(json.loads((SCHEMAS / f"{form}.schema.json").read_text(encoding="utf-8")))


def form_of(data):
    """Tell which form a document has: by the one key that no other form has."""
    forms = {FORMS[key] for key in FORMS if key in data}
    return forms.pop() if len(forms) == 1 else ""


def wrong(data):
    """List where a document departs from its schema."""
    form = form_of(data)
    if not form:
        return [f"no schema knows a document with the keys {sorted(data)}"]
    short = {key: value[:MANY] if isinstance(value, list) else value for key, value in data.items()}
    return [f"{form}: {error.json_path}: {error.message}" for error in judge(form).iter_errors(short)]


class Watch:
    """Stands in for json.dumps: what the program writes of its own forms is held to the schema at once."""

    def __init__(self):
        self.real = json.dumps
        self.seen = set()
        self.found = []

    def __call__(self, data, *arguments, **more):
        writer = sys._getframe(1).f_globals["__name__"]
        if writer.startswith("atsugi_cli.") and isinstance(data, dict) and "format" in data:
            self.seen.add(form_of(data))
            self.found += wrong(json.loads(self.real(data)))
        return self.real(data, *arguments, **more)
