"""Places: where an item stands in its edition, in the words a reader looks it up by: 基本目標3-2-②."""

from collections.abc import Iterable, Sequence

from atsugi_cli.layout.labels import heading, level_of, place, ranged
from atsugi_cli.levels import Profile
from atsugi_cli.model import Item, Strategy

RANGE_FROM = 3
"""From how many neighbours on a run of numbers is written as a range: ①及び②, but ①～③."""


class Places:
    """The places of one edition, in the level words of that edition."""

    def __init__(self, strategy: Strategy, profile: Profile) -> None:
        """Index the edition by id."""
        self.profile = profile
        self._paths: dict[str, tuple[Item, ...]] = {}
        stack = [(item, (item,)) for item in strategy.root.children]
        while stack:
            item, path = stack.pop()
            self._paths[item.id] = path
            stack += [(child, (*path, child)) for child in item.children]

    def of(self, item: Item) -> str:
        """Return the place of an item: 基本目標1-1-①; its title where numbers do not tell."""
        return place(self._paths.get(item.id, (item,)), self.profile) or f"「{item.title}」"

    def parent(self, item: Item) -> str:
        """Return the place of what an item stands in; empty at the top."""
        return place(self._paths.get(item.id, (item,))[:-1], self.profile)

    def together(self, items: Iterable[Item]) -> str:
        """Return the places of several items, those under one parent said together: 基本目標1-1の①及び③."""
        groups: dict[tuple[str, str], list[Item]] = {}
        for item in items:
            groups.setdefault((self.parent(item), item.level), []).append(item)
        words: list[str] = []
        for (above, _), group in groups.items():
            numbered = sorted((each for each in group if isinstance(each.number, int)), key=_number)
            level = level_of(group[0], self.profile)
            if len(numbered) < len(group) or (not level.printed(numbered[0].number) and not level.heading):
                words += [heading(each, self.profile) if level.heading else f"「{each.title}」" for each in group]
            elif len(numbered) == 1:
                words.append(self.of(numbered[0]))
            else:
                numbers = ranged(level, [each.number for each in numbered], final="及び")
                words.append(f"{above}の{numbers}" if above else numbers)
        return listed(words)


def _number(item: Item) -> int:
    return item.number if isinstance(item.number, int) else 0


def listed(words: Sequence[str]) -> str:
    """Join words as official Japanese does: A、B及びC."""
    return "及び".join(filter(None, ("、".join(words[:-1]), *words[-1:])))
