"""Fetch: the bytes behind a lead, from disk or over the guarded way out of `brain.web`.

A page that cannot be reached just now keeps its last good copy; one that says no loses it.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from brain.errors import DeferredError, FetchError, UnreadableInputError
from ingest.cache import LeftOutError, StageCache
from ingest.discover import FORMATS
from ingest.materials import Fetched, Format, Lead

if TYPE_CHECKING:
    from brain.web import Page

NOT_ASKED = "offline, and there is no copy from an earlier run"
_BY_MEDIA_TYPE: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/plain": "text",
}
_OWN_FORMATS = frozenset({"digest", "card", "values"})
_OWN_MAX_BYTES = 20_000_000


class PageSource(Protocol):
    """What fetches pages: `brain.web.WebClient`, or nothing at all when offline."""

    def fetch(self, url: str) -> "Page":
        """Fetch one page. Raises RefusedError, DeferredError or FetchError."""
        ...


def fetch(lead: Lead, web: PageSource | None, cache: StageCache, max_bytes: int) -> Fetched:
    """The lead's bytes. Raises LeftOutError for a page that is not to be had, UnreadableInputError for a bad file."""
    if lead.path is not None:
        return read_file(lead, max_bytes)
    if web is None:
        return _kept(lead, cache, NOT_ASKED)
    try:
        page = web.fetch(lead.address)
    except DeferredError as error:
        return _kept(lead, cache, error.reason)
    except FetchError as error:
        cache.drop_page(lead.address)
        raise LeftOutError(error.reason) from error
    fetched = Fetched(
        address=lead.address,
        url=page.final_url,
        format=_BY_MEDIA_TYPE[page.media_type],
        content=page.content,
        charset=page.charset,
        retrieved=page.fetched_at.date(),
        robots=page.robots,
        robots_tag=page.headers.get("x-robots-tag", ""),
        source=lead.source,
    )
    cache.keep_page(lead.address, fetched.model_dump_json(exclude={"content"}), page.content)
    return fetched


def _kept(lead: Lead, cache: StageCache, reason: str) -> Fetched:
    """The copy of an earlier run, described by the corpus file as it is now."""
    if (copy := cache.page(lead.address)) is None:
        raise LeftOutError(reason)
    record, content = copy
    try:
        return Fetched.model_validate(json.loads(record) | {"content": content, "source": lead.source})
    except ValidationError as error:  # a copy that another release kept
        raise LeftOutError(reason) from error


def read_file(lead: Lead, max_bytes: int) -> Fetched:
    """Read a local file. Raises UnreadableInputError when it is missing, closed, empty, huge or of another type."""
    path = lead.path
    if path is None or lead.format is None:
        raise UnreadableInputError(
            f"{lead.address} is of no type that ingest reads.", next_step=f"Readable are {', '.join(FORMATS)}."
        )
    limit = _OWN_MAX_BYTES if lead.format in _OWN_FORMATS else max_bytes
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= limit else b""
    except OSError as error:
        raise UnreadableInputError(
            f"{lead.address} cannot be read: {error.strerror}.", next_step="Check the path and its permissions."
        ) from error
    if size > limit:
        raise UnreadableInputError(
            f"{lead.address} has {size:,} bytes, over the limit of {limit:,}.",
            next_step="Split the file, or raise BRAIN_FILE_MAX_BYTES.",
        )
    if not content.strip():
        raise UnreadableInputError(f"{lead.address} is empty.", next_step="Remove it from the source.")
    return Fetched(address=lead.address, url=lead.address, format=lead.format, content=content, source=lead.source)


def lead_of(where: str) -> Lead:
    """The lead for any one file or address given on the command line."""
    if where.lower().startswith(("http://", "https://")):
        return Lead(address=where)
    path = Path(where)
    return Lead(address=where, format=FORMATS.get(path.suffix.lower()), path=path)
