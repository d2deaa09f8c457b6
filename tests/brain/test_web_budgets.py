"""What one page, one host and one run may cost; each budget is told with the setting that moves it."""

import gzip
import threading
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from brain.errors import DeferredError, FetchError, RefusedError
from brain.inflate import inflated
from brain.limits import Limits
from brain.settings import Settings
from brain.web import JSON, SITEMAPS
from tests.brain.fetching import HELLO, answering, asked, client, failure, fetch_from
from tests.loopback import (
    Exchange,
    Handler,
    LoopbackServer,
    Route,
    dripping,
    dripping_headers,
    endless,
    gzip_bomb,
    lying_length,
    page,
    redirect,
    silent,
    slow,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_every_limit_is_a_setting() -> None:
    chosen = Settings(
        fetch_timeout=1,
        fetch_max_bytes=2_000,
        fetch_max_wire_bytes=3_000,
        fetch_min_rate=4,
        fetch_rate_grace=5,
        fetch_max_redirects=6,
        fetch_pages_per_host=7,
        fetch_max_depth=8,
        fetch_max_repeats=9,
        fetch_retries=10,
        fetch_longest_wait=11,
    )
    assert Limits.of(chosen) == Limits(1, 2_000, 3_000, 4, 5, 6, 7, 8, 9, 10, 11)
    default = Limits.of(Settings())
    assert default == Limits()
    settings = {name.removeprefix("fetch_") for name in Settings.model_fields if name.startswith("fetch_")}
    assert settings == {field.name for field in fields(Limits)} - {"backoff"}


# ---- bytes ----


@pytest.mark.parametrize("packed", [False, True])
def test_exactly_the_limit_is_read_and_one_byte_more_is_not(*, packed: bool) -> None:
    headers = {"Content-Encoding": "gzip"} if packed else {}
    pack: Callable[[bytes], bytes] = gzip.compress if packed else bytes
    got = fetch_from({"/": page(pack(b"x" * 5000), headers=headers)}, max_bytes=5000)
    assert len(got.content) == 5000
    error = failure({"/": page(pack(b"x" * 5001), headers=headers)}, max_bytes=5000)
    assert "larger than 5,000 bytes after inflating (BRAIN_FETCH_MAX_BYTES)" in error.reason
    assert "Raise BRAIN_FETCH_MAX_BYTES" in error.next_step
    assert not isinstance(error, (RefusedError, DeferredError))


def test_the_wire_has_a_budget_of_its_own() -> None:
    body = bytes(range(256)) * 20
    assert len(fetch_from({"/": page(body)}, max_wire_bytes=5120).content) == 5120
    for handler in (page(body), endless()):
        error = failure({"/": handler}, max_wire_bytes=5119)
        assert "larger than 5,119 bytes on the wire (BRAIN_FETCH_MAX_WIRE_BYTES)" in error.reason


@pytest.mark.parametrize(
    "handler",
    [
        endless(),
        gzip_bomb(50),
        lying_length(b"x", 10**9),
        page(gzip.compress(b"") * 50_000, headers={"Content-Encoding": "gzip"}),
        page(gzip.compress(gzip.compress(b"\0" * 10**7)), headers={"Content-Encoding": "gzip, gzip"}),
    ],
    ids=["endless", "bomb", "stated", "empty members", "twice"],
)
def test_too_much_is_noticed_early(handler: Handler) -> None:
    assert failure({"/": handler}).reason.startswith(("it is larger than", "it is sent as"))


def test_a_compressed_page_that_says_nothing_without_end_is_too_large_on_the_wire() -> None:
    def nothing(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": "text/html", "Content-Encoding": "gzip", "Connection": "close"})
        while exchange.pause(0):
            exchange.raw(gzip.compress(b"") * 100)

    assert "on the wire" in failure({"/": nothing}).reason


def test_a_bomb_never_takes_much_more_memory_than_the_limit() -> None:
    import tracemalloc

    with LoopbackServer({"/": gzip_bomb(50), "/a": HELLO}) as server, client(server) as web:
        web.fetch(server.url("/a"))
        tracemalloc.start()
        try:
            with pytest.raises(FetchError, match="larger"):
                web.fetch(server.url())
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()


def test_a_file_that_is_compressed_itself_is_inflated_with_a_bound() -> None:
    sitemap = b"<urlset/>" * 100
    got = fetch_from({"/s.gz": page(gzip.compress(sitemap), content_type="application/gzip")}, "/s.gz", accept=SITEMAPS)
    assert inflated(got.url, got.content, 900) == sitemap
    assert inflated(got.url, sitemap, 1) == sitemap
    for data, limit, says in [
        (got.content, 899, "larger than 899"),
        (gzip.compress(b"\0" * 10**8), 1_000, "larger than"),
        (got.content[:-9], 900, "cut off"),
        (got.content[:20] + b"\0" * 20, 900, "broken"),
    ]:
        with pytest.raises(FetchError, match=says):
            inflated("https://example.org/s.gz", data, limit)


# ---- time ----


@pytest.mark.parametrize(
    "handler",
    [
        dripping(content_type="application/json"),
        dripping_headers(),
        silent(),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", content_type="application/json"),
    ],
    ids=["body", "headers", "silent", "more"],
)
@pytest.mark.parametrize("path", ["/", "/robots.txt", "/.well-known/tdmrep.json"])
def test_the_clock_ends_what_the_server_does_not(handler: Handler, path: str) -> None:
    error = failure({"/": HELLO, path: handler}, timeout=0.3, accept=JSON)
    assert isinstance(error, DeferredError)
    assert "longer than 0.3 seconds, the time for one page (BRAIN_FETCH_TIMEOUT)" in error.reason


def test_the_clock_runs_over_redirects() -> None:
    chain: dict[str, Route] = {f"/{n}": slow(redirect(f"/{n + 1}"), 0.2) for n in range(5)} | {"/5": HELLO}
    error = failure(chain, "/0", timeout=0.5)
    assert isinstance(error, DeferredError)
    assert "longer than 0.5 seconds" in error.reason


def test_a_page_that_drips_is_left_long_before_its_time_is_over() -> None:
    error = failure({"/": dripping(b"x" * 10)}, timeout=60, rate_grace=0.1, min_rate=1_000_000)
    assert isinstance(error, DeferredError)
    assert "below the rate of 1,000,000 (BRAIN_FETCH_MIN_RATE)" in error.reason


def test_no_rate_is_asked_for_within_the_grace() -> None:
    error = failure({"/": dripping(b"x" * 10)}, timeout=0.3, rate_grace=1, min_rate=1_000_000)
    assert "BRAIN_FETCH_TIMEOUT" in error.reason


def test_a_deaf_peer_in_the_tls_handshake_is_left_in_time() -> None:
    with LoopbackServer({}) as server, client(server, timeout=0.3) as web, pytest.raises(DeferredError):
        web.fetch(f"https://{server.host}/")


def test_a_look_up_that_hangs_or_fails_is_deferred() -> None:
    release = threading.Event()

    def hangs(_host: str, _port: int) -> list[str]:
        release.wait(3)
        return ["10.0.0.1"]

    def fails(host: str, _port: int) -> list[str]:
        raise OSError(f"{host}: Name or service not known")

    def mumbles(host: str, _port: int) -> list[str]:
        return [host.encode("idna").decode() for host in ["a" * 70]]

    for lookup, says in [
        (hangs, "in time"),
        (fails, "was not found"),
        (mumbles, "not found"),
        (answering(), "no address"),
    ]:
        with client(timeout=0.3, _lookup=lookup) as web, pytest.raises(DeferredError, match=says):
            web.fetch("https://www.example.org/")
    release.set()


# ---- redirects, pages, depth, paths ----


def test_redirects_have_a_budget() -> None:
    chain: dict[str, Route] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {"/6": HELLO}
    for limit in (0, 2, 5):
        error = failure(chain, f"/{5 - limit}", max_redirects=limit)
        assert f"redirects more than {limit} times (BRAIN_FETCH_MAX_REDIRECTS)" in error.reason
        assert fetch_from(chain, f"/{6 - limit}", max_redirects=limit).content == HELLO


def test_a_loop_of_two_pages_ends() -> None:
    assert "more than 5 times" in failure({"/": redirect("/b"), "/b": redirect("/")}).reason


def test_a_host_has_its_share_of_a_run() -> None:
    routes: dict[str, Route] = {f"/{n}": HELLO for n in range(4)} | {"/r": redirect("/0")}
    with LoopbackServer(routes) as server, LoopbackServer({"/": HELLO}) as other:
        with client(server, other, pages_per_host=3) as web:
            for path in ("/r", "/1", "/2"):  # with its redirect, the first is one page
                web.fetch(server.url(path))
            with pytest.raises(DeferredError, match=r"3 pages in this run.*\(BRAIN_FETCH_PAGES_PER_HOST\)") as caught:
                web.fetch(server.url("/3"))
            assert "Run again" in caught.value.next_step
            web.fetch(other.url())
        assert asked(server) == ["/r", "/0", "/1", "/2"]
        with client(server, pages_per_host=3) as web:
            assert web.fetch(server.url("/3")).content == HELLO


def test_a_page_too_many_links_away_is_refused_unasked() -> None:
    with LoopbackServer({"/": HELLO}) as server, client(server, max_depth=2) as web:
        assert web.fetch(server.url(), depth=2).content == HELLO
        count = len(server.received)
        with pytest.raises(RefusedError, match=r"3 links deep, over the depth of 2 \(BRAIN_FETCH_MAX_DEPTH\)"):
            web.fetch(server.url(), depth=3)
        assert len(server.received) == count


TRAPS = [
    "/a/a/a/a",
    "/a/b/a/c/a/d/a/",
    "/x/y/x/y/x/y",
    "/shop/cart/item/cart/item/cart/item/",
    "/1/2/3/1/2/3/1/2/3/end",
    "/" + "deep/" * 500,
    "/" + "/".join(map(str, range(2_000))),
]


@pytest.mark.parametrize("path", TRAPS)
def test_a_path_that_repeats_itself_is_a_trap(path: str) -> None:
    with LoopbackServer({}) as server, client(server) as web:
        with pytest.raises(RefusedError) as caught:
            web.fetch(server.url(path))
        assert "BRAIN_FETCH_MAX_REPEATS" in caught.value.reason or "4,096 characters" in caught.value.reason
        assert server.received == []


@pytest.mark.parametrize("path", ["/a/a/a", "/2026/01/01/01", "/x/y/x/y", "/a/b/c/d/e/f/g", "/a//a//a/"])
def test_ordinary_paths_are_no_trap(path: str) -> None:
    assert fetch_from({path: HELLO}, path).content == HELLO


def test_a_redirect_into_a_trap_is_refused() -> None:
    def deeper(exchange: Exchange) -> None:
        redirect(f"{exchange.path}more/")(exchange)

    with LoopbackServer({f"/{'more/' * n}": deeper for n in range(9)}) as server, client(server, max_repeats=2) as web:
        with pytest.raises(RefusedError, match="'more' stands 3 times"):
            web.fetch(server.url())
        assert asked(server) == ["/", "/more/", "/more/more/"]


@pytest.mark.parametrize(
    ("limits", "routes"),
    [
        ({"max_bytes": 1000}, {"/": page(b"x" * 2000)}),
        ({"max_wire_bytes": 1000}, {"/": page(b"x" * 2000)}),
        ({"timeout": 0.2}, {"/": silent()}),
        ({"max_redirects": 1}, {"/": redirect("/")}),
        ({"rate_grace": 0, "min_rate": 10**9}, {"/": dripping()}),
    ],
)
def test_each_reason_comes_with_a_step_to_take(limits: dict[str, Any], routes: dict[str, Route]) -> None:
    error = failure(routes, **limits)
    assert error.next_step
    assert "BRAIN_FETCH_" in error.reason
