"""The diff driver: what git calls for every edition in a difference; started without the commands.

`python -m atsugi_cli.cli.diff_driver diff|textconv ROOT ARGUMENT…` prints an edition, or what changed in it, in words.
git runs it on every edition file, so whatever cannot be read is shown as plain text.
"""

import gc
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from atsugi_cli import store
from atsugi_cli.cli.output import opened, spoken
from atsugi_cli.formats.options import Options
from atsugi_cli.levels import Profile
from atsugi_cli.model import Strategy
from atsugi_cli.project.editions import revised
from atsugi_cli.project.fixing import unified
from atsugi_cli.project.reading import Project
from atsugi_cli.revision import Revision
from atsugi_cli.store import Blob

_SIDES = 7
"""Arguments of a diff driver: path, then file, id and mode of each side; two more after a renaming, one for a merge."""
_RENAMED = 9


def _textconv(arguments: Sequence[str], root: str) -> int:
    """Print an edition in words; what cannot be read, as it is."""
    (name,) = arguments
    data = Path(name).read_bytes()
    words = ""
    try:
        # In a merge git shows three sides together: all of them as they are, or nothing would be found in it.
        conflict = store.repository(".").unmerged(Path(name).name)
        strategy = None if conflict else _strategy(opened(root), data, name)
        if strategy is not None:
            from atsugi_cli.layout.readable import readable

            words = readable(strategy, opened(root).profile_of(None).profile)
    except Exception:  # noqa: BLE001 - git would stop in the middle of its log
        words = ""
    store.write_atomic(None, words.encode("utf-8", "replace") or data)
    return 0


def _driver(arguments: Sequence[str], root: str) -> int:
    """Print what changed between the two sides that git names; plain text where that cannot be said in words."""
    if len(arguments) not in {_SIDES, _RENAMED}:
        if len(arguments) == 1:
            store.write_atomic(None, f"{arguments[0]}: 統合（merge）の途中です。\n".encode("utf-8", "surrogateescape"))
        return 0
    path = arguments[0]
    new_path = arguments[_SIDES] if len(arguments) == _RENAMED else path
    old, new = _bytes(arguments[1]), _bytes(arguments[4])
    try:
        words = _revision(opened(root), path, old, new_path, new)
    except Exception:  # noqa: BLE001 - git would stop: "external diff died"
        words = ""
    title = path if new_path == path else f"{path} → {new_path}"
    text = f"改定 {title}\n{words}\n" if words else _plain(path, old, new_path, new)
    store.write_atomic(None, text.encode("utf-8", "surrogateescape"))
    return 0


def _bytes(path: str) -> bytes | None:
    """Read a side; None where there is no file on it."""
    return None if path in {"/dev/null", "nul"} else Path(path).read_bytes()


def _strategy(project: Project, data: bytes, name: str) -> Strategy | None:
    result = project.read(Blob(name, data))
    return None if result.findings else result.strategy


def _revision(project: Project, old_path: str, old: bytes | None, path: str, new: bytes | None) -> str:
    """Say in words what changed; empty where nothing in it did, or where a side cannot be read."""
    after = _strategy(project, new, path) if new is not None else None
    if after is None:
        return ""
    if old is not None:
        before = _strategy(project, old, old_path)
    else:  # a new edition: what it changes is what it revises
        blob = revised(project, Blob(path, new or b"", path), after)
        before = project.strategy(blob) if blob is not None else None
    if before is None:
        return ""
    from atsugi_cli.compare import compare

    profile = project.profile(path)
    revision = compare(before, after, profile.kinds)
    return in_words(revision, profile, spoken(sys.stdout)) if revision.changed else ""


def in_words(revision: Revision, profile: Profile, settings: Options) -> str:
    """Say in words what a revision changes, without its head."""
    from atsugi_cli.document import Heading
    from atsugi_cli.formats.text import write
    from atsugi_cli.layout.points import points

    document = points(revision, profile)
    start = next(
        index
        for index, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.text == "変更の内容"
    )
    return write(replace(document, blocks=document.blocks[start + 1 :]), settings)


def _plain(old_path: str, old: bytes | None, path: str, new: bytes | None) -> str:
    """Return the difference of two texts as git would."""
    before, after = ((data or b"").decode("utf-8", "surrogateescape") for data in (old, new))
    old_name = f"a/{old_path}" if old is not None else "/dev/null"
    new_name = f"b/{path}" if new is not None else "/dev/null"
    return "".join([f"diff --git a/{old_path} b/{path}\n", *unified(before, after, old_name, new_name)])


def run(arguments: Sequence[str]) -> int:
    """Do what git asks for; what goes wrong here git does by itself, as it was told to."""
    action, root, *rest = arguments
    return (_textconv if action == "textconv" else _driver)(rest, root)


if __name__ == "__main__":
    gc.disable()  # as in `__main__`: nothing here makes cycles worth collecting
    from atsugi_cli.cli.streams import prepare

    prepare()
    sys.exit(run(sys.argv[1:]))
