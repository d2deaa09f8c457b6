"""The whole way of a request, in one file: plan, retrieve, select, compose, verify, respond."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from brain.catalog import Track
from brain.records import Interval, QuestionKind, content_id
from brain.screening import instruction_spans
from service.generation.bank import bank_question
from service.generation.candidates import Candidate, Pool, gather
from service.generation.compose import Ask, compose_answer
from service.generation.evidence import has_evidence
from service.generation.knowledge import cite
from service.generation.plan import MINUTES, Slot, choose_track, plan_slots
from service.generation.records import (
    AnsweredQuestion,
    AnswerRequest,
    Coverage,
    Dropped,
    FollowUp,
    FoundPassage,
    FoundQuestion,
    Plan,
    PlanSection,
    Question,
    QuestionSet,
    QuestionSetRequest,
    SearchRequest,
    SearchResult,
    Thinness,
)
from service.generation.select import Chosen, Selector
from service.generation.understand import SAME_ASK, kind_of, one_ask
from service.generation.verify import question_failure, verify_answer
from service.generation.workspace import Workspace

THIN_BELOW = 5
"""Independent first-person reports under which a corpus is called thin."""

_MOST_FOLLOW_UPS = 4


@dataclass(frozen=True)
class _Made:
    """A verified question in its place."""

    slot: Slot
    question: Question


def generate(workspace: Workspace, request: QuestionSetRequest) -> QuestionSet:
    """A set of verified questions for the request; fewer than wished where the evidence ends, and then it says so.

    Raises BadInputError for an unknown track.
    """
    track = choose_track(workspace.version.context.tracks, request.track)
    slots = plan_slots(track, request)
    pool = gather(workspace, request, track.id)
    selector = Selector(workspace, pool.candidates, request.seed)
    made: list[_Made] = []
    dropped: list[Dropped] = []
    for slot in slots:
        while (chosen := selector.choose(slot)) is not None:
            question, failures = _question(workspace, chosen, answers=request.answers)
            dropped.extend(failures)
            if question is not None:
                made.append(_Made(slot, question))
                break
    return _respond(workspace, request, track, made, [*dropped, *selector.near_duplicates], pool)


def _question(workspace: Workspace, chosen: Chosen, *, answers: bool) -> tuple[Question | None, list[Dropped]]:
    """Compose and verify one question; None when a gate stopped it."""
    candidate = chosen.candidate
    text, rest = one_ask(candidate.text)
    reworded = text != candidate.text
    follow_ups = _follow_ups(workspace, candidate, rest)
    ask = Ask(text, candidate.kind, candidate.topics, candidate.competencies, tuple(one.text for one in follow_ups))
    dropped: list[Dropped] = []
    answer = None
    if answers:
        answer, dropped = verify_answer(compose_answer(workspace, ask), workspace)
    told = bank_question(candidate)
    if reworded:
        provenance = "inferred" if candidate.provenance == "inferred" else "adapted"
        label = f"split from a longer question; {candidate.label}"
        told = told.model_copy(update={"text": text, "provenance": provenance, "label": label})
    question = Question(
        **(dict(told) | {"follow_ups": follow_ups}),
        section=chosen.slot.section,
        minutes=MINUTES[candidate.kind],
        difficulty=None,
        answer=answer,
    )
    if (failure := question_failure(question, workspace)) is None:
        return question, dropped
    gate, reason = failure
    return None, [*dropped, Dropped(id=candidate.id, text=candidate.text, gate=gate, reason=reason)]


def _follow_ups(workspace: Workspace, candidate: Candidate, rest: Sequence[str]) -> tuple[FollowUp, ...]:
    """What is asked next: the rest of the question, what reports say, then the probes for its competencies."""
    split = [FollowUp(text=text, provenance=candidate.provenance) for text in rest]
    company = workspace.version.context.company
    probes = (
        FollowUp(text=probe, provenance="inferred")
        for competency in company.competency
        if competency.id in candidate.competencies
        for probe in competency.probes
    )
    told = (one for one in [*split, *candidate.follow_ups, *probes] if not instruction_spans(one.text))
    by_text = {one.text: one for one in reversed(list(told))}
    return tuple(list(reversed(by_text.values()))[:_MOST_FOLLOW_UPS])


def _respond(
    workspace: Workspace,
    request: QuestionSetRequest,
    track: Track,
    made: Sequence[_Made],
    dropped: Sequence[Dropped],
    pool: Pool,
) -> QuestionSet:
    version = workspace.version.manifest.version
    questions = tuple(one.question for one in made)
    return QuestionSet(
        id=content_id("s", version, request.model_dump_json()),
        corpus=request.corpus,
        title=workspace.version.context.title,
        version=version,
        request=request,
        plan=_plan(track, made),
        questions=questions,
        coverage=_coverage(workspace, questions),
        thinness=_thinness(workspace, request, questions, pool),
        dropped=tuple(dropped),
    )


def _plan(track: Track, made: Sequence[_Made]) -> Plan:
    placed: dict[str, list[str]] = {}
    for one in made:
        placed.setdefault(one.slot.section, []).append(one.question.id)
    sections = [
        PlanSection(
            name=section.name,
            minutes=section.minutes,
            kinds=section.kinds,
            detail=section.detail,
            sources=section.sources,
            question_ids=tuple(placed.pop(section.name, ())),
        )
        for section in track.section
    ]
    extra = [
        PlanSection(name=name, minutes=None, kinds=(), detail="", sources=(), question_ids=tuple(ids))
        for name, ids in placed.items()
    ]
    return Plan(track=track.id, name=track.name, note=track.note, sections=(*sections, *extra))


def _coverage(workspace: Workspace, questions: Sequence[Question]) -> Coverage:
    documents = workspace.version.documents
    return Coverage(
        kinds=_counted(question.kind for question in questions),
        topics=_counted(topic for question in questions for topic in question.topics[:1]),
        competencies=_counted(name for question in questions for name in question.competencies),
        provenance=_counted(question.provenance for question in questions),
        answered=_counted(question.answer.scope for question in questions if question.answer),
        sources=len({documents[one.document_id].source for question in questions for one in question.citations}),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _thinness(workspace: Workspace, request: QuestionSetRequest, questions: Sequence[Question], pool: Pool) -> Thinness:
    reports = workspace.version.manifest.counts["independent_reports"]
    span = workspace.reports
    missing = [f"no evidence for the topic {name!r}" for name in pool.unknown_topics]
    if len(questions) < request.count:
        missing.append(f"{len(questions)} of the {request.count} questions asked for have evidence behind them")
    found = {question.kind for question in questions}
    missing.extend(f"no {kind.replace('_', ' ')} question was found" for kind in request.kinds if kind not in found)
    scopes = Counter(question.answer.scope for question in questions if question.answer and _technical(question))
    if scopes["approach"]:
        missing.append(
            f"{scopes['approach']} technical questions have no worked answer in the corpus, only an approach"
        )
    if none := sum(question.answer is not None and question.answer.scope == "none" for question in questions):
        missing.append(f"{none} questions have no answer in the corpus")
    return Thinness(
        thin=reports < THIN_BELOW,
        independent_reports=reports,
        first_reported=span and Interval(first=span.first, last=span.first),
        last_reported=span and Interval(first=span.last, last=span.last),
        missing=tuple(missing),
    )


def _technical(question: Question) -> bool:
    return question.kind in {"concept", "coding", "design"}


def answer_question(workspace: Workspace, request: AnswerRequest) -> AnsweredQuestion:
    """A verified model answer to any question, or the reason why the corpus cannot give one."""
    hits = workspace.retriever.questions(request.question, 3)
    near = [hit for hit in hits if has_evidence([hit])]
    kind: QuestionKind = request.kind or kind_of(workspace, request.question, near)
    same = [hit.record for hit in near if hit.cosine >= SAME_ASK]
    named = workspace.topics.named(request.question)
    topics = tuple(dict.fromkeys((*(topic for one in same for topic in one.topics), *named)))
    competencies = tuple(dict.fromkeys(name for one in same for name in one.competencies))
    follow_ups = [FollowUp(text=text, provenance=one.provenance) for one in same for text in one.follow_ups]
    ask = Ask(request.question, kind, topics, competencies, tuple(one.text for one in follow_ups))
    answer, dropped = verify_answer(compose_answer(workspace, ask), workspace)
    return AnsweredQuestion(
        corpus=request.corpus,
        version=workspace.version.manifest.version,
        question=request.question,
        kind=kind,
        topics=topics,
        nearest_reported=tuple(hit.record.id for hit in near),
        answer=answer,
        follow_ups=tuple(follow_ups[:_MOST_FOLLOW_UPS]),
        dropped=tuple(dropped),
    )


def search_evidence(workspace: Workspace, request: SearchRequest) -> SearchResult:
    """The best passages and questions for a query; each passage as a citation."""
    vector = workspace.retriever.embed(request.query)
    passages = workspace.retriever.passages(request.query, request.limit, vector=vector)
    questions = workspace.retriever.questions(request.query, request.limit, vector=vector)
    documents = workspace.version.documents
    return SearchResult(
        corpus=request.corpus,
        version=workspace.version.manifest.version,
        query=request.query,
        evidence=has_evidence(passages) or has_evidence(questions),
        passages=tuple(
            FoundPassage(
                citation=cite(documents[hit.record.document_id], hit.record.start, hit.record.end),
                headings=hit.record.headings,
                score=round(hit.score, 6),
                cosine=round(hit.cosine, 6),
                bm25=round(hit.bm25, 6),
            )
            for hit in passages
            if not hit.record.flags
        ),
        questions=tuple(
            FoundQuestion(
                id=hit.record.id,
                text=hit.record.text,
                kind=hit.record.kind,
                provenance=hit.record.provenance,
                score=round(hit.score, 6),
                cosine=round(hit.cosine, 6),
                bm25=round(hit.bm25, 6),
            )
            for hit in questions
        ),
    )
