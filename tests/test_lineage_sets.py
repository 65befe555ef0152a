"""Published revisions of statutes and standards, written as two editions whose ids have nothing in common.

They go the whole way of `strategy diff --format json`: bytes are read, compared and written, and the pairs in the
`lineage` of the output are scored against the published truth.
"""

import gzip
import json
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest
from builders import head

from atsugi_cli.compare import compare
from atsugi_cli.formats.json import revision
from atsugi_cli.formats.options import Options
from atsugi_cli.project.reading import schemas
from atsugi_cli.reader import read

FOLDER = Path(__file__).parent / "lineage"
TREE = ("goals", "policies", "initiatives", "projects")
TITLE_LENGTH = 40


def load(path):
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


def edition(nodes, prefix, shape, untitled):
    """Write nodes as an edition; `untitled` says what an item without a title gets: its text, or the start of it."""
    children = defaultdict(list)
    for node in sorted(nodes, key=lambda each: each["order"]):
        children[node["parent"]].append(node)
    lines = [head(prefix, date="2024-04" if prefix == "n" else "2021-04").rstrip()]

    def write(siblings, depth, indent):
        lines.append(f"{indent}{'sections' if shape == 'sections' else TREE[depth]}:")
        for node in siblings:
            title, body = node["title"], node["text"]
            if not title:
                title, body = (body, "") if untitled == "text" else (body[:TITLE_LENGTH], body)
            lines.append(f"{indent}  - id: {prefix}-{node['id'][1:]}")
            lines.append(f"{indent}    title: {json.dumps(title or '－', ensure_ascii=False)}")
            if body:
                lines.append(f"{indent}    body: {json.dumps(body, ensure_ascii=False)}")
            if children[node["id"]]:
                write(children[node["id"]], depth + 1, f"{indent}    ")

    write(children[None], 0, "")
    return ("\n".join(lines) + "\n").encode()


def inferred(data, shape, untitled):
    """Give the pairs that the output names, as indices of the data set."""
    sides = [
        read(edition(data[side], prefix, shape, untitled), f"{prefix}.yaml", schemas())
        for side, prefix in (("before", "o"), ("after", "n"))
    ]
    assert not [finding for side in sides for finding in side.findings]
    report = json.loads(revision(compare(*(side.strategy for side in sides)), Options()))
    return [
        (f"b{old[2:]}", f"a{new[2:]}", link["confidence"])
        for link in report["lineage"]
        for old in link["old"]
        for new in link["new"]
    ]


def f1(data, pairs):
    truth = {
        (old, new)
        for each in data["truth"]
        for old, new, *_ in each.get("links") or product(each["before"], each["after"])
    }
    scored = (set(data["scored_before"]), set(data["scored_after"]))
    optional = {tuple(each) for each in data.get("optional_links", ())}
    found = {
        (old, new)
        for old, new, _ in pairs
        if ((old in scored[0] or new in scored[1]) and (old, new) not in optional) or (old, new) in truth
    }
    return 2 * len(truth & found) / (len(truth) + len(found))


@pytest.mark.parametrize("shape", ["sections", "goals"])
@pytest.mark.parametrize(
    ("name", "least"),
    [("law_design_ja.json", 1.0), ("law_unfaircomp_ja.json", 1.0), ("nist80053_r4_r5_en.json.gz", 0.962)],
)
def test_published_lineage_is_found_through_the_whole_program(name, least, shape):
    data = load(FOLDER / name)
    assert round(f1(data, inferred(data, shape, "text")), 3) >= least
