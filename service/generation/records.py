"""What is asked of generation, and what it answers: frozen records without HTTP."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from brain.records import Citation, Dates, Difficulty, Provenance, QuestionKind, Record, RoleMatch

CorpusId = Annotated[str, StringConstraints(min_length=1, max_length=120)]
TopicName = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Scope = Literal["direct", "approach", "none"]
ConfidenceLevel = Literal["high", "medium", "low"]

MAX_COUNT = 50


class QuestionSetRequest(Record):
    """A wish for a set of questions; the same wish to the same version gets the same set."""

    corpus: CorpusId = Field(description="A corpus id, as `GET /v1/corpora` lists them.")
    count: int = Field(default=12, ge=1, le=MAX_COUNT, description="How many questions.")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Another seed draws another set.")
    kinds: tuple[QuestionKind, ...] = Field(default=(), max_length=7, description="Only these kinds; empty is all.")
    topics: tuple[TopicName, ...] = Field(default=(), max_length=20, description="Topic ids or names; empty is all.")
    track: str = Field(default="", max_length=60, description="How one is hired, e.g. `intern`; empty is the first.")
    level: str = Field(default="", max_length=60, description="The level applied for, as reports name it.")
    answers: bool = Field(default=True, description="Whether each question comes with a model answer.")


class AnswerRequest(Record):
    """A wish for a model answer to any question."""

    corpus: CorpusId
    question: Annotated[str, StringConstraints(min_length=3, max_length=600, strip_whitespace=True)]
    kind: QuestionKind | None = Field(default=None, description="Guessed from the question when it is not given.")


class BankRequest(Record):
    """A wish to browse the reported and listed questions of a corpus."""

    corpus: CorpusId
    kinds: tuple[QuestionKind, ...] = ()
    topic: str = Field(default="", max_length=80)
    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0)


class SearchRequest(Record):
    """A wish to look into the evidence."""

    corpus: CorpusId
    query: Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
    limit: int = Field(default=8, ge=1, le=50)


class Sentence(Record):
    """One sentence of an answer; `citations` are ids of the answer's citations, empty for scaffolding of ours."""

    text: str
    citations: tuple[str, ...] = ()


class AnswerPart(Record):
    """A headed part of an answer."""

    heading: str
    sentences: tuple[Sentence, ...]


class RubricPoint(Record):
    """A point that a good answer makes; mock interviews score against it."""

    id: str
    text: str
    citations: tuple[str, ...]


class Answer(Record):
    """A model answer, or the reason why there is none.

    `scope` is `direct` when the evidence answers the question itself, `approach` when it only says how to go about such
    a question, `none` when there is no evidence: then `parts` is empty and `reason` says what is missing.
    """

    scope: Scope
    reason: str = ""
    parts: tuple[AnswerPart, ...] = ()
    rubric: tuple[RubricPoint, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def text(self) -> str:
        """The answer as plain text, a paragraph for each part."""
        return "\n\n".join(" ".join(sentence.text for sentence in part.sentences) for part in self.parts)


class Confidence(Record):
    """How sure it is that this is asked for this role, and what that rests on. Not calibrated yet."""

    level: ConfidenceLevel
    score: float = Field(ge=0, le=1)
    because: tuple[str, ...]


class Corroboration(Record):
    """Independent first-person reports after copies are collapsed, and the different sources among them."""

    reports: int
    sources: int


class FollowUp(Record):
    """A question that follows: reported with the question, or inferred from a card or the company's values."""

    text: str
    provenance: Provenance


class BankQuestion(Record):
    """A question with all that it rests on."""

    id: str
    text: str
    kind: QuestionKind
    topics: tuple[str, ...]
    competencies: tuple[str, ...]
    round: str
    provenance: Provenance
    role_match: RoleMatch
    label: str
    corroboration: Corroboration
    last_reported: Dates
    confidence: Confidence
    follow_ups: tuple[FollowUp, ...]
    citations: tuple[Citation, ...]


class Question(BankQuestion):
    """A question in its place in a set."""

    section: str
    minutes: int
    difficulty: Difficulty | None
    answer: Answer | None


class PlanSection(Record):
    """A part of the interview: its minutes as reported (None where no source says), and its questions."""

    name: str
    minutes: tuple[float, float] | None
    kinds: tuple[QuestionKind, ...]
    detail: str
    sources: tuple[str, ...]
    question_ids: tuple[str, ...]


class Plan(Record):
    """How the interview is built, and which question stands where."""

    track: str
    name: str
    note: str
    sections: tuple[PlanSection, ...]


class Coverage(Record):
    """What the set covers, counted."""

    kinds: dict[str, int]
    topics: dict[str, int]
    competencies: dict[str, int]
    provenance: dict[str, int]
    answered: dict[str, int]
    sources: int


class Thinness(Record):
    """How much evidence the corpus has, and what is missing for this request."""

    thin: bool
    independent_reports: int
    first_reported: Dates
    last_reported: Dates
    missing: tuple[str, ...]


class Dropped(Record):
    """A question or sentence that did not pass a gate."""

    id: str
    text: str
    gate: str
    reason: str


class QuestionSet(Record):
    """A set of questions for one corpus, from exactly one version."""

    id: str
    corpus: str
    title: str
    version: str
    request: QuestionSetRequest
    plan: Plan
    questions: tuple[Question, ...]
    coverage: Coverage
    thinness: Thinness
    dropped: tuple[Dropped, ...]


class AnsweredQuestion(Record):
    """A model answer to a question that the caller asked."""

    corpus: str
    version: str
    question: str
    kind: QuestionKind
    topics: tuple[str, ...]
    nearest_reported: tuple[str, ...]
    answer: Answer
    follow_ups: tuple[FollowUp, ...]
    dropped: tuple[Dropped, ...]


class FoundPassage(Record):
    """A passage that was found, with its raw scores."""

    citation: Citation
    headings: tuple[str, ...]
    score: float
    cosine: float
    bm25: float


class FoundQuestion(Record):
    """A question that was found, with its raw scores."""

    id: str
    text: str
    kind: QuestionKind
    provenance: Provenance
    score: float
    cosine: float
    bm25: float


class SearchResult(Record):
    """What the evidence holds for a query; `evidence` says whether any of it is strong enough to answer from."""

    corpus: str
    version: str
    query: str
    evidence: bool
    passages: tuple[FoundPassage, ...]
    questions: tuple[FoundQuestion, ...]


class Bank(Record):
    """A page of the reported and listed questions, surest first; `total` counts all that fit the wish."""

    corpus: str
    version: str
    total: int
    questions: tuple[BankQuestion, ...]
