"""Servers that answer with anything at all: each fetch gives a page or a reason, and ends within its time."""

import gzip
import random
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.errors import FetchError
from brain.pages import Validators, content_type, retry_after
from brain.web import PAGES, SITEMAPS, Accept, WebClient
from tests.brain.fetching import client
from tests.loopback import LoopbackServer, Route, garbage, in_turn, text

SEED = 20260301
LINES = [
    "HTTP/1.1 200 OK", "HTTP/1.0 200", "HTTP/1.1 999 Odd", "HTTP/2 200", "HTTP/1.1 -1 x", "HTTP/1.1 301 Moved", "",
    "HTTP/1.1 304 Same", "HTTP/1.1 100 Continue", "HTTP/1.1 503 Busy", "ICY 200 OK", "\0\1\2",
]  # fmt: skip
HEADERS = [
    "Content-Type: text/html", "Content-Type: text/html; charset=\xff", "Content-Type: ;;;,", "Content-Length: 5",
    "Content-Length: -5", "Content-Length: \u0663", "Content-Length: 99999999999999999999", "Content-Encoding: gzip",
    "Content-Encoding: deflate", "Content-Encoding: deflate, gzip", "Transfer-Encoding: chunked", "Location: /",
    "Transfer-Encoding: gzip, chunked", "Location: http://[::1", "Location: \xff\xfe", "Location: //", "Location: ?",
    "Location: http://169.254.169.254/", "Retry-After: soon", "Retry-After: -1", "Retry-After: 1e9",
    "X-Robots-Tag: :,;",
    "Retry-After: Fri, 99 Foo 2026", "X-Robots-Tag: unavailable_after: 99", "tdm-reservation: 2", "Content-Signal: =",
    "ETag: \x7f", "ETag: " + "x" * 3_000, "Last-Modified: never", "Set-Cookie: a=b", "no colon here", ": no name",
    "X: " + "y" * 70_000, "Connection: keep-alive", "Upgrade: h2c", "Trailer: X", "Content-Range: bytes 0-1/2",
]  # fmt: skip
BODIES = [
    b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"ffffffff\r\nx", b"zz\r\n", gzip.compress(b"hello"), b"\x1f\x8b",
    gzip.compress(b"hello")[:12], gzip.compress(b"\0" * 300_000), zlib.compress(b"hello"), b"\0" * 500, b"\r\n" * 50,
    b"x" * 150_000,
]  # fmt: skip


def answers(count: int) -> Iterator[bytes]:
    """Raw answers put together at random from odd parts, always the same."""
    source = random.Random(SEED)  # noqa: S311 - no secret
    for _ in range(count):
        head = [source.choice(LINES[:2] if source.random() < 0.7 else LINES), *source.sample(HEADERS, 4)]
        raw = "\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + source.choice(BODIES)
        yield raw[: source.randrange(len(raw))] if source.random() < 0.1 else raw


def ending(web: WebClient, url: str, accept: Accept = PAGES) -> str:
    """How a fetch ends; anything but a page or one of the errors that are told fails the test."""
    try:
        got = web.fetch(url, accept=accept, known=Validators('"a"'))
    except FetchError as error:
        return type(error).__name__ if error.reason else "no reason"
    return "unchanged" if got.unchanged else "page"


def ends(routes: dict[str, Route], path: str) -> str:
    with LoopbackServer(routes) as server, client(server, timeout=2, rate_grace=0.5) as web:
        return ending(web, server.url(path))


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/.well-known/tdmrep.json"])
def test_any_answer_gives_a_page_or_a_reason(path: str) -> None:
    ways = {ends({"/": b"hello", path: garbage(raw)}, "/") for raw in answers(60)}
    assert {"DeferredError"} < ways <= {"page", "unchanged", "DeferredError", "RefusedError", "FetchError"}


def test_a_server_that_answers_differently_each_time_is_borne() -> None:
    handlers = [garbage(raw) for raw in answers(60)]
    server = LoopbackServer({"/robots.txt": text(""), "/": in_turn(*handlers)})
    with server, client(server, timeout=2, retries=2, backoff=0.001, longest_wait=0.1) as web:
        ways = {ending(web, server.url(), accept) for accept in (PAGES, SITEMAPS) * 10}
    assert "no reason" not in ways


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,5} [A-Z][a-z]{2} [0-9]{1,9} [0-9:]{0,9} [-+][0-9]{0,12}")
)
def test_any_header_value_can_be_read(value: str) -> None:
    wait = retry_after(value)
    assert wait is None or wait >= 0
    content_type(value)
    Validators.of({"etag": value, "last-modified": value}).headers()
