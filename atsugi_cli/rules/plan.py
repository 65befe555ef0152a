"""Plan: rules about a city's profile, and about the editions of a plan's folder together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from atsugi_cli.catalogue import Entry
from atsugi_cli.levels import Profile
from atsugi_cli.rules.base import Rule

FOLDER_RULES: Sequence[Rule] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule found in a profile: the path to the value, or to its key."""

    message: str
    path: tuple[str | int, ...]
    hint: str = ""
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """One row about profiles: the check gets the profile and the codes of all rules."""

    entry: Entry
    check: Callable[[Profile, frozenset[str]], Iterator[Said]]


PROFILE_RULES: Sequence[ProfileRule] = ()
