"""What only the API shows: corpora and health. Everything else is a record of generation."""

from typing import Literal

from pydantic import BaseModel

from brain.catalog import Track
from brain.records import Dates


class CorpusSummary(BaseModel):
    """A corpus in a list; `version` is None until it is ingested, `problem` says what is wrong with its files."""

    id: str
    title: str
    company: str
    role: str
    version: str | None
    independent_reports: int | None
    thin: bool | None
    problem: str = ""


class CorpusList(BaseModel):
    """Every corpus that is described."""

    corpora: list[CorpusSummary]


class TopicCount(BaseModel):
    """A topic, how many questions name it, and whether a card answers it."""

    id: str
    name: str
    questions: int
    card: bool


class CompetencySummary(BaseModel):
    """A value of the company."""

    id: str
    name: str
    summary: str


class CorpusDetail(CorpusSummary):
    """A served corpus: what it holds, how the interview is built, and what may be asked for."""

    embedder: str
    counts: dict[str, int]
    licences: dict[str, int]
    first_reported: Dates
    last_reported: Dates
    tracks: list[Track]
    topics: list[TopicCount]
    competencies: list[CompetencySummary]


class Health(BaseModel):
    """Whether the service is up."""

    status: Literal["live"] = "live"


class Readiness(BaseModel):
    """Whether the service can answer, and the version of each corpus that it has open."""

    status: Literal["ready"] = "ready"
    corpora: dict[str, str]
