"""What site owners say about the use of their pages: X-Robots-Tag, TDM reservation, Content-Signal, meta elements."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.errors import DeferredError, RefusedError
from brain.robots import RobotsFile
from brain.signals import content_signals, header_signals, page_denials, read_tdmrep, tdmrep_signals
from brain.web import FEEDS, SITEMAPS, Validators
from tests.brain.fetching import HELLO, asked, client, failure, fetch_from
from tests.loopback import Exchange, Handler, LoopbackServer, Route, page, redirect, silent, text

US = "User-agent: IndustryBrain\n"
TDM = "/.well-known/tdmrep.json"
PAST, FUTURE = datetime.now(UTC) - timedelta(days=2), datetime.now(UTC) + timedelta(days=2)


def with_headers(*headers: tuple[str, str], status: int = 200) -> Handler:
    """A page with headers of which one name may come several times, and a body that never ends."""

    def answer(exchange: Exchange) -> None:
        lines = [
            f"HTTP/1.1 {status} As told",
            "Content-Type: text/html",
            *(f"{name}: {value}" for name, value in headers),
        ]
        exchange.raw(("\r\n".join(lines) + "\r\n\r\n").encode())
        if status == 200:
            exchange.raw(HELLO)

    return answer


def tdmrep(*rules: object, content_type: str = "application/json") -> Handler:
    return page(json.dumps(list(rules)).encode(), content_type=content_type)


# ---- headers ----

DENYING = [
    ("X-Robots-Tag", "noindex"),
    ("X-Robots-Tag", "NoArchive"),
    ("X-Robots-Tag", "none"),
    ("X-Robots-Tag", "nofollow, noindex"),
    ("X-Robots-Tag", "nofollow,nosnippet;noarchive"),
    ("X-Robots-Tag", "nofollow noindex"),
    ("X-Robots-Tag", "IndustryBrain: noindex"),
    ("X-Robots-Tag", "googlebot: nofollow, industrybrain:noindex"),
    ("X-Robots-Tag", "*: noindex"),
    ("X-Robots-Tag", "max-snippet:20, noindex"),
    ("X-Robots-Tag", "unavailable_after: 25 Jun 2010 15:00:00 PST"),
    ("X-Robots-Tag", "unavailable_after: Friday, 25-Jun-10 15:00:00 UTC"),
    ("X-Robots-Tag", "unavailable_after: 2010-06-25T15:00:00+00:00"),
    ("X-Robots-Tag", "unavailable_after: 2010-06-25, nofollow"),
    ("X-Robots-Tag", f"nofollow, unavailable_after: {format_datetime(PAST)}"),
    ("X-Robots-Tag", "unavailable_after: 25 Nov 2035 15:00:00 PST, noindex"),
    ("X-Robots-Tag", "unavailable_after: 2035-01-01 noindex"),
    ("tdm-reservation", "1"),
    ("TDM-Reservation", " 1 "),
    ("Content-Signal", "ai-input=no"),
    ("Content-Signal", "search=yes, ai-train=no, AI-Input = NO"),
    ("Content-Signal", "ai-input=yes, ai-input=no"),
]


@pytest.mark.parametrize(("name", "value"), DENYING)
def test_a_header_that_denies_refuses_the_page_and_its_body_is_not_read(name: str, value: str) -> None:
    with LoopbackServer({"/": with_headers((name, value))}) as server, client(server) as web:
        with pytest.raises(RefusedError, match="its owner does not allow this use") as caught:
            web.fetch(server.url())
        assert name.lower() in caught.value.reason
        assert caught.value.next_step
        assert web.asked.wire_bytes == 0


PERMITTING = [
    ("X-Robots-Tag", "googlebot: noindex", ()),
    ("X-Robots-Tag", "googlebot: noindex, noarchive, none", ()),
    ("X-Robots-Tag", "IndustryBrain-News: noindex", ()),
    ("X-Robots-Tag", "all", ("x-robots-tag: all",)),
    ("X-Robots-Tag", "nofollow, max-snippet:-1", ("x-robots-tag: nofollow", "x-robots-tag: max-snippet:-1")),
    ("X-Robots-Tag", "noindexing, index", ("x-robots-tag: noindexing", "x-robots-tag: index")),
    ("X-Robots-Tag", "unavailable_after: 25 Jun 2135", ("x-robots-tag: unavailable_after:25 jun 2135",)),
    ("X-Robots-Tag", "unavailable_after: soon", ("x-robots-tag: unavailable_after:soon",)),
    ("X-Robots-Tag", "", ()),
    ("tdm-reservation", "0", ("tdm-reservation: 0",)),
    ("tdm-policy", "https://example.org/policy", ("tdm-policy: https://example.org/policy",)),
    ("tdm-reservation", "maybe", ()),
    ("Content-Signal", "search=yes, ai-train=no", ("content-signal: search=yes, ai-train=no",)),
    ("Content-Signal", "ai-input=yes", ("content-signal: ai-input=yes",)),
    ("Content-Signal", "nonsense", ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "noted"), PERMITTING)
def test_other_headers_are_noted_for_the_ledger(name: str, value: str, noted: tuple[str, ...]) -> None:
    got = fetch_from({"/": page(HELLO, headers={name: value})})
    assert (got.content, got.signals) == (HELLO, noted)


def test_a_listing_may_ask_to_be_left_out_of_search_results_and_not_more() -> None:
    """Sitemaps are commonly sent with noindex, which is said of the file and not of the pages that it names."""
    xml = {"Content-Type": "application/xml", "X-Robots-Tag": "noindex, follow"}
    got = fetch_from({"/": page(b"<urlset/>", headers=xml)}, accept=SITEMAPS)
    assert got.signals == ("x-robots-tag: noindex", "x-robots-tag: follow")
    assert isinstance(failure({"/": page(b"<rss/>", headers=xml)}, accept=FEEDS), RefusedError)
    for name, value in [("tdm-reservation", "1"), ("Content-Signal", "ai-input=no")]:
        denied = page(b"<urlset/>", headers={"Content-Type": "application/xml", name: value})
        assert isinstance(failure({"/": denied}, accept=SITEMAPS), RefusedError)


def test_a_bot_named_in_one_header_does_not_hide_the_next() -> None:
    both = with_headers(("X-Robots-Tag", "googlebot: nofollow"), ("X-Robots-Tag", "noindex"))
    assert isinstance(failure({"/": both}), RefusedError)
    other = with_headers(("X-Robots-Tag", "nofollow"), ("X-Robots-Tag", "googlebot: noindex"))
    assert fetch_from({"/": other}).signals == ("x-robots-tag: nofollow",)


def test_an_unchanged_page_that_denies_now_is_refused() -> None:
    denied = with_headers(("X-Robots-Tag", "noindex"), status=304)
    with LoopbackServer({"/": denied}) as server, client(server) as web, pytest.raises(RefusedError, match="noindex"):
        web.fetch(server.url(), known=Validators('"one"'))


def test_headers_of_a_redirect_and_of_an_error_do_not_count() -> None:
    routes: dict[str, Route] = {
        "/": page(b"", status=302, headers={"Location": "/b", "X-Robots-Tag": "noindex"}),
        "/b": HELLO,
        "/c": page(b"", status=404, headers={"X-Robots-Tag": "noindex"}),
    }
    assert fetch_from(routes).content == HELLO
    assert "404" in failure(routes, "/c").reason


@given(st.text(max_size=80) | st.from_regex(r"(unavailable_after:|noindex|googlebot:|[ ,;:0-9A-Za-z]){0,12}"))
def test_any_value_can_be_read(value: str) -> None:
    for name in ("x-robots-tag", "tdm-reservation", "content-signal"):
        header_signals([(name, value)])
    page_denials([("robots", value), ("tdm-reservation", value), (value, "noindex")])
    RobotsFile(f"User-agent: *\nContent-Signal: {value}").signals("/a")


# ---- meta elements ----


@pytest.mark.parametrize(
    ("name", "content", "denied"),
    [
        ("robots", "noindex", ("robots: noindex",)),
        (" ROBOTS ", "NOARCHIVE,follow", ("robots: noarchive",)),
        ("robots", "none", ("robots: none",)),
        ("IndustryBrain", "noindex, noarchive", ("industrybrain: noindex", "industrybrain: noarchive")),
        ("robots", "unavailable_after: 2010-06-25", ("robots: unavailable_after:2010-06-25",)),
        ("X-Robots-Tag", "noindex", ("x-robots-tag: noindex",)),
        ("tdm-reservation", "1", ("tdm-reservation: 1",)),
        ("Content-Signal", "search=yes, ai-input=no", ("content-signal: ai-input=no",)),
        ("robots", "index, follow, max-image-preview:large", ()),
        ("robots", "", ()),
        ("googlebot", "noindex", ()),
        ("description", "noindex", ()),
        ("tdm-reservation", "0", ()),
        ("tdm-policy", "https://example.org/policy", ()),
        ("content-signal", "ai-input=yes", ()),
    ],
)
def test_meta_elements_deny(name: str, content: str, denied: tuple[str, ...]) -> None:
    assert page_denials([("viewport", "width=device-width"), (name, content)]) == denied


def test_all_denials_of_a_page_are_told_once() -> None:
    metas = [("robots", "noindex"), ("robots", "noindex, nofollow"), ("tdm-reservation", "1")]
    assert page_denials(metas) == ("robots: noindex", "tdm-reservation: 1")


# ---- the TDM file ----

SITE: tuple[object, ...] = (
    {"location": "/directory-a/", "tdm-reservation": 1},
    {"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": "https://provider.example/policy.json"},
    {"location": "/directory-b/images/*.jpg$", "tdm-reservation": 0},
    {"location": "/free/", "tdm-reservation": 0},
    {"location": "/*.pdf$", "tdm-reservation": "1"},
)


def test_the_first_rule_of_the_file_that_covers_a_path_holds() -> None:
    paths = ["/directory-a/x", "/directory-b/html/x", "/free/x", "/x.pdf", "/free/x.pdf", "/directory-b/images/x.jpg"]
    routes: dict[str, Route] = dict.fromkeys([*paths, "/other"], HELLO) | {TDM: tdmrep(*SITE)}
    with LoopbackServer(routes) as server, client(server) as web:
        for path in ("/directory-a/x", "/directory-b/html/x", "/x.pdf"):
            with pytest.raises(RefusedError, match=r"tdmrep\.json: 1 for /"):
                web.fetch(server.url(path))
        assert web.fetch(server.url("/free/x.pdf")).signals == ("tdmrep.json: 0 for /free/",)
        assert web.fetch(server.url("/other")).signals == ()
        assert asked(server) == ["/free/x.pdf", "/other"]
        assert server.paths().count(TDM) == 1


def test_a_whole_site_is_reserved_with_one_rule() -> None:
    for rules in ([{"location": "/", "tdm-reservation": 1}], [{"location": "*", "tdm-reservation": True}]):
        assert isinstance(failure({TDM: tdmrep(*rules), "/a": HELLO}, "/a"), RefusedError)


@pytest.mark.parametrize(
    "handler",
    [
        *(page(b"no", status=status) for status in (400, 401, 403, 404, 410, 204, 304)),
        page(b"<p>not found</p>"),
        page(b"<p>not found</p>" * 100_000),
        page(b"", content_type="application/json"),
        tdmrep(),
        tdmrep({}, 1, None, [], {"location": 3}, {"location": "/", "tdm-reservation": 7}, {"location": ""}),
        redirect("/"),
        redirect("https://www.linkedin.com/company/x"),
        redirect("http://10.0.0.1/"),
    ],
)
def test_no_tdm_file_reserves_nothing(handler: Handler) -> None:
    assert fetch_from({TDM: handler, "/": HELLO}).signals == ()


@pytest.mark.parametrize(
    "handler",
    [
        *(page(b"[]", status=status, content_type="application/json") for status in (429, 500, 502, 503)),
        page(b'[{"location": "/", "tdm-res', content_type="application/json"),
        page(b"[" * 100_000, content_type="application/json"),
        page(b'"all rights reserved"', content_type="application/json"),
        page(b"[" + b" " * 1_000_000 + b"]", content_type="application/json"),
        redirect(TDM),
        silent(),
    ],
)
def test_a_tdm_file_that_may_be_there_and_cannot_be_read_defers(handler: Handler) -> None:
    with LoopbackServer({TDM: handler, "/": HELLO}) as server, client(server, timeout=0.5) as web:
        for _ in range(2):
            with pytest.raises(DeferredError, match="its TDM file could not be read"):
                web.fetch(server.url())
        assert asked(server) == []


def test_a_site_whose_robots_txt_keeps_us_from_the_file_is_not_asked_for_it() -> None:
    routes: dict[str, Route] = {
        "/robots.txt": text("User-agent: *\nDisallow: /.well-known/"),
        TDM: tdmrep({"location": "/", "tdm-reservation": 1}),
        "/": HELLO,
    }
    with LoopbackServer(routes) as server, client(server) as web:
        assert web.fetch(server.url()).content == HELLO
        assert TDM not in server.paths()


def test_the_file_is_not_asked_for_when_robots_txt_forbids_the_page() -> None:
    with LoopbackServer({"/robots.txt": text("User-agent: *\nDisallow: /a")}) as server, client(server) as web:
        with pytest.raises(RefusedError):
            web.fetch(server.url("/a"))
        assert server.paths() == ["/robots.txt"]


def test_the_file_is_kept_across_runs(tmp_path: Path) -> None:
    routes: dict[str, Route] = {TDM: tdmrep({"location": "/a", "tdm-reservation": 1}), "/": HELLO, "/a": HELLO}
    with LoopbackServer(routes) as server:
        for _ in range(2):
            with client(server, folder=tmp_path) as web:
                assert web.fetch(server.url()).content == HELLO
                with pytest.raises(RefusedError, match="tdmrep"):
                    web.fetch(server.url("/a"))
        assert server.paths().count(TDM) == 1


def test_a_file_of_one_rule_need_be_no_list() -> None:
    rules = read_tdmrep(b'{"location": "/a", "tdm-reservation": 1}')
    assert tdmrep_signals(rules, "/a/b").denied == ("tdmrep.json: 1 for /a",)
    assert tdmrep_signals(rules, "/b").denied == ()


# ---- Content-Signal in robots.txt ----

# As a content delivery network puts it in front of the owner's own file.
MANAGED = """# As a condition of accessing this website, you agree to abide by the following content signals:
# ai-input: inputting content into one or more AI models
# BEGIN Managed content
User-Agent: *
Content-signal: search=yes, ai-input={}, ai-train=no
Allow: /

User-agent: GPTBot
Disallow: /
# END Managed content

User-agent: *
Disallow: /private
"""


def test_content_signal_in_a_managed_robots_txt_denies() -> None:
    routes: dict[str, Route] = {"/robots.txt": text(MANAGED.format("no")), "/": HELLO}
    with LoopbackServer(routes) as server, client(server) as web:
        with pytest.raises(RefusedError, match=r"robots\.txt content-signal: ai-input=no"):
            web.fetch(server.url())
        assert server.paths() == ["/robots.txt"]
    got = fetch_from({"/robots.txt": text(MANAGED.format("yes")), "/": HELLO})
    assert got.signals == ("robots.txt content-signal: search=yes, ai-input=yes, ai-train=no",)
    assert isinstance(failure({"/robots.txt": text(MANAGED.format("yes"))}, "/private"), RefusedError)


@pytest.mark.parametrize(
    ("robots", "path", "answer"),
    [
        ("User-agent: *\nContent-Signal: ai-input=no\n", "/", "no"),
        ("Content-Signal: ai-input=no\nUser-agent: *\nAllow: /\n", "/", "no"),
        (f"{US}Content-Signal: ai-input=yes\nUser-agent: *\nContent-Signal: ai-input=no", "/", "yes"),
        ("User-agent: IndustryBrain\nAllow: /\n\nUser-agent: *\nContent-Signal: ai-input=no", "/", "no"),
        ("User-agent: GPTBot\nContent-Signal: ai-input=no\n\nUser-agent: *\nAllow: /", "/", None),
        ("User-agent: *\nContent-Signal: ai-input=yes\nContent-Signal: ai-input=no", "/", "no"),
        ("User-agent: *\nContent-Signal: ai-input=no\nContent-Signal: /blog ai-input=yes", "/blog/a", "yes"),
        ("User-agent: *\nContent-Signal: ai-input=no\nContent-Signal: /blog ai-input=yes", "/a", "no"),
        ("User-agent: *\nContent-Signal: /blog ai-input=no", "/a", None),
        ("User-agent: *\ncontent-signal ai-input=no", "/a", "no"),
        ("User-agent: *\n# Content-Signal: ai-input=no", "/a", None),
        ("User-agent: *\nContent-Signal: search=yes,ai-train=no,use=reference", "/a", None),
    ],
)  # fmt: skip
def test_content_signal_lines_are_read_by_group_and_path(robots: str, path: str, answer: str | None) -> None:
    assert RobotsFile(robots).signals(path).get("ai-input") == answer


def test_of_two_statements_the_stricter_holds() -> None:
    assert content_signals("ai-input=no, ai-input=yes, search=yes") == {"ai-input": "no", "search": "yes"}
    robots = text("User-agent: *\nContent-Signal: ai-input=no")
    allowing = page(HELLO, headers={"Content-Signal": "ai-input=yes", "tdm-reservation": "0"})
    assert isinstance(failure({"/robots.txt": robots, "/": allowing}), RefusedError)
    assert isinstance(failure({TDM: tdmrep({"location": "/", "tdm-reservation": 1}), "/": allowing}), RefusedError)
