"""Three editions in a row: what each column says is what the comparisons of neighbours say."""

from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from builders import edition
from docx import Document as Word
from hypothesis import example, given, settings
from hypothesis import strategies as st
from office import assert_valid
from revised import Reviser

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.document import Table
from atsugi_cli.layout.comparison import comparison
from atsugi_cli.layout.stages import SAME, stages
from atsugi_cli.levels import DEFAULT_PROFILE

CASE = Path(__file__).parent / "stages"


class Chain(Reviser):
    """Edits a plan again and again: each edition revises the one before."""

    def chain(self, length):
        roots = [self.old.item()]
        for _ in range(length - 1):
            roots.append(self.new.item())
            self.touched, self.removed = set(), []
            for each in self.new.walk():
                each.origins = ()
            self.new = deepcopy(self.new)
            for _ in range(self.random.randint(0, 4)):
                self.random.choice(self.EDITS)(self)
        return [edition(root=root, name=name, label=name) for root, name in zip(roots, "abcd", strict=False)]


def rows(document):
    return next((block.rows for block in document.blocks if isinstance(block, Table)), ())


def words(lines):
    """Give what a column says of its edition; （略） is not part of that, nor what another edition has."""
    said = [line.label + line.text.replace("（略）", "") for line in lines if line.kind not in ("blank", "absent")]
    return [word for word in said if word and not word.endswith(("（新設）", "（削る）"))]


def columns(document, number):
    """Give what each column says, in order; （同左） is what stands at its left."""
    found = [[] for _ in range(number)]
    for row in rows(document):
        said = []
        for at in range(number):
            lines = row.cells[at].lines
            said.append(said[-1] if SAME in lines else words(lines))
        for at, lines in enumerate(said):
            found[at] += lines
    return found


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(3, 4))
@example(1069, 4)
def test_the_columns_are_those_of_the_comparisons_of_neighbours(seed, length):
    editions = Chain(Random(seed)).chain(length)  # noqa: S311 - no secret
    steps = [compare(*both) for both in pairwise(editions)]
    found = columns(stages(steps, DEFAULT_PROFILE, whole=True), length)
    for at, step in enumerate(steps):
        table = rows(comparison(step, DEFAULT_PROFILE, whole=True, unfolds=False))
        for side in (0, 1):
            lines = [word for row in table for word in words(row.cells[side].lines)]
            assert sorted(map(bare, found[at + side])) == sorted(map(bare, lines))


def bare(words):
    """Take the brackets off: what heads a part in one edition is a title inside another one in the next."""
    return words.strip("【】")


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_nothing_that_a_step_changes_is_left_out(seed):
    editions = Chain(Random(seed)).chain(3)  # noqa: S311
    steps = [compare(*both) for both in pairwise(editions)]
    document = stages(steps, DEFAULT_PROFILE)
    whole = stages(steps, DEFAULT_PROFILE, whole=True)
    assert [row for row in rows(document) if row.changed] == [row for row in rows(whole) if row.changed]


def test_the_paper_of_three_editions(tmp_path, capsys, request):
    names = [str(CASE / f"{name}.yaml") for name in ("2021-03", "2024-06", "2024-12")]
    assert main(["diff", *names]) == 0
    shown = capsys.readouterr().out
    golden = CASE / "expected.txt"
    if request.config.getoption("--accept"):
        golden.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == golden.read_text(encoding="utf-8")
    path = tmp_path / "out.docx"
    assert main(["diff", *names, "-o", str(path)]) == 0
    assert_valid(path.read_bytes(), tmp_path / "check.docx")
    table = Word(str(path)).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["現行", "素案", "案", "備考"]
    marked = [
        run.text for row in table.rows for cell in row.cells for p in cell.paragraphs for run in p.runs if run.underline
    ]
    assert "電子母子手帳の導入" in marked


@pytest.mark.parametrize("more", [["--layout", "miekeshi"], ["--columns", "現行,改定後"], ["-f", "json"]])
def test_what_three_editions_cannot_be_is_refused(more, capsys):
    names = [str(CASE / f"{name}.yaml") for name in ("2021-03", "2024-06", "2024-12")]
    assert main(["diff", *names, *more]) == 2
    assert "三" in capsys.readouterr().err
