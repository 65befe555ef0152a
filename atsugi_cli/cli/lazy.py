"""Lazy: a Typer group that imports a command's module only when that command runs.

Two savings, both in the one place where they can be understood and dropped:

- Typer has no lazy commands. Names, help and completion come from a table; with every command imported at once,
  help and TAB would cost what the slowest command costs.
- Typer 0.29 reads every parameter, even `--help`, through pydantic: 657 instead of 267 million instructions a run.
  Parameters of simple types get their own reading instead. It touches one private attribute, behind `getattr`: a Typer
  without it is left alone, a Typer that renames it is only slower.
"""

import importlib
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperCommand, TyperGroup

from atsugi_cli.cli import mistakes
from atsugi_cli.cli.streams import terminal_width

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter, Parameter
    from typer._click.shell_completion import CompletionItem

    _Typers = TyperCommand
else:
    _Typers = object

SETTINGS: Final = {"help_option_names": ["-h", "--help"]}

Rows = Mapping[str, tuple[str, str]]
"""Command name → ("module:function", one line of help)."""

_TYPERS_OWN: Final = {
    "help": "この説明を表示する。",
    "install_completion": "シェルの入力補完を設定する。",
    "show_completion": "入力補完の設定を表示する。",
}
"""Japanese for the options that Typer adds itself."""


_BARE: Final = {"--results": "all"}
"""Options whose value may be left out, and what they mean then; Typer's parser has none."""


def _valued(args: Sequence[str]) -> list[str]:
    """Give an option that stands without its value the value that it means."""
    found = []
    for each, after in zip(args, (*args[1:], "-"), strict=False):
        found += [each, _BARE[each]] if each in _BARE and after.startswith("-") else [each]
    return found


class _Shared(_Typers):
    """What a command and the group of them do alike, in front of Typer's own class."""

    rows: Rows = {}  # noqa: RUF012 - no commands; replaced on the group

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the help, measured in cells."""
        from atsugi_cli.cli.help import page

        formatter.write(page(self, ctx, terminal_width(), [(name, row[1]) for name, row in self.rows.items()]))

    def get_params(self, ctx: "Context") -> list["Parameter"]:
        """Give the parameters with their native reading."""
        return _prepared(super().get_params(ctx))

    def get_help_option_names(self, ctx: "Context") -> list[str]:
        """Keep the order, which Click takes from a set."""
        names = super().get_help_option_names(ctx)
        return [name for name in ctx.help_option_names if name in names]

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Read the arguments; an error of Click's parser learns which command it is about."""
        try:
            return super().parse_args(ctx, _valued(args))
        except Exception as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise


class LazyCommand(_Shared, TyperCommand):
    """A command whose help and errors are Japanese and fit the terminal."""


class LazyGroup(_Shared, TyperGroup):
    """The program: a table of commands."""

    def list_commands(self, ctx: "Context") -> list[str]:  # noqa: ARG002 - Click's signature
        """Name the commands in the order of the table."""
        return list(self.rows)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":  # noqa: ARG002 - Click's signature
        """Import a command."""
        row = self.rows.get(cmd_name)
        return None if row is None else load(cmd_name, row[0])

    def resolve_command(self, ctx: "Context", args: list[str]) -> tuple[str | None, "Command | None", list[str]]:
        """Find the command that was typed, or say which one was meant."""
        if args[0] not in self.rows and not ctx.resilient_parsing:
            ctx.fail(mistakes.no_such_command(args[0], {name: row[1] for name, row in self.rows.items()}))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: "Context", incomplete: str) -> list["CompletionItem"]:
        """Complete names from the table and options, without importing any command."""
        item = type_of_completion()
        names = [item(name, help=row[1]) for name, row in self.rows.items() if name.startswith(incomplete)]
        return [*names, *super(TyperGroup, self).shell_complete(ctx, incomplete)]


def load(name: str, target: str) -> "Command":
    """Import "module:function" and make it a command."""
    module, _, function = target.partition(":")
    single = typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=SETTINGS
    )
    single.command(name, cls=LazyCommand)(getattr(importlib.import_module(module), function))
    return typer.main.get_command(single)


def installed(shown: Callable[..., object], ctx: "Context", param: "Parameter", value: object) -> object:
    """Run Typer's `--install-completion`, whose words are English and whose failure is exit code 1, our findings."""
    if not value or ctx.resilient_parsing:
        return value
    words = io.StringIO()
    try:
        with redirect_stdout(words):
            shown(ctx, param, value)
    except SystemExit:
        place = words.getvalue().partition(" installed in ")[2].partition("\n")[0]
        typer.echo(f"入力補完を設定しました（{place}）。新しい端末から使えます。")
        raise typer.Exit from None
    except typer.Exit:
        raise typer.BadParameter("このシェルには対応していません（対応: bash、zsh、fish、PowerShell）。") from None
    return value


def type_of_completion() -> type["CompletionItem"]:
    """Find Click's class of completions, wherever this Typer keeps Click."""
    click = typer.BadParameter.__module__.rpartition(".")[0]
    found: type[CompletionItem] = importlib.import_module(f"{click}.shell_completion").CompletionItem
    return found


class _Native:
    """Reads one parameter of a simple type as Typer's own reading does, in Japanese when it cannot."""

    __slots__ = ("_choices", "_kind")

    def __init__(self, kind: type, choices: Sequence[object]) -> None:
        self._kind, self._choices = kind, choices

    def coerce(self, value: object, param: "Parameter", ctx: "Context") -> object:  # noqa: ARG002 - Typer's signature
        """Read what was typed; Typer calls this, None stands for an absent value."""
        many = getattr(param, "multiple", False) or param.nargs == -1
        if value is None:
            return () if many else None
        if many and isinstance(value, (list, tuple)):
            return [self._one(part, param) for part in value]
        return self._one(value, param)

    def _one(self, value: object, param: "Parameter") -> object:
        text = str(value)
        if self._choices:
            names = {str(getattr(choice, "value", choice)): choice for choice in self._choices}
            if value in self._choices or text in names:
                return names.get(text, value)
            raise typer.BadParameter(mistakes.no_such_choice(text, list(names)))
        if self._kind is int and not isinstance(value, int):
            return _integer(text, param)
        if self._kind is bool and not isinstance(value, bool):
            return text.strip().lower() in _YES  # only an environment variable gets here
        return text if self._kind is str else value


_YES: Final = frozenset(("1", "true", "t", "yes", "y", "on"))


def _integer(text: str, param: "Parameter") -> int:
    try:
        number = int(text)
    except ValueError:
        raise typer.BadParameter(f"{text} は整数ではありません。") from None
    least, most = getattr(param, "min", None), getattr(param, "max", None)
    if (least is not None and number < least) or (most is not None and number > most):
        span = f"{'' if least is None else least}～{'' if most is None else most}"
        raise typer.BadParameter(f"{number} は範囲（{span}）の外です。")
    return number


def _prepared(params: "list[Parameter]") -> "list[Parameter]":
    """Give simple parameters their native reading and Typer's own options their Japanese help."""
    for param in params:
        if param.name in _TYPERS_OWN and getattr(param, "help", None):
            param.help = _TYPERS_OWN[param.name]  # type: ignore[attr-defined]
        if getattr(param, "_runtime_param", 0) is None and (native := _native(param)) is not None:
            param._runtime_param = native  # type: ignore[attr-defined]  # noqa: SLF001
    return params


def _native(param: "Parameter") -> _Native | None:
    """Make the native reading of a str, int, bool or choice; None leaves the parameter to Typer."""
    description = getattr(param, "type_descriptor", None)
    if description is None or getattr(description.parameter_info, "parser", None):
        return None
    if description.is_file or description.is_path or description.is_datetime or description.is_tuple:
        return None
    if description.is_choice:
        return _Native(str, description.choices)
    kind = description.annotation.__args__[0] if description.is_list else description.annotation
    return _Native(kind, ()) if kind in {str, int, bool} else None
