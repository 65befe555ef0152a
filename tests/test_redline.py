from pathlib import Path

import pytest
from editions import read
from plans import crowded, stepped

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.document import Heading, Paragraph, Run
from atsugi_cli.formats import html, markdown, text
from atsugi_cli.formats.options import Options
from atsugi_cli.layout.redline import clean, redline
from atsugi_cli.levels import DEFAULT_PROFILE

STRATEGIES = Path(__file__).parent.parent / "strategies"
ATSUGI = STRATEGIES / "atsugi-2"


@pytest.fixture(scope="module")
def atsugi():
    return compare(read(ATSUGI / "2020-03.yaml"), read(ATSUGI / "2023-10.yaml"))


def lines(document, without=""):
    """Give the paragraphs of a document, leaving out the runs of one mark and what is empty then."""
    found = []
    for block in document.blocks:
        runs = (Run(block.text),) if isinstance(block, Heading) else block.runs
        words = "".join(run.text for run in runs if not without or run.mark != without)
        if words:
            found.append(words)
    return found


@pytest.mark.parametrize("made", [lambda: stepped()[2], lambda: crowded()[2]], ids=["stepped", "crowded"])
def test_leaving_out_either_mark_gives_the_text_of_either_edition(made):
    revision = made()
    document = redline(revision, DEFAULT_PROFILE)
    assert lines(document, "old") == lines(clean(revision.new, DEFAULT_PROFILE))
    assert lines(document, "new") == lines(clean(revision.old, DEFAULT_PROFILE))


def test_the_new_text_of_the_shipped_plan_can_be_read_out(atsugi):
    assert lines(redline(atsugi, DEFAULT_PROFILE), "old") == lines(clean(atsugi.new, DEFAULT_PROFILE))


@pytest.mark.parametrize("form", ["marked", "struck"])
def test_what_an_edition_leaves_out_is_no_change(atsugi, form):
    """策定の背景 stands in the papers of the new edition only: nobody knows that it was added."""
    for revision in (atsugi, compare(atsugi.new, atsugi.old)):
        blocks = redline(revision, DEFAULT_PROFILE, form).blocks
        at = next(at for at, block in enumerate(blocks) if "展望" in block.text)
        texts = [each for each in blocks[:at] if isinstance(each, Paragraph) and each.kind not in ("title", "subtitle")]
        assert texts or revision is not atsugi
        assert {run.mark for each in texts for run in each.runs} <= {""}


def test_a_sentence_carries_both_wordings(atsugi):
    (runs,) = [
        block.runs
        for block in redline(atsugi, DEFAULT_PROFILE).blocks
        if not isinstance(block, Heading) and "都市間" in block.text and "交流" in block.text
    ]
    assert runs == (Run("①\u3000都市間"), Run("交流の促進", "old"), Run("連携の強化", "new"))


def test_plain_text_says_what_goes_and_what_comes(atsugi):
    said = text.write(redline(atsugi, DEFAULT_PROFILE, "signed"), Options())
    assert "都市間［削除：交流の促進］［追加：連携の強化］" in said
    assert "〔" not in said


def test_markdown_and_html_mark_what_goes_and_what_comes(atsugi):
    document = redline(atsugi, DEFAULT_PROFILE)
    for write in (markdown.write, html.write):
        said = write(document, Options())
        assert "<del>交流の促進</del><ins>連携の強化</ins>" in said
    assert '<main class="redline">' in html.write(document, Options())
    assert "<ins>" not in html.write(clean(atsugi.new, DEFAULT_PROFILE), Options())


def test_both_papers_carry_counts_or_editions(atsugi):
    assert redline(atsugi, DEFAULT_PROFILE).summary[0] == ("項目", "新規 4、統合 1、名称変更 1、表記変更 1")
    assert clean(atsugi.new, DEFAULT_PROFILE).subtitle.startswith("改定後")


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments):
    return main(["diff", "atsugi-2", "--root", str(STRATEGIES), *arguments])


@pytest.mark.parametrize("layout", ["miekeshi", "tokekomi"])
@pytest.mark.parametrize("suffix", ["txt", "md", "html", "docx"])
def test_running_text_in_every_form(layout, suffix, tmp_path):
    path = tmp_path / f"text.{suffix}"
    assert run("--layout", layout, "-o", str(path)) == 0
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("form", ["xlsx", "csv", "pptx", "json"])
def test_tables_and_slides_hold_no_running_text(form, capsys):
    assert run("--layout", "miekeshi", "-f", form) == 2
    assert "見え消しは" in capsys.readouterr().err


def test_order_and_remarks_have_their_way(capsys):
    assert run("--order", "new-old", "--remarks", "none", "-f", "markdown") == 0
    said = capsys.readouterr().out
    assert "| 改定後 | 現行 |" in said
    assert "備考" not in said
    run("--remarks", "reason", "-f", "markdown")
    assert "を踏まえ" in capsys.readouterr().out


def test_a_template_is_for_the_word_table_only(tmp_path, capsys):
    form = tmp_path / "form.docx"
    form.write_bytes(b"no Word file")
    assert run("--template", str(form), "-f", "markdown") == 2
    assert run("--template", str(form), "-o", str(tmp_path / "out.docx")) == 2
    said = capsys.readouterr().err
    assert "--template は" in said
    assert "様式のファイルはWordの文書" in said
    assert not (tmp_path / "out.docx").exists()


def test_a_template_takes_the_table_in(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("様式の前文")
    document.add_paragraph("{{新旧対照表}}")
    document.save(tmp_path / "form.docx")
    out = tmp_path / "out.docx"
    assert run("--template", str(tmp_path / "form.docx"), "-o", str(out)) == 0
    made = Document(str(out))
    assert made.paragraphs[0].text == "様式の前文"
    assert len(made.tables) == 1
