"""Supplements: what is kept beside an edition: the meeting's own paper (briefing) and opinions with their answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from atsugi_cli.findings import Finding
from atsugi_cli.frozen import frozen
from atsugi_cli.reader import checked
from atsugi_cli.reader.build import _each, _id, _int, _map, _rows, _str, _strings, _told
from atsugi_cli.reader.data import Map
from atsugi_cli.reader.loading import locate
from atsugi_cli.reader.schema_codes import BROKEN_TABLE

Kind = Literal["briefing", "opinions"]
ADOPTED = "反映"
"""The result of an opinion for which something of the plan was changed."""
RESULTS = (ADOPTED, "既記載", "参考", "対象外")


@frozen
class Opinion:
    """One opinion and what the city says to it; `changes` are ids of what was changed for it, `at` its place."""

    number: int
    sender: str
    day: str
    about: str
    text: str
    answer: str
    result: str
    changes: tuple[str, ...] = ()
    at: int = 0


@frozen
class Opinions:
    """The opinions of one procedure."""

    title: str
    opinions: tuple[Opinion, ...]


@frozen
class Section:
    """A section of the meeting's own paper: text in a light notation, and what of the plan stands in it."""

    number: str
    title: str
    body: str
    show: tuple[str, ...] = ()
    after: str = ""
    omitted: bool = False


@frozen
class Chapter:
    """A chapter of the meeting's own paper."""

    title: str
    sections: tuple[Section, ...]


@frozen
class Event:
    """A line of the schedule: a day, or from when to when."""

    title: str
    date: str = ""
    start: str = ""
    end: str = ""
    state: str = ""


@frozen
class Meeting:
    """The meeting that a paper is for."""

    title: str = ""
    date: str = ""
    time: str = ""
    place: str = ""
    agenda: tuple[str, ...] = ()


@frozen
class Briefing:
    """What is explained at a meeting and is no part of the plan; `trees` are the titles of its 体系図."""

    title: str
    meeting: Meeting
    chapters: tuple[Chapter, ...]
    schedule: tuple[Event, ...] = ()
    trees: tuple[str, str, str] = ("", "", "")


@frozen
class Supplement:
    """What is kept beside an edition, read: nothing is made of it where anything is wrong."""

    source: str
    text: str
    briefing: Briefing | None = None
    opinions: Opinions | None = None
    findings: tuple[Finding, ...] = ()


def read_supplement(data: bytes, source: str, kind: Kind, schema: Mapping[str, Any]) -> Supplement:
    """Read the meeting's own paper or the opinions. Never raises on what a file may hold."""
    text, tree, findings = checked(data, source, kind, schema)
    if findings or type(tree) is not Map:
        return Supplement(source, text, findings=findings)
    if kind == "opinions":
        return Supplement(source, text, opinions=Opinions(_str(tree, "title"), _numbered(tree)))
    if broken := tuple(_broken_tables(tree, text, source)):
        return Supplement(source, text, findings=broken)
    return Supplement(source, text, briefing=_briefing(tree))


def _numbered(data: Map) -> tuple[Opinion, ...]:
    return tuple(replace(each, at=at) for at, each in enumerate(_each(data, "opinions", _opinion)))


def _opinion(data: Map) -> Opinion:
    """Take what may be printed; what is private is not even kept."""
    sender, day, about, text, answer, result = (
        _str(data, name) for name in ("from", "when", "about", "text", "answer", "result")
    )
    return Opinion(_int(data, "no") or 0, sender, day, about, text, answer, result, _strings(data, "changes"))


_OF_MEETING = _rows(title=_str, date=_str, time=_str, place=_str, agenda=_strings)


def _briefing(data: Map) -> Briefing:
    trees = _map(data, "trees")
    return Briefing(
        _str(data, "title"),
        Meeting(**_told(_map(data, "meeting"), _OF_MEETING)),
        _each(data, "chapters", lambda each: Chapter(_str(each, "title"), _each(each, "sections", _section))),
        _each(data, "schedule", _event),
        (_str(trees, "title"), _str(trees, "before"), _str(trees, "after")),
    )


def _section(data: Map) -> Section:
    texts = (_id(data, "number"), _str(data, "title"), _str(data, "body"), _strings(data, "show"), _str(data, "after"))
    return Section(*texts, data.get("omitted") is True)


def _event(data: Map) -> Event:
    return Event(*(_str(data, name) for name in ("title", "date", "from", "to", "state")))


def cells(line: str) -> list[str]:
    """Return the cells of a line of a table: | 年 | 出生数 |."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def is_row(line: str) -> bool:
    """Check whether a line of a text belongs to a table."""
    return line.lstrip().startswith("|")


def _broken_tables(data: Map, text: str, source: str) -> list[Finding]:
    """Find tables whose rows have not all the cells of their head."""
    found = []
    places: Any = None
    for at, chapter in enumerate(_list(data, "chapters")):
        for number, section in enumerate(_list(chapter, "sections")):
            for key in ("body", "after"):
                wrong = _uneven(_str(section, key))
                if wrong:
                    places = places or locate(text, source)
                    place = places.value(0, "chapters", at, "sections", number, key)
                    hint = "どの行も、見出しの行と同じ数だけ | で区切ってください"
                    found.append(
                        Finding(BROKEN_TABLE, f"表の行「{wrong}」の列の数が、見出しの行と違います", place, hint)
                    )
    return found


def _uneven(text: str) -> str:
    """Return the first row of a table that has not as many cells as the first one."""
    wanted = 0
    for line in text.split("\n"):
        if not is_row(line):
            wanted = 0
        elif wanted and len(cells(line)) != wanted:
            return line.strip()
        else:
            wanted = len(cells(line))
    return ""


def _list(data: Map, key: str) -> list[Map]:
    values = data.get(key)
    return [each for each in values if type(each) is Map] if type(values) is list else []
