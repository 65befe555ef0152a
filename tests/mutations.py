"""Break the program in more than ten ways, one at a time, and see whether a test notices.

Run by hand: `python tests/mutations.py [WORD…]`, with words only those whose names hold one of them. Each is made
in a copy of the repository, where the tests of its row must fail. A pattern that matches nothing is reported: the code
has moved, and the row must follow.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[1]
WITHOUT = shutil.ignore_patterns(".git", ".venv", "*cache*", "__pycache__", "*.egg-info", ".hypothesis")

KINDS = ("tests/test_kinds.py",)
PRINTED = ("tests/test_printed.py",)
RULES = ("tests/test_rules.py",)
CITIES = ("tests/test_cities.py",)


@dataclass(frozen=True)
class Mutation:
    """What becomes of the first match of `pattern` in the package, and the tests that must notice."""

    name: str
    pattern: str
    replacement: str
    tests: tuple[str, ...]


TABLE = (
    Mutation(
        "before and after swapped: 上方修正",
        r"を\{before\}から\{after\}に\{lift\}",
        "を{after}から{before}に{lift}",
        KINDS,
    ),
    Mutation(
        "before and after swapped: 基準値更新", r"を\{before\}から\{after\}に更新", "を{after}から{before}に更新", KINDS
    ),
    Mutation("a key of the JSON renamed", r'"proposed": ', '"suggested": ', PRINTED),
    Mutation(
        "a key of the JSON of findings renamed",
        r'"fixable": ',
        '"fixes": ',
        (*PRINTED, "tests/test_findings_formats.py"),
    ),
    Mutation("line + 1 in the JSON of a revision", r'"line": thing\.line\b', '"line": thing.line + 1', KINDS),
    Mutation("line + 1 in the JSON of a tree", r'"line": item\.line\b', '"line": item.line + 1', CITIES),
    Mutation(
        "line + 1 in the JSON of findings",
        r'"line": place\.line\b',
        '"line": place.line + 1',
        ("tests/test_findings_formats.py",),
    ),
    Mutation("the message of a rule", r"にKPIがありません", "のKPIがありません", RULES),
    Mutation("the hint of a rule", r"番号を直してください", "番号を見てください", RULES),
    Mutation("the colour of a kind in a terminal", r'(Look\("figure", "↑", )"cyan"', r'\1"magenta"', KINDS),
    Mutation("the badge of a kind", r"⇉", "⇒", KINDS),
    Mutation("a heading of KPI一覧", r'Column\("増減"', 'Column("差"', CITIES),
    Mutation("another heading of KPI一覧", r"(removesuffix\('値'\)\})年", r"\1年度", CITIES),
    Mutation("the reason dropped from the JSON", r'"reason": change\.reason or None', '"reason": None', KINDS),
    Mutation("the reason dropped from the sentence", r"\{change\.reason\.rstrip\([^)]*\)\}、", "", KINDS),
    Mutation("the reason dropped from the remarks", r"Run\(reason\)", 'Run("")', CITIES),
    Mutation("a mark on the wrong side", r'\bside if marked else ""', '"" if marked else side', (*KINDS, *CITIES)),
    Mutation(
        "the sides of a clash swapped",
        r"_ended\(mine, newline\), middle, _ended\(yours, newline\)",
        "_ended(yours, newline), middle, _ended(mine, newline)",
        ("tests/test_merge.py",),
    ),
    Mutation("誤 above what is right", r'old_heading="誤"', 'old_heading="正"', ("tests/test_opinions.py",)),
    Mutation(
        "what is kept for the office in a paper that is handed out",
        r"return handout or \(self\.handout and not internal\)",
        "return handout and not internal",
        ("tests/test_handouts.py",),
    ),
    Mutation(
        "a mark where nothing changed", r"(\btext, marked\])( for text, marked in marks\.new)", r"text, True]\2", KINDS
    ),
)


def mutated(package, mutation):
    """Return the file with the first match in the package, its text, and what becomes of it; None without a match."""
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        changed = re.sub(mutation.pattern, mutation.replacement, text, count=1)
        if changed != text:
            return path, text, changed
    return None


def failure(copy, tests):
    """Run tests against the copy; give what pytest says where one of them fails."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout if done.returncode else ""


def main(words):
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        shutil.copytree(TOP, copy, ignore=WITHOUT)
        chosen = [each for each in TABLE if not words or any(word in each.name for word in words)]
        for tests in sorted({each.tests for each in chosen}):
            said = failure(copy, tests)
            assert not said, f"fails without any mutation: {said}"
        for mutation in chosen:
            made = mutated(copy / "atsugi_cli", mutation)
            if made is None:
                told = "NOT FOUND"
            else:
                path, text, changed = made
                path.write_text(changed, encoding="utf-8", newline="\n")
                told = f"noticed ({path.name})" if failure(copy, mutation.tests) else f"SURVIVED ({path.name})"
                path.write_text(text, encoding="utf-8", newline="\n")
            survived += told[0].isupper()
            print(f"{mutation.name}: {told}", flush=True)  # noqa: T201
    return min(survived, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
