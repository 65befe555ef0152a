"""Editions for tests: read case folders, and list a revision one change a line."""

from pathlib import Path

from atsugi_cli.compare import compare
from atsugi_cli.levels import DEFAULT_PROFILE
from atsugi_cli.model import Item
from atsugi_cli.reader import build
from atsugi_cli.reader.data import Map
from atsugi_cli.reader.loading import load

TESTS = Path(__file__).parent


def read(path, levels=DEFAULT_PROFILE.levels):
    text = path.read_text(encoding="utf-8")
    data, findings = load(text, path.name)
    assert type(data) is Map, findings
    return build.strategy(data, path.name, text, levels)


def case(folder):
    """Read both editions of a case folder, with its profile where it has one."""
    path = folder / "profile.yaml"
    profile = build.profile(load(path.read_text(encoding="utf-8"), path.name)[0]) if path.is_file() else DEFAULT_PROFILE
    return read(folder / "current.yaml", profile.levels), read(folder / "revised.yaml", profile.levels), profile


def revision(folder):
    old, new, _ = case(folder)
    return compare(old, new)


def listing(report):
    """List every change: kind | old → new | before → after | how it is known."""
    return [_line(change) for change in report.changes()]


def _line(change):
    about = (*change.new, *change.old)[0]
    level = about.level if isinstance(about, Item) else about.role
    parts = [f"{change.kind.code} {level}", f"{_ids(change.old)} → {_ids(change.new)}"]
    if change.old_indicators or change.new_indicators:
        parts.append(f"{_ids(change.old_indicators)} → {_ids(change.new_indicators)}")
    if change.before or change.after:
        parts.append(f"{change.before or '－'} → {change.after or '－'}")
    if change.wording is not None:
        parts.append(f"{_marked(change.wording.old)} → {_marked(change.wording.new)}")
    known = change.decided + ("、提案" if change.proposed else "")
    parts.append(f"{known} {change.confidence:.2f}" if change.decided == "inferred" else known)
    return " | ".join(parts)


def _ids(things):
    return "、".join(each.id for each in things) or "－"


def _marked(segments):
    return "".join(f"〔{text}〕" if mark else text for text, mark in segments).replace("\n", "⏎")
