"""amazon.jobs: the search, its lines of text as lists and headings, paging, and the capture we have."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from brain.catalog import Source
from brain.errors import BadInputError, UnreadableInputError
from ingest.materials import Entry, Unusable
from ingest.sources import bind
from ingest.sources.amazon_jobs import ADAPTER, AmazonJobs, read
from tests.ingest.sources.reading import LoopbackReader, answering, everything
from tests.loopback import LoopbackServer

ROUTE = "/www.amazon.jobs/en/search.json"
OPTIONS = AmazonJobs(query="applied scientist", countries=("USA", "DEU"), cities=("Berlin",), categories=("research",))


def job(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "id_icims": str(number),
        "title": "Scientist, Search",
        "company_name": "A Company LLC",
        "job_path": f"/en/jobs/{number}/scientist-search",
        "posted_date": "July  4, 2026",
        "updated_time": "3 hours",
        "normalized_location": "Berlin, BE, DEU",
        "locations": [
            '{"normalizedLocation": "Oslo, 03, NOR"}',
            "{",
            7,
            None,
            '{"normalizedLocation": "Berlin, BE, DEU"}',
        ],
        "job_category": "Science",
        "team": {"title": "Search", "label": "team-search"},
        "description": "Find.<br/><br/>Key job responsibilities<br/>- Look &amp; see<br/>- Rank<br/>Why AWS<br/>We.",
        "basic_qualifications": "- A degree\n- Some years",
        "preferred_qualifications": None,
    } | fields


def found(*jobs: object) -> list[Entry | Unusable]:
    return list(read(json.dumps({"error": None, "hits": len(jobs), "jobs": jobs}).encode()))


def test_a_posting_keeps_its_headings_and_lists() -> None:
    (entry,) = found(job())
    assert isinstance(entry, Entry)
    assert entry.address == "https://www.amazon.jobs/en/jobs/1/scientist-search"
    assert (entry.location, entry.department) == ("Berlin, BE, DEU; Oslo, 03, NOR", "Science / Search")
    assert str(entry.published) == "2026-07-04"
    assert "<h3>Key job responsibilities</h3>\n<ul>\n<li>Look &amp; see</li>\n<li>Rank</li>\n</ul>" in entry.content
    assert "<h2>Basic qualifications</h2>" in entry.content
    assert "<li>Some years</li>" in entry.content
    assert "Preferred" not in entry.content


def test_the_short_description_stands_in_for_a_missing_one() -> None:
    (entry,) = found(job(description=None, description_short="In short."))
    assert isinstance(entry, Entry)
    assert "In short." in entry.content


@pytest.mark.parametrize(
    "path",
    ["//evil.example/x", "/en/../x", "/account/1", "https://evil.example/en/jobs/1", "", None, 5, "/en/jobs/1/x y"],
)
def test_a_path_that_is_no_page_of_the_site_costs_the_posting(path: object) -> None:
    (unusable, entry) = found(job(job_path=path), job(2))
    assert isinstance(unusable, Unusable)
    assert unusable.address == "posting 1 of the capture"
    assert isinstance(entry, Entry)


@pytest.mark.parametrize("posted", ["Smarch 3, 2026", "July 99, 2026", 3, None, "3 hours"])
def test_a_date_that_is_none_is_unknown(posted: object) -> None:
    (entry,) = found(job(posted_date=posted))
    assert isinstance(entry, Entry)
    assert entry.published is None


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"jobs": null, "error": "busy"}', b"<html>"])
def test_a_capture_of_another_shape_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


@pytest.mark.parametrize("hits", [250, 10_000, 0, None])
def test_the_search_is_walked_page_by_page(hits: object) -> None:
    def answer(query: Mapping[str, str], _body: object) -> object:
        offset = int(query["offset"])
        return {"hits": hits, "jobs": [job(number) for number in range(250)][offset : offset + 100]}

    with LoopbackServer({ROUTE: answering(answer)}) as server:
        reader = LoopbackReader(server)
        entries = list(ADAPTER.entries(OPTIONS, reader, everything))
    assert len(entries) == 250
    assert 3 <= len(reader.asked) <= 4
    asked = parse_qs(urlsplit(reader.asked[1]).query)
    assert asked["base_query"] == ["applied scientist"]
    assert asked["normalized_country_code[]"] == ["USA", "DEU"]
    assert (asked["normalized_city_name[]"], asked["category[]"]) == (["Berlin"], ["research"])
    assert (asked["offset"], asked["result_limit"]) == (["100"], ["100"])


def test_a_query_cannot_add_parameters() -> None:
    asked = parse_qs(urlsplit(AmazonJobs(query="a&offset=7#x/../?y").search).query)
    assert asked == {"base_query": ["a&offset=7#x/../?y"], "sort": ["recent"]}


@pytest.mark.parametrize("wrong", [{"query": ""}, {"countries": ["US"]}, {"categories": ["A b"]}, {"cities": ["\n"]}])
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AmazonJobs.model_validate({"query": "x"} | wrong)


def test_it_is_used_only_when_the_source_allows_an_undocumented_endpoint() -> None:
    with pytest.raises(BadInputError, match="does not document"):
        bind(Source.model_validate({"name": "jobs", "type": "amazon_jobs", "query": "scientist"}))


def test_the_real_capture_is_read(shared: Path) -> None:
    path = shared / "realworld" / "jobs_api" / "hunter" / "tests_fixtures_amazon_search.json"
    entries = list(read(path.read_bytes()))
    assert [isinstance(entry, Entry) and bool(entry.location and entry.department) for entry in entries] == [True, True]
