"""The posts that a site names in its feed: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed 1.0 and 1.1.

A post is an address to fetch, unless `full_text` says that the feed carries the posts themselves.
"""

import html
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from io import BytesIO
from itertools import islice
from time import struct_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from pydantic import Field

from brain.errors import UnreadableInputError
from brain.records import Interval, Record
from ingest.cache import LeftOutError
from ingest.materials import Entry, Format, Unusable
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.markup import local_name, parser, xml_of
from ingest.sources.postings import Fields, article, one_line, parsed, public_page

if TYPE_CHECKING:
    from feedparser import FeedParserDict
    from lxml.etree import _Element as Element

_MAX_POSTS = 10_000
_MAX_CHILDREN = 50
_LONGEST_BASE = 2_000
_ROOTS = frozenset({"rss", "feed", "RDF", "channel"})
_POSTS = frozenset({"item", "entry"})
_TEXTS = frozenset({"content", "encoded", "body"})
_DATES = frozenset({"pubDate", "published", "updated", "issued", "modified", "created", "date"})
_OF_POST = frozenset({"title", "link", "guid", "id", "origLink"}) | _TEXTS | _DATES
_ATTRIBUTES = frozenset({"href", "rel", "type", "isPermaLink", "mode"})
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d+)?/?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_HTML = frozenset({"", "text/html", "application/xhtml+xml"})
_FORMATS: dict[str, Format] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}
_NEXT_STEP = "Give the address of an RSS, Atom or JSON feed; a page often names its own in a `link` element."


class Feed(Record):
    """`url` is the feed, `pages` how many of its pages are read (RFC 5005 `next`, JSON Feed `next_url`).

    With `full_text` a post's text is taken from the feed where it carries one, and its page is not asked for.
    """

    url: str = Field(min_length=1)
    full_text: bool = False
    pages: int = Field(default=1, ge=1, le=100)


@dataclass(frozen=True)
class _Post:
    """A post as a feed has it; `addresses` are candidates, best first, resolved against the feed's own."""

    addresses: tuple[str, ...]
    title: str = ""
    published: date | None = None
    changed: date | None = None
    content: str = ""
    format: Format = "html"


@dataclass(frozen=True)
class _Listing:
    """One page of a feed, and the address of the next, or ""."""

    posts: Iterable[_Post]
    following: str = ""


def _entries(options: Feed, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import FEEDS

    address, asked, named = options.url, set[str](), set[str]()
    for _ in range(options.pages):
        asked.add(address)
        try:
            answer = reader.get(address, FEEDS)
            listing = _listing(answer.content, answer.url, answer.charset)
        except (LeftOutError, UnreadableInputError) as error:
            if address == options.url:
                raise LeftOutError(str(error)) from error
            yield Unusable(address=address, reason=str(error))
            return
        yield from _fresh(_found(listing, address, full_text=options.full_text), named)
        address = public_page(listing.following)
        if not address or address in asked:
            return


def _fresh(found: Iterable[Found], named: set[str]) -> Iterator[Found]:
    """What was not named before: pages of a feed overlap."""
    for one in found:
        if one.address not in named:
            named.add(one.address)
            yield one


def _read(content: bytes, options: Feed | None) -> Iterator[Found]:
    where = options.url if options else "the feed"
    listing = _listing(content, options.url if options else "", None)
    yield from _fresh(_found(listing, where, full_text=options is not None and options.full_text), set())


def _found(listing: _Listing, where: str, *, full_text: bool) -> Iterator[Found]:
    for number, post in enumerate(listing.posts, 1):
        pages = [page for address in post.addresses if (page := public_page(address))]
        if not pages:
            named = f"its address {one_line(post.addresses[0])[:100]!r} is no public web page" if post.addresses else ""
            yield Unusable(address=f"post {number} of {where}", reason=named or "it has no address")
            continue
        entry = Entry(address=pages[0], title=post.title, published=_day(post.published), changed=post.changed)
        yield _with_text(entry, post) if full_text else entry


def _with_text(entry: Entry, post: _Post) -> Entry:
    """The entry with the text that the feed carries, or as it is when that is none."""
    text = article(post.title, "", [("", post.content)]) if post.format == "html" else post.content
    return entry.model_copy(update={"content": text, "format": post.format}) if text else entry


def _day(day: date | None) -> Interval | None:
    return Interval(first=day, last=day) if day else None


def _listing(content: bytes, url: str, charset: str | None) -> _Listing:
    """A page of a feed. Raises UnreadableInputError when it is none."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _of_json(content, url)
    return _of_xml(content, url, charset)


def _of_json(content: bytes, url: str) -> _Listing:
    feed = Fields(parsed(content, "a JSON feed"))
    if not _JSON_FEED.fullmatch(feed.line("version")):
        raise UnreadableInputError("It is JSON, but no JSON feed: it states no version of one.", next_step=_NEXT_STEP)
    return _Listing(
        [_json_post(Fields(item), url) for item in feed.items("items")], _joined(url, _text(feed, "next_url"))
    )


def _json_post(item: Fields, url: str) -> _Post:
    markup, text = item.markup("content_html"), item.markup("content_text")
    # The specification would have the id be the address; external_url is a page elsewhere that the post is about.
    links = [
        _text(item, "url"),
        address if "://" in (address := _text(item, "id")) else "",
        _text(item, "external_url"),
    ]
    return _Post(
        addresses=_candidates(url, links),
        title=item.line("title"),
        published=item.day("date_published"),
        changed=item.day("date_modified"),
        content=markup or text,
        format="html" if markup else "text",
    )


def _of_xml(content: bytes, url: str, charset: str | None) -> _Listing:
    import feedparser

    # As a stream: feedparser would open a file, or an address, of the name that bytes or text happen to be.
    try:
        feed = feedparser.parse(
            BytesIO(_harmless(content, charset)),
            response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (ValueError, OverflowError) as error:  # feedparser has no error of its own
        raise UnreadableInputError(f"The feed cannot be read: {error}.", next_step=_NEXT_STEP) from error
    links = [(link.get("rel"), link.get("href", "")) for link in _mappings(feed["feed"], "links")]
    following = [href for wanted in ("next", "prev-archive") for rel, href in links if rel == wanted]
    posts = [_post(post, url, in_rss=feed["version"].startswith("rss")) for post in feed["entries"]]
    return _Listing(posts, _joined(url, following[0]) if following else "")


def _harmless(content: bytes, charset: str | None) -> bytes:
    """The feed with nothing but what is read here, well-formed and flat; feedparser is slow, or fails, on the rest.

    Who wrote a post is left out with it. Raises UnreadableInputError when it is no feed.
    """
    from lxml import etree

    xml = xml_of(content, charset)
    root = etree.fromstring(xml, parser()) if xml.startswith(b"<") else None
    if root is None:
        raise UnreadableInputError("It is no feed: neither XML nor JSON.", next_step=_NEXT_STEP)
    if (name := local_name(root)) not in _ROOTS:
        raise UnreadableInputError(f"It is no feed: its root element is {name[:50]!r}.", next_step=_NEXT_STEP)
    plain = etree.Element(root.tag, {key: value for key, value in root.attrib.items() if key == "version"})
    channel = next(_children(root, {"channel"}), root)
    below = plain if channel is root else etree.SubElement(plain, channel.tag)
    for link in _children(channel, {"link"}):
        _copy(link, below)
    posts = (element for element in root.iter() if local_name(element) in _POSTS and _is_named(element))
    for post in islice(posts, _MAX_POSTS):
        copied = etree.SubElement(plain if name == "RDF" else below, post.tag)
        copied.set(_XML_BASE, reduce(_joined, (_base(root), _base(channel), _base(post))))
        for child in _children(post, _OF_POST):
            _copy(child, copied)
    return bytes(etree.tostring(plain, encoding="utf-8"))


def _children(element: "Element", names: Container[str]) -> Iterator["Element"]:
    found = (child for child in element if local_name(child) in names and _is_named(child))
    return islice(found, _MAX_CHILDREN)


def _base(element: "Element") -> str:
    """Its own xml:base; a very long one would be joined with every address below it."""
    base = str(element.get(_XML_BASE, ""))
    return base if len(base) <= _LONGEST_BASE else ""


def _is_named(element: "Element") -> bool:
    """Whether the prefix of an element's name, if it has one, is declared."""
    return "}" in element.tag or ":" not in element.tag


def _copy(element: "Element", to: "Element") -> None:
    """Add an element without elements below it: what they hold becomes text, or in `content` the text of HTML."""
    from lxml import etree

    kept = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    copied = etree.SubElement(to, element.tag, kept)
    copied.text = "".join(element.itertext())
    if len(element):
        whole = local_name(element) in _TEXTS
        copied.set("type", "html" if whole else "text")
        if whole:
            copied.text = (element.text or "") + "".join(etree.tostring(one, encoding="unicode") for one in element)


def _post(post: "FeedParserDict", url: str, *, in_rss: bool) -> _Post:
    content, kind = _content(post)
    published, changed = (_date(dict.get(post, f"{key}_parsed")) for key in ("published", "updated"))
    return _Post(
        addresses=_candidates(url, _addresses(post)),
        title=one_line(_TAG.sub(" ", html.unescape(_text(post, "title")[:2_000]))),
        published=published or (changed if in_rss else None),  # RSS 1.0 has one date, that of Dublin Core
        changed=changed,
        content=content,
        format=kind,
    )


def _addresses(post: "FeedParserDict") -> Iterator[str]:
    """Where the post may be read, best first; a feed service names the original page beside its own redirect."""
    links = [link for link in _mappings(post, "links") if isinstance(link.get("href"), str)]
    alternate = [link for link in links if link.get("rel") == "alternate"]
    yield _text(post, "feedburner_origlink")
    yield from (link["href"] for link in alternate if link.get("type", "") in _HTML)
    yield from (link["href"] for link in alternate)
    yield _text(post, "link")  # a permanent guid, where there is no link
    yield from (link["href"] for link in links if link.get("rel") == "self")


def _content(post: "FeedParserDict") -> tuple[str, Format]:
    """The text that the feed carries of a post (`content:encoded`, Atom's `content`), and its format."""
    for content in _mappings(post, "content"):
        kind = _FORMATS.get(content.get("type", ""))
        if kind and (text := _text(content, "value").strip()):
            return text, kind
    return "", "html"


def _text(values: Any, key: str) -> str:
    """A text; a feed may have an element of that name that makes it anything else."""
    value = values.value(key) if isinstance(values, Fields) else values.get(key)
    return value if isinstance(value, str) else ""


def _mappings(values: Any, key: str) -> list[dict[str, Any]]:
    found = values.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _date(value: object) -> date | None:
    """The day in UTC, as feedparser has it."""
    try:
        return date(*value[:3]) if isinstance(value, struct_time) else None
    except ValueError:
        return None


def _candidates(base: str, addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_joined(base, address) for address in addresses if address.strip()))


def _joined(base: str, address: str) -> str:
    """The address, resolved against a base; the base when it is empty, "" when it cannot be read."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


ADAPTER = Adapter("feed", Feed, "interview_report", _entries, _read)
