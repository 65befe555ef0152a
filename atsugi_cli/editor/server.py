"""Server: the language server: what is typed is checked as `validate` does, and every question has its function."""

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from atsugi_cli import __version__, store
from atsugi_cli.catalogue import Catalogue
from atsugi_cli.editor import names
from atsugi_cli.editor.actions import WHOLE, actions
from atsugi_cli.editor.completion import completion
from atsugi_cli.editor.hover import hover
from atsugi_cli.editor.outline import folds, hints, symbols
from atsugi_cli.editor.sheet import Sheet
from atsugi_cli.editor.view import View
from atsugi_cli.findings import Finding, Findings, Place
from atsugi_cli.model import Strategy
from atsugi_cli.project.fixing import Fixed
from atsugi_cli.project.reading import Project, UnreadableError, schemas
from atsugi_cli.project.structure import renamed
from atsugi_cli.project.watching import Watch
from atsugi_cli.store import StoreError

DELAY: Final = 0.15
"""Seconds without a key before the text is checked: who types on is not interrupted, who stops does not wait."""
_SEVERITIES: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_OURS: Final = re.compile(r"^(?:plan|edition|goals):", re.MULTILINE)


class SupersededError(Exception):
    """Newer text has come; what is being checked is of no use to anybody."""


class Desk(LanguageServer):
    """What lies open in an editor, and what was last found in it.

    `generation` counts the states of all texts, `checked` is the last one that was checked to its end, `pace` the
    seconds that this took: where they are many, a check is not begun in every pause.
    """

    def __init__(self, root: str, catalogues: Sequence[Catalogue]) -> None:
        """Begin with nothing open."""
        # pygls splits lines where Python does, also at U+2028, editors only at line breaks: the whole text is right.
        super().__init__("strategy", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.watch, self.catalogues, self.folder = Watch(root), catalogues, os.path.realpath(os.curdir)
        self.generation, self.checked, self.delay, self.pace = 0, -1, DELAY, 0.0
        self.found: Mapping[str, tuple[Finding, ...]] = {}
        self.good: dict[str, Strategy] = {}
        self._shown: dict[str, list[types.Diagnostic]] = {}
        self._texts: dict[str, str] = {}
        self._raw: set[str] = set()
        self._views: dict[str, View] = {}
        self._project: Project | None = None
        self._task: asyncio.Task[None] | None = None

    # ---------------------------------------------------------------------------------------------------------- files

    def begun(self, params: types.InitializeParams) -> None:
        """Work in the folder that the editor has open: what commands are told there has the same names here."""
        uri = params.root_uri or next((each.uri for each in params.workspace_folders or ()), "")
        folder = to_fs_path(uri) if uri else None
        if folder and store.is_folder(folder):
            os.chdir(folder)
            self.folder = folder
        options = params.initialization_options
        if isinstance(options, Mapping) and isinstance(options.get("delay"), int | float):
            self.delay = options["delay"]

    def name_of(self, uri: str) -> str:
        """Name a file as commands do in this folder."""
        path = to_fs_path(uri) or ""
        if not path or not store.is_below(path, self.folder):
            return path
        name = os.path.relpath(path, self.folder)
        if name.startswith(os.pardir):  # the folder was opened through a link, the file was not
            name = os.path.relpath(os.path.realpath(path), os.path.realpath(self.folder))
        return name

    def uri_of(self, name: str) -> str:
        """Return the address of a file, as the editor spells it where it is open."""
        path = os.path.realpath(name)
        open_here = (uri for uri in self.workspace.text_documents if os.path.realpath(to_fs_path(uri) or "") == path)
        return next(open_here, None) or from_fs_path(path) or ""

    def ours(self) -> dict[str, str]:
        """Return what lies open and belongs to a plan: name by address."""
        found = {}
        for uri, document in self.workspace.text_documents.items():
            name = self.name_of(uri)
            if name.endswith(store.SUFFIXES) and Path(name).is_file():
                below = store.is_folder(self.watch.project.root) and store.is_below(name, self.watch.project.root)
                if below or store.is_profile(name) or _OURS.search(document.source):
                    found[uri] = name
        return found

    def unsaved(self) -> dict[str, bytes]:
        """Return the texts that lie open; what is no UTF-8 on disk, and is untouched, is read from there."""
        return {
            os.path.realpath(name): self.workspace.get_text_document(uri).source.encode("utf-8", "replace")
            for uri, name in self.ours().items()
            if uri not in self._raw
        }

    def opened(self, uri: str) -> None:
        """Look at a file on disk when it is opened or saved: an editor may read one that is no UTF-8."""
        self._raw.discard(uri)
        try:
            store.read_file(self.name_of(uri)).data.decode("utf-8")
        except UnicodeDecodeError:
            self._raw.add(uri)
        except StoreError:
            pass

    def touched(self, uri: str) -> None:
        """Take over what was typed."""
        self._raw.discard(uri)

    def view(self, uri: str) -> View:
        """Look at a file as it was last typed."""
        if uri not in self._views:
            if self._project is None:
                self._project = self.watch.project.renewed(self.unsaved())
            name = self.name_of(uri)
            known = self.found.get(store.spelled(name), ()) if self.checked == self.generation else ()
            codec = self.workspace.position_codec
            self._views[uri] = View(self._project, name, uri, codec, self.good.get(name), known)
        return self._views[uri]

    async def ask(self, uri: str, question: Callable[[View], object]) -> object:
        """Ask a question about a file beside everything else that goes on; there is no answer where it is gone."""
        try:
            return await asyncio.get_running_loop().run_in_executor(None, question, self.view(uri))
        except (StoreError, UnreadableError):
            return None

    # ------------------------------------------------------------------------------------------------------- checking

    def changed(self) -> None:
        """Check again, as soon as nothing more comes."""
        self.generation += 1
        self._views, self._project = {}, None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._follow())

    async def settled(self) -> None:
        """Wait until what is open has been checked."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def _follow(self) -> None:
        while self.checked != self.generation:
            number = -1
            while number != self.generation:
                number = self.generation
                await asyncio.sleep(max(self.delay, self.pace / 5))
            ours, unsaved, start = self.ours(), self.unsaved(), monotonic()
            check = partial(self._check, list(ours.values()), unsaved, number)
            try:
                findings = await asyncio.get_running_loop().run_in_executor(None, check)
            except SupersededError:
                continue
            except Exception as error:  # noqa: BLE001 - the last net: the next key is to be checked again
                words = str(error) if isinstance(error, StoreError) else f"検証できませんでした（{error!r}）。"
                self.window_log_message(types.LogMessageParams(types.MessageType.Warning, words))
                self.checked = number
                continue
            if number != self.generation:
                continue
            self.checked, self._views, self.pace = number, {}, monotonic() - start
            self._publish(findings)
            self._keep(ours.values(), unsaved)

    def _check(self, opened: Sequence[str], unsaved: Mapping[str, bytes], number: int) -> Findings:
        """Check the folders of what is open, each with its profile."""

        def step(_: str) -> None:
            if number != self.generation:
                raise SupersededError

        folders = dict.fromkeys(str(Path(name).parent) for name in opened)
        profiles = [found for folder in folders if (found := self.watch.project.profile_path(f"{folder}/x"))]
        wanted = [folder for folder in folders if store.find_editions([folder]).editions]
        return self.watch.checked([*wanted, *dict.fromkeys(profiles)], unsaved, step) if opened else Findings()

    def _keep(self, opened: Iterable[str], unsaved: Mapping[str, bytes]) -> None:
        """Keep the editions that can be read: while one is being typed it often cannot."""
        project = self._project = self.watch.project
        for name in opened:
            if not store.is_profile(name) and os.path.realpath(name) in unsaved:
                strategy = project.read(project.open(name)).strategy
                if strategy is not None:
                    self.good[name] = strategy

    def _publish(self, findings: Findings) -> None:
        """Show what was found: of each file the new list, also an empty one."""
        found: dict[str, list[Finding]] = {name: [] for name, _ in findings.sources}
        for each in findings.items:
            found.setdefault(each.place.source, []).append(each)
        self.found = {name: tuple(each) for name, each in found.items()}
        self._texts = dict(findings.sources)
        gone = self._shown.keys() - found.keys()
        for name, items in [*found.items(), *((name, []) for name in gone)]:
            shown = [self.shown(each) for each in items]
            uri = self.uri_of(name)
            document = self.workspace.text_documents.get(uri)
            if document is not None or shown != self._shown.get(name, []):
                version = document.version if document is not None else None
                params = types.PublishDiagnosticsParams(uri, shown, version)
                self.text_document_publish_diagnostics(params)
            self._shown[name] = shown
            if name in gone:
                del self._shown[name]

    def shown(self, finding: Finding) -> types.Diagnostic:
        """Say a finding as an editor shows it."""
        related = [
            types.DiagnosticRelatedInformation(self.location(each.place), each.message) for each in finding.related
        ]
        return types.Diagnostic(
            range=self._sheet(finding.place.source).range_of(finding.place),
            message=f"{finding.message}。\n{finding.hint}。" if finding.hint else f"{finding.message}。",
            severity=_SEVERITIES.get(finding.severity, types.DiagnosticSeverity.Information),
            code=finding.rule.code,
            source="strategy",
            related_information=related or None,
        )

    def location(self, place: Place) -> types.Location:
        """Return a place as an editor goes there."""
        return types.Location(self.uri_of(place.source), self._sheet(place.source).range_of(place))

    def _sheet(self, name: str) -> Sheet:
        text = self._texts.get(name)
        if not text:
            try:
                text = (self._project or self.watch.project).open(name).data.decode("utf-8", "replace")
            except StoreError:
                text = ""
        return Sheet(text, self.workspace.position_codec)

    def edit(self, results: Iterable[Fixed]) -> types.WorkspaceEdit:
        """Say the edits of several files."""
        changes = [
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(self.uri_of(each.blob.name)),
                [*Sheet(each.before, self.workspace.position_codec).changed(each.after)],
            )
            for each in results
        ]
        return types.WorkspaceEdit(document_changes=list(changes))


def _may_rename(_: Desk, view: View, params: types.PrepareRenameParams) -> types.Range | None:
    offset = view.sheet.offset(params.position)
    named = view.named(offset)
    return view.sheet.range(*view.word(offset)) if named is not None and named[1] == "thing" else None


def _renamed(desk: Desk, view: View, params: types.RenameParams) -> types.WorkspaceEdit | None:
    if not re.fullmatch(schemas().strategy["$defs"]["id"]["pattern"], params.new_name):
        raise JsonRpcInvalidParams(f"{params.new_name} は id に使えません（半角の英小文字、数字、-）。")
    named = view.named(view.sheet.offset(params.position))
    if named is None or named[1] != "thing":
        return None
    try:
        return desk.edit(renamed(view.project, view.blob, named[0], params.new_name, everywhere=False))
    except StoreError as error:
        words = str(error).replace("--all を付けて", "strategy rename --all を実行して")
        raise JsonRpcInvalidParams(words) from error
    except UnreadableError as error:
        name = "、".join(each.source for each in error.results)
        raise JsonRpcInvalidParams(f"{name} に誤りがあるため、id を改められません。先に直してください。") from error


def _defined(desk: Desk, view: View, params: types.DefinitionParams) -> types.Location | None:
    place = names.definition(view, view.sheet.offset(params.position))
    return desk.location(place) if place is not None else None


def _acted(desk: Desk, view: View, params: types.CodeActionParams) -> list[types.CodeAction]:
    asked = params.context.trigger_kind != types.CodeActionTriggerKind.Automatic
    return [*actions(view, params.range, desk.shown, params.context.only, asked=asked)]


_KINDS: Final = [types.CodeActionKind.QuickFix, *(kind for _, kind, _ in WHOLE)]

QUESTIONS: Final[tuple[tuple[str, Any, Callable[[Desk, View, Any], object]], ...]] = (
    (
        types.TEXT_DOCUMENT_HOVER,
        None,
        lambda desk, view, params: hover(view, view.sheet.offset(params.position), desk.catalogues),
    ),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=[*":[,- "]),
        lambda desk, view, params: completion(view, view.sheet.offset(params.position), desk.catalogues),
    ),
    (types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=_KINDS), _acted),
    (types.TEXT_DOCUMENT_DEFINITION, None, _defined),
    (
        types.TEXT_DOCUMENT_REFERENCES,
        None,
        lambda desk, view, params: [
            desk.location(each) for each in names.references(view, view.sheet.offset(params.position))
        ],
    ),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, None, _may_rename),
    (types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True), _renamed),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, lambda _, view, __: symbols(view)),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, None, lambda _, view, __: folds(view)),
    (types.TEXT_DOCUMENT_INLAY_HINT, None, lambda _, view, params: hints(view, params.range)),
)
"""What an editor asks of a file: the method, its options, and who answers."""

TOLD: Final[tuple[tuple[str, Callable[[Desk, Any], object]], ...]] = (
    (types.TEXT_DOCUMENT_DID_OPEN, lambda desk, params: desk.opened(params.text_document.uri)),
    (types.TEXT_DOCUMENT_DID_SAVE, lambda desk, params: desk.opened(params.text_document.uri)),
    (types.TEXT_DOCUMENT_DID_CHANGE, lambda desk, params: desk.touched(params.text_document.uri)),
    (types.TEXT_DOCUMENT_DID_CLOSE, lambda desk, params: desk.touched(params.text_document.uri)),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, lambda _, __: None),
)
"""What an editor tells of its files: whatever it is, they are checked again."""


def desk(root: str, catalogues: Sequence[Catalogue]) -> Desk:
    """Make a server that hears and answers all of it."""
    server = Desk(root, catalogues)

    @server.feature(types.INITIALIZE)
    def _begin(params: types.InitializeParams) -> None:
        server.begun(params)

    for method, hear in TOLD:
        server.feature(method)(partial(_heard, server, hear))
    for method, options, answer in QUESTIONS:
        server.feature(method, options)(partial(_asked, server, answer))
    return server


def _heard(server: Desk, hear: Callable[[Desk, Any], object], params: Any) -> None:  # noqa: ANN401 - of many kinds
    hear(server, params)
    server.changed()


async def _asked(server: Desk, answer: Callable[[Desk, View, Any], object], params: Any) -> object:  # noqa: ANN401
    if isinstance(params, types.CodeActionParams):
        await server.settled()  # edits must be of the text as it is
    return await server.ask(params.text_document.uri, lambda view: answer(server, view, params))
