"""Several processes that fetch at the same time: one request at a time for each host, and one state."""

import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

from brain.web import HostBook
from tests.brain.fetching import HELLO, Alone, asked
from tests.loopback import Exchange, LoopbackServer, Route, page, slow, text

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
from pathlib import Path
from brain.web import HostBook, Limits, WebClient
folder, host, *paths = sys.argv[1:]
limits = Limits(timeout=20, retries=0)
with WebClient(contact="", limits=limits, hosts=HostBook(Path(folder)), loopback_hosts=frozenset({host})) as web:
    for path in paths:
        try:
            web.fetch(f"http://{host}{path}")
        except Exception as error:
            print(type(error).__name__)
"""


def process(folder: Path, server: LoopbackServer, *paths: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder), server.host, *paths]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


def finished(*running: subprocess.Popen[str]) -> list[str]:
    return [one.communicate(timeout=60)[0] for one in running]


def test_processes_ask_one_host_one_after_the_other_and_share_its_files(tmp_path: Path) -> None:
    alone = Alone()
    robots = slow(text("User-agent: *\nAllow: /"), 0.1)
    with LoopbackServer({"/robots.txt": robots, "/": alone}) as server:
        told = finished(*(process(tmp_path, server, *["/"] * 8) for _ in range(4)))
        assert told == [""] * 4
        assert (alone.overlaps, alone.served) == (0, 32)
        assert server.paths().count("/robots.txt") == 1
        assert server.paths().count("/.well-known/tdmrep.json") == 1


def test_a_crawl_delay_holds_between_processes(tmp_path: Path) -> None:
    """As the server sees it: no request begins before the delay after the one before has passed."""
    begun: list[float] = []

    def noted(exchange: Exchange) -> None:
        begun.append(time.monotonic())
        page(HELLO)(exchange)

    routes: dict[str, Route] = {"/robots.txt": text("User-agent: *\nCrawl-delay: 0.2"), "/": noted}
    with LoopbackServer(routes) as server:
        assert finished(process(tmp_path, server, "/", "/"), process(tmp_path, server, "/", "/")) == [""] * 2
        assert finished(process(tmp_path, server, "/")) == [""]
    assert len(begun) == 5
    # A bound that the code keeps, no measure of its speed: a slow machine only makes the gaps longer.
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(begun))


def test_a_process_that_is_killed_in_a_request_holds_up_nobody(tmp_path: Path) -> None:
    reached = threading.Event()

    def stuck(exchange: Exchange) -> None:
        reached.set()
        exchange.pause(30)

    with LoopbackServer({"/stuck": stuck, "/": HELLO}) as server:
        victim = process(tmp_path, server, "/stuck")
        assert reached.wait(30)
        victim.kill()
        finished(victim)
        assert HostBook(tmp_path).host(server.host).asked > 0
        assert finished(process(tmp_path, server, "/")) == [""]
        assert asked(server) == ["/stuck", "/"]


def test_what_a_host_asked_of_one_process_holds_for_another(tmp_path: Path) -> None:
    busy = page(b"", status=503, headers={"Retry-After": "900"})
    with LoopbackServer({"/a": busy, "/b": HELLO}) as server:
        assert finished(process(tmp_path, server, "/a")) == ["DeferredError\n"]
        assert finished(process(tmp_path, server, "/b")) == ["DeferredError\n"]
        assert asked(server) == ["/a"]
