"""Every value of a small capture of each job board in turn becomes something that no board should answer."""

import copy
import json
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from brain.errors import UnreadableInputError
from ingest.materials import Entry

if TYPE_CHECKING:
    from ingest.sources.base import AnyAdapter, Found

PLACE = {"address": {"addressLocality": "Oslo", "addressCountry": {"name": "Norway"}}, "name": "Dock"}
CAPTURES: dict[str, list[object]] = {
    "greenhouse": [
        {
            "jobs": [
                {
                    "absolute_url": "https://a.example/1",
                    "title": "Diver",
                    "internal_job_id": 1,
                    "content": "&lt;p&gt;Dive&lt;/p&gt;",
                    "first_published": "2026-01-02T00:00:00Z",
                    "updated_at": "2026-01-03",
                    "location": {"name": "Oslo"},
                    "offices": [{"name": "N", "location": "Oslo"}],
                    "departments": [{"name": "Sea"}],
                    "company_name": "A",
                }
            ]
        }
    ],
    "lever": [
        [
            {
                "hostedUrl": "https://a.example/1",
                "text": "Diver",
                "createdAt": 1_711_403_416_463,
                "workplaceType": "remote",
                "categories": {"location": "Oslo", "allLocations": ["Oslo"], "team": "Sea", "department": "Deep"},
                "description": "<p>Dive",
                "lists": [{"text": "You", "content": "<li>dive"}],
                "additional": "<p>Up",
                "salaryDescription": "",
            }
        ]
    ],
    "ashby": [
        {
            "jobs": [
                {
                    "jobUrl": "https://a.example/1",
                    "title": "Diver",
                    "isListed": True,
                    "descriptionHtml": "<p>Dive",
                    "descriptionPlain": "Dive",
                    "location": "Oslo",
                    "secondaryLocations": [{"location": "Rome"}],
                    "department": "Sea",
                    "team": "Deep",
                    "publishedAt": "2026-01-02T00:00:00.000+00:00",
                    "workplaceType": "Remote",
                }
            ]
        }
    ],
    "smartrecruiters": [
        {
            "content": [
                {"id": "1", "name": "Diver", "company": {"identifier": "A"}, "location": {"fullLocation": "Oslo"}}
            ]
        },
        {
            "id": "1",
            "name": "Diver",
            "postingUrl": "https://a.example/1",
            "releasedDate": "2026-01-02T00:00:00.000Z",
            "active": True,
            "visibility": "PUBLIC",
            "company": {"identifier": "A", "name": "A"},
            "location": {"city": "Oslo", "region": "O", "country": "no", "remote": True},
            "department": {"label": "Sea"},
            "function": {"label": "Deep"},
            "jobAd": {"sections": {"jobDescription": {"title": "Job", "text": "<p>Dive"}}},
        },
    ],
    "workday": [
        {"total": 1, "jobPostings": [{"title": "Diver", "externalPath": "/job/x", "locationsText": "Oslo"}]},
        {
            "jobPostingInfo": {
                "title": "Diver",
                "jobDescription": "<p>Dive",
                "location": "Oslo",
                "additionalLocations": ["Rome"],
                "startDate": "2026-01-02",
                "externalUrl": "https://a.example/1",
                "posted": True,
            },
            "hiringOrganization": {"name": "A"},
        },
    ],
    "amazon_jobs": [
        {
            "hits": 1,
            "jobs": [
                {
                    "job_path": "/en/jobs/1/diver",
                    "title": "Diver",
                    "company_name": "A",
                    "posted_date": "July 4, 2026",
                    "normalized_location": "Oslo",
                    "locations": ['{"normalizedLocation": "Rome"}'],
                    "job_category": "Sea",
                    "team": {"title": "Deep"},
                    "description": "Dive<br/>- down",
                    "basic_qualifications": "- air",
                    "preferred_qualifications": "fins",
                }
            ],
        }
    ],
    "job_page": [
        {
            "@graph": [
                {
                    "@type": ["JobPosting"],
                    "@id": "#job",
                    "url": "https://a.example/1",
                    "title": "Diver",
                    "description": "<p>Dive",
                    "datePosted": "2026-01-02",
                    "validThrough": "2098-01-01",
                    "employmentType": ["FULL_TIME"],
                    "hiringOrganization": {"@id": "#us"},
                    "jobLocation": [PLACE],
                    "skills": ["air"],
                },
                {"@id": "#us", "name": "A", "department": {"name": "Sea"}},
            ]
        }
    ],
}
HOSTILE: list[object] = [
    None,
    True,
    -1,
    10**30,
    1e308,
    float("nan"),
    "",
    "\ud800\x00",
    "javascript:alert(1)",
    "http://[",
    "https://user:word@a.example/",
    "9999-99-99T99:99:99Z",
    "<div>" * 500,
    "<!-- <script> &#xD800; &#0; ]]>",
    "</article></body></html><li>",
    "x" * 20_000,
    [],
    [None, [[]], {"a": 1}],
    {},
    {"@id": "#job"},
    {"": None, "name": ["x"], "text": {"a": 1}},
]


def capture(name: str, value: object) -> bytes:
    text = json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'.encode() if name == "job_page" else text.encode()


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


def with_value(value: object, path: tuple[str | int, ...], hostile: object) -> object:
    changed: object = copy.deepcopy(value)
    at: object = changed
    for key in path[:-1]:
        at = at[key]  # type: ignore[index]
    at[path[-1]] = hostile  # type: ignore[index]
    return changed


def survived(adapter: "AnyAdapter", content: bytes) -> list["Found"]:
    assert adapter.read is not None
    try:
        return list(adapter.read(content, None))
    except UnreadableInputError:
        return []


@pytest.mark.parametrize("name", CAPTURES)
def test_only_an_unreadable_input_error_ever_comes_out(name: str) -> None:
    adapter: AnyAdapter = import_module(f"ingest.sources.{name}").ADAPTER
    assert adapter.read is not None
    for value in CAPTURES[name]:
        whole = list(adapter.read(capture(name, value), None))
        assert len(whole) == 1
        for path in places(value):
            for hostile in HOSTILE:
                for one in survived(adapter, capture(name, with_value(value, path, hostile))):
                    assert one.model_dump_json()
                    assert not isinstance(one, Entry) or one.address.startswith(("https://", "posting"))
