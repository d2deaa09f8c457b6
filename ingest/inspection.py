"""Inspect a served version: its files, its index, and every invariant of its records."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from brain.errors import RefusedError, StoreError
from brain.records import Document, Passage, Record, ReportedQuestion, content_id
from brain.store import Content, OpenIndex, audit, compare_files, damage_told, read_content
from brain.versions import Manifest, Versions
from ingest.publish import counts
from ingest.tombstones import Tombstones


class Check(Record):
    """One thing that was checked: how often, and what is wrong with which record."""

    name: str
    checked: int
    problems: tuple[str, ...] = ()


class Inspection(Record):
    """All checks of one served version."""

    corpus: str
    version: str
    checks: tuple[Check, ...]

    @property
    def problems(self) -> int:
        """How many problems there are."""
        return sum(len(check.problems) for check in self.checks)


@dataclass(frozen=True)
class _Subject:
    """A version with its records at hand."""

    corpus: str
    manifest: Manifest
    content: Content
    documents: dict[str, Document]
    stones: Tombstones


def inspect(versions: Versions, home: Path) -> Inspection:
    """Check the served version of a corpus. Raises NotIngestedError, or StoreError when its manifest is damaged."""
    version = versions.require_current()
    manifest = versions.manifest(version)
    with versions.lease(version) as folder:
        try:
            checks = [_files(folder), _index(folder, manifest, home / "readers")]
            checks += _records(versions.corpus_id, folder, manifest, Tombstones.load(home))
        except (OSError, ValueError, StoreError) as error:
            checks = [Check(name="it can be read", checked=1, problems=(str(error),))]
    return Inspection(corpus=versions.corpus_id, version=version, checks=tuple(checks))


def _files(folder: Path) -> Check:
    number, damaged = compare_files(folder)
    problems = tuple(f"{name} is not as it was written" for name in damaged)
    return Check(name="files have the digests they were written with", checked=number, problems=problems)


def _index(folder: Path, manifest: Manifest, readers: Path) -> Check:
    name = "the index finds its own rows"
    try:
        with damage_told(manifest), closing(OpenIndex(folder, manifest, readers)) as opened:
            return Check(name=name, checked=audit(opened).asked)
    except StoreError as error:
        return Check(name=name, checked=1, problems=(error.message,))


def _records(corpus: str, folder: Path, manifest: Manifest, stones: Tombstones) -> list[Check]:
    content = read_content(folder)
    documents = {document.id: document for document in content.documents}
    subject = _Subject(corpus, manifest, content, documents, stones)
    return [Check(name=name, checked=number, problems=tuple(found)) for name, number, found in _each(subject)]


def _each(subject: _Subject) -> Iterator[tuple[str, int, Iterator[str]]]:
    content = subject.content
    documents, passages, questions = content.documents, content.passages, content.questions
    asks: list[Passage | ReportedQuestion] = [*passages, *questions]
    yield "the logical hash is that of the manifest", len(asks), _logical_hash(subject)
    yield "the counts are those of the manifest", len(subject.manifest.counts), _counts(subject)
    yield "ids are hashes of their content", len(documents) + len(asks), _ids(subject)
    yield "the text of a passage or quote stands in its document", len(asks), _offsets(subject)
    yield "every question is in exactly one cluster", len(questions), _clusters(subject)
    yield "corroboration counts independent reports", len(content.clusters), _corroboration(subject)
    yield "rights are known", len(documents), _over(documents, _rights)
    yield "no document comes from a site that is never fetched", len(documents), _over(documents, _denied)
    yield "no personal data", len(documents), _over(documents, _personal)
    yield "what reads like an instruction is flagged", len(asks), _flags(subject)
    yield "near-copies are collapsed", len(documents), _groups(subject)
    yield "nothing that was forgotten", len(documents), _forgotten(subject)


def _over(documents: Sequence[Document], problem: Callable[[Document], str]) -> Iterator[str]:
    for document in documents:
        if found := problem(document):
            yield f"{document.id} ({document.url}): {found}"


def _logical_hash(subject: _Subject) -> Iterator[str]:
    found, said = subject.content.logical_hash(), subject.manifest.logical_hash
    if found != said:
        yield f"it is {found[:12]}…, and the manifest says {said[:12]}…"


def _counts(subject: _Subject) -> Iterator[str]:
    content = subject.content
    found = counts(content.documents, content.passages, content.questions, content.clusters)
    for name, number in subject.manifest.counts.items():
        if name in found and found[name] != number:
            yield f"{name}: there are {found[name]}, and the manifest says {number}"


def _ids(subject: _Subject) -> Iterator[str]:
    content = subject.content
    for document in content.documents:
        if document.id != content_id("d", document.url, document.text):
            yield f"the document {document.id} is not the hash of its address and text"
    for passage in content.passages:
        if passage.id != content_id("p", passage.document_id, str(passage.start), str(passage.end)):
            yield f"the passage {passage.id} is not the hash of its place"
    for question in content.questions:  # one that a person reworded keeps the id of what was mined
        expected = content_id("q", question.document_id, str(question.start), question.text)
        if not question.reviewed and question.id != expected:
            yield f"the question {question.id} is not the hash of its place and wording"
    rows = Counter(one.id for records in (content.documents, content.passages, content.questions) for one in records)
    yield from (f"the id {name} is used {number} times" for name, number in rows.items() if number > 1)


def _offsets(subject: _Subject) -> Iterator[str]:
    records: list[Passage | ReportedQuestion] = [*subject.content.passages, *subject.content.questions]
    for record in records:
        text = record.text if isinstance(record, Passage) else record.quote
        document = subject.documents.get(record.document_id)
        if document is None:
            yield f"{record.id} belongs to {record.document_id}, which is not there"
        elif not text or document.text[record.start : record.end] != text:
            yield f"{record.id} is not what {document.url} says at {record.start}–{record.end}"
    for document in subject.content.documents:
        if not unicodedata.is_normalized("NFC", document.text):
            yield f"the text of {document.id} is not in NFC, so offsets may differ elsewhere"


def _clusters(subject: _Subject) -> Iterator[str]:
    member_of = Counter(name for cluster in subject.content.clusters for name in cluster.questions)
    for question in subject.content.questions:
        if member_of[question.id] != 1:
            yield f"the question {question.id} is in {member_of[question.id]} clusters"
    known = {question.id for question in subject.content.questions}
    yield from (f"a cluster holds {name}, which is no question" for name in member_of if name not in known)
    for cluster in subject.content.clusters:
        if (cluster.id, *cluster.aliases) != cluster.questions:
            yield f"the cluster {cluster.id} is not named after its first question"


def _corroboration(subject: _Subject) -> Iterator[str]:
    questions = {question.id: question for question in subject.content.questions}
    for cluster in subject.content.clusters:
        members = (questions[name] for name in cluster.questions if name in questions)
        told = [subject.documents.get(one.document_id) for one in members if one.provenance == "reported"]
        groups = {one.duplicate_group or one.id: one.source for one in told if one}
        found, said = (len(groups), len(set(groups.values()))), (cluster.reports, cluster.sources)
        if found != said:
            yield f"the cluster {cluster.id} counts {said} reports and sources, and has {found}"


def _rights(document: Document) -> str:
    rights = document.rights
    if not rights.basis or not rights.licence:
        return "the ledger names no basis or no licence"
    fetched = document.form == "verbatim" and document.url.startswith(("http://", "https://"))
    if fetched and rights.robots in {"", "not asked"}:
        return "it was fetched without asking robots.txt"
    return ""


def _denied(document: Document) -> str:
    if document.form != "verbatim" or not document.url.startswith(("http://", "https://")):
        return ""
    from brain.denied import refuse_denied

    parts = urlsplit(document.url)
    try:
        refuse_denied(document.url, (parts.hostname or "").lower(), f"{parts.path}?{parts.query}")
    except RefusedError as error:
        return error.reason
    return ""


def _personal(document: Document) -> str:
    from brain.screening import remove_personal_data

    if document.form != "verbatim":
        return ""
    for name, text in (("title", document.title), ("text", document.text), ("comments", document.comments)):
        if remove_personal_data(text) != text:
            return f"its {name} holds personal data"
    return ""


def _flags(subject: _Subject) -> Iterator[str]:
    from brain.screening import instruction_spans

    spans = {key: instruction_spans(document.text) for key, document in subject.documents.items()}
    for passage in subject.content.passages:
        meant = any(a < passage.end and b > passage.start for a, b in spans.get(passage.document_id, ()))
        if meant != ("instruction" in passage.flags):
            yield f"the passage {passage.id} is {'not ' * meant}flagged"
    for question in subject.content.questions:
        if any(a < question.end and b > question.start for a, b in spans.get(question.document_id, ())):
            yield f"the question {question.id} was mined from an instruction"


def _groups(subject: _Subject) -> Iterator[str]:
    for document in subject.content.documents:
        if document.duplicate_group not in subject.documents:
            yield f"{document.id} is in the group of {document.duplicate_group or 'none'}, which is not there"
        elif document.duplicate_group != document.id:
            yield f"{document.id} is a near-copy of {document.duplicate_group}, and both are served"


def _forgotten(subject: _Subject) -> Iterator[str]:
    for document in subject.content.documents:
        if reason := subject.stones.names(document.url, document.id, corpus=subject.corpus):
            yield f"{document.id} ({document.url}): {reason}"
    for stone in subject.stones.of(subject.corpus):
        if stone.finished is None:
            yield f"{stone.says}: that is not finished; run `ingest forget {stone.value}` again"
