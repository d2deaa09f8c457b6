"""A career site on Workday, by the interface that its own pages use and that Workday does not document.

A listing names the postings; the text of each stands in an answer of its own, asked for only when it is wanted.
Workday lists at most 2,000 postings of one search.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Self
from urllib.parse import quote

from pydantic import Field, model_validator

from brain.records import Record
from ingest.materials import Entry, Unusable
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import (
    BOARD_NAME,
    Fields,
    Page,
    UnsuitedError,
    article,
    detailed,
    each,
    named,
    other_shape,
    parsed,
    places,
    posting,
    public_page,
    total_of,
    walk,
)

LIMIT = 20
"""The most that the interface gives at once."""
MOST = 2_000

_EXPECTED = "the postings of a Workday career site"
_PATH = re.compile(r"(?:/(?!\.+(?:/|$))[^/\\?#\s%]{1,300}){2,6}")
_COUNT_OF_PLACES = re.compile(r"\d+ Locations?", re.IGNORECASE)


class Workday(Record):
    """What stands in the address of the career site: `https://HOST/SITE`; `search` narrows the listing.

    `tenant` is the first part of the host where it is left out; only on myworkdaysite.com it must be given.
    """

    host: str = Field(pattern=r"^(?:[a-z0-9-]{1,63}\.){1,2}(?:myworkdayjobs|myworkdaysite)\.com$")
    site: str = Field(pattern=BOARD_NAME)
    tenant: str = Field(default="", pattern=r"^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,99})?$")
    search: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _has_a_tenant(self) -> Self:
        if self.host.endswith(".myworkdaysite.com") and not self.tenant:
            raise ValueError("on myworkdaysite.com the tenant must be given: it is the part before the site")
        return self

    @property
    def api(self) -> str:
        """Where its pages ask for postings."""
        return f"https://{self.host}/wday/cxs/{self.tenant or self.host.partition('.')[0]}/{self.site}"

    @property
    def pages(self) -> str:
        """Where the pages of the postings begin."""
        recruiting = self.host.endswith(".myworkdaysite.com")
        return (
            f"https://{self.host}/recruiting/{self.tenant}/{self.site}"
            if recruiting
            else f"https://{self.host}/{self.site}"
        )


def read(content: bytes, options: Workday | None = None) -> Iterator[Found]:
    """The posting of a detail answer with its text, or what one page of a listing names, without text."""
    return _read(parsed(content, _EXPECTED), options, first=1)


def _read(answer: object, options: Workday | None, first: int) -> Iterator[Found]:
    where = f"the Workday site {options.site}" if options else "the capture"
    if isinstance(answer, dict) and isinstance(answer.get("jobPostings"), list):
        return each(answer["jobPostings"], where, lambda job: _named(job, options), first)
    if isinstance(answer, dict) and isinstance(answer.get("jobPostingInfo"), dict):
        return each([answer], where, lambda job: _entry(job, ""), first)
    raise other_shape(_EXPECTED)


def _named(job: Fields, options: Workday | None) -> Entry:
    path, title = _path(job), job.line("title")
    if not path:
        raise UnsuitedError("it names no page of this career site")
    if options is None:
        raise UnsuitedError(f"{path[:200]} is only a path: its own answer, or the host and site, give the address")
    where = job.line("locationsText")
    return named(options.pages + path, title, location="" if _COUNT_OF_PLACES.fullmatch(where) else places([where]))


def _path(job: Fields) -> str:
    path = job.address("externalPath")
    return quote(path) if _PATH.fullmatch(path) else ""


def _entry(job: Fields, listed_as: str) -> Entry:
    address, title = job.address("jobPostingInfo", "externalUrl") or listed_as, job.line("jobPostingInfo", "title")
    if job.value("jobPostingInfo", "posted") is False:
        raise UnsuitedError("it is not posted any more", public_page(address))
    text = job.markup("jobPostingInfo", "jobDescription")
    others = job.lines("jobPostingInfo", "additionalLocations")
    return posting(
        address,
        title,
        article(title, job.line("hiringOrganization", "name"), [("", text)]),
        published=job.day("jobPostingInfo", "startDate"),
        location=places([job.line("jobPostingInfo", "location"), *others]),
    )


def _entries(options: Workday, reader: Reader, wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    where = f"{options.api}/jobs"
    asks = {"appliedFacets": {}, "limit": LIMIT, "searchText": options.search}

    def ask(offset: int) -> Page:
        body = json.dumps(asks | {"offset": offset}).encode()
        answer = parsed(reader.get(where, JSON, body=body, depth=0).content, _EXPECTED)
        listing = Fields(answer)
        size, total = len(listing.items("jobPostings")), total_of(listing.value("total"))
        return Page(_read(answer, options, offset + 1), size, total)

    def detail(address: str) -> Entry:
        there = options.api + address.removeprefix(options.pages)
        return _entry(Fields(parsed(reader.get(there, JSON, depth=1).content, _EXPECTED)), address)

    for count, found in enumerate(walk(ask, where, LIMIT), 1):
        asked = isinstance(found, Entry) and wanted(found)
        yield detailed(found, partial(detail, found.address)) if asked else found
        if count == MOST:
            yield Unusable(address=where, reason=f"Workday lists at most {MOST:,} postings; narrow them with `search`")


ADAPTER = Adapter("workday", Workday, "role_description", _entries, read, documented=False)
