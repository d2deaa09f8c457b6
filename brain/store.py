"""Write, audit and open published versions. The only module that talks to Chroma.

Chroma holds ids and vectors; records, vectors and BM25 lie in our own files beside it, because asking Chroma for whole
records costs three times as much as asking for ids, and because two builds of the same rows differ in Chroma's bytes.
A reader works on a private copy of the Chroma directory: every open rewrites `chroma.sqlite3`, and a directory that is
deleted under a reader gives errors.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from brain.catalog import Company, Role, Topic, Track
from brain.errors import EmbedderError, StoreError
from brain.lexical import LexicalIndex
from brain.records import Cluster, Document, Passage, Record, ReportedQuestion
from brain.versions import Audit, Manifest, Versions

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]
Searchable = TypeVar("Searchable", Passage, ReportedQuestion)
AnyRecord = TypeVar("AnyRecord", bound=Record)

_AUDIT_ALL_BELOW = 2_000


class Context(Record):
    """What a reader needs to know of the corpus besides its evidence."""

    id: str
    title: str
    company: Company
    role: Role
    topics: tuple[Topic, ...]
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class Content:
    """Everything that a version holds, in memory: vectors are row-aligned with the records of the same name."""

    context: Context
    documents: Sequence[Document]
    passages: Sequence[Passage]
    questions: Sequence[ReportedQuestion]
    clusters: Sequence[Cluster]
    passage_vectors: Vectors
    question_vectors: Vectors

    def logical_hash(self) -> str:
        """SHA-256 over the sorted rows (id, indexed text, vector bytes); equal content, equal hash.

        BM25 is a function of the same texts, so it needs no bytes of its own.
        """
        digest = hashlib.sha256()
        rows = [*_rows(self.passages, self.passage_vectors), *_rows(self.questions, self.question_vectors)]
        for row in sorted(rows):
            for part in row:
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()


def _rows(records: Sequence[Searchable], vectors: Vectors) -> Iterable[tuple[bytes, bytes, bytes]]:
    for record, vector in zip(records, vectors, strict=True):
        yield record.id.encode(), search_text(record).encode(), vector.astype("<f4").tobytes()


def search_text(record: Passage | ReportedQuestion) -> str:
    """The text of a record that is embedded and indexed."""
    return record.search_text if isinstance(record, Passage) else record.text


def write_content(folder: Path, content: Content) -> None:
    """Write records, vectors and both indexes into an empty folder."""
    (folder / "context.json").write_text(content.context.model_dump_json(indent=1), "utf-8")
    _write_records(folder / "documents.jsonl", content.documents)
    _write_records(folder / "clusters.jsonl", content.clusters)
    client = _client(folder / "chroma")
    try:
        _write_collection(folder, client, "passages", content.passages, content.passage_vectors)
        _write_collection(folder, client, "questions", content.questions, content.question_vectors)
    finally:
        client.close()


def _write_records(path: Path, records: Iterable[Record]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(record.model_dump_json() + "\n" for record in records)


def _write_collection(
    folder: Path, client: "Client", name: str, records: Sequence[Searchable], vectors: Vectors
) -> None:
    _write_records(folder / f"{name}.jsonl", records)
    np.save(folder / f"{name}.npy", vectors)
    LexicalIndex.build([search_text(record) for record in records]).save(folder / "bm25" / name)
    # Without the configuration a bare collection measures squared Euclidean distance.
    collection = client.create_collection(
        name,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 128}},
        embedding_function=None,
    )
    step = client.get_max_batch_size()
    for first in range(0, len(records), step):
        batch = slice(first, first + step)
        collection.add(ids=[record.id for record in records[batch]], embeddings=vectors[batch])


def _client(path: Path) -> "Client":
    import chromadb
    from chromadb.config import Settings

    path.mkdir(parents=True, exist_ok=True)
    client = chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))
    return cast("Client", client)


class Index(Generic[Searchable]):
    """One searchable collection of an open version: records by position, their vectors, Chroma and BM25."""

    def __init__(
        self, records: Sequence[Searchable], vectors: Vectors, lexical: LexicalIndex, collection: "Collection"
    ) -> None:
        self.records: tuple[Searchable, ...] = tuple(records)
        self.vectors = vectors
        self.lexical = lexical
        self.positions: dict[str, int] = {record.id: position for position, record in enumerate(self.records)}
        self._collection = collection

    def nearest(self, vector: Vectors, k: int) -> list[int]:
        """Positions of the k nearest records by cosine, nearest first; fewer when there are fewer."""
        if not self.records:
            return []
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1), n_results=min(k, len(self.records)), include=[]
        )
        return [self.positions[record_id] for record_id in found["ids"][0]]

    def count(self) -> int:
        """How many rows Chroma says it holds."""
        return self._collection.count()

    def finds(self, position: int) -> bool:
        """Whether Chroma answers a row's own vector with that row, or with one whose vector is the same."""
        found = self.nearest(self.vectors[position], 3)
        same = (other for other in found if np.array_equal(self.vectors[other], self.vectors[position]))
        return position in found or any(same)

    def get(self, record_id: str) -> Searchable | None:
        """The record of that id, or None."""
        position = self.positions.get(record_id)
        return None if position is None else self.records[position]


class OpenVersion:
    """A published version opened for reading from a private copy. Close it when the last request is done."""

    def __init__(self, folder: Path, manifest: Manifest, copies: Path) -> None:
        self.manifest = manifest
        self.context = Context.model_validate_json((folder / "context.json").read_bytes())
        self.documents = {document.id: document for document in _read_records(folder, "documents", Document)}
        self.clusters = tuple(_read_records(folder, "clusters", Cluster))
        self._copy = copies / f"{os.getpid()}-{uuid.uuid4().hex}"
        shutil.copytree(folder / "chroma", self._copy)
        self._client = _client(self._copy)
        self.passages = self._index(folder, "passages", Passage)
        self.questions = self._index(folder, "questions", ReportedQuestion)

    def _index(self, folder: Path, name: str, model: type[Searchable]) -> Index[Searchable]:
        records = _read_records(folder, name, model)
        lexical = LexicalIndex.load(folder / "bm25" / name, len(records))
        collection = self._client.get_collection(name, embedding_function=None)
        return Index(records, np.load(folder / f"{name}.npy"), lexical, collection)

    @cached_property
    def cluster_of(self) -> dict[str, Cluster]:
        """Clusters by their id, their aliases and their questions' ids."""
        return {key: cluster for cluster in self.clusters for key in (cluster.id, *cluster.aliases)}

    def close(self) -> None:
        """Let go of Chroma's memory and file descriptors, and of the private copy."""
        self._client.close()
        shutil.rmtree(self._copy)


def _read_records(folder: Path, name: str, model: type[AnyRecord]) -> list[AnyRecord]:
    with (folder / f"{name}.jsonl").open("rb") as file:
        return [model.model_validate_json(line) for line in file]


def read_questions(folder: Path) -> list[ReportedQuestion]:
    """A version's questions, without opening its index."""
    return _read_records(folder, "questions", ReportedQuestion)


def open_version(versions: Versions, home: Path, *, embedder_id: str) -> OpenVersion:
    """Open the current version, warmed by one query to each collection.

    Raises NotIngestedError, StoreError, or EmbedderError when another embedder made the version.
    """
    version = versions.require_current()
    manifest = versions.manifest(version)
    if manifest.embedder != embedder_id:
        raise EmbedderError(
            f"{manifest.corpus!r} ({version}) was made with the embedder {manifest.embedder!r}, not {embedder_id!r}.",
            next_step=f"Set BRAIN_EMBEDDER to match, or run `ingest run {manifest.corpus}` again.",
        )
    with versions.lease(version) as folder:
        return open_folder(folder, manifest, home / "readers")


def open_folder(folder: Path, manifest: Manifest, copies: Path) -> OpenVersion:
    """Open a version's folder and warm it. Raises StoreError when a file is missing or damaged."""
    copies.mkdir(parents=True, exist_ok=True)
    _sweep_copies(copies)
    try:
        opened = OpenVersion(folder, manifest, copies)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(
            f"The version {manifest.version} of {manifest.corpus!r} cannot be opened: {error}",
            next_step=f"Run `ingest rollback {manifest.corpus}` or `ingest run {manifest.corpus}`.",
        ) from error
    warm = np.ones(manifest.dimensions, dtype=np.float32)
    opened.passages.nearest(warm, 1)
    opened.questions.nearest(warm, 1)
    return opened


def _sweep_copies(copies: Path) -> None:
    """Remove the private copies of processes that are gone."""
    for copy in copies.iterdir():
        pid = copy.name.partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(copy, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def audit(opened: OpenVersion) -> Audit:
    """Ask the index for its own rows: all of them when there are few, else an even sample.

    Raises StoreError when counts differ or a row cannot be found by its own vector.
    """
    asked = 0
    for name, index in (("passages", opened.passages), ("questions", opened.questions)):
        _audit_counts(name, index)
        asked += _audit_rows(name, index)
    return Audit(
        passages=len(opened.passages.records), questions=len(opened.questions.records), asked=asked, found=asked
    )


def _audit_counts(name: str, index: Index[Passage] | Index[ReportedQuestion]) -> None:
    counts = {len(index.records), len(index.vectors), index.lexical.size, index.count()}
    if len(counts) != 1:
        raise StoreError(
            f"The index of {name} is incomplete: records, vectors, BM25 and Chroma count {sorted(counts)}.",
            next_step="Nothing was published; run the ingest again.",
        )


def _audit_rows(name: str, index: Index[Passage] | Index[ReportedQuestion]) -> int:
    step = max(1, len(index.records) // _AUDIT_ALL_BELOW)
    sample = list(range(0, len(index.records), step))
    lost = [position for position in sample if not index.finds(position)]
    if lost:
        raise StoreError(
            f"{len(lost)} of {len(sample)} {name} are not found by their own vector: {index.records[lost[0]].id} …",
            next_step="Nothing was published; run the ingest again.",
        )
    return len(sample)
