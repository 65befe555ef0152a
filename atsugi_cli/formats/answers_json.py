"""JSON of answers: what came back from the sections, as data."""

from dataclasses import asdict
from typing import Any

from atsugi_cli.formats.findings_json import FORMAT, dump
from atsugi_cli.formats.options import Options
from atsugi_cli.tables.answers import Answer, Sheaf


def write(sheaf: Sheaf, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write all that came back as one JSON document."""
    return dump(
        {
            "format": FORMAT,
            "answers": [_answer(each) for each in sheaf.answers],
            "new": [asdict(each) for each in sheaf.new],
            "clashes": [[_answer(each) for each in group] for group in sheaf.conflicts],
            "problems": [asdict(each) for each in sheaf.problems],
            "remarks": [asdict(each) for each in sheaf.remarks],
            "nothing": list(sheaf.nothing),
            "silent": list(sheaf.silent),
        }
    )


def _answer(each: Answer) -> dict[str, Any]:
    question = each.question
    return {
        "section": each.section,
        "id": question.id,
        "entry": question.asks,
        "place": question.where,
        "name": question.name,
        "year": question.year,
        "asked": each.asked or None,
        "current": question.text or None,
        "text": each.text,
        "data": each.data,
        "reason": each.reason or None,
        "cell": each.where,
        "outdated": each.moved,
    }
