"""Template: put a paper into a city's own Word file (様式), in the city's styles and on its page.

The file comes from outside: whatever is wrong with it is said in a sentence, and it may be neither huge nor active.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from atsugi_cli.document import Stamp
from atsugi_cli.formats.archive import normalised
from atsugi_cli.formats.docx_styles import NAMESPACE, ROOT, style_xml
from atsugi_cli.formats.options import missing_extra
from atsugi_cli.formats.paper import STYLES, Page
from atsugi_cli.formats.template import FIELD, NAMES, ActiveError, Kind, TooLargeError, fields, unfilled, values

WORD: Final = Kind("Word", "文書", ".docx")
_PARTS: Final = {"header": "ヘッダー", "footer": "フッター", "footnotes": "脚注", "endnotes": "文末脚注"}
_CELL_MARGINS: Final = 216
"""Twips that Word leaves at both sides of a cell."""

_ACTIVE_RELATIONS: Final = ("attachedTemplate", "oleObject", "package", "control", "frame", "subDocument", "aFChunk")
_ACTIVE_FIELDS: Final = re.compile(
    r"(?i)\b(?:DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|AUTOTEXT|MACROBUTTON|DATABASE|EMBED)\b"
)
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

NARROWEST: Final = 2880
"""Twips (2 inches) below which no table can be set; a page that leaves less is not meant for one."""

_BROKEN: Final = (ValueError, KeyError, AttributeError, OSError, RuntimeError, NotImplementedError)
"""What zipfile and python-docx raise on archives that are encrypted, damaged or lack parts."""


class Form:
    """A city's own file, opened to be filled with one paper."""

    def __init__(self, template: bytes, code: str) -> None:
        """Open a file for a paper of some code; ValueError with a sentence for the user where that is not possible."""
        self._document = _opened(template)
        self._name = NAMES.get(code, NAMES["comparison"])
        self.marker = self._marker()

    def room(self, page: Page) -> int:
        """Return the width in twips between the margins where the paper will stand, else that of `page`."""
        section = self._section()
        size, margins = (section.find(_tag(name)) if section is not None else None for name in ("pgSz", "pgMar"))
        cell = next(self.marker.iterancestors(_tag("tc")), None) if self.marker is not None else None
        measure = cell.find(f"{_tag('tcPr')}/{_tag('tcW')}") if cell is not None else None
        try:
            if measure is not None and measure.get(_tag("type")) == "dxa":
                width = int(measure.get(_tag("w"))) - _CELL_MARGINS
            elif size is None or margins is None:
                return page.room
            else:
                width = int(size.get(_tag("w"))) - int(margins.get(_tag("left"))) - int(margins.get(_tag("right")))
        except (TypeError, ValueError):
            return page.room
        return width if width >= NARROWEST else page.room

    def holds(self, name: str) -> bool:
        """Check whether a field stands anywhere in the file."""
        return any(name in fields(_words(each)) for part in self._roots() for each in part[1].iter(_tag("p")))

    def filled(self, body: str, stamp: Stamp, tell: Callable[[str], object]) -> bytes:
        """Put a paper (the XML of paragraphs and tables) in place of the marker, or behind everything.

        Styles of the template that bear the paper's style names are used as they are, missing ones are added. The other
        fields are filled with what the paper's stamp says; `tell` hears which were not, and where they stand.
        """
        from docx.oxml import parse_xml

        known = values(stamp)
        for where, root in self._roots():
            for number, paragraph in enumerate(root.iter(_tag("p")), 1):
                if paragraph is not self.marker and (left := _filled(paragraph, known)):
                    for name in left:
                        tell(unfilled(name, f"{where}の{number}番目の段落", (*known, self._name)))
        names = _styles(self._document)
        wrapped = parse_xml(f"<w:body {ROOT}>{body}</w:body>".encode())
        for style in wrapped.iter(_tag("pStyle")):
            style.set(_tag("val"), names[style.get(_tag("val"))])
        self._place(list(wrapped))
        relations = self._document.part.rels
        for name in [name for name, each in relations.items() if each.reltype.endswith("/stylesWithEffects")]:
            del relations[name]  # Word 2010's copy of the styles, which would no longer be one
        buffer = BytesIO()
        self._document.save(buffer)
        return normalised(buffer.getvalue())

    def _place(self, blocks: Sequence[Any]) -> None:
        marker = self.marker
        if marker is None:
            body = self._document.element.body
            last = body[-1] if len(body) and body[-1].tag == _tag("sectPr") else None
            for block in blocks:
                body.append(block) if last is None else last.addprevious(block)
            return
        for block in blocks:
            marker.addprevious(block)
        ends_section = marker.find(f"{_tag('pPr')}/{_tag('sectPr')}") is not None
        if not ends_section and not (marker.getparent().tag == _tag("tc") and blocks[-1].tag == _tag("tbl")):
            marker.getparent().remove(marker)
            return
        for child in list(marker):  # the paragraph also ends a section, or a cell
            if child.tag != _tag("pPr"):
                marker.remove(child)

    def _roots(self) -> Iterator[tuple[str, Any]]:
        """Give the parts that people read, with what they are called: the text, then headers and footers."""
        yield "本文", self._document.element.body
        for part in self._document.part.package.iter_parts():
            kind = _PARTS.get(re.sub(r"\d*\.xml$", "", str(part.partname).rpartition("/")[2]))
            if kind and (root := getattr(part, "element", None)) is not None:
                yield kind, root

    def _marker(self) -> Any:  # noqa: ANN401
        """Find the paragraph of the marker, parted from what stands in one paragraph with it."""
        for paragraph in self._document.element.body.iter(_tag("p")):
            text = _words(paragraph)
            if self._name in fields(text):
                before, _, after = text.partition(f"{{{{{self._name}}}}}")
                for words, left in ((before, 0), (after, len(text) - len(after))):
                    if words.strip():
                        beside = deepcopy(paragraph)
                        _cut(beside, left, left + len(words))
                        (paragraph.addnext if left else paragraph.addprevious)(beside)
                return paragraph
        return None

    def _section(self) -> Any:  # noqa: ANN401
        """Find the section that the paper will stand in: sections are described where they end."""
        passed = self.marker is None
        found = None
        for element in self._document.element.body.iter(_tag("p"), _tag("sectPr")):
            passed = passed or element is self.marker
            if element.tag == _tag("sectPr"):
                found = element
                if passed and self.marker is not None:
                    break
        return found


def _texts(paragraph: Any) -> list[Any]:  # noqa: ANN401
    """Return the texts of a paragraph itself; those of a text box in it are paragraphs of their own."""
    return [each for each in paragraph.iter(_tag("t")) if next(each.iterancestors(_tag("p"))) is paragraph]


def _words(paragraph: Any) -> str:  # noqa: ANN401
    """Join the texts; Word likes to part what was typed in one go over several runs."""
    return "".join(each.text or "" for each in _texts(paragraph))


def _filled(paragraph: Any, known: Mapping[str, str]) -> list[str]:  # noqa: ANN401
    """Fill the fields of a paragraph, each in the look of its first character; return those without a value."""
    text = _words(paragraph)
    left = []
    for found in reversed([*FIELD.finditer(text)] if "{{" in text else []):
        value = known.get(found[1].strip(), "")
        if not value:
            left.append(found[1])
            continue
        at = 0
        for each in _texts(paragraph):
            own = each.text or ""
            begin, end = found.start() - at, found.end() - at
            at += len(own)
            if begin < len(own) and end > 0:
                each.text = own[: max(begin, 0)] + (value if begin >= 0 else "") + own[max(end, 0) :]
                each.set(_SPACE, "preserve")
    return left[::-1]


def _cut(paragraph: Any, begin: int, end: int) -> None:  # noqa: ANN401
    """Keep some characters of a paragraph only, and no end of a section."""
    at = 0
    for each in _texts(paragraph):
        own = each.text or ""
        each.text = own[max(begin - at, 0) : max(end - at, 0)]
        each.set(_SPACE, "preserve")
        at += len(own)
    for section in paragraph.findall(f"{_tag('pPr')}/{_tag('sectPr')}"):
        section.getparent().remove(section)


def _opened(template: bytes) -> Any:  # noqa: ANN401 - python-docx is imported where it is needed
    """Open a Word file; ValueError with a sentence for the user where that is not possible."""
    try:
        from docx import Document
        from docx.opc.exceptions import OpcError
        from lxml.etree import LxmlError
    except ImportError as error:
        raise missing_extra("様式に差し込んだWord", "template") from error
    try:
        WORD.weigh(template)
        document = Document(BytesIO(template))
        usable = all(
            (document.element.body is not None, document.styles.element is not None, not _declares_entities(document))
        )
        active = usable and _is_active(document)
    except (TooLargeError, ActiveError):
        raise
    except (BadZipFile, OpcError, LxmlError, *_BROKEN) as error:
        raise ValueError(WORD.unusable) from error
    if not usable:
        raise ValueError(WORD.unusable)
    if active:
        raise ActiveError(WORD.active)
    return document


def _is_active(document: Any) -> bool:  # noqa: ANN401
    """Check whether a part brings a field that runs or fetches something, or a relation that does."""
    package = document.part.package
    owners = (package, *package.iter_parts())
    relations = [each for owner in owners for each in owner.rels.values()]
    if any(
        each.reltype.rpartition("/")[2] in _ACTIVE_RELATIONS or (each.is_external and not _is_harmless(each))
        for each in relations
    ):
        return True
    for part in package.iter_parts():
        root = getattr(part, "element", None)
        root = root if root is not None else _parsed(part)
        if root is None:
            continue
        simple = (each.get(_tag("instr"), "") for each in root.iter(_tag("fldSimple")))
        parts = "".join(each.text or "" for each in root.iter(_tag("instrText")))  # a code may lie over several runs
        if any(map(_ACTIVE_FIELDS.search, (*simple, parts))):
            return True
    return False


def _is_harmless(relation: Any) -> bool:  # noqa: ANN401
    """Check whether what lies outside is only fetched when a reader clicks on it."""
    return bool(relation.reltype.endswith("/hyperlink"))


def _parsed(part: Any) -> Any:  # noqa: ANN401
    """Read a part that python-docx keeps as bytes: headers of headers, footnotes, text boxes."""
    from docx.oxml import parse_xml

    return parse_xml(part.blob) if str(part.partname).endswith(".xml") else None


def _declares_entities(document: Any) -> bool:  # noqa: ANN401
    """Check whether a part brings a document type of its own, which Office files never do."""
    elements = (getattr(part, "element", None) for part in document.part.package.iter_parts())
    return any(element is not None and element.getroottree().docinfo.doctype for element in elements)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _styles(document: Any) -> Mapping[str, str]:  # noqa: ANN401
    """Map the paper's style ids to those of the template, adding the styles it lacks."""
    from docx.oxml import parse_xml

    root = document.styles.element
    listed = [style for style in root.iter(_tag("style")) if style.find(_tag("name")) is not None]
    by_name = {
        style.find(_tag("name")).get(_tag("val"), "").casefold(): style.get(_tag("styleId"))
        for style in listed
        if style.get(_tag("type")) == "paragraph"
    }
    taken = {style.get(_tag("styleId")) for style in root.iter(_tag("style"))}
    ids: dict[str, str] = {}
    missing = []
    for style in STYLES:
        known = by_name.get(style.name.casefold())
        if known is None:
            known = style.code
            while known in taken:
                known += "X"
            taken.add(known)
            missing.append(style)
        ids[style.code] = known
    for style in missing:
        element = parse_xml(style_xml(style).replace("<w:style ", f"<w:style {ROOT} ", 1))
        element.set(_tag("styleId"), ids[style.code])
        for reference in (*element.iter(_tag("basedOn")), *element.iter(_tag("next"))):
            reference.set(_tag("val"), ids[reference.get(_tag("val"))])
        root.append(element)
    return ids
