"""Trying again what may pass, as often as told, and nothing else."""

from typing import Any

import pytest

from brain.errors import DeferredError, FetchError
from tests.brain.fetching import HELLO, asked, client
from tests.loopback import LoopbackServer, Route, in_turn, lying_length, page, slow, text


def flaky(*statuses: int, **headers: str) -> Route:
    return in_turn(*(page(b"", status=status, headers=headers) for status in statuses), page(HELLO))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with LoopbackServer({"/": flaky(status, status)}) as server, client(server, retries=2, backoff=0.001) as web:
        assert web.fetch(server.url()).content == HELLO
        assert asked(server) == ["/"] * 3
        assert web.asked.retries == 2


def test_no_more_often_than_told() -> None:
    with LoopbackServer({"/": flaky(503, 503, 503)}) as server:
        for retries, count in [(0, 1), (1, 2)]:
            with client(server, retries=retries, backoff=0.001) as web, pytest.raises(DeferredError) as caught:
                web.fetch(server.url())
            assert type(caught.value) is DeferredError
            assert "503 Service Unavailable" in caught.value.reason
            assert len(asked(server)) == {1: 1, 2: 3}[count]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501, 505])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with LoopbackServer({"/": flaky(status)}) as server, client(server, retries=3, backoff=0.001) as web:
        with pytest.raises(FetchError):
            web.fetch(server.url())
        assert asked(server) == ["/"]


def test_a_broken_connection_is_tried_again_and_a_time_out_is_not() -> None:
    short = in_turn(lying_length(HELLO, 500), page(HELLO))
    with LoopbackServer({"/": short}) as server, client(server, retries=1, backoff=0.001) as web:
        assert web.fetch(server.url()).content == HELLO
    late = in_turn(slow(page(HELLO), 2), page(HELLO))
    with LoopbackServer({"/": late}) as server, client(server, retries=1, backoff=0.001, timeout=0.3) as web:
        with pytest.raises(DeferredError, match="longer than"):
            web.fetch(server.url())
        assert asked(server) == ["/"]


def test_robots_txt_is_tried_again_too() -> None:
    robots = in_turn(page(b"", status=503), text("User-agent: *\nAllow: /"))
    server = LoopbackServer({"/robots.txt": robots, "/": HELLO})
    with server, client(server, retries=1, backoff=0.001) as web:
        assert web.fetch(server.url()).robots == "allowed by robots.txt"


def test_a_retry_waits_as_long_as_the_host_asks_and_never_longer_than_we_wait() -> None:
    waits: list[float] = []
    given: dict[str, Any] = {"retries": 2, "backoff": 0.001, "_pause": waits.append}
    with LoopbackServer({"/": flaky(503, **{"Retry-After": "50"})}) as server, client(server, **given) as web:
        assert web.fetch(server.url()).content == HELLO
        assert 49 < max(waits) <= 50
    with LoopbackServer({"/": flaky(503, **{"Retry-After": "70"})}) as server, client(server, **given) as web:
        with pytest.raises(DeferredError, match="in 70 seconds"):
            web.fetch(server.url())
        assert asked(server) == ["/"]


def test_no_retry_begins_without_time_for_it() -> None:
    with LoopbackServer({"/": flaky(503)}) as server, client(server, retries=5, timeout=1, backoff=0.5) as web:
        with pytest.raises(DeferredError, match="503"):
            web.fetch(server.url())
        assert asked(server) == ["/"]


@pytest.mark.parametrize(("status", "times"), [(429, 2), (503, 2), (500, 1), (502, 1)])
def test_what_was_posted_is_posted_again_only_when_nothing_was_done(status: int, times: int) -> None:
    with LoopbackServer({"/": flaky(status)}) as server, client(server, retries=1, backoff=0.001) as web:
        if times == 2:
            assert web.fetch(server.url(), body=b"{}").content == HELLO
        else:
            with pytest.raises(DeferredError):
                web.fetch(server.url(), body=b"{}")
        assert len(asked(server)) == times


def test_retries_say_nothing(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with LoopbackServer({"/": flaky(503)}) as server, client(server, retries=1, backoff=0.001) as web:
        web.fetch(server.url())
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name.startswith("stamina")] == []
