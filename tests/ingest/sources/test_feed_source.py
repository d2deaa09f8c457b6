"""Feeds of every kind: what they name, how they are paged, and what no feed can do to us."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from brain.records import parse_interval
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Found
from ingest.sources.feed import ADAPTER, Feed
from tests.ingest.sources.reading import LoopbackReader, answers, everything
from tests.loopback import LoopbackServer, page

SITE = "https://notes.fernhill.example/feed"
POST = "https://notes.fernhill.example/two-rounds"

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://notes.fernhill.example/">
 <title>Notes</title><link rel="self" href="/feed"/>
 <entry>
  <title type="html">Two rounds &amp;amp; &lt;b&gt;an offer&lt;/b&gt;</title>
  <link rel="self" type="application/atom+xml" href="/entries/1"/>
  <link rel="alternate" type="application/json" href="/two-rounds.json"/>
  <link rel="alternate" type="text/html" href="two-rounds"/>
  <link rel="enclosure" type="audio/mpeg" href="/two-rounds.mp3"/>
  <id>urn:uuid:1</id><author><name>Robin Q. Private</name><email>robin@private.example</email></author>
  <published>2024-03-05T07:00:00Z</published><updated>2024-04-06T07:00:00Z</updated>
  <summary>Short.</summary>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">They asked <em>why</em> k-means ends.</div></content>
 </entry>
</feed>"""

RSS = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"><channel>
 <title>Notes</title><link>https://notes.fernhill.example/</link>
 <item><title>Two rounds &amp;amp; an offer</title><link>{POST}</link>
  <pubDate>Tue, 05 Mar 2024 07:00:00 +0000</pubDate>
  <dc:creator>Robin Q. Private</dc:creator><description>Short.</description>
  <content:encoded><![CDATA[<p>They asked <em>why</em> k-means&nbsp;ends.</p><p>x</p>]]></content:encoded></item>
 <item><title>No link but a guid</title><guid>https://notes.fernhill.example/guid</guid></item>
 <item><title>Behind a service</title><link>https://feeds.example/~r/1</link>
  <fb:origLink>https://notes.fernhill.example/original</fb:origLink></item>
</channel></rss>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Notes</title></channel>
 <item rdf:about="y"><title>An older post</title><link>https://notes.fernhill.example/old</link>
 <dc:date>2009-08-07T06:05:04+02:00</dc:date></item></rdf:RDF>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Notes",
    "authors": [{"name": "Robin Q. Private"}],
    "items": [
        {
            "id": "1",
            "url": POST,
            "title": "Two rounds &amp; an offer",
            "content_html": "<p>They asked why k-means ends.</p>",
            "date_published": "2024-03-05T23:30:00-08:00",
            "date_modified": "2024-04-06T00:00:00Z",
            "author": {"name": "Robin Q. Private"},
        },
        {"id": "https://notes.fernhill.example/by-id", "content_text": "Plain words."},
        {"id": "3", "url": "/relative?a=1&copy=2"},
    ],
}


def read(content: bytes | str, options: Feed | None = None) -> list[Found]:
    assert ADAPTER.read is not None
    return list(ADAPTER.read(content.encode() if isinstance(content, str) else content, options))


def entries(found: list[Found]) -> list[Entry]:
    return [one for one in found if isinstance(one, Entry)]


def reasons(found: list[Found]) -> dict[str, str]:
    return {one.address: one.reason for one in found if isinstance(one, Unusable)}


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def test_atom_gives_the_page_for_readers_its_title_and_its_dates() -> None:
    (entry,) = entries(read(ATOM))
    assert (entry.address, entry.title) == (POST, "Two rounds & an offer")
    assert (entry.published, str(entry.changed)) == (parse_interval("2024-03-05"), "2024-04-06")
    assert entry.content == ""


def test_rss_gives_links_guids_and_the_page_behind_a_feed_service() -> None:
    first, second, third = entries(read(RSS))
    assert (first.address, first.title, first.published) == (
        POST,
        "Two rounds & an offer",
        parse_interval("2024-03-05"),
    )
    assert second.address == "https://notes.fernhill.example/guid"
    assert third.address == "https://notes.fernhill.example/original"


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "2.0"])
def test_older_rss_is_read_too(version: str) -> None:
    content = rss(f"<item><title>A</title><link>{POST}</link></item>").replace("2.0", version)
    assert [entry.address for entry in entries(read(content))] == [POST]


def test_rss_1_gives_its_one_date_as_the_day_of_publication() -> None:
    (entry,) = entries(read(RDF))
    assert (entry.address, entry.published) == ("https://notes.fernhill.example/old", parse_interval("2009-08-07"))


def test_json_feed_gives_addresses_ids_that_are_addresses_and_days_as_written() -> None:
    first, second, third = entries(read(json.dumps(JSON_FEED), Feed(url=SITE)))
    assert (first.address, first.title) == (POST, "Two rounds & an offer")
    assert (first.published, str(first.changed)) == (parse_interval("2024-03-05"), "2024-04-06")
    assert second.address == "https://notes.fernhill.example/by-id"
    assert third.address == "https://notes.fernhill.example/relative?a=1&copy=2"
    assert not any(entry.content for entry in (first, second, third))


def test_full_text_makes_documents_of_the_posts_that_carry_theirs() -> None:
    options = Feed(url=SITE, full_text=True)
    (atom,) = entries(read(ATOM, options))
    assert (atom.format, "They asked <em>why</em> k-means ends." in atom.content) == ("html", True)
    carried, bare, _ = entries(read(RSS, options))
    assert "<p>They asked <em>why</em> k-means\xa0ends.</p>" in carried.content
    assert (bare.content, bare.format) == ("", None)
    html, text, none = entries(read(json.dumps(JSON_FEED), options))
    assert (html.format, text.format, none.format) == ("html", "text", None)
    assert text.content == "Plain words."


@pytest.mark.parametrize("content", [ATOM, RSS, json.dumps(JSON_FEED)], ids=["atom", "rss", "json"])
def test_who_wrote_a_post_is_never_kept(content: str) -> None:
    found = read(content, Feed(url=SITE, full_text=True))
    assert not any("private" in one.model_dump_json().lower() for one in found)


def test_one_malformed_post_costs_that_post() -> None:
    content = rss(
        "<item><title>Nothing else</title></item>",
        "<item><link>javascript:alert(1)</link></item>",
        "<item><link>http://[</link><pubDate>whenever</pubDate></item>",
        "<item><title>Not closed<link>https://notes.fernhill.example/a</link></item>",
        f"<item><title>R&D &nbsp;& more &unknown;</title><link>{POST}</link></item>",
        f"<item><link>{POST}?a=1&amp;b=2</link></item>",
        f"<item><link>{POST}</link></item>",
    )
    found = read(content, Feed(url=SITE))
    assert [entry.address for entry in entries(found)][-2:] == [POST, f"{POST}?a=1&b=2"]
    assert entries(found)[-2].title == "R&D & more &unknown;"
    assert reasons(found) == {
        f"post 1 of {SITE}": "it has no address",
        f"post 2 of {SITE}": "its address 'javascript:alert(1)' is no public web page",
        f"post 3 of {SITE}": "it has no address",
        f"post 4 of {SITE}": "it has no address",
    }
    items = [None, 3, {"url": 5}, {"url": "http://x:y"}, {"url": POST, "title": ["x"], "date_published": {}}]
    found = read(json.dumps({**JSON_FEED, "items": items}))
    assert [entry.address for entry in entries(found)] == [POST]
    assert len(reasons(found)) == 4


def test_relative_addresses_need_to_know_where_the_feed_lies() -> None:
    content = rss("<item><link>/two-rounds</link></item>")
    assert entries(read(content, Feed(url=SITE)))[0].address == POST
    assert reasons(read(content)) == {"post 1 of the feed": "its address '/two-rounds' is no public web page"}


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-8", "undefined"),
    ],
)
def test_every_encoding_is_read_and_a_wrong_label_does_no_harm(encoding: str, declared: str) -> None:
    content = f'<?xml version="1.0" encoding="{declared}"?>' + rss(
        f"<item><title>Gespräch in Köln</title><link>{POST}</link></item>"
    )
    (entry,) = entries(read(content.encode(encoding)))
    assert entry.title == "Gespräch in Köln"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "words",
        "<html><body>Hello</body></html>",
        "<urlset/>",
        "{",
        "[]",
        '{"version": "https://elsewhere.example/1", "items": []}',
        '{"a":' * 100_000,
        "<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>",
        "/etc/hostname",
        "https://notes.fernhill.example/feed",
    ],
    ids=["nothing", "words", "html", "sitemap", "cut", "list", "json", "deep json", "doctype", "path", "address"],
)
def test_what_is_no_feed_is_refused_with_a_next_step(content: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(content)
    assert caught.value.next_step


def test_a_feed_that_is_the_name_of_a_file_does_not_open_it(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(RSS, "utf-8")
    with pytest.raises(UnreadableInputError):
        read(str(file))


def test_entities_are_neither_expanded_nor_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", "utf-8")
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "{secret.as_uri()}">{layers}]>'
    (entry,) = entries(read(head + rss(f"<item><title>&l11; and &f;</title><link>{POST}</link></item>")))
    assert entry.title == "&l11; and &f;"


def test_hostile_sizes_cost_little_and_titles_are_cut() -> None:
    item = f"<item><title>{'x' * 1_000_000}</title><link>{POST}</link></item>"
    (entry,) = entries(read(rss(item)))
    assert len(entry.title) == 500
    deep = rss(f"<item><link>{POST}</link>" + "<div>" * 100_000)
    assert [one.address for one in entries(read(deep))] == [POST]
    base = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://x.example/{"a" * 90_000}">'
    many = base + f'<entry><link href="{POST}"/></entry>' * 20_000
    assert [one.address for one in entries(read(many))] == [POST]


@pytest.mark.parametrize(
    "junk",
    [
        '<links a="b"/>',
        '<tags a="b"/><category>x</category>',
        '<authors a="b"/><author>Jo</author>',
        '<psc:chapter xmlns:psc="http://podlove.org/simple-chapters"/>',
        "<undeclared:link>x</undeclared:link>",
        '<title_detail x="y"/>',
        '<published_parsed x="y"/>',
    ],
)
def test_elements_that_would_confuse_the_parser_do_not(junk: str) -> None:
    item = f"<item>{junk}<title>Two {junk}rounds</title><link>{POST}</link>{junk}</item>"
    (entry,) = entries(read(rss(item), Feed(url=SITE, full_text=True)))
    assert entry.address == POST


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({}) as running:
        yield running


def test_pages_are_followed_as_far_as_the_options_say(server: LoopbackServer) -> None:
    def route(number: int, following: str) -> None:
        link = f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{following}"/>'
        items = "".join(f"<item><link>/post/{n}</link></item>" for n in (number, number + 1))
        body = page(rss(link, items).encode(), content_type="application/rss+xml")
        server.routes[f"/notes.fernhill.example/feed{f'?p={number}' if number else ''}"] = body

    for number in range(4):
        route(number, f"?p={number + 1}")
    server.routes["/notes.fernhill.example/feed?p=4"] = page(b"", status=404)
    reader = LoopbackReader(server)
    found = list(ADAPTER.entries(Feed(url=SITE), reader, everything))
    assert (len(found), reader.asked) == (2, [SITE])
    reader = LoopbackReader(server)
    found = list(ADAPTER.entries(Feed(url=SITE, pages=9), reader, everything))
    assert [one.address for one in entries(found)] == [f"https://notes.fernhill.example/post/{n}" for n in range(5)]
    assert list(reasons(found)) == [f"{SITE}?p=4"]
    route(3, "/feed?p=1")
    reader = LoopbackReader(server)
    list(ADAPTER.entries(Feed(url=SITE, pages=9), reader, everything))
    assert len(reader.asked) == 4


def test_json_pages_are_followed_too(server: LoopbackServer) -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "items": [{"url": "/a"}], "next_url": f"{SITE}?p=2"}
    server.routes["/notes.fernhill.example/feed"] = answers(feed)
    server.routes["/notes.fernhill.example/feed?p=2"] = answers({**feed, "items": [{"url": "/b"}]})
    found = list(ADAPTER.entries(Feed(url=SITE, pages=5), LoopbackReader(server), everything))
    assert [one.address for one in found] == [f"https://notes.fernhill.example/{name}" for name in "ab"]


def test_a_feed_that_is_not_to_be_had_is_left_out(server: LoopbackServer) -> None:
    with pytest.raises(LeftOutError, match="404"):
        list(ADAPTER.entries(Feed(url=SITE), LoopbackReader(server), everything))
    server.routes["/notes.fernhill.example/feed"] = page(b"<html/>")
    with pytest.raises(LeftOutError, match="no feed"):
        list(ADAPTER.entries(Feed(url=SITE), LoopbackReader(server), everything))


@pytest.mark.parametrize("seed", range(60))
def test_mutated_bytes_give_entries_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    content = bytearray(chance.choice((ATOM, RSS, RDF, json.dumps(JSON_FEED))).encode())
    pieces = (b"<", b"&#xD800;", b"\xff", b"m:", b"]]>", b"<![CDATA[", b"\x00", b"null", b'"', b"<item>", b"&nbsp;")
    for _ in range(chance.choice((1, 5, 25))):
        position = chance.randrange(len(content))
        content[position : position + chance.randrange(4)] = chance.choice(pieces)
    try:
        found = read(bytes(content), Feed(url=SITE, full_text=True))
    except UnreadableInputError as error:
        assert error.next_step  # noqa: PT017
    else:
        assert all(isinstance(one, Unusable) or one.address.startswith("http") for one in found)
        assert all(one.model_dump_json() for one in found)


def test_wrong_options_are_refused() -> None:
    for wrong in ({}, {"url": SITE, "pages": 0}, {"url": SITE, "fulltext": True}):
        with pytest.raises(ValidationError):
            Feed.model_validate(wrong)


@pytest.mark.parametrize(("name", "posts"), [("feed1.atom", 2), ("feed2.rss", 1), ("feed.json", 25)])
def test_real_captures_give_all_their_posts(shared: Path, name: str, posts: int) -> None:
    folder = shared / "realworld" / "ugly_html" / "trafilatura"
    found = read((folder / f"tests_resources_{name}").read_bytes())
    assert len(entries(found)) == len(found) == posts
    assert all(entry.title and (entry.published or entry.changed) for entry in entries(found))


def test_a_real_list_of_another_shape_is_refused(shared: Path) -> None:
    (file,) = (shared / "realworld" / "interviews_json" / "leetcode-feed").glob("*.json")
    with pytest.raises(UnreadableInputError, match="no JSON feed"):
        read(file.read_bytes())
