"""Archive: Office files are zip archives; the same parts always give the same bytes, on any day and machine."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from atsugi_cli.document import Stamp

FIRST: Final = ("[Content_Types].xml", "_rels/.rels")
"""Programs that look at the start of a file to tell what it is expect these."""

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip archive can hold."""

_UNIX: Final = 3
_PLAIN_FILE: Final = 0o644 << 16
_DATE: Final = re.compile(r"([0-9]{4})\D+([0-9]{1,2})\D+([0-9]{1,2})")


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Zip parts by name, in a fixed order and without dates."""
    names = [name for name in FIRST if name in parts]
    names += sorted(name for name in parts if name not in FIRST)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(name, EARLIEST)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = _UNIX  # else it tells on which system the file was made
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


def normalised(data: bytes) -> bytes:
    """Zip an archive anew, so that neither the clock nor a library's order shows in its bytes."""
    with ZipFile(BytesIO(data)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})


def issued(stamp: Stamp) -> datetime:
    """Return the day that a file names as that of its making: the paper's own, never that of the clock."""
    found = _DATE.search(stamp.date)
    year, month, day = map(int, found.groups()) if found else EARLIEST[:3]
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:  # a date that does not exist is reported by `validate`
        return datetime(*EARLIEST[:3], tzinfo=UTC)
