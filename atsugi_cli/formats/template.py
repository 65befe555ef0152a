"""Template: what a city's own files (様式) of Word and Excel have in common: their fields, and what is refused.

The file comes from outside: whatever is wrong with it is said in a sentence, and it may be neither huge nor active.
"""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from atsugi_cli.document import Stamp
from atsugi_cli.frozen import frozen

NAMES: Final = {"comparison": "新旧対照表", "points": "改定のポイント", "kpis": "KPI一覧", "briefing": "資料"}
"""The field that says where a paper goes, by what it is; without it the paper is put behind what the file holds."""

FIELD: Final = re.compile(r"\{\{([^{}\n]{1,40})\}\}")
_REMEDIES: Final = {"資料番号": "--number", "会議名": "--meeting", "日付": "--date か版の date", "課名": "版の owner"}

LIMIT: Final = 64 * 1024 * 1024
"""Bytes that a template may unpack to; a file with a city's emblem takes less than a hundredth."""

MOST_ELEMENTS: Final = 200_000
"""Elements of a template's parts; a form has some hundreds, and each takes a kilobyte when it is read."""

_ACTIVE_PARTS: Final = re.compile(
    r"(?i)vbaProject|vbaData|activeX|embeddings/|/control|customUI|externalLinks/|xl/connections"
)


@frozen
class Kind:
    """A program whose files may be templates, with the sentences that say what is wrong with one."""

    program: str
    thing: str
    suffix: str

    @property
    def unusable(self) -> str:
        """Say that it is no file of the program."""
        return (
            f"様式のファイルは{self.program}の{self.thing}（{self.suffix}）ではありません。"
            f"{self.program}で「{self.program} {self.thing} (*{self.suffix})」として保存し直してください。"
        )

    @property
    def active(self) -> str:
        """Say that it does something when it is opened."""
        return (
            "様式のファイルに、開くと動くもの（マクロ、外のファイルを読むフィールドやリンク、埋め込まれた部品）があります。"
            f"{self.program}で取り除いてから保存し直してください。"
        )

    def weigh(self, template: bytes) -> None:
        """Raise ValueError where a file is too large to be read, or brings parts that act."""
        with ZipFile(BytesIO(template)) as archive:
            entries = archive.infolist()
            large = sum(entry.file_size for entry in entries) > LIMIT
            parts = (archive.read(each) for each in entries if not large)  # a part may have any name
            if large or sum(part.count(b"<") - part.count(b"</") for part in parts) > MOST_ELEMENTS:
                raise TooLargeError(
                    f"様式のファイルが大きすぎます（展開後{LIMIT // 1024 // 1024}MB、{MOST_ELEMENTS:,}要素まで）。"
                )
        if any(_ACTIVE_PARTS.search(entry.filename) for entry in entries):
            raise ActiveError(self.active)


class TooLargeError(ValueError):
    """A template that may not be read."""


class ActiveError(ValueError):
    """A template that does something when it is opened."""


def values(stamp: Stamp) -> Mapping[str, str]:
    """Return what fills the fields of a template."""
    return {
        "資料番号": stamp.number,
        "会議名": stamp.meeting,
        "日付": stamp.date,
        "課名": stamp.owner,
        "計画名": stamp.plan,
    }


def fields(text: str) -> list[str]:
    """List the fields in a text."""
    return [name.strip() for name in FIELD.findall(text)]


def unfilled(name: str, where: str, known: Sequence[str]) -> str:
    """Say that a field is not filled, where it stands, and what fills it."""
    if name.strip() == known[-1]:
        return f"様式の {{{{{name}}}}} は{where}にもあり、そのまま残りました。差し込むのは本文のはじめの一つだけです。"
    if remedy := _REMEDIES.get(name.strip()):
        return f"様式の {{{{{name}}}}}（{where}）は埋まっていません。{remedy} で指定してください。"
    return f"様式の {{{{{name}}}}}（{where}）は埋まっていません。使える欄: {'、'.join(known)}"
