"""Project: what every command does first: read editions and profiles and find the edition that is revised."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.findings import Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Strategy
from atsugi_cli.reader import Read, Schemas, read, read_profile
from atsugi_cli.store import Blob, StoreError

if TYPE_CHECKING:
    from atsugi_cli.revision import Revision


class UnreadableError(Exception):
    """An edition that a command needs cannot be used; carries the findings that say why."""

    def __init__(self, results: Sequence[Read]) -> None:
        """Keep what was found."""
        super().__init__(", ".join(result.source for result in results))
        self.results = tuple(results)


@cache
def schemas() -> Schemas:
    """Read the two schemas that travel with the program."""
    folder = Path(store.packaged("schemas"))

    def parsed(name: str) -> dict[str, object]:
        data: dict[str, object] = json.loads((folder / name).read_text(encoding="utf-8"))
        return data

    return Schemas(parsed("strategy.schema.json"), parsed("profile.schema.json"))


@frozen
class ProfileRead:
    """A profile file, read."""

    profile: Profile
    findings: tuple[Finding, ...]
    source: str = ""
    text: str = ""


class Project:
    """Reads each file once; editions of one run share profiles."""

    def __init__(self, root: str = store.ROOT) -> None:
        """Begin with nothing read; `root` is the folder of editions where none is named."""
        self.root = root
        self._profiles: dict[str, ProfileRead] = {}
        self._doubted: set[str] = set()
        self._reads: dict[tuple[str, int], Read] = {}
        self._ids: dict[tuple[str, int], str] = {}

    def profile_of(self, path: str | None) -> ProfileRead:
        """Give the profile that holds for an edition's file; the default one where there is none."""
        found = store.profile_for(path) if path else None
        if found is None and not path and Path(self.root).is_dir():
            found = store.profile_for(f"{self.root}/x")
        return ProfileRead(DEFAULT_PROFILE, ()) if found is None else self.profile_at(found)

    def profile(self, path: str | None) -> Profile:
        """Give the profile for a paper; where it has slips, say so once: what they spoil is printed as by default."""
        found = self.profile_of(path)
        if found.findings and found.source not in self._doubted:
            self._doubted.add(found.source)
            streams.complain(
                f"{found.source} に誤りがあり、読めないところは既定の設定で出します。"
                "strategy validate で確かめてください。"
            )
        return found.profile

    def profile_at(self, path: str) -> ProfileRead:
        """Read a profile file, once."""
        if path not in self._profiles:
            blob = store.read_file(path)
            profile, findings, text = read_profile(blob.data, blob.name, schemas())
            self._profiles[path] = ProfileRead(profile, findings, blob.name, text)
        return self._profiles[path]

    def set_profile(self, path: str, profile: ProfileRead) -> None:
        """Take a profile for that of a file that cannot be read."""
        self._profiles[path] = profile

    def forget(self, most: int = 0) -> None:
        """Let go of the editions read so far, but for the last ones: of many they would fill the memory."""
        while len(self._reads) > most:
            del self._reads[next(iter(self._reads))]

    def read(self, blob: Blob) -> Read:
        """Read one edition with its profile."""
        key = (blob.name, hash(blob.data))  # the bytes themselves would stay in memory for nothing
        if key not in self._reads:
            self._reads[key] = result = read(blob.data, blob.name, schemas(), self.profile_of(blob.path).profile)
            self._ids[key] = result.strategy.edition.id if result.strategy is not None else ""
        return self._reads[key]

    def _id(self, blob: Blob) -> str:
        """Give the id of an edition that was read before, or is read now; empty where it has none."""
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

    def newest(self, blobs: tuple[Blob, ...]) -> Blob:
        """Choose the newest edition: one that no other revises, the latest by date and id among several."""
        reads = [(blob, self.read(blob)) for blob in blobs]
        known = [(blob, result.strategy) for blob, result in reads if result.strategy is not None]
        meant = [blob for blob, result in reads if [each.rule.code for each in result.findings] != ["not-a-strategy"]]
        last_named = store.by_name(tuple(meant) or blobs)
        if all(blob is not last_named for blob, _ in known):  # it cannot be read: the user must be told, not misled
            return last_named
        revised = {strategy.edition.revises for _, strategy in known}
        last = [each for each in known if each[1].edition.id not in revised] or known
        return max(last, key=lambda each: (each[1].edition.date, each[1].edition.id, each[0].name))[0]

    def resolve(self, argument: str, beside: str = "") -> Blob:
        """Read what an EDITION argument names."""
        return store.resolve(argument, self.root, beside=beside, newest=self.newest)

    def require(self) -> None:
        """Refuse to go on where there is no folder of editions, and say how to begin."""
        if not Path(self.root).is_dir():
            raise StoreError(
                f"{self.root}/ フォルダがありません。版のファイルを指定するか、strategy init で始めてください。"
                "手本は strategy diff atsugi-2 で見られます。"
            )

    def latest(self) -> Blob:
        """Choose the newest edition under the root; of several plans, that whose newest edition is the latest."""
        self.require()
        editions = store.find_editions([self.root]).editions
        if not editions:
            raise StoreError(f"{self.root}/ に版（*.yaml）がありません。strategy init で始めてください。")
        return max(self._newest_of_each(tuple(map(store.read_file, editions))), key=self._age)

    def _newest_of_each(self, blobs: tuple[Blob, ...]) -> list[Blob]:
        """Choose the newest edition of each plan (folder)."""
        folders: dict[str, list[Blob]] = {}
        for blob in blobs:
            folders.setdefault(str(PurePath(blob.path or blob.name).parent), []).append(blob)
        return [self.newest(tuple(each)) for each in folders.values()]

    def _age(self, blob: Blob) -> tuple[str, str]:
        strategy = self.read(blob).strategy
        name = PurePath(blob.path or blob.name).stem  # ids are dates, so that what cannot be read has an age too
        return (strategy.edition.date or name, strategy.edition.id) if strategy is not None else (name, name)

    def revised(self, blob: Blob, strategy: Strategy) -> Blob | None:
        """Find the edition that this one revises, beside it (at the same revision where it comes from git)."""
        name = strategy.edition.revises
        if not name:
            return None
        if blob.path is None:
            return self._named(name)
        folder = PurePath(blob.path).parent
        for suffix in store.SUFFIXES:
            path = (folder / f"{name}{suffix}").as_posix()
            if blob.rev is not None:
                try:
                    return store.resolve(f"{blob.rev}:{path}", self.root, newest=self.newest)
                except StoreError:
                    continue
            elif Path(path).is_file():
                return store.read_file(path)
        return self._beside(blob, name) or self._named(name)

    def _beside(self, blob: Blob, name: str) -> Blob | None:
        """Find an edition by the id written in it, where the file is called otherwise."""
        if blob.rev is not None or blob.path is None:
            return None
        folder = Path(blob.path).parent
        for path in store.find_editions([str(folder)]).editions:
            if Path(path).parent == folder and path != blob.path:
                try:
                    other = store.read_file(path)
                except StoreError:
                    continue  # a neighbour that cannot be read may be anything
                if self._id(other) == name:
                    return other
        return None

    def _named(self, name: str) -> Blob | None:
        try:
            return store.resolve(name, self.root, newest=self.newest)
        except StoreError:
            return None

    def compared(self, old: str, new: str) -> "tuple[Revision, Profile]":
        """Compare the two sides of a revision as they were named; the profile is that of the new one."""
        from atsugi_cli.compare import compare

        before, after = self.pair(old, new)
        results = [self.read(before), self.read(after)]
        bad = [_undoubled(result) for result in results]
        bad = [result for result in bad if result.strategy is None or result.findings]
        if bad:
            raise UnreadableError(bad)
        strategies = [result.strategy for result in results if result.strategy is not None]
        return compare(*strategies), self.profile(after.path or before.path)

    def pair(self, old: str, new: str) -> tuple[Blob, Blob]:
        """Read the two sides of a revision as they were named.

        Nothing: the newest edition and the one it revises. One edition: that one and the one it revises. One git
        revision: the newest edition then and now. REV1..REV2, or two revisions: the newest edition of the second, then
        and there. Two editions: these. An edition that was not there yet is compared with the one it revises.
        """
        if old and not new and (both := store.split_range(old)) is not None:
            return self._between(*both)
        if old:
            if new:
                after = self._named_outright(new)
                if after is not None:
                    return self.before(old, after), after
                before = self._named_outright(old)
                return self._between(old, new) if before is None else (before, self._again(new, before))
            before = self._named_outright(old)
            if before is None:
                after = self._changed_since(old)
                return self._then(old, after), after
            after = before
        else:
            after = self.latest()
        found = self.revised(after, self.strategy(after))
        if found is None:
            raise StoreError(self._has_no_base(after))
        return found, after

    def before(self, argument: str, blob: Blob) -> Blob:
        """Read the older side for an edition: what is named, or at a bare revision the same file.

        Where that was not there yet, it is the edition that it revises.
        """
        named = self._named_outright(argument)
        return self._then(argument, blob) if named is None else named

    def _named_outright(self, argument: str) -> Blob | None:
        """Read what an argument names by itself; None for a bare revision, which needs a file."""
        try:
            return self.resolve(argument)
        except store.NoPathError:
            return None

    def _again(self, rev: str, blob: Blob) -> Blob:
        """Read the same file at a revision."""
        return self.resolve(rev, beside=blob.path or "")

    def _then(self, rev: str, blob: Blob) -> Blob:
        """Read the same file at a revision; where it was not there yet, the edition that it revises."""
        try:
            return self._again(rev, blob)
        except StoreError as missing:
            if blob.path is None:
                raise
            strategy = self.strategy(blob)
            if not strategy.edition.revises:
                raise StoreError(f"{missing}{self._has_no_base(blob)}") from None
            for suffix in store.SUFFIXES:
                path = (PurePath(blob.path).parent / f"{strategy.edition.revises}{suffix}").as_posix()
                try:
                    return self.resolve(rev, beside=path)
                except StoreError:
                    continue
            found = self.revised(blob, strategy)
            if found is None:
                raise StoreError(self._has_no_base(blob)) from None
            return found

    def _between(self, old: str, new: str) -> tuple[Blob, Blob]:
        """Read the newest edition at a revision, and the same one at an earlier one."""
        store.repository(".").require(old)
        blobs = store.editions_at(new, self.root)
        if not blobs:
            raise StoreError(f"{new} の {self.root}/ に版（*.yaml）がありません。")
        after = self._most_recent(old, self._newest_of_each(blobs))
        return self._then(old, after), after

    def _changed_since(self, rev: str) -> Blob:
        """Choose the newest edition of the plan that has changed since a revision; else of the latest plan."""
        self.latest()  # says what is missing
        editions = tuple(map(store.read_file, store.find_editions([self.root]).editions))
        return self._most_recent(rev, self._newest_of_each(editions))

    def _most_recent(self, rev: str, newest: list[Blob]) -> Blob:
        """Choose among the newest editions of several plans: one that differs from a revision, the latest of these."""
        changed = [blob for blob in newest if len(newest) > 1 and self._differs(rev, blob)]
        chosen = max(changed or newest, key=self._age)
        if others := [blob.name for blob in changed if blob is not chosen]:
            streams.complain(f"{chosen.name} を比べます。ほかにも変わった版があります: {'、'.join(others)}")
        return chosen

    def _differs(self, rev: str, blob: Blob) -> bool:
        """Tell whether an edition has changed since a revision; one that came since must revise another."""
        try:
            return self._again(rev, blob).data != blob.data
        except StoreError:
            strategy = self.read(blob).strategy
            return strategy is not None and bool(strategy.edition.revises)

    def _has_no_base(self, blob: Blob) -> str:
        revises = self.strategy(blob).edition.revises
        if revises:
            return f"{blob.name} が改定する版「{revises}」が見つかりません。現行の版を一つ目に指定してください。"
        return f"{blob.name} は最初の版（revises なし）です。比べる版を二つ指定してください: strategy diff 現行 改定後"


def _undoubled(result: Read) -> Read:
    """Add the findings of doubled ids: nobody could say who became whom."""
    strategy = result.strategy
    if strategy is None or result.findings:
        return result
    ids = [item.id for item in strategy.items()]
    ids += [indicator.id for _, indicator in strategy.indicators()]
    if len(set(ids)) == len(ids):
        return result
    from atsugi_cli.rules import check
    from atsugi_cli.rules.base import Subject

    found = tuple(each for each in check(Subject(strategy)) if each.rule.code == "duplicate-id")
    return replace(result, findings=found)
