"""What is handed out says nothing that is for the office alone, and the office is told what it has to settle."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from editions import case
from test_pdf import has_fonts

from atsugi_cli import formats
from atsugi_cli.cli.app import main
from atsugi_cli.cli.output import stamped
from atsugi_cli.compare import compare
from atsugi_cli.document import Flag
from atsugi_cli.formats import svg
from atsugi_cli.formats.glyphs import Font, lacking, told
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.diagram import diagram

REVISIONS = Path(__file__).parent / "revisions"
UNDECLARED = "initiative-renamed-with-a-new-id-undeclared"
INTERNAL = ("推定", "確度", "照合番号", "要確認", "対応先なし", "strategy ")
HANDED_OUT = [each.code for each in formats.FORMATS if each.handout and "diff" in each.commands]


def installed():
    """Give the fonts that typst finds on this computer."""
    import typst

    return [Font(font.path, font.index) for font in typst.Fonts(True, False, []).fonts() if font.path]


def made(command, path, *more, folder=UNDECLARED):
    folder = REVISIONS / folder
    return main([command, str(folder / "current.yaml"), str(folder / "revised.yaml"), "-o", str(path), *more])


def words(path):
    """Give what a paper shows, and what its properties say; a PDF shows no words here."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        return "", data.decode("latin-1")
    if path.suffix not in (".docx", ".xlsx", ".pptx"):
        return data.decode("utf-8-sig"), ""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    shown = "".join(re.sub("<[^>]+>", "", text) for name, text in parts.items() if not name.startswith("docProps"))
    return shown, parts["docProps/core.xml"]


@pytest.mark.parametrize("command", ["diff", "points"])
@pytest.mark.parametrize("code", HANDED_OUT)
def test_a_handout_says_nothing_internal(command, code, tmp_path, capsys):
    if code == "pdf" and not has_fonts():
        pytest.skip("no Japanese font on this computer")
    path = tmp_path / f"paper.{code}"
    assert made(command, path) == 0
    shown, properties = words(path)
    assert [word for word in INTERNAL if word in shown] == []
    if code in ("docx", "xlsx", "pptx"):
        assert re.search("照合番号 [0-9a-f]{12}", properties)
    said = [line for line in capsys.readouterr().err.splitlines() if "--suggest" in line]
    assert len(said) == 1
    assert "推定が1件" in said[0]
    assert made(command, path, "--strict") == 1
    assert path.exists()


@pytest.mark.parametrize("suffix", ["md", "html", "txt"])
def test_a_working_paper_says_what_is_inferred(suffix, tmp_path, capsys):
    path = tmp_path / f"paper.{suffix}"
    assert made("diff", path, "--strict") == 0
    assert "--suggest" not in capsys.readouterr().err
    assert "推定" in words(path)[0]
    assert "照合番号" in words(path)[0]
    assert made("diff", path, "--handout") == 0
    assert [word for word in INTERNAL if word in words(path)[0]] == []
    assert "--suggest" in capsys.readouterr().err


def test_a_word_file_for_the_office_says_what_is_inferred(tmp_path, capsys):
    path = tmp_path / "paper.docx"
    assert made("diff", path, "--internal", "--strict") == 0
    assert "推定" in words(path)[0]
    assert "照合番号" in words(path)[0]
    assert "--suggest" not in capsys.readouterr().err


def test_where_all_is_declared_nothing_is_said(tmp_path, capsys):
    assert made("diff", tmp_path / "paper.docx", "--strict", folder="goal-removed-declared") == 0
    assert len(capsys.readouterr().err.splitlines()) == 1  # the name of the file


def test_the_stage_is_said_once(tmp_path):
    path = tmp_path / "paper.md"
    made("diff", path)
    *_, foot = words(path)[0].rstrip().splitlines()
    assert foot.count("素案") == 1


EDITION = """format: 1
plan: {id: reiji, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: %s}}
edition: {id: "%s-03", stage: draft}
goals:
  - id: g
    number: 1
    title: 𠮷野のしごと
    kpis:
      - {id: left, name: 残した指標, target: {year: 2025, value: 27}}
      - {id: none, name: 数のない指標, target: {year: 2025, status: undecided}}
      - {id: moved, name: 延ばした指標, target: {year: %s, value: 5}}
"""


@pytest.fixture
def extended(tmp_path):
    """Give the arguments that name a revision which makes the plan longer."""
    (tmp_path / "old.yaml").write_text(EDITION % (2025, 2021, 2025), encoding="utf-8")
    (tmp_path / "new.yaml").write_text(EDITION % (2027, 2024, 2027), encoding="utf-8")
    return str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")


def test_aims_that_end_with_the_old_plan_are_said_on_standard_error_alone(extended, tmp_path, capsys):
    for command in (["diff", "-o", str(tmp_path / "paper.md")], ["pack", "-o", str(tmp_path / "papers")]):
        assert main([*command, *extended]) == 0
        (said,) = [line for line in capsys.readouterr().err.splitlines() if "strategy validate" in line]
        assert "目標年次が旧計画の終わりのままの指標が2件あります" in said
    assert "strategy validate" not in words(tmp_path / "paper.md")[0]
    main(["diff", *reversed(extended), "-o", str(tmp_path / "paper.md")])
    assert "strategy validate" not in capsys.readouterr().err


def test_a_drawing_that_is_handed_out_says_nothing_internal():
    old, new, profile = case(REVISIONS / UNDECLARED)
    plan = diagram(new, profile, compare(old, new))
    assert any(flag.proposed for box in plan.boxes() for flag in box.flags)
    assert stamped(plan, handout=False) is plan
    shown = stamped(plan, handout=True)
    assert not any(flag.proposed for box in shown.boxes() for flag in box.flags)
    assert [word for word in INTERNAL if word in svg.write(shown, Options())] == []
    assert plan.stamp.keywords == shown.stamp.keywords != ""


@pytest.mark.skipif(not has_fonts() or not lacking("𠮷", installed()), reason="needs fonts without 𠮷")
def test_a_character_that_no_font_has_is_named(extended, tmp_path, capsys):
    for command, suffix, number in (("diff", "pdf", 2), ("tree", "png", 1), ("tree", "pdf", 1)):
        path = tmp_path / f"paper.{suffix}"
        assert main([command, *(extended if command == "diff" else extended[1:]), "-o", str(path)]) == 0
        (said,) = [line for line in capsys.readouterr().err.splitlines() if "U+20BB7" in line]
        assert f"{path}: 「𠮷」（U+20BB7、{number}か所）" in said
        assert "--font-path" in said
    assert main(["pack", *extended, "-o", str(tmp_path / "papers")]) == 0
    assert "「𠮷」（U+20BB7" in (tmp_path / "papers" / "index.html").read_text(encoding="utf-8")


@pytest.mark.skipif(not has_fonts(), reason="no Japanese font on this computer")
def test_fonts_are_looked_through_for_every_character():
    fonts = installed()
    assert lacking("あ漢①ABCαЖ　\u200b\ufe0f\n", fonts) == {}
    assert lacking("あああ", []) == {"あ": 3}
    assert lacking("あ", [Font(__file__), Font("nowhere")]) == {"あ": 1}
    assert told(lacking("あいうえおかき", [])).startswith("「あ」（U+3042、1か所）、")
    assert "ほか2字の" in told(lacking("あいうえおかき", []))


def test_a_revision_of_the_plan_alone_has_no_table_and_no_legend(tmp_path):
    path = tmp_path / "paper.docx"
    made("diff", path, "--only", "period-changed", folder="period-extended")
    shown, _ = words(path)
    assert "変更の内容は上記のとおり" in shown
    assert "下線" not in shown


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "docx"])
def test_a_list_of_indicators_that_is_handed_out_says_nothing_internal(suffix, tmp_path):
    path = tmp_path / f"kpis.{suffix}"
    folder = Path(__file__).parent / "indicators/17-replaced-by-inference/strategies/reiji"
    editions = [str(folder / f"{name}.yaml") for name in ("2021-03", "2023-10")]
    assert main(["kpis", *editions, "-o", str(path)]) == 0
    assert "指標変更" in words(path)[0]
    assert [word for word in INTERNAL if word in words(path)[0]] == []
    assert main(["pack", *editions, "-o", str(tmp_path)]) == 0
    for paper in tmp_path.glob("0[16]*.*"):
        if paper.suffix in (".csv", ".xlsx"):
            assert [word for word in INTERNAL if word in words(paper)[0]] == [], paper.name


GUESSED = """format: 1
plan: {id: reiji, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2026}}
edition: {id: "%s-03", stage: draft}
goals:
  - id: %s-g
    number: 1
    title: 地方に仕事をつくる
    policies:
      - {id: %s-p, number: 1, title: 都市間%s}
      - {id: %s-q, number: 2, title: %s}
"""


@pytest.mark.parametrize("command", ["diff", "points", "crosswalk"])
@pytest.mark.parametrize("code", ["docx", "xlsx", "csv", "md"])
def test_what_is_likely_wrong_is_no_fact_on_a_handout(command, code, tmp_path):
    (tmp_path / "old.yaml").write_text(GUESSED % (2021, "a", "a", "交流の推進", "a", "広報紙の充実"), encoding="utf-8")
    (tmp_path / "new.yaml").write_text(
        GUESSED % (2024, "b", "b", "の連携と協力", "b", "下水道の更新"), encoding="utf-8"
    )
    old, new = str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")
    path = tmp_path / f"paper.{code}"
    assert main([command, old, new, "-o", str(path), *(["--handout"] if code == "md" else [])]) == 0
    shown = words(path)[0]
    assert "確認中" in shown
    assert [word for word in INTERNAL if word in shown] == []


def test_a_drawing_that_is_handed_out_says_so_too():
    assert Flag("renamed", "名称変更", proposed=True, doubtful=True).handed_out.words == "名称変更（確認中）"
    assert Flag("renamed", "名称変更", proposed=True).handed_out.words == "名称変更"
