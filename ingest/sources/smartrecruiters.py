"""A company's postings on SmartRecruiters, by its Posting API (https://developers.smartrecruiters.com).

A listing names the postings; the text of each stands in an answer of its own, asked for only when it is wanted.
"""

import re
from collections.abc import Iterator
from functools import partial

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

HOST = "api.smartrecruiters.com"
LIMIT = 100
_EXPECTED = "the postings of a SmartRecruiters company"
_REFERENCE = re.compile(rf"https://{re.escape(HOST)}/v1/companies/([A-Za-z0-9][A-Za-z0-9._-]{{0,99}})/postings/")
_IN_ORDER = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")


class SmartRecruiters(Record):
    """`company` is the last part of `careers.smartrecruiters.com/COMPANY`."""

    company: str = Field(pattern=BOARD_NAME)


def read(content: bytes, options: SmartRecruiters | None = None) -> Iterator[Found]:
    """The posting of a detail answer with its text, or what one page of a listing names, without text."""
    return _read(parsed(content, _EXPECTED), options, first=1)


def _read(answer: object, options: SmartRecruiters | None, first: int) -> Iterator[Found]:
    where = f"the SmartRecruiters company {options.company}" if options else "the capture"
    company = options.company if options else ""
    if isinstance(answer, dict) and isinstance(answer.get("content"), list):
        return each(answer["content"], where, lambda job: _entry(job, company), first)
    if isinstance(answer, dict) and "jobAd" in answer:
        return each([answer], where, lambda job: _entry(job, company), first)
    raise other_shape(_EXPECTED)


def _entry(job: Fields, company: str) -> Entry:
    address, title = _address(job, company), job.line("name")
    if job.value("active") is False or job.line("visibility") not in {"", "PUBLIC"}:
        raise UnsuitedError("it is not public", public_page(address))
    published = job.day("releasedDate")
    location = _location(job)
    department = job.line("department", "label") or job.line("function", "label")
    if "jobAd" not in job:
        return named(address, title, published=published, location=location, department=department)
    content = article(title, job.line("company", "name"), _sections(job))
    return posting(address, title, content, published=published, location=location, department=department)


def _address(job: Fields, company: str) -> str:
    """The public page; a listing does not name it, but it is known from the company and the id."""
    referred = _REFERENCE.match(job.address("ref"))
    company = job.identifier("company", "identifier") or company or (referred[1] if referred else "")
    number = job.identifier("id")
    known = f"https://jobs.smartrecruiters.com/{company}/{number}" if company and number else ""
    return job.address("postingUrl") or known


def _location(job: Fields) -> str:
    whole = ", ".join(part for part in map(str.strip, job.line("location", "fullLocation").split(",")) if part)
    parts = (job.line("location", "city"), job.line("location", "region"), job.line("location", "country").upper())
    return places([whole or ", ".join(filter(None, parts))], remote=job.value("location", "remote") is True)


def _sections(job: Fields) -> Iterator[tuple[str, str]]:
    held = job.value("jobAd", "sections")
    others = [name for name in held if name not in _IN_ORDER] if isinstance(held, dict) else []
    for name in (*_IN_ORDER, *others):
        yield job.line("jobAd", "sections", name, "title"), job.markup("jobAd", "sections", name, "text")


def _entries(options: SmartRecruiters, reader: Reader, wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    where = f"https://{HOST}/v1/companies/{options.company}/postings"
    numbers: dict[str, str] = {}

    def ask(offset: int) -> Page:
        answer = parsed(reader.get(f"{where}?limit={LIMIT}&offset={offset}", JSON, depth=0).content, _EXPECTED)
        listing = Fields(answer)
        jobs = listing.objects("content")
        numbers.update({_address(job, options.company): job.identifier("id") for job in jobs})
        size, total = len(listing.items("content")), total_of(listing.value("totalFound"))
        return Page(_read(answer, options, offset + 1), size, total)

    def detail(number: str) -> Entry:
        job = Fields(parsed(reader.get(f"{where}/{number}", JSON, depth=1).content, _EXPECTED))
        if job.identifier("id") != number or "jobAd" not in job:
            raise other_shape("the posting that was asked for")
        return _entry(job, options.company)

    for found in walk(ask, where, LIMIT):
        number = numbers.get(found.address, "")
        asked = isinstance(found, Entry) and not found.content and number and wanted(found)
        yield detailed(found, partial(detail, number)) if asked else found


ADAPTER = Adapter("smartrecruiters", SmartRecruiters, "role_description", _entries, read)
