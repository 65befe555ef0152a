"""Overview as a slide: the shapes of the sheet as native shapes of PowerPoint, each with its name, to edit."""

from functools import partial
from typing import Final

from atsugi_cli.document import Document
from atsugi_cli.formats import overview as sheet
from atsugi_cli.formats import slides
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.overview import Part, Words
from atsugi_cli.formats.pptx import ROOM, TOP, WIDTH, Deck
from atsugi_cli.formats.slides import Box, Ink, Text
from atsugi_cli.formats.svg import GREY
from atsugi_cli.layout.overview import Overview

ABOVE: Final = 40.0
"""Pixels of the sheet's head, which the slide's title bar takes the place of."""
FOOT: Final = 200.0
"""Millimetres where the legend ends and the slide's foot begins."""
SCALE: Final = (FOOT - TOP + 3) / (762 - ABOVE)
"""Millimetres for a pixel: the sheet between head and foot fills the slide between bar and foot."""
POINTS: Final = SCALE / 25.4 * 72
SPARE: Final = 1.05
"""The fonts of slides are a little wider than the drawing's."""


def write(plan: Overview, options: Options) -> bytes:  # noqa: ARG001 - all writers are called alike
    """Draw the overview on one slide."""
    document = Document("overview", plan.title, (), plan.stamp, plan.subtitle, plan.counts)
    deck = Deck(document)
    deck.begin(plan.title)
    facts = Words(sheet.WIDTH - sheet.MARGIN, 52, "　".join(plan.stamp.facts), anchor="end", ink=GREY)
    for part in (facts, *sheet.content(plan)):
        deck.put(partial(_shape, part))
    return deck.saved()


def _at(x: float, y: float) -> tuple[float, float]:
    left = (WIDTH - sheet.WIDTH * SCALE) / 2
    return left + x * SCALE, TOP - 3 + (y - ABOVE) * SCALE


def _shape(part: Part, number: int) -> str:
    if isinstance(part, Words):
        return _words(number, part)
    look = slides.Outline(_full(part.fill), _full(part.stroke), part.thick * POINTS, bool(part.dash))
    points = [[_at(x, y) for x, y in each] for each in part.points]
    return slides.outlined(number, part.about or part.form, part.form, points, look)


def _words(number: int, part: Words) -> str:
    size = round(part.font.size * POINTS, 1)
    width = min(part.width * SPARE * SCALE, ROOM)
    height = part.font.size * 1.3 * SCALE
    x, y = _at(part.x, part.y - part.font.size * 0.36)
    x -= {"": 0.0, "middle": width / 2, "end": width}[part.anchor]
    align = {"": "l", "middle": "ctr", "end": "r"}[part.anchor]
    ink = Ink(size, _full(part.ink), bold=part.font.is_bold)
    text = Text(((part.text, ink),), align=align)  # type: ignore[arg-type]
    box = Box(x, y - height / 2, width, height)
    return slides.shape(number, part.about or part.text, box, (text,), body='wrap="none" anchor="ctr"')


def _full(colour: str) -> str:
    """Spell a colour in six digits."""
    digits = colour.lstrip("#")
    return "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
