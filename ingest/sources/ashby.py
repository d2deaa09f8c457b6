"""A job board on Ashby, by its Job Postings API (https://developers.ashbyhq.com/docs/public-job-posting-api)."""

from collections.abc import Iterator
from urllib.parse import quote

from pydantic import Field

from brain.records import Record
from ingest.materials import Entry
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import (
    Fields,
    Page,
    UnsuitedError,
    article,
    each,
    from_plain,
    joined,
    other_shape,
    parsed,
    places,
    posting,
    public_page,
    walk,
)

HOST = "api.ashbyhq.com"
_EXPECTED = "the jobs of an Ashby board"


class Ashby(Record):
    """`board` is the last part of `jobs.ashbyhq.com/BOARD`, which may hold spaces."""

    board: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$")


def read(content: bytes, options: Ashby | None = None) -> Iterator[Found]:
    """The postings of a board."""
    answer = parsed(content, _EXPECTED)
    if not isinstance(answer, dict) or not isinstance(answer.get("jobs"), list):
        raise other_shape(_EXPECTED)
    return each(answer["jobs"], f"the Ashby board {options.board}" if options else "the capture", _entry)


def _entry(job: Fields) -> Entry:
    address, title = job.address("jobUrl"), job.line("title")
    if job.value("isListed") is False:
        raise UnsuitedError("it is not listed on the public board", public_page(address))
    text = job.markup("descriptionHtml") or from_plain(job.markup("descriptionPlain"))
    others = (place.line("location") for place in job.objects("secondaryLocations"))
    return posting(
        address,
        title,
        article(title, "", [("", text)]),
        published=job.day("publishedAt"),
        location=places([job.line("location"), *others], remote=job.value("workplaceType") == "Remote"),
        department=joined(job.line("department"), job.line("team")),
    )


def _entries(options: Ashby, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    address = f"https://{HOST}/posting-api/job-board/{quote(options.board, safe='')}?includeCompensation=false"

    def ask(_offset: int) -> Page:
        found = list(read(reader.get(address, JSON, depth=0).content, options))
        return Page(found, len(found))

    return walk(ask, address)


ADAPTER = Adapter("ashby", Ashby, "role_description", _entries, read)
