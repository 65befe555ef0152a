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
    alike,
    is_folder,
    perhaps,
    spelled,
)
from atsugi_cli.store.files import (
    Found,
    find_editions,
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
    write_atomic,
)
from atsugi_cli.store.git import Commit, Git, close, repository

__all__ = [
    "PROFILE",
    "ROOT",
    "STDIN",
    "STDIN_NAME",
    "SUFFIXES",
    "Blob",
    "Commit",
    "Found",
    "Git",
    "StoreError",
    "alike",
    "close",
    "find_editions",
    "is_edition",
    "is_folder",
    "is_profile",
    "neighbours",
    "packaged",
    "perhaps",
    "profile_for",
    "profile_names",
    "read_file",
    "read_stdin",
    "read_template",
    "repository",
    "shipped",
    "spelled",
    "write_atomic",
]
