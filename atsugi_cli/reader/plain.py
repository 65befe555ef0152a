"""Plain: what a scalar without quotes risks: another reader's types, and a ` #` that cuts it off.

Nothing here is wrong YAML, so the loader does not report it; rules ask where text was meant.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from atsugi_cli.findings import Edit, Finding
from atsugi_cli.reader.codes import AMBIGUOUS_SCALAR, CUT_OFF
from atsugi_cli.reader.scalars import quoted
from atsugi_cli.reader.slips import shown

if TYPE_CHECKING:
    from atsugi_cli.reader.places import Places, Step

_READINGS: tuple[tuple[str, str], ...] = (
    (r"y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE", "真偽値（true）"),
    (r"n|N|no|No|NO|off|Off|OFF|false|False|FALSE", "真偽値（false）"),
    (r"~|null|Null|NULL", "空（null）"),
    (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", "日付"),
    (r"[-+]?0[0-7_]+", "8進数"),
    (r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+)", "2進・8進・16進の数"),
    (r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", "60進数（時刻）"),
    (r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "無限大や非数"),
    (r"[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?", "数"),
    (r"=", "既定値の印"),
)


def reading(raw: str) -> str:
    """Say in Japanese what some YAML reader (1.1 or 1.2) makes of a plain scalar other than text, or give ""."""
    return next((name for pattern, name in _READINGS if re.fullmatch(pattern, raw)), "")


def ambiguous(places: "Places", node: int, *path: "Step") -> Finding | None:
    """Note a plain scalar, at a place where text is meant, that some YAML reader takes for something else."""
    if not places.is_scalar(node, *path) or places.style(node, *path):
        return None
    raw = places.raw(node, *path)
    name = reading(raw)
    if not name:
        return None
    start, end = places.span(node, *path)
    return Finding(
        AMBIGUOUS_SCALAR,
        f"「{raw}」は、ほかのYAMLソフトでは{name}として読まれます",
        places.value(node, *path),
        f"文字として書くなら引用符を付け、{quoted(raw)} と書いてください",
        severity="note",
        edits=(Edit(start, end, quoted(raw)),),
    )


def cut_off(places: "Places") -> Iterator[Finding]:
    """Warn where ` #` cuts off a plain value: one blank before the mark, text right after it, as in `対策 #1`."""
    text = places.lines.text
    mark = text.find(" #")
    while mark >= 0:
        after = text[mark + 2 : mark + 3]
        before = text[mark - 1 : mark] if mark else ""
        if before.strip() and after.strip() and after not in "#!-=*":
            start = places.plain_ending_at(mark)
            if start is not None:
                end = places.lines.bounds(places.lines.position(mark)[0])[1]
                whole, kept, lost = text[start:end].rstrip(), shown(text[start:mark]), shown(text[mark + 1 : end])
                yield Finding(
                    CUT_OFF,
                    f"値が「{kept}」で切れ、「{lost}」がコメントになっています",
                    places.lines.place(mark + 1, mark + 2),
                    f"続きも値なら {shown(quoted(whole))} と書き、コメントなら「# 」と空白を空けてください",
                    severity="warning",
                )
        mark = text.find(" #", mark + 2)
