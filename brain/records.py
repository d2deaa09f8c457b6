"""The records that travel between the programs: frozen pydantic models with content-hash ids.

Offsets everywhere count Unicode code points in the stored text (after NFC, after personal data is removed), so that
`document.text[start:end]` is the cited text in Python. Ids are hashes of content: the same input has the same id on
every machine.
"""

import hashlib
import re
from calendar import monthrange
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, model_validator

DocumentKind = Literal["interview_report", "role_description", "company_guidance", "knowledge"]
Form = Literal["verbatim", "digest", "own"]
Account = Literal["first_person", "third_party", "typical"]
RoleMatch = Literal["exact", "adjacent", "company_wide"]
QuestionKind = Literal["behavioral", "concept", "coding", "design", "experience", "motivation", "candidate_question"]
Provenance = Literal["reported", "listed", "adapted", "inferred"]
Evidence = Literal["source_text", "our_digest", "our_card"]
Display = Literal["quote", "summary", "link_only"]
Difficulty = Literal["warm-up", "core", "deep"]


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def content_id(prefix: str, *parts: str) -> str:
    """`prefix_` and 16 hex digits of the SHA-256 of the parts, each preceded by its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"{prefix}_{digest.hexdigest()[:16]}"


class Interval(Record):
    """A span of days, both ends included; an unknown date is `None` in the place of an Interval."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the interval ends ({self.last}) before it begins ({self.first})")
        return self

    def __str__(self) -> str:
        """Render the coarsest of year, month or day that says the same, else `first/last`."""
        day = self.first.isoformat()
        for text in (day[:4], day[:7], day):
            if parse_interval(text) == self:
                return text
        return f"{self.first}/{self.last}"


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parse_interval(value: str) -> Interval | None:
    """Read `2024`, `2024-02`, `2024-02-06`, `2023-11/2024-01` or `unknown` (None); ValueError otherwise."""
    if value == "unknown":
        return None
    first, slash, last = value.partition("/")
    return Interval(first=_bounds(first)[0], last=_bounds(last if slash else first)[1])


def _bounds(text: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no date; write 2024-02-06, 2024-02, 2024, 2023-11/2024-01 or unknown")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # noqa: S101 - the pattern demands it
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _read_interval(value: object) -> object:
    return parse_interval(value) if isinstance(value, str) else value


def _write_interval(value: Interval | None) -> str:
    return "unknown" if value is None else str(value)


Dates = Annotated[Interval | None, BeforeValidator(_read_interval), PlainSerializer(_write_interval, return_type=str)]
"""An interval that reads and writes as the short text of `parse_interval`; None is `unknown`."""


class Rights(Record):
    """What the rights ledger knows of a document."""

    basis: str
    licence: str = "unknown"
    robots: str = "not asked"
    signals: tuple[str, ...] = ()
    display: Display = "quote"


class ReportedQuestion(Record):
    """One ask that a document reports or lists; `document.text[start:end] == quote`.

    `reviewed` says that a person has read it and let it stand, as it was or corrected.
    """

    id: str
    document_id: str
    text: str
    quote: str
    start: int
    end: int
    kind: QuestionKind
    provenance: Provenance
    account: Account
    role_match: RoleMatch
    topics: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    round: str = ""
    level: str = ""
    track: str = ""
    difficulty: Difficulty | None = None
    reported: Dates = None
    follow_ups: tuple[str, ...] = ()
    follow_up: bool = False
    follow_up_of: str | None = None
    note: str = ""
    reviewed: bool = False


class Document(Record):
    """One source as we keep it: its text, where it comes from, and what it may count as.

    `comments` are what readers wrote below it: kept apart, neither searched nor mined.
    """

    id: str
    url: str
    title: str
    source: str
    kind: DocumentKind
    form: Form
    account: Account | None = None
    role_match: RoleMatch = "exact"
    company: str = ""
    role: str = ""
    level: str = ""
    track: str = ""
    location: str = ""
    department: str = ""
    text: str
    comments: str = ""
    language: str = "en"
    published: Dates = None
    interviewed: Dates = None
    retrieved: Dates = None
    topics: tuple[str, ...] = ()
    question_kinds: tuple[QuestionKind, ...] = ()
    references: tuple[str, ...] = ()
    rights: Rights
    duplicate_group: str = ""
    note: str = ""

    @property
    def evidence(self) -> Evidence:
        """How a passage of this document must be presented."""
        by_form: dict[Form, Evidence] = {"verbatim": "source_text", "digest": "our_digest", "own": "our_card"}
        return by_form[self.form]

    @property
    def reported(self) -> Interval | None:
        """When its questions were asked: the interview date before the publication date."""
        return self.interviewed or self.published


class Passage(Record):
    """A piece of a document that fits the embedder: `document.text[start:end] == text`."""

    id: str
    document_id: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str
    flags: tuple[str, ...] = ()

    @property
    def search_text(self) -> str:
        """What is embedded and indexed: the heading path, then the text."""
        return "\n".join((" > ".join(self.headings), self.text)) if self.headings else self.text


class Cluster(Record):
    """The same ask from one or more documents; its id is that of its first question, the others are aliases.

    `reports` counts first-person accounts after near-duplicates are collapsed, `sources` the different sources among
    them: that is the corroboration, since several candidates on one collecting site are one source.
    """

    id: str
    aliases: tuple[str, ...]
    questions: tuple[str, ...]
    reports: int
    sources: int
    reported: Dates = None


class Citation(Record):
    """Where a sentence rests: `document.text[start:end]` is `quote` (a source's words) or `summary` (ours).

    Both are None where the rights ledger allows a link only.
    """

    id: str
    document_id: str
    url: str
    title: str
    source: str
    evidence: Evidence
    display: Display
    label: str
    start: int
    end: int
    quote: str | None = None
    summary: str | None = None
    published: Dates = None
    interviewed: Dates = None
