"""The language server, through a client over standard input and output: every question, and all findings."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest

pytest.importorskip("pygls")
pytest.importorskip("pytest_lsp")

from desk import applied, at_desk, copied, lines_of, offset, units
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec
from test_corpus import CORPUS, MISTAKES, PLANS, edited

from atsugi_cli.cli import app, manual
from atsugi_cli.editor import names, outline
from atsugi_cli.editor.actions import actions
from atsugi_cli.editor.completion import completion, where
from atsugi_cli.editor.hover import hover
from atsugi_cli.editor.view import View
from atsugi_cli.project import reading
from atsugi_cli.project.reading import Project
from atsugi_cli.project.watching import Watch

SHIPPED = CORPUS.parents[1] / "strategies" / "atsugi-2"
OLD, NEW = "strategies/atsugi-2/2020-03.yaml", "strategies/atsugi-2/2023-10.yaml"
TITLE = "    title: 転出抑制"


def changed(before, after):
    return list(unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm=""))[3:]


# ---------------------------------------------------------------------------------------------------------- findings


def test_what_is_typed_is_checked_with_all_that_is_open(tmp_path):
    async def story(desk):
        desk.open(NEW)
        assert list(await desk.findings(NEW)) == []
        desk.replace(NEW, TITLE, "    title: 𠮷😀転出抑制 # 一時的に")
        (found,) = await desk.findings(NEW)
        assert (found.code, desk.shown(NEW, found.range)) == ("undeclared-wording", "𠮷😀転出抑制")
        assert found.related_information[0].location.uri == desk.uri(OLD)
        assert found.severity == types.DiagnosticSeverity.Information
        assert "change: {flags: [reworded]}" in found.message
        desk.replace(NEW, "title: 𠮷😀転出抑制 # 一時的に", "title: 𠮷😀 転出抑制")
        await desk.findings(NEW)
        desk.open(OLD)  # what is not saved of the edition that is revised counts at once
        desk.replace(OLD, TITLE, "    title: 𠮷😀 転出抑制")
        await desk.everything(OLD)
        assert [each.code for each in desk.said[desk.uri(NEW)].diagnostics] == []
        desk.close(OLD)  # and is gone when it was closed unsaved
        desk.type(NEW, desk.texts[NEW])
        assert [each.code for each in await desk.findings(NEW)] == ["undeclared-wording"]
        desk.type(NEW, desk.texts[NEW].replace("goals:\n", "goals：\n"))
        assert "full-width-colon" in [each.code for each in await desk.findings(NEW)]

    at_desk(copied(SHIPPED, tmp_path), story)


def test_the_profile_counts_as_it_is_typed(tmp_path):
    plan = "strategies/kitamine-2"
    profile = f"{plan}/profile.yaml"
    edition = max(path.name for path in (CORPUS / "kitamine-2").glob("2*.yaml"))

    async def story(desk):
        desk.open(f"{plan}/{edition}")
        assert list(await desk.findings(f"{plan}/{edition}")) == []
        desk.open(profile)
        desk.type(profile, desk.texts[profile] + "\nowners: [{name: 誰もいない課}]\nxowner: 1\n")
        found = await desk.findings(profile)
        assert found
        desk.type(profile, "city: 見本市\nowners: [{name: 誰もいない課}]\n")
        await desk.everything(profile)
        assert desk.said[desk.uri(f"{plan}/{edition}")].diagnostics

    at_desk(copied(CORPUS / "kitamine-2", tmp_path), story)


def test_files_of_others_are_left_alone(tmp_path):
    async def story(desk):
        (desk.folder / "compose.yaml").write_text(
            "services:\n  web: &a\n    image: x\n", encoding="utf-8", newline="\n"
        )
        desk.open("compose.yaml")
        desk.open(NEW)
        await desk.findings(NEW)
        assert desk.uri("compose.yaml") not in desk.said

    at_desk(copied(SHIPPED, tmp_path), story)


def test_a_file_that_is_no_utf8_is_told_as_validate_tells_it(tmp_path):
    folder = copied(SHIPPED, tmp_path)
    text = (folder / NEW).read_text(encoding="utf-8")
    (folder / NEW).write_bytes(text.encode("cp932", "ignore"))

    async def story(desk):
        desk.open(NEW, text)
        assert [each.code for each in await desk.findings(NEW)] == ["not-utf8"]
        desk.type(NEW, text)
        assert list(await desk.findings(NEW)) == []

    at_desk(folder, story)


def spoken(finding, texts):
    """Give a finding of `validate -f json` as an editor shows it."""
    lines = [line for _, line in lines_of(texts[finding["path"]].removeprefix("\ufeff"))]

    def column(line, at):
        return units(lines[line - 1][: at - 1]) if line <= len(lines) else 0

    hint = f"\n{finding['hint']}。" if finding.get("hint") else ""
    return (
        finding["path"].rpartition("/")[2],
        finding["code"],
        {"note": "information"}.get(finding["severity"], finding["severity"]),
        finding["line"] - 1,
        column(finding["line"], finding["column"]),
        finding["endLine"] - 1,
        column(finding["endLine"], finding["endColumn"]),
        f"{finding['message']}。{hint}",
    )


def once(text, edits):
    """Make the edits of a finding of `validate -f json`; what `--fix` makes may bring up the next finding."""
    starts = [start for start, _ in lines_of(text)]
    starts[0] = 1 if text.startswith("\ufeff") else 0
    spans = {
        (starts[e["line"] - 1] + e["column"] - 1, starts[e["endLine"] - 1] + e["endColumn"] - 1, e["new"])
        for e in edits
    }
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


ASTRAL = str.maketrans({"の": "𠮷", "を": "😀", "と": "👨\u200d👩"})
"""Every third word of a plan holds one of these, so that what follows stands at other columns than it seems."""


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.name)
def test_the_corpus_is_told_as_validate_tells_it_and_mended_as_fix_does(plan, tmp_path, monkeypatch, capsys):
    """Each slip, typed in an editor: the same findings at the same places; the remedies applied as `--fix` does.

    One in three, as all of them take a minute; with STRATEGY_ALL=1 all.
    """
    cases = [case for case in MISTAKES if case.plan == plan.name][:: 1 if os.environ.get("STRATEGY_ALL") else 3]
    desk_folder, there = copied(plan, tmp_path / "a"), copied(plan, tmp_path / "b")
    monkeypatch.chdir(there)
    mended = []

    async def story(desk):
        for number, case in enumerate(cases):
            name = f"strategies/{plan.name}/{case.file}"
            original = (desk_folder / name).read_bytes()
            text = edited(case)[0]
            if number % 4 == 0:
                text = text.translate(ASTRAL)
            (there / name).write_bytes(text.encode())
            app.main(["validate", "-f", "json"])
            said = json.loads(capsys.readouterr().out)["findings"]
            texts = {each["path"]: (there / each["path"]).read_bytes().decode() for each in said}
            desk.open(name)
            desk.type(name, text)
            assert await desk.everything(name) == sorted(spoken(each, texts) for each in said), case.name
            if any(each["fixable"] for each in said):
                app.main(["validate", "--fix", name])
                capsys.readouterr()
                fixed = (there / name).read_bytes().decode()
                whole = types.Range(types.Position(0, 0), types.Position(len(text), 0))
                actions = await desk.actions(name, whole, ["source.fixAll"])
                assert [desk.made(each.edit)[name] for each in actions] == ([fixed] if fixed != text else []), case.name
                here = [each for each in said if each["path"] == name]
                if len(here) == 1:
                    (said_here,) = desk.said[desk.uri(name)].diagnostics
                    quick = await desk.actions(name, said_here.range, ["quickfix"])
                    made = [desk.made(each.edit)[name] for each in quick if each.is_preferred]
                    assert made == ([once(text, here[0]["edits"])] if fixed != text else []), case.name
                    mended.extend([made == [fixed]] if made else [])
            desk.close(name)
            (there / name).write_bytes(original)

    at_desk(desk_folder, story)
    assert sum(mended) >= len(mended) * 0.9
    assert mended or len(cases) < 70


# --------------------------------------------------------------------------------------------------------- questions


def test_the_pointer_is_told_what_stands_there(tmp_path):
    async def story(desk):
        async def told(words, inside):
            params = types.HoverParams(desk.identifier(NEW), desk.at(NEW, words, inside))
            found = await desk.client.text_document_hover_async(params)
            return "" if found is None else found.contents.value

        desk.open(NEW)
        await desk.findings(NEW)
        assert (await told("  revises: 2020-03", 4)).startswith("### 改定する版（edition.revises）")
        assert (await told("  revises: 2020-03", 12)) == "現行（2020-03）"
        assert (await told("    from: [society5", 5)).startswith("### 改定前の識別子（from）")
        assert (await told("    from: [society5", 13)) == (
            "**重要な視点「Society5.0の実現に向けた技術を活用した地域課題の解決」**（society5）— 現行（2020-03）"
        )
        assert "変更の種類" in (await told("      flags: [section-added]", 8))
        assert (await told("      flags: [section-added]", 18)).startswith("### 追加（section-added）")
        city = await told("- id: city-links", 8)
        assert "主な取組「都市間連携の強化」**（city-links）— 改定後（2023-10）" in city
        assert "基本目標" not in city
        assert "転入促進 ＞" in city
        assert "「都市間交流の促進」**（city-exchange）— 現行（2020-03）" in city
        assert await told("を全国に発信する", 1) == ""
        desk.replace(NEW, TITLE, f"{TITLE}だ # strategy: ignore[duplicate-id] 理由")
        await desk.findings(NEW)
        assert "duplicate-id" in (await told("ignore[duplicate-id]", 9))
        assert "undeclared-wording" in (await told("転出抑制だ", 1))

    at_desk(copied(SHIPPED, tmp_path), story)


OFFERS = (
    ("  stage: draft", "  stage: ¦", [("outline", "骨子"), ("draft", "素案"), ("proposal", "案"), ("adopted", "決定")]),
    ("  stage: draft", "  sta¦: draft", [("stage", "段階")]),
    ("  stage: draft", "  stage: draft\n  ¦", [("removed:", "廃止した項目"), ("note: ", "備考")]),
    (
        TITLE,
        f"{TITLE}\n    ch¦",
        [("change: ", "改定の内容"), ("from: ", "改定前の識別子"), ("policies:", "具体的な施策")],
    ),
    (TITLE, f"{TITLE}\n    change: {{¦}}", [("flags: ", "変更の種類"), ("reason: ", "理由")]),
    (TITLE, f"{TITLE}\n    change: {{flags: [renamed, mer¦", [("merged", "統合"), ("kpi-added", "KPI追加")]),
    (TITLE, f"{TITLE}\n    change:\n      flags:\n        - ¦", [("merged", "統合")]),
    (TITLE, f"{TITLE}\n    from: [¦]", [("sdgs", "SDGsの理念や目標達成に向けた施策の展開")]),
    (TITLE, f"{TITLE}\n    from:\n    - ¦", [("sdgs", "SDGsの理念や目標達成に向けた施策の展開")]),
    (TITLE, f"{TITLE}\n    targets:\n    - id: x\n      same-as: ¦", [("digital-living-kpi", "")]),
    (TITLE, f"{TITLE}\n    targets:\n      - ¦", [("id: ", "識別子"), ("baseline: ", "基準値（現状値）")]),
    (TITLE, f"{TITLE}\n    targets:\n      - {{id: x, direction: ¦", [("increase", "増加"), ("maintain", "維持")]),
    (TITLE, f"{TITLE}\n    omitted: ¦", [("true", "はい"), ("false", "いいえ")]),
    (TITLE, f"{TITLE}\n    owners: [¦", [("企画政策課", "所管")]),
    (TITLE, f"{TITLE} # strategy: ignore[¦", [("duplicate-id", "idの重複")]),
    ("  revises: 2020-03", "  revises: ¦", [("2020-03", "版")]),
    ("\ngoals:\n", "\n¦\ngoals:\n", [("goals:", "基本目標")]),
)
NOTHING = ((TITLE, "    title: 転出¦抑制"), (TITLE, f"{TITLE} # メモ¦"), (TITLE, f"{TITLE}\n    body: |\n      本文 ¦"))


def test_what_may_be_written_is_offered_by_its_place(tmp_path):
    folder = copied(SHIPPED, tmp_path)
    text = (folder / NEW).read_text(encoding="utf-8")
    text = text.replace(TITLE, f"{TITLE}\n    note: 一つ目", 1)
    (folder / NEW).write_text(
        text.replace("- id: birthrate\n", "- id: birthrate\n    owners: [企画政策課]\n"), encoding="utf-8", newline="\n"
    )

    async def story(desk):
        desk.open(NEW)
        await desk.findings(NEW)
        for old, new, due in OFFERS:
            found = await desk.complete(NEW, old, new)
            assert [each for each in due if each not in found] == [], (new, found)
        assert "stage: " not in [words for words, _ in await desk.complete(NEW, *OFFERS[2][:2])]
        top = [words for words, _ in await desk.complete(NEW, *OFFERS[-1][:2])]
        assert not {"plan: ", "edition: ", "viewpoints:"} & {*top}
        for old, new in NOTHING:
            assert await desk.complete(NEW, old, new) == [], new
        first = await desk.complete(NEW, TITLE, f"{TITLE}\n    from: ¦")
        assert first.index(("learning-kpi", "")) < first.index(("promotion", "推進体制"))

    at_desk(folder, story)


@pytest.mark.parametrize("dent", ["", "  "], ids=["lists at their key", "lists set in"])
def test_where_the_cursor_stands_is_told_by_the_lines_that_lead_there(dent):
    lines = ["# 前書き", "goals:", "- id: g", "  body: |", "    policies:", "  policies:", "  - id: o", "  - id: p"]
    lines += ["    initiatives:", "    - id: i", "      title: 取組", "      "]
    depth = {"- id: g": 1, "  - id: o": 2, "  - id: p": 2, "    - id: i": 3}
    level, found = 0, []
    for line in lines:
        level = depth.get(line, 1 if line in {"  body: |", "    policies:", "  policies:"} else level)
        found.append(dent * level + line)
    text = "\n".join(found)
    path, is_key, beside = where(text, len(text))
    assert [step for step in path[:-1] if isinstance(step, str)] == ["goals", "policies", "initiatives"]
    assert (is_key, beside) == (True, {"id", "title"})


def test_a_profile_is_written_with_the_codes_of_rules_and_kinds(tmp_path):
    name = "strategies/profile.yaml"

    async def story(desk):
        (desk.folder / name).write_text("city: 見本市\n", encoding="utf-8", newline="\n")
        desk.open(name)
        await desk.findings(name)
        assert ("lost-item: ", "行方の分からない項目") in await desk.complete(name, "市\n", "市\nseverities:\n  ¦")
        assert ("off", "") in await desk.complete(name, "市\n", "市\nseverities:\n  lost-item: ¦")
        assert ("merged: ", "統合") in await desk.complete(name, "市\n", "市\nflags: {¦}")
        assert ("circled", "①") in await desk.complete(name, "市\n", "市\nlevels:\n  - key: goals\n    number: ¦")
        params = types.HoverParams(desk.identifier(name), types.Position(0, 1))
        found = await desk.client.text_document_hover_async(params)
        assert "profile.city" in found.contents.value

    at_desk(copied(SHIPPED, tmp_path), story)


def test_an_id_is_followed_through_the_editions(tmp_path):
    async def story(desk):
        client = desk.client
        desk.open(NEW)
        await desk.findings(NEW)

        async def defined(words, inside):
            place = desk.at(NEW, words, inside)
            found = await client.text_document_definition_async(types.DefinitionParams(desk.identifier(NEW), place))
            if found is None:
                return None
            name = next(name for name in desk.all() if desk.uri(name) == found.uri)
            text = (desk.folder / name).read_text(encoding="utf-8")
            return name, text[offset(text, found.range.start) : offset(text, found.range.end)]

        assert await defined("from: [society5", 9) == (OLD, "society5")
        assert await defined("- id: city-links", 8) == (OLD, "city-exchange")
        assert await defined("revises: 2020-03", 12) == (OLD, "2020-03")
        assert await defined("を全国に発信する", 1) is None
        place = desk.at(NEW, "from: city-exchange", 9)
        params = types.ReferenceParams(types.ReferenceContext(True), desk.identifier(NEW), place)
        found = await client.text_document_references_async(params)
        assert [each.uri for each in found] == [desk.uri(OLD), desk.uri(NEW)]
        params = types.PrepareRenameParams(desk.identifier(NEW), desk.at(NEW, "- id: city-links", 8))
        assert desk.shown(NEW, await client.text_document_prepare_rename_async(params)) == "city-links"
        params = types.PrepareRenameParams(desk.identifier(NEW), place)
        assert await client.text_document_prepare_rename_async(params) is None

        async def renamed(name):
            at = desk.at(NEW, "- id: charm\n", 8)
            return await client.text_document_rename_async(types.RenameParams(desk.identifier(NEW), at, name))

        made = desk.made(await renamed("appeal"))
        assert list(made) == [NEW]  # what was adopted stays; the draft says where it comes from
        assert changed(desk.texts[NEW], made[NEW]) == [
            "-          - id: charm",
            "+          - id: appeal",
            "+            from: charm",
        ]
        for name, why in (("Appeal", "id に使えません"), ("city-links", "もう使われています")):
            with pytest.raises(Exception, match=why):
                await renamed(name)

    at_desk(copied(SHIPPED, tmp_path), story)


def test_the_tree_the_folds_and_the_hints(tmp_path):
    async def story(desk):
        desk.open(NEW)
        await desk.findings(NEW)
        client, document = desk.client, desk.identifier(NEW)
        tree = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        goal = next(each for each in tree if each.name == "基本目標1（転入促進）")
        assert goal.detail == "基本目標 inflow"
        names = [each.name for each in goal.children[1].children]
        assert names[0] == "① 都市間連携の強化"
        assert desk.shown(NEW, goal.selection_range) == "inflow"
        assert desk.shown(NEW, goal.range).startswith("id: inflow\n    number: 1\n    title: 転入促進\n")
        folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
        lines = desk.texts[NEW].split("\n")
        folded = {(lines[each.start_line].strip(), lines[each.end_line].strip()) for each in folds}
        assert ("plan:", "period: {start: 2021, end: 2026}") in folded
        assert any(first == "- id: inflow" for first, _ in folded)
        whole = types.Range(types.Position(0, 0), types.Position(9999, 0))
        hints = await client.text_document_inlay_hint_async(types.InlayHintParams(document, whole))
        at = {(each.position.line, each.label): each.position.character for each in hints}
        line = lines.index("  period: {start: 2021, end: 2026}")
        assert at[line, "令和3年度"] == len("  period: {start: 2021")
        assert at[line, "令和8年度"] == len("  period: {start: 2021, end: 2026")
        date = lines.index("  date: 2023-10-17")
        assert at[date, "令和5年10月17日"] == len("  date: 2023-10-17")
        number = next(n for n, each in enumerate(lines) if each.strip() == "- id: city-links") + 1
        assert any(label == "①" for where, label in at if where - number in {0, 1})
        part = types.Range(types.Position(0, 0), types.Position(line - 1, 0))
        assert not await client.text_document_inlay_hint_async(types.InlayHintParams(document, part))

    at_desk(copied(SHIPPED, tmp_path), story)


# ------------------------------------------------------------------------------------------------------------ actions

DECLARED = (
    (
        TITLE,
        "    title: 転出を抑える仕組み",
        "title: 転出を抑える仕組み",
        "名称変更として宣言",
        ["+    change: {flags: [renamed]}"],
    ),
    (
        "          - id: learning\n",
        "          - id: lifelong\n",
        "- id: lifelong",
        "「学ぶ場と活躍の場の創出」に続く項目として宣言",
        ["+            from: learning"],
    ),
    (
        "from: [society5, new-normal]",
        "from: [society5]",
        "from: [society5]",
        "「感染症に伴う新たな日常に対応した地域社会の構築」との統合として宣言",
        ["-    from: [society5]{}", "+    from: [society5, new-normal]{}"],
    ),
    (
        "  stage: draft",
        "  stage: proposal",
        "- id: charm\n",
        "理由を書くところを加える",
        ["-            change: {flags: [kpi-added]}", "+            change: {flags: [kpi-added], reason: }"],
    ),
    (
        "  stage: draft\n",
        "  stage: proposal\n  removed:\n    - {id: learning-kpi}\n",
        "- {id: learning-kpi}",
        "理由を書くところを加える",
        ["-    - {id: learning-kpi}", "+    - {id: learning-kpi, reason: }"],
    ),
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_a_planner_may_declare_is_one_click(tmp_path, newline):
    folder = copied(SHIPPED, tmp_path)
    original = (folder / NEW).read_text(encoding="utf-8")

    async def story(desk):
        desk.open(NEW)
        for old, new, words, title, due in DECLARED:
            assert original.count(old) == 1, old
            desk.type(NEW, original.replace(old, new).replace("\n", newline))
            await desk.findings(NEW)
            found = await desk.actions(NEW, desk.at(NEW, words.replace("\n", newline), 3), ["quickfix"])
            made = [desk.made(each.edit)[NEW] for each in found if each.title == title]
            comment = "                    # 「2つを統合」"
            lines = [line.format(comment) if "society5" in line else line for line in due]
            assert [changed(desk.texts[NEW], each) for each in made] == [
                [line + newline.removesuffix("\n") for line in lines]
            ], (title, [each.title for each in found])

    at_desk(folder, story)


def test_ids_and_numbers_are_given_to_the_whole_file(tmp_path):
    async def story(desk):
        desk.open(NEW)
        desk.replace(NEW, "- id: city-links\n            number: 1", "- number: 4")
        await desk.findings(NEW)
        at = types.Position(0, 0)
        (action,) = await desk.actions(NEW, at, ["source.strategy.ids"])
        after = desk.made(action.edit)[NEW]
        assert next(line.strip("+ -") for line in changed(desk.texts[NEW], after)).startswith("number: 4")
        desk.type(NEW, after)
        await desk.findings(NEW)
        (action,) = await desk.actions(NEW, at, ["source.strategy.renumber"])
        assert "number: 1" in changed(after, desk.made(action.edit)[NEW])[1]
        assert not await desk.actions(NEW, at, ["source.fixAll"])

    at_desk(copied(SHIPPED, tmp_path), story)


# ------------------------------------------------------------------------------------------------------------- robust


@given(data=st.data())
@settings(max_examples=60)
def test_no_question_fails_however_broken_the_text(data):
    """Cut, doubled and mixed up at any place, as while somebody types."""
    name = data.draw(st.sampled_from((str(SHIPPED / "2023-10.yaml"), str(CORPUS / "kitamine-2" / "profile.yaml"))))
    text = Path(name).read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 400)))
        text = text[:start] + data.draw(st.sampled_from(BROKEN)) + text[end:]
    project = Project(unsaved={os.path.realpath(name): text.encode()})
    view = View(project, name, Path(name).as_uri(), PositionCodec(), None, project.read(project.open(name)).findings)
    at = data.draw(st.integers(0, len(text)))
    place, catalogues = view.sheet.position(at), manual.catalogues()
    completion(view, at, catalogues)
    hover(view, at, catalogues)
    names.definition(view, at)
    list(names.references(view, at))
    outline.symbols(view)
    outline.folds(view)
    outline.hints(view, types.Range(types.Position(0, 0), place))
    shown = types.Diagnostic(types.Range(place, place), "")
    for action in actions(view, types.Range(place, place), lambda _: shown):
        for change in action.edit.document_changes:
            applied(text, change.edits)


def test_what_is_no_mapping_is_completed_by_nothing():
    name = str(SHIPPED / "2023-10.yaml")
    for text in ("\ufeff", "x", "- ", "\ufeff#"):
        view = View(
            Project(unsaved={os.path.realpath(name): text.encode()}), name, "file:///x", PositionCodec(), None, ()
        )
        assert completion(view, len(text), manual.catalogues()) is not None


BROKEN = (
    "",
    "{",
    "[",
    "'",
    '"',
    ": ",
    "- ",
    "\n",
    "\r",
    "\t",
    "\u2028",
    "𠮷",
    "&a ",
    "*a",
    "|\n",
    "#",
    "\ufeff",
    "\x00",
    "id: a\n",
)


def test_a_folder_that_was_opened_through_a_link(tmp_path):
    real = copied(SHIPPED, tmp_path / "real")
    link = tmp_path / "link"
    link.symlink_to(real, target_is_directory=True)

    async def story(desk):
        desk.open(NEW)
        desk.replace(NEW, TITLE, f"{TITLE}！")
        assert len(await desk.findings(NEW)) == 1

    at_desk(link, story)


# --------------------------------------------------------------------------------------------------------------- cost


@pytest.fixture
def counted(monkeypatch):
    """Count what a check costs: the files that are read and the editions that are checked."""
    from atsugi_cli import rules

    calls = []
    for module, name in ((reading, "read"), (reading, "read_profile"), (rules, "check")):
        asked = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, asked=asked, name=name: (calls.append(name), asked(*a))[1])
    return calls


def test_a_keystroke_reads_and_checks_one_file(tmp_path, monkeypatch, counted):
    """So that it costs what `validate` of this file costs, whatever else lies in the folder (ratio: 1.5, 150 items)."""
    monkeypatch.chdir(copied(SHIPPED, tmp_path))
    watch, path = Watch(), str((tmp_path / NEW).resolve())
    data = (tmp_path / NEW).read_bytes()
    first = watch.checked(["strategies/atsugi-2"])
    counted.clear()
    assert watch.checked(["strategies/atsugi-2"]) == first
    assert counted == []
    second = watch.checked(["strategies/atsugi-2"], {path: data.replace("転出抑制".encode(), "転出の抑制".encode())})
    assert (counted, len(second.items)) == (["read", "check"], 1)
    watch.checked(["strategies/atsugi-2"], {str((tmp_path / OLD).resolve()): (tmp_path / OLD).read_bytes() + b"# \n"})
    assert sorted(counted[2:]) == ["check", "check", "read", "read"]  # the new one is back, and has another base
    assert len(watch.project.kept) <= 4


def test_newer_text_ends_a_check(tmp_path, monkeypatch, counted):
    monkeypatch.chdir(copied(SHIPPED, tmp_path))
    watch = Watch()

    class StopError(Exception):
        pass

    def step(_):
        raise StopError

    before = watch.project
    with pytest.raises(StopError):
        watch.checked(["strategies/atsugi-2"], step=step)
    assert (watch.project is before, counted) == (True, [])


def test_a_check_says_what_validate_says_whatever_came_before(tmp_path, monkeypatch):
    """What was kept must never be shown again when anything it depends on has changed."""
    from atsugi_cli.project.parallel import checked
    from atsugi_cli.project.reading import Project

    monkeypatch.chdir(copied(SHIPPED, tmp_path))
    watch = Watch()
    folder = tmp_path / "strategies" / "atsugi-2"
    old, new = (path.read_bytes() for path in (tmp_path / OLD, tmp_path / NEW))
    states = [
        (old, new, None),
        (old, new.replace(b"number: 2", b"number: 3"), None),
        (old.replace("転出抑制".encode(), "転出の抑制".encode()), new, None),
        (old, new, b"levels: 1\n"),
        (old, new.replace(b"[reworded]", b"[of-the-city]"), b"kinds: {of-the-city: \xe6\x94\xb9}\n"),
        (old, new.replace(b"[reworded]", b"[of-the-city]"), None),
        (None, new, b"severities: {lost-item: 'off'}\n"),
        (old + b"\t", new, None),
        (None, new, None),
        (old, new, b"city: \xe8\xa6\x8b\n"),
        (old, new, None),
    ]
    for at, state in enumerate([*states, *reversed(states)]):
        for name, data in zip(("2020-03.yaml", "2023-10.yaml", "profile.yaml"), state, strict=True):
            (folder / name).unlink(missing_ok=True)
            if data is not None:
                (folder / name).write_bytes(data)
        due = checked(Project(), ["strategies/atsugi-2"])
        assert watch.checked(["strategies/atsugi-2"]) == replace(due, rules=()), at
        assert len(watch._known) <= 2  # what is gone is not kept, nor taken for what comes


def test_without_the_extra_it_says_what_to_install():
    code = "import sys; sys.modules['pygls'] = None; from atsugi_cli.cli.app import main; sys.exit(main(['lsp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert 'pip install "atsugi-cli[editor]"' in done.stderr
    assert not done.stdout
