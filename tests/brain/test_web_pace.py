"""When a host is asked again: in turn, slowly enough, and not before it said."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from brain.addresses import Target
from brain.errors import DeferredError, FetchError
from brain.hosts import HostBook
from brain.limits import Clock
from brain.pace import MAX_SLOWDOWN, Pace
from tests.brain.fetching import HELLO, Alone, FakeTime, client, failure
from tests.loopback import Exchange, LoopbackServer, Route, page, slow, text

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = Target("https://www.example.org/", "https", "www.example.org", 443, loopback=False)
HERE = Target("http://127.0.0.1:1/", "http", "127.0.0.1", 1, loopback=True)


def paced(fake: FakeTime, book: HostBook | None = None, longest: float = 60.0) -> Pace:
    return Pace(book or HostBook(None, now=fake.now), longest, fake.pause)


def request(
    pace: Pace, target: Target = PUBLIC, *, delay: float | None = 0.0, status: int = 200, wait: float | None = None
) -> None:
    with pace.turn(target, Clock(1), asked=delay) as turn:
        turn.troubled, turn.retry_after = status >= 400, wait


# ---- the delay ----


def test_the_delay_counts_from_the_end_of_one_request_to_the_start_of_the_next() -> None:
    fake = FakeTime()
    pace = paced(fake)
    for delay, takes in [(None, 5.0), (10.0, 3.0), (10.0, 0.0), (None, 0.0)]:
        with pace.turn(PUBLIC, Clock(1), asked=delay):
            fake.seconds += takes
    other = Target("https://other.example/", "https", "other.example", 443, loopback=False)
    request(pace, other, delay=10.0)
    assert fake.waits == [10.0, 10.0, 10.0]
    fake.seconds += 4.0
    request(pace)
    request(pace)
    assert fake.waits[3:] == [1.0]


def test_errors_slow_a_host_down_and_success_speeds_it_up_within_bounds() -> None:
    fake = FakeTime()
    pace = paced(fake)
    for status in [503] * 9 + [200] * 8:
        request(pace, status=status)
    assert fake.waits[:8] == [2, 3, 5, 9, 17, 33, 61, 61]
    assert fake.waits[8:] == [61, 31, 16, 8.5, 4.75, 2.875, 1.938, 1.0]
    assert max(fake.waits) <= 1 + MAX_SLOWDOWN


def test_a_slow_host_keeps_its_crawl_delay_beside() -> None:
    fake = FakeTime()
    pace = paced(fake)
    for status in (503, 503, 200):
        request(pace, delay=10.0, status=status)
    request(pace, delay=10.0)
    assert fake.waits == [11, 12, 11]


def test_a_failed_connection_counts_as_an_error_and_a_refusal_does_not() -> None:
    fake = FakeTime()
    book = HostBook(None, now=fake.now)
    pace = paced(fake, book)
    with pytest.raises(DeferredError), pace.turn(PUBLIC, Clock(1), asked=0):
        raise DeferredError(PUBLIC.url, "reset")
    assert book.host("www.example.org").slowdown == 1
    with pytest.raises(FetchError), pace.turn(PUBLIC, Clock(1), asked=0):
        raise FetchError(PUBLIC.url, "too large")
    assert book.host("www.example.org").slowdown == 0


def test_loopback_hosts_are_not_kept_waiting_but_for_errors() -> None:
    fake = FakeTime()
    pace = paced(fake)
    request(pace, HERE)
    request(pace, HERE, status=500)
    request(pace, HERE)
    request(pace, HERE)
    assert fake.waits == [0.01]


def test_each_request_of_a_public_site_waits_its_turn() -> None:
    waits: list[float] = []

    def public(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/a" and request.url.path != "/b":
            return httpx.Response(404)
        return httpx.Response(200, content=HELLO, headers={"content-type": "text/html"})

    with client(transport=httpx.MockTransport(public), _pause=waits.append) as web:
        assert web.fetch("https://www.example.org/a").robots == "no robots.txt"
        assert len(waits) == 2  # robots.txt, the TDM file, the page
        web.fetch("http://www.example.org/b")
        assert len(waits) == 5  # another origin, the same host
        web.fetch("https://example.org/a")
        assert len(waits) == 7
    assert all(0 < wait <= 1 for wait in waits)


def test_crawl_delay_is_kept_on_loopback_and_too_long_a_one_defers() -> None:
    waits: list[float] = []
    robots = "User-agent: *\nCrawl-delay: {}\n"
    routes: dict[str, Route] = {"/": HELLO, "/robots.txt": text(robots.format(60))}
    with LoopbackServer(routes) as server, client(server, _pause=waits.append) as web:
        web.fetch(server.url())
        web.fetch(server.url())
    assert len(waits) == 3
    assert all(0 < wait <= 60 for wait in waits)
    error = failure({"/": HELLO, "/robots.txt": text(robots.format(90))})
    assert isinstance(error, DeferredError)
    assert "asks for 90 seconds between requests; we wait at most 60 (BRAIN_FETCH_LONGEST_WAIT)" in error.reason
    assert isinstance(failure({"/": HELLO, "/robots.txt": text(robots.format(9))}, longest_wait=8), DeferredError)


# ---- Retry-After ----


def test_a_short_wait_that_a_host_asks_for_is_waited() -> None:
    fake = FakeTime()
    pace = paced(fake)
    request(pace, status=503, wait=30)
    fake.seconds += 10
    request(pace)
    assert fake.waits == [20]


def test_a_long_wait_defers_without_connecting_in_this_run_and_the_next(tmp_path: Path) -> None:
    fake = FakeTime()
    busy = page(b"", status=429, headers={"Retry-After": "3600"})
    with LoopbackServer({"/a": busy, "/b": HELLO}) as server:
        for run in range(2):
            with client(server, folder=tmp_path, hosts_now=fake.now, _pause=fake.pause) as web:
                if run == 0:
                    with pytest.raises(DeferredError, match="come back in 3600 seconds"):
                        web.fetch(server.url("/a"))
                count = len(server.received)
                with pytest.raises(
                    DeferredError, match=r"stay away until 1970-01-12 14:46 UTC.*LONGEST_WAIT"
                ) as caught:
                    web.fetch(server.url("/b"))
                assert caught.value.next_step == "Run again after 1970-01-12 14:46 UTC."
                assert len(server.received) == count
                assert fake.waits == []
        fake.seconds += 3600 - 60
        with client(server, folder=tmp_path, hosts_now=fake.now, _pause=fake.pause) as web:
            assert web.fetch(server.url("/b")).content == HELLO
        assert fake.waits == [60]


def test_a_wait_may_be_asked_for_with_a_date_and_on_robots_txt_too(tmp_path: Path) -> None:
    busy = page(b"", status=503, headers={"Retry-After": formatdate(time.time() + 7200, usegmt=True)})
    with LoopbackServer({"/robots.txt": busy, "/": HELLO}) as server:
        with client(server, folder=tmp_path) as web, pytest.raises(DeferredError, match="could not be read"):
            web.fetch(server.url())
        with client(server, folder=tmp_path) as web, pytest.raises(DeferredError, match="stay away until"):
            web.fetch(server.url())
        assert server.paths() == ["/robots.txt"]


def test_no_host_is_lost_for_good_by_one_header(tmp_path: Path) -> None:
    fake = FakeTime()
    pace = paced(fake, HostBook(tmp_path, now=fake.now))
    request(pace, status=503, wait=1e15)
    with pytest.raises(DeferredError, match="1970-02"):
        request(pace)
    fake.seconds += 30 * 24 * 3600
    request(pace)
    assert fake.waits == []


# ---- one connection at a time ----


def test_requests_to_one_host_never_overlap_and_to_many_hosts_do() -> None:
    meeting = threading.Barrier(3)

    def together(exchange: Exchange) -> None:
        meeting.wait(10)
        page(HELLO)(exchange)

    with ThreadPoolExecutor(8) as pool:
        alone = Alone()
        with LoopbackServer({"/": alone}) as server, client(server) as web:
            list(pool.map(web.fetch, [server.url()] * 8))
            assert (alone.overlaps, alone.served) == (0, 8)
        with (
            LoopbackServer({"/": together}) as a,
            LoopbackServer({"/": together}) as b,
            LoopbackServer({"/": together}) as c,
            client(a, b, c, timeout=10) as web,
        ):
            assert len(list(pool.map(web.fetch, [a.url(), b.url(), c.url()]))) == 3


def test_waiting_for_the_turn_costs_a_page_none_of_its_time() -> None:
    routes: dict[str, Route] = {"/": slow(page(HELLO), 0.3)}
    with LoopbackServer(routes) as server, client(server, timeout=1.2) as web, ThreadPoolExecutor(6) as pool:
        assert len(list(pool.map(web.fetch, [server.url()] * 6))) == 6
