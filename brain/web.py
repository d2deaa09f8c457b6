"""The guarded way out to the web: one page at a time, lawful, polite, and bounded in every direction.

For each hop of a page, redirects included: the address is judged by its spelling (`brain.addresses`, `brain.denied`),
then by the site's robots.txt and TDM file (`brain.sites`), then we wait for the host's turn (`brain.pace`), then the
connection is made to an address that was checked. What the answer's headers forbid (`brain.signals`) is not read.
Time, bytes on the wire, bytes after inflating, redirects, pages and depth are bounded (`brain.limits`). Every request
opens a connection of its own and sends no cookies, so that no page learns of another.
"""

import itertools
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from typing import Self, cast

import httpcore
import httpx

from brain.addresses import PinnedBackend, Resolver, Target, approve, system_lookup
from brain.asking import Answer, Ask, follow, page_ask, read_body
from brain.errors import DeferredError, FetchError, RefusedError
from brain.hosts import HostBook
from brain.limits import LATER, Clock, Limits, check_depth, check_path, too_many_pages, too_slow
from brain.pace import Pace
from brain.pages import FEEDS, JSON, PAGES, SITEMAPS, Accept, Page, Validators, content_type, passes, retry_after
from brain.retries import longest_backoff, patiently
from brain.robots import user_agent
from brain.signals import Signals, header_signals, robots_signals
from brain.sites import Sites

__all__ = [
    "FEEDS",
    "JSON",
    "PAGES",
    "SITEMAPS",
    "Accept",
    "Asked",
    "HostBook",
    "Limits",
    "Page",
    "Validators",
    "WebClient",
]

# Worth another try at once; other statuses of 500 and more say that nothing will change soon.
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
# These say that nothing was done, so that even what was posted may be posted again.
_NOT_DONE = frozenset({429, 503})


@dataclass(frozen=True)
class Asked:
    """What a client has asked so far: requests of every kind, answers of 304, retries, bytes of bodies on the wire."""

    requests: int = 0
    unchanged: int = 0
    retries: int = 0
    wire_bytes: int = 0


class WebClient:
    """Fetches pages; safe to call from several threads, and a context manager.

    `hosts` is closed with the client. `loopback_hosts` are the `host:port` pairs on loopback that may be asked. A given
    `transport` takes the place of sockets, TLS and their address check; its only use is in tests.
    """

    def __init__(
        self,
        *,
        contact: str,
        limits: Limits,
        hosts: HostBook,
        loopback_hosts: frozenset[str],
        transport: httpx.BaseTransport | None = None,
        _lookup: Resolver = system_lookup,
        _tls: ssl.SSLContext | None = None,
        _pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._user_agent = user_agent(contact)
        self._limits = limits
        self._hosts = hosts
        self._loopback_hosts = frozenset(host.lower() for host in loopback_hosts)
        self._transport = transport or _PinnedTransport(_tls, _lookup)
        self._sites = Sites(hosts, limits, self._approve, self._ask)
        self._pace = Pace(hosts, limits.longest_wait, _pause)
        self._lock = threading.Lock()
        self._asked: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the transport and the book of hosts."""
        self._transport.close()
        self._hosts.close()

    @property
    def asked(self) -> Asked:
        """What was asked so far."""
        with self._lock:
            return Asked(**self._asked)

    def fetch(
        self,
        url: str,
        *,
        accept: Accept = PAGES,
        known: Validators | None = None,
        body: bytes | None = None,
        depth: int = 0,
    ) -> Page:
        """Fetch one page, feed, sitemap or JSON answer, as `accept` says.

        With `known`, a page that has not changed comes back `unchanged` and without content. A `body` is posted as
        JSON. `depth` counts the links between where a source begins and this page.

        Raises:
            RefusedError: policy says never: the address, the deny-list, robots.txt, a rights signal, a crawler trap.
            DeferredError: not now: the network, a time-out, a server error, a wait that the host asks for, a robots.txt
                that cannot be read, a host that has given its share of pages.
            FetchError: the page cannot be used: not found, too large, of another media type, broken.
            StoreError: the book of hosts cannot be used.
        """
        check_depth(url, depth, self._limits)
        clock, ask = Clock(self._limits.timeout), page_ask(accept, known, body, self._limits)
        answer = follow(url, lambda hop: self._page_hop(hop, clock, ask), self._limits.max_redirects)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            self._count(unchanged=1)
        return _page(url, answer, known or Validators())

    def _page_hop(self, url: str, clock: Clock, ask: Ask) -> Answer:
        target = self._approve(url)
        rules = self._sites.rules(target, clock)
        verdict = rules.check(target.url, target.path, self._limits.longest_wait)
        said = _permitted(target.url, robots_signals(rules.signals(target.path)))
        said += _permitted(target.url, self._sites.reserved(target, clock, rules))
        self._count_page(target, ask)
        answer = self._ask(target, clock, ask, rules.crawl_delay)
        return replace(answer, verdict=verdict, signals=said + answer.signals)

    def _approve(self, url: str) -> Target:
        parsed = _parse(url)
        check_path(url, parsed.path, self._limits)
        return approve(
            str(parsed.copy_with(fragment=None)),
            scheme=parsed.scheme,
            host=parsed.raw_host.decode("ascii"),
            port=parsed.port,
            path=parsed.raw_path.decode("ascii"),
            credentials=bool(parsed.userinfo),
            loopback_hosts=self._loopback_hosts,
        )

    def _ask(self, target: Target, clock: Clock, ask: Ask, delay: float | None) -> Answer:
        """Make a request, and again while its failure may pass and the page has time left."""

        def again(error: Exception) -> bool:
            if not isinstance(error, _PassingError) or clock.left <= longest_backoff(self._limits.backoff):
                return False
            return error.wait <= self._limits.longest_wait and (ask.body is None or error.not_done)

        def once() -> Answer:
            self._count(retries=min(next(tries), 1))
            return self._send(target, clock, ask, delay)

        tries = itertools.count()
        try:
            return patiently(once, again, retries=self._limits.retries, backoff=self._limits.backoff)
        except _PassingError as error:
            raise DeferredError(error.url, error.reason, next_step=error.next_step) from error

    def _send(self, target: Target, clock: Clock, ask: Ask, delay: float | None) -> Answer:
        """Make one request in the host's turn, following nothing."""
        with self._pace.turn(target, clock, asked=delay) as turn, _network_errors(target.url, clock):
            request = self._request(target, clock, ask)
            self._count(requests=1)
            with closing(self._transport.handle_request(request)) as response:
                turn.troubled = passes(response.status_code)
                turn.retry_after = retry_after(response.headers.get("retry-after", "")) if turn.troubled else None
                return self._received(target.url, response, ask, clock)

    def _received(self, url: str, response: httpx.Response, ask: Ask, clock: Clock) -> Answer:
        answer = Answer(url, response.status_code, dict(response.headers))
        if response.has_redirect_location:
            return replace(answer, redirect=_redirect(url, response.headers["location"], ask))
        with _passing_status(answer):
            wanted = ask.wants(url, answer.status, answer.headers)
        if ask.content:
            said = header_signals(response.headers.multi_items(), listing=ask.listing)
            answer = replace(answer, signals=_permitted(url, said))
        if not wanted:
            return answer
        # Not `iter_raw`: it refuses the answers of a transport that holds its body in memory, as those in tests do.
        answer = read_body(answer, cast("httpx.SyncByteStream", response.stream), ask, clock, self._limits)
        self._count(wire_bytes=answer.wire_bytes)
        return answer

    def _request(self, target: Target, clock: Clock, ask: Ask) -> httpx.Request:
        left = clock.left
        if left <= 0:
            raise too_slow(target.url, clock)
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate", **ask.headers}
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), left)
        extensions = {"timeout": timeouts, "target": target, "deadline": clock.deadline}
        method = "GET" if ask.body is None else "POST"
        return httpx.Request(method, target.url, headers=headers, content=ask.body, extensions=extensions)

    def _count_page(self, target: Target, ask: Ask) -> None:
        """Count a page once for each of its hosts, however many hops and retries it takes."""
        with self._lock:
            if target.pace_key in ask.hosts:
                return
            if self._pages[target.pace_key] >= self._limits.pages_per_host:
                raise too_many_pages(target.url, target.host, self._limits)
            self._pages[target.pace_key] += 1
            ask.hosts.add(target.pace_key)

    def _count(self, **more: int) -> None:
        with self._lock:
            self._asked.update(more)


class _PassingError(DeferredError):
    """A failure that may be over in a moment; it leaves this module as a DeferredError.

    `wait` is the seconds that the host asks for; `not_done` says that the request has had no effect.
    """

    def __init__(self, error: FetchError, *, wait: float = 0.0, not_done: bool = False) -> None:
        super().__init__(error.url, error.reason, next_step=error.next_step)
        self.wait = wait
        self.not_done = not_done


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
                content=request.read(),
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


def _page(url: str, answer: Answer, known: Validators) -> Page:
    media_type, charset = content_type(answer.headers.get("content-type", ""))
    unchanged = answer.status == HTTPStatus.NOT_MODIFIED
    given, before = Validators.of(answer.headers), known if unchanged else Validators()
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
        unchanged=unchanged,
        validators=Validators(given.etag or before.etag, given.last_modified or before.last_modified),
        signals=answer.signals,
        wire_bytes=answer.wire_bytes,
    )


def _permitted(url: str, signals: Signals) -> tuple[str, ...]:
    """What was said, for the ledger. Raises RefusedError where it denies the use."""
    if signals.denied:
        raise RefusedError(
            url,
            f"its owner does not allow this use: {'; '.join(signals.denied)}.",
            next_step="Remove the address, or ask the site's owner for permission.",
        )
    return signals.said


def _parse(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedError(url, "it is not a web address.", next_step="Check its spelling.") from error


def _redirect(url: str, location: str, ask: Ask) -> str:
    if ask.body is not None:
        raise RefusedError(url, f"it redirects what was posted to {location[:200]!r}; posts are not redirected.")
    try:
        return str(httpx.URL(url).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(url, f"it redirects to {location[:200]!r}, which is not a web address.") from error


@contextmanager
def _passing_status(answer: Answer) -> Iterator[None]:
    """Mark the statuses that are worth another try."""
    try:
        yield
    except DeferredError as error:
        if answer.status not in _RETRIED:
            raise
        wait = retry_after(answer.headers.get("retry-after", "")) or 0.0
        raise _PassingError(error, wait=wait, not_done=answer.status in _NOT_DONE) from error


@contextmanager
def _network_errors(url: str, clock: Clock) -> Iterator[None]:
    try:
        yield
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        raise too_slow(url, clock) from error
    except httpcore.ConnectError as error:
        unreachable = DeferredError(url, f"the host could not be reached: {str(error)[:200]}.", next_step=LATER)
        raise _PassingError(unreachable, not_done=True) from error
    except (httpx.TransportError, httpcore.NetworkError, httpcore.ProtocolError) as error:
        broken = DeferredError(url, f"the connection broke off: {str(error)[:200]}.", next_step=LATER)
        raise _PassingError(broken) from error
