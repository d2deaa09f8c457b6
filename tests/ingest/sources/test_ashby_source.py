"""Ashby boards: what a posting becomes, what is left out and why, and real captures."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from ingest.materials import Entry, Unusable
from ingest.sources.ashby import ADAPTER, Ashby, read
from tests.ingest.sources.reading import LoopbackReader, answers, everything
from tests.loopback import LoopbackServer


def job(**fields: object) -> dict[str, object]:
    return {
        "id": "5f0c",
        "title": "Arm Designer",
        "department": "Hardware",
        "team": "Arms",
        "location": "Oslo",
        "secondaryLocations": [{"location": "Bergen"}, {"location": "OSLO"}],
        "isListed": True,
        "isRemote": True,
        "workplaceType": "Hybrid",
        "publishedAt": "2026-03-12T16:38:15.322+00:00",
        "jobUrl": "https://jobs.ashbyhq.com/fernhill/5f0c",
        "descriptionHtml": "<h3>The team</h3><p>Six people draw arms.</p>",
        "descriptionPlain": "THE TEAM\n\nSix people draw arms.",
    } | fields


def found(*jobs: object) -> list[Entry | Unusable]:
    return list(read(json.dumps({"apiVersion": "1", "jobs": jobs}).encode()))


def test_a_posting_joins_its_places_and_its_department_and_team() -> None:
    (entry,) = found(job())
    assert isinstance(entry, Entry)
    assert (entry.title, entry.address) == ("Arm Designer", "https://jobs.ashbyhq.com/fernhill/5f0c")
    assert (entry.location, entry.department, str(entry.published)) == ("Oslo; Bergen", "Hardware / Arms", "2026-03-12")
    assert "<h3>The team</h3>" in entry.content


def test_a_remote_posting_says_so_once() -> None:
    remote, stated = found(
        job(workplaceType="Remote"),
        job(workplaceType="Remote", location="Remote (Norway)", jobUrl="https://jobs.ashbyhq.com/fernhill/2"),
    )
    assert isinstance(remote, Entry)
    assert isinstance(stated, Entry)
    assert (remote.location, stated.location) == ("Oslo; Bergen; Remote", "Remote (Norway); Bergen; OSLO")


def test_plain_text_keeps_its_lists_where_there_is_no_html() -> None:
    (entry,) = found(job(descriptionHtml=None, descriptionPlain="You will\n- draw <arms>\n- test them\nEvery day"))
    assert isinstance(entry, Entry)
    assert "<li>draw &lt;arms&gt;</li>\n<li>test them</li>\n</ul>\n<p>Every day</p>" in entry.content


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"isListed": False}, "not listed"),
        ({"descriptionHtml": "", "descriptionPlain": " "}, "no text"),
        ({"title": None}, "no title"),
    ],
)
def test_a_posting_that_cannot_be_used_is_named_with_the_reason(fields: dict[str, object], reason: str) -> None:
    (unusable,) = found(job(**fields))
    assert isinstance(unusable, Unusable)
    assert unusable.address == "https://jobs.ashbyhq.com/fernhill/5f0c"
    assert reason in unusable.reason


def test_nulls_everywhere_cost_one_posting() -> None:
    empty, whole = found(dict.fromkeys(job()), job())
    assert isinstance(empty, Unusable)
    assert isinstance(whole, Entry)


@pytest.mark.parametrize("content", [b"{}", b'{"jobs": {"a": 1}}', b"[1]", b"not json"])
def test_a_capture_of_another_shape_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


def test_a_board_name_may_hold_spaces_and_nothing_that_changes_the_address() -> None:
    with LoopbackServer(
        {"/api.ashbyhq.com/posting-api/job-board/Fernhill%20Labs": answers({"jobs": [job()]})}
    ) as server:
        reader = LoopbackReader(server)
        assert len(list(ADAPTER.entries(Ashby(board="Fernhill Labs"), reader, everything))) == 1
    assert reader.asked == ["https://api.ashbyhq.com/posting-api/job-board/Fernhill%20Labs?includeCompensation=false"]
    for board in ("a/b", "...", "a?x=1", "a#b", "a%2fb"):
        with pytest.raises(ValidationError):
            Ashby(board=board)


@pytest.mark.parametrize(
    ("capture", "usable", "unlisted"),
    [
        ("jobtracker/tests_fixtures_ashby_ramp.json", 120, 0),
        ("hunter/tests_fixtures_ashby_wealthsimple.json", 2, 1),
        ("abhibattula/tests_fixtures_ashby_openai.json", 2, 0),
    ],
)
def test_real_captures_are_read_whole(shared: Path, capture: str, usable: int, unlisted: int) -> None:
    entries = list(read((shared / "realworld" / "jobs_api" / capture).read_bytes()))
    kept = [entry for entry in entries if isinstance(entry, Entry)]
    assert (len(kept), len(entries) - len(kept)) == (usable, unlisted)
    assert all(entry.published and entry.location and entry.department and entry.content for entry in kept)
