"""Mermaid: the policy tree as text that GitHub draws (flowchart LR).

A reader of the text takes every sign of its own as one; so all ASCII signs of a label leave here as codes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from atsugi_cli.document import Flag
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.diagram import Box, Diagram, State
from atsugi_cli.width import safe

CLASSES: Final[dict[State, str]] = {
    "new": "fill:#fff5f4,stroke:#c62828,stroke-width:3px,color:#1c1e21",
    "changed": "fill:#fff,stroke:#444,stroke-width:2px,color:#1c1e21",
    "gone": "fill:#f3f3f3,stroke:#8a8f98,stroke-dasharray:5 3,color:#5f646c",
    "omitted": "fill:#fff,stroke:#8a8f98,color:#5f646c",
    "same": "fill:#eaf1f8,stroke:#5b7ea3,color:#1c1e21",
}
"""Dark text on light boxes, whichever theme the page has."""

LIMITS: Final = (50_000, 500)
"""Characters of text and lines between boxes from which Mermaid, as GitHub sets it, draws an error instead."""

_SIGN: Final = re.compile(r"[^\w ]", re.ASCII)
_ASCII: Final = 0x80


def write(plan: Diagram, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write the policy tree of an edition as a flowchart.

    Text that GitHub would not draw says so in its first line; nothing is left out of it.
    """
    names = {id(box): f"n{number}" for number, box in enumerate(plan.boxes(), 1)}
    lines = ["flowchart LR", f"  accTitle: {escaped(plan.title)}", f"  accDescr: {escaped(plan.subtitle)}"]
    for root in plan.roots:
        lines += _tree(root, names)
    for number, band in enumerate(plan.bands, 1):
        lines.append(f'  subgraph band{number}["{escaped(band.label)}"]')
        lines += [f"    {_node(box, names)}" for box in band.boxes]
        lines.append("  end")
    lines += _classes(plan.boxes(), names)
    text = "\n".join(lines) + "\n"
    characters, edges = LIMITS
    if len(text) > characters or sum(len(box.children) for box in plan.boxes()) > edges:
        size = f"{characters:,}字、線{edges}本"
        text = f"%% GitHubで描ける大きさ（{size}）を超えています。SVGかHTMLで出してください。\n{text}"
    return text


def escaped(text: str) -> str:
    """Make text inert in a quoted label: letters, digits and blanks stay, other ASCII signs become codes."""
    text = " ".join(safe(text).split("\n"))
    return _SIGN.sub(lambda match: f"#{ord(match[0])};" if ord(match[0]) < _ASCII else match[0], text)


def _tree(box: Box, names: dict[int, str]) -> Iterator[str]:
    yield f"  {_node(box, names)}"
    for child in box.children:
        yield from _tree(child, names)
        yield f"  {names[id(box)]} --> {names[id(child)]}"


def _node(box: Box, names: dict[int, str]) -> str:
    words = [box.lead, " ".join(filter(None, (box.number, box.title))), box.note, "".join(map(_flag, box.flags))]
    return f'{names[id(box)]}["{"<br>".join(escaped(each) for each in words if each)}"]'


def _flag(flag: Flag) -> str:
    return f"［{flag.label}{'・推定' if flag.proposed else ''}］"


def _classes(boxes: Iterable[Box], names: dict[int, str]) -> Iterator[str]:
    """Say how boxes look, by what happened to them; only the looks that occur."""
    members: dict[State, list[str]] = {}
    for box in boxes:
        members.setdefault(box.state, []).append(names[id(box)])
    for state, style in CLASSES.items():
        if state in members:
            yield f"  classDef {state} {style}"
            yield f"  class {','.join(members[state])} {state}"
