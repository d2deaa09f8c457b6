import gzip
import shutil
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.addresses import Target, is_public, resolve
from brain.errors import BadInputError, DeferredError, FetchError, RefusedError
from brain.robots import KEPT_SECONDS, MAX_ROBOTS_BYTES, Clock, Pace, RobotsCache, Rules, failed, rules_from
from brain.web import Page, WebClient
from tests.loopback import (
    Exchange,
    Handler,
    LoopbackServer,
    Route,
    dripping,
    dripping_headers,
    endless,
    garbage,
    gzip_bomb,
    lying_length,
    page,
    redirect,
    silent,
    slow,
    text,
)

HELLO = b"<p>Hello</p>"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
ROBOTS_FILES = Path(__file__).parents[3] / "shared" / "realworld" / "robots"


def never_look_up(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host}:{port} was looked up")


def answering(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: addresses


def client(*servers: LoopbackServer, hosts: tuple[str, ...] = (), **changes: Any) -> WebClient:
    allowed = frozenset({server.host for server in servers} | set(hosts))
    given: dict[str, Any] = {"contact": "", "timeout": 5.0, "max_bytes": 100_000, "_lookup": never_look_up}
    return WebClient(loopback_hosts=allowed, **(given | changes))


def fetch_from(routes: dict[str, Route], path: str = "/", **changes: Any) -> Page:
    with LoopbackServer(routes) as server, client(server, **changes) as web:
        return web.fetch(server.url(path))


def failure(routes: dict[str, Route], path: str = "/", **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_from(routes, path, **changes)
    return caught.value


def reason(url: str, **changes: Any) -> str:
    with client(**changes) as web, pytest.raises(RefusedError) as caught:
        web.fetch(url)
    assert caught.value.url == url
    return caught.value.reason


# ---- a page ----


def test_a_page_is_returned_with_where_how_and_when_it_was_fetched() -> None:
    with (
        LoopbackServer({"/a": page(HELLO, content_type='Text/HTML; Charset="UTF-8"')}) as server,
        client(server) as web,
    ):
        before = datetime.now(UTC)
        got = web.fetch(server.url("/a#part"))
        assert (got.url, got.final_url, got.status) == (server.url("/a#part"), server.url("/a"), 200)
        assert (got.content, got.media_type, got.charset) == (HELLO, "text/html", "utf-8")
        assert got.headers["content-length"] == str(len(HELLO))
        assert before <= got.fetched_at <= datetime.now(UTC)
        assert got.fetched_at.utcoffset() == timedelta(0)
        assert got.robots == "no robots.txt"


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "text/plain", "text/markdown"])
def test_text_is_read(media_type: str) -> None:
    got = fetch_from({"/": page(HELLO, content_type=media_type)})
    assert (got.media_type, got.charset) == (media_type, None)


@pytest.mark.parametrize(
    ("contact", "agent"),
    [("", ""), ("mail@example.org", " (+mail@example.org)"), ("https://a.example/", " (+https://a.example/)")],
)
def test_every_request_says_who_asks_and_what_can_be_read(contact: str, agent: str) -> None:
    with LoopbackServer({"/": HELLO}) as server, client(server, contact=contact) as web:
        web.fetch(server.url())
        assert server.paths() == ["/robots.txt", "/"]
        for request in server.received:
            name, _, rest = request.headers["user-agent"].partition("/")
            number, *tail = rest.split(" ", 1)
            assert (name, "".join(f" {part}" for part in tail)) == ("IndustryBrain", agent)
            assert number[0].isdigit()
            assert request.headers["accept-encoding"] == "gzip, deflate"
            assert request.headers["host"] == server.host


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "maïl@example.org", "a\0b"])
def test_a_contact_that_no_header_can_carry_is_bad_input(contact: str) -> None:
    with pytest.raises(BadInputError, match="contact"):
        client(contact=contact)


def test_no_cookie_is_kept() -> None:
    with LoopbackServer({"/": page(HELLO, headers={"Set-Cookie": "who=me"})}) as server, client(server) as web:
        web.fetch(server.url())
        web.fetch(server.url())
        assert all("cookie" not in request.headers for request in server.received)


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch_from({"/": HELLO}).content == HELLO


# ---- what an answer may be ----


@pytest.mark.parametrize(
    ("handler", "kind", "says"),
    [
        (page(b"", status=404), FetchError, "404 Not Found"),
        (page(b"", status=410), FetchError, "410 Gone"),
        (page(b"", status=204), FetchError, "204"),
        (page(HELLO, status=206), FetchError, "206"),
        (page(b"", status=304), FetchError, "304"),
        (page(b"", status=299), FetchError, "299"),
        (page(b"", status=302), FetchError, "302"),
        (page(b"", status=500), DeferredError, "500 Internal Server Error"),
        (page(b"", status=429), DeferredError, "429 Too Many Requests."),
        (page(b"", status=429, headers={"Retry-After": "120"}), DeferredError, "asks us to come back in 120 seconds"),
        (page(b"", status=503, headers={"Retry-After": "7"}), DeferredError, "in 7 seconds"),
        (page(b"", status=503, headers={"Retry-After": "soon"}), DeferredError, "503 Service Unavailable."),
        (page(b"", status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), DeferredError, "in 0 sec"),
        (page(b"", status=503, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 -2300"}), DeferredError, "in "),
        (page(b"%PDF-1.7", content_type="application/pdf"), FetchError, "PDF"),
        (page(b"GIF89a", content_type="image/gif"), FetchError, "image/gif"),
        (page(HELLO, content_type=""), FetchError, "no stated type"),
        (page(HELLO, headers={"Content-Encoding": "br"}), FetchError, "'br'"),
        (page(HELLO, headers={"Content-Encoding": "gzip, gzip"}), FetchError, "only gzip and deflate"),
        (page(HELLO, headers={"Content-Encoding": "gzip"}), FetchError, "compressed data is broken"),
        (page(gzip.compress(HELLO)[:-9], headers={"Content-Encoding": "gzip"}), DeferredError, "cut off"),
        (garbage(b""), DeferredError, "broke off"),
        (garbage(b"what?" * 50_000), DeferredError, "broke off"),
        (garbage(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000), DeferredError, "broke off"),
        (garbage(CHUNKED + b"zz\r\n"), DeferredError, "broke off"),
    ],
)  # fmt: skip
def test_other_answers_are_told_apart(handler: Handler, kind: type[FetchError], says: str) -> None:
    error = failure({"/": handler})
    assert type(error) is kind
    assert says in error.reason
    assert len(error.reason) < 300


def test_a_date_in_retry_after_is_told_as_a_wait() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    error = failure({"/": page(b"", status=503, headers={"Retry-After": when})})
    waits = [int(word) for word in error.reason.split() if word.isdigit() and word != "503"]
    assert len(waits) == 1
    assert 7000 < waits[0] <= 7200


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(HELLO)),
        ("x-gzip", gzip.compress(HELLO)),
        ("GZIP", gzip.compress(HELLO[:5]) + gzip.compress(HELLO[5:])),
        ("gzip", gzip.compress(HELLO) + b"\0\0trailing"),
        ("deflate", zlib.compress(HELLO)),
        ("deflate", zlib.compress(HELLO)[2:-4]),
        ("identity", HELLO),
    ],
)
@pytest.mark.parametrize("step", [1, 10_000])
def test_gzip_and_deflate_are_inflated_whatever_the_pieces(encoding: str, packed: bytes, step: int) -> None:
    def in_pieces(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": "text/html", "Content-Encoding": encoding, "Connection": "close"})
        for at in range(0, len(packed), step):
            exchange.raw(packed[at : at + step])
            exchange.pause(0.001)

    assert fetch_from({"/": in_pieces}).content == HELLO


def test_an_empty_page_is_a_page() -> None:
    assert fetch_from({"/": page(b"", headers={"Content-Encoding": "gzip"})}).content == b""


def test_a_body_shorter_than_stated_is_deferred() -> None:
    assert isinstance(failure({"/": lying_length(HELLO, 500)}), DeferredError)


def test_a_body_longer_than_stated_ends_where_stated() -> None:
    assert fetch_from({"/": lying_length(HELLO, 3)}).content == HELLO[:3]


@pytest.mark.parametrize("length", ["-1", "nonsense", "1" * 19, "9" * 400, "5, 7"])
def test_a_senseless_length_is_an_error_and_no_more(length: str) -> None:
    failure({"/": lying_length(HELLO, length)})


# ---- bounds ----


def test_exactly_the_limit_is_read_and_one_byte_more_is_not() -> None:
    for packed in (False, True):
        headers = {"Content-Encoding": "gzip"} if packed else {}
        pack = gzip.compress if packed else bytes
        assert len(fetch_from({"/": page(pack(b"x" * 5000), headers=headers)}, max_bytes=5000).content) == 5000
        error = failure({"/": page(pack(b"x" * 5001), headers=headers)}, max_bytes=5000)
        assert "larger than 5,000 bytes" in error.reason
        assert not isinstance(error, (RefusedError, DeferredError))


@pytest.mark.parametrize(
    "handler",
    [
        endless(),
        gzip_bomb(50),
        lying_length(b"x", 10**9),
        page(gzip.compress(b"") * 50_000, headers={"Content-Encoding": "gzip"}),
    ],
    ids=["endless", "bomb", "stated", "empty members"],
)
def test_too_large_is_noticed_early(handler: Handler) -> None:
    assert "larger than" in failure({"/": handler}).reason


def test_a_compressed_page_that_says_nothing_without_end_is_too_large_on_the_wire() -> None:
    def nothing(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": "text/html", "Content-Encoding": "gzip", "Connection": "close"})
        while exchange.pause(0):
            exchange.raw(gzip.compress(b"") * 100)

    assert "larger than" in failure({"/": nothing}).reason


def test_a_bomb_never_takes_much_more_memory_than_the_limit() -> None:
    import tracemalloc

    with LoopbackServer({"/": gzip_bomb(50)}) as server, client(server) as web:
        web._robots.rules(f"http://{server.host}", Clock(1), lambda: Rules("no robots.txt"))
        tracemalloc.start()
        try:
            with pytest.raises(FetchError, match="larger"):
                web.fetch(server.url())
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    "handler",
    [dripping(), dripping_headers(), silent(), dripping(b"HTTP/1.1 100 Continue\r\n\r\n")],
    ids=["body", "headers", "silent", "more"],
)
@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_the_clock_ends_what_the_server_does_not(handler: Handler, path: str) -> None:
    error = failure({"/": HELLO, path: handler}, timeout=0.3)
    assert isinstance(error, DeferredError)
    assert "longer than 0.3 seconds" in error.reason


def test_the_clock_runs_over_redirects() -> None:
    chain: dict[str, Route] = {f"/{n}": slow(redirect(f"/{n + 1}"), 0.2) for n in range(5)} | {"/5": HELLO}
    error = failure(chain, "/0", timeout=0.5)
    assert isinstance(error, DeferredError)
    assert "longer than 0.5 seconds" in error.reason


def test_a_deaf_peer_in_the_tls_handshake_is_left_in_time() -> None:
    with LoopbackServer({}) as server, client(server, timeout=0.3) as web, pytest.raises(DeferredError):
        web.fetch(f"https://{server.host}/")


def test_a_closed_port_is_deferred() -> None:
    with LoopbackServer({}) as server:
        host = server.host
    with client(hosts=(host,)) as web, pytest.raises(DeferredError, match="could not be reached"):
        web.fetch(f"http://{host}/")


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


# ---- redirects ----


def test_redirects_are_followed_with_the_final_address_told() -> None:
    hops: dict[str, Route] = {
        "/0": redirect("/1", status=301),
        "/1": redirect("?two", status=303),
        "/1?two": redirect("./3", status=307),
        "/3": redirect("4#x", status=308),
        "/4": redirect("//HOST/5"),
        "/5": HELLO,
    }
    with LoopbackServer(hops) as server, client(server) as web:
        server.routes["/4"] = redirect(f"//{server.host}/5")
        got = web.fetch(server.url("/0"))
        assert (got.url, got.final_url, got.content) == (server.url("/0"), server.url("/5"), HELLO)
        assert server.paths().count("/robots.txt") == 1


def test_the_sixth_redirect_is_not_followed() -> None:
    chain: dict[str, Route] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {"/6": HELLO}
    with LoopbackServer(chain) as server, client(server) as web:
        assert web.fetch(server.url("/1")).content == HELLO
        with pytest.raises(FetchError, match="more than 5 times"):
            web.fetch(server.url("/0"))


def test_a_redirect_to_itself_ends() -> None:
    assert "more than 5 times" in failure({"/": redirect("/")}).reason


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("http://127.0.0.1:1/", "not a public address"),
        ("http://10.0.0.7/admin", "not a public address"),
        ("http://169.254.169.254/latest/meta-data/", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("http://2130706433/", "odd spelling"),
        ("https://www.glassdoor.co.in/Interview/", "glassdoor is on the list"),
        ("//in.linkedin.com/company/", "linkedin is on the list"),
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://me:secret@example.org/", "user name or password"),
        ("http://example.org:8080/", "port 8080"),
    ],
)  # fmt: skip
def test_each_redirect_is_judged_again(to: str, says: str) -> None:
    for routes in ({"/": redirect(to)}, {"/": redirect("/b"), "/b": redirect(to)}):
        with LoopbackServer(routes) as server, client(server) as web:
            with pytest.raises(RefusedError) as caught:
                web.fetch(server.url())
            assert caught.value.url == server.url()
            assert "it redirects to" in caught.value.reason
            assert says in caught.value.reason


@pytest.mark.parametrize("to", ["http://[::1", "http://exa\tmple.org/", "http://1.2.3.999/"])
def test_a_redirect_to_nonsense_is_an_error(to: str) -> None:
    assert "redirects to" in failure({"/": redirect(to)}).reason


def test_a_redirect_to_a_host_whose_name_means_loopback_is_refused() -> None:
    with LoopbackServer({"/": redirect("http://inside.example.org/")}) as server:
        with (
            client(server, _lookup=answering("127.0.0.1")) as web,
            pytest.raises(RefusedError, match=r"has the address 127\.0\.0\.1"),
        ):
            web.fetch(server.url())
        assert server.paths() == ["/robots.txt", "/"]


# ---- addresses ----

DENIED = [
    "https://www.glassdoor.com/Interview/x.htm",
    "https://glassdoor.com",
    "https://www.glassdoor.co.in/a",
    "https://de.glassdoor.de.:443/",
    "https://WWW.GlassDoor.CO.UK/",
    "https://in.indeed.com/viewjob",
    "https://indeed.jobs/",
    "http://uk.indeed.co.uk:80/",
    "https://linkedin.com/jobs",
    "https://a.b.c.linkedin.cn/",
    "https://leetcode.com/discuss",
    "https://leetcode.cn/",
    "https://leetcode-cn.com/",
    "https://www.teamblind.com/",
    "https://us.teamblind.com./post",
    "https://user@linkedin.com/",
    "https://linkedin.com:8443/",
    "https://www。linkedin。com/",
]  # fmt: skip


@pytest.mark.parametrize("url", DENIED)
def test_denied_sites_are_never_asked_nor_looked_up(url: str) -> None:
    # A name that ends in a dot is refused as such; all others for the list.
    assert "is on the list of sites that are never fetched" in reason(url) or "is not a host name" in reason(url)


def test_the_deny_list_knows_no_exception_for_the_operator() -> None:
    assert "linkedin is on the list" in reason("http://www.linkedin.com:8080/", hosts=("www.linkedin.com:8080",))


def test_names_that_only_resemble_denied_ones_are_asked() -> None:
    for host in (
        "glassdoor-review.example.org",
        "indeedly.com",
        "myindeed.org",
        "linkedin.example.org",
        "leetcode.github.io",
    ):
        with client(_lookup=answering()) as web, pytest.raises(DeferredError):
            web.fetch(f"https://{host}/")


ODD_ADDRESSES = [
    # other schemes, and no address at all
    "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/html,x", "javascript:alert(1)",
    "ws://example.org/", "blob:http://example.org/", "jar:http://example.org!/", "", "example.org", "//example.org/",
    "http://", "http:///path", "http:example.org", "http:/\\example.org", "https://[", "http://[::1", "\udcff",
    # credentials
    "http://user@example.org/", "http://user:secret@example.org/", "http://:@example.org/",
    "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\@example.org/",
    "http://example.org:80@127.0.0.1/", "http://example.org%40127.0.0.1/", "http://127.0.0.1%2f@example.org/",
    # ports
    "http://example.org:8080/", "https://example.org:22/", "http://example.org:0/", "http://example.org:99999/",
    "http://example.org:-1/", "http://example.org:80a/", "http://8.8.8.8:25/",
    # IPv4: private and special ranges
    "http://127.0.0.1/", "http://127.255.255.254/", "http://0.0.0.0/", "http://0.1.2.3/", "http://10.0.0.1/",
    "http://100.64.0.1/", "http://100.100.100.200/", "http://169.254.169.254/", "http://172.16.0.1/",
    "http://172.31.255.255/", "http://192.0.0.1/", "http://192.0.2.1/", "http://192.88.99.1/", "http://192.168.1.1/",
    "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://224.0.0.1/", "http://239.255.255.250/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://168.63.129.16/",
    # IPv4: odd spellings
    "http://2130706433/", "http://0x7f000001/", "http://0x7F.0.0.1/", "http://0x7f.1/", "http://127.1/",
    "http://127.0.1/", "http://017700000001/", "http://0177.0.0.1/", "http://00000177.1/", "http://0/", "http://0x/",
    "http://1.2.3.4.5/", "http://example.0x7f/", "http://256.256.256.256/", "http://%31%32%37.0.0.1/",
    "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1./", "http://127.0.0.1%00.example.org/",
    # IPv6
    "http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::127.0.0.1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2002:808:808::1]/",
    "http://[2001:0:7f00:1::]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/", "http://[2606:4700::1%25lo]/", "http://[fec0::1]/", "http://[ff02::1]/",
    "http://[ff0e::1]/", "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[100::1]/", "http://[4000::1]/",
    # names
    "http://localhost:8080/", "http://exa mple.org/", "http://a..b/", "http://.example.org/",
    "http://example.org./", "http://" + "a" * 64 + ".org/", "http://" + "a." * 200 + "org/", "http://exa%6dple.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", ODD_ADDRESSES)
def test_odd_addresses_are_refused_before_any_look_up(url: str) -> None:
    assert reason(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fe80::1",
        "192.168.0.1", "fe80::1%eth0", "fd00::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fec0::1", "not an address",
    ],
)  # fmt: skip
def test_a_name_with_an_address_that_is_not_public_is_refused_even_among_public_ones(address: str) -> None:
    for answers in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        assert f"has the address {address}" in reason("https://www.example.org/", _lookup=answering(*answers))


def test_localhost_is_no_public_name() -> None:
    assert "not a public address" in reason("http://localhost/", _lookup=answering("127.0.0.1", "::1"))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ip_address(address))
    target = Target("https://example.org/", "https", "example.org", 443, loopback=False)
    assert resolve(target, 5, answering(address)) == (address,)


def test_loopback_is_open_for_the_named_pair_alone() -> None:
    with LoopbackServer({"/": HELLO}) as server, LoopbackServer({"/": HELLO}) as other, client(server) as web:
        assert web.fetch(server.url()).content == HELLO
        for url in (other.url(), server.url(host="127.0.0.2"), server.url(host="localhost"), server.url(host="[::1]")):
            with pytest.raises(RefusedError):
                web.fetch(url)
        assert other.received == []


def test_reasons_come_with_a_step_to_take() -> None:
    with client() as web, pytest.raises(RefusedError) as refused:
        web.fetch("http://127.0.0.1:8123/")
    assert "BRAIN_LOOPBACK_HOSTS" in refused.value.next_step

    def fails(host: str, _port: int) -> list[str]:
        raise OSError(host)

    with client(_lookup=fails) as web, pytest.raises(DeferredError) as deferred:
        web.fetch("https://exmaple.org/")
    assert "Check the spelling" in deferred.value.next_step


def test_a_named_host_must_really_be_on_loopback() -> None:
    for address in ("10.0.0.1", "8.8.8.8"):
        refused = reason("http://demo.example:8000/", hosts=("demo.example:8000",), _lookup=answering(address))
        assert f"has the address {address}, which is not on loopback" in refused
    assert "not on loopback" in reason("http://10.0.0.1:8000/", hosts=("10.0.0.1:8000",))


def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    """The name is looked up once per connection, and the connection uses that very answer."""
    asked: list[str] = []
    with LoopbackServer({"/": HELLO}) as server:

        def rebinding(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) <= 2 else ["10.0.0.1"]

        with client(hosts=(f"demo.example:{server.port}",), _lookup=rebinding) as web:
            assert web.fetch(server.url(host="demo.example")).content == HELLO
            assert asked == ["demo.example"] * 2  # robots.txt, then the page
            assert [request.headers["host"] for request in server.received] == [f"demo.example:{server.port}"] * 2
            with pytest.raises(RefusedError, match="not on loopback"):
                web.fetch(server.url(host="demo.example"))


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with LoopbackServer({"/": HELLO}) as server:
        lookup = answering("127.0.0.2", "127.0.0.1")
        with client(hosts=(f"demo.example:{server.port}",), _lookup=lookup) as web:
            assert web.fetch(server.url(host="demo.example")).content == HELLO


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(r"https?://[\x00-\xff]{0,40}(:[0-9]{0,6})?(/[\x00-\xff]{0,20})?", fullmatch=True)
)
def test_any_text_is_refused_or_deferred_and_nothing_else_happens(url: str) -> None:
    with client(_lookup=answering()) as web, pytest.raises((RefusedError, DeferredError)):
        web.fetch(url)


# ---- TLS ----


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    ask = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=demo.example", "-addext", "subjectAltName=DNS:demo.example"]
    subprocess.run([*ask, *name, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return cert, key


def test_tls_is_verified_by_the_host_name_on_the_pinned_address(certificate: tuple[Path, Path]) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    names: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    with LoopbackServer({"/": HELLO}, tls=serving) as server:
        hosts = (f"demo.example:{server.port}", f"other.example:{server.port}")
        local = answering("127.0.0.1")
        with client(hosts=hosts, _lookup=local, _tls=trusting) as web:
            assert web.fetch(server.url(host="demo.example")).content == HELLO
            assert set(names) == {"demo.example"}
            with pytest.raises(DeferredError, match="certificate is not valid: Hostname mismatch"):
                web.fetch(server.url(host="other.example"))
        with client(hosts=hosts, _lookup=local) as web, pytest.raises(DeferredError, match="certificate is not valid"):
            web.fetch(server.url(host="demo.example"))


# ---- robots.txt ----


def test_what_robots_txt_allows_is_fetched_and_what_it_disallows_is_refused() -> None:
    rules = text("User-agent: *\nDisallow: /\n\nUser-agent: industrybrain\nDisallow: /private\nAllow: /private/open$\n")
    routes: dict[str, Route] = {"/robots.txt": rules, "/a": HELLO, "/private/open": HELLO, "/private/b": HELLO}
    with LoopbackServer(routes) as server, client(server) as web:
        assert web.fetch(server.url("/a")).robots == "allowed by robots.txt"
        assert web.fetch(server.url("/private/open")).content == HELLO
        for path in ("/private/b", "/private?q", "/%70rivate/b", "/x/../private/b"):
            with pytest.raises(RefusedError, match=r"robots\.txt disallows this path for IndustryBrain"):
                web.fetch(server.url(path))
        assert server.paths() == ["/robots.txt", "/a", "/private/open"]


def test_rules_for_others_and_unreadable_lines_leave_us_free() -> None:
    rules = page(b"\xef\xbb\xbfUser-agent: OtherBot\nDisallow: /\n\xff\xfe<html>\0Disallow", content_type="text/html")
    assert fetch_from({"/robots.txt": rules, "/": HELLO}).robots == "allowed by robots.txt"


def test_robots_txt_with_a_byte_order_mark_binds() -> None:
    rules = page(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n")
    assert isinstance(failure({"/robots.txt": rules, "/": HELLO}), RefusedError)


@pytest.mark.parametrize("status", [400, 402, 404, 405, 410, 418, 451])
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
    assert fetch_from(routes, max_bytes=1000).robots == "allowed by robots.txt"
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
            assert other.paths() == ["/rules"]


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


def test_many_threads_share_one_robots_txt_and_ask_one_host_one_by_one() -> None:
    routes: dict[str, Route] = {f"/{n}": slow(page(HELLO), 0.01) for n in range(16)}
    routes["/robots.txt"] = slow(text("User-agent: *\nAllow: /"), 0.05)
    with LoopbackServer(routes) as server, client(server) as web, ThreadPoolExecutor(16) as pool:
        pages = list(pool.map(web.fetch, [server.url(f"/{n}") for n in range(16)]))
        assert {got.content for got in pages} == {HELLO}
        assert server.paths().count("/robots.txt") == 1


def test_requests_to_one_host_never_overlap_and_to_many_hosts_do() -> None:
    busy = threading.Lock()
    overlaps: list[str] = []

    def alone(exchange: Exchange) -> None:
        if not busy.acquire(blocking=False):
            overlaps.append(exchange.path)
            return
        exchange.pause(0.02)
        busy.release()
        page(HELLO)(exchange)

    meeting = threading.Barrier(3)

    def together(exchange: Exchange) -> None:
        meeting.wait(10)
        page(HELLO)(exchange)

    with ThreadPoolExecutor(8) as pool:
        with LoopbackServer({"/": alone}) as server, client(server) as web:
            list(pool.map(web.fetch, [server.url()] * 8))
            assert overlaps == []
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


def test_crawl_delay_is_kept_on_loopback_and_too_long_a_one_defers() -> None:
    waits: list[float] = []
    robots = "User-agent: *\nCrawl-delay: {}\n"
    routes: dict[str, Route] = {"/": HELLO, "/robots.txt": text(robots.format(60))}
    with LoopbackServer(routes) as server, client(server, _pause=waits.append) as web:
        web.fetch(server.url())
        web.fetch(server.url())
    assert len(waits) == 2
    assert all(0 < wait <= 60 for wait in waits)
    error = failure({"/": HELLO, "/robots.txt": text(robots.format(90))})
    assert isinstance(error, DeferredError)
    assert "asks for 90 seconds between requests; we wait at most 60" in error.reason


def test_loopback_hosts_are_not_kept_waiting_and_public_ones_are() -> None:
    waits: list[float] = []
    with LoopbackServer({"/": HELLO}) as server, client(server, _pause=waits.append) as web:
        web.fetch(server.url())
        web.fetch(server.url())
    assert waits == []

    def public(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        return httpx.Response(200, content=HELLO, headers={"content-type": "text/html"})

    with client(transport=httpx.MockTransport(public), _pause=waits.append) as web:
        assert web.fetch("https://www.example.org/a").robots == "no robots.txt"
        assert len(waits) == 1
        web.fetch("http://www.example.org/b")
        assert len(waits) == 3  # another origin, the same host
        web.fetch("https://example.org/")
        assert len(waits) == 4
    assert all(0 < wait <= 1 for wait in waits)


class FakeTime:
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


def test_the_delay_counts_from_the_end_of_one_request_to_the_start_of_the_next() -> None:
    fake = FakeTime()
    pace = Pace(now=fake.now, pause=fake.pause)
    for asked, takes in [(None, 5.0), (10.0, 3.0), (10.0, 0.0), (None, 0.0)]:
        with pace.turn("example.org", Clock(1), public=True, asked=asked):
            fake.seconds += takes
    with pace.turn("other.example", Clock(1), public=True, asked=10.0):
        pass
    assert fake.waits == [10.0, 10.0, 10.0]
    fake.seconds += 4.0
    with pace.turn("example.org", Clock(1), public=True, asked=0.0):
        pass
    with pace.turn("example.org", Clock(1), public=True, asked=0.0):
        pass
    assert fake.waits[3:] == [1.0]


def test_rules_are_asked_for_again_after_a_day_and_failures_sooner() -> None:
    fake = FakeTime()
    cache = RobotsCache(now=fake.now)
    reads: list[str] = []

    def read(rules: Rules) -> Callable[[], Rules]:
        def answer() -> Rules:
            reads.append(rules.problem or rules.verdict)
            return rules

        return answer

    good, bad, once = read(rules_from(200, b"")), read(failed("503")), read(failed("time-out", kept=False))
    for seconds, reader, count in [
        (0, good, 1),
        (KEPT_SECONDS - 1, good, 1),
        (1, bad, 2),
        (500, good, 2),
        (100, once, 3),
        (0, good, 4),
    ]:
        fake.seconds += seconds
        cache.rules("https://example.org:443", Clock(1), reader)
        assert len(reads) == count


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400)
    | st.from_regex(rb"(User-agent: \*|Disallow: .{0,20}|Crawl-delay: .{0,8}\n){0,9}", fullmatch=True)
)
def test_any_robots_txt_gives_a_verdict(body: bytes) -> None:
    with suppress(RefusedError, DeferredError):
        assert rules_from(200, body).check("https://example.org/a?b=c") == "allowed by robots.txt"


@pytest.mark.skipif(not ROBOTS_FILES.exists(), reason="the real robots files are not beside this checkout")
def test_every_real_robots_file_gives_a_verdict() -> None:
    files = [path for path in ROBOTS_FILES.rglob("*") if path.is_file()]
    assert len(files) > 500
    for path in files:
        rules = rules_from(200, path.read_bytes())
        assert rules.crawl_delay >= 0
        with suppress(RefusedError, DeferredError):
            assert rules.check("https://example.org/jobs/1") == "allowed by robots.txt"
