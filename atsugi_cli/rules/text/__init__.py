"""Text: the rules about what people read: numbers and terms in prose, characters, marks, and how YAML reads a text."""

from atsugi_cli.rules.base import Rule
from atsugi_cli.rules.text.characters import CHARACTER_RULES
from atsugi_cli.rules.text.counts import COUNT_RULES
from atsugi_cli.rules.text.marks import MARK_RULES, trailing_blank
from atsugi_cli.rules.text.misspellings import TERM_RULES
from atsugi_cli.rules.text.scalars import SCALAR_RULES

TEXT_RULES: tuple[Rule, ...] = (*COUNT_RULES, *TERM_RULES, *CHARACTER_RULES, *MARK_RULES, *SCALAR_RULES)
"""In the order in which they are printed."""

LOOSE_RULES: tuple[Rule, ...] = (*CHARACTER_RULES, *(row for row in MARK_RULES if row.check is trailing_blank))
"""What is asked of a profile too, and of the texts under a city's own keys."""
