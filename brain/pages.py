"""What is asked for and what is answered: kinds of content, the marks that tell whether a page has changed, pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from brain.errors import DeferredError, FetchError

_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE)
_PASSING = frozenset({408, 425, 429})
_MAX_MARK = 1_000


@dataclass(frozen=True)
class Accept:
    """A kind of content: its name in messages, the Accept header, and the media types that are read.

    A media type that begins with "+" stands for every type with that suffix (RFC 6839). A `listing` only names
    addresses: nothing of it is stored, so the noindex that keeps sitemaps out of search results does not deny it.
    """

    name: str
    header: str
    media_types: frozenset[str]
    listing: bool = False

    def takes(self, media_type: str) -> bool:
        """Whether content of this lower-case type, without parameters, is read."""
        _, plus, suffix = media_type.rpartition("+")
        return media_type in self.media_types or plus + suffix in self.media_types


PAGES = Accept(
    "HTML, Markdown, plain text and PDF",
    "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, application/pdf;q=0.9",
    frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf"}),
)
FEEDS = Accept(
    "RSS, Atom and JSON Feed",
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, "
    "text/xml;q=0.9",
    frozenset(
        {
            "application/atom+xml",
            "application/rss+xml",
            "application/rdf+xml",
            "application/xml",
            "text/xml",
            "application/feed+json",
            "application/json",
        }
    ),
)
SITEMAPS = Accept(
    "XML, gzip and plain text",
    "application/xml, text/xml, application/gzip;q=0.9, text/plain;q=0.8",
    frozenset(
        {"application/xml", "text/xml", "text/plain", "application/gzip", "application/x-gzip"}
        # What many servers call a file that ends in .gz.
        | {"application/octet-stream"}
    ),
    listing=True,
)
JSON = Accept("JSON", "application/json", frozenset({"application/json", "+json"}))


@dataclass(frozen=True)
class Validators:
    """What a server gave to tell whether a page has changed (RFC 9110, 8.8); "" where it gave nothing."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Validators":
        """Read the headers of an answer, whose names are lower-case."""
        return cls(_mark(headers.get("etag", "")), _mark(headers.get("last-modified", "")))

    def headers(self) -> dict[str, str]:
        """The headers that make a request conditional (RFC 9110, 13.1)."""
        given = {"If-None-Match": _mark(self.etag), "If-Modified-Since": _mark(self.last_modified)}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Page:
    """A page as it was answered with 200, inflated but not decoded; or, with 304, that it has not changed.

    `url` is the address asked for and `final_url` the one that answered; `media_type` is lower-case without parameters,
    `charset` what the header names, if anything; `headers` have lower-case names; `fetched_at` is in UTC; `robots` is
    "allowed by robots.txt" or "no robots.txt". With `unchanged`, `content` is empty. `validators` are for the next
    request, `signals` what the site said about the use of this page, `wire_bytes` what its body took before inflating.
    """

    url: str
    final_url: str
    status: int
    content: bytes
    media_type: str
    charset: str | None
    headers: Mapping[str, str]
    fetched_at: datetime
    robots: str
    unchanged: bool = False
    validators: Validators = field(default_factory=Validators)
    signals: tuple[str, ...] = ()
    wire_bytes: int = 0


def content_type(value: str) -> tuple[str, str | None]:
    """Read a Content-Type header: the media type in lower case without parameters, and the charset if named."""
    charset = _CHARSET.search(value)
    return value.partition(";")[0].partition(",")[0].strip().lower(), charset[1].lower() if charset else None


def check_type(url: str, media_type: str, accept: Accept) -> None:
    """Raise FetchError for content that is not of the kind asked for."""
    if not accept.takes(media_type):
        named = f"of the type {media_type[:60]!r}" if media_type else "of no stated type"
        raise FetchError(url, f"it is {named}; only {accept.name} are read.")


def passes(status: int) -> bool:
    """Whether an answer of this status says "not now" rather than "no"."""
    return status >= 500 or status in _PASSING


def status_error(url: str, status: int, wait: float | None) -> FetchError:
    """What to raise for an answer that is no page: "not now" for 408, 425, 429 and 5xx, naming the wait asked for."""
    phrase = f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else ""
    if not passes(status):
        return FetchError(url, f"it answers {status}{phrase}.")
    when = "" if wait is None else f"in {wait:.0f} seconds"
    asks = f" and asks us to come back {when}" if when else ""
    return DeferredError(url, f"it answers {status}{phrase}{asks}.", next_step=f"Try again {when or 'later'}.")


def retry_after(value: str) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3: seconds or a date) as seconds from now; None when it says neither."""
    if re.fullmatch(r"[0-9]{1,18}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return max(0.0, round((moment - datetime.now(UTC)).total_seconds()))


def _mark(value: str) -> str:
    """A validator that a request can carry, else ""."""
    usable = len(value) <= _MAX_MARK and value.isascii() and value.isprintable()
    return value.strip() if usable else ""
