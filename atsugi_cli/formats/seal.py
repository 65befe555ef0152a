"""Seal: what a paper says of itself in its properties, so that it can be traced back and a later edit be seen.

It names plan and editions, each with the id that git gives its text, the check number, and the digest of what is
printed: of the words where an office program writes the rest of the file anew, of the bytes elsewhere.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from io import BytesIO
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from atsugi_cli.document import Stamp
from atsugi_cli.formats.archive import pack
from atsugi_cli.frozen import frozen

MOST: Final = 256 * 1024 * 1024
"""Bytes of an unpacked paper: the largest of ours, of 10,000 items, have a quarter of it."""
_CORE: Final = "docProps/core.xml"
_PNG: Final = b"\x89PNG"
_END: Final = b"IEND"
_ORIGIN: Final = re.compile(
    r"atsugi-cli/1 plan=(?P<plan>[a-z0-9-]+) (?P<sides>(?:(?:[a-z0-9-]+/)?[a-z0-9-]+@[0-9a-f]{40} ){1,2})"
    r"number=(?P<number>[0-9a-f]{12})"
)
_DIGEST: Final = re.compile(r" digest=([0-9a-f]{64})")
_NUMBER: Final = re.compile(r"照合番号\W{0,3}([0-9a-f]{12})(?![0-9a-f])")
_PRINTED: Final = {
    "word/": re.compile(r"word/(?:document|footnotes|endnotes)\.xml"),
    "xl/": re.compile(r"xl/(?:sharedStrings|worksheets/sheet[0-9]+)\.xml"),
    "ppt/": re.compile(r"ppt/slides/slide[0-9]+\.xml"),
}
"""Parts that hold what is printed; headers and footers hold page numbers, which programs count anew."""


@frozen
class Origin:
    """What a paper was made from: the editions, each with the id of its text, and the number of them together.

    An edition of another plan than `plan` is named with its own: atsugi-1/2016-03.
    """

    plan: str
    sides: tuple[tuple[str, str], ...]
    number: str


@frozen
class Seal:
    """What a paper says of its origin, and whether what is printed is still what was printed."""

    origin: Origin
    whole: bool


def sealed(data: str | bytes, code: str, stamp: Stamp) -> str | bytes:
    """Write the seal into a paper of a format; others, and papers that were made from no edition, stay as they are."""
    writer = _WRITERS.get(code)
    if writer is None or not stamp.fingerprint or not stamp.origin():
        return data
    raw = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
    words = f"{named(stamp)} digest={_digest(raw)}"
    done = writer(raw, words)
    return done.decode("utf-8") if isinstance(data, str) else done


def find(data: bytes) -> Seal | None:
    """Find the seal of a paper; None where it has none. Raises ValueError for what cannot be read at all."""
    text = _said(data)
    found = read(text)
    digest = _DIGEST.search(text)
    return None if found is None or digest is None else Seal(found, digest[1] == _digest(data))


def named(stamp: Stamp) -> str:
    """Name the origin of what has a stamp, as `read` reads it."""
    return f"{stamp.origin()} number={stamp.fingerprint}"


def read(text: str) -> Origin | None:
    """Read an origin where a text names one."""
    found = _ORIGIN.search(text)
    if found is None:
        return None
    sides = (each.partition("@") for each in found["sides"].split())
    return Origin(found["plan"], tuple((edition, text) for edition, _, text in sides), found["number"])


def number(data: bytes) -> str:
    """Find the check number on a paper that has no seal; empty where it prints none."""
    found = _NUMBER.search(re.sub("<[^>]*>", "", data.decode("utf-8", "replace")))
    return found[1] if found else ""


def _in_office(data: bytes, words: str) -> bytes:
    parts = _parts(data)
    core = parts.get(_CORE, b"").decode("utf-8")
    close = "</cp:coreProperties>"
    if "<dc:description>" in core:  # the city's own template says something there
        core = core.replace("</dc:description>", f" {words}</dc:description>", 1)
    elif close in core:
        core = re.sub(r"<dc:description\s*/>", "", core)
        core = core.replace(close, f"<dc:description>{words}</dc:description>{close}")
    return pack(parts | {_CORE: core.encode("utf-8")}) if core else data


def _in_html(data: bytes, words: str) -> bytes:
    return data.replace(b"</head>", f'<meta name="generator" content="{escape(words)}">\n</head>'.encode(), 1)


def _in_svg(data: bytes, words: str) -> bytes:
    head, close, tail = data.rpartition(b"</svg>")
    return head + f"<metadata>{escape(words)}</metadata>".encode() + close + tail


def _in_png(data: bytes, words: str) -> bytes:
    body = b"tEXtSource\0" + words.encode("ascii")
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    end = data.rindex(_END) - 4
    return data[:end] + chunk + data[end:]


def _in_pdf(data: bytes, words: str) -> bytes:
    return data.rstrip(b"\n") + f"\n%{words}\n".encode()  # a comment behind the end, where readers look for that


_WRITERS: Final[dict[str, Callable[[bytes, str], bytes]]] = {
    "docx": _in_office,
    "xlsx": _in_office,
    "pptx": _in_office,
    "html": _in_html,
    "svg": _in_svg,
    "png": _in_png,
    "pdf": _in_pdf,
}


def _parts(data: bytes) -> dict[str, bytes]:
    """Unpack an archive, unless it says to be larger than any paper."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            if sum(each.file_size for each in entries) > MOST:
                raise ValueError("too large")
            return {each.filename: archive.read(each) for each in entries}
    except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ValueError(str(error)) from error


def _said(data: bytes) -> str:
    """Return the text in which a seal may stand."""
    if data.startswith(b"PK"):
        return _parts(data).get(_CORE, b"").decode("utf-8", "replace")
    return data.decode("utf-8", "replace")


def _digest(data: bytes) -> str:
    """Digest what a paper prints, without its seal."""
    if data.startswith(b"PK"):
        digest = sha256()
        for part in _printed(_parts(data)):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
        return digest.hexdigest()
    if data.startswith(_PNG):
        return sha256(re.sub(rb"(?s)....tEXtSource\0.*?(?=....IEND)", b"", data)).hexdigest()
    if data.startswith(b"%PDF"):
        return sha256(re.sub(rb"\n*(?:%atsugi-cli/1 [^\n]*\n)?\Z", b"", data)).hexdigest()
    text = data.decode("utf-8", "replace")
    if "</svg>" in text[-16:]:
        return sha256(re.sub(r"<metadata>atsugi-cli/1 [^<]*</metadata>", "", text).encode()).hexdigest()
    page = _Page()
    page.feed(text)
    page.close()
    return sha256(" ".join("".join(page.words).split()).encode()).hexdigest()


class _Page(HTMLParser):
    """Collects what a page shows."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        self._hidden = tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as it is called
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _printed(parts: dict[str, bytes]) -> Iterator[str]:
    """Iterate over the words of an Office file in order, however the program that saved it last cuts them up."""
    pattern = next((found for start, found in _PRINTED.items() if any(name.startswith(start) for name in parts)), None)
    if pattern is None:
        raise ValueError("no Office file")
    names = sorted((name for name in parts if pattern.fullmatch(name)), key=lambda name: (len(name), name))
    strings: list[str] = []
    for name in names:
        if name == "xl/sharedStrings.xml":
            strings = _Words(parts[name], holder="si").found
    for name in names:
        if name.startswith("xl/worksheets"):
            yield "\1".join(filter(None, _Words(parts[name], holder="c", strings=strings).found))
        elif name != "xl/sharedStrings.xml":
            yield "".join(_Words(parts[name]).found)


_TEXTS: Final = frozenset({"t", "delText", "v", "f"})
_ASIDE: Final = frozenset({"rPh", "fld"})
"""How a name is read, and the number of a slide."""


class _Words:
    """The words of a part: of every `holder`, cells as what they hold, or else of the part as it goes on."""

    def __init__(self, data: bytes, *, holder: str = "", strings: list[str] | None = None) -> None:
        self.holder, self.strings = holder, strings
        self.found: list[str] = []
        self._in = self._aside = 0
        self._kind = self._place = ""
        self._cell: dict[str, str] = {}
        parser = expat.ParserCreate(namespace_separator="\n")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        try:
            parser.Parse(data, True)  # noqa: FBT003 - expat takes no keyword
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error

    def _refuse(self, *_: object) -> None:
        raise ValueError("entities")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("\n")[2]
        if name == self.holder:
            self._cell, self._kind, self._place = {}, attributes.get("t", ""), attributes.get("r", "")
        self._aside += name in _ASIDE
        self._in += name in _TEXTS

    def _data(self, text: str) -> None:
        if not self._in or self._aside:
            return
        if self.holder:
            self._cell["text"] = self._cell.get("text", "") + text
        else:
            self.found.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition("\n")[2]
        self._in -= name in _TEXTS
        self._aside -= name in _ASIDE
        if name == "f":  # what a formula came to is reckoned anew by some programs, and left out by others
            self._cell["formula"] = self._cell.pop("text", "")
        if name == self.holder:
            self.found.append(self._value() if self.strings is not None else self._cell.get("text", ""))
        elif name == "p" and not self.holder:
            self.found.append("\n")

    def _value(self) -> str:
        value = self._cell.get("formula") or self._cell.get("text", "")
        if self.strings and self._kind == "s" and value.isdigit() and int(value) < len(self.strings):
            value = self.strings[int(value)]
        elif self._kind in ("", "n") and "formula" not in self._cell:
            with suppress(ValueError):
                value = repr(float(value))
        return f"{self._place}={value}" if value else ""
