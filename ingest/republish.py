"""Publish what is served once more, without some of its documents: nothing is fetched, read or embedded again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from brain.errors import EmbedderError, StoreError
from brain.records import Document
from brain.store import Content, Searchable, read_content
from brain.versions import Manifest, Versions
from ingest.cluster import cluster_questions
from ingest.publish import InputHash, publish

if TYPE_CHECKING:
    from brain.catalog import Corpus


@dataclass(frozen=True)
class RecordedEmbedder:
    """The embedder that made a version, as its manifest remembers it: its vectors are there, so it embeds nothing."""

    id: str
    dimensions: int
    max_tokens: int = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raises EmbedderError, always."""
        raise EmbedderError(f"{len(texts)} texts were to be embedded, though every vector is kept.")

    def tokenizer_file(self) -> Path | None:
        """None: nothing is split."""
        return None


def republish_without(
    versions: Versions,
    unwanted: Callable[[Document], bool],
    readers: Path,
    *,
    corpus: "Corpus | None" = None,
    tombstones: tuple[str, ...] = (),
) -> Manifest | None:
    """Publish the served version's own records minus the unwanted documents; None when none would stay.

    `corpus` gives the merges that people decided on, if it is described still. The caller holds `versions.working()`.
    Raises NotIngestedError, or StoreError when the served version is damaged or the new one cannot be written.
    """
    served = versions.manifest(versions.require_current())
    content = _without(_read(versions, served), unwanted)
    if not content.documents:
        return None
    merges = _merges(content, corpus)
    documents = {document.id: document for document in content.documents}
    clusters = cluster_questions(content.questions, content.question_vectors, documents, merges)
    embedder = RecordedEmbedder(served.embedder, served.dimensions)
    inputs = InputHash(content.context, merges, embedder.id)
    for record in (*content.documents, *content.passages, *content.questions):
        inputs.add(record)
    content = replace(content, clusters=clusters)
    return publish(versions, content, embedder, inputs.hexdigest(), readers, tombstones=tombstones)


def _read(versions: Versions, served: Manifest) -> Content:
    try:
        return read_content(versions.folder(served.version))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"The version {served.version} of {served.corpus!r} cannot be read: {error}",
            next_step=f"Run `ingest run {served.corpus}`, then try again.",
        ) from error


def _without(content: Content, unwanted: Callable[[Document], bool]) -> Content:
    """The content minus some documents, still with the clusters of before."""
    documents = [document for document in content.documents if not unwanted(document)]
    kept = {document.id for document in documents}
    passages, passage_vectors = _kept(content.passages, content.passage_vectors, kept)
    questions, question_vectors = _kept(content.questions, content.question_vectors, kept)
    return replace(
        content,
        documents=documents,
        passages=passages,
        questions=questions,
        passage_vectors=passage_vectors,
        question_vectors=question_vectors,
    )


def _kept(
    records: Sequence[Searchable], vectors: NDArray[np.float32], documents: set[str]
) -> tuple[list[Searchable], NDArray[np.float32]]:
    rows = [position for position, record in enumerate(records) if record.document_id in documents]
    return [records[position] for position in rows], np.array(vectors[rows])


def _merges(content: Content, corpus: "Corpus | None") -> tuple[frozenset[str], ...]:
    if corpus is None or not corpus.decisions:
        return ()
    from ingest.review import apply_decisions, load_decisions

    documents = {document.id: document for document in content.documents}
    return apply_decisions(content.questions, documents, load_decisions(corpus)).merges
