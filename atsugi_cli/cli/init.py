"""`strategy init`: start a repository: a first edition that explains itself, profile, schemas, hook and CI."""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import typer

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, choice, flag, option, writable
from atsugi_cli.store import StoreError

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
CI: Final = ("github", "gitlab", "none")

_HOLE: Final = re.compile("@@([A-Z]+)@@")
_PLAN: Final = "sogo-senryaku"
_CITY: Final = "○○市"
_START: Final = 2026
"""No clock is asked, so that the same command always gives the same files: --start says the true year."""
_YEARS: Final = 5
"""総合戦略 run for five years as a rule."""

_BESIDE: Final = (
    ("profile.yaml", "strategies/profile.yaml"),
    ("gitattributes", ".gitattributes"),
    ("gitignore", ".gitignore"),
    ("editorconfig", ".editorconfig"),
)
"""What works in any folder; the rest is looked for at the top of the repository alone."""
_HOOK: Final = ("pre-commit-config.yaml", ".pre-commit-config.yaml")
_CI_FILES: Final = {
    "github": ("github.yml", ".github/workflows/strategy.yml"),
    "gitlab": ("gitlab.yml", ".gitlab-ci.yml"),
}
_NEEDED: Final = ("requirements.txt", ".strategy/requirements.txt")
_TOOL: Final = ".strategy/tool.txt"
_OURS: Final = "# strategy init が書いたもの。"
"""Begins what is written anew where the user names another source."""
_TO_ADD: Final = (".gitlab-ci.yml", ".pre-commit-config.yaml", ".gitignore")
"""What a city may have of its own; then what is missing there is told."""
_SOURCES: Final = (
    "--source に、リポジトリに置いたwheel（tools/….whl）、git+https://…@コミット（40桁）、"
    "または索引の名前とハッシュ（atsugi-cli==版#sha256=…）を書いてください。"
)
_SCHEMAS: Final = tuple(f"{name}.schema.json" for name in ("strategy", "profile", *store.SUPPLEMENTS))
_EXAMPLE_CITY: Final = "厚木市"


def init(
    folder: Annotated[str, argument("DIR", "始めるフォルダ（既定はここ）。なければ作る。")] = ".",
    *,
    city: Annotated[str, option("--city", "名前", "自治体の名前。", callback=writable)] = "",
    plan: Annotated[str, option("--plan", "ID", "計画のid（半角の英小文字、数字、-）。", show_default=True)] = _PLAN,
    title: Annotated[str, option("--title", "題名", "計画の題名。", callback=writable)] = "",
    start: Annotated[int, option("--start", "年度", "計画期間の最初の年度。", show_default=True)] = _START,
    end: Annotated[int, option("--end", "年度", "計画期間の最後の年度（既定は5年間）。")] = 0,
    edition: Annotated[
        str,
        option("--edition", "ID", "最初の版のid（既定は開始年度の前の年度末の月）。"),
    ] = "",
    ci: Annotated[str, choice("--ci", CI, "置くCIの設定。版がもうあれば、これだけを置く。")] = "",
    source: Annotated[
        str,
        option(
            "--source",
            "入れ方",
            "CIが道具を入れるもと: リポジトリに置いたwheel、git+https://…@コミット、名前==版#sha256=…。",
            callback=writable,
        ),
    ] = "",
    example: Annotated[bool, flag("--example", f"ひな型の代わりに{_EXAMPLE_CITY}の実例を置く。")] = False,
) -> int:
    """はじめての版、profile.yaml、スキーマ、フックとCIの設定を置く。

    もうあるファイルには手を付けません。CIとフックの設定は、gitのリポジトリの最上位に置きます。

    例: strategy init --city 海老名市 --plan ebina-3 --start 2027 / strategy init 見本 --example
    """
    from atsugi_cli.reader.scalars import plain_or_quoted

    end = end or start + _YEARS - 1
    edition = edition or f"{start}-03"
    _refuse(plan, edition, start, end)
    named, city = city, city or (_EXAMPLE_CITY if example else _CITY)
    words = {
        "CITY": plain_or_quoted(city),
        "PLAN": plan,
        "TITLE": plain_or_quoted(title or f"{city}まち・ひと・しごと創生総合戦略"),
        "START": str(start),
        "END": str(end),
        "BASE": str(start - 1),
        "EDITION": edition,
    }
    base, top = Path(folder), _top(Path(folder))
    words |= _placed(base, top)
    tool = _tool(source, top, told=bool(ci or source)) if ci != "none" else ""
    adding = bool(ci or source) and not (named or title or example or plan != _PLAN) and _has_editions(base)
    editions = {} if adding else dict(_example() if example else [_first(plan, edition, words)])
    taken = [name for name in editions if (base / name).exists()]
    if taken:
        raise StoreError(f"{'、'.join(taken)} はもうあります。上書きしません。次の版を始めるのは strategy new です。")
    files = editions | ({} if adding else dict(_beside(words)))
    files |= {
        os.path.relpath(top / name, base.resolve()).replace(os.sep, "/"): data
        for name, data in _at_top(words, ci or "github", tool)
    }
    for name in _put(base, top, files, renewed=bool(source)):
        place = _at(base, name)
        known = place.is_file() and place.read_bytes() == files[name]
        wanted = not known and name.endswith(_TO_ADD)
        lines = [line for line in files[name].decode("utf-8").splitlines() if wanted and not line.startswith("#")]
        more = "。次の内容を加えてください:" if wanted else "。"
        streams.complain(
            f"{_shown(base, name)} はもうあるので、そのままにしました{more}", *(f"  {each}" for each in lines)
        )
    if not tool and ci != "none":
        streams.complain(
            "CIの設定は置いていません。置くには、入れ方を書いてください: strategy init --ci github --source （入れ方）"
        )
    if adding:
        return Exit.OK
    first = next(iter(editions))
    streams.complain(
        "次にすること:",
        *([] if folder in (".", "") else [f"  cd {folder}"]),
        *([] if example else [f"  {first} の（例）を書き換える"]),
        "  strategy validate   検証する",
        "  strategy diff       新旧対照表を見る" if example else "  strategy tree       施策体系図を見る",
        *([] if (top / ".git").exists() else ['  git init && git add . && git commit -m "最初の版"   記録する']),
    )
    return Exit.OK


def _refuse(plan: str, edition: str, start: int, end: int) -> None:
    """Refuse what could not be valid in a file."""
    from atsugi_cli.cli.new import ID

    for name, value in (("--plan", plan), ("--edition", edition)):
        if not ID.fullmatch(value):
            raise typer.BadParameter(f"{name} の {value} はidに使えません（半角の英小文字、数字、-）。")
    if not 1900 <= start <= end <= 2999:
        raise typer.BadParameter(f"計画期間 {start}～{end} は年度（西暦）として読めません。")


def _template(name: str, words: Mapping[str, str]) -> bytes:
    """Fill a template."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return _HOLE.sub(lambda hole: words[hole[1]], text).encode("utf-8")


def _example() -> Iterator[tuple[str, bytes]]:
    """Give the editions that travel with the program."""
    folder = Path(store.packaged("strategies"))
    for path in sorted(folder.rglob("*.yaml")):
        yield f"strategies/{path.relative_to(folder).as_posix()}", path.read_bytes().replace(b"\r\n", b"\n")


def _has_editions(base: Path) -> bool:
    root = str(base / store.ROOT)
    return store.is_folder(root) and bool(store.find_editions([root]).editions)


def _first(plan: str, edition: str, words: Mapping[str, str]) -> tuple[str, bytes]:
    return f"strategies/{plan}/{edition}.yaml", _template("edition.yaml", words)


def _beside(words: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Give the files around the edition, and the schemas to which its first line leads an editor."""
    for name, target in _BESIDE:
        yield target, _template(name, words)
    folder = Path(store.packaged("schemas"))
    for name in _SCHEMAS:
        yield f"schemas/{name}", (folder / name).read_bytes().replace(b"\r\n", b"\n")


def _at_top(words: Mapping[str, str], ci: str, tool: str) -> Iterator[tuple[str, bytes]]:
    """Give what servers and hooks look for at the top of a repository alone."""
    yield _HOOK[1], _template(_HOOK[0], words)
    if ci not in _CI_FILES or not tool:
        return
    name, target = _CI_FILES[ci]
    yield target, _template(name, words)
    yield _TOOL, f"{_OURS}CIが入れる strategy。\n{tool}\n".encode()
    yield _NEEDED[1], f"{_OURS}strategy が要る部品（ハッシュ付き）。\n".encode() + _template(_NEEDED[0], {})


def _top(base: Path) -> Path:
    """Find the top of the repository that a folder lies in; the folder itself where there is none."""
    here = base.resolve()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), here)


def _placed(base: Path, top: Path) -> dict[str, str]:
    """Say where the editions lie from the top, as YAML and as a pattern in YAML."""
    from atsugi_cli.reader.scalars import plain_or_quoted

    root = base.resolve().relative_to(top).joinpath(store.ROOT).as_posix()
    return {"ROOT": plain_or_quoted(root), "FILES": plain_or_quoted(rf"^{re.escape(root)}/.*\.ya?ml$")}


_REVISION: Final = re.compile(r"git\+(?:https://|ssh://(?:git@)?)[^\s@]+@[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""Without a name and password of anybody: the file is in git for all to read."""
_PINNED: Final = re.compile(r"([A-Za-z0-9._-]+(?:\[[a-z,]+\])?==[A-Za-z0-9.+!-]+)#(sha256=[0-9a-f]{64})")


def _tool(source: str, top: Path, *, told: bool) -> str:
    """Say in a line of pip's what CI installs, pinned by a hash or a commit.

    Without a word from the user it is what this copy was installed from; a name that nobody vouches for is never
    written. Empty where that is unknown and was not asked for.
    """
    source = source or _installed_from()
    if _REVISION.fullmatch(source):
        return f"atsugi-cli @ {source}"
    if found := _PINNED.fullmatch(source):
        return f"{found[1]} --hash={found[2].replace('=', ':')}"
    if source.endswith(".whl"):
        wheel = Path(source).resolve()
        if not wheel.is_file():
            raise StoreError(f"{source} がありません。{_SOURCES}")
        if not wheel.is_relative_to(top):
            raise StoreError(f"{source} はリポジトリの外です。中（tools/ など）に置いて、gitに加えてください。")
        digest = sha256(wheel.read_bytes()).hexdigest()
        return f"./{wheel.relative_to(top).as_posix()} --hash=sha256:{digest}"
    if source:
        raise StoreError(f"{source} からは、いつも同じものが入るとは限りません。{_SOURCES}")
    if told:
        raise StoreError(f"CIへの入れ方を書いてください。{_SOURCES}")
    return ""


def _installed_from() -> str:
    """Return the revision that this copy was installed from, as pip has written it down; empty where it was another."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        data = json.loads(distribution("atsugi-cli").read_text("direct_url.json") or "{}")
        found = f"{data['vcs_info']['vcs']}+{data['url']}@{data['vcs_info']['commit_id']}"
    except (PackageNotFoundError, ValueError, KeyError, TypeError):
        return ""
    return found if _REVISION.fullmatch(found) else ""


def _put(base: Path, top: Path, files: Mapping[str, bytes], *, renewed: bool) -> list[str]:
    """Write the files that are not there yet, or are `renewed` and nobody else's; return the others."""
    places = {name: _at(base, name) for name in files}
    kept = [name for name, path in places.items() if os.path.lexists(path) and not (renewed and _is_ours(path))]
    new = {name: data for name, data in files.items() if name not in kept}
    for name in new:
        if not store.is_below(str(places[name]), str(top)):
            raise StoreError(f"{_shown(base, name)} は {top.as_posix()} の外へのリンクの先です。書き込みません。")
        store.make_folder(str(places[name].parent))
    for folder in {path.parent for path in places.values()}:
        store.sweep(str(folder))
    # The editions last: where they are missing, a run that was killed can be taken up again.
    store.write_set((str(places[name]), data) for name, data in reversed(new.items()))
    streams.complain(*(f"{_shown(base, name)} を作りました。" for name in new))
    return kept


def _at(base: Path, name: str) -> Path:
    """Return where a file goes; `base` need not be there yet, and `name` may lead above it."""
    return Path(os.path.normpath(base.resolve() / name))


def _is_ours(path: Path) -> bool:
    """Check whether a file is one that only this command writes."""
    return path.is_file() and not path.is_symlink() and path.read_bytes().startswith(_OURS.encode())


def _shown(base: Path, name: str) -> str:
    return Path(os.path.normpath(base / name)).as_posix()
