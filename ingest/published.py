"""When a page or file appeared: from what it states in its head, its structured data, its `time` elements, its address.

A date of change is no date of publication, and a date in the future is none at all.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from brain.records import Interval, parse_interval
from ingest.date_words import read_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date.published",
    "publishdate", "publish_date", "publish-date", "published_date", "publication_date", "pubdate", "dc.date.issued",
    "dcterms.issued", "dcterms.date", "dc.date", "dc.date.created", "dcterms.created", "parsely-pub-date",
    "sailthru.date", "citation_publication_date", "article.published", "datecreated", "date", "created",
    "cxenseparse:recs:publishtime", "gentime", "rnews:datepublished", "bt:pubdate", "originalpublicationdate",
)  # fmt: skip
_PUBLISHED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:published|publish-?date|pub-?date|entry-date|post-?date|post-meta-date|dt-published|posted-on|date-published"
    r"|article-?date|blog-?date|created|timestamp|date)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"updat|modif|changed|revis|expire|event", re.IGNORECASE)
_CHANGED_WORDS = re.compile(r"\b(?:updated|modified|edited|revised|changed)\b", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])(?:[/_-](0?[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)")
_FILE_NAME = re.compile(r"(?:^|[/_])((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[-_]")
_STARTS_WITH_DATE = re.compile(r"\s*((?:19|20)\d\d)[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"\s*((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_ELSEWHERE = ("aside", "footer", "nav")
_NO_PAGE = frozenset(
    {"Comment", "UserComments", "Review", "Person", "Organization", "Event", "ImageObject", "VideoObject"}
)
_EARLIEST = 1995
_DEEPEST = 6
_LONGEST_BYLINE = 80


def published_in(tree: "HtmlElement", url: str, today: date) -> Interval | None:
    """When a page appeared: the first of its sources that tells a possible day."""
    candidates = (*_in_metas(tree), *_in_json(tree), *_in_times(tree), *_in_bylines(tree))
    for text in candidates:
        if (found := read_stated(text, today)) is not None:
            return found
    return published_by_address(url, today)


def published_by_guess(tree: "HtmlElement", today: date) -> Interval | None:
    """What htmldate makes of a page that states nothing: dates in its markup and near its text, not in all of it."""
    import htmldate

    found = htmldate.find_date(
        copy.deepcopy(tree),
        extensive_search=False,
        original_date=True,
        outputformat="%Y-%m-%d",
        min_date=f"{_EARLIEST}-01-01",
        max_date=today.isoformat(),
    )
    return _possible(found, today) if found else None


def published_by_address(url: str, today: date) -> Interval | None:
    """The day or month in an address such as `/2023/05/` or `2020-08-28-title.md`."""
    found = _FILE_NAME.search(url) or _IN_ADDRESS.search(url)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    return _possible("-".join(f"{part:02}" for part in (year, month, day) if part), today)


def read_stated(text: str, today: date) -> Interval | None:
    """A stated date as an interval: ISO 8601 in full or in part, or as people write it; None for one to come."""
    if compact := _COMPACT.match(text):
        return _possible("-".join(compact.groups()), today)
    if found := _STARTS_WITH_DATE.match(text):
        return _possible("-".join(part.zfill(2) for part in found.groups() if part), today)
    told = read_date(text)
    return told if told and told.last <= today and told.first.year >= _EARLIEST else None


def _possible(text: str, today: date) -> Interval | None:
    try:
        interval = parse_interval(text)
    except ValueError:
        return None
    if interval is None or interval.first > today or interval.first.year < _EARLIEST:
        return None
    return Interval(first=interval.first, last=min(interval.last, today))


def _in_metas(tree: "HtmlElement") -> Iterator[str]:
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        stated.setdefault(name, (meta.get("content") or meta.get("datetime") or "")[:100])
    yield from (stated[name] for name in _METAS if stated.get(name))


def _in_json(tree: "HtmlElement") -> Iterator[str]:
    """`datePublished` of what the page is about, not of comments or pictures on it."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            data = json.loads(script.text_content().strip())
        except (ValueError, RecursionError):
            continue
        yield from _stated_in(data, 0)


def _stated_in(data: Any, depth: int) -> Iterator[str]:
    if isinstance(data, list) and depth < _DEEPEST:
        for part in data[:100]:
            yield from _stated_in(part, depth + 1)
    if not isinstance(data, dict) or depth >= _DEEPEST:
        return
    kinds = data.get("@type")
    if _NO_PAGE & set(kinds if isinstance(kinds, list) else [kinds] if isinstance(kinds, str) else []):
        return
    for key in ("datePublished", "datePosted", "dateCreated"):
        if isinstance(data.get(key), str):
            yield data[key][:100]
    for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
        if isinstance(data.get(key), dict | list):
            yield from _stated_in(data[key], depth + 1)


def _in_times(tree: "HtmlElement") -> Iterator[str]:
    """`time` elements: those marked as publication, then one that stands alone in the page."""
    times = [time for time in tree.iter("time") if not _is_elsewhere(time)]
    unmarked = []
    for time in times:
        said = " ".join(filter(None, (time.get("itemprop"), time.get("class"), time.get("pubdate") and "published")))
        parent = time.getparent()
        around = f"{said} {(parent.get('class') if parent is not None else '') or ''}"
        words = f"{(parent.text if parent is not None else '') or ''} {time.text_content()}"[:200]
        if (_CHANGED.search(around) and "publish" not in said.lower()) or _CHANGED_WORDS.search(words):
            continue
        text = (time.get("datetime") or time.text_content())[:100]
        if time.get("pubdate") is not None or _PUBLISHED_CLASS.search(said) or "datepublished" in said.lower():
            yield text
        else:
            unmarked.append(text)
    if len(set(unmarked)) == 1 or (unmarked and len(times) <= 3):
        yield unmarked[0]


def _is_elsewhere(element: "HtmlElement") -> bool:
    return next(element.iterancestors(*_ELSEWHERE), None) is not None


def _in_bylines(tree: "HtmlElement") -> Iterator[str]:
    """Short texts in elements that themes call a date, the first three of them."""
    seen = 0
    for element in tree.iter("span", "p", "div", "abbr", "small", "em", "li"):
        name = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if not _PUBLISHED_CLASS.search(name) or _CHANGED.search(name) or len(element) > 3 or _is_elsewhere(element):
            continue
        text = " ".join((element.get("title") or element.text_content()[:500]).split())
        if 0 < len(text) <= _LONGEST_BYLINE and not _CHANGED_WORDS.search(text):
            yield element.get("content") or text
            seen += 1
        if seen >= 3:
            return


def of_front_matter(head: dict[str, object], today: date) -> Interval | None:
    """The date in the fields above a Markdown text."""
    named: Iterable[str] = (
        "date",
        "published",
        "publishDate",
        "pubDate",
        "pubDatetime",
        "publishedAt",
        "created",
        "date_published",
    )
    for key in named:
        value = head.get(key)
        if value and (found := read_stated(str(value), today)) is not None:
            return found
    return None
