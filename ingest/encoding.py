"""Bytes of the web become text: byte order mark, header, the page's own statement, then detection.

Labels and the search for a page's own statement are those of the WHATWG Encoding Standard and of HTML (13.2.3.2).
"""

import codecs
import re
from collections.abc import Iterator

from ingest.languages import detected_language

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PRESCAN_BYTES = 65_536
_TAG = re.compile(rb"<(?:(!--)|(/?)([A-Za-z][^\s/>]*)|[!/?])")
_ATTRIBUTE = re.compile(rb"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?""")
_IN_CONTENT = re.compile(rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"'][^\s;]*))""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
# A page is not UTF-16 if its statement could be read as ASCII (HTML, 13.2.3.2, step 15).
_SIXTEEN = frozenset({"utf-16le", "utf-16be"})
_UNREADABLE = frozenset({"replacement", "x-user-defined"})
# Those that pages of the web are written in, apart from UTF-8, the commonest first.
_CANDIDATES = [
    "cp1252",
    "cp1251",
    "gb18030",
    "cp932",
    "euc_jp",
    "big5hkscs",
    "cp949",
    "cp1250",
    "koi8_r",
    "cp1254",
    "cp1256",
    "cp1253",
    "cp1255",
    "cp1257",
    "cp874",
    "cp1258",
]
_LATIN = frozenset({"cp1252", "cp1250", "cp1254", "cp1257", "cp1258"})
_OF_LANGUAGE = dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro"), "cp1250") | {
    **dict.fromkeys(("tr", "az"), "cp1254"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    "vi": "cp1258",
}
_SAMPLE = 32_000
_MARKUP = re.compile(rb"<(?:(?:script|style)\b.*?</(?:script|style)|[^>]*)>|\s+", re.DOTALL | re.IGNORECASE)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ONLY_WINDOWS = re.compile(rb"[\x80-\x9f]")
_FEW = 8
_MOST_BROKEN = 0.005
_MANY_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_LOST = "\ufffd"


def decode_page(content: bytes, header: str | None) -> str:
    """The text of an HTML page. `header` is the charset of its Content-Type; never fails."""
    if marked := _marked(content):
        return marked
    return _decode(content, header, _declared(content))


def decode_fetched(content: bytes, header: str | None) -> str:
    """The text of a Markdown or plain-text file that came over HTTP; never fails."""
    return _marked(content) or _decode(content, header)


def _marked(content: bytes) -> str | None:
    """The text when a byte order mark says what it is: it wins over every label (Encoding Standard, 6)."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    return None


def _decode(content: bytes, *labels: str | None) -> str:
    """By the first label that fits; a text that is valid UTF-8 with several signs beyond ASCII is UTF-8 all the same.

    Latin letters happen to form two-byte sequences of UTF-8 next to never, and servers announce them by habit.
    """
    whole = _strictly(content, "utf-8")
    if whole is not None and (
        (content.isascii() and not any(labels)) or len(_MANY_BYTES.findall(content[:200_000])) > 1
    ):
        return whole
    for encoding in filter(None, map(_python_name, labels)):
        text = content.decode(encoding, "replace")
        if text.count(_LOST) <= _MOST_BROKEN * len(text):
            return text
    if whole is not None:
        return whole
    text = content.decode("utf-8", "replace")
    return text if text.count(_LOST) <= _MOST_BROKEN * len(text) else content.decode(_detected(content), "replace")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _python_name(label: str | None) -> str | None:
    """Python's name for an encoding of the web; None for what is no label or not to be read."""
    import webencodings

    found = webencodings.lookup(label) if label else None
    return None if found is None or found.name in _UNREADABLE else _codec(found)


def _codec(found: "object") -> str:
    name = str(found.codec_info.name)  # type: ignore[attr-defined]
    return "gb18030" if name == "gbk" else name


def declared_encoding(content: bytes) -> str | None:
    """The WHATWG name of the encoding that an HTML page states in itself, if it states one."""
    import webencodings

    label = _declared(content)
    found = webencodings.lookup(label) if label else None
    if found is None:
        return None
    return str(found.name)


def _declared(content: bytes) -> str | None:
    """The label in the first meta element that has one, or in the XML declaration."""
    import webencodings

    head = content[:_PRESCAN_BYTES]
    for name, attributes in _tags(head):
        if name != b"meta":
            continue
        label = _of_meta(attributes)
        found = webencodings.lookup(label) if label else None
        if found is not None:
            return "utf-8" if found.name in _SIXTEEN else str(found.name)
    stated = _XML.match(head)
    return stated[1].decode("ascii") if stated else None


def _tags(head: bytes) -> Iterator[tuple[bytes, dict[bytes, bytes]]]:
    """Opening tags with their attributes, as the prescan sees them: neither in comments nor in quotes, and closed."""
    at = 0
    while found := _TAG.search(head, at):
        if found[1]:
            end = head.find(b"-->", found.start() + 2)
            at = end + 3 if end >= 0 else len(head)
        elif not found[3]:
            end = head.find(b">", found.end())
            at = end + 1 if end >= 0 else len(head)
        else:
            attributes, at = _attributes(head, found.end())
            if at <= len(head) and not found[2]:
                yield found[3].lower(), attributes


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes from there on, and where the tag ends; beyond the end of `head` when it is not closed."""
    found: dict[bytes, bytes] = {}
    while match := _ATTRIBUTE.match(head, at):
        value = next((part for part in match.groups()[1:] if part is not None), b"")
        found.setdefault(match[1].lower(), value)
        at = match.end()
    close = re.compile(rb"[\s/]*>").match(head, at)
    return found, close.end() if close else len(head) + 1


def _of_meta(attributes: dict[bytes, bytes]) -> str | None:
    if b"charset" in attributes:
        return attributes[b"charset"].decode("ascii", "replace")
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return None
    found = _IN_CONTENT.search(attributes.get(b"content", b""))
    label = next((part for part in found.groups() if part is not None), b"") if found else b""
    return label.decode("ascii", "replace") or None


def _detected(content: bytes) -> str:
    """The likeliest legacy encoding; among those of Latin script the one that the text's language was written in."""
    from charset_normalizer import from_bytes

    sample = _MARKUP.sub(b" ", content[: 8 * _SAMPLE])[:_SAMPLE]
    best = None if sample.isascii() else from_bytes(sample, cp_isolation=list(_CANDIDATES)).best()
    if best is not None and best.encoding not in _LATIN and len(_BEYOND_ASCII.findall(sample)) > _FEW:
        return best.encoding
    encoding = _OF_LANGUAGE.get(detected_language(sample.decode("cp1252", "replace")), "cp1252")
    return "iso8859_2" if encoding == "cp1250" and not _ONLY_WINDOWS.search(sample) else encoding
