"""Editors as they are: Neovim without a window, and the extension for Visual Studio Code under node."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from test_corpus import CORPUS

TOP = CORPUS.parents[1]
NEW = "strategies/atsugi-2/2023-10.yaml"
EXTENSION = TOP / "editors" / "vscode"
MODULES = os.environ.get("STRATEGY_VSCODE", "")


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped plan with a slip behind a character of two UTF-16 units."""
    shutil.copytree(TOP / "strategies" / "atsugi-2", tmp_path / "strategies" / "atsugi-2")
    path = tmp_path / NEW
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: 転出抑制", "title: 𠮷転出  抑制\u3000"), encoding="utf-8", newline="\n")
    return tmp_path


def validated(folder):
    command = [sys.executable, "-m", "atsugi_cli", "validate", "-f", "json"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder, encoding="utf-8")
    return [(each["code"], each["line"], each["column"]) for each in json.loads(done.stdout)["findings"]]


@pytest.fixture
def command(tmp_path):
    """The command, as an editor finds it: one file that can be started."""
    path = tmp_path / "strategy"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m atsugi_cli "$@"\n', encoding="utf-8", newline="\n")
    path.chmod(0o755)
    return str(path)


NEOVIM = """
local settings = { name = "strategy", cmd = { vim.env.STRATEGY, "lsp" }, root_dir = vim.fn.getcwd() }
if vim.lsp.start then
  vim.lsp.start(settings)
else
  vim.lsp.buf_attach_client(0, vim.lsp.start_client(settings))
end
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local found = {}
for _, each in ipairs(vim.diagnostic.get(0)) do
  local line = vim.api.nvim_buf_get_lines(0, each.lnum, each.lnum + 1, true)[1]
  table.insert(found, { each.code, each.lnum + 1, vim.fn.strchars(line:sub(1, each.col)) + 1 })
end
vim.fn.writefile({ vim.fn.json_encode(found) }, vim.env.OUT)
vim.cmd("qa!")
"""


@pytest.mark.skipif(not shutil.which("nvim") or os.name == "nt", reason="Neovim is missing")
def test_neovim_shows_what_validate_says(folder, command):
    (folder / "look.lua").write_text(NEOVIM, encoding="utf-8", newline="\n")
    words = ["nvim", "--headless", "-u", "NONE", NEW, "-c", "luafile look.lua"]
    env = {**os.environ, "STRATEGY": command, "OUT": str(folder / "found.json"), "PYTHONPATH": str(TOP)}
    subprocess.run(words, check=True, cwd=folder, env=env, timeout=120, capture_output=True)
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert found
    assert sorted(map(tuple, found)) == sorted(validated(folder))


@pytest.mark.skipif(
    not (MODULES and shutil.which("node") and Path(MODULES, "node_modules").is_dir()),
    reason="node or the folder STRATEGY_VSCODE, with the node_modules of editors/vscode, is missing",
)
def test_the_extension_is_built_packaged_and_starts_the_server(tmp_path, folder, command):
    here = tmp_path / "extension"
    shutil.copytree(EXTENSION, here, ignore=shutil.ignore_patterns("node_modules", "out", "*.vsix"))
    (here / "node_modules").symlink_to(Path(MODULES, "node_modules"))
    subprocess.run(["npm", "run", "package"], check=True, cwd=here, capture_output=True, timeout=240)
    with zipfile.ZipFile(here / "strategy-yaml.vsix") as package:
        names = package.namelist()
    assert [name for name in names if name.startswith("extension/")] == [
        "extension/package.json",
        "extension/readme.md",
        "extension/out/extension.js",
    ]
    words = ["node", "test/client.mjs", command, str(folder), str(folder / NEW)]
    env = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run(words, check=False, cwd=here, env=env, capture_output=True, encoding="utf-8", timeout=120)
    shown = json.loads(done.stdout.splitlines()[-1])
    line = (folder / NEW).read_text(encoding="utf-8").split("\n")[shown[0]["line"]]
    places = {(each["code"], each["line"] + 1) for each in shown}
    assert places == {(code, line) for code, line, _ in validated(folder)}
    assert "𠮷" in line


def test_no_address_of_a_registry_is_kept():
    kept = subprocess.run(["git", "ls-files", "editors"], capture_output=True, check=False, cwd=TOP, encoding="utf-8")
    names = kept.stdout.split()
    assert not [name for name in names if Path(name).name in {"package-lock.json", ".npmrc"} or "node_modules" in name]
