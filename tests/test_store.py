"""The outside world: files, folders, git, standard input, and everything in it that is not as it should be."""

import io
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

from atsugi_cli import store
from atsugi_cli.project.editions import named, split_range
from atsugi_cli.project.reading import Project
from atsugi_cli.store import StoreError, sizes

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX file types")


@pytest.fixture(autouse=True)
def outside(lonely_git):
    """Work in an empty folder with a git of its own settings."""
    yield lonely_git
    store.close()


def put(path, data="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def resolve(argument, beside="", root=store.ROOT):
    return named(Project(root), argument, beside)


def refused(call, *arguments, **more):
    with pytest.raises(StoreError) as caught:
        call(*arguments, **more)
    message = str(caught.value)
    assert "。" in message or "もしかして" in message
    return message


# ------------------------------------------------------------------------------------------------------- files


def test_a_file_is_read_as_bytes(tmp_path):
    put(tmp_path / "a b/日本.yaml", b"\xef\xbb\xbf\r\n")
    assert store.read_file("a b/日本.yaml") == store.Blob("a b/日本.yaml", b"\xef\xbb\xbf\r\n", "a b/日本.yaml")


@pytest.mark.parametrize("path", ["", "none.yaml", "none/none.yaml", "x\0y", "f.yaml/x", "n" * 5000])
def test_what_cannot_be_a_file_is_refused(path, tmp_path):
    put(tmp_path / "f.yaml")
    refused(store.read_file, path)


def test_a_mistyped_file_is_suggested(tmp_path):
    put(tmp_path / "p/2023-10.yaml")
    assert refused(store.read_file, "p/2023-01.yaml").endswith("もしかして: p/2023-10.yaml")


def test_folders_are_refused(tmp_path):
    assert "フォルダです" in refused(store.read_file, str(tmp_path))


@posix
def test_pipes_and_devices_are_refused_without_opening_them():
    os.mkfifo("pipe.yaml")
    assert "通常のファイルではありません" in refused(store.read_file, "pipe.yaml")
    assert "通常のファイルではありません" in refused(store.read_file, "/dev/zero")
    assert "通常のファイルではありません" in refused(resolve, "pipe.yaml")


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_are_refused(tmp_path):
    put(tmp_path / "a.yaml").chmod(0)
    assert "権限" in refused(store.read_file, "a.yaml")


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may enter everything")
def test_folders_that_can_be_listed_and_not_entered_are_closed(tmp_path):
    put(tmp_path / "s/p/a.yaml")
    put(tmp_path / "s/q/b.yaml")
    (tmp_path / "s/p").chmod(0o444)
    told = []
    found = store.find_editions(["s"], lambda path, error: told.append((path, str(error))))
    (tmp_path / "s/p").chmod(0o755)
    assert found.editions == ("s/q/b.yaml",)
    assert told == [("s/p", "フォルダ s/p を開けません（権限がありません）。")]


def test_what_lies_in_a_closed_folder_is_not_called_missing(monkeypatch):
    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.lstat", closed)
    assert refused(store.find_editions, ["s/a.yaml"]) == "s/a.yaml を読めません（権限がありません）。"


def test_large_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "MAX_BYTES", 10)
    put(tmp_path / "a.yaml", "x" * 10)
    put(tmp_path / "b.yaml", "x" * 11)
    assert len(store.read_file("a.yaml").data) == 10
    assert "大きすぎます" in refused(store.read_file, "b.yaml")


HEAD = "plan:\n  id: p\nedition:\n  id: 2020-03\ngoals:\n"


def items(first, last):
    return "".join(f"  - id: i{at}\n    title: 取組その{at}\n" for at in range(first, last))


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(sizes, "MAX_BYTES", 2000)
    monkeypatch.setattr(sizes, "_SLICE", 1000)


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_large_edition_is_read_if_it_looks_like_one_throughout(tmp_path, line_end):
    put(tmp_path / "a.yaml", (HEAD + items(0, 1000)).replace("\n", line_end))
    assert len(store.read_file("a.yaml").data) > 10 * sizes.MAX_BYTES


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize(
    "more",
    [
        "# コメント\n" * 500, "\n" * 5000, "x-a: " + "あ" * 2000, "x-a:\n" + "  - a\n" * 1000, items(0, 1) * 100,
        HEAD + items(0, 100), "x-a: " + "[" * 5000, "".join(f"unknown{at}: 1\n" for at in range(500)), "-id:x\n" * 800,
    ],
)  # fmt: skip
def test_a_large_file_that_stops_to_look_like_an_edition_is_refused_and_the_line_named(tmp_path, more):
    put(tmp_path / "a.yaml", HEAD + items(0, 100) + more)
    message = refused(store.read_file, "a.yaml")
    found = re.search("([0-9,]+)行目あたりから先", message)
    assert abs(int(found[1]) - 200) < 200


def test_templates_may_be_larger_than_editions(tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "MAX_BYTES", 10)
    monkeypatch.setattr(sizes, "MAX_TEMPLATE_BYTES", 20)
    put(tmp_path / "a.docx", "x" * 20)
    put(tmp_path / "b.docx", "x" * 21)
    assert len(store.read_template("a.docx")) == 20
    assert "大きすぎます" in refused(store.read_template, "b.docx")


def test_stdin(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("版".encode())))
    assert resolve("-") == store.Blob("標準入力", "版".encode())
    monkeypatch.setattr(sys, "stdin", None)
    refused(store.read_stdin)


# ------------------------------------------------------------------------------------------------------- folders


def test_folders_are_searched_by_name(tmp_path):
    for name in ("b.yaml", "a.yml", "C.YAML", "profile.yaml", "p/profile.yml", "p/2023-10.yaml", "日本/素案 1.yaml"):
        put(tmp_path / "s" / name)
    for name in (
        "a.yaml~", "a.yaml.bak", ".a.yaml.swp", ".#a.yaml", "#a.yaml#", ".~lock.a.yaml#", "~$a.yaml", "._a.yaml",
        "readme.md", "yaml", ".git/x.yaml", "p/.cache/y.yaml",
    ):  # fmt: skip
        put(tmp_path / "s" / name)
    (tmp_path / "s/folder.yaml").mkdir()
    assert store.find_editions(["s"]) == store.Found(
        ("s/C.YAML", "s/a.yml", "s/b.yaml", "s/p/2023-10.yaml", "s/日本/素案 1.yaml"),
        ("s/profile.yaml", "s/p/profile.yml"),
    )


def test_named_files_are_taken_once_and_whatever_their_suffix(tmp_path):
    put(tmp_path / "s/a.yaml")
    put(tmp_path / "b.txt")
    assert store.find_editions(["s/a.yaml", "s", "b.txt", "./s/a.yaml"]).editions == ("s/a.yaml", "b.txt")
    assert store.find_editions([]) == store.Found((), ())


def test_patterns_are_expanded_where_no_shell_did(tmp_path):
    put(tmp_path / "s/a.yaml")
    put(tmp_path / "s/b.yaml")
    assert store.find_editions(["s/*.yaml"]).editions == ("s/a.yaml", "s/b.yaml")
    refused(store.find_editions, ["s/*.txt"])


@posix
def test_links_cannot_lead_in_circles(tmp_path):
    put(tmp_path / "s/p/a.yaml")
    (tmp_path / "s/p/loop").symlink_to("..")
    (tmp_path / "s/q").symlink_to("p")
    (tmp_path / "s/self.yaml").symlink_to("self.yaml")
    assert store.find_editions(["s"]).editions == ("s/self.yaml", "s/p/a.yaml")
    refused(store.read_file, "s/self.yaml")


def test_missing_paths_are_refused_with_a_suggestion(tmp_path):
    (tmp_path / "strategies").mkdir()
    assert refused(store.find_editions, ["strategis"]).endswith("もしかして: strategies")
    refused(store.find_editions, [""])


def test_profile_lies_beside_the_edition_or_above(tmp_path):
    put(tmp_path / "s/p/a.yaml")
    assert store.profile_for("s/p/a.yaml") is None
    put(tmp_path / "s/profile.yaml")
    assert store.profile_for("s/p/a.yaml") == os.path.normpath("s/profile.yaml")
    put(tmp_path / "s/p/profile.yml")
    assert store.profile_for("s/p/a.yaml") == os.path.normpath("s/p/profile.yml")


@posix
def test_the_folder_above_a_linked_one_is_that_which_holds_the_link(tmp_path):
    put(tmp_path / "elsewhere/profile.yaml")
    put(tmp_path / "elsewhere/p/a.yaml")
    (tmp_path / "s").mkdir()
    (tmp_path / "s/p").symlink_to(tmp_path / "elsewhere/p")
    assert store.profile_for("s/p/a.yaml") is None
    put(tmp_path / "s/profile.yaml")
    assert store.profile_for("s/p/a.yaml") == os.path.normpath("s/profile.yaml")


# ------------------------------------------------------------------------------------------------------- EDITION


@pytest.fixture
def plans(tmp_path):
    for name in ("atsugi-2/2020-03", "atsugi-2/2023-10", "ebina/2023-10", "ebina/first"):
        put(tmp_path / f"strategies/{name}.yaml", name)
    put(tmp_path / "strategies/atsugi-2/profile.yaml")
    return tmp_path


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("strategies/ebina/first.yaml", "ebina/first"),
        ("strategies/ebina/first", "ebina/first"),
        ("2020-03", "atsugi-2/2020-03"),
        ("ebina/2023-10", "ebina/2023-10"),
        ("strategies/atsugi-2", "atsugi-2/2023-10"),
        ("strategies/atsugi-2/", "atsugi-2/2023-10"),
        ("atsugi-2", "atsugi-2/2023-10"),
    ],
)
@pytest.mark.usefixtures("plans")
def test_editions_are_found_by_every_name(argument, expected):
    blob = resolve(argument)
    assert (blob.data.decode(), blob.rev) == (expected, None)
    assert blob.name == f"strategies/{expected}.yaml"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("2023-10", "atsugi-2/2023-10、ebina/2023-10"),
        ("2020-3", "もしかして: 2020-03"),
        ("zzz", "ある版: 2020-03、2023-10、first"),
        ("-x", "ありません"),
        ("strategies/empty", "版（*.yaml）がありません"),
        ("a\0b", "ありません"),
        ("C:\\none.yaml", "ありません"),
    ],
)
def test_editions_that_cannot_be_told(argument, words, plans):
    (plans / "strategies/empty").mkdir()
    assert words in refused(resolve, argument)


# ------------------------------------------------------------------------------------------------------- git

ODD = 'strategies/p/日本 "引用" x.yaml'


def git(*arguments, cwd=".", day="2023-06-01"):
    settings = ("-c", "user.name=名前", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    fixed = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{day}T00:00:00+09:00")
    fixed |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=cwd, capture_output=True, check=False, env={**os.environ, **fixed}
    )
    assert not done.returncode, done.stderr.decode()
    return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a repository of three commits and a merge that settles a conflict."""
    top = tmp_path_factory.mktemp("repository")
    git("init", "-q", cwd=top)
    put(top / "strategies/p/2020-03.yaml", "one")
    put(top / ODD, "odd")
    put(top / "strategies/profile.yaml", "profile")
    git("add", ".", cwd=top)
    git("commit", "-qm", "一", cwd=top, day="2023-01-01")
    git("branch", "side", cwd=top)
    put(top / "strategies/p/2020-03.yaml", "two")
    put(top / "strategies/p/2023-10.yaml", "new")
    git("add", ".", cwd=top)
    git("commit", "-qm", "二", cwd=top, day="2023-02-01")
    git("tag", "v1.0", cwd=top)
    git("checkout", "-q", "side", cwd=top)
    put(top / "strategies/p/2020-03.yaml", "side")
    git("commit", "-qam", "枝", cwd=top, day="2023-03-01")
    git("checkout", "-q", "main", cwd=top)
    git("merge", "-q", "-s", "ours", "--no-commit", "side", cwd=top)
    put(top / "strategies/p/2020-03.yaml", "settled")
    git("commit", "-qam", "合流", cwd=top, day="2023-04-01")
    put(top / "strategies/p/2020-03.yaml", "staged")
    git("add", ".", cwd=top)
    put(top / "strategies/p/2020-03.yaml", "working")
    return top


@pytest.fixture
def repository(made, tmp_path, monkeypatch):
    top = tmp_path / "r"
    shutil.copytree(made, top, symlinks=True)
    monkeypatch.chdir(top)
    return top


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("2020-03", b"working"),
        ("HEAD:strategies/p/2020-03.yaml", b"settled"),
        ("HEAD:./strategies/p/2020-03.yaml", b"settled"),
        ("v1.0:2020-03", b"two"),
        ("v1.0:p/2020-03", b"two"),
        ("side:strategies/p/2020-03.yaml", b"side"),
        (":strategies/p/2020-03.yaml", b"staged"),
        (":2020-03", b"staged"),
        (f"HEAD:{ODD}", b"odd"),
        ("HEAD^{/二}:2023-10", b"new"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_revisions_are_read(argument, expected):
    assert resolve(argument).data == expected


@pytest.mark.usefixtures("repository")
def test_plan_folder_at_a_revision():
    blob = resolve("v1.0:strategies/p")
    assert blob == store.Blob(f"v1.0:{ODD}", b"odd", ODD, "v1.0")  # none can be read: the last by its name


def test_bare_revision_reads_the_file_of_the_other_side(repository):
    blob = resolve("v1.0", beside="strategies/p/2020-03.yaml")
    assert blob == store.Blob("v1.0:strategies/p/2020-03.yaml", b"two", "strategies/p/2020-03.yaml", "v1.0")
    assert "v1.0:PATH" in refused(resolve, "v1.0")
    put(repository / "strategies/p/later.yaml")
    assert "later.yaml はありません" in refused(resolve, "v1.0", beside="strategies/p/later.yaml")


def test_paths_count_from_here_in_a_subfolder(repository, monkeypatch):
    monkeypatch.chdir(repository / "strategies")
    assert resolve("v1.0:p/2020-03.yaml").data == b"two"
    assert resolve("v1.0:strategies/p/2020-03.yaml").data == b"two"
    assert resolve("v1.0", beside="p/2020-03.yaml").data == b"two"
    assert resolve("v1.0", root=".", beside=str(repository / "strategies/p/2020-03.yaml")).data == b"two"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("mian:2020-03", "もしかして: main"),
        ("main:2023-11", "もしかして: main:2023-10"),
        ("main:strategies/p/2023-1.yaml", "もしかして: main:strategies/p/2023-10.yaml"),
        ("--output=x:y", "gitにありません"),
        ("-h:2020-03", "gitにありません"),
        ("main\n:2020-03", "gitにありません"),
        ("v9", "v9 という版もファイルもありません"),
    ],
)
def test_what_git_does_not_have(argument, words, repository):
    assert words in refused(resolve, argument, beside="strategies/p/2020-03.yaml")
    assert not (repository / "x").exists()


@posix
def test_names_with_newlines_and_links(repository):
    put(repository / "strategies/p/a\nb.yaml", "newline")
    (repository / "strategies/p/link.yaml").symlink_to("2020-03.yaml")
    (repository / "strategies/p/out.yaml").symlink_to("/etc/hostname")
    git("add", ".")
    git("commit", "-qm", "x")
    assert store.repository(".").show("HEAD", "strategies/p/a\nb.yaml") == b"newline"
    assert resolve("HEAD:strategies/p/link.yaml").data == b"working"
    assert store.repository(".").find("HEAD", "strategies/p/out.yaml") is None
    assert any(path.endswith("a\nb.yaml") for path, _ in store.repository(".").commits("strategies")[0].files)


@pytest.mark.usefixtures("repository")
def test_commits_name_each_blob():
    found = store.repository(".").commits("strategies/p/2020-03.yaml")
    assert [one.subject for one in found] == ["合流", "枝", "二", "一"]
    blobs = [store.repository(".").blob(blob) for one in found for _, blob in one.files]
    assert blobs == [b"settled", b"side", b"two", b"one"]
    assert (found[-1].author, found[-1].date) == ("名前", "2023-01-01T00:00:00+09:00")
    assert found[0].id == git("rev-parse", "HEAD")
    odd = store.repository("strategies").commits("p")[-1]
    assert ODD in [path for path, _ in odd.files]


@pytest.mark.usefixtures("repository")
def test_commits_since():
    folder = store.repository(".")
    assert [one.subject for one in folder.commits(".", "v1.0")] == ["合流", "枝"]
    assert [one.subject for one in folder.commits(".", "2023-03-02")] == ["合流"]
    assert len(folder.commits(".", "2000-01-01")) == 4
    assert "gitにありません" in refused(folder.commits, ".", "--all")
    assert "gitにありません" in refused(folder.commits, ".", "yesterday")


@pytest.mark.usefixtures("repository")
def test_deleted_files_have_no_blob():
    git("rm", "-qf", ODD)
    git("commit", "-qm", "x")
    assert store.repository(".").commits(ODD)[0].files == ((ODD, None),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v1.0..main", ("v1.0", "main")),
        ("v1.0..", ("v1.0", "HEAD")),
        ("HEAD~1..HEAD", ("HEAD~1", "HEAD")),
        ("feature/x..main", ("feature/x", "main")),
        ("2020-03", None),
        ("..", None),
        ("../x.yaml", None),
        ("a/../b.yaml", None),
        ("v1.0", None),
        ("a..b:c", None),
    ],
)
def test_ranges(text, expected):
    assert split_range(text) == expected


@pytest.mark.usefixtures("repository")
def test_three_dots_start_where_both_part():
    assert split_range("main~1...side") == (git("rev-parse", "main~2"), "side")


def test_an_existing_file_is_no_range(tmp_path):
    put(tmp_path / "a..b")
    assert split_range("a..b") is None


def test_outside_a_repository():
    assert "gitのリポジトリではありません" in refused(resolve, "HEAD:x.yaml")
    assert "gitのリポジトリではありません" in refused(store.repository(".").commits, ".")
    assert "HEAD という版もファイルもありません" in refused(resolve, "HEAD")


def test_without_git(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "gitが見つかりません" in refused(resolve, "HEAD:x.yaml")


def test_empty_repository():
    git("init", "-q")
    assert "まだコミットがありません" in refused(resolve, "HEAD:x.yaml")


def test_bare_repository_and_worktree_and_submodule(repository, tmp_path, monkeypatch):
    git("clone", "-q", "--bare", str(repository), str(tmp_path / "bare"))
    git("worktree", "add", "-q", str(tmp_path / "tree"), "v1.0")
    (tmp_path / "outer").mkdir()
    git("init", "-q", cwd=tmp_path / "outer")
    git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(repository),
        "inner",
        cwd=tmp_path / "outer",
    )
    git("commit", "-qm", "x", cwd=tmp_path / "outer")
    monkeypatch.chdir(tmp_path / "bare")
    assert resolve("HEAD:strategies/p/2020-03.yaml").data == b"settled"
    assert "ありません" in refused(resolve, "HEAD:strategies/none.yaml")
    monkeypatch.chdir(tmp_path / "tree")
    assert resolve("HEAD:2020-03").data == b"two"
    monkeypatch.chdir(tmp_path / "outer")
    assert resolve("HEAD", beside="inner/strategies/p/2020-03.yaml").data == b"settled"
    assert store.repository(".").find("HEAD", "inner/strategies") is None


def test_shallow_clone_says_how_to_get_the_rest(repository, tmp_path, monkeypatch):
    git("clone", "-q", "--depth=1", repository.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    assert "--unshallow" in refused(resolve, "HEAD~1:2020-03")
    assert "--unshallow" in refused(resolve, "v0:2020-03")


@pytest.mark.usefixtures("repository")
def test_hooks_do_not_mislead(monkeypatch):
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert resolve("HEAD", beside="strategies/p/2020-03.yaml").data == b"settled"
    assert resolve(":2020-03").data == b"staged"


@pytest.mark.usefixtures("repository")
def test_one_process_serves_a_run(monkeypatch):
    started = []
    start = store.git._start
    monkeypatch.setattr(
        store.git, "_start", lambda command, *rest, **more: started.append(command) or start(command, *rest, **more)
    )
    for rev in ("HEAD", "v1.0", "side") * 5:
        resolve(rev, beside="strategies/p/2020-03.yaml")
    assert len(started) == 1


def test_large_blobs_are_refused_and_the_next_one_is_read(repository, monkeypatch):
    monkeypatch.setattr(sizes, "MAX_PLAN_BYTES", 400)
    put(repository / "big.yaml", "x" * 401)
    git("add", ".")
    git("commit", "-qm", "x")
    assert "大きすぎます" in refused(resolve, "HEAD:big.yaml")
    assert resolve("v1.0:2020-03").data == b"two"


@posix
def test_distrusted_repositories_are_told():
    words = "fatal: detected dubious ownership in repository at '/r'\nTo add an exception ...\n"
    assert "safe.directory" in store.git._complaint(words, ".")
    assert "detected dubious ownership in repository at '/r'" in store.git._complaint(words, ".")


# --------------------------------------------------------------------------------------- packaged data, output


@pytest.mark.parametrize("kind", ["schemas", "strategies"])
def test_packaged_data_is_found_from_anywhere(kind):
    assert os.path.isdir(store.packaged(kind))  # noqa: PTH112


def test_packaged_data_of_a_wheel(tmp_path, monkeypatch):
    put(tmp_path / "site/atsugi_cli/_data/schemas/strategy.schema.json")
    put(tmp_path / "site/schemas/foreign.json")
    monkeypatch.setattr(store.files, "__file__", str(tmp_path / "site/atsugi_cli/store/files.py"))
    assert store.packaged("schemas") == str(tmp_path / "site/atsugi_cli/_data/schemas")
    refused(store.packaged, "strategies")


def test_writing_replaces_the_whole_file_and_nothing_else(tmp_path):
    store.write_atomic("a.docx", b"1")
    put(tmp_path / "a.docx").chmod(0o640)
    store.write_atomic("a.docx", b"22")
    assert (tmp_path / "a.docx").read_bytes() == b"22"
    assert os.listdir() == ["a.docx"]  # noqa: PTH208
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "a.docx").stat().st_mode) == 0o640


@posix
def test_new_files_get_the_usual_mode(tmp_path):
    before = os.umask(0o027)
    try:
        store.write_atomic("a.docx", b"1")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.docx").stat().st_mode) == 0o640


@posix
def test_links_are_replaced_or_followed_and_devices_stay_what_they_are(tmp_path):
    put(tmp_path / "real/a.txt", "old")
    (tmp_path / "link.txt").symlink_to("real/a.txt")
    store.write_atomic("link.txt", b"new", follow=True)
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real/a.txt").read_bytes() == b"new"
    store.write_atomic("link.txt", b"newer")
    assert not (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "link.txt").read_bytes() == b"newer"
    assert (tmp_path / "real/a.txt").read_bytes() == b"new"
    os.link("link.txt", "other.txt")
    store.write_atomic("other.txt", b"both", follow=True)
    assert (tmp_path / "link.txt").read_bytes() == b"both"
    store.write_atomic("other.txt", b"one")
    assert ((tmp_path / "link.txt").read_bytes(), (tmp_path / "other.txt").read_bytes()) == (b"both", b"one")
    store.write_atomic("/dev/null", b"x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116


@pytest.mark.parametrize("path", ["", ".", "none/a.txt", "f/x", "a\0b"])
def test_what_cannot_be_written_is_told(path, tmp_path):
    put(tmp_path / "f")
    assert "書き込め" in refused(store.write_atomic, path, b"x")
    assert os.listdir() == ["f"]  # noqa: PTH208


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    put(tmp_path / "a.txt", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "空き容量がありません" in refused(store.write_atomic, "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert os.listdir() == ["a.txt"]  # noqa: PTH208


@pytest.mark.parametrize("path", [None, "-"])
def test_standard_output_gets_the_bytes(path, capfdbinary):
    print("前", end="")  # noqa: T201
    store.write_atomic(path, b"\xff\r\n")
    assert capfdbinary.readouterr().out == "前".encode() + b"\xff\r\n"
