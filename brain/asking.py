"""What one request asks for and what comes back: which answers are read, how far, and where they lead."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from brain.errors import DeferredError, FetchError
from brain.inflate import Inflater, content_encoding
from brain.limits import LATER, Clock, Limits, below_rate, too_large, too_many_redirects, too_slow
from brain.pages import JSON, Accept, Validators, check_type, content_type, passes, retry_after, status_error
from brain.robots import MAX_ROBOTS_BYTES

MAX_TDM_BYTES = 1_000_000

Wants = Callable[[str, int, Mapping[str, str]], bool]
"""From the address, status and headers of an answer: whether its body is read. Raises FetchError for a useless one."""


@dataclass(frozen=True)
class Ask:
    """What is asked for: headers, a body to post, the limits in bytes, and which answers are read.

    `content` says that the answer is for use, so that rights signals in its headers hold; a site's rules are not. A
    `listing` is used and not stored (`brain.pages.Accept`).
    `hosts` are those on which the page was counted already.
    """

    headers: Mapping[str, str]
    wants: Wants
    max_bytes: int
    max_wire_bytes: int
    content: bool = False
    listing: bool = False
    body: bytes | None = None
    hosts: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Answer:
    """An answer, as far as it was wanted; `redirect` is the address that it leads to."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    wire_bytes: int = 0
    redirect: str = ""
    verdict: str = ""
    signals: tuple[str, ...] = ()


def page_ask(accept: Accept, known: Validators | None, body: bytes | None, limits: Limits) -> Ask:
    """Ask for content of a kind: unless it is what we know, or by posting a body of JSON."""
    conditions = known.headers() if known and body is None else {}
    posted = {} if body is None else {"Content-Type": "application/json"}

    def wants(url: str, status: int, headers: Mapping[str, str]) -> bool:
        if status == HTTPStatus.NOT_MODIFIED and conditions:
            return False
        if status != HTTPStatus.OK:
            raise status_error(url, status, retry_after(headers.get("retry-after", "")))
        check_type(url, content_type(headers.get("content-type", ""))[0], accept)
        return True

    headers = {"Accept": accept.header, **conditions, **posted}
    limit, wire_limit = limits.max_bytes, limits.max_wire_bytes
    return Ask(headers, wants, limit, wire_limit, content=True, listing=accept.listing, body=body)


def _successful(url: str, status: int, headers: Mapping[str, str]) -> bool:
    if passes(status):
        raise status_error(url, status, retry_after(headers.get("retry-after", "")))
    return 200 <= status < 300


def _tdm(url: str, status: int, headers: Mapping[str, str]) -> bool:
    """Whether it is a TDM file; a site that answers every address with a page of HTML has none."""
    media_type, _ = content_type(headers.get("content-type", ""))
    readable = JSON.takes(media_type) or media_type in {"", "text/json", "text/plain"}
    return _successful(url, status, headers) and readable


ROBOTS = Ask({"Accept": "text/plain, */*;q=0.1"}, _successful, MAX_ROBOTS_BYTES, MAX_ROBOTS_BYTES)
TDM_FILE = Ask({"Accept": "application/json"}, _tdm, MAX_TDM_BYTES, MAX_TDM_BYTES)


def follow(asked: str, ask: Callable[[str], Answer], redirects: int) -> Answer:
    """Ask for an address and for those that it redirects to; errors name the address that was asked for first."""
    url = asked
    for _ in range(redirects + 1):
        try:
            answer = ask(url)
        except FetchError as error:
            reason = error.reason if url == asked else f"it redirects to {url[:200]}: {error.reason}"
            raise type(error)(asked, reason, next_step=error.next_step) from error
        if not answer.redirect:
            return answer
        url = answer.redirect
    raise too_many_redirects(asked, redirects)


def read_body(answer: Answer, chunks: Iterable[bytes], ask: Ask, clock: Clock, limits: Limits) -> Answer:
    """Read a body, inflated; bounded before, while and after inflating, by the clock and by the least rate.

    Raises:
        FetchError: it is larger than allowed, broken, or of an encoding that is not read.
        DeferredError: it came too slowly, or was cut off.
    """
    url = answer.url
    declared = answer.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > ask.max_wire_bytes:
        raise _too_large(url, ask.max_wire_bytes, ask, "BRAIN_FETCH_MAX_WIRE_BYTES")
    inflater = Inflater(url, content_encoding(url, answer.headers.get("content-encoding", "")))
    body, wire, begun = bytearray(), 0, time.monotonic()
    for chunk in chunks:
        wire += len(chunk)
        body += inflater.feed(chunk, ask.max_bytes + 1 - len(body))
        if wire > ask.max_wire_bytes:
            raise _too_large(url, ask.max_wire_bytes, ask, "BRAIN_FETCH_MAX_WIRE_BYTES")
        if len(body) > ask.max_bytes:
            raise _too_large(url, ask.max_bytes, ask, "BRAIN_FETCH_MAX_BYTES")
        _check_speed(url, wire, time.monotonic() - begun, clock, limits)
    if inflater.unfinished:
        raise DeferredError(url, "the answer was cut off.", next_step=LATER)
    return replace(answer, body=bytes(body), wire_bytes=wire)


def _check_speed(url: str, wire: int, seconds: float, clock: Clock, limits: Limits) -> None:
    if clock.left <= 0:
        raise too_slow(url, clock)
    if seconds > limits.rate_grace and wire < limits.min_rate * seconds:
        raise below_rate(url, wire / seconds, limits)


def _too_large(url: str, limit: int, ask: Ask, setting: str) -> FetchError:
    return too_large(url, limit, setting=setting if ask.content else "")
