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
    text, tree, found = checked(data, source, "strategy", schemas.strategy, profile)
    strategy = build.strategy(tree, source, text, profile.levels) if type(tree) is Map else None
    return Read(source, text, strategy, found, _broken(tree, found) if found else frozenset())


def read_profile(data: bytes, source: str, schemas: Schemas) -> tuple[Profile, tuple[Finding, ...], str]:
    """Read a city's profile; with findings it is the default one wherever it could not be read."""
    text, tree, found = checked(data, source, "profile", schemas.profile)
    return build.profile(tree) if type(tree) is Map else DEFAULT_PROFILE, found, text


def checked(
    data: bytes, source: str, kind: Kind, schema: Schema, profile: Profile = DEFAULT_PROFILE
) -> tuple[str, object, tuple[Finding, ...]]:
    """Return a file's text, its data, and what is wrong: no data of what is no YAML, all there is of what is odd."""
    text, findings = decode(data, source)
    if text is None:
        return "", None, findings
    tree, found = load(text, source)
    if found:
        return text, None, in_order(found)
    own = tuple(profile.kinds)
    if accepts(tree, kind, schema, profile.levels, own):
        return text, tree, ()
    from atsugi_cli.kinds import KINDS
    from atsugi_cli.reader.explain.mistakes import explain

    labels = {each.entry.code: each.entry.label for each in KINDS} | dict(profile.kinds) if kind == "strategy" else {}
    return text, tree, explain(tree, text, source, schema, kind=kind, levels=profile.levels, flags=labels, own=own)


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
