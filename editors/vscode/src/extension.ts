// The client: it finds the command and starts it. Everything that is said comes from `strategy lsp`.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { commands, ExtensionContext, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

const MISSING =
  "strategy コマンドを起動できません。pip install \"atsugi-cli[editor]\" で入れるか、設定の strategy.command に場所を書いてください。";

let client: LanguageClient | undefined;

function folder(): string | undefined {
  return workspace.workspaceFolders?.[0]?.uri.fsPath;
}

/** Find the command: as it was set, else in the folder's own environment, else on the path. */
export function command(set: string, here: string | undefined, windows: boolean): string {
  if (set) return set;
  const own = here && join(here, ".venv", windows ? "Scripts/strategy.exe" : "bin/strategy");
  return own && existsSync(own) ? own : "strategy";
}

function found(): { command: string; root: string } {
  const settings = workspace.getConfiguration("strategy");
  return {
    command: command(settings.get("command", ""), folder(), process.platform === "win32"),
    root: settings.get("root", "strategies"),
  };
}

async function start(): Promise<void> {
  const { command, root } = found();
  const pattern = `**/${root.replaceAll("\\", "/")}/**/*.{yaml,yml}`;
  const files = workspace.createFileSystemWatcher(pattern);
  client = new LanguageClient(
    "strategy",
    "strategy",
    { command, args: ["lsp", "--root", root], options: { cwd: folder(), env: { ...process.env, PYTHONUTF8: "1" } } },
    { documentSelector: [{ scheme: "file", pattern }], synchronize: { fileEvents: files } },
  );
  try {
    await client.start();
  } catch {
    client = undefined;
    void window.showErrorMessage(MISSING);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("strategy.restart", async () => {
      await stop();
      await start();
    }),
    commands.registerCommand("strategy.preview", () => {
      const { command, root } = found();
      // as a process of its own, without a shell: Ctrl+C in its terminal ends it
      const terminal = window.createTerminal({
        name: "strategy preview",
        cwd: folder(),
        shellPath: command,
        shellArgs: ["preview", "--root", root],
      });
      terminal.show();
    }),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}
