"""Clusters: the same ask reported by several documents.

Two questions are the same ask when their vectors are close and neither names a topic that the other one contradicts;
a cluster holds together only while every pair in it is close (complete linkage), so that chains do not drift.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from brain.records import Cluster, Document, Interval, ReportedQuestion

SAME_ASK = 0.78
"""Cosine from which questions of two documents count as the same ask, read from the nearest pairs of the flagship."""
SAME_WITHIN = 0.95
"""The same inside one document, where questions that are alike are different asks as a rule."""


def cluster_questions(
    questions: Sequence[ReportedQuestion], vectors: NDArray[np.float32], documents: Mapping[str, Document]
) -> list[Cluster]:
    """Every question in exactly one cluster; clusters in the order of their first question."""
    order = sorted(range(len(questions)), key=lambda i: _age(questions[i]))
    rank = {i: place for place, i in enumerate(order)}
    near = _nearness(questions, vectors)
    groups: dict[int, list[int]] = {i: [i] for i in order}
    leader = {i: i for i in order}
    for a, b in _close_pairs(questions, near):
        first, second = sorted((leader[a], leader[b]), key=rank.__getitem__)
        if first != second and (near[np.ix_(groups[first], groups[second])] >= SAME_ASK).all():
            for member in groups.pop(second):
                leader[member] = first
                groups[first].append(member)
    members = (sorted(groups[i], key=rank.__getitem__) for i in order if i in groups)
    return [_cluster([questions[i] for i in group], documents) for group in members]


def _age(question: ReportedQuestion) -> tuple[bool, str, str]:
    when = question.reported
    return question.provenance != "reported", str(when.first) if when else "9999", question.id


def _nearness(questions: Sequence[ReportedQuestion], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines, shape [n, n], lowered inside one document so that `SAME_ASK` stands for `SAME_WITHIN` there."""
    near = vectors @ vectors.T
    documents = np.array([question.document_id for question in questions])
    near[documents[:, None] == documents[None, :]] -= SAME_WITHIN - SAME_ASK
    return near


def _close_pairs(questions: Sequence[ReportedQuestion], near: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Pairs that may be the same ask, closest first."""
    rows, columns = np.nonzero(np.triu(near >= SAME_ASK, k=1))
    pairs = [(int(a), int(b)) for a, b in zip(rows, columns, strict=True)]
    alike = [pair for pair in pairs if _compatible(questions[pair[0]], questions[pair[1]])]
    return sorted(alike, key=lambda pair: (-near[pair], questions[pair[0]].id, questions[pair[1]].id))


def _compatible(one: ReportedQuestion, other: ReportedQuestion) -> bool:
    """The same kind, and a topic in common where both name one."""
    if one.kind != other.kind:
        return False
    return not (one.topics and other.topics) or bool(set(one.topics) & set(other.topics))


def _cluster(members: Sequence[ReportedQuestion], documents: Mapping[str, Document]) -> Cluster:
    reporting = {
        documents[question.document_id].duplicate_group or question.document_id: documents[question.document_id]
        for question in reversed(members)
        if question.provenance == "reported"
    }
    dates = [question.reported for question in members if question.reported and question.provenance == "reported"]
    return Cluster(
        id=members[0].id,
        aliases=tuple(question.id for question in members[1:]),
        questions=tuple(question.id for question in members),
        reports=len(reporting),
        sources=len({document.source for document in reporting.values()}),
        reported=Interval(first=min(d.first for d in dates), last=max(d.last for d in dates)) if dates else None,
    )
