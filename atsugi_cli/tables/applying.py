"""Applying: answers written into the text of an edition by splices; every other byte stays as it was typed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from atsugi_cli.findings import Edit
from atsugi_cli.levels import Level, Profile
from atsugi_cli.model import Item, Strategy
from atsugi_cli.reader.pieces import LayoutError, Piece, Pieces, add, cut, inline, put, shifted
from atsugi_cli.reader.splice import spliced
from atsugi_cli.reader.structure import records
from atsugi_cli.tables.answers import Answer, Problem, Proposal, Sheaf
from atsugi_cli.tables.writing import entries, lines

_SAID = frozenset({"year", "value", "text", "relative", "range", "status", "bound", "about", "state", "printed"})
"""What a new value says anew; its note, and how it is reckoned, stay where nothing is said of them."""


def applied(text: str, sheaf: Sheaf, strategy: Strategy, profile: Profile) -> tuple[str, list[Problem]]:
    """Write answers and proposals into a text; what its layout does not allow is told and left out."""
    problems: list[Problem] = []
    groups: dict[str, list[Answer]] = {}
    for each in sheaf.answers:
        groups.setdefault(each.question.id, []).append(each)
    pieces = Pieces(text)
    found = _by_id(pieces)
    edits: list[Edit] = []
    for identity, answers in groups.items():
        for each in answers:
            try:
                edits += _answered(found[identity], each)
            except (LayoutError, KeyError) as error:
                problems.append(
                    Problem(each.section, each.where, each.text, f"版の書き方のため反映できません（{error}）")
                )
        reasons = "、".join(
            dict.fromkeys(each.reason for each in answers if each.reason and each.question.asks != "actual")
        )
        if reasons and identity in found:
            edits += _reasoned(found[identity], reasons)
    text = spliced(text, edits)
    for proposal in sheaf.new:
        try:
            text = _proposed(text, proposal, strategy, profile)
        except (LayoutError, KeyError) as error:
            problems.append(
                Problem(proposal.section, proposal.where, proposal.name, f"新しい項目を入れられません（{error}）")
            )
    return text, problems


def _by_id(pieces: Pieces) -> dict[str, Piece]:
    """Return the items and indicators of a text by their ids."""
    return {str(identity.data): piece for piece, _ in records(pieces.root) if (identity := piece.get("id"))}


def _answered(item: Piece, answer: Answer) -> Iterator[Edit]:
    asks = answer.question.asks
    if asks == "actual":
        yield from _actual(item, answer)
    elif asks.startswith("targets-"):
        staged = item.get("targets")
        if staged is None or not isinstance(answer.data, Mapping):
            raise LayoutError("目標値の並びが照会のときと違います")
        yield from _value(staged.inside()[int(asks.removeprefix("targets-"))], answer.data)
    elif isinstance(answer.data, Mapping):
        piece = item.get(asks)
        if piece is None:
            yield _key(item, asks, answer.data)
        else:
            yield from _value(piece, answer.data)
    else:
        yield _text(item, asks, str(answer.data))


def _text(item: Piece, key: str, text: str) -> Edit:
    """Set a text; several paragraphs stand in a block, behind whose mark a comment of the line stays."""
    piece = item.get(key)
    if piece is None:
        return _key(item, key, text)
    is_block = bool(piece.style) and piece.style in "|>"
    if piece.column < 0 or ("\n" not in text and not is_block):
        return put(piece, inline(text))
    whole, newline = piece.of.lines.text, piece.of.newline
    head, *body = shifted("\n".join(lines({key: text})), piece.column).lstrip(" ").split("\n")
    head = head.removeprefix(f"{key}: ")
    if not is_block:
        line = (whole.find("\n", piece.stop) + 1 or len(whole) + 1) - 1
        end = line - (whole[line - 1 : line] == "\r")
        head += whole[piece.stop : end]
        return Edit(piece.value, end, newline.join([head, *body]))
    end = piece.of.closing(piece.node)
    closed = whole[end - 1 : end] == "\n"
    end -= whole[end - 1 : end] == "\r"
    return Edit(piece.value, end, newline.join([head, *body, ""] if closed else [head, *body]))


def _key(item: Piece, key: str, value: object) -> Edit:
    """Add a key behind those that an entry has, before its children."""
    inside = item.inside()
    index = next((at for at, each in enumerate(inside) if each.is_list and each.is_block), len(inside))
    if item.inner < 0:
        return add(item, index, [f"{key}: {inline(value)}"])
    return add(item, index, [f"{key}: {inline(value)}\n"])


def _value(piece: Piece, data: Mapping[str, object]) -> Iterator[Edit]:
    """Set a value: what it says anew, with what it kept."""
    old = piece.data
    kept = {key: each for key, each in old.items() if key not in _SAID} if isinstance(old, dict) else {}
    year = old.get("year") if isinstance(old, dict) else None
    new = {**({"year": year} if year is not None and "year" not in data and not data.get("span") else {}), **data}
    whole = {**new, **{key: each for key, each in kept.items() if key not in new}}
    if not piece.is_block:
        yield put(piece, inline(whole))
        return
    gone = [each for each in piece.inside() if each.key not in whole]
    for key, each in whole.items():
        there = piece.get(key)
        if there is None:
            yield _key(piece, key, each)
        elif there.data != each:
            yield put(there, inline(each))
    if gone:
        yield from cut(piece, gone)


def _actual(item: Piece, answer: Answer) -> Iterator[Edit]:
    """Add the result of a year, or set it where there is one."""
    results = item.get("actuals")
    data = answer.data if isinstance(answer.data, Mapping) else {}
    if results is None or not results.inside():
        if results is not None:
            yield put(results, inline([dict(data)]))
        else:
            yield _key(item, "actuals", [dict(data)])
        return
    for each in results.inside():
        year = each.get("year")
        if year is not None and year.data == data.get("year"):
            yield from _value(each, data)
            return
    words, year = inline(dict(data)), data.get("year")
    years = [each.get("year") for each in results.inside()]
    later = (at for at, each in enumerate(years) if each and _number(each.data) > _number(year))
    yield add(results, next(later, len(years)), [words] if results.inner < 0 else [f"- {words}\n"])


def _number(year: object) -> int:
    return year if isinstance(year, int) else 0


def _reasoned(item: Piece, reason: str) -> Iterator[Edit]:
    """Say why, where nothing is said yet."""
    change = item.get("change")
    if change is None:
        yield _key(item, "change", {"reason": reason})
    elif change.is_map and change.get("reason") is None:
        yield _key(change, "reason", reason)


def _proposed(text: str, proposal: Proposal, strategy: Strategy, profile: Profile) -> str:
    """Add a new item or indicator, with an id of its own and the flag that it is new."""
    found = _by_id(Pieces(text))
    parent = next(each for each in strategy.items() if each.id == proposal.parent)
    levels = {level.code: level for level in profile.levels}
    change: dict[str, object] = {"flags": ["added"], **({"reason": proposal.reason} if proposal.reason else {})}
    if proposal.kind == "指標" or proposal.kind.startswith("KPI"):
        key: str = levels[parent.level].indicators if parent.level in levels else "kpis"
        entry: dict[str, object] = {"id": _free("kpi", found), "name": proposal.name}
        entry |= {"unit": proposal.unit} if proposal.unit else {}
        entry |= {"target": dict(proposal.target)} if proposal.target else {}
    else:
        level, parent = _place(proposal, parent, strategy, profile)
        key = level.key
        entry = {"id": _free(level.code, found)}
        numbers = [each.number for each in parent.children if each.level == level.code]
        whole = [each for each in numbers if isinstance(each, int)]
        entry |= {"number": max(whole) + 1} if whole and len(whole) == len(numbers) else {}
        entry["title"] = proposal.name
    entry["change"] = change
    holder = found[parent.id]
    container = holder.get(key)
    if container is None:
        flow = holder.inner < 0
        new = f"{key}: {inline([entry])}" if flow else "".join(f"{line}\n" for line in lines({key: [entry]}))
        return spliced(text, [add(holder, len(holder.inside()), [new])])
    if not container.inside():
        return spliced(text, [put(container, inline([entry]))])
    body = inline(entry) if container.inner < 0 else "".join(f"{line}\n" for line in entries([entry], 0))
    return spliced(text, [add(container, len(container.inside()), [body])])


def _place(proposal: Proposal, parent: Item, strategy: Strategy, profile: Profile) -> tuple[Level, Item]:
    """Return the level of a new item, and what it goes into: an item of the parent's own level goes beside that."""
    tree = [each.code for each in profile.tree]
    rank = tree.index(parent.level) if parent.level in tree else len(tree)
    level = next((each for each in profile.levels if proposal.kind in {each.label, each.code}), None)
    if level is None:
        if rank + 1 >= len(tree):
            raise LayoutError(f"種類「{proposal.kind or '（空）'}」が分かりません")
        level = profile.tree[rank + 1]
    if level.code not in tree or tree.index(level.code) > rank or rank == len(tree):
        return level, parent
    above = next((each for each in strategy.items() if any(child.id == parent.id for child in each.children)), None)
    if level.code != parent.level or above is None:
        raise LayoutError(f"「{proposal.place}」の中に{level.label}は入れられません")
    return level, above


def _free(word: str, found: Mapping[str, object]) -> str:
    """Make an id that nobody has: the word and the number behind the highest that is used."""
    used = [int(match[1]) for each in found if (match := re.fullmatch(rf"{re.escape(word)}-([0-9]{{1,6}})", each))]
    return f"{word}-{max(used, default=0) + 1}"


def messages(
    sections: Sequence[tuple[str, Sequence[Answer], Sequence[Proposal]]], people: Mapping[str, str]
) -> Iterator[str]:
    """Iterate over a commit message for every section whose answers were written."""
    for section, answers, new in sections:
        said = [f"- {each.question.where}「{each.question.name}」{_what(each)}" for each in answers]
        said += [f"- {each.place}に「{each.name}」を加える" for each in new]
        who = f"\n回答者: {people[section]}\n" if section in people else "\n"
        yield "\n".join([f"{section}の回答を反映する（{len(said)}件）", who, *said, ""])


def _what(each: Answer) -> str:
    if each.question.asks == "actual":
        return f"{each.question.year}年度の実績値 {' '.join(each.text.split())}"
    return f"の{each.question.label}を改める"
