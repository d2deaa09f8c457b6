"""Delete what was made of forgotten addresses from SQLite files: no byte of it stays in a free page or a log."""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from brain.errors import StoreError
from brain.records import Record
from ingest.cache import StageCache

_ID = re.compile(rb'"(?:id|document_id)":"(\w+)"')
_URL = re.compile(rb'"url":("(?:[^"\\]|\\.)*")')
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/markdown", "text/plain", "application/pdf"})
_UNBOUNDED = 2**62
_OWNERLESS = "SELECT key FROM results WHERE key NOT IN (SELECT key FROM owners)"


class Purged(Record):
    """How many entries of the stage cache were deleted: stage results and vectors, page copies, and copies of listings.

    `ownerless` are results of which nobody noted what they were made from; to make them again costs time, no more.
    """

    results: int = 0
    ownerless: int = 0
    pages: int = 0
    listings: int = 0


def purge_cache(
    path: Path,
    named: Callable[[str], bool],
    documents: Collection[str],
    vector_keys: Collection[str],
    lines: Collection[bytes],
) -> Purged:
    """Delete what the stage cache holds of the addresses that are named, of these documents, and these vectors.

    `lines` are lines of the forgotten texts: what holds one goes too, such as a copy of it that was never used. So does
    every copy of a listing, since one answer carries the texts of many addresses. Raises StoreError when another
    process is using the file.
    """
    if not path.exists():
        return Purged()
    StageCache(path, _UNBOUNDED).close()  # a file of another release may lack a table
    with _compacted(path) as db:
        keys = {*vector_keys, *_owned(db, named), *_mentioning(db, named, set(documents), lines)}
        deleted = _delete(db, "results", "key", keys)
        ownerless = [str(key) for (key,) in db.execute(_OWNERLESS)]
        _delete(db, "results", "key", ownerless)
        db.execute("DELETE FROM owners WHERE key NOT IN (SELECT key FROM results)")
        copies = set(_copies(db, named, lines))
        listings = set(_listings(db)) - copies
        _delete(db, "pages", "url", copies | listings)
    return Purged(results=deleted, ownerless=len(ownerless), pages=len(copies), listings=len(listings))


def purge_sets(path: Path, named: Callable[[str], bool], documents: Collection[str]) -> int:
    """Delete the question sets that the service keeps and that cite a forgotten document; how many there were."""
    if not path.exists():
        return 0
    ids = {document.encode() for document in documents}
    with _compacted(path) as db:
        if not _has(db, "question_sets"):
            return 0
        rows = db.execute("SELECT id, body FROM question_sets")
        gone = [str(name) for name, body in rows if _speaks_of(str(body).encode(), named, ids)]
        _delete(db, "question_sets", "id", gone)
    return len(gone)


@contextmanager
def _compacted(path: Path) -> Iterator[sqlite3.Connection]:
    """Change a file in one transaction, then write it anew without its free pages and empty its log."""
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=ON")
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")
        db.execute("VACUUM")
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(
            f"Another process is reading {path}, so its log still holds what was deleted.",
            next_step="End it, then run the same `ingest forget` again; it goes on where it stopped.",
        )


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _delete(db: sqlite3.Connection, table: str, column: str, keys: Collection[str]) -> int:
    statement = f"DELETE FROM {table} WHERE {column} = ?"  # noqa: S608 - names of ours
    return db.executemany(statement, ((key,) for key in keys)).rowcount


def _owned(db: sqlite3.Connection, named: Callable[[str], bool]) -> Iterator[str]:
    addresses = [str(address) for (address,) in db.execute("SELECT DISTINCT address FROM owners")]
    for address in filter(named, addresses):
        rows = db.execute("SELECT key FROM owners JOIN results USING (key) WHERE address = ?", (address,))
        yield from (str(key) for (key,) in rows)


def _mentioning(
    db: sqlite3.Connection, named: Callable[[str], bool], documents: set[str], lines: Collection[bytes]
) -> Iterator[str]:
    """Results that are records of a forgotten document, or hold a line of it, whoever had them made."""
    ids = {document.encode() for document in documents}
    for key, value in db.execute("SELECT key, value FROM results WHERE substr(value, 1, 1) = x'7B'"):
        if _speaks_of(value, named, ids) or any(line in value for line in lines):
            yield str(key)


def _speaks_of(value: bytes, named: Callable[[str], bool], ids: Collection[bytes]) -> bool:
    if any(found in ids for found in _ID.findall(value)):
        return True
    return any(named(json.loads(url)) for url in set(_URL.findall(value)))


def _copies(db: sqlite3.Connection, named: Callable[[str], bool], lines: Collection[bytes]) -> Iterator[str]:
    for name, record, content in db.execute("SELECT url, record, content FROM pages"):
        answered = str(json.loads(record).get("url", ""))
        if named(str(name)) or named(answered) or any(line in bytes(content) for line in lines):
            yield str(name)


def _listings(db: sqlite3.Connection) -> Iterator[str]:
    """Copies that are no page: feeds, sitemaps and answers of interfaces, which a later run asks for again."""
    for name, record in db.execute("SELECT url, record FROM pages"):
        if json.loads(record).get("media_type") not in _PAGE_TYPES:
            yield str(name)
