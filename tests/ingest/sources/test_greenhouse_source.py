"""Greenhouse boards: what a posting becomes, what is left out and why, and real captures."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.greenhouse import ADAPTER, Greenhouse, read
from tests.ingest.sources.reading import LoopbackReader, answers, everything
from tests.loopback import LoopbackServer, page

ROUTE = "/boards-api.greenhouse.io/v1/boards/fernhill/jobs"


def job(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "internal_job_id": 900 + number,
        "absolute_url": f"https://fernhill.example/jobs/{number}",
        "title": "Robotics Engineer, R&amp;D",
        "company_name": "Fernhill Robotics",
        "first_published": "2026-03-01T23:30:00-05:00",
        "updated_at": "2026-04-02T01:00:00Z",
        "location": {"name": "Oslo; Bergen"},
        "departments": [{"name": "Motion"}],
        "offices": [{"name": "Norway", "location": "Oslo, Norway"}],
        "content": "&lt;h2&gt;You will&lt;/h2&gt;&lt;ul&gt;&lt;li&gt;tune &amp;amp; test arms&lt;/li&gt;&lt;/ul&gt;",
    } | fields


def found(*jobs: object) -> list[Entry | Unusable]:
    return list(read(json.dumps({"jobs": jobs}).encode(), Greenhouse(board="fernhill")))


def test_a_posting_keeps_its_text_headings_and_lists_and_says_when_and_where() -> None:
    (entry,) = found(job())
    assert isinstance(entry, Entry)
    assert entry.address == "https://fernhill.example/jobs/1"
    assert entry.title == "Robotics Engineer, R&D"
    # The day on the board's own calendar, not in UTC.
    assert (str(entry.published), str(entry.changed)) == ("2026-03-01", "2026-04-02")
    assert (entry.location, entry.department, entry.kind) == ("Oslo; Bergen", "Motion", "role_description")
    assert entry.format == "html"
    assert "<h2>You will</h2>" in entry.content
    assert "<li>tune &amp; test arms</li>" in entry.content
    assert "Fernhill Robotics" in entry.content


def test_the_offices_stand_in_for_a_location_that_says_nothing() -> None:
    (entry,) = found(job(location={"name": "N/A"}))
    assert isinstance(entry, Entry)
    assert entry.location == "Oslo, Norway"


@pytest.mark.parametrize(
    ("fields", "address", "reason"),
    [
        ({"internal_job_id": None}, "https://fernhill.example/jobs/1", "prospect"),
        ({"content": None}, "https://fernhill.example/jobs/1", "no text"),
        ({"content": "&lt;p&gt; &lt;/p&gt;"}, "https://fernhill.example/jobs/1", "no text"),
        ({"title": ["x"]}, "https://fernhill.example/jobs/1", "no title"),
        ({"absolute_url": "javascript:alert(1)"}, "posting 1 of the Greenhouse board fernhill", "no public web page"),
        (
            {"absolute_url": "https://user:word@fernhill.example/"},
            "posting 1 of the Greenhouse board fernhill",
            "no pub",
        ),
        ({"absolute_url": 7}, "posting 1 of the Greenhouse board fernhill", "no address"),
    ],
)
def test_a_posting_that_cannot_be_used_is_named_with_the_reason(
    fields: dict[str, object], address: str, reason: str
) -> None:
    (unusable,) = found(job() | fields)
    assert isinstance(unusable, Unusable)
    assert unusable.address == address
    assert reason in unusable.reason


def test_a_malformed_posting_costs_only_itself() -> None:
    first, second, third, fourth = found("no object", job(2), None, job(2))
    assert isinstance(second, Entry)
    assert [one.address for one in (first, third) if isinstance(one, Unusable)] == [
        "posting 1 of the Greenhouse board fernhill",
        "posting 3 of the Greenhouse board fernhill",
    ]
    assert isinstance(fourth, Unusable)
    assert fourth.reason == "it repeats https://fernhill.example/jobs/2"


def test_values_of_other_types_read_as_unknown() -> None:
    strange = {"first_published": 10**40, "updated_at": "2026-02-30T", "location": [], "departments": {"name": 1}}
    (entry,) = found(job(offices=[None, 3], company_name=None) | strange)
    assert isinstance(entry, Entry)
    assert (entry.published, entry.changed, entry.location, entry.department) == (None, None, "", "")


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe\x00", b"[" * 100_000, b"[]", b'{"jobs": 3}', b"null"])
def test_a_capture_of_another_shape_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


@pytest.mark.parametrize("board", ["", "a/b", "..", "a?b", "a b", "a#b", "%2e", "x" * 200, "é"])
def test_a_board_that_would_change_the_address_is_refused(board: str) -> None:
    with pytest.raises(ValidationError):
        Greenhouse(board=board)


def test_the_whole_board_is_one_request() -> None:
    with LoopbackServer({ROUTE: answers({"jobs": [job(1), job(2)]})}) as server:
        reader = LoopbackReader(server)
        entries = list(ADAPTER.entries(Greenhouse(board="fernhill"), reader, everything))
    assert reader.asked == ["https://boards-api.greenhouse.io/v1/boards/fernhill/jobs?content=true"]
    assert reader.depths == [0]
    assert [entry.listed_by for entry in entries if isinstance(entry, Entry)] == reader.asked * 2


@pytest.mark.parametrize(
    "answer", [page(b"<p>Down for repair", status=200), answers({"error": "x"}), page(b"", status=404)]
)
def test_a_board_that_does_not_answer_is_left_out_with_the_reason(answer: object) -> None:
    with LoopbackServer({ROUTE: answer}) as server, pytest.raises(LeftOutError):  # type: ignore[dict-item]
        list(ADAPTER.entries(Greenhouse(board="fernhill"), LoopbackReader(server), everything))


@pytest.mark.parametrize(
    ("capture", "count"),
    [
        ("jobtracker/tests_fixtures_greenhouse_stripe.json", 547),
        ("abhibattula/tests_fixtures_greenhouse_stripe.json", 2),
        ("hunter/tests_fixtures_greenhouse_duolingo.json", 2),
    ],
)
def test_real_captures_are_read_whole(shared: Path, capture: str, count: int) -> None:
    entries = list(read((shared / "realworld" / "jobs_api" / capture).read_bytes()))
    assert len(entries) == count
    assert all(isinstance(entry, Entry) and entry.published and entry.changed for entry in entries)
    assert all(isinstance(entry, Entry) and entry.location and entry.department for entry in entries)
