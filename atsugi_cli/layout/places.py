"""Places: where an item stands in its edition, in the words a reader looks it up by: 基本目標3-2-②."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from atsugi_cli.frozen import frozen
from atsugi_cli.kinds import Change
from atsugi_cli.layout.labels import called, heading, lead, level_of, place, printed_number, ranged
from atsugi_cli.levels import Profile
from atsugi_cli.model import Item, Strategy
from atsugi_cli.revision import Revision
from atsugi_cli.words import MOST_NAMED


class Places:
    """The places of one edition, in the level words of that edition."""

    def __init__(self, strategy: Strategy, profile: Profile) -> None:
        """Index the edition by id."""
        self.strategy = strategy
        self.profile = profile.speaking(strategy.edition)
        self._paths: dict[str, tuple[Item, ...]] = {}
        stack: list[tuple[Item, tuple[Item, ...]]] = [(item, (item,)) for item in strategy.root.children]
        while stack:
            item, path = stack.pop()
            self._paths[item.id] = path
            stack += [(child, (*path, child)) for child in item.children]

    def of(self, item: Item) -> str:
        """Return the place of an item: 基本目標1-1-①; its title where numbers do not tell."""
        return place(self._paths.get(item.id, (item,)), self.profile) or f"「{item.title}」"

    def inside(self, item: Item) -> str:
        """Return the place of an item by the title of what it stands in: 基本目標1「安全に暮らす」の(1)."""
        parents = self._paths.get(item.id, (item,))[:-1]
        if not parents or not parents[-1].title:
            return self.of(item)
        return (
            f"{self.parent(item)}「{parents[-1].title}」の{printed_number(item, self.profile) or f'「{item.title}」'}"
        )

    def owner(self, item: Item) -> str:
        """Return the place of what an indicator belongs to."""
        return "計画全体" if item.level == "plan" else self.of(item)

    def tells(self, item: Item) -> bool:
        """Check whether the place of an item says more than its title."""
        return bool(printed_number(item, self.profile))

    def whereabouts(self, item: Item) -> str:
        """Return where an item stands, to be said before its title: its own place, else that of what it stands in."""
        return self.of(item) if self.tells(item) else self.parent(item)

    def named(self, items: Sequence[Item], *, apart: bool = False) -> str:
        """Return several items by their titles, each with its place where they do not stand together."""
        apart = apart or len({self.parent(item) for item in items}) > 1
        names = [called(item, self.profile) for item in items]
        places = [self.whereabouts(item) if apart and item.title else "" for item in items]
        return listed(
            [name if name.startswith(where) else where + name for where, name in zip(places, names, strict=True)]
        )

    def parent(self, item: Item) -> str:
        """Return the place of what an item stands in; empty at the top."""
        return place(self._paths.get(item.id, (item,))[:-1], self.profile)

    def within(self, item: Item) -> str:
        """Return the id of what an item stands in; empty at the top."""
        return next((each.id for each in self._paths.get(item.id, (item,))[-2:-1]), "")

    def together(self, items: Iterable[Item]) -> str:
        """Return the places of several items, those under one parent said together: 基本目標1-1の①及び③.

        Of very many the first ones: each part of what was split says all others.
        """
        groups: dict[tuple[str, str], list[Item]] = {}
        rest = iter(items)
        for item in islice(rest, MOST_NAMED):
            groups.setdefault((self.parent(item), item.level), []).append(item)
        words: list[str] = []
        for (above, _), group in groups.items():
            numbered = sorted((each for each in group if isinstance(each.number, int)), key=_number)
            level = level_of(group[0], self.profile)
            if len(numbered) < len(group) or not self.tells(group[0]):
                inside = f"{above}の" if above else ""
                words += [
                    heading(each, self.profile) if lead(each, self.profile) else f"{inside}「{each.title}」"
                    for each in group
                ]
            elif len(numbered) == 1:
                words.append(self.of(numbered[0]))
            else:
                numbers = ranged(level, [each.number for each in numbered], final="及び")
                words.append(f"{above}の{numbers}" if above else numbers)
        return listed(words) + ("ほか" if next(rest, None) else "")


@frozen
class Sides:
    """Both editions, each in its own words."""

    old: Places
    new: Places

    @classmethod
    def of(cls, revision: Revision, profile: Profile) -> "Sides":
        """Index both editions of a revision, each to speak as its own profile does."""
        return cls(Places(revision.old, profile.old or profile), Places(revision.new, profile))

    @property
    def both(self) -> tuple[Places, Places]:
        """Return the places of the old edition and of the new one."""
        return self.old, self.new

    def renamed_levels(self) -> Iterator[str]:
        """Say which levels are called otherwise now."""
        used = {item.level for item in self.new.strategy.items()}
        for old, new in zip(self.old.profile.levels, self.new.profile.levels, strict=False):
            if old.code == new.code in used and old.label != new.label:
                yield f"階層の呼び名を「{old.label}」から「{new.label}」に改めます。"

    def apart(self, change: Change, new: Item) -> bool:
        """Check whether all that was merged or split stood in something else than what it became."""
        olds = [each for each in change.old if isinstance(each, Item)]
        here = self.new.parent(new), self.new.within(new)
        places = ((self.old.parent(each), self.old.within(each)) for each in olds)
        return bool(olds and change.kind.joins) and all(set(here).isdisjoint(each) for each in places)

    def relocated(self, old: Item, new: Item) -> dict[str, str]:
        """Return the words for an item that stands elsewhere now: both places, both levels, whether it rose."""
        levels = level_of(old, self.old.profile), level_of(new, self.new.profile)
        depths = [level.code for level in self.new.profile.tree]
        known = old.level in depths and new.level in depths
        rose = known and depths.index(new.level) < depths.index(old.level)
        places = tuple(
            words.removesuffix(f"「{each.title}」") or words
            for words, each in ((self.old.of(old), old), (self.new.of(new), new))
        )
        if places[0] == places[1]:  # the numbers say the same; what it stands in was renewed
            places = self.old.inside(old), self.new.inside(new)
        return {
            "old_place": places[0],
            "new_place": places[1],
            "old_level": levels[0].label,
            "new_level": levels[1].label,
            "rise": "格上げ" if rose else "位置付けを変更",
        }


def _number(item: Item) -> int:
    return item.number if isinstance(item.number, int) else 0


def listed(words: Sequence[str]) -> str:
    """Join words as official Japanese does: A、B及びC."""
    return "及び".join(filter(None, ("、".join(words[:-1]), *words[-1:])))
