"""Gather: fetch every lead and read what came, many hosts at once and each host one page after the other.

What a lead gave is kept small, since a run may see tens of thousands: the records themselves wait in the stage cache.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from threading import Event, Lock
from urllib.parse import urlsplit

from brain.errors import BadInputError
from ingest.cache import LeftOutError, NotCachedError, StageCache, Tally
from ingest.discover import Asking
from ingest.fetch import Got, NotFetchedError, Wire, fetch
from ingest.materials import Fetched, Lead, Unusable
from ingest.reading import Found, Kit, Reading, read
from ingest.report import Fetching
from ingest.telemetry import Stopwatch
from ingest.tombstones import Tombstones
from ingest.workers import Workers

_LANES = 32
_LOCAL_LANE = 16
_OWN_FORMATS = frozenset({"digest", "card", "values"})


@dataclass(slots=True)
class Gathered:
    """What became of one lead: a document found, or the reason why none; `error` is a mistake in a local file."""

    address: str
    source: str
    fetching: Fetching
    found: Found | None = None
    left_out: str = ""
    error: BadInputError | None = None
    retrieved: date | None = None
    seconds: float = 0.0
    near_copy_of: str = ""


@dataclass
class Gatherer:
    """The tools of one gathering, and what it counts."""

    wire: Wire
    cache: StageCache
    kit: Kit
    workers: Workers | None
    stones: Tombstones
    corpus: str
    asking: Asking
    file_max_bytes: int
    advance: Callable[[int], None]
    tally: Tally
    watch: Stopwatch
    _stopped: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def gather(self, leads: Sequence[Lead | Unusable]) -> list[Gathered]:
        """One result for each lead, in their order."""
        results: dict[int, Gathered] = {}
        with ThreadPoolExecutor(_LANES, thread_name_prefix="lane") as pool:
            lanes = [pool.submit(self._lane, leads, lane) for lane in _lanes(leads)]
            try:
                for lane in as_completed(lanes):
                    results |= lane.result()
            except BaseException:
                self._stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [results[index] for index in range(len(leads))]

    def _lane(self, leads: Sequence[Lead | Unusable], lane: Sequence[int]) -> dict[int, Gathered]:
        results = {}
        for index in lane:
            if self._stopped.is_set():
                break
            results[index] = self._one(leads[index])
            self.advance(1)
        return results

    def _one(self, lead: Lead | Unusable) -> Gathered:
        if isinstance(lead, Unusable):
            if lead.forgotten:
                self.cache.drop_page(lead.address)
            return Gathered(lead.address, lead.source, "not asked", left_out=lead.reason)
        began = time.time_ns()
        made = Gathered(lead.address, lead.source.name if lead.source else "", "read")
        try:
            got = self._fetched(lead)
        except NotFetchedError as reason:
            made.left_out, made.fetching = str(reason), reason.fetching
        except LeftOutError as reason:
            made.left_out = str(reason)
        except BadInputError as error:
            made.error = error
        else:
            made.fetching, made.retrieved = got.fetching, got.fetched.retrieved
            self.watch.note([("fetch", began, time.time_ns())], lead.address)
            self._read_into(made, got.fetched, lead)
        made.seconds = round((time.time_ns() - began) / 1e9, 3)
        return made

    def _fetched(self, lead: Lead) -> Got:
        got = fetch(lead, self.wire, self.file_max_bytes, ask=self.asking.of_lead(lead))
        if reason := self.stones.names(got.fetched.url, corpus=self.corpus):  # it redirects to what is forgotten
            self.cache.drop_page(lead.address)
            raise LeftOutError(reason)
        return got

    def _read_into(self, made: Gathered, fetched: Fetched, lead: Lead) -> None:
        reading = self._reading(fetched, lead)
        with self._lock:
            self.tally.add(reading.tally)
        self.watch.note(reading.tally.spans, lead.address)
        made.found, made.left_out, made.error = reading.found, reading.left_out, reading.error
        if reading.denied:  # of a page that asks not to be kept, no copy stays
            self.cache.drop_page(lead.address)
        if made.found and (reason := self._forgotten(made.found)):
            made.found, made.left_out = None, reason

    def _forgotten(self, found: Found) -> str | None:
        return self.stones.names(found.url, found.document_id, corpus=self.corpus)

    def _reading(self, fetched: Fetched, lead: Lead) -> Reading:
        """Our own files are read here; what strangers wrote in a worker, unless the cache knows all of it."""
        if self.workers is None or fetched.format in _OWN_FORMATS:
            return read(fetched, lead, self.kit, self.cache)
        with suppress(NotCachedError):
            return read(fetched, lead, self.kit, self.cache, compute=False)
        return self.workers.read(fetched, lead)


def _lanes(leads: Sequence[Lead | Unusable]) -> list[Sequence[int]]:
    """Positions of the leads, one lane for each host; what needs no host is dealt out in short lanes.

    Hosts come first, since they take the longest.
    """
    hosts: dict[str, list[int]] = defaultdict(list)
    local = []
    for index, lead in enumerate(leads):
        if isinstance(lead, Unusable) or not lead.on_the_web:
            local.append(index)
        else:
            hosts[urlsplit(lead.address).netloc.lower()].append(index)
    short = (local[first : first + _LOCAL_LANE] for first in range(0, len(local), _LOCAL_LANE))
    return [*hosts.values(), *short]
