"""Stories and comments of Hacker News that match a query, through Algolia's documented search API.

A story with an outside address is that address; a story's own text (Ask HN) and a comment are documents themselves.
Who wrote them is personal data and is not read. API: https://hn.algolia.com/api
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field

from brain.errors import UnreadableInputError
from brain.records import Interval, Record
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Adapter, Found, Reader, Wanted
from ingest.sources.postings import Fields, article, other_shape, parsed, public_page

_SEARCH = "https://hn.algolia.com/api/v1/search_by_date"
_ITEM = "https://news.ycombinator.com/item?id="
_EXPECTED = "an answer of the Hacker News search API"
_HITS_PER_PAGE = 100
# `author_NAME`, which the API knows too, would search for a person.
Tag = Annotated[str, Field(pattern=r"^(story|comment|poll|pollopt|job|show_hn|ask_hn|front_page|story_\d{1,12})$")]


class HackerNews(Record):
    """`query` is searched for among items with any of the `tags`, newest first, `pages` pages of 100 at most.

    `min_points` holds for stories; comments show no points. `after` is a day: nothing older is asked for.
    """

    query: str = Field(min_length=1, max_length=500)
    tags: tuple[Tag, ...] = Field(default=("story",), min_length=1)
    min_points: int = Field(default=0, ge=0)
    after: date | None = None
    pages: int = Field(default=1, ge=1, le=10)  # the API gives no more than 1,000 hits

    def address(self, page: int) -> str:
        """The address of one page of hits, the first being 0."""
        filters = [f"created_at_i>={_seconds(self.after)}"] if self.after else []
        if self.min_points and "comment" not in self.tags:
            filters.append(f"points>={self.min_points}")
        tags = f"({','.join(self.tags)})" if len(self.tags) > 1 else self.tags[0]
        asked = {"query": self.query, "tags": tags, "hitsPerPage": _HITS_PER_PAGE, "page": page}
        return f"{_SEARCH}?{urlencode(asked | ({'numericFilters': ','.join(filters)} if filters else {}))}"


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _entries(options: HackerNews, reader: Reader, _wanted: Wanted) -> Iterator[Found]:
    from brain.web import JSON

    named: set[str] = set()
    for page in range(options.pages):
        address = options.address(page)
        try:
            answer = _answer(reader.get(address, JSON).content)
        except (LeftOutError, UnreadableInputError) as error:
            if page == 0:
                raise LeftOutError(str(error)) from error
            yield Unusable(address=address, reason=str(error))
            return
        for found in _found(answer, options, address):
            if found.address not in named:
                named.add(found.address)
                yield found
        pages = answer.value("nbPages")
        if not answer.items("hits") or not isinstance(pages, int) or page + 1 >= pages:
            return


def _read(content: bytes, options: HackerNews | None) -> Iterator[Found]:
    yield from _found(_answer(content), options, "the answer")


def _answer(content: bytes) -> Fields:
    """Raises UnreadableInputError when it is no answer of the API."""
    answer = Fields(parsed(content, _EXPECTED))
    if not isinstance(answer.value("hits"), list):
        raise other_shape(_EXPECTED)
    return answer


def _found(answer: Fields, options: HackerNews | None, where: str) -> Iterator[Found]:
    for number, value in enumerate(answer.items("hits"), 1):
        hit = Fields(value)
        if identifier := hit.identifier("objectID"):
            if options is None or _meets(hit, options):
                yield from _of_hit(hit, f"{_ITEM}{identifier}")
        else:
            yield Unusable(address=f"hit {number} of {where}", reason="it has no objectID")


def _meets(hit: Fields, options: HackerNews) -> bool:
    """What the API filters already, for captures; a hit without points or date is let through."""
    points, day = hit.value("points"), hit.day("created_at")
    too_few = isinstance(points, int) and points < options.min_points
    return not too_few and not (options.after and day and day < options.after)


def _of_hit(hit: Fields, item: str) -> Iterator[Found]:
    comment, story = hit.markup("comment_text"), hit.markup("story_text")
    title = hit.line("story_title") if comment else hit.line("title")
    day = hit.day("created_at")
    published = Interval(first=day, last=day) if day else None
    content = article(title, "", [("", f"<p>{comment or story}")])  # Hacker News begins a paragraph, but not the first
    outside = "" if comment else _outside(hit)
    if public_page(outside):
        yield Entry(address=outside, title=title, published=published)
    elif outside:
        yield Unusable(address=item, reason=f"its address {outside[:100]!r} is no public web page")
    if content:
        yield Entry(address=item, title=title, published=published, format="html", content=content)
    elif not outside:
        yield Unusable(address=item, reason="it has neither an outside address nor a text")


def _outside(hit: Fields) -> str:
    address = hit.value("url")
    return address.strip() if isinstance(address, str) else ""


ADAPTER = Adapter("hacker_news", HackerNews, "interview_report", _entries, _read)
