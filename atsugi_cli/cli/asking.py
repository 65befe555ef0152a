"""Asking: what commands that make a paper are asked alike, declared once, and where in which format the answer goes."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, get_type_hints

from atsugi_cli import store
from atsugi_cli.cli import parameters, streams
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.output import chosen, guard, occasion, opened, stamped, tell_unsettled, write_file, written
from atsugi_cli.formats import Command
from atsugi_cli.formats.options import Options
from atsugi_cli.frozen import frozen
from atsugi_cli.project import editions
from atsugi_cli.project.reading import Project
from atsugi_cli.store import StoreError

if TYPE_CHECKING:  # `validate` compares nothing, and prints no document
    from atsugi_cli.cli.output import Paper
    from atsugi_cli.document import Document
    from atsugi_cli.formats import Writer
    from atsugi_cli.levels import Profile
    from atsugi_cli.revision import Revision

T = TypeVar("T")


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

    def compared(self, project: Project | None = None) -> "tuple[Revision, Profile]":
        """Compare the two editions that were named."""
        return editions.compared(project or self.opened(), self.old, self.new)

    def told(self, revision: "Revision", output: "Output") -> Exit:
        """Say what has to be settled before a paper of this is handed out."""
        return tell_unsettled(revision, handout=output.handout, strict=self.strict)


class Output:
    """Where a command writes, in which format, and what the destination can take."""

    def __init__(
        self,
        asked: Asked,
        profile: "Profile | None" = None,
        *,
        code: str = "",
        default: str = "text",
        underline: str = "both",
    ) -> None:
        """Choose the format: `code` or as asked, else by the suffix of the output file, else `default`.

        A terminal gets frames and colours, a pipe or file plain text. What is handed out says nothing internal.
        """
        self._path = "" if asked.out == store.STDIN else asked.out
        self.format = chosen(asked.command, code or asked.form, self._path, default)
        self.handout = self.format.leaves_office(internal=asked.internal, handout=asked.handout)
        self.occasion = occasion(asked.number, asked.meeting, asked.date, profile) if profile else None
        if asked.template and not self.format.fills:
            raise StoreError("--template はWord（-f docx）とExcel（-f xlsx）にだけ使えます。")
        to_terminal = not self._path and streams.is_terminal(sys.stdout)
        self.options = Options(
            width=min(asked.width, streams.MAX_WIDTH)
            or (streams.terminal_width() if to_terminal or "COLUMNS" in os.environ else 100),
            colour=not self._path and streams.wants_colour(asked.color),  # type: ignore[arg-type]
            ambiguous=streams.ambiguous_width(),
            framed=to_terminal,
            ascii=asked.ascii_only,
            underline="new" if underline == "new" else "both",
            template=store.read_template(asked.template) if asked.template else None,
            font_path=asked.font_path,
            turned=asked.page,  # type: ignore[arg-type]
            tell=lambda words: streams.complain(f"{self._path}: {words}" if self._path else words),
        )

    @property
    def to_file(self) -> bool:
        """Check whether a file was asked for: it is written whatever there is to say."""
        return bool(self._path)

    def draw(self, paper: "Paper", *, plain: bool = False, large: bool = False) -> None:
        """Write a paper in the format, with what the destination can take.

        `plain` asks for marks instead of tracked ones, `large` for one large sheet instead of several.
        """
        paper = stamped(paper, handout=self.handout, occasion=self.occasion)
        self.put(written(self.format, paper, replace(self.options, plain=plain, large=large)))

    def give(self, write: "Writer[T] | None", thing: T, laid_out: Callable[[], "Document"]) -> None:
        """Write a thing itself where the format has a writer for it (JSON), else the paper of it."""
        if write is not None:
            self.put(write(thing, self.options))
        else:
            self.draw(laid_out())

    def put(self, text: str | bytes) -> None:
        """Print text (through the pager where it overruns a terminal), or write the file whole."""
        if self._path:
            write_file(self._path, text, f"{self._path} に書き出しました。")
        elif isinstance(text, bytes):
            if streams.is_terminal(sys.stdout):
                raise StoreError(f"{self.format.label}は端末に表示できません。-o ファイル名 を付けてください。")
            store.write_atomic(None, text)
        else:
            streams.page(streams.printable(text))


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
