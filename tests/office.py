"""Checks of Office files that hold for every paper."""

import time

from openxml_audit import OpenXmlValidator


def assert_valid(data, path):
    """Check a file against the Office schemas."""
    path.write_bytes(data)
    result = OpenXmlValidator(strict=True).validate(path)
    assert result.is_valid, [str(error) for error in result.errors]


def on_another_day(monkeypatch):
    """Let the clock show another day for whatever asks it."""
    other = time.struct_time((2031, 5, 6, 7, 8, 9, 1, 126, 0))
    monkeypatch.setattr(time, "time", lambda: 1_935_990_489.0)
    monkeypatch.setattr(time, "localtime", lambda *_: other)
    monkeypatch.setattr(time, "gmtime", lambda *_: other)


def merged(pieces):
    """Join neighbours of one look; empty pieces count for nothing."""
    out = []
    for text, look in pieces:
        if not text:
            continue
        if out and out[-1][1] == look:
            out[-1] = (out[-1][0] + text, look)
        else:
            out.append((text, look))
    return out
