"""One web page."""

from collections.abc import Iterator

from pydantic import Field

from brain.records import Record
from ingest.materials import Entry
from ingest.sources.base import Adapter, Found, Reader, Wanted


class Page(Record):
    """`url` is the page."""

    url: str = Field(min_length=1)


def _entries(options: Page, _reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    yield Entry(address=options.url)


ADAPTER = Adapter("page", Page, "interview_report", _entries)
