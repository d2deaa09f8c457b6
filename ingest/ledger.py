"""The rights ledger of a served version: one row for each document, for people, spreadsheets and programs."""

import csv
import io
from collections import Counter

from brain.jsonlines import read_records
from brain.records import Display, Document, DocumentKind, Form, Passage, Record, ReportedQuestion
from brain.versions import Versions

# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection"), the wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Row(Record):
    """What the ledger says of one document; dates as `brain.records.parse_interval` reads them."""

    id: str
    url: str
    source: str
    title: str
    kind: DocumentKind
    form: Form
    basis: str
    licence: str
    robots: str
    signals: str
    display: Display
    published: str
    retrieved: str
    passages: int
    questions: int


class Ledger(Record):
    """The ledger of one version."""

    corpus: str
    version: str
    documents: tuple[Row, ...]


def ledger(versions: Versions) -> Ledger:
    """The ledger of the served version, by source and address. Raises NotIngestedError or StoreError."""
    version = versions.require_current()
    versions.manifest(version)
    with versions.lease(version) as folder:
        passages = Counter(one.document_id for one in read_records(folder / "passages.jsonl", Passage))
        questions = Counter(one.document_id for one in read_records(folder / "questions.jsonl", ReportedQuestion))
        documents = read_records(folder / "documents.jsonl", Document)
        rows = [_row(document, passages[document.id], questions[document.id]) for document in documents]
    rows.sort(key=lambda row: (row.source, row.url, row.id))
    return Ledger(corpus=versions.corpus_id, version=version, documents=tuple(rows))


def _row(document: Document, passages: int, questions: int) -> Row:
    rights = document.rights
    return Row(
        **document.model_dump(include={"id", "url", "source", "title", "kind", "form"}),
        **rights.model_dump(include={"basis", "licence", "robots", "display"}),
        signals="; ".join(rights.signals),
        published=str(document.published or "unknown"),
        retrieved=str(document.retrieved or "unknown"),
        passages=passages,
        questions=questions,
    )


def as_csv(made: Ledger) -> str:
    """A table for spreadsheets (RFC 4180), in which `'` disarms a cell that looks like a formula."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(Row.model_fields)
    for row in made.documents:
        table.writerow(_harmless(str(value)) for value in row.model_dump().values())
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
