"""`strategy log`: what became of an item over all editions and commits, or the revisions of a plan."""

from dataclasses import replace
from difflib import get_close_matches
from typing import Annotated, Final

from atsugi_cli.cli import options
from atsugi_cli.cli.asking import ARGUMENTS, MEETING, OFFICE, WORD, Asked, Output, asking
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument, option
from atsugi_cli.cli.parameters import ShallowOk
from atsugi_cli.layout.history import Step, history
from atsugi_cli.project.editions import latest
from atsugi_cli.project.reading import Project
from atsugi_cli.project.states import Past, past
from atsugi_cli.store import StoreError

_SUGGESTIONS: Final = 3


@asking("log", *ARGUMENTS, *WORD, *MEETING, *OFFICE, "font_path")
def log(
    asked: Asked,
    item: Annotated[
        str,
        argument("項目", "項目かKPIのid、または題名。なければ計画の改定を一覧にする。", options.items),
    ] = "",
    *,
    shallow_ok: ShallowOk = False,
    plan: Annotated[str, option("--plan", "ID", "計画のid（複数あるとき）。")] = "",
) -> int:
    """ひとつの項目がどうなったかを、すべての版とコミットからたどる。

    名称、統合、移動、KPI、目標値の変更を、だれがいつ行ったかとともに、古い順に出します。

    例: strategy log city-links / strategy log / strategy log 都市間連携の強化 -f markdown
    """
    project = asked.opened()
    found = past(project)
    if found.cut and not shallow_ok:
        raise StoreError(f"{found.cut}手元にある分だけでよければ --shallow-ok を付けてください。")
    if not found.steps:
        raise StoreError(
            f"{asked.root}/ に版（*.yaml）がありません。strategy init で始められます。{' '.join(found.remarks)}"
        )
    identity = _identity(found, item) if item else ""
    chosen_plan = _plan(project, found, identity, plan)
    steps = found.of(chosen_plan)
    profile = project.profile(steps[-1].strategy.source)
    output = Output(asked, profile)
    followed = history(steps, identity, profile.kinds) if identity else None
    if output.format.log:
        output.put(output.format.log(followed or steps, replace(output.options, kinds=profile.kinds)))
    else:
        from atsugi_cli.layout import log as layout

        output.draw(
            layout.log(followed, profile, found.remarks)
            if followed is not None
            else layout.overview(steps, profile, found.remarks)
        )
    return Exit.OK


def _plan(project: Project, found: Past, identity: str, wanted: str) -> str:
    """Choose the plan: as asked, the only one that ever had the item, else that of the newest edition."""
    plans = list(dict.fromkeys(step.strategy.plan.id for step in found.steps))
    if wanted and wanted not in plans:
        raise StoreError(f"{wanted} という計画はありません。ある計画: {'、'.join(plans)}")
    having = [plan for plan in plans if identity in {id_ for id_, _ in _names(found.of(plan))}] if identity else plans
    if wanted:
        if wanted not in having:
            raise StoreError(f"{identity} は計画 {wanted} にはありません。ある計画: {'、'.join(having)}")
        return wanted
    if len(having) == 1:
        return having[0]
    if identity:
        raise StoreError(f"{identity} は複数の計画にあります。--plan で指定してください: {'、'.join(having)}")
    return project.strategy(latest(project)).plan.id


def _identity(found: Past, item: str) -> str:
    """Find the id that was meant: an id of any time, or a title as the last state has it that has it at all."""
    names = list(_names(found.steps))
    if any(item == identity for identity, _ in names):
        return item
    titled = next((ids for step in reversed(found.steps) if (ids := _titled(step, item))), [])
    if len(titled) == 1:
        return titled[0]
    if titled:
        raise StoreError(f"「{item}」という題名の項目が複数あります。idで指定してください: {'、'.join(titled)}")
    close = get_close_matches(item, [name for pair in names for name in pair if name], _SUGGESTIONS)
    close += [title for _, title in names if item in title and title not in close][: _SUGGESTIONS - len(close)]
    hint = f"もしかして: {'、'.join(dict.fromkeys(close))}" if close else "strategy tree -f json で id が分かります。"
    raise StoreError(f"{item} という項目は、どの版にもありません。{hint}")


def _titled(step: Step, title: str) -> list[str]:
    return [identity for identity, each in _names((step,)) if each == title]


def _names(steps: tuple[Step, ...]) -> dict[tuple[str, str], None]:
    """Collect the ids and titles that items and indicators ever had, each once, oldest first."""
    names: dict[tuple[str, str], None] = {}
    for step in steps:
        for each in step.strategy.items():
            names[each.id, each.title] = None
        for _, indicator in step.strategy.indicators():
            names[indicator.id, indicator.name] = None
    return names
