"""The guarded way out to the web: one page at a time, lawful, polite, and bounded in every direction.

For each hop of a page, redirects included: the address is judged by its spelling (`brain.addresses`), then by the
site's robots.txt (`brain.robots`), then we wait for the host's turn, then the connection is made to an address that
was checked. Time, bytes on the wire, bytes after inflating and redirects are bounded. Every request opens a connection
of its own and sends no cookies, so that no page learns of another.
"""

import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from typing import Self, cast

import httpcore
import httpx

from brain.addresses import PinnedBackend, Resolver, Target, approve, system_lookup
from brain.errors import DeferredError, FetchError, RefusedError
from brain.robots import MAX_ROBOTS_BYTES, Clock, Pace, RobotsCache, Rules, failed, rules_from, status_error, user_agent

MEDIA_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
MAX_REDIRECTS = 5

_ACCEPT_PAGE = "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9"
_ACCEPT_ROBOTS = "text/plain, */*;q=0.1"
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A page as it was answered with 200, inflated but not decoded.

    `url` is the address asked for and `final_url` the one that answered; `media_type` is lower-case without parameters,
    `charset` what the header names, if anything; `headers` have lower-case names; `fetched_at` is in UTC; `robots` is
    "allowed by robots.txt" or "no robots.txt".
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


@dataclass(frozen=True)
class _Answer:
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    redirect: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class _Kind:
    """What is asked for: the Accept header, the limit in bytes, and whether an answer's body is wanted."""

    accept: str
    limit: int
    wants: Callable[[str, httpx.Response], bool]


class WebClient:
    """Fetches pages; safe to call from several threads, and a context manager.

    `timeout` is the seconds of one page with its redirects and robots.txt files, without the waits that politeness asks
    for. `max_bytes` bounds a page on the wire and again after inflating. `loopback_hosts` are the `host:port` pairs on
    loopback that may be asked. A given `transport` takes the place of sockets, TLS and their address check; its only
    use is in tests.
    """

    def __init__(
        self,
        *,
        contact: str,
        timeout: float,
        max_bytes: int,
        loopback_hosts: frozenset[str],
        transport: httpx.BaseTransport | None = None,
        _lookup: Resolver = system_lookup,
        _tls: ssl.SSLContext | None = None,
        _pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._user_agent = user_agent(contact)
        self._timeout = timeout
        self._page_kind = _Kind(_ACCEPT_PAGE, max_bytes, _is_page)
        self._loopback_hosts = frozenset(host.lower() for host in loopback_hosts)
        self._transport = transport or _PinnedTransport(_tls, _lookup)
        self._robots = RobotsCache()
        self._pace = Pace(pause=_pause)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def fetch(self, url: str) -> Page:
        """Fetch one page of HTML, XHTML, Markdown or plain text.

        Raises:
            RefusedError: policy says never: the address, the deny-list, or robots.txt.
            DeferredError: not now: the network, a time-out, a server error, or a robots.txt that cannot be read.
            FetchError: the page cannot be used: not found, too large, of another media type, broken.
        """
        clock = Clock(self._timeout)
        answer = self._follow(url, lambda hop: self._page_hop(hop, clock))
        media_type, charset = _content_type(answer.headers)
        return Page(
            url=url,
            final_url=answer.url,
            status=answer.status,
            content=answer.body,
            media_type=media_type,
            charset=charset,
            headers=answer.headers,
            fetched_at=datetime.now(UTC),
            robots=answer.verdict,
        )

    def _follow(self, asked: str, ask: Callable[[str], _Answer]) -> _Answer:
        url = asked
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = ask(url)
            except FetchError as error:
                reason = error.reason if url == asked else f"it redirects to {url[:200]}: {error.reason}"
                raise type(error)(asked, reason, next_step=error.next_step) from error
            if not answer.redirect:
                return answer
            url = answer.redirect
        raise FetchError(asked, f"it redirects more than {MAX_REDIRECTS} times.")

    def _page_hop(self, url: str, clock: Clock) -> _Answer:
        target = self._approve(url)
        rules = self._robots.rules(target.origin, clock, lambda: self._read_robots(target, clock))
        verdict = rules.check(target.url)
        answer = self._send(target, clock, self._page_kind, delay=rules.crawl_delay)
        return replace(answer, verdict=verdict)

    def _read_robots(self, target: Target, clock: Clock) -> Rules:
        address = f"{target.origin}/robots.txt"
        # A host is not to be blamed, and held back, for the time that slow redirects towards it have used up.
        short_of_time = clock.left < self._timeout / 2
        try:
            answer = self._follow(address, lambda hop: self._robots_hop(hop, address, clock))
        except RefusedError as error:
            raise RefusedError(target.url, error.reason, next_step=error.next_step) from error
        except DeferredError as error:
            return failed(error.reason, next_step=error.next_step, kept=not short_of_time)
        except FetchError as error:
            return failed(error.reason)
        return rules_from(answer.status, answer.body)

    def _robots_hop(self, url: str, first: str, clock: Clock) -> _Answer:
        try:
            return self._send(self._approve(url), clock, _ROBOTS_KIND, delay=None)
        except RefusedError as error:
            if url == first:
                raise
            # The site itself may be asked; only its rules lie where we do not go, so nobody can read them.
            raise DeferredError(url, error.reason) from error

    def _approve(self, url: str) -> Target:
        parsed = _parse(url)
        return approve(
            str(parsed.copy_with(fragment=None)),
            scheme=parsed.scheme,
            host=parsed.raw_host.decode("ascii"),
            port=parsed.port,
            credentials=bool(parsed.userinfo),
            loopback_hosts=self._loopback_hosts,
        )

    def _send(self, target: Target, clock: Clock, kind: _Kind, *, delay: float | None) -> _Answer:
        """Make one request in the host's turn, following nothing."""
        url = target.url
        turn = self._pace.turn(target.pace_key, clock, public=not target.loopback, asked=delay)
        with turn, _network_errors(url, clock):
            request = self._request(target, clock, kind.accept)
            with closing(self._transport.handle_request(request)) as response:
                answer = _Answer(url, response.status_code, dict(response.headers))
                if response.has_redirect_location:
                    return replace(answer, redirect=_redirect(url, response.headers["location"]))
                if kind.wants(url, response):
                    return replace(answer, body=_read(url, response, kind.limit, clock))
                return answer

    def _request(self, target: Target, clock: Clock, accept: str) -> httpx.Request:
        left = clock.left
        if left <= 0:
            raise _too_slow(target.url, clock)
        headers = {"User-Agent": self._user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), left)
        extensions = {"timeout": timeouts, "target": target, "deadline": clock.deadline}
        return httpx.Request("GET", target.url, headers=headers, extensions=extensions)


class _PinnedTransport(httpx.BaseTransport):
    """One connection per request, to the checked addresses of the request's target; knows no proxies."""

    def __init__(self, tls: ssl.SSLContext | None, lookup: Resolver) -> None:
        self._given_tls = tls
        self._lookup = lookup

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpx.create_ssl_context(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        target: Target = request.extensions["target"]
        scheme, host = target.scheme.encode(), target.host.encode()
        connection = httpcore.HTTPConnection(
            httpcore.Origin(scheme, host, target.port),
            ssl_context=self._tls if target.scheme == "https" else None,
            network_backend=PinnedBackend(target, request.extensions["deadline"], self._lookup),
        )
        answer = connection.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=scheme, host=host, port=target.port, target=request.url.raw_path),
                headers=request.headers.raw,
                extensions={"timeout": request.extensions["timeout"]},
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Connected(connection, answer))


class _Connected(httpx.SyncByteStream):
    """The raw bytes of an answer; closing it closes its connection."""

    def __init__(self, connection: httpcore.HTTPConnection, answer: httpcore.Response) -> None:
        self._connection = connection
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


class _Inflater:
    """Undoes gzip (several members too) and deflate (with and without the zlib header), step by step."""

    def __init__(self, url: str, encoding: str) -> None:
        self._url = url
        self._encoding = encoding
        self._stream: zlib._Decompress | None = None
        self._held = b""
        self._members = 0

    def feed(self, data: bytes, room: int) -> bytes:
        """Inflate `data` to at most `room` bytes, room > 0; what follows the last member is dropped.

        Raises:
            FetchError: the data is not what the encoding says.
        """
        if not self._encoding:
            return data
        out, data = bytearray(), self._held + data
        while data and len(out) < room:
            if self._stream is None:
                self._held = data if len(data) < 2 else b""
                if self._held or not self._starts(data):
                    break
                self._stream = zlib.decompressobj(_window_bits(self._encoding, data))
            try:
                out += self._stream.decompress(data, room - len(out))
            except zlib.error as error:
                raise FetchError(self._url, "its compressed data is broken.") from error
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data, self._stream = self._stream.unused_data, None
                self._members += 1
        return bytes(out)

    @property
    def unfinished(self) -> bool:
        """Whether a member has begun and not ended."""
        return self._stream is not None or bool(self._held and not self._members)

    def _starts(self, data: bytes) -> bool:
        return not self._members or (self._encoding == "gzip" and data.startswith(b"\x1f\x8b"))


def _window_bits(encoding: str, data: bytes) -> int:
    """How zlib is told the format; some servers send deflate without the header that RFC 9110 asks for."""
    if encoding == "gzip":
        return 31
    has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return 15 if has_header else -15


def _read(url: str, response: httpx.Response, limit: int, clock: Clock) -> bytes:
    """Read the body, inflated; bounded before, while and after inflating, and by the clock."""
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise _too_large(url, limit)
    inflater = _Inflater(url, _encoding(url, response))
    body, wire = bytearray(), 0
    # Not `iter_raw`: it refuses the answers of a transport that holds its body in memory, as those in tests do.
    for chunk in cast("httpx.SyncByteStream", response.stream):
        wire += len(chunk)
        body += inflater.feed(chunk, limit + 1 - len(body))
        if max(wire, len(body)) > limit:
            raise _too_large(url, limit)
        if clock.left <= 0:
            raise _too_slow(url, clock)
    if inflater.unfinished:
        raise DeferredError(url, "the answer was cut off.", next_step="Try again later.")
    return bytes(body)


def _encoding(url: str, response: httpx.Response) -> str:
    """Give "gzip", "deflate" or "" for none."""
    named: str = response.headers.get("content-encoding", "").strip().lower()
    if named in {"", "identity"}:
        return ""
    if named not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(url, f"it is sent as {named[:60]!r}, though only gzip and deflate are read.")
    return named.removeprefix("x-")


def _is_page(url: str, response: httpx.Response) -> bool:
    status = response.status_code
    if status != HTTPStatus.OK:
        raise status_error(url, status, response.headers.get("retry-after", ""))
    media_type, _ = _content_type(response.headers)
    if media_type == "application/pdf":
        raise FetchError(
            url, "it is a PDF, which is not read yet.", next_step="Save its text as a Markdown file and add that."
        )
    if media_type not in MEDIA_TYPES:
        named = f"of the type {media_type[:60]!r}" if media_type else "of no stated type"
        raise FetchError(url, f"it is {named}; only HTML, Markdown and plain text are read.")
    return True


_ROBOTS_KIND = _Kind(_ACCEPT_ROBOTS, MAX_ROBOTS_BYTES, lambda _, response: response.is_success)


def _content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    value = headers.get("content-type", "")
    charset = _CHARSET.search(value)
    return value.partition(";")[0].partition(",")[0].strip().lower(), charset[1].lower() if charset else None


def _parse(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedError(url, "it is not a web address.", next_step="Check its spelling.") from error


def _redirect(url: str, location: str) -> str:
    try:
        return str(httpx.URL(url).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(url, f"it redirects to {location[:200]!r}, which is not a web address.") from error


def _too_slow(url: str, clock: Clock) -> DeferredError:
    return DeferredError(url, f"it took longer than {clock.seconds:g} seconds.", next_step="Try again later.")


def _too_large(url: str, limit: int) -> FetchError:
    return FetchError(
        url, f"it is larger than {limit:,} bytes.", next_step="Raise BRAIN_FETCH_MAX_BYTES or leave it out."
    )


@contextmanager
def _network_errors(url: str, clock: Clock) -> Iterator[None]:
    try:
        yield
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        raise _too_slow(url, clock) from error
    except (httpx.TransportError, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise DeferredError(
            url, f"the connection broke off: {str(error)[:200]}.", next_step="Try again later."
        ) from error
