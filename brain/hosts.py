"""What we owe each host, kept across threads, processes and runs: its pace, its robots.txt, its TDM file.

    <home>/web/hosts.sqlite     when a host was last asked, how slowly it wants to be asked, until when not at all;
                                what its robots.txt and TDM file said, for a day at most
               turns/<hash>     one lock per host, held while it is asked; the system frees it when the process dies

Times are seconds since the epoch, since they outlive the process; a clock that was set back makes us slower at most.
"""

import fcntl
import hashlib
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brain.errors import StoreError

LONGEST_KEPT_WAIT = 30 * 24 * 3600.0
"""Seconds of a Retry-After that we keep: no host is lost for good by one wrong header."""

_SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS hosts (
  host TEXT PRIMARY KEY, asked REAL NOT NULL, delay REAL NOT NULL, slowdown REAL NOT NULL, resume REAL NOT NULL);
CREATE TABLE IF NOT EXISTS files (
  address TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, read REAL NOT NULL);
"""
_BUSY_SECONDS = 30


@dataclass(frozen=True)
class Host:
    """One host's pace.

    `asked` is when the last request began or ended, `delay` the Crawl-delay, `slowdown` the seconds that errors added
    to it, `resume` the time before which the host asked not to be asked.
    """

    asked: float = 0.0
    delay: float = 0.0
    slowdown: float = 0.0
    resume: float = 0.0


@dataclass(frozen=True)
class KeptFile:
    """The answer to a request for robots.txt or a TDM file, and when it was read."""

    status: int
    body: bytes
    read: float


class HostBook:
    """The state of every host; shared by threads, and through `folder` by processes. Without a folder, in memory only.

    Raises:
        StoreError: the folder cannot be written, or its file is damaged.
    """

    def __init__(self, folder: Path | None, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self.now = now
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        with _clear_errors(folder):
            if folder is not None:
                (folder / "turns").mkdir(parents=True, exist_ok=True)
            path = ":memory:" if folder is None else folder / "hosts.sqlite"
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                self._db.executescript(_SETTINGS + _SCHEMA)
            except sqlite3.DatabaseError:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file; the book cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Hold what `name` stands for, alone among all threads and processes; ends with the process at the latest."""
        with self._lock:
            turn = self._turns.setdefault(name, threading.Lock())
        with turn:
            if self._folder is None:
                yield
                return
            with _clear_errors(self._folder):
                held = (self._folder / "turns" / hashlib.sha256(name.encode()).hexdigest()[:32]).open("wb")
            with held:
                with _clear_errors(self._folder):
                    fcntl.flock(held, fcntl.LOCK_EX)
                yield

    def host(self, name: str) -> Host:
        """The state of a host; a new one where nothing is known. No time lies further ahead than it can."""
        row = self._one("SELECT asked, delay, slowdown, resume FROM hosts WHERE host = ?", name)
        if row is None:
            return Host()
        now = self.now()
        return Host(min(row[0], now), row[1], row[2], min(row[3], now + LONGEST_KEPT_WAIT))

    def keep_host(self, name: str, host: Host) -> None:
        """Replace the state of a host."""
        row = (name, host.asked, host.delay, host.slowdown, host.resume)
        self._run("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?)", *row)

    def file(self, address: str, max_age: float) -> KeptFile | None:
        """The kept answer for an address, unless it is older than `max_age` seconds or from the future."""
        row = self._one("SELECT status, body, read FROM files WHERE address = ?", address)
        if row is None or not 0 <= self.now() - row[2] < max_age:
            return None
        with _clear_errors(self._folder):
            try:
                return KeptFile(int(row[0]), zlib.decompress(row[1]), row[2])
            except zlib.error as error:
                raise sqlite3.DatabaseError(f"what is kept of {address} cannot be read") from error

    def keep_file(self, address: str, status: int, body: bytes, *, max_age: float) -> None:
        """Keep an answer, and drop those that are older than `max_age` seconds."""
        now = self.now()
        self._run("DELETE FROM files WHERE read <= ?", now - max_age)
        self._run("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", address, status, zlib.compress(body), now)

    def _one(self, query: str, *values: str) -> tuple[Any, ...] | None:
        with self._lock, _clear_errors(self._folder):
            row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
            return row

    def _run(self, query: str, *values: str | float | bytes) -> None:
        with self._lock, _clear_errors(self._folder):
            self._db.execute(query, values)


@contextmanager
def _clear_errors(folder: Path | None) -> Iterator[None]:
    """Tell a file that is damaged, full or closed to us apart, and what to do about it."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise StoreError(
            f"{folder} cannot be read or written: {error}.",
            next_step="Free some space or correct the permissions and run again.",
        ) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{folder} is damaged: {error}.",
            next_step="Delete it; waits that hosts asked for are forgotten with it, so run again in an hour.",
        ) from error
