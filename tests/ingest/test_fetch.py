"""The bytes behind a lead: bad files, and the last good copy of a page."""

import json
from pathlib import Path

import pytest

from brain.catalog import Source
from brain.errors import UnreadableInputError
from brain.web import WebClient
from ingest.cache import LeftOutError, StageCache
from ingest.fetch import fetch, lead_of, read_file
from ingest.materials import Fetched, Lead
from tests.loopback import LoopbackServer, page, text

PAGE = b"<html><body><p>They asked me to implement k-means.</p></body></html>"
LIMIT = 1_000


@pytest.fixture
def cache(tmp_path: Path) -> StageCache:
    return StageCache(tmp_path / "stages.sqlite", 1_000_000)


def fetching(lead: Lead, cache: StageCache, host: str | None) -> Fetched:
    if host is None:
        return fetch(lead, None, cache, LIMIT)
    with WebClient(contact="", timeout=2, max_bytes=LIMIT, loopback_hosts=frozenset({host})) as web:
        return fetch(lead, web, cache, LIMIT)


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
        ("report.pdf", b"%PDF-1.7", "is of no type that ingest reads"),
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
        assert reason(lead, cache, None) == "offline, and there is no copy from an earlier run"
        server.routes["/a"] = page(PAGE)
        fetching(lead, cache, host)
        server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /a\n")
        assert "robots.txt disallows" in reason(lead, cache, host)
        assert reason(lead, cache, None) == "offline, and there is no copy from an earlier run"


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        ("application/pdf", PAGE, "it is a PDF"),
        ("image/png", PAGE, "only HTML, Markdown and plain text"),
        ("text/html", b"x" * (LIMIT + 1), "larger than 1,000 bytes"),
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
        fetching(Lead(address=url, source=Source(name="a", type="page", url=url)), cache, server.host)
    now = Source(name="a", type="page", url=url, level="L5")
    assert fetching(Lead(address=url, source=now), cache, None).source == now


def test_a_copy_that_another_release_kept_counts_as_none(cache: StageCache) -> None:
    cache.keep_page("https://notes.example/a", json.dumps({"other": "fields"}), PAGE)
    said = reason(Lead(address="https://notes.example/a"), cache, None)
    assert said == "offline, and there is no copy from an earlier run"
