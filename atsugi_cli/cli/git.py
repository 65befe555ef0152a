"""`strategy git`: let git itself print revisions in words: `git diff` by a driver, `git log -p` by a conversion.

What git runs is `cli.diff_driver`. The conversion is only set up where it is asked for: `git blame`, `git log -S` and
`git diff` in a conflict go by it, too.
"""

import re
import shlex
import sys
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import typer

from atsugi_cli import store
from atsugi_cli.cli import mistakes, options, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, flag
from atsugi_cli.cli.output import write_file
from atsugi_cli.cli.parameters import Root
from atsugi_cli.store import StoreError

ACTIONS: Final = ("install", "uninstall")
DRIVER: Final = "strategy"

_BEGIN: Final = "# >>> strategy"
_END: Final = "# <<< strategy"
_NO_NEWLINE: Final = " (+newline)"
"""Marks a block before which a line break had to be added, so that taking it out restores the file to the byte."""
_NEW_FILE: Final = " (+file)"
"""Marks a block for which the file was made."""
_BLOCK: Final = re.compile(
    rf"(?P<lead>\n?)(?P<block>{re.escape(_BEGIN)}(?P<how>[^\r\n]*)\r?\n.*?{re.escape(_END)}\r?\n)", re.DOTALL
)


def git(
    action: Annotated[
        str,
        argument(
            "|".join(ACTIONS),
            "設定する、設定を外す。",
            options.among(ACTIONS),
        ),
    ],
    *,
    textconv: Annotated[
        bool, flag("--textconv", "git log -p なども、版を言葉にしてから比べる（git blame、git log -S にも効く）。")
    ] = False,
    root: Root = "strategies",
) -> int:
    """改定を git diff で、言葉で読めるようにする。

    このリポジトリだけの設定（.git/config と .git/info/attributes）に書き、uninstall で元のとおりに戻します。
    履歴を言葉で見るには git log -p --ext-diff、git show --ext-diff。ふつうの差分は git diff --no-ext-diff。
    git blame、git log -S、git grep、統合（merge）の途中の git diff は、元のままです。

    例: strategy git install / strategy git uninstall
    """
    match action:
        case "install":
            return _install(root, textconv=textconv)
        case "uninstall":
            return _uninstall()
        case _:
            raise typer.BadParameter(mistakes.no_such_choice(action, ACTIONS))


# -------------------------------------------------------------------------------------------------------- settings


def _install(root: str, *, textconv: bool) -> int:
    """Write both settings; a second time gives the same files."""
    repository = store.repository(".")
    folder = repository.prefix() + PurePosixPath(root.replace("\\", "/")).as_posix().removeprefix("./")
    if Path(root).is_absolute() or ".." in PurePosixPath(folder).parts:
        raise StoreError(f"{root} はこのリポジトリの中のフォルダではありません。")
    merges = _may_merge(repository, folder)
    _write(repository.place("config"), _config(folder, textconv=textconv, merges=merges))
    _write(repository.place("info/attributes"), _attributes(folder, merges=merges))
    streams.complain(
        "git diff が、改定を言葉で示すようになりました（このリポジトリだけの設定です）。",
        *(["git merge は、版を項目ごとに合わせます。"] if merges else []),
        "履歴を言葉で見るには: git log -p --ext-diff",
        "ふつうの差分を見るには: git diff --no-ext-diff" + (" --no-textconv" if textconv else ""),
        "元に戻すには: strategy git uninstall",
    )
    return Exit.OK


def _uninstall() -> int:
    """Take both settings out again, to the byte."""
    repository = store.repository(".")
    found = [_take_out(repository.place(name)) for name in ("config", "info/attributes")]
    streams.complain("gitの設定を元に戻しました。" if any(found) else "gitの設定はありませんでした。")
    return Exit.OK


def _config(folder: str, *, textconv: bool, merges: bool) -> str:
    """Write what git runs. Should this program go away, git shows the plain difference and merges lines by itself."""
    program = f'"{Path(sys.executable).as_posix()}" {_apart()} -m atsugi_cli.cli.diff_driver'
    plain = 'git diff --no-index --no-ext-diff -- "$2" "$5"; true'
    words = f'f() {{ {program} diff {shlex.quote(folder)} "$@" || {{ {plain}; }}; }}; f'
    lines = f'f() {{ {program} textconv {shlex.quote(folder)} "$1" 2>/dev/null || cat "$1"; }}; f'
    settings = {
        "core": {"quotepath": "false"},  # 「体系図.svg」, not "\\344\\275\\223…"
        f'diff "{DRIVER}"': {"command": _for_config(words)} | ({"textconv": _for_config(lines)} if textconv else {}),
    }
    if merges:
        settings[f'merge "{DRIVER}"'] = {"name": "総合戦略を項目ごとに合わせる", "driver": _for_config(_merge_driver())}
    return "".join(
        f"[{section}]\n" + "".join(f"\t{name} = {value}\n" for name, value in entries.items())
        for section, entries in settings.items()
    )


def _apart() -> str:
    """Return the switch that keeps Python from importing what lies in the work tree, where git runs the driver.

    -I ignores PYTHONPATH, too, which may name it; -P serves where the program itself is found in no other way.
    """
    import subprocess

    command = [sys.executable, "-I", "-c", "import atsugi_cli"]
    alone = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a fixed list of words, no shell
    return "-I" if alone.returncode == 0 else "-P"


def _for_config(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _may_merge(repository: store.Git, folder: str) -> bool:
    """Check whether no other driver merges the editions; one that does is left its patterns."""
    other = repository.attribute("merge", f"{folder}/plan/edition.yaml".removeprefix("./"))
    if other in {"unspecified", DRIVER}:
        return True
    streams.complain(
        f"版の合わせ方には、ほかの設定（merge={other}）があります。strategy merge は組み込みませんでした。"
    )
    return False


def _merge_driver() -> str:
    """Return what git merges an edition with; what it cannot merge by items, git merges by lines."""
    program = f'"{Path(sys.executable).as_posix()}" {_apart()} -m atsugi_cli.cli.merge_driver'
    plain = 'git merge-file --marker-size="$4" -L "${6:-ours}" -L base -L "${7:-theirs}" "$2" "$1" "$3"'
    return f'f() {{ {program} "$@"; case $? in 0) ;; 64) return 1;; *) {plain};; esac; }}; f %O %A %B %L %P %X %Y'


def _attributes(folder: str, *, merges: bool = False) -> str:
    """Say which files are editions; the profile is none."""
    place = re.sub(r"([*?\[\]\\])", r"\\\1", folder)
    ours = f"diff={DRIVER} merge={DRIVER}" if merges else f"diff={DRIVER}"
    within = "" if place == "." else f"/{place}/**/"
    none = "!diff !merge" if merges else "!diff"
    patterns = [(f"{within}*.yaml", ours), (f"{within}*.yml", ours), (f"{within}{store.PROFILE}.y*ml", none)]
    return "".join(f"{_quoted(pattern)} {value}\n" for pattern, value in patterns)


def _quoted(pattern: str) -> str:
    """Quote a pattern that git would take apart at its blanks."""
    return _for_config(pattern) if re.search(r'[\s"]', pattern) else pattern


def _write(path: str, content: str) -> None:
    """Put our block at the end of a file, or in the place of the one that is there."""
    target = Path(path)
    text = _text(target) if target.exists() else None
    found = _BLOCK.search(text or "")
    if found is not None and text is not None:
        block = f"{_BEGIN}{found['how']}\n{content}{_END}\n"
        text = text[: found.start("block")] + block + text[found.end("block") :]
    else:
        how = _NEW_FILE if text is None else _NO_NEWLINE if text and not text.endswith("\n") else ""
        lead = "\n" if how == _NO_NEWLINE else ""
        text = f"{text or ''}{lead}{_BEGIN}{how}\n{content}{_END}\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text.encode("utf-8", "surrogateescape"), follow=True)


def _take_out(path: str) -> bool:
    """Take our block out of a file, and the file away if it was made for it; tell whether there was one."""
    target = Path(path)
    text = _text(target) if target.exists() else ""
    found = _BLOCK.search(text)
    if found is None:
        return False
    start = found.start() if found["how"] == _NO_NEWLINE else found.start("block")
    rest = text[:start] + text[found.end() :]
    if not rest and found["how"] == _NEW_FILE:
        target.unlink()
    else:
        write_file(path, rest.encode("utf-8", "surrogateescape"), follow=True)
    return True


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")
