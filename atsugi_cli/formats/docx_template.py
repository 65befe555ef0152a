"""Template: put a paper into a city's own Word file (様式), in the city's styles and on its page.

The file comes from outside: whatever is wrong with it is said in a sentence, and it may be neither huge nor active.
"""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from atsugi_cli.formats.archive import normalised
from atsugi_cli.formats.docx_styles import NAMESPACE, ROOT, style_xml
from atsugi_cli.formats.options import missing_extra
from atsugi_cli.formats.paper import STYLES, Page

MARKER: Final = "{{新旧対照表}}"
"""The paragraph that says where the paper goes; without it the paper is put behind what the file holds."""

LIMIT: Final = 64 * 1024 * 1024
"""Bytes that a template may unpack to; a file with a city's emblem takes less than a hundredth."""

MOST_ELEMENTS: Final = 200_000
"""Elements of a template's parts; a form has some hundreds, and each takes a kilobyte when it is read."""

_ACTIVE_PARTS: Final = re.compile(r"(?i)vbaProject|vbaData|activeX|embeddings/|/control|customUI")
_ACTIVE_RELATIONS: Final = ("attachedTemplate", "oleObject", "package", "control", "frame", "subDocument", "aFChunk")
_ACTIVE_FIELDS: Final = re.compile(
    r"(?i)\b(?:DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|AUTOTEXT|MACROBUTTON|DATABASE|EMBED)\b"
)
_ACTIVE: Final = (
    "様式のファイルに、開くと動くもの（マクロ、外のファイルを読むフィールドやリンク、埋め込まれた部品）があります。"
    "Wordで取り除いてから保存し直してください。"
)

NARROWEST: Final = 2880
"""Twips (2 inches) below which no table can be set; a page that leaves less is not meant for one."""

_NO_DOCUMENT: Final = (
    "様式のファイルはWordの文書（.docx）ではありません。Wordで「Word 文書 (*.docx)」として保存し直してください。"
)

_BROKEN: Final = (ValueError, KeyError, AttributeError, OSError, RuntimeError, NotImplementedError)
"""What zipfile and python-docx raise on archives that are encrypted, damaged or lack parts."""


def room(template: bytes, page: Page) -> int:
    """Return the width in twips between the margins where the paper will stand, else that of `page`."""
    document = _opened(template)
    section = _section(document, _marker(document))
    size, margins = (section.find(_tag(name)) if section is not None else None for name in ("pgSz", "pgMar"))
    if size is None or margins is None:
        return page.room
    try:
        width = int(size.get(_tag("w"))) - int(margins.get(_tag("left"))) - int(margins.get(_tag("right")))
    except (TypeError, ValueError):
        return page.room
    return width if width >= NARROWEST else page.room


def fill(template: bytes, titled: str, bare: str) -> bytes:
    """Put a paper in place of the marker, or behind everything.

    Both are the XML of paragraphs and tables: `bare` comes without the title, which a form with a marker has itself.
    Styles of the template that bear the paper's style names are used as they are, missing ones are added.
    """
    from docx.oxml import parse_xml

    document = _opened(template)
    marker = _marker(document)
    names = _styles(document)
    wrapped = parse_xml(f"<w:body {ROOT}>{titled if marker is None else bare}</w:body>".encode())
    for style in wrapped.iter(_tag("pStyle")):
        style.set(_tag("val"), names[style.get(_tag("val"))])
    blocks = list(wrapped)
    if marker is None:
        body = document.element.body
        last = body[-1] if len(body) and body[-1].tag == _tag("sectPr") else None
        for block in blocks:
            body.append(block) if last is None else last.addprevious(block)
    else:
        for block in blocks:
            marker.addprevious(block)
        if marker.find(f"{_tag('pPr')}/{_tag('sectPr')}") is None:
            marker.getparent().remove(marker)
        else:  # the paragraph also ends a section
            for child in list(marker):
                if child.tag != _tag("pPr"):
                    marker.remove(child)
    relations = document.part.rels
    for name in [name for name, each in relations.items() if each.reltype.endswith("/stylesWithEffects")]:
        del relations[name]  # Word 2010's copy of the styles, which would no longer be one
    buffer = BytesIO()
    document.save(buffer)
    return normalised(buffer.getvalue())


def _opened(template: bytes) -> Any:  # noqa: ANN401 - python-docx is imported where it is needed
    """Open a Word file; ValueError with a sentence for the user where that is not possible."""
    try:
        from docx import Document
        from docx.opc.exceptions import OpcError
        from lxml.etree import LxmlError
    except ImportError as error:
        raise missing_extra("様式に差し込んだWord", "template") from error
    try:
        with ZipFile(BytesIO(template)) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            small = size <= LIMIT and _elements(archive, entries) <= MOST_ELEMENTS
        if any(_ACTIVE_PARTS.search(entry.filename) for entry in entries):
            raise ValueError(_ACTIVE)
        document = Document(BytesIO(template)) if small else None
        usable = document is None or all(
            (document.element.body is not None, document.styles.element is not None, not _declares_entities(document))
        )
        active = usable and document is not None and _is_active(document)
    except (BadZipFile, OpcError, LxmlError, *_BROKEN) as error:
        if str(error) == _ACTIVE:
            raise
        raise ValueError(_NO_DOCUMENT) from error
    if document is None:
        raise ValueError(
            f"様式のファイルが大きすぎます（展開後{LIMIT // 1024 // 1024}MB、{MOST_ELEMENTS:,}要素まで）。"
        )
    if not usable:
        raise ValueError(_NO_DOCUMENT)
    if active:
        raise ValueError(_ACTIVE)
    return document


def _elements(archive: ZipFile, entries: Sequence[ZipInfo]) -> int:
    """Count the tags of all parts, as far as they begin elements, without reading them as XML."""
    parts = (archive.read(entry) for entry in entries if entry.filename.endswith((".xml", ".rels")))
    return sum(part.count(b"<") - part.count(b"</") for part in parts)


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


def _marker(document: Any) -> Any:  # noqa: ANN401
    """Find the marker's paragraph; Word likes to part what was typed in one go over several runs."""
    for paragraph in document.element.body.iter(_tag("p")):
        if "".join(text.text or "" for text in paragraph.iter(_tag("t"))).strip() == MARKER:
            return paragraph
    return None


def _section(document: Any, marker: Any) -> Any:  # noqa: ANN401
    """Find the section that the paper will stand in: sections are described where they end."""
    passed = marker is None
    found = None
    for element in document.element.body.iter(_tag("p"), _tag("sectPr")):
        passed = passed or element is marker
        if element.tag == _tag("sectPr"):
            found = element
            if passed and marker is not None:
                break
    return found


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
