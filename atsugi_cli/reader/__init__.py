"""Reader: text in, a strategy (or a profile) or findings with places out."""

from bisect import bisect_right
from collections.abc import Callable
from operator import itemgetter

from atsugi_cli.findings import Finding, in_order
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import DEFAULT_PROFILE, Profile
from atsugi_cli.model import Strategy
from atsugi_cli.reader import build
from atsugi_cli.reader.data import Map
from atsugi_cli.reader.decoding import decode
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.schema import Kind, Schema, accepts


@frozen
class Schemas:
    """The JSON Schemas by the kind of file, as parsed JSON; whoever has files to open brings in how one is read."""

    of: Callable[[Kind], Schema]

    @property
    def strategy(self) -> Schema:
        """Return the schema of an edition."""
        return self.of("strategy")

    @property
    def profile(self) -> Schema:
        """Return the schema of a city's profile."""
        return self.of("profile")


@frozen
class Read:
    """What reading gives: a strategy wherever one could be built (also beside findings), and the findings.

    `broken` are the nodes of mappings in which something is wrong.
    """

    source: str
    text: str
    strategy: Strategy | None = None
    findings: tuple[Finding, ...] = ()
    broken: frozenset[int] = frozenset()


def read(data: bytes, source: str, schemas: Schemas, profile: Profile = DEFAULT_PROFILE) -> Read:
    """Read one edition; `source` names it as the user does. Never raises on what a file may hold."""
    text, findings = decode(data, source)
    if text is None:
        return Read(source, "", None, findings)
    tree, found = load(text, source)
    if found or findings:
        return Read(source, text, None, in_order((*findings, *found)))
    own = tuple(profile.kinds)
    if accepts(tree, "strategy", schemas.strategy, profile.levels, own):
        assert type(tree) is Map  # noqa: S101 - the schema asks for a mapping
        return Read(source, text, build.strategy(tree, source, text, profile.levels))
    from atsugi_cli.kinds import KINDS
    from atsugi_cli.reader.explain.mistakes import explain

    labels = {kind.entry.code: kind.entry.label for kind in KINDS} | dict(profile.kinds)
    explained = explain(tree, text, source, schemas.strategy, levels=profile.levels, flags=labels, own=own)
    strategy = build.strategy(tree, source, text, profile.levels) if type(tree) is Map else None
    return Read(source, text, strategy, explained, _broken(tree, explained))


def read_profile(data: bytes, source: str, schemas: Schemas) -> tuple[Profile, tuple[Finding, ...], str]:
    """Read a city's profile; with findings it is the default one wherever it could not be read."""
    text, findings = decode(data, source)
    if text is None:
        return DEFAULT_PROFILE, findings, ""
    tree, found = load(text, source)
    if found or findings:
        return DEFAULT_PROFILE, in_order((*findings, *found)), text
    explained: tuple[Finding, ...] = ()
    if not accepts(tree, "profile", schemas.profile):
        from atsugi_cli.reader.explain.mistakes import explain

        explained = explain(tree, text, source, schemas.profile, kind="profile")
    return build.profile(tree) if type(tree) is Map else DEFAULT_PROFILE, explained, text


def _broken(tree: object, findings: tuple[Finding, ...]) -> frozenset[int]:
    """Collect the mappings whose lines hold a finding, with all that contain them."""
    lines = sorted(finding.place.line for finding in findings)
    nodes: list[tuple[int, int]] = []
    stack: list[tuple[object, tuple[int, ...]]] = [(tree, ())]
    owners: dict[int, tuple[int, ...]] = {}
    while stack:
        value, above = stack.pop()
        if type(value) is Map:
            nodes.append((value.line, value.node))
            owners[value.node] = above
            stack += [(each, (*above, value.node)) for each in value.values()]
        elif type(value) is list:
            stack += [(each, above) for each in value]
    nodes.sort()
    broken: set[int] = set()
    for line in lines:
        inside = bisect_right(nodes, line, key=itemgetter(0))
        if inside:
            node = nodes[inside - 1][1]
            broken |= {node, *owners[node]}
    return frozenset(broken)
