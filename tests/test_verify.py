"""Every paper leads back to its editions; what was changed since, in the editions or by hand, is said."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from test_pdf import has_fonts

from atsugi_cli import store
from atsugi_cli.cli.app import main
from atsugi_cli.formats import seal

SHIPPED = Path(__file__).parent.parent / "strategies" / "atsugi-2"
NEW = "strategies/atsugi-2/2023-10.yaml"
OFFICE = ["01_新旧対照表.docx", "01_新旧対照表.pptx", "01_新旧対照表.xlsx", "02_見え消し.docx", "06_KPI一覧.xlsx"]
BYTES = ["01_新旧対照表.html", "03_体系図_改定前.svg", "05_改定のポイント.md", "06_KPI一覧.csv", "08_改定.json"]
SHEETS = ["01_新旧対照表.pdf", "04_体系図_改定後.pdf", "04_体系図_改定後.png"]


def git(*words):
    return subprocess.run(["git", *words], check=True, capture_output=True, encoding="utf-8").stdout.strip()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Make a repository with two editions and their papers, once."""
    folder = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
        shutil.copytree(SHIPPED, "strategies/atsugi-2")
        git("init", "-q", "-b", "main")
        git("config", "user.name", "企画課")
        git("config", "user.email", "kikaku@example.jp")
        git("add", "-A")
        git("commit", "-q", "-m", "はじめ")
        store.close()
        assert main(["pack", "-o", "資料"]) == 0
        store.close()
    return folder


@pytest.fixture(autouse=True)
def city(kept, lonely_git):
    shutil.copytree(kept, lonely_git, dirs_exist_ok=True)
    yield lonely_git
    store.close()


@pytest.fixture
def told(capsys):
    def run(*papers):
        capsys.readouterr()
        code = main(["verify", *map(str, papers)])
        store.close()
        return code, "".join(capsys.readouterr())

    return run


def edit(old, new):
    text = Path(NEW).read_text(encoding="utf-8")
    assert old in text
    Path(NEW).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def papers():
    return sorted(path for path in Path("資料").iterdir() if not path.name.startswith("."))


def test_every_paper_of_a_set_leads_back(told):
    head = git("rev-parse", "--short=7", "HEAD")
    code, words = told(*papers())
    assert code == 0
    assert len(words.splitlines()) == len(papers()) >= 12
    for line in words.splitlines():
        assert "今の版のままです（atsugi-2 の 20" in line
        assert f"コミット {head} " in line


def test_what_changed_since_is_said(told):
    edit("title: 転入促進", "title: 移住促進")
    for path in papers():
        code, words = told(path)
        if "改定前" in path.name:
            assert (code, "今の版のまま" in words) == (0, True)
            continue
        assert code == 1
        assert "版が変わっています" in words
        assert "「転入促進」を基本目標1「移住促進」に改めます" in words
    git("commit", "-q", "-a", "-m", "改める")
    assert told("資料/01_新旧対照表.docx")[0] == 1
    edit("title: 移住促進", "title: 転入促進")
    assert told("資料/01_新旧対照表.docx")[0] == 0
    Path(NEW).write_text(Path(NEW).read_text(encoding="utf-8") + "# 覚え\n", encoding="utf-8", newline="\n")
    assert "書き方だけの違い" in told("資料/01_新旧対照表.docx")[1]
    Path(NEW).unlink()
    assert "版 2023-10（" in told("資料/01_新旧対照表.docx")[1]


def resaved(path, *, changed):
    """Open and save a paper with the library of its kind, as a person would."""
    match path.suffix:
        case ".docx":
            paper = docx.Document(str(path))
            cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
            runs = [run for each in (*cells, paper) for paragraph in each.paragraphs for run in paragraph.runs]
            if changed:
                next(run for run in runs if len(run.text) > 1).text += "改"
        case ".xlsx":
            paper = openpyxl.load_workbook(path)
            cells = [cell for row in paper.worksheets[0].iter_rows() for cell in row if isinstance(cell.value, str)]
            if changed:
                cells[0].value = "改"
        case _:
            paper = pptx.Presentation(str(path))
            frames = [each.text_frame for slide in paper.slides for each in slide.shapes if each.has_text_frame]
            if changed:
                next(each for each in frames if each.text).text = "改"
    paper.save(str(path))


@pytest.mark.parametrize("name", OFFICE)
def test_a_paper_that_was_edited_by_hand_is_told_from_one_that_was_only_saved(name, told):
    path = Path("資料", name)
    before = path.read_bytes()
    resaved(path, changed=False)
    assert path.read_bytes() != before
    assert told(path)[0] == 0
    resaved(path, changed=True)
    code, words = told(path)
    assert code == 1
    assert "手で直されています" in words


@pytest.mark.parametrize("name", [*BYTES, *(SHEETS if has_fonts() else ())])
def test_another_paper_that_was_edited_is_told(name, told):
    path = Path("資料", name)
    data = path.read_bytes()
    word = "促進".encode()
    at = data.find(word) if word in data else len(data) // 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    code, words = told(path)
    assert code == 1
    assert "手で直されています" in words


def test_a_paper_elsewhere_and_a_number_on_a_working_paper(told):
    shutil.move("資料/01_新旧対照表.docx", "届いた資料.docx")
    assert told("届いた資料.docx")[0] == 0
    number = re.search("照合番号 ([0-9a-f]{12})", told("届いた資料.docx")[1])[1]
    assert told(number)[0] == 0
    shutil.copy("資料/05_改定のポイント.md", "写し.md")
    assert told("写し.md")[0] == 0
    edit("title: 転入促進", "title: 移住促進")
    git("commit", "-q", "-a", "-m", "改める")
    code, words = told(number)
    assert code == 1
    assert "移住促進" in words
    code, words = told("0123456789ab")
    assert code == 2
    assert "履歴にも見つかりません" in words


def test_without_git_it_is_still_told(told):
    shutil.rmtree(".git")
    assert told("資料/01_新旧対照表.docx")[0] == 0
    edit("title: 転入促進", "title: 移住促進")
    code, words = told("資料/01_新旧対照表.docx")
    assert code == 1
    assert "gitに記録されていない" in words


def archive(**parts):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


SEALED = f"atsugi-cli/1 plan=p a@{'0' * 40} number={'0' * 12} digest={'0' * 64}"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"x" * 1000,
        b"PK" + b"\0" * 100,
        archive(docProps__core_xml=SEALED),
        archive(docProps__core_xml=SEALED, word__document_xml=BOMB),
        archive(docProps__core_xml=SEALED, word__document_xml="<x"),
        archive(word__document_xml="<x/>"),
    ],
)
def test_what_is_no_paper_is_said(data, told):
    Path("x.docx").write_bytes(data)
    code, words = told("x.docx")
    assert code == 2
    assert words.startswith("strategy: x.docx: ")
    assert words.count("\n") == 1


def test_a_paper_that_unpacks_to_more_than_any_is_not_read(told, monkeypatch):
    monkeypatch.setattr(seal, "MOST", 1000)
    assert told("資料/01_新旧対照表.docx")[0] == 2


def test_a_citys_own_words_in_the_properties_stay():
    path = Path("資料/01_新旧対照表.docx")
    assert docx.Document(str(path)).core_properties.comments.startswith("atsugi-cli/1 plan=atsugi-2 2020-03@")
    template = docx.Document()
    template.core_properties.comments = "市の様式"
    template.save("様式.docx")
    assert main(["diff", "--template", "様式.docx", "-o", "差込み.docx"]) == 0
    assert docx.Document("差込み.docx").core_properties.comments.startswith("市の様式 atsugi-cli/1")
