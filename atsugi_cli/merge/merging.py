"""Merging: entry by entry, what one side has changed is taken; what both have changed, and not alike, is a clash.

What is taken is taken as it was typed. The first side gives the frame: its layout, line ends and order.
"""

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from atsugi_cli.merge.records import BASE, OURS, THEIRS, Place, Records, Sides, alike, iterate, keys_of
from atsugi_cli.merge.sequences import arranged, merged_lines
from atsugi_cli.merge.values import (
    MISSING,
    Chunk,
    Clash,
    Decision,
    Merged,
    Taken,
    Thing,
    Why,
    chosen,
    plain,
    whole_lines,
)
from atsugi_cli.reader.loading import load
from atsugi_cli.reader.pieces import LayoutError, Piece, Pieces, inline, same, shifted

Which = Literal["base", "ours", "theirs"]
_HEAD = re.compile(r"(.*?:)([ \t]*(?:#[^\n]*)?\n)")
_TEXTS = ("|", ">")
_WHICH: tuple[Which, ...] = ("base", "ours", "theirs")


def merged(base: str, ours: str, theirs: str) -> Merged:
    """Merge three texts of one file; `base` may be empty. Raises LayoutError where that cannot be done by entries."""
    if theirs in (ours, base):
        return Merged((ours,))
    if ours == base:
        return Merged((theirs,))
    crlf = [_is_crlf(text) for text in (base, ours, theirs)]
    wants_crlf = crlf[2] if crlf[1] == crlf[0] else crlf[1]
    even = [
        text.replace("\r\n", "\n") if is_crlf else text
        for text, is_crlf in zip((base, ours, theirs), crlf, strict=True)
    ]
    work = _Merging(*even)
    chunks = work.document()
    found = Merged(tuple(chunks), tuple(work.decisions))
    tree, findings = load(found.chosen("ours"), "")
    if findings or not same(_bare(tree), work.data):
        raise LayoutError("合わせた結果を読み直すと、合わせるはずの内容と違います")
    if wants_crlf:
        found = Merged(tuple(map(_with_crlf, found.chunks)), found.decisions)
    return found


def _is_crlf(text: str) -> bool:
    return "\r\n" in text and text.count("\r\n") == text.count("\n")


def _with_crlf(chunk: Chunk) -> Chunk:
    if isinstance(chunk, str):
        return chunk.replace("\n", "\r\n")
    return Clash(*(text.replace("\n", "\r\n") for text in (chunk.base, chunk.ours, chunk.theirs)))


def _comments(text: str) -> Counter[str]:
    """Count the comments that stand on lines of their own."""
    return Counter(line for line in map(str.strip, text.splitlines()) if line.startswith("#"))


def _bare(tree: object) -> object:
    if isinstance(tree, dict):
        return {key: _bare(value) for key, value in tree.items()}
    return [_bare(each) for each in tree] if isinstance(tree, list) else tree


Result = tuple[list[Chunk], object]
"""The lines of an entry at the left margin (in brackets: its text), and its data where ours is chosen."""

_NOTHING: Result = ([], MISSING)


class _Merging:
    """One merge: the three texts, and the decisions so far."""

    def __init__(self, base: str, ours: str, theirs: str) -> None:
        sides: list[Piece | None] = []
        for text in (base, ours, theirs):
            pieces = Pieces(text)
            if text.strip() and not (pieces.whole and pieces.values and pieces.root.is_map):
                raise LayoutError("YAMLとして読めません")
            sides.append(pieces.root if text.strip() else None)
        if sides[OURS] is None or sides[THEIRS] is None:
            raise LayoutError("空のファイルです")
        self.roots: Sides = (sides[0], sides[1], sides[2])
        self.records = Records(self.roots)
        before, mine, yours = map(_comments, (base, ours, theirs))
        self.gone = {each for each, times in before.items() if times == 1 and not (each in mine and each in yours)}
        self.decisions: list[Decision] = []
        self.data: object = None
        self.things: dict[str, Thing] = {"": Thing()}

    def document(self) -> list[Chunk]:
        """Merge the roots, with what stands before and behind them."""
        ours, theirs = self.roots[OURS], self.roots[THEIRS]
        assert ours is not None and theirs is not None  # noqa: S101, PT018 - looked at above
        texts = [("", "", "") if root is None else _around(root) for root in self.roots]
        before, after, ending = (self._either(*parts) for parts in zip(*texts, strict=True))
        chunks, self.data = self.entries(self.roots, "", ())
        if ours.is_block and not ending:
            text = chunks[-1]
            if not after and isinstance(text, str):
                chunks[-1] = text.removesuffix("\n")
        return whole_lines([before, *chunks, after] if before or after else chunks)

    def _either(self, base: str, ours: str, theirs: str) -> str:
        """Merge what surrounds the data; where both have changed it, both are kept."""
        if theirs in (ours, base):
            return self.living(ours, base)
        if ours == base:
            return self.living(theirs, base)
        parts = merged_lines(*(text.splitlines(keepends=True) for text in (base, ours, theirs)))
        return self.living("".join(part if isinstance(part, str) else _both(*part) for part in parts), base)

    def living(self, text: str, base: str = "") -> str:
        """Leave out a comment that now stands at another entry, where the other side has removed or reworded it."""
        if not self.gone:
            return text
        lines, known = text.splitlines(keepends=True), base.splitlines(keepends=True)
        return "".join(line for line in lines if line in known or line.strip() not in self.gone)

    def decide(
        self, owner: str, path: tuple[str, ...], values: Sequence[object], taken: Taken, why: Why, result: object = None
    ) -> None:
        """Note a decision."""
        if owner not in self.things:
            self.things[owner] = self.records.thing(owner)
        base, ours, theirs = map(plain, values)
        self.decisions.append(Decision(self.things[owner], path, base, ours, theirs, taken, why, result))

    def entry(self, sides: Sides, owner: str, path: tuple[str, ...], *, block: bool, record: str = "") -> Result:
        """Merge one entry; `block` says how the container is written that it goes into."""
        base, ours, theirs = sides
        if path == ("number",) and (ours or theirs) and owner in self.records.numbers:
            return self.numbered(sides, owner, block=block)
        place = self._place(owner, path) if not record else None
        restless = (
            record in self.records.restless
            or self.records.is_restless(place)
            or (path == ("plan",) and bool(self.records.restless))
        )
        if not restless:
            chosen_ = _one_sided(sides)
            if chosen_ is not None:
                return self.taken(chosen_, block=block)
        if ours is None and theirs is None:
            return _NOTHING
        values = [_data(piece) for piece in sides]
        there = list(iterate(sides))
        keyed = all(piece is None or piece.is_list for piece in (ours, theirs)) and not (base and base.is_map)
        keyed = keyed and all(keys_of(piece) is not None for piece in there)
        is_deep = place is not None or keyed or all(piece.is_map for piece in there)
        if (
            not restless
            and ours is not None
            and theirs is not None
            and not (is_deep and (ours.is_block or theirs.is_block))
        ):
            if same(values[1], values[2]) or same(values[2], values[0]):
                return self.dressed(sides, ours, block=block)
            if same(values[1], values[0]):
                return self.dressed(sides, theirs, block=block)
        if not (record or place) and (ours is None or theirs is None):
            present = ours or theirs
            assert present is not None  # noqa: S101
            if base is None:
                return self.taken(present, block=block)
            if same(present.data, base.data):
                return _NOTHING
            self.decide(owner, path, values, "neither", "removed-and-changed")
            return self.clash(sides, block=block)
        if is_deep:
            return self.descended(sides, owner, path, block=block)
        styles = {piece.style for piece in there}
        if block and styles in ({"|"}, {">"}) and len(there) == 3 and len({_mark(piece) for piece in there}) == 1:
            return self.lines(sides, owner, path)
        self.decide(owner, path, values, "neither", "changed-twice")
        return self.clash(sides, block=block)

    def _place(self, owner: str, path: tuple[str, ...]) -> Place | None:
        place = (owner, path)
        return place if self.records.is_list(place) else None

    def taken(self, piece: Piece, *, block: bool) -> Result:
        """Take an entry as it was typed."""
        text = _as_typed(piece, block=block)
        lead = piece.lead if block else ""
        return [self.living(lead) + text.removeprefix(lead)], piece.data

    def clash(self, sides: Sides, *, block: bool) -> Result:
        """Leave an entry to people."""
        texts = ["" if piece is None else _as_typed(piece, block=block) for piece in sides]
        ours = sides[OURS]
        return [Clash(*texts)], MISSING if ours is None else ours.data

    def dressed(self, sides: Sides, piece: Piece, *, block: bool) -> Result:
        """Take the value of one side; where the comments of both have changed, keep both."""
        if not block or piece.column < 0:
            return self.taken(piece, block=block)
        remark, below = self.trail(sides)
        line, text = _line(piece)
        return [self.lead(sides) + line + remark + text + below], piece.data

    def lead(self, sides: Sides) -> str:
        """Return the comments above an entry: what either side has added, stays."""
        return self._either(*("" if each is None or each.column < 0 else each.lead for each in sides))

    def trail(self, sides: Sides) -> tuple[str, str]:
        """Return what follows a value: the rest of its line, and the comments below that are set in deeper."""
        remarks, below = zip(*map(_trail, sides), strict=True)
        return _remark(*remarks), self._either(*below)

    def numbered(self, sides: Sides, owner: str, *, block: bool) -> Result:
        """Write the number that the order gives."""
        number = self.records.numbers[owner]
        if number is None:  # as the order, which people have to settle
            return self.clash(sides, block=block)
        values = [_data(piece) for piece in sides]
        piece = next(iterate(sides))
        if number not in [
            value for value, base in ((values[1], values[0]), (values[2], values[0])) if value is not MISSING
        ]:
            self.decide(owner, ("number",), values, "neither", "recounted", number)
        text = _as_typed(piece, block=block)
        at = text.rfind(piece.typed)
        if block and piece.column >= 0:
            text, at = str(self.dressed(sides, piece, block=True)[0][0]), len(self.lead(sides)) + len(piece.head)
        return [text[:at] + str(number) + text[at + len(piece.typed) :]], number

    def lines(self, sides: Sides, owner: str, path: tuple[str, ...]) -> Result:
        """Merge the lines of a text."""
        base, ours, theirs = (piece for piece in sides if piece is not None)
        starts = []
        for piece in (base, ours, theirs):
            text = piece.text
            at = text.index("\n", len(piece.lead)) + 1
            body = text[at:]
            margin = min((len(line) - len(line.lstrip(" ")) for line in body.splitlines() if line.strip()), default=0)
            starts.append((margin, shifted(body, -margin).splitlines(keepends=True)))
        margin = starts[1][0]
        chunks: list[Chunk] = [self.lead(sides) + _line(ours)[0] + self.trail(sides)[0]]
        clashed = False
        for part in merged_lines(*(lines for _, lines in starts)):
            if isinstance(part, str):
                chunks.append(shifted(part, margin))
            else:
                clashed = True
                self.decide(owner, path, [text.rstrip("\n") for text in part], "neither", "changed-twice")
                chunks.append(Clash(*(shifted(text, margin) for text in part)))
        found = whole_lines(chunks)
        data = Pieces("".join(chosen(found, "ours"))).root.inside()[0].data
        if not clashed:
            self.decide(owner, path, [piece.data for piece in (base, ours, theirs)], "both", "united", data)
        return found, data

    def descended(self, sides: Sides, owner: str, path: tuple[str, ...], *, block: bool) -> Result:
        """Merge an entry by the entries inside, in the frame of ours where there is one."""
        host = next(iterate(sides))
        body, data = self.entries(sides, owner, path)
        empty = {side for side in _WHICH if not "".join(chosen(body, side)).strip(" \n[]{}")}
        if len(empty - {"base"}) > 1:
            return self.taken(host, block=block) if not host.inside() else _NOTHING
        found = self._framed(sides, host, body, data, block=block)
        if not empty - {"base"}:
            return found, data
        texts = ("" if side in empty else "".join(chosen(found, side)) for side in _WHICH)
        return [Clash(*texts)], MISSING if "ours" in empty else data

    def _framed(self, sides: Sides, host: Piece, body: list[Chunk], data: object, *, block: bool) -> list[Chunk]:
        """Put what stands inside an entry into its frame."""
        if not host.is_block:
            if block and host.column > 0:  # brackets over several lines
                body = [_moved(chunk, -host.column) for chunk in body]
            if block and host.column >= 0:
                return whole_lines([self.lead(sides) + host.head, *body, "".join(self.trail(sides))])
            return whole_lines([_before(host, block=block), *body, "\n" if block else ""])
        if not block:
            if all(isinstance(chunk, str) for chunk in body):
                return [f"{host.key}: {inline(data)}" if host.key is not None else inline(data)]
            return self.clash(sides, block=block)[0]
        head = host.head if host.column >= 0 else f"{host.key}:\n"
        if match := _HEAD.fullmatch(head):
            heads = [each and _HEAD.fullmatch(each.head) for each in sides]
            head = match[1] + _remark(*(each[2] if each else "\n" for each in heads))
        foot = self._either(*("" if each is None else each.foot for each in sides))
        width = host.inner - max(host.column, 0)
        lines = [_moved(chunk, width) for chunk in body]
        if not head.endswith("\n"):  # behind a dash
            while len(lines) > 1 and isinstance(lines[0], Clash) and not (lines[0].ours and lines[0].theirs):
                lines[:2] = [Clash(*("".join(chosen(lines[:2], side)) for side in _WHICH))]
            lines[0] = _stripped(lines[0])
        return whole_lines([self.lead(sides) + head, *lines, foot])

    def entries(self, sides: Sides, owner: str, path: tuple[str, ...]) -> Result:
        """Merge what stands inside a mapping or list; the lines stand at the left margin."""
        host = next(iterate(sides))
        place = self._place(owner, path)
        keyed: list[dict[Hashable, Piece]]
        parts: dict[Hashable, Result] = {}
        order: Sequence[Hashable]
        if place is not None:
            keyed = [
                {name: side[name].piece for name in lists.get(place, ())}
                for side, lists in zip(self.records.found, self.records.lists, strict=True)
            ]
            order, is_agreed = self.records.order[place], place not in self.records.torn
            for name in self.records.order[place]:
                parts[name] = self.record(name, place, block=host.is_block)
        else:
            keyed = [keys_of(piece) or {} for piece in sides]
            for key in dict.fromkeys((*keyed[OURS], *keyed[THEIRS])):
                three = (keyed[BASE].get(key), keyed[OURS].get(key), keyed[THEIRS].get(key))
                below = (*path, str(key)) if host.is_map else path + _step(three)
                found = self.entry(three, owner, below, block=host.is_block)
                if found[0]:
                    parts[key] = found
            order, is_agreed = arranged(list(keyed[BASE]), list(keyed[OURS]), list(keyed[THEIRS]), parts)
        theirs = order
        if not is_agreed and host.is_list:
            names = [[self._called(key) for key in side] for side in keyed]
            self.decide(owner, path, names, "neither", "ordered-twice")
            theirs, _ = arranged(list(keyed[BASE]), list(keyed[THEIRS]), list(keyed[OURS]), parts)
        values = {key: parts[key][1] for key in order if parts[key][1] is not MISSING}
        data: object = {str(key): value for key, value in values.items()} if host.is_map else list(values.values())
        clashes = any(isinstance(chunk, Clash) for chunks, _ in parts.values() for chunk in chunks)
        if place is None and host.is_list and not clashes and not any(same(data, _data(piece)) for piece in sides):
            self.decide(owner, path, [_data(piece) for piece in sides], "both", "united", data)
        if not host.is_block:
            return _bracketed(host, keyed[OURS], (order, order, theirs), parts), data
        if theirs == order:
            return whole_lines([chunk for key in order for chunk in parts[key][0]]), data
        texts = [
            "".join(text for key in keys for text in chosen(parts[key][0], side))
            for keys, side in zip((order, order, theirs), _WHICH, strict=True)
        ]
        return [Clash(*texts)], data

    def _called(self, key: Hashable) -> str:
        return self.records.thing(key).title or key if isinstance(key, str) else str(key)

    def record(self, name: str, place: Place, *, block: bool) -> Result:
        """Merge a record."""
        sides = self.records.sides(name)
        base, ours, theirs = sides
        fate = self.records.fates[name]
        values = [_data(piece) for piece in sides]
        if fate == "shared":
            return self.entry(sides, name, (), block=block, record=name)
        if fate in {"ours", "theirs"}:
            own: Sides = (None, ours, None) if fate == "ours" else (None, None, theirs)
            return self.entry(own, name, (), block=block, record=name)
        if place == self.records.places[name]:
            self.decide(name, (), values, "neither", fate)  # type: ignore[arg-type]
        if fate == "added-twice":
            return self.clash(sides, block=block)
        if fate == "moved-twice":
            is_ours = place == self.records.places[name]
            own = (None, ours, None) if is_ours else (None, None, theirs)
        else:
            is_ours = ours is not None
            own = (base, ours, theirs)
        piece = ours if is_ours else theirs
        assert piece is not None  # noqa: S101
        if name in self.records.restless and fate != "moved-twice":
            body, data = self.descended((None, ours, theirs), name, (), block=block)
        else:
            body, data = self.taken(piece, block=block)
        text = ["".join(chosen(body, side)) for side in ("ours", "theirs")]
        before = "" if base is None or fate == "moved-twice" else _as_typed(base, block=block)
        if is_ours:
            return [Clash(before, text[0], "")], data
        return [Clash(before, "", text[1])], MISSING


def _data(piece: Piece | None) -> object:
    return MISSING if piece is None else piece.data


def _bracketed(
    host: Piece,
    mine: Mapping[Hashable, Piece],
    orders: tuple[Sequence[Hashable], ...],
    parts: Mapping[Hashable, Result],
) -> list[Chunk]:
    """Write entries in brackets, with the blanks of the side that gives the frame."""
    inside, text = host.inside(), host.of.lines.text
    between = [text[before.end : piece.at] for before, piece in pairwise(inside)]
    opened = text[host.value : inside[0].at] if inside else host.typed[0]
    closed = text[inside[-1].end : host.stop] if inside else host.typed[-1]
    if any("#" in gap for gap in (opened, *between, closed)):
        row = text.count("\n", 0, host.value) + 1
        raise LayoutError(f"{row}行目の括弧の中にコメントがあります")
    gaps = {id(piece): gap for piece, gap in zip(inside[1:], between, strict=True)}
    found: list[str] = []
    for order, side in zip(orders, _WHICH, strict=True):
        line = ""
        for key in order:
            if words := "".join(chosen(parts[key][0], side)):
                line += (gaps.get(id(mine.get(key)), ", ") if line else "") + words
        found.append(opened + line + closed)
    return [found[1]] if found[1] == found[2] else [Clash(*found)]


def _around(root: Piece) -> tuple[str, str, str]:
    """Return what stands before and behind the data of a text, and the line break at its end."""
    text = root.of.lines.text
    return text[: root.value], text[root.end :], "\n" if text.endswith("\n") else ""


def _one_sided(sides: Sides) -> Piece | None:
    """Return the entry that is written as one side has it, because the other has not touched it."""
    base, ours, theirs = sides
    if ours is None or theirs is None:
        return None
    if alike(ours, theirs) or (base is not None and alike(base, theirs)):
        return ours
    return theirs if base is not None and alike(base, ours) else None


def _as_typed(piece: Piece, *, block: bool) -> str:
    """Write an entry for a container of either way of writing."""
    if block and piece.column >= 0:
        return piece.text
    if block:
        value = piece.typed if "\n" not in piece.typed else inline(piece.data)
        return f"{piece.head.rstrip()} {value}\n" if piece.key is not None else f"- {value}\n"
    if piece.column < 0:
        return piece.text
    value = piece.typed if not piece.is_block and piece.style not in _TEXTS and "\n" not in piece.typed else ""
    value = value if value and _is_plain_inside(piece) else inline(piece.data)
    return f"{piece.key}: {value}" if piece.key is not None else value


def _is_plain_inside(piece: Piece) -> bool:
    return bool(piece.style) or piece.is_map or piece.is_list or not set(piece.typed) & set(",[]{}")


def _before(host: Piece, *, block: bool) -> str:
    """Return what stands before the brackets of an entry of a container that is written otherwise, or in brackets."""
    if not block:
        return host.head if host.column < 0 else (f"{host.key}: " if host.key is not None else "")
    return f"{host.head.rstrip()} " if host.key is not None else "- "


def _trail(piece: Piece | None) -> tuple[str, str]:
    """Return the rest of a value's line, and the comments below as if they stood at the left margin."""
    if piece is None or piece.is_block or piece.column < 0:
        return "\n", ""
    tail = piece.tail
    if piece.style in _TEXTS:
        line, below = piece.typed.partition("\n")[0].removeprefix(_mark(piece)), tail
    else:
        line, _, below = tail.partition("\n")
    return f"{line}\n", shifted(below if below.endswith("\n") or not below else f"{below}\n", -piece.column)


def _mark(piece: Piece) -> str:
    """Return how a text on lines of its own is announced."""
    return piece.typed.partition("\n")[0].partition("#")[0].rstrip()


def _line(piece: Piece) -> tuple[str, str]:
    """Return an entry at the left margin without the comments: up to the remark of its line, and its lines of text."""
    remark, below = _trail(piece)
    text = piece.text[len(piece.lead) :].removesuffix(below)
    at = text.index("\n") + 1 if piece.style in _TEXTS else len(text)
    return text[:at].removesuffix(remark), text[at:]


def _remark(base: str, ours: str, theirs: str) -> str:
    """Merge the comments behind a value; where both have changed them, both are kept."""
    if theirs in (ours, base):
        return ours
    if ours == base or not ours.strip():
        return theirs
    return ours if not theirs.strip() else f"{ours.rstrip()}  {theirs.removeprefix(base.rstrip()).strip()}\n"


def _both(base: str, ours: str, theirs: str) -> str:
    """Unite lines of comments: what one side has taken out goes, what either has put in comes."""
    before, mine, yours = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    kept = [line for line in mine if line in yours or line not in before]
    return "".join(kept + [line for line in yours if line not in mine and line not in before])


def _moved(chunk: Chunk, width: int) -> Chunk:
    if isinstance(chunk, str):
        return shifted(chunk, width)
    return Clash(*(shifted(text, width) for text in (chunk.base, chunk.ours, chunk.theirs)))


def _stripped(chunk: Chunk) -> Chunk:
    if isinstance(chunk, str):
        return chunk.lstrip(" \n")
    return Clash(*(text.lstrip(" \n") for text in (chunk.base, chunk.ours, chunk.theirs)))


def _step(sides: Sides) -> tuple[str, ...]:
    """Name an entry of a list that is no record."""
    piece = next(iterate(sides))
    words = piece.get("year") or piece.get("id") or piece.get("key") if piece.is_map else None
    return (str(words.data),) if words is not None else ()
