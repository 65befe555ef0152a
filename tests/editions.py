"""Editions for tests: read case folders, and list a revision one change a line."""

import json
from pathlib import Path

from atsugi_cli.compare import compare
from atsugi_cli.document import Paragraph
from atsugi_cli.formats.json import revision as written
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.points import points
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


def said(report, profile):
    """List the sentences of 改定のポイント with what stands beside them."""
    lines = [block for block in points(report, profile).blocks if isinstance(block, Paragraph)]
    return [f"{each.bullet}{each.text}{''.join(map(_flag, each.flags))}" for each in lines]


def _flag(flag):
    return f"［{flag.label}{'（推定）' if flag.proposed else ''}］"


def entries(report):
    """List the entries of the JSON: what is plain in one line, then a line for each thing and each side's marks."""
    lines = []
    for change in json.loads(written(report, Options()))["changes"]:
        plain = {key: value for key, value in change.items() if not isinstance(value, dict | list)}
        lines.append(json.dumps(plain, ensure_ascii=False))
        for key, value in change.items():
            if key in plain:
                continue
            for side in ({"": value} if isinstance(value, list) else value).items():
                lines += _side(key, *side)
    return lines


def _side(key, side, things):
    name = f"{key}.{side}" if side else key
    for each in [things] if key == "marks" else things:
        yield f"  {name}: {json.dumps(each, ensure_ascii=False)}"
    if not things:
        yield f"  {name}: []"


def golden_of(report, profile):
    """Show a revision in the three ways that no table shows: change by change, in sentences, and as JSON."""
    parts = (listing(report), said(report, profile), entries(report))
    return "\n".join("".join(f"    {line}\n" for line in part) for part in parts)
