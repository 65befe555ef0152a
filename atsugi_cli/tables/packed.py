"""Packed: the parts of a workbook or Word file, which is hostile until read: sizes are budgets counted while unpacking.

Nothing is executed or followed, and of its many parts only those are opened that hold cells. See decision 0018.
"""

import re
from collections.abc import Callable
from typing import Final
from zipfile import ZipFile

from atsugi_cli.tables.grids import GridError

MOST_UNPACKED: Final = 64 * 1024 * 1024
"""Bytes of all opened parts; the workbook of a plan with 1,000 indicators has three million."""
MOST_PARTS: Final = 2_000
_SLICE: Final = 1 << 20
_EMPTY: Final = re.compile(rb'(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?\s*/>)+')
"""Cells that hold nothing but a look: a sheet whose columns are framed to the last row has a million."""

_TOO_LARGE: Final = (
    "広げると大きすぎます（空のセルの書式だけで膨らんでいることがあります）。"
    "使っている範囲だけを別のファイルに写してください。"
)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]
MACROS: Final = "マクロは実行せず、読みませんでした。"


def nothing(_: str, __: object) -> None:
    """Hear nothing."""


def whole(text: str | None) -> int:
    """Return a number that an attribute says; 0 where it says none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class Parts:
    """The parts of a packed file, unpacked within a budget; a part is parsed without building a tree."""

    def __init__(self, archive: ZipFile) -> None:
        """Look into an archive."""
        self.archive = archive
        self.names = {info.filename.lstrip("/"): info for info in archive.infolist()}
        self.left = MOST_UNPACKED
        if len(self.names) > MOST_PARTS:
            raise GridError("ファイルの中の部品が多すぎます。別の名前で保存し直してください。")

    def parse(self, name: str, start: Start, end: End) -> None:
        """Call `start` and `end` for the elements of a part, by their local names; `end` gets the words inside."""
        from xml.parsers.expat import ParserCreate

        if name not in self.names:
            return
        parser = ParserCreate()
        words: list[str] = []
        parser.buffer_text = True

        def opened(tag: str, attributes: dict[str, str]) -> None:
            words.clear()
            start(tag.rpartition(":")[2], attributes)

        def closed(tag: str) -> None:
            end(tag.rpartition(":")[2], "".join(words))
            words.clear()

        def refused(*_: object) -> None:
            raise GridError("定義の付いたXMLが入っています。Excelで作ったファイルではありません。")

        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        parser.CharacterDataHandler = words.append
        parser.StartDoctypeDeclHandler = refused
        if self.names[name].file_size > self.left:
            raise GridError(_TOO_LARGE)
        with self.archive.open(self.names[name]) as file:
            rest = b""
            while data := file.read(_SLICE):
                self.left -= len(data)
                if self.left < 0:  # the index of an archive may lie
                    raise GridError(_TOO_LARGE)
                data = rest + data
                cut = max(0, data.rfind(b"<"))
                cut = cut if len(data) - cut < _SLICE else len(data)
                parser.Parse(_EMPTY.sub(b"", data[:cut]), False)  # noqa: FBT003 - positional only
                rest = data[cut:]
            parser.Parse(rest, True)  # noqa: FBT003

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part is related to: by id, the kind and the part; what lies outside is left out."""
        folder, _, file = name.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

        self.parse(f"{folder}/_rels/{file}.rels", start, nothing)
        return found


def _joined(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
