"""A job board on Greenhouse, by its Job Board API (https://developers.greenhouse.io/job-board.html)."""

from collections.abc import Iterator

from pydantic import Field

from brain.records import Record
from ingest.materials import Entry
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import (
    BOARD_NAME,
    Fields,
    Page,
    UnsuitedError,
    article,
    each,
    other_shape,
    parsed,
    places,
    posting,
    public_page,
    unescaped,
    walk,
)

HOST = "boards-api.greenhouse.io"
_EXPECTED = "the jobs of a Greenhouse board"


class Greenhouse(Record):
    """`board` is the last part of `boards.greenhouse.io/BOARD`."""

    board: str = Field(pattern=BOARD_NAME)


def read(content: bytes, options: Greenhouse | None = None) -> Iterator[Found]:
    """The postings of a board, or of one posting's own answer."""
    where = f"the Greenhouse board {options.board}" if options else "the capture"
    return each(_jobs(content), where, _entry)


def _jobs(content: bytes) -> list[object]:
    answer = parsed(content, _EXPECTED)
    if isinstance(answer, dict) and isinstance(answer.get("jobs"), list):
        return list(answer["jobs"])
    if isinstance(answer, dict) and "absolute_url" in answer:
        return [answer]
    raise other_shape(_EXPECTED)


def _entry(job: Fields) -> Entry:
    address, title = job.address("absolute_url"), job.line("title")
    if "internal_job_id" in job and job.value("internal_job_id") is None:
        raise UnsuitedError("it is a prospect post without a job behind it", public_page(address))
    offices = (office.line("location") or office.line("name") for office in job.objects("offices"))
    return posting(
        address,
        title,
        article(title, job.line("company_name"), [("", unescaped(job.markup("content")))]),
        published=job.day("first_published"),
        changed=job.day("updated_at"),
        location=places([job.line("location", "name")]) or places(offices),
        department=places(department.line("name") for department in job.objects("departments")),
    )


def _entries(options: Greenhouse, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    address = f"https://{HOST}/v1/boards/{options.board}/jobs?content=true"

    def ask(_offset: int) -> Page:
        found = list(read(reader.get(address, JSON, depth=0).content, options))
        return Page(found, len(found))

    return walk(ask, address)


ADAPTER = Adapter("greenhouse", Greenhouse, "role_description", _entries, read)
