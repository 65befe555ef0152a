"""`strategy verify`: from a paper back to the editions it was made from, and what has changed since."""

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.diff_driver import in_words
from atsugi_cli.cli.exits import Exit
from atsugi_cli.cli.options import argument
from atsugi_cli.cli.output import opened
from atsugi_cli.cli.pack import LIST
from atsugi_cli.cli.parameters import Root
from atsugi_cli.formats import seal
from atsugi_cli.formats.options import Options
from atsugi_cli.formats.seal import Origin, Seal
from atsugi_cli.model import Strategy
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob, Commit, StoreError

MOST_SHOWN: Final = 20
"""Changes that are listed one by one; `strategy diff` shows all."""
_NUMBER: Final = re.compile(r"[0-9a-f]{12}")


def verify(
    papers: Annotated[list[str], argument("資料|照合番号", "作った資料のファイル、または印刷された照合番号（12桁）。")],
    *,
    root: Root = "strategies",
) -> int:
    """資料がどの版から作られたか、その後に版が変わっていないか、手で直されていないかを確かめる。

    終了コード: 0 今の版のまま、1 版が変わったか手で直されている、2 たどれない。

    例: strategy verify 会議資料/01_新旧対照表.docx / strategy verify 3f9a0c1d52e7
    """
    project = opened(root)
    codes = [_verified(project, paper) for paper in papers]
    return max(codes)


def _verified(project: Project, paper: str) -> Exit:
    try:
        found = _sealed(project, paper)
    except (StoreError, ValueError) as error:
        words = str(error) if isinstance(error, StoreError) else "壊れていて読めません。"
        streams.complain(f"{paper}: {words}")
        return Exit.UNUSABLE
    lines, code = _since(project, found.origin)
    if not found.whole:
        lines[0] = lines[0].replace("今の版のまま", "もとにした版は、今の版のまま")
        lines.insert(0, "手で直されています（作ったときに書き出した内容と、今の内容が違います）。")
        code = max(code, Exit.FINDINGS)
    streams.page(streams.printable("\n  ".join([f"{paper}: {lines[0]}", *lines[1:]]) + "\n"))
    return code


def _sealed(project: Project, paper: str) -> Seal:
    """Find what a paper, or a number, says of its origin."""
    if _NUMBER.fullmatch(paper) and not Path(paper).exists():
        return Seal(_by_number(project, paper), whole=True)
    data = store.read_template(paper)
    if found := seal.find(data) or _listed(Path(paper), data):
        return found
    if number := seal.number(data):
        return Seal(_by_number(project, number), whole=True)
    raise StoreError(
        "この資料には、作ったときの印がありません（strategy で作ったものではないか、印が失われています）。"
    )


def _listed(path: Path, data: bytes) -> Seal | None:
    """Find a paper that has no room for a seal in the list of its set."""
    try:
        listed = json.loads((path.parent / LIST).read_bytes())
        hashes, words = listed[path.name], listed[""][0]
        found = seal.read(str(words))
        return None if found is None else Seal(found, whole=sha256(data).hexdigest() == hashes[0])
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None


def _by_number(project: Project, number: str) -> Origin:
    """Find the editions that have a number, among all states that git and the folder hold."""
    from atsugi_cli.layout.labels import check_number, text_id
    from atsugi_cli.project.states import past

    steps = [each.strategy for each in past(project).steps]
    states = list({(each.plan.id, each.edition.id, each.text): each for each in steps}.values())
    for new in reversed(states):
        olds = (
            old
            for old in reversed(states)
            if old.plan.id == new.plan.id and old.edition.id in (new.edition.revises, new.edition.id) and old is not new
        )
        for sides in ((new,), *((old, new) for old in olds)):
            if check_number(*sides) == number:
                return Origin(new.plan.id, tuple((each.edition.id, text_id(each)) for each in sides), number)
    raise StoreError(f"照合番号 {number} の版は、このフォルダにもgitの履歴にも見つかりません。")


def _since(project: Project, origin: Origin) -> tuple[list[str], Exit]:
    """Say what became of the editions that a paper was made from."""
    from atsugi_cli.layout.labels import text_id

    now = {
        each.edition.id if each.plan.id == origin.plan else f"{each.plan.id}/{each.edition.id}": each
        for each in _editions(project)
    }
    names = " → ".join(edition for edition, _ in origin.sides)
    head = f"{origin.plan} の {names}、照合番号 {origin.number}"
    commits = _commits(project)
    lines: list[str] = []
    for edition, text in origin.sides:
        commit = _commit(commits, text)
        if edition not in now:
            lines.append(f"版 {edition}（{commit}）は、今はありません。")
        elif text_id(now[edition]) != text:
            # Two sides may be two states of one edition: only the later one is that of today.
            if edition == origin.sides[-1][0] and text != origin.sides[-1][1]:
                continue
            lines.append(f"版 {edition} は、この資料の版（{commit}）から変わっています。")
            lines += _changes(project, text, now[edition])
    if lines:
        return [f"版が変わっています（{head}）。", *lines], Exit.FINDINGS
    where = "、".join(dict.fromkeys(_commit(commits, text) for _, text in origin.sides))
    return [f"今の版のままです（{head}、{where}）。"], Exit.OK


def _editions(project: Project) -> Iterator[Strategy]:
    """Read the editions of the folder, also those that have slips."""
    for path in store.find_editions([project.root]).editions if store.is_folder(project.root) else ():
        result = project.read(project.open(path))
        if result.strategy is not None:
            yield result.strategy


def _commits(project: Project) -> Sequence[Commit]:
    try:
        return store.repository(".").commits(project.root)
    except StoreError:
        return ()


def _commit(commits: Sequence[Commit], text: str) -> str:
    """Name the last commit that left a text behind."""
    found = next((each for each in commits if any(blob == text for _, blob in each.files)), None)
    return f"コミット {found.short} {found.date[:10]}" if found else "gitの履歴にない内容"


def _changes(project: Project, text: str, now: Strategy) -> list[str]:
    """List what changed in an edition since it had a text, in the words of 改定のポイント."""
    from atsugi_cli.compare import compare

    try:
        data = store.repository(".").blob(text)
    except StoreError:
        return ["  そのときの内容はgitに記録されていないので、変わったところは示せません。"]
    result = project.read(Blob(now.source, data, now.source))
    if result.strategy is None or result.findings:
        return ["  そのときの内容は、今は読めません。"]
    profile = project.profile(now.source)
    revision = compare(result.strategy, now, profile.kinds)
    said = in_words(revision, profile, Options()).splitlines() if revision.changed else []
    more = [f"  ほか{len(said) - MOST_SHOWN}件"] if len(said) > MOST_SHOWN else []
    return [*(f"  {each}" for each in said[:MOST_SHOWN]), *more] or [
        "  内容の違いはありません（書き方だけの違いです）。"
    ]
