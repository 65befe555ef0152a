"""Store: the outside world as bytes: files, git, standard input, and the data that travels with the program.

Everything that can go wrong out there becomes a `StoreError`, one Japanese sentence that says what to do. Nothing here
reads YAML: whoever must know which edition is the newest passes a function for it.
"""

from atsugi_cli.store.base import (
    PROFILE,
    ROOT,
    STDIN,
    STDIN_NAME,
    SUFFIXES,
    Blob,
    NoPathError,
    StoreError,
    is_folder,
    spelled,
)
from atsugi_cli.store.editions import by_name, editions_at, resolve, split_range
from atsugi_cli.store.files import (
    Found,
    find_editions,
    is_edition,
    is_profile,
    packaged,
    profile_for,
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
    "NoPathError",
    "StoreError",
    "by_name",
    "close",
    "editions_at",
    "find_editions",
    "is_edition",
    "is_folder",
    "is_profile",
    "packaged",
    "profile_for",
    "read_file",
    "read_stdin",
    "read_template",
    "repository",
    "resolve",
    "shipped",
    "spelled",
    "split_range",
    "write_atomic",
]
