"""What travels between the stages of ingest, before it becomes a Document."""

import hashlib
from bisect import bisect_right
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

Format = Literal["html", "markdown", "text", "pdf", "digest", "card", "values"]


class Entry(Record):
    """One thing that a source names: an address to fetch, a file to read, or a document with its `content`.

    `published` is when the source says it appeared, `changed` when it last changed; `kind`, `licence` and `basis` are
    the adapter's own, where it knows better than the corpus file.
    """

    address: str
    title: str = ""
    published: Dates = None
    changed: date | None = None
    location: str = ""
    department: str = ""
    kind: DocumentKind | None = None
    licence: str = ""
    basis: str = ""
    path: Path | None = None
    format: Format | None = None
    content: str = ""
    listed_by: str = ""


class Unusable(Record):
    """One thing that a source names and that cannot be used, with the reason."""

    address: str
    reason: str
    source: str = ""
    forgotten: bool = False


class Lead(Record):
    """An address worth looking at: a web page, a local file, a bundled data file, or a document from a listing."""

    address: str
    format: Format | None = None
    path: Path | None = None
    source: Source | None = None
    entry: Entry | None = None

    @property
    def on_the_web(self) -> bool:
        """Whether its bytes must be asked for."""
        return self.path is None and not (self.entry and self.entry.content)


class Fetched(Record):
    """The bytes behind a lead; `signals` are the rights signals that came with the answer and allow its use."""

    address: str
    url: str
    format: Format
    content: bytes
    charset: str | None = None
    retrieved: date | None = None
    robots: str = "not asked"
    signals: tuple[str, ...] = ()
    source: Source | None = None
    entry: Entry | None = None

    @property
    def key(self) -> str:
        """What an extraction depends on; not the day it was fetched."""
        settings = self.source.model_dump_json() if self.source else ""
        said = self.entry.model_dump_json(exclude={"content", "changed", "listed_by"}) if self.entry else ""
        content = hashlib.sha256(self.content).hexdigest()
        facts = (self.url, self.format, self.charset, self.robots, ",".join(self.signals), settings, said, content)
        return ":".join(map(str, facts))


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
    """A document's text and what is known of it, before screening.

    `denials` are what the page itself says against keeping it; `signals` what it says that allows it. `kind_stated` and
    `role_stated` are whether the corpus file says the kind and the role match: what it says wins over what a page
    seems to be.
    """

    url: str
    title: str
    text: str
    kind: DocumentKind
    kind_stated: bool = True
    form: Form
    account: Account | None = None
    role_match: RoleMatch = "exact"
    role_stated: bool = False
    level: str = ""
    track: str = ""
    location: str = ""
    department: str = ""
    comments: str = ""
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
    denials: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    display: Display = "quote"
    note: str = ""
    questions: tuple[StatedQuestion, ...] = ()


class Screened(Record):
    """A document that may be used, with the questions that it states itself.

    `marked` are the stretches of its text (start, end), in order and apart, that read like an instruction to a language
    model.
    """

    document: Document
    stated: tuple[StatedQuestion, ...] = ()
    marked: tuple[tuple[int, int], ...] = ()

    def marks(self, start: int, end: int) -> bool:
        """Whether a part of the text overlaps with such a stretch."""
        after = bisect_right(self.marked, start, key=lambda stretch: stretch[1])
        return after < len(self.marked) and self.marked[after][0] < end


class Split(Record):
    """The passages of one document."""

    passages: tuple[Passage, ...]


class Mined(Record):
    """The questions of one document."""

    questions: tuple[ReportedQuestion, ...]


class Printed(Record):
    """What near-copies of a document are found by, in base 64; empty for texts of our own."""

    fingerprint: str
