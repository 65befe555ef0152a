"""View: one file as it was last typed, with all that the program knows of it."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pygls.workspace import PositionCodec

from atsugi_cli import store
from atsugi_cli.editor.sheet import Sheet
from atsugi_cli.findings import Finding
from atsugi_cli.model import Strategy, Thing
from atsugi_cli.project.editions import revised
from atsugi_cli.project.fixing import Fixed, fixed
from atsugi_cli.project.reading import Project, schemas
from atsugi_cli.reader import Read
from atsugi_cli.reader.loading import locate
from atsugi_cli.reader.places import Places
from atsugi_cli.reader.schema import of_city
from atsugi_cli.store import Blob, StoreError

WORD = re.compile(r"[^\s\[\]{},:#\"']*\Z")
"""What is being typed: an id, a key, the name of a section."""


class View:
    """A file; what is asked of it is worked out once. `good` is the edition as it could last be read."""

    def __init__(
        self,
        project: Project,
        path: str,
        uri: str,
        codec: PositionCodec,
        good: Strategy | None,
        findings: tuple[Finding, ...],
    ) -> None:
        """Take the file from a project in which it is as it was typed."""
        self.project, self.path, self.uri, self.codec, self._good = project, path, uri, codec, good
        self.blob: Blob = project.open(path)
        self.findings = findings

    @cached_property
    def result(self) -> Read:
        """Return the edition, read."""
        return self.project.read(self.blob)

    @cached_property
    def text(self) -> str:
        """Return the text as the editor has it."""
        return self.blob.data.decode("utf-8", "replace")

    @cached_property
    def sheet(self) -> Sheet:
        """Return the text as the editor counts it."""
        return Sheet(self.text, self.codec)

    @cached_property
    def places(self) -> Places:
        """Return where everything stands."""
        return locate(self.text, self.blob.name)

    @property
    def is_profile(self) -> bool:
        """Check whether it is a city's profile."""
        return store.is_profile(self.path)

    @property
    def current(self) -> Strategy | None:
        """Return the edition if it can be read just now: its nodes belong to `places`."""
        return None if self.is_profile else self.result.strategy

    @cached_property
    def strategy(self) -> Strategy | None:
        """Return the edition, as it could last be read."""
        return self.current or self._good

    @cached_property
    def base(self) -> Strategy | None:
        """Return the edition that it revises."""
        return self.before(self.blob, self.strategy)

    def before(self, blob: Blob, strategy: Strategy | None) -> Strategy | None:
        """Return the edition that another one revises."""
        try:
            found = revised(self.project, blob, strategy) if strategy is not None else None
        except StoreError:
            return None
        return self.project.read(found).strategy if found is not None else None

    @cached_property
    def fixed(self) -> Fixed:
        """Return what `--fix` makes of it."""
        return fixed(self.project, self.blob)

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """Return the schema that holds for it."""
        if self.is_profile:
            return schemas().profile
        profile = self.project.profile_of(self.path).profile
        return of_city(schemas().strategy, profile.levels, tuple(profile.kinds))

    def word(self, offset: int) -> tuple[int, int]:
        """Return the span of the word at an offset."""
        line, _ = self.sheet.lines.position(offset)
        start, end = self.sheet.lines.bounds(line)
        before = WORD.search(self.text[start:offset])
        after = re.match(r"[^\s\[\]{},:#\"']*", self.text[offset:end])
        return start + (before.start() if before else 0), offset + (after.end() if after else 0)

    def things(self, strategy: Strategy | None) -> dict[str, Thing]:
        """Return every item and indicator of an edition by its id."""
        if strategy is None:
            return {}
        found: dict[str, Thing] = {each.id: each for _, each in strategy.indicators()}
        return {**found, **{each.id: each for each in strategy.items()}}

    def refers(self, path: tuple[str | int, ...]) -> str:
        """Say whose id stands at a path: that of a "thing" of this edition, of an "old" one, or of an "edition"."""
        match path:
            case ("edition", "revises"):
                return "edition"
            case ("edition", "removed", _, "id") | (*_, "from") | (*_, "from", int()):
                return "old"
            case (_, int(), *_, "id") | ("plan", "targets", int(), *_, "id") | (*_, "same-as"):
                return "thing"
        return ""

    def named(self, offset: int) -> tuple[str, str] | None:
        """Return the id at an offset, and whose it is; None where there is none."""
        found = None if self.is_profile else self.places.at(offset)
        if found is None or found[1] or not (whose := self.refers(found[0])):
            return None
        return self.places.raw(0, *found[0]).strip("'\""), whose
