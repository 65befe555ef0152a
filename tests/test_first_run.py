"""The first minutes: an empty folder, a slip of the finger, a question about a command."""

import re
import shlex

import pytest

from atsugi_cli.cli.app import COMMANDS, main
from atsugi_cli.cli.lazy import load
from atsugi_cli.width import width_of

WIDTH = 80


@pytest.fixture
def told(capsys, tmp_path, monkeypatch):
    """Run in an empty folder: give exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    def run(*argv):
        code = main(argv)
        return (code, *capsys.readouterr())

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_fits_and_shows_examples_that_are_accepted(command, told):
    code, out, err = told(command, "--help")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if width_of(line) > WIDTH] == []
    examples = re.findall(r"^    (strategy .*)$", out.partition("  例:\n")[2], re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[1] == command
        # Asked for help, the program still refuses a wrong option or choice before it.
        assert told(*words[1:], "--help")[0] == 0, example


def test_an_empty_folder_says_how_to_begin(told):
    code, out, err = told()
    assert (code, err) == (0, "")
    assert "まだ版がありません" in out
    for line in re.findall(r"strategy (init|init 見本 --example|diff atsugi-2)  ", out):
        assert told(*line.split())[0] == 0, "what is advised works"


def test_a_folder_that_has_begun_says_how_to_go_on(told):
    assert told("init")[0] == 0
    _, out, _ = told()
    assert "まだ版がありません" not in out
    advised = re.findall(r"^  strategy ([a-z]\S*(?: \S+)?)  +", out, re.MULTILINE)
    assert "validate" in advised
    assert "new 2027-03" in advised
    assert "init" not in advised


@pytest.mark.parametrize("command", ["validate", "tree", "diff", "points", "kpis", "pack", "log", "new 2027-03"])
def test_every_command_says_how_to_begin_where_nothing_is(command, told):
    code, out, err = told(*command.split())
    assert (code, out) == (2, "")
    assert "strategy init" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["dif"], "diff"),
        (["vaildate"], "validate"),
        (["検証"], "validate"),
        (["diff", "--formt", "docx"], "--format"),
        (["diff", "-f", "word"], "docx"),
        (["diff", "-f", "dcox"], "docx"),
        (["tree", "--sicne", "x"], "--since"),
        (["validate", "--fail-on", "warn"], "warning"),
        (["explain", "renmaed"], "renamed"),
        (["schema", "strtegy"], "strategy"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(typed, meant, told):
    code, out, err = told(*typed)
    assert (code, out) == (2, "")
    assert meant in err.splitlines()[0]


def test_a_revision_that_has_just_begun_says_that_nothing_has_changed(told):
    for words in (["init"], ["new", "2027-10"]):
        assert told(*words)[0] == 0
    code, out, _ = told("diff", "--exit-code")
    assert code == 0
    assert "変更はありません。" in out


@pytest.mark.parametrize("command", list(COMMANDS))
def test_what_holds_where_nothing_is_said_may_also_be_said(command):
    """Some versions of Typer hold the default to the bounds, too."""
    for param in load(command, COMMANDS[command][0]).params:
        bounds = (getattr(param, "min", None), getattr(param, "max", None))
        if any(each is not None for each in bounds):
            least, most = bounds
            assert least is None or least <= param.default, param.name
            assert most is None or param.default <= most, param.name
