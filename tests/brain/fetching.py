"""Helpers of the tests of fetching: clients that look up no names, and the failures of single pages."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from brain.errors import FetchError, RefusedError
from brain.web import PAGES, Accept, HostBook, Limits, Page, WebClient
from tests.loopback import Exchange, LoopbackServer, Route, page

HELLO = b"<p>Hello</p>"
_LIMITS = {field.name for field in fields(Limits)}


def never_look_up(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host}:{port} was looked up")


def answering(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: addresses


def client(
    *servers: LoopbackServer, hosts: tuple[str, ...] = (), folder: Path | None = None, **changes: Any
) -> WebClient:
    """A client for these servers, without retries; `changes` are limits, arguments, or the book's clock."""
    allowed = frozenset({server.host for server in servers} | set(hosts))
    limits: dict[str, Any] = {"timeout": 5.0, "max_bytes": 100_000, "max_wire_bytes": 100_000, "retries": 0}
    limits |= {name: value for name, value in changes.items() if name in _LIMITS}
    now = changes.pop("hosts_now", time.time)
    given: dict[str, Any] = {"contact": "", "hosts": HostBook(folder, now=now), "_lookup": never_look_up}
    given |= {name: value for name, value in changes.items() if name not in _LIMITS}
    return WebClient(limits=Limits(**limits), loopback_hosts=allowed, **given)


def fetch_from(routes: dict[str, Route], path: str = "/", *, accept: Accept = PAGES, **changes: Any) -> Page:
    with LoopbackServer(routes) as server, client(server, **changes) as web:
        return web.fetch(server.url(path), accept=accept)


def failure(routes: dict[str, Route], path: str = "/", **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_from(routes, path, **changes)
    return caught.value


def reason(url: str, **changes: Any) -> str:
    """Why an address is refused before anything is asked."""
    with client(**changes) as web, pytest.raises(RefusedError) as caught:
        web.fetch(url)
    assert caught.value.url in {url, url[:200]}
    return caught.value.reason


def asked(server: LoopbackServer) -> list[str]:
    """The paths that were asked for, without the files that speak for the site."""
    return [path for path in server.paths() if path not in {"/robots.txt", "/.well-known/tdmrep.json"}]


class FakeTime:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.seconds += seconds


class Alone:
    """A handler that notes when two requests to it overlap."""

    def __init__(self, takes: float = 0.02) -> None:
        self._busy = threading.Lock()
        self._takes = takes
        self.overlaps = 0
        self.served = 0

    def __call__(self, exchange: Exchange) -> None:
        if not self._busy.acquire(blocking=False):
            self.overlaps += 1
            return
        self.served += 1
        exchange.pause(self._takes)
        self._busy.release()
        page(HELLO)(exchange)
