"""Late: regular expressions that are compiled when they are first asked.

Compiling takes 0.1 to 2.5 ms a pattern, 20 ms for all that the program has, and most runs ask only a few of them.
"""

import re
from typing import Final, cast

_METHODS: Final = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


def late(source: str, flags: int = 0) -> re.Pattern[str]:
    """Give a pattern as `re.compile` does, for its methods only: it is compiled when the first one is called."""
    return cast("re.Pattern[str]", _Late(source, flags))


class _Late:
    __slots__ = (*_METHODS, "_flags", "_source")

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> object:
        """Compile, and put the pattern's own methods in the slots: only the first call comes here."""
        pattern = re.compile(self._source, self._flags)
        for each in _METHODS:
            setattr(self, each, getattr(pattern, each))
        return getattr(pattern, name)
