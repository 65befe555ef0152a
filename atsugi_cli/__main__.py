"""The console entry. Everything that would not suit a program that embeds this one stands here and nowhere else."""

import gc
import os
import sys


def run() -> None:
    """Run as the `strategy` command."""
    fast = _may_be_fast()
    if fast:
        gc.disable()  # -9 % of a whole run: the program makes no cycles worth collecting before it ends
    from atsugi_cli.cli import streams
    from atsugi_cli.cli.app import main

    streams.prepare()
    code = main(sys.argv[1:])
    if fast:
        os._exit(code)  # -12 %: skips taking every module apart; `main` has flushed and closed what it opened
    sys.exit(code)


def _may_be_fast() -> bool:
    """Leave the interpreter's ways alone where somebody watches or needs its end."""
    watched = sys.gettrace() is not None or not sys.modules.keys().isdisjoint({"coverage", "pytest"})
    return not (watched or sys.flags.dev_mode or sys.flags.interactive or "COVERAGE_PROCESS_START" in os.environ)


if __name__ == "__main__":
    run()
