"""One page that describes a posting in schema.org's JobPosting (https://schema.org/JobPosting)."""

import html
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pydantic import Field, field_validator

from brain.errors import UnreadableInputError
from brain.records import Record
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import (
    MARKUP,
    TAG,
    Fields,
    UnsuitedError,
    article,
    from_lines,
    from_plain,
    joined,
    one_line,
    places,
    posting,
    public_page,
    unescaped,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PARTS = (
    ("Responsibilities", "responsibilities"),
    ("Qualifications", "qualifications"),
    ("Skills", "skills"),
    ("Education", "educationRequirements"),
    ("Experience", "experienceRequirements"),
    ("Benefits", "jobBenefits"),
)


class JobPage(Record):
    """`url` is the page."""

    url: str = Field(min_length=1)

    @field_validator("url")
    @classmethod
    def _is_a_page(cls, value: str) -> str:
        if not (page := public_page(value)):
            raise ValueError(f"{value[:100]!r} is no address of a web page")
        return page


def read(content: bytes, options: JobPage | None = None) -> Iterator[Found]:
    """The postings that a page describes. Raises UnreadableInputError for a page that describes none."""
    return _described(content, options.url if options else "")


def _described(content: bytes, address: str, charset: str | None = None) -> Iterator[Found]:
    from ingest.sources.schema_org import tree_of

    found = list(postings(tree_of(content, charset), address))
    if not found:
        raise UnreadableInputError(
            "It describes no posting in schema.org's JobPosting.",
            next_step='Name the page with `type = "page"` and `kind = "role_description"`.',
        )
    return iter(found)


def postings(page: "HtmlElement | bytes", address: str = "") -> Iterator[Found]:
    """The postings that any HTML page describes in JSON-LD, else in microdata; nothing for a page without one.

    `address` is the page's own. Without it the page's canonical link counts, else the posting's own address; a posting
    without any is named "posting 1 of the page".
    """
    from ingest.sources.schema_org import canonical_link, items, tree_of

    tree = tree_of(page) if isinstance(page, bytes) else page
    found = items(tree, "JobPosting")
    own = public_page(address) or public_page(canonical_link(tree))
    today = datetime.now(UTC).date()
    for number, item in enumerate(found, 1):
        job, name = Fields(item), f"posting {number} of {own or 'the page'}"
        where = _address(job, own, number if len(found) > 1 else 0) or name
        try:
            yield _entry(job, where, today)
        except UnsuitedError as reason:
            yield Unusable(address=where, reason=str(reason))


def _address(job: Fields, own: str, number: int) -> str:
    """The page's own address; of several postings on it (`number` from 1) the one that each names on the same site."""
    stated = public_page(_absolute(own, job.address("url")))
    if not own or not number:
        return own or stated
    elsewhere = not stated or stated == own or urlsplit(stated).hostname != urlsplit(own).hostname
    return f"{own.partition('#')[0]}#posting-{number}" if elsewhere else stated


def _absolute(own: str, address: str) -> str:
    try:
        return urljoin(own, address)
    except ValueError:
        return ""


def _entry(job: Fields, address: str, today: date) -> Entry:
    title = job.line("title") or job.line("name")
    expires = job.day("validThrough")
    if expires and expires < today:
        raise UnsuitedError(f"it expired on {expires}")
    published = job.day("datePosted")
    return posting(
        address,
        title,
        article(title, _header(job), _sections(job)),
        published=published,
        changed=job.day("dateModified"),
        location=places(_places(job), remote="TELECOMMUTE" in _texts(job.value("jobLocationType"))),
        department=joined(*_names(job.value("hiringOrganization", "department"))),
        anywhere=True,
    )


def _header(job: Fields) -> str:
    kinds = (text.replace("_", " ").lower() for text in _texts(job.value("employmentType")))
    return " · ".join(filter(None, (joined(*_names(job.value("hiringOrganization"))), ", ".join(kinds))))


def _sections(job: Fields) -> Iterator[tuple[str, str]]:
    """The description, then what the other properties add to it."""
    description = _markup(job.value("description"))
    yield "", description
    said = _words(description)
    for heading, name in _PARTS:
        text = _markup(job.value(name))
        if _words(text) not in said:
            yield heading, text


def _markup(value: object) -> str:
    """Text as HTML: HTML as it is, also where it was escaped as a whole, and a list of texts as a list."""
    if isinstance(value, list):
        return from_lines(f"- {one}" for one in map(_markup, value) if one)
    text = unescaped(Fields({"": value}).markup("").removeprefix("<![CDATA[").removesuffix("]]>"))
    return text if MARKUP.search(text) else from_plain(html.unescape(text))


def _words(markup: str) -> str:
    return "".join(filter(str.isalnum, html.unescape(TAG.sub(" ", markup)).casefold()))


def _names(value: object) -> list[str]:
    """The names of an organization, place or country: given as text, as an object with a name, or as a list of both."""
    values = value if isinstance(value, list) else [value]
    return [name for one in values if (name := one_line(one) if isinstance(one, str) else Fields(one).line("name"))]


def _texts(value: object) -> list[str]:
    return [one_line(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _places(job: Fields) -> Iterator[str]:
    """City, region and country of every place; its name, or the text it is, where it has no such address."""
    value = job.value("jobLocation")
    for place in value if isinstance(value, list) else [value]:
        held = Fields(place).value("address")
        addresses = held if isinstance(held, list) else [held]
        found = [", ".join(filter(None, _parts(address))) for address in addresses]
        yield from filter(None, found) if any(found) else _names(place)


def _parts(address: object) -> Iterator[str]:
    if isinstance(address, str):
        yield one_line(address)
    for name in ("addressLocality", "addressRegion", "addressCountry"):
        yield joined(*_names(Fields(address).value(name)))


def _entries(options: JobPage, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import PAGES

    answer = reader.get(options.url, PAGES, depth=0)
    try:
        yield from _described(answer.content, answer.url, answer.charset)
    except UnreadableInputError as error:
        raise LeftOutError(f"{error.message} {error.next_step}") from error


ADAPTER = Adapter("job_page", JobPage, "role_description", _entries, read)
