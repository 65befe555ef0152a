"""Supplements: what is kept beside an edition, found for it, and checked against the step that it is about."""

from collections.abc import Iterator
from pathlib import Path

from atsugi_cli import store
from atsugi_cli.findings import Finding, in_order
from atsugi_cli.kinds import Change
from atsugi_cli.project.editions import compared
from atsugi_cli.project.reading import Project, UnreadableError
from atsugi_cli.reader.loading import locate
from atsugi_cli.reader.schema_codes import BAD_VALUE, OPINION_CHANGE
from atsugi_cli.reader.supplements import ADOPTED, Supplement
from atsugi_cli.revision import Revision
from atsugi_cli.store import StoreError


def against_the_step(project: Project, path: str, found: Supplement) -> tuple[Finding, ...]:
    """Check what is kept beside an edition against it and its step; where that cannot be read, it says so itself."""
    name = Path(path).stem.rpartition(".")[0]
    edition = next(
        (str(file) for file in sorted(Path(path).parent.glob(f"{name}.y*ml")) if name and store.is_edition(str(file))),
        str(Path(path).parent),
    )
    try:
        revision, _ = compared(project, edition, "")
    except (StoreError, UnreadableError):
        return ()
    return in_order((*unmatched(found, revision), *unknown_items(found, revision)))


def kept_beside(project: Project, edition: str, kind: store.SupplementKind) -> Supplement:
    """Read what is kept beside an edition's file; StoreError with the names that it may have where there is nothing."""
    path = store.supplement_for(edition, kind)
    if path is None:
        folder = Path(edition).parent.as_posix()
        raise StoreError(f"{folder} に {kind}.yaml（または {Path(edition).stem}.{kind}.yaml）がありません。")
    return project.supplement(path)


def unmatched(found: Supplement, revision: Revision) -> Iterator[Finding]:
    """Find opinions that are said to be adopted and name no change, and ids that nothing of this step bears."""
    changed = changes_by_id(revision)
    places = None
    for each in found.opinions.opinions if found.opinions else ():
        ids = each.changes
        lost = [number for number, name in enumerate(ids) if name not in changed]
        if not lost and (ids or each.result != ADOPTED):
            continue
        places = places or locate(found.text, found.source)
        for number in lost:
            place = places.value(0, "opinions", each.at, "changes", number)
            message = f"「{ids[number]}」は、この改定で変わった項目や指標の id ではありません"
            yield Finding(
                OPINION_CHANGE, message, place, "strategy diff -f json で、変わったものの id を確かめられます"
            )
        if not ids:
            place = places.value(0, "opinions", each.at, "result")
            hint = "changes: [変わった項目の id] を書くか、result を改めます"
            yield Finding(OPINION_CHANGE, "「反映」とした意見に、反映した変更が書かれていません", place, hint)


def unknown_items(found: Supplement, revision: Revision) -> Iterator[Finding]:
    """Find what is to be shown in the meeting's paper and is no part of the edition."""
    from atsugi_cli.layout.briefing import PARTS

    known = {*PARTS, *(item.id for item in revision.new.items())}
    places = None
    for at, chapter in enumerate(found.briefing.chapters if found.briefing else ()):
        for number, section in enumerate(chapter.sections):
            for place, name in enumerate(section.show):
                if name not in known:
                    places = places or locate(found.text, found.source)
                    where = places.value(0, "chapters", at, "sections", number, "show", place)
                    hint = f"{'、'.join(PARTS)} か、{revision.new.edition.id} の項目の id を書きます"
                    yield Finding(BAD_VALUE, f"「{name}」は、この版の項目の id ではありません", where, hint)


def changes_by_id(revision: Revision) -> dict[str, list[Change]]:
    """List the changes of a step by the ids of what they are about, old and new."""
    found: dict[str, list[Change]] = {}
    for pair in revision.root.walk():
        for change in (*pair.changes, *(each for own in pair.indicators for each in own.changes)):
            things = (*change.old, *change.new, *change.old_indicators, *change.new_indicators)
            for name in dict.fromkeys(each.id for each in things):
                found.setdefault(name, []).append(change)
    return found
