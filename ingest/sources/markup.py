"""What the adapters of sitemaps and feeds share: untrusted XML made harmless before any parser sees it.

The text is decoded here, so that no parser meets an encoding of its own choosing; entities that a document declares
become plain text, so that none is expanded or looked up; and what the web often writes wrongly is put right.
"""

import codecs
import re
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import TYPE_CHECKING

from brain.errors import UnreadableInputError

if TYPE_CHECKING:
    from lxml.etree import XMLParser
    from lxml.etree import _Element as Element

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
# Python knows codecs that are none of the web, and slow on purpose-made text.
_NOT_OF_THE_WEB = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})

_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:(#(?:\d{1,7}|x[0-9a-fA-F]{1,6}));|(\w{1,31});)?")
_HUGE_TAG = re.compile(r"<[A-Za-z_][^<>]{100000}")
_CDATA = "<![CDATA["
# By number: after a first mistake in a document, libxml2 drops these by name.
_OF_XML = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}


def xml_of(content: bytes, charset: str | None = None) -> bytes:
    """The capture as UTF-8 without declaration, illegal characters, or references that could be expanded.

    Raises UnreadableInputError for a tag so long that it can only mean to fill the memory.
    """
    text = _NOT_XML.sub("", decoded(content, charset)).lstrip()
    text = _DECLARATION.sub("", text, count=1).lstrip() if text.startswith("<?xml") else text
    if _HUGE_TAG.search(text):
        raise UnreadableInputError("It holds a tag of more than 100,000 characters.", next_step="Check the address.")
    outside, *sections = text.split(_CDATA)
    parts = [_REFERENCE.sub(_plain, outside)]
    for section in sections:  # what stands in a section is text already
        inside, end, after = section.partition("]]>")
        parts += [_CDATA, inside, end, _REFERENCE.sub(_plain, after)]
    return "".join(parts).encode("utf-8")


def _plain(match: re.Match[str]) -> str:
    """A reference that XML knows itself, the character that HTML 4 names so, or the text as it was written."""
    number, name = match[1], match[2]
    if number is not None:
        code = int(f"0{number[1:]}", 16 if number[1] == "x" else 10)
        return match[0] if code < 0x110000 and not _NOT_XML.match(chr(code)) else ""
    if name in _OF_XML:
        return _OF_XML[name]
    return chr(name2codepoint[name]) if name in name2codepoint else f"&#38;{match[0][1:]}"


def decoded(content: bytes, charset: str | None = None) -> str:
    """Text by its byte order mark, its XML declaration, its header, else UTF-8, else as browsers read the rest."""
    for encoding in _encodings(content, charset):
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except (UnicodeError, LookupError):  # LookupError: a codec that makes no text, such as zlib's
            continue
    return content.decode("cp1252", "replace")


def _encodings(content: bytes, charset: str | None) -> Iterator[str]:
    yield from (encoding for mark, encoding in _BOMS if content.startswith(mark))
    declared = _DECLARED.match(content[:1_000])
    for label in (declared[1].decode("ascii", "replace") if declared else "", charset or ""):
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):  # ValueError: a label with a null in it
            continue
        # Text whose declaration can be read as ASCII is not in 16 or 32 bits, whatever it declares.
        if name not in _NOT_OF_THE_WEB and not name.startswith(("utf-16", "utf-32")):
            yield name
    yield "utf-8"


def local_name(element: "Element") -> str:
    """The name of an element without its namespace, or without the prefix of one that is not declared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def parser() -> "XMLParser":
    """An lxml parser that mends what it can, loads nothing, expands nothing, and keeps libxml2's limits."""
    from lxml.etree import XMLParser

    return XMLParser(encoding="utf-8", recover=True, **LXML)


LXML = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How lxml reads untrusted XML."""
