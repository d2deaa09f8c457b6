"""Amazon's own job site, by the search that its pages use and that Amazon does not document."""

import json
import re
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field

from brain.records import Record
from ingest.materials import Entry
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import (
    Fields,
    Page,
    article,
    each,
    from_lines,
    joined,
    other_shape,
    parsed,
    places,
    posting,
    total_of,
    walk,
)

HOST = "www.amazon.jobs"
LIMIT = 100
_EXPECTED = "what amazon.jobs/en/search.json answers"
_PATH = re.compile(r"/[a-z]{2}(?:-[a-z]{2})?/jobs/[A-Za-z0-9]{1,30}(?:/[\w.~%-]{0,300})?")
_BREAK = re.compile(r"<br\s*/?>|\n", re.IGNORECASE)
_HEADINGS = frozenset({"a day in the life", "about the team", "key job responsibilities", "why aws"})
_PARTS = (
    ("Description", "description"),
    ("Basic qualifications", "basic_qualifications"),
    ("Preferred qualifications", "preferred_qualifications"),
)

Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
City = Annotated[str, Field(pattern=r"^[^\x00-\x1f<>]{1,100}$")]
Category = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]


class AmazonJobs(Record):
    """`query` is searched for; country codes (three letters), cities and categories, as the site names them, narrow it.

    The site's free search for a place is left out: it does not narrow what is answered.
    """

    query: str = Field(min_length=1, max_length=200)
    countries: tuple[Country, ...] = ()
    cities: tuple[City, ...] = ()
    categories: tuple[Category, ...] = ()

    @property
    def search(self) -> str:
        """The address of the search, without paging."""
        narrowed = {
            "normalized_country_code[]": self.countries,
            "normalized_city_name[]": self.cities,
            "category[]": self.categories,
        }
        return f"https://{HOST}/en/search.json?" + urlencode(
            {"base_query": self.query, "sort": "recent"} | narrowed, True
        )


def read(content: bytes, options: AmazonJobs | None = None) -> Iterator[Found]:
    """The postings of one page of a search."""
    return _read(parsed(content, _EXPECTED), options, first=1)


def _read(answer: object, options: AmazonJobs | None, first: int) -> Iterator[Found]:
    if not isinstance(answer, dict) or not isinstance(answer.get("jobs"), list):
        raise other_shape(_EXPECTED)
    return each(answer["jobs"], f"amazon.jobs for {options.query!r}" if options else "the capture", _entry, first)


def _entry(job: Fields) -> Entry:
    path, title = job.address("job_path"), job.line("title")
    several = (Fields(_object(text)).line("normalizedLocation") for text in job.items("locations"))
    return posting(
        f"https://{HOST}{path}" if _PATH.fullmatch(path) else "",
        title,
        article(title, job.line("company_name"), _sections(job)),
        published=job.day("posted_date"),
        location=places([job.line("normalized_location") or job.line("location"), *several]),
        department=joined(job.line("job_category"), job.line("team", "title") or job.line("team", "label")),
    )


def _object(text: object) -> object:
    """A place is given as JSON inside the JSON."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None


def _sections(job: Fields) -> Iterator[tuple[str, str]]:
    for heading, name in _PARTS:
        text = job.markup(name) or (job.markup("description_short") if name == "description" else "")
        yield heading, from_lines(_BREAK.split(text), _HEADINGS)


def _entries(options: AmazonJobs, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    where = options.search

    def ask(offset: int) -> Page:
        answer = parsed(reader.get(f"{where}&result_limit={LIMIT}&offset={offset}", JSON, depth=0).content, _EXPECTED)
        listing = Fields(answer)
        return Page(_read(answer, options, offset + 1), len(listing.items("jobs")), total_of(listing.value("hits")))

    return walk(ask, where, LIMIT)


ADAPTER = Adapter("amazon_jobs", AmazonJobs, "role_description", _entries, read, documented=False)
