"""Help: pages measured in terminal cells. Click counts code points, so Japanese help would run over the edge."""

import inspect
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from atsugi_cli.width import width_of, wrapped

if TYPE_CHECKING:
    from typer._click import Command, Context, Parameter

MAX_WIDTH: Final = 100
"""Longer lines of prose are hard to follow."""
_INDENT: Final = "  "
_EXAMPLES: Final = "例: "
"""How a paragraph of commands begins, parted by slashes: each gets a line, so that it can be copied."""
_NAMES: Final = 24
"""Names wider than this get a line of their own, so that the explanations keep their room."""

Rows = Sequence[tuple[str, str]]


def page(command: "Command", ctx: "Context", width: int, commands: Rows = ()) -> str:
    """Lay out the help of a command: usage, text, arguments, options; a group's commands too."""
    width = min(width, MAX_WIDTH)
    parts = [usage(command, ctx), *_paragraphs(command.help or "", width)]
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    sections: tuple[tuple[str, Rows], ...] = (
        ("コマンド", commands),
        ("引数", [_argument(param) for param in params if _is_argument(param)]),
        ("オプション", [_option(param) for param in params if not _is_argument(param)]),
    )
    parts += ["\n".join([f"{title}:", *_list(rows, width)]) for title, rows in sections if rows]
    return "\n\n".join([*parts, *_paragraphs(command.epilog or "", width)]) + "\n"


def usage(command: "Command", ctx: "Context") -> str:
    """Give the usage line."""
    words = [ctx.command_path, "[オプション]"]
    for param in command.get_params(ctx):
        if _is_argument(param):
            name = argument_name(param)
            words.append((name if param.required else f"[{name}]") + ("…" if param.nargs != 1 else ""))
    if hasattr(command, "list_commands"):
        words.append("コマンド …")
    return f"使い方: {' '.join(words)}"


def argument_name(param: "Parameter") -> str:
    """Name an argument or an option's value as the help does."""
    return param.metavar or param.name.upper()


def _is_argument(param: "Parameter") -> bool:
    return param.param_type_name == "argument"


def _argument(param: "Parameter") -> tuple[str, str]:
    return argument_name(param), getattr(param, "help", None) or ""


def _option(param: "Parameter") -> tuple[str, str]:
    """Name an option, the short form first, and explain it with its default."""
    value = "" if getattr(param, "is_flag", False) or getattr(param, "count", False) else f" {argument_name(param)}"
    names = ", ".join(sorted(param.opts, key=lambda name: name.startswith("--"))) + value
    if param.secondary_opts:
        names += f" / {', '.join(param.secondary_opts)}"
    notes = []
    if default := _default(param):
        notes.append(f"既定: {default}")
    if param.required:
        notes.append("必須")
    words = getattr(param, "help", None) or ""
    return names, words + (f"［{'、'.join(notes)}］" if notes else "")


def _default(param: "Parameter") -> str:
    shown = getattr(param, "show_default", False)
    value = param.default
    if isinstance(shown, str):
        return shown
    if not shown or isinstance(value, bool) or value is None or callable(value):
        return ""
    value = getattr(value, "value", value)
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _list(rows: Rows, width: int) -> Iterator[str]:
    """Set names and explanations in two columns."""
    column = min(max(width_of(name) for name, _ in rows), _NAMES)
    left = len(_INDENT) + column + len(_INDENT)
    for name, words in rows:
        lines = [line.text for line in wrapped([(words, None)], width, left, left)]
        head = f"{_INDENT}{name}"
        if width_of(name) > column and words:
            yield head
            head = ""
        yield (head + " " * (left - width_of(head)) + lines[0]).rstrip()
        for line in lines[1:]:
            yield (" " * left + line).rstrip()


def _paragraphs(text: str, width: int) -> list[str]:
    """Wrap paragraphs; indented lines (examples) stay as they are."""
    paragraphs = []
    for block in inspect.cleandoc(text).split("\n\n"):
        if block.startswith(_EXAMPLES):
            shown = " ".join(block.removeprefix(_EXAMPLES).split()).split(" / ")
            paragraphs.append("\n".join([f"{_INDENT}例:", *(f"{_INDENT * 2}{line}" for line in shown)]))
            continue
        lines: list[str] = []
        for line in block.split("\n"):
            if lines and not line.startswith(" ") and not lines[-1].startswith(" "):
                lines[-1] = _joined(lines[-1], line)
            else:
                lines.append(line)
        indent = len(_INDENT)
        paragraphs.append(
            "\n".join(
                _INDENT + part
                for line in lines
                for part in (
                    [line] if line.startswith(" ") else [w.text for w in wrapped([(line, None)], width, indent, indent)]
                )
            )
        )
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def _joined(before: str, after: str) -> str:
    """Join two lines of a paragraph: with a blank only between two words of Latin letters."""
    return f"{before} {after}" if before[-1:].isascii() and after[:1].isascii() else before + after
