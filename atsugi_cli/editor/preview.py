"""Preview: the papers of the working edition in a browser of this computer, made anew when a file is saved.

Nothing is written, and nobody else is answered: the server listens on 127.0.0.1, every address holds a secret word,
and what another page asks is refused. The papers are those of the commands, in a frame that follows the files.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Event, Lock
from typing import Final

from atsugi_cli import store
from atsugi_cli.findings import Finding, Findings
from atsugi_cli.formats import find
from atsugi_cli.formats.html_page import escaped, framed
from atsugi_cli.formats.manual import SEVERITY_WORDS
from atsugi_cli.formats.markup import asset
from atsugi_cli.formats.options import Options
from atsugi_cli.project import editions
from atsugi_cli.project.reading import Project, UnreadableError
from atsugi_cli.project.watching import Watch
from atsugi_cli.store import StoreError

PAUSE: Final = 0.2
"""Seconds between two looks at the files; a page is to show within one what was saved."""
QUIET: Final = 75
"""Looks after which the browser is told that there is nothing new, so that a closed one is noticed."""
_SAFE: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE: Final = """
body{display:flex;flex-direction:column;height:100vh;padding:.5rem 1rem;overflow:hidden}
body>*{width:100%}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:baseline;padding-bottom:.4rem}
nav a[aria-current]{font-weight:bold;text-decoration:none;color:var(--ink)}
h1{margin:0;font-size:1rem}
main{flex:1;display:flex;max-width:none}
iframe{flex:1;border:1px solid var(--line);background:var(--paper)}
"""
_FINDINGS: Final = 'li{margin:.6rem 0}code{font-family:"BIZ UDGothic","MS Gothic",monospace}'

Page = Callable[[Project, str], str]
"""Makes a page of an edition, by what names it (empty: the newest)."""


def diff(project: Project, edition: str) -> str:
    """Make the 新旧対照表."""
    from atsugi_cli.layout.comparison import comparison

    revision, profile = editions.compared(project, edition, "")
    form = find("diff", "html")
    return str(form.write(comparison(revision, profile, unfolds=form.unfolds), Options()))


def tree(project: Project, edition: str) -> str:
    """Make the 施策体系図."""
    from atsugi_cli.formats import svg
    from atsugi_cli.layout.diagram import diagram

    blob = editions.named(project, edition)
    return str(svg.page(diagram(project.strategy(blob), project.profile(blob.path)), Options()))


def kpis(project: Project, edition: str) -> str:
    """Make the KPI一覧: beside that of the edition that is revised, where there is one."""
    from atsugi_cli.layout import kpis as layout

    blob = editions.named(project, edition)
    strategy = project.strategy(blob)
    if editions.revised(project, blob, strategy) is None:
        document = layout.kpis(strategy, project.profile(blob.path))
    else:
        document = layout.compared(*editions.compared(project, edition, ""))
    return str(find("kpis", "html").write(document, Options()))


def findings(project: Project, edition: str) -> str:
    """List what was found in the folder of the edition."""
    found = checked(Watch(project.root), project, edition)
    items = "\n".join(map(_item, found.items)) or "<li>指摘はありません。</li>"
    body = f'<main>\n<h1>検証の結果（{len(found.items)}件）</h1>\n<ul class="findings">\n{items}\n</ul>\n</main>'
    return framed("検証の結果", body, style=_FINDINGS)


def _item(each: Finding) -> str:
    place = escaped(f"{each.place.source}:{each.place.line}:{each.place.column}")
    hint = f"<br>{escaped(each.hint)}。" if each.hint else ""
    word = SEVERITY_WORDS[each.severity]
    return f"<li><strong>{word}</strong> <code>{place}</code> {escaped(each.message)}。{hint}</li>"


def checked(watch: Watch, project: Project, edition: str) -> Findings:
    """Check the folder of an edition, with its profile."""
    folder = re.sub(r"[^/\\]*\Z", "", editions.named(project, edition).path or "") or "."
    profile = project.profile_path(f"{folder}/x")
    return watch.checked([folder, *([profile] if profile else [])])


PAGES: Final[Mapping[str, tuple[str, Page]]] = {
    "diff": ("新旧対照表", diff),
    "tree": ("施策体系図", tree),
    "kpis": ("KPI一覧", kpis),
    "findings": ("検証", findings),
}


def page(root: str, edition: str, name: str) -> str:
    """Make a page as the files are now; where it cannot be made, say why."""
    project = Project(root)
    try:
        return PAGES[name][1](project, edition)
    except UnreadableError as error:
        items = "\n".join(_item(each) for result in error.results for each in result.findings)
        why = f"<p>誤りがあるため、まだ出せません。</p>\n<ul>\n{items}\n</ul>"
    except StoreError as error:
        why = f"<p>{escaped(str(error))}</p>"
    title = PAGES[name][0]
    return framed(title, f"<main>\n<h1>{title}</h1>\n{why}\n</main>", style=_FINDINGS)


def shell(name: str) -> str:
    """Make the frame around a page: where else to go, and the script that follows the files."""
    links = "".join(
        f'<a href="{code}"{" aria-current=page" if code == name else ""}>{title}'
        f"{'<span id=count></span>' if code == 'findings' else ''}</a>"
        for code, (title, _) in PAGES.items()
    )
    title = PAGES[name][0]
    body = (
        f'<nav aria-label="資料"><h1>プレビュー</h1>{links}<span id="state" role="status"></span></nav>\n'
        f'<main><iframe id="paper" title="{title}" src="paper/{name}"></iframe></main>'
    )
    text = framed(f"プレビュー: {title}", body, style=_STYLE, script=asset("preview.js"))
    return text.replace("default-src 'none';", "default-src 'none'; frame-src 'self'; connect-src 'self';", 1)


class Server(ThreadingHTTPServer):
    """Answers this computer's browser, and nobody else; `address` is what to open."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, root: str, edition: str, port: int = 0) -> None:
        """Listen; a port of 0 is one that is free."""
        self.root, self.edition = root, edition
        self.token, self.ended = token_urlsafe(24), Event()
        self.watch, self.lock = Watch(root), Lock()
        path = editions.named(Project(root), edition).path
        self.named = [path] if path else []
        super().__init__(("127.0.0.1", port), Handler)
        self.hosts = (f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}")

    @property
    def address(self) -> str:
        """Return the address of the first page."""
        return f"http://{self.hosts[0]}/{self.token}/diff"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that went away in the middle is no error."""

    def state(self) -> tuple[tuple[str, int, int], ...]:
        """Return what tells one state of the files from another."""
        found = store.find_editions([self.root] if store.is_folder(self.root) else [])
        states = []
        for path in (*found.editions, *found.profiles, *self.named):
            try:
                status = os.stat(path)  # noqa: PTH116 - of a name, not of a path
            except OSError:
                continue
            states.append((path, status.st_mtime_ns, status.st_size))
        return tuple(states)

    def count(self) -> int:
        """Count what is to be found in the files now."""
        with self.lock:
            try:
                return len(checked(self.watch, Project(self.root), self.edition).items)
            except (StoreError, UnreadableError):
                return 0


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version, sys_version = "strategy", ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the terminal is for people."""

    def do_GET(self) -> None:
        """Give a page, its frame, or news of the files."""
        token, _, name = self.path.split("?")[0].lstrip("/").partition("/")
        if not self._is_own():
            self._answer(403, "このページからは読めません。")
        elif not compare_digest(token.encode(), self.server.token.encode()):
            self._answer(404, "ありません。strategy preview が示したアドレスを開いてください。")
        elif name == "events":
            self._follow()
        elif name in PAGES:
            self._answer(200, shell(name), "text/html", "none")
        elif (inner := name.removeprefix("paper/")) in PAGES:
            self._answer(200, page(self.server.root, self.server.edition, inner), "text/html", "self")
        else:
            self._answer(404, "ありません。")

    def _is_own(self) -> bool:
        """Check whether the browser asks for a page of ours: by the name it used, and by who asks."""
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in self.server.hosts:
            return False
        if origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            return False
        # an address that is typed or clicked is a navigation; anything else from elsewhere is a script or a picture
        elsewhere = self.headers.get("Sec-Fetch-Site", "none") in {"cross-site", "same-site"}
        return not elsewhere or self.headers.get("Sec-Fetch-Dest") == "document"

    def _answer(self, status: int, text: str, kind: str = "text/plain", ancestors: str = "none") -> None:
        data = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(data)), **_SAFE}
        for key, value in {**headers, "Content-Security-Policy": f"frame-ancestors '{ancestors}'"}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    def _follow(self) -> None:
        """Tell of every change of the files, until the browser is closed or the server ends."""
        self.send_response(200)
        for key, value in {"Content-Type": "text/event-stream", **_SAFE}.items():
            self.send_header(key, value)
        self.end_headers()
        last: object = None
        quiet = 0
        while True:
            state = self.server.state()
            if state != last:
                news = {"findings": self.server.count(), "again": last is not None}
                last, quiet = state, 0
                self.wfile.write(f"data: {json.dumps(news)}\n\n".encode())
            elif (quiet := quiet + 1) % QUIET == 0:
                self.wfile.write(b":\n\n")
            self.wfile.flush()
            if self.server.ended.wait(PAUSE):
                return
