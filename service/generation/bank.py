"""The bank: every reported and listed question of a version, to browse."""

from service.generation.candidates import Candidate, named_topics, told
from service.generation.records import Bank, BankQuestion, BankRequest
from service.generation.workspace import Workspace


def bank_question(candidate: Candidate) -> BankQuestion:
    """A candidate as the API shows it."""
    return BankQuestion(
        id=candidate.id,
        text=candidate.text,
        kind=candidate.kind,
        topics=candidate.topics,
        competencies=candidate.competencies,
        round=candidate.round,
        provenance=candidate.provenance,
        role_match=candidate.role_match,
        label=candidate.label,
        corroboration=candidate.corroboration,
        last_reported=candidate.cluster.reported if candidate.cluster else None,
        confidence=candidate.confidence,
        follow_ups=candidate.follow_ups,
        citations=candidate.citations,
    )


def browse(workspace: Workspace, request: BankRequest) -> Bank:
    """A page of the bank, surest first."""
    topics = named_topics(workspace, request.topic) if request.topic else set()
    fitting = [
        candidate
        for candidate in told(workspace)
        if (not request.kinds or candidate.kind in request.kinds)
        and (not request.topic or topics & set(candidate.topics))
    ]
    fitting.sort(key=lambda candidate: (-candidate.confidence.score, candidate.id))
    page = fitting[request.offset : request.offset + request.limit]
    return Bank(
        corpus=request.corpus,
        version=workspace.version.manifest.version,
        total=len(fitting),
        questions=tuple(bank_question(candidate) for candidate in page),
    )


def find_question(workspace: Workspace, question_id: str) -> BankQuestion | None:
    """The question of that id or alias, or None."""
    cluster = workspace.version.cluster_of.get(question_id)
    if cluster is None:
        return None
    return next(bank_question(candidate) for candidate in told(workspace) if candidate.id == cluster.id)
