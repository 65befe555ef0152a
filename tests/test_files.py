"""Nothing overwritten, nothing false about files: each case of tests/files stands for its whole kind."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import docx
import pytest

from atsugi_cli import store
from atsugi_cli.cli.app import main

CASES = Path(__file__).parent / "files"
OLD, NEW = "strategies/reiji-3/2025-03.yaml", "strategies/reiji-3/2027-03.yaml"
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def git(*arguments, check=True):
    run = subprocess.run(["git", *arguments], check=check, capture_output=True, encoding="utf-8")
    return run.stdout + run.stderr


def commit(message):
    git("add", "-A")
    git("commit", "-q", "-m", message)
    store.close()


def edit(path, old, new):
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def everything(folder="."):
    """Give every file below a folder by name, links as what they lead to; what git keeps is left out."""
    return {
        str(path): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in Path(folder).rglob("*")
        if ".git" not in path.parts and (path.is_symlink() or path.is_file())
    }


@pytest.fixture
def case(lonely_git):
    """Copy a case into the empty folder in which the test works, as a git repository where that is asked for."""

    def begin(name, *, repository=False):
        shutil.copytree(CASES / name, lonely_git, dirs_exist_ok=True)
        if repository:
            git("init", "-q", "-b", "main")
            git("config", "user.name", "企画")
            git("config", "user.email", "a@example.jp")
            commit("版を置く")
        return lonely_git

    yield begin
    store.close()


@pytest.fixture
def told(capsys):
    """Run the program; give what it printed and said, and hold it to its exit code."""

    def run(*arguments, code=0):
        capsys.readouterr()
        assert main(arguments) == code, capsys.readouterr()
        store.close()
        return capsys.readouterr()

    return run


# ------------------------------------------------------------------------------------------------ outputs and inputs


@posix
@pytest.mark.parametrize("command", ["diff", "points", "kpis", "tree", "log", "validate", "schema"])
@pytest.mark.parametrize("out", [OLD, f"./{NEW}", "strategies/reiji-3/案.yaml", "link.txt", "hard.txt", "x.yml"])
def test_an_output_never_names_an_input(command, out, case, told):
    case("01-output-over-own-input")
    Path("link.txt").symlink_to(NEW)
    os.link(NEW, "hard.txt")
    before = everything()
    assert re.search("上書きしません|書き出せません", told(command, "-o", out, code=2).err)
    assert everything() == before


def test_what_git_keeps_for_itself_is_no_place_for_a_paper(case, told):
    case("08-rev-diff-after-git-mv", repository=True)
    before = Path(".git/config").read_bytes()
    assert "gitの管理用のフォルダ" in told("diff", "-o", ".git/config", code=2).err
    assert Path(".git/config").read_bytes() == before


def test_a_form_is_not_overwritten_with_what_is_put_into_it(case, told):
    case("01-output-over-own-input")
    form = docx.Document()
    form.add_paragraph("{{新旧対照表}}")
    form.save("form.docx")
    before = everything()
    assert "上書きしません" in told("diff", "--template", "form.docx", "-o", "./form.docx", code=2).err
    assert everything() == before


def test_an_edition_elsewhere_is_protected_when_it_is_named(case, told):
    case("01-output-over-own-input")
    Path("strategies").rename("版")
    before = everything()
    told("tree", "版/reiji-3/2027-03", "-o", "版/reiji-3/2027-03.yaml", "-f", "text", code=2)
    assert everything() == before


@posix
@pytest.mark.parametrize(
    "command", ["diff 版/reiji-3", "validate 版 --fail-on never", "tree 版/reiji-3/2025-03", "kpis 版/reiji-3"]
)
@pytest.mark.parametrize("name", [NEW, "strategies/reiji-3/profile.yaml"])
def test_what_a_second_name_of_an_input_holds_stays(command, name, case, told):
    case("01-output-over-own-input")
    Path("strategies/reiji-3/profile.yaml").touch()
    Path("strategies").rename("版")
    os.link(name.replace("strategies", "版"), "hard.txt")
    before = {path: data for path, data in everything().items() if "hard" not in str(path)}
    told(*command.split(), "-o", "hard.txt")
    assert before.items() <= everything().items()


def test_the_file_of_a_revision_is_protected_too(case, told):
    shutil.copy(case("01-output-over-own-input", repository=True) / NEW, "案.txt")
    commit("one")
    assert "上書きしません" in told("tree", "HEAD:案.txt", "-o", "./案.txt", code=2).err
    assert "上書きしません" in told("tree", "HEAD:./案.txt", "-o", "案.txt", code=2).err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("tree -o 体系図.docx", "Word（.docx）では"), ("tree -o t.xlsx", ".svg"), ("kpis -o k.pptx", "PowerPoint"),
        ("points -o p.json", "JSON"), ("diff -o d.svg", "SVG"), ("diff -o d.png", "PNG"), ("log -o 経過.docx", "Word"),
        ("diff -o d.doc", "Wordは .docx です"), ("diff -o d.xls", "Excelは .xlsx です"),
        ("diff -o d.jtd", "拡張子 .jtd"),
        ("diff -o d.odt", ".docx"), ("diff -f docx -o x.txt", "Wordは .txt"),
        ("diff -f text -o x.docx", "文字の表は .docx"),
        ("diff -o 資料/", "フォルダです"), ("diff -o strategies", "フォルダです"), ("validate -o x.docx", "Word"),
        ("diff -o X.DOC", "拡張子 .doc"), ("tree -o .docx", "Word"), ("diff -f json -o x.html", "JSONは .html"),
        ("diff -f text -o 写真.jpg", "文字の表は .jpg"), ("tree -o strategies/reiji-3/2027-03.yaml.", "拡張子 .yaml"),
    ],
)  # fmt: skip
def test_a_suffix_without_a_writer_is_refused(words, hint, case, told):
    case("11-suffix-of-another-format")
    before = everything()
    assert hint in told(*words.split(), code=2).err
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "form"), [("表", ""), ("表.txt", ""), ("案1.2", ""), ("令和8.3版", ""), ("表.log", "text")]
)
def test_text_has_many_names(name, form, case, told):
    case("11-suffix-of-another-format")
    told("diff", "-o", name, *(["-f", form] if form else []))
    assert "新旧対照表" in Path(name).read_text(encoding="utf-8")


def test_an_empty_report_is_written_too(case, told):
    case("06-log-misses-kpi-changes")
    for words in (["validate"], ["validate", "--fix", "--diff"]):
        Path("指摘.txt").write_text("前の指摘", encoding="utf-8")
        told(*words, "-o", "指摘.txt")
        assert Path("指摘.txt").read_bytes() == b""


@posix
def test_names_and_owners_stay_when_slips_are_put_right(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(CASES / "fix.yaml", "a.yaml")
    os.link("a.yaml", "b.yaml")
    Path("c.yaml").write_bytes(Path("a.yaml").read_bytes())
    if os.geteuid() == 0:
        os.chown("c.yaml", 1000, 1000)
    Path("c.yaml").chmod(0o660)
    owner = Path("c.yaml").stat()
    main(["validate", "--fix", "a.yaml", "c.yaml"])
    after = Path("c.yaml").stat()
    assert Path("a.yaml").read_bytes() == Path("b.yaml").read_bytes() == Path("c.yaml").read_bytes()
    assert Path("a.yaml").read_bytes() != (CASES / "fix.yaml").read_bytes()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (owner.st_uid, owner.st_gid, 0o660)
    assert sorted(everything()) == ["a.yaml", "b.yaml", "c.yaml"]


def test_what_was_saved_meanwhile_is_left_alone(tmp_path, monkeypatch):
    from atsugi_cli.project import fixing

    monkeypatch.chdir(tmp_path)
    shutil.copy(CASES / "fix.yaml", "a.yaml")
    real = fixing.fixed

    def slow(project, blob):
        result = real(project, blob)
        with Path("a.yaml").open("a", encoding="utf-8") as file:
            file.write("# 担当者が保存した\n")
        return result

    monkeypatch.setattr(fixing, "fixed", slow)
    main(["validate", "--fix", "a.yaml"])
    assert Path("a.yaml").read_bytes() == (CASES / "fix.yaml").read_bytes() + "# 担当者が保存した\n".encode()


# ------------------------------------------------------------------------------------------------------------- pack


@posix
def test_a_set_is_of_one_generation_or_of_the_other(case, told, monkeypatch):
    case("10-pack-mixed-generations")
    told("pack", "-o", "会議資料")
    before = everything("会議資料")
    edit(NEW, "value: 200", "value: 220")
    real = os.replace
    moved = []

    def locked(source, target):
        if str(target).endswith("03_体系図_改定前.svg") and not moved:
            moved.append(target)
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", locked)
    said = told("pack", "-o", "会議資料", code=2).err
    assert "03_体系図_改定前.svg に書き込めません（権限がありません）" in said
    assert everything("会議資料") == before
    told("pack", "-o", "会議資料")
    numbers = {
        number
        for name in ("01_新旧対照表.html", "04_体系図_改定後.svg", "05_改定のポイント.md", "index.html")
        for number in re.findall("照合番号 ([0-9a-f]+)", Path("会議資料", name).read_text(encoding="utf-8"))
    }
    assert len(numbers) == 1


@posix
def test_links_in_the_folder_of_papers_are_replaced_and_never_followed(case, told):
    case("10-pack-mixed-generations")
    Path("会議資料").mkdir()
    Path("bashrc").write_text("precious")
    Path("会議資料/index.html").symlink_to("../bashrc")
    Path("会議資料/08_改定.json").symlink_to("../new")
    told("pack")
    assert Path("bashrc").read_text() == "precious"
    assert not Path("new").exists()
    assert not Path("会議資料/index.html").is_symlink()
    assert "新旧対照表" in Path("会議資料/index.html").read_text(encoding="utf-8")


def test_a_paper_that_cannot_be_made_does_not_keep_the_others(case, told, monkeypatch):
    from atsugi_cli.formats import pdf

    case("10-pack-mixed-generations")

    def too_large(*_):
        raise MemoryError

    monkeypatch.setattr(pdf, "picture", too_large)
    assert "04_体系図_改定後.png は作りませんでした" in told("pack").err
    assert Path("会議資料/01_新旧対照表.docx").exists()
    assert not Path("会議資料/04_体系図_改定後.png").exists()


def test_a_picture_that_would_not_fit_into_memory_is_refused(case, told, monkeypatch):
    from atsugi_cli.formats import pdf

    case("10-pack-mixed-generations")
    monkeypatch.setattr(pdf, "_MOST_PIXELS", 1000)
    assert "大きすぎる体系図です" in told("tree", "-o", "体系図.png", code=2).err
    assert not Path("体系図.png").exists()


# ----------------------------------------------------------------------------------------------- editions and history


@pytest.mark.parametrize("arguments", [["HEAD~1"], ["HEAD~1..HEAD"], ["HEAD~1", "HEAD"]])
@pytest.mark.parametrize(
    ("source", "target"),
    [
        (NEW, "strategies/reiji-3/改定案.yaml"),
        ("strategies/reiji-3", "strategies/第3期"),
        (NEW, "strategies/reiji-3/" + unicodedata.normalize("NFD", "ガイド.yaml")),
    ],
)
def test_an_edition_is_found_wherever_its_file_was(arguments, source, target, case, told):
    case("08-rev-diff-after-git-mv", repository=True)
    git("mv", source, target)
    path = Path(target if target.endswith("yaml") else f"{target}/2027-03.yaml")
    edit(path, "value: 200", "value: 220")
    commit("改める")
    out = told("diff", *arguments).out
    assert "200" in out
    assert "220" in out
    assert "名称変更" not in out


def test_an_edition_that_was_not_there_yet_is_said_so(case, told):
    case("08-rev-diff-after-git-mv", repository=True)
    git("rm", "-q", NEW)
    commit("取り下げる")
    git("checkout", "-q", "HEAD~1", "--", NEW)
    assert "HEAD に版 2027-03 はありません。改定する版" in told("diff", "HEAD").err


def test_two_files_that_claim_one_edition_are_refused(case, told):
    case("08-rev-diff-after-git-mv", repository=True)
    shutil.copy(NEW, "strategies/reiji-3/2027-03 のコピー.yaml")
    for command in ("diff", "points", "kpis", "tree", "pack", "log"):
        said = told(command, code=2).err
        assert NEW in said, command
        assert "2027-03 のコピー.yaml" in said


@posix
def test_two_files_that_claim_one_edition_at_a_revision_are_refused(case, told):
    case("01-output-over-own-input", repository=True)
    shutil.copy(NEW, "strategies/写し.yaml")
    commit("写す")
    assert re.search("HEAD:.*2027-03.yaml.*HEAD:.*写し.yaml", told("diff", "HEAD~1..HEAD", code=2).err)


def test_an_edition_that_is_no_more_is_said_so(case, told):
    case("01-output-over-own-input", repository=True)
    git("mv", "strategies/reiji-3", "strategies/例示")
    commit("移す")
    assert "もうありません" not in told("diff", "HEAD~1").err
    git("rm", "-q", "strategies/例示/2027-03.yaml")
    commit("取り下げる")
    for arguments in (("diff", "HEAD~1"), ("points", "HEAD~2..HEAD")):
        assert "版 reiji-3/2027-03 は、もうありません" in told(*arguments).err


def test_the_other_side_is_found_by_its_identity_on_both_sides(case, told):
    case("01-output-over-own-input", repository=True)
    git("mv", NEW, "strategies/reiji-3/改定案.yaml")
    commit("名前を改める")
    assert "変更はありません" in told("diff", "reiji-3/改定案", "HEAD~1").out


def test_what_lies_in_another_repository_has_no_history_here(case, told):
    case("01-output-over-own-input", repository=True)
    Path("sub").mkdir()
    git("init", "-q", "sub")
    shutil.copytree("strategies", "sub/strategies")
    assert "サブモジュール" in told("validate", "--since", "HEAD", "--root", "sub/strategies", code=2).err
    assert "サブモジュール" in told("log", "--root", "sub/strategies").out


def test_what_git_says_of_damage_is_said_in_japanese(case, told):
    case("01-output-over-own-input", repository=True)
    shutil.copy(NEW, "strategies/reiji-3/x.txt")
    commit("加える")
    tree = git("rev-parse", "HEAD~1:strategies/reiji-3").strip()
    Path(f".git/objects/{tree[:2]}/{tree[2:]}").unlink()
    assert "gitの内容が壊れているか" in told("validate", "--since", "HEAD~1", code=2).err


def test_a_finding_stays_the_same_where_its_file_is_moved(case, told):
    case("01-output-over-own-input", repository=True)
    edit(NEW, "format: 1", "format: 1\nzzz: 1")
    commit("誤る")
    git("mv", "strategies/reiji-3", "strategies/例示")
    commit("移す")
    told("validate", "--since", "HEAD~1")
    found = json.loads(told("validate", "--since", "HEAD~1", "-f", "json", "--all").out)["findings"]
    assert [(each["path"], each["state"]) for each in found if each["code"] == "unknown-key"] == [
        ("strategies/例示/2027-03.yaml", "unchanged")
    ]
    assert any("より前から" in each["message"] for each in found)


def test_what_git_cannot_give_is_not_replaced_by_another_edition(case, told):
    case("08-rev-diff-after-git-mv", repository=True)
    edit(NEW, "value: 200", "value: 220")
    commit("改める")
    blob = git("rev-parse", f"HEAD~1:{NEW}").strip()
    file = Path(".git/objects", blob[:2], blob[2:])
    file.chmod(0o644)
    file.write_text("x")
    for words in (["diff", "HEAD~1"], ["diff", "HEAD~1..HEAD"], ["tree", "--since", "HEAD~1"], ["log"]):
        assert "取り出せません" in told(*words, code=2).err
    file.unlink()
    assert "取り出せません" in told("diff", "HEAD~1", code=2).err


def test_an_items_log_tells_of_its_indicators(case, told):
    case("06-log-misses-kpi-changes", repository=True)
    assert "150人から200人" in told("log", "i-a").out
    edit(NEW, "target: {year: 2029, value: 200}", "target: {year: 2029, value: 230}")
    commit("目標だけ")
    assert "200人から230人" in told("log", "i-a").out
    assert "230人" not in told("log", "g1").out


def test_withdrawn_and_renamed_editions_have_their_row(case, told):
    case("07-log-keeps-withdrawn-editions", repository=True)
    git("mv", NEW, "strategies/reiji-3/2027-04.yaml")
    edit("strategies/reiji-3/2027-04.yaml", "id: 2027-03", "id: 2027-04")
    commit("版の名前を改める")
    Path("strategies/reiji-3/2027-04.yaml").unlink()
    assert "作業中（未コミット）" in told("log").out
    commit("案を取り下げる")
    out = re.sub(r"[\s|]+", "", told("log", "--width", "300").out)
    assert "1版" in out
    assert "2027-04に改めた" in out
    assert "取り下げた（削除" in out
    assert "版2027-03を2027-04に改めた" in out
    for subject in ("版を置く", "版の名前を改める", "案を取り下げる"):
        assert subject in out


def test_a_history_that_is_cut_is_said(case, told, monkeypatch):
    folder = case("19-since-in-shallow-clone", repository=True)
    edit(NEW, "id: i-a\n", "id: i-a\n            zzz: 1\n")
    commit("bad")
    edit(NEW, "            zzz: 1\n", "")
    commit("good")
    assert "今は直っています" in told("validate", "--since", "2020-01-01", "--all").out
    git("clone", "-q", "--depth", "1", f"file://{folder}", "shallow")
    git("clone", "-q", "--depth", "3", f"file://{folder}", "deeper")
    monkeypatch.chdir("shallow")
    assert "浅いクローン" in told("validate", "--since", "2020-01-01", code=2).err
    told("validate", "--since", "2020-01-01", "--shallow-ok")
    monkeypatch.chdir("../deeper")
    told("validate", "--since", "HEAD~1")


# ---------------------------------------------------------------------------------------- what a destination can show


def test_what_a_console_lacks_is_replaced_by_a_sign_as_wide(case):
    case("23-cp932-escapes")
    command = [sys.executable, "-m", "atsugi_cli", "diff"]
    run = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp932"})
    out = run.stdout.decode("cp932")
    assert "〓野地区の" in out
    assert "\\U" not in out
    assert run.stderr.decode("cp932").count("cp932 にない文字 1種類（U+20BB7）を〓（半角は ?）で出しました。") == 1
    plain = subprocess.run(command, check=True, capture_output=True, env=dict(os.environ)).stdout.decode()
    assert out.replace("〓", "𠮷") == plain


def test_a_file_is_whole(case, told):
    case("24-markdown-file-cut")
    told("diff", "--all", "-o", "新旧対照表.md")
    text = Path("新旧対照表.md").read_text(encoding="utf-8")
    assert "省いた" not in text
    assert "推進体制" in text
    assert told("diff", "--all", "-f", "markdown").out == text
    assert len(told("diff", "--all", "-f", "comment").out) < 65_536


@pytest.mark.parametrize("word", ["\udcff\udcfe", "a\x9bb", "a\u2028b", "a\x85b", "a\nb"])
def test_what_no_edition_may_hold_is_refused_where_it_is_typed(word, case, told):
    case("10-pack-mixed-generations")
    before = everything()
    for words in (["init", "z", "--city", word], ["init", "z", "--title", word], ["new", "2028-03", "--label", word]):
        assert "書けない文字" in told(*words, code=2).err
    assert everything() == before


# -------------------------------------------------------------------------------------------------------------- git


def test_the_driver_shows_a_conflict_and_nothing_else(case, told):
    case("16-driver-hides-merge-conflict", repository=True)
    git("checkout", "-q", "-b", "a")
    edit(NEW, "value: 200", "value: 210")
    commit("a")
    git("checkout", "-q", "main")
    edit(NEW, "value: 200", "value: 220")
    commit("b")
    git("merge", "a", check=False)
    plain = git("diff")
    told("git", "install")
    assert git("diff") == plain


def test_nothing_of_the_work_tree_is_run(case, told):
    case("08-rev-diff-after-git-mv", repository=True)
    told("git", "install")
    edit(NEW, "value: 200", "value: 220")
    for name in ("typer.py", "pathlib.py", "atsugi_cli.py"):
        Path(name).write_text('open("RAN", "w"); raise ImportError', encoding="utf-8")
    assert "220人" in git("diff", "--", NEW)
    assert not Path("RAN").exists()


@posix
def test_programs_named_by_a_repository_are_not_run(case, told, monkeypatch):
    case("08-rev-diff-after-git-mv", repository=True)
    edit(NEW, "value: 200", "value: 220")
    git("add", "-A")
    tree, head = git("write-tree").strip(), git("rev-parse", "HEAD").strip()
    who = "a <a@e> 1700000000 +0900"
    signed = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n\nsigned\n"
    Path("c").write_text(f"tree {tree}\nparent {head}\nauthor {who}\ncommitter {who}\n{signed}")
    git("update-ref", "HEAD", git("hash-object", "-t", "commit", "-w", "c").strip())
    Path("evil").write_text('#!/bin/sh\necho ran >> "$(dirname "$0")/RAN"\n')
    Path("evil").chmod(0o755)
    here = Path("evil").absolute()
    for name in ("gpg.program", "core.fsmonitor", "core.pager", "diff.external"):
        git("config", name, str(here))
    git("config", "log.showSignature", "true")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(here))
    assert "signed" in told("log", "i-a").out
    told("validate", "--since", "HEAD~1")
    told("diff", "HEAD~1")
    assert not Path("RAN").exists()


# ---------------------------------------------------------------------------------------------------- fault injection


KILLED = """
import os, signal, sys
left = int(sys.argv[1])
def counted(real):
    def step(*a, **k):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*a, **k)
    return step
for name in ("write", "fsync", "replace", "link", "unlink", "chmod", "chown"):
    setattr(os, name, counted(getattr(os, name)))
from atsugi_cli.cli.app import main
code = main(sys.argv[2:])
sys.stderr.flush()
os._exit(code)
"""
INDEX = "会議資料/index.html"
COMMANDS = {
    "diff": ["diff", "-o", "out.md"],
    "new": ["new", "2028-03"],
    "init": ["init", "town"],
    "fix": ["validate", "--fix", "fix.yaml"],
    "git": ["git", "install"],
    "pack": ["pack", "-o", "会議資料"],
}


def killed(step, words):
    run = subprocess.run([sys.executable, "-c", KILLED, str(step), *words], check=False, capture_output=True)
    return run.returncode == -9


def visible(folder="."):
    """Give the files as people see them, and apart the temporary ones of a run that was killed."""
    files = everything(folder)
    own = {name for name in files if re.search(r"\.strategy-[0-9a-f]{16}\.tmp$", name)}
    return {name: data for name, data in files.items() if name not in own}, own


@posix
@pytest.mark.parametrize("name", COMMANDS)
def test_a_run_that_is_killed_leaves_every_file_old_or_new(name, case):
    top = case("10-pack-mixed-generations", repository=True)
    words = COMMANDS[name]
    shutil.copy(CASES / "fix.yaml", "fix.yaml")
    if name in {"diff", "pack"}:
        main(words)
        edit(NEW, "value: 200", "value: 220")
    old, _ = visible()
    whole, trial = (top.parent / f"{top.name}-{each}" for each in ("whole", "try"))
    shutil.copytree(top, whole, symlinks=True)
    os.chdir(whole)
    main(words)
    new, left = visible()
    assert not left
    mixed, step = 0, 0
    stride = 1 if name != "pack" else 13  # a set takes some 150 steps, each run three seconds
    while True:
        step += stride
        os.chdir(top)
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(top, trial, symlinks=True)
        os.chdir(trial)
        if not killed(step, words):
            break
        now, left = visible()
        for file in (old.keys() | new.keys() | now.keys()) - ({INDEX} - now.keys()):
            assert now.get(file) in {old.get(file), new.get(file)}, (step, file)
        mixed += now not in (old, new)
        if INDEX in now:  # what stands for the set is there only with a whole one
            papers = [{k: v for k, v in each.items() if k.startswith("会議資料/0")} for each in (old, new, now)]
            assert papers[2] in papers[:2], step
        if step % (3 * stride) == 0:  # the next run takes away what was left, and only that
            Path(".strategy-x.tmp").write_text("theirs")
            main(words)
            again, left = visible()
            assert not left, step
            assert Path(".strategy-x.tmp").exists()
            if name == "pack":
                assert {k: v for k, v in again.items() if "会議資料" in k} == {
                    k: v for k, v in new.items() if "会議資料" in k
                }
    assert step > 2 * stride
    if name in {"diff", "new", "fix"}:
        assert mixed == 0


@posix
@pytest.mark.parametrize("at", [1, 5, 12])
def test_a_full_disk_leaves_everything_as_it_was(at, case, told, monkeypatch):
    case("10-pack-mixed-generations")
    told("pack")
    before = everything()
    edit(NEW, "value: 200", "value: 220")
    before[NEW] = Path(NEW).read_bytes()
    real, left = os.write, [at]

    def full(file, data):
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        return real(file, data[:1000] if left[0] == 1 else data)

    monkeypatch.setattr(os, "write", full)
    assert "空き容量がありません" in told("pack", code=2).err
    assert everything() == before


@posix
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM"])
def test_a_signal_waits_until_the_files_are_whole_and_then_ends_the_program(signal, case, told):
    case("10-pack-mixed-generations")
    told("pack")
    before = everything()
    edit(NEW, "value: 200", "value: 220")
    before[NEW] = Path(NEW).read_bytes()
    code = KILLED.replace("SIGKILL", signal)
    run = subprocess.run([sys.executable, "-c", code, "6", "pack"], check=False, capture_output=True)
    assert run.returncode in {130, -15}
    assert everything() == before


# ------------------------------------------------------------------------------------------------------------ a story


def test_what_becomes_of_an_edition_is_told_truly_from_beginning_to_end(case, told, monkeypatch):
    folder = case("08-rev-diff-after-git-mv", repository=True)
    renamed = unicodedata.normalize("NFD", "strategies/第3期プラン/改定ガイド.yaml")
    git("mv", "strategies/reiji-3", unicodedata.normalize("NFD", "strategies/第3期プラン"))
    git("mv", str(Path(renamed).parent / "2027-03.yaml"), renamed)
    commit("フォルダとファイルの名前を改める")
    assert "変更はありません" in told("diff", "HEAD~1").out
    tree = told("tree", "--since", "HEAD~1").out
    assert "変更" not in tree
    assert "[" not in tree.replace("[素案]", "")
    told("validate", "--since", "HEAD~1")
    assert "2版" in told("log").out

    copy = Path(renamed).with_name("写し.yaml")
    shutil.copy(renamed, copy)
    for words in (["diff"], ["diff", "HEAD~1"], ["tree", "--since", "HEAD~1"], ["log"]):
        assert "写し.yaml" in told(*words, code=2).err
    told("validate", code=1)
    copy.unlink()

    edit(renamed, "value: 200", "value: 220")
    commit("目標を改める")
    assert "220人" in told("diff", "HEAD~2").out
    assert "上方修正" in told("tree", "--since", "HEAD~2").out
    assert "200人から220人" in told("log", "i-a").out
    assert "220人" in told("diff", unicodedata.normalize("NFC", renamed)).out

    Path(renamed).unlink()
    commit("案を取り下げる")
    assert "取り下げ" in told("log").out
    told("validate", "--since", "HEAD~3")

    git("clone", "-q", "--depth", "1", f"file://{folder}", "shallow")
    monkeypatch.chdir("shallow")
    told("log", code=2)
    told("validate", "--since", "2020-01-01", code=2)
    assert "fetch-depth: 0" in told("diff", "HEAD~1", code=2).err
