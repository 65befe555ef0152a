"""The shell around the core: arguments, messages, exit codes, streams; few real processes."""

import importlib.util
import io
import os
import subprocess
import sys
from enum import Enum
from typing import Annotated

import pytest
import typer

from atsugi_cli import __version__
from atsugi_cli.cli import app, lazy, mistakes, options, streams
from atsugi_cli.cli import help as help_text
from atsugi_cli.cli.exits import Exit
from atsugi_cli.store import StoreError
from atsugi_cli.width import width_of

LONG = "行頭禁則を守り、端末の幅に合わせて折り返す、空白のない長い日本語の説明。" * 3


class Shade(Enum):
    DARK = "dark"
    LIGHT = "light"


def show(
    old: Annotated[str, typer.Argument(help="現行の版。", autocompletion=options.editions)],
    new: Annotated[str, typer.Argument(help="改定後の版。")] = "",
    form: Annotated[str, options.choice("-f --format", ("text", "html", "docx"), LONG)] = "text",
    width: Annotated[int, typer.Option("--width", min=40, help="幅。")] = 80,
    words: Annotated[list[str] | None, typer.Option("--word", help="語。")] = None,
    shade: Annotated[Shade, typer.Option("--shade", help="濃さ。")] = Shade.DARK,
    *,
    quiet: Annotated[bool, typer.Option("--quiet", help="要点だけを出す。")] = False,
) -> int:
    """2つの版を比べて見せる。

    一行目と
    二行目は続く。

      strategy show A B    そのままの行
    """
    print(old, new, form, width, words or [], shade.value, quiet)  # noqa: T201
    return Exit.FINDINGS if quiet else Exit.OK


def fail(how: str) -> None:
    """いろいろに失敗する。"""
    errors = {
        "store": StoreError("ファイルが\x1b[31mありません。\n二行目"),
        "memory": MemoryError(),
        "depth": RecursionError(),
        "system": OSError(28, "No space left on device", "out.docx"),
        "pipe": BrokenPipeError(),
        "key": KeyError("x"),
        "interrupt": KeyboardInterrupt(),
    }
    raise errors[how]


PRODUCT = dict(app.COMMANDS)
TABLE = {
    "show": (f"{__name__}:show", "2つの版を比べて見せる"),
    "fail": (f"{__name__}:fail", "いろいろに失敗する"),
    "validate": ("a_module_that_must_not_be_imported:validate", "版を検証する"),
}


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(app, "COMMANDS", TABLE)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.delenv("STRATEGY_DEBUG", raising=False)


@pytest.fixture
def told(capsys):
    """Run and give exit code, standard output, standard error."""

    def run(*argv):
        code = app.main(argv)
        return (code, *capsys.readouterr())

    return run


@pytest.mark.parametrize("name", sorted(PRODUCT))
def test_every_command_of_the_table_can_be_imported(name):
    # Import strings break silently: nothing else would notice a renamed function.
    module = PRODUCT[name][0].partition(":")[0]
    if importlib.util.find_spec(module) is None:
        pytest.skip("not written yet")
    assert lazy.load(name, PRODUCT[name][0]).name == name


def test_version_is_answered_alone_and_through_typer(told):
    assert told("--version") == (0, f"strategy {__version__}\n", "")
    assert told("-V") == told("--version")
    assert told("--version", "show") == told("--version")


def test_without_arguments_the_next_steps_are_shown(told):
    code, out, err = told()
    assert (code, err) == (0, "")
    assert "strategy validate" in out
    assert "strategy init" not in out, "not in the table"
    assert "--help" in out


def test_values_arrive_converted(told):
    assert told("show", "a", "b", "-f", "html", "--width", "50", "--word", "x", "--word", "y", "--shade", "light") == (
        0,
        "a b html 50 ['x', 'y'] light False\n",
        "",
    )
    assert told("show", "a", "--quiet") == (1, "a  text 80 [] dark True\n", "")


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["show", "--help"], ["fail", "-h"]])
@pytest.mark.parametrize("columns", [80, 40, 200])
def test_help_fits_the_terminal(argv, columns, told, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = told(*argv)
    assert (code, err) == (0, "")
    limit = min(columns, help_text.MAX_WIDTH)
    too_long = [line for line in out.splitlines() if width_of(line) > limit and not line.startswith(("使い方", "    "))]
    assert not too_long
    for english in ("Show", "Options", "Arguments", "default", "Usage", "Install"):
        assert english not in out


def test_help_of_a_command(told):
    _, out, _ = told("show", "--help")
    assert out.startswith("使い方: strategy show [オプション] OLD [NEW]\n\n  2つの版を比べて見せる。\n")
    assert "一行目と二行目は続く。" in out
    assert "    strategy show A B    そのままの行\n" in out
    assert "-f, --format FORMAT" in out
    assert "［既定: 80］" in out
    assert "［既定: dark］" in out
    assert LONG in "".join(line.strip() for line in out.splitlines()), "nothing is cut"


def test_help_lists_the_table_without_importing(told):
    _, out, _ = told("--help")
    assert "validate" in out
    assert "版を検証する" in out
    assert "a_module_that_must_not_be_imported" not in sys.modules


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["shwo"], ["shwo というコマンドはありません。", "もしかして: show"]),
        (["検証"], ["もしかして: validate"]),
        (["zzz"], ["使えるもの: show、fail、validate"]),
        (["--formt"], ["--formt というオプションはありません。", "コマンドの後"]),
        (["show", "a", "--fromat", "x"], ["--fromat というオプションはありません。", "もしかして: --format"]),
        (["show", "a", "-z"], ["-z というオプションはありません。"]),
        (["show"], ["引数 OLD がありません。"]),
        (["show", "a", "b", "c", "d"], ["余分な引数があります: c d"]),
        (["show", "a", "--width"], ["--width には値が必要です。"]),
        (["show", "a", "--quiet=1"], ["--quiet に値は付けられません。"]),
        (["show", "a", "--width", "x"], ["オプション --width: ", "x は整数ではありません。"]),
        (["show", "a", "--width", "5"], ["オプション --width: ", "5 は範囲", "の外です。"]),
        (["show", "a", "-f", "htm"], ["オプション --format: ", "htm は選べません。もしかして: html"]),
        (["show", "a", "-f", "???"], ["選べるもの: text、html、docx"]),
        (["show", "a", "--shade", "darc"], ["オプション --shade: ", "darc は選べません。"]),
    ],
)
def test_wrong_arguments_are_told_in_japanese(argv, words, told):
    code, out, err = told(*argv)
    assert (code, out) == (2, "")
    for word in words:
        assert word in err
    assert err.startswith("strategy: ")
    assert err.splitlines()[1].startswith("使い方: strategy")
    assert "Traceback" not in err
    for english in ("Usage", "Error", "Did you mean", "is not", "No such", "Missing"):
        assert english not in err


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("store", 2, "strategy: ファイルが␛[31mありません。␊二行目\n"),
        ("memory", 2, "strategy: メモリーが足りません。\n"),
        ("depth", 2, "strategy: 入れ子が深すぎて処理できません。\n"),
        ("system", 2, "strategy: 入出力に失敗しました（No space left on device）: out.docx\n"),
        ("pipe", 0, ""),
        ("interrupt", 130, ""),
    ],
)
def test_failures_are_one_line(how, code, words, told, monkeypatch):
    monkeypatch.setattr(streams, "hush", lambda: None)
    assert told("fail", how) == (code, "", words)


def test_the_unexpected_has_a_traceback_only_on_request(told, monkeypatch):
    code, out, err = told("fail", "key")
    assert (code, out) == (2, "")
    assert "予期しない誤り（KeyError）" in err
    assert err.count("\n") == 1
    monkeypatch.setenv("STRATEGY_DEBUG", "1")
    assert "Traceback" in told("fail", "key")[2]


def test_suggestions_know_beginnings():
    assert mistakes.maybe("--form", ["--format", "--width"]) == "もしかして: --format"
    assert mistakes.maybe("xyz", ["--format"]) == ""


def test_editions_are_completed_from_ids_and_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert options.editions("") == []
    (tmp_path / "strategies/atsugi-2").mkdir(parents=True)
    (tmp_path / "strategies/atsugi-2/2023-10.yaml").touch()
    assert options.editions("20") == ["2023-10"]
    assert options.editions("atsugi-2/") == ["atsugi-2/2023-10"]
    assert options.editions("str") == ["strategies/"]
    assert options.editions("strategies/atsugi-2/") == ["strategies/atsugi-2/2023-10.yaml"]


@pytest.mark.parametrize(
    ("shell", "code", "words"), [("bash", 0, "入力補完を設定しました（"), ("tcsh", 2, "このシェルには対応していません")]
)
def test_completion_is_set_up_in_japanese(shell, code, words, tmp_path, told, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: shell)
    got, out, err = told("--install-completion")
    assert got == code
    assert words in out + err
    assert " installed in " not in out + err


# ----------------------------------------------------------------------------------------------------- streams


class Terminal(io.StringIO):
    def isatty(self):
        return True


def stream(encoding, *, tty=False):
    text = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline=None)
    text.isatty = lambda: tty
    return text


@pytest.mark.parametrize(
    ("encoding", "tty", "variable", "expected"),
    [
        ("cp932", True, "", "①－".encode("cp932") + b"\\U00020b9f"),
        ("ascii", True, "", b"\\u2460\\uff0d\\U00020b9f"),
        ("cp932", False, "", "①－\U00020b9f".encode()),
        ("cp932", False, "cp932", "①－".encode("cp932") + b"\\U00020b9f"),
        ("cp932", False, "cp932:replace", "①－".encode("cp932") + b"?"),
    ],
)
def test_no_console_raises(encoding, tty, variable, expected, monkeypatch):
    out = stream(encoding, tty=tty)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", stream(encoding, tty=tty))
    monkeypatch.setenv("PYTHONIOENCODING", variable)
    streams.prepare()
    out.write("①－\U00020b9f")
    out.flush()
    assert out.buffer.getvalue() == expected


def test_pipes_get_plain_newlines(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp932", newline="\r\n")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    streams.prepare()
    out.write("行\n")
    out.flush()
    assert out.buffer.getvalue() == "行\n".encode()


@pytest.mark.parametrize(
    ("environment", "tty", "option", "expected"),
    [
        ({}, True, "auto", True),
        ({}, False, "auto", False),
        ({"NO_COLOR": "1"}, True, "auto", False),
        ({"NO_COLOR": ""}, True, "auto", True),
        ({"NO_COLOR": "1"}, True, "always", True),
        ({"FORCE_COLOR": "1"}, False, "auto", True),
        ({"FORCE_COLOR": "0"}, False, "auto", False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, "auto", False),
        ({"TERM": "dumb"}, True, "auto", False),
        ({"FORCE_COLOR": "1"}, True, "never", False),
    ],
)
def test_colour(environment, tty, option, expected, monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert streams.wants_colour(option, Terminal() if tty else io.StringIO()) is expected


@pytest.mark.parametrize(("columns", "expected"), [("132", 132), ("5", streams.MIN_WIDTH), ("x", 80), ("0", 80)])
def test_width_comes_from_the_environment(columns, expected, monkeypatch):
    monkeypatch.setattr(os, "get_terminal_size", lambda _: (_ for _ in ()).throw(OSError))
    monkeypatch.setenv("COLUMNS", columns)
    assert streams.terminal_width() == expected


@pytest.mark.parametrize(("value", "expected"), [("1", 1), ("2", 2), ("x", 1)])
def test_ambiguous_width(value, expected, monkeypatch):
    monkeypatch.setenv("STRATEGY_AMBIGUOUS", value)
    assert streams.ambiguous_width() == expected


def test_progress_appears_late_and_leaves_nothing():
    moments = iter([0.0, 0.1, 1.0, 1.01, 2.0])
    out = Terminal()
    with streams.Progress("検証", 4, out, lambda: next(moments)) as progress:
        progress.step("a")
        assert out.getvalue() == ""
        progress.step("b\nc")
        assert out.getvalue() == "検証 2/4 b c"
        progress.step()
        progress.step("d")
    assert out.getvalue().count("検証") == 2
    assert out.getvalue().endswith(f"\r{' ' * 79}\r")


def test_progress_is_silent_in_a_pipe():
    out = io.StringIO()
    with streams.Progress("検証", 1, out, lambda: 1e9) as progress:
        progress.step()
    assert out.getvalue() == ""


class Full(io.StringIO):
    def flush(self):
        raise OSError(28, "No space left on device")


def test_results_that_cannot_be_written_are_no_success(monkeypatch, capsys):
    monkeypatch.setattr(streams, "hush", lambda: None)
    monkeypatch.setattr(sys, "stdout", Full())
    assert streams.finish(0) == 2
    assert "書き出せません" in capsys.readouterr().err


@pytest.mark.parametrize("pager", ["cat", "", "no-such-pager-here", "'open"])
def test_text_is_printed_where_no_pager_can_be_used(pager, monkeypatch):
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("LINES", "3")
    monkeypatch.setenv("STRATEGY_PAGER", pager)
    streams.page("行\n" * 9)
    assert out.getvalue() == "行\n" * 9


def test_pager_gets_words_not_a_shell_line(monkeypatch, tmp_path):
    seen = tmp_path / "seen ; x"
    code = f"import sys; open({str(seen)!r}, 'wb').write(sys.stdin.buffer.read())"
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("LINES", "3")
    monkeypatch.setattr(streams, "_pager", lambda: [sys.executable, "-c", code])
    streams.page("短\n")
    assert out.getvalue() == "短\n"
    streams.page("行\n" * 9)
    assert seen.read_bytes() == ("行\n" * 9).encode()


# --------------------------------------------------------------------------------------------- real processes


def process(*argv, code="from atsugi_cli.__main__ import run; run()", env=None, **extra):
    return subprocess.run(
        [sys.executable, "-c", code, *argv],
        capture_output=True,
        check=False,
        env={**os.environ, **(env or {})},
        **extra,
    )


LOADED = """
import sys
from atsugi_cli.cli import app
app.COMMANDS = {"show": ("nowhere:show", "見せる")}
app.main(sys.argv[1:])
print(*sorted({"typer", "pydantic", "rich", "ruamel", "jsonschema", "deepdiff", "asyncio"} & set(sys.modules)))
"""


@pytest.mark.parametrize(("argv", "loaded"), [(["--version"], "typer"), (["--help"], "typer"), (["shwo"], "typer")])
def test_only_what_is_needed_is_imported(argv, loaded):
    done = process(*argv, code=LOADED, env={"PYTHONIOENCODING": "utf-8"})
    assert done.stdout.decode().splitlines()[-1] == loaded


def test_version_is_told_before_anything_is_imported():
    watched = (
        "import atexit, sys; sys.modules['coverage'] = sys; atexit.register(lambda: print('typer' in sys.modules))"
    )
    code = f"{watched}; from atsugi_cli.__main__ import run; run()"
    assert process("--version", code=code).stdout.decode().split() == ["strategy", __version__, "False"]
    assert process("--version").stdout.decode().split() == ["strategy", __version__]


def test_process_ends_with_the_code_and_all_output():
    done = process("--help", env={"PYTHONIOENCODING": ""})
    assert done.returncode == 0
    assert "使い方: strategy" in done.stdout.decode()
    assert process("nonsense").returncode == 2


def test_reader_that_leaves_early_is_no_failure():
    child = subprocess.Popen(
        [sys.executable, "-c", "from atsugi_cli.__main__ import run; run()", "--help"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 0


COMPLETE = "from atsugi_cli.cli import app; app.COMMANDS = {'show': ('x:y', '見せる'), 'split': ('x:z', '分ける')}; "


@pytest.mark.parametrize(
    ("shell", "typed", "expected"),
    [
        ("bash", "s", ["show", "split"]),
        ("bash", "--he", ["--help"]),
        ("zsh", "sh", ["""_arguments '*: :(("show":"見せる"))'"""]),
    ],
)
def test_completion(shell, typed, expected):
    done = process(
        code=f"{COMPLETE} from atsugi_cli.__main__ import run; run()",
        env={
            "_STRATEGY_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": f"strategy {typed}",
            "COMP_CWORD": "1",
            "_TYPER_COMPLETE_ARGS": f"strategy {typed}",
            "PYTHONIOENCODING": "",
        },
    )
    assert (done.returncode, done.stdout.decode().split("\n")[:-1], done.stderr) == (0, expected, b"")
