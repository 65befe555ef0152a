"""Owners: rules about the sections in charge, whose names a city may list with their periods in its profile."""

import re
from collections.abc import Iterator, Sequence

from atsugi_cli.findings import Edit, Finding
from atsugi_cli.levels import Owner
from atsugi_cli.model import Thing
from atsugi_cli.rules.base import Rule, Subject, finding, rule

_SEVERAL = r"[^、，（()）]+[課室部局係所](?:[、，]\s*[^、，（()）]+[課室部局係所])+"
"""Names of sections with a Japanese comma, of which a list makes one name."""


def unknown_owner(subject: Subject) -> Iterator[Finding]:
    """所管の名前が、profile.yaml の所管の一覧（owners）にありません。

    一覧を書いた市だけで問います。課の名前の前に部の名前が付いていても構いません。
    一つの名前の中に「、」で並べた課は、どの市でも示します。
    """
    known = subject.profile.owners
    names = [owner.name for owner in known]
    for node, path, name in _named(subject):
        if path[0] == "owners" and ("、" in name or "，" in name) and re.compile(_SEVERAL).fullmatch(name):
            parts = ", ".join(each.strip() for each in name.replace("，", "、").split("、"))
            yield finding(
                f"所管「{name}」は、いくつもの課が一つの名前になっています",
                subject.at(node, *path),
                f"owners: [{parts}] のように、半角のコンマで分けてください",
                edits=_in_several(subject, node, path, name, parts),
            )
        elif known and _known(name, known) is None:
            yield finding(
                f"所管「{name}」は、profile.yaml の owners にありません",
                subject.at(node, *path),
                subject.perhaps(name, names) or "一覧にある名前に直すか、profile.yaml の owners に加えてください",
            )


def former_owner(subject: Subject) -> Iterator[Finding]:
    """版の日付のときには、もう使われていない所管の名前です。

    profile.yaml の owners に書いた期間（until）が、版の日付より前に終わっています。
    """
    date = subject.strategy.edition.date
    if not subject.profile.owners:
        return
    for node, path, name in _named(subject):
        owner = _known(name, subject.profile.owners)
        if owner is None or not owner.until or not date or date[: len(owner.until)] <= owner.until:
            continue
        after = f"（後の名前は「{owner.successor}」）" if owner.successor else ""
        now = name.replace(owner.name, owner.successor) if owner.successor else "いまの名前"
        yield finding(
            f"所管「{name}」は {owner.until} までの名前です{after}", subject.at(node, *path), f"{now}に直してください"
        )


def _in_several(subject: Subject, node: int, path: tuple[str | int, ...], name: str, parts: str) -> tuple[Edit, ...]:
    """Return the edit that writes a list in brackets with several names for one."""
    start, end = subject.places.span(node, "owners")
    written = subject.places.lines.text[start:end]
    raw = subject.places.raw(node, *path)
    if written[:1] != "[" or raw != name or written.count(raw) != 1:
        return ()
    return (Edit(start, end, written.replace(raw, parts)),)


def _named(subject: Subject) -> Iterator[tuple[int, tuple[str | int, ...], str]]:
    """Iterate over the owners of the edition, of items and of indicators: node, path, name."""
    edition = subject.strategy.edition
    if edition.owner and edition.node not in subject.broken:
        yield edition.node, ("owner",), edition.owner
    things: list[Thing] = [*subject.items, *(indicator for _, indicator in subject.indicators)]
    for thing in things:
        for at, name in enumerate(thing.owners if thing.node not in subject.broken else ()):
            yield thing.node, ("owners", at), name


def _known(name: str, owners: Sequence[Owner]) -> Owner | None:
    """Find an owner by its name, or by the department before the section's name (企画部 企画課)."""
    parts = name.replace("　", " ").split(" ")
    return next((owner for owner in owners if owner.name == name or owner.name in parts), None)


OWNER_RULES: Sequence[Rule] = (
    rule("unknown-owner", "知らない所管", "profile", "warning", unknown_owner,
         example="owners: [企画政索課]\n→ owners: [企画政策課]"),
    rule("former-owner", "前の所管名", "profile", "warning", former_owner,
         example="owners: [政策部]      # 令和6年3月まで\n→ owners: [企画部]"),
)  # fmt: skip
