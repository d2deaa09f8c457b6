"""SmartRecruiters: a listing in pages, and a detail for each posting that is wanted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Found
from ingest.sources.smartrecruiters import ADAPTER, SmartRecruiters, read
from tests.ingest.sources.reading import LoopbackReader, answering, answers, everything
from tests.loopback import LoopbackServer, Route, page

ROUTE = "/api.smartrecruiters.com/v1/companies/Fernhill/postings"
OPTIONS = SmartRecruiters(company="Fernhill")


def listed(number: int, **fields: object) -> dict[str, object]:
    return {
        "id": f"7440{number:04}",
        "name": f"Sensor Engineer {number}",
        "releasedDate": "2026-06-24T10:00:11.853Z",
        "location": {"fullLocation": "Oslo, , Norway", "city": "Oslo", "country": "no", "remote": False},
        "department": {"label": "Perception"},
        "ref": "https://elsewhere.example/v1/companies/Fernhill/postings/1",
    } | fields


def detail(number: int, **fields: object) -> dict[str, object]:
    sections = {
        "qualifications": {"title": "Qualifications", "text": "<ul><li>light</li></ul>"},
        "companyDescription": {"title": "Company", "text": "<p>We make eyes.</p>"},
        "jobDescription": {"title": "The job", "text": "<p>Make them see.</p>"},
        "afterword": {"title": "Afterword", "text": "<p>Write to us.</p>"},
    }
    own = {
        "company": {"identifier": "Fernhill", "name": "Fernhill Robotics"},
        "postingUrl": f"https://jobs.smartrecruiters.com/Fernhill/7440{number:04}-sensor-engineer",
        "jobAd": {"sections": sections},
        "active": True,
        "visibility": "PUBLIC",
    }
    return listed(number) | own | fields


def served(total: int, stated: object, **details: Route) -> dict[str, Route]:
    def answer(query: Mapping[str, str], _body: object) -> object:
        offset, limit = int(query["offset"]), int(query["limit"])
        shown = [listed(number) for number in range(total)][offset : offset + limit]
        return {"offset": offset, "limit": limit, "totalFound": stated, "content": shown}

    own: dict[str, Route] = {f"{ROUTE}/7440{number:04}": answers(detail(number)) for number in range(total)}
    return {ROUTE: answering(answer)} | own | {f"{ROUTE}/7440{name[1:]}": route for name, route in details.items()}


def walked(routes: Mapping[str, Route], wanted: Any = everything) -> tuple[list[Found], list[str]]:
    with LoopbackServer(routes) as server:
        reader = LoopbackReader(server)
        found = list(ADAPTER.entries(OPTIONS, reader, wanted))
    return found, [address.removeprefix("https:/").removeprefix(ROUTE) for address in reader.asked]


def test_a_detail_holds_every_section_in_the_order_of_the_page() -> None:
    (entry,) = read(json.dumps(detail(1)).encode())
    assert isinstance(entry, Entry)
    assert entry.address == "https://jobs.smartrecruiters.com/Fernhill/74400001-sensor-engineer"
    headings = [
        entry.content.index(f"<h2>{name}</h2>") for name in ("Company", "The job", "Qualifications", "Afterword")
    ]
    assert headings == sorted(headings)
    assert "Fernhill Robotics" in entry.content
    assert (entry.location, entry.department, str(entry.published)) == ("Oslo, Norway", "Perception", "2026-06-24")


def test_a_listing_names_pages_without_their_text() -> None:
    (entry,) = read(json.dumps({"content": [listed(3)]}).encode(), OPTIONS)
    assert isinstance(entry, Entry)
    assert (entry.address, entry.content) == ("https://jobs.smartrecruiters.com/Fernhill/74400003", "")


def test_a_capture_of_unknown_company_takes_it_from_the_references_of_the_interface_only() -> None:
    ours = listed(3, ref="https://api.smartrecruiters.com/v1/companies/Acme/postings/74400003")
    known, unknown = read(json.dumps({"content": [ours, listed(4)]}).encode())
    assert known.address == "https://jobs.smartrecruiters.com/Acme/74400003"
    assert isinstance(unknown, Unusable)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"active": False}, "not public"),
        ({"visibility": "INTERNAL"}, "not public"),
        ({"jobAd": {"sections": None}}, "no text"),
        ({"jobAd": {"sections": {"jobDescription": ["x"], "a": None}}}, "no text"),
        ({"name": 3}, "no title"),
    ],
)
def test_a_posting_that_cannot_be_used_says_why(fields: dict[str, object], reason: str) -> None:
    (unusable,) = read(json.dumps(detail(1, **fields)).encode())
    assert isinstance(unusable, Unusable)
    assert reason in unusable.reason


@pytest.mark.parametrize("odd", [{"visibility": {"a": 1}}, {"location": [1]}, {"department": "x"}, {"releasedDate": 7}])
def test_values_of_other_types_read_as_unknown(odd: dict[str, object]) -> None:
    (entry,) = read(json.dumps(detail(1, **odd)).encode())
    assert isinstance(entry, Entry)


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"content": 1}', b"<p>"])
def test_a_capture_of_another_shape_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


def test_details_are_asked_only_of_what_is_wanted() -> None:
    found, asked = walked(served(3, 3), lambda entry: entry.title.endswith("1"))
    with_text = [entry for entry in found if isinstance(entry, Entry) and entry.content]
    assert [entry.title for entry in with_text] == ["Sensor Engineer 1"]
    assert asked == ["?limit=100&offset=0", "/74400001"]


@pytest.mark.parametrize("stated", [230, 10**12, 0, -5, "many", None, 3])
def test_the_pages_are_walked_whatever_the_total_says(stated: object) -> None:
    found, asked = walked(served(230, stated), lambda _entry: False)
    assert len(found) == 230
    assert len([address for address in asked if address.startswith("?")]) in {3, 4}


def test_a_detail_that_is_not_to_be_had_costs_its_posting() -> None:
    wrong = {"d0000": page(b"", status=500), "d0001": answers(detail(2)), "d0002": answers([]), "d0003": page(b"<p>")}
    found, _ = walked(served(5, 5, **wrong))
    assert [isinstance(one, Unusable) for one in found] == [True] * 4 + [False]
    assert [one.address.rpartition("/")[2] for one in found[:4]] == [f"7440000{number}" for number in range(4)]


def test_what_a_detail_omits_stays_as_listed() -> None:
    bare = {name: value for name, value in detail(0).items() if name not in {"releasedDate", "department", "location"}}
    (entry,), _ = walked(served(1, 1, d0000=answers(bare)))
    assert isinstance(entry, Entry)
    assert (str(entry.published), entry.department, entry.location) == ("2026-06-24", "Perception", "Oslo, Norway")


@pytest.mark.parametrize("number", ["../..", "a/b", "x?y=1", {"a": 1}, None, -1, 1.5])
def test_an_id_that_would_change_the_address_is_never_asked_for(number: object) -> None:
    listing = {"content": [listed(1, id=number, postingUrl="https://fernhill.example/x"), listed(2, id=number)]}
    found, asked = walked({ROUTE: answers(listing)})
    assert asked == ["?limit=100&offset=0"]
    assert isinstance(found[1], Unusable)


@pytest.mark.parametrize("company", ["a/b", "..", "", "a b", "a?b"])
def test_a_company_that_would_change_the_address_is_refused(company: str) -> None:
    with pytest.raises(ValidationError):
        SmartRecruiters(company=company)


def test_a_real_listing_and_its_details_are_walked(shared: Path) -> None:
    path = shared / "realworld" / "jobs_api" / "manwithaplandy" / "tests_fixtures_smartrecruiters.json"
    capture = json.loads(path.read_text("utf-8"))
    every = [job for part in capture["list_pages"] for job in part["content"]]
    routes: dict[str, Route] = {ROUTE: answers(capture["list_pages"][0] | {"content": every})}
    routes |= {f"{ROUTE}/{number}": answers(posting) for number, posting in capture["details"].items()}
    found, _ = walked(routes)
    assert [isinstance(one, Entry) and bool(one.content) for one in found] == [True, True, False]
    assert isinstance(found[2], Unusable)
    assert found[2].reason == "it carries no text"


def test_real_captures_of_one_page_and_one_posting_are_read(shared: Path) -> None:
    folder = shared / "realworld" / "jobs_api" / "abhibattula"
    listing = list(read((folder / "tests_fixtures_smartrecruiters_sample.json").read_bytes()))
    (entry,) = read((folder / "tests_fixtures_smartrecruiters_detail.json").read_bytes())
    assert [isinstance(one, Entry) for one in (*listing, entry)] == [True] * 3
    assert isinstance(entry, Entry)
    assert "EEO" in entry.content
