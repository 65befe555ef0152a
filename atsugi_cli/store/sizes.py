"""Sizes: how large a file may be, and what a large one must look like. See decision 0005."""

import re
from typing import BinaryIO, Final

from atsugi_cli.store.base import UnusableError

MAX_BYTES: Final = 3 * 512 * 1024
"""A plan of 1,000 initiatives takes 0.7 MB; so much of anything is read and explained in two seconds."""
MAX_PLAN_BYTES: Final = 128 * 1024 * 1024
"""The limit for files that look like an edition throughout; 100,000 initiatives take 77 MB."""
MAX_TEMPLATE_BYTES: Final = 64 * 1024 * 1024
"""A city's Word or PowerPoint file, pictures and all."""
_HEAD: Final = 64 * 1024
_PLAN_KEYS: Final = (b"\nplan:", b"\nedition:")
_SLICE: Final = 1024 * 1024
_NEW_IDS: Final = 16
"""Ids that each slice of a large edition must bring: one in 64 kB, where a long item takes 2 kB."""
_MOST_VALUES: Final = _SLICE // 8
"""Values that a slice may hold, of eight bytes each; a plan's have forty. Memory and time go by values, not by bytes.
A whole file of 128 MB cannot have more than 16 million."""


def read_edition(file: BinaryIO, name: str) -> bytes:
    """Read a file to its end, or refuse it by size before it is all in memory; `name` is said in the refusal."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES and _begins_like_an_edition(data):
        data += file.read(MAX_PLAN_BYTES - len(data) + 1)
    return plausible(data, name)


def read_all(file: BinaryIO, name: str) -> bytes:
    """Read a file of another sort, as large as a template may be."""
    return _within(file.read(MAX_TEMPLATE_BYTES + 1), MAX_TEMPLATE_BYTES, name)


def plausible(data: bytes, name: str) -> bytes:
    """Refuse what is too large for an edition and does not look like one: to parse it would take minutes."""
    if len(data) <= MAX_BYTES:
        return data
    if not _begins_like_an_edition(data):
        return _within(data, MAX_BYTES, name)
    end, why = _end_of_edition(_within(data, MAX_PLAN_BYTES, name))
    if end < 0:
        return data
    line = data.count(b"\n", 0, end) + 1
    raise UnusableError(
        f"{name} は大きすぎ、途中から版らしくありません（{len(data) / 1024**2:.0f} MB。{line:,}行目あたりから先に、"
        f"{why}）。別のものが混ざっていないか確かめてください。"
    )


def _within(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise UnusableError(f"{name} は大きすぎます（上限 {limit / 1024**2:g} MB）。ファイルを確かめてください。")
    return data


def _begins_like_an_edition(data: bytes) -> bool:
    head = b"\n" + data[:_HEAD]
    return all(key in head for key in _PLAN_KEYS)


def _end_of_edition(data: bytes) -> tuple[int, str]:
    """Find where a large file stops to go on like an edition, item after item with an id of its own; -1 if nowhere.

    The last slice, which is no whole one, may be anything.
    """
    ids = re.compile(rb"id: ([^\s,}]+)")
    seen: set[bytes] = set()
    for start in range(0, len(data) - _SLICE, _SLICE):
        known = len(seen)
        if data.count(b",", start, start + _SLICE) + data.count(b"\n", start, start + _SLICE) > _MOST_VALUES:
            return start, "値が細かく並びすぎています"
        seen.update(ids.findall(re.sub(rb"(?m)^ *#.*", b"", data[start : start + _SLICE])))
        if len(seen) - known < _NEW_IDS:
            return start, "新しい id の項目が続きません"
    return -1, ""
