"""Measure `strategy` beside its peers, in one sitting, and print the ratios as a Markdown table.

    python benchmarks/run.py [--quick | --formats] [--cache FOLDER] [--out FILE]

`--formats` measures something else: what each format of `diff` costs, as a ratio to the plain table.

Every tool gets a virtual environment of its own in the cache folder, which is outside the repository; the program is
installed there from this checkout. Commands take turns (A B C A B C …), so that whatever else the machine does hits
all alike. Figures are CPU time, user and system, of whole processes: medians of the rounds. POSIX only (`os.wait4`).
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plans import NEW, OLD, WITHOUT_IDS, write

REPOSITORY = Path(__file__).resolve().parent.parent
PEERS = {
    "strategy": f"{REPOSITORY}[all]",
    "deepdiff": "deepdiff[cli]",
    "check-jsonschema": "check-jsonschema",
    "yamllint": "yamllint",
    "graphtage": "graphtage",
    "pyyaml": "pyyaml",
}
FURTHER = 20
"""Files more in one `validate`, to see what each costs."""
SMALL, LARGE, HUGE = 150, 10_000, 100_000
LOAD = "import gc, sys, yaml; gc.disable(); yaml.load(open(sys.argv[1], 'rb'), yaml.CSafeLoader)"


@dataclass(frozen=True)
class Command:
    """What is run: its words, and what it sees of the environment beyond ours."""

    words: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    exit_code: int = 0
    """1 where the tool says so that the two files differ, or what it thinks of our line lengths."""


@dataclass(frozen=True)
class Run:
    """What one process took: seconds of CPU, and bytes at its peak."""

    seconds: float
    peak: int


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure and its goal, at most or (for how much slower a peer is) at least."""

    what: str
    figure: float
    goal: float
    unit: str = "×"
    at_least: bool = False

    @property
    def cells(self) -> str:
        """Print the line; a missed goal says by how much."""
        met = self.figure >= self.goal if self.at_least else self.figure <= self.goal
        share = self.figure / self.goal - 1
        sign = "≥" if self.at_least else "≤"
        return (
            f"| {self.what} | {self.figure:.3g}{self.unit} | {sign} {self.goal:g} | {'✓' if met else f'{share:+.0%}'} |"
        )


def main() -> None:
    """Run everything and print the table."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--quick", action="store_true", help="fewer rounds, without graphtage and 100,000 items")
    arguments.add_argument("--formats", action="store_true", help="only what each format of diff costs")
    arguments.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "strategy-benchmarks")
    arguments.add_argument("--out", type=Path, help="write the table to this file too")
    wanted = arguments.parse_args()
    if wanted.formats:
        print(_formats({"strategy": _environment(wanted.cache / "strategy", PEERS["strategy"])}, wanted.cache))
        return
    tools = {name: _environment(wanted.cache / name, package) for name, package in PEERS.items()}
    rows = [*_small(tools, wanted.cache, 7 if wanted.quick else 15), *_large(tools, wanted.cache)]
    if not wanted.quick:
        rows += [*_graphtage(tools, wanted.cache), *_growth(tools, wanted.cache)]
    table = "\n".join(["| | measured | goal | |", "|---|---:|---:|---|", *(row.cells for row in rows)])
    print(table)
    if wanted.out:
        wanted.out.write_text(table + "\n", encoding="utf-8")


def _environment(folder: Path, package: str) -> Path:
    """Make a virtual environment with one tool, unless the cache has it; the program itself is installed anew."""
    binaries = folder / "bin"
    if not binaries.exists():
        venv.create(folder, with_pip=True)
    elif package != PEERS["strategy"]:
        return binaries
    renewed = ["--force-reinstall", "--no-deps"] if (binaries / "strategy").exists() else []
    subprocess.run([binaries / "python", "-m", "pip", "install", "-q", *renewed, package], check=True)
    return binaries


def _plan(cache: Path, size: int) -> Path:
    """Give the folder with the plan of a size, written if the cache does not have it."""
    folder = cache / f"plans-{size}" / "sample-2"
    if not (folder / WITHOUT_IDS / NEW).exists():
        write(folder, size)
    return folder


def _once(command: Command, folder: Path) -> Run:
    """Run a command in a folder, with its output thrown away."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", **dict(command.environment)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(
        command.words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # it is waited for
    if process.returncode != command.exit_code:
        sys.exit(f"exit code {process.returncode}, not {command.exit_code}: {' '.join(command.words)}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def _measured(commands: Mapping[str, Command], folder: Path, rounds: int) -> dict[str, Run]:
    """Run commands in turns, once more to warm up than the rounds that count, and give the medians."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            print(f"\r{name:60.60}", end="", file=sys.stderr)
            runs[name].append(_once(command, folder))
    print(f"\r{'':60}\r", end="", file=sys.stderr)
    return {
        name: Run(
            statistics.median(each.seconds for each in found[1:]), max(each.peak for each in found)
        )
        for name, found in runs.items()
    }  # fmt: skip


def _ours(tools: Mapping[str, Path], *words: object) -> Command:
    return Command((str(tools["strategy"] / "strategy"), *map(str, words)))


def _small(tools: Mapping[str, Path], cache: Path, rounds: int) -> list[Row]:
    """Measure what people wait for: commands on a plan as large as a city's."""
    folder = _plan(cache, SMALL)
    old, new = folder / OLD, folder / NEW
    schema = REPOSITORY / "schemas" / "strategy.schema.json"
    completion = (("_STRATEGY_COMPLETE", "complete_bash"), ("COMP_WORDS", "strategy va"), ("COMP_CWORD", "1"))
    commands = {
        "pass": Command((str(tools["strategy"] / "python"), "-c", "pass")),
        "version": _ours(tools, "--version"),
        "help": _ours(tools, "--help"),
        "tab": Command(_ours(tools).words, completion),
        "validate": _ours(tools, "validate", old),
        "many": _ours(tools, "validate", *_copies(folder)),
        "tree": _ours(tools, "tree", new),
        "diff": _ours(tools, "diff", old, new),
        "colour": _ours(tools, "diff", "--color", "always", old, new),
        "deep": Command((str(tools["deepdiff"] / "deep"), "diff", str(old), str(new))),
        "check-jsonschema": Command(
            (str(tools["check-jsonschema"] / "check-jsonschema"), "--schemafile", str(schema), str(old))
        ),
        "yamllint": Command((str(tools["yamllint"] / "yamllint"), "-d", "relaxed", str(old))),
    }
    took = {name: run.seconds for name, run in _measured(commands, cache, rounds).items()}
    bare = took["pass"]
    return [
        Row("`--version` / `python -c pass`", took["version"] / bare, 1.5),
        Row("`--help` / pass", took["help"] / bare, 6),
        Row("TAB / pass", took["tab"] / bare, 7),
        Row("`validate`, 150 items / pass", took["validate"] / bare, 8.5),
        Row("each further file in one `validate` / pass", (took["many"] - took["validate"]) / FURTHER / bare, 1.3),
        Row("`tree`, 150 items / pass", took["tree"] / bare, 8.5),
        Row("`diff`, 150 items / pass", took["diff"] / bare, 10),
        Row("`diff` in colour / pass", took["colour"] / bare, 13),
        Row("`deep diff` (DeepDiff) / `diff`", took["deep"] / took["diff"], 8, at_least=True),
        Row("check-jsonschema / `validate`", took["check-jsonschema"] / took["validate"], 4, at_least=True),
        Row("yamllint / `validate`", took["yamllint"] / took["validate"], 5, at_least=True),
    ]


def _formats(tools: Mapping[str, Path], cache: Path) -> str:
    """Measure every format of `diff` on a plan as large as a city's, beside the plain table."""
    folder = _plan(cache, SMALL)
    codes = ("text", "markdown", "json", "html", "csv", "docx", "xlsx", "pptx", "pdf")
    paper = cache / "paper"
    commands = {code: _ours(tools, "diff", folder / OLD, folder / NEW, "-f", code, "-o", paper) for code in codes}
    took = {code: run.seconds for code, run in _measured(commands, cache, 7).items()}
    lines = [f"| {code} | {took[code] / took['text']:.3g}× |" for code in codes]
    return "\n".join(["| format | CPU / text |", "|---|---:|", *lines])


def _copies(folder: Path) -> Sequence[Path]:
    """Put copies of the old edition in folders of their own, the first one apart."""
    found = [folder / OLD]
    for number in range(FURTHER):
        place = folder.parent / f"copy-{number}" / folder.name
        place.mkdir(parents=True, exist_ok=True)
        found.append(Path(shutil.copy(folder / OLD, place)))
    return found


def _large(tools: Mapping[str, Path], cache: Path) -> list[Row]:
    """Measure against what is fast: a C parser that builds plain data, and git, on 10,000 items."""
    old, new = _plan(cache, LARGE) / OLD, _plan(cache, LARGE) / NEW
    commands = {
        "validate 10k": _ours(tools, "validate", old),
        "load 10k": Command((str(tools["pyyaml"] / "python"), "-c", LOAD, str(old))),
        "diff 10k": _ours(tools, "diff", old, new),
        "git 10k": Command(("git", "diff", "--no-index", str(old), str(new)), exit_code=1),
    }
    took = {name: run.seconds for name, run in _measured(commands, cache, 3).items()}
    return [
        Row("`validate`, 10,000 items / PyYAML's C load alone, gc off", took["validate 10k"] / took["load 10k"], 0.65),
        Row("`diff`, 10,000 items / `git diff --no-index`", took["diff 10k"] / took["git 10k"], 18),
    ]


def _graphtage(tools: Mapping[str, Path], cache: Path) -> list[Row]:
    """Measure graphtage once: it takes half a minute."""
    old, new = str(_plan(cache, SMALL) / OLD), str(_plan(cache, SMALL) / NEW)
    slow = _once(Command((str(tools["graphtage"] / "graphtage"), "--no-status", old, new), exit_code=1), cache)
    ours = _measured({"diff": _ours(tools, "diff", old, new)}, cache, 3)["diff"]
    return [Row("graphtage / `diff`", slow.seconds / ours.seconds, 250, at_least=True)]


def _growth(tools: Mapping[str, Path], cache: Path) -> list[Row]:
    """Measure how time and memory grow from 10,000 to 100,000 items."""
    runs: dict[tuple[str, int], Run] = {}
    for size in (LARGE, HUGE):
        old, new, other = (_plan(cache, size) / name for name in (OLD, NEW, f"{WITHOUT_IDS}/{NEW}"))
        commands = {
            "validate": _ours(tools, "validate", old),
            "diff": _ours(tools, "diff", old, new),
            "without ids": _ours(tools, "diff", old, other),
        }
        runs |= {(name, size): _once(command, cache) for name, command in commands.items()}

    def exponent(name: str) -> float:
        return math.log10(runs[name, HUGE].seconds / runs[name, LARGE].seconds)

    def kilobytes(name: str) -> float:
        return (runs[name, HUGE].peak - runs[name, LARGE].peak) / (HUGE - LARGE) / 1000

    return [
        Row("growth of `validate`, 10,000 → 100,000 items: exponent", exponent("validate"), 1.06, ""),
        Row("growth of `diff`: exponent", exponent("diff"), 1.06, ""),
        Row("growth of `diff` without common ids: exponent", exponent("without ids"), 1.3, ""),
        Row("memory an item, `validate`", kilobytes("validate"), 4, " kB"),
        Row("memory an item, `diff`", kilobytes("diff"), 7, " kB"),
    ]


if __name__ == "__main__":
    main()
