"""`strategy git`: let git itself print revisions in words: `git diff` by a driver, `git log -p` by a conversion.

Git runs both on every edition file, so whatever cannot be read is shown as plain text, and nothing ever fails.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

import typer

from atsugi_cli import store
from atsugi_cli.cli import mistakes, options, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument
from atsugi_cli.cli.output import opened, spoken, write_file
from atsugi_cli.cli.parameters import Root
from atsugi_cli.model import Strategy
from atsugi_cli.project.editions import revised
from atsugi_cli.project.fixing import unified
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob, StoreError

ACTIONS: Final = ("install", "uninstall", "diff-driver", "textconv")
DRIVER: Final = "strategy"

_BEGIN: Final = "# >>> strategy"
_END: Final = "# <<< strategy"
_NO_NEWLINE: Final = " (+newline)"
"""Marks a block before which a line break had to be added, so that taking it out restores the file to the byte."""
_NEW_FILE: Final = " (+file)"
"""Marks a block for which the file was made."""
_BLOCK: Final = re.compile(
    rf"(?P<lead>\n?)(?P<block>{re.escape(_BEGIN)}(?P<how>[^\n]*)\n.*?{re.escape(_END)}\n)", re.DOTALL
)

_SIDES: Final = 7
"""Arguments of a diff driver: path, then file, id and mode of each side; two more after a renaming, one for a merge."""
_RENAMED: Final = 9


def git(
    action: Annotated[
        str,
        argument(
            "|".join(ACTIONS),
            "設定する、設定を外す。diff-driver と textconv は git が呼ぶもの。",
            options.among(ACTIONS),
        ),
    ],
    arguments: Annotated[list[str] | None, argument("引数", "gitが渡すファイルの名前。")] = None,
    *,
    root: Root = "strategies",
) -> int:
    """改定を git diff や git log -p で、言葉で読めるようにする。

    このリポジトリだけの設定（.git/config と .git/info/attributes）に書き、uninstall で元のとおりに戻します。
    履歴を改定のポイントとして見るには git log -p --ext-diff、ふつうの差分は git diff --no-ext-diff --no-textconv。

    例: strategy git install / strategy git uninstall
    """
    match action:
        case "install":
            return _install(root)
        case "uninstall":
            return _uninstall()
        case "diff-driver":
            return _driver(arguments or [], root)
        case "textconv":
            return _textconv(arguments or [], root)
        case _:
            raise typer.BadParameter(mistakes.no_such_choice(action, ACTIONS))


# -------------------------------------------------------------------------------------------------------- settings


def _install(root: str) -> int:
    """Write both settings; a second time gives the same files."""
    repository = store.repository(".")
    folder = repository.prefix() + PurePosixPath(root.replace("\\", "/")).as_posix().removeprefix("./")
    if Path(root).is_absolute() or ".." in PurePosixPath(folder).parts:
        raise StoreError(f"{root} はこのリポジトリの中のフォルダではありません。")
    merges = _may_merge(repository, folder)
    _write(repository.place("config"), _config(folder) + (_merge_driver() if merges else ""))
    _write(repository.place("info/attributes"), _attributes(folder, merges=merges))
    streams.complain(
        "git diff と git log -p が、改定を言葉で示すようになりました（このリポジトリだけの設定です）。",
        *(["git merge は、版を項目ごとに合わせます。"] if merges else []),
        "元に戻すには: strategy git uninstall　ふつうの差分を見るには: git diff --no-ext-diff --no-textconv",
    )
    return Exit.OK


def _uninstall() -> int:
    """Take both settings out again, to the byte."""
    repository = store.repository(".")
    found = [_take_out(repository.place(name)) for name in ("config", "info/attributes")]
    streams.complain("gitの設定を元に戻しました。" if any(found) else "gitの設定はありませんでした。")
    return Exit.OK


def _config(folder: str) -> str:
    """Write the section of the driver. Should this program go away, git shows the plain difference by itself."""
    program = f'"{Path(sys.executable).as_posix()}" {_apart()} -m atsugi_cli git'
    where = "" if folder == store.ROOT else f" --root {_for_shell(folder)}"
    plain = 'git diff --no-index --no-ext-diff -- "$2" "$5"; true'
    command = f'f() {{ {program} diff-driver{where} -- "$@" || {{ {plain}; }}; }}; f'
    textconv = f'f() {{ {program} textconv{where} -- "$1" 2>/dev/null || cat "$1"; }}; f'
    return f'[diff "{DRIVER}"]\n\tcommand = {_for_config(command)}\n\ttextconv = {_for_config(textconv)}\n'


def _apart() -> str:
    """Return the switch that keeps Python from importing what lies in the work tree, where git runs the driver.

    -I ignores PYTHONPATH, too, which may name it; -P serves where the program itself is found in no other way.
    """
    import subprocess

    command = [sys.executable, "-I", "-c", "import atsugi_cli"]
    alone = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a fixed list of words, no shell
    return "-I" if alone.returncode == 0 else "-P"


def _for_shell(text: str) -> str:
    import shlex

    return shlex.quote(text)


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
    """Write the section of the merge driver; what it cannot merge by items, git merges by lines."""
    program = f'"{Path(sys.executable).as_posix()}" {_apart()} -m atsugi_cli.cli.merge_driver'
    plain = 'git merge-file --marker-size="$4" -L "${6:-ours}" -L base -L "${7:-theirs}" "$2" "$1" "$3"'
    command = f'f() {{ {program} "$@"; case $? in 0) ;; 64) return 1;; *) {plain};; esac; }}; f %O %A %B %L %P %X %Y'
    return f'[merge "{DRIVER}"]\n\tname = 総合戦略を項目ごとに合わせる\n\tdriver = {_for_config(command)}\n'


def _attributes(folder: str, *, merges: bool = False) -> str:
    """Say which files are editions; the profile is none."""
    place = re.sub(r"([*?\[\]\\])", r"\\\1", folder)
    ours = f"diff={DRIVER} merge={DRIVER}" if merges else f"diff={DRIVER}"
    patterns = [
        (f"/{place}/**/*.yaml" if place != "." else "*.yaml", ours),
        (f"/{place}/**/*.yml" if place != "." else "*.yml", ours),
        (
            f"/{place}/**/{store.PROFILE}.y*ml" if place != "." else f"{store.PROFILE}.y*ml",
            "!diff !merge" if merges else "!diff",
        ),
    ]
    return "".join(f"{_quoted(pattern)} {value}\n" for pattern, value in patterns)


def _quoted(pattern: str) -> str:
    """Quote a pattern that git would take apart at its blanks."""
    if not re.search(r'[\s"]', pattern):
        return pattern
    escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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


# -------------------------------------------------------------------------------------------------- called by git


def _textconv(arguments: Sequence[str], root: str) -> int:
    """Print an edition in words; what cannot be read, as it is."""
    if len(arguments) != 1:
        raise typer.BadParameter("textconv はgitが呼びます: ファイルの名前が一つ要ります。")
    data = Path(arguments[0]).read_bytes()
    words = ""
    try:
        # In a merge git shows three sides together: all of them as they are, or nothing would be found in it.
        conflict = store.repository(".").unmerged(Path(arguments[0]).name)
        strategy = None if conflict else _strategy(opened(root), data, arguments[0])
        if strategy is not None:
            from atsugi_cli.layout.readable import readable

            words = readable(strategy, opened(root).profile_of(None).profile)
    except Exception:  # noqa: BLE001 - git would stop in the middle of its log
        words = ""
    store.write_atomic(None, words.encode("utf-8", "replace") or data)
    return Exit.OK


def _driver(arguments: Sequence[str], root: str) -> int:
    """Print what changed between the two sides that git names; plain text where that cannot be said in words."""
    if len(arguments) not in {_SIDES, _RENAMED}:
        if len(arguments) == 1:
            streams.page(f"{arguments[0]}: 統合（merge）の途中です。\n")
        return Exit.OK
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
    return Exit.OK


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
    from atsugi_cli.document import Heading
    from atsugi_cli.formats.text import write
    from atsugi_cli.layout.points import points

    revision = compare(before, after, project.profile(path).kinds)
    if not revision.changed:
        return ""
    document = points(revision, project.profile(path))
    start = next(
        index
        for index, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.text == "変更の内容"
    )
    return write(replace(document, blocks=document.blocks[start + 1 :]), spoken(sys.stdout))


def _plain(old_path: str, old: bytes | None, path: str, new: bytes | None) -> str:
    """Return the difference of two texts as git would."""
    before, after = ((data or b"").decode("utf-8", "surrogateescape") for data in (old, new))
    old_name = f"a/{old_path}" if old is not None else "/dev/null"
    new_name = f"b/{path}" if new is not None else "/dev/null"
    return "".join([f"diff --git a/{old_path} b/{path}\n", *unified(before, after, old_name, new_name)])
