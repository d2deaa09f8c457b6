"""Worker processes that read what strangers wrote: a page that hangs or crashes costs itself, and nothing else.

Each worker opens the stage cache itself, so that results of a page travel only once, into SQLite. A worker that is
over the page's time is killed and replaced. The first worker starts when the first page needs one: a run in which
nothing changed starts none.
"""

import multiprocessing
import queue
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from sqlite3 import DatabaseError
from typing import TYPE_CHECKING, Self

from brain.errors import BrainError
from ingest.cache import StageCache
from ingest.materials import Fetched, Lead
from ingest.reading import Kit, Reading, read

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_STARTING_SECONDS = 60.0
_READY = "ready"


@dataclass(frozen=True)
class _Place:
    """Where a worker finds the cache, and what it reads with."""

    cache: Path
    cache_bytes: int
    kit: Kit


class Workers:
    """As many worker processes as asked for, at most; safe to share between threads, and a context manager."""

    def __init__(self, count: int, timeout: float, cache: StageCache, kit: Kit) -> None:
        self._place = _Place(cache.path, cache.max_bytes, kit)
        self._timeout = timeout
        self._slots: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(count):
            self._slots.put(None)
        self._started: set[_Worker] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            for worker in self._started:
                worker.kill()
            self._started.clear()

    def read(self, fetched: Fetched, lead: Lead) -> Reading:
        """Read in a worker; a reading that takes too long, or takes its worker down, gives the reason instead."""
        worker = self._slots.get()
        try:
            worker = worker or self._new()
            return worker.read(fetched, lead)
        except TimeoutError:
            self._drop(worker)
            worker = None
            return Reading(left_out=f"reading it took longer than {self._timeout:g} seconds (BRAIN_READ_TIMEOUT)")
        except EOFError:
            self._drop(worker)
            worker = None
            return Reading(left_out="reading it broke the process that read it")
        finally:
            self._slots.put(worker)

    def _new(self) -> "_Worker":
        worker = _Worker(self._place, self._timeout)
        with self._lock:
            self._started.add(worker)
        worker.await_ready()
        return worker

    def _drop(self, worker: "_Worker | None") -> None:
        """Kill a worker; None takes its place, for which a new one is started when it is needed."""
        if worker is not None:
            worker.kill()
            with self._lock:
                self._started.discard(worker)


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, place: _Place, timeout: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._timeout = timeout
        self._process: BaseProcess = context.Process(target=_serve, args=(place, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def await_ready(self) -> None:
        """Wait until it has imported what it needs, which is not charged to the first page."""
        self._answer(_STARTING_SECONDS)

    def read(self, fetched: Fetched, lead: Lead) -> Reading:
        """Raises TimeoutError, or EOFError when the process ended."""
        try:
            self._pipe.send((fetched, lead))
        except OSError as error:
            raise EOFError from error
        answer = self._answer(self._timeout)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Reading)  # noqa: S101 - `_serve` sends nothing else
        return answer

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _answer(self, seconds: float) -> object:
        try:
            in_time = self._pipe.poll(seconds)
            answer = self._pipe.recv() if in_time else None
        except OSError as error:  # which TimeoutError is, too
            raise EOFError from error
        if not in_time:
            raise TimeoutError
        return answer


def _serve(place: _Place, pipe: Connection) -> None:
    """The life of a worker: read what comes until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    cache = StageCache(place.cache, place.cache_bytes)
    _import_ahead()
    pipe.send(_READY)
    with suppress(EOFError, OSError):
        while True:
            fetched, lead = pipe.recv()
            pipe.send(_reading(fetched, lead, place.kit, cache))


def _reading(fetched: Fetched, lead: Lead, kit: Kit, cache: StageCache) -> Reading | Exception:
    try:
        return read(fetched, lead, kit, cache)
    except (BrainError, OSError, DatabaseError) as error:  # no fault of the page: the parent raises it
        return error
    except Exception as error:  # noqa: BLE001 - whatever a stranger's page makes a parser raise costs that page
        return Reading(left_out=f"reading it failed: {type(error).__name__}: {error}"[:300])


def _import_ahead() -> None:
    import trafilatura  # noqa: F401
