"""Export a served version as JSON Lines, without the words that the rights ledger does not allow to be shown."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from brain.errors import BadInputError
from brain.jsonlines import read_records, write_records
from brain.records import Document, Passage, Record, ReportedQuestion
from brain.versions import Versions, write_durably

One = TypeVar("One", Document, Passage, ReportedQuestion)

EXPORTED = ("documents.jsonl", "passages.jsonl", "questions.jsonl", "manifest.json")


class Export(Record):
    """What was exported. Of the documents in `withheld` only the ledger allows no more than a link, or a summary.

    Their text, passages and quotes are left out; where they come from, and the questions in our wording, stay.
    """

    corpus: str
    version: str
    folder: str
    documents: int
    passages: int
    questions: int
    flagged_passages: int
    withheld: tuple[str, ...]


def export(versions: Versions, folder: Path) -> Export:
    """Write the served version's records into a folder, whose files of the same names are replaced.

    Raises NotIngestedError, StoreError, or BadInputError when the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder} is a file.", next_step="Give a folder with -o.")
    version = versions.require_current()
    manifest = versions.manifest(version)
    folder.mkdir(parents=True, exist_ok=True)
    with versions.lease(version) as held:
        withheld = {one.id for one in read_records(held / "documents.jsonl", Document) if not may_show_text(one)}
        flagged = sum(bool(one.flags) for one in read_records(held / "passages.jsonl", Passage))
        _copy(held, folder, "documents", Document, lambda one: _document(one, withheld))
        passages = _copy(held, folder, "passages", Passage, lambda one: None if one.document_id in withheld else one)
        _copy(held, folder, "questions", ReportedQuestion, lambda one: _question(one, withheld))
    made = Export(
        corpus=versions.corpus_id,
        version=version,
        folder=str(folder),
        documents=manifest.counts["documents"],
        passages=passages,
        questions=manifest.counts["questions"],
        flagged_passages=flagged,
        withheld=tuple(sorted(withheld)),
    )
    write_durably(folder / "manifest.json", _described(made, manifest.model_dump_json()))
    return made


def may_show_text(document: Document) -> bool:
    """Whether a client may see the stored words: the source's where quoting is allowed, ours unless only a link is."""
    display = document.rights.display
    return display == "quote" or (display == "summary" and document.form != "verbatim")


def _document(document: Document, withheld: set[str]) -> Document:
    return document.model_copy(update={"text": "", "comments": ""}) if document.id in withheld else document


def _question(question: ReportedQuestion, withheld: set[str]) -> ReportedQuestion:
    return question.model_copy(update={"quote": ""}) if question.document_id in withheld else question


def _copy(held: Path, folder: Path, name: str, model: type[One], shown: Callable[[One], One | None]) -> int:
    """Write what may be shown of one kind of record, then put the file in its place; how many there are."""
    count = 0

    def records() -> Iterator[One]:
        nonlocal count
        for record in read_records(held / f"{name}.jsonl", model):
            if (kept := shown(record)) is not None:
                count += 1
                yield kept

    fresh = folder / f".{name}.jsonl.part"
    try:
        write_records(fresh, records())
        fresh.replace(folder / f"{name}.jsonl")
    finally:
        fresh.unlink(missing_ok=True)
    return count


def _described(made: Export, manifest: str) -> str:
    return f'{{"export":{made.model_dump_json(exclude={"folder"})},"manifest":{manifest}}}\n'
