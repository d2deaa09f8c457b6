"""The schema.org items that an HTML page describes, in JSON-LD or microdata, as JSON objects.

JSON-LD on the web is often not quite JSON: it stands in comments, keeps its line breaks inside strings, ends lists with
commas. What can be put right without guessing is; the rest of the page does not suffer from one broken script.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from brain.errors import UnreadableInputError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Item = dict[str, object]

_MAX_NODES = 20_000
_MAX_ITEMS = 500
_MAX_NESTING = 20
_OPENING = ("<!--", "<![CDATA[", "//", "/*", "*/")
_CLOSING = ("-->", "]]>", "//", "/*", "*/", ";")
_MAX_WRAPPINGS = 12
# Whole strings are passed over, even one that is never closed, so that the search stays linear.
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*+[}\]])', re.DOTALL)
_WRONG_ESCAPE = re.compile(r'\\(\\|["/bfnrt]|u[0-9A-Fa-f]{4})|\\(.)', re.DOTALL)


def tree_of(content: bytes, charset: str | None = None) -> "HtmlElement":
    """The parsed page. Raises UnreadableInputError for bytes that hold no element at all."""
    import lxml.html
    from lxml.etree import LxmlError

    from ingest.encoding import decode_page

    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        return lxml.html.document_fromstring(decode_page(content, charset).encode("utf-8", "replace"), parser=parser)
    except LxmlError as error:
        raise UnreadableInputError("It is no HTML page.", next_step="Give the page as the site answers it.") from error


def canonical_link(tree: "HtmlElement") -> str:
    """What the page calls its own address, "" where it does not say."""
    found = tree.xpath("string(//link[@rel='canonical']/@href)") or tree.xpath(
        "string(//meta[@property='og:url']/@content)"
    )
    return str(found).strip()


def items(tree: "HtmlElement", kind: str) -> list[Item]:
    """The different items of that type in the order of the page, 500 at most; microdata counts without JSON-LD."""
    found: list[Item] = []
    stated = list(islice(_in_json_ld(tree, kind), _MAX_ITEMS)) or list(islice(_in_microdata(tree, kind), _MAX_ITEMS))
    for item in stated:
        if item not in found:
            found.append(item)
    return found


def _in_json_ld(tree: "HtmlElement", kind: str) -> Iterator[Item]:
    values = [_lenient(script.text or "") for script in tree.iter("script") if _is_json_ld(script.get("type") or "")]
    objects = list(_objects(values))
    by_id = {item["@id"]: item for item in objects if isinstance(item.get("@id"), str) and len(item) > 1}
    for item in objects:
        if _is_a(item.get("@type"), kind):
            yield {name: _resolved(value, by_id) for name, value in item.items()}


def _is_json_ld(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower() == "application/ld+json"


def _objects(values: list[object]) -> Iterator[Item]:
    """Every JSON object at any depth, in order."""
    stack = values[::-1]
    for _ in range(_MAX_NODES):
        if not stack:
            return
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))


def _is_a(stated: object, kind: str) -> bool:
    names = stated if isinstance(stated, list) else [stated]
    return any(isinstance(name, str) and re.split(r"[/#:]", name.strip())[-1] == kind for name in names)


def _resolved(value: object, by_id: dict[object, Item]) -> object:
    """What an item refers to by its id stands elsewhere in the page."""
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value]
    if isinstance(value, dict) and value.keys() == {"@id"} and isinstance(value["@id"], str):
        return by_id.get(value["@id"], value)
    return value


def _lenient(text: str) -> object:
    """The JSON of a script; None for what is none even after the usual faults are put right."""
    text = _unwrapped(text)
    for mend in _MENDS:
        try:
            return json.loads(mend(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(text: str) -> str:
    """Without the comments and CDATA sections that keep old browsers from showing a script."""
    for _ in range(_MAX_WRAPPINGS):
        before, text = text, text.strip("\ufeff \t\r\n\f")
        for opening in _OPENING:
            text = text.removeprefix(opening)
        for closing in _CLOSING:
            text = text.removesuffix(closing)
        if text == before:
            break
    return text


def _mended(text: str) -> str:
    without = _TRAILING_COMMA.sub(lambda match: match[1] or "", text)
    return _WRONG_ESCAPE.sub(lambda match: match[0] if match[2] is None else _kept(match[2]), without)


def _kept(character: str) -> str:
    """A character that needed no backslash; others than quotes and blanks keep one, as they were meant."""
    return character if character in "'&<>-# \n" else f"\\\\{character}"


_MENDS: tuple[Callable[[str], str], ...] = (str, _mended, lambda text: _mended(html.unescape(text)))


def _in_microdata(tree: "HtmlElement", kind: str) -> Iterator[Item]:
    for element in tree.iter():
        if isinstance(element.tag, str) and _is_a((element.get("itemtype") or "").split(), kind):
            yield _properties(element, 0)


def _properties(scope: "HtmlElement", depth: int) -> Item:
    """The properties of a microdata item (HTML, 5.2.5); one that is named again makes a list."""
    found: Item = {}
    stack = list(reversed(scope))
    while stack and depth < _MAX_NESTING:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        inner = element.get("itemscope") is not None
        for name in (element.get("itemprop") or "").split():
            value = _properties(element, depth + 1) if inner else _value(element, name)
            held = found.setdefault(name, value)
            if isinstance(held, list):
                held.append(value)
            elif held is not value:
                found[name] = [held, value]
        if not inner:
            stack.extend(reversed(element))
    return found


def _value(element: "HtmlElement", name: str) -> str:
    """A property's value: an attribute where the element keeps it there; the inner HTML of a text of several lines."""
    import lxml.html

    for attribute in ("content", "datetime", "href"):
        if (stated := element.get(attribute)) is not None:
            return str(stated)
    if name in {"description", "responsibilities", "qualifications", "skills", "jobBenefits"}:
        inner = (lxml.html.tostring(child, encoding="unicode") for child in element)
        return html.escape(element.text or "", quote=False) + "".join(inner)
    return str(element.text_content())
