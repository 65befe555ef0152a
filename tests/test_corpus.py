"""Planners' slips and unusual ways of writing, through the whole command (corpus/README.md).

One slip gives one finding, where a colleague would point; what is unusual but right is accepted in silence.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from slips import followed

from atsugi_cli.cli import app

CORPUS = Path(__file__).parent / "corpus"
PLANS = sorted(path for path in CORPUS.iterdir() if path.is_dir())
PROFILE = "profile.yaml"
BASE, EDITED = "2020-03.yaml", "2023-02.yaml"
PLAN = CORPUS / "ayukawa-2"
POINTER = "▼"
SEVERITIES = ("note", "warning", "error")


@dataclass(frozen=True, slots=True)
class Case:
    plan: str
    file: str
    name: str
    severity: str
    code: str
    hunks: tuple[tuple[str, ...], ...]


def files(plan: Path) -> list[Path]:
    """Give the editions of a plan, the oldest first, and its profile before them."""
    return sorted(plan.glob("*.yaml"), key=lambda path: (path.name != PROFILE, path.name))


def cases(listed: str) -> list[Case]:
    found = []
    for plan in PLANS:
        path = plan / listed
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for block in re.split(r"(?m)^== ", text)[1:]:
            head, _, body = block.partition("\n")
            name, severity, code, file = ([part.strip() for part in head.split("|")] + ["", "", ""])[:4]
            hunks = tuple(tuple(hunk.strip("\n").split("\n")) for hunk in re.split(r"(?m)^@@$", body))
            found.append(Case(plan.name, file or files(plan)[-1].name, name, severity, code, hunks))
    return found


def edited(case: Case) -> tuple[str, tuple[int, int] | None]:
    """Apply a case to the newest edition; give its text and where the finding is due (line and column from 1)."""
    text = (CORPUS / case.plan / case.file).read_text(encoding="utf-8")
    for hunk in case.hunks:
        lines = [re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line) for line in hunk]
        old = "".join(line[1:].replace(POINTER, "") + "\n" for line in lines if line[:1] != "+")
        new = "".join(line[1:] + "\n" for line in lines if line[:1] != "-")
        assert f"\n{text}".count(f"\n{old}") == 1, (case.name, old)
        text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
    assert text.count(POINTER) <= 1, case.name
    before, pointed, _ = text.partition(POINTER)
    place = (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1) if pointed else None
    return text.replace(POINTER, ""), place


def findings(folder: Path, plan: str, changed: dict[str, str], capsys: pytest.CaptureFixture[str]) -> list[dict]:
    """Check the files of a plan, some of them changed, through the command."""
    (folder / plan).mkdir(exist_ok=True)
    for file in files(CORPUS / plan):
        content = changed.get(file.name)
        (folder / plan / file.name).write_bytes(file.read_bytes() if content is None else content.encode())
    app.main(["validate", str(folder), "--root", str(folder), "-f", "json"])
    return json.loads(capsys.readouterr().out)["findings"]


MISTAKES = cases("mistakes.txt")
ODDITIES = cases("oddities.txt")


@pytest.mark.parametrize("plan", [plan.name for plan in PLANS])
def test_the_plans_themselves_are_fine(plan, tmp_path, capsys):
    assert findings(tmp_path, plan, {}, capsys) == []


def test_no_case_is_written_twice():
    every = MISTAKES + ODDITIES
    assert (
        len({(case.plan, case.name) for case in every})
        == len({(case.plan, case.hunks) for case in every})
        == len(every)
    )


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: f"{case.plan}: {case.name}")
def test_one_mistake_gives_one_finding_in_its_place(case, tmp_path, capsys):
    text, place = edited(case)
    found = findings(tmp_path, case.plan, {case.file: text}, capsys)
    assert [(each["code"], each["line"], each["column"]) for each in found] == [(case.code, *(place or ()))]
    assert Path(found[0]["path"]).name == case.file
    assert SEVERITIES.index(found[0]["severity"]) >= SEVERITIES.index(case.severity)
    assert found[0]["hint"]
    if found[0]["edits"]:  # a remedy that is followed changes the file, and there is nothing more to say of it
        after = followed(text, found)
        assert after != text
        left = findings(tmp_path, case.plan, {case.file: after}, capsys)
        assert [each["message"] for each in left if each["code"] == case.code] == []


@pytest.mark.parametrize("case", ODDITIES, ids=lambda case: f"{case.plan}: {case.name}")
def test_what_is_unusual_but_right_is_accepted_in_silence(case, tmp_path, capsys):
    text, _ = edited(case)
    assert findings(tmp_path, case.plan, {case.file: text}, capsys) == []


# A slip with files: the file written, what is changed in which edition for that, and the one finding.
SLIPS_WITH_FILES: dict[str, tuple[str, str, tuple[tuple[str, str], ...], tuple[str, str, int, int]]] = {
    "a copy": ("2023-02 - コピー.yaml", EDITED, (), ("2023-02 - コピー.yaml", "duplicate-edition", 11, 7)),
    "a copy under another id's name": ("2023-03.yaml", EDITED, (), ("2023-03.yaml", "duplicate-edition", 11, 7)),
    "a copy that is found before": ("2022-02.yaml", EDITED, (), ("2022-02.yaml", "duplicate-edition", 11, 7)),
    "a fork": (
        "2023-03.yaml",
        EDITED,
        (("id: 2023-02", "id: 2023-03"), ("date: 2023-02-10", "date: 2023-03-10")),
        ("2023-03.yaml", "fork", 15, 12),
    ),
    "a circle": (
        BASE,
        BASE,
        (("date: 2020-03-27\n", "date: 2020-03-27\n  revises: 2023-02\n"),),
        (BASE, "revises-cycle", 14, 12),
    ),
    "a slip in the edition that is revised": (
        BASE,
        BASE,
        (("title: Society5.0", "tilte: Society5.0"),),
        (BASE, "unknown-key", 29, 5),
    ),
    "broken syntax in the edition that is revised": (
        BASE,
        BASE,
        (("  - id: society", "  -id: society"),),
        (BASE, "dash-without-blank", 27, 3),
    ),
    "notes among the editions": ("memo.yaml", BASE, (), ("memo.yaml", "stray-yaml", 1, 1)),
    "an edition that was only begun": ("2024-03.yaml", BASE, (), ("2024-03.yaml", "empty-file", 1, 1)),
}
CONTENTS = {"memo.yaml": "a: 1\n", "2024-03.yaml": ""}


@pytest.mark.parametrize("slip", SLIPS_WITH_FILES)
def test_one_slip_with_files_gives_one_finding(slip, tmp_path, capsys):
    name, original, changes, (file, code, line, column) = SLIPS_WITH_FILES[slip]
    plan = tmp_path / PLAN.name
    plan.mkdir()
    for edition in (BASE, EDITED):
        (plan / edition).write_bytes((PLAN / edition).read_bytes())
    text = CONTENTS.get(name, (PLAN / original).read_text(encoding="utf-8"))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (plan / name).write_text(text, encoding="utf-8")
    app.main(["validate", str(tmp_path), "--root", str(tmp_path), "-f", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    said = [(Path(each["path"]).name, each["code"], each["line"], each["column"]) for each in found]
    assert said == [(file, code, line, column)]
