# ruff: noqa: INP001 - a script, in no package
"""Write the comment of a pull request: what the revision changes since a commit, and what is wrong with it.

Usage: comment.py ROOT [BASE] > comment.md. The first line marks the comment, so that it can be found and replaced.
"""

import subprocess
import sys

MARKER = "<!-- strategy:revision -->"
"""As `strategy diff --format comment` begins."""
NO_TABLE = "新旧対照表はありません（誤りがあるか、比べる版がありません）。"
FINDINGS = 20
"""Findings that are listed; all of them stand in the log and beside the lines."""
LENGTH = 200
"""Characters of a finding that are shown: with FINDINGS within what the table leaves of GitHub's 65,536."""


def strategy(*arguments: str) -> str:
    """Run the program and give what it prints; nothing when it cannot."""
    # -P: what lies in the work tree, a pull request's, is never imported.
    command = [sys.executable, "-P", "-m", "atsugi_cli", *arguments]
    run = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")  # noqa: S603 - no shell
    return run.stdout


def comment(root: str, base: str) -> str:
    """Give the comment: the table of the revision, then the findings."""
    shown = ["diff", *([base] if base else []), "--root", root, "--format", "comment"]
    table = (
        strategy(*shown) or f"{MARKER}\n# 総合戦略\n\n新旧対照表はありません（誤りがあるか、比べる版がありません）。\n"
    )
    lines = strategy("validate", root, "--root", root, "--format", "concise", "--fail-on", "never").splitlines()
    if not lines:
        return f"{table}\n検証: 問題はありません。\n"
    listed = [line[:LENGTH].replace("~", "～") for line in lines[:FINDINGS]]
    more = f"\nほか{len(lines) - FINDINGS}件\n" if len(lines) > FINDINGS else ""
    return "\n".join([table, f"検証: 指摘が{len(lines)}件あります。", "", "~~~text", *listed, "~~~", more])


if __name__ == "__main__":
    root_folder, *rest = sys.argv[1:]
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(comment(root_folder, rest[0] if rest else ""))
