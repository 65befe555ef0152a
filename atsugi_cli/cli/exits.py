"""Exit codes, as the README documents them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the program tells the shell; a command function returns one of these."""

    OK = 0
    FINDINGS = 1  # `validate` found errors, `diff --exit-code` found changes
    UNUSABLE = 2  # arguments or input that the program can do nothing with
    INTERRUPTED = 130  # Ctrl+C: 128 + SIGINT, as shells count it
