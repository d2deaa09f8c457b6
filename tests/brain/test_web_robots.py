"""What a site's robots.txt lets us fetch: reading it, failing closed, keeping it for a day at most."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.errors import DeferredError, RefusedError
from brain.robots import FAILURE_KEPT_SECONDS, KEPT_SECONDS, MAX_ROBOTS_BYTES, rules_from
from tests.brain.fetching import HELLO, FakeTime, asked, client, failure, fetch_from
from tests.loopback import (
    Handler,
    LoopbackServer,
    Route,
    endless,
    garbage,
    in_turn,
    lying_length,
    page,
    redirect,
    slow,
    text,
)

ROBOTS_FILES = Path(__file__).parents[3] / "shared" / "realworld" / "robots"


def test_what_robots_txt_allows_is_fetched_and_what_it_disallows_is_refused() -> None:
    rules = text("User-agent: *\nDisallow: /\n\nUser-agent: industrybrain\nDisallow: /private\nAllow: /private/open$\n")
    routes: dict[str, Route] = {"/robots.txt": rules, "/a": HELLO, "/private/open": HELLO, "/private/b": HELLO}
    with LoopbackServer(routes) as server, client(server) as web:
        assert web.fetch(server.url("/a")).robots == "allowed by robots.txt"
        assert web.fetch(server.url("/private/open")).content == HELLO
        for path in ("/private/b", "/private?q", "/%70rivate/b", "/x/../private/b"):
            with pytest.raises(RefusedError, match=r"robots\.txt disallows this path for IndustryBrain"):
                web.fetch(server.url(path))
        assert asked(server) == ["/a", "/private/open"]


def test_rules_for_others_and_unreadable_lines_leave_us_free() -> None:
    rules = page(b"\xef\xbb\xbfUser-agent: OtherBot\nDisallow: /\n\xff\xfe<html>\0Disallow", content_type="text/html")
    assert fetch_from({"/robots.txt": rules, "/": HELLO}).robots == "allowed by robots.txt"


def test_robots_txt_with_a_byte_order_mark_binds() -> None:
    rules = page(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n")
    assert isinstance(failure({"/robots.txt": rules, "/": HELLO}), RefusedError)


@pytest.mark.parametrize("status", [400, 402, 404, 405, 410, 418, 451, 499])
def test_no_robots_txt_means_allowed(status: int) -> None:
    assert fetch_from({"/robots.txt": page(b"no", status=status), "/": HELLO}).robots == "no robots.txt"


@pytest.mark.parametrize(
    "robots",
    [
        *(page(b"User-agent: *\nAllow: /", status=status) for status in (401, 403, 429, 500, 502, 503, 599, 304, 300)),
        page(b"", status=302),
        garbage(b""),
        lying_length(b"User-agent: *\n", 1000),
        page(b"x", headers={"Content-Encoding": "gzip"}),
        page(b"x", headers={"Content-Encoding": "br"}),
        page(b"#" * (MAX_ROBOTS_BYTES + 1)),
        page(gzip.compress(b"#" * (MAX_ROBOTS_BYTES + 1)), headers={"Content-Encoding": "gzip"}),
        endless(),
        redirect("/robots.txt"),
        redirect("http://10.0.0.1/robots.txt"),
        redirect("https://www.linkedin.com/robots.txt"),
        redirect("ftp://example.org/robots.txt"),
    ],
)
def test_a_robots_txt_that_cannot_be_read_defers_every_page_and_is_asked_for_once(robots: Handler) -> None:
    with LoopbackServer({"/robots.txt": robots, "/a": HELLO, "/b": HELLO}) as server, client(server) as web:
        for path in ("/a", "/b"):
            with pytest.raises(DeferredError, match=r"its robots\.txt could not be read: ") as caught:
                web.fetch(server.url(path))
            assert caught.value.url == server.url(path)
        assert set(server.paths()) <= {"/robots.txt"}
        asked_for = len(server.received)
        with pytest.raises(DeferredError):
            web.fetch(server.url("/a"))
        assert len(server.received) == asked_for


def test_robots_txt_at_the_limit_is_read() -> None:
    rules = b"User-agent: *\nDisallow: /private\n"
    full = rules + b"#" * (MAX_ROBOTS_BYTES - len(rules))
    routes: dict[str, Route] = {"/robots.txt": page(full), "/private": HELLO, "/": HELLO}
    assert fetch_from(routes, max_bytes=1000, max_wire_bytes=1000).robots == "allowed by robots.txt"
    assert isinstance(failure(routes, "/private"), RefusedError)


def test_five_redirects_of_robots_txt_are_followed_to_another_host_too() -> None:
    rules = text("User-agent: *\nDisallow: /private")
    with LoopbackServer({"/rules": rules}) as other:
        chain: dict[str, Route] = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 4)}
        routes = chain | {
            "/robots.txt": redirect("/1"),
            "/4": redirect(other.url("/rules")),
            "/": HELLO,
            "/private": HELLO,
        }
        with LoopbackServer(routes) as server, client(server, other) as web:
            assert web.fetch(server.url()).robots == "allowed by robots.txt"
            with pytest.raises(RefusedError, match="disallows"):
                web.fetch(server.url("/private"))
            assert asked(other) == ["/rules"]


def test_six_redirects_of_robots_txt_defer() -> None:
    chain: dict[str, Route] = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 6)}
    error = failure(chain | {"/robots.txt": redirect("/1"), "/6": text("User-agent: *\nAllow: /"), "/": HELLO})
    assert isinstance(error, DeferredError)


def test_each_hop_answers_to_the_robots_txt_of_its_own_origin() -> None:
    with LoopbackServer({"/robots.txt": text("User-agent: *\nDisallow: /no"), "/no": HELLO, "/yes": HELLO}) as target:
        routes: dict[str, Route] = {"/no": redirect(target.url("/no")), "/yes": redirect(target.url("/yes"))}
        with LoopbackServer(routes) as server, client(server, target) as web:
            assert web.fetch(server.url("/yes")).robots == "allowed by robots.txt"
            with pytest.raises(RefusedError, match=r"it redirects to .*disallows"):
                web.fetch(server.url("/no"))
            assert "/no" not in target.paths()


def test_a_redirect_within_the_site_to_a_disallowed_path_is_refused() -> None:
    rules = text("User-agent: *\nDisallow: /no")
    error = failure({"/robots.txt": rules, "/": redirect("/no/page"), "/no/page": HELLO})
    assert isinstance(error, RefusedError)


def test_slow_redirects_towards_a_host_do_not_hold_it_back_afterwards() -> None:
    routes: dict[str, Route] = {"/robots.txt": slow(text(""), 0.4), "/": HELLO}
    with LoopbackServer(routes) as good, LoopbackServer({}) as bad, client(good, bad, timeout=1) as web:
        bad.routes["/"] = slow(redirect(good.url()), 0.8)
        with pytest.raises(DeferredError, match="longer than"):
            web.fetch(bad.url())
        good.routes["/robots.txt"] = text("")
        assert web.fetch(good.url()).content == HELLO


# ---- how often it is asked for ----


def test_many_threads_share_one_robots_txt() -> None:
    routes: dict[str, Route] = {f"/{n}": slow(page(HELLO), 0.01) for n in range(16)}
    routes["/robots.txt"] = slow(text("User-agent: *\nAllow: /"), 0.05)
    with LoopbackServer(routes) as server, client(server) as web, ThreadPoolExecutor(16) as pool:
        pages = list(pool.map(web.fetch, [server.url(f"/{n}") for n in range(16)]))
        assert {got.content for got in pages} == {HELLO}
        assert server.paths().count("/robots.txt") == 1


def test_it_is_kept_across_runs_for_a_day_at_most(tmp_path: Path) -> None:
    fake = FakeTime()
    with LoopbackServer({"/robots.txt": text("User-agent: *\nDisallow: /no"), "/": HELLO, "/no": HELLO}) as server:

        def run(path: str = "/") -> int:
            with client(server, hosts_now=fake.now, folder=tmp_path) as web, suppress(RefusedError):
                web.fetch(server.url(path))
            return server.paths().count("/robots.txt")

        assert [run(), run(), run("/no")] == [1, 1, 1]
        fake.seconds += KEPT_SECONDS - 1
        assert run() == 1
        fake.seconds += 1
        assert [run(), run()] == [2, 2]
        fake.seconds -= 3600  # a clock that is set back makes the copy one from the future
        assert run() == 3
    assert "/no" not in server.paths()


def test_within_a_run_it_is_asked_for_again_after_a_day_and_a_failure_sooner() -> None:
    fake = FakeTime()
    robots = in_turn(text(""), page(b"", status=503), text("User-agent: *\nDisallow: /"))
    with LoopbackServer({"/robots.txt": robots, "/": HELLO}) as server, client(server, hosts_now=fake.now) as web:
        web.fetch(server.url())
        fake.seconds += KEPT_SECONDS
        with pytest.raises(DeferredError, match="503"):
            web.fetch(server.url())
        fake.seconds += FAILURE_KEPT_SECONDS - 1
        with pytest.raises(DeferredError, match="503"):
            web.fetch(server.url())
        assert server.paths().count("/robots.txt") == 2
        fake.seconds += 1
        with pytest.raises(RefusedError):
            web.fetch(server.url())
        assert server.paths().count("/robots.txt") == 3


def test_a_failure_is_not_kept_for_the_next_run(tmp_path: Path) -> None:
    robots = in_turn(page(b"", status=500), text(""))
    with LoopbackServer({"/robots.txt": robots, "/": HELLO}) as server:
        with client(server, folder=tmp_path) as web, pytest.raises(DeferredError):
            web.fetch(server.url())
        with client(server, folder=tmp_path) as web:
            assert web.fetch(server.url()).content == HELLO


def test_each_scheme_and_port_has_a_robots_txt_of_its_own() -> None:
    strict = LoopbackServer({"/robots.txt": text("User-agent: *\nDisallow: /"), "/": HELLO})
    with strict, LoopbackServer({"/": HELLO}) as free, client(strict, free) as web:
        assert web.fetch(free.url()).robots == "no robots.txt"
        with pytest.raises(RefusedError):
            web.fetch(strict.url())


# ---- any file ----


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400)
    | st.from_regex(
        rb"((User-agent: (\*|IndustryBrain)|(Dis)?allow: .{0,20}|Crawl-delay: .{0,8}|Request-rate: .{0,8}"
        rb"|Content-Signal: .{0,20})\n){0,9}",
        fullmatch=True,
    )
)
def test_any_robots_txt_gives_a_verdict(body: bytes) -> None:
    rules = rules_from(200, body)
    assert rules.crawl_delay >= 0
    assert isinstance(rules.signals("/a?b=c"), dict)
    with suppress(RefusedError, DeferredError):
        assert rules.check("https://example.org/a?b=c", "/a?b=c", 60) == "allowed by robots.txt"


HOSTILE = [
    b"User-agent: *\nDisallow: /" + b"*a" * 250_000,
    b"User-agent: *\n" + b"Disallow: /*a*b*c*d\n" * 25_000,
    b"User-agent: *\nDisallow: /a" + b" " * 500_000 + b"b",
    b"User-agent:" + b" " * 500_000,
    b"User-agent: *\n" + b"User-agent: x\n" * 30_000 + b"Disallow: /\n",
    b"".join(b"User-agent: x%d\n" % n for n in range(15_000)) + b"Disallow: /\n" * 20_000,
    b"Disallow" * 60_000,
    b"User-agent: *\nContent-Signal: " + b"ai-input=no," * 40_000,
    b"User-agent: *\n" + b"Content-Signal: /a ai-input=yes\n" * 15_000,
    b"\xef\xbb\xbf" * 150_000,
    b"%" * 500_000,
    b"User-agent: *\nDisallow: " + b"%" * 500_000,
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_judged_in_time(body: bytes) -> None:
    """Quadratic reading would take hours, and the test with it."""
    rules = rules_from(200, body)
    for path in ("/" + "a" * 4_000, "/" + "abcd" * 1_000, "/" + "%61" * 1_300):
        rules.signals(path)
        with suppress(RefusedError, DeferredError):
            rules.check(f"https://example.org{path}", path, 60)


@pytest.mark.skipif(not ROBOTS_FILES.exists(), reason="the real robots files are not beside this checkout")
def test_every_real_robots_file_gives_a_verdict() -> None:
    files = [path for path in ROBOTS_FILES.rglob("*") if path.is_file()]
    assert len(files) > 590
    allowed = 0
    for path in files:
        rules = rules_from(200, path.read_bytes())
        assert rules.crawl_delay >= 0
        with suppress(RefusedError, DeferredError):
            assert rules.check("https://example.org/jobs/1", "/jobs/1", 60) == "allowed by robots.txt"
            allowed += 1
    assert 0 < allowed < len(files)
