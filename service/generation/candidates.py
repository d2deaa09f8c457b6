"""Retrieve: every question that may stand in the set, with what it rests on.

First the reported and listed questions, one for each cluster; then what may be inferred from the company's values and
from the cards. A wish for topics narrows both; a topic that the corpus has no evidence for is said so, never invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from brain.records import Citation, Cluster, Provenance, QuestionKind, ReportedQuestion, RoleMatch, content_id
from service.generation.confidence import confidence_of, inferred_confidence
from service.generation.evidence import has_evidence
from service.generation.knowledge import FOLLOW_UPS, Card, cite
from service.generation.records import Confidence, Corroboration, FollowUp, QuestionSetRequest
from service.generation.workspace import Workspace

_RELATED = 12
_STANDS_ALONE = 6  # words from which a follow-up can be asked without the question before it
_NOTHING = Corroboration(reports=0, sources=0)


@dataclass(frozen=True)
class Candidate:
    """A question that may be asked; `cluster` is None for an inferred one."""

    id: str
    text: str
    kind: QuestionKind
    topics: tuple[str, ...]
    competencies: tuple[str, ...]
    round: str
    provenance: Provenance
    role_match: RoleMatch
    label: str
    confidence: Confidence
    citations: tuple[Citation, ...]
    follow_ups: tuple[FollowUp, ...] = ()
    cluster: Cluster | None = None
    needs_context: bool = False
    documents: frozenset[str] = field(default_factory=frozenset)

    @property
    def corroboration(self) -> Corroboration:
        """Independent reports of this question."""
        if self.cluster is None:
            return _NOTHING
        return Corroboration(reports=self.cluster.reports, sources=self.cluster.sources)


@dataclass(frozen=True)
class Pool:
    """The candidates for a request, and the wished topics that nothing was found for."""

    candidates: tuple[Candidate, ...]
    unknown_topics: tuple[str, ...] = ()


def gather(workspace: Workspace, request: QuestionSetRequest, track: str) -> Pool:
    """All candidates of the wished kinds and topics; `track` is the id of the one that is planned."""
    wanted, unknown = _wanted_topics(workspace, request.topics)
    reported = (one for one in told(workspace, track, request.level) if not one.needs_context)
    everything = [*reported, *_inferred(workspace)]
    chosen = [
        candidate
        for candidate in everything
        if (not request.kinds or candidate.kind in request.kinds)
        and (not request.topics or wanted.intersection((candidate.id, *candidate.topics)))
    ]
    return Pool(tuple(chosen), unknown)


def _wanted_topics(workspace: Workspace, names: Sequence[str]) -> tuple[set[str], tuple[str, ...]]:
    """Topic and question ids that the names stand for, and the names without any evidence."""
    wanted: set[str] = set()
    unknown = []
    for name in names:
        found = named_topics(workspace, name) or _related(workspace, name)
        wanted |= found
        if not found:
            unknown.append(name)
    return wanted, tuple(unknown)


def named_topics(workspace: Workspace, name: str) -> set[str]:
    """The topics of the taxonomy that the name says, with those below, as far as the corpus has anything on them."""
    said = {name} & workspace.topic_by_id.keys() or set(workspace.topics.named(name))
    below = {topic for one in said for topic in workspace.below(one)}
    known = {topic for question in workspace.version.questions.records for topic in question.topics}
    return below & (known | workspace.knowledge.by_topic.keys())


def _related(workspace: Workspace, name: str) -> set[str]:
    """Questions about a topic that the taxonomy does not name, when the evidence for it is strong enough."""
    hits = [hit for hit in workspace.retriever.questions(name, _RELATED) if has_evidence([hit])]
    clusters = (workspace.version.cluster_of.get(hit.record.id) for hit in hits)
    return {cluster.id for cluster in clusters if cluster is not None}


def told(workspace: Workspace, track: str = "", level: str = "") -> Iterator[Candidate]:
    """Every reported or listed question, one for each cluster; `track` and `level` are those applied for."""
    version = workspace.version
    newest = workspace.reports.last if workspace.reports else None
    for cluster in version.clusters:
        members = [question for key in cluster.questions if (question := version.questions.get(key)) is not None]
        best = max(members, key=lambda question: (question.provenance == "reported", question.role_match == "exact"))
        other = _other_level(workspace, best, track, level)
        yield Candidate(
            id=cluster.id,
            text=best.text,
            kind=best.kind,
            topics=tuple(dict.fromkeys(topic for one in members for topic in one.topics)),
            competencies=tuple(dict.fromkeys(name for one in members for name in one.competencies)),
            round=best.round,
            provenance=best.provenance,
            role_match=best.role_match,
            label=_label(best, version.documents[best.document_id].source, other_level=other),
            confidence=confidence_of(best, cluster, newest=newest, other_level=other),
            citations=tuple(cite(version.documents[one.document_id], one.start, one.end) for one in members),
            follow_ups=tuple(
                FollowUp(text=text, provenance=one.provenance) for one in members for text in one.follow_ups
            ),
            cluster=cluster,
            needs_context=best.follow_up and len(best.text.split()) < _STANDS_ALONE,
            documents=frozenset(one.document_id for one in members),
        )


def _other_level(workspace: Workspace, question: ReportedQuestion, track: str, level: str) -> bool:
    """Whether it was reported for another track or level than the one asked for."""
    tracks = bool(track and question.track and question.track != track)
    levels = bool(level and question.level and workspace.level(level) != workspace.level(question.level))
    return tracks or levels


def _label(question: ReportedQuestion, source: str, *, other_level: bool) -> str:
    """Who says that it is asked, in a sentence that a candidate reads."""
    when = f", {question.reported}" if question.reported else ", undated"
    level = f" ({question.level})" if question.level else ""
    who = {
        "first_person": f"reported by a candidate{level}",
        "third_party": f"listed by a third party ({source})",
        "typical": f"described as typical by a candidate ({source})",
    }[question.account]
    role = {"exact": "", "adjacent": ", for an adjacent role", "company_wide": ", for the company as a whole"}
    other = ", at another level or kind of hire" if other_level else ""
    return f"{who}{when}{role[question.role_match]}{other}"


def _inferred(workspace: Workspace) -> Iterator[Candidate]:
    """Questions that nobody reported: prompts for the company's values, and follow-ups that our cards name."""
    company = workspace.version.context.company
    values = workspace.knowledge.values
    for competency in company.competency if values is not None else ():
        units = values.section(competency.name) if values is not None else []
        for prompt in competency.prompts if units else ():
            yield _inferred_candidate(
                prompt,
                "behavioral",
                ("behavioral",),
                (competency.id,),
                label=f"inferred from {company.name}'s value “{competency.name}”; no candidate reported it",
                citation=workspace.knowledge.cite(units[0].passage),
                follow_ups=competency.probes,
            )
    for card in sorted(workspace.knowledge.cards.values(), key=lambda card: card.document.id):
        yield from _from_card(workspace, card)


def _from_card(workspace: Workspace, card: Card) -> Iterator[Candidate]:
    document = card.document
    # The follow-ups of a card are asked by interviewers; those for behavior come from the company's values.
    if document.kind != "knowledge" or {"behavioral", "candidate_question"} & set(document.question_kinds[:1]):
        return
    for unit in card.section(FOLLOW_UPS):
        yield _inferred_candidate(
            unit.text,
            document.question_kinds[0],
            document.topics,
            (),
            label=f"inferred from our card on {document.title}; no candidate reported it",
            citation=workspace.knowledge.cite(unit.passage),
        )


def _inferred_candidate(
    text: str,
    kind: QuestionKind,
    topics: tuple[str, ...],
    competencies: tuple[str, ...],
    *,
    label: str,
    citation: Citation,
    follow_ups: Sequence[str] = (),
) -> Candidate:
    return Candidate(
        id=content_id("i", citation.document_id, text),
        text=text,
        kind=kind,
        topics=topics,
        competencies=competencies,
        round="",
        provenance="inferred",
        role_match="company_wide" if competencies else "exact",
        label=label,
        confidence=inferred_confidence(label),
        citations=(citation,),
        follow_ups=tuple(FollowUp(text=one, provenance="inferred") for one in follow_ups),
        documents=frozenset({citation.document_id}),
    )
