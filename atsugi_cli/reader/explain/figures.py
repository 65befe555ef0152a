"""Figures: what to write instead of a text that stands for the value of an indicator, in the indicator's unit."""

import re
from collections.abc import Mapping
from dataclasses import replace

from atsugi_cli.achievement import fiscal_year
from atsugi_cli.findings import Edit
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Value, Year
from atsugi_cli.reader.explain.advice import clipped, written
from atsugi_cli.reader.explain.context import File, Path, data_at, period_of
from atsugi_cli.reader.scalars import plain_or_quoted
from atsugi_cli.values import Reading, fields, programmed, read, read_when, with_digits
from atsugi_cli.words import date_words

_OF_INDICATOR = ("baseline", "current", "target")
_LISTS = ("targets", "actuals")


@frozen
class Advice:
    """A sentence that says what to write, and the edits that write it; `safe` where nobody need look first."""

    hint: str
    edits: tuple[Edit, ...] = ()
    safe: bool = True


def yaml(value: object) -> str:
    """Write plain data on one line; a number keeps its decimals."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return written(value)
        case str():
            return plain_or_quoted(value)
        case Mapping():
            return "{" + listed(value) + "}"
        case list():
            return f"[{', '.join(map(yaml, value))}]"
        case _:
            return str(value)


def listed(entries: Mapping[str, object]) -> str:
    """Write keys and values as they stand in braces."""
    return ", ".join(f"{key}: {yaml(value)}" for key, value in entries.items())


def told_to_write(entries: Mapping[str, object], *, inline: bool) -> str:
    """Tell to write entries as they stand in braces, or each on a line of its own."""
    short = {key: clipped(each) if isinstance(each, str) else each for key, each in entries.items()}
    if inline or len(short) == 1:
        return f"「{listed(short)}」と書きます"
    return "".join(f"「{key}: {yaml(each)}」" for key, each in short.items()) + "と、1行ずつ書きます"


def home_of(path: Path) -> tuple[Path, str]:
    """Return the path of the indicator that holds a value mapping, and the key under which it holds it."""
    if path and path[-1] in _OF_INDICATOR:
        return path[:-1], str(path[-1])
    if len(path) > 1 and path[-2] in _LISTS:
        return path[:-2], str(path[-2])
    return path, ""


def reading_at(file: File, home: Path, text: str, own: object = None) -> Reading | None:
    """Read a text in the context of an indicator and of its `own` year."""
    indicator = data_at(file, home)
    base = indicator.get("baseline")
    year = _year(base.get("year")) if isinstance(base, Mapping) else None
    unit = indicator.get("unit")
    return read(text, unit if isinstance(unit, str) else "", period_of(file), year, _year(own))


def _year(written: object) -> Year:
    return written if isinstance(written, int) else read_when(str(written)) if written else None


def for_number(file: File, path: Path, text: str, end: int | None = None) -> Advice:
    """Advise on a text where the number of a value is due; `end` where the text goes on behind the scalar itself."""
    holder = path[:-1]
    home, key = home_of(holder)
    own = data_at(file, holder)
    found = reading_at(file, home, text, own.get("year"))
    words = " ".join(text.split())
    if coded := programmed(text.strip()):
        hint = f"{coded[0]}の書き方です。{coded[1]} のことなら「value: {coded[1]}」と書きます"
        return Advice(hint, replaced(file, path, {"value": coded[1]}, end), safe=False)
    if found is None and (likely := with_digits(text)) and (found := reading_at(file, home, likely, own.get("year"))):
        told, odd = _in_place(found.value, own)
        if not odd and "value" in told:
            hint = f"英字（O や l）が数字なら、{told_to_write(told, inline=file.places.raw(0, *holder)[:1] == '{')}"
            return Advice(hint, replaced(file, path, told, end), safe=False)
        found = None
    if found is None or (found.value.text and found.value.text.isascii()):
        kept = plain_or_quoted(clipped(words))
        hint = f"数を読み取れません。数だけを value に書くか、言葉のまま「text: {kept}」と書きます"
        return Advice(hint, replaced(file, path, {"text": words}, end), safe=False)
    told, odd = _in_place(_beside(found.value, data_at(file, home)), own)
    line = told_to_write(told, inline=file.places.raw(0, *holder)[:1] == "{")
    if odd:
        return Advice(f"{line}。ただし、年がすでに書かれた {own.get('year')} と違うので、確かめます")
    hint = line if "value" in told else f"value の代わりに{line}"
    edits = replaced(file, path, told, end)
    unit = data_at(file, home).get("unit")
    named = found.unit if found.value.value is not None or found.value.range is not None else ""
    if named and named != unit and key:
        if isinstance(unit, str) and unit:
            odd_unit = f"単位「{named}」が、指標の単位「{unit}」と違います"
            return Advice(f"{odd_unit}。「unit: {plain_or_quoted(named)}」とそろえるなら、{hint}")
        hint += f"（単位は「unit: {plain_or_quoted(named)}」に書きます）"
        edits = (*edits, *inserted(file, (*home, key), {"unit": named})) if edits else ()
    if found.before is not None:
        return _moved(file, home, key, found.before, Advice(hint, edits))
    return Advice(hint, edits)


def _beside(value: Value, indicator: Mapping[str, object]) -> Value:
    """Leave out of a value how it is reckoned where its indicator says the same."""
    span = [*value.span] if value.span else None
    alike = value.aggregation == indicator.get("aggregation") and span in (None, indicator.get("span"))
    return replace(value, aggregation="", span=None) if alike and value.aggregation else value


def _in_place(value: Value, own: Mapping[str, object]) -> tuple[dict[str, object], bool]:
    """Return the keys to write beside those that are there, and whether the year is told otherwise than there."""
    told = dict(fields(value))
    year = told.get("year")
    if year is None or "year" not in own:
        return told, False
    there = own["year"]
    known = _year(there)
    del told["year"]
    if known == year:
        return told, False
    if isinstance(year, str) and isinstance(known, int) and known in {fiscal_year(year), int(year[:4])}:
        told["note"] = "、".join(filter(None, (str(told.get("note", "")), f"{date_words(year)}現在")))
        return told, False
    return told, True


def _moved(file: File, home: Path, key: str, before: Value, advice: Advice) -> Advice:
    """Put what stands before an arrow where the baseline is."""
    told = dict(fields(before))
    there = data_at(file, home).get("baseline")
    words = f"{advice.hint}。矢印の前の値は「baseline: {yaml(told)}」に書きます"
    if isinstance(there, Mapping):
        return (
            Advice(advice.hint, advice.edits) if all(there.get(each) == told[each] for each in told) else Advice(words)
        )
    if key != "target" or not advice.edits:
        return Advice(words)
    return Advice(words, (*advice.edits, *inserted(file, (*home, key), {"baseline": told})))


def for_mapping(file: File, path: Path, text: str) -> Advice | None:
    """Advise on a text where year and value are due: 10件（令和8年度）."""
    home, key = home_of(path)
    found = reading_at(file, home, text)
    words = " ".join(text.split())
    if not key or "\n" in text.strip():
        return None
    told = dict(fields(found.value)) if found else {"text": words}
    unit = data_at(file, home).get("unit")
    sure = found is not None and found.before is None and (not found.unit or found.unit == unit)
    more = ""
    if "year" not in told:
        last = period_of(file)
        if key == "target" and last:
            told = {"year": last[1], **told}
            sure = False
        else:
            more = "（year（年度）も書きます）"
    line = listed({name: clipped(each) if isinstance(each, str) else each for name, each in told.items()})
    start, end = file.places.span(0, *path)
    edits = (Edit(start, end, yaml(told)),) if found is not None and found.before is None else ()
    name = f"{path[-1]}: " if isinstance(path[-1], str) else ""
    return Advice(f"「{name}{{{line}}}」と書きます{more}", edits, sure)


# --------------------------------------------------------------------------------------------------------------- edits


def replaced(file: File, path: Path, entries: Mapping[str, object], end: int | None = None) -> tuple[Edit, ...]:
    """Return the edits that write entries in place of a key and its value; none where another one contradicts them."""
    own = data_at(file, path[:-1])
    new = {key: value for key, value in entries.items() if key == path[-1] or own.get(key) != value}
    if any(key in own and key != path[-1] for key in new):
        return ()
    places = file.places
    start, (_, last) = places.key_span(0, *path)[0], places.span(0, *path)
    stop = last if end is None else end
    stop = start + len(places.lines.text[start:stop].rstrip())
    if list(new) == [path[-1]]:  # only the value, so that the words of the key stay as they are
        first = places.span(0, *path)[0]
        return (Edit(first, max(first, stop), yaml(new[str(path[-1])])),)
    return (Edit(start, stop, _set(file, path, new)),)


def inserted(file: File, path: Path, entries: Mapping[str, object]) -> tuple[Edit, ...]:
    """Return the edits that write entries before a key."""
    start = file.places.key_span(0, *path)[0]
    return (Edit(start, start, _set(file, path, entries) + between(file, path)),)


def removed(file: File, path: Path) -> tuple[Edit, ...]:
    """Return the edit that takes out a key with its value, behind another one; none where words stand between."""
    keys = list(data_at(file, path[:-1]))
    at = keys.index(str(path[-1]))
    if not at:
        return ()
    before, (start, _) = file.places.span(0, *path[:-1], keys[at - 1])[1], file.places.key_span(0, *path)
    end = file.places.span(0, *path)[1]
    return (Edit(before, end, ""),) if not file.places.lines.text[before:start].strip(" \t\r\n,") else ()


def indented(text: str) -> str:
    """Move the lines of a text two columns to the right, but for the first one, which begins where it stands."""
    return re.sub(r"\n(?=[ \t]*[^\s])", "\n  ", text)


def parted(file: File, path: Path, year: Year) -> Edit:
    """Return the edit that makes year and value of a year that stands as the key: {R7: 1300}."""
    start, (first, end) = file.places.key_span(0, *path)[0], file.places.span(0, *path)
    return Edit(start, end, f"year: {year}{between(file, path)}value: {file.places.lines.text[first:end].rstrip()}")


def _set(file: File, path: Path, entries: Mapping[str, object]) -> str:
    return between(file, path).join(f"{key}: {yaml(value)}" for key, value in entries.items())


def between(file: File, path: Path) -> str:
    """Return what stands between two entries of a mapping: a comma, or a new line with its indentation."""
    if file.places.raw(0, *path[:-1])[:1] == "{":
        return ", "
    return new_line(file.places.lines.text, file.places.key_of(0, *path).column)


def new_line(text: str, column: int) -> str:
    """Return a line end as the text has them, with blanks up to a column."""
    return ("\r\n" if "\r\n" in text else "\n") + " " * (column - 1)
