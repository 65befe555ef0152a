// Start the built extension outside of VS Code: the module "vscode" is played by a stand-in that answers everything,
// with one document open. The extension must start the server and show what it says.
//
//   node test/client.mjs COMMAND FOLDER FILE      FILE lies in FOLDER and has a slip

import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [command, folder, file] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const nothing = { dispose() {} };

/** Anything: it can be called, made, and asked for any property. */
const anything = (name) =>
  new Proxy(class {}, {
    get: (own, key) => (key in own || typeof key === "symbol" ? own[key] : anything(`${name}.${key}`)),
    apply: () => nothing,
  });

class Uri {
  constructor(path) { this.fsPath = path; this.path = path; this.scheme = "file"; }
  static parse(text) { return new Uri(decodeURIComponent(new URL(text).pathname)); }
  static file(path) { return new Uri(path); }
  toString() { return pathToFileURL(this.fsPath).href; }
}
class Position { constructor(line, character) { Object.assign(this, { line, character }); } }
class Range { constructor(a, b, c, d) { Object.assign(this, { start: new Position(a, b), end: new Position(c, d) }); } }
class Diagnostic { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } }
class CodeActionKind {
  static Empty = new CodeActionKind("");
  static QuickFix = new CodeActionKind("quickfix");
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
}
class EventEmitter { event = () => nothing; fire() {} dispose() {} }
class CancellationTokenSource { token = { isCancellationRequested: false, onCancellationRequested: () => nothing }; cancel() {} dispose() {} }

const text = readFileSync(file, "utf8");
const uri = new Uri(resolve(file));
const document = {
  uri, fileName: uri.fsPath, languageId: "yaml", version: 1, isClosed: false, isDirty: false,
  getText: () => text, lineCount: text.split("\n").length,
};
const shown = [];
const settings = { command, root: "strategies" };
const quiet = (own) => new Proxy(own, { get: (o, key) => (key in o ? o[key] : () => nothing) });
const channel = { name: "", append() {}, appendLine(line) { console.error(line); }, show() {}, clear() {}, ...nothing };
const vscode = new Proxy(
  {
    Uri, Position, Range, Diagnostic, CodeActionKind, EventEmitter, CancellationTokenSource,
    version: "1.91.0",
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    env: { appName: "stand-in", language: "ja" },
    workspace: quiet({
      workspaceFolders: [{ uri: new Uri(folder), name: "見本", index: 0 }],
      textDocuments: [document], notebookDocuments: [],
      getConfiguration: () => ({ get: (key, otherwise) => settings[key] ?? otherwise, has: () => false }),
      getWorkspaceFolder: () => undefined,
      createFileSystemWatcher: () => quiet({}),
    }),
    window: quiet({
      visibleTextEditors: [], activeTextEditor: undefined,
      tabGroups: { all: [], onDidChangeTabs: () => nothing, onDidChangeTabGroups: () => nothing },
      createOutputChannel: () => channel,
      showErrorMessage: (message) => { console.log(JSON.stringify({ message })); process.exit(1); },
    }),
    languages: quiet({
      match: (selector, asked) => (asked.uri.fsPath.includes("/strategies/") ? 10 : 0),
      createDiagnosticCollection: () => ({
        ...nothing, clear() {}, delete() {},
        set(target, found) {
          if (target.toString() !== uri.toString()) return;
          shown.push(...(found ?? []).map((each) => ({ code: each.code?.value ?? each.code, message: each.message, ...each.range.start })));
        },
      }),
    }),
    commands: quiet({}),
  },
  { get: (own, key) => (key in own ? own[key] : anything(String(key))) },
);

const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require("../out/extension.js");
await extension.activate({ subscriptions: [] });
for (let waited = 0; !shown.length && waited < 300; waited++) await new Promise((done) => setTimeout(done, 100));
console.log(JSON.stringify(shown));
await extension.deactivate();
process.exit(shown.length ? 0 : 1);
