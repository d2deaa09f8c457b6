"""Lever sites: sections in order, both regions, paging that always ends, and real captures."""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.lever import ADAPTER, Lever, read
from ingest.sources.postings import MAX_PAGES
from tests.ingest.sources.reading import LoopbackReader, answering, everything
from tests.loopback import LoopbackServer, page

ROUTE = "/api.lever.co/v0/postings/fernhill"


def job(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "id": f"id-{number}",
        "text": f"Gripper Engineer {number}",
        "hostedUrl": f"https://jobs.lever.co/fernhill/id-{number}",
        "createdAt": 1711403416463,
        "categories": {"department": "Hardware", "team": "Hands", "location": "Oslo", "allLocations": ["Oslo", "Rome"]},
        "workplaceType": "hybrid",
        "description": "<div>We build hands.</div>",
        "lists": [{"text": "You will", "content": "\n<li>bend fingers</li>\n<li>count them</li>"}],
        "salaryDescription": "<div>Paid monthly.</div>",
        "additional": "<div>Everyone may apply.</div>",
    } | fields


def found(*jobs: object) -> list[Entry | Unusable]:
    return list(read(json.dumps(jobs).encode()))


def test_a_posting_holds_description_lists_salary_and_closing_in_this_order() -> None:
    (entry,) = found(job())
    assert isinstance(entry, Entry)
    parts = [
        "We build hands.",
        "<h2>You will</h2>",
        "<ul><li>bend fingers</li>",
        "Paid monthly.",
        "Everyone may apply.",
    ]
    places = [entry.content.index(part) for part in parts]
    assert places == sorted(places)
    assert (entry.location, entry.department, str(entry.published)) == ("Oslo; Rome", "Hardware / Hands", "2024-03-25")


def test_opening_and_body_and_plain_text_stand_in_for_a_missing_description() -> None:
    parts, plain = found(
        job(description=None, opening="<p>Hello.</p>", descriptionBody="<p>Bend.</p>"),
        job(2, description="", descriptionPlain="Only <plain>\n- one item", lists=None, additional=3),
    )
    assert isinstance(parts, Entry)
    assert isinstance(plain, Entry)
    assert parts.content.index("Hello.") < parts.content.index("Bend.")
    assert "Only &lt;plain&gt;" in plain.content
    assert "<li>one item</li>" in plain.content


def test_an_unclosed_section_does_not_swallow_the_next() -> None:
    (entry,) = found(job(description="<div><p>We build <b>hands <!-- and"))
    assert isinstance(entry, Entry)
    assert entry.content.index("</div>\n<h2>You will</h2>") > entry.content.index("We build")
    assert "<!--" not in entry.content


@pytest.mark.parametrize("created", [True, "x", -1, 10**30, float("inf"), None, [], 1e308, 5])
def test_a_creation_time_that_is_none_is_unknown(created: object) -> None:
    (entry,) = found(job(createdAt=created))
    assert isinstance(entry, Entry)
    assert entry.published is None


def test_malformed_and_repeated_postings_cost_only_themselves() -> None:
    kept, repeated, hostile, whole = found(job(), job(), job(hostedUrl="data:text/html,x"), job(4))
    assert isinstance(kept, Entry)
    assert isinstance(whole, Entry)
    assert isinstance(repeated, Unusable)
    assert isinstance(hostile, Unusable)
    assert (repeated.address, hostile.address) == ("posting 2 of the capture", "posting 3 of the capture")


def test_one_posting_s_own_answer_is_a_capture_too() -> None:
    assert len(list(read(json.dumps(job()).encode()))) == 1


@pytest.mark.parametrize("content", [b'{"ok": false, "error": "Document not found"}', b"3", b"<ul>"])
def test_a_capture_of_another_shape_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


@pytest.mark.parametrize("options", [{"site": "a/b"}, {"site": ".."}, {"site": "a", "region": "moon"}, {}])
def test_wrong_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Lever.model_validate(options)


def jobs_from(stock: list[dict[str, object]]) -> object:
    def answer(query: Mapping[str, str], _body: object) -> object:
        skip, limit = int(query["skip"]), int(query["limit"])
        return stock[skip : skip + limit]

    return answering(answer)


def test_pages_are_asked_for_until_a_short_one() -> None:
    with LoopbackServer({ROUTE: jobs_from([job(number) for number in range(230)])}) as server:  # type: ignore[dict-item]
        reader = LoopbackReader(server)
        entries = list(ADAPTER.entries(Lever(site="fernhill"), reader, everything))
    assert len(entries) == 230
    assert [address.partition("&")[2] for address in reader.asked] == [
        f"skip={skip}&limit=100" for skip in (0, 100, 200)
    ]
    assert set(reader.depths) == {0}


def test_no_page_is_asked_for_before_its_postings_are_wanted() -> None:
    with LoopbackServer({ROUTE: jobs_from([job(number) for number in range(230)])}) as server:  # type: ignore[dict-item]
        reader = LoopbackReader(server)
        assert len(list(islice(ADAPTER.entries(Lever(site="fernhill"), reader, everything), 100))) == 100
    assert len(reader.asked) == 1


def test_a_site_in_europe_is_asked_there() -> None:
    with LoopbackServer({"/api.eu.lever.co/v0/postings/fernhill": jobs_from([job()])}) as server:  # type: ignore[dict-item]
        reader = LoopbackReader(server)
        assert len(list(ADAPTER.entries(Lever(site="fernhill", region="eu"), reader, everything))) == 1


def test_a_server_that_repeats_its_page_is_asked_twice() -> None:
    same = [job(number) for number in range(100)]
    with LoopbackServer({ROUTE: answering(lambda _query, _body: same)}) as server:
        reader = LoopbackReader(server)
        entries = list(ADAPTER.entries(Lever(site="fernhill"), reader, everything))
    assert (len(entries), len(reader.asked)) == (100, 2)


def test_a_listing_without_end_is_left_at_a_bound_and_says_so() -> None:
    def more(query: Mapping[str, str], _body: object) -> object:
        return [job(int(query["skip"]) + number) for number in range(100)]

    with LoopbackServer({ROUTE: answering(more)}) as server:
        reader = LoopbackReader(server)
        entries = list(ADAPTER.entries(Lever(site="fernhill"), reader, everything))
    assert len(reader.asked) == MAX_PAGES
    assert isinstance(entries[-1], Unusable)
    assert f"after {MAX_PAGES} pages" in entries[-1].reason


def test_what_was_listed_before_a_failing_page_stays() -> None:
    def answer(query: Mapping[str, str], _body: object) -> object:
        return [job(number) for number in range(100)] if query["skip"] == "0" else {"ok": False}

    with LoopbackServer({ROUTE: answering(answer)}) as server:
        walk = ADAPTER.entries(Lever(site="fernhill"), LoopbackReader(server), everything)
        assert len(list(islice(walk, 100))) == 100
        with pytest.raises(LeftOutError):
            next(walk)


def test_a_site_that_is_gone_is_left_out() -> None:
    with LoopbackServer({ROUTE: page(b"", status=404)}) as server, pytest.raises(LeftOutError):
        list(ADAPTER.entries(Lever(site="fernhill"), LoopbackReader(server), everything))


@pytest.mark.parametrize(
    ("capture", "count"),
    [
        ("jobtracker/tests_fixtures_lever_test.json", 82),
        ("hunter/tests_fixtures_lever_palantir.json", 2),
        ("abhibattula/tests_fixtures_lever_palantir.json", 2),
    ],
)
def test_real_captures_are_read_whole(shared: Path, capture: str, count: int) -> None:
    content = (shared / "realworld" / "jobs_api" / capture).read_bytes()
    entries = [entry for entry in read(content) if isinstance(entry, Entry)]
    assert len(entries) == count
    assert all(entry.published and entry.location and entry.department for entry in entries)
    for entry, raw in zip(entries, json.loads(content), strict=True):
        assert all(section["text"].split()[0] in entry.content for section in raw["lists"])
        assert entry.content.count("<li") >= sum(section["content"].count("<li") for section in raw["lists"])
