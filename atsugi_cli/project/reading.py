"""Reading: a project's editions and profiles, each read once, and the one who hears what is said meanwhile."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from atsugi_cli import store
from atsugi_cli.findings import Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Strategy
from atsugi_cli.reader import Read, Schemas, read, read_profile
from atsugi_cli.store import Blob, StoreError

if TYPE_CHECKING:
    from atsugi_cli.reader.supplements import Supplement


class UnreadableError(Exception):
    """An edition that a command needs cannot be used; carries the findings that say why."""

    def __init__(self, results: Sequence[Read]) -> None:
        """Keep what was found."""
        super().__init__(", ".join(result.source for result in results))
        self.results = tuple(results)


def is_no_text(result: Read) -> bool:
    """Check whether a file is no text at all: then there is nothing to show, only something to say."""
    return [each.rule.code for each in result.findings] == ["not-text"]


def no_text(result: Read) -> str:
    """Say in one line what a file is instead, and what to do."""
    finding = result.findings[0]
    return f"{result.source}: {finding.message}。{finding.hint}"


class Listener:
    """Hears what is said besides a result: remarks, and how far a long run is. This one keeps it to itself."""

    def tell(self, message: str, *more: str) -> None:
        """Hear a remark: a line, and more lines that belong to it."""

    @contextmanager
    def counting(self, label: str, total: int) -> Iterator[Callable[[str], None]]:  # noqa: ARG002 - nobody listens
        """Count the steps of a long run: yield what is called with the name of each."""
        yield lambda _: None


def schemas() -> Schemas:
    """Return the schemas that travel with the program; each is read where one is asked for."""
    return Schemas(_schema)


@cache
def _schema(kind: str) -> dict[str, object]:
    path = Path(store.packaged("schemas")) / f"{kind}.schema.json"
    data: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return data


@frozen
class ProfileRead:
    """A profile file, read."""

    profile: Profile
    findings: tuple[Finding, ...]
    source: str = ""
    text: str = ""
    data: bytes = b""


NO_PROFILE = ProfileRead(DEFAULT_PROFILE, ())


class Project:
    """A folder with editions. Reads each file once; editions of one run share profiles."""

    def __init__(
        self,
        root: str = store.ROOT,
        listener: Listener | None = None,
        unsaved: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """Begin with nothing read; `root` is the folder of editions where none is named.

        `unsaved` is what files are to hold, by their absolute paths, that an editor has not saved yet.
        """
        self.root = root
        self.listener = listener or Listener()
        self.unsaved = unsaved
        self._old_profiles: Mapping[str, ProfileRead] = {}
        self._old_reads: Mapping[tuple[str, int], tuple[Profile, Read]] = {}
        self._profiles: dict[str, ProfileRead] = {}
        self._doubted: set[str] = set()
        self._reads: dict[tuple[str, int], Read] = {}
        self._read_with: dict[tuple[str, int], Profile] = {}
        self._ids: dict[tuple[str, int], str] = {}

    def open(self, path: str) -> Blob:
        """Return the bytes of a file; - is standard input."""
        if self.unsaved and (data := self.unsaved.get(os.path.realpath(path))) is not None:
            return Blob(store.spelled(path), data, path)
        return store.read_stdin() if path == store.STDIN else store.read_file(path)

    def renewed(self, unsaved: Mapping[str, bytes]) -> "Project":
        """Begin again with what the files hold now; what was read of the same bytes is not read again."""
        project = Project(self.root, self.listener, unsaved)
        project._old_profiles = self._profiles
        project._old_reads = {key: (self._read_with[key], each) for key, each in self._reads.items()}
        return project

    def profile_path(self, path: str) -> str | None:
        """Return the file of the profile that holds for an edition's file."""
        return store.profile_for(path)

    def profile_of(self, path: str | None) -> ProfileRead:
        """Return the profile that holds for an edition's file; the default one where there is none."""
        found = self.profile_path(path) if path else None
        if found is None and not path and Path(self.root).is_dir():
            found = self.profile_path(f"{self.root}/x")
        return NO_PROFILE if found is None else self.profile_at(found)

    def profile(self, path: str | None) -> Profile:
        """Return the profile for a paper; where it has slips, say so once: what they spoil is printed as by default."""
        found = self.profile_of(path)
        if found.findings and found.source not in self._doubted:
            self._doubted.add(found.source)
            self.listener.tell(
                f"{found.source} に誤りがあり、読めないところは既定の設定で出します。"
                "strategy validate で確かめてください。"
            )
        return found.profile

    def profile_at(self, path: str) -> ProfileRead:
        """Read a profile file, once."""
        if path not in self._profiles:
            blob = self.open(path)
            known = self._old_profiles.get(path)
            if known is None or known.data != blob.data:
                profile, findings, text = read_profile(blob.data, blob.name, schemas())
                known = ProfileRead(profile, findings, blob.name, text, blob.data)
            self._profiles[path] = known
        return self._profiles[path]

    @property
    def kept(self) -> frozenset[int]:
        """Return the identities of what was read and is kept: strategies and profiles."""
        read = (each.strategy for each in self._reads.values())
        return frozenset(map(id, (*read, *self._profiles.values(), NO_PROFILE)))

    def set_profile(self, path: str, profile: ProfileRead) -> None:
        """Take a profile for that of a file that cannot be read."""
        self._profiles[path] = profile

    def supplement(self, path: str) -> "Supplement":
        """Read what is kept beside an edition."""
        from atsugi_cli.reader.supplements import read_supplement

        blob, kind = self.open(path), store.supplement(path)
        if not kind:
            names = "、".join(f"{each}.yaml" for each in store.SUPPLEMENTS)
            raise StoreError(f"{store.spelled(path)} の種類が名前から分かりません（{names}）。")
        return read_supplement(blob.data, blob.name, kind, schemas().of(kind))

    def forget(self, most: int = 0) -> None:
        """Let go of the editions read so far, but for the last ones: of many they would fill the memory."""
        while len(self._reads) > most:
            del self._reads[next(iter(self._reads))]

    def read(self, blob: Blob) -> Read:
        """Read one edition with its profile."""
        key = (blob.name, hash(blob.data))  # the bytes themselves would stay in memory for nothing
        if key not in self._reads:
            profile = self.profile_of(blob.path).profile
            used, known = self._old_reads.get(key, (None, None))
            result = known if known and used is profile else read(blob.data, blob.name, schemas(), profile)
            self._reads[key], self._read_with[key] = result, profile
            self._ids[key] = result.strategy.edition.id if result.strategy is not None else ""
        return self._reads[key]

    def id_of(self, blob: Blob) -> str:
        """Return the id of an edition that was read before, or is read now; empty where it has none."""
        key = (blob.name, hash(blob.data))
        if key not in self._ids:
            self.read(blob)
        return self._ids[key]

    def strategy(self, blob: Blob) -> Strategy:
        """Read one edition that a command cannot do without."""
        result = self.read(blob)
        if result.strategy is None or result.findings:
            raise UnreadableError([result])
        return result.strategy
