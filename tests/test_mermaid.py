"""The policy tree as Mermaid: every box and line of it, and labels that are only words."""

import re

from hypothesis import given
from hypothesis import strategies as st
from plans import HOSTILE, edition, grown, item, stepped

from atsugi_cli.formats.mermaid import escaped, write
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.diagram import diagram
from atsugi_cli.levels import DEFAULT_PROFILE

NODE = re.compile(r'  (?:  )?(n\d+)\["([^"]*)"\]')


def test_boxes_lines_and_looks():
    _, new, revision = stepped()
    text = write(diagram(new, DEFAULT_PROFILE, revision), Options())
    assert text.splitlines()[0] == "flowchart LR"
    nodes = dict(NODE.findall(text))
    assert nodes["n1"] == "基本目標1<br>転入促進"
    assert nodes["n3"] == "① 都市間連携の強化<br>［名称変更・推定］［KPI追加］"
    assert "  n1 --> n2\n" in text
    assert "  n2 --> n3\n" in text
    assert re.search(r"^  class n5,n\d+ new$", text, re.MULTILINE)
    assert re.search(r"^  class n6,n7 gone$", text, re.MULTILINE)
    assert '  subgraph band1["重要な視点"]\n' in text
    assert text.count("subgraph") == text.count("\n  end\n") == 1


def test_every_box_has_one_line_to_its_parent():
    text = write(diagram(edition(*grown((2, 3, 4))), DEFAULT_PROFILE), Options())
    nodes = dict(NODE.findall(text))
    assert len(nodes) == 2 + 6 + 24
    lines = re.findall(r"(n\d+) --> (n\d+)", text)
    assert len(lines) == len({child for _, child in lines}) == 6 + 24


def test_hostile_text_stays_in_its_label():
    new = edition(item("goal", 1, HOSTILE, item("policy", "end", f"{HOSTILE}\nend\nclick n1")), title=HOSTILE)
    text = write(diagram(new, DEFAULT_PROFILE), Options())
    kinds = [re.sub(r'".*"', '""', line).split(":")[0].strip() for line in text.splitlines()]
    assert kinds == [
        "flowchart LR",
        "accTitle",
        "accDescr",
        'n1[""]',
        'n2[""]',
        "n1 --> n2",
        "classDef same fill",
        "class n1,n2 same",
    ]
    for bad in ("<script", "%%", "{", "`", "click n1\n", "\x1b", "\u202e", "style:"):
        assert bad not in text.replace("classDef", "")


@given(st.text(st.characters() | st.sampled_from("#;\"'`<>{}[]()|%:@&\\\n"), max_size=40))
def test_a_label_is_letters_blanks_and_codes(text):
    label = escaped(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9_ ]|[^\x00-\x7f]|#\d+;)*", label)
    if text.isprintable():
        assert re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label) == text


def test_what_is_too_big_to_be_drawn_says_so():
    assert write(diagram(edition(*grown((5, 5, 20))), DEFAULT_PROFILE), Options()).startswith("%% GitHubで描ける大きさ")
    assert write(diagram(edition(*grown((2, 2, 2), "長" * 6000)), DEFAULT_PROFILE), Options()).startswith("%% ")
    assert not write(diagram(edition(*grown((5, 5, 10))), DEFAULT_PROFILE), Options()).startswith("%%")


def test_same_text_for_the_same_revision():
    _, new, revision = stepped()
    assert write(diagram(new, DEFAULT_PROFILE, revision), Options()) == write(
        diagram(new, DEFAULT_PROFILE, revision), Options()
    )
