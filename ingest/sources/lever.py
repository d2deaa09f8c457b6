"""A job site on Lever, by its Postings API (https://github.com/lever/postings-api)."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from brain.records import Record
from ingest.materials import Entry
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import (
    BOARD_NAME,
    Fields,
    Page,
    article,
    each,
    from_plain,
    joined,
    other_shape,
    parsed,
    places,
    posting,
    walk,
)

HOSTS = {"us": "api.lever.co", "eu": "api.eu.lever.co"}
LIMIT = 100
_EXPECTED = "the postings of a Lever site"


class Lever(Record):
    """`site` is the last part of `jobs.lever.co/SITE`, or with `region = "eu"` of `jobs.eu.lever.co/SITE`."""

    site: str = Field(pattern=BOARD_NAME)
    region: Literal["us", "eu"] = "us"


def read(content: bytes, options: Lever | None = None) -> Iterator[Found]:
    """The postings of one page of a site, or of one posting's own answer."""
    return _read(content, options, first=1)


def _read(content: bytes, options: Lever | None, first: int) -> Iterator[Found]:
    answer = parsed(content, _EXPECTED)
    if isinstance(answer, dict) and "hostedUrl" in answer:
        answer = [answer]
    if not isinstance(answer, list):
        raise other_shape(_EXPECTED)
    return each(answer, f"the Lever site {options.site}" if options else "the capture", _entry, first)


def _entry(job: Fields) -> Entry:
    title = job.line("text")
    several = job.lines("categories", "allLocations")
    return posting(
        job.address("hostedUrl"),
        title,
        article(title, "", _sections(job)),
        published=job.day("createdAt"),
        location=places([job.line("categories", "location"), *several], remote=job.value("workplaceType") == "remote"),
        department=joined(job.line("categories", "department"), job.line("categories", "team")),
    )


def _sections(job: Fields) -> Iterator[tuple[str, str]]:
    """In the order of the hosted page; the items of a list come without the list around them."""
    yield "", _text(job, "description") or f"{_text(job, 'opening')}\n{_text(job, 'descriptionBody')}"
    for section in job.objects("lists"):
        yield section.line("text"), section.markup("content")
    yield "", _text(job, "salaryDescription")
    yield "", _text(job, "additional")


def _text(job: Fields, name: str) -> str:
    return job.markup(name) or from_plain(job.markup(f"{name}Plain"))


def _entries(options: Lever, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    where = f"https://{HOSTS[options.region]}/v0/postings/{options.site}?mode=json"

    def ask(offset: int) -> Page:
        answer = reader.get(f"{where}&skip={offset}&limit={LIMIT}", JSON, depth=0)
        found = list(_read(answer.content, options, offset + 1))
        return Page(found, len(found))

    return walk(ask, where, LIMIT)


ADAPTER = Adapter("lever", Lever, "role_description", _entries, read)
