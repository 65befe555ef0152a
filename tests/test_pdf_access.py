"""What a PDF says to those who do not see it: tags, language, alternative text, headings to jump to.

Every PDF of the set is read back with pikepdf; typst itself refuses what PDF/UA-1 forbids.
"""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from papers import STAMP
from plans import HOSTILE
from test_pdf import set_by_typst

from atsugi_cli.cli.app import main
from atsugi_cli.document import Document, Heading, Paragraph, Run
from atsugi_cli.formats import pdf
from atsugi_cli.formats.options import Options

TOP = Path(__file__).parent.parent
FIGURES = {"体系図_改定前", "体系図_改定後", "概要版"}
CASES = {"atsugi-2": TOP / "strategies", "reiji-3": TOP / "tests" / "cities" / "reiji" / "strategies"}

pytestmark = set_by_typst


@pytest.fixture(scope="module", params=CASES)
def papers(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    assert main(["pack", request.param, "--root", str(CASES[request.param]), "-o", str(folder)]) == 0
    return {path.stem.partition("_")[2]: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}


def elements(node):
    """Give the elements of a structure tree, the upper first."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from elements(each)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def headings(book):
    return [str(each.S) for each in elements(book.Root.StructTreeRoot) if str(each.S).startswith("/H")]


def bookmarks(items):
    for each in items:
        yield each.title
        yield from bookmarks(each.children)


def test_every_paper_is_tagged_in_japanese_and_named(papers):
    assert len(papers) >= 7
    for name, data in papers.items():
        with pikepdf.open(BytesIO(data)) as book:
            assert (name, str(book.Root.Lang)) == (name, "ja-JP")
            assert bool(book.Root.MarkInfo.Marked)
            assert bool(book.Root.ViewerPreferences.DisplayDocTitle)
            assert str(book.docinfo["/Title"])
            with book.open_metadata() as told:
                assert told["pdfuaid:part"] == "1"
            kinds = [str(each.S) for each in elements(book.Root.StructTreeRoot)]
            figures = [each for each in elements(book.Root.StructTreeRoot) if str(each.S) == "/Figure"]
            assert bool(figures) == (name in FIGURES)
            assert all(len(str(each.Alt)) > 20 for each in figures)
            assert name in FIGURES or ("/P" in kinds and kinds.count("/H1") == 1)
            assert ("/Table" in kinds) <= ("/TH" in kinds)


def test_readers_jump_to_every_heading(papers):
    for name, data in papers.items():
        with pikepdf.open(BytesIO(data)) as book, book.open_outline() as outline:
            titles = list(bookmarks(outline.root))
            assert (name, len(titles)) == (name, len(headings(book)))
            assert all(titles)
    with pikepdf.open(BytesIO(papers["新旧対照表"])) as book, book.open_outline() as outline:
        parts = [each.title for each in outline.root[0].children]
        assert any("重要な視点" in each or "横断" in each for each in parts)
        assert len(parts) == len(set(parts))  # what heads both columns is one


def test_no_level_of_headings_is_left_out():
    blocks = (Heading("深い", 3), Paragraph((Run("文"),)), Heading("浅い", 1), Heading("深い", 3))
    with pikepdf.open(BytesIO(pdf.write(Document("points", "題", blocks, STAMP), Options()))) as book:
        assert headings(book) == ["/H1", "/H2", "/H2", "/H3"]


def test_what_no_font_has_is_printed_nevertheless():
    data = pdf.write(Document("points", HOSTILE, (Paragraph((Run("\ue000"),)),), STAMP), Options())
    with pikepdf.open(BytesIO(data)) as book:
        assert str(book.Root.Lang) == "ja-JP"
