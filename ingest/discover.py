"""Discover: every lead of a corpus, from its own files and through the adapters of its sources."""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from brain.catalog import Corpus, Level, Source
from brain.records import DocumentKind
from brain.sources import canonical
from ingest.attribute import level_of
from ingest.cache import LeftOutError
from ingest.fetch import ListingReader, Wire
from ingest.materials import Entry, Lead, Unusable
from ingest.sources import bind
from ingest.sources.base import Reader, Wanted
from ingest.tombstones import Tombstones

_LISTERS = 16


@dataclass(frozen=True)
class Asking:
    """What of the web a run asks; for the rest the copies of earlier runs serve.

    `source` is the name of the one source that is asked, "" for all; `since` keeps from asking for what its listing
    dates before that day.
    """

    source: str = ""
    since: date | None = None

    def of_source(self, source: Source | None) -> bool:
        """Whether a source is asked."""
        return not self.source or (source is not None and source.name == self.source)

    def of_lead(self, lead: Lead) -> bool:
        """Whether the page of a lead is asked for."""
        entry = lead.entry
        changed = entry and (entry.changed or (entry.published.last if entry.published else None))
        recent = self.since is None or not changed or changed >= self.since
        return self.of_source(lead.source) and recent


def discover(corpus: Corpus, wire: Wire, asking: Asking, stones: Tombstones) -> list[Lead | Unusable]:
    """Everything that a corpus names, each address once, in a stable order. Listings are asked side by side.

    Raises BadInputError for options that an adapter does not take.
    """
    readers = [ListingReader(wire, corpus.folder_of(one), ask=asking.of_source(one)) for one in corpus.sources]
    with ThreadPoolExecutor(_LISTERS) as pool:
        listed = pool.map(
            lambda pair: list(source_leads(pair[0], corpus.role.level, pair[1])),
            zip(corpus.sources, readers, strict=True),
        )
        found: list[Lead | Unusable] = [*bundled_leads(corpus), *(one for part in listed for one in part)]
    leads = list(_each_once(found, corpus.id, stones))
    forgotten = {one.source for one in leads if isinstance(one, Unusable) and one.forgotten}
    for source, reader in zip(corpus.sources, readers, strict=True):
        if source.name in forgotten:  # the listing's copy holds the text of all that it lists
            reader.drop_copies()
    return leads


def bundled_leads(corpus: Corpus) -> list[Lead]:
    """The corpus's own files in a stable order: the company's values, cards and digests."""
    return [
        Lead(address=_shown(corpus.company_file), format="values", path=corpus.company_file),
        *(Lead(address=_shown(path), format="card", path=path) for path in corpus.cards),
        *(Lead(address=_shown(path), format="digest", path=path) for path in corpus.digests),
    ]


def _shown(path: Path) -> str:
    """The path of a bundled file as a curator knows it, the same on every machine."""
    parts = path.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("corpora") :]) if "corpora" in parts else path.as_posix()


def source_leads(source: Source, levels: tuple[Level, ...], reader: Reader) -> Iterator[Lead | Unusable]:
    """What a source names and the corpus wants, at most its `limit`; what cannot be used comes with the reason.

    Raises BadInputError for options that the adapter does not take.
    """
    adapter, options = bind(source)
    wanted = wanted_by(source, levels)
    found = adapter.entries(options, reader, wanted)
    left = source.limit
    try:
        for one in found:
            if isinstance(one, Unusable):
                yield one.model_copy(update={"source": source.name})
            elif wanted(one):
                yield _lead(one, source, adapter.kind)
                left -= 1
            if not left:
                break
    except LeftOutError as reason:
        yield Unusable(address=_where(source), reason=str(reason), source=source.name)


def _lead(entry: Entry, source: Source, kind: DocumentKind) -> Lead:
    stated = entry if entry.kind or source.kind else entry.model_copy(update={"kind": kind})
    return Lead(address=entry.address, format=entry.format, path=entry.path, source=source, entry=stated)


def wanted_by(source: Source, levels: tuple[Level, ...]) -> Wanted:
    """The filters of a source: its title pattern and its levels; an entry without a title is judged later."""
    pattern = re.compile(source.title_matches, re.IGNORECASE) if source.title_matches else None

    def wanted(entry: Entry) -> bool:
        if not entry.title:
            return True
        if pattern and not pattern.search(entry.title):
            return False
        return not source.levels or level_of(entry.title, levels) in source.levels

    return wanted


def _where(source: Source) -> str:
    """What a listing that cannot be had is called in reports: the address that its options name, else its name."""
    return str(source.options.get("url") or source.name)


def _each_once(found: Iterable[Lead | Unusable], corpus: str, stones: Tombstones) -> Iterator[Lead | Unusable]:
    """Leave out what is forgotten, before it is touched, and the second mention of an address."""
    first: dict[str, str] = {}
    for one in found:
        if isinstance(one, Unusable):
            yield one
            continue
        source = one.source.name if one.source else ""
        if reason := stones.names(one.address, corpus=corpus):
            yield Unusable(address=one.address, reason=reason, source=source, forgotten=True)
            continue
        named = first.setdefault(_spelling(one.address), source)
        if named is not source and named != source:
            yield Unusable(address=one.address, reason=f"the source {named!r} names it already", source=source)
        else:
            yield one


def _spelling(address: str) -> str:
    return canonical(address) if address.startswith(("http://", "https://")) else address
