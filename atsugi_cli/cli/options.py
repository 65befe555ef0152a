"""Options: pieces that several commands declare alike, and what TAB offers for their values."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import typer

from atsugi_cli.cli import mistakes

_ID: Final = r"(?m)(?:^|[{,-]) *id: *([a-z][a-z0-9-]*)"
"""The id of an item in an edition's text: parsing it would make TAB wait."""
COLOURS: Final = ("auto", "always", "never")


def option(names: str, metavar: str, words: str, **more: Any) -> Any:  # noqa: ANN401 - as typer.Option has it
    """Declare an option with a value, as "-o --output"; `words` explains it."""
    return typer.Option(*names.split(), metavar=metavar, help=words, **{"show_default": False, **more})


def flag(name: str, words: str) -> Any:  # noqa: ANN401 - what typer.Option returns
    """Declare an option without a value."""
    return typer.Option(name, help=words)


def argument(metavar: str, words: str, offered: Callable[[str], list[str]] | None = None) -> Any:  # noqa: ANN401 - as above
    """Declare an argument; `offered` completes it."""
    return typer.Argument(metavar=metavar, show_default=False, autocompletion=offered, help=words)


def choice(names: str, choices: Sequence[str], words: str, metavar: str = "", **more: Any) -> Any:  # noqa: ANN401 - as above
    """Declare an option whose value is one of `choices`; `words` explains it, the choices are added.

    >>> Form = Annotated[str, choice("-f --format", ("text", "html"), "出力の形式。")]
    """

    def checked(value: Any) -> Any:  # noqa: ANN401 - str, list or None, as declared
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one and one not in choices:
                raise typer.BadParameter(mistakes.no_such_choice(one, choices))
        return value

    more |= {"callback": checked, "autocompletion": among(choices)}
    name = names.rpartition("--")[2].upper()
    return option(names, metavar or name, f"{words}（{'、'.join(choices)}）", **more)


def writable(value: str) -> str:
    """Refuse words, which go into a file, with what no reader of the file would see, or the file could not hold."""
    from atsugi_cli.width import safe

    shown = safe(value).replace("\n", "␊")
    if shown != value:
        raise typer.BadParameter(f"「{shown}」には、ファイルに書けない文字があります。打ち直してください。")
    return value


def dated(value: str) -> str:
    """Refuse what is no date of the calendar: a paper with a day bears that day in words."""
    from atsugi_cli.words import is_date

    if value and not is_date(value):
        raise typer.BadParameter(f"「{value}」は日付として読めません。2026-12-01 の形で指定してください。")
    return value


def among(choices: Sequence[str]) -> Callable[[str], list[str]]:
    """Complete one of some words."""

    def offered(incomplete: str) -> list[str]:
        return [name for name in choices if name.startswith(incomplete)]

    return offered


def editions(incomplete: str) -> list[str]:
    """Complete an EDITION: ids of the editions under strategies/, then the files that begin so."""
    found = [Path(path) for path in _found()]
    ids = sorted({path.stem for path in found})
    both = [f"{path.parent.name}/{path.stem}" for path in found] if "/" in incomplete else []
    return [name for name in (*ids, *both) if name.startswith(incomplete)] + _paths(incomplete)


def items(incomplete: str) -> list[str]:
    """Complete an ITEM: the ids in the editions under strategies/, those of the newest files first."""
    try:
        texts = [Path(path).read_text(encoding="utf-8", errors="replace") for path in reversed(_found())]
    except OSError:
        return []
    return list(dict.fromkeys(name for text in texts for name in re.findall(_ID, text) if name.startswith(incomplete)))


def _found() -> Sequence[str]:
    """Find the files of the editions under strategies/; none where they cannot be looked for."""
    from atsugi_cli import store

    try:
        return store.find_editions([store.ROOT]).editions
    except store.StoreError:
        return ()


def _paths(incomplete: str) -> list[str]:
    """Complete the name of a YAML file or folder."""
    folder, _, start = incomplete.rpartition("/")
    base = f"{folder}/" if "/" in incomplete else ""
    try:
        entries = sorted(Path(base or ".").iterdir())
    except OSError:
        return []
    wanted = [entry for entry in entries if entry.name.startswith(start) and (start or not entry.name.startswith("."))]
    return [
        base + entry.name + ("/" if entry.is_dir() else "")
        for entry in wanted
        if entry.is_dir() or entry.suffix in {".yaml", ".yml"}
    ]
