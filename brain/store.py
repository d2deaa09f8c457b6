"""Write, audit and open published versions. The only module that talks to Chroma.

Chroma holds ids and vectors; records, vectors and BM25 lie in our own files beside it, because asking Chroma for whole
records costs three times as much as asking for ids, and because two builds of the same rows differ in Chroma's bytes.
A reader works on a private copy of the Chroma directory: every open rewrites `chroma.sqlite3`, and a directory that is
deleted under a reader gives errors.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from brain.catalog import Company, Role, Topic, Track
from brain.copies import private_copy
from brain.errors import EmbedderError, StoreError
from brain.hnsw import blank_unused
from brain.jsonlines import StoredRecords, read_records, write_records
from brain.lexical import LexicalIndex
from brain.records import Cluster, Document, Passage, Record, ReportedQuestion
from brain.versions import MANIFEST, Audit, Manifest, Versions

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]
Searchable = TypeVar("Searchable", Passage, ReportedQuestion)

_AUDIT_ALL_BELOW = 2_000
_FILES = "files.json"
_CHROMA_BATCH = 1_000


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
    """Everything that a version holds: vectors are row-aligned with the records of the same name.

    The sequences may lie on disk (`brain.jsonlines.StoredRecords`, memory-mapped arrays): each is walked in order.
    """

    context: Context
    documents: Sequence[Document]
    passages: Sequence[Passage]
    questions: Sequence[ReportedQuestion]
    clusters: Sequence[Cluster]
    passage_vectors: Vectors
    question_vectors: Vectors

    def logical_hash(self) -> str:
        """SHA-256 over the rows (id, indexed text, vector bytes) sorted by id; equal content, equal hash.

        BM25 is a function of the same texts, so it needs no bytes of its own.
        """
        rows = [*_rows(self.passages, self.passage_vectors), *_rows(self.questions, self.question_vectors)]
        digest = hashlib.sha256()
        for _, row in sorted(rows):
            digest.update(row)
        return digest.hexdigest()


def _rows(records: Sequence[Searchable], vectors: Vectors) -> Iterator[tuple[str, bytes]]:
    """The id and the hash of each row, so that a sorted list of them stays small."""
    for record, vector in zip(records, vectors, strict=True):
        digest = hashlib.sha256()
        for part in (record.id.encode(), search_text(record).encode(), vector.astype("<f4").tobytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
        yield record.id, digest.digest()


def search_text(record: Passage | ReportedQuestion) -> str:
    """The text of a record that is embedded and indexed."""
    return record.search_text if isinstance(record, Passage) else record.text


def write_content(folder: Path, content: Content) -> None:
    """Write records, vectors and both indexes into an empty folder.

    Raises OSError, or StoreError when Chroma cannot write, for want of space as a rule.
    """
    from chromadb.errors import ChromaError

    (folder / "context.json").write_text(content.context.model_dump_json(indent=1), "utf-8")
    write_records(folder / "documents.jsonl", content.documents)
    write_records(folder / "clusters.jsonl", content.clusters)
    try:
        with closing(_client(folder / "chroma")) as client:
            _write_collection(folder, client, "passages", content.passages, content.passage_vectors)
            _write_collection(folder, client, "questions", content.questions, content.question_vectors)
    except ChromaError as error:
        raise StoreError(
            f"The index could not be written: {error}.", next_step="Free some space and run again; nothing changed."
        ) from error
    blank_unused(folder / "chroma")
    (folder / _FILES).write_text(json.dumps(_digests(folder), indent=1), "utf-8")


def _write_collection(
    folder: Path, client: "Client", name: str, records: Sequence[Searchable], vectors: Vectors
) -> None:
    write_records(folder / f"{name}.jsonl", records)
    np.save(folder / f"{name}.npy", vectors)
    LexicalIndex.build(search_text(record) for record in records).save(folder / "bm25" / name)
    # Without the configuration a bare collection measures squared Euclidean distance.
    collection = client.create_collection(
        name,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 128}},
        embedding_function=None,
    )
    ids = [record.id for record in records]
    step = min(_CHROMA_BATCH, client.get_max_batch_size())
    for first in range(0, len(records), step):
        batch = slice(first, first + step)
        collection.add(ids=ids[batch], embeddings=np.asarray(vectors[batch]))


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
        self.records: Sequence[Searchable] = records
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

    def counts(self) -> set[int]:
        """How many rows the records, the vectors, BM25 and Chroma hold: one number when all is well."""
        return {len(self.records), len(self.vectors), self.lexical.size, self._collection.count()}

    def finds(self, position: int) -> bool:
        """Whether Chroma answers a row's own vector with that row, or with one whose vector is the same."""
        found = self.nearest(self.vectors[position], 3)
        same = (other for other in found if np.array_equal(self.vectors[other], self.vectors[position]))
        return position in found or any(same)

    def get(self, record_id: str) -> Searchable | None:
        """The record of that id, or None."""
        position = self.positions.get(record_id)
        return None if position is None else self.records[position]


class OpenIndex:
    """The index of a version opened from a private copy; its records stay on disk. Close it when the work is done."""

    _mapping: Literal["r"] | None = "r"

    def __init__(self, folder: Path, manifest: Manifest, copies: Path) -> None:
        self.manifest = manifest
        with ExitStack() as undo:
            self._client = _client(undo.enter_context(private_copy(folder / "chroma", copies)))
            undo.callback(self._client.close)
            self.passages = self._index(folder, "passages", Passage)
            self.questions = self._index(folder, "questions", ReportedQuestion)
            self._held = undo.pop_all()

    def _index(self, folder: Path, name: str, model: type[Searchable]) -> Index[Searchable]:
        records = self._records(folder / f"{name}.jsonl", model)
        vectors = np.load(folder / f"{name}.npy", mmap_mode=self._mapping)
        lexical = LexicalIndex.load(folder / "bm25" / name, len(records))
        collection = self._client.get_collection(name, embedding_function=None)
        return Index(records, vectors, lexical, collection)

    def _records(self, path: Path, model: type[Searchable]) -> Sequence[Searchable]:
        return StoredRecords(path, model)

    def close(self) -> None:
        """Let go of Chroma's memory and file descriptors, and of the private copy."""
        self._held.close()


class OpenVersion(OpenIndex):
    """A published version opened for reading, all of it in memory: the version itself may be pruned meanwhile."""

    _mapping = None

    def __init__(self, folder: Path, manifest: Manifest, copies: Path) -> None:
        self.context = Context.model_validate_json((folder / "context.json").read_bytes())
        self.documents = {document.id: document for document in read_records(folder / "documents.jsonl", Document)}
        self.clusters = tuple(read_records(folder / "clusters.jsonl", Cluster))
        super().__init__(folder, manifest, copies)

    def _records(self, path: Path, model: type[Searchable]) -> Sequence[Searchable]:
        return tuple(read_records(path, model))

    @cached_property
    def cluster_of(self) -> dict[str, Cluster]:
        """Clusters by their id, their aliases and their questions' ids."""
        return {key: cluster for cluster in self.clusters for key in (cluster.id, *cluster.aliases)}


def read_questions(folder: Path) -> list[ReportedQuestion]:
    """A version's questions, without opening its index."""
    return list(read_records(folder / "questions.jsonl", ReportedQuestion))


def read_content(folder: Path) -> Content:
    """All that was given to `write_content`, without opening an index; vectors stay on disk until they are used.

    Raises OSError or ValueError when a file is missing or damaged.
    """
    return Content(
        Context.model_validate_json((folder / "context.json").read_bytes()),
        list(read_records(folder / "documents.jsonl", Document)),
        list(read_records(folder / "passages.jsonl", Passage)),
        read_questions(folder),
        list(read_records(folder / "clusters.jsonl", Cluster)),
        np.load(folder / "passages.npy", mmap_mode="r"),
        np.load(folder / "questions.npy", mmap_mode="r"),
    )


def open_version(versions: Versions, home: Path, *, embedder_id: str) -> OpenVersion:
    """Open the current version, warmed by one query to each collection.

    Raises NotIngestedError, StoreError when it is damaged, or EmbedderError when another embedder made it.
    """
    version = versions.require_current()
    manifest = versions.manifest(version)
    if manifest.embedder != embedder_id:
        raise EmbedderError(
            f"{manifest.corpus!r} ({version}) was made with the embedder {manifest.embedder!r}, not {embedder_id!r}.",
            next_step=f"Set BRAIN_EMBEDDER to match, or run `ingest run {manifest.corpus}` again.",
        )
    with versions.lease(version) as folder:
        with damage_told(manifest):
            _refuse_damage(folder)
        return open_folder(folder, manifest, home / "readers")


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file that `write_content` wrote, by its path in the version."""
    later = {folder / _FILES, folder / MANIFEST}
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path not in later):
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def compare_files(folder: Path) -> tuple[int, list[str]]:
    """How many files a version has, and which of them are not what was written, or missing, or too many.

    Chroma and HNSW read damaged files without a word. Raises OSError or ValueError when the list itself is damaged.
    """
    written: dict[str, str] = json.loads((folder / _FILES).read_bytes())
    found = _digests(folder)
    names = written.keys() | found.keys()
    return len(names), sorted(name for name in names if written.get(name) != found.get(name))


def _refuse_damage(folder: Path) -> None:
    _, damaged = compare_files(folder)
    if damaged:
        raise ValueError(f"{', '.join(damaged)}: not as it was written")


def open_folder(folder: Path, manifest: Manifest, copies: Path) -> OpenVersion:
    """Open a version's folder and warm it. Raises StoreError when a file is missing or damaged."""
    warm = np.ones(manifest.dimensions, dtype=np.float32)
    with damage_told(manifest), ExitStack() as undo:
        opened = OpenVersion(folder, manifest, copies)
        undo.callback(opened.close)
        opened.passages.nearest(warm, 1)
        opened.questions.nearest(warm, 1)
        undo.pop_all()
    return opened


@contextmanager
def damage_told(manifest: Manifest) -> Iterator[None]:
    """Turn what missing and damaged files raise into a StoreError."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, EOFError, KeyError, OSError, ValueError) as error:
        raise StoreError(
            f"The version {manifest.version} of {manifest.corpus!r} cannot be opened: {error}",
            next_step=f"Run `ingest rollback {manifest.corpus}` or `ingest run {manifest.corpus}`.",
        ) from error


def audit(opened: OpenIndex) -> Audit:
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
    counts = index.counts()
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
