"""`strategy validate --fix`: what is safe is put right in place, and nothing else is touched."""

import io
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atsugi_cli.cli import app
from atsugi_cli.findings import Edit
from atsugi_cli.project import fixing
from atsugi_cli.project.reading import Project
from atsugi_cli.reader.loading import load
from atsugi_cli.store import Blob

TYPED = """# 素案　 （この行は　そのまま ﾃﾞｼﾞﾀﾙ）
format: "1"  # 版　
plan:
  id: plan
  title: 総合戦略　   # 後ろに全角の空白
  period: {start: ２０２１, end: "2026"}
edition: {id: 2024-03, stage: draft, date: 2024-03-01, label: no}
sections:
  - id: outlook
    title: ﾃﾞｼﾞﾀﾙ技術
    body: |   # 本文
      ⼤学と
      か\u3099んばる。。
      
      都市\u200b間\u00a0連携\u3000
    note: '''市''の ﾎﾟｲﾝﾄ '
goals:
  - id: inflow
    number: ①
    title: 　転入促進
    targets:
    - id: t
      name: "転入者数 "
      unit: 人
      baseline: {year: 2020, value: １，２００}
      target:
        year: 2026
        value: 1,300   # 目標値  
    policies:
      - {id: p, number: "2", title: ②関係人口, initiatives: [{id: i, number: 1, omitted: true}]}
"""  # noqa: W291, W293 - blanks at line ends are what this is about

MEANT = """# 素案　 （この行は　そのまま ﾃﾞｼﾞﾀﾙ）
format: 1  # 版　
plan:
  id: plan
  title: 総合戦略   # 後ろに全角の空白
  period: {start: 2021, end: 2026}
edition: {id: 2024-03, stage: draft, date: 2024-03-01, label: "no"}
sections:
  - id: outlook
    title: デジタル技術
    body: |   # 本文
      大学と
      がんばる。
      
      都市間 連携
    note: '''市''の ポイント'
goals:
  - id: inflow
    number: 1
    title: 転入促進
    targets:
    - id: t
      name: "転入者数"
      unit: 人
      baseline: {year: 2020, value: 1200}
      target:
        year: 2026
        value: 1300   # 目標値  
    policies:
      - {id: p, number: 2, title: 関係人口, initiatives: [{id: i, number: 1, omitted: true}]}
"""  # noqa: W291, W293

CLEAN = re.sub(r"number: 2, title", "number: 1, title", MEANT)


@pytest.fixture
def told(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def run(*argv):
        code = app.main(["validate", *map(str, argv)])
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return run


@pytest.fixture
def edition(tmp_path):
    """Write an edition as plan/2024-03.yaml."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "plan" / "2024-03.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def test_everything_safe_is_put_right(told, edition):
    path = edition(TYPED)
    said = told(path, "--fix")
    assert path.read_bytes().decode() == MEANT
    assert "か所を直しました。" in said.err
    assert "half-width-kana" in said.err
    assert "number-order" in said.out  # what is left is said as always
    assert not list(path.parent.glob(".strategy*"))


def test_a_second_time_there_is_nothing_to_do(told, edition):
    path = edition(TYPED)
    told(path, "--fix")
    written = path.stat().st_mtime_ns
    said = told(path, "--fix")
    assert "直しました" not in said.err
    assert path.stat().st_mtime_ns == written
    assert path.read_bytes().decode() == MEANT


def test_a_profile_is_put_right_as_well(told, edition):
    profile = edition(CLEAN).with_name("profile.yaml")
    profile.write_text(
        "city: 厚木市\ntable: {legend: '下線はｶｲﾃｲ部分\u3000'}\nflags: {renamed: 改称}\n", encoding="utf-8"
    )
    assert told(profile.parent).out.count("-->") == 2
    said = told(profile.parent, "--fix")
    assert (said.code, said.out) == (0, "")
    assert "2か所を直しました。" in said.err
    assert "legend: '下線はカイテイ部分'}" in profile.read_text(encoding="utf-8")


def test_the_texts_of_one_s_own_keys_are_put_right(told, edition):
    path = edition(CLEAN.replace("goals:\n", "x-memo: {担当: [ﾔﾏﾀﾞ], 2024: か\u3099くしゅう}\ngoals:\n"))
    assert "half-width-kana" in told(path).out
    told(path, "--fix")
    assert "x-memo: {担当: [ヤマダ], 2024: がくしゅう}\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_line_ends_and_byte_order_mark_stay(told, edition, encoding):
    path = edition(TYPED.replace("\n", "\r\n"), encoding)
    told(path, "--fix")
    assert path.read_bytes() == MEANT.replace("\n", "\r\n").encode(encoding)


def test_a_diff_writes_nothing_and_can_be_applied(told, edition, tmp_path, monkeypatch):
    path = edition(TYPED.removesuffix("\n"))
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    said = told("plan/2024-03.yaml", "--fix", "--diff")
    assert said.code == 1
    assert path.read_bytes() == before
    assert said.out.startswith("--- a/plan/2024-03.yaml\n+++ b/plan/2024-03.yaml\n@@ -1,30 +1,30 @@\n")
    subprocess.run(["git", "apply", "-"], input=said.out.encode(), check=True, cwd=tmp_path)
    assert path.read_bytes().decode() == MEANT.removesuffix("\n")
    assert told("plan/2024-03.yaml", "--fix", "--diff") == SimpleNamespace(code=0, out="", err="")


def test_a_diff_shows_blanks_in_colour(told, edition):
    said = told(edition(TYPED), "--fix", "--diff", "--color", "always")
    assert "\x1b[31m-  title: 総合戦略　   # 後ろに全角の空白\x1b[0m\n" in said.out
    assert "\x1b[31m-      都市\\u200b間" in said.out
    assert "\x1b[7m\u3000\x1b[27m\x1b[0m" in said.out


def test_a_clean_file_is_not_written(told, edition):
    path = edition(CLEAN)
    written = path.stat().st_mtime_ns
    said = told(path, "--fix")
    assert "直しました" not in said.err
    assert path.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    "broken",
    [
        TYPED.replace("title: 総合", 'title: "総合'),
        TYPED.replace("goals:\n", "<<<<<<< HEAD\ngoals:\n"),
        TYPED.replace("id: outlook", "id: outlook\n    id: again"),
        TYPED.encode("cp932", "ignore"),
        "",
    ],
)
def test_what_cannot_be_read_stays_as_it_is(told, edition, broken):
    path = edition(broken)
    before = path.read_bytes()
    said = told(path, "--fix")
    assert said.code == 1
    assert path.read_bytes() == before
    assert "直していません" in said.err
    assert told(path, "--fix", "--diff").out == ""


@pytest.mark.parametrize(
    ("right", "slip"),
    [("title: 総合", "title：総合"), ("  - id: inflow", "\t- id: inflow"), ("    title: ｷ", "　　title: ｷ")],
)
def test_what_stands_in_the_way_of_reading_is_put_right_where_it_is_proved(told, edition, right, slip):
    text = TYPED.replace("    title: 　転入", "    title: ｷ　転入")
    assert right in text
    path = edition(text.replace(right, slip))
    assert "か所を直しました" in told(path, "--fix").err
    assert path.read_bytes().decode() == MEANT.replace("title: 転入", "title: キ　転入")


def test_other_files_of_a_folder_are_left_alone(told, edition):
    path = edition(TYPED)
    other = path.with_name("compose.yaml")
    other.write_text("services: {web: {title: ﾃﾞｼﾞﾀﾙ}}\n", encoding="utf-8")
    told(path.parent, "--fix")
    assert other.read_text(encoding="utf-8") == "services: {web: {title: ﾃﾞｼﾞﾀﾙ}}\n"
    assert path.read_bytes().decode() == MEANT


def test_a_broken_file_does_not_keep_others_from_being_fixed(told, edition):
    path = edition(TYPED)
    broken = path.with_name("2025-03.yaml")
    broken.write_text("format: 1\nplan: [\n", encoding="utf-8")
    told(path.parent, "--fix")
    assert path.read_bytes().decode() == MEANT


def test_standard_input_can_only_be_shown(told, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TYPED.encode())))
    said = told("-", "--fix")
    assert said.code == 2
    assert "標準入力は書き換えられません" in said.err
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TYPED.encode())))
    assert "+  period: {start: 2021, end: 2026}" in told("-", "--fix", "--diff").out


def test_options_that_do_not_go_together(told, edition):
    path = edition(TYPED)
    assert told(path, "--diff").code == 2
    assert told(path, "--fix", "--since", "HEAD").code == 2
    assert path.read_bytes().decode() == TYPED


def test_what_the_city_turned_off_or_a_comment_keeps_is_kept(told, edition):
    path = edition(CLEAN.replace("title: 転入促進", "title: 転入促進\u3000 # strategy: ignore[trailing-blank] 試し"))
    path.with_name("profile.yaml").write_text('severities: {half-width-kana: "off"}\n', encoding="utf-8")
    path.write_bytes(path.read_bytes().replace("関係人口".encode(), "関係ｼﾞﾝｺｳ".encode()))
    before = path.read_bytes()
    told(path, "--fix")
    assert path.read_bytes() == before


def test_an_edit_that_would_change_something_else_is_not_made():
    """Only the safe one of two findings is followed, whichever comes first."""
    text = "a: x\nb: y\n"
    place = SimpleNamespace(place=1)
    form, words = (SimpleNamespace(group=group, code="") for group in ("schema", "text"))
    safe = SimpleNamespace(edits=(Edit(3, 4, "z"),), place=place, rule=words)
    for wrong in (Edit(8, 9, "[y]"), Edit(8, 9, "y\nc: 1"), Edit(8, 9, "{"), Edit(5, 6, "a")):
        unsafe = SimpleNamespace(edits=(wrong,), place=place, rule=words)
        assert fixing._accepted(text, "a.yaml", [safe, unsafe], [], iter(range(9))) == [safe]
        assert fixing._accepted(text, "a.yaml", [unsafe, safe], [], iter(range(9))) == [safe]
    for right in (Edit(8, 9, "[y]"), Edit(8, 9, "y\nc: 1"), Edit(5, 6, "c")):
        shaping = SimpleNamespace(edits=(right,), place=place, rule=form)
        assert fixing._accepted(text, "a.yaml", [safe, shaping], [], iter(range(9))) == [safe, shaping]
    for wrong in (Edit(8, 9, "{"), Edit(5, 6, "a"), Edit(8, 9, "[y"), Edit(5, 6, "#b")):
        unsafe = SimpleNamespace(edits=(wrong,), place=place, rule=form)
        assert fixing._accepted(text, "a.yaml", [unsafe], [], iter(range(9))) == []


NOISE = st.text(st.sampled_from("市ｶﾞ\u200b⼤\u3000 が か\u3099。'\"#:-1１\u00a0"), min_size=1, max_size=12)


@given(NOISE, NOISE, st.sampled_from(["'", '"', "|", ""]))
def test_fixing_is_idempotent_and_keeps_the_rest(title, body, style):
    """Whatever stands in two values, a fix ends, and ids, keys and comments are as they were."""
    match style:
        case "'":
            written = "'" + title.replace("'", "''") + "'"
        case '"':
            written = '"' + title.replace('"', '\\"') + '"'
        case "|":
            written = f"|\n      {title}"
        case _:
            written = title
    text = CLEAN.replace("title: デジタル技術", f"title: {written}").replace("大学と", f"大学と{body}")
    data = text.encode()
    first = fixing.fixed(Project("nowhere"), Blob("x.yaml", data))
    again = fixing.fixed(Project("nowhere"), Blob("x.yaml", first.after.encode()))
    assert again.after == first.after
    if not first.unreadable:
        old, new = load(text, "")[0], load(first.after, "")[0]
        changed, came = fixing._differences(old, new)
        assert set(changed) <= {(("sections", 0, key), "value") for key in ("title", "body")}
        assert came == []


def test_a_diff_of_what_cannot_be_read_is_no_success(told, edition):
    said = told(edition("plan: [\n"), "--fix", "--diff")
    assert (said.code, said.out) == (1, "")
    assert "誤りがあって読めない" in said.err
