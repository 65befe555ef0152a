"""A person at an editor: opens files, types, asks, and makes the edits that the server offers, as an editor would."""

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

PATIENCE = 60
"""Seconds after which an answer that does not come is a failure."""


def units(text):
    """Count the UTF-16 units of a text, independently of the program."""
    return len(text.encode("utf-16-le")) // 2


def lines_of(text):
    """Give the text up to each line and the line, as editors cut them."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    return [(start, text[start:end]) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def offset(text, position):
    start, line = lines_of(text)[position.line] if position.line < len(lines_of(text)) else (len(text), "")
    at = 0
    while units(line[:at]) < position.character:
        at += 1
    return start + at


def position(text, at):
    number = max(n for n, (start, _) in enumerate(lines_of(text)) if start <= at)
    start, _ = lines_of(text)[number]
    return types.Position(number, units(text[start:at]))


def applied(text, edits):
    """Make edits as an editor does: all of them count in the old text."""
    spans = sorted(((offset(text, e.range.start), offset(text, e.range.end), e.new_text) for e in edits), reverse=True)
    for start, end, new in spans:
        text = text[:start] + new + text[end:]
    return text


class Desk:
    """An editor with a folder open."""

    def __init__(self, client: LanguageClient, folder: Path):
        self.client, self.folder = client, folder
        self.texts, self.versions = {}, {}
        self.said = {}
        self.news = asyncio.Event()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params):
            self.said[params.uri] = params
            self.news.set()

    @classmethod
    async def begin(cls, folder, *, delay=0, command=(sys.executable, "-m", "atsugi_cli", "lsp")):
        client = make_test_lsp_client()
        del client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]
        desk = cls(client, folder)
        await client.start_io(*command, env={**os.environ, "PYTHONUTF8": "1"})
        await client.initialize_session(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(),
                root_uri=folder.as_uri(),
                initialization_options={"delay": delay},
            )
        )
        return desk

    async def end(self):
        await self.client.shutdown_session()
        await self.client.stop()

    def uri(self, name):
        return (self.folder / name).as_uri()

    def identifier(self, name):
        return types.TextDocumentIdentifier(self.uri(name))

    def open(self, name, text=None):
        path = self.folder / name
        self.texts[name] = path.read_bytes().decode("utf-8-sig", "replace") if text is None else text
        self.versions[name] = self.versions.get(name, 0) + 1
        item = types.TextDocumentItem(self.uri(name), "yaml", self.versions[name], self.texts[name])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name, text):
        self.texts[name] = text
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def close(self, name):
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.identifier(name)))

    def replace(self, name, old, new):
        assert self.texts[name].count(old) == 1, (old, self.texts[name].count(old))
        self.type(name, self.texts[name].replace(old, new))

    async def findings(self, name):
        """Wait for what is said of the text as it was last typed."""

        async def wait():
            while (said := self.said.get(self.uri(name))) is None or said.version != self.versions[name]:
                self.news.clear()
                await self.news.wait()
            return said.diagnostics

        return await asyncio.wait_for(wait(), PATIENCE)

    async def everything(self, name):
        """Wait for what is said of all files, and list it: file, code, severity, place."""
        await self.findings(name)
        params = types.HoverParams(self.identifier(name), types.Position(0, 0))
        await self.client.text_document_hover_async(params)  # what was sent before its answer has come by then
        return sorted(
            (
                Path(said.uri).name,
                str(each.code),
                each.severity.name.lower(),
                each.range.start.line,
                each.range.start.character,
                each.range.end.line,
                each.range.end.character,
                each.message,
            )
            for said in self.said.values()
            for each in said.diagnostics
        )

    async def complete(self, name, old, new):
        """Type something with ¦ where the cursor stands, ask what may follow, and take it back."""
        before = self.texts[name]
        self.replace(name, old, new)
        at = self.texts[name].index("¦")
        self.type(name, self.texts[name].replace("¦", ""))
        place = position(self.texts[name], at)
        found = await self.client.text_document_completion_async(types.CompletionParams(self.identifier(name), place))
        self.type(name, before)
        return [(each.text_edit.new_text, each.detail) for each in found.items]

    def at(self, name, words, inside=0):
        """Return the position of some words."""
        text = self.texts[name]
        assert text.count(words) == 1, (words, text.count(words))
        return position(text, text.index(words) + inside)

    def shown(self, name, each):
        """Return the words that a range covers."""
        text = self.texts[name]
        return text[offset(text, each.start) : offset(text, each.end)]

    async def actions(self, name, place, only=None):
        span = place if isinstance(place, types.Range) else types.Range(place, place)
        params = types.CodeActionParams(self.identifier(name), span, types.CodeActionContext([], only=only))
        return await self.client.text_document_code_action_async(params) or []

    def made(self, edit):
        """Return the texts of the files of an edit, after it."""
        after = {}
        for change in edit.document_changes:
            name = next(name for name in self.all() if self.uri(name) == change.text_document.uri)
            text = self.texts.get(name) or (self.folder / name).read_bytes().decode()
            after[name] = applied(text, change.edits)
        return after

    def all(self):
        return [path.relative_to(self.folder).as_posix() for path in sorted(self.folder.rglob("*.y*ml"))]


def copied(source, folder):
    """Copy a plan below strategies/ of a folder."""
    shutil.copytree(source, folder / "strategies" / source.name, ignore=shutil.ignore_patterns("*.txt", "*.md"))
    return folder


def at_desk(folder, story, **settings):
    """Run a story (an async function of a desk) in a folder, with a server of its own."""

    async def run():
        desk = await Desk.begin(folder, **settings)
        try:
            return await story(desk)
        finally:
            await desk.end()

    return asyncio.run(run())
