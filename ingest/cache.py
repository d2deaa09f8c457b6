"""What stages made, kept under a hash of all that it depends on; and the last good copy of every page.

The key of a stage's output covers the source of the modules it rests on, the versions of its libraries, its settings
and its input: change any of them and only that stage and what follows is done again. Results are JSON, never pickles.
"""

import hashlib
import json
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

from brain.errors import StoreError
from brain.records import Record

Out = TypeVar("Out", bound=Record)

# What is deleted is overwritten: a page that asks not to be kept leaves no bytes behind.
_SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS results_used ON results (used);
CREATE TABLE IF NOT EXISTS clock (ticks INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS owners (address TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (address, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (url TEXT PRIMARY KEY, record TEXT NOT NULL, content BLOB NOT NULL);
"""
_SIZE = """SELECT (SELECT coalesce(sum(length(value)), 0) FROM results)
 + (SELECT coalesce(sum(length(content)), 0) FROM pages)"""
_EVICT_RESULTS = "DELETE FROM results WHERE used = (SELECT min(used) FROM results)"
_DROP_OWNERS = "DELETE FROM owners WHERE key NOT IN (SELECT key FROM results)"
_EVICT_PAGE = "DELETE FROM pages WHERE rowid = (SELECT min(rowid) FROM pages)"


class LeftOutError(Exception):
    """A page or file is not used; the message is the reason a curator reads. Raised by stages, kept in the cache."""


class NotCachedError(Exception):
    """A stage has not seen this input yet, and was asked for what the cache knows only."""


def _no_seconds() -> defaultdict[str, float]:
    return defaultdict(float)


@dataclass
class Tally:
    """How often each stage computed, how often the cache knew, and the seconds that computing took.

    `spans` are the single computations: the stage, begin and end in nanoseconds since 1970.
    """

    computed: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=_no_seconds)
    spans: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count what another tally counted; its spans stay its own."""
        self.computed.update(other.computed)
        self.reused.update(other.reused)
        for stage, spent in other.seconds.items():
            self.seconds[stage] += spent


@dataclass(frozen=True)
class Stage(Generic[Out]):
    """A function of one input: its name, the record it makes, and what its code rests on."""

    name: str
    output: type[Out]
    modules: tuple[str, ...]
    libraries: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the modules' source and the libraries' versions."""
        digest = hashlib.sha256(self.name.encode())
        for module in self.modules:
            digest.update(module_source(module))
        for library in self.libraries:
            digest.update(f"{library}=={metadata.version(library)}".encode())
        return digest.hexdigest()


def module_source(module: str) -> bytes:
    """The bytes of a module's source file."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source for {module!r}")
    return Path(spec.origin).read_bytes()


class StageCache:
    """A bounded store of stage results in one SQLite file, shared by threads and processes."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            self._db.executescript(_SETTINGS + _SCHEMA)
            self._tick = self._next_tick()
        except sqlite3.DatabaseError:
            self._db.close()
            raise

    def through(
        self,
        stage: Stage[Out],
        key: str,
        compute: Callable[[], Out] | None,
        *,
        owner: str = "",
        tally: Tally | None = None,
    ) -> Out:
        """The stage's output for the input that `key` identifies, computed at most once; `tally` counts it.

        `owner` is the address it was made from, by which it can be found again and forgotten.
        Raises LeftOutError, from the cache too, when the stage decided not to use the input; NotCachedError when it
        would have to be computed and `compute` is None.
        """
        full_key = self.key_of(stage, key)
        tally = tally or Tally()
        if (stored := self._get(full_key)) is not None:
            tally.reused[stage.name] += 1
            with self._lock:
                self._own(owner, [full_key])
        elif compute is None:
            raise NotCachedError
        else:
            began = time.time_ns()
            stored = _result(stage.name, compute)
            ended = time.time_ns()
            tally.computed[stage.name] += 1
            tally.seconds[stage.name] += (ended - began) / 1e9
            tally.spans.append((stage.name, began, ended))
            self._put([(full_key, stored, owner)])
        return _made(stage, stored)

    def key_of(self, stage: Stage[Out], key: str) -> str:
        """Where the stage's output for that input is kept."""
        return hashlib.sha256(f"{stage.fingerprint}:{key}".encode()).hexdigest()

    def load(self, stage: Stage[Out], full_key: str) -> Out:
        """What `through` kept under `key_of`. Raises StoreError when it is gone, as after a clearing by hand."""
        if (stored := self._get(full_key)) is None:
            raise StoreError("The stage cache lost a result while it was in use.", next_step="Run again.")
        return _made(stage, stored)

    def vectors(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The stored vectors among the given keys."""
        found = ((key, self._get(key)) for key in keys)
        return {key: value for key, value in found if value is not None}

    def keep_vectors(self, vectors: Sequence[tuple[str, bytes, str]]) -> None:
        """Store vectors, each as its key, its bytes, and its owner as in `through`."""
        self._put(list(vectors))

    def page(self, url: str) -> tuple[str, bytes] | None:
        """The last good copy of a page: its record as JSON, and its bytes."""
        with self._lock:
            row = self._db.execute("SELECT record, content FROM pages WHERE url = ?", (url,)).fetchone()
        return None if row is None else (str(row[0]), bytes(row[1]))

    def keep_page(self, url: str, record: str, content: bytes) -> None:
        """Replace the last good copy of a page."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (url, record, content))

    def drop_page(self, url: str) -> None:
        """Forget the copy of a page that may no longer be used."""
        with self._lock:
            self._db.execute("DELETE FROM pages WHERE url = ?", (url,))

    def close(self) -> None:
        """Evict what was not used for longest beyond the bound, results before pages, and close the file."""
        with self._lock, closing(self._db):
            for evict in (_EVICT_RESULTS, _EVICT_PAGE):
                while self._size() > self.max_bytes and self._db.execute(evict).rowcount:
                    self._db.execute(_DROP_OWNERS)

    def _size(self) -> int:
        return int(self._db.execute(_SIZE).fetchone()[0])

    def _next_tick(self) -> int:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            ticks = int(self._db.execute("SELECT coalesce(max(ticks), 0) + 1 FROM clock").fetchone()[0])
            self._db.execute("DELETE FROM clock")
            self._db.execute("INSERT INTO clock VALUES (?)", (ticks,))
            self._db.execute("COMMIT")
        return ticks

    def _get(self, key: str) -> bytes | None:
        with self._lock:
            row = self._db.execute("SELECT value, used FROM results WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            if row[1] != self._tick:
                self._db.execute("UPDATE results SET used = ? WHERE key = ?", (self._tick, key))
        return bytes(row[0])

    def _put(self, rows: list[tuple[str, bytes, str]]) -> None:
        """Keep results: each its key, its bytes, and its owner."""
        owned = [(owner, key) for key, _, owner in rows if owner]
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?)", [(key, value, self._tick) for key, value, _ in rows]
            )
            self._db.executemany("INSERT OR IGNORE INTO owners VALUES (?, ?)", owned)
            self._db.execute("COMMIT")

    def _own(self, owner: str, keys: Sequence[str]) -> None:
        """Note that results which were there already were made from this address, too."""
        if owner:
            rows = [(owner, key) for key in keys]
            self._db.executemany("INSERT OR IGNORE INTO owners VALUES (?, ?)", rows)


def _made(stage: Stage[Out], stored: bytes) -> Out:
    value = json.loads(stored)
    if "left_out" in value:
        raise LeftOutError(value["left_out"])
    return stage.output.model_validate(value["made"])


def _result(stage: str, compute: Callable[[], Record]) -> bytes:
    try:
        return f'{{"stage":{json.dumps(stage)},"made":{compute().model_dump_json()}}}'.encode()
    except LeftOutError as error:
        return json.dumps({"stage": stage, "left_out": str(error)}).encode()
