"""What is written as YAML is read again as it was, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atsugi_cli.reader import events
from atsugi_cli.reader.scalars import plain_or_quoted, quoted

MARKS = "ab:#-? ,[]{}'\"\\\t\n　0é第・（："
BREAKS = "\x00\x1b\x85\x9b\u2028\u2029\ufeff\ufffe\ue000"
ODD = st.sampled_from([*MARKS, *BREAKS, " - ", ": ", "yes", "1_0"])
TEXTS = st.lists(ODD, max_size=12).map("".join) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize("write", [plain_or_quoted, quoted])
@given(text=TEXTS)
def test_what_is_written_is_read_again(write, text):
    word = write(text)
    for holder in ("a: {}\nb: 1\n", "a: {{c: {}, b: 1}}\n", "a: [{}, 1]\n"):
        data = events.data(holder.format(word))
        assert data is not None, word
        value = data["a"]
        found = value["c"] if isinstance(value, dict) else value[0] if isinstance(value, list) else value
        assert found == text
