"""The program: the table of commands, and `main`, which turns every outcome into an exit code."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from atsugi_cli import __version__
from atsugi_cli.cli import streams

if TYPE_CHECKING:
    from atsugi_cli.cli.lazy import LazyGroup

COMMANDS: Mapping[str, tuple[str, str]] = {
    "validate": ("atsugi_cli.cli.validate:validate", "版とprofile.yamlを検証する"),
    "tree": ("atsugi_cli.cli.tree:tree", "施策体系図を出す"),
    "diff": ("atsugi_cli.cli.diff:diff", "改定前後を比べ、新旧対照表を出す"),
    "points": ("atsugi_cli.cli.points:points", "改定のポイントを出す"),
    "kpis": ("atsugi_cli.cli.kpis:kpis", "KPI一覧を出す"),
    "crosswalk": ("atsugi_cli.cli.crosswalk:crosswalk", "対応表（前の計画の項目がどうなったか）を出す"),
    "overview": ("atsugi_cli.cli.overview:overview", "改定の概要（一枚の図）を出す"),
    "opinions": ("atsugi_cli.cli.opinions:opinions", "意見対応表を出す"),
    "errata": ("atsugi_cli.cli.errata:errata", "正誤表を出す"),
    "briefing": ("atsugi_cli.cli.briefing:briefing", "会議の資料と次第を出す"),
    "pack": ("atsugi_cli.cli.pack:pack", "会議資料一式（新旧対照表、見え消し、体系図など）を作る"),
    "verify": ("atsugi_cli.cli.verify:verify", "資料がどの版のものか、その後に変わっていないかを確かめる"),
    "log": ("atsugi_cli.cli.log:log", "ひとつの項目の経過を、すべての版とコミットからたどる"),
    "new": ("atsugi_cli.cli.new:new", "現行の版から次の版を書き始める"),
    "init": ("atsugi_cli.cli.init:init", "はじめての版、profile.yaml、CIの設定を置く"),
    "import": ("atsugi_cli.cli.import_:import_", "いまのExcel、Word、CSVの表から版を作る"),
    "ask": ("atsugi_cli.cli.ask:ask", "庁内照会のExcelを、課ごとに作る"),
    "answers": ("atsugi_cli.cli.answers:answers", "庁内照会の回答を集め、版に反映する"),
    "explain": ("atsugi_cli.cli.explain:explain", "変更の種類や検査の意味を、例とともに説明する"),
    "schema": ("atsugi_cli.cli.schema:schema", "JSON Schemaを出す"),
    "merge": ("atsugi_cli.cli.merge:merge", "二人が書いた版を、項目ごとに合わせる"),
    "rename": ("atsugi_cli.cli.structure:rename", "項目の id を、どの版でも改める"),
    "move": ("atsugi_cli.cli.structure:move", "項目を別のところへ移す"),
    "renumber": ("atsugi_cli.cli.structure:renumber", "番号を並び順のとおりに付け直す"),
    "ids": ("atsugi_cli.cli.structure:ids", "id のない項目に id を書く"),
    "lsp": ("atsugi_cli.cli.lsp:lsp", "エディタで、書きながら検証する（言語サーバー）"),
    "preview": ("atsugi_cli.cli.preview:preview", "会議資料をブラウザで見ながら書く（保存のたびに新しくなる）"),
    "git": ("atsugi_cli.cli.git:git", "gitの差分表示で改定を読めるようにする"),
}
"""Command → (module:function, one line of help), in the order in which help lists them.

The function takes Typer parameters and returns an `Exit`; its docstring is the command's help.
"""

_BEGINNING: Final = (
    ("init", "ここで始める: 最初の版のひな型、設定、CIを置く"),
    ("init 見本 --example", "厚木市の実例を「見本」フォルダに置く"),
    ("diff atsugi-2", "厚木市の実際の新旧対照表を見る"),
)
_GOING_ON: Final = (
    ("validate", "書いたYAMLを検証する"),
    ("tree", "施策体系図を見る"),
    ("new 2027-03", "次の版（改定案）を書き始める"),
    ("diff", "現行と改定後を比べる（新旧対照表）"),
    ("pack", "会議資料一式を作る"),
)
"""What to do next where there is no edition yet, and where there are some: what follows `strategy`, and why."""
_COMPLETION: Final = "_STRATEGY_COMPLETE"


def main(argv: Sequence[str]) -> int:
    """Run the program with these arguments and give its exit code; never ends the process, never shows a traceback."""
    import typer

    from atsugi_cli import store
    from atsugi_cli.cli.exits import Exit

    try:
        code = _dispatch(argv)
    except typer.Exit as stop:
        code = stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last net: people get a sentence, STRATEGY_DEBUG=1 the traceback
        code = _told(error)
    finally:
        store.close()
    return streams.finish(int(code))


def _dispatch(argv: Sequence[str]) -> int:
    group = build(COMMANDS)
    if _COMPLETION in os.environ:
        return _completed(group)
    with group.make_context(streams.PROGRAM, list(argv)) as ctx:
        code = group.invoke(ctx)
    return code if isinstance(code, int) else 0


def _completed(group: "LazyGroup") -> int:
    """Answer a shell's question. Typer would load rich to strip markup that the help does not have."""
    loaded = "rich" in sys.modules
    if not loaded:
        sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        group.main([], prog_name=streams.PROGRAM, complete_var=_COMPLETION)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    finally:
        if not loaded:
            del sys.modules["rich"]
    return 0


def build(commands: Mapping[str, tuple[str, str]]) -> "LazyGroup":
    """Make the Typer group over a table of commands."""
    from typing import Annotated

    import typer

    from atsugi_cli.cli import lazy

    app = typer.Typer(
        cls=lazy.LazyGroup,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        invoke_without_command=True,
        context_settings=lazy.SETTINGS,
    )

    def version(value: bool) -> None:  # noqa: FBT001 - Typer's callback
        if value:
            sys.stdout.write(f"{streams.PROGRAM} {__version__}\n")
            raise typer.Exit

    @app.callback()
    def strategy(
        ctx: typer.Context,
        *,
        _version: Annotated[
            bool,
            typer.Option("--version", "-V", callback=version, is_eager=True, help="このプログラムの版を表示する。"),
        ] = False,
    ) -> None:
        """総合戦略をYAMLで管理し、検証・施策体系図・新旧対照表を作る。"""
        if ctx.invoked_subcommand is None:
            sys.stdout.write(_first_steps(commands))

    group = typer.main.get_command(app)
    if not isinstance(group, lazy.LazyGroup):
        raise TypeError(group)
    group.rows = commands
    for param in group.params:
        if param.name == "install_completion" and param.callback is not None:
            param.callback = partial(lazy.installed, param.callback)
    return group


def _first_steps(commands: Mapping[str, tuple[str, str]]) -> str:
    """Say what the program is for and what to do next."""
    from pathlib import Path

    from atsugi_cli import store
    from atsugi_cli.width import width_of

    begun = Path(store.ROOT).is_dir()
    rows = [row for row in (_GOING_ON if begun else _BEGINNING) if row[0].partition(" ")[0] in commands]
    rows.append(("--help", "すべてのコマンドを見る"))
    column = max(width_of(name) for name, _ in rows) + 2
    lines = ["strategy: 総合戦略をYAMLで管理し、検証・施策体系図・新旧対照表を作ります。", ""]
    lines += [] if begun else [f"ここには、まだ版がありません（{store.ROOT}/ フォルダがありません）。"]
    lines += ["次にすること:"]
    lines += [f"  strategy {name}{' ' * (column - width_of(name))}{words}" for name, words in rows]
    return "\n".join([*lines, ""])


def _told(error: Exception) -> int:
    """Tell a person what went wrong, and give the exit code."""
    import typer

    from atsugi_cli.cli import mistakes
    from atsugi_cli.cli.exits import Exit
    from atsugi_cli.formats.options import MissingError
    from atsugi_cli.project.reading import UnreadableError
    from atsugi_cli.store import StoreError, reason_of

    # The base of Click's own errors, wherever this Typer keeps Click.
    click_error = sys.modules[typer.BadParameter.__module__].ClickException
    if isinstance(error, BrokenPipeError):
        streams.hush()
        return Exit.OK
    if os.environ.get("STRATEGY_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    if isinstance(error, UnreadableError):
        from atsugi_cli.cli.output import unreadable

        return unreadable(error)
    if isinstance(error, click_error):
        streams.complain(*mistakes.told(error))
    elif isinstance(error, (StoreError, MissingError)):
        streams.complain(str(error))
    elif isinstance(error, MemoryError):
        streams.complain("メモリーが足りません。")
    elif isinstance(error, RecursionError):
        streams.complain("入れ子が深すぎて処理できません。")
    elif isinstance(error, OSError):
        streams.complain(f"入出力に失敗しました（{reason_of(error)}）: {error.filename or '出力先'}")
    else:
        streams.complain(
            f"予期しない誤り（{type(error).__name__}）で止まりました。STRATEGY_DEBUG=1 を付けて実行し、"
            "表示された内容を添えて開発元に知らせてください。"
        )
    return Exit.UNUSABLE
