"""The preview: who is answered, what is shown, and that the page follows the files."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from threading import Thread

import pytest
from test_browser import CHROMIUM, MODULES, SCRIPTS
from test_browser import pytestmark as in_browser
from test_corpus import CORPUS

from atsugi_cli.editor.preview import PAGES, Server

SHIPPED = CORPUS.parents[1] / "strategies" / "atsugi-2"
NEW = "strategies/atsugi-2/2023-10.yaml"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(SHIPPED, tmp_path / "strategies" / "atsugi-2")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server(folder):  # noqa: ARG001 - it works there
    with Server("strategies", "") as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


def asked(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_every_paper_is_shown_and_asks_for_nothing(server):
    for name, (title, _) in PAGES.items():
        status, frame = asked(server, f"/{server.token}/{name}")
        assert (status, frame.count(title) > 1) == (200, True)
        status, paper = asked(server, f"/{server.token}/paper/{name}")
        assert status == 200
        assert not re.search(r"""(?:src|href)=["']?(?:https?:|//)""", frame + paper)
        assert "default-src 'none'" in paper
    assert "新旧対照表" in asked(server, f"/{server.token}/paper/diff")[1]
    assert "指摘はありません" in asked(server, f"/{server.token}/paper/findings")[1]


def test_only_this_page_is_answered(server):
    path, own = f"/{server.token}/diff", f"127.0.0.1:{server.server_port}"
    assert asked(server, path, Host=own, Origin=f"http://{own}")[0] == 200
    assert asked(server, path, Host=own.replace("127.0.0.1", "localhost"))[0] == 200
    assert asked(server, path, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")[0] == 200
    for headers in (
        {"Host": "evil.example"},
        {"Host": f"evil.example:{server.server_port}"},
        {"Host": "127.0.0.1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"https://{own}"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "iframe"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Dest": "empty"},
    ):
        status, text = asked(server, path, **headers)
        assert (status, "都市間" in text) == (403, False), headers
    for path in (
        "/",
        "/diff",
        "/x/diff",
        f"/{server.token}",
        f"/{server.token}/../profile",
        f"/{server.token}/paper/x",
    ):
        assert asked(server, path)[0] == 404, path
    for method in ("POST", "PUT", "DELETE"):
        assert asked(server, f"/{server.token}/diff", method)[0] == 501


def test_it_follows_the_files_and_says_what_is_wrong(server, folder):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.request("GET", f"/{server.token}/events")
    news = connection.getresponse()

    def told():
        line = news.readline()
        while not line.startswith(b"data:"):
            line = news.readline()
        return json.loads(line[5:])

    assert told() == {"findings": 0, "again": False}
    path = folder / NEW
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("転出抑制", "転出の抑制"), encoding="utf-8", newline="\n")
    assert told() == {"findings": 1, "again": True}
    assert "転出の抑制" in asked(server, f"/{server.token}/paper/tree")[1]
    assert "undeclared-wording" not in asked(server, f"/{server.token}/paper/findings")[1]
    assert "名称変更か表記変更か" in asked(server, f"/{server.token}/paper/findings")[1]
    path.write_text(text.replace("title: 転出抑制", "title： <script>"), encoding="utf-8", newline="\n")
    assert told()["again"]
    for name in PAGES:
        page = asked(server, f"/{server.token}/paper/{name}")[1]
        assert "<script>" not in page.partition("<main>")[2].partition("</main>")[0]
        assert "コロン" in page
    assert path.read_text(encoding="utf-8").count("title：") == 1  # nothing is written
    (folder / "strategies" / "atsugi-2" / "2020-03.yaml").unlink()
    path.write_text(text, encoding="utf-8", newline="\n")
    assert told()["again"]
    assert "2020-03" in asked(server, f"/{server.token}/paper/diff")[1]
    assert asked(server, f"/{server.token}/paper/kpis")[0] == 200
    news.close()
    connection.close()


def begun(*words):
    command = [sys.executable, "-m", "atsugi_cli", "preview", "--no-open", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    return process, re.search(r"http://\S+", process.stderr.readline())[0]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is sent another way")
@pytest.mark.usefixtures("folder")
def test_two_run_at_once_and_end_with_ctrl_c():
    both = [begun() for _ in range(2)]
    assert len({address for _, address in both}) == 2
    for process, address in both:
        host, path = re.fullmatch(r"http://([^/]+)(/.+)", address).groups()
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request("GET", path)
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=30)
        assert (process.returncode, out, "Traceback" in said) == (0, "", False)


@pytest.mark.usefixtures("folder")
def test_a_port_that_is_taken_and_an_edition_that_is_not_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for words, why in ((["--port", port], "--port を付けずに"), (["2099-01"], "2099-01 という版")):
            command = [sys.executable, "-m", "atsugi_cli", "preview", "--no-open", *words]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
            assert (done.returncode, done.stdout) == (2, "")
            assert why in done.stderr


@in_browser
def test_a_browser_shows_what_is_saved(folder):
    process, address = begun()
    words = [address, str(folder / NEW), "学ぶ場と活躍の場の創出", "学びの場と活躍の場の創出"]
    done = subprocess.run(
        ["node", SCRIPTS / "preview.mjs", MODULES, *words],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "CHROMIUM": CHROMIUM},
        timeout=240,
    )
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    seen = json.loads(done.stdout)
    assert (seen["faults"], seen["requests"], seen["errors"], seen["console"]) == ([], [], [], [])
    assert seen["stolen"] == dict.fromkeys(("fetch", "opaque", "frame"), "refused")
    assert "新しくしました" in seen["status"]
