"""The console entry. Everything that would not suit a program that embeds this one stands here and nowhere else."""

import gc
import os
import sys


def run() -> None:
    """Run as the `strategy` command."""
    fast = _may_be_fast()
    if fast:
        gc.disable()  # -6 % of `--help`, -9 % of a run that reads: the program makes no cycles worth collecting
    code = _tell_version() if sys.argv[1:] in (["--version"], ["-V"]) else _run_program()
    if fast:
        os._exit(
            code
        )  # -13 % of `--help`: skips taking every module apart; `main` has flushed and closed what it opened
    sys.exit(code)


def _run_program() -> int:
    try:
        from atsugi_cli.cli import streams
        from atsugi_cli.cli.app import main

        streams.prepare()
        return main(sys.argv[1:])
    except KeyboardInterrupt:  # before or after `main`, which takes its own
        return 130


def _tell_version() -> int:
    """Answer before anything is imported: 1.1 instead of 4.9 times what starting Python costs."""
    from atsugi_cli import __version__

    try:
        sys.stdout.write(f"strategy {__version__}\n")
        sys.stdout.flush()
    except AttributeError:  # standard output is closed
        return 0
    except OSError as error:
        return 0 if isinstance(error, BrokenPipeError) else 2  # a reader that has left, or a full disk
    return 0


def _may_be_fast() -> bool:
    """Leave the interpreter's ways alone where somebody watches or needs its end."""
    watched = sys.gettrace() is not None or not sys.modules.keys().isdisjoint({"coverage", "pytest"})
    return not (watched or sys.flags.dev_mode or sys.flags.interactive or "COVERAGE_PROCESS_START" in os.environ)


if __name__ == "__main__":
    run()
