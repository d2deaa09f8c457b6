"""The operations of the REST interface. Each borrows one version and answers from it alone."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request, Response

from brain.errors import CatalogError, EmbedderError, NotFoundError, NotIngestedError, NotReadyError, StoreError
from brain.records import Interval, QuestionKind
from brain.versions import Manifest
from service.api.examples import ANSWER_EXAMPLES, SEARCH_EXAMPLES, SET_EXAMPLES
from service.api.problems import documented
from service.api.schemas import (
    CompetencySummary,
    CorpusDetail,
    CorpusList,
    CorpusSummary,
    Health,
    Readiness,
    TopicCount,
)
from service.api.state import Service
from service.generation.bank import browse, find_question
from service.generation.pipeline import THIN_BELOW, answer_question, generate, search_evidence
from service.generation.records import (
    AnsweredQuestion,
    AnswerRequest,
    Bank,
    BankQuestion,
    BankRequest,
    QuestionSet,
    QuestionSetRequest,
    SearchRequest,
    SearchResult,
)
from service.generation.workspace import Workspace

router = APIRouter(tags=["brain"])
health = APIRouter(tags=["health"])


def _service(request: Request) -> Service:
    service: Service = request.state.service
    return service


Using = Annotated[Service, Depends(_service)]


@router.post("/question-sets", status_code=201, responses=documented(404, 409, 413, 422, 503))
def make_question_set(
    wish: Annotated[QuestionSetRequest, Body(openapi_examples=SET_EXAMPLES)], response: Response, service: Using
) -> QuestionSet:
    """Make a set of cited questions with model answers; it stays under its address."""
    service.versions(wish.corpus)
    with service.shelf.borrow(wish.corpus) as workspace:
        made = generate(workspace, wish)
    service.sets.keep(made)
    response.headers["Location"] = f"/v1/question-sets/{made.id}"
    return made


@router.get("/question-sets/{set_id}", responses=documented(404, 422))
def get_question_set(set_id: str, service: Using) -> QuestionSet:
    """Get a set that was made before, as it was."""
    return service.sets.get(set_id)


@router.post("/answers", responses=documented(404, 409, 413, 422, 503))
def make_answer(
    wish: Annotated[AnswerRequest, Body(openapi_examples=ANSWER_EXAMPLES)], service: Using
) -> AnsweredQuestion:
    """Answer any question from cited passages, or say why the corpus cannot."""
    service.versions(wish.corpus)
    with service.shelf.borrow(wish.corpus) as workspace:
        return answer_question(workspace, wish)


@router.post("/search", responses=documented(404, 409, 413, 422, 503))
def search(wish: Annotated[SearchRequest, Body(openapi_examples=SEARCH_EXAMPLES)], service: Using) -> SearchResult:
    """Look into the evidence: the best passages and questions for a query, with raw scores."""
    service.versions(wish.corpus)
    with service.shelf.borrow(wish.corpus) as workspace:
        return search_evidence(workspace, wish)


@router.get("/corpora")
def list_corpora(service: Using) -> CorpusList:
    """List every corpus that is described, ingested or not."""
    return CorpusList(corpora=[_listed(service, corpus_id) for corpus_id in service.catalog.ids()])


@router.get("/corpora/{corpus_id}", responses=documented(404, 409, 422, 503))
def get_corpus(corpus_id: str, service: Using) -> CorpusDetail:
    """Show what a served corpus holds, how its interview is built, and what may be asked for."""
    service.versions(corpus_id)
    with service.shelf.borrow(corpus_id) as workspace:
        return _detail(_summary(service, corpus_id, workspace.version.manifest), workspace)


@router.get("/corpora/{corpus_id}/questions", responses=documented(404, 409, 422, 503))
def list_questions(
    corpus_id: str,
    service: Using,
    kind: Annotated[list[QuestionKind] | None, Query(description="Only these kinds; may be repeated.")] = None,
    topic: Annotated[str, Query(max_length=80, description="A topic id.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Bank:
    """Browse the reported and listed questions of a corpus, surest first."""
    service.versions(corpus_id)
    wish = BankRequest(corpus=corpus_id, kinds=tuple(kind or ()), topic=topic, limit=limit, offset=offset)
    with service.shelf.borrow(corpus_id) as workspace:
        return browse(workspace, wish)


@router.get("/questions/{question_id}", responses=documented(404, 422, 503))
def get_question(question_id: str, service: Using) -> BankQuestion:
    """Get a reported or listed question by its id or an alias, whatever corpus it is in."""
    for corpus_id in service.catalog.ids():
        try:
            with service.shelf.borrow(corpus_id) as workspace:
                found = find_question(workspace, question_id)
        except (NotIngestedError, StoreError, EmbedderError):
            continue
        if found is not None:
            return found
    raise NotFoundError(
        f"There is no question {question_id!r}.", next_step="GET /v1/corpora/{id}/questions lists those there are."
    )


@health.get("/live")
def live() -> Health:
    """Say that the process runs."""
    return Health()


@health.get("/ready", responses=documented(503))
def ready(service: Using) -> Readiness:
    """Say that the embedder is warm and the published corpora are open."""
    if not service.ready:
        raise NotReadyError
    return Readiness(corpora=service.shelf.opened())


def _listed(service: Service, corpus_id: str) -> CorpusSummary:
    """A corpus in the list, or what is wrong with it: one wrong file hides none of the others."""
    try:
        return _summary(service, corpus_id)
    except (CatalogError, StoreError) as error:
        return CorpusSummary(
            id=corpus_id,
            title="",
            company="",
            role="",
            version=None,
            independent_reports=None,
            thin=None,
            problem=error.message,
        )


def _summary(service: Service, corpus_id: str, manifest: Manifest | None = None) -> CorpusSummary:
    corpus = service.catalog.corpus(corpus_id)
    if manifest is None:
        versions = service.versions(corpus_id)
        current = versions.current()
        manifest = versions.manifest(current) if current else None
    reports = manifest.counts["independent_reports"] if manifest else None
    return CorpusSummary(
        id=corpus.id,
        title=corpus.title,
        company=corpus.company.name,
        role=corpus.role.name,
        version=manifest.version if manifest else None,
        independent_reports=reports,
        thin=None if reports is None else reports < THIN_BELOW,
    )


def _detail(summary: CorpusSummary, workspace: Workspace) -> CorpusDetail:
    version, span = workspace.version, workspace.reports
    counted = Counter(topic for question in version.questions.records for topic in question.topics)
    cards = workspace.knowledge.by_topic
    return CorpusDetail(
        **summary.model_dump(),
        embedder=version.manifest.embedder,
        counts=version.manifest.counts,
        licences=version.manifest.licences,
        first_reported=span and Interval(first=span.first, last=span.first),
        last_reported=span and Interval(first=span.last, last=span.last),
        tracks=list(version.context.tracks),
        topics=[
            TopicCount(id=topic.id, name=topic.name, questions=counted[topic.id], card=topic.id in cards)
            for topic in version.context.topics
            if counted[topic.id] or topic.id in cards
        ],
        competencies=[
            CompetencySummary(id=one.id, name=one.name, summary=one.summary)
            for one in version.context.company.competency
        ],
    )
