"""Streams: what standard output and error can take, and how to speak through them without ever falling over."""

import os
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Literal, Self, TextIO

PROGRAM: Final = "strategy"
DEFAULT_WIDTH: Final = 80
DEFAULT_HEIGHT: Final = 24
MIN_WIDTH: Final = 20
"""Narrower reports come from broken terminals; tables need some room."""
MAX_WIDTH: Final = 500
"""Wider ones too; nobody reads a line of 250 characters, and each line of a table is filled up."""
MOST_NAMED: Final = 10
"""Characters that are named in one line."""

_DIGITS: Final = 9
_ours = False
"""Whether the process is this program's own, as `prepare` says."""

_MOST_DIGITS: Final = 6
"""Digits of a dimension that are read; Python refuses numbers of 4,300."""

Colour = Literal["auto", "always", "never"]


def prepare() -> None:
    """Set up standard output and error of a real process.

    A terminal keeps its encoding, pipes and files get UTF-8 and plain newlines unless PYTHONIOENCODING says otherwise.
    What an encoding lacks is written as an escape (see also `printable`): text may look odd but is never lost.
    """
    global _ours  # noqa: PLW0603 - the process is one
    _ours = True
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed (`>&-`), or no console (pythonw): nobody listens
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the whole process
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "").partition(":")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # replaced by an embedding program
            continue
        wanted = None if encoding or stream.isatty() else "utf-8"
        newline = None if stream.isatty() else "\n"
        reconfigure(encoding=wanted, errors=errors or "backslashreplace", newline=newline)


def processes() -> int:
    """Return how many processes may work at a time: only one where a program that embeds this one would start again."""
    if not _ours or getattr(sys, "frozen", False):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def complain(message: str, *more: str) -> None:
    """Say one line on standard error, and more lines; what would steer the terminal or break a line is made visible."""
    from atsugi_cli.width import safe

    lines = [safe(line).replace("\n", "␊") for line in (f"{PROGRAM}: {message}", *more)]
    try:
        sys.stderr.write("\n".join([*lines, ""]))
        sys.stderr.flush()
    except (OSError, AttributeError, ValueError):  # standard error is closed: there is nobody left to tell
        return


def finish(code: int) -> int:
    """Flush standard output; give the exit code, which is 2 if the results could not be written.

    A reader that has seen enough (`| head`) is no failure.
    """
    try:
        sys.stdout.flush()
    except AttributeError:  # there is no standard output
        return code
    except (OSError, ValueError) as error:
        hush()
        if isinstance(error, ValueError) or is_broken_pipe(error):
            return code
        from atsugi_cli.store import reason_of

        complain(f"結果を書き出せません（{reason_of(error)}）。")
        return 2
    return code


def is_broken_pipe(error: OSError) -> bool:
    """Tell whether the reader of a pipe has gone; Windows calls it an invalid argument."""
    import errno

    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def hush() -> None:
    """Point standard output to nowhere, or the interpreter would complain about it once more while it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, AttributeError, ValueError):  # replaced by an object that has no descriptor
        return


# ------------------------------------------------------------------------------------------------------- decisions


def terminal_width() -> int:
    """Give the cells of a line: COLUMNS, else the terminal, else 80."""
    return min(max(_size("COLUMNS", 0) or DEFAULT_WIDTH, MIN_WIDTH), MAX_WIDTH)


def _size(variable: str, index: int) -> int:
    """Give a dimension of the terminal, 0 if there is none."""
    wish = os.environ.get(variable, "")
    if wish.isascii() and wish.isdigit() and (wish := wish.lstrip("0")):
        return int(wish[:_DIGITS])
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            return os.get_terminal_size(stream.fileno())[index] if stream is not None else 0
        except (OSError, ValueError):
            continue
    return 0


def wants_colour(option: Colour = "auto", stream: TextIO | None = None) -> bool:
    """Decide about colour: the option, NO_COLOR, FORCE_COLOR, TERM=dumb, then whether `stream` is a terminal."""
    if option != "auto":
        return option == "always" and _takes_escapes()
    environment = os.environ
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in {"", "0"}:
        return _takes_escapes()
    return environment.get("TERM") != "dumb" and is_terminal(stream or sys.stdout) and _takes_escapes()


def _takes_escapes() -> bool:
    """Switch a Windows console to escape sequences; True everywhere else."""
    if sys.platform == "win32":
        import ctypes

        virtual_terminal = 4  # ENABLE_VIRTUAL_TERMINAL_PROCESSING
        console = ctypes.windll.kernel32
        handle = console.GetStdHandle(-11)  # STD_OUTPUT_HANDLE
        mode = ctypes.c_ulong()
        if console.GetConsoleMode(handle, ctypes.byref(mode)):
            return bool(console.SetConsoleMode(handle, mode.value | virtual_terminal))
    return True


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream ends at a person."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def ambiguous_width() -> Literal[1, 2]:
    """Give the cells of ambiguous characters (①, ※, →): STRATEGY_AMBIGUOUS=2 where the font draws them wide."""
    return 2 if os.environ.get("STRATEGY_AMBIGUOUS") == "2" else 1


_OF_DIFF: Final = {"+": "32", "-": "31", "@": "36"}


def coloured(line: str) -> str:
    """Colour a line of a diff by what it is, with every character in it made visible that is not on a terminal."""
    import re

    from atsugi_cli.width import safe

    words = safe(line.rstrip("\r\n"))
    if line.startswith(("+", "-")):
        words = re.sub(r"[ \t\u3000\u00a0]+\Z", lambda match: f"\x1b[7m{match[0]}\x1b[27m", words)
    code = "1" if line.startswith(("+++", "---")) else _OF_DIFF.get(line[0], "")
    return f"\x1b[{code}m{words}\x1b[0m\n" if code else f"{words}\n"


_TWINS: Final = dict(zip("〜−—‖¢£¬～－―∥￠￡￢", "～－―∥￠￡￢〜−—‖¢£¬", strict=True))
"""Characters that look the same and that one table of Japanese has under this code, another under that."""
_GETA: Final = "〓"
"""The printers' sign for a letter that is not in the case."""


def printable(text: str) -> str:
    """Replace what standard output's encoding lacks, each by a sign as wide, and name it once on standard error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        pass
    except LookupError:
        return text
    else:
        return text
    from atsugi_cli.width import width_of

    def lacks(character: str) -> bool:
        return not character.encode(encoding, "ignore")

    if lacks(_GETA):  # no Japanese at all: escapes, as `prepare` says
        return text
    text = text.translate({ord(each): twin for each, twin in _TWINS.items() if lacks(each) and not lacks(twin)})
    missing = sorted({each for each in text if lacks(each)})
    signs = ("", "?", _GETA)
    text = text.translate({ord(each): signs[min(width_of(each, ambiguous_width()), 2)] for each in missing})
    if missing:
        codes = "、".join(f"U+{ord(each):04X}" for each in missing[:MOST_NAMED])
        more = "ほか" if len(missing) > MOST_NAMED else ""
        complain(f"{encoding} にない文字 {len(missing)}種類（{codes}{more}）を{_GETA}（半角は ?）で出しました。")
    return text


# ---------------------------------------------------------------------------------------------- pager and progress


def page(text: str) -> None:
    """Print a text; on a terminal that it would overrun, through the reader's pager.

    $STRATEGY_PAGER, $PAGER or `less`, as words, never through a shell; "cat" or an empty value turns paging off.
    """
    height = _size("LINES", 1) or DEFAULT_HEIGHT
    command = _pager() if is_terminal(sys.stdout) and text.count("\n") >= height else None
    if command is None or not _paged(command, text):
        sys.stdout.write(text)


def _pager(environment: Mapping[str, str] = os.environ) -> list[str] | None:
    import shlex
    import shutil

    wish = environment.get("STRATEGY_PAGER", environment.get("PAGER", "less" if os.name != "nt" else ""))
    try:
        words = shlex.split(wish, posix=os.name != "nt")
    except ValueError:  # an open quote
        return None
    if not words or words[0] == "cat" or shutil.which(words[0]) is None:
        return None
    return words


def _paged(command: list[str], text: str) -> bool:
    """Show a text in a pager; False if it could not be started."""
    import subprocess
    from contextlib import suppress

    # F: leave when one screen suffices, R: keep colours, X: keep the text on the screen, as git sets it.
    environment = {"LESS": "FRX", "LESSCHARSET": "utf-8", "LV": "-c", **os.environ}
    sys.stdout.flush()
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - the user's own words
    except OSError:
        return False
    waiting = True
    with suppress(OSError, KeyboardInterrupt):  # left before the end
        process.communicate(text.encode("utf-8", "backslashreplace"))
        waiting = False
    while waiting:
        with suppress(KeyboardInterrupt):  # Ctrl+C belongs to the pager
            process.wait()
            waiting = False
    return True


class Progress:
    """One line on standard error that says how far a long run is, gone afterwards; nothing unless it is a terminal.

    >>> with Progress("検証", 500) as progress:
    ...     for name in names:
    ...         progress.step(name)
    """

    __slots__ = ("_done", "_due", "_label", "_now", "_shown", "_stream", "_total")

    PATIENCE: Final = 0.5
    """Seconds before the line appears: most runs are over by then."""
    PAUSE: Final = 0.1
    """Seconds between two drawings."""

    def __init__(
        self, label: str, total: int, stream: TextIO | None = None, now: Callable[[], float] | None = None
    ) -> None:
        """Count to `total`; stream and clock are standard error and the monotonic clock."""
        from time import monotonic

        self._stream = stream or sys.stderr
        self._label, self._total = label, total
        self._now = now or monotonic
        self._done = 0
        self._shown = False
        self._due = self._now() + self.PATIENCE if is_terminal(self._stream) else float("inf")

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def step(self, name: str = "") -> None:
        """Count one more and, now and then, draw."""
        self._done += 1
        if (moment := self._now()) < self._due:
            return
        from atsugi_cli.width import safe, wrapped

        line = safe(f"{self._label} {self._done}/{self._total} {name}").replace("\n", " ")
        self._clear()
        self._stream.write(wrapped([(line, None)], terminal_width() - 1)[0].text)
        self._stream.flush()
        self._shown = True
        self._due = moment + self.PAUSE

    def _clear(self) -> None:
        if self._shown:
            self._stream.write(f"\r{' ' * (terminal_width() - 1)}\r")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        self._clear()
        self._stream.flush()
