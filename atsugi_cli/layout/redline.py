"""Redline: the whole text of the plan with every change in it (見え消し), and without (溶け込み), as papers to print.

What goes and what comes stands in one paragraph; the paragraphs and their changes are those of the Word papers.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, assert_never

from atsugi_cli.document import Block, Document, Heading, Mark, Paragraph, Run
from atsugi_cli.layout.labels import counts, edition_words, stamp, step_words
from atsugi_cli.layout.passages import Passage, Step, leaves_out, passages, steps, woven
from atsugi_cli.levels import Profile
from atsugi_cli.model import Strategy
from atsugi_cli.revision import Revision

RunningForm = Literal["", "signed", "marked", "struck", "tracked"]
"""How a format prints running text: not at all; with changes said in words, for paper that knows neither colour nor
struck letters; with changes marked; or paragraph by paragraph, title and edition among them, with changes struck out
and underlined, or such that its reader may accept or reject them."""

LEGEND = "二重取消線は削る部分、下線は加える部分"
SIGNED_LEGEND = "［削除：］は削る部分、［追加：］は加える部分"
LEFT_OUT = "一方の版が（略）とした部分の増減は、改定とは限りません"


def redline(revision: Revision, profile: Profile, form: RunningForm = "marked") -> Document:
    """Lay out the new text with all changes; without the old runs it is that of `clean(revision.new)`.

    What either edition leaves out is marked only where changes are tracked: accepting all gives the paragraphs of
    `clean(revision.new)`, rejecting all those of `clean(revision.old)`; the legend says that it need be no change.
    Their author is the section in charge, their date that of the new edition.
    """
    new = revision.new
    legend = SIGNED_LEGEND if form == "signed" else LEGEND
    if form == "tracked":  # Word itself shows what goes and what comes
        legend = LEFT_OUT if leaves_out(revision) else ""
    found = (
        step for step in steps(revision, profile, known=form != "tracked") if _whole_text(form) or not _is_head(step)
    )
    return Document(
        code="redline",
        title=f"{new.plan.title}　見え消し",
        blocks=tuple(_step(step, form) for step in found),
        stamp=stamp(revision.old, new, era=profile.era),
        subtitle=step_words(revision, profile),
        counts=counts(revision, profile),
        legend=legend,
        author=new.edition.owner or new.plan.municipality or new.plan.title,
        day=new.edition.date,
    )


def clean(strategy: Strategy, profile: Profile, form: RunningForm = "marked") -> Document:
    """Lay out the whole text of one edition."""
    found = (
        each for each in passages(strategy, profile) if _whole_text(form) or each.kind not in ("title", "subtitle")
    )
    return Document(
        code="clean",
        title=strategy.plan.title or strategy.plan.id,
        blocks=tuple(_block(each, (Run(each.text),), form) for each in found),
        stamp=stamp(strategy, era=profile.era),
        subtitle=edition_words(strategy, profile.era),
    )


def _whole_text(form: RunningForm) -> bool:
    return form in ("struck", "tracked")


def _is_head(step: Step) -> bool:
    """Check whether it is the title or the edition, which stand at the head of the paper; a new title is a change."""
    one = step.new or step.old
    if one is None or one.kind not in ("title", "subtitle"):
        return False
    return one.kind == "subtitle" or (step.old is not None and step.new is not None and step.old.text == step.new.text)


def _step(step: Step, form: RunningForm) -> Block:
    match step:
        case Step(Passage() as old, Passage() as new):
            return _block(new, woven(old.text, new.text), form)
        case Step(None, Passage() as new):
            return _block(new, _whole(new, "new", step, form), form)
        case Step(Passage() as old, None):
            return _block(old, _whole(old, "old", step, form), form)
        case _:
            raise ValueError(step)


def _whole(passage: Passage, mark: Mark, step: Step, form: RunningForm) -> tuple[Run, ...]:
    """Mark a paragraph that comes or goes; of what moved, a number that is another now is no part."""
    if not step.move or form != "tracked":
        return (Run(passage.text, mark),)
    number = Run(passage.text.removesuffix(step.words), mark)
    return (*((number,) if number.text else ()), Run(step.words, mark, step.move))


def _signed(runs: Sequence[Run]) -> Iterator[Run]:
    for run in runs:
        match run.mark:
            case "":
                yield run
            case "old":
                yield Run(f"［削除：{run.text}］")
            case "new":
                yield Run(f"［追加：{run.text}］")
            case _:
                assert_never(run.mark)


def _block(passage: Passage, runs: tuple[Run, ...], form: RunningForm) -> Block:
    """Set a passage; a heading in which something changed is a paragraph, because headings carry no marks."""
    if _whole_text(form):
        return Paragraph(runs, indent=passage.depth, kind=passage.kind, role=passage.role)
    runs = tuple(_signed(runs)) if form == "signed" else runs
    match passage.kind:
        case "heading" if passage.role in ("part", "section", "goal", "text") and not any(run.mark for run in runs):
            return Heading("".join(run.text for run in runs), 2 if passage.role in ("part", "section") else 3)
        case "title" | "subtitle" | "heading":
            return Paragraph(runs, indent=passage.depth)
        case "body" | "kpi":
            return Paragraph(runs, indent=passage.depth + 1)
        case _:
            assert_never(passage.kind)
