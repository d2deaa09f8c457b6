"""The pages that a site names in its sitemap (sitemaps.org protocol 0.9): an XML file, an index of them, or plain text.

Only addresses on the sitemap's own registrable domain count, as the protocol has it for a sitemap found on a host.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import Field

from brain.errors import UnreadableInputError
from brain.records import Interval, Record, parse_interval
from brain.sources import registrable_domain
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Adapter, Answer, Found, Reader, Wanted
from ingest.sources.markup import LXML, decoded, local_name, xml_of
from ingest.sources.postings import one_line, public_page

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_ENTRIES = 50_000
MAX_BYTES = 52_428_800
"""What the protocol allows one sitemap: entries, and bytes after inflating."""

_MAX_ELEMENTS = 1_000_000
_DEEPEST = 3
_STEP, _PIECE = 1 << 16, 1 << 20
_MAX_MEMBERS = 100
_FIRST_LINES = 100
_GZIP = b"\x1f\x8b"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_W3C_DATE = re.compile(r"\s*(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T\s]|$)")
_NEXT_STEP = "Give the address of an XML or plain-text sitemap; robots.txt often names it."


class Sitemap(Record):
    """`url` is the sitemap; an address is kept when it matches a pattern of `include`, if any, and none of `exclude`.

    In a pattern `*` stands for any characters, slashes too: `*/interview*`. `max_sitemaps` bounds what is asked for.
    """

    url: str = Field(min_length=1)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_sitemaps: int = Field(default=100, ge=1, le=MAX_ENTRIES)

    def keeps(self, address: str) -> bool:
        """Whether the patterns let an address through."""
        if any(fnmatchcase(address, pattern) for pattern in self.exclude):
            return False
        return not self.include or any(fnmatchcase(address, pattern) for pattern in self.include)


@dataclass(frozen=True)
class _Listed:
    """One address as a sitemap has it; `further` for that of another sitemap, `problem` for what is wrong instead."""

    address: str = ""
    further: bool = False
    title: str = ""
    published: Interval | None = None
    changed: date | None = None
    problem: str = ""


@dataclass
class _Walk:
    """A way through the sitemaps of one site, each asked for once; `domains` are those whose addresses count.

    It is `full` when as many were asked for as the options allow.
    """

    options: Sitemap | None
    domains: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    full: bool = False

    def ask(self, address: str, reader: Reader, depth: int = 0) -> Iterator[Found]:
        """All that a sitemap leads to. Raises LeftOutError when it is not to be had or none."""
        from brain.web import SITEMAPS

        self.asked.add(address)
        answer = reader.get(address, SITEMAPS, depth=depth)
        if depth == 0:
            self.domains = {_domain(address), _domain(answer.url)}  # a site may move, and say so by a redirect
        try:
            yield from self._follow(answer, address, reader, depth)
        except UnreadableInputError as error:
            raise LeftOutError(error.message) from error

    def _follow(self, answer: Answer, where: str, reader: Reader, depth: int) -> Iterator[Found]:
        for listed in _listed(answer.content, answer.charset):
            if not listed.further or listed.problem:
                yield from self.page(listed, where)
            elif listed.address not in self.asked and listed.address not in self.refused:
                yield from self._further(listed, reader, depth + 1)
            if self.full:
                return

    def _further(self, listed: _Listed, reader: Reader, depth: int) -> Iterator[Found]:
        if reason := self._refusal(listed.address, depth):
            self.refused.add(listed.address)
            yield Unusable(address=one_line(listed.address), reason=reason)
            return
        try:
            yield from self.ask(listed.address, reader, depth)
        except LeftOutError as error:
            yield Unusable(address=listed.address, reason=str(error))

    def _refusal(self, address: str, depth: int) -> str:
        most = self.options.max_sitemaps if self.options else 1
        if len(self.asked) >= most:
            self.full = True
            return f"it and all after it are over the limit of {most} sitemaps (max_sitemaps)"
        if depth > _DEEPEST:
            return f"it is more than {_DEEPEST} steps away from the first sitemap"
        return self._misplaced(address)

    def page(self, listed: _Listed, where: str) -> Iterator[Found]:
        """The entry of an address, the reason against it, or nothing when it was named before or is filtered out."""
        shown = one_line(listed.address) or where
        if reason := listed.problem or self._misplaced(listed.address):
            yield Unusable(address=shown, reason=reason)
        elif listed.further:
            yield Unusable(address=shown, reason="it is a further sitemap, which a capture does not hold")
        elif listed.address not in self.named and (self.options is None or self.options.keeps(listed.address)):
            self.named.add(listed.address)
            yield Entry(address=listed.address, title=listed.title, published=listed.published, changed=listed.changed)

    def _misplaced(self, address: str) -> str:
        if not public_page(address):
            return "it is no public web address"
        if self.domains and _domain(address) not in self.domains:
            return f"it is not on the sitemap's own domain, {' or '.join(sorted(self.domains))}"
        return ""


def _domain(address: str) -> str:
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
    if ":" in host or host.rpartition(".")[2].isdigit():
        return host
    # A suffix that the public list does not know counts as one, as the list's own algorithm has it.
    return registrable_domain(host) or ".".join(host.split(".")[-2:])


def _entries(options: Sitemap, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    yield from _Walk(options).ask(options.url, reader)


def _read(content: bytes, options: Sitemap | None) -> Iterator[Found]:
    walk = _Walk(options, {_domain(options.url)} if options else set())
    for listed in _listed(content, None):
        yield from walk.page(listed, options.url if options else "the sitemap")


def _listed(content: bytes, charset: str | None) -> Iterator[_Listed]:
    """What one sitemap lists, at most 50,000 addresses. Raises UnreadableInputError when it is no sitemap."""
    plain = _inflated(content) if content.startswith(_GZIP) else content
    if len(plain) > MAX_BYTES:
        raise _too_large()
    xml = xml_of(plain, charset)
    found = _of_xml(xml) if xml.startswith(b"<") else _of_lines(decoded(plain, charset))
    for number, listed in enumerate(found):
        if number == MAX_ENTRIES:
            yield _Listed(problem=f"it lists more than {MAX_ENTRIES:,} addresses; the rest is left out")
            return
        yield listed


def _inflated(content: bytes) -> bytes:
    """Inflate gzip step by step, to one byte over the limit at most; what breaks off keeps its beginning."""
    pieces: list[bytes] = []
    size, rest = 0, content
    try:
        for _ in range(_MAX_MEMBERS):
            inflater = zlib.decompressobj(wbits=31)
            for piece in _pieces(inflater, rest):
                pieces.append(piece)
                size += len(piece)
                if size > MAX_BYTES:
                    raise _too_large()
            rest = inflater.unused_data
            if not rest.startswith(_GZIP):
                break
    except zlib.error as error:
        if not size:
            raise UnreadableInputError(f"It cannot be inflated: {error}.", next_step=_NEXT_STEP) from error
    return b"".join(pieces)


def _pieces(inflater: "zlib._Decompress", content: bytes) -> Iterator[bytes]:
    for position in range(0, len(content), _STEP):
        step = content[position : position + _STEP]
        while step and not inflater.eof:
            yield inflater.decompress(step, _PIECE)
            step = inflater.unconsumed_tail


def _too_large() -> UnreadableInputError:
    return UnreadableInputError(f"It has more than {MAX_BYTES:,} bytes, too many for a sitemap.", next_step=_NEXT_STEP)


def _of_lines(text: str) -> Iterator[_Listed]:
    """A plain-text sitemap: one address a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not any(public_page(line) for line in lines[:_FIRST_LINES]):
        raise UnreadableInputError("It is no sitemap: neither XML nor lines of addresses.", next_step=_NEXT_STEP)
    yield from (_Listed(address=line) for line in lines)


def _of_xml(xml: bytes) -> Iterator[_Listed]:
    """The `url` and `sitemap` elements of a document, wherever they stand, without holding the whole tree."""
    from lxml import etree

    events = etree.iterparse(BytesIO(xml), events=("start", "end"), encoding="utf-8", recover=True, **LXML)
    root = None
    try:
        for number, (event, element) in enumerate(events):
            if root is None:
                _check_root(root := element)
            if number > 2 * _MAX_ELEMENTS:
                yield _Listed(problem="it has too many elements for a sitemap; the rest is left out")
                return
            if event == "end" and (name := local_name(element)) in {"url", "sitemap"}:
                yield _of_element(element, further=name == "sitemap")
                _release(element)
    except etree.XMLSyntaxError as error:
        raise UnreadableInputError(f"It is no sitemap: {error.msg}.", next_step=_NEXT_STEP) from error
    if root is None:
        raise UnreadableInputError("It is no sitemap: it holds no XML element.", next_step=_NEXT_STEP)
    if broken := [problem for problem in events.error_log if problem.level_name == "FATAL"]:
        yield _Listed(problem=f"its XML is broken in line {broken[0].line}; addresses may be missing")


def _check_root(root: "Element") -> None:
    name = local_name(root)
    if name in {"rss", "feed", "RDF"}:
        raise UnreadableInputError("It is a feed, no sitemap.", next_step='Set `type = "feed"` at the source.')
    if name not in {"urlset", "sitemapindex"}:
        raise UnreadableInputError(f"It is no sitemap: its root element is {name[:50]!r}.", next_step=_NEXT_STEP)


def _release(element: "Element") -> None:
    """Give the memory of an element, and of those before it, back."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _of_element(element: "Element", *, further: bool) -> _Listed:
    own = str(element.tag).removesuffix(local_name(element))
    address = _said(element, f"{own}loc")
    changed = _interval(_said(element, f"{own}lastmod"))
    return _Listed(
        address=address,
        further=further,
        title=one_line(_said(element, f"{_NEWS}news", f"{_NEWS}title")),
        published=_interval(_said(element, f"{_NEWS}news", f"{_NEWS}publication_date")),
        changed=changed.last if changed else None,
        problem="" if address else "an entry has no address (loc)",
    )


def _said(element: "Element", *path: str) -> str:
    """The text at the end of a path of tags; not lxml's search, which reads prefixes into them."""
    for tag in path:
        below = next((child for child in element if child.tag == tag), None)
        if below is None:
            return ""
        element = below
    return (element.text or "").strip()


def _interval(text: str) -> Interval | None:
    """The year, month or day of a W3C date, as its own zone has it."""
    try:
        return parse_interval(match[1]) if (match := _W3C_DATE.match(text)) else None
    except ValueError:
        return None


ADAPTER = Adapter("sitemap", Sitemap, "interview_report", _entries, _read)
