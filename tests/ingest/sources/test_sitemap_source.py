"""Sitemaps: what they name, how they lead to others, and what no sitemap can do to us."""

import gzip
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from brain.records import parse_interval
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Answer, Found
from ingest.sources.sitemap import ADAPTER, MAX_ENTRIES, Sitemap
from tests.ingest.sources.reading import LoopbackReader, everything
from tests.loopback import LoopbackServer, Route, page

SITE = "https://www.fernhill.example/sitemap.xml"
OPEN = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def urlset(*entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{OPEN}{"".join(entries)}</urlset>'.encode()


def url(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def index(*addresses: str) -> bytes:
    named = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</sitemapindex>'.encode()


def read(content: bytes, options: Sitemap | None = None) -> list[Found]:
    assert ADAPTER.read is not None
    return list(ADAPTER.read(content, options))


def entries(found: list[Found]) -> list[Entry]:
    return [one for one in found if isinstance(one, Entry)]


def addresses(found: list[Found]) -> list[str]:
    return [one.address for one in entries(found)]


def reasons(found: list[Found]) -> dict[str, str]:
    return {one.address: one.reason for one in found if isinstance(one, Unusable)}


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("2024-05-17", date(2024, 5, 17)),
        ("2024-05-17T23:30:00-08:00", date(2024, 5, 17)),
        ("2024-05-17T08:00Z", date(2024, 5, 17)),
        (" 2024-05-17 08:00:00 ", date(2024, 5, 17)),
        ("2024-02", date(2024, 2, 29)),
        ("2023", date(2023, 12, 31)),
        ("2023-02-31", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_day_of_a_change_is_read_in_every_form_of_the_protocol(written: str, changed: date | None) -> None:
    (entry,) = entries(read(urlset(url("https://fernhill.example/a", f"<lastmod>{written}</lastmod>"))))
    assert entry.changed == changed


def test_news_state_title_and_day_while_images_and_languages_state_nothing() -> None:
    more = (
        '<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:loc>https://cdn.example/i'
        "</image:loc><image:title>A picture</image:title></image:image>"
        '<xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="de" href="https://x.example/"/>'
        '<n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication_date>2024-05-17T08:00Z'
        "</n:publication_date><n:title> Two rounds\n at Fernhill </n:title></n:news>"
    )
    (entry,) = entries(read(urlset(url("https://fernhill.example/a", more))))
    assert (entry.title, entry.published) == ("Two rounds at Fernhill", parse_interval("2024-05-17"))


def test_an_address_may_hold_raw_ampersands_entities_and_character_data() -> None:
    found = read(
        urlset(
            url("https://fernhill.example/?a=1&amp;b=2"),
            url("https://fernhill.example/?a=1&copy=3"),
            url("<![CDATA[https://fernhill.example/?a=1&b=4]]>"),
        )
    )
    assert addresses(found) == [f"https://fernhill.example/?a=1&{rest}" for rest in ("b=2", "copy=3", "b=4")]


def test_one_malformed_entry_costs_that_entry() -> None:
    found = read(
        urlset(
            url("https://fernhill.example/a"),
            "<url><lastmod>2024-01-01</lastmod></url>",
            url("javascript:alert(1)"),
            url("/relative"),
            url("https://fernhill.example/b"),
            url("https://fernhill.example/a"),
        )
    )
    assert addresses(found) == ["https://fernhill.example/a", "https://fernhill.example/b"]
    assert reasons(found) == {
        "the sitemap": "an entry has no address (loc)",
        "javascript:alert(1)": "it is no public web address",
        "/relative": "it is no public web address",
    }


def test_addresses_of_other_domains_are_left_out_with_the_reason() -> None:
    found = read(
        urlset(
            url("https://fernhill.example/a"), url("https://jobs.fernhill.example/b"), url("https://elsewhere.example/")
        ),
        Sitemap(url=SITE),
    )
    assert addresses(found) == ["https://fernhill.example/a", "https://jobs.fernhill.example/b"]
    assert reasons(found) == {"https://elsewhere.example/": "it is not on the sitemap's own domain, fernhill.example"}


def test_patterns_choose_among_the_addresses() -> None:
    options = Sitemap(url=SITE, include=("*/blog/*", "*/reports/*"), exclude=("*/blog/tag/*",))
    paths = ("blog/interview", "blog/tag/interview", "reports/2024/one", "shop/cart")
    found = read(urlset(*(url(f"https://fernhill.example/{path}") for path in paths)), options)
    assert addresses(found) == [
        "https://fernhill.example/blog/interview",
        "https://fernhill.example/reports/2024/one",
    ]


def test_plain_text_gzip_and_other_encodings_are_sitemaps_too() -> None:
    lines = "https://fernhill.example/a\r\n\r\nnot an address\nhttps://fernhill.example/b\n"
    wanted = ["https://fernhill.example/a", "https://fernhill.example/b"]
    assert addresses(read(b"\xef\xbb\xbf" + lines.encode())) == wanted
    assert list(reasons(read(lines.encode()))) == ["not an address"]
    xml = urlset(*map(url, wanted))
    text = xml.decode()
    for content in (
        gzip.compress(xml),
        gzip.compress(xml[:100]) + gzip.compress(xml[100:]),
        b" \n" + xml,
        text.replace("UTF-8", "utf-16").encode("utf-16"),
        text.replace("UTF-8", "utf-16").encode(),
        text.replace("UTF-8", "no-such-thing").encode(),
        text.replace("UTF-8", "undefined").encode(),
        text.replace(OPEN, "<urlset>").encode(),
    ):
        assert addresses(read(content)) == wanted


def test_what_breaks_off_keeps_its_beginning_and_says_so() -> None:
    whole = urlset(*(url(f"https://fernhill.example/{number}") for number in range(2_000)))
    packed = gzip.compress(whole)
    for content in (whole[: len(whole) // 2], packed[: len(packed) // 2]):
        found = read(content)
        assert 500 < len(addresses(found)) < 1_900
        assert "broken" in reasons(found)["the sitemap"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<",
        b"just some words",
        b"{}",
        b"<html><body>Hello</body></html>",
        b"<rss version='2.0'/>",
        b"\x1f\x8bnot gzip",
        gzip.compress(b"words"),
        gzip.compress(OPEN.encode() + b" " * 60_000_000),
        b"<urlset " + b"a='1' " * 30_000 + b"/>",
    ],
    ids=["nothing", "bracket", "words", "json", "html", "feed", "not gzip", "words in gzip", "bomb", "huge tag"],
)
def test_what_is_no_sitemap_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(content)
    assert caught.value.next_step


def test_entities_are_neither_expanded_nor_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", "utf-8")
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE urlset [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "{secret.as_uri()}">{layers}]>'
    content = bomb.encode() + urlset(url("https://fernhill.example/&f;"), url("https://fernhill.example/&l11;"))
    assert addresses(read(content.replace(b'<?xml version="1.0" encoding="UTF-8"?>', b""))) == [
        "https://fernhill.example/&f;",
        "https://fernhill.example/&l11;",
    ]


def test_no_more_than_the_protocol_allows_is_read() -> None:
    found = read(urlset(*(url(f"https://fernhill.example/{number}") for number in range(MAX_ENTRIES + 10))))
    assert len(entries(found)) == MAX_ENTRIES
    assert reasons(found) == {"the sitemap": "it lists more than 50,000 addresses; the rest is left out"}
    stuffed = read(b"<urlset>" + b"<a/>" * 1_100_000 + b"</urlset>")
    assert "too many elements" in reasons(stuffed)["the sitemap"]


def test_a_capture_of_an_index_names_what_it_does_not_hold() -> None:
    assert reasons(read(index("https://fernhill.example/1.xml"))) == {
        "https://fernhill.example/1.xml": "it is a further sitemap, which a capture does not hold"
    }


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({}) as running:
        yield running


def serve(server: LoopbackServer, **routes: Route) -> LoopbackReader:
    for name, route in routes.items():
        answer = page(route, content_type="application/xml") if isinstance(route, bytes) else route
        server.routes[f"/www.fernhill.example/{name}.xml"] = answer
    return LoopbackReader(server)


def at(name: str) -> str:
    return f"https://www.fernhill.example/{name}.xml"


def test_an_index_is_followed_once_each_with_its_depth_and_circles_end(server: LoopbackServer) -> None:
    reader = serve(
        server,
        sitemap=index(at("a"), at("b"), at("a"), at("sitemap"), "https://elsewhere.example/c.xml", at("gone")),
        a=gzip.compress(urlset(url("https://fernhill.example/1"), url("https://fernhill.example/2"))),
        b=index(at("c"), at("sitemap")),
        c=urlset(url("https://fernhill.example/2"), url("https://fernhill.example/3")),
    )
    found = list(ADAPTER.entries(Sitemap(url=SITE), reader, everything))
    assert addresses(found) == [f"https://fernhill.example/{number}" for number in (1, 2, 3)]
    assert reader.asked == [SITE, at("a"), at("b"), at("c"), at("gone")]
    assert reader.depths == [0, 1, 1, 2, 1]
    assert reasons(found) == {
        "https://elsewhere.example/c.xml": "it is not on the sitemap's own domain, fernhill.example",
        at("gone"): "the server answered 404",
    }


def test_an_endless_chain_and_an_endless_list_of_sitemaps_end(server: LoopbackServer) -> None:
    reader = serve(server, sitemap=index(at("0")), **{str(n): index(at(str(n + 1))) for n in range(10)})
    found = list(ADAPTER.entries(Sitemap(url=SITE), reader, everything))
    assert reasons(found) == {at("3"): "it is more than 3 steps away from the first sitemap"}

    reader = serve(server, sitemap=index(*(at(f"many{n}") for n in range(50))))
    server.routes.update(
        {f"/www.fernhill.example/many{n}.xml": urlset(url(f"https://fernhill.example/{n}")) for n in range(50)}
    )
    found = list(ADAPTER.entries(Sitemap(url=SITE, max_sitemaps=4), reader, everything))
    assert len(addresses(found)) == 3
    assert len(reader.asked) == 4
    assert reasons(found) == {at("many3"): "it and all after it are over the limit of 4 sitemaps (max_sitemaps)"}


def test_a_further_sitemap_of_another_kind_costs_only_itself(server: LoopbackServer) -> None:
    reader = serve(server, sitemap=index(at("a"), at("b")), a=b"<html/>", b=urlset(url("https://fernhill.example/1")))
    found = list(ADAPTER.entries(Sitemap(url=SITE), reader, everything))
    assert addresses(found) == ["https://fernhill.example/1"]
    assert "'html'" in reasons(found)[at("a")]


def test_a_first_sitemap_that_is_not_to_be_had_is_left_out(server: LoopbackServer) -> None:
    for reader in (serve(server), serve(server, sitemap=b"<html/>")):
        with pytest.raises(LeftOutError):
            list(ADAPTER.entries(Sitemap(url=SITE), reader, everything))


@pytest.mark.parametrize("seed", range(40))
def test_mutated_bytes_give_entries_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    content = bytearray(urlset(*(url(f"https://fernhill.example/{n}", "<lastmod>2024</lastmod>") for n in range(5))))
    for _ in range(chance.choice((1, 5, 25))):
        position = chance.randrange(len(content))
        content[position : position + chance.randrange(3)] = chance.choice(
            (b"<", b"&", b"\xff", b"m:", b"]]>", b"\x00")
        )
    try:
        found = read(bytes(content))
    except UnreadableInputError as error:
        assert error.next_step  # noqa: PT017
    else:
        assert all(isinstance(one, Unusable) or one.address.startswith("http") for one in found)


def test_wrong_options_are_refused() -> None:
    for wrong in ({"url": ""}, {"url": SITE, "max_sitemaps": 0}, {"url": SITE, "includes": ("*",)}):
        with pytest.raises(ValidationError):
            Sitemap.model_validate(wrong)


@pytest.mark.parametrize(
    ("name", "pages", "others"),
    [("sitemap.xml", 84, 0), ("sitemap.xml.gz", 84, 0), ("sitemap2.xml", 0, 2), ("sitemap-hreflang.xml", 3, 1)],
)
def test_real_captures_give_all_that_they_list(shared: Path, name: str, pages: int, others: int) -> None:
    folder = shared / "realworld" / "ugly_html" / "trafilatura"
    found = read((folder / f"tests_resources_{name}").read_bytes())
    assert (len(entries(found)), len(reasons(found))) == (pages, others)


def test_a_site_that_moved_may_name_its_new_addresses(server: LoopbackServer) -> None:
    content = urlset(url("https://new.example/a"), url("https://third.example/"))

    class Moved(LoopbackReader):
        def get(self, *_: object, **__: object) -> Answer:
            return Answer(url="https://new.example/sitemap.xml", content=content)

    found = list(ADAPTER.entries(Sitemap(url=SITE), Moved(server), everything))
    assert addresses(found) == ["https://new.example/a"]
    assert list(reasons(found)) == ["https://third.example/"]
