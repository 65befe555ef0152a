"""The merge driver: what git calls for every edition that both sides have changed; started without the commands.

`python -m atsugi_cli.cli.merge_driver BASE OURS THEIRS SIZE PATH NAME NAME`: OURS gets the result. Ends with 0, with
CLASHES, or with anything else where git is to merge by lines.
"""

import gc
import os
import sys
from pathlib import Path

CLASHES = 64
"""Not 1, with which Python itself ends where this module cannot be found."""
UNUSABLE = 65


def drive(arguments: list[str]) -> int:
    """Merge as git asks; never raise."""
    try:
        return _drive(*arguments)
    except Exception as error:  # noqa: BLE001 - git goes on by lines
        sys.stderr.write(f"strategy: {error}\n")
        return UNUSABLE


def _drive(base: str, ours: str, theirs: str, size: str, path: str, mine: str = "", yours: str = "") -> int:
    from atsugi_cli.project.merging import Three, merge
    from atsugi_cli.project.reading import Project

    sides = [Path(each).read_bytes() for each in (base, ours, theirs)]
    merging = [name for key, name in os.environ.items() if key.startswith("GITHEAD_")]  # where git knows no %Y
    if not yours.strip("%Y") and len(merging) == 1:
        mine, yours = "HEAD", merging[0]
    names = tuple(
        name if name and not name.startswith("%") else other for name, other in ((mine, "こちら"), (yours, "あちら"))
    )
    project = Project()
    outcome = merge(project, Three(path, sides[0], sides[1], sides[2], (names[0], names[1])))
    Path(ours).write_bytes(outcome.data(int(size)))
    if outcome.is_settled and not outcome.merged.decisions:
        return 0
    from atsugi_cli.cli.merge import tell
    from atsugi_cli.cli.streams import prepare

    prepare()
    tell(project, outcome)
    return 0 if outcome.is_settled else CLASHES


if __name__ == "__main__":
    gc.disable()  # as in `__main__`: nothing here makes cycles worth collecting
    sys.exit(drive(sys.argv[1:]))
