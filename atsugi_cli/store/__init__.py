"""Store: the outside world as bytes: files, git, standard input, and the data that travels with the program.

Everything that can go wrong out there becomes a `StoreError`, one Japanese sentence that says what to do. Nothing here
reads YAML, or knows which edition is meant: that is for `project`.
"""

from atsugi_cli.store.base import (
    PROFILE,
    ROOT,
    STDIN,
    STDIN_NAME,
    SUFFIXES,
    Blob,
    StoreError,
    UnusableError,
    alike,
    is_folder,
    perhaps,
    reason_of,
    spelled,
)
from atsugi_cli.store.files import (
    Found,
    find_editions,
    is_below,
    is_edition,
    is_profile,
    neighbours,
    packaged,
    profile_for,
    profile_names,
    read_file,
    read_stdin,
    read_template,
    shipped,
)
from atsugi_cli.store.git import SHORT, Commit, Git, close, repository
from atsugi_cli.store.writing import ChangedError, make_folder, sweep, write_atomic, write_set

__all__ = [
    "PROFILE",
    "ROOT",
    "SHORT",
    "STDIN",
    "STDIN_NAME",
    "SUFFIXES",
    "Blob",
    "ChangedError",
    "Commit",
    "Found",
    "Git",
    "StoreError",
    "UnusableError",
    "alike",
    "close",
    "find_editions",
    "is_below",
    "is_edition",
    "is_folder",
    "is_profile",
    "make_folder",
    "neighbours",
    "packaged",
    "perhaps",
    "profile_for",
    "profile_names",
    "read_file",
    "read_stdin",
    "read_template",
    "reason_of",
    "repository",
    "shipped",
    "spelled",
    "sweep",
    "write_atomic",
    "write_set",
]
