"""The bytes behind a lead: bad files, and the last good copy of a page."""

import json
from pathlib import Path

import pytest

from brain.catalog import Source
from brain.errors import UnreadableInputError
from brain.web import JSON, HostBook, Limits, WebClient
from ingest.cache import LeftOutError, StageCache
from ingest.fetch import NOT_ASKED, Got, ListingReader, Wire, fetch, lead_of, read_file
from ingest.materials import Entry, Fetched, Lead
from tests.loopback import Exchange, Handler, LoopbackServer, page, text

PAGE = b"<html><body><p>They asked me to implement k-means.</p></body></html>"
LIMIT = 1_000


@pytest.fixture
def cache(tmp_path: Path) -> StageCache:
    return StageCache(tmp_path / "stages.sqlite", 1_000_000)


def asking(lead: Lead, cache: StageCache, host: str | None, *, ask: bool = True) -> Got:
    if host is None:
        return fetch(lead, Wire(None, cache), LIMIT)
    with web_client(host) as web:
        return fetch(lead, Wire(web, cache), LIMIT, ask=ask)


def web_client(host: str) -> WebClient:
    limits = Limits(timeout=2, max_bytes=LIMIT, retries=0)
    return WebClient(contact="", limits=limits, hosts=HostBook(None), loopback_hosts=frozenset({host}))


def fetching(lead: Lead, cache: StageCache, host: str | None) -> Fetched:
    return asking(lead, cache, host).fetched


def reason(lead: Lead, cache: StageCache, host: str | None) -> str:
    with pytest.raises(LeftOutError) as caught:
        fetching(lead, cache, host)
    return str(caught.value)


def refusal(path: Path, limit: int = LIMIT) -> UnreadableInputError:
    with pytest.raises(UnreadableInputError) as caught:
        read_file(lead_of(str(path)), limit)
    assert str(path) in caught.value.message
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.md", b"", "is empty"),
        ("blank.md", b" \n\t\n", "is empty"),
        ("huge.md", b"x" * (LIMIT + 1), "1,001 bytes, over the limit of 1,000"),
        ("report.docx", b"PK", "is of no type that ingest reads"),
        ("report", b"text", "is of no type that ingest reads"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refusal(tmp_path / name).message


def test_a_missing_file_and_a_closed_one_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No such file" in refusal(tmp_path / "gone.md").message
    (tmp_path / "closed.md").write_text("x", "utf-8")

    def closed(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", closed)
    error = refusal(tmp_path / "closed.md")
    assert "Permission denied" in error.message
    assert "permissions" in error.next_step


def test_a_huge_file_is_not_read_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "huge.md").write_bytes(b"x" * 5_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("it was read"))
    assert "BRAIN_FILE_MAX_BYTES" in refusal(tmp_path / "huge.md").next_step


def test_an_address_is_told_from_a_path_in_any_spelling() -> None:
    assert lead_of("HTTPS://Notes.example/a").path is None
    assert lead_of("notes/a.MD").format == "markdown"


def test_a_page_says_where_it_came_from(cache: StageCache) -> None:
    with LoopbackServer({"/a": page(PAGE, content_type="text/html; charset=ISO-8859-1")}) as server:
        found = fetching(Lead(address=server.url("/a")), cache, server.host)
    assert (found.content, found.format, found.charset, found.robots) == (PAGE, "html", "iso-8859-1", "no robots.txt")
    assert found.retrieved is not None


def test_the_day_of_fetching_is_no_part_of_the_key(cache: StageCache) -> None:
    with LoopbackServer({"/a": PAGE}) as server:
        found = fetching(Lead(address=server.url("/a")), cache, server.host)
    assert found.key == found.model_copy(update={"retrieved": None}).key
    assert found.key != found.model_copy(update={"content": PAGE + b" "}).key


def test_a_page_that_cannot_be_reached_keeps_its_last_good_copy(cache: StageCache) -> None:
    with LoopbackServer({"/a": PAGE}) as server:
        lead, host = Lead(address=server.url("/a")), server.host
        first = fetching(lead, cache, host)
        server.routes["/a"] = page(b"broken", status=503)
        assert fetching(lead, cache, host) == first
    assert fetching(lead, cache, host) == first
    assert fetching(lead, cache, None) == first


def test_a_page_that_is_refused_or_gone_loses_its_copy(cache: StageCache) -> None:
    with LoopbackServer({"/a": PAGE}) as server:
        lead, host = Lead(address=server.url("/a")), server.host
        fetching(lead, cache, host)
        server.routes["/a"] = page(b"gone", status=410)
        assert "410" in reason(lead, cache, host)
        assert reason(lead, cache, None) == NOT_ASKED
        server.routes["/a"] = page(PAGE)
        fetching(lead, cache, host)
        server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /a\n")
        assert "robots.txt disallows" in reason(lead, cache, host)
        assert reason(lead, cache, None) == NOT_ASKED


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        ("image/png", PAGE, "image/png"),
        ("text/html", b"x" * (LIMIT + 1), "1,000 bytes"),
    ],
)
def test_a_page_of_the_wrong_type_or_size_is_left_out(
    cache: StageCache, content_type: str, body: bytes, said: str
) -> None:
    with LoopbackServer({"/a": page(body, content_type=content_type)}) as server:
        assert said in reason(Lead(address=server.url("/a")), cache, server.host)


def test_an_unreachable_host_and_a_denied_one_are_left_out(cache: StageCache) -> None:
    with LoopbackServer({}) as server:
        host, url = server.host, server.url("/a")
    assert "could not be read" in reason(Lead(address=url), cache, host)
    assert "never fetched" in reason(Lead(address="https://www.glassdoor.com/x"), cache, host)
    assert "not a host name" in reason(Lead(address="http://[broken"), cache, host)


def test_a_kept_copy_is_described_by_the_corpus_file_as_it_is_now(cache: StageCache) -> None:
    with LoopbackServer({"/a": PAGE}) as server:
        url = server.url("/a")
        fetching(
            Lead(address=url, source=Source.model_validate({"name": "a", "type": "page", "url": url})),
            cache,
            server.host,
        )
    now = Source.model_validate({"name": "a", "type": "page", "url": url, "level": "L5"})
    assert fetching(Lead(address=url, source=now), cache, None).source == now


def test_a_copy_that_another_release_kept_counts_as_none(cache: StageCache) -> None:
    cache.keep_page("https://notes.example/a", json.dumps({"other": "fields"}), PAGE)
    said = reason(Lead(address="https://notes.example/a"), cache, None)
    assert said == NOT_ASKED


def tagged(body: bytes, tag: str) -> Handler:
    """A page that answers 304 to whoever knows its tag."""

    def answer(exchange: Exchange) -> None:
        known = exchange.headers.get("If-None-Match") == tag
        page(b"" if known else body, status=304 if known else 200, headers={"ETag": tag})(exchange)

    return answer


def test_an_unchanged_page_is_asked_for_with_its_tag_and_answered_from_its_copy(cache: StageCache) -> None:
    with LoopbackServer({"/a": tagged(PAGE, '"one"')}) as server:
        lead = Lead(address=server.url("/a"))
        first, again = asking(lead, cache, server.host), asking(lead, cache, server.host)
        assert (first.fetching, again.fetching) == ("fetched", "unchanged")
        assert again.fetched == first.fetched
        server.routes["/a"] = tagged(PAGE + b"<p>More.</p>", '"two"')
        changed = asking(lead, cache, server.host)
    assert (changed.fetching, changed.fetched.content) == ("fetched", PAGE + b"<p>More.</p>")


def test_what_is_not_to_be_asked_for_comes_from_its_copy(cache: StageCache) -> None:
    with LoopbackServer({"/a": PAGE}) as server:
        lead = Lead(address=server.url("/a"))
        asking(lead, cache, server.host)
        assert asking(lead, cache, server.host, ask=False).fetching == "kept copy"
        assert server.paths().count("/a") == 1


def test_a_document_inside_a_listing_needs_no_request(cache: StageCache) -> None:
    entry = Entry(address="https://jobs.example/1", title="Engineer", content="<p>Build cranes.</p>")
    got = asking(Lead(address=entry.address, entry=entry), cache, None)
    assert (got.fetching, got.fetched.content, got.fetched.format) == ("listed", b"<p>Build cranes.</p>", "html")


def test_a_listing_keeps_its_last_copy_until_it_is_dropped(cache: StageCache, tmp_path: Path) -> None:
    with LoopbackServer({"/jobs": page(b"{}", content_type="application/json")}) as server:
        url = server.url("/jobs")
        with web_client(server.host) as web:
            answer = ListingReader(Wire(web, cache), tmp_path, ask=True).get(url, JSON)
    offline = ListingReader(Wire(None, cache), tmp_path, ask=True)
    assert offline.get(url, JSON) == answer
    offline.drop_copies()
    with pytest.raises(LeftOutError, match="not asked"):
        offline.get(url, JSON)
