"""Only the end of a line of the file is closed between Japanese characters, never a blank that was typed."""

import pytest

from atsugi_cli.reader import events


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("計画を\n  推進する。", "計画を推進する。"),
        ("市民、 \n  事業者", "市民、事業者"),
        ("一行目。\n\n  二行目", "一行目。\n二行目"),
        ("KPI を\n  120 人に\n  する", "KPI を 120 人にする"),
        ("見出し　本文\n  です", "見出し　本文です"),
        ("𠮷\n  野", "𠮷野"),
        ("第 二 期\n  の\n  計画", "第 二 期の計画"),
        ("regional\n  revitalization", "regional revitalization"),
        ("'第1章 総論\n  と各論'", "第1章 総論と各論"),
        ("'企画部''課 電話\n  は'", "企画部'課 電話は"),
        ('"企画部 課\n  は\\\n  内線"', "企画部 課は内線"),
        ('"\\u3042 い\n  う"', "あ い う"),  # written as an escape: as YAML says
        (">-\n  企画部 企画課 電話は内線\n", "企画部 企画課 電話は内線"),
        (">-\n  企画部 企画課\n  電話は\n  内線\n", "企画部 企画課電話は内線"),
        ("> # 注 記\n  企画\n  部 課\n\n  電話\n# 後 の 注\n", "企画部 課\n電話\n"),
        (">-\n  章\n    節 一\n    節\n  後\n  で\n", "章\n  節 一\n  節\n後で"),
        (">-\n\n    章 一\n    節\n", "\n章 一節"),
        ("|-\n  企画部 課\n  電話\n", "企画部 課\n電話"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("more", ["", "b: {c: https://example.jp}\n"])
def test_a_fold_is_closed_and_a_blank_is_kept(written, expected, newline, more):
    text = f"a: {written}\n{more}".replace("\n", newline)
    assert events.data(text)["a"] == expected
    assert events.data(text, pure=True)["a"] == expected
