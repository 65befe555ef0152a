"""JSON of merges: what was decided, file by file, entry by entry."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from atsugi_cli.formats.findings_json import FORMAT, dump
from atsugi_cli.formats.options import Options
from atsugi_cli.merge import Decision, MergedFile


def write(files: Sequence[MergedFile], options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write what became of every file as one JSON document."""
    return dump(
        {
            "format": FORMAT,
            "conflicts": sum(len(file.clashes) + bool(file.failure) + len(file.errors) for file in files),
            "files": [_file(file) for file in files],
        }
    )


def _file(file: MergedFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "failure": file.failure or None,
        "errors": list(file.errors),
        "decisions": [_decision(each) for each in file.decisions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    item = asdict(decision.thing) if decision.thing.list else None
    return {
        "item": item,
        "path": list(decision.path),
        "base": decision.base,
        "ours": decision.ours,
        "theirs": decision.theirs,
        "result": decision.result,
        "taken": decision.taken,
        "why": decision.why,
        "conflict": decision.is_clash,
    }
