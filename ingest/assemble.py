"""Assemble: the documents that stay, with their passages and questions, written to a folder on disk in a fixed order.

A version is built from files rather than from memory, so that a run of twenty thousand pages takes no more of it than
what it remembers of each page.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from brain.embedding import Embedder
from brain.jsonlines import StoredRecords
from brain.records import Document, Interval, Passage, Record, ReportedQuestion
from brain.sources import canonical
from brain.store import Context
from ingest import reading
from ingest.cache import StageCache
from ingest.embed import Text
from ingest.gather import Gathered
from ingest.publish import InputHash
from ingest.reading import Found
from ingest.review import Applied, Decisions, apply_decisions


class Origin(NamedTuple):
    """Who published a document, and the group of near-copies it leads."""

    source: str
    duplicate_group: str


@dataclass(frozen=True)
class Assembled:
    """Everything a version will hold but vectors and clusters; `input_hash` covers all that it is made from."""

    documents: StoredRecords[Document]
    passages: StoredRecords[Passage]
    questions: StoredRecords[ReportedQuestion]
    owners: Mapping[str, str]
    origins: Mapping[str, Origin]
    reviewed: Applied
    input_hash: str

    def passage_texts(self) -> Iterator[Text]:
        """What is embedded of the passages, in their order."""
        return (Text(one.search_text, self.owners[one.document_id]) for one in self.passages)

    def question_texts(self) -> Iterator[Text]:
        """What is embedded of the questions, in their order."""
        return (Text(one.text, self.owners[one.document_id]) for one in self.questions)


class _Kept(NamedTuple):
    gathered: Gathered
    found: Found


def assemble(
    context: Context,
    gathered: Sequence[Gathered],
    decisions: Decisions,
    embedder: Embedder,
    cache: StageCache,
    folder: Path,
) -> Assembled:
    """Write the records of what was found, sorted by document, as people decided about them."""
    kept = sorted((_Kept(one, one.found) for one in gathered if one.found), key=lambda one: one.found.document_id)
    reviewed = _reviewed(kept, decisions, cache)
    decided = {question.id: question for question in reviewed.questions}
    rejected = {one.question.id for one in reviewed.rejected}
    inputs = InputHash(context, reviewed.merges, embedder.id)
    with _Files(folder) as files:
        for one in kept:
            found = reading.questions_of(one.found, cache)
            stay = (decided.get(question.id, question) for question in found if question.id not in rejected)
            for record in (_document(one, cache), *reading.passages_of(one.found, cache), *stay):
                files.keep(record)
                inputs.add(record)
    return Assembled(
        documents=StoredRecords(folder / "documents.jsonl", Document),
        passages=StoredRecords(folder / "passages.jsonl", Passage),
        questions=StoredRecords(folder / "questions.jsonl", ReportedQuestion),
        owners={one.found.document_id: one.gathered.address for one in kept},
        origins={one.found.document_id: Origin(one.found.source, one.found.document_id) for one in kept},
        reviewed=reviewed,
        input_hash=inputs.hexdigest(),
    )


class _Files(ExitStack):
    """The three files of records, open for writing."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        names: dict[type[Record], str] = {Document: "documents", Passage: "passages", ReportedQuestion: "questions"}
        self._files = {
            kind: self.enter_context((folder / f"{name}.jsonl").open("w", encoding="utf-8"))
            for kind, name in names.items()
        }

    def keep(self, record: Record) -> None:
        """Write a record to the file of its kind."""
        self._files[type(record)].write(record.model_dump_json() + "\n")


def _document(one: _Kept, cache: StageCache) -> Document:
    """The document with what the run knows of it; the day of fetching comes last, so that no stage rests on it."""
    day = one.gathered.retrieved
    facts: dict[str, object] = {"duplicate_group": one.found.document_id}
    if day is not None:
        facts["retrieved"] = Interval(first=day, last=day)
    return reading.document_of(one.found, cache).model_copy(update=facts)


def _reviewed(kept: Sequence[_Kept], decisions: Decisions, cache: StageCache) -> Applied:
    """What people decided, applied to the questions of the documents that they decided about."""
    named = {canonical(one.document) for one in decisions.decision}
    named |= {canonical(side.document) for merge in decisions.merge for side in (merge.one, merge.other)}
    concerned = [one for one in kept if canonical(one.found.url) in named]
    documents = {one.found.document_id: _document(one, cache) for one in concerned}
    questions = [question for one in concerned for question in reading.questions_of(one.found, cache)]
    return apply_decisions(questions, documents, decisions)
