"""Actions: what an editor offers to do: the edits of findings, what `--fix` does, and what a planner may declare."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from lsprotocol import types

from atsugi_cli.editor.view import View
from atsugi_cli.findings import Edit, Finding, Place
from atsugi_cli.kinds import KINDS, named
from atsugi_cli.model import Indicator, Item, Thing, title_of
from atsugi_cli.project.reading import UnreadableError
from atsugi_cli.project.structure import edited, renumbered, with_ids
from atsugi_cli.reader.pieces import Piece, enter, put
from atsugi_cli.reader.structure import of_id
from atsugi_cli.store import StoreError

MOST_CANDIDATES = 5
"""Old items that are offered for one new one."""
MOST_COMPARED = 300
"""Old items whose titles are compared with that of one new one: a tenth of a second."""
LONGEST = 60
"""Characters of a title; a menu cuts what is longer."""


def actions(
    view: View,
    span: types.Range,
    shown: Callable[[Finding], types.Diagnostic],
    only: Sequence[str] | None = None,
    *,
    asked: bool = True,
) -> Iterator[types.CodeAction]:
    """Iterate over what can be done in a part of the text; `shown` says how a finding is shown.

    What concerns a whole file takes time: it is worked out where somebody asked, not as the cursor moves.
    """
    if _wanted(types.CodeActionKind.QuickFix, only):
        for finding in view.findings:  # on the same lines: what is wrong may be the colon before the word
            if finding.place.line - 1 <= span.end.line and span.start.line <= finding.place.end_line - 1:
                yield from _mended(view, finding, shown)
        if not view.is_profile:
            yield from _declared(view, view.sheet.offset(span.start))
    for title, kind, after in WHOLE:
        if _wanted(kind, only) and (asked or only):
            with suppress(StoreError, UnreadableError):
                yield from _action(view, title, kind, view.sheet.changed(after(view)))


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _action(
    view: View, title: str, kind: str, edits: Iterable[types.TextEdit], finding: types.Diagnostic | None = None
) -> Iterator[types.CodeAction]:
    made = list(edits)
    if made:
        document = types.OptionalVersionedTextDocumentIdentifier(view.uri)
        change = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, made)])
        yield types.CodeAction(title, kind, [finding] if finding else None, edit=change)


def _mended(view: View, finding: Finding, shown: Callable[[Finding], types.Diagnostic]) -> Iterator[types.CodeAction]:
    """Offer the edits that a finding carries, to the letter; the missing reason is given a place."""
    edits = [each for each in finding.edits if each.text != view.text[each.start : each.end]]
    for action in _action(view, _title(finding), types.CodeActionKind.QuickFix, view.sheet.edits(edits)):
        action.diagnostics = [shown(finding)]
        action.is_preferred = finding.safe and (finding.rule.code, finding.place, finding.edits) in _sure(view)
        yield action
    if (key := REASONS.get(finding.rule.code)) is not None:
        yield from _made(view, "理由を書くところを加える", _with_reason(view, finding, key), shown(finding))
    thing = _thing_at(view, view.sheet.span(finding.place)[0]) if finding.rule.code in UNNAMED else None
    for kind in KINDS:
        if thing is not None and kind.settles_name and kind.on_item and kind.mirror == kind.code:
            yield from _made(view, f"{kind.label}として宣言", _declaring(view, thing, (), kind.code), shown(finding))


def _sure(view: View) -> set[tuple[str, Place, tuple[Edit, ...]]]:
    """Return the findings that `--fix` puts right: their edits were proved to change nothing else."""
    return {(each.rule.code, each.place, each.edits) for each in view.fixed.done}


def _title(finding: Finding) -> str:
    words = finding.hint.partition("。")[0]
    return words if words and len(words) <= LONGEST else f"{finding.rule.label}を直す"


def _made(
    view: View, title: str, after: str | None, finding: types.Diagnostic | None = None
) -> Iterator[types.CodeAction]:
    if after is not None:
        yield from _action(view, title, types.CodeActionKind.QuickFix, view.sheet.changed(after), finding)


# ------------------------------------------------------------------------------------------------------- declarations


def _declared(view: View, offset: int) -> Iterator[types.CodeAction]:
    """Offer to say of the item at the cursor which old ones it continues."""
    thing = _thing_at(view, offset)
    strategy, base = view.current, view.base
    if thing is None or strategy is None or base is None:
        return
    own, olds = view.things(strategy), view.things(base)
    said = {origin for each in own.values() for origin in each.origins} | {each.id for each in strategy.edition.removed}
    lost = [each for each in olds.values() if each.id not in own and each.id not in said and _alike(each, thing)]
    del lost[MOST_COMPARED:]
    lost.sort(key=lambda each: -_likeness(title_of(each), title_of(thing)))
    before = (*thing.origins, *((thing.id,) if thing.id in olds and thing.id not in thing.origins else ()))
    for each in lost[:MOST_CANDIDATES]:
        old, new = title_of(each), title_of(thing)
        kind = MERGED if before else named(old, new) if old and old != new else None
        words = "に続く項目" if kind is None else f"{'との' if before else 'からの'}{kind.label}"
        flag = kind.code if kind is not None and not thing.change.flags else ""
        after = _declaring(view, thing, (*before, each.id), flag)
        yield from _made(view, f"「{old or each.id}」{words}として宣言", after)


def _alike(old: Thing, new: Thing) -> bool:
    return isinstance(old, Indicator) is isinstance(new, Indicator) and (
        not isinstance(old, Item) or not isinstance(new, Item) or old.level == new.level
    )


def _likeness(old: str, new: str) -> float:
    from atsugi_cli.match.prose import likeness

    return likeness(old, new)


def _thing_at(view: View, offset: int) -> Thing | None:
    """Return the innermost item or indicator that holds an offset."""
    spans = ((*view.places.span(each.node), each) for each in view.things(view.current).values())
    holding = [(end - start, each) for start, end, each in spans if start <= offset <= end]
    return min(holding, key=lambda each: each[0])[1] if holding else None


def _declaring(view: View, thing: Thing, origins: tuple[str, ...], flag: str) -> str | None:
    """Return the text with a declaration of an item; None where its layout is in the way."""

    def edits(root: Piece) -> Iterator[Edit]:
        piece = of_id(root, thing.id)[0]
        yield from declaring(piece, origins, flag)

    try:
        return edited(view.project, view.blob, edits, "declarations").after
    except (StoreError, UnreadableError):
        return None


def declaring(piece: Piece, origins: tuple[str, ...], flag: str) -> Iterator[Edit]:
    """Say of an entry what it comes from, and by which kind of change."""
    keys = [each.key for each in piece.inside()]
    behind = next(keys.index(key) + 1 for key in ("title", "name", "id") if key in keys)
    words = origins[0] if len(origins) == 1 else f"[{', '.join(origins)}]"
    origin, flags, change = piece.get("from"), piece.get("change", "flags"), piece.get("change")
    if origins and origin is not None:
        if origin.is_block:
            yield enter(origin, len(origin.inside()), origins[-1])
        else:
            yield put(origin, words)
    elif origins:
        yield enter(piece, behind, f"from: {words}")
    if not flag:
        return
    if flags is not None and flags.is_list:
        if flag not in [str(each.data) for each in flags.inside()]:
            yield enter(flags, len(flags.inside()), flag)
    elif change is not None:
        yield enter(change, 0, f"flags: [{flag}]")
    else:
        yield enter(piece, behind, f"change: {{flags: [{flag}]}}")


def _with_reason(view: View, finding: Finding, key: str) -> str | None:
    """Return the text with an empty reason: an error until it is written, so that it cannot be forgotten."""
    from atsugi_cli.reader.pieces import LayoutError, Pieces
    from atsugi_cli.reader.splice import spliced

    start = view.sheet.span(finding.place)[0]
    try:
        piece = _holding(Pieces(view.text).root, start, key)
        return spliced(view.text, list(_reasoned(piece, key))) if piece is not None else None
    except LayoutError:
        return None


def _holding(root: Piece, offset: int, key: str) -> Piece | None:
    """Find the innermost entry with an id that holds an offset."""
    found, piece = None, root
    while True:
        if piece.is_map and piece.get("id") is not None:
            found = piece
        inner = next((each for each in piece.inside() if each.at <= offset < max(each.end, each.at + 1)), None)
        if inner is None or (key == "" and found is not None and inner.key == "id"):
            return found
        piece = inner


def _reasoned(piece: Piece, key: str) -> Iterator[Edit]:
    change = piece.get(key) if key else piece
    if change is not None and change.is_map:
        if change.get("reason") is None:
            yield enter(change, len(change.inside()), "reason: ")
        return
    keys = [each.key for each in piece.inside()]
    behind = next(keys.index(each) + 1 for each in ("title", "name", "id") if each in keys)
    yield enter(piece, behind, "change: {reason: }")


REASONS = {"missing-reason": "change", "removed-reason": ""}
"""Rules that miss a reason, and the key under which it belongs."""
UNNAMED = frozenset({"undeclared-wording"})
"""Rules that ask which kind of change a new name is."""
MERGED = next(kind for kind in KINDS if kind.joins == "into-one")

# ------------------------------------------------------------------------------------------------------ the whole file


WHOLE: tuple[tuple[str, str, Callable[[View], str]], ...] = (
    (
        "安全に直せるものをすべて直す",
        types.CodeActionKind.SourceFixAll,
        lambda view: view.fixed.after,
    ),
    ("idのない項目にidを付ける", "source.strategy.ids", lambda view: with_ids(view.project, view.blob).after),
    ("番号を並び順に付け直す", "source.strategy.renumber", lambda view: renumbered(view.project, view.blob, "").after),
)
"""What can be done to a whole file: title, kind, and the text after it."""
