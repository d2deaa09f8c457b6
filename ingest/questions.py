"""The questions of a document: those that a digest states, or those mined from a source's own text."""

from typing import TYPE_CHECKING, Literal

from brain.records import Account, Document, Provenance, ReportedQuestion, content_id
from brain.topics import Namer
from ingest.cache import Stage
from ingest.materials import Mined, Screened, StatedQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.mine import MinedQuestion

STAGE = Stage(
    "mine",
    Mined,
    modules=(
        "ingest.questions",
        "ingest.mine",
        "ingest.asks",
        "ingest.kinds",
        "ingest.reported",
        "ingest.sections",
        "ingest.cues",
        "ingest.blocks",
        "brain.sentences",
        "ingest.wording",
        "ingest.materials",
        "brain.records",
        "brain.topics",
    ),
    libraries=("sentencex", "markdown-it-py"),
)

_PROVENANCE: dict[Literal["asked", "listed", "typical"], Provenance] = {
    "asked": "reported",
    "listed": "listed",
    "typical": "listed",
}


def questions_of(screened: Screened, topics: Namer, competencies: Namer) -> Mined:
    """The questions that a document reports or lists; none for postings, guidance and cards."""
    document = screened.document
    if document.form == "digest":
        return Mined(questions=tuple(_stated(document, question) for question in screened.stated))
    if document.kind != "interview_report":
        return Mined(questions=())
    from ingest.mine import mine

    found = mine(document.text)
    follow_ups: dict[int, list[str]] = {}
    for one in found:
        if one.follow_up_of is not None:
            follow_ups.setdefault(one.follow_up_of, []).append(one.text)
    return Mined(
        questions=tuple(
            _mined(document, one, found, tuple(follow_ups.get(place, ())), topics, competencies)
            for place, one in enumerate(found)
            if not screened.marks(one.start, one.end)
        )
    )


def _stated(document: Document, question: StatedQuestion) -> ReportedQuestion:
    account: Account = "typical" if question.basis == "typical" else (document.account or "third_party")
    return ReportedQuestion(
        id=content_id("q", document.id, str(question.start), question.text),
        document_id=document.id,
        quote=question.text,
        provenance=_PROVENANCE[question.basis],
        account=account,
        role_match=document.role_match,
        level=document.level,
        track=document.track,
        reported=document.reported,
        **question.model_dump(exclude={"basis"}),
    )


def _mined(
    document: Document,
    one: "MinedQuestion",
    found: "Sequence[MinedQuestion]",
    follow_ups: tuple[str, ...],
    topics: Namer,
    competencies: Namer,
) -> ReportedQuestion:
    account: Account = document.account or "third_party"
    parent = None if one.follow_up_of is None else found[one.follow_up_of]
    named = topics.named(one.text) or (topics.named(parent.text) if parent else ())
    return ReportedQuestion(
        id=_mined_id(document, one),
        document_id=document.id,
        text=one.text,
        quote=one.quote,
        start=one.start,
        end=one.end,
        kind=one.kind,
        provenance="reported" if account == "first_person" else "listed",
        account=account,
        role_match=document.role_match,
        topics=named or (("behavioral",) if one.kind == "behavioral" else ()),
        competencies=competencies.named(one.text) if one.kind == "behavioral" else (),
        round=one.round,
        level=document.level,
        track=document.track,
        reported=document.reported,
        follow_ups=follow_ups,
        follow_up=one.follow_up,
        follow_up_of=None if parent is None else _mined_id(document, parent),
    )


def _mined_id(document: Document, one: "MinedQuestion") -> str:
    return content_id("q", document.id, str(one.start), one.text)
