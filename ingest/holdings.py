"""What a data home holds of something that is to be forgotten, or explained: versions, reports, page copies, files."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from brain.errors import StoreError
from brain.versions import Versions
from ingest.report import AddressOutcome, RunReport
from ingest.tombstones import Held, Tombstone, Tombstones, read_held


@dataclass(frozen=True)
class Holding:
    """What one corpus holds: the documents of every retained version, and the reports of its runs, oldest first."""

    versions: Versions

    @property
    def corpus(self) -> str:
        """The corpus id."""
        return self.versions.corpus_id

    @cached_property
    def documents(self) -> dict[str, list[Held]]:
        """By version. Raises StoreError when the served one cannot be read."""
        read = {version: self._read(version) for version in self.versions.all()}
        return {version: documents for version, documents in read.items() if documents is not None}

    @cached_property
    def reports(self) -> list[RunReport]:
        """The reports that can be read."""
        paths = sorted((self.versions.root / "runs").glob("*.json"))
        return [report for path in paths if (report := read_report(path)) is not None]

    @cached_property
    def outcomes(self) -> dict[str, AddressOutcome]:
        """The last outcome of each address that said something about its content, else the last of all."""
        found: dict[str, AddressOutcome] = {}
        for report in self.reports:
            for item in report.addresses:
                if item.document_id or item.near_copy_of or item.address not in found:
                    found[item.address] = item
        return found

    def holding(self, named: Tombstones) -> list[str]:
        """The retained versions that hold something that is named, and the damaged ones: who knows what they hold."""
        return [
            version
            for version in self.versions.all()
            if version not in self.documents
            or any(named.find(held.url, held.id, corpus=self.corpus) for held in self.documents[version])
        ]

    def _read(self, version: str) -> list[Held] | None:
        try:
            return list(read_held(self.versions.folder(version)))
        except (OSError, ValueError, KeyError) as error:
            if version != self.versions.current():
                return None
            raise StoreError(
                f"The documents of {version} of {self.corpus!r}, which is served, cannot be read: {error}",
                next_step=f"Run `ingest rollback {self.corpus}` or `ingest run {self.corpus}`, then try again.",
            ) from error


def read_report(path: Path) -> RunReport | None:
    """One report of a run; None when another release wrote it."""
    try:
        return RunReport.model_validate_json(path.read_bytes())
    except ValidationError:
        return None


def holdings(home: Path, corpus: str = "") -> list[Holding]:
    """Every corpus that was ever run in this home, or the one that is named."""
    folders = sorted(path.name for path in (home / "versions").glob("*") if path.is_dir())
    return [Holding(Versions(home / "versions", name)) for name in folders if corpus in {"", name}]


def kept_pages(cache: Path) -> list[tuple[str, str]]:
    """The page copies of the cache: the name each has there, and the address that answered."""
    if not cache.exists():
        return []
    with closing(sqlite3.connect(cache, timeout=30)) as db:
        rows = db.execute("SELECT url, record FROM pages") if _has(db, "pages") else []
        return [(str(name), str(json.loads(record).get("url", ""))) for name, record in rows]


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def widened(stone: Tombstone, found: Sequence[Holding], pages: Sequence[tuple[str, str]]) -> Tombstone:
    """The tombstone with every address and document that belongs to it.

    These are the documents it names; the addresses that led to them by redirect; and near-copies of them with theirs:
    a copy says the same words, so it would bring back what was taken down. The original of a forgotten copy stays.
    """
    while True:
        addresses, documents = set(stone.addresses), set(stone.documents)
        named = Tombstones([stone])
        addresses |= {
            name for name, final in pages if _leads_to(final, named, stone) and not _leads_to(name, named, stone)
        }
        for one in found:
            ids = set(_ids(one, stone, named))
            addresses |= set(_addresses(one, ids, named))
            documents |= ids
        wider = stone.model_copy(update={"addresses": tuple(sorted(addresses)), "documents": tuple(sorted(documents))})
        if wider == stone:
            return stone
        stone = wider


def _leads_to(address: str, named: Tombstones, stone: Tombstone) -> bool:
    return named.find(address, corpus=stone.corpus) is not None


def _ids(one: Holding, stone: Tombstone, named: Tombstones) -> Iterator[str]:
    gone = set(stone.documents)
    for documents in one.documents.values():
        for held in documents:
            if named.find(held.url, held.id, corpus=one.corpus) or held.group in gone:
                yield held.id
    for item in one.outcomes.values():
        if item.document_id and named.find(item.address, item.document_id, corpus=one.corpus):
            yield item.document_id


def _addresses(one: Holding, ids: set[str], named: Tombstones) -> Iterator[str]:
    held = (document for documents in one.documents.values() for document in documents)
    belonging = [document.url for document in held if document.id in ids]
    for item in one.outcomes.values():
        copy_of = item.near_copy_of
        if item.document_id in ids or (copy_of and named.find(copy_of, copy_of, corpus=one.corpus)):
            belonging.append(item.address)
    for address in belonging:
        if named.find(address, corpus=one.corpus) is None:
            yield address if is_web(address) else f"{one.corpus}:{address}"


def is_web(address: str) -> bool:
    """Whether an address is one of the web, and not a file."""
    return address.lower().startswith(("http://", "https://"))


def originals(found: Iterable[Holding], stone: Tombstone) -> list[str]:
    """The addresses whose near-copies are forgotten while they stay themselves, since nobody asked for that."""
    named = Tombstones([stone])
    staying = {
        item.near_copy_of
        for one in found
        for item in one.outcomes.values()
        if item.near_copy_of
        and named.find(item.address, item.document_id, corpus=one.corpus)
        and not named.find(item.near_copy_of, item.near_copy_of, corpus=one.corpus)
    }
    return sorted(staying)
