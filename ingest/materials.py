"""What travels between the stages of ingest, before it becomes a Document."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Literal

from brain.catalog import Source
from brain.records import (
    Account,
    Dates,
    Display,
    Document,
    DocumentKind,
    Form,
    Passage,
    QuestionKind,
    Record,
    ReportedQuestion,
    RoleMatch,
)

Format = Literal["html", "markdown", "text", "digest", "card", "values"]


class Lead(Record):
    """An address worth looking at: a web page, a local file, or a bundled data file."""

    address: str
    format: Format | None = None
    path: Path | None = None
    source: Source | None = None


class Fetched(Record):
    """The bytes behind a lead."""

    address: str
    url: str
    format: Format
    content: bytes
    charset: str | None = None
    retrieved: date | None = None
    robots: str = "not asked"
    robots_tag: str = ""
    source: Source | None = None

    @property
    def key(self) -> str:
        """What an extraction depends on; not the day it was fetched."""
        settings = self.source.model_dump_json() if self.source else ""
        content = hashlib.sha256(self.content).hexdigest()
        return f"{self.url}:{self.format}:{self.charset}:{self.robots}:{self.robots_tag}:{settings}:{content}"


class StatedQuestion(Record):
    """A question that one of our data files states; `text[start:end]` of the rendered text is the question."""

    text: str
    start: int
    end: int
    kind: QuestionKind
    basis: Literal["asked", "listed", "typical"]
    topics: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    round: str = ""
    follow_ups: tuple[str, ...] = ()
    note: str = ""


class Extracted(Record):
    """A document's text and what is known of it, before screening."""

    url: str
    title: str
    text: str
    kind: DocumentKind
    form: Form
    account: Account | None = None
    role_match: RoleMatch = "exact"
    level: str = ""
    track: str = ""
    language: str = "en"
    published: Dates = None
    interviewed: Dates = None
    retrieved: Dates = None
    topics: tuple[str, ...] = ()
    question_kinds: tuple[QuestionKind, ...] = ()
    references: tuple[str, ...] = ()
    basis: str
    licence: str = "unknown"
    robots: str = "not asked"
    signals: tuple[str, ...] = ()
    display: Display = "quote"
    note: str = ""
    questions: tuple[StatedQuestion, ...] = ()


class Screened(Record):
    """A document that may be used, with the questions that it states itself."""

    document: Document
    stated: tuple[StatedQuestion, ...] = ()


class Split(Record):
    """The passages of one document."""

    passages: tuple[Passage, ...]


class Mined(Record):
    """The questions of one document."""

    questions: tuple[ReportedQuestion, ...]
