"""Fetch: the bytes behind a lead, from disk, from a listing, or over the guarded way out of `brain.web`.

A page that cannot be reached just now keeps its last good copy; one that says no loses it.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from brain.errors import DeferredError, FetchError, UnreadableInputError
from ingest.cache import LeftOutError, StageCache
from ingest.materials import Fetched, Format, Lead
from ingest.report import Fetching
from ingest.sources.base import Answer
from ingest.sources.file import FORMATS

if TYPE_CHECKING:
    from brain.web import Accept, Page, Validators

NOT_ASKED = "not asked in this run, and there is no copy from an earlier one"
_BY_MEDIA_TYPE: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/plain": "text",
    "application/pdf": "pdf",
}
_RECORDED = {"url", "media_type", "charset", "retrieved", "robots", "signals", "etag", "last_modified"}
_OWN_FORMATS = frozenset({"digest", "card", "values"})
_OWN_MAX_BYTES = 20_000_000


class PageSource(Protocol):
    """What fetches pages: `brain.web.WebClient`."""

    def fetch(
        self,
        url: str,
        *,
        accept: "Accept",
        known: "Validators | None" = None,
        body: bytes | None = None,
        depth: int = 0,
    ) -> "Page":
        """Fetch one page, or learn that it is unchanged. Raises RefusedError, DeferredError or FetchError."""
        ...


class NotFetchedError(LeftOutError):
    """The bytes are not to be had; `fetching` says how that ended."""

    def __init__(self, reason: str, fetching: Fetching) -> None:
        super().__init__(reason)
        self.fetching = fetching


class Got(NamedTuple):
    """What was fetched, and how."""

    fetched: Fetched
    fetching: Fetching


class _Copy(NamedTuple):
    """A page as the cache keeps it: its record as JSON, its bytes."""

    record: dict[str, object]
    content: bytes


class Wire:
    """Asks the web with the validators of the last good copy, and keeps what it answers; `web` is None offline."""

    def __init__(self, web: PageSource | None, cache: StageCache) -> None:
        self._web = web
        self._cache = cache

    def ask(
        self, address: str, accept: "Accept", *, ask: bool = True, body: bytes | None = None, depth: int = 0
    ) -> tuple[_Copy, Fetching]:
        """The page as it is now, or its last good copy. Raises NotFetchedError with the reason.

        Without `ask` nothing is asked. A POST is kept under its address and body together.
        """
        name = _name(address, body)
        kept = self._kept(name)
        if self._web is None or not ask:
            return _or_left_out(kept, NOT_ASKED, "not asked")
        try:
            page = self._web.fetch(address, accept=accept, known=_validators(kept), body=body, depth=depth)
        except DeferredError as error:
            return _or_left_out(kept, error.reason, "failed", error)
        except FetchError as error:
            self._cache.drop_page(name)
            raise NotFetchedError(error.reason, "refused" if error.code == "refused" else "failed") from error
        if page.unchanged and kept is not None:
            return kept, "unchanged"
        copy = _Copy(_record(page), page.content)
        self._cache.keep_page(name, json.dumps(copy.record), page.content)
        return copy, "fetched"

    def drop(self, name: str) -> None:
        """Forget the copy of a page."""
        self._cache.drop_page(name)

    def _kept(self, name: str) -> _Copy | None:
        if (row := self._cache.page(name)) is None:
            return None
        record, content = json.loads(row[0]), row[1]
        # What another release kept, in another form, counts as none.
        return _Copy(record, content) if record.keys() >= _RECORDED else None


def _or_left_out(
    kept: _Copy | None, reason: str, fetching: Fetching, error: FetchError | None = None
) -> tuple[_Copy, Fetching]:
    if kept is None:
        raise NotFetchedError(reason, fetching) from error
    return kept, "kept copy"


def _record(page: "Page") -> dict[str, object]:
    return {
        "url": page.final_url,
        "media_type": page.media_type,
        "charset": page.charset,
        "retrieved": page.fetched_at.date().isoformat(),
        "robots": page.robots,
        "signals": list(page.signals),
        "etag": page.validators.etag,
        "last_modified": page.validators.last_modified,
    }


def _validators(kept: _Copy | None) -> "Validators | None":
    from brain.web import Validators

    if kept is None:
        return None
    return Validators(etag=str(kept.record.get("etag", "")), last_modified=str(kept.record.get("last_modified", "")))


class ListingReader:
    """The `Reader` of one source's adapter."""

    def __init__(self, wire: Wire, folder: Path, *, ask: bool) -> None:
        self.folder = folder
        self._wire = wire
        self._ask = ask
        self._asked: set[str] = set()

    def get(self, address: str, accept: "Accept", *, body: bytes | None = None, depth: int = 0) -> Answer:
        """Ask for one listing. Raises LeftOutError with the reason."""
        self._asked.add(_name(address, body))
        copy, _ = self._wire.ask(address, accept, ask=self._ask, body=body, depth=depth)
        record = copy.record
        charset = record.get("charset")
        return Answer(
            url=str(record["url"]),
            content=copy.content,
            media_type=str(record["media_type"]),
            charset=str(charset) if charset else None,
        )

    def drop_copies(self) -> None:
        """Forget what was answered."""
        for name in self._asked:
            self._wire.drop(name)


def _name(address: str, body: bytes | None) -> str:
    return address if body is None else f"{address} {body.decode()}"


def fetch(lead: Lead, wire: Wire, max_bytes: int, *, ask: bool = True) -> Got:
    """The lead's bytes. Raises NotFetchedError for a page not to be had, UnreadableInputError for a bad file."""
    if lead.path is not None:
        return Got(read_file(lead, max_bytes), "read")
    if lead.entry is not None and lead.entry.content:
        return Got(listed(lead, lead.entry.content), "listed")
    from brain.web import PAGES

    copy, fetching = wire.ask(lead.address, PAGES, ask=ask)
    return Got(_page(lead, copy), fetching)


def listed(lead: Lead, content: str) -> Fetched:
    """A document that came inside a listing."""
    return Fetched(
        address=lead.address,
        url=lead.address,
        format=lead.format or "html",
        content=content.encode(),
        charset="utf-8",
        robots="listed by the site's own interface",
        source=lead.source,
        entry=lead.entry,
    )


def _page(lead: Lead, copy: _Copy) -> Fetched:
    """What a page's copy holds, described by the corpus file as it is now."""
    record = copy.record
    return Fetched.model_validate(
        {
            "address": lead.address,
            "url": record["url"],
            "format": lead.format or _BY_MEDIA_TYPE[str(record["media_type"])],
            "charset": record["charset"],
            "retrieved": record["retrieved"],
            "robots": record["robots"],
            "signals": record["signals"],
            "content": copy.content,
            "source": lead.source,
            "entry": lead.entry,
        }
    )


def read_file(lead: Lead, max_bytes: int) -> Fetched:
    """Read a local file. Raises UnreadableInputError when it is missing, closed, empty, huge or of another type."""
    if lead.path is None or lead.format is None:
        raise UnreadableInputError(
            f"{lead.address} is of no type that ingest reads.", next_step=f"Readable are {', '.join(FORMATS)}."
        )
    limit = _OWN_MAX_BYTES if lead.format in _OWN_FORMATS else max_bytes
    return Fetched(
        address=lead.address,
        url=lead.address,
        format=lead.format,
        content=read_bytes(lead.path, lead.address, limit),
        source=lead.source,
        entry=lead.entry,
    )


def read_bytes(path: Path, address: str, limit: int) -> bytes:
    """The bytes of a local file. Raises UnreadableInputError when it is missing, closed, empty or over the limit."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= limit else b""
    except OSError as error:
        raise UnreadableInputError(
            f"{address} cannot be read: {error.strerror}.", next_step="Check the path and its permissions."
        ) from error
    if size > limit:
        raise UnreadableInputError(
            f"{address} has {size:,} bytes, over the limit of {limit:,}.",
            next_step="Split the file, or raise BRAIN_FILE_MAX_BYTES.",
        )
    if not content.strip():
        raise UnreadableInputError(f"{address} is empty.", next_step="Remove it from the source.")
    return content


def lead_of(where: str) -> Lead:
    """The lead for any one file or address given on the command line."""
    if where.lower().startswith(("http://", "https://")):
        return Lead(address=where)
    path = Path(where)
    return Lead(address=where, format=FORMATS.get(path.suffix.lower()), path=path)
