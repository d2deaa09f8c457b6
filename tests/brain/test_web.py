"""What is fetched and what comes back: kinds of pages, encodings, redirects, unchanged pages, posts."""

import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from brain.errors import BadInputError, DeferredError, FetchError, RefusedError
from brain.pages import Accept
from brain.web import FEEDS, JSON, PAGES, SITEMAPS, Asked, Validators
from tests.brain.fetching import HELLO, answering, asked, client, failure, fetch_from
from tests.loopback import (
    Exchange,
    Handler,
    LoopbackServer,
    Route,
    garbage,
    lying_length,
    page,
    redirect,
    tagged,
)

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"


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


@pytest.mark.parametrize(
    "media_type", ["text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf"]
)
def test_pages_are_read(media_type: str) -> None:
    got = fetch_from({"/": page(HELLO, content_type=media_type)})
    assert (got.media_type, got.charset) == (media_type, None)


@pytest.mark.parametrize(
    ("contact", "agent"),
    [("", ""), ("mail@example.org", " (+mail@example.org)"), ("https://a.example/", " (+https://a.example/)")],
)
def test_every_request_says_who_asks_and_what_can_be_read(contact: str, agent: str) -> None:
    with LoopbackServer({"/": HELLO}) as server, client(server, contact=contact) as web:
        web.fetch(server.url())
        assert server.paths() == ["/robots.txt", "/.well-known/tdmrep.json", "/"]
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
        (page(b"", status=503, headers={"Retry-After": "9" * 18}), DeferredError, "in 1000000"),
        (page(b"", status=503, headers={"Retry-After": "9" * 900}), DeferredError, "503 Service Unavailable."),
        (page(b"GIF89a", content_type="image/gif"), FetchError, "image/gif"),
        (page(b"{}", content_type="application/json"), FetchError, "only HTML, Markdown, plain text and PDF are read"),
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


# ---- kinds of content ----


@pytest.mark.parametrize(
    ("accept", "read", "refused"),
    [
        (FEEDS, ["application/rss+xml", "application/atom+xml", "text/xml", "application/feed+json"], "text/html"),
        (SITEMAPS, ["application/xml", "application/gzip", "application/x-gzip", "text/plain"], "text/html"),
        (JSON, ["application/json", "application/vnd.api+json", "Application/JSON; charset=utf-8"], "text/plain"),
        (PAGES, ["text/html; charset=x", "application/pdf"], "application/xml"),
    ],
)
def test_each_kind_asks_for_its_types_and_reads_no_others(accept: Accept, read: list[str], refused: str) -> None:
    with LoopbackServer({}) as server, client(server) as web:
        for media_type in read:
            server.routes["/a"] = page(b"content", content_type=media_type)
            assert web.fetch(server.url("/a"), accept=accept).content == b"content"
            assert server.received[-1].headers["accept"] == accept.header
        server.routes["/a"] = page(b"content", content_type=refused)
        with pytest.raises(FetchError, match=r"only .* (is|are) read"):
            web.fetch(server.url("/a"), accept=accept)


# ---- unchanged pages ----


def test_an_unchanged_page_costs_one_304_and_nothing_after_it() -> None:
    with LoopbackServer({"/": tagged(HELLO, '"one"')}) as server, client(server) as web:
        first = web.fetch(server.url())
        assert (first.content, first.unchanged, first.wire_bytes) == (HELLO, False, len(HELLO))
        assert first.validators == Validators('"one"', "Sun, 01 Mar 2026 10:00:00 GMT")
        before = web.asked
        again = web.fetch(server.url(), known=first.validators)
        assert (again.content, again.unchanged, again.status, again.wire_bytes) == (b"", True, 304, 0)
        assert again.validators == first.validators
        assert again.robots == "no robots.txt"
        assert web.asked == Asked(before.requests + 1, before.unchanged + 1, before.retries, before.wire_bytes)
        headers = server.received[-1].headers
        assert headers["if-none-match"] == '"one"'
        assert headers["if-modified-since"] == "Sun, 01 Mar 2026 10:00:00 GMT"


def test_a_changed_page_comes_whole_with_its_new_marks() -> None:
    with LoopbackServer({"/": tagged(HELLO, '"two"')}) as server, client(server) as web:
        got = web.fetch(server.url(), known=Validators('"one"', ""))
        assert (got.content, got.unchanged, got.validators.etag) == (HELLO, False, '"two"')
        assert "if-modified-since" not in server.received[-1].headers


def test_a_304_without_marks_of_its_own_keeps_those_that_were_known() -> None:
    known = Validators('W/"1"', "Sun, 01 Mar 2026 10:00:00 GMT")
    with LoopbackServer({"/": page(b"", status=304)}) as server, client(server) as web:
        assert web.fetch(server.url(), known=known).validators == known


@pytest.mark.parametrize("known", [None, Validators(), Validators("a\r\nX: y", "b\0"), Validators("x" * 2000, "ä")])
def test_a_304_to_a_request_without_conditions_is_an_error(known: Validators | None) -> None:
    with LoopbackServer({"/": page(b"", status=304)}) as server, client(server) as web:
        with pytest.raises(FetchError, match="304"):
            web.fetch(server.url(), known=known)
        assert not {"if-none-match", "if-modified-since", "x"} & set(server.received[-1].headers)


def test_a_304_is_followed_to_where_the_page_lies_now() -> None:
    with LoopbackServer({"/": redirect("/b"), "/b": tagged(HELLO, '"one"')}) as server, client(server) as web:
        assert web.fetch(server.url(), known=Validators('"one"')).unchanged


# ---- posts ----


def test_a_body_is_posted_as_json() -> None:
    with (
        LoopbackServer({"/jobs": page(b'{"total": 0}', content_type="application/json")}) as server,
        client(server) as web,
    ):
        got = web.fetch(server.url("/jobs"), accept=JSON, body=b'{"limit": 20}', known=Validators('"one"'))
        assert got.content == b'{"total": 0}'
        posted = server.received[-1]
        assert (posted.method, posted.body) == ("POST", b'{"limit": 20}')
        assert posted.headers["content-type"] == "application/json"
        assert "if-none-match" not in posted.headers
        assert {request.method for request in server.received[:-1]} == {"GET"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_post_is_refused(status: int) -> None:
    with LoopbackServer({"/a": redirect("/b", status=status), "/b": HELLO}) as server, client(server) as web:
        with pytest.raises(RefusedError, match="posts are not redirected"):
            web.fetch(server.url("/a"), body=b"{}")
        assert asked(server) == ["/a"]


# ---- counting ----


def test_what_was_asked_is_counted() -> None:
    routes: dict[str, Route] = {"/a": page(gzip.compress(HELLO * 100), headers={"Content-Encoding": "gzip"})}
    with LoopbackServer(routes) as server, client(server) as web:
        assert web.asked == Asked()
        got = web.fetch(server.url("/a"))
        assert got.wire_bytes == len(gzip.compress(HELLO * 100)) < len(got.content)
        assert web.asked == Asked(requests=3, wire_bytes=got.wire_bytes)
        assert len(server.received) == 3


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
        assert asked(server) == ["/"]
