import json
import re
import sys
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from office import on_another_day
from plans import HOSTILE

from atsugi_cli.cli.app import main
from atsugi_cli.document import Count, Document, Stamp
from atsugi_cli.formats import pdf
from atsugi_cli.formats.index import Entry, page
from atsugi_cli.formats.options import MissingError, Options

STRATEGIES = Path(__file__).parent.parent / "strategies"
ALWAYS = [
    ".strategy-pack.json",
    "00_次第.docx",
    "00_説明資料.docx",
    "01_新旧対照表.docx",
    "01_新旧対照表.html",
    "01_新旧対照表.xlsx",
    "02_見え消し.docx",
    "03_体系図_改定前.svg",
    "04_体系図_改定後.svg",
    "05_改定のポイント.docx",
    "05_改定のポイント.md",
    "06_KPI一覧.csv",
    "06_KPI一覧.docx",
    "06_KPI一覧.xlsx",
    "07_溶け込み.docx",
    "08_改定.json",
    "09_概要版.svg",
    "index.html",
]
SLIDES = ["00_説明資料.pptx", "01_新旧対照表.pptx", "05_改定のポイント.pptx", "09_概要版.pptx"]
SHEETS = [
    "00_次第.pdf",
    "00_説明資料.pdf",
    "01_新旧対照表.pdf",
    "02_見え消し.pdf",
    "03_体系図_改定前.pdf",
    "03_体系図_改定前.png",
    "04_体系図_改定後.pdf",
    "04_体系図_改定後.png",
    "06_KPI一覧.pdf",
    "07_溶け込み.pdf",
    "09_概要版.pdf",
]


def pack(folder, *more):
    return main(["pack", "atsugi-2", "--root", str(STRATEGIES), "-o", str(folder), *more])


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def words(name, data):
    """Give the text of a file that is text, or of all parts of an Office file."""
    if name.endswith(("docx", "xlsx", "pptx")):
        with ZipFile(BytesIO(data)) as archive:
            return "".join(archive.read(each).decode("utf-8", "replace") for each in archive.namelist())
    return data.decode("utf-8-sig")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack") / "deep" / "会議資料"
    assert pack(folder) == 0
    return contents(folder)


def with_fonts():
    try:
        pdf._setter(Options())
    except MissingError:
        return False
    return True


def test_the_set_is_whole(made):
    assert list(made) == sorted([*ALWAYS, *SLIDES, *(SHEETS if with_fonts() else ())])


def test_every_paper_carries_the_same_check_number_and_counts(made):
    checks = {}
    for name, data in made.items():
        if name.endswith((".pdf", ".png", ".csv", ".json")):
            continue
        checks[name] = set(
            re.findall(r"照合番号(?:</[^>]+>\s*<[^>]+>|[\s:：,|]|&#160;)*([0-9a-f]{12})", words(name, data))
        )
    index = checks.pop("index.html")
    assert len(index) == 1
    assert {name: found for name, found in checks.items() if found != index and not name.endswith("xlsx")} == {}
    for name in ("01_新旧対照表.xlsx", "06_KPI一覧.xlsx"):
        assert next(iter(index)) in words(name, made[name])
    assert "新規 4" in words("index.html", made["index.html"])
    assert "新規 4" in words("01_新旧対照表.pptx", made["01_新旧対照表.pptx"])
    kinds = [change["kind"] for change in json.loads(made["08_改定.json"])["changes"]]
    assert kinds.count("added") == 4


def test_the_index_links_to_every_file(made):
    from urllib.parse import unquote

    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', made["index.html"].decode())]
    assert sorted(links) == sorted(name for name in made if name not in {"index.html", ".strategy-pack.json"})


def test_the_same_data_gives_the_same_bytes_on_any_day(made, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    on_another_day(monkeypatch)
    assert pack(tmp_path / "again") == 0
    again = contents(tmp_path / "again")
    assert [name for name in made if made[name] != again[name]] == []


def test_what_is_missing_is_left_out_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pptx", None)
    monkeypatch.setitem(sys.modules, "typst", None)
    (tmp_path / SLIDES[0]).write_bytes(b"old")
    assert pack(tmp_path) == 0
    assert sorted(contents(tmp_path)) == sorted([*ALWAYS, SLIDES[0]])
    said = capsys.readouterr().err
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    for part in ("atsugi-cli[powerpoint]", "atsugi-cli[pdf]", *SLIDES, *SHEETS):
        assert part in said
        assert part in index
    assert f"前に作った {SLIDES[0]} が残っています" in said


def test_what_it_wrote_is_replaced_and_what_others_wrote_or_worked_on_is_left_alone(tmp_path, capsys):
    (tmp_path / "index.html").write_text("theirs")
    (tmp_path / "議事録.txt").write_text("theirs", encoding="utf-8")
    assert pack(tmp_path) == 0
    assert "index.html はここで作ったままのものではないので残し" in capsys.readouterr().err
    first = contents(tmp_path)
    paper = tmp_path / "05_改定のポイント.md"
    paper.write_text("手で直した", encoding="utf-8")
    assert pack(tmp_path) == 0
    assert "新しいものを 05_改定のポイント-2.md に" in capsys.readouterr().err
    assert pack(tmp_path) == 0  # the one beside is ours
    again = contents(tmp_path)
    assert set(again) == {*first, "05_改定のポイント-2.md"}
    assert again["05_改定のポイント-2.md"] == first["05_改定のポイント.md"]
    assert paper.read_text(encoding="utf-8") == "手で直した"
    assert quote("05_改定のポイント-2.md") in again["index-2.html"].decode()
    assert (tmp_path / "index.html").read_text() == (tmp_path / "議事録.txt").read_text(encoding="utf-8") == "theirs"
    assert pack(tmp_path, "--force") == 0
    assert contents(tmp_path)["05_改定のポイント.md"] == first["05_改定のポイント.md"]
    assert "新旧対照表" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_file_is_no_folder(tmp_path, capsys):
    (tmp_path / "file").write_text("ours")
    assert pack(tmp_path / "file") == 2
    assert pack(tmp_path / "file" / "below") == 2
    assert capsys.readouterr().err.count("-o に") == 2
    assert (tmp_path / "file").read_text() == "ours"


def test_an_unusable_template_stops_it_before_anything_is_written(tmp_path, capsys):
    form = tmp_path / "form.docx"
    form.write_bytes(b"no Word file")
    assert pack(tmp_path / "out", "--template", str(form)) == 2
    assert "様式のファイル" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unreadable_edition_stops_it(tmp_path, capsys):
    (tmp_path / "bad.yaml").write_text("format: 1\nplan: [", encoding="utf-8")
    assert main(["pack", str(tmp_path / "bad.yaml"), str(tmp_path / "bad.yaml"), "-o", str(tmp_path / "out")]) == 2
    assert "strategy validate" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_hostile_names_are_only_text():
    document = Document(
        "points", HOSTILE, (), Stamp(HOSTILE, "", "", "", "", HOSTILE, ""), HOSTILE, (Count("added", HOSTILE, 1),)
    )
    said = page(document, HOSTILE, [Entry(HOSTILE, "a b&<.svg", HOSTILE)], [HOSTILE])
    assert "<script>alert" not in said
    assert 'href="a%20b%26%3C.svg"' in said
