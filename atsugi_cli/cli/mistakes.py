"""Mistakes: what Click says about wrong arguments, in Japanese and with the word that was probably meant."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typer._click.exceptions import ClickException

_SUGGESTIONS: Final = 3

_PHRASES: Final = (
    (r"Missing command\.?", "コマンドを指定してください。"),
    (r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)", r"余分な引数があります: \1"),
    (r"Argument '(.*)' takes (\d+) values\.?", r"引数 \1 には値が\2個必要です。"),
    (r"Option '?(.*?)'? does not take a value\.?", r"\1 に値は付けられません。"),
    (r"Option '?(.*?)'? requires an argument\.?", r"\1 には値が必要です。"),
    (r"Option '?(.*?)'? requires (\d+) arguments\.?", r"\1 には値が\2個必要です。"),
    (r"'(.*)' is not a valid int(?:eger)?(?: range)?\.?", r"\1 は整数ではありません。"),
    (r"'(.*)' is not a valid (?:float|number)\.?", r"\1 は数ではありません。"),
    (r"'(.*)' is not a valid boolean\.?.*", r"\1 は真偽値（true、false）ではありません。"),
    (r"'(.*)' is not one of (.*?)\.?", r"\1 は選べません。選べるもの: \2"),
    (r"(.*) is not in the range (.*?)\.?", r"\1 は範囲（\2）の外です。"),
)
"""Click's English → Japanese, for whatever reaches people as text; anything else is shown as it is."""


def told(error: "ClickException") -> tuple[str, ...]:
    """Tell what is wrong with the arguments and, on a second line, how the command is used."""
    message = _message(error)
    ctx = getattr(error, "ctx", None)
    if ctx is None:
        return (message,)
    from atsugi_cli.cli.help import usage

    return message, f"{usage(ctx.command, ctx)}（説明: {ctx.command_path} --help）"


def _message(error: "ClickException") -> str:
    # By name: the classes move between Typer's versions, their names and attributes have not for ten years.
    match type(error).__name__:
        case "NoSuchOption":
            return _no_such_option(error)
        case "MissingParameter":
            param = getattr(error, "param", None)
            return f"{_named(param)} がありません。" if param is not None else "引数がありません。"
        case "BadParameter":
            param = getattr(error, "param", None)
            return (f"{_named(param)}: " if param is not None else "") + _translated(error.message)
        case _:
            return _translated(error.message)


def _translated(message: str) -> str:
    for pattern, words in _PHRASES:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return match.expand(words)
    return message


def _named(param: object) -> str:
    names: list[str] = getattr(param, "opts", [])
    if getattr(param, "param_type_name", "") == "option":
        return f"オプション {max(names, key=len)}"
    return f"引数 {getattr(param, 'metavar', None) or str(getattr(param, 'name', '')).upper()}"


def _no_such_option(error: "ClickException") -> str:
    name: str = getattr(error, "option_name", "")
    ctx = getattr(error, "ctx", None)
    known: list[str] = []
    if ctx is not None:
        known = [option for param in ctx.command.get_params(ctx) for option in (*param.opts, *param.secondary_opts)]
    words = f"{name} というオプションはありません。"
    if close := maybe(name, [option for option in known if option.startswith("-")]):
        return words + close
    if ctx is not None and ctx.parent is None:
        return words + "コマンドのオプションは、コマンドの後に書きます。"
    return words


def no_such_command(name: str, commands: Mapping[str, str]) -> str:
    """Say that there is no such command; `commands` maps names to their help, in which a Japanese word is found too."""
    words = f"{name} というコマンドはありません。"
    if close := maybe(name, commands):
        return words + close
    meant = [command for command, explanation in commands.items() if not name.isascii() and name in explanation]
    return words + (f"もしかして: {'、'.join(meant)}" if meant else f"使えるもの: {'、'.join(commands)}")


def no_such_choice(name: str, choices: Iterable[str]) -> str:
    """Say that a value is not among the choices, and which one was probably meant."""
    choices = list(choices)
    return f"{name} は選べません。{maybe(name, choices) or f'選べるもの: {chr(0x3001).join(choices)}'}"


def maybe(name: str, known: Iterable[str]) -> str:
    """Suggest what was probably meant: the likeliest known words, or those that begin so; "" if none."""
    known = list(known)
    stem = name.lstrip("-").lower()
    close = get_close_matches(name.lower(), known, _SUGGESTIONS)
    begun = [word for word in known if stem and word.lstrip("-").startswith(stem)]
    found = list(dict.fromkeys([*close, *begun]))[:_SUGGESTIONS]
    return f"もしかして: {'、'.join(found)}" if found else ""
