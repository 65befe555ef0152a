"""`strategy init`: start a repository: a first edition that explains itself, profile, schemas, hook and CI."""

import os
import re
from collections.abc import Iterator, Mapping
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
_CITY: Final = "○○市"
_START: Final = 2026
"""No clock is asked, so that the same command always gives the same files: --start says the true year."""
_YEARS: Final = 5
"""総合戦略 run for five years as a rule."""

_ALWAYS: Final = (
    ("profile.yaml", "strategies/profile.yaml"),
    ("gitattributes", ".gitattributes"),
    ("editorconfig", ".editorconfig"),
    ("pre-commit-config.yaml", ".pre-commit-config.yaml"),
)
_CI_FILES: Final = {
    "github": ("github.yml", ".github/workflows/strategy.yml"),
    "gitlab": ("gitlab.yml", ".gitlab-ci.yml"),
}
_SCHEMAS: Final = ("strategy.schema.json", "profile.schema.json")
_EXAMPLE_CITY: Final = "厚木市"


def init(
    folder: Annotated[str, argument("DIR", "始めるフォルダ（既定はここ）。なければ作る。")] = ".",
    *,
    city: Annotated[str, option("--city", "名前", "自治体の名前。", callback=writable)] = "",
    plan: Annotated[
        str, option("--plan", "ID", "計画のid（半角の英小文字、数字、-）。", show_default=True)
    ] = "sogo-senryaku",
    title: Annotated[str, option("--title", "題名", "計画の題名。", callback=writable)] = "",
    start: Annotated[int, option("--start", "年度", "計画期間の最初の年度。", show_default=True)] = _START,
    end: Annotated[int, option("--end", "年度", "計画期間の最後の年度（既定は5年間）。")] = 0,
    edition: Annotated[
        str,
        option("--edition", "ID", "最初の版のid（既定は開始年度の前の年度末の月）。"),
    ] = "",
    ci: Annotated[str, choice("--ci", CI, "置くCIの設定。", show_default=True)] = "github",
    example: Annotated[bool, flag("--example", f"ひな型の代わりに{_EXAMPLE_CITY}の実例を置く。")] = False,
) -> int:
    """はじめての版、profile.yaml、スキーマ、フックとCIの設定を置く。

    もうあるファイルには手を付けません。

    例: strategy init --city 海老名市 --plan ebina-3 --start 2027 / strategy init 見本 --example
    """
    from atsugi_cli.reader.scalars import plain_or_quoted

    end = end or start + _YEARS - 1
    edition = edition or f"{start}-03"
    _refuse(plan, edition, start, end)
    city = city or (_EXAMPLE_CITY if example else _CITY)
    words = {
        "CITY": plain_or_quoted(city),
        "PLAN": plan,
        "TITLE": plain_or_quoted(title or f"{city}まち・ひと・しごと創生総合戦略"),
        "START": str(start),
        "END": str(end),
        "BASE": str(start - 1),
        "EDITION": edition,
    }
    editions = dict(
        _example() if example else [(f"strategies/{plan}/{edition}.yaml", _template("edition.yaml", words))]
    )
    base = Path(folder)
    taken = [name for name in editions if (base / name).exists()]
    if taken:
        raise StoreError(f"{'、'.join(taken)} はもうあります。上書きしません。次の版を始めるのは strategy new です。")
    kept = _put(base, editions | dict(_surroundings(words, ci)))
    for name in kept:
        streams.complain(f"{_shown(base, name)} はもうあるので、そのままにしました。")
    first = next(iter(editions))
    streams.complain(
        "次にすること:",
        *([] if folder in (".", "") else [f"  cd {folder}"]),
        *([] if example else [f"  {first} の（例）を書き換える"]),
        "  strategy validate   検証する",
        "  strategy diff       新旧対照表を見る" if example else "  strategy tree       施策体系図を見る",
        *([] if (base / ".git").exists() else ['  git init && git add . && git commit -m "最初の版"   記録する']),
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


def _surroundings(words: Mapping[str, str], ci: str) -> Iterator[tuple[str, bytes]]:
    """Give the files around the edition, and the schemas to which its first line leads an editor."""
    for name, target in (*_ALWAYS, *([_CI_FILES[ci]] if ci in _CI_FILES else [])):
        yield target, _template(name, words)
    folder = Path(store.packaged("schemas"))
    for name in _SCHEMAS:
        yield f"schemas/{name}", (folder / name).read_bytes().replace(b"\r\n", b"\n")


def _put(base: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files that are not there yet; return the others."""
    kept = [name for name in files if os.path.lexists(base / name)]
    new = {name: data for name, data in files.items() if name not in kept}
    for name in new:
        if not store.is_below(str(base / name), str(base)):
            raise StoreError(f"{_shown(base, name)} は {base.as_posix()} の外へのリンクの先です。書き込みません。")
        store.make_folder(str((base / name).parent))
    for folder in {(base / name).parent for name in files}:
        store.sweep(str(folder))
    # The editions last: where they are missing, a run that was killed can be taken up again.
    store.write_set((str(base / name), data) for name, data in reversed(new.items()))
    streams.complain(*(f"{_shown(base, name)} を作りました。" for name in new))
    return kept


def _shown(base: Path, name: str) -> str:
    return (base / name).as_posix()
