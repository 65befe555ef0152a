"""Replay two-branch histories of made-up plans with git and with `strategy merge`, and measure what the driver costs.

    python benchmarks/merging.py [--merges N] [--seed N] [--cost]

Every history is a plan and two series of edits of it: renames, moves, KPIs, removals, additions. Printed: how many of
them git and this program leave to people, whether any merge of ours differs from one that git had right, and whether
swapping the sides ever gives other data, with the seeds of those. `--cost` measures the CPU time of the driver beside
`git merge-file`, and its growth. POSIX only.
"""

import argparse
import math
import resource
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from plans import OLD, write

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from merging import Writer

from atsugi_cli.merge import merged
from atsugi_cli.project.merging import Three, new_errors
from atsugi_cli.project.reading import Project
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.pieces import Pieces

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 15
PATH = "strategies/p/2021-03.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--merges", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cost", action="store_true")
    options = parser.parse_args()
    if options.cost:
        cost()
    else:
        replay(options.merges, options.seed)


def norm(value: object) -> object:
    if isinstance(value, dict):
        return {key: norm(each) for key, each in value.items() if key != "number"}
    return sorted(map(norm, value), key=repr) if isinstance(value, list) else value


def replay(merges: int, seed: int) -> None:
    """Merge histories with both, and compare."""
    seen = Counter()
    seeds = {}
    project = Project()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for number in range(seed, seed + merges):
            writer = Writer(number)
            base = writer.plan()
            texts = [writer.edited(base, 1 + number % 4), base, writer.edited(base, 1 + number // 4 % 4)]
            for path, text in zip(files, texts, strict=True):
                path.write_text(text, encoding="utf-8", newline="\n")
            git = subprocess.run(["git", "merge-file", "-p", *files], capture_output=True, check=False)
            ours, theirs = texts[0], texts[2]
            found, swapped = merged(base, ours, theirs), merged(base, theirs, ours)
            data = norm(Pieces(found.chosen("ours")).root.data)
            seen["merges"] += 1
            seen["git left to people"] += git.returncode != 0
            seen["strategy left to people"] += not found.is_clean
            if data != norm(Pieces(swapped.chosen("theirs")).root.data):
                seeds.setdefault("other data when swapped", []).append(number)
            text = git.stdout.decode("utf-8")
            if git.returncode or not found.is_clean:
                continue
            if not load(text, "")[1] and norm(Pieces(text).root.data) == data:
                seen["merged by both alike"] += 1
            elif list(new_errors(project, Three(PATH, *(each.encode() for each in (base, ours, theirs))), git.stdout)):
                seeds.setdefault("git merged to what does not validate", []).append(number)
            else:
                seeds.setdefault("git merged to other data that validate", []).append(number)
    for what, count in seen.items():
        print(f"{what}: {count}")
    for what, found in seeds.items():
        print(f"{what}: {len(found)}, seeds {' '.join(map(str, found))}")


def cost() -> None:
    """Measure the driver beside `git merge-file`, in turns, and how it grows."""
    with tempfile.TemporaryDirectory() as folder:
        for size in (150, *SIZES):
            write(Path(folder, str(size)), size)
            base = Path(folder, str(size), OLD)
            text = base.read_text(encoding="utf-8")
            lines = [at for at, line in enumerate(text.splitlines()) if line.strip().startswith("title:")]
            sides = []
            for share in (3, 4):
                changed = text.splitlines(keepends=True)
                for at in lines[share::40]:
                    changed[at] = changed[at].rstrip("\n") + "改\n"
                sides.append(base.with_name(f"{share}.yaml"))
                sides[-1].write_text("".join(changed), encoding="utf-8", newline="\n")
            target = base.with_name("target.yaml")
            files = [str(base), str(target), str(sides[1])]
            driver = [sys.executable, "-I", "-m", "atsugi_cli.cli.merge_driver", *files, "7", PATH]
            plain = ["git", "merge-file", "-q", str(target), str(base), str(sides[1])]
            took = {"driver": [], "git": [], "python": []}
            for _ in range(ROUNDS if size <= SIZES[0] else 1):
                for name, command in (
                    ("driver", driver),
                    ("git", plain),
                    ("python", [sys.executable, "-I", "-c", "pass"]),
                ):
                    target.write_bytes(sides[0].read_bytes())
                    start = resource.getrusage(resource.RUSAGE_CHILDREN)
                    subprocess.run(command, check=False, capture_output=True)
                    end = resource.getrusage(resource.RUSAGE_CHILDREN)
                    took[name].append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
            middle = {name: statistics.median(values) for name, values in took.items()}
            print(
                size,
                {name: round(value, 4) for name, value in middle.items()},
                f"{middle['driver'] / middle['git']:.1f}x",
            )
            if size == SIZES[0]:
                small = middle["driver"] - middle["python"]
            if size == SIZES[-1]:
                print("exponent", round(math.log((middle["driver"] - middle["python"]) / small, size / SIZES[0]), 3))


if __name__ == "__main__":
    main()
