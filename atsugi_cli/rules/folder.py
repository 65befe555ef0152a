"""Folder: rules about the editions of a plan's folder together, and how files and folder are named."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from atsugi_cli.findings import Finding, Place, Related
from atsugi_cli.model import Strategy
from atsugi_cli.rules.base import Rule, Subject, finding, rule

ROOT = "strategies"
"""The folder that holds the plans' folders; elsewhere a file may lie in any folder."""

_SUFFIX = r"\.ya?ml\Z"


def _parts(source: str) -> list[str]:
    """Split a source into its folders and its file name; what is no file has one part."""
    return re.split(r"[\\/:]", source)


def edition_file_name(subject: Subject) -> Iterator[Finding]:
    """ファイルの名前が、版の id（edition.id）と違います。

    版はファイルの名前でも id でも呼ばれるので、同じにします（id が 2023-10 なら 2023-10.yaml）。
    """
    edition = subject.strategy.edition
    if any(each.edition.id == edition.id for each in _same_plan(subject)):
        return  # a copy of which the id was not changed, which is said as that
    file, stem = _file(subject.strategy)
    if stem != file and edition.id and stem != edition.id and edition.node not in subject.broken:
        yield finding(
            f"版の id「{edition.id}」が、ファイルの名前「{file}」と違います",
            subject.at(edition.node, "id"),
            f"ファイルの名前を {edition.id}.yaml にするか、id: {stem} と書いてください",
        )


def _file(strategy: Strategy) -> tuple[str, str]:
    """Return the name of an edition's file, with and without its suffix."""
    file = _parts(strategy.source)[-1]
    return file, re.compile(_SUFFIX).sub("", file)


def yml_suffix(subject: Subject) -> Iterator[Finding]:
    """版のファイルの名前が .yml で終わっています。

    版を id で探すときに見落とさないよう、.yaml にそろえます。
    """
    file = _parts(subject.strategy.source)[-1]
    if file.endswith(".yml"):
        yield finding(
            f"ファイルの名前「{file}」が .yml で終わっています",
            subject.at(subject.strategy.edition.node, "id"),
            f"{file.removesuffix('.yml')}.yaml に変えてください",
        )


def stray_yaml(subject: Subject) -> Iterator[Finding]:
    """版のフォルダに、版ではないYAMLファイルがあります。

    版のフォルダには、版のファイルと profile.yaml だけを置きます。ほかのファイルは別のフォルダに移します。
    """
    for source in subject.strays:
        yield finding(
            f"「{_parts(source)[-1]}」は、総合戦略の版ではありません",
            Place(source, 1, 1, 1, 1),
            "別のフォルダに移すか、消してください",
        )


def folder_name(subject: Subject) -> Iterator[Finding]:
    """計画のフォルダの名前が、計画の id（plan.id）と違います。

    strategies/計画の id/版の id.yaml と置きます。
    """
    strategy = subject.strategy
    parts = _parts(strategy.source)
    folder = parts[-2] if len(parts) > 1 else ""
    first = min((strategy, *subject.others), key=lambda each: each.source)
    if any(each.plan.id != strategy.plan.id for each in subject.others):
        return  # which of them is right is asked elsewhere
    if first is not strategy or parts[-3:-2] != [ROOT] or not strategy.plan.id or folder == strategy.plan.id:
        return
    yield finding(
        f"計画の id「{strategy.plan.id}」が、フォルダの名前「{folder}」と違います",
        subject.at(strategy.plan.node, "id"),
        f"フォルダの名前を {strategy.plan.id} にするか、id: {folder} と書いてください",
    )


def mixed_plans(subject: Subject) -> Iterator[Finding]:
    """一つのフォルダに、id の違う計画の版があります。

    フォルダは計画ごとに分けます。同じ計画なら plan.id をそろえます。
    """
    plan = subject.strategy.plan
    everyone = (subject.strategy, *subject.others)
    counts = Counter(each.plan.id for each in sorted(everyone, key=lambda each: each.source) if each.plan.id)
    revised = {each.edition.id for each in subject.others}
    if len(counts) <= 1 or not plan.id or plan.node in subject.broken or subject.strategy.edition.revises in revised:
        return  # a plan whose id changed in a revision is said where the revision is checked
    usual = counts.most_common(1)[0][0]
    if plan.id != usual:
        yield finding(
            f"計画の id「{plan.id}」が、同じフォルダのほかの版の「{usual}」と違います",
            subject.at(plan.node, "id"),
            f"同じ計画なら id: {usual} と書き、別の計画なら別のフォルダに移してください",
        )


def _same_plan(subject: Subject) -> tuple[Strategy, ...]:
    return tuple(each for each in subject.others if each.plan.id == subject.strategy.plan.id)


def duplicate_edition(subject: Subject) -> Iterator[Finding]:
    """一つの計画に、同じ id の版が二つあります。

    版の id は、計画の中で一度だけ使います。
    """
    edition = subject.strategy.edition

    def is_copy(strategy: Strategy) -> tuple[bool, str]:
        return _file(strategy)[1] != edition.id, strategy.source

    for other in _same_plan(subject):
        if edition.id and other.edition.id == edition.id and is_copy(other) < is_copy(subject.strategy):
            yield finding(
                f"版の id「{edition.id}」は、{other.source} でも使われています",
                subject.at(edition.node, "id"),
                "別の id を付けてください（写しなら、ファイルを消してください）",
                (Related(_at(other, other.edition.node, "id"), "もう一つの版"),),
            )
            return


def _at(strategy: Strategy, node: int, key: str) -> Place:
    from atsugi_cli.reader.loading import locate

    return locate(strategy.text, strategy.source).value(node, key)


def _age(strategy: Strategy) -> tuple[str, str, str]:
    return strategy.edition.date or strategy.edition.id, strategy.edition.id, strategy.source


def revises_missing(subject: Subject) -> Iterator[Finding]:
    """最初の版ではないのに、どの版を改定するか（edition.revises）が書かれていません。

    書かれていないと、改定の検査も、引数のない strategy diff もできません。from や removed のある版にも要ります。
    計画の最初の版の from や removed は、前の計画からの対応（strategy crosswalk）なので、要りません。
    """
    strategy = subject.strategy
    edition = strategy.edition
    if edition.revises or edition.node in subject.broken:
        return
    said = edition.removed or any(item.origins for item in strategy.items())
    if said and _same_plan(subject):  # in the first edition of a plan they are said of the plan before
        yield finding(
            f"版「{edition.id}」に from や removed がありますが、改定する版（revises）が書かれていません",
            subject.at(edition.node, "id"),
            "revises: 改定前の版の id を書いてください",
        )
        return
    earlier = [
        each for each in _same_plan(subject) if _age(each) < _age(strategy) and each.edition.id not in {"", edition.id}
    ]
    if earlier and not any(_leads_to(each, strategy, subject.others) for each in earlier):
        latest = max(earlier, key=_age)
        yield finding(
            f"版「{edition.id}」は最初の版ではありませんが、改定する版（revises）が書かれていません",
            subject.at(edition.node, "id"),
            f"revises: {latest.edition.id} のように書いてください",
        )


def _leads_to(start: Strategy, goal: Strategy, others: Sequence[Strategy]) -> bool:
    """Check whether an edition revises another one, directly or over several steps."""
    by_id = {each.edition.id: each for each in (*others, goal)}
    seen: set[str] = set()
    at: Strategy | None = start
    while at is not None and at.edition.id not in seen:
        if at is goal:
            return True
        seen.add(at.edition.id)
        at = by_id.get(at.edition.revises)
    return False


def revises_cycle(subject: Subject) -> Iterator[Finding]:
    """改定する版（edition.revises）をたどると、元の版に戻ります。

    最初の版には revises を書きません。どれかの revises を直します。
    """
    strategy = subject.strategy
    by_id = {each.edition.id: each for each in (*_same_plan(subject), strategy)}
    chain = [strategy]
    seen = {id(strategy)}  # to compare whole editions would take long
    while True:
        following = by_id.get(chain[-1].edition.revises) if chain[-1].edition.revises else None
        if following is None:
            return
        if following is strategy:
            break
        if id(following) in seen:
            return  # the cycle lies further on and is said there
        chain.append(following)
        seen.add(id(following))
    if any(each.edition.id == strategy.edition.id for each in _same_plan(subject)):
        return  # an id that is taken, which is said there
    if min(chain, key=_age) is strategy:
        steps = " → ".join(each.edition.id for each in (*chain, strategy))
        alone = f"版「{strategy.edition.id}」が自分自身を改定しています"
        yield finding(
            f"改定の順が一回りしています（{steps}）" if len(chain) > 1 else alone,
            subject.at(strategy.edition.node, "revises"),
            "最初の版の revises を消すか、正しい版の id を書いてください",
        )


def fork(subject: Subject) -> Iterator[Finding]:
    """同じ版を改定する版が、二つあります。

    改定は一列につなげます（素案、案、決定と進むなら、新しい版は直前の版を改定するか、古い案を消します）。
    比べる相手が一つに決まるようにするためです。わざと並べるなら、ignore のコメントに理由を書きます。
    """
    edition = subject.strategy.edition
    if not edition.revises or edition.revises == edition.id:
        return
    rivals = [
        each
        for each in _same_plan(subject)
        if each.edition.revises == edition.revises
        and each.edition.id != edition.id
        and _age(each) < _age(subject.strategy)
    ]
    if rivals:
        first = min(rivals, key=_age)
        yield finding(
            f"版「{edition.revises}」は、版「{first.edition.id}」も改定しています",
            subject.at(edition.node, "revises"),
            f"revises: {max(rivals, key=_age).edition.id} ではありませんか",
            (Related(_at(first, first.edition.node, "revises"), "もう一つの改定"),),
        )


FOLDER_RULES: Sequence[Rule] = (
    rule("edition-file-name", "ファイルの名前", "plan", "warning", edition_file_name,
         example="# ファイルの名前は 2023.yaml\nedition: {id: 2023-10}\n→ # ファイルの名前を 2023-10.yaml にする"),
    rule("yml-suffix", "拡張子.yml", "plan", "warning", yml_suffix,
         example="# 2023-10.yml\n→ # 2023-10.yaml"),
    rule("stray-yaml", "版ではないYAML", "plan", "warning", stray_yaml,
         example="# strategies/atsugi-2/memo.yaml\n→ # memo.yaml をほかのフォルダに移す"),
    rule("folder-name", "フォルダの名前", "plan", "warning", folder_name,
         example="# strategies/atsugi/2023-10.yaml\nplan: {id: atsugi-2}\n→ # フォルダの名前を atsugi-2 にする"),
    rule("mixed-plans", "計画の混在", "plan", "error", mixed_plans,
         example="# 2020-03.yaml\nplan: {id: atsugi-2}\n# 2023-10.yaml\nplan: {id: atsugi-3}"),
    rule("duplicate-edition", "版のidの重複", "plan", "error", duplicate_edition,
         example="# 2023-10.yaml と 2023-10-copy.yaml の両方に\nedition: {id: 2023-10}"),
    rule("revises-missing", "改定する版が書かれていない", "plan", "warning", revises_missing,
         example="edition: {id: 2023-10}\n→ edition: {id: 2023-10, revises: 2020-03}"),
    rule("revises-cycle", "改定の一回り", "plan", "error", revises_cycle,
         example="# 2020-03.yaml\nedition: {id: 2020-03, revises: 2023-10}\n# 2023-10.yaml\n"
                 "edition: {id: 2023-10, revises: 2020-03}"),
    rule("fork", "改定の枝分かれ", "plan", "warning", fork,
         example="# 2023-10.yaml\nedition: {id: 2023-10, revises: 2020-03}\n# 2023-11.yaml\n"
                 "edition: {id: 2023-11, revises: 2020-03}\n→ edition: {id: 2023-11, revises: 2023-10}"),
)  # fmt: skip
