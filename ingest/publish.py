"""Publish: build a version beside the others, audit it, and make it the one that is served."""

import errno
import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from brain.catalog import Corpus
from brain.embedding import Embedder
from brain.errors import StoreError
from brain.jsonlines import size_of
from brain.records import Cluster, Document, Passage, Record, ReportedQuestion
from brain.store import Content, Context, OpenIndex, audit, damage_told, write_content
from brain.versions import MANIFEST, Audit, Manifest, Versions
from ingest.cache import module_source

_CODE = ("brain.store", "brain.lexical", "brain.records", "ingest.publish", "ingest.cluster", "ingest.duplicates")
_DAYS = {"retrieved"}
_FIXED_BYTES = 3_000_000
_PACKAGES = ("bm25s", "chromadb", "onnxruntime", "semantic-text-splitter", "tokenizers", "trafilatura")


def context_of(corpus: Corpus) -> Context:
    """What readers of the version need to know of the corpus."""
    return Context(
        id=corpus.id,
        title=corpus.title,
        company=corpus.company,
        role=corpus.role,
        topics=corpus.topics,
        tracks=corpus.tracks,
    )


class InputHash:
    """A hash of all that a version is made from, fed record by record; equal hashes need no new version.

    Documents, passages and questions may come in any mixture, each kind in its order. Days of fetching do not count.
    """

    def __init__(self, context: Context, merges: Iterable[frozenset[str]], embedder_id: str) -> None:
        pairs = sorted(sorted(ids) for ids in merges)
        facts = f"{embedder_id}:{code_hash()}:{context.model_dump_json()}:{json.dumps(pairs)}"
        self._facts = hashlib.sha256(facts.encode())
        kinds: tuple[type[Record], ...] = (Document, Passage, ReportedQuestion)
        self._records = {kind: hashlib.sha256() for kind in kinds}

    def add(self, record: Record) -> None:
        """Count a document, a passage or a question."""
        self._records[type(record)].update(record.model_dump_json(exclude=_DAYS).encode() + b"\n")

    def hexdigest(self) -> str:
        """The hash of what was added."""
        whole = self._facts.copy()
        for digest in self._records.values():
            whole.update(digest.digest())
        return whole.hexdigest()


def code_hash() -> str:
    """A hash of the code that shapes a version."""
    digest = hashlib.sha256()
    for module in _CODE:
        digest.update(module_source(module))
    return digest.hexdigest()[:16]


def publish(
    versions: Versions,
    content: Content,
    embedder: Embedder,
    inputs: str,
    readers: Path,
    *,
    tombstones: tuple[str, ...] = (),
) -> Manifest:
    """Write, audit, flush and switch. What was served stays served until the very last step.

    `tombstones` are the ids of those that spoke to the corpus when it was made.
    Raises StoreError when the audit fails or the disk is full.
    """
    _check_space(versions, content)
    folder = versions.new_folder()
    try:
        manifest = _manifest(versions, content, embedder, inputs).model_copy(update={"tombstones": tombstones})
        write_content(folder, content)
        manifest = manifest.model_copy(update={"audit": _audited(folder, manifest, readers)})
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), "utf-8")
        versions.publish(folder, manifest.version)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else str(error)
        raise StoreError(
            f"The version could not be written: {reason}.", next_step="Free some space and run again; nothing changed."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _check_space(versions: Versions, content: Content) -> None:
    """Refuse before anything is written: Chroma answers a full disk with errors of its own, and leaves half an index.

    An index of 650 rows and the copy that audits it take 6 MB: twice the records and five times the vectors suffice.
    """
    records = sum(map(size_of, (content.documents, content.passages, content.questions)))
    vectors = content.passage_vectors.nbytes + content.question_vectors.nbytes
    needed = _FIXED_BYTES + 5 * vectors + 2 * records
    free = shutil.disk_usage(versions.root).free
    if free < needed:
        raise StoreError(
            f"The disk of {versions.root} has {free / 1e6:.1f} MB free, and the version needs {needed / 1e6:.1f} MB.",
            next_step="Free some space and run again; nothing changed.",
        )


def _audited(folder: Path, manifest: Manifest, readers: Path) -> Audit:
    with damage_told(manifest), closing(OpenIndex(folder, manifest, readers)) as opened:
        return audit(opened)


def _manifest(versions: Versions, content: Content, embedder: Embedder, inputs: str) -> Manifest:
    logical = content.logical_hash()
    licences: dict[str, int] = {}
    for document in content.documents:
        licences[document.rights.licence] = licences.get(document.rights.licence, 0) + 1
    return Manifest(
        version=versions.next_id(logical),
        corpus=content.context.id,
        title=content.context.title,
        created=datetime.now(UTC),
        counts=counts(content.documents, content.passages, content.questions, content.clusters),
        embedder=embedder.id,
        dimensions=embedder.dimensions,
        logical_hash=logical,
        input_hash=inputs,
        code=code_hash(),
        packages={name: metadata.version(name) for name in _PACKAGES},
        cpu=_cpu_features(),
        licences=dict(sorted(licences.items())),
        audit=Audit(passages=0, questions=0, asked=0, found=0),
    )


def counts(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    questions: Sequence[ReportedQuestion],
    clusters: Sequence[Cluster],
) -> dict[str, int]:
    """What a version holds, in numbers.

    `independent_reports` counts first-person accounts after copies are collapsed, `report_sources` who published them.
    """
    reports = {
        document.duplicate_group: document.source
        for document in documents
        if document.kind == "interview_report" and document.account == "first_person"
    }
    return {
        "documents": len(documents),
        "passages": len(passages),
        "questions": len(questions),
        "distinct_questions": len(clusters),
        "reported_questions": sum(cluster.reports > 0 for cluster in clusters),
        "independent_reports": len(reports),
        "report_sources": len(set(reports.values())),
    }


def _cpu_features() -> tuple[str, ...]:
    """The vector instructions that int8 kernels depend on, where the system tells; empty elsewhere."""
    wanted = {"avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"}
    try:
        words = set(Path("/proc/cpuinfo").read_text("utf-8").split())
    except OSError:
        return ()
    return tuple(sorted(wanted & words))
