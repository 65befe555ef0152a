"""Asking: what all commands that make a paper are asked alike: arguments and options, declared once, and their use."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Final, get_type_hints

from atsugi_cli.cli import parameters
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.output import Output, guard, occasion, opened, tell_unsettled
from atsugi_cli.formats import Command
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Profile
from atsugi_cli.project import editions
from atsugi_cli.project.reading import Project
from atsugi_cli.revision import Revision


@frozen
class Asked:
    """What was asked of a command: a field is an argument or option, and stands in the help in this order."""

    command: Command
    old: parameters.Old = ""
    new: parameters.New = ""
    form: str = ""
    out: parameters.Out = ""
    page: parameters.Turned = ""
    number: parameters.Number = ""
    meeting: parameters.Meeting = ""
    date: parameters.Date = ""
    template: parameters.Template = ""
    color: parameters.Color = "auto"
    width: parameters.Width = 0
    ascii_only: parameters.Ascii = False
    font_path: parameters.FontPath = ""
    internal: parameters.Internal = False
    handout: parameters.Handout = False
    strict: parameters.Strict = False
    root: parameters.Root = "strategies"

    def opened(self, *inputs: str, code: str = "") -> Project:
        """Open the project, unless the output would overwrite one of the files that are read.

        `inputs` are those that other arguments name, `code` a format that these ask for.
        """
        named = (self.old, self.new, self.template, *inputs)
        guard(self.out, self.root, *named, command=self.command, code=code or self.form)
        return opened(self.root)

    def compared(self, project: Project | None = None) -> tuple[Revision, Profile]:
        """Compare the two editions that were named."""
        return editions.compared(project or self.opened(), self.old, self.new)

    def output(self, profile: Profile, *, code: str = "", default: str = "text", underline: str = "both") -> Output:
        """Choose where to write, and how."""
        return Output(
            self.command,
            code or self.form,
            self.out,
            default=default,
            color=self.color,
            width=self.width,
            ascii_only=self.ascii_only,
            underline=underline,
            template=self.template,
            font_path=self.font_path,
            internal=self.internal,
            handout=self.handout,
            turned=self.page,
            occasion=occasion(self.number, self.meeting, self.date, profile),
        )

    def told(self, revision: Revision, output: Output) -> Exit:
        """Say what has to be settled before a paper of this is handed out."""
        return tell_unsettled(revision, handout=output.handout, strict=self.strict)


ARGUMENTS: Final = ("old", "new")
FIRST: Final = (*ARGUMENTS, "form", "out")
"""What stands before a command's own in its help: where the paper goes is asked for most."""
MEETING: Final = ("number", "meeting", "date")
TERMINAL: Final = ("color", "width", "ascii_only")
OFFICE: Final = ("internal", "handout", "strict")
WORD: Final = ("page", "template")
"""Fields of `Asked` that go together, for the commands that have no use for them."""


def asking(command: Command, *without: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Make a command of a function of what was `Asked`, and of arguments and options of its own.

    Typer reads the shared ones off the signature as it reads the others; `without` are those that the command has not.
    """
    plain = Asked(command)
    types = {**get_type_hints(Asked, include_extras=True), "form": Annotated[str, parameters.form_of(command)]}
    shared = {
        name: Parameter(name, Parameter.KEYWORD_ONLY, default=getattr(plain, name), annotation=types[name])
        for name in types
        if name != "command" and name not in without
    }

    def made(function: Callable[..., int]) -> Callable[..., int]:
        @wraps(function)
        def run(**given: Any) -> int:  # noqa: ANN401 - as the signature says
            return function(Asked(command, **{name: given.pop(name) for name in shared}), **given)

        own = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in signature(function).parameters.values()][1:]
        first = [each for name, each in shared.items() if name in FIRST]
        rest = [each for name, each in shared.items() if name not in FIRST]
        run.__signature__ = Signature([*first, *own, *rest])  # type: ignore[attr-defined]
        return run

    return made
