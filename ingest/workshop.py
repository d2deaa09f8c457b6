"""What every stage may use: where things lie, what embeds, the cache, and the way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from brain.embedding import Embedder, usable_cores
from ingest.cache import StageCache
from ingest.fetch import PageSource

if TYPE_CHECKING:
    from brain.settings import Settings


@dataclass(frozen=True)
class Workshop:
    """The tools of a run; `web` is None offline.

    `readers` is the number of processes that read what strangers wrote, 0 to read in this one; each page gets
    `read_timeout` seconds there.
    """

    home: Path
    cache: StageCache
    embedder: Embedder
    web: PageSource | None
    file_max_bytes: int
    keep_versions: int
    readers: int = 0
    read_timeout: float = 30.0


def open_cache(settings: "Settings") -> StageCache:
    """The stage cache of this data home."""
    return StageCache(settings.home / "cache" / "stages.sqlite", settings.cache_max_bytes)


@contextmanager
def open_workshop(settings: "Settings", *, offline: bool) -> Iterator[Workshop]:
    """Open the cache, the embedder and, unless offline, the way out; close them at the end."""
    from brain.embedding import load_embedder
    from brain.web import HostBook, Limits, WebClient

    cache = open_cache(settings)
    embedder = load_embedder(settings.embedder, settings.home, settings.workers)
    web = (
        None
        if offline
        else WebClient(
            contact=settings.contact,
            limits=Limits.of(settings),
            hosts=HostBook(settings.home / "web"),
            loopback_hosts=settings.loopback_hosts,
        )
    )
    try:
        yield Workshop(
            home=settings.home,
            cache=cache,
            embedder=embedder,
            web=web,
            file_max_bytes=settings.file_max_bytes,
            keep_versions=settings.keep_versions,
            readers=settings.workers or usable_cores(),
            read_timeout=settings.read_timeout,
        )
    finally:
        cache.close()
        if web is not None:
            web.close()
