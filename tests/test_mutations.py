"""The table of mutations keeps up with the code: each of its rows still finds the words that it breaks.

Whether a test notices each of them takes minutes: `python tests/mutations.py`.
"""

import mutations
import pytest


@pytest.mark.parametrize("mutation", mutations.TABLE, ids=lambda each: each.name)
def test_a_mutation_still_finds_what_it_breaks(mutation):
    found = mutations.mutated(mutations.TOP / "atsugi_cli", mutation)
    assert found, "the code has moved: let the row follow it"
