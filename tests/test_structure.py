"""`strategy rename`, `move`, `renumber`, `ids`: what is asked for changes, and every other byte stays."""

from itertools import pairwise
from pathlib import Path

import pytest

from atsugi_cli.cli.app import main
from atsugi_cli.compare import compare
from atsugi_cli.project.reading import Project
from atsugi_cli.store import Blob

EDITION = "strategies/p/2021-03.yaml"
LATER = "strategies/p/2024-03.yaml"

TEXT = """# 頭のコメント
format: 1
plan: {id: p, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2026}}
edition: {id: 2021-03, label: '現行', stage: adopted}
goals:   # 目標

  - id: g1
    number: 1
    title: "転入促進"
    targets: [{id: t1, name: 転入者数}]
    policies:
      # 一つ目の施策
      - id: p1
        number: 1
        title: 魅力を発信する   # 末尾
        initiatives:
          # aのこと
          - id: a
            number: 1
            title: '広報の充実'
            # aの中
          - {id: b, number: 2, title: 交流の促進}   # bのこと

          - id: c
            number: 3
            title: 連携の強化
            kpis: [{id: kc, name: 参加者数, same-as: t1}]
      - id: p2
        number: 2
        title: 移住を促す
        initiatives: [{id: d, number: 1, title: 相談の充実}, {id: e, number: 2, title: 住まいの確保}]
"""


@pytest.fixture(params=["lf", "crlf", "bom"])
def city(request, tmp_path, monkeypatch):
    """Write the edition, and return a function that says what its file holds, as LF and without the mark."""
    monkeypatch.chdir(tmp_path)
    Path(EDITION).parent.mkdir(parents=True)
    newline, mark = ("\r\n" if request.param == "crlf" else "\n"), "\ufeff" if request.param == "bom" else ""
    Path(EDITION).write_bytes((mark + TEXT.replace("\n", newline)).encode("utf-8"))

    def held(path=EDITION):
        text = Path(path).read_bytes().decode("utf-8")
        assert text.startswith(mark)
        assert text.count("\r\n") == (text.count("\n") if newline == "\r\n" else 0)
        return text.removeprefix(mark).replace("\r\n", "\n")

    return held


B = "          - {id: b, number: 2, title: 交流の促進}   # bのこと\n"
A = """          # aのこと
          - id: a
            number: 1
            title: '広報の充実'
            # aの中
"""
C = """
          - id: c
            number: 3
            title: 連携の強化
            kpis: [{id: kc, name: 参加者数, same-as: t1}]
"""
D, E = "{id: d, number: 1, title: 相談の充実}", "{id: e, number: 2, title: 住まいの確保}"


def changed(*pairs):
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def numbered(text, number):
    return text.replace(text[text.index("number: ") :][:9], f"number: {number}")


MOVES = {
    "a --after b": changed((A + B, numbered(B, 1) + numbered(A, 2))),
    "b --before a": changed((A + B, numbered(B, 1) + numbered(A, 2))),
    "a --into p1": changed((A + B + C, numbered(B, 1) + numbered(C, 2) + numbered(A, 3))),
    "e --before d": changed((f"{D}, {E}", f"{numbered(E, 1)}, {numbered(D, 2)}")),
    "d --after b": changed(
        (B + C, B + f"          - {numbered(D, 3)}\n" + numbered(C, 4)), (f"{D}, {E}", numbered(E, 1))
    ),
    "e --into p1": changed((C, f"{C}          - {numbered(E, 4)}\n"), (f"{D}, {E}", D)),
}


@pytest.mark.parametrize("what", MOVES)
def test_a_move_takes_everything_that_belongs_to_an_item_along(city, what):
    assert main(["move", *what.split()]) == 0
    assert city() == MOVES[what]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("a --into d", "中には入りません"),
        ("p1 --into a", "自分の中"),
        ("p1 --into p2", "中には入りません"),
        ("a --after p1", "別の階層"),
        ("a --into p2", "コメントのある項目"),
        ("b --into p2", "コメントのある項目"),
        ("t1 --after kc", "別の階層"),
        ("x --into p2", "x という項目はありません"),
        ("a --into p1 --after b", "どれか一つ"),
    ],
)
def test_a_move_that_cannot_be_is_refused_with_its_reason(city, what, why, capsys):
    assert main(["move", *what.split()]) == 2
    assert why in capsys.readouterr().err
    assert city() == TEXT


def test_what_would_change_is_shown_first(city, capsys):
    assert main(["move", "b", "--before", "a", "--diff"]) == 0
    assert "+          - {id: b, number: 1, title: 交流の促進}" in capsys.readouterr().out
    assert city() == TEXT


def test_numbers_follow_the_order_in_one_item_or_everywhere(city):
    Path(EDITION).write_bytes(
        Path(EDITION)
        .read_bytes()
        .replace(b"number: 3", b"number: 7")
        .replace(b"{id: d, number: 1", b"{id: d, number: 4")
    )
    assert main(["renumber", "p1"]) == 0
    assert "{id: d, number: 4" in city()
    assert main(["renumber"]) == 0
    assert city() == TEXT


def test_numbers_that_go_on_from_list_to_list_stay_so(city):
    Path(EDITION).write_bytes(
        Path(EDITION)
        .read_bytes()
        .replace(b"{id: d, number: 1", b"{id: d, number: 3")
        .replace(b"{id: e, number: 2", b"{id: e, number: 4")
    )
    assert main(["renumber"]) == 0
    assert city() == changed((D, numbered(D, 4)), (E, numbered(E, 5)))


def test_ids_that_are_missing_are_written_and_no_number_is_used_again(city):
    given = Path(EDITION).read_bytes()
    for old in (b"id: b, ", b"id: t1, "):
        given = given.replace(old, b"")
    given = (
        given.replace(b"- id: a", b"- note: Smart City")
        .replace(b"same-as: t1", b"note: x")
        .replace("'広報の充実'".encode(), b"Smart City Plan")
    )
    given = given.replace(b"id: d", b"id: initiative-7")
    Path(EDITION).write_bytes(given)
    assert main(["ids", "--fill"]) == 0
    text = city()
    assert "targets: [{id: target-1, name: 転入者数}]" in text
    assert "          - {id: initiative-8, number: 2, title: 交流の促進}   # bのこと\n" in text
    assert "          - id: smart-city-plan\n            note: Smart City\n            number: 1\n" in text
    assert main(["validate", "--fail-on", "error"]) in {0, 1}
    assert main(["ids"]) == 2


def test_a_rename_reaches_every_edition_and_keeps_who_became_whom(city):
    later = city().replace("id: 2021-03, label: '現行', stage: adopted", "id: 2024-03, revises: 2021-03, label: 改定後")
    later = later.replace("- id: c\n", "- id: cc\n            from: [c, b]\n").replace(B, "")
    last = later.replace("id: 2024-03, revises: 2021-03", "id: 2025-03, revises: 2024-03").replace(
        "            from: [c, b]\n", ""
    )
    paths = [EDITION, LATER, LATER.replace("2024", "2025")]
    for path, text in zip(paths[1:], (later, last), strict=True):
        mark, newline = (
            ("\ufeff" if Path(EDITION).read_bytes()[:1] == b"\xef" else ""),
            "\r\n" if b"\r\n" in Path(EDITION).read_bytes() else "\n",
        )
        Path(path).write_bytes((mark + text.replace("\n", newline)).encode("utf-8"))

    def changes():
        strategies = [Project().strategy(Blob(path, Path(path).read_bytes(), path)) for path in paths]
        return [
            [
                (change.kind.code, len(change.old), len(change.new))
                for pair in compare(old, new).root.walk()
                for change in pair.changes
            ]
            for old, new in pairwise(strategies)
        ]

    before = changes()
    assert main(["rename", "a", "b"]) == 2
    assert main(["rename", "a", "広報"]) == 2
    assert main(["rename", "zz", "yy"]) == 2
    assert main(["rename", "a", "koho"]) == 0
    assert main(["rename", "t1", "tennyu"]) == 0
    assert main(["rename", "cc", "renkei"]) == 0
    assert changes() == before
    assert city() == TEXT
    assert "          - id: koho\n            from: a\n            number: 1\n" in city(LATER)
    assert "[{id: tennyu, from: t1, name: 転入者数}]" in city(LATER)
    assert "same-as: tennyu" in city(LATER)
    assert "          - id: renkei\n            from: [c, b]\n" in city(LATER)
    assert "          - id: koho\n            number: 1\n" in city(paths[2])
    assert main(["rename", "b", "koryu", "--all"]) == 0
    assert "{id: koryu, number: 2" in city()
    assert "from: [c, koryu]" in city(LATER)
    assert changes() == before


def test_validate_puts_missing_ids_and_pushed_down_numbers_right_as_it_says(city, capsys):
    given = Path(EDITION).read_bytes()
    for old, new in ((b"id: b, number: 2", b"id: b, number: 1"), (b"- id: c", b"- note: x"), (b"{id: e, ", b"{")):
        given = given.replace(old, new)
    Path(EDITION).write_bytes(given)
    assert main(["validate", "-f", "concise"]) == 1
    said = capsys.readouterr().out
    assert "「id: initiative-1」を書き加えます" in said
    assert "「id: initiative-2」を書き加えます" in said
    main(["validate", "--fix", "-f", "concise"])
    assert "missing-key" not in capsys.readouterr().out
    expected = changed(("- id: c\n", "- id: initiative-1\n            note: x\n"), ("id: e", "id: initiative-2"))
    assert city() == expected


def test_validate_says_which_numbers_an_insertion_pushes_down(city, capsys):
    new = B.replace("id: b", "id: n")
    text = Path(EDITION).read_bytes().replace(B.strip().encode(), f"{B.strip()}\n          {new.strip()}".encode())
    Path(EDITION).write_bytes(text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n" if b"\r\n" in text else b"\n"))
    main(["validate", "-f", "concise"])
    assert "以下を繰り下げます: n を 3、c を 4" in capsys.readouterr().out
    main(["validate", "--fix"])
    assert city() == changed((B + C, B + numbered(new, 3) + numbered(C, 4)))
