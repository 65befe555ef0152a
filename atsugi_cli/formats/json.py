"""JSON: the public, versioned form of a revision and of a tree, for CI and other tools."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atsugi_cli.achievement import WHY_LABELS, actual_of, mean, rate, reached
from atsugi_cli.compare import compare
from atsugi_cli.formats.fingerprints import of_change
from atsugi_cli.formats.options import Options
from atsugi_cli.kinds import GROUPS, Change, placed
from atsugi_cli.layout.crosswalk import Relation, relations, series
from atsugi_cli.layout.diagram import Diagram, standing
from atsugi_cli.layout.diagram import placed as shown_nodes
from atsugi_cli.layout.history import Event, History, Moment, Step
from atsugi_cli.match.links import Link, Open
from atsugi_cli.match.prose import Marks
from atsugi_cli.model import NOTHING_DECLARED, Indicator, Item, Strategy, Thing, Value, title_of
from atsugi_cli.revision import Revision

if TYPE_CHECKING:  # read where results are written
    from atsugi_cli.layout.results import Result, Review

FORMAT = 1
"""The version of both forms; it grows when a reader of the old form would misread the new one."""


def revision(report: Revision, options: Options) -> str:
    """Write a revision; the same one always gives the same text."""
    paths = _Paths(report)
    changes = [_change(change, paths, strict=options.strict) for change in report.changes()]
    return _dump(
        {
            "format": FORMAT,
            "plan": _plan(report.new),
            "old": _edition(report.old),
            "new": _edition(report.new),
            "counts": _counts(report),
            "changes": changes,
            "lineage": [_link(link) for link in report.links],
            "open": [_open(each) for each in report.open],
        }
    )


def tree(plan: Diagram, options: Options) -> str:  # noqa: ARG001 - all writers are called alike
    """Write the policy tree of an edition; with a revision, each item carries the kinds of its changes.

    What stood elsewhere in the revised edition, or is gone, is listed with its old path and what became of it.
    """
    report, since = plan.strategy, plan.revision
    kinds: dict[str, list[str]] = {}
    if since is not None:
        for pair in since.root.walk():
            if pair.new is not None:
                kinds[pair.new.id] = list(dict.fromkeys(change.kind.code for change in pair.own_changes))
    return _dump(
        {
            "format": FORMAT,
            "plan": {
                "id": report.plan.id,
                "title": report.plan.title,
                "period": {"start": report.plan.start, "end": report.plan.end},
                **_given(report.plan, _OF_PLAN),
                **_given(report.root, {*_LAID_OUT, *_OF_PLAN}),
                **({"indicators": list(map(_indicator, report.root.indicators))} if report.root.indicators else {}),
            },
            "edition": _edition(report) | _given(report.edition, _OF_EDITION),
            **_given(report, _OF_STRATEGY),
            "items": [_item(item, kinds) for item in report.root.children],
            "left": [] if since is None else _left(since),
        }
    )


def kpis(report: Strategy | Revision | Review, options: Options) -> str:  # noqa: ARG001
    """Write every indicator of an edition, or of both sides of a revision, with where it stands; or its results."""
    if isinstance(report, Revision):
        paths = _Paths(report)
        rows = [
            {
                "path": (paths.new if each.new else paths.old).get(each.indicator.id, [each.indicator.id]),
                "old": _indicator(each.old[0]) if each.old else None,
                "new": _indicator(each.new) if each.new else None,
                "changes": [
                    change.kind.code
                    for change in (*pair.changes, *each.changes)
                    if change in each.changes or each.indicator in (*change.old_indicators, *change.new_indicators)
                ],
            }
            for pair in report.root.walk()
            for each in pair.indicators
        ]
        sides = {"old": _edition(report.old), "new": _edition(report.new)}
        return _dump({"format": FORMAT, "plan": _plan(report.new), **sides, "indicators": rows})
    if not isinstance(report, Strategy):
        return _dump(_review(report))
    paths_of = _paths(report)
    found = [
        {"path": paths_of[indicator.id], "item": item.title or None, **_indicator(indicator), **_reached(indicator)}
        for item, indicator in report.indicators()
    ]
    return _dump({"format": FORMAT, "plan": _plan(report), "edition": _edition(report), "indicators": found})


def _review(told: Review) -> dict[str, Any]:
    """Write the yearly review: what was reached in every year and of which class it is, and how many are of which."""
    from atsugi_cli.layout.results import review

    paths = _paths(told.strategy)
    every = [told, *(review(told.strategy, told.profile, year, owner=told.owner) for year in told.shown)]
    found = []
    for each, *yearly in zip(*(one.results for one in every), strict=True):
        whole = paths.get(each.whole) or paths.get(each.indicator.id) or [each.indicator.id]
        found.append(
            {
                "path": [*whole, each.indicator.id] if each.part else whole,
                "item": (each.path[-1].title if each.path else told.strategy.plan.title) or None,
                **_indicator(each.indicator),
                **_result(each),
                "counted": each.counts,
                "results": [
                    {"year": year, "actual": _value(actual_of(each.indicator, year)), **_result(one)}
                    for year, one in zip(told.shown, yearly, strict=True)
                ],
            }
        )
    return {
        "format": FORMAT,
        "plan": _plan(told.strategy),
        "edition": _edition(told.strategy),
        "year": told.year,
        "years": list(told.shown),
        "grades": dict(told.profile.grades),
        "summary": [_summed(*group, told) for group in told.groups()],
        "indicators": found,
    }


def _result(each: Result) -> dict[str, Any]:
    return {
        "reached": _value(each.reached),
        "rate": each.rate.shown,
        "why": WHY_LABELS.get(each.rate.why),
        "grade": each.grade or None,
        "step": each.step,
        "trend": each.trend or None,
        "method": each.indicator.achievement.method if each.indicator.achievement else None,
    }


def _summed(role: str, goal: Item | None, some: Sequence[Result], told: Review) -> dict[str, Any]:
    return {
        "role": role,
        "goal": None if goal is None else goal.id,
        "number": len(some),
        "grades": {name: sum(each.grade == name for each in some) for name in told.profile.grades},
        "unmeasured": sum(not each.grade for each in some),
        "mean": mean([each.rate for each in some]),
    }


def crosswalk(report: Revision, options: Options) -> str:  # noqa: ARG001
    """Write who became whom between two plans, and whether the series of each indicator goes on."""
    paths = _Paths(report)

    def relation(each: Relation) -> dict[str, Any]:
        return {
            "became": list(each.became),
            "old": [_thing(one, paths.old) for one in each.old],
            "new": [_thing(one, paths.new) for one in each.new],
            "decided": each.decided,
            "confidence": round(each.confidence, 3),
        }

    def figures(each: Relation) -> dict[str, Any]:
        return {**relation(each), "state": each.series or None, "breaks": list(each.breaks if each.series else ())}

    return _dump(
        {
            "format": FORMAT,
            "old": {"plan": report.old.plan.id, "title": report.old.plan.title, **_edition(report.old)},
            "new": {"plan": report.new.plan.id, "title": report.new.plan.title, **_edition(report.new)},
            "relations": [relation(each) for each in relations(report)],
            "series": [figures(each) for each in series(report)],
        }
    )


def _reached(indicator: Indicator) -> dict[str, Any]:
    """Write the rate of achievement of the latest actual, and by which method; nothing where there is none."""
    found = rate(indicator, reached(indicator))
    method = indicator.achievement.method if indicator.achievement else None
    return {"rate": found.shown, "method": method}


def _left(since: Revision) -> list[dict[str, Any]]:
    paths = _Paths(since)
    found = []
    for node in (each for top in shown_nodes(standing(since.new, since).children) for each in top.walk()):
        if node.new is None:
            target = node.target.items if node.target else ()
            item = _thing(node.item, paths.old)
            del item["line"]
            found.append({**item, "to": [paths.new[each.id] for each in target]})
    return found


def log(report: History | Sequence[Step], options: Options) -> str:
    """Write what became of an item, or the steps of a plan with counts."""
    if isinstance(report, History):
        plan, item = report.strategy.plan, {"id": report.id, "title": title_of(report.thing) or None}
        events = [_event(event) for event in report.events]
        return _dump({"format": FORMAT, "plan": {"id": plan.id, "title": plan.title}, "item": item, "events": events})
    plan = report[-1].strategy.plan
    return _dump(
        {
            "format": FORMAT,
            "plan": {"id": plan.id, "title": plan.title},
            "steps": [_step(step, report, options.kinds) for step in report],
        }
    )


def _event(event: Event) -> dict[str, Any]:
    paths = _Paths(event.revision) if event.revision is not None else None
    return {
        "commit": _moment(event.step.moment),
        "old_edition": _edition(event.old) if event.old is not None else None,
        "edition": _edition(event.step.strategy),
        "old": list(event.before),
        "new": list(event.after),
        "changes": [_change(change, paths, strict=False) for change, _ in event.changes] if paths is not None else [],
        "lineage": [_link(link) for link in event.links],
    }


def _counts(report: Revision) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {group: {} for group in GROUPS}
    for (group, kind), number in sorted(report.counts().items(), key=lambda each: placed(each[0][1])):
        counts[group][kind.code] = number
    return counts


def _step(step: Step, steps: Sequence[Step], kinds: Mapping[str, str]) -> dict[str, Any]:
    old = steps[step.before[0]].strategy if step.before else None
    counted = _counts(compare(old, step.strategy, kinds)) if old is not None else {group: {} for group in GROUPS}
    return {
        "commit": _moment(step.moment),
        "old_edition": _edition(old) if old is not None else None,
        "edition": _edition(step.strategy),
        "renamed_from": step.was or None,
        "withdrawn": step.gone,
        "counts": counted,
    }


def _moment(moment: Moment) -> dict[str, Any] | None:
    """Write a commit; None for what is only in the working folder."""
    if not moment.id:
        return None
    return {"id": moment.id, "date": moment.date, "author": moment.author, "subject": moment.subject}


def _dump(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _plan(strategy: Strategy) -> dict[str, Any]:
    return {"id": strategy.plan.id, "title": strategy.plan.title}


def _edition(strategy: Strategy) -> dict[str, Any]:
    edition = strategy.edition
    return {
        "id": edition.id,
        "label": edition.label or None,
        "stage": edition.stage,
        "date": edition.date or None,
        "source": strategy.source,
    }


class _Paths:
    """Looks up the path of ids of an item or indicator on either side of a revision of a plan."""

    def __init__(self, report: Revision) -> None:
        self.plan = report.new.plan.id
        self.old = _paths(report.old)
        self.new = _paths(report.new)


def _paths(strategy: Strategy) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    stack: list[tuple[Item, list[str]]] = [(strategy.root, [])]
    while stack:
        item, path = stack.pop()
        for indicator in item.indicators:
            found.setdefault(indicator.id, [*path, indicator.id])
        for child in item.children:
            found.setdefault(child.id, [*path, child.id])
            stack.append((child, [*path, child.id]))
    return found


def _change(change: Change, paths: _Paths, *, strict: bool) -> dict[str, Any]:
    thing = (*change.new, *change.old)[0]
    data: dict[str, Any] = {
        "fingerprint": of_change(change, paths.plan),
        "kind": change.kind.code,
        "label": change.kind.label,
        "group": change.group,
        "level": thing.level if isinstance(thing, Item) else thing.role,
        "old": [_thing(each, paths.old) for each in change.old],
        "new": [_thing(each, paths.new) for each in change.new],
        "decided": change.decided,
        "confidence": change.confidence,
        "proposed": change.proposed,
        "reason": change.reason or None,
    }
    if change.before or change.after:
        data["before"], data["after"] = change.before or None, change.after or None
    if change.old_indicators or change.new_indicators:
        data["indicators"] = {
            "old": [_thing(each, paths.old) for each in change.old_indicators],
            "new": [_thing(each, paths.new) for each in change.new_indicators],
        }
    if change.wording is not None:
        data["marks"] = _marks(change.wording.strictly() if strict else change.wording)
    return data


def _marks(marks: Marks) -> dict[str, Any]:
    return {
        "old": [[text, marked] for text, marked in marks.old],
        "new": [[text, marked] for text, marked in marks.new],
    }


def _thing(thing: Thing, paths: Mapping[str, list[str]]) -> dict[str, Any]:
    if isinstance(thing, Item):
        return {
            "id": thing.id,
            "level": thing.level,
            "number": thing.number,
            "title": thing.title or None,
            "path": paths.get(thing.id, [thing.id]),
            "line": thing.line,
        }
    return {
        "id": thing.id,
        "level": thing.role,
        "number": None,
        "title": thing.name or None,
        "unit": thing.unit or None,
        "baseline": _value(thing.baseline),
        "target": _value(thing.target),
        "path": paths.get(thing.id, [thing.id]),
        "line": thing.line,
    }


_LAID_OUT = frozenset({"id", "level", "number", "title", "line", "node", "omitted", "indicators", "children", "extra"})
_OF_PLAN = frozenset({"id", "title", "start", "end", "node", "extra"})
_OF_EDITION = frozenset({"id", "label", "stage", "date", "node", "extra"})
_OF_STRATEGY = frozenset({"plan", "edition", "root", "source", "text", "wrapped", "extra"})
_PLACES = frozenset({"line", "node"})
"""Where a part stands in its file is said of items and indicators alone."""
_OF_INDICATOR = frozenset({"id", "role", "name", "unit", "baseline", "target", "line", "node", "extra"})


def _indicator(indicator: Indicator) -> dict[str, Any]:
    """Write all that the edition says of an indicator."""
    data: dict[str, Any] = {
        "id": indicator.id,
        "role": indicator.role,
        "name": indicator.name or None,
        "unit": indicator.unit or None,
        "baseline": _value(indicator.baseline),
        "target": _value(indicator.target),
    }
    return data | _given(indicator, _OF_INDICATOR)


def _given(thing: object, written: Collection[str] = ()) -> dict[str, Any]:
    """Write the fields that an edition gives, under the keys it gives them by; the free ones (x-) last."""
    found = {
        "from" if name == "origins" else name.replace("_", "-"): _plain(getattr(thing, name))
        for name in getattr(type(thing), "__match_args__", ())
        if name not in written and _is_given(getattr(thing, name))
    }
    return found | {key: _free(value) for key, value in getattr(thing, "extra", ())}


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value not in ("", (), NOTHING_DECLARED)


def _plain(value: object) -> object:
    if isinstance(value, Indicator):
        return _indicator(value)
    if isinstance(value, tuple):
        pairs = [each for each in value if isinstance(each, tuple) and isinstance(each[0], str)]
        return {key: list(some) for key, some in pairs} if pairs else [_plain(each) for each in value]
    return _given(value, _PLACES) if hasattr(type(value), "__match_args__") else value


def _free(value: object) -> object:
    """Write what stands under a free key; dates and the like are text already."""
    if isinstance(value, Mapping):
        return {str(key): _free(each) for key, each in value.items()}
    return [_free(each) for each in value] if isinstance(value, list) else value


def _value(value: Value | None) -> dict[str, Any] | None:
    return None if value is None else _given(value)


def _link(link: Link) -> dict[str, Any]:
    return {
        "old": list(link.old),
        "new": list(link.new),
        "decided": link.decided,
        "confidence": link.confidence,
    }


def _open(each: Open) -> dict[str, Any]:
    return {
        "side": each.side,
        "id": each.id,
        "title": each.title,
        "candidates": [{"id": c.id, "title": c.title, "likeness": c.likeness} for c in each.candidates],
    }


def _item(item: Item, kinds: Mapping[str, list[str]]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": item.id,
        "level": item.level,
        "number": item.number,
        "title": item.title or None,
        "line": item.line,
    }
    if item.omitted:
        data["omitted"] = True
    if kinds.get(item.id):
        data["changes"] = kinds[item.id]
    data |= _given(item, _LAID_OUT)
    if item.indicators:
        data["indicators"] = [_indicator(each) for each in item.indicators]
    if item.children:
        data["children"] = [_item(child, kinds) for child in item.children]
    return data
