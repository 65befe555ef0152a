"""Parts: the parts of a plan in the order of its papers: prose, what lies across the tree, the tree, closing prose."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from atsugi_cli.document import Role
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Level, Profile
from atsugi_cli.model import Item

T = TypeVar("T")

ROLES: dict[str, Role] = {
    "section": "text",
    "viewpoint": "viewpoint",
    "goal": "goal",
    "policy": "policy",
    "initiative": "initiative",
    "project": "project",
}
TREE_ROLES: tuple[Role, ...] = ("goal", "policy", "initiative", "project")


@frozen
class Parts(Generic[T]):
    """What stands at the top of a plan, part by part; a layer without items is left out."""

    front: tuple[T, ...]
    layers: tuple[tuple[Level, tuple[T, ...]], ...]
    tree: tuple[T, ...]
    back: tuple[T, ...]


def parted(things: Iterable[T], profile: Profile, item: Callable[[T], Item]) -> Parts[T]:
    """Part what stands at the top of a plan; `item` says which item each thing is about."""
    every = tuple(things)
    cross = {level.code: level for level in profile.cross}
    sections = [each for each in every if item(each).level == "section"]
    back = [each for each in sections if any(word in item(each).title for word in profile.table.closing)]
    layers = [(level, tuple(each for each in every if item(each).level == code)) for code, level in cross.items()]
    return Parts(
        tuple(each for each in sections if each not in back),
        tuple((level, some) for level, some in layers if some),
        tuple(each for each in every if item(each).level not in {"section", *cross}),
        tuple(back),
    )


def role_of(item: Item, profile: Profile, depth: int) -> Role:
    """Return how an item is set: by its level's name, and for another city's levels by depth."""
    if item.level in ROLES:
        return ROLES[item.level]
    if any(level.code == item.level for level in profile.cross):
        return "viewpoint"
    return TREE_ROLES[min(depth, len(TREE_ROLES) - 1)]
