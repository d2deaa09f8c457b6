"""Workday sites: POST paging, details of what is wanted, and addresses that never leave the site."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from brain.catalog import Source
from brain.errors import BadInputError, UnreadableInputError
from ingest.materials import Entry, Unusable
from ingest.sources import bind
from ingest.sources.base import Found
from ingest.sources.workday import ADAPTER, MOST, Workday, read
from tests.ingest.sources.reading import LoopbackReader, answering, answers, everything
from tests.loopback import LoopbackServer, Route, page

OPTIONS = Workday(host="fernhill.wd5.myworkdayjobs.com", site="Careers")
API = "/fernhill.wd5.myworkdayjobs.com/wday/cxs/fernhill/Careers"


def listed(number: int, **fields: object) -> dict[str, object]:
    path = f"/job/Norway-Oslo/Leg-Engineer_R-{number}"
    return {"title": f"Leg Engineer {number}", "externalPath": path, "locationsText": "Norway, Oslo"} | fields


def detail(number: int, **fields: object) -> dict[str, object]:
    info = {
        "title": f"Leg Engineer {number}",
        "jobDescription": "<p><b>What you do</b></p><ul><li>walk</li></ul>",
        "location": "Norway, Oslo",
        "additionalLocations": ["Norway, Bergen", "Norway, Oslo", None],
        "startDate": "2026-06-25",
        "postedOn": "Posted 5 Days Ago",
        "externalUrl": f"https://fernhill.wd5.myworkdayjobs.com/Careers/job/Norway-Oslo/Leg-Engineer_R-{number}",
    }
    return {"jobPostingInfo": info | fields, "hiringOrganization": {"name": "Fernhill Walking AS"}}


def served(total: int, page_size: int = 20) -> dict[str, Route]:
    def answer(_query: Mapping[str, str], body: Any) -> object:
        assert body["appliedFacets"] == {}
        first = body["offset"]
        shown = [listed(number) for number in range(total)][first : first + min(body["limit"], page_size)]
        return {"total": total if first == 0 else 0, "jobPostings": shown}

    details: dict[str, Route] = {f"{API}{listed(n)['externalPath']}": answers(detail(n)) for n in range(total)}
    return {f"{API}/jobs": answering(answer)} | details


def walked(routes: Mapping[str, Route], wanted: Any = everything) -> tuple[list[Found], LoopbackReader]:
    with LoopbackServer(routes) as server:
        reader = LoopbackReader(server)
        return list(ADAPTER.entries(OPTIONS, reader, wanted)), reader


def test_a_detail_is_read_with_all_its_places() -> None:
    (entry,) = read(json.dumps(detail(1)).encode())
    assert isinstance(entry, Entry)
    assert (entry.location, str(entry.published)) == ("Norway, Oslo; Norway, Bergen", "2026-06-25")
    assert "<h3>What you do</h3>" in entry.content
    assert "Fernhill Walking AS" in entry.content


def test_the_listing_is_posted_for_and_details_asked_only_of_what_is_wanted() -> None:
    found, reader = walked(served(45), lambda entry: entry.title == "Leg Engineer 33")
    posted = [json.loads(body)["offset"] for body in reader.bodies if body]
    assert posted == [0, 20, 40]
    assert [address.rpartition("/")[2] for address in reader.asked[-2:]] == ["Leg-Engineer_R-33", "jobs"]
    assert reader.depths == [0, 0, 1, 0]
    assert [entry.title for entry in found if isinstance(entry, Entry) and entry.content] == ["Leg Engineer 33"]


def test_pages_that_are_shorter_than_asked_are_followed_to_the_stated_total() -> None:
    found, _ = walked(served(31, page_size=10), lambda _entry: False)
    assert len(found) == 31


def test_a_listing_at_the_limit_of_the_interface_says_that_there_may_be_more() -> None:
    found, reader = walked(served(MOST), lambda _entry: False)
    assert len(found) == MOST + 1
    assert isinstance(found[-1], Unusable)
    assert "`search`" in found[-1].reason
    assert len(reader.asked) == MOST // 20 + 1


@pytest.mark.parametrize(
    "path",
    ["/job/../../admin", "//evil.example/job/x", "https://evil.example/job/x", "/job/x?y=1", "/job/a b/c", 5, None],
)
def test_a_path_that_leaves_the_site_is_never_asked_for(path: object) -> None:
    listing: dict[str, Route] = {f"{API}/jobs": answers({"total": 1, "jobPostings": [listed(1, externalPath=path)]})}
    (unusable,), reader = walked(listing)
    assert isinstance(unusable, Unusable)
    assert len(reader.asked) == 1


def test_a_detail_that_is_not_to_be_had_costs_its_posting() -> None:
    routes = served(3) | {
        f"{API}/job/Norway-Oslo/Leg-Engineer_R-0": page(b"", status=403),
        f"{API}/job/Norway-Oslo/Leg-Engineer_R-1": answers(detail(1, posted=False)),
    }
    found, _ = walked(routes)
    assert [isinstance(one, Unusable) for one in found] == [True, True, False]


def test_a_posting_without_an_address_of_its_own_keeps_the_listed_one() -> None:
    routes = served(1) | {f"{API}/job/Norway-Oslo/Leg-Engineer_R-0": answers(detail(0, externalUrl="javascript:x"))}
    (refused,), _ = walked(routes)
    assert isinstance(refused, Unusable)
    routes |= {f"{API}/job/Norway-Oslo/Leg-Engineer_R-0": answers(detail(0, externalUrl=None))}
    (entry,), _ = walked(routes)
    assert entry.address == "https://fernhill.wd5.myworkdayjobs.com/Careers/job/Norway-Oslo/Leg-Engineer_R-0"


def test_a_count_of_places_is_no_place() -> None:
    (entry,) = read(json.dumps({"jobPostings": [listed(1, locationsText="13 Locations")]}).encode(), OPTIONS)
    assert isinstance(entry, Entry)
    assert (entry.location, entry.content) == ("", "")


def test_a_listing_read_without_options_names_only_paths() -> None:
    (unusable,) = read(json.dumps({"jobPostings": [listed(1)]}).encode())
    assert isinstance(unusable, Unusable)
    assert "/job/Norway-Oslo/Leg-Engineer_R-1" in unusable.reason


@pytest.mark.parametrize("content", [b"{}", b'{"jobPostings": {}}', b'{"jobPostingInfo": []}', b"x"])
def test_a_capture_of_another_shape_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "evil.example"},
        {"host": "a.myworkdayjobs.com.evil.example"},
        {"host": "a/b.myworkdayjobs.com"},
        {"site": "a/b"},
        {"site": ".."},
        {"tenant": "../x"},
    ],
)
def test_options_that_would_change_the_address_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Workday.model_validate(OPTIONS.model_dump() | wrong)


def test_a_recruiting_site_has_its_tenant_in_the_address_of_its_pages() -> None:
    options = Workday(host="wd5.myworkdaysite.com", tenant="fernhill", site="Careers")
    assert options.api == "https://wd5.myworkdaysite.com/wday/cxs/fernhill/Careers"
    assert options.pages == "https://wd5.myworkdaysite.com/recruiting/fernhill/Careers"
    with pytest.raises(ValidationError, match="tenant"):
        Workday(host="wd5.myworkdaysite.com", site="Careers")


def test_it_is_used_only_when_the_source_allows_an_undocumented_endpoint() -> None:
    said = {"name": "legs", "type": "workday", "host": OPTIONS.host, "site": "Careers"}
    with pytest.raises(BadInputError, match="does not document"):
        bind(Source.model_validate(said))
    assert bind(Source.model_validate(said | {"allow_undocumented": True}))[0] is ADAPTER


def test_a_capture_in_the_shape_of_the_interface_is_walked(shared: Path) -> None:
    path = shared / "realworld" / "jobs_api" / "manwithaplandy" / "tests_fixtures_workday.json"
    capture = json.loads(path.read_text("utf-8"))
    every = [job for part in capture["list_pages"] for job in part["jobPostings"]]
    routes: dict[str, Route] = {f"{API}/jobs": answers({"total": 2000, "jobPostings": every})}
    routes |= {f"{API}{where}": answers(posting) for where, posting in capture["details"].items()}
    found, _ = walked(routes)
    entries = [one for one in found if isinstance(one, Entry)]
    assert (len(entries), len(found)) == (4, 4)
    assert all(entry.published and entry.location and entry.content for entry in entries)
